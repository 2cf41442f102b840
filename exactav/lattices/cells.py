"""The cell of a periodic network, and how it is coupled to the cells around: what the computations see."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from sympy import QQ

from exactav.kernels.determinants import inverse
from exactav.numbers.frozen import Frozen
from exactav.pickles import tagged

Position = tuple[int, ...]
Unit = tuple[int, Position]  # which of the cell, and the cell
Weights = Frozen[tuple[int, int, Position], Fraction]


@dataclass(frozen=True)
class Cell:
    """Units 0 .. c - 1 of each cell of Z^d; those of all cells are alike.

    Attributes:
        dimension: d.
        weights: (i, j, x) -> what unit i of cell y + x receives when unit j of cell y fires; above 0.
        thresholds: of the units.
        drive: of the units, which sum to 1.
    """

    dimension: int
    weights: Weights
    thresholds: tuple[Fraction, ...]
    drive: tuple[Fraction, ...]

    __reduce_ex__ = tagged

    @property
    def n_units(self) -> int:
        return len(self.thresholds)

    @cached_property
    def reach(self) -> Position:
        """How many cells a weight goes at most, along each axis; at least 1."""
        return tuple(max((abs(x[a]) for _, _, x in self.weights), default=1) or 1 for a in self.axes)

    @property
    def axes(self) -> range:
        return range(self.dimension)

    def symbol(self, factor: Fraction = Fraction(1), axis: int = 0) -> list[list[Fraction]]:
        """sum over x of M(x) factor^(x along the axis): what M is to vectors that grow by a factor a cell."""
        rows = [[Fraction(0)] * self.n_units for _ in range(self.n_units)]
        for i, threshold in enumerate(self.thresholds):
            rows[i][i] = threshold
        for (i, j, x), weight in self.weights.items():
            rows[i][j] -= weight * factor ** x[axis]
        return rows

    @cached_property
    def firings(self) -> list[list[Fraction]]:
        """sum over x of G(x), the inverse of the symbol."""
        rows = [[QQ(x.numerator, x.denominator) for x in row] for row in self.symbol()]
        found, _ = inverse(QQ, rows)
        return [[Fraction(int(x.numerator), int(x.denominator)) for x in row] for row in found]

    @cached_property
    def largest(self) -> Fraction:
        """The largest row sum of :attr:`firings`: no sum of absolute values of a row of G is above it."""
        return max(sum(row, Fraction(0)) for row in self.firings)

    @cached_property
    def leak(self) -> tuple[Fraction, ...]:
        """What each unit loses when all fire."""
        rows = self.symbol()
        return tuple(sum(row, Fraction(0)) for row in rows)

    @cached_property
    def denominator(self) -> int:
        """A common denominator of weights and thresholds."""
        return lcm(*(value.denominator for value in [*self.weights.values(), *self.thresholds]))

    @cached_property
    def is_even(self) -> bool:
        """Whether there is one unit a cell, with equal weights to x and to -x for all x."""
        return self.n_units == 1 and all(
            self.weights.get((0, 0, tuple(-a for a in x))) == weight
            for (_, _, x), weight in self.weights.items()
        )


class Grid:
    """Cells near the origin as numbers, so that differences of cells are differences of numbers.

    A cell with |x_a| <= reach_a along all axes has a number of its own; its place in a table of all of them
    is that number plus ``middle``.
    """

    __reduce_ex__ = tagged

    def __init__(self, reach: Sequence[int]) -> None:
        self.reach = tuple(reach)
        self.shape = tuple(2 * r + 1 for r in reach)
        strides = [1]
        for n in reversed(self.shape[1:]):
            strides.append(strides[-1] * n)
        self.strides = tuple(reversed(strides))
        self.middle = sum(r * stride for r, stride in zip(self.reach, self.strides, strict=True))
        self.n_cells = self.strides[0] * self.shape[0]

    def number(self, position: Position) -> int:
        return sum(x * stride for x, stride in zip(position, self.strides, strict=True))

    def position(self, number: int) -> Position:
        rest, found = number + self.middle, []
        for r, stride in zip(self.reach, self.strides, strict=True):
            place, rest = divmod(rest, stride)
            found.append(place - r)
        return tuple(found)
