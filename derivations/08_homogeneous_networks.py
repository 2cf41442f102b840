r"""Derivation 08: the homogeneous network, with Abel's identities.

Statement
    N units, all coupled to all and to themselves by w = alpha/N. Given an avalanche, its size L has
    probability

        P(L) = C(N-1, L-1) L^(L-2) (alpha/N)^(L-1) (1 - L alpha/N)^(N-L-1) N (1-alpha) / (N - (N-1) alpha)

    for L < N, and P(N) = alpha^(N-1) / (N - (N-1) alpha). These add up to 1 by Abel's identity; the mean
    size is N / (N - (N-1) alpha), the mean square sum_k k (N)_k (alpha/N)^(k-1) / (N - (N-1) alpha). Without
    self-coupling, w = alpha/(N-1), the same steps give

        P(L) = C(N-1, L-1) (L w)^(L-1) (1 - (L-1) w)^(N-L-1) (1-alpha) / (L (1+w)^(N-2) (1 - (N-2) w)).

Assumptions
    N >= 1, 0 <= alpha < 1, the same drive or any other (all starts are alike).

Source
    C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002); arXiv:2202.02520. Abel's
    identity: N. H. Abel, J. Reine Angew. Math. 1, 159 (1826).

Run as ``python derivations/08_homogeneous_networks.py``.
"""

import sys

import sympy
from sympy import binomial

import exactav as ea
from exactav.proofs.checks import Check, exactly, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import determinant, without

alpha, w, s, x, y, z = sympy.symbols("alpha w s x y z")


def complete_laplacian(n: int, leak: sympy.Expr) -> sympy.Matrix:
    """L + leak of n units that all send w to each other."""
    return sympy.eye(n) * (leak + n * w) - w * sympy.ones(n, n)


def tree(size: int) -> sympy.Expr:
    """The tree weight of L units, closed form."""
    return sympy.Rational(size) ** (size - 2) * w ** (size - 1)


def forest(n: int) -> sympy.Expr:
    """The forest weight of n units, closed form; 1 for none."""
    return s * (s + n * w) ** (n - 1) if n else sympy.Integer(1)


def trees(claim: str, *, exponent: int) -> Check:
    """det of the Laplacian without one row and column, for 1 to 7 units; L^(L - exponent) w^(L-1)."""
    return exactly(
        claim,
        range(1, 8),
        lambda n: sympy.expand(determinant(without(complete_laplacian(n, sympy.Integer(0)), 0))),
        lambda n: sympy.Rational(n) ** (n - exponent) * w ** (n - 1),
    )


def forests(claim: str, *, spread: int) -> Check:
    """det(L + s) of 1 to 7 units = s (s + n w)^(n-1); ``spread`` multiplies n."""
    return exactly(
        claim,
        range(1, 8),
        lambda n: sympy.expand(determinant(complete_laplacian(n, s))),
        lambda n: sympy.expand(s * (s + spread * n * w) ** (n - 1)),
    )


def abel(n: int, sign: int = -1) -> sympy.Expr:
    """sum_k C(n, k) x (x + k z)^(k-1) (y - k z)^(n-k), the left side of Abel's identity."""
    terms = (
        binomial(n, k) * (x * (x + k * z) ** (k - 1) if k else 1) * (y + sign * k * z) ** (n - k)
        for k in range(n + 1)
    )
    return sympy.expand(sympy.Add(*terms))


def hurwitz(m: int) -> sympy.Expr:
    """sum_l C(m, l) x (x + l z)^(l-1) y (y + (m-l) z)^(m-l-1)."""
    terms = (
        binomial(m, el)
        * (x * (x + el * z) ** (el - 1) if el else 1)
        * (y * (y + (m - el) * z) ** (m - el - 1) if el < m else 1)
        for el in range(m + 1)
    )
    return sympy.expand(sympy.Add(*terms))


def size_probability(n: int, size: int, a: sympy.Expr = alpha) -> sympy.Expr:
    """The closed form of the statement."""
    below = n - (n - 1) * a
    if size == n:
        return a ** (n - 1) / below
    bulk = binomial(n - 1, size - 1) * sympy.Rational(size) ** (size - 2) * (a / n) ** (size - 1)
    return bulk * (1 - size * a / n) ** (n - size - 1) * n * (1 - a) / below


def closed_form(claim: str, *, size_shift: int) -> Check:
    """The size law that exactav computes from determinants, in symbols, for N up to 6."""
    laws = {n: ea.size_law(ea.families.homogeneous(n, alpha)) for n in range(1, 7)}
    return exactly(
        claim,
        [(n, size) for n in laws for size in range(1, n + 1)],
        lambda case: laws[case[0]][case[1]],
        lambda case: size_probability(case[0], (case[1] + size_shift - 1) % case[0] + 1),
    )


def second_abel(n: int) -> sympy.Expr:
    """sum_k C(n, k) (x + k z)^k (y - k z)^(n-k)."""
    return sympy.expand(
        sympy.Add(*(binomial(n, k) * (x + k * z) ** k * (y - k * z) ** (n - k) for k in range(n + 1)))
    )


def mean_square(claim: str, *, power: int) -> Check:
    """The second moments of the closed form against sum_k k^power (N)_k (alpha/N)^(k-1) / (N-(N-1) alpha)."""
    return exactly(
        claim,
        range(2, 9),
        lambda n: sympy.cancel(sympy.Add(*(k**2 * size_probability(n, k) for k in range(1, n + 1)))),
        lambda n: sympy.cancel(
            sympy.Add(*(k**power * sympy.ff(n, k) * (alpha / n) ** (k - 1) for k in range(1, n + 1)))
            / (n - (n - 1) * alpha)
        ),
    )


def without_self(claim: str, *, own: int) -> Check:
    """The size laws without self-coupling for N up to 6; ``own`` = 1 is right, 0 keeps self-coupling."""

    def closed(case: tuple[int, int]) -> sympy.Expr:
        n, size = case
        weight = alpha / (n - 1)
        trees_of = binomial(n - 1, size - 1) * sympy.Rational(size) ** (size - 2) * weight ** (size - 1)
        below = (1 + weight) ** (n - 2) * (1 - (n - 2) * weight)
        rest = (1 - alpha) * (1 - (size - own) * weight) ** (n - size - 1) if size < n else 1
        return trees_of * rest / below

    laws = {n: ea.size_law(ea.families.homogeneous_without_self(n, alpha)) for n in range(2, 7)}
    return exactly(
        claim, [(n, size) for n in laws for size in range(1, n + 1)], lambda c: laws[c[0]][c[1]], closed
    )


DERIVATION = Derivation(
    id="08",
    title="the homogeneous network, with Abel's identities",
    statement=(
        r"Let $N$ units be coupled, all to all and to themselves, by $w=\alpha/N$. Given an avalanche, "
        r"its size has"
        r"\[P(L)=\binom{N-1}{L-1}L^{L-2}\Bigl(\frac\alpha "
        r"N\Bigr)^{L-1}\Bigl(1-\frac{L\alpha}N\Bigr)^{N-L-1}"
        r"\frac{N(1-\alpha)}{N-(N-1)\alpha}\quad(L<N),\qquad P(N)=\frac{\alpha^{N-1}}{N-(N-1)\alpha}.\]"
        r"The mean size is $N/(N-(N-1)\alpha)$, the mean square is "
        r"$\sum_kk\,(N)_k(\alpha/N)^{k-1}/(N-(N-1)\alpha)$. Without self-coupling, $w=\alpha/(N-1)$,"
        r"\[P(L)=\frac1L\binom{N-1}{L-1}(Lw)^{L-1}\bigl(1-(L-1)w\bigr)^{N-L-1}"
        r"\frac{1-\alpha}{(1+w)^{N-2}(1-(N-2)w)}.\]"
    ),
    assumptions=(r"$N\ge1$, $0\le\alpha<1$; any drive, since all starts are alike.",),
    source="C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002); arXiv:2202.02520; "
    "N. H. Abel, J. Reine Angew. Math. 1, 159 (1826)",
    steps=(
        Step(
            r"\tau_k(A) = L^{L-2}\,w^{L-1},\qquad L=|A|",
            r"$L[A]=Lw\,\mathbf 1-wJ$ with $J$ all ones. Without a row and column it has the eigenvalues "
            r"$Lw$, $L-2$ "
            r"times, and $w$, once. For $w=1$ this is Cayley's formula.",
            trees("determinants of 1 to 7 units, w a symbol", exponent=2),
            trees("L^(L-1) w^(L-1) for 1 to 7 units", exponent=1),
        ),
        Step(
            r"f(C) = s\,(s+nw)^{n-1},\qquad n=|C|\ge1,\quad s=1-\alpha",
            r"$L[C]+s\mathbf 1=(s+nw)\mathbf 1-wJ$ has the eigenvalues $s+nw$, $n-1$ times, and $s$, "
            r"once. With $n=N-L$, "
            r"$s+nw=1-L\alpha/N$.",
            forests("determinants of 1 to 7 units, w and s symbols", spread=1),
            forests("s (s + 2 n w)^(n-1)", spread=2),
        ),
        Step(
            r"\det M_{\setminus k} = (s+w)(s+w+(N-1)w)^{N-2} = 1-\alpha+\frac\alpha N",
            r"Without $k$ each of the $N-1$ other units leaks $s+w$: step 2 with $s+w$ for $s$. The "
            r"second factor is "
            r"$s+Nw=1$.",
            exactly(
                "det(M without k) of homogeneous networks of 1 to 7 units in symbols",
                range(1, 8),
                lambda n: sympy.expand(determinant(without(ea.families.homogeneous(n, alpha).matrix, 0))),
                lambda n: 1 - alpha + alpha / n,
            ),
            exactly(
                "1 - alpha, of 2 to 4 units",
                range(2, 5),
                lambda n: sympy.expand(determinant(without(ea.families.homogeneous(n, alpha).matrix, 0))),
                lambda n: 1 - alpha,
            ),
        ),
        Step(
            r"P(L) = \binom{N-1}{L-1}\,\frac{\tau_k(A)\,f(\bar A)}{\det M_{\setminus k}}",
            r"There are $\binom{N-1}{L-1}$ sets of $L$ units that hold $k$, all alike; put in steps 1 to "
            r"3.",
            closed_form("the size laws of exactav for N up to 6, in symbols", size_shift=0),
            closed_form("sizes shifted by one", size_shift=1),
        ),
        Step(
            r"A_n(x,y) := \sum_{k=0}^n\binom nk x(x+kz)^{k-1}(y-kz)^{n-k} = (x+y)^n",
            r"Abel's identity, by induction on $n$: $\partial_yA_n=nA_{n-1}=n(x+y)^{n-1}$, and at $y=-x$ "
            r"the sum is "
            r"$x\sum_k\binom nk(-1)^{n-k}(x+kz)^{n-1}$, the $n$-th difference of a polynomial of degree "
            r"$n-1$: 0.",
            exactly("n up to 6 in symbols", range(7), abel, lambda n: sympy.expand((x + y) ** n)),
            exactly(
                "y + k z instead of y - k z, n up to 3",
                range(4),
                lambda n: abel(n, sign=1),
                lambda n: sympy.expand((x + y) ** n),
            ),
        ),
        Step(
            r"\sum_{l=0}^m\binom ml x(x+lz)^{l-1}\,y(y+(m-l)z)^{m-l-1} = (x+y)(x+y+mz)^{m-1}",
            r"With $Y=y+mz$, write one factor $y$ as $(Y-lz)-(m-l)z$. The sum becomes "
            r"$A_m(x,Y)-mz\,A_{m-1}(x,Y)=(x+Y)^{m-1}(x+Y-mz)$.",
            exactly(
                "m from 1 to 6 in symbols",
                range(1, 7),
                hurwitz,
                lambda m: sympy.expand((x + y) * (x + y + m * z) ** (m - 1)),
            ),
            exactly(
                "(x + y + m z)^m, m from 1 to 3",
                range(1, 4),
                hurwitz,
                lambda m: sympy.expand((x + y + m * z) ** m),
            ),
        ),
        Step(
            r"\sum_{L=1}^N P(L) = 1",
            r"Step 6 with $x=z=w$, $y=s$, $m=N-1$, $l=L-1$: the left side is $\sum_L\binom{N-1}{L-1}\tau "
            r"f$ by steps 1 "
            r"and 2, the right side $\det M_{\setminus k}$ by step 3.",
            exactly(
                "left sides for N from 2 to 8, with trees and forests of steps 1 and 2",
                range(2, 9),
                lambda n: sympy.expand(
                    sympy.Add(*(binomial(n - 1, k - 1) * tree(k) * forest(n - k) for k in range(1, n + 1)))
                ),
                lambda n: sympy.expand((w + s) * (n * w + s) ** (n - 2)),
            ),
            identity(
                "the sum without L = N, for N = 4",
                lambda: sympy.Add(*(size_probability(4, size) for size in range(1, 4))),
                lambda: sympy.Integer(1),
            ),
        ),
        Step(
            r"\sum_L L\,P(L) = \sum_j\frac{G_{jk}}{G_{kk}} = \frac N{N-(N-1)\alpha}",
            r"$M=\mathbf 1-wJ$ has the inverse $\mathbf 1+\frac{w}{1-\alpha}J$, so "
            r"$G_{kk}=1+w/(1-\alpha)$ and a column "
            r"sums to $1/(1-\alpha)$ (derivation 07).",
            exactly(
                "means of the closed form for N up to 8, in symbols",
                range(1, 9),
                lambda n: sympy.cancel(sympy.Add(*(k * size_probability(n, k) for k in range(1, n + 1)))),
                lambda n: sympy.cancel(n / (n - (n - 1) * alpha)),
            ),
            exactly(
                "1 / (1 - alpha), N from 2 to 4",
                range(2, 5),
                lambda n: sympy.cancel(sympy.Add(*(k * size_probability(n, k) for k in range(1, n + 1)))),
                lambda n: 1 / (1 - alpha),
            ),
        ),
        Step(
            r"B_n(x,y):=\sum_{k=0}^n\binom nk(x+kz)^k(y-kz)^{n-k}=\sum_{j=0}^n(n)_j\,z^j\,(x+y)^{n-j}",
            r"$x(x+kz)^{k-1}=(x+kz)^k-kz(x+kz)^{k-1}$ and $k\binom nk=n\binom{n-1}{k-1}$ turn step 5 into "
            r"$(x+y)^n=B_n(x,y)-nz\,B_{n-1}(x+z,y-z)$; iterate.",
            exactly(
                "n up to 6 in symbols",
                range(7),
                second_abel,
                lambda n: sympy.expand(
                    sympy.Add(*(sympy.ff(n, j) * z**j * (x + y) ** (n - j) for j in range(n + 1)))
                ),
            ),
            exactly("(x + y)^n alone", range(4), second_abel, lambda n: sympy.expand((x + y) ** n)),
        ),
        Step(
            r"\sum_L L^2P(L)=\frac{1}{N-(N-1)\alpha}\sum_{k=1}^Nk\,(N)_k\Bigl(\frac\alpha N\Bigr)^{k-1}",
            r"Let $C_m(x,y)=\sum_l\binom ml(x+lz)^{l+1}(y-lz)^{m-l}$. As "
            r"$(x+lz)^{l+1}=x(x+lz)^l+lz(x+lz)^l$, "
            r"$C_m(x,y)=x\,B_m(x,y)+mz\,C_{m-1}(x+z,y-z)$. At $x=z=w$, $m=N-1$ and $x+y=1$ this makes "
            r"$C_m=\sum_k(m)_kw^{k+1}\binom{k+2}2$. As in step 6 the sum of $L^2\tau f$ is "
            r"$\frac1w(C_m-mw\,C_{m-1})=\sum_k(k+1)\,(N-1)_k\,w^k$; divide by $\det M_{\setminus k}$.",
            mean_square("the closed form for N from 2 to 8, in symbols", power=1),
            mean_square("k^2 for k", power=2),
        ),
        Step(
            r"w=\frac\alpha{N-1}:\quad f(C)=s\,\bigl(1-(L-1)w\bigr)^{N-L-1},\quad "
            r"\det M_{\setminus k}=(1-(N-2)w)(1+w)^{N-2}",
            r"Laplacians do not see self-coupling, so steps 1 and 2 hold with the new $w$: "
            r"$s+(N-L)w=1-(L-1)w$, and $\det M_{\setminus k}=(s+w)(s+Nw)^{N-2}$. By derivation 07 the mean "
            r"is $(N-1+\alpha)/(N-1-(N-2)\alpha)$.",
            without_self("the size laws of exactav for N from 2 to 6, in symbols", own=1),
            without_self("(1 - L w) as with self-coupling", own=0),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
