"""The group of all commands, and what those share that show sections about a network."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from exactav import __version__
from exactav.command import options
from exactav.command.options import Asked
from exactav.command.rendering import Report, say, show
from exactav.command.sections import Section, network_facts
from exactav.running.files import replace
from exactav.running.tasks import Progress, no_progress


def _cite(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from exactav.command.citing import cited

        say(cited())
        context.exit()


_MODULES = {
    "asking": "assemblies durations plan plot report simulate sizes starts validate",
    "doctor": "doctor",
    "proving": "check derive formula layout verify",
}
COMMANDS = {name: module for module, names in _MODULES.items() for name in names.split()}
"""The module of each command, which is loaded when the command is asked for."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            import_module(f"exactav.command.{COMMANDS[cmd_name]}")
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--cite",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_cite,
    help="BibTeX of paper and package.",
)
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
    def command(
        asked: Asked,
        digits: int,
        format_: str | None,
        output: Path | None,
        html_file: Path | None = None,
        **others: Any,
    ) -> int:
        if html_file is not None and output is not None:
            raise click.UsageError("give --html or --output, not both")
        output = output or html_file
        written = "html" if html_file is not None else options.format_of(format_, output)
        if written == "html":
            from exactav.showing.mathml import mathml

            mathml("x")  # whether there is what it needs is said before the work
        with working() as progress:
            sections = function(asked, progress=progress, **others)
            report = Report(f"Avalanches of {asked.name}", network_facts(asked.net), sections, digits)
            text = None
            if written == "html":
                from exactav.command.page import page

                text = page(report, asked.net, str(click.get_current_context().obj))
            elif output is not None or written != "table" or not sys.stdout.isatty():
                text = getattr(report, written)()
        if text is None:
            show(report.renderable())
        elif output is None:
            say(text)
        else:
            replace(output, text)
        return int(any(section.disagrees for section in sections))

    return network_command(command)


@contextmanager
def working() -> Iterator[Progress]:
    """A bar on standard error with the time left; nothing where that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    from rich.progress import BarColumn, TaskProgressColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = ("computing", BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), "left")
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda share: bars.update(task, total=1.0, completed=share)
