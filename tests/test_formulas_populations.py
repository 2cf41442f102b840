"""Formulas of populations, star, bipartite networks and layers: verified, broken on purpose, at edges."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy import Rational

import exactav as ea
from exactav.errors import InvalidNetworkError, RefutedError, UnboundSymbolError, UnknownSymbolError
from exactav.formulas import Formula
from exactav.formulas.abbreviated import AbbreviatedFormula, unfolded
from exactav.formulas.evaluation import exact_value
from exactav.formulas.families import feedforward, generations, populations, stars, two_populations

FORMULAS = [*populations.FORMULAS, *two_populations.FORMULAS, *stars.FORMULAS, *feedforward.FORMULAS]
OTHERS = [
    populations.composition(1),
    populations.composition(2, 2),
    populations.composition(3, 2),
    populations.mean(1, 1, 1),
    populations.mean(2, 2, 1),
    populations.mean(3, 1, 3),
    populations.mean(3, 2, 1),
    populations.size(1),
    populations.size(3),
    populations.start(1, 1),
    populations.start(3, 2),
    populations.start_given_composition(3, 2),
    feedforward.composition(2),
    feedforward.size(4),
    generations.pattern(1),
    generations.generation_sizes(4, generations.WITHOUT_SELF),
]
BY_ID = {formula.id: formula for formula in FORMULAS}
BLOCKS = {"n_1": 2, "n_2": 2, "w_11": "1/5", "w_22": "1/5", "w_12": "1/10", "w_21": "1/10", "s_1": "2/5"}
BLOCKS |= {"s_2": "2/5"}
PUBLISHED = [Rational(63, 115), Rational(28, 115), Rational(3, 23), Rational(9, 115)]


@pytest.mark.slow
@pytest.mark.parametrize("formula", OTHERS, ids=lambda formula: formula.id)
def test_those_outside_the_catalogue_are_verified(formula: Formula) -> None:
    assert len(formula.verify()) == len(formula.checks(formula)) >= 3


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_a_wrong_expression_fails(formula: Formula) -> None:
    for symbol in formula.symbols:
        if formula.id.startswith("populations.mean") and symbol.name == "w_22":
            continue  # self-coupling of the population that does not start drops out of the mean
        with pytest.raises(RefutedError):
            replace(formula, expr=formula.expr.subs(symbol, symbol + 1)).verify()
    with pytest.raises(RefutedError):
        replace(formula, expr=formula.expr * Rational(1001, 1000)).verify()


@pytest.mark.parametrize("formula", [*FORMULAS, *OTHERS], ids=lambda formula: formula.id)
def test_what_is_printed_is_what_is_evaluated(formula: Formula) -> None:
    assert formula.latex().count("align*") == 2
    assert "\n\n  " in formula.text()
    assert formula.expr.free_symbols <= set(formula.symbols)
    if isinstance(formula, AbbreviatedFormula):
        assert unfolded(formula.short, formula.where) == formula.expr
        other = replace(formula, expr=formula.expr + 1)
        assert other.latex() != formula.latex()
        assert other.text() != formula.text()


def test_published_two_blocks() -> None:
    by_symmetry, uniform = [sympy.Integer(0)] * 4, [sympy.Integer(0)] * 4
    for l_1 in range(3):
        for l_2 in range(3):
            counts = {"l_1": l_1, "l_2": l_2}
            if l_1:
                by_symmetry[l_1 + l_2 - 1] += BY_ID["populations.composition"].at({**BLOCKS, **counts})
            if l_1 + l_2:
                point = {"n": 2, "a": "1/5", "b": "1/10", **counts}
                uniform[l_1 + l_2 - 1] += BY_ID["two_populations.composition"].at(point)
    assert by_symmetry == uniform == PUBLISHED
    sizes = [BY_ID["two_populations.size"].at({"n": 2, "a": "1/5", "b": "1/10", "L": L}) for L in range(1, 5)]
    assert sizes == PUBLISHED
    mean = sum(size * p for size, p in enumerate(PUBLISHED, 1))
    assert BY_ID["two_populations.mean"].at({"n": 2, "a": "1/5", "b": "1/10"}) == mean
    assert BY_ID["populations.mean"].at(BLOCKS) + BY_ID["populations.mean_own"].at(BLOCKS) == mean


@pytest.mark.parametrize(
    ("formula_id", "values", "expected"),
    [
        # one unit in all, the other population empty and without leak
        ("populations.composition", {"n_1": 1, "n_2": 0, "l_1": 1, "l_2": 0, "s_2": 0, "w_21": 0}, 1),
        ("populations.mean", {"n_1": 1, "n_2": 0, "s_2": 0, "w_21": 0, "w_22": 0}, 0),
        ("populations.mean_own", {"n_1": 1, "n_2": 0, "s_2": 0, "w_21": 0, "w_22": 0}, 1),
        # all fire, no leak in population 2
        ("populations.composition", {"n_1": 1, "n_2": 1, "l_1": 1, "l_2": 1, "s_2": 0}, 1),
        # no way to population 2
        ("populations.composition", {"l_1": 1, "l_2": 1, "w_21": 0}, 0),
        ("populations.mean", {"w_21": 0}, 0),
        # no weights at all
        ("two_populations.composition", {"n": 3, "a": 0, "b": 0, "l_1": 1, "l_2": 0}, Rational(1, 2)),
        ("two_populations.composition", {"n": 3, "a": 0, "b": 0, "l_1": 1, "l_2": 1}, 0),
        ("two_populations.composition", {"n": 3, "a": "1/4", "b": 0, "l_1": 1, "l_2": 1}, 0),
        ("two_populations.composition", {"n": 1, "a": 0, "b": "1/2", "l_1": 1, "l_2": 1}, Rational(1, 2)),
        ("two_populations.size", {"n": 3, "a": 0, "b": 0, "L": 1}, 1),
        ("two_populations.size", {"n": 3, "a": "1/4", "b": 0, "L": 4}, 0),
        ("two_populations.size", {"n": 3, "a": "1/4", "b": 0, "L": 3}, Rational(3, 8)),
        ("two_populations.mean", {"n": 3, "a": "1/4", "b": 0}, 2),
        ("star.size", {"N": 2, "alpha": "1/2", "L": 2}, Rational(1, 2)),
        ("star.size", {"N": 5, "alpha": 0, "L": 1}, 1),
        ("bipartite.composition", {"n": 1, "m": 1, "alpha": "1/2", "l_1": 1, "l_2": 1}, Rational(1, 2)),
        ("bipartite.composition", {"n": 3, "m": 2, "alpha": "1/2", "l_1": 2, "l_2": 0}, 0),
        ("bipartite.composition", {"n": 3, "m": 2, "alpha": 0, "l_1": 0, "l_2": 1}, Rational(2, 5)),
        ("feedforward.composition", {"n_1": 1, "n_2": 2, "n_3": 3, "alpha": 1, "l_2": 2, "l_3": 3}, 1),
        ("feedforward.composition", {"n_1": 1, "n_2": 2, "n_3": 3, "alpha": 0, "l_2": 0, "l_3": 0}, 1),
        ("feedforward.composition", {"n_1": 2, "n_2": 2, "n_3": 3, "alpha": 1, "l_2": 0, "l_3": 1}, 0),
        ("feedforward.mean", {"K": 1, "alpha": "1/2"}, 1),
        ("feedforward.mean", {"K": 5, "alpha": 1}, 3),
    ],
)
def test_edges(formula_id: str, values: dict[str, Any], expected: Any) -> None:
    formula = BY_ID[formula_id]
    if formula_id.startswith("populations"):
        values = {**BLOCKS, **values}
    assert formula.at(values) == expected
    assert str(formula.evaluate(values, 20)) == str(ea.evaluate(sympy.sympify(expected), 20))


def test_an_empty_population_changes_nothing() -> None:
    three, two = populations.composition(3, 2), populations.composition(2, 2)
    values = {**BLOCKS, "w_11": "1/7", "w_12": "1/9", "s_1": 0}
    empty = {"n_3": 0, "s_3": 0, "w_13": 5, "w_23": 3, "w_33": 2, "w_31": 0, "w_32": 0, "l_3": 0}
    for l_1 in range(3):
        for l_2 in (1, 2):
            counts = {"l_1": l_1, "l_2": l_2}
            assert three.at({**values, **empty, **counts}) == two.at({**values, **counts})


def test_any_number_of_populations() -> None:
    """Five single units in a row are a directed chain: all orders of K work, not only small ones."""
    formula = populations.composition(5, 1)
    chain = {symbol.name: 0 for symbol in formula.symbols}
    chain |= {f"n_{a}": 1 for a in range(1, 6)} | {f"s_{a}": Rational(1, 2) for a in range(1, 6)}
    chain |= {f"w_{a + 1}{a}": Rational(1, 2) for a in range(1, 5)}
    for fired in range(1, 6):
        counts = {f"l_{a}": int(a <= fired) for a in range(1, 6)}
        assert formula.at({**chain, **counts}) == Rational(1, 2) ** min(fired, 4)
    assert populations.mean(5, 1, 5).at({k: v for k, v in chain.items() if k[0] != "l"}) == Rational(1, 16)


def test_the_weight_is_printed_with_a_semicolon() -> None:
    x, y, c, d = sympy.symbols("x_1 x_2 c_1 c_2")
    assert str(populations._Weight(x, y, c, d)) == "Phi(x_1, x_2; c_1, c_2)"
    assert sympy.latex(populations._Weight(x, c)) == r"\Phi\left(x_{1};\, c_{1}\right)"


def test_two_hundred_and_two_hundred() -> None:
    """The same from the formula of K populations."""
    values = {"n": 200, "a": "1/1000", "b": "1/300", "l_1": 60, "l_2": 45}
    digits = BY_ID["two_populations.composition"].evaluate(values, 30)
    blocks = {"n_1": 200, "n_2": 200, "w_11": "1/1000", "w_22": "1/1000", "w_12": "1/300", "w_21": "1/300"}
    blocks |= {"s_1": "2/15", "s_2": "2/15", "l_1": 60, "l_2": 45}
    starts = (populations.composition(2, start) for start in (1, 2))
    assert sum(formula.at(blocks) for formula in starts) / 2 == BY_ID["two_populations.composition"].at(
        values
    )
    exact = BY_ID["two_populations.composition"].at(values)
    assert abs(sympy.Rational(str(digits)) / exact - 1) < Rational(1, 10**29)


def test_determinants_are_exact() -> None:
    x, y = sympy.symbols("x y")
    matrix = sympy.ImmutableMatrix([[x, y, 1], [y, x, 2], [0, 1, x * y]])
    point = {x: Rational(2, 3), y: Rational(-5, 7)}
    values = {symbol: Fraction(int(v.p), int(v.q)) for symbol, v in point.items()}
    found = exact_value(sympy.Determinant(matrix), values)
    assert Rational(found.numerator, found.denominator) == matrix.subs(point).det()


def test_errors() -> None:
    formula = BY_ID["populations.composition"]
    with pytest.raises(ValueError, match="breaks"):
        formula.at({**BLOCKS, "l_1": 0, "l_2": 1})
    with pytest.raises(ValueError, match="breaks"):
        formula.at({**BLOCKS, "l_1": 1, "l_2": 3})
    with pytest.raises(ValueError, match="breaks"):
        formula.at({**BLOCKS, "l_1": 1, "l_2": 1, "s_1": 0, "s_2": 0})
    with pytest.raises(ValueError, match="breaks"):
        BY_ID["two_populations.mean"].at({"n": 2, "a": "1/4", "b": "1/4"})
    with pytest.raises(UnboundSymbolError, match="no value for l_2"):
        formula.evaluate({**BLOCKS, "l_1": 1})
    with pytest.raises(UnknownSymbolError, match="n_3"):
        formula.at({"n_3": 1})
    calls: tuple[Callable[[], Formula], ...] = (
        lambda: populations.composition(0),
        lambda: populations.composition(2, 3),
        lambda: populations.composition(2, 0),
        lambda: populations.mean(2, 1, 3),
        lambda: populations.size(0),
        lambda: populations.start(2, 3),
        lambda: feedforward.composition(1),
        lambda: generations.pattern(0),
    )
    for call in calls:
        with pytest.raises(InvalidNetworkError, match="give a"):
            call()
