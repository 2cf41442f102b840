"""How bounds are computed with: as fractions, which is fast, where all are rational, or as SymPy numbers."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, cmp_to_key
from operator import lt
from typing import Any, NamedTuple

import sympy

from exactav.network.network import Network
from exactav.phase_space.states import is_below


class Numbers(NamedTuple):
    """One kind of exact numbers: into it, its order, and back."""

    plain: Callable[[sympy.Expr], Any]
    is_less: Callable[[Any, Any], bool]
    exact: Callable[[Any], sympy.Expr]

    def ascending(self, values: Iterable[Any]) -> list[Any]:
        """In exact order, each number once, however it is written."""
        found: list[Any] = []
        for value in sorted(values, key=cmp_to_key(lambda a, b: self.is_less(b, a) - self.is_less(a, b))):
            if not found or self.is_less(found[-1], value):
                found.append(value)
        return found


_FRACTIONS = Numbers(
    lambda number: Fraction(int(number.p), int(number.q)),
    lt,
    lambda number: sympy.Rational(Fraction(number).numerator, Fraction(number).denominator),
)


def numbers_of(net: Network) -> Numbers:
    """The fastest kind that holds weights, thresholds and the increment."""
    step = [] if net.increment is None else [net.increment]
    if all(number.is_Rational for number in (*net.entries.values(), *net.thresholds, *step)):
        return _FRACTIONS
    return Numbers(sympy.expand, cache(is_below), sympy.sympify)
