"""Trees drawn by Wilson's algorithm: what samples of patterns and of assemblies are made of."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.sampling.limits import ROOM
from exactav.sampling.walks import Tables, Walks

Numbers = NDArray[np.int64]


class Trees(NamedTuple):
    """Avalanches one after the other, each with its units in the order of generations."""

    units: Numbers
    widths: Numbers  # of generations, one after the other
    starts: Numbers  # -1 for those that have none
    sizes: Numbers
    durations: Numbers


def grown(
    rng: np.random.Generator, walks: Walks, tables: Tables, root: int, n: int, done: Callable[[int], int]
) -> Trees:
    """``n`` trees of a root, or of roots that are drawn where it is -1.

    Args:
        done: from how many of these trees there are, how many of all that ``walks`` are for.

    Raises:
        TooCostlyError: as of ``walks``.
    """
    n_units = len(tables.bounds) - 1
    units, widths = (np.empty(max(ROOM, n_units), np.int64) for _ in range(2))
    state, unit_states = np.full(8, -1, dtype=np.int64), np.zeros((6, n_units), np.int64)
    parts, n_done = [], 0
    while n_done < n:
        room = min(n - n_done, ROOM)
        starts, ends, durations = (np.empty(room, np.int64) for _ in range(3))
        kernel, choose = walks.kernel
        # fmt: off
        count, n_steps = kernel.draw(
            rng, choose, *tables, root, room, walks.piece,
            units, widths, starts, ends, durations, state, unit_states,
        )
        # fmt: on
        n_done += count
        walks.spent(n_steps + count, done(n_done))
        if count:
            sizes, durations = np.diff(ends[:count], prepend=0), durations[:count]
            copied = units[: ends[count - 1]].copy(), widths[: durations.sum()].copy()
            parts.append(Trees(*copied, starts[:count], sizes, durations))
    return joined(parts)


def joined(parts: list[Trees]) -> Trees:
    """All trees, one after the other."""
    return Trees(*map(np.concatenate, zip(*parts, strict=True)))
