"""Homogeneous networks: every unit is coupled to all, itself included, by alpha/N."""

import sympy
from sympy import Eq, FallingFactorial, Piecewise, Rational, Sum, Symbol, binomial

from exactav.formulas.checks.shared import (
    alpha,
    mean_checks,
    network_checks,
    put_in,
    size_checks,
    small_networks,
    together,
)
from exactav.formulas.formula import Formula
from exactav.laws.marginals import avalanche_probability, mean_second_generation
from exactav.laws.size import size_law
from exactav.network.families import homogeneous
from exactav.proofs.checks import Check, exactly
from exactav.proofs.listing import forests

N, L, k = Symbol("N", integer=True), Symbol("L", integer=True), Symbol("k")
step = Symbol("dU")

_EURICH = "C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002)"
_UNITS = {N: "number of units", alpha: "row sum of W, weight alpha/N between any two units"}
_ASSUMED = ("0 <= alpha < 1", "N >= 1")
_RANGE = (alpha >= 0, alpha < 1, N >= 1)
_BELOW = N - (N - 1) * alpha
_SMALL = small_networks(1)


def _cayley(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "Cayley: P(N) det(M without k) / (alpha/N)^(N-1) counts the trees of N = 1 .. 6 units, listed",
            range(1, 7),
            lambda n: sympy.cancel(
                put_in(formula, {"N": n}) * (1 - alpha + alpha / n) / (alpha / n) ** (n - 1)
            ),
            lambda n: sympy.Integer(sum(1 for _ in forests(range(n), [0]))),
        ),
    )


def _large_second_moments(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "the sum of L^2 P(L) for N = 50",
            [Rational(2, 3), Rational(49, 50)],
            lambda a: formula.at({"N": 50, "alpha": a}),
            lambda a: size_law(homogeneous(50, a)).moment(2),
        ),
    )


def _no_avalanche_checks(formula: Formula) -> tuple[Check, ...]:
    cases = [(n, a, (1 - a) / 3) for n, a in _SMALL]
    return (
        exactly(
            "one minus the avalanche probability of N = 1 .. 8, at several couplings",
            cases,
            lambda case: formula.at({"N": case[0], "alpha": case[1], "dU": case[2]}),
            lambda case: 1 - avalanche_probability(homogeneous(case[0], case[1], increment=case[2])),
        ),
        exactly(
            "the outcome 0 of the size law per slow step",
            cases,
            lambda case: formula.at({"N": case[0], "alpha": case[1], "dU": case[2]}),
            lambda case: size_law(homogeneous(case[0], case[1], increment=case[2])).per_step()[0],
        ),
    )


FORMULAS = (
    Formula(
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
        checks=size_checks(homogeneous, 1),
        derivation="08",
    ),
    Formula(
        id="homogeneous.full",
        name="probability that all units fire, given an avalanche",
        left="P(N)",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=alpha ** (N - 1) / _BELOW,
        source=_EURICH,
        checks=together(
            network_checks("P(N) from determinants", lambda net: size_law(net)[net.n_units], homogeneous, 1),
            _cayley,
        ),
        derivation="08",
    ),
    Formula(
        id="homogeneous.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=N / _BELOW,
        source=_EURICH,
        checks=mean_checks(homogeneous, 1),
        derivation="08",
    ),
    Formula(
        id="homogeneous.second_moment",
        name="mean square of the avalanche size, given an avalanche",
        left=r"\langle L^2 \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=Sum(k * FallingFactorial(N, k) * (alpha / N) ** (k - 1), (k, 1, N)) / _BELOW,
        source="arXiv:2202.02520",
        checks=together(
            network_checks(
                "second moments of the size laws", lambda net: size_law(net).moment(2), homogeneous, 1
            ),
            _large_second_moments,
        ),
        derivation="08",
    ),
    Formula(
        id="homogeneous.no_avalanche",
        name="probability that a slow step sets off no avalanche",
        left=r"P(\text{no avalanche})",
        symbols={**_UNITS, step: "external input of a slow step"},
        assumptions=(*_ASSUMED, "0 < dU <= 1 - alpha"),
        conditions=(*_RANGE, step > 0, step <= 1 - alpha),
        expr=1 - step * _BELOW / (N * (1 - alpha)),
        source=_EURICH,
        checks=_no_avalanche_checks,
        derivation="08",
    ),
    Formula(
        id="homogeneous.second_generation",
        name="mean number of units that the start recruits directly, given an avalanche",
        left=r"\langle |G_2| \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=(N - 1) * alpha * (N - (N - 2) * alpha) / (N * _BELOW),
        source="derived here from derivation 07",
        checks=network_checks(
            "mean second generations from the Green matrix",
            lambda net: mean_second_generation(net, 0),
            homogeneous,
            1,
        ),
        derivation="07",
    ),
)
