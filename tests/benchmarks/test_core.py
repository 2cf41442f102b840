"""How long the core takes, beside the peers one would write oneself. Run: pytest tests/benchmarks -m ''
--benchmark-only

The peers sum the same law over the same sets: SymPy's Matrix.det set by set, and plain integer elimination
set by set.
"""

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
import sympy

import exactav as ea

A, B = sympy.symbols("a b")


def dense(n_units: int) -> ea.Network:
    """A random dense rational network without symmetry."""
    rng = random.Random(n_units)
    return ea.Network(
        [[Fraction(rng.randint(1, 9), 10 * n_units + 3) for _ in range(n_units)] for _ in range(n_units)]
    )


def sympy_loop(net: ea.Network) -> dict[int, sympy.Expr]:
    """The size law as one would first write it: SymPy matrices, two Matrix.det a set."""
    n = net.n_units
    weights, leak, drive = net.weights, net.leak, net.drive
    totals = dict.fromkeys(range(1, n + 1), sympy.Integer(0))

    def laplacian(units: tuple[int, ...], extra: Callable[[int], Any]) -> sympy.Matrix:
        return sympy.Matrix(
            len(units),
            len(units),
            lambda i, j: (
                sum(weights[units[i], u] for u in units if u != units[i]) + extra(units[i])
                if i == j
                else -weights[units[i], units[j]]
            ),
        )

    for size in range(1, n + 1):
        for inside in combinations(range(n), size):
            outside = tuple(u for u in range(n) if u not in inside)
            forest = laplacian(outside, lambda u: leak[u]).det()
            for place, start in enumerate(inside):
                tree = laplacian(inside, lambda u: 0).minor_submatrix(place, place).det()
                totals[size] += drive[start] * tree * forest
    normaliser = sum(totals.values())
    return {size: total / normaliser for size, total in totals.items()}


def bareiss_loop(net: ea.Network) -> dict[int, Fraction]:
    """The same with integer elimination on rows scaled to integers."""
    from exactav.kernels.determinants import determinant
    from exactav.laws.starts import Starts

    system, n = net.system, net.n_units
    starts = Starts.of(net, None)
    totals = dict.fromkeys(range(1, n + 1), 0)
    for size in range(1, n + 1):
        for inside in combinations(range(n), size):
            outside = [u for u in range(n) if u not in inside]
            forest = determinant(system.ring, system.laplacian(outside, leak=True))
            for start in inside:
                rows = system.laplacian(inside, leak=False, without=start)
                totals[size] += int(starts.weights[start] * determinant(system.ring, rows) * forest)
    return {size: Fraction(total, int(starts.total)) for size, total in totals.items()}


@pytest.mark.benchmark(group="dense N = 6, size law")
@pytest.mark.parametrize("road", [ea.size_law, bareiss_loop, sympy_loop])
def test_dense_6(benchmark: Any, road: Callable[[ea.Network], Any]) -> None:
    net = dense(6)
    law = benchmark.pedantic(lambda: road(dense(6)), rounds=3, iterations=1)
    assert all(law[size] == ea.size_law(net)[size] for size in range(1, 7))


@pytest.mark.benchmark(group="dense N = 10, size law")
@pytest.mark.parametrize("road", [ea.size_law, bareiss_loop])
def test_dense_10(benchmark: Any, road: Callable[[ea.Network], Any]) -> None:
    law = benchmark.pedantic(lambda: road(dense(10)), rounds=3, iterations=1)
    assert sum(law[size] for size in range(1, 11)) == 1


@pytest.mark.benchmark(group="exactav alone")
@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("dense N = 12, size law", lambda: ea.size_law(dense(12)).pmf()),
        ("dense N = 16, size law", lambda: ea.size_law(dense(16)).pmf()),
        ("dense N = 9, size and duration", lambda: ea.size_duration_law(dense(9)).pmf()),
        ("Florentine families, size law", lambda: ea.size_law(florentine()).pmf()),
        ("Florentine families, assembly law", lambda: ea.assembly_law(florentine()).pmf()),
        ("ring N = 8 in alpha", lambda: ea.size_law(ea.families.ring(8, A)).pmf()),
        ("homogeneous N = 8 in alpha", lambda: ea.size_law(ea.families.homogeneous(8, A)).pmf()),
        (
            "two populations of 4 in a, b",
            lambda: ea.size_law(ea.families.populations([4, 4], [[A, B], [B, A]])).pmf(),
        ),
        ("generic N = 4, size law", lambda: ea.size_law(ea.families.generic(4, self_coupling=True)).pmf()),
        ("generic N = 6, tree weight", lambda: ea.tree_weight(ea.families.generic(6), range(6), 0)),
        ("generic N = 6, forest weight", lambda: ea.forest_weight(ea.families.generic(6), range(6))),
        (
            "homogeneous N = 40, size law",
            lambda: ea.size_law(ea.families.homogeneous(40, "1/10")).evaluate(50),
        ),
    ],
)
def test_reach(benchmark: Any, name: str, question: Callable[[], Any]) -> None:
    benchmark.name = name
    benchmark.pedantic(question, rounds=1, iterations=1)


def florentine() -> ea.Network:
    return ea.from_networkx(nx.florentine_families_graph())
