"""Numbers, expressions and labels as JSON data, exactly, and back by explicit constructors alone.

What a plain JSON value or a text of the grammar says is written so: 3, "1/5", "sqrt(alpha)/2". Everything
else is an object with one key that says what it is: a sum, a product, a power, a root of a polynomial, a
symbol with assumptions, a long integer; of labels, a tuple, a set, a fraction.
"""

from collections.abc import Callable, Hashable
from fractions import Fraction
from numbers import Integral
from typing import Any

import sympy

from exactav.errors import ExactavError, InvalidNetworkError, ParseError
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.extent import TooLargeError, check_power, extent
from exactav.numbers.grammar import parse_expression
from exactav.numbers.trees import MOST_PARTS, size_of, text_of

_SAFE = 2**53  # below it every JSON reader takes whole numbers exactly
_LONG = 900  # digits of an integer from which it is written in hexadecimal digits
_DEEPEST = 200
_MOST_DEGREE = 1_000  # of the polynomial of a root
ASSUMPTIONS = frozenset(sympy.Symbol("x", commutative=True).assumptions0) | frozenset(
    f"{prefix}{name}"
    for prefix in ("", "extended_", "non", "extended_non")
    for name in ("negative", "positive", "zero", "real", "integer")
)


def coded(expr: sympy.Expr) -> Any:
    """An exact expression as JSON data.

    Raises:
        InvalidNetworkError: it has parts that have no such form, as a Dummy; or is larger than is read.

    >>> coded(sympy.Rational(1, 3)), coded(sympy.Symbol("a", positive=True) / 2)
    ('1/3', {'*': ['1/2', {'symbol': 'a', 'positive': True}]})
    """
    if size_of(expr)[0] > MOST_PARTS:
        raise InvalidNetworkError(f"{shown(expr)} has no form in JSON: at most {MOST_PARTS:,} are read")
    try:
        extent(expr)
    except TooLargeError as error:
        raise InvalidNetworkError(f"{shown(expr)} has no form in JSON: it {error}") from None
    return _coded(expr, 0)


def _coded(expr: sympy.Expr, depth: int) -> Any:
    if depth > _DEEPEST:
        raise InvalidNetworkError("an expression is nested too deeply for JSON: name parts of it by symbols")
    if expr.is_Integer and abs(expr) < _SAFE:
        return int(expr)
    if expr.is_Integer and int(expr).bit_length() > 3 * _LONG:
        return {"integer": hex(int(expr))}
    if expr.is_Rational and not expr.is_Integer and int(expr.p * expr.q).bit_length() > 3 * _LONG:
        return {"quotient": [hex(int(expr.p)), hex(int(expr.q))]}
    if _is_plain(expr):
        return text_of(expr)
    if type(expr) is sympy.Symbol:
        assumed = dict(expr.__getnewargs_ex__()[1])
        return {"symbol": expr.name, **{name: bool(value) for name, value in sorted(assumed.items())}}
    if expr.is_Add or expr.is_Mul:
        return {"+" if expr.is_Add else "*": [_coded(part, depth + 1) for part in expr.args]}
    if isinstance(expr, sympy.exp):
        return {"exp": _coded(expr.exp, depth + 1)}
    if expr.is_Pow:
        return {"power": [_coded(expr.base, depth + 1), _coded(expr.exp, depth + 1)]}
    if isinstance(expr, sympy.CRootOf):
        return {"root": [_coded(c, depth + 1) for c in expr.poly.all_coeffs()], "index": int(expr.index)}
    if isinstance(expr, sympy.log):
        return {"log": _coded(expr.args[0], depth + 1)}
    raise InvalidNetworkError(f"{described(expr)} has no form in JSON: name it by a symbol of its own")


def _is_plain(expr: sympy.Expr) -> bool:
    if expr.count_ops() > 2_000:
        return False
    try:
        return bool(parse_expression(text_of(expr)) == expr)
    except (ParseError, ValueError):
        return False


def decoded(data: Any, where: str) -> sympy.Expr:
    """The expression that :func:`coded` wrote; ``where`` names it in messages.

    Raises:
        ParseError: it is none, or grows too large when multiplied out; nothing but sums, products, powers,
            roots and symbols is ever made.

    >>> decoded({"root": [1, 0, -1, -1], "index": 0}, "x")
    CRootOf(x**3 - x - 1, 0)
    """
    expr = _decoded(data, where, 0)
    try:
        extent(expr)
    except TooLargeError as error:
        raise ParseError(f"{where} {error}") from None
    return expr


def _decoded(data: Any, where: str, depth: int) -> sympy.Expr:
    if depth > _DEEPEST:
        raise ParseError(f"{where} is nested too deeply")
    if not isinstance(data, dict):
        if isinstance(data, bool) or not isinstance(data, int | str | sympy.Rational):
            raise ParseError(f"{where} = {described(data)}: wanted a number, a text or an object")
        return exact(data, where)

    def part(value: Any) -> sympy.Expr:
        return _decoded(value, where, depth + 1)

    keys = set(data)
    if "symbol" in keys:
        return _symbol(data, where)
    if keys == {"root", "index"}:
        return _root([part(c) for c in _list(data["root"], where)], data["index"], where)
    if len(keys) != 1:
        raise ParseError(f"{where} = {described(data)}: wanted one key that says what it is")
    (key,) = keys
    value = data[key]
    if key == "integer":
        return sympy.Integer(_hexadecimal(value, where))
    if key == "quotient":
        above, below = (_hexadecimal(digits, where) for digits in _list(value, where, 2))
        if not below:
            raise ParseError(f"{where} divides by zero")
        return sympy.Rational(above, below)
    if key in ("+", "*"):
        return (sympy.Add if key == "+" else sympy.Mul)(*map(part, _list(value, where)))
    if key == "power":
        base, exponent = map(part, _list(value, where, 2))
        return _power(base, exponent, where)
    if key in ("exp", "log"):
        return (sympy.exp if key == "exp" else sympy.log)(part(value))
    raise ParseError(f"{where}: {described(key)} is nothing that is known here")


def _power(base: sympy.Expr, exponent: sympy.Expr, where: str) -> sympy.Expr:
    if not exponent.is_Rational:
        raise ParseError(f"{where}: an exponent {described(exponent)}; wanted a rational number")
    if base.is_zero and exponent < 0:
        raise ParseError(f"{where} divides by zero")
    try:
        check_power(base, exponent)
    except TooLargeError as error:
        raise ParseError(f"{where} {error}") from None
    return sympy.Pow(base, exponent)


def _symbol(data: dict[str, Any], where: str) -> sympy.Symbol:
    name = data["symbol"]
    assumed = {key: value for key, value in data.items() if key != "symbol"}
    known = all(key in ASSUMPTIONS and isinstance(value, bool) for key, value in assumed.items())
    if not isinstance(name, str) or not name or not known:
        raise ParseError(
            f"{where} = {described(data)}: wanted a symbol by its name and what is assumed of it"
        )
    try:
        return sympy.Symbol(name, **assumed)
    except Exception as error:  # what is assumed contradicts itself
        raise ParseError(f"{where}: a symbol {described(name)} with {described(assumed)} ({error})") from None


def _root(coefficients: list[sympy.Expr], index: Any, where: str) -> sympy.Expr:
    x = sympy.Symbol("x")
    whole = all(c.is_Integer for c in coefficients) and 1 < len(coefficients) <= _MOST_DEGREE
    if not whole or isinstance(index, bool) or not isinstance(index, int):
        raise ParseError(f"{where}: wanted the integer coefficients of a polynomial and the place of a root")
    try:
        return sympy.CRootOf(sympy.Poly(coefficients, x), index)
    except (IndexError, ValueError, NotImplementedError, ExactavError, sympy.PolynomialError) as error:
        raise ParseError(f"{where} is no root of a polynomial ({error})") from None


def _hexadecimal(text: Any, where: str) -> int:
    try:
        return int(text, 16)
    except (TypeError, ValueError):
        raise ParseError(f"{where} = {described(text)}: wanted an integer in hexadecimal digits") from None


def _list(value: Any, where: str, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise ParseError(f"{where} = {described(value)}: wanted a list{f' of {length}' if length else ''}")
    return value


# Labels, and outcomes made of them.


def coded_label(label: Hashable, order: Callable[[Any], Any] | None = None) -> Any:
    """A label, or an outcome made of labels, as JSON data; sets in some order, by ``order`` if given.

    Raises:
        InvalidNetworkError: it is of a type that has no such form.

    >>> coded_label("a"), coded_label((1, ("b", True)))
    ('a', {'tuple': [1, {'tuple': ['b', True]}]})
    """
    return _coded_label(label, order, 0)


def _coded_label(label: Any, order: Callable[[Any], Any] | None, depth: int) -> Any:
    if depth > _DEEPEST:
        raise InvalidNetworkError("a label is nested too deeply for JSON: relabel by texts")
    if isinstance(label, str | bool) or label is None:
        return label
    if isinstance(label, Integral):
        number = int(label)
        return number if abs(number) < _SAFE else {"integer": hex(number)}
    if isinstance(label, tuple):
        return {"tuple": [_coded_label(part, order, depth + 1) for part in label]}
    if isinstance(label, frozenset):
        return {"set": [_coded_label(part, order, depth + 1) for part in sorted(label, key=order or repr)]}
    if isinstance(label, Fraction):
        return {"fraction": f"{label.numerator:#x}/{label.denominator:#x}"}
    if isinstance(label, float):
        return {"float": label.hex()}
    if isinstance(label, sympy.Expr):
        return {"expression": coded(label)}
    raise InvalidNetworkError(
        f"label {described(label)} of type {type(label).__name__} has no form in JSON: relabel by texts"
    )


def decoded_label(data: Any, where: str, depth: int = 0) -> Any:
    """The label that :func:`coded_label` wrote.

    Raises:
        ParseError: it is none.

    >>> decoded_label({"tuple": [1, {"tuple": ["b", True]}]}, "x")
    (1, ('b', True))
    """
    if depth > _DEEPEST:
        raise ParseError(f"{where} is nested too deeply")
    if data is None or isinstance(data, str | bool):
        return data
    if isinstance(data, int):
        return int(data)
    if not isinstance(data, dict) or len(data) != 1:
        raise ParseError(f"{where} = {described(data)}: wanted a label")
    ((key, value),) = data.items()
    if key in ("tuple", "set"):
        parts = [decoded_label(part, where, depth + 1) for part in _list(value, where)]
        return tuple(parts) if key == "tuple" else frozenset(parts)
    if key == "integer":
        return _hexadecimal(value, where)
    if key == "expression":
        return decoded(value, where)
    try:
        if key == "fraction":
            above, below = (int(part, 16) for part in value.split("/"))
            return Fraction(above, below)
        if key == "float":
            return float.fromhex(value)
    except (AttributeError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        raise ParseError(f"{where} = {described(data)}: wanted a number") from None
    raise ParseError(f"{where}: {described(key)} is no kind of label that is known here")
