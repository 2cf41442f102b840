r"""Derivation 10: the ring and the line, by transfer matrices and Chebyshev polynomials.

Statement
    Let N >= 2 units on a ring send w = alpha/2 to both neighbours, s = 1 - alpha, x = 1 + s/(2w) = 1/alpha,
    and let U_n be the Chebyshev polynomials of the second kind, T_n those of the first. Then det M = 2 w^N
    (T_N(x) - 1), and given an avalanche

        P(L) = 2 (x - 1) L U_{N-L-1}(x) / U_{N-1}(x)  for L < N,     P(N) = N / U_{N-1}(x).

    On the line, a ring with one edge cut whose end units keep threshold 1, with q_n = U_n(x) - U_{n-1}(x),
    all starts alike,

        P(L) = L sum_{a=0}^{N-L} q_a q_{N-L-a} / sum_{k=0}^{N-1} U_k(x) U_{N-1-k}(x),

    whose sums have closed forms. Everything is proved with the larger root 1/t of z^2 - 2 x z + 1, so that
    alpha = 2t/(1 + t^2) with 0 < t < 1, T_n = (t^n + t^-n)/2 and U_n = (t^(n+1) - t^-(n+1))/(t - 1/t).

Assumptions
    0 <= alpha < 1; N >= 2 (ring; two units are joined twice), N >= 1 (line); uniform drive on the line.

Source
    arXiv:2202.02520; the proof by transfer matrices here.

Run as ``python derivations/10_ring_and_line.py``.
"""

import sys
from collections.abc import Callable
from typing import Any

import sympy
from sympy import Eq, Piecewise, chebyshevt, chebyshevu

import exactav as ea
from exactav.proofs import Check, Circulant, eigenvalues, exactly, identity, induction, several, telescoping
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import determinant

N, L, n = sympy.symbols("N L n", integer=True, positive=True)
a, k = sympy.symbols("a k", integer=True, nonnegative=True)
alpha, w, t, x = sympy.symbols("alpha w t x", positive=True)
OF_T = {x: (t + 1 / t) / 2, alpha: 2 * t / (1 + t**2)}
R = sympy.sqrt(1 - alpha**2)
R_OF_T = (1 - t**2) / (1 + t**2)  # its square is 1 - alpha^2, and it is positive


def first(n: Any, x: sympy.Expr = x) -> sympy.Expr:
    """T_n(x), as written."""
    return chebyshevt(n, x, evaluate=False)


def second(n: Any, x: sympy.Expr = x) -> sympy.Expr:
    """U_n(x), as written; U_{-1} = 0."""
    return chebyshevu(n, x, evaluate=False)


def at(n: int) -> sympy.Expr:
    """U_n(x) at a number, with U_{-1} = 0."""
    return chebyshevu(n, x) if n >= 0 else sympy.Integer(0)


def powers(n: Any) -> sympy.Expr:
    """U_n in t."""
    return (t ** (n + 1) - t ** (-n - 1)) / (t - 1 / t)


def half(n: Any) -> sympy.Expr:
    """T_n in t."""
    return (t**n + t**-n) / 2


def in_t(expr: sympy.Expr) -> sympy.Expr:
    """An expression in x and alpha, in t."""
    return expr.subs(R, R_OF_T).subs(OF_T, simultaneous=True)


def reduced_end(n: Any) -> sympy.Expr:
    """q_n = U_n - U_{n-1}."""
    return second(n) - second(n - 1)


def path(n: int, *ends: int) -> sympy.Matrix:
    """Tridiagonal n x n: 2 w x on the diagonal, less w at either end for each of ``ends`` (0 or -1), -w
    beside it."""
    rows = sympy.zeros(n, n)
    for i in range(n):
        rows[i, i] = 2 * w * x
        if i + 1 < n:
            rows[i, i + 1] = rows[i + 1, i] = -w
    for end in ends:
        rows[end % n, end % n] -= w
    return rows


def polynomials(claim: str, shift: int) -> Check:
    """U_n and T_n in t, by their recursion; ``shift`` = 0 is right."""

    def recursion(_: Any, last: sympy.Expr, before: sympy.Expr) -> sympy.Expr:
        return (t + 1 / t) * last - before

    return several(
        claim,
        induction(
            "U_n",
            n,
            base={0: 1, 1: t + 1 / t},
            step=recursion,
            closed=lambda n: powers(n - shift),
            of=lambda n: sympy.expand(chebyshevu(n, OF_T[x])),
        ),
        induction(
            "T_n",
            n,
            base={0: 1, 1: OF_T[x]},
            step=recursion,
            closed=half,
            of=lambda n: sympy.expand(chebyshevt(n, OF_T[x])),
        ),
    )


def paths(claim: str, kind: Callable[..., sympy.Expr]) -> Check:
    """The determinant of a path, by its expansion along the last row."""
    return induction(
        claim,
        n,
        base={0: 1, 1: 2 * w * x},
        step=lambda _, last, before: 2 * w * x * last - w**2 * before,
        closed=lambda n: w**n * kind(n),
        of=lambda n: sympy.expand(determinant(path(n))),
    )


def ends(claim: str, factor: sympy.Expr) -> Check:
    """Paths with one and two reduced ends; ``factor`` = 2 (x - 1) is right."""
    own, one, two = (w ** (n - i) * second(n - i) for i in range(3))
    return several(
        claim,
        identity("one reduced end, for all n", lambda: own - w * one, lambda: w**n * reduced_end(n)),
        identity(
            "two, for all n >= 2",
            lambda: own - 2 * w * one + w**2 * two,
            lambda: factor * w**n * second(n - 1),
        ),
        identity(
            "two, n = 1; and q_n in t",
            lambda: [2 * w * x - 2 * w, in_t(reduced_end(n))],
            lambda: [factor * w, (t ** (n + 1) + t**-n) / (1 + t)],
        ),
    )


def listed_ends() -> Check:
    """The same from determinants row by row."""
    return exactly(
        "paths of 1 to 7 units with one and with two reduced ends",
        range(1, 8),
        lambda n: [sympy.expand(determinant(path(n, *ends))) for ends in ((0,), (0, -1))],
        lambda n: [
            sympy.expand(w**n * (at(n) - at(n - 1))),
            sympy.expand(2 * (x - 1) * w**n * at(n - 1)),
        ],
    )


# The laws as they are stated


def in_alpha(expr: sympy.Expr) -> sympy.Expr:
    """An expression in x, in alpha."""
    return expr.subs(x, 1 / alpha)


def ring_size(N: Any = N, L: Any = L, x: sympy.Expr = x) -> sympy.Expr:
    """P(L) of the ring for L < N."""
    return 2 * (x - 1) * L * second(N - L - 1, x) / second(N - 1, x)


def ring_radicals(n: sympy.Expr) -> sympy.Expr:
    """(1 + r)^n - (1 - r)^n."""
    return (1 + R) ** n - (1 - R) ** n


def convolved(n: Any) -> sympy.Expr:
    """sum of q_a q_{n-a} in closed form."""
    return (second(n) + (n + 1) * first(n + 1)) / (x + 1)


def line_norm(N: Any = N) -> sympy.Expr:
    """sum of U_k U_{N-1-k} in closed form."""
    return (N * first(N + 1) - second(N - 1)) / (2 * (x**2 - 1))


def line_size(N: Any = N, L: Any = L) -> sympy.Expr:
    """P(L) of the line."""
    return L * convolved(N - L) / line_norm(N)


def line_mean(bracket: int = 1) -> sympy.Expr:
    """The mean size of the line in x; ``bracket`` = 1 is right."""
    u, v = second(N), second(N - 1)
    above = N * (x - 1) * u - (u - v - bracket)
    return (x + 1) / (x - 1) * above / (N * first(N + 1) - v)


def law(
    claim: str,
    family: Callable[..., ea.Network],
    formula: Callable[[int, int], sympy.Expr],
    smallest: int,
) -> Check:
    """The size laws that exactav computes from determinants, in alpha, for N up to 7."""
    laws = {n: ea.size_law(family(n, alpha)) for n in range(smallest, 8)}
    return exactly(
        claim,
        [(n, size) for n in laws for size in range(1, n + 1)],
        lambda case: sympy.cancel(laws[case[0]][case[1]]),
        lambda case: sympy.cancel(formula(*case).doit().subs(x, 1 / alpha)),
    )


def ring_law(claim: str, trees: sympy.Expr) -> Check:
    """The law from weights, times ``trees``, which is 1."""
    return several(
        claim,
        identity(
            "P(L), for all N and L < N",
            lambda: (
                L
                * trees
                * w ** (L - 1)
                * 2
                * (x - 1)
                * w ** (N - L)
                * second(N - L - 1)
                / (w ** (N - 1) * second(N - 1))
            ),
            lambda: ring_size(),
        ),
        identity(
            "P(N), for all N",
            lambda: N * w ** (N - 1) / (w ** (N - 1) * second(N - 1)),
            lambda: N / second(N - 1),
        ),
    )


def weighted_powers(claim: str, p: sympy.Expr, weight: sympy.Expr, total: sympy.Expr) -> Check:
    """The sum of weight(L) p^(N-L) over L from 1 to N."""
    return telescoping(claim, weight * p ** (N - L), (L, 1, N), total, n=N, first=1)


def total_power(p: sympy.Expr) -> sympy.Expr:
    """sum of L p^(N-L)."""
    return (p ** (N + 1) - (N + 1) * p + N) / (p - 1) ** 2


def ring_norm(claim: str, full: sympy.Expr) -> Check:
    """The ring's law adds up to 1; ``full`` = N is right for the arc of all units."""
    sums = [weighted_powers(f"sum of L p^(N-L) for p = {p}, all N", p, L, total_power(p)) for p in (t, 1 / t)]
    return several(
        claim,
        *sums,
        identity(
            "the terms in powers of t, and the total from these sums",
            lambda: [
                in_t(second(N - L - 1)),
                in_t(2 * (x - 1)) * (total_power(t) - total_power(1 / t)) / (t - 1 / t) + full,
            ],
            lambda: [(t ** (N - L) - (1 / t) ** (N - L)) / (t - 1 / t), in_t(second(N - 1))],
        ),
    )


def closed_path(claim: str, cycles: int) -> Check:
    """det M of the ring; ``cycles`` = 2 is right."""
    return several(
        claim,
        eigenvalues(
            "the circulant with 2wx = w (t + 1/t) on the diagonal and -w beside it, for all N",
            Circulant.of(N, {0: w * (t + 1 / t), 1: -w, -1: -w}),
            determinant=w**N * (t**N + t**-N - cycles),
            of=lambda n: ea.families.ring(n, 2 * w).matrix + (w * (t + 1 / t) - 1) * sympy.eye(n),
            of_sizes=[(n,) for n in range(2, 7)],
        ),
        identity(
            "in Chebyshev polynomials",
            lambda: w**N * (t**N + t**-N - 2),
            lambda: in_t(2 * w**N * (first(N) - 1)),
        ),
    )


def listed_volumes() -> Check:
    """Volumes of rings."""
    return exactly(
        "volumes of rings of 3 to 7 units in alpha",
        range(3, 8),
        lambda n: sympy.expand(ea.families.ring(n, alpha).volume()),
        lambda n: sympy.expand(2 * (alpha / 2) ** n * (chebyshevt(n, 1 / alpha) - 1)),
    )


def radical_sizes(power: int = 1) -> list[sympy.Expr]:
    """P(L) for L < N and P(N) in radicals; ``power`` = 1 is right."""
    bulk = 2 * (L * (1 - alpha)) * alpha ** (L - power) * ring_radicals(N - L) / ring_radicals(N)
    return [bulk, 2 * N * R * alpha ** (N - 1) / ring_radicals(N)]


def radical_mean() -> sympy.Expr:
    """The mean of the ring in radicals."""
    return sympy.sqrt((1 + alpha) / (1 - alpha)) * ((1 + R) ** N - alpha**N) / ((1 + R) ** N + alpha**N)


def radicals(claim: str, power: int) -> Check:
    """The law in radicals against the one in Chebyshev polynomials; ``power`` = 1 is right."""
    return several(
        claim,
        identity(
            "x and r in t, and 1 + r, 1 - r over alpha",
            lambda: [in_t(1 / alpha), R_OF_T**2, in_t((1 + R) / alpha), in_t((1 - R) / alpha)],
            lambda: [OF_T[x], in_t(1 - alpha**2), 1 / t, t],
        ),
        identity(
            "P(L) and P(N), for all N and L",
            lambda: [in_t(expr) for expr in radical_sizes(power)],
            lambda: [in_t(ring_size()), in_t(N / second(N - 1))],
        ),
    )


def ring_means(claim: str, sign: int) -> Check:
    """The mean from 1/(1 - alpha) det M / det(M without k); ``sign`` = 1 is right."""
    ratio = 2 * w**N * (first(N) - 1) / (w ** (N - 1) * second(N - 1))
    in_root = {sympy.sqrt((1 + alpha) / (1 - alpha)): (1 + t) / (1 - t)}  # both positive, of equal squares
    return several(
        claim,
        identity(
            "the ratio of determinants",
            lambda: in_t((ratio / (1 - alpha)).subs(w, alpha / 2)),
            lambda: (1 + t) / (1 - t) * (1 - sign * t**N) / (1 + sign * t**N),
        ),
        identity(
            "the forms of the statement",
            lambda: [
                in_t(alpha / (1 - alpha) * (first(N) - 1) / second(N - 1)),
                in_t((1 + alpha) / (1 - alpha)),
                in_t(radical_mean().subs(in_root)),
            ],
            lambda: [
                (1 + t) / (1 - t) * (1 - t**N) / (1 + t**N),
                ((1 + t) / (1 - t)) ** 2,
                (1 + t) / (1 - t) * (1 - t**N) / (1 + t**N),
            ],
        ),
    )


def convolutions(claim: str, minus: int) -> Check:
    """Both sums of products, by geometric sums; ``minus`` = 1 is right."""

    def geometric(p: sympy.Expr) -> sympy.Expr:
        """sum of p^a over a from 0 to n."""
        return (p ** (n + 1) - 1) / (p - 1)

    squares = (t**2, t**-2)
    sums = [
        telescoping(f"sum of p^a for p = {p}", p**a, (a, 0, n), geometric(p), n=n, first=0) for p in squares
    ]
    up, down = (geometric(p) for p in squares)
    q = [(t ** (i + 1) + t**-i) / (1 + t) for i in (a, n - a)]
    u = [powers(i) for i in (a, n - a)]
    return several(
        claim,
        *sums,
        identity(
            "the terms, for all n and a",
            lambda: [q[0] * q[1] * (1 + t) ** 2, u[0] * u[1] * (t - 1 / t) ** 2],
            lambda: [
                t ** (n + 2) + t**-n + t ** (1 - n) * (t**2) ** a + t ** (n + 1) * (t**-2) ** a,
                t ** (n + 2) + t ** (-n - 2) - minus * (t**-n * (t**2) ** a + t**n * (t**-2) ** a),
            ],
        ),
        identity(
            "the sums, for all n",
            lambda: [
                (n + 1) * (t ** (n + 2) + t**-n) + t ** (1 - n) * up + t ** (n + 1) * down,
                (n + 1) * (t ** (n + 2) + t ** (-n - 2)) - t**-n * up - t**n * down,
            ],
            lambda: [in_t(convolved(n)) * (1 + t) ** 2, in_t(line_norm(n + 1)) * (t - 1 / t) ** 2],
        ),
    )


def line_sums(claim: str, moment: int, total: sympy.Expr) -> Check:
    """sum of L^moment times the convolution of q, term by term in powers of t."""
    weights = (L**moment, L**moment * (N - L + 1))
    polynomials = {(p, weight): moment_sum(p, weight) for p in (t, 1 / t) for weight in weights}
    sums = [
        weighted_powers(f"sum of ({weight}) p^(N-L) for p = {p}", p, weight, found)
        for (p, weight), found in polynomials.items()
    ]
    plain, longer = ([polynomials[p, weight] for p in (t, 1 / t)] for weight in weights)
    added = (t * plain[0] - plain[1] / t) / (t - 1 / t) + (t * longer[0] + longer[1] / t) / 2
    return several(
        claim,
        identity("the total, for all N", lambda: added / in_t(x + 1), lambda: in_t(total)),
        identity(
            "the convolution in powers of t",
            lambda: in_t(convolved(n) * (x + 1)),
            lambda: (t * t**n - t**-n / t) / (t - 1 / t) + (n + 1) * (t * t**n + t**-n / t) / 2,
        ),
        *sums,
    )


def moment_sum(p: sympy.Expr, weight: sympy.Expr) -> sympy.Expr:
    """sum of weight(L) p^(N-L), a polynomial: by derivatives of sum of p^(N-L) = (p^N - 1)/(p - 1)."""
    z = sympy.Symbol("z")
    found, base = sympy.S.Zero, (z**N - 1) / (z - 1)
    # L = N - m, m = N - L: a polynomial in m, and m z^m = z d/dz z^m
    m = sympy.Symbol("m")
    for (power,), factor in sympy.Poly(sympy.expand(weight.subs(L, N - m)), m).terms():
        term = base
        for _ in range(power):
            term = z * sympy.diff(term, z)
        found += factor * term
    return sympy.factor(sympy.together(found).subs(z, p))


def directed(claim: str, last: int) -> Check:
    """The directed ring; alpha^(N - last) for all units, 1 is right."""
    bulk = alpha ** (L - 1) * (1 - alpha)
    return several(
        claim,
        induction(
            "the determinant of the n others",
            n,
            base={1: 1 - alpha},
            step=lambda _, before: before,
            closed=lambda _: 1 - alpha,
            of=lambda n: determinant(sympy.Matrix(n, n, lambda i, j: directed_entry(i, j))),
            of_sizes=range(1, 7),
        ),
        telescoping("the law of L < N", bulk, (L, 1, N - 1), 1 - alpha ** (N - last), n=N, first=1),
        telescoping("the mean", alpha ** (L - 1), (L, 1, N), (1 - alpha**N) / (1 - alpha), n=N, first=1),
        identity(
            "L P(L) by parts: a difference and the terms of the mean",
            lambda: [L * bulk, N * alpha ** (N - 1)],
            lambda: [L * alpha ** (L - 1) - (L + 1) * alpha**L + alpha**L, N * alpha**N / alpha],
        ),
    )


def directed_entry(i: int, j: int) -> sympy.Expr:
    """Of the Laplacian of the others plus their leaks: only the first receives from the assembly."""
    if i == j:
        return 1 - alpha if i == 0 else sympy.Integer(1)
    return -alpha if i == j + 1 else sympy.Integer(0)


DERIVATION = Derivation(
    id="10",
    title="the ring and the line, by transfer matrices and Chebyshev polynomials",
    statement=(
        r"Let $N\ge2$ units on a ring send $w=\alpha/2$ to both neighbours, $s=1-\alpha$, and "
        r"$x=1+s/(2w)=1/\alpha$. With the Chebyshev polynomials $T_n$ and $U_n$, "
        r"$\det M=2w^N(T_N(x)-1)$, and given an avalanche"
        r"\[P(L)=2(x-1)\,\frac{L\,U_{N-L-1}(x)}{U_{N-1}(x)}\quad(L<N),\qquad P(N)=\frac N{U_{N-1}(x)}.\]"
        r"On the line, with $q_n=U_n(x)-U_{n-1}(x)$,"
        r"\[P(L)=\frac{L\sum_{a=0}^{N-L}q_a\,q_{N-L-a}}{\sum_{k=0}^{N-1}U_k(x)\,U_{N-1-k}(x)}.\]"
    ),
    assumptions=(
        r"$0\le\alpha<1$; $N\ge2$ on the ring (two units are joined twice), $N\ge1$ on the line. Where "
        r"$\alpha=0$, all avalanches have one unit; below, $\alpha>0$.",
        r"The line is the ring with one edge cut; its end units keep threshold 1 and leak more. Uniform "
        r"drive.",
    ),
    source="arXiv:2202.02520; the proof by transfer matrices here",
    steps=(
        Step(
            r"x=\frac12\Bigl(t+\frac1t\Bigr),\;0<t<1:\quad "
            r"U_n(x)=\frac{t^{n+1}-t^{-n-1}}{t-t^{-1}},\quad T_n(x)=\frac{t^n+t^{-n}}2",
            r"$1/t=\lambda_+=x+\sqrt{x^2-1}$ and $t=\lambda_-$ solve $z^2=2xz-1$, so their powers obey the "
            r"recursion $U_n=2xU_{n-1}-U_{n-2}$, which $T_n$ obeys, too. The first two values agree. "
            r"$\alpha=2t/(1+t^2)$ takes each value between 0 and 1 once.",
            polynomials("the recursion with symbolic n, and the first two values", 0),
            polynomials("powers n instead of n + 1", 1),
            label="powers",
        ),
        Step(
            r"\det\begin{pmatrix}2wx&-w\\-w&2wx&\ddots\\&\ddots&\ddots\end{pmatrix}_{n\times n} = "
            r"w^n\,U_n(x)",
            r"Expanding by the last row, $d_n=2wx\,d_{n-1}-w^2d_{n-2}$: a product of transfer matrices "
            r"$\bigl(\begin{smallmatrix}2wx&-w^2\\1&0\end{smallmatrix}\bigr)$. This is the recursion of "
            r"$w^nU_n(x)$, with the same $d_0=1$, $d_1=2wx$. With $n=N$ it is the line's $\det M$.",
            paths("the expansion with symbolic n, and determinants of up to 6 units", second),
            paths("w^n T_n(x)", first),
            label="path",
            proves={"line.volume": in_alpha((alpha / 2) ** N * second(N))},
        ),
        Step(
            r"d_n^{(1)} = w^n\,q_n(x),\qquad d_n^{(2)} = 2(x-1)\,w^n\,U_{n-1}(x),\qquad "
            r"q_n=\frac{t^{n+1}+t^{-n}}{1+t}",
            r"Here $2wx-w$ stands instead of $2wx$ at one end, or at both (twice, if $n=1$). A "
            r"determinant is linear in each row: $d^{(1)}_n=d_n-w\,d_{n-1}$, "
            r"$d^{(2)}_n=d_n-2wd_{n-1}+w^2d_{n-2}$; then \eqref{path} and $U_n+U_{n-2}=2xU_{n-1}$.",
            ends("paths with reduced ends, for all n", 2 * (x - 1)),
            ends("2x - 1", 2 * x - 1),
            also=(listed_ends(),),
            label="ends",
        ),
        Step(
            r"P(L)=L\,\frac{w^{L-1}\cdot2(x-1)w^{N-L}U_{N-L-1}(x)}{w^{N-1}U_{N-1}(x)}\;(L<N),\quad "
            r"P(N)=\frac{N\,w^{N-1}}{w^{N-1}U_{N-1}(x)}",
            r"An assembly of $L<N$ units is an arc: it has one spanning tree, and there are $L$ arcs that "
            r"hold $k$. The other units are a path whose end units receive from one neighbour only: row "
            r"sums $w$, diagonal $w+s=2wx-w$, so $f=d^{(2)}_{N-L}$ of \eqref{ends}. Without $k$ the rest is "
            r"the path of \eqref{path}. For $L=N$ there are $N$ trees, one for each edge left out.",
            ring_law("the closed form, for all N, L and alpha", sympy.Integer(1)),
            ring_law("L trees of an arc", L),
            also=(
                law(
                    "the size laws of rings of 3 to 7 units in alpha",
                    ea.families.ring,
                    lambda n, size: ring_size(n, size) if size < n else n / second(n - 1),
                    3,
                ),
            ),
            label="ring",
            proves={"ring.size": in_alpha(Piecewise((N / second(N - 1), Eq(L, N)), (ring_size(), True)))},
        ),
        Step(
            r"2(x-1)\sum_{L=1}^{N-1}L\,U_{N-L-1}(x)+N = U_{N-1}(x)",
            r"So the law adds up to 1. By \eqref{powers} the terms are powers of $t$ and $1/t$, and "
            r"$\sum_{L=1}^NL\,p^{N-L}=(p^{N+1}-(N+1)p+N)/(p-1)^2$.",
            ring_norm("the sum, for all N", N),
            ring_norm("without the arc of all units", sympy.Integer(0)),
            label="ring-norm",
        ),
        Step(
            r"\det M = w^N\bigl(t^N+t^{-N}-2\bigr)=2w^N\bigl(T_N(x)-1\bigr)\quad\text{(ring)}",
            r"$M$ is a circulant, and its eigenvalues are $w(t+1/t-z-1/z)=-\frac wz(z-t)(z-1/t)$ for "
            r"$z^N=1$; $\prod_z(y-z)=y^N-1$.",
            closed_path("the determinant of the circulant, for all N", 2),
            closed_path("t^N + t^-N", 0),
            also=(listed_volumes(),),
            label="volume",
            proves={"ring.volume": in_alpha(2 * (alpha / 2) ** N * (first(N) - 1))},
        ),
        Step(
            r"P(L)=2L(1-\alpha)\,\alpha^{L-1}\,\frac{(1+r)^{N-L}-(1-r)^{N-L}}{(1+r)^N-(1-r)^N}"
            r"\quad(\text{ring},\ L<N),\qquad r=\sqrt{1-\alpha^2}",
            r"$\lambda_\pm=(1\pm r)/\alpha$ with $r=(1-t^2)/(1+t^2)$ in \eqref{powers} and \eqref{ring}; "
            r"$P(N)=2Nr\alpha^{N-1}/((1+r)^N-(1-r)^N)$. This is the form of the literature.",
            radicals("the two forms, for all N and L", 1),
            radicals("alpha^L", 0),
            label="radicals",
            proves={
                "ring.size_radicals": Piecewise((radical_sizes()[1], Eq(L, N)), (radical_sizes()[0], True))
            },
        ),
        Step(
            r"\langle L\rangle=\sqrt{\frac{1+\alpha}{1-\alpha}}\;\frac{1-t^N}{1+t^N}"
            r"=\frac{\alpha}{1-\alpha}\,\frac{T_N(x)-1}{U_{N-1}(x)}\quad\text{(ring)}",
            r"By derivation 07 the mean is $\frac1{1-\alpha}\det M/\det M_{\setminus k}$, with "
            r"\eqref{volume} and \eqref{path}. $\sqrt{(1+\alpha)/(1-\alpha)}=(1+t)/(1-t)$.",
            ring_means("the mean in all forms, for all N", 1),
            ring_means("(1 + t^N)/(1 - t^N)", -1),
            also=(
                exactly(
                    "mean sizes of rings of 3 to 7 units, for all t",
                    range(3, 8),
                    lambda n: sympy.cancel(in_t(ea.mean_size(ea.families.ring(n, alpha)))),
                    lambda n: sympy.cancel((1 + t) / (1 - t) * (1 - t**n) / (1 + t**n)),
                ),
            ),
            label="ring-mean",
            proves={
                "ring.mean": in_alpha(alpha / (1 - alpha) * (first(N) - 1) / second(N - 1)),
                "ring.mean_radicals": radical_mean(),
            },
        ),
        Step(
            r"\sum_{a=0}^nq_aq_{n-a}=\frac{U_n+(n+1)T_{n+1}}{x+1},\qquad "
            r"\sum_{k=0}^{N-1}U_kU_{N-1-k}=\frac{N\,T_{N+1}-U_{N-1}}{2(x^2-1)}",
            r"By \eqref{powers} and \eqref{ends} the products are sums of powers of $t$, of which two do not "
            r"depend on $a$ and two are geometric.",
            convolutions("both sums, for all n", 1),
            convolutions("plus for minus in the products of U", -1),
            label="products",
        ),
        Step(
            r"P(L)=L\,\frac{\sum_aq_aq_{N-L-a}}{\sum_kU_kU_{N-1-k}}="
            r"\frac{2(x-1)L\,\bigl(U_{N-L}+(N-L+1)T_{N-L+1}\bigr)}{N\,T_{N+1}-U_{N-1}}\quad\text{(line)}",
            r"An interval with $a$ units before and $b$ after it leaves two paths, each with one reduced "
            r"end, at the interval: $f=w^{N-L}q_aq_b$. The ends of the line have threshold 1 and so "
            r"diagonal $1=2wx$; $\det M_{\setminus k}=w^{N-1}U_kU_{N-1-k}$. Sum over the $N-L+1$ places "
            r"and the $L$ starts of an interval, and over $k$; then \eqref{products}.",
            identity(
                "the closed form, for all N and L",
                lambda: L * convolved(N - L) / line_norm(),
                lambda: (
                    2
                    * (x - 1)
                    * L
                    * ((N - L + 1) * first(N - L + 1) + second(N - L))
                    / (N * first(N + 1) - second(N - 1))
                ),
            ),
            identity(
                "N - L for N - L + 1",
                lambda: L * convolved(N - L) / line_norm(),
                lambda: (
                    2
                    * (x - 1)
                    * L
                    * ((N - L) * first(N - L + 1) + second(N - L))
                    / (N * first(N + 1) - second(N - 1))
                ),
            ),
            also=(law("the size laws of lines of 1 to 7 units in alpha", ea.families.line, line_size, 1),),
            label="line",
            proves={"line.size": in_alpha(line_size())},
        ),
        Step(
            r"\sum_{L=1}^NL\sum_aq_aq_{N-L-a}=\sum_kU_kU_{N-1-k}",
            r"So the law of \eqref{line} adds up to 1: the terms are powers of $t$ and $1/t$ times "
            r"polynomials in $L$.",
            line_sums("the sum, for all N", 1, line_norm()),
            line_sums("twice as much", 1, 2 * line_norm()),
            label="line-norm",
        ),
        Step(
            r"\langle L\rangle=\frac{x+1}{x-1}\,"
            r"\frac{N(x-1)U_N-(U_N-U_{N-1}-1)}{N\,T_{N+1}-U_{N-1}}\quad\text{(line)}",
            r"The same with $L^2$ for $L$, over \eqref{line-norm}.",
            line_sums("the sum, for all N", 2, line_norm() * line_mean()),
            line_sums("without the 1 in the numerator", 2, line_norm() * line_mean(0)),
            label="line-mean",
            proves={"line.mean": in_alpha(line_mean())},
        ),
        Step(
            r"P(L)=\alpha^{L-1}(1-\alpha)\;(L<N),\quad P(N)=\alpha^{N-1},\qquad "
            r"\langle L\rangle=\frac{1-\alpha^N}{1-\alpha}\quad\text{(directed ring)}",
            r"Each unit receives $\alpha$ from the one before. An assembly is an arc from the start on, with "
            r"one tree. Of the others, the first one after it has $1-\alpha$ on the diagonal, and all others "
            r"have 1: a triangular matrix. $\det M_{\setminus k}=1$; the law adds up to 1, and its mean is "
            r"$\sum_L\alpha^{L-1}$.",
            directed("determinants and sums, for all N", 1),
            directed("alpha^N for all units", 0),
            also=(
                exactly(
                    "directed rings of 2 to 6 units, for all alpha",
                    range(2, 7),
                    lambda n: dict(ea.size_law(ea.families.directed_ring(n, alpha))),
                    lambda n: {
                        size: alpha ** (n - 1) if size == n else alpha ** (size - 1) * (1 - alpha)
                        for size in range(1, n + 1)
                    },
                ),
            ),
            label="directed",
            proves={
                "directed_ring.size": Piecewise(
                    (alpha ** (N - 1), Eq(L, N)), (alpha ** (L - 1) * (1 - alpha), True)
                ),
                "directed_ring.mean": (1 - alpha**N) / (1 - alpha),
            },
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
