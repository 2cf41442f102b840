"""How far sums over sets are from the limit of the arithmetic. Run:
pytest tests/benchmarks/test_sets.py -m '' --benchmark-only

The two matrices of a set and its complement take N^3/12 multiplications with addition on average, so a sum in
floating point, or modulo one prime, takes 2^N N^3/12 at least. How many a core does in a second is measured
with the innermost loop alone, on numbers that stay in the nearest cache. Residues must be reduced, too: each
entry of the triangles once, each share a second time, by two such operations and an addition. In the extra
information, ``ratio`` is that of the processor's time to the limit, ``with reductions`` that to the limit
where these are counted.
"""

from math import comb
from time import process_time
from typing import Any

import numpy as np
import pytest
from numba import njit
from peers import dense

import exactav as ea
from exactav.kernels import lanes, modular
from exactav.laws.starts import Starts

SECONDS = 0.3  # of the measurement of the limit
TERMS, CALLS = 64, 20_000


@njit
def innermost(m: Any, offsets: Any, calls: int) -> None:
    for _ in range(calls):
        lanes.entries_6(m, offsets, (0, 0, 64, 0, 128, 0, TERMS, 512, lanes.LANES, 0), ())


def fused_a_second() -> float:
    """The most multiplications with addition that a core does in a second."""
    m, offsets = np.zeros(1024), np.arange(6) * lanes.LANES
    innermost(m, offsets, 1)
    begun, best = process_time(), float("inf")
    while process_time() - begun < SECONDS:
        before = process_time()
        innermost(m, offsets, CALLS)
        best = min(best, process_time() - before)
    return CALLS * TERMS * 6 * lanes.LANES / best


def reductions(n_units: int) -> float:
    """How many there are for all sets."""
    return 2 * sum(comb(n_units, size) * 1.5 * size**2 for size in range(n_units + 1))


@pytest.mark.benchmark(group="sums over sets")
@pytest.mark.parametrize("arithmetic", ["exact", "float"])
@pytest.mark.parametrize("n_units", [16, 20, 22])
def test_dense(benchmark: Any, n_units: int, arithmetic: Any) -> None:
    net = dense(n_units)

    def law() -> Any:
        return ea.size_law(net, method="subsets", arithmetic=arithmetic)

    law()  # compiles
    begun = process_time()
    found = benchmark.pedantic(law, rounds=1, iterations=1)
    seconds = process_time() - begun
    assert abs(float(sum(found.values())) - 1) < 1e-9
    n_sums = 1
    if arithmetic == "exact":
        total = int(Starts.of(net, None).total)
        n_sums = len(modular.primes(total, below=modular.limit_side_by_side(n_units)))
    rate = fused_a_second()
    updates = 2**n_units * n_units**3 / 12
    benchmark.extra_info["fused a second"] = rate
    benchmark.extra_info["sums"] = n_sums
    benchmark.extra_info["ratio"] = seconds / (n_sums * updates / rate)
    if arithmetic == "exact":
        steps = updates + 3 * reductions(n_units)
        benchmark.extra_info["with reductions"] = seconds / (n_sums * steps / rate)
