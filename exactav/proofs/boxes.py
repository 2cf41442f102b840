"""Enclosures of expressions, at numbers and over boxes, by interval arithmetic."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.numbers.digits import interval_ends
from exactav.numbers.enclosures import interval_of

_FUNCTIONS = {sympy.exp: "exp", sympy.log: "log", sympy.cos: "cos", sympy.sin: "sin"}
_MOST_BITS = 1 << 16  # of the whole part of an argument, and of a bound
Box = Mapping[sympy.Symbol, tuple[Fraction, Fraction]]


def bounds(expr: sympy.Expr, bits: int, box: Box | None = None) -> tuple[Fraction, Fraction] | None:
    """Numbers between which all values of the expression over a box are; None where none are known.

    >>> x = sympy.Symbol("x")
    >>> low, high = bounds(sympy.exp(x) - x, 60, {x: (Fraction(0), Fraction(1, 2))})
    >>> low <= 1 <= high and low > Fraction(2, 5) and high < Fraction(5, 3)
    True
    """
    found = _interval(expr, bits, box or {})
    if found is None or any(exponent > _MOST_BITS for _, _, exponent, _ in found._mpi_):
        return None
    return _outward(found.a, -1), _outward(found.b, 1)


def excludes_zero(expr: sympy.Expr, bits: int) -> bool:
    """Whether an enclosure of a number does, however large or small it is; False where none is known.

    >>> excludes_zero(sympy.exp(-(10**15)), 60), excludes_zero(sympy.cos(1) - sympy.cos(-1), 60)
    (True, False)
    """
    found = _interval(expr, bits, {})
    return found is not None and bool(found.a > 0 or found.b < 0)


def _outward(end: Any, way: int) -> Fraction:
    """An end of an interval; one beyond it where that is too near to 0 to be written down."""
    sign, _, exponent, size = end._mpi_[0]
    if exponent + size >= -_MOST_BITS:
        return interval_ends(end)[0]
    return Fraction(way, 2**_MOST_BITS) if bool(sign) is (way < 0) else Fraction(0)


def _interval(expr: sympy.Expr, bits: int, box: Box) -> Any:
    """A finite interval, or None."""
    context = MPIntervalContext()
    context.prec = bits
    boxes = {symbol: interval_of(context, *ends) for symbol, ends in box.items()}
    try:
        found = _enclosed(expr, context, boxes)
    except (ArithmeticError, ValueError):
        return None
    return found if all(mantissa or not exponent for _, mantissa, exponent, _ in found._mpi_) else None


def _enclosed(expr: sympy.Expr, context: MPIntervalContext, boxes: Mapping[sympy.Symbol, Any]) -> Any:
    if expr in boxes:
        return boxes[expr]
    if expr.is_Rational:
        return context.mpf(int(expr.p)) / context.mpf(int(expr.q))
    if expr in (sympy.pi, sympy.E):
        return +(context.pi if expr == sympy.pi else context.e)
    parts = [_enclosed(part, context, boxes) for part in expr.args]
    if expr.is_Add:
        return sum(parts, context.mpf(0))
    if expr.is_Mul:
        return sympy.prod(parts, context.mpf(1))
    if expr.is_Pow and expr.exp.is_Integer:
        return _whole_power(parts[0], int(expr.exp), context)
    if expr.is_Pow:
        return _applied("exp", context.log(parts[0]) * parts[1], context)
    if isinstance(expr, sympy.Abs):
        return abs(parts[0])
    if expr.func in _FUNCTIONS:
        return _applied(_FUNCTIONS[expr.func], parts[0], context)
    raise ValueError(f"no enclosure of {expr} is known")


def _applied(function: str, argument: Any, context: MPIntervalContext) -> Any:
    if function != "log" and any(exponent + size > _MOST_BITS for _, _, exponent, size in argument._mpi_):
        raise OverflowError("an argument has more binary digits than it is worth")
    return getattr(context, function)(argument)


def _whole_power(base: Any, exponent: int, context: MPIntervalContext) -> Any:
    if exponent < 0:
        if base.a <= 0 <= base.b:
            raise ZeroDivisionError("the base may be 0")
        return context.mpf(1) / base ** (-exponent)
    return base**exponent
