"""What a formula is in symbols: a SymPy expression."""

from collections.abc import Mapping
from typing import Any

import sympy

from exactav.numbers.whole import whole
from exactav.papers.nodes import Call, Name, Node, Number
from exactav.papers.operations import (
    CONSTANTS,
    RELATIONS,
    NoValueHereError,
    bound,
    operated,
)
from exactav.proofs.values import MAX_BITS, MAX_FACTORIAL, MAX_TERMS

Values = Mapping[str, sympy.Expr]


def in_symbols(node: Node, symbols: Values, inside: tuple[sympy.Symbol, ...] = ()) -> sympy.Expr:
    """The formula as an expression in these symbols, which carry what is assumed of them.

    Args:
        node: the formula.
        symbols: by name.
        inside: indices of the sums around it.

    Raises:
        NoValueHereError: it is too large.
    """
    if isinstance(node, Number):
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if isinstance(node, Name):
        if node.varies:
            return sympy.Function(node.name)(*inside) if inside else sympy.Symbol(f"{node.name} ")
        return symbols[node.name]
    head, parts = node.head, node.parts
    if head in CONSTANTS:
        return CONSTANTS[head]
    if head in ("sum", "prod"):
        return _folded_symbols(node, symbols, inside)
    if head == "cases":
        return sympy.Piecewise(*(_case_symbols(case, symbols, inside) for case in parts))
    if head == "formula":
        formula, binds = bound(parts)
        by = {symbol: in_symbols(value, symbols, inside) for symbol, value in binds.items()}
        return formula.expr.subs(by, simultaneous=True)
    if head == "apply":
        name, *given = parts
        assert isinstance(name, Name)
        return sympy.Function(name.name)(*(in_symbols(part, symbols, inside) for part in given))
    found = [in_symbols(part, symbols, inside) for part in parts]
    if head in RELATIONS:
        return RELATIONS[head](*found)
    if head == "^":
        return _limited_power(*found)
    if head == "sqrt":
        return sympy.Pow(found[0], 1 / found[1])
    if head in ("log", "lg"):
        return sympy.log(found[0])
    if head in ("!", "gamma", "binomial", "falling", "rising"):
        if any(part.is_number and not (part.is_Rational and abs(part) <= MAX_FACTORIAL) for part in found):
            raise NoValueHereError("a factorial or binomial of a number that is too large")
        return {
            "!": sympy.factorial,
            "gamma": sympy.gamma,
            "binomial": sympy.binomial,
            "falling": sympy.FallingFactorial,
            "rising": sympy.RisingFactorial,
        }[head](*found)
    if head == "/":
        return found[0] / found[1]
    return operated(head, found, within=False)


def _limited_power(base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
    if exponent.is_number:
        bits = int(base.p).bit_length() + int(base.q).bit_length() if base.is_Rational else 64
        if not exponent.is_Rational or abs(exponent) * bits > MAX_BITS:
            raise NoValueHereError("a power that is too large")
    return base**exponent


def _folded_symbols(node: Call, symbols: Values, inside: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    index, low_node, high_node, term = node.parts
    assert isinstance(index, Name)
    low, high = in_symbols(low_node, symbols, inside), in_symbols(high_node, symbols, inside)
    plain, empty = (sympy.Add, 0) if node.head == "sum" else (sympy.Mul, 1)
    if low.is_Integer and high.is_Integer:
        if high - low > MAX_TERMS:
            raise NoValueHereError("a sum of too many terms")
        steps = map(sympy.Integer, range(int(low), whole(high, "high", -(10**9)) + 1))
        return plain(
            sympy.Integer(empty), *(in_symbols(term, {**symbols, index.name: s}, inside) for s in steps)
        )
    own = sympy.Symbol(index.name, integer=True, nonnegative=low.is_nonnegative or None)
    inner = in_symbols(term, {**symbols, index.name: own}, (*inside, own))
    return (sympy.Sum if node.head == "sum" else sympy.Product)(inner, (own, low, high))


def _case_symbols(case: Node, symbols: Values, inside: tuple[sympy.Symbol, ...]) -> tuple[Any, Any]:
    assert isinstance(case, Call)
    value, *needs = case.parts
    made = [
        in_symbols(need, symbols, inside)
        for need in needs
        if isinstance(need, Call) and need.head not in ("true", "whole")
    ]
    return in_symbols(value, symbols, inside), sympy.And(*made)
