"""Correctly rounded decimal digits of exact numbers.

Rationals are rounded by integer arithmetic. Other algebraic numbers are enclosed by interval arithmetic in a
context of their own, at growing precision, until both ends of the interval round to the same digits. Only a
rational number can be a tie or zero, where they never do; whether a number is one is decided by algebra.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from exactav.errors import OptionError, UnboundSymbolError, UndecidedError
from exactav.numbers.enclosures import MAX_BITS, has_bounds, sign_at, sign_of_nonzero
from exactav.numbers.enclosures import enclosure as enclosure
from exactav.numbers.enclosures import interval_ends as interval_ends
from exactav.numbers.enclosures import interval_of as interval_of
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.fields import by_roots, is_algebraic, is_zero, rational_value
from exactav.numbers.signs import assumed_sign
from exactav.numbers.whole import whole

MOST_DIGITS = 10**6
"""Significant digits that are computed of a rational number."""


def checked_digits(digits: Any) -> int:
    """``digits`` as an int; OptionError unless so many significant digits can be computed."""
    found = whole(digits, "digits", 1)
    if found > MOST_DIGITS:
        raise OptionError(f"digits = {described(found)}; at most {MOST_DIGITS:,} are computed")
    return found


def round_fraction(value: Fraction, digits: int) -> Decimal:
    """``value`` rounded half-even to ``digits`` significant decimal digits, by integers alone.

    >>> round_fraction(Fraction(2, 3), 5)
    Decimal('0.66667')
    """
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-(10**9), Emax=10**9, traps=[])
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def certain_decimal(value: Fraction, relative_error: Fraction, most: int) -> Decimal | None:
    """A number known within a relative error, rounded to as many significant digits as are certain.

    Args:
        value, relative_error: the exact number P has |value - P| <= relative_error * P.
        most: no more digits than this; None where not even one is certain.

    >>> certain_decimal(Fraction(2, 3), Fraction(1, 10**6), 9)
    Decimal('0.66667')
    """
    found = (rounded_within(value, relative_error, digits) for digits in range(most, 0, -1))
    return next((decimal for decimal in found if decimal is not None), None)


def rounded_within(value: Fraction, relative_error: Fraction, digits: int) -> Decimal | None:
    """The same to so many digits; None where the error leaves them open."""
    low, high = (round_fraction(value / (1 + side * relative_error), digits) for side in (1, -1))
    return low if low == high else None


def evaluate_exact(expr: Any, digits: int) -> sympy.Float:
    """``expr``, an exact real number, as a Float of which all ``digits`` significant digits are correct.

    Raises:
        OptionError: fewer than one digit, or not a whole number of them; ``expr`` is not real algebraic.
        UnboundSymbolError: ``expr`` still has free symbols; the message names them.
        InexactError: ``expr`` contains a float.
        UndecidedError: it is too close to a tie, or to zero.

    >>> evaluate_exact(sympy.sqrt(2) - sympy.Rational(665857, 470832), 20)
    -1.5948618246068546804e-12
    """
    digits = checked_digits(digits)
    return sympy.Float(str(decimal_digits(exact(expr, "the number"), digits)), digits)


def decimal_digits(expr: sympy.Expr, digits: int) -> Decimal:
    """Like :func:`evaluate_exact`, as a Decimal of at most ``digits`` significant digits.

    >>> decimal_digits(sympy.Rational(1, 8), 10)
    Decimal('0.125')
    """
    digits = checked_digits(digits)
    if expr.free_symbols:
        names = ", ".join(sorted(map(str, expr.free_symbols)))
        raise UnboundSymbolError(f"no value for {names}: substitute first, e.g. law.at({{{names}: ...}})")
    if expr.is_Rational:
        return round_fraction(Fraction(int(expr.p), int(expr.q)), digits)
    if not has_bounds(expr) and is_algebraic(expr) and expr.is_real:
        return decimal_digits(by_roots(expr), digits)
    bits = first = 64 + 4 * digits
    if first > MAX_BITS:
        raise OptionError(f"{digits} digits of {shown(expr)}: at most {(MAX_BITS - 64) // 4} are computed")
    while bits <= MAX_BITS:
        low, high = (round_fraction(end, digits) for end in enclosure(expr, bits))
        if low == high:
            return low
        if bits == first and (rational := rational_value(expr)) is not None:
            return decimal_digits(rational, digits)
        bits *= 2
    raise UndecidedError(f"no {digits} digits of {shown(expr)} at {MAX_BITS} bits: it is very close to a tie")


def enclosed_digits(
    bounds: Callable[[int], tuple[Fraction, Fraction]], digits: int, what: str, most_bits: int = 1 << 15
) -> sympy.Float:
    """A number of which ``bounds`` gives bounds with so many bits, as a Float with all ``digits`` correct.

    Args:
        what: how messages call the number.

    Raises:
        UndecidedError: with ``most_bits`` the bounds still leave the digits open.

    >>> enclosed_digits(lambda bits: enclosure(sympy.sqrt(2), bits), 12, "the root")
    1.41421356237
    """
    wanted, bits = whole(digits, "digits", 1), 64 + 4 * int(digits)
    last = max(most_bits, 2 * bits)
    while bits <= last:
        low, high = (round_fraction(end, wanted) for end in bounds(bits))
        if low == high:
            return sympy.Float(str(low), wanted)
        bits *= 2
    raise UndecidedError(f"{wanted} digits of {what} are open at {last} bits: it is very close to a tie")


@lru_cache(maxsize=1024)
def sign_of(expr: sympy.Expr) -> int | None:
    """-1, 0 or 1 for a real number; None where symbols leave the sign open.

    Raises:
        OptionError: a number that is not real algebraic, written by roots.

    >>> sign_of(1 - sympy.sqrt(2)), sign_of(sympy.Symbol("x")), sign_of(sympy.Symbol("y", positive=True))
    (-1, None, 1)
    >>> sign_of((sympy.sqrt(2) - 1) * (sympy.sqrt(2) + 1) - 1)
    0
    """
    if expr.is_Rational:
        return (int(expr.p) > 0) - (int(expr.p) < 0)
    if not expr.free_symbols:
        return sign_at(expr, 128) or (0 if is_zero(expr) else sign_of_nonzero(expr, 256))
    return assumed_sign(expr)
