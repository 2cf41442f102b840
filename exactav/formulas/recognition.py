"""Which families with closed formulas a network belongs to, from its weights alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import sympy

from exactav.network import families
from exactav.network.network import Network

if TYPE_CHECKING:
    import networkx as nx

Order = Sequence[int]
_ALIKE = {"homogeneous", "homogeneous_without_self", "ring", "directed_ring", "k_ring"}


class Recognised(NamedTuple):
    """A family of :mod:`exactav.network.families`, whose name begins the IDs of its formulas; and parameters.

    ``is_transitive`` says that all units are alike, so that its formulas hold for each start.
    """

    family: str
    parameters: Mapping[str, Any]
    is_transitive: bool


def recognised(net: Network) -> list[Recognised]:
    """The families that the network is one of, up to the order of its units.

    All thresholds must be 1, the drive uniform unless all units are alike, and weights rational. A k-ring is
    only seen in its own order.

    >>> [(found.family, dict(found.parameters)) for found in recognised(families.star(4, "3/4"))]
    [('star', {'N': 4, 'alpha': 3/4}), ('bipartite', {'n': 1, 'm': 3, 'alpha': 3/4})]
    """
    if net.symbols or any(threshold != 1 for threshold in net.thresholds):
        return []
    is_uniform = len(set(net.drive)) == 1
    rows = [dict(row) for row in net.weight_rows]
    found = []
    for family, parameters, order in _candidates(net, rows):
        make: Callable[..., Network] = getattr(families, family)
        place = {unit: i for i, unit in enumerate(order)}
        permuted = [{place[j]: weight for j, weight in rows[unit].items()} for unit in order]
        if (family in _ALIKE or is_uniform) and list(map(dict, make(**parameters).weight_rows)) == permuted:
            found.append(Recognised(family, parameters, family in _ALIKE))
    return found


def _candidates(
    net: Network, rows: list[dict[int, sympy.Expr]]
) -> Iterator[tuple[str, dict[str, Any], Order]]:
    """Families whose numbers of units and sums of weights agree, with an order of the units."""
    n = net.n_units
    everyone = range(n)
    sums = [sum(row.values(), sympy.Integer(0)) for row in rows]
    alpha = max(sums, key=lambda value: value.evalf(30))
    if not alpha.is_Rational or not 0 <= alpha < 1:
        return
    import networkx as nx

    graph = nx.DiGraph([(i, j) for i, row in enumerate(rows) for j in row])
    graph.add_nodes_from(everyone)
    given = {"N": n, "alpha": alpha}
    yield "homogeneous", given, everyone
    if n > 1:
        yield "homogeneous_without_self", given, everyone
        k = sum(1 for j in rows[0] if j) // 2
        if k > 1:
            yield "k_ring", given | {"k": k}, everyone
    if n < 2 or not nx.is_weakly_connected(graph):
        return
    degrees = dict(graph.out_degree)
    lowest, highest = min(degrees.values()), max(degrees.values())
    if highest == 1:
        # unit i + 1 receives from unit i, so it comes first when senders are followed
        yield "directed_ring", given, _walk(graph, 0)[::-1]
    if highest <= 2:
        if lowest == highest == min(2, n - 1):
            yield "ring", given, _walk(graph, 0)
        ends = [unit for unit in everyone if degrees[unit] == 1]
        if len(ends) == 2 and n > 2:
            yield "line", given, _walk(graph, ends[0])
    hub = max(everyone, key=degrees.__getitem__)
    if degrees[hub] == n - 1:
        yield "star", given, [hub, *(unit for unit in everyone if unit != hub)]
    undirected = graph.to_undirected()
    if nx.is_bipartite(undirected):
        one, other = (sorted(side) for side in nx.bipartite.sets(undirected))
        yield "bipartite", {"n": len(one), "m": len(other), "alpha": alpha}, [*one, *other]


def _walk(graph: "nx.DiGraph[int]", begin: int) -> list[int]:
    """Units in the order in which neighbours are followed, without turning back."""
    order, seen = [begin], {begin}
    while following := [unit for unit in graph[order[-1]] if unit not in seen]:
        order.append(min(following))
        seen.add(order[-1])
    return [*order, *(unit for unit in graph if unit not in seen)]
