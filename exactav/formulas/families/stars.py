"""Star and complete bipartite network: a unit never drives its own side."""

# ruff: noqa: E741

from collections.abc import Callable
from itertools import product
from typing import Any

import sympy
from sympy import Eq, Max, Min, Piecewise, Rational, Sum, Symbol, binomial

from exactav.engines.populations import composition_weights
from exactav.formulas.abbreviated import AbbreviatedFormula, unfolded
from exactav.formulas.checks.shared import COUPLINGS, alpha, has_digits, mean_checks, put_in, size_checks
from exactav.formulas.formula import Formula
from exactav.laws.assembly import assembly_law
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import bipartite, star
from exactav.proofs.checks import Check, exactly, identity

N, L, n, m, l1, l2, l, w, D = sympy.symbols("N L n m l_1 l_2 l w D")

_DERIVED = "derived here from arXiv:2202.02520"
_COUPLED = (0, *COUPLINGS)
_SIDES = [(p, q) for p, q in product(range(1, 5), repeat=2)]

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


def _star_digits(formula: Formula) -> Check:
    return exactly(
        "the size law of N = 25 over count vectors, at several couplings",
        _COUPLED,
        lambda a: [formula.at({"N": 25, "alpha": a, "L": size}) for size in range(1, 26)],
        lambda a: [size_law(star(25, a))[size] for size in range(1, 26)],
    )


def _star_checks(formula: Formula) -> tuple[Check, ...]:
    return (*size_checks(star, 2)(formula), _star_digits(formula))


def _star_mean_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        *mean_checks(star, 2)(formula),
        exactly(
            "the Green matrix of N = 100, at several couplings",
            _COUPLED,
            lambda a: formula.at({"N": 100, "alpha": a}),
            lambda a: mean_size(star(100, a)),
        ),
    )


def _numbers(p: int, q: int) -> list[tuple[int, int]]:
    return [(i, k) for i in range(p + 1) for k in range(q + 1) if i + k]


def _bipartite_law(p: int, q: int, coupling: Any) -> dict[tuple[int, int], sympy.Expr]:
    """From the law of all assemblies, counting units."""
    result, net = dict.fromkeys(_numbers(p, q), sympy.Integer(0)), bipartite(p, q, coupling)
    for assembly, probability in assembly_law(net).items():
        first = sum(net.index(unit) < p for unit in assembly)
        result[first, len(assembly) - first] += probability
    return {counts: sympy.cancel(probability) for counts, probability in result.items()}


def _from_count_vectors(p: int, q: int, coupling: Any) -> dict[tuple[int, int], sympy.Expr]:
    system = bipartite(p, q, coupling).system
    classes, drive = [list(range(p)), list(range(p, p + q))], dict.fromkeys(range(p + q), system.ring.one)
    weights = dict(composition_weights(system, classes, drive))
    total = sum(int(weight) for weight in weights.values())
    return {counts: Rational(int(weights.get(counts, 0)), total) for counts in _numbers(p, q)}


def _composition_checks(formula: Formula) -> tuple[Check, ...]:
    def law(p: int, q: int, coupling: Any) -> dict[tuple[int, int], sympy.Expr]:
        values = {"n": p, "m": q, "alpha": coupling}
        return {(i, k): formula.at({**values, "l_1": i, "l_2": k}) for i, k in _numbers(p, q)}

    def generic(p: int, q: int) -> dict[tuple[int, int], sympy.Expr]:
        return {(i, k): put_in(formula, {"n": p, "m": q, "l_1": i, "l_2": k}) for i, k in _numbers(p, q)}

    small = [(p, q) for p, q in _SIDES if p + q <= 4]
    return (
        exactly(
            "the laws of all assemblies of sides up to 4, counted, at several couplings",
            [(p, q, a) for p, q in _SIDES for a in _COUPLED],
            lambda case: law(*case),
            lambda case: _bipartite_law(*case),
        ),
        exactly(
            "in symbolic alpha, up to 4 units",
            small,
            lambda sides: generic(*sides),
            lambda sides: _bipartite_law(*sides, alpha),
        ),
        exactly(
            "normalisation in symbolic alpha, up to 4 units",
            small,
            lambda sides: sympy.cancel(sympy.Add(*generic(*sides).values())),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "the sums over count vectors of sides of 7 and 10",
            [(7, 10, a) for a in COUPLINGS],
            lambda case: law(*case),
            lambda case: _from_count_vectors(*case),
        ),
        exactly(
            "50 digits against exact values for sides of 200 and 230",
            [(c, a) for c in [(1, 0), (1, 200), (70, 90), (200, 230)] for a in COUPLINGS],
            lambda case: has_digits(
                formula, {"n": 200, "m": 230, "l_1": case[0][0], "l_2": case[0][1], "alpha": case[1]}
            ),
            lambda _: True,
        ),
    )


def _bipartite_size_checks(formula: Formula) -> tuple[Check, ...]:
    def law(p: int, q: int, coupling: Any) -> list[sympy.Expr]:
        values = {"n": p, "m": q, "alpha": coupling}
        return [formula.at({**values, "L": size}) for size in range(1, p + q + 1)]

    def exact(p: int, q: int, coupling: Any) -> list[sympy.Expr]:
        found = size_law(bipartite(p, q, coupling))
        return [found[size] for size in range(1, p + q + 1)]

    return (
        exactly(
            "the size laws of sides up to 4 from determinants, at several couplings",
            [(p, q, a) for p, q in _SIDES for a in _COUPLED],
            lambda case: law(*case),
            lambda case: exact(*case),
        ),
        exactly(
            "in symbolic alpha, up to 4 units",
            [(p, q, size) for p, q in _SIDES if p + q <= 4 for size in range(1, p + q + 1)],
            lambda case: put_in(formula, {"n": case[0], "m": case[1], "L": case[2]}),
            lambda case: sympy.cancel(size_law(bipartite(case[0], case[1], alpha))[case[2]]),
        ),
        exactly(
            "the sums over count vectors of sides of 7 and 10",
            [(7, 10, a) for a in COUPLINGS],
            lambda case: law(*case),
            lambda case: exact(*case),
        ),
    )


def _bipartite_mean_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "mean sizes from the Green matrix of sides up to 4, at several couplings",
            [(p, q, a) for p, q in _SIDES for a in _COUPLED],
            lambda case: formula.at({"n": case[0], "m": case[1], "alpha": case[2]}),
            lambda case: mean_size(bipartite(*case)),
        ),
        exactly(
            "the sum of L P(L) in symbolic alpha, up to 4 units",
            [(p, q) for p, q in _SIDES if p + q <= 4],
            lambda sides: put_in(formula, {"n": sides[0], "m": sides[1]}),
            lambda sides: sympy.cancel(size_law(bipartite(*sides, alpha)).mean()),
        ),
        identity(
            "for n = 1 the mean of the star of m + 1 units, in symbolic m",
            lambda: formula.expr.xreplace({n: sympy.Integer(1), Max(m, n): m}),
            lambda: (m + 1 + 2 * alpha) / (m + 1 - alpha**2 * (m - 1) / m),
        ),
    )


def _abbreviated(
    identifier: str,
    name: str,
    left: str,
    short: sympy.Expr,
    checks: Callable[[Formula], tuple[Check, ...]],
    where: tuple[tuple[sympy.Expr, sympy.Expr], ...],
    *,
    symbols: dict[Symbol, str] | None = None,
    assumptions: tuple[str, ...] = (),
    conditions: tuple[sympy.Basic, ...] = (),
    derivation: str,
) -> Formula:
    return AbbreviatedFormula(
        id=identifier,
        name=name,
        left=left,
        symbols={**_BIPARTITE, **(symbols or {})},
        assumptions=(*_SIDES_ASSUMED, *assumptions),
        conditions=(*_SIDES_RANGE, *conditions),
        expr=unfolded(short, where),
        source=_DERIVED,
        checks=checks,
        derivation=derivation,
        short=short,
        where=where,
    )


_HUB_WEIGHT = alpha / (N - 1)
_STAR_BELOW = N - (N - 1) * (N - 2) * w**2
_STAR_SIZE = Piecewise(
    (((1 - w) ** (N - 1) + (N - 1) * (1 - w - (N - 2) * w**2)) / _STAR_BELOW, Eq(L, 1)),
    (L * binomial(N - 1, L - 1) * w ** (L - 1) * (1 - w) ** (N - L) / _STAR_BELOW, True),
)

FORMULAS: tuple[Formula, ...] = (
    AbbreviatedFormula(
        id="star.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**_STAR, L: "size of the avalanche"},
        assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N", "uniform drive"),
        conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
        expr=unfolded(_STAR_SIZE, ((w, _HUB_WEIGHT),)),
        source=_DERIVED,
        checks=_star_checks,
        short=_STAR_SIZE,
        where=((w, _HUB_WEIGHT),),
        derivation="09",
    ),
    Formula(
        id="star.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols=_STAR,
        assumptions=("0 <= alpha < 1", "N >= 2", "uniform drive"),
        conditions=(alpha >= 0, alpha < 1, N >= 2),
        expr=(N - 1) * (N + 2 * alpha) / (N * (N - 1) - (N - 2) * alpha**2),
        source=_DERIVED,
        checks=_star_mean_checks,
        derivation="07",
    ),
    _abbreviated(
        "bipartite.composition",
        "probability that l_1 and l_2 units of the sides fire, given an avalanche",
        "P(l_1, l_2)",
        _bipartite_term(l1, l2),
        _composition_checks,
        _LAW,
        symbols={l1: "number of units of side 1 that fire", l2: "of side 2"},
        assumptions=("0 <= l_1 <= n", "0 <= l_2 <= m", "l_1 + l_2 >= 1", "0^0 = 1"),
        conditions=(l1 >= 0, l2 >= 0, l1 <= n, l2 <= m, l1 + l2 >= 1),
        derivation="09",
    ),
    _abbreviated(
        "bipartite.size",
        "probability that L units fire, given an avalanche",
        "P(L)",
        Sum(_bipartite_term(l, L - l), (l, Max(0, L - m), Min(L, n))),
        _bipartite_size_checks,
        _LAW,
        symbols={L: "size of the avalanche"},
        assumptions=("1 <= L <= n + m", "0^0 = 1"),
        conditions=(L >= 1, n + m >= L),
        derivation="09",
    ),
    _abbreviated(
        "bipartite.mean",
        "mean avalanche size, given an avalanche",
        r"\langle L \rangle",
        (n + m + 2 * n * m * w) / _NORMALISER[1],
        _bipartite_mean_checks,
        _EDGE,
        derivation="07",
    ),
)
