"""How long a command takes to start. Run: pytest tests/benchmarks/test_start.py -m '' --benchmark-only

The peer is the import of SymPy, which any answer needs: a command shall take less than twice as long.
"""

import subprocess
import sys
from typing import Any

import pytest

ROADS = {
    "import sympy": ["-c", "import sympy"],
    "import exactav": ["-c", "import exactav"],
    "import all of exactav": ["-c", "import exactav; [getattr(exactav, name) for name in exactav.__all__]"],
    "exactav sizes": ["-m", "exactav.command.cli", "sizes", "ring:N=5,alpha=4/5"],
}


@pytest.mark.benchmark(group="start")
@pytest.mark.parametrize("road", ROADS)
def test_start(benchmark: Any, road: str) -> None:
    def run() -> None:
        subprocess.run([sys.executable, *ROADS[road]], check=True, stdout=subprocess.DEVNULL)

    benchmark.pedantic(run, rounds=10, warmup_rounds=1)
