"""Signs of expressions with symbols, from what is assumed of the symbols, in one walk over the parts."""

from math import prod

import sympy

from exactav.numbers.trees import inner_first, size_of

_SMALL = 40  # parts of an expression of which SymPy is asked, too
_OPEN = (-1, 1)

Range = tuple[int, int]
"""The least and the greatest sign that a real number may have."""


def assumed_sign(expr: sympy.Expr) -> int | None:
    """-1, 0 or 1 where the assumptions on symbols decide the sign; None where they leave it open.

    >>> x, y = sympy.symbols("x y", positive=True)
    >>> assumed_sign(x / (x + y) + 1), assumed_sign(x - y)
    (1, None)
    """
    if not any(symbol.is_extended_real for symbol in expr.free_symbols):
        return None  # of what may be complex no sign is known
    low, high = _range(expr)
    if low == high:
        return low
    if size_of(expr)[0] > _SMALL:
        return None
    if expr.is_negative:
        return -1
    return 1 if expr.is_positive else None


def _range(expr: sympy.Expr) -> Range:
    """The signs that an expression may have; all, where it may not be real."""
    found: dict[int, Range | None] = {}
    for part, _ in inner_first(expr):
        found[id(part)] = _of_part(part, found)
    return found[id(expr)] or _OPEN


def _of_part(part: sympy.Expr, found: dict[int, Range | None]) -> Range | None:
    """The same of one part; None where it may not be real."""
    if part.is_Rational:
        sign = (int(part.p) > 0) - (int(part.p) < 0)
        return sign, sign
    if part.is_Symbol:
        if not part.is_real:
            return None
        low = 1 if part.is_positive else 0 if part.is_nonnegative else -1
        high = -1 if part.is_negative else 0 if part.is_nonpositive else 1
        return low, high
    if part.is_Add or part.is_Mul:
        inside = [found[id(argument)] for argument in part.args]
        if any(one is None for one in inside):
            return None
        known = [one for one in inside if one is not None]
        return _sum(known) if part.is_Add else _product(known)
    if isinstance(part, sympy.exp):
        return None if found.get(id(part.exp)) is None else (1, 1)
    if part.is_Pow and part.exp.is_Rational:
        return _power(found[id(part.base)], part.exp)
    return None


def _sum(parts: list[Range]) -> Range:
    lows, highs = [low for low, _ in parts], [high for _, high in parts]
    low = -1 if min(lows) < 0 else max(lows)
    high = 1 if max(highs) > 0 else min(highs)
    return low, high


def _product(parts: list[Range]) -> Range:
    if any(low < 0 < high for low, high in parts):
        return _OPEN
    sign = prod(low or high for low, high in parts)
    return (min(0, sign), max(0, sign)) if any(0 in part for part in parts) else (sign, sign)


def _power(base: Range | None, exponent: sympy.Rational) -> Range | None:
    if base is None:
        return None
    low, high = base
    if exponent.is_Integer and exponent % 2 == 0:
        return (0, 1) if low <= 0 <= high else (1, 1)
    if exponent.is_Integer:
        return base
    return None if low < 0 else (low, high)
