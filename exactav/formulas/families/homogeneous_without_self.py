"""Homogeneous networks without self-coupling: every unit is coupled to all others by alpha/(N - 1)."""

from sympy import Eq, Piecewise, binomial

from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula

w = alpha / (N - 1)

_UNITS = {N: "number of units", alpha: "row sum of W, weight alpha/(N - 1) between any two different units"}
_ASSUMED = ("0 <= alpha < 1", "N >= 2")
_RANGE = (alpha >= 0, alpha < 1, N >= 2)
_BELOW = (1 + w) ** (N - 2) * (1 - (N - 2) * w)


SIZE = Formula(
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
    derivation="08",
)

FULL = Formula(
    id="homogeneous_without_self.full",
    name="probability that all units fire, given an avalanche",
    left="P(N)",
    symbols=_UNITS,
    assumptions=_ASSUMED,
    conditions=_RANGE,
    expr=(N * w) ** (N - 1) / (N * _BELOW),
    source="arXiv:2202.02520",
    derivation="08",
)

MEAN = Formula(
    id="homogeneous_without_self.mean",
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_UNITS,
    assumptions=_ASSUMED,
    conditions=_RANGE,
    expr=(N - 1 + alpha) / (N - 1 - (N - 2) * alpha),
    source="arXiv:2202.02520",
    derivation="08",
)

FORMULAS = (SIZE, FULL, MEAN)
