"""The sweep over tree decompositions: its parts against something slower, and the whole in every way."""

import itertools
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from math import prod
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import oracles
import pytest
import sympy

import exactav as ea
from exactav.engines import frontier, subsets
from exactav.engines.question import Question
from exactav.engines.sweep import lanes, outline, transitions
from exactav.engines.sweep.couplings import Couplings
from exactav.engines.sweep.scheme import Join, Scheme, Step, scheme_of
from exactav.engines.sweep.search import best_sweep
from exactav.engines.sweep.tables import Run
from exactav.engines.sweep.values import InRing
from exactav.errors import ExactavError, FloatRangeError, SingularNetworkError, TooCostlyError
from exactav.kernels import forests, interpolation, loading, modular, positive
from exactav.kernels.decompositions import DEGREE, FILL, Decomposition, Kinds, states_of
from exactav.kernels.interpolation import FEW_LANES, LANES
from exactav.kernels.machine import Machine
from exactav.kernels.orders import neighbours_of
from exactav.laws.counting import question_of
from exactav.laws.starts import Starts
from exactav.running import workers
from exactav.running.checkpoint import Checkpoint
from exactav.running.memory import Memory
from exactav.running.tasks import HERE, Running

# States of forests


@dataclass(frozen=True)
class Forest:
    """A partial forest: sides, the parents of those who have chosen, who is open, who is settled."""

    fires: Mapping[int, bool]
    parents: Mapping[int, Any]
    open: frozenset[int]
    settled: frozenset[int] = frozenset()

    def top(self, unit: int) -> Any:
        """The unit of its block that has not chosen, or "leak" or "root"; None in a cycle."""
        seen = set()
        while unit in self.parents:
            if unit in seen:
                return None
            seen.add(unit)
            unit = self.parents[unit]
        return unit

    def code(self, slots: Mapping[int, int], n_slots: int, width: int) -> int:
        """Its state; -1 if it is part of no forest of A and C."""
        if any(self.fires[u] != self.fires[v] for u, v in self.parents.items() if v in self.fires):
            return -1
        tops = {unit: self.top(unit) for unit in self.fires}
        roots = [unit for unit, parent in self.parents.items() if parent == "root"]
        if None in tops.values() or len(roots) > 1:
            return -1
        shown = [unit for unit in self.open if unit not in self.settled]
        is_complete = bool(roots) and not any(tops[unit] == "root" for unit in shown)
        if is_complete and any(fires and tops[unit] != "root" for unit, fires in self.fires.items()):
            return -1
        labels = (1 << width - 1) - 1
        code = forests.empty(n_slots, width) | is_complete
        for unit in self.open:
            label = labels - 1 if tops[unit] in ("leak", "root") else slots[tops[unit]]
            entry = self.fires[unit] << width - 1 | label
            if unit in self.settled:
                entry = labels - 2
            code ^= (entry ^ (2 << width - 1) - 1) << slots[unit] * width + 1
        return code


def partial_forest(
    rng: random.Random, fires: Mapping[int, bool], units: Sequence[int], closing: Iterable[int]
) -> Forest:
    """A forest in which some units have chosen; those closing are left or settled if they have."""
    parents: dict[int, Any] = {}
    for unit in rng.sample(units, rng.randint(0, len(units))):
        others = [other for other in units if other != unit and fires[other] == fires[unit]]
        parents[unit] = rng.choice([*others, "root" if fires[unit] else "leak"])
    left = {unit for unit in closing if unit in parents and rng.random() < 0.5}
    settled = {unit for unit in closing if unit in parents and unit not in left and rng.random() < 0.3}
    own = {unit: fires[unit] for unit in units}
    return Forest(own, parents, frozenset(units) - left, frozenset(settled))


@pytest.mark.parametrize("width", [forests.NARROW, forests.WIDE])
def test_merged_states_are_those_of_both_forests(width: int) -> None:
    rng = random.Random(width)
    n_slots, outcomes = 8, Counter[bool]()
    while sum(outcomes.values()) < 4000:
        units = range(rng.randint(1, 7))
        slots = dict(zip(units, rng.sample(range(n_slots), len(units)), strict=True))
        roles = [rng.choice(["first", "second", "both"]) for _ in units]
        pair = []
        share = rng.random()
        fires = {unit: rng.random() < share for unit in units}
        for name in ("first", "second"):
            if rng.random() < 0.05:
                fires = {unit: side ^ (rng.random() < 0.2) for unit, side in fires.items()}
            own = [unit for unit in units if roles[unit] in (name, "both")]
            pair.append(partial_forest(rng, fires, own, [u for u in own if roles[u] == name]))
        first, second = pair
        codes = [forest.code(slots, n_slots, width) for forest in pair]
        if min(codes) < 0:
            continue
        doubled = first.parents.keys() & second.parents.keys()
        both = Forest(
            {**first.fires, **second.fires},
            {**first.parents, **second.parents},
            first.open | second.open,
            first.settled | second.settled,
        )
        differ = any(first.fires[u] != second.fires[u] for u in first.fires.keys() & second.fires.keys())
        expected = -1 if doubled or differ else both.code(slots, n_slots, width)
        shared = [slots[unit] for unit in units if roles[unit] == "both"]
        sides = [forests.sides_in(code, shared, width) for code in codes]
        assert forests.merged(codes[0], codes[1], n_slots, width) == expected, (first, second)
        if sides[0][0] != sides[1][0] or sides[0][1] & sides[1][1]:  # such pairs are not looked at
            assert expected == -1
        outcomes[expected >= 0] += 1
    assert min(outcomes.values()) > 500


Marked = tuple[Forest, int]


def followed(marked: Marked, row: Sequence[Any]) -> list[Marked]:
    """What becomes of a forest in a row of a step, by what the rows are said to do."""
    forest, mask = marked
    what, unit, first, second, third = row
    if what == forests.TAKE:
        return [
            (replace(forest, fires={**forest.fires, unit: side}, open=forest.open | {unit}), mask)
            for side in ([True] if first else [False, True])
        ]
    if what == forests.COUPLE:
        chosen = [(first, unit, second), (unit, first, third)]
        return [marked] + [
            (replace(forest, parents={**forest.parents, child: parent}), mask | 1 << factor)
            for child, parent, factor in chosen
            if factor >= 0 and child not in forest.parents
        ]
    fires = forest.fires[unit]
    if what == forests.ROOT:
        if unit in forest.parents:
            return [marked]
        factor, parent = (first, "root") if fires else (second, "leak")
        if factor < 0:
            return []
        return [(replace(forest, parents={**forest.parents, unit: parent}), mask | 1 << factor)]
    if what == forests.SETTLE:
        if unit not in forest.parents or unit in forest.settled:
            return [marked]
        return [(replace(forest, settled=forest.settled | {unit}), mask | 1 << first if fires else mask)]
    left = replace(forest, open=forest.open - {unit}, settled=forest.settled - {unit})
    return [(left, mask | 1 << first if fires else mask)]


def test_expanded_states_are_those_of_all_forests() -> None:
    rng = random.Random(5)
    n_slots, width, n_long = 7, forests.NARROW, 0
    for _ in range(150):
        units = range(rng.randint(1, 4))
        slots = dict(zip(units, rng.sample(range(n_slots), len(units)), strict=True))
        rows: list[tuple[Any, ...]] = [(forests.TAKE, u, int(rng.random() < 0.2), -1, -1) for u in units]
        n_factors = 2 * len(units)
        for pair in combinations(units, 2):
            if rng.random() < 0.7:
                unit, other = rng.sample(pair, 2)
                ways = rng.choice([(0, 1), (0, -1), (-1, 0)])
                rows.append((forests.COUPLE, unit, other, *(n_factors + w if w >= 0 else -1 for w in ways)))
                n_factors += 2
        for unit in rng.sample(units, len(units)):
            if rng.random() < 0.3:
                rows.append((forests.SETTLE, unit, unit, -1, -1))
            if rng.random() < 0.8:
                root, leak = n_factors, n_factors + 1
                rows.append((forests.ROOT, unit, root, leak if rng.random() < 0.9 else -1, -1))
                n_factors += 2
                if rng.random() < 0.8:
                    rows.append((forests.SETTLE, unit, unit, -1, -1))
                if rng.random() < 0.6:
                    rows.append((forests.LEAVE, unit, unit, -1, -1))
        expected: list[Marked] = [(Forest({}, {}, frozenset()), 0)]
        for row in rows:
            expected = [
                made
                for marked in expected
                for made in followed(marked, row)
                if made[0].code(slots, n_slots, width) >= 0
            ]
        coded = [
            (what, slots[unit], slots[first] if what == forests.COUPLE else first, *rest)
            for what, unit, first, *rest in rows
        ]
        room = 6 ** len(rows)
        codes, masks = [0] * min(room, 10**5), [0] * min(room, 10**5)
        step = tuple(zip(*coded, strict=True))
        count = forests.expanded(forests.empty(n_slots, width), step, codes, masks, n_slots, width)
        found = Counter(zip(codes[:count], masks[:count], strict=True))
        assert found == Counter((forest.code(slots, n_slots, width), mask) for forest, mask in expected)
        n_long += count > 50
    assert n_long > 5


def listed_states(kinds: Kinds) -> int:
    """States of open units, listed: each says what is known of it, and what it says has to make sense."""
    names = [name for name, number in zip(Kinds._fields, kinds, strict=True) for _ in range(number)]
    n = len(names)
    own = [("own", side) for side in (0, 1)]
    rooted = [("rooted", side) for side in (0, 1)]
    below = [("below", unit) for unit in range(n)]
    choices = {
        "both": [*own, *rooted, *below],
        "quiet": [*own, *rooted, *below],
        "heard": [*own, ("settled", 0)],
        "roots": own,
        "single": own,
        "rooted": [*rooted, *below],
    }
    can_have_others = {"both", "heard", "roots"}
    return sum(
        all(
            what != "below" or (names[other] in can_have_others and state[other][0] == "own")
            for what, other in state
        )
        for state in product(*(choices[name] for name in names))
    )


def test_the_number_of_states_is_that_of_a_list() -> None:
    for numbers in product(range(4), repeat=6):
        if sum(numbers) <= 3:
            assert states_of(Kinds(*numbers)) == listed_states(Kinds(*numbers))
    assert states_of(Kinds(both=101)) == float("inf")


# Numbers of lanes


def polynomial_at(coefficients: Any, point: Sequence[int]) -> int:
    return sum(
        int(coefficient) * prod(x**power for x, power in zip(point, powers, strict=True))
        for powers, coefficient in np.ndenumerate(coefficients)
    )


@pytest.mark.parametrize("shape", [(1,), (9,), (3, 4), (2, 1, 5)])
@pytest.mark.parametrize("prime", [101, int(sympy.prevprime(interpolation.BELOW))])
def test_polynomials_are_found_from_their_values(shape: tuple[int, ...], prime: int) -> None:
    rng = random.Random(prime)
    coefficients = np.array([rng.choice([0, rng.randrange(prime), prime - 1]) for _ in range(prod(shape))])
    coefficients = coefficients.reshape(shape)
    values = np.array([polynomial_at(coefficients, point) % prime for point in np.ndindex(*shape)])
    assert (interpolation.interpolated(values.reshape(shape), prime) == coefficients).all()


def edges(prime: int) -> list[int]:
    """Residues at which something might be rounded in the wrong direction."""
    root = int(prime**0.5)
    middle = prime // 2
    return [0, 1, 2, root, root + 1, middle, middle + 1, 2 * prime // 3, prime - root, prime - 2, prime - 1]


@pytest.mark.parametrize("n_lanes", [LANES, FEW_LANES])
def test_rows_of_residues_are_exact(n_lanes: int) -> None:
    """All products and sums of extreme residues, each lane with a prime of its own."""
    from exactav.kernels.compiled import tables as compiled_tables

    primes = modular.primes(1 << 50 * 11, spare=0, below=interpolation.BELOW)[:11]
    primes += [101, 2**31 - 1, int(sympy.prevprime(2**49)), int(sympy.nextprime(2**49)), 1000003]
    primes = primes[-n_lanes:]
    moduli = np.array(primes, dtype=np.float64)
    moduli = np.concatenate([moduli, 1.0 / moduli])
    rng = random.Random(1)
    cases = [list(case) for case in product(range(11), repeat=3)]
    rows = [
        np.array([[edges(p)[case[i]] for p in primes] for case in cases], dtype=np.float64) for i in range(3)
    ]
    rows += [np.array([[rng.randrange(p) for p in primes] for _ in cases], dtype=np.float64)]
    n = len(cases)
    begins, targets = np.arange(n + 1, dtype=np.int64), np.arange(n, dtype=np.int32)
    for third in (2, 3):
        x, y, before = rows[0], rows[1], rows[third]
        result = before.copy().reshape(-1)
        for start in range(0, n, 1000):  # products have 16 bits
            part = slice(start, min(start + 1000, n))
            places = np.arange(part.stop - start, dtype=np.uint16)
            given = begins[: len(places) + 1], targets[: len(places)], places
            out = result[start * n_lanes : part.stop * n_lanes]
            compiled_tables.summed_residues(x[part].reshape(-1), *given, y[part].reshape(-1), out, moduli)
        expected = [
            [(int(a) * int(b) + int(c)) % p for a, b, c, p in zip(*triple, primes, strict=True)]
            for triple in zip(x, y, before, strict=True)
        ]
        assert result.reshape(-1, n_lanes).tolist() == expected
    others, products = np.arange(n, dtype=np.int32)[::-1].copy(), np.zeros(n, dtype=np.uint16)
    for coefficient in ([p - 1 for p in primes], [rng.randrange(p) for p in primes]):
        result = rows[2].copy().reshape(-1)
        tables = rows[0].reshape(-1), begins, targets, others, rows[1].reshape(-1), products
        compiled_tables.multiplied_residues(*tables, np.array(coefficient, dtype=np.float64), result, moduli)
        expected = [
            [
                (int(a) * int(b) * f + int(c)) % p
                for a, b, c, f, p in zip(*row, coefficient, primes, strict=True)
            ]
            for row in zip(rows[0], rows[1][::-1], rows[2], strict=True)
        ]
        assert result.reshape(-1, n_lanes).tolist() == expected


def test_a_product_of_residues_needs_no_more_than_one_prime() -> None:
    """What the kernel does in doubles, in fractions: the quotient is off by less than 1, the rest exact."""

    def doubled(value: Fraction) -> Fraction:
        return Fraction(float(value))  # rounded correctly, as a fused product and sum is

    rng = random.Random(2)
    rounder = Fraction(3 * 2**51)
    for prime in modular.primes(1 << 150, spare=0, below=interpolation.BELOW):
        inverse = Fraction(1.0 / prime)
        values = edges(prime) + [rng.randrange(prime) for _ in range(30)]
        for x, y in product(values, repeat=2):
            high = doubled(Fraction(x * y))
            low = doubled(x * y - high)
            quotient = doubled(doubled(high * inverse + rounder) - rounder)
            rest = doubled(high - quotient * prime)
            assert high + low == x * y
            assert abs(quotient - high / prime) < 1
            assert rest == high - quotient * prime
            assert doubled(rest + low) == rest + low
            assert abs(rest + low) < prime


# Laws by every road


def random_network(rng: random.Random, n: int, decades: int = 0) -> ea.Network:
    """Directed, with self-coupling, zero weights, leaks and drive, of several shapes."""
    while True:
        density = rng.choice([0.1, 0.2, 0.3, 0.5, 0.8])

        def weight(density: float = density) -> Fraction:
            if rng.random() >= density:
                return Fraction(0)
            if decades:
                return Fraction(rng.randint(1, 999), 1000 * 10 ** rng.randint(0, decades))
            return Fraction(rng.randint(1, 5), rng.randint(1, 7))

        rows = [[weight() for _ in range(n)] for _ in range(n)]
        shape = rng.choice(["any", "any", "mutual", "acyclic", "apart", "twins", "alone"])
        rank = rng.sample(range(n), n)
        for i, j in product(range(n), repeat=2):
            if shape == "mutual":
                rows[i][j] = rows[min(i, j)][max(i, j)]
            if (shape == "acyclic" and rank[i] >= rank[j]) or (shape == "apart" and (i + j) % 2):
                rows[i][j] = Fraction(0)
            if shape == "alone" and rank[i] != rank[j] and 0 in (rank[i], rank[j]):
                rows[i][j] = Fraction(0)
        if shape == "twins" and n > 2:
            rows[1] = list(rows[0])
            for row in rows:
                row[1] = row[0]
        leaks = [rng.choice([Fraction(0), Fraction(1, 7), Fraction(1)]) for _ in range(n)]
        thresholds = [sum(row) + s or Fraction(1) for row, s in zip(rows, leaks, strict=True)]
        shares = [rng.randint(0, 2) for _ in range(n)]
        if not any(shares):
            shares[rng.randrange(n)] = 1
        try:
            return ea.Network(rows, thresholds, drive=[Fraction(share, sum(shares)) for share in shares])
        except SingularNetworkError:
            continue


def random_question(rng: random.Random, net: ea.Network) -> Question:
    """All starts or one; all units counted, or some of them, in up to three groups."""
    n = net.n_units
    starts = Starts.of(net, rng.choice([None, None, rng.randrange(n)]))
    counted = rng.sample(range(n), rng.choice([n, n, rng.randint(1, n)]))
    n_groups = rng.randint(1, 3)
    groups = [tuple(counted[a::n_groups]) for a in range(n_groups)]
    return Question(net.system, starts.weights, tuple(filter(None, groups)))


def along(question: Question, order: Sequence[int]) -> Scheme:
    decomposition = Decomposition.of(neighbours_of(question.system.weights), order)
    return scheme_of(Couplings.of(question.system, question.roots), decomposition)


def n_joins(scheme: Scheme) -> int:
    return sum(isinstance(instruction, Join) for instruction in scheme.instructions)


def integers(weights: Mapping[int, Any]) -> dict[int, int]:
    return {number: int(weight) for number, weight in weights.items() if weight}


def check(question: Question, scheme: Scheme, expected: Mapping[int, int]) -> None:
    """Exactly in Python and compiled, and in floating point in both to the bound, which is close."""
    assert integers(frontier.weights_of(question, scheme=scheme)) == expected
    assert integers(lanes.weights_of(question, scheme, HERE)) == expected
    for is_compiled in (False, True):
        check_floats(question, scheme, expected, is_compiled)


def check_floats(question: Question, scheme: Scheme, expected: Mapping[int, int], is_compiled: bool) -> None:
    found, count = frontier.floats(question, scheme, is_compiled, HERE)
    assert count is not None
    assert positive.bound(count) < 1e-11
    assert found.keys() == expected.keys()
    for number, weight in expected.items():
        true = Fraction(weight, int(question.total))
        assert abs(Fraction(found[number]) - true) <= Fraction(positive.bound(count)) * true


@pytest.mark.parametrize("seed", range(12))
def test_any_order_gives_the_law(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small parts are eliminated within others, or joined to them."""
    rng = random.Random(seed)
    joins = 0
    for _ in range(8):
        net = random_network(rng, rng.randint(1, 7), rng.choice([0, 0, 6, 16]))
        question = random_question(rng, net)
        expected = integers(subsets.weights_of(question))
        for replayed in (-1, rng.choice([1, 8])):
            monkeypatch.setattr(outline, "_REPLAYED", replayed)
            scheme = along(question, rng.sample(range(net.n_units), net.n_units))
            joins += n_joins(scheme)
            check(question, scheme, expected)
        assert sum(expected.values()) == question.total
    assert joins


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_any_order_gives_the_law_of_larger_networks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(100 + seed)
    for _ in range(10):
        net = random_network(rng, rng.randint(6, 8), rng.choice([0, 0, 6, 16]))
        question = random_question(rng, net)
        monkeypatch.setattr(outline, "_REPLAYED", rng.choice([-1, 8]))
        scheme = along(question, rng.sample(range(net.n_units), net.n_units))
        check(question, scheme, integers(subsets.weights_of(question)))


def test_sweeps_give_the_law_of_all_forests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed one by one, without anything of the package."""
    monkeypatch.setattr(outline, "_REPLAYED", -1)
    rng = random.Random(3)
    for _ in range(25):
        net = random_network(rng, rng.randint(1, 5))
        rows = [[Fraction(str(w)) for w in row] for row in net.weights.tolist()]
        thresholds, drive = ([Fraction(str(x)) for x in xs] for xs in (net.thresholds, net.drive))
        question = Question.of_sets(net.system, Starts.of(net, None).weights)
        weights = integers(frontier.weights_of(question, scheme=along(question, range(net.n_units))))
        found = {
            frozenset(unit for unit in range(net.n_units) if mask >> unit & 1): Fraction(
                weight, int(question.total)
            )
            for mask, weight in weights.items()
        }
        assert found == oracles.assembly_law_by_listing(rows, thresholds, drive)


def combed(n_middle: int, n_tail: int, ways: str) -> tuple[Question, Scheme]:
    """Two chains whose ends share units: these wait for the join, and are finished there all at once."""
    n = n_middle + 2 * n_tail
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(n))
    for begin in (n_middle, n_middle + n_tail):
        for unit in range(begin, begin + n_tail - 1):
            graph.add_edge(unit, unit + 1, weight=f"1/{2 + unit}")
            graph.add_edge(unit + 1, unit, weight=f"2/{5 + unit}")
        for unit in range(n_middle):
            if "hear" in ways:
                graph.add_edge(begin, unit, weight=f"1/{3 + unit}")
            if "send" in ways:
                graph.add_edge(unit, begin, weight=f"1/{4 + 2 * unit}")
    rows = [[graph.edges[j, i]["weight"] if (j, i) in graph.edges else 0 for j in range(n)] for i in range(n)]
    net = ea.Network(rows, [sum(map(sympy.Rational, row)) + sympy.Rational(1, 7) for row in rows])
    question = Question.of_size(net.system, Starts.of(net, None).weights)
    tails = [range(begin + n_tail - 1, begin - 1, -1) for begin in (n_middle, n_middle + n_tail)]
    return question, along(question, [*tails[0], *tails[1], *range(n_middle)])


@pytest.mark.parametrize(
    ("n_middle", "n_tail", "ways"), [(5, 1, "hear"), (5, 1, "send"), (4, 2, "hear and send"), (7, 1, "hear")]
)
def test_wide_tables_are_joined(
    n_middle: int, n_tail: int, ways: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline, "_REPLAYED", -1)
    question, scheme = combed(n_middle, n_tail, ways)
    assert n_joins(scheme) == 1
    expected = integers(subsets.weights_of(question))
    if n_middle < 6:
        check(question, scheme, expected)
    assert integers(lanes.weights_of(question, scheme, HERE)) == expected
    check_floats(question, scheme, expected, True)


def test_few_lanes_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    question, scheme = grid(3, 4)
    expected = lanes.weights_of(question, scheme, HERE)
    short = replace(Machine.here(), megabytes=2 * scheme.most * 8 * LANES / 1e6)
    assert lanes.lanes_of(scheme, Machine.here()) == LANES
    assert (lanes.lanes_of(scheme, short), lanes.threads_of(scheme, short)) == (FEW_LANES, 1)
    monkeypatch.setattr(Machine, "here", lambda: short)
    assert lanes.weights_of(question, scheme, HERE) == expected


@pytest.mark.parametrize("graph", [nx.dodecahedral_graph(), nx.random_regular_graph(3, 24, seed=1)])
def test_joins_are_not_cheaper_than_they_are(graph: Any) -> None:
    """Pairs of states, also of units that the join finishes, are counted before a scheme is chosen."""
    net = ea.from_networkx(graph, coupling="9/10")
    found = best_sweep(Couplings.of(net.system, Starts.of(net, None).weights))
    assert found is not None
    scheme = found.scheme
    made = sum(change.n_transitions for change in transitions.changes(scheme))
    assert 0.5 < made / scheme.cost < 1.5


def weighted(graph: Any, seed: int) -> ea.Network:
    """A network on a graph, no two units of which are interchangeable."""
    rng, units = random.Random(seed), sorted(graph)
    weights = [[rng.randint(1, 19) if graph.has_edge(i, j) else 0 for j in units] for i in units]
    return ea.Network([[Fraction(9 * w, 10 * sum(row)) for w in row] for row in weights])


@pytest.mark.parametrize(
    "graph",
    [
        *(nx.complete_bipartite_graph(*sizes) for sizes in ((3, 20), (4, 14), (5, 12))),
        nx.complete_graph(7),
        nx.wheel_graph(20),
        nx.balanced_tree(3, 4),
        nx.grid_2d_graph(4, 12),
        nx.karate_club_graph(),
    ],
)
def test_transitions_and_states_are_about_as_many_as_estimated(graph: Any) -> None:
    net = weighted(nx.convert_node_labels_to_integers(graph), 1)
    couplings = Couplings.of(net.system, Starts.of(net, None).weights)
    for order in (range(net.n_units - 1, -1, -1), range(net.n_units)):
        scheme = scheme_of(couplings, Decomposition.of(couplings.neighbours, order))
        if max(scheme.cost, scheme.most) < 1e6:
            found = list(transitions.changes(scheme))
            assert 0.5 < sum(change.n_transitions for change in found) / scheme.cost < 2
            assert 0.5 < max(change.n_states for change in found) / scheme.most < 2
    sweep = best_sweep(couplings)
    assert sweep is not None
    best = sweep.scheme
    made = sum(change.n_transitions for change in transitions.changes(best))
    assert 0.5 < made / best.cost < 2


def test_tables_that_outgrow_the_memory_are_refused() -> None:
    _, scheme = grid(4, 5)
    with pytest.raises(TooCostlyError, match="outgrown"):
        list(transitions.changes(scheme, megabytes=0.001))


@pytest.mark.slow
def test_twelve_open_units_in_compiled_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "_REPLAYED", -1)
    question, scheme = combed(11, 1, "hear")
    assert scheme.n_slots == forests.MOST_SLOTS
    expected = integers(subsets.weights_of(question))
    assert integers(lanes.weights_of(question, scheme, HERE)) == expected


def test_steps_have_few_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code has a table of all masks of a step."""
    monkeypatch.setattr(outline, "_REPLAYED", -1)
    _, scheme = combed(11, 2, "hear and send")
    steps = [
        instruction.step if isinstance(instruction, Join) else instruction
        for instruction in scheme.instructions
        if isinstance(instruction, Step | Join)
    ]
    assert max(len(step.factors) for step in steps) <= 18


@pytest.mark.parametrize("n_leaves", [11, 14, 40])
def test_many_slots(n_leaves: int) -> None:
    """A star whose centre goes first: compiled code has room for twelve slots, Python for hundreds."""
    rows: list[list[Any]] = [[0] * (n_leaves + 1) for _ in range(n_leaves + 1)]
    for leaf in range(1, n_leaves + 1):
        rows[0][leaf] = Fraction(1, 2 * n_leaves + leaf % 3)
        rows[leaf][0] = Fraction(1, 2 + leaf % 2)
    net = ea.Network(rows)
    question = Question.of_size(net.system, Starts.of(net, None).weights)
    scheme = along(question, range(n_leaves + 1))
    assert scheme.n_slots == n_leaves + 1
    expected = integers(frontier.weights_of(question))
    assert sum(expected.values()) == question.total
    assert integers(frontier.weights_of(question, scheme=scheme)) == expected
    check_floats(question, scheme, expected, False)
    if n_leaves < forests.MOST_SLOTS:
        check(question, scheme, expected)


def test_symbols_and_algebraic_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = sympy.symbols("a b", positive=True)
    pools: list[list[Any]] = [[a, b, a * b, a + 1], [sympy.sqrt(2), sympy.sqrt(2) / 3 + 1, "1/2"], [a, "1/2"]]
    rng = random.Random(4)
    for trial in range(12):
        pool = pools[trial % 3]
        n = rng.randint(2, 4)
        rows = [[rng.choice(pool) if rng.random() < 0.5 else 0 for _ in range(n)] for _ in range(n)]
        leaks = [rng.choice([0, pool[0], 1]) if unit else 1 for unit in range(n)]
        thresholds = [sum(map(sympy.sympify, row)) + s or 1 for row, s in zip(rows, leaks, strict=True)]
        try:
            net = ea.Network(rows, thresholds)
        except ExactavError:
            continue
        question = random_question(rng, net)
        monkeypatch.setattr(outline, "_REPLAYED", rng.choice([-1, 8]))
        found = frontier.weights_of(question, scheme=along(question, rng.sample(range(n), n)))
        assert found == {number: w for number, w in subsets.weights_of(question).items() if w}


def test_pieces_that_do_not_meet() -> None:
    """A question that nobody has taken apart, with units that nobody is coupled to."""
    graph = nx.union_all([nx.path_graph(range(4)), nx.cycle_graph(range(4, 8)), nx.empty_graph(range(8, 10))])
    rows = [[Fraction(1, 3 + i + j) if graph.has_edge(i, j) else 0 for j in range(10)] for i in range(10)]
    net = ea.Network(rows)
    question = Question(net.system, Starts.of(net, None).weights, ((0, 5, 8), (1, 4, 9)))
    check(question, along(question, [3, 8, 5, 1, 9, 0, 7, 2, 6, 4]), integers(subsets.weights_of(question)))


def completable(scheme: Scheme) -> tuple[list[Any], list[set[int]]]:
    """All changes of a scheme, and after each the states of its table that a complete A follows from."""
    changes: list[Any] = list(transitions.changes(scheme))
    stack: list[int] = []
    parents: list[list[int]] = []  # which changes made the tables that a change takes
    for place, change in enumerate(changes):
        taken = 0 if isinstance(change, transitions.Began) else 1 + isinstance(change, transitions.Pairs)
        parents.append([stack.pop() for _ in range(taken)][::-1])
        stack.append(place)
    alive: list[set[int]] = [set() for _ in changes]
    end = changes[-1]
    alive[parents[-1][0]].add(end.place)
    for place in range(len(changes) - 2, -1, -1):
        change = changes[place]
        if isinstance(change, transitions.Began):
            continue
        for old in range(len(change.begins) - 1):
            for k in range(change.begins[old], change.begins[old + 1]):
                if int(change.targets[k]) in alive[place]:
                    alive[parents[place][0]].add(old)
                    if isinstance(change, transitions.Pairs):
                        alive[parents[place][1]].add(int(change.others[k]))
    return changes, alive


def test_blocks_of_packed_integers_do_not_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """No coefficient of a state that counts is above the total, in any table."""
    rng = random.Random(6)
    for _ in range(15):
        net = random_network(rng, rng.randint(4, 6))
        question = random_question(rng, net)
        monkeypatch.setattr(outline, "_REPLAYED", rng.choice([-1, 8]))
        scheme = along(question, rng.sample(range(net.n_units), net.n_units))
        changes, alive = completable(scheme)
        values = InRing(question)
        stack: list[Any] = []
        for place, change in enumerate(changes[:-1]):
            if isinstance(change, transitions.Began):
                stack.append([values.one()])
                continue
            second = stack.pop() if isinstance(change, transitions.Pairs) else None
            first = stack.pop()
            result: list[Any] = [{} for _ in range(change.n_states)]
            for old, value in enumerate(first):
                for k in range(change.begins[old], change.begins[old + 1]):
                    made = value if second is None else values.multiplied(value, second[change.others[k]])
                    made = values.scaled(made, values.factor(change.factors[change.products[k]]))
                    result[change.targets[k]] = values.added(result[change.targets[k]], made)
            stack.append(result)
            assert all(
                coefficient <= question.total and number < question.n_outcomes
                for state in alive[place]
                for number, coefficient in result[state].items()
            )
        (last,) = stack
        assert last[changes[-1].place] == Run(scheme, values).result()


# Floating point at its ends


def test_floats_far_apart_are_right_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "_REPLAYED", -1)
    rng = random.Random(7)
    refused = kept = 0
    for decades in (30, 60, 100, 130, 160) * 3:
        net = random_network(rng, 6, decades)
        question = random_question(rng, net)
        expected = integers(subsets.weights_of(question))
        scheme = along(question, rng.sample(range(6), 6))
        for is_compiled in (False, True):
            try:
                check_floats(question, scheme, expected, is_compiled)
                kept += 1
            except FloatRangeError:
                refused += 1
    assert kept > 3
    assert refused > 3


def test_long_tables_are_scaled() -> None:
    """Weights of which products of hundreds would underflow, on a ladder and on a tree of joins."""
    graphs: list[Any] = [nx.ladder_graph(40), nx.random_labeled_tree(60, seed=2)]
    for graph in graphs:
        net = ea.from_networkx(graph, coupling="1/1000")
        question = Question.of_size(net.system, Starts.of(net, 0).weights)
        found = best_sweep(Couplings.of(net.system, question.roots))
        assert found is not None
        scheme = found.scheme
        weights = integers(frontier.weights_of(question, scheme=scheme))
        assert sum(weights.values()) == question.total
        for is_compiled in (False, True):
            check_floats(question, scheme, weights, is_compiled)


# How it is run


def grid(n_rows: int, n_columns: int) -> tuple[Question, Scheme]:
    net = ea.from_networkx(nx.grid_2d_graph(n_rows, n_columns), coupling="9/10")
    question = Question.of_size(net.system, Starts.of(net, None).weights)
    found = best_sweep(Couplings.of(net.system, question.roots))
    assert found is not None
    return question, found.scheme


def test_lanes_are_killed_and_resumed(tmp_path: Path) -> None:
    question, scheme = grid(4, 6)
    expected = lanes.weights_of(question, scheme, HERE)
    assert sum(expected.values()) == question.total
    path = tmp_path / "run.checkpoint"

    class Killed(Exception):  # noqa: N818 (it stands for a kill)
        pass

    def stop(share: float) -> None:
        if share > 0.5:
            raise Killed

    with pytest.raises(Killed):
        lanes.weights_of(question, scheme, Running(checkpoint=Checkpoint(path, "it"), progress=stop))
    told: list[float] = []
    running = Running(checkpoint=Checkpoint(path, "it"), progress=told.append)
    assert lanes.weights_of(question, scheme, running) == expected
    assert told[0] > 0.5
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_lanes_by_any_executor(keeps: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether transitions are kept in memory or found anew for each block, with progress that grows to 1."""
    question, scheme = grid(4, 5)
    expected = integers(frontier.weights_of(question, scheme=scheme))
    found: list[Scheme] = []

    def changes(scheme: Scheme, *limits: Any) -> Any:
        found.append(scheme)
        return transitions.changes(scheme, *limits)

    monkeypatch.setattr(lanes, "changes", changes)
    if not keeps:
        monkeypatch.setattr(lanes, "_KEPT", 0.0)
    with ThreadPoolExecutor(3) as executor:
        for given in (None, executor):
            told: list[float] = []
            assert (
                integers(lanes.weights_of(question, scheme, Running(given, progress=told.append))) == expected
            )
            assert told == sorted(told)
            assert told[-1] == 1
    assert (len(found) == 2) == keeps
    assert not lanes._programs


@pytest.mark.slow
def test_lanes_in_processes() -> None:
    question, scheme = grid(4, 5)
    with workers.processes(2) as executor:
        assert lanes.weights_of(question, scheme, Running(executor)) == lanes.weights_of(
            question, scheme, HERE
        )


def test_memory_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is too small is told before the run, and one that becomes so in it, on every road."""
    question, scheme = grid(4, 5)
    roads: list[Callable[[Running], object]] = [
        lambda running: frontier.weights_of(question, running, scheme=scheme),
        lambda running: lanes.weights_of(question, scheme, running),
        lambda running: frontier.floats(question, scheme, True, running),
        lambda running: frontier.floats(question, scheme, False, running),
    ]
    for road in roads:
        lanes._programs.clear()
        with pytest.raises(TooCostlyError, match="more than is left"):
            road(Running(memory=Memory(1, 1.0)).part(0.0, 1.0))
    small = replace(Machine.here(), megabytes=30.0)
    monkeypatch.setattr(Machine, "here", classmethod(lambda cls: small))
    net = ea.from_networkx(nx.grid_2d_graph(5, 7), coupling="9/10")
    with pytest.raises(TooCostlyError, match="more than this machine has"):
        ea.size_law(net, method="frontier")


@pytest.mark.slow
def test_compiled_code_follows_its_sources(tmp_path: Path) -> None:
    """Also if only a file has changed of which compiled functions of another one are made."""
    package = Path(ea.__file__).parent
    shutil.copytree(package, tmp_path / "exactav", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import numpy as np; from exactav.kernels import forests;"
        "from exactav.kernels.compiled import states;"
        "rows = tuple(np.array([n]) for n in (forests.TAKE, 0, 0, -1, -1));"
        "code = np.array([forests.empty(1, forests.NARROW)]);"
        "print(len(states.stepped(code, rows, np.full(1, -1), 1, 2, 9, 9)[0]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    path = tmp_path / "exactav" / "kernels" / "forests.py"
    line = "if first == 0 and not bare & 1:"
    assert line in path.read_text()
    for said, changed in (("2", line), ("1", "if first == 0 and bare & 1:")):
        path.write_text(path.read_text().replace(line, changed))
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=tmp_path
        )
        assert done.stdout.strip() == said, done.stderr


def test_ctrl_c_in_compiled_code_is_no_other_error() -> None:
    """What numba makes of it as compiled code returns, however often it is wrapped."""
    for depth in (1, 3):
        error: BaseException = KeyboardInterrupt()
        for _ in range(depth):
            wrapped = SystemError("returned a result with an exception set")
            wrapped.__cause__ = error
            error = wrapped
        with pytest.raises(KeyboardInterrupt), loading.interruptible():
            raise error
    with pytest.raises(SystemError, match="another"), loading.interruptible():
        raise SystemError("another")


def test_compiled_calls_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C waits for one of them at most."""
    net = ea.from_networkx(nx.grid_2d_graph(4, 6), coupling="9/10")
    question = question_of(net, None, [net.labels])
    found = best_sweep(Couplings.of(question.system, question.roots))
    assert found is not None
    scheme = found.scheme
    whole = lanes.weights_of(question, scheme, HERE)
    monkeypatch.setattr(lanes, "_PIECE", 7)
    assert lanes.weights_of(question, scheme, HERE) == whole == frontier.weights_of(question, scheme=scheme)


@pytest.mark.parametrize("seed", range(5))
def test_scores_of_units_are_their_degree_and_what_their_elimination_adds(seed: int) -> None:
    graph = nx.gnp_random_graph(12, 0.4, seed=seed)
    neighbours = {unit: set(graph[unit]) for unit in graph}
    for unit in graph:
        pairs = itertools.combinations(graph[unit], 2)
        added = sum(not graph.has_edge(*pair) for pair in pairs)
        assert FILL.of(neighbours, unit) == added + graph.degree(unit) / 1000
        assert DEGREE.of(neighbours, unit) == graph.degree(unit)
