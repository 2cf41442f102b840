"""The numbers of a law, of two sorts: ring elements over a common denominator, or floats with a proven bound.

Both have the same methods, from which laws are built: what a weight is as a probability, expectations,
images, conditioning, and the law of one slow step.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction
from math import fsum
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.engines.rounding import LEAST, out_of_range
from exactav.errors import CheckFailedError, NotRationalError, UndecidedError
from exactav.kernels.positive import bound
from exactav.numbers.digits import interval_ends, interval_of, sign_of
from exactav.numbers.domains import Domain, Element, cleared, common_denominator, quotient, ring_of
from exactav.numbers.expressions import shown
from exactav.numbers.fields import normal_form
from exactav.pickles import tagged
from exactav.running.limits import check

K = TypeVar("K", bound=Hashable)

_WRITTEN = 0.01  # megabytes for a term that is written


class Exact(Generic[K]):
    """Ring elements that add up to ``total``, which is a closed determinant where there is one.

    Raises:
        CheckFailedError: they do not, or one is negative.
    """

    __slots__ = ("ring", "total", "weights")
    error_bound = 0.0

    __reduce_ex__ = tagged

    def __init__(self, ring: Domain, weights: Mapping[K, Element], total: Element) -> None:
        if ring.is_ZZ and total < 0:  # as a common denominator with values put in may come out
            weights, total = {outcome: -weight for outcome, weight in weights.items()}, -total
        self.ring = ring
        self.total = total
        self.weights = MappingProxyType({outcome: weight for outcome, weight in weights.items() if weight})
        if sum(self.weights.values(), ring.zero) != total or not total:
            raise CheckFailedError("the weights of a law do not sum to the closed determinant")
        if ring.is_ZZ and any(weight < 0 for weight in self.weights.values()):
            raise CheckFailedError("a weight of a law is negative")

    @classmethod
    def of_expressions(cls, weights: Mapping[K, sympy.Expr]) -> "Exact[K]":
        """Probabilities in proportion to exact expressions."""
        field, elements = normal_form(list(weights.values()))
        scale = common_denominator(field, elements)
        pairs = zip(weights, elements, strict=True)
        whole = {outcome: cleared(field, element, scale) for outcome, element in pairs}
        ring = ring_of(field)
        return cls(ring, whole, sum(whole.values(), ring.zero))

    def __reduce__(self) -> tuple[Any, ...]:
        # Through expressions: SymPy's polynomial rings do not pickle.
        return self.of_expressions, ({o: self.ring.to_sympy(weight) for o, weight in self.weights.items()},)

    def check_writing(self, what: str, outcomes: Iterable[K], seconds: float) -> None:
        """Nothing, if outcomes may be written: that takes so many seconds for a term of their numerators.

        Raises:
            TooCostlyError: they take too long, or too much memory.
        """
        if n_terms := self.n_terms(outcomes):  # a law of numbers took longer itself
            memory = _WRITTEN * n_terms
            check(f"{what} of {n_terms:,} terms", seconds * n_terms, memory, "put numbers in for symbols")

    def n_terms(self, outcomes: Iterable[K]) -> int:
        """Terms of the numerators of outcomes and of the denominator; 0 where they are no polynomials."""
        if not self.ring.is_PolynomialRing:
            return 0
        polynomials: list[Any] = [self.total, *(self.weights[outcome] for outcome in outcomes)]
        return sum(map(len, polynomials))

    def number(self, weight: Element) -> sympy.Expr:
        """The probability that a weight stands for."""
        return quotient(self.ring, weight, self.total)

    def _sum(self, function: Callable[[K], int]) -> Element:
        return sum((weight * function(o) for o, weight in self.weights.items()), self.ring.zero)

    def expectation(self, function: Callable[[K], int]) -> sympy.Expr:
        """The mean of a function."""
        return self.number(self._sum(function))

    # Numbers to calculate with, as elements of the field of the ring.

    def element(self, function: Callable[[K], int]) -> Any:
        """The mean of a function as an element to calculate with."""
        return self._fraction(self._sum(function), self.total)

    def part(self, outcome: K) -> Any:
        """The probability of an outcome as such an element."""
        return self._fraction(self.weights[outcome], self.total)

    def said(self, element: Any) -> sympy.Expr:
        """An element as an expression."""
        field = self.ring.get_field()
        if field is self.ring:
            return field.to_sympy(element)
        above, below = (self.ring.convert(part) for part in (field.numer(element), field.denom(element)))
        return quotient(self.ring, above, below)

    def sign(self, element: Any) -> int:
        """-1, 0 or 1.

        Raises:
            NotRationalError: symbols leave it open.
        """
        found = sign_of(self.said(element))
        if found is None:
            raise NotRationalError(
                f"the sign of {shown(self.said(element))} is open: put values in with law.at(...)"
            )
        return found

    def root(self, element: Any) -> sympy.Expr:
        """The square root of an element >= 0, as an expression."""
        return sympy.sqrt(self.said(element))

    def _fraction(self, above: Element, below: Element) -> Any:
        field = self.ring.get_field()
        return field.convert(above, self.ring) / field.convert(below, self.ring)

    def variance(self, function: Callable[[K], int]) -> sympy.Expr:
        """The variance of a function."""
        first, second = self._sum(function), self._sum(lambda outcome: function(outcome) ** 2)
        return quotient(self.ring, second * self.total - first * first, self.total * self.total)

    def pushed(self, function: Callable[[K], Any]) -> "Exact[Any]":
        """The measure of ``function(outcome)``."""
        weights: dict[Any, Element] = {}
        for outcome, weight in self.weights.items():
            image = function(outcome)
            weights[image] = weights[image] + weight if image in weights else weight
        return Exact(self.ring, weights, self.total)

    def kept(self, event: Callable[[K], bool]) -> "Exact[K] | None":
        """The measure given an event; None if the event cannot happen."""
        weights = {outcome: weight for outcome, weight in self.weights.items() if event(outcome)}
        total = sum(weights.values(), self.ring.zero)
        return Exact(self.ring, weights, total) if total else None

    def ordered(self, key: Callable[[K], Any]) -> "Exact[K]":
        """The same with outcomes in the order of a key."""
        found: Exact[K] = object.__new__(Exact)
        found.ring, found.total = self.ring, self.total
        found.weights = MappingProxyType({o: self.weights[o] for o in sorted(self.weights, key=key)})
        return found

    def stepped(self, above: Element, below: Element, nothing: K) -> "Exact[K]":
        """Of one slow step that sets off an avalanche with probability above/below, in the ring."""
        weights = {outcome: weight * above for outcome, weight in self.weights.items()}
        silent = self.total * (below - above)  # besides avalanches of which nothing is counted
        weights[nothing] = weights[nothing] + silent if nothing in weights else silent
        return Exact(self.ring, weights, self.total * below)


class Approximation(float):
    """A float p with an ``error_bound``: the exact number P has |p - P| <= error_bound * |P|."""

    error_bound: float

    __reduce_ex__ = tagged

    def __new__(cls, value: float, error_bound: float) -> "Approximation":
        self = super().__new__(cls, value)
        self.error_bound = error_bound
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Approximation, (float(self), self.error_bound)


class Rounded(Generic[K]):
    """Probabilities, each within ``roundings`` roundings of the exact one.

    All steps are additions, multiplications and divisions of positive numbers, whose roundings are counted;
    no difference is ever formed, and nothing is below the numbers of full precision.

    Raises:
        CheckFailedError: the sum is off by more than the bound.
        FloatRangeError: a probability is too small.
    """

    __slots__ = ("error_bound", "roundings", "weights")

    __reduce_ex__ = tagged

    def __init__(self, weights: Mapping[K, float], roundings: int) -> None:
        self.weights = MappingProxyType(dict(weights))
        self.roundings = roundings
        self.error_bound = bound(roundings)
        if min(self.weights.values(), default=1.0) < LEAST:
            raise out_of_range()
        total = fsum(self.weights.values())
        if not abs(total - 1.0) <= bound(roundings + 1):
            raise CheckFailedError(
                f"floating-point probabilities sum to {total}, off by more than their error bound"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        return Rounded, (dict(self.weights), self.roundings)

    def number(self, weight: float) -> Approximation:
        """The probability that a weight stands for."""
        return Approximation(weight, self.error_bound)

    def expectation(self, function: Callable[[K], int]) -> Approximation:
        """The mean of a function."""
        values = {outcome: function(outcome) for outcome in self.weights}
        if any(value < 0 for value in values.values()):
            return self.said(self.element(values.__getitem__))
        try:
            value = fsum(values[outcome] * weight for outcome, weight in self.weights.items())
        except OverflowError:
            raise out_of_range() from None
        # each value was rounded, and so is its product; and the sum once
        return Approximation(value, bound(self.roundings + 3))

    # Numbers to calculate with, as intervals that hold the exact ones.

    def element(self, function: Callable[[K], int]) -> Any:
        """The mean of a function as an interval to calculate with."""
        parts = [Fraction(0), Fraction(0)]
        for outcome, weight in self.weights.items():
            value = function(outcome)
            parts[value < 0] += abs(value) * Fraction(weight)
        plus, minus = map(self.interval, parts)
        return plus - minus

    def part(self, outcome: K) -> Any:
        """The probability of an outcome as such an interval."""
        return self.interval(self.weights[outcome])

    def interval(self, value: Fraction | float) -> Any:
        """What holds the exact number, of a sum of weights."""
        return interval_of(INTERVALS, *self.bounds(value))

    def bounds(self, value: Fraction | float) -> tuple[Fraction, Fraction]:
        """Bounds of the exact number, of a sum of weights."""
        number, error = Fraction(value), Fraction(self.error_bound)
        return number / (1 + error), number / (1 - error)

    def said(self, element: Any) -> Approximation:
        """An interval as a float with its bound.

        Raises:
            UndecidedError: the interval holds 0.
        """
        low, high = interval_ends(INTERVALS.mpf(element))
        if low == high == 0:
            return Approximation(0.0, 0.0)
        if low <= 0 <= high:
            raise UndecidedError(
                "what is left after a difference is below the error of floating point: ask for "
                "arithmetic='exact'"
            )
        try:
            middle = float((low + high) / 2)
        except OverflowError:
            raise out_of_range() from None
        if abs(middle) < LEAST:
            raise out_of_range()
        far = max(abs(Fraction(middle) - end) for end in (low, high)) / min(abs(low), abs(high))
        return Approximation(middle, float(far) * (1 + 2**-50) + 2**-1000)

    def sign(self, element: Any) -> int:
        """-1, 0 or 1.

        Raises:
            UndecidedError: the interval holds 0 and more.
        """
        low, high = interval_ends(INTERVALS.mpf(element))
        if low < 0 < high or (low != high and 0 in (low, high)):
            raise UndecidedError(
                "two numbers are closer than the error of floating point: ask for arithmetic='exact'"
            )
        return (low > 0) - (high < 0)

    def root(self, element: Any) -> Any:
        """The square root of an interval of numbers > 0, as an interval."""
        return INTERVALS.sqrt(element)

    def variance(self, function: Callable[[K], int]) -> Approximation:
        """The sum of p_i p_j (x_i - x_j)^2 over pairs, by recursion over ascending x, without a difference of
        rounded numbers."""
        found = sorted((function(outcome), weight) for outcome, weight in self.weights.items())
        squares = distances = share = 0.0  # sums of p_i (x - x_i)^2, p_i (x - x_i), p_i over earlier i
        parts, last = [], found[0][0]
        for value, weight in found:
            step = float(value - last)
            squares += 2 * step * distances + step * step * share
            distances += step * share
            share += weight
            parts.append(weight * squares)
            last = value
        return Approximation(fsum(parts), bound(2 * self.roundings + 5 * len(found) + 8))

    def pushed(self, function: Callable[[K], Any]) -> "Rounded[Any]":
        """The measure of ``function(outcome)``."""
        parts: dict[Any, list[float]] = {}
        for outcome, weight in self.weights.items():
            parts.setdefault(function(outcome), []).append(weight)
        sums = int(len(parts) < len(self.weights))
        return Rounded({image: fsum(found) for image, found in parts.items()}, self.roundings + sums)

    def kept(self, event: Callable[[K], bool]) -> "Rounded[K] | None":
        """The measure given an event; None if the event cannot happen."""
        weights = {outcome: weight for outcome, weight in self.weights.items() if event(outcome)}
        total = fsum(weights.values())
        if not weights:
            return None
        return Rounded({o: weight / total for o, weight in weights.items()}, 2 * self.roundings + 2)

    def ordered(self, key: Callable[[K], Any]) -> "Rounded[K]":
        """The same with outcomes in the order of a key."""
        return Rounded({o: self.weights[o] for o in sorted(self.weights, key=key)}, self.roundings)

    def stepped(self, probability: Fraction, nothing: K, roundings: int = 0) -> "Rounded[K]":
        """Of one slow step that sets off an avalanche with this probability.

        Args:
            roundings: bound the relative errors of the probability, and of what it lacks of 1.
        """
        avalanche, silent = float(probability), float(1 - probability)
        weights = {outcome: weight * avalanche for outcome, weight in self.weights.items()}
        if probability != 1:
            weights[nothing] = weights.get(nothing, 0.0) + silent
        return Rounded(weights, self.roundings + roundings + 3)


INTERVALS = MPIntervalContext()
INTERVALS.prec = 256  # so that only the errors of the weights count

Measure: TypeAlias = Exact[K] | Rounded[K]
