"""Correctly rounded decimal digits of exact numbers.

Rationals are rounded by integer arithmetic. Irrational algebraic numbers are enclosed by interval arithmetic
in a context of their own, at growing precision, until both ends of the interval round to the same digits.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.errors import CheckFailedError, UnboundSymbolError

_MAX_BITS = 1 << 20


def round_fraction(value: Fraction, digits: int) -> Decimal:
    """``value`` rounded half-even to ``digits`` significant decimal digits, by integers alone.

    >>> round_fraction(Fraction(2, 3), 5)
    Decimal('0.66667')
    """
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-(10**9), Emax=10**9, traps=[])
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def evaluate_exact(expr: sympy.Expr, digits: int) -> sympy.Float:
    """``expr``, an exact real number, as a Float of which all ``digits`` significant digits are correct.

    Raises:
        ValueError: fewer than one digit.
        UnboundSymbolError: ``expr`` still has free symbols; the message names them.

    >>> evaluate_exact(sympy.sqrt(2) - sympy.Rational(665857, 470832), 20)
    -1.5948618246068546804e-12
    """
    return sympy.Float(str(decimal_digits(expr, digits)), digits)


def decimal_digits(expr: sympy.Expr, digits: int) -> Decimal:
    """Like :func:`evaluate_exact`, as a Decimal of at most ``digits`` significant digits.

    >>> decimal_digits(sympy.Rational(1, 8), 10)
    Decimal('0.125')
    """
    if digits < 1:
        raise ValueError(f"digits = {digits}; wanted at least 1")
    if expr.free_symbols:
        names = ", ".join(sorted(map(str, expr.free_symbols)))
        raise UnboundSymbolError(f"no value for {names}: substitute first, e.g. law.at({{{names}: ...}})")
    if expr.is_Rational:
        return round_fraction(Fraction(int(expr.p), int(expr.q)), digits)
    bits = 64 + 4 * digits
    while bits <= _MAX_BITS:
        low, high = (round_fraction(end, digits) for end in enclosure(expr, bits))
        if low == high:
            return low
        bits *= 2
    raise CheckFailedError(f"no {digits} digits of {expr} at {_MAX_BITS} bits; is it zero in disguise?")


@lru_cache(maxsize=1024)
def sign_of(expr: sympy.Expr) -> int | None:
    """-1, 0 or 1 for a real number known not to be zero in disguise; None where symbols leave the sign open.

    >>> sign_of(1 - sympy.sqrt(2)), sign_of(sympy.Symbol("x")), sign_of(sympy.Symbol("y", positive=True))
    (-1, None, 1)
    """
    if expr.is_Rational:
        return (int(expr.p) > 0) - (int(expr.p) < 0)
    if not expr.free_symbols:
        return 1 if decimal_digits(expr, 1) > 0 else -1
    if expr.is_negative:
        return -1
    return 1 if expr.is_positive else None


def enclosure(expr: sympy.Expr, bits: int) -> tuple[Fraction, Fraction]:
    """Bounds of an algebraic number, by interval arithmetic with so many bits."""
    context = MPIntervalContext()
    context.prec = bits
    return interval_ends(_interval(expr, context))


def interval_ends(interval: Any) -> tuple[Fraction, Fraction]:
    """The ends of an mpmath interval, exactly."""
    low, high = interval._mpi_
    return _fraction(low), _fraction(high)


def _fraction(raw: tuple[int, int, int, int]) -> Fraction:
    sign, mantissa, exponent, _ = raw
    value = Fraction(int(mantissa)) * Fraction(2) ** exponent
    return -value if sign else value


def _interval(expr: sympy.Expr, context: MPIntervalContext) -> MPIntervalContext:
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
        base = _interval(expr.base, context)
        if expr.exp.is_Integer:
            return base ** int(expr.exp)
        if expr.exp == sympy.Rational(1, 2):
            return context.sqrt(base)
        return context.exp(context.log(base) * _interval(expr.exp, context))
    if isinstance(expr, sympy.CRootOf) and expr.is_real:
        width = sympy.Rational(1, 2**context.prec)
        middle = expr.eval_rational(width)
        return _interval(middle, context) + context.mpf([-1, 1]) * _interval(width, context)
    raise ValueError(f"{expr} is not an algebraic number that digits can be computed of")
