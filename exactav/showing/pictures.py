"""Pictures of laws, by matplotlib (the extra ``plot``).

Laws call this with plain numbers: ``law.plot()`` returns the Axes it drew on, ``law.plot(ax=ax)`` adds to a
picture. Colours are those of Okabe and Ito, told apart by colour-blind readers; line styles and markers tell
them apart in print without colours, too.
"""

from collections.abc import Mapping, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from exactav.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D", "v", "x", "+")
_MARKED = 40  # points up to which each gets a marker


def new_axes(ax: "Axes | None") -> "Axes":
    """``ax``, or the axes of a new figure.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    if ax is not None:
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
    place = len(axes.get_lines())
    style: dict[str, Any] = {
        "color": _COLOURS[place % len(_COLOURS)],
        "linestyle": _LINES[place % len(_LINES)],
        "linewidth": 1.3,
    }
    if len(points) <= _MARKED:
        style |= {"marker": _MARKERS[place % len(_MARKERS)], "markersize": 4}
    axes.plot(list(points), list(points.values()), label=label, **(style | options))
    axes.set_yscale("log")
    if min(points) > 0:
        axes.set_xscale("log")
    axes.set_xlabel(name)
    axes.set_ylabel("probability")
    if label is not None:
        axes.legend(frameon=False)
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
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    return axes


Rectangle = tuple[tuple[float, float], tuple[float, float]]  # (left, right), (bottom, top)


def tiles(
    region: Sequence[Rectangle],
    pieces: Mapping[str, Sequence[Rectangle]],
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
    for place, (name, rectangles) in enumerate(pieces.items()):
        hatch = ("", "//", "..", "xx")[place % 4]
        colour = _COLOURS[place % len(_COLOURS)]
        for number, rectangle in enumerate(rectangles):
            label = name if number == 0 else None
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
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
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
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    axes.set_zlabel(names[2])
    axes.view_init(elev=25, azim=215)
    drawn: Axes = axes
    return drawn
