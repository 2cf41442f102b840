"""Simulations that say in time when they would take too long."""

import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from exactav.errors import TooCostlyError
from exactav.network.network import Network
from exactav.running.amounts import duration_text
from exactav.running.tasks import Progress, no_progress

if TYPE_CHECKING:
    from exactav.sampling.simulate import Simulation

MOST_STEPS = 10_000_000  # slow steps of one simulation
_PILOT = 20  # avalanches after which the time of all is foretold
_MOST_UNITS = 1000  # of which the probability of an avalanche takes a second


def simulated(
    net: Network,
    n: int,
    *,
    start: Hashable | None,
    input: Any = None,
    seed: int,
    max_cost: float,
    progress: Progress = no_progress,
) -> "Simulation":
    """``n`` simulated avalanches.

    Raises:
        TooCostlyError: their expected number of slow steps is above ``MOST_STEPS``; or the time of the first
            ones foretells more than ``max_cost`` seconds for all.
    """
    from exactav.laws.avalanche import avalanche_probability
    from exactav.sampling.simulate import simulate

    step = net.increment or net.largest_increment()
    if (step or input) and not net.symbols and net.n_units <= _MOST_UNITS:
        fed = net if input else net.with_increment(step)
        steps = n / float(avalanche_probability(fed, start, input=input))
        if steps > MOST_STEPS:
            raise TooCostlyError(
                f"{n:,} avalanches take about {steps:.1e} slow steps, more than {MOST_STEPS:.0e}: ask for "
                "fewer, or for a larger increment"
            )
    begun = time.process_time()

    def told(share: float) -> None:
        foretold = (time.process_time() - begun) / share
        if foretold > max_cost and share < 1 and share * n >= _PILOT:
            raise TooCostlyError(
                f"{n:,} simulated avalanches would take about {duration_text(foretold)}, more than the "
                f"allowed {duration_text(max_cost)}: raise max_cost, or ask for fewer"
            )
        progress(share)

    return simulate(net, n, start=start, input=input, seed=seed, max_steps=MOST_STEPS, progress=told)
