"""Normal forms: against SymPy's own arithmetic, and numbers whose fields are known."""

import time

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import QQ, ZZ, CRootOf, Rational, cbrt, sqrt

from exactav.errors import InexactError
from exactav.numbers.fields import equal, field_of, into, is_zero, normal_form, rational_value

x, y = sympy.symbols("x y")


@pytest.mark.parametrize(
    ("expressions", "field"),
    [
        ([Rational(1, 2), 3], QQ),
        ([sqrt(8), sqrt(2) / 3 + 1], QQ.algebraic_field(sqrt(2))),
        ([sqrt(2) * (sqrt(3) + 1) - sqrt(2)], QQ.algebraic_field(sqrt(6))),
        ([(sqrt(5) + 1) / 2], QQ.algebraic_field(sqrt(5))),
        ([cbrt(2) / 10, cbrt(4)], QQ.algebraic_field(cbrt(2))),
        ([sqrt(2), sqrt(3) / 5], QQ.algebraic_field(sqrt(2), sqrt(3))),
        ([(1 + sqrt(2)) ** 3 * (1 - sqrt(2)) ** 3], QQ),
        ([CRootOf(x**5 - x - 1, 0) ** 5 - CRootOf(x**5 - x - 1, 0)], QQ),
        ([x / 2, y * x / y], ZZ.frac_field(x)),
        ([sqrt(2) * x, sqrt(2) * (x + 1) - sqrt(2) * x], QQ.algebraic_field(sqrt(2)).frac_field(x)),
        ([(sqrt(2) * x + 2) / (x * sqrt(2) + 2), 1 / (2 * x)], ZZ.frac_field(x)),
        ([(sqrt(2) * x + sqrt(8)) / (x + 2)], QQ.algebraic_field(sqrt(2))),
        ([x - x * (sqrt(2) - 1) * (sqrt(2) + 1)], QQ),
    ],
)
def test_smallest_fields(expressions: list[sympy.Expr], field: object) -> None:
    found, elements = normal_form(list(map(sympy.sympify, expressions)))
    assert found == field
    point = {x: Rational(7, 3), y: Rational(2, 5)}
    for element, expr in zip(elements, expressions, strict=True):
        shown = found.to_sympy(element)
        assert abs((shown - expr).subs(point).n(30)) < 1e-25
        assert shown.free_symbols <= set(getattr(field, "symbols", ()) if found.is_FractionField else ())


def test_elements_over_algebraic_numbers_are_the_same_when_they_are_equal() -> None:
    one, other = sqrt(2) * x / (2 * x + sqrt(8)), x / (sqrt(2) * x + 2)
    _, (first, second, _) = normal_form([one, other, sqrt(2) * x])
    assert first == second


@settings(max_examples=30)
@given(st.lists(st.integers(-3, 3), min_size=12, max_size=12))
def test_sums_and_products_against_expansion(n: list[int]) -> None:
    first, second, third = (
        n[k] + n[k + 1] * sqrt(2) + n[k + 2] * sqrt(3) + n[k + 3] * sqrt(2) * sqrt(3) for k in (0, 4, 8)
    )
    expanded = sympy.expand(first * second - third)
    field, (element,) = normal_form([first * second - third])
    assert field.to_sympy(element) == expanded
    assert is_zero(first * second - third) == (expanded == 0)
    assert equal(first * second, third) == (expanded == 0)
    assert equal(first * second, expanded + third)
    assert rational_value(first * second - third) == (expanded if expanded.is_Rational else None)


def test_what_is_equal() -> None:
    assert equal(sqrt(5 + 2 * sqrt(6)), sqrt(2) + sqrt(3))
    assert not equal(sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6)) + Rational(1, 10**100))
    assert equal(CRootOf(x**3 - 2, 0), cbrt(2))
    assert equal((x + 1) ** 2, x**2 + 2 * x + 1)
    assert equal(x / (sqrt(3) - sqrt(2)), x * (sqrt(3) + sqrt(2)))
    assert not equal(x, y)
    assert not equal(x, sympy.Symbol("x", positive=True))
    assert not equal(Rational(1, 2), Rational(1, 3))
    with pytest.raises(InexactError):
        equal(sympy.sin(x), sympy.cos(x))
    with pytest.raises(InexactError):
        equal(sympy.Float("0.5") + sqrt(2), sqrt(2))


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (sympy.pi, "not a real algebraic number"),
        (sympy.I * sqrt(2), "not a real algebraic number"),
        (sympy.sin(x), "not made of symbols by roots"),
        (1 / ((sqrt(2) - 1) * (sqrt(2) + 1) - 1), "number 0 = .* divides by zero"),
        (1 / ((x + 1) ** 2 - x**2 - 2 * x - 1), "number 0 = .* divides by zero"),
        ((1 + sqrt(2)) ** 10**6, "exponent beyond 1000"),
        ((1 + x) ** -(10**6), "exponent beyond 1000"),
        (sum(sqrt(prime) for prime in sympy.primerange(40)), "of degree up to 4096, and"),
    ],
)
def test_what_has_no_normal_form(expr: sympy.Expr, message: str) -> None:
    with pytest.raises(InexactError, match=message):
        normal_form([expr], lambda place: f"number {place}")


def test_elements_of_a_given_field() -> None:
    field = field_of([sqrt(2) + sqrt(3)])
    assert (
        field.to_sympy(into(field, sqrt(2) * sqrt(3) + sympy.Mul(2, 3, evaluate=False), "it")) == sqrt(6) + 6
    )
    with pytest.raises(InexactError, match=r"it = .* divides by zero"):
        into(QQ, sympy.Pow(0, -1, evaluate=False), "it")


@pytest.mark.parametrize(
    ("roots", "degree"),
    [
        ([sqrt(2), sqrt(3), sqrt(5), sqrt(7), sqrt(11)], 32),
        ([sqrt(2), sqrt(3), sqrt(5), sqrt(6), sqrt(10), sqrt(14)], 16),
        ([sqrt(6), sqrt(10), sqrt(15)], 4),
        ([sqrt(sqrt(2) + 3), sqrt(sqrt(2) + 5), cbrt(sqrt(sqrt(2) + 3) + 1)], 24),
        ([1 / sqrt(1 + sqrt(2)), sqrt(3), cbrt(12)], 24),
        ([CRootOf(x**5 - x - 1, 0), sqrt(3), sympy.root(2, 3)], 30),
    ],
)
def test_fields_of_many_roots_take_seconds(roots: list[sympy.Expr], degree: int) -> None:
    begin = time.perf_counter()
    field, elements = normal_form([sum(roots) ** 2, *roots])
    assert field.mod.degree() == degree
    for element, expr in zip(elements, [sum(roots) ** 2, *roots], strict=True):
        coefficients, theta = element.to_list(), field.ext.as_expr().n(400)
        value = sum(QQ.to_sympy(c) * theta**k for k, c in enumerate(reversed(coefficients)))
        assert abs(value - expr.n(400)) < 1e-50
    assert time.perf_counter() - begin < 30


def test_roots_stand_for_a_symbol_without_a_factor_where_there_is_one() -> None:
    """Then nothing is divided by polynomials: with d for a symbol, this took half a minute."""
    a, b, c, d, e = sympy.symbols("a b c d e")
    root = sympy.sqrt(d * a + d * b + e + 3)
    field, (first, second) = normal_form([root, (a * d + b * c) * root**2])
    assert e not in field.symbols
    assert {d, root} < set(field.symbols)
    assert second.denom == 1
    assert field.to_sympy(first) == root
    assert sympy.expand(field.to_sympy(second) - (a * d + b * c) * (d * a + d * b + e + 3)) == 0
    only = sympy.sqrt(a * b + c * d)  # none is free of others: the first is
    assert a not in normal_form([only])[0].symbols


@pytest.mark.parametrize(
    ("roots", "degree"),
    [
        ([sqrt(6), sqrt(10), sqrt(15), sqrt(7), sqrt(11), sqrt(13)], 32),  # of degree 64 one by one
        ([CRootOf(x**2 - 2, 1) ** Rational(1, 4), Rational(1, 5) ** Rational(1, 5)], 40),
        ([sqrt(CRootOf(x**3 - x - 1, 0)), CRootOf(x**3 - x - 1, 0), cbrt(2)], 18),
    ],
    ids=str,
)
def test_numbers_of_large_fields_are_found_without_a_search(roots: list[sympy.Expr], degree: int) -> None:
    """A search of these took from half a minute on."""
    field, elements = normal_form(roots)
    assert field.mod.degree() == degree
    for root, element in zip(roots, elements, strict=True):
        assert abs((field.to_sympy(element) - root).evalf(30)) < 1e-25


def test_large_fields_of_roots_that_depend_on_each_other_are_refused() -> None:
    dependent = [sqrt(2 + sqrt(2)), sqrt(2 - sqrt(2)), Rational(3) ** Rational(1, 8)]
    with pytest.raises(InexactError, match="of degree 32, and 24 is allowed where roots depend"):
        normal_form(dependent)


def test_signs_of_denominators_are_those_of_their_first_terms() -> None:
    a, b, c = sympy.symbols("a b c")
    field, (first, second, third) = normal_form([1 / (b - a), c / (b - a), 3 - 1 / (b - a)])
    assert second == first * field.from_sympy(c)
    assert third == field.convert(3) - first
    assert first.denom.LC > 0
