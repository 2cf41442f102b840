"""The oracles against each other, against theory section 2 and against the published numbers of section 6."""

import math
from collections import Counter
from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
import sympy
from hypothesis import given, settings
from oracles import (
    Assembly,
    Number,
    Pattern,
    assembly_law,
    assembly_law_by_listing,
    avalanche,
    count_assemblies,
    count_patterns,
    count_waves,
    determinant,
    duration_law,
    forest_weight_by_listing,
    given_avalanche,
    leak,
    pattern_law,
    push_forward,
    recurrent_states,
    size_duration_law,
    size_law,
    spanning_forests,
    spanning_trees,
    tree_weight_by_listing,
    waves,
)
from strategies import PlainNetwork, integer_networks, rational_networks

modest = settings(max_examples=30)


def fractions(text: str) -> list[Fraction]:
    return [Fraction(number) for number in text.split(",")]


def uniform(n_units: int) -> list[Fraction]:
    return [Fraction(1, n_units)] * n_units


def complete(n_units: int, weight: Number, self_weight: Number) -> list[list[Number]]:
    return [[self_weight if i == j else weight for j in range(n_units)] for i in range(n_units)]


def minor(rows: list[list[Number]], units: Collection[int]) -> Fraction:
    """The principal minor of the rows and columns in `units`."""
    return determinant([[rows[i][j] for j in sorted(units)] for i in sorted(units)])


def subsets(units: Collection[int]) -> Iterator[frozenset[int]]:
    for size in range(len(units) + 1):
        for chosen in combinations(sorted(units), size):
            yield frozenset(chosen)


def ordered_generations(units: frozenset[int]) -> Iterator[Pattern]:
    """All sequences of disjoint nonempty subsets of `units`, the empty sequence included."""
    yield ()
    for first in subsets(units):
        if first:
            for rest in ordered_generations(units - first):
                yield first, *rest


def assembly_volume(network: PlainNetwork, start: int, assembly: Assembly) -> Number:
    """dU * trees of the assembly * forests of the rest, each by listing."""
    rest = set(range(len(network.thresholds))) - assembly
    trees: Number = tree_weight_by_listing(network.weights, assembly, start)
    forests: Number = forest_weight_by_listing(network.weights, network.leak, rest)
    return network.increment * trees * forests


def pattern_volume(network: PlainNetwork, pattern: Pattern) -> Number:
    """dU * what each unit receives from the generation before * forests of the rest."""
    W = network.weights
    rest = set(range(len(network.thresholds))) - frozenset().union(*pattern)
    volume: Number = network.increment * forest_weight_by_listing(W, network.leak, rest)
    for before, after in pairwise(pattern):
        for j in after:
            volume *= sum(W[j][sender] for sender in before)
    return volume


def expected_patterns(network: PlainNetwork, start: int) -> dict[Pattern, Number]:
    others = frozenset(range(len(network.thresholds))) - {start}
    patterns: list[Pattern] = [(frozenset({start}), *rest) for rest in ordered_generations(others)]
    volumes = {pattern: pattern_volume(network, pattern) for pattern in patterns}
    return {pattern: volume for pattern, volume in volumes.items() if volume}


def count_sizes(counts: Counter[Assembly]) -> dict[int, int]:
    sizes: Counter[int] = Counter()
    for assembly, count in counts.items():
        sizes[len(assembly)] += count
    return dict(sizes)


# The dynamics


def test_a_network_that_is_not_symmetric_by_hand() -> None:
    # Unit 0 gives 2 to unit 1 and gets 1 back; leaks 1 and 1, volume 2 * 3 - 1 * 2 = 4.
    W, U = [[0, 1], [2, 0]], [2, 3]
    zero, one = frozenset({0}), frozenset({1})
    assert leak(W, U) == [1, 1]
    assert recurrent_states(W, U) == {(0, 2), (1, 0), (1, 1), (1, 2)}
    assert avalanche(W, U, (1, 2), 0) == ((zero, one), (1, 1))
    assert avalanche(W, U, (0, 2), 0) == ((), (1, 2))
    assert count_patterns(W, U, 0) == {(): 1, (zero,): 1, (zero, one): 2}
    assert count_patterns(W, U, 1) == {(): 2, (one,): 1, (one, zero): 1}
    assert count_assemblies(W, U, 0) == {frozenset(): 1, zero: 1, zero | one: 2}


def test_a_generation_fires_at_once_and_fractions_are_exact() -> None:
    # Unit 0 gives 1/2 to units 1 and 2; each of them gives 1/3 to unit 3, and unit 1 some to 0 and itself.
    third, half = Fraction(1, 3), Fraction(1, 2)
    W: list[list[Number]]
    W = [[0, Fraction(1, 4), 0, 0], [half, Fraction(1, 6), 0, 0], [half, 0, 0, 0], [0, third, third, 0]]
    pattern, after = avalanche(W, [1] * 4, (half, half, half, third), 0, half)
    assert pattern == (frozenset({0}), frozenset({1, 2}), frozenset({3}))
    assert after == (Fraction(1, 4), Fraction(1, 6), 0, 0)


def test_a_start_without_leak_makes_several_waves() -> None:
    # The law of all waves is trees times forests, half and half; the law of the first wave is not.
    W, U = [[0, 1], [1, 0]], [2, 1]
    zero, one = frozenset({0}), frozenset({1})
    assert leak(W, U) == [1, 0]
    assert recurrent_states(W, U) == {(1, 0)}
    assert avalanche(W, U, (1, 0), 1) == ((one, zero, one), (1, 0))
    assert waves(W, U, (1, 0), 1) == (((one, zero), (one,)), (1, 0))
    assert count_waves(W, U, 1) == {(one, zero): 1, (one,): 1}
    half = Fraction(1, 2)
    assert assembly_law_by_listing(W, U, [Fraction(0), Fraction(1)]) == {one: half, zero | one: half}


def test_errors() -> None:
    with pytest.raises(RuntimeError, match="did not stop"):
        avalanche([[0, 1], [1, 0]], [1, 1], (0, 0), 0)
    with pytest.raises(RuntimeError, match="waves from unit 0"):
        waves([[0, 1], [1, 0]], [1, 1], (0, 0), 0)
    with pytest.raises(ValueError, match="multiple of dU = 2"):
        recurrent_states([[0, 1], [2, 0]], [2, 4], 2)


@modest
@given(integer_networks())
def test_recurrent_states_are_as_many_as_the_volume(network: PlainNetwork) -> None:
    assert 0 < network.volume <= 400
    assert len(recurrent_states(network.weights, network.thresholds)) == network.volume


@modest
@given(integer_networks())
def test_no_recurrent_state_has_a_forbidden_set(network: PlainNetwork) -> None:
    W, U = network.weights, network.thresholds
    states = recurrent_states(W, U)
    for state in states:
        assert all(0 <= height < threshold for height, threshold in zip(state, U, strict=True))
        for units in subsets(range(len(U))):
            assert not units or any(state[i] >= sum(W[i][j] for j in units) for i in units)


@modest
@given(integer_networks())
def test_counted_assemblies_are_trees_times_forests(network: PlainNetwork) -> None:
    W, U = network.weights, network.thresholds
    units = range(len(U))
    for start in units:
        if network.leak[start]:
            counts = count_assemblies(W, U, start)
            volumes = {A: assembly_volume(network, start, A) for A in subsets(units) if start in A}
            avalanches = sum(volumes.values())
            assert avalanches == minor(network.matrix, set(units) - {start})
            volumes[frozenset()] = network.volume - avalanches
            assert counts == {A: volume for A, volume in volumes.items() if volume}


@modest
@given(integer_networks())
def test_counted_patterns_follow_the_formula(network: PlainNetwork) -> None:
    W, U = network.weights, network.thresholds
    for start, lost in enumerate(network.leak):
        expected = expected_patterns(network, start)
        assert count_waves(W, U, start) == expected
        if lost:
            expected[()] = network.volume - sum(expected.values())
            assert count_patterns(W, U, start) == Counter(expected)


@modest
@given(integer_networks(max_volume=100))
def test_waves_are_proportional_to_any_increment(network: PlainNetwork) -> None:
    W, U = network.weights, network.thresholds
    states = recurrent_states(W, U)
    for start in range(len(U)):
        counts: Counter[Pattern] = Counter()
        for state in states:
            found, after = waves(W, U, state, start, 3)
            assert after == avalanche(W, U, state, start, 3)[1]
            counts.update(found)
        assert counts == {
            pattern: 3 * volume for pattern, volume in expected_patterns(network, start).items()
        }


# Laws


@modest
@given(integer_networks())
def test_law_of_the_assembly_by_counting_and_by_listing(network: PlainNetwork) -> None:
    W, U, drive, dU = network
    law = pattern_law(W, U, drive, dU)
    assert sum(law.values()) == 1
    assert assembly_law(given_avalanche(law)) == assembly_law_by_listing(W, U, drive)
    # probability of an avalanche = dU * sum_k p_k (M^-1)_kk
    others = [minor(network.matrix, set(range(len(U))) - {start}) for start in range(len(U))]
    rate = sum(p * m for p, m in zip(drive, others, strict=True)) / network.volume
    assert law.get((), 0) == 1 - dU * rate


@modest
@given(rational_networks(max_units=4))
def test_law_of_the_assembly_for_fractions(network: PlainNetwork) -> None:
    W, U, drive, _ = network
    volumes: dict[Assembly, Fraction] = {}
    for start in network.driven:
        for assembly in subsets(range(len(U))):
            if start in assembly:
                volume = drive[start] * assembly_volume(network, start, assembly)
                volumes[assembly] = volumes.get(assembly, Fraction(0)) + volume
    total = sum(volumes.values())
    expected = {A: volume / total for A, volume in volumes.items() if volume}
    assert assembly_law_by_listing(W, U, drive) == expected


@settings(max_examples=10)
@given(integer_networks(max_units=3, max_volume=30))
def test_laws_given_an_avalanche_forget_the_increment(network: PlainNetwork) -> None:
    W, U, drive, _ = network
    coarse = pattern_law(W, U, drive, 1)
    fine = pattern_law(W, U, drive, Fraction(1, 2))
    assert given_avalanche(coarse) == given_avalanche(fine)
    assert 1 - coarse.get((), 0) == 2 * (1 - fine.get((), Fraction(0)))


def test_push_forwards_agree() -> None:
    W, U = [[0, 1, 0], [2, 1, 0], [1, 1, 0]], [2, 4, 4]
    law = pattern_law(W, U, fractions("1/2, 1/3, 1/6"))
    joint = size_duration_law(law)
    assert push_forward(assembly_law(law), len) == size_law(law) == push_forward(joint, lambda sd: sd[0])
    assert duration_law(law) == push_forward(joint, lambda sd: sd[1])
    assert joint[0, 0] == law[()]
    assert sum(given_avalanche(law).values()) == 1
    assert () not in given_avalanche(law)


# Trees and forests


@pytest.mark.parametrize("n_units", [1, 2, 3, 4, 5])
def test_cayley(n_units: int) -> None:
    W, units = complete(n_units, 1, 7), range(n_units)
    assert len(list(spanning_trees(W, units, 0))) == n_units ** max(n_units - 2, 0)
    assert len(list(spanning_forests(W, [1] * n_units, units))) == (n_units + 1) ** (n_units - 1)


def test_trees_and_forests_one_by_one() -> None:
    W, lost = [[5, 1, 0], [1, 5, 1], [0, 1, 5]], [1, 0, 0]
    assert list(spanning_trees(W, [0, 1, 2], 1)) == [{0: 1, 2: 1}]
    assert list(spanning_trees(W, {0, 2}, 0)) == []
    assert list(spanning_trees(W, {2}, 2)) == [{}]
    assert list(spanning_forests(W, lost, [0, 1])) == [{0: None, 1: 0}]
    assert list(spanning_forests(W, lost, [])) == [{}]
    assert list(spanning_forests(W, lost, [2])) == []


@modest
@given(rational_networks(max_units=4))
def test_matrix_tree_theorem(network: PlainNetwork) -> None:
    W, units = network.weights, range(len(network.thresholds))
    assert forest_weight_by_listing(W, network.leak, units) == network.volume
    laplacian = [[sum(row) - row[i] if i == j else -row[j] for j in units] for i, row in enumerate(W)]
    for root in units:
        assert tree_weight_by_listing(W, units, root) == minor(laplacian, set(units) - {root})


def test_weights_may_be_symbols() -> None:
    a, b, c, r, s = sympy.symbols("a b c r s")
    W = [[0, a, b], [c, 0, 0], [0, b, 0]]
    assert sympy.expand(tree_weight_by_listing(W, [0, 1, 2], 0) - b * c) == 0
    # of the four ways to choose parents one is the cycle 0 <- 1 <- 0
    forests = forest_weight_by_listing(W, [r, s, 0], [0, 1])
    assert sympy.expand(forests - (r * s + r * c + a * s)) == 0


# Numbers of section 6


def test_sandpile_on_k4() -> None:
    # SageMath: avalanche polynomial 9 x^3 + 6 x^2 + 9 x + 24
    W, U = complete(3, 1, 0), [3, 3, 3]
    counts = sum((count_assemblies(W, U, start) for start in range(3)), Counter[Assembly]())
    assert count_sizes(counts) == {0: 24, 1: 9, 2: 6, 3: 9}


def test_sandpile_on_the_complete_graph_with_five_units() -> None:
    W, U = complete(5, 1, 0), [5] * 5
    counts = count_sizes(count_assemblies(W, U, 0))
    assert {size: 5 * count for size, count in counts.items()} == {
        0: 4320, 1: 625, 2: 320, 3: 270, 4: 320, 5: 625,
    }  # fmt: skip
    for s in range(1, 6):
        exact = 5 * math.comb(4, s - 1) * Fraction(s) ** (s - 2) * Fraction(6 - s) ** (4 - s)
        assert 5 * counts[s] == exact


@pytest.mark.parametrize(
    ("weights", "by_size"),
    [
        (complete(3, Fraction(1, 4), Fraction(1, 4)), "3/8, 1/4, 3/8"),
        (complete(4, Fraction(1, 8), Fraction(1, 8)), "49/80, 9/40, 9/80, 1/20"),
        (complete(3, Fraction(3, 8), 0), "16/55, 12/55, 27/55"),
    ],
    ids=["N=3, alpha=3/4", "N=4, alpha=1/2", "N=3, alpha=3/4, no self-coupling"],
)
def test_homogeneous(weights: list[list[Number]], by_size: str) -> None:
    n_units = len(weights)
    expected = dict(enumerate(fractions(by_size), start=1))
    listed = assembly_law_by_listing(weights, [1] * n_units, uniform(n_units))
    assert push_forward(listed, len) == expected
    counted = pattern_law(weights, [1] * n_units, uniform(n_units), Fraction(1, 8))
    assert size_law(given_avalanche(counted)) == expected


def test_homogeneous_durations() -> None:
    W = complete(4, Fraction(1, 8), Fraction(1, 8))
    law = given_avalanche(pattern_law(W, [1] * 4, uniform(4), Fraction(1, 8)))
    assert duration_law(law) == dict(enumerate(fractions("49/80, 17/64, 33/320, 3/160"), start=1))
    assert sum(size**2 * probability for size, probability in size_law(law).items()) == Fraction(133, 40)


def test_two_blocks() -> None:
    within, across = Fraction(1, 5), Fraction(1, 10)
    W = [[within if i // 2 == j // 2 else across for j in range(4)] for i in range(4)]
    law = push_forward(assembly_law_by_listing(W, [1] * 4, uniform(4)), len)
    assert law == dict(enumerate(fractions("63/115, 28/115, 3/23, 9/115"), start=1))


def path_of_ten(weight: Fraction, *, closed: bool) -> list[list[Fraction]]:
    near = {1, 9} if closed else {1}
    return [[weight if abs(i - j) in near else Fraction(0) for j in range(10)] for i in range(10)]


def test_ring_of_ten() -> None:
    # one start is enough: the ring looks the same from every unit
    W = path_of_ten(Fraction(2, 5), closed=True)
    law = push_forward(assembly_law_by_listing(W, [1] * 10, [Fraction(1)] + [Fraction(0)] * 9), len)
    expected = """87381/349525, 17476/69905, 65532/349525, 8736/69905, 16/205, 3264/69905, 9408/349525,
        1024/69905, 2304/349525, 1024/69905"""
    assert law == dict(enumerate(fractions(expected), start=1))


def test_line_of_ten() -> None:
    # the five starts of one half are enough: the line is its own mirror image
    W = path_of_ten(Fraction(2, 5), closed=False)
    law = push_forward(assembly_law_by_listing(W, [1] * 10, uniform(5) + [Fraction(0)] * 5), len)
    expected = """132043/434965, 601962/2174825, 407784/2174825, 242736/2174825, 26704/434965,
        69216/2174825, 34048/2174825, 15872/2174825, 6912/2174825, 512/434965"""
    assert law == dict(enumerate(fractions(expected), start=1))
