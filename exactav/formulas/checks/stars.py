"""Checks of the formulas of stars."""

from exactav.formulas.checks.shared import (
    COUPLED,
    LawFormula,
    agrees,
    grid,
    mean_checks,
    size_checks,
    sizes_up_to,
    together,
)
from exactav.formulas.families import stars
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import star
from exactav.proofs.checks import Check


def _whole_law(formula: Formula) -> tuple[Check, ...]:
    return (
        LawFormula(formula, ("L",), sizes_up_to).agrees(
            "the size law of N = 25 over count vectors, at several couplings",
            grid(N=[25], alpha=COUPLED),
            lambda N, alpha, **_: size_law(star(N, alpha)),
        ),
    )


def _large_mean(formula: Formula) -> tuple[Check, ...]:
    return (
        agrees(
            "the Green matrix of N = 100, at several couplings",
            formula,
            grid(N=[100], alpha=COUPLED),
            lambda N, alpha: mean_size(star(N, alpha)),
        ),
    )


CHECKS = {
    stars.STAR_SIZE.id: together(size_checks(star, 2), _whole_law),
    stars.STAR_MEAN.id: together(mean_checks(star, 2), _large_mean),
}
