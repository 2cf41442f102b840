"""Every set of units in turn: its tree weight from the starts, times the forest weight of the others.

Integer systems go through modular determinants of many sets side by side: one for all starts together,
sum_k q_k tau_k(A) = det(L[A] + q_A e_1^T), and one for the forest. The time grows with the bits of the total,
25 of which take one prime. All other rings go through the recursion over sets.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import comb, log2
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.question import Question
from exactav.engines.rounding import divided, out_of_range, rounded
from exactav.kernels import choices, modular, positive, sets
from exactav.kernels.machine import Machine
from exactav.kernels.polynomials import SetSums
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.sums import Kind
from exactav.running.tasks import HERE, Running, results, summed

RANGE = 1 << 15  # masks of one task
_MOST_UNITS = 40  # 2^40 sets take weeks

# Seconds per counted operation, measured.
_MODULAR_STEP = 2.5e-8  # one residue updated by elimination
_COMPILED_STEP = 1e-9  # the same in compiled code, set by set
_MODULAR_LANE_STEP = 1.4e-10  # and side by side
_FLOAT_LANE_STEP = 7e-11  # one number updated by elimination in compiled code
_NUMPY_FLOAT_STEP = 1e-8  # the same without
RING_STEP = 4e-6  # one product of two short ring elements
_LISTED = 5e-6  # one set, with its weight, brought into a list
_LISTED_MEGABYTES = 1.5e-3


class Subsets:
    """The engine."""

    name = "subsets"
    summary = "visits all sets of units"

    def bid(
        self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        system, n = question.system, question.system.n_units
        if n > _MOST_UNITS:
            return Bid.refusal(self.name, f"2^{n} sets are out of reach")
        compiles = machine.compiles and n >= choices.COMPILED_SETS
        megabytes = 20.0
        if arithmetic == "float":
            seconds = _all_steps(n) * (_FLOAT_LANE_STEP if compiles else _NUMPY_FLOAT_STEP)
        elif system.ring.is_ZZ:
            step = _MODULAR_LANE_STEP if compiles else _MODULAR_STEP
            seconds = _all_steps(n) * n_primes(question, modular.limit_side_by_side(n)) * step
        else:
            products = n * 3 ** max(n - 1, 0) // 2 + 3**n // 2
            terms = terms_of(system)
            seconds = (products + 2**n * terms) * RING_STEP
            megabytes = 2**n * terms * 1e-4
        if question.lists_sets:
            seconds += 2**n * _LISTED
            megabytes += 2**n * _LISTED_MEGABYTES
        run = partial(_run, question, arithmetic)
        keeps = system.ring.is_ZZ and not question.lists_sets
        return Bid(
            self.name,
            f"{count_text(2**n)} sets",
            seconds,
            megabytes,
            run=run,
            keeps_checkpoint=keeps,
            compiles=compiles and system.ring.is_ZZ,
        )


ENGINE = Subsets()


def elimination_steps(size: int, width: int) -> int:
    """Entries updated by the elimination of a set along an order of this width, and what else it takes."""
    return min(2 * size // 3, 2 * width) * size**2 + 8 * size**2


def _all_steps(n: int) -> int:
    """The steps of all sets and their complements, each of which is eliminated by half of that on average."""
    return sum(comb(n, size) * elimination_steps(size, n) for size in range(n + 1))


def n_primes(question: Question, below: int) -> int:
    """How many primes a little less than ``below`` the total of an integer question takes, at most."""
    return int(question.total_bits / log2(below)) + 2


def modular_step(compiles: bool) -> float:
    """Seconds for one residue updated by elimination, set by set."""
    return _COMPILED_STEP if compiles else _MODULAR_STEP


def terms_of(system: System) -> int:
    """A bound on the terms of a product of a tree and a forest polynomial."""
    if not system.ring.is_PolynomialRing:
        return 1
    row_terms, degrees = 1, 0
    for row, leak in zip(system.weights, system.leak, strict=True):
        entries: list[Any] = [entry for entry in (*row.values(), leak) if entry]
        row_terms *= max(1, sum(len(entry) for entry in entries))
        degrees += max((sum(monomial) for entry in entries for monomial in entry.monoms()), default=0)
    generators = system.ring.ngens
    return min(row_terms, comb(degrees + generators, generators) ** 2)


def _run(question: Question, arithmetic: Arithmetic, running: Running) -> Answer:
    if arithmetic == "float":
        return _floats(question, running)
    if not question.system.ring.is_ZZ:
        return Answer(question.by_number(by_recursion(question.system, question.roots)))
    if question.lists_sets:
        return Answer(_listed(question, running))
    return Answer(_summed(question, running))


def weights_of(question: Question) -> Mapping[int, Element]:
    """The exact weights, by the number of their counts; an engine to compare others with."""
    return _run(question, "exact", HERE).weights


class Sets(NamedTuple):
    """What the tasks of an exact sum need to know, in plain integers; units in some order."""

    weights: Sequence[Sequence[int]]
    starts: Sequence[int]
    leak: Sequence[int]
    strides: Sequence[int]
    n_outcomes: int
    moduli: Sequence[int]

    @classmethod
    def of(cls, question: Question, order: Sequence[int], below: int) -> "Sets":
        """The units in this order, modulo primes less than ``below``."""
        system = question.system
        return cls(
            tuple(tuple(int(system.weights[i].get(j, 0)) for j in order) for i in order),
            tuple(int(question.roots.get(k, 0)) for k in order),
            tuple(int(system.leak[i]) for i in order),
            tuple(question.strides[i] for i in order),
            question.n_outcomes,
            tuple(modular.primes(int(question.total), below=below)),
        )

    def modulo(self, prime: int) -> tuple[modular.Residues, modular.Residues, modular.Residues]:
        """Weights, start weights and leaks modulo ``prime``."""
        weights = [[weight % prime for weight in row] for row in self.weights]
        starts, leak = ([entry % prime for entry in entries] for entries in (self.starts, self.leak))
        return np.array(weights, np.int64), np.array(starts, np.int64), np.array(leak, np.int64)


class _FloatSets(NamedTuple):
    """What the tasks of a sum in floating point need to know; see :func:`.rounding.rounded`."""

    weights: Sequence[Sequence[float]]
    starts: Sequence[float]
    leak: Sequence[float]
    strides: Sequence[int]
    n_outcomes: int

    def arrays(self) -> tuple[positive.Floats, positive.Floats, positive.Floats]:
        weights, starts, leak = (np.array(e, np.float64) for e in (self.weights, self.starts, self.leak))
        return weights, starts, leak


def _starts_last(question: Question) -> list[int]:
    """The units in the order of the bits of masks: so starts stay to the end of eliminations.

    A set without the only start, or most of a few, then is one of a range of sets without any.
    """
    return sorted(range(question.system.n_units), key=lambda unit: bool(question.roots.get(unit)))


def _masks_of(numbers: sets.Masks, order: Sequence[int]) -> list[int]:
    """The masks of units of sets whose bits are in this order."""
    masks = np.zeros_like(numbers)
    for place, unit in enumerate(order):
        masks |= (numbers >> place & 1) << unit
    return list(masks.tolist())


def _n_tasks(n_units: int) -> int:
    return -(-(1 << n_units) // RANGE)


def _range_of(n_units: int, number: int) -> tuple[int, int]:
    """The sets of a task; they depend on nothing else, and so neither does a sum of floats."""
    return number * RANGE, min((number + 1) * RANGE, 1 << n_units)


def _of_primes(question: Question) -> tuple[list[int], Sets]:
    """The order of the bits, and what tasks need, modulo primes for sets side by side."""
    order = _starts_last(question)
    return order, Sets.of(question, order, modular.limit_side_by_side(len(order)))


def _summed(question: Question, running: Running) -> dict[int, Element]:
    """The sums of the weights of all sets with equal counts, modulo several primes."""
    _, data = _of_primes(question)
    kind = Kind(_n_tasks(question.system.n_units), (len(data.moduli), data.n_outcomes), np.int64)
    sums = summed(_modular_sums_in_range, data, kind, running)
    residues = [row % prime for row, prime in zip(sums, data.moduli, strict=True)]
    return {number: weight for number, weight in enumerate(modular.integers(residues, data.moduli)) if weight}


def _modular_sums_in_range(data: Sets, number: int) -> NDArray[np.int64]:
    """By prime and outcome."""
    first, last = _range_of(len(data.starts), number)
    strides = np.array(data.strides, dtype=np.int64)
    sums = []
    for prime in data.moduli:
        found = sets.modular_weights(*data.modulo(prime), first, last, prime)
        sums.append(sets.modular_sums(found, strides, data.n_outcomes, first, prime))
    return np.array(sums)


def _listed(question: Question, running: Running) -> dict[int, Element]:
    """The weights of all sets that have any."""
    order, data = _of_primes(question)
    weights: dict[int, Element] = {}
    for numbers, residues in _in_order(_weights_in_range, data, question.system.n_units, running):
        weights.update(zip(_masks_of(numbers, order), modular.integers(residues, data.moduli), strict=True))
    return weights


def _weights_in_range(data: Sets, number: int) -> tuple[sets.Masks, list[modular.Residues]]:
    """The sets of positive weight, and their weights by prime."""
    first, last = _range_of(len(data.starts), number)
    found = [sets.modular_weights(*data.modulo(prime), first, last, prime) for prime in data.moduli]
    places = np.flatnonzero(np.any(found, axis=0))
    return first + places, [weights[places] for weights in found]


def _in_order(task: Any, data: Any, n_units: int, running: Running) -> Iterator[Any]:
    """The results of all tasks, in the order of their numbers."""
    n_tasks = _n_tasks(n_units)
    found: dict[int, Any] = {}
    for count, (number, result) in enumerate(results(task, data, range(n_tasks), running), 1):
        found[number] = result
        running.progress(count / n_tasks)
    return (found.pop(number) for number in range(n_tasks))


def _floats(question: Question, running: Running) -> Answer:
    """Probabilities in floating point.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    n, order = question.system.n_units, _starts_last(question)
    weights, starts, leak, total = rounded(question)
    strides = [question.strides[unit] for unit in order]
    data = _FloatSets(
        weights[np.ix_(order, order)].tolist(),
        starts[order].tolist(),
        leak[order].tolist(),
        strides,
        question.n_outcomes,
    )
    # both determinants, their product, the division by a rounded total
    count = positive.roundings(n) + 1 + 2
    try:
        if question.lists_sets:
            values: dict[int, float] = {}
            for numbers, products in _in_order(_products_in_range, data, n, running):
                values.update(zip(_masks_of(numbers, order), products.tolist(), strict=True))
        else:
            n_tasks = _n_tasks(n)
            kind = Kind(n_tasks, (data.n_outcomes,), np.float64)
            sums = summed(_positive_sums_in_range, data, kind, running)
            values = {number: value for number, value in enumerate(sums.tolist()) if value}
            in_range = min(RANGE, 1 << n)
            count += min(positive.BLOCK, in_range) + -(-in_range // positive.BLOCK) + n_tasks  # additions
    except FloatingPointError:
        raise out_of_range() from None
    return Answer({number: divided(value, total) for number, value in values.items()}, count)


def _positive_sums_in_range(data: _FloatSets, number: int) -> positive.Floats:
    """By outcome."""
    first, last = _range_of(len(data.starts), number)
    strides = np.array(data.strides, dtype=np.int64)
    found = sets.positive_weights(*data.arrays(), first, last)
    return sets.positive_sums(found, strides, data.n_outcomes, first)


def _products_in_range(data: _FloatSets, number: int) -> tuple[sets.Masks, positive.Floats]:
    """The sets of positive weight, and their weights."""
    first, last = _range_of(len(data.starts), number)
    found = sets.positive_weights(*data.arrays(), first, last)
    places = np.flatnonzero(found)
    return first + places, found[places]


def by_recursion(system: System, roots: Mapping[int, Element]) -> Iterator[tuple[int, Element]]:
    """(mask, weight) of all assemblies whose weight is not zero, without determinants, in any ring."""
    everything = (1 << system.n_units) - 1
    sums = SetSums(system.ring, system.weights, system.leak, everything)
    for mask in range(1, everything + 1):
        total = system.ring.zero
        for start, root in roots.items():
            if mask >> start & 1:
                total += root * sums.tree(start, mask)
        if total and (forest := sums.forest(everything ^ mask)):
            yield mask, total * forest
