"""Laws of a number with a density that is constant on pieces."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, Self

import sympy

from exactav.errors import CheckFailedError, NotRationalError, OptionError
from exactav.laws.measure import Exact, Measure
from exactav.laws.pieces import Numbers, named_as_in, sign_among
from exactav.laws.symbolic import with_values
from exactav.network.network import Network
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import described, shown
from exactav.numbers.fields import equal, normal_form
from exactav.numbers.values import Values, bindings, put_in
from exactav.numbers.whole import whole
from exactav.pickles import tagged

_MOST = 1000  # of the orders of moments


@dataclass(frozen=True, eq=False, repr=False)
class Density:
    """Law of a number u of one unit, with a density that is constant between breakpoints; immutable.

    Numbers of exact laws are exact. Those of laws in floating point are floats with an ``error_bound``;
    breakpoints are exact in both.

    Attributes:
        network: the network the unit belongs to.
        unit: its label.
        breakpoints: 0, where the density changes, and the threshold, ascending.
        measure: the probability of each piece between two breakpoints, by its place.
    """

    network: Network
    unit: Hashable
    breakpoints: tuple[sympy.Expr, ...]
    measure: Measure[int]

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        if any(sign_among(self.network, self.unit, high - low) in (-1, 0) for low, high in self.pieces):
            raise CheckFailedError("the breakpoints of a density do not ascend")

    @classmethod
    def on(
        cls, network: Network, unit: Hashable, ends: Mapping[int, sympy.Expr], measure: Measure[int]
    ) -> Self:
        """The law with piece n from ``ends[n]`` to ``ends[n + 1]``; pieces without length go."""
        kept = [n for n in range(len(ends) - 1) if not equal(ends[n], ends[n + 1])]
        place = {n: new for new, n in enumerate(kept)}
        breakpoints = (*(ends[n] for n in kept), ends[len(ends) - 1])
        return cls(network, unit, breakpoints, measure.pushed(place.__getitem__))

    @property
    def pieces(self) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
        """Where the pieces begin and end."""
        return pairwise(self.breakpoints)

    @property
    def arithmetic(self) -> str:
        """ "exact" or "float"."""
        return "exact" if self._is_exact else "float"

    @property
    def error_bound(self) -> float:
        """Of the probability of each piece, relative; 0 of exact laws."""
        return self.measure.error_bound

    @property
    def _is_exact(self) -> bool:
        return isinstance(self.measure, Exact)

    def at(self, values: Values = None, **named: Any) -> Self:
        """The law of the network with exact values put in for symbols, as :meth:`exactav.Law.at`.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: with these values the network breaks a condition of the model.
            OptionError: a value is not as its symbol is assumed to be, and breakpoints change places.

        >>> import exactav as ea
        >>> ea.state_law(ea.families.homogeneous(2, "alpha"), 0).at(alpha="1/2")
        <StateLaw of unit 0: 0 on [0, 1/4), 1 on [1/4, 1/2), 3/2 on [1/2, 1)>
        """
        replace = bindings(self.network.symbols, values, named, "this law")
        measure = self.measure
        if not isinstance(measure, Exact):
            return self
        moved = [put_in(point, replace, "an end of a piece") for point in self.breakpoints]
        field, elements = normal_form(moved)
        ends = dict(enumerate(map(field.to_sympy, elements)))
        network = self.network.at(replace)
        if any(sign_among(network, self.unit, b - a) == -1 for a, b in pairwise(ends.values())):
            raise OptionError(
                "with these values breakpoints change places, against what is assumed of the symbols: ask "
                "for the state law of net.at(...)"
            )
        ring, weights, total = with_values(measure, replace)
        return self.on(network, self.unit, ends, Exact(ring, weights, total))

    # The density and its integrals.

    @cached_property
    def heights(self) -> tuple[Any, ...]:
        """The density between each two breakpoints."""
        numbers = self._numbers()
        return tuple(
            numbers.said(share / numbers.lifted(high - low))
            for share, (low, high) in zip(numbers.shares, pairwise(numbers.ends), strict=True)
        )

    def density(self, x: Any) -> Any:
        """The density at x, continuous from the right; 0 below 0 and from the threshold on.

        Args:
            x: an exact number, or an expression of the network's symbols.

        Raises:
            InexactError: x is a float.
            NotRationalError: symbols leave open where x is among the breakpoints.
        """
        place = self._place(self._read(x, "x"))
        return self.heights[place] if 0 <= place < len(self.heights) else self._numbers().nothing

    def cdf(self, x: Any) -> Any:
        """P(u <= x); arguments and errors are those of :meth:`density`."""
        return self._below(x, above=False)

    def sf(self, x: Any) -> Any:
        """P(u > x), the survival function."""
        return self._below(x, above=True)

    def _below(self, x: Any, *, above: bool) -> Any:
        point = self._read(x, "x")
        place, n_pieces = self._place(point), len(self.breakpoints) - 1
        numbers = self._numbers(point)
        if not 0 <= place < n_pieces:
            return numbers.everything if above == (place < 0) else numbers.nothing
        low, high = numbers.ends[place : place + 2]
        cut = numbers.extra[0]
        part = numbers.shares[place] * numbers.lifted((high - cut if above else cut - low) / (high - low))
        others = numbers.shares[place + 1 :] if above else numbers.shares[:place]
        return numbers.said(sum(others, part))

    def quantile(self, q: Any) -> Any:
        """The smallest x with P(u <= x) >= q; for q = 0, where the density begins.

        Args:
            q: an exact number from 0 to 1, rational of a law in floating point.

        Raises:
            OptionError: q is no such number.
            NotRationalError: symbols leave open on which piece x is.
            UndecidedError: so does rounding.

        >>> import exactav as ea
        >>> ea.state_law(ea.families.homogeneous(2, "1/2"), 0).quantile("1/2")
        2/3
        """
        level = self._read(q, "q")
        if level.free_symbols or -1 in (sign_of(level), sign_of(1 - level)):
            raise OptionError(f"q = {described(q)}: give a number from 0 to 1")
        numbers = self._numbers(level)
        wanted = numbers.lifted(numbers.extra[0])
        sums = list(accumulate(numbers.shares))
        positive = [place for place in range(len(sums)) if place in self.measure.weights]
        for place in positive[:-1]:
            if numbers.sign(sums[place] - wanted) >= 0:
                break
        else:
            place = positive[-1]
        if level in (0, 1):
            return self.breakpoints[place if level == 0 else -1]
        low, high = numbers.ends[place : place + 2]
        left = wanted - sums[place] + numbers.shares[place]
        length = numbers.lifted(high - low)
        return numbers.said(numbers.lifted(low) + left / numbers.shares[place] * length)

    def median(self) -> Any:
        """The smallest x with P(u <= x) >= 1/2."""
        return self.quantile(sympy.Rational(1, 2))

    def moment(self, order: int) -> Any:
        """E[u^order], order 0, 1, 2, ...

        Raises:
            OptionError: the order is no such number.
        """
        numbers, n = self._numbers(), whole(order, "order", 0, _MOST)
        return numbers.said(numbers.power(n, numbers.whole(0))) if n else numbers.everything

    def mean(self) -> Any:
        """E[u].

        >>> import exactav as ea
        >>> ea.state_law(ea.families.homogeneous(2, "1/2"), 0).mean()
        21/32
        """
        return self.moment(1)

    def variance(self) -> Any:
        """E[u^2] - E[u]^2."""
        numbers = self._numbers()
        middle = (numbers.ends[0] + numbers.ends[-1]) / numbers.whole(2)  # so that little cancels
        return numbers.said(numbers.power(2, middle) - numbers.power(1, middle) ** 2)

    def floats(self) -> tuple[list[float], list[float]]:
        """(breakpoints, heights) as floats.

        Raises:
            NotRationalError: the law has free symbols; put values in with :meth:`at`.
        """
        if self.network.symbols:
            names = ", ".join(map(str, self.network.symbols))
            raise NotRationalError(f"no value for {names}: put values in with law.at(...)")
        return list(map(float, self.breakpoints)), list(map(float, self.heights))

    # What is read and calculated with.

    def _read(self, value: Any, name: str) -> sympy.Expr:
        """An exact number, or an expression in the symbols of the network; of floats, a rational number."""
        expr = named_as_in(self.network, value, name)
        if not (self._is_exact or expr.is_Rational):
            raise OptionError(f"{name} = {described(value)}: of a law in floating point, a rational number")
        return expr

    def _place(self, x: sympy.Expr) -> int:
        """The piece that holds x: -1 below all, the number of pieces above all."""
        low, high = -1, len(self.breakpoints) - 1  # x is at or above the breakpoint low, below high + 1
        while low < high:
            middle = (low + high + 1) // 2
            sign = sign_among(self.network, self.unit, x - self.breakpoints[middle])
            if sign is None:
                raise NotRationalError(
                    f"whether {shown(x)} is below {shown(self.breakpoints[middle])} is open: put values in "
                    "with law.at(...)"
                )
            low, high = (middle, high) if sign >= 0 else (low, middle - 1)
        return low

    def _numbers(self, *extra: sympy.Expr) -> Numbers:
        return Numbers(self.breakpoints, self.measure, extra)

    # Equality.

    def __eq__(self, other: object) -> bool:
        """Equal densities, as mathematics, whatever the networks behind them."""
        if not isinstance(other, Density):
            return NotImplemented
        mine, theirs = (
            (law.arithmetic, law.error_bound, len(law.breakpoints), *law.measure.weights)
            for law in (self, other)
        )
        if mine != theirs:
            return False
        pairs = zip((*self.breakpoints, *self.heights), (*other.breakpoints, *other.heights), strict=True)
        return all(a == b if isinstance(a, float) else equal(a, b) for a, b in pairs)

    def __hash__(self) -> int:
        return hash((self.arithmetic, len(self.breakpoints), *self.measure.weights))
