"""Checks of the formulas of homogeneous networks, with and without self-coupling."""

import sympy
from sympy import Rational

from exactav.formulas.checks.shared import (
    LawFormula,
    agrees,
    grid,
    mean_checks,
    put_in,
    quantity_checks,
    size_checks,
    sizes_up_to,
    small,
    together,
)
from exactav.formulas.families import homogeneous as with_self
from exactav.formulas.families import homogeneous_without_self as without_self
from exactav.formulas.families.symbols import alpha
from exactav.formulas.formula import Formula
from exactav.laws.avalanche import avalanche_probability
from exactav.laws.marginals import green_matrix, mean_second_generation
from exactav.laws.near_threshold import near_threshold_law
from exactav.laws.size import size_law
from exactav.laws.state import state_law
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


def _heights(N: int, alpha: sympy.Expr, **_: sympy.Symbol) -> dict[int, sympy.Expr]:
    """The density of the state of a unit on each step, from its law."""
    found = state_law(homogeneous(N, alpha), 0)
    return {step: found.density(step * alpha / N) for step in range(1, N + 1)}


def _state_densities(formula: Formula) -> tuple[Check, ...]:
    steps = LawFormula(formula, ("l",), sizes_up_to)
    return (
        steps.agrees("state laws of a unit for N = 1 .. 8, at several couplings", small(1), _heights),
        steps.agrees("state laws in symbolic alpha for N = 1 .. 5", grid(N=range(1, 6)), _heights),
        agrees(
            "G_kk of N = 1 .. 8, on the last step",
            formula,
            [{**case, "l": case["N"]} for case in small(1)],
            lambda N, alpha, **_: green_matrix(homogeneous(N, alpha))[0, 0],
        ),
        exactly(
            "the densities of N = 1 .. 8 integrate to 1",
            small(1),
            lambda case: sum(
                height * (case["alpha"] / case["N"] if step < case["N"] else 1 - case["alpha"])
                for step, height in steps.law(case).items()
            ),
            lambda _: 1,
        ),
    )


def _near_threshold(formula: Formula) -> tuple[Check, ...]:
    counts = LawFormula(formula, ("K",), sizes_up_to)

    def law(N: int, alpha: sympy.Expr, **_: sympy.Symbol) -> dict[int, sympy.Expr]:
        return dict(near_threshold_law(homogeneous(N, alpha)))

    return (
        counts.agrees("laws of N = 1 .. 8, at several couplings", small(1), law),
        counts.agrees("laws in symbolic alpha for N = 1 .. 6", grid(N=range(1, 7)), law),
        counts.normalised("the probabilities of N = 1 .. 8 add up to 1", small(1)),
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
    with_self.STATE_DENSITY.id: _state_densities,
    with_self.NEAR_THRESHOLD.id: _near_threshold,
    without_self.SIZE.id: size_checks(homogeneous_without_self, 2),
    without_self.FULL.id: quantity_checks("P(N) from determinants", _full, homogeneous_without_self, 2),
    without_self.MEAN.id: mean_checks(homogeneous_without_self, 2),
}
