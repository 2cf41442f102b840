"""How the numbers of a joint law go together."""

from typing import Any

import sympy

from exactav.errors import OptionError
from exactav.laws.bounded import FLOAT_BITS, approximation, intervals, probabilities
from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.numbers.domains import quotient
from exactav.numbers.whole import whole


class Joint(Core[tuple[int, ...]]):
    """Covariances of the places of tuples of integers."""

    __slots__ = ()

    def covariance(self, first: int = 0, second: int = 1) -> Any:
        """E[X Y] - E[X] E[Y] of the numbers X, Y at two places of the outcome, counted from 0.

        All of them at once: ``sympy.Matrix(n, n, law.covariance)``.

        Raises:
            OptionError: there is no such place.
            UndecidedError: of a law in floating point, what is not told from zero.

        >>> import exactav as ea
        >>> ea.size_duration_law(ea.families.homogeneous(3, "3/4")).covariance()
        5/8
        """
        x, y = self._place(first), self._place(second)
        if isinstance(self.measure, Exact):
            total = self.measure.total
            return quotient(self.measure.ring, self._products(x, y), total * total)
        return approximation(self._bounded(x, y), "the covariance")

    def correlation(self, first: int = 0, second: int = 1) -> Any:
        """The covariance over both standard deviations, as a SymPy root.

        Raises:
            OptionError: there is no such place, or the number there is certain.
            UndecidedError: of a law in floating point, what is not told from zero.

        >>> import exactav as ea
        >>> ea.size_duration_law(ea.families.homogeneous(3, "3/4")).correlation()
        10*sqrt(13)/39
        """
        x, y = self._place(first), self._place(second)
        for place in (x, y):
            if len({outcome[place] for outcome in self}) == 1:
                raise OptionError(f"the number at place {place} is certain, and correlates with nothing")
        if x == y:
            return sympy.Integer(1)
        if isinstance(self.measure, Exact):
            ring = self.measure.ring
            below = self._products(x, x) * self._products(y, y)
            scale = self.measure.total**2
            covariance = quotient(ring, self._products(x, y), scale)
            return covariance / sympy.sqrt(quotient(ring, below, scale**2))
        context_free = self._bounded(x, x) * self._bounded(y, y)
        return approximation(self._bounded(x, y) / context_free.ctx.sqrt(context_free), "the correlation")

    def _place(self, place: Any) -> int:
        number, n_places = whole(place, "a place"), len(next(iter(self)))
        if number >= n_places:
            raise OptionError(f"place {number} of {n_places}: places are counted from 0")
        return number

    def _products(self, x: int, y: int) -> Any:
        """The covariance times the square of the total, in the ring."""
        assert isinstance(self.measure, Exact)
        both, one, other = (
            self.measure.summed(function)
            for function in (lambda o: o[x] * o[y], lambda o: o[x], lambda o: o[y])
        )
        return both * self.measure.total - one * other

    def _bounded(self, x: int, y: int) -> Any:
        """The covariance in an interval: the mean of products of distances from the means."""
        context = intervals(FLOAT_BITS)
        found = probabilities(self.measure, context)
        means = [sum((p * o[place] for o, p in found.items()), context.mpf(0)) for place in (x, y)]
        if x == y:
            return sum((p * (o[x] - means[0]) ** 2 for o, p in found.items()), context.mpf(0))
        products = (p * (o[x] - means[0]) * (o[y] - means[1]) for o, p in found.items())
        return sum(products, context.mpf(0))
