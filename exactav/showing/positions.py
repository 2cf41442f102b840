"""Where units stand in a picture of a network."""

from collections.abc import Iterable
from math import cos, pi, sin

_MOST = 400  # units that forces place; more stand on a circle


def positions(n_units: int, edges: Iterable[tuple[int, int]]) -> list[tuple[float, float]]:
    """A place from (0, 0) to (1, 1) for each unit, the same each time.

    Units of a ring, and too many ones, stand on a circle; others are placed by the forces of springs.
    """
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(n_units))
    graph.add_edges_from((i, j) for i, j in edges if i != j)
    dense = graph.number_of_edges() > 0.8 * n_units * (n_units - 1) / 2
    is_ring = n_units > 2 and all(degree == 2 for _, degree in graph.degree()) and nx.is_connected(graph)
    if n_units > _MOST or dense:
        return [_on_circle(unit, n_units) for unit in range(n_units)]
    if is_ring:
        order = list(nx.dfs_preorder_nodes(graph, 0))
        places = {unit: _on_circle(place, n_units) for place, unit in enumerate(order)}
        return [places[unit] for unit in range(n_units)]
    found = nx.spring_layout(graph, seed=1, iterations=100)
    points = [(float(found[unit][0]), float(found[unit][1])) for unit in range(n_units)]
    ends = [(min(axis), max(axis)) for axis in zip(*points, strict=True)]
    spans = [high - low or 1.0 for low, high in ends]
    return [
        ((x - ends[0][0]) / spans[0], (y - ends[1][0]) / spans[1]) if n_units > 1 else (0.5, 0.5)
        for x, y in points
    ]


def _on_circle(place: int, n_units: int) -> tuple[float, float]:
    if n_units == 1:
        return 0.5, 0.5
    angle = 2 * pi * place / n_units - pi / 2
    return 0.5 + 0.5 * cos(angle), 0.5 + 0.5 * sin(angle)
