"""Samples against exact laws: by all random choices on tiny networks, and by chi-square tests on others.

Seeds are fixed, and p-values are asked to be above 1e-5 in fewer than a hundred tests.
"""

import pickle
import random
from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Any

import networkx as nx
import numpy as np
import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import (
    MissingIncrementError,
    NotRationalError,
    OptionError,
    TooCostlyError,
    TooFewError,
    UnboundSymbolError,
    UnknownUnitError,
)
from exactav.kernels import wilson
from exactav.phase_space import region, torus
from exactav.sampling import states as stationary
from exactav.sampling import walks
from exactav.sampling.simulate import chi_square


def wild(seed: int, n_units: int) -> ea.Network:
    """Asymmetric, self-coupled, with zero weights and leaks, uneven drive and thresholds."""
    rng = random.Random(seed)
    weights = [[Fraction(rng.choice([0, 0, 1, 2, 5]), 7) for _ in range(n_units)] for _ in range(n_units)]
    leaks = [Fraction(rng.choice([0, 1, 1, 3]), 5) for _ in range(n_units)]
    leaks[0] = Fraction(1, 5)
    for i in range(1, n_units):
        weights[i][rng.randrange(i)] += Fraction(1, 7)
    shares = [rng.randint(1, 3) if leak else 0 for leak in leaks]
    drive = [Fraction(share, sum(shares)) for share in shares]
    thresholds = [sum(row) + leak for row, leak in zip(weights, leaks, strict=True)]
    return ea.Network(weights, thresholds, drive=drive)


Pattern = tuple[frozenset[int], ...]


class Undecided(Exception):  # noqa: N818 (no error: the tree of choices goes on)
    def __init__(self, weights: list[int]) -> None:
        self.weights = weights


def by_all_choices(net: ea.Network, start: int, at_least: Fraction) -> dict[Pattern, Fraction]:
    """The probability of each pattern over all sequences of choices of probability ``at_least`` or more."""
    tables = walks.tables_of(net, with_starts=start < 0)
    found: dict[Pattern, Fraction] = Counter()  # type: ignore[assignment]
    stack: list[tuple[list[int], Fraction]] = [([], Fraction(1))]
    units, widths, starts, ends, durations = (np.full(net.n_units, 7, dtype=np.int64) for _ in range(5))
    while stack:
        script, probability = stack.pop()
        remaining = list(script)

        def choose(rng: Any, cumulative: Any, first: int, last: int, remaining: Any = remaining) -> int:
            if not remaining:
                raise Undecided([int(x) for x in np.diff(cumulative[first:last], prepend=0)])
            return first + int(remaining.pop(0))

        state, unit_states = np.full(8, -1), np.zeros((6, net.n_units), dtype=np.int64)
        into = units, widths, starts, ends, durations
        try:
            wilson.draw(None, choose, *tables, start, 1, 10**6, *into, state, unit_states)
        except Undecided as open_choice:
            for option, weight in enumerate(open_choice.weights):
                share = probability * Fraction(weight, sum(open_choice.weights))
                if share >= at_least:
                    stack.append(([*script, option], share))
        else:
            levels = np.split(units[: ends[0]], np.cumsum(widths[: durations[0]]))
            assert not levels.pop().size
            found[tuple(frozenset(level.tolist()) for level in levels)] += probability
    return found


@pytest.mark.parametrize("seed", [0, 1, 2, pytest.param(3, marks=pytest.mark.slow)])
def test_all_random_choices_have_the_probabilities_of_the_law(seed: int) -> None:
    """What longer sequences of choices would add is bounded by what is missing in all."""
    wide = wild(seed, 2 + seed % 2)
    leaking = [u + sympy.Rational(3, 2) for u in wide.thresholds]  # walks end soon
    net = ea.Network(wide.weights, leaking, drive=wide.drive)
    for start in range(-1, net.n_units):
        law = ea.pattern_law(net, None if start < 0 else start)
        found = by_all_choices(net, start, Fraction(1, 1_000_000))
        missing = 1 - sum(found.values())
        assert missing < Fraction(1, 20)
        assert set(found) == set(law)
        for pattern, probability in found.items():
            exact = Fraction(str(law[pattern]))
            assert probability <= exact <= probability + missing


@pytest.mark.parametrize("start", [None, 0])
def test_samples_follow_the_law(start: int | None) -> None:
    for seed in range(8):
        net = wild(seed, 3 + seed % 4)
        sample = ea.sample_assemblies(net, 4000, start, seed=seed)
        law = ea.assembly_law(net, start)
        test = chi_square(Counter(sample), {assembly: float(p) for assembly, p in law.items()})
        assert test.p_value > 1e-5, (seed, test)
        assert not test.impossible
        if start is not None:
            assert set(sample.starts) == {start}
    assert sample.sizes.tolist() == [len(assembly) for assembly in sample]
    assert all(k in assembly for k, assembly in zip(sample.starts, sample, strict=True))


def test_drawn_starts_are_weighted_by_drive_and_green_matrix() -> None:
    net = wild(3, 5)
    green, drive = ea.green_matrix(net), net.drive
    weights = {k: float(drive[k] * green[k, k]) for k in range(5)}
    total = sum(weights.values())
    starts = Counter(ea.sample_assemblies(net, 5000, seed=2).starts)
    expected = {k: weight / total for k, weight in weights.items() if weight}
    assert chi_square(starts, expected).p_value > 1e-5


def test_sums_of_weights_beyond_63_bits() -> None:
    """Each of them is drawn as a long integer."""
    primes = [10_007, 10_009, 10_037, 10_039, 10_061]
    net = ea.Network(
        [[sympy.Rational(1 + (i + 2 * j) % 3, 4 * p) * 2_000 for j, p in enumerate(primes)] for i in range(5)]
    )
    tables = walks.tables_of(net, with_starts=True)
    assert tables.cumulative.dtype == object
    sample = ea.sample_assemblies(net, 1500, seed=4)
    test = chi_square(Counter(sample), {a: float(p) for a, p in ea.assembly_law(net).items()})
    assert test.p_value > 1e-5


def test_estimates_of_a_sample() -> None:
    net = ea.from_networkx(nx.florentine_families_graph(), coupling="9/10")
    sample = ea.sample_assemblies(net, 20_000, "Medici", seed=3)
    mean = sample.mean_size(confidence=0.9999)
    assert mean.low < ea.mean_size(net, "Medici") < mean.high
    assert mean.low < mean.value < mean.high
    law = ea.assembly_law(net, "Medici")
    for pair in (("Medici", "Albizzi"), ("Strozzi", "Pazzi"), ("Ridolfi", "Tornabuoni")):
        exact = sum(p for assembly, p in law.items() if set(pair) <= assembly)
        estimate = sample.pair_probability(*pair, confidence=0.9999)
        assert estimate.low < exact < estimate.high
        assert estimate.high - estimate.low < 0.04
    assert repr(sample).startswith("<20,000 assemblies that start with 'Medici', mean size ")
    assert sample[:2] == [sample[0], sample[1]]
    assert sample[-1] == list(sample)[-1]
    with pytest.raises(UnknownUnitError):
        sample.pair_probability("Medici", "x")
    with pytest.raises(ValueError, match="between 0 and 1"):
        sample.mean_size(confidence=95)
    with pytest.raises(TooFewError):
        ea.sample_assemblies(net, 1, seed=1).mean_size()
    two = ea.sample_assemblies(net, 2, seed=1).mean_size()
    assert two.low <= two.value <= two.high
    assert "drawn" in ea.sample_assemblies(net, 2, seed=1)._repr_html_()
    assert "Medici" in sample._repr_html_()
    assert "drawn" not in sample._repr_html_()


def never(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError("a walk before the refusal")


@pytest.mark.parametrize("leak", ["1/10000000000", f"1/{10**400}"])
def test_walks_that_do_not_end_are_not_begun(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks.Walks, "kernel", property(never))
    for n_units in (20, 500):  # whose walks are solved for, and bounded
        net = ea.families.ring(n_units, 1 - sympy.Rational(leak))
        for sample in (ea.sample_assemblies, ea.sample_states):
            with pytest.raises(TooCostlyError, match="more than the allowed 1 hour, since little leaks"):
                sample(net, 500, seed=1)
    with pytest.raises(TooCostlyError, match="a sample of 1,000,000,000,000 assemblies"):
        ea.sample_assemblies(ea.families.ring(20, "1/2"), 10**12, 0, seed=1)


def test_walks_that_do_not_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some pieces, where nothing could be known before; also of long integers, which are slower."""
    monkeypatch.setattr(walks, "MOST_SOLVED", 1)
    steps: list[int] = []
    spent = walks.Walks.spent

    def counting(self: walks.Walks, n_steps: int, n_done: int) -> None:
        steps.append(n_steps)
        spent(self, n_steps, n_done)

    monkeypatch.setattr(walks.Walks, "spent", counting)
    for leak in (sympy.Rational(1, 10**7), sympy.Rational(1, 10**30)):
        long = leak < sympy.Rational(1, 10**20)
        net = ea.Network([[0, 1 - leak, leak / 3], [1 - leak, 0, 0], [0, 0, 0]])
        assert walks.tables_of(net, with_starts=False).are_long == long
        for sample in (ea.sample_assemblies, ea.sample_states):
            steps.clear()
            with pytest.raises(TooCostlyError, match="little leaks"):
                sample(net, 20_000, seed=1, max_cost=2)
            assert 0 < sum(steps) * (1.2e-5 if long else 4e-8) < 2
    assert len(ea.sample_assemblies(ea.families.ring(20, "1/2"), 300, seed=1, max_cost=2)) == 300


@pytest.mark.parametrize("seed", range(6))
def test_expected_walks_are_those_of_the_green_matrix(seed: int) -> None:
    """M^-1 (U - diag W): what a unit fires, were each step a firing; and with a unit that stops walks."""
    net = wild(seed, 3 + seed % 4)
    rates = sympy.Matrix([u - net.weights[i, i] for i, u in enumerate(net.thresholds)])
    for stop in range(-1, net.n_units):
        left = [i for i in range(net.n_units) if i != stop]
        wanted = net.matrix.extract(left, left).LUsolve(rates.extract(left, [0]))
        found = walks._walks(net, stop)
        assert [found[i] for i in left] == pytest.approx([float(x) for x in wanted], rel=1e-12)


def test_walks_stop_at_units_of_any_number() -> None:
    """On a ring, wherever it is; beyond 256 equal integers need not be the same objects."""
    ring = ea.families.ring(290, "9/10")
    near, far = walks._walks(ring, 7), walks._walks(ring, 280)
    assert far[281] == pytest.approx(near[8], rel=1e-12)
    assert far[281] < walks._walks(ring, -1)[281]


@pytest.mark.slow
def test_expected_steps_bound_what_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken for a lower bound before the first step is one, and not a bad one."""
    net = ea.families.ring(12, "999/1000")
    tables = walks.tables_of(net, with_starts=True)
    walked: list[int] = []
    monkeypatch.setattr(walks.Walks, "spent", lambda self, n_steps, n_done: walked.append(n_steps))
    for start in (-1, 4):
        walked.clear()
        ea.sample_assemblies(net, 3000, None if start < 0 else start, seed=1)
        assert 1 < walks.least_steps(net, tables, start) < sum(walked) / 3000
    walked.clear()
    ea.sample_states(net, 1000, seed=1)
    exact = float(sum(ea.green_matrix(net)[i, i] for i in range(12)))  # of all steps of a forest
    assert sum(walked) / 1000 == pytest.approx(exact, rel=0.2)
    assert exact / 12 < walks.least_steps_of_forest(net) < exact


def test_walks_answer_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code comes back after a quarter of a second."""
    net = ea.families.ring(30, 1 - sympy.Rational(1, 10**7))
    spent = walks.Walks.spent

    walked = []

    def interrupted(self: walks.Walks, n_steps: int, n_done: int) -> None:
        spent(self, n_steps, n_done)
        walked.append(n_steps)
        if sum(walked) > 10**6:
            raise KeyboardInterrupt

    monkeypatch.setattr(walks.Walks, "spent", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ea.sample_assemblies(net, 100, seed=1, max_cost=1e6)  # without compiled code it is above an hour


def test_seeds_decide() -> None:
    net = ea.families.ring(3000, "9/10")
    first = ea.sample_assemblies(net, 50, seed=1)
    assert list(first) == list(ea.sample_assemblies(net, 50, seed=1))
    assert list(first) != list(ea.sample_assemblies(net, 50, seed=2))
    assert len(ea.sample_assemblies(ea.families.ring(20_000, "9/10"), 50, seed=1)) == 50


def test_states_are_uniform_in_the_region() -> None:
    net = ea.Network([["1/5", "1/2", 0], ["1/4", 0, "1/3"], ["1/7", "1/3", 0]])
    states = ea.sample_states(net, 600, seed=5)
    assert states == ea.sample_states(net, 600, seed=5)
    boxes = region.boxes(net)
    places = Counter(next(i for i, box in enumerate(boxes) if state in box) for state in states)
    expected = {i: float(box.volume / net.volume()) for i, box in enumerate(boxes)}
    assert chi_square(places, expected).p_value > 1e-5
    irrational = ea.Network([[0, sympy.sqrt(2) / 3], ["1/4", "1/5"]])
    assert all(ea.is_inhabited(irrational, state) for state in ea.sample_states(irrational, 5, seed=1))


def test_wrong_questions() -> None:
    net = ea.Network([[0, "1/2"], [1, 0]])
    with pytest.raises(MissingIncrementError, match="unit 1 is driven and has no leak"):
        ea.sample_assemblies(net, 5, seed=1)
    assert set(ea.sample_assemblies(net, 50, 1, seed=1)) <= {frozenset({1}), frozenset({0, 1})}
    with pytest.raises(UnboundSymbolError, match="alpha"):
        ea.sample_assemblies(ea.families.homogeneous(3, "alpha"), 5, seed=1)
    with pytest.raises(NotRationalError, match="rational numbers"):
        ea.sample_assemblies(ea.Network([[sympy.sqrt(2) / 2]]), 5, seed=1)
    for function in (ea.sample_assemblies, ea.sample_states):
        with pytest.raises(ValueError, match=r"from 1|at least 1"):
            function(net, 0, seed=1)
    with pytest.raises(UnknownUnitError):
        ea.sample_assemblies(net, 5, "x", seed=1)


@settings(max_examples=25)
@given(strategies.integer_networks(max_units=4, max_volume=120))
def test_forests_and_places_in_their_boxes_are_the_recurrent_states(data: Any) -> None:
    """All spanning forests, with as many integer places as they have weight: each state comes out once."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=1)
    boxes = stationary.ForestBoxes(net, 1)
    found: Counter[tuple[int, ...]] = Counter()
    n = net.n_units
    for parents in product(range(-1, n), repeat=n):
        if any(parent == unit for unit, parent in enumerate(parents)) or not leads_to_the_leak(parents):
            continue
        weights = [
            data.leak[unit] if parent < 0 else data.weights[unit][parent]
            for unit, parent in enumerate(parents)
        ]
        if all(weights):
            lows, lengths = boxes.sides(parents)
            assert lengths == weights
            found.update(product(*(range(low, low + m) for low, m in zip(lows, lengths, strict=True))))
    assert found == Counter(oracles.recurrent_states(data.weights, data.thresholds))


def leads_to_the_leak(parents: tuple[int, ...]) -> bool:
    for unit in range(len(parents)):
        for _ in parents:
            unit = parents[unit] if unit >= 0 else unit
        if unit >= 0:
            return False
    return True


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.slow), 1, 2, 3])
def test_sampled_states_recruit_as_the_law_says(seed: int) -> None:
    """By forests, where weights are rational, and by the torus map elsewhere."""
    net = wild(seed, 3 + seed % 2)
    net = net.with_increment(net.largest_increment())
    if seed == 3:
        net = ea.Network([[0, sympy.sqrt(2) / 3], ["1/4", "1/5"]], increment="1/6")
    start = next(label for label, p in zip(net.labels, net.drive, strict=True) if p)
    states = ea.sample_states(net, 300 if seed == 3 else 1500, seed=seed)
    recruited = Counter(torus.slow_step(net, state, start)[1] for state in states)
    law = {a: float(p) for a, p in ea.assembly_law(net, start).per_step().items()}
    assert chi_square(recruited, law).p_value > 1e-5


def test_states_of_large_networks_and_long_integers() -> None:
    ring = ea.families.ring(3000, "99/100")
    (state,) = ea.sample_states(ring, 1, seed=2)
    assert ea.is_inhabited(ring, state)
    primes = [10_007, 10_009, 10_037, 10_039, 10_061]
    long = ea.Network(
        [[sympy.Rational(1 + (i + 2 * j) % 3, 4 * p) * 2_000 for j, p in enumerate(primes)] for i in range(5)]
    )
    assert all(ea.is_inhabited(long, one) for one in ea.sample_states(long, 20, seed=3))
    assert {boxes_of(parents) for parents in ([-1, 0, 1, 0], [-1, -1, 1, 1])} == {(1, 2, 3, 2), (1, 1, 2, 2)}


def boxes_of(parents: list[int]) -> tuple[int, ...]:
    return tuple(stationary._depths(parents))


@pytest.mark.parametrize("factor", [6, sympy.Rational(5, 7), sympy.Rational(1, 12)])
def test_another_unit_of_activity_gives_the_same_samples(factor: sympy.Rational) -> None:
    net = ea.Network([["1/5", "1/2", 0], ["1/4", 0, "1/3"], ["1/7", "1/3", 0]], increment="1/60")
    scaled = ea.Network(net.weights * factor, factor, increment=net.increment * factor)
    states = ea.sample_states(net, 20, seed=5)
    assert ea.sample_states(scaled, 20, seed=5) == [tuple(factor * x for x in state) for state in states]
    assert ea.sample_sequences(scaled, 5, 20, seed=5) == ea.sample_sequences(net, 5, 20, seed=5)
    assert list(ea.sample_assemblies(scaled, 20, seed=5)) == list(ea.sample_assemblies(net, 20, seed=5))


def test_states_have_53_random_bits_within_a_cell() -> None:
    """As many as a float has, in each coordinate: the last is set in about half of all states."""
    net = ea.Network([[0, "1/2"], ["1/4", 0]])  # cells of side 1/4
    parts = [4 * 2**53 * x for state in ea.sample_states(net, 40, seed=2) for x in state]
    assert all(part.is_Integer for part in parts)
    assert 20 < sum(int(part) % 2 for part in parts) < 60


def test_samples_with_the_same_starts_and_sizes_may_differ() -> None:
    """Of a star, what a hub recruits."""
    net = ea.families.star(4, "1/2")
    one, other = (ea.sample_assemblies(net, 1, net.labels[0], seed=seed) for seed in seeds_of_pairs(net))
    assert one.starts == other.starts
    assert one.sizes.tolist() == other.sizes.tolist() == [2]
    assert one != other


def seeds_of_pairs(net: ea.Network) -> list[int]:
    """Seeds of two different assemblies of two units."""
    found: dict[frozenset[Any], int] = {}
    for seed in range(200):
        (assembly,) = ea.sample_assemblies(net, 1, net.labels[0], seed=seed)
        if len(assembly) == 2:
            found.setdefault(assembly, seed)
    return list(found.values())[:2]


def test_samples_are_values() -> None:
    sample = ea.sample_assemblies(ea.families.ring(6, "1/2"), 50, seed=1)
    again = pickle.loads(pickle.dumps(sample))
    assert again == sample == ea.sample_assemblies(ea.families.ring(6, "1/2"), 50, seed=1)
    assert hash(again) == hash(sample)
    assert sample != ea.sample_assemblies(ea.families.ring(6, "1/2"), 50, seed=2)
    assert sample != list(sample)
    for one in (sample, again):
        with pytest.raises(ValueError, match="read-only"):
            one.sizes[0] = 7


def test_counts_seeds_and_costs_are_checked() -> None:
    bad: Any
    net = ea.families.ring(4, "1/2")
    for sample in (ea.sample_assemblies, ea.sample_states):
        for bad in (0, 2.0, float("nan"), True, None):
            with pytest.raises(OptionError, match="a whole number from 1"):
                sample(net, bad, seed=1)
        for bad in (-1, 1.5, None, True):
            with pytest.raises(OptionError, match="seed = "):
                sample(net, 3, seed=bad)
        for bad in (-1, float("nan"), "1"):
            with pytest.raises(OptionError, match="max_cost"):
                sample(net, 3, seed=1, max_cost=bad)
        three: Any = np.int64(3)
        assert len(sample(net, three, seed=three, max_cost=float("inf"))) == 3
    one = ea.Network([["1/3"]])
    assert list(ea.sample_assemblies(one, 3, seed=1)) == [{0}] * 3
    assert all(ea.is_inhabited(one, state) for state in ea.sample_states(one, 3, seed=1))
