"""Sets side by side in compiled code against NumPy's batches, set by set."""

import random
from typing import Any

import numpy as np
import pytest
from sympy import prevprime
from test_sampling import wild

import exactav as ea
from exactav.engines import subsets
from exactav.kernels import choices, low_units, modular, positive, sets
from exactav.kernels.compiled import sets as compiled_sets
from exactav.kernels.modular import limit_side_by_side

Arrays = tuple[Any, Any, Any]


def numbers(seed: int, n_units: int, most: int, zeros: float, n_starts: int) -> Arrays:
    """Asymmetric weights, start weights of some units and leaks, with zeros."""
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> Any:
        return rng.integers(1, most, shape) * (rng.random(shape) >= zeros)

    weights, starts, leak = some(n_units, n_units), some(n_units), some(n_units)
    np.fill_diagonal(weights, 0)
    starts[rng.permutation(n_units)[n_starts:]] = 0
    return weights, starts, leak


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy, whatever the size."""
    monkeypatch.setattr(choices, "compiles_sets", lambda n_units, *, exact: False)


def ranges(n_units: int) -> list[tuple[int, int]]:
    """Everything, and parts with few low units or none."""
    found = [(0, 1 << n_units)]
    if n_units >= 5:
        found += [(16, 32), (24, 28), (5, 6), (1 << n_units - 1, 1 << n_units)]
    return found


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("n_units", range(1, 12))
def test_residues_of_every_set(n_units: int) -> None:
    """Also modulo primes so small that most pivots are 0 somewhere."""
    rng = random.Random(n_units)
    for prime in (3, 17, 257, prevprime(limit_side_by_side(n_units))):
        for zeros in (0.0, 0.6):
            case = numbers(rng.randrange(99), n_units, prime, zeros, rng.randint(1, n_units))
            for first, last in ranges(n_units):
                found = compiled_sets.modular_weights(*case, first, last, prime)
                assert found.tolist() == sets.modular_weights(*case, first, last, prime).tolist()


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("n_units", [4, 20, 24, 30])
def test_the_longest_sums_of_the_largest_residues(n_units: int) -> None:
    """All numbers are half the prime, of either sign: with longer primes such sums pass 2^53."""
    prime = int(prevprime(limit_side_by_side(n_units)))
    rng = np.random.default_rng(n_units)

    def half(*shape: int) -> Any:
        return (prime // 2 + rng.integers(0, 2, shape)) % prime

    case = half(n_units, n_units), half(n_units), half(n_units)
    np.fill_diagonal(case[0], 0)
    for first in (0, (1 << n_units) - 16):
        found = compiled_sets.modular_weights(*case, first, first + 16, prime)
        assert found.tolist() == sets.modular_weights(*case, first, first + 16, prime).tolist()


def test_a_bound_on_sums_of_products() -> None:
    for n in range(1, 41):
        largest = limit_side_by_side(n) // 2 + 4
        assert n * largest**2 < 2**53
        assert limit_side_by_side(n) > 2**24


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("n_units", range(1, 12))
@pytest.mark.parametrize(("decades", "one_by_one"), [(0, False), (20, False), (5, True)])
def test_floats_of_every_set(
    n_units: int, decades: int, one_by_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within both bounds of each other, over many decades, too."""
    if one_by_one:
        monkeypatch.setattr(compiled_sets, "are_far_from_underflow", lambda *case: False)
    rng = np.random.default_rng(n_units)
    for zeros in (0.0, 0.6):
        weights, starts, leak = numbers(n_units, n_units, 1000, zeros, n_units)
        weights = weights * 10.0 ** -rng.integers(0, decades + 1, weights.shape)
        rows = weights.sum(axis=1) + leak + 1.0
        case = weights / rows[:, None], starts / rows, leak / rows
        assert positive.are_far_from_underflow(*case)
        for first, last in ranges(n_units):
            found = compiled_sets.positive_weights(*case, first, last)
            expected = sets.positive_weights(*case, first, last)
            assert ((found == 0) == (expected == 0)).all()
            bound = 2 * positive.bound(positive.roundings(n_units) + 1)
            assert (abs(found - expected) <= bound * expected).all()


def test_low_units_are_those_that_all_masks_of_a_range_run_through() -> None:
    assert [low_units.n_low_units(20, first, last) for first, last in ranges(20)] == [8, 4, 2, 0, 8]
    low = low_units.low_subsets(5, 8)
    assert sorted(set(low.masks.tolist())) == list(range(32))
    assert all(bound % 8 == 0 for bound in low.bounds)


def test_sums_by_outcome_do_not_depend_on_the_kernel() -> None:
    strides = np.array([1, 0, 3, 1, 3], dtype=np.int64)
    found = np.arange(16) + 1
    outcomes = [sum(int(s) for bit, s in enumerate(strides) if mask >> bit & 1) for mask in range(16, 32)]
    expected = [sum(int(x) for x, o in zip(found, outcomes, strict=True) if o == k) for k in range(9)]
    assert sets.modular_sums(found, strides, 9, 16, 1009).tolist() == expected
    assert sets.positive_sums(found.astype(float), strides, 9, 16).tolist() == expected
    assert modular.primes(10**6, below=100) == [97, 89, 83, 79, 73]


@pytest.mark.parametrize("start", [0, 3, None])
@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_laws_of_one_start(start: Any, arithmetic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Masks have the starts last; laws of sets and of sizes have the units in their own order."""
    monkeypatch.setattr(choices, "compiles_sets", lambda n_units, *, exact: True)
    monkeypatch.setattr(subsets, "RANGE", 32)
    net = wild(3, 7)
    for law in (ea.assembly_law, ea.size_law):
        found = law(net, start, method="subsets", arithmetic=arithmetic)
        expected = law(net, start, method="connected")
        assert set(found) == set(expected)
        assert all(
            abs(found[x] - p) <= (1e-12 * p if arithmetic == "float" else 0) for x, p in expected.items()
        )
