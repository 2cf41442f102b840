"""Checks of the formulas of the infinite chain: rings that are large, and the Green function."""

from collections.abc import Iterable

from sympy import Matrix, Rational, eye, sqrt

from exactav.formulas.checks.shared import agrees, digits_agree, grid
from exactav.formulas.families import chains
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import ring
from exactav.proofs.checks import Check

_RATIONAL_ROOTS = (Rational(0), Rational(3, 5), Rational(4, 5), Rational(5, 13))
_LARGE = 150  # z^N is below 10^-70 for all couplings here
_NEAR = (Rational(1, 10), Rational(1, 2), Rational(3, 5))


def _size(formula: Formula) -> tuple[Check, ...]:
    laws = {a: size_law(ring(_LARGE, a)) for a in _NEAR}
    return (
        digits_agree(
            f"rings of N = {_LARGE}, which differ by less than the digits",
            formula,
            grid(L=(1, 2, 3, 10), alpha=_NEAR),
            lambda L, alpha: laws[alpha][int(L)],
        ),
        agrees(
            "determinants of the Green function where sqrt(1 - alpha^2) is rational",
            formula,
            grid(L=(1, 2, 3, 5), alpha=_RATIONAL_ROOTS[1:]),
            _by_determinants,
        ),
    )


def _by_determinants(L: Rational, alpha: Rational) -> Rational:
    """The probability of L neighbouring units, from G(x) = z^|x| / sqrt(1 - alpha^2). Derivation 18."""
    root = sqrt(1 - alpha**2)
    inside, beside = range(int(L)), (-1, int(L))

    def green(rows: Iterable[int], columns: Iterable[int]) -> Matrix:
        return Matrix([[(alpha / (1 + root)) ** abs(i - j) / root for j in columns] for i in rows])

    own = green(inside, inside)
    others = green(beside, beside) - green(beside, inside) * own.inv() * green(inside, beside)
    silent = own.det() * (eye(2) - others * alpha / 2).det() * root
    return L * (alpha / 2) ** (L - 1) * silent


def _mean(formula: Formula) -> tuple[Check, ...]:
    return (
        agrees(
            "sqrt((1 + alpha)/(1 - alpha)) where sqrt(1 - alpha^2) is rational",
            formula,
            grid(alpha=_RATIONAL_ROOTS),
            lambda alpha: (1 + alpha) / sqrt(1 - alpha**2),
        ),
        digits_agree(
            f"rings of N = {_LARGE}, which differ by less than the digits",
            formula,
            grid(alpha=_NEAR),
            lambda alpha: mean_size(ring(_LARGE, alpha)),
        ),
    )


CHECKS = {chains.SIZE.id: _size, chains.MEAN.id: _mean}
