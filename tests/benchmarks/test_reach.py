"""How far the engines reach, and how good the estimates of the planner are. Run:
pytest tests/benchmarks/test_reach.py -m '' --benchmark-only

``estimate`` in the extra information is the planner's, in seconds, and ``planning`` is what that took;
networks keep the order that was found for a sweep.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import networkx as nx
import pytest
from peers import dense

import exactav as ea


def grid(rows: int, columns: int) -> ea.Network:
    return ea.from_networkx(nx.grid_2d_graph(rows, columns), coupling="9/10")


def directed(seed: int) -> ea.Network:
    """Thirty units, each receiving from two others on average."""
    return ea.from_networkx(nx.gnp_random_graph(30, 2 / 29, seed=seed, directed=True), coupling="9/10")


NETWORKS: dict[str, tuple[Callable[[], ea.Network], Any]] = {
    "dense 20, exact": (lambda: dense(20), "exact"),
    "dense 20, float": (lambda: dense(20), "float"),
    "dense 24, float": (lambda: dense(24), "float"),
    "ring 1000, exact": (lambda: ea.families.ring(1000, "9/10"), "exact"),
    "line 1000, exact": (lambda: ea.families.line(1000, "9/10"), "exact"),
    "ladder 2 x 100, exact": (lambda: grid(2, 100), "exact"),
    "grid 4 x 12, exact": (lambda: grid(4, 12), "exact"),
    "grid 5 x 20, exact": (lambda: grid(5, 20), "exact"),
    "grid 5 x 20, float": (lambda: grid(5, 20), "float"),
    "directed 30, seed 1, exact": (lambda: directed(1), "exact"),
    "directed 30, seed 2, exact": (lambda: directed(2), "exact"),
    "karate, exact": (lambda: ea.read_network("karate"), "exact"),
    "Florentine families, exact": (lambda: ea.read_network("florentine"), "exact"),
}


@pytest.mark.benchmark(group="reach of the size law")
@pytest.mark.parametrize("name", NETWORKS)
def test_size_law(benchmark: Any, name: str) -> None:
    make, arithmetic = NETWORKS[name]
    net = make()
    begun = perf_counter()
    benchmark.extra_info["estimate"] = ea.plan(net, arithmetic=arithmetic).chosen.seconds
    benchmark.extra_info["planning"] = perf_counter() - begun
    law: Any = benchmark.pedantic(
        lambda: ea.size_law(net, arithmetic=arithmetic, max_cost=1e6), rounds=1, iterations=1
    )
    assert abs(float(sum(law.values())) - 1) < 1e-9


@pytest.mark.benchmark(group="reach of the composition law")
@pytest.mark.parametrize("sizes", [[300, 300], [60, 60, 60]], ids=str)
def test_composition_law(benchmark: Any, sizes: list[int]) -> None:
    weights = [[f"1/{800 + 50 * a + 70 * b}" for b in range(len(sizes))] for a in range(len(sizes))]
    net = ea.families.populations(sizes, weights)
    benchmark.extra_info["estimate"] = ea.plan(net).chosen.seconds
    law = benchmark.pedantic(lambda: ea.composition_law(net), rounds=1, iterations=1)
    assert len(law) > sizes[0] ** 2
