"""Operations on exact numbers, none where conventions differ; and what names of formulas stand for."""

from collections.abc import Callable, Mapping
from math import comb, isqrt
from typing import Any

import sympy

from exactav.errors import ExactavError
from exactav.formulas.catalogue import get
from exactav.formulas.formula import Formula
from exactav.papers.nodes import Call, Name, Node
from exactav.proofs.values import MAX_BITS, MAX_FACTORIAL

_SIMPLE: Mapping[str, Callable[..., sympy.Expr]] = {
    "exp": sympy.exp,
    "cos": sympy.cos,
    "sin": sympy.sin,
    "tan": sympy.tan,
    "cosh": sympy.cosh,
    "sinh": sympy.sinh,
    "abs": sympy.Abs,
    "max": sympy.Max,
    "min": sympy.Min,
}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "infinity": sympy.oo}
RELATIONS: Mapping[str, Callable[..., Any]] = {
    "=": sympy.Eq,
    "!=": sympy.Ne,
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
}


class NoValueHereError(ExactavError, ArithmeticError):
    """An expression has no exact value at a point, or none that all conventions share."""


def checked(value: sympy.Expr) -> sympy.Expr:
    """The value, a real number.

    Raises:
        NoValueHereError: it is infinite, or not real.
    """
    if value.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I):
        raise NoValueHereError("infinite, or no real number")
    return value


def operated(head: str, found: list[sympy.Expr], within: bool) -> sympy.Expr:
    """An operation on numbers.

    Args:
        head: as of a :class:`~exactav.papers.nodes.Call`.
        found: the numbers.
        within: whether in the term of a sum, where 0^0 is 1.

    Raises:
        NoValueHereError: there is no value.
    """
    first = found[0]
    if head == "+":
        return sympy.Add(*found)
    if head == "*":
        return sympy.Mul(*found)
    if head == "neg":
        return -first
    if head == "/":
        if found[1].is_zero is not False:
            raise NoValueHereError("division by zero")
        return first / found[1]
    if head == "^":
        return _power(first, found[1], within)
    if head == "sqrt":
        degree = found[1]
        if first.is_nonnegative is not True or not (degree.is_Integer and 2 <= degree <= 100):
            raise NoValueHereError("a root of a negative number")
        return sympy.Pow(first, 1 / degree)
    if head in ("log", "lg"):
        if first.is_positive is not True:
            raise NoValueHereError("a logarithm of what is not positive")
        return sympy.log(first)
    if head in ("!", "gamma"):
        count = _count(first) if head == "!" else _count(first - 1)
        return sympy.factorial(count)
    if head == "binomial":
        return _binomial(*found)
    if head in ("falling", "rising"):
        steps = _count(found[1])
        sign = -1 if head == "falling" else 1
        return sympy.Mul(*(first + sign * step for step in range(steps)))
    if head == "det":
        side = isqrt(len(found))
        return sympy.expand(sympy.Matrix(side, side, found).det(method="berkowitz"))
    return _SIMPLE[head](*found)


def _power(base: sympy.Expr, exponent: sympy.Expr, within: bool) -> sympy.Expr:
    if base.is_zero:
        if exponent.is_zero and within:
            return sympy.S.One
        if exponent.is_positive:
            return sympy.S.Zero
        raise NoValueHereError("a power of 0")
    if exponent.is_Integer:
        bits = int(base.p).bit_length() + int(base.q).bit_length() if base.is_Rational else 64
        if abs(int(exponent)) * bits > MAX_BITS:
            raise NoValueHereError("a power that is too large")
        return base**exponent
    if base.is_positive is not True:
        raise NoValueHereError("a fractional power of what is not positive")
    return base**exponent


def _count(value: sympy.Expr) -> int:
    if not value.is_Integer or not 0 <= value <= MAX_FACTORIAL:
        raise NoValueHereError("a factorial of what is no small whole number")
    return int(value)


def _binomial(n: sympy.Expr, k: sympy.Expr) -> sympy.Expr:
    if not k.is_Integer or abs(k) > MAX_FACTORIAL:
        raise NoValueHereError("a binomial whose lower entry is not whole")
    if n.is_Integer:
        if n < 0 or n > 100 * MAX_FACTORIAL:
            raise NoValueHereError("a binomial of a negative number")
        return sympy.Integer(comb(int(n), int(k)) if k >= 0 else 0)
    if k < 0:
        raise NoValueHereError("a binomial whose lower entry is negative")
    return sympy.Mul(*(n - i for i in range(int(k)))) / sympy.factorial(k)


def bound(parts: tuple[Node, ...]) -> tuple[Formula, dict[sympy.Symbol, Node]]:
    """The formula that parts of a ``formula`` name, and the values of its symbols."""
    name, *binds = parts
    assert isinstance(name, Name)
    formula = get(name.name)
    symbols = {symbol.name: symbol for symbol in formula.symbols}
    found = {}
    for bind in binds:
        assert isinstance(bind, Call)
        symbol, value = bind.parts
        assert isinstance(symbol, Name)
        found[symbols[symbol.name]] = value
    return formula, found


def is_count(name: str) -> bool:
    """Whether a symbol of a formula stands for a whole number."""
    head, _, index = name.partition("_")
    return head in "NLKRCnmklg" and len(head) == 1 and (not index or index.isdigit())
