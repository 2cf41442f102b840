"""Tree weight times forest weight of many sets, eight of equal size side by side in vectors of :mod:`.lanes`.

The sets of a block have the same high units and as many low units, so most entries of their matrices are
the same, and those of the low units come from tables made once for all choices of high units. Both matrices
of a block are eliminated together, and several blocks at a time: modulo a prime all pivots of a step then
take one inverse.

The elimination is that of :mod:`..positive`, without subtractions, modulo primes as well. Positions of a
matrix are 0 for what the forests are rooted in (the leak or, for trees, the start), then the high units,
then the low ones; the last goes first. Entry by entry, the row of a unit and then its column are made of
the origin of the entry and the shares of all units that went before. Where a pivot is 0, so is the product,
whatever it should be.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.compiled import lanes
from exactav.kernels.compiled.compiling import compiled, inlined
from exactav.kernels.low_units import FORESTS, TREES, low_subsets, n_low_units

LANES = lanes.LANES

Floats = NDArray[np.float64]


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
    for j in range(max(sizes[TREES], sizes[FORESTS]), 0, -1):
        for kind in range(2):
            size = sizes[kind]
            if j > size:
                continue
            row = (size + 1) * LANES
            is_low = j > n_high[kind]
            rows, columns = (3 * kind + is_low) * n_positions, (3 * kind + 2) * n_positions
            first = 1 if kind == TREES and j > 1 else 0  # a tree has one root
            for block in range(blocks):
                last = begins[kind] + (block * (size + 1) + size) * row
                here = last - (size - j) * row
                origin = offsets[rows + j] + (block * step if is_low else 0)
                terms = (here + size * LANES, -LANES, last, -row, size - j)
                _entries(m, offsets, (origin, columns, *terms, here, LANES), j, modulus)
                place = (kind * blocks + block) * LANES
                lanes.add_up(m, (here + first * LANES, j - first, sums + place, results + place), modulus)
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
def _tabulate(
    m: Any, table: int, units: Any, kind: int, begin: int, size: int, weights: Any, roots: Any
) -> None:
    """Weights to and from the low units of a block: their rows, then what each high unit has from them."""
    n, n_low = weights.shape[0], units.shape[2]
    for lane in range(LANES):
        for i in range(size):
            unit = units[kind, begin + lane, i]
            row = table + i * (n + 1) * LANES + lane
            m[row] = roots[kind, unit]
            for high in range(n - n_low):
                m[row + (1 + high) * LANES] = weights[unit, n_low + high]
                m[table + (n_low * (n + 1) + high * n_low + i) * LANES + lane] = weights[n_low + high, unit]
            for other in range(size):
                column = 1 + n - n_low + other
                m[row + column * LANES] = weights[unit, units[kind, begin + lane, other]]


@compiled
def _place(
    offsets: Any, sizes: Any, n_high: Any, high: int, size: int, n: int, n_low: int, tables: Any, step: int
) -> None:
    """Where the entries of the rows and columns of a set come from, and of the others."""
    common, special = tables
    for kind in range(2):
        position = 1
        rows = 3 * kind * (n + 1)
        beside, columns = rows + n + 1, rows + 2 * (n + 1)
        of_high = common + kind * (n - n_low) * (n - n_low + 1) * LANES
        of_low = special + kind * step
        for unit in range(n - n_low - 1, -1, -1):
            offsets[rows + position] = of_high + unit * (n - n_low + 1) * LANES
            # a column of a low unit is numbered from 1 + n - n_low on
            offsets[beside + position] = of_low + (n_low * (n + 1) + unit * n_low - 1 - n + n_low) * LANES
            offsets[columns + position] = (1 + unit) * LANES
            position += (high >> unit & 1) ^ kind  # the next one overwrites what is not of this kind
        position -= 1
        n_high[kind] = position
        for i in range(size if kind == TREES else n_low - size):
            position += 1
            offsets[beside + position] = of_low + i * (n + 1) * LANES
            offsets[columns + position] = (1 + n - n_low + i) * LANES
        sizes[kind] = position


@compiled
def _fill(
    results: Any,
    m: Any,
    work: Any,
    weights: Any,
    roots: Any,
    masks: Any,
    units: Any,
    bounds: Any,
    high_masks: Any,
    numbers: Any,
    places: Any,
    modulus: Any,
) -> None:
    """The products of all sets that can have a start."""
    offsets, sizes, n_high, begins = work
    most_blocks, low_starts, high_starts, common, special, step = numbers
    n, n_low = weights.shape[0], units.shape[2]
    for size in range(n_low + 1):
        for begin in range(bounds[size], bounds[size + 1], most_blocks * LANES):
            blocks = min(most_blocks, (bounds[size + 1] - begin) // LANES)
            for block in range(blocks):
                table, first = special + block * step, begin + block * LANES
                _tabulate(m, table, units, TREES, first, size, weights, roots)
                table += most_blocks * step
                _tabulate(m, table, units, FORESTS, first, n_low - size, weights, roots)
            for chosen in range(high_masks.shape[0]):
                high = high_masks[chosen]
                if low_starts == 0 and high & high_starts == 0:
                    continue
                _place(offsets, sizes, n_high, high, size, n, n_low, (common, special), most_blocks * step)
                if sizes[TREES] == 0:
                    continue
                _eliminate(m, offsets, sizes, n_high, begins, blocks, step, places, modulus)
                for place in range(blocks * LANES):
                    results[chosen, masks[begin + place]] = m[places[2] + place]


def products(
    weights: Floats,
    starts: Floats,
    leak: Floats,
    first: int,
    last: int,
    most_blocks: int,
    prime: int | None = None,
) -> Floats:
    """The products of the sets first <= mask < last; 0 where a pivot is 0."""
    n = len(weights)
    low = low_subsets(n_low_units(n, first, last), LANES)
    n_chosen = low.units.shape[2]
    n_high = n - n_chosen
    roots = np.array([starts, leak])
    low_starts, high_starts = (
        sum(1 << place for place, start in enumerate(part) if start)
        for part in (starts[:n_chosen], starts[n_chosen:])
    )
    vectors = 2 * most_blocks * LANES
    sums = vectors * (n + 1) ** 2
    scratch = sums + 3 * vectors
    common = scratch + lanes.N_POWERS * LANES
    special = common + 2 * n_high * (n_high + 1) * LANES
    step = n_chosen * (n + 1 + n_high) * LANES
    m = np.zeros(special + 2 * most_blocks * step)
    high_rows = m[common:special].reshape(2, n_high, n_high + 1, LANES)
    high_rows[:, :, 0] = roots[:, n_chosen:, None]
    high_rows[:, :, 1:] = weights[n_chosen:, n_chosen:, None]
    # by position, for trees and for forests: rows of high units, rows where columns are low, columns
    offsets = np.zeros(6 * (n + 1), dtype=np.int64)
    work = offsets, np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64), np.array([0, sums // 2])
    high_masks = np.arange(first >> n_chosen, last >> n_chosen)
    results = np.zeros((len(high_masks), 1 << n_chosen))
    numbers = most_blocks, low_starts, high_starts, common, special, step
    places = sums, sums + vectors, sums + 2 * vectors, scratch, 0 if prime is None else prime - 2
    modulus = () if prime is None else (float(prime), 1.0 / prime)
    _fill(results, m, work, weights, roots, *low, high_masks, numbers, places, modulus)
    return results.ravel()
