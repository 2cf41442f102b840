"""What checks take at their door: expressions, symbols, and functions that make what is compared."""

from typing import Any

import sympy

from exactav.errors import InexactError, TooCostlyError
from exactav.numbers.arguments import calling, one
from exactav.numbers.expressions import exact, shown

symbol = one(sympy.Symbol, "sympy.Symbol('n', integer=True)")
makes = calling("no argument, which makes a side")
of_case = calling("a case")
_MOST_BITS = 10_000


def expression(value: Any, name: str) -> sympy.Expr:
    """``value`` as an expression: of SymPy, infinite ones too, or what is read as an exact number or text.

    Raises:
        InexactError: it is a float, or nothing of the kind.
        ParseError: a text is not in the grammar.

    >>> expression("1/2", "left"), expression(sympy.oo, "point")
    (1/2, oo)
    """
    if not isinstance(value, sympy.Expr) or value.is_Rational:
        value = exact(value, name)
        if value.is_Rational and max(int(value.p).bit_length(), int(value.q).bit_length()) > _MOST_BITS:
            raise TooCostlyError(f"{name} = {shown(value)}: numbers are taken up to 2**{_MOST_BITS:,}")
        return value
    if value.has(sympy.Float):
        raise InexactError(f"{name} = {shown(value)} has a float in it: write its numbers as Rational")
    if value.has(sympy.nan, sympy.zoo):
        raise InexactError(f"{name} = {shown(value)} is not a number: write a value, or sympy.oo")
    return value
