"""Laws of durations: engine against engine, against the dynamics, and in floating point within the bound."""

import random
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from math import factorial, inf, prod
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import oracles
import pytest
import strategies
import sympy
from counted import Counted
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import ZZ

import exactav as ea
from exactav.engines.durations import count_floats, steps
from exactav.engines.durations import counts as duration_counts
from exactav.engines.durations import plan as duration_plan
from exactav.engines.durations import sets as duration_sets
from exactav.engines.durations.plan import METHODS
from exactav.errors import (
    CheckpointError,
    FloatRangeError,
    NotRationalError,
    OptionError,
    TooCostlyError,
)
from exactav.kernels import choices, heights, modular, set_heights
from exactav.kernels.machine import Machine
from exactav.laws.counting import duration_question_of
from exactav.running.checkpoint import Checkpoint
from exactav.running.effort import BASE, SHARE, STEP, Effort, Exhausted
from exactav.running.sums import Kind
from exactav.running.tasks import no_progress

few = settings(max_examples=20)
PRIME = modular.primes(1, below=1 << 28)[0]
GENERAL = ("auto", "subsets", "populations", "generations")  # for rational networks of any shape


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def fraction(p: Any) -> Fraction:
    return Fraction(int(p.p), int(p.q))


def lopsided(n_units: int, seed: int, sparse: float = 0.8) -> ea.Network:
    """A network without symmetry, with weights, leaks and drives that are zero."""
    rng = random.Random(seed)
    weights = [
        [Fraction(rng.randint(1, 9), 9 * n_units) if rng.random() < sparse else 0 for _ in range(n_units)]
        for _ in range(n_units)
    ]
    thresholds = [sum(row) + Fraction(rng.randint(0, 3), 4) for row in weights]
    thresholds[0] += 1
    for i in range(1, n_units):  # a path to the leak
        weights[i][i - 1] += Fraction(1, 5)
        thresholds[i] += Fraction(1, 5)
    drive = [1, *(rng.randint(0, 2) for _ in range(n_units - 1))]
    return ea.Network(weights, thresholds, drive=[Fraction(p, sum(drive)) for p in drive])


def blocks() -> ea.Network:
    """Three populations of unequal sizes, thresholds and drive."""
    return ea.families.populations(
        [4, 2, 3],
        [["1/20", "1/9", "1/30"], ["1/7", 0, "1/11"], [0, "1/13", "1/8"]],
        thresholds=[1, 2, "3/2"],
        drive=[*["1/8"] * 4, 0, 0, *["1/6"] * 3],
    )


@few
@given(strategies.integer_networks())
def test_engines_give_the_durations_of_the_dynamics(data: Any) -> None:
    patterns = oracles.pattern_law(data.weights, data.thresholds, data.drive, data.increment)
    expected = {o: p for o, p in oracles.size_duration_law(patterns).items() if p}
    for method in GENERAL:
        law = ea.size_duration_law(network(data), method=method).per_step()
        assert {outcome: fraction(p) for outcome, p in law.pmf().items()} == expected


@few
@given(strategies.rational_networks())
def test_engines_agree_and_floats_are_within_their_bound(data: Any) -> None:
    net = network(data)
    joint = ea.size_duration_law(net, method="generations")
    assert joint == ea.pattern_law(net).size_duration_law()
    for method in GENERAL:
        assert ea.size_duration_law(net, method=method) == joint
        assert ea.duration_law(net, method=method) == joint.duration_law()
        for exact, rounded in (
            (joint, ea.size_duration_law(net, method=method, arithmetic="float")),
            (joint.duration_law(), ea.duration_law(net, method=method, arithmetic="float")),
        ):
            assert list(exact) == list(rounded)
            for outcome, p in exact.items():
                error = abs(Fraction(rounded[outcome]) - fraction(p))
                assert error <= Fraction(rounded.error_bound) * fraction(p)


@pytest.mark.parametrize("sparse", [0.9, 0.4])
def test_durations_of_lopsided_networks(sparse: float) -> None:
    net = lopsided(8, 3, sparse)
    joint = ea.size_duration_law(net, method="subsets")
    assert joint == ea.size_duration_law(net, method="generations")
    assert joint == ea.size_duration_law(net, method="populations")
    assert joint.size_law() == ea.size_law(net)
    assert ea.size_duration_law(net, start=2, method="subsets") == ea.size_duration_law(
        net, start=2, method="generations"
    )
    assert abs(ea.size_duration_law(net, method="subsets", arithmetic="float")[3, 2] - joint[3, 2]) < 1e-12


def test_durations_of_populations() -> None:
    net = blocks()
    joint = ea.size_duration_law(net, method="subsets")
    assert joint == ea.size_duration_law(net, method="populations") == ea.size_duration_law(net)
    alpha = sympy.Symbol("alpha")
    symbolic = ea.families.populations([2, 3], [[alpha, "1/9"], ["1/7", alpha / 2]], leak=["1/3", "1/5"])
    law = ea.size_duration_law(symbolic, method="populations")
    assert law == ea.size_duration_law(symbolic, method="generations")
    assert law.at({alpha: "1/5"}) == ea.size_duration_law(symbolic.at({alpha: "1/5"}))


def test_mean_duration_of_fifty_units() -> None:
    law = ea.duration_law(ea.families.homogeneous(50, "9/10"))
    assert str(law.mean().evalf(13)) == "4.240644692825"
    assert float(ea.duration_law(law.network, arithmetic="float").mean()) == pytest.approx(4.240644692825)


def test_parts_and_silent_units_are_done_apart() -> None:
    """Unit 5 fires in no avalanche, the others are two networks that never meet."""
    net = ea.Network.from_entries(
        6,
        {(1, 0): "1/2", (0, 1): "1/3", (2, 1): "1/4", (4, 3): "2/5", (3, 4): "1/7", (0, 5): "1/5"},
        drive=["1/4", "1/8", "1/8", "1/4", "1/4", 0],
    )
    joint = ea.pattern_law(net).size_duration_law()
    assert ea.plan(net, of="size_duration").n_parts == 2
    for method in GENERAL:
        assert ea.size_duration_law(net, method=method) == joint
        assert ea.duration_law(net, method=method) == joint.duration_law()
    rounded = ea.size_duration_law(net, arithmetic="float", method="subsets")
    assert all(rounded[outcome] == pytest.approx(float(p)) for outcome, p in joint.items())


@st.composite
def trees(draw: st.DrawFn) -> ea.Network:
    """A tree whose couplings have directions, some of them one only."""
    n_units = draw(st.integers(1, 8))
    weight = st.fractions(Fraction(1, 9), 1, max_denominator=9)
    entries: dict[tuple[int, int], Any] = {(0, 0): draw(weight)}
    for unit in range(1, n_units):
        other = draw(st.integers(0, unit - 1))
        ways = draw(st.sampled_from([[0], [1], [0, 1]]))
        for way in ways:
            entries[(unit, other) if way else (other, unit)] = draw(weight) / 8
    return ea.Network.from_entries(n_units, entries, thresholds=2, drive=_drive(draw, n_units))


def _drive(draw: st.DrawFn, n_units: int) -> list[Fraction]:
    shares = [1, *(draw(st.integers(0, 2)) for _ in range(n_units - 1))]
    return [Fraction(share, sum(shares)) for share in shares]


@few
@given(trees())
def test_durations_on_trees(net: ea.Network) -> None:
    joint = ea.size_duration_law(net, method="trees")
    assert joint == ea.size_duration_law(net, method="subsets")
    assert joint.duration_law() == ea.duration_law(net, method="trees")
    rounded = ea.duration_law(net, method="trees", arithmetic="float")
    assert rounded.error_bound < 1e-14
    assert all(rounded[d] == pytest.approx(float(p), rel=1e-14) for d, p in joint.duration_law().items())


@few
@given(st.integers(3, 8), st.randoms(use_true_random=False))
def test_durations_on_rings(n_units: int, rng: random.Random) -> None:
    """Units in any order around it, couplings of one direction or both, and of two sizes."""
    order = rng.sample(range(n_units), n_units)
    entries: dict[tuple[int, int], Any] = {(0, 0): Fraction(1, 3)}
    for place, unit in enumerate(order):
        other = order[place - 1]
        for pair in rng.choice([[(unit, other)], [(other, unit)], [(unit, other), (other, unit)]]):
            entries[pair] = Fraction(rng.randint(1, 9), 20)
    drive = [rng.randint(1, 3) for _ in order]
    thresholds = [2, *(rng.choice([1, Fraction(3, 2)]) for _ in range(n_units - 1))]
    shares = [Fraction(p, sum(drive)) for p in drive]
    net = ea.Network.from_entries(n_units, entries, thresholds=thresholds, drive=shares)
    joint = ea.size_duration_law(net, method="rings")
    assert joint == ea.size_duration_law(net, method="generations")
    assert joint == ea.size_duration_law(net, method="subsets")
    assert ea.duration_law(net, method="rings") == joint.duration_law()


def test_durations_on_large_rings() -> None:
    net = ea.families.ring(60, "9/10")
    joint = ea.size_duration_law(net)
    assert ea.plan(net, of="size_duration").choice == "rings"
    assert joint.size_law() == ea.size_law(net)
    short = ea.families.ring(9, "9/10")
    assert ea.size_duration_law(short, start=4, method="rings") == ea.size_duration_law(
        short, start=4, method="subsets"
    )
    symbolic = ea.families.ring(5, sympy.Symbol("alpha"))
    assert ea.size_duration_law(symbolic, method="rings") == ea.size_duration_law(
        symbolic, method="generations"
    )
    for other in (ea.families.line(4, "1/2"), ea.families.k_ring(6, "1/2", 2), ea.families.star(4, "1/2")):
        with pytest.raises(TooCostlyError, match="no ring"):
            ea.duration_law(other, method="rings")
    rounded = ea.duration_law(net, arithmetic="float")
    assert rounded[3] == pytest.approx(float(joint.duration_law()[3]), rel=1e-14)


def test_durations_on_large_trees() -> None:
    """The mean size is that of the Green matrix; a line that couples one way fires one unit a generation."""
    net = ea.from_networkx(nx.random_labeled_tree(60, seed=1), coupling="9/10")
    joint = ea.size_duration_law(net)
    assert ea.plan(net, of="size_duration").choice == "trees"
    assert joint.size_law().mean() == ea.mean_size(net)
    assert ea.duration_law(net) == joint.duration_law()
    chain = ea.Network.from_entries(50, {(i + 1, i): "1/2" for i in range(49)})
    assert all(size == duration for size, duration in ea.size_duration_law(chain, method="trees"))
    symbolic = ea.families.line(5, sympy.Symbol("alpha"))
    law = ea.duration_law(symbolic, method="trees")
    assert law == ea.duration_law(symbolic, method="generations")
    with pytest.raises(TooCostlyError, match="digits of integers"):
        ea.size_duration_law(symbolic, method="trees")


@pytest.fixture(params=[True, False], ids=["compiled", "plain"])
def compiles(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize("sizes", [(5,), (3, 4), (1, 3, 2)])
def test_heights_over_counts(sizes: tuple[int, ...], compiles: bool) -> None:
    rng, n_vectors = np.random.default_rng(1), prod(n + 1 for n in sizes)
    weights = rng.integers(0, PRIME, size=(len(sizes), len(sizes)))
    shares = rng.integers(0, PRIME, size=(len(sizes), *(n + 1 for n in sizes)))
    for r in range(len(sizes)):
        np.moveaxis(shares[r], r, 0)[-1] = 0
    shares = shares.reshape(len(sizes), n_vectors)
    found = heights.modular_sums(sizes, weights, shares, PRIME, compiles)
    ways = [prod(map(factorial, counts)) for counts in np.ndindex(*(n + 1 for n in sizes))]
    labelled = [
        [int(share) * pow(way, -1, PRIME) for share, way in zip(row, ways, strict=True)] for row in shares
    ]
    told: list[float] = []
    in_ring = heights.ring_sums(ZZ, sizes, weights.tolist(), labelled, told.append)
    assert told == [level / sum(sizes) for level in range(sum(sizes))]
    assert {o: int(w) % PRIME for o, w in in_ring.items()} == {
        (int(s), int(d)): int(found[s, d]) for s, d in zip(*np.nonzero(found), strict=True)
    }
    floats = heights.positive_sums(sizes, weights / PRIME, shares / PRIME, compiles)
    other = heights.positive_sums(sizes, weights / PRIME, shares / PRIME, not compiles)
    assert np.allclose(floats, other, rtol=1e-13, atol=0)


@pytest.mark.parametrize("sizes", [(1,), (2,), (9,), (2, 3), (4, 4), (2, 2, 2), (1, 1, 1, 1)], ids=str)
def test_roundings_of_count_vectors_are_no_more_than_the_bound(sizes: tuple[int, ...]) -> None:
    """Counted as they are made, in numpy's way; weights and shares are rounded once."""
    rng, n_classes = np.random.default_rng(0), len(sizes)
    weights = np.array(
        [[Counted(x, 1) for x in row] for row in rng.uniform(0.1, 0.9, (n_classes, n_classes))], dtype=object
    )
    shares = rng.uniform(0.1, 0.9, (n_classes, *(n + 1 for n in sizes)))
    for r in range(n_classes):
        np.moveaxis(shares[r], r, 0)[-1] = 0
    counted = np.array([[Counted(x, 1) for x in row] for row in shares.reshape(n_classes, -1)], dtype=object)
    found = heights.positive_sums(sizes, weights, counted, compiles=False)
    most = max(Counted.of(value).n for value in found.ravel())
    assert most <= count_floats._roundings(sizes) <= 9 * most + 1


@pytest.mark.parametrize("n_units", [1, 2, 5, 7])
def test_heights_over_sets(n_units: int) -> None:
    rng = np.random.default_rng(n_units)
    weights = rng.integers(0, PRIME, size=(n_units, n_units))
    shares = rng.integers(0, PRIME, size=(1 << n_units - 1, n_units))
    plain, fast = (set_heights.modular_sums(weights, shares, PRIME, no_progress, c) for c in (False, True))
    assert (plain == fast).all()
    rounded, other = (
        set_heights.positive_sums(weights / PRIME, shares / PRIME, no_progress, c) for c in (False, True)
    )
    assert np.allclose(rounded, other, rtol=1e-13, atol=0)


def test_numbers_of_products() -> None:
    assert set_heights.n_products(1) == 0
    assert sum(set_heights.n_products(n) == n * (n - 1) * 3 ** (n - 2) for n in range(2, 9)) == 7
    # |l| times the count vectors below l, over all l
    assert heights.n_products((2, 1)) == sum((a + b) * (a + 1) * (b + 1) for a in range(3) for b in range(2))


def test_without_the_extra_the_laws_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    net, other = blocks(), lopsided(7, 5)
    laws = [ea.size_duration_law(each) for each in (net, other)]
    for module in (duration_counts, duration_sets):
        monkeypatch.setattr(module, "is_worthwhile", lambda amount, enough: False)
    monkeypatch.setattr(duration_counts, "_RING_PRODUCT", inf)  # modulo primes, however few the units are
    assert [
        ea.size_duration_law(net, method="populations"),
        ea.size_duration_law(other, method="subsets"),
    ] == laws
    for each, method in ((net, "populations"), (other, "subsets")):
        rounded = ea.size_duration_law(each, method=method, arithmetic="float")
        assert rounded[2, 2] == pytest.approx(float(ea.size_duration_law(each)[2, 2]), rel=1e-13)


def test_sums_of_long_integers_are_put_together_from_primes(monkeypatch: pytest.MonkeyPatch) -> None:
    net = ea.families.homogeneous(30, "9/10")
    law = ea.size_duration_law(net)
    monkeypatch.setattr(duration_counts, "_RING_PRODUCT", inf)
    assert ea.size_duration_law(net) == law
    assert ea.duration_law(net) == law.duration_law()


@pytest.mark.slow
def test_floats_too_far_apart_are_counted_exactly_first() -> None:
    net = ea.families.homogeneous(130, "9/10")
    law = ea.duration_law(net, arithmetic="float")
    assert law.error_bound < 2e-16
    assert law[1] == pytest.approx(float(ea.duration_law(net)[1]), rel=1e-15)
    with pytest.raises(FloatRangeError):
        ea.size_duration_law(ea.families.homogeneous(120, "1/1000"), arithmetic="float")
    tiny = ea.Network([[0, "1/2", 0], [f"1/{10**200}", 0, "1/3"], [0, f"1/{10**200}", 0]])
    with pytest.raises(FloatRangeError):
        ea.size_duration_law(tiny, method="subsets", arithmetic="float")
    law = ea.duration_law(tiny, method="populations", arithmetic="float")
    assert law[2] == pytest.approx(float(ea.duration_law(tiny)[2]), rel=1e-15)


def test_options_of_durations() -> None:
    net = lopsided(5, 1)
    with pytest.raises(OptionError, match="auto, populations, subsets, trees, rings, generations"):
        ea.duration_law(net, method="frontier")
    with pytest.raises(OptionError, match="give one of auto, subsets, populations,"):
        ea.size_law(net, method="generations")
    with pytest.raises(TooCostlyError, match="the couplings form circles"):
        ea.duration_law(net, method="trees", arithmetic="float")
    with pytest.raises(TooCostlyError, match="only rational networks"):
        ea.duration_law(ea.families.ring(4, sympy.Symbol("a")), method="subsets")
    with pytest.raises(NotRationalError, match="floats need rational weights"):
        ea.duration_law(ea.families.ring(4, sympy.Symbol("a")), arithmetic="float")
    with pytest.raises(OptionError, match="no option is called"):
        ea.duration_law(net, observed=[0])  # type: ignore[call-arg]
    told: list[float] = []
    ea.duration_law(net, method="subsets", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_what_does_not_apply_is_told_with_what_does() -> None:
    symbolic, irrational = (
        ea.families.homogeneous(3, alpha) for alpha in (sympy.Symbol("a"), sympy.sqrt(2) / 2)
    )
    with pytest.raises(TooCostlyError, match="form no ring: leave method out, or ask"):
        ea.duration_law(ea.families.homogeneous(4, "1/2"), method="rings")
    with pytest.raises(NotRationalError, match=r"put values in by net\.at"):
        ea.duration_law(symbolic, arithmetic="float")
    with pytest.raises(NotRationalError, match="ask for arithmetic='exact'"):
        ea.duration_law(irrational, arithmetic="float")
    with pytest.raises(NotRationalError, match=r"no value for a: put values in with law\.at"):
        ea.duration_law(symbolic).floats()
    assert sum(ea.duration_law(irrational).floats().values()) == pytest.approx(1)


def test_plans_of_durations() -> None:
    net = lopsided(9, 2)
    plan = ea.plan(net, of="duration")
    assert {bid.engine for bid in plan.bids} == set(METHODS[1:])
    assert plan.chosen.seconds == min(bid.seconds for bid in plan.bids)
    with pytest.raises(OptionError, match="give one of size, duration, size_duration"):
        ea.plan(net, of="pattern")
    with pytest.raises(OptionError, match="leave out observed"):
        ea.plan(net, of="duration", observed=[0])
    with pytest.raises(OptionError, match="method"):
        ea.plan(net, of="duration", method="connected")
    assert ea.plan(ea.families.homogeneous(100, "9/10"), of="size_duration").choice == "populations"
    large = ea.plan(lopsided(26, 1), of="duration", method="subsets")
    assert large.chosen.reason == "2^26 sets are out of reach"


def test_a_plan_depends_on_the_machine() -> None:
    question = duration_question_of(lopsided(14, 1), None, jointly=True)
    seconds = [
        duration_plan.plan_of(
            question, "subsets", machine=Machine(compiled, True, 8000, cores)
        ).chosen.seconds
        for compiled, cores in ((True, 4), (True, 1), (False, 1))
    ]
    assert seconds == sorted(seconds)
    small = Machine(True, True, 10.0, 2)
    with pytest.raises(TooCostlyError, match="more than this machine has"):
        duration_plan.plan_of(question, "subsets", machine=small).check(inf, "the law")


def test_steps_are_counted_and_no_more_than_allowed() -> None:
    net = ea.families.directed_ring(40, "9/10")
    found = steps.steps_of(net.system, [0], Effort())
    assert found == steps.Steps(79, 1, 40)
    effort = Effort(20)
    with pytest.raises(Exhausted):
        steps.steps_of(net.system, [0], effort)
    assert effort.spent < 30
    assert ea.plan(ea.families.generic(4), of="duration").choice == "generations"


def directed(n_units: int, degree: int, seed: int) -> ea.Network:
    """Each unit receives from a few others."""
    rng = random.Random(seed)
    weights = [[0] * n_units for _ in range(n_units)]
    for i, row in enumerate(weights):
        for j in rng.sample([j for j in range(n_units) if j != i], degree):
            row[j] = 1
    return ea.Network([[Fraction(9 * w, 10 * degree) for w in row] for row in weights])


@pytest.mark.parametrize(("n_units", "degree", "starts"), [(11, 2, 11), (9, 4, 9), (36, 1, 36)])
def test_steps_in_arrays_are_those_of_states_one_by_one(
    n_units: int, degree: int, starts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = directed(n_units, degree, 2).system
    found = []
    for few in (0, 10, 10**9):
        monkeypatch.setattr(steps, "_FEW", few)
        monkeypatch.setattr(steps, "_BLOCK", 64)
        found.append(steps.steps_of(system, range(starts), Effort()))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(("n_units", "degree"), [(12, 3), (16, 2), (18, 2), (30, 2)])
def test_planning_takes_a_small_share_of_the_answer(n_units: int, degree: int) -> None:
    effort = Effort()
    net = directed(n_units, degree, 1)
    plan = duration_plan.plan_of(duration_question_of(net, None, jointly=False), effort=effort)
    assert effort.spent * STEP < 2 * BASE + SHARE * min(plan.chosen.seconds, 60) * 1.1
    if n_units == 18:
        assert plan.choice == "generations"


class Counting(Executor):
    """Runs tasks in threads, and fails after some."""

    def __init__(self, most: float = inf) -> None:
        self.pool, self.left, self.done = ThreadPoolExecutor(1), most, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        def run() -> Any:
            if self.done >= self.left:
                raise RuntimeError("killed")
            self.done += 1
            return fn(*args, **kwargs)

        return self.pool.submit(run)


@pytest.mark.parametrize("method", ["subsets", "populations"])
def test_primes_are_tasks_that_are_kept(method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duration_counts, "_RING_PRODUCT", inf)
    net, file = lopsided(7, 9), tmp_path / "kept"
    law = ea.size_duration_law(net, method=method)
    with pytest.raises(RuntimeError, match="killed"):
        ea.size_duration_law(net, method=method, executor=Counting(2), checkpoint=file)
    whole, rest = Counting(), Counting()
    assert ea.size_duration_law(net, method=method, executor=whole) == law
    assert ea.size_duration_law(net, method=method, executor=rest, checkpoint=file) == law
    assert rest.done == whole.done - 2
    with pytest.raises(CheckpointError, match="another question"):
        ea.duration_law(net, method=method, checkpoint=file)


def test_nothing_is_kept_of_what_is_done_at_once(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="keeps no checkpoint: leave it out, or give method='subsets'"):
        ea.duration_law(lopsided(5, 1), method="generations", checkpoint=tmp_path / "kept")


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


def test_durations_in_processes(processes: ProcessPoolExecutor) -> None:
    net = lopsided(6, 4)
    assert ea.duration_law(net, method="subsets", executor=processes) == ea.duration_law(net)


def test_compiled_code_is_loaded_for_much_only() -> None:
    assert set_heights.n_products(12) < choices.COMPILED_PRODUCTS < set_heights.n_products(14)


def test_long_integers_are_kept_as_they_are(tmp_path: Path) -> None:
    """Some fit into a machine's integers, but sums of them need not."""
    kept = Checkpoint(tmp_path / "kept", "question")
    kind = Kind(3, (2,), object)
    sums = kept.part("part", kind)
    sums.add(0, np.array([2**62, 1], dtype=object))
    sums.add(2, np.array([2**62, 2], dtype=object))
    kept.save()
    again = Checkpoint(tmp_path / "kept", "question").part("part", kind)
    again.add(1, np.array([2**62, 3], dtype=object))
    assert again.total is not None
    assert again.total.tolist() == [3 * 2**62, 6]


@pytest.mark.parametrize(
    ("n_units", "said"), [(24, "29 seconds, more than the allowed 2"), (300, "more than 33,5")]
)
def test_generations_by_name_are_refused_before_they_are_listed(n_units: int, said: str) -> None:
    net = ea.families.star(n_units, "1/2")
    for ask in (ea.duration_law, ea.size_duration_law):
        with pytest.raises(TooCostlyError, match=said):
            ask(net, method="generations", max_cost=2)


def test_generations_count_no_more_once_nobody_waits() -> None:
    question = duration_question_of(directed(40, 3, 1), None, jointly=False)
    spent = []
    for worth in (0.1, 1.0, 10.0):
        effort = Effort(worth=worth)
        plan = duration_plan.plan_of(question, "generations", effort=effort)
        assert worth < plan.chosen.seconds < 3 * worth + 2
        assert plan.chosen.work.startswith("more than ")
        assert not plan.allows(worth)
        spent.append(effort.spent)
    assert spent == sorted(spent)
    assert spent[0] * STEP < 1
