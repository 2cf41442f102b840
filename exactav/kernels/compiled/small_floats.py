"""What numba compiles (the extra ``fast``) for sets of few units in floating point: what they weigh."""

import numpy as np

from exactav.kernels import balls, doubled
from exactav.kernels.balls import SLACK, TINY
from exactav.kernels.compiled.compiling import compiled
from exactav.kernels.compiled.small_sets import units_of
from exactav.kernels.positive import SMALLEST, UNIT, Floats
from exactav.kernels.small_lists import Numbers

_eliminate = compiled(balls.eliminate)
_exits = compiled(balls.exits)
_product = compiled(doubled.product)
_added = compiled(doubled.added)
_ratio = compiled(doubled.ratio)
_less_product = compiled(doubled.less_product)


@compiled
def _tree(weights: Floats, roots: Floats, size: int) -> float:
    """The weight of all trees, as ``positive.determinants``; -1 where numbers became too small to be sure."""
    result = 1.0
    for last in range(size - 1, 0, -1):
        total = 0.0
        for b in range(last):
            total += weights[last, b]
        if total == 0.0:  # every tree is rooted in this unit: keep it to the end
            for b in range(last + 1):
                weights[0, b], weights[last, b] = weights[last, b], weights[0, b]
            for a in range(last + 1):
                weights[a, 0], weights[a, last] = weights[a, last], weights[a, 0]
            roots[0], roots[last] = roots[last], roots[0]
            for b in range(last):
                total += weights[last, b]
            if total == 0.0:
                return 0.0
        result *= total
        for a in range(last):
            share = weights[a, last]
            if share != 0.0:
                share /= total
                if share < SMALLEST:
                    return -1.0
                roots[a] += share * roots[last]
                if 0.0 < roots[a] < SMALLEST:
                    return -1.0
                for b in range(last):
                    weights[a, b] += share * weights[last, b]
                    if 0.0 < weights[a, b] < SMALLEST:
                        return -1.0
                weights[a, a] = 0.0
    result *= roots[0]
    return result if result == 0.0 or result > SMALLEST else -1.0


@compiled
def left_over(
    first: Numbers,
    columns: Numbers,
    high: Floats,
    low: Floats,
    wanted: Floats,
    vectors: Floats,
    vectors_low: Floats,
) -> tuple[Floats, Floats]:
    """(what ``wanted`` leaves over, sums of absolute values), as ``Rows.left_over``."""
    n, width = wanted.shape
    found, size = np.empty((n, width)), np.empty((n, width))
    rest = np.empty(width)
    for i in range(n):
        total, most = found[i], size[i]
        for j in range(width):
            total[j] = wanted[i, j]
            most[j] = abs(wanted[i, j])
            rest[j] = 0.0
        for e in range(first[i], first[i + 1]):
            value, value_low = high[e], low[e]
            vector, vector_low = vectors[columns[e]], vectors_low[columns[e]]
            for j in range(width):
                product, error = _product(value, vector[j])
                above, more = _added(total[j], 0.0, -product)
                total[j] = above
                rest[j] += more - (error + (value * vector_low[j] + value_low * vector[j]))
                most[j] += abs(product)
        for j in range(width):
            total[j] += rest[j]
    return found, size


@compiled
def _joined(
    unit: int,
    start: int,
    n: int,
    members: Numbers,
    ratios: Floats,
    values: Floats,
    radii: Floats,
    green: Floats,
    green_low: Floats,
    radius: Floats,
    reach: Floats,
) -> None:
    """Entries of G for walks that end in a start, between unit number n that joins and those before it.

    The row after them has the probabilities that walks do not end there, 1 - G_ik / G_kk; ``ratios`` has
    high and low part, and how far off they are.
    """
    pivot, pivot_low = green[start, start], green_low[start, start]
    pivot_radius = radius[start] * reach[start]
    high, low = _ratio(green[unit, start], green_low[unit, start], pivot, pivot_low)
    off = (reach[unit] * radius[start] + abs(high) * pivot_radius) / (pivot - pivot_radius) * SLACK + TINY
    members[n] = unit
    ratios[n, 0], ratios[n, 1], ratios[n, 2] = high, low, off
    last = len(members)
    values[n, last] = (1.0 - high) - low
    radii[n, last] = off + 3 * UNIT * abs(values[n, last]) + 20 * UNIT**2
    for other in range(n + 1):
        for turn in range(2):
            i, j = (n, other) if turn == 0 else (other, n)
            one, two = members[i], members[j]
            across = green[start, two]
            found = _less_product(
                green[one, two],
                green_low[one, two],
                ratios[i, 0],
                ratios[i, 1],
                across,
                green_low[start, two],
            )
            far, across = abs(ratios[i, 0]), abs(across)
            across_radius = reach[start] * radius[two]
            values[i, j] = found
            radii[i, j] = (
                reach[one] * radius[two]
                + far * across_radius
                + ratios[i, 2] * (across + across_radius)
                + UNIT * abs(found)
                + 80 * UNIT**2 * (abs(green[one, two]) + far * across)
                + TINY
            )


@compiled
def float_weights(
    sets: Numbers,
    first: Numbers,
    receivers: Numbers,
    values: Floats,
    room: int,
    starts: Floats,
    is_first_alone: bool,
    green: Floats,
    green_low: Floats,
    radius: Floats,
    reach: Floats,
    roundings: Numbers,
    most_kept: int,
) -> tuple[Floats, Floats]:
    """As its plain twin; ``roundings`` by the number of units, ``room`` for a set and all who receive.

    Entries of G for walks that end in a start are kept for its next sets, for ``most_kept`` units.
    """
    up_to = sets.shape[1]
    found, errors = np.zeros(len(sets)), np.zeros(len(sets))
    place = np.full(len(first) - 1, -1, dtype=np.int64)
    units = np.empty(room, dtype=np.int64)
    received, roots = np.empty(room), np.empty(up_to)
    entries, radii = np.empty((room, room)), np.empty((room, room))
    weights = np.empty((up_to, up_to))
    start, n_kept = -1, 0
    kept = np.full(len(first) - 1, -1, dtype=np.int64)  # places of the units for which entries are kept
    members, ratios = np.empty(most_kept, dtype=np.int64), np.empty((most_kept, 3))
    all_entries = np.empty((most_kept, most_kept + 1))
    all_radii = np.empty((most_kept, most_kept + 1))
    for number in range(len(sets)):
        n_in, n = units_of(sets[number], first, receivers, units, place)
        if units[0] != start or n_kept + n > most_kept:
            for i in range(n_kept):
                kept[members[i]] = -1
            start, n_kept = units[0], 0
        weights[:n_in, :n_in] = 0.0
        received[:n] = 0.0
        for j in range(n_in):
            for e in range(first[units[j]], first[units[j] + 1]):
                i = place[receivers[e]]
                if i < n_in:
                    weights[i, j] = values[e]
                else:
                    received[i] += values[e]
            roots[j] = 0.0 if is_first_alone and j > 0 else starts[units[j]]
        place[start] = -1
        for i in range(1, n):
            place[units[i]] = -1
            if kept[units[i]] < 0:
                kept[units[i]] = n_kept
                _joined(
                    units[i],
                    start,
                    n_kept,
                    members,
                    ratios,
                    all_entries,
                    all_radii,
                    green,
                    green_low,
                    radius,
                    reach,
                )
                n_kept += 1
        for i in range(1, n):
            row = kept[units[i]]
            for j in range(1, n):
                entries[i - 1, j - 1] = all_entries[row, kept[units[j]]]
                radii[i - 1, j - 1] = all_radii[row, kept[units[j]]]
            entries[i - 1, n - 1] = all_entries[row, most_kept]
            radii[i - 1, n - 1] = all_radii[row, most_kept]
        trees = _tree(weights, roots, n_in)
        inside, error = _eliminate(entries, radii, 0, n_in - 1, n - 1, n)
        off = radius[start] * reach[start] * SLACK
        inside *= green[start, start]
        error += off / (green[start, start] - off) + (roundings[n_in] + 8) * UNIT
        for i in range(n_in - 1, n - 1):
            for j in range(n_in - 1, n - 1):
                entries[i, j] *= received[j + 1]
                radii[i, j] *= received[j + 1]
            for j in range(n_in - 1, n):
                radii[i, j] += (n_in + 3) * UNIT * abs(entries[i, j]) + TINY
        outside, more = _exits(entries, radii, n_in - 1, n - 1)
        value = trees * (inside * outside)
        if trees < 0.0:
            errors[number] = np.inf
        elif np.isfinite(more):
            found[number] = value
            errors[number] = value * np.expm1(error + more) * SLACK + TINY * (trees > 0.0)
        else:
            errors[number] = value * np.exp(error) * SLACK + TINY * (trees > 0.0)
    return found, errors
