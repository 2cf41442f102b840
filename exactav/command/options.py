"""What can be asked on the command line: each option once, and how its text is read."""

import inspect
import os
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click
import sympy

from exactav.command.labels import inputs_of, label_of, labels_of
from exactav.command.rendering import FORMATS
from exactav.command.simulation import MOST_STEPS
from exactav.engines.durations import plan as duration_plan
from exactav.engines.registry import ENGINES
from exactav.errors import ParseError
from exactav.interchange.reading import FORMATS as FILE_FORMATS
from exactav.interchange.reading import read_network
from exactav.network.network import Network
from exactav.numbers.expressions import parse_expression
from exactav.running.files import check_output
from exactav.running.limits import limits
from exactav.texts import quoted

Command = Callable[..., Any]
NETWORK_HELP = """

NETWORK is a file (CSV matrix of exact entries, edge list, JSON, GraphML, NPY), a family such as
ring:N=10,alpha=4/5, or a dataset that networkx ships (florentine, karate, ...)."""


@dataclass(frozen=True)
class Asked:
    """What a command is asked about, and how: the options that all such commands know.

    Attributes:
        observed: labels of the units that are counted; None for all.
        method, arithmetic: as in :class:`~exactav.laws.options.Options`.
        input: amounts that units are fed at once, by label; None for starts.
    """

    name: str
    net: Network
    start: Hashable | None
    observed: list[Hashable] | None = None
    method: str = "auto"
    arithmetic: str = "exact"
    input: dict[Hashable, str] | None = None

    def only(self, *used: str, why: str) -> None:
        """Refuse an option that has no meaning here.

        Args:
            used: of observed, method, float and input, those that have one.
            why: the others have none.

        Raises:
            UsageError: one of these was given.
        """
        given = {
            "observed": self.observed is not None,
            "method": self.method != "auto",
            "float": self.arithmetic == "float",
            "input": self.input is not None,
        }
        for name, is_given in given.items():
            if is_given and name not in used:
                raise click.UsageError(f"--{name} has no meaning here, since {why}: leave it out")


def exact(context: click.Context, parameter: click.Parameter, text: str | None) -> sympy.Expr | None:
    """An exact expression of the small grammar."""
    try:
        return None if text is None else parse_expression(text)
    except ParseError as error:
        raise click.BadParameter(str(error), context, parameter) from None


def assignments(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> dict[str, sympy.Expr]:
    """NAME=VALUE each, with exact values."""
    values: dict[str, sympy.Expr] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not name or not equals:
            raise click.BadParameter(f"{quoted(text)}: wanted NAME=VALUE", context, parameter)
        if name in values:
            raise click.BadParameter(f"{name} is given twice: keep one", context, parameter)
        read = exact(context, parameter, value)
        assert read is not None
        values[name] = read
    return values


def amount_of(unit: str) -> Callable[[click.Context, click.Parameter, float | None], float | None]:
    """What reads an amount of some unit; inf is one, nan is none."""

    def read(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
        if value is not None and not value >= 0:
            raise click.BadParameter(f"{value}: wanted {unit}, 0 or more", context, parameter)
        return value

    return read


seconds = amount_of("seconds")


def max_cost(default: float, remark: str = "") -> Callable[[Command], Command]:
    """The option --max-cost."""
    return click.option(
        "--max-cost",
        type=float,
        callback=seconds,
        metavar="SECONDS",
        default=default,
        show_default=True,
        help=f"Refuse what is estimated to take longer{remark}.",
    )


max_memory = click.option(
    "--max-memory",
    "memory",
    type=float,
    callback=amount_of("megabytes"),
    metavar="MB",
    help="Refuse what is estimated to take more; what the machine has by default.",
)
_coupling = click.option(
    "--coupling",
    callback=exact,
    metavar="EXACT",
    help="Largest row sum of the weights; 9/10 for datasets.",
)
_increment = click.option(
    "--increment",
    callback=exact,
    metavar="EXACT",
    help="External input per slow step; without it, weak drive.",
)
set_values = click.option(
    "--set", "values", callback=assignments, metavar="NAME=VALUE", multiple=True, help="Value of a symbol."
)
_SUMMARIES = {
    **{engine.name: f"{engine.summary} (durations only)" for engine in duration_plan.ENGINES},
    **{engine.name: engine.summary for engine in ENGINES},
}
_network = [
    click.argument("network"),
    click.option("--from", "kind", type=click.Choice([*FILE_FORMATS]), help="What the file NETWORK holds."),
    _coupling,
    _increment,
    set_values,
    click.option("--max-denominator", type=click.IntRange(1), help="Round the floats of NPY and GraphML."),
    click.option("--start", metavar="LABEL", help="Unit that fires first; all starts by default."),
    click.option(
        "--input",
        "amounts",
        metavar="LABEL=EXACT,...",
        multiple=True,
        help="Input to these units at once in a slow step, in place of a start; may be repeated.",
    ),
    click.option(
        "--observed",
        "watched",
        metavar="LABELS",
        multiple=True,
        help="Count these units only: commas between, a label with commas in double quotes; may be repeated.",
    ),
    click.option(
        "--method",
        type=click.Choice(["auto", *_SUMMARIES]),
        default="auto",
        show_default=True,
        help=f"The engine: {'; '.join(f'{name} {said}' for name, said in _SUMMARIES.items())}.",
    ),
    click.option("--float", "as_float", is_flag=True, help="In floating point with a proven bound."),
    max_memory,
]
shown = [
    click.option("--digits", type=click.IntRange(1, 10_000), default=10, show_default=True),
    click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        help="Of what is written; the ending of --output decides it unless given, or table. "
        "`exactav layout` documents json.",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        help="Write to this file: .csv, .json, .tex, .html, ...",
    ),
]
ENDINGS = {".csv": "csv", ".json": "json", ".tex": "latex", ".html": "html", ".htm": "html", ".txt": "table"}


def format_of(format_: str | None, output: Path | None) -> str:
    """The format that --format or the ending of --output asks for.

    Raises:
        UsageError: they ask for two.
    """
    ending = None if output is None else ENDINGS.get(output.suffix.lower())
    if format_ is not None and ending is not None and format_ != ending:
        raise click.UsageError(
            f"--format {format_} into {output}, which is to be {ending}: leave out one of them"
        )
    return format_ or ending or "table"


top = click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="Assemblies to list.")
executors = [
    click.option("--workers", type=click.IntRange(1), help="Sum in so many processes."),
    click.option("--dask", metavar="ADDRESS", help="Sum on the Dask cluster of this scheduler."),
]
checkpoint = click.option(
    "--checkpoint", type=click.Path(path_type=Path), help="Keep a sum that is done in parts in this file."
)
seed = click.option("--seed", type=click.IntRange(0), default=1, show_default=True)


def avalanches(default: int, least: int = 1) -> Callable[[Command], Command]:
    """The option -n of what is simulated."""
    return click.option(
        "-n",
        "--avalanches",
        type=click.IntRange(least, MOST_STEPS),
        default=default,
        show_default=True,
    )


def with_options(options: Sequence[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    """A decorator for several options."""
    return lambda command: reduce(lambda so_far, option: option(so_far), reversed(options), command)


def with_network(function: Command) -> Command:
    """``function(asked, ...)`` with the options that name a network in place of ``asked``.

    It has an option for ``max_cost``, too, which bounds the reading, and is passed on where it is taken.
    """

    @wraps(function)
    def command(
        network: str,
        kind: str | None,
        coupling: sympy.Expr | None,
        increment: sympy.Expr | None,
        values: dict[str, sympy.Expr],
        max_denominator: int | None,
        start: str | None,
        amounts: tuple[str, ...],
        watched: tuple[str, ...],
        method: str,
        as_float: bool,
        memory: float | None,
        max_cost: float,
        **others: Any,
    ) -> Any:
        check_outputs(network, *map(others.get, ("output", "html_file", "checkpoint")))
        if "max_cost" in inspect.signature(function).parameters:
            others["max_cost"] = max_cost
        with limits(max_cost=max_cost, max_memory=memory):
            net = read_network(
                network, format=kind, coupling=coupling, increment=increment, max_denominator=max_denominator
            )
            net = net.at(values) if values else net
            asked = Asked(
                network,
                net,
                None if start is None else label_of(net, start),
                labels_of(net, watched) if watched else None,
                method,
                "float" if as_float else "exact",
                inputs_of(net, amounts) if amounts else None,
            )
            return function(asked, **others)

    return with_options(_network)(command)


def check_outputs(source: str, *outputs: Path | None) -> None:
    """Fail before any work is done if a file cannot be written, is the network's, or another output."""
    needed: list[str | Path] = [source] if os.path.exists(source) else []
    for output in outputs:
        if output is not None:
            check_output(output, *needed)
            needed.append(output)


def executor_of(workers: int | None, dask: str | None) -> AbstractContextManager[Executor | None]:
    """Where a sum that is done in parts runs."""
    if workers is not None and dask is not None:
        raise click.UsageError("give --workers or --dask, not both")
    if dask is None and workers is None:
        return nullcontext()
    from exactav.running import workers as running

    return running.processes(workers) if workers is not None else running.dask(str(dask))
