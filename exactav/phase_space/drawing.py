"""Pictures of the inhabited region of two or three units."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

from exactav.errors import OptionError
from exactav.laws.kind import Assembly, Units
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.phase_space.boxes import Box, boxes
from exactav.phase_space.pieces import pieces
from exactav.phase_space.states import refuse_symbols
from exactav.showing import pictures as plot
from exactav.texts import as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@of_network
def draw(net: Network, start: Hashable | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw the inhabited region of two or three units.

    Of two units also what recruits which assembly, and copies, shifted by the columns of M, that tile the
    plane: the region is the torus R^2 / M Z^2.

    Args:
        start: only assemblies of this start; those of all driven units unless given.
        ax: axes to draw on; with ``projection="3d"`` for three units.

    Raises:
        OptionError: the network does not have two or three units.
        MissingIncrementError: the network has two units and no increment.
        UnboundSymbolError: the network has symbols.
        MissingExtraError: matplotlib is not installed.
    """
    if net.n_units not in (2, 3):
        raise OptionError(f"a region of {net.n_units} units has no picture: ask for two or three units")
    refuse_symbols(net)
    names = [f"state of unit {as_text(label)}" for label in net.labels]
    if net.n_units == 3:
        cuboids = [tuple((float(low), float(high)) for low, high in box.sides) for box in boxes(net)]
        return plot.solid(cuboids, ax=ax, names=names)
    starts = [start] if start is not None else [k for k, p in zip(net.labels, net.drive, strict=True) if p]
    recruited: dict[tuple[Hashable, Assembly], list[plot.Rectangle]] = {}
    for label in starts:
        for found in pieces(net, label):
            recruited.setdefault((label, found.assembly), []).extend(map(_rectangle, found.boxes()))
    matrix = net.matrix
    shifts = [
        (float(matrix[0, 0] * a + matrix[0, 1] * b), float(matrix[1, 0] * a + matrix[1, 1] * b))
        for a in range(-2, 3)
        for b in range(-2, 3)
    ]
    named = [
        (f"{as_text(k)} recruits {Units(net).text(units)}", all_) for (k, units), all_ in recruited.items()
    ]
    return plot.tiles([_rectangle(box) for box in boxes(net)], named, shifts, ax=ax, names=names)


def _rectangle(box: Box) -> plot.Rectangle:
    (left, right), (bottom, top) = box.sides
    return (float(left), float(right)), (float(bottom), float(top))
