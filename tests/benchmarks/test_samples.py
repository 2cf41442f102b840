"""Samples of whole patterns beside samples of assemblies, which are their projection. Run:
pytest tests/benchmarks/test_samples.py -m '' --benchmark-only
"""

from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest

import exactav as ea

NETWORKS: dict[str, Callable[[], ea.Network]] = {
    "ring of 1000": lambda: ea.families.ring(1000, "9/10"),
    "homogeneous 500": lambda: ea.families.homogeneous(500, "99/100"),
    "gnp(10000, 4 / 10000)": lambda: ea.from_networkx(
        nx.gnp_random_graph(10_000, 4 / 10_000, seed=1), coupling="19/20"
    ),
}


@pytest.mark.benchmark(group="100,000 samples")
@pytest.mark.parametrize("draw", [ea.sample_assemblies, ea.sample_patterns])
@pytest.mark.parametrize("name", NETWORKS)
def test_patterns_take_as_long_as_assemblies(benchmark: Any, name: str, draw: Callable[..., Any]) -> None:
    net = NETWORKS[name]()
    draw(net, 1000, seed=1)  # code is loaded
    sample = benchmark.pedantic(lambda: draw(net, 100_000, seed=1), rounds=3, iterations=1)
    assert len(sample) == 100_000
