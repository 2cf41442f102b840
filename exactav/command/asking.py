"""The group of commands, and what all commands about a network have in common."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from exactav import __version__
from exactav.command import options
from exactav.command.asked import Asked
from exactav.command.citation import bibtex
from exactav.command.markup import converter
from exactav.command.page import page
from exactav.command.rendering import Report, show
from exactav.command.sections import Section, network_facts
from exactav.running.files import replace
from exactav.running.tasks import Progress, no_progress


def _cite(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        click.echo(bibtex(), nl=False)
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--cite", is_flag=True, is_eager=True, expose_value=False, callback=_cite, help="Show BibTeX.")
def cli() -> None:
    """Exact avalanche statistics of recurrent networks of spiking units."""


@cli.command()
def schema() -> None:
    """What --format json holds: its layout, which is kept, and the number of its version."""
    click.echo(inspect.getdoc(Report.json))


def network_command(**refused: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose ``function(asked, ...)`` is told of a network by options.

    ``refused`` are options of laws that mean nothing here, with the reason.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        help_ = f"{inspect.getdoc(function)}{options.NETWORK_HELP}"
        return cli.command(help=help_)(options.with_network(function, refused))

    return decorate


def section_command(**refused: str) -> Callable[[Callable[..., list[Section]]], click.Command]:
    """A command whose ``function(asked, max_cost, progress, ...)`` returns the sections to show."""

    def decorate(function: Callable[..., list[Section]]) -> click.Command:
        @options.with_options([*options.shown, options.max_cost(600.0)])
        @wraps(function)
        def command(
            asked: Asked,
            digits: int,
            format_: str | None,
            output: Path | None,
            html: Path | None = None,
            **others: Any,
        ) -> int:
            chosen = options.format_of(format_, output)
            is_quiet = html is not None and format_ is None  # the page is what is wanted
            if html is not None or chosen == "html":
                converter()  # missing before the work rather than after it
            with working() as progress:
                sections = function(asked, progress=progress, **others)
                report = Report(f"Avalanches of {asked.name}", network_facts(asked.net), sections, digits)
                text = None
                if output is not None or chosen != "table" or not sys.stdout.isatty():
                    text = _page(asked, report) if chosen == "html" else getattr(report, chosen)()
                if html is not None:
                    replace(html, _page(asked, report))
            if output is not None:
                replace(output, text or "")
            elif text is None and not is_quiet:
                show(report.renderable())
            elif not is_quiet:
                click.echo(text, nl=False)
            return int(any(section.disagrees for section in sections))

        return network_command(**refused)(command)

    return decorate


def _page(asked: Asked, report: Report) -> str:
    return page(report, asked.net, asked.start, str(click.get_current_context().obj))


@contextmanager
def working() -> Iterator[Progress]:
    """A bar on standard error with the time left; nothing where that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    columns = ("computing", BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), "left")
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda share: bars.update(task, total=1.0, completed=share)
