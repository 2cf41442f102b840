"""Wilson's algorithm: the tree of a start in a random spanning forest, or all of it, by walks along parents.

Only units that receive from the tree of a start can belong to it, so walks begin there alone, and the forest
elsewhere is not drawn. Every function runs as it is, and compiled by numba with the same random numbers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def choose(rng: Any, cumulative: Any, first: int, last: int) -> int:
    """A place between first and last, with probability in proportion to the steps of ``cumulative`` there."""
    drawn = rng.integers(0, cumulative[last - 1])
    while first < last - 1:
        middle = (first + last - 1) // 2
        if drawn < cumulative[middle]:
            last = middle + 1
        else:
            first = middle + 1
    return first


def choose_among_long(rng: Any, cumulative: Any, first: int, last: int) -> int:
    """The same with integers of any length."""
    n_bits = int(cumulative[last - 1]).bit_length()
    n_bytes = -(-n_bits // 8)
    while True:
        drawn = int.from_bytes(rng.bytes(n_bytes), "little") >> 8 * n_bytes - n_bits
        if drawn < cumulative[last - 1]:
            return next(place for place in range(first, last) if drawn < cumulative[place])


def draw(
    rng: Any,
    choose: Any,
    parents: Numbers,
    cumulative: Any,
    bounds: Numbers,
    receivers: Numbers,
    receiver_bounds: Numbers,
    proposals: Any,
    start: int,
    n_wanted: int,
    max_steps: int,
    units: Numbers,
    widths: Numbers,
    starts: Numbers,
    ends: Numbers,
    durations: Numbers,
    state: Numbers,
    unit_states: Numbers,
) -> tuple[int, int]:
    """Fill ``units`` with avalanches one after the other, as many as wanted or as there is room for.

    The units of an avalanche are the tree of its start, level by level, and its levels are the generations
    (derivation 15). How many units they have stands in ``widths``, how many there are in ``durations``.

    Unit i takes parent ``parents[e]``, bounds[i] <= e < bounds[i + 1], -1 for the leak, with probability in
    proportion to the steps of ``cumulative``, which begin anew for each unit. Where ``start`` is -1, one is
    proposed by ``proposals`` and accepted if a walk from it leaks from where it began.

    Returns (number of avalanches, whose units are those up to ``ends``; number of steps of the walks). After
    ``max_steps`` an avalanche is left as it is, and the next call goes on with it: ``state``, of 8 numbers,
    -1 at first, and ``unit_states``, 6 x N, 0 at first, hold it.
    """
    n = len(bounds) - 1
    # 1 in the tree of the start, 2 in one of the leak; the parent; the units with a fate; those of the tree
    fate, following, touched, tree = unit_states[0], unit_states[1], unit_states[2], unit_states[3]
    level, level_place = unit_states[4], unit_states[5]  # steps to the start; where units of a level go
    root, proposed, unit, begin = int(state[0]), int(state[1]), int(state[2]), int(state[3])
    tested, place, end, n_touched = int(state[4]), int(state[5]), int(state[6]), int(state[7])
    n_drawn, filled, n_levels, n_steps = 0, 0, 0, 0
    while n_drawn < n_wanted and filled + n <= len(units) and n_steps < max_steps:
        if root < 0:
            accepted = start
            while accepted < 0 and n_steps < max_steps:
                if proposed < 0:
                    proposed = choose(rng, proposals, 0, n)
                    unit = proposed
                last = unit
                while unit >= 0 and n_steps < max_steps:
                    n_steps += 1
                    last = unit
                    unit = parents[choose(rng, cumulative, bounds[unit], bounds[unit + 1])]
                if unit < 0:
                    if last == proposed:
                        accepted = proposed
                    proposed = -1
            if accepted < 0:
                break
            root = accepted
            fate[root] = 1
            touched[0] = root
            tree[0] = root
            level[root] = 0
            tested, end, n_touched, begin = 0, 1, 1, -1
            place = receiver_bounds[root]
        while tested < end:
            last = receiver_bounds[tree[tested] + 1]
            while place < last:
                if begin < 0:
                    begin = receivers[place]
                    unit = begin
                while unit >= 0 and fate[unit] == 0 and n_steps < max_steps:
                    n_steps += 1
                    following[unit] = parents[choose(rng, cumulative, bounds[unit], bounds[unit + 1])]
                    unit = following[unit]
                if unit >= 0 and fate[unit] == 0:
                    break
                found = 2 if unit < 0 else fate[unit]
                height = 0
                if found == 1:
                    height = level[unit]
                    unit = begin
                    while fate[unit] == 0:
                        height += 1
                        unit = following[unit]
                unit = begin
                while unit >= 0 and fate[unit] == 0:
                    fate[unit] = found
                    touched[n_touched] = unit
                    n_touched += 1
                    if found == 1:
                        tree[end] = unit
                        level[unit] = height
                        height -= 1
                        end += 1
                    unit = following[unit]
                begin = -1
                place += 1
            if place < last:
                break
            tested += 1
            if tested < end:
                place = receiver_bounds[tree[tested]]
        if tested < end:
            break
        for i in range(n_touched):
            fate[touched[i]] = 0
        duration = 0
        for i in range(end):
            height = level[tree[i]]
            while duration <= height:
                widths[n_levels + duration] = 0
                duration += 1
            widths[n_levels + height] += 1
        for height in range(duration):
            level_place[height] = filled
            filled += widths[n_levels + height]
        for i in range(end):
            height = level[tree[i]]
            units[level_place[height]] = tree[i]
            level_place[height] += 1
        n_levels += duration
        durations[n_drawn] = duration
        starts[n_drawn] = root
        ends[n_drawn] = filled
        n_drawn += 1
        root = -1
    state[0], state[1], state[2], state[3] = root, proposed, unit, begin
    state[4], state[5], state[6], state[7] = tested, place, end, n_touched
    return n_drawn, n_steps


def forest(
    rng: Any,
    choose: Any,
    parents: Numbers,
    cumulative: Any,
    bounds: Numbers,
    max_steps: int,
    chosen: Numbers,
    state: Numbers,
    done: Numbers,
) -> int:
    """Fill ``chosen`` with the place of each unit's parent in a random forest of all units.

    Arguments as of :func:`draw`. Returns the number of steps. The forest is whole once ``state[0]`` is N;
    otherwise the next call goes on. ``state``, of 2 numbers, and ``done``, of N, are 0 at first.
    """
    n = len(bounds) - 1
    begin, unit = int(state[0]), int(state[1])
    n_steps = 0
    while begin < n:
        while unit >= 0 and done[unit] == 0 and n_steps < max_steps:
            n_steps += 1
            chosen[unit] = choose(rng, cumulative, bounds[unit], bounds[unit + 1])
            unit = parents[chosen[unit]]
        if unit >= 0 and done[unit] == 0:
            break
        unit = begin
        while unit >= 0 and done[unit] == 0:
            done[unit] = 1
            unit = parents[chosen[unit]]
        begin += 1
        unit = begin
    state[0], state[1] = begin, unit
    return n_steps
