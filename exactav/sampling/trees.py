"""Trees of starts, drawn by Wilson's algorithm: what samples of patterns and of assemblies are made of."""

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.whole import whole
from exactav.sampling.limits import ROOM
from exactav.sampling.walks import Walks, least_steps, tables_of


class Trees(NamedTuple):
    """Avalanches one after the other, each with its units in the order of generations."""

    units: NDArray[np.int64]
    widths: NDArray[np.int64]  # of generations, one after the other
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    durations: NDArray[np.int64]


def drawn(net: Network, n: int, start: Hashable | None, seed: int, max_cost: float, noun: str) -> Trees:
    """``n`` trees; arguments and errors of :func:`exactav.sample_patterns`, ``noun`` says what of."""
    n, rng = whole(n, "n", 1), np.random.default_rng(whole(seed, "seed"))
    max_cost = seconds(max_cost)
    root = -1 if start is None else net.index(start)
    tables = tables_of(net, with_starts=start is None)
    # a tree takes at least as long as a step
    least = 1 + least_steps(net, tables, root)
    walks = Walks(tables, n, least, f"a sample of {n:,} {noun}", max_cost=max_cost)
    units, widths = (np.empty(max(ROOM, net.n_units), np.int64) for _ in range(2))
    state, unit_states = np.full(8, -1, dtype=np.int64), np.zeros((6, net.n_units), np.int64)
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
        walks.spent(n_steps + count, n_done)
        if count:
            sizes, durations = np.diff(ends[:count], prepend=0), durations[:count]
            copied = units[: ends[count - 1]].copy(), widths[: durations.sum()].copy()
            parts.append((*copied, starts[:count], sizes, durations))
    return Trees(*map(np.concatenate, zip(*parts, strict=True)))
