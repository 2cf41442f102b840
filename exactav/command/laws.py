"""Commands that show laws: report, sizes, durations, assemblies, starts, plan, plot."""

from pathlib import Path

import click

from exactav.command import options
from exactav.command.asked import Asked
from exactav.command.asking import network_command, section_command, working
from exactav.command.plotting import SUBJECTS, check_options, picture
from exactav.command.sections import (
    Section,
    assemblies_section,
    durations_section,
    report_sections,
    sizes_section,
    starts_section,
)
from exactav.laws.assembly import assembly_law
from exactav.laws.counting import plan as plan_of
from exactav.laws.duration import duration_law
from exactav.laws.size import size_law
from exactav.running.files import replace
from exactav.running.tasks import Progress

_GENERATIONS = "durations count the generations of all units, exactly, by one engine"
_GREEN = "it is read off the Green matrix, exactly"


@section_command()
@options.top
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    help="Write one self-contained page, with pictures and formulas, to this file.",
)
def report(asked: Asked, max_cost: float, progress: Progress, top: int) -> list[Section]:
    """Sizes, mean, most probable assemblies and participation, exact and in decimals.

    --observed, --method and --arithmetic are of the law of sizes.
    """
    return report_sections(asked, top, max_cost, progress)


@section_command()
@options.with_options([*options.executors, options.checkpoint])
def sizes(
    asked: Asked,
    max_cost: float,
    progress: Progress,
    workers: int | None,
    dask: str | None,
    checkpoint: Path | None,
) -> list[Section]:
    """The law of the avalanche size.

    Where it is a sum over all sets, --workers and --dask compute it in parts, and with --checkpoint a run
    that was killed goes on where it was.
    """
    with options.executor_of(workers, dask) as executor:
        law = size_law(
            asked.net,
            asked.start,
            observed=asked.observed,
            method=asked.method,
            arithmetic=asked.arithmetic,
            max_cost=max_cost,
            executor=executor,
            checkpoint=checkpoint,
            progress=progress,
        )
    return [sizes_section(law)]


@section_command(observed=_GENERATIONS, method=_GENERATIONS, arithmetic=_GENERATIONS)
def durations(asked: Asked, max_cost: float, progress: Progress) -> list[Section]:
    """The law of the avalanche duration, the number of generations."""
    return [durations_section(duration_law(asked.net, asked.start, max_cost=max_cost))]


@section_command(start="it lists all starts", observed=_GREEN, method=_GREEN, arithmetic=_GREEN)
def starts(asked: Asked, max_cost: float, progress: Progress) -> list[Section]:
    """For each unit: how often it is the start of an avalanche, and the mean size if it is.

    The shares sum to 1, and the mean of the mean sizes, weighted by them, is the mean size.
    """
    return [starts_section(asked.net)]


@section_command(
    observed="an assembly is a set of all units that fire: see exactav sizes",
    arithmetic="assemblies are weighed exactly: see exactav sizes",
)
@options.top
def assemblies(asked: Asked, max_cost: float, progress: Progress, top: int) -> list[Section]:
    """The most probable assemblies."""
    law = assembly_law(asked.net, asked.start, method=asked.method, max_cost=max_cost, progress=progress)
    return [assemblies_section(law, top)]


@network_command()
def plan(asked: Asked) -> None:
    """What the law of sizes of NETWORK would take, engine by engine, and which one would be chosen."""
    with working():
        found = plan_of(
            asked.net,
            asked.start,
            observed=asked.observed,
            method=asked.method,
            arithmetic=asked.arithmetic,
        )
    click.echo(found.text())


@network_command()
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=f"The picture; its ending says what it is: {', '.join(options.PICTURES)}.",
)
@click.option("--of", "what", type=click.Choice(SUBJECTS), default="sizes", show_default=True)
@options.max_cost(600.0)
def plot(asked: Asked, output: Path, what: str, max_cost: float) -> None:
    """A picture of a law of NETWORK, of its participation or of itself."""
    ending = output.suffix.lower()
    if ending not in options.PICTURES:
        raise click.UsageError(f"{output}: the ending is no picture's: wanted {', '.join(options.PICTURES)}")
    check_options(asked, what)
    with working():
        drawn = picture(asked, what, max_cost, ending)
    replace(output, drawn)
