r"""Derivation 12: the stationary laws over the Bernoulli drive, and what fails for rational data.

Statement
    On the torus R^N / M Z^N let a slow step translate by dU e_k with probability p_k. (1) A stationary law
    is invariant under dU e_k for every driven k. (2) The uniform law is the only stationary one iff no
    nonzero integer z makes (dU z' M^{-1})_k an integer for every driven k. (3) For rational W, U and dU
    there is always such a z: orbits stay on finite cosets. (4) If all w_ij and U_i are multiples of dU, the
    avalanche laws hold on every coset all the same. (5) In general they do not: for W = [[0, 0, 1], [1, 1,
    1], [3, 1, 3]], U = (7, 6, 12), dU = 2, feeding unit 0 has assembly {0} with probability 11/73 on one
    coset and 12/73 on another, instead of 23/146.

Assumptions
    Those of derivation 06: w_ij >= 0, s_i >= 0, M nonsingular, 0 < dU <= s_k for every driven k.

Source
    G. Choquet, J. Deny, C. R. Acad. Sci. 250, 799 (1960), for (1); arXiv:2202.02520 for the setting; (4) and
    (5) found by enumeration here.

Run as ``python derivations/12_ergodicity.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import lcm

import sympy

from exactav.checks import Check, exactly
from exactav.derivation import Derivation, Step

Number = Fraction | int
State = tuple[Number, ...]
Rows = tuple[tuple[int, ...], ...]


def matrix(weights: Rows, thresholds: tuple[int, ...]) -> sympy.Matrix:
    """M = diag(U) - W."""
    return sympy.diag(*thresholds) - sympy.Matrix(weights)


def averages(claim: str, *, all_angles: bool) -> Check:
    """A weighted mean of roots of unity is 1 only if all of them are 1; angles are k/12 of a turn, "
    "exact."""
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


def obstruction(m: sympy.Matrix, step: sympy.Rational, *, clear_step: bool) -> sympy.Matrix:
    """z = q (first row of M), with q clearing its denominators and, if ``clear_step``, that of dU."""
    denominators = [entry.q for entry in m.row(0)]
    q = lcm(*map(int, denominators), int(step.q) if clear_step else 1)
    return m.row(0) * q


def rational_obstructions(claim: str, *, clear_step: bool) -> Check:
    """z is a nonzero integer vector and dU z' M^{-1} is integer."""

    def verdict(case: tuple[sympy.Matrix, sympy.Rational]) -> bool:
        m, step = case
        z = obstruction(m, step, clear_step=clear_step)
        image = step * z * m.inv()
        return any(z) and all(entry.is_Integer for entry in (*z, *image))

    return exactly(claim, rational_networks(20), verdict, lambda _: True)


def irrational_step(claim: str, *, step: sympy.Expr) -> Check:
    """No nonzero z with entries up to 6 obstructs, for W = [[0, 1/2], [1/2, 0]] and this increment."""
    inverse = sympy.Matrix([[1, -sympy.Rational(1, 2)], [-sympy.Rational(1, 2), 1]]).inv()
    vectors = [sympy.Matrix([z]) for z in product(range(-6, 7), repeat=2) if any(z)]
    return exactly(
        claim, vectors, lambda z: all(entry.is_Integer for entry in step * z * inverse), lambda _: False
    )


def slow_step(
    weights: Rows, thresholds: tuple[int, ...], state: State, k: int, step: Number
) -> tuple[frozenset[int], State]:
    """(assembly, new state) after unit k is fed ``step``."""
    u = [x + step * (i == k) for i, x in enumerate(state)]
    assembly: frozenset[int] = frozenset()
    while firing := frozenset(i for i, threshold in enumerate(thresholds) if u[i] >= threshold):
        assembly |= firing
        u = [x - thresholds[i] * (i in firing) + sum(weights[i][j] for j in firing) for i, x in enumerate(u)]
    return assembly, tuple(u)


def orbit(weights: Rows, thresholds: tuple[int, ...], state: State, step: Number) -> set[State]:
    """All states that slow steps lead to from a recurrent state, every unit fed now and then."""
    found, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        for k in range(len(thresholds)):
            there = slow_step(weights, thresholds, here, k, step)[1]
            if there not in found:
                found.add(there)
                waiting.append(there)
    return found


def settled(weights: Rows, thresholds: tuple[int, ...], offset: State, step: Number) -> State:
    """A recurrent state: the offset, raised far above all thresholds by slow steps' worth of input, "
    "relaxed."""
    raised = tuple(x + 40 * step * u for x, u in zip(offset, thresholds, strict=True))
    return slow_step(weights, thresholds, raised, 0, step)[1]


def law_of(
    weights: Rows, thresholds: tuple[int, ...], offset: State, step: Number, k: int
) -> dict[frozenset[int], Fraction]:
    """The law of the assembly, when k is fed, on the orbit of a state."""
    states = orbit(weights, thresholds, settled(weights, thresholds, offset, step), step)
    counts = Counter(slow_step(weights, thresholds, state, k, step)[0] for state in states)
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


DERIVATION = Derivation(
    id="12",
    title="the stationary laws over the Bernoulli drive, and what fails for rational data",
    statement=(
        r"On the torus $\mathbb R^N/M\mathbb Z^N$ let a slow step translate by $\Delta u\,e_k$ with "
        r"probability $p_k$. (1) A "
        r"stationary law is invariant under $\Delta u\,e_k$ for every driven $k$. (2) The uniform law is "
        r"the only one "
        r"iff no $0\ne z\in\mathbb Z^N$ makes $(\Delta u\,z'M^{-1})_k$ an integer for every driven $k$. "
        r"(3) For rational "
        r"$W$, $U$, $\Delta u$ there is always such a $z$. (4) If all $w_{ij}$ and $U_i$ are multiples of "
        r"$\Delta u$, the "
        r"avalanche laws hold on every coset all the same. (5) In general they do not."
    ),
    assumptions=(r"$w_{ij}\ge0$, $s_i\ge0$, $M$ nonsingular, $0<\Delta u\le s_k$ for every driven $k$.",),
    source="G. Choquet, J. Deny, C. R. Acad. Sci. 250, 799 (1960), for (1); arXiv:2202.02520 for the "
    "setting; (4) and (5) found by enumeration here",
    steps=(
        Step(
            r"\sum_kp_k\,e^{i\theta_k}=1 \iff e^{i\theta_k}=1\text{ for all driven }k",
            r"A mean of points of the unit circle is on the circle only if they are equal: 1 is an "
            r"extreme point of the "
            r"disc.",
            averages("216 triples of sixth roots of unity, uneven weights, exactly", all_angles=True),
            averages("the first unit need not be driven", all_angles=False),
        ),
        Step(
            r"\hat\mu(\chi)\neq0 \implies \chi(\Delta u\,e_k)=1 \text{ for all driven }k,\qquad "
            r"\chi_z(u)=e^{2\pi i\,z'M^{-1}u}",
            r"A stationary law has $\hat\mu(\chi)=\sum_kp_k\chi(\Delta u\,e_k)\,\hat\mu(\chi)$ for every "
            r"character; use step 1. So "
            r"$\mu$ is invariant under every $\Delta u\,e_k$, and it is uniform if only $z=0$ has "
            r"$(\Delta u\,z'M^{-1})_k\in\mathbb Z$ for all driven $k$. If another $z$ has, $1+\cos(2\pi "
            r"z'M^{-1}u)$ is a "
            r"stationary density. An irrational increment can do: for "
            r"$W=\bigl(\begin{smallmatrix}0&1/2\\1/2&0\end{smallmatrix}"
            r"\bigr)$ and $\Delta u=\sqrt2/10$, $\Delta u\,z'M^{-1}$ is irrational unless $z=0$.",
            irrational_step("no z with entries up to 6 obstructs dU = sqrt(2)/10", step=sympy.sqrt(2) / 10),
            irrational_step("none obstructs dU = 1/2", step=sympy.Rational(1, 2)),
        ),
        Step(
            r"z = q\,M'e_1,\qquad \Delta u\,z'M^{-1} = q\,\Delta u\,e_1'\in\mathbb Z^N",
            r"For rational data take $q>0$ such that $q\,\Delta u$ and the entries of $q\,M'e_1$ are "
            r"integers. So the uniform "
            r"law is never the only one.",
            rational_obstructions("20 random rational networks of three units", clear_step=True),
            rational_obstructions("q need not clear the increment", clear_step=False),
        ),
        Step(
            r"w_{ij},\,U_i\in\Delta u\,\mathbb Z \implies \text{the laws hold on every coset}",
            r"With $\Delta u=1$, the dynamics never changes the fractional parts of $u$, and compares "
            r"integers with the "
            r"integer parts: on every coset it is the sandpile of the integer points, where counting is "
            r"volume.",
            sandpiles("assembly laws on 9 or 27 cosets of three sandpiles, every start", step=1),
            sandpiles("the same with steps of 1/2", step=Fraction(1, 2)),
        ),
        Step(
            r"P(\{0\}\mid 0\text{ is fed}) = \tfrac{11}{73},\ \tfrac{12}{73}\text{ on two cosets},\qquad "
            r"V_0(\{0\})/\det M=\tfrac{23}{146}",
            r"For $W=\bigl(\begin{smallmatrix}0&0&1\\1&1&1\\3&1&3\end{smallmatrix}\bigr)$, $U=(7,6,12)$, "
            r"$\Delta u=2$ the integer "
            r"states form two orbits of 146 states. Only the average over both is the law.",
            exactly(
                "both orbits enumerated, and the volume",
                [0],
                lambda _: (two_classes(), volume_ratio()),
                lambda _: ([(146, Fraction(11, 73)), (146, Fraction(12, 73))], Fraction(23, 146)),
            ),
            exactly(
                "both orbits have the law",
                [0],
                lambda _: [p for _, p in two_classes()],
                lambda _: [volume_ratio()] * 2,
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
