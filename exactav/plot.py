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
