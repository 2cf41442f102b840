"""Whether a network is of a structure, as its weights say."""

from typing import TYPE_CHECKING

from exactav.network.network import Network

if TYPE_CHECKING:
    import networkx as nx


def _joined(net: Network) -> "nx.Graph[int]":
    import networkx as nx

    graph = nx.Graph((i, j) for i, j in net.entries if i != j)
    graph.add_nodes_from(range(net.n_units))
    return graph


def is_tree(net: Network) -> bool:
    """Whether the connections, both ways, make a tree."""
    import networkx as nx

    return nx.is_tree(_joined(net)) and _is_both_ways(net)


def _is_both_ways(net: Network) -> bool:
    return all((j, i) in net.entries for i, j in net.entries)


def is_ring(net: Network) -> bool:
    """Whether the connections, both ways, are those of each unit to the next one."""
    n = net.n_units
    neighbours = {frozenset((i, (i + 1) % n)) for i in range(n)}
    return {frozenset(pair) for pair in net.entries if pair[0] != pair[1]} == neighbours and _is_both_ways(
        net
    )


def is_circulant(net: Network) -> bool:
    """Whether w_ij depends on i - j alone."""
    n, weights = net.n_units, net.weights
    return all(weights[i, j] == weights[(i + 1) % n, (j + 1) % n] for i in range(n) for j in range(n))


def is_lumped(net: Network) -> bool:
    """Whether there are at most two classes of interchangeable units."""
    return len(net.system.classes) <= 2


def is_any(net: Network) -> bool:
    """Whether it is a network."""
    return True
