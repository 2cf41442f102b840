"""How far laws of durations reach, and how good the estimates of the planner are. Run:
pytest tests/benchmarks/test_durations.py -m '' --benchmark-only

``estimate`` in the extra information is the planner's, in seconds.
"""

from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
from peers import dense

import exactav as ea


def populations(n: int) -> ea.Network:
    return ea.families.populations([n, n], [["1/200", "1/300"], ["1/250", "1/150"]])


def homogeneous(n: int) -> ea.Network:
    return ea.families.homogeneous(n, "9/10")


def tree(graph: "nx.Graph[int]") -> ea.Network:
    return ea.from_networkx(graph, coupling="9/10")


CASES: dict[str, tuple[Callable[[], ea.Network], str, Any]] = {
    "homogeneous 12": (lambda: homogeneous(12), "duration", "exact"),
    "homogeneous 100": (lambda: homogeneous(100), "duration", "exact"),
    "homogeneous 100, jointly": (lambda: homogeneous(100), "size_duration", "exact"),
    "homogeneous 100, jointly, float": (lambda: homogeneous(100), "size_duration", "float"),
    "homogeneous 300": (lambda: homogeneous(300), "duration", "exact"),
    "populations 20 + 20, jointly": (lambda: populations(20), "size_duration", "exact"),
    "populations 60 + 60": (lambda: populations(60), "duration", "exact"),
    "populations 60 + 60, float": (lambda: populations(60), "duration", "float"),
    "populations 50 + 50, jointly, float": (lambda: populations(50), "size_duration", "float"),
    "dense 12, jointly": (lambda: dense(12), "size_duration", "exact"),
    "dense 14, jointly": (lambda: dense(14), "size_duration", "exact"),
    "dense 16, jointly": (lambda: dense(16), "size_duration", "exact"),
    "dense 16, jointly, float": (lambda: dense(16), "size_duration", "float"),
    "dense 18, jointly, float": (lambda: dense(18), "size_duration", "float"),
    "Florentine families, jointly": (lambda: ea.read_network("florentine"), "size_duration", "exact"),
    "binary tree 127, jointly": (lambda: tree(nx.balanced_tree(2, 6)), "size_duration", "exact"),
    "binary tree 1023": (lambda: tree(nx.balanced_tree(2, 9)), "duration", "exact"),
    "line 300": (lambda: ea.families.line(300, "9/10"), "duration", "exact"),
}
LAWS: dict[str, Any] = {"duration": ea.duration_law, "size_duration": ea.size_duration_law}


@pytest.mark.benchmark(group="reach of the laws of durations")
@pytest.mark.parametrize("name", CASES)
def test_durations(benchmark: Any, name: str) -> None:
    make, of, arithmetic = CASES[name]
    net = make()
    benchmark.extra_info["estimate"] = ea.plan(net, of=of, arithmetic=arithmetic).chosen.seconds
    law: Any = benchmark.pedantic(
        lambda: LAWS[of](net, arithmetic=arithmetic, max_cost=1e6), rounds=1, iterations=1
    )
    assert abs(float(sum(law.values())) - 1) < 1e-9
