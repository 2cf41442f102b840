"""Sets of units that are near threshold, drawn with exactly their probabilities.

In the box of a forest (:mod:`.states`) unit i is at its row sum or above if its parent is the leak, and below
it otherwise. So the units near threshold are the roots of a random forest: Wilson's algorithm draws them.
"""

from collections.abc import Hashable

import numpy as np

from exactav.engines import plan
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.whole import whole
from exactav.phase_space.states import is_below, refuse_symbols
from exactav.sampling.limits import MOST_DRAWN
from exactav.sampling.states import forests, sample_states


@of_network
def sample_near_threshold(
    net: Network, n: int, *, seed: int, max_cost: float = plan.MAX_COST
) -> list[frozenset[Hashable]]:
    """``n`` independent draws of the set of units near threshold, u_i >= U_i - s_i, in the stationary state.

    They are exact for rational networks: the roots of random spanning forests. Derivation 17. Of other
    networks, they are looked up in states of :func:`exactav.sample_states`.

    Args:
        seed: of a numpy Generator; equal seeds give equal samples.
        max_cost: largest expected cost allowed, as of :func:`exactav.sample_assemblies`.

    Raises:
        UnboundSymbolError: the network has symbols.
        TooCostlyError: walks take more than ``max_cost``, since little leaks.
        OptionError: ``n`` or the seed is no whole number.

    >>> import exactav as ea
    >>> net = ea.Network([[0, 1], [0, 0]])  # unit 0 has no leak
    >>> sample_near_threshold(net, 2, seed=1)
    [frozenset({1}), frozenset({1})]
    """
    n, seed = whole(n, "n", 1, MOST_DRAWN), whole(seed, "seed")
    allowed = seconds(max_cost)
    refuse_symbols(net)
    units = range(net.n_units)
    if net.system.ring.is_ZZ:
        drawn = forests(net, n, np.random.default_rng(seed), f"a sample of {n:,} sets of units", allowed)
        return [frozenset(net.labels[i] for i in units if parents[i] < 0) for parents in drawn]
    bars = [threshold - leak for threshold, leak in zip(net.thresholds, net.leak, strict=True)]
    return [
        frozenset(net.labels[i] for i in units if not is_below(state[i], bars[i]) and net.leak[i])
        for state in sample_states(net, n, seed=seed, max_cost=allowed)
    ]
