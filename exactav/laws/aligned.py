"""The probabilities of two laws in one arithmetic, to take differences in."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

import sympy

from exactav.errors import NotRationalError
from exactav.laws.core import Core
from exactav.laws.measure import INTERVALS, Rounded
from exactav.numbers.digits import interval_ends, interval_of, sign_of
from exactav.numbers.expressions import shown
from exactav.numbers.fields import normal_form


class Arithmetic(Protocol):
    """What distances are made of."""

    def absolute(self, element: Any) -> Any:
        """|element|."""

    def largest(self, elements: Sequence[Any]) -> Any:
        """The largest of numbers >= 0."""

    def said(self, element: Any) -> Any:
        """The number that an element is."""


class InFractions:
    """Rational numbers."""

    def absolute(self, element: Fraction) -> Fraction:
        return abs(element)

    def largest(self, elements: Sequence[Fraction]) -> Fraction:
        return max(elements)

    def said(self, element: Fraction) -> sympy.Rational:
        return sympy.Rational(element.numerator, element.denominator)


class InField:
    """Elements of a field of algebraic numbers or rational functions."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def _sign(self, element: Any) -> int:
        sign = sign_of(self.field.to_sympy(element))
        if sign is None:
            raise NotRationalError(
                f"the sign of {shown(self.field.to_sympy(element))} is open: put values in with law.at(...)"
            )
        return sign

    def absolute(self, element: Any) -> Any:
        return element if self._sign(element) >= 0 else -element

    def largest(self, elements: Sequence[Any]) -> Any:
        best = elements[0]
        for element in elements[1:]:
            best = element if self._sign(element - best) > 0 else best
        return best

    def said(self, element: Any) -> sympy.Expr:
        return self.field.to_sympy(element)


class InIntervals:
    """Intervals that hold the exact numbers of laws in floating point."""

    def __init__(self, measure: Rounded[Any]) -> None:
        self.said = measure.said

    def absolute(self, element: Any) -> Any:
        return abs(element)

    def largest(self, elements: Sequence[Any]) -> Any:
        ends = list(zip(*map(interval_ends, elements), strict=True))
        return interval_of(INTERVALS, *map(max, ends))


def aligned(
    one: Core[Any], other: Core[Any], outcomes: Iterable[Hashable]
) -> tuple[Arithmetic, Mapping[Any, tuple[Any, Any]]]:
    """Both probabilities of each outcome, in one arithmetic; the laws are both exact or both rounded."""
    keys = list(outcomes)
    first, second = one.measure, other.measure
    if isinstance(first, Rounded) or isinstance(second, Rounded):
        assert isinstance(first, Rounded)
        assert isinstance(second, Rounded)
        sides = [
            [measure.interval(measure.weights.get(key, 0.0)) for key in keys] for measure in (first, second)
        ]
        return InIntervals(first), dict(zip(keys, zip(*sides, strict=True), strict=True))
    if first.ring.is_ZZ and second.ring.is_ZZ:
        fractions = [
            [Fraction(int(measure.weights.get(key, 0)), int(measure.total)) for key in keys]
            for measure in (first, second)
        ]
        return InFractions(), dict(zip(keys, zip(*fractions, strict=True), strict=True))
    field, elements = normal_form([law[key] for law in (one, other) for key in keys])
    pairs = zip(elements[: len(keys)], elements[len(keys) :], strict=True)
    return InField(field), dict(zip(keys, pairs, strict=True))
