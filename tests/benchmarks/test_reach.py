"""How far the engines reach, and how good the estimates of the planner are. Run:
pytest tests/benchmarks/test_reach.py -m '' --benchmark-only --benchmark-json=benchmark.json

Each case is asked in a process of its own, and the time is the one taken there, the shortest of up to three
rounds, which include planning. In the extra information, ``estimate`` and ``megabytes estimated`` are the
planner's, ``planning`` is what that took, and ``megabytes`` is the peak of the process. What is estimated
to take more than ten minutes (``EXACTAV_BENCHMARK_SECONDS`` is another limit) or 12 GB is not asked; its
time is 0 there. ``table.py`` makes a table of it.
"""

from typing import Any

import pytest
from reach import CASES, figures


class Clock:
    """Shows the seconds that children took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


CLOCK = Clock()


@pytest.mark.benchmark(group="reach", timer=CLOCK)
@pytest.mark.parametrize("name", CASES)
def test_reach(benchmark: Any, name: str) -> None:
    found = figures(name)
    benchmark.extra_info.update(found)

    def law() -> None:
        CLOCK.seconds += found.get("seconds", 0.0)

    benchmark.pedantic(law)
    assert found.get("planning") != 0
