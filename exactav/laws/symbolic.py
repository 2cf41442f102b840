"""Laws of networks with symbols: values put in, derivatives, series and limits."""

import re
from collections.abc import Hashable, Mapping
from typing import Any, Self, TypeVar

import sympy

from exactav.errors import (
    ArgumentError,
    CheckFailedError,
    InvalidNetworkError,
    OptionError,
    UnknownSymbolError,
)
from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.network.inputs import Drive
from exactav.numbers.calculus import derived, is_finite, limit_of, taylor
from exactav.numbers.digits import sign_of
from exactav.numbers.domains import (
    Domain,
    Element,
    algebraic_generator,
    field_of,
    images_of,
    quotient,
    transported,
)
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.fields import normal_form
from exactav.numbers.values import Values, bindings, put_in
from exactav.numbers.whole import whole

K = TypeVar("K", bound=Hashable)
_MOST_DERIVED = 1000  # times
_LIMIT = re.compile(r"the limit (\S+) ->")  # in a condition


class Symbolic(Core[K]):
    """Values and expressions for the symbols of a law."""

    __slots__ = ()

    def at(self, values: Values = None, **named: Any) -> Self:
        """The law of the network with exact values put in for symbols.

        Args:
            values: exact values or expressions, keyed by symbols or their names, whatever is assumed of them.
            named: the same as keywords.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: with these values the network breaks a condition of the model, or its
                increment is above the leak of a driven start.

        >>> import exactav as ea
        >>> alpha = sympy.Symbol("alpha")
        >>> ea.size_law(ea.families.homogeneous(3, alpha)).at({alpha: "3/4"}).pmf()
        {1: 3/8, 2: 1/4, 3: 3/8}
        >>> ea.size_law(ea.families.homogeneous(3, alpha)).at(alpha="1 - eps").mean()
        3/(2*eps + 1)
        """
        measure = self.measure
        if not isinstance(measure, Exact):
            bindings([], values, named, "a law in floating point")
            return self
        replace = bindings(self._symbols(), values, named, "this law")
        network = self.network.at({x: value for x, value in replace.items() if x in self.network.symbols})
        origin = self.origin
        if isinstance(origin, Drive):
            origin = origin.changed(lambda number: put_in(number, replace, "the input")).of(network)
        elif not self.is_for_any_increment:
            start = origin if origin in network.labels else None  # sequences have one a step
            network.require_single_firing(type(self).__name__, start)
        ring, weights, total = with_values(measure, replace)
        if self.condition and not total:
            raise OptionError(f"with these values, what the law is given has probability 0: {self.condition}")
        return self._with(Exact(ring, weights, total), network=network, origin=origin)

    def diff(self, symbol: sympy.Symbol | str, order: int = 1) -> dict[K, sympy.Expr]:
        """The derivatives of all probabilities by a symbol; their sum is 0, which is asserted.

        Args:
            symbol: one of the network's, or its name.
            order: how often.

        Raises:
            UnknownSymbolError: the network has no such symbol.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(2, "alpha")).diff("alpha")
        {1: -2/(2 - alpha)**2, 2: 2/(2 - alpha)**2}
        """
        by, times = self._symbol(symbol), whole(order, "order", 1, _MOST_DERIVED)
        assert isinstance(self.measure, Exact)
        ring, below = self.measure.ring, self.measure.total
        above = list(self.measure.weights.values())
        for _ in range(times):
            ring, above, below = derived(ring, above, below, by)
        if sum(above, ring.zero):
            raise CheckFailedError("the derivatives of a law do not sum to 0")
        pairs = zip(self, above, strict=True)
        return {outcome: quotient(ring, element, below) for outcome, element in pairs}

    def series(self, symbol: sympy.Symbol | str, point: Any = 0, order: int = 6) -> dict[K, sympy.Expr]:
        """The series of all probabilities in a symbol about a point, up to O((symbol - point)^order).

        Of roots they are series in roots, as SymPy writes them.

        They sum to 1, up to that order, which is asserted.

        Args:
            symbol: one of the network's, or its name.
            point: an exact number.
            order: of what is left out.

        Raises:
            UnknownSymbolError: the network has no such symbol.
            OptionError: a probability has a pole there.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(2, "1 - eps"))
        >>> law.series("eps", 0, 3)
        {1: 2*eps - 2*eps**2 + O(eps**3), 2: 1 - 2*eps + 2*eps**2 + O(eps**3)}
        """
        by, terms = self._symbol(symbol), whole(order, "order", 1)
        about = exact(point, "point")
        found = {outcome: taylor(p, by, about, terms) for outcome, p in self.items()}
        field, elements = normal_form([series.removeO() for series in found.values()])
        if sum(elements, field.zero) != field.one:
            raise CheckFailedError("the series of a law do not sum to 1")
        return found

    def limit(self, symbol: sympy.Symbol | str, point: Any) -> Self:
        """The law to which the probabilities tend as a symbol tends to a point; they sum to 1, asserted.

        The network there may break a condition of the model, as one without leak does for alpha -> 1: then
        :attr:`network` stays the one with the symbol, and :attr:`condition` says what was done.

        Args:
            symbol: one of the network's, or its name.
            point: an exact number, or ``sympy.oo``.

        Raises:
            UnknownSymbolError: the network has no such symbol.
            OptionError: a probability has no limit there, or a negative one.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "alpha")).limit("alpha", 1)
        <SizeLaw given an avalanche, given the limit alpha -> 1: 3: 1>
        """
        by = self._symbol(symbol)
        about = sympy.oo if point is sympy.oo else exact(point, "point")
        try:
            if about != sympy.oo:
                return self.at({by: about})
        except (InvalidNetworkError, OptionError):  # there is no network, or what is given has probability 0
            pass
        limits = {outcome: limit_of(p, by, about) for outcome, p in self.items()}
        if not all(map(is_finite, limits.values())):
            raise OptionError(f"a probability has no limit as {by} tends to {shown(about)}")
        if any(sign_of(limit) == -1 for limit in limits.values()):
            raise OptionError(f"a probability is negative as {by} tends to {shown(about)}: there is no law")
        field, elements = normal_form(list(limits.values()))
        if sum(elements, field.zero) != field.one:
            raise CheckFailedError("the limits of a law do not sum to 1")
        said = ", ".join(filter(None, [self.condition, f"the limit {by} -> {about}"]))
        return self._with(Exact.of_expressions(limits), condition=said)

    def _symbol(self, symbol: Any) -> sympy.Symbol:
        if not isinstance(self.measure, Exact):
            raise UnknownSymbolError("a law in floating point has no symbols: ask the exact law")
        if not isinstance(symbol, str | sympy.Symbol):
            raise ArgumentError(f"symbol = {described(symbol)}: give a symbol of the network, or its name")
        (found,) = bindings(self._symbols(), {symbol: 0}, {}, "this law")
        return found

    def _symbols(self) -> list[sympy.Symbol]:
        """The symbols of the network and of the input, but for those that went to a limit."""
        gone = set(_LIMIT.findall(self.condition))
        known = {*self.network.symbols, *(self.input.symbols if self.input else ())}
        return [symbol for symbol in sorted(known, key=str) if symbol.name not in gone]


def with_values(
    measure: Exact[K], replace: Mapping[sympy.Symbol, sympy.Expr]
) -> tuple[Domain, dict[K, Element], Element]:
    """(ring, weights, total) of a measure with values put in for symbols."""
    target = field_of([*images_of(measure.ring, replace), *algebraic_generator(measure.ring)])
    elements = [measure.total, *measure.weights.values()]
    ring, images = transported(measure.ring, elements, replace, target)
    return ring, dict(zip(measure.weights, images[1:], strict=True)), images[0]
