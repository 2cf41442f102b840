r"""Derivation 14: the input to several units in one slow step.

Statement
    Let one slow step feed every unit i the amount d_i, all at once, 0 <= d_i <= s_i. Write D = diag(d), D_A
    for its part on A, C for the complement of A, and G = M^{-1}. From a state that is uniform on the
    inhabited region, every unit fires at most once, and

        P(G_1, ..., G_T) = prod_{i in G_1} d_i prod_{t >= 2} prod_{j in G_t} (sum_{l in G_{t-1}} w_jl)
                           det(L[C] + diag(s_C) - D_C) / det M                                          (1)
        P(A)             = det(L[A] + D_A) det(L[C] + diag(s_C) - D_C) / det M, the empty set included  (2)
        P(no avalanche)  = det(I - D G)                                                                 (3)
        P(j fires)       = (G d)_j                                                                      (4)

    and the uniform law stays stationary. With d = dU e_k these are the laws of the start k. They are the laws
    of a start in a larger network: add a unit * that sends d_i to unit i and takes as much of its leak; *
    as a start recruits {*} + A with the weight of (2). So all that is known of starts holds for inputs. The
    states that set off a pattern are a box for A times the inhabited region of C, thresholds lowered to
    U_C - W_CA 1 - d_C.

Assumptions
    w_ij >= 0, M = diag(U) - W nonsingular, 0 <= d_i <= s_i.

Source
    Found here; it generalises derivations 01, 04, 06 and 07, and so arXiv:2202.02520.

Run as ``python derivations/14_input_to_several_units.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise, product
from math import prod
from typing import Any

import numpy as np
import sympy

from exactav.network.network import Network
from exactav.phase_space import region, torus
from exactav.proofs import cells
from exactav.proofs.bijections import bijection
from exactav.proofs.cells import UNITS, Pattern, union
from exactav.proofs.checks import Check, exactly, identity, in_all
from exactav.proofs.comparison import compare
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import (
    LEAK,
    ParentMap,
    determinant,
    forests,
    laplacian,
    root_of,
    subsets,
    weight,
    without,
)
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted

Units = Collection[int]
Colours = frozenset[tuple[int, int]]  # the parents of units; IGNITED for a root that fires by itself
IGNITED = -2
FED = [(0,), (2,), (0, 1), (1, 2), (0, 1, 2)]  # sets of units that are fed

# Formulas, by listed symbols: w_ij, the leaks s_i, and the amounts d_i.


def amount(i: int, fed: Units | None = None) -> sympy.Expr:
    """d_i; 0 for a unit that is not ``fed``."""
    return sympy.Symbol(f"d_{i}") if fed is None or i in fed else sympy.Integer(0)


def ignited(units: Units, fed: Units | None = None) -> sympy.Expr:
    """det(L[A] + D_A)."""
    put = {weight(i, LEAK): amount(i, fed) for i in units}
    return determinant(laplacian(units, leak=True).subs(put))


def silent(units: Units, fed: Units | None = None) -> sympy.Expr:
    """det(L[C] + diag(s_C) - D_C)."""
    put = {weight(i, LEAK): weight(i, LEAK) - amount(i, fed) for i in units}
    return determinant(laplacian(units, leak=True).subs(put))


def received(pattern: Pattern) -> sympy.Expr:
    """prod_{t >= 2} prod_{j in G_t} sum_{l in G_{t-1}} w_jl"""
    sums = (sympy.Add(*(weight(j, i) for i in last)) for last, new in pairwise(pattern) for j in new)
    return sympy.Mul(*sums)


def matrix(n: int) -> sympy.Matrix:
    """M: self-coupling cancels in U_i - w_ii, so it is L + diag(s) of all units."""
    return laplacian(range(n), leak=True)


def inputs(n: int) -> sympy.Matrix:
    """diag(d)."""
    return sympy.diag(*map(amount, range(n)))


# (1), in all orders of the breakpoints of phase space, of which nothing above is used.

RING: Any = sympy.ring(
    [*(f"w_{i}{j}" for i in UNITS for j in UNITS), *(f"U_{i}" for i in UNITS), *(f"d_{i}" for i in UNITS)],
    "ZZ",
)[0]

in_all_orders = cache(cells.volumes_in_all_orders)


def ordered_partitions(units: frozenset[int]) -> Iterator[Pattern]:
    """All sequences of disjoint nonempty sets whose union is ``units``."""
    if not units:
        yield ()
    for first in subsets(units):
        if first:
            yield from ((first, *rest) for rest in ordered_partitions(units - first))


def patterns_of(fed: Units) -> list[Pattern]:
    """All patterns that begin with units that are fed; () if nothing fires."""
    found = [p for units in subsets(UNITS) for p in ordered_partitions(units)]
    return [p for p in found if not p or p[0] <= set(fed)]


def of_pattern(pattern: Pattern, fed: Units, silent_of: Callable[[Units, Units], sympy.Expr]) -> Any:
    """Right side of (1) without det M, as a polynomial in weights, thresholds and amounts."""
    first = sympy.Mul(*(amount(i) for i in pattern[0])) if pattern else 1
    rest = silent_of(set(UNITS) - union(pattern), fed)
    leaks = {
        weight(i, LEAK): sympy.Symbol(f"U_{i}") - sympy.Add(*(weight(i, j) for j in UNITS)) for i in UNITS
    }
    return RING.from_expr(sympy.expand((first * received(pattern) * rest).subs(leaks)))


def coefficients(volume: Any) -> Any:
    """[x, y, z]: the coefficient of variable x of axis 0, y of axis 1 and z of axis 2; None if it has other
    terms. The variables of axis i are w_i0, w_i1, w_i2, U_i, d_i."""
    variables = [[*RING.gens[3 * i : 3 * i + 3], RING.gens[9 + i], RING.gens[12 + i]] for i in UNITS]
    result = np.zeros((5, 5, 5), dtype=np.int64)
    for places in product(range(5), repeat=3):
        factors = (variables[i][place] for i, place in enumerate(places))
        result[places] = int(volume.coeff(prod(factors, start=RING.one)))
    return result if np.count_nonzero(result) == len(volume) else None


def same(found: Any, volume: Any) -> Verdict:
    """Whether a volume is this polynomial in all orders."""
    right = coefficients(volume)
    if right is None:
        return refuted(f"{volume} is not linear in each row of symbols")
    orders = np.argwhere((found != right[None, :, None, :, None, :]).any(axis=(1, 3, 5)))
    return refuted(f"the volume is another in orders {orders[0].tolist()}") if orders.size else HOLDS


def volumes(
    claim: str, sets: Iterable[tuple[int, ...]], silent_of: Callable[[Units, Units], sympy.Expr]
) -> Check:
    """The volumes of what sets off each pattern, and of what sets off nothing, in every order."""

    def verdict(fed: tuple[int, ...]) -> Verdict:
        found, expected = in_all_orders(*fed), patterns_of(fed)
        occur = compare(set(found), set(expected))
        wanted = {p: of_pattern(p, fed, silent_of) for p in expected if p in found}
        return all_hold([occur, *(same(found[p], volume).at(str(p)) for p, volume in wanted.items())])

    return in_all(claim, sets, verdict, kind="generic network of stated size", sizes="N = 3")


def keeps_leaks(units: Units, _: Units) -> sympy.Expr:
    """f(C), as if silent units were not fed."""
    return determinant(laplacian(units, leak=True))


# (2): forests whose roots are ignited or not.


def levels(parent: ParentMap) -> Pattern:
    """The units by their distance from the roots."""
    found: list[frozenset[int]] = [frozenset(i for i, j in parent.items() if j == LEAK)]
    while level := frozenset(i for i, j in parent.items() if j in found[-1]):
        found.append(level)
    return tuple(found)


def by_levels(n: int, claim: str, *, one_root: bool) -> Check:
    """Forests of n units by their levels, and all together; ``one_root``: only trees count in the sum."""
    parts = list(ordered_partitions(frozenset(range(n))))

    def sums() -> list[sympy.Expr]:
        weights: dict[Pattern, sympy.Expr] = {}
        for parent in forests(range(n), [LEAK]):
            term = sympy.Mul(*(amount(i) if j == LEAK else weight(i, j) for i, j in parent.items()))
            weights[levels(parent)] = weights.get(levels(parent), sympy.Integer(0)) + term
        return [*(weights[p] for p in parts), ignited(range(n))]

    def formulas() -> list[sympy.Expr]:
        found = [sympy.Mul(*map(amount, p[0])) * received(p) for p in parts]
        counted = [x for x, p in zip(found, parts, strict=True) if not one_root or len(p[0]) == 1]
        return [*found, sympy.Add(*counted)]

    return identity(claim, sums, formulas, sizes=f"N = {n}")


def all_sets(n: int, claim: str, *, smallest: int) -> Check:
    """The sum of (2) over all sets of at least so many units, against det M."""

    def total() -> sympy.Expr:
        sets = [A for A in subsets(range(n)) if len(A) >= smallest]
        return sympy.Add(*(ignited(A) * silent(set(range(n)) - A) for A in sets))

    return identity(claim, total, lambda: determinant(matrix(n)), sizes=f"N = {n}")


def colouring(up_to: int, claim: str, *, all_roots: bool) -> Check:
    """Cutting what hangs on ignited roots gives every forest with roots of two colours exactly once;
    ``all_roots``: those of A are all ignited."""

    def coloured(units: Units, colours: Collection[int]) -> Iterator[Colours]:
        for parent in forests(units, [LEAK]):
            roots = [i for i, j in parent.items() if j == LEAK]
            for chosen in product(colours, repeat=len(roots)):
                yield frozenset((parent | dict(zip(roots, chosen, strict=True))).items())

    def whole() -> Iterator[tuple[int, Colours]]:
        return ((n, forest) for n in range(1, up_to + 1) for forest in coloured(range(n), [LEAK, IGNITED]))

    def parts() -> Iterator[tuple[int, Colours, Colours]]:
        for n in range(1, up_to + 1):
            for A in subsets(range(n)):
                inner = coloured(A, [IGNITED] if all_roots else [IGNITED, LEAK])
                rest = list(coloured(set(range(n)) - A, [LEAK]))
                yield from ((n, tree, forest) for tree in inner for forest in rest)

    def cut(element: tuple[int, Colours]) -> tuple[int, Colours, Colours]:
        n, found = element
        burnt = frozenset((i, j) for i, j in found if root_of(dict(found), i) == IGNITED)
        return n, burnt, found - burnt

    return bijection(
        claim, whole, parts, cut, lambda part: (part[0], part[1] | part[2]), sizes=f"N <= {up_to}"
    )


def larger(n: int, claim: str, *, takes_leak: bool) -> Check:
    """All sets of the network with a unit n that sends d_i to unit i, as those of its start n."""

    def put(expr: sympy.Expr) -> sympy.Expr:
        sent = {weight(i, n): amount(i) for i in range(n)}
        left = {weight(i, LEAK): weight(i, LEAK) - amount(i) * int(takes_leak) for i in range(n)}
        return expr.subs({**sent, **left}, simultaneous=True)

    def of_start() -> list[sympy.Expr]:
        found = []
        for A in subsets(range(n)):
            tree = determinant(without(laplacian({*A, n}, leak=False), len(A)))
            found.append(put(tree * determinant(laplacian(set(range(n)) - A, leak=True))))
        return [*found, put(determinant(without(laplacian(range(n + 1), leak=True), n)))]

    def of_input() -> list[sympy.Expr]:
        sets = subsets(range(n))
        return [*(ignited(A) * silent(set(range(n)) - A) for A in sets), determinant(matrix(n))]

    return identity(claim, of_start, of_input, sizes=f"N = {n}")


def one_unit(n: int, claim: str, *, k: int) -> Check:
    """The weights of all sets with d = d_0 e_0, against dU tau_k(A) f(C)."""

    def start(A: frozenset[int]) -> sympy.Expr:
        if k not in A:
            return sympy.Integer(0)
        tree = determinant(without(laplacian(A, leak=False), sorted(A).index(k)))
        return amount(0) * tree * determinant(laplacian(set(range(n)) - A, leak=True))

    sets = [A for A in subsets(range(n)) if A]
    return identity(
        claim,
        lambda: [ignited(A, [0]) * silent(set(range(n)) - A, [0]) for A in sets],
        lambda: list(map(start, sets)),
        sizes=f"N = {n}",
    )


def nothing(n: int, claim: str, *, left: bool) -> Check:
    """(I - D G) M = M - D, entry by entry."""
    M, D = matrix(n), inputs(n)
    green = M.adjugate(method="berkowitz") / determinant(M)
    product_ = D * green if left else green * D
    return identity(claim, lambda: list((sympy.eye(n) - product_) * M), lambda: list(M - D), sizes=f"N = {n}")


def firing(n: int, claim: str, *, transposed: bool) -> Check:
    """The sum of (2) over the sets that hold j, against adj(M) d, for every j."""

    def sums() -> list[sympy.Expr]:
        return [
            sympy.Add(*(ignited(A) * silent(set(range(n)) - A) for A in subsets(range(n)) if j in A))
            for j in range(n)
        ]

    def means() -> list[sympy.Expr]:
        adjugate = matrix(n).adjugate(method="berkowitz")
        return list((adjugate.T if transposed else adjugate) * sympy.Matrix(list(map(amount, range(n)))))

    return identity(claim, sums, means, sizes=f"N = {n}")


# The dynamics, in integers.

Rows = tuple[tuple[int, ...], ...]
State = tuple[int, ...]
Plain = tuple[Rows, State, State]  # weights, thresholds, amounts
Slow = Callable[[Plain, State], tuple[list[frozenset[int]], State]]


def networks(count: int, n: int) -> list[Plain]:
    """Random integer networks with inputs: non-symmetric, with self-coupling and zeros; some units without
    leak, amounts from 0 to the leak."""
    rng = random.Random(40 + n)
    found: list[Plain] = []
    while len(found) < count:
        weights = tuple(tuple(rng.choice([0, 0, 1, 1, 2]) for _ in range(n)) for _ in range(n))
        leaks = [rng.choice([0, 1, 2, 2]) for _ in range(n)]
        thresholds = tuple(sum(row) + s for row, s in zip(weights, leaks, strict=True))
        amounts = tuple(rng.randint(0, s) for s in leaks)
        volume = (sympy.diag(*thresholds) - sympy.Matrix(weights)).det()
        if sum(map(bool, amounts)) >= min(n, 2) and 0 < volume <= 60:
            found.append((weights, thresholds, amounts))
    return found


@cache
def inhabited(net: Plain) -> tuple[State, ...]:
    """Integer states without a forbidden set; all sets are tried."""
    weights, thresholds, _ = net
    sets = [units for units in subsets(range(len(thresholds))) if units]
    return tuple(
        state
        for state in product(*map(range, thresholds))
        if not any(all(state[i] < sum(weights[i][j] for j in units) for i in units) for units in sets)
    )


def slow_step(net: Plain, state: State) -> tuple[list[frozenset[int]], State]:
    """(generations, new state) after all amounts are fed at once."""
    weights, thresholds, amounts = net
    u = [x + d for x, d in zip(state, amounts, strict=True)]
    generations: list[frozenset[int]] = []
    while fires := frozenset(i for i, threshold in enumerate(thresholds) if u[i] >= threshold):
        generations.append(fires)
        u = [x - thresholds[i] * (i in fires) + sum(weights[i][j] for j in fires) for i, x in enumerate(u)]
    return generations, tuple(u)


def resetting(net: Plain, state: State) -> tuple[list[frozenset[int]], State]:
    """Another model: units that fire are set to 0 at the end, whatever they had received."""
    generations, after = slow_step(net, state)
    fired = frozenset().union(*generations)
    return generations, tuple(0 if i in fired else x for i, x in enumerate(after))


NETWORKS = [net for n in (1, 2, 3, 4) for net in networks(6, n)]


def made(net: Plain) -> tuple[Network, dict[Any, int]]:
    """The package's network, and the input."""
    return Network(net[0], net[1]), {i: d for i, d in enumerate(net[2]) if d}


def translation(claim: str, step: Slow) -> Check:
    """Every unit fires once at most, the new state is that of the package's translation of the torus, and new
    states are all inhabited states, each once."""

    def dynamics(net: Plain) -> Any:
        found = [step(net, state) for state in inhabited(net)]
        most = max(max(Counter(u for g in gs for u in g).values(), default=0) for gs, _ in found)
        return most <= 1, sorted(after for _, after in found), [after for _, after in found]

    def moved(net: Plain) -> Any:
        network, given = made(net)
        found = [tuple(map(int, torus.slow_step(network, s, input=given)[0])) for s in inhabited(net)]
        return True, sorted(inhabited(net)), found

    return exactly(claim, NETWORKS, dynamics, moved)


def in_pieces(claim: str, *, lowered: bool) -> Check:
    """Each state is in the piece of its own pattern alone, and pieces hold as many integer states as they
    have volume, the one of nothing included."""

    def pieces(net: Plain) -> list[region.Piece]:
        network, given = made(net)
        nothing_fires = region.pieces(network, input=given, assembly=())
        return [*nothing_fires, *region.pieces(network, input=given)]

    def volume(net: Plain, piece: region.Piece) -> sympy.Expr:
        if lowered or piece.rest is None:
            return piece.volume
        given = sympy.diag(*(made(net)[1].get(label, 0) for label in piece.rest.labels))
        return piece.volume / piece.rest.volume() * (piece.rest.matrix + given).det()

    def of_pieces(net: Plain) -> Any:
        found = pieces(net)
        inside = [[p.pattern for p in found if state in p] for state in inhabited(net)]
        return {p.pattern: volume(net, p) for p in found}, inside

    def of_dynamics(net: Plain) -> Any:
        patterns = [tuple(slow_step(net, state)[0]) for state in inhabited(net)]
        return dict(Counter(patterns)), [[pattern] for pattern in patterns]

    return exactly(claim, NETWORKS, of_pieces, of_dynamics)


DERIVATION = Derivation(
    id="14",
    title="the input to several units in one slow step",
    statement=(
        r"Let one slow step feed every unit $i$ the amount $d_i$, all at once, $0\le d_i\le s_i$, from a "
        r"state that is uniform on the inhabited region. With $D=\mathrm{diag}(d)$, $D_A$ its part on $A$, "
        r"$C$ the complement of $A$, $f=\det(L[C]+\mathrm{diag}(s_C)-D_C)/\det M$, and $G=M^{-1}$, every "
        r"unit fires at most once, and\begin{align} P(G_1,\dots,G_T) &= f\prod_{i\in G_1}d_i\prod_{t\ge2}"
        r"\prod_{j\in G_t}\sum_{l\in G_{t-1}}w_{jl},\\P(A) &= f\,\det(L[A]+D_A),\\P(\varnothing) &= "
        r"\det(I-DG),\\P(j\in A) &= (Gd)_j.\end{align}The uniform law stays stationary. With a "
        r"further unit $\ast$ that sends $d_i$ to unit $i$ and takes as much of its leak, these are the "
        r"laws of the start $\ast$, without $\ast$ itself."
    ),
    assumptions=(
        r"$w_{ij}\ge0$, $M=\mathrm{diag}(U)-W$ nonsingular, $0\le d_i\le s_i$.",
        r"The volumes are by computer for $N=3$; the first sentences hold for any $N$ and reduce them to "
        r"$\mathrm{vol}\,D=\det M$ (derivations 01 and 05).",
    ),
    source="found here; it generalises derivations 01, 04, 06 and 07, and so arXiv:2202.02520",
    steps=(
        Step(
            r"\mathrm{vol}\{u\in D: d\text{ sets off }(G_1,\dots,G_T)\} = \prod_{i\in "
            r"G_1}d_i\prod_{t\ge2}\prod_{j\in G_t}\sum_{l\in "
            r"G_{t-1}}w_{jl}\;\det(L[C]+\mathrm{diag}(s_C)-D_C)",
            r"As in derivation 01: $i\in G_1$ needs $U_i-d_i\le u_i<U_i$; $j\in G_t$ is below threshold "
            r"with $d_j$ and what $G_1,\dots,G_{t-2}$ sent, and at threshold with what $G_{t-1}$ sent, an "
            r"interval of length $\sum_{l\in G_{t-1}}w_{jl}$; silent units have $u_C<U_C-d_C-W_{CA}1$. "
            r"Units of $A$ are in no forbidden set $I$: the first of $I\cap A$ to fire has $u_i\ge "
            r"U_i-d_i-\sum_{l\notin I}w_{il}\ge\sum_{l\in I}w_{il}$, since $d_i\le s_i$. So silent units "
            r"range over the inhabited region of their own network with these thresholds, whose leaks are "
            r"$s_C-d_C$.",
            volumes("five sets of fed units, all patterns, in all orders of the breakpoints", FED, silent),
            volumes("silent units keep their leaks", [(0, 1)], keeps_leaks),
        ),
        Step(
            r"\sum_{G_1\cup\dots\cup G_T=A}\ \prod_{i\in G_1}d_i\prod_{t\ge2}\prod_{j\in G_t}\sum_{l\in "
            r"G_{t-1}}w_{jl} = \det(L[A]+D_A)",
            r"By derivation 02 with leaks $d$, the determinant sums over the forests of $A$ whose roots "
            r"weigh $d_i$. Sort them by levels, as derivation 03 does trees: the roots are $G_1$, and each "
            r"unit of $G_t$ takes its parent in $G_{t-1}$.",
            by_levels(4, "forests of four units by levels, and the determinant, in symbols", one_root=False),
            by_levels(3, "only one unit may fire first", one_root=True),
        ),
        Step(
            r"\det(L[A]+D_A)\,\det(L[C]+\mathrm{diag}(s_C)-D_C) = "
            r"\tau_\ast(A\cup\{\ast\})\,f(C),\qquad \det M=\det M^\ast_{\setminus\ast}",
            r"In the larger network unit $i$ receives $d_i$ from $\ast$ and leaks $s_i-d_i$: the diagonal of "
            r"$M$ stays. A tree rooted at $\ast$ is a forest whose roots weigh $d_i$.",
            larger(3, "all sets of three units and a fourth that feeds them, in symbols", takes_leak=True),
            larger(2, "the leaks stay as they are", takes_leak=False),
        ),
        Step(
            r"\{F\text{ with roots of two colours}\}\;\leftrightarrow\;\bigcup_A\mathcal "
            r"F_{\text{ignited}}(A)\times\mathcal F_{\text{silent}}(C)",
            r"Let every root of a forest of all units be ignited, with weight $d_i$, or silent, with weight "
            r"$s_i-d_i$, and let $A$ be the units whose parents lead to an ignited root; it may be empty. "
            r"Both weights of a root add up to $s_i$, so all coloured forests together weigh $\det M$.",
            colouring(4, "all forests of up to four units", all_roots=True),
            colouring(3, "trees of A may hang on silent roots as well", all_roots=False),
        ),
        Step(
            r"\sum_A\det(L[A]+D_A)\,\det(L[C]+\mathrm{diag}(s_C)-D_C) = \det M",
            r"Sum the weights on both sides. It is derivation 04 for the start $\ast$, and $A=\varnothing$ "
            r"belongs to it.",
            all_sets(4, "sum and determinant, for four units with symbols", smallest=0),
            all_sets(3, "without the empty set, for three units", smallest=1),
        ),
        Step(
            r"(I-DG)M=M-D,\qquad P(\text{no avalanche})=\frac{\det(M-D)}{\det M}=\det(I-DG)",
            r"$A=\varnothing$ has the weight $\det(L+\mathrm{diag}(s)-D)=\det(M-D)$, and determinants "
            r"multiply. For $d=\Delta u\,e_k$ it is $1-\Delta u\,G_{kk}$.",
            nothing(3, "all entries for three units with symbols", left=True),
            nothing(2, "D may stand on the right", left=False),
        ),
        Step(
            r"\sum_{A\ni j}\det(L[A]+D_A)\,\det(L[C]+\mathrm{diag}(s_C)-D_C) = (\mathrm{adj}(M)\,d)_j = "
            r"\det M\,(Gd)_j",
            r"It is derivation 07 for the start $\ast$. Or: the mean state does not move in a slow step, "
            r"$0=d-M\,E[1_A]$.",
            firing(3, "every unit of three, all weights and amounts symbols", transposed=False),
            firing(3, "G may be transposed", transposed=True),
        ),
        Step(
            r"d=\Delta u\,e_k:\quad P(A)=\Delta u\,\tau_k(A)\,f(C)/\det M\text{ for }A\ni k,\text{ and }0"
            r"\text{ for other }A\ne\varnothing",
            r"$\det(L[A]+\Delta u\,e_ke_k^T)=\det L[A]+\Delta u\det L[A]_{\setminus k}$, and $\det L[A]=0$. "
            r"Silent units are not fed: these are the laws of derivation 01.",
            one_unit(4, "all sets of four units, in symbols", k=0),
            one_unit(3, "of another start", k=1),
        ),
        Step(
            r"T_du = u+d-M1_A\in D,\qquad (T_d)_\ast\mathrm{unif}_D=\mathrm{unif}_D",
            r"A unit that fired is at less than $d_i+\sum_jw_{ij}\le U_i$ as long as none fired twice: none "
            r"does. The argument of derivation 06 that the new state has no forbidden set asks for no more, "
            r"so $T_d$ is the translation of the torus by $d$, a bijection of $D$ that keeps volumes. "
            r"Mixtures of such steps, laws over inputs, keep the uniform law, too.",
            translation("all inhabited states of 24 integer networks of up to four units", slow_step),
            translation("units that fire may be set to 0", resetting),
        ),
        Step(
            r"\{u\in D: d\text{ sets off }G_1,\dots,G_T\} = \text{box}\times D'",
            r"The box is that of the first step, $D'$ the inhabited region of the silent units with "
            r"thresholds $U_C-W_{CA}1-d_C$. With $A=\varnothing$ it says from where nothing fires.",
            in_pieces("every state of the same networks, by dynamics and by pieces", lowered=True),
            in_pieces("the rest keeps the thresholds of derivation 06", lowered=False),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
