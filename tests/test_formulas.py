"""What holds for all formulas of the catalogue, and for the walk that evaluates them."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations

import exactav as ea
from exactav.command.cli import main
from exactav.errors import RefutedError, UnboundSymbolError, UnknownNameError, UnknownSymbolError
from exactav.formulas.coefficients import Coefficient
from exactav.formulas.evaluation import enclosed_digits, exact_value
from exactav.formulas.proved import as_derived
from exactav.proofs.derivation import available

N, L, x = sympy.symbols("N L x")
FORMULAS = list(ea.formulas.catalogue().values())


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_every_formula_says_what_a_reader_needs(formula: ea.formulas.Formula) -> None:
    assert re.fullmatch(r"[a-z_]+\d?\.[a-z_]+", formula.id)
    assert formula.name
    assert formula.assumptions
    assert formula.source
    assert formula.expr.free_symbols <= set(formula.symbols)
    assert all(condition.free_symbols <= set(formula.symbols) for condition in formula.conditions)
    assert formula.latex().startswith("\\begin{align*}")
    assert ea.formulas.get(formula.id) is formula
    assert json.dumps(formula.facts())
    assert formula.id in formula.text()


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_every_formula_is_verified_in_more_than_one_way(formula: ea.formulas.Formula) -> None:
    checks = formula.checks(formula)
    assert len(checks) >= 2, "one check is one road"
    assert len({check.claim for check in checks}) == len(checks)


LONG = (  # their checks take a second or more each, and most of the time of all
    "line.size",
    "line.mean",
    "ring.size",
    "ring.mean",
    "directed_ring.mean",
    "borel.second_moment",
    "two_populations.size",
    "two_populations.composition",
    "populations.size",
    "ring2.size",
    "ladder.size",
    "ladder_ring.size",
    "ring.size_radicals",
    "chain.size",
    "bipartite.size",
    "bipartite.composition",
    "populations.composition",
    "populations.start_given_composition",
    "homogeneous_without_self.size",
    "homogeneous_without_self.pattern",
    "homogeneous_without_self.generation_sizes",
    "feedforward.composition",
    "star.size",
    "borel.size",
    "torus.mean",
    "star.mean",
    "homogeneous.mean",
    "homogeneous.state_density",
    "homogeneous_without_self.mean",
)


@pytest.mark.parametrize(
    "formula",
    [pytest.param(formula, marks=[pytest.mark.slow] * (formula.id in LONG)) for formula in FORMULAS],
    ids=lambda formula: formula.id,
)
def test_every_formula_is_verified_and_a_wrong_one_is_not(formula: ea.formulas.Formula) -> None:
    assert len(formula.verify()) == len(formula.checks(formula)) + formula.is_proved
    symbol = next(iter(formula.symbols))
    for wrong in (formula.expr * sympy.Rational(1001, 1000), formula.expr.subs(symbol, symbol + 1)):
        with pytest.raises(RefutedError):
            replace(formula, expr=wrong).verify()


def test_homogeneous_size_at_large_n() -> None:
    """N = 10000, alpha = 0.99: no overflow, all digits."""
    formula = ea.formulas.get("homogeneous.size")
    values = {"N": 10_000, "alpha": "0.99"}
    digits = [formula.evaluate({**values, "L": size}, 20) for size in (1, 100, 5_000, 9_999, 10_000)]
    assert all(0 < p < 1 for p in digits)
    assert str(formula.evaluate({**values, "L": 1}, 40)).startswith(str(digits[0])[:-1])
    exact = formula.at({**values, "L": 100})
    assert abs(Fraction(str(digits[1])) / Fraction(int(exact.p), int(exact.q)) - 1) < Fraction(1, 10**19)
    full = ea.formulas.get("homogeneous.full")
    assert full.evaluate(values, 20) == digits[-1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"N": 1, "L": 1, "alpha": "1/2"}, 1),
        ({"N": 1, "L": 1, "alpha": 0}, 1),
        ({"N": 4, "L": 1, "alpha": 0}, 1),
        ({"N": 4, "L": 2, "alpha": 0}, 0),
        ({"N": 4, "L": 4, "alpha": 0}, 0),
        ({"N": 2, "L": 2, "alpha": "1/2"}, sympy.Rational(1, 3)),
    ],
)
def test_edges_of_the_homogeneous_size_law(values: dict[str, Any], expected: sympy.Rational) -> None:
    formula = ea.formulas.get("homogeneous.size")
    assert formula.at(values) == expected
    assert str(formula.evaluate(values, 10)) == str(ea.evaluate(sympy.Rational(expected), 10))


@pytest.mark.parametrize(
    ("formula_id", "values", "expected"),
    [
        ("homogeneous.pattern", {"N": 3, "alpha": 0, "g_2": 1, "g_3": 1}, 0),
        ("homogeneous.pattern", {"N": 3, "alpha": "3/4", "g_2": 1, "g_3": 1}, sympy.Rational(1, 8)),
        ("homogeneous.generation_sizes", {"N": 3, "alpha": "3/4", "g_2": 1, "g_3": 1}, sympy.Rational(1, 4)),
        ("borel.size", {"L": 1, "alpha": 0}, 1),
        ("borel.size", {"L": 2, "alpha": 0}, 0),
        ("borel.mean", {"alpha": "3/4"}, 4),
        ("torus_four_neighbours.mean", {"R": 2, "C": 2, "alpha": 0}, 1),
        ("feedforward.size", {"n_1": 1, "n_2": 2, "n_3": 3, "alpha": 1, "L": 6}, 1),
        ("feedforward.size", {"n_1": 3, "n_2": 2, "n_3": 3, "alpha": 0, "L": 1}, 1),
    ],
)
def test_edges(formula_id: str, values: dict[str, Any], expected: Any) -> None:
    formula = ea.formulas.get(formula_id)
    assert formula.at(values) == expected
    assert str(formula.evaluate(values, 10)) == str(ea.evaluate(sympy.sympify(expected), 10))


def test_durations_published_for_four_units() -> None:
    """P(D = 3) of N = 4, alpha = 1/2 is the sum over the sizes of three generations."""
    formula = ea.formulas.get("homogeneous.generation_sizes")
    sizes = [(1, 1), (1, 2), (2, 1)]
    assert sum(formula.at({"N": 4, "alpha": "1/2", "g_2": a, "g_3": b}) for a, b in sizes) == sympy.Rational(
        33, 320
    )


def test_the_order_of_limits() -> None:
    """Near -3/2 at alpha = 1, far below at alpha < 1 and large L, and all weight on L = N for alpha -> 1."""
    exponent = ea.formulas.get("borel.local_exponent")
    assert str(exponent.evaluate({"L": 10**6, "alpha": 1}, 10)) == "-1.499999917"
    assert exponent.evaluate({"L": 10**6, "alpha": "9/10"}, 10) < -1000
    full = ea.formulas.get("homogeneous.full")
    assert full.evaluate({"N": 1000, "alpha": 1 - Fraction(1, 10**9)}, 5) > 0.999


@given(st.integers(1, 3000), st.integers(0, 3000), st.integers(1, 30))
def test_long_counts_are_enclosed(n: int, k: int, digits: int) -> None:
    """Beyond 1000 binomials and factorials come from intervals of the gamma function."""
    expr = sympy.binomial(N, L) + sympy.FallingFactorial(N, L) / sympy.factorial(N)
    values = {N: Fraction(n), L: Fraction(min(k, n))}
    exact = exact_value(expr, values)
    assert (
        abs(Fraction(str(enclosed_digits(expr, values, digits))) - exact)
        <= exact * Fraction(10) ** (1 - digits) / 2
    )


def test_derivations_named_by_formulas_exist() -> None:
    assert {formula.derivation for formula in FORMULAS} <= set(available())


def test_an_unknown_formula_names_its_neighbours() -> None:
    with pytest.raises(UnknownNameError, match=r"homogeneous\.size"):
        ea.formulas.get("homogenous.size")


def test_errors_of_values() -> None:
    formula = ea.formulas.get("homogeneous.size")
    with pytest.raises(UnknownSymbolError, match="its symbols"):
        formula.at({"M": 3})
    with pytest.raises(UnboundSymbolError, match="no value for"):
        formula.evaluate({"N": 3})
    with pytest.raises(ValueError, match="breaks"):
        formula.at({"N": 3, "L": 4, "alpha": "1/2"})
    for family in ("homogeneous", "homogeneous_without_self", "ring"):
        with pytest.raises(ValueError, match="breaks"):
            ea.formulas.get(f"{family}.size").at({"N": 5, "L": 0, "alpha": "1/2"})
    with pytest.raises(TypeError, match="is a float"):
        formula.at({"N": 3, "L": 2, "alpha": 0.5})
    with pytest.raises(ValueError, match="at least 1"):
        formula.evaluate({"N": 3, "L": 2, "alpha": "1/2"}, digits=0)


@given(
    st.integers(1, 12),
    st.integers(0, 12),
    st.fractions(min_value=Fraction(1, 9), max_value=9, max_denominator=20),
    st.integers(1, 40),
)
def test_digits_are_those_of_the_exact_value(n: int, k: int, value: Fraction, digits: int) -> None:
    index = sympy.Symbol("i")
    expr = sympy.binomial(N, L) * x ** (N - L) / (1 + x) ** N + sympy.Sum(
        sympy.FallingFactorial(N, index) * x**index, (index, 1, N)
    )
    values = {N: Fraction(n), L: Fraction(k), x: value}
    exact = exact_value(expr, values)
    shown = Fraction(str(enclosed_digits(expr, values, digits)))
    assert abs(shown - exact) <= abs(exact) * Fraction(10) ** (1 - digits) / 2
    assert exact == sum(
        (Fraction(sympy.ff(n, i)) * value**i for i in range(1, n + 1)),
        Fraction(int(sympy.binomial(n, k))) * value ** (n - k) / (1 + value) ** n,
    )


def test_what_cannot_be_evaluated_says_so() -> None:
    with pytest.raises(ValueError, match="irrational"):
        exact_value(sympy.sqrt(x), {x: Fraction(2)})
    for irrational in (sympy.exp(x), sympy.log(x), sympy.pi * x):
        with pytest.raises(ValueError, match="irrational"):
            exact_value(irrational, {x: Fraction(2)})
    with pytest.raises(ValueError, match="no evaluation here"):
        exact_value(sympy.zeta(x), {x: Fraction(2)})
    with pytest.raises(ValueError, match="no case"):
        exact_value(sympy.Piecewise((x, x > 3)), {x: Fraction(2)})


def test_conditions_are_decided_exactly() -> None:
    third = sympy.Eq(x, sympy.Rational(1, 3)) & (N > 2)
    chosen = sympy.Piecewise((1, third), (2, (x < 0) | (x >= 5)), (3, True))
    cases = {(Fraction(1, 3), 3): 1, (Fraction(1, 3), 2): 3, (Fraction(-1), 3): 2, (Fraction(5), 0): 2}
    for (value, n), expected in cases.items():
        assert exact_value(chosen, {x: value, N: Fraction(n)}) == expected


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "formula")
    assert status == 0
    assert len(out.splitlines()) == len(FORMULAS)
    _, out, _ = run(capsys, "formula", "homogeneous.size")
    assert "P(L) = " in out
    assert "source: " in out
    values = ["--set", "N=3", "--set", "L=2", "--set", "alpha=3/4"]
    assert run(capsys, "formula", "homogeneous.size", *values, "--digits", "5") == (0, "0.25000\n", "")
    _, out, _ = run(capsys, "formula", "homogeneous.size", *values, "--json")
    content: dict[str, Any] = json.loads(out)
    assert content["value"] == "0.250000000000000"
    _, out, _ = run(capsys, "formula", "homogeneous.size", "--latex")
    assert out == ea.formulas.get("homogeneous.size").latex() + "\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.such"], "no formula has the ID 'no.such'"),
        (["homogeneous.size", "--set", "N=3"], "no value for"),
        (["homogeneous.size", "--set", "Q=3"], "its symbols"),
        (["homogeneous.size", "--set", "N=2", "--set", "L=3", "--set", "alpha=1/2"], "breaks"),
    ],
)
def test_command_errors(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    status, out, err = run(capsys, "formula", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_counts_of_long_numbers_are_exact_or_by_intervals_of_the_gamma_function() -> None:
    """On both sides of where binomials become long, and where they are 0."""
    n, k = sympy.symbols("n k")
    for expr in (sympy.binomial(n, k), sympy.FallingFactorial(n, k)):
        for values in ((1000, 17), (1001, 17), (1001, 0), (1001, 1001), (1500, 3)):
            env = {n: Fraction(values[0]), k: Fraction(values[1])}
            exact = exact_value(expr, env)
            digits = enclosed_digits(expr, env, 30)
            assert abs(Fraction(str(digits)) / exact - 1) <= Fraction(1, 10**29)
    none = {n: Fraction(1001), k: Fraction(1002)}
    assert float(enclosed_digits(sympy.binomial(n, k), none, 10)) == 0


def at_least_zero(relation: Any) -> tuple[sympy.Expr, bool]:
    """(what is at least 0, without a common factor; whether it is more)."""
    return sympy.expand(relation.gts - relation.lts).primitive()[1], relation.rel_op in "<>"


def assumed(formula: ea.formulas.Formula) -> set[tuple[sympy.Expr, bool]]:
    """The inequalities among its assumptions, such as 1 <= L <= 2n, or a, b >= 0."""
    names = {symbol.name: symbol for symbol in formula.symbols}
    by_juxtaposition = (*standard_transformations, implicit_multiplication)
    found = set()
    for text in formula.assumptions:
        inequality = text.removesuffix(", N -> infinity first")
        chain = re.split("([<>]=?)", inequality)
        if len(chain) == 1 or "->" in inequality or {*re.findall("[a-z]{3,}", inequality)} - {"alpha"}:
            continue  # in words
        sides = [
            [parse_expr(part, names, by_juxtaposition) for part in side.split(",")] for side in chain[::2]
        ]
        for (lefts, rights), sign in zip(pairwise(sides), chain[1::2], strict=True):
            found |= {at_least_zero(sympy.Rel(a, b, sign)) for a in lefts for b in rights}
    return found


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_conditions_are_the_inequalities_that_are_assumed(formula: ea.formulas.Formula) -> None:
    conditions = set(map(at_least_zero, formula.conditions))
    assert conditions >= assumed(formula)
    if not formula.id.startswith("populations."):  # which name all weights and leaks in words
        assert conditions == assumed(formula)


def test_coefficients_of_series_are_written_as_such() -> None:
    n = sympy.Symbol("n")
    fibonacci = Coefficient(1, 1 - x - x**2, x, n)
    written = r"\left([x^{n}]\frac{1}{- x^{2} - x + 1}\right)"
    assert sympy.latex(fibonacci) == written
    assert sympy.latex(fibonacci**2) == written + "^{2}"
    assert str(fibonacci) == "[x^n](1)/(-x**2 - x + 1)"
    assert fibonacci.free_symbols == {n}
    assert fibonacci.subs(x, 2) == fibonacci  # a bound letter
    assert [fibonacci.subs(n, place).doit() for place in range(7)] == [1, 1, 2, 3, 5, 8, 13]
    ratio = Coefficient(2 + x, 4 - 2 * x, x, n)  # 1/2 + x/2 + x^2/4 + ...
    assert [ratio.subs(n, place).doit() for place in range(3)] == [sympy.Rational(1, k) for k in (2, 2, 4)]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_numbered_symbols_mean_what_their_numbers_say(formula: ea.formulas.Formula) -> None:
    for symbol, meaning in formula.symbols.items():
        number = re.fullmatch(r"[a-z]_(\d)", symbol.name)
        named = re.search(r"(?:population|layer|generation) (\d)", meaning)
        if number and named:
            assert named[1] == number[1], (symbol, meaning)


def test_cases_that_are_not_those_proved_are_told() -> None:
    formula = next(one for one in FORMULAS if isinstance(one.expr, sympy.Piecewise))
    other = sympy.Piecewise((1, sympy.Symbol("z") > 0), (0, True))
    verdict = as_derived(formula, other)
    assert verdict.outcome == "undecided"
    ours = [condition for _, condition in formula.expr.args]
    assert verdict.detail == f"the cases are {ours}, and those that are proved [z > 0, True]"
