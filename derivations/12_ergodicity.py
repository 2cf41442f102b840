r"""Derivation 12: the stationary laws over the Bernoulli drive, and what fails for rational data.

Statement
    On the torus R^N / M Z^N let a slow step translate by dU e_k with probability p_k. (1) A stationary law
    is invariant under dU e_k for every driven k. (2) The uniform law is the only stationary one iff no
    nonzero integer z makes (dU z' M^{-1})_k an integer for every driven k. (3) For rational W, U and dU
    there is always such a z: orbits stay on finite cosets. (4) If all w_ij and U_i are multiples of dU, the
    avalanche laws hold on every coset all the same. (5) In general they do not: for W = [[0, 0, 1], [1, 1,
    1], [3, 1, 3]], U = (7, 6, 12), dU = 2, feeding unit 0 has assembly {0} with probability 11/73 on one
    coset and 12/73 on another, instead of 23/146. (6) Under every stationary law unit j fires with
    probability dU (M^{-1})_jk when k is fed, so a law of start k holds on every coset if its outcomes have
    linearly independent indicators; of two units, always. (7) In general it does iff the Fourier
    coefficients of its regions vanish at all obstructing z != 0 with (M^{-T} z)_k = 0, of which boxes leave
    finitely many equations. Of rational networks, cubes can be counted instead. (8) For W = [[0, 1, 0], [0,
    0, 0], [2, 1, 0]], U = (4, 3, 6), dU = 3 the law of assemblies holds on every coset, that of patterns not.
    exactav.phase_space.ergodicity and exactness decide by these.

Assumptions
    Those of derivation 06: w_ij >= 0, s_i >= 0, M nonsingular, 0 < dU <= s_k for every driven k.

Source
    G. Choquet, J. Deny, C. R. Acad. Sci. 250, 799 (1960), for (1); arXiv:2202.02520 for the setting; (4) to
    (8) are shown and enumerated here.

Run as ``python derivations/12_ergodicity.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from math import lcm
from typing import NamedTuple

import sympy

from exactav.network.network import Network
from exactav.phase_space.ergodicity import ergodicity
from exactav.phase_space.exactness import KINDS, Kind, Spectrum, by_boxes, outcome_of
from exactav.proofs.checks import Check, exactly, identity
from exactav.proofs.derivation import Derivation, Step

Number = Fraction | int
State = tuple[Number, ...]
Rows = tuple[tuple[int, ...], ...]
Pattern = tuple[frozenset[int], ...]


def matrix(weights: Rows, thresholds: tuple[int, ...]) -> sympy.Matrix:
    """M = diag(U) - W."""
    return sympy.diag(*thresholds) - sympy.Matrix(weights)


def averages(claim: str, *, all_angles: bool) -> Check:
    """A weighted mean of roots of unity is 1 only if all of them are 1; angles are k/12 of a turn, exact."""
    angles = [sympy.Rational(k, 12) for k in range(12)]
    unit = [(sympy.cos(2 * sympy.pi * t), sympy.sin(2 * sympy.pi * t)) for t in angles]
    shares = (sympy.Rational(1, 6), sympy.Rational(1, 3), sympy.Rational(1, 2))

    def mean_is_one(chosen: tuple[int, ...]) -> bool:
        real = sum(p * unit[k][0] for p, k in zip(shares, chosen, strict=True))
        imaginary = sum(p * unit[k][1] for p, k in zip(shares, chosen, strict=True))
        return bool(sympy.expand(real) == 1 and sympy.expand(imaginary) == 0)

    def trivial(chosen: tuple[int, ...]) -> bool:
        return not any(chosen) if all_angles else not any(chosen[1:])

    return exactly(claim, list(product(range(0, 12, 2), repeat=3)), mean_is_one, trivial)


def rational_networks(count: int) -> list[tuple[sympy.Matrix, sympy.Rational]]:
    """Random (M, dU) with rational entries, three units, dU at most every leak."""
    rng = random.Random(12)
    found = []
    for _ in range(count):
        weights = sympy.Matrix(3, 3, lambda i, j: sympy.Rational(rng.randint(0, 4), rng.randint(2, 5)))
        leaks = [sympy.Rational(rng.randint(1, 3), rng.randint(2, 4)) for _ in range(3)]
        thresholds = [sum(weights.row(i)) + leaks[i] for i in range(3)]
        found.append((sympy.diag(*thresholds) - weights, min(leaks) / rng.randint(1, 3)))
    return found


def obstruction(m: sympy.Matrix, step: sympy.Rational) -> sympy.Matrix:
    """z = q (first row of M), with q clearing its denominators and that of dU."""
    denominators = [entry.q for entry in m.row(0)]
    q = lcm(*map(int, denominators), int(step.q))
    return m.row(0) * q


def rational_obstructions(claim: str) -> Check:
    """z is a nonzero integer vector and dU z' M^{-1} is integer."""

    def verdict(case: tuple[sympy.Matrix, sympy.Rational]) -> bool:
        m, step = case
        z = obstruction(m, step)
        image = step * z * m.inv()
        return any(z) and all(entry.is_Integer for entry in (*z, *image))

    return exactly(claim, rational_networks(20), verdict, lambda _: True)


def character(claim: str, *, row: bool) -> Check:
    """dU z' M^{-1} = q dU e_1' for z = q M' e_1, in symbols; ``row``: z is a row of M, not a column."""
    m = sympy.Matrix(3, 3, sympy.symbols("m_1:4(1:4)"))
    q, step = sympy.symbols("q dU")
    z = q * (m.row(0) if row else m.col(0).T)
    return identity(
        claim,
        lambda: step * z * m.adjugate(method="berkowitz") / m.det(method="berkowitz"),
        lambda: sympy.Matrix([[q * step, 0, 0]]),
        sizes="N = 3",
    )


def irrational_step(claim: str, *, step: sympy.Expr) -> Check:
    """No nonzero z with entries up to 6 obstructs, for W = [[0, 1/2], [1/2, 0]] and this increment."""
    inverse = sympy.Matrix([[1, -sympy.Rational(1, 2)], [-sympy.Rational(1, 2), 1]]).inv()
    vectors = [sympy.Matrix([z]) for z in product(range(-6, 7), repeat=2) if any(z)]
    return exactly(
        claim, vectors, lambda z: all(entry.is_Integer for entry in step * z * inverse), lambda _: False
    )


def slow_step(
    weights: Rows, thresholds: tuple[int, ...], state: State, k: int, step: Number
) -> tuple[Pattern, State]:
    """(pattern, new state) after unit k is fed ``step``."""
    u = [x + step * (i == k) for i, x in enumerate(state)]
    pattern: Pattern = ()
    while firing := frozenset(i for i, threshold in enumerate(thresholds) if u[i] >= threshold):
        pattern = (*pattern, firing)
        u = [x - thresholds[i] * (i in firing) + sum(weights[i][j] for j in firing) for i, x in enumerate(u)]
    return pattern, tuple(u)


def orbit(
    weights: Rows,
    thresholds: tuple[int, ...],
    state: State,
    step: Number,
    driven: Iterable[int] | None = None,
) -> set[State]:
    """All states that slow steps lead to from a recurrent state, every driven unit fed now and then."""
    found, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        for k in range(len(thresholds)) if driven is None else driven:
            there = slow_step(weights, thresholds, here, k, step)[1]
            if there not in found:
                found.add(there)
                waiting.append(there)
    return found


def settled(weights: Rows, thresholds: tuple[int, ...], offset: State, step: Number) -> State:
    """A recurrent state: the offset, raised far above all thresholds by what slow steps add, relaxed."""
    raised = tuple(x + 40 * step * u for x, u in zip(offset, thresholds, strict=True))
    return slow_step(weights, thresholds, raised, 0, step)[1]


def assembly_of(pattern: Pattern) -> frozenset[int]:
    """The units that fire."""
    return frozenset[int]().union(*pattern)


def law_of(
    weights: Rows, thresholds: tuple[int, ...], offset: State, step: Number, k: int
) -> dict[frozenset[int], Fraction]:
    """The law of the assembly, when k is fed, on the orbit of a state."""
    states = orbit(weights, thresholds, settled(weights, thresholds, offset, step), step)
    counts = Counter(assembly_of(slow_step(weights, thresholds, state, k, step)[0]) for state in states)
    return {assembly: Fraction(count, len(states)) for assembly, count in counts.items()}


SANDPILES: list[tuple[Rows, tuple[int, ...]]] = [
    (((0, 1), (2, 1)), (3, 4)),
    (((0, 2, 0), (1, 0, 1), (1, 1, 1)), (3, 4, 4)),
    (((1, 0, 2), (1, 1, 0), (0, 1, 0)), (4, 3, 3)),
]


def offsets(n: int) -> Iterator[State]:
    """Where orbits of a sandpile can begin between the integer points."""
    return product((Fraction(0), Fraction(1, 3), Fraction(3, 4)), repeat=n)


def sandpiles(claim: str, *, step: Number) -> Check:
    """The assembly laws of all starts on all cosets are those of the integer points with dU = 1."""
    cases = [
        (net, k, offset) for net in SANDPILES for k in range(len(net[1])) for offset in offsets(len(net[1]))
    ]
    return exactly(
        claim,
        cases,
        lambda case: law_of(*case[0], case[2], step, case[1]),
        lambda case: law_of(*case[0], (0,) * len(case[2]), 1, case[1]),
    )


WEIGHTS: Rows = ((0, 0, 1), (1, 1, 1), (3, 1, 3))
THRESHOLDS = (7, 6, 12)


def two_classes() -> list[tuple[int, Fraction]]:
    """(size of the orbit, P({0}) when 0 is fed) of all orbits of integer states with dU = 2."""
    found: dict[frozenset[State], Fraction] = {}
    for offset in product(range(2), repeat=3):
        state = settled(WEIGHTS, THRESHOLDS, offset, 2)
        states = orbit(WEIGHTS, THRESHOLDS, state, 2)
        found[frozenset(states)] = law_of(WEIGHTS, THRESHOLDS, offset, 2, 0)[frozenset({0})]
    return sorted((len(states), p) for states, p in found.items())


def volume_ratio() -> Fraction:
    """dU tau f / det M for the assembly {0}."""
    m = matrix(WEIGHTS, THRESHOLDS)
    # Thresholds of units 1 and 2 are lowered by what they would receive from unit 0.
    rest = m.extract([1, 2], [1, 2]) - sympy.diag(WEIGHTS[1][0], WEIGHTS[2][0])
    return Fraction(2 * int(rest.det()), int(m.det()))


class Case(NamedTuple):
    """A network of integers with an increment above 1, so that integer states fall into several orbits."""

    weights: Rows
    thresholds: tuple[int, ...]
    step: int
    driven: tuple[int, ...]

    @property
    def network(self) -> Network:
        drive = [sympy.Rational(int(k in self.driven), len(self.driven)) for k in range(len(self.thresholds))]
        return Network(self.weights, self.thresholds, drive=drive, increment=self.step)


def cases(n: int, count: int) -> list[Case]:
    """Random ones: non-symmetric, self-coupled, with zeros, and with units that are not driven."""
    rng = random.Random(n)
    found: list[Case] = []
    while len(found) < count:
        step = rng.choice([2, 3])
        weights = tuple(tuple(rng.choice([0, 0, 1, 1, 2, 3]) for _ in range(n)) for _ in range(n))
        driven = tuple(k for k in range(n) if k == 0 or rng.random() < 0.7)
        leaks = [rng.choice([step, step + 1]) if k in driven else rng.choice([0, 1]) for k in range(n)]
        thresholds = tuple(sum(row) + leak for row, leak in zip(weights, leaks, strict=True))
        if all(thresholds) and 0 < matrix(weights, thresholds).det() <= 120:
            found.append(Case(weights, thresholds, step, driven))
    return found


ODD = Case(WEIGHTS, THRESHOLDS, 2, (0, 1, 2))
FORWARD = Case(((0, 1, 0), (0, 0, 0), (2, 1, 0)), (4, 3, 6), 3, (0, 1, 2))
TWO, THREE = cases(2, 20), [ODD, FORWARD, *cases(3, 25)]


@cache
def orbits(case: Case) -> list[dict[int, list[Pattern]]]:
    """Of each orbit of integer states, start -> the pattern that each state answers with."""
    weights, thresholds, step, driven = case
    left = orbit(weights, thresholds, settled(weights, thresholds, (0,) * len(thresholds), 1), 1)
    found = []
    while left:
        states = orbit(weights, thresholds, min(left), step, driven)
        left -= states
        found.append({k: [slow_step(*case[:2], state, k, step)[0] for state in states] for k in driven})
    return found


def hold(case: Case, kind: Kind) -> bool:
    """Whether the laws of all starts are the same on all orbits, by counting."""
    counted = [
        {k: Counter(outcome_of(kind, pattern) for pattern in patterns) for k, patterns in one.items()}
        for one in orbits(case)
    ]
    return all(counts == counted[0] for counts in counted)


def means(claim: str, *, together: bool) -> Check:
    """How often each unit fires on each orbit, against dU M^-1; or how often two do, against the first."""

    def counted(case: Case, one: dict[int, list[Pattern]], units: Sequence[int]) -> list[sympy.Expr]:
        return [
            sympy.Rational(sum(assembly_of(pattern).issuperset(units) for pattern in patterns), len(patterns))
            for patterns in one.values()
        ]

    def green(case: Case, j: int) -> list[sympy.Expr]:
        inverse = matrix(case.weights, case.thresholds).inv()
        return [case.step * inverse[j, k] for k in case.driven]

    if together:
        return exactly(
            claim,
            THREE,
            lambda case: [counted(case, one, (1, 2)) for one in orbits(case)],
            lambda case: [counted(case, orbits(case)[0], (1, 2))] * len(orbits(case)),
        )
    return exactly(
        claim,
        [(case, j) for case in TWO + THREE for j in range(len(case.thresholds))],
        lambda pair: [counted(pair[0], one, (pair[1],)) for one in orbits(pair[0])],
        lambda pair: [green(*pair)] * len(orbits(pair[0])),
    )


def independent(claim: str, networks: list[Case]) -> Check:
    """All laws hold on all orbits."""
    return exactly(claim, networks, lambda case: [hold(case, kind) for kind in KINDS], lambda _: [True] * 3)


def coefficients(claim: str, networks: list[Case], counted: Callable[[Case, Kind], bool]) -> Check:
    """What the coefficients say of each law, against what is counted."""

    def said(case: Case) -> list[bool | None]:
        net = case.network
        verdicts = by_boxes(net, Spectrum(net), case.driven, KINDS)
        return [verdicts[kind].exact for kind in KINDS]

    return exactly(claim, networks, said, lambda case: [counted(case, kind) for kind in KINDS])


DERIVATION = Derivation(
    id="12",
    title="the stationary laws over the Bernoulli drive, and what fails for rational data",
    statement=(
        r"On the torus $\mathbb R^N/M\mathbb Z^N$ let a slow step translate by $\Delta u\,e_k$ with "
        r"probability $p_k$. (1) A stationary law is invariant under $\Delta u\,e_k$ for every driven $k$. "
        r"(2) The uniform law is the only one iff no $0\ne z\in\mathbb Z^N$ makes $(\Delta u\,z'M^{-1})_k$ "
        r"an integer for every driven $k$. (3) For rational $W$, $U$, $\Delta u$ there is always such a "
        r"$z$. (4) If all $w_{ij}$ and $U_i$ are multiples of $\Delta u$, the avalanche laws hold on every "
        r"coset all the same. (5) In general they do not. (6) Under every stationary law unit $j$ fires "
        r"with probability $\Delta u\,(M^{-1})_{jk}$ when $k$ is fed. So a law of start $k$ holds on every "
        r"coset if its assemblies have linearly independent indicators. (7) In general it does iff the "
        r"Fourier coefficients of its regions vanish at all obstructing $z\ne0$ with $(M^{-T}z)_k=0$. (8) "
        r"The law of assemblies may hold on every coset, and that of patterns not."
    ),
    assumptions=(r"$w_{ij}\ge0$, $s_i\ge0$, $M$ nonsingular, $0<\Delta u\le s_k$ for every driven $k$.",),
    source="G. Choquet, J. Deny, C. R. Acad. Sci. 250, 799 (1960), for (1); arXiv:2202.02520 for the "
    "setting; (4) to (8) are shown and enumerated here",
    steps=(
        Step(
            r"\sum_kp_k\,e^{i\theta_k}=1 \iff e^{i\theta_k}=1\text{ for all driven }k",
            r"A mean of points of the unit circle is on the circle only if they are equal: 1 is an extreme "
            r"point of the disc.",
            averages("216 triples of sixth roots of unity, uneven weights, exactly", all_angles=True),
            averages("the first unit need not be driven", all_angles=False),
        ),
        Step(
            r"\hat\mu(\chi)\neq0 \implies \chi(\Delta u\,e_k)=1 \text{ for all driven }k,\qquad "
            r"\chi_z(u)=e^{2\pi i\,z'M^{-1}u}",
            r"A stationary law has $\hat\mu(\chi)=\sum_kp_k\chi(\Delta u\,e_k)\,\hat\mu(\chi)$ for every "
            r"character; use step 1. So $\mu$ is invariant under every $\Delta u\,e_k$, and it is uniform "
            r"if only $z=0$ has $(\Delta u\,z'M^{-1})_k\in\mathbb Z$ for all driven $k$. If another $z$ "
            r"has, $1+\cos(2\pi z'M^{-1}u)$ is a stationary density. An irrational increment can do: for "
            r"$W=\bigl(\begin{smallmatrix}0&1/2\\1/2&0\end{smallmatrix}\bigr)$ and $\Delta u=\sqrt2/10$, "
            r"$\Delta u\,z'M^{-1}$ is irrational unless $z=0$.",
            irrational_step("no z with entries up to 6 obstructs dU = sqrt(2)/10", step=sympy.sqrt(2) / 10),
            irrational_step("none obstructs dU = 1/2", step=sympy.Rational(1, 2)),
        ),
        Step(
            r"z = q\,M'e_1,\qquad \Delta u\,z'M^{-1} = q\,\Delta u\,e_1'\in\mathbb Z^N",
            r"For rational data take $q>0$ such that $q\,\Delta u$ and the entries of $q\,M'e_1$ are "
            r"integers. So the uniform law is never the only one.",
            character("the character of z, for all M, dU and q", row=True),
            character("z is a column of M", row=False),
            also=(rational_obstructions("20 random rational networks of three units"),),
        ),
        Step(
            r"w_{ij},\,U_i\in\Delta u\,\mathbb Z \implies \text{the laws hold on every coset}",
            r"With $\Delta u=1$, the dynamics never changes the fractional parts of $u$, and compares "
            r"integers with the integer parts: on every coset it is the sandpile of the integer points, "
            r"where counting is volume.",
            sandpiles("assembly laws on 9 or 27 cosets of three sandpiles, every start", step=1),
            sandpiles("the same with steps of 1/2", step=Fraction(1, 2)),
        ),
        Step(
            r"P(\{0\}\mid 0\text{ is fed}) = \tfrac{11}{73},\ \tfrac{12}{73}\text{ on two cosets},\qquad "
            r"V_0(\{0\})/\det M=\tfrac{23}{146}",
            r"For $W=\bigl(\begin{smallmatrix}0&0&1\\1&1&1\\3&1&3\end{smallmatrix}\bigr)$, $U=(7,6,12)$, "
            r"$\Delta u=2$ the integer states form two orbits of 146 states. Only the average over both is "
            r"the law.",
            identity(
                "both orbits enumerated, and the volume",
                lambda: [two_classes(), volume_ratio()],
                lambda: [[(146, Fraction(11, 73)), (146, Fraction(12, 73))], Fraction(23, 146)],
                sizes="this network",
            ),
            identity(
                "both orbits have the law",
                lambda: [p for _, p in two_classes()],
                lambda: [volume_ratio()] * 2,
                sizes="this network",
            ),
        ),
        Step(
            r"P_\mu(j\in A\mid k\text{ is fed}) = \Delta u\,(M^{-1})_{jk}",
            r"A stationary law $\mu$ is carried to itself by every $T_k$ (step 2), and states are bounded, "
            r"so $0=\int(T_ku-u)\,d\mu=\Delta u\,e_k-M\,E_\mu[1_A]$. In particular $k$ itself fires, that "
            r"is, an avalanche happens, equally often on every orbit, and mean sizes are the same.",
            means("all orbits of 20 networks of two and 27 of three units, some not driven", together=False),
            means("two units fire together equally often on every orbit", together=True),
        ),
        Step(
            r"1_A\text{ linearly independent} \implies P_\mu(A\mid k)=V_k(A)/\det M",
            r"Step 6 reads $\sum_AP_\mu(A\mid k)\,1_A=\Delta u\,M^{-1}e_k$, with the sum over the assemblies "
            r"that $k$ can set off, and has one solution. Of two units these are $\{k\}$ and the pair; of a "
            r"chain that only leads forward, nested sets.",
            independent("patterns, assemblies and sizes on all orbits of 20 networks of two units", TWO),
            independent("three units are no different", THREE),
        ),
        Step(
            r"\mu_{u+K}(V)=\sum_z\hat1_V(z)\,\chi_z(u),\qquad m=M^{-T}z,\ \ "
            r"\hat1_V(z)=0\text{ if }m_k\neq0",
            r"The sum is over obstructing $z$: it is the law of $V$ on the coset of $u$, and constant iff "
            r"the coefficients vanish for $z\ne0$. (Boxes contain their lower ends, so what holds for "
            r"almost all $u$ holds for all.) Regions of start $k$ have a side of length $\Delta u$ along "
            r"$k$, and $\Delta u\,m_k$ is an integer: if it is not 0, the coefficient is. On boxes with "
            r"corners $c$ and the units $S$ where $m_j\ne0$, $\hat1_V(z)$ is a sum of $\pm e^{2\pi im\cdot "
            r"c}$, times lengths along units outside $S$, over $\prod_{j\in S}2\pi im_j$. As functions on "
            r"the lattice of these $z$ different exponentials are linearly independent, also over "
            r"polynomials, so all coefficients vanish iff those of equal exponentials (exponents equal "
            r"modulo 1) add up to 0: finitely many equations.",
            coefficients("against counting on all orbits of 27 networks of three units", THREE, hold),
            coefficients("patterns hold where assemblies do", THREE, lambda case, _: hold(case, "assembly")),
        ),
        Step(
            r"w_{ij},\,U_i,\,\Delta u\in\tfrac1q\mathbb Z \implies \text{cubes of side }\tfrac1q\text{ move "
            r"as a whole}",
            r"Slow steps compare $u_i$ with multiples of $1/q$ and add such, so they keep the fractional "
            r"part of $qu$ and act on its integer part. The law on the coset of $u$ is that of the integer "
            r"part: counting all of them decides. So (8): with $\Delta u=3$, "
            r"$W=\bigl(\begin{smallmatrix}0&1&0\\0&0&0\\2&1&0\end{smallmatrix}\bigr)$ and $U=(4,3,6)$.",
            exactly(
                "verdicts on the networks of (5) and (8), and of 25 more, against counting",
                THREE,
                lambda case: [ergodicity(case.network).verdicts[kind].exact for kind in KINDS],
                lambda case: [hold(case, kind) for kind in KINDS],
            ),
            exactly(
                "the network of (8) has the law of patterns on every orbit",
                [FORWARD],
                lambda case: [hold(case, kind) for kind in KINDS],
                lambda _: [True] * 3,
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
