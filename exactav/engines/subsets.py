"""Every set of units in turn: its tree weight from the starts, times the forest weight of the others.

Sets are bit masks. Integer systems go through batches of modular determinants: one for all starts together,
sum_k q_k tau_k(A) = det(L[A] + q_A e_1^T), and one for the forest. All other rings go through the recursion
over sets.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.engines.question import Question
from exactav.kernels import modular, positive
from exactav.kernels.loading import is_loaded, is_worthwhile, works
from exactav.kernels.polynomials import SetSums
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.tasks import HERE, Running, results, summed

Masks = NDArray[np.int64]
Bits = NDArray[np.bool_]
_BATCH_ENTRIES = 1 << 21  # matrix entries handled at once, 16 MB of residues
_RANGE = 1 << 15  # masks of one task
_COMPILED = 13  # units from which on compiled code is worth loading
_LOADED = 4  # units from which on it is quicker, once it is loaded


def assembly_weights(
    system: System, roots: Mapping[int, Element], total: Element, running: Running = HERE
) -> dict[int, Element]:
    """mask -> sum_k roots[k] tau_k(A) f(complement of A), for all sets A where it is not zero.

    ``total`` is the sum of all of them; it bounds each, and so the number of primes.
    """
    if not system.ring.is_ZZ:
        return dict(by_recursion(system, roots))
    sets = Sets.of(Question.of_size(system, roots, total))
    n_tasks = _n_tasks(system.n_units)
    found: dict[int, tuple[Masks, list[modular.Residues]]] = {}
    for number, result in results(_weights_in_range, sets, range(n_tasks), running):
        found[number] = result
        running.progress(len(found) / n_tasks)
    weights: dict[int, Element] = {}
    for number in range(n_tasks):
        masks, residues = found.pop(number)
        weights.update(zip(masks.tolist(), modular.integers(residues, sets.moduli), strict=True))
    return weights


def counted(question: Question, running: Running = HERE) -> dict[int, Element]:
    """The weights by the number of their counts, exactly."""
    system = question.system
    if not system.ring.is_ZZ:
        return question.by_number(by_recursion(system, question.roots))
    sets = Sets.of(question)
    sums = summed(_modular_sums_in_range, sets, _n_tasks(system.n_units), running)
    residues = [row % prime for row, prime in zip(sums, sets.moduli, strict=True)]
    return {number: weight for number, weight in enumerate(modular.integers(residues, sets.moduli)) if weight}


def estimated(question: Question, running: Running = HERE) -> tuple[dict[int, float], int]:
    """The probabilities by the number of their counts in floating point, and how many roundings bound them.

    Raises:
        FloatingPointError: numbers of the network are too far apart for floating point.
    """
    n = question.system.n_units
    weights, starts, leak, total = normalised(question)
    sets = RoundedSets(weights.tolist(), starts.tolist(), leak.tolist(), question.steps, question.n_outcomes)
    n_tasks = _n_tasks(n)
    result = summed(_positive_sums_in_range, sets, n_tasks, running)
    if (result < 0).any():
        raise FloatingPointError("numbers below 1e-140 of the largest")
    in_range = min(_RANGE, 1 << n)
    additions = min(positive.BLOCK, in_range) + -(-in_range // positive.BLOCK) + n_tasks
    # both determinants, their product, all additions, the division by a rounded total
    count = positive.roundings(n) + 1 + additions + 2
    below = float(total)
    return {number: value / below for number, value in enumerate(result.tolist()) if value}, count


class Sets(NamedTuple):
    """What the tasks of an exact sum need to know, in plain integers."""

    weights: Sequence[Sequence[int]]
    starts: Sequence[int]
    leak: Sequence[int]
    steps: Sequence[int]
    n_outcomes: int
    moduli: Sequence[int]

    @classmethod
    def of(cls, question: Question) -> "Sets":
        system, units = question.system, range(question.system.n_units)
        return cls(
            tuple(tuple(int(row.get(j, 0)) for j in units) for row in system.weights),
            tuple(int(question.roots.get(k, 0)) for k in units),
            tuple(map(int, system.leak)),
            question.steps,
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


class RoundedSets(NamedTuple):
    """What the tasks of a sum in floating point need to know; see :func:`normalised`."""

    weights: Sequence[Sequence[float]]
    starts: Sequence[float]
    leak: Sequence[float]
    steps: Sequence[int]
    n_outcomes: int


def _n_tasks(n_units: int) -> int:
    return -(-(1 << n_units) // _RANGE)


def _range_of(n_units: int, number: int) -> tuple[int, int]:
    """The masks of a task; they depend on nothing else, and so neither does a sum of floats."""
    return max(number * _RANGE, 1), min((number + 1) * _RANGE, 1 << n_units)


def _modular_sums_in_range(sets: Sets, number: int) -> NDArray[np.int64]:
    """By prime and outcome."""
    n_units = len(sets.starts)
    sums, steps = _modular_sums_of(n_units), np.array(sets.steps, dtype=np.int64)
    span = _range_of(n_units, number)
    return np.array(
        [sums(*sets.modulo(prime), steps, sets.n_outcomes, *span, prime) for prime in sets.moduli]
    )


def _positive_sums_in_range(sets: RoundedSets, number: int) -> positive.Floats:
    """By outcome; negative where numbers were too small to be sure of."""
    n_units = len(sets.starts)
    arrays = (np.array(entries, dtype=np.float64) for entries in (sets.weights, sets.starts, sets.leak))
    steps = np.array(sets.steps, dtype=np.int64)
    return _positive_sums_of(n_units)(*arrays, steps, sets.n_outcomes, *_range_of(n_units, number))


def _weights_in_range(sets: Sets, number: int) -> tuple[Masks, list[modular.Residues]]:
    """The masks of positive weight, and their weights by prime."""
    masks = np.arange(*_range_of(len(sets.starts), number), dtype=np.int64)
    masks = _viable(*sets.support(), masks)
    return masks, [_products(*sets.modulo(prime), masks, prime) for prime in sets.moduli]


def normalised(
    question: Question,
) -> tuple[positive.Floats, positive.Floats, positive.Floats, Fraction]:
    """(weights, start weights, leaks, total) with the sum of each row and its leak 1.

    Each is rounded once, but for the total, which is exact.
    """
    system, n = question.system, question.system.n_units
    rows = [int(sum(row.values(), leak)) or 1 for row, leak in zip(system.weights, system.leak, strict=True)]
    weights = np.zeros((n, n))
    for i, row in enumerate(system.weights):
        for j, weight in row.items():
            weights[i, j] = _rounded(weight, rows[i])
    starts = [_rounded(question.roots.get(k, 0), rows[k]) for k in range(n)]
    leak = [_rounded(leak, row) for leak, row in zip(system.leak, rows, strict=True)]
    return weights, np.array(starts), np.array(leak), Fraction(int(question.total), prod(rows))


def _rounded(element: Element, row: int) -> float:
    value = float(Fraction(int(element), row))
    if element and value < positive.SMALLEST:
        raise FloatingPointError(f"{value} beside numbers near 1")
    return value


def is_compiled(n_units: int, *, exact: bool) -> bool:
    """Whether so many units are enough to do for compiled code, if there is numba.

    Once that has been loaded, fewer are enough for exact sums; floats, which may differ within their bound,
    do not depend on what was asked before.
    """
    return is_worthwhile(n_units, _LOADED if exact and is_loaded() else _COMPILED)


def _modular_sums_of(n_units: int) -> Callable[..., modular.Residues]:
    if is_compiled(n_units, exact=True) and works():
        from exactav.kernels import compiled

        return compiled.modular_sums
    return _modular_sums


def _positive_sums_of(n_units: int) -> Callable[..., positive.Floats]:
    if is_compiled(n_units, exact=False) and works():
        from exactav.kernels import compiled

        return compiled.positive_sums
    return _positive_sums


def _modular_sums(
    weights: modular.Residues,
    starts: modular.Residues,
    leak: modular.Residues,
    steps: modular.Residues,
    n_outcomes: int,
    first: int,
    last: int,
    prime: int,
) -> modular.Residues:
    """By outcome: sum over first <= mask < last of tree weight times forest weight, modulo ``prime``."""
    masks = _viable(weights, starts, leak, np.arange(first, last, dtype=np.int64))
    products = _products(weights, starts, leak, masks, prime)
    outcomes = _outcomes(masks, steps)
    result = np.zeros(n_outcomes, dtype=np.int64)
    np.add.at(result, outcomes, products)
    return result % prime


def _positive_sums(
    weights: positive.Floats,
    starts: positive.Floats,
    leak: positive.Floats,
    steps: modular.Residues,
    n_outcomes: int,
    first: int,
    last: int,
) -> positive.Floats:
    """By outcome the same sums in floating point, added up in blocks."""
    masks = _viable(weights, starts, leak, np.arange(first, last, dtype=np.int64))
    n = weights.shape[0]
    others = (1 << n) - 1 - masks
    values = np.ones(masks.size)
    for sets, vector, linear in ((masks, starts, True), (others, leak, False)):
        for chosen, units in batches(bits_of(sets, n)):
            chosen_weights = weights[units[:, :, None], units[:, None, :]]
            values[chosen] *= positive.determinants(chosen_weights, vector[units], linear=linear)
    result = np.zeros(n_outcomes)
    outcomes = _outcomes(masks, steps)
    for begin in range(0, masks.size, positive.BLOCK):
        part = np.zeros(n_outcomes)
        np.add.at(part, outcomes[begin : begin + positive.BLOCK], values[begin : begin + positive.BLOCK])
        result += part
    return result


def _outcomes(masks: Masks, steps: modular.Residues) -> Masks:
    outcomes = np.zeros_like(masks)
    for unit, step in enumerate(steps.tolist()):
        outcomes += (masks >> unit & 1) * step
    return outcomes


def _viable(weights: NDArray[Any], starts: NDArray[Any], leak: NDArray[Any], masks: Masks) -> Masks:
    """The sets that some start can recruit from within, and whose complement can lose all it receives."""
    n = weights.shape[0]
    receivers = [sum(1 << i for i in range(n) if weights[i, j]) for j in range(n)]
    recruitable = np.zeros(masks.size, dtype=bool)
    for start in np.flatnonzero(starts).tolist():
        recruitable |= (masks >> start & 1 == 1) & (_spread(masks & 1 << start, masks, receivers) == masks)
    leaky = sum(1 << unit for unit in np.flatnonzero(leak).tolist())
    complements = (1 << n) - 1 - masks
    drained = _spread(complements & leaky, complements, receivers) == complements
    viable: Masks = masks[recruitable & drained]
    return viable


def _spread(seeds: Masks, within: Masks, receivers: list[int]) -> Masks:
    """All units that can be reached from each seed set along weights inside ``within``."""
    reached = seeds
    while True:
        following = reached
        for sender, targets in enumerate(receivers):
            following = following | np.where(reached >> sender & 1, targets, 0) & within
        if np.array_equal(following, reached):
            return reached
        reached = following


def _products(
    weights: modular.Residues, starts: modular.Residues, leak: modular.Residues, masks: Masks, prime: int
) -> modular.Residues:
    """tree weight times forest weight of the complement, modulo ``prime``, for each mask."""
    inside = bits_of(masks, weights.shape[0])
    trees = set_determinants(weights, inside, prime, first_column=starts)
    return trees * set_determinants(weights, ~inside, prime, diagonal=leak) % prime


def bits_of(masks: Masks, n_units: int) -> Bits:
    """Sets as rows of truth values, one for each unit."""
    bits: Bits = (masks[:, None] >> np.arange(n_units) & 1).astype(bool)
    return bits


def set_determinants(
    weights: modular.Residues,
    sets: Bits,
    prime: int,
    *,
    first_column: modular.Residues | None = None,
    diagonal: modular.Residues | None = None,
) -> modular.Residues:
    """det of the Laplacian of each set, with a vector added to its first column or to its diagonal."""
    if is_compiled(len(weights), exact=True) and works():
        from exactav.kernels import compiled

        nothing = np.zeros(len(weights), dtype=np.int64)
        column = nothing if first_column is None else first_column
        return compiled.set_determinants(
            weights, sets, column, nothing if diagonal is None else diagonal, prime
        )
    results = np.ones(len(sets), dtype=np.int64)
    for chosen, units in batches(sets):
        matrices = (prime - weights[units[:, :, None], units[:, None, :]]) % prime
        size = units.shape[1]
        within = np.arange(size)
        matrices[:, within, within] = 0
        sums = (prime * size - matrices.sum(axis=2)) % prime
        matrices[:, within, within] = sums if diagonal is None else (sums + diagonal[units]) % prime
        if first_column is not None:
            matrices[:, :, 0] = (matrices[:, :, 0] + first_column[units]) % prime
        results[chosen] = modular.determinants(matrices, prime)
    return results


def batches(sets: Bits) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(places, their units, ascending, one row a set) of sets of equal size, nonempty, a batch at a time."""
    sizes = sets.sum(axis=1)
    for size in np.unique(sizes[sizes > 0]).tolist():
        (places,) = np.nonzero(sizes == size)
        batch = max(1, _BATCH_ENTRIES // size**2)
        for begin in range(0, places.size, batch):
            chosen = places[begin : begin + batch]
            _, units = np.nonzero(sets[chosen])
            yield chosen, units.reshape(chosen.size, size)


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
