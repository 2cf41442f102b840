r"""Derivation 03: the pattern weights of an assembly add up to its tree weight.

Statement
    For a set A of units and a start k in A, the sum over all patterns (G_1 = {k}, G_2, ..., G_D) with union A
    of prod_{d >= 2} prod_{j in G_d} (sum_{l in G_{d-1}} w_jl) is the tree weight tau_k(A).

Assumptions
    None on the weights: both sides are polynomials in the w_ij.

Source
    arXiv:2202.02520.

Run as ``python derivations/03_patterns_and_trees.py``.
"""

import sys
from collections.abc import Iterator
from itertools import pairwise, product
from math import prod

import sympy
from sympy import binomial

from exactav.proofs import bijection, telescoping
from exactav.proofs.checks import Check, exactly, identity, several
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    ParentMap,
    depths,
    determinant,
    forests,
    laplacian,
    patterns,
    weight,
    weight_of,
    without,
)

Pattern = tuple[frozenset[int], ...]
Edges = frozenset[tuple[int, int]]


def whole_patterns(n: int, start: int) -> list[Pattern]:
    """The patterns in which all n units fire."""
    return [pattern for pattern in patterns(range(n), start) if sum(map(len, pattern)) == n]


def pattern_weight(pattern: Pattern, *, memory: int = 1) -> sympy.Expr:
    """prod over generations and their units of what the ``memory`` generations before send (1 is right)."""
    factors = [
        sympy.Add(*(weight(j, i) for sent in pattern[max(0, d - memory) : d] for i in sent))
        for d in range(1, len(pattern))
        for j in pattern[d]
    ]
    return sympy.Mul(*factors)


def choices(pattern: Pattern) -> list[ParentMap]:
    """All ways to give each unit a parent in the generation before it."""
    units = [(j, sorted(sent)) for sent, generation in pairwise(pattern) for j in sorted(generation)]
    return [
        dict(zip([j for j, _ in units], parents, strict=True))
        for parents in product(*(senders for _, senders in units))
    ]


def multiplied_out(n: int, claim: str, *, memory: int) -> Check:
    """Each pattern's product, multiplied out, is the sum over parents in the generation before."""
    return identity(
        claim,
        lambda: [pattern_weight(pattern, memory=memory) for pattern in whole_patterns(n, 0)],
        lambda: [sympy.Add(*map(weight_of, choices(pattern))) for pattern in whole_patterns(n, 0)],
        sizes=f"N = {n}",
    )


def trees_by_depth(up_to: int, claim: str, *, largest_duration: int) -> Check:
    """Every tree is the choice of parents of one pattern, that of its depths, and of no other."""
    cases = [(n, root) for n in range(1, up_to + 1) for root in range(n)]

    def trees() -> Iterator[tuple[int, Edges]]:
        return ((root, edges(tree)) for n, root in cases for tree in forests(range(n), [root]))

    def chosen() -> Iterator[tuple[Pattern, Edges]]:
        short = (p for case in cases for p in whole_patterns(*case) if len(p) <= largest_duration)
        return ((pattern, edges(parent)) for pattern in short for parent in choices(pattern))

    return bijection(
        claim,
        trees,
        chosen,
        lambda tree: (depths(dict(tree[1]), tree[0]), tree[1]),
        lambda choice: (min(choice[0][0]), choice[1]),
        sizes=f"N <= {up_to}",
    )


def edges(parent: ParentMap) -> Edges:
    """(unit, parent) of all units."""
    return frozenset(parent.items())


def sum_of_patterns(n: int, claim: str, *, memory: int) -> Check:
    """The sum of all pattern weights is the determinant."""
    return identity(
        claim,
        lambda: determinant(without(laplacian(range(n), leak=False), 0)),
        lambda: sympy.Add(*(pattern_weight(pattern, memory=memory) for pattern in whole_patterns(n, 0))),
        sizes=f"N = {n}",
    )


m, i = sympy.symbols("m i", integer=True, nonnegative=True)
n = sympy.Symbol("n", integer=True, positive=True)
x = sympy.Symbol("x", positive=True)


def onward(m: sympy.Expr, n: sympy.Expr) -> sympy.Expr:
    """How often m more units follow a generation of n units, by the closed form."""
    return n * (n + m) ** (m - 1)


def by_generations(claim: str, factor: sympy.Expr) -> Check:
    """Cayley's formula from the size of the next generation; ``factor`` = n is right."""
    return several(
        claim,
        identity(
            "i of m units are next, all m - i others follow those",
            lambda: binomial(m, i) * factor**i * onward(m - i, i),
            lambda: binomial(m, i) * n**i * i * m ** (m - i - 1),
        ),
        telescoping(
            "the sum over i, with x for m in powers",
            binomial(m, i) * n**i * i * x ** (m - i),
            (i, 0, m),
            m * n * (n + x) ** (m - 1),
            n=m,
        ),
        identity(
            "with x = m, none left, and n = 1, m = N - 1",
            lambda: [
                (m * n * (n + x) ** (m - 1)).subs(x, m) / m,
                onward(sympy.S.Zero, n),
                onward(n - 1, sympy.S.One),
            ],
            lambda: [onward(m, n), 1, n ** (n - 2)],
        ),
    )


def number_of_patterns(n: int, start: int) -> int:
    """Trees counted pattern by pattern, all weights 1."""
    return sum(
        prod(len(sent) ** len(generation) for sent, generation in pairwise(pattern))
        for pattern in whole_patterns(n, start)
    )


DERIVATION = Derivation(
    id="03",
    title="the pattern weights of an assembly add up to its tree weight",
    statement=(
        r"For a set $A$ of units and $k\in A$,\[\sum_{(G_1,\dots,G_D)}\ \prod_{d\ge2}\ \prod_{j\in G_d}\ "
        r"\sum_{l\in G_{d-1}} w_{jl} = \tau_k(A),\]the sum over all sequences of disjoint nonempty sets "
        r"with $G_1=\{k\}$ and union $A$."
    ),
    assumptions=(r"None on the weights: both sides are polynomials in the $w_{ij}$.",),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\prod_{d\ge2}\ \prod_{j\in G_d}\ \sum_{l\in G_{d-1}} w_{jl} = \sum_{\pi} \prod_{j\ne k} "
            r"w_{j\,\pi(j)}",
            r"Multiplied out, the product is a sum over all maps $\pi$ that give each unit of a generation "
            r"one parent in the generation before.",
            multiplied_out(4, "every pattern of four units with symbolic weights", memory=1),
            multiplied_out(4, "parents may be in any of the last two generations", memory=2),
        ),
        Step(
            r"\{\text{spanning trees of } A \text{ rooted at } k\} \;\leftrightarrow\; "
            r"\{(G_1,\dots,G_D;\,\pi)\},\qquad G_d=\{j : \text{depth } d-1\}",
            r"Such a map leads every unit of $G_d$ to $k$ in $d-1$ steps, so it is a tree whose depths are "
            r"the pattern; and every tree arises so, once, from the pattern of its own depths.",
            trees_by_depth(5, "all trees of up to five units, for every root", largest_duration=5),
            trees_by_depth(4, "patterns of up to three generations are enough", largest_duration=3),
        ),
        Step(
            r"\sum_{(G_1,\dots,G_D)}\ \prod_{d\ge2}\ \prod_{j\in G_d}\ \sum_{l\in G_{d-1}} w_{jl} "
            r"= \sum_T\prod_{i\ne k} w_{i\,T(i)} = \det L[A]_{\setminus k}",
            r"Sum the first step over all patterns, and use derivation 02 for the determinant.",
            sum_of_patterns(4, "sum and determinant, for four units with symbolic weights", memory=1),
            sum_of_patterns(4, "units may be recruited by any earlier generation", memory=4),
        ),
        Step(
            r"\sum_{(n_2,\dots,n_D)} \frac{(N-1)!}{n_2!\cdots n_D!}\ \prod_{d\ge2} n_{d-1}^{\,n_d} = "
            r"N^{N-2},\qquad n_1=1",
            r"With all weights 1 this counts the trees of $N$ labelled units with a given root: Cayley's "
            r"formula, sorted by the sizes of the generations. By induction on $m$ there are "
            r"$n(n+m)^{m-1}$ ways for $m$ more units to follow a generation of $n$: "
            r"$\sum_i\binom min^i\,i\,m^{m-i-1}$ if $i$ are next.",
            by_generations("the recursion, for all n and m", n),
            by_generations("n + 1 for n", n + 1),
            also=(
                exactly(
                    "patterns counted for 1 to 6 units",
                    range(1, 7),
                    lambda n: number_of_patterns(n, 0),
                    lambda n: n ** (n - 2) if n > 1 else 1,
                ),
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
