"""Enclosures of expressions, at numbers and over boxes, by interval arithmetic."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.numbers.digits import interval_ends
from exactav.numbers.enclosures import interval_of

_FUNCTIONS = {sympy.exp: "exp", sympy.log: "log", sympy.cos: "cos", sympy.sin: "sin"}
Box = Mapping[sympy.Symbol, tuple[Fraction, Fraction]]


def bounds(expr: sympy.Expr, bits: int, box: Box | None = None) -> tuple[Fraction, Fraction] | None:
    """Numbers between which all values of the expression over a box are; None where none are known.

    >>> x = sympy.Symbol("x")
    >>> low, high = bounds(sympy.exp(x) - x, 60, {x: (Fraction(0), Fraction(1, 2))})
    >>> low <= 1 <= high and low > Fraction(2, 5) and high < Fraction(5, 3)
    True
    """
    context = MPIntervalContext()
    context.prec = bits
    boxes = {symbol: interval_of(context, *ends) for symbol, ends in (box or {}).items()}
    try:
        found = _enclosed(expr, context, boxes)
        if not all(mantissa or not exponent for _, mantissa, exponent, _ in found._mpi_):
            return None  # infinite
        low, high = interval_ends(found)
    except (ArithmeticError, ValueError):
        return None
    return low, high


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
        return context.exp(context.log(parts[0]) * parts[1])
    if expr.func in _FUNCTIONS:
        return getattr(context, _FUNCTIONS[expr.func])(*parts)
    raise ValueError(f"no enclosure of {expr} is known")


def _whole_power(base: Any, exponent: int, context: MPIntervalContext) -> Any:
    if exponent < 0:
        low, high = interval_ends(base)
        if low <= 0 <= high:
            raise ZeroDivisionError("the base may be 0")
        return context.mpf(1) / base ** (-exponent)
    return base**exponent
