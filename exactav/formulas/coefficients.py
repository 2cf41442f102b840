"""Coefficients of power series, as parts of formulas."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy import QQ
from sympy.printing.latex import LatexPrinter

from exactav.kernels.rational import Series

Evaluation = Callable[[sympy.Expr], Fraction]


class Counted(sympy.Expr):  # type: ignore[misc]
    """An expression that knows its own value at numbers."""

    is_commutative = True

    def number(self, evaluation: Evaluation) -> Fraction:
        """The value, where ``evaluation`` gives those of parts.

        Raises:
            NotImplementedError: a subclass does not say.
        """
        raise NotImplementedError


class Coefficient(Counted):
    """[x^n] numerator / denominator: polynomials in x, the denominator with a constant term.

    >>> x, n = sympy.symbols("x n")
    >>> fibonacci = Coefficient(1, 1 - x - x**2, x, n)
    >>> fibonacci.subs(n, 10).doit()
    89
    """

    def __new__(cls, numerator: Any, denominator: Any, x: sympy.Symbol, n: Any) -> "Coefficient":
        made: Coefficient = sympy.Expr.__new__(cls, *map(sympy.sympify, (numerator, denominator, x, n)))
        return made

    @property
    def free_symbols(self) -> set[sympy.Basic]:
        above, below, x, n = self.args
        found: set[sympy.Basic] = ((above.free_symbols | below.free_symbols) - {x}) | n.free_symbols
        return found

    def _eval_subs(self, old: sympy.Basic, new: sympy.Basic) -> sympy.Expr | None:
        return self if old == self.args[2] else None

    def number(self, evaluation: Evaluation) -> Fraction:
        above, below = ([evaluation(c) for c in part] for part in self._parts())
        first = below[0]
        series = Series(
            QQ,
            tuple(_rational(c / first) for c in above),
            ((tuple(_rational(c / first) for c in below), 1),),
        )
        found = series.coefficient(int(evaluation(self.args[3])))
        return Fraction(int(found.numerator), int(found.denominator))

    def doit(self, **hints: Any) -> sympy.Expr:
        """The coefficient, if n is a number."""
        n = self.args[3].doit()
        if not n.is_Integer:
            return self
        above, below = self._parts()
        found: list[sympy.Expr] = []
        for k in range(int(n) + 1):
            value = above[k] if k < len(above) else sympy.S.Zero
            terms = (below[j] * found[k - j] for j in range(1, min(k, len(below) - 1) + 1))
            found.append(sympy.cancel((value - sympy.Add(*terms)) / below[0]))
        return found[-1]

    def _parts(self) -> tuple[list[sympy.Expr], list[sympy.Expr]]:
        x = self.args[2]
        above, below = (sympy.Poly(part, x).all_coeffs()[::-1] for part in self.args[:2])
        return above, below

    def _latex(self, printer: LatexPrinter, exp: str | None = None) -> str:
        above, below, x, n = map(printer._print, self.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left([{x}^{{{n}}}]\frac{{{above}}}{{{below}}}\right){power}"

    def _sympystr(self, printer: Any) -> str:
        above, below, x, n = map(printer._print, self.args)
        return f"[{x}^{n}]({above})/({below})"


def _rational(value: Fraction) -> Any:
    return QQ(value.numerator, value.denominator)
