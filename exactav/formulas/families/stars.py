"""Star and complete bipartite network: a unit never drives its own side."""

# ruff: noqa: E741

from typing import Any

import sympy
from sympy import Eq, Max, Min, Piecewise, Sum, Symbol, binomial

from exactav.formulas.abbreviated import abbreviated
from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula

n, m, l1, l2, l, w, D = sympy.symbols("n m l_1 l_2 l w D")

_DERIVED = "derived here from arXiv:2202.02520"

_STAR = {N: "number of units, hub included", alpha: "row sum of the hub, weight alpha/(N - 1) both ways"}
_BIPARTITE = {
    n: "number of units of side 1",
    m: "number of units of side 2",
    alpha: "row sum of the smaller side, weight alpha/max(n, m) both ways",
}
_SIDES_ASSUMED = ("0 <= alpha < 1", "n, m >= 1", "uniform drive")
_SIDES_RANGE = (alpha >= 0, alpha < 1, n >= 1, m >= 1)

_TREES, _FORESTS = sympy.Function("T"), sympy.Function("F")
_EDGE = ((w, alpha / Max(m, n)),)
_NORMALISER = (D, n + m - n * m * (n + m - 2) * w**2)
_LAW = (
    (_TREES(l1, l2), (l1 + l2) * w ** (l1 + l2 - 1) * l1 ** (l2 - 1) * l2 ** (l1 - 1)),
    (
        _FORESTS(l1, l2),
        (1 - w * l2) ** (n - l1 - 1)
        * (1 - w * l1) ** (m - l2 - 1)
        * ((1 - m * w) * (1 - w * l1) + (1 - n * w) * w * (m - l2)),
    ),
    _NORMALISER,
    *_EDGE,
)
"""Trees of all starts together, with 0^0 = 1 right for none of one side, too; D sums det(M without k)."""


def _bipartite_term(first: sympy.Expr, second: sympy.Expr) -> sympy.Expr:
    return binomial(n, first) * binomial(m, second) * _TREES(first, second) * _FORESTS(first, second) / D


def _bipartite(
    quantity: str,
    short: sympy.Expr,
    where: tuple[tuple[sympy.Expr, sympy.Expr], ...],
    *,
    symbols: dict[Symbol, str] | None = None,
    assumptions: tuple[str, ...] = (),
    conditions: tuple[sympy.Basic, ...] = (),
    **fields: Any,
) -> Formula:
    return abbreviated(
        short,
        where,
        id=f"bipartite.{quantity}",
        symbols={**_BIPARTITE, **(symbols or {})},
        assumptions=(*_SIDES_ASSUMED, *assumptions),
        conditions=(*_SIDES_RANGE, *conditions),
        source=_DERIVED,
        **fields,
    )


_HUB_WEIGHT = alpha / (N - 1)
_STAR_BELOW = N - (N - 1) * (N - 2) * w**2

STAR_SIZE = abbreviated(
    Piecewise(
        (((1 - w) ** (N - 1) + (N - 1) * (1 - w - (N - 2) * w**2)) / _STAR_BELOW, Eq(L, 1)),
        (L * binomial(N - 1, L - 1) * w ** (L - 1) * (1 - w) ** (N - L) / _STAR_BELOW, True),
    ),
    [(w, _HUB_WEIGHT)],
    id="star.size",
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    symbols={**_STAR, L: "size of the avalanche"},
    assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N", "uniform drive"),
    conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
    source=_DERIVED,
    derivation="09",
)

STAR_MEAN = Formula(
    id="star.mean",
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_STAR,
    assumptions=("0 <= alpha < 1", "N >= 2", "uniform drive"),
    conditions=(alpha >= 0, alpha < 1, N >= 2),
    expr=(N - 1) * (N + 2 * alpha) / (N * (N - 1) - (N - 2) * alpha**2),
    source=_DERIVED,
    derivation="09",
)

BIPARTITE_COMPOSITION = _bipartite(
    "composition",
    _bipartite_term(l1, l2),
    _LAW,
    name="probability that l_1 and l_2 units of the sides fire, given an avalanche",
    left="P(l_1, l_2)",
    symbols={l1: "number of units of side 1 that fire", l2: "of side 2"},
    assumptions=("0 <= l_1 <= n", "0 <= l_2 <= m", "l_1 + l_2 >= 1", "0^0 = 1"),
    conditions=(l1 >= 0, l2 >= 0, l1 <= n, l2 <= m, l1 + l2 >= 1),
    derivation="09",
)

BIPARTITE_SIZE = _bipartite(
    "size",
    Sum(_bipartite_term(l, L - l), (l, Max(0, L - m), Min(L, n))),
    _LAW,
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    symbols={L: "size of the avalanche"},
    assumptions=("1 <= L <= n + m", "0^0 = 1"),
    conditions=(L >= 1, n + m >= L),
    derivation="09",
)

BIPARTITE_MEAN = _bipartite(
    "mean",
    (n + m + 2 * n * m * w) / _NORMALISER[1],
    _EDGE,
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    derivation="09",
)

FORMULAS = (STAR_SIZE, STAR_MEAN, BIPARTITE_COMPOSITION, BIPARTITE_SIZE, BIPARTITE_MEAN)
