"""What may be asked of a law: events, images, mixtures, moments, places, distances, information, arrays.

The other road is always the definition, over the outcomes of the law that brute force finds.
"""

import math
import pickle
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import oracles
import pandas
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from strategies import PlainNetwork, rational_networks

import exactav as ea
from exactav.errors import (
    ArgumentError,
    FloatRangeError,
    InexactError,
    NotRationalError,
    OptionError,
    UnboundSymbolError,
    UndecidedError,
    UnknownOutcomeError,
    UnknownSymbolError,
    UnknownUnitError,
)
from exactav.laws.counting import _share_of
from exactav.laws.kind import as_pattern

NET = ea.Network([["1/9", "1/5", 0], ["1/4", 0, "1/3"], [0, "1/7", 0]], labels=["a", "b", "c"])
ROOT = ea.Network([[0, sympy.sqrt(2) / 3, 0], ["1/4", "1/8", sympy.sqrt(2) / 5], ["1/2", 0, 0]])
ALPHA = sympy.Symbol("alpha")
SYMBOLIC = ea.Network([[0, ALPHA, 0], ["1/4", 0, "1/3"], [0, ALPHA / 2, 0]])


def _network(plain: PlainNetwork) -> ea.Network:
    return ea.Network(plain.weights, plain.thresholds, plain.drive, plain.increment)


def _brute(plain: PlainNetwork) -> dict[frozenset[int], Fraction]:
    """The law of assemblies given an avalanche, by listing trees and forests."""
    return {a: p for a, p in oracles.assembly_law_by_listing(*plain[:3]).items() if p}


def _sizes(assemblies: Mapping[frozenset[int], Fraction]) -> dict[int, Fraction]:
    return oracles.push_forward(assemblies, len)


def _mean(law: Mapping[Any, Fraction], function: Callable[[Any], Any]) -> Any:
    return sum((p * function(x) for x, p in law.items()), Fraction(0))


@settings(max_examples=60)
@given(rational_networks(max_units=4), st.data())
def test_events_and_images_are_those_of_the_listed_law(plain: PlainNetwork, data: st.DataObject) -> None:
    law, listed = ea.assembly_law(_network(plain)), _brute(plain)
    assert law.pmf() == listed
    units = data.draw(st.sets(st.integers(0, len(plain.weights) - 1), max_size=2))
    events: dict[str, Callable[[frozenset[int]], bool]] = {
        "containing": lambda assembly: units <= assembly,
        "avoiding": lambda assembly: not units & assembly,
    }
    for name, event in events.items():
        kept = {assembly: p for assembly, p in listed.items() if event(assembly)}
        ask = getattr(law, name)
        if not kept:
            with pytest.raises(OptionError, match="no outcome of positive probability"):
                ask(units)
            continue
        wanted = {assembly: p / sum(kept.values()) for assembly, p in kept.items()}
        assert ask(units).pmf() == law.given(event).pmf() == law.given(list(kept)).pmf() == wanted
        assert sum(ask(units).values()) == 1
    extent = law.map(lambda assembly: max(assembly) - min(assembly), name="extent")
    spread = oracles.push_forward(listed, lambda assembly: max(assembly) - min(assembly))
    assert extent.pmf() == spread
    assert extent.mean() == _mean(spread, lambda x: x)
    assert law.expectation(lambda a: sympy.Rational(1, len(a))) == _mean(
        listed, lambda a: Fraction(1, len(a))
    )
    share = data.draw(st.fractions(0, 1, max_denominator=9))
    others = [ea.assembly_law(_network(plain), start=start) for start in plain.driven[:2]]
    mixed = others[0].mixed(others[-1], share)
    assert sum(mixed.values()) == 1
    assert all(mixed[a] == share * others[0][a] + (1 - share) * others[-1][a] for a in law)


@settings(max_examples=60)
@given(rational_networks(max_units=4))
def test_numbers_are_those_of_the_definitions(plain: PlainNetwork) -> None:
    law, listed = ea.size_law(_network(plain)), _sizes(_brute(plain))
    mean = _mean(listed, lambda x: x)
    central = [sum(p * (x - mean) ** r for x, p in listed.items()) for r in range(6)]
    assert law.mean() == law.cumulant(1) == mean
    assert law.variance() == law.cumulant(2) == central[2]
    assert law.cumulant(3) == central[3]
    assert law.cumulant(4) == central[4] - 3 * central[2] ** 2
    assert law.cumulant(5) == central[5] - 10 * central[3] * central[2]
    assert law.factorial_moment(3) == _mean(listed, lambda x: x * (x - 1) * (x - 2))
    assert sympy.expand(law.pgf()).as_poly(sympy.Symbol("z")).all_coeffs()[::-1] == [
        listed.get(x, 0) for x in range(max(listed) + 1)
    ]
    assert law.pgf("2/7") == _mean(listed, lambda x: Fraction(2, 7) ** x)
    assert law.std() ** 2 == central[2]
    if central[2]:
        # signs and squares, without a root
        assert law.skewness() ** 2 == central[3] ** 2 / central[2] ** 3
        assert sympy.sign(law.skewness()) == (central[3] > 0) - (central[3] < 0)
        assert law.kurtosis() == central[4] / central[2] ** 2 - 3
    below = Fraction(0)
    for x in range(len(plain.weights) + 1):
        below += listed.get(x, 0)
        assert law.cdf(x) == law.cdf(x + 0.5) == 1 - law.sf(x) == below
        assert law.quantile(below) == max(y for y in [*listed] if y <= x) if below else True
    assert law.median() == min(
        x for x in listed if sum(p for y, p in listed.items() if y <= x) >= Fraction(1, 2)
    )
    assert law.mode() == min(x for x, p in listed.items() if p == max(listed.values()))


@settings(max_examples=40)
@given(rational_networks(max_units=4), rational_networks(max_units=4))
def test_distances_and_information_are_those_of_the_definitions(
    one: PlainNetwork, other: PlainNetwork
) -> None:
    laws = [ea.size_law(_network(plain)) for plain in (one, other)]
    p, q = [_sizes(_brute(plain)) for plain in (one, other)]
    every = sorted({*p, *q})
    distances: list[Any] = [abs(p.get(x, 0) - q.get(x, 0)) for x in every]
    assert laws[0].total_variation(laws[1]) == sum(distances) / 2
    gaps: list[Any] = [sum(p.get(y, 0) - q.get(y, 0) for y in every if y <= x) for x in every]
    assert laws[0].kolmogorov_smirnov(laws[1]) == max(map(abs, gaps))
    with mpmath.workdps(60):
        logs = {x: mpmath.log(mpmath.mpf(v.numerator) / v.denominator) for x, v in p.items()}
        entropy = -sum(mpmath.mpf(v.numerator) / v.denominator * logs[x] for x, v in p.items())
        assert abs(mpmath.mpf(str(laws[0].entropy(30))) - entropy) < mpmath.mpf(10) ** -28
        bits = mpmath.mpf(str(laws[0].entropy(30, base=2)))
        assert abs(bits - entropy / mpmath.log(2)) < mpmath.mpf(10) ** -28
        found = laws[0].divergence(laws[1], 30)
        if any(x not in q for x in p):
            assert found == sympy.oo
        else:
            ratios = {x: v / q[x] for x, v in p.items()}
            logs = {x: mpmath.log(mpmath.mpf(r.numerator) / r.denominator) for x, r in ratios.items()}
            wanted = sum(mpmath.mpf(v.numerator) / v.denominator * logs[x] for x, v in p.items())
            assert abs(mpmath.mpf(str(found)) - wanted) < mpmath.mpf(10) ** -28


@pytest.mark.parametrize("digits", [1, 5, 20, 50])
def test_digits_of_information_are_those_at_more_digits(digits: int) -> None:
    laws = [ea.size_law(ROOT, start=start) for start in (0, 1)]
    more = laws[0].entropy(digits + 20), laws[0].divergence(laws[1], digits + 20)
    few = laws[0].entropy(digits), laws[0].divergence(laws[1], digits)
    for short, long in zip(few, more, strict=True):
        assert abs(sympy.Rational(str(short)) - sympy.Rational(str(long))) <= sympy.Rational(1, 2) * 10 ** (
            -digits + 1 + math.floor(math.log10(abs(long)))
        )


def test_irrational_laws_have_all_numbers() -> None:
    law = ea.size_law(ROOT)
    near = {x: mpmath.mpf(str(p)) for x, p in law.evaluate(40).items()}
    mean = sum(x * p for x, p in near.items())
    central = [sum((x - mean) ** r * p for x, p in near.items()) for r in range(5)]
    numbers = {
        law.cumulant(3): central[3],
        law.kurtosis(): central[4] / central[2] ** 2 - 3,
        law.skewness(): central[3] / central[2] ** mpmath.mpf(1.5),
        law.std(): mpmath.sqrt(central[2]),
        law.pgf("1/3"): sum(p * mpmath.mpf(3) ** -x for x, p in near.items()),
        law.cdf(2): near[1] + near[2],
    }
    for exact, wanted in numbers.items():
        assert abs(mpmath.mpf(str(ea.evaluate(exact, 15))) - wanted) < 1e-13
    assert law.mode() == max(near, key=lambda x: near[x])
    assert law.median() == min(x for x in near if sum(p for y, p in near.items() if y <= x) > 0.5)
    other = ea.size_law(NET)
    distance = sum(abs(near.get(x, 0) - float(other[x])) for x in (1, 2, 3)) / 2
    assert abs(ea.evaluate(law.total_variation(other), 15) - distance) < 1e-14
    assert law.given(lambda x: x > 1)[2] == sympy.expand(sympy.radsimp(law[2] / (law[2] + law[3])))


def test_laws_with_symbols_have_what_needs_no_order() -> None:
    law = ea.size_law(SYMBOLIC)
    values = {ALPHA: sympy.Rational(2, 7)}
    plain = law.at(values)
    for ask in ("mean", "variance", "std", "skewness", "kurtosis", "pgf"):
        found = getattr(law, ask)().subs(values)
        assert sympy.simplify(found - getattr(plain, ask)()) == 0, ask
    assert law.cumulant(4).subs(values) == plain.cumulant(4)
    assert law.given(lambda x: x > 1).at(values) == plain.given(lambda x: x > 1)
    assert law.given([2, 3]).condition == "2 or 3"
    assert law.mixed(ea.size_law(SYMBOLIC, start=0), ALPHA).at(values) == plain.mixed(
        ea.size_law(SYMBOLIC.at(values), start=0), sympy.Rational(2, 7)
    )
    questions: list[Callable[[], Any]] = [
        law.mode,
        law.median,
        lambda: law.total_variation(ea.size_law(NET)),
    ]
    for question in questions:
        with pytest.raises(NotRationalError, match=r"law\.at"):
            question()
    with pytest.raises(UnboundSymbolError):
        law.entropy(10)
    with pytest.raises(OptionError, match="symbol z"):
        ea.size_law(ea.families.homogeneous(3, sympy.Symbol("z"))).pgf()
    assert sympy.Symbol("x") in law.pgf(sympy.Symbol("x")).free_symbols


FLOATS: dict[str, Callable[[Any], Any]] = {
    "mean": lambda law: law.mean(),
    "std": lambda law: law.std(),
    "variance": lambda law: law.variance(),
    "cumulant 3": lambda law: law.cumulant(3),
    "cumulant 4": lambda law: law.cumulant(4),
    "skewness": lambda law: law.skewness(),
    "kurtosis": lambda law: law.kurtosis(),
    "factorial": lambda law: law.factorial_moment(4),
    "pgf": lambda law: law.pgf("3/5"),
    "pgf below 0": lambda law: law.pgf("-3/5"),
    "cdf": lambda law: law.cdf(3),
    "sf": lambda law: law.sf(3),
    "inverse": lambda law: law.expectation(lambda x: sympy.Rational(1, x) - sympy.Rational(1, 5)),
    "shifted": lambda law: law.map(lambda x: x - 3).mean(),
    "given": lambda law: law.given(lambda x: x > 2)[3],
}


@pytest.mark.parametrize("what", FLOATS)
def test_floats_are_within_their_bounds(what: str) -> None:
    for net in (ea.families.ring(9, "7/8"), ea.families.star(7, "2/3"), ea.families.directed_ring(6, "1/5")):
        exact, rounded = FLOATS[what](ea.size_law(net)), FLOATS[what](ea.size_law(net, arithmetic="float"))
        assert 0 < rounded.error_bound < 1e-8
        number = sympy.Rational(Fraction(float(rounded)).numerator, Fraction(float(rounded)).denominator)
        assert abs(ea.evaluate(number / exact - 1, 5)) <= rounded.error_bound if number != exact else True


def test_float_laws_compare_and_place() -> None:
    net, other = ea.families.ring(9, "7/8"), ea.families.ring(9, "6/7")
    exact, rounded = ([ea.size_law(n, arithmetic=a) for n in (net, other)] for a in ("exact", "float"))
    for ask in ("total_variation", "kolmogorov_smirnov"):
        near, right = (getattr(laws[0], ask)(laws[1]) for laws in (rounded, exact))
        assert (
            abs(Fraction(float(near)) / Fraction(int(right.p), int(right.q)) - 1) <= near.error_bound < 1e-10
        )
    assert [rounded[0].quantile(q) for q in ("1/9", "1/2", 1)] == [
        exact[0].quantile(q) for q in ("1/9", "1/2", 1)
    ]
    assert rounded[0].mode() == exact[0].mode()
    assert rounded[0].entropy(10) == exact[0].entropy(10)
    assert rounded[0].divergence(rounded[1], 6) == exact[0].divergence(exact[1], 6)
    assert rounded[0].mixed(rounded[1], "1/3").error_bound < 1e-12
    assert rounded[0].mixed(rounded[1], "1/3")[4] == pytest.approx(
        exact[0].mixed(exact[1], "1/3").floats()[4]
    )
    for undecided in (
        lambda: rounded[0].total_variation(rounded[0]),
        lambda: rounded[0].entropy(30),
        lambda: ea.size_law(ea.families.homogeneous(3, "3/4"), arithmetic="float").mode(),  # P(1) = P(3)
        lambda: ea.size_law(ea.families.homogeneous(3, "3/4"), arithmetic="float").skewness(),  # 0
        lambda: ea.size_law(ea.families.homogeneous(3, "3/4"), arithmetic="float").quantile("3/8"),
    ):
        with pytest.raises(UndecidedError):
            undecided()
    with pytest.raises(OptionError, match="one arithmetic"):
        rounded[0].total_variation(exact[0])


@settings(max_examples=30)
@given(rational_networks(max_units=4))
def test_joint_laws(plain: PlainNetwork) -> None:
    net = _network(plain)
    law = ea.size_duration_law(net)
    listed = {outcome: Fraction(int(p.p), int(p.q)) for outcome, p in law.items()}
    means = [sum(o[i] * p for o, p in listed.items()) for i in (0, 1)]
    covariance = _mean(listed, lambda o: (o[0] - means[0]) * (o[1] - means[1]))
    variances = [sum((o[i] - means[i]) ** 2 * p for o, p in listed.items()) for i in (0, 1)]
    assert law.covariance() == law.covariance(1, 0) == covariance
    assert law.covariance(0, 0) == law.size_law().variance() == variances[0]
    assert law.marginal("size") == law.size_law() == ea.size_law(net)
    assert law.marginal("duration") == law.duration_law() == ea.duration_law(net)
    if all(variances):
        assert law.correlation() ** 2 == covariance**2 / (variances[0] * variances[1])
        assert law.correlation(0, 0) == 1
    else:
        with pytest.raises(OptionError, match="no correlation"):
            law.correlation()
    patterns = ea.pattern_law(net)
    assert patterns.size_law() == ea.size_law(net)
    assert patterns.duration_law() == ea.duration_law(net)
    groups = ea.composition_law(net, [[unit] for unit in range(net.n_units)])
    last = net.n_units - 1
    assert groups.marginal(last, 0) == ea.composition_law(net, [[last], [0]]) if last else True
    assert groups.covariance(0, last) == groups.covariance(last, 0)
    with pytest.raises(OptionError, match="no place"):
        groups.covariance(0, net.n_units)


def test_float_covariances_are_within_their_bounds() -> None:
    net = ea.families.populations([3, 4], [["1/9", "1/10"], ["1/11", "1/12"]])
    exact, rounded = (ea.composition_law(net, arithmetic=a) for a in ("exact", "float"))
    for ask in ("covariance", "correlation"):
        near, right = (getattr(law, ask)() for law in (rounded, exact))
        assert (
            abs(ea.evaluate(sympy.Rational(str(Fraction(float(near)))) / right - 1, 5))
            <= near.error_bound
            < 1e-9
        )


def test_conditions_are_said_and_add_up() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], labels=["x_1", "50%"])
    law = ea.assembly_law(net).containing(["50%"]).given(lambda a: len(a) == 2, name="two units")
    assert law.condition == "{50%} firing, two units"
    assert "given {50%} firing, two units" in repr(law)
    assert r"\{50\%\} firing, two units" in law.latex()
    assert pickle.loads(pickle.dumps(law)) == law
    assert law.size_law().condition == law.condition

    def large(size: int) -> bool:
        return size > 1

    assert ea.size_law(net).given(large).condition == "large"
    assert ea.size_law(net).given(lambda size: size > 1).condition == "an event"
    step = ea.size_law(ea.families.ring(3, "1/2", increment="1/4")).per_step()
    assert step.given(lambda size: size > 0).pmf() == ea.size_law(step.network).pmf()
    with pytest.raises(OptionError, match="of a law given"):
        ea.size_law(step.network).given([1]).per_step()


def test_images_of_every_kind() -> None:
    law = ea.assembly_law(NET)
    texts = law.map(lambda assembly: "".join(sorted(map(str, assembly))), name="word", letter="w")
    assert texts["ab"] == law[{"a", "b"}]
    assert list(texts) == sorted(texts)
    assert texts["zz"] == 0
    assert texts.kind.name == "word"
    assert "P(w = " in texts.latex()
    halves = law.map(lambda assembly: sympy.Rational(len(assembly), 2))
    assert list(halves) == [sympy.Rational(1, 2), 1, sympy.Rational(3, 2)]
    assert sum(halves.values()) == 1
    assert type(law.map(lambda assembly: sympy.Integer(len(assembly)))).__name__ == "WholeValueLaw"
    flags = law.map(lambda assembly: "a" in assembly)
    assert flags[True] == law.probability(lambda assembly: "a" in assembly)
    below = law.map(lambda assembly: -len(assembly))
    assert below.mean() == -law.size_law().mean()
    assert below.factorial_moment(2) == below.moment(2) - below.mean()
    assert below.variance() == law.size_law().variance()
    assert pickle.loads(pickle.dumps(texts)) == texts
    for mapped in (texts, below):
        with pytest.raises(OptionError, match=r"map law\.per_step"):
            mapped.per_step()
    with pytest.raises(ArgumentError, match="not hashable"):
        law.map(list)
    with pytest.raises(UnknownOutcomeError, match="not hashable"):
        texts[[1]]


def test_arrays_say_what_the_law_says() -> None:
    sizes, probabilities = ea.size_law(NET).to_numpy()
    assert sizes.dtype == np.int64
    assert dict(zip(sizes.tolist(), probabilities.tolist(), strict=True)) == ea.size_law(NET).floats()
    law = ea.assembly_law(NET)
    members, p = law.to_numpy()
    assert members.shape == (len(law), 3)
    assert members.T @ p == pytest.approx(list(map(float, ea.participation_overall(NET))))
    patterns = ea.pattern_law(NET)
    generations, p = patterns.to_numpy()
    assert generations.max(axis=1) @ p == pytest.approx(float(ea.duration_law(NET).mean()))
    assert (generations > 0).sum(axis=1) @ p == pytest.approx(float(ea.mean_size(NET)))
    joint = ea.size_duration_law(NET).to_numpy()[0]
    assert joint.tolist() == [list(outcome) for outcome in ea.size_duration_law(NET)]
    ring = ea.families.ring(3, "3/5", increment="1/5")
    steps = ea.sequence_law(ring, 2).to_numpy()[0]
    assert steps.shape[1:] == (2, 3)
    rounded = ea.size_law(NET, arithmetic="float").to_numpy()
    assert rounded[1] == pytest.approx(probabilities)
    with pytest.raises(TypeError):
        ea.size_law(SYMBOLIC).to_numpy()


def test_scipy_and_pandas_take_laws() -> None:
    law = ea.size_law(NET)
    frozen = stats.rv_discrete(values=law.to_numpy())
    mean, variance, skewness, kurtosis = (float(x) for x in frozen.stats(moments="mvsk"))
    assert mean == pytest.approx(float(law.mean()))
    assert variance == pytest.approx(float(law.variance()))
    assert skewness == pytest.approx(float(law.skewness()))
    assert kurtosis == pytest.approx(float(law.kurtosis()))
    assert frozen.median() == law.median()
    series = ea.assembly_law(NET).to_series()
    assert series.sum() == pytest.approx(1)
    assert series[frozenset("a")] == float(ea.assembly_law(NET)[{"a"}])
    assert isinstance(series, pandas.Series)
    assert list(ea.size_duration_law(NET).to_series().index) == list(ea.size_duration_law(NET))


NUMBER: Any = 3
FLOATS_OF_NET = ea.size_law(NET, arithmetic="float")
STEPS = ea.size_law(ea.families.homogeneous(3, "3/4", increment="1/8"))
SETS: Any = ea.assembly_law(NET)
WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: ea.size_law(NET).given(NUMBER), ArgumentError, "a function of an outcome, or a collection"),
    (lambda: ea.size_law(NET).given("12"), ArgumentError, "a function of an outcome"),
    (lambda: ea.size_law(NET).given([9]), UnknownOutcomeError, "wanted an integer from 1 to 3"),
    (lambda: ea.size_law(NET).given(lambda size: False), OptionError, "no outcome of positive"),
    (lambda: ea.assembly_law(NET).containing("abc"), UnknownOutcomeError, "no set of units"),
    (lambda: ea.assembly_law(NET).avoiding(["z"]), UnknownUnitError, "no unit is labelled 'z'"),
    (lambda: ea.size_law(NET).quantile(0.5), InexactError, "float"),
    (lambda: ea.size_law(NET).quantile(2), OptionError, "from 0 to 1"),
    (lambda: ea.size_law(NET).cdf(math.nan), OptionError, "real number"),
    (lambda: ea.size_law(NET).cumulant(0), OptionError, "at least 1"),
    (lambda: ea.size_law(NET).cumulant(10**6), OptionError, "at most"),
    (lambda: ea.size_law(NET).mixed(SETS, "1/2"), OptionError, "no outcomes in common"),
    (lambda: ea.size_law(NET).mixed(ea.size_law(NET), "3/2"), OptionError, "from 0 to 1"),
    (lambda: ea.size_law(NET).mixed(NUMBER, "1/2"), ArgumentError, "wanted a law"),
    (
        lambda: ea.size_law(NET).mixed(ea.size_law(NET, up_to=3), "1/2"),
        OptionError,
        "laws of size told apart",
    ),
    (lambda: ea.size_law(NET).mixed(ea.size_law(NET, observed=["a"]), "1/2"), OptionError, "of one kind"),
    (
        lambda: STEPS.per_step().mixed(STEPS, "1/2"),
        OptionError,
        "all given an avalanche or all per slow step",
    ),
    (lambda: ea.size_law(NET).mixed(ea.size_law(NET), ALPHA), OptionError, "none of the network"),
    (lambda: FLOATS_OF_NET.mixed(FLOATS_OF_NET, "sqrt(2)/2"), OptionError, "by rational weights"),
    (lambda: FLOATS_OF_NET.expectation(sympy.sqrt), OptionError, "irrational values"),
    (lambda: FLOATS_OF_NET.pgf("sqrt(2)"), OptionError, "give a rational number"),
    (lambda: FLOATS_OF_NET.map(lambda size: -size).pgf("1/2"), OptionError, "negative outcomes"),
    (lambda: FLOATS_OF_NET.pgf(sympy.Rational(1, 10**400)), FloatRangeError, "too far apart"),
    (lambda: FLOATS_OF_NET.limit("alpha", 1), UnknownSymbolError, "floating point has no symbols"),
    (lambda: ea.size_law(NET).pushed(int, int), ArgumentError, "such as SizeLaw"),  # type: ignore[type-var]
    (lambda: ea.size_law(NET).pushed(ea.SizeLaw, int, kind=NUMBER), ArgumentError, "the kind of a law"),
    (lambda: ea.size_law(SYMBOLIC).limit("alpha", sympy.oo), OptionError, "no limit as alpha tends to oo"),
    (lambda: ea.size_law(NET).entropy(0), OptionError, "digits"),
    (lambda: ea.size_law(NET).evaluate(10**30), OptionError, "at most 1,000,000"),
    *(
        (lambda digits=digits: ea.size_law(NET, arithmetic="float").evaluate(digits), OptionError, "digits")
        for digits in (0, -1, 1.5, "x", None)
    ),
    (lambda: ea.size_law(NET).entropy(10, base=1), OptionError, "other than 1"),
    (lambda: ea.size_law(ea.families.line(1, 0)).skewness(), OptionError, "one outcome"),
    (lambda: ea.size_duration_law(NET).marginal("depth"), OptionError, "size, duration"),
    (lambda: ea.composition_law(NET).marginal(), OptionError, "each once"),
]


@pytest.mark.parametrize(("ask", "error", "message"), WRONG)
def test_wrong_questions_are_refused(ask: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ask()


def test_a_law_of_one_outcome() -> None:
    law = ea.size_law(ea.Network([["1/2"]]))
    assert law.pmf() == {1: 1}
    assert (law.variance(), law.mode(), law.median()) == (0, 1, 1)
    assert float(law.entropy(5)) == float(law.divergence(law, 5)) == 0.0
    assert law.cdf(0.99) == 0
    assert law.cdf(sympy.sqrt(2)) == 1
    assert law.kolmogorov_smirnov(law) == law.total_variation(law) == 0


def test_laws_of_different_numbers_differ_where_the_numbers_agree() -> None:
    alone = ea.Network([["1/3"]])
    size, duration = ea.size_law(alone), ea.duration_law(alone)
    assert size.pmf() == duration.pmf() == {1: 1}
    assert size != duration
    assert duration != size


def test_kinds_are_values_and_large_patterns_are_outcomes() -> None:
    ring = ea.families.ring(300, "1/2")  # beyond 256 equal integers need not be the same objects
    assert as_pattern(ring, [{0}, set(range(1, 300))]) == (frozenset({0}), frozenset(range(1, 300)))
    net = ea.families.homogeneous(2, "1/2", increment="1/4")
    for law in (ea.size_law(net), ea.pattern_law(net, 0), ea.sequence_law(net, 1), ea.size_duration_law(net)):
        again = pickle.loads(pickle.dumps(law.kind))
        assert (again, hash(again)) == (law.kind, hash(law.kind))
        with pytest.raises(AttributeError):
            law.kind.name = "another"


def test_several_questions_share_cost_and_progress() -> None:
    told: list[float] = []
    options = _share_of({"max_cost": 12, "progress": told.append}, 1, 4)
    assert options["max_cost"] == 3
    progress = options["progress"]
    assert progress is not None
    progress(0.5)
    assert told == [(1 + 0.5) / 4]
    assert _share_of({"max_cost": 12}, 0, 1) == {"max_cost": 12}


def test_covariances_in_symbols_are_those_of_the_numbers_put_in() -> None:
    law = ea.composition_law(ea.families.homogeneous(3, ALPHA), [[0], [1, 2]])
    for value in ("1/3", "7/8"):
        numbers = law.at(alpha=value)
        means = [sum(p * outcome[place] for outcome, p in numbers.items()) for place in (0, 1)]
        defined = sum(p * (x - means[0]) * (y - means[1]) for (x, y), p in numbers.items())
        assert numbers.covariance() == defined
        assert sympy.cancel(law.covariance().subs(ALPHA, sympy.Rational(value)) - defined) == 0
