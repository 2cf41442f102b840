"""Formulas as rows of LaTeX: whole where they fit, case by case and broken where they do not."""

from collections.abc import Callable, Iterable
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from exactav.showing.typesetting import LINE, cut, fragments, packed, width


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


def equation_rows(equations: Iterable[tuple[str, sympy.Expr]], line: float = LINE) -> list[str]:
    """Equations ``left = expr`` as rows of an ``align*`` environment, as few as fit ``line`` em.

    Equal signs stand below each other if all equations fit a row.
    """
    pairs, written = list(equations), _Printer(_SETTINGS).doprint
    column = max(width(left) for left, _ in pairs) + 1.4
    if all(column + _width(expr, written) <= line for _, expr in pairs):
        return [f"{left} &= {written(expr)}" for left, expr in pairs]
    return [row for left, expr in pairs for row in _rows(left, expr, line, written)]


def _rows(left: str, expr: sympy.Expr, line: float, written: Callable[[Any], str]) -> list[str]:
    if width(left) + 1.4 + _width(expr, written) <= line or not isinstance(expr, sympy.Piecewise):
        return _broken(left, expr, line, "", written)
    rows: list[str] = []
    for value, condition in expr.args:
        said = r"\text{otherwise}" if condition == sympy.true else rf"\text{{if }} {written(condition)}"
        rows += _broken(left, value, line, rf"\quad ({said})", written)
    return rows


def _broken(left: str, expr: sympy.Expr, line: float, more: str, written: Callable[[Any], str]) -> list[str]:
    before, own, right = width(left) + 1.4, line - 2.4, _width(expr, written) + width(more)
    if before + right <= line:
        return [f"&{left} = {written(expr)} {more}".rstrip()]
    lefts = packed(cut(left, line), "&", line)
    if right <= own:
        return [*lefts, rf"&\quad = {written(expr)} {more}".rstrip()]
    if before <= line / 3:
        return packed([*fragments(expr, line - before), *[more] * bool(more)], f"&{left} =", line)
    return [*lefts, *packed([*fragments(expr, own), *[more] * bool(more)], r"&\quad =", line)]


def _width(expr: sympy.Expr, written: Callable[[Any], str]) -> float:
    if isinstance(expr, sympy.Piecewise):
        columns = zip(*expr.args, strict=True)
        values, conditions = (max(width(written(part)) for part in parts) for parts in columns)
        return 4.0 + values + conditions
    return width(written(expr))
