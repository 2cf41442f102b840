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
from collections.abc import Callable

import sympy
from sympy import Add, binomial, ff

import exactav as ea
from exactav.proofs import Blocks, Check, eigenvalues, exactly, identity, several, telescoping
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import without

N, L, n, m = sympy.symbols("N L n m", integer=True, positive=True)
k, j, el = sympy.symbols("k j l", integer=True, nonnegative=True)
alpha, w, s, x, y, z = sympy.symbols("alpha w s x y z")
BELOW = N - (N - 1) * alpha


def coupled(size: sympy.Expr, leak: sympy.Expr) -> Blocks:
    """Laplacian plus leak of units that all send w to each other."""
    return Blocks.of([size], [leak + size * w], [[-w]])


def tree(size: sympy.Expr) -> sympy.Expr:
    """The tree weight of L units."""
    return size ** (size - 2) * w ** (size - 1)


def forest(size: sympy.Expr) -> sympy.Expr:
    """The forest weight of n units; 1 for none."""
    return s * (s + size * w) ** (size - 1)


def size_probability(n: sympy.Expr, size: sympy.Expr) -> sympy.Expr:
    """The closed form of the statement, with P(N) as its value at L = N: (1 - alpha)^(-1) (1 - alpha) = 1."""
    bulk = binomial(n - 1, size - 1) * size ** (size - 2) * (alpha / n) ** (size - 1)
    return bulk * (1 - size * alpha / n) ** (n - size - 1) * n * (1 - alpha) / (n - (n - 1) * alpha)


def at(n: int, size: int) -> sympy.Expr:
    """The closed form at numbers."""
    if size == n:
        return alpha ** (n - 1) / (n - (n - 1) * alpha)
    return size_probability(sympy.Integer(n), sympy.Integer(size))


def without_self(n: sympy.Expr, size: sympy.Expr, own: int = 1) -> sympy.Expr:
    """The closed form without self-coupling, with P(N) as its value at L = N; ``own`` = 0 is wrong."""
    v = alpha / (n - 1)
    trees = binomial(n - 1, size - 1) * size ** (size - 2) * v ** (size - 1)
    rest = (1 - alpha) * (1 - (size - own) * v) ** (n - size - 1)
    return trees * rest / ((1 + v) ** (n - 2) * (1 - (n - 2) * v))


def laws(claim: str, family: Callable[..., ea.Network], closed: Callable[..., sympy.Expr]) -> Check:
    """A closed form against the size laws that exactav computes from determinants, in symbolic alpha."""
    return exactly(
        claim,
        range(2, 7),
        lambda n: dict(ea.size_law(family(n, alpha))),
        lambda n: {size: closed(n, size) for size in range(1, n + 1)},
    )


def at_without_self(n: int, size: int) -> sympy.Expr:
    """The closed form without self-coupling at numbers."""
    if size == n:
        return sympy.cancel(without_self(N, N).subs(N, n))
    return without_self(sympy.Integer(n), sympy.Integer(size))


# Abel's sums, term by term


def abel(n: sympy.Expr, k: sympy.Expr, x: sympy.Expr = x, y: sympy.Expr = y, sign: int = -1) -> sympy.Expr:
    """C(n, k) x (x + k z)^(k-1) (y - k z)^(n-k)."""
    return binomial(n, k) * x * (x + k * z) ** (k - 1) * (y + sign * k * z) ** (n - k)


def second_abel(n: sympy.Expr, k: sympy.Expr, x: sympy.Expr = x, y: sympy.Expr = y) -> sympy.Expr:
    """C(n, k) (x + k z)^k (y - k z)^(n-k)."""
    return binomial(n, k) * (x + k * z) ** k * (y - k * z) ** (n - k)


def hurwitz(m: sympy.Expr, el: sympy.Expr) -> sympy.Expr:
    """C(m, l) x (x + l z)^(l-1) y (y + (m-l) z)^(m-l-1)."""
    return binomial(m, el) * x * (x + el * z) ** (el - 1) * y * (y + (m - el) * z) ** (m - el - 1)


def summed(term: Callable[..., sympy.Expr], n: int) -> sympy.Expr:
    """The sum of a term over k from 0 to n, in symbols."""
    return sympy.expand(Add(*(sympy.cancel(term(sympy.Integer(n), sympy.Integer(i))) for i in range(n + 1))))


def listed(
    claim: str, term: Callable[..., sympy.Expr], total: Callable[[int], sympy.Expr], up_to: int
) -> Check:
    """A sum added up, against its total."""
    sizes = range(1, up_to + 1)
    return exactly(claim, sizes, lambda n: summed(term, n), lambda n: sympy.expand(total(n)))


def abel_is_constant(sign: int) -> Check:
    """The derivative of the n-th sum by y is n times the one before, term by term."""
    return identity(
        "d/dy of the k-th term is n times the k-th term of n - 1, for all n and k",
        lambda: sympy.diff(abel(n, k, sign=sign), y),
        lambda: n * abel(n - 1, k, sign=sign),
    )


def abel_vanishes(sign: int) -> Check:
    """At y = -x the terms are (-1)^(n-k) C(n, k) x (x + k z)^(n-1), and differences of that order vanish."""
    power = several(
        "the n-th difference of a polynomial of a lower degree i in k is 0",
        identity(
            "C(n, k) (k)_i = (n)_i C(n - i, k - i)",
            lambda: binomial(n, k) * ff(k, j),
            lambda: ff(n, j) * binomial(n - j, k - j),
        ),
        telescoping("sum of (-1)^k C(m, k), m > 0", (-1) ** k * binomial(m, k), (k, 0, m), 0, n=m, first=1),
    )
    return several(
        "at y = -x the sum is 0",
        identity(
            "the k-th term at y = -x",
            lambda: abel(n, k, y=-x, sign=sign),
            lambda: (-1) ** (n - k) * binomial(n, k) * x * (x + k * z) ** (n - 1),
        ),
        power,
    )


def second_recursion(claim: str, factor: sympy.Expr) -> Check:
    """B_n from A_n and B_{n-1}, and the closed form from that; ``factor`` is right if it is n."""

    def closed(n: sympy.Expr, j: sympy.Expr) -> sympy.Expr:
        return ff(n, j) * z**j * (x + y) ** (n - j)

    return several(
        claim,
        identity(
            "the k-th terms of B_n, for all n and k",
            lambda: second_abel(n, k),
            lambda: abel(n, k) + factor * z * second_abel(n - 1, k - 1, x + z, y - z),
        ),
        identity(
            "the j-th terms of the closed form, for all n and j; x + y does not change",
            lambda: [
                closed(n, j + 1),
                closed(n, sympy.Integer(0)),
                closed(sympy.Integer(0), sympy.Integer(0)),
            ],
            lambda: [n * z * closed(n - 1, j), (x + y) ** n, 1],
        ),
    )


def third_recursion(claim: str, shift: int) -> Check:
    """C_m(x, y) = sum_l C(m, l) (x + l z)^(l+1) (y - l z)^(m-l) and its closed form; ``shift`` 0 is right."""

    def term(m: sympy.Expr, el: sympy.Expr, x: sympy.Expr = x, y: sympy.Expr = y) -> sympy.Expr:
        return binomial(m, el) * (x + el * z) ** (el + 1) * (y - el * z) ** (m - el)

    def closed(m: sympy.Expr, i: sympy.Expr, x: sympy.Expr = x) -> sympy.Expr:
        return ff(m, i) * z**i * (x0 + y) ** (m - i) * ((i + 1) * x + z * i * (i + 1 + shift) / 2)

    x0 = sympy.Symbol("x")
    return several(
        claim,
        identity(
            "the l-th terms of C_m, for all m and l",
            lambda: term(m, el),
            lambda: x * second_abel(m, el) + m * z * term(m - 1, el - 1, x + z, y - z),
        ),
        identity(
            "the i-th terms of sum_i (m)_i z^i (x + y)^(m-i) ((i+1) x + z i (i+1)/2), for all m and i",
            lambda: [
                closed(m, j + 1),
                closed(m, sympy.Integer(0)),
                closed(sympy.Integer(0), sympy.Integer(0)),
            ],
            lambda: [
                x * ff(m, j + 1) * z ** (j + 1) * (x + y) ** (m - j - 1) + m * z * closed(m - 1, j, x + z),
                x * (x + y) ** m,
                x,
            ],
        ),
        identity(
            "at x = z = w and x + y = 1",
            lambda: closed(m, j).subs({x: w, z: w, y: 1 - w}, simultaneous=True),
            lambda: ff(m, j) * w ** (j + 1) * (j + 1) * (j + 2) / 2,
        ),
    )


def mean_square(claim: str, power: int) -> Check:
    """L^2 tau f summed by C_m, as in step 6; ``power`` = 1 is right."""

    def c(m: sympy.Expr, j: sympy.Expr) -> sympy.Expr:
        return ff(m, j) * w ** (j + 1) * (j + 1) * (j + 2) / 2

    y_ = 1 - N * w  # s
    return several(
        claim,
        identity(
            "L^2 C(N-1, L-1) tau f is the difference of the terms of C_{N-1} and (N-1) w C_{N-2}, over w",
            lambda: (L**2 * binomial(N - 1, L - 1) * tree(L) * forest(N - L)).subs(s, y_),
            lambda: (
                (
                    binomial(N - 1, L - 1) * (w * L) ** L * (1 - L * w) ** (N - L)
                    - (N - 1) * w * binomial(N - 2, L - 1) * (w * L) ** L * (1 - L * w) ** (N - L - 1)
                )
                / w
            ),
        ),
        identity(
            "the k-th terms of (C_{N-1} - (N-1) w C_{N-2}) / w, and what the statement says",
            lambda: [(c(N - 1, j + 1) - (N - 1) * w * c(N - 2, j)) / w, c(N - 1, sympy.Integer(0)) / w],
            lambda: [(j + 2) ** power * ff(N - 1, j + 1) * w ** (j + 1), 1],
        ),
        identity(
            "k (N)_k (alpha/N)^(k-1) is N times (k+1) (N-1)_k w^k, k counted from 0",
            lambda: (j + 1) * ff(N, j + 1) * (alpha / N) ** j / BELOW,
            lambda: (j + 1) * ff(N - 1, j) * (alpha / N) ** j / (1 - alpha + alpha / N),
        ),
    )


def mean_squares_listed() -> Check:
    """The second moments of the closed form."""
    return exactly(
        "second moments of the closed form for N from 2 to 8, in symbols",
        range(2, 9),
        lambda n: sympy.cancel(Add(*(i**2 * at(n, i) for i in range(1, n + 1)))),
        lambda n: sympy.cancel(
            Add(*(i * ff(n, i) * (alpha / n) ** (i - 1) for i in range(1, n + 1))) / (n - (n - 1) * alpha)
        ),
    )


def mean(claim: str, green: sympy.Expr) -> Check:
    """The Green matrix by its blocks, and what derivation 07 makes of a column of it."""
    inverse = Blocks.of([N], [1], [[green]])
    return several(
        claim,
        eigenvalues(
            "the inverse of 1 - w J, w = alpha/N, for all N",
            Blocks.of([N], [1], [[-alpha / N]]),
            inverse=inverse,
        ),
        identity(
            "a column of G over its own entry",
            lambda: (1 + N * green) / (1 + green),
            lambda: N / BELOW,
        ),
    )


def no_self_minor(claim: str, power: sympy.Expr) -> Check:
    """det(M without k) without self-coupling: thresholds 1, w between any two."""
    v = alpha / (N - 1)
    return several(
        claim,
        eigenvalues(
            "det(L[C] + s) of N - L units",
            Blocks.of([N - L], [1 - alpha + (N - L) * v], [[-v]]),
            determinant=(1 - alpha) * (1 - (L - 1) * v) ** (N - L - 1),
        ),
        eigenvalues(
            "det(M without k)",
            Blocks.of([N], [1 + v], [[-v]]).without(0),
            determinant=(1 - (N - 2) * v) * (1 + v) ** power,
        ),
        identity(
            "the closed form",
            lambda: (
                binomial(N - 1, L - 1)
                * (tree(L) * forest(N - L)).subs({w: v, s: 1 - alpha}, simultaneous=True)
                / ((1 - (N - 2) * v) * (1 + v) ** (N - 2))
            ),
            lambda: without_self(N, L),
        ),
        identity(
            "the mean, from a column of G = (1 + (v/(1 - alpha)) J) / (1 + v)",
            lambda: (1 + N * v / (1 - alpha)) / (1 + v / (1 - alpha)),
            lambda: (N - 1 + alpha) / (N - 1 - (N - 2) * alpha),
        ),
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
            r"$Lw$, $L-2$ times, and $w$, once. For $w=1$ this is Cayley's formula.",
            eigenvalues(
                "Lw 1 - wJ without a row and a column, for all L",
                coupled(L, sympy.Integer(0)).without(0),
                determinant=tree(L),
            ),
            eigenvalues("L^(L-1) w^(L-1)", coupled(L, sympy.Integer(0)).without(0), determinant=L * tree(L)),
            label="tree",
        ),
        Step(
            r"f(C) = s\,(s+nw)^{n-1},\qquad n=|C|\ge1,\quad s=1-\alpha",
            r"$L[C]+s\mathbf 1=(s+nw)\mathbf 1-wJ$ has the eigenvalues $s+nw$, $n-1$ times, and $s$, "
            r"once. With $n=N-L$, $s+nw=1-L\alpha/N$.",
            eigenvalues(
                "(s + nw) 1 - wJ, for all n",
                coupled(n, s),
                determinant=forest(n),
                spectrum={s + n * w: n - 1, s: 1},
            ),
            eigenvalues("s (s + 2 n w)^(n-1)", coupled(n, s), determinant=s * (s + 2 * n * w) ** (n - 1)),
            label="forest",
        ),
        Step(
            r"\det M_{\setminus k} = (s+w)(s+w+(N-1)w)^{N-2} = 1-\alpha+\frac\alpha N",
            r"Without $k$ each of the $N-1$ other units leaks $s+w$: \eqref{forest} with $s+w$ for $s$. The "
            r"second factor is $s+Nw=1$.",
            eigenvalues(
                "1 - wJ without a row and a column, w = alpha/N, for all N",
                Blocks.of([N], [1], [[-alpha / N]]).without(0),
                determinant=1 - alpha + alpha / N,
            ),
            eigenvalues("1 - alpha", Blocks.of([N], [1], [[-alpha / N]]).without(0), determinant=1 - alpha),
            also=(
                exactly(
                    "det(M without k) of homogeneous networks of 1 to 7 units",
                    range(1, 8),
                    lambda n: without(ea.families.homogeneous(n, alpha).matrix, 0).det(method="berkowitz"),
                    lambda n: 1 - alpha + alpha / n,
                ),
            ),
            label="minor",
        ),
        Step(
            r"P(L) = \binom{N-1}{L-1}\,\frac{\tau_k(A)\,f(\bar A)}{\det M_{\setminus k}}",
            r"There are $\binom{N-1}{L-1}$ sets of $L$ units that hold $k$, all alike; put in "
            r"\eqref{tree} to \eqref{minor}.",
            identity(
                "the closed form, for all N, L and alpha",
                lambda: (
                    binomial(N - 1, L - 1)
                    * (tree(L) * forest(N - L)).subs({w: alpha / N, s: 1 - alpha}, simultaneous=True)
                    / (1 - alpha + alpha / N)
                ),
                lambda: size_probability(N, L),
            ),
            identity(
                "L^(L-1) trees",
                lambda: (
                    binomial(N - 1, L - 1)
                    * (L * tree(L) * forest(N - L)).subs({w: alpha / N, s: 1 - alpha}, simultaneous=True)
                    / (1 - alpha + alpha / N)
                ),
                lambda: size_probability(N, L),
            ),
            also=(laws("the size laws of exactav for N up to 6", ea.families.homogeneous, at),),
            label="size",
            proves={
                "homogeneous.size": size_probability(N, L),
                "homogeneous.full": alpha ** (N - 1) / BELOW,
            },
        ),
        Step(
            r"A_n(x,y) := \sum_{k=0}^n\binom nk x(x+kz)^{k-1}(y-kz)^{n-k} = (x+y)^n",
            r"Abel's identity, by induction on $n$: $\partial_yA_n=nA_{n-1}=n(x+y)^{n-1}$, and at $y=-x$ "
            r"the sum is $x\sum_k\binom nk(-1)^{n-k}(x+kz)^{n-1}$, the $n$-th difference of a polynomial of "
            r"degree $n-1$: 0. And $A_0=1$.",
            several("Abel's identity for all n", abel_is_constant(-1), abel_vanishes(-1)),
            several("y + k z for y - k z", abel_is_constant(1), abel_vanishes(1)),
            also=(listed("n up to 6, added up", abel, lambda n: (x + y) ** n, 6),),
            label="abel",
        ),
        Step(
            r"\sum_{l=0}^m\binom ml x(x+lz)^{l-1}\,y(y+(m-l)z)^{m-l-1} = (x+y)(x+y+mz)^{m-1}",
            r"With $Y=y+mz$, write one factor $y$ as $(Y-lz)-(m-l)z$. The sum becomes "
            r"$A_m(x,Y)-mz\,A_{m-1}(x,Y)=(x+Y)^{m-1}(x+Y-mz)$ by \eqref{abel}.",
            identity(
                "the terms, and the total, for all m and l",
                lambda: [hurwitz(m, el), (x + y) * (x + y + m * z) ** (m - 1)],
                lambda: [
                    abel(m, el, y=y + m * z) - m * z * abel(m - 1, el, y=y + m * z),
                    (x + y + m * z) ** m - m * z * (x + y + m * z) ** (m - 1),
                ],
            ),
            identity(
                "m for m z",
                lambda: hurwitz(m, el),
                lambda: abel(m, el, y=y + m * z) - m * abel(m - 1, el, y=y + m * z),
            ),
            also=(listed("m up to 6, added up", hurwitz, lambda m: (x + y) * (x + y + m * z) ** (m - 1), 6),),
            label="hurwitz",
        ),
        Step(
            r"\sum_{L=1}^N P(L) = 1",
            r"\eqref{hurwitz} with $x=z=w$, $y=s$, $m=N-1$, $l=L-1$: the left side is "
            r"$\sum_L\binom{N-1}{L-1}\tau f$ by \eqref{tree} and \eqref{forest}, the right "
            r"side $\det M_{\setminus k}$ by \eqref{minor}.",
            identity(
                "the terms, and the total, for all N and L",
                lambda: [
                    hurwitz(N - 1, L - 1).subs({x: w, z: w, y: s}, simultaneous=True),
                    (w + s) * (s + N * w) ** (N - 2),
                ],
                lambda: [
                    binomial(N - 1, L - 1) * tree(L) * forest(N - L),
                    ((x + y) * (x + y + (N - 1) * z) ** (N - 2)).subs({x: w, z: w, y: s}, simultaneous=True),
                ],
            ),
            identity(
                "z = 2 w",
                lambda: hurwitz(N - 1, L - 1).subs({x: w, z: 2 * w, y: s}, simultaneous=True),
                lambda: binomial(N - 1, L - 1) * tree(L) * forest(N - L),
            ),
            also=(
                exactly(
                    "the closed form added up for N from 1 to 8",
                    range(1, 9),
                    lambda n: Add(*(at(n, size) for size in range(1, n + 1))),
                    lambda _: 1,
                ),
            ),
            label="norm",
        ),
        Step(
            r"\sum_L L\,P(L) = \sum_j\frac{G_{jk}}{G_{kk}} = \frac N{N-(N-1)\alpha}",
            r"$M=\mathbf 1-wJ$ has the inverse $\mathbf 1+\frac{w}{1-\alpha}J$, so $G_{kk}=1+w/(1-\alpha)$ "
            r"and a column sums to $1/(1-\alpha)$ (derivation 07).",
            mean("the mean, for all N", alpha / N / (1 - alpha)),
            mean("the inverse 1 + wJ", alpha / N),
            also=(
                exactly(
                    "means of the closed form for N up to 8, in symbols",
                    range(1, 9),
                    lambda n: sympy.cancel(Add(*(i * at(n, i) for i in range(1, n + 1)))),
                    lambda n: sympy.cancel(n / (n - (n - 1) * alpha)),
                ),
            ),
            label="mean",
            proves={"homogeneous.mean": N / BELOW},
        ),
        Step(
            r"B_n(x,y):=\sum_{k=0}^n\binom nk(x+kz)^k(y-kz)^{n-k}=\sum_{j=0}^n(n)_j\,z^j\,(x+y)^{n-j}",
            r"$x(x+kz)^{k-1}=(x+kz)^k-kz(x+kz)^{k-1}$ and $k\binom nk=n\binom{n-1}{k-1}$ turn "
            r"\eqref{abel} into $(x+y)^n=B_n(x,y)-nz\,B_{n-1}(x+z,y-z)$; iterate.",
            second_recursion(
                "B_n(x, y) = (x + y)^n + n z B_{n-1}(x + z, y - z) and B_0 = 1, for B and its closed form", n
            ),
            second_recursion("2 n z for n z", 2 * n),
            also=(
                listed(
                    "n up to 6, added up",
                    second_abel,
                    lambda n: Add(*(ff(n, i) * z**i * (x + y) ** (n - i) for i in range(n + 1))),
                    6,
                ),
            ),
            label="second",
        ),
        Step(
            r"C_m(x,y):=\sum_l\binom ml(x+lz)^{l+1}(y-lz)^{m-l}"
            r"=\sum_i(m)_i\,z^i(x+y)^{m-i}\Bigl((i+1)x+\frac{i(i+1)}2z\Bigr)",
            r"As $(x+lz)^{l+1}=x(x+lz)^l+lz(x+lz)^l$, $C_m(x,y)=x\,B_m(x,y)+mz\,C_{m-1}(x+z,y-z)$, with "
            r"\eqref{second} for $B_m$. At $x=z=w$ and $x+y=1$ it is $\sum_k(m)_kw^{k+1}\binom{k+2}2$.",
            third_recursion(
                "C_m(x, y) = x B_m(x, y) + m z C_{m-1}(x + z, y - z), for C and its closed form", 0
            ),
            third_recursion("z i (i+2)/2 for z i (i+1)/2", 1),
            label="third",
        ),
        Step(
            r"\sum_L L^2P(L)=\frac{1}{N-(N-1)\alpha}\sum_{k=1}^Nk\,(N)_k\Bigl(\frac\alpha N\Bigr)^{k-1}",
            r"As in \eqref{hurwitz} the sum of $L^2\tau f$ is "
            r"$\frac1w(C_m-mw\,C_{m-1})=\sum_k(k+1)\,(N-1)_k\,w^k$ by \eqref{third} with $m=N-1$; divide by "
            r"$\det M_{\setminus k}$.",
            mean_square("the sum of L^2 tau f is sum_k (k+1) (N-1)_k w^k", 1),
            mean_square("(k+1)^2 for k+1", 2),
            also=(mean_squares_listed(),),
            label="square",
            proves={
                "homogeneous.second_moment": sympy.Sum(k * ff(N, k) * (alpha / N) ** (k - 1), (k, 1, N))
                / BELOW
            },
        ),
        Step(
            r"w=\frac\alpha{N-1}:\quad f(C)=s\,\bigl(1-(L-1)w\bigr)^{N-L-1},\quad "
            r"\det M_{\setminus k}=(1-(N-2)w)(1+w)^{N-2}",
            r"Laplacians do not see self-coupling, so \eqref{tree} and \eqref{forest} hold with the new $w$: "
            r"$s+(N-L)w=1-(L-1)w$, and $\det M_{\setminus k}=(s+w)(s+Nw)^{N-2}$. By derivation 07 the mean "
            r"is $(N-1+\alpha)/(N-1-(N-2)\alpha)$.",
            no_self_minor("weights and minor with w = alpha/(N-1), for all N and L", N - 2),
            no_self_minor("(1 + w)^(N-1) in the minor", N - 1),
            also=(
                laws(
                    "the size laws of exactav for N from 2 to 6",
                    ea.families.homogeneous_without_self,
                    at_without_self,
                ),
            ),
            label="without-self",
            proves={
                "homogeneous_without_self.size": without_self(N, L),
                "homogeneous_without_self.full": without_self(N, N),
                "homogeneous_without_self.mean": (N - 1 + alpha) / (N - 1 - (N - 2) * alpha),
            },
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
