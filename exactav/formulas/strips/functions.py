"""Generating functions of strips: rational functions of x, which marks cells, and of z, which marks units
that fire."""

from dataclasses import dataclass

import sympy

from exactav.kernels.rational import Series
from exactav.kernels.strips import z
from exactav.numbers.domains import Element, quotient
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.showing import html

x = sympy.Symbol("x")
MOST_CELLS = 1_000_000  # of strips that are asked about


@dataclass(frozen=True, eq=False)
class GeneratingFunction:
    """The sum over N of x^N times what is asked of N cells, a rational function of x.

    Attributes:
        series: the same with each row of weights times its denominator, and over all starts.
        scale: product of the denominators of the rows of a cell.
        common: of the drive.
        what: the coefficient of x^N, in words.
    """

    series: Series
    scale: Element
    common: Element
    what: str

    __reduce_ex__ = tagged

    @property
    def order(self) -> int:
        """The degree of the denominator in x, so the order of the recurrence in N."""
        return self.series.order

    @property
    def numerator(self) -> sympy.Expr:
        """A polynomial in x."""
        return self._polynomial(self.series.numerator, self.common)

    @property
    def factors(self) -> tuple[tuple[sympy.Expr, int], ...]:
        """The factors of the denominator, polynomials in x with constant term 1, and their powers."""
        return tuple((self._polynomial(factor), power) for factor, power in self.series.factors)

    @property
    def denominator(self) -> sympy.Expr:
        """The product of the factors, not multiplied out."""
        return sympy.Mul(*(factor**power for factor, power in self.factors))

    @property
    def expr(self) -> sympy.Expr:
        """Numerator over denominator."""
        return self.numerator / self.denominator

    def coefficient(self, n: int) -> sympy.Expr:
        """That of x^n, exactly, for any n."""
        n = whole(n, "n", 0, MOST_CELLS)
        ring = self.series.ring
        return quotient(ring, self.series.coefficient(n), self.scale**n * self.common)

    def latex(self) -> str:
        """LaTeX of the fraction, the denominator factored."""
        below = "".join(
            rf"\left({sympy.latex(factor)}\right){f'^{{{power}}}' if power > 1 else ''}"
            for factor, power in self.factors
        )
        return rf"\frac{{{sympy.latex(self.numerator)}}}{{{below or 1}}}"

    def _polynomial(self, elements: tuple[Element, ...], common: Element | None = None) -> sympy.Expr:
        ring = self.series.ring
        below = ring.one if common is None else common
        terms = []
        for k, element in enumerate(elements):
            if element:
                coefficient = quotient(ring, element, self.scale**k * below)
                terms.append(sympy.expand(coefficient) * x**k)
        return sympy.Add(*terms)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def _repr_html_(self) -> str:
        said = [("order in x", html.text(self.order)), ("denominator", html.text(self.denominator, 400))]
        return html.card(f"Generating function of {self.what}", html.facts(said))

    def __repr__(self) -> str:
        marks = "x and z" if z in self.expr_symbols else "x"
        return f"<GeneratingFunction of {self.what}: rational in {marks}, of order {self.order} in x>"

    @property
    def expr_symbols(self) -> frozenset[sympy.Basic]:
        """The symbols of its coefficients."""
        ring = self.series.ring
        return frozenset(ring.symbols) if ring.is_PolynomialRing else frozenset()
