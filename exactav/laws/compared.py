"""How far apart two laws are, and information: exact distances, enclosed digits of entropies."""

from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import Any, TypeVar

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.errors import OptionError, UnboundSymbolError, UndecidedError
from exactav.laws.aligned import aligned
from exactav.laws.conditioned import Conditioned
from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.numbers.digits import (
    checked_digits,
    enclosed_digits,
    enclosure,
    interval_ends,
    interval_of,
    sign_of,
)
from exactav.numbers.expressions import exact, shown

K = TypeVar("K", bound=Hashable)


class Compared(Conditioned[K]):
    """Distances between laws, and information."""

    __slots__ = ()

    def total_variation(self, other: Core[K]) -> Any:
        """The largest difference of the probabilities of an event, half the sum of |P(x) - Q(x)|.

        Args:
            other: a law of the same sort, exact if this one is.

        Raises:
            NotRationalError: symbols leave open which probability is larger.
            UndecidedError: in floating point, the laws differ by less than their error.

        >>> import exactav as ea
        >>> few, many = (ea.size_law(ea.families.homogeneous(N, "3/4")) for N in (3, 4))
        >>> few.total_variation(many)
        109/448
        """
        self.require_comparable(other)
        arithmetic, pairs = aligned(self, other, dict.fromkeys([*self, *other]))
        distances = [arithmetic.absolute(p - q) for p, q in pairs.values()]
        return arithmetic.said(sum(distances[1:], distances[0]) / 2)

    def entropy(self, digits: int = 15, base: Any = None) -> sympy.Float:
        """The entropy -sum P log P, in nats or to another base, with ``digits`` correct digits.

        Args:
            base: of the logarithm, such as 2; e unless given.

        Raises:
            UnboundSymbolError: the law has symbols.
            UndecidedError: so many digits are not certain, as in floating point.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).entropy(20)
        1.0821955300387673324
        """
        digits, base = checked_digits(digits), _checked_base(base)
        if len(self) == 1:
            return sympy.Float(0, digits)
        return self._information(lambda p, _, log: -p * log(p), [self], digits, base, "the entropy")

    def divergence(self, other: Core[K], digits: int = 15, base: Any = None) -> sympy.Expr:
        """The divergence of Kullback and Leibler, sum P log(P / Q), with ``digits`` correct digits.

        Infinite where this law has an outcome that ``other`` excludes.

        Args:
            other: a law of the same sort.
            base: as of :meth:`entropy`.

        Raises:
            UnboundSymbolError: a law has symbols.
            UndecidedError: so many digits are not certain, as in floating point.

        >>> import exactav as ea
        >>> few, many = (ea.size_law(ea.families.homogeneous(N, "3/4")) for N in (3, 4))
        >>> few.divergence(many, 10), many.divergence(few)
        (0.3260148337, oo)
        """
        self.require_comparable(other)
        digits, base = checked_digits(digits), _checked_base(base)
        if any(outcome not in other.weights for outcome in self):
            return sympy.oo
        if isinstance(self.measure, Exact) and self == other:
            return sympy.Float(0, digits)
        return self._information(
            lambda p, q, log: p * log(p / q), [self, other], digits, base, "the divergence"
        )

    def _information(self, term: Any, laws: list[Core[K]], digits: int, base: Any, what: str) -> sympy.Float:
        def bounds(bits: int) -> tuple[Fraction, Fraction]:
            context = MPIntervalContext()
            context.prec = bits + 2 * len(self).bit_length()
            log = context.log
            found = context.mpf(0)
            for ends in zip(*(probabilities(law, self, context) for law in laws), strict=True):
                found += term(ends[0], ends[-1], log)
            if base is not None:
                low, high = enclosure(base, bits)
                found /= log(interval_of(context, low, high))
            return interval_ends(found)

        if isinstance(self.measure, Exact):
            return enclosed_digits(bounds, digits, what)
        try:
            return enclosed_digits(bounds, digits, what, 1)  # more bits do not narrow floats
        except UndecidedError:
            raise UndecidedError(
                f"{digits} digits of {what} are not certain in floating point: ask for fewer, or for "
                "arithmetic='exact'"
            ) from None


def _checked_base(value: Any) -> sympy.Expr | None:
    base = None if value is None else exact(value, "base")
    if base is not None and (base.free_symbols or sign_of(base) != 1 or base == 1):
        raise OptionError(f"base = {shown(base)}: give a positive number other than 1")
    return base


def probabilities(law: Core[K], outcomes: Iterable[K], context: Any) -> Iterable[Any]:
    """Intervals that hold the probabilities of outcomes."""
    measure, weights = law.measure, law.weights
    if isinstance(measure, Exact):
        if measure.ring.is_ZZ:
            whole = context.mpf(int(measure.total))
            return (context.mpf(int(weights[outcome])) / whole for outcome in outcomes)
        if law.network.symbols and any(law[outcome].free_symbols for outcome in law):
            names = ", ".join(map(str, law.network.symbols))
            raise UnboundSymbolError(f"the law has symbols ({names}): put values in with law.at(...)")
        return (interval_of(context, *enclosure(law[outcome], context.prec)) for outcome in outcomes)
    return (interval_of(context, *measure.bounds(weights[outcome])) for outcome in outcomes)
