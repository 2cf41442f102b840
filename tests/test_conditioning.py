"""Laws given events, mapped, mixed and summed over, against the oracles' dictionaries."""

import pickle
from fractions import Fraction
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    InexactError,
    MissingIncrementError,
    NotRationalError,
    OptionError,
    UnknownOutcomeError,
    UnknownSymbolError,
    UnknownUnitError,
)

few = settings(max_examples=25, deadline=None)
alpha, beta = sympy.symbols("alpha beta")
Table = dict[Any, Fraction]


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def fractions(law: Any) -> Table:
    assert sum(law.values()) == 1
    return {outcome: Fraction(int(p.p), int(p.q)) for outcome, p in law.pmf().items()}


def positive(table: Table) -> Table:
    return {outcome: p for outcome, p in table.items() if p}


def kept(table: Table, event: Any) -> Table:
    found = {outcome: p for outcome, p in table.items() if p and event(outcome)}
    total = sum(found.values())
    return {outcome: p / total for outcome, p in found.items()}


def near(rounded: Any, exact: Any) -> None:
    """A law in floating point, each number within its bound."""
    assert list(rounded) == list(exact)
    for outcome, true in exact.items():
        true = Fraction(int(true.p), int(true.q))
        assert abs(Fraction(rounded[outcome]) - true) <= Fraction(rounded[outcome].error_bound) * true


@few
@given(strategies.integer_networks())
def test_conditioning_is_that_of_the_dynamics(data: Any) -> None:
    net = network(data)
    patterns = positive(oracles.pattern_law(data.weights, data.thresholds, data.drive, data.increment))
    law, steps = ea.pattern_law(net), ea.pattern_law(net).per_step()
    avalanches = oracles.given_avalanche(patterns)
    assert fractions(law.size_law()) == positive(oracles.size_law(avalanches))
    assert fractions(law.duration_law()) == positive(oracles.duration_law(avalanches))
    assert fractions(steps.duration_law()) == oracles.duration_law(patterns)
    assert fractions(steps.given(bool)) == avalanches
    assert fractions(steps.assembly_law()) == oracles.assembly_law(patterns)
    last = net.n_units - 1
    assemblies = oracles.assembly_law(avalanches)
    for unit in net.labels:
        for table, found in ((assemblies, ea.assembly_law(net)), (oracles.assembly_law(patterns), None)):
            found = steps.assembly_law() if found is None else found
            for event, ask in (
                (lambda a, u=unit: {u, last} <= a, found.containing),
                (lambda a, u=unit: not {u, last} & a, found.avoiding),
            ):
                if any(event(a) for a in table if table[a]):  # type: ignore[no-untyped-call]
                    assert fractions(ask([unit, last])) == kept(table, event)
                else:
                    with pytest.raises(UnknownOutcomeError, match="probability 0"):
                        ask([unit, last])


@few
@given(strategies.rational_networks())
def test_events_and_functions_of_listed_forests(data: Any) -> None:
    net = network(data)
    table = positive(oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive))
    law, rounded = ea.assembly_law(net), ea.assembly_law(net, arithmetic="float")
    events = [lambda a: 0 in a, lambda a: len(a) % 2 == 1, lambda a: max(a) < 2]
    for event in events:
        if any(map(event, table)):
            assert fractions(law.given(event)) == kept(table, event)
            near(rounded.given(event), law.given(event))
            assert law.given(event) == law.given([a for a in table if event(a)])
            # in two steps, in either order
            other = min(kept(table, event), key=sorted)
            twice = law.given(event).given([other, *table][:3])
            assert fractions(twice) == kept(kept(table, event), list([other, *table][:3]).__contains__)
    functions = [lambda a: len(a) ** 2 - 3, lambda a: (min(a), max(a)), lambda a: "even"[: len(a)], sorted]
    for function in functions[:3]:
        assert fractions(law.map(function)) == oracles.push_forward(table, function)
        near(rounded.map(function), law.map(function))
        # one function after another
        twice = law.map(function, name="first").map(lambda image: hash(image) % 2)
        assert fractions(twice) == oracles.push_forward(table, lambda a: hash(function(a)) % 2)  # noqa: B023
    with pytest.raises(OptionError, match="wanted something hashable"):
        law.map(functions[3])
    squares = law.map(len)
    assert dict(squares) == dict(law.size_law())
    assert (squares.mean(), squares.variance()) == (law.size_law().mean(), law.size_law().variance())


@few
@given(strategies.rational_networks(max_units=4), strategies.rational_networks(max_units=4))
def test_mixtures(one: Any, other: Any) -> None:
    weight = Fraction(2, 7)
    laws = [ea.size_law(network(data)) for data in (one, other)]
    tables = [
        positive(oracles.push_forward(oracles.assembly_law_by_listing(d.weights, d.thresholds, d.drive), len))
        for d in (one, other)
    ]
    expected = {
        size: weight * tables[0].get(size, 0) + (1 - weight) * tables[1].get(size, 0)
        for size in {*tables[0], *tables[1]}
    }
    mixture = laws[0].mixed(laws[1], "2/7")
    assert fractions(mixture) == expected
    assert mixture == laws[1].mixed(laws[0], "5/7")
    assert mixture.network == laws[0].network
    rounded = [ea.size_law(network(data), arithmetic="float") for data in (one, other)]
    near(rounded[0].mixed(rounded[1], "2/7"), mixture)
    near(rounded[0].mixed(laws[1], "2/7"), mixture)
    near(laws[0].mixed(rounded[1], "2/7"), mixture)
    assert laws[0].mixed(laws[1], 1) == laws[0]
    assert laws[0].mixed(laws[1], 0) == laws[1]
    near(rounded[0].mixed(rounded[1], 0), laws[1])


@few
@given(strategies.rational_networks(max_units=4))
def test_marginal_laws(data: Any) -> None:
    net = network(data)
    table = positive(oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive))
    groups = [[u] for u in net.labels]
    law = ea.composition_law(net, groups)
    assert fractions(law) == oracles.push_forward(table, lambda a: tuple(int(u in a) for u in net.labels))
    for unit in net.labels:
        marginal = law.marginal(unit)
        assert fractions(marginal) == oracles.push_forward(table, lambda a, u=unit: (int(u in a),))
        assert fractions(marginal.size_law()) == oracles.push_forward(table, lambda a, u=unit: int(u in a))
        assert marginal == ea.composition_law(net, [[unit]])
    backwards = law.marginal(*reversed(net.labels))
    assert all(backwards[tuple(reversed(counts))] == p for counts, p in law.items())
    near(ea.composition_law(net, groups, arithmetic="float").marginal(0), law.marginal(0))
    joint = ea.size_duration_law(net)
    assert joint.marginal("size") == joint.size_law() == ea.size_law(net)
    assert joint.marginal("duration") == joint.duration_law() == ea.pattern_law(net).duration_law()
    for wrong in ("length", 0, None):
        with pytest.raises(OptionError, match="give 'size' or 'duration'"):
            joint.marginal(wrong)  # type: ignore[arg-type]
    for wrong_groups in ((), (0, 0), (9,), (-1,), (0.5,)):
        with pytest.raises(OptionError):
            law.marginal(*wrong_groups)  # type: ignore[arg-type]


def test_marginals_of_sequences() -> None:
    net = ea.Network([[0, "1/4"], ["1/2", 0]], drive=["1/3", "2/3"], increment="1/4")
    law = ea.sequence_law(net, 3, starts=[0, 1, 1])
    first = law.marginal(0)
    assert first.start == (0,)
    assert first == ea.sequence_law(net, 1, starts=[0])
    assert {a[0]: p for a, p in first.items()} == dict(ea.assembly_law(net, 0).per_step())
    assert law.marginal(0, 1) == ea.sequence_law(net, 2, starts=[0, 1])
    swapped = law.marginal(2, 0)
    assert swapped.start == (1, 0)
    assert all(swapped[b, a] == p for (a, b), p in law.marginal(0, 2).items())
    given = law.given(lambda s: bool(s[0]), name="an avalanche first")
    assert given.marginal(1).condition == "an avalanche first"
    assert sum(given.marginal(1).values()) == 1
    for steps in ((), (3,), (0, 0), ("1",)):
        with pytest.raises(OptionError):
            law.marginal(*steps)  # type: ignore[arg-type]


def test_what_is_given_is_said() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], labels=["a_b", r"\x$"])
    law = ea.assembly_law(net)

    def is_large(assembly: frozenset[Any]) -> bool:
        return len(assembly) > 1

    assert law.given(is_large).condition == "is_large"
    assert law.given(lambda a: True).condition == "an event"
    assert law.given([{"a_b"}]).condition == "assembly in {{a_b}}"
    assert law.given(law).condition == r"assembly in {{a_b}, {\x$}, {a_b, \x$}}"
    twice = law.containing(["a_b"]).given(is_large)
    assert twice.condition == "units {a_b} fire and is_large"
    assert "given units {a_b} fire and is_large" in repr(twice)
    assert r"\mid \text{units \{a\_b\} fire and is\_large}" in twice.latex()
    assert r"\textbackslash" in law.avoiding([r"\x$"]).latex()
    assert pickle.loads(pickle.dumps(twice)) == twice
    # carried on to what is made of it
    assert twice.size_law().condition == twice.condition
    assert twice.map(len).condition == twice.condition
    many = ea.size_law(ea.families.ring(9, "1/2"))
    assert many.given(range(1, 9)).condition == "size in {1, 2, 3, 4, 5, 6, ...}"
    with pytest.raises(OptionError, match="per_step"):
        twice.per_step()
    mixture = twice.mixed(law, "1/3")
    assert mixture.condition == "a mixture, 1/3 of that given units {a_b} fire and is_large and 2/3"
    with pytest.raises(OptionError, match="a mixture"):
        mixture.per_step()
    assert law.mixed(ea.assembly_law(net, "a_b"), 1).start is None


def test_images() -> None:
    net = ea.families.homogeneous(3, "3/4", increment="1/8")
    law = ea.size_law(net)
    parity = law.map(lambda size: size % 2 == 0, name="is even", letter="E")
    assert isinstance(parity, ea.MappedLaw)
    assert parity.pmf() == {False: sympy.Rational(3, 4), True: sympy.Rational(1, 4)}
    assert parity.latex().splitlines()[1] == r"P(E = \text{False}) &= \frac{3}{4} \\"
    negative = law.map(lambda size: sympy.Integer(-size), name="minus size")
    assert isinstance(negative, ea.MappedNumberLaw)
    assert list(negative) == [-3, -2, -1]
    assert negative[sympy.Integer(-3)] == sympy.Rational(3, 8)
    assert negative.mean() == -law.mean()
    assert negative["x"] == 0
    assert parity != negative
    with pytest.raises(UnknownOutcomeError):
        negative[[1]]
    with pytest.raises(OptionError, match="map it"):
        negative.per_step()
    with pytest.raises(UnknownOutcomeError, match="step without avalanche"):
        _ = negative.nothing
    stepped = law.per_step().map(lambda size: size > 0)
    assert stepped[True] == ea.avalanche_probability(net)
    assert "per slow step" in repr(stepped)
    labels = ea.assembly_law(net).map(lambda a: a, name="assembly again")
    assert list(labels) == list(ea.assembly_law(net))
    assert pickle.loads(pickle.dumps(labels)) == labels
    joined = negative.mixed(law.map(lambda size: size, name="minus size"), "1/2")
    assert list(joined) == [-3, -2, -1, 1, 2, 3]
    with pytest.raises(OptionError, match="wanted a function"):
        law.map(3)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="hashable"):
        law.map(lambda size: ([size],))


def test_symbols_and_roots() -> None:
    net = ea.Network([[0, alpha, 0], [beta, 0, "1/5"], [0, "1/7", 0]], drive=["1/2", "1/3", "1/6"])
    values = {alpha: sympy.Rational(1, 3), beta: sympy.sqrt(2) / 3}
    law, found = ea.assembly_law(net), ea.assembly_law(net.at(values))
    for change in (
        lambda law: law.containing([1]),
        lambda law: law.avoiding([0]),
        lambda law: law.given(lambda a: len(a) != 2),
        lambda law: law.map(lambda a: len(a) % 2),
        lambda law: law.mixed(law.containing([2]), sympy.Rational(1, 4)),
    ):
        assert change(law).at(values) == change(found)
        assert sympy.simplify(sum(change(law).values()) - 1) == 0
    with pytest.raises(UnknownOutcomeError, match="fire has probability 0"):
        ea.assembly_law(net, 0).containing([0, 1]).at({beta: 0})
    size = ea.size_law(net.at({alpha: "1/3", beta: "1/2"}))
    mixture = size.mixed(ea.size_law(net.at(values)), sympy.sqrt(2) / 2)
    part = sympy.sqrt(2) / 2
    other = ea.size_law(net.at(values))
    assert all(sympy.simplify(mixture[k] - part * size[k] - (1 - part) * other[k]) == 0 for k in (1, 2, 3))
    with pytest.raises(UnknownSymbolError, match="mix from the other side"):
        size.mixed(ea.size_law(net), "1/2")
    # whose common denominator is negative there
    assert ea.size_law(net).mixed(size, "1/2").at({alpha: "1/3", beta: "1/2"}) == size


def test_refusals() -> None:
    net = ea.families.homogeneous(3, "3/4")
    law = ea.size_law(net)
    rounded = ea.size_law(net, arithmetic="float")
    for some in (law, rounded):
        for event in (lambda size: size > 3, [], lambda size: False):
            with pytest.raises(UnknownOutcomeError, match="probability 0"):
                some.given(event)  # type: ignore[arg-type]
        with pytest.raises(UnknownOutcomeError, match="no outcome of this law"):
            some.given([7])
        for wrong in (3, "size", None, 0.5):
            with pytest.raises(OptionError, match="wanted a function of the outcome"):
                some.given(wrong)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="wanted words"):
        law.given(lambda size: True, name=3)  # type: ignore[arg-type]
    with pytest.raises(UnknownUnitError):
        ea.assembly_law(net).containing(["x"])
    with pytest.raises(UnknownOutcomeError, match="no set of units"):
        ea.assembly_law(net).containing("x")
    with pytest.raises(MissingIncrementError):
        law.per_step()
    for weight in (-1, 2, "3/2", alpha, sympy.sqrt(2)):
        with pytest.raises(OptionError, match="from 0 to 1"):
            law.mixed(law, weight)
    with pytest.raises(InexactError):
        law.mixed(law, 0.5)
    with pytest.raises(NotRationalError, match="rational weights"):
        rounded.mixed(law, sympy.sqrt(2) / 2)
    with pytest.raises(NotRationalError, match="do not mix"):
        rounded.mixed(ea.size_law(ea.families.homogeneous(3, sympy.sqrt(2) / 2)), "1/2")
    with pytest.raises(OptionError, match="different kinds"):
        law.mixed(ea.duration_law(net), "1/2")
    with pytest.raises(OptionError, match="different kinds"):
        law.mixed(ea.size_law(net, observed=[0]), "1/2")
    with pytest.raises(OptionError, match="mixed with a law"):
        law.mixed({1: 1}, "1/2")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="different kinds"):
        ea.composition_law(net, [[0]]).mixed(ea.composition_law(net, [[0], [1]]), "1/2")
    stepped = ea.size_law(ea.families.homogeneous(3, "3/4", increment="1/8")).per_step()
    with pytest.raises(OptionError, match="per slow step"):
        law.mixed(stepped, "1/2")
    with pytest.raises(UnknownUnitError):
        ea.assembly_law(net).mixed(ea.assembly_law(ea.families.homogeneous(4, "3/4")), "1/2")
