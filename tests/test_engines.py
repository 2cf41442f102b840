"""Engines against each other, on networks on which several apply."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
import strategies
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.arithmetic import Element
from exactav.engines import generations, plan, populations, subsets
from exactav.errors import SingularNetworkError, TooCostlyError
from exactav.expressions import parse_expression
from exactav.kernels.polynomials import SetSums
from exactav.laws.starts import Starts

few = settings(max_examples=40, deadline=None)


@few
@given(strategies.rational_networks(max_units=6))
def test_determinants_modulo_primes_and_recursion_over_sets(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    system, starts = net.system, Starts.of(net, None)
    by_residues = subsets.assembly_weights(system, starts.weights, starts.total)
    everything = 2**net.n_units - 1
    sums = SetSums(system.ring, system.weights, system.leak, everything)
    for mask in range(1, everything + 1):
        trees = sum(q * sums.tree(k, mask) for k, q in starts.weights.items() if mask >> k & 1)
        assert by_residues.get(mask, 0) == trees * sums.forest(everything ^ mask)
    assert all(by_residues.values()), "a set that cannot be recruited was visited"
    by_size = subsets.size_weights(system, starts.weights, starts.total)
    counted: Counter[int] = Counter()
    for mask, weight in by_residues.items():
        counted[mask.bit_count()] += weight
    assert by_size == [counted[size] for size in range(net.n_units + 1)]


@st.composite
def blocked_networks(draw: st.DrawFn) -> ea.Network:
    """Shuffled classes of interchangeable units, with directed weights, self-coupling, uneven drive."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    entry = st.sampled_from(["0", "1/3", "1/2", "2/7"])
    between = [[draw(entry) for _ in sizes] for _ in sizes]
    leaks = [draw(st.sampled_from(["1/5", "1", "0"])) for _ in sizes]
    leaks[0] = "1/7"
    members = draw(st.permutations([a for a, size in enumerate(sizes) for _ in range(size)]))
    selfs = draw(st.sampled_from(["0", "1/9"]))
    n = len(members)
    weights = [[selfs if i == j else between[members[i]][members[j]] for j in range(n)] for i in range(n)]
    shares = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any))
    leak = [parse_expression(leaks[a]) for a in members]
    rows = [sum(map(parse_expression, row)) for row in weights]
    drive = [parse_expression(f"{share}/{sum(shares)}") for share in shares]
    thresholds = [row + s if row + s else 1 for row, s in zip(rows, leak, strict=True)]
    try:
        return ea.Network(weights, thresholds, drive=drive)
    except SingularNetworkError:
        reject()


@few
@given(blocked_networks())
def test_count_vectors_and_sets(net: ea.Network) -> None:
    system, starts = net.system, Starts.of(net, None)
    classes = populations.classes_of(system)
    assert sorted(unit for members in classes for unit in members) == list(range(net.n_units))
    by_counts = populations.size_weights(system, classes, starts.weights)
    assert by_counts == subsets.size_weights(system, starts.weights, starts.total)
    singletons = [[unit] for unit in range(net.n_units)]
    assert populations.size_weights(system, singletons, starts.weights) == by_counts


def test_classes_of_interchangeable_units() -> None:
    net = ea.families.star(6, "1/2")
    sizes = sorted(map(len, populations.classes_of(net.system)))
    assert sizes == [1, 5]
    assert len(populations.classes_of(ea.families.ring(6, "1/2").system)) == 6
    assert len(populations.classes_of(ea.families.homogeneous(30, "1/2").system)) == 1
    assert [len(c) for c in populations.classes_of(ea.families.ring(4, "1/2").system)] == [2, 2]


@few
@given(strategies.rational_networks(max_units=4))
def test_patterns_and_generations(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    system, starts = net.system, Starts.of(net, None)
    joint: Counter[tuple[int, int]] = Counter()
    patterns = dict(generations.pattern_weights(system, starts.weights))
    for pattern, weight in patterns.items():
        joint[sum(mask.bit_count() for mask in pattern), len(pattern)] += weight
    summed = generations.size_duration_weights(system, starts.weights, 10**6)
    assert {key: w for key, w in summed.items() if w} == {key: w for key, w in joint.items() if w}
    assert sum(joint.values()) == starts.total


def test_counting_patterns_stops_at_the_limit() -> None:
    system = ea.families.homogeneous(5, "1/2").system
    starts: dict[int, Element] = {0: 1}
    count = sum(1 for _ in generations.pattern_weights(system, starts))
    assert not generations.has_more_patterns_than(system, starts, 2 * count)
    assert generations.has_more_patterns_than(system, starts, count - 1)
    assert generations.has_more_patterns_than(ea.families.homogeneous(60, "1/2").system, starts, 10**6)


def test_long_sparse_networks_have_durations() -> None:
    """A directed ring fires one unit a generation, so size is duration; N = 40 is no obstacle."""
    net = ea.families.directed_ring(40, "9/10")
    joint = ea.size_duration_law(net, start=0)
    assert all(size == duration for size, duration in joint)
    leak = parse_expression("1/10")
    assert joint[1, 1] == leak * ea.forest_weight(net, range(2, 40)) / ea.forest_weight(net, range(1, 40))


def test_costs_grow_as_the_work_does() -> None:
    costs = [
        plan.subsets_cost(net.system, Starts.of(net, None).total).seconds
        for net in (ea.families.ring(n, "1/2") for n in (6, 10, 14, 18))
    ]
    assert all(later > 10 * earlier for earlier, later in pairwise(costs[1:]))
    with pytest.raises(TooCostlyError, match="more than the allowed 1 second"):
        plan.Cost("subsets", 10**30, 1e20).check(1, "everything")


def test_the_planner_counts_interchangeable_units() -> None:
    net = ea.families.populations([30, 30], [["1/50", "1/100"], ["1/100", "1/50"]])
    assert sum(ea.size_law(net).values()) == 1
    assert ea.size_law(net).mean() == ea.mean_size(net)
