"""What a formula is at a point: an exact number, or nothing."""

from collections.abc import Mapping

import sympy

from exactav.errors import ExactavError
from exactav.papers.nodes import Call, Name, Node, Number
from exactav.papers.operations import (
    CONSTANTS,
    NoValueHereError,
    bound,
    checked,
    is_count,
    operated,
)
from exactav.papers.symbolic import in_symbols
from exactav.proofs.values import MAX_TERMS

Values = Mapping[str, sympy.Expr]


def at_point(node: Node, values: Values, *, within: bool = False) -> sympy.Expr:
    """The exact value where symbols have these values.

    Args:
        node: of numbers and calls.
        values: numbers by name.
        within: whether in the term of a sum or product, where 0^0 is 1 by all conventions.

    Raises:
        NoValueHereError: there is none.

    >>> at_point(Call("!", (Name("n"),)), {"n": sympy.Integer(4)})
    24
    """
    if isinstance(node, Number):
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if isinstance(node, Name):
        if node.varies or node.name not in values:
            raise NoValueHereError(f"{node.name} has no value")
        return values[node.name]
    head, parts = node.head, node.parts
    if head in CONSTANTS and head != "infinity":
        return CONSTANTS[head]
    if head == "cases":
        return _case(parts, values, within)
    if head in ("sum", "prod"):
        return _folded(node, values)
    if head == "formula":
        return _formula(parts, values, within)
    if head in ("apply", "infinity"):
        raise NoValueHereError("an unknown function, or infinity")
    found = [at_point(part, values, within=within) for part in parts]
    return checked(operated(head, found, within))


def _folded(node: Call, values: Values) -> sympy.Expr:
    index, low_node, high_node, term = node.parts
    assert isinstance(index, Name)
    low = at_point(low_node, values)
    if high_node == Call("infinity"):
        return _endless(node, values)
    high = at_point(high_node, values)
    if not (low.is_Integer and high.is_Integer and low - 1 <= high <= low + MAX_TERMS):
        raise NoValueHereError("a sum over no whole range, or over a long one")
    steps = (sympy.Integer(step) for step in range(int(low), int(high) + 1))
    terms = [at_point(term, {**values, index.name: step}, within=True) for step in steps]
    return checked(sympy.Add(*terms) if node.head == "sum" else sympy.Mul(*terms))


def _endless(node: Call, values: Values) -> sympy.Expr:
    total = in_symbols(node, values).doit()
    if node.head != "sum" or not total.is_number or total.has(sympy.Sum, sympy.Piecewise):
        raise NoValueHereError("an infinite sum without a closed form")
    return total


def _case(parts: tuple[Node, ...], values: Values, within: bool) -> sympy.Expr:
    for case in parts:
        assert isinstance(case, Call)
        value, *needs = case.parts
        if all(is_true(need, values) for need in needs):
            return at_point(value, values, within=within)
    raise NoValueHereError("no case applies")


def is_true(relation: Node, values: Values) -> bool:
    """Whether a relation is true at a point.

    Raises:
        NoValueHereError: it cannot be told.
    """
    assert isinstance(relation, Call)
    if relation.head == "true":
        return True
    sides = [at_point(part, values) for part in relation.parts]
    if relation.head == "whole":
        return bool(sides[0].is_Integer)
    difference = sides[0] - sides[1]
    signs = difference.is_positive, difference.is_negative, difference.is_zero
    if None in signs:
        raise NoValueHereError("a condition that cannot be told")
    positive, negative, zero = signs
    return bool(
        {"=": zero, "!=": not zero, "<": negative, "<=": not positive, ">": positive, ">=": not negative}[
            relation.head
        ]
    )


def _formula(parts: tuple[Node, ...], values: Values, within: bool) -> sympy.Expr:
    formula, binds = bound(parts)
    at = {symbol: at_point(value, values, within=within) for symbol, value in binds.items()}
    for symbol, value in at.items():
        if is_count(symbol.name) and not value.is_Integer:
            raise NoValueHereError(f"{symbol} is no whole number")
    try:
        return formula.at(at)
    except TypeError:  # the value is irrational
        return checked(formula.expr.subs(at, simultaneous=True).doit())
    except (ExactavError, ArithmeticError, ValueError) as error:
        raise NoValueHereError(str(error)) from None
