r"""Derivation 11: the Borel limit of large homogeneous networks, and the exponent 3/2.

Statement
    Let P_N(L) be the size law of derivation 08. For fixed L, P_N(L) tends to e^(-alpha L) (alpha L)^(L-1) /
    L! as N -> infinity, Borel's law, which adds up to 1, has mean 1/(1 - alpha) and mean square
    1/(1 - alpha)^3. As alpha -> 1 after that, it tends to e^-L L^(L-1) / L!, which lies between
    L^(-3/2)/sqrt(2 pi) times e^(-1/(12 L)) and times e^(-1/(12 L + 1)). In the other order the limit
    alpha -> 1 leaves P_N(N) = 1 alone.

Assumptions
    0 < alpha < 1, L fixed.

Source
    C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002); E. Borel, C. R. Acad. Sci.
    214, 452 (1942); H. Robbins, Amer. Math. Monthly 62, 26 (1955), for Stirling's bounds; arXiv:2202.02520.

Run as ``python derivations/11_borel_limit.py``.
"""

import sys
from math import factorial

import sympy
from mpmath.ctx_iv import MPIntervalContext
from sympy import Interval, Rational, binomial, exp, ff, log, oo, pi, sqrt

from exactav.proofs import (
    Check,
    asymptotics,
    exactly,
    identity,
    induction,
    inequality,
    limit,
    several,
    telescoping,
)
from exactav.proofs.derivation import Derivation, Step

N, L, n, m = sympy.symbols("N L n m", integer=True, positive=True)
i, k = sympy.symbols("i k", integer=True, nonnegative=True)
alpha, y, size = sympy.symbols("alpha y ell", positive=True)
BELOW = N - (N - 1) * alpha


def size_probability() -> sympy.Expr:
    """P_N(L) for L < N (derivation 08)."""
    bulk = binomial(N - 1, L - 1) * L ** (L - 2) * (alpha / N) ** (L - 1)
    return bulk * (1 - L * alpha / N) ** (N - L - 1) * N * (1 - alpha) / BELOW


def borel(size: sympy.Expr = L, a: sympy.Expr = alpha, rate: int = 1) -> sympy.Expr:
    """e^(-a L) (a L)^(L-1) / L!; ``rate`` = 1 is right."""
    return exp(-rate * a * size) * (a * size) ** (size - 1) / sympy.factorial(size)


def differences(claim: str, shift: int) -> Check:
    """Differences at 0 of falling factorials, and x^(n+1) in these; ``shift`` = 0 is right."""
    return several(
        claim,
        identity(
            "C(n, k) (k)_i = (n)_i C(n - i, k - i), for all n, k and i",
            lambda: binomial(n, k) * ff(k, i),
            lambda: ff(n, i) * binomial(n - i, k - i),
        ),
        telescoping("sum of (-1)^k C(m, k), m > 0", (-1) ** k * binomial(m, k), (k, 0, m), 0, n=m, first=1),
        induction(
            "the factor of (x)_n in x^(n+1), from x (x)_n = (x)_(n+1) + n (x)_n",
            n,
            base={0: 0},
            step=lambda n, before: before + n,
            closed=lambda n: (n + shift) * (n + 1) / 2,
            of=lambda n: sympy.functions.combinatorial.numbers.stirling(n + 1, n),
        ),
        identity("x (x)_n", lambda: y * ff(y, n), lambda: ff(y, n + 1) + n * ff(y, n)),
    )


def moments(claim: str, power: int) -> Check:
    """Powers of L times Borel's law as power series in alpha; ``power`` = 1 is right."""
    series = {0: Rational(0), 1: 1 / (1 - alpha), 2: 1 / (1 - alpha) ** 3}
    return several(
        claim,
        identity(
            "the factor of alpha^(n-1) in P(L), for all n and L",
            lambda: (-L) ** (n - L) / sympy.factorial(n - L) * L ** (L - 1) / sympy.factorial(L),
            lambda: (-1) ** (n - L) * binomial(n, L) * L ** (n - power) / sympy.factorial(n),
        ),
        identity(
            "sums of alpha^(n-1) and C(n+1, 2) alpha^(n-1): derivatives of the geometric series, for all n",
            lambda: [sympy.diff(alpha ** (n + 1), alpha, 2) / 2, sympy.diff(series[1], alpha, 2) / 2],
            lambda: [n * (n + 1) / 2 * alpha ** (n - 1), series[2]],
        ),
    )


def truncated(expr: sympy.Expr, order: int) -> sympy.Expr:
    """A power series in alpha up to ``order``."""
    polynomial = sympy.Poly(sympy.expand(expr), alpha)
    return sympy.Add(*(c * alpha ** p[0] for p, c in polynomial.terms() if p[0] <= order))


def inverted(order: int) -> sympy.Expr:
    """T(alpha e^-alpha) up to ``order``."""
    falling = sympy.Add(*((-alpha) ** j / factorial(j) for j in range(order + 1)))
    z, power, total = truncated(alpha * falling, order), sympy.Integer(1), sympy.Integer(0)
    for j in range(1, order + 1):
        power = truncated(power * z, order)
        total += Rational(j ** (j - 1), factorial(j)) * power
    return truncated(total, order)


def robbins(claim: str, lower: int) -> Check:
    """r_L - r_{L+1} between two differences; 12 L + ``lower`` in the smaller one, 1 is right."""
    excess = log((1 + y) / (1 - y)) - 2 * y  # 2 y (r_L - r_{L+1})
    above, below = Rational(2, 3) * y**3 / (1 - y**2), 2 * y**3 / (3 - y**2)
    near = {y: Interval(0, Rational(1, 3))}
    of_size = {y: 1 / (2 * size + 1)}
    return several(
        claim,
        inequality(
            "1/(12 L + 1) - 1/(12 L + 13) < 1/(3 (2 L + 1)^2 - 1), for all L >= 1",
            1 / (12 * size + lower) - 1 / (12 * size + 12 + lower),
            "<",
            1 / (3 * (2 * size + 1) ** 2 - 1),
            over={size: Interval(1, oo)},
        ),
        identity(
            "y = 1/(2 L + 1)",
            lambda: [((1 + y) / (1 - y)).subs(of_size), (1 / (2 * y)).subs(of_size)],
            lambda: [1 + 1 / size, size + Rational(1, 2)],
        ),
        identity(
            "both bounds at y = 0, and in L",
            lambda: [
                (excess - above).subs(y, 0),
                (excess - below).subs(y, 0),
                (above / (2 * y)).subs(of_size),
                (below / (2 * y)).subs(of_size),
            ],
            lambda: [0, 0, 1 / (12 * size) - 1 / (12 * size + 12), 1 / (3 * (2 * size + 1) ** 2 - 1)],
        ),
        inequality(
            "the derivative of the excess is at most that of the upper bound, 0 <= y <= 1/3",
            sympy.cancel(sympy.diff(excess, y)),
            "<=",
            sympy.cancel(sympy.diff(above, y)),
            over=near,
        ),
        inequality(
            "and at least that of the lower one",
            sympy.cancel(sympy.diff(excess, y)),
            ">=",
            sympy.cancel(sympy.diff(below, y)),
            over=near,
        ),
        asymptotics(
            "r_L tends to 0 (Stirling)",
            borel(a=sympy.Integer(1)),
            L,
            1 / sqrt(2 * pi * L**3),
        ),
    )


def within(size: int) -> bool:
    """Robbins' bounds at a number, squared, by intervals."""
    context = MPIntervalContext()
    context.prec = 200
    value = context.mpf(size) ** (2 * size + 1) / context.mpf(factorial(size)) ** 2
    value *= context.exp(-2 * size) * 2 * context.pi
    low = context.exp(-context.mpf(1) / (6 * size))
    high = context.exp(-context.mpf(2) / (12 * size + 1))
    return bool(low <= value) and bool(value <= high)


def slope(shift: int = 1) -> sympy.Expr:
    """The local exponent; ``shift`` = 1 is right."""
    return L - shift + (log(alpha) - alpha) / log(1 + 1 / L)


def local_exponent(claim: str, shift: int) -> Check:
    """The ratio of neighbours in Borel's law, its slope, and the limits of that."""
    at_one = 1 / y - shift - 1 / log(1 + y)  # y = 1/L
    third, twelfth = Rational(-3, 2), Rational(1, 12)
    return several(
        claim,
        identity(
            "the ratio of neighbours, for all L",
            lambda: borel(L + 1) / borel(),
            lambda: alpha * exp(-alpha) * (1 + 1 / L) ** (L - shift),
        ),
        identity(
            "the logarithm of that over log(1 + 1/L), for all L",
            lambda: (log(alpha) - alpha + (L - shift) * size) / size,
            lambda: slope(shift).subs(log(1 + 1 / L), size),
        ),
        limit("alpha = 1, L -> oo", at_one, y, 0, third),
        limit("the term of order 1/L", (at_one - third) / y, y, 0, twelfth),
        limit("what is left is of order 1/L^2", (at_one - third - twelfth * y) / y**2, y, 0, -twelfth / 2),
        inequality("alpha - log alpha falls", 1 - 1 / alpha, "<", 0, over={alpha: Interval.open(0, 1)}),
        identity("and ends at 1", lambda: (alpha - log(alpha)).subs(alpha, 1), lambda: 1),
    )


def other_order(claim: str, full: int) -> Check:
    """alpha -> 1 in P_N(L); ``full`` = 1 is right."""
    return several(
        claim,
        identity(
            "P_N(N) at alpha = 1, for all N", lambda: (alpha ** (N - 1) / BELOW).subs(alpha, 1), lambda: full
        ),
        limit("P_N(L) for L < N, for all N and L", size_probability(), alpha, 1, 0, side="-"),
    )


DERIVATION = Derivation(
    id="11",
    title="the Borel limit of large homogeneous networks, and the exponent 3/2",
    statement=(
        r"Let $P_N(L)$ be the size law of derivation 08. For fixed $L$,"
        r"\[\lim_{N\to\infty}P_N(L)=e^{-\alpha L}\frac{(\alpha L)^{L-1}}{L!},\]"
        r"Borel's law, which adds up to 1, has mean $1/(1-\alpha)$ and mean square $1/(1-\alpha)^3$. As "
        r"$\alpha\to1$ after that it tends to $e^{-L}L^{L-1}/L!\sim L^{-3/2}/\sqrt{2\pi}$. In the other "
        r"order, $\lim_{\alpha\to1}P_N(L)=\delta_{LN}$."
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
            limit("the limit, for all L and alpha", size_probability(), N, oo, borel()),
            limit("e^(-2 alpha L)", size_probability(), N, oo, borel(rate=2)),
            label="limit",
            proves={"borel.size": borel()},
        ),
        Step(
            r"\sum_{L=0}^n(-1)^{n-L}\binom nL\,L^{n-1}=0,\qquad \sum_L(-1)^{n-L}\binom nL\,L^n=n!,\qquad "
            r"\sum_L(-1)^{n-L}\binom nL\,L^{n+1}=n!\binom{n+1}2",
            r"These are $n$-th differences at 0. As $\binom nL(L)_i=(n)_i\binom{n-i}{L-i}$ and "
            r"$\sum_k(-1)^k\binom mk=0$ for $m>0$, that of the falling factorial $(L)_i$ is $n!$ for $i=n$ "
            r"and 0 for $i<n$; $(L)_{n+1}=0$ for $L\le n$. In these, $L^n$ has the last factor 1, and "
            r"$L^{n+1}$ has $\binom{n+1}2$ before $(L)_n$.",
            differences("differences of falling factorials, and powers in these, for all n", 0),
            differences("(n+1)^2/2 before (L)_n", 1),
            also=(
                exactly(
                    "the three sums for n from 1 to 8, added up",
                    range(1, 9),
                    lambda n: [
                        sympy.Add(*((-1) ** (n - j) * binomial(n, j) * j**p for j in range(1, n + 1)))
                        for p in (n - 1, n, n + 1)
                    ],
                    lambda n: [int(n == 1), factorial(n), factorial(n) * binomial(n + 1, 2)],
                ),
            ),
            label="differences",
        ),
        Step(
            r"\sum_LP(L)=1,\qquad \sum_LL\,P(L)=\frac1{1-\alpha},\qquad "
            r"\sum_LL^2P(L)=\frac1{(1-\alpha)^3}",
            r"With $e^{-\alpha L}$ as a series, $\alpha^{n-1}$ has in $P(L)$ the factor "
            r"$(-1)^{n-L}\binom nLL^{n-1}/n!$. Summed over $L$, by \eqref{differences}, it is 1 for $n=1$, "
            r"and 0 for $n>1$ (the term $L=0$ is missing, which matters for $n=1$ only), with $L$ it is 1, "
            r"with $L^2$ it is $\binom{n+1}2$. For small $\alpha$ the double series converges absolutely; "
            r"$\sum_L L^{L-1}z^L/L!$ converges for $|z|<1/e$, so both sides are analytic along "
            r"$0\le\alpha<1$, where $\alpha e^{-\alpha}<1/e$.",
            moments("the factors of alpha^(n-1), and the sums over n, for all n", 1),
            moments("L^n for L^(n-1)", 0),
            label="moments",
            proves={"borel.mean": 1 / (1 - alpha), "borel.second_moment": 1 / (1 - alpha) ** 3},
        ),
        Step(
            r"T(z)=\sum_{n\ge1}\frac{n^{n-1}}{n!}z^n \quad\text{solves}\quad T=z\,e^T",
            r"\eqref{moments} says that $T(\alpha e^{-\alpha})=\alpha$, and $z=\alpha e^{-\alpha}$ takes all "
            r"small values. $n^{n-1}$ counts trees on $n$ labelled units with any root (derivation 03): a "
            r"root, and a set of trees that hang on it.",
            identity("z e^T at T = alpha", lambda: alpha * exp(-alpha) * exp(alpha), lambda: alpha),
            identity("z e^(2T)", lambda: alpha * exp(-alpha) * exp(2 * alpha), lambda: alpha),
            also=(
                exactly("T(alpha e^-alpha) up to the orders 1 to 9", range(1, 10), inverted, lambda _: alpha),
            ),
            label="tree",
        ),
        Step(
            r"e^{-1/(12L)} \le \sqrt{2\pi}\,L^{3/2}\;e^{-L}\frac{L^{L-1}}{L!} \le e^{-1/(12L+1)}",
            r"At $\alpha=1$ the middle is $e^{-r_L}$ in Robbins' $L!=\sqrt{2\pi L}\,(L/e)^Le^{r_L}$, and "
            r"$r_L-r_{L+1}=(L+\frac12)\ln(1+\frac1L)-1=\frac1{2y}\bigl(\ln\frac{1+y}{1-y}-2y\bigr)$ with "
            r"$y=1/(2L+1)$. The bracket vanishes at $y=0$ and grows at most as $\frac23\frac{y^3}{1-y^2}$, "
            r"at least as $\frac{2y^3}{3-y^2}$. So the difference lies between "
            r"$\frac1{12L+1}-\frac1{12(L+1)+1}$ and $\frac1{12L}-\frac1{12(L+1)}$; add up, as $r_L\to0$.",
            robbins("differences of r_L, for all L", 1),
            robbins("1/(12 L)", 0),
            also=(
                exactly(
                    "bounds in interval arithmetic for L up to 199, 1000 and 10000",
                    [*range(1, 200), 1000, 10**4],
                    within,
                    lambda _: True,
                ),
            ),
            label="robbins",
            proves={"borel.power_law": 1 / sqrt(2 * pi * L**3)},
        ),
        Step(
            r"\frac{\ln P(L+1)-\ln P(L)}{\ln(L+1)-\ln L}=L-1-\frac{\alpha-\ln\alpha}{\ln(1+1/L)}"
            r"\;\xrightarrow{\alpha\to1}\;-\frac32+\frac1{12L}+O(L^{-2})",
            r"$P(L+1)/P(L)=\alpha e^{-\alpha}(1+1/L)^{L-1}$ by \eqref{limit}. So the local exponent tends to "
            r"$-3/2$ for $\alpha\to1$ after $N\to\infty$, then $L\to\infty$; for $L\to\infty$ at a fixed "
            r"$\alpha<1$ it tends to $-\infty$, since $\alpha-\ln\alpha>1$.",
            local_exponent("the ratio for all L, and limits", 1),
            local_exponent("(1 + 1/L)^L", 0),
            label="slope",
            proves={"borel.local_exponent": slope()},
        ),
        Step(
            r"\lim_{\alpha\to1}P_N(L)=\begin{cases}1&L=N\\0&L<N\end{cases}",
            r"For fixed $N$ the factor $1-\alpha$ kills all $L<N$, and $P_N(N)\to1$: the two limits do "
            r"not commute.",
            other_order("alpha -> 1, for all N and L", 1),
            other_order("P_N(N) tends to 0", 0),
            label="other-order",
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
