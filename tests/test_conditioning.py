"""Laws given events, mapped, mixed and summed over, against the oracles' dictionaries."""

from fractions import Fraction
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings
from sympy import ZZ

import exactav as ea
from exactav.errors import (
    OptionError,
)
from exactav.laws.measure import Exact

few = settings(max_examples=25)
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
                if any(event(a) for a in table if table[a]):
                    assert fractions(ask([unit, last])) == kept(table, event)
                else:
                    with pytest.raises(OptionError, match="no outcome of positive probability"):
                        ask([unit, last])


@few
@given(strategies.rational_networks())
def test_events_and_functions_of_listed_forests(data: Any) -> None:
    net = network(data)
    table = positive(oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive))
    law, rounded = ea.assembly_law(net), ea.assembly_law(net, arithmetic="float")
    events: list[Any] = [lambda a: 0 in a, lambda a: len(a) % 2 == 1, lambda a: max(a) < 2]
    for event in events:
        if any(map(event, table)):
            assert fractions(law.given(event)) == kept(table, event)
            near(rounded.given(event), law.given(event))
            assert law.given(event) == law.given([a for a in table if event(a)])
            # in two steps, in either order
            other = min(kept(table, event), key=sorted)
            twice = law.given(event).given([other, *table][:3])
            assert fractions(twice) == kept(kept(table, event), list([other, *table][:3]).__contains__)
    functions: list[Any] = [lambda a: len(a) ** 2 - 3, lambda a: (min(a), max(a)), lambda a: "even"[: len(a)]]
    for function in functions:
        assert fractions(law.map(function)) == oracles.push_forward(table, function)
        near(rounded.map(function), law.map(function))
        # one function after another
        twice = law.map(function, name="one").map(lambda image: hash(image) % 2)
        assert fractions(twice) == oracles.push_forward(table, lambda a: hash(function(a)) % 2)  # noqa: B023
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
    assert laws[0].mixed(laws[1], 1) == laws[0]
    assert laws[0].mixed(laws[1], 0) == laws[1]
    near(rounded[0].mixed(rounded[1], 0), laws[1])


def test_symbols_and_roots() -> None:
    net = ea.Network([[0, alpha, 0], [beta, 0, "1/5"], [0, "1/7", 0]], drive=["1/2", "1/3", "1/6"])
    values = {alpha: sympy.Rational(1, 3), beta: sympy.sqrt(2) / 3}
    law, found = ea.assembly_law(net), ea.assembly_law(net.at(values))
    changes: list[Any] = [
        lambda law: law.containing([1]),
        lambda law: law.avoiding([0]),
        lambda law: law.given(lambda a: len(a) != 2),
        lambda law: law.map(lambda a: len(a) % 2),
        lambda law: law.mixed(law.containing([2]), sympy.Rational(1, 4)),
    ]
    for change in changes:
        assert change(law).at(values) == change(found)
        assert sympy.simplify(sum(change(law).values()) - 1) == 0
    with pytest.raises(OptionError, match="has probability 0"):
        ea.assembly_law(net, 0).containing([0, 1]).at({beta: 0})
    size = ea.size_law(net.at({alpha: "1/3", beta: "1/2"}))
    mixture = size.mixed(ea.size_law(net.at(values)), sympy.sqrt(2) / 2)
    part = sympy.sqrt(2) / 2
    other = ea.size_law(net.at(values))
    assert all(sympy.simplify(mixture[k] - part * size[k] - (1 - part) * other[k]) == 0 for k in (1, 2, 3))
    with pytest.raises(OptionError, match="two networks with symbols"):
        size.mixed(ea.size_law(net), "1/2")
    both, one = ea.size_law(net), ea.size_law(net, 0)
    assert both.mixed(one, "1/3").at(values) == both.at(values).mixed(one.at(values), "1/3")
    # a common denominator may come out negative with values put in
    negative = Exact(ZZ, {1: ZZ(-1), 2: ZZ(-2)}, ZZ(-3))
    assert (dict(negative.weights), negative.total) == ({1: 1, 2: 2}, 3)
