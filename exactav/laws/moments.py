"""Moments of laws of an integer; names are those of scipy.stats."""

from collections.abc import Callable
from fractions import Fraction
from math import comb
from typing import Any

import sympy

from exactav.errors import NotRationalError, OptionError
from exactav.laws.bounded import (
    FLOAT_BITS,
    approximation,
    between,
    enclosed,
    intervals,
    probabilities,
)
from exactav.laws.core import Core
from exactav.laws.measure import Approximation, Exact, Rounded
from exactav.numbers.digits import interval_ends
from exactav.numbers.domains import quotient
from exactav.numbers.expressions import exact
from exactav.numbers.fields import normal_form
from exactav.numbers.whole import whole


class Moments(Core[int]):
    """Moments, cumulants and the generating function of an integer X.

    Of an exact law they are SymPy numbers or rational functions; of a law in floating point, floats with a
    proven ``error_bound``, which grows where differences cancel.
    """

    __slots__ = ()

    def moment(self, order: int) -> Any:
        """E[X^order], order 0, 1, 2, ...

        Raises:
            OptionError: the order is no such number.
        """
        exponent = whole(order, "the order of a moment")
        return self._mean_of(lambda x: x**exponent, f"the moment of order {exponent}")

    def mean(self) -> Any:
        """E[X]."""
        return self.moment(1)

    def variance(self) -> Any:
        """E[X^2] - E[X]^2."""
        return self.measure.variance(lambda x: x)

    def factorial_moment(self, order: int) -> Any:
        """E[X (X - 1) ... (X - order + 1)], the derivative of that order of :meth:`pgf` at 1.

        Raises:
            OptionError: the order is no whole number >= 0.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).factorial_moment(2)
        11/4
        """
        count = whole(order, "the order of a factorial moment")
        return self._mean_of(lambda x: _falling(x, count), f"the factorial moment of order {count}")

    def cumulant(self, order: int) -> Any:
        """The cumulant of order 1, 2, ...: mean, variance, third central moment, ...

        Raises:
            OptionError: the order is no such number.
            UndecidedError: of a law in floating point, what is not told from zero.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.cumulant(2), law.cumulant(3), law.cumulant(4)
        (3/4, 0, -15/16)
        """
        order = whole(order, "the order of a cumulant", 1)
        if order == 1:
            return self.mean()
        if order == 2:
            return self.variance()
        if isinstance(self.measure, Exact):
            scaled = _scaled_cumulants(self.measure, order)
            return quotient(self.measure.ring, scaled[order - 1], self.measure.total**order)
        return approximation(_bounded_cumulants(self.measure, order)[order - 1], f"cumulant {order}")

    def skewness(self) -> Any:
        """The third central moment over the third power of the standard deviation, as a SymPy root.

        Raises:
            OptionError: the variance is 0.
            UndecidedError: of a law in floating point, what is not told from zero.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(2, "3/4")).skewness()
        -sqrt(6)/6
        """
        self._require_spread("skewness")
        if isinstance(self.measure, Exact):
            ring, total = self.measure.ring, self.measure.total
            _, variance, third = _scaled_cumulants(self.measure, 3)
            ratio = quotient(ring, third, variance * total)
            return ratio / sympy.sqrt(quotient(ring, variance, total**2))
        _, variance, third = _bounded_cumulants(self.measure, 3)
        return approximation(third / (variance * variance.ctx.sqrt(variance)), "the skewness")

    def kurtosis(self) -> Any:
        """The excess kurtosis, cumulant(4) / variance^2, 0 of a normal law: that of scipy.stats.

        Raises:
            OptionError: the variance is 0.
            UndecidedError: of a law in floating point, what is not told from zero.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).kurtosis()
        -5/3
        """
        self._require_spread("kurtosis")
        if isinstance(self.measure, Exact):
            _, variance, _, fourth = _scaled_cumulants(self.measure, 4)
            return quotient(self.measure.ring, fourth, variance**2)
        _, variance, _, fourth = _bounded_cumulants(self.measure, 4)
        return approximation(fourth / variance**2, "the kurtosis")

    def pgf(self, z: Any = None) -> Any:
        """E[z^X], the probability generating function, at an exact number or expression, or in the symbol z.

        Args:
            z: unless given, ``sympy.Symbol("z")``: a polynomial whose coefficients are the probabilities.

        Raises:
            OptionError: the network has a symbol z itself; or z = 0 with negative outcomes.
            InexactError: z is a float.
            NotRationalError: the law is one in floating point, and z no rational number.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.pgf(), law.pgf("1/2")
        (3*z**3/8 + z**2/4 + 3*z/8, 19/64)
        """
        if z is None:
            value = sympy.Symbol("z")
            if "z" in {symbol.name for symbol in self.network.symbols}:
                raise OptionError("the network has a symbol z: give another, as in law.pgf(Symbol('s'))")
        else:
            value = exact(z, "z")
        if value == 0 and any(outcome < 0 for outcome in self):
            raise OptionError("z = 0 has no negative powers: this law has negative outcomes")
        if not isinstance(self.measure, Exact):
            if not value.is_Rational:
                raise NotRationalError(
                    f"z = {value}: a law in floating point has bounds at rational numbers; give one, or ask "
                    "for arithmetic='exact'"
                )
            context = intervals(FLOAT_BITS)
            base = enclosed(value, context)
            found = probabilities(self.measure, context)
            terms = (p * (base**x if x else 1) for x, p in found.items())
            return approximation(sum(terms, context.mpf(0)), "the generating function")
        total = sympy.Add(*(probability * value**x for x, probability in self.items()))
        if value.free_symbols:
            return total
        field, (element,) = normal_form([total])
        return field.to_sympy(element)

    def _mean_of(self, function: Callable[[int], int], what: str) -> Any:
        measure = self.measure
        if isinstance(measure, Exact) or all(function(x) >= 0 for x in self):
            return measure.expectation(function)
        context = intervals(FLOAT_BITS)
        found = probabilities(measure, context)
        return approximation(sum((p * function(x) for x, p in found.items()), context.mpf(0)), what)

    def _require_spread(self, what: str) -> None:
        if len(self) == 1:
            raise OptionError(f"the law has one outcome, {next(iter(self))}: it has no {what}")


def _falling(x: int, count: int) -> int:
    product = 1
    for step in range(count):
        product *= x - step
    return product


def _scaled_cumulants(measure: Exact[int], most: int) -> list[Any]:
    """Cumulants of order n = 1 .. most times the n-th power of the total, in the ring."""
    total = measure.total
    # moments times powers of the total
    raw = [measure.ring.one]
    raw += [measure.summed(lambda x, n=n: x**n) * total ** (n - 1) for n in range(1, most + 1)]  # type: ignore[misc]
    found: list[Any] = []
    for n in range(1, most + 1):
        products = (comb(n - 1, k - 1) * found[k - 1] * raw[n - k] for k in range(1, n))
        found.append(raw[n] - sum(products, measure.ring.zero))
    return found


def _bounded_cumulants(measure: Rounded[int], most: int) -> list[Any]:
    """Cumulants of order 1 .. most, each in an interval: from central moments, so that less cancels."""
    context = intervals(FLOAT_BITS)
    found = probabilities(measure, context)
    mean = sum((p * x for x, p in found.items()), context.mpf(0))
    central = [context.mpf(1), context.mpf(0)]
    for order in range(2, most + 1):
        moment = sum((p * (x - mean) ** order for x, p in found.items()), context.mpf(0))
        central.append(moment)
    cumulants = [mean]
    for n in range(2, most + 1):
        products = (comb(n - 1, k - 1) * cumulants[k - 1] * central[n - k] for k in range(2, n - 1))
        cumulants.append(central[n] - sum(products, context.mpf(0)))
    if most >= 2:
        # the variance of the measure has a smaller bound, and is never below zero
        cumulants[1] = _met(context, interval_ends(cumulants[1]), measure.variance(lambda x: x))
    return cumulants


def _met(context: Any, ends: tuple[Fraction, Fraction], rounded: Approximation) -> Any:
    """What two enclosures of a positive number have in common."""
    value, error = Fraction(rounded), Fraction(rounded.error_bound)
    return between(context, max(ends[0], value / (1 + error)), min(ends[1], value / (1 - error)))
