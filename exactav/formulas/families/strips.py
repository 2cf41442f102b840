"""The k = 2 ring, the ladder and the ladder closed to a ring: size laws by transfer matrices (derivation 19).

The generating functions F are fractions whose denominators are given here; the numerators, of some hundred
terms, are the products of F's first terms with them, and found by ``strip.generating_function()``.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from sympy import Symbol
from sympy.core.symbol import Str
from sympy.printing.latex import LatexPrinter

from exactav.formulas.coefficients import Counted, Evaluation
from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula, equation_line
from exactav.formulas.rows import equation_rows
from exactav.formulas.strips.strip import Strip
from exactav.showing.layout import PLAIN, Layout

Key = tuple[Hashable, Hashable, int]
x, z = sympy.symbols("x z")


def ring2(alpha: Any) -> Strip:
    """Cells of one unit, coupled to the two nearest on each side by alpha/4."""
    return Strip({(0, 0, step): alpha / 4 for step in (-2, -1, 1, 2)}, units=[0], closed=True)


def ladder(alpha: Any, *, closed: bool = False) -> Strip:
    """Rungs of two units, each coupled to the other one and to the next ones along by alpha/3."""
    rungs: dict[Key, Any] = {(0, 1, 0): alpha / 3, (1, 0, 0): alpha / 3}
    rails: dict[Key, Any] = {(unit, unit, step): alpha / 3 for unit in (0, 1) for step in (-1, 1)}
    return Strip({**rungs, **rails}, units=[0, 1], closed=closed)


def ladder_ring(alpha: Any) -> Strip:
    """The same, the last rung followed by the first."""
    return ladder(alpha, closed=True)


_STRIPS: Mapping[str, Callable[[Any], Strip]] = {"ring2": ring2, "ladder": ladder, "ladder_ring": ladder_ring}


@lru_cache(maxsize=64)
def strip_of(family: str, value: sympy.Expr) -> Strip:
    """The strip of a family at a coupling."""
    return _STRIPS[family](value)


class CellWeight(Counted):
    """[x^N z^L] F of a family of strips, at a coupling; without L, [x^N] F at z = 1."""

    def __new__(cls, family: Any, *arguments: Any) -> "CellWeight":
        name = family if isinstance(family, Str) else Str(family)
        made: CellWeight = sympy.Expr.__new__(cls, name, *map(sympy.sympify, arguments))
        return made

    def number(self, evaluation: Evaluation) -> Fraction:
        coupling, *counts = map(evaluation, self.args[1:])
        value = sympy.Rational(coupling.numerator, coupling.denominator)
        found = self._weight(value, *map(int, counts))
        return Fraction(int(found.p), int(found.q))

    def doit(self, **hints: Any) -> sympy.Expr:
        """The weight, if N and L are numbers."""
        coupling, *counts = (part.doit() for part in self.args[1:])
        if not all(count.is_Integer for count in counts):
            return self
        return self._weight(coupling, *map(int, counts))

    def _weight(self, coupling: sympy.Expr, n: int, size: int | None = None) -> sympy.Expr:
        return strip_of(self.args[0].name, coupling).weight(size, n)

    def _latex(self, printer: LatexPrinter) -> str:
        n, *size = map(printer._print, self.args[2:])
        return rf"[x^{{{n}}} z^{{{size[0]}}}]\,F(x, z)" if size else rf"[x^{{{n}}}]\,F(x, 1)"

    def _sympystr(self, printer: Any) -> str:
        n, *size = map(printer._print, self.args[2:])
        return f"[x^{n} z^{size[0]}] F(x, z)" if size else f"[x^{n}] F(x, 1)"


@dataclass(frozen=True, repr=False)
class StripFormula(Formula):
    """A formula from a generating function F, whose denominator is shown with it.

    Attributes:
        denominator: of F, in x, z and alpha, where x also takes up the common denominator of the weights.
    """

    denominator: sympy.Expr = sympy.S.One

    def _shown(self) -> list[tuple[sympy.Expr, sympy.Expr]]:
        f, p, q = (sympy.Function(name)(x, z) for name in "FPQ")
        return [(f, p / q), (q, self.denominator)]

    def equation_rows(self, layout: Layout = PLAIN) -> list[str]:
        pairs = [(self.left, self.expr), *((sympy.latex(name), meaning) for name, meaning in self._shown())]
        return equation_rows(
            [(layout.left(left, self.symbols), layout.renamed(expr)) for left, expr in pairs], layout.line
        )

    def equation_lines(self) -> list[str]:
        shown = [equation_line(str(name), meaning) for name, meaning in self._shown()]
        return [equation_line(self.left, self.expr), *shown]


def _size(
    family: str, symbols: Mapping[Symbol, str], smallest: int, units: int, drive: str, denominator: sympy.Expr
) -> StripFormula:
    most = "N" if units == 1 else f"{units}*N"
    return StripFormula(
        id=f"{family}.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**symbols, L: "size of the avalanche"},
        assumptions=("0 <= alpha < 1", f"N >= {smallest}", f"1 <= L <= {most}", drive),
        conditions=(alpha >= 0, alpha < 1, smallest <= N, L >= 1, units * N >= L),
        expr=CellWeight(family, alpha, N, L) / CellWeight(family, alpha, N),
        source="derived here: powers of a transfer matrix, whose resolvent is F",
        derivation="19",
        denominator=denominator,
    )


_ALIKE = "any drive: all units are alike"
_y, _yz = alpha * x, alpha * x * z
_RING2 = (
    (1 + _yz) ** 2
    * (1 - alpha * _yz * x) ** 2
    * (1 + _y)
    * (1 - (2 * alpha + 4) * x + (3 * alpha + 8) * _y * x - (2 * alpha + 4) * _y**2 * x + _y**4)
    * (1 - _y - 4 * _y * x - _y**3 + _y**4)
    * (
        1
        - 3 * _yz
        + (alpha * z + 2 * alpha - 4) * _yz * x
        + (8 - 2 * alpha) * _yz**2 * x
        + ((2 * alpha - 4) * z + alpha) * _yz**2 * _y * x
        - 3 * _yz**3 * _y**2
        + _yz**4 * _y**2
    )
    ** 2
)
_LADDER_SILENT = (
    1 + (alpha**2 - 9) * x + 18 * _y**2 + (alpha**2 - 9) * _y**2 * alpha**2 * x + _y**4 * alpha**4
)
_LADDER_FIRING = (
    1
    + (alpha - 3 - 4 * alpha * z) * _yz
    + (alpha**2 * (z + 1) ** 2 + 6 * alpha * z) * _yz**2
    + ((alpha - 3) * z - 4 * alpha) * alpha**2 * z * _yz**3
    + (alpha * _yz) ** 4 * z**2
)
_LADDER = _LADDER_SILENT**2 * _LADDER_FIRING**2
_LADDER_RING = (
    (1 - alpha * _y)
    * (1 - alpha * _yz) ** 2
    * (1 - alpha * _yz * z) ** 2
    * (1 - (alpha + 3) * _y + (alpha * _y) ** 2)
    * (1 + (alpha - 3) * _y + (alpha * _y) ** 2)
    * (1 + (alpha - 3) * _yz + (alpha * _yz) ** 2) ** 2
    * _LADDER_SILENT
    * _LADDER_FIRING**2
)

RING2_SIZE = _size(
    "ring2",
    {N: "number of units", alpha: "row sum of W, weight alpha/4 from the two nearest on each side"},
    4,
    1,
    _ALIKE,
    _RING2,
)
LADDER_SIZE = _size(
    "ladder",
    {N: "number of rungs", alpha: "row sum of W inside the ladder, weight alpha/3 from each neighbour"},
    1,
    2,
    "uniform drive",
    _LADDER,
)
LADDER_RING_SIZE = _size(
    "ladder_ring",
    {N: "number of rungs", alpha: "row sum of W, weight alpha/3 from each of three neighbours"},
    3,
    2,
    _ALIKE,
    _LADDER_RING,
)

FORMULAS = (RING2_SIZE, LADDER_SIZE, LADDER_RING_SIZE)
