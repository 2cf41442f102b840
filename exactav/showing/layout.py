"""How LaTeX drops into a paper: the width of a row, the environment, its label, names of symbols."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypedDict

import sympy

from exactav.errors import ArgumentError, OptionError
from exactav.numbers.arguments import one_of
from exactav.numbers.expressions import described
from exactav.showing.typesetting import LINE, Named, expression

COLUMNS: Mapping[str, float] = MappingProxyType(
    {"revtex": 23.0, "article": 33.0, "amsart": 34.0, "document": LINE}
)
"""Widths of rows in em: a column of REVTeX's two, the pages of article and amsart, and of our documents."""

ENVIRONMENTS = ("align*", "align", "gather*", "gather", "equation*", "equation", "aligned")
_MOST_ALIGNED = 400  # rows of one environment that may break over pages
_LEAST, _WIDEST = 12.0, 1e9  # em; wider rows are as wide


class LayoutOptions(TypedDict, total=False):
    """How LaTeX is laid out.

    Attributes:
        line: width of a row in em of the font; or "revtex" (a column of two), "article", "amsart" or
            "document".
        environment: align* unless given; equation and equation* hold all rows under one number or none,
            aligned stands inside an equation of one's own.
        label: of the equation, for \\ref; the environment is then equation unless given. In align and gather
            the further equations have ``label:2``, ``label:3``, ...
        symbol_names: LaTeX of symbols, by symbol or name, such as ``{"alpha": r"\\lambda"}``.
    """

    line: float | str
    environment: str
    label: str
    symbol_names: Mapping[Any, str]


@dataclass(frozen=True)
class Layout:
    """Checked :class:`LayoutOptions`."""

    line: float = LINE
    environment: str = "align*"
    label: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Layout":
        """The layout that options ask for.

        Raises:
            OptionError: an option is none of those that there are.
            ArgumentError: one is of another type.
        """
        known = LayoutOptions.__annotations__
        for name in options:
            if name not in known:
                raise OptionError(f"no option is called {described(name)}; options are {', '.join(known)}")
        label = options.get("label", "")
        if not isinstance(label, str) or not re.fullmatch(r"[\w:.+/ -]*", label):
            raise OptionError(f"label = {described(label)}: give letters, digits and : . - _ only")
        environment = options.get("environment", "equation" if label else "align*")
        one_of(environment, "environment", ENVIRONMENTS)
        if label and environment not in ("align", "gather", "equation"):
            raise OptionError(
                f"label = {described(label)} in {environment}, which has no number: use equation or align"
            )
        names = _names(options.get("symbol_names", {}))
        return cls(line_width(options.get("line", LINE)), environment, label, names)

    def renamed(self, expr: sympy.Basic) -> sympy.Basic:
        """An expression with symbols that print as they are to be called."""
        if not self.names:
            return expr
        named = [symbol for symbol in expr.free_symbols if symbol.name in self.names]
        found = {symbol: Named(f"{{{self.names[symbol.name]}}}") for symbol in named}
        return expr.xreplace(found)

    def left(self, text: str, symbols: Iterable[sympy.Symbol] = ()) -> str:
        """The left side of an equation, in LaTeX, with ``symbols`` called so."""
        for symbol in symbols:
            if symbol.name in self.names:
                written = re.escape(expression(symbol))
                new = self.names[symbol.name].replace("\\", r"\\")
                text = re.sub(rf"(?<![A-Za-z\\]){written}(?![A-Za-z])", new, text)
        return text

    def displayed(self, lines: Iterable[str]) -> str:
        """Rows, each with its own ``&``, in the environment.

        Continued rows begin with ``&\\qquad``, or with ``&\\quad =`` where the left side has rows of its own.
        """
        rows = list(lines)
        if self.environment.startswith("gather"):
            rows = [row.replace("&", "", 1) if not row.startswith("&") else row[1:] for row in rows]
            continued = [row.startswith("\\q") for row in rows]
        else:
            continued = [row.startswith("&\\q") for row in rows]
        if self.environment in ("align", "gather"):
            rows = self._numbered(rows, continued)
        inside = "aligned" if self.environment.startswith("equation") else self.environment
        body = _joined(rows, continued, "" if "equation" in self.environment else inside)
        text = f"\\begin{{{inside}}}\n{body}\n\\end{{{inside}}}"
        if self.environment.startswith("equation"):
            mark = f"\\label{{{self.label}}}\n" if self.label else ""
            text = f"\\begin{{{self.environment}}}\n{mark}{text}\n\\end{{{self.environment}}}"
        return text

    def _numbered(self, rows: Sequence[str], continued: Sequence[bool]) -> list[str]:
        """Rows of which the last of each equation has the number, and the label."""
        result, number = [], 0
        for row, goes_on in zip(rows, [*continued[1:], False], strict=True):
            if goes_on or row.endswith("vdots"):
                result.append(rf"{row} \nonumber")
                continue
            number += 1
            mark = f"{self.label}:{number}" if number > 1 else self.label
            result.append(rf"{row} \label{{{mark}}}" if self.label else row)
        return result


PLAIN = Layout()


def _joined(rows: Sequence[str], continued: Sequence[bool], splits: str) -> str:
    """Rows with their ends; many in several environments ``splits``, as TeX's memory is limited."""
    body, number = "", 0
    marks = zip(pairwise(["", *rows]), pairwise([False, *continued]), strict=True)
    for (last, row), (went_on, goes_on) in marks:
        number += 1
        if splits and number > _MOST_ALIGNED and not goes_on:
            body += f"\n\\end{{{splits}}}\n\\begin{{{splits}}}\n"
            number = 1
        elif last:
            body += " \\\\[6pt]\n" if went_on and not goes_on else " \\\\\n"
        body += row
    return body


def line_width(value: Any) -> float:
    """A width of rows in em: a number, or the name of one of ``COLUMNS``.

    Raises:
        OptionError: it is neither, or too small.

    >>> line_width("revtex")
    23.0
    """
    if isinstance(value, str):
        return COLUMNS[one_of(value, "line", COLUMNS)]
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= _LEAST:
        raise OptionError(
            f"line = {described(value)}: give a width of at least {_LEAST:g} em, or one of "
            f"{', '.join(COLUMNS)}"
        )
    return float(min(value, _WIDEST))


def _names(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ArgumentError(
            rf"symbol_names = {described(value)}: give a mapping such as {{'alpha': r'\lambda'}}"
        )
    found = {}
    for key, written in value.items():
        name = key.name if isinstance(key, sympy.Symbol) else key
        if not isinstance(name, str) or not isinstance(written, str):
            raise ArgumentError(f"symbol_names: {described(key)}: {described(written)}: give names and LaTeX")
        if written.count("{") != written.count("}") or re.search(r"(?<!\\)[%#&$~]", written):
            raise OptionError(f"symbol_names: {described(written)} is not LaTeX of a symbol")
        found[name] = written
    return found
