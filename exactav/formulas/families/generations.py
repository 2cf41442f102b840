"""Homogeneous networks generation by generation: a unit joins generation d by the sum of weights from d - 1.

A pattern with generations of sizes 1, g_2, .., g_D, L units in all, has the tree weight

    prod_d (g_{d-1} w)^(g_d)

(derivation 03), and the same forest weight outside as any other pattern of L units.
"""

from dataclasses import dataclass
from itertools import pairwise

import sympy
from sympy import Eq, Piecewise, Symbol, factorial

from exactav.errors import InvalidNetworkError
from exactav.formulas.abbreviated import abbreviated
from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula
from exactav.texts import quoted


@dataclass(frozen=True)
class Kind:
    """A kind of homogeneous network: its weight, and the shares of the units that do not fire."""

    name: str
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
WITH_SELF = Kind(
    "homogeneous",
    1,
    _OWN,
    N * (1 - alpha) * (1 - L * _OWN) ** (N - L - 1) / _BELOW,
    N / _BELOW,
)
WITHOUT_SELF = Kind(
    "homogeneous_without_self",
    2,
    _OTHERS,
    (1 - alpha) * (1 - (L - 1) * _OTHERS) ** (N - L - 1) / _BELOW_OTHERS,
    1 / _BELOW_OTHERS,
)


def pattern(D: int, kind: Kind = WITH_SELF) -> Formula:
    """The probability of one pattern of D generations, given its start: which units fire in which generation.

    >>> pattern(2).at({"N": 3, "alpha": "3/4", "g_2": 1})
    1/8
    """
    return _formula(D, kind, all_patterns=False)


def generation_sizes(D: int, kind: Kind = WITH_SELF) -> Formula:
    """The probability of all patterns whose D generations have given sizes.

    >>> generation_sizes(2).at({"N": 3, "alpha": "3/4", "g_2": 1})
    1/4
    """
    return _formula(D, kind, all_patterns=True)


def _formula(D: int, kind: Kind, *, all_patterns: bool) -> Formula:
    if isinstance(D, bool) or not isinstance(D, int) or D < 1:
        raise InvalidNetworkError(f"D = {quoted(D)} generations: give a whole number of at least 1")
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
    return abbreviated(
        short,
        where,
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
        source="arXiv:2202.02520",
        derivation="03",
        made_for=(D,),
    )


FORMULAS = tuple(make(3, kind) for kind in (WITH_SELF, WITHOUT_SELF) for make in (pattern, generation_sizes))
