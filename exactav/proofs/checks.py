"""Checks that can fail: what a formula or a step of a derivation rests on, and how far it reaches.

A check says of which kind it is. A *symbolic identity* holds for all values of its symbols; one on a *generic
network* for all networks of a stated size; an *exact* check compares exact numbers or networks, one by one,
on a stated finite set; a *numeric* one compares digits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import sympy

from exactav.errors import CheckFailedError

Kind = Literal["symbolic identity", "generic network of stated size", "exact on a finite set", "numeric"]
Case = TypeVar("Case")


@dataclass(frozen=True)
class Check:
    """A claim with a computation that raises CheckFailedError, naming a counterexample, if it is false.

    Attributes:
        kind: how far the check reaches.
        claim: what is checked, in plain text, with the finite set if there is one.
        computation: takes nothing, returns nothing.
    """

    kind: Kind
    claim: str
    computation: Callable[[], None]

    def run(self) -> None:
        """Raise CheckFailedError unless the claim holds."""
        try:
            self.computation()
        except CheckFailedError as error:
            raise CheckFailedError(f"{self.claim}: {error}") from None


def identity(claim: str, left: Callable[[], sympy.Expr], right: Callable[[], sympy.Expr]) -> Check:
    """A check that two rational expressions are equal for all values of their symbols.

    >>> x = sympy.Symbol("x")
    >>> identity("a square", lambda: (x + 1) ** 2, lambda: x**2 + 2 * x + 1).run()
    """

    def compare() -> None:
        difference = sympy.cancel(sympy.together(left() - right()))
        if difference != 0:
            raise CheckFailedError(f"left minus right is {difference}, wanted 0")

    return Check("symbolic identity", claim, compare)


def exactly(
    claim: str, cases: Iterable[Case], left: Callable[[Case], Any], right: Callable[[Case], Any]
) -> Check:
    """A check that two computations give equal exact results in each of ``cases`` (at least one).

    Results are compared by ``==``, expressions by cancelling their difference.

    >>> exactly("Gauss", range(5), lambda n: sum(range(n)), lambda n: n * (n - 1) // 2).run()
    >>> exactly("not Gauss", range(5), lambda n: sum(range(n)), lambda n: n).run()
    Traceback (most recent call last):
    exactav.errors.CheckFailedError: not Gauss: in case 1, left is 0, right is 1
    """
    listed = list(cases)

    def compare() -> None:
        if not listed:
            raise CheckFailedError("there are no cases")
        for case in listed:
            a, b = left(case), right(case)
            equal = sympy.cancel(a - b) == 0 if isinstance(a, sympy.Expr) and a != b else a == b
            if not equal:
                raise CheckFailedError(f"in case {case}, left is {a}, right is {b}")

    return Check("exact on a finite set", claim, compare)
