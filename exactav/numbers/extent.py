"""How large an expression grows once it is multiplied out, bounded before anything is."""

from collections import Counter
from dataclasses import dataclass, field
from math import comb, prod
from typing import Any

import sympy

_MOST_BITS, _MOST_DEGREE, _MOST_TERMS = 2**20, 10_000, 20_000


class TooLargeError(ValueError):
    """An expression would be too large; what it does is the message."""


@dataclass(frozen=True)
class Extent:
    """Bounds on an expression: bits of its numbers, its degree in each generator, the number of its terms.

    Attributes:
        terms, below: of the numerator and of the denominator.
    """

    bits: int = 1
    degrees: Counter[Any] = field(default_factory=Counter)
    terms: int = 1
    below: int = 1


def extent(expr: sympy.Expr) -> Extent:
    """Bounds on numerator and denominator of an expression once it is multiplied out.

    Raises:
        TooLargeError: they are above what is ever multiplied out.

    >>> a, b = sympy.symbols("a b")
    >>> extent((a + b) ** 3).terms, extent((1 - a) ** 3 * (1 + a) ** 4).terms
    (4, 8)
    """
    if expr.is_Rational:
        return Extent(int(expr.p).bit_length() + int(expr.q).bit_length())
    if expr.is_Add or expr.is_Mul:
        parts = [extent(part) for part in expr.args]
        bits, degrees = sum(part.bits for part in parts), Counter[Any]()
        for part in parts:
            degrees = degrees | part.degrees if expr.is_Add else degrees + part.degrees
        above, below = [part.terms for part in parts], [part.below for part in parts]
        if expr.is_Add:
            return _bounded(bits, degrees, sum(above), max(below))
        return _bounded(bits, degrees, prod(above), prod(below))
    if expr.is_Pow and expr.exp.is_Rational:
        return _power(expr.base, expr.exp)
    return Extent(1, Counter({expr: 1}))


def check_power(base: sympy.Expr, exponent: sympy.Rational) -> None:
    """Refuse a power before it is formed.

    Raises:
        TooLargeError: it would be too large.
    """
    found = _power(base, exponent)
    if found.bits > _MOST_BITS:
        raise TooLargeError(f"has numbers of more than {_MOST_BITS} bits when multiplied out")


def _power(base: sympy.Expr, exponent: sympy.Rational) -> Extent:
    times, order = abs(int(exponent.p)), int(exponent.q)
    if max(times, order) > _MOST_DEGREE:
        raise TooLargeError(f"has an exponent above {_MOST_DEGREE}")
    if order > 1:  # a root is a generator of its own, below which the base stays as it is
        return _bounded(extent(base).bits * times, Counter({(base, order): times}), times + 1, 1)
    inside = extent(base)
    degrees = Counter({generator: degree * times for generator, degree in inside.degrees.items()})
    terms, below = (comb(number + times - 1, times) for number in (inside.terms, inside.below))
    if exponent < 0:
        terms, below = below, terms
    return _bounded(inside.bits * max(1, times), degrees, terms, below)


def _bounded(bits: int, degrees: Counter[Any], terms: int, below: int) -> Extent:
    if any(degree > _MOST_DEGREE for degree in degrees.values()):
        raise TooLargeError(f"is of a degree above {_MOST_DEGREE} when multiplied out")
    monomials = prod(degree + 1 for degree in degrees.values())
    terms, below = min(terms, monomials), min(below, monomials)
    if max(terms, below) > _MOST_TERMS:
        raise TooLargeError(f"has more than {_MOST_TERMS:,} terms when multiplied out")
    return Extent(bits, degrees, terms, below)
