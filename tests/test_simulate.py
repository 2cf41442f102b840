"""The reference simulator against the oracles' dynamics, and its test against laws."""

import pickle
import random
import warnings
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    ErgodicityWarning,
    InexactError,
    InvalidNetworkError,
    MissingIncrementError,
    OptionError,
    TooCostlyError,
    TooFewError,
    UnboundSymbolError,
)
from exactav.phase_space.torus import coordinates
from exactav.sampling.simulate import Dynamics, avalanche, chi_square, orbit, simulate

few = settings(max_examples=30)


@few
@given(strategies.rational_networks())
def test_one_slow_step_is_that_of_the_oracle(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)
    rng = random.Random(str(data))
    for start in data.driven:
        state = [Fraction(u) * rng.randrange(8) / 8 for u in data.thresholds]
        expected_pattern, expected_state = oracles.avalanche(
            data.weights, data.thresholds, state, start, data.increment
        )
        assert avalanche(net, state, start) == (expected_pattern, list(expected_state))


@few
@given(strategies.integer_networks())
def test_stationary_states_are_inhabited(data: Any) -> None:
    """Rounded down to integers, a stationary state is a recurrent one of the oracle."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=1)
    recurrent = oracles.recurrent_states(data.weights, data.thresholds, 1)
    simulation = Dynamics(net, "exact")
    rng = np.random.default_rng(7)
    for _ in range(5):
        state = simulation.stationary_state(rng)
        assert tuple(int(u // 1) for u in state) in recurrent


@few
@given(strategies.rational_networks(max_units=3))
def test_stationary_states_are_uniform_on_the_torus(data: Any) -> None:
    """Each is M theta + W 1 with theta as drawn, but for a lattice vector: M^-1 (u - W 1) = theta mod 1."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)
    state = Dynamics(net, "exact").stationary_state(np.random.default_rng(5))
    theta = np.random.default_rng(5).random(net.n_units).tolist()
    moved = [u - sum(row) for u, row in zip(state, data.weights, strict=True)]
    assert coordinates(net, moved) == tuple(map(sympy.Rational, map(Fraction, theta)))


@pytest.mark.filterwarnings("ignore::exactav.errors.ErgodicityWarning")
@few
@given(strategies.rational_networks(max_units=3))
def test_exact_and_float_trajectories_take_the_same_turns(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)
    fed = [start for start, _ in orbit(net, 20, seed=3, arithmetic="exact")]
    assert fed == [start for start, _ in orbit(net, 20, seed=3)]
    assert set(fed) <= set(data.driven)


def test_a_trajectory_whose_averages_need_not_converge_warns() -> None:
    odd = ea.Network([[0, 0, 1], [1, 1, 1], [3, 1, 3]], thresholds=[7, 6, 12], increment=2)
    with pytest.warns(ErgodicityWarning, match="another law"):
        orbit(odd, 1, seed=1)
    with pytest.warns(ErgodicityWarning, match="more than 16 units"):
        orbit(ea.families.ring(17, "1/2"), 1, seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        orbit(ea.families.ring(5, "1/2", increment="1/4"), 1, seed=1)
        orbit(ea.Network([[0, 1 / sympy.sqrt(3)], [sympy.sqrt(2) / 5, 0]]), 1, seed=1)


LAWS: list[Any] = [ea.size_law, ea.assembly_law, ea.pattern_law, ea.duration_law, ea.size_duration_law]
NETWORKS = [
    ea.families.homogeneous(4, "1/2"),
    ea.families.ring(6, "4/5"),
    ea.Network(
        [["1/9", 0, "1/3"], ["1/2", "1/5", "1/7"], [0, "1/2", 0]],
        thresholds=[1, "6/5", "3/4"],
        drive=["1/2", "1/2", 0],
        labels=["a", "b", "c"],
    ),
    ea.Network([[0, sympy.sqrt(2) / 2], ["1/3", 0]]),
]


@pytest.mark.parametrize("net", NETWORKS)
def test_simulated_avalanches_follow_the_laws(net: ea.Network) -> None:
    simulation = simulate(net, 4000, seed=11)
    laws: list[Any] = [question(net) for question in LAWS]
    laws.append(ea.assembly_law(net, start=net.labels[0]))
    for law in laws:
        assert simulation.compare(law).p_value > 1e-4
    alpha = ea.avalanche_probability(net.with_increment(net.largest_increment()))
    expected = float(alpha) * simulation.n_steps
    assert abs(4000 - expected) < 5 * expected**0.5


def test_exact_arithmetic_follows_the_law_too() -> None:
    net = NETWORKS[2]
    simulation = simulate(net, 500, seed=2, arithmetic="exact", start="b")
    assert set(simulation.starts) == {"b"}
    assert simulation.compare(ea.assembly_law(net, start="b")).p_value > 1e-4


def test_a_wrong_law_is_found_out() -> None:
    right, wrong = ea.families.homogeneous(3, "3/4"), ea.families.homogeneous(3, "1/2")
    simulation = simulate(right, 2000, seed=1)
    assert simulation.compare(ea.size_law(right)).p_value > 1e-3
    assert simulation.compare(ea.size_law(wrong)).p_value < 1e-6


def test_equal_seeds_give_equal_results() -> None:
    net = NETWORKS[1]
    assert simulate(net, 50, seed=4) == simulate(net, 50, seed=4)
    assert simulate(net, 50, seed=4).patterns != simulate(net, 50, seed=5).patterns


def test_an_impossible_outcome_is_named() -> None:
    comparison = chi_square(Counter({1: 10, 2: 1}), {1: 1.0})
    assert comparison.impossible == (2,)
    assert comparison.p_value == 0


def test_chi_square_against_a_table() -> None:
    # python -c "from scipy.stats import chisquare; print(chisquare([18, 22, 60], [25, 25, 50]))", scipy 1.11
    comparison = chi_square(Counter({1: 18, 2: 22, 3: 60}), {1: 0.25, 2: 0.25, 3: 0.5})
    assert comparison.statistic == pytest.approx(4.32)
    assert comparison.degrees_of_freedom == 2
    assert comparison.p_value == pytest.approx(0.11532512103806251)
    with pytest.raises(TooFewError, match="100 avalanches are too few"):
        chi_square(Counter({1: 98, 2: 1, 3: 1}), {1: 0.97, 2: 0.02, 3: 0.01})
    certain = chi_square(Counter({1: 100}), {1: 1.0})
    assert (certain.degrees_of_freedom, certain.p_value) == (0, 1)
    assert repr(comparison).startswith("<Comparison of 100 avalanches: chi-square 4.32, 2 degrees of freedom")
    assert chi_square(Counter({2: 50}), {1: 0.5, 2: 0.5}).observed == {1: 0, 2: 50}


def test_an_undriven_start_may_need_a_smaller_increment() -> None:
    """The start has leak 1, driven units allow 2: with 2 it may fire several times."""
    net = ea.Network([[0, 1], [9, 0]], thresholds=[3, 10], drive=[1, 0])
    simulation = simulate(net, 600, seed=1, start=1)  # the largest increment for this start, 1
    assert simulation.compare(ea.assembly_law(net, 1)).p_value > 1e-4
    expected = 600 / float(ea.green_matrix(net)[1, 1])
    assert abs(simulation.n_steps - expected) < 5 * expected / 600**0.5
    for twice in (
        simulate(net, 1, seed=1, start=1, increment=2),
        simulate(net.with_increment(2), 1, seed=1, start=1),
    ):
        with pytest.raises(InvalidNetworkError, match="start 1: the increment 2 is above its leak 1"):
            twice.compare(ea.size_law(net, 1))
    again = (frozenset({1}), frozenset({0}), frozenset({1}))
    assert avalanche(net.with_increment(2), [2, 9], 1) == (again, [1, 0])
    assert avalanche(net, [2, 9], 1) == ((frozenset({1}), frozenset({0})), [0, 9])
    without = ea.Network([[0, 1], [10, 0]], thresholds=[3, 10], drive=[1, 0])
    with pytest.raises(MissingIncrementError, match="drive and feed only units with leak"):
        simulate(without, 1, seed=1, start=1)


def test_states_are_checked() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], labels="ab")
    wanted = avalanche(net, ["3/4", 0.75], "a")
    assert avalanche(net, {"b": Fraction(3, 4), "a": sympy.Rational(3, 4)}, "a") == wanted
    for state, why in (
        ([0], "1 entries of state for 2 units"),
        ([0, 0, 0], "3 entries of state for 2 units"),
        ({"a": 0}, "says nothing of unit 'b'"),
        ([0, 5], "state of unit 'b' is 5(.0)?, its threshold 1(.0)?: give a state below all thresholds"),
        ([float("nan"), 0], "state of unit 'a' is nan"),
        (["x", 0], "state of unit 'a' is x: give a number"),
    ):
        with pytest.raises(InvalidNetworkError, match=why):
            avalanche(net, state, "a")
        with pytest.raises(InvalidNetworkError, match=why):
            orbit(net, 3, seed=1, state=state)
    with pytest.raises(InexactError, match="not rational"):
        avalanche(net, [sympy.sqrt(2) / 2, 0], "a")


def test_options_are_checked() -> None:
    net = NETWORKS[0]
    bad: Any
    wrong: Any = "flaot"
    for bad in (0, 1.0, float("nan"), True):
        with pytest.raises(OptionError, match=r"n_avalanches = .*a whole number of at least 1"):
            simulate(net, bad, seed=1)
        with pytest.raises(OptionError, match="max_steps"):
            simulate(net, 1, seed=1, max_steps=bad)
    for bad in (-1, 0.5, None):
        with pytest.raises(OptionError, match="seed = "):
            simulate(net, 1, seed=bad)
        with pytest.raises(OptionError, match="n_steps = "):
            orbit(net, bad, seed=1)
    for ask in (simulate, orbit):
        with pytest.raises(OptionError, match="'flaot': give one of float, exact"):
            ask(net, 1, seed=1, arithmetic=wrong)
    with pytest.raises(OptionError, match=r"add up to 0\.5"):
        chi_square({1: 100}, {1: 0.25, 2: 0.25})
    waits = ea.waiting_time_law(ea.families.homogeneous(2, "1/2", increment="1/4"))
    with pytest.raises(OptionError, match="a law of kind 'waiting time'"):
        simulate(net, 5, seed=1).compare(waits)


def test_simulations_are_values() -> None:
    simulation = simulate(NETWORKS[2], 300, seed=4)
    comparison = simulation.compare(ea.size_law(NETWORKS[2]))
    for value, same in (
        (simulation, simulate(NETWORKS[2], 300, seed=4)),
        (comparison, simulation.compare(ea.size_law(NETWORKS[2]))),
    ):
        again = pickle.loads(pickle.dumps(value))
        assert again == value == same
        assert len({again, value, same}) == 1


def test_refusals() -> None:
    net = NETWORKS[0]
    with pytest.raises(UnboundSymbolError, match="no value for a"):
        simulate(ea.families.ring(3, "a"), 1, seed=1)
    with pytest.raises(MissingIncrementError, match="fire twice"):
        simulate(ea.Network([[0, 1], ["1/2", 0]]), 1, seed=1)
    with pytest.raises(InexactError, match="not rational"):
        simulate(NETWORKS[3], 1, seed=1, arithmetic="exact")
    with pytest.raises(TooCostlyError, match="10 slow steps"):
        simulate(net, 1000, seed=1, max_steps=10)
    rare = net.with_increment("1/1000")
    with pytest.raises(TooCostlyError, match=r"6 slow steps gave [0-5] of 5 avalanches: raise max_steps"):
        simulate(rare, 5, seed=1, max_steps=6)
    with pytest.raises(ValueError, match="at least 1"):
        simulate(net, 0, seed=1)
    with pytest.raises(ValueError, match="per slow step"):
        simulate(net, 5, seed=1).compare(ea.size_law(net.with_increment("1/2")).per_step())
    with pytest.raises(TooFewError, match="has start 1"):
        simulate(net, 5, seed=1, start=0).compare(ea.size_law(net, start=1))
