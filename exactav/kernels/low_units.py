"""The first units of a range of sets: their subsets of equal size go side by side in compiled code."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TREES, FORESTS = 0, 1
_MOST_LOW = 8  # units; few lanes stay empty, and tables are small

Integers = NDArray[np.int64]


class Low(NamedTuple):
    """The subsets of the low units by size, each size filled up to whole blocks with copies of its first.

    ``units[TREES]`` are those inside, ``units[FORESTS]`` those outside; ``bounds`` are those of the sizes.
    """

    masks: Integers
    units: Integers
    bounds: Integers


def n_low_units(n_units: int, first: int, last: int) -> int:
    """How many low units there are where the masks from ``first`` to ``last`` - 1 are visited.

    >>> n_low_units(20, 3 << 15, 4 << 15), n_low_units(20, 16, 48), n_low_units(5, 0, 32)
    (8, 4, 5)
    """
    together = first | last
    return min((together & -together).bit_length() - 1, n_units, _MOST_LOW)


@cache
def low_subsets(n_low: int, lanes: int) -> Low:
    """All subsets of so many units, for blocks of so many sets.

    >>> low_subsets(2, 2).masks.tolist()
    [0, 0, 1, 2, 3, 3]
    """
    by_size: list[list[int]] = [[] for _ in range(n_low + 1)]
    for mask in range(1 << n_low):
        by_size[mask.bit_count()].append(mask)
    masks: list[int] = []
    bounds = [0]
    for found in by_size:
        masks += found + found[:1] * (-len(found) % lanes)
        bounds.append(len(masks))
    units = np.zeros((2, len(masks), n_low), dtype=np.int64)
    for place, mask in enumerate(masks):
        inside = [unit for unit in range(n_low) if mask >> unit & 1]
        units[TREES, place, : len(inside)] = inside
        outside = [unit for unit in range(n_low) if not mask >> unit & 1]
        units[FORESTS, place, : len(outside)] = outside
    return Low(np.array(masks, dtype=np.int64), units, np.array(bounds, dtype=np.int64))
