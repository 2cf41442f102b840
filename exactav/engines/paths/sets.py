"""Paths on any network, added up by the set that they visit and the unit that is last.

The determinant of the rest is one of its rows, or, where the set is the smaller one, a minor of the Green
matrix: det(M without P) = det M det G_PP.
"""

from math import comb, factorial, inf

from exactav.engines.paths.question import PathQuestion, Sums, Way
from exactav.kernels.choices import FEW_POLYNOMIALS
from exactav.kernels.determinants import determinant
from exactav.numbers.domains import Element
from exactav.running.effort import Effort, Exhausted

# Seconds, measured.
_STEP = 2e-6  # one unit more, beside the product
_ROW = 4e-6  # of a determinant, beside its products
_BITS = 4e-10  # an entry of the inverse, for each bit of it and each unit
_FEW_SYMBOLS = 4
_LONG = 0.2  # an upper bound of all that is counted instead
_MOST_COUNTED = 2_000_000  # steps that are counted to know how many there are
_MOST_STATES = 4_000_000  # more do not fit into memory


def way(question: PathQuestion, limit: float) -> Way | None:
    """The way, where there are not too many sets."""
    n, n_roots = question.system.n_units, len(question.roots)
    sizes = range(1, min(n, question.up_to) + 1)
    sets = [min(comb(n, size), n_roots * comb(n - 1, size - 1)) for size in sizes]
    bound = [(count * size * (n - size), count) for size, count in zip(sizes, sets, strict=True)]
    seconds = _seconds(question, bound)
    if max(steps for steps, _ in bound) > _MOST_STATES * n:
        seconds = inf
    if seconds > _LONG:
        affordable = min(_MOST_COUNTED, 1 + min(limit, seconds) / (_STEP + question.product))
        try:
            seconds = _seconds(question, _counted(question, Effort(int(affordable))))
        except Exhausted:
            if seconds > limit or seconds == inf:
                return None
    return Way("sets", seconds, lambda: _run(question))


def _seconds(question: PathQuestion, found: list[tuple[int, int]]) -> float:
    """Of so many (steps, sets) of each size."""
    n, is_integer = question.system.n_units, question.system.ring.is_ZZ
    seconds = 0.0 if is_integer else question.product * _products_of_polynomials(question, n - 1)
    for size, (steps, sets) in enumerate(found, 1):
        rows = size if _takes_minor(question, size) else n - size
        products = rows**3 if is_integer else _products_of_polynomials(question, rows)
        seconds += steps * (_STEP + question.product) + sets * (_ROW * rows**2 + question.product * products)
    if _takes_minor(question, 1):
        inverse = question.bits * _BITS if is_integer else n * question.product * _terms(question, n)
        seconds += n**3 * inverse
    return seconds


def _products_of_polynomials(question: PathQuestion, rows: int) -> float:
    """Of a determinant: all minors, which are long where there are many symbols."""
    return min(2.0**rows * rows, rows**4) * _terms(question, rows)


def _terms(question: PathQuestion, rows: int) -> int:
    return factorial(min(rows, 20)) if question.system.ring.ngens > _FEW_SYMBOLS else 1


def _takes_minor(question: PathQuestion, size: int) -> bool:
    """Whether sets of a size have minors of the Green matrix."""
    n = question.system.n_units
    return 3 * size <= n and (question.system.ring.is_ZZ or n > FEW_POLYNOMIALS)


def _counted(question: PathQuestion, effort: Effort) -> list[tuple[int, int]]:
    """(steps, sets) of each size, counted without weights.

    Raises:
        Exhausted: that takes more than may be spent.
    """
    receivers = _receivers(question)
    level = {(1 << k, k) for k in question.roots}
    found: list[tuple[int, int]] = []
    while level and len(found) < question.up_to:
        following: set[tuple[int, int]] = set()
        steps = 0
        for mask, last in level:
            effort.spend(1 + len(receivers[last]))
            steps += len(receivers[last])
            following.update((mask | 1 << j, j) for j, _ in receivers[last] if not mask >> j & 1)
        found.append((steps, len({mask for mask, _ in level})))
        level = following
    return found


def _receivers(question: PathQuestion) -> list[list[tuple[int, Element]]]:
    """(unit, weight) of those that receive from each unit."""
    found: list[list[tuple[int, Element]]] = [[] for _ in question.system.weights]
    for i, row in enumerate(question.system.weights):
        for j, weight in row.items():
            found[j].append((i, weight))
    return found


def _run(question: PathQuestion) -> Sums:
    receivers = _receivers(question)
    level = {(1 << k, k): root for k, root in question.roots.items()}
    sums: Sums = []
    while level and len(sums) < question.up_to:
        by_set: dict[int, Element] = {}
        following: dict[tuple[int, int], Element] = {}
        for (mask, last), weight in level.items():
            by_set[mask] = by_set[mask] + weight if mask in by_set else weight
            for j, factor in receivers[last]:
                if not mask >> j & 1:
                    key, term = (mask | 1 << j, j), weight * factor
                    following[key] = following[key] + term if key in following else term
        sums.append(_summed(question, by_set, len(sums) + 1))
        level = following
    return sums


def _summed(question: PathQuestion, by_set: dict[int, Element], size: int) -> tuple[Element, Element]:
    system = question.system
    ring, units = system.ring, range(system.n_units)
    total = ring.zero
    if _takes_minor(question, size):
        numerators, denominator = system.green
        for mask, weight in by_set.items():
            inside = _units(mask)
            total += weight * determinant(ring, [[numerators[i][j] for j in inside] for i in inside])
        starts = sum((root * numerators[k][k] for k, root in question.roots.items()), ring.zero)
        return total, starts * denominator ** (size - 1)
    for mask, weight in by_set.items():
        outside = [unit for unit in units if not mask >> unit & 1]
        rows = [
            [system.diagonal[i] if i == j else -system.weights[i].get(j, ring.zero) for j in outside]
            for i in outside
        ]
        total += weight * determinant(ring, rows)
    return total, question.total


def _units(mask: int) -> list[int]:
    found = []
    while mask:
        found.append((mask & -mask).bit_length() - 1)
        mask &= mask - 1
    return found
