"""Ring, line and directed ring by Chebyshev polynomials; k-neighbour ring and torus by Fourier modes."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, chebyshevt, chebyshevu

import exactav as ea
from exactav.errors import RefutedError, TooCostlyError
from exactav.formulas.evaluation import enclosed_digits, exact_value
from exactav.formulas.families import fourier, rings
from exactav.formulas.families.symbols import L, N, alpha

FORMULAS = {formula.id: formula for formula in (*rings.FORMULAS, *fourier.FORMULAS)}
k, x = fourier.k, sympy.Symbol("x")
SIZE_LAWS = [formula_id for formula_id in FORMULAS if ".size" in formula_id]
RING_10 = (
    "87381/349525 17476/69905 65532/349525 8736/69905 16/205 3264/69905 9408/349525 1024/69905 2304/349525 "
    "1024/69905"
)
LINE_10 = (
    "132043/434965 601962/2174825 407784/2174825 242736/2174825 26704/434965 69216/2174825 34048/2174825 "
    "15872/2174825 6912/2174825 512/434965"
)


def mutants() -> list[tuple[str, sympy.Expr]]:
    """Wrong expressions: for every formula, and mistakes that an author could make."""
    ring_size, line_size = FORMULAS["ring.size"].expr, FORMULAS["line.size"].expr
    radicals, torus = FORMULAS["ring.size_radicals"].expr, FORMULAS["torus.mean"].expr
    general = [(formula_id, formula.expr.subs(alpha, alpha**2)) for formula_id, formula in FORMULAS.items()]
    unit = 1 / alpha
    return [
        *general,
        *(
            (formula_id, formula.expr.subs(N, N - 1))
            for formula_id, formula in FORMULAS.items()
            if N in formula.symbols
        ),
        ("ring.volume", (alpha / 2) ** N * (chebyshevt(N, unit) - 1)),
        ("ring.size", ring_size.args[-1][0]),  # no case for L = N
        ("ring.size", sympy.Piecewise(*ring_size.args[2:])),  # no case for alpha = 0
        ("ring.size", ring_size.subs(L, N + 1 - L)),
        ("ring.size_radicals", radicals.args[-1][0]),
        ("ring.size_radicals", radicals.subs(sympy.sqrt(1 - alpha**2), sympy.sqrt(1 - alpha))),
        ("ring.mean", sympy.sqrt((1 + alpha) / (1 - alpha))),  # its limit
        ("line.volume", FORMULAS["ring.volume"].expr),
        ("line.size", sympy.Piecewise(*line_size.args[2:])),
        ("line.size", ring_size),
        ("line.mean", FORMULAS["ring.mean"].expr),
        ("directed_ring.size", alpha ** (L - 1) * (1 - alpha)),
        ("k_ring.mean", FORMULAS["k_ring.mean"].expr.subs(k, 1)),
        ("torus.mean", torus.subs(fourier.R, fourier.C)),
    ]


@pytest.mark.parametrize(("formula_id", "wrong"), mutants())
def test_mutants_are_found(formula_id: str, wrong: sympy.Expr) -> None:
    with pytest.raises(RefutedError):
        replace(FORMULAS[formula_id], expr=wrong).verify()


@pytest.mark.parametrize(("formula_id", "published"), [("ring.size", RING_10), ("line.size", LINE_10)])
def test_published_laws_of_ten_units(formula_id: str, published: str) -> None:
    values = [FORMULAS[formula_id].at({"N": 10, "L": size, "alpha": "4/5"}) for size in range(1, 11)]
    assert values == [Rational(value) for value in published.split()]


def test_radical_form_of_the_published_ring() -> None:
    """sqrt(1 - alpha^2) = 3/5 is rational here."""
    values = [
        FORMULAS["ring.size_radicals"].at({"N": 10, "L": size, "alpha": "4/5"}) for size in range(1, 11)
    ]
    assert values == [Rational(value) for value in RING_10.split()]


@pytest.mark.parametrize("formula_id", SIZE_LAWS)
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_without_coupling_one_unit_fires(formula_id: str, n: int) -> None:
    if n == 1 and formula_id != "line.size":
        return
    values = [FORMULAS[formula_id].at({"N": n, "L": size, "alpha": 0}) for size in range(1, n + 1)]
    assert values == [1, *([0] * (n - 1))]
    assert str(FORMULAS[formula_id].evaluate({"N": n, "L": 1, "alpha": 0}, 5)) == "1.0000"


@pytest.mark.parametrize(
    ("formula_id", "values", "expected"),
    [
        ("ring.volume", {"N": 5, "alpha": 0}, 1),
        ("ring.volume", {"N": 2, "alpha": "1/2"}, "3/4"),
        ("ring.size", {"N": 2, "L": 1, "alpha": "1/3"}, "2/3"),
        ("ring.size", {"N": 2, "L": 2, "alpha": "1/3"}, "1/3"),
        ("ring.size", {"N": 3, "L": 3, "alpha": "4/5"}, "4/7"),
        ("ring.mean", {"N": 4, "alpha": 0}, 1),
        ("ring.mean", {"N": 2, "alpha": "1/3"}, "4/3"),
        ("line.volume", {"N": 1, "alpha": "4/5"}, 1),
        ("line.volume", {"N": 2, "alpha": "4/5"}, "21/25"),
        ("line.size", {"N": 1, "L": 1, "alpha": "4/5"}, 1),
        ("line.size", {"N": 2, "L": 2, "alpha": "4/5"}, "2/5"),
        ("line.mean", {"N": 1, "alpha": "4/5"}, 1),
        ("line.mean", {"N": 2, "alpha": "4/5"}, "7/5"),
        ("line.mean", {"N": 9, "alpha": 0}, 1),
        ("directed_ring.size", {"N": 2, "L": 2, "alpha": "1/3"}, "1/3"),
        ("directed_ring.mean", {"N": 2, "alpha": "1/3"}, "4/3"),
        ("k_ring.mean", {"N": 6, "k": 2, "alpha": 0}, 1),
        ("k_ring.mean", {"N": 2, "k": 1, "alpha": "1/3"}, "4/3"),
        ("k_ring.mean", {"N": 3, "k": 1, "alpha": "3/4"}, "11/5"),  # all pairs: (2 + alpha)/(2 - alpha)
        ("torus.mean", {"R": 3, "C": 3, "alpha": "1/2"}, "17/9"),  # all pairs: (8 + alpha)/(8 - 7 alpha)
        ("torus.mean", {"R": 2, "C": 6, "alpha": 0}, 1),
    ],
)
def test_edges(formula_id: str, values: dict[str, Any], expected: Any) -> None:
    assert FORMULAS[formula_id].at(values) == Rational(expected)
    shown = FORMULAS[formula_id].evaluate(values, 25)
    assert str(shown) == str(ea.evaluate(Rational(expected), 25))


def test_torus_of_the_authors() -> None:
    values = {"R": 50, "C": 50, "alpha": "9874725997/10000000000"}
    assert str(FORMULAS["torus.mean"].evaluate(values, 6)) == "47.0378"


@pytest.mark.parametrize(("rows", "columns"), [(3, 4), (4, 5), (2, 2)])
def test_torus_means_to_forty_digits(rows: int, columns: int) -> None:
    mean = ea.mean_size(ea.families.torus(rows, columns, "7/9"))
    shown = FORMULAS["torus.mean"].evaluate({"R": rows, "C": columns, "alpha": "7/9"}, 40)
    assert str(shown) == str(ea.evaluate(mean, 40))


def test_torus_is_symmetric() -> None:
    formula = FORMULAS["torus.mean"]
    assert formula.evaluate({"R": 7, "C": 9, "alpha": "2/3"}, 40) == formula.evaluate(
        {"R": 9, "C": 7, "alpha": "2/3"}, 40
    )


COUPLING = st.fractions(min_value=Fraction(1, 50), max_value=Fraction(9999, 10000), max_denominator=10**4)


@pytest.mark.parametrize("formula_id", SIZE_LAWS)
@settings(max_examples=3)
@given(coupling=COUPLING)
def test_fifty_digits_sum_to_one_for_two_hundred_units(formula_id: str, coupling: Fraction) -> None:
    formula = FORMULAS[formula_id]
    digits = [formula.evaluate({"N": 200, "L": size, "alpha": coupling}, 50) for size in range(1, 201)]
    assert abs(sum((Fraction(str(p)) for p in digits), Fraction(-1))) < Fraction(1, 10**49)


@settings(max_examples=10)
@given(coupling=COUPLING, n=st.integers(2, 300))
def test_means_agree_to_fifty_digits(coupling: Fraction, n: int) -> None:
    values = {"N": n, "alpha": coupling}
    shown = FORMULAS["ring.mean"].evaluate(values, 50)
    assert shown == FORMULAS["ring.mean_radicals"].evaluate(values, 50)
    if n <= 60:
        assert shown == FORMULAS["k_ring.mean"].evaluate({**values, "k": 1}, 50)


def test_large_rings() -> None:
    """Intervals need few bits; huge exact rationals must agree with them."""
    values = {"N": 1000, "L": 500, "alpha": "9999/10000"}
    for formula_id in ("ring.size", "line.size"):
        exact = FORMULAS[formula_id].at(values)
        assert FORMULAS[formula_id].evaluate(values, 30) == ea.evaluate(exact, 30)
    assert FORMULAS["ring.size"].evaluate(values, 30) == FORMULAS["ring.size_radicals"].evaluate(values, 30)
    far = {"N": 10**6, "alpha": "9999/10000"}
    limit = sympy.sqrt(Rational(19999))
    assert FORMULAS["ring.mean"].evaluate(far, 30) == ea.evaluate(limit, 30)
    assert FORMULAS["ring.size"].evaluate({**far, "L": 10**6}, 5) < sympy.Float("1e-1000")


@given(
    st.integers(-1, 40),
    st.fractions(min_value=-3, max_value=3, max_denominator=12),
    st.integers(1, 30),
)
def test_chebyshev_polynomials_at_any_point(n: int, point: Fraction, digits: int) -> None:
    """By doubling and by intervals, as SymPy's polynomials have it."""
    at = Rational(point.numerator, point.denominator)
    for polynomial in (chebyshevt, chebyshevu):
        expr = polynomial(N, x, evaluate=False)
        expected = polynomial(n, at)
        values = {N: Fraction(n), x: point}
        assert exact_value(expr, values) == Fraction(int(expected.p), int(expected.q))
        if expected:
            assert str(enclosed_digits(expr, values, digits)) == str(ea.evaluate(expected, digits))


def test_second_kind_of_negative_degree() -> None:
    expr = chebyshevu(N, x, evaluate=False)
    values = [exact_value(expr, {N: Fraction(n), x: Fraction(3)}) for n in (-3, -2, -1)]
    assert values == [-6, -1, 0]  # U_{-n-2} = -U_n
    assert str(enclosed_digits(expr, {N: Fraction(-3), x: Fraction(3)}, 5)) == "-6.0000"


@given(st.integers(-40, 40), st.integers(1, 12))
def test_cosines_of_rational_turns(numerator: int, denominator: int) -> None:
    expr = sympy.cos(2 * sympy.pi * x / N)
    values = {x: Fraction(numerator), N: Fraction(denominator)}
    true = sympy.cos(2 * sympy.pi * Rational(numerator, denominator))
    if true.is_Rational:
        assert exact_value(expr, values) == Fraction(int(true.p), int(true.q))
    else:
        with pytest.raises(ValueError, match="is irrational: ask for digits"):
            exact_value(expr, values)
    if true:
        assert str(enclosed_digits(expr, values, 20)) == str(true.evalf(20))


def test_exact_values_of_irrational_parts() -> None:
    with pytest.raises(ValueError, match="is irrational: ask for digits"):
        FORMULAS["torus.mean"].at({"R": 5, "C": 4, "alpha": "1/2"})
    with pytest.raises(ValueError, match="is irrational: ask for digits"):
        FORMULAS["ring.size_radicals"].at({"N": 3, "L": 1, "alpha": "1/2"})


def test_ties_between_digits_with_irrational_parts() -> None:
    """The values are exact decimals, though no part of them is rational."""
    pairs = {"N": 5, "k": 2}  # all pairs: (4 + alpha)/(4 - 3 alpha)
    assert str(FORMULAS["k_ring.mean"].evaluate({**pairs, "alpha": "4/5"}, 5)) == "3.0000"
    assert FORMULAS["k_ring.mean"].evaluate({**pairs, "alpha": "4/11"}, 1) == sympy.Float(2, 1)  # 1.5
    assert (
        str(FORMULAS["ring.size_radicals"].evaluate({"N": 2, "L": 1, "alpha": "7/8"}, 2)) == "0.12"
    )  # 0.125


def test_no_condition_is_lost_to_assumptions_of_symbols() -> None:
    for formula in FORMULAS.values():
        assert all(condition.free_symbols for condition in formula.conditions), formula.id


@pytest.mark.parametrize(
    ("formula_id", "values"),
    [
        ("ring.size", {"N": 1, "L": 1, "alpha": "1/2"}),
        ("ring.size", {"N": 4, "L": 5, "alpha": "1/2"}),
        ("ring.size", {"N": 4, "L": 0, "alpha": "1/2"}),
        ("ring.mean", {"N": 4, "alpha": 1}),
        ("line.size", {"N": 4, "L": 2, "alpha": "-1/2"}),
        ("k_ring.mean", {"N": 4, "k": 3, "alpha": "1/2"}),
        ("torus.mean", {"R": 1, "C": 3, "alpha": "1/2"}),
    ],
)
def test_broken_conditions(formula_id: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="breaks"):
        FORMULAS[formula_id].at(values)


def test_latex_keeps_sums_readable() -> None:
    for formula_id in ("k_ring.mean", "torus.mean"):
        assert r"\displaystyle \sum" in FORMULAS[formula_id].latex()
    assert r"U_{N - L - 1}\left(\frac{1}{\alpha}\right)" in FORMULAS["ring.size"].latex()


def test_functions_of_numbers_are_taken_further_than_those_of_symbols() -> None:
    size = FORMULAS["ring.size"]
    found = size.at({N: 600, alpha: "4/5"})  # a function of the size, in which Chebyshev's are numbers
    assert found.subs(L, 3) == size.at({N: 600, alpha: "4/5", L: 3})
    with pytest.raises(TooCostlyError, match="at most 500 is taken"):
        size.at({N: 600, L: 3})
