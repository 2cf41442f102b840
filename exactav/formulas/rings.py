"""Ring and line: Chebyshev polynomials of 1/alpha; and the directed ring."""

import sympy
from sympy import Eq, Piecewise, Sum, Symbol, chebyshevt, chebyshevu

from exactav.checks import Check, exactly
from exactav.families import directed_ring, line, ring
from exactav.formulas.formula import Formula
from exactav.formulas.verification import COUPLINGS, alpha, mean_checks, put_in, size_checks

N, L = Symbol("N", integer=True, positive=True), Symbol("L", integer=True, positive=True)
j = Symbol("j")
x = 1 / alpha

_RING = {N: "number of units", alpha: "row sum of W, weight alpha/2 from each neighbour"}
_SIZE = {L: "size of the avalanche"}


def _q(n: sympy.Expr) -> sympy.Expr:
    """A path of n units with one end next to what fired, over w^n."""
    return _second_kind(n) - _second_kind(n - 1)


def _second_kind(n: sympy.Expr) -> sympy.Expr:
    """U_n(1/alpha), not rewritten: SymPy would turn some U_n into -U_{-n-2}."""
    return chebyshevu(n, x, evaluate=False)


def _volume_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "volumes of rings of N = 3 .. 12 at three couplings",
            [(n, a) for n in range(3, 13) for a in COUPLINGS],
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: ring(*case).volume(),
        ),
        exactly(
            "in symbolic alpha for N = 3 .. 7",
            range(3, 8),
            lambda n: put_in(formula, N=n),
            lambda n: sympy.cancel(ring(n, alpha).volume()),
        ),
    )


FORMULAS = (
    Formula(
        id="ring.volume",
        name="volume of the inhabited region",
        left=r"\det M",
        symbols=_RING,
        assumptions=("0 < alpha < 1", "N >= 3"),
        conditions=(alpha > 0, alpha < 1, N >= 3),
        expr=2 * (alpha / 2) ** N * (chebyshevt(N, x) - 1),
        source="arXiv:2202.02520",
        checks=_volume_checks,
        derivation="10",
    ),
    Formula(
        id="ring.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**_RING, **_SIZE},
        assumptions=("0 <= alpha < 1", "N >= 3", "1 <= L <= N"),
        conditions=(alpha >= 0, alpha < 1, N >= 3, L >= 1, L <= N),
        expr=Piecewise(
            (1, Eq(alpha, 0) & Eq(L, 1)),
            (0, Eq(alpha, 0)),
            (N / chebyshevu(N - 1, x), Eq(L, N)),
            (2 * (1 - alpha) / alpha * L * chebyshevu(N - L - 1, x) / chebyshevu(N - 1, x), True),
        ),
        source="arXiv:2202.02520",
        checks=size_checks(ring, 3),
        derivation="10",
    ),
    Formula(
        id="line.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={
            N: "number of units",
            alpha: "row sum of W inside the line, weight alpha/2 from each neighbour",
            **_SIZE,
        },
        assumptions=("0 <= alpha < 1", "N >= 1", "1 <= L <= N", "uniform drive"),
        conditions=(alpha >= 0, alpha < 1, N >= 1, L >= 1, L <= N),
        expr=Piecewise(
            (1, Eq(alpha, 0) & Eq(L, 1)),
            (0, Eq(alpha, 0)),
            (
                L
                * Sum(_q(j) * _q(N - L - j), (j, 0, N - L))
                / Sum(_second_kind(j) * _second_kind(N - 1 - j), (j, 0, N - 1)),
                True,
            ),
        ),
        source="arXiv:2202.02520",
        checks=size_checks(line, 1, large=30),
        derivation="10",
    ),
    Formula(
        id="directed_ring.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={N: "number of units", alpha: "weight from each unit to the next", **_SIZE},
        assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N"),
        conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
        expr=Piecewise((alpha ** (N - 1), Eq(L, N)), (alpha ** (L - 1) * (1 - alpha), True)),
        source="derived here: each unit recruits the next, or stops",
        checks=size_checks(directed_ring, 2),
    ),
    Formula(
        id="directed_ring.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols={N: "number of units", alpha: "weight from each unit to the next"},
        assumptions=("0 <= alpha < 1", "N >= 2"),
        conditions=(alpha >= 0, alpha < 1, N >= 2),
        expr=(1 - alpha**N) / (1 - alpha),
        source="derived here: the sum of alpha^(L-1) over L",
        checks=mean_checks(directed_ring, 2),
    ),
)
