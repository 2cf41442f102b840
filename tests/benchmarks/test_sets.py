"""How far sums over sets are from the limit of the arithmetic. Run:
pytest tests/benchmarks/test_sets.py -m '' --benchmark-only

The matrix of n units takes n^3/3 multiplications with addition, that of a set and that of the others N^3/12
together on average. How many a core does in a second is measured with the innermost loop alone, on numbers
that stay in the nearest cache. Residues are reduced, too: each entry of the triangles once, each share a
second time, by two such operations and an addition. Both the limit and the sets of one task, half of whose
high units are in them, are timed by the shortest of many runs in one thread. In the extra information,
``ratio`` is that of the time to the limit, ``with reductions`` that to the limit where these are counted.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from numba import njit
from peers import dense

from exactav.engines.rounding import rounded
from exactav.engines.subsets import RANGE, Sets
from exactav.kernels import modular, sets
from exactav.kernels.compiled import lanes
from exactav.laws.counting import question_of

SECONDS = 2.0
TERMS, CALLS = 64, 5000


@njit
def innermost(m: Any, offsets: Any, calls: int) -> None:
    for _ in range(calls):
        lanes.entries_6(m, offsets, (0, 0, 64, 0, 128, 0, TERMS, 512, lanes.LANES, 0), ())


def shortest(task: Callable[[], object]) -> float:
    """The time of the shortest of many runs."""
    task()
    begun, best = perf_counter(), float("inf")
    while perf_counter() - begun < SECONDS:
        before = perf_counter()
        task()
        best = min(best, perf_counter() - before)
    return best


def fused_a_second() -> float:
    """The most multiplications with addition that a core does in a second."""
    m, offsets = np.zeros(1024), np.arange(6) * lanes.LANES
    return CALLS * TERMS * 6 * lanes.LANES / shortest(lambda: innermost(m, offsets, CALLS))


@pytest.mark.benchmark(group="sums over sets")
@pytest.mark.parametrize("arithmetic", ["exact", "float"])
@pytest.mark.parametrize("n_units", [16, 20, 24])
def test_dense(benchmark: Any, n_units: int, arithmetic: Any) -> None:
    net = dense(n_units)
    question = question_of(net, None, [net.labels])
    first = int("01" * n_units, 2) % (1 << n_units) // RANGE * RANGE
    last = first + RANGE
    sizes = np.array([mask.bit_count() for mask in range(first, last)])
    pairs = sizes, n_units - sizes
    steps = limit = sum(float((size**3 / 3).sum()) for size in pairs)
    if arithmetic == "float":
        weights, starts, leak, _ = rounded(question)

        def task() -> Any:
            return sets.positive_weights(weights, starts, leak, first, last)

    else:
        data = Sets.of(question, range(n_units), modular.limit_side_by_side(n_units))
        residues, prime = data.modulo(data.moduli[0]), data.moduli[0]
        steps = limit + 3 * sum(float((1.5 * size**2).sum()) for size in pairs)
        benchmark.extra_info["primes"] = len(data.moduli)

        def task() -> Any:
            return sets.modular_weights(*residues, first, last, prime)

    seconds = shortest(task)
    benchmark.pedantic(task, rounds=3, iterations=1)
    rate = fused_a_second()
    benchmark.extra_info["fused a second"] = rate
    benchmark.extra_info["seconds a set"] = seconds / RANGE
    benchmark.extra_info["ratio"] = seconds * rate / limit
    benchmark.extra_info["with reductions"] = seconds * rate / steps
