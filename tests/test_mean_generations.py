"""Mean generations against the dynamics and the law of patterns, and ways to add up paths against others.

Networks of ways that need a structure are random within it: zero weights, one-way couplings, several parts.
"""

import random
from collections import Counter
from fractions import Fraction
from types import ModuleType
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings
from test_sampling import wild

import exactav as ea
from exactav.engines.paths import counts, plan, question, rings, sets, trees
from exactav.errors import CheckFailedError, OptionError, TooCostlyError, UnknownUnitError
from exactav.laws import generations
from exactav.laws.starts import Starts

Rows = list[list[Fraction]]


def network(weights: Rows, rng: random.Random) -> ea.Network:
    """With self-coupling, uneven leaks and drive, some units not driven."""
    n = len(weights)
    for i in range(n):
        weights[i][i] = Fraction(rng.randint(0, 2), 3)
    leaks = [Fraction(rng.randint(1, 4), 3) for _ in range(n)]
    shares = [1, *(rng.randint(0, 3) for _ in range(n - 1))]
    drive = [Fraction(share, sum(shares)) for share in shares]
    return ea.Network(weights, [sum(r) + s for r, s in zip(weights, leaks, strict=True)], drive=drive)


def tree(rng: random.Random) -> ea.Network:
    n = rng.randint(1, 9)
    weights = [[Fraction(0)] * n for _ in range(n)]
    for i in range(1, n):
        j = rng.randrange(i)
        if rng.random() < 0.9:
            weights[i][j], weights[j][i] = Fraction(rng.randint(0, 3), 5), Fraction(rng.randint(0, 2), 7)
    return network(weights, rng)


def ring(rng: random.Random) -> ea.Network:
    n = rng.randint(3, 7)
    weights = [[Fraction(0)] * n for _ in range(n)]
    for i in range(n):
        weights[(i + 1) % n][i], weights[i - 1][i] = (
            Fraction(rng.randint(0, 4), 5),
            Fraction(rng.randint(1, 2), 7),
        )
    return network(weights, rng)


def populations(rng: random.Random) -> ea.Network:
    sizes = [rng.randint(1, 3) for _ in range(rng.randint(1, 3))]
    weights = [[sympy.Rational(rng.randint(0, 3), 40) for _ in sizes] for _ in sizes]
    return ea.families.populations(sizes, weights)


def by_way(net: ea.Network, start: int | None, up_to: int, way: Any) -> list[sympy.Rational]:
    asked = question.PathQuestion(net.system, Starts.of(net, start).weights, up_to)
    made = way(asked)
    means = [sympy.Rational(int(above), int(below)) for above, below in made.run()]
    while not means[-1]:
        means.pop()
    return means


@pytest.mark.parametrize(("module", "make"), [(trees, tree), (rings, ring), (counts, populations)])
def test_ways_agree(module: ModuleType, make: Any) -> None:
    applied = 0
    for seed in range(12):
        net = make(random.Random(seed))
        for start in (None, net.n_units - 1):
            for up_to in (1, 2, 3, net.n_units):
                if module.way(question.PathQuestion(net.system, {}, up_to)) is None:
                    continue
                applied += 1
                wanted = by_way(net, start, up_to, lambda asked: sets.way(asked, 1e9))
                assert by_way(net, start, up_to, module.way) == wanted
    assert applied > 40


@settings(max_examples=15)
@given(strategies.integer_networks(max_units=4, max_volume=60))
def test_means_are_those_of_the_dynamics(data: Any) -> None:
    """Counted over all recurrent states, and all starts weighted by how often they set off an avalanche."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive, increment=1)
    overall: Counter[int] = Counter()
    for start in data.driven:
        patterns = oracles.count_patterns(data.weights, data.thresholds, start)
        patterns.pop((), None)
        sums = [sum(c * len(p[d]) for p, c in patterns.items() if d < len(p)) for d in range(len(data.leak))]
        means = ea.mean_generations(net, start, len(data.leak))
        assert list(means) == [sympy.Rational(s, patterns.total()) for s in sums]
        assert ea.branching_ratio(net, start) == ea.mean_second_generation(net, start) == (*means, 0)[1]
        for d, s in enumerate(sums):
            overall[d] += data.drive[start] * s
    wanted = [Fraction(overall[d]) / overall[0] for d in range(len(data.leak))]
    means = ea.mean_generations(net, None, len(data.leak))
    assert [Fraction(str(mean)) for mean in means] == wanted
    assert ea.branching_ratio(net) == (*means, 0)[1]


@pytest.mark.parametrize("seed", range(5))
def test_means_are_those_of_the_law_of_patterns(seed: int) -> None:
    net = wild(seed, 3 + seed % 3)
    for start in (None, 0):
        law = ea.pattern_law(net, start)
        means = ea.mean_generations(net, start, up_to=None)
        longest = max(map(len, law))
        assert len(means) == longest
        for d in range(longest):
            assert means[d] == sum(p * len(pattern[d]) for pattern, p in law.items() if d < len(pattern))
        assert sum(means) == ea.mean_size(net, start)
        assert ea.mean_generations(net, start) == (*means, 0, 0, 0)[:3]
        assert ea.mean_generations(net, start, 7) == (*means, *[0] * 7)[:7]


def test_generations_that_never_come_are_left_out() -> None:
    net = ea.Network(
        [[0, 0, 0], ["1/2", 0, 0], [0, 0, 0]]
    )  # three units, but no avalanche of three generations
    assert ea.mean_generations(net, 0, up_to=None) == (1, sympy.Rational(1, 2))
    assert ea.mean_generations(net, 1, up_to=None) == (1,)
    assert ea.mean_generations(net, 1, up_to=3) == (1, 0, 0)


def test_symbols_and_roots() -> None:
    alpha = sympy.Symbol("alpha")
    for net in (ea.families.homogeneous(4, alpha), ea.families.line(4, alpha), ea.families.ring(5, alpha)):
        means = ea.mean_generations(net, up_to=None)
        assert sympy.cancel(sum(means) - ea.mean_size(net)) == 0
        assert [sympy.cancel(m.subs(alpha, sympy.Rational(1, 3))) for m in means] == list(
            ea.mean_generations(net.at({alpha: "1/3"}), up_to=None)
        )
    free = ea.Network([[0, "a", "b"], ["c", 0, "d"], ["e", "f", 0]])
    c, d, e, f = sympy.symbols("c d e f")
    (_, second, third) = ea.mean_generations(free, 0)
    assert sympy.cancel(second - (c + e) / (1 - d * f)) == 0
    assert sympy.cancel(third - (c * f + d * e) / (1 - d * f)) == 0
    irrational = ea.Network([[0, sympy.sqrt(2) / 3], ["1/4", "1/5"]])
    assert ea.mean_generations(irrational, 0, None) == (1, sympy.Rational(5, 16))
    assert ea.mean_generations(ea.Network([["1/3"]]), up_to=None) == (1,)


def test_large_networks() -> None:
    """Against laws of sizes, the formula of the second generation, and samples."""
    for net in (
        ea.families.ring(70, "9/10"),
        ea.families.line(70, "9/10"),
        ea.families.homogeneous(70, "9/10"),
    ):
        means = ea.mean_generations(net, up_to=None)
        assert sum(means) == ea.size_law(net).mean()
    dense = wild(1, 30)
    means = ea.mean_generations(dense, 0)
    assert means[1] == ea.mean_second_generation(dense, 0)
    sample = ea.sample_patterns(dense, 4000, 0, seed=1).mean_shape(confidence=0.99999)
    assert sample[2].low < means[2] < sample[2].high


def test_costs_and_wrong_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    net = wild(2, 26)
    with monkeypatch.context() as patched:
        patched.setattr(sets, "_run", lambda asked: pytest.fail("paths before the refusal"))
        with pytest.raises(TooCostlyError, match=r"up_to.*sample_patterns"):
            ea.mean_generations(net, up_to=None, max_cost=10)
        with pytest.raises(TooCostlyError):
            ea.mean_generations(net, up_to=8, max_cost=0.001)
    with pytest.raises(TooCostlyError, match=r"4 generations would take about .* by rings, more than"):
        ea.mean_generations(ea.families.ring(300, "1/2"), up_to=4, max_cost=0.001)
    symbols = [[f"w_{i}_{j}" if i != j else 0 for j in range(9)] for i in range(9)]
    with pytest.raises(TooCostlyError):
        ea.mean_generations(ea.Network(symbols), 0, None)
    for bad in (0, -1, 2.0, True, "3"):
        given_: Any = bad
        with pytest.raises(OptionError, match="up_to = "):
            ea.mean_generations(net, up_to=given_)
    with pytest.raises(OptionError, match="max_cost"):
        ea.mean_generations(net, max_cost=-1)
    with pytest.raises(UnknownUnitError):
        ea.mean_generations(net, "x")
    with pytest.raises(UnknownUnitError):
        ea.branching_ratio(net, "x")


def test_wrong_sums_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    net = wild(2, 4)
    right = plan.path_sums

    def wrong(asked: Any, max_cost: float) -> Any:
        return [*right(asked, max_cost)[:-1], (1, 1000)]

    monkeypatch.setattr(generations, "path_sums", wrong)
    with pytest.raises(CheckFailedError, match="avalanches others"):
        ea.mean_generations(net, 0, None)
    monkeypatch.setattr(generations, "path_sums", lambda asked, max_cost: [(1, 2)])
    with pytest.raises(CheckFailedError, match="the first generation has 1/2 units"):
        ea.mean_generations(net, 0, 1)
