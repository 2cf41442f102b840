"""Pieces of a density as numbers to calculate with: exact, or intervals that hold the exact ones."""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from exactav.errors import NotRationalError, UnknownSymbolError
from exactav.laws.measure import INTERVALS, Exact, Measure
from exactav.network.network import Network
from exactav.numbers.digits import sign_of
from exactav.numbers.domains import Domain, Element, cleared, common_denominator, quotient, ring_of
from exactav.numbers.expressions import exact, shown
from exactav.numbers.fields import normal_form


def sign_among(network: Network, unit: Hashable, difference: sympy.Expr) -> int | None:
    """The sign of a difference, if numbers, what is assumed of symbols, or the model decide it.

    Weights into the unit and its leak, so its threshold, are assumed to be positive where symbols leave it
    open: so is what is a sum of these times positive numbers. None where that says nothing.
    """
    if difference.is_Rational:
        return sign_of(difference)
    field, (element,) = normal_form([difference])
    found = sign_of(field.to_sympy(element)) if element else 0
    if found is not None:
        return found
    k = network.index(unit)
    parts = _combined(difference, [*dict.fromkeys(network.weight_rows[k].values()), network.leak[k]])
    signs = {int(part > 0) - int(part < 0) for part in parts or []} - {0}
    return signs.pop() if len(signs) == 1 else None


def _combined(expr: sympy.Expr, known: Sequence[sympy.Expr]) -> list[Any] | None:
    """Rational numbers with which known expressions add up to another one; None if there are none."""
    field, elements = normal_form([*known, expr])
    ring, scale = ring_of(field), common_denominator(field, elements)
    if not ring.is_PolynomialRing or not (ring.domain.is_ZZ or ring.domain.is_QQ):
        return None
    polynomials: list[Any] = [cleared(field, element, scale) for element in elements]
    columns = [dict(polynomial.terms()) for polynomial in polynomials]
    monomials = sorted({monomial for column in columns for monomial in column})
    rows = [[QQ.convert(column.get(monomial, 0)) for column in columns] for monomial in monomials]
    reduced, pivots = DomainMatrix(rows, (len(rows), len(columns)), QQ).rref()
    if len(known) in pivots:
        return None
    return [row[-1] for row in reduced.to_list()[: len(pivots)]]


class Numbers:
    """Breakpoints and probabilities of pieces, and other numbers, to calculate with.

    Of exact laws all are in one field. Of laws in floating point, probabilities are intervals, and all else
    is fractions, so that what cancels among them cancels; :meth:`lifted` puts both together.

    Attributes:
        ends: the breakpoints.
        shares: the probabilities of the pieces between them.
        extra: other numbers.
    """

    _field: Domain

    def __init__(
        self, breakpoints: Sequence[sympy.Expr], measure: Measure[int], extra: Sequence[sympy.Expr]
    ) -> None:
        n_ends = len(breakpoints)
        pieces = range(n_ends - 1)
        self._measure = measure
        if isinstance(measure, Exact):
            given = [measure.number(measure.weights.get(n, measure.ring.zero)) for n in pieces]
            self._field, found = normal_form([*breakpoints, *given, *extra])
            self.shares = found[n_ends : n_ends + len(pieces)]
            self.everything, self.nothing = sympy.Integer(1), sympy.Integer(0)
        else:
            found = [Fraction(int(x.p), int(x.q)) for x in (*breakpoints, *extra)]
            nothing = INTERVALS.mpf(0)
            self.shares = [measure.part(n) if n in measure.weights else nothing for n in pieces]
            self.everything, self.nothing = (measure.said(INTERVALS.mpf(n)) for n in (1, 0))
        self.ends, self.extra = found[:n_ends], found[len(found) - len(extra) :]

    def whole(self, n: int) -> Any:
        """A whole number."""
        return self._field.convert(n) if isinstance(self._measure, Exact) else Fraction(n)

    def lifted(self, number: Any) -> Any:
        """A number that is known exactly, for calculations with probabilities."""
        if isinstance(self._measure, Exact):
            return number
        return INTERVALS.mpf(number.numerator) / INTERVALS.mpf(number.denominator)

    def power(self, order: int, about: Any) -> Any:
        """E[(u - about)^order]."""
        total = self.lifted(self.whole(0))
        for share, (low, high) in zip(self.shares, pairwise(self.ends), strict=True):
            left, right = low - about, high - about
            power = terms = self.whole(1)  # left^n, and the sum of left^i right^(n - i)
            for _ in range(order):
                power = power * left
                terms = terms * right + power
            total += share * self.lifted(terms / self.whole(order + 1))
        return total

    def sign(self, number: Any) -> int:
        """-1, 0 or 1, or an error where it is open."""
        if not isinstance(self._measure, Exact):
            return self._measure.sign(number)
        found = sign_of(self.said(number))
        if found is None:
            raise NotRationalError(
                f"the sign of {shown(self.said(number))} is open: put values in with law.at(...)"
            )
        return found

    def said(self, number: Any) -> Any:
        """A number as an expression in lowest terms, or as a float with its bound."""
        if not isinstance(self._measure, Exact):
            return self._measure.said(number)
        return in_lowest_terms(self._field, number)


def in_lowest_terms(field: Domain, element: Element) -> sympy.Expr:
    """An element of a field as an expression."""
    below = common_denominator(field, [element])
    return quotient(ring_of(field), cleared(field, element, below), below)


def named_as_in(network: Network, value: Any, name: str) -> sympy.Expr:
    """An exact number, or an expression in the symbols of the network, which are told by their names.

    Raises:
        InexactError: it is a float.
        UnknownSymbolError: it has another symbol.
    """
    expr = exact(value, name)
    known = {symbol.name: symbol for symbol in network.symbols}
    if strange := sorted({symbol.name for symbol in expr.free_symbols} - known.keys()):
        raise UnknownSymbolError(f"{name} = {shown(expr)}: the network has no symbol {strange[0]}")
    return expr.xreplace({symbol: known[symbol.name] for symbol in expr.free_symbols})
