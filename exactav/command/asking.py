"""Commands that ask of a network."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from exactav.command import options
from exactav.command.group import network_command, section_command, working
from exactav.command.options import Asked
from exactav.command.plotting import KINDS, drawn
from exactav.command.rendering import plain_table, say, show
from exactav.command.sections import (
    Section,
    assemblies_section,
    comparison_section,
    durations_section,
    report_sections,
    sizes_section,
    starts_section,
)
from exactav.laws.size import size_law
from exactav.running.tasks import Progress

_DISAGREEMENT = 1e-4  # p-values below make `simulate --compare` fail


@section_command
@options.top
@click.option(
    "--html", "html_file", type=click.Path(path_type=Path), help="Write one page that stands alone."
)
def report(asked: Asked, max_cost: float, progress: Progress, top: int) -> list[Section]:
    """Sizes, mean, most probable assemblies, durations and participation, exact and in decimals."""
    asked.only("method", why="a report is of all units, and exact")
    return report_sections(asked.net, asked.start, top, max_cost, progress, asked.method)


@section_command
@options.with_options([*options.executors, options.checkpoint])
@click.option(
    "--up-to", type=click.IntRange(1), help="Tell sizes apart up to this one only, in networks of any size."
)
def sizes(
    asked: Asked,
    max_cost: float,
    progress: Progress,
    workers: int | None,
    dask: str | None,
    checkpoint: Path | None,
    up_to: int | None,
) -> list[Section]:
    """The law of the avalanche size.

    Where it is a sum over all sets, --workers and --dask compute it in parts, and with --checkpoint a run
    that was killed goes on where it was. With --up-to 8 it is that of sizes 1 to 8 and of all larger ones
    together; with --float, too, for networks of up to 10,000 sparsely coupled units.
    """
    arithmetic: Any = asked.arithmetic
    with options.executor_of(workers, dask) as executor:
        law: Any = size_law(
            asked.net,
            asked.start,
            input=asked.input,
            observed=asked.observed,
            up_to=up_to,
            method=asked.method,
            arithmetic=arithmetic,
            max_cost=max_cost,
            executor=executor,
            checkpoint=checkpoint,
            progress=progress,
        )
    return [sizes_section(law)]


@section_command
@options.with_options([*options.executors, options.checkpoint])
def durations(
    asked: Asked,
    max_cost: float,
    progress: Progress,
    workers: int | None,
    dask: str | None,
    checkpoint: Path | None,
) -> list[Section]:
    """The law of the duration, the number of generations.

    Long exact sums are done in parts, for --workers, --dask and --checkpoint, as those of sizes.
    """
    from exactav.laws.duration import duration_law

    asked.only("method", "float", "input", why="durations are those of all units")
    arithmetic: Any = asked.arithmetic
    with options.executor_of(workers, dask) as executor:
        law = duration_law(
            asked.net,
            asked.start,
            input=asked.input,
            method=asked.method,
            arithmetic=arithmetic,
            max_cost=max_cost,
            executor=executor,
            checkpoint=checkpoint,
            progress=progress,
        )
    return [durations_section(law)]


@section_command
def starts(asked: Asked, max_cost: float, progress: Progress) -> list[Section]:
    """Which unit starts avalanches: its share of them, and what it sets off."""
    asked.only(why="this comes from the Green matrix alone")
    if asked.start is not None:
        raise click.UsageError("--start has no meaning here, since all starts are listed: leave it out")
    return [starts_section(asked.net)]


@network_command
@click.option(
    "--of",
    type=click.Choice(["sizes", "durations", "sizes-durations"]),
    default="sizes",
    show_default=True,
    help="Which law.",
)
@options.max_cost(600.0, " to read")
def plan(asked: Asked, of: str) -> None:
    """What a law of NETWORK would take, engine by engine, and which one would be chosen."""
    from exactav.laws.counting import plan as plan_of

    with working():
        found = plan_of(
            asked.net,
            asked.start,
            input=asked.input,
            observed=asked.observed,
            method=asked.method,
            arithmetic=asked.arithmetic,
            of=of.replace("s-", "_").removesuffix("s"),
        )
    say(found.text())


@section_command
@options.top
def assemblies(asked: Asked, max_cost: float, progress: Progress, top: int) -> list[Section]:
    """The most probable assemblies, or, with --observed, which of these units fire."""
    from exactav.laws.assembly import assembly_law

    arithmetic: Any = asked.arithmetic
    law = assembly_law(
        asked.net,
        asked.start,
        input=asked.input,
        method=asked.method,
        arithmetic=arithmetic,
        max_cost=max_cost,
        progress=progress,
    )
    return [assemblies_section(law, top, asked.observed)]


@section_command
@options.with_options([options.avalanches(10_000), options.seed])
@click.option("--compare", is_flag=True, help="Test the simulated sizes against the exact law (chi-square).")
def simulate(
    asked: Asked, max_cost: float, progress: Progress, avalanches: int, seed: int, compare: bool
) -> list[Section]:
    """Sizes in a simulation of the dynamics, for cross-validation."""
    from exactav.command.simulation import simulated

    asked.only(
        "method", "input", why="a simulation has all units, and the law that it is compared with is exact"
    )
    law = None
    if compare:
        law = size_law(
            asked.net,
            asked.start,
            input=asked.input,
            method=asked.method,
            max_cost=max_cost,
            progress=progress,
        )
    simulation = simulated(
        asked.net,
        avalanches,
        start=asked.start,
        input=asked.input,
        seed=seed,
        max_cost=max_cost,
        progress=progress,
    )
    p_value = None if law is None else simulation.compare(law).p_value
    return [comparison_section(law, Counter(simulation.sizes), p_value, _DISAGREEMENT)]


@network_command
@options.with_options(
    [options.avalanches(20_000, 100), options.seed, options.max_cost(60.0, ", of each engine")]
)
def validate(asked: Asked, avalanches: int, seed: int, max_cost: float) -> int:
    """The law of sizes of NETWORK by every independent road; exit status 1 if two of them disagree."""
    from exactav.command.validation import roads

    asked.only(why="all roads are gone, for all units")
    with working():
        found = list(roads(asked.net, asked.start, max_cost=max_cost, n=avalanches, seed=seed))
    verdicts = {True: "yes", False: "NO", None: "-"}
    rows = [(road.name, verdicts[road.agrees], road.result) for road in found]
    show(plain_table(("road", "agrees", "result"), rows))
    return int(any(road.agrees is False for road in found))


@network_command
@options.with_options([options.max_cost(600.0)])
@click.option("--of", "kind_of_picture", type=click.Choice(KINDS), default="sizes", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help=".svg, .png or .pdf")
def plot(asked: Asked, kind_of_picture: str, output: Path, max_cost: float) -> None:
    """A picture of a law, of the network or of participation, drawn by matplotlib."""
    with working() as progress:
        drawn(asked, kind_of_picture, output, max_cost, progress)
