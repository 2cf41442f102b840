"""How sections are shown: as tables, JSON, CSV or LaTeX.

Every value is an exact expression; decimals are made from it at the very end, correctly rounded. Tables say
everything literally: nothing in a label is markup, and what cannot be printed is escaped.
"""

import csv
import io
import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import click
import sympy
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from exactav.command.sections import Outcome, Section
from exactav.errors import CheckFailedError
from exactav.numbers.digits import certain_decimal, decimal_digits
from exactav.numbers.trees import text_of
from exactav.texts import printable, printable_lines

FORMATS = ("table", "json", "csv", "latex", "html")
PIPE_WIDTH = 120  # columns of a table that does not go to a terminal
_WIDEST_EXACT = 60  # characters of an exact value beside its decimal in a terminal table
_FORMULAS = ("=", "+", "-", "@", "'")  # what begins with one is a formula to spreadsheets, or marks a text
JSON_FORMAT = 1  # grows when a reader of the old layout would misread the new one


def say(text: object, *, err: bool = False) -> None:
    """Print lines on standard output, or error: all that is printed but tables, which do the same by cell."""
    click.echo(printable_lines(str(text).removesuffix("\n")), err=err)


def plain_table(header: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table for a rich console, every cell taken literally."""
    table = Table(box=None, pad_edge=False)
    for name in header:
        table.add_column(_text(name))
    for row in rows:
        table.add_row(*map(_text, row))
    return table


def show(renderable: Group | Table) -> None:
    """Print on standard output, as wide as the terminal if it is one."""
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(renderable)


def plain_text(renderable: Group | Table) -> str:
    """The same as text of ``PIPE_WIDTH`` columns."""
    console = Console(width=PIPE_WIDTH, file=io.StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style)


@dataclass(frozen=True)
class Report:
    """Sections about one network, with a heading of plain facts."""

    title: str
    facts: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    digits: int = 10

    def decimal(self, value: sympy.Expr, relative_error: Fraction = Fraction(0)) -> str:
        """Correctly rounded decimal digits, as many as are certain; empty where symbols are left."""
        if value.free_symbols:
            return ""
        if not relative_error:
            return str(decimal_digits(value, self.digits)).replace("E", "e")
        found = certain_decimal(Fraction(int(value.p), int(value.q)), relative_error, self.digits)
        return "?" if found is None else str(found).replace("E", "e")

    def json(self) -> str:
        """One object; a reader who knows ``"format": 1`` finds in it:

        * ``format``, the version of this layout; ``title``; the facts, as texts: ``n_units``, ``weights``,
          ``leak`` or ``symbols``, ``increment``;
        * under the name of each section a list of rows, or null, and under ``NAME_note`` what is said of it;
        * a row is an object: what the row is (``size``, ``assembly``, ``unit``, ``quantity``, ...), and for
          each quantity a value ``{"exact": text, "decimal": text}``, one of them null where there is none;
        * labels are never keys: in ``participation`` a row has ``unit`` and ``starts``, a list of values,
          each with the ``start`` that it belongs to. A label is a number or a text, as in the network.
        """
        facts = {{"units": "n_units"}.get(key, key): value for key, value in self.facts.items()}
        content: list[tuple[str, Any]] = [("format", JSON_FORMAT), ("title", self.title), *facts.items()]
        for section in self.sections:
            rows = [self._json_row(section, *row) for row in section.rows]
            content.append((section.name, rows or None))
            if section.note:
                content.append((f"{section.name}_note", section.note))
        text = json.dumps(_object(content), indent=2, ensure_ascii=False)
        # what a terminal might obey is escaped here, too
        return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text) + "\n"

    def _json_row(self, section: Section, outcome: Outcome, values: Sequence[sympy.Expr]) -> dict[str, Any]:
        cells = [
            {
                "exact": None if section.relative_error else text_of(value),
                "decimal": self.decimal(value, section.relative_error) or None,
            }
            for value in values
        ]
        row = [(section.outcome_name or "quantity", outcome.data)]
        if section.columns:
            named = zip(section.columns, cells, strict=True)
            listed = [_object([(section.column_name, c.data), *cell.items()]) for c, cell in named]
            return _object([*row, (f"{section.column_name}s", listed)])
        return _object([*row, *zip(section.quantities, cells, strict=True)])

    def csv(self) -> str:
        """One line a value: section, outcome, quantity, exact, decimal.

        A spreadsheet computes texts that begin with ``=``, ``+``, ``-`` or ``@``. So texts that do, or that
        begin with an apostrophe, have an apostrophe in front, which is no part of them; numbers never have
        one. What cannot be printed is ``\\x1b`` and the like: JSON has labels as they are.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["section", "outcome", "quantity", "exact", "decimal"])
        for section in self.sections:
            for outcome, values in section.rows:
                for quantity, value in zip(section.quantities, values, strict=True):
                    exact = "" if section.relative_error else _exact_cell(value)
                    decimal = self.decimal(value, section.relative_error)
                    texts = map(text_cell, (section.name, outcome.text, quantity))
                    writer.writerow([*texts, exact, decimal])
        return text.getvalue()

    def latex(self) -> str:
        """A standalone LaTeX document."""
        from exactav.showing import latex

        parts = [" ".join(f"{latex.escape(f'{key}: {value}.')}" for key, value in self.facts.items())]
        for section in self.sections:
            parts.append(rf"\subsection*{{{latex.escape(section.title)}}}")
            if section.note:
                parts.append(latex.escape(section.note))
            if len(section.quantities) == 1 and not section.relative_error:
                parts.append(latex.aligned_equations((o.latex, values[0]) for o, values in section.rows))
            elif any(value.free_symbols for _, values in section.rows for value in values):
                for column, quantity in enumerate(section.quantities):
                    equations = [
                        (rf"\text{{{latex.escape(quantity)}}}({o.latex})", values[column])
                        for o, values in section.rows
                    ]
                    parts.append(latex.aligned_equations(equations))
            elif section.rows:
                header = [latex.escape(section.outcome_name), *map(latex.escape, section.quantities)]
                body = [
                    [f"${o.latex}$", *(f"${self.decimal(v, section.relative_error)}$" for v in values)]
                    for o, values in section.rows
                ]
                parts.append(latex.table(header, body))
        return latex.document(*parts, title=self.title)

    def renderable(self) -> Group:
        """Tables for a rich console."""
        facts = [_text(f"  {key}: {value}") for key, value in self.facts.items()]
        sections = [part for section in self.sections for part in (Text(), self._renderable(section))]
        return Group(_text(self.title, "bold"), *facts, *sections)

    def table(self) -> str:
        """The tables as plain text."""
        return plain_text(self.renderable())

    def _renderable(self, section: Section) -> Group:
        title, note = _text(section.title, "bold"), _text(section.note)
        if not section.in_terminal:
            return Group(title, Text("too wide for a terminal: --format json, csv or latex"))
        if not section.rows:
            return Group(title, note)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(_text(section.outcome_name), overflow="fold")
        if len(section.quantities) == 1:
            exact = [text_of(values[0]) for _, values in section.rows]
            decimals = [self.decimal(values[0], section.relative_error) for _, values in section.rows]
            if any(decimals):
                table.add_column(_text(section.quantities[0]), no_wrap=True)
            if section.relative_error:
                exact = []
            elif not any(decimals) or max(map(len, exact)) <= _WIDEST_EXACT:
                table.add_column("exact", overflow="fold")
            else:
                exact = []
                note.append("exact values: --format json, csv or latex" if not section.note else "")
            for index, (outcome, _) in enumerate(section.rows):
                cells = [*([decimals[index]] if any(decimals) else []), *exact[index : index + 1]]
                table.add_row(*map(_text, [outcome.text, *cells]))
        else:
            for quantity in section.quantities:
                table.add_column(_text(quantity), overflow="fold")
            for outcome, values in section.rows:
                table.add_row(
                    *map(_text, [outcome.text, *(self.decimal(value) or text_of(value) for value in values)])
                )
        return Group(title, table, *([note] if note.plain else []))


def text_cell(text: str) -> str:
    r"""A text as a cell that no spreadsheet takes for a formula.

    >>> text_cell("=1+1"), text_cell("'a"), text_cell("a-b")
    ("'=1+1", "''a", 'a-b')
    """
    shown = printable(text)
    return f"'{shown}" if unicodedata.normalize("NFKC", shown[:1]).startswith(_FORMULAS) else shown


def _exact_cell(value: sympy.Expr) -> str:
    """An exact value as a cell: an expression in names that are words is one, whatever it begins with."""
    written = text_of(value)
    return written if all(symbol.name.isidentifier() for symbol in value.free_symbols) else text_cell(written)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object no key of which comes twice."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise CheckFailedError(f"two values under one key among {', '.join(key for key, _ in pairs)}")
    return content
