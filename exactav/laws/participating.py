"""A picture of who takes part in whose avalanches."""

from typing import TYPE_CHECKING

from exactav.errors import TooCostlyError, UnboundSymbolError
from exactav.laws.marginals import participation
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.texts import as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_UNITS = 400


@of_network
def plot_participation(net: Network, ax: "Axes | None" = None) -> "Axes":
    """Draw the probability that each unit fires in an avalanche of each start, as colours; return the axes.

    Args:
        ax: matplotlib Axes to draw on; new ones unless given.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UnboundSymbolError: the network has symbols.
        TooCostlyError: it has more than 400 units.

    >>> import exactav as ea
    >>> plot_participation(ea.families.ring(5, "alpha"))
    Traceback (most recent call last):
    exactav.errors.UnboundSymbolError: a picture needs numbers: put values in with net.at(...)
    """
    if net.symbols:
        raise UnboundSymbolError("a picture needs numbers: put values in with net.at(...)")
    if net.n_units > _MOST_UNITS:
        raise TooCostlyError(
            f"a picture of {net.n_units:,} x {net.n_units:,} pairs: at most {_MOST_UNITS} units"
        )
    rows = [[float(value) for value in row] for row in participation(net).tolist()]
    from exactav.showing import pictures

    return pictures.matrix(
        rows, ax=ax, labels=list(map(as_text, net.labels)), names=("start", "unit that fires")
    )
