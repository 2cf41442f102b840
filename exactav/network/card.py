"""A network as a card for notebooks."""

import sympy

from exactav.network.held import Held
from exactav.showing import html
from exactav.showing.positions import positions
from exactav.texts import as_text

_DRAWN = 60  # units up to which there is a picture


def card(net: Held) -> html.Html:
    """Numbers of a network, and its picture if it has few units."""
    parts = [html.facts(_facts(net))]
    if net.n_units <= _DRAWN:
        parts.append(picture(net))
    return html.card(f"Network of {net.n_units:,} unit{'s' * (net.n_units > 1)}", *parts)


def _facts(net: Held) -> list[tuple[str, html.Html]]:
    labels = ", ".join(map(as_text, net.labels[:12])) + (", …" if net.n_units > 12 else "")
    found = [("units", html.text(labels, 120)), ("weights", html.text(f"{len(net.entries):,} nonzero"))]
    for name, values in (("thresholds", net.thresholds), ("leak", net.leak), ("drive", net.drive)):
        found.append((name, _values(values)))
    increment = html.text("weak drive (none given)") if net.increment is None else html.number(net.increment)
    found.append(("increment", increment))
    if net.symbols:
        found.append(("symbols", html.text(", ".join(map(str, net.symbols)), 120)))
    return found


def _values(values: tuple[sympy.Expr, ...]) -> html.Html:
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return html.Html(f"{html.number(distinct[0])} each" if len(values) > 1 else html.number(distinct[0]))
    shown = ", ".join(html.number(value, 20) for value in values[:8])
    return html.Html(shown + (f", … ({len(distinct):,} different)" if len(values) > 8 else ""))


def picture(net: Held) -> html.Html:
    """A drawing of the units and their weights."""
    numbers = {place: _size(weight) for place, weight in net.entries.items()}
    largest = max(numbers.values(), default=1.0)
    edges = [(j, i, weight / largest) for (i, j), weight in numbers.items()]
    drives = [_size(share) for share in net.drive]
    most = max(drives)
    places = positions(net.n_units, [(i, j) for i, j in net.entries])
    return html.picture(places, edges, net.labels, [share / most for share in drives])


def _size(expr: sympy.Expr) -> float:
    """A number as a float, at least a tiny one; symbols count 1."""
    return 1.0 if expr.free_symbols else max(float(expr), 1e-300)
