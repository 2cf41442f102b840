"""Homogeneous networks generation by generation: a unit joins generation d by the sum of weights from d - 1.

A pattern with generations of sizes 1, g_2, .., g_D, L units in all, has the tree weight

    prod_d (g_{d-1} w)^(g_d)

(derivation 03), and the same forest weight outside as any other pattern of L units.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy
from sympy import Eq, Piecewise, Rational, Symbol, factorial

from exactav.errors import InvalidNetworkError
from exactav.formulas.abbreviated import AbbreviatedFormula, unfolded
from exactav.formulas.checks.shared import COUPLINGS, Family, alpha, has_digits, put_in
from exactav.formulas.formula import Formula
from exactav.laws.pattern import pattern_law
from exactav.laws.size import size_law
from exactav.network.families import homogeneous, homogeneous_without_self
from exactav.proofs.checks import Check, exactly

N, L = sympy.symbols("N L")
Sizes = tuple[int, ...]


@dataclass(frozen=True)
class _Kind:
    """A kind of homogeneous network: its weight, and the shares of the units that do not fire."""

    name: str
    family: Family
    smallest: int
    weight: sympy.Expr
    outside: sympy.Expr  # forests of N - L >= 1 units, over det M without the start
    full: sympy.Expr  # 1 over det M without the start

    def units(self) -> dict[Symbol, str]:
        to = "any two units" if self.smallest == 1 else "any two different units"
        return {N: "number of units", alpha: f"row sum of W, weight {self.weight} between {to}"}


_OWN, _OTHERS = alpha / N, alpha / (N - 1)
_BELOW = N - (N - 1) * alpha
_BELOW_OTHERS = (1 + _OTHERS) ** (N - 2) * (1 - (N - 2) * _OTHERS)
WITH_SELF = _Kind(
    "homogeneous",
    homogeneous,
    1,
    _OWN,
    N * (1 - alpha) * (1 - L * _OWN) ** (N - L - 1) / _BELOW,
    N / _BELOW,
)
WITHOUT_SELF = _Kind(
    "homogeneous_without_self",
    homogeneous_without_self,
    2,
    _OTHERS,
    (1 - alpha) * (1 - (L - 1) * _OTHERS) ** (N - L - 1) / _BELOW_OTHERS,
    1 / _BELOW_OTHERS,
)


def pattern(D: int, kind: _Kind = WITH_SELF) -> Formula:
    """The probability of one pattern of D generations, given its start: which units fire in which generation.

    >>> pattern(2).at({"N": 3, "alpha": "3/4", "g_2": 1})
    1/8
    """
    return _formula(D, kind, all_patterns=False)


def generation_sizes(D: int, kind: _Kind = WITH_SELF) -> Formula:
    """The probability of all patterns whose D generations have given sizes.

    >>> generation_sizes(2).at({"N": 3, "alpha": "3/4", "g_2": 1})
    1/4
    """
    return _formula(D, kind, all_patterns=True)


def _formula(D: int, kind: _Kind, *, all_patterns: bool) -> Formula:
    if isinstance(D, bool) or not isinstance(D, int) or D < 1:
        raise InvalidNetworkError(f"D = {D!r} generations: give a whole number of at least 1")
    sizes = [sympy.Integer(1), *(Symbol(f"g_{d}") for d in range(2, D + 1))]
    units = sympy.Add(*sizes)
    trees = sympy.Mul(*(before**after for before, after in pairwise(sizes)))
    ways = factorial(N - 1) / (factorial(N - L) * sympy.Mul(*map(factorial, sizes[1:])))
    short = (ways if all_patterns else 1) * trees * kind.weight ** (L - 1) * Symbol("F")
    where = (
        (Symbol("F"), Piecewise((kind.full, Eq(L, N)), (kind.outside, True))),
        (L, units),
    )
    quantity = "generation_sizes" if all_patterns else "pattern"
    names = map(sympy.latex, sizes) if all_patterns else (f"G_{d}" for d in range(1, D + 1))
    left = (", " if all_patterns else r" \to ").join(names)
    return AbbreviatedFormula(
        id=f"{kind.name}.{quantity}" + ("" if D == 3 else f"[{D}]"),
        name=f"probability that {D} generations have these sizes, given an avalanche"
        if all_patterns
        else f"probability of one pattern with {D} generations of these sizes, given its start",
        left=f"P({left})",
        symbols={
            **kind.units(),
            **{size: f"number of units in generation {d}" for d, size in enumerate(sizes[1:], 2)},
        },
        assumptions=(
            "0 <= alpha < 1",
            f"N >= {kind.smallest}",
            *(f"{size} >= 1" for size in sizes[1:]),
            f"{units} <= N",
        ),
        conditions=(
            *(alpha >= 0, alpha < 1, kind.smallest <= N),
            *(size >= 1 for size in sizes[1:]),
            units <= N,
        ),
        expr=unfolded(short, where),
        source="arXiv:2202.02520",
        checks=_checks(D, kind, all_patterns=all_patterns),
        derivation="03",
        short=short,
        where=where,
    )


def _later_sizes(D: int, largest: int) -> Iterator[Sizes]:
    """All (g_2, .., g_D), each at least 1, with a sum of at most ``largest``."""
    if D == 1:
        yield ()
        return
    for first in range(1, largest - (D - 2) + 1):
        for others in _later_sizes(D - 1, largest - first):
            yield (first, *others)


def _named(sizes: Sizes) -> dict[str, int]:
    return {f"g_{d}": size for d, size in enumerate(sizes, 2)}


def _ways(n: int, sizes: Sizes) -> sympy.Integer:
    """In how many ways n - 1 units split into generations of these sizes and the rest."""
    rest = n - 1 - sum(sizes)
    return sympy.Integer(sympy.factorial(n - 1) / sympy.prod(map(sympy.factorial, (*sizes, rest))))


def _checks(D: int, kind: _Kind, *, all_patterns: bool) -> Callable[[Formula], tuple[Check, ...]]:
    def one(formula: Formula, n: int, a: Any, sizes: Sizes) -> sympy.Expr:
        """The probability of generations of these sizes, from the formula."""
        value = formula.at({"N": n, "alpha": a, **_named(sizes)})
        return value if all_patterns else value * _ways(n, sizes)

    def from_law(n: int, a: Any) -> dict[Sizes, sympy.Expr]:
        """From the law of all patterns, none left out, counted by the sizes of D generations."""
        found = dict.fromkeys(_later_sizes(D, n - 1), sympy.Integer(0))
        for one_pattern, probability in pattern_law(kind.family(n, a), start=0).items():
            if len(one_pattern) == D:
                found[tuple(map(len, one_pattern[1:]))] += probability
        return {sizes: sympy.cancel(p) for sizes, p in found.items()}

    def checks(formula: Formula) -> tuple[Check, ...]:
        smallest = max(kind.smallest, D)
        small = range(smallest, max(6, D + 1) + 1)
        return (
            exactly(
                f"the laws of all patterns of N = {small[0]} .. {small[-1]} units",
                [(n, a) for n in small for a in (Rational(0), *COUPLINGS)],
                lambda case: {sizes: one(formula, *case, sizes) for sizes in _later_sizes(D, case[0] - 1)},
                lambda case: from_law(*case),
            ),
            exactly(
                f"the same in symbolic alpha for N = {smallest} .. {smallest + 1}",
                range(smallest, smallest + 2),
                lambda n: {
                    sizes: sympy.cancel(
                        put_in(formula, {"N": n, **_named(sizes)}) * (1 if all_patterns else _ways(n, sizes))
                    )
                    for sizes in _later_sizes(D, n - 1)
                },
                lambda n: from_law(n, alpha),
            ),
            exactly(
                "the size laws, summed over all numbers of generations, for N = 7 and 9",
                [(n, a) for n in (7, 9) for a in COUPLINGS],
                lambda case: _size_law_from(formula, D, kind, *case, all_patterns=all_patterns),
                lambda case: list(size_law(kind.family(*case)).values()),
            ),
            exactly(
                "50 digits against exact values for N = 500",
                COUPLINGS,
                lambda a: has_digits(
                    formula, {"N": 500, "alpha": a, **_named(tuple(3 + d % 2 for d in range(D - 1)))}
                ),
                lambda _: True,
            ),
        )

    return checks


def _size_law_from(
    formula: Formula, D: int, kind: _Kind, n: int, a: Any, *, all_patterns: bool
) -> list[sympy.Expr]:
    """P(1), .., P(n) from the formulas of all numbers of generations, ``formula`` for D of them."""
    found = [sympy.Integer(0)] * n
    for generations in range(1, n + 1):
        one = formula if generations == D else _formula(generations, kind, all_patterns=all_patterns)
        for sizes in _later_sizes(generations, n - 1):
            value = one.at({"N": n, "alpha": a, **_named(sizes)})
            found[sum(sizes)] += value if all_patterns else value * _ways(n, sizes)
    return found


FORMULAS: tuple[Formula, ...] = tuple(
    make(3, kind) for kind in (WITH_SELF, WITHOUT_SELF) for make in (pattern, generation_sizes)
)
