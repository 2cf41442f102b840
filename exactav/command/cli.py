"""The command ``exactav``: parse, call, print; no mathematics.

Exit status: 0 done; 1 refused as too costly, or a comparison that disagrees; 2 wrong input or usage. Errors
are one line on standard error.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from exactav import __version__
from exactav.command.report import (
    Report,
    Section,
    assemblies_section,
    comparison_section,
    network_facts,
    report_sections,
    sizes_section,
)
from exactav.command.validation import roads
from exactav.engines.plan import ASSEMBLY_METHODS, METHODS
from exactav.errors import (
    CheckFailedError,
    ExactavError,
    ParseError,
    RefutedError,
    TooCostlyError,
    UndecidedError,
    WorkerLostError,
)
from exactav.formulas import Formula, catalogue
from exactav.formulas import get as get_formula
from exactav.interchange import read_network
from exactav.laws.assembly import assembly_law
from exactav.laws.counting import plan as plan_of
from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.numbers.expressions import parse_expression
from exactav.proofs import derivation
from exactav.proofs.derivation import Derivation
from exactav.running.files import replace
from exactav.running.tasks import Progress
from exactav.running.workers import dask as dask_executor
from exactav.running.workers import processes
from exactav.sampling.simulate import simulate as run_simulation
from exactav.showing import latex

_FORMATS = ("table", "json", "csv", "latex")
_PIPE_WIDTH = 120  # columns of a table that does not go to a terminal
_DISAGREEMENT = 1e-4  # p-values below make `simulate --compare` fail
_NETWORK_HELP = """

NETWORK is a file (CSV matrix of exact entries, edge list, JSON, GraphML, NPY), a family such as
ring:N=10,alpha=4/5, or a dataset that networkx ships (florentine, karate, ...)."""


class Exact(click.ParamType[Any]):
    """An exact expression of the small grammar."""

    name = "exact"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return parse_expression(value) if isinstance(value, str) else value
        except ParseError as error:
            self.fail(str(error), param, ctx)


class Assignment(click.ParamType[Any]):
    """NAME=VALUE with an exact value."""

    name = "name=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        name, equals, text = value.partition("=")
        if not equals:
            self.fail(f"{value!r}: wanted NAME=VALUE", param, ctx)
        return name.strip(), Exact().convert(text, param, ctx)


_OPTIONS = [
    click.argument("network"),
    click.option("--coupling", type=Exact(), help="Largest row sum of the weights; 9/10 for datasets."),
    click.option("--increment", type=Exact(), help="External input per slow step; without it, weak drive."),
    click.option("--set", "values", type=Assignment(), multiple=True, help="Put a value in for a symbol."),
    click.option("--max-denominator", type=click.IntRange(1), help="Round the floats of an NPY file."),
    click.option("--start", help="Label of the unit that fires first; all starts by default."),
    click.option("--digits", type=click.IntRange(1, 10_000), default=10, show_default=True),
    click.option("--format", "format_", type=click.Choice(_FORMATS), default="table", show_default=True),
    click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file."),
    click.option(
        "--max-cost",
        type=click.FloatRange(0),
        default=600.0,
        show_default=True,
        help="Refuse what is estimated to take more seconds.",
    ),
]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Exact avalanche statistics of recurrent networks of spiking units."""


def network_command(function: Callable[..., list[Section]]) -> click.Command:
    """A command whose ``function(net, start, max_cost, progress, ...)`` returns the sections to show."""

    @wraps(function)
    def command(
        network: str,
        coupling: Any,
        increment: Any,
        values: Sequence[tuple[str, Any]],
        max_denominator: int | None,
        start: str | None,
        digits: int,
        format_: str,
        output: Path | None,
        max_cost: float,
        **others: Any,
    ) -> int:
        _check_output(output)
        net = read_network(network, coupling=coupling, increment=increment, max_denominator=max_denominator)
        net = net.at(dict(values)) if values else net
        with _working() as progress:
            sections = function(net, _label_reading(net, start), max_cost, progress, **others)
            report = Report(f"Avalanches of {network}", network_facts(net), sections, digits)
            text = None if format_ == "table" else getattr(report, format_)()
        _put_out(report, text, output)
        return int(any(section.disagrees for section in sections))

    wrapped: Callable[..., int] = command
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return cli.command(help=f"{function.__doc__}{_NETWORK_HELP}")(wrapped)


_top = click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help="Assemblies to list."
)


@network_command
@_top
def report(
    net: Network, start: Hashable | None, max_cost: float, progress: Progress, top: int
) -> list[Section]:
    """Sizes, mean, most probable assemblies and participation, exact and in decimals."""
    return report_sections(net, start, top, max_cost, progress)


@network_command
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True, help="The engine.")
@click.option("--observed", help="Count these units only: labels, with commas between.")
@click.option("--float", "as_float", is_flag=True, help="In floating point with a proven bound.")
@click.option("--workers", type=click.IntRange(1), help="Sum over sets in so many processes.")
@click.option("--dask", metavar="ADDRESS", help="Sum over sets on the Dask cluster of this scheduler.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Keep a sum over sets in this file.")
def sizes(
    net: Network,
    start: Hashable | None,
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
    seen = None if observed is None else [_label_reading(net, label) for label in observed.split(",")]
    _check_output(checkpoint)
    arithmetic: Any = "float" if as_float else "exact"
    with _executor(workers, dask) as executor:
        law: Any = size_law(
            net,
            start,
            observed=seen,
            method=method,
            arithmetic=arithmetic,
            max_cost=max_cost,
            executor=executor,
            checkpoint=checkpoint,
            progress=progress,
        )
    return [sizes_section(law)]


def _executor(workers: int | None, dask: str | None) -> AbstractContextManager[Executor | None]:
    if workers is not None and dask is not None:
        raise click.UsageError("give --workers or --dask, not both")
    if dask is not None:
        return dask_executor(dask)
    return nullcontext() if workers is None else processes(workers)


@cli.command()
@click.argument("network")
@click.option("--coupling", type=Exact(), help="Largest row sum of the weights; 9/10 for datasets.")
@click.option("--start", help="Label of the unit that fires first; all starts by default.")
@click.option("--float", "as_float", is_flag=True, help="In floating point with a proven bound.")
def plan(network: str, coupling: Any, start: str | None, as_float: bool) -> None:
    """What the law of sizes of NETWORK would take, engine by engine, and which one would be chosen."""
    net = read_network(network, coupling=coupling)
    with _working():
        found = plan_of(net, _label_reading(net, start), arithmetic="float" if as_float else "exact")
    click.echo(found.text())


@network_command
@_top
@click.option("--method", type=click.Choice(ASSEMBLY_METHODS), default="auto", show_default=True)
def assemblies(
    net: Network, start: Hashable | None, max_cost: float, progress: Progress, top: int, method: Any
) -> list[Section]:
    """The most probable assemblies."""
    law = assembly_law(net, start, method=method, max_cost=max_cost, progress=progress)
    return [assemblies_section(law, top)]


@network_command
@click.option("-n", "--avalanches", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--compare", is_flag=True, help="Test the simulated sizes against the exact law (chi-square).")
def simulate(
    net: Network,
    start: Hashable | None,
    max_cost: float,
    progress: Progress,
    avalanches: int,
    seed: int,
    compare: bool,
) -> list[Section]:
    """Sizes in a simulation of the dynamics, for cross-validation."""
    law = size_law(net, start, max_cost=max_cost, progress=progress) if compare else None
    simulation = run_simulation(net, avalanches, start=start, seed=seed, progress=progress)
    p_value = None if law is None else simulation.compare(law).p_value
    return [comparison_section(law, Counter(simulation.sizes), p_value, _DISAGREEMENT)]


@cli.command()
@click.argument("network")
@click.option("--coupling", type=Exact(), help="Largest row sum of the weights; 9/10 for datasets.")
@click.option("--increment", type=Exact(), help="External input per slow step.")
@click.option("--start", help="Label of the unit that fires first; all starts by default.")
@click.option("-n", "--avalanches", type=click.IntRange(100), default=20_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--max-cost", type=click.FloatRange(0), default=60.0, show_default=True, help="Of each engine.")
def validate(
    network: str,
    coupling: Any,
    increment: Any,
    start: str | None,
    avalanches: int,
    seed: int,
    max_cost: float,
) -> int:
    """The law of sizes of NETWORK by every independent road; exit status 1 if two of them disagree."""
    net = read_network(network, coupling=coupling, increment=increment)
    table = Table("road", "agrees", "result", box=None, pad_edge=False)
    failures = 0
    begun = _label_reading(net, start)
    with _working():
        for road in roads(net, begun, max_cost=max_cost, n=avalanches, seed=seed):
            verdict = {True: "yes", False: "NO", None: "-"}[road.agrees]
            table.add_row(road.name, verdict, road.result)
            failures += road.agrees is False
    _print(table)
    return int(failures > 0)


@cli.command()
@click.argument("formula_id", metavar="[ID]", required=False)
@click.option("--set", "values", type=Assignment(), multiple=True, help="Value of a symbol, exact.")
@click.option("--digits", type=click.IntRange(1, 10_000), default=15, show_default=True)
@click.option("--latex", "as_latex", is_flag=True, help="The formula as LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="The formula, and its value, as JSON.")
def formula(
    formula_id: str | None, values: Sequence[tuple[str, Any]], digits: int, as_latex: bool, as_json: bool
) -> None:
    """A closed form by its ID, such as homogeneous.size: what it says, and its value at --set values.

    Without an ID, the catalogue of all formulas.
    """
    if formula_id is None:
        for entry in catalogue().values():
            click.echo(f"{entry.id:<36} {entry.name}")
        return
    chosen = get_formula(formula_id)
    value = chosen.evaluate(dict(values), digits) if values else None
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
    if derivation_id is None:
        for known in derivation.available():
            click.echo(f"{known}  {derivation.load(known).title}")
        return 0
    _check_output(latex_file)
    chosen = derivation.load(derivation_id)
    if latex_file is not None:
        replace(latex_file, latex.document(chosen))
        return 0
    return chosen.main()


@cli.command()
def verify() -> int:
    """Run every derivation and every formula's checks; exit status 1 if one fails."""
    table = Table("what", "checks", "seconds", "result", box=None, pad_edge=False)
    tasks = {f"derivation {known}": derivation.load(known) for known in derivation.available()}
    everything: dict[str, Derivation | Formula] = {**tasks, **catalogue()}
    failures = 0
    with Bars(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        for name, thing in bars.track(everything.items(), description="verifying"):
            begun = time.perf_counter()
            try:
                count = len(list(thing.verified()))
                result = "holds"
            except (CheckFailedError, RefutedError, UndecidedError) as error:
                count, result = 0, derivation.failure(error)
                failures += 1
            table.add_row(name, str(count), f"{time.perf_counter() - begun:.1f}", result)
    _print(table)
    return int(failures > 0)


def _label_reading(net: Network, text: str | None) -> Hashable | None:
    """The label that reads ``text``; the text itself, for the error message, where there is none."""
    return None if text is None else {str(label): label for label in net.labels}.get(text, text)


def _check_output(path: Path | None) -> None:
    """Fail before any work is done if the file cannot be written."""
    if path is None:
        return
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ParseError(f"cannot write {path}: give a file name in a folder that exists and can be written")


@contextmanager
def _working() -> Iterator[Progress]:
    """A bar on standard error with the time left; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = ("computing", BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), "left")
    with Bars(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda share: bars.update(task, total=1.0, completed=share)


def _print(table: Table) -> None:
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def _put_out(report: Report, text: str | None, output: Path | None) -> None:
    if output is not None:
        replace(output, report.table(_PIPE_WIDTH) if text is None else text)
    elif text is not None:
        click.echo(text, nl=False)
    elif sys.stdout.isatty():
        Console().print(report.renderable())
    else:
        click.echo(report.table(_PIPE_WIDTH), nl=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
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
    except (TooCostlyError, CheckFailedError, WorkerLostError) as error:
        return _fail(str(error), 1)
    except (ExactavError, KeyError, OSError, ValueError) as error:
        return _fail(str(error), 2)
    return result if isinstance(result, int) else 0


def _fail(message: str, status: int) -> int:
    click.echo(f"exactav: error: {' '.join(message.split())}", err=True)
    return status
