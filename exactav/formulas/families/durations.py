"""Durations of homogeneous networks of given N: trees counted by height, with weights in alpha.

The patterns of D generations on L given units, one of them the start, have together the tree weight w^(L-1)
times the number of trees with this root whose height is D - 1 (derivation 03). With t_h(L) the number of
those of at most the height h, and k the number of units in the subtree below the root that has the first
other unit,

    t_h(L) = sum over k of C(L - 2, k - 1) k t_{h-1}(k) t_h(L - k),  t_h(1) = 1.
"""

from functools import cache
from math import comb

import sympy
from sympy import Eq, Piecewise, Symbol

from exactav.errors import InvalidNetworkError
from exactav.formulas.families.generations import WITH_SELF, WITHOUT_SELF, Kind
from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula
from exactav.texts import quoted

D = Symbol("D")


@cache
def trees_up_to(height: int, units: int) -> int:
    """The number of trees with a given root on so many units, of at most this height.

    >>> [trees_up_to(height, 4) for height in range(4)]
    [0, 1, 10, 16]
    """
    if units == 1:
        return 1
    if height == 0:
        return 0
    return sum(
        comb(units - 2, k - 1) * k * trees_up_to(height - 1, k) * trees_up_to(height, units - k)
        for k in range(1, units)
    )


def duration(n_units: int, kind: Kind = WITH_SELF) -> Formula:
    """The probability of D generations in a homogeneous network of so many units, given an avalanche.

    >>> duration(3).at(alpha="3/4", D=2)
    3/8
    """
    if isinstance(n_units, bool) or not isinstance(n_units, int) or n_units < kind.smallest:
        raise InvalidNetworkError(
            f"N = {quoted(n_units)} units: give a whole number of at least {kind.smallest}"
        )
    return Formula(
        id=f"{kind.name}.duration" + ("" if n_units == 4 else f"[{n_units}]"),
        name=f"probability of D generations in a network of {n_units} units, given an avalanche",
        left="P(D)",
        symbols={alpha: kind.units()[alpha].replace("N", str(n_units)), D: "number of generations"},
        assumptions=("0 <= alpha < 1", f"1 <= D <= {n_units}"),
        conditions=(alpha >= 0, alpha < 1, D >= 1, n_units >= D),
        expr=_cases(n_units, kind),
        source="derived here from the trees of derivation 03, arXiv:2202.02520",
        derivation="03",
        made_for=(n_units,),
    )


def _cases(n_units: int, kind: Kind) -> sympy.Expr:
    of_each = [_probability(duration, n_units, kind) for duration in range(1, n_units + 1)]
    named = [(value, Eq(D, place)) for place, value in enumerate(of_each[:-1], 1)]
    return Piecewise(*named, (of_each[-1], True))


def _probability(duration: int, n_units: int, kind: Kind) -> sympy.Expr:
    terms = []
    for size in range(duration, n_units + 1):
        lower = trees_up_to(duration - 2, size) if duration > 1 else 0
        trees = trees_up_to(duration - 1, size) - lower
        forests = kind.full if size == n_units else kind.outside.subs(L, size)
        ways = comb(n_units - 1, size - 1) * trees
        terms.append((ways * kind.weight ** (size - 1) * forests).subs(N, n_units))
    return sympy.Add(*terms)


FORMULAS = tuple(duration(4, kind) for kind in (WITH_SELF, WITHOUT_SELF))
