"""Sums over all numbers of units that add up to a size."""

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Symbol


class CountSum(sympy.Sum):  # type: ignore[misc]
    """A Sum that leaves cases in its terms where they are: SymPy would multiply out all combinations."""

    def __new__(cls, term: sympy.Expr, *limits: Any) -> "CountSum":
        made: CountSum = sympy.Expr.__new__(cls, term, *(sympy.Tuple(*limit) for limit in limits))
        made.is_commutative = True
        return made

    def doit(self, **hints: Any) -> sympy.Expr:
        """The terms written out, if the bounds are numbers: from the outermost sum on, which is the last."""
        *inner, (index, low, high) = self.limits
        low, high = low.doit(), high.doit()
        if not (low.is_Integer and high.is_Integer):
            return self
        term = CountSum(self.function, *inner) if inner else self.function
        steps = map(sympy.Integer, range(low, high + 1))
        return sympy.Add(*(term.xreplace({index: step}).doit() for step in steps))


def of_size(
    term: sympy.Expr, counts: Sequence[tuple[Symbol, sympy.Expr]], size: sympy.Expr
) -> tuple[sympy.Expr, tuple[Symbol, sympy.Expr]]:
    """The sum of ``term`` over all counts from 0 to their largest values that add up to ``size``.

    Returns the sum over all counts but the last one, and (last count, what it is).

    >>> a, b, L = sympy.symbols("a b L")
    >>> of_size(a * b, [(a, 2), (b, 3)], L)
    (Sum(a*b, (a, Max(0, L - 3), Min(2, L))), (b, L - a))
    """
    limits = []
    for place, (count, largest) in enumerate(counts[:-1]):
        left = size - sympy.Add(*(earlier for earlier, _ in counts[:place]))
        later = sympy.Add(*(most for _, most in counts[place + 1 :]))
        limits.append((count, sympy.Max(0, left - later), sympy.Min(largest, left)))
    rest = size - sympy.Add(*(count for count, _ in counts[:-1]))
    total = CountSum(term, *reversed(limits)) if limits else term
    return total, (counts[-1][0], rest)
