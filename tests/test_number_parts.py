"""What exact numbers are made of: zeros of functions, enclosures, signs, derivatives, forms for files."""

from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy import QQ, ZZ, Abs, Rational, exp, log, sqrt, symbols

from exactav.errors import (
    InexactError,
    InvalidNetworkError,
    OptionError,
    ParseError,
    TooCostlyError,
    UndecidedError,
)
from exactav.numbers.calculus import derived, taylor
from exactav.numbers.cancelling import cancelled, trimmed
from exactav.numbers.coding import coded, decoded, decoded_label
from exactav.numbers.digits import decimal_digits
from exactav.numbers.domains import images_of, transported
from exactav.numbers.enclosures import enclosure
from exactav.numbers.expressions import shown
from exactav.numbers.extent import TooLargeError, check_rows, extent
from exactav.numbers.fields import is_algebraic, normal_form
from exactav.numbers.signs import assumed_sign
from exactav.numbers.solving import solve

x, y = symbols("x y")
p, q = symbols("p q", positive=True)
r = sympy.Symbol("r", real=True)
NOTHING = sqrt(2) + sqrt(3) - sqrt(5 + 2 * sqrt(6))  # 0, not written so


def test_solutions_by_intervals() -> None:
    """exp(x) = 1 + 2 x^2 at 0 and between 1/2 and 1; sqrt(x) + x = exp(-x) once."""
    found = solve(exp(x) - 2 * x**2, x, 1, between=(0, 2))
    assert [solution.exact for solution in found] == [0, None]
    low, high = found[1].bounds(60)
    assert Fraction(1, 2) < low <= high < 1
    assert high - low <= Fraction(1, 2**60)
    assert 2.718281828459045 ** float(low) == pytest.approx(1 + 2 * float(low) ** 2)
    (one,) = solve(sqrt(x) + x - exp(-x), x, 0, between=(0, 1))
    root = float(one.bounds(60)[0])
    assert root**0.5 + root == pytest.approx(2.718281828459045**-root)
    assert not solve(exp(x) + x + 1, x, 0, between=(0, 1))


@pytest.mark.slow
def test_solutions_that_only_touch_are_not_told() -> None:
    with pytest.raises(UndecidedError, match="one only touches"):
        solve(exp(x) - x, x, 1, between=(-1, 1))  # at 0, where the slope is 0 too
    assert not solve(exp(x) - x, x, Rational(9, 10), between=(-1, 1))
    assert len(solve(exp(x) - x, x, Rational(11, 10), between=(-1, 1))) == 2


def test_solutions_of_what_cancels() -> None:
    assert not solve((x**2 - 1) / (x + 1) - x, x, 2)
    with pytest.raises(OptionError, match="for all values of x"):
        solve((x**2 - 1) / (x + 1) - x, x, -1)


def test_solutions_in_the_exponent() -> None:
    assert solve(exp(2 * x), x, 4, between=(0, 1)).one().exact == log(2)
    assert not solve(exp(2 * x), x, 4, between=(1, 2))
    assert not solve(exp(2 * x), x, -4, between=(-5, 5))
    assert solve(exp(x), x, 1, between=(-1, 1)).one().exact == 0
    with pytest.raises(InexactError, match="only exponentials of multiples of x"):
        solve(exp(x**2), x, 2, between=(0, 1))
    assert solve(sqrt(x), x, sqrt(2), between=(2, 3)).one().exact == 2
    level = Rational(3, 2)  # at 9/4, which is between the roots of 5 and 6
    assert solve(sqrt(x), x, level, between=(sqrt(5), 3)).one().exact == level**2
    assert not solve(sqrt(x), x, level, between=(sqrt(6), 3))


def test_enclosures_of_roots() -> None:
    for number in (sqrt(NOTHING), NOTHING ** Rational(1, 3), NOTHING ** Rational(2, 3)):
        low, high = enclosure(number, 64)
        assert 0 == low <= high < Fraction(1, 1000)
    low, high = enclosure((1 + sqrt(2)) ** Rational(-1, 2), 64)
    assert low**2 * (1 + Fraction(14142135, 10**7)) < 1 < high**2 * (1 + Fraction(14142136, 10**7))
    with pytest.raises(OptionError, match="not a real number"):
        enclosure(sqrt(1 - sqrt(2)), 64)
    with pytest.raises(OptionError, match="at most 262128 are computed"):
        decimal_digits(sqrt(2), 300_000)


def test_signs_by_assumptions() -> None:
    for expr, sign in [
        (-Abs(r) - 1, -1),
        (exp(r), 1),
        (2**r, 1),
        (exp(r) * (r - r**2), None),
        (exp(x), None),
    ]:
        assert assumed_sign(expr) == sign
    assert assumed_sign(exp(x) + p) is None


def test_numbers_that_are_not_algebraic() -> None:
    assert not any(map(is_algebraic, (sympy.zeta(3), sympy.gamma(Rational(1, 3)), sympy.Sum(x, (x, 1, 2)))))
    assert all(map(is_algebraic, (sqrt(2), sympy.cos(sympy.pi / 7))))


def test_derivatives() -> None:
    assert derived(QQ, [QQ(2)], QQ(3), x) == (QQ, [QQ(0)], QQ(1))
    slope = sympy.diff(p ** Rational(1, 2) * exp(x * y), y)
    ring = ZZ[exp(x * y)]
    wide, (above,), below = derived(ring, [ring.gens[0]], ring.one, y)
    assert sympy.simplify(wide.to_sympy(above) / wide.to_sympy(below) - slope / sqrt(p)) == 0
    with pytest.raises(OptionError, match="has a pole at x = 1"):
        taylor(1 / (1 - x), x, sympy.Integer(1), 3)
    with pytest.raises(OptionError, match="a series of order 1000000: at most"):
        taylor(1 / (1 - x), x, sympy.Integer(0), 10**6)


def test_rings_without_symbols() -> None:
    assert images_of(QQ, {p: q}) == []
    assert transported(QQ, [QQ(1, 2), QQ(1, 3)], {}, QQ) == (ZZ, [ZZ(3), ZZ(2)])
    constant = sympy.ring("x, y", ZZ)[0](7)
    assert trimmed(constant) == 7


def test_quotients_of_too_many_symbols() -> None:
    ring, *gens = sympy.ring(symbols("a:202"), ZZ)
    common = sum(gens, ring.one)
    with pytest.raises(TooCostlyError, match="put numbers in for some"):
        cancelled(common * (gens[0] + 1), common * (gens[1] + 1))


def test_expressions_that_are_too_large_together() -> None:
    many = symbols("a:2000")
    with pytest.raises(TooLargeError, match="2,000 symbols"):
        check_rows([many] * 3)
    with pytest.raises(TooLargeError, match="sums in denominators"):
        check_rows([[1 / (a + b)] for a, b in zip(many[:150], many[150:300], strict=True)])
    with pytest.raises(TooLargeError, match="a root of numbers"):
        extent(sqrt(x + 3**100_000))
    with pytest.raises(TooLargeError, match="may be of degree"):
        extent((x**9_000 + 1) * (x**9_000 + y))
    with pytest.raises(TooLargeError, match="may be a quotient"):
        extent((1 + x + y) ** 150 / (2 + x + y) ** 150)


def test_roots_that_stand_for_no_symbol() -> None:
    roots = [sqrt(1 + a) for a in symbols("a:9", positive=True)]
    with pytest.raises(InexactError, match="roots of 9 different bases"):
        normal_form([sum(roots)])
    with pytest.raises(InexactError, match="one for each root"):
        normal_form([sqrt(p) + sqrt(p + 1)])


def nested(depth: int, wrap: Any, inner: Any) -> Any:
    for _ in range(depth):
        inner = wrap(inner)
    return inner


def test_forms_for_files() -> None:
    some = symbols("a:35")
    long = sympy.Add(*(a * b * p for a in some for b in some))
    for expr in (exp(p), log(p + 1), exp(-p / 2) + sqrt(log(p)), long):
        assert decoded(coded(expr), "x") == expr
    with pytest.raises(ParseError, match="nested too deeply"):
        decoded(nested(2000, lambda data: {"exp": data}, 1), "x")
    with pytest.raises(ParseError, match="nested too deeply"):
        decoded_label(nested(2000, lambda data: {"tuple": [data]}, 1), "x")
    with pytest.raises(InvalidNetworkError, match="no form in JSON"):
        coded(sympy.Dummy("d"))


def test_long_expressions_are_shown_by_their_size() -> None:
    assert shown(sympy.Add(*symbols("a:5000"))) == "an expression of 5,001 parts"
