r"""Derivation 07: the participation and the firing rates from the Green matrix.

Statement
    With G = M^{-1}, the probability that unit j is in the assembly of an avalanche with start k is
    G_jk / G_kk. Per slow step an avalanche with start k has probability p_k dU G_kk, and unit j fires with
    probability dU (G p)_j. The mean size is sum_j G_jk / G_kk for the start k, and 1'Gp / sum_k p_k G_kk
    over all starts.

Assumptions
    The volumes of derivation 01: dU <= s_k for every driven k, uniform law on the inhabited region.

Source
    arXiv:2202.02520.

Run as ``python derivations/07_participation_and_rates.py``.
"""

import random
import sys
from fractions import Fraction

import sympy

from exactav.proofs.checks import Check, exactly, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    LEAK,
    ParentMap,
    determinant,
    forests,
    laplacian,
    parent_maps,
    root_of,
    subsets,
    total_weight,
    without,
)

Matrix = list[list[Fraction]]


def joined(n: int, j: int, k: int) -> sympy.Expr:
    """N_jk: the sum over forests rooted at k and the leak in which the parents of j lead to k."""
    return total_weight(f for f in forests(range(n), [k, LEAK]) if root_of(f, j) == k)


def by_assemblies(n: int, claim: str, *, j: int, k: int, held: int) -> Check:
    """N_jk is the sum of tau_k(A) f(complement) over the sets A that hold k and ``held``."""

    def right() -> sympy.Expr:
        terms = []
        for assembly in subsets(range(n)):
            if {k, held} <= assembly:
                tree = determinant(without(laplacian(assembly, leak=False), sorted(assembly).index(k)))
                terms.append(tree * determinant(laplacian(set(range(n)) - assembly, leak=True)))
        return sympy.Add(*terms)

    return identity(claim, lambda: joined(n, j, k), right, sizes=f"N = {n}")


def determinant_with_row(parent: ParentMap, n: int, j: int, k: int) -> int:
    """det with row e_i - e_parent(i) for i != k (the leak has no column) and row e_j for k."""
    rows = sympy.eye(n)
    for i, target in parent.items():
        if target != LEAK:
            rows[i, target] -= 1
    rows[k, :] = sympy.eye(n)[j, :]
    return int(determinant(rows))


def rows_of_maps(up_to: int, claim: str, *, cycles_count: bool) -> Check:
    """The determinants of all maps with row k replaced by e_j."""
    cases = [
        (n, j, k, parent)
        for n in range(1, up_to + 1)
        for k in range(n)
        for j in range(n)
        for parent in parent_maps(range(n), [k, LEAK])
    ]

    def right(case: tuple[int, int, int, ParentMap]) -> int:
        _, j, k, parent = case
        acyclic = all(root_of(parent, unit) is not None for unit in parent)
        return int((acyclic or cycles_count) and root_of(parent, j) == k)

    return identity(
        claim,
        lambda: [determinant_with_row(parent, n, j, k) for n, j, k, parent in cases],
        lambda: list(map(right, cases)),
        sizes=f"N <= {up_to}",
    )


def cofactors(n: int, claim: str, *, transposed: bool) -> Check:
    """N_jk = adj(M)_jk for all j, k."""

    def compare(case: tuple[int, int]) -> sympy.Expr:
        j, k = case
        row, column = (j, k) if transposed else (k, j)
        minor = determinant(laplacian(range(n), leak=True).minor_submatrix(row, column))
        return (-1) ** (j + k) * minor

    cases = [(j, k) for j in range(n) for k in range(n)]
    return identity(
        claim,
        lambda: [joined(n, *case) for case in cases],
        lambda: list(map(compare, cases)),
        sizes=f"N = {n}",
    )


def networks(count: int, n: int) -> list[tuple[Matrix, list[Fraction], list[Fraction]]]:
    """Random (weights without diagonal, leaks, drive), not symmetric, some 0, all leaks > 0."""
    rng = random.Random(7)
    found = []
    for _ in range(count):
        weights = [
            [Fraction(rng.choice([0, 1, 2, 5]), rng.randint(3, 7)) for _ in range(n)] for _ in range(n)
        ]
        leak = [Fraction(rng.randint(1, 5), 6) for _ in range(n)]
        shares = [rng.randint(0, 3) for _ in range(n - 1)] + [1]
        found.append((weights, leak, [Fraction(share, sum(shares)) for share in shares]))
    return found


def substitution(weights: Matrix, leak: list[Fraction]) -> dict[sympy.Symbol, sympy.Rational]:
    """Values of the symbols of exactav.proofs.listing."""
    n = len(leak)
    values = {f"w_{i}{j}": weights[i][j] for i in range(n) for j in range(n)}
    values |= {f"s_{i}": leak[i] for i in range(n)}
    return {sympy.Symbol(name): sympy.Rational(v.numerator, v.denominator) for name, v in values.items()}


def mixed(n: int, claim: str, *, per_start: bool) -> Check:
    """Firing probabilities summed over starts, against (G p)_j, in symbols; ``per_start``: not p'G."""
    matrix, drive = laplacian(range(n), leak=True), sympy.Matrix(sympy.symbols(f"p_0:{n}"))
    inverse = matrix.adjugate(method="berkowitz") / determinant(matrix)
    return identity(
        claim,
        lambda: [sum(drive[k] * joined(n, j, k) for k in range(n)) / determinant(matrix) for j in range(n)],
        lambda: list((inverse if per_start else inverse.T) * drive),
        sizes=f"N = {n}",
    )


def rates(claim: str, *, per_start: bool) -> Check:
    """Firing probabilities summed over starts and assemblies, against (G p)_j, on random networks."""

    def summed(case: tuple[Matrix, list[Fraction], list[Fraction]]) -> list[sympy.Rational]:
        weights, leak, drive = case
        values, n = substitution(weights, leak), len(leak)
        volume = determinant(laplacian(range(n), leak=True).subs(values))
        chances = [sympy.Rational(p.numerator, p.denominator) for p in drive]
        return [sum(chances[k] * joined(n, j, k).subs(values) for k in range(n)) / volume for j in range(n)]

    def green(case: tuple[Matrix, list[Fraction], list[Fraction]]) -> list[sympy.Rational]:
        weights, leak, drive = case
        matrix = laplacian(range(len(leak)), leak=True).subs(substitution(weights, leak))
        vector = sympy.Matrix([sympy.Rational(p.numerator, p.denominator) for p in drive])
        return list((matrix if per_start else matrix.T).LUsolve(vector))

    return exactly(claim, networks(10, 3), summed, green)


DERIVATION = Derivation(
    id="07",
    title="the participation and the firing rates from the Green matrix",
    statement=(
        r"With $G=M^{-1}$, $P(j\in A \mid k) = G_{jk}/G_{kk}$. Per slow step an avalanche with start $k$ "
        r"has probability $p_k\,\Delta u\,G_{kk}$, and unit $j$ fires with probability $\Delta u\,(Gp)_j$. "
        r"The mean size is $\sum_j G_{jk}/G_{kk}$ for the start $k$, and $\sum_j (Gp)_j \,/ \sum_k p_k "
        r"G_{kk}$ over all starts."
    ),
    assumptions=(
        r"The volumes of derivation 01: $0<\Delta u\le s_k$ for every driven $k$.",
        r"The stationary law is uniform on the inhabited region, of volume $\det M$.",
    ),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\sum_{A\ni j,k} \tau_k(A)\,f(\bar A) = N_{jk} := \sum_{F:\ j\to k}\ \prod_{i\ne k} "
            r"w_{i\,F(i)}",
            r"Cut the forests rooted at $k$ and at the leak as in derivation 04: $j$ is in $A$ exactly if "
            r"its parents lead to $k$.",
            by_assemblies(4, "sum and listed forests, for four units with symbols", j=2, k=0, held=2),
            by_assemblies(3, "any other unit may be held instead of j, for three units", j=2, k=0, held=1),
        ),
        Step(
            r"\det\bigl(e_i-e_{\pi(i)},\ i\ne k;\ e_j \text{ in row } k\bigr) = \begin{cases} 1 & \pi "
            r"\text{ has no cycle and leads } j \text{ to } k,\\ 0 & \text{otherwise,}\end{cases}",
            r"Let $e_\ast=0$ for the leak. Subtract from row $k$ the rows of the units on the way from $j$: "
            r"it becomes $e_k$ if the way ends in $k$, and 0 if it ends in the leak. What is left is the "
            r"determinant of derivation 02.",
            rows_of_maps(4, "all maps of up to four units, for every j and k", cycles_count=False),
            rows_of_maps(4, "maps with a cycle elsewhere count as well", cycles_count=True),
        ),
        Step(
            r"N_{jk} = \mathrm{adj}(M)_{jk} = \det M\; G_{jk}",
            r"The cofactor $\mathrm{adj}(M)_{jk}$ is the determinant of $M$ with row $k$ replaced by $e_j$. "
            r"Expand its other rows $\sum_l w_{il}(e_i-e_l) + s_i e_i$ over maps as in derivation 02, and "
            r"use the step before.",
            cofactors(3, "all cofactors of three units with symbols", transposed=False),
            cofactors(3, "the transposed cofactors", transposed=True),
        ),
        Step(
            r"P(j\in A\mid k) = \frac{\sum_{A\ni j,k}\tau_k(A)f(\bar A)}{\sum_{A\ni k}\tau_k(A)f(\bar A)} = "
            r"\frac{N_{jk}}{N_{kk}} = \frac{G_{jk}}{G_{kk}}",
            r"All volumes of derivation 01 have the factor $\Delta u$. Sums over $j$ give the mean size, "
            r"and $N_{kk}=\det M_{\setminus k}$ is derivation 04.",
            identity(
                "the denominator for four units with symbols",
                lambda: joined(4, 1, 1),
                lambda: determinant(without(laplacian(range(4), leak=True), 1)),
                sizes="N = 4",
            ),
            identity(
                "the denominator is det M, for three units",
                lambda: joined(3, 1, 1),
                lambda: determinant(laplacian(range(3), leak=True)),
                sizes="N = 3",
            ),
        ),
        Step(
            r"P(j \text{ fires}) = \sum_k p_k\,\Delta u\,\frac{N_{jk}}{\det M} = \Delta u\,(Gp)_j",
            r"Start $k$ is fed with probability $p_k$, independently of the state, and the states from "
            r"which it recruits $j$ have volume $\Delta u\,N_{jk}$ of $\det M$.",
            mixed(3, "all weights and drives of three units", per_start=True),
            mixed(3, "G may be transposed", per_start=False),
            also=(rates("ten random networks of three units with uneven drive", per_start=True),),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
