r"""Derivation 01: the volume of the states from which a start recruits an assembly.

Statement
    Let D be the inhabited region, k a start, A a set of units that holds k, M = diag(U) - W. Then

        vol D                                     = det M                                              (1)
        vol {u in D : k recruits (G_1, ..., G_D)} = dU prod_{d >= 2} prod_{j in G_d}
                                                    (sum_{l in G_{d-1}} w_jl)  f(complement of A)      (2)
        vol {u in D : k recruits exactly A}       = V_k(A) = dU tau_k(A) f(complement of A)            (3)
        vol {u in D : k sets off an avalanche}    = dU det(M without row and column k)                 (4)

    with A the union of the generations G_1 = {k}, ..., G_D. As the stationary law is uniform on D (derivation
    06), p_k V_k(A) / det M is the probability per slow step that k is fed and recruits A.

Assumptions
    N = 3. Weights w_ij >= 0 (row = receiver, self-coupling allowed), thresholds U_i > 0, leaks
    s_i = U_i - sum_j w_ij >= 0, increment 0 < dU <= s_k for the start k.

Source
    M. Schünemann, U. Ernst, M. Kesseböhmer, arXiv:2202.02520.

Method
    Volumes are found by enumeration of phase space, not from another formula: :mod:`exactav.proofs.cells`
    cuts it at all values that anything is compared with. What a unit does after it fired needs no
    breakpoints, since nothing fires twice: even if all units fired once, the start would be at
    u_k + dU - U_k + sum_j w_kj < dU + sum_j w_kj <= U_k, any other unit at less than its row sum.

What is proved
    Which cells there are depends on the order of the breakpoints on each axis; in two networks with the same
    orders the volumes are the same polynomials. Steps 1 to 5 go through the cells of a few random networks,
    step 6 covers all orders there are. Networks in which breakpoints coincide (w_ij = 0, equal weights,
    s_i = 0, ...) are limits: some cells become empty, the others keep their fate. So (1) to (4) are proved,
    by computer, for all networks of three units. For other N nothing is proved here, but the argument of
    step 2 holds for any N and reduces (2), (3) and (4) to (1).

Run as ``python derivations/01_assembly_volume.py``.
"""

import sys
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise, product
from math import prod
from typing import Any

import numpy as np
import sympy

import exactav as ea
from exactav.proofs import cells
from exactav.proofs.cells import RING, UNITS, Pattern, Polynomial, union
from exactav.proofs.checks import Check, in_all
from exactav.proofs.comparison import compare
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import depths, forests, patterns, subsets
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted

Case = tuple[int, int]  # the seed of a random network, and a start
Assembly = frozenset[int]
DU, ALL = RING.gens[12], frozenset(UNITS)
SEEDS = range(12)

# Geometry, each once. Nothing of exactav but the cells is used here.

listed = cache(lambda case: tuple(cells.cells(*case)))
volumes = cache(lambda case: cells.volumes(listed(case)))
in_all_orders = cache(lambda start: cells.volumes_in_all_orders(start))


# Formulas: exactav with a symbol for every weight and threshold. Nothing of the geometry is used here.


@cache
def network() -> ea.Network:
    """Three units, all weights (self-coupling included) and thresholds symbols; leaks follow from them."""
    symbols = RING.symbols
    return ea.Network([symbols[0:3], symbols[3:6], symbols[6:9]], thresholds=symbols[9:12])


def polynomial(expr: sympy.Expr) -> Polynomial:
    return RING.from_expr(sympy.expand(expr))


@cache
def tau(assembly: Assembly, start: int) -> Polynomial:
    return polynomial(ea.tree_weight(network(), assembly, start))


@cache
def f(units: Assembly) -> Polynomial:
    return polynomial(ea.forest_weight(network(), units))


def received(pattern: Pattern) -> Polynomial:
    """prod_{d >= 2} prod_{j in G_d} sum_{l in G_{d-1}} w_jl"""
    weights = network().weights
    sums = (sympy.Add(*(weights[j, i] for i in last)) for last, new in pairwise(pattern) for j in new)
    return polynomial(sympy.Mul(*sums))


def recruited(assembly: Assembly, start: int) -> Polynomial:
    """Right side of (3)."""
    return DU * tau(assembly, start) * f(ALL - assembly)


def minor(start: int) -> Polynomial:
    """det(M without row and column k), the determinant written out by SymPy."""
    return polynomial(network().matrix.minor_submatrix(start, start).det(method="berkowitz"))


# The checks: each takes the formula that it is about, so that a mutant can put another in its place.


def generic(
    claim: str, cases: Iterable[Any], left: Callable[[Any], Any], right: Callable[[Any], Any]
) -> Check:
    kind: Any = "generic network of stated size"
    return in_all(claim, cases, lambda case: compare(left(case), right(case)), kind=kind)


def starts(seeds: Iterable[int]) -> list[Case]:
    return list(product(seeds, UNITS))


def assemblies(start: int) -> list[Assembly]:
    return [A for A in subsets(UNITS) if start in A]


def region(claim: str, seeds: Iterable[int], volume: Callable[[Assembly], Polynomial]) -> Check:
    return generic(
        claim, starts(seeds), lambda case: sum(volumes(case).values(), RING.zero), lambda _: volume(ALL)
    )


def boxes(claim: str, seeds: Iterable[int], product_of: Callable[[Pattern], Polynomial]) -> Check:
    """All patterns occur, and no others, with these volumes, just where the inequalities hold."""

    def found(case: Case) -> list[Any]:
        pairs = product(listed(case), list(patterns(UNITS, case[1])))
        wrong = [(c.state, p) for c, p in pairs if cells.fulfils_inequalities(c, p) != (c.pattern == p)]
        return [wrong, {p: volume for p, volume in volumes(case).items() if p}]

    def formulas(case: Case) -> list[Any]:
        return [[], {p: DU * product_of(p) * f(ALL - union(p)) for p in patterns(UNITS, case[1])}]

    return generic(claim, starts(seeds), found, formulas)


def trees(claim: str, tree: Callable[[Assembly, int], Polynomial]) -> Check:
    """Trees sorted by depth add up to the products of patterns, and all of an assembly to its tree weight."""

    def sums(case: tuple[int, Assembly]) -> list[Any]:
        start, assembly = case
        found: dict[Pattern, Polynomial] = {}
        for parent in forests(assembly, [start]):
            levels = depths(parent, start)
            weight = prod((RING.gens[3 * j + i] for j, i in parent.items()), start=RING.one)
            found[levels] = found.get(levels, RING.zero) + weight
        return [found, sum(found.values(), RING.zero)]

    def formulas(case: tuple[int, Assembly]) -> list[Any]:
        start, assembly = case
        of_assembly = (p for p in patterns(assembly, start) if union(p) == assembly)
        return [{p: received(p) for p in of_assembly}, tree(assembly, start)]

    return generic(claim, [(k, A) for k in UNITS for A in assemblies(k)], sums, formulas)


def by_assembly(claim: str, seeds: Iterable[int], volume: Callable[[Assembly, int], Polynomial]) -> Check:
    def found(case: Case) -> dict[Assembly, Polynomial]:
        parts = {A: [v for p, v in volumes(case).items() if union(p) == A] for A in assemblies(case[1])}
        return {A: sum(several, RING.zero) for A, several in parts.items()}

    return generic(
        claim, starts(seeds), found, lambda case: {A: volume(A, case[1]) for A in assemblies(case[1])}
    )


def normaliser(claim: str, seeds: Iterable[int], minor_of: Callable[[int], Polynomial]) -> Check:
    def sums(case: Case) -> list[Polynomial]:
        weights = (tau(A, case[1]) * f(ALL - A) for A in assemblies(case[1]))
        return [sum(weights, RING.zero), volumes(case)[()]]

    def formulas(case: Case) -> list[Polynomial]:
        return [minor_of(case[1]), f(ALL) - DU * minor_of(case[1])]

    return generic(claim, starts(seeds), sums, formulas)


def every_order(claim: str, forest: Callable[[Assembly], Polynomial]) -> Check:
    """(1) and (2) in every combination of orders; (3) and (4) follow by steps 3 and 5."""

    def verdict(start: int) -> Verdict:
        expected = {p: DU * received(p) * forest(ALL - union(p)) for p in patterns(UNITS, start)}
        expected[()] = forest(ALL) - sum(expected.values(), RING.zero)
        found = in_all_orders(start)
        occur = compare(set(found), set(expected))
        return all_hold(
            [occur, *(same(found[p], expected[p], start).at(str(p)) for p in {*found} & {*expected})]
        )

    def same(found: Any, volume: Polynomial, start: int) -> Verdict:
        right = cells.coefficients(volume, start)
        if right is None:
            return refuted(f"{volume} is not linear in each row of symbols")
        orders = np.argwhere((found != right[None, :, None, :, None, :]).any(axis=(1, 3, 5)))
        return refuted(f"the volume is another in orders {orders[0].tolist()}") if orders.size else HOLDS

    return in_all(claim, UNITS, verdict, kind="generic network of stated size")


DERIVATION = Derivation(
    id="01",
    title="the volume of the states from which a start recruits an assembly",
    statement=(
        r"Let $D$ be the inhabited region of a network, $k$ a start, $A\ni k$ a set of units with "
        r"complement $\bar A$, and $M=\mathrm{diag}(U)-W$. Then"
        r"\begin{align} \mathrm{vol}&\,D = \det M,\\"
        r"\mathrm{vol}&\{u\in D: k \text{ recruits } (G_1,\dots,G_D)\}\nonumber\\ "
        r"&= \Delta u \prod_{d\ge2}\prod_{j\in G_d}\sum_{l\in G_{d-1}} w_{jl}\; f(\bar A),\\"
        r"\mathrm{vol}&\{u\in D: k \text{ recruits exactly } A\} = \Delta u\;\tau_k(A)\,f(\bar A),\\"
        r"\mathrm{vol}&\{u\in D: k \text{ sets off an avalanche}\} = \Delta u\,\det M_{\setminus k},"
        r"\end{align} with $\tau_k(A)=\det L[A]_{\setminus k}$, $f(C)=\det(L[C]+\mathrm{diag}(s_C))$, $L[S]$ "
        r"the Laplacian of the subgraph induced on $S$, and $A$ the union of the generations "
        r"$G_1=\{k\},\dots,G_D$."
    ),
    assumptions=(
        r"$N=3$, by computer for all of them; steps 2 to 4 hold for any $N$ and reduce the rest to (1).",
        r"$w_{ij}\ge0$ (row = receiver, self-coupling allowed), $U_i>0$, $s_i=U_i-\sum_jw_{ij}\ge0$.",
        r"$0<\Delta u\le s_k$ for the start $k$.",
    ),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\mathrm{vol}\,D = \det M",
            r"Phase space is cut at all values that decide whether a unit fires or is held in a forbidden "
            r"set. In each of these boxes every state has the same fate; the volumes of the boxes without a "
            r"forbidden set are polynomials in the weights and add up to the determinant. Once every unit "
            r"has fired no set $I$ is forbidden: let $i$ be the unit of $I$ whose last firing is the "
            r"longest ago; it was left with at least 0, and since then every $j\in I$ fired, so "
            r"$u_i\ge\sum_{j\in I}w_{ij}$.",
            region("all inhabited boxes of twelve random networks, as polynomials in 13 symbols", SEEDS, f),
            region(
                "the region has the volume of all states, U_0 U_1 U_2",
                [0],
                lambda _: prod(RING.gens[9:12], start=RING.one),
            ),
        ),
        Step(
            r"U_j-\sum_{i\in G_1\cup\dots\cup G_{d-1}}w_{ji} \;\le\; u_j \;<\; U_j-\sum_{i\in "
            r"G_1\cup\dots\cup G_{d-2}}w_{ji}\qquad (j\in G_d)",
            r"This is when $j$ fires in generation $d$ and not before, an interval of length $\sum_{l\in "
            r"G_{d-1}}w_{jl}$; the start needs $U_k-\Delta u\le u_k<U_k$, a silent unit $u_i<U_i-\sum_{j\in "
            r"A}w_{ij}$. Units of $A$ are in no forbidden set: $k$ is at its row sum or above, since "
            r"$\Delta u\le s_k$, so units of $G_2$ are above all they can receive from others than $k$, and "
            r"so on. So the silent units range over the inhabited region of their own network with lowered "
            r"thresholds, whose leaks are the $s_i$.",
            boxes("the volumes of all patterns, same networks", SEEDS, lambda p: received(p)),
            boxes(
                "patterns of three generations have weight 1",
                [0],
                lambda p: received(p) if len(p) < 3 else RING.one,
            ),
        ),
        Step(
            r"\sum_{(G_1,\dots,G_D)}\ \prod_{d\ge2}\prod_{j\in G_d}\sum_{l\in G_{d-1}}w_{jl} = \tau_k(A)",
            r"To multiply out is to pick for each unit one parent in the generation before: a tree rooted "
            r"at $k$, sorted by depth. The sum over all trees is a determinant (derivations 02 and 03).",
            trees("all spanning trees of three units, listed one by one", lambda A, k: tau(A, k)),
            trees("the root may be any unit of A", lambda A, _: tau(A, min(A))),
        ),
        Step(
            r"\mathrm{vol}\{u\in D: k \text{ recruits exactly } A\} = \Delta u\;\tau_k(A)\,f(\bar A)",
            r"Sum the volumes of step 2 over all patterns with union $A$, by step 3.",
            by_assembly("the volumes of all assemblies, same networks", SEEDS, recruited),
            by_assembly("the forest is one of A itself", [0], lambda A, k: DU * tau(A, k) * f(A)),
        ),
        Step(
            r"\Delta u\sum_{A\ni k}\tau_k(A)\,f(\bar A) = \Delta u\,\det M_{\setminus k}",
            r"Spanning forests with the two roots $k$ and leak, cut at the tree of $k$ (derivation 04). The "
            r"rest of $D$ sets off nothing.",
            normaliser(
                "the sum over assemblies, and the volume without avalanche, same networks", SEEDS, minor
            ),
            normaliser("any minor of M will do", [0], lambda k: minor((k + 1) % 3)),
        ),
        Step(
            r"\text{(1) to (4) in every order that the breakpoints can have}",
            r"Which boxes there are depends on the order of the breakpoints on the three axes. All orders "
            r"are found by exact elimination, and the volumes in all of them from one run of the dynamics "
            r"for each triple of intervals. Networks in which breakpoints coincide are limits: some boxes "
            r"become empty.",
            every_order("all 11,232 combinations of orders of three axes and starts", f),
            every_order("the silent units do not matter", lambda C: f(C) if len(C) == 3 else RING.one),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
