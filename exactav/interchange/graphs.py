"""networkx graphs, in and out."""

from collections.abc import Callable, Hashable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError, OptionError
from exactav.interchange.draft import DEFAULT_COUPLING, Draft, Entries, edge_name, entry
from exactav.network.asked import of_network
from exactav.network.entries import check_size
from exactav.network.families import suggestion
from exactav.network.floats import checked_denominator, from_float
from exactav.network.network import Network
from exactav.numbers.expressions import described
from exactav.texts import quoted

if TYPE_CHECKING:
    import networkx as nx

_MARK = "exactav"  # the attribute of a graph that to_networkx wrote


class _UnlessSaid(Enum):
    """What stands where nothing is given and None means something."""

    UNLESS_SAID = "9/10, unless the graph is that of a network"

    def __repr__(self) -> str:
        return self.value


UNLESS_SAID = _UnlessSaid.UNLESS_SAID


def from_networkx(
    G: Any,
    coupling: Any = UNLESS_SAID,
    weight: str | None = "weight",
    *,
    thresholds: Any = None,
    drive: Any = None,
    increment: Any = None,
    max_denominator: int | None = None,
) -> Network:
    """The network of a networkx graph: an edge u -> v means that u sends to v, so it is the entry W[v, u].

    Attributes of nodes are read where they have these names: ``threshold``, or ``leak`` (the threshold is
    then that plus what all edges bring), and ``drive`` (0 where a node has none). An attribute ``increment``
    of the graph is read, too.

    A graph that :func:`to_networkx` wrote says what it is: it is turned back into the equal network, or, with
    ``coupling``, ``thresholds``, ``drive`` or ``increment``, into one that differs in these. If it has been
    changed in between, the changes count.

    Args:
        G: any networkx graph. Undirected edges send both ways, parallel edges add, a self-loop counts
            once. The nodes become the labels, in the order of G.
        coupling: all weights are multiplied by one factor such that the largest row sum of W (the largest
            in-strength, self-loops included) is this; None takes the weights as they are. Unless given, 9/10,
            and the weights as they are in a graph of :func:`to_networkx`.
        weight: edge attribute with the exact weight; edges without it count 1. None: all edges count 1.
        thresholds, drive, increment: as in :class:`~exactav.network.Network`, instead of the attributes; 1,
            uniform and none where neither is given.
        max_denominator: round floats of the graph to fractions of at most this denominator.

    Raises:
        InexactError: a weight is a float; the message names the edge.
        InvalidNetworkError: G has no nodes; or no weight above 0, so that no factor reaches the coupling; or
            symbols leave open which row sum is the largest; or only some nodes have a threshold or leak, or
            nodes have both.
        OptionError: no edge has the attribute asked for.

    >>> import networkx as nx
    >>> G = nx.DiGraph([("sender", "receiver")])
    >>> net = from_networkx(G, coupling="1/2")
    >>> net.weights[net.index("receiver"), net.index("sender")]
    1/2
    >>> from_networkx(to_networkx(net)) == net
    True
    """
    import networkx as nx

    if not isinstance(G, nx.Graph):
        raise InvalidNetworkError(f"a {type(G).__name__} is no networkx graph: give a Graph or DiGraph")
    _check_attribute(G, weight)
    most = checked_denominator(max_denominator)

    def read(value: Any, where: str) -> sympy.Expr:
        return entry(from_float(value, most) if most is not None else value, where)

    numbers = Entries(read)
    draft = _draft(G, lambda data, where: numbers.read(1 if weight is None else data.get(weight, 1), where))
    is_network = _MARK in G.graph
    leak = None
    if thresholds is None:
        thresholds, leak = _of_nodes(G, "threshold", read), _of_nodes(G, "leak", read)
        if thresholds is not None and leak is not None:
            raise InvalidNetworkError("nodes have both threshold and leak: keep one, or give thresholds")
    if drive is None:
        drive = _of_nodes(G, "drive", read, None if is_network else 0)
    if increment is None and (of_graph := G.graph.get("increment")) is not None:
        increment = read(of_graph, "increment of the graph")
    if coupling is UNLESS_SAID:
        coupling = None if is_network else DEFAULT_COUPLING
    given = 1 if thresholds is None else thresholds
    return Draft(draft.labels, draft.entries, given, drive, increment, leak).network(coupling)


@of_network
def to_networkx(net: Network) -> "nx.DiGraph[Hashable]":
    """The directed graph of a network, which :func:`from_networkx` turns back into an equal network.

    There is an edge u -> v with ``weight`` W[v, u] for each weight that is not 0. Nodes carry ``threshold``
    and ``drive``, the graph ``increment`` if there is one; all are exact. The attribute ``exactav`` of the
    graph is the version of this layout.

    >>> to_networkx(Network([[0, "1/2"], [0, 0]], labels="ab")).edges(data="weight")
    OutEdgeDataView([('b', 'a', 1/2)])
    """
    import networkx as nx

    graph: nx.DiGraph[Hashable] = nx.DiGraph()
    graph.graph[_MARK] = 1
    if net.increment is not None:
        graph.graph["increment"] = net.increment
    for label, threshold, drive in zip(net.labels, net.thresholds, net.drive, strict=True):
        graph.add_node(label, threshold=threshold, drive=drive)
    for (i, j), weight in net.entries.items():
        graph.add_edge(net.labels[j], net.labels[i], weight=weight)
    return graph


def _of_nodes(
    G: Any, attribute: str, read: Callable[[Any, str], sympy.Expr], missing: Any = None
) -> list[sympy.Expr] | None:
    """The values of an attribute of the nodes; None where no node has it."""
    values = dict(G.nodes(data=attribute))
    without = [node for node, value in values.items() if value is None]
    if len(without) == len(values):
        return None
    if without and missing is None:
        raise InvalidNetworkError(
            f"node {quoted(without[0])} has no {attribute}, as others have: set it, or give "
            f"{'drive' if attribute == 'drive' else 'thresholds'}"
        )
    return [
        read(missing if value is None else value, f"{attribute} of node {quoted(node)}")
        for node, value in values.items()
    ]


def _draft(G: Any, weight_of: Any) -> Draft:
    labels = list(G.nodes)
    if not labels:
        raise InvalidNetworkError("a graph without nodes: give at least one unit")
    index = {label: i for i, label in enumerate(labels)}
    entries: dict[tuple[int, int], sympy.Expr] = {}
    check_size(len(labels), G.number_of_edges() * (1 if G.is_directed() else 2))
    for sender, receiver, data in G.edges(data=True):
        value = weight_of(data, partial(edge_name, sender, receiver, "weight of "))
        j, i = index[sender], index[receiver]
        pairs = [(i, j)] if G.is_directed() or i == j else [(i, j), (j, i)]
        for pair in pairs:
            entries[pair] = entries[pair] + value if pair in entries else value
    return Draft(labels, entries)


def _check_attribute(G: Any, weight: str | None) -> None:
    # Without this a misspelt attribute would silently make all weights equal.
    if weight is None:
        return
    if not isinstance(weight, str):
        raise ArgumentError(f"weight = {described(weight)}: give the name of an edge attribute, or None")
    if weight == "weight" or not G.number_of_edges():
        return
    attributes = {str(key): None for *_, data in G.edges(data=True) for key in data}
    if weight not in attributes:
        raise OptionError(
            f"no edge has an attribute {quoted(weight)}{suggestion(str(weight), attributes)}; edges have "
            f"{', '.join(attributes) or 'none'}: give one of these, or weight=None to count every edge as 1"
        )
