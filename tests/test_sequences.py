"""Successive slow steps: by cells, by boxes and by plain dynamics from every recurrent state."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.errors import (
    MissingIncrementError,
    OptionError,
    TooCostlyError,
    UnboundSymbolError,
    UnknownOutcomeError,
)
from exactav.phase_space import states
from exactav.phase_space.chain import chain
from exactav.sampling.simulate import chi_square
from exactav.sequences import boxes as overlaps
from exactav.sequences import laws as sequences

IRRATIONAL = ea.Network([[0, sympy.sqrt(2) / 3], ["1/4", "1/5"]], increment="1/6", drive=["1/3", "2/3"])


def network_of(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def by_dynamics(data: Any, n: int) -> dict[Any, Fraction]:
    """Sequences of assemblies from every recurrent state, whatever is fed."""
    states = oracles.recurrent_states(data.weights, data.thresholds)
    law: dict[Any, Fraction] = Counter()  # type: ignore[assignment]
    for state, starts in product(states, product(data.driven, repeat=n)):
        here, probability, found = state, Fraction(1, len(states)), []
        for start in starts:
            pattern, here = oracles.avalanche(data.weights, data.thresholds, here, start)
            probability *= data.drive[start]
            found.append(frozenset().union(*pattern))
        law[tuple(found)] += probability
    return law


def fractions(law: Any) -> dict[Any, Fraction]:
    return {outcome: Fraction(int(p.p), int(p.q)) for outcome, p in law.items()}


@settings(max_examples=25)
@given(strategies.integer_networks(max_units=3, max_volume=20), st.integers(1, 3))
def test_cells_are_the_dynamics(data: Any, n: int) -> None:
    assert fractions(ea.sequence_law(network_of(data), n)) == by_dynamics(data, n)


@settings(max_examples=12)
@given(strategies.integer_networks(max_units=3, max_volume=20))
def test_boxes_are_the_dynamics(data: Any) -> None:
    net = network_of(data)
    volumes = overlaps.sequence_volumes(net, sequences._choices(net, 2, None))
    law = {
        sequence: Fraction(int(v)) if v.is_Integer else Fraction(str(v)) for sequence, v in volumes.items()
    }
    total = Fraction(str(net.volume()))
    assert {s: v / total for s, v in law.items() if v} == by_dynamics(data, 2)


@settings(max_examples=15)
@given(strategies.rational_networks(max_units=2))
def test_rational_networks_by_cells_and_by_boxes(data: Any) -> None:
    """Also waiting times, by moving mass and by second differences."""
    net = network_of(data)
    choices = sequences._choices(net, 2, None)
    cells = sequences._cells(net, 6)
    if cells is None or cells.n_cells > 20_000:
        return
    volumes = overlaps.sequence_volumes(net, choices)
    law = ea.sequence_law(net, 2)
    assert all(sympy.expand(law[s] * net.volume() - v) == 0 for s, v in volumes.items())
    assert set(law) == {sequence for sequence, volume in volumes.items() if volume}
    waits, other = ea.waiting_time_law(net), sequences._waits_of_boxes(net, choices[0])
    total = sum(other.values())
    assert waits.pmf() == {wait: weight / total for wait, weight in other.items() if weight}


@settings(max_examples=15)
@given(strategies.integer_networks(max_units=3, max_volume=12))
def test_waits_and_correlations_are_those_of_the_sequences(data: Any) -> None:
    net = network_of(data)
    waits = ea.waiting_time_law(net)
    assembly = max((s[0] for s in by_dynamics(data, 1)), key=len)
    single = Fraction(str(ea.assembly_law(net).per_step()[assembly]))
    assume(single < 1 and ea.avalanche_probability(net) < 1)
    correlations = ea.autocorrelation(net, 2)
    for wait in (1, 2):
        law = by_dynamics(data, wait + 1)
        both = [s for s in law if s[0] and s[-1] and not any(s[1:-1])]
        begun = sum(p for s, p in law.items() if s[0])
        assert Fraction(str(waits[wait])) == sum(law[s] for s in both) / begun
        both_times = sum(p for s, p in law.items() if s[0] and s[-1])
        assert Fraction(str(correlations[wait])) == (both_times - begun**2) / (begun - begun**2)
    found = ea.autocorrelation(net, 2, assembly)
    law = by_dynamics(data, 3)
    mean = sum(p for s, p in law.items() if s[0] == assembly)
    both_ = sum(p for s, p in law.items() if s[0] == s[2] == assembly)
    assert Fraction(str(found[2])) == (both_ - mean**2) / (mean - mean**2)


def test_one_unit_is_a_clock() -> None:
    net = ea.Network([["1/3"]], increment="1/6")
    assert ea.waiting_time_law(net).pmf() == {4: 1}
    assert ea.autocorrelation(net, 4) == (1, *[sympy.Rational(-1, 3)] * 3, 1)
    assert ea.sequence_law(net, 4)[{0}, set(), set(), set()] == sympy.Rational(1, 4)


def test_irrational_networks() -> None:
    """By boxes; the first step has the law of one step, and the means agree with the Green matrix."""
    law = ea.sequence_law(IRRATIONAL, 2)
    assert sympy.expand(sum(law.values()) - 1) == 0
    single = ea.assembly_law(IRRATIONAL).per_step()
    for place in (0, 1):
        marginal: dict[Any, sympy.Expr] = Counter()
        for sequence, p in law.items():
            marginal[sequence[place]] += p
        assert all(sympy.radsimp(sympy.expand(p - single[a])) == 0 for a, p in marginal.items())
    waits = ea.waiting_time_law(IRRATIONAL)
    assert sympy.expand(waits.mean() * ea.avalanche_probability(IRRATIONAL)) == 1
    assert ea.autocorrelation(IRRATIONAL, 1)[0] == 1
    fed = ea.sequence_law(IRRATIONAL, 2, [0, 1])
    assert fed.start == (0, 1)
    assert sympy.expand(sum(fed.values()) - 1) == 0


def test_nothing_happens_less_and_less_often() -> None:
    """The probability that no step of 0, 1, 2, ... sets off anything, by boxes and as sequences have it."""
    choice = dict(enumerate(IRRATIONAL.drive))
    quiet = overlaps.quiet_volumes(IRRATIONAL, choice)
    assert quiet[0] == IRRATIONAL.volume()
    n_left = sum(volume != 0 for volume in quiet)
    assert quiet[n_left:] == [0] * max(2, len(quiet) - n_left)
    assert all(states.is_below(after, before) for before, after in pairwise(quiet[: n_left + 1]))
    law = ea.sequence_law(IRRATIONAL, 2)
    nothing: Any = (frozenset(), frozenset())
    assert sympy.radsimp(quiet[2] / quiet[0] - law[nothing]) == 0


@pytest.mark.parametrize(
    "net", [pytest.param(IRRATIONAL, marks=pytest.mark.slow), ea.families.ring(4, "1/2", increment="1/4")]
)
def test_sampled_sequences_follow_the_law(net: ea.Network) -> None:
    law = ea.sequence_law(net, 2)
    drawn = ea.sample_sequences(net, 2, 400, seed=11)
    assert chi_square(Counter(drawn), law.floats()).p_value > 1e-5
    assert drawn[:50] == ea.sample_sequences(net, 2, 50, seed=11)


def test_what_a_law_of_sequences_shows() -> None:
    law = ea.sequence_law(ea.families.homogeneous(2, "1/2", increment="1/4"), 2)
    assert repr(law) == (
        "<SequenceLaw per slow step: {}, {}: 5/16, {}, {0}: 3/32, {}, {1}: 3/32, {}, {0, 1}: 1/8, "
        "{0}, {}: 3/32, {0}, {1}: 1/32, {1}, {}: 3/32, {1}, {0}: 1/32, {0, 1}, {}: 1/8>"
    )
    assert r"P((A_1, A_2, \dots) = (\{0\}, \{1\})) &= \frac{1}{32}" in law.latex(max_rows=12)
    assert law[{0}, {0}] == 0
    with pytest.raises(UnknownOutcomeError, match="no sequence"):
        law["ab"]
    given_starts = ea.sequence_law(law.network, 2, [0, 1])
    assert "start (0, 1)" in repr(given_starts)
    assert r"\mid" in given_starts.latex(max_rows=1)


def test_wrong_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ea.families.homogeneous(2, "1/2", increment="1/4")
    for ask in (
        ea.waiting_time_law,
        lambda net: ea.sequence_law(net, 2),
        lambda net: ea.autocorrelation(net, 1),
    ):
        with pytest.raises(MissingIncrementError):
            ask(ea.families.ring(5, "1/2"))
        with pytest.raises(UnboundSymbolError):
            ask(ea.families.homogeneous(3, "alpha", increment="1/8"))
        with pytest.raises(TooCostlyError):
            ask(ea.families.homogeneous(12, "3/4", increment="1/8"))
    with pytest.raises(ValueError, match=r"from 1|at least 1"):
        ea.sequence_law(net, 0)
    law = ea.sequence_law(net, 2)
    assert law.marginal(1) == law.marginal(0)
    with pytest.raises(OptionError, match="no step 2: there are 2, 0 to 1"):
        law.marginal(2)
    with pytest.raises(ValueError, match="name the unit"):
        ea.sequence_law(net, 2, [0])
    with pytest.raises(ValueError, match="not driven"):
        ea.sequence_law(ea.Network([[0, "1/2"], ["1/4", 0]], drive=[1, 0], increment="1/4"), 1, [1])
    with pytest.raises(ValueError, match="max_lag"):
        ea.autocorrelation(net, -1)
    with pytest.raises(ValueError, match="correlates with nothing"):
        ea.autocorrelation(ea.Network([[0]], increment=1), 2)
    monkeypatch.setattr(overlaps, "MAX_OVERLAPS", 10)
    with pytest.raises(TooCostlyError, match="too many boxes"):
        ea.sequence_law(IRRATIONAL, 2)


def test_what_is_too_much_is_refused_before_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """No box is intersected, no state drawn."""
    net = ea.families.homogeneous(2, "1/2", increment="1/4")
    wide = ea.Network([[0, "1/2"], ["1/3", 0]], increment="1/4000000")

    def forbidden(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("work before a refusal")

    monkeypatch.setattr(overlaps, "boxes", forbidden)
    monkeypatch.setattr(sequences, "sample_states", forbidden)
    for ask in (
        lambda: ea.sequence_law(net, 25),
        lambda: ea.sequence_law(IRRATIONAL, 25),
        lambda: ea.sequence_law(net, 501, [0] * 501),
        lambda: ea.autocorrelation(IRRATIONAL, 25),
        lambda: ea.waiting_time_law(wide),
        lambda: ea.sample_sequences(net, 10**6, 10**6, seed=1),
    ):
        with pytest.raises(TooCostlyError):
            ask()


def test_overlaps_are_estimated_from_the_first_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused by the estimate is what would have been refused on the way, and nothing else is."""
    counted = []
    overlap = overlaps._overlap

    def counting(*args: Any) -> Any:
        counted.append(args)
        return overlap(*args)

    monkeypatch.setattr(overlaps, "_overlap", counting)
    monkeypatch.setattr(overlaps, "_refuse_many_overlaps", lambda *args: None)
    wanted = ea.sequence_law(IRRATIONAL, 3)
    n_overlaps = len(counted)
    monkeypatch.undo()
    monkeypatch.setattr(overlaps, "MAX_OVERLAPS", n_overlaps)
    assert ea.sequence_law(IRRATIONAL, 3) == wanted
    monkeypatch.setattr(overlaps, "MAX_OVERLAPS", n_overlaps // 4)
    with pytest.raises(TooCostlyError, match="too many boxes for 3 steps"):
        ea.sequence_law(IRRATIONAL, 3)


def test_codes_of_long_sequences_are_numbered_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ea.families.homogeneous(2, "1/2", increment="1/4")
    wanted = ea.sequence_law(net, 4)
    monkeypatch.setattr("exactav.sequences.cells.MAX_CODE", 20)
    assert ea.sequence_law(net, 4) == wanted
    monkeypatch.undo()
    long = ea.sequence_law(net, 60, [0] * 60)  # 4^60 codes
    assert all(len(sequence) == 60 for sequence in long)
    single = ea.assembly_law(net, 0).per_step()
    for place in (0, 31, 59):
        marginal: dict[Any, sympy.Expr] = Counter()
        for sequence, p in long.items():
            marginal[sequence[place]] += p
        assert marginal == single.pmf()
    clock = ea.sequence_law(ea.Network([["1/3"]], increment="1/6"), 100)
    assert len(clock) == 4
    assert all(sum(map(len, sequence)) == 25 for sequence in clock)


def test_too_many_visits_are_left_to_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 cells, 2 and then 4 ways of feeding: 48 visits; one less is not enough."""
    net = ea.families.homogeneous(2, "1/2", increment="1/4")
    wanted = ea.sequence_law(net, 2)
    n_cells = chain(net).n_cells
    monkeypatch.setattr(sequences, "sequence_volumes", None)  # boxes are not asked
    monkeypatch.setattr(sequences, "MAX_VISITS", 6 * n_cells)
    assert ea.sequence_law(net, 2) == wanted
    monkeypatch.undo()
    monkeypatch.setattr(sequences, "MAX_VISITS", 6 * n_cells - 1)
    monkeypatch.setattr(sequences, "sequence_counts", None)  # cells are not asked
    assert ea.sequence_law(net, 2) == wanted
    monkeypatch.undo()
    expected = ea.autocorrelation(net, 2)  # three steps, in each of which one of two units is fed
    monkeypatch.setattr(sequences, "event_products", None)
    monkeypatch.setattr(sequences, "MAX_VISITS", 6 * n_cells - 1)
    assert ea.autocorrelation(net, 2) == expected
    monkeypatch.undo()
    monkeypatch.setattr(sequences, "sequence_law", None)
    monkeypatch.setattr(sequences, "MAX_VISITS", 6 * n_cells)
    assert ea.autocorrelation(net, 2) == expected
    monkeypatch.undo()
    six = ea.families.homogeneous(6, "1/2", increment="1/4")
    monkeypatch.setattr(sequences, "MAX_VISITS", 0)
    with pytest.raises(TooCostlyError, match=r"6 units have too many boxes, and .* cells of side"):
        ea.sequence_law(six, 2)


def test_a_rational_network_with_an_irrational_drive() -> None:
    share = sympy.sqrt(2) / 3
    net = ea.Network([[0, "1/2"], ["1/4", 0]], drive=[share, 1 - share], increment="1/4")
    law, single = ea.sequence_law(net, 2), ea.assembly_law(net).per_step()
    for assembly, probability in single.items():
        total = sum(p for sequence, p in law.items() if sequence[0] == assembly)
        assert sympy.radsimp(sympy.expand(total - probability)) == 0
    assert len(ea.sample_sequences(net, 3, 4, seed=1)) == 4


def test_the_drive_of_samples_is_exact() -> None:
    """Units that are not driven are never fed, whatever the denominators."""
    for tiny in (0, sympy.Rational(1, 10**30)):
        drive = [0, sympy.Rational(1, 4), tiny, 0, sympy.Rational(3, 4) - tiny, 0]
        net = ea.Network([[0] * 6] * 6, drive=drive, increment=1)  # every unit that is fed fires
        drawn = Counter(unit for s in ea.sample_sequences(net, 20, 100, seed=3) for a in s for unit in a)
        assert set(drawn) == {1, 4}
        assert chi_square(drawn, {1: 0.25, 4: 0.75}).p_value > 1e-5


def test_counts_and_seeds_are_whole_numbers() -> None:
    bad: Any
    net = ea.families.homogeneous(2, "1/2", increment="1/4")
    for bad in (0, -1, 1.0, float("nan"), True, "2", None):
        for ask in (
            lambda n: ea.sequence_law(net, n),
            lambda n: ea.sample_sequences(net, n, 1, seed=1),
            lambda n: ea.sample_sequences(net, 1, n, seed=1),
        ):
            with pytest.raises(OptionError, match=r"a whole number (from|of at least) 1"):
                ask(bad)
    for bad in (-1, 1.5, False, None):
        with pytest.raises(OptionError, match="a whole number of at least 0"):
            ea.autocorrelation(net, bad)
        with pytest.raises(OptionError, match="seed = "):
            ea.sample_sequences(net, 1, 1, seed=bad)
    for bad in (-1.0, float("nan"), "1"):
        with pytest.raises(OptionError, match="max_cost"):
            ea.sample_sequences(net, 1, 1, seed=1, max_cost=bad)
    assert ea.sequence_law(net, sympy.Integer(2)) == ea.sequence_law(net, 2)


def test_what_a_sample_of_sequences_takes_is_in_proportion_to_what_was_drawn() -> None:
    """It is estimated as 0.06 seconds without any avalanche, and as 0.12 from the first ones on."""
    net = ea.families.ring(5, "19/20", increment="1/20")
    assert len(ea.sample_sequences(net, 400, 100, seed=1, max_cost=0.2)) == 100
    with pytest.raises(TooCostlyError, match=r"a sample of 100 sequences would take about 0\.12 seconds"):
        ea.sample_sequences(net, 400, 100, seed=1, max_cost=0.08)
