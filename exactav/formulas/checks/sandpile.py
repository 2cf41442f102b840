"""Checks of the sandpile on the complete graph."""

from itertools import product

import sympy

from exactav.formulas.checks.shared import LawFormula, sizes_up_to
from exactav.formulas.families.sandpile import COMPLETE_GRAPH
from exactav.formulas.formula import Formula
from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly


def _network(n: int) -> Network:
    return Network([[int(i != j) for j in range(n)] for i in range(n)], thresholds=n, increment=1)


def _toppled(n: int) -> dict[int, int]:
    """Numbers of (recurrent state, start) pairs by avalanche size 1 .. n, by running all of them.

    A state of the complete graph is recurrent iff, sorted downwards, its i-th entry is at least n - 1 - i.
    """
    counts = [0] * (n + 1)
    for state in product(range(n), repeat=n):
        if all(x >= n - 1 - i for i, x in enumerate(sorted(state, reverse=True))):
            for start in range(n):
                u = [x + (i == start) for i, x in enumerate(state)]
                fired: set[int] = set()
                while firing := {i for i in range(n) if u[i] >= n}:
                    fired |= firing
                    u = [x - n * (i in firing) + len(firing - {i}) for i, x in enumerate(u)]
                counts[len(fired)] += 1
    return {size: counts[size] for size in range(1, n + 1)}


def _pairs(n: int) -> dict[int, sympy.Expr]:
    """The same from the size law per slow step, with an avalanche."""
    net = _network(n)
    return {size: n * net.volume() * p for size, p in size_law(net).per_step().items() if size}


def _checks(formula: Formula) -> tuple[Check, ...]:
    pairs = LawFormula(formula, ("L",), sizes_up_to)
    return (
        pairs.agrees(
            "all recurrent states and starts of N = 1 .. 5, toppled",
            [{"N": n} for n in range(1, 6)],
            lambda N, **_: _toppled(N),
        ),
        pairs.agrees(
            "the size laws per slow step of N = 1 .. 10 from determinants",
            [{"N": n} for n in range(1, 11)],
            lambda N, **_: _pairs(N),
        ),
        exactly(
            "all pairs with an avalanche are N times 2 (N + 1)^(N - 2), for N = 40",
            [40],
            lambda n: sympy.Add(*pairs.law({"N": n}).values()),
            lambda n: n * 2 * (n + 1) ** (n - 2),
        ),
    )


CHECKS = {COMPLETE_GRAPH.id: _checks}
