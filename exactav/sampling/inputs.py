"""Avalanches that inputs to several units set off.

The source, a unit that feeds all of one input, is the root of a tree in a random spanning forest. Without the
source that tree is the assembly of a slow step, and its levels are the generations (derivations 14 and 15);
nothing is left of it where nothing fires.
"""

from itertools import accumulate

import numpy as np
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
from exactav.sampling.trees import Numbers, Trees, grown, joined
from exactav.sampling.walks import Tables, Walks, tables_of_system


def drawn_of_inputs(
    net: Network, drive: Drive, n: int, rng: np.random.Generator, what: str, max_cost: float
) -> Trees:
    """``n`` avalanches; slow steps are drawn until so many have set off one.

    Args:
        what: the sample, for messages.

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
    walks = Walks(some, n, 1.0, what, max_cost=max_cost)
    steps = _Steps(net.n_units, walks, rng)
    ends = _cumulative(drive)
    parts: list[Trees] = []
    while steps.n_done < n:
        chosen = _chosen(rng, ends, _wanted(steps, n))
        places = [np.flatnonzero(chosen == place) for place in range(len(tables))]
        batch = [
            (steps.of(table, len(found)), found)
            for table, found in zip(tables, places, strict=True)
            if table is not None and len(found)
        ]
        if batch:
            parts.append(_in_order(batch))
            steps.n_done += len(parts[-1].sizes)
    units, widths, starts, sizes, durations = joined(parts)
    kept = units[: sizes[:n].sum()], widths[: durations[:n].sum()]
    return Trees(*kept, starts[:n], sizes[:n], durations[:n])


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

    def of(self, tables: Tables, count: int) -> Trees:
        """``count`` trees of the source, which comes first in each, in a generation of its own."""
        before, share = self.n_drawn, self.share
        found = grown(
            self.rng, self.walks, tables, self.n_units, count, lambda grown: int((before + grown) * share)
        )
        self.n_drawn += count
        return found


def _in_order(batch: list[tuple[Trees, Numbers]]) -> Trees:
    """Avalanches in the order of their slow steps, without sources; steps that set off nothing are none."""
    trees = joined([found for found, _ in batch])
    order = np.argsort(np.concatenate([places for _, places in batch]))
    order = order[trees.sizes[order] > 1]
    units = _rows(trees.units, trees.sizes, order)
    widths = _rows(trees.widths, trees.durations, order)
    none = np.full(len(order), -1, dtype=np.int64)
    return Trees(units, widths, none, trees.sizes[order] - 1, trees.durations[order] - 1)


def _rows(values: Numbers, lengths: Numbers, order: Numbers) -> Numbers:
    """Some of the rows of numbers that have these lengths, in an order, each without its first number."""
    begins, kept = np.cumsum(lengths) - lengths + 1, lengths[order] - 1
    ends = np.cumsum(kept)
    within = np.arange(kept.sum()) - np.repeat(ends - kept, kept)
    found: Numbers = values[np.repeat(begins[order], kept) + within]
    return found
