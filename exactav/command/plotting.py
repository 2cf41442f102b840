"""Pictures in files."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from exactav.command.options import Asked
from exactav.errors import MissingExtraError
from exactav.laws.size import size_law
from exactav.running.files import replace
from exactav.running.tasks import Progress

_ENDINGS = (".svg", ".png", ".pdf")


def _sizes(asked: Asked, **options: Any) -> Any:
    arithmetic: Any = asked.arithmetic
    law = size_law(
        asked.net,
        asked.start,
        input=asked.input,
        observed=asked.observed,
        method=asked.method,
        arithmetic=arithmetic,
        **options,
    )
    return law.plot()


def _assemblies(asked: Asked, **options: Any) -> Any:
    from exactav.laws.assembly import assembly_law

    asked.only("method", "input", why="assemblies are drawn exactly, of all units")
    return assembly_law(asked.net, asked.start, input=asked.input, method=asked.method, **options).plot()


def _of_durations(law: Callable[..., Any], asked: Asked, **options: Any) -> Any:
    asked.only("method", "float", "input", why="durations are those of all units")
    return law(
        asked.net,
        asked.start,
        input=asked.input,
        method=asked.method,
        arithmetic=asked.arithmetic,
        **options,
    )


def _durations(asked: Asked, max_cost: float, progress: Progress) -> Any:
    from exactav.laws.duration import duration_law

    return _of_durations(duration_law, asked, max_cost=max_cost, progress=progress).plot()


def _joint(asked: Asked, max_cost: float, progress: Progress) -> Any:
    from exactav.laws.duration import size_duration_law

    return _of_durations(size_duration_law, asked, max_cost=max_cost, progress=progress).plot()


def _network(asked: Asked, max_cost: float, progress: Progress) -> Any:
    asked.only(why="the network is drawn as it is")
    return asked.net.draw(start=asked.start)


def _participation(asked: Asked, max_cost: float, progress: Progress) -> Any:
    from exactav.laws.participating import plot_participation

    asked.only(why="participation comes from the Green matrix alone")
    return plot_participation(asked.net)


_PICTURES: Mapping[str, Callable[..., Any]] = {
    "sizes": _sizes,
    "assemblies": _assemblies,
    "durations": _durations,
    "sizes-durations": _joint,
    "network": _network,
    "participation": _participation,
}
KINDS = tuple(_PICTURES)


def drawn(asked: Asked, kind: str, output: Path, max_cost: float, progress: Progress) -> None:
    """Draw a picture into a file, whose ending decides the format.

    Raises:
        UsageError: the ending is none of a picture.
        MissingExtraError: matplotlib is not installed.
    """
    if output.suffix.lower() not in _ENDINGS:
        raise click.UsageError(f"{output}: name it .svg, .png or .pdf")
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("pictures need matplotlib: pip install 'exactav[plot]'") from None
    matplotlib.use("agg")
    axes = _PICTURES[kind](asked, max_cost=max_cost, progress=progress)
    file = io.BytesIO()
    axes.figure.savefig(file, format=output.suffix[1:].lower(), dpi=200, bbox_inches="tight")
    replace(output, file.getvalue())
