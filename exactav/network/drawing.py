"""A picture of a network, with what its units take part in."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exactav.errors import TooCostlyError, UnboundSymbolError
from exactav.network.held import Held
from exactav.showing import drawings
from exactav.showing.positions import positions
from exactav.texts import as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_UNITS, _MOST_EDGES = 3_000, 20_000  # of a picture: some seconds


def draw(net: Held, start: Hashable | None, ax: "Axes | None") -> "Axes":
    """Units as discs, their participation as colour, their drive as size; edges as arrows.

    Raises:
        UnboundSymbolError: the network has symbols.
        TooCostlyError: it has too many units or weights.
    """
    if net.symbols:
        raise UnboundSymbolError("a picture needs numbers: put values in with net.at(...)")
    if net.n_units > _MOST_UNITS or len(net.entries) > _MOST_EDGES:
        raise TooCostlyError(
            f"a picture of {net.n_units:,} units and {len(net.entries):,} weights: at most {_MOST_UNITS:,} "
            f"and {_MOST_EDGES:,}; draw a subnetwork"
        )
    weights = {place: float(weight) for place, weight in net.entries.items()}
    largest = max(weights.values(), default=1.0)
    drive = np.array([float(share) for share in net.drive])
    return drawings.network(
        positions(net.n_units, list(weights)),
        [(j, i, weight / largest) for (i, j), weight in weights.items()],
        colours=participation(net, start).tolist(),
        sizes=(drive / drive.max()).tolist(),
        labels=list(map(as_text, net.labels)),
        ax=ax,
    )


def participation(net: Held, start: Hashable | None) -> NDArray[np.float64]:
    """P(unit fires | avalanche) as floats for a picture; :func:`exactav.participation_overall` is exact."""
    matrix = np.diag([float(threshold) for threshold in net.thresholds])
    for (i, j), weight in net.entries.items():
        matrix[i, j] -= float(weight)
    green = np.linalg.inv(matrix)
    fed = np.array([float(share) for share in net.drive])
    if start is not None:
        fed = np.zeros(net.n_units)
        fed[net.index(start)] = 1.0
    shares: NDArray[np.float64] = green @ fed / (np.diag(green) @ fed)
    return shares.clip(0.0, 1.0)
