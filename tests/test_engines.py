"""Engines against each other, on networks on which several apply."""

import pickle
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import strategies
import sympy
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.engines import answers, connected, frontier, plan, populations, reduction, subsets
from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations import generations
from exactav.engines.question import Question
from exactav.engines.registry import ENGINES, METHODS
from exactav.engines.sweep import values
from exactav.errors import (
    FloatRangeError,
    InvalidNetworkError,
    OptionError,
    SingularNetworkError,
    TooCostlyError,
    UnknownOutcomeError,
    UnknownUnitError,
)
from exactav.kernels import choices, positive
from exactav.kernels.machine import Machine
from exactav.kernels.polynomials import SetSums
from exactav.laws import counting
from exactav.laws.options import Options
from exactav.laws.starts import Starts
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.numbers.expressions import parse_expression
from exactav.running.effort import STEP, Effort
from exactav.running.tasks import HERE, Running

few = settings(max_examples=40)


@few
@given(strategies.rational_networks(max_units=6))
def test_determinants_modulo_primes_and_recursion_over_sets(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    system, starts = net.system, Starts.of(net, None)
    by_residues = subsets.weights_of(Question.of_sets(system, starts.weights))
    everything = 2**net.n_units - 1
    sums = SetSums(system.ring, system.weights, system.leak, everything)
    for mask in range(1, everything + 1):
        trees = sum(q * sums.tree(k, mask) for k, q in starts.weights.items() if mask >> k & 1)
        assert by_residues.get(mask, 0) == trees * sums.forest(everything ^ mask)
    assert all(by_residues.values()), "a set that cannot be recruited was visited"
    counted: Counter[int] = Counter()
    for mask, weight in by_residues.items():
        counted[mask.bit_count()] += int(weight)
    assert subsets.weights_of(Question.of_size(system, starts.weights)) == counted


@few
@given(strategies.rational_networks(max_units=6))
def test_connected_sets_are_all_sets_that_count(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    starts = Starts.of(net, None)
    question = Question.of_sets(net.system, starts.weights)
    assert connected.weights_of(question) == subsets.weights_of(question)
    masks = list(connected.recruitable_sets(net.system, starts.weights))
    assert len(set(masks)) == len(masks)
    for method in METHODS:
        assert ea.assembly_law(net, method=method) == ea.assembly_law(net, method="subsets")


def test_assemblies_of_long_sparse_networks() -> None:
    """Beyond 64 units, directed, in symbols; the sums are those of the sweep."""
    ring = ea.assembly_law(ea.families.ring(65, "9/10"))
    assert len(ring) == 65 * 64 + 1
    assert ring.size_law() == ea.size_law(ring.network)
    tree = ea.from_networkx(nx.gn_graph(22, seed=4), coupling="9/10")
    law = ea.assembly_law(tree)
    assert law.size_law() == ea.size_law(tree, method="frontier")
    a = sympy.Symbol("a")
    line = ea.assembly_law(ea.families.line(9, a), start=4, method="connected")
    assert line == ea.assembly_law(ea.families.line(9, a), start=4, method="subsets")
    assert len(line) == 5 * 5
    dense = ea.from_networkx(nx.gnp_random_graph(60, 0.5, seed=1), coupling="9/10")
    with pytest.raises(TooCostlyError, match=r"connected sets\): ask for what is polynomial"):
        ea.assembly_law(dense)
    with pytest.raises(TooCostlyError, match="outcomes are out of reach"):
        ea.assembly_law(dense, method="frontier")


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


def grouped(net: ea.Network, n_groups: int) -> Question:
    """A question with the units dealt out to groups, the last ones to none."""
    starts = Starts.of(net, None)
    counted = range(max(1, net.n_units - 1))
    groups = [tuple(unit for unit in counted if unit % n_groups == a) for a in range(n_groups)]
    return Question(net.system, starts.weights, tuple(filter(None, groups)))


def by_recursion(question: Question) -> dict[int, Any]:
    """The weights by the number of their counts, set by set without determinants."""
    system = question.system
    everything = 2**system.n_units - 1
    sums = SetSums(system.ring, system.weights, system.leak, everything)
    found: Counter[int] = Counter()
    for mask in range(1, everything + 1):
        units = [u for u in range(system.n_units) if mask >> u & 1]
        trees = sum(int(question.roots[k]) * int(sums.tree(k, mask)) for k in units if k in question.roots)
        found[question.number(units)] += trees * int(sums.forest(everything ^ mask))
    return {number: weight for number, weight in found.items() if weight}


def answer(name: str, question: Question, arithmetic: Arithmetic = "exact") -> Answer:
    """What one engine answers, whatever it bids."""
    (engine,) = (engine for engine in ENGINES if engine.name == name)
    return engine.bid(question, arithmetic, Machine.here(), inf, Effort()).run(HERE)


def exact(name: str, question: Question) -> dict[int, int]:
    return {number: int(weight) for number, weight in answer(name, question).weights.items()}


@few
@given(strategies.rational_networks(max_units=6), st.integers(1, 3))
def test_all_engines_agree(data: Any, n_groups: int) -> None:
    """On asymmetric networks with self-coupling, zero weights and leaks, uneven drive, in several groups."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    question = grouped(net, n_groups)
    expected = by_recursion(question)
    for method in METHODS:
        if method != "auto":
            assert exact(method, question) == expected, method
        by_plan = answers.answered(question, "a law", method=method).weights
        assert {number: int(weight) for number, weight in by_plan.items()} == expected


@few
@given(blocked_networks(), st.integers(1, 2))
def test_all_engines_agree_on_interchangeable_units(net: ea.Network, n_groups: int) -> None:
    classes = net.system.classes
    assert sorted(unit for members in classes for unit in members) == list(range(net.n_units))
    question = grouped(net, n_groups)
    expected = by_recursion(question)
    for method in METHODS[1:]:
        if method != "frontier" or sweepable(question):
            assert exact(method, question) == expected, method
    singletons = [[unit] for unit in range(net.n_units)]
    assert {
        k: int(w) for k, w in populations.weights_of(question, classes=singletons).items() if w
    } == expected


@few
@given(strategies.rational_networks(max_units=5), st.integers(1, 2))
def test_floats_keep_their_bound(data: Any, n_groups: int) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    check_floats(grouped(net, n_groups))


def sweepable(question: Question) -> bool:
    """Whether a sweep is quick: dense networks of more than 6 units have too many states for a test."""
    return question.system.order.width <= 6


def check_floats(question: Question) -> None:
    """Every engine in floating point is within its bound of the exact probabilities, and has their zeros."""
    true_weights = exact("subsets", question)
    for method in ("subsets", "populations", "frontier")[: 2 + sweepable(question)]:
        found, count = answer(method, question, "float")
        assert count is not None
        assert found.keys() == true_weights.keys()
        for number, weight in true_weights.items():
            true = Fraction(weight, int(question.total))
            assert abs(Fraction(found[number]) - true) <= Fraction(positive.bound(count)) * true
            assert positive.bound(count) < 1e-10


def wild(seed: int, n_units: int, decades: int, leak: Fraction) -> ea.Network:
    """Directed weights over many powers of ten, near-critical: almost nothing leaks."""
    rng = random.Random(seed)

    def weight() -> Fraction:
        size = Fraction(rng.randint(1, 999), 1000 * 10 ** rng.randint(0, decades))
        return size if rng.random() < 0.7 else Fraction(0)

    rows = [[weight() if i != j else Fraction(0) for j in range(n_units)] for i in range(n_units)]
    for i, row in enumerate(rows):
        row[(i + 1) % n_units] += Fraction(1, 10**decades)
    thresholds = [sum(row) * (1 + leak) for row in rows]
    return ea.Network(rows, thresholds)


@pytest.mark.parametrize("seed", range(6))
def test_floats_near_criticality_and_over_sixteen_decades(seed: int) -> None:
    question = grouped(wild(seed, 7, 16, Fraction(1, 10**10)), 1)
    check_floats(question)


def test_floats_that_would_underflow_are_refused() -> None:
    net = ea.Network([[0, f"1/{10**400}"], ["1/3", 0]])
    with pytest.raises(FloatRangeError, match="too far apart"):
        ea.size_law(net, method="subsets", arithmetic="float")
    long = ea.families.line(120, f"1/{10**60}")
    with pytest.raises(FloatRangeError, match="too far apart"):
        ea.size_law(long, method="frontier", arithmetic="float")


@pytest.mark.parametrize("forced", [False, True])
def test_compiled_and_numpy_sums_are_the_same(forced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asymmetric, with zero weights and leaks: exactly, and in floating point to the bound."""
    for threshold in ("COMPILED_SETS", "LOADED_SETS"):
        monkeypatch.setattr(choices, threshold, 1 if forced else 99)
    monkeypatch.setattr(subsets, "RANGE", 64)
    for seed in range(4):
        question = grouped(wild(seed, 8, 1 + seed, Fraction(seed, 7 + seed) or Fraction(1, 9)), 2)
        assert exact("subsets", question) == by_recursion(question)
        check_floats(question)


def test_threads_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    question = grouped(wild(1, 9, 2, Fraction(1, 3)), 1)
    monkeypatch.setattr(subsets, "RANGE", 32)
    bid = subsets.ENGINE.bid(question, "float", Machine.here(), inf, Effort())
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(5) as five:
        several = bid.run(Running(five))
        assert bid.run(Running(one)) == several
    assert bid.run(HERE) == several


@pytest.mark.parametrize("start", [None, (0, 0)])
def test_parts_that_do_not_meet_are_done_apart(start: Any) -> None:
    """Three parts, one of them out of reach of sets, give the law that a sweep of the whole gives."""
    grid = ea.to_networkx(ea.from_networkx(nx.grid_2d_graph(3, 5), coupling="4/5"))
    moved = nx.relabel_nodes(grid, {(r, c): (r + 10, c) for r in range(3) for c in range(5)})
    graph = nx.union_all([grid, moved, nx.DiGraph([(9, 8)])])
    nx.set_edge_attributes(graph, {(9, 8): "1/3"}, "weight")
    graph.graph.clear()  # it is no longer the graph of a network
    for node in graph:
        graph.nodes[node].clear()
    net = ea.from_networkx(graph)
    question = counting.question_of(net, start, [net.labels])
    sweep = frontier.weights_of(question)
    assert len(list(reduction.parts(question))) == (3 if start is None else 1)
    assert answers.answered(question, "a law").weights == sweep
    law = ea.size_law(net, start, arithmetic="float")
    for size, probability in ea.size_law(net, start).items():
        assert abs(sympy.Rational(law[size]) - probability) <= law.error_bound * probability


def test_what_cannot_be_reached_changes_only_leaks() -> None:
    """A start in a chain: the units before it send to those behind it, and never fire."""
    net = ea.Network([[0, 0, 0], ["1/2", 0, 0], ["1/5", "1/3", "1/9"]], labels="abc")
    assert [part.question.system.n_units for part in reduction.parts(grouped_from(net, "b"))] == [2]
    law = ea.size_law(net, "b")
    assert law.pmf() == ea.assembly_law(net, "b").size_law().pmf()
    assert law[2] == sympy.Rational(1, 3) / (1 - sympy.Rational(1, 9))


def grouped_from(net: ea.Network, start: Any) -> Question:
    return counting.question_of(net, start, [net.labels])


def test_observed_units() -> None:
    """Counting some units only is counting all units of their assemblies."""
    net = ea.from_networkx(nx.florentine_families_graph(), coupling="9/10")
    seen = {"Medici", "Strozzi", "Pazzi", "Albizzi"}
    law = ea.size_law(net, observed=seen)
    assemblies = ea.assembly_law(net)
    for size in range(5):
        assert law[size] == sum(p for units, p in assemblies.items() if len(units & seen) == size)
    assert law[0] > 0
    mean = sum(p for p, u in zip(ea.participation_overall(net), net.labels, strict=True) if u in seen)
    assert law.mean() == mean


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_parts_without_observed_units_are_known_at_once(arithmetic: Any) -> None:
    """A dense part of 60 units in which nothing is seen costs nothing, whatever the method."""
    seen: list[list[Any]] = [[0, "1/2", 0], ["1/3", 0, 0], [0, 0, 0]]
    dense: list[list[Any]] = [[f"{1 + (3 * i + j) % 7}/1000" for j in range(60)] for i in range(60)]
    net = ea.Network([[*row, *[0] * 60] for row in seen] + [[0] * 3 + row for row in dense])
    alone = ea.size_law(ea.Network(seen), observed=[0, 2])
    green = ea.green_matrix(net)
    share = sum(green[k, k] for k in range(3)) / sum(green[k, k] for k in range(63))
    expected = {0: 1 - share + share * alone[0], 1: share * alone[1]}
    for method in ("auto", "subsets", "frontier", "populations"):
        law = ea.size_law(net, observed=[0, 2], method=method, arithmetic=arithmetic)
        if arithmetic == "exact":
            assert law.pmf() == expected
        else:
            assert all(abs(law[n] - float(p)) <= 2 * law.error_bound * p for n, p in expected.items())
        assert ea.size_law(net, 5, observed=[0], method=method, arithmetic=arithmetic).pmf() == {0: 1}
    assert ea.plan(net, observed=[0, 2], arithmetic=arithmetic).n_units == 2
    with pytest.raises(OptionError, match="known at once"):
        ea.size_law(net, 5, observed=[0], arithmetic=arithmetic, checkpoint="kept")


def test_an_observed_law_per_step() -> None:
    """Nothing seen is either no avalanche or one of unseen units."""
    net = ea.families.homogeneous(3, "3/4", increment="1/8")
    law = ea.size_law(net, observed=[0])
    step = law.per_step()
    assert step[0] == ea.size_law(net).per_step()[0] + law[0] * ea.avalanche_probability(net)
    assert sum(step.values()) == 1


def test_compositions_of_any_groups() -> None:
    net = ea.from_networkx(nx.florentine_families_graph(), coupling="9/10")
    groups = [{"Medici", "Strozzi"}, {"Albizzi", "Pazzi", "Bischeri"}]
    law = ea.composition_law(net, groups, start="Medici")
    assemblies = ea.assembly_law(net, start="Medici")
    for counts in [(1, 0), (1, 3), (2, 2), (0, 1)]:
        held = (p for units, p in assemblies.items() if tuple(len(units & g) for g in groups) == counts)
        assert law[counts] == sum(held)
    assert law.size_law() == ea.size_law(net, "Medici", observed=groups[0] | groups[1])
    rounded = ea.composition_law(net, groups, start="Medici", arithmetic="float")
    assert abs(rounded[1, 3] - float(law[1, 3])) < 1e-12
    symbolic = ea.composition_law(ea.families.populations([2, 1], [["a", "b"], ["c", 0]]))
    assert sympy.cancel(sum(symbolic.values())) == 1
    for wrong in ("ab", (1, -1), [1, 2], (True, 1)):
        with pytest.raises(UnknownOutcomeError, match="tuple of counts"):
            law[wrong]


def test_wrong_questions() -> None:
    net = ea.families.ring(5, "1/2")
    with pytest.raises(InvalidNetworkError, match="in two groups"):
        ea.composition_law(net, [[0, 1], [1]])
    with pytest.raises(InvalidNetworkError, match="no units"):
        ea.composition_law(net, [[0], []])
    with pytest.raises(UnknownUnitError):
        ea.size_law(net, observed=["x"])
    with pytest.raises(ValueError, match="give one of auto, subsets"):
        ea.size_law(net, method="magic")
    with pytest.raises(ValueError, match="give one of exact, float"):
        ea.size_law(net, arithmetic="double")  # type: ignore[arg-type]
    with pytest.raises(TooCostlyError, match="count vectors are out of reach"):
        ea.size_law(ea.families.ring(60, "1/2"), method="populations")
    with pytest.raises(TypeError, match="floats need rational weights"):
        ea.size_law(ea.families.ring(5, "a"), arithmetic="float")


def test_the_sweep_in_symbols() -> None:
    a = sympy.Symbol("a")
    net = ea.families.line(5, a)
    assert ea.size_law(net, method="frontier") == ea.size_law(net, method="subsets")
    algebraic = ea.families.ring(5, sympy.sqrt(2) / 2)
    assert ea.size_law(algebraic, method="frontier") == ea.size_law(algebraic, method="subsets")


def test_long_rings_and_grids_have_exact_laws() -> None:
    ring = ea.size_law(ea.families.ring(150, "9/10"))
    formula = ea.formulas.get("ring.size")
    assert all(ring[size] == formula.at({"N": 150, "L": size, "alpha": "9/10"}) for size in (1, 2, 75, 150))
    grid = ea.from_networkx(nx.grid_2d_graph(3, 8), coupling="9/10")
    assert ea.size_law(grid).mean() == ea.mean_size(grid)


def test_python_integers_do_where_flint_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ea.from_networkx(nx.grid_2d_graph(2, 9), coupling="9/10")
    question = counting.question_of(net, None, [net.labels])
    fast = exact("frontier", question)
    monkeypatch.setattr(values, "integer", int)
    assert exact("frontier", question) == fast


def test_plans() -> None:
    assert ea.plan(ea.families.ring(300, "9/10")).choice == "frontier"
    assert ea.plan(ea.families.homogeneous(200, "9/10")).choice == "populations"
    dense = ea.plan(wild(3, 9, 1, Fraction(1, 2)))
    assert dense.choice == "subsets"
    text = ea.plan(ea.families.ring(300, "9/10")).text()
    assert "2^300 sets are out of reach" in text
    assert "* frontier" in text
    assert "at most 3 units open" in text
    big = ea.from_networkx(nx.complete_graph(60), coupling="9/10")
    weights = {edge: sympy.Rational(1 + i, 7) for i, edge in enumerate(nx.complete_graph(60).edges)}
    graph = nx.complete_graph(60)
    nx.set_edge_attributes(graph, weights, "weight")
    assert ea.plan(big).choice == "populations"
    with pytest.raises(TooCostlyError, match="out of reach"):
        ea.size_law(ea.from_networkx(graph, coupling="9/10"))


def test_classes_of_interchangeable_units() -> None:
    net = ea.families.star(6, "1/2")
    sizes = sorted(map(len, net.system.classes))
    assert sizes == [1, 5]
    assert len(ea.families.ring(6, "1/2").system.classes) == 6
    assert len(ea.families.homogeneous(30, "1/2").system.classes) == 1
    assert [len(c) for c in ea.families.ring(4, "1/2").system.classes] == [2, 2]


@few
@given(strategies.rational_networks(max_units=6), st.booleans())
def test_a_bound_on_the_length_of_the_total(data: Any, is_one: bool) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    question = Question.of_size(net.system, Starts.of(net, net.labels[-1] if is_one else None).weights)
    assert int(question.total).bit_length() <= question.total_bits


def test_parts_are_made_without_determinants(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.disjoint_union(nx.random_labeled_tree(40, seed=1), nx.gnp_random_graph(40, 0.3, seed=1))
    question = grouped(ea.from_networkx(graph, coupling="9/10"), 1)
    with monkeypatch.context() as patch:
        for name in ("minors", "minor", "volume", "green"):
            patch.setattr(System, name, None)
        parts = list(reduction.parts(question))
        assert plan.plan_of(question).choice == "frontier"
    assert len(parts) > 1
    assert sum(part.question.total * part.factor for part in parts) == question.total


@few
@given(strategies.rational_networks(max_units=4))
def test_patterns_and_generations(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    system, starts = net.system, Starts.of(net, None)
    joint: Counter[tuple[int, int]] = Counter()
    patterns = dict(generations.pattern_weights(system, starts.weights))
    for pattern, weight in patterns.items():
        joint[sum(mask.bit_count() for mask in pattern), len(pattern)] += int(weight)
    summed = generations.size_duration_weights(system, starts.weights)
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


def test_costs_grow_as_the_work_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "COMPILED_SETS", 99)
    plans = [ea.plan(ea.families.homogeneous(n, "1/2"), method="subsets") for n in (6, 10, 14, 18)]
    costs = [chosen.chosen.seconds for chosen in plans]
    assert all(later > 10 * earlier for earlier, later in pairwise(costs[1:]))
    with pytest.raises(TooCostlyError, match=r"262,144 sets .* more than the allowed 1 second"):
        plans[-1].check(1, "everything")


def test_the_planner_counts_interchangeable_units() -> None:
    net = ea.families.populations([30, 30], [["1/50", "1/100"], ["1/100", "1/50"]])
    assert sum(ea.size_law(net).values()) == 1
    assert ea.size_law(net).mean() == ea.mean_size(net)


def test_a_plan_depends_on_the_machine_and_on_nothing_that_ran_before() -> None:
    net = wild(3, 10, 1, Fraction(1, 2))
    code = (
        "import exactav as ea, pickle, sys; net = pickle.loads(bytes.fromhex(sys.argv[1]));"
        "fresh = [bid.seconds for bid in ea.plan(net).bids];"
        "ea.size_law(ea.families.from_spec('ring:N=13,alpha=1/2'), method='subsets');"
        "assert fresh == [bid.seconds for bid in ea.plan(net).bids]; print(fresh)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, pickle.dumps(net).hex()], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str([bid.seconds for bid in ea.plan(net).bids])


def test_a_plan_is_for_a_machine() -> None:
    question = grouped(wild(3, 14, 1, Fraction(1, 2)), 1)
    here = Machine.here()
    plain = Machine(compiles=False, has_long_integers=False, megabytes=1000.0, cores=1)
    small = Machine(compiles=False, has_long_integers=False, megabytes=1.0, cores=1)
    fast = replace(plain, compiles=True)
    costs = [plan.plan_of(question, machine=machine).chosen.seconds for machine in (plain, fast)]
    assert costs[0] > 3 * costs[1]
    assert plan.plan_of(question).machine == here
    with pytest.raises(TooCostlyError, match="more than this machine has"):
        plan.plan_of(question, machine=small).check(60, "a law")


def test_a_new_engine_touches_its_file_and_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that bids nothing and answers by recursion over sets wins every question."""

    class Oracle:
        name, summary = "oracle", "knows"

        def bid(self, question: Question, arithmetic: Any, machine: Machine, *limits: Any) -> Bid:
            if arithmetic == "float":
                return Bid.refusal(self.name, "knows exactly")
            return Bid(self.name, "nothing", 1e-9, 0, run=lambda running: Answer(by_recursion(question)))

    monkeypatch.setattr(plan, "ENGINES", (*ENGINES, Oracle()))
    monkeypatch.setattr(plan, "METHODS", (*METHODS, "oracle"))
    net = wild(5, 5, 1, Fraction(1, 2))
    assert ea.plan(net).choice == "oracle"
    assert ea.size_law(net) == ea.size_law(net, method="oracle") == ea.size_law(net, method="subsets")
    with pytest.raises(TooCostlyError, match="knows exactly"):
        ea.size_law(net, method="oracle", arithmetic="float")


@pytest.mark.parametrize("n_units", [650, 1000])
def test_dense_networks_of_many_units_are_planned(n_units: int) -> None:
    """The least number of states of a sweep is beyond floats."""
    question = grouped(ea.families.homogeneous(10, "1/2"), 1)
    widths = [{j: 1 for j in range(n_units) if j != i} for i in range(n_units)]
    system = replace(question.system, weights=tuple(widths), leak=(1,) * n_units, scales=(1,) * n_units)
    dense = Question.of_size(system, {0: 10**400})
    bid = frontier.ENGINE.bid(dense, "exact", Machine.here(), 1e300, Effort())
    assert "out of reach" in bid.reason or "quicker" in bid.reason


def abstract(graph: "nx.Graph[Any]") -> System:
    """The system of a graph, made without the network, which takes long for many edges."""
    ring = ea.families.ring(3, "1/2").system.ring
    rows = tuple({j: 1 + (i * j) % 3 for j in graph[i]} for i in range(len(graph)))
    return System(ring, rows, (1,) * len(graph), (1,) * len(graph))


PLANNED: dict[str, Callable[[], Any]] = {
    "star of 300": lambda: nx.star_graph(299),
    "star of 2000": lambda: nx.star_graph(1999),
    "tree of 127": lambda: nx.balanced_tree(2, 6),
    "tree of 2000": lambda: nx.random_labeled_tree(2000, seed=1),
    "clique of 10": lambda: nx.complete_graph(10),
    "clique of 60": lambda: nx.complete_graph(60),
    "clique of 1000": lambda: nx.complete_graph(1000),
    "path of 1000": lambda: nx.path_graph(1000),
    "grid of 36": lambda: nx.convert_node_labels_to_integers(nx.grid_2d_graph(6, 6)),
    "grid of 1600": lambda: nx.convert_node_labels_to_integers(nx.grid_2d_graph(40, 40)),
    "random of 30": lambda: nx.gnp_random_graph(30, 0.2, seed=1),
    "random of 2000": lambda: nx.gnp_random_graph(2000, 0.002, seed=1),
    "dense random of 800": lambda: nx.gnp_random_graph(800, 0.5, seed=1),
    "3-regular of 40": lambda: nx.random_regular_graph(3, 40, seed=1),
}


@pytest.mark.parametrize("name", PLANNED)
def test_a_plan_costs_little_beside_the_answer(name: str) -> None:
    """At most 0.1 seconds and 5 % of the answer, as far as steps are seconds; never more than a few."""
    system = abstract(PLANNED[name]())
    effort = Effort()
    found = plan.plan_of(Question.of_size(system, dict.fromkeys(range(system.n_units), 1)), effort=effort)
    assert effort.spent * STEP <= 0.11 + 0.05 * found.chosen.seconds
    if found.chosen.reason:
        assert effort.spent * STEP <= 4


def test_a_search_stops_when_it_is_beaten() -> None:
    question = Question.of_size(abstract(nx.path_graph(300)), {0: 1})
    for engine in ENGINES:
        effort = Effort(10**9)
        bid = engine.bid(question, "exact", Machine.here(), 1e-4, effort)
        assert bid.seconds > 1e-4
        assert effort.spent <= 20_000


def test_a_float_too_small_in_one_part_is_seen() -> None:
    """The share of a part is far below all floats."""
    tiny = sympy.Rational(1, 10**320)
    net = ea.Network([[0, 0], [0, 0]], drive=[tiny, 1 - tiny])
    with pytest.raises(FloatRangeError):
        ea.size_law(net, observed=[0], arithmetic="float")


def test_every_engine_of_the_list_is_documented() -> None:
    documented = " ".join(str(Options.__doc__).split())
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for engine in ENGINES:
        assert f'"{engine.name}" {engine.summary}' in documented
        assert f"*{engine.name}*" in readme
    assert [*METHODS] == ["auto", *(engine.name for engine in ENGINES)]
    assert len(set(METHODS)) == len(METHODS)
