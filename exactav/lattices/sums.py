"""Probabilities of avalanches on a lattice, as whole numbers times 2^-bits with a proven error.

Let A be a set, B the units outside that receive from it, and w_b what b receives from all of A. Take from M
the weights from A to B, and w_b from the diagonal of each b: a matrix M' with det M' = det M_AA f(C), C all
but A, whose rows differ from those of M at B alone. So, with G = M^-1 (derivation 18),

    f(C) / det M = det K / det M_AA,   K_bb' = delta_bb' + sum over a in A of w_ba (G_ab' - G_bb'),

a determinant of as many rows as A has neighbours. Its pivots are positive: they are ratios of such
determinants of fewer neighbours. K is eliminated in fixed-point arithmetic, where every step rounds by less
than a unit; the matrix that has the computed pivots is off from K by few units, and Hadamard's bound says
what that does to the determinant.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import exp, ldexp
from typing import NamedTuple

from sympy import ZZ

from exactav.errors import UndecidedError
from exactav.kernels.determinants import determinant
from exactav.lattices.animals import Animal, Links
from exactav.lattices.cells import Cell
from exactav.lattices.modes import Window

_SLACK = 1 + 2.0**-30  # for bounds that are computed in floating point


class Number(NamedTuple):
    """A number between (value - error) 2^-bits and (value + error) 2^-bits."""

    value: int
    error: float

    def ends(self) -> tuple[int, int]:
        off = int(self.error * _SLACK) + 1 if self.error else 0
        return self.value - off, self.value + off


class Weigher:
    """What sets weigh: the trees of a set from its starts, times f(C)/det M."""

    def __init__(self, cell: Cell, window: Window, roots: Sequence[Fraction]) -> None:
        """``roots``: weights of the starts, by unit of the cell."""
        self.cell, self.window = cell, window
        self.links = Links.of(cell, window.grid)
        self.scale = cell.denominator
        self.common = 1
        for root in roots:
            self.common *= root.denominator
        self.roots = [int(root * self.common) for root in roots]

    def weight(self, animal: Animal, roots: Sequence[int] | None = None) -> Number:
        """Of one set; ``roots``: whole numbers over ``common``, one a unit; as before if None."""
        kinds = self.cell.n_units
        starts = [self.roots[unit % kinds] for unit in animal] if roots is None else roots
        trees, inside = self._inside(animal, starts)
        if not trees:
            return Number(0, 0.0)
        around = self.links.around(animal)
        if self.links.has_no_forest(animal, around):
            return Number(0, 0.0)
        outside, error = self._outside(around)
        # trees are of degree L - 1 in whole weights, the inside of degree L
        above, below = trees * self.scale, inside * self.common
        return Number(outside * above // below, error * (above / below) * _SLACK + 1)

    def _inside(self, animal: Animal, starts: Sequence[int]) -> tuple[int, int]:
        """(sum over starts of root times tree weight, det M_AA), of whole weights."""
        place, kinds = {unit: i for i, unit in enumerate(animal)}, self.cell.n_units
        n = len(animal)
        trees = [[0] * n for _ in range(n)]
        matrix = [[0] * n for _ in range(n)]
        for j, sender in enumerate(animal):
            matrix[j][j] += int(self.cell.thresholds[sender % kinds] * self.scale)
            own = self.cell.weights.get((sender % kinds, sender % kinds, (0,) * self.cell.dimension))
            matrix[j][j] -= int(own * self.scale) if own else 0
            for difference, weight in self.links.receivers[sender % kinds]:
                i = place.get(sender + difference)
                if i is not None:
                    trees[i][j] -= weight
                    trees[i][i] += weight
                    matrix[i][j] -= weight
        for i, start in enumerate(starts):
            trees[i][0] += start
        return whole_determinant(trees), whole_determinant(matrix)

    def _outside(self, around: dict[int, list[tuple[int, int]]]) -> tuple[int, float]:
        """det K and how far off it is."""
        if not around:
            return 1 << self.window.bits, 0.0
        rows = self._rows(around)
        received = max(sum(weight for _, weight in senders) for senders in around.values()) / self.scale
        return eliminated(rows, self.window.bits, 2 * received * self.window.error + 1)

    def _rows(self, around: dict[int, list[tuple[int, int]]]) -> list[list[int]]:
        kinds, scale, middle = self.cell.n_units, self.scale, self.window.grid.middle
        tables, one = self.window.tables, 1 << self.window.bits
        columns = [(unit % kinds, unit // kinds - middle) for unit in around]
        rows = []
        for place, (unit, senders) in enumerate(around.items()):
            total = sum(weight for _, weight in senders)
            own, here = tables[unit % kinds], unit // kinds
            row = [-total * own[kind][here - cell] for kind, cell in columns]
            for sender, weight in senders:
                of, there = tables[sender % kinds], sender // kinds
                row = [
                    x + weight * of[kind][there - cell] for x, (kind, cell) in zip(row, columns, strict=True)
                ]
            row = [x // scale for x in row]
            row[place] += one
            rows.append(row)
        return rows


def whole_determinant(rows: list[list[int]]) -> int:
    """By Bareiss' elimination; rows are overwritten."""
    if len(rows) > 12:
        found: int = int(determinant(ZZ, [[ZZ(x) for x in row] for row in rows]))
        return found
    last, sign = 1, 1
    while len(rows) > 1:
        pivot = next((i for i, row in enumerate(rows) if row[0]), None)
        if pivot is None:
            return 0
        if pivot:
            rows[0], rows[pivot] = rows[pivot], rows[0]
            sign = -sign
        (head, *tail), *others = rows
        rows = [
            [(head * x - row[0] * y) // last for x, y in zip(row[1:], tail, strict=True)] for row in others
        ]
        last = head
    return sign * rows[0][0]


def eliminated(rows: list[list[int]], bits: int, off: float) -> tuple[int, float]:
    """(determinant, bound of its error in units) of a matrix whose entries are off by ``off`` units at most.

    Of fixed-point numbers. Multipliers l = x/p and products l y are rounded down, so that L U is the matrix
    plus less than a unit, or than the largest pivot, for each step that touches an entry. With r_i the sum of
    absolute values of a row, e of its error: |det(X + E) - det X| <= prod(r_i + e_i) - prod(r_i), which is at
    most prod(r_i) (exp(x) - 1) <= prod(r_i) x exp(x) with x the sum of all e_i, and r_i at least 1.

    Raises:
        UndecidedError: a pivot is not certain to be positive, or the error is above any such determinant.

    >>> value, error = eliminated([[1 << 40, 1 << 39], [1 << 38, 1 << 40]], 40, 0.0)
    >>> abs(value - 7 * 2**37) <= error < 100
    True
    """
    n, one = len(rows), 1 << bits  # which may be above all floats, as are the entries
    sizes = 1.0
    for row in rows:
        sizes *= max(1.0, sum(map(abs, row)) / one)
    product, largest = 1, 1.0
    while True:
        head, *tail = rows[0]
        if head <= 0:
            raise UndecidedError("a pivot is not certain to be positive")
        product *= head
        largest = max(largest, head / one)
        if not tail:
            break
        reduced = []
        for row in rows[1:]:
            share = (row[0] << bits) // head
            reduced.append([x - (share * y >> bits) for x, y in zip(row[1:], tail, strict=True)])
        rows = reduced
    rounded = n * n * ((n + 1) * largest + off)  # units, of all rows
    total = ldexp(rounded, -bits)
    if total > 1:
        raise UndecidedError("a determinant is below its error")
    return product >> bits * (n - 1), 2 * sizes * rounded * exp(total) * _SLACK + 1
