r"""Derivation 18: the infinite lattices, by finite determinants of their Green function.

Statement
    Let units of all cells of Z^d be coupled alike, w_ij(x) to unit i of cell y + x from unit j of cell y,
    every unit able to lose what it receives, G = M^{-1} the Green function. For a finite set A, B the units
    outside that receive from it, w_b = sum_{a in A} w_ba,

        P(A | k) = tau_k(A) det K / (det M_AA G_kk),  K_bb' = delta_bb' + sum_{a in A} w_ba (G_ab' - G_bb').

    On a torus of n cells along each axis G is the sum of G over all images, which decay exponentially with a
    rational bound. The chain with alpha/2 from both neighbours has P(L) = L z^(L-1) (1 - z)^2 and mean size
    (1 + z)/(1 - z), z = alpha/(1 + sqrt(1 - alpha^2)); that with alpha/4 from four has P(A | k) = T(A)
    r^(L-1) det Q/(1 - r^2), a rational function of an r that is given by square roots. On the square lattice
    with alpha/4 from four neighbours G_00 = (2/pi) K(alpha), and all other values follow by recursions.

Assumptions
    Thresholds U_i > 0, weights w >= 0 of finite reach, and sum over x of M(x) a nonsingular M-matrix.

Source
    The laws of arXiv:2202.02520; the passage to infinite networks here. E. Montroll, Proc. Symp. Appl. Math.
    16, 193 (1964) for the Green function of the square lattice.

Run as ``python derivations/18_infinite_lattices.py``.
"""

import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import sympy
from sympy import QQ, Matrix, Rational, binomial, sqrt

import exactav as ea
from exactav.kernels.determinants import determinant as field_determinant
from exactav.kernels.determinants import inverse
from exactav.lattices.cells import Cell
from exactav.lattices.decay import decay
from exactav.lattices.roots import ROOT, summed
from exactav.numbers.frozen import Frozen
from exactav.proofs import Check, everywhere, exactly, identity, limit, same_digits, several, telescoping
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import determinant, laplacian, weight

N, L, n = sympy.symbols("N L n", integer=True, positive=True)
x = sympy.symbols("x", integer=True, nonnegative=True)
alpha, t, u, r, s, y = sympy.symbols("alpha t u r s y", positive=True)
ALPHA_OF_T = 2 * t / (1 + t**2)
R, R_OF_T = sqrt(1 - alpha**2), (1 - t**2) / (1 + t**2)  # of equal squares, both positive
UNITS, INSIDE, OUTSIDE = range(4), (0, 1), (2, 3)


# Determinants


def cut(received: int = 1) -> Matrix:
    """M without the weights from A to B, which the diagonal of B loses; ``received`` = 1 is right."""
    result = laplacian(UNITS, leak=True)
    for b, a in product(OUTSIDE, INSIDE):
        result[b, a] += weight(b, a)
        result[b, b] -= received * weight(b, a)
    return result


def blocks(claim: str, received: int) -> Check:
    """det M' of four units, two of them in A."""
    whole = laplacian(UNITS, leak=True)
    return identity(
        claim,
        lambda: determinant(cut(received)),
        lambda: determinant(whole[:2, :2]) * determinant(laplacian(OUTSIDE, leak=True)),
        sizes="N = 4",
    )


def rows(claim: str, sign: int) -> Check:
    """(M' - M) G for any matrix G; ``sign`` = 1 is right."""
    G = Matrix(4, 4, lambda i, j: sympy.Symbol(f"g_{i}{j}"))

    def expected() -> list[sympy.Expr]:
        found = [sympy.Integer(0) for _ in INSIDE for _ in UNITS]
        for b, j in product(OUTSIDE, UNITS):
            found.append(sympy.Add(*(weight(b, a) * (G[a, j] - sign * G[b, j]) for a in INSIDE)))
        return found

    return identity(claim, lambda: list((cut() - laplacian(UNITS, leak=True)) * G), expected, sizes="N = 4")


def other_form(claim: str, power: int) -> Check:
    """det G_AA det(I - G^C diag(w)), with A = {0} and two others; ``power`` = 1 is right."""
    whole = laplacian(range(3), leak=True)

    def form() -> sympy.Expr:
        adjugate, det = whole.adjugate(method="berkowitz"), determinant(whole)
        # G_AA det M is the first entry; by Jacobi's identity it divides what is left of the others
        killed = [
            [
                sympy.cancel((adjugate[0, 0] * adjugate[b, c] - adjugate[b, 0] * adjugate[0, c]) / det)
                for c in (1, 2)
            ]
            for b in (1, 2)
        ]
        left = Matrix(2, 2, lambda b, c: adjugate[0, 0] * int(b == c) - killed[b][c] * weight(c + 1, 0))
        return (adjugate[0, 0] / det) ** power * left.det() / adjugate[0, 0] ** 2

    return identity(
        claim,
        form,
        lambda: determinant(laplacian((1, 2), leak=True)) / determinant(whole),
        sizes="N = 3",
    )


# Tori


def images(claim: str, sign: int) -> Check:
    """The Green function of a ring, from that of the chain; ``sign`` = 1 is right."""

    def torus(x: Any) -> sympy.Expr:
        return (t**x + sign * t ** (n - x)) / (1 - t**n) * (1 + t**2) / (1 - t**2)

    half = ALPHA_OF_T / 2
    return identity(
        claim,
        lambda: [
            torus(x) - half * (torus(x - 1) + torus(x + 1)),
            torus(0) - half * (torus(1) + torus(n - 1)),
            torus(0) - torus(n),
        ],
        lambda: [0, 1, 0],
    )


def random_cell(seed: int) -> Cell:
    """Two units a cell of a directed chain of cells, with small rational weights and leak."""
    weights: dict[tuple[int, int, tuple[int, ...]], Fraction] = {}
    state = seed
    for i, j, step in product(range(2), range(2), (-2, -1, 0, 1)):
        state = (state * 1103515245 + 12345) % 2**31
        weights[i, j, (step,)] = Fraction(state >> 16 & 7, 60)
    return Cell(1, Frozen(weights), (Fraction(1), Fraction(1)), (Fraction(1, 2), Fraction(1, 2)))


def ring_of(cell: Cell, side: int) -> Matrix:
    """G of so many cells in a ring, from cell 0."""
    M = [[QQ(int(i == j)) for j in range(2 * side)] for i in range(2 * side)]
    for (i, j, (step,)), value in cell.weights.items():
        for place in range(side):
            M[2 * ((place + step) % side) + i][2 * place + j] -= QQ(value.numerator, value.denominator)
    found, _ = inverse(QQ, M)
    return Matrix([[QQ.to_sympy(value) for value in row[:2]] for row in found])


def bounded(claim: str, share: int) -> Check:
    """Rings of 6 and of 14 cells differ by less than the images of the first; ``share`` = 1 is right."""

    def is_within(seed: int) -> bool:
        cell = random_cell(seed)
        few, many, found = ring_of(cell, 6), ring_of(cell, 14), decay(cell, 0)
        differences = [
            few[2 * place + i, j] - many[2 * (place % 14) + i, j]
            for place in range(-2, 3)
            for i in range(2)
            for j in range(2)
        ]
        # |x| <= 2, so that the images are at distances of 4 and more
        return all(0 <= d <= Rational(found.left_over(4)) / share for d in differences)

    return everywhere(claim, range(1, 4), is_within)


# Chains


def ring_size(claim: str, factor: int) -> Check:
    """P(L) of a ring of N (derivation 10) in t, and its limit; ``factor`` = 1 is right."""

    def second(m: Any) -> sympy.Expr:
        return (t ** (m + 1) - t ** (-m - 1)) / (t - 1 / t)

    law = L * t ** (L - 1) * (1 - t) ** 2
    return several(
        claim,
        identity(
            "in powers of t",
            lambda: ((t + 1 / t) - 2) * L * second(N - L - 1) / second(N - 1),
            lambda: law * factor * (1 - t ** (2 * N - 2 * L)) / (1 - t ** (2 * N)),
        ),
        limit("u = t^(2N) tends to 0", law * (1 - u * t ** (-2 * L)) / (1 - u), u, 0, law),
        identity(
            "t is the z of the statement",
            lambda: [(alpha / (1 + R)).subs(R, R_OF_T).subs(alpha, ALPHA_OF_T), (1 - ALPHA_OF_T**2)],
            lambda: [t, R_OF_T**2],
        ),
    )


def in_alpha(expr: sympy.Expr) -> sympy.Expr:
    """An expression in t, in alpha."""
    return expr.subs(t, alpha / (1 + R))


def chain_sums(claim: str, power: int) -> Check:
    """Partial sums of P(L) and L P(L), whose limits are 1 and the mean; ``power`` = 1 is right."""
    plain = 1 - t**n * (1 + power * n - n * t)
    mean = (1 + t - t**n * (1 + t + 2 * n * (1 - t) + n**2 * (1 - t) ** 2)) / (1 - t)
    return several(
        claim,
        telescoping("of P(L)", L * t ** (L - 1) * (1 - t) ** 2, (L, 1, n), plain, n=n, first=1),
        telescoping("of L P(L)", L**2 * t ** (L - 1) * (1 - t) ** 2, (L, 1, n), mean, n=n, first=1),
        identity(
            "the mean from the Green function",
            lambda: 1 / ((1 - ALPHA_OF_T) * (1 + t**2) / (1 - t**2)),
            lambda: (1 + t) / (1 - t),
        ),
    )


P = r / (1 - r)  # p of the chain of reach 2
C = 1 / (1 + P**2 + r**2)
ALPHA_OF_R = 4 * C * r


def factors(claim: str, p: sympy.Expr) -> Check:
    """The symbol of reach 2; ``p`` = r/(1 - r) is right."""
    return identity(
        claim,
        lambda: C * (1 - p * y - r * y**2) * (1 - p / y - r / y**2),
        lambda: 1 - ALPHA_OF_R / 4 * (y + 1 / y + y**2 + 1 / y**2),
    )


def radicals(claim: str, five: int) -> Check:
    """r in square roots, s^2 = 1 - alpha; ``five`` = 5 is right."""
    root = (3 - s - sqrt((1 + s) * (five - 3 * s))) / (2 * (1 - s))
    return several(
        claim,
        identity(
            "(r + 1/r) (1 - s) = 3 - s, with a denominator without root", lambda: [
                root**2 * (1 - s) - (3 - s) * root + (1 - s),
                root * (3 - s + sqrt((1 + s) * (five - 3 * s))),
            ],
            lambda: [0, 2 * (1 - s)],
            where=s < 1,
        ),
        identity(
            "4/alpha = D + 2 + 1/D, D = (1 - r)^2/r, and D = (1 + s)/(1 - s)",
            lambda: [4 / ALPHA_OF_R, 4 / (1 - s**2)],
            lambda: [
                (1 - r) ** 2 / r + 2 + r / (1 - r) ** 2,
                (1 + s) / (1 - s) + 2 + (1 - s) / (1 + s),
            ],
        ),
    )  # fmt: skip


def half_line(claim: str, corner: sympy.Expr) -> Check:
    """M of a half-line times the first two columns of its inverse; ``corner`` = 1 + p^2 is right.

    With h_(i+2) = p h_(i+1) + r h_i, h_0 = 1, h_1 = p, they are h_i/c and (p h_i + h_(i-1))/c, i = 0, 1, ...
    """
    a, b = sympy.symbols("a b")  # h_i, h_(i+1) somewhere
    h = [a, b]
    while len(h) < 6:
        h.append(P * h[-1] + r * h[-2])
    first = [sympy.Integer(1), P]
    while len(first) < 5:
        first.append(P * first[-1] + r * first[-2])
    second = [P, corner] + [P * first[i] + first[i - 1] for i in range(2, 5)]

    def row(column: list[sympy.Expr], i: int) -> sympy.Expr:
        own = (1 + P**2 + r**2) * column[i]
        return own - r * sum(column[j] for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(column))

    return identity(
        claim,
        lambda: [row(h, 2), *(row(column, i) for column in (first, second) for i in range(2))],
        lambda: [0, 1, 0, 0, 1],
    )


def wide_green(steps: int, at: Rational) -> list[Rational]:
    """G(0), G(1), ... of reach 2 at a number r."""
    found = [((1 - r) / (C * (1 + r) * ((1 - r) ** 2 - P**2))).subs(r, at)]
    p = at / (1 - at)
    found.append(p / (1 - at) * found[0])
    while len(found) < steps:
        found.append(p * found[-1] + at * found[-2])
    return found


def rational_determinant(matrix: Matrix) -> Rational:
    """det of rational numbers."""
    rows = [[QQ.from_sympy(value) for value in row] for row in matrix.tolist()]
    return QQ.to_sympy(field_determinant(QQ, rows))


def by_neighbours(case: tuple[tuple[int, ...], Rational]) -> Rational:
    """P(A | k) of reach 2 by the determinant over the neighbours of A."""
    assembly, at = case
    green, w, inside = wide_green(16, at), (ALPHA_OF_R / 4).subs(r, at), set(assembly)
    around = sorted({a + step for a in inside for step in (-2, -1, 1, 2)} - inside)

    def are_linked(a: int, b: int) -> int:
        return int(0 < abs(a - b) <= 2)

    def entry(b: int, other: int) -> Rational:
        fed = [green[abs(a - other)] - green[abs(b - other)] for a in inside if are_linked(a, b)]
        return int(b == other) + w * sympy.Add(*fed)

    K = Matrix([[entry(b, other) for other in around] for b in around])
    near = Matrix([[int(a == b) - w * are_linked(a, b) for b in assembly] for a in assembly])
    links = Matrix([[-are_linked(a, b) for b in assembly] for a in assembly])
    for i in range(len(assembly)):
        links[i, i] = -sum(links[i, :])
    trees, outside, inner = (rational_determinant(matrix) for matrix in (links[1:, 1:], K, near))
    return trees * w ** (len(assembly) - 1) * outside / (inner * green[0])


def wide_sets(claim: str, shift: int) -> Check:
    """Sets of reach 2 by both determinants; ``shift`` = 0 is right."""
    sets = [
        (0,),
        (0, 1),
        (0, 2),
        (0, 1, 2),
        (0, 1, 3),
        (0, 2, 4),
        (0, 1, 2, 3),
        (0, 2, 3, 5),
        (0, 2, 4, 6, 7),
    ]
    return exactly(
        claim,
        [(assembly, at) for assembly in sets for at in (Rational(1, 5), Rational(2, 7), Rational(1, 3))],
        by_neighbours,
        lambda case: (
            case[1] ** shift * summed({tuple(b - a for a, b in pairwise(case[0])): 1}).subs(ROOT, case[1])
        ),
    )


# The square lattice


def walks(steps: int) -> Counter[tuple[int, int]]:
    """How many walks of so many steps lead to each point."""
    found = Counter({(0, 0): 1})
    for _ in range(steps):
        following: Counter[tuple[int, int]] = Counter()
        for (i, j), count in found.items():
            for place in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
                following[place] += count
        found = following
    return found


def diagonal_walks(claim: str, number: Callable[[int, int], Any]) -> Check:
    """Walks of 2m steps to (j, j)."""
    cases = [(m, j) for m in range(6) for j in range(m + 1)]
    return exactly(
        claim, cases, lambda case: walks(2 * case[0])[case[1], case[1]], lambda case: number(*case)
    )


def elliptic(claim: str, shift: int) -> Check:
    """Coefficients of (2/pi) K and of G_00 = sum over m of C(2m, m)^2 (alpha/4)^(2m); ``shift`` = 0 is right.

    (2/pi) K is the sum over m of ((1/2)_m/m!)^2 alpha^(2m).
    """
    m = sympy.Symbol("m", integer=True, nonnegative=True)

    def closed(m: Any) -> sympy.Expr:
        return (binomial(2 * m, m) / 4**m) ** 2

    return several(
        claim,
        identity("m = 0", lambda: closed(sympy.Integer(0)), lambda: 1),
        identity(
            "the ratio of two of them, for all m",
            lambda: sympy.gammasimp(sympy.combsimp(closed(m + 1) / closed(m))),
            lambda: ((m + Rational(1, 2) + shift) / (m + 1)) ** 2,
        ),
    )


def recursion(claim: str, shift: int) -> Check:
    """The recursion along the diagonal for powers of alpha/4, all orders and places; ``shift`` = 0 is right.

    G(j, j) = sum over m of C(2m, m) C(2m, m + j) (alpha/4)^(2m). The coefficients of (alpha/4)^(2m) in
    alpha^2 ((j + 1/2) G(j+1, j+1) + (j - 1/2) G(j-1, j-1)) + 2 j alpha^2 G(j, j) and in 4 j G(j, j).
    """
    m, j = sympy.symbols("m j", integer=True, positive=True)

    def term(m: Any, j: Any) -> sympy.Expr:
        return binomial(2 * m, m) * binomial(2 * m, m + j)

    before, half = m - 1, Rational(1, 2) + shift
    return identity(
        claim,
        lambda: (
            16 * ((j + half) * term(before, j + 1) + (j - half) * term(before, j - 1))
            + 32 * j * term(before, j)
        ),
        lambda: 4 * j * term(m, j),
    )


def ends(claim: str) -> Check:
    """Elliptic integrals and sums over a torus with a proven bound."""
    lattice = ea.lattices.square("9/10")
    return same_digits(
        claim,
        15,
        [(0, 0), (1, 0), (1, 1), (2, 1), (3, 0), (3, 3)],
        lambda place: lattice.exact_green(place).evalf(40),
        lambda place: lattice.green(place),
    )


DERIVATION = Derivation(
    id="18",
    title="the infinite lattices, by finite determinants of their Green function",
    statement=(
        r"Let the units of all cells of $\mathbb Z^d$ be coupled alike, with weights of finite reach, every "
        r"unit able to lose what it receives, and $G=M^{-1}$. For a finite set $A$, $B$ the others that "
        r"receive "
        r"from it, \[ P(A\mid k)=\frac{\tau_k(A)\,\det K}{\det M_{AA}\;G_{kk}},\qquad "
        r"K_{bb'}=\delta_{bb'}+\sum_{a\in A}w_{ba}(G_{ab'}-G_{bb'}). \] Chains of reach 1 and 2 have these "
        r"as "
        r"rational functions of one root; on the square lattice $G_{00}=\frac2\pi K(\alpha)$."
    ),
    assumptions=(
        r"Thresholds $U_i>0$, weights $w\ge0$ of finite reach, $\sum_xM(x)$ a nonsingular M-matrix.",
        r"The laws of derivations 01, 07 and 10.",
    ),
    source="the laws of arXiv:2202.02520, the passage to infinite networks here; E. Montroll, Proc. Symp. "
    "Appl. Math. 16, 193 (1964), for the square lattice",
    steps=(
        Step(
            r"\det M' = \det M_{AA}\;f(C),\qquad M'_{ba}=0,\quad M'_{bb}=M_{bb}-w_b\quad(b\in B,\ a\in A)",
            r"$M'$ has no entries in the rows of $C$ and the columns of $A$, and its block on $C$ is "
            r"$L[C]+\mathrm{diag}(s_C)$.",
            blocks("two of four units in A, all weights symbols", 1),
            blocks("w_b taken twice from the diagonal", 2),
            label="blocks",
        ),
        Step(
            r"(M'G)_{aj}=\delta_{aj}\ (a\notin B),\qquad (M'G)_{bj}=\delta_{bj}+\sum_{a\in "
            r"A}w_{ba}(G_{aj}-G_{bj})",
            r"$M'$ differs from $M$ in the rows of $B$ alone. So $\det K=\det M'/\det M$, which with "
            r"\eqref{blocks} is $\det M_{AA}\,f(C)/\det M$. Leading minors of $K$ are such ratios, too, for "
            r"fewer rows that are changed, and those matrices are M-matrices: all pivots are positive.",
            rows("the rows of M' adj M, two of four units in A, all weights symbols", 1),
            rows("G_aj + G_bj", -1),
            label="rows",
        ),
        Step(
            r"\frac{f(C)}{\det M}=\det "
            r"G_{AA}\;\det\bigl(I-(G_{BB}-G_{BA}G_{AA}^{-1}G_{AB})\,\mathrm{diag}(w_B)\bigr)",
            r"The same by Jacobi's $\det M_{CC}=\det M\det G_{AA}$ and "
            r"$M_{CC}^{-1}=G_{CC}-G_{CA}G_{AA}^{-1}G_{AC}$; "
            r"it is the form for finite networks, with more rows.",
            other_form("one of three units in A, all weights symbols", 1),
            other_form("det G_AA squared", 2),
        ),
        Step(
            r"G^{(n)}(x)=\sum_{z\in\mathbb Z^d}G(x+nz)",
            r"$G=\sum_m(D^{-1}W)^mD^{-1}$ adds up walks, all terms positive, with a finite sum, the inverse "
            r"of "
            r"$\sum_xM(x)$. A walk on the torus is one on the lattice to one of the images. Tori have the "
            r"laws of "
            r"derivation 01; all entries in \eqref{rows} converge, and so do $P(A\mid k)$. Here the chain.",
            images("the ring of n units, for all n and x", 1),
            images("every other image negative", -1),
            label="images",
        ),
        Step(
            r"M_tv\ge m>0,\ v>0\quad\Rightarrow\quad\sum_{x:\,x\cdot e=\ell}G_{ij}(x)\le\frac{\max "
            r"v}{m}\,t^{-\ell},"
            r"\qquad M_t=\sum_xM(x)\,t^{x\cdot e}",
            r"$M_t$ has no positive entries off its diagonal and takes a positive vector to one, so it is a "
            r"nonsingular M-matrix; its inverse is $\sum_xG(x)t^{x\cdot e}$, whose rows sum to at most "
            r"$\max v/m$. "
            r"Images along the axis at distances of at least $\ell$, on both sides, add up to at most "
            r"$2\frac{\max v}mt^{-\ell}/(1-t^{-n})$.",
            bounded("rings of 6 and 14 cells of three directed networks of two units a cell, exactly", 1),
            bounded("bounds 10^4 times as small", 10**4),
        ),
        Step(
            r"P(L)=\lim_{N\to\infty}P_N(L)=L\,z^{L-1}(1-z)^2,\qquad z=\frac{\alpha}{1+\sqrt{1-\alpha^2}}",
            r"$2(x-1)=t+1/t-2$ and $U_m=(t^{m+1}-t^{-m-1})/(t-1/t)$ in the law of the ring (derivation 10), "
            r"$\alpha=2t/(1+t^2)$, $0<t<1$; so $t=z$. $L$ intervals of a size hold the start.",
            ring_size("P_N(L) for all N, L and t, and what is left of it for t^N -> 0", 1),
            ring_size("twice that", 2),
            label="chain",
            proves={"chain.size": in_alpha(L * t ** (L - 1) * (1 - t) ** 2)},
        ),
        Step(
            r"\sum_{L=1}^{n}P(L)=1-z^n(1+n-nz),\qquad "
            r"\sum_LL\,P(L)=\frac{1+z}{1-z}=\frac1{(1-\alpha)\,G_{00}}",
            r"Nothing is lost: sizes are finite. $G(x)=z^{|x|}(1+z^2)/(1-z^2)$ by \eqref{images}.",
            chain_sums("partial sums for all n", 1),
            chain_sums("1 + 2n", 2),
            proves={"chain.mean": in_alpha((1 + t) / (1 - t))},
        ),
        Step(
            r"1-\tfrac\alpha4\bigl(y+y^{-1}+y^2+y^{-2}\bigr)=c\,(1-py-ry^2)(1-py^{-1}-ry^{-2}),\quad "
            r"p=\frac r{1-r},\ c=\frac1{1+p^2+r^2},\ \alpha=4cr",
            r"The coefficients of $y^0$, $y$ and $y^2$ are $c(1+p^2+r^2)$, $-cp(1-r)$ and $-cr$.",
            factors("the symbol of reach 2, for all r and y", P),
            factors("p = r", r),
            label="factors",
        ),
        Step(
            r"r=\frac{3-s-\sqrt{(1+s)(5-3s)}}{2(1-s)}=\frac{2(1-s)}{3-s+\sqrt{(1+s)(5-3s)}},\qquad "
            r"s=\sqrt{1-\alpha}",
            r"With $D=(1-r)^2/r$ the equation $\alpha=4cr$ is $4/\alpha=D+2+1/D$, solved by $D=(1+s)/(1-s)$; "
            r"$r+1/r=D+2$, and $0<r<1$.",
            radicals("both quadratic equations, for all alpha", 5),
            radicals("6 - 3 s", 6),
        ),
        Step(
            r"(M_+^{-1})_{\{1,2\}}=\frac1c\begin{pmatrix}1&p\\p&1+p^2\end{pmatrix}\quad\text{(half-line)}",
            r"By \eqref{factors} $M_+/c$ is a product of an upper and a lower triangular matrix; the "
            r"inverse of one "
            r"has $h_{i-j}$, $h_{i+2}=ph_{i+1}+rh_i$. The first two columns are checked row by row.",
            half_line("rows of M times columns of the inverse, for all r", 1 + P**2),
            half_line("1 instead of 1 + p^2", sympy.Integer(1)),
            label="half",
        ),
        Step(
            r"P(A\mid k)=T(A)\,\frac{r^{L-1}}{1-r^2}\,\det Q",
            r"$A$ in an interval $I$ of $m\ge2$ units: $f(C)/\det M=\det G_{II}\,c^{\,-4}c^{\,m-L+4}\det Q$ "
            r"by "
            r"\eqref{half}, where $c^{-4}$ is from both corners; $\det G_{II}=\det G_{\{1,2\}}c^{\,2-m}$ and "
            r"$\det G_{\{1,2\}}=G_{00}/(c\,(1-r^2))$, as $G$ is the covariance of "
            r"$X_i=pX_{i-1}+rX_{i-2}+\xi_i$. "
            r"$\tau_k(A)=T(A)(cr)^{L-1}$.",
            wide_sets(
                "nine sets of one to five units, three values of r, by the determinant over all neighbours", 0
            ),
            wide_sets("r^L", 1),
        ),
        Step(
            r"\#\{\text{walks of }2m\text{ steps from }(0,0)\text{ to }(j,j)\}=\binom{2m}{m}\binom{2m}{m+j}",
            r"The coordinates $x+y$ and $x-y$ of a walk are two independent walks on a line.",
            diagonal_walks(
                "walks of up to 10 steps, counted", lambda m, j: binomial(2 * m, m) * binomial(2 * m, m + j)
            ),
            diagonal_walks("without the second", lambda m, j: binomial(2 * m, m + j)),
            label="walks",
        ),
        Step(
            r"G_{00}=\sum_m\binom{2m}m^2\Bigl(\frac\alpha4\Bigr)^{2m}"
            r"=\sum_m\Bigl(\frac{(1/2)_m}{m!}\Bigr)^2\alpha^{2m}"
            r"=\frac2\pi K(\alpha)",
            r"$G$ counts walks, \eqref{walks}; the last sum is the series of the complete elliptic integral. "
            r"Likewise $G_{11}=\frac2\pi\bigl((2/\alpha^2-1)K-(2/\alpha^2)E\bigr)$, from "
            r"$G_{jj}=\frac1\pi\int_0^\pi\cos(2ju)\,(1-\alpha^2\cos^2u)^{-1/2}\,du$.",
            elliptic("the ratio of successive coefficients, for all m", 0),
            elliptic("m + 3/2 instead of m + 1/2", 1),
        ),
        Step(
            r"(j+\tfrac12)\,\alpha^2G_{j+1,j+1}+(j-\tfrac12)\,\alpha^2G_{j-1,j-1}=2j\,(2-\alpha^2)\,G_{jj}",
            r"Coefficient by coefficient in $\alpha$, with the numbers of \eqref{walks}. Off the diagonal "
            r"$MG=1$ "
            r"gives one value after the other.",
            recursion("all coefficients, for all j and m", 0),
            recursion("j + 3/2 and j - 3/2", 1),
            also=(ends("G at six places, alpha = 9/10, 15 digits, against sums over a torus"),),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
