"""Checks of the formulas of ring, line and directed ring."""

import sympy
from sympy import Rational, Symbol, chebyshevu, sqrt

from exactav.formulas.checks.shared import (
    COUPLINGS,
    Checks,
    Family,
    LawFormula,
    agrees,
    digits_agree,
    grid,
    mean_checks,
    put_in,
    quantity_checks,
    size_checks,
    sizes_up_to,
    together,
)
from exactav.formulas.families import rings
from exactav.formulas.families.symbols import alpha
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import directed_ring, line, ring
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly

_RATIONAL_ROOTS = (Rational(0), Rational(3, 5), Rational(4, 5), Rational(5, 13), Rational(20, 29))
_t = Symbol("t")
_TANGENT = 2 * _t / (1 + _t**2)  # alpha, where sqrt(1 - alpha^2) is rational in t


def _volume(family: Family, smallest: int) -> Checks:
    return together(
        quantity_checks(
            "volumes from determinants", Network.volume, family, smallest, largest=12, largest_symbolic=7
        ),
        lambda formula: (
            digits_agree(
                "the determinant for N = 200",
                formula,
                grid(N=[200], alpha=COUPLINGS),
                lambda N, alpha: family(N, alpha).volume(),
            ),
        ),
    )


def _mean(size: Formula, family: Family, smallest: int) -> Checks:
    """With the sum of L P(L) of the formula ``size`` at N = 200."""

    def summed(N: int, alpha: Rational) -> sympy.Expr:
        return sympy.Add(*(L * size.at({"N": N, "L": L, "alpha": alpha}) for L in range(1, N + 1)))

    return together(
        mean_checks(family, smallest),
        lambda formula: (
            agrees("the sum of L P(L) for N = 200, exactly", formula, grid(N=[200], alpha=COUPLINGS), summed),
        ),
    )


def _intervals(formula: Formula) -> tuple[Check, ...]:
    x = 1 / alpha

    def path(n: int) -> sympy.Expr:
        return chebyshevu(n, x) - (chebyshevu(n - 1, x) if n else 0)

    def summed(N: int, L: int, **_: sympy.Symbol) -> sympy.Expr:
        places = sum(path(a) * path(N - L - a) for a in range(N - L + 1))
        starts = sum(chebyshevu(a, x) * chebyshevu(N - 1 - a, x) for a in range(N))
        return L * places / starts

    return (
        agrees(
            "the sum over all places of the interval in symbolic alpha for N = 1 .. 8",
            formula,
            [{"N": n, "L": size} for n in range(1, 9) for size in range(1, n + 1)],
            summed,
        ),
    )


def _with_rational_root(formula: Formula, **numbers: int) -> sympy.Expr:
    """The formula at alpha = 2t/(1 + t^2), 0 < t < 1, where its roots are rational in t."""
    values = {symbol: numbers[symbol.name] for symbol in formula.symbols if symbol.name in numbers}
    roots = {rings.r: (1 - _t**2) / (1 + _t**2), sqrt((1 + alpha) / (1 - alpha)): (1 + _t) / (1 - _t)}
    return formula.expr.subs(values).subs(roots).subs(alpha, _TANGENT)


def _identical_in_t(formula: Formula, chebyshev: Formula, cases: list[dict[str, int]], upto: int) -> Check:
    return exactly(
        f"equal to the Chebyshev form for N = 2 .. {upto}, identically in t, alpha = 2t/(1 + t^2)",
        cases,
        lambda case: _with_rational_root(formula, **case),
        lambda case: put_in(chebyshev, case).subs(alpha, _TANGENT),
    )


def _size_radicals(formula: Formula) -> tuple[Check, ...]:
    law, chebyshev = LawFormula(formula, ("L",), sizes_up_to), rings.RING_SIZE
    sizes = [{"N": n, "L": size} for n in range(2, 9) for size in range(1, n + 1)]
    large = [(1, a) for a in COUPLINGS] + [(size, COUPLINGS[1]) for size in (2, 100, 199, 200)]
    return (
        law.agrees(
            "the size laws of N = 2 .. 8 from determinants, where sqrt(1 - alpha^2) is rational",
            grid(N=range(2, 9), alpha=_RATIONAL_ROOTS),
            lambda N, alpha, **_: size_law(ring(N, alpha)),
        ),
        _identical_in_t(formula, chebyshev, sizes, 8),
        law.normalised(
            "normalisation for N = 200, exactly, where sqrt(1 - alpha^2) is rational",
            grid(N=[200], alpha=_RATIONAL_ROOTS),
        ),
        digits_agree(
            "the Chebyshev form for N = 200",
            formula,
            [{"N": 200, "L": size, "alpha": a} for size, a in large],
            lambda **values: chebyshev.at(values),
        ),
    )


def _mean_radicals(formula: Formula) -> tuple[Check, ...]:
    return (
        agrees(
            "mean sizes from the Green matrix for N = 2 .. 8, where sqrt(1 - alpha^2) is rational",
            formula,
            grid(N=range(2, 9), alpha=_RATIONAL_ROOTS),
            lambda N, alpha: mean_size(ring(N, alpha)),
        ),
        _identical_in_t(formula, rings.RING_MEAN, grid(N=range(2, 13)), 12),
        digits_agree(
            "the Chebyshev form for N = 200",
            formula,
            grid(N=[200], alpha=COUPLINGS),
            lambda **values: rings.RING_MEAN.at(values),
        ),
    )


CHECKS = {
    rings.RING_VOLUME.id: _volume(ring, 2),
    rings.RING_SIZE.id: size_checks(ring, 2, large=200),
    rings.RING_SIZE_RADICALS.id: _size_radicals,
    rings.RING_MEAN.id: _mean(rings.RING_SIZE, ring, 2),
    rings.RING_MEAN_RADICALS.id: _mean_radicals,
    rings.LINE_VOLUME.id: _volume(line, 1),
    rings.LINE_SIZE.id: together(_intervals, size_checks(line, 1, large=200)),
    rings.LINE_MEAN.id: _mean(rings.LINE_SIZE, line, 1),
    rings.DIRECTED_RING_SIZE.id: size_checks(directed_ring, 2),
    rings.DIRECTED_RING_MEAN.id: _mean(rings.DIRECTED_RING_SIZE, directed_ring, 2),
}
