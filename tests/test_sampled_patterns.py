"""Sampled patterns against exact laws, and what a sample of them says.

That all random choices of tiny networks add up to the law is in test_sampling.py.
"""

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import oracles
import pytest
import sympy
from test_sampling import wild

import exactav as ea
from exactav.errors import ArgumentError, OptionError, TooCostlyError, TooFewError, UnknownUnitError


@pytest.mark.parametrize("start", [None, 0])
def test_samples_follow_all_laws(start: int | None) -> None:
    for seed in range(6):
        net = wild(seed, 3 + seed % 3)
        sample = ea.sample_patterns(net, 4000, start, seed=seed)
        law = ea.pattern_law(net, start)
        laws: list[Any] = [law, law.assembly_law(), law.size_law(), law.duration_law()]
        for one in (*laws, law.size_duration_law()):
            test = sample.compare(one)
            assert test.p_value > 1e-5, (seed, one, test)
            assert sum(test.observed.values()) == 4000


def test_samples_follow_patterns_counted_by_the_dynamics() -> None:
    """The patterns of all recurrent states of a sandpile, counted one by one."""
    weights = [[0, 1, 2], [1, 1, 0], [2, 1, 0]]
    counts = oracles.count_patterns(weights, [4, 3, 4], 0)
    counts.pop(())
    sample = ea.sample_patterns(ea.Network(weights, [4, 3, 4], increment=1), 4000, 0, seed=3)
    found = {pattern: Fraction(list(sample).count(pattern), 4000) for pattern in set(sample)}
    assert set(found) <= set(counts)
    for pattern, count in counts.items():
        share = Fraction(count, counts.total())
        assert abs(found.get(pattern, 0) - share) < 5 * float(share * (1 - share) / 4000) ** 0.5


def test_another_law_is_told_apart() -> None:
    net, other = wild(3, 4), wild(4, 4)
    sample = ea.sample_patterns(net, 4000, 0, seed=1)
    assert sample.compare(ea.pattern_law(other, 0)).p_value < 1e-6
    # trees alike, but not levels: a breadth-first tree would have shorter patterns
    ring = ea.families.ring(5, "9/10")
    patterns = ea.sample_patterns(ring, 4000, 0, seed=1)
    assert patterns.compare(ea.duration_law(ring, 0)).p_value > 1e-5
    assert patterns.compare(ea.duration_law(ea.families.ring(6, "9/10"), 0)).p_value < 1e-6


def test_starts_choose_what_is_compared() -> None:
    net = wild(3, 4)
    sample = ea.sample_patterns(net, 3000, seed=5)
    start = sample.starts[0]
    test = sample.compare(ea.pattern_law(net, start))
    assert sum(test.observed.values()) == sample.starts.count(start)
    assert test.p_value > 1e-5
    held = ea.sample_patterns(net, 3000, 0, seed=5)
    with pytest.raises(OptionError, match="the sample has start 0: give the law of this start"):
        held.compare(ea.pattern_law(net))
    with pytest.raises(TooFewError, match="no sampled avalanche has start 1"):
        held.compare(ea.pattern_law(net, 1))
    with pytest.raises(ArgumentError, match="wanted a law"):
        held.compare(7)
    with pytest.raises(OptionError, match="a law of kind 'composition'"):
        held.compare(ea.composition_law(net, [[0], [1, 2, 3]], 0))
    steps = ea.size_law(net.with_increment(net.largest_increment()), 0).per_step()
    with pytest.raises(OptionError, match="per slow step"):
        held.compare(steps)
    with pytest.raises(OptionError, match="wanted one of 'assembly', 'size'"):
        ea.sample_assemblies(net, 30, 0, seed=1).compare(ea.pattern_law(net, 0))


@pytest.mark.parametrize("start", [None, 1])
def test_assemblies_are_the_projection(start: int | None) -> None:
    net = wild(5, 6)
    sample = ea.sample_patterns(net, 500, start, seed=9)
    assemblies = ea.sample_assemblies(net, 500, start, seed=9)
    assert sample.assemblies() == assemblies
    assert [frozenset().union(*pattern) for pattern in sample] == list(assemblies)
    assert sample.starts == assemblies.starts
    assert sample.compare(ea.assembly_law(net, start)).p_value > 1e-5
    assert assemblies.compare(ea.assembly_law(net, start)).p_value > 1e-5


def test_integers_of_any_length() -> None:
    primes = [10_007, 10_009, 10_037, 10_039, 10_061]
    net = ea.Network(
        [[sympy.Rational(1 + (i + 2 * j) % 3, 4 * p) * 2_000 for j, p in enumerate(primes)] for i in range(5)]
    )
    sample = ea.sample_patterns(net, 1500, seed=4)
    assert sample.compare(ea.size_duration_law(net)).p_value > 1e-5
    assert sample.assemblies() == ea.sample_assemblies(net, 1500, seed=4)


def test_numbers_of_a_sample_are_those_of_its_patterns() -> None:
    net = wild(5, 6)
    sample = ea.sample_patterns(net, 800, seed=2)
    patterns = list(sample)
    assert patterns == [sample[i] for i in range(800)] == sample[:]
    assert sample[-1] == patterns[-1]
    assert sample.sizes.tolist() == [sum(map(len, pattern)) for pattern in patterns]
    assert sample.durations.tolist() == list(map(len, patterns))
    assert [row.tolist() for row in sample.generation_sizes] == [list(map(len, p)) for p in patterns]
    assert sample.generation_sizes[-1].tolist() == list(map(len, patterns[-1]))
    assert len(sample.generation_sizes[2:5]) == 3
    assert sample.generation_sizes.offsets[-1] == len(sample.generation_sizes.values)
    assert all(pattern[0] == {k} for pattern, k in zip(patterns, sample.starts, strict=True))
    with pytest.raises(IndexError):
        sample[800]
    for numbers in (sample.durations, sample.generation_sizes.values, sample.generation_sizes.offsets):
        with pytest.raises(ValueError, match="read-only"):
            numbers[0] = 7


def test_shapes_and_sizes_by_duration_are_averages() -> None:
    """Of the patterns, one by one; and near what the law says."""
    net = ea.families.homogeneous(6, "4/5")
    sample = ea.sample_patterns(net, 6000, seed=2)
    for duration, size in ((3, None), (None, 4), (2, 4), (None, None)):
        kept = [
            list(map(len, pattern))
            for pattern in sample
            if duration in (None, len(pattern)) and size in (None, sum(map(len, pattern)))
        ]
        shape = sample.mean_shape(duration=duration, size=size, confidence=0.6826894921370859)
        assert len(shape) == max(map(len, kept))
        for generation, mean in enumerate(shape):
            widths = [(widths + [0] * 9)[generation] for widths in kept]
            assert mean.value == pytest.approx(np.mean(widths))
            error = np.std(widths, ddof=1) / len(kept) ** 0.5
            assert (mean.low, mean.high) == pytest.approx((mean.value - error, mean.value + error))
    law = ea.size_duration_law(net)
    means = sample.mean_size_given_duration(confidence=0.9999)
    assert list(means) == sorted(means)
    for duration, mean in means.items():
        exact = law.given({pair for pair in law if pair[1] == duration}).size_law().mean()
        assert mean.low - 1e-12 <= exact <= mean.high + 1e-12
    assert sum(mean.value for mean in sample.mean_shape()) == pytest.approx(sample.mean_size().value)


def test_too_few_to_average() -> None:
    net = ea.families.ring(6, "1/2")
    sample = ea.sample_patterns(net, 200, seed=2)
    with pytest.raises(TooFewError, match=r"avalanches of duration 4 of size 5: at least 30"):
        sample.mean_shape(duration=4, size=5)
    assert len(ea.sample_patterns(net, 30, seed=1).mean_shape()) > 0
    with pytest.raises(TooFewError, match="29 avalanches: at least 30"):
        ea.sample_patterns(net, 29, seed=1).mean_shape()
    assert max(sample.mean_size_given_duration()) < max(sample.durations)
    with pytest.raises(TooFewError, match="no 30 avalanches"):
        ea.sample_patterns(net, 29, seed=1).mean_size_given_duration()
    for bad in (0, 1.5, "1"):
        given: Any = bad
        with pytest.raises(OptionError, match="duration = "):
            sample.mean_shape(duration=given)
        with pytest.raises(OptionError, match="size = "):
            sample.mean_shape(size=given)
    with pytest.raises(OptionError, match="between 0 and 1"):
        sample.mean_shape(confidence=95)
    with pytest.raises(OptionError, match="of = 'x': give one of size, duration"):
        sample.plot(of="x")


def test_samples_of_patterns_are_values() -> None:
    net = ea.families.ring(6, "1/2")
    sample = ea.sample_patterns(net, 50, seed=1)
    again = pickle.loads(pickle.dumps(sample))
    assert again == sample == ea.sample_patterns(net, 50, seed=1)
    assert hash(again) == hash(sample)
    assert sample != ea.sample_patterns(net, 50, seed=2)
    assert sample != sample.assemblies()
    assert repr(sample).startswith("<50 patterns, mean size ")
    assert "50 sampled patterns" in sample._repr_html_()
    probability, low, high = sample.pair_probability(0, 1)
    assert low < probability < high


def test_patterns_of_large_networks_and_costs() -> None:
    net = ea.families.ring(20_000, "9/10")
    sample = ea.sample_patterns(net, 50, seed=1)
    assert all(len(generation) <= 2 for pattern in sample for generation in pattern)
    with pytest.raises(TooCostlyError, match="a sample of 1,000,000,000,000 patterns would take about"):
        ea.sample_patterns(net, 10**12, 0, seed=1)
    with pytest.raises(UnknownUnitError):
        ea.sample_patterns(net, 5, "x", seed=1)
    for bad in (0, 2.0, True):
        given: Any = bad
        with pytest.raises(OptionError, match="a whole number from 1"):
            ea.sample_patterns(net, given, seed=1)
    assert ea.sample_patterns(ea.Network([["1/3"]]), 3, seed=1)[:] == [(frozenset({0}),)] * 3
