"""Distribution functions of laws of an integer, quantiles, modes; names are those of scipy.stats."""

from bisect import bisect_left
from fractions import Fraction
from itertools import accumulate
from math import floor, isinf, isnan
from typing import Any

import sympy

from exactav.errors import NotRationalError, OptionError, UndecidedError
from exactav.laws.bounded import FLOAT_BITS, approximation, between, enclosed, intervals, probabilities
from exactav.laws.compared import check_comparable, differences, distances, sign_or_refuse
from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.numbers.digits import enclosure, interval_ends
from exactav.numbers.domains import quotient
from exactav.numbers.enclosures import has_bounds
from exactav.numbers.expressions import binary_fraction, exact, is_float
from exactav.numbers.fields import by_roots


class Distribution(Core[int]):
    """Cumulative probabilities, quantiles and the mode of an integer X."""

    __slots__ = ()

    def cdf(self, x: Any) -> Any:
        """P(X <= x), x any real number.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.cdf(2), law.sf(2), law.cdf(0)
        (5/8, 3/8, 0)
        """
        highest = _floor(x)
        return self.probability(lambda outcome: outcome <= highest)

    def sf(self, x: Any) -> Any:
        """P(X > x), the survival function, x any real number."""
        highest = _floor(x)
        return self.probability(lambda outcome: outcome > highest)

    def quantile(self, q: Any) -> int:
        """The smallest outcome x with cdf(x) >= q, as ``ppf`` of scipy.stats for q > 0.

        Args:
            q: an exact number from 0 to 1.

        Raises:
            OptionError: q is not from 0 to 1.
            InexactError: q is a float.
            NotRationalError: symbols leave the order of probabilities open.
            UndecidedError: of a law in floating point, where a cumulative probability is too close to q.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.quantile("5/8"), law.quantile("6/8")
        (2, 3)
        """
        level = exact(q, "q")
        if sign_or_refuse(level, "q") < 0 or sign_or_refuse(1 - level, "q") < 0:
            raise OptionError(f"q = {level}: wanted an exact number from 0 to 1")
        outcomes, measure = list(self), self.measure
        if isinstance(measure, Exact):
            sums = list(accumulate(measure.weights.values()))

            def is_reached(place: int) -> bool:
                return sign_or_refuse(measure.number(sums[place]) - level, "cdf(x) - q") >= 0

            return outcomes[bisect_left(range(len(outcomes)), True, key=is_reached)]
        context = intervals(FLOAT_BITS)
        wanted = enclosed(level, context)
        parts = list(probabilities(measure, context).values())
        below = list(accumulate(parts))
        above = [*accumulate([context.mpf(0), *reversed(parts[1:])])][::-1]
        for outcome, lower, upper in zip(outcomes, below, above, strict=True):
            rest = 1 - upper  # all sum to 1: the same number by another sum
            cumulated = context.mpf([max(lower.a, rest.a), min(lower.b, rest.b)])
            if level == 0 or cumulated.a >= wanted.b:
                return outcome
            if not cumulated.b < wanted.a:
                raise UndecidedError(
                    f"whether P(X <= {outcome}) reaches {level} is open in floating point: ask for "
                    "arithmetic='exact'"
                )
        raise AssertionError("cumulative probabilities end with 1")

    def median(self) -> int:
        """The smallest outcome x with cdf(x) >= 1/2.

        Raises:
            NotRationalError, UndecidedError: as in :meth:`quantile`.
        """
        return self.quantile(sympy.Rational(1, 2))

    def mode(self) -> int:
        """The most probable outcome, the smallest of several.

        Raises:
            NotRationalError: symbols leave the order of probabilities open.
            UndecidedError: of a law in floating point, where two are too close to one another.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).mode()
        1
        """
        measure = self.measure
        if isinstance(measure, Exact):
            best, most = next(iter(measure.weights.items()))
            for outcome, weight in measure.weights.items():
                if sign_or_refuse(measure.number(weight - most), "a difference of probabilities") > 0:
                    best, most = outcome, weight
            return best
        found = probabilities(measure, intervals(FLOAT_BITS))
        best = max(found, key=lambda outcome: measure.weights[outcome])
        for outcome, probability in found.items():
            if outcome != best and not probability.b < found[best].a:
                raise UndecidedError(
                    f"whether {best} or {outcome} is more probable is open in floating point: ask for "
                    "arithmetic='exact'"
                )
        return best

    def kolmogorov_smirnov(self, other: "Distribution") -> Any:
        """The largest distance of the two distribution functions, max over x of |F(x) - G(x)|.

        Raises:
            OptionError: the laws are of different kinds.
            NotRationalError: symbols leave a sign open.
            UndecidedError: a law is one in floating point, and nothing certain is left.

        >>> import exactav as ea
        >>> one, two = (ea.size_law(ea.families.homogeneous(n, "1/2")) for n in (2, 3))
        >>> one.kolmogorov_smirnov(two)
        1/8
        """
        check_comparable(self, other, "compared")
        outcomes = sorted({*self, *other})
        one, two = self.measure, other.measure
        if not (isinstance(one, Exact) and isinstance(two, Exact)):
            ends = [interval_ends(abs(d)) for d in accumulate(distances(self, other, outcomes))][:-1]
            # the last distance is 0: all probabilities sum to 1
            lows, highs = zip((Fraction(0), Fraction(0)), *ends, strict=True)
            largest = between(intervals(FLOAT_BITS), max(lows), max(highs))
            return approximation(largest, "the distance")
        ring, parts, scale = differences(one, two, outcomes)
        farthest = ring.zero
        for distance in accumulate(parts):
            positive = distance * sign_or_refuse(quotient(ring, distance, scale), "F(x) - G(x)")
            if sign_or_refuse(quotient(ring, positive - farthest, scale), "a difference of distances") > 0:
                farthest = positive
        return quotient(ring, farthest, scale)


def _floor(x: Any) -> int | float:
    """The largest integer <= x; infinite numbers stay.

    Raises:
        OptionError: x is no number.
        NotRationalError: x has symbols.
    """
    if is_float(x):
        if isnan(x):
            raise OptionError("x is no number (nan): wanted a real number")
        if isinf(x):
            return float(x)
        fraction = binary_fraction(x)
        assert fraction is not None
        return floor(fraction)
    if x in (sympy.oo, -sympy.oo):
        return float(x)
    number = exact(x, "x")
    if number.free_symbols:
        raise NotRationalError(f"x = {number}: wanted a number, without symbols")
    if number.is_Rational:
        return int(sympy.floor(number))
    high = floor(enclosure(number if has_bounds(number) else by_roots(number), 128)[1])
    while sign_or_refuse(number - high, "x") < 0:
        high -= 1
    return high
