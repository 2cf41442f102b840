"""The Green function of a lattice near the origin, as whole numbers times 2^-bits with a proven error.

On a torus of n x n x ... cells it is a sum over modes,

    G_torus(x) = 1/n^d sum over k of e^(ik.x) M(k)^-1,    M(k) = sum over x of M(x) e^(-ik.x),

and G_torus(x) is the sum of G over the images x + n z, positive terms that decay (:mod:`.decay`). Where there
is one unit a cell, with equal weights to x and -x that reach no farther than 1 along the last axis, the sum
along that axis is done in closed form, and has no images: with M(k, l) = a - b e^(-il) - b* e^(il),

    1/(2 pi) integral of e^(ily) / M(k, l) dl = zeta^y / D, y >= 0, D = sqrt(a^2 - 4|b|^2), zeta = 2b/(a + D).

All numbers are fixed-point integers; errors are counted in units of the last place (derivation 18). The error
of an inverse is bounded by what it leaves over: |X - M^-1| <= |M^-1| |1 - M X|, and no entry of M(k)^-1 is
above that of M(0)^-1, whose terms are those without phases.
"""

from fractions import Fraction
from math import ceil, isqrt, prod
from typing import Any, NamedTuple

import numpy as np
from mpmath.ctx_iv import MPIntervalContext
from numpy.typing import NDArray

from exactav.errors import UndecidedError
from exactav.lattices.cells import Cell, Grid, Position
from exactav.lattices.decay import Decay, decay
from exactav.numbers.enclosures import interval_ends

Table = NDArray[Any]  # of whole numbers
Complex = tuple[Any, Any]  # real and imaginary parts, numbers or tables of them

_STEP = 5e-7  # seconds of a product of whole numbers in a table, measured
_ENTRY = 3e-4  # of one number of the tables of phases


class Window(NamedTuple):
    """G near the origin: tables[i][j][grid.number(x) + grid.middle] is G_ij(x) 2^bits, up to ``error``."""

    grid: Grid
    tables: list[list[list[int]]]
    bits: int
    error: int


class Modes(NamedTuple):
    """How the Green function is summed: numbers of modes along axes, but for the last one if it is closed."""

    decays: tuple[Decay, ...]
    sides: tuple[int, ...]
    is_closed: bool

    def seconds(self, cell: Cell, reach: Position) -> float:
        """What it takes, about."""
        if not self.sides:
            return 1e-4 * reach[-1]
        n_modes = (self.sides[0] // 2 + 1) * prod(self.sides[1:])
        first = 2 * reach[-1] + 1 if self.is_closed or len(self.sides) == 1 else 0
        widths = [2 * r + 1 for r in reach[1 : len(self.sides)]]
        a_mode = (
            6 * len(cell.weights)
            + 8 * cell.n_units**3
            + 4
            * cell.n_units**2
            * sum([*widths[-1:], first, 2 * reach[0] + 1 if len(self.sides) == 1 else 0])
        )
        return n_modes * a_mode * _STEP + sum(self.sides) * _ENTRY


def modes(cell: Cell, reach: Position, bits: int) -> Modes:
    """Enough modes for so many bits.

    Raises:
        UndecidedError: no bound of the images was found.
    """
    is_closed = cell.is_even and cell.reach[-1] == 1
    axes = list(cell.axes)[:-1] if is_closed else list(cell.axes)
    decays = tuple(decay(cell, axis) for axis in axes)
    spare = bits + 2 + len(axes).bit_length()
    sides = tuple(reach[a] + found.cells(spare) for a, found in zip(axes, decays, strict=True))
    return Modes(decays, sides, is_closed)


def window(cell: Cell, reach: Position, bits: int) -> Window:
    """The Green function at all cells with |x_a| <= reach_a."""
    chosen = modes(cell, reach, bits)
    guard = 2 * ceil(cell.largest).bit_length() + 16 + sum(chosen.sides).bit_length()
    numbers = _Fixed(bits + guard)
    grid, size = Grid(reach), cell.n_units
    sums, error = _Sum(cell, reach, chosen, numbers).all()
    images = sum(
        (
            found.left_over(side - reach[a])
            for a, (found, side) in enumerate(zip(chosen.decays, chosen.sides, strict=True))
        ),
        Fraction(0),
    )
    off = ceil(Fraction(error, 2**guard) + images * 2**bits) + 1
    if off > 64:
        raise UndecidedError("the Green function of this lattice is not certain: its leak is too small")
    tables = [
        [[value >> guard for value in sums[i][j].ravel().tolist()] for j in range(size)] for i in range(size)
    ]
    return Window(grid, tables, bits, off)


class _Fixed:
    """Complex fixed-point numbers with so many bits after the point."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.one = 1 << bits

    def times(self, a: Complex, b: Complex) -> Complex:
        """The product, rounded down: off by less than 1.5 units."""
        return (a[0] * b[0] - a[1] * b[1]) >> self.bits, (a[0] * b[1] + a[1] * b[0]) >> self.bits

    def circle(self, n: int) -> Complex:
        """e^(2 pi i j/n) for j = 0 .. n - 1, each part off by less than 1 unit."""
        context = MPIntervalContext()
        context.prec = self.bits + 16
        turn = 2 * context.pi / n
        parts: list[list[int]] = [[], []]
        for j in range(n // 2 + 1):
            for part, function in zip(parts, (context.cos, context.sin), strict=True):
                low, high = interval_ends(function(turn * j))
                assert high - low < Fraction(1, 4 * self.one)
                part.append(round((low + high) / 2 * self.one))
        cos, sin = parts
        back = range((n - 1) // 2, 0, -1)  # the other half, by reflection
        return _table(cos + [cos[j] for j in back]), _table(sin + [-sin[j] for j in back])


def _table(values: list[int]) -> Table:
    return np.array(values, dtype=object)


class _Sum:
    """The sum over modes: one mode of the first axis after the other, with all of the others at once."""

    def __init__(self, cell: Cell, reach: Position, chosen: Modes, numbers: _Fixed) -> None:
        self.cell, self.reach, self.numbers = cell, reach, numbers
        self.sides, self.is_closed = chosen.sides, chosen.is_closed
        self.circles = [numbers.circle(n) for n in self.sides]
        self.largest = ceil(cell.largest)
        self.n_last = 2 * reach[-1] + 1 if self.is_closed else 1
        self.error = 0  # of the inverses so far, in units
        # weights with all but the first of their phases, which are products of those of the other axes
        self.groups: dict[tuple[int, int, int, Position], list[tuple[int, int]]] = {}
        for (i, j, x), weight in cell.weights.items():
            key = (i, j, x[-1] if self.is_closed else 0, x[1 : len(self.sides)])
            whole = int(weight * cell.denominator)
            self.groups.setdefault(key, []).append((x[0] if self.sides else 0, whole))
        self.phases = {key[3]: self._phases(key[3]) for key in self.groups}
        most = ceil(max(cell.thresholds))
        self.off = most * (6 + 4 * len(self.sides)) + 2 * len(self.groups) + 2 * cell.n_units + 2
        """By how much a row of a symbol is off at most: each phase by 1.5 units, each product by 1.5 more."""

    def _phases(self, x: Position) -> Complex:
        shape = self.sides[1:]
        found: Complex = (self.numbers.one, 0)
        for axis, (step, n) in enumerate(zip(x, shape, strict=True)):
            places = (-step * np.arange(n) % n).reshape([-1 if a == axis else 1 for a in range(len(shape))])
            cos, sin = self.circles[axis + 1]
            found = self.numbers.times(found, (cos[places], sin[places]))
        real, imaginary = (np.broadcast_to(np.asarray(part, dtype=object), shape).ravel() for part in found)
        return real, imaginary

    def all(self) -> tuple[list[list[Table]], int]:
        """(numbers for each receiver and sender in the order of the grid, error in units)."""
        units = range(self.cell.n_units)
        if not self.sides:
            return [[self._mode(0)[0][0][0]]], self.error
        side, r = self.sides[0], self.reach[0]
        cos, sin = self.circles[0]
        sums: Any = [[0 for _ in units] for _ in units]
        for k in range(side // 2 + 1):
            count = 1 if 2 * k in (0, side) else 2  # the mode -k is the conjugate
            places = k * np.arange(-r, r + 1) % side
            c, s = count * cos[places][:, None], count * sin[places][:, None]
            for row, found in zip(sums, self._mode(k), strict=True):
                for j, (real, imaginary) in enumerate(found):
                    row[j] = row[j] + (real * c - imaginary * s)
        error = self.error
        for _ in self.sides:  # phases are off by 1.5 units, and sums are rounded twice
            error += 2 * self.largest + 4 + ceil(Fraction(2 * error, self.numbers.one))
        return [[(part >> self.numbers.bits) // side for part in row] for row in sums], error

    def _mode(self, k: int) -> list[list[Complex]]:
        """The sums over the other axes, for one mode of the first."""
        found = self._closed(k) if self.is_closed else self._inverted(k)
        return [[self._over_others(entry) for entry in row] for row in found]

    def _over_others(self, entry: Complex) -> Complex:
        bits = self.numbers.bits
        real, imaginary = (part.reshape((*self.sides[1:], self.n_last)) for part in entry)
        for axis, side in enumerate(self.sides[1:], 1):
            r = self.reach[axis]
            places = np.outer(np.arange(-r, r + 1), np.arange(side)) % side
            cos, sin = (part[places] for part in self.circles[axis])
            # the first of the axes that are left is summed, and its cells come last
            real, imaginary = (
                ((_dot(real, cos) - _dot(imaginary, sin)) >> bits) // side,
                ((_dot(real, sin) + _dot(imaginary, cos)) >> bits) // side,
            )
        return np.moveaxis(real, 0, -1).ravel(), np.moveaxis(imaginary, 0, -1).ravel()

    def _sums(self, k: int) -> dict[tuple[int, int, int], Complex]:
        """(i, j, step along a closed axis) -> sum of weights times phases, for all modes of the others."""
        found: dict[tuple[int, int, int], Complex] = {}
        for (i, j, last, x), weights in self.groups.items():
            real, imaginary = 0, 0
            for step, weight in weights:
                cos, sin = self._phase(k, step)
                real, imaginary = real + weight * cos, imaginary + weight * sin
            part = self.numbers.times((real, imaginary), self.phases[x])
            old = found.get((i, j, last), (0, 0))
            found[i, j, last] = old[0] + part[0], old[1] + part[1]
        scale = self.cell.denominator
        return {key: (real // scale, imaginary // scale) for key, (real, imaginary) in found.items()}

    def _phase(self, k: int, step: int) -> Complex:
        if not self.sides:
            return self.numbers.one, 0
        cos, sin = self.circles[0]
        place = -k * step % self.sides[0]
        return cos[place], sin[place]

    def _zeros(self) -> Table:
        return np.zeros(prod(self.sides[1:]), dtype=object)

    def _inverted(self, k: int) -> list[list[Complex]]:
        """M(k)^-1 for all modes of the other axes, by elimination."""
        units, one, times = range(self.cell.n_units), self.numbers.one, self.numbers.times
        sums = self._sums(k)
        matrix: list[list[Complex]] = []
        for i in units:
            row = []
            for j in units:
                real, imaginary = sums.get((i, j, 0), (self._zeros(), self._zeros()))
                threshold = self.cell.thresholds[i] * one
                row.append((int(threshold) * (i == j) - real, -imaginary))
            matrix.append(row)
        table = [
            [*row, *((self._zeros() + one * (i == j), self._zeros()) for j in units)]
            for i, row in enumerate(matrix)
        ]
        for p in units:
            pivot = self._reciprocal(table[p][p])
            table[p] = [times(pivot, entry) for entry in table[p]]
            for i in units:
                if i != p:
                    factor = table[i][p]
                    table[i] = [_less(x, times(factor, y)) for x, y in zip(table[i], table[p], strict=True)]
        found = [row[len(units) :] for row in table]
        over = 0  # the largest row sum of what is left over
        for i in units:
            sizes = self._zeros()
            for j in units:
                rest: Complex = (self._zeros() + one * (i == j), self._zeros())
                for other in units:
                    rest = _less(rest, times(matrix[i][other], found[other][j]))
                sizes = sizes + abs(rest[0]) + abs(rest[1])
            over = max(over, int(sizes.max()))
        largest = max(int((abs(x[0]) + abs(x[1])).max()) for row in found for x in row)
        over += 2 * len(units) ** 2 + 1 + ceil(Fraction(self.off * largest * len(units), one))
        self.error = max(self.error, self.largest * over)
        return found

    def _reciprocal(self, value: Complex) -> Complex:
        real, imaginary = value
        size = real * real + imaginary * imaginary
        shift = 2 * self.numbers.bits
        return (real << shift) // size, (-imaginary << shift) // size

    def _closed(self, k: int) -> list[list[Complex]]:
        """Along the last axis, for all modes of the others."""
        one, times = self.numbers.one, self.numbers.times
        sums, nothing = self._sums(k), (self._zeros(), self._zeros())
        a = int(self.cell.thresholds[0] * one) - sums.get((0, 0, 0), nothing)[0]
        b = sums.get((0, 0, 1), nothing)
        size = a * a - 4 * (b[0] * b[0] + b[1] * b[1])
        root = _table([isqrt(max(0, int(value))) for value in size])
        below = a + root
        zeta = (2 * b[0] << self.numbers.bits) // below, (2 * b[1] << self.numbers.bits) // below
        first = one * one // root
        conjugate = (b[0], -b[1])
        # what is left over of the equations at y = 0 and at y >= 1
        here = times(conjugate, zeta)[0]
        rest = abs((a * first >> self.numbers.bits) - 2 * (here * first >> self.numbers.bits) - one)
        ahead = _less(_less(times((a, 0), zeta), b), times(conjugate, times(zeta, zeta)))
        off = self.off
        beyond = (abs(ahead[0]) + abs(ahead[1]) + 2 * off + 10) * first // one + 1
        start = rest + (3 * off + 8) * first // one + 8
        inside = zeta[0] * zeta[0] + zeta[1] * zeta[1]
        if int(inside.max()) >= one * one:
            raise UndecidedError("the Green function of this lattice is not certain: its leak is too small")
        rounded = (3 * self.reach[-1] + 4) * (int(first.max()) // one + 1)
        self.error = max(self.error, self.largest * int(max(beyond.max(), start.max())) + rounded)
        powers: list[Complex] = [(first, self._zeros())]
        for _ in range(self.reach[-1]):
            powers.append(times(powers[-1], zeta))
        both = [(real, -imaginary) for real, imaginary in powers[:0:-1]] + powers
        real, imaginary = (np.stack([value[part] for value in both], axis=-1) for part in (0, 1))
        return [[(real, imaginary)]]


def _less(a: Complex, b: Complex) -> Complex:
    return a[0] - b[0], a[1] - b[1]


def _dot(values: Table, phases: Table) -> Table:
    return np.tensordot(values, phases, (0, 1))
