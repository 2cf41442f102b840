"""What a formula is: at a point, as an exact number; in symbols, as an expression."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import comb, isqrt
from typing import Any

import sympy

from exactav.errors import ExactavError
from exactav.formulas.catalogue import get
from exactav.formulas.formula import Formula
from exactav.numbers.whole import whole
from exactav.papers.nodes import Call, Name, Node, Number

_MAX_BITS = 100_000  # of a power
_MAX_TERMS = 400  # of a sum that is added up
_MAX_FACTORIAL = 1_000
COUNTS = r"[NLKRCnmklg](_\d+)?"  # symbols of formulas that are whole numbers
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
_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "infinity": sympy.oo}
_RELATIONS: Mapping[str, Callable[..., Any]] = {
    "=": sympy.Eq,
    "!=": sympy.Ne,
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
}
Values = Mapping[str, sympy.Expr]


class NoValueHereError(ExactavError, ArithmeticError):
    """An expression has no exact value at a point, or none that all conventions share."""


def at_point(node: Node, values: Values, *, within: bool = False) -> sympy.Expr:
    """The exact value where symbols have these values.

    Args:
        node: of numbers and calls.
        values: numbers by name.
        within: whether in the term of a sum or product, where 0^0 is 1 by all conventions.

    Raises:
        NoValueHereError: there is none.

    >>> at_point(Call("binomial", (Name("n"), Number(Fraction(2)))), {"n": sympy.Integer(5)})
    10
    """
    if isinstance(node, Number):
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if isinstance(node, Name):
        if node.varies or node.name not in values:
            raise NoValueHereError(f"{node.name} has no value")
        return values[node.name]
    head, parts = node.head, node.parts
    if head in _CONSTANTS and head != "infinity":
        return _CONSTANTS[head]
    if head == "cases":
        return _case(parts, values, within)
    if head in ("sum", "prod"):
        return _folded(node, values)
    if head == "formula":
        return _formula(parts, values, within)
    if head in ("apply", "infinity"):
        raise NoValueHereError("an unknown function, or infinity")
    found = [at_point(part, values, within=within) for part in parts]
    return _checked(_operated(head, found, within))


def _checked(value: sympy.Expr) -> sympy.Expr:
    if value.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I):
        raise NoValueHereError("infinite, or no real number")
    return value


def _operated(head: str, found: list[sympy.Expr], within: bool) -> sympy.Expr:
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
    if head == "log":
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
        if abs(int(exponent)) * bits > _MAX_BITS:
            raise NoValueHereError("a power that is too large")
        return base**exponent
    if base.is_positive is not True:
        raise NoValueHereError("a fractional power of what is not positive")
    return base**exponent


def _count(value: sympy.Expr) -> int:
    if not value.is_Integer or not 0 <= value <= _MAX_FACTORIAL:
        raise NoValueHereError("a factorial of what is no small whole number")
    return int(value)


def _binomial(n: sympy.Expr, k: sympy.Expr) -> sympy.Expr:
    if not k.is_Integer or abs(k) > _MAX_FACTORIAL:
        raise NoValueHereError("a binomial whose lower entry is not whole")
    if n.is_Integer:
        if n < 0 or n > 100 * _MAX_FACTORIAL:
            raise NoValueHereError("a binomial of a negative number")
        return sympy.Integer(comb(int(n), int(k)) if k >= 0 else 0)
    if k < 0:
        raise NoValueHereError("a binomial whose lower entry is negative")
    return sympy.Mul(*(n - i for i in range(int(k)))) / sympy.factorial(k)


def _folded(node: Call, values: Values) -> sympy.Expr:
    index, low_node, high_node, term = node.parts
    assert isinstance(index, Name)
    low = at_point(low_node, values)
    if high_node == Call("infinity"):
        return _endless(node, values)
    high = at_point(high_node, values)
    if not (low.is_Integer and high.is_Integer and low - 1 <= high <= low + _MAX_TERMS):
        raise NoValueHereError("a sum over no whole range, or over a long one")
    steps = (sympy.Integer(step) for step in range(int(low), int(high) + 1))
    terms = [at_point(term, {**values, index.name: step}, within=True) for step in steps]
    return _checked(sympy.Add(*terms) if node.head == "sum" else sympy.Mul(*terms))


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


def _bound(parts: tuple[Node, ...]) -> tuple[Formula, dict[sympy.Symbol, Node]]:
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


def _formula(parts: tuple[Node, ...], values: Values, within: bool) -> sympy.Expr:
    formula, binds = _bound(parts)
    at = {symbol: at_point(value, values, within=within) for symbol, value in binds.items()}
    for symbol, value in at.items():
        if is_count(symbol.name) and not value.is_Integer:
            raise NoValueHereError(f"{symbol} is no whole number")
    try:
        return formula.at(at)
    except TypeError:  # the value is irrational
        return _checked(formula.expr.subs(at, simultaneous=True).doit())
    except (ExactavError, ArithmeticError, ValueError) as error:
        raise NoValueHereError(str(error)) from None


def is_count(name: str) -> bool:
    """Whether a symbol of a formula stands for a whole number."""
    head, _, index = name.partition("_")
    return head in "NLKRCnmklg" and len(head) == 1 and (not index or index.isdigit())


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
    if head in _CONSTANTS:
        return _CONSTANTS[head]
    if head in ("sum", "prod"):
        return _folded_symbols(node, symbols, inside)
    if head == "cases":
        return sympy.Piecewise(*(_case_symbols(case, symbols, inside) for case in parts))
    if head == "formula":
        formula, binds = _bound(parts)
        by = {symbol: in_symbols(value, symbols, inside) for symbol, value in binds.items()}
        return formula.expr.subs(by, simultaneous=True)
    if head == "apply":
        name, *given = parts
        assert isinstance(name, Name)
        return sympy.Function(name.name)(*(in_symbols(part, symbols, inside) for part in given))
    found = [in_symbols(part, symbols, inside) for part in parts]
    if head in _RELATIONS:
        return _RELATIONS[head](*found)
    if head == "^":
        return _limited_power(*found)
    if head == "sqrt":
        return sympy.Pow(found[0], 1 / found[1])
    if head == "log":
        return sympy.log(found[0])
    if head in ("!", "gamma", "binomial", "falling", "rising"):
        if any(part.is_number and not (part.is_Rational and abs(part) <= _MAX_FACTORIAL) for part in found):
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
    return _operated(head, found, within=False)


def _limited_power(base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
    if exponent.is_number:
        bits = int(base.p).bit_length() + int(base.q).bit_length() if base.is_Rational else 64
        if not exponent.is_Rational or abs(exponent) * bits > _MAX_BITS:
            raise NoValueHereError("a power that is too large")
    return base**exponent


def _folded_symbols(node: Call, symbols: Values, inside: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    index, low_node, high_node, term = node.parts
    assert isinstance(index, Name)
    low, high = in_symbols(low_node, symbols, inside), in_symbols(high_node, symbols, inside)
    plain, empty = (sympy.Add, 0) if node.head == "sum" else (sympy.Mul, 1)
    if low.is_Integer and high.is_Integer:
        if high - low > _MAX_TERMS:
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
