"""Waves and spike counts: increments above the leak and leaks of zero, against the dynamics."""

import pickle
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import oracles
import pytest
import sympy

import exactav as ea
from exactav.errors import (
    ErgodicityWarning,
    ExactavError,
    FloatRangeError,
    InvalidNetworkError,
    MissingIncrementError,
    OptionError,
    UndecidedError,
    UnknownUnitError,
)
from exactav.phase_space import torus
from exactav.sampling.simulate import avalanche, orbit, simulate


class Case(NamedTuple):
    """Whole numbers, so that avalanches can be counted on a lattice."""

    weights: list[list[int]]
    thresholds: list[int]
    drive: list[Fraction]
    increment: int

    @property
    def network(self) -> ea.Network:
        return ea.Network(self.weights, self.thresholds, self.drive, self.increment, "abc"[: len(self.drive)])


def _cases() -> list[Case]:
    """Not symmetric, with self-coupling, zero weights, zero leaks and undriven units."""
    dice = random.Random(4)
    found: list[Case] = []
    while len(found) < 24:
        n = dice.choice([1, 2, 3, 3])
        weights = [[dice.choice([0, 0, 1, 1, 2]) for _ in range(n)] for _ in range(n)]
        thresholds = [sum(row) + dice.choice([0, 0, 1, 2]) for row in weights]
        shares = [dice.choice([0, 1, 2, 3]) for _ in range(n)]
        if not all(thresholds) or not any(shares):
            continue
        drive = [Fraction(share, sum(shares)) for share in shares]
        case = Case(weights, thresholds, drive, dice.choice([1, 2, 3, 5, 8]))
        n_states = oracles.determinant(
            [[U * (i == j) - w for j, w in enumerate(weights[i])] for i, U in enumerate(thresholds)]
        )
        if 0 < n_states <= 40:
            found.append(case)
    return found


CASES = _cases()
_Chosen = Callable[[list[oracles.Assembly]], list[oracles.Assembly]]


def counted(case: Case, starts: dict[int, Fraction], choose: _Chosen) -> dict[frozenset[str], Fraction]:
    """Expected number of chosen waves with each set, by label, in a slow step."""
    found: dict[frozenset[str], Fraction] = {}
    for k, share in starts.items():
        by_state = oracles.wave_assemblies(case.weights, case.thresholds, k, case.increment)
        for state in by_state:
            for assembly in choose(state):
                labels = frozenset("abc"[i] for i in assembly)
                found[labels] = found.get(labels, Fraction(0)) + share / len(by_state)
    return found


def starts_of(case: Case) -> list[tuple[str | None, dict[int, Fraction]]]:
    driven = {k: share for k, share in enumerate(case.drive) if share}
    return [(None, driven), *(("abc"[k], {k: Fraction(1)}) for k in range(len(case.drive)))]


def exact(number: sympy.Expr) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def test_there_are_increments_above_leaks_and_leaks_of_zero() -> None:
    nets = [case.network for case in CASES]
    assert (
        sum(any(p and s < net.increment for p, s in zip(net.drive, net.leak, strict=True)) for net in nets)
        > 15
    )
    assert sum(any(p and not s for p, s in zip(net.drive, net.leak, strict=True)) for net in nets) > 8


@pytest.mark.parametrize("case", CASES, ids=map(str, range(len(CASES))))
def test_waves_are_those_of_the_dynamics(case: Case) -> None:
    net = case.network
    for start, weights in starts_of(case):
        found = counted(case, weights, lambda waves: waves)
        law, mean = ea.wave_law(net, start), exact(ea.mean_waves(net, start))
        assert mean == sum(found.values())
        assert {A: mean * exact(p) for A, p in law.items()} == found
        last = counted(case, weights, lambda waves: waves[-1:])
        total = sum(last.values())
        assert ea.last_wave_law(net, start).pmf() == {A: value / total for A, value in last.items()}


def test_first_waves_have_another_law() -> None:
    differ = [
        counted(case, weights, lambda waves: waves[:1]) != counted(case, weights, lambda waves: waves[-1:])
        for case in CASES
        for _, weights in starts_of(case)
    ]
    assert any(differ)


def test_one_wave_is_the_avalanche() -> None:
    net = ea.Network([[0, "1/2", 0], ["1/4", 0, "1/4"], [0, "1/3", "1/3"]], increment="1/4", drive=[1, 0, 0])
    assert ea.wave_law(net) == ea.last_wave_law(net) == ea.assembly_law(net)
    assert ea.mean_waves(net) == ea.avalanche_probability(net)
    assert ea.wave_law(net).size_law() == ea.size_law(net)


def test_what_is_left_of_the_room_adds_up_to_avalanches() -> None:
    """P(avalanche | k is fed) = sum_A min(dU, U_k - sum_{j in A} w_kj) tau_k(A) f / det M, per slow step."""
    for case in CASES:
        net = case.network
        for k, label in enumerate(net.labels):
            share = {
                A: min(1, exact(net.thresholds[k] - net.received(k, net.indices(A)))
                / case.increment)
                for A in ea.wave_law(net, label)
            }  # fmt: skip
            found = ea.mean_waves(net, label) * ea.wave_law(net, label).expectation(share.get)
            states = oracles.wave_assemblies(case.weights, case.thresholds, k, case.increment)
            assert found == Fraction(sum(map(bool, states)), len(states))


def test_floats_are_within_their_bounds() -> None:
    for case in CASES:
        for start, _ in starts_of(case):
            for question in (ea.wave_law, ea.last_wave_law):
                rounded, law = (
                    question(case.network, start, arithmetic="float"),
                    question(case.network, start),
                )
                assert rounded.keys() == law.keys()
                for outcome, p in law.items():
                    error = abs(Fraction(float(rounded[outcome])) - exact(p))
                    assert error <= Fraction(rounded.error_bound) * exact(p)


def test_last_waves_below_the_range_of_floats_are_refused() -> None:
    room = sympy.Rational(1, 10**200)  # what {0, 1} leaves of it; a wave of both is as rare as 1e-150
    net = ea.Network([[0, 1 - room], ["1e-150", 0]], increment=1)
    law = ea.last_wave_law(net, 0)
    assert 0 < law[{0, 1}] < sympy.Rational(1, 10**349)
    with pytest.raises(FloatRangeError, match="ask for arithmetic='exact'"):
        ea.last_wave_law(net, 0, arithmetic="float")


# Laws of avalanches

TWICE = ea.Network([[0, "1/2"], ["1/4", 0]], labels="ab", increment="5/8")  # leaks 1/2 and 3/4
ASKED: dict[str, Callable[[Any], Any]] = {
    "size_law": ea.size_law,
    "assembly_law": ea.assembly_law,
    "pattern_law": ea.pattern_law,
    "duration_law": ea.duration_law,
    "size_duration_law": ea.size_duration_law,
    "composition_law": ea.composition_law,
    "assembly_probability": lambda net: ea.assembly_probability(net, {"a"}),
    "pattern_probability": lambda net: ea.pattern_probability(net, [{"a"}, {"b"}]),
    "participation": ea.participation,
    "participation_overall": ea.participation_overall,
    "mean_size": ea.mean_size,
    "mean_second_generation": lambda net: ea.mean_second_generation(net, "a"),
    "mean_generations": ea.mean_generations,
    "branching_ratio": ea.branching_ratio,
    "start_law": lambda net: ea.start_law(net, {"a", "b"}),
    "avalanche_probability": ea.avalanche_probability,
    "sequences of avalanches": lambda net: ea.sequence_law(net, 2),
    "waiting times": ea.waiting_time_law,
    "autocorrelation": lambda net: ea.autocorrelation(net, 2),
    "ergodicity": ea.ergodicity,
    "the law of an orbit": lambda net: ea.coset_law(net, [0, 0]),
    "a slow step": lambda net: torus.slow_step(net, [0, 0], "a"),
    "the region of a pattern": lambda net: list(ea.phase_space.region.pieces(net, "a")),
    "SizeLaw": lambda net: ea.size_law(net.with_increment("d")).at(d=net.increment),
    "annealed": lambda net: ea.annealed(net, "1/2"),
}


@pytest.mark.parametrize("question", ASKED)
def test_laws_of_avalanches_are_refused_and_say_what_holds(question: str) -> None:
    with pytest.raises(InvalidNetworkError) as refusal:
        ASKED[question](TWICE)
    said = str(refusal.value)
    assert said.startswith(
        f"{question} of start 'a': the increment 5/8 is above its leak 1/2, so it can fire"
    )
    for name in ("wave_law", "last_wave_law", "mean_waves", "firing_rates", "count_covariance"):
        assert hasattr(ea, name)
        assert name in said
    assert said.endswith("give an increment of at most 1/2")
    ASKED[question](TWICE.with_increment("1/2"))


def test_starts_that_fire_once_keep_their_laws() -> None:
    """Their states are uniform all the same, whatever other slow steps do."""
    once = TWICE.replace(drive={"b": 1})
    assert ea.size_law(TWICE, "b") == ea.size_law(once, "b") == ea.size_law(once)
    assert ea.avalanche_probability(TWICE, "b") == ea.avalanche_probability(once)
    # what is never fed is that of weak drive
    assert ea.size_law(once, "a") == ea.size_law(TWICE.with_increment(None), "a")
    with pytest.raises(InvalidNetworkError, match="above its leak"):
        ea.size_law(once, "a").per_step()


def test_a_leak_of_zero_takes_any_increment() -> None:
    net = ea.Network([["1/2", "1/2"], ["1/4", 0]], increment="1/10")
    assert ea.mean_waves(net, 0) == sympy.Rational(1, 10) * ea.green_matrix(net)[0, 0]
    with pytest.raises(InvalidNetworkError, match=r"above its leak 0.*Or give no increment \(weak drive\)$"):
        ea.size_law(net)
    assert ea.wave_law(net) == ea.assembly_law(net.with_increment(None))
    for ask in (ea.mean_waves, ea.last_wave_law, ea.count_covariance, ea.fano_factors, ea.firing_rates):
        with pytest.raises(MissingIncrementError, match=r"give Network\(\.\.\., increment=\.\.\.\)"):
            ask(net.with_increment(None))


# Laws of waves as values


def test_laws_of_waves_say_what_they_are() -> None:
    law = ea.wave_law(TWICE, "a")
    assert repr(law) == "<WaveLaw of one wave, start 'a': {a}: 3/4, {a, b}: 1/4>"
    sizes = law.size_law()
    assert repr(sizes) == "<WaveSizeLaw of one wave, start 'a': 1: 3/4, 2: 1/4>"
    assert isinstance(sizes, ea.SizeLaw)
    last = ea.last_wave_law(TWICE)
    assert "given it is the last of its avalanche" in repr(last.size_law())
    assert law.map(len).condition == "one of its waves"
    for one in (law, sizes, last):
        assert pickle.loads(pickle.dumps(one)) == one
        again = ea.from_json(one.to_json())
        assert again == one
        assert type(again) is type(one)
        assert repr(again) == repr(one)
        with pytest.raises(OptionError, match=r"may have several waves; mean_waves\(net, start\) times"):
            one.per_step()
    assert law.containing({"b"}).pmf() == {frozenset("ab"): 1}
    assert law.total_variation(ea.assembly_law(TWICE.with_increment(None), "a")) == 0


def test_symbols() -> None:
    a, d = sympy.symbols("a d", positive=True)
    net = ea.Network([[0, a], [a / 2, 0]], increment=d)
    assert sympy.cancel(ea.mean_waves(net, 0) - d / (1 - a**2 / 2)) == 0
    values = {a: "1/2", d: 3}
    assert ea.wave_law(net).at(values) == ea.wave_law(net.at(values))
    assert ea.count_covariance(net).subs({a: sympy.Rational(1, 2), d: 3}) == ea.count_covariance(
        net.at(values)
    )
    with pytest.raises(UndecidedError, match="whether the increment is above"):
        ea.last_wave_law(net)
    fixed = ea.Network([["1/2", "1/2"], [a, 0]], increment="3/4", drive=[1, 0])  # what 0 receives are numbers
    assert ea.last_wave_law(fixed).at(a="1/3") == ea.last_wave_law(fixed.at(a="1/3"))
    near = ea.near_threshold_law(net)  # of a state, which no increment changes
    assert near.at(values) == ea.near_threshold_law(net.at(values))
    root = ea.Network([[0, sympy.sqrt(2) / 2], ["1/4", 0]], increment="3/4")
    assert sum(ea.last_wave_law(root).values()).simplify() == 1


def test_wrong_arguments() -> None:
    for ask in (ea.wave_law, ea.mean_waves, ea.last_wave_law):
        with pytest.raises(UnknownUnitError):
            ask(TWICE, "z")
    with pytest.raises(OptionError, match="one sum for each start"):
        ea.last_wave_law(TWICE, checkpoint="waves.checkpoint")
    wrong: Any = "ring"
    for question in (ea.wave_law, ea.mean_waves, ea.last_wave_law, ea.count_covariance, ea.fano_factors):
        with pytest.raises(ExactavError, match="wanted a network"):
            question(wrong)


# Spike counts


@pytest.mark.parametrize("case", [c for c in CASES if len(c.drive) > 1][:12], ids=str)
def test_covariances_are_those_of_the_chain_of_states(case: Case) -> None:
    net = case.network
    wanted = oracles.count_covariance(case.weights, case.thresholds, case.drive, case.increment)
    found = ea.count_covariance(net)
    assert [[exact(entry) for entry in row] for row in found.tolist()] == wanted
    rates = ea.firing_rates(net)
    if all(rates):
        assert ea.fano_factors(net) == tuple(found[j, j] / rates[j] for j in range(net.n_units))
    if all(found[j, j] for j in range(net.n_units)):
        correlation = ea.count_correlation(net.with_increment(None))
        for i in range(net.n_units):
            for j in range(net.n_units):
                square = found[i, j] ** 2 / (found[i, i] * found[j, j])
                assert correlation[i, j] ** 2 == square
                assert sympy.sign(correlation[i, j]) == sympy.sign(found[i, j])


def test_counts_that_do_not_spread() -> None:
    lonely = ea.Network([[0, "1/2"], ["1/4", 0]], drive=[1, 0], increment=2)
    assert ea.count_covariance(lonely) == sympy.zeros(2, 2)
    assert ea.fano_factors(lonely) == (0, 0)
    with pytest.raises(InvalidNetworkError, match="units 0, 1 stay within bounds"):
        ea.count_correlation(lonely)
    silent = ea.Network([[0, "1/2"], [0, 0]], drive=[1, 0], increment=2)
    with pytest.raises(InvalidNetworkError, match="units 1 never fire"):
        ea.fano_factors(silent)
    assert ea.fano_factors(silent.without([1])) == (0,)


@pytest.mark.parametrize("increment", ["1/5", "9/10"], ids=["below the leak", "above"])
@pytest.mark.filterwarnings("ignore::exactav.errors.ErgodicityWarning")
def test_covariances_of_long_runs(increment: str) -> None:
    """Windows of one trajectory, whose number is what a covariance is uncertain by; bounds are six sigma."""
    net = ea.Network(
        [["1/8", "1/2", 0], ["1/4", 0, "1/4"], [0, "1/3", "1/3"]],
        drive=["1/2", "1/3", "1/6"],
        increment=increment,
    )
    n_windows, length = 400, 40
    counts = np.zeros((n_windows, 3))
    for step, (_, pattern) in enumerate(orbit(net, n_windows * length, seed=3)):
        for generation in pattern:
            for unit in generation:
                counts[step // length, net.index(unit)] += 1
    rates = np.array(ea.firing_rates(net), dtype=float)
    limit = np.array(ea.count_covariance(net), dtype=float)
    spread = np.sqrt(np.diag(limit))
    assert (abs(counts.mean(0) / length - rates) < 6 * spread / (n_windows * length) ** 0.5 + 0.01).all()
    found = np.cov(counts.T) / length
    bounds = np.array(ea.green_matrix(net) * sympy.Matrix(net.thresholds), dtype=float).ravel()
    windows = (np.outer(spread, bounds) + np.outer(bounds, spread)) / length**0.5
    windows += np.outer(bounds, bounds) / length
    sampling = np.outer(spread, spread) * (2 / n_windows) ** 0.5
    assert (abs(found - limit) < windows + 6 * sampling).all()
    assert (abs(found - limit) < 0.25 * np.outer(spread, spread) + 0.02).all()  # in fact
    if increment == "9/10":
        assert max(counts.sum(0)) > n_windows * length / 2


def test_simulated_units_fire_twice() -> None:
    net = ea.Network([["1/2"]], increment=3)
    assert avalanche(net, [0], 0) == ((frozenset({0}),) * 5, [Fraction(1, 2)])
    simulation = simulate(net, 20, seed=1)
    assert set(simulation.sizes) == {1}
    assert min(simulation.durations) >= 5
    with pytest.raises(InvalidNetworkError, match="a comparison with a law of start 0: the increment 3"):
        simulation.compare(ea.wave_law(net))
    with pytest.warns(ErgodicityWarning, match="may fire more than once"):
        list(orbit(net, 2, seed=1))
