"""What checks take at their door: expressions, symbols, and functions that make what is compared."""

from typing import Any

import sympy

from exactav.errors import InexactError
from exactav.numbers.arguments import calling, one
from exactav.numbers.expressions import exact, shown

symbol = one(sympy.Symbol, "sympy.Symbol('n', integer=True)")
makes = calling("no argument, which makes a side")
of_case = calling("a case")
of_number = calling("numbers")


def expression(value: Any, name: str) -> sympy.Expr:
    """``value`` as an expression: of SymPy, infinite ones too, or what is read as an exact number or text.

    Raises:
        InexactError: it is a float, or nothing of the kind.
        ParseError: a text is not in the grammar.

    >>> expression("1/2", "left"), expression(sympy.oo, "point")
    (1/2, oo)
    """
    if not isinstance(value, sympy.Expr):
        return exact(value, name)
    if value.has(sympy.Float):
        raise InexactError(f"{name} = {shown(value)} has a float in it: write its numbers as Rational")
    if value.has(sympy.nan, sympy.zoo):
        raise InexactError(f"{name} = {shown(value)} is not a number: write a value, or sympy.oo")
    return value
