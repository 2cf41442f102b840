"""Distances between laws by brute force over events, and information against mpmath's sums."""

from fractions import Fraction
from itertools import accumulate, chain, combinations
from typing import Any

import mpmath
import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    NotRationalError,
    OptionError,
    UnboundSymbolError,
    UndecidedError,
)

few = settings(max_examples=25)
alpha = sympy.Symbol("alpha")
ROOT = sympy.sqrt(2) / 3
Table = dict[Any, Fraction]


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def sizes(data: Any) -> Table:
    table = oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive)
    return {size: p for size, p in sorted(oracles.push_forward(table, len).items()) if p}


def rational(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)


def number(x: Fraction | sympy.Expr) -> mpmath.mpf:
    """In the precision of mpmath."""
    if isinstance(x, Fraction):
        return mpmath.mpf(x.numerator) / x.denominator
    return mpmath.mpf(sympy.Float(sympy.N(x, mpmath.mp.dps), mpmath.mp.dps)._mpf_)


def all_digits(found: sympy.Float, true: mpmath.mpf, digits: int) -> None:
    """Rounded to nearest: within half a unit of the last digit."""
    if true == 0:
        assert float(found) == 0
        return
    unit = mpmath.mpf(10) ** (mpmath.floor(mpmath.log10(abs(true))) + 1 - digits)
    assert abs(mpmath.mpf(str(found)) - true) <= unit / 2 * (1 + mpmath.mpf(10) ** -3)


def check_distance(ask: Any, true: Fraction) -> None:
    """A float within its bound; undecided only where nothing is left."""
    try:
        found = ask()
    except UndecidedError:
        assert true < Fraction(1, 10**10)
    else:
        assert abs(Fraction(found) - true) <= Fraction(found.error_bound) * true


@few
@given(strategies.rational_networks(max_units=4), strategies.rational_networks(max_units=4))
def test_distances_by_definition(one: Any, other: Any) -> None:
    p, q = sizes(one), sizes(other)
    every = sorted({*p, *q})
    differences = [p.get(x, Fraction(0)) - q.get(x, Fraction(0)) for x in every]
    events = chain.from_iterable(combinations(differences, n) for n in range(len(every) + 1))
    variation = max(abs(sum(event, Fraction(0))) for event in events)
    smirnov = max(map(abs, accumulate(differences)))
    first, second = (ea.size_law(network(data)) for data in (one, other))
    assert first.total_variation(second) == second.total_variation(first) == rational(variation)
    assert first.kolmogorov_smirnov(second) == rational(smirnov)
    floats = [ea.size_law(network(data), arithmetic="float") for data in (one, other)]
    check_distance(lambda: floats[0].total_variation(floats[1]), variation)
    check_distance(lambda: floats[0].kolmogorov_smirnov(floats[1]), smirnov)
    with mpmath.workdps(60):
        entropy = -sum(number(x) * mpmath.log(number(x)) for x in p.values())
        all_digits(first.entropy(20), entropy, 20)
        all_digits(first.entropy(7, base=2), entropy / mpmath.log(2), 7)
        all_digits(floats[0].entropy(8), entropy, 8)
        if p.keys() <= q.keys():
            divergence = sum(number(x) * mpmath.log(number(x) / number(q[size])) for size, x in p.items())
            if p == q:
                divergence = mpmath.mpf(0)
            all_digits(first.divergence(second, 20), divergence, 20)
            all_digits(first.divergence(second, 5, base="7/2"), divergence / mpmath.log(3.5), 5)
            if divergence > 1e-3:
                all_digits(floats[0].divergence(floats[1], 6), divergence, 6)
        else:
            assert first.divergence(second) is sympy.oo
            assert floats[0].divergence(floats[1]) is sympy.oo


@few
@given(strategies.rational_networks(max_units=4))
def test_distances_of_assemblies(data: Any) -> None:
    """Conditioning on the start moves the law; the distance is half the sum of the differences."""
    net = network(data)
    law, start = ea.assembly_law(net), ea.assembly_law(net, 0)
    alone = [Fraction(int(unit == 0)) for unit in net.labels]
    p, q = (oracles.assembly_law_by_listing(data.weights, data.thresholds, d) for d in (data.drive, alone))
    half = sum((abs(p.get(a, Fraction(0)) - q.get(a, Fraction(0))) for a in {*p, *q}), Fraction(0)) / 2
    assert law.total_variation(start) == rational(half)
    assert law.total_variation(law) == 0
    assert float(law.divergence(law)) == 0
    # no function brings laws further apart
    assert law.size_law().total_variation(start.size_law()) <= rational(half)
    assert law.size_law().entropy(20) <= law.entropy(20) + sympy.Float("1e-18")


def test_irrational_numbers() -> None:
    nets = [ea.Network([[0, root], ["1/3", 0]]) for root in (ROOT, sympy.Rational(1, 3), sympy.sqrt(3) / 4)]
    laws = [ea.size_law(net) for net in nets]
    with mpmath.workdps(60):
        values = [{size: number(p) for size, p in law.items()} for law in laws]
        for one, p in zip(laws, values, strict=True):
            all_digits(one.entropy(30), -sum(x * mpmath.log(x) for x in p.values()), 30)
            for other, q in zip(laws, values, strict=True):
                variation = sum(abs(p[size] - q[size]) for size in p) / 2
                assert abs(number(one.total_variation(other)) - variation) < mpmath.mpf(10) ** -50
                smirnov = max(abs(p[1] - q[1]), abs(p[1] + p[2] - q[1] - q[2]))
                assert abs(number(one.kolmogorov_smirnov(other)) - smirnov) < mpmath.mpf(10) ** -50
                if one is other:
                    assert float(one.divergence(other, 30)) == 0
                    assert one.total_variation(other) == 0
                else:
                    all_digits(
                        one.divergence(other, 30), sum(x * mpmath.log(x / q[k]) for k, x in p.items()), 30
                    )
    # close to one another
    near = ea.size_law(ea.Network([[0, ROOT + sympy.Rational(1, 10**30)], ["1/3", 0]]))
    assert 0 < ea.evaluate(laws[0].total_variation(near), 5) < 1e-29
    assert 0 < laws[0].divergence(near, 5) < 1e-59


def test_certain_laws_and_powers_of_the_base() -> None:
    certain = ea.size_law(ea.Network([["1/2"]]))
    assert float(certain.entropy()) == 0
    fair = ea.assembly_law(ea.Network([[0, 0], [0, 0]]))
    assert float(fair.entropy(20, base=2)) == 1
    assert float(fair.entropy(20, base=4)) == 0.5
    assert float(fair.entropy(20, base=sympy.sqrt(2))) == 2
    four = ea.Network([[0] * 3] * 3, drive=["1/2", "1/4", "1/4"])
    assert float(ea.assembly_law(four).entropy(2, base=2)) == 1.5
    with pytest.raises(UndecidedError, match="tie"):
        ea.assembly_law(four).entropy(1, base=2)


def test_kinds() -> None:
    net = ea.families.homogeneous(3, "3/4", increment="1/8")
    law = ea.size_law(net)
    # what is seen of some units is compared with what there is
    seen = ea.size_law(net, observed=[0, 1])
    assert law.total_variation(seen) == seen.total_variation(law) > 0
    assert law.kolmogorov_smirnov(seen) == 1 - law.cdf(2)
    joint = ea.size_duration_law(net)
    for other in (ea.duration_law(net), joint, ea.assembly_law(net), law.map(lambda x: x)):
        for ask in (law.total_variation, law.kolmogorov_smirnov, law.divergence):
            with pytest.raises(OptionError, match="no outcomes in common"):
                ask(other)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="no outcomes in common"):
        law.map(lambda x: x, name="a").total_variation(law.map(lambda x: x, name="b"))
    assert law.per_step().total_variation(law.per_step()) == 0
    two, three = (ea.composition_law(net, groups) for groups in ([[0], [1]], [[0], [1], [2]]))
    with pytest.raises(OptionError, match="no outcomes in common"):
        two.total_variation(three)


def test_symbols() -> None:
    law = ea.size_law(ea.families.homogeneous(3, alpha))
    other = ea.size_law(ea.families.homogeneous(3, "1/2"))
    for ask in (law.total_variation, law.kolmogorov_smirnov):
        with pytest.raises(NotRationalError, match="put values in"):
            ask(other)
        assert ask(law) == 0
    informs: list[Any] = [law.entropy, lambda: law.divergence(other), lambda: other.divergence(law)]
    for inform in informs:
        with pytest.raises(UnboundSymbolError, match="alpha"):
            inform()
    assert law.at({alpha: "1/2"}).total_variation(other) == 0


def test_floats_say_what_is_certain() -> None:
    law = ea.size_law(ea.families.ring(8, "9/10"), arithmetic="float")
    assert law.entropy(10) == ea.size_law(law.network).entropy(10)
    with pytest.raises(UndecidedError, match="not certain in floating point"):
        law.entropy(25)
    with pytest.raises(UndecidedError, match="below the error"):
        law.total_variation(law)
