"""Zeros of a function of one symbol by interval arithmetic, which proves that none is missed."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.errors import InexactError, OptionError, UndecidedError
from exactav.numbers.enclosures import has_bounds, interval_ends, interval_of
from exactav.numbers.expressions import shown
from exactav.numbers.fields import normal_form
from exactav.numbers.solutions import Solution, algebraic, bounds_of

_MOST_PARTS = 20_000  # of an interval that is divided until each part has no solution or one
_FINEST = 400  # bits of the smallest part


@dataclass(frozen=True)
class _Function:
    """A function of one symbol, over intervals."""

    expr: sympy.Expr
    symbol: sympy.Symbol

    def over(self, low: Fraction, high: Fraction, bits: int) -> tuple[Fraction, Fraction] | None:
        """Bounds of all values between two numbers; None where there are none."""
        context = MPIntervalContext()
        context.prec = bits
        value = _value(self.expr, self.symbol, interval_of(context, low, high), context)
        if value is None or not all(mantissa or not exponent for _, mantissa, exponent, _ in value._mpi_):
            return None
        return interval_ends(value)

    def sign(self, at: Fraction) -> int:
        """-1 or 1; 0 where the value is 0, or too close to tell."""
        for bits in (64, 256, 2048):
            found = self.over(at, at, bits)
            if found is not None and (found[0] > 0 or found[1] < 0):
                return 1 if found[0] > 0 else -1
        return 0


def _value(expr: sympy.Expr, symbol: sympy.Symbol, box: Any, context: Any) -> Any:
    """An interval that holds the values of an expression over a box; None where bounds are infinite."""
    if expr == symbol:
        return box
    if not expr.free_symbols and has_bounds(expr):
        return interval_of(context, *bounds_of(expr, context.prec))
    if not (expr.is_Add or expr.is_Mul or expr.is_Pow or isinstance(expr, sympy.exp)):
        raise InexactError(f"{shown(expr)} is not made of {symbol} by roots and exponentials")
    if isinstance(expr, sympy.exp):
        power = _value(expr.exp, symbol, box, context)
        return None if power is None else context.exp(power)
    if expr.is_Pow:
        base = _value(expr.base, symbol, box, context)
        return None if base is None else _power(base, expr.exp, context)
    parts = [_value(part, symbol, box, context) for part in expr.args]
    if any(part is None for part in parts):
        return None
    total = parts[0]
    for part in parts[1:]:
        total = total + part if expr.is_Add else total * part
    return total


def _power(base: Any, exponent: sympy.Rational, context: Any) -> Any:
    """base**exponent, of an interval >= 0 where the exponent is no whole number."""
    low, high = interval_ends(base)
    if exponent < 0:
        if low <= 0 <= high:
            return None
        return 1 / _power(base, -exponent, context)
    if exponent.is_Integer:
        return base ** int(exponent)
    if low < 0:
        return None
    ends = [
        context.exp(context.log(interval_of(context, end, end)) * int(exponent.p) / int(exponent.q))
        if end
        else context.mpf(0)
        for end in (low, high)
    ]
    return context.mpf([ends[0].a, ends[1].b])


def by_intervals(
    numerator: sympy.Expr, denominator: sympy.Expr, symbol: sympy.Symbol, low: sympy.Expr, high: sympy.Expr
) -> tuple[Solution, ...]:
    """By halving until on each part the numerator has no zero, or is monotonic."""
    if not (low.is_Rational and high.is_Rational):
        raise OptionError(f"between = ({low}, {high}): give rational ends, as this has no polynomial")
    value, slope = _Function(numerator, symbol), _Function(sympy.diff(numerator, symbol), symbol)
    below = _Function(denominator, symbol)
    ends = [Fraction(int(end.p), int(end.q)) for end in (low, high)]
    found: list[Solution] = []
    for end, number in zip(ends, (low, high), strict=True):
        if value.sign(end) == 0:
            if not _is_zero_at(numerator, symbol, number):
                raise UndecidedError(
                    f"whether {symbol} = {number} is a solution is open: move the interval's end"
                )
            found.append(algebraic(number))
    parts, n_parts = [(ends[0], ends[1])], 0
    while parts:
        left, right = parts.pop()
        n_parts += 1
        if n_parts > _MOST_PARTS or right - left < Fraction(1, 2**_FINEST):
            raise UndecidedError(
                f"near {symbol} = {float(left):.6g} two solutions are too close to tell apart, or one only "
                "touches, or the expression is not bounded: change the interval"
            )
        bounds, steepness = (function.over(left, right, 128) for function in (value, slope))
        if bounds is not None and (bounds[0] > 0 or bounds[1] < 0):
            continue
        signs = value.sign(left), value.sign(right)
        if steepness is not None and (steepness[0] > 0 or steepness[1] < 0):
            if 0 in signs or signs[0] == signs[1]:
                continue  # monotonic: a solution is at the end, or nowhere
            found.append(_refined(value, below, left, right, signs[0]))
            continue
        middle = _between(value, left, right)
        parts += [(middle, right), (left, middle)]
    return tuple(sorted(found, key=lambda solution: solution.bounds(128)))


def _between(value: _Function, left: Fraction, right: Fraction) -> Fraction:
    """A place to divide at, where the value is not 0."""
    for share in (Fraction(1, 2), Fraction(5, 11), Fraction(8, 17), Fraction(9, 16)):
        middle = left + (right - left) * share
        if value.sign(middle):
            return middle
    raise UndecidedError(f"values near {float(left):.6g} are too close to 0 to tell: change the interval")


def _refined(value: _Function, below: _Function, left: Fraction, right: Fraction, sign: int) -> Solution:
    """The solution between two places of different sign, where the function is monotonic."""
    known = [left, right]

    def bounds(bits: int) -> tuple[Fraction, Fraction]:
        while known[1] - known[0] > Fraction(1, 2**bits):
            middle = (known[0] + known[1]) / 2
            found, precision = None, bits + 64
            while found is None or found[0] <= 0 <= found[1]:
                found = value.over(middle, middle, precision)
                precision *= 2
                if precision > 1 << 14:
                    number = sympy.Rational(middle.numerator, middle.denominator)
                    if not _is_zero_at(value.expr, value.symbol, number):
                        raise UndecidedError(f"more digits of the solution near {float(middle):.6g} are open")
                    return middle, middle
            known[(1 if found[0] > 0 else -1) != sign] = middle
        return known[0], known[1]

    for bits in (64, 256, 1024):
        found = below.over(*bounds(bits), bits + 64)
        if found is not None and (found[0] > 0 or found[1] < 0):
            return Solution(None, bounds)
    raise UndecidedError(
        f"near {float(left):.6g} numerator and denominator may both vanish: change the interval"
    )


def _is_zero_at(numerator: sympy.Expr, symbol: sympy.Symbol, number: sympy.Expr) -> bool:
    try:
        return not normal_form([numerator.subs(symbol, number)])[1][0]
    except InexactError:
        return False
