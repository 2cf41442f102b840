r"""Derivation 10: the ring and the line, by transfer matrices and Chebyshev polynomials.

Statement
    Let N >= 3 units on a ring send w = alpha/2 to both neighbours, s = 1 - alpha, x = 1 + s/(2w) = 1/alpha,
    and let U_n be the Chebyshev polynomials of the second kind, T_n those of the first. Then det M = 2 w^N
    (T_N(x) - 1), and given an avalanche

        P(L) = 2 (x - 1) L U_{N-L-1}(x) / U_{N-1}(x)  for L < N,     P(N) = N / U_{N-1}(x).

    On the line, a ring with one edge cut whose end units keep threshold 1, with q_n = U_n(x) - U_{n-1}(x),
    all starts alike,

        P(L) = L sum_{a=0}^{N-L} q_a q_{N-L-a} / sum_{k=0}^{N-1} U_k(x) U_{N-1-k}(x).

Assumptions
    0 < alpha < 1; N >= 3 (ring), N >= 1 (line); uniform drive on the line.

Source
    arXiv:2202.02520; the proof by transfer matrices here.

Run as ``python derivations/10_ring_and_line.py``.
"""

import sys
from math import prod

import sympy

import exactav as ea
from exactav.proofs.checks import Check, exactly, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import determinant

alpha, w, x = sympy.symbols("alpha w x")
X_OF_ALPHA = 1 / alpha


def second(n: int) -> sympy.Expr:
    """U_n(x), with U_{-1} = 0."""
    return sympy.chebyshevu(n, x) if n >= 0 else sympy.Integer(0)


def reduced_end(n: int) -> sympy.Expr:
    """q_n = U_n - U_{n-1}."""
    return second(n) - second(n - 1)


def path(n: int, *ends: int) -> sympy.Matrix:
    """Tridiagonal n x n: 2 w x on the diagonal, less w at either end for each of ``ends`` (0 or -1), -w "
    "beside it."""
    rows = sympy.zeros(n, n)
    for i in range(n):
        rows[i, i] = 2 * w * x
        if i + 1 < n:
            rows[i, i + 1] = rows[i + 1, i] = -w
    for end in ends:
        rows[end % n, end % n] -= w
    return rows


def transfer(n: int) -> sympy.Expr:
    """The determinant of n units by the product of n transfer matrices [[2 w x, -w^2], [1, 0]]."""
    step = sympy.Matrix([[2 * w * x, -(w**2)], [1, 0]])
    product = prod([step] * n, start=sympy.eye(2))
    return sympy.expand(product[0, 0])


def determinants(claim: str, ends: tuple[int, ...], closed: object) -> Check:
    """det of paths of 1 to 7 units against a closed form."""
    assert callable(closed)
    return exactly(
        claim,
        range(1, 8),
        lambda n: sympy.expand(determinant(path(n, *ends))),
        lambda n: sympy.expand(closed(n)),
    )


def radicals(power: int) -> sympy.Expr:
    """(l_+^power - l_-^power) / (l_+ - l_-) for the roots l = x +- sqrt(x^2 - 1)."""
    root = sympy.sqrt(x**2 - 1)
    return sympy.expand((x + root) ** power - (x - root) ** power) / (2 * root)


def ring_size(n: int, size: int) -> sympy.Expr:
    """The statement's law of the ring in x."""
    if size == n:
        return n / second(n - 1)
    return 2 * (x - 1) * size * second(n - size - 1) / second(n - 1)


def line_size(n: int, size: int) -> sympy.Expr:
    """The statement's law of the line in x."""
    above = sympy.Add(*(reduced_end(a) * reduced_end(n - size - a) for a in range(n - size + 1)))
    return size * above / sympy.Add(*(second(k) * second(n - 1 - k) for k in range(n)))


def law(claim: str, family: object, formula: object, smallest: int, *, mirrored: bool) -> Check:
    """The size laws that exactav computes from determinants, in alpha, for N up to 7."""
    assert callable(family)
    assert callable(formula)
    laws = {n: ea.size_law(family(n, alpha)) for n in range(smallest, 8)}
    return exactly(
        claim,
        [(n, size) for n in laws for size in range(1, n + 1)],
        lambda case: sympy.cancel(laws[case[0]][case[1]]),
        lambda case: sympy.cancel(
            formula(case[0], case[0] + 1 - case[1] if mirrored else case[1]).subs(x, X_OF_ALPHA)
        ),
    )


def directed(claim: str, *, last: int) -> Check:
    """Size laws of directed rings of 2 to 6 units; alpha^(N - last) for all units."""
    laws = {n: ea.size_law(ea.families.directed_ring(n, alpha)) for n in range(2, 7)}
    return exactly(
        claim,
        [(n, size) for n in laws for size in range(1, n + 1)],
        lambda case: laws[case[0]][case[1]],
        lambda case: (
            alpha ** (case[0] - last) if case[1] == case[0] else alpha ** (case[1] - 1) * (1 - alpha)
        ),
    )


def ring_means(claim: str, *, sign: int) -> Check:
    """Mean sizes of rings of 3 to 7 units at alpha = 2t / (1 + t^2), 1/t the larger eigenvalue."""
    t = sympy.Symbol("t")
    return exactly(
        claim,
        range(3, 8),
        lambda n: sympy.cancel(ea.mean_size(ea.families.ring(n, alpha)).subs(alpha, 2 * t / (1 + t**2))),
        lambda n: (1 + t) / (1 - t) * (1 - sign * t**n) / (1 + sign * t**n),
    )


DERIVATION = Derivation(
    id="10",
    title="the ring and the line, by transfer matrices and Chebyshev polynomials",
    statement=(
        r"Let $N\ge3$ units on a ring send $w=\alpha/2$ to both neighbours, $s=1-\alpha$, and "
        r"$x=1+s/(2w)=1/\alpha$. "
        r"With the Chebyshev polynomials $T_n$ and $U_n$, $\det M=2w^N(T_N(x)-1)$, and given an avalanche"
        r"\[P(L)=2(x-1)\,\frac{L\,U_{N-L-1}(x)}{U_{N-1}(x)}\quad(L<N),\qquad P(N)=\frac N{U_{N-1}(x)}.\]"
        r"On the line, with $q_n=U_n(x)-U_{n-1}(x)$,"
        r"\[P(L)=\frac{L\sum_{a=0}^{N-L}q_a\,q_{N-L-a}}{\sum_{k=0}^{N-1}U_k(x)\,U_{N-1-k}(x)}.\]"
    ),
    assumptions=(
        r"$0<\alpha<1$; $N\ge3$ on the ring, $N\ge1$ on the line.",
        r"The line is the ring with one edge cut; its end units keep threshold 1 and leak more. Uniform "
        r"drive.",
    ),
    source="arXiv:2202.02520; the proof by transfer matrices here",
    steps=(
        Step(
            r"\det\begin{pmatrix}2wx&-w\\-w&2wx&\ddots\\&\ddots&\ddots\end{pmatrix}_{n\times n} = "
            r"w^n\,U_n(x)",
            r"Expanding by the last row, $d_n=2wx\,d_{n-1}-w^2d_{n-2}$: a product of transfer matrices "
            r"$\bigl(\begin{smallmatrix}2wx&-w^2\\1&0\end{smallmatrix}\bigr)$. This is the recursion of "
            r"$w^nU_n(x)$, "
            r"with the same $d_0=1$, $d_1=2wx$.",
            exactly(
                "determinant, transfer matrices and U_n of 1 to 7 units",
                range(1, 8),
                lambda n: (sympy.expand(determinant(path(n))), transfer(n)),
                lambda n: (sympy.expand(w**n * second(n)),) * 2,
            ),
            determinants("w^n T_n(x)", (), lambda n: w**n * sympy.chebyshevt(n, x)),
        ),
        Step(
            r"d_n^{(1)} = w^n\,q_n(x),\qquad d_n^{(2)} = 2(x-1)\,w^n\,U_{n-1}(x)",
            r"Here $2wx-w$ stands instead of $2wx$ at one end, or at both (twice, if $n=1$). A "
            r"determinant is linear in each "
            r"row: $d^{(1)}_n=d_n-w\,d_{n-1}$, $d^{(2)}_n=d_n-2wd_{n-1}+w^2d_{n-2}$, and "
            r"$U_n+U_{n-2}=2xU_{n-1}$.",
            exactly(
                "paths of 1 to 7 units with one and with two reduced ends",
                range(1, 8),
                lambda n: tuple(sympy.expand(determinant(path(n, *ends))) for ends in ((0,), (0, -1))),
                lambda n: (
                    sympy.expand(w**n * reduced_end(n)),
                    sympy.expand(2 * (x - 1) * w**n * second(n - 1)),
                ),
            ),
            determinants("both ends reduced give w^n q_n", (0, -1), lambda n: w**n * reduced_end(n)),
        ),
        Step(
            r"\text{ring: }\;\tau_k(A)=w^{L-1},\quad f(\bar A)=2(x-1)\,w^{N-L}U_{N-L-1}(x),\quad "
            r"\det M_{\setminus k}=w^{N-1}U_{N-1}(x)",
            r"An assembly of $L<N$ units is an arc: it has one spanning tree, and there are $L$ arcs that "
            r"hold $k$. The "
            r"other units are a path whose end units receive from one neighbour only: row sums $w$, "
            r"diagonal "
            r"$w+s=2wx-w$. Without $k$ the rest is a path with thresholds 1. For $L=N$ there are $N$ "
            r"trees, one for "
            r"each edge left out.",
            law(
                "the size laws of rings of 3 to 7 units in alpha",
                ea.families.ring,
                ring_size,
                3,
                mirrored=False,
            ),
            law("sizes counted from the other end", ea.families.ring, ring_size, 3, mirrored=True),
        ),
        Step(
            r"2(x-1)\sum_{L=1}^{N-1}L\,U_{N-L-1}(x)+N = U_{N-1}(x)",
            r"So the law adds up to 1. With $V_n=U_n-U_{n-1}$, $2(x-1)U_{n}=V_{n+1}-V_n$; sum by parts "
            r"twice.",
            exactly(
                "sums for N from 1 to 9 in x",
                range(1, 10),
                lambda n: sympy.expand(
                    2 * (x - 1) * sympy.Add(*(size * second(n - size - 1) for size in range(1, n))) + n
                ),
                lambda n: sympy.expand(second(n - 1)),
            ),
            identity(
                "without the arc of all units, for N = 5",
                lambda: 2 * (x - 1) * sympy.Add(*(size * second(4 - size) for size in range(1, 5))),
                lambda: second(4),
            ),
        ),
        Step(
            r"\det M = 2w^N\bigl(T_N(x)-1\bigr)\quad\text{(ring)}",
            r"Close the path: $\det M=w^N(U_N-U_{N-2}-2)$, the last term from the two cycles around the "
            r"ring, and "
            r"$U_N-U_{N-2}=2T_N$.",
            exactly(
                "volumes of rings of 3 to 7 units in alpha",
                range(3, 8),
                lambda n: sympy.expand(ea.families.ring(n, alpha).volume()),
                lambda n: sympy.expand(2 * (alpha / 2) ** n * (sympy.chebyshevt(n, X_OF_ALPHA) - 1)),
            ),
            exactly(
                "without the cycles around the ring, 3 and 4 units",
                range(3, 5),
                lambda n: sympy.expand(ea.families.ring(n, alpha).volume()),
                lambda n: sympy.expand(2 * (alpha / 2) ** n * sympy.chebyshevt(n, X_OF_ALPHA)),
            ),
        ),
        Step(
            r"\text{line: }\;f(\bar A)=w^{N-L}q_a\,q_b,\;\; a+b=N-L,\qquad \det M_{\setminus "
            r"k}=w^{N-1}U_kU_{N-1-k}",
            r"An interval with $a$ units before and $b$ after it leaves two paths, each with one reduced "
            r"end, at the "
            r"interval; the ends of the line have threshold 1 and so diagonal $1=2wx$. Sum over the "
            r"$N-L+1$ places "
            r"and the $L$ starts of an interval, and over $k$.",
            law(
                "the size laws of lines of 1 to 7 units in alpha",
                ea.families.line,
                line_size,
                1,
                mirrored=False,
            ),
            law("sizes counted from the other end", ea.families.line, line_size, 1, mirrored=True),
        ),
        Step(
            r"U_n(x)=\frac{\lambda_+^{n+1}-\lambda_-^{n+1}}{\lambda_+-\lambda_-},\qquad "
            r"\lambda_\pm=x\pm\sqrt{x^2-1}",
            r"$\lambda_\pm$ are the eigenvalues of the transfer matrix over $w$; this is the form of the "
            r"literature.",
            exactly(
                "n up to 8",
                range(9),
                lambda n: sympy.simplify(radicals(n + 1) - second(n)),
                lambda _: sympy.Integer(0),
            ),
            exactly(
                "powers n instead of n + 1, n from 1 to 3",
                range(1, 4),
                lambda n: sympy.simplify(radicals(n) - second(n)),
                lambda _: sympy.Integer(0),
            ),
        ),
        Step(
            r"\langle L\rangle=\sqrt{\frac{1+\alpha}{1-\alpha}}\;\frac{1-\lambda_+^{-N}}{1+\lambda_+^{-N}}"
            r"\quad\text{(ring)},\qquad x=\frac1\alpha",
            r"By derivation 07 the mean is $\frac1{1-\alpha}\det M/\det M_{\setminus k}$, with steps 3 and "
            r"5. With $t=1/\lambda_+$, $\alpha=2t/(1+t^2)$, $T_N=(t^{-N}+t^N)/2$ and step 7 for $U_{N-1}$ it "
            r"is $\frac{1+t}{1-t}\cdot\frac{1-t^N}{1+t^N}$.",
            ring_means("rings of 3 to 7 units, for all t", sign=1),
            ring_means("(1 + t^N)/(1 - t^N)", sign=-1),
        ),
        Step(
            r"P(L)=\alpha^{L-1}(1-\alpha)\;(L<N),\quad P(N)=\alpha^{N-1},\qquad "
            r"\langle L\rangle=\frac{1-\alpha^N}{1-\alpha}\quad\text{(directed ring)}",
            r"Each unit receives $\alpha$ from the one before. An assembly is an arc from the start on, with "
            r"one tree. Of the others, the first one after it has $1-\alpha$ on the diagonal, and all others "
            r"have 1: a triangular matrix. $\det M_{\setminus k}=1$; the mean is $\sum_L\alpha^{L-1}$.",
            directed("directed rings of 2 to 6 units, for all alpha", last=1),
            directed("alpha^N for all units", last=0),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
