"""The loops of :mod:`.small_sets`, which run as they are, and compiled by numba."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def advance(
    first: Numbers,
    receivers: Numbers,
    chosen: Numbers,
    candidates: Numbers,
    n_candidates: Numbers,
    fresh: Numbers,
    n_fresh: Numbers,
    depth: Numbers,
    marks: NDArray[np.int8],
    sets: Numbers,
    filled: int,
) -> int:
    """Fill the rows of ``sets`` from ``filled`` on, until they are full or depth is below 0."""
    up_to = len(chosen)
    d = depth[0]
    while d >= 0 and filled < len(sets):
        if n_candidates[d] == 0:
            for i in range(n_fresh[d]):
                marks[fresh[d, i]] = 0
            d -= 1
            continue
        n_candidates[d] -= 1
        joining = candidates[d, n_candidates[d]]
        chosen[d] = joining
        for i in range(up_to):
            sets[filled, i] = chosen[i] if i <= d else -1
        filled += 1
        if d + 1 < up_to:
            n, found = n_candidates[d], 0
            for i in range(n):
                candidates[d + 1, i] = candidates[d, i]
            for e in range(first[joining], first[joining + 1]):
                unit = receivers[e]
                if marks[unit] == 0:
                    marks[unit] = 1
                    candidates[d + 1, n] = fresh[d + 1, found] = unit
                    n += 1
                    found += 1
            d += 1
            n_candidates[d], n_fresh[d] = n, found
    depth[0] = d
    return filled


def count(
    first: Numbers,
    receivers: Numbers,
    chosen: Numbers,
    candidates: Numbers,
    n_candidates: Numbers,
    fresh: Numbers,
    n_fresh: Numbers,
    depth: Numbers,
    marks: NDArray[np.int8],
    most: float,
) -> tuple[int, float]:
    """(sets, sum of (units and receivers of each)^3, about) of a start, the last unit not visited one by one.

    Stops once the second is above ``most``.
    """
    up_to = len(chosen)
    n_sets, cubes, reached = 0, 0.0, 1
    d = depth[0]
    while d >= 0 and cubes <= most:
        if n_candidates[d] == 0:
            for i in range(n_fresh[d]):
                marks[fresh[d, i]] = 0
            reached -= n_fresh[d]
            d -= 1
            continue
        n_candidates[d] -= 1
        joining = candidates[d, n_candidates[d]]
        n, found = n_candidates[d], 0
        for i in range(n if d + 2 < up_to else 0):
            candidates[d + 1, i] = candidates[d, i]
        for e in range(first[joining], first[joining + 1]):
            unit = receivers[e]
            if marks[unit] == 0:
                if d + 2 < up_to:
                    marks[unit] = 1
                    candidates[d + 1, n] = fresh[d + 1, found] = unit
                n += 1
                found += 1
        n_sets += 1
        cubes += (reached + found) ** 3.0
        if d + 2 == up_to:
            n_sets += n
            cubes += n * (reached + found + 1) ** 3.0
        elif d + 2 < up_to:
            d += 1
            n_candidates[d], n_fresh[d] = n, found
            reached += found
    depth[0] = d
    return n_sets, cubes
