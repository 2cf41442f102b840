"""Laws in floating point are laws: every number is within its bound of the exact one, and keys are equal."""

import math
import pickle
from fractions import Fraction
from typing import Any

import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    FloatRangeError,
    NotRationalError,
    OptionError,
    UndecidedError,
    UnknownOutcomeError,
    UnknownSymbolError,
)
from exactav.kernels.machine import Machine
from exactav.laws.measure import Rounded

few = settings(max_examples=30)


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def check(rounded: Any, exact: Any) -> None:
    """A number within the bound that it says."""
    assert isinstance(rounded, float)
    true = Fraction(int(exact.p), int(exact.q))
    bound = Fraction(rounded.error_bound)  # type: ignore[attr-defined]
    assert abs(Fraction(rounded) - true) <= bound * true
    assert bound < 1e-12


def check_law(rounded: Any, exact: Any) -> None:
    assert type(rounded) is type(exact)
    assert list(rounded) == list(exact)
    for outcome, probability in exact.items():
        check(rounded[outcome], probability)


@few
@given(strategies.rational_networks())
def test_all_numbers_are_within_their_bounds(data: Any) -> None:
    net = network(data)
    for question in (ea.size_law, ea.composition_law, ea.assembly_law):
        rounded, exact = question(net, arithmetic="float"), question(net)
        check_law(rounded, exact)
        check_law(rounded.per_step(), exact.per_step())
        event = next(iter(exact))
        check(rounded.probability(lambda outcome: outcome == event), exact[event])  # noqa: B023
    rounded, exact = ea.size_law(net, arithmetic="float"), ea.size_law(net)
    check(rounded.mean(), exact.mean())
    check(rounded.variance(), exact.variance())
    for order in range(5):
        check(rounded.moment(order), exact.moment(order))
    seen = net.labels[:1]
    rounded, exact = ea.size_law(net, observed=seen, arithmetic="float"), ea.size_law(net, observed=seen)
    check_law(rounded, exact)
    check_law(rounded.per_step(), exact.per_step())
    check_law(ea.assembly_law(net, arithmetic="float").size_law(), ea.size_law(net))


def test_a_variance_does_not_cancel() -> None:
    """Nearly all avalanches have one size, so the difference of the moments would lose all digits."""
    net = ea.families.directed_ring(30, sympy.Rational(1, 10**9))
    check(ea.size_law(net, arithmetic="float").variance(), ea.size_law(net).variance())


def test_what_is_below_full_precision_is_refused() -> None:
    """A probability of 3e-326 is no float, and one of 1e-310 has too few bits for the bound."""
    for net in (ea.families.homogeneous(200, "1/1000"), ea.families.directed_ring(100, "1/1300")):
        smallest = min(ea.size_law(net).pmf().values())
        assert smallest < sympy.Rational(1, 2**1022)
        with pytest.raises(FloatRangeError, match="arithmetic='exact'"):
            ea.size_law(net, arithmetic="float")
    with pytest.raises(FloatRangeError):
        Rounded({1: 1.0, 2: 2.0**-1023}, 5)
    assert Rounded({1: 1.0, 2: 2.0**-1022}, 5).weights[2]


def test_a_drive_beyond_floats() -> None:
    tiny = sympy.Rational(1, 10**330)
    net = ea.Network([[0, "1/2"], ["1/3", 0]], drive=[tiny, 1 - tiny])
    with pytest.raises(FloatRangeError):
        ea.size_law(net, arithmetic="float", method="subsets")
    check_law(ea.size_law(net, 0, arithmetic="float"), ea.size_law(net, 0))


def test_they_are_immutable_values() -> None:
    net = ea.families.ring(6, "3/4", increment="1/8")
    law = ea.size_law(net, arithmetic="float")
    again = pickle.loads(pickle.dumps(law))
    assert again == law
    assert hash(again) == hash(law)
    assert again[3].error_bound == law[3].error_bound == law.error_bound > 0
    with pytest.raises(AttributeError, match="immutable"):
        law.start = 1  # type: ignore[misc]
    with pytest.raises(AttributeError, match="immutable"):
        del law.start
    assert isinstance(law, ea.FloatLaw)
    assert not isinstance(ea.size_law(net), ea.FloatLaw)
    assert law != ea.size_law(net)
    assert law.arithmetic == "float"
    assert ea.size_law(net).error_bound == 0
    with pytest.raises(UnknownOutcomeError):
        law[7]
    assert law[6] > 0
    assert 7 not in law


def test_what_they_show() -> None:
    law = ea.size_law(ea.families.homogeneous(5, "3/4", increment="1/20"), arithmetic="float")
    assert repr(law).startswith("<SizeLaw given an avalanche, relative error <= ")
    assert "1: 0.383828, 2: 0.18375," in repr(law)
    assert r"P(L = 1) &\approx 0.3838281250 \\" in law.latex()
    assert r"\vdots" in law.latex(max_rows=2)
    small = ea.size_law(ea.families.directed_ring(30, "1/1000"), arithmetic="float")
    assert r"P(L = 20) &\approx 9.990000000 \cdot 10^{-58} \\" in small.latex()
    assert law.most_probable(1) == [(1, law[1])]
    assert law.evaluate(6)[5] == sympy.Float("0.158203", 6)
    with pytest.raises(UndecidedError, match=r"20 digits of P\(1\) are not certain"):
        law.evaluate(20)
    with pytest.raises(UnknownSymbolError, match="its symbols: none"):
        law.at({"alpha": 1})
    assert law.floats() == dict(law)
    assert math.fsum(law.floats().values()) == pytest.approx(1)


def test_options_are_checked() -> None:
    net = ea.families.ring(5, "1/2")
    for cost in (float("nan"), -1, "10", None, True):
        with pytest.raises(OptionError, match="max_cost"):
            ea.size_law(net, max_cost=cost)  # type: ignore[arg-type]
        with pytest.raises(OptionError, match="max_cost"):
            ea.duration_law(net, max_cost=cost)  # type: ignore[arg-type]
        with pytest.raises(OptionError, match="max_cost"):
            ea.pattern_law(net, max_cost=cost)  # type: ignore[arg-type]
    assert ea.size_law(net, max_cost=float("inf")) == ea.size_law(net)
    assert ea.duration_law(net, max_cost=float("inf")) == ea.duration_law(net)
    assert ea.pattern_law(net, max_cost=float("inf")) == ea.pattern_law(net)
    with pytest.raises(OptionError, match="no option is called 'methd'; options are method,"):
        ea.size_law(net, methd="auto")  # type: ignore[call-arg]
    with pytest.raises(OptionError, match="give one of exact, float"):
        ea.plan(net, arithmetic="double")
    with pytest.raises(NotRationalError, match="floats need rational weights"):
        ea.assembly_law(ea.families.ring(5, "a"), arithmetic="float")


def test_advice_fits_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to ask for what he has asked for; on a computer with the extra ``fast``."""
    monkeypatch.setattr(Machine, "here", lambda: Machine(True, True, 16_000.0, 2))
    dense = ea.Network(
        [[0 if i == j else sympy.Rational(1, 90 + i + j) for j in range(16)] for i in range(16)]
    )
    exact, rounded = (
        ea.plan(dense, arithmetic=arithmetic).chosen.seconds for arithmetic in ("exact", "float")
    )
    for arithmetic, max_cost, advised in (
        ("exact", (exact * rounded) ** 0.5, True),
        ("exact", rounded / 2, False),
        ("float", rounded / 2, False),
    ):
        with pytest.raises(ea.errors.TooCostlyError) as refusal:
            ea.size_law(dense, arithmetic=arithmetic, max_cost=max_cost)  # type: ignore[arg-type]
        assert ("arithmetic='float'" in str(refusal.value)) is advised
    ring = ea.families.k_ring(40, "9/10", 3)
    most = ea.plan(ring).chosen.seconds
    with pytest.raises(ea.errors.TooCostlyError) as refusal:
        ea.size_law(ring, max_cost=0.95 * most)
    assert "fewer observed units" in str(refusal.value)
    with pytest.raises(ea.errors.TooCostlyError) as refusal:
        ea.size_law(ring, observed=[0, 1], max_cost=1e-9)
    assert "fewer observed units" not in str(refusal.value)
    symbolic = ea.families.generic(4)
    with pytest.raises(ea.errors.TooCostlyError) as refusal:
        ea.size_law(symbolic, max_cost=1e-9)
    assert "arithmetic='float'" not in str(refusal.value)


TINY = Fraction(1, 10**200)
FAR_APART = [
    [0 if i == j else TINY if i * j % 5 == 2 else Fraction(1, 20 + i + j) for j in range(6)] for i in range(6)
]


@pytest.mark.parametrize(
    ("law", "of"),
    [(ea.size_law, "size"), (ea.duration_law, "duration"), (ea.size_duration_law, "size_duration")],
)
def test_where_numbers_are_too_far_apart_for_one_engine_another_is_taken(law: Any, of: str) -> None:
    net = ea.Network(FAR_APART)
    assert ea.plan(net, of=of, arithmetic="float").choice == "subsets"
    with pytest.raises(FloatRangeError, match="too far apart"):
        law(net, arithmetic="float", method="subsets")
    rounded, exact = law(net, arithmetic="float"), law(net)
    assert set(rounded) == set(exact)
    for outcome, p in exact.items():
        true = Fraction(int(p.p), int(p.q))
        assert abs(Fraction(rounded[outcome]) - true) <= Fraction(rounded.error_bound) * true


def test_no_engine_is_taken_instead_that_takes_too_long() -> None:
    net = ea.Network(FAR_APART)
    least = ea.plan(net, of="duration", arithmetic="float").chosen.seconds
    with pytest.raises(FloatRangeError, match="too far apart"):
        ea.duration_law(net, arithmetic="float", max_cost=1.0001 * least)


def test_where_numbers_are_too_far_apart_for_all_engines_this_is_said() -> None:
    """A probability of 10^-400 is no float, whoever finds it."""
    far = ea.Network([[0, 0, 0], [TINY, 0, 0], [0, TINY, 0]])
    for law in (ea.size_law, ea.duration_law):
        with pytest.raises(FloatRangeError, match="ask for arithmetic='exact'"):
            law(far, start=0, arithmetic="float")


@pytest.mark.parametrize("method", ["subsets", "populations", "frontier"])
def test_each_engine_refuses_what_floats_cannot_hold(method: Any) -> None:
    rare = sympy.Rational(1, 10**200)
    net = ea.Network([[0, rare, 0], [rare, 0, rare], [0, rare, 0]])
    assert 0 < ea.size_law(net, method=method)[3] < sympy.Rational(1, 10**399)
    with pytest.raises(FloatRangeError, match="ask for arithmetic='exact'"):
        ea.size_law(net, method=method, arithmetic="float")
