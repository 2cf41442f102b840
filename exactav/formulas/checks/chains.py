"""Checks of the formulas of the infinite chain: rings that are large, and the Green function."""

from sympy import Rational, sqrt

from exactav.formulas.checks.shared import agrees, digits_agree, grid
from exactav.formulas.families import chains
from exactav.formulas.formula import Formula
from exactav.laws.size import size_law
from exactav.network.families import ring
from exactav.proofs.checks import Check

_RATIONAL_ROOTS = (Rational(0), Rational(3, 5), Rational(4, 5), Rational(5, 13))
_LARGE = 150  # z^N is below 10^-80 for all couplings here
_NEAR = (Rational(1, 10), Rational(1, 2), Rational(4, 5))


def _size(formula: Formula) -> tuple[Check, ...]:
    laws = {a: size_law(ring(_LARGE, a)) for a in _NEAR}
    return (
        digits_agree(
            f"rings of N = {_LARGE}, which differ by less than the digits",
            formula,
            grid(L=(1, 2, 3, 10), alpha=_NEAR),
            lambda L, alpha: laws[alpha][int(L)],
        ),
    )


def _mean(formula: Formula) -> tuple[Check, ...]:
    return (
        agrees(
            "sqrt((1 + alpha)/(1 - alpha)) where sqrt(1 - alpha^2) is rational",
            formula,
            grid(alpha=_RATIONAL_ROOTS),
            lambda alpha: (1 + alpha) / sqrt(1 - alpha**2),
        ),
    )


CHECKS = {chains.SIZE.id: _size, chains.MEAN.id: _mean}
