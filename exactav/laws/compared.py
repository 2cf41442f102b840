"""Distances between laws, and information, with digits that are certain."""

from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

import sympy

from exactav.errors import NotRationalError, OptionError
from exactav.laws.bounded import (
    FLOAT_BITS,
    Intervals,
    approximation,
    digits_of,
    enclosed,
    intervals,
    probabilities,
)
from exactav.laws.conditioned import check_comparable as check_comparable
from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.numbers.digits import sign_of
from exactav.numbers.domains import Domain, Element, cleared, common_denominator, quotient, ring_of
from exactav.numbers.expressions import exact, shown
from exactav.numbers.fields import is_algebraic, normal_form
from exactav.numbers.whole import whole

K = TypeVar("K", bound=Hashable)


class Compared(Core[K]):
    """How far laws are from one another, and from certainty."""

    __slots__ = ()

    def total_variation(self, other: Core[K]) -> Any:
        """The largest difference of the probabilities of one event: half the sum of |P(x) - Q(x)|.

        Laws of one kind are compared whatever their networks, such as sizes for different N.

        Raises:
            OptionError: the laws are of different kinds.
            NotRationalError: symbols leave a sign open.
            UndecidedError: a law is one in floating point, and nothing certain is left.

        >>> import exactav as ea
        >>> one, two = (ea.size_law(ea.families.homogeneous(n, "1/2")) for n in (2, 3))
        >>> one.total_variation(two)
        1/8
        """
        check_comparable(self, other, "compared")
        outcomes = dict.fromkeys([*self, *other])
        one, two = self.measure, other.measure
        if not (isinstance(one, Exact) and isinstance(two, Exact)):
            sizes = [abs(distance) for distance in distances(self, other, outcomes)]
            return approximation(sum(sizes[1:], sizes[0]) / 2, "the distance")
        ring, parts, scale = differences(one, two, outcomes)
        above = [d for d in parts if sign_or_refuse(quotient(ring, d, scale), "P(x) - Q(x)") > 0]
        return quotient(ring, sum(above, ring.zero), scale)

    def entropy(self, digits: int = 15, *, base: Any = None) -> sympy.Float:
        """The entropy, minus the sum of P(x) log P(x), with ``digits`` correct significant digits.

        Args:
            base: of the logarithm, a rational or algebraic number > 1, such as 2 for bits; natural unless given.

        Raises:
            OptionError: the digits or the base are no such numbers.
            UnboundSymbolError: the law has symbols; put values in with ``law.at``.
            UndecidedError: so many digits are not certain.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).entropy(20)
        1.0821955300387673324
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).entropy(5, base=2)
        1.5613
        """
        whole(digits, "digits", 1)
        unit = _base(base)
        if len(self) == 1:
            return sympy.Float(0, digits)

        def compute(context: Intervals) -> Any:
            found = probabilities(self.measure, context).values()
            total = sum((-p * context.log(p) for p in found), context.mpf(0))
            return total / context.log(enclosed(unit, context)) if unit is not None else total

        return digits_of(compute, digits, "the entropy", is_exact=isinstance(self.measure, Exact))

    def divergence(self, other: Core[K], digits: int = 15, *, base: Any = None) -> Any:
        """The Kullback-Leibler divergence, the sum of P(x) log(P(x) / Q(x)) with Q the other law, with
        ``digits`` correct significant digits; infinity where Q(x) = 0 < P(x).

        Args:
            base: of the logarithm, a rational or algebraic number > 1, such as 2 for bits; natural unless given.

        Raises:
            OptionError: the laws are of different kinds, or the digits or the base are no such numbers.
            UnboundSymbolError: a law has symbols; put values in with ``law.at``.
            UndecidedError: so many digits are not certain.

        >>> import exactav as ea
        >>> one, two = (ea.size_law(ea.families.homogeneous(n, "1/2")) for n in (2, 3))
        >>> one.divergence(two, 10), two.divergence(one)
        (0.1389197049, oo)
        """
        check_comparable(self, other, "compared")
        whole(digits, "digits", 1)
        unit = _base(base)
        if not self.measure.weights.keys() <= other.measure.weights.keys():
            return sympy.oo
        one, two = self.measure, other.measure
        if is_exact := isinstance(one, Exact) and isinstance(two, Exact):
            assert isinstance(one, Exact)
            assert isinstance(two, Exact)
            if not any(differences(one, two, dict.fromkeys([*self, *other]))[1]):
                return sympy.Float(0, digits)

        def compute(context: Intervals) -> Any:
            found, others = probabilities(one, context), probabilities(two, context)
            terms = (p * context.log(p / others[outcome]) for outcome, p in found.items())
            total = sum(terms, context.mpf(0))
            return total / context.log(enclosed(unit, context)) if unit is not None else total

        return digits_of(compute, digits, "the divergence", is_exact=is_exact)


def differences(
    one: Exact[Any], two: Exact[Any], outcomes: Iterable[Any]
) -> tuple[Domain, list[Any], Element]:
    """(ring, P(x) - Q(x) times a scale for each outcome, scale), in one ring."""
    if one.ring == two.ring:
        ring, zero = one.ring, one.ring.zero
        parts: list[Any] = [
            one.weights.get(outcome, zero) * two.total - two.weights.get(outcome, zero) * one.total
            for outcome in outcomes
        ]
        return ring, parts, one.total * two.total
    numbers = [
        (
            one.number(one.weights.get(outcome, one.ring.zero)),
            two.number(two.weights.get(outcome, two.ring.zero)),
        )
        for outcome in outcomes
    ]
    field, elements = normal_form([p - q for p, q in numbers])
    scale = common_denominator(field, elements)
    return ring_of(field), [cleared(field, element, scale) for element in elements], scale


def distances(one: Core[Any], two: Core[Any], outcomes: Iterable[Any]) -> list[Any]:
    """P(x) - Q(x) for each outcome, in intervals."""
    context = intervals(FLOAT_BITS)
    first, second = (probabilities(law.measure, context) for law in (one, two))
    zero = context.mpf(0)
    return [first.get(outcome, zero) - second.get(outcome, zero) for outcome in outcomes]


def sign_or_refuse(number: sympy.Expr, what: str) -> int:
    """The sign of an exact number, as :func:`.sign_of` decides it.

    Raises:
        NotRationalError: symbols leave it open.
    """
    sign = sign_of(number)
    if sign is None:
        raise NotRationalError(
            f"the sign of {what} = {shown(number)} is open: put values in with law.at(...)"
        )
    return sign


def _base(base: Any) -> sympy.Expr | None:
    if base is None:
        return None
    unit = exact(base, "base")
    if unit.free_symbols or not is_algebraic(unit) or sign_of(unit - 1) != 1:
        raise OptionError(
            f"base = {shown(unit)}: wanted a rational or algebraic number > 1, or none for the natural logarithm"
        )
    return unit
