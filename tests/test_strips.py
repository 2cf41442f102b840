"""Strips: laws of any number of cells against engines, brute force and determinants; refusals."""

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import forest_weight_by_listing, tree_weight_by_listing
from sympy import ZZ, Rational, Symbol, cancel

import exactav as ea
from exactav import families
from exactav.errors import (
    ArgumentError,
    InexactError,
    InvalidNetworkError,
    OptionError,
    SingularNetworkError,
    TooCostlyError,
    UnknownSymbolError,
    UnknownUnitError,
)
from exactav.formulas.families import strips
from exactav.formulas.families.symbols import alpha
from exactav.kernels import automata
from exactav.kernels.automata import Automaton

SECOND = {(0, 0, step): "1/5" for step in (-2, -1, 1, 2)}
LADDER: dict[Any, Any] = {("a", "b", 0): "1/4", ("b", "a", 0): "1/4"}
LADDER |= {(unit, unit, step): "1/4" for unit in "ab" for step in (-1, 1)}
SKEW: dict[Any, Any] = {
    ("a", "b", 0): "1/3", ("a", "a", 0): "1/7",
    ("b", "a", 1): "1/2", ("b", "a", -1): "1/4", ("b", "b", 1): "1/5",
}  # fmt: skip


def skew(*, closed: bool) -> ea.Strip:
    return ea.Strip(
        SKEW, units="ab", thresholds={"a": 1, "b": "6/5"}, drive={"a": "1/4", "b": "3/4"}, closed=closed
    )


STRIPS = {
    "line": ea.Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}),
    "ring": ea.Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True),
    "second line": ea.Strip(SECOND),
    "second ring": ea.Strip(SECOND, closed=True),
    "ladder": ea.Strip(LADDER),
    "ladder ring": ea.Strip(LADDER, closed=True),
    "skew line": skew(closed=False),
    "skew ring": skew(closed=True),
}


@pytest.mark.parametrize("name", STRIPS)
def test_all_lengths_up_to_twelve_are_those_of_the_engines(name: str) -> None:
    strip = STRIPS[name]
    most = 12 if len(strip.units) == 1 else 5
    for n in range(1, most + 1):
        law = ea.size_law(strip.network(n))
        assert strip.size_law(n).pmf() == law.pmf(), n
        assert strip.mean(n) == law.mean(), n


@pytest.mark.parametrize("name", STRIPS)
def test_the_series_are_the_laws(name: str) -> None:
    """Recurrences against sums over paths, and both against the mean from the Green matrix."""
    strip = STRIPS[name]
    z = Symbol("z")
    whole, total, second = strip.generating_function(), strip.normaliser(), strip.of_size(2)
    for n in (1, 2, 5, 17):
        polynomial = whole.coefficient(n)
        assert polynomial.subs(z, 1) == total.coefficient(n) == strip.weight(None, n)
        assert sympy.Poly(polynomial, z).coeff_monomial(z**2) == second.coefficient(n) == strip.weight(2, n)
    assert strip.mean(17) == ea.mean_size(strip.network(17))


@pytest.mark.parametrize("name", ["second ring", "ladder"])
def test_long_strips_are_those_of_the_engines(name: str) -> None:
    """Beyond the lengths whose whole law is kept: from the recurrence."""
    strip = STRIPS[name]
    law = ea.size_law(strip.network(150), up_to=2)
    assert [strip.probability(size, 150) for size in (1, 2)] == [law[1], law[2]]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "n"), [("second ring", 10**4), ("ladder", 10**3)])
def test_thousands_of_units(name: str, n: int) -> None:
    strip = STRIPS[name]
    law = ea.size_law(strip.network(n), up_to=3, arithmetic="float")
    for size in (1, 2, 3):
        exact = strip.probability(size, n)
        assert abs(
            Fraction(float(law[size])) - Fraction(int(exact.p), int(exact.q))
        ) <= law.error_bound * float(exact)


def test_ring_and_line_have_their_closed_forms_at_ten_thousand() -> None:
    for name in ("ring", "line"):
        formula = ea.formulas.get(f"{name}.size")
        for size in (1, 4, 9):
            assert STRIPS[name].probability(size, 10**4) == formula.at(N=10**4, L=size, alpha="4/5")
        mean = ea.formulas.get(f"{name}.mean").at(N=10**4, alpha="4/5")
        assert STRIPS[name].mean(10**4) == mean


def test_the_mean_of_the_second_ring_is_the_sum_over_modes() -> None:
    digits = ea.formulas.get("k_ring.mean").evaluate(N=300, k=2, alpha="4/5", digits=30)
    assert ea.evaluate(STRIPS["second ring"].mean(300), 30) == digits


def test_symbols() -> None:
    alpha = Symbol("alpha")
    strip = ea.Strip({(0, 0, step): alpha / 4 for step in (-2, -1, 1, 2)}, closed=True)
    for n in (4, 5):
        law, found = ea.size_law(families.k_ring(n, alpha, 2)), strip.size_law(n)
        assert all(cancel(found[size] - law[size]) == 0 for size in range(1, n + 1))
    assert strip.at(alpha="4/5") == STRIPS["second ring"]
    assert hash(strip.at(alpha="4/5")) == hash(STRIPS["second ring"])
    formula = strip.formula(2)
    assert formula.at(N=50, alpha="4/5") == STRIPS["second ring"].probability(2, 50)
    assert formula.at(N=1000, alpha="4/5") == STRIPS["second ring"].probability(2, 1000)
    assert cancel(formula.at(N=5) - ea.size_law(families.k_ring(5, alpha, 2))[2]) == 0
    assert r"[x^{N}]" in formula.latex()
    with pytest.raises(UnknownSymbolError, match="this strip"):
        strip.at(beta=1)


def test_irrational_weights() -> None:
    strip = ea.Strip({(0, 0, 1): sympy.sqrt(2) / 4, (0, 0, -1): "1/4"}, closed=True)
    for n in (1, 2, 3, 5):
        assert strip.size_law(n) == ea.size_law(strip.network(n))
    assert cancel(strip.of_size(2).coefficient(6) - strip.weight(2, 6)) == 0


def test_no_weights_at_all() -> None:
    strip = ea.Strip({}, units=["only"])
    assert strip.size_law(3).pmf() == {1: 1}
    assert strip.probability(1, 10**4) == 1
    assert strip.probability(2, 10**4) == strip.probability(5, 2) == 0


# Random cells, against listed trees and forests

_WEIGHTS = st.sampled_from(["0", "1/7", "1/6", "1/4", "1/3"])


@st.composite
def random_strips(draw: st.DrawFn) -> tuple[ea.Strip, int]:
    m = draw(st.integers(1, 2))
    reach = draw(st.integers(1, 2 if m == 1 else 1))
    steps = range(-reach, reach + 1)
    keys = [(i, j, e) for i in range(m) for j in range(m) for e in steps]
    weights = {key: Rational(draw(_WEIGHTS)) for key in keys}
    leaks = [Rational(draw(st.sampled_from(["1/5", "1/2", "1"]))) for _ in range(m)]
    if m == 2 and draw(st.booleans()):
        leaks[0] = Rational(0)
        weights[0, 1, 0] = Rational(1, 6)  # a way to the leak
    levels = [leaks[i] + sum(w for (u, _, _), w in weights.items() if u == i) for i in range(m)]
    drive = draw(st.sampled_from([[1], [1]] if m == 1 else [["1/2", "1/2"], ["1/3", "2/3"], [1, 0]]))
    strip = ea.Strip(weights, units=range(m), thresholds=levels, drive=drive, closed=draw(st.booleans()))
    return strip, draw(st.integers(1, 5 if m == 1 else 2))


def by_listing(strip: ea.Strip, n: int) -> dict[int, Fraction]:
    """The size law from all spanning trees and forests, listed."""
    net = strip.network(n)
    rows = [[Fraction(int(w.p), int(w.q)) for w in net.weights.row(i)] for i in range(net.n_units)]
    lost = [Fraction(int(x.p), int(x.q)) for x in net.leak]
    starts = [Fraction(int(p.p), int(p.q)) for p in net.drive]
    found: dict[int, Fraction] = {}
    for mask in range(1, 1 << net.n_units):
        inside = [i for i in range(net.n_units) if mask >> i & 1]
        outside = [i for i in range(net.n_units) if not mask >> i & 1]
        trees = sum(starts[k] * tree_weight_by_listing(rows, inside, k) for k in inside)
        if trees:
            weight = trees * forest_weight_by_listing(rows, lost, outside)
            found[len(inside)] = found.get(len(inside), Fraction(0)) + weight
    total = sum(found.values())
    return {size: weight / total for size, weight in found.items() if weight}


@settings(max_examples=20)
@given(random_strips())
def test_random_cells_against_listed_forests(case: tuple[ea.Strip, int]) -> None:
    strip, n = case
    assert {size: Fraction(int(p.p), int(p.q)) for size, p in strip.size_law(n).items()} == by_listing(
        strip, n
    )


@settings(max_examples=4)
@given(random_strips())
def test_random_cells_against_engines_and_recurrences(case: tuple[ea.Strip, int]) -> None:
    strip, _ = case
    n = 6
    law = ea.size_law(strip.network(n))
    total = strip.normaliser().coefficient(n)
    assert strip.size_law(n).pmf() == law.pmf()
    assert [strip.of_size(size).coefficient(n) / total for size in (1, 3)] == [
        law.pmf().get(s, 0) for s in (1, 3)
    ]
    assert strip.mean(n) == law.mean()


# Refusals


def test_the_door() -> None:
    with pytest.raises(ArgumentError, match="give a mapping"):
        ea.Strip([("a", "a", 1)])  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"\(receiver, sender, step\)"):
        ea.Strip({(0, 1): "1/2"})
    with pytest.raises(OptionError, match="step"):
        ea.Strip({(0, 0, 1.0): "1/2"})
    with pytest.raises(OptionError, match="step"):
        ea.Strip({(0, 0, "1"): "1/2"})
    with pytest.raises(InexactError, match=r"0\.5"):
        ea.Strip({(0, 0, 1): 0.5})
    with pytest.raises(UnknownUnitError, match="'b'"):
        ea.Strip({("a", "b", 1): "1/2"}, units="a")
    with pytest.raises(InvalidNetworkError, match="0 units"):
        ea.Strip({})
    with pytest.raises(InvalidNetworkError, match="sums to 6/5"):
        ea.Strip({(0, 0, 1): "3/5", (0, 0, -1): "3/5"})
    with pytest.raises(InvalidNetworkError):
        ea.Strip({(0, 0, 1): "-1/5"})
    with pytest.raises(InvalidNetworkError):
        ea.Strip({(0, 0, 1): "1/5"}, drive=["1/2"])
    with pytest.raises(ArgumentError, match="closed"):
        ea.Strip({(0, 0, 1): "1/5"}, closed=1)  # type: ignore[arg-type]
    for mark in "xz":
        with pytest.raises(OptionError, match=f"the symbol {mark} "):
            ea.Strip({(0, 0, 1): mark})
    with pytest.raises(SingularNetworkError):
        ea.Strip({(0, 0, 1): "1/2", (0, 0, -1): "1/2"}, closed=True)
    assert ea.Strip({(0, 0, 1): "1/2", (0, 0, -1): "1/2"}).probability(1, 1) == 1  # a line leaks at its ends
    with pytest.raises(SingularNetworkError):
        ea.Strip({("a", "b", 1): 1, ("b", "a", -1): 1})  # two units that keep what they have, on a line, too


@pytest.mark.parametrize("asked", [0, -1, 1.5, "3", True])
def test_lengths_and_sizes_are_whole(asked: Any) -> None:
    ring = STRIPS["ring"]
    for question in (ring.network, ring.size_law, ring.mean, ring.of_size, ring.formula):
        with pytest.raises(OptionError):
            question(asked)
    with pytest.raises(OptionError):
        ring.probability(asked, 5)
    with pytest.raises(OptionError):
        ring.probability(1, asked)


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exactav.kernels.cells._MOST_CHOICES", 10_000)
    wide = {(i, j, step): "1/100" for i in range(5) for j in range(5) for step in (-1, 0, 1)}
    with pytest.raises(TooCostlyError, match="fewer units"):
        ea.Strip(wide, closed=True).probability(1, 1000)
    with pytest.raises(TooCostlyError, match="ask for one size"):
        STRIPS["skew ring"].size_law(10**4)


def test_what_is_shown() -> None:
    ring = STRIPS["second ring"]
    assert repr(ring) == "<Strip: a ring of cells of 1 units that reach over 2 cells>"
    function = ring.generating_function()
    assert function.order == 27
    assert repr(function).endswith("rational in x and z, of order 27 in x>")
    assert function.latex().startswith(r"\frac{")
    assert ring.n_states < 130
    x, z = sympy.symbols("x z")
    directed = ea.Strip({(0, 0, -1): "1/2"}, closed=True).generating_function()
    expected = sum(
        x**n * (sum(z**k * Rational(1, 2) ** k for k in range(1, n)) + 2 * (z / 2) ** n) for n in range(1, 6)
    )
    assert sympy.series(directed.expr, x, 0, 6).removeO().expand() == sympy.expand(expected)


@pytest.mark.parametrize("family", ["ring2", "ladder", "ladder_ring"])
def test_the_formulas_of_the_catalogue(family: str) -> None:
    formula = ea.formulas.get(f"{family}.size")
    assert formula.derivation == "19"
    assert formula.at(N=4, L=1, alpha=0) == 1
    assert formula.at(N=4, L=2, alpha=0) == 0
    with pytest.raises(OptionError):
        formula.at(N=4, L=9, alpha="1/2")
    assert "Q(x, z)" in formula.text()
    large = formula.evaluate(N=10**4, L=5, alpha="9/10", digits=30)
    assert 0 < large < 1


def test_coefficients_are_bounded_whatever_leads_nowhere() -> None:
    """Half of all paths end in a state that weighs nothing; what the others add up to is 10^n x."""
    ring = ZZ[Symbol("x")]
    x = ring.convert(Symbol("x"))
    found = Automaton(ring, ({0: ring(10), 1: ring(1000)}, {1: ring(1)}), (x, ring.zero))
    assert [automata.total(found, n) for n in range(8)] == [10**n * x for n in range(8)]


@pytest.mark.parametrize(("family", "step"), [("ring2", 4), ("ladder", 9), ("ladder_ring", 9)])
def test_denominators_that_formulas_show_are_those_of_the_strips(family: str, step: int) -> None:
    """At one coupling, and z = 1/3: x takes up 1/4 and 1/3 of the weights, for each unit of a cell."""
    value, marked = Rational(4, 5), Rational(1, 3)
    found = strips.strip_of(family, value).generating_function().denominator.subs(strips.z, marked)
    formula: Any = ea.formulas.get(f"{family}.size")
    shown = formula.denominator.subs({alpha: value, strips.z: marked, strips.x: strips.x / step})
    assert sympy.expand(found - shown) == 0
