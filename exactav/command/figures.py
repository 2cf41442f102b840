"""Pictures of networks and laws as SVG, in the colours of the page that they are in."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, hypot, log10
from typing import Any

import networkx as nx

from exactav.command.markup import escaped
from exactav.network.network import Network

LARGEST_PICTURE = 60  # units of a network that is drawn
_WIDTH, _HEIGHT = 640.0, 420.0
_RADIUS = 11.0
_LEFT, _BOTTOM, _TOP = 76.0, 40.0, 14.0  # room around a plot
_SEED = 1  # of the layout, so that a network always looks the same


def places(net: Network) -> list[tuple[float, float]]:
    """Where each unit is drawn, in the unit square: on a circle, or by springs where weights are few."""
    n = net.n_units
    graph: Any = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from((i, j) for i, j, _ in senders(net) if i != j)
    if graph.number_of_edges() > 3 * n or max(dict(graph.degree).values(), default=0) <= 2:
        at = nx.circular_layout(graph)
    else:
        at = nx.spring_layout(graph, seed=_SEED, iterations=200, k=1.6 / n**0.5)
    sides = [[float(at[unit][axis]) for unit in range(n)] for axis in (0, 1)]
    spans = [(min(side), (max(side) - min(side)) or 1.0) for side in sides]
    return [
        ((sides[0][unit] - spans[0][0]) / spans[0][1], (sides[1][unit] - spans[1][0]) / spans[1][1])
        for unit in range(n)
    ]


def senders(net: Network) -> list[tuple[int, int, float]]:
    """Receiver, sender, and size of each weight relative to the largest; 1 for weights with symbols."""
    found = [
        (i, j, 1.0 if weight.free_symbols else float(weight))
        for i, row in enumerate(net.weight_rows)
        for j, weight in dict(row).items()
    ]
    largest = max((weight for _, _, weight in found), default=1.0)
    return [(i, j, weight / largest) for i, j, weight in found]


def network_svg(net: Network, participation: Sequence[float] | None, texts: Sequence[str]) -> str:
    """The network: arrows from senders to receivers, units as dark as they take part.

    Args:
        participation: of each unit, or None where there are symbols.
        texts: how each unit is called.
    """
    margin = 44.0
    at = [
        (margin + x * (_WIDTH - 2 * margin), margin + (1 - y) * (_HEIGHT - 2 * margin))
        for x, y in places(net)
    ]
    edges = senders(net)
    directed = {(i, j) for i, j, _ in edges}
    parts = [
        f'<svg viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" class="network">'
        f"<title>{net.n_units} units and {len(edges)} weights</title>"
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" '
        'orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
    ]
    for i, j, size in edges:
        style = f'class="edge" style="stroke-width: {0.6 + 1.4 * size:.2f}" marker-end="url(#head)"'
        (x, y), (to_x, to_y) = at[j], at[i]
        if i == j:
            parts.append(
                f'<path {style} d="M{x - 7:.1f} {y - 9:.1f}C{x - 22:.1f} {y - 36:.1f} {x + 22:.1f} '
                f'{y - 36:.1f} {x + 7:.1f} {y - 9:.1f}"/>'
            )
            continue
        length = hypot(to_x - x, to_y - y) or 1.0
        along, across = (to_x - x) / length, (to_y - y) / length
        bend = min(12.0, length / 6) if (j, i) in directed else 0.0
        middle = ((x + to_x) / 2 - across * bend, (y + to_y) / 2 + along * bend)
        parts.append(
            f'<path {style} d="M{x + along * _RADIUS:.1f} {y + across * _RADIUS:.1f}Q{middle[0]:.1f} '
            f'{middle[1]:.1f} {to_x - along * (_RADIUS + 1):.1f} {to_y - across * (_RADIUS + 1):.1f}"/>'
        )
    largest = max(participation or [1.0]) or 1.0
    for unit, (x, y) in enumerate(at):
        share = 0.0 if participation is None else participation[unit] / largest
        name = texts[unit] if len(texts[unit]) <= 18 else f"{texts[unit][:17]}…"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS:.0f}" class="unit" '
            f'style="--share: {100 * share:.1f}%"><title>{escaped(texts[unit])}</title></circle>'
        )
        anchor = "end" if x > _WIDTH - 90 else "start" if x < 90 else "middle"
        shift = {"end": _RADIUS, "start": -_RADIUS, "middle": 0.0}[anchor]
        place = f'x="{x + shift:.1f}" y="{y + _RADIUS + 13:.1f}" text-anchor="{anchor}"'
        parts.append(f"<text {place}>{escaped(name)}</text>")
    return "\n".join([*parts, "</svg>"])


def law_svg(points: Mapping[int, float], name: str) -> str:
    """A law of a number: probabilities on a logarithmic axis against a linear one, as dots on stems."""
    shown = {number: p for number, p in points.items() if p > 0}
    if not shown:
        return ""
    low, high = floor(log10(min(shown.values()))), ceil(log10(max(shown.values())) - 1e-9)
    low = min(low, high - 1)
    first, last = min(shown), max(shown)

    def x(number: float) -> float:
        span = (last - first) or 1
        return _LEFT + 16 + (number - first) / span * (_WIDTH - _LEFT - 40)

    def y(p: float) -> float:
        return _TOP + (high - log10(p)) / (high - low) * (_HEIGHT * 0.7 - _TOP - _BOTTOM)

    floor_y = y(10.0**low)
    height = floor_y + _BOTTOM
    parts = [
        f'<svg viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" class="plot">'
        f"<title>Probability of each {escaped(name)}</title>"
    ]
    step = max(1, ceil((high - low) / 6))
    for power in range(low, high + 1, step):
        line = y(10.0**power)
        ends = f'y1="{line:.1f}" y2="{line:.1f}"'
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 8}" {ends}/>')
        sign = f'10<tspan dy="-5" font-size="9">{str(power).replace("-", "−")}</tspan>' if power else "1"
        parts.append(f'<text x="{_LEFT - 8}" y="{line + 4:.1f}" text-anchor="end">{sign}</text>')
    tick = next(t for k in range(12) for t in (10**k, 2 * 10**k, 5 * 10**k) if (last - first) / t <= 12)
    for number in range(ceil(first / tick) * tick, last + 1, tick):
        parts.append(f'<text x="{x(number):.1f}" y="{floor_y + 17:.1f}" text-anchor="middle">{number}</text>')
    radius = 4.0 if len(shown) <= 40 else 2.2
    for number, p in shown.items():
        parts.append(
            f'<path class="stem" d="M{x(number):.1f} {y(p):.1f}V{floor_y:.1f}"/>'
            f'<circle class="dot" cx="{x(number):.1f}" cy="{y(p):.1f}" r="{radius}">'
            f"<title>{escaped(name)} {number}: {p:.6g}</title></circle>"
        )
    parts.append(
        f'<text x="{(_LEFT + _WIDTH) / 2:.0f}" y="{height - 5:.0f}" text-anchor="middle">'
        f"{escaped(name)}</text>"
        f'<text transform="translate(12 {(floor_y + _TOP) / 2:.0f}) rotate(-90)" text-anchor="middle">'
        "probability</text>"
    )
    return "\n".join([*parts, "</svg>"])
