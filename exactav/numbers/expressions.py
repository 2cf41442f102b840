"""What counts as an exact number or expression."""

from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from numbers import Rational as RationalNumber
from typing import Any

import mpmath
import sympy

from exactav.errors import InexactError, ParseError, TooCostlyError
from exactav.numbers.extent import MOST_BITS, TooLargeError, check_size
from exactav.numbers.grammar import parse_expression as parse_expression
from exactav.numbers.trees import DEEPEST, MOST_PARTS, evaluated, fault, size_of, text_of
from exactav.texts import MOST_QUOTED, printable, quoted, shortened

_MAX_EXPONENT = 10_000  # of a Decimal: larger ones fill the memory
_MOST_SHOWN = 5_000  # parts of an expression that is written out for a message


def exact(value: Any, where: str) -> sympy.Expr:
    """``value`` as an exact SymPy expression; ``where`` names the entry in error messages.

    Takes int, Fraction, Decimal, numpy integers, SymPy numbers and expressions, and texts of the small
    grammar. Sums, products and powers that SymPy was told to leave open are taken at their values.

    Raises:
        InexactError: floats (the message says what to write instead) and anything else that is not exact.
        ParseError: a text that is not in the grammar.
        TooCostlyError: an expression that would grow too large when multiplied out, or is nested too deeply.

    >>> exact("1/5", "W[0, 1]") + exact(Fraction(1, 5), "W[1, 0]")
    2/5
    """
    if isinstance(value, sympy.Expr):
        return _exact_expr(value, where)
    if isinstance(value, str):
        try:
            return _bounded(parse_expression(value), where)
        except ParseError as error:
            raise ParseError(f"{where} = {error}") from None
    if getattr(value, "shape", None) == ():
        value = value.item()  # a number of numpy
    if isinstance(value, Integral):
        return _bounded(sympy.Integer(int(value)), where)
    if isinstance(value, RationalNumber):
        return _bounded(sympy.Rational(int(value.numerator), int(value.denominator)), where)
    if isinstance(value, Decimal) and value.is_finite():
        if abs(value.adjusted()) > _MAX_EXPONENT:
            raise InexactError(
                f"{where} = {value}: exponents are read up to {_MAX_EXPONENT}; write a Fraction"
            )
        fraction = Fraction(value)
        return _bounded(sympy.Rational(fraction.numerator, fraction.denominator), where)
    if is_float(value) or isinstance(value, Decimal):
        raise _float_error(value, where)
    raise InexactError(
        f"{where} = {described(value)} is of type {type(value).__name__}; wanted an int, Fraction, "
        "SymPy expression or text like '1/4'"
    )


def _exact_expr(value: sympy.Expr, where: str) -> sympy.Expr:
    if value.is_Rational:
        return _bounded(value, where)
    parts, depth = size_of(value)
    if parts > MOST_PARTS or depth > DEEPEST:
        raise TooCostlyError(
            f"{where} is an expression of {_number(parts)} parts, nested {depth:,} deep, and at most "
            f"{MOST_PARTS:,} parts, nested {DEEPEST} deep, are taken: name parts of it by symbols"
        )
    if value.is_Float:
        raise _float_error(value, where)
    if what := fault(value):
        raise InexactError(f"{where} = {shown(value)} {what}")
    _bounded(value, where)
    found = evaluated(value)
    return found if found == value else _exact_expr(found, where)


def _number(parts: int) -> str:
    return f"{parts:,}" if parts < 10**12 else "very many"


def _bounded(expr: sympy.Expr, where: str) -> sympy.Expr:
    """``expr``, if it is small enough to be multiplied out."""
    if expr.is_Rational:
        if max(int(expr.p).bit_length(), int(expr.q).bit_length()) > MOST_BITS:
            raise TooCostlyError(f"{where} = {shown(expr)}: numbers are taken up to 2**{MOST_BITS:,}")
        return expr
    if expr.is_Symbol:
        return expr
    try:
        check_size(expr)
    except TooLargeError as error:
        raise TooCostlyError(f"{where} = {shown(expr)} {error}") from None
    return expr


def _float_error(number: Any, where: str) -> InexactError:
    value = binary_fraction(number)
    if value is None:
        return InexactError(f"{where} = {number} is not a finite number: write a finite value")
    near = value.limit_denominator(10**6)
    close = abs(near - value) * 10**6 <= abs(value) < 10**20
    advice = f"Rational({near.numerator}, {near.denominator}), '{near}'" if close else f"'{number!s}'"
    return InexactError(f"{where} = {number!s} is a float; write {advice}, or use Network.from_floats")


def is_float(value: Any) -> bool:
    """Whether ``value`` is a floating-point number of Python, numpy, mpmath or SymPy."""
    if isinstance(value, sympy.Float | mpmath.mpf):
        return True
    return (
        isinstance(value, Real)
        and not isinstance(value, RationalNumber)
        and hasattr(value, "as_integer_ratio")
    )


def binary_fraction(number: Any) -> Fraction | None:
    """The fraction that a float is; None where it is not finite.

    >>> binary_fraction(0.1) == Fraction(3602879701896397, 2**55), binary_fraction(float("nan"))
    (True, None)
    """
    if isinstance(number, sympy.Float | mpmath.mpf):
        if not mpmath.isfinite(number):
            return None
        number = sympy.Rational(sympy.sympify(number))
        return Fraction(int(number.p), int(number.q))
    try:
        return Fraction(*map(int, number.as_integer_ratio()))
    except (OverflowError, ValueError):
        return None


def described(value: Any) -> str:
    """``repr(value)`` for an error message, shortened where it is long, whatever ``value`` is.

    >>> described([1]), described(10**5000)
    ('[1]', 'a number of about 5000 digits')
    """
    if isinstance(value, int) and value.bit_length() > 400:
        return shown(sympy.Integer(value))
    return quoted(value)


def shown(expr: sympy.Expr) -> str:
    """``expr`` for an error message, shortened where it is long.

    >>> shown(sympy.Rational(1, 3)), shown(sympy.Integer(10) ** 5000)
    ('1/3', 'a number of about 5000 digits')
    """
    if expr.is_Rational:
        digits = int((int(expr.p).bit_length() + int(expr.q).bit_length()) * 0.30103)
        if digits > 60:
            return f"a number of about {digits} digits"
    parts, depth = size_of(expr)
    if parts > _MOST_SHOWN or depth > DEEPEST:
        return f"an expression of {_number(parts)} parts"
    return shortened(printable(text_of(expr)), MOST_QUOTED)
