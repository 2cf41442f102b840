"""A formula: a named expression in symbols, with what it assumes, where it comes from, and what checks it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from exactav.errors import CheckFailedError, UnboundSymbolError, UnknownSymbolError
from exactav.formulas.evaluation import enclosed_digits, exact_value, holds
from exactav.numbers.expressions import exact
from exactav.proofs.checks import Check
from exactav.showing import latex


class _Printer(LatexPrinter):  # type: ignore[misc]
    """Sums as an author writes them, first what is added, then what is subtracted; products, counts first."""

    def _print_Mul(self, expr: sympy.Mul) -> str:  # noqa: N802 (SymPy's name)
        if expr.could_extract_minus_sign():
            positive = str(self._print(-expr))
            return f"- {positive}" if not (-expr).is_Add else rf"- \left({positive}\right)"
        numerator, denominator = sympy.fraction(expr, exact=True)
        if denominator != 1:
            return rf"\frac{{{self._product(numerator)}}}{{{self._product(denominator)}}}"
        return self._product(numerator)

    def _product(self, expr: sympy.Expr) -> str:
        factors = sorted(sympy.Mul.make_args(expr), key=lambda f: (_place(f), sympy.default_sort_key(f)))
        if len(factors) == 1:
            return str(self._print(expr))
        text = ""
        for factor in factors:
            printed = str(self._print(factor))
            open_ended = isinstance(factor, sympy.Sum | sympy.Product) and factor != factors[-1]
            if open_ended or factor.is_Add or factor.is_Piecewise or factor.could_extract_minus_sign():
                printed = rf"\left({printed}\right)"
            text += (r" \cdot " if text[-1:].isdigit() and printed[0].isdigit() else " ") + printed
        return text.strip()

    def _print_Add(self, expr: sympy.Add, order: Any = None) -> str:  # noqa: N802 (SymPy's name)
        has_fractions = any(sympy.denom(term) != 1 for term in expr.args)

        def place(term: sympy.Expr) -> tuple[bool, bool, Any]:
            number_last = bool(term.is_number) is not has_fractions
            return term.could_extract_minus_sign(), number_last, sympy.default_sort_key(term)

        first, *others = sorted(expr.args, key=place)
        text = str(self._print(first))
        for term in others:
            sign, positive = ("-", -term) if term.could_extract_minus_sign() else ("+", term)
            printed = self._print(positive)
            text += f" {sign} " + (f"\\left({printed}\\right)" if positive.is_Add else printed)
        return text

    def _print_Piecewise(self, expr: sympy.Piecewise) -> str:  # noqa: N802 (SymPy's name)
        cases = [
            rf"\displaystyle {self._print(value)} & "
            + (r"\text{otherwise}" if condition == sympy.true else rf"\text{{if }} {self._print(condition)}")
            for value, condition in expr.args
        ]
        rows = [case + (r" \\[16pt] " if r"\frac" in case else r" \\[4pt] ") for case in cases[:-1]]
        return r"\begin{cases} " + "".join([*rows, cases[-1]]) + r" \end{cases}"

    def _print_And(self, expr: sympy.And) -> str:  # noqa: N802 (SymPy's name)
        return ",\\ ".join(str(self._print(part)) for part in expr.args)


def _place(factor: sympy.Expr) -> int:
    """Where a factor goes in a product: numbers, counts, symbols, their powers, functions, sums, the rest."""
    base = factor.base if factor.is_Pow else factor
    kinds = (
        factor.is_number,
        isinstance(factor, sympy.binomial | sympy.factorial | sympy.FallingFactorial),
        factor.is_Symbol,
        base.is_Symbol or base.is_Mul,
        base.is_Add and not factor.is_Pow,
        base.is_Add,
        not isinstance(factor, sympy.Sum | sympy.Product | sympy.Piecewise | sympy.Determinant),
    )
    return kinds.index(True) if True in kinds else len(kinds)


_SETTINGS = {
    "symbol_names": {sympy.Symbol("dU"): r"\Delta u"},
    "fold_frac_powers": True,
    "ln_notation": True,
}


def equation_row(left: str, expr: sympy.Expr) -> str:
    """``left = expr`` as a row of an ``align*`` environment."""
    return f"{left} &= {_Printer(_SETTINGS).doprint(expr)}"


def equation_line(left: str, expr: sympy.Expr) -> str:
    """``left = expr`` as a line for a terminal, matrices included."""
    return f"  {left} = {' '.join(str(expr).split())}"


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
        checks: from the formula itself, the checks that :meth:`verify` runs.
        derivation: ID of the derivation that proves it.
    """

    id: str
    name: str
    left: str
    symbols: Mapping[sympy.Symbol, str]
    assumptions: tuple[str, ...]
    conditions: tuple[sympy.Basic, ...]
    expr: sympy.Expr
    source: str
    checks: Callable[["Formula"], tuple[Check, ...]]
    derivation: str

    @property
    def family(self) -> str:
        """The part of the ID before the dot."""
        return self.id.partition(".")[0]

    def at(self, values: Mapping[sympy.Symbol | str, Any]) -> sympy.Expr:
        """The exact value at exact rational ``values`` of all symbols, keyed by symbols or their names.

        Raises:
            UnknownSymbolError: a key is no symbol of the formula.
            UnboundSymbolError: a symbol has no value.
            ValueError: the values break a condition.
        """
        value = exact_value(self.expr, self._bound(values))
        return sympy.Rational(value.numerator, value.denominator)

    def evaluate(self, values: Mapping[sympy.Symbol | str, Any], digits: int = 15) -> sympy.Float:
        """The value with ``digits`` correct significant digits, by interval arithmetic: fast for large N.

        Raises: as :meth:`at`.
        """
        return enclosed_digits(self.expr, self._bound(values), digits)

    def _bound(self, values: Mapping[sympy.Symbol | str, Any]) -> dict[sympy.Symbol, Fraction]:
        by_name = {symbol.name: symbol for symbol in self.symbols}
        bound: dict[sympy.Symbol, Fraction] = {}
        for key, value in values.items():
            symbol = by_name.get(str(key))
            if symbol is None:
                raise UnknownSymbolError(
                    f"{key} is not a symbol of {self.id}; its symbols: {', '.join(by_name)}"
                )
            number = exact(value, str(key))
            if not number.is_Rational:
                raise UnboundSymbolError(f"{key} = {number}: give a rational number")
            bound[symbol] = Fraction(int(number.p), int(number.q))
        missing = [name for name, symbol in by_name.items() if symbol not in bound]
        if missing:
            raise UnboundSymbolError(f"no value for {', '.join(missing)} in {self.id}")
        for condition in self.conditions:
            if not holds(condition, bound):
                given = ", ".join(f"{s} = {v}" for s, v in bound.items() if s in condition.free_symbols)
                raise ValueError(f"{self.id} needs {condition}, which {given} breaks")
        return bound

    def verified(self) -> Iterator[Check]:
        """Each of the formula's checks once it has held.

        Raises:
            CheckFailedError: a check failed; the message names a counterexample.
        """
        for check in self.checks(self):
            try:
                check.run()
            except (ArithmeticError, ValueError) as error:  # a formula without a value is wrong there
                raise CheckFailedError(f"{check.claim}: {self.id} has no value ({error})") from None
            yield check

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
            "expression": str(self.expr),
            "latex": self.latex(),
            "source": self.source,
            "derivation": self.derivation,
        }

    def text(self) -> str:
        """What the formula says, for a terminal."""
        lines = [f"{self.id}: {self.name}", "", *self.equation_lines(), ""]
        lines += [f"  {symbol.name:<8} {meaning}" for symbol, meaning in self.symbols.items()]
        lines += ["", *(f"  assumes {assumption}" for assumption in self.assumptions)]
        return "\n".join([*lines, f"  source: {self.source}; proved in derivation {self.derivation}"])

    def latex(self) -> str:
        """LaTeX of ``left = right`` as an ``align*`` environment that fits a page."""
        return latex.align(self.equation_rows())

    def equation_lines(self) -> list[str]:
        """The equations of :meth:`text`."""
        return [equation_line(self.left, self.expr)]

    def equation_rows(self) -> list[str]:
        """The equations of :meth:`latex`, one a row."""
        return [equation_row(self.left, self.expr)]

    def _repr_latex_(self) -> str:
        return self.latex()

    def __repr__(self) -> str:
        return f"<Formula {self.id}: {self.name}>"
