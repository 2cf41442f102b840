"""How long the core takes, beside the peers one would write oneself. Run: pytest tests/benchmarks -m ''
--benchmark-only

The peers, in ``peers.py``, sum the same law over the same sets: SymPy's Matrix.det set by set, and plain
integer elimination set by set.
"""

from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
import sympy
from peers import bareiss_loop, dense, sympy_loop

import exactav as ea

A, B = sympy.symbols("a b")


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
