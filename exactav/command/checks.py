"""Commands that hold a law against something else: simulate, validate."""

from collections import Counter

import click

from exactav.command import options
from exactav.command.asked import Asked
from exactav.command.asking import network_command, section_command, working
from exactav.command.rendering import plain_table, show
from exactav.command.sections import Section, comparison_section
from exactav.command.simulation import simulated
from exactav.command.validation import roads
from exactav.laws.size import size_law
from exactav.running.tasks import Progress

_DISAGREEMENT = 1e-4  # p-values below make `simulate --compare` fail
_ALL_FIRE = "a simulation counts all units that fire"
_EACH_ROAD = "it goes every road that there is, for all units"


@section_command(
    observed=_ALL_FIRE, method="the dynamics are simulated as they are", arithmetic="the dynamics are exact"
)
@options.with_options([options.avalanches(10_000), options.seed])
@click.option("--compare", is_flag=True, help="Test the simulated sizes against the exact law (chi-square).")
def simulate(
    asked: Asked, max_cost: float, progress: Progress, avalanches: int, seed: int, compare: bool
) -> list[Section]:
    """Sizes in a simulation of the dynamics, for cross-validation."""
    law = size_law(asked.net, asked.start, max_cost=max_cost, progress=progress) if compare else None
    simulation = simulated(
        asked.net, avalanches, start=asked.start, seed=seed, max_cost=max_cost, progress=progress
    )
    p_value = None if law is None else simulation.compare(law).p_value
    return [comparison_section(law, Counter(simulation.sizes), p_value, _DISAGREEMENT)]


@network_command(observed=_EACH_ROAD, method=_EACH_ROAD, arithmetic=_EACH_ROAD)
@options.with_options(
    [options.avalanches(20_000, 100), options.seed, options.max_cost(60.0, ", of each engine")]
)
def validate(asked: Asked, avalanches: int, seed: int, max_cost: float) -> int:
    """The law of sizes of NETWORK by every independent road; exit status 1 if two of them disagree."""
    with working():
        found = list(roads(asked.net, asked.start, max_cost=max_cost, n=avalanches, seed=seed))
    verdicts = {True: "yes", False: "NO", None: "-"}
    rows = [(road.name, verdicts[road.agrees], road.result) for road in found]
    show(plain_table(("road", "agrees", "result"), rows))
    return int(any(road.agrees is False for road in found))
