"""Makes sandpiles.json by SageMath's sandpile module, which the tests compare with; nothing else needs Sage.

In an environment of its own: pip install 'passagemath-graphs[modules,repl]', then python make_sandpiles.py.
"""

import importlib
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

Edges = list[tuple[int, int, int]]  # sender, receiver, number; the sink is node 0


def undirected(*pairs: tuple[int, int]) -> Edges:
    return [edge for a, b in pairs for edge in ((a, b, 1), (b, a, 1))]


def grid(rows: int, columns: int) -> Edges:
    """Every place has four neighbours; those beyond the border are the sink."""
    edges: dict[tuple[int, int], int] = {}
    for r in range(rows):
        for c in range(columns):
            for a, b in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                inside = 0 <= a < rows and 0 <= b < columns
                key = (r * columns + c + 1, a * columns + b + 1 if inside else 0)
                edges[key] = edges.get(key, 0) + 1
    return [(sender, receiver, number) for (sender, receiver), number in edges.items()]


def directed(n_nodes: int, seed: int) -> Edges:
    """Random numbers of edges; more to the sink wherever a node would send by fewer than it receives by."""
    rng = random.Random(seed)
    numbers = [[rng.choice([0, 0, 1, 1, 2]) for _ in range(n_nodes)] for _ in range(n_nodes)]
    for i in range(1, n_nodes):
        numbers[i][i] = 0
        received = sum(numbers[j][i] for j in range(1, n_nodes))
        sent = sum(numbers[i][1:])
        numbers[i][0] = max(1, received - sent + rng.randint(0, 1))
    return [(i, j, numbers[i][j]) for i in range(1, n_nodes) for j in range(n_nodes) if numbers[i][j]]


GRAPHS: dict[str, Edges] = {
    "complete graph of 4": undirected(*((a, b) for a in range(4) for b in range(a))),
    "complete graph of 6": undirected(*((a, b) for a in range(6) for b in range(a))),
    "cycle of 7": undirected(*((a, (a + 1) % 7) for a in range(7))),
    "path of 5": undirected(*((a, a + 1) for a in range(4))),
    "wheel of 6": undirected(*((0, a) for a in range(1, 6)), *((a, a % 5 + 1) for a in range(1, 6))),
    "bipartite 2 + 4": undirected(*((a, b) for a in (0, 1) for b in (2, 3, 4, 5))),
    "prism": undirected((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3), (1, 4), (2, 5)),
    "diamond with double edges": [(a, b, 2) for a, b, _ in undirected((0, 1), (1, 2))]
    + undirected((2, 3), (3, 0), (0, 2)),
    "grid 2 x 3 with border": grid(2, 3),
    "grid 2 x 2 with border": grid(2, 2),
    "directed cycle of 5 with leaks": [(a, a % 5 + 1, 2) for a in range(1, 6)]
    + [(a, 0, 1) for a in range(1, 6)],
    **{f"directed, 4 nodes, seed {seed}": directed(4, seed) for seed in (1, 2, 3)},
    **{f"directed, 5 nodes, seed {seed}": directed(5, seed) for seed in (4, 5, 6)},
}


def reference(edges: Edges) -> dict[str, Any]:
    sandpile: Any = importlib.import_module("sage.sandpiles.sandpile").Sandpile
    graph: dict[int, dict[int, int]] = {node: {} for edge in edges for node in edge[:2]}
    for sender, receiver, number in edges:
        graph[sender][receiver] = number
    made = sandpile(graph, 0)
    units = sorted(node for node in graph if node)
    states = sorted([int(state[unit]) for unit in units] for state in made.recurrents())
    polynomial = made.avalanche_polynomial(multivariable=False)
    return {
        "edges": [list(map(int, edge)) for edge in edges],
        "sink": 0,
        "order": int(made.group_order()),
        "invariant_factors": [int(d) for d in made.invariant_factors() if d > 1],
        "identity": [int(made.identity()[unit]) for unit in units],
        "recurrent_states": states if len(states) <= 100 else None,
        "avalanche_polynomial": {
            str(sum(exponents)): int(coefficient) for exponents, coefficient in polynomial.dict().items()
        },
    }


def main() -> None:
    for module in ("sage.all__sagemath_modules", "sage.all__sagemath_graphs"):
        importlib.import_module(module)
    content = {
        "tool": f"SageMath (passagemath-graphs {importlib.import_module('sage.version').version})",
        "command": "python make_sandpiles.py",
        "date": date.today().isoformat(),
    }
    graphs = {name: reference(edges) for name, edges in GRAPHS.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(facts)}" for name, facts in graphs.items()]
    text = json.dumps(content)[:-1] + ', "graphs": {\n' + ",\n".join(lines) + "\n}}"
    Path(__file__).with_name("sandpiles.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
