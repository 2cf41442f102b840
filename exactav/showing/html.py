"""HTML for notebooks: small cards of facts, tables and bars that read well on light and dark pages.

Colours are those of the page around it, or half transparent. All texts are escaped, and what is long is cut,
so that no card is larger than ``LIMIT`` characters, whatever is shown.
"""

from collections.abc import Hashable, Iterable, Sequence
from html import escape
from typing import Any

import sympy

from exactav.errors import MissingExtraError
from exactav.showing import typesetting
from exactav.showing.markup import Html as Html
from exactav.showing.markup import text as text
from exactav.showing.mathml import mathml
from exactav.texts import as_text, spelled

LIMIT = 18_000  # characters of a card
_LINE = "border-bottom:1px solid rgba(128,128,128,.35)"
_CELL = "padding:1px 10px 1px 0;border:0;vertical-align:top;background:transparent"
_QUIET = "opacity:.7"
_WIDEST = 60.0  # em, of mathematics in a cell
_LONGEST = 1_300  # characters of MathML in a cell


def math(latex: str) -> Html:
    """Mathematics within a line: MathML where that is installed and short, else LaTeX for MathJax.

    >>> math(r"\\alpha").startswith(("<math", "$"))
    True
    """
    if len(latex) > 2_000 or typesetting.width(latex) > _WIDEST:
        return text(latex, 120)
    found = _typeset(latex, "inline")
    return found if found and len(found) <= _LONGEST else Html(f"${escape(latex, quote=False)}$")


def displayed(latex: str, most: int = 6_000) -> Html:
    """Displayed mathematics, such as an align* environment: MathML where that is installed, else LaTeX."""
    if len(latex) > most:
        return text(latex, 300)
    plain = latex if latex.startswith(r"\begin") else f"$${latex}$$"
    return _typeset(latex, "block") or Html(escape(plain, quote=False))


def _typeset(latex: str, display: str) -> Html | None:
    try:
        return mathml(latex, display)
    except MissingExtraError:
        return None


def prose(latex: str) -> Html:
    """A sentence with mathematics between dollars, which MathJax typesets."""
    plain = latex.replace("~", " ").replace("``", "“").replace("''", "”")
    return Html(f"<div>{escape(plain, quote=False)}</div>") if len(plain) <= 4_000 else text(plain, 300)


def number(expr: sympy.Expr, most: int = 32) -> Html:
    """An exact number or expression: whole where it is short, and how long it is where not.

    >>> number(sympy.Rational(3, 8)), number(sympy.Integer(10) ** 100)
    ('3/8', 'an integer of 101 digits')
    """
    if expr.is_Rational:
        digits = [max(1, int(int(part).bit_length() * 0.30103) + 1) for part in (expr.p, expr.q)]
        if sum(digits) <= most:
            return text(expr, most + 10)
        if expr.q == 1:
            return text(f"an integer of {digits[0]} digits")
        return text(f"a fraction, {digits[0]} digits / {digits[1]} digits")
    written = typesetting.expression(expr) if expr.count_ops() <= 60 else ""
    if not written or typesetting.width(written) > _WIDEST:
        return text(f"an expression of {expr.count_ops():,} operations")
    return math(written)


def bar(share: float) -> Html:
    """A bar of a share of its column, from 0 to 1."""
    width = round(100 * max(0.0, min(1.0, share)), 1)
    style = f"display:inline-block;height:.75em;width:{width}%;min-width:1px;background:rgba(0,114,178,.75)"
    return Html(f'<div style="width:9em"><span style="{style}"></span></div>')


def table(header: Sequence[str], rows: Iterable[Sequence[Html]], right: Sequence[int] = ()) -> Html:
    """A table of cells that are HTML.

    Args:
        header: plain texts.
        right: columns whose cells stand to the right.
    """

    def row(cells: Sequence[str], tag: str, style: str) -> str:
        sides = ["right" if place in right else "left" for place in range(len(cells))]
        inside = "".join(
            f'<{tag} style="{_CELL};text-align:{side};{style}">{cell}</{tag}>'
            for cell, side in zip(cells, sides, strict=True)
        )
        return f'<tr style="background:transparent">{inside}</tr>'

    head = row([escape(spelled(name)) for name in header], "th", f"font-weight:600;{_LINE}")
    body = "".join(row(cells, "td", "") for cells in rows)
    return Html(f'<table style="border-collapse:collapse;margin:4px 0">{head}{body}</table>')


def facts(pairs: Iterable[tuple[str, Html]]) -> Html:
    """Names and values in two columns."""
    rows = "".join(
        f'<tr style="background:transparent"><td style="{_CELL};text-align:left;{_QUIET}">'
        f"{escape(spelled(name))}</td>"
        f'<td style="{_CELL};text-align:left">{value}</td></tr>'
        for name, value in pairs
    )
    return Html(f'<table style="border-collapse:collapse;margin:4px 0">{rows}</table>')


def note(said: str) -> Html:
    """A line in a quiet colour."""
    return Html(f'<div style="{_QUIET}">{text(said, 400)}</div>')


def code(source: str) -> Html:
    """Python to copy, line by line."""
    lines = "\n".join(text(line, 2_000) if line.strip() else "" for line in source.splitlines())
    return Html(f'<div style="white-space:pre;font-family:monospace;margin:4px 0">{lines}</div>')


def card(title: str, *parts: Html) -> Html:
    """A title and what is below it; parts that would make it longer than ``LIMIT`` are left out, and said."""
    found = f'<div style="font-weight:600">{text(title, 200)}</div>'
    for part in parts:
        if len(found) + len(part) > LIMIT:
            found += note("More is left out here, as it is too long.")
            continue
        found += part
    return Html(f'<div style="overflow-x:auto">{found}</div>')


def picture(
    positions: Sequence[tuple[float, float]],
    edges: Iterable[tuple[int, int, float]],
    labels: Sequence[Hashable],
    sizes: Sequence[float],
    side: int = 300,
) -> Html:
    """A drawing of a network as SVG: units as discs, edges as lines.

    Args:
        positions: of units, from 0 to 1.
        edges: (sender, receiver, share of the largest weight); the strongest ones are drawn.
        sizes: of the discs, from 0 to 1.
    """
    margin, room = 24, side - 48
    places = [(round(margin + x * room), round(margin + y * room)) for x, y in positions]
    strongest = sorted((edge for edge in edges if edge[0] != edge[1]), key=lambda edge: -edge[2])[:400]
    paths: dict[int, str] = {}
    for sender, receiver, weight in strongest:
        (a, b), (c, d) = places[sender], places[receiver]
        level = 1 + int(3 * min(0.999, weight))
        paths[level] = paths.get(level, "") + f"M{a} {b}L{c} {d}"
    lines = "".join(
        f'<path d="{path}" stroke="currentColor" stroke-opacity="{0.12 + 0.15 * level:.2f}" fill="none"/>'
        for level, path in sorted(paths.items())
    )
    discs = "".join(
        f'<circle cx="{x}" cy="{y}" r="{4 + 5 * size:.1f}" fill="#0072B2"/>'
        for (x, y), size in zip(places, sizes, strict=True)
    )
    names = ""
    if len(labels) <= 24:
        names = "".join(
            f'<text x="{x}" y="{y - 11}" font-size="11" text-anchor="middle" fill="currentColor">'
            f"{_short(label)}</text>"
            for (x, y), label in zip(places, labels, strict=True)
        )
    said = f"{len(labels)} units and their strongest connections"
    frame = f'<svg viewBox="0 0 {side} {side}" width="{side}" height="{side}" role="img" aria-label="{said}">'
    return Html(f"{frame}{lines}{discs}{names}</svg>")


def _short(label: Any) -> Html:
    said = spelled(as_text(label)[:40])
    return Html(escape(said if len(said) <= 14 else f"{said[:13]}…"))
