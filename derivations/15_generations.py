r"""Derivation 15: the generations as levels of a random tree, and their means from minors.

Statement
    Let F be a random spanning forest of all units, rooted in the start k and in the leak, with probability in
    proportion to the product of its weights. The units that are d steps away from k in F are distributed, for
    all d together, as the generations G_{d+1} of an avalanche of k. For units j = j_d, .., j_1, j_0 = k, all
    different, the probability that these are j, its parent, the parent of that one, .. in F is

        prod_{i=1..d} w_{j_i j_{i-1}} det(M without j_0, .., j_d) / det(M without k)
            = prod_{i=1..d} w_{j_i j_{i-1}} det G_{P P} / G_kk,  P = {j_0, .., j_d},  G = M^{-1}.

    E|G_{d+1}| is the sum of this over all such sequences; E|G_2| = sum_j w_jk (G_jj - G_jk G_kj / G_kk); and
    the sum of E|G_d| over all d is the mean size.

Assumptions
    The laws of derivation 01; det M > 0.

Source
    The laws are those of arXiv:2202.02520; the levels of the tree, and walks with erased loops, are those of
    D. B. Wilson, STOC 1996, and S. Fomin, Trans. AMS 353, 3563 (2001); put together here.

Run as ``python derivations/15_generations.py``.
"""

import sys
from collections.abc import Iterator
from itertools import pairwise, permutations

import sympy

from exactav.proofs import bijection
from exactav.proofs.checks import Check, identity, several
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    LEAK,
    ParentMap,
    depths,
    determinant,
    forests,
    laplacian,
    patterns,
    root_of,
    subsets,
    total_weight,
    weight,
)

Pattern = tuple[frozenset[int], ...]
Path = tuple[int, ...]
Edges = frozenset[tuple[int, int]]


def matrix(n: int) -> sympy.Matrix:
    """M in symbols: what a unit receives from all others, and its leak, on the diagonal."""
    return laplacian(range(n), leak=True)


def minor_without(n: int, units: Path) -> sympy.Expr:
    """det of M without the rows and columns of some units."""
    kept = [unit for unit in range(n) if unit not in units]
    return determinant(matrix(n).extract(kept, kept))


def tree_of(forest: ParentMap, start: int) -> ParentMap:
    """The part of a forest that hangs on the start."""
    return {unit: parent for unit, parent in forest.items() if root_of(forest, unit) == start}


def levels(forest: ParentMap, start: int) -> Pattern:
    """The units of the tree of the start by their distance from it."""
    return depths(tree_of(forest, start), start)


def way(forest: ParentMap, unit: int) -> Path:
    """A unit, its parent, the parent of that one, .. up to the root."""
    found = [unit]
    while found[-1] in forest:
        found.append(forest[found[-1]])
    return tuple(found)


def everything(n: int) -> list[ParentMap]:
    """The forests of all units, rooted in unit 0 and the leak."""
    return list(forests(range(n), [0, LEAK]))


def paths(n: int, steps: int) -> Iterator[Path]:
    """All sequences of different units that end in unit 0 after so many steps."""
    others = range(1, n)
    return ((*path, 0) for path in permutations(others, steps))


def along(path: Path) -> sympy.Expr:
    """The product of the weights of a sequence of parents."""
    return sympy.Mul(*(weight(i, j) for i, j in pairwise(path)))


def pattern_weight(n: int, pattern: Pattern, *, memory: int = 1) -> sympy.Expr:
    """Its weight by derivation 01; units receive from the ``memory`` generations before (1 is right)."""
    recruited = [
        sympy.Add(*(weight(j, i) for sent in pattern[max(0, d - memory) : d] for i in sent))
        for d in range(1, len(pattern))
        for j in pattern[d]
    ]
    silent = [unit for unit in range(n) if all(unit not in generation for generation in pattern)]
    return sympy.Mul(*recruited) * determinant(laplacian(silent, leak=True))


def edges(forest: ParentMap) -> Edges:
    """(unit, parent) of all units."""
    return frozenset(forest.items())


def forests_by_levels(n: int, claim: str, *, attached: bool) -> Check:
    """A forest is a pattern, a parent in the level before for each unit of it, and a forest of the others.

    ``attached``: whether the others may hang on units of the pattern, too, which is wrong.
    """

    def parts() -> Iterator[tuple[Pattern, Edges, Edges]]:
        for pattern in patterns(range(n), 0):
            fired = frozenset().union(*pattern)
            for tree in forests(fired, [0]):
                if depths(tree, 0) == pattern:
                    roots = [LEAK, *sorted(fired)] if attached else [LEAK]
                    for rest in forests(frozenset(range(n)) - fired, roots):
                        yield pattern, edges(tree), edges(rest)

    def split(forest: Edges) -> tuple[Pattern, Edges, Edges]:
        parent = dict(forest)
        tree = edges(tree_of(parent, 0))
        return levels(parent, 0), tree, forest - tree

    return bijection(
        claim,
        lambda: map(edges, everything(n)),
        parts,
        split,
        lambda one: one[1] | one[2],
        sizes=f"N = {n}",
    )


def levels_as_patterns(n: int, claim: str, *, memory: int) -> Check:
    """The weight of all forests with given levels is that of the pattern, for each of them."""

    def listed() -> list[sympy.Expr]:
        found: dict[Pattern, list[ParentMap]] = {}
        for forest in everything(n):
            found.setdefault(levels(forest, 0), []).append(forest)
        return [total_weight(map(dict, found.get(pattern, []))) for pattern in patterns(range(n), 0)]

    return identity(
        claim,
        listed,
        lambda: [pattern_weight(n, pattern, memory=memory) for pattern in patterns(range(n), 0)],
        sizes=f"N = {n}",
    )


def cut_ways(n: int, claim: str, *, keeps_start: bool) -> Check:
    """A forest in which given units are the parents of another is this way, and a forest rooted in all of it.

    ``keeps_start``: whether the other units hang on the way as they do on the start (right), or not at all.
    """

    def left() -> Iterator[tuple[Path, Edges]]:
        for forest in everything(n):
            for unit in range(n):
                if root_of(forest, unit) == 0:
                    yield way(forest, unit), edges(forest)

    def right() -> Iterator[tuple[Path, Edges]]:
        for steps in range(n):
            for path in paths(n, steps):
                roots = [LEAK, *path] if keeps_start else [LEAK]
                for rest in forests([unit for unit in range(n) if unit not in path], roots):
                    yield path, edges(rest)

    def cut(one: tuple[Path, Edges]) -> tuple[Path, Edges]:
        return one[0], frozenset(edge for edge in one[1] if edge[0] not in one[0])

    def joined(one: tuple[Path, Edges]) -> tuple[Path, Edges]:
        return one[0], one[1] | frozenset(pairwise(one[0]))

    return bijection(claim, left, right, cut, joined, sizes=f"N = {n}")


def ways_as_minors(n: int, claim: str, *, forgets: int) -> Check:
    """The weight of all forests in which a sequence are the parents of a unit, for all sequences.

    ``forgets``: how many of the first units stay in the matrix, 0 is right.
    """

    def listed() -> list[sympy.Expr]:
        return [
            total_weight(dict(forest) for forest in everything(n) if way(forest, path[0]) == path)
            for steps in range(n)
            for path in paths(n, steps)
        ]

    def minors() -> list[sympy.Expr]:
        every = [path for steps in range(n) for path in paths(n, steps)]
        return [along(path) * minor_without(n, path[min(forgets, len(path) - 1) :]) for path in every]

    return identity(claim, listed, minors, sizes=f"N = {n}")


def jacobi(n: int, claim: str, power: int) -> Check:
    """det M^{d} det(M without P) from the adjugate, d + 1 units in P; ``power`` is added to d, 0 is right."""

    def adjugate_minors() -> list[sympy.Expr]:
        adjugate = matrix(n).adjugate()
        return [determinant(adjugate.extract(sorted(p), sorted(p))) for p in subsets(range(n)) if p]

    def minors() -> list[sympy.Expr]:
        whole = determinant(matrix(n))
        return [whole ** (len(p) - 1 + power) * minor_without(n, tuple(p)) for p in subsets(range(n)) if p]

    return identity(claim, adjugate_minors, minors, sizes=f"N = {n}")


def means(n: int, *, skips: bool = False) -> list[sympy.Expr]:
    """det(M without 0) E|G_{d+1}| for each d, over ways; ``skips``: only those in descending order."""
    return [
        sympy.Add(
            *(
                along(path) * minor_without(n, path)
                for path in paths(n, steps)
                if not skips or list(path) == sorted(path, reverse=True)
            )
        )
        for steps in range(n)
    ]


def means_of_patterns(n: int) -> list[sympy.Expr]:
    """The same from the weights of all patterns."""
    return [
        sympy.Add(*(len(p[d]) * pattern_weight(n, p) for p in patterns(range(n), 0) if d < len(p)))
        for d in range(n)
    ]


def second_generation(n: int, *, conditioned: bool) -> sympy.Expr:
    """det(M without 0) sum_j w_j0 (G_jj - G_j0 G_0j / G_00); without the second term if not "
    "``conditioned``."""
    adjugate, whole = matrix(n).adjugate(), determinant(matrix(n))
    terms = (
        weight(j, 0)
        * (adjugate[0, 0] * adjugate[j, j] - (adjugate[j, 0] * adjugate[0, j] if conditioned else 0))
        for j in range(1, n)
    )
    return sympy.cancel(sympy.Add(*terms) / whole)


def mean_size(n: int, *, transposed: bool) -> sympy.Expr:
    """det(M without 0) sum_j G_j0 / G_00 (derivation 07)."""
    adjugate = matrix(n).adjugate()
    return sympy.Add(*(adjugate[(0, j) if transposed else (j, 0)] for j in range(n)))


DERIVATION = Derivation(
    id="15",
    title="the generations as levels of a random tree, and their means from minors",
    statement=(
        r"In a random spanning forest of all units, rooted in the start $k$ and in the leak, with "
        r"probability in proportion to the product of its weights, the sets of units $d=0,1,\dots$ steps "
        r"away from $k$ are distributed as the generations $G_1=\{k\},G_2,\dots$ of an avalanche of $k$. The "
        r"units $j_1,\dots,j_d$ lead from $j_0=k$ to $j=j_d$, each the parent of the next, with probability"
        r"\[\prod_{i=1}^d w_{j_i j_{i-1}}\ \frac{\det M_{\setminus P}}{\det M_{\setminus k}} = "
        r"\prod_{i=1}^d w_{j_i j_{i-1}}\ \frac{\det G_{PP}}{G_{kk}},\qquad P=\{j_0,\dots,j_d\},\]"
        r"and $E|G_{d+1}|$ is the sum of this over all sequences of $d+1$ different units that begin with "
        r"$k$."
    ),
    assumptions=(r"The laws of derivation 01.", r"$\det M>0$."),
    source=(
        "arXiv:2202.02520 for the laws; D. B. Wilson, STOC 1996, and S. Fomin, Trans. AMS 353, 3563 (2001), "
        "for trees and walks with erased loops; put together here"
    ),
    steps=(
        Step(
            r"\{\text{forests rooted in } k \text{ and the leak}\}\;\leftrightarrow\;"
            r"\{(G_1,\dots,G_D;\ \pi;\ F)\}",
            r"Let $G_{d+1}$ be the units $d$ steps away from $k$: each unit of $G_{d+1}$, $d\ge1$, has its "
            r"parent $\pi$ in $G_d$, and the units that do not lead to $k$ are a forest $F$ rooted in the "
            r"leak. Any sequence of disjoint sets, any such $\pi$ and any such $F$ arise so, once.",
            forests_by_levels(4, "all forests of four units", attached=False),
            forests_by_levels(3, "units that do not fire may hang on those that do", attached=True),
        ),
        Step(
            r"\sum_{F:\ \text{levels } G_1,\dots,G_D}\ \prod_{i\ne k} w_{i\,F(i)} = \prod_{d\ge2}\ "
            r"\prod_{j\in G_d}\ \sum_{l\in G_{d-1}} w_{jl}\ f(\text{units in no } G_d)",
            r"Add up the first step over $\pi$ (derivation 03) and $F$ (derivation 02). This is the volume "
            r"of the pattern over $dU$ (derivation 01), and both laws are normalised by $\det M_{\setminus "
            r"k}$ (derivation 04): the levels are the generations. Wilson's algorithm draws such forests.",
            levels_as_patterns(4, "every pattern of four units with symbolic weights", memory=1),
            levels_as_patterns(3, "units may be recruited by the last two generations", memory=2),
        ),
        Step(
            r"\{\text{forests with parents } j=j_d,\dots,j_0=k\}\;\leftrightarrow\;"
            r"\{\text{forests rooted in } P \text{ and the leak}\}",
            r"Leave the choices of $j_1,\dots,j_d$ out: every other unit leads to the leak or to a unit of "
            r"$P$, and joined to the way it leads on to $k$ without a loop.",
            cut_ways(4, "all ways in all forests of four units", keeps_start=True),
            cut_ways(3, "other units do not hang on the way", keeps_start=False),
        ),
        Step(
            r"\sum_{F:\ j_d\to\dots\to j_0=k}\ \prod_{i\ne k} w_{i\,F(i)} = \prod_{i=1}^d w_{j_i j_{i-1}}\ "
            r"\det M_{\setminus P}",
            r"The forests rooted in $P$ and the leak weigh $\det M_{\setminus P}$ (derivation 02, with what "
            r"is received from $P$ as leak).",
            ways_as_minors(4, "every way of four units with symbolic weights", forgets=0),
            ways_as_minors(3, "the last unit of the way may take any parent", forgets=1),
        ),
        Step(
            r"\det M_{\setminus P} = \det M\,\det G_{PP}",
            r"Jacobi's identity for minors of the inverse, here as one of polynomials: $\operatorname{adj} M "
            r"= \det M\,G$, so $\det(\operatorname{adj}M)_{PP} = (\det M)^{|P|-1}\det M_{\setminus P}$. With "
            r"$G_{kk}=\det M_{\setminus k}/\det M$ the probability of the way follows.",
            jacobi(3, "all minors of three units with symbolic weights", 0),
            jacobi(3, "one power of the determinant more", 1),
        ),
        Step(
            r"\det M_{\setminus k}\,E|G_{d+1}| = \sum_{(j_0=k,j_1,\dots,j_d)}\ \prod_{i=1}^d w_{j_i "
            r"j_{i-1}}\ \det M_{\setminus P}",
            r"Unit $j$ is in generation $d+1$ if one of the ways of $d$ steps to it is that of its parents, "
            r"and no two are.",
            identity(
                "all generations of four units from ways and from patterns, weights symbols",
                lambda: means(4),
                lambda: means_of_patterns(4),
                sizes="N = 4",
            ),
            identity(
                "ways in one order only",
                lambda: means(3, skips=True),
                lambda: means_of_patterns(3),
                sizes="N = 3",
            ),
        ),
        Step(
            r"E|G_2| = \sum_{j\ne k} w_{jk}\Big(G_{jj} - \frac{G_{jk}G_{kj}}{G_{kk}}\Big),\qquad "
            r"\sum_d E|G_d| = \sum_j \frac{G_{jk}}{G_{kk}}",
            r"The first is $d=1$, the mean number of units that the start recruits at once. Added up over "
            r"all $d$, every unit of the assembly is counted once, so this is the mean size of derivation "
            r"07.",
            several(
                "both for four units, weights symbols",
                identity(
                    "the second generation",
                    lambda: means(4)[1],
                    lambda: second_generation(4, conditioned=True),
                    sizes="N = 4",
                ),
                identity(
                    "the mean size",
                    lambda: sympy.Add(*means(4)),
                    lambda: mean_size(4, transposed=False),
                    sizes="N = 4",
                ),
            ),
            several(
                "loops through the start are kept, or senders and receivers exchanged",
                identity(
                    "the second generation",
                    lambda: means(3)[1],
                    lambda: second_generation(3, conditioned=False),
                    sizes="N = 3",
                ),
                identity(
                    "the mean size",
                    lambda: sympy.Add(*means(3)),
                    lambda: mean_size(3, transposed=True),
                    sizes="N = 3",
                ),
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
