"""Assemblies that inputs to several units set off.

The source, a unit that feeds all of one input, is the root of a tree in a random spanning forest. Without the
source that tree is the assembly of a slow step (derivation 14); nothing is left of it where nothing fires.
"""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from sympy import QQ

from exactav.errors import NotRationalError
from exactav.kernels.wilson import choose_among_long
from exactav.laws.starts import Starts
from exactav.network.inputs import Drive
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.domains import common_denominator
from exactav.phase_space.states import refuse_symbols
from exactav.sampling.limits import LONGEST, ROOM
from exactav.sampling.walks import Tables, Walks, tables_of_system

Numbers = NDArray[np.int64]


def drawn(
    net: Network, drive: Drive, n: int, rng: np.random.Generator, max_cost: float
) -> tuple[Numbers, Numbers, Numbers]:
    """(units of all assemblies, one after the other; -1 for each, since none has a start; their sizes).

    Slow steps are drawn until ``n`` have set off an avalanche.

    Raises:
        UnboundSymbolError: the network or the drive has symbols.
        NotRationalError: numbers are irrational.
        TooCostlyError: walks take more than ``max_cost`` seconds.
    """
    refuse_symbols(net)
    drive.refuse_symbols()
    systems = [_with_source(net, Drive([(1, amounts)])) if amounts else None for _, amounts in drive.vectors]
    if not all(p.is_Rational for p, _ in drive.vectors) or any(s and not s.ring.is_ZZ for s in systems):
        raise NotRationalError("sampling needs rational numbers: round those of the network and the input")
    tables = [None if system is None else tables_of_system(system, [1]) for system in systems]
    if any(table and table.are_long for table in tables):
        tables = [table and table._replace(cumulative=table.cumulative.astype(object)) for table in tables]
    some = next(table for table in tables if table)
    walks = Walks(some, n, 1.0, f"a sample of {n:,} assemblies", max_cost=max_cost)
    steps = _Steps(net.n_units, walks, rng)
    ends = _cumulative(drive)
    parts: list[tuple[Numbers, Numbers]] = []
    while steps.n_done < n:
        chosen = _chosen(rng, ends, _wanted(steps, n))
        batch = [
            (*steps.of(table, int(np.count_nonzero(chosen == place))), np.flatnonzero(chosen == place))
            for place, table in enumerate(tables)
            if table is not None and (chosen == place).any()
        ]
        units, sizes = _in_order(batch)
        parts.append((units, sizes))
        steps.n_done += len(sizes)
    units, sizes = map(np.concatenate, zip(*parts, strict=True))
    return units[: sizes[:n].sum()], np.full(n, -1), sizes[:n]


def _with_source(net: Network, drive: Drive) -> System:
    """The system with the source of the only input of a drive."""
    starts = Starts.of(net, drive)
    return starts.inputs[0].system if starts.inputs else starts.system.with_input(starts.weights)


def _cumulative(drive: Drive) -> list[int]:
    """Probabilities of the inputs, in integers, added up."""
    shares = [QQ(int(p.p), int(p.q)) for p, _ in drive.vectors]
    common = common_denominator(QQ, shares)
    return list(accumulate(int(share * common) for share in shares))


def _chosen(rng: np.random.Generator, ends: list[int], count: int) -> Numbers:
    """The places of so many inputs, drawn with their probabilities."""
    if ends[-1] <= LONGEST:
        return np.searchsorted(np.array(ends), rng.integers(0, ends[-1], count), side="right")
    return np.array([choose_among_long(rng, ends, 0, len(ends)) for _ in range(count)])


def _wanted(steps: "_Steps", n: int) -> int:
    """How many slow steps to draw next, by how many have set off something so far."""
    return min(ROOM, int(1.1 * (n - steps.n_done) / steps.share) + 16, 8 * (steps.n_drawn + 16))


class _Steps:
    """Slow steps as they are drawn; ``n_done`` of ``n_drawn`` have set off an avalanche."""

    def __init__(self, n_units: int, walks: Walks, rng: np.random.Generator) -> None:
        self.n_units, self.walks, self.rng = n_units, walks, rng
        self.n_done = self.n_drawn = 0

    @property
    def share(self) -> float:
        """About what share of slow steps set off something."""
        return (self.n_done + 1) / (self.n_drawn + 1)

    def of(self, tables: Tables, count: int) -> tuple[Numbers, Numbers]:
        """(units, sizes) of ``count`` trees of the source, which comes first in each."""
        n, source = self.n_units + 1, self.n_units
        units, unit_states = np.empty(max(ROOM, n), np.int64), np.zeros((4, n), np.int64)
        state, parts, left, share = np.full(8, -1, dtype=np.int64), [], count, self.share
        while left:
            starts, ends = np.empty(left, np.int64), np.empty(left, np.int64)
            kernel, choose = self.walks.kernel
            found, n_steps = kernel.draw(
                self.rng,
                choose,
                *tables,
                source,
                left,
                self.walks.piece,
                units,
                starts,
                ends,
                state,
                unit_states,
            )
            left -= found
            self.n_drawn += found
            self.walks.spent(n_steps + found, int(self.n_drawn * share))
            if found:
                parts.append((units[: ends[found - 1]].copy(), np.diff(ends[:found], prepend=0)))
        flat, sizes = map(np.concatenate, zip(*parts, strict=True))
        return flat, sizes


def _in_order(batch: list[tuple[Numbers, Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """(units, sizes) of avalanches in the order of their slow steps, without sources and without nothing."""
    if not batch:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    units, sizes, places = map(np.concatenate, zip(*batch, strict=True))
    begins = np.cumsum(sizes) - sizes + 1
    order = np.argsort(places)
    order = order[sizes[order] > 1]
    lengths = sizes[order] - 1
    ends = np.cumsum(lengths)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return units[np.repeat(begins[order], lengths) + within], lengths
