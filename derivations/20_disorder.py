r"""Derivation 20: the annealed laws of random networks with independent rows.

Statement
    Let the rows of W be independent and random, the thresholds U fixed, and every realisation a network. With
    E the mean over the disorder and W' = E W,

        E(tau_k(A) f(complement of A)) = tau_k(A) f(complement of A) of W',                     (1)
        E(prod_{d >= 2} prod_{j in G_d} (sum_{l in G_{d-1}} w_jl) f(complement of A))  likewise,   (2)
        E det M = det(diag(U) - W'), E det(M without k) likewise.                                   (3)

    So the laws of the network of the mean weights are the annealed ones: per slow step
    E(det M P(A)) / E det M, each network counted with the volume of its inhabited region, and for a start k
    given an avalanche E(Z P(A | k)) / E Z with Z = det(M without k). They are in general not the means of the
    laws, E P(A).

Assumptions
    The rows of W are independent; entries within one row may depend on each other. All realisations have the
    thresholds U and row sums of at most U; det M > 0. The laws of derivation 01.

Source
    Found here, for the laws of arXiv:2202.02520.

Run as ``python derivations/20_disorder.py``.
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise, product

import sympy

from exactav.proofs.checks import Check, exactly, identity, several
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import determinant, patterns, subsets, without

Rows = list[list[sympy.Expr]]
Assembly = frozenset[int]
Case = tuple[int, Assembly]


def rows_of(name: str, n: int) -> Rows:
    """All weights symbols, self-coupling among them."""
    return [[sympy.Symbol(f"{name}_{i}{j}") for j in range(n)] for i in range(n)]


def thresholds(n: int) -> list[sympy.Expr]:
    return [sympy.Symbol(f"U_{i}") for i in range(n)]


def laplacian(w: Rows, units: Assembly | set[int], levels: list[sympy.Expr] | None) -> sympy.Matrix:
    """L[units]; with ``levels`` plus diag(s), where s_i = U_i - sum_j w_ij."""
    listed = sorted(units)

    def entry(a: int, b: int) -> sympy.Expr:
        i, j = listed[a], listed[b]
        if i != j:
            return -w[i][j]
        inside = sympy.Add(*(w[i][u] for u in listed if u != i))
        return inside if levels is None else inside + levels[i] - sympy.Add(*w[i])

    return sympy.Matrix(len(listed), len(listed), entry)


def weight_of(w: Rows, levels: list[sympy.Expr], k: int, assembly: Assembly) -> sympy.Expr:
    """tau_k(A) f(complement of A)"""
    tree = without(laplacian(w, assembly, None), sorted(assembly).index(k))
    silent = set(range(len(w))) - assembly
    return determinant(tree) * determinant(laplacian(w, silent, levels))


def pattern_weight(w: Rows, levels: list[sympy.Expr], pattern: tuple[Assembly, ...]) -> sympy.Expr:
    """prod_{d >= 2} prod_{j in G_d} (sum_{l in G_{d-1}} w_jl) f(complement)"""
    weight = determinant(laplacian(w, set(range(len(w))) - frozenset().union(*pattern), levels))
    for last, generation in pairwise(pattern):
        for j in generation:
            weight *= sympy.Add(*(w[j][i] for i in last))
    return weight


def volume(w: Rows, levels: list[sympy.Expr]) -> sympy.Expr:
    """det M, the matrix written out"""
    return determinant(sympy.diag(*levels) - sympy.Matrix(w))


def minor(w: Rows, levels: list[sympy.Expr], k: int) -> sympy.Expr:
    return determinant(without(sympy.diag(*levels) - sympy.Matrix(w), k))


# Numbers of a network, of start 0: with symbols for all weights, other starts are the same.

Numbers = Callable[[Rows, list[sympy.Expr]], list[sympy.Expr]]


def of_assemblies(w: Rows, levels: list[sympy.Expr]) -> list[sympy.Expr]:
    return [weight_of(w, levels, 0, A) for A in subsets(range(len(w))) if 0 in A]


def of_patterns(w: Rows, levels: list[sympy.Expr]) -> list[sympy.Expr]:
    return [pattern_weight(w, levels, p) for p in patterns(range(len(w)), 0)]


def of_determinants(w: Rows, levels: list[sympy.Expr]) -> list[sympy.Expr]:
    return [volume(w, levels), minor(w, levels, 0)]


def of_squares(w: Rows, levels: list[sympy.Expr]) -> list[sympy.Expr]:
    return [volume(w, levels) ** 2]


def linear(claim: str, numbers: Numbers, n: int) -> Check:
    """With row i = q x + (1 - q) y, the numbers are q times those of x and 1 - q times those of y."""
    w, other, levels, q = rows_of("w", n), rows_of("v", n), thresholds(n), sympy.Symbol("q")

    def at(i: int, row: list[sympy.Expr]) -> list[sympy.Expr]:
        return numbers([row if place == i else w[place] for place in range(n)], levels)

    def mixed() -> list[sympy.Expr]:
        rows = [[q * a + (1 - q) * b for a, b in zip(w[i], other[i], strict=True)] for i in range(n)]
        return [value for i in range(n) for value in at(i, rows[i])]

    def apart() -> list[sympy.Expr]:
        return [
            q * a + (1 - q) * b for i in range(n) for a, b in zip(at(i, w[i]), at(i, other[i]), strict=True)
        ]

    return identity(claim, mixed, apart, sizes=f"N = {n}")


def two_rows(claim: str, numbers: Numbers, *, independent: bool) -> Check:
    """Three units each of whose rows is one of two: the mean over all eight networks, or over two of them."""
    n = 3
    one, other = rows_of("w", n), rows_of("v", n)
    levels, q = (
        thresholds(n),
        [sympy.Symbol(f"q_{i}") if independent else sympy.Symbol("q_0") for i in range(n)],
    )

    def choices() -> Iterator[tuple[sympy.Expr, Rows]]:
        for chosen in product([True, False], repeat=n) if independent else [(True,) * n, (False,) * n]:
            chances = [q[i] if first else 1 - q[i] for i, first in enumerate(chosen)]
            rows = [one[i] if first else other[i] for i, first in enumerate(chosen)]
            yield sympy.Mul(*chances) if independent else chances[0], rows

    def average() -> list[sympy.Expr]:
        terms = [[chance * value for value in numbers(rows, levels)] for chance, rows in choices()]
        return [sympy.Add(*column) for column in zip(*terms, strict=True)]

    def of_means() -> list[sympy.Expr]:
        rows = [[q[i] * a + (1 - q[i]) * b for a, b in zip(one[i], other[i], strict=True)] for i in range(n)]
        return numbers(rows, levels)

    return identity(claim, average, of_means, sizes=f"N = {n}")


# All 512 networks of three units whose weights are 0 or 1.

LEVELS = [sympy.Integer(4), sympy.Integer(5), sympy.Integer(4)]
CHANCES = [[sympy.Rational(1 + (i + 2 * j) % 4, 5) for j in range(3)] for i in range(3)]


@cache
def all_binary() -> list[tuple[sympy.Expr, Rows]]:
    found = []
    for ones in product([0, 1], repeat=9):
        rows = [[sympy.Integer(ones[3 * i + j]) for j in range(3)] for i in range(3)]
        chance = sympy.Mul(
            *(CHANCES[i][j] if rows[i][j] else 1 - CHANCES[i][j] for i in range(3) for j in range(3))
        )
        found.append((chance, rows))
    return found


def binary(claim: str, *, weighted: bool) -> Check:
    """E(Z P(A)) / E Z over all 512 networks, or E P(A), against the law of the mean weights."""

    def laws(case: Case) -> list[sympy.Expr]:
        k, assembly = case
        found = []
        for z_of in (volume, partial(minor, k=k)):
            above = below = sympy.Integer(0)
            for chance, rows in all_binary():
                z = z_of(rows, LEVELS)
                share = chance * z if weighted else chance
                above += share * weight_of(rows, LEVELS, k, assembly) / z
                below += share
            found.append(above / below)
        return found

    def of_the_mean(case: Case) -> list[sympy.Expr]:
        k, assembly = case
        return [
            weight_of(CHANCES, LEVELS, k, assembly) / z
            for z in (volume(CHANCES, LEVELS), minor(CHANCES, LEVELS, k))
        ]

    cases = [(0, frozenset({0})), (1, frozenset({1, 2}))]
    return exactly(claim, cases, laws, of_the_mean)


p, w, a = sympy.symbols("p w a", positive=True)


def pair_laws() -> list[sympy.Expr]:
    """(annealed, quenched) P({0, 1} | 0): unit 1 receives w from 0, and a from itself with probability p."""

    def law(own: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
        rows = [[sympy.Integer(0)] * 2, [w, own]]
        levels = [sympy.Integer(1)] * 2
        return weight_of(rows, levels, 0, frozenset({0, 1})), minor(rows, levels, 0)

    (v_0, z_0), (v_1, z_1) = law(sympy.Integer(0)), law(a)
    annealed = ((1 - p) * v_0 + p * v_1) / ((1 - p) * z_0 + p * z_1)
    return [annealed, (1 - p) * v_0 / z_0 + p * v_1 / z_1]


DERIVATION = Derivation(
    id="20",
    title="the annealed laws of random networks with independent rows",
    statement=(
        r"Let the rows of $W$ be independent and random, the thresholds $U$ fixed, every realisation a "
        r"network, and $\bar W = E\,W$. Then $E(\tau_k(A)f(\bar A))$, the means of the weights of patterns, "
        r"$E\det M$ and $E\det M_{\setminus k}$ are those of $\bar W$. So the laws of the network $\bar W$ "
        r"are the annealed ones: per slow step $E(\det M\,P(A))/E\det M$, and for a start $k$ given an "
        r"avalanche $E(Z\,P(A\mid k))/E\,Z$ with $Z=\det M_{\setminus k}$. They are in general not the "
        r"means $E\,P(A)$ of the laws."
    ),
    assumptions=(
        r"The rows of $W$ are independent; entries of one row may depend on each other.",
        r"All realisations have the thresholds $U$, row sums of at most $U$, and $\det M>0$.",
        r"The laws of derivation 01.",
    ),
    source="found here, for the laws of arXiv:2202.02520",
    steps=(
        Step(
            r"\tau_k(A)\,f(\bar A),\quad \prod_{d\ge2}\prod_{j\in G_d}\Bigl(\sum_{l\in "
            r"G_{d-1}}w_{jl}\Bigr)f(\bar A),\quad \det M,\quad \det M_{\setminus k}\qquad\text{are affine "
            r"in each row of } W",
            r"Row $i$ of $W$ is in one row of one of the determinants, or in one factor of a pattern: in "
            r"$L[A]$ or the factor if $i\in A$, in $L[\bar A]+\mathrm{diag}(s)$ if not, where "
            r"$s_i=U_i-\sum_jw_{ij}$ is affine in it. A determinant is linear in each of its rows.",
            several(
                "all weights, mixed row by row",
                linear("assemblies of three units", of_assemblies, 3),
                linear("patterns of three units", of_patterns, 3),
                linear("determinants of three units", of_determinants, 3),
            ),
            linear("the squares of volumes are affine, too", of_squares, 2),
            label="affine",
        ),
        Step(
            r"E\,\tau_k(A)f(\bar A) = \tau_k(A)f(\bar A)\big|_{E\,W},\qquad E\det M = "
            r"\det(\mathrm{diag}(U)-E\,W),\qquad E\det M_{\setminus k} = "
            r"\det(\mathrm{diag}(U)-E\,W)_{\setminus k}",
            r"Take the mean over one row after the other, the rest being held: rows are independent, and by "
            r"\eqref{affine} each mean goes into its row.",
            several(
                "three units whose rows are one of two each",
                two_rows("assemblies", of_assemblies, independent=True),
                two_rows("determinants", of_determinants, independent=True),
            ),
            two_rows("rows that are drawn together", of_determinants, independent=False),
        ),
        Step(
            r"\frac{E\bigl(\det M\;P(A)\bigr)}{E\det M} = \frac{p_k\,\Delta u\,\tau_k(A)\,f(\bar A)}{\det "
            r"M}\Big|_{E\,W},\qquad \frac{E\bigl(Z\,P(A\mid k)\bigr)}{E\,Z} = \frac{\tau_k(A)\,f(\bar "
            r"A)}{Z}\Big|_{E\,W},\quad Z=\det M_{\setminus k}",
            r"$\det M\,P(A) = p_k\,\Delta u\,\tau_k(A)f(\bar A)$ by derivation 01. All realisations have "
            r"the same states below threshold, so the weight $\det M$ is the chance that one of these, "
            r"drawn uniformly, is inhabited (derivation 05).",
            binary("all 512 networks with weights 0 and 1 and chances of their own", weighted=True),
            binary("all networks count the same", weighted=False),
        ),
        Step(
            r"E\,P(A\mid k) - \frac{E\bigl(Z\,P(A\mid k)\bigr)}{E\,Z} = "
            r"\frac{w\,p\,(1-p)\,a^2}{(1-a)(1-pa)} > 0",
            r"Unit 1 receives $w$ from the start 0 and, with probability $p$, $a$ from itself. Then "
            r"$P(\{0,1\}\mid0)$ is $w$ or $w/(1-a)$, in the mean of the laws with probability $p$ for the "
            r"second, in the annealed law with $p(1-a)/(1-pa)$.",
            identity(
                "the difference, in symbols",
                lambda: pair_laws()[1] - pair_laws()[0],
                lambda: w * p * (1 - p) * a**2 / ((1 - a) * (1 - p * a)),
            ),
            identity("both are equal", lambda: pair_laws()[1], lambda: pair_laws()[0]),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
