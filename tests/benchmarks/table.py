"""The table of exactav beside its peers, from what pytest-benchmark wrote. Run:
pytest tests/benchmarks/test_peers.py -m '' --benchmark-only --benchmark-json=benchmark.json
python tests/benchmarks/table.py benchmark.json [--readme]
"""

import argparse
import json
import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"(?<=<!-- peers -->\n).*(?=<!-- /peers -->)", re.DOTALL)
PEERS = {
    "sympy": "SymPy, `Matrix.det`",
    "bareiss": "integers, Bareiss",
    "numpy": "`numpy.linalg.det`",
    "monte_carlo": "Monte Carlo to 1e-3",
}
FOOTNOTE = "–: more than three minutes, not run."


def best_times(path: Path) -> dict[tuple[str, int], float]:
    """The shortest of the rounds in seconds, by road and number of units."""
    runs = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    return {(run["params"]["road"], run["params"]["n_units"]): run["stats"]["min"] for run in runs}


def table(times: dict[tuple[str, int], float]) -> str:
    """A row for each number of units: exactav in milliseconds, the peers in multiples of its exact time."""
    lines = [
        "| N | exactav, exact | exactav, float | " + " | ".join(PEERS.values()) + " |",
        "|--:" * (3 + len(PEERS)) + "|",
    ]
    for n_units in sorted({n_units for _, n_units in times}):
        exact, floats = times["exact", n_units], times["float", n_units]
        cells = [str(n_units), f"{_short(1000 * exact)} ms", f"{_short(1000 * floats)} ms"]
        cells += [_ratio(times.get((peer, n_units)), exact) for peer in PEERS]
        lines.append("| " + " | ".join(cells) + " |")
    left_out = any("–" in line for line in lines)
    return "\n".join(lines + ["", FOOTNOTE] * left_out) + "\n"


def _ratio(seconds: float | None, unit: float) -> str:
    return "–" if seconds is None else f"× {_short(seconds / unit)}"


def _short(number: float) -> str:
    """Two digits, or all before the point."""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 1 else f"{number:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="what --benchmark-json of pytest wrote")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    arguments = parser.parse_args()
    made = table(best_times(arguments.results))
    if not arguments.readme:
        print(made, end="")
        return
    text, found = BLOCK.subn(lambda _: made, README.read_text(encoding="utf-8"))
    if not found:
        parser.error(f"{README} has no block between <!-- peers --> and <!-- /peers -->")
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
