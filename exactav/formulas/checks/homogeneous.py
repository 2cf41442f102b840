"""Checks of the formulas of homogeneous networks, with and without self-coupling."""

import sympy
from sympy import Rational

from exactav.formulas.checks.shared import (
    agrees,
    grid,
    mean_checks,
    put_in,
    quantity_checks,
    size_checks,
    small,
    together,
)
from exactav.formulas.families import homogeneous as with_self
from exactav.formulas.families import homogeneous_without_self as without_self
from exactav.formulas.families.symbols import alpha
from exactav.formulas.formula import Formula
from exactav.laws.marginals import avalanche_probability, mean_second_generation
from exactav.laws.size import size_law
from exactav.network.families import homogeneous, homogeneous_without_self
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly
from exactav.proofs.listing import forests


def _full(net: Network) -> sympy.Expr:
    return size_law(net)[net.n_units]


def _cayley(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "Cayley: P(N) det(M without k) / (alpha/N)^(N-1) counts the trees of N = 1 .. 6 units, listed",
            range(1, 7),
            lambda n: put_in(formula, {"N": n}) * (1 - alpha + alpha / n) / (alpha / n) ** (n - 1),
            lambda n: sum(1 for _ in forests(range(n), [0])),
        ),
    )


def _large_second_moments(formula: Formula) -> tuple[Check, ...]:
    return (
        agrees(
            "the sum of L^2 P(L) for N = 50",
            formula,
            grid(N=[50], alpha=[Rational(2, 3), Rational(49, 50)]),
            lambda N, alpha: size_law(homogeneous(N, alpha)).moment(2),
        ),
    )


def _no_avalanche(formula: Formula) -> tuple[Check, ...]:
    cases = [{**case, "dU": (1 - case["alpha"]) / 3} for case in small(1)]
    return (
        agrees(
            "one minus the avalanche probability of N = 1 .. 8, at several couplings",
            formula,
            cases,
            lambda N, alpha, dU: 1 - avalanche_probability(homogeneous(N, alpha, increment=dU)),
        ),
        agrees(
            "the outcome 0 of the size law per slow step",
            formula,
            cases,
            lambda N, alpha, dU: size_law(homogeneous(N, alpha, increment=dU)).per_step()[0],
        ),
    )


CHECKS = {
    with_self.SIZE.id: size_checks(homogeneous, 1),
    with_self.FULL.id: together(quantity_checks("P(N) from determinants", _full, homogeneous, 1), _cayley),
    with_self.MEAN.id: mean_checks(homogeneous, 1),
    with_self.SECOND_MOMENT.id: together(
        quantity_checks(
            "second moments of the size laws", lambda net: size_law(net).moment(2), homogeneous, 1
        ),
        _large_second_moments,
    ),
    with_self.NO_AVALANCHE.id: _no_avalanche,
    with_self.SECOND_GENERATION.id: quantity_checks(
        "mean second generations from the Green matrix",
        lambda net: mean_second_generation(net, 0),
        homogeneous,
        1,
    ),
    without_self.SIZE.id: size_checks(homogeneous_without_self, 2),
    without_self.FULL.id: quantity_checks("P(N) from determinants", _full, homogeneous_without_self, 2),
    without_self.MEAN.id: mean_checks(homogeneous_without_self, 2),
}
