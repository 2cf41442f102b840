"""A picture of a network, by matplotlib (the extra ``plot``)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from exactav.showing.pictures import LABELLED, literal, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def network(
    positions: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int, float]],
    *,
    colours: Sequence[float],
    sizes: Sequence[float],
    labels: Sequence[str],
    ax: "Axes | None",
) -> "Axes":
    """Units as discs, with a colour and a size, and edges as arrows as wide as their weights.

    Args:
        positions: from (0, 0) to (1, 1).
        edges: (sender, receiver, share of the largest weight).
        colours: participation.
        sizes: shares of the largest drive.
    """
    axes = new_axes(ax)
    from matplotlib.patches import FancyArrowPatch

    areas = [60 + 340 * size for size in sizes]
    both = {(sender, receiver) for sender, receiver, _ in edges}
    for sender, receiver, weight in edges:
        start, end = positions[sender], positions[receiver]
        look: dict[str, Any] = {"color": "#777777", "linewidth": 0.4 + 1.6 * weight, "zorder": 1}
        if sender == receiver:
            radius = 0.035
            axes.add_patch(_ring((start[0], start[1] + radius), radius, look))
            continue
        bend = 0.12 if (receiver, sender) in both else 0.0
        shrink = 0.55 * areas[receiver] ** 0.5
        axes.add_patch(
            FancyArrowPatch(
                start,
                end,
                arrowstyle="-|>",
                mutation_scale=8,
                connectionstyle=f"arc3,rad={bend}",
                shrinkA=0.55 * areas[sender] ** 0.5,
                shrinkB=shrink,
                **look,
            )
        )
    xs, ys = zip(*positions, strict=True)
    discs = axes.scatter(
        xs, ys, s=areas, c=colours, cmap="cividis", vmin=0.0, vmax=1.0, zorder=2, edgecolors="#333333"
    )
    figure = axes.get_figure()
    assert figure is not None
    figure.colorbar(discs, ax=axes, label="participation", shrink=0.8)
    if len(labels) <= LABELLED:
        for (x, y), label, area in zip(positions, labels, areas, strict=True):
            axes.annotate(
                literal(label),
                (x, y),
                xytext=(0, 0.5 * area**0.5 + 3),
                textcoords="offset points",
                ha="center",
                fontsize="small",
                zorder=3,
            )
    axes.set_xlim(-0.12, 1.12)
    axes.set_ylim(-0.12, 1.16)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes


def _ring(middle: tuple[float, float], radius: float, look: dict[str, Any]) -> Any:
    from matplotlib.patches import Circle

    return Circle(middle, radius, fill=False, edgecolor=look["color"], linewidth=look["linewidth"], zorder=1)
