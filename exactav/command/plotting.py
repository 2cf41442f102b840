"""What ``exactav plot`` draws, by matplotlib, as the bytes of a file."""

import io
import re
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from exactav.command.asked import Asked
from exactav.command.figures import LARGEST_PICTURE, places, senders
from exactav.command.rendering import printable
from exactav.command.sections import assemblies_section, unit_texts
from exactav.errors import OptionError
from exactav.laws.assembly import assembly_law
from exactav.laws.duration import duration_law
from exactav.laws.marginals import participation, participation_overall
from exactav.laws.size import size_law
from exactav.showing.pictures import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOUR = "#0072B2"
_LARGEST = {"participation": 200, "network": LARGEST_PICTURE}  # units
_NAMED = 30  # units up to which an axis names each
_TOP = 20  # assemblies
_MISSING = re.compile(r"Glyph (\d+) .*missing from")
_Draw = Callable[[Asked, float], "Axes"]


def picture(asked: Asked, what: str, max_cost: float, ending: str) -> bytes:
    """A picture of ``what``, one of SUBJECTS, in the format of an ending such as ".svg".

    Raises:
        OptionError: the network has symbols or too many units for that picture.
        MissingExtraError: matplotlib is not installed.
    """
    if asked.net.symbols:
        names = ", ".join(map(str, asked.net.symbols))
        raise OptionError(f"a picture needs numbers, not {names}: give --set {asked.net.symbols[0]}=VALUE")
    largest = _LARGEST.get(what, asked.net.n_units)
    if asked.net.n_units > largest:
        raise OptionError(
            f"the network has {asked.net.n_units:,} units, more than the {largest} of a picture"
        )
    new_axes(None).remove()  # says so before the work if matplotlib is missing
    from matplotlib import pyplot

    pyplot.close()
    axes = _DRAWN[what](asked, max_cost)
    figure: Any = axes.get_figure()
    data = io.BytesIO()
    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(ending)
    # The text of an SVG stays text, in a font of the reader's.
    with pyplot.rc_context({"svg.fonttype": "none"}), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        figure.savefig(data, format=ending[1:], dpi=200, metadata=undated)
    pyplot.close(figure)
    codes = {found[1] for warning in warned if (found := _MISSING.match(str(warning.message)))}
    if codes and ending != ".svg":
        characters = " ".join(sorted(chr(int(code)) for code in codes))
        click.echo(f"exactav: warning: no font here has {characters}: .svg keeps what it is", err=True)
    return data.getvalue()


def _sizes(asked: Asked, max_cost: float) -> "Axes":
    law = size_law(
        asked.net,
        asked.start,
        observed=asked.observed,
        method=asked.method,
        arithmetic=asked.arithmetic,
        max_cost=max_cost,
    )
    return law.plot()


def _durations(asked: Asked, max_cost: float) -> "Axes":
    return duration_law(asked.net, asked.start, max_cost=max_cost).plot()


def _assemblies(asked: Asked, max_cost: float) -> "Axes":
    law = assembly_law(asked.net, asked.start, method=asked.method, max_cost=max_cost)
    rows = assemblies_section(law, _TOP).rows
    axes = new_axes(None)
    axes.barh(range(len(rows)), [float(values[0]) for _, values in rows], color=_COLOUR, height=0.7)
    _name(axes.set_yticks, [outcome.text for outcome, _ in rows])
    axes.invert_yaxis()
    axes.set_xlabel("probability")
    axes.set_ylabel("assembly")
    return axes


def _participation(asked: Asked, max_cost: float) -> "Axes":
    n = asked.net.n_units
    matrix = participation(asked.net)
    axes = new_axes(None)
    values = [[float(matrix[j, k]) for k in range(n)] for j in range(n)]
    mesh = axes.pcolormesh(values, cmap="cividis", vmin=0, vmax=1)
    axes.set_aspect("equal")
    axes.invert_yaxis()
    figure: Any = axes.get_figure()
    figure.colorbar(mesh, ax=axes, label="participation")
    if n <= _NAMED:
        texts = list(unit_texts(asked.net).values())
        _name(axes.set_xticks, texts, 0.5, rotation=90)
        _name(axes.set_yticks, texts, 0.5)
    axes.set_xlabel("start")
    axes.set_ylabel("unit")
    return axes


def _network(asked: Asked, max_cost: float) -> "Axes":
    at = places(asked.net)
    shares = [float(share) for share in participation_overall(asked.net, asked.start)]
    axes = new_axes(None)
    edges = senders(asked.net)
    directed = {(i, j) for i, j, _ in edges}
    for i, j, size in edges:
        if i != j:
            bend = "arc3,rad=0.12" if (j, i) in directed else "arc3"
            arrow = {
                "arrowstyle": "-|>,head_width=0.12,head_length=0.25",
                "connectionstyle": bend,
                "linewidth": 0.4 + size,
                "color": "#777777",
                "shrinkA": 6,
                "shrinkB": 6,
            }
            axes.annotate("", at[i], at[j], arrowprops=arrow)
    own = [i for i, j, _ in edges if i == j]
    axes.scatter(
        [at[i][0] for i in own], [at[i][1] for i in own], s=190, facecolors="none", edgecolors="#777777"
    )
    dots = axes.scatter(
        [x for x, _ in at], [y for _, y in at], c=shares, cmap="cividis", s=90, zorder=3, edgecolors="#333333"
    )
    for (x, y), text in zip(at, unit_texts(asked.net).values(), strict=True):
        axes.annotate(
            printable(text),
            (x, y),
            xytext=(0, -15),
            textcoords="offset points",
            ha="center",
            fontsize=6,
            parse_math=False,
        )
    figure: Any = axes.get_figure()
    figure.colorbar(dots, ax=axes, label="participation")
    axes.margins(0.12)
    axes.set_axis_off()
    return axes


def _name(set_ticks: Callable[..., Any], texts: list[str], shift: float = 0.0, **style: Any) -> None:
    """Name the places of an axis, every text literally."""
    places_ = [place + shift for place in range(len(texts))]
    set_ticks(places_, list(map(printable, texts)), fontsize=6, parse_math=False, **style)


_DRAWN: dict[str, _Draw] = {
    "sizes": _sizes,
    "durations": _durations,
    "network": _network,
    "participation": _participation,
    "assemblies": _assemblies,
}
SUBJECTS = tuple(_DRAWN)
_MEANT = {  # the options of laws that mean something to a picture
    "sizes": {"start", "observed", "method", "arithmetic"},
    "durations": {"start"},
    "network": {"start"},
    "participation": set[str](),
    "assemblies": {"start", "method"},
}


def check_options(asked: Asked, what: str) -> None:
    """Refuse the options that mean nothing to a picture.

    Raises:
        OptionError: there is one.
    """
    given = {
        "start": asked.start is not None,
        "observed": asked.observed is not None,
        "method": asked.method != "auto",
        "arithmetic": asked.arithmetic != "exact",
    }
    for name, is_given in given.items():
        if is_given and name not in _MEANT[what]:
            raise OptionError(f"--{name} means nothing to a picture of {what}: leave it out")
