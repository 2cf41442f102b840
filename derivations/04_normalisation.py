r"""Derivation 04: the assembly weights of one start add up to det(M without k).

Statement
    For a start k, the sum over all sets A that hold k of tau_k(A) f(complement of A) is the determinant of
    M = diag(U) - W without row and column k.

Assumptions
    None on the weights: both sides are polynomials in the w_ij and s_i, U_i = s_i + sum_j w_ij.

Source
    arXiv:2202.02520.

Run as ``python derivations/04_normalisation.py``.
"""

import sys
from collections.abc import Iterator
from itertools import product

import sympy

from exactav.proofs import bijection
from exactav.proofs.checks import Check, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    LEAK,
    ParentMap,
    determinant,
    forests,
    laplacian,
    root_of,
    subsets,
    total_weight,
    without,
)

Edges = frozenset[tuple[int, int]]


def matrix(n: int) -> sympy.Matrix:
    """M in symbols: self-coupling cancels in U_i - w_ii, so it is L + diag(s) of all units."""
    return laplacian(range(n), leak=True)


def two_roots(n: int, claim: str, *, roots: tuple[int, ...]) -> Check:
    """det(M without unit 0) = sum over listed forests with these roots."""
    return identity(
        claim,
        lambda: determinant(without(matrix(n), 0)),
        lambda: total_weight(forests(range(n), roots)),
        sizes=f"N = {n}",
    )


def cutting(up_to: int, claim: str, *, rooted: bool) -> Check:
    """Cutting out the tree of k gives every forest rooted at k and the leak exactly once; ``rooted``: the
    forests of the rest hang on the leak alone."""
    cases = [(n, k) for n in range(1, up_to + 1) for k in range(n)]

    def whole() -> Iterator[tuple[int, int, Edges]]:
        return ((n, k, edges(forest)) for n, k in cases for forest in forests(range(n), [k, LEAK]))

    def parts() -> Iterator[tuple[int, int, Edges, Edges]]:
        for n, k in cases:
            for assembly in subsets(range(n)):
                rest = set(range(n)) - assembly
                if k in assembly:
                    roots = [LEAK] if rooted else [LEAK, k]
                    pairs = product(forests(assembly, [k]), forests(rest, roots))
                    yield from ((n, k, edges(tree), edges(forest)) for tree, forest in pairs)

    def cut(element: tuple[int, int, Edges]) -> tuple[int, int, Edges, Edges]:
        n, k, found = element
        tree = frozenset((i, j) for i, j in found if root_of(dict(found), i) == k)
        return n, k, tree, found - tree

    return bijection(
        claim, whole, parts, cut, lambda part: (*part[:2], part[2] | part[3]), sizes=f"N <= {up_to}"
    )


def edges(parent: ParentMap) -> Edges:
    """(unit, parent) of all units."""
    return frozenset(parent.items())


def sum_over_assemblies(n: int, claim: str, *, k: int, minor: int) -> Check:
    """sum_A tau_k(A) f(complement) = det(M without ``minor``), by determinants alone."""

    def left() -> sympy.Expr:
        terms = []
        for assembly in subsets(range(n)):
            if k in assembly:
                place = sorted(assembly).index(k)
                tree = determinant(without(laplacian(assembly, leak=False), place))
                terms.append(tree * determinant(laplacian(set(range(n)) - assembly, leak=True)))
        return sympy.Add(*terms)

    return identity(claim, left, lambda: determinant(without(matrix(n), minor)), sizes=f"N = {n}")


DERIVATION = Derivation(
    id="04",
    title="the assembly weights of one start add up to det(M without k)",
    statement=(
        r"For a start $k$, with $\tau_k$ and $f$ as in derivation 02 and $M=\mathrm{diag}(U)-W$,"
        r"\[\sum_{A\ni k} \tau_k(A)\, f(\bar A) = \det M_{\setminus k},\]"
        r"where $\bar A$ is the complement of $A$."
    ),
    assumptions=(
        r"None on the weights: both sides are polynomials in the $w_{ij}$ and "
        r"$s_i = U_i - \sum_j w_{ij}$.",
    ),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\det M_{\setminus k} = \sum_{F} \prod_{i\ne k} w_{i\,F(i)},\qquad w_{i\ast}=s_i",
            r"$M$ without row and column $k$ is the Laplacian of all units other than $k$ in which unit $i$ "
            r"leaks $s_i + w_{ik}$. By derivation 02 its determinant sums over forests $F$ whose roots hang "
            r"on the leak $\ast$ or on $k$: forests with the two roots $\ast$ and $k$.",
            two_roots(4, "determinant and listed forests, for four units with symbols", roots=(0, LEAK)),
            two_roots(3, "the leak is the only root, for three units", roots=(LEAK,)),
        ),
        Step(
            r"\{F\} \;\leftrightarrow\; \bigcup_{A\ni k} \mathcal T_k(A)\times\mathcal F(\bar A)",
            r"$\mathcal T_k(A)$ are the trees of $A$ rooted at $k$, $\mathcal F(\bar A)$ the forests of the "
            r"others rooted in the leak. Let $A$ be the units whose parents lead to $k$. They form a tree "
            r"rooted at $k$; the parents of all others lead to the leak and never enter $A$. Conversely any "
            r"such pair is a forest.",
            cutting(4, "all forests of up to four units, for every start", rooted=True),
            cutting(3, "the other units may hang on the start as well", rooted=False),
        ),
        Step(
            r"\det M_{\setminus k} = \sum_{A\ni k} \tau_k(A)\, f(\bar A)",
            r"Sum the weights on both sides of the bijection, with derivation 02 for trees and forests.",
            sum_over_assemblies(4, "sum and determinant, for four units with symbols", k=1, minor=1),
            sum_over_assemblies(3, "any minor will do, for three units", k=1, minor=0),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
