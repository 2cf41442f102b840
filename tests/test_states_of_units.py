"""The state of one unit, the units near threshold, who started: against states and dynamics, counted."""

import pickle
from collections import Counter
from fractions import Fraction
from itertools import chain, combinations, pairwise

import numpy as np
import oracles
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import PlainNetwork, integer_networks, rational_networks

import exactav as ea
from exactav.errors import (
    InexactError,
    MissingIncrementError,
    NotRationalError,
    OptionError,
    TooCostlyError,
    UndecidedError,
    UnknownSymbolError,
    UnknownUnitError,
)
from exactav.laws.density import Density

FEW = settings(max_examples=20)
FEWER = settings(max_examples=8)
ALPHA = sympy.Symbol("alpha")
MIXED = ea.Network(
    [["1/5", "1/10", "1/10"], ["1/4", 0, 0], ["1/7", "2/7", "1/3"]],
    thresholds=[1, "3/4", "6/5"],
    labels="abc",
)


def made(net: PlainNetwork, over: int = 1) -> ea.Network:
    """The package's network, all numbers divided by ``over``, with an uneven drive and no increment."""
    weights, thresholds = (
        [[Fraction(w, over) for w in row] for row in net.weights],
        [Fraction(u, over) for u in net.thresholds],
    )
    return ea.Network(weights, thresholds, drive=net.drive)


def states(net: PlainNetwork) -> list[oracles.State]:
    return sorted(oracles.recurrent_states(net.weights, net.thresholds))


def sets_of(units: int) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(range(units), size) for size in range(units + 1)))


def rational(number: Fraction | int) -> sympy.Rational:
    return sympy.Rational(Fraction(number).numerator, Fraction(number).denominator)


# The state of one unit


@FEW
@given(integer_networks())
def test_densities_are_those_of_counted_states(net: PlainNetwork) -> None:
    """A lattice state stands for a cube of side 1 (here 1/2) above it."""
    listed, network = states(net), made(net, over=2)
    for k, threshold in enumerate(net.thresholds):
        law = ea.state_law(network, k)
        counts = Counter(state[k] for state in listed)
        shares = [rational(Fraction(counts[x], len(listed))) for x in range(int(threshold))]
        for x, share in enumerate(shares):
            at = sympy.Rational(x, 2)
            assert law.density(at) == law.density(at + sympy.Rational(1, 3)) == 2 * share
            assert law.cdf(at) == sum(shares[:x]) == 1 - law.sf(at)
            assert law.cdf(at + sympy.Rational(1, 4)) == sum(shares[:x]) + share / 2
        assert law.mean() == sum(share * (2 * x + 1) for x, share in enumerate(shares)) / 4
        square = sum(share * (3 * x * x + 3 * x + 1) for x, share in enumerate(shares)) / 12
        assert law.moment(2) == square == law.variance() + law.mean() ** 2
        assert law.moment(0) == law.cdf(law.breakpoints[-1]) == 1
        assert law.breakpoints[0] == law.density(-1) == law.density(law.breakpoints[-1]) == 0


@FEW
@given(rational_networks(max_units=4))
def test_densities_are_those_of_what_listed_assemblies_return(net: PlainNetwork) -> None:
    network = made(net)
    for k in range(len(net.drive)):
        alone = [Fraction(int(unit == k)) for unit in range(len(net.drive))]
        assemblies = oracles.assembly_law_by_listing(net.weights, net.thresholds, alone)
        returned = oracles.push_forward(assemblies, lambda A: sum(net.weights[k][j] for j in A))  # noqa: B023
        fed = ea.green_matrix(network)[k, k]
        law = ea.state_law(network, k)
        for low, high in pairwise(law.breakpoints):
            inside = (low + 2 * high) / 3
            share = sum(p for amount, p in returned.items() if rational(amount) <= low)
            assert law.density(low) == law.density(inside) == fed * rational(share)
        assert set(law.breakpoints) == {
            0,
            rational(net.thresholds[k]),
            *(rational(amount) for amount, p in returned.items() if p),
        }
        assert law.heights[-1] == fed or net.leak[k] == 0


@FEW
@given(rational_networks(max_units=4), st.fractions(0, 1, max_denominator=9))
def test_quantiles_turn_the_distribution_function_round(net: PlainNetwork, q: Fraction) -> None:
    law = ea.state_law(made(net), 0)
    x = law.quantile(q)
    assert law.cdf(x) == q
    begin = next(low for (low, _), h in zip(pairwise(law.breakpoints), law.heights, strict=True) if h)
    assert begin <= x <= law.breakpoints[-1]
    assert law.quantile(0) == begin
    assert law.quantile(1) == law.breakpoints[-1]
    assert law.median() == law.quantile("1/2")


@FEWER
@given(rational_networks(max_units=4))
def test_floats_are_within_their_bounds(net: PlainNetwork) -> None:
    for k in range(len(net.drive)):
        exact, rounded = (ea.state_law(made(net), k, arithmetic=a) for a in ("exact", "float"))
        assert exact.breakpoints == rounded.breakpoints
        pairs = [
            *zip(exact.heights, rounded.heights, strict=True),
            (exact.mean(), rounded.mean()),
            (exact.variance(), rounded.variance()),
            (exact.cdf("1/3"), rounded.cdf("1/3")),
            (exact.sf("1/7"), rounded.sf("1/7")),
            (exact.quantile("2/7"), rounded.quantile("2/7")),
            (exact.moment(3), rounded.moment(3)),
        ]
        for number, approximation in pairs:
            value, error = Fraction(float(approximation)), Fraction(approximation.error_bound)
            assert abs(value - Fraction(int(number.p), int(number.q))) <= error * abs(number)
            assert error < 1e-10
        assert rounded.arithmetic == "float"
        assert 0 < rounded.error_bound < 1e-13


def test_engines_agree() -> None:
    """Also where classes of interchangeable units are counted, and along tree decompositions."""
    ring = ea.families.ring(7, "9/10")
    laws = [ea.state_law(ring, 3, method=method) for method in ("subsets", "connected", "frontier")]
    assert laws[0] == laws[1] == laws[2] == ea.state_law(ring, 3)
    alike = ea.families.homogeneous(6, "3/4")
    assert ea.state_law(alike, 0, method="populations") == ea.state_law(alike, 0, method="subsets")
    long = ea.state_law(ea.families.line(60, "9/10"), 30, arithmetic="float")
    assert len(long.heights) == 3
    assert long.error_bound < 1e-12


def test_units_that_nothing_returns_to_are_uniform() -> None:
    net = ea.Network([["1/3", 0], ["1/2", 0]], thresholds=[1, 2])
    law = ea.state_law(net, 0)
    assert (law.breakpoints, law.heights) == ((0, sympy.Rational(1, 3), 1), (0, sympy.Rational(3, 2)))
    assert ea.state_law(ea.Network([[0]]), 0).heights == (1,)


def test_a_unit_without_leak_is_below_what_all_return() -> None:
    """Everything returns to unit 0 from the assembly of both: that has no room left."""
    net = ea.Network([[0, 1], ["1/2", 0]])
    law = ea.state_law(net, 0)
    assert law.heights == (1,)
    assert ea.near_threshold(net, [0]) == 0
    assert law.sf("1/2") == sympy.Rational(1, 2)


def test_densities_in_symbols() -> None:
    for family in (ea.families.homogeneous, ea.families.ring, ea.families.star):
        law = ea.state_law(family(4, ALPHA), 1)
        numbers = ea.state_law(family(4, "2/3"), 1)
        assert law.at(alpha="2/3") == numbers
        assert law.mean().subs(ALPHA, sympy.Rational(2, 3)) == numbers.mean()
        assert law.variance().subs(ALPHA, sympy.Rational(2, 3)) == numbers.variance()
        integral = sum(h * (b - a) for h, (a, b) in zip(law.heights, pairwise(law.breakpoints), strict=True))
        assert sympy.cancel(integral) == 1
    law = ea.state_law(ea.families.homogeneous(3, ALPHA), 0)
    assert law.density(ALPHA / 2) == law.density("alpha/2") == law.heights[1]
    assert law.cdf("alpha/3") == 0
    assert law.sf("1") == 0
    assert law.at(alpha=0).heights == (1,)
    assert law.at(alpha="beta**2").network.symbols == (sympy.Symbol("beta"),)
    positive = sympy.Symbol("a", positive=True)
    net = ea.Network([[0, positive, 2 * positive + 1], [0, 0, 0], [0, positive, 0]], thresholds=[9, 1, 1])
    assert ea.state_law(net, 0).at(a="1/2") == ea.state_law(net.at(a="1/2"), 0)
    less = ea.Network([[0, 2 - positive, 2], ["1/2", 0, 0], ["1/3", 0, 0]], thresholds=[9, 1, 1])
    with pytest.raises(OptionError, match="change places"):
        ea.state_law(less, 0).at(a=-1)


def test_two_units_in_symbols() -> None:
    """u_0 is at w_00 or more, and at w_00 + w_01 or more where u_1 is below w_11 + w_10."""
    a, b, c, d, s, t = sympy.symbols("a b c d s t", positive=True)
    net = ea.Network([[a, b], [c, d]], thresholds=[a + b + s, c + d + t])
    law = ea.state_law(net, 0)
    volume = (b + s) * (c + t) - b * c
    assert [sympy.expand(point) for point in law.breakpoints] == [0, a, a + b, a + b + s]
    wanted = [0, t / volume, (c + t) / volume]
    assert all(sympy.cancel(h - w) == 0 for h, w in zip(law.heights, wanted, strict=True))


def test_irrational_densities() -> None:
    root = ea.Network([[0, sympy.sqrt(2) / 3, "1/2"], ["1/2", 0, "sqrt(2)/4"], [0, "1/5", 0]])
    near = root.replace(weights={(1, 0): "707106781/1500000000", (2, 1): "707106781/2000000000"})
    law, other = ea.state_law(root, 0), ea.state_law(near, 0)
    assert len(law.heights) == len(other.heights) == 3
    assert abs(float(law.mean() - other.mean())) < 1e-8
    assert sympy.nsimplify(law.cdf(law.median())) == sympy.Rational(1, 2)
    assert law.cdf(sympy.sqrt(3) / 2) + law.sf(sympy.sqrt(3) / 2) == 1


def test_what_is_open_is_refused() -> None:
    with pytest.raises(NotRationalError, match=r"receives more by w_0[12] or by w_0[12] is open.*net\.at"):
        ea.state_law(ea.families.generic(3), 0)
    for row in (
        [0, ALPHA, sympy.sqrt(2) * ALPHA],
        [0, sympy.sqrt(2) * ALPHA, 0],
    ):  # the sign of alpha is open
        with pytest.raises(NotRationalError, match="unit 0 receives more by"):
            ea.state_law(ea.Network([row, ["1/4", 0, 0], [0, "1/5", 0]]), 0)
    law = ea.state_law(ea.families.homogeneous(3, ALPHA), 0)
    with pytest.raises(NotRationalError, match=r"whether 1/2 is below .*law\.at"):
        law.density("1/2")
    with pytest.raises(NotRationalError, match="is open"):
        law.quantile("1/2")
    with pytest.raises(NotRationalError, match="no value for alpha"):
        law.plot()
    with pytest.raises(UnknownSymbolError, match=r"no symbol beta"):
        law.cdf("beta")
    with pytest.raises(UnknownSymbolError, match="alhpa is not a symbol"):
        law.at(alhpa=1)


def test_wrong_questions_about_a_state() -> None:
    law, rounded = (ea.state_law(MIXED, "a", arithmetic=a) for a in ("exact", "float"))
    with pytest.raises(UnknownUnitError):
        ea.state_law(MIXED, 0)
    with pytest.raises(InexactError, match=r"x = 0\.5 is a float"):
        law.cdf(0.5)
    for wrong in ("3/2", "-1/9"):
        with pytest.raises(OptionError, match="from 0 to 1"):
            law.quantile(wrong)
    with pytest.raises(OptionError, match="order = -1"):
        law.moment(-1)
    with pytest.raises(OptionError, match="a rational number"):
        rounded.cdf("sqrt(2)/2")
    with pytest.raises(UndecidedError):
        rounded.quantile(law.cdf("3/10"))  # at a breakpoint: on which side is open
    with pytest.raises(TooCostlyError):
        ea.state_law(ea.families.line(24, "9/10"), 3, method="subsets", max_cost=0)
    with pytest.raises(OptionError, match="no option is called"):
        ea.state_law(MIXED, "a", speed=1)  # type: ignore[call-arg]
    with pytest.raises(NotRationalError, match="floats need rational"):
        ea.state_law(ea.families.ring(3, ALPHA), 0, arithmetic="float")


def test_state_laws_are_values() -> None:
    law = ea.state_law(MIXED, "a")
    assert pickle.loads(pickle.dumps(law)) == law
    assert len({law, ea.state_law(MIXED, "a"), ea.state_law(MIXED, "b")}) == 2
    assert law != ea.state_law(MIXED, "a", arithmetic="float")
    assert law != "law"
    rounded = ea.state_law(MIXED, "a", arithmetic="float")
    assert (law.at(), rounded.at()) == (law, rounded)
    with pytest.raises(UnknownSymbolError, match="its symbols: none"):
        rounded.at(alpha=1)
    assert isinstance(law, Density)
    with pytest.raises(AttributeError):
        law.unit = "b"  # type: ignore[misc]
    assert repr(law).startswith("<StateLaw of unit 'a': 0 on [0, 1/5), ")
    assert "StateLaw of unit" in law._repr_html_()
    assert law._repr_latex_() == law.latex()
    rounded = ea.state_law(MIXED, "a", arithmetic="float")
    assert r"\approx" in rounded.latex()
    assert "on [1/5, 3/10)" in repr(rounded)
    (curve,) = law.plot(label="a").get_lines()
    drawn = curve.get_xydata()
    assert np.asarray(drawn).tolist() == [
        [float(x), float(y)] for x, y in zip(law.breakpoints, (*law.heights, 0), strict=True)
    ]


# Avalanches that any increment sets off


@FEWER
@given(integer_networks(max_volume=125))
def test_any_increment_sets_off_what_is_counted(net: PlainNetwork) -> None:
    listed, network = states(net), made(net)
    for k, threshold in enumerate(net.thresholds):
        for step in range(1, int(threshold) + 1):
            firing = sum(bool(oracles.waves(net.weights, net.thresholds, s, k, step)[0]) for s in listed)
            fed = ea.avalanche_probability(network, k, increment=step)
            assert fed == rational(Fraction(firing, len(listed)))
            below = ea.avalanche_probability(network, k, increment=step - sympy.Rational(1, 2))
            full = sum(s[k] + step > threshold for s in listed)
            assert below == rational(Fraction(firing + full, 2 * len(listed)))
        assert ea.avalanche_probability(network, k, increment=threshold) == 1


@FEW
@given(rational_networks(max_units=4))
def test_increments_within_leaks_need_no_state(net: PlainNetwork) -> None:
    network = made(net)
    driven = network.with_increment(net.increment)
    whole = ea.avalanche_probability(driven)
    assert ea.avalanche_probability(network, increment=net.increment) == whole
    for k in net.driven:
        fed = ea.avalanche_probability(driven, k)
        assert fed == ea.avalanche_probability(network, k, increment=net.increment)
        threshold = rational(net.thresholds[k])
        assert fed == ea.state_law(network, k).sf(threshold - rational(net.increment))
    above = min(net.thresholds[k] for k in net.driven)
    parts = [
        rational(net.drive[k]) * ea.avalanche_probability(network, k, increment=above) for k in net.driven
    ]
    found = ea.avalanche_probability(network, increment=above)
    assert found == sum(parts)
    rounded = ea.avalanche_probability(network, increment=above, arithmetic="float")
    assert abs(Fraction(float(rounded)) - Fraction(int(found.p), int(found.q))) <= rounded.error_bound * found
    assert rounded.error_bound < 1e-13


def test_increments_in_symbols() -> None:
    net = ea.families.homogeneous(3, ALPHA)
    assert ea.avalanche_probability(net, 0, increment=(1 - ALPHA) / 2) == (3 - 2 * ALPHA) / 6
    assert ea.avalanche_probability(net, 0, increment=1) == 1
    found = ea.avalanche_probability(net, 0, increment=1 - ALPHA / 2)
    assert sympy.cancel(found - ea.state_law(net, 0).sf(ALPHA / 2)) == 0
    with pytest.raises(NotRationalError, match=r"at most the leak 1 - alpha of unit 0 is open"):
        ea.avalanche_probability(net, 0, increment="1/9")
    with pytest.raises(NotRationalError, match=r"alpha\*\*2 is from 0 to the threshold 1 of unit 0 is open"):
        ea.avalanche_probability(net, 0, increment=ALPHA**2)
    root = ea.avalanche_probability(ea.families.ring(3, "1/2"), 0, increment="sqrt(2)/3")
    assert root == sympy.Rational(6, 5) * sympy.sqrt(2) / 3


def test_wrong_increments() -> None:
    for wrong in (0, "-1/2", "5/4"):
        with pytest.raises(OptionError, match="above 0 and at most 1, the threshold of unit 'a'"):
            ea.avalanche_probability(MIXED, "a", increment=wrong)
    with pytest.raises(InexactError):
        ea.avalanche_probability(MIXED, "a", increment=0.5)
    with pytest.raises(MissingIncrementError):
        ea.avalanche_probability(MIXED, "a")
    with pytest.raises(OptionError, match="no option is called"):
        ea.avalanche_probability(MIXED.with_increment("1/99"), speed=1)  # type: ignore[call-arg]
    with pytest.raises(OptionError, match="rational"):
        ea.avalanche_probability(MIXED, "a", increment="sqrt(2)/2", arithmetic="float")


# Near threshold


@FEW
@given(integer_networks())
def test_units_near_threshold_are_those_counted(net: PlainNetwork) -> None:
    listed, network = states(net), made(net, over=3)
    bars = [threshold - leak for threshold, leak in zip(net.thresholds, net.leak, strict=True)]
    near = Counter(
        frozenset(i for i, x in enumerate(state) if x >= bars[i]) for state in listed
    )  # a unit without leak is always below
    for units in sets_of(len(bars)):
        share = Fraction(sum(count for S, count in near.items() if S.issuperset(units)), len(listed))
        assert ea.near_threshold(network, units) == rational(share)
    numbers = oracles.push_forward({S: Fraction(n, len(listed)) for S, n in near.items()}, len)
    law = ea.near_threshold_law(network)
    assert law.pmf() == {count: rational(p) for count, p in numbers.items()}
    green = ea.green_matrix(network)
    assert law.mean() == sum(leak * green[i, i] for i, leak in enumerate(network.leak))
    for start in range(len(bars)):
        assert ea.near_threshold(network, [start]) == (
            ea.avalanche_probability(network, start, increment=network.leak[start]) if net.leak[start] else 0
        )


@FEWER
@given(rational_networks(max_units=4))
def test_sets_near_threshold_are_minors_of_the_kernel(net: PlainNetwork) -> None:
    network = made(net)
    kernel = sympy.diag(*network.leak) * ea.green_matrix(network)
    for units in sets_of(len(net.drive)):
        assert ea.near_threshold(network, units) == kernel.extract(list(units), list(units)).det()
    x = sympy.Symbol("x")
    generating = (sympy.eye(len(net.drive)) + (x - 1) * kernel).det(method="berkowitz")
    assert sympy.expand(generating - ea.near_threshold_law(network).pgf(x)) == 0


def test_laws_of_numbers_near_threshold_in_symbols() -> None:
    law = ea.near_threshold_law(ea.families.ring(5, ALPHA))
    assert law.at(alpha="2/3") == ea.near_threshold_law(ea.families.ring(5, "2/3"))
    assert law.limit("alpha", 1).pmf() == {1: 1}
    generic = ea.families.generic(3)
    numbers = {symbol: sympy.Rational(1, 5 + place) for place, symbol in enumerate(generic.symbols)}
    assert ea.near_threshold_law(generic).at(numbers) == ea.near_threshold_law(generic.at(numbers))
    root = ea.near_threshold_law(ea.families.ring(4, "sqrt(2)/2"))
    assert sympy.cancel(sum(root.values())) == 1
    assert ea.near_threshold(ea.families.ring(4, "sqrt(2)/2"), range(4)) == root[4]


def test_numbers_near_threshold_of_many_units() -> None:
    net = ea.families.homogeneous(40, "9/10")
    formula = ea.formulas.get("homogeneous.near_threshold")
    law = ea.near_threshold_law(net)
    assert all(p == formula.at(N=40, alpha="9/10", K=count) for count, p in law.items())
    assert ea.near_threshold(ea.families.star(30, "9/10"), range(30)) > 0
    with pytest.raises(TooCostlyError, match="sample_near_threshold"):
        ea.near_threshold_law(net, max_cost=0)


def test_near_threshold_is_of_a_state() -> None:
    law = ea.near_threshold_law(MIXED)
    assert "in the stationary state" in repr(law)
    assert ea.from_json(law.to_json()) == law
    assert law.given(lambda count: count > 1).condition
    assert ea.near_threshold(MIXED, []) == 1
    with pytest.raises(OptionError, match="of a state"):
        law.per_step()
    with pytest.raises(UnknownUnitError):
        ea.near_threshold(MIXED, [0])


@pytest.mark.parametrize("seed", range(12))
def test_units_drawn_near_threshold_are_those_of_the_state(seed: int) -> None:
    """The first state of a seed and the first set come from one forest."""
    net = ea.Network([[0, 1, 1], [1, 1, 0], [2, 0, 0]], thresholds=[3, 2, 3])
    (state,) = ea.sample_states(net, 1, seed=seed)
    bars = [threshold - leak for threshold, leak in zip(net.thresholds, net.leak, strict=True)]
    expected = {i for i, x in enumerate(state) if x >= bars[i]}
    assert ea.sample_near_threshold(net, 1, seed=seed) == [expected]
    assert 1 not in expected  # it has no leak


def test_sets_near_threshold_are_drawn_as_often_as_they_come() -> None:
    n = 4000
    for net in (MIXED, ea.Network([[0, "sqrt(2)/2"], ["1/2", 0]])):
        few = n if net.system.ring.is_ZZ else 60
        drawn = ea.sample_near_threshold(net, few, seed=3)
        assert drawn == ea.sample_near_threshold(net, few, seed=3)
        for units in sets_of(net.n_units):
            labels = [net.labels[i] for i in units]
            p = float(ea.near_threshold(net, labels))
            share = sum(S.issuperset(labels) for S in drawn) / few
            assert abs(share - p) <= 5 * (p * (1 - p) / few) ** 0.5 + 1e-12
    with pytest.raises(TooCostlyError):
        ea.sample_near_threshold(MIXED, 10**6, seed=1, max_cost=0)


# Who started


@FEW
@given(rational_networks(max_units=4))
def test_starts_given_the_assembly_follow_from_listed_forests(net: PlainNetwork) -> None:
    """By Bayes, from the laws of the assemblies of single starts and their weights."""
    network = made(net)
    n_units = len(net.drive)
    joint: dict[tuple[int, frozenset[int]], Fraction] = {}
    for k, p in enumerate(net.drive):
        others = [i for i in range(n_units) if i != k]
        minor = oracles.determinant([[net.matrix[i][j] for j in others] for i in others])
        alone = [Fraction(int(unit == k)) for unit in range(n_units)]
        for A, share in oracles.assembly_law_by_listing(net.weights, net.thresholds, alone).items():
            joint[k, A] = p * minor * share
    for units in map(frozenset, sets_of(n_units)):
        weights = {k: joint.get((k, units), Fraction(0)) for k in sorted(units)}
        total = sum(weights.values())
        if not total:
            with pytest.raises(OptionError, match="no avalanche has the assembly"):
                ea.start_law(network, units)
            continue
        law = ea.start_law(network, units)
        assert law.pmf() == {k: rational(w / total) for k, w in weights.items() if w}
        assert ea.from_json(law.to_json()) == law


@FEW
@given(integer_networks(max_volume=125))
def test_starts_given_the_assembly_are_those_counted(net: PlainNetwork) -> None:
    assume(all(net.leak[k] for k in net.driven))
    counts = {k: oracles.count_assemblies(net.weights, net.thresholds, k) for k in net.driven}
    network = made(net)
    for units in {A for found in counts.values() for A in found if A}:
        weights = {k: net.drive[k] * found[units] for k, found in counts.items() if found[units]}
        law = ea.start_law(network, units)
        assert law.pmf() == {k: rational(w / sum(weights.values())) for k, w in weights.items()}


def test_starts_in_symbols_are_in_proportion_to_tree_weights() -> None:
    net = ea.families.generic(3, self_coupling=True)
    law = ea.start_law(net, net.labels)
    trees = {k: ea.tree_weight(net, net.labels, k) for k in net.labels}
    assert all(sympy.cancel(p * sum(trees.values()) - trees[k]) == 0 for k, p in law.items())
    values = {symbol: sympy.Rational(1, 7 + place) for place, symbol in enumerate(net.symbols)}
    assert law.at(values) == ea.start_law(net.at(values), net.labels)
    symmetric = ea.start_law(ea.families.line(12, ALPHA), range(3, 9))
    assert set(symmetric.values()) == {sympy.Rational(1, 6)}
    root = ea.start_law(ea.Network([[0, "sqrt(2)/2"], ["1/2", 0]]), {0, 1})
    assert root.pmf() == {0: sympy.sqrt(2) - 1, 1: 2 - sympy.sqrt(2)}


def test_start_laws_are_laws() -> None:
    net = MIXED.replace(drive={"a": "1/3", "b": "2/3", "c": 0})
    law = ea.start_law(net, ["a", "b"])
    assert list(law) == ["a", "b"]
    assert law["c"] == 0
    assert law.condition == "the assembly {a, b}"
    assert "given the assembly {a, b}" in repr(law)
    assert law.latex().count(r"k = \text{a}") == 1
    assert pickle.loads(pickle.dumps(law)) == law
    assert law.most_probable(1)[0][0] in {"a", "b"}
    with pytest.raises(OptionError):
        law.per_step()
    with pytest.raises(KeyError):
        law["x"]
    with pytest.raises(UnknownUnitError):
        ea.start_law(net, [1])
    for impossible in ([], ["c"]):
        with pytest.raises(OptionError, match="no avalanche"):
            ea.start_law(net, impossible)
