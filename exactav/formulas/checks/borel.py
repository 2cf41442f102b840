"""Checks of Borel's law: as a limit, as a branching process, and by digits."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy
from mpmath import MPContext
from sympy import Integer, Rational, Symbol, cancel, exp, factorial, log

from exactav.formulas.checks.shared import COUPLINGS, Checks, digits_agree, grid
from exactav.formulas.families import borel, homogeneous, symbols
from exactav.formulas.families.symbols import L, alpha
from exactav.formulas.formula import Formula
from exactav.proofs.checks import Check, everywhere, exactly, identity

N, z, G = Symbol("N", positive=True), Symbol("z"), sympy.Function("G")
_SIZES = (1, 2, 3, 10, 100, 1000)
_ENOUGH = {Rational(1, 10): 45, Rational(1, 3): 120, Rational(1, 2): 250}
"""Couplings, and sizes beyond which (alpha e^(1 - alpha))^L L^3 is below 10^-17."""


def _in_floats(formula: Formula, independent: Callable[..., Any], **axes: Any) -> Check:
    """Against ``independent(context, L=.., alpha=..)`` in floating-point numbers of 80 digits."""
    context = MPContext()
    context.dps = 80

    def found(**values: Any) -> sympy.Float:
        floats = {name: context.mpf(int(x.p)) / int(x.q) for name, x in values.items()}
        return sympy.Float(independent(context, **floats), 80)

    cases = grid(L=map(Integer, _SIZES), **axes)
    return digits_agree("floating-point numbers of 80 digits, L up to 1000", formula, cases, found)


def _limit(size: int) -> sympy.Expr:
    """Of P(L) for N -> infinity; only (1 - L alpha/N)^N is not rational in N."""
    base = 1 - size * alpha / N
    bulk = homogeneous.SIZE.expr.args[-1][0]  # the case L < N
    bulk = bulk.xreplace({symbols.N: N, symbols.L: Integer(size)})
    powers = sympy.powdenest(bulk / base ** (N - size - 1))
    rational = cancel(sympy.together(sympy.expand_func(powers) * base ** (-size - 1)))
    numerator, denominator = (sympy.Poly(part, N) for part in sympy.fraction(rational))
    if numerator.degree() != denominator.degree():
        return Integer(0) if numerator.degree() < denominator.degree() else sympy.oo
    return sympy.limit(base**N, N, sympy.oo) * numerator.LC() / denominator.LC()


def _recursion(size: int) -> sympy.Expr:
    """The coefficient of y^L in B = y e^(alpha B), by fixed-point iteration of power series."""
    y = Symbol("y")
    series = Integer(0)
    for order in range(1, size + 1):
        power, total = Integer(1), Integer(0)
        for j in range(order):
            total += power / factorial(j)
            power = _truncated(power * alpha * series, y, order)
        series = _truncated(y * total, y, order)
    return sympy.Poly(series, y).coeff_monomial(y**size)


def _truncated(expr: sympy.Expr, y: sympy.Symbol, order: int) -> sympy.Expr:
    terms = sympy.Poly(sympy.expand(expr), y).terms()
    return sympy.Add(*(factor * y**power for (power,), factor in terms if power <= order))


def _size(formula: Formula) -> tuple[Check, ...]:
    def at(size: int) -> sympy.Expr:
        return formula.expr.xreplace({symbols.L: Integer(size)})

    return (
        exactly(
            "homogeneous.size for N -> infinity, for L = 1 .. 6 in symbolic alpha", range(1, 7), at, _limit
        ),
        exactly(
            "a start has a Poisson number of followers, each a start: power series up to L = 7",
            range(1, 8),
            lambda size: sympy.simplify(at(size) * exp(alpha * size)),  # of y = z e^-alpha
            _recursion,
        ),
        everywhere(
            "normalisation within the tail",
            _ENOUGH,
            lambda a: abs(_partial(formula, a, 0) - 1) < Fraction(1, 10**15),
        ),
        _in_floats(
            formula,
            lambda mp, L, alpha: mp.exp(-alpha * L) * (alpha * L) ** (L - 1) / mp.gamma(L + 1),
            alpha=(*COUPLINGS, Rational(1)),
        ),
    )


def _partial(formula: Formula, a: sympy.Rational, moment: int) -> Fraction:
    """Sum of L^moment P(L) over the sizes that matter, to 20 digits."""
    sizes = range(1, _ENOUGH[a] + 1)
    digits = (size**moment * Fraction(str(formula.evaluate({"L": size, "alpha": a}, 25))) for size in sizes)
    return sum(digits, Fraction(0))


def _moments(order: int, finite: Formula) -> Checks:
    def from_generating_function() -> sympy.Expr:
        """G(z) = sum P(L) z^L solves G = z e^(alpha (G - 1)), G(1) = 1, which gives its derivatives at 1."""
        equation = G(z) - z * exp(alpha * (G(z) - 1))
        known = {G(z): Integer(1)}
        for j in range(1, order + 1):
            derivative = sympy.diff(G(z), z, j)
            solved = sympy.solve(sympy.diff(equation, z, j), derivative)[0]
            known[derivative] = sympy.simplify(_at_one(solved, known))
        return sympy.Add(*list(known.values())[1:])  # E[L], or E[L] + E[L (L - 1)]

    def halves(formula: Formula, a: sympy.Rational) -> bool:
        limit = Fraction(str(formula.at({"alpha": a})))
        digits = [finite.evaluate({"N": n, "alpha": a}, 30) for n in (1000, 2000, 4000)]
        gaps = [Fraction(str(value)) - limit for value in digits]  # of the size 1/N, so 25 digits are right
        return all(abs(gap / following - 2) < Fraction(1, 20) for gap, following in pairwise(gaps))

    return lambda formula: (
        identity(
            "derivatives at 1 of the generating function G = z e^(alpha (G - 1))",
            lambda: formula.expr,
            from_generating_function,
        ),
        everywhere(
            "the sum of L^n P(L) within the tail",
            _ENOUGH,
            lambda a: (
                abs(_partial(borel.SIZE, a, order) - Fraction(str(formula.at({"alpha": a}))))
                < Fraction(1, 10**14)
            ),
        ),
        everywhere(
            f"{finite.id} tends to it: from N = 10^3 to 2 10^3 to 4 10^3 the gap halves",
            [Rational(1, 3), Rational(1, 2)],
            lambda a: halves(formula, a),
        ),
    )


def _at_one(expr: sympy.Expr, known: dict[sympy.Expr, sympy.Expr]) -> sympy.Expr:
    for derivative in reversed(list(known)):
        expr = expr.xreplace({derivative: known[derivative]})
    return expr.xreplace({z: Integer(1)})


def _power_law(formula: Formula) -> tuple[Check, ...]:
    def within(size: int) -> bool:
        """Robbins: e^(1/(12L + 1)) <= power law / P(L) at alpha = 1 <= e^(1/(12L))."""
        critical = borel.SIZE.evaluate({"L": size, "alpha": 1}, 40)
        ratio = formula.evaluate({"L": size}, 40) / critical
        low, high = (exp(Rational(1, 12 * size + more)).evalf(40) for more in (1, 0))
        return bool(low <= ratio <= high)

    return (
        everywhere(
            "between Stirling's bounds of borel.size at alpha = 1, for L = 1 .. 60, 10^3, 10^4",
            [*range(1, 61), 1000, 10**4],
            within,
        ),
        _in_floats(formula, lambda mp, L: 1 / (L * mp.sqrt(2 * mp.pi * L))),
    )


def _exponent(formula: Formula) -> tuple[Check, ...]:
    couplings = (*COUPLINGS, Rational(1))

    def slope(L: int, alpha: sympy.Rational) -> sympy.Float:
        first, second = (borel.SIZE.evaluate({"L": L + i, "alpha": alpha}, 60) for i in (0, 1))
        return log(second / first, evaluate=False).evalf(50) / log(Rational(L + 1, L)).evalf(50)

    x = Symbol("x", positive=True)
    critical = formula.expr.xreplace({alpha: Integer(1), L: 1 / x})
    return (
        digits_agree(
            "the slope of borel.size between L and L + 1",
            formula,
            grid(L=_SIZES, alpha=couplings),
            slope,
            digits=30,
        ),
        exactly(
            "at alpha = 1 the series -3/2 + 1/(12 L) - 1/(24 L^2) + ..",
            [3],
            lambda order: sympy.series(critical, x, 0, order).removeO(),
            lambda _: -Rational(3, 2) + x / 12 - x**2 / 24,
        ),
        _in_floats(
            formula,
            lambda mp, L, alpha: L - 1 + (mp.log(alpha) - alpha) / mp.log1p(1 / L),
            alpha=couplings,
        ),
    )


CHECKS = {
    borel.SIZE.id: _size,
    borel.MEAN.id: _moments(1, homogeneous.MEAN),
    borel.SECOND_MOMENT.id: _moments(2, homogeneous.SECOND_MOMENT),
    borel.POWER_LAW.id: _power_law,
    borel.LOCAL_EXPONENT.id: _exponent,
}
