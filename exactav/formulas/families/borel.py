"""Borel's law, the size law of homogeneous networks for N -> infinity, and its power law for alpha -> 1.

The order of the limits matters: alpha -> 1 at fixed N leaves P(N) = 1 alone (derivation 11).
"""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy
from mpmath import MPContext
from sympy import Mul, Pow, Rational, Symbol, cancel, exp, factorial, log, pi

from exactav.formulas.checks.shared import COUPLINGS, alpha
from exactav.formulas.families.homogeneous import FORMULAS as HOMOGENEOUS
from exactav.formulas.formula import Formula
from exactav.proofs.checks import Check, exactly, identity

L = Symbol("L", integer=True)
N, z, G = Symbol("N", positive=True), Symbol("z"), sympy.Function("G")
_SYMBOLS = {alpha: "row sum of W, weight alpha/N between any two of N -> infinity units"}
_SIZE = {L: "size of the avalanche"}
_BOREL = "E. Borel, C. R. Acad. Sci. 214, 452 (1942)"
_EURICH = "C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002)"
_CASES = [(size, a) for size in (1, 2, 3, 10, 100, 1000) for a in (*COUPLINGS, Rational(1))]
_ENOUGH = {Rational(1, 10): 45, Rational(1, 3): 120, Rational(1, 2): 250}
"""Couplings, and sizes beyond which (alpha e^(1 - alpha))^L L^3 is below 10^-17."""


def _finite(quantity: str) -> sympy.Expr:
    """A formula of homogeneous networks, with N the symbol of this module."""
    formula = next(formula for formula in HOMOGENEOUS if formula.id == f"homogeneous.{quantity}")
    return formula.expr.xreplace({symbol: N for symbol in formula.symbols if symbol.name == "N"})


def _digits(formula: Formula, independent: Any) -> Check:
    """50 digits against ``independent(context, L, alpha)`` in floating-point numbers of 80 digits."""

    def value(case: tuple[int, sympy.Rational]) -> str:
        context = MPContext()
        context.dps = 80
        size, a = case
        found = independent(context, context.mpf(size), context.mpf(int(a.p)) / int(a.q))
        return str(sympy.Float(found, 50))

    return exactly(
        "50 digits against floating-point numbers of 80 digits, L up to 1000",
        _CASES,
        lambda case: str(
            formula.evaluate(
                {s: dict(zip(("L", "alpha"), case, strict=True))[s.name] for s in formula.symbols}, 50
            )
        ),
        value,
    )


def _limit(size: int) -> sympy.Expr:
    """Of P(L) for N -> infinity; only (1 - L alpha/N)^N is not rational in N."""
    base = 1 - size * alpha / N
    bulk = _finite("size").args[-1][0]  # the case L < N
    (count,) = (symbol for symbol in bulk.free_symbols if symbol.name == "L")
    powers = sympy.powdenest(bulk.xreplace({count: sympy.Integer(size)}) / base ** (N - size - 1))
    rational = cancel(sympy.together(sympy.expand_func(powers) * base ** (-size - 1)))
    numerator, denominator = (sympy.Poly(part, N) for part in sympy.fraction(rational))
    if numerator.degree() != denominator.degree():
        return sympy.Integer(0) if numerator.degree() < denominator.degree() else sympy.oo
    return sympy.limit(base**N, N, sympy.oo) * numerator.LC() / denominator.LC()


def _size_checks(formula: Formula) -> tuple[Check, ...]:
    def coefficient(size: int) -> sympy.Expr:
        """Of y^L with y = z e^-alpha: P(L) e^(alpha L)."""
        return sympy.simplify(formula.expr.xreplace({L: sympy.Integer(size)}) * exp(alpha * size))

    def recursion(size: int) -> sympy.Expr:
        """The same from B = y e^(alpha B), by fixed-point iteration of power series."""
        y = Symbol("y")
        series = sympy.Integer(0)
        for order in range(1, size + 1):
            power, total = sympy.Integer(1), sympy.Integer(0)
            for j in range(order):
                total += power / factorial(j)
                power = _truncated(power * alpha * series, y, order)
            series = _truncated(y * total, y, order)
        return sympy.Poly(series, y).coeff_monomial(y**size)

    return (
        exactly(
            "homogeneous.size for N -> infinity, for L = 1 .. 6 in symbolic alpha",
            range(1, 7),
            lambda size: sympy.simplify(formula.expr.xreplace({L: sympy.Integer(size)}) / _limit(size)),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "a start has a Poisson number of followers, each a start: power series up to L = 7",
            range(1, 8),
            coefficient,
            recursion,
        ),
        exactly(
            "normalisation within the tail",
            list(_ENOUGH),
            lambda a: abs(_partial(formula, a, 0) - 1) < Fraction(1, 10**15),
            lambda _: True,
        ),
        _digits(
            formula, lambda mp, size, a: mp.exp(-a * size) * (a * size) ** (size - 1) / mp.gamma(size + 1)
        ),
    )


def _truncated(expr: sympy.Expr, y: sympy.Symbol, order: int) -> sympy.Expr:
    terms = sympy.Poly(sympy.expand(expr), y).terms()
    return sympy.Add(*(factor * y**power for (power,), factor in terms if power <= order))


def _partial(formula: Formula, a: sympy.Rational, moment: int) -> Fraction:
    """Sum of L^moment P(L) over the sizes that matter, to 20 digits."""
    return sum(
        (
            size**moment * Fraction(str(formula.evaluate({"L": size, "alpha": a}, 25)))
            for size in range(1, _ENOUGH[a] + 1)
        ),
        Fraction(0),
    )


def _moment_checks(order: int, finite: str) -> Any:
    def checks(formula: Formula) -> tuple[Check, ...]:
        # G(z) = sum P(L) z^L solves G = z e^(alpha (G - 1)) with G(1) = 1, which gives its derivatives at 1.
        equation = G(z) - z * exp(alpha * (G(z) - 1))
        known = {G(z): sympy.Integer(1)}
        for j in range(1, order + 1):
            derivative = sympy.diff(G(z), z, j)
            solved = sympy.solve(sympy.diff(equation, z, j), derivative)[0]
            known[derivative] = sympy.simplify(_at_one(solved, known))
        factorial_moments = [known[sympy.diff(G(z), z, j)] for j in range(1, order + 1)]
        return (
            identity(
                "derivatives at 1 of the generating function G = z e^(alpha (G - 1))",
                lambda: formula.expr,
                lambda: sympy.Add(*factorial_moments),  # E[L], or E[L] + E[L (L - 1)]
            ),
            exactly(
                "the sum of L^n P(L) within the tail",
                list(_ENOUGH),
                lambda a: (
                    abs(_partial(FORMULAS[0], a, order) - Fraction(str(formula.at({"alpha": a}))))
                    < Fraction(1, 10**14)
                ),
                lambda _: True,
            ),
            exactly(
                f"homogeneous.{finite} tends to it: from N = 10^3 to 2 10^3 to 4 10^3 the gap halves",
                [Rational(1, 3), Rational(1, 2)],
                lambda a: _halves(formula, finite, a),
                lambda _: True,
            ),
        )

    return checks


def _at_one(expr: sympy.Expr, known: dict[sympy.Expr, sympy.Expr]) -> sympy.Expr:
    for derivative in reversed(list(known)):
        expr = expr.xreplace({derivative: known[derivative]})
    return expr.xreplace({z: sympy.Integer(1)})


def _halves(formula: Formula, finite: str, a: sympy.Rational) -> bool:
    at_n = next(other for other in HOMOGENEOUS if other.id == f"homogeneous.{finite}")
    limit = formula.at({"alpha": a})
    gaps = [at_n.evaluate({"N": n, "alpha": a}, 30) - limit for n in (1000, 2000, 4000)]
    return all(abs(gap / following - 2) < Rational(1, 20) for gap, following in pairwise(gaps))


def _power_law_checks(formula: Formula) -> tuple[Check, ...]:
    def within(size: int) -> bool:
        """Robbins: e^(1/(12L + 1)) <= power law / P(L) at alpha = 1 <= e^(1/(12L))."""
        critical = FORMULAS[0].evaluate({"L": size, "alpha": 1}, 40)
        ratio = formula.evaluate({"L": size}, 40) / critical
        low, high = (exp(Rational(1, 12 * size + more)).evalf(40) for more in (1, 0))
        return bool(low <= ratio <= high)

    return (
        exactly(
            "between Stirling's bounds of borel.size at alpha = 1, for L = 1 .. 60, 10^3, 10^4",
            [*range(1, 61), 1000, 10**4],
            within,
            lambda _: True,
        ),
        _digits(formula, lambda mp, size, _: 1 / (size * mp.sqrt(2 * mp.pi * size))),
    )


def _exponent_checks(formula: Formula) -> tuple[Check, ...]:
    def slope(size: int, a: sympy.Rational) -> sympy.Float:
        first, second = (FORMULAS[0].evaluate({"L": size + i, "alpha": a}, 60) for i in (0, 1))
        return log(second / first, evaluate=False).evalf(50) / log(Rational(size + 1, size)).evalf(50)

    x = Symbol("x", positive=True)
    critical = formula.expr.xreplace({alpha: sympy.Integer(1), L: 1 / x})
    return (
        exactly(
            "the slope of borel.size between L and L + 1, 30 digits",
            _CASES,
            lambda case: (
                abs(slope(*case) / formula.evaluate({"L": case[0], "alpha": case[1]}, 50) - 1)
                < Rational(1, 10**30)
            ),
            lambda _: True,
        ),
        exactly(
            "at alpha = 1 the series -3/2 + 1/(12 L) - 1/(24 L^2) + ..",
            [3],
            lambda order: sympy.series(critical, x, 0, order).removeO(),
            lambda _: -Rational(3, 2) + x / 12 - x**2 / 24,
        ),
        _digits(
            formula,
            lambda mp, size, a: size - 1 + (mp.log(a) - a) / mp.log1p(1 / size),
        ),
    )


FORMULAS: tuple[Formula, ...] = (
    Formula(
        id="borel.size",
        name="probability that L units fire, given an avalanche, for N -> infinity",
        left=r"\lim_{N\to\infty} P(L)",
        symbols={**_SYMBOLS, **_SIZE},
        assumptions=("0 <= alpha <= 1, N -> infinity first", "L >= 1"),
        conditions=(alpha >= 0, alpha <= 1, L >= 1),
        expr=exp(-alpha * L) * (alpha * L) ** (L - 1) / factorial(L),
        source=f"{_EURICH}; {_BOREL}",
        checks=_size_checks,
        derivation="11",
    ),
    Formula(
        id="borel.mean",
        name="mean avalanche size, given an avalanche, for N -> infinity",
        left=r"\lim_{N\to\infty} \langle L \rangle",
        symbols=_SYMBOLS,
        assumptions=("0 <= alpha < 1",),
        conditions=(alpha >= 0, alpha < 1),
        expr=1 / (1 - alpha),
        source=f"{_EURICH}; {_BOREL}",
        checks=_moment_checks(1, "mean"),
        derivation="11",
    ),
    Formula(
        id="borel.second_moment",
        name="mean square of the avalanche size, given an avalanche, for N -> infinity",
        left=r"\lim_{N\to\infty} \langle L^2 \rangle",
        symbols=_SYMBOLS,
        assumptions=("0 <= alpha < 1",),
        conditions=(alpha >= 0, alpha < 1),
        expr=1 / (1 - alpha) ** 3,
        source="derived here from derivation 11",
        checks=_moment_checks(2, "second_moment"),
        derivation="11",
    ),
    Formula(
        id="borel.power_law",
        name="what P(L) tends to for N -> infinity, then alpha -> 1, then large L",
        left=r"\lim_{\alpha\to1} \lim_{N\to\infty} P(L) \,\left(1 + O(1/L)\right)",
        symbols=_SIZE,
        assumptions=(
            "N -> infinity first, then alpha -> 1",
            "L >= 1",
            "ln P(L) itself is less, by 1/(12 L + 1) to 1/(12 L)",
        ),
        conditions=(L >= 1,),
        expr=Pow(Mul(2, pi, L**3, evaluate=False), -Rational(1, 2), evaluate=False),
        source=f"{_EURICH}; H. Robbins, Amer. Math. Monthly 62, 26 (1955)",
        checks=_power_law_checks,
        derivation="11",
    ),
    Formula(
        id="borel.local_exponent",
        name="slope of ln P(L) against ln L from L to L + 1, for N -> infinity",
        left=r"\frac{\ln P(L+1) - \ln P(L)}{\ln(L+1) - \ln L}",
        symbols={**_SYMBOLS, **_SIZE},
        assumptions=(
            "0 < alpha <= 1, N -> infinity first",
            "L >= 1",
            "tends to -3/2 for alpha -> 1, then L -> infinity; to -infinity in the other order",
        ),
        conditions=(alpha > 0, alpha <= 1, L >= 1),
        expr=L - 1 + (log(alpha) - alpha) / log(1 + 1 / L),
        source="derived here from derivation 11",
        checks=_exponent_checks,
        derivation="11",
    ),
)
