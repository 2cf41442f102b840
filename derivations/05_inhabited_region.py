r"""Derivation 05: the inhabited region, its burning test, and its volume.

Statement
    Call a nonempty set I of units forbidden in a state u if u_i < sum_{j in I} w_ij for all i in I, and let D
    be the states 0 <= u_i < U_i without a forbidden set. (1) u is in D iff burning burns all units: starting
    with all units unburnt, a unit i burns once u_i >= the sum of w_ij over the unburnt j (i included). (2)
    Every point of R^N differs from exactly one point of D by a vector M z with integer z. (3) D has volume
    det M. These are exactav.phase_space.region.forbidden_set, torus.representative and region.boxes.

Assumptions
    w_ij >= 0, 0 <= s_i = U_i - sum_j w_ij, M = diag(U) - W nonsingular.

Source
    D. Dhar, Phys. Rev. Lett. 64, 1613 (1990) for integers; A. Gabrielov (1993), Abelian avalanches and Tutte
    polynomials, for real heights; arXiv:2202.02520.

Run as ``python derivations/05_inhabited_region.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import sympy

from exactav.network.network import Network
from exactav.phase_space import region, torus
from exactav.proofs.checks import Check, exactly, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import subsets

Rows = tuple[tuple[int, ...], ...]
Plain = tuple[Rows, tuple[int, ...]]  # integer weights and thresholds
State = tuple[int, ...]


def networks(count: int, n: int, largest_volume: int = 60) -> list[Plain]:
    """Random integer networks: non-symmetric, with self-coupling and zeros; some units without leak."""
    rng = random.Random(n)
    found: list[Plain] = []
    while len(found) < count:
        weights = tuple(tuple(rng.choice([0, 0, 1, 1, 2]) for _ in range(n)) for _ in range(n))
        thresholds = tuple(sum(row) + rng.choice([0, 1, 1, 2]) for row in weights)
        if all(thresholds) and 0 < matrix(weights, thresholds).det() <= largest_volume:
            found.append((weights, thresholds))
    return found


def matrix(weights: Rows, thresholds: Sequence[int]) -> sympy.Matrix:
    """M = diag(U) - W."""
    return sympy.diag(*thresholds) - sympy.Matrix(weights)


NETWORKS = [network for n in (1, 2, 3, 4) for network in networks(8, n)]


def is_forbidden(weights: Rows, state: State, units: frozenset[int]) -> bool:
    """Whether a set is forbidden in a state, by the definition."""
    return bool(units) and all(state[i] < sum(weights[i][j] for j in units) for i in units)


def is_inhabited(weights: Rows, state: State) -> bool:
    """No set is forbidden; all sets are tried."""
    return not any(is_forbidden(weights, state, units) for units in subsets(range(len(state))))


def made(net: Plain, *, with_itself: bool = True, over: int = 1) -> Network:
    """The package's network, all numbers divided by ``over``; without self-coupling if so asked."""
    weights = [
        [sympy.Rational(w if with_itself or i != j else 0, over) for j, w in enumerate(row)]
        for i, row in enumerate(net[0])
    ]
    thresholds = [sympy.Rational(u, over) for u in net[1]]
    return Network(weights, thresholds)


def states(thresholds: Sequence[int]) -> Iterator[State]:
    """All integer states below threshold."""
    return product(*map(range, thresholds))


def inhabited(network: Plain) -> list[State]:
    """The integer points of D."""
    weights, thresholds = network
    return [state for state in states(thresholds) if is_inhabited(weights, state)]


def coset(network: Plain, state: Sequence[int]) -> tuple[int, ...]:
    """The class of a state modulo M Z^N: det M times the fractional part of M^{-1} u."""
    m = matrix(*network)
    return tuple(int(x) % int(m.det()) for x in m.adjugate() * sympy.Matrix(state))


def burning(claim: str, *, with_itself: bool) -> Check:
    """The union of all forbidden sets, by the definition, is what burning leaves of every state."""

    def left_over(net: Plain) -> list[frozenset[Any]]:
        network = made(net, with_itself=with_itself)
        return [region.forbidden_set(network, state) for state in states(net[1])]

    def union(net: Plain) -> list[frozenset[Any]]:
        sets = list(subsets(range(len(net[1]))))
        return [
            frozenset[Any]().union(*(units for units in sets if is_forbidden(net[0], state, units)))
            for state in states(net[1])
        ]

    return exactly(claim, NETWORKS, union, left_over)


def last_to_fire(claim: str, *, backwards: bool) -> Check:
    """After every unit fired, in any order, no set is forbidden; ``backwards`` counts what units had."""

    def start_full(net: Plain) -> list[bool]:
        weights, thresholds = net
        rng = random.Random(1)
        verdicts = []
        for _ in range(20):
            state = [2 * u + rng.randrange(u) + 5 for u in thresholds]
            fired: set[int] = set()
            while ready := [i for i, u in enumerate(thresholds) if state[i] >= u]:
                unit = rng.choice(ready)
                fired.add(unit)
                state[unit] -= thresholds[unit]
                state = [state[i] + weights[i][unit] for i in range(len(state))]
            if len(fired) == len(thresholds):
                shown = [u - 1 - x for u, x in zip(thresholds, state, strict=True)] if backwards else state
                verdicts.append(is_inhabited(weights, tuple(shown)))
        return verdicts

    return exactly(claim, NETWORKS, start_full, lambda net: [True] * len(start_full(net)))


def moved_back(claim: str, *, by_matrix: bool) -> Check:
    """Representatives of points anywhere: M times the firings away, in D by the definition, in any order."""

    def found(net: Plain) -> list[Any]:
        network, rng = made(net, over=3), random.Random(5)
        results: list[Any] = []
        for seed in range(6):
            point = [sympy.Rational(rng.randint(-40, 40), 7) for _ in net[1]]
            state, firings = torus.representative(network, point, seed=seed)
            step = network.matrix if by_matrix else sympy.diag(*network.thresholds)
            is_away = sympy.Matrix(point) - step * sympy.Matrix(firings) == sympy.Matrix(state)
            in_units = tuple(sympy.floor(3 * x) for x in state)  # row sums are multiples of 1/3
            is_below = all(0 <= x < u for x, u in zip(in_units, net[1], strict=True))
            is_first = state == torus.representative(network, point)[0]
            results.append((is_away, is_below and is_inhabited(net[0], in_units), is_first))
        return results

    return exactly(claim, NETWORKS, found, lambda _: [(True, True, True)] * 6)


def representatives(claim: str, *, below_threshold: bool) -> Check:
    """Every coset of Z^N modulo M Z^N holds exactly one inhabited integer state."""

    def found(net: Plain) -> Counter[tuple[int, ...]]:
        listed = list(states(net[1])) if below_threshold else inhabited(net)
        network, volume = made(net), int(matrix(*net).det())
        return Counter(
            tuple(int(volume * theta) for theta in torus.coordinates(network, state)) for state in listed
        )

    def expected(net: Plain) -> Counter[tuple[int, ...]]:
        span = range(int(matrix(*net).det()))
        basis = [coset(net, [int(i == j) for j in range(len(net[1]))]) for i in range(len(net[1]))]
        seen = {(0,) * len(net[1])}
        waiting = list(seen)
        while waiting:
            here = waiting.pop()
            for step in basis:
                there = tuple((a + b) % len(span) for a, b in zip(here, step, strict=True))
                if there not in seen:
                    seen.add(there)
                    waiting.append(there)
        return Counter(seen)

    return exactly(claim, NETWORKS, found, expected)


def volume_of_two(claim: str, *, w_00: int) -> Check:
    """N = 2 in symbols: the box, minus {u_0 < w_00}, {u_1 < w_11}, minus the corner below both row sums."""
    a, b, c, d, u, v = sympy.symbols("w_00 w_01 w_10 w_11 U_0 U_1")
    # Above w_00 and w_11, the pair is forbidden on a box of sides w_01 and w_10.
    return identity(
        claim,
        lambda: (u - w_00 * a) * (v - d) - b * c,
        lambda: sympy.Matrix([[u - a, -b], [-c, v - d]]).det(),
        sizes="N = 2",
    )


DERIVATION = Derivation(
    id="05",
    title="the inhabited region, its burning test, and its volume",
    statement=(
        r"A nonempty set $I$ is \emph{forbidden} in $u$ if $u_i<\sum_{j\in I}w_{ij}$ for all $i\in I$. Let "
        r"$D$ be the states $0\le u_i<U_i$ without a forbidden set. (1) $u\in D$ iff \emph{burning} burns "
        r"all units: beginning with $B=\{1,\dots,N\}$ unburnt, a unit $i\in B$ burns once $u_i\ge\sum_{j\in "
        r"B}w_{ij}$. (2) Every point of $\mathbb R^N$ differs from exactly one point of $D$ by some $Mz$, "
        r"$z\in\mathbb Z^N$. (3) $\mathrm{vol}\,D=\det M$."
    ),
    assumptions=(
        r"$w_{ij}\ge0$, $s_i=U_i-\sum_jw_{ij}\ge0$, and $M=\mathrm{diag}(U)-W$ nonsingular.",
        r"The proof is for all real weights; the checks count integer networks and a symbolic one of two "
        r"units.",
    ),
    source="D. Dhar, Phys. Rev. Lett. 64, 1613 (1990); A. Gabrielov, Abelian avalanches and Tutte "
    "polynomials (1993); arXiv:2202.02520",
    steps=(
        Step(
            r"u\in D \iff \text{burning burns all units}",
            r"If burning stops at a nonempty $B$, then $u_i<\sum_{j\in B}w_{ij}$ for all $i\in B$: it is "
            r"forbidden. Conversely let $I$ be forbidden and $i$ its first unit to burn: then all of $I$ "
            r"was unburnt, so $u_i\ge\sum_{j\in I}w_{ij}$, a contradiction.",
            burning(
                "every state below threshold of 32 integer networks of up to four units", with_itself=True
            ),
            burning("self-coupling does not count, same networks", with_itself=False),
        ),
        Step(
            r"\text{all units fired} \implies u\in D",
            r"In a set $I$ let $i$ be the unit whose last firing is the longest ago. It was left with at "
            r"least 0, and every $j\in I$ has fired since or with it, so $u_i\ge\sum_{j\in I}w_{ij}$: no "
            r"set is forbidden. So every point has a representative in $D$: add $M z$ with large $z$, and "
            r"relax; each firing subtracts a column of $M$.",
            last_to_fire("20 relaxations from far above, in random order, of each network", backwards=False),
            last_to_fire("the mirrored states are inhabited as well", backwards=True),
        ),
        Step(
            r"u-Mz\in D \text{ for some } z\in\mathbb Z^N",
            r"Let $z=\lfloor M^{-1}(u-W1)\rfloor$, so that $v=u-Mz=W1+M\theta$ with $0\le\theta_i<1$. Then "
            r"$v_i=U_i\theta_i+\sum_jw_{ij}(1-\theta_j)\ge0$, and in a set $I$ a unit with the largest "
            r"$\theta_i$ has $v_i\ge\sum_jw_{ij}(1+\theta_i-\theta_j)\ge\sum_{j\in I}w_{ij}$: no set is "
            r"forbidden, and a firing forbids none (step 2 counts units that have not fired as burnt last). "
            r"Relax $v$; the state does not depend on the order, by the next step.",
            moved_back(
                "6 points of each network with its numbers divided by 3, random orders", by_matrix=True
            ),
            moved_back("firings take the threshold and give nothing", by_matrix=False),
        ),
        Step(
            r"u,\;u+Mz\in D \implies z=0",
            r"Say some $z_i>0$ (else exchange the two), and let $I$ be where $z$ is largest, $z_i=m\ge1$ "
            r"for $i\in I$. Let $v=u+Mz$. For $i\in I$, $v_i-u_i=mU_i-\sum_jw_{ij}z_j\ge mU_i-m\sum_{j\in "
            r"I}w_{ij}-(m-1)\sum_{j\notin I}w_{ij}\ge U_i-\sum_{j\in I}w_{ij}$, since $U_i\ge\sum_jw_{ij}$. "
            r"With $v_i<U_i$ it follows that $u_i<\sum_{j\in I}w_{ij}$ for all $i\in I$: $I$ is forbidden "
            r"in $u$.",
            representatives(
                "each coset of each integer network holds one inhabited state", below_threshold=False
            ),
            representatives("each coset holds one state below threshold", below_threshold=True),
        ),
        Step(
            r"\mathrm{vol}\,D = \det M",
            r"By the two steps before, $D$ is a fundamental domain of the lattice $M\mathbb Z^N$, as is the "
            r"parallelepiped spanned by the columns of $M$. For $N=2$ one sees it at once: "
            r"$(U_0-w_{00})(U_1-w_{11})-w_{01}w_{10}$.",
            volume_of_two("the volume for two units in symbols", w_00=1),
            volume_of_two("unit 0 alone is never forbidden", w_00=0),
        ),
        Step(
            r"D = \text{a union of disjoint boxes},\qquad \textstyle\sum\text{volumes}=\det M",
            r"All bounds of $D$ are row sums over sets of units, 0 and thresholds, so the cells between them "
            r"are inside or outside as a whole. The union of the boxes of states in which a set is forbidden "
            r"has the volume $\prod_iU_i-\det M$, by inclusion and exclusion.",
            exactly(
                "boxes, numbers divided by 3, and inclusion-exclusion, up to three units",
                [net for net in NETWORKS if len(net[1]) < 4],
                lambda net: [
                    sum(box.volume for box in region.boxes(made(net, over=3))),
                    region.volume_by_inclusion_exclusion(made(net, over=3)),
                ],
                lambda net: [sympy.Rational(len(inhabited(net)), 3 ** len(net[1]))] * 2,
            ),
            exactly(
                "the boxes fill all states below threshold",
                [net for net in NETWORKS if len(net[1]) < 4],
                lambda net: sum(box.volume for box in region.boxes(made(net, over=3))),
                lambda net: sympy.prod(made(net, over=3).thresholds),
            ),
        ),
        Step(
            r"\#(D\cap\mathbb Z^N) = \det M",
            r"For integer weights and thresholds, unit cubes at integer points tile $D$.",
            exactly(
                "inhabited integer states, all sets tried, of all networks",
                NETWORKS,
                lambda net: len(inhabited(net)),
                lambda net: int(matrix(*net).det()),
            ),
            exactly(
                "as many as the product of thresholds",
                NETWORKS,
                lambda net: len(inhabited(net)),
                lambda net: sum(1 for _ in states(net[1])),
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
