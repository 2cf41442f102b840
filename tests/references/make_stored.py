"""Makes exactav/command/stored.json, which `exactav doctor` compares with, without exactav.

Small networks are sandpiles whose recurrent states are all visited (tests/oracles.py); the sizes of larger
ones are sums of determinants, or the closed form of Eurich, Herrmann and Ernst (2002), in fractions; digits
are mpmath's. In the folder of this file: python make_stored.py
"""

import json
import platform
import random
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any

import mpmath

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracles import (
    assembly_law_by_listing,
    determinant,
    duration_law,
    given_avalanche,
    leak,
    pattern_law,
    recurrent_states,
    size_duration_law,
    size_law,
)

TARGET = Path(__file__).parents[2] / "exactav" / "command" / "stored.json"
Rows = list[list[Any]]
Law = dict[Any, Fraction]


def of_edges(n: int, edges: dict[tuple[int, int], Any]) -> Rows:
    """Weights by (receiver, sender)."""
    return [[edges.get((i, j), 0) for j in range(n)] for i in range(n)]


def both_ways(n: int, pairs: list[tuple[int, int]]) -> Rows:
    return of_edges(n, {edge: 1 for a, b in pairs for edge in ((a, b), (b, a))})


SMALL: dict[str, tuple[Rows, list[int], list[Fraction]]] = {
    "four units": (
        [[1, 2, 0, 1], [1, 0, 1, 0], [0, 3, 0, 1], [2, 0, 1, 1]],
        [6, 4, 5, 5],
        [Fraction(1, 2), Fraction(1, 4), Fraction(0), Fraction(1, 4)],
    ),
    "homogeneous": ([[1] * 5 for _ in range(5)], [6] * 5, [Fraction(1, 5)] * 5),
    "ring": (both_ways(6, [(k, (k + 1) % 6) for k in range(6)]), [3] * 6, [Fraction(1, 6)] * 6),
    "tree": (
        both_ways(6, [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5)]),
        [3, 4, 3, 2, 2, 2],
        [Fraction(1, 6)] * 6,
    ),
}


def small(weights: Rows, thresholds: list[int], drive: list[Fraction]) -> dict[str, Any]:
    law = given_avalanche(pattern_law(weights, thresholds, drive))
    assemblies = assembly_law_by_listing(weights, thresholds, drive)
    sizes: Law = {}
    for assembly, p in assemblies.items():
        sizes[len(assembly)] = sizes.get(len(assembly), Fraction(0)) + p
    assert sizes == size_law(law)  # the dynamics and the forests agree
    return {
        "network": written(weights, thresholds, drive),
        "volume": len(recurrent_states(weights, thresholds)),
        "sizes": texts(sizes),
        "durations": texts(duration_law(law)),
        "both": texts({f"{size} {duration}": p for (size, duration), p in size_duration_law(law).items()}),
        "assemblies": texts({" ".join(map(str, sorted(a))): p for a, p in assemblies.items()}),
    }


def written(weights: Rows, thresholds: list[Any], drive: list[Fraction]) -> dict[str, Any]:
    return {
        "weights": [[str(w) for w in row] for row in weights],
        "thresholds": [str(u) for u in thresholds],
        "drive": [str(p) for p in drive],
    }


def texts(law: Law) -> dict[str, str]:
    return {str(outcome): str(law[outcome]) for outcome in sorted(law)}


def grid() -> dict[str, Any]:
    """The sizes of a grid of 3 x 4 units with random weights: all sets, a determinant for each start."""
    draw = random.Random(2026)
    places = [(r, c) for r in range(3) for c in range(4)]
    edges = {
        (i, j): Fraction(draw.randint(1, 9), 40)
        for i, a in enumerate(places)
        for j, b in enumerate(places)
        if abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1
    }
    n = len(places)
    weights, thresholds, drive = of_edges(n, edges), [1] * n, [Fraction(1, n)] * n
    lost = leak(weights, thresholds)
    assert min(lost) > 0
    found: Law = {}
    for size in range(1, n + 1):
        for inside in combinations(range(n), size):
            outside = [i for i in range(n) if i not in inside]
            silent = determinant(laplacian(weights, outside, lost)) if outside else Fraction(1)
            for start in inside:
                others = [i for i in inside if i != start]
                tree = determinant(laplacian(weights, inside, [0] * n, others)) if others else Fraction(1)
                found[size] = found.get(size, Fraction(0)) + drive[start] * tree * silent
    total = sum(found.values())
    sizes = {size: weight / total for size, weight in found.items()}
    return {"network": written(weights, thresholds, drive), "sizes": texts(sizes)}


def laplacian(weights: Rows, units: Any, lost: Any, kept: Any = None) -> Rows:
    """What units receive from each other and lose, without the rows and columns that are not kept."""
    kept = list(units) if kept is None else kept
    return [
        [lost[i] + sum(weights[i][k] for k in units if k != i) if i == j else -weights[i][j] for j in kept]
        for i in kept
    ]


def homogeneous(n: int, alpha: Any) -> Callable[[int], Any]:
    """The closed form of the sizes; alpha a fraction or one of mpmath."""

    def p(size: int) -> Any:
        grown = comb(n - 1, size - 1) * (size * alpha / n) ** (size - 1) / size
        return grown * (1 - size * alpha / n) ** (n - size - 1) * n * (1 - alpha) / (n - (n - 1) * alpha)

    return p


def square_lattice() -> str:
    """P(L = 1) of the infinite square lattice with coupling 9/10: Green functions, and a determinant."""
    mpmath.mp.dps = 30
    w = mpmath.mpf(9) / 40

    def green(x: int, y: int) -> Any:
        def inner(k: Any) -> Any:  # the sum over the other direction in closed form
            a = 1 - 2 * w * mpmath.cos(k)
            root = mpmath.sqrt(a * a - 4 * w * w)
            return mpmath.cos(x * k) / root * ((a - root) / (2 * w)) ** abs(y)

        return mpmath.quad(inner, [0, mpmath.pi / 2, mpmath.pi]) / mpmath.pi

    near = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    values = {(x, y): green(x, y) for x in range(3) for y in range(3)}

    def g(a: tuple[int, int], b: tuple[int, int]) -> Any:
        return values[abs(a[0] - b[0]), abs(a[1] - b[1])]

    origin = (0, 0)
    rest = mpmath.matrix(
        4, 4
    )  # of the lattice without the start, whose neighbours then leak what they got from it
    for i, a in enumerate(near):
        for j, b in enumerate(near):
            rest[i, j] = (a == b) - w * (g(a, b) - g(a, origin) * g(origin, b) / g(origin, origin))
    return str(mpmath.nstr(mpmath.det(rest), 17))


def digits() -> dict[str, str]:
    mpmath.mp.dps = 80
    return {
        "sqrt(2) - 665857/470832": mpmath.nstr(mpmath.sqrt(2) - mpmath.mpf(665857) / 470832, 20),
        "sqrt(2 + sqrt(3))/7": mpmath.nstr(mpmath.sqrt(2 + mpmath.sqrt(3)) / 7, 50),
        "1/7": mpmath.nstr(mpmath.mpf(1) / 7, 60),
    }


def bounds() -> dict[str, float]:
    """What chi-square exceeds once in 10^9 samples, by its degrees of freedom."""
    mpmath.mp.dps = 30

    def exceeded(df: int) -> float:
        def tail(x: Any) -> Any:
            return mpmath.log(mpmath.gammainc(mpmath.mpf(df) / 2, x / 2, regularized=True) * 10**9)

        return float(mpmath.findroot(tail, (df + 30, df + 80)))

    return {str(df): round(exceeded(df), 3) for df in range(1, 13)}


def main() -> None:
    alpha = Fraction(4, 5)
    p5 = homogeneous(5, Fraction(5, 6))
    laws = {name: small(*given) for name, given in SMALL.items()}
    assert laws["homogeneous"]["sizes"] == texts({size: p5(size) for size in range(1, 6)})
    mpmath.mp.dps = 60
    large = homogeneous(100, mpmath.mpf(9) / 10)(37)
    content = {
        "tool": f"Python {platform.python_version()}, mpmath {mpmath.__version__}, tests/oracles.py",
        "command": "python make_stored.py",
        "date": date.today().isoformat(),
        "small": laws,
        "grid": grid(),
        "homogeneous": {
            "spec": "homogeneous:N=18,alpha=4/5",
            "sizes": texts({size: homogeneous(18, alpha)(size) for size in range(1, 19)}),
        },
        "formula": {
            "id": "homogeneous.size",
            "values": {"N": 100, "L": 37, "alpha": "9/10"},
            "digits": mpmath.nstr(large, 30),
        },
        "square lattice": square_lattice(),
        "digits": digits(),
        "chi-square bounds": bounds(),
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
