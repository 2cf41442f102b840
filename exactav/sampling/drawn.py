"""Avalanches drawn with exactly the probabilities of the laws, of starts or of inputs."""

from typing import Any

import numpy as np

from exactav.laws.starts import Origin
from exactav.network.inputs import Drive
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.whole import whole
from exactav.sampling.inputs import drawn_of_inputs
from exactav.sampling.limits import MOST_DRAWN
from exactav.sampling.trees import Trees, grown
from exactav.sampling.walks import Walks, least_steps, tables_of


def drawn(net: Network, n: Any, origin: Origin, seed: Any, max_cost: Any, noun: str) -> Trees:
    """``n`` avalanches; arguments and errors of :func:`exactav.sample_patterns`, ``noun`` says what of."""
    n, rng = whole(n, "n", 1, MOST_DRAWN), np.random.default_rng(whole(seed, "seed"))
    max_cost, what = seconds(max_cost), f"a sample of {n:,} {noun}"
    if isinstance(origin, Drive):
        return drawn_of_inputs(net, origin, n, rng, what, max_cost)
    root = -1 if origin is None else net.index(origin)
    tables = tables_of(net, with_starts=origin is None)
    # a tree takes at least as long as a step
    least = 1 + least_steps(net, tables, root)
    walks = Walks(tables, n, least, what, max_cost=max_cost)
    return grown(rng, walks, tables, root, n, lambda n_done: n_done)
