"""How long sizes up to some number take in large networks. Run:
pytest tests/benchmarks/test_small.py -m '' --benchmark-only

``estimate`` in the extra information is what was expected, in seconds of one core, ``sets`` are those that
are visited, and ``bound`` is the proven one of relative errors.
"""

from collections.abc import Callable
from math import inf
from typing import Any

import networkx as nx
import pytest

import exactav as ea
from exactav.engines.small import sums as small
from exactav.engines.small.question import SmallQuestion
from exactav.kernels.machine import Machine
from exactav.laws.starts import Starts


def square(n: int, alpha: str = "9/10") -> ea.Network:
    return ea.families.torus(n, n, alpha, "von_neumann")


NETWORKS: dict[str, tuple[Callable[[], ea.Network], int, Any]] = {
    "ring 2000, up to 8, float": (lambda: ea.families.ring(2000, "9/10"), 8, "float"),
    "torus 50 x 50, up to 6, float": (lambda: square(50), 6, "float"),
    "torus 50 x 50, up to 8, float": (lambda: square(50), 8, "float"),
    "torus 50 x 50, alpha = 0.9999, up to 6, float": (lambda: square(50, "9999/10000"), 6, "float"),
    "torus 50 x 50, 8 neighbours, up to 5, float": (lambda: ea.families.torus(50, 50, "9/10"), 5, "float"),
    "torus 100 x 100, up to 6, float": (lambda: square(100), 6, "float"),
    "torus 100 x 100, up to 8, float": (lambda: square(100), 8, "float"),
    "4-regular 2000, up to 5, float": (
        lambda: ea.from_networkx(nx.random_regular_graph(4, 2000, seed=1), coupling="9/10"),
        5,
        "float",
    ),
    "ring 300, up to 8, exact": (lambda: ea.families.ring(300, "9/10"), 8, "exact"),
    "torus 15 x 15, up to 5, exact": (lambda: square(15), 5, "exact"),
    "torus 20 x 20, up to 4, exact": (lambda: square(20), 4, "exact"),
}


@pytest.mark.benchmark(group="small avalanches")
@pytest.mark.parametrize("name", NETWORKS)
def test_sizes_up_to(benchmark: Any, name: str) -> None:
    make, up_to, arithmetic = NETWORKS[name]
    net = make()
    question = SmallQuestion(net.system, Starts.of(net, None).weights, up_to)
    cost = small.cost_of(question, arithmetic, Machine.here(), inf)
    benchmark.extra_info.update(estimate=cost.seconds, sets=cost.n_sets)
    law: Any = benchmark.pedantic(
        lambda: ea.size_law(net, up_to=up_to, arithmetic=arithmetic, max_cost=1e6), rounds=1, iterations=1
    )
    benchmark.extra_info["bound"] = law.error_bound
    assert abs(float(sum(law.values())) - 1) < 1e-9
