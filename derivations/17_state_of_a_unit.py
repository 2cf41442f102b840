r"""Derivation 17: the state of one unit, the units near threshold, and who started.

Statement
    Let u be uniform on the inhabited region D, G = M^{-1}, k a unit, and A the assembly of an avalanche that
    starts in k. (1) u_k has on [0, U_k) the density

        p_k(x) = G_kk P(sum_{j in A} w_kj <= x | start k),

    self-weight included, as A holds k. (2) So a slow step that feeds k any dU <= U_k sets off an avalanche
    with probability int p_k over [U_k - dU, U_k), which is dU G_kk for dU <= s_k. (3) For every set S,
    P(u_i >= U_i - s_i for all i in S) = prod_{i in S} s_i det G_SS. (4) The number K of these units has the
    generating function E z^K = det(1 + (z - 1) diag(s) G) = det(L + z diag(s)) / det M. (5) Given the
    assembly A, the start is k with probability proportional to p_k tau_k(A). (6) In homogeneous networks, w =
    alpha/N, the density from l alpha/N to (l+1) alpha/N is

        sum_{L=1}^l C(N-1, L-1) L^(L-2) (alpha/N)^(L-1) (1 - L alpha/N)^(N-L-1),

    and K - 1 is binomial, of N - 1 trials that succeed with probability 1 - alpha.

Assumptions
    w_ij >= 0, s_i >= 0, M nonsingular. Where k has no leak, P(. | start k) is the law of a wave: its weights
    tau_k(A) f(complement of A) over det(M without k).

Source
    Found here; the region and its burning test are those of derivation 05, arXiv:2202.02520.

Run as ``python derivations/17_state_of_a_unit.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from math import prod
from typing import Any

import sympy
from sympy import binomial

import exactav as ea
from exactav.proofs import Blocks, Check, bijection, eigenvalues, exactly, identity, in_all, several
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    LEAK,
    determinant,
    forests,
    laplacian,
    root_of,
    subsets,
    weight,
    weight_of,
    without,
)
from exactav.proofs.verdicts import HOLDS, Verdict, refuted

Rows = tuple[tuple[int, ...], ...]
Plain = tuple[Rows, tuple[int, ...]]  # integer weights and thresholds
State = tuple[int, ...]
Case = tuple[Plain, int]  # a network and one of its units
Units = frozenset[int]
Forest = frozenset[tuple[int, int]]  # (unit, parent)

N, L = sympy.symbols("N L", integer=True, positive=True)
el, K = sympy.symbols("l K", integer=True)
alpha, z, k = sympy.symbols("alpha z k")


# Integer networks, counted: nothing of exactav is used here.


def networks(count: int, n: int, largest_volume: int = 60) -> list[Plain]:
    """Random integer networks: non-symmetric, with self-coupling and zeros; some units without leak."""
    rng = random.Random(1700 + n)
    found: list[Plain] = []
    while len(found) < count:
        weights = tuple(tuple(rng.choice([0, 0, 1, 1, 2]) for _ in range(n)) for _ in range(n))
        net = weights, tuple(sum(row) + rng.choice([0, 1, 1, 2]) for row in weights)
        if all(net[1]) and 0 < matrix(net).det() <= largest_volume:
            found.append(net)
    return found


def matrix(net: Plain) -> sympy.Matrix:
    """M = diag(U) - W."""
    return sympy.diag(*net[1]) - sympy.Matrix(net[0])


def leaks(net: Plain) -> list[int]:
    """s_i = U_i - sum_j w_ij."""
    return [threshold - sum(row) for row, threshold in zip(*net, strict=True)]


def sent(net: Plain, unit: int, senders: Units) -> int:
    """What a unit receives from ``senders``."""
    return sum(net[0][unit][j] for j in senders)


def unburnt(net: Plain, state: Mapping[int, int], held: Units = frozenset()) -> Units:
    """What is left when units burn one by one, those ``held`` never; all others must be in the state."""
    left = frozenset(range(len(net[1])))
    while burning := {i for i in left - held if state[i] >= sent(net, i, left)}:
        left -= {min(burning)}
    return left


@cache
def inhabited(net: Plain) -> tuple[State, ...]:
    """The integer points of D: no set is forbidden, all sets are tried."""
    sets = [units for units in subsets(range(len(net[1]))) if units]
    return tuple(
        state
        for state in product(*map(range, net[1]))
        if not any(all(state[i] < sent(net, i, units) for i in units) for units in sets)
    )


def listed(net: Plain, units: Units, root: int) -> int:
    """The weight of all forests of some units with a root, a unit among them or the leak, one by one."""
    s = leaks(net)
    maps = forests(units, [root])
    return sum(prod(s[i] if j == LEAK else net[0][i][j] for i, j in parent.items()) for parent in maps)


@cache
def recruited(net: Plain, k: int) -> Mapping[Units, int]:
    """tau_k(A) f(complement of A) of every A that holds k."""
    units = frozenset(range(len(net[1])))
    return {A: listed(net, A, k) * listed(net, units - A, LEAK) for A in subsets(units) if k in A}


def returned(net: Plain, k: int) -> Counter[int]:
    """The same weights by what A returns to k."""
    found: Counter[int] = Counter()
    for assembly, volume in recruited(net, k).items():
        found[sent(net, k, assembly)] += volume
    return found


NETWORKS = [net for n in (1, 2, 3, 4) for net in networks(6, n)]
CASES: list[Case] = [(net, k) for net in NETWORKS for k in range(len(net[1]))]


# Every state of every network of four units, by what each unit can bear: a unit i in state u_i burns while S
# is unburnt (i among S) iff u_i >= w_i(S). As weights are not negative, with S it can bear all subsets of S.

EVERY = 15
Bears = frozenset[int]  # sets of units, as bit masks


@cache
def bearings(unit: int) -> tuple[Bears, ...]:
    """All families of sets that hold a unit, with each set all of its subsets that do."""
    sets = [S for S in range(EVERY + 1) if S >> unit & 1]
    smaller = {S: {S & ~(1 << j) for j in range(4) if j != unit} for S in sets}
    families = (frozenset(S for b, S in enumerate(sets) if bits >> b & 1) for bits in range(1 << len(sets)))
    return tuple(family for family in families if all(smaller[S] <= family for S in family))


def burnt_down(bears: Mapping[int, Bears], left: int) -> int:
    """What is left of a set when the units that are told of burn one by one."""
    while burning := [i for i in bears if left >> i & 1 and left in bears[i]]:
        left &= ~(1 << burning[0])
    return left


def forbidden(bears: Mapping[int, Bears]) -> Bears:
    """The sets that none of their units that are told of bears; all are tried."""
    return frozenset(S for S in range(1, EVERY + 1) if not any(S in bears[i] for i in bears))


def every_state(claim: str, *, in_its_turn: bool) -> Check:
    """In D iff unit 0 bears what is left without it, and the rest burns then."""

    def verdict(others: Mapping[int, Bears]) -> Verdict:
        left, bad = burnt_down(others, EVERY), forbidden(others)
        burns = not burnt_down(others, left & ~1)
        for own in bearings(0):
            if (bad <= own) != (burns and (left if in_its_turn else EVERY) in own):
                return refuted(f"it is not so for {sorted(own)}")
        return HOLDS

    cases = [dict(zip((1, 2, 3), families, strict=True)) for families in product(*map(bearings, (1, 2, 3)))]
    return in_all(claim, cases, verdict, kind="generic network of stated size", sizes="N = 4")


def every_near_state(claim: str, *, burnt: bool) -> Check:
    """With units of S that bear all sets, in D iff the others burn after S, or, ``burnt`` false, before."""

    def verdict(S: int) -> Verdict:
        rest = [i for i in range(4) if not S >> i & 1]
        for families in product(*map(bearings, rest)):
            others = dict(zip(rest, families, strict=True))
            after, before = burnt_down(others, EVERY & ~S) == 0, burnt_down(others, EVERY) == S
            if all(bad & S for bad in forbidden(others)) != (after if burnt else before):
                return refuted(f"it is not so for {others}")
        return HOLDS

    return in_all(claim, range(1, EVERY + 1), verdict, kind="generic network of stated size", sizes="N = 4")


def fibres(claim: str, *, with_k: bool) -> Check:
    """Numbers of states of the others by what is left while k is held, and heights of k beside them."""

    def counted(case: Case) -> Any:
        net, k = case
        found: Counter[Units] = Counter()
        bars: dict[State, Any] = {}
        for state in inhabited(net):
            left = unburnt(net, dict(enumerate(state)), frozenset({k}))
            others = state[:k] + state[k + 1 :]
            found[left] += others not in bars
            bars.setdefault(others, (left, set()))[1].add(state[k])
        states = {(left, frozenset(heights)) for left, heights in bars.values()}
        return {left: count for left, count in found.items() if count}, states

    def expected(case: Case) -> Any:
        net, k = case
        weights = {assembly: count for assembly, count in recruited(net, k).items() if count}
        open_ = {A: count for A, count in weights.items() if sent(net, k, A) < net[1][k]}
        least = {A: sent(net, k, A if with_k else A - {k}) for A in open_}
        return open_, {(A, frozenset(range(least[A], net[1][k]))) for A in open_}

    return exactly(claim, CASES, counted, expected)


def thresholds(n: int) -> list[sympy.Expr]:
    """U_i = sum_j w_ij + s_i in symbols, self-coupling included."""
    return [sympy.Add(*(weight(i, j) for j in range(n)), weight(i, LEAK)) for i in range(n)]


def coupled(units: Units, bars: Mapping[int, sympy.Expr]) -> sympy.Matrix:
    """diag(bars) - W on some units: its determinant is the volume of their inhabited region."""
    listed = sorted(units)
    return sympy.Matrix(
        len(listed),
        len(listed),
        lambda a, b: (bars[listed[a]] if a == b else 0) - weight(listed[a], listed[b]),
    )


def parts(n: int, claim: str, *, lowered: bool) -> Check:
    """The matrices of both parts of the units other than k, for all sets A that hold k = 0."""
    every, u = frozenset(range(n)), thresholds(n)

    def regions() -> list[sympy.Expr]:
        found = []
        for assembly in subsets(every):
            if 0 in assembly:
                received = {i: sympy.Add(*(weight(i, j) for j in assembly)) for i in every}
                inner = coupled(assembly - {0}, received)
                bars = {i: u[i] - (received[i] if lowered else 0) for i in every - assembly}
                found += [determinant(inner), determinant(coupled(every - assembly, bars))]
        return found

    def weights() -> list[sympy.Expr]:
        found = []
        for assembly in subsets(every):
            if 0 in assembly:
                tree = without(laplacian(assembly, leak=False), sorted(assembly).index(0))
                found += [determinant(tree), determinant(laplacian(every - assembly, leak=True))]
        return found

    return identity(claim, regions, weights, sizes=f"N = {n}")


# One forest of all units, and the tree of k in it.


def whole(n: int) -> list[Forest]:
    """The forests of all units rooted in the leak."""
    return [frozenset(parent.items()) for parent in forests(range(n), [LEAK])]


def cut(n: int, *, outside: bool) -> list[tuple[Forest, int]]:
    """Forests rooted in k = 0 and the leak, with a parent of k: the leak, or a unit outside the tree of k."""
    found = []
    for parent in forests(range(n), [0, LEAK]):
        joined = {i for i in range(n) if root_of(parent, i) == 0}
        allowed = [LEAK, *(j for j in range(1, n) if not (outside and j in joined))]
        found += [(frozenset(parent.items()), j) for j in allowed]
    return found


def regrafted(n: int, claim: str, *, outside: bool) -> Check:
    """A forest is a tree of k, a forest of the others, and a parent of k that is not in the tree."""

    def taken_apart(forest: Forest) -> tuple[Forest, int]:
        parent = dict(forest)
        return frozenset((i, j) for i, j in forest if i != 0), parent[0]

    def joined(pair: tuple[Forest, int]) -> Forest:
        return pair[0] | {(0, pair[1])}

    return bijection(
        claim,
        lambda: whole(n),
        lambda: cut(n, outside=outside),
        taken_apart,
        joined,
        sizes=f"N = {n}",
        weight_a=lambda forest: weight_of(dict(forest)),
        weight_b=lambda pair: weight_of(dict(pair[0])) * weight(0, pair[1]),
    )


def densities(claim: str, *, below: bool) -> Check:
    """Inhabited integer states by u_k, against weights of what is returned."""

    def counted(case: Case) -> list[int]:
        net, k = case
        found = Counter(state[k] for state in inhabited(net))
        return [found[x] for x in range(net[1][k])]

    def expected(case: Case) -> list[int]:
        net, k = case
        weights = returned(net, k).items()
        return [sum(v for r, v in weights if r < x + below) for x in range(net[1][k])]

    return exactly(claim, CASES, counted, expected)


def state_laws(claim: str) -> Check:
    """The heights of the package's state laws, against counts."""

    def heights(case: Case) -> list[sympy.Expr]:
        net, k = case
        found = ea.state_law(made(net), k)
        return [found.density(x) for x in range(net[1][k])]

    def counted(case: Case) -> list[sympy.Expr]:
        net, k = case
        states = inhabited(net)
        found = Counter(state[k] for state in states)
        return [sympy.Rational(found[x], len(states)) for x in range(net[1][k])]

    return exactly(claim, CASES, heights, counted)


def made(net: Plain) -> ea.Network:
    """The package's network."""
    return ea.Network(net[0], net[1])


def firings(claim: str, law: Callable[[Case], list[sympy.Expr]]) -> Check:
    """How many inhabited states fire unit k when it is fed 1 .. U_k, against a law times det M."""

    def counted(case: Case) -> list[int]:
        net, k = case
        steps = range(1, net[1][k] + 1)
        return [sum(state[k] + step >= net[1][k] for state in inhabited(net)) for step in steps]

    return exactly(claim, CASES, counted, law)


def last_part(case: Case) -> list[int]:
    """det M times the integral of the density over [U_k - dU, U_k), for dU = 1 .. U_k."""
    net, k = case
    weights, threshold = returned(net, k), net[1][k]
    return [
        sum(volume * (threshold - max(r, threshold - step)) for r, volume in weights.items())
        for step in range(1, threshold + 1)
    ]


def linear(case: Case) -> list[int]:
    """det M dU G_kk."""
    net, k = case
    return [step * sum(recruited(net, k).values()) for step in range(1, net[1][k] + 1)]


def within_leak(claim: str, *, self_weight: bool) -> Check:
    """U_k - s_k is at least what any A returns: the rest are weights."""
    u = thresholds(4)[0] - weight(0, LEAK) - (0 if self_weight else weight(0, 0))
    return identity(
        claim,
        lambda: [u - sympy.Add(*(weight(0, j) for j in A)) for A in subsets(range(4)) if 0 in A],
        lambda: [sympy.Add(*(weight(0, j) for j in set(range(4)) - A)) for A in subsets(range(4)) if 0 in A],
        sizes="N = 4",
    )


def near(claim: str, *, complement: bool) -> Check:
    """Inhabited states with all of S near threshold, for all S, against prod s_i det(M without S)."""

    def counted(net: Plain) -> dict[Units, int]:
        bars = [sum(row) for row in net[0]]
        return {
            S: sum(all(state[i] >= bars[i] for i in S) for state in inhabited(net))
            for S in subsets(range(len(net[1])))
        }

    def expected(net: Plain) -> dict[Units, int]:
        every, s = frozenset(range(len(net[1]))), leaks(net)
        found = {}
        for S in subsets(every):
            rest = sorted(every - S if complement else S)
            found[S] = int(prod(s[i] for i in S) * matrix(net).extract(rest, rest).det())
        return found

    return exactly(claim, NETWORKS, counted, expected)


def jacobi(n: int, claim: str, *, complement: bool) -> Check:
    """det(M without S) = det M det G_SS for all S, in symbols."""
    whole_matrix = laplacian(range(n), leak=True)
    total = determinant(whole_matrix)

    def minors() -> list[sympy.Expr]:
        found = []
        for S in subsets(range(n)):
            rest = sorted(set(range(n)) - S if complement else S)
            found.append(determinant(whole_matrix.extract(rest, rest)) * total ** max(len(S) - 1, 0))
        return found

    def of_inverse() -> list[sympy.Expr]:
        cofactors = whole_matrix.adjugate(method="berkowitz")
        return [
            determinant(cofactors.extract(sorted(S), sorted(S))) * (1 if S else total)
            for S in subsets(range(n))
        ]

    return identity(claim, minors, of_inverse, sizes=f"N = {n}")


def generating(n: int, claim: str, *, roots: bool) -> Check:
    """det(L + z diag(s)) sums over forests, with z for each root; or for each unit."""

    def listed() -> sympy.Expr:
        terms = []
        for parent in forests(range(n), [LEAK]):
            count = sum(j == LEAK for j in parent.values()) if roots else n
            terms.append(weight_of(parent) * z**count)
        return sympy.Add(*terms)

    leak = sympy.diag(*(weight(i, LEAK) for i in range(n)))
    return identity(
        claim, lambda: determinant(laplacian(range(n), leak=False) + z * leak), listed, sizes=f"N = {n}"
    )


def expanded(n: int, claim: str, factor: sympy.Expr) -> Check:
    """det(1 + (z - 1) K) = sum over S of (z - 1)^|S| det K_SS, for any matrix K."""
    kernel = sympy.Matrix(n, n, lambda i, j: sympy.Symbol(f"K_{i}{j}"))
    return identity(
        claim,
        lambda: determinant(sympy.eye(n) + (z - 1) * kernel),
        lambda: sympy.Add(
            *(factor ** len(S) * determinant(kernel.extract(sorted(S), sorted(S))) for S in subsets(range(n)))
        ),
        sizes=f"N = {n}",
    )


def numbers_near(claim: str) -> Check:
    """The package's laws of the number near threshold, against counts."""

    def counted(net: Plain) -> dict[int, sympy.Expr]:
        states, bars = inhabited(net), [sum(row) for row in net[0]]
        found = Counter(sum(x >= bar for x, bar in zip(state, bars, strict=True)) for state in states)
        return {count: sympy.Rational(number, len(states)) for count, number in found.items()}

    return exactly(claim, NETWORKS, lambda net: dict(ea.near_threshold_law(made(net))), counted)


def balanced(n: int, claim: str, *, left: bool) -> Check:
    """The tree weights of a set of n units are a null vector of its Laplacian, from the left."""
    matrix_of_all = laplacian(range(n), leak=False)

    def products() -> list[sympy.Expr]:
        trees = sympy.Matrix([[determinant(without(matrix_of_all, k)) for k in range(n)]])
        return list(trees * matrix_of_all if left else matrix_of_all * trees.T)

    return identity(claim, products, lambda: [0] * n, sizes=f"N = {n}")


def bayes(claim: str) -> Check:
    """The law of the start given each assembly that can fire, from all starts; the package's."""

    def weights(net: Plain, A: Units) -> dict[int, int]:
        found = {start: (start + 1) * recruited(net, start)[A] for start in A}
        return {start: value for start, value in found.items() if value}

    def normalised(found: Mapping[int, int]) -> dict[int, sympy.Expr]:
        return {start: sympy.Rational(value, sum(found.values())) for start, value in found.items()}

    def can(net: Plain) -> list[Units]:
        return [A for A in subsets(range(len(net[1]))) if weights(net, A)]

    def package(net: Plain) -> list[dict[Any, sympy.Expr]]:
        size = len(net[1])
        drive = [sympy.Rational(2 * (i + 1), size * (size + 1)) for i in range(size)]
        driven = ea.Network(net[0], net[1], drive=drive)
        return [dict(ea.start_law(driven, A)) for A in can(net)]

    return exactly(claim, NETWORKS, package, lambda net: [normalised(weights(net, A)) for A in can(net)])


# Homogeneous networks of any size


def size_probability(size: sympy.Expr) -> sympy.Expr:
    """P(L) of derivation 08, with P(N) as its value at L = N."""
    bulk = binomial(N - 1, size - 1) * size ** (size - 2) * (alpha / N) ** (size - 1)
    return bulk * (1 - size * alpha / N) ** (N - size - 1) * N * (1 - alpha) / (N - (N - 1) * alpha)


def height(size: sympy.Expr) -> sympy.Expr:
    """What assemblies of one size add to the density."""
    bulk = binomial(N - 1, size - 1) * size ** (size - 2) * (alpha / N) ** (size - 1)
    return bulk * (1 - size * alpha / N) ** (N - size - 1)


def steps_of_density(claim: str, power: sympy.Expr) -> Check:
    """G_kk P(L) for all N and L, with G_kk from eigenvalues."""
    matrix_of_all = Blocks.of([N], [1], [[-alpha / N]])
    green = (1 - alpha + alpha / N) / (1 - alpha)
    return several(
        claim,
        eigenvalues("det M for all N", matrix_of_all, determinant=1 - alpha),
        eigenvalues(
            "det(M without k) for all N", matrix_of_all.without(0), determinant=1 - alpha + alpha / N
        ),
        identity("G_kk P(L) for all N and L", lambda: green * size_probability(L), lambda: height(L) * power),
    )


def binomial_law(claim: str, trials: sympy.Expr) -> Check:
    """det(M + (z - 1) diag(s)) / det M for all N, w = alpha/N."""
    s = 1 - alpha
    return eigenvalues(
        claim,
        Blocks.of([N], [1 + (z - 1) * s], [[-alpha / N]]),
        determinant=(1 - alpha) * z * (alpha + s * z) ** trials,
    )


DERIVATION = Derivation(
    id="17",
    title="the state of one unit, the units near threshold, and who started",
    statement=(
        r"Let $u$ be uniform on the inhabited region $D$, and $G=M^{-1}$. Then $u_k$ has on $[0,U_k)$ the "
        r"density \[ p_k(x)=G_{kk}\,P\Bigl(\sum_{j\in A}w_{kj}\le x \Bigm| \text{start } k\Bigr), \] so "
        r"that a slow step that feeds $k$ any $\Delta u\le U_k$ sets off an avalanche with probability "
        r"$\int_{U_k-\Delta u}^{U_k}p_k$, which is $\Delta u\,G_{kk}$ for $\Delta u\le s_k$. For every set "
        r"$S$, $P(u_i\ge U_i-s_i,\ i\in S)=\prod_{i\in S}s_i\,\det G_{SS}$, and the number $K$ of such units "
        r"has $E\,z^K=\det(1+(z-1)\,\mathrm{diag}(s)\,G)$. Given the assembly $A$, the start is $k$ with "
        r"probability proportional to $p_k\,\tau_k(A)$."
    ),
    assumptions=(
        r"$w_{ij}\ge0$, $s_i=U_i-\sum_jw_{ij}\ge0$, and $M=\mathrm{diag}(U)-W$ nonsingular.",
        r"Where $k$ has no leak, $P(\cdot\mid\text{start }k)$ is the law of a wave, with the weights "
        r"$\tau_k(A)f(\bar A)/\det M_{\setminus k}$.",
    ),
    source="found here; burning is that of derivation 05, arXiv:2202.02520",
    steps=(
        Step(
            r"u\in D,\ u_k=x \iff x\ge\sum_{j\in A}w_{kj}\text{ and the others burn up to }A\setminus k, "
            r"\text{ then all}",
            r"Burn the units of $u$ (derivation 05) but hold $k$; let $A$ be what is left, $k$ with it. It "
            r"depends on the others alone. Since the order of burning does not matter, $u$ is in $D$ iff "
            r"$k$ burns now, $x\ge\sum_{j\in A}w_{kj}$, and then all of $A\setminus k$ burns, which no "
            r"longer depends on $x$.",
            every_state(
                "every state of every network of four units, by what units can bear", in_its_turn=True
            ),
            every_state("k burns first", in_its_turn=False),
            also=(fibres("heights of every unit beside each state of the others, 24 networks", with_k=True),),
            label="fibre",
        ),
        Step(
            r"\mathrm{vol}\{(u_i)_{i\ne k}:\ A \text{ is left, then burns}\} = \tau_k(A)\,f(\bar A)",
            r"The units outside $A$ burn while $A$ does not: less $\sum_{j\in A}w_{ij}$ each, they are in "
            r"the inhabited region of their own network with thresholds $U_i-\sum_{j\in A}w_{ij}$. Those of "
            r"$A\setminus k$ do not burn before $k$, $u_i<\sum_{j\in A}w_{ij}$, and have no forbidden set "
            r"among them: the inhabited region with these thresholds. Volumes are determinants (derivation "
            r"05), and the matrices are those of $f(\bar A)$ and $\tau_k(A)$.",
            parts(4, "both determinants for all A of four units in symbols", lowered=True),
            parts(4, "thresholds of the others are not lowered", lowered=False),
            label="volume",
        ),
        Step(
            r"\sum_{A\ni k}\tau_k(A)\,f(\bar A)\,\Bigl(U_k-\sum_{j\in A}w_{kj}\Bigr) = \det M",
            r"So the density integrates to 1. In a forest rooted in the leak let $A$ be what hangs on $k$; "
            r"the parent of $k$ is the leak or a unit outside $A$, of weights $s_k+\sum_{j\notin A}w_{kj}$.",
            regrafted(4, "all forests of four units, cut above k, one to one with weights", outside=True),
            regrafted(4, "the parent of k may be any unit", outside=False),
            label="integral",
        ),
        Step(
            r"p_k(x)=\frac{1}{\det M}\sum_{A\ni k:\ w_k(A)\le x}\tau_k(A)\,f(\bar A) = "
            r"G_{kk}\,P\bigl(w_k(A)\le x \mid \text{start }k\bigr)",
            r"With $w_k(A)=\sum_{j\in A}w_{kj}$, add up \eqref{volume} over the sets that \eqref{fibre} "
            r"allows; $\det M_{\setminus k}=\det M\,G_{kk}$ is their total (derivation 04).",
            densities("integer states by their heights, of every unit of 24 networks", below=True),
            densities("w_k(A) < x for w_k(A) <= x", below=False),
            also=(state_laws("the state laws of exactav, same networks"),),
            label="density",
        ),
        Step(
            r"P(\text{avalanche}\mid k\text{ is fed }\Delta u) = \int_{U_k-\Delta u}^{U_k}p_k(x)\,dx",
            r"Nothing fires before $k$ does, and $k$ fires iff $u_k+\Delta u\ge U_k$.",
            firings("every unit of 24 networks fed 1 to its threshold", last_part),
            firings("it is dU G_kk up to the threshold", linear),
        ),
        Step(
            r"\Delta u\le s_k \implies \int_{U_k-\Delta u}^{U_k}p_k(x)\,dx = \Delta u\,G_{kk}",
            r"As $U_k-s_k=\sum_jw_{kj}\ge w_k(A)$ for all $A$, the density is $G_{kk}$ there.",
            within_leak("U_k - s_k less what A returns, for all A of four units", self_weight=True),
            within_leak("U_k without the self-weight", self_weight=False),
        ),
        Step(
            r"P(u_i\ge U_i-s_i,\ i\in S) = \prod_{i\in S}s_i\;\frac{\det M_{\setminus S}}{\det M}",
            r"Units of $S$ at $U_i-s_i=\sum_jw_{ij}$ or above burn first, whatever the others are, so they "
            r"range over a box; the others then burn iff they are in the inhabited region of the network "
            r"without $S$ whose thresholds are the same: its volume is $\det M_{\setminus S}$.",
            every_near_state("every state of every network of four units, by what they bear", burnt=True),
            every_near_state("the others burn before S", burnt=False),
            also=(near("integer states, for all sets of units of 24 networks", complement=True),),
            label="near",
        ),
        Step(
            r"\det M_{\setminus S} = \det M\,\det G_{SS}",
            r"Jacobi's identity; with \eqref{near} the units near threshold are a determinantal process "
            r"with kernel $\mathrm{diag}(s)\,G$.",
            jacobi(3, "all sets of three units in symbols, as minors of the adjugate", complement=True),
            jacobi(3, "the minor of S itself, in symbols", complement=False),
            label="jacobi",
        ),
        Step(
            r"E\,z^K = \sum_S(z-1)^{|S|}\prod_{i\in S}s_i\,\det G_{SS} = \det\bigl(1+(z-1)\,\mathrm{diag}(s)"
            r"\,G\bigr)",
            r"$z^K=\prod_i(1+(z-1)1[u_i\ge U_i-s_i])$; multiply out, by \eqref{near} and \eqref{jacobi}. "
            r"The second equation expands a determinant in principal minors.",
            expanded(3, "the expansion for any kernel of three units", z - 1),
            expanded(3, "z for z - 1", z),
            also=(numbers_near("the laws of exactav against integer states of 24 networks"),),
            label="pgf",
        ),
        Step(
            r"\det\bigl(L+z\,\mathrm{diag}(s)\bigr) = \sum_F z^{\#\text{trees of }F}\prod_i w_{i\,F(i)}",
            r"Times $\det M$ the determinant of \eqref{pgf} is $\det(M+(z-1)\,\mathrm{diag}(s))$, the forest "
            r"weight with all leaks times $z$ (derivation 02). So $K$ is distributed as the number of trees "
            r"in a random forest, and is at least 1.",
            generating(3, "listed forests of three units", roots=True),
            generating(3, "z for each unit", roots=False),
        ),
        Step(
            r"P(k\mid A) = \frac{p_k\,\tau_k(A)}{\sum_{i\in A}p_i\,\tau_i(A)},\qquad "
            r"\sum_{k\in A}\tau_k(A)\,L[A]_{kj}=0",
            r"$P(A,k)=p_k\,\Delta u\,\tau_k(A)\,f(\bar A)/\det M$, and $f(\bar A)$ is the same for all $k$. "
            r"The tree weights of one set are the cofactors of $L[A]$, whose rows sum to 0, so they are its "
            r"left null vector: one elimination finds them all.",
            balanced(4, "tree weights of four units in symbols from the left", left=True),
            balanced(4, "from the right", left=False),
            also=(bayes("the laws of exactav for all assemblies of 24 networks, uneven drive"),),
        ),
        Step(
            r"w=\frac\alpha N:\quad p_k(x)=\sum_{L=1}^{l}\binom{N-1}{L-1}L^{L-2}\Bigl(\frac\alpha "
            r"N\Bigr)^{L-1}\Bigl(1-\frac{L\alpha}N\Bigr)^{N-L-1},\quad l=\min\bigl(N,\lfloor "
            r"Nx/\alpha\rfloor\bigr)",
            r"An avalanche of $L$ units returns $L\alpha/N$; put the size law of derivation 08 into "
            r"\eqref{density}. $G_{kk}=(1-\alpha+\alpha/N)/(1-\alpha)$ cancels its normalisation.",
            steps_of_density("each term, for all N and L", sympy.Integer(1)),
            steps_of_density("one more factor L", L),
            proves={"homogeneous.state_density": sympy.Sum(height(k), (k, 1, el))},
        ),
        Step(
            r"w=\frac\alpha N:\quad E\,z^K = z\,\bigl(\alpha+(1-\alpha)z\bigr)^{N-1}",
            r"The matrix $M+(z-1)(1-\alpha)$ has the eigenvalue $\alpha+(1-\alpha)z$ for vectors that add up "
            r"to 0, and $(1-\alpha)z$ for constant ones; $\det M=1-\alpha$. So $K-1$ is binomial.",
            binomial_law("the determinant for all N", N - 1),
            binomial_law("N trials", N),
            proves={
                "homogeneous.near_threshold": binomial(N - 1, K - 1)
                * (1 - alpha) ** (K - 1)
                * alpha ** (N - K)
            },
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
