"""Phase space of three units cut into cells: slow truths about the dynamics, one box at a time.

All that decides the fate of a state are comparisons of one coordinate u_i with *breakpoints*, linear forms in
the weights into unit i, its threshold and the increment. Between neighbouring breakpoints nothing changes, so
the dynamics is run once in each cell; the volume of a cell is a product of three differences of breakpoints.
Derivation 01 compares these volumes with formulas, of which nothing is used here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import lcm, prod
from random import Random
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from exactav.proofs.listing import subsets

UNITS = range(3)
W, U, DU = 0, 3, 4  # places of w_i0 .. w_i2, U_i and dU in the coefficients of a form

Form = tuple[int, ...]  # a linear form in w_i0, w_i1, w_i2, U_i, dU, by its coefficients
Row = tuple[int, ...]  # numbers for these five
Pattern = tuple[frozenset[int], ...]  # () if nothing fires
Polynomial = Any  # an element of RING; SymPy has no types

RING: Any = sympy.ring(
    [*(f"w_{i}{j}" for i in UNITS for j in UNITS), *(f"U_{i}" for i in UNITS), "dU"], "ZZ"
)[0]
"""Polynomials in the symbols of a network of three units."""


def variables(unit: int) -> list[Polynomial]:
    """What a form on the axis of ``unit`` is a form in."""
    return [*RING.gens[3 * unit : 3 * unit + 3], RING.gens[9 + unit], RING.gens[12]]


def value(form: Sequence[int], numbers: Sequence[Any]) -> Any:
    """The linear form at these numbers, or polynomials."""
    return sum(c * x for c, x in zip(form, numbers, strict=True) if c)


def run(rows: Sequence[Row], state: Sequence[int], *fed: int) -> Pattern:
    """Feed a start, or several units at once, and let fire, all at once, whatever is at its threshold: the
    sets that fired. Each row has an increment of its own."""
    u = list(state)
    for i in fed:
        u[i] += rows[i][DU]
    generations: list[frozenset[int]] = []
    while firing := frozenset(i for i in UNITS if u[i] >= rows[i][U]):
        generations.append(firing)
        for i in UNITS:
            u[i] += sum(rows[i][W + j] for j in firing) - rows[i][U] * (i in firing)
    return tuple(generations)


def is_inhabited(rows: Sequence[Row], state: Sequence[int], units: Sequence[int] = UNITS) -> bool:
    """Whether no set of ``units`` is forbidden: nonempty I with u_i < sum_{j in I} w_ij for all i in I."""
    sets = filter(None, subsets(units))
    return not any(all(state[i] < sum(rows[i][W + j] for j in S) for i in S) for S in sets)


def breakpoints(unit: int, is_start: bool) -> list[Form]:
    """All that the coordinate of ``unit`` is ever compared with: first 0 and the threshold."""
    fires = [_form(S, sign=-1, threshold=1) for S in subsets(UNITS) if S and unit not in S]
    return [_form(), _form(threshold=1), *fires, *_forbids(unit), *[_form(threshold=1, fed=-1)] * is_start]


def breakpoints_of_fed(unit: int) -> list[Form]:
    """The same of a unit that is fed together with others, and may fire after them."""
    fires = [_form(S, sign=-1, threshold=1, fed=-1) for S in subsets(UNITS) if unit not in S]
    return [_form(), _form(threshold=1), *fires, *_forbids(unit)]


def _form(senders: frozenset[int] = frozenset(), *, sign: int = 1, threshold: int = 0, fed: int = 0) -> Form:
    return (*(sign * (j in senders) for j in UNITS), threshold, fed)


def _forbids(unit: int) -> list[Form]:
    return [_form(S) for S in subsets(UNITS) if unit in S]


def _points(unit: int, is_start: bool, is_among: bool) -> list[Form]:
    return breakpoints_of_fed(unit) if is_among else breakpoints(unit, is_start)


@dataclass(frozen=True)
class Interval:
    """The part of one axis between two neighbouring breakpoints.

    Attributes:
        length: a form.
        middle: for the numbers of one network.
        above: for each breakpoint whether the interval lies above it.
    """

    length: Form
    middle: int
    above: tuple[bool, ...]


def intervals(unit: int, is_start: bool, row: Row, is_among: bool = False) -> list[Interval]:
    """The intervals of one axis in the order that its breakpoints have for these even numbers.

    Args:
        is_start: whether the unit is fed, and ``is_among``, whether others are fed with it.

    Raises:
        ValueError: two breakpoints coincide, or one is not between 0 and the threshold.
    """
    points = _points(unit, is_start, is_among)
    at = [value(point, row) for point in points]
    ordered = sorted(range(len(at)), key=at.__getitem__)
    if len(set(at)) < len(at) or (ordered[0], ordered[-1]) != (0, 1):
        raise ValueError(f"breakpoints {at} of unit {unit} coincide, or are not between 0 and the threshold")
    return [
        Interval(
            tuple(a - b for a, b in zip(points[high], points[low], strict=True)),
            (at[low] + at[high]) // 2,
            tuple(x <= at[low] for x in at),
        )
        for low, high in pairwise(ordered)
    ]


def sampled_network(seed: int) -> list[Row]:
    """Random even numbers for all symbols, with dU + sum_j w_ij < U_i for all i: they fix the orders."""
    dice = Random(seed)
    increment, rows = 2 * dice.randint(1, 10_000), []
    for _ in UNITS:
        weights = [2 * dice.randint(1, 10_000) for _ in UNITS]
        rows.append((*weights, sum(weights) + increment + 2 * dice.randint(1, 10_000), increment))
    return rows


@dataclass(frozen=True)
class Cell:
    """One box: a state in it with the numbers of its network, what happens from there, and its volume.

    Attributes:
        pattern: what the start sets off; None where the cell is not inhabited.
    """

    rows: Sequence[Row]
    state: Sequence[int]
    pattern: Pattern | None
    volume: Polynomial


def cells(seed: int, start: int) -> Iterator[Cell]:
    """All cells of the phase space of a random network."""
    rows = sampled_network(seed)
    axes = [intervals(i, i == start, row) for i, row in enumerate(rows)]
    for parts in product(*axes):
        state = [part.middle for part in parts]
        sides = (value(part.length, variables(i)) for i, part in enumerate(parts))
        pattern = run(rows, state, start) if is_inhabited(rows, state) else None
        yield Cell(rows, state, pattern, prod(sides, start=RING.one))


def union(pattern: Pattern) -> frozenset[int]:
    """The units of a pattern."""
    return frozenset().union(*pattern)


def volumes(cells: Iterable[Cell]) -> dict[Pattern, Polynomial]:
    """The volume of the inhabited cells by what the start sets off."""
    found: dict[Pattern, Polynomial] = {}
    for cell in cells:
        if cell.pattern is not None:
            found[cell.pattern] = found.get(cell.pattern, RING.zero) + cell.volume
    return found


def fulfils_inequalities(cell: Cell, pattern: Pattern) -> bool:
    """Whether the state is in a box of the units of a pattern, times an inhabited region of the silent ones.

    Unit j of G_d is in the box if U_j - sum_{i in G_1 + ... + G_{d-1}} w_ji <= u_j < U_j -
    sum_{i in G_1 + ... + G_{d-2}} w_ji; the start, if U_k - dU <= u_k < U_k.
    """
    rows, state = cell.rows, cell.state
    earlier, last = frozenset[int](), frozenset[int]()  # generations up to d - 2, generation d - 1
    for generation in pattern:
        for j in generation:
            top = rows[j][U] - sum(rows[j][W + i] for i in earlier)
            side = sum(rows[j][W + i] for i in last) if last else rows[j][DU]
            if not top - side <= state[j] < top:
                return False
        earlier, last = earlier | last, generation
    fired = union(pattern)
    silent = sorted(set(UNITS) - fired)
    lowered = all(state[i] < rows[i][U] - sum(rows[i][W + j] for j in fired) for i in silent)
    return lowered and is_inhabited(rows, state, silent)


def inner_point(forms: Sequence[Sequence[int]], size: int) -> list[Fraction] | None:
    """Numbers at which all linear forms in ``size`` variables are positive; None if there are none.

    Fourier-Motzkin elimination: with x the last variable, each form with x in it is a lower or an upper bound
    of x. A suitable x exists iff every lower bound is below every upper one, and that says forms without x.

    >>> inner_point([(1, -1), (0, 1)], 2), inner_point([(1, -1), (-1, 1)], 2)
    ([Fraction(1, 1), Fraction(1, 2)], None)
    """
    if not all(map(any, forms)):
        return None  # 0 > 0 was asked for
    if size == 0:
        return []
    lower, upper = ([form for form in forms if sign * form[-1] > 0] for sign in (1, -1))
    between = {
        tuple(a * -q[-1] + b * p[-1] for a, b in zip(p[:-1], q[:-1], strict=True))
        for p, q in product(lower, upper)
    }
    without = {tuple(form[:-1]) for form in forms if form[-1] == 0}
    point = inner_point(sorted(without | between), size - 1)
    if point is None:
        return None
    low = max((Fraction(-value(form[:-1], point), form[-1]) for form in lower), default=None)
    high = min((Fraction(-value(form[:-1], point), form[-1]) for form in upper), default=None)
    if low is None or high is None:
        return [*point, low + 1 if low is not None else high - 1 if high is not None else Fraction(0)]
    return [*point, (low + high) / 2]


def all_orders(unit: int, is_start: bool, is_among: bool = False) -> list[Row]:
    """One row of numbers for every order that the breakpoints of one axis can have.

    Begin with all rows that fulfil the assumptions; for each pair of breakpoints, split what there is by
    which of the two is larger, as far as there are numbers for it.
    """
    positive: list[Form] = [tuple(int(i == j) for j in range(5)) for i in (W, W + 1, W + 2, DU)]
    leak = (-1, -1, -1, 1, -int(is_start))  # s_i, of the start s_k - dU
    found = [([*positive, leak], [Fraction(1)] * 5)]
    for p, q in combinations(_points(unit, is_start, is_among), 2):
        difference = tuple(a - b for a, b in zip(p, q, strict=True))
        sides = difference, tuple(-c for c in difference)
        split = [[*forms, side] for forms, _ in found for side in sides]
        found = [(forms, point) for forms in split if (point := inner_point(forms, 5)) is not None]
    scales = [2 * lcm(*(x.denominator for x in point)) for _, point in found]
    return [tuple(int(x * scale) for x in point) for (_, point), scale in zip(found, scales, strict=True)]


def volumes_in_all_orders(*fed: int) -> dict[Pattern, NDArray[np.int64]]:
    """For each pattern the coefficients of its volume, by the orders of the three axes; of a start, or of
    several units that are fed at once.

    Each axis has symbols of its own, so the order on one has nothing to do with those on the others. An
    interval is of a *kind*, which breakpoints it lies above, and the fate of a cell depends on its kinds
    alone: the dynamics is run once for each triple. The entry at (order, variable) of axis 0, then of axes 1
    and 2, is the coefficient of a product of three variables.
    """
    axes = (_axis(unit, unit in fed, unit in fed and len(fed) > 1) for unit in UNITS)
    lengths, examples = zip(*axes, strict=True)
    shape = list(map(len, examples))
    fates: dict[Pattern, NDArray[np.int64]] = {}
    for kinds in product(*map(range, shape)):
        rows, state = zip(*(axis[kind] for axis, kind in zip(examples, kinds, strict=True)), strict=True)
        if is_inhabited(rows, state):
            fates.setdefault(run(rows, state, *fed), np.zeros(shape, dtype=np.int64))[kinds] = 1
    for pattern, found in fates.items():
        for length in lengths:  # contracts the first axis of kinds, appends orders and variables
            found = np.tensordot(found, length, axes=(0, 2))
        fates[pattern] = found
    return fates


def _axis(unit: int, is_start: bool, is_among: bool) -> tuple[NDArray[np.int64], list[tuple[Row, int]]]:
    """(lengths by order, variable and kind, 0 where there is none; a row and a coordinate of each kind)."""
    rows = all_orders(unit, is_start, is_among)
    kinds: dict[tuple[bool, ...], int] = {}
    examples: list[tuple[Row, int]] = []
    entries: list[tuple[int, int, Form]] = []
    for order, row in enumerate(rows):
        for part in intervals(unit, is_start, row, is_among):
            if part.above not in kinds:
                kinds[part.above] = len(kinds)
                examples.append((row, part.middle))
            entries.append((order, kinds[part.above], part.length))
    lengths = np.zeros((len(rows), 5, len(kinds)), dtype=np.int64)
    for order, kind, length in entries:
        lengths[order, :, kind] = length
    return lengths, examples


def coefficients(volume: Polynomial, start: int) -> NDArray[np.int64] | None:
    """[x, y, z]: the coefficient of variable x of axis 0 times y of axis 1 times z of axis 2.

    None, if the volume is not linear in each row of symbols.
    """
    result = np.zeros((5, 5, 5), dtype=np.int64)
    for places in product(range(5), repeat=3):
        if all(place != DU or unit == start for unit, place in enumerate(places)):
            factors = (variables(unit)[place] for unit, place in enumerate(places))
            result[places] = int(volume.coeff(prod(factors, start=RING.one)))
    return result if np.count_nonzero(result) == len(volume) else None
