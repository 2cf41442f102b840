"""Laws of a whole number, with moments and quantiles, exact or as floats with a bound."""

from collections.abc import Callable
from math import comb, floor, isinf, isnan, perm
from numbers import Rational, Real
from typing import TYPE_CHECKING, Any, ClassVar

import sympy

from exactav.errors import NotRationalError, OptionError, UndecidedError
from exactav.laws.aligned import aligned
from exactav.laws.core import Core
from exactav.laws.kind import Kind, Number
from exactav.laws.law import Law
from exactav.laws.lengths import bits, check_length
from exactav.laws.measure import Exact
from exactav.network.network import Network
from exactav.numbers.digits import enclosure, sign_of
from exactav.numbers.expressions import described, exact
from exactav.numbers.fields import by_roots, is_algebraic, normal_form
from exactav.numbers.whole import whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 60  # of the orders of cumulants


class NumericLaw(Law[int]):
    """A law of a whole number X, with moments.

    Numbers of exact laws are exact: SymPy's, with roots where there are roots. Numbers of laws in floating
    point are floats with an ``error_bound``; what rounding leaves open is refused by UndecidedError, what
    symbols leave open by NotRationalError. Names follow ``scipy.stats``.
    """

    __slots__ = ()
    name: ClassVar[str]
    letter: ClassVar[str]

    @classmethod
    def _kind_of(cls, network: Network) -> Kind[Any]:
        return Number(cls.name, cls.letter, 1, network.n_units)

    # Moments.

    def moment(self, order: int) -> Any:
        """E[X^order], order 0, 1, 2, ...

        Raises:
            OptionError: the order is no such number.
            TooCostlyError: powers of outcomes are too long.
        """
        exponent = whole(order, "order")
        outcomes = [abs(x) for x in self if isinstance(x, int)]
        check_length("moment", exponent, (bits(x, exponent) for x in outcomes))
        return self.measure.expectation(lambda x: x**exponent)

    def factorial_moment(self, order: int) -> Any:
        """E[X (X - 1) ... (X - order + 1)], order 0, 1, 2, ...

        Raises:
            OptionError: the order is no such number.
            TooCostlyError: products are too long.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).factorial_moment(2)
        11/4
        """
        length = whole(order, "order")
        outcomes = [x for x in self if isinstance(x, int)]
        above = (bits(x, min(length, x)) if length <= x else 0.0 for x in outcomes if x >= 0)
        below = (bits(length - x, length) for x in outcomes if x < 0)
        check_length("factorial moment", length, [*above, *below])

        def falling(x: int) -> int:
            return perm(x, length) if x >= 0 else (-1) ** length * perm(length - x - 1, length)

        return self.measure.expectation(falling)

    def mean(self) -> Any:
        """E[X]."""
        return self.moment(1)

    def variance(self) -> Any:
        """E[X^2] - E[X]^2."""
        return self.measure.variance(lambda x: x)

    def std(self) -> Any:
        """The standard deviation, the root of the variance."""
        if isinstance(self.measure, Exact):
            return sympy.sqrt(self.variance())
        return self.measure.said(self.measure.root(self._cumulants(2)[2]))

    def cumulant(self, order: int) -> Any:
        """The cumulant of an order 1, 2, ...: the mean, the variance, E[(X - EX)^3], ...

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).cumulant(4)
        -15/16
        """
        n = whole(order, "order", 1)
        if n > _MOST:
            raise OptionError(f"cumulant of order {n}: at most {_MOST}")
        return self.mean() if n == 1 else self.measure.said(self._cumulants(n)[n])

    def skewness(self) -> Any:
        """The third cumulant over the variance to the 3/2.

        Raises:
            OptionError: the law has one outcome only.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.line(2, "1/2")).skewness()
        2*sqrt(3)/3
        """
        _, _, second, third = self._spread(3)
        root = self.measure.root(second)
        if isinstance(self.measure, Exact):
            return self.measure.said(third / second**2) * root
        return self.measure.said(third / (second * root))

    def kurtosis(self) -> Any:
        """The excess kurtosis, the fourth cumulant over the variance squared: 0 of a normal law.

        Raises:
            OptionError: the law has one outcome only.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).kurtosis()
        -5/3
        """
        _, _, second, _, fourth = self._spread(4)
        return self.measure.said(fourth / second**2)

    def _spread(self, order: int) -> list[Any]:
        if len(self) == 1:
            raise OptionError("a law of one outcome has no spread, so neither skewness nor kurtosis")
        return self._cumulants(order)

    def _cumulants(self, order: int) -> list[Any]:
        """Elements of the cumulants up to an order, but for the first, which is that of X less some number.

        That number is near the mean, so that little cancels.
        """
        middle = round(sum(x * p for x, p in self.floats().items())) if self._is_numeric() else 0
        moments = [self.measure.element(_power_of(middle, k)) for k in range(order + 1)]
        found = [moments[0]]
        for n in range(1, order + 1):
            others = (comb(n - 1, k - 1) * found[k] * moments[n - k] for k in range(1, n))
            found.append(moments[n] - sum(others, moments[0] * 0))
        return found

    def _is_numeric(self) -> bool:
        return not (isinstance(self.measure, Exact) and self.measure.ring.is_PolynomialRing)

    def pgf(self, z: Any = None) -> Any:
        """The generating function E[z^X].

        Args:
            z: an exact number or an expression; the symbol z, in which it is a polynomial, unless given.

        Raises:
            OptionError: z is a symbol that the network has in another meaning.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.pgf(), law.pgf(1), law.pgf("1/2")
        (3*z**3/8 + z**2/4 + 3*z/8, 1, 19/64)
        """
        if z is None:
            z = sympy.Symbol("z")
            if "z" in {symbol.name for symbol in self.network.symbols}:
                raise OptionError("the network has a symbol z of its own: give another one, pgf(Symbol('x'))")
        value = exact(z, "z")
        if not isinstance(self.measure, Exact):
            if not value.is_Rational:
                raise OptionError(f"z = {described(z)}: of a law in floating point, give a rational number")
            lowest, highest = min(self), max(self)
            scale = value.q**highest if highest > 0 else 1
            if lowest < 0:
                raise OptionError(
                    "a law in floating point with negative outcomes has no pgf here: ask the exact law"
                )
            mean = self.measure.element(lambda x: int(value.p**x * (scale // value.q**x)))
            return self.measure.said(mean / int(scale))
        terms = sympy.Add(*(p * value**x for x, p in self.items()))
        if value.free_symbols - set(self.network.symbols):
            return terms
        field, (element,) = normal_form([terms])
        return field.to_sympy(element)

    # Places.

    def cdf(self, x: Any) -> Any:
        """P(X <= x), for any real number x.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.cdf(2), law.sf(2)
        (5/8, 3/8)
        """
        bound = _floor(x)
        return self.measure.expectation(lambda value: int(value <= bound))

    def sf(self, x: Any) -> Any:
        """P(X > x), the survival function."""
        bound = _floor(x)
        return self.measure.expectation(lambda value: int(value > bound))

    def quantile(self, q: Any) -> int:
        """The smallest outcome x with P(X <= x) >= q.

        Args:
            q: an exact number from 0 to 1, rational of a law in floating point; 0 gives the smallest outcome.

        Raises:
            InexactError: q is a float.
            OptionError: q is no such number.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.quantile("3/8"), law.quantile("2/5"), law.median()
        (1, 2, 2)
        """
        level = exact(q, "q")
        is_exact = isinstance(self.measure, Exact)
        if not (level.is_Rational or (is_exact and not level.free_symbols and is_algebraic(level))):
            wanted = "an exact number" if is_exact else "a rational number"
            raise OptionError(f"q = {described(q)}: give {wanted} from 0 to 1")
        if -1 in (sign_of(level), sign_of(1 - level)):
            raise OptionError(f"q = {described(q)}: give a number from 0 to 1")
        outcomes = sorted(self)
        low, high = 0, len(outcomes) - 1  # the answer is at one of these places; at the last, P = 1
        while low < high:
            place = (low + high) // 2
            if self._reaches(outcomes[place], level):
                high = place
            else:
                low = place + 1
        return outcomes[low]

    def _reaches(self, x: int, level: sympy.Expr) -> bool:
        """Whether P(X <= x) >= level."""
        if not level.is_Rational:
            sign = sign_of(self.cdf(x) - level)
            if sign is None:
                raise NotRationalError(f"P(X <= {x}) >= {level} is open: put values in with law.at(...)")
            return sign >= 0
        found = self.measure.element(lambda value: int(value <= x))
        return self.measure.sign(found * int(level.q) - int(level.p)) >= 0

    def median(self) -> int:
        """The smallest outcome x with P(X <= x) >= 1/2."""
        return self.quantile(sympy.Rational(1, 2))

    def mode(self) -> int:
        """The most probable outcome, the smallest of several.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).mode()
        1
        """
        best, *others = sorted(self)
        if self.is_rational:
            return max([best, *others], key=self.weights.__getitem__)
        part = self.measure.part
        for x in others:
            best = x if self.measure.sign(part(x) - part(best)) > 0 else best
        return best

    def kolmogorov_smirnov(self, other: Core[int]) -> Any:
        """The largest |P(X <= x) - Q(X <= x)| over all x.

        Args:
            other: a law of a number, exact if this one is.

        Raises:
            NotRationalError: symbols leave open which is larger.
            UndecidedError: in floating point, the laws differ by less than their error.

        >>> import exactav as ea
        >>> few, many = (ea.size_law(ea.families.homogeneous(N, "3/4")) for N in (3, 4))
        >>> few.kolmogorov_smirnov(many)
        27/112
        """
        self.require_comparable(other)
        arithmetic, pairs = aligned(self, other, sorted({*self, *other}))
        total: Any = 0
        distances = []
        for p, q in pairs.values():
            total = p - q + total
            distances.append(arithmetic.absolute(total))
        return arithmetic.said(arithmetic.largest(distances[:-1] or distances))

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None, **options: Any) -> "Axes":
        """Draw the law on logarithmic axes, and return them.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            label: name of the curve in the legend.
            options: passed to ``Axes.plot``.

        Raises:
            MissingExtraError: matplotlib is not installed.
            TypeError: the law has free symbols.
        """
        from exactav.showing import pictures

        return pictures.line(self.floats(), ax=ax, name=self.kind.name, label=label, **options)


def _power_of(middle: int, order: int) -> Callable[[int], int]:
    """(x - middle)^order."""
    return lambda x: int((x - middle) ** order)


def _floor(x: Any) -> Any:
    """The largest whole number that is not above ``x``, or an infinite one."""
    if isinstance(x, Real) and not isinstance(x, bool | sympy.Basic):
        if not isinstance(x, Rational) and isnan(x):
            raise OptionError("x = nan: give a real number")
        return floor(x) if isinstance(x, Rational) or not isinf(x) else x
    if isinstance(x, sympy.Basic) and x in (sympy.oo, -sympy.oo):
        return float(x)
    value = exact(x, "x")
    if value.free_symbols:
        raise OptionError(f"x = {described(x)}: give a real number")
    if value.is_Rational:
        return int(value.p) // int(value.q)
    low, high = (floor(end) for end in enclosure(by_roots(value), 256))
    if low != high:
        raise UndecidedError(f"x = {described(x)} is too close to a whole number")
    return low
