"""K populations of interchangeable units, for any K: which numbers of units fire, and how many on average.

A unit of population a receives w_ab from each unit of population b, itself included, and leaks s_a. All
weights of trees and forests are values of one function: for external weights x_a and counts c_a,

    Phi(x; c) = prod_a e_a^(c_a - 1) det(diag(e_a) - [w_ab c_b]),  e_a = x_a + sum_b w_ab c_b,

is the determinant of the units c with leak x (derivation 09). A population without units drops out of it,
which e_a = 1 for c_a = 0 does without 0/0. The tree weight of counts l rooted in population r is the forest
weight of the others, counts l - e_r, into the root: x_a = w_ar. So the volumes of all compositions sum up as
in a binomial theorem of Hurwitz:

    sum_l C(n - e_r, l - e_r) Phi(w_r; l - e_r) Phi(s; n - l) = Phi(w_r + s; n - e_r).
"""

# ruff: noqa: E741

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy
from sympy import Eq, Piecewise, Rational, Symbol, binomial

from exactav.checks import Check, exactly
from exactav.engines.populations import classes_of, composition_weights
from exactav.errors import InvalidNetworkError
from exactav.families import populations
from exactav.formulas.abbreviated import AbbreviatedFormula, unfolded
from exactav.formulas.formula import Formula
from exactav.formulas.verification import has_digits, put_in
from exactav.laws.assembly import assembly_law
from exactav.laws.marginals import participation
from exactav.network import Network

Counts = tuple[int, ...]


class _Weight(sympy.Function):  # type: ignore[misc]
    """Phi(x_1, .., x_K, c_1, .., c_K), printed with a semicolon between weights and counts."""

    def _halves(self, printer: Any) -> list[str]:
        half = len(self.args) // 2
        return [", ".join(map(printer.doprint, part)) for part in (self.args[:half], self.args[half:])]

    def _latex(self, printer: Any) -> str:
        weights, counts = self._halves(printer)
        return rf"\Phi\left({weights};\, {counts}\right)"

    def _sympystr(self, printer: Any) -> str:
        return f"Phi({'; '.join(self._halves(printer))})"


@dataclass(frozen=True)
class _Symbols:
    """The symbols of K populations."""

    n: tuple[Symbol, ...]
    l: tuple[Symbol, ...]
    w: tuple[tuple[Symbol, ...], ...]
    s: tuple[Symbol, ...]

    @classmethod
    def of(cls, K: int) -> "_Symbols":
        if isinstance(K, bool) or not isinstance(K, int) or K < 1:
            raise InvalidNetworkError(f"K = {K!r} populations: give a whole number of at least 1")
        names = range(1, K + 1)
        between = "" if K < 10 else ","
        return cls(
            tuple(Symbol(f"n_{a}") for a in names),
            tuple(Symbol(f"l_{a}") for a in names),
            tuple(tuple(Symbol(f"w_{a}{between}{b}") for b in names) for a in names),
            tuple(Symbol(f"s_{a}") for a in names),
        )

    def meanings(self) -> dict[Symbol, str]:
        every = range(len(self.n))
        return {
            **{self.n[a]: f"number of units of population {a + 1}" for a in every},
            **{
                self.w[a][b]: f"weight from each unit of population {b + 1} to each of population {a + 1}"
                for a in every
                for b in every
            },
            **{self.s[a]: f"leak of each unit of population {a + 1}" for a in every},
        }

    def conditions(self, r: int) -> tuple[sympy.Basic, ...]:
        return (
            *(count >= int(a == r) for a, count in enumerate(self.n)),
            *(weight >= 0 for row in self.w for weight in row),
            *(leak >= 0 for leak in self.s),
            sympy.Gt(sympy.Add(*self.s), 0),
        )


_ASSUMED = (
    "weights and leaks >= 0",
    "from every unit a path to a unit with leak > 0",
    "a unit couples to itself as to others of its population",
)


def _block(block: int, K: int, what: str) -> int:
    if isinstance(block, bool) or not isinstance(block, int) or not 1 <= block <= K:
        raise InvalidNetworkError(f"{what} = {block!r}: give a population, 1 to {K}")
    return block - 1


def _fed(K: int, start: int) -> str:
    return "" if K == 1 else f", given a start in population {start}"


def composition(K: int, start: int = 1) -> Formula:
    """The probability that l_a units of each population a fire, given that one of ``start`` does first.

    >>> formula = composition(1)
    >>> formula.at({"n_1": 3, "l_1": 2, "w_11": "1/4", "s_1": "1/4"})
    1/4
    """
    symbols = _Symbols.of(K)
    r, every = _block(start, K, "start"), range(K)
    n, l, w, s = symbols.n, symbols.l, symbols.w, symbols.s
    x = [Symbol(f"x_{a + 1}") for a in every]
    c = [Symbol(f"c_{a + 1}") for a in every]
    e = [Symbol(f"e_{a + 1}") for a in every]
    less = [int(a == r) for a in every]
    column = [w[a][r] for a in every]
    T, F, D = sympy.symbols("T F D")
    short = sympy.Mul(*(binomial(n[a] - less[a], l[a] - less[a]) for a in every)) * T * F / D
    matrix = [[(e[a] if a == b else 0) - w[a][b] * c[b] for b in every] for a in every]
    where = (
        (T, _Weight(*column, *(l[a] - less[a] for a in every))),
        (F, _Weight(*s, *(n[a] - l[a] for a in every))),
        (D, _Weight(*(column[a] + s[a] for a in every), *(n[a] - less[a] for a in every))),
        (_Weight(*x, *c), sympy.Mul(*(e[a] ** (c[a] - 1) for a in every)) * determinant_of(matrix)),
        *(
            (e[a], Piecewise((1, Eq(c[a], 0)), (x[a] + sympy.Add(*(w[a][b] * c[b] for b in every)), True)))
            for a in every
        ),
    )
    return AbbreviatedFormula(
        id="populations.composition" if (K, start) == (2, 1) else f"populations.composition[{K},{start}]",
        name=f"probability of the numbers of units that fire{_fed(K, start)}",
        left=f"P({', '.join(map(sympy.latex, l))})",
        symbols={
            **symbols.meanings(),
            **{l[a]: f"number of units of population {a + 1} that fire" for a in every},
        },
        assumptions=(
            *_ASSUMED,
            *(f"{less[a]} <= l_{a + 1} <= n_{a + 1}" for a in every),
        ),
        conditions=(
            *symbols.conditions(r),
            *(condition for a in every for condition in (l[a] >= less[a], l[a] <= n[a])),
        ),
        expr=unfolded(short, where),
        source="arXiv:2202.02520; as one function Phi derived here",
        checks=_composition_checks,
        derivation="09",
        short=short,
        where=where,
    )


def mean(K: int, start: int = 1, block: int = 2) -> Formula:
    """The mean number of units of population ``block`` that fire, given that one of ``start`` does first.

    >>> mean(1, 1, 1).at({"n_1": 3, "w_11": "1/4", "s_1": "1/4"})
    2
    """
    symbols = _Symbols.of(K)
    r, b, every = _block(start, K, "start"), _block(block, K, "block"), range(K)
    n, w, s = symbols.n, symbols.w, symbols.s
    U = [Symbol(f"U_{a + 1}") for a in every]
    matrix = [[(U[a] if a == c else 0) - n[a] * w[a][c] for c in every] for a in every]

    def cofactor(column: int) -> sympy.Expr:
        rows = [
            [entry for c, entry in enumerate(row) if c != column] for a, row in enumerate(matrix) if a != r
        ]
        if (r + column) % 2 and len(rows) > 1:  # the sign
            rows[:2] = rows[1::-1]
        elif (r + column) % 2:
            return -determinant_of(rows)
        return determinant_of(rows)

    short = n[r] * U[r] * cofactor(b) / ((n[r] - 1) * determinant_of(matrix) + U[r] * cofactor(r))
    where = tuple(
        (
            U[a],
            total if a == r else Piecewise((1, Eq(n[a], 0)), (total, True)),
        )
        for a in every
        for total in [s[a] + sympy.Add(*(w[a][c] * n[c] for c in every))]
    )
    identifiers = {(2, 1, 2): "populations.mean", (2, 1, 1): "populations.mean_own"}
    return AbbreviatedFormula(
        id=identifiers.get((K, start, block), f"populations.mean[{K},{start},{block}]"),
        name=f"mean number of units of population {block} that fire{_fed(K, start)}",
        left=rf"\langle l_{{{block}}} \rangle",
        symbols=symbols.meanings(),
        assumptions=_ASSUMED,
        conditions=symbols.conditions(r),
        expr=unfolded(short, where),
        source="derived here from the Green matrix, arXiv:2202.02520",
        checks=lambda formula: _mean_checks(formula, K, r, b),
        derivation="07",
        short=short,
        where=where,
    )


def determinant_of(rows: Sequence[Sequence[sympy.Expr]]) -> sympy.Expr:
    """A determinant that stays one when it is larger than 1 x 1."""
    if not rows:
        return sympy.Integer(1)
    return rows[0][0] if len(rows) == 1 else sympy.Determinant(sympy.ImmutableMatrix(rows))


@dataclass(frozen=True)
class _Case:
    """Populations with numbers or symbols put in; some may be empty."""

    sizes: Counts
    weights: tuple[tuple[Any, ...], ...]
    leak: tuple[Any, ...]

    def values(self) -> dict[str, Any]:
        every = range(len(self.sizes))
        between = "" if len(self.sizes) < 10 else ","
        return {
            **{f"n_{a + 1}": self.sizes[a] for a in every},
            **{f"s_{a + 1}": self.leak[a] for a in every},
            **{f"w_{a + 1}{between}{b + 1}": self.weights[a][b] for a in every for b in every},
        }

    def network(self) -> Network:
        """Without the empty populations."""
        some = [a for a, size in enumerate(self.sizes) if size]
        return populations(
            [self.sizes[a] for a in some],
            [[self.weights[a][b] for b in some] for a in some],
            leak=[self.leak[a] for a in some],
        )

    def blocks(self) -> list[int]:
        """The population of each unit."""
        return [a for a, size in enumerate(self.sizes) for _ in range(size)]

    def compositions(self, r: int) -> list[Counts]:
        ranges = (range(int(a == r), size + 1) for a, size in enumerate(self.sizes))
        return list(product(*ranges))

    def law(self, r: int) -> dict[Counts, sympy.Expr]:
        """From the law of all assemblies, counting units."""
        net, blocks = self.network(), self.blocks()
        result = dict.fromkeys(self.compositions(r), sympy.Integer(0))
        for assembly, probability in assembly_law(net, start=blocks.index(r)).items():
            fired = Counter(blocks[net.index(unit)] for unit in assembly)
            result[tuple(fired[a] for a in range(len(self.sizes)))] += probability
        return {counts: sympy.cancel(probability) for counts, probability in result.items()}


def counted(counts: Sequence[int]) -> dict[str, int]:
    """Counts as values of l_1, l_2, ...

    >>> counted((2, 0))
    {'l_1': 2, 'l_2': 0}
    """
    return {f"l_{a + 1}": count for a, count in enumerate(counts)}


def cases(K: int, sizes: Sequence[Counts]) -> list[_Case]:
    """Asymmetric weights; weights only within; chains both ways; without leak where the model allows it."""
    every = range(K)

    def filled(weight: Any) -> tuple[tuple[Rational, ...], ...]:
        return tuple(tuple(Rational(weight(a, b)) for b in every) for a in every)

    some_leak = tuple(Rational(int(a == 0), 5) for a in every)
    all_leak = tuple(Rational(a + 1, 7) for a in every)
    dense = filled(lambda a, b: Rational(1 + (2 * a + 3 * b) % 5, 11))
    within = filled(lambda a, b: Rational(a + 1, 6) if a == b else 0)
    down = filled(lambda a, b: Rational(1, 3 + a) if a == b + 1 else 0)
    up = filled(lambda a, b: Rational(2, 5 + a) if b == a + 1 else Rational(1, 4) if a == b == 0 else 0)
    kinds = ((dense, all_leak), (dense, some_leak), (within, all_leak), (down, some_leak), (up, all_leak))
    return [
        _Case(size, weights, leak)
        for size in sizes
        for weights, leak in kinds
        if leak is all_leak or all(size[: max(a for a in every if size[a])])
    ]


def _start_of(formula: Formula) -> int:
    """The start's population in a composition law, from its conditions: its count is at least 1."""
    counts = [symbol for symbol in formula.symbols if symbol.name.startswith("n_")]
    return next(a for a, count in enumerate(counts) if (count >= 1) in formula.conditions)


def _composition_checks(formula: Formula) -> tuple[Check, ...]:
    K = sum(symbol.name.startswith("n_") for symbol in formula.symbols)
    r = _start_of(formula)
    largest = {1: 6, 2: 3}.get(K, 1 if K > 3 else 2)
    sizes = [
        size
        for size in product(range(largest + 1), repeat=K)
        if size[r] and sum(size) <= (6 if K <= 2 else 4)
    ]
    x = sympy.symbols(f"x0:{K + K * K}", positive=True)
    generic = tuple(tuple(x[K + a * K + b] for b in range(K)) for a in range(K))
    smallest = [(1,) * K] + ([tuple(2 if a == r else 1 for a in range(K))] if K <= 2 else [])
    units = 7 if K <= 2 else 2

    def exact_law(case: _Case) -> dict[Counts, sympy.Expr]:
        return {l: formula.at({**case.values(), **counted(l)}) for l in case.compositions(r)}

    def symbolic_law(case: _Case) -> dict[Counts, sympy.Expr]:
        return {l: put_in(formula, {**case.values(), **counted(l)}) for l in case.compositions(r)}

    def engine_law(case: _Case) -> dict[Counts, sympy.Expr]:
        """From count vectors, at sizes that have no list of all assemblies."""
        system, start = case.network().system, case.blocks().index(r)
        classes = classes_of(system)
        order = [case.blocks()[members[0]] for members in classes]
        found = dict.fromkeys(case.compositions(r), sympy.Integer(0))
        for counts, weight in composition_weights(system, classes, {start: system.ring.one}):
            by_block = dict(zip(order, counts, strict=True))
            found[tuple(by_block.get(a, 0) for a in range(K))] = sympy.Integer(int(weight))
        total = sympy.Add(*found.values())
        # one start of n_r is fed: composition_weights counts the assemblies with it
        return {counts: weight / total for counts, weight in found.items()}

    large = cases(K, [tuple(units + a for a in range(K))])[:2]
    return (
        exactly(
            f"the laws of all assemblies of up to {largest} units a population, none included, counted; "
            "asymmetric weights, zeros, populations without leak",
            cases(K, sizes),
            exact_law,
            lambda case: case.law(r),
        ),
        exactly(
            f"in symbolic weights and leaks, for sizes {', '.join(map(str, smallest))}",
            [
                (case, l)
                for size in smallest
                for case in [_Case(size, generic, x[:K])]
                for l in case.compositions(r)
            ],
            lambda pair: put_in(formula, {**pair[0].values(), **counted(pair[1])}),
            lambda pair: sympy.cancel(pair[0].law(r)[pair[1]]),
        ),
        exactly(
            "normalisation in symbolic weights and leaks, for the same sizes",
            [_Case(size, generic, x[:K]) for size in smallest],
            lambda case: sympy.cancel(sympy.together(sympy.Add(*symbolic_law(case).values()))),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            f"the sums over count vectors for {units} and more units a population",
            large,
            exact_law,
            engine_law,
        ),
        exactly(
            "normalisation at these sizes, exactly",
            large,
            lambda case: sympy.Add(*exact_law(case).values()),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits against exact values for 200 and more units a population",
            cases(K, [tuple(200 + a for a in range(K))])[:2],
            lambda case: has_digits(
                formula, {**case.values(), **counted([size // (2 + a) for a, size in enumerate(case.sizes)])}
            ),
            lambda _: True,
        ),
    )


def _mean_checks(formula: Formula, K: int, r: int, b: int) -> tuple[Check, ...]:
    largest = {1: 6, 2: 4}.get(K, 1 if K > 3 else 2)
    sizes = [size for size in product(range(largest + 1), repeat=K) if size[r]]
    x = sympy.symbols(f"x0:{K + K * K}", positive=True)
    generic = tuple(tuple(x[K + a * K + c] for c in range(K)) for a in range(K))

    def from_units(case: _Case) -> sympy.Expr:
        matrix, blocks = participation(case.network()), case.blocks()
        start = blocks.index(r)
        return sympy.cancel(sympy.Add(*(matrix[j, start] for j, block in enumerate(blocks) if block == b)))

    return (
        exactly(
            f"the Green matrices of up to {largest} units a population, none included; weights of all kinds",
            cases(K, sizes),
            lambda case: formula.at(case.values()),
            from_units,
        ),
        exactly(
            "in symbolic weights and leaks, with one and two units a population",
            [_Case(size, generic, x[:K]) for size in product((1, 2), repeat=K) if K <= 2 or sum(size) == K],
            lambda case: put_in(formula, case.values()),
            from_units,
        ),
        exactly(
            "the mean of the laws of the composition, with two units a population",
            cases(K, [(2,) * K if K <= 2 else (1,) * K]),
            lambda case: formula.at(case.values()),
            lambda case: sympy.Add(*(counts[b] * probability for counts, probability in case.law(r).items())),
        ),
        exactly(
            "50 digits against exact values for 200 and more units a population",
            cases(K, [tuple(200 + a for a in range(K))]),
            lambda case: formula.at(case.values()) == 0 or has_digits(formula, case.values()),
            lambda _: True,
        ),
    )


FORMULAS: tuple[Formula, ...] = (composition(2, 1), mean(2, 1, 2), mean(2, 1, 1))
