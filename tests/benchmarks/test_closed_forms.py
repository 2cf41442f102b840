"""How long closed forms take at large N. Run: pytest tests/benchmarks -m '' --benchmark-only

The peer is mpmath's floating point, which is right only as far as its digits do not cancel.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import exactav as ea

N = 10_000


def by_formula() -> list[str]:
    formula = ea.formulas.get("homogeneous.size")
    return [str(formula.evaluate({"N": N, "alpha": "0.99", "L": size}, 15)) for size in range(1, N + 1)]


def by_mpmath() -> list[str]:
    with mpmath.workdps(30):
        alpha = mpmath.mpf(99) / 100
        below = N - (N - 1) * alpha

        def probability(size: int) -> Any:
            if size == N:
                return alpha ** (N - 1) / below
            trees = mpmath.mpf(size) ** (size - 2) * (alpha / N) ** (size - 1)
            trees *= mpmath.binomial(N - 1, size - 1)
            return trees * (1 - size * alpha / N) ** (N - size - 1) * N * (1 - alpha) / below

        return [mpmath.nstr(probability(size), 15) for size in range(1, N + 1)]


@pytest.mark.benchmark(group="homogeneous N = 10000, alpha = 0.99, 15 digits of all sizes")
@pytest.mark.parametrize("road", [by_formula, by_mpmath])
def test_all_sizes_of_ten_thousand(benchmark: Any, road: Callable[[], list[str]]) -> None:
    digits = benchmark.pedantic(road, rounds=1, iterations=1)
    assert abs(sum(map(mpmath.mpf, digits)) - 1) < mpmath.mpf(10) ** -12


@pytest.mark.benchmark(group="two populations of 200, 15 digits of one composition")
@pytest.mark.parametrize("formula_id", ["two_populations.composition", "populations.composition"])
def test_two_hundred_and_two_hundred(benchmark: Any, formula_id: str) -> None:
    formula = ea.formulas.get(formula_id)
    values: dict[str, Any] = {"n": 200, "a": "1/1000", "b": "1/300", "l_1": 60, "l_2": 45}
    if formula_id.startswith("populations"):
        weights = {"w_11": "1/1000", "w_12": "1/300", "w_21": "1/300", "w_22": "1/1000"}
        values = {"n_1": 200, "n_2": 200, **weights, "s_1": "2/15", "s_2": "2/15", "l_1": 60, "l_2": 45}
    assert benchmark(formula.evaluate, values, 15) > 0
