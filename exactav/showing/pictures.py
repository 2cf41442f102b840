"""Pictures of laws, by matplotlib (the extra ``plot``).

Laws call this with plain numbers: ``law.plot()`` returns the Axes it drew on, ``law.plot(ax=ax)`` adds to a
picture. Colours are those of Okabe and Ito, told apart by colour-blind readers; line styles and markers tell
them apart in print without colours, too.
"""

from collections.abc import Mapping, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

import numpy as np

from exactav.errors import ArgumentError, MissingExtraError
from exactav.numbers.arguments import a_text
from exactav.numbers.expressions import described
from exactav.texts import spelled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D", "v", "x", "+")
_MARKED = 40  # points up to which each gets a marker
_PLAIN = 1_000  # numbers up to which ticks are plain
LABELLED = 30  # units up to which each has its label
_LONGEST = 32  # characters of a label


def new_axes(ax: "Axes | None") -> "Axes":
    """``ax``, or the axes of a new figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ArgumentError: ``ax`` is nothing to draw on.
    """
    if ax is not None:
        if not callable(getattr(ax, "add_patch", None)):
            raise ArgumentError(f"ax = {described(ax)}: give Axes of matplotlib, or None for new ones")
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise MissingExtraError("pictures need matplotlib: pip install 'exactav[plot]'") from None
    _, made = pyplot.subplots(figsize=(4.5, 3.4), layout="constrained")
    return made


def line(
    points: Mapping[int, float], *, ax: "Axes | None", name: str, label: str | None, **options: Any
) -> "Axes":
    """Probabilities against numbers, both on logarithmic axes; numbers from 0 on a linear one."""
    axes = new_axes(ax)
    label = _of_curve(label)
    axes.plot(list(points), list(points.values()), label=label, **(_style(axes, len(points)) | options))
    axes.set_yscale("log")
    if min(points) > 0:
        axes.set_xscale("log")
        _plain_ticks(axes, max(points))
    axes.set_xlabel(literal(name))
    axes.set_ylabel("probability")
    if label is not None:
        axes.legend(frameon=False)
    return axes


def _style(axes: "Axes", n_points: int) -> dict[str, Any]:
    """Colour, line and marker of the next curve: different without colours, too."""
    place = len(axes.get_lines())
    style: dict[str, Any] = {
        "color": _COLOURS[place % len(_COLOURS)],
        "linestyle": _LINES[place % len(_LINES)],
        "linewidth": 1.3,
    }
    if n_points <= _MARKED:
        style |= {"marker": _MARKERS[place % len(_MARKERS)], "markersize": 4}
    return style


def _plain_ticks(axes: "Axes", largest: int) -> None:
    """Whole numbers below a logarithmic axis, where they are few: 1, 2, 5, 10 and not powers."""
    from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

    lines = axes.get_lines()
    drawn = [float(max(np.asarray(curve.get_xdata(orig=True), dtype=float))) for curve in lines]
    highest = max([largest, *drawn])
    if highest > _PLAIN:
        return
    ticks = [1, 2, 3, 4, 5, 6, 8, 10, 12] if highest <= 12 else [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if tick <= highest]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(ScalarFormatter())


def curves(
    values: Sequence[float],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    ax: "Axes | None",
    names: Sequence[str],
) -> "Axes":
    """Several quantities against one number, on linear axes, with a legend."""
    axes = new_axes(ax)
    for label, points in series:
        axes.plot(values, points, label=literal(label), **_style(axes, len(values)))
    axes.set_xlabel(literal(names[0]))
    axes.set_ylabel(literal(names[1]))
    if len(series) > 1 or ax is not None:
        axes.legend(frameon=False, fontsize="small")
    return axes


def steps(
    ends: Sequence[float],
    heights: Sequence[float],
    *,
    ax: "Axes | None",
    names: Sequence[str],
    label: str | None,
    **options: Any,
) -> "Axes":
    """A density that is constant between each two ``ends``, on linear axes."""
    axes = new_axes(ax)
    label = _of_curve(label)
    style = _style(axes, _MARKED + 1) | {"drawstyle": "steps-post"}
    axes.plot(ends, [*heights, 0.0], label=label, **(style | options))
    axes.set_xlabel(literal(names[0]))
    axes.set_ylabel(names[1])
    if label is not None:
        axes.legend(frameon=False)
    return axes


def points_with_errors(
    points: Mapping[int, tuple[float, float]], *, ax: "Axes | None", name: str, label: str | None
) -> "Axes":
    """Estimated probabilities of numbers with their standard errors, on logarithmic axes."""
    axes = new_axes(ax)
    label = _of_curve(label)
    axes.errorbar(
        list(points),
        [value for value, _ in points.values()],
        yerr=[error for _, error in points.values()],
        label=label,
        linestyle="none",
        marker="o",
        markersize=3.5,
        color="#000000",
        elinewidth=0.8,
    )
    axes.set_yscale("log")
    axes.set_xlabel(literal(name))
    axes.set_ylabel("probability")
    if min(points) > 0:
        axes.set_xscale("log")
        _plain_ticks(axes, max(points))
    if label is not None:
        axes.legend(frameon=False)
    return axes


def bars(shares: Sequence[tuple[str, float]], *, ax: "Axes | None", name: str) -> "Axes":
    """Probabilities of named outcomes as horizontal bars, the first one on top."""
    axes = new_axes(ax)
    places = range(len(shares))
    axes.barh(list(places), [share for _, share in shares], color=_COLOURS[0], height=0.7)
    axes.set_yticks(list(places), [literal(label) for label, _ in shares], fontsize="small")
    axes.invert_yaxis()
    axes.set_xlabel("probability")
    axes.set_ylabel(literal(name))
    return axes


def literal(text: str) -> str:
    """A text as it stands: matplotlib takes what is between dollars for mathematics."""
    shown = spelled(text)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return shown.replace("$", r"\$")


def _of_curve(label: Any) -> str | None:
    """The text of a legend; what is between dollars is mathematics where matplotlib can read it."""
    text = a_text(label, "label")
    if text is None or "$" not in text:
        return text if text is None else spelled(text)
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return literal(text)
    return text


def matrix(
    values: Sequence[Sequence[float]], *, ax: "Axes | None", labels: Sequence[str], names: Sequence[str]
) -> "Axes":
    """Probabilities as colours, one square for each pair of units."""
    axes = new_axes(ax)
    mesh = axes.imshow(values, cmap="cividis", vmin=0.0, vmax=1.0, interpolation="nearest")
    figure = axes.get_figure()
    assert figure is not None
    figure.colorbar(mesh, ax=axes, label="participation")
    if len(labels) <= LABELLED:
        written = [literal(label) for label in labels]
        axes.set_xticks(range(len(labels)), written, rotation=90, fontsize="small")
        axes.set_yticks(range(len(labels)), written, fontsize="small")
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    return axes


def image(points: Mapping[tuple[int, ...], float], *, ax: "Axes | None", names: Sequence[str]) -> "Axes":
    """Probabilities of pairs of numbers, as colours on a logarithmic scale; what cannot happen is white."""
    axes = new_axes(ax)
    shape = [max(pair[a] for pair in points) + 1 for a in (0, 1)]
    values = [[float("nan")] * shape[0] for _ in range(shape[1])]
    for (first, second), probability in points.items():
        if probability:  # it may be below all floats
            values[second][first] = log10(probability)
    mesh = axes.pcolormesh(range(shape[0]), range(shape[1]), values, cmap="cividis", shading="nearest")
    figure = axes.get_figure()
    assert figure is not None
    figure.colorbar(mesh, ax=axes, label=r"$\log_{10}$ probability")
    axes.set_xlabel(literal(names[0]))
    axes.set_ylabel(literal(names[1]))
    whole_ticks(axes)
    return axes


def whole_ticks(axes: "Axes") -> None:
    """Whole numbers alone at both axes."""
    from matplotlib.ticker import MaxNLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, nbins=8))


Rectangle = tuple[tuple[float, float], tuple[float, float]]  # (left, right), (bottom, top)


def tiles(
    region: Sequence[Rectangle],
    pieces: Sequence[tuple[str, Sequence[Rectangle]]],
    shifts: Sequence[tuple[float, float]],
    *,
    ax: "Axes | None",
    names: Sequence[str],
) -> "Axes":
    """A region of two numbers with its pieces in colours and hatches, and outlines of its shifted copies."""
    axes = new_axes(ax)
    from matplotlib.patches import Rectangle as Patch

    def add(rectangle: Rectangle, shift: tuple[float, float] = (0.0, 0.0), **style: Any) -> None:
        (left, right), (bottom, top) = rectangle
        axes.add_patch(Patch((left + shift[0], bottom + shift[1]), right - left, top - bottom, **style))

    for place, shift in enumerate(shifts):
        for rectangle in region:
            add(rectangle, shift, facecolor=("#D4D4D4", "#E6E6E6", "#F4F4F4")[place % 3], linewidth=0)
    for rectangle in region:
        add(rectangle, facecolor="#BBBBBB", linewidth=0)
    for place, (name, rectangles) in enumerate(pieces):
        hatch = ("", "//", "..", "xx")[place % 4]
        colour = _COLOURS[place % len(_COLOURS)]
        for number, rectangle in enumerate(rectangles):
            label = literal(name) if number == 0 else None
            add(
                rectangle,
                facecolor=colour,
                edgecolor="white",
                hatch=hatch,
                linewidth=0,
                alpha=0.75,
                label=label,
            )
    axes.set_aspect("equal")
    axes.set_xlim(min(r[0][0] for r in region) - 0.35, max(r[0][1] for r in region) + 0.35)
    axes.set_ylim(min(r[1][0] for r in region) - 0.35, max(r[1][1] for r in region) + 0.35)
    axes.set_xlabel(literal(names[0]))
    axes.set_ylabel(literal(names[1]))
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize="small")
    return axes


def solid(
    cuboids: Sequence[tuple[tuple[float, float], ...]], *, ax: "Axes | None", names: Sequence[str]
) -> "Axes":
    """Boxes of three numbers, seen from above at an angle."""
    if ax is None:
        new_axes(ax).remove()  # says so if matplotlib is missing
        from matplotlib import pyplot

        ax = pyplot.gcf().add_subplot(projection="3d")
    axes: Any = ax
    low = [[side[a][0] for side in cuboids] for a in range(3)]
    lengths = [[side[a][1] - side[a][0] for side in cuboids] for a in range(3)]
    axes.bar3d(*low, *lengths, color=_COLOURS[5], edgecolor="#333333", linewidth=0.4, shade=True)
    axes.set_xlabel(literal(names[0]))
    axes.set_ylabel(literal(names[1]))
    axes.set_zlabel(literal(names[2]))
    axes.view_init(elev=25, azim=215)
    drawn: Axes = axes
    return drawn
