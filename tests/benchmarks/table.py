"""The tables of the README, of peers and of reach, from what pytest-benchmark wrote. Run:
pytest tests/benchmarks/test_peers.py tests/benchmarks/test_reach.py -m '' --benchmark-only \\
--benchmark-json=benchmark.json && python tests/benchmarks/table.py benchmark.json --readme

A table is made of each of the two files that was run; without ``--readme`` they are printed. Both take half
an hour on two cores that have nothing else to do.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from exactav.running.amounts import duration_text

README = Path(__file__).parents[2] / "README.md"
PEERS = {
    "sympy": "SymPy, `Matrix.det`",
    "bareiss": "integers, Bareiss",
    "numpy": "`numpy.linalg.det`",
    "published": "NumPy, as published",
    "monte_carlo": "Monte Carlo to 1e-3",
}
REACH: dict[str, tuple[Sequence[str], dict[str, str]]] = {  # cases, exact, and in floats by what is written
    "star of 300 · 1000 · line · ring of 1000": (["star 300", "star 1000", "line 1000", "ring 1000"], {}),
    "binary tree of 127 · 1023 · random tree of 1000": (
        ["binary tree 127", "binary tree 1023", "random tree 1000"],
        {},
    ),
    "lollipop(20, 20) · barbell(30, 5)": (["lollipop(20, 20)", "barbell(30, 5)"], {}),
    "grid 6 × 6 · 8 × 8 · 5 × 20 · torus 4 × 10": (
        ["grid 6 x 6", "grid 8 x 8", "grid 5 x 20", "torus 4 x 10"],
        {"5 × 20": "grid 5 x 20, float"},
    ),
    "karate club (34) · southern women (32) · Les Misérables (77)": (
        ["karate", "southern women", "Les Miserables"],
        {},
    ),
    "gnp(100, 0.02) · Barabási-Albert(60, 2) · 3-regular of 40": (
        ["gnp(100, .02)", "Barabasi-Albert(60, 2)", "3-regular 40"],
        {},
    ),
    "three of 30 units, each receiving from 2 others": (
        ["directed 30, seed 1", "directed 30, seed 2", "directed 30, seed 3"],
        {},
    ),
    "dense of 20 · 24": (["dense 20", "dense 24"], {"20": "dense 20, float", "24": "dense 24, float"}),
    "compositions: populations 300 + 300 · 60 + 60 + 60": (
        ["populations 300 + 300", "populations 60 + 60 + 60"],
        {},
    ),
    "durations: homogeneous of 12 · 100 · populations 60 + 60; and sizes: dense of 14": (
        [
            "durations, homogeneous 12",
            "durations, homogeneous 100",
            "durations, populations 60 + 60",
            "jointly, dense 14",
        ],
        {"60 + 60": "durations, populations 60 + 60, float", "dense of 16": "jointly, dense 16, float"},
    ),
    "planning alone, 2000 units: tree · grid · gnp · Barabási-Albert · 3-regular · complete": (
        [
            "plan, tree 2000",
            "plan, grid 40 x 50",
            "plan, gnp(2000, .002)",
            "plan, Barabasi-Albert(2000, 2)",
            "plan, 3-regular 2000",
            "plan, complete 2000",
        ],
        {},
    ),
}

Run = dict[str, Any]


def peers_table(runs: Sequence[Run]) -> str:
    """A row for each number of units: exactav in milliseconds, the peers in multiples of its exact time."""
    times = {(run["params"]["road"], run["params"]["n_units"]): run["stats"]["min"] for run in runs}
    lines = [
        "| N | exactav, exact | exactav, float | " + " | ".join(PEERS.values()) + " |",
        "|--:" * (3 + len(PEERS)) + "|",
    ]
    for n_units in sorted({n_units for _, n_units in times}):
        exact, floats = times["exact", n_units], times["float", n_units]
        cells = [str(n_units), f"{_short(1000 * exact)} ms", f"{_short(1000 * floats)} ms"]
        cells += [_ratio(times.get((peer, n_units)), exact) for peer in PEERS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def reach_table(runs: Sequence[Run]) -> str:
    """A row for each kind of networks, with the times of its cases, and their memory from 1 GB on."""
    cases = {run["params"]["name"]: run["extra_info"] for run in runs}
    lines = ["| law of sizes, or what is said | exact | floats |", "|:--|:--|:--|"]
    for said, (exact, floats) in REACH.items():
        first = " · ".join(_figures(cases.get(name)) for name in exact)
        second = " · ".join(f"{part}: {_figures(cases.get(name))}" for part, name in floats.items())
        lines.append(f"| {said} | {first} | {second} |")
    return "\n".join(lines) + "\n"


TABLES: dict[str, tuple[str, Callable[[Sequence[Run]], str]]] = {
    "peers": ("test_size_law", peers_table),
    "reach": ("test_reach", reach_table),
}


def _figures(case: Run | None) -> str:
    """Time and memory of a case, in brackets those that it was estimated to take."""
    if case is None:
        return "–"
    if "seconds" in case:
        return _cost(case["seconds"], case.get("megabytes", 0))
    if case.get("estimate") is None:
        return "–"
    return f"({_cost(case['estimate'], case['megabytes estimated'])})"


def _cost(seconds: float, megabytes: float) -> str:
    time = f"{_short(seconds)} s" if seconds < 100 else duration_text(seconds)
    return f"{time}, {_short(megabytes / 1000)} GB" if megabytes >= 1000 else time


def _ratio(seconds: float | None, unit: float) -> str:
    return "–" if seconds is None else f"× {_short(seconds / unit)}"


def _short(number: float) -> str:
    """Two digits, or all before the point."""
    if number >= 10:
        return f"{number:,.0f}"
    if number >= 1:
        return f"{number:.1f}"
    return f"{number:.2f}" if number >= 0.1 else f"{number:.1g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="what --benchmark-json of pytest wrote")
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    arguments = parser.parse_args()
    runs = json.loads(arguments.results.read_text(encoding="utf-8"))["benchmarks"]
    text = README.read_text(encoding="utf-8")
    for block, (test, table) in TABLES.items():
        if not (found := [run for run in runs if run["name"].startswith(f"{test}[")]):
            continue
        made = table(found)
        if not arguments.readme:
            print(made)
            continue
        before, begun, rest = text.partition(f"<!-- {block} -->\n")
        _, ended, after = rest.partition(f"<!-- /{block} -->")
        if not (begun and ended):
            parser.error(f"{README} has no block between <!-- {block} --> and <!-- /{block} -->")
        text = before + begun + made + ended + after
    if arguments.readme:
        README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
