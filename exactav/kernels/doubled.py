"""Numbers as sums of two floats, high and low: about 32 digits (Dekker; Ogita, Rump and Oishi).

u is half the distance from 1 to the next float, and |low| <= u |high|. Every function works on floats and on
arrays of them, and compiled.
"""

from fractions import Fraction
from typing import Any

SPLIT = 134217729.0  # 2^27 + 1: halves of a float whose products are exact


def parts(number: Fraction) -> tuple[float, float]:
    """(high, low) of a fraction."""
    high = float(number)
    return high, float(number - Fraction(high))


def added(high: Any, low: Any, more: Any) -> tuple[Any, Any]:
    """A number plus a float."""
    total = high + more
    part = total - high
    rest = (high - (total - part)) + (more - part) + low
    above = total + rest
    return above, rest - (above - total)


def product(first: Any, second: Any) -> tuple[Any, Any]:
    """(a product of two floats, what it lacks), exactly."""
    c = SPLIT * first
    a = c - (c - first)
    b = first - a
    c = SPLIT * second
    d = c - (c - second)
    e = second - d
    found = first * second
    return found, b * e - (((found - a * d) - b * d) - a * e)


def ratio(high: Any, low: Any, by_high: Any, by_low: Any) -> tuple[Any, Any]:
    """A quotient, with a relative error of at most 16 u^2."""
    found = high / by_high
    c = SPLIT * found
    a = c - (c - found)
    b = found - a
    c = SPLIT * by_high
    d = c - (c - by_high)
    e = by_high - d
    product = found * by_high
    error = b * e - (((product - a * d) - b * d) - a * e)
    rest = ((high - product) - error) + low - found * by_low
    return found, rest / by_high


def less_product(
    high: Any, low: Any, first_high: Any, first_low: Any, second_high: Any, second_low: Any
) -> Any:
    """A number less a product of two, as one float.

    The error is at most u |result| + 64 u^2 (|number| + |product|).
    """
    c = SPLIT * first_high
    a = c - (c - first_high)
    b = first_high - a
    c = SPLIT * second_high
    d = c - (c - second_high)
    e = second_high - d
    product = first_high * second_high
    error = b * e - (((product - a * d) - b * d) - a * e)
    total = high - product
    part = total - high
    rest = (high - (total - part)) - (product + part)
    return total + (rest + low - (error + (first_high * second_low + first_low * second_high)))
