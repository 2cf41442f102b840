r"""Derivation 11: the Borel limit of large homogeneous networks, and the exponent 3/2.

Statement
    Let P_N(L) be the size law of derivation 08. For fixed L, P_N(L) tends to e^(-alpha L) (alpha L)^(L-1) /
    L! as N -> infinity, Borel's law, which adds up to 1 and has mean 1/(1 - alpha). As alpha -> 1 after
    that, it tends to e^-L L^(L-1) / L!, which lies between L^(-3/2)/sqrt(2 pi) times e^(-1/(12 L)) and
    times e^(-1/(12 L + 1)). In the other order the limit alpha -> 1 leaves P_N(N) = 1 alone.

Assumptions
    0 < alpha < 1, L fixed.

Source
    C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002); E. Borel, C. R. Acad. Sci.
    214, 452 (1942); H. Robbins, Amer. Math. Monthly 62, 26 (1955), for Stirling's bounds; arXiv:2202.02520.

Run as ``python derivations/11_borel_limit.py``.
"""

import sys
from fractions import Fraction
from math import factorial

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.proofs.checks import Check, exactly, identity
from exactav.proofs.derivation import Derivation, Step

alpha, z = sympy.symbols("alpha z", positive=True)
N = sympy.Symbol("N", positive=True)


def finite(size: int) -> sympy.Expr:
    """P_N(L) for L < N with N a symbol; the binomial written as a product."""
    choose = sympy.ff(N - 1, size - 1) / sympy.factorial(size - 1)
    bulk = choose * sympy.Rational(size) ** (size - 2) * (alpha / N) ** (size - 1)
    return bulk * (1 - size * alpha / N) ** (N - size - 1) * N * (1 - alpha) / (N - (N - 1) * alpha)


def borel(size: int, a: sympy.Expr = alpha) -> sympy.Expr:
    """e^(-a L) (a L)^(L-1) / L!"""
    return sympy.exp(-a * size) * (a * size) ** (size - 1) / sympy.factorial(size)


def limits(claim: str, *, rate: int) -> Check:
    """The limits N -> infinity, factor by factor, against Borel's law with e^(-rate alpha L)."""

    def limit(size: int) -> sympy.Expr:
        # The one factor that is not rational in N; all others have limits that cancel() finds.
        exponential = sympy.limit((1 - size * alpha / N) ** N, N, sympy.oo)
        rest = sympy.expand_func(finite(size)) / (1 - size * alpha / N) ** N
        rational = sympy.limit(sympy.powsimp(sympy.simplify(rest)), N, sympy.oo)
        return sympy.simplify(exponential * rational / borel(size, alpha))

    return exactly(claim, range(1, 6), limit, lambda size: sympy.exp(-(rate - 1) * size * alpha))


def tree_function(order: int) -> sympy.Expr:
    """T(z) = sum n^(n-1) z^n / n! up to ``order``."""
    return sympy.Add(*(sympy.Rational(n ** (n - 1), factorial(n)) * z**n for n in range(1, order + 1)))


def truncated(expr: sympy.Expr, order: int) -> sympy.Expr:
    """A power series in z up to ``order``."""
    polynomial = sympy.Poly(sympy.expand(expr), z)
    return sympy.Add(*(c * z ** m[0] for m, c in polynomial.terms() if m[0] <= order))


def series_exp(expr: sympy.Expr, order: int) -> sympy.Expr:
    """exp of a power series without constant term, up to ``order``."""
    total, power = sympy.Integer(1), sympy.Integer(1)
    for n in range(1, order + 1):
        power = truncated(power * expr, order)
        total += power / factorial(n)
    return truncated(total, order)


def stirling(claim: str, *, exponent: Fraction) -> Check:
    """L^exponent e^-L L^(L-1) / L! sqrt(2 pi), squared, between e^(-1/(6L)) and e^(-2/(12L+1)), by "
    "intervals."""

    def within(size: int) -> bool:
        context = MPIntervalContext()
        context.prec = 200
        value = context.mpf(size) ** (2 * size - 2) / context.mpf(factorial(size)) ** 2
        value *= context.exp(-2 * size) * 2 * context.pi
        value *= context.exp(2 * context.log(size) * context.mpf(exponent.numerator) / exponent.denominator)
        low = context.exp(-context.mpf(1) / (6 * size))
        high = context.exp(-context.mpf(2) / (12 * size + 1))
        return bool(low <= value) and bool(value <= high)

    return exactly(claim, [*range(1, 200), 1000, 10**4], within, lambda _: True)


def local_exponent(claim: str, *, shift: int) -> Check:
    """The ratio of neighbours in Borel's law, and the series of L - shift - 1/ln(1 + 1/L) in x = 1/L."""
    x = sympy.Symbol("x", positive=True)

    def ratio(size: int) -> sympy.Expr:
        return sympy.simplify(borel(size + 1) / borel(size) / (alpha * sympy.exp(-alpha)))

    return exactly(
        claim,
        [*range(1, 6), 0],
        lambda size: (
            ratio(size) if size else sympy.series(1 / x - shift - 1 / sympy.log(1 + x), x, 0, 2).removeO()
        ),
        lambda size: (
            sympy.Rational(size + 1, size) ** (size - shift) if size else -sympy.Rational(3, 2) + x / 12
        ),
    )


def size_probability(n: int, size: int) -> sympy.Expr:
    """P_N(L) for numbers N and L (derivation 08)."""
    if size == n:
        return alpha ** (n - 1) / (n - (n - 1) * alpha)
    return finite(size).subs(N, n)


def other_order(claim: str, *, at: sympy.Rational) -> Check:
    """P_N(L) at alpha = ``at``: all weight on L = N."""
    return exactly(
        claim,
        [(n, size) for n in range(2, 9) for size in range(1, n + 1)],
        lambda case: size_probability(*case).subs(alpha, at),
        lambda case: sympy.Integer(int(case[0] == case[1])),
    )


DERIVATION = Derivation(
    id="11",
    title="the Borel limit of large homogeneous networks, and the exponent 3/2",
    statement=(
        r"Let $P_N(L)$ be the size law of derivation 08. For fixed $L$,"
        r"\[\lim_{N\to\infty}P_N(L)=e^{-\alpha L}\frac{(\alpha L)^{L-1}}{L!},\]"
        r"Borel's law, which adds up to 1 and has mean $1/(1-\alpha)$. As $\alpha\to1$ after that it "
        r"tends to "
        r"$e^{-L}L^{L-1}/L!\sim L^{-3/2}/\sqrt{2\pi}$. In the other order, "
        r"$\lim_{\alpha\to1}P_N(L)=\delta_{LN}$."
    ),
    assumptions=(r"$0<\alpha<1$, $L$ fixed.",),
    source="C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002); E. Borel, C. R. Acad. "
    "Sci. 214, 452 (1942); H. Robbins, Amer. Math. Monthly 62, 26 (1955); arXiv:2202.02520",
    steps=(
        Step(
            r"\lim_{N\to\infty}P_N(L)=\frac{L^{L-2}}{(L-1)!}\,\alpha^{L-1}e^{-\alpha L}=e^{-\alpha "
            r"L}\frac{(\alpha L)^{L-1}}{L!}",
            r"$\binom{N-1}{L-1}N^{1-L}\to1/(L-1)!$, $(1-L\alpha/N)^{N-L-1}\to e^{-L\alpha}$, and "
            r"$N(1-\alpha)/(N-(N-1)\alpha)\to1$.",
            limits("limits for L from 1 to 5, alpha a symbol", rate=1),
            limits("e^(-2 alpha L)", rate=2),
        ),
        Step(
            r"T(z)=\sum_{n\ge1}\frac{n^{n-1}}{n!}z^n \quad\text{solves}\quad T=z\,e^T",
            r"$n^{n-1}$ counts trees on $n$ labelled units with any root (derivation 03): a root, and a "
            r"set of trees "
            r"that hang on it.",
            identity(
                "power series up to z^9",
                lambda: tree_function(9),
                lambda: truncated(z * series_exp(tree_function(9), 9), 9),
            ),
            identity(
                "T = z e^(2T), up to z^4",
                lambda: tree_function(4),
                lambda: truncated(z * series_exp(2 * tree_function(4), 4), 4),
            ),
        ),
        Step(
            r"\sum_L e^{-\alpha L}\frac{(\alpha L)^{L-1}}{L!}=\frac{T(\alpha e^{-\alpha})}\alpha=1,\qquad "
            r"\sum_L L\,e^{-\alpha L}\frac{(\alpha L)^{L-1}}{L!}=\frac1{1-\alpha}",
            r"$T(\alpha e^{-\alpha})=\alpha$, since $\alpha e^{-\alpha}e^\alpha=\alpha$ and the solution "
            r"that vanishes at "
            r"0 is unique for $\alpha<1$. Differentiate $T=ze^T$ for the mean: $zT'=T/(1-T)$.",
            exactly(
                "T(alpha e^-alpha) as a series in alpha, and z T' (1 - T) = T, up to order 8",
                [8],
                lambda n: (
                    truncated(tree_function(n).subs(z, z * series_exp(-z, n)), n),
                    truncated(z * sympy.diff(tree_function(n), z) * (1 - tree_function(n)), n),
                ),
                lambda n: (z, tree_function(n)),
            ),
            exactly(
                "z T' (1 - T) = 1, up to order 4",
                [4],
                lambda n: truncated(z * sympy.diff(tree_function(n), z) * (1 - tree_function(n)), n),
                lambda _: sympy.Integer(1),
            ),
        ),
        Step(
            r"e^{-1/(12L)} \le \sqrt{2\pi}\,L^{3/2}\;e^{-L}\frac{L^{L-1}}{L!} \le e^{-1/(12L+1)}",
            r"Put $\alpha=1$ and use Robbins' form of Stirling's formula for $L!$.",
            stirling(
                "bounds in interval arithmetic for L up to 199, 1000 and 10000", exponent=Fraction(3, 2)
            ),
            stirling("exponent 5/2", exponent=Fraction(5, 2)),
        ),
        Step(
            r"\frac{\ln P(L+1)-\ln P(L)}{\ln(L+1)-\ln L}=L-1-\frac{\alpha-\ln\alpha}{\ln(1+1/L)}"
            r"\;\xrightarrow{\alpha\to1}\;-\frac32+\frac1{12L}+O(L^{-2})",
            r"$P(L+1)/P(L)=\alpha e^{-\alpha}(1+1/L)^{L-1}$. So the local exponent tends to $-3/2$ for "
            r"$\alpha\to1$ after $N\to\infty$, then $L\to\infty$; for $L\to\infty$ at a fixed $\alpha<1$ it "
            r"tends to $-\infty$, since $\alpha-\ln\alpha>1$.",
            local_exponent("ratios for L from 1 to 5 in symbolic alpha, and the series", shift=1),
            local_exponent("(1 + 1/L)^L", shift=0),
        ),
        Step(
            r"\lim_{\alpha\to1}P_N(L)=\begin{cases}1&L=N\\0&L<N\end{cases}",
            r"For fixed $N$ the factor $1-\alpha$ kills all $L<N$, and $P_N(N)\to1$: the two limits do "
            r"not commute.",
            other_order("alpha = 1 in the laws of N from 2 to 8", at=sympy.Integer(1)),
            other_order("alpha = 9/10", at=sympy.Rational(9, 10)),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
