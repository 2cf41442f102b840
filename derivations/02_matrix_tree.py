r"""Derivation 02: the matrix-tree theorem for directed weights.

Statement
    For a set A of units and a start k in A, det L[A] without row and column k is the sum, over all spanning
    trees of A rooted at k, of the product of the weights w_ij by which each unit i other than k takes its
    parent j. For a set C, det(L[C] + diag(s_C)) is the sum over all spanning forests of C rooted in the leak,
    a root i counting s_i. L[S] has the row sums of W within S on the diagonal and -w_ij off it.

Assumptions
    None on the weights: both sides are polynomials in the w_ij and s_i.

Source
    W. T. Tutte (1948); used in arXiv:2202.02520. The proof here expands the determinant row by row.

Run as ``python derivations/02_matrix_tree.py``.
"""

import sys
from collections.abc import Callable

import sympy

from exactav.proofs.checks import Check, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    LEAK,
    ParentMap,
    determinant,
    forests,
    laplacian,
    parent_maps,
    root_of,
    total_weight,
    weight_of,
    without,
)


def determinant_of_map(parent: ParentMap, n: int, root: int) -> int:
    """det of the matrix with rows e_i - e_parent(i), without row and column of the root."""
    rows = sympy.eye(n)
    for i, j in parent.items():
        rows[i, j] -= 1
    return int(determinant(without(rows, root)))


def is_tree(parent: ParentMap) -> bool:
    """Whether every unit's parents lead to the root."""
    return all(root_of(parent, unit) is not None for unit in parent)


def every_map(up_to: int) -> list[tuple[int, int, ParentMap]]:
    """(n, root, map) for all sizes up to ``up_to`` and all roots."""
    sizes = range(1, up_to + 1)
    return [(n, root, parent) for n in sizes for root in range(n) for parent in parent_maps(range(n), [root])]


def all_maps(up_to: int, claim: str, counts: Callable[[ParentMap], bool]) -> Check:
    """The determinant of every map is 1 or 0; ``counts`` says which is 1."""
    return identity(
        claim,
        lambda: [determinant_of_map(parent, n, root) for n, root, parent in every_map(up_to)],
        lambda: [int(counts(parent)) for _, _, parent in every_map(up_to)],
        sizes=f"N <= {up_to}",
    )


def expansion(n: int, claim: str, *, with_determinants: bool) -> Check:
    """Row by row: det L without the root = sum over maps of weight times determinant of the map."""

    def right() -> sympy.Expr:
        return sympy.Add(
            *(
                weight_of(parent) * (determinant_of_map(parent, n, 0) if with_determinants else 1)
                for parent in parent_maps(range(n), [0])
            )
        )

    return identity(
        claim, lambda: determinant(without(laplacian(range(n), leak=False), 0)), right, sizes=f"N = {n}"
    )


def trees(n: int, claim: str, *, root: int, left_out: int) -> Check:
    """det L without ``left_out`` = sum over listed trees with this root."""
    return identity(
        claim,
        lambda: determinant(without(laplacian(range(n), leak=False), left_out)),
        lambda: total_weight(forests(range(n), [root])),
        sizes=f"N = {n}",
    )


def leaky_forests(n: int, claim: str, *, leak: bool) -> Check:
    """det(L + diag(s)) = sum over listed forests rooted in the leak."""
    return identity(
        claim,
        lambda: determinant(laplacian(range(n), leak=leak)),
        lambda: total_weight(forests(range(n), [LEAK])),
        sizes=f"N = {n}",
    )


DERIVATION = Derivation(
    id="02",
    title="the matrix-tree theorem for directed weights",
    statement=(
        r"For a set $A$ of units and $k\in A$, with $L[A]$ the Laplacian of the subgraph induced on "
        r"$A$,\[\tau_k(A) = \det L[A]_{\setminus k} = \sum_{T}\ \prod_{i\in A\setminus k} w_{i\,T(i)},\]the "
        r"sum over spanning trees $T$ of $A$ rooted at $k$, in which every $i\ne k$ has one parent $T(i)$. "
        r"For a set $C$, $f(C)=\det(L[C]+\mathrm{diag}(s_C))$ is the sum over spanning forests of $C$ "
        r"rooted in the leak, where a root $i$ counts $s_i$."
    ),
    assumptions=(r"None on the weights: both sides are polynomials in the $w_{ij}$ and $s_i$.",),
    source="W. T. Tutte, The dissection of equilateral triangles into equilateral triangles (1948); "
    "arXiv:2202.02520",
    steps=(
        Step(
            r"\det L[A]_{\setminus k} = \sum_{\pi} \Bigl(\prod_{i\ne k} w_{i\,\pi(i)}\Bigr)"
            r"\det\bigl(e_i - e_{\pi(i)}\bigr)_{i\ne k}",
            r"Row $i$ of $L[A]$ is $\sum_{j\ne i} w_{ij}(e_i-e_j)$, and a determinant is linear in each "
            r"row: it is a sum over all maps $\pi$ that give every $i\ne k$ a parent $\pi(i)\ne i$ in $A$. "
            r"Entries in column $k$ are left out.",
            expansion(4, "the expansion, for four units with symbolic weights", with_determinants=True),
            expansion(4, "every map has determinant 1, for four units", with_determinants=False),
        ),
        Step(
            r"\det\bigl(e_i - e_{\pi(i)}\bigr)_{i\ne k} = \begin{cases} 1 & \pi \text{ leads every } i "
            r"\text{ to } k,\\ 0 & \text{otherwise.}\end{cases}",
            r"If $\pi$ has a cycle, the rows of the cycle add up to 0. If not, order the units by their "
            r"distance to $k$: the matrix is triangular with ones on the diagonal.",
            all_maps(5, "the determinants of all maps of up to five units, for every root", is_tree),
            all_maps(4, "maps with a cycle count as well, up to four units", lambda _: True),
        ),
        Step(
            r"\det L[A]_{\setminus k} = \sum_T \prod_{i\in A\setminus k} w_{i\,T(i)}",
            r"The maps without a cycle are the spanning trees rooted at $k$.",
            trees(
                5, "determinant and listed trees, for five units with symbolic weights", root=2, left_out=2
            ),
            trees(4, "the root may be any unit, for four units", root=1, left_out=2),
        ),
        Step(
            r"f(C) = \det\bigl(L[C]+\mathrm{diag}(s_C)\bigr) = \tau_{\ast}(C\cup\{\ast\}),"
            r"\qquad w_{i\ast}=s_i",
            r"Let the leak be one more unit $\ast$ from which unit $i$ receives $s_i$. Then "
            r"$L[C]+\mathrm{diag}(s_C)$ is the Laplacian of $C\cup\{\ast\}$ without row and column $\ast$, "
            r"and a tree rooted at $\ast$ is a forest of $C$ whose roots hang on the leak.",
            leaky_forests(4, "the forests of four units with symbolic weights and leaks", leak=True),
            leaky_forests(3, "the forests do not need the leak on the diagonal, for three units", leak=False),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
