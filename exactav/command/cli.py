"""The command ``exactav``: parse, call, print; no mathematics.

Exit status: 0 done; 1 refused as too costly, undecided, or a comparison that disagrees; 2 wrong input or
usage. Errors are one line on standard error.
"""

import inspect
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
import sympy
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from exactav import __version__
from exactav.command import options
from exactav.command.options import Asked
from exactav.command.rendering import Report, plain_table, printable, show
from exactav.command.sections import (
    Section,
    assemblies_section,
    comparison_section,
    network_facts,
    report_sections,
    sizes_section,
)
from exactav.command.simulation import simulated
from exactav.command.validation import roads
from exactav.errors import (
    CheckFailedError,
    ExactavError,
    FloatRangeError,
    RefutedError,
    TooCostlyError,
    UndecidedError,
    WorkerLostError,
)
from exactav.formulas import Formula, catalogue
from exactav.formulas import get as get_formula
from exactav.laws.assembly import assembly_law
from exactav.laws.counting import plan as plan_of
from exactav.laws.size import size_law
from exactav.proofs import derivation
from exactav.proofs.derivation import Derivation
from exactav.running.files import check_output, replace
from exactav.running.tasks import Progress, no_progress
from exactav.showing import latex

_DISAGREEMENT = 1e-4  # p-values below make `simulate --compare` fail
_STATUS_1 = (
    TooCostlyError,
    FloatRangeError,
    UndecidedError,
    CheckFailedError,
    RefutedError,
    WorkerLostError,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Exact avalanche statistics of recurrent networks of spiking units."""


def network_command(function: Callable[..., Any]) -> click.Command:
    """A command whose ``function(asked, ...)`` is told of a network by options."""
    help_ = f"{inspect.getdoc(function)}{options.NETWORK_HELP}"
    return cli.command(help=help_)(options.with_network(function))


def section_command(function: Callable[..., list[Section]]) -> click.Command:
    """A command whose ``function(asked, max_cost, progress, ...)`` returns the sections to show."""

    @options.with_options([*options.shown, options.max_cost(600.0)])
    @wraps(function)
    def command(asked: Asked, digits: int, format_: str, output: Path | None, **others: Any) -> int:
        with _working() as progress:
            sections = function(asked, progress=progress, **others)
            report = Report(f"Avalanches of {asked.name}", network_facts(asked.net), sections, digits)
            text = None
            if output is not None or format_ != "table" or not sys.stdout.isatty():
                text = getattr(report, format_)()
        if text is None:
            show(report.renderable())
        elif output is None:
            click.echo(text, nl=False)
        else:
            replace(output, text)
        return int(any(section.disagrees for section in sections))

    return network_command(command)


@section_command
@options.top
def report(asked: Asked, max_cost: float, progress: Progress, top: int) -> list[Section]:
    """Sizes, mean, most probable assemblies and participation, exact and in decimals."""
    return report_sections(asked.net, asked.start, top, max_cost, progress)


@section_command
@options.with_options(
    [options.method, options.observed, options.as_float, *options.executors, options.checkpoint]
)
def sizes(
    asked: Asked,
    max_cost: float,
    progress: Progress,
    method: Any,
    observed: str | None,
    as_float: bool,
    workers: int | None,
    dask: str | None,
    checkpoint: Path | None,
) -> list[Section]:
    """The law of the avalanche size.

    Where it is a sum over all sets, --workers and --dask compute it in parts, and with --checkpoint a run
    that was killed goes on where it was.
    """
    arithmetic: Any = "float" if as_float else "exact"
    with options.executor_of(workers, dask) as executor:
        law: Any = size_law(
            asked.net,
            asked.start,
            observed=None if observed is None else options.labels_of(asked.net, observed),
            method=method,
            arithmetic=arithmetic,
            max_cost=max_cost,
            executor=executor,
            checkpoint=checkpoint,
            progress=progress,
        )
    return [sizes_section(law)]


@network_command
@options.as_float
def plan(asked: Asked, as_float: bool) -> None:
    """What the law of sizes of NETWORK would take, engine by engine, and which one would be chosen."""
    with _working():
        found = plan_of(asked.net, asked.start, arithmetic="float" if as_float else "exact")
    click.echo(found.text())


@section_command
@options.with_options([options.top, options.method])
def assemblies(asked: Asked, max_cost: float, progress: Progress, top: int, method: Any) -> list[Section]:
    """The most probable assemblies."""
    law = assembly_law(asked.net, asked.start, method=method, max_cost=max_cost, progress=progress)
    return [assemblies_section(law, top)]


@section_command
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


@network_command
@options.with_options(
    [options.avalanches(20_000, 100), options.seed, options.max_cost(60.0, ", of each engine")]
)
def validate(asked: Asked, avalanches: int, seed: int, max_cost: float) -> int:
    """The law of sizes of NETWORK by every independent road; exit status 1 if two of them disagree."""
    with _working():
        found = list(roads(asked.net, asked.start, max_cost=max_cost, n=avalanches, seed=seed))
    verdicts = {True: "yes", False: "NO", None: "-"}
    rows = [(road.name, verdicts[road.agrees], road.result) for road in found]
    show(plain_table(("road", "agrees", "result"), rows))
    return int(any(road.agrees is False for road in found))


@cli.command()
@click.argument("formula_id", metavar="[ID]", required=False)
@options.set_values
@click.option("--digits", type=click.IntRange(1, 10_000), default=15, show_default=True)
@click.option("--latex", "as_latex", is_flag=True, help="The formula as LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="The formula, and its value, as JSON.")
def formula(
    formula_id: str | None, values: dict[str, sympy.Expr], digits: int, as_latex: bool, as_json: bool
) -> None:
    """A closed form by its ID, such as homogeneous.size: what it says, and its value at --set values.

    Without an ID, the catalogue of all formulas.
    """
    if formula_id is None:
        if values or as_latex or as_json:
            raise click.UsageError("--set, --latex and --json belong to one formula: give its ID")
        for entry in catalogue().values():
            click.echo(f"{entry.id:<36} {entry.name}")
        return
    if as_latex and (as_json or values):
        raise click.UsageError("--latex writes the formula alone: leave out --json and --set")
    chosen = get_formula(formula_id)
    value = chosen.evaluate(values, digits) if values else None
    if as_latex:
        click.echo(chosen.latex())
    elif as_json:
        click.echo(json.dumps({**chosen.facts(), "value": None if value is None else str(value)}, indent=2))
    else:
        click.echo(str(value) if value is not None else chosen.text())


@cli.command()
@click.argument("derivation_id", metavar="[ID]", required=False)
@click.option("--latex", "latex_file", type=click.Path(path_type=Path), help="Write it as a LaTeX document.")
def derive(derivation_id: str | None, latex_file: Path | None) -> int:
    """A derivation by its ID, such as 04: its steps, each checked before your eyes.

    Without an ID, the list of all derivations.
    """
    known = derivation.available()
    if derivation_id is None:
        if latex_file is not None:
            raise click.UsageError("--latex writes one derivation: give its ID")
        for name in known:
            click.echo(f"{name}  {derivation.load(name).title}")
        return 0
    if latex_file is None:
        return derivation.load(derivation_id).main()
    check_output(latex_file, *known.values())
    replace(latex_file, latex.document(derivation.load(derivation_id)))
    return 0


@cli.command()
def verify() -> int:
    """Run every derivation and every formula's checks; exit status 1 if one does not hold."""
    tasks = {f"derivation {known}": derivation.load(known) for known in derivation.available()}
    everything: dict[str, Derivation | Formula] = {**tasks, **catalogue()}
    rows, failures = [], 0
    with _working() as progress:
        for number, (name, thing) in enumerate(everything.items(), start=1):
            begun = time.perf_counter()
            try:
                count = len(list(thing.verified()))
                result = "holds"
            except (CheckFailedError, RefutedError, UndecidedError) as error:
                count, failures = 0, failures + 1
                result = derivation.failure(error)
            rows.append((name, str(count), f"{time.perf_counter() - begun:.1f}", result))
            progress(number / len(everything))
    show(plain_table(("what", "checks", "seconds", "result"), rows))
    return int(failures > 0)


@contextmanager
def _working() -> Iterator[Progress]:
    """A bar on standard error with the time left; nothing where that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    columns = ("computing", BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), "left")
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda share: bars.update(task, total=1.0, completed=share)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if sys.stdout is None:
        return _fail("standard output is closed: send it to a file, or to /dev/null", 2)
    sys.set_int_max_str_digits(0)  # exact results may have any number of digits
    try:
        result = cli.main(arguments, prog_name="exactav", standalone_mode=False)
    except click.exceptions.Abort:
        return _fail("interrupted", 1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _fail(error.format_message(), 2)
    except _STATUS_1 as error:
        return _fail(str(error), 1)
    except (ExactavError, KeyError, OSError, ValueError) as error:
        return _fail(str(error), 2)
    return result if isinstance(result, int) else 0


def _fail(message: str, status: int) -> int:
    click.echo(f"exactav: error: {printable(' '.join(message.split()))}", err=True)
    return status
