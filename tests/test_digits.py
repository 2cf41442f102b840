"""Digits: correctly rounded, at any precision, for rationals and algebraic numbers."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, cast

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactav.errors import InexactError, OptionError, UnboundSymbolError, UndecidedError
from exactav.numbers.digits import decimal_digits, enclosure, evaluate_exact, round_fraction, sign_of


def nearest(value: Fraction, digits: int) -> Fraction:
    """Half-even rounding to significant digits, by comparing with powers of ten only."""
    if not value:
        return value
    exponent = 0
    while abs(value) >= Fraction(10) ** exponent:
        exponent += 1
    while abs(value) < Fraction(10) ** (exponent - 1):
        exponent -= 1
    unit = Fraction(10) ** (exponent - digits)
    return round(value / unit) * unit


@given(st.fractions(max_denominator=10**12), st.integers(1, 30))
def test_rationals_are_rounded_correctly(value: Fraction, digits: int) -> None:
    assert Fraction(round_fraction(value, digits)) == nearest(value, digits)


@given(st.fractions(min_value=0, max_denominator=10**9), st.integers(1, 60))
def test_printed_digits_are_the_rounded_ones(value: Fraction, digits: int) -> None:
    shown = str(evaluate_exact(sympy.Rational(value.numerator, value.denominator), digits))
    assert Fraction(shown) == nearest(value, digits)


@given(st.integers(-50, 50), st.integers(1, 50), st.integers(2, 30), st.integers(1, 40))
def test_square_roots_against_integer_square_roots(p: int, q: int, n: int, digits: int) -> None:
    value = sympy.Rational(p, q) + sympy.sqrt(n)
    if value.is_Rational:
        return
    shown = Fraction(decimal_digits(value, digits))
    scale = 10**200
    root = Fraction(sympy.integer_nthroot(n * scale**2, 2)[0], scale)
    assert abs(shown - p / Fraction(q) - root) <= abs(shown) * Fraction(10) ** (1 - digits) / 2 + Fraction(
        1, scale
    )


@pytest.mark.parametrize(
    ("expr", "digits", "shown"),
    [
        # python -c "from mpmath import *; mp.dps = 60; print(sqrt(2) - mpf(665857)/470832)", mpmath 1.3.0
        (sympy.sqrt(2) - sympy.Rational(665857, 470832), 20, "-1.5948618246068546804E-12"),
        # mp.dps = 60; print(cbrt(2) + sqrt(3)), mpmath 1.3.0
        (sympy.cbrt(2) + sympy.sqrt(3), 30, "2.99197185746375045829465694878"),
        # mp.dps = 60; print(findroot(lambda x: x**5 - x - 1, 1.2)), mpmath 1.3.0
        (
            sympy.CRootOf(sympy.Symbol("x") ** 5 - sympy.Symbol("x") - 1, 0),
            30,
            "1.16730397826141868425604589985",
        ),
        (1 / (1 + sympy.sqrt(sympy.sqrt(2) + 3)), 5, "0.32248"),
        (sympy.sqrt(2) ** -3, 6, "0.353553"),
        (sympy.Integer(0), 3, "0"),
    ],
)
def test_known_digits(expr: sympy.Expr, digits: int, shown: str) -> None:
    assert decimal_digits(expr, digits) == Decimal(shown)


ONE = (sympy.sqrt(2) - 1) * (sympy.sqrt(2) + 1)  # which SymPy leaves as it is


@pytest.mark.parametrize(
    ("expr", "digits", "shown"),
    [
        (ONE / 4, 1, "0.2"),
        (ONE / 8, 2, "0.12"),
        (3 * ONE / 8, 2, "0.38"),
        (ONE / 8 + sympy.sqrt(2) / 10**60, 2, "0.13"),
        (ONE / 8 - sympy.sqrt(2) / 10**60, 2, "0.12"),
        (ONE - 1, 5, "0"),
        (ONE, 30, "1"),
        (sympy.sqrt(5 + 2 * sympy.sqrt(6)) - sympy.sqrt(2) - sympy.sqrt(3) + sympy.Rational(1, 8), 2, "0.12"),
        (sympy.cbrt(7 + 5 * sympy.sqrt(2)) - sympy.sqrt(2), 3, "1"),
        (sympy.GoldenRatio, 6, "1.61803"),
        # python -c "from mpmath import *; mp.dps = 30; print(cos(pi/7))", mpmath 1.3.0
        (sympy.cos(sympy.pi / 7), 15, "0.900968867902419"),
    ],
)
def test_ties_and_rational_numbers_in_disguise(expr: sympy.Expr, digits: int, shown: str) -> None:
    assert decimal_digits(expr, digits) == Decimal(shown)


def test_numbers_of_many_digits() -> None:
    close = (sympy.sqrt(2) + sympy.Rational(1, 7)) ** 900
    near = sympy.expand(close) / sympy.expand(close + sympy.sqrt(2)) - 1
    wanted = -(sympy.sqrt(2) / (close + sympy.sqrt(2)))
    assert decimal_digits(near, 3) == decimal_digits(wanted, 3)
    rational = sympy.expand(close) * sympy.expand((sympy.Rational(1, 7) - sympy.sqrt(2)) ** 900)
    assert decimal_digits(rational, 5) == decimal_digits(sympy.Rational(97, 49) ** 900, 5)
    assert sign_of(rational - sympy.Rational(97, 49) ** 900) == 0


def test_digits_of_numbers_of_other_types() -> None:
    assert evaluate_exact(Fraction(1, 8), 2) == sympy.Float("0.12", 2)
    assert evaluate_exact("1/8", 3) == sympy.Float("0.125", 3)
    with pytest.raises(InexactError, match="is a float"):
        evaluate_exact(0.5, 2)
    for digits in (0, -1, 1.5, "3", True):
        with pytest.raises(OptionError, match="at least 1"):
            decimal_digits(sympy.sqrt(2), cast(Any, digits))


def test_precision_is_an_argument_not_a_setting() -> None:
    before = decimal_digits(sympy.sqrt(2), 50)
    with localcontext() as context:
        context.prec = 3
        assert decimal_digits(sympy.sqrt(2), 50) == before
        assert decimal_digits(sympy.Rational(1, 3), 50) == Decimal("0." + "3" * 50)
    sixty = str(decimal_digits(sympy.sqrt(2), 60))
    assert sixty.startswith(str(before)[:-1])


def test_what_has_no_digits() -> None:
    x, y = sympy.symbols("x y")
    with pytest.raises(UnboundSymbolError, match="no value for x, y"):
        evaluate_exact(x + y, 10)
    with pytest.raises(ValueError, match="at least 1"):
        evaluate_exact(sympy.Integer(1), 0)
    with pytest.raises(ValueError, match="not an algebraic number"):
        evaluate_exact(sympy.sin(1), 5)


def test_signs() -> None:
    x, y = sympy.Symbol("x"), sympy.Symbol("y", positive=True)
    assert [sign_of(sympy.Integer(n)) for n in (-2, 0, 2)] == [-1, 0, 1]
    assert sign_of(sympy.sqrt(2) - sympy.Rational(665857, 470832)) == -1
    assert sign_of(sympy.sqrt(3) - sympy.sqrt(2)) == 1
    assert sign_of(x) is None
    assert sign_of(y) == 1
    assert sign_of(-y) == -1


def test_signs_of_zero_in_disguise_and_of_numbers_near_it() -> None:
    denested = sympy.sqrt(5 + 2 * sympy.sqrt(6)) - sympy.sqrt(2) - sympy.sqrt(3)
    for zero in (ONE - 1, denested, sympy.cbrt(2) * sympy.cbrt(4) - 2):
        assert sign_of(zero) == 0
        assert sign_of(zero + sympy.Rational(1, 10**200)) == 1
        assert sign_of(zero - sympy.sqrt(3) / 10**200) == -1
    with pytest.raises(OptionError, match="pi is not an algebraic number"):
        sign_of(sympy.pi)


def test_bounds_that_need_more_bits_than_asked() -> None:
    low, high = enclosure(1 / (sympy.sqrt(2) - sympy.Rational(int(2**0.5 * 2**50), 2**50)), 16)
    assert 0 < low < high
    with pytest.raises(UndecidedError, match="does it divide by zero"):
        enclosure(1 / (ONE - 1), 64)


@pytest.mark.parametrize("bits", [10, 53, 200])
def test_enclosures_of_roots_of_polynomials_hold_a_change_of_sign(bits: int) -> None:
    x = sympy.Symbol("x")
    near_zero = [x**3 + k * 10**5 * x - 1 for k in range(1, 9)]  # where bounds are not widened by rounding
    for polynomial in (x**5 - x - 1, x**3 - 3 * x + 1, x**7 - 4 * x**3 + x + 1, *near_zero):
        for number in range(len(sympy.real_roots(polynomial))):
            low, high = enclosure(sympy.CRootOf(polynomial, number), bits)
            ends = [polynomial.subs(x, sympy.Rational(end.numerator, end.denominator)) for end in (low, high)]
            assert ends[0] * ends[1] < 0, (polynomial, number)
            assert high - low <= 2 * (1 + abs(high)) * Fraction(1, 2 ** (bits - 3))
