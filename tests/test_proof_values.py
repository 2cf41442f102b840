"""Values of expressions at points: as SymPy's where that has an end, and refused where it has none."""

import pytest
import sympy
from sympy import (
    Abs,
    Eq,
    Integral,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    exp,
    factorial,
    floor,
    gamma,
    pi,
    sqrt,
)

from exactav.errors import InexactError
from exactav.numbers.fields import normal_form
from exactav.numbers.trees import text_of
from exactav.proofs import Check, inequality, telescoping
from exactav.proofs.comparison import compare
from exactav.proofs.regions import compare_where
from exactav.proofs.values import MAX_FACTORIAL, MAX_TERMS, value_at

k, j, n, x, y = sympy.symbols("k j n x y")
p, q = Symbol("p", integer=True, positive=True), Symbol("q", integer=True)
f = sympy.Function("f")


@pytest.mark.parametrize("number", [1, 2, 3, Rational(5, 2), -2])
@pytest.mark.parametrize(
    "expr",
    [
        x**2 / (x + 7),
        Piecewise((x, x > 2), (factorial(10**6 * x), x > 100), (1 / x, True)),
        Sum(k**2 * x, (k, 1, 4)),
        Sum(k * j + x, (j, 0, k), (k, 0, 3)),
        Product(x + k, (k, 1, 3)),
        Sum(x**-k / 4**k, (k, 3, sympy.oo)),
        Sum(5000 * x**-k / 4**k, (k, 3, sympy.oo)),
        Integral(k * x, (k, 0, x)),
        exp(x) + Abs(x) + sqrt(x + 2),
        exp(sympy.I * pi * x / 4) + gamma(x + Rational(1, 3)) + f(x, 5000),
        sympy.Derivative(k * x, k).doit() + sympy.diff(x**3, x),
        sympy.Max(x, 3) ** (x / 2),
    ],
    ids=str,
)
def test_values_are_those_of_sympy(expr: sympy.Expr, number: sympy.Expr) -> None:
    number = sympy.sympify(number)
    found, wanted = value_at(expr, {x: number}), expr.subs(x, number).doit()
    assert found == wanted or sympy.simplify(found - wanted) == 0


@pytest.mark.parametrize("high", range(-4, 4))
def test_sums_that_end_before_they_begin_are_as_sympy_has_them(high: int) -> None:
    for total in (Sum(k**2 + x, (k, 1, n)), Product(2 * k - 7 + x, (k, 1, n))):
        assert value_at(total, {n: sympy.Integer(high)}).expand() == total.subs(n, high).doit().expand()


def test_symbols_of_their_own_are_no_symbols_of_a_point() -> None:
    """Of these SymPy itself puts the value of x into the polynomial of a root."""
    root = sympy.CRootOf(x**5 - x - 1, 0)
    assert value_at(x + root, {x: sympy.Integer(3)}) == 3 + root
    roots = sympy.RootSum(x**3 - x - 1, sympy.Lambda(x, exp(x)), auto=False)
    assert value_at(x * roots, {x: sympy.Integer(2)}) == 2 * roots
    assert value_at(sympy.Limit(sympy.sin(x * y) / x, x, 0), {x: pi, y: sympy.Integer(2)}) == 2
    assert value_at(sympy.Subs(x * y, x, y + 1), {x: pi, y: sympy.Integer(2)}) == 6
    assert value_at(Integral(y, x), {x: sympy.Integer(3), y: sympy.Integer(2)}) == 6
    with pytest.raises(ValueError, match=r"O\(x\) has no value"):
        value_at(sympy.O(x) + 1, {x: sympy.Integer(3)})
    assert compare(root**5 - x, 1 + root - x).outcome == "holds"


def test_the_index_of_a_sum_is_no_symbol_of_a_point() -> None:
    assert value_at(k + Sum(k, (k, 1, 3)), {k: sympy.Integer(10)}) == 16
    assert value_at(Sum(2**-k, (k, 1, sympy.oo)), {k: sympy.Integer(10)}) == 1


@pytest.mark.parametrize(
    "expr",
    [
        factorial(10**9 * n),
        gamma(MAX_FACTORIAL * n),
        binomial(10**9 * n, n),
        n**n**n**n,
        (1 + sqrt(2) + sqrt(3) + pi) ** (40 * n),
        2 ** (10**9 * n),
        pi ** (10**9 * pi * n),
        Sum(x**x, (x, 1, 10**9 * n)),
        Product(x, (x, 1, (MAX_TERMS + 1) * n)),
        Sum(factorial(10**9 * k), (k, n, sympy.oo)),
        exp(exp(exp(exp(n)))),
        exp(gamma(n + Rational(1, 2)) ** 9),
        floor(exp(exp(exp(n)))),
        Integral(n**n**n**n, (x, 0, 1)),
        Eq(factorial(10**9 * n), 1),
    ],
    ids=str,
)
def test_what_is_too_large_is_refused_at_once(expr: sympy.Expr) -> None:
    with pytest.raises(OverflowError, match=r"too (large|many)"):
        value_at(expr, {n: sympy.Integer(6)})


def test_comparisons_have_an_end() -> None:
    """Each of these once had none."""
    tower = exp(exp(exp(exp(3))))
    assert compare(tower, 0).outcome == "undecided"
    assert "too large: exp(exp(3))" in compare(tower, 0).detail
    assert compare(tower + 1, tower).is_refuted
    assert compare(exp(-(10**15)), 0).is_refuted
    assert compare(exp(10**15) + 1, exp(10**15)).is_refuted
    assert compare(factorial(10**9 * n), n).detail == "at n = 0, left is 1, right is 0"
    assert compare(factorial(10**9 * p), p).outcome == "undecided"
    assert compare(n**n**n**n, n).detail == "at n = 2, left is 65536, right is 2"
    assert compare((x + y + 1) ** 3000, x).is_refuted
    assert compare((x + y + 1) ** 3000 - x, (x + y + 1) ** 3000 - x).outcome == "holds"
    assert compare(floor(exp(exp(exp(p))) - x), 0).outcome != "holds"


def test_points_of_a_region_that_cannot_be_told_are_none() -> None:
    assert compare_where(p, p + 1, [factorial(10**9 * p) > 3]).detail.startswith("no point")
    assert compare_where(factorial(10**9 * p), 1, [p > 3]).outcome == "undecided"


def test_towers_are_printed_without_their_digits() -> None:
    tower = exp(exp(exp(exp(3))))
    assert text_of(tower + x + 1) == "1 + x + exp(exp(exp(exp(3))))"
    assert text_of(exp(-1) + x + 1) == "x + exp(-1) + 1"
    with pytest.raises(InexactError, match=r"exp\(exp\(exp\(exp\(3\)\)\)\)"):
        normal_form([floor(x * 0 + 1) + f(tower)])


@pytest.mark.parametrize(
    "check",
    [
        inequality("", factorial(10**9 * x), ">=", x, over={x: sympy.Interval(1, 3)}),
        inequality("", x**x**x**x, "<=", (x + 1) ** (10**8), over={x: sympy.Interval(2, 3)}),
        telescoping("", factorial(10**9 * q), (q, 0, p), 2**p, n=p),
        telescoping("", binomial(p, q), (q, 0, p), p**p**p**p - 2**p, n=p, first=4),
    ],
)
def test_checks_of_what_is_too_large_have_an_end(check: Check) -> None:
    assert check.verdict().outcome == "undecided"
