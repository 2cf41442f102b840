"""Homogeneous networks without self-coupling: every unit is coupled to all others by alpha/(N - 1)."""

import sympy
from sympy import Eq, Piecewise, Symbol, binomial

from exactav.checks import Check, exactly
from exactav.families import homogeneous_without_self
from exactav.formulas.formula import Formula
from exactav.formulas.verification import COUPLINGS, alpha, mean_checks, put_in, size_checks
from exactav.laws.size import size_law

N, L = Symbol("N", integer=True), Symbol("L", integer=True)
w = alpha / (N - 1)

_UNITS = {N: "number of units", alpha: "row sum of W, weight alpha/(N - 1) between any two different units"}
_ASSUMED = ("0 <= alpha < 1", "N >= 2")
_RANGE = (alpha >= 0, alpha < 1, N >= 2)
_BELOW = (1 + w) ** (N - 2) * (1 - (N - 2) * w)


def _full_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "P(N) of the size laws of N = 2 .. 8, at three couplings",
            [(n, a) for n in range(2, 9) for a in COUPLINGS],
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: size_law(homogeneous_without_self(*case))[case[0]],
        ),
        exactly(
            "in symbolic alpha for N = 2 .. 6",
            range(2, 7),
            lambda n: put_in(formula, N=n),
            lambda n: sympy.cancel(size_law(homogeneous_without_self(n, alpha))[n]),
        ),
    )


FORMULAS = (
    Formula(
        id="homogeneous_without_self.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**_UNITS, L: "size of the avalanche"},
        assumptions=(*_ASSUMED, "1 <= L <= N"),
        conditions=(*_RANGE, L >= 1, L <= N),
        expr=Piecewise(
            ((N * w) ** (N - 1) / (N * _BELOW), Eq(L, N)),
            (
                binomial(N - 1, L - 1)
                * (L * w) ** (L - 1)
                * (1 - (L - 1) * w) ** (N - L - 1)
                * (1 - alpha)
                / (L * _BELOW),
                True,
            ),
        ),
        source="arXiv:2202.02520",
        checks=size_checks(homogeneous_without_self, 2),
    ),
    Formula(
        id="homogeneous_without_self.full",
        name="probability that all units fire, given an avalanche",
        left="P(N)",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=(N * w) ** (N - 1) / (N * _BELOW),
        source="arXiv:2202.02520",
        checks=_full_checks,
    ),
    Formula(
        id="homogeneous_without_self.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=(N - 1 + alpha) / (N - 1 - (N - 2) * alpha),
        source="arXiv:2202.02520",
        checks=mean_checks(homogeneous_without_self, 2),
    ),
)
