"""Sizes told apart up to some number: against the whole law, oracles, other engines and known limits."""

import json
import operator
import pickle
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.command.cli import main
from exactav.engines.small import exact as small_exact
from exactav.engines.small import floats as small_floats
from exactav.engines.small import sums as small
from exactav.engines.small.question import SmallQuestion
from exactav.errors import (
    CheckpointError,
    FloatRangeError,
    MissingIncrementError,
    NotRationalError,
    OptionError,
    TooCostlyError,
    UndecidedError,
    UnknownOutcomeError,
)
from exactav.kernels import small_sets
from exactav.kernels.machine import Machine
from exactav.laws.starts import Starts
from exactav.running.tasks import HERE

few = settings(max_examples=20)


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive)


def question_of(net: ea.Network, up_to: int) -> SmallQuestion:
    return SmallQuestion(net.system, Starts.of(net, None).weights, up_to)


def fraction(number: Any) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def truncated(law: ea.SizeLaw, up_to: int) -> dict[Any, sympy.Rational]:
    """What a law tells of sizes up to some number, and of larger ones."""
    found: dict[Any, Any] = {size: p for size, p in law.items() if size <= up_to}
    larger = law.sf(up_to)
    return found | ({ea.MoreThan(up_to): larger} if larger else {})


def check_rounded(rounded: ea.SizeLaw, exact: ea.SizeLaw) -> None:
    assert list(rounded) == list(exact)
    bound = Fraction(rounded.error_bound)
    for outcome, p in exact.items():
        assert abs(Fraction(float(rounded[outcome])) - fraction(p)) <= bound * fraction(p)


@few
@given(strategies.rational_networks(max_units=6))
def test_it_is_the_whole_law_as_far_as_it_goes(data: Any) -> None:
    """On asymmetric networks with self-coupling, zero weights and leaks, thresholds and drive uneven."""
    net = network(data)
    for start in (None, next(net.labels[k] for k in data.driven)):
        whole = ea.size_law(net, start)
        for up_to in (1, 2, net.n_units, net.n_units + 2):
            law = ea.size_law(net, start, up_to=up_to)
            assert isinstance(law, ea.TruncatedSizeLaw)
            assert law.pmf() == truncated(whole, up_to)
            assert sum(law.values()) == 1
            try:
                rounded = ea.size_law(net, start, up_to=up_to, arithmetic="float")
            except UndecidedError:  # nothing is left over, and rounding cannot tell
                assert whole.sf(up_to) == 0
                continue
            check_rounded(rounded, law)
            assert rounded.error_bound < 1e-11


@few
@given(strategies.integer_networks(max_units=4, max_volume=200))
def test_it_is_the_law_by_listing_all_forests(data: Any) -> None:
    law = oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive)
    sizes = oracles.push_forward(law, len)
    for size, p in ea.size_law(network(data), up_to=2).items():
        expected = sizes[size] if size in (1, 2) else sum(p for n, p in sizes.items() if n > 2)
        assert fraction(p) == expected


@few
@given(strategies.rational_networks(max_units=5))
def test_compiled_and_plain_numbers_are_the_same(data: Any) -> None:
    question = question_of(network(data), 4)
    exact = small_exact.in_ring(question, HERE)
    weights = {size: weight for size, weight in exact[0].items() if weight}
    for compiles in (False, True):
        assert small_exact.by_residues(question, HERE, compiles=compiles) == (weights, exact[1])
    try:
        plain, fast = (small_floats.probabilities(question, HERE, compiles=c) for c in (False, True))
    except UndecidedError:
        return
    assert plain.by_size == pytest.approx(fast.by_size, rel=1e-12)
    assert plain.roundings == pytest.approx(fast.roundings, rel=0.1)


def test_primes_that_divide_the_determinant_are_left_out() -> None:
    """det M is 2^31 - 1, the first prime that is tried."""
    net = ea.Network([[0, 1], [1, 0]], [2, 2**30], drive=["1/3", "2/3"])
    assert net.volume() == 2**31 - 1
    question = question_of(net, 1)
    for compiles in (False, True):
        assert small_exact.by_residues(question, HERE, compiles=compiles) == small_exact.in_ring(
            question, HERE
        )
    law = ea.size_law(net)
    assert ea.size_law(net, up_to=1).pmf() == truncated(law, 1)


def minor(rows: Sequence[Sequence[Any]], units: Sequence[int], others: Sequence[int]) -> list[list[Any]]:
    return [[rows[i][j] for j in others] for i in units]


def inverse(rows: Sequence[Sequence[Any]]) -> list[list[Fraction]]:
    """By Cramer's rule."""
    n, whole = range(len(rows)), oracles.determinant(rows)
    return [
        [
            (-1) ** (i + j)
            * oracles.determinant(minor(rows, [k for k in n if k != j], [k for k in n if k != i]))
            / whole
            for j in n
        ]
        for i in n
    ]


@few
@given(strategies.rational_networks(max_units=5))
def test_a_forest_weight_is_local(data: Any) -> None:
    """f(C) / det M = det G_AA det(I - (G_BB - G_BA G_AA^-1 G_AB) diag(w_B)), in fractions, for every set."""
    G, n, W = inverse(data.matrix), len(data.leak), data.weights
    for mask in range(1, 2**n):
        A = [i for i in range(n) if mask >> i & 1]
        B = [i for i in range(n) if i not in A and any(W[i][j] for j in A)]
        w = [sum(W[b][a] for a in A) for b in B]
        inner = inverse(minor(G, A, A))
        killed = [
            [
                G[b][c]
                - sum(G[b][A[i]] * inner[i][j] * G[A[j]][c] for i in range(len(A)) for j in range(len(A)))
                for c in B
            ]
            for b in B
        ]
        rows = [[(i == j) - killed[i][j] * w[j] for j in range(len(B))] for i in range(len(B))]
        local = oracles.determinant(minor(G, A, A)) * oracles.determinant(rows)
        others = [i for i in range(n) if i not in A]
        forests = [
            [data.leak[i] + sum(W[i][m] for m in others if m != i) if i == j else -W[i][j] for j in others]
            for i in others
        ]
        assert local == oracles.determinant(forests) / data.volume


@few
@given(strategies.rational_networks(max_units=6))
def test_sets_are_listed_once_and_counted(data: Any) -> None:
    question = question_of(network(data), 4)
    starts, units = list(question.roots), range(len(data.weights))
    listing = question.listing(starts, 0, len(starts))
    found = [
        tuple(unit for unit in row if unit >= 0)
        for sets in small_sets.listed(question.links, listing, compiles=False)
        for row in sets.tolist()
    ]
    by_start = {(found_set[0], frozenset(found_set)) for found_set in found}
    assert len(by_start) == len(found)
    W = data.weights
    expected = set()
    for start in starts:
        for mask in range(2 ** len(units)):
            members = {i for i in units if mask >> i & 1}
            if start in members and len(members) <= 4:
                reached = {start}
                while more := {i for i in members - reached if any(W[i][j] for j in reached)}:
                    reached |= more
                if reached == members and not (
                    question.is_mutual and members & set(starts[: starts.index(start)])
                ):
                    expected.add((start, frozenset(members)))
    assert by_start == expected
    n_sets, cubes = small_sets.counted(question.links, listing, inf)
    assert n_sets == len(found)
    assert cubes >= n_sets
    assert small_sets.counted(question.links, listing, 0.0)[0] <= n_sets


def square(n: int) -> ea.Network:
    """An open square, whose units leak at the rim alone."""
    pairs = nx.grid_2d_graph(n, n).edges
    weights = {edge: "1/4" for i, j in pairs for edge in ((i, j), (j, i))}
    return ea.Network.from_edges(weights)


def test_sets_that_cut_others_off_from_all_leak_weigh_nothing() -> None:
    net = square(4)
    exact = ea.size_law(net, up_to=5)
    assert exact.pmf() == truncated(ea.size_law(net), 5)
    check_rounded(ea.size_law(net, up_to=5, arithmetic="float"), exact)
    # the unit in the corner has no leak of its own: both its neighbours cut it off
    corner = ea.Network.from_entries(4, {(0, 1): "1/2", (0, 2): "1/2", (1, 0): "1/4", (2, 0): "1/4"})
    question = question_of(corner, 3)
    assert question.has_no_forest([1, 2])
    assert not question.has_no_forest([1, 3])


@pytest.mark.slow
def test_large_networks_have_the_limits_that_are_known() -> None:
    """Of the square lattice from elliptic integrals; a torus is exponentially close to it."""
    torus = ea.families.torus(36, 36, "9/10", "von_neumann")
    law = ea.size_law(torus, up_to=2, arithmetic="float")
    assert abs(law[1] - 0.25609630230757557) < 1e-11
    assert law.error_bound < 1e-12
    ring = ea.size_law(ea.families.ring(400, "9/10"), up_to=8, arithmetic="float")
    short = ea.size_law(ea.families.ring(60, "9/10"))
    for size in range(1, 9):  # a ring of 60 is exponentially close to the line
        assert abs(ring[size] - float(short[size])) < 1e-9
    assert ring.sf(8) == ring["> 8"]


@pytest.mark.slow
def test_the_torus_of_the_paper_and_a_ring_of_thousands() -> None:
    moore = ea.families.torus(50, 50, "9874725997/10000000000")
    law = ea.size_law(moore, up_to=3, arithmetic="float")
    assert abs(law[1] - 0.203914) < 1e-6
    assert law.error_bound < 1e-12
    long, short = (ea.size_law(ea.families.ring(n, "9/10"), up_to=8, arithmetic="float") for n in (2000, 500))
    assert all(abs(long[size] - p) < 1e-12 for size, p in short.items())


def test_a_ring_of_hundreds_is_exact() -> None:
    net = ea.families.ring(150, "7/8")
    assert ea.size_law(net, up_to=6).pmf() == truncated(ea.size_law(net), 6)


def test_directed_and_random_graphs() -> None:
    graph = nx.gnp_random_graph(14, 0.2, seed=5, directed=True)
    net = ea.from_networkx(graph, coupling="9/10")
    law = ea.size_law(net, up_to=4)
    assert law.pmf() == truncated(ea.size_law(net), 4)
    check_rounded(ea.size_law(net, up_to=4, arithmetic="float"), law)
    layers = ea.families.feedforward([3, 4, 2], "9/10")
    assert ea.size_law(layers, up_to=9).mean() == ea.size_law(layers).mean()


@pytest.mark.parametrize("leak", ["1/1000", "1/1000000", "1/10000000000"])
def test_networks_close_to_critical_keep_their_digits(leak: str) -> None:
    alpha = 1 - sympy.Rational(leak)
    for net in (ea.families.ring(40, alpha), ea.families.torus(5, 6, alpha, "von_neumann")):
        rounded = ea.size_law(net, up_to=4, arithmetic="float")
        check_rounded(rounded, ea.size_law(net, up_to=4))
        assert rounded.error_bound < (1e-6 if leak.endswith("0" * 10) else 1e-11)


def test_symbols_and_roots() -> None:
    alpha = sympy.Symbol("alpha")
    net = ea.families.ring(5, alpha)
    law = ea.size_law(net, up_to=2)
    assert law.at(alpha="4/5") == ea.size_law(ea.families.ring(5, "4/5"), up_to=2)
    assert sympy.cancel(law.sf(2) - ea.size_law(net).sf(2)) == 0
    with pytest.raises(UndecidedError, match="not told apart"):
        law.mean()
    irrational = ea.families.ring(4, "sqrt(2)/2")
    assert ea.size_law(irrational, up_to=2).pmf() == truncated(ea.size_law(irrational), 2)
    with pytest.raises(NotRationalError, match="floats need rational weights"):
        ea.size_law(net, up_to=2, arithmetic="float")


LAWS = [
    ea.size_law(ea.families.ring(12, "4/5"), up_to=4),
    ea.size_law(ea.families.ring(12, "4/5"), up_to=4, arithmetic="float"),
]
WHOLE = ea.size_law(ea.families.ring(12, "4/5"))


@pytest.mark.parametrize("law", LAWS, ids=["exact", "float"])
def test_what_needs_larger_sizes_is_refused(law: Any) -> None:
    questions = [
        law.mean,
        law.variance,
        law.std,
        law.skewness,
        law.kurtosis,
        lambda: law.moment(2),
        lambda: law.factorial_moment(2),
        lambda: law.cumulant(3),
        lambda: law.pgf("1/2"),
        lambda: law.expectation(lambda size: size),
        lambda: law.cdf(5),
        lambda: law.sf(7),
        lambda: law.quantile("99/100"),
        lambda: law[5],
        lambda: 5 in law,
        lambda: law.probability(lambda size: size == 6),
        lambda: law.probability(lambda size: size < 7),
        lambda: law.kolmogorov_smirnov(law),
    ]
    for question in questions:
        with pytest.raises(UndecidedError):
            question()
    for key in (13, 0, 1.5, "> 5", ea.MoreThan(5), None):
        with pytest.raises(UnknownOutcomeError):
            law[key]


@pytest.mark.parametrize("law", LAWS, ids=["exact", "float"])
def test_what_does_not_is_that_of_the_whole_law(law: Any) -> None:
    def same(found: Any, expected: Any) -> bool:
        return bool(abs(found - expected) <= 1e-9 * expected)

    assert law.up_to == 4
    for x in (0, 1, "7/2", 4):
        assert same(law.cdf(x), WHOLE.cdf(x)) or x == 0
        assert same(law.sf(x), WHOLE.sf(x))
    assert law.sf(float("inf")) == 0
    assert law.cdf(sympy.oo) == 1
    assert law.median() == WHOLE.median()
    assert law.mode() == WHOLE.mode()
    assert same(law.probability(lambda size: size > 2), WHOLE.sf(2))
    assert same(law.given(lambda size: size <= 4).mean(), WHOLE.given(lambda size: size <= 4).mean())
    assert same(law["> 4"], WHOLE.sf(4))
    assert law[ea.MoreThan(4)] == law["> 4"]
    step = ea.size_law(ea.families.ring(12, "4/5", increment="1/5"), up_to=4, arithmetic=law.arithmetic)
    assert set(step.per_step()) == {0, 1, 2, 3, 4, ea.MoreThan(4)}
    whole = ea.size_law(step.network).per_step()
    for size in range(5):
        assert same(step.per_step()[size], whole[size])
    assert step.per_step().error_bound <= 1e-11
    with pytest.raises(MissingIncrementError):
        law.per_step()
    assert law.map(lambda size: size > 3).pmf().keys() == {True, False}
    assert law.mixed(law, "1/3").pmf().keys() == law.pmf().keys()
    assert law.arithmetic == "float" or law.total_variation(law) == 0


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_where_all_sizes_are_told_apart_it_is_the_whole_law(arithmetic: Any) -> None:
    net, other = ea.families.ring(5, "4/5"), ea.families.ring(5, "1/2")
    up_to = [ea.size_law(n, up_to=5, arithmetic=arithmetic) for n in (net, other)]
    whole = [ea.size_law(n) for n in (net, other)]
    assert abs(up_to[0].kolmogorov_smirnov(up_to[1]) - whole[0].kolmogorov_smirnov(whole[1])) <= 1e-12
    sizes, probabilities = up_to[0].to_numpy()
    assert sizes.dtype == np.int64  # not of objects, as with one of larger sizes
    assert sizes.tolist() == [1, 2, 3, 4, 5]
    assert np.allclose(probabilities, whole[0].to_numpy()[1])


def test_sizes_that_are_not_told_apart_may_be_the_most_probable() -> None:
    net = ea.families.homogeneous(3, "19/20")
    assert ea.size_law(net).mode() == 3
    law = ea.size_law(net, up_to=1)
    with pytest.raises(
        UndecidedError, match="the most probable size may be one > 1: ask with a larger up_to"
    ):
        law.mode()
    with pytest.raises(OptionError, match="no size up to 1 has a probability: nothing to draw"):
        law.given(lambda size: size > 1).plot()


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_each_step_may_set_off_an_avalanche(arithmetic: Any) -> None:
    law = ea.size_law(ea.Network([[0, 0], [0, 0]], increment=1), up_to=1, arithmetic=arithmetic).per_step()
    assert law.pmf() == {1: 1}  # and 0 is no outcome of it


def test_it_is_written_and_read() -> None:
    for law in LAWS:
        assert ea.from_json(law.to_json()) == law
        assert pickle.loads(pickle.dumps(law)) == law
        assert law.to_series().index[-1] == ea.MoreThan(4)
        assert law.to_numpy()[0].tolist() == list(law)
        assert "P(L > 4) &" in law.latex()
        assert "$> 4$" in law.latex_table()
        assert "> 4" in repr(law)
        assert "&gt; 4" in law._repr_html_()
        drawn: Any = law.plot().get_lines()[0].get_xdata()
        assert list(drawn) == [1, 2, 3, 4]
    assert "> 4" not in repr(ea.size_law(ea.families.ring(3, "1/2"), up_to=4))
    assert ea.size_law(ea.families.ring(3, "1/2"), up_to=4).mean() == ea.mean_size(ea.families.ring(3, "1/2"))


def test_more_than_compares_as_far_as_it_can() -> None:
    more: Any = ea.MoreThan(8)
    assert (more > 8, more > 8.5, more >= 9, more < 9, more <= 8, more == 8) == (True,) * 3 + (False,) * 3
    assert (more > float("inf"), more < sympy.oo, more > -1) == (False, True, True)
    assert more == ea.MoreThan(8) != ea.MoreThan(9)
    assert more < ea.MoreThan(9)
    assert (more <= ea.MoreThan(8), more > ea.MoreThan(8), more >= ea.MoreThan(9)) == (True, False, False)
    assert more != "> 8"
    for compare_with_text in (operator.gt, operator.ge, operator.lt, operator.le):
        with pytest.raises(TypeError, match="not supported between"):  # as Python says of 8 < "> 8"
            compare_with_text(more, "> 8")
    undecided: list[Callable[[], Any]] = [
        lambda: more > 9,
        lambda: more >= 10,
        lambda: more < 10,
        lambda: more == 9,
        lambda: more + 1,
    ]
    for compare in undecided:
        with pytest.raises(UndecidedError):
            compare()
    with pytest.raises(OptionError):
        ea.MoreThan(-1)


def test_what_floats_cannot_tell_is_refused() -> None:
    rare = sympy.Rational(1, 10**20)
    chain = ea.Network([[0, rare, 0], [rare, 0, 0], [0, rare, 0]])
    assert 0 < ea.size_law(chain, up_to=2)["> 2"] < sympy.Rational(1, 10**39)
    with pytest.raises(UndecidedError, match=r"P\(L > 2\) is below the error of floating point"):
        ea.size_law(chain, up_to=2, arithmetic="float")
    for power in (12, 14, 16):  # digits are lost, then too many, then there is no bound at all
        leak = sympy.Rational(1, 10**power)
        net = ea.Network([[0, 1 - leak, 0], ["1/2", 0, "1/2"], [0, 1, 0]])
        if power == 12:
            check_rounded(ea.size_law(net, up_to=2, arithmetic="float"), ea.size_law(net, up_to=2))
            continue
        with pytest.raises(FloatRangeError, match="too close to one without leak"):
            ea.size_law(net, up_to=2, arithmetic="float")


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    net = ea.families.ring(12, "4/5")
    for options, match in (
        ({"up_to": 0}, "up_to = 0"),
        ({"up_to": 2, "method": "subsets"}, "one method"),
        ({"up_to": 2, "observed": [1]}, "counts all units"),
        ({"up_to": 2, "arithmetic": "float", "checkpoint": tmp_path / "kept"}, "only exact sizes"),
    ):
        with pytest.raises(OptionError, match=match):
            ea.size_law(net, **options)
    dense = ea.families.homogeneous(400, "9/10")
    with pytest.raises(TooCostlyError, match=r"connected sets or more.*smaller up_to"):
        ea.size_law(dense, up_to=8, arithmetic="float")
    with pytest.raises(TooCostlyError, match="modulo"):
        ea.size_law(ea.families.torus(60, 60, "9/10"), up_to=1, max_cost=1)
    with pytest.raises(TooCostlyError, match="connected sets"):
        ea.size_law(ea.families.homogeneous(16, sympy.Symbol("a")), up_to=8, max_cost=5)
    with pytest.raises(TooCostlyError, match="memory"):
        small.checked(
            question_of(net, 2), "float", Machine(True, True, 1.0, 2), inf, "the law", lambda: "ask for less"
        )
    for power in (20, 40):
        closed = ea.Network([[0, 1], [1, 0]], [1, 1 + sympy.Rational(1, 10**power)])
        with pytest.raises(FloatRangeError, match="too close to one without leak"):
            ea.size_law(closed, up_to=1, arithmetic="float")
    with pytest.raises(FloatRangeError, match="what is left over too small"):
        ea.size_law(ea.families.ring(80, "99/100"), up_to=40, arithmetic="float")
    with pytest.raises(FloatRangeError):
        ea.size_law(
            ea.Network(
                [[0, "1/2"], ["1/2", 0]], drive=["1/" + "1" + "0" * 200, None or "1" + "-1/1" + "0" * 200]
            ),
            up_to=1,
            arithmetic="float",
        )


def test_work_is_shared_kept_and_told(tmp_path: Path) -> None:
    net, kept = ea.families.ring(30, "4/5"), tmp_path / "kept"
    law = ea.size_law(net, up_to=3)
    told: list[float] = []
    with ThreadPoolExecutor(2) as executor:
        shared = ea.size_law(net, up_to=3, executor=executor, checkpoint=kept, progress=told.append)
    assert shared == law
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert kept.exists()
    assert ea.size_law(net, up_to=3, checkpoint=kept) == law
    with pytest.raises(CheckpointError, match="another question"):
        ea.size_law(net, up_to=2, checkpoint=kept)
    told.clear()
    ea.size_law(net, up_to=3, arithmetic="float", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_estimates_count_what_is_visited() -> None:
    rng = random.Random(3)
    for n in (5, 30, 200):
        graph = nx.gnp_random_graph(n, 3 / n, seed=rng.randrange(100))
        net = ea.from_networkx(graph, coupling="9/10")
        question = question_of(net, 4)
        cost = small.cost_of(question, "float", Machine.here(), 1e9)
        listing = question.listing(list(question.roots), 0, n)
        assert cost.n_sets == sum(map(len, small_sets.listed(question.links, listing, compiles=False)))


def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sizes", "ring:N=30,alpha=4/5", "--up-to", "2", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["sizes"]
    assert [row["size"] for row in rows] == [1, 2, "> 2"]
    law = ea.size_law(ea.families.ring(30, "4/5"), up_to=2)
    assert rows[2]["probability"]["exact"] == str(law["> 2"])
    assert main(["sizes", "ring:N=30,alpha=4/5", "--up-to", "2", "--format", "latex", "--float"]) == 0
    assert "P(L > 2)" in capsys.readouterr().out
    assert main(["sizes", "ring:N=30,alpha=4/5", "--up-to", "2", "--observed", "1"]) == 2


def test_outcomes_of_laws_up_to_a_size_are_read_as_they_are() -> None:
    law = ea.size_law(ea.families.ring(5, "4/5"), up_to=2)
    assert law["> 2"] == law[ea.MoreThan(2)] == sympy.Rational(172, 341)
    for key in ("", ">", "> 1", "> 3", "1", 0, -1, 6, ea.MoreThan(1)):
        with pytest.raises(UnknownOutcomeError, match=r"wanted an integer from 1 to 2, or '> 2'"):
            law[key]
    for key in (3, 5):
        with pytest.raises(UndecidedError, match=f"ask with up_to={key}"):
            law[key]
