"""Every set of units in turn: its tree weight from the starts, times the forest weight of the others.

Integer systems go through batches of modular determinants: one for all starts together,
sum_k q_k tau_k(A) = det(L[A] + q_A e_1^T), and one for the forest. All other rings go through the recursion
over sets.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import comb
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
from exactav.running.tasks import HERE, Running, results, summed

RANGE = 1 << 15  # masks of one task
_MOST_UNITS = 40  # 2^40 sets take weeks

# Seconds per counted operation, measured.
_MODULAR_STEP = 2.5e-8  # one residue updated by elimination
_COMPILED_STEP = 1e-9  # the same in compiled code
_FLOAT_STEP = 5e-10  # one number updated by elimination in compiled code
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
            compiles &= not question.lists_sets
            seconds = _all_steps(n) * (_FLOAT_STEP if compiles else _NUMPY_FLOAT_STEP)
        elif system.ring.is_ZZ:
            seconds = _all_steps(n) * n_primes(question) * modular_step(compiles)
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
        return Bid(self.name, f"{count_text(2**n)} sets", seconds, megabytes, run=run, keeps_checkpoint=keeps)


ENGINE = Subsets()


def elimination_steps(size: int, width: int) -> int:
    """Entries updated by the elimination of a set along an order of this width, and what else it takes."""
    return min(2 * size // 3, 2 * width) * size**2 + 8 * size**2


def _all_steps(n: int) -> int:
    """The steps of all sets and their complements, each of which is eliminated by half of that on average."""
    return sum(comb(n, size) * elimination_steps(size, n) for size in range(n + 1))


def n_primes(question: Question) -> int:
    """Primes that the total of an integer question takes, at most."""
    return question.total_bits // 31 + 2


def modular_step(compiles: bool) -> float:
    """Seconds for one residue updated by elimination."""
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
    """What the tasks of an exact sum need to know, in plain integers."""

    weights: Sequence[Sequence[int]]
    starts: Sequence[int]
    leak: Sequence[int]
    strides: Sequence[int]
    n_outcomes: int
    moduli: Sequence[int]

    @classmethod
    def of(cls, question: Question) -> "Sets":
        system, units = question.system, range(question.system.n_units)
        return cls(
            tuple(tuple(int(row.get(j, 0)) for j in units) for row in system.weights),
            tuple(int(question.roots.get(k, 0)) for k in units),
            tuple(map(int, system.leak)),
            question.strides,
            question.n_outcomes,
            tuple(modular.primes(int(question.total))),
        )

    def modulo(self, prime: int) -> tuple[modular.Residues, modular.Residues, modular.Residues]:
        """Weights, start weights and leaks modulo ``prime``."""
        weights = [[weight % prime for weight in row] for row in self.weights]
        starts, leak = ([entry % prime for entry in entries] for entries in (self.starts, self.leak))
        return np.array(weights, np.int64), np.array(starts, np.int64), np.array(leak, np.int64)

    def support(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Which weights, start weights and leaks are not zero."""
        weights = np.array([[bool(weight) for weight in row] for row in self.weights])
        return weights, np.array(list(map(bool, self.starts))), np.array(list(map(bool, self.leak)))


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


def _n_tasks(n_units: int) -> int:
    return -(-(1 << n_units) // RANGE)


def _range_of(n_units: int, number: int) -> tuple[int, int]:
    """The masks of a task; they depend on nothing else, and so neither does a sum of floats."""
    return max(number * RANGE, 1), min((number + 1) * RANGE, 1 << n_units)


def _summed(question: Question, running: Running) -> dict[int, Element]:
    """The sums of the weights of all sets with equal counts, modulo several primes."""
    data = Sets.of(question)
    sums = summed(_modular_sums_in_range, data, _n_tasks(question.system.n_units), running)
    residues = [row % prime for row, prime in zip(sums, data.moduli, strict=True)]
    return {number: weight for number, weight in enumerate(modular.integers(residues, data.moduli)) if weight}


def _modular_sums_in_range(data: Sets, number: int) -> NDArray[np.int64]:
    """By prime and outcome."""
    n_units = len(data.starts)
    sums, strides = sets.modular_sums_of(n_units), np.array(data.strides, dtype=np.int64)
    span = _range_of(n_units, number)
    return np.array(
        [sums(*data.modulo(prime), strides, data.n_outcomes, *span, prime) for prime in data.moduli]
    )


def _listed(question: Question, running: Running) -> dict[int, Element]:
    """The weights of all sets that have any."""
    data = Sets.of(question)
    weights: dict[int, Element] = {}
    for masks, residues in _in_order(_weights_in_range, data, question.system.n_units, running):
        weights.update(zip(masks.tolist(), modular.integers(residues, data.moduli), strict=True))
    return weights


def _weights_in_range(data: Sets, number: int) -> tuple[sets.Masks, list[modular.Residues]]:
    """The masks of positive weight, and their weights by prime."""
    masks = sets.viable(*data.support(), np.arange(*_range_of(len(data.starts), number), dtype=np.int64))
    return masks, [sets.products(*data.modulo(prime), masks, prime) for prime in data.moduli]


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
    n = question.system.n_units
    weights, starts, leak, total = rounded(question)
    data = _FloatSets(weights.tolist(), starts.tolist(), leak.tolist(), question.strides, question.n_outcomes)
    # both determinants, their product, the division by a rounded total
    count = positive.roundings(n) + 1 + 2
    try:
        if question.lists_sets:
            values: dict[int, float] = {}
            for masks, products in _in_order(_products_in_range, data, n, running):
                values.update(zip(masks.tolist(), products.tolist(), strict=True))
        else:
            n_tasks = _n_tasks(n)
            sums = summed(_positive_sums_in_range, data, n_tasks, running)
            if (sums < 0).any():
                raise out_of_range()
            values = {number: value for number, value in enumerate(sums.tolist()) if value}
            in_range = min(RANGE, 1 << n)
            count += min(positive.BLOCK, in_range) + -(-in_range // positive.BLOCK) + n_tasks  # additions
    except FloatingPointError:
        raise out_of_range() from None
    return Answer({number: divided(value, total) for number, value in values.items()}, count)


def _positive_sums_in_range(data: _FloatSets, number: int) -> positive.Floats:
    """By outcome; negative where numbers were too small to be sure of."""
    n_units = len(data.starts)
    strides = np.array(data.strides, dtype=np.int64)
    span = _range_of(n_units, number)
    return sets.positive_sums_of(n_units)(*data.arrays(), strides, data.n_outcomes, *span)


def _products_in_range(data: _FloatSets, number: int) -> tuple[sets.Masks, positive.Floats]:
    """The masks of positive weight, and their weights."""
    weights, starts, leak = data.arrays()
    masks = np.arange(*_range_of(len(data.starts), number), dtype=np.int64)
    masks = sets.viable(weights, starts, leak, masks)
    return masks, sets.positive_products(weights, starts, leak, masks)


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
