"""Formulas that are too long to read without abbreviations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from exactav.formulas.formula import Formula, equation_line
from exactav.formulas.rows import equation_rows
from exactav.showing.layout import PLAIN, Layout


@dataclass(frozen=True, repr=False)
class AbbreviatedFormula(Formula):
    """A formula that is written with abbreviations, unless its ``expr`` was replaced by another.

    Attributes:
        short: the right side with abbreviations; ``expr`` is :func:`unfolded` from it.
        where: (abbreviation, meaning), each using only later ones: a symbol, or a function of symbols.
    """

    short: sympy.Expr = sympy.S.Zero
    where: tuple[tuple[sympy.Expr, sympy.Expr], ...] = ()

    def is_abbreviated(self) -> bool:
        """Whether ``short`` still says what ``expr`` does."""
        return bool(unfolded(self.short, self.where) == self.expr)

    def equation_rows(self, layout: Layout = PLAIN) -> list[str]:
        if not self.is_abbreviated():
            return super().equation_rows(layout)
        pairs = [(self.left, self.short), *((sympy.latex(name), meaning) for name, meaning in self.where)]
        named = [(layout.left(left, self.symbols), layout.renamed(expr)) for left, expr in pairs]
        return equation_rows(named, layout.line)

    def equation_lines(self) -> list[str]:
        if not self.is_abbreviated():
            return super().equation_lines()
        named = [equation_line(str(name), meaning) for name, meaning in self.where]
        return [equation_line(self.left, self.short), *named]


def abbreviated(
    short: sympy.Expr, where: Sequence[tuple[sympy.Expr, sympy.Expr]], **fields: Any
) -> AbbreviatedFormula:
    """The formula whose right side is ``short``, written out; ``fields`` are those of :class:`Formula`."""
    return AbbreviatedFormula(expr=unfolded(short, where), short=short, where=tuple(where), **fields)


def unfolded(expr: sympy.Expr, where: Sequence[tuple[sympy.Expr, sympy.Expr]]) -> sympy.Expr:
    """``expr`` with abbreviations replaced by what they mean.

    >>> x, y, z = sympy.symbols("x y z")
    >>> f = sympy.Function("f")
    >>> unfolded(f(2) * z, [(f(x), x + y), (y, 3 * z)])
    z*(3*z + 2)
    """
    meanings: list[tuple[sympy.Expr, sympy.Expr]] = []
    for name, meaning in reversed(where):
        meanings.insert(0, (name, _unfold(meaning, meanings)))
    return _unfold(expr, meanings)


def _unfold(expr: sympy.Expr, meanings: Sequence[tuple[sympy.Expr, sympy.Expr]]) -> sympy.Expr:
    for name, meaning in meanings:
        if name.is_Symbol:
            expr = expr.xreplace({name: meaning})
        else:
            put_in = {
                call: meaning.xreplace(dict(zip(name.args, call.args, strict=True)))
                for call in expr.atoms(name.func)
            }
            expr = expr.xreplace(put_in)
    return expr
