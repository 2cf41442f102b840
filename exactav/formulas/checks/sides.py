"""Checks of two equal populations, and of the sides of a bipartite network: how many of both sides fire."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy
from sympy import Max, Rational

from exactav.formulas.checks.shared import (
    COUPLED,
    COUPLINGS,
    Counts,
    LawFormula,
    Values,
    agrees,
    counted,
    digits_agree,
    grid,
    in_blocks,
    of_one,
    over_counts,
    put_in,
)
from exactav.formulas.families import homogeneous, stars, two_populations
from exactav.formulas.families.symbols import alpha
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import bipartite, populations
from exactav.network.network import Network
from exactav.proofs.checks import Check, identity


@dataclass(frozen=True)
class _Sides:
    """Networks with two groups of units, by the values of their symbols."""

    network: Callable[..., Network]
    sizes: Callable[..., Counts]

    def counts(self, **values: Any) -> list[Counts]:
        return [c for c in product(*(range(size + 1) for size in self.sizes(**values))) if any(c)]

    def law(self, formula: Formula) -> LawFormula:
        return LawFormula(formula, ("l_1", "l_2"), self.counts)

    def size_law(self, formula: Formula) -> LawFormula:
        return LawFormula(formula, ("L",), lambda **values: range(1, 1 + sum(self.sizes(**values))))

    def listed(self, **values: Any) -> dict[Counts, sympy.Expr]:
        return counted(self.network(**values), in_blocks(self.sizes(**values)))

    def from_count_vectors(self, **values: Any) -> Any:
        return over_counts(self.network(**values), in_blocks(self.sizes(**values)))

    def one(self, l_1: int, l_2: int, **values: Any) -> sympy.Expr:
        return of_one(self.network(**values), in_blocks(self.sizes(**values)), (l_1, l_2))

    def found_sizes(self, **values: Any) -> Any:
        return size_law(self.network(**values))

    def mean(self, **values: Any) -> sympy.Expr:
        return mean_size(self.network(**values))

    def summed_mean(self, **values: Any) -> sympy.Expr:
        return size_law(self.network(**values)).mean()


def _with_counts(cases: Iterable[Values], *counts: Counts) -> list[dict[str, Any]]:
    return [{**case, "l_1": c[0], "l_2": c[1]} for c in counts for case in cases]


# Two populations of n units, weight a within and b across.

_a, _b = two_populations.a, two_populations.b
_EQUAL = _Sides(
    lambda n, a, b, **_: populations([n, n], [[a, b], [b, a]]),
    lambda n, **_: (n, n),
)
_POINTS = [
    (Rational(x), Rational(y))
    for x, y in (("1/5", "1/10"), ("0", "1/7"), ("1/6", "0"), ("0", "0"), ("1/9", "1/9"), ("1/20", "1/8"))
]  # (n a, n b) / 2


def _points(sizes: Iterable[int]) -> list[dict[str, Any]]:
    return [{"n": n, "a": 2 * x / n, "b": 2 * y / n} for n in sizes for x, y in _POINTS]


def _homogeneous(units: int, size: int) -> sympy.Expr:
    return put_in(homogeneous.SIZE, {"N": units, "L": size, "alpha": units * _a})


def _alike(n: int) -> dict[int, sympy.Expr]:
    return {L: _homogeneous(2 * n, L) for L in range(1, 2 * n + 1)}


def _spread(n: int) -> dict[Counts, sympy.Expr]:
    """The homogeneous law of 2n units, by how many of each half fire."""
    ways = sympy.binomial
    return {
        (i, j): _homogeneous(2 * n, i + j) * ways(n, i) * ways(n, j) / ways(2 * n, i + j)
        for i, j in _EQUAL.counts(n=n)
    }


def _equal_composition(formula: Formula) -> tuple[Check, ...]:
    law = _EQUAL.law(formula)
    large = [(Rational(1, 30), Rational(1, 50)), (Rational(1, 20), Rational(0))]
    half = [case for case in _points([20]) if case["a"] * case["b"] or not case["b"]]
    return (
        law.agrees(
            "the laws of all assemblies of n = 1 .. 4, counted, at several weights, zeros among them",
            _points(range(1, 5)),
            _EQUAL.listed,
        ),
        law.agrees("in symbolic a and b for n = 1, 2", grid(n=(1, 2)), _EQUAL.listed),
        law.normalised("normalisation in symbolic a and b for n = 1, 2, 3", grid(n=(1, 2, 3))),
        law.agrees(
            "the sums over count vectors for n = 10, at two weights",
            [{"n": 10, "a": x, "b": y} for x, y in large],
            _EQUAL.from_count_vectors,
        ),
        law.agrees(
            "for a = b the homogeneous law of 2n units times C(n, l_1) C(n, l_2) / C(2n, L), in symbolic a",
            grid(n=range(1, 5), b=[_a]),
            lambda n, **_: _spread(n),
        ),
        digits_agree(
            "single assemblies from determinants for n = 20",
            formula,
            _with_counts(half, (1, 0), (6, 0), (5, 12), (20, 20)),
            _EQUAL.one,
        ),
    )


def _equal_size(formula: Formula) -> tuple[Check, ...]:
    law = _EQUAL.size_law(formula)
    large = [(Rational(1, 30), Rational(1, 50)), (Rational(1, 20), Rational(0))]
    return (
        law.agrees(
            "the size laws of n = 1 .. 5 from determinants, at several weights, zeros among them",
            _points(range(1, 6)),
            _EQUAL.found_sizes,
        ),
        law.agrees("in symbolic a and b for n = 1, 2, 3", grid(n=(1, 2, 3)), _EQUAL.found_sizes),
        law.agrees(
            "for a = b the homogeneous law of 2n units, in symbolic a for n = 1 .. 3",
            grid(n=range(1, 4), b=[_a]),
            lambda n, **_: _alike(n),
        ),
        law.agrees(
            "for b = 0 the homogeneous law of n units, in symbolic a for n = 1 .. 4",
            grid(n=range(1, 5), b=[0]),
            lambda n, **_: {L: _homogeneous(n, L) for L in range(1, n + 1)},
        ),
        law.agrees(
            "the sums over count vectors for n = 12",
            [{"n": 12, "a": x, "b": y} for x, y in large],
            _EQUAL.found_sizes,
        ),
        law.digits(
            "the sums over count vectors for n = 40",
            [{"n": 40, "a": Rational(1, 200), "b": Rational(1, 60)}],
            lambda **_: (1, 2, 30, 79, 80),
            _EQUAL.found_sizes,
        ),
    )


def _equal_mean(formula: Formula) -> tuple[Check, ...]:
    n = two_populations.n
    return (
        agrees(
            "mean sizes from the Green matrix for n = 1 .. 5, at several weights, zeros among them",
            formula,
            _points(range(1, 6)),
            _EQUAL.mean,
        ),
        agrees(
            "the sum of L P(L) in symbolic a and b for n = 1, 2, 3",
            formula,
            grid(n=(1, 2, 3)),
            _EQUAL.summed_mean,
        ),
        identity(
            "for b = 0 the homogeneous mean of n units, in symbolic n and a",
            lambda: formula.expr.xreplace({_b: sympy.Integer(0)}),
            lambda: n / (n - (n - 1) * n * _a),
        ),
        identity(
            "for a = b the homogeneous mean of 2n units, in symbolic n and a",
            lambda: formula.expr.xreplace({_b: _a}),
            lambda: 2 * n / (2 * n - (2 * n - 1) * 2 * n * _a),
        ),
    )


# Bipartite networks with sides of n and m units.

_BIPARTITE = _Sides(lambda n, m, alpha, **_: bipartite(n, m, alpha), lambda n, m, **_: (n, m))
_UP_TO_4 = grid(n=range(1, 5), m=range(1, 5), alpha=COUPLED)
_FEW = [case for case in grid(n=range(1, 5), m=range(1, 5)) if case["n"] + case["m"] <= 4]
_SEVEN_TEN = grid(n=[7], m=[10], alpha=COUPLINGS)


def _bipartite_composition(formula: Formula) -> tuple[Check, ...]:
    law = _BIPARTITE.law(formula)
    return (
        law.agrees(
            "the laws of all assemblies of sides up to 4, counted, at several couplings",
            _UP_TO_4,
            _BIPARTITE.listed,
        ),
        law.agrees("in symbolic alpha, up to 4 units", _FEW, _BIPARTITE.listed),
        law.normalised("normalisation in symbolic alpha, up to 4 units", _FEW),
        law.agrees(
            "the sums over count vectors of sides of 7 and 10", _SEVEN_TEN, _BIPARTITE.from_count_vectors
        ),
        digits_agree(
            "single assemblies from determinants for sides of 20 and 23",
            formula,
            _with_counts(grid(n=[20], m=[23], alpha=COUPLINGS), (1, 0), (1, 20), (7, 9), (20, 23)),
            _BIPARTITE.one,
        ),
    )


def _bipartite_size(formula: Formula) -> tuple[Check, ...]:
    law = _BIPARTITE.size_law(formula)
    return (
        law.agrees(
            "the size laws of sides up to 4 from determinants, at several couplings",
            _UP_TO_4,
            _BIPARTITE.found_sizes,
        ),
        law.agrees("in symbolic alpha, up to 4 units", _FEW, _BIPARTITE.found_sizes),
        law.agrees("the sums over count vectors of sides of 7 and 10", _SEVEN_TEN, _BIPARTITE.found_sizes),
    )


def _bipartite_mean(formula: Formula) -> tuple[Check, ...]:
    n, m = stars.n, stars.m
    return (
        agrees(
            "mean sizes from the Green matrix of sides up to 4, at several couplings",
            formula,
            _UP_TO_4,
            _BIPARTITE.mean,
        ),
        agrees("the sum of L P(L) in symbolic alpha, up to 4 units", formula, _FEW, _BIPARTITE.summed_mean),
        identity(
            "for n = 1 the mean of the star of m + 1 units, in symbolic m",
            lambda: formula.expr.xreplace({n: sympy.Integer(1), Max(m, n): m}),
            lambda: (m + 1 + 2 * alpha) / (m + 1 - alpha**2 * (m - 1) / m),
        ),
    )


CHECKS = {
    two_populations.COMPOSITION.id: _equal_composition,
    two_populations.SIZE.id: _equal_size,
    two_populations.MEAN.id: _equal_mean,
    stars.BIPARTITE_COMPOSITION.id: _bipartite_composition,
    stars.BIPARTITE_SIZE.id: _bipartite_size,
    stars.BIPARTITE_MEAN.id: _bipartite_mean,
}
