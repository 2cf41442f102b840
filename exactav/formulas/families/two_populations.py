"""Two equal populations of n units: weight a within (self included), b across, threshold 1, uniform drive."""

# ruff: noqa: E741

from typing import Any

import sympy
from sympy import Eq, Max, Min, Piecewise, Sum, Symbol, binomial

from exactav.formulas.abbreviated import abbreviated
from exactav.formulas.families.symbols import L
from exactav.formulas.formula import Formula

n, l, a, b = (Symbol(name) for name in ("n", "l", "a", "b"))
l1, l2, d1, d2, s, D = (Symbol(name) for name in ("l_1", "l_2", "d_1", "d_2", "s", "D"))

_WEIGHTS = {
    n: "number of units of each population",
    a: "weight between units of the same population, self included",
    b: "weight between units of different populations",
}
_ASSUMED = ("a, b >= 0", "n (a + b) < 1", "n >= 1", "uniform drive")
_RANGE = (a >= 0, b >= 0, n * (a + b) < 1, n >= 1)

_TREES, _FORESTS = sympy.Function("T"), sympy.Function("F")
_WHERE = (
    (
        _TREES(l1, l2),
        Piecewise(
            ((a * (l1 + l2)) ** (l1 + l2 - 1), Eq(l1 * l2, 0)),
            (b * (l1 + l2) * d1 ** (l1 - 1) * d2 ** (l2 - 1), True),
        ),
    ),
    (
        _FORESTS(l1, l2),
        s * (s + b * (2 * n - l1 - l2)) * (1 - d1) ** (n - l1 - 1) * (1 - d2) ** (n - l2 - 1),
    ),
    (d1, a * l1 + b * l2),
    (d2, b * l1 + a * l2),
    (D, 1 - n * a + (n - 1) * ((1 - n * a) ** 2 - (n * b) ** 2)),
    (s, 1 - n * (a + b)),
)
"""Trees of all starts together, forests of the others; D is n times det(M without a unit)."""


def _term(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    ways = binomial(n, first) * binomial(n, second)
    return ways * _TREES(first, second) * _FORESTS(first, second) / (2 * D)


def _formula(
    quantity: str,
    short: sympy.Expr,
    *,
    where: tuple[tuple[sympy.Expr, sympy.Expr], ...] = (),
    symbols: dict[Symbol, str] | None = None,
    assumptions: tuple[str, ...] = (),
    conditions: tuple[sympy.Basic, ...] = (),
    **fields: Any,
) -> Formula:
    return abbreviated(
        short,
        where,
        id=f"two_populations.{quantity}",
        symbols={**_WEIGHTS, **(symbols or {})},
        assumptions=(*_ASSUMED, *assumptions),
        conditions=(*_RANGE, *conditions),
        source="derived here from arXiv:2202.02520",
        **fields,
    )


COMPOSITION = _formula(
    "composition",
    _term(l1, l2),
    name="probability that l_1 and l_2 units of the populations fire, given an avalanche",
    left="P(l_1, l_2)",
    where=_WHERE,
    symbols={l1: "number of units of population 1 that fire", l2: "of population 2"},
    assumptions=("0 <= l_1, l_2 <= n", "l_1 + l_2 >= 1"),
    conditions=(l1 >= 0, l2 >= 0, l1 <= n, l2 <= n, l1 + l2 >= 1),
    derivation="09",
)

SIZE = _formula(
    "size",
    Sum(_term(l, L - l), (l, Max(0, L - n), Min(n, L))),
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    where=_WHERE,
    symbols={L: "size of the avalanche"},
    assumptions=("1 <= L <= 2n",),
    conditions=(L >= 1, 2 * n >= L),
    derivation="09",
)

MEAN = _formula(
    "mean",
    n * (1 - n * (a - b)) / (1 - n * a + (n - 1) * ((1 - n * a) ** 2 - (n * b) ** 2)),
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    derivation="09",
)

FORMULAS = (COMPOSITION, SIZE, MEAN)
