"""A report as one HTML page that stands alone: no scripts, nothing to load, light and dark, printable."""

from collections.abc import Hashable, Sequence
from html import escape

import sympy

from exactav import __version__
from exactav.command.rendering import Report
from exactav.command.sections import Section
from exactav.formulas import get as get_formula
from exactav.formulas.catalogue import catalogue
from exactav.formulas.recognition import recognised
from exactav.laws.assembly import assembly_latex
from exactav.network.card import picture
from exactav.network.network import Network
from exactav.showing import charts, html, typesetting
from exactav.showing.markup import Html
from exactav.showing.mathml import mathml

_DRAWN = 60  # units of a network that is drawn
_ROWS = 60  # of a table; the JSON and CSV have all
_WORKED = 6  # units of a network of which an assembly is worked out
_MATRIX = 30  # units of a participation matrix
_DIGITS, _OPERATIONS, _WIDEST = 44, 150, 46.0  # of exact values in a table; the width in em
_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --line: #d5d5d5; --quiet: #5c5c5c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --paper: #17181a; --line: #3a3c40; --quiet: #a8a8a8; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem; max-width: 84rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; margin: .2rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
p, li { overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; max-width: 100%; }
.beside { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
.beside > * { max-width: 100%; }
svg { max-width: 100%; height: auto; }
table { font-variant-numeric: tabular-nums; font-size: .92rem; }
math { font-size: 1.05rem; }
.matrix td { width: 1.5rem; height: 1.5rem; padding: 0; border: 1px solid var(--paper); }
.matrix th { font-weight: 400; font-size: .8rem; padding: 0 .3rem; text-align: right; white-space: nowrap; }
.matrix .column { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; padding: .3rem 0; }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  h2, tr, svg { break-inside: avoid; }
  .scroll { overflow: visible; }
}
"""
_THEOREM = (
    (
        "An avalanche of start k has the assembly A, with the tree weight of A and the forest weight of the "
        "units that stay silent:",
        r"P(A \mid k) = \frac{\tau_k(A)\, f(\bar{A})}{\det M_{\setminus k}}, \quad "
        r"\tau_k(A) = \det L[A]_{\setminus k}, \quad f(\bar{A}) = \det(L[\bar{A}] + \mathrm{diag}(s))",
    ),
    ("With M = diag(U) - W and its inverse, the Green matrix:", r"G = M^{-1}"),
    (
        "Unit j takes part in an avalanche of start k, and the mean size is the sum over all units:",
        r"P(j \in A \mid k) = \frac{G_{jk}}{G_{kk}}, \quad \langle L \rangle_k = \sum_j G_{jk} / G_{kk}",
    ),
)
_SOURCE = "M. Schünemann, U. Ernst, M. Kesseböhmer, arXiv:2202.02520; derivations 01 to 07 of exactav."


def page(report: Report, net: Network, asked: str) -> str:
    """The page of a report.

    Args:
        asked: the command that was given, for the reader.

    Raises:
        MissingExtraError: latex2mathml is not installed.
    """
    is_exact = not any(section.relative_error for section in report.sections)
    exactness = "All probabilities are exact; decimals are correctly rounded."
    exactness = exactness if is_exact else "All digits are certain; probabilities are in floating point."
    facts = html.facts((key, html.text(value, 300)) for key, value in report.facts.items())
    drawing = picture(net) if net.n_units <= _DRAWN else html.note("Not drawn: it has more than 60 units.")
    parts = [
        f"<h1>{html.text(report.title, 300)}</h1>",
        f'<p class="quiet">Asked by <code>{html.text(asked, 400)}</code>, exactav {__version__}. '
        f"{exactness}</p>",
        f'<div class="beside">{facts}<div>{drawing}</div></div>',
        *(_section(section, report) for section in report.sections),
        _formulas(net),
    ]
    title = html.text(report.title, 100)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _section(section: Section, report: Report) -> str:
    head = f"<h2>{html.text(section.title, 300)}</h2>"
    note = f'<p class="quiet">{html.text(section.note, 600)}</p>' if section.note else ""
    if not section.rows:
        return head + note
    if section.columns:
        return head + _matrix(section) + note
    body = [f'<div class="scroll">{_table(section, report)}</div>']
    if (points := _points(section)) and len(points) > 1:
        body.append(f"<div>{charts.curve(points, name=section.outcome_name)}</div>")
    if len(section.rows) > _ROWS:
        left = f"{_ROWS} of {len(section.rows):,} rows; --format json or csv has all."
        note += f'<p class="quiet">{left}</p>'
    return f'{head}<div class="beside">{"".join(body)}</div>{note}'


def _table(section: Section, report: Report) -> Html:
    is_law = list(section.quantities) == ["probability"]
    shown = section.rows[:_ROWS]
    largest = max((_float(values[0]) for _, values in shown), default=1.0) or 1.0
    has_decimals = not any(value.free_symbols for _, values in shown for value in values)
    has_exact = is_law and has_decimals and not section.relative_error
    rows = []
    for outcome, values in shown:
        cells = [html.text(outcome.text, 80)]
        for value in values:
            decimal = report.decimal(value, section.relative_error)
            cells.append(html.text(decimal) if decimal else _exact(value))
        cells += [_exact(values[0])] * has_exact
        cells += [html.bar(_float(values[0]) / largest)] * (is_law and has_decimals)
        rows.append(cells)
    header = [section.outcome_name, *section.quantities, *["exact"] * has_exact]
    header += [""] * (is_law and has_decimals)
    return html.table(header, rows, range(1, 1 + len(section.quantities)) if has_decimals else ())


def _exact(value: sympy.Expr) -> Html:
    """An exact value, typeset where it is not too long."""
    if value.is_Rational or value.count_ops() > _OPERATIONS:
        return html.number(value, _DIGITS)
    written = typesetting.expression(value)
    if typesetting.width(written) > _WIDEST:
        return html.number(value, _DIGITS)
    return mathml(written, display="inline")


def _points(section: Section) -> dict[int, float]:
    """What a chart of a law of a number shows; nothing of others."""
    if list(section.quantities) != ["probability"]:
        return {}
    if not all(isinstance(outcome.data, int) for outcome, _ in section.rows):
        return {}
    if any(values[0].free_symbols for _, values in section.rows):
        return {}
    return {outcome.data: _float(values[0]) for outcome, values in section.rows}


def _float(value: sympy.Expr) -> float:
    return 0.0 if value.free_symbols else float(value)


def _matrix(section: Section) -> str:
    """Probabilities as shades, the column's unit starts."""
    if len(section.rows) > _MATRIX or any(value.free_symbols for _, row in section.rows for value in row):
        return f'<p class="quiet">Left out: more than {_MATRIX} units, or symbols; --format json has it.</p>'
    names = "".join(f'<th><span class="column">{_brief(c.text)}</span></th>' for c in section.columns)
    rows = []
    for outcome, values in section.rows:
        cells = "".join(
            f'<td style="background:rgba(0,114,178,{_float(value):.3f})" title="{_float(value):.4g}"></td>'
            for value in values
        )
        rows.append(f"<tr><th>{_brief(outcome.text)}</th>{cells}</tr>")
    return f'<div class="scroll"><table class="matrix"><tr><th></th>{names}</tr>{"".join(rows)}</table></div>'


def _brief(text: str) -> Html:
    return html.text(text if len(text) <= 16 else f"{text[:15]}…", 20)


def _formulas(net: Network) -> str:
    parts = ["<h2>Where the numbers come from</h2>"]
    for said, latex in _THEOREM:
        parts.append(f'<p>{escape(said)}</p><div class="scroll">{mathml(latex)}</div>')
    parts.append(f'<p class="quiet">{escape(_SOURCE)}</p>')
    for formula_id, given in _closed(net):
        formula = get_formula(formula_id)
        said = f"{formula.name}, {given} ({formula.id})"
        parts.append(f'<p>{html.text(said, 300)}</p><div class="scroll">{mathml(formula.latex())}</div>')
    if net.n_units <= _WORKED:
        written = assembly_latex(net, _assembly(net), net.labels[0])
        parts.append(f'<p>One assembly worked out:</p><div class="scroll">{mathml(written)}</div>')
    return "\n".join(parts)


def _assembly(net: Network) -> list[Hashable]:
    """The first unit, and one that receives from it if there is one."""
    reached = [label for label, row in zip(net.labels, net.weight_rows, strict=True) if 0 in dict(row)]
    return [net.labels[0], *[label for label in reached if label != net.labels[0]][:1]]


def _closed(net: Network) -> Sequence[tuple[str, str]]:
    """Closed forms of the families that the network is one of, and its parameters."""
    found = []
    for one in recognised(net)[:2]:
        given = ", ".join(f"{name} = {value}" for name, value in one.parameters.items())
        ids = [f"{one.family}.{what}" for what in ("size", "mean") if f"{one.family}.{what}" in catalogue()]
        found += [(formula_id, given) for formula_id in ids]
    return found
