"""One self-contained page about one network: tables, pictures, formulas; no scripts, no other files."""

from collections.abc import Hashable, Iterator
from decimal import Decimal

import sympy

from exactav import __version__
from exactav.command.figures import LARGEST_PICTURE, law_svg, network_svg
from exactav.command.formulae import behind, closed_forms, worked
from exactav.command.markup import bar, escaped, mathml, shade, table
from exactav.command.rendering import Report
from exactav.command.sections import Section, unit_texts
from exactav.command.style import STYLE
from exactav.laws.marginals import participation_overall
from exactav.network.network import Network
from exactav.numbers.digits import decimal_digits
from exactav.showing import latex

_GUARDED = 30  # digits that are rounded to three decimals
_MOST_ROWS = 200  # of a table
_LARGEST_MATRIX = 40  # units of a heat map
_LONGEST_FORMULA = 200  # characters of an expression that is typeset
_LONGEST_EXACT = 48  # characters of an exact value beside its decimals


def page(report: Report, net: Network, start: Hashable | None, command: str) -> str:
    """The page, as HTML, of what a command found.

    Args:
        report: what it found.
        start: the unit that fires first, if one is asked for.
        command: as it was given.

    Raises:
        MissingExtraError: latex2mathml is not installed.
    """
    title = escaped(report.title)
    facts = "".join(
        f"<div><dt>{escaped(key)}</dt><dd>{escaped(value)}</dd></div>" for key, value in report.facts.items()
    )
    begun = "all, weighted by the drive" if start is None else escaped(unit_texts(net)[start])
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f'<meta name="generator" content="exactav {__version__}">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style></head><body><main>",
        f"<header><h1>{title}</h1>",
        f'<p class="asked"><code>{escaped(command)}</code></p>',
        f"<dl>{facts}<div><dt>starts</dt><dd>{begun}</dd></div></dl></header>",
        _picture(net, start),
        *(_section(section, report, start) for section in report.sections),
        *_formulas(report, net, start),
        f"<footer>Computed by exactav {__version__}. Fractions are exact; decimals are correctly rounded. "
        "The theory: Schünemann, Ernst &amp; Kesseböhmer, <cite>arXiv:2202.02520</cite>; derivations are "
        "those of <code>exactav derive</code>.</footer>",
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _picture(net: Network, start: Hashable | None) -> str:
    if net.n_units > LARGEST_PICTURE:
        said = f"Not drawn: it has {net.n_units:,} units, more than {LARGEST_PICTURE}."
        return f'<section id="network"><h2>Network</h2><p class="note">{said}</p></section>'
    shares = None if net.symbols else [float(p) for p in participation_overall(net, start)]
    drawn = network_svg(net, shares, list(unit_texts(net).values()))
    said = "Arrows lead from senders to receivers, as wide as the weight."
    if shares is not None:
        said += " The stronger the colour of a unit, the more often it takes part."
    return (
        f'<section id="network"><h2>Network</h2><figure>{drawn}<figcaption>{said}</figcaption></figure>'
        "</section>"
    )


def _section(section: Section, report: Report, start: Hashable | None) -> str:
    parts = [f"<h2>{escaped(section.title)}</h2>"]
    parts += [
        f'<div class="formula">{mathml(written)}<p>{said}</p></div>'
        for written, said in behind(section, start)
    ]
    if section.note:
        parts.append(f'<p class="note">{escaped(section.note)}</p>')
    if section.rows and section.columns:
        parts.append(_heat_map(section, report))
    elif section.rows:
        points = _points(section)
        if len(points) > 1:
            parts.append(f"<figure>{law_svg(points, section.outcome_name)}</figure>")
        parts.append(_table(section, report))
    return f'<section id="{escaped(section.name)}">{"".join(parts)}</section>'


def _points(section: Section) -> dict[int, float]:
    """A law of a number without symbols as floats; nothing for all other sections."""
    if list(section.quantities) != ["probability"] or not isinstance(section.rows[0][0].data, int):
        return {}
    if any(values[0].free_symbols for _, values in section.rows):
        return {}
    return {outcome.data: float(values[0]) for outcome, values in section.rows}


def _table(section: Section, report: Report) -> str:
    rows = section.rows[:_MOST_ROWS]
    is_law = list(section.quantities) == ["probability"]
    numeric = is_law and not any(v.free_symbols for _, values in rows for v in values)
    largest = max((float(values[0]) for _, values in rows), default=1.0) if numeric else 1.0
    header = [escaped(section.outcome_name), *map(escaped, section.quantities)]
    body = []
    for outcome, values in rows:
        cells = [escaped(outcome.text)]
        for value in values:
            decimal = report.decimal(value, section.relative_error)
            exact = "" if section.relative_error else str(value)
            if not decimal:
                shown = _symbolic(value)
            elif "/" in exact and len(exact) <= _LONGEST_EXACT / len(values):
                shown = f'{decimal} <span class="exact">{escaped(exact)}</span>'
            else:
                shown = decimal if section.relative_error or not value.is_Integer else exact
            cells.append(shown)
        if numeric:
            cells.append(bar(float(values[0]) / largest if largest else 0.0))
        body.append(cells)
    more = ""
    if len(section.rows) > len(rows):
        more = (
            f'<p class="note">The first {len(rows):,} of {len(section.rows):,}: all with --format json.</p>'
        )
    return table([*header, *[""] * numeric], body) + more


def _symbolic(value: sympy.Expr) -> str:
    """An expression as a formula, or as text where it is long; as text it can be copied from either."""
    text = escaped(value)
    if len(text) > _LONGEST_FORMULA:
        return f'<span class="exact">{text}</span>'
    return f'<span title="{text}">{mathml(latex.expression(value), block=False)}</span>'


def _heat_map(section: Section, report: Report) -> str:
    if len(section.rows) > _LARGEST_MATRIX:
        return (
            f'<p class="note">Not shown: {len(section.rows):,} units, more than {_LARGEST_MATRIX}; all with '
            "--format json.</p>"
        )
    header = ["", *(f"<span>{escaped(column.text)}</span>" for column in section.columns)]
    rows = []
    for outcome, values in section.rows:
        cells = [escaped(outcome.text)]
        for value in values:
            if value.free_symbols:
                cells.append(_symbolic(value))
            else:
                cells.append(shade(float(value), _thousandths(value)))
        rows.append(cells)
    return f'<div class="heat">{table(header, rows)}</div>'


def _formulas(report: Report, net: Network, start: Hashable | None) -> Iterator[str]:
    """The closed forms of the network's family, and one assembly worked out."""
    if not any(section.name == "assemblies" for section in report.sections):
        return
    found = [*closed_forms(net), *worked(net, start)]
    if found:
        items = "".join(
            f'<div class="formula"><h3>{escaped(said)}</h3><div class="wide" tabindex="0">{mathml(written)}'
            "</div></div>"
            for written, said in found
        )
        yield f'<section id="formulas"><h2>Formulas of this network</h2>{items}</section>'


def _thousandths(share: sympy.Expr) -> str:
    """A share with three decimals; 0 only where it is exactly 0."""
    if share == 0:
        return "0"
    digits = decimal_digits(share, _GUARDED)
    return str(digits.quantize(Decimal("0.001"))).removeprefix("0")
