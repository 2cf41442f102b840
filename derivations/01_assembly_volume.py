r"""Derivation 01: the volume of the states from which a start recruits an assembly.

Statement
    Let D be the inhabited region of a network, k a start, A a set of units that holds k. Then

        vol D                                     = det M                                              (1)
        vol {u in D : k recruits (G_1, ..., G_D)} = dU prod_{d >= 2} prod_{j in G_d}
                                                    (sum_{l in G_{d-1}} w_jl)  f(complement of A)      (2)
        vol {u in D : k recruits exactly A}       = V_k(A) = dU tau_k(A) f(complement of A)            (3)
        vol {u in D : k sets off an avalanche}    = dU sum_A tau_k(A) f(complement of A)
                                                  = dU det(M without row and column k)                 (4)

    with M = diag(U) - W, A the union of the generations G_1 = {k}, G_2, ..., G_D, and

        tau_k(A) = det L[A] without row and column k,       f(C) = det(L[C] + diag(s_C)),

    L[S] the Laplacian of the subgraph induced on S. As the stationary law is uniform on D (not shown here),
    p_k V_k(A) / det M is the probability per slow step that k is fed and recruits A.

Assumptions
    N = 3. Weights w_ij >= 0 (row = receiver, self-coupling allowed), thresholds U_i > 0, leaks
    s_i = U_i - sum_j w_ij >= 0, increment 0 < dU <= s_k for the start k.

Source
    M. Schünemann, U. Ernst, M. Kesseböhmer, arXiv:2202.02520.

Method
    Volumes are found by enumeration of phase space, not from another formula. Every comparison that the
    dynamics or a forbidden set makes is between one coordinate u_i and one of these *breakpoints*:

        U_i - sum_{j in S} w_ij    does i fire once the set S of other units has fired?
        sum_{j in I} w_ij          is i one of those that forbid the set I, which holds i?
        U_k - dU                   does the start fire when it is fed?
        0 and U_i                  the ends.

    What a unit does after it fired needs no breakpoints, since nothing fires twice: even if all units fired
    once, the start k would be at u_k + dU - U_k + sum_j w_kj < dU + sum_j w_kj <= U_k, any other unit at less
    than its row sum. So what happens from a state depends only on which breakpoints lie below each
    coordinate. These cut phase space into boxes, *cells*; all states of a cell have the same fate, which is
    found by running the dynamics at its centre. The volume of a cell is a product of three differences of
    breakpoints, a polynomial in the symbols w_ij, U_i and dU.

What is proved
    Which cells there are depends on the *order* of the breakpoints on each of the three axes. In two networks
    with the same orders the volumes are the same polynomials, so that one network stands for all with its
    orders. Steps 1 to 5 go through the cells of a few random networks, one by one. Step 6 covers all orders
    there are. Networks in which breakpoints coincide (some w_ij = 0, two equal weights, s_i = 0, ...) are
    limits of networks with an order: some cells become empty, the others keep their fate, and the identities
    between polynomials stay. So (1) to (4) are proved, by computer, for all networks of three units that
    fulfil the assumptions. For other N nothing is proved here, but the argument in step 2 holds for any N and
    reduces (2), (3) and (4) to (1).

Run as ``python derivations/01_assembly_volume.py``.
"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product
from math import lcm, prod
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

import exactav as ea
from exactav.proofs.checks import Check
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.verdicts import HOLDS, Verdict, refuted

UNITS = range(3)
W, U, DU = 0, 3, 4  # places of w_i0 .. w_i2, U_i and dU in the coefficients of a form

Form = tuple[int, ...]  # a linear form in w_i0, w_i1, w_i2, U_i, dU, by its coefficients
Row = tuple[int, ...]  # numbers for these five
Pattern = tuple[frozenset[int], ...]  # () if nothing fires
Polynomial = Any  # an element of RING; SymPy has no types

_WEIGHT_NAMES, _THRESHOLD_NAMES = [f"w_{i}{j}" for i in UNITS for j in UNITS], [f"U_{i}" for i in UNITS]
RING = sympy.ring([*_WEIGHT_NAMES, *_THRESHOLD_NAMES, "dU"], sympy.ZZ)[0]


class CheckFailedError(AssertionError):
    """A step of the derivation is wrong."""


def check(holds: bool, claim: str) -> None:
    """Fail unless ``claim`` holds."""
    if not holds:
        raise CheckFailedError(claim)


# Sets and patterns of units.


def subsets(units: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All nonempty subsets."""
    return (chosen for size in range(1, len(units) + 1) for chosen in combinations(units, size))


def complement(assembly: frozenset[int]) -> frozenset[int]:
    return frozenset(UNITS) - assembly


def union(pattern: Pattern) -> frozenset[int]:
    return frozenset().union(*pattern)


def assemblies(start: int) -> list[frozenset[int]]:
    return [frozenset(A) for A in subsets(UNITS) if start in A]


def patterns(start: int) -> list[Pattern]:
    """All sequences of disjoint nonempty generations that begin with {start}."""
    found: list[Pattern] = []
    waiting: list[Pattern] = [(frozenset({start}),)]
    while waiting:
        pattern = waiting.pop()
        found.append(pattern)
        waiting += [(*pattern, frozenset(S)) for S in subsets(sorted(complement(union(pattern))))]
    return found


def text(pattern: Pattern) -> str:
    return " -> ".join(str(set(generation)) for generation in pattern) or "nothing"


# Geometry: states, the dynamics, cells and their volumes. Nothing of exactav is used here.


def variables(unit: int) -> list[Polynomial]:
    """What a form on the axis of ``unit`` is a form in, as elements of RING."""
    weights, thresholds, increment = RING.gens[3 * unit : 3 * unit + 3], RING.gens[9:12], RING.gens[12]
    return [*weights, thresholds[unit], increment]


def value(form: Sequence[int], numbers: Sequence[Any]) -> Any:
    """The linear form at these numbers (or polynomials)."""
    return sum(c * x for c, x in zip(form, numbers, strict=True) if c)


def run(rows: Sequence[Row], state: Sequence[int], start: int) -> Pattern:
    """Feed ``start`` once and let fire, all at once, whatever is at its threshold: the sets that fired."""
    u = list(state)
    u[start] += rows[start][DU]
    generations: list[frozenset[int]] = []
    while firing := frozenset(i for i in UNITS if u[i] >= rows[i][U]):
        generations.append(firing)
        for i in UNITS:
            u[i] += sum(rows[i][W + j] for j in firing) - rows[i][U] * (i in firing)
    return tuple(generations)


def is_inhabited(rows: Sequence[Row], state: Sequence[int], units: Sequence[int] = UNITS) -> bool:
    """Whether no set of ``units`` is forbidden: nonempty I with u_i < sum_{j in I} w_ij for all i in I."""
    return not any(all(state[i] < sum(rows[i][W + j] for j in S) for i in S) for S in subsets(units))


def breakpoints(unit: int, is_start: bool) -> list[Form]:
    """All that the coordinate of ``unit`` is ever compared with."""

    def form(
        receives_from: Sequence[int] = (), sign: int = 1, threshold: int = 0, increment: int = 0
    ) -> Form:
        return (*(sign * (j in receives_from) for j in UNITS), threshold, increment)

    others = [j for j in UNITS if j != unit]
    ends = [form(), form(threshold=1)]
    fires = [form(S, sign=-1, threshold=1) for S in subsets(others)]
    forbids = [form(S) for S in subsets(UNITS) if unit in S]
    return ends + fires + forbids + [form(threshold=1, increment=-1)] * is_start


@dataclass(frozen=True)
class Interval:
    """The part of one axis between two neighbouring breakpoints."""

    length: Form
    middle: int
    above: tuple[bool, ...]  # for each breakpoint whether the interval lies above it


def intervals(unit: int, is_start: bool, row: Row) -> list[Interval]:
    """The intervals of one axis in the order that its breakpoints have for these (even) numbers."""
    points = breakpoints(unit, is_start)
    at = [value(point, row) for point in points]
    check(len(set(at)) == len(at), "no two breakpoints coincide")
    ordered = sorted(range(len(at)), key=at.__getitem__)
    check(ordered[0] == 0 and ordered[-1] == 1, "all breakpoints lie between 0 and the threshold")
    return [
        Interval(
            tuple(a - b for a, b in zip(points[high], points[low], strict=True)),
            (at[low] + at[high]) // 2,
            tuple(x <= at[low] for x in at),
        )
        for low, high in pairwise(ordered)
    ]


def sampled_network(seed: int) -> list[Row]:
    """Random even numbers for all symbols, with dU + sum_j w_ij < U_i for all i: they fix the orders."""
    generator = random.Random(seed)
    increment = 2 * generator.randint(1, 10_000)
    rows = []
    for _ in UNITS:
        weights = [2 * generator.randint(1, 10_000) for _ in UNITS]
        threshold = sum(weights) + increment + 2 * generator.randint(1, 10_000)
        rows.append((*weights, threshold, increment))
    return rows


Volumes = Mapping[Pattern, Polynomial]


@dataclass(frozen=True)
class Region:
    """The inhabited region in one order of the breakpoints: its volume by what the start recruits."""

    start: int
    order: tuple[tuple[bool, ...], ...]
    volumes: Volumes
    n_cells: int


def enumerate_cells(seed: int, start: int) -> Region:
    """Go through all cells of phase space: fate from the dynamics at the centre, volume in symbols.

    On the way, each cell is compared with the inequalities of step 2.
    """
    rows = sampled_network(seed)
    axes = [intervals(i, i == start, rows[i]) for i in UNITS]
    lengths = [
        [value(part.length, variables(i)) for part in axis] for i, axis in zip(UNITS, axes, strict=True)
    ]
    candidates = patterns(start)
    volumes: dict[Pattern, Polynomial] = {}
    n_cells = 0
    for places in product(*(range(len(axis)) for axis in axes)):
        state = [axis[place].middle for axis, place in zip(axes, places, strict=True)]
        pattern = run(rows, state, start)
        inhabited = is_inhabited(rows, state)
        for candidate in candidates:
            recruits = inhabited and pattern == candidate
            check(
                fulfils_inequalities(rows, state, candidate) == recruits,
                f"the inequalities of pattern {text(candidate)} describe its region",
            )
        if inhabited:
            n_cells += 1
            cell = prod((axis[place] for axis, place in zip(lengths, places, strict=True)), start=RING.one)
            volumes[pattern] = volumes.get(pattern, RING.zero) + cell
    return Region(start, tuple(part.above for axis in axes for part in axis), volumes, n_cells)


def fulfils_inequalities(rows: Sequence[Row], state: Sequence[int], pattern: Pattern) -> bool:
    """Whether a state is in the product of a box and an inhabited region that step 2 writes down."""
    earlier, last = set[int](), frozenset[int]()  # generations up to d - 2, generation d - 1
    for generation in pattern:
        for j in generation:
            top = rows[j][U] - sum(rows[j][W + i] for i in earlier)
            side = sum(rows[j][W + i] for i in last) if last else rows[j][DU]
            if not top - side <= state[j] < top:
                return False
        earlier |= last
        last = generation
    silent = sorted(complement(union(pattern)))
    lowered = all(state[i] < rows[i][U] - sum(rows[i][W + j] for j in union(pattern)) for i in silent)
    return lowered and is_inhabited(rows, state, silent)


# Formulas: exactav with a symbol for every weight and threshold. Nothing of the geometry is used here.


@cache
def network() -> ea.Network:
    """Three units, all weights (self-coupling included) and thresholds symbols; leaks follow from them."""
    symbols = RING.symbols
    return ea.Network([symbols[0:3], symbols[3:6], symbols[6:9]], thresholds=symbols[9:12])


def polynomial(expr: sympy.Expr) -> Polynomial:
    return RING.from_expr(sympy.expand(expr))


@cache
def tau(assembly: frozenset[int], start: int) -> Polynomial:
    return polynomial(ea.tree_weight(network(), assembly, start))


@cache
def f(units: frozenset[int]) -> Polynomial:
    return polynomial(ea.forest_weight(network(), units))


def generation_product(pattern: Pattern) -> Polynomial:
    """prod_{d >= 2} prod_{j in G_d} sum_{l in G_{d-1}} w_jl"""
    weights = network().weights
    received = (sympy.Add(*(weights[j, i] for i in last)) for last, new in pairwise(pattern) for j in new)
    return polynomial(sympy.Mul(*received))


def pattern_volume(pattern: Pattern) -> Polynomial:
    """Right side of (2)."""
    return RING.gens[12] * generation_product(pattern) * f(complement(union(pattern)))


def assembly_volume(assembly: frozenset[int], start: int) -> Polynomial:
    """Right side of (3)."""
    return RING.gens[12] * tau(assembly, start) * f(complement(assembly))


def minor(start: int) -> Polynomial:
    """det(M without row and column k), the determinant written out by SymPy."""
    return polynomial(network().matrix.minor_submatrix(start, start).det(method="berkowitz"))


# The steps.


def step_1_inhabited_region(regions: Sequence[Region]) -> str:
    """(1) The inhabited region has volume det M.

    Why it is inhabited: once every unit has fired, no set I is forbidden. Let i be the unit of I whose last
    firing is the longest ago. It was left with at least 0, and since then every j in I fired, i itself at the
    beginning, so u_i >= sum_{j in I} w_ij.
    """
    for region in regions:
        total = sum(region.volumes.values(), RING.zero)
        check(total == f(frozenset(UNITS)), "the inhabited cells add up to det M")
    return f"all inhabited cells add up to det M, in {len(regions)} enumerations"


def step_2_patterns(regions: Sequence[Region]) -> str:
    """(2) The states that recruit one pattern: a box times the inhabited region of the silent units.

    The start needs U_k - dU <= u_k < U_k. A unit j of G_d fires in generation d, and not before, iff

        U_j - sum_{i in G_1 + ... + G_{d-1}} w_ji  <=  u_j  <  U_j - sum_{i in G_1 + ... + G_{d-2}} w_ji,

    an interval of length sum_{i in G_{d-1}} w_ji. A silent unit i needs u_i < U_i - sum_{j in A} w_ij.
    No unit of A is in a forbidden set: k is at its row sum or above, since dU <= s_k; so units of G_2 are
    above all that they can receive from units other than k, and so on. It remains that the set C of silent
    units has no forbidden subset. With their thresholds lowered by sum_{j in A} w_ij their leaks are the s_i
    they had, so that by (1), for the network on C, these states have volume det(L[C] + diag(s_C)) = f(C).

    That each cell fulfils these inequalities iff it recruits the pattern was checked when it was enumerated.
    """
    for region in regions:
        expected = patterns(region.start)
        check(set(region.volumes) - {()} == set(expected), "all patterns occur, and no others")
        for pattern in expected:
            check(region.volumes[pattern] == pattern_volume(pattern), f"volume of pattern {text(pattern)}")
    n_patterns = sum(len(patterns(k)) for k in UNITS)
    return f"{n_patterns} patterns, each a box times an inhabited region, of the volumes in (2)"


def step_3_trees() -> str:
    """The patterns with the same union A add up to the spanning trees of A, that is, to tau_k(A).

    To expand the product of (2) is to pick, for every j in G_d, one parent in G_{d-1}: a tree rooted at k in
    which the units of G_d have depth d - 1. Every tree belongs to exactly one pattern, and the matrix-tree
    theorem gives their sum as the determinant tau_k(A).
    """
    n_trees = 0
    for start in UNITS:
        by_pattern: dict[Pattern, Polynomial] = {}
        for assembly in assemblies(start):
            others = sorted(assembly - {start})
            for parents in product(sorted(assembly), repeat=len(others)):
                parent = dict(zip(others, parents, strict=True))
                if (pattern := depths(parent, start)) is not None:
                    weight = prod((RING.gens[3 * j + i] for j, i in parent.items()), start=RING.one)
                    by_pattern[pattern] = by_pattern.get(pattern, RING.zero) + weight
                    n_trees += 1
            total = sum((w for p, w in by_pattern.items() if union(p) == assembly), RING.zero)
            check(total == tau(assembly, start), f"trees of {set(assembly)} rooted at {start} add up to tau")
        for pattern in patterns(start):
            check(by_pattern[pattern] == generation_product(pattern), f"trees of depths {text(pattern)}")
    return f"{n_trees} trees listed one by one, sorted by depth into patterns, add up to tau_k(A)"


def depths(parent: Mapping[int, int], start: int) -> Pattern | None:
    """Units by depth below the start; None if the parents do not make a tree."""
    generations = [frozenset({start})]
    while below := frozenset(j for j, i in parent.items() if i in generations[-1]):
        generations.append(below)
    return tuple(generations) if len(union(tuple(generations))) == len(parent) + 1 else None


def step_4_assemblies(regions: Sequence[Region]) -> str:
    """(3) The states that recruit exactly A have volume dU tau_k(A) f(complement of A): sum (2) by step "
    "3."""
    for region in regions:
        for assembly in assemblies(region.start):
            total = sum((v for pattern, v in region.volumes.items() if union(pattern) == assembly), RING.zero)
            right = assembly_volume(assembly, region.start)
            check(total == right, f"volume from which {region.start} recruits {set(assembly)}")
    return f"V_k(A) = dU tau_k(A) f(complement of A), {sum(len(assemblies(k)) for k in UNITS)} pairs (k, A)"


def step_5_normaliser(regions: Sequence[Region]) -> str:
    """(4) All assemblies of one start add up to dU det(M without k).

    Spanning forests of all units with two kinds of roots, k and the leak: A is the tree of k, the rest is a
    forest of the complement. With k as one more leak, the matrix-tree theorem gives the determinant.
    """
    for region in regions:
        k, increment = region.start, RING.gens[12]
        right = sum((tau(A, k) * f(complement(A)) for A in assemblies(k)), RING.zero)
        check(right == minor(k), f"sum over A of tau_{k}(A) f = det(M without {k})")
        rest = f(frozenset(UNITS)) - increment * minor(k)
        check(region.volumes[()] == rest, f"volume from which feeding {k} sets off nothing")
    return "sum_A tau_k(A) f(complement of A) = det(M without k), and what is left sets off no avalanche"


# Step 6: all orders.


def inner_point(forms: Sequence[Sequence[int]], size: int) -> list[Fraction] | None:
    """Numbers at which all linear forms in ``size`` variables are positive; None if there are none.

    Fourier-Motzkin elimination: with x the last variable, each form with x in it is a lower or an upper bound
    of x. A suitable x exists iff every lower bound is below every upper one, and that says forms without x.
    """
    if not all(map(any, forms)):
        return None  # 0 > 0 was asked for
    if size == 0:
        return []
    lower = [form for form in forms if form[-1] > 0]
    upper = [form for form in forms if form[-1] < 0]
    without = {tuple(form[:-1]) for form in forms if form[-1] == 0}
    between = {
        tuple(a * -q[-1] + b * p[-1] for a, b in zip(p[:-1], q[:-1], strict=True))
        for p in lower
        for q in upper
    }
    point = inner_point(sorted(without | between), size - 1)
    if point is None:
        return None
    low = max((Fraction(-value(form[:-1], point), form[-1]) for form in lower), default=None)
    high = min((Fraction(-value(form[:-1], point), form[-1]) for form in upper), default=None)
    if low is None or high is None:
        return [*point, low + 1 if low is not None else high - 1 if high is not None else Fraction(0)]
    return [*point, (low + high) / 2]


def all_orders(unit: int, is_start: bool) -> list[Row]:
    """One row of numbers for every order that the breakpoints of one axis can have.

    Begin with all rows that fulfil the assumptions; for each pair of breakpoints, split what there is by
    which of the two is larger, as far as there are numbers for it.
    """
    positive: list[Form] = [tuple(int(i == j) for j in range(5)) for i in (W, W + 1, W + 2, DU)]
    leak = (-1, -1, -1, 1, -int(is_start))  # s_i, of the start s_k - dU
    found = [([*positive, leak], [Fraction(1)] * 5)]
    for p, q in combinations(breakpoints(unit, is_start), 2):
        difference = tuple(a - b for a, b in zip(p, q, strict=True))
        split = []
        for forms, _ in found:
            for side in (difference, tuple(-c for c in difference)):
                point = inner_point([*forms, side], 5)
                if point is not None:
                    split.append(([*forms, side], point))
        found = split
    scales = [2 * lcm(*(x.denominator for x in point)) for _, point in found]
    return [tuple(int(x * scale) for x in point) for (_, point), scale in zip(found, scales, strict=True)]


@dataclass(frozen=True)
class Axis:
    """One axis in all its orders.

    An interval is of a *kind*: which breakpoints it lies above. ``lengths[order, variable, kind]`` is the
    coefficient of a variable in the length of the interval of this kind, 0 where an order has none;
    ``examples[kind]`` has numbers for a row and a coordinate.
    """

    lengths: NDArray[np.int64]
    examples: list[tuple[Row, int]]


@cache
def axis(unit: int, is_start: bool) -> Axis:
    rows = all_orders(unit, is_start)
    kinds: dict[tuple[bool, ...], int] = {}
    examples: list[tuple[Row, int]] = []
    entries: list[tuple[int, int, Form]] = []
    for order, row in enumerate(rows):
        for part in intervals(unit, is_start, row):
            if part.above not in kinds:
                kinds[part.above] = len(kinds)
                examples.append((row, part.middle))
            entries.append((order, kinds[part.above], part.length))
    lengths = np.zeros((len(rows), 5, len(kinds)), dtype=np.int64)
    for order, kind, length in entries:
        lengths[order, :, kind] = length
    return Axis(lengths, examples)


def coefficients(volume: Polynomial, start: int) -> NDArray[np.int64]:
    """[x, y, z]: the coefficient of variable x of axis 0 times y of axis 1 times z of axis 2."""
    result = np.zeros((5, 5, 5), dtype=np.int64)
    for places in product(range(5), repeat=3):
        if all(place != DU or unit == start for unit, place in enumerate(places)):
            monomial = prod((variables(unit)[place] for unit, place in enumerate(places)), start=RING.one)
            result[places] = int(volume.coeff(monomial))
    check(np.count_nonzero(result) == len(volume), "a volume is linear in each row of symbols")
    return result


def step_6_every_order() -> str:
    """(1) and (2) in every order of the breakpoints, and (3) and (4) by steps 3 and 5.

    Each axis has symbols of its own, so the order on one has nothing to do with the orders on the others. A
    cell is a triple of kinds of intervals and its fate depends on the kinds alone: it is enough to run the
    dynamics once for each triple. The volume of a pattern is then a sum, over triples of kinds with that
    fate, of products of three lengths; it is computed for all combinations of orders at once.
    """
    n_orders = n_runs = 0
    for start in UNITS:
        axes = [axis(unit, unit == start) for unit in UNITS]
        shape = [len(one.examples) for one in axes]
        fate: dict[Pattern, NDArray[np.int64]] = {}
        for kinds in product(*map(range, shape)):
            examples = [one.examples[kind] for one, kind in zip(axes, kinds, strict=True)]
            rows, state = [row for row, _ in examples], [u for _, u in examples]
            if is_inhabited(rows, state):
                pattern = run(rows, state, start)
                fate.setdefault(pattern, np.zeros(shape, dtype=np.int64))[kinds] = 1
        check(set(fate) - {()} == set(patterns(start)), "all patterns occur, and no others")
        expected = {pattern: pattern_volume(pattern) for pattern in patterns(start)}
        expected[()] = f(frozenset(UNITS)) - sum(expected.values(), RING.zero)
        for pattern, cells in fate.items():
            found = cells
            for one in axes:  # contracts the first axis of kinds, appends orders and variables
                found = np.tensordot(found, one.lengths, axes=(0, 2))
            right = coefficients(expected[pattern], start)
            same = found == right[None, :, None, :, None, :]
            check(bool(same.all()), f"volume of pattern {text(pattern)} in every order")
        n_orders += prod(one.lengths.shape[0] for one in axes)
        n_runs += prod(shape)
    return f"(1) to (4) in all {n_orders} orders that there are, from {n_runs} runs of the dynamics"


# The steps as data: what each shows, why, and a nearby false claim that its check must refute.


@cache
def all_regions(n_networks: int = 12) -> tuple[Region, ...]:
    """Every start of some random networks, enumerated."""
    return tuple(enumerate_cells(seed, start) for seed in range(n_networks) for start in UNITS)


def holds(claim: str, step: Callable[[], str], **replaced: Callable[..., Any]) -> Check:
    """The check of a step, with functions of this module ``replaced`` by others to make it a false "
    "claim."""

    def run_step() -> Verdict:
        kept = {name: globals()[name] for name in replaced}
        globals().update(replaced)
        try:
            step()
        except CheckFailedError as error:
            return refuted(str(error))
        finally:
            globals().update(kept)
        return HOLDS

    return Check("generic network of stated size", claim, run_step)


_tau, _f, _minor, _product = tau, f, minor, generation_product

DERIVATION = Derivation(
    id="01",
    title="the volume of the states from which a start recruits an assembly",
    statement=(
        r"Let $D$ be the inhabited region of a network, $k$ a start, $A\ni k$ a set of units with "
        r"complement "
        r"$\bar A$, and $M=\mathrm{diag}(U)-W$. Then"
        r"\begin{align} \mathrm{vol}\,D &= \det M,\\"
        r"\mathrm{vol}\{u\in D: k \text{ recruits } (G_1,\dots,G_D)\} &= \Delta u "
        r"\prod_{d\ge2}\prod_{j\in G_d}"
        r"\sum_{l\in G_{d-1}} w_{jl}\; f(\bar A),\\"
        r"\mathrm{vol}\{u\in D: k \text{ recruits exactly } A\} &= \Delta u\;\tau_k(A)\,f(\bar A),\\"
        r"\mathrm{vol}\{u\in D: k \text{ sets off an avalanche}\} &= \Delta u\,\det M_{\setminus "
        r"k},\end{align}"
        r"with $\tau_k(A)=\det L[A]_{\setminus k}$, $f(C)=\det(L[C]+\mathrm{diag}(s_C))$, $L[S]$ the "
        r"Laplacian of "
        r"the subgraph induced on $S$, and $A$ the union of the generations $G_1=\{k\},\dots,G_D$."
    ),
    assumptions=(
        r"$N=3$, by computer for all such networks; steps 2 to 4 hold for any $N$ and reduce the rest to "
        r"(1).",
        r"$w_{ij}\ge0$ (row = receiver, self-coupling allowed), $U_i>0$, $s_i=U_i-\sum_jw_{ij}\ge0$.",
        r"$0<\Delta u\le s_k$ for the start $k$.",
    ),
    source="arXiv:2202.02520",
    steps=(
        Step(
            r"\mathrm{vol}\,D = \det M",
            r"Phase space is cut at all values that decide whether a unit fires or is held in a forbidden "
            r"set. "
            r"In each of these boxes every state has the same fate; the volumes of the boxes without a "
            r"forbidden set are polynomials in the weights and add up to the determinant.",
            holds(
                "all inhabited boxes of twelve random networks, as polynomials in 13 symbols",
                lambda: step_1_inhabited_region(all_regions()),
            ),
            holds(
                "the region has the volume of all states, U_0 U_1 U_2",
                lambda: step_1_inhabited_region(all_regions(1)),
                f=lambda _: prod(RING.gens[9:12], start=RING.one),
            ),
        ),
        Step(
            r"U_j-\sum_{i\in G_1\cup\dots\cup G_{d-1}}w_{ji} \;\le\; u_j \;<\; "
            r"U_j-\sum_{i\in G_1\cup\dots\cup G_{d-2}}w_{ji}\qquad (j\in G_d)",
            r"This is when $j$ fires in generation $d$ and not before, an interval of length "
            r"$\sum_{l\in G_{d-1}}w_{jl}$; the start needs $U_k-\Delta u\le u_k<U_k$, a silent unit "
            r"$u_i<U_i-\sum_{j\in A}w_{ij}$. Units of $A$ are in no forbidden set, so the silent units "
            r"range over "
            r"the inhabited region of their own network with lowered thresholds, whose leaks are the "
            r"$s_i$.",
            holds(
                "the volumes of all patterns, same networks",
                lambda: step_2_patterns(all_regions()),
            ),
            holds(
                "patterns of three generations have weight 1",
                lambda: step_2_patterns(all_regions(1)),
                generation_product=lambda pattern: _product(pattern) if len(pattern) < 3 else RING.one,
            ),
        ),
        Step(
            r"\sum_{(G_1,\dots,G_D)}\ \prod_{d\ge2}\prod_{j\in G_d}\sum_{l\in G_{d-1}}w_{jl} = \tau_k(A)",
            r"To multiply out is to pick for each unit one parent in the generation before: a tree rooted "
            r"at $k$, "
            r"sorted by depth. The sum over all trees is a determinant (derivations 02 and 03).",
            holds("all spanning trees of three units, listed one by one", step_3_trees),
            holds(
                "the root may be any unit of A",
                step_3_trees,
                tau=lambda assembly, _: _tau(assembly, min(assembly)),
            ),
        ),
        Step(
            r"\mathrm{vol}\{u\in D: k \text{ recruits exactly } A\} = \Delta u\;\tau_k(A)\,f(\bar A)",
            r"Sum the volumes of step 2 over all patterns with union $A$, by step 3.",
            holds(
                "the volumes of all assemblies, same networks",
                lambda: step_4_assemblies(all_regions()),
            ),
            holds(
                "the forest is one of A itself",
                lambda: step_4_assemblies(all_regions(1)),
                assembly_volume=lambda assembly, start: RING.gens[12] * _tau(assembly, start) * _f(assembly),
            ),
        ),
        Step(
            r"\Delta u\sum_{A\ni k}\tau_k(A)\,f(\bar A) = \Delta u\,\det M_{\setminus k}",
            r"Spanning forests with the two roots $k$ and leak, cut at the tree of $k$ (derivation 04). "
            r"The rest "
            r"of $D$ sets off nothing.",
            holds(
                "the sum over assemblies, and the volume without avalanche, same networks",
                lambda: step_5_normaliser(all_regions()),
            ),
            holds(
                "any minor of M will do",
                lambda: step_5_normaliser(all_regions(1)),
                minor=lambda start: _minor((start + 1) % 3),
            ),
        ),
        Step(
            r"\text{(1) to (4) in every order that the breakpoints can have}",
            r"Which boxes there are depends on the order of the breakpoints on the three axes. All orders "
            r"are "
            r"found by exact elimination, and the volumes in all of them from one run of the dynamics for "
            r"each "
            r"triple of intervals. Networks in which breakpoints coincide are limits: some boxes become "
            r"empty.",
            holds("all 11,232 combinations of orders of three axes and starts", step_6_every_order),
            holds(
                "the silent units do not matter",
                step_6_every_order,
                f=lambda units: _f(units) if len(units) == 3 else RING.one,
            ),
        ),
    ),
)


def main(n_networks: int = 12) -> int:
    """Run all steps; 0 if every check holds, 1 at the first that fails."""
    try:
        regions = all_regions(n_networks)
        n_orders = len({region.order for region in regions})
        cells = sum(region.n_cells for region in regions)
        print(f"{n_networks} random networks x 3 starts: {n_orders} distinct orders, {cells} inhabited cells")
        steps: list[Callable[[], str]] = [
            lambda: step_1_inhabited_region(regions),
            lambda: step_2_patterns(regions),
            step_3_trees,
            lambda: step_4_assemblies(regions),
            lambda: step_5_normaliser(regions),
            step_6_every_order,
        ]
        for number, step in enumerate(steps, start=1):
            print(f"step {number}: {step()}")
    except CheckFailedError as error:
        print(f"derivation 01 FAILED: {error}")
        return 1
    print("derivation 01 holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
