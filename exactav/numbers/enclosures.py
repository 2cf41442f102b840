"""Bounds of real algebraic numbers by interval arithmetic, as tight as asked, and the signs that follow."""

from fractions import Fraction
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.errors import OptionError, UndecidedError

MAX_BITS = 1 << 20  # beyond these, two numbers that are not known to differ are too close for anybody
_FINITE_BITS = 1 << 16  # beyond these, a denominator that may be zero is taken for zero


def enclosure(expr: sympy.Expr, bits: int) -> tuple[Fraction, Fraction]:
    """Bounds of an algebraic number, by interval arithmetic with so many bits, or more where those give none.

    Raises:
        OptionError: not a real algebraic number, written by roots.
        UndecidedError: a denominator is zero, or too close to it.

    >>> low, high = enclosure(sympy.sqrt(2), 64)
    >>> low**2 < 2 < high**2, high - low < Fraction(1, 2**60)
    (True, True)
    """
    most = max(bits, _FINITE_BITS)
    while bits <= most:
        context = MPIntervalContext()
        context.prec = bits
        interval = _interval(expr, context)
        if all(mantissa or not exponent for _, mantissa, exponent, _ in interval._mpi_):
            return interval_ends(interval)
        bits *= 4  # an end is infinite: a denominator may still be zero
    raise UndecidedError(f"{expr} has no bounds at {most} bits; does it divide by zero?")


def interval_ends(interval: Any) -> tuple[Fraction, Fraction]:
    """The ends of an mpmath interval, exactly."""
    low, high = interval._mpi_
    return _fraction(low), _fraction(high)


def interval_of(context: MPIntervalContext, low: Fraction, high: Fraction) -> Any:
    """An interval of a context that holds both numbers and what is between.

    >>> context = MPIntervalContext()
    >>> low, high = interval_ends(interval_of(context, Fraction(1, 3), Fraction(2, 3)))
    >>> low <= Fraction(1, 3), high >= Fraction(2, 3)
    (True, True)
    """
    bottom, top = (context.mpf(end.numerator) / context.mpf(end.denominator) for end in (low, high))
    return context.mpf([bottom.a, top.b])


def has_bounds(expr: sympy.Expr) -> bool:
    """Whether ``expr`` is written by rational numbers and roots, as :func:`enclosure` wants it.

    >>> has_bounds(sympy.sqrt(2) + 1), has_bounds(sympy.GoldenRatio)
    (True, False)
    """
    if expr.is_Add or expr.is_Mul:
        return all(map(has_bounds, expr.args))
    if expr.is_Pow:
        return bool(expr.exp.is_Rational) and has_bounds(expr.base)
    return bool(expr.is_Rational) or isinstance(expr, sympy.CRootOf)


def sign_of_nonzero(expr: sympy.Expr, bits: int = 64) -> int:
    """-1 or 1 for an algebraic number that is not zero.

    Raises:
        UndecidedError: it is zero, or too close to it.

    >>> sign_of_nonzero(sympy.sqrt(2) - sympy.Rational(665857, 470832))
    -1
    """
    while bits <= MAX_BITS:
        if sign := sign_at(expr, bits):
            return sign
        bits *= 2
    raise UndecidedError(f"the sign of {expr} is open at {MAX_BITS} bits")


def sign_at(expr: sympy.Expr, bits: int) -> int:
    """-1 or 1 where bounds of so many bits exclude zero, else 0."""
    low, high = enclosure(expr, bits)
    return (low > 0) - (high < 0)


def _fraction(raw: tuple[int, int, int, int]) -> Fraction:
    sign, mantissa, exponent, _ = raw
    value = Fraction(int(mantissa)) * Fraction(2) ** exponent
    return -value if sign else value


def _interval(expr: sympy.Expr, context: MPIntervalContext) -> Any:
    if expr.is_Rational:
        return context.mpf(int(expr.p)) / context.mpf(int(expr.q))
    if expr.is_Add:
        total = context.mpf(0)
        for term in expr.args:
            total += _interval(term, context)
        return total
    if expr.is_Mul:
        product = context.mpf(1)
        for factor in expr.args:
            product *= _interval(factor, context)
        return product
    if expr.is_Pow and expr.exp.is_Rational:
        base, exponent = _interval(expr.base, context), expr.exp
        if exponent.is_Integer:
            return base ** int(exponent)
        if base.b < 0:
            raise OptionError(f"{expr} is not a real number: {expr.base} is negative")
        if base.a < 0:  # roots are of numbers >= 0, whatever rounding says
            base = context.mpf([0, base.b])
        if exponent < 0:
            return 1 / _root(base, -exponent, context)
        return _root(base, exponent, context)
    if isinstance(expr, sympy.CRootOf) and expr.is_real:
        width = sympy.Rational(1, 2**context.prec)
        middle = expr.eval_rational(width)
        return _interval(middle, context) + context.mpf([-1, 1]) * _interval(width, context)
    raise OptionError(f"{expr} is not an algebraic number that digits can be computed of")


def _root(base: Any, exponent: sympy.Rational, context: MPIntervalContext) -> Any:
    if exponent == sympy.Rational(1, 2):
        return context.sqrt(base)
    power = _interval(exponent, context)
    if base.a > 0:
        return context.exp(context.log(base) * power)
    top = context.exp(context.log(context.mpf(base.b)) * power).b if base.b > 0 else 0
    return context.mpf([0, top])
