"""A formula: a named expression in symbols, with what it assumes, where it comes from, and what checks it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Unpack

import sympy

from exactav.errors import (
    OptionError,
    UnboundSymbolError,
    UndecidedError,
    UnknownNameError,
)
from exactav.formulas.evaluation import IrrationalValueError, enclosed_digits, exact_value, holds
from exactav.formulas.rows import equation_rows
from exactav.formulas.writing_out import listed, refuse_large
from exactav.numbers.trees import text_of
from exactav.numbers.values import Values, bindings
from exactav.numbers.whole import whole
from exactav.pickles import made_by
from exactav.proofs.checks import Check
from exactav.showing import html, latex
from exactav.showing.layout import PLAIN, Layout, LayoutOptions


def equation_line(left: str, expr: sympy.Expr) -> str:
    """``left = expr`` as a line for a terminal, matrices included."""
    return f"  {left} = {' '.join(text_of(expr).split())}"


def _later(name: str) -> ModuleType:
    """A module of this room that is made of formulas, so cannot be imported before them."""
    return import_module(f"exactav.formulas.{name}")


def known_checks(formula: "Formula") -> tuple[Check, ...]:
    """What exactav knows to check of the formula with this ID.

    Raises:
        UnknownNameError: nothing.
    """
    checks = _later("checks").CHECKS.get(formula.id.partition("[")[0])
    if checks is None:
        raise UnknownNameError(f"no checks are known of {formula.id!r}: give the formula checks of its own")
    found: tuple[Check, ...] = checks(formula)
    return found


class NoValueError(UndecidedError):
    """A formula has no value, as a denominator vanishes."""


@dataclass(frozen=True)
class Formula:
    """A closed form ``left = expr`` with symbolic parameters.

    Attributes:
        id: ``family.quantity``, never used for anything else.
        name: what it gives, in plain words.
        left: LaTeX of the left side, such as ``P(L)``.
        symbols: the parameters with their meaning, in the order a reader would state them.
        assumptions: conditions on the parameters, in LaTeX-free text.
        conditions: the same as SymPy relations in the parameters, checked by :meth:`at` and :meth:`evaluate`.
        expr: the right side; a Piecewise where limits need a case of their own.
        source: where it was published.
        derivation: ID of the derivation that proves it.
        checks: from the formula itself, the checks that :meth:`verify` runs; by its ID, unless given.
        made_for: the numbers that a formula of a series is written out for, such as how many populations.

    Formulas are equal if they say the same. Those of the catalogue travel between processes by their ID.
    """

    id: str
    name: str
    left: str
    symbols: Mapping[sympy.Symbol, str] = field(hash=False)
    assumptions: tuple[str, ...]
    conditions: tuple[sympy.Basic, ...]
    expr: sympy.Expr
    source: str
    derivation: str
    checks: Callable[["Formula"], tuple[Check, ...]] = field(default=known_checks, compare=False)
    made_for: tuple[int, ...] = ()

    def __reduce_ex__(self, protocol: Any) -> Any:
        catalogue = _later("catalogue")
        if catalogue.catalogue().get(self.id) == self:
            return made_by(self, catalogue.get, self.id)
        return made_by(self, Formula, *(getattr(self, part.name) for part in fields(self)))

    @property
    def family(self) -> str:
        """The part of the ID before the dot."""
        return self.id.partition(".")[0]

    def at(self, values: Values = None, **named: Any) -> sympy.Expr:
        """The formula with exact values put in for symbols: a rational number where all have rational ones.

        Args:
            values: exact values or expressions, keyed by symbols or their names, whatever is assumed of them.
            named: the same as keywords.

        Raises:
            UnknownSymbolError: a key is no symbol of the formula.
            InexactError: a value is a float.
            NotRationalError: all symbols have values, and one of these, or the result, is irrational.
            OptionError: the values break a condition.
            NoValueError: there is none, as a denominator vanishes.
            TooCostlyError: some symbols have no values, and a sum of too many terms, or too high a power,
                would be written out.

        >>> import exactav as ea
        >>> mean = ea.formulas.get("homogeneous.mean")
        >>> mean.at(N=3, alpha="3/4"), mean.at(N=3), mean.at(N=3, alpha="1 - eps")
        (2, 3/(3 - 2*alpha), 3/(2*eps + 1))
        """
        found = self._bindings(values, named)
        if set(found) == set(self.symbols) and not any(value.free_symbols for value in found.values()):
            value = self._valued(exact_value, found)
            return sympy.Rational(value.numerator, value.denominator)
        for condition in self.conditions:
            if condition.subs(found, simultaneous=True) == sympy.false:
                raise OptionError(f"{self.id} needs {condition}, which {listed(found, condition)} breaks")
        refuse_large(self.id, self.expr, found)
        value = self.expr.subs(found, simultaneous=True).doit()
        if value.has(sympy.nan, sympy.zoo, sympy.oo):
            raise self._no_value()
        return value

    def evaluate(self, values: Values = None, digits: int = 15, **named: Any) -> sympy.Float:
        """The value with ``digits`` correct significant digits, by interval arithmetic: fast for large N.

        Args:
            values: exact rational values of all symbols, as of :meth:`at`.
            named: the same as keywords.

        Raises:
            UnboundSymbolError: a symbol has no value.
            OptionError: fewer than one digit; and as :meth:`at`, but irrational results have digits, too.
            UndecidedError: the digits could not be told, or there is no value.
        """
        digits = whole(digits, "digits", 1)
        return self._valued(partial(enclosed_digits, digits=digits), self._bindings(values, named))

    def _bindings(self, values: Values, named: Mapping[str, Any]) -> dict[sympy.Symbol, sympy.Expr]:
        return bindings(self.symbols, values, named, self.id)

    def _valued(self, evaluation: Callable[..., Any], found: Mapping[sympy.Symbol, sympy.Expr]) -> Any:
        try:
            return evaluation(self.expr, self._bound(found))
        except ZeroDivisionError:
            raise self._no_value() from None

    def _no_value(self) -> "NoValueError":
        return NoValueError(f"{self.id} is 0/0 or infinite there; it assumes {', '.join(self.assumptions)}")

    def _bound(self, found: Mapping[sympy.Symbol, sympy.Expr]) -> dict[sympy.Symbol, Fraction]:
        bound: dict[sympy.Symbol, Fraction] = {}
        for symbol, number in found.items():
            if not number.is_Rational:
                raise IrrationalValueError(f"{symbol} = {number}: give a rational number")
            bound[symbol] = Fraction(int(number.p), int(number.q))
        missing = [symbol.name for symbol in self.symbols if symbol not in bound]
        if missing:
            raise UnboundSymbolError(f"no value for {', '.join(missing)} in {self.id}")
        for condition in self.conditions:
            if not holds(condition, bound):
                raise OptionError(f"{self.id} needs {condition}, which {listed(bound, condition)} breaks")
        return bound

    def verified(self) -> Iterator[Check]:
        """Each of the formula's checks once it has held.

        Raises:
            RefutedError: a check is refuted; the message names a counterexample.
            UndecidedError: a check is undecided, as where the formula has no value.
        """
        for check in (*self.checks(self), *_later("proved").derived_checks(self)):
            check.run()
            yield check

    @property
    def is_proved(self) -> bool:
        """Whether a step of the derivation proves it for all values of its symbols, N among them."""
        return _later("proved").proving_step(self) is not None

    def verify(self) -> list[Check]:
        """Run all checks and return them; raises as :meth:`verified`."""
        return list(self.verified())

    def facts(self) -> dict[str, Any]:
        """What the formula says, as plain data."""
        return {
            "id": self.id,
            "name": self.name,
            "symbols": {symbol.name: meaning for symbol, meaning in self.symbols.items()},
            "assumptions": list(self.assumptions),
            "expression": text_of(self.expr),
            "latex": self.latex(),
            "source": self.source,
            "derivation": self.derivation,
            "proved": self.is_proved,
        }

    def text(self) -> str:
        """What the formula says, for a terminal."""
        lines = [f"{self.id}: {self.name}", "", *self.equation_lines(), ""]
        lines += [f"  {symbol.name:<8} {meaning}" for symbol, meaning in self.symbols.items()]
        lines += ["", *(f"  assumes {assumption}" for assumption in self.assumptions)]
        return "\n".join([*lines, f"  source: {self.source}; {self.proof}"])

    @property
    def proof(self) -> str:
        """Where it is proved for all values of its symbols, or that it is tested, in words.

        >>> from exactav.formulas import get
        >>> get("homogeneous.mean").proof
        'proved for all values in derivation 08, step 8'
        """
        found = _later("proved").proving_step(self)
        if found is None:
            return f"derivation {self.derivation}, tested for some values"
        return f"proved for all values in derivation {self.derivation}, step {found[0]}"

    def latex(self, **options: Unpack[LayoutOptions]) -> str:
        """LaTeX of ``left = right``, in rows that fit a page.

        Args:
            options: line, label, environment, symbol_names, as in
                :class:`~exactav.showing.layout.LayoutOptions`.
        """
        layout = Layout.of(options)
        return latex.align(self.equation_rows(layout), layout)

    def equation_lines(self) -> list[str]:
        """The equations of :meth:`text`."""
        return [equation_line(self.left, self.expr)]

    def equation_rows(self, layout: Layout = PLAIN) -> list[str]:
        """The equations of :meth:`latex`, in rows."""
        left = layout.left(self.left, self.symbols)
        return equation_rows([(left, layout.renamed(self.expr))], layout.line)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        meanings = [(symbol.name, html.text(meaning, 120)) for symbol, meaning in self.symbols.items()]
        assumed = html.note("assumes " + ", ".join(self.assumptions)) if self.assumptions else html.Html("")
        source = html.note(f"source: {self.source}; {self.proof}")
        shown = html.displayed(self.latex())
        return html.card(f"{self.id}: {self.name}", shown, html.facts(meanings), assumed, source)

    def __repr__(self) -> str:
        return f"<Formula {self.id}: {self.name}>"
