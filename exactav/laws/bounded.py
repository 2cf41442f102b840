"""Numbers of laws between proven bounds: interval arithmetic over all probabilities.

Exact probabilities are enclosed as tightly as asked, so their digits are certain; those in floating point
within the bound that they have, so what comes out has a bound too, whatever cancels on the way.
"""

from collections.abc import Callable, Hashable
from fractions import Fraction
from math import inf, nextafter
from typing import Any, TypeAlias, TypeVar

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.engines.rounding import out_of_range
from exactav.errors import UnboundSymbolError, UndecidedError
from exactav.laws.measure import Approximation, Exact, Measure
from exactav.numbers.digits import enclosure, interval_ends, round_fraction
from exactav.numbers.enclosures import has_bounds
from exactav.numbers.fields import by_roots
from exactav.numbers.whole import whole

K = TypeVar("K", bound=Hashable)
Intervals: TypeAlias = Any  # an MPIntervalContext, which comes without types
FLOAT_BITS = 256  # beside which the bounds of floats are wide
_MOST_BITS = 1 << 16


def intervals(bits: int) -> Intervals:
    """Interval arithmetic with so many bits."""
    context = MPIntervalContext()
    context.prec = bits
    return context


def between(context: Intervals, low: Fraction, high: Fraction) -> Any:
    """An interval that holds both."""
    ends = [context.mpf(end.numerator) / context.mpf(end.denominator) for end in (low, high)]
    return context.mpf([ends[0].a, ends[1].b])


def enclosed(number: sympy.Expr, context: Intervals) -> Any:
    """An interval that holds an exact number.

    Raises:
        UnboundSymbolError: it has symbols.
        OptionError: it is not real algebraic.
    """
    if number.free_symbols:
        names = ", ".join(sorted(map(str, number.free_symbols)))
        raise UnboundSymbolError(f"no value for {names}: put values in first, with law.at(...)")
    if number.is_Rational:
        return context.mpf(int(number.p)) / context.mpf(int(number.q))
    if not has_bounds(number):
        number = by_roots(number)
    return between(context, *enclosure(number, context.prec))


def probabilities(measure: Measure[K], context: Intervals) -> dict[K, Any]:
    """All probabilities, each in an interval of positive numbers.

    Raises:
        UnboundSymbolError: the law has symbols.
    """
    if isinstance(measure, Exact):
        if measure.ring.is_ZZ:
            total = context.mpf(int(measure.total))
            return {o: context.mpf(int(weight)) / total for o, weight in measure.weights.items()}
        return {o: _positive(measure.number(weight), context) for o, weight in measure.weights.items()}
    error = Fraction(measure.error_bound)
    one = Fraction(1)
    factor = between(context, 1 / (one + error), 1 / (one - error))  # |p - P| <= error P
    return {outcome: context.mpf(weight) * factor for outcome, weight in measure.weights.items()}


def _positive(number: sympy.Expr, context: Intervals) -> Any:
    bits = context.prec
    while bits <= _MOST_BITS:
        interval = enclosed(number, intervals(bits))
        if interval.a > 0:
            return between(context, *interval_ends(interval))
        bits *= 2
    raise UndecidedError(f"a probability is not told from zero at {_MOST_BITS} bits")


def digits_of(compute: Callable[[Intervals], Any], digits: int, what: str, *, is_exact: bool) -> sympy.Float:
    """A number as a Float of which all ``digits`` significant digits are correct.

    Args:
        compute: encloses the number, ever more tightly with more bits if ``is_exact``.

    Raises:
        OptionError: fewer than one digit, or too many.
        UndecidedError: so many digits are not certain.
    """
    digits = whole(digits, "digits", 1)
    bits = 64 + 4 * digits
    while bits <= _MOST_BITS:
        low, high = (round_fraction(end, digits) for end in interval_ends(compute(intervals(bits))))
        if low == high:
            return sympy.Float(str(low), digits)
        if not is_exact:
            raise UndecidedError(
                f"{digits} digits of {what} are not certain in floating point: ask for fewer, or for "
                "arithmetic='exact'"
            )
        bits *= 2
    raise UndecidedError(
        f"{digits} digits of {what} are open at {_MOST_BITS} bits: they are too many, or it is very close to "
        "a tie; ask for fewer"
    )


def approximation(interval: Any, what: str) -> Approximation:
    """A float with the relative error that an interval proves.

    Raises:
        UndecidedError: the interval does not tell the number from zero.
        FloatRangeError: the number is beyond floats.
    """
    low, high = interval_ends(interval)
    if low == high == 0:
        return Approximation(0.0, 0.0)
    if low <= 0 <= high:
        raise UndecidedError(
            f"{what} is not told from zero in floating point: nothing certain is left of differences; "
            "ask for arithmetic='exact'"
        )
    try:
        value = float((low + high) / 2)
        farthest = max(abs(Fraction(value) - low), abs(high - Fraction(value)))
        error = nextafter(float(farthest / min(abs(low), abs(high))), inf)
    except OverflowError:
        raise out_of_range() from None
    if error >= 1:
        raise UndecidedError(f"{what} has no certain digit in floating point: ask for arithmetic='exact'")
    return Approximation(value, error)
