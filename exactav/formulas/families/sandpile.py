"""The sandpile on the complete graph of N units and a sink: threshold N, weight 1, increment 1."""

from itertools import product

import sympy
from sympy import Symbol, binomial

from exactav.formulas.formula import Formula
from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly

N, L = Symbol("N", integer=True), Symbol("L", integer=True)


def _network(n: int) -> Network:
    return Network([[int(i != j) for j in range(n)] for i in range(n)], thresholds=n, increment=1)


def _toppled(n: int) -> list[int]:
    """Numbers of (recurrent state, start) pairs by avalanche size 0 .. n, by running all of them.

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
    return counts


def _pair_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "all recurrent states and starts of N = 1 .. 5, toppled",
            range(1, 6),
            lambda n: [int(formula.at({"N": n, "L": size})) for size in range(1, n + 1)],
            lambda n: _toppled(n)[1:],
        ),
        exactly(
            "the size laws per slow step of N = 1 .. 10 from determinants",
            [(n, size) for n in range(1, 11) for size in range(1, n + 1)],
            lambda case: formula.at({"N": case[0], "L": case[1]}),
            lambda case: (
                case[0] * _network(case[0]).volume() * size_law(_network(case[0])).per_step()[case[1]]
            ),
        ),
        exactly(
            "all pairs with an avalanche are N times 2 (N + 1)^(N - 2), for N = 40",
            [40],
            lambda n: sum(formula.at({"N": n, "L": size}) for size in range(1, n + 1)),
            lambda n: sympy.Integer(n * 2 * (n + 1) ** (n - 2)),
        ),
    )


FORMULAS = (
    Formula(
        id="sandpile.complete_graph",
        name="number of (recurrent state, start) pairs with an avalanche of L units",
        left=r"\#\{(u, k) : L\}",
        symbols={N: "number of units besides the sink", L: "size of the avalanche"},
        assumptions=("N >= 1", "1 <= L <= N"),
        conditions=(N >= 1, L >= 1, L <= N),
        expr=N * binomial(N - 1, L - 1) * L ** (L - 2) * (N - L + 1) ** (N - L - 1),
        source="arXiv:2202.02520; D. Dhar, Phys. Rev. Lett. 64, 1613 (1990) for the model",
        checks=_pair_checks,
        derivation="09",
    ),
)
