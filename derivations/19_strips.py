r"""Derivation 19: the strips of any length, by transfer matrices over open trees.

Statement
    A strip repeats a cell N times along a line or a ring; unit u of each cell receives w[u, v, e] from unit v
    of the cell e further on, |e| <= r. Let W_N(z) be the sum of p_k tau_k(A) f(complement of A) z^|A| over
    the assemblies A and starts k (on a ring, the starts in one cell). Then there are finitely many states, a
    matrix T(z) of polynomials, and vectors l, r with

        F(x, z) = sum_N W_N(z) x^N = l (I - x T(z))^-1 r = P(x, z) / Q(x, z)   (plus a polynomial for rings),

    Q a product of powers of characteristic polynomials of classes of states, and the size law of N cells is

        P(L) = [x^N z^L] F(x, z) / [x^N] F(x, 1).

    For the k = 2 ring Q has degree 27 in x, for the ladder 16, for all alpha.

Assumptions
    Weights and thresholds as for networks; thresholds stay at the ends of a line, whose units leak more. On a
    ring of few cells, weights between the same units are added. The drive is the same in all cells.

Source
    Derived here; the model is that of arXiv:2202.02520.

Run as ``python derivations/19_strips.py``.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import sympy

import exactav as ea
from exactav.proofs import Check, bijection, exactly, identity, several
from exactav.proofs.derivation import Derivation, Step

x, z, alpha, s = sympy.symbols("x z alpha s")
Key = tuple[int, int, int]  # (receiver, sender, step)
Unit = tuple[int, int]  # (cell, unit of the cell)
Choice = tuple[Any, ...]  # ("takes", key), ("leak",) or ("start",)
Forest = tuple[tuple[bool, Choice], ...]  # side and choice of each unit
Move = tuple[tuple[bool, ...], tuple[tuple[Unit, Choice], ...]]  # sides of a new cell, choices made with it

SECOND: tuple[Key, ...] = ((0, 0, -2), (0, 0, -1), (0, 0, 1), (0, 0, 2))
RUNGS: tuple[Key, ...] = ((0, 1, 0), (1, 0, 0), (0, 0, -1), (0, 0, 1), (1, 1, -1), (1, 1, 1))
SKEW: tuple[Key, ...] = ((0, 1, 0), (1, 0, 1), (1, 0, -1), (1, 1, 1))
ONE_WAY: tuple[Key, ...] = ((0, 0, -2), (0, 0, 1))


class Cells:
    """n cells with these weights, as a line or a ring."""

    def __init__(self, keys: Sequence[Key], n: int, *, closed: bool) -> None:
        self.keys, self.n, self.closed = keys, n, closed
        self.m = 1 + max(max(receiver, sender) for receiver, sender, _ in keys)
        self.reach = max(1, *(abs(step) for *_, step in keys))
        self.units = [(cell, u) for cell in range(n) for u in range(self.m)]

    def __repr__(self) -> str:
        return f"{self.n} cells {self.keys}{', closed' * self.closed}"

    def target(self, unit: Unit, key: Key) -> Unit | None:
        """The unit that is taken as a parent; None for one that is not there."""
        cell = unit[0] + key[2]
        if self.closed:
            return cell % self.n, key[1]
        return (cell, key[1]) if 0 <= cell < self.n else None

    def time(self, unit: Unit, choice: Choice) -> int:
        """When a choice is made: with the later one of both cells; at the end (n) beyond the last one."""
        if choice[0] != "takes":
            return unit[0]
        cell: int = unit[0] + choice[1][2]
        if cell >= self.n or (cell < 0 and self.closed):
            return self.n
        return max(cell, unit[0])

    def choices(self, unit: Unit, side: bool) -> list[Choice]:
        """What a unit of a side may choose, whatever others do."""
        found: list[Choice] = [("takes", key) for key in self.keys if key[0] == unit[1]]
        if not side:
            return [*found, ("leak",)]
        inside = [choice for choice in found if self.target(unit, choice[1]) is not None]
        return [*inside, ("start",)] if unit[0] == 0 or not self.closed else inside

    # All at once

    def forests(self) -> Iterator[Forest]:
        """All choices without cycles, with one start, that stay on their sides: by trying all."""
        for sides in product((False, True), repeat=len(self.units)):
            side = dict(zip(self.units, sides, strict=True))
            options = [self.choices(unit, side[unit]) for unit in self.units]
            for chosen in product(*options):
                if sum(choice == ("start",) for choice in chosen) == 1 and self.is_forest(side, chosen):
                    yield tuple(zip(sides, chosen, strict=True))

    def is_forest(self, side: Mapping[Unit, bool], chosen: Sequence[Choice]) -> bool:
        parent = {
            unit: self.target(unit, choice[1]) if choice[0] == "takes" else None
            for unit, choice in zip(self.units, chosen, strict=True)
        }
        if any(other is not None and side[other] != side[unit] for unit, other in parent.items()):
            return False
        for unit in self.units:
            place: Unit | None = unit
            for _ in self.units:
                place = parent[place] if place is not None else None
            if place is not None:
                return False
        return True

    # Cell by cell, seeing a state only

    def paths(self, keep: int) -> Iterator[tuple[Move, ...]]:
        """All sequences of moves that a reader accepts who remembers ``keep`` cells."""
        yield from self._from((False, ()), 0, keep)

    def _from(self, state: Any, time: int, keep: int) -> Iterator[tuple[Move, ...]]:
        has_root, known = state
        for sides in product((False, True), repeat=self.m if time < self.n else 0):
            new = tuple(((time, u), side, (time, u)) for u, side in enumerate(sides))
            for moved, chosen in self._moves(has_root, (*known, *new), time):
                if time == self.n:
                    if moved[0] and all(root != unit for unit, _, root in moved[1]):
                        yield ((sides, chosen),)
                    continue
                state = self._kept(moved, time, keep)
                if state is not None:
                    for rest in self._from(state, time + 1, keep):
                        yield ((sides, chosen), *rest)

    def _moves(self, has_root: bool, known: Any, time: int) -> Iterator[tuple[Any, Any]]:
        """(state, choices) after each unit that has not chosen, its own root, chose or waited."""
        found = [((has_root, known), ())]
        for place, (unit, side, root) in enumerate(known):
            if root == unit:
                found = [each for before in found for each in self._chosen(*before, place, side, time)]
        yield from found

    def _chosen(
        self, state: Any, chosen: Any, place: int, side: bool, time: int
    ) -> Iterator[tuple[Any, Any]]:
        yield state, chosen
        has_root, known = state
        unit = known[place][0]
        roots = {other: (its, root) for other, its, root in known}
        for choice in self.choices(unit, side):
            if self.time(unit, choice) != time or (choice == ("start",) and has_root):
                continue
            target = self.target(unit, choice[1]) if choice[0] == "takes" else None
            root = None
            if target is not None:
                if target not in roots or roots[target][0] != side or roots[target][1] == unit:
                    continue
                root = roots[target][1]
            after = tuple((other, its, root if own == unit else own) for other, its, own in known)
            yield (has_root or choice == ("start",), after), (*chosen, (unit, choice))

    def _kept(self, state: Any, time: int, keep: int) -> Any:
        """The state without cells that are out of reach; None if a unit there has not chosen."""
        has_root, known = state

        def stays(unit: Unit) -> bool:
            return unit[0] > time - keep or (self.closed and unit[0] < self.reach)

        if any(root == unit and not stays(unit) for unit, _, root in known):
            return None
        return has_root, tuple(entry for entry in known if stays(entry[0]))

    # To and fro

    def path_of(self, forest: Forest) -> tuple[Move, ...]:
        """The moves of a forest: each choice at its time."""
        listed = list(zip(self.units, forest, strict=True))
        return tuple(
            (
                tuple(side for (cell, _), (side, _) in listed if cell == time),
                tuple((unit, choice) for unit, (_, choice) in listed if self.time(unit, choice) == time),
            )
            for time in range(self.n + 1)
        )

    def forest_of(self, path: Sequence[Move]) -> Forest:
        """The forest of a sequence of moves."""
        sides = [side for new, _ in path for side in new]
        chosen = dict(entry for _, choices in path for entry in choices)
        return tuple((side, chosen[unit]) for side, unit in zip(sides, self.units, strict=True))


def symbol(key: Key) -> sympy.Symbol:
    """The weight of a key."""
    return sympy.Symbol(f"w_{key[0]}{key[1]}_{'m' * (key[2] < 0)}{abs(key[2])}")


def factor(unit: Unit, side: bool, choice: Choice) -> sympy.Expr:
    """What a choice weighs, with z for a unit that fires."""
    numbers = {"leak": sympy.Symbol(f"s_{unit[1]}"), "start": sympy.Integer(1)}
    weight = symbol(choice[1]) if choice[0] == "takes" else numbers[choice[0]]
    return weight * z if side else weight


def weight_of(cells: Cells, forest: Forest) -> sympy.Expr:
    """The product of all weights of a forest."""
    return sympy.Mul(*(factor(unit, *entry) for unit, entry in zip(cells.units, forest, strict=True)))


def stepwise(cells: Cells, path: Sequence[Move]) -> sympy.Expr:
    """The product of what the moves of a path weigh."""
    sides = dict(zip(cells.units, (side for new, _ in path for side in new), strict=True))
    return sympy.Mul(*(factor(unit, sides[unit], choice) for _, made in path for unit, choice in made))


def states(claim: str, short: int) -> Check:
    """Forests are sequences of moves; the reader remembers ``short`` cells fewer than it needs."""
    examples = [
        Cells(SECOND, 4, closed=False),
        Cells(SECOND, 4, closed=True),
        Cells(RUNGS, 2, closed=False),
        Cells(RUNGS, 2, closed=True),
        Cells(SKEW, 2, closed=False),
        Cells(ONE_WAY, 5, closed=False),
    ]
    return several(
        claim,
        *(
            bijection(
                str(cells),
                cells.forests,
                lambda cells=cells: cells.paths(cells.reach - short),  # type: ignore[misc]
                cells.path_of,
                cells.forest_of,
                sizes=f"{cells.n} cells",
                weight_a=lambda forest, cells=cells: weight_of(cells, forest),  # type: ignore[misc]
                weight_b=lambda path, cells=cells: stepwise(cells, path),  # type: ignore[misc]
            )
            for cells in examples
        ),
    )


def generic(keys: Sequence[Key], *, closed: bool) -> ea.Strip:
    """The strip with a symbol for each weight and leak, every start weighing the same."""
    m = 1 + max(max(receiver, sender) for receiver, sender, _ in keys)
    levels = [
        sympy.Symbol(f"s_{u}") + sympy.Add(*(symbol(key) for key in keys if key[0] == u)) for u in range(m)
    ]
    return ea.Strip({key: symbol(key) for key in keys}, units=range(m), thresholds=levels, closed=closed)


def listed_weights() -> Check:
    """W_N(z) of exactav's transfer matrices, in symbols, from all forests listed."""
    cases = [(SECOND, 4, True), (SECOND, 3, False), (RUNGS, 2, False), (SKEW, 2, False), (SKEW, 3, True)]

    def by_matrix(case: Any) -> sympy.Expr:
        keys, n, closed = case
        strip = generic(keys, closed=closed)
        sizes = range(1, n * len(strip.units) + 1)
        return sympy.Add(*(strip.weight(size, n) * z**size for size in sizes)) * len(strip.units)

    def by_list(case: Any) -> sympy.Expr:
        keys, n, closed = case
        cells = Cells(keys, n, closed=closed)
        return sympy.Add(*(weight_of(cells, forest) for forest in cells.forests()))

    return exactly("W_N(z) in symbols against listed forests", cases, by_matrix, by_list)


# The resolvent


def matrix(name: str, rows: int, columns: int) -> sympy.Matrix:
    """A matrix of symbols."""
    return sympy.Matrix(rows, columns, lambda i, j: sympy.Symbol(f"{name}_{i}{j}"))


T = matrix("t", 3, 3)


def resolvent(claim: str, last: int) -> Check:
    """(I - xT)(I + xT + ... + (xT)^4) = I - (xT)^last; 5 is right."""
    one = sympy.eye(3)
    powers = [(x * T) ** n for n in range(6)]
    total = powers[0] + powers[1] + powers[2] + powers[3] + powers[4]
    return identity(
        claim,
        lambda: ((one - x * T) * total).expand(),
        lambda: (one - (x * T) ** last).expand(),
        sizes="three states, up to x^5",
    )


def classes(claim: str, power: int) -> Check:
    """Of states in two classes of two and one; the second polynomial to a power, 1 is right."""
    first, between, second = matrix("a", 2, 2), matrix("b", 2, 1), sympy.Symbol("c")
    whole = sympy.Matrix(sympy.BlockMatrix([[first, between], [sympy.zeros(1, 2), sympy.Matrix([[second]])]]))
    left, right = matrix("l", 1, 3), matrix("r", 3, 1)
    below = (sympy.eye(2) - x * first).det() * (1 - x * second) ** power
    adjugate = (sympy.eye(3) - x * whole).adjugate()

    def series() -> sympy.Expr:
        """l (I - xT)^-1 r, by solving the blocks one after the other."""
        last = right[2] / (1 - x * second)
        upper = (sympy.eye(2) - x * first).inv() * (right[:2, :] + x * between * last)
        return (left[:, :2] * upper)[0] + left[2] * last

    return identity(
        claim,
        lambda: sympy.cancel(series() * below),
        lambda: (left * adjugate * right)[0].expand(),
        sizes="classes of two and of one state",
    )


# The k = 2 ring and the ladder: weights 1 and leak s, as only ratios matter; s = 4 (1 - alpha)/alpha and
# 3 (1 - alpha)/alpha


@cache
def second_ring() -> ea.Strip:
    """The k = 2 ring."""
    return ea.Strip(dict.fromkeys(SECOND, 1), thresholds=4 + s, closed=True)


@cache
def ladder() -> ea.Strip:
    """The ladder."""
    return ea.Strip(dict.fromkeys(RUNGS, 1), thresholds=3 + s)


def second_denominator(power: int = 2) -> sympy.Expr:
    """Q of the k = 2 ring; ``power`` = 2 is right."""
    y = x * z
    silent = 1 - (s + 6) * x + (2 * s + 11) * x**2 - (s + 6) * x**3 + x**4
    around = 1 - x - (s + 4) * x**2 - x**3 + x**4
    firing = (
        1
        - 3 * y
        - (s + 2) * x * y
        + (1 + 2 * s * x + 6 * x + x**2) * y**2
        - (s + 2 + 3 * x) * x * y**3
        + x**2 * y**4
    )
    return silent * around * firing**power * (1 + x) * (1 + y) ** 2 * (1 - x * y) ** 2


def ladder_denominator(power: int = 2) -> sympy.Expr:
    """Q of the ladder; ``power`` = 2 is right."""
    silent = 1 - (s**2 + 6 * s + 8) * x + (2 * s**2 + 12 * s + 18) * x**2 - (s**2 + 6 * s + 8) * x**3 + x**4
    firing = (
        1
        - x * z * (4 * z + s + 2)
        + x**2 * z**2 * (z**2 + 2 * s * z + 8 * z + 1)
        - x**3 * z**4 * (s * z + 2 * z + 4)
        + x**4 * z**6
    )
    return silent**2 * firing**power


def in_alpha(expr: sympy.Expr, neighbours: int, units: int) -> sympy.Expr:
    """With weights alpha/neighbours: x takes up a factor alpha for each unit of a cell."""
    return expr.subs({x: alpha**units * x, s: neighbours * (1 - alpha) / alpha}, simultaneous=True)


def same_law(strip: ea.Strip, n: int) -> dict[int, sympy.Expr]:
    """The law of n cells from the recurrence of P/Q."""
    whole = strip.generating_function().coefficient(n)
    total = whole.subs(z, 1)
    by_size = sympy.Poly(whole, z).terms()
    return {size: sympy.cancel(weight / total) for (size,), weight in sorted(by_size)}


def laws(strip: ea.Strip, neighbours: int, sizes: Sequence[int]) -> Check:
    """The size laws from P/Q against those of the networks."""

    @cache
    def put() -> ea.Strip:
        return strip.at(s=sympy.Rational(neighbours, 4))

    return exactly(
        f"size laws at alpha = 4/5 for N = {sizes[0]} .. {sizes[-1]}, from P/Q and from the networks",
        sizes,
        lambda n: same_law(put(), n),
        lambda n: dict(ea.size_law(put().network(n))),
    )


def normalisers() -> Check:
    """[x^N] F(x, 1) against determinants, in s."""

    def minors(case: Any) -> sympy.Expr:
        strip, n = case
        matrix = strip.network(n).matrix
        starts = range(len(strip.units)) if strip.closed else range(n * len(strip.units))
        return sum(matrix.minor_submatrix(k, k).det(method="berkowitz") for k in starts) / len(strip.units)

    cases = [*((second_ring(), n) for n in range(1, 7)), *((ladder(), n) for n in range(1, 4))]
    return exactly(
        "normalisers of the k = 2 ring up to 6 units and the ladder up to 3 rungs, in s",
        cases,
        lambda case: sympy.expand(case[0].normaliser().coefficient(case[1])),
        lambda case: sympy.expand(minors(case)),
    )


def fixed(claim: str, power: int) -> Check:
    """Denominators for one size: silent cells only; to ``power``, 2 is right."""
    silent = 1 - (s**2 + 6 * s + 8) * x + (2 * s**2 + 12 * s + 18) * x**2 - (s**2 + 6 * s + 8) * x**3 + x**4
    return identity(
        claim,
        lambda: (
            [ladder().of_size(size).denominator for size in (1, 2, 3)] + [ladder().normaliser().denominator]
        ),
        lambda: [silent**power] * 4,
    )


def as_stated(claim: str, strip: ea.Strip, stated: sympy.Expr, formula: str, neighbours: int) -> Check:
    """The denominator of the generating function, and that of the formula in alpha."""
    catalogued: Any = ea.formulas.get(formula)
    return several(
        claim,
        identity(
            "the denominator from the classes of states",
            lambda: strip.generating_function().denominator,
            lambda: stated,
        ),
        identity(
            "in alpha",
            lambda: in_alpha(stated, neighbours, len(strip.units)),
            lambda: catalogued.denominator.subs(catalogued_alpha(catalogued), alpha),
        ),
    )


def catalogued_alpha(formula: Any) -> dict[sympy.Symbol, sympy.Symbol]:
    """The symbol alpha of a formula."""
    return {symbol: alpha for symbol in formula.symbols if symbol.name == "alpha"}


DERIVATION = Derivation(
    id="19",
    title="the strips of any length, by transfer matrices over open trees",
    statement=(
        r"A strip repeats a cell $N$ times along a line or a ring; unit $u$ of each cell receives "
        r"$w_{uv}^{(e)}$ from unit $v$ of the cell $e$ further on, $|e|\le r$. Let $W_N(z)=\sum_{A,k}"
        r"p_k\,\tau_k(A)f(A^c)\,z^{|A|}$ over assemblies and starts (on a ring, the starts in one cell). "
        r"There are finitely many states, a matrix $T(z)$ of polynomials and vectors $\ell$, $\rho$ with"
        r"\[F(x,z)=\sum_NW_N(z)\,x^N=\ell^{\top}\bigl(I-x\,T(z)\bigr)^{-1}\rho=\frac{P(x,z)}{Q(x,z)}\]"
        r"(for rings plus a polynomial in $x$), $Q$ a product of powers of characteristic polynomials of "
        r"classes of states, and given an avalanche"
        r"\[P(L)=\frac{[x^Nz^L]\,F(x,z)}{[x^N]\,F(x,1)}.\]"
    ),
    assumptions=(
        r"As for networks; thresholds stay at the ends of a line, whose units leak what they would receive "
        r"from cells that are not there. On a ring of few cells, weights between the same units are added.",
        r"The drive is the same in all cells.",
    ),
    source="derived here; the model is that of arXiv:2202.02520",
    steps=(
        Step(
            r"W_N(z)=\sum_{\text{paths of states}}\;\prod_{\text{steps}}T(z)_{ij}=\ell^{\top}T(z)^N\rho",
            r"By derivations 02 and 04, $W_N$ sums over all ways in which each unit takes a side and a "
            r"parent on its side, or the leak, or (one unit) is the start, without cycles. Let each "
            r"choice be made when the later one of both cells is read (on a ring, choices across the seam "
            r"at the end). Of the past, a later choice only needs the sides of units within reach, the "
            r"roots of their trees, and whether the start is known: a unit that has not chosen may take a "
            r"parent unless it is the root of that parent's tree, and this changes roots only. A root "
            r"that has not chosen is within reach itself, or on a ring in its first cells, as it can "
            r"still choose. So the choices that continue a past depend on its state, and by induction on "
            r"$N$ the forests of $N$ cells are the paths. On a ring all cells are alike: the start may be "
            r"taken in the first.",
            states("forests and paths, one to one, with their weights: six strips of up to 5 cells", 0),
            states("a reader who remembers one cell fewer", 1),
            also=(listed_weights(),),
            label="states",
        ),
        Step(
            r"\sum_{n=0}^{N}(xT)^n\,(I-xT)=I-(xT)^{N+1}",
            r"So $\sum_N\ell^{\top}T^N\rho\,x^N=\ell^{\top}(I-xT)^{-1}\rho$ as power series in $x$, a "
            r"rational function: each factor telescopes, for matrices of any size.",
            resolvent("powers of a matrix of symbols", 5),
            resolvent("I - (xT)^4", 4),
            label="resolvent",
        ),
        Step(
            r"Q\,\ell^{\top}(I-xT)^{-1}\rho\ \text{ is a polynomial},\qquad Q=\prod_f f^{m_f},\quad "
            r"m_f=\max_{\text{chains}}\sum_{c}m_f(c)",
            r"States that lead to each other are a class $c$; classes follow each other in chains. A path "
            r"goes through the classes of one chain, so \eqref{resolvent} is a sum over chains of "
            r"products of $(I-xT_c)^{-1}$, whose denominators are "
            r"$\chi_c=\det(I-xT_c)=\prod_ff^{m_f(c)}$. The numerator of a chain has degree at most the "
            r"number of its states less 1. So $P=QF$ is a polynomial whose degree is known to be less "
            r"than some $B$, and is read off $W_0,\dots,W_{B-1}$: two sequences with the same recurrence "
            r"of order $d$ that agree in $d$ terms in a row are equal. A factor of $Q$ is left out where "
            r"what is left makes a polynomial, too: where the last coefficients before $x^B$, as many as "
            r"its degree, vanish.",
            classes("two classes, all weights symbols", 1),
            classes("without the second class", 0),
            label="classes",
        ),
        Step(
            r"[x^N]F(x,1)=\sum_kp_k\det M_{\setminus k},\qquad P(L)=\frac{[x^Nz^L]\,F(x,z)}{[x^N]\,F(x,1)}",
            r"The weights of all assemblies add up to this (derivation 04), and $z$ marks the units that "
            r"fire. For one $L$, a path fires in at most $L$ of its steps, so only classes of silent "
            r"states can be stayed in: the ladder's $[z^L]F$ and its normaliser have the same denominator "
            r"of degree 8, for each $L$.",
            fixed("denominators of sizes 1 to 3 and of the normaliser of the ladder", 2),
            fixed("only one class of silent states", 1),
            also=(normalisers(),),
            label="law",
        ),
        Step(
            r"Q=Q_0^2\,Q_A^2,\quad Q_0=1-(s^2+6s+8)(x+x^3)+2(s+3)^2x^2+x^4",
            r"Of the ladder, with weights 1 and leak $s=3(1-\alpha)/\alpha$: only ratios matter, and $x$ "
            r"takes up the rest. Silent cells are left before and after the assembly, "
            r"$Q_A=1-(4z+s+2)xz+(z^2+2sz+8z+1)x^2z^2-(sz+2z+4)x^3z^4+x^4z^6$ belongs to cells of the "
            r"assembly before and after the start. There are 16 states.",
            as_stated("for all s and z, and in alpha", ladder(), ladder_denominator(), "ladder.size", 3),
            as_stated("Q_A once", ladder(), ladder_denominator(1), "ladder.size", 3),
            also=(laws(ladder(), 3, range(1, 13)),),
            label="ladder",
        ),
        Step(
            r"Q=(1+x)(1+xz)^2(1-x^2z)^2\,\bigl(1-x-(s+4)x^2-x^3+x^4\bigr)\,Q_C\,Q_A^2\quad(k=2)",
            r"With weights 1 and leak $s=4(1-\alpha)/\alpha$; $Q_C=1-(s+6)(x+x^3)+(2s+11)x^2+x^4$, "
            r"$Q_A=1-3xz-(s+2)x^2z+(1+2sx+6x+x^2)x^2z^2-(s+2+3x)x^4z^3+x^6z^4$. Here the start is in the "
            r"first cell. The degree is 27.",
            as_stated("for all s and z, and in alpha", second_ring(), second_denominator(), "ring2.size", 4),
            as_stated("Q_A once", second_ring(), second_denominator(1), "ring2.size", 4),
            also=(laws(second_ring(), 4, range(1, 13)),),
            label="second-ring",
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
