r"""Derivation 16: the waves of an avalanche, and the spike counts of long windows.

Statement
    A slow step feeds dU > 0 to a unit k; dU may be above the leak s_k, and s_k may be 0. Its avalanche splits
    into waves: k fires once, then all others fire until none is at threshold while k is held back. From the
    uniform law on the inhabited region,

        E(number of waves in which exactly A fires) = dU tau_k(A) f(complement of A) / det M,      (1)
        E(number of waves)                          = dU G_kk,                                     (2)
        P(exactly A fires in the last wave)         = min(dU, U_k - sum_{j in A} w_kj)
                                                      tau_k(A) f(complement of A) / det M.         (3)

    From any state, and for any dU > 0, the numbers n(T) of firings in T slow steps have

        lim Cov(n(T)) / T = C = dU^2 G (diag p - p p') G',                                         (4)
        |Cov(n_i(T), n_j(T)) - T C_ij| <= sqrt(T) (b_j sqrt(C_ii) + b_i sqrt(C_jj)) + b_i b_j      (5)

    with b = G U.

Assumptions
    Weights w_ij >= 0 (self-coupling allowed), M = diag(U) - W is a nonsingular M-matrix, G its inverse. The
    volumes of derivation 01 for increments of at most the leak, and the invariance of the uniform law under
    such slow steps, derivation 06. The units that slow steps feed are drawn independently, unit k with
    probability p_k.

Source
    Waves are those of sandpiles (E. V. Ivashkevich, D. V. Ktitarev, V. B. Priezzhev 1994); the model is that
    of arXiv:2202.02520.

Run as ``python derivations/16_waves_and_spike_counts.py``.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product

import sympy

from exactav.proofs.checks import Check, everywhere, exactly, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.limits import limit
from exactav.proofs.listing import LEAK, determinant, laplacian, subsets, weight, without

Row = tuple[int, ...]
State = tuple[int, ...]
Assembly = frozenset[int]
Net = tuple[tuple[Row, ...], Row]  # weights and thresholds, whole numbers
Case = tuple[Net, int, int]  # a network, the unit that is fed, and how much
INCREMENTS = (1, 2, 3, 7)


# The dynamics, on lattices of states. Nothing of exactav is used here.


def relaxed(net: Net, state: State, held: int | None) -> tuple[Counter[int], State]:
    """How often each unit fires, but for the one that is held back, and the state afterwards."""
    weights, thresholds = net
    u, fired = list(state), Counter[int]()
    units = range(len(u))
    while ready := [i for i in units if u[i] >= thresholds[i] and i != held]:
        j = ready[0]
        fired[j] += 1
        u[j] -= thresholds[j]
        u = [u[i] + weights[i][j] for i in units]
    return fired, tuple(u)


def waves(net: Net, state: State, k: int, fed: int) -> tuple[list[Counter[int]], State]:
    """How often each unit fires in each wave of the avalanche, and the state afterwards."""
    weights, thresholds = net
    u = tuple(x + fed * (i == k) for i, x in enumerate(state))
    found = []
    while u[k] >= thresholds[k]:
        u = tuple(x + weights[i][k] - thresholds[k] * (i == k) for i, x in enumerate(u))
        others, u = relaxed(net, u, k)
        found.append(others + Counter([k]))
    return found, u


@cache
def inhabited(net: Net) -> list[State]:
    """All states that slow steps lead to from the one just below all thresholds: the inhabited ones."""
    first = tuple(threshold - 1 for threshold in net[1])
    seen, waiting = {first}, [first]
    while waiting:
        state = waiting.pop()
        for k in range(len(state)):
            fed = tuple(x + (i == k) for i, x in enumerate(state))
            after = relaxed(net, fed, None)[1]
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return sorted(seen)


def leaks(net: Net) -> list[int]:
    return [threshold - sum(row) for row, threshold in zip(*net, strict=True)]


def matrix(net: Net) -> sympy.Matrix:
    return sympy.diag(*net[1]) - sympy.Matrix(net[0])


@cache
def networks() -> list[Net]:
    """Random networks of up to three units, with self-coupling, not symmetric, some without leak."""
    dice = random.Random(16)
    found: list[Net] = []
    while len(found) < 14:
        n = dice.choice([1, 2, 2, 3, 3, 3])
        weights = tuple(tuple(dice.choice([0, 0, 1, 1, 2]) for _ in range(n)) for _ in range(n))
        net = weights, tuple(sum(row) + dice.choice([0, 0, 1, 2]) for row in weights)
        if all(net[1]) and 0 < matrix(net).det() <= 60:
            found.append(net)
    return found


def cases() -> list[Case]:
    return [(net, k, fed) for net in networks() for k in range(len(net[1])) for fed in INCREMENTS]


# Formulas


def by_determinants(net: Net, k: int) -> dict[Assembly, int]:
    """tau_k(A) f(complement of A) of all sets that hold k, but for zeros."""
    n = len(net[1])
    values = {weight(i, j): net[0][i][j] for i in range(n) for j in range(n)}
    values |= {weight(i, LEAK): leak for i, leak in enumerate(leaks(net))}
    found = {}
    for assembly in subsets(range(n)):
        if k in assembly:
            tree = laplacian(assembly, leak=False).subs(values)
            forest = laplacian(set(range(n)) - assembly, leak=True).subs(values)
            product_of = determinant(without(tree, sorted(assembly).index(k))) * determinant(forest)
            found[assembly] = int(product_of)
    return {assembly: value for assembly, value in found.items() if value}


def room(net: Net, k: int, fed: int, assembly: Assembly) -> int:
    """min(dU, U_k - sum_{j in A} w_kj)"""
    return min(fed, net[1][k] - sum(net[0][k][j] for j in assembly))


# The checks


def sets(case: Case, choose: Callable[[list[Counter[int]]], list[Counter[int]]]) -> Counter[Assembly]:
    """How often each set fires in chosen waves, over all inhabited states."""
    net, k, fed = case
    return Counter(
        frozenset(wave) for state in inhabited(net) for wave in choose(waves(net, state, k, fed)[0])
    )


def split(claim: str, *, times: int) -> Check:
    """The waves of a + b are those of a, and then those of b; or those of a several times."""
    pairs = [(net, k, fed, more) for net, k, fed in cases() for more in (1, 4)]

    def one_after_the_other(case: tuple[Net, int, int, int]) -> list[list[Counter[int]]]:
        net, k, fed, more = case
        found = []
        for state in inhabited(net):
            first, between = waves(net, state, k, fed)
            found.append(first * times if times > 1 else first + waves(net, between, k, more)[0])
        return found

    def at_once(case: tuple[Net, int, int, int]) -> list[list[Counter[int]]]:
        net, k, fed, more = case
        return [waves(net, state, k, fed + more)[0] for state in inhabited(net)]

    return exactly(claim, pairs, at_once, one_after_the_other)


def of_the_others(claim: str, *, held: bool) -> Check:
    """Waves depend on the states of the others only, and in each no unit fires twice."""

    def holds(case: Case) -> bool:
        net, k, fed = case
        by_others: dict[State, list[list[Counter[int]]]] = {}
        for state in inhabited(net):
            found, _ = waves(net, state, k, fed)
            if not held:  # whole avalanches
                found = [sum(found, Counter[int]())] if found else []
            by_others.setdefault(state[:k] + state[k + 1 :], []).append(found)
        once = all(
            max(wave.values()) == 1 for lists in by_others.values() for found in lists for wave in found
        )
        return once and all(
            all(a == b for a, b in zip(one, other, strict=False))
            for lists in by_others.values()
            for one, other in product(lists, lists)
        )

    return everywhere(claim, cases(), holds)


def numbers(claim: str, choose: Callable[[list[Counter[int]]], list[Counter[int]]]) -> Check:
    """(1) over all states, whose number is det M."""

    def expected(case: Case) -> Counter[Assembly]:
        net, k, fed = case
        return Counter({A: fed * value for A, value in by_determinants(net, k).items()})

    return exactly(claim, cases(), lambda case: sets(case, choose), expected)


def last_ones(claim: str, place: int) -> Check:
    """(3) over all states; ``place`` 0 takes first waves instead."""

    def expected(case: Case) -> Counter[Assembly]:
        net, k, fed = case
        return +Counter({A: room(net, k, fed, A) * v for A, v in by_determinants(net, k).items()})

    def chosen(found: list[Counter[int]]) -> list[Counter[int]]:
        return [found[place]] if found else []

    return exactly(claim, cases(), lambda case: sets(case, chosen), expected)


def assemblies_add_up(claim: str, *, minor: bool) -> Check:
    def left() -> sympy.Expr:
        terms = []
        for assembly in subsets(range(4)):
            if 1 in assembly:
                tree = determinant(without(laplacian(assembly, leak=False), sorted(assembly).index(1)))
                terms.append(tree * determinant(laplacian(set(range(4)) - assembly, leak=True)))
        return sympy.Add(*terms)

    def right() -> sympy.Expr:
        whole = laplacian(range(4), leak=True)
        return determinant(without(whole, 1) if minor else whole)

    return identity(claim, left, right, sizes="N = 4")


def balance(claim: str, *, states: bool) -> Check:
    """n = G (dU c - u(T) + u(0)) if each firing of j changes the state by the column -M_j."""
    n = 3
    m = laplacian(range(n), leak=True)
    increment = sympy.Symbol("d")
    fired, fed, begun = (sympy.Matrix(sympy.symbols(f"{name}_0:{n}")) for name in ("n", "c", "u"))
    ended = begun + increment * fed - m * fired

    def right() -> list[sympy.Expr]:
        moved = increment * fed + (begun - ended if states else sympy.zeros(n, 1))
        return list(m.adjugate(method="berkowitz") * moved / determinant(m))

    return identity(claim, lambda: list(fired), right, sizes="N = 3")


def runs() -> Iterator[tuple[Net, list[int], int]]:
    dice = random.Random(61)
    for net in networks():
        for fed in (1, 4):
            yield net, [dice.randrange(len(net[1])) for _ in range(9)], fed


def counted(net: Net, fed_units: tuple[int, ...] | list[int], fed: int) -> tuple[State, list[int]]:
    """The state and the numbers of firings after slow steps from the state just below all thresholds."""
    state = tuple(threshold - 1 for threshold in net[1])
    total = Counter[int]()
    for k in fed_units:
        found, state = waves(net, state, k, fed)
        for wave in found:
            total += wave
    return state, [total[i] for i in range(len(net[1]))]


def balance_of_runs(claim: str) -> Check:
    def right(case: tuple[Net, list[int], int]) -> list[sympy.Rational]:
        net, fed_units, fed = case
        state, _ = counted(net, fed_units, fed)
        moved = [fed * fed_units.count(i) + threshold - 1 - state[i] for i, threshold in enumerate(net[1])]
        return list(matrix(net).LUsolve(sympy.Matrix(moved)))

    return exactly(claim, list(runs()), lambda case: counted(*case)[1], right)


def multinomial(claim: str, *, together: bool) -> Check:
    """Cov(c(T)) = T (diag p - p p') from the generating function (sum_i p_i z_i)^T, T a symbol."""
    steps = sympy.Symbol("T", positive=True)
    p = [*sympy.symbols("p_0 p_1"), 1 - sympy.Symbol("p_0") - sympy.Symbol("p_1")]
    z = sympy.symbols("z_0:3")
    ones = dict.fromkeys(z, 1)
    generating = sum(a * b for a, b in zip(p, z, strict=True)) ** steps

    def left() -> list[sympy.Expr]:
        means = [sympy.diff(generating, x).subs(ones) for x in z]
        seconds = [[sympy.diff(generating, x, y).subs(ones) for y in z] for x in z]
        return [
            sympy.simplify(seconds[i][j] + means[i] * int(i == j) - means[i] * means[j])
            for i in range(3)
            for j in range(3)
        ]

    def right() -> list[sympy.Expr]:
        return [
            steps * (p[i] * int(i == j) - int(together) * p[i] * p[j]) for i in range(3) for j in range(3)
        ]

    return identity(claim, left, right)


def window_cases() -> list[tuple[Net, int, int]]:
    return [(net, fed, 4) for net in networks() for fed in (1, 3) if len(net[1]) > 1][:12]


def covariances(
    net: Net, fed: int, steps: int
) -> tuple[list[list[sympy.Rational]], sympy.Matrix, sympy.Matrix]:
    """(Cov(n(T)) of all ways to feed T times, C, b) for an uneven drive."""
    n = len(net[1])
    p = [Fraction(0), *(Fraction(1, 2 + i) / 2 for i in range(1, n))]
    p[0] = 1 - sum(p, Fraction(0))
    means = [Fraction(0)] * n
    seconds = [[Fraction(0)] * n for _ in range(n)]
    for fed_units in product(range(n), repeat=steps):
        chance = Fraction(1)
        for k in fed_units:
            chance *= p[k]
        fired = counted(net, fed_units, fed)[1]
        for i in range(n):
            means[i] += chance * fired[i]
            for j in range(n):
                seconds[i][j] += chance * fired[i] * fired[j]
    exact = [[seconds[i][j] - means[i] * means[j] for j in range(n)] for i in range(n)]
    drive = sympy.Matrix([sympy.Rational(share.numerator, share.denominator) for share in p])
    green = matrix(net).inv()
    long_run = fed**2 * green * (sympy.diag(*drive) - drive * drive.T) * green.T
    found = [[sympy.Rational(x.numerator, x.denominator) for x in row] for row in exact]
    return found, long_run, green * sympy.Matrix(net[1])


def within(claim: str, *, bounded: bool) -> Check:
    """(5) for windows of up to four steps; without the bound, whether the limit is exact at once."""

    def holds(case: tuple[Net, int, int]) -> bool:
        net, fed, longest = case
        n = range(len(net[1]))
        for steps in range(1, longest + 1):
            exact, c, b = covariances(net, fed, steps)
            for i, j in product(n, n):
                bound = sympy.sqrt(steps) * (b[j] * sympy.sqrt(c[i, i]) + b[i] * sympy.sqrt(c[j, j]))
                bound = bound + b[i] * b[j] if bounded else sympy.Integer(0)
                if not abs(exact[i][j] - steps * c[i, j]) <= bound:
                    return False
        return True

    return everywhere(claim, window_cases(), holds)


T = sympy.Symbol("T", positive=True)
B, C, E, F = sympy.symbols("b_i b_j x y", positive=True)

DERIVATION = Derivation(
    id="16",
    title="the waves of an avalanche, and the spike counts of long windows",
    statement=(
        r"A slow step feeds $\Delta u>0$ to a unit $k$; $\Delta u$ may be above the leak $s_k$, and $s_k$ "
        r"may be 0. Its avalanche splits into waves: $k$ fires once, then all others fire until none is at "
        r"threshold while $k$ is held back. From the uniform law on the inhabited region, the expected "
        r"number of waves in which exactly $A$ fires is $\Delta u\,\tau_k(A)f(\bar A)/\det M$, that of all "
        r"waves is $\Delta u\,G_{kk}$, and exactly $A$ fires in the last wave with probability $\min(\Delta "
        r"u,\, U_k-\sum_{j\in A}w_{kj})\,\tau_k(A)f(\bar A)/\det M$. From any state, the numbers $n(T)$ of "
        r"firings in $T$ slow steps have\[\lim_{T\to\infty}\mathrm{Cov}(n(T))/T = \Delta u^2\, "
        r"G\,(\mathrm{diag}\,p - p\,p^{\top})\,G^{\top}.\]"
    ),
    assumptions=(
        r"$w_{ij}\ge0$, self-coupling allowed, and $M=\mathrm{diag}(U)-W$ is a nonsingular M-matrix.",
        r"The volumes of derivation 01 for increments of at most the leak, and the invariance of the uniform "
        r"law under such slow steps, derivation 06.",
        r"Unit $k$ is fed with probability $p_k$, independently in each slow step.",
    ),
    source="waves as of sandpiles (E. V. Ivashkevich, D. V. Ktitarev, V. B. Priezzhev, 1994), in the model "
    "of arXiv:2202.02520",
    steps=(
        Step(
            r"A_1, A_2, \dots \text{ of the waves of } k \text{ are functions of } (u_i)_{i\ne k}",
            r"While $k$ is held back, the others see of $k$ only that it has fired. So the state of $k$ "
            r"decides how many waves there are, not which. In a wave no unit fires twice: let $i$ be the "
            r"first to do so; it began below $U_i$, lost $U_i$ and received at most its row sum, since all "
            r"fired at most once, so it is below $U_i$.",
            of_the_others("the waves of all states of fourteen networks, for four increments", held=True),
            of_the_others("whole avalanches are such, too", held=False),
        ),
        Step(
            r"\text{the waves of } \Delta+\Delta' = \text{ those of } \Delta \text{, then those of } \Delta'",
            r"Let $r_1, r_2, \dots$ be what waves return to $k$. It fires for the $l$-th time if $u_k + "
            r"\Delta + r_1 + \dots + r_{l-1} - (l-1)\,U_k \ge U_k$, and $r_l\le U_k$, so the number of "
            r"waves grows with $\Delta$. Whoever feeds $\Delta$ first has the first of the same waves, and "
            r"the others stand as they do between two of them.",
            split("all states of fourteen networks, for eight pairs of increments", times=1),
            split("the waves of the whole are twice those of a part", times=2),
        ),
        Step(
            r"E\,\#\{\text{waves with the set } A\} = \Delta u\,\frac{\tau_k(A)\,f(\bar A)}{\det M}",
            r"If $s_k>0$, feed $\Delta u$ in $m$ parts of at most $s_k$. Each sets off at most one wave, "
            r"its avalanche, of the set $A$ with probability $(\Delta u/m)\,\tau_k(A)f(\bar A)/\det M$ by "
            r"derivation 01, and the uniform law stays; add up. If $s_k=0$, raise $U_k$ by "
            r"$\varepsilon\to0$. The others do not see it, and $k$ is inhabited from the same level on. The "
            r"number of waves from a state tends to that without $\varepsilon$, wherever $k$ comes to no "
            r"level $U_k$ exactly, and is bounded, since all firings are $G(\Delta u\,e_k+u-u')$. So "
            r"volumes converge; both sides are continuous.",
            numbers(
                "all waves from all states of fourteen networks, for four increments", lambda found: found
            ),
            numbers("only first waves count", lambda found: found[:1]),
            label="waves",
        ),
        Step(
            r"E\,\#\{\text{waves}\} = \Delta u\sum_{A\ni k}\frac{\tau_k(A)\,f(\bar A)}{\det M} = \Delta u\, "
            r"\frac{\det M_{\setminus k}}{\det M} = \Delta u\,G_{kk}",
            r"The sum over all sets is derivation 04. So the law of one wave drawn from all waves is "
            r"$\tau_k(A)f(\bar A)/\det M_{\setminus k}$ for every $\Delta u$.",
            assemblies_add_up("four units with symbols", minor=True),
            assemblies_add_up("the sum is det M", minor=False),
        ),
        Step(
            r"P(\text{the last wave has the set } A) = \min\Bigl(\Delta u,\ U_k-\sum_{j\in A}w_{kj}\Bigr) "
            r"\frac{\tau_k(A)\,f(\bar A)}{\det M}",
            r"Let $s_k>0$, and feed $m$ parts of at most $s_k$ one after the other. A wave that part $l$ "
            r"sets off finds $k$ at a level uniform on the part above $U_k$, whatever its set, as in "
            r"derivation 01. So with all that is still to come $k$ is left at $z+\sum_{j\in A}w_{kj}$, with "
            r"$z$ uniform on $[0,\Delta u)$ when $l$ is drawn, too. The wave is the last if that is below "
            r"$U_k$. For $s_k=0$ as in \eqref{waves}. First waves have no such law: whether a wave is the "
            r"first depends on the sets that it does not reach, too.",
            last_ones("last waves from all states of fourteen networks, for four increments", -1),
            last_ones("first waves have this law as well", 0),
        ),
        Step(
            r"n(T) = G\,\bigl(\Delta u\,c(T) - u(T) + u(0)\bigr)",
            r"$c(T)$ says how often each unit was fed. When unit $j$ fires it loses $U_j$ and each $i$ "
            r"receives $w_{ij}$: the state changes by column $j$ of $-M$. So $u(T)=u(0)+\Delta "
            r"u\,c(T)-M\,n(T)$.",
            balance("three units with symbols", states=True),
            balance("the state at the end does not matter", states=False),
            also=(balance_of_runs("runs of nine steps in fourteen networks, for two increments"),),
            label="balance",
        ),
        Step(
            r"\mathrm{Cov}(c(T)) = T\,(\mathrm{diag}\,p - p\,p^{\top})",
            r"The generating function of $c(T)$ is $(\sum_i p_i z_i)^T$. An entry of the covariance depends "
            r"on two units and on all others together, so three are enough.",
            multinomial("three units and T steps, all symbols", together=True),
            multinomial("the units are fed independently of each other", together=False),
        ),
        Step(
            r"\bigl|\mathrm{Cov}(n_i(T),n_j(T)) - T\,C_{ij}\bigr| \le \sqrt T\,\bigl(b_j\sqrt{C_{ii}} + "
            r"b_i\sqrt{C_{jj}}\bigr) + b_i b_j,\qquad C = \Delta "
            r"u^2\,G(\mathrm{diag}\,p-p\,p^{\top})G^{\top}, \quad b=G\,U",
            r"In \eqref{balance} $X=\Delta u\,G\,c(T)$ has the covariance $T\,C$, and $Y=G(u(0)-u(T))$ has "
            r"$|Y_i|\le b_i$, as $0\le u<U$ and $G\ge0$. Expand $\mathrm{Cov}(X+Y)$: by Cauchy and Schwarz "
            r"$|\mathrm{Cov}(X_i,Y_j)|\le\sqrt{T\,C_{ii}}\,b_j$ and $|\mathrm{Cov}(Y_i,Y_j)|\le b_i b_j$, "
            r"whatever depends on what.",
            within("all ways to feed up to four times, twelve networks and increments", bounded=True),
            within("the covariance is T C at once", bounded=False),
        ),
        Step(
            r"\lim_{T\to\infty}\frac{\mathrm{Cov}(n(T))}{T} = \Delta u^2\,G\,(\mathrm{diag}\,p - "
            r"p\,p^{\top})\,G^{\top}",
            r"The bound of the step before, divided by $T$, tends to 0.",
            limit(
                "the bound for all values of its parts",
                (C * E + B * F) / sympy.sqrt(T) + B * C / T,
                T,
                sympy.oo,
                0,
            ),
            limit(
                "the bound tends to 0 when divided by the root of T only",
                (C * E + B * F) + B * C / sympy.sqrt(T),
                T,
                sympy.oo,
                0,
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
