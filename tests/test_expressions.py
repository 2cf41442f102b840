"""The grammar of texts, and what counts as exact."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactav.errors import InexactError, ParseError
from exactav.numbers.expressions import exact, parse_expression

a, b = sympy.symbols("a b")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", sympy.Integer(3)),
        ("0.25", sympy.Rational(1, 4)),
        (".5", sympy.Rational(1, 2)),
        ("3.", sympy.Integer(3)),
        ("1e-3", sympy.Rational(1, 1000)),
        ("1E2", sympy.Integer(100)),
        ("1/5", sympy.Rational(1, 5)),
        ("-1/5", sympy.Rational(-1, 5)),
        ("1/2/2", sympy.Rational(1, 4)),
        ("2 - 3 - 4", sympy.Integer(-5)),
        ("-a**2", -(a**2)),
        ("(-a)**2", a**2),
        ("2**-2", sympy.Rational(1, 4)),
        ("a**(3)", a**3),
        ("(a + b)*(a - b)/4", (a + b) * (a - b) / 4),
        ("--a", a),
        ("lambda", sympy.Symbol("lambda")),
        ("α_1", sympy.Symbol("α_1")),
        (" a\t+ b ", a + b),
    ],
)
def test_what_texts_mean(text: str, value: sympy.Expr) -> None:
    assert parse_expression(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('__import__("os")', "unexpected '\"' at column 12"),
        ("__import__('os').system('ls')", 'unexpected "\'" at column 12'),
        ("f(a)", "wanted an operator or the end"),
        ("a.b", "unexpected '.' at column 2"),
        ("a[0]", "unexpected '\\['"),
        ("a b", "'b' at column 3"),
        ("", "the end at column 1"),
        ("1 +", "the end at column 4"),
        ("(1", "wanted '\\)'"),
        ("1)", "'\\)' at column 2"),
        ("1/0", "division by zero at column 2"),
        ("1/(a - a)", "division by zero"),
        ("0**-1", "division by zero"),
        ("a**b", "integer exponent"),
        ("a**0.5", "integer exponent"),
        ("a**101", "at most 100"),
        ("9**9**9", "parentheses around a power of a power"),
        ("((10**100)**100)**100", "grows too large"),
        ("((a + b)**100)**100", "grows too large"),
        ("1e9999", "at most 1000 digits"),
        ("1e99999999999999999999", "at most 1000 digits"),
        ("7" * 5000, "at most 1000 digits"),
        ("(a+b+c+d+e+f)**100", "grows too large"),
        ("1/(a+b+c+d+e+f)**50", "grows too large"),
        ("nan", "reserved"),
        ("NaN", "reserved"),
        ("-inf", "reserved"),
        ("pi", "reserved"),
        ("I", "reserved"),
        ("a;b", "unexpected ';'"),
        ("(" * 200 + "a" + ")" * 200, "nested more than"),
        ("-" * 200 + "a", "nested more than"),
        ("1" * 20_000, "at most 10000"),
        ("\x00", "unexpected"),
    ],
)
def test_texts_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse_expression(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = parse_expression(text)
    except ParseError:
        return
    assert isinstance(value, sympy.Expr)


@given(st.fractions(), st.fractions(), st.fractions())
def test_arithmetic_of_numbers(x: Fraction, y: Fraction, z: Fraction) -> None:
    value = parse_expression(f"({x}) * ({y}) - ({z})")
    assert Fraction(int(value.p), int(value.q)) == x * y - z


@pytest.mark.parametrize(
    "value",
    [
        1,
        True,
        np.int8(1),
        np.uint64(1),
        Fraction(1),
        Decimal("1.0"),
        "1",
        sympy.Integer(1),
        sympy.sqrt(2) ** 2 / 2,
        np.True_,
        np.array(1),
    ],
)
def test_exact_values(value: Any) -> None:
    assert exact(value, "here") == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.25, r"here = 0.25 is a float; write Rational\(1, 4\), '1/4', or use Network.from_floats"),
        (np.float64(0.1), r"Rational\(1, 10\)"),
        (np.float32(0.5), r"Rational\(1, 2\)"),
        (mpmath.mpf("0.5"), r"Rational\(1, 2\)"),
        (sympy.Float("0.5"), r"Rational\(1, 2\)"),
        (0.5 * a, "contains a float"),
        (1e-330 + 5e-324, "write '5e-324', or use"),
        (1e308, r"write '1e\+308', or use"),
        (mpmath.mpf("1e-400"), "write '1.0e-400', or use"),
        (sympy.Float("1e400"), "is a float"),
        (mpmath.inf, "not a finite number"),
        (Decimal("1e20000"), "exponents are read up to 10000; write a Fraction"),
        (sympy.oo * a, "not a finite number"),
        (float("nan"), "not a finite number"),
        (float("inf"), "not a finite number"),
        (sympy.oo, "not a finite number"),
        (sympy.nan, "not a finite number"),
        (1 + sympy.zoo, "not a finite number"),
        (Decimal("NaN"), "not a finite number"),
        (None, "of type NoneType"),
        ([1], "of type list"),
        (1j, "of type complex"),
        (object(), "of type object"),
    ],
)
def test_values_that_are_not_exact(value: Any, message: str) -> None:
    with pytest.raises(InexactError, match=message):
        exact(value, "here")


def test_a_bad_text_names_its_place() -> None:
    with pytest.raises(ParseError, match=r"W\[0, 1\] = '1/0': division by zero"):
        exact("1/0", "W[0, 1]")


@pytest.mark.parametrize(
    ("largest", "too_large"),
    [
        ("(a + b + c + 1)**37", "(a + b + c + 1)**38"),  # 9,880 and 10,660 terms
        ("(a**100)**10/2", "(a**100)**10/2*a"),  # degrees 1000 and 1001
        ("a**100*2**99", "a**100*2**100*(2**100)**100"),  # bits
    ],
)
def test_limits_are_those_of_what_is_multiplied_out(largest: str, too_large: str) -> None:
    assert parse_expression(largest).is_Mul or parse_expression(largest).is_Pow
    with pytest.raises(ParseError, match="grows too large when multiplied out"):
        parse_expression(too_large)
