"""Stationary states, drawn uniformly from the inhabited region.

The region is a disjoint union of boxes, one for each spanning forest rooted in the leak, whose volume is the
weight of the forest. For burning (derivation 05) in generations puts unit i into generation t if
sum of w_ij over the j that burn in t or later <= u_i < the same over the j that burn in t - 1 or later, or
the threshold for t = 1; and this interval falls into parts of length w_ij, one for each j in generation t - 1
(of length s_i, the leak, for t = 1). Let j be the parent of i: in a forest, generations are depths. So a
forest drawn by Wilson's algorithm, and a point in its box, is a uniform state.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import sympy

from exactav.engines import plan
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.whole import whole
from exactav.phase_space.chain import cell_side
from exactav.phase_space.states import State, refuse_symbols
from exactav.phase_space.torus import in_integers, relaxed, row_sums
from exactav.sampling.limits import BITS, FIRING, MOST_DRAWN, STATE
from exactav.sampling.walks import Walks, least_steps_of_forest, refuse_cost, tables_of


@of_network
def sample_states(net: Network, n: int, *, seed: int, max_cost: float = plan.MAX_COST) -> list[State]:
    """``n`` independent states drawn uniformly from the inhabited region, as exact numbers.

    Of a rational network, the cell is drawn with integers, whose side is the greatest common divisor of
    thresholds, weights and increment: nothing that slow steps set off depends on the place within a cell
    (derivation 12), which has 53 random bits in each coordinate, so no probability is rounded. Of other
    networks these are the representatives of M theta + W 1 (derivation 05) with theta uniform on [0, 1)^N,
    of 53 random bits in each coordinate.

    Args:
        seed: of a numpy Generator; equal seeds give equal samples.
        max_cost: largest expected cost allowed, as of :func:`exactav.sample_assemblies`.

    Raises:
        UnboundSymbolError: the network has symbols.
        TooCostlyError: walks take more than ``max_cost``, since little leaks.
        OptionError: ``n`` or the seed is no whole number.

    Source: S. N. Majumdar, D. Dhar, Physica A 185, 129 (1992), for integers; derivations 02 and 05.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(3, "3/4")
    >>> all(ea.is_inhabited(net, state) for state in sample_states(net, 5, seed=1))
    True
    """
    n, rng = whole(n, "n", 1, MOST_DRAWN), np.random.default_rng(whole(seed, "seed"))
    max_cost = seconds(max_cost)
    refuse_symbols(net)
    if net.system.ring.is_ZZ:
        return _by_forests(net, n, rng, max_cost)
    return _by_the_torus(net, n, rng, max_cost)


def _by_the_torus(net: Network, n: int, rng: np.random.Generator, max_cost: float) -> list[State]:
    states: list[State] = []
    n_firings = 0
    for n_done in range(1, n + 1):
        theta = [sympy.Integer(int(x)) / 2**BITS for x in rng.integers(0, 2**BITS, net.n_units)]
        moved = net.matrix * sympy.Matrix(theta) + sympy.Matrix(row_sums(net))
        state, fired = relaxed(net, list(moved))
        states.append(state)
        n_firings += 1 + sum(fired)
        refuse_cost(f"a sample of {n:,} states", FIRING * net.n_units * n_firings * n / n_done, max_cost)
    return states


def _by_forests(net: Network, n: int, rng: np.random.Generator, max_cost: float) -> list[State]:
    side = cell_side(net)
    boxes, part_of = ForestBoxes(net, side), side / 2**BITS
    states: list[State] = []
    for parents in forests(net, n, rng, f"a sample of {n:,} states", max_cost):
        lows, lengths = boxes.sides(parents)
        cells = [low + integer_below(rng, length) for low, length in zip(lows, lengths, strict=True)]
        parts = rng.integers(0, 2**BITS, net.n_units).tolist()
        states.append(
            tuple(((cell << BITS) + part) * part_of for cell, part in zip(cells, parts, strict=True))
        )
    return states


def forests(
    net: Network, n: int, rng: np.random.Generator, what: str, max_cost: float
) -> Iterator[list[int]]:
    """The parents of the units, -1 for the leak, in ``n`` independent spanning forests rooted in the leak.

    Args:
        what: is sampled, as messages call it.

    Raises:
        NotRationalError: there are irrational numbers.
        TooCostlyError: walks take more than ``max_cost``.
    """
    tables = tables_of(net, with_starts=False)
    extra = STATE * net.n_units
    walks = Walks(tables, n, least_steps_of_forest(net), what, extra=extra, max_cost=max_cost)
    chosen = np.empty(net.n_units, dtype=np.int64)
    for n_done in range(n):
        state, done = np.zeros(2, dtype=np.int64), np.zeros(net.n_units, dtype=np.int64)
        while state[0] < net.n_units:
            kernel, choose = walks.kernel
            n_steps = kernel.forest(rng, choose, *tables[:3], walks.piece, chosen, state, done)
            walks.spent(n_steps, n_done + int(state[0] == net.n_units))
        yield tables.parents[chosen].tolist()


def integer_below(rng: np.random.Generator, bound: int) -> int:
    """A random integer from 0 to below the bound, of any length."""
    if bound < 2**63:
        return int(rng.integers(0, bound))
    while True:
        n_bytes = -(-bound.bit_length() // 8)
        drawn = int.from_bytes(rng.bytes(n_bytes), "little") >> 8 * n_bytes - bound.bit_length()
        if drawn < bound:
            return drawn


class ForestBoxes:
    """The boxes of all spanning forests of a rational network, in multiples of the side of a cell."""

    def __init__(self, net: Network, side: sympy.Rational) -> None:
        self.thresholds, received = in_integers(net, side)
        self.rows: list[dict[int, int]] = [{} for _ in net.labels]
        for j, gained in enumerate(received):
            for i, weight in gained.items():
                self.rows[i][j] = weight

    def sides(self, parents: Sequence[int]) -> tuple[list[int], list[int]]:
        """(lower ends, lengths) of the box of the forest with these parents, -1 for the leak."""
        depths = _depths(parents)
        lows, lengths = [], []
        for unit, parent in enumerate(parents):
            row, depth = self.rows[unit], depths[unit]
            if parent < 0:
                low = sum(row.values())
                length = self.thresholds[unit] - low
            else:
                low, length = 0, row[parent]
                for j, weight in row.items():
                    if depths[j] >= depth or (depths[j] == depth - 1 and j < parent):
                        low += weight
            lows.append(low)
            lengths.append(length)
        return lows, lengths


def _depths(parents: Sequence[int]) -> list[int]:
    """The number of units on the way to the leak, the unit included."""
    depths = [0] * len(parents)
    for begin in range(len(parents)):
        way, unit = [], begin
        while unit >= 0 and not depths[unit]:
            way.append(unit)
            unit = parents[unit]
        depth = depths[unit] if unit >= 0 else 0
        for unit in reversed(way):
            depth += 1
            depths[unit] = depth
    return depths
