"""Inverses of sparse M-matrices: in floating point with proven bounds, and modulo primes.

In floating point units are put in blocks that are coupled to the blocks before and after alone, layer by
layer around some unit, and eliminated block by block. Nothing is believed of that: the bound comes from what
is left over. Where M v >= m > 0 for some v > 0, the inverse of M, whose entries are not negative, has
G m <= v. So if |M x - e_k| <= r m for an approximation x of column k, it is off by at most G r m <= r v.

Close to criticality G is large, and what matters are small differences of its entries. So all numbers are
sums of two floats (:mod:`.doubled`), and columns are corrected until what is left over is as small as these
can tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.errors import FloatRangeError
from exactav.kernels import doubled
from exactav.kernels.balls import SLACK, TINY
from exactav.kernels.modular import Residues
from exactav.kernels.positive import UNIT, Floats

_COLUMNS = 512  # columns of the inverse computed at once: few long products of matrices
_CHECKED = 128  # and checked at once
_CORRECTIONS = 8  # of columns, at most
_TINY = 1e-150
_BLOCK = 128  # units that a block has at least


def layers(neighbours: Mapping[int, set[int]]) -> list[list[int]]:
    """Blocks of units, each coupled to itself, the one before and the one after alone."""
    blocks: list[list[int]] = []
    seen: set[int] = set()
    for unit in neighbours:
        if unit in seen:
            continue
        far = list(_around(unit, neighbours))[-1][0]  # layers around a unit at the rim are smaller
        for layer in _around(far, neighbours):
            seen.update(layer)
            if blocks and len(blocks[-1]) < _BLOCK:
                blocks[-1] += layer
            else:
                blocks.append(layer)
    return blocks


def _around(unit: int, neighbours: Mapping[int, set[int]]) -> Iterator[list[int]]:
    layer, seen = [unit], {unit}
    while layer:
        yield layer
        layer = sorted({other for one in layer for other in neighbours[one]} - seen)
        seen.update(layer)


class Rows(NamedTuple):
    """A matrix by rows: row i has high[e] + low[e] in column columns[e], first[i] <= e < first[i + 1]."""

    first: NDArray[np.int64]
    columns: NDArray[np.int64]
    high: Floats
    low: Floats

    def left_over(
        self, wanted: Floats, high: Floats, low: Floats, *, compiles: bool
    ) -> tuple[Floats, Floats]:
        """(``wanted`` less the product with a block of columns, how far off that is at most).

        Products and sums are exact but for their second roundings: with n entries in a row, and absolute
        values instead of all numbers, at most u of the result and 4 (n + 3)^2 u^2 of what is added up.
        """
        if compiles:
            from exactav.kernels.compiled import small_floats as small_compiled_floats

            found, size = small_compiled_floats.left_over(*self, wanted, high, low)
        else:
            found, size = self._left_over(wanted, high, low)
        lengths = np.diff(self.first)[:, None]
        return found, UNIT * np.abs(found) + 4 * (lengths + 3.0) ** 2 * UNIT**2 * size * SLACK + TINY

    def _left_over(self, wanted: Floats, high: Floats, low: Floats) -> tuple[Floats, Floats]:
        found, rest, size = wanted.copy(), np.zeros(wanted.shape), np.abs(wanted)
        lengths = np.diff(self.first)
        for place in range(int(lengths.max())):
            (rows,) = np.nonzero(lengths > place)
            entries = self.first[rows] + place
            columns = self.columns[entries]
            value, value_low = self.high[entries][:, None], self.low[entries][:, None]
            vector, vector_low = high[columns], low[columns]
            product, error = doubled.product(value, vector)
            found[rows], more = doubled.added(found[rows], 0.0, -product)
            rest[rows] += more - (error + (value * vector_low + value_low * vector))
            size[rows] += np.abs(product)
        return found + rest, size

    def block(self, units: slice, others: slice) -> Floats:
        """Some rows and columns as an array."""
        result = np.zeros((units.stop - units.start, others.stop - others.start))
        begin, end = self.first[units.start], self.first[units.stop]
        rows = np.repeat(np.arange(len(result)), np.diff(self.first[units.start : units.stop + 1]))
        columns = self.columns[begin:end]
        inside = (columns >= others.start) & (columns < others.stop)
        result[rows[inside], columns[inside] - others.start] = self.high[begin:end][inside]
        return result


class Inverse(NamedTuple):
    """An approximation of the inverse, high + low: entry (i, k) is off by at most radius[k] * reach[i]."""

    high: Floats
    low: Floats
    radius: Floats
    reach: Floats


def inverted(matrix: Rows, sizes: Sequence[int], *, compiles: bool) -> Inverse:
    """The inverse of an M-matrix, with entries that were rounded to two floats, in blocks of these sizes.

    Raises:
        FloatRangeError: it is too close to singular.
    """
    n = len(matrix.first) - 1
    ends = np.cumsum([0, *sizes]).tolist()
    try:
        solver = _Solver(matrix, [slice(begin, end) for begin, end in pairwise(ends)])
    except np.linalg.LinAlgError:
        raise _too_close() from None
    ones = np.ones((n, 1))
    reach = np.abs(solver.solved(ones))
    rest, error = matrix.left_over(ones, reach, np.zeros((n, 1)), compiles=compiles)
    least = 1.0 - (np.abs(rest) + error) * SLACK
    if not least.min() > 0.0:
        raise _too_close()
    high, low, radius = np.empty((n, n)), np.empty((n, n)), np.empty(n)
    for begin in range(0, n, _COLUMNS):
        columns = np.arange(begin, min(begin + _COLUMNS, n))
        unit = np.zeros((n, columns.size))
        unit[columns, columns - begin] = 1.0
        high[:, columns], low[:, columns], radius[columns] = _refined(matrix, solver, unit, least, compiles)
    return Inverse(high, low, radius * SLACK + TINY, reach[:, 0])


def _too_close() -> FloatRangeError:
    return FloatRangeError(
        "this network is too close to one without leak for floating point with a proven bound: ask for "
        "arithmetic='exact'"
    )


def _refined(
    matrix: Rows, solver: "_Solver", wanted: Floats, least: Floats, compiles: bool
) -> tuple[Floats, Floats, Floats]:
    """Columns, and what they leave over in proportion to ``least``; corrected as long as that helps."""
    high, low = solver.solved(wanted), np.zeros(wanted.shape)
    best = high, low, np.full(wanted.shape[1], np.inf)
    for _ in range(_CORRECTIONS):
        rest, error = np.empty(wanted.shape), np.empty(wanted.shape)
        for begin in range(0, wanted.shape[1], _CHECKED):
            part = slice(begin, begin + _CHECKED)
            rest[:, part], error[:, part] = matrix.left_over(
                wanted[:, part], high[:, part], low[:, part], compiles=compiles
            )
        now = ((np.abs(rest) + error) / least).max(axis=0)
        if not now.max() < best[2].max() / 4:
            break
        best = high, low, now
        high, low = doubled.added(high, low, solver.solved(rest))
    return best


class _Solver:
    """Elimination block by block, kept."""

    def __init__(self, matrix: Rows, blocks: Sequence[slice]) -> None:
        self.blocks = blocks
        self.down: list[Floats] = []  # what a block hands on to the next
        self.up: list[Floats] = []  # and what it takes from it
        self.inverses: list[Floats] = []
        for place, block in enumerate(blocks):
            schur = matrix.block(block, block)
            if place:
                before = blocks[place - 1]
                self.down.append(matrix.block(block, before) @ self.inverses[-1])
                coupling = matrix.block(before, block)
                schur -= self.down[-1] @ coupling
                self.up.append(self.inverses[-1] @ coupling)
            self.inverses.append(np.asarray(np.linalg.inv(schur), dtype=np.float64))

    def solved(self, vectors: Floats) -> Floats:
        """The solutions for a block of columns."""
        found, blocks = vectors.copy(), self.blocks
        for place, (before, block) in enumerate(pairwise(blocks)):
            found[block] -= self.down[place] @ _plain(found[before])
        found[blocks[-1]] = self.inverses[-1] @ found[blocks[-1]]
        for place in reversed(range(len(blocks) - 1)):
            block, following = blocks[place], blocks[place + 1]
            taken = self.up[place] @ _plain(found[following])
            found[block] = self.inverses[place] @ found[block] - taken
        return found


def _plain(numbers: Floats) -> Floats:
    """Tiny numbers as 0: with those of less than full precision processors are slow."""
    numbers[np.abs(numbers) < _TINY] = 0.0
    return numbers


def modular_inverse(matrix: Residues, prime: int) -> tuple[Residues | None, int]:
    """(inverse, determinant) modulo a prime of at most 31 bits; (None, 0) if it is singular.

    >>> found, determinant = modular_inverse(np.array([[2, -1], [-1, 2]]) % 7, 7)
    >>> found.tolist(), determinant
    ([[3, 5], [5, 3]], 3)
    """
    n = len(matrix)
    rest, determinant = matrix.copy(), 1
    found = np.eye(n, dtype=np.int64)
    for step in range(n):
        (rows,) = np.nonzero(rest[step:, step])
        if not rows.size:
            return None, 0
        pivot = step + int(rows[0])
        if pivot != step:
            rest[[step, pivot]], found[[step, pivot]] = rest[[pivot, step]], found[[pivot, step]]
            determinant = prime - determinant
        determinant = determinant * int(rest[step, step]) % prime
        inverse = pow(int(rest[step, step]), -1, prime)
        for part in (rest, found):  # where few entries are not zero, few are touched
            (columns,) = np.nonzero(part[step])
            part[step, columns] = part[step, columns] * inverse % prime
        below = step + 1 + np.flatnonzero(rest[step + 1 :, step])
        factors = (prime - rest[below, step])[:, None]
        for part in (rest, found):
            (columns,) = np.nonzero(part[step])
            if 4 * columns.size > n:
                part[below] = (part[below] + factors * part[step]) % prime
            else:
                places = np.ix_(below, columns)
                part[places] = (part[places] + factors * part[step, columns]) % prime
    for step in reversed(range(n - 1)):
        columns = step + 1 + np.flatnonzero(rest[step, step + 1 :])
        handed_on = (prime - rest[step, columns])[:, None] * found[columns] % prime
        found[step] = (found[step] + handed_on.sum(axis=0)) % prime
    return found, determinant
