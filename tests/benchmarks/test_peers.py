"""The size law of one dense network by exactav and by its peers; ``table.py`` makes a table of it. Run:
pytest tests/benchmarks/test_peers.py -m '' --benchmark-only --benchmark-json=benchmark.json

The network is made before the clock starts, and is new in each round, since networks keep what they know.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any

import peers
import pytest

import exactav as ea

Law = dict[int, Any]


def exact(net: ea.Network) -> Law:
    return ea.size_law(net).pmf()


def floats(net: ea.Network) -> Law:
    return ea.size_law(net, arithmetic="float").pmf()


ROADS: dict[str, tuple[Callable[[ea.Network], Law], int]] = {  # and how many rounds
    "exact": (exact, 10),
    "float": (floats, 10),
    "sympy": (peers.sympy_loop, 1),
    "bareiss": (peers.bareiss_loop, 5),
    "numpy": (peers.numpy_loop, 5),
    "published": (peers.published_loop, 1),
    "monte_carlo": (peers.monte_carlo, 3),
}


@pytest.fixture(scope="module", autouse=True)
def compiled_code() -> None:
    """Loaded once, as by any question about 13 units or more."""
    ea.size_law(peers.dense(13))


def network(n_units: int) -> ea.Network:
    net = peers.dense(n_units)
    assert net.weights  # SymPy's matrix is made once; most peers read it
    return net


@pytest.mark.parametrize("n_units", [8, 10, 12, 14])
@pytest.mark.parametrize("road", ROADS)
def test_size_law(benchmark: Any, road: str, n_units: int) -> None:
    benchmark.group = f"size law, dense N = {n_units}"
    function, rounds = ROADS[road]
    law = benchmark.pedantic(
        function,
        setup=lambda: ((network(n_units),), {}),
        rounds=rounds,
        warmup_rounds=int(rounds > 1),
    )
    wanted = ea.size_law(peers.dense(n_units))
    assert list(law) == list(range(1, n_units + 1))
    if road in ("exact", "sympy", "bareiss"):
        assert law == wanted.pmf()
        return
    truth = {size: float(p) for size, p in wanted.items()}
    if road == "monte_carlo":  # the largest standard error is 1e-3
        largest = max(p * (1 - p) for p in truth.values())
        errors = {size: 1e-3 * sqrt(p * (1 - p) / largest) for size, p in truth.items()}
        assert all(abs(law[size] - p) <= 6 * errors[size] for size, p in truth.items())
    else:
        assert all(abs(law[size] - p) <= 1e-9 * p for size, p in truth.items())
