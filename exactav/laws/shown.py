"""Laws as text and LaTeX."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar, Unpack

import sympy

from exactav.laws.core import Core, with_error
from exactav.laws.measure import Exact
from exactav.numbers.arguments import a_text
from exactav.numbers.digits import certain_decimal, decimal_digits
from exactav.numbers.expressions import shown
from exactav.numbers.trees import text_of
from exactav.numbers.whole import whole
from exactav.texts import printable, quoted

if TYPE_CHECKING:
    from exactav.showing.layout import LayoutOptions

K = TypeVar("K", bound=Hashable)
_LATEX = 2.5e-3  # seconds for a term of a polynomial, in rows that are broken
_SHOWN = 12  # outcomes shown by repr and in notebooks
_MOST_TERMS = 1_000  # of numerator and denominator that are brought to lowest terms for repr
_LONGEST = 1_000  # characters of a number in repr
_FLOAT_DIGITS = 10  # of a float in LaTeX, as far as they are certain


class Shown(Core[K]):
    """How a law is written."""

    __slots__ = ()

    def latex(self, max_rows: int | None = None, **options: "Unpack[LayoutOptions]") -> str:
        """LaTeX of all probabilities, one equation an outcome, long ones broken; of floats, certain digits.

        Args:
            max_rows: show at most this many outcomes, then dots; None shows all.
            options: line, label, environment, symbol_names, as in
                :class:`~exactav.showing.layout.LayoutOptions`.

        Raises:
            TooCostlyError: probabilities with symbols have too many terms for :func:`exactav.limits`.

        >>> import exactav as ea
        >>> print(ea.size_law(ea.families.homogeneous(3, "3/4")).latex(max_rows=1))
        \\begin{align*}
        P(L = 1) &= \\frac{3}{8} \\\\
        &\\;\\;\\vdots
        \\end{align*}
        """
        from exactav.showing import latex
        from exactav.showing.layout import Layout

        layout = Layout.of(options)
        shown = list(self)[: None if max_rows is None else whole(max_rows, "max_rows")]
        lefts = [f"P({self.kind.event(outcome)}{self._behind()})" for outcome in shown]
        has_more = len(shown) < len(self)
        if isinstance(self.measure, Exact):
            self.measure.check_writing("LaTeX", shown, _LATEX)
            equations = zip(lefts, map(self.__getitem__, shown), strict=True)
            return latex.aligned_equations(equations, dots=has_more, layout=layout)
        rights = (certain_decimal(*with_error(self[outcome]), _FLOAT_DIGITS) for outcome in shown)
        rows = latex.approximate_rows(zip(lefts, map(latex.decimal, rights), strict=True), layout.line)
        return latex.align([*rows, *[latex.DOTS] * has_more], layout)

    def latex_table(
        self, digits: int = 6, max_rows: int | None = None, *, caption: str = "", label: str = ""
    ) -> str:
        """A LaTeX table of outcomes, probabilities and their digits, with the rules of the package booktabs.

        Probabilities longer than a third of a row are left out of it; their digits stay.

        Args:
            digits: correct significant digits; of a law in floating point, at most as many as are certain.
            max_rows: show at most this many outcomes, then dots; None shows all.
            caption: plain text; with it, or a label, the table is a float.

        >>> import exactav as ea
        >>> print(ea.size_law(ea.families.homogeneous(3, "3/4")).latex_table(3, 1, label="tab:L"))
        \\begin{table}
        \\centering
        \\begin{tabular}{lrr}
        \\toprule
        $L$ & $P$ &  \\\\
        \\midrule
        $1$ & $3/8$ & $0.375$ \\\\
        $\\vdots$ &  &  \\\\
        \\bottomrule
        \\end{tabular}
        \\label{tab:L}
        \\end{table}
        """
        from exactav.showing import latex
        from exactav.showing.layout import Layout

        digits = whole(digits, "digits", 1)
        caption, label = a_text(caption, "caption") or "", Layout.of({"label": label}).label
        shown = list(self)[: None if max_rows is None else whole(max_rows, "max_rows")]
        rows = []
        for outcome in shown:
            cells = [f"${cell}$" if cell else "" for cell in self._cells(outcome, digits)]
            rows.append([f"${self.kind.latex(outcome)}$", *cells])
        rows += [[r"$\vdots$", "", ""]] * (len(shown) < len(self))
        columns = [column for column in (1, 2) if any(row[column] for row in rows)]
        header = [f"${self.kind.letter}$", f"$P{self._behind() and '(' + self._behind().lstrip() + ')'}$", ""]
        if columns != [1, 2]:
            rows, header = [[row[0], *(row[c] for c in columns)] for row in rows], header[: len(columns) + 1]
        return latex.booktabs(header, rows, caption=latex.escape(caption), label=label)

    def _cells(self, outcome: K, digits: int) -> tuple[str, str]:
        """LaTeX of a probability and of its digits; nothing for what is too long or is not there."""
        from exactav.showing import latex
        from exactav.showing.typesetting import LINE, width

        number = self[outcome]
        if not isinstance(self.measure, Exact):
            return "", latex.decimal(certain_decimal(*with_error(number), digits))
        written = latex.expression(number) if number.count_ops() < 1000 else ""
        written = f"{number.p}/{number.q}" if number.is_Rational and number.q != 1 else written
        fits = written and width(written) <= LINE / 3
        decimal = "" if number.free_symbols else latex.decimal(decimal_digits(number, digits))
        return written if fits or not decimal else "", decimal

    def _behind(self) -> str:
        from exactav.showing import latex

        conditions = [] if self.start is None else [f"k = {latex.label(self.start)}"]
        conditions += [self.input.latex] if self.input else []
        conditions += [rf"\text{{{latex.escape(self.condition)}}}"] if self.condition else []
        return rf" \mid {', '.join(conditions)}" if conditions else ""

    def _repr_latex_(self) -> str | None:
        shown = list(self)[:_SHOWN]
        if isinstance(self.measure, Exact) and self.measure.n_terms(shown) > _MOST_TERMS:
            return None  # the card says how long they are
        return self.latex(max_rows=_SHOWN)

    def _repr_html_(self) -> str:
        from exactav.showing import html

        outcomes, ordered = self._for_a_card()
        rows, floats = [], [float(self[o]) if self._has_floats(o) else None for o in outcomes]
        largest = max((p for p in floats if p is not None), default=1.0)
        for outcome, p in zip(outcomes, floats, strict=True):
            exact = html.text(self._length(outcome))
            if not exact and isinstance(self.measure, Exact):
                exact = html.number(self[outcome])
            digits = html.text(f"{p:.6g}") if p is not None else html.Html("")
            share = html.bar(p / largest) if p is not None else html.Html("")
            rows.append([html.text(self.kind.text(outcome), 70), exact, digits, share])
        header = [self.kind.name.replace("_", " and "), "probability", "", ""]
        said = f"{len(self):,} outcomes" if len(self) > 1 else "one outcome"
        said += f", the {len(rows)} most probable ones" if ordered else f", the first {len(rows)}"
        notes = [html.note(said)] * (len(self) > len(rows))
        return html.card(f"{type(self).__name__} {self._said()}", html.table(header, rows, (1, 2)), *notes)

    def _for_a_card(self) -> tuple[list[K], bool]:
        """The outcomes that a card shows, and whether they are the most probable ones."""
        can_order = self.is_rational or not isinstance(self.measure, Exact)
        if self.kind.is_ordered or not can_order or len(self) <= 1:
            return list(self)[:_SHOWN], False
        return [outcome for outcome, _ in self.most_probable(_SHOWN)], True

    def _has_floats(self, outcome: K) -> bool:
        return not isinstance(self.measure, Exact) or not (
            self._length(outcome) or self[outcome].free_symbols
        )

    def _length(self, outcome: K) -> str:
        """How long a probability is, if it is too long to be shown."""
        if not isinstance(self.measure, Exact):
            return ""
        both, below = self.measure.n_terms([outcome]), self.measure.n_terms([])
        return f"a quotient of {both - below:,} terms by {below:,}" if both > _MOST_TERMS else ""

    def __repr__(self) -> str:
        def number(outcome: K) -> str:
            if not isinstance(self.measure, Exact):
                return f"{self[outcome]:.6g}"
            return self._length(outcome) or _brief(self[outcome])

        shown = ", ".join(f"{self.kind.text(outcome)}: {number(outcome)}" for outcome in list(self)[:_SHOWN])
        more = f", ... {len(self) - _SHOWN} more" if len(self) > _SHOWN else ""
        return printable(f"<{type(self).__name__} {self._said()}: {shown}{more}>")

    def _said(self) -> str:
        """What the law is given, in words."""
        said = "per slow step" if self.is_per_step else self.subject
        said += "" if self.start is None else f", start {quoted(self.start)}"
        said += f", {self.input.text}" if self.input else ""
        said += f", given {self.condition}" if self.condition else ""
        return said + (f", relative error <= {self.error_bound:.1e}" if self.error_bound else "")


def _brief(number: sympy.Expr) -> str:
    """A number for ``repr``, shortened where it is very long."""
    text = text_of(number)
    return text if len(text) <= _LONGEST else shown(number)
