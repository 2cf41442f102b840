"""What samples are compared by: intervals and the chi-square test, against their definitions."""

from collections import Counter
from math import erfc, sqrt
from statistics import NormalDist, fmean, stdev

import pytest

import exactav as ea
from exactav.sampling.simulate import chi_square


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_confidence_intervals(confidence: float) -> None:
    sample = ea.sample_assemblies(ea.families.ring(6, "4/5"), 250, seed=3)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    sizes = [len(assembly) for assembly in sample]
    mean = sample.mean_size(confidence)
    half = z * stdev(sizes) / sqrt(len(sizes))
    assert (mean.value, mean.low, mean.high) == pytest.approx(
        (fmean(sizes), mean.value - half, mean.value + half)
    )
    pair = sample.pair_probability(0, 2, confidence)
    share = sum({0, 2} <= assembly for assembly in sample) / len(sample)
    assert pair.value == share
    assert pair.low < share < pair.high
    for end in (
        pair.low,
        pair.high,
    ):  # Wilson: the probabilities for which the share is just as far as z allows
        assert abs(share - end) == pytest.approx(z * sqrt(end * (1 - end) / len(sample)))


def test_chi_square_counts_what_is_never_seen() -> None:
    comparison = chi_square(Counter({1: 10}), {1: 0.5, 2: 0.5})
    assert comparison.statistic == pytest.approx(10)
    assert comparison.p_value == pytest.approx(erfc(sqrt(10 / 2)))  # one degree of freedom: a squared normal
    assert comparison.observed == {1: 10, 2: 0}


def test_chi_square_pools_what_is_rare() -> None:
    """Seven outcomes expected twice each: three, and four of them, make a bin of at least 5."""
    comparison = chi_square(
        Counter({1: 1, 2: 2, 3: 5, 4: 3, 5: 0, 6: 2, 7: 1}), dict.fromkeys(range(1, 8), 1 / 7)
    )
    assert comparison.degrees_of_freedom == 1
    assert comparison.statistic == pytest.approx((8 - 6) ** 2 / 6 + (6 - 8) ** 2 / 8)
    assert comparison.p_value == pytest.approx(erfc(sqrt(comparison.statistic / 2)))
    five = chi_square(Counter({1: 5, 2: 5}), {1: 0.5, 2: 0.5})  # expected 5 times is enough
    assert (five.degrees_of_freedom, five.statistic, five.p_value) == (1, 0, 1)
