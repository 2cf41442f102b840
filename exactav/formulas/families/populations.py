"""K populations of interchangeable units, for any K: which numbers of units fire, and how many on average.

A unit of population a receives w_ab from each unit of population b, itself included, and leaks s_a. All
weights of trees and forests are values of one function: for external weights x_a and counts c_a,

    Phi(x; c) = prod_a e_a^(c_a - 1) det(diag(e_a) - [w_ab c_b]),  e_a = x_a + sum_b w_ab c_b,

is the determinant of the units c with leak x (derivation 09). A population without units drops out of it,
which e_a = 1 for c_a <= 0 does without 0/0. The tree weight of counts l rooted in population r is the forest
weight of the others, counts l - e_r, into the root: x_a = w_ar. So the volumes of all compositions sum up as
in a binomial theorem of Hurwitz:

    sum_l C(n - e_r, l - e_r) Phi(w_r; l - e_r) Phi(s; n - l) = Phi(w_r + s; n - e_r).
"""

# ruff: noqa: E741

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Eq, Piecewise, Symbol, binomial

from exactav.errors import InvalidNetworkError
from exactav.formulas.abbreviated import abbreviated
from exactav.formulas.families.symbols import L
from exactav.formulas.formula import Formula
from exactav.formulas.sums import of_size
from exactav.texts import quoted


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
            raise InvalidNetworkError(f"K = {quoted(K)} populations: give a whole number of at least 1")
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
            **self.weight_meanings(),
            **{self.s[a]: f"leak of each unit of population {a + 1}" for a in every},
        }

    def weight_meanings(self, *, within: bool = True) -> dict[Symbol, str]:
        return {
            weight: f"weight from each unit of population {b} to each of population {a}"
            for a, row in enumerate(self.w, 1)
            for b, weight in enumerate(row, 1)
            if within or a != b
        }

    def conditions(self, r: int | None = None) -> tuple[sympy.Basic, ...]:
        """With a unit at least in population ``r``, or in any."""
        return (
            *(count >= int(a == r) for a, count in enumerate(self.n)),
            *((sympy.Add(*self.n) >= 1,) if r is None else ()),
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
        raise InvalidNetworkError(f"{what} = {quoted(block)}: give a population, 1 to {K}")
    return block - 1


def _some_unit(K: int) -> str:
    return f"{' + '.join(f'n_{a}' for a in range(1, K + 1))} >= 1"


def _fed(K: int, start: int) -> str:
    return "" if K == 1 else f", given a start in population {start}"


def _phi(symbols: _Symbols) -> tuple[tuple[sympy.Expr, sympy.Expr], ...]:
    """Phi and the e_a it is made of, as abbreviations; e_a = 1 keeps it finite without units in a."""
    every = range(len(symbols.n))
    x, c, e = ([Symbol(f"{letter}_{a + 1}") for a in every] for letter in "xce")
    w = symbols.w
    matrix = [[(e[a] if a == b else 0) - w[a][b] * c[b] for b in every] for a in every]
    return (
        (_Weight(*x, *c), sympy.Mul(*(e[a] ** (c[a] - 1) for a in every)) * determinant_of(matrix)),
        *(
            (e[a], Piecewise((1, c[a] <= 0), (x[a] + sympy.Add(*(w[a][b] * c[b] for b in every)), True)))
            for a in every
        ),
    )


def _tree(symbols: _Symbols, r: int) -> sympy.Expr:
    """Weight of the trees of l units rooted at one of population r."""
    column = [row[r] for row in symbols.w]
    return _Weight(*column, *(count - int(a == r) for a, count in enumerate(symbols.l)))


def _forest(symbols: _Symbols) -> sympy.Expr:
    """Weight of the forests of the units that do not fire."""
    return _Weight(*symbols.s, *(n - l for n, l in zip(symbols.n, symbols.l, strict=True)))


def _without_start(symbols: _Symbols, r: int) -> sympy.Expr:
    """det M without one unit of population r."""
    weights = [row[r] + leak for row, leak in zip(symbols.w, symbols.s, strict=True)]
    return _Weight(*weights, *(size - int(a == r) for a, size in enumerate(symbols.n)))


def _of_all_starts(counts: Sequence[Symbol], weights: Sequence[sympy.Expr]) -> sympy.Expr:
    """Sum of count * weight; a weight with count - 1 = -1 units is finite, see _phi."""
    return sympy.Add(*(count * weight for count, weight in zip(counts, weights, strict=True)))


_T, _F, _D = sympy.symbols("T F D")


def _overall(symbols: _Symbols) -> tuple[sympy.Expr, tuple[tuple[sympy.Expr, sympy.Expr], ...]]:
    """The probability of the counts l, whichever unit starts, with its abbreviations."""
    every = range(len(symbols.n))
    short = sympy.Mul(*map(binomial, symbols.n, symbols.l)) * _T * _F / _D
    where = (
        (_T, _of_all_starts(symbols.l, [_tree(symbols, r) for r in every])),
        (_F, _forest(symbols)),
        (_D, _of_all_starts(symbols.n, [_without_start(symbols, r) for r in every])),
        *_phi(symbols),
    )
    return short, where


def composition(K: int, start: int = 1) -> Formula:
    """The probability that l_a units of each population a fire, given that one of ``start`` does first.

    >>> formula = composition(1)
    >>> formula.at({"n_1": 3, "l_1": 2, "w_11": "1/4", "s_1": "1/4"})
    1/4
    """
    symbols = _Symbols.of(K)
    r, every = _block(start, K, "start"), range(K)
    n, l = symbols.n, symbols.l
    less = [int(a == r) for a in every]
    short = sympy.Mul(*(binomial(n[a] - less[a], l[a] - less[a]) for a in every)) * _T * _F / _D
    where = (
        (_T, _tree(symbols, r)),
        (_F, _forest(symbols)),
        (_D, _without_start(symbols, r)),
        *_phi(symbols),
    )
    return abbreviated(
        short,
        where,
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
        source="arXiv:2202.02520; as one function Phi derived here",
        derivation="09",
        made_for=(K, start),
    )


def size(K: int) -> Formula:
    """The probability that L units fire, given an avalanche and uniform drive.

    >>> size(1).at({"n_1": 3, "w_11": "1/4", "s_1": "1/4", "L": 2})
    1/4
    """
    symbols = _Symbols.of(K)
    term, where = _overall(symbols)
    short, last = of_size(term, list(zip(symbols.l, symbols.n, strict=True)), L)
    return abbreviated(
        short,
        (*where, last),
        id="populations.size" if K == 2 else f"populations.size[{K}]",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**symbols.meanings(), L: "size of the avalanche"},
        assumptions=(*_ASSUMED, _some_unit(K), "uniform drive"),
        conditions=(*symbols.conditions(), L >= 1, sympy.Add(*symbols.n) >= L),
        source="arXiv:2202.02520; as one function Phi derived here",
        derivation="09",
        made_for=(K,),
    )


def start(K: int, block: int = 1) -> Formula:
    """The probability that an avalanche starts in population ``block``, with uniform drive.

    >>> values = {"n_1": 2, "n_2": 1, "w_11": 0, "w_12": "1/2", "w_21": 0, "w_22": 0}
    >>> start(2, 1).at({**values, "s_1": "1/2", "s_2": 1})
    2/3
    """
    symbols = _Symbols.of(K)
    r, every = _block(block, K, "block"), range(K)
    short = symbols.n[r] * _without_start(symbols, r) / _D
    where = (
        (_D, _of_all_starts(symbols.n, [_without_start(symbols, a) for a in every])),
        *_phi(symbols),
    )
    return abbreviated(
        short,
        where,
        id="populations.start" if (K, block) == (2, 1) else f"populations.start[{K},{block}]",
        name=f"probability that the start is in population {block}, given an avalanche",
        left=rf"P(k \in {block})",
        symbols=symbols.meanings(),
        assumptions=(*_ASSUMED, f"n_{block} >= 1", "uniform drive"),
        conditions=symbols.conditions(r),
        source="derived here from the Green matrix, arXiv:2202.02520",
        derivation="09",
        made_for=(K, block),
    )


def start_given_composition(K: int, block: int = 1) -> Formula:
    """The probability that an avalanche of l_a units of each population a started in ``block``.

    It depends on weights between populations only: by the Markov chain tree theorem the root of a random tree
    is distributed as the stationary state of the chain that steps from population a to b at rate w_ab l_b.

    >>> start_given_composition(2, 1).at({"w_12": "1/4", "w_21": "1/8", "l_1": 1, "l_2": 1})
    1/3
    """
    symbols = _Symbols.of(K)
    r, every = _block(block, K, "block"), range(K)
    l, w = symbols.l, symbols.w
    d = [Symbol(f"d_{a + 1}") for a in every]
    tree = [Symbol(f"C_{a + 1}") for a in every]
    out = [sympy.Add(*(w[a][b] * l[b] for b in every if b != a)) for a in every]
    laplacian = [[d[a] if a == b else -w[a][b] * l[b] for b in every] for a in every]

    def minor(a: int) -> sympy.Expr:
        rows = [[entry for c, entry in enumerate(row) if c != a] for b, row in enumerate(laplacian) if b != a]
        return determinant_of(rows)

    short = tree[r] / sympy.Add(*tree)
    where = (
        *((tree[a], minor(a)) for a in every),
        *((d[a], Piecewise((1, Eq(l[a], 0)), (out[a], True))) for a in every if K > 1),
    )
    named = (K, block) == (2, 1)
    return abbreviated(
        short,
        where,
        id="populations.start_given_composition"
        if named
        else f"populations.start_given_composition[{K},{block}]",
        name=f"probability that the start is in population {block}, given the numbers of units that fire",
        left=rf"P(k \in {block} \mid {', '.join(map(sympy.latex, l))})",
        symbols={
            **symbols.weight_meanings(within=False),
            **{l[a]: f"number of units of population {a + 1} that fire" for a in every},
        },
        assumptions=(
            "weights >= 0",
            _ASSUMED[-1],
            *(f"l_{a + 1} >= {int(a == r)}" for a in every),
            "such an avalanche can happen",
            "uniform drive",
        ),
        conditions=(
            *(w[a][b] >= 0 for a in every for b in every if a != b),
            *(l[a] >= int(a == r) for a in every),
        ),
        source="derived here from the matrix-tree theorem",
        derivation="09",
        made_for=(K, block),
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
    return abbreviated(
        short,
        where,
        id=identifiers.get((K, start, block), f"populations.mean[{K},{start},{block}]"),
        name=f"mean number of units of population {block} that fire{_fed(K, start)}",
        left=rf"\langle l_{{{block}}} \rangle",
        symbols=symbols.meanings(),
        assumptions=_ASSUMED,
        conditions=symbols.conditions(r),
        source="derived here from the Green matrix, arXiv:2202.02520",
        derivation="09",
        made_for=(K, start, block),
    )


def determinant_of(rows: Sequence[Sequence[sympy.Expr]]) -> sympy.Expr:
    """A determinant that stays one when it is larger than 1 x 1."""
    if not rows:
        return sympy.Integer(1)
    return rows[0][0] if len(rows) == 1 else sympy.Determinant(sympy.ImmutableMatrix(rows))


COMPOSITION, SIZE, START = composition(2, 1), size(2), start(2, 1)
MEAN, MEAN_OWN = mean(2, 1, 2), mean(2, 1, 1)
START_GIVEN_COMPOSITION = start_given_composition(2, 1)

FORMULAS = (COMPOSITION, SIZE, MEAN, MEAN_OWN, START, START_GIVEN_COMPOSITION)
