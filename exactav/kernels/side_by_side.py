"""Tree weight times forest weight of many sets, eight of equal size side by side in vectors of :mod:`.lanes`.

The sets of a block have the same high units and as many low units, so most entries of their matrices are
the same, and those of the low units come from tables made once for all choices of high units. Both matrices
of a block are eliminated together, and several blocks at a time: modulo a prime all pivots of a step then
take one inverse.

The elimination is that of :mod:`.positive`, without subtractions, modulo primes as well. Positions of a
matrix are 0 for what the forests are rooted in (the leak or, for trees, the start), then the high units,
then the low ones; the last goes first. Entry by entry, the row of a unit and then its column are made of
the origin of the entry and the shares of all units that went before. Where a pivot is 0, so is the product,
whatever it should be.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.kernels import lanes
from exactav.kernels.compiling import compiled, inlined

LANES = lanes.LANES
_MOST_LOW = 8  # units; among their subsets of equal size few lanes stay empty
_TREES, _FORESTS = 0, 1

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Low(NamedTuple):
    """The subsets of the low units by size, each size filled up to whole blocks with copies of its first.

    ``units[_TREES]`` are those inside, ``units[_FORESTS]`` those outside; ``bounds`` are those of the sizes.
    """

    masks: Integers
    units: Integers
    bounds: Integers


def n_low(n_units: int, first: int, last: int) -> int:
    """How many low units there are where the masks from ``first`` to ``last`` - 1 are visited.

    >>> n_low(20, 3 << 15, 4 << 15), n_low(20, 16, 48), n_low(5, 0, 32)
    (8, 4, 5)
    """
    together = first | last
    return min((together & -together).bit_length() - 1, n_units, _MOST_LOW)


@cache
def low_subsets(n_low: int) -> Low:
    """All subsets of so many units."""
    by_size: list[list[int]] = [[] for _ in range(n_low + 1)]
    for mask in range(1 << n_low):
        by_size[mask.bit_count()].append(mask)
    masks: list[int] = []
    bounds = [0]
    for found in by_size:
        masks += found + found[:1] * (-len(found) % LANES)
        bounds.append(len(masks))
    units = np.zeros((2, len(masks), n_low), dtype=np.int64)
    for place, mask in enumerate(masks):
        inside = [unit for unit in range(n_low) if mask >> unit & 1]
        units[_TREES, place, : len(inside)] = inside
        outside = [unit for unit in range(n_low) if not mask >> unit & 1]
        units[_FORESTS, place, : len(outside)] = outside
    return Low(np.array(masks, dtype=np.int64), units, np.array(bounds, dtype=np.int64))


@inlined
def _entries(m: Any, offsets: Any, places: Any, width: int, modulus: Any) -> None:
    """``width`` entries of a row or column, by as few calls as possible."""
    origin, index, fixed, fixed_step, moving, moving_step, count, place, stride = places
    done = 0
    while done < width:
        rest = width - done
        these = (origin, index, fixed, fixed_step, moving, moving_step, count, place, stride, 0)
        if rest >= 6:
            lanes.entries_6(m, offsets, these, modulus)
        elif rest == 5:
            lanes.entries_5(m, offsets, these, modulus)
        elif rest == 4:
            lanes.entries_4(m, offsets, these, modulus)
        elif rest == 3:
            lanes.entries_3(m, offsets, these, modulus)
        elif rest == 2:
            lanes.entries_2(m, offsets, these, modulus)
        else:
            lanes.entries_1(m, offsets, these, modulus)
        index += 6
        moving += 6 * stride
        place += 6 * stride
        done += 6


@inlined
def _shares(m: Any, offsets: Any, places: Any, width: int, scale: int, modulus: Any) -> None:
    """The same, multiplied."""
    origin, index, fixed, fixed_step, moving, moving_step, count, place, stride = places
    done = 0
    while done < width:
        rest = width - done
        these = (origin, index, fixed, fixed_step, moving, moving_step, count, place, stride, scale)
        if rest >= 6:
            lanes.shares_6(m, offsets, these, modulus)
        elif rest == 5:
            lanes.shares_5(m, offsets, these, modulus)
        elif rest == 4:
            lanes.shares_4(m, offsets, these, modulus)
        elif rest == 3:
            lanes.shares_3(m, offsets, these, modulus)
        elif rest == 2:
            lanes.shares_2(m, offsets, these, modulus)
        else:
            lanes.shares_1(m, offsets, these, modulus)
        index += 6
        moving += 6 * stride
        place += 6 * stride
        done += 6


@compiled
def _eliminate(
    m: Any,
    offsets: Any,
    sizes: Any,
    n_high: Any,
    begins: Any,
    blocks: int,
    step: int,
    places: Any,
    modulus: Any,
) -> None:
    """The products of the pivots of both matrices of each block; offsets as :func:`products` makes them."""
    sums, inverses, results, scratch, exponent = places
    n_positions = offsets.shape[0] // 6
    for place in range(2 * blocks * LANES):
        m[results + place] = 1.0
        m[sums + place] = 1.0
    for j in range(max(sizes[_TREES], sizes[_FORESTS]), 0, -1):
        for kind in range(2):
            size = sizes[kind]
            if j > size:
                continue
            row = (size + 1) * LANES
            is_low = j > n_high[kind]
            rows, columns = (3 * kind + is_low) * n_positions, (3 * kind + 2) * n_positions
            first = 1 if kind == _TREES and j > 1 else 0  # a tree has one root
            for block in range(blocks):
                last = begins[kind] + (block * (size + 1) + size) * row
                here = last - (size - j) * row
                origin = offsets[rows + j] + (block * step if is_low else 0)
                terms = (here + size * LANES, -LANES, last, -row, size - j)
                _entries(m, offsets, (origin, columns, *terms, here, LANES), j, modulus)
                total = sums + (kind * blocks + block) * LANES
                lanes.add_up(m, (here + first * LANES, j - first, total), modulus)
                lanes.multiply(m, (results + (kind * blocks + block) * LANES, total), modulus)
        if j == 1:
            break
        lanes.invert(m, (sums, 2 * blocks, inverses, scratch, exponent), modulus)
        for kind in range(2):
            size = sizes[kind]
            if j > size:
                continue
            row = (size + 1) * LANES
            is_low = j > n_high[kind]
            rows, columns = (3 * kind + is_low) * n_positions, (3 * kind + 2) * n_positions
            for block in range(blocks):
                begin = begins[kind] + block * (size + 1) * row
                origin = offsets[columns + j] + (block * step if is_low else 0)
                terms = (begin + size * row + j * LANES, -row, begin + row + size * LANES, -LANES, size - j)
                scale = inverses + (kind * blocks + block) * LANES
                _shares(
                    m,
                    offsets,
                    (origin, rows + 1, *terms, begin + row + j * LANES, row),
                    j - 1,
                    scale,
                    modulus,
                )
    for block in range(blocks):
        lanes.multiply(m, (results + block * LANES, results + (blocks + block) * LANES), modulus)


@compiled
def _tabulate(m: Any, table: int, units: Any, size: int, n_low: int, weights: Any, roots: Any) -> None:
    """Weights to and from the low units of a block: their rows, then what each high unit has from them."""
    n = weights.shape[0]
    for lane in range(LANES):
        for i in range(size):
            unit = units[lane, i]
            row = table + i * (n + 1) * LANES + lane
            m[row] = roots[unit]
            for high in range(n - n_low):
                m[row + (1 + high) * LANES] = weights[unit, n_low + high]
                m[table + (n_low * (n + 1) + high * n_low + i) * LANES + lane] = weights[n_low + high, unit]
            for other in range(size):
                m[row + (1 + n - n_low + other) * LANES] = weights[unit, units[lane, other]]


@compiled
def products(
    weights: Floats,
    starts: Floats,
    leak: Floats,
    low: Low,
    high_masks: Any,
    most_blocks: int,
    exponent: int,
    modulus: Any,
) -> Floats:
    """The products of all sets, one row for each choice of high units; 0 where a pivot is."""
    n, n_low = weights.shape[0], low.units.shape[2]
    n_high = n - n_low
    results = np.zeros((high_masks.shape[0], 1 << n_low))
    roots = np.empty((2, n))
    roots[_TREES] = starts
    roots[_FORESTS] = leak
    low_starts = False
    for unit in range(n_low):
        low_starts = low_starts or starts[unit] != 0.0
    # by position, for trees and for forests: rows of high units, rows beside low columns, columns
    offsets = np.zeros(6 * (n + 1), dtype=np.int64)
    sizes, highs = np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    vectors = 2 * most_blocks * LANES
    sums = vectors * (n + 1) ** 2
    places = (sums, sums + vectors, sums + 2 * vectors, sums + 3 * vectors, exponent)
    begins = np.array([0, sums // 2])
    common = sums + 3 * vectors + lanes.N_POWERS * LANES
    length = n_high * (n_high + 1) * LANES
    step = n_low * (n + 1 + n_high) * LANES
    tables = common + 2 * length
    m = np.zeros(tables + 2 * most_blocks * step)
    for kind in range(2):
        for a in range(n_high):
            for lane in range(LANES):
                row = common + kind * length + a * (n_high + 1) * LANES + lane
                m[row] = roots[kind, n_low + a]
                for b in range(n_high):
                    m[row + (1 + b) * LANES] = weights[n_low + a, n_low + b]
    for size in range(n_low + 1):
        for begin in range(low.bounds[size], low.bounds[size + 1], most_blocks * LANES):
            blocks = min(most_blocks, (low.bounds[size + 1] - begin) // LANES)
            for block in range(blocks):
                for kind in range(2):
                    _tabulate(
                        m,
                        tables + (kind * most_blocks + block) * step,
                        low.units[kind, begin + block * LANES :],
                        size if kind == _TREES else n_low - size,
                        n_low,
                        weights,
                        roots[kind],
                    )
            for chosen in range(high_masks.shape[0]):
                high = high_masks[chosen]
                can_start = low_starts
                for kind in range(2):
                    position = 0
                    rows, table = 3 * kind * (n + 1), tables + kind * most_blocks * step
                    beside, columns = rows + n + 1, rows + 2 * (n + 1)
                    for a in range(n_high - 1, -1, -1):
                        if (high >> a & 1) != kind:
                            position += 1
                            can_start = can_start or (kind == _TREES and starts[n_low + a] != 0.0)
                            offsets[rows + position] = common + kind * length + a * (n_high + 1) * LANES
                            # a column of a low unit adds 1 + n_high to its number
                            offsets[beside + position] = (
                                table + (n_low * (n + 1) + a * n_low - 1 - n_high) * LANES
                            )
                            offsets[columns + position] = (1 + a) * LANES
                    highs[kind] = position
                    for i in range(size if kind == _TREES else n_low - size):
                        position += 1
                        offsets[beside + position] = table + i * (n + 1) * LANES
                        offsets[columns + position] = (1 + n_high + i) * LANES
                    sizes[kind] = position
                if not can_start or sizes[_TREES] == 0:
                    continue
                _eliminate(m, offsets, sizes, highs, begins, blocks, step, places, modulus)
                for place in range(blocks * LANES):
                    results[chosen, low.masks[begin + place]] = m[places[2] + place]
    return results
