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
    starts: Numbers,
    ends: Numbers,
) -> int:
    """Fill ``units`` with assemblies one after the other, as many as wanted or as there is room for.

    Unit i takes parent ``parents[e]``, bounds[i] <= e < bounds[i + 1], -1 for the leak, with probability in
    proportion to the steps of ``cumulative``, which begin anew for each unit. Where ``start`` is -1, one is
    proposed by ``proposals`` and accepted if a walk from it leaks from where it began. Returns the number of
    assemblies, whose units are those up to ``ends``; -1 if the walks took more than ``max_steps``.
    """
    n = len(bounds) - 1
    fate = np.zeros(n, dtype=np.int64)  # 1 in the tree of the start, 2 in one of the leak
    following = np.zeros(n, dtype=np.int64)
    touched = np.zeros(n, dtype=np.int64)
    n_drawn, filled, n_steps = 0, 0, 0
    while n_drawn < n_wanted and filled + n <= len(units):
        root = start
        while root < 0:
            proposed = choose(rng, proposals, 0, n)
            unit = proposed
            parent = unit
            while parent >= 0:
                n_steps += 1
                if n_steps > max_steps:
                    return -1
                unit = parent
                parent = parents[choose(rng, cumulative, bounds[unit], bounds[unit + 1])]
            if unit == proposed:
                root = proposed
        fate[root] = 1
        touched[0] = root
        n_touched = 1
        units[filled] = root
        tested, end = filled, filled + 1
        while tested < end:
            sender = units[tested]
            tested += 1
            for place in range(receiver_bounds[sender], receiver_bounds[sender + 1]):
                begin = receivers[place]
                unit = begin
                while unit >= 0 and fate[unit] == 0:
                    n_steps += 1
                    if n_steps > max_steps:
                        return -1
                    following[unit] = parents[choose(rng, cumulative, bounds[unit], bounds[unit + 1])]
                    unit = following[unit]
                found = 2 if unit < 0 else fate[unit]
                unit = begin
                while unit >= 0 and fate[unit] == 0:
                    fate[unit] = found
                    touched[n_touched] = unit
                    n_touched += 1
                    if found == 1:
                        units[end] = unit
                        end += 1
                    unit = following[unit]
        for place in range(n_touched):
            fate[touched[place]] = 0
        starts[n_drawn] = root
        ends[n_drawn] = end
        filled = end
        n_drawn += 1
    return n_drawn


def forest(
    rng: Any, choose: Any, parents: Numbers, cumulative: Any, bounds: Numbers, max_steps: int, chosen: Numbers
) -> int:
    """Fill ``chosen`` with the place of each unit's parent in a random forest of all units.

    Arguments as of :func:`draw`. Returns the number of steps; -1 if the walks took more than ``max_steps``.
    """
    n = len(bounds) - 1
    done = np.zeros(n, dtype=np.int64)
    n_steps = 0
    for begin in range(n):
        unit = begin
        while unit >= 0 and done[unit] == 0:
            n_steps += 1
            if n_steps > max_steps:
                return -1
            chosen[unit] = choose(rng, cumulative, bounds[unit], bounds[unit + 1])
            unit = parents[chosen[unit]]
        unit = begin
        while unit >= 0 and done[unit] == 0:
            done[unit] = 1
            unit = parents[chosen[unit]]
    return n_steps
