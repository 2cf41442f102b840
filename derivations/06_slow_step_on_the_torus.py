r"""Derivation 06: the slow step as a translation of a torus, and the invariance of the uniform law.

Statement
    Let u be in the inhabited region D, let unit k be fed dU <= s_k, and let A be the assembly of what follows
    (empty if nothing fires). Then (1) every unit of A fires once and the new state is u + dU e_k - M 1_A, (2)
    it is in D. So on the torus R^N / M Z^N, of which D holds one point of each class, the slow step T_k is
    the translation by dU e_k: (3) T_k is a bijection of D that preserves volume, (4) T_k T_l = T_l T_k, and
    (5) the uniform law on D is stationary for every drive. (6) The states from which k sets off a pattern are
    a box for the units A that fire times the inhabited region of the rest, with thresholds lowered by what
    they receive from A. These are exactav.phase_space.torus.slow_step and region.pieces.

Assumptions
    w_ij >= 0, s_i >= 0, M = diag(U) - W nonsingular, 0 < dU <= s_k for every driven k.

Source
    arXiv:2202.02520; for integers D. Dhar, Phys. Rev. Lett. 64, 1613 (1990).

Run as ``python derivations/06_slow_step_on_the_torus.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import sympy

from exactav.network.network import Network
from exactav.phase_space import region, torus
from exactav.phase_space.states import State as ExactState
from exactav.proofs.checks import Check, exactly
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import subsets

Rows = tuple[tuple[int, ...], ...]
Plain = tuple[Rows, tuple[int, ...]]  # integer weights and thresholds, increment 1
State = tuple[int, ...]
Slow = Callable[[Plain, State, int], tuple[list[frozenset[int]], State]]


def matrix(net: Plain) -> sympy.Matrix:
    """M = diag(U) - W."""
    return sympy.diag(*net[1]) - sympy.Matrix(net[0])


def networks(count: int, n: int, largest_volume: int = 60) -> list[Plain]:
    """Random integer networks: non-symmetric, with self-coupling and zeros; some units without leak."""
    rng = random.Random(100 + n)
    found: list[Plain] = []
    while len(found) < count:
        weights = tuple(tuple(rng.choice([0, 0, 1, 1, 2]) for _ in range(n)) for _ in range(n))
        net = weights, tuple(sum(row) + rng.choice([0, 1, 1, 2]) for row in weights)
        if driven(net) and 0 < matrix(net).det() <= largest_volume:
            found.append(net)
    return found


def driven(net: Plain) -> list[int]:
    """The units that may be fed: those with leak at least the increment 1."""
    return [k for k, (row, u) in enumerate(zip(*net, strict=True)) if u - sum(row) >= 1]


@cache
def inhabited(net: Plain) -> tuple[State, ...]:
    """Integer states without a forbidden set; all sets are tried."""
    weights, thresholds = net
    sets = [units for units in subsets(range(len(thresholds))) if units]
    return tuple(
        state
        for state in product(*map(range, thresholds))
        if not any(all(state[i] < sum(weights[i][j] for j in units) for i in units) for units in sets)
    )


def slow_step(net: Plain, state: State, k: int) -> tuple[list[frozenset[int]], State]:
    """(generations, new state) after unit k is fed 1."""
    weights, thresholds = net
    u = [x + (i == k) for i, x in enumerate(state)]
    generations: list[frozenset[int]] = []
    while firing := frozenset(i for i, threshold in enumerate(thresholds) if u[i] >= threshold):
        generations.append(firing)
        u = [x - thresholds[i] * (i in firing) + sum(weights[i][j] for j in firing) for i, x in enumerate(u)]
    return generations, tuple(u)


def resetting(net: Plain, state: State, k: int) -> tuple[list[frozenset[int]], State]:
    """Another model: units that fire are set to 0 at the end, whatever they had received."""
    generations, after = slow_step(net, state, k)
    fired = frozenset().union(*generations)
    return generations, tuple(0 if i in fired else x for i, x in enumerate(after))


NETWORKS = [net for n in (1, 2, 3, 4) for net in networks(6, n)]
STEPS = [(net, k) for net in NETWORKS for k in driven(net)]


def jump(claim: str, *, lattice: bool) -> Check:
    """Every avalanche fires its units once and moves the state by 1_k - M 1_A."""

    def moved(case: tuple[Plain, int]) -> list[tuple[bool, State]]:
        net, k = case
        results = []
        for state in inhabited(net):
            generations, after = slow_step(net, state, k)
            fired = Counter(unit for generation in generations for unit in generation)
            results.append((max(fired.values(), default=0) <= 1, after))
        return results

    def expected(case: tuple[Plain, int]) -> list[tuple[bool, State]]:
        net, k = case
        results = []
        for state in inhabited(net):
            assembly = frozenset().union(*slow_step(net, state, k)[0])
            m = matrix(net) if lattice else matrix(net).T
            shift = m * sympy.Matrix([int(i in assembly) for i in range(len(state))])
            results.append((True, tuple(int(x + (i == k) - shift[i]) for i, x in enumerate(state))))
        return results

    return exactly(claim, STEPS, moved, expected)


def made(net: Plain, over: int = 1) -> Network:
    """The package's network, all numbers divided by ``over``."""
    drive = [sympy.Rational(int(k in driven(net)), len(driven(net))) for k in range(len(net[1]))]
    weights = [[sympy.Rational(w, over) for w in row] for row in net[0]]
    thresholds = [sympy.Rational(u, over) for u in net[1]]
    return Network(weights, thresholds, drive=drive, increment=sympy.Rational(1, over))


def translated(claim: str, *, with_jump: bool) -> Check:
    """The package's slow step, a translation of the torus, is the dynamics; numbers divided by 2."""

    def dynamics(case: tuple[Plain, int]) -> list[ExactState]:
        net, k = case
        return [tuple(sympy.Rational(x, 2) for x in slow_step(net, state, k)[1]) for state in inhabited(net)]

    def moved(case: tuple[Plain, int]) -> list[ExactState]:
        net, k = case
        network = made(net, over=2)
        states = [[sympy.Rational(x, 2) for x in state] for state in inhabited(net)]
        if with_jump:
            return [torus.slow_step(network, state, k)[0] for state in states]
        return [tuple(x + sympy.Rational(int(i == k), 2) for i, x in enumerate(state)) for state in states]

    return exactly(claim, STEPS, dynamics, moved)


def similar(claim: str, *, lowered: bool) -> Check:
    """Each state that fires is in the piece of its own pattern alone, which takes it apart into places in a
    box and a state of the region of the rest; pieces hold as many integer states as they have volume."""

    def volume(net: Plain, piece: region.Piece) -> sympy.Expr:
        if lowered or piece.rest is None:
            return piece.volume
        rest = sorted(set(range(len(net[1]))) - set(piece.sides))
        unlowered = sympy.diag(*(net[1][i] for i in rest)) - sympy.Matrix(net[0]).extract(rest, rest)
        return piece.volume / piece.rest.volume() * unlowered.det()

    def of_pieces(case: tuple[Plain, int]) -> tuple[Any, list[Any]]:
        net, k = case
        pieces = list(region.pieces(made(net), k))
        answers = []
        for state in inhabited(net):
            found = [piece for piece in pieces if state in piece]
            parts = [piece.split(state) for piece in found]
            is_inside = [
                p.rest is None or region.is_inhabited(p.rest, x[1])
                for p, x in zip(found, parts, strict=False)
            ]
            is_back = [piece.joined(*taken) == state for piece, taken in zip(found, parts, strict=False)]
            answers.append(([piece.pattern for piece in found], all(is_inside), all(is_back)))
        return {piece.pattern: volume(net, piece) for piece in pieces}, answers

    def of_dynamics(case: tuple[Plain, int]) -> tuple[Any, list[Any]]:
        net, k = case
        patterns = [tuple(slow_step(net, state, k)[0]) for state in inhabited(net)]
        counts = Counter(pattern for pattern in patterns if pattern)
        return dict(counts), [([pattern] if pattern else [], True, True) for pattern in patterns]

    return exactly(claim, STEPS, of_pieces, of_dynamics)


def stays(claim: str, step: Slow) -> Check:
    """The new state has no forbidden set."""
    return exactly(
        claim,
        STEPS,
        lambda case: (
            {step(case[0], state, case[1])[1] for state in inhabited(case[0])} - set(inhabited(case[0]))
        ),
        lambda _: set[State](),
    )


def bijection(claim: str, step: Slow) -> Check:
    """The images of all inhabited states are all inhabited states, each once."""
    return exactly(
        claim,
        STEPS,
        lambda case: sorted(step(case[0], state, case[1])[1] for state in inhabited(case[0])),
        lambda case: sorted(inhabited(case[0])),
    )


def after(net: Plain, state: State, *fed: int) -> State:
    """The state after several slow steps."""
    for k in fed:
        state = slow_step(net, state, k)[1]
    return state


def commuting(claim: str, *, orders: bool) -> Check:
    """Feeding k then l is feeding l then k."""
    cases = [(net, k, el) for net in NETWORKS for k in driven(net) for el in driven(net) if k < el]
    return exactly(
        claim,
        cases,
        lambda case: [after(case[0], state, case[1], case[2]) for state in inhabited(case[0])],
        lambda case: [
            after(case[0], state, *((case[2], case[1]) if orders else (case[1], case[1])))
            for state in inhabited(case[0])
        ],
    )


def stationary(claim: str, *, on_region: bool) -> Check:
    """Counting measure on the states is carried to itself by a random slow step with uneven drive."""

    def carried(net: Plain) -> Counter[State]:
        chosen = inhabited(net) if on_region else tuple(product(*map(range, net[1])))
        mass: Counter[State] = Counter()
        for state in chosen:
            for share, k in enumerate(driven(net), start=1):
                mass[slow_step(net, state, k)[1]] += share
        return mass

    def uniform(net: Plain) -> Counter[State]:
        shares = sum(range(1, len(driven(net)) + 1))
        chosen = inhabited(net) if on_region else tuple(product(*map(range, net[1])))
        return Counter(dict.fromkeys(chosen, shares))

    return exactly(claim, NETWORKS, carried, uniform)


DERIVATION = Derivation(
    id="06",
    title="the slow step as a translation of a torus, and the invariance of the uniform law",
    statement=(
        r"Let $u\in D$, feed $\Delta u\le s_k$ to unit $k$, and let $A$ be the assembly of what follows, "
        r"empty if nothing fires. (1) Every unit of $A$ fires once, and the new state is $T_ku=u+\Delta "
        r"u\,e_k-M1_A$. (2) $T_ku\in D$. On the torus $\mathbb R^N/M\mathbb Z^N$, of which $D$ holds one "
        r"point of each class, $T_k$ is the translation by $\Delta u\,e_k$: (3) it is a bijection of $D$ "
        r"that preserves volume, (4) $T_kT_l=T_lT_k$, and (5) the uniform law on $D$ is stationary for "
        r"every drive. (6) The states from which $k$ sets off a pattern are a box for the units $A$ that "
        r"fire times the inhabited region of the rest, with thresholds lowered to $U_C-W_{CA}1$."
    ),
    assumptions=(
        r"$w_{ij}\ge0$, $s_i\ge0$, $M=\mathrm{diag}(U)-W$ nonsingular.",
        r"$0<\Delta u\le s_k$ for every driven $k$.",
        r"The proof is for all real weights; the checks run the dynamics on integer networks with $\Delta "
        r"u=1$.",
    ),
    source="arXiv:2202.02520; D. Dhar, Phys. Rev. Lett. 64, 1613 (1990)",
    steps=(
        Step(
            r"T_ku = u+\Delta u\,e_k-M\,1_A",
            r"As long as no unit has fired twice, a unit $i$ that fired is at $u_i+\Delta "
            r"u\,\delta_{ik}-U_i+\sum_{j\text{ fired}}w_{ij}<\Delta u\,\delta_{ik}+\sum_jw_{ij}\le U_i$, "
            r"the last by $\Delta u\le s_k$: it does not fire again. Each firing of $j$ subtracts column "
            r"$j$ of $M$.",
            jump("all inhabited states and starts of 24 integer networks of up to four units", lattice=True),
            jump("rows of M are subtracted, same networks", lattice=False),
        ),
        Step(
            r"T_ku\in D",
            r"Let $I$ be forbidden in $v=T_ku$. For $i\in I\setminus A$, $u_i\le v_i-\sum_{j\in "
            r"A}w_{ij}<\sum_{j\in I\setminus A}w_{ij}$, so $I\setminus A$, if not empty, is forbidden in "
            r"$u$: a contradiction. So $I\subseteq A$; let $i\in I$ be among the first of $I$ to fire. It "
            r"was left with at least 0 and received $w_{ij}$ from all $j\in I$, firing with it or later: "
            r"$v_i\ge\sum_{j\in I}w_{ij}$, a contradiction.",
            stays("all new states, tested against all sets, same networks", slow_step),
            stays("units that fire may be set to 0", resetting),
        ),
        Step(
            r"T_k : D\to D \text{ is a bijection, and preserves volume}",
            r"$T_ku-u\in\Delta u\,e_k+M\mathbb Z^N$, and by derivation 05 every class modulo $M\mathbb Z^N$ "
            r"has one point in $D$: $T_k$ is injective, and onto since $u-\Delta u\,e_k$ has a "
            r"representative in $D$. It is a translation on each of finitely many pieces.",
            bijection("all inhabited states are images, each once, same networks", slow_step),
            bijection("units that fire may be set to 0", resetting),
        ),
        Step(
            r"T_ku = \text{the representative in } D \text{ of } u+\Delta u\,e_k",
            r"By (2) it is a representative in $D$, of which derivation 05 allows one, whatever the order of "
            r"firing that finds it.",
            translated("the package's slow step on all states, numbers divided by 2", with_jump=True),
            translated("nothing fires", with_jump=False),
        ),
        Step(
            r"T_kT_l = T_lT_k",
            r"Both are the representative in $D$ of $u+\Delta u(e_k+e_l)$.",
            commuting("all inhabited states and pairs of starts, same networks", orders=True),
            commuting("feeding k twice is the same", orders=False),
        ),
        Step(
            r"\sum_k p_k\,(T_k)_\ast\,\mathrm{unif}_D = \mathrm{unif}_D",
            r"Each $T_k$ carries the uniform law to itself, so every mixture of them does.",
            stationary("counting measure under an uneven drive, same networks", on_region=True),
            stationary("the same on all states below threshold", on_region=False),
        ),
        Step(
            r"\{u\in D: k\text{ sets off }G_1,\dots,G_d\} = \text{box}\times D'",
            r"Unit $j\in G_{t+1}$ is below threshold after $G_1,\dots,G_{t-1}$ have fired, and at threshold "
            r"after $G_t$: $u_j$ is in an interval of length $\sum_{l\in G_t}w_{jl}$. Silent units $C$ end "
            r"below threshold: $u_C<U_C-W_{CA}1$. A set $I$ that is forbidden in $u$ is in $C$: the first "
            r"unit $i$ of $I\cap A$ to fire has $u_i\ge U_i-\sum_{l\notin I}w_{il}\ge\sum_{l\in I}w_{il}$, "
            r"as has the start, whose leak is at least $\Delta u$. So all of the box occurs, with $u_C$ in "
            r"the inhabited region $D'$ of the network on $C$ with these thresholds: $D$ holds smaller "
            r"copies of its kind.",
            similar("every state and pattern of the same networks, by dynamics and by pieces", lowered=True),
            similar("the rest keeps its thresholds", lowered=False),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
