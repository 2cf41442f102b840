"""Homogeneous networks: every unit is coupled to all, itself included, by alpha/N."""

from sympy import Eq, FallingFactorial, Piecewise, Sum, Symbol, binomial

from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula

k = Symbol("k")
el, K = Symbol("l", integer=True), Symbol("K")
step = Symbol("dU")

_EURICH = "C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002)"
_UNITS = {N: "number of units", alpha: "row sum of W, weight alpha/N between any two units"}
_ASSUMED = ("0 <= alpha < 1", "N >= 1")
_RANGE = (alpha >= 0, alpha < 1, N >= 1)
_BELOW = N - (N - 1) * alpha


SIZE = Formula(
    id="homogeneous.size",
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    symbols={**_UNITS, L: "size of the avalanche"},
    assumptions=(*_ASSUMED, "1 <= L <= N"),
    conditions=(*_RANGE, L >= 1, L <= N),
    expr=Piecewise(
        (alpha ** (N - 1) / _BELOW, Eq(L, N)),
        (
            L ** (L - 2)
            * binomial(N - 1, L - 1)
            * (alpha / N) ** (L - 1)
            * (1 - L * alpha / N) ** (N - L - 1)
            * N
            * (1 - alpha)
            / _BELOW,
            True,
        ),
    ),
    source=_EURICH,
    derivation="08",
)

FULL = Formula(
    id="homogeneous.full",
    name="probability that all units fire, given an avalanche",
    left="P(N)",
    symbols=_UNITS,
    assumptions=_ASSUMED,
    conditions=_RANGE,
    expr=alpha ** (N - 1) / _BELOW,
    source=_EURICH,
    derivation="08",
)

MEAN = Formula(
    id="homogeneous.mean",
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_UNITS,
    assumptions=_ASSUMED,
    conditions=_RANGE,
    expr=N / _BELOW,
    source=_EURICH,
    derivation="08",
)

SECOND_MOMENT = Formula(
    id="homogeneous.second_moment",
    name="mean square of the avalanche size, given an avalanche",
    left=r"\langle L^2 \rangle",
    symbols=_UNITS,
    assumptions=_ASSUMED,
    conditions=_RANGE,
    expr=Sum(k * FallingFactorial(N, k) * (alpha / N) ** (k - 1), (k, 1, N)) / _BELOW,
    source="arXiv:2202.02520",
    derivation="08",
)

NO_AVALANCHE = Formula(
    id="homogeneous.no_avalanche",
    name="probability that a slow step sets off no avalanche",
    left=r"P(\text{no avalanche})",
    symbols={**_UNITS, step: "external input of a slow step"},
    assumptions=(*_ASSUMED, "0 < dU <= 1 - alpha"),
    conditions=(*_RANGE, step > 0, step <= 1 - alpha),
    expr=1 - step * _BELOW / (N * (1 - alpha)),
    source=_EURICH,
    derivation="08",
)

SECOND_GENERATION = Formula(
    id="homogeneous.second_generation",
    name="mean number of units that the start recruits directly, given an avalanche",
    left=r"\langle |G_2| \rangle",
    symbols=_UNITS,
    assumptions=_ASSUMED,
    conditions=_RANGE,
    expr=(N - 1) * alpha * (N - (N - 2) * alpha) / (N * _BELOW),
    source="derived here from derivation 07",
    derivation="07",
)

STATE_DENSITY = Formula(
    id="homogeneous.state_density",
    name="density of the state of a unit from l alpha/N to (l+1) alpha/N, or to 1 for l = N",
    left="p(u)",
    symbols={**_UNITS, el: "step of the density, whole part of N u/alpha, at most N"},
    assumptions=(*_ASSUMED, "1 <= l <= N", "the density is 0 below alpha/N"),
    conditions=(*_RANGE, el >= 1, el <= N),
    expr=Sum(
        k ** (k - 2) * binomial(N - 1, k - 1) * (alpha / N) ** (k - 1) * (1 - k * alpha / N) ** (N - k - 1),
        (k, 1, el),
    ),
    source="derived here from derivation 17",
    derivation="17",
)

NEAR_THRESHOLD = Formula(
    id="homogeneous.near_threshold",
    name="probability that K units are near threshold, at alpha or above, in the stationary state",
    left="P(K)",
    symbols={**_UNITS, K: "number of units near threshold"},
    assumptions=(*_ASSUMED, "1 <= K <= N"),
    conditions=(*_RANGE, K >= 1, K <= N),
    expr=binomial(N - 1, K - 1) * (1 - alpha) ** (K - 1) * alpha ** (N - K),
    source="derived here from derivation 17",
    derivation="17",
)

FORMULAS = (
    SIZE,
    FULL,
    MEAN,
    SECOND_MOMENT,
    NO_AVALANCHE,
    SECOND_GENERATION,
    STATE_DENSITY,
    NEAR_THRESHOLD,
)
