"""Two equal populations of n units: weight a within (self included), b across, threshold 1, uniform drive."""

# ruff: noqa: E741

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Eq, Max, Min, Piecewise, Rational, Sum, Symbol, binomial

from exactav.engines.populations import composition_weights
from exactav.formulas.abbreviated import AbbreviatedFormula, unfolded
from exactav.formulas.checks.shared import has_digits, put_in
from exactav.formulas.families import homogeneous
from exactav.formulas.formula import Formula
from exactav.laws.assembly import assembly_law
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import populations
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly, identity

n, L, l, a, b = (Symbol(name) for name in ("n", "L", "l", "a", "b"))
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


_POINTS = tuple(
    (Rational(x), Rational(y))
    for x, y in (("1/5", "1/10"), ("0", "1/7"), ("1/6", "0"), ("0", "0"), ("1/9", "1/9"), ("1/20", "1/8"))
)
"""(n a, n b) / 2."""


def _network(size: int, within: Any, across: Any) -> Network:
    return populations([size, size], [[within, across], [across, within]])


def _points(largest: int) -> list[tuple[int, Any, Any]]:
    return [(size, 2 * x / size, 2 * y / size) for size in range(1, largest + 1) for x, y in _POINTS]


def _counts(size: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(size + 1) for j in range(size + 1) if i + j]


def _values(point: tuple[int, Any, Any]) -> dict[str, Any]:
    return dict(zip(("n", "a", "b"), point, strict=True))


def _law(size: int, within: Any, across: Any) -> dict[tuple[int, int], sympy.Expr]:
    """From the law of all assemblies, counting units."""
    result, net = dict.fromkeys(_counts(size), sympy.Integer(0)), _network(size, within, across)
    for assembly, probability in assembly_law(net).items():
        first = sum(net.index(unit) < size for unit in assembly)
        result[first, len(assembly) - first] += probability
    return {counts: sympy.cancel(probability) for counts, probability in result.items()}


def _from_count_vectors(size: int, within: Any, across: Any) -> dict[tuple[int, int], sympy.Expr]:
    system = _network(size, within, across).system
    classes = [list(range(size)), list(range(size, 2 * size))]
    drive = dict.fromkeys(range(2 * size), system.ring.one)
    weights = dict(composition_weights(system, classes, drive))
    total = sum(int(weight) for weight in weights.values())
    return {c: Rational(int(weights.get(c, system.ring.zero)), total) for c in _counts(size)}


def _composition_checks(formula: Formula) -> tuple[Check, ...]:
    def law(point: tuple[int, Any, Any]) -> dict[tuple[int, int], Any]:
        values = _values(point)
        return {c: formula.at({**values, "l_1": c[0], "l_2": c[1]}) for c in _counts(point[0])}

    large = [(10, Rational(1, 30), Rational(1, 50)), (10, Rational(1, 20), Rational(0))]
    return (
        exactly(
            "the laws of all assemblies of n = 1 .. 4, counted, at several weights, zeros among them",
            _points(4),
            lambda point: law(point),
            lambda point: _law(*point),
        ),
        exactly(
            "in symbolic a and b for n = 1, 2",
            [(size, c) for size in (1, 2) for c in _counts(size)],
            lambda case: put_in(formula, {"n": case[0], "l_1": case[1][0], "l_2": case[1][1]}),
            lambda case: _law(case[0], a, b)[case[1]],
        ),
        *(
            identity(
                f"normalisation in symbolic a and b for n = {size}",
                lambda size=size: sympy.Add(  # type: ignore[misc]
                    *(put_in(formula, {"n": size, "l_1": i, "l_2": j}) for i, j in _counts(size))
                ),
                lambda: sympy.Integer(1),
            )
            for size in (1, 2, 3)
        ),
        exactly(
            "the sums over count vectors for n = 10, at two weights",
            large,
            lambda point: law(point),
            lambda point: _from_count_vectors(*point),
        ),
        exactly(
            "for a = b the homogeneous law of 2n units times C(n, l_1) C(n, l_2) / C(2n, L), in symbolic a",
            [(size, c) for size in range(1, 5) for c in _counts(size)],
            lambda case: put_in(formula, {"n": case[0], "l_1": case[1][0], "l_2": case[1][1], "b": a}),
            lambda case: sympy.cancel(_homogeneous(2 * case[0], sum(case[1])) * _share(case[0], case[1])),
        ),
        exactly(
            "50 digits against exact values for n = 200",
            [
                (c, x, y)
                for c in [(1, 0), (60, 0), (50, 120), (200, 200)]
                for x, y in _POINTS
                if x * y or not y
            ],
            lambda case: _has_digits(
                formula,
                {"n": 200, "a": case[1] / 100, "b": case[2] / 100, "l_1": case[0][0], "l_2": case[0][1]},
            ),
            lambda _: True,
        ),
    )


def _has_digits(formula: Formula, values: dict[str, Any]) -> bool:
    return formula.at(values) == 0 or has_digits(formula, values)


def _homogeneous(units: int, size: int) -> sympy.Expr:
    law = next(formula for formula in homogeneous.FORMULAS if formula.id == "homogeneous.size")
    return put_in(law, {"N": units, "L": size, "alpha": units * a})


def _share(size: int, counts: tuple[int, int]) -> sympy.Rational:
    ways = sympy.binomial(size, counts[0]) * sympy.binomial(size, counts[1])
    return ways / sympy.binomial(2 * size, sum(counts))


def _size_checks(formula: Formula) -> tuple[Check, ...]:
    large = [(12, Rational(1, 30), Rational(1, 50)), (12, Rational(1, 20), Rational(0))]

    def law(point: tuple[int, Any, Any]) -> list[sympy.Expr]:
        return [formula.at({**_values(point), "L": size}) for size in range(1, 2 * point[0] + 1)]

    def exact(point: tuple[int, Any, Any]) -> list[sympy.Expr]:
        found = size_law(_network(*point))
        return [found[size] for size in range(1, 2 * point[0] + 1)]

    return (
        exactly(
            "the size laws of n = 1 .. 5 from determinants, at several weights, zeros among them",
            _points(5),
            law,
            exact,
        ),
        exactly(
            "in symbolic a and b for n = 1, 2, 3",
            [(size, L) for size in (1, 2, 3) for L in range(1, 2 * size + 1)],
            lambda case: put_in(formula, {"n": case[0], "L": case[1]}),
            lambda case: sympy.cancel(size_law(_network(case[0], a, b))[case[1]]),
        ),
        exactly(
            "for a = b the homogeneous law of 2n units, in symbolic a for n = 1 .. 3",
            [(size, L) for size in range(1, 4) for L in range(1, 2 * size + 1)],
            lambda case: sympy.cancel(put_in(formula, {"n": case[0], "L": case[1]}).xreplace({b: a})),
            lambda case: _homogeneous(2 * case[0], case[1]),
        ),
        exactly(
            "for b = 0 the homogeneous law of n units, in symbolic a for n = 1 .. 4",
            [(size, L) for size in range(1, 5) for L in range(1, 2 * size + 1)],
            lambda case: put_in(formula, {"n": case[0], "L": case[1], "b": 0}),
            lambda case: _homogeneous(case[0], case[1]) if case[1] <= case[0] else sympy.Integer(0),
        ),
        exactly("the sums over count vectors for n = 12", large, law, exact),
        exactly(
            "50 digits against exact values for n = 200",
            [(L, Rational(1, 1000), Rational(1, 300)) for L in (1, 2, 399, 400)],
            lambda case: has_digits(formula, {"n": 200, "L": case[0], "a": case[1], "b": case[2]}),
            lambda _: True,
        ),
    )


def _mean_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "mean sizes from the Green matrix for n = 1 .. 5, at several weights, zeros among them",
            _points(5),
            lambda point: formula.at(_values(point)),
            lambda point: mean_size(_network(*point)),
        ),
        exactly(
            "the sum of L P(L) in symbolic a and b for n = 1, 2, 3",
            (1, 2, 3),
            lambda size: put_in(formula, {"n": size}),
            lambda size: sympy.cancel(size_law(_network(size, a, b)).mean()),
        ),
        identity(
            "for b = 0 the homogeneous mean of n units, in symbolic n and a",
            lambda: formula.expr.xreplace({b: sympy.Integer(0)}),
            lambda: n / (n - (n - 1) * n * a),
        ),
        identity(
            "for a = b the homogeneous mean of 2n units, in symbolic n and a",
            lambda: formula.expr.xreplace({b: a}),
            lambda: 2 * n / (2 * n - (2 * n - 1) * 2 * n * a),
        ),
    )


def _formula(
    quantity: str,
    name: str,
    left: str,
    short: sympy.Expr,
    checks: Callable[[Formula], tuple[Check, ...]],
    *,
    where: tuple[tuple[sympy.Expr, sympy.Expr], ...] = (),
    symbols: dict[Symbol, str] | None = None,
    assumptions: tuple[str, ...] = (),
    conditions: tuple[sympy.Basic, ...] = (),
    derivation: str,
) -> Formula:
    return AbbreviatedFormula(
        id=f"two_populations.{quantity}",
        name=name,
        left=left,
        symbols={**_WEIGHTS, **(symbols or {})},
        assumptions=(*_ASSUMED, *assumptions),
        conditions=(*_RANGE, *conditions),
        expr=unfolded(short, where),
        source="derived here from arXiv:2202.02520",
        checks=checks,
        derivation=derivation,
        short=short,
        where=where,
    )


FORMULAS: tuple[Formula, ...] = (
    _formula(
        "composition",
        "probability that l_1 and l_2 units of the populations fire, given an avalanche",
        "P(l_1, l_2)",
        _term(l1, l2),
        _composition_checks,
        where=_WHERE,
        symbols={l1: "number of units of population 1 that fire", l2: "of population 2"},
        assumptions=("0 <= l_1, l_2 <= n", "l_1 + l_2 >= 1"),
        conditions=(l1 >= 0, l2 >= 0, l1 <= n, l2 <= n, l1 + l2 >= 1),
        derivation="09",
    ),
    _formula(
        "size",
        "probability that L units fire, given an avalanche",
        "P(L)",
        Sum(_term(l, L - l), (l, Max(0, L - n), Min(n, L))),
        _size_checks,
        where=_WHERE,
        symbols={L: "size of the avalanche"},
        assumptions=("1 <= L <= 2n",),
        conditions=(L >= 1, 2 * n >= L),
        derivation="09",
    ),
    _formula(
        "mean",
        "mean avalanche size, given an avalanche",
        r"\langle L \rangle",
        n * (1 - n * (a - b)) / (1 - n * a + (n - 1) * ((1 - n * a) ** 2 - (n * b) ** 2)),
        _mean_checks,
        derivation="07",
    ),
)
