"""Solutions of equations in one symbol: exact where that can be said, enclosed always."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import overload

import sympy

from exactav.errors import OptionError
from exactav.numbers.digits import checked_digits, enclosed_digits
from exactav.numbers.enclosures import enclosure, has_bounds
from exactav.numbers.expressions import shown
from exactav.numbers.fields import by_roots
from exactav.pickles import refusing
from exactav.texts import printable

Bounds = Callable[[int], tuple[Fraction, Fraction]]


@dataclass(frozen=True, repr=False)
class Solution:
    """One solution.

    Attributes:
        exact: an expression that is the solution: a rational number, by roots, or as CRootOf; None where
            there is no such, as for most equations with exponentials.
    """

    exact: sympy.Expr | None
    bounds: Bounds = field(compare=False)

    __reduce_ex__ = refusing("keep its exact value or its digits")

    def enclosure(self, digits: int = 15) -> tuple[sympy.Rational, sympy.Rational]:
        """Rational numbers low <= solution <= high, which differ by at most 10^-digits."""
        width, bits = Fraction(1, 10 ** checked_digits(digits)), 64
        while True:
            low, high = self.bounds(bits)
            if high - low <= width:
                return tuple(sympy.Rational(end.numerator, end.denominator) for end in (low, high))
            bits *= 2

    def evaluate(self, digits: int = 15) -> sympy.Float:
        """The solution with ``digits`` correct significant digits."""
        digits = checked_digits(digits)
        if self.exact is not None and self.exact.is_Rational:
            number = Fraction(int(self.exact.p), int(self.exact.q))
            return enclosed_digits(lambda bits: (number, number), digits, "the solution")
        return enclosed_digits(self.bounds, digits, "the solution")

    def _repr_html_(self) -> str:
        return escape(printable(repr(self)))

    def __repr__(self) -> str:
        return (
            shown(self.exact)
            if self.exact is not None and self.exact.is_Rational
            else f"{self.evaluate(10)}..."
        )


@dataclass(frozen=True, repr=False)
class Solutions(Sequence[Solution]):
    """All solutions of an equation in an interval, ascending.

    Attributes:
        equation: what was solved.
        between: the ends of the interval, which belong to it.
    """

    equation: sympy.Eq
    between: tuple[sympy.Expr, sympy.Expr]
    found: tuple[Solution, ...]

    __reduce_ex__ = refusing("keep its exact value or its digits")

    def one(self) -> Solution:
        """The only solution.

        Raises:
            OptionError: there is none, or there are several; the message lists them.
        """
        if len(self.found) != 1:
            raise OptionError(f"{self!r}: wanted one solution; change the interval")
        return self.found[0]

    def evaluate(self, digits: int = 15) -> tuple[sympy.Float, ...]:
        """All solutions with ``digits`` correct significant digits."""
        return tuple(solution.evaluate(digits) for solution in self.found)

    @overload
    def __getitem__(self, place: int) -> Solution: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Solution, ...]: ...
    def __getitem__(self, place: int | slice) -> Solution | tuple[Solution, ...]:
        return self.found[place]

    def __len__(self) -> int:
        return len(self.found)

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(printable(repr(solution)))}</li>" for solution in self.found[:40])
        return f"<div>{escape(printable(repr(self)).partition(':')[0].strip('<>'))}</div><ul>{rows}</ul>"

    def __repr__(self) -> str:
        count = {0: "no solution", 1: "one solution"}.get(len(self), f"{len(self)} solutions")
        low, high = self.between
        listed = f": {', '.join(map(repr, self.found))}" if self.found else ""
        return f"<{count} from {low} to {high}{listed}>"


def algebraic(number: sympy.Expr) -> Solution:
    """An algebraic number as a solution."""
    plain = number if has_bounds(number) else by_roots(number)
    return Solution(plain, lambda bits: bounds_of(plain, bits))


def bounds_of(number: sympy.Expr, bits: int) -> tuple[Fraction, Fraction]:
    """Bounds of an algebraic number, as tight as so many bits make them."""
    if number.is_Rational:
        value = Fraction(int(number.p), int(number.q))
        return value, value
    return enclosure(number, bits)
