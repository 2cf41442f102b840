"""Laws of networks with symbols: values put in."""

from collections.abc import Hashable, Mapping
from typing import Any, Self, TypeVar

import sympy

from exactav.errors import UnknownOutcomeError, UnknownSymbolError
from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.numbers.domains import algebraic_generator, field_of, substitution, transported

K = TypeVar("K", bound=Hashable)


class Symbolic(Core[K]):
    """Values and expressions for the symbols of a law."""

    __slots__ = ()

    def at(self, values: Mapping[sympy.Symbol | str, Any]) -> Self:
        """The law of the network with exact ``values`` (keyed by symbols or their names) put in.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: with these values the network breaks a condition of the model.
            UnknownOutcomeError: with these values, what the law is given has probability 0.

        >>> import exactav as ea
        >>> alpha = sympy.Symbol("alpha")
        >>> ea.size_law(ea.families.homogeneous(3, alpha)).at({alpha: "3/4"}).pmf()
        {1: 3/8, 2: 1/4, 3: 3/8}
        """
        measure = self.measure
        if not isinstance(measure, Exact):
            if values:
                raise UnknownSymbolError(f"a law in floating point has no symbols: {next(iter(values))}")
            return self
        network = self.network.at(values)
        replace = substitution(self.network.field, values)
        kept = [symbol for symbol in self.network.symbols if symbol not in replace]
        target = field_of([*replace.values(), *kept, *algebraic_generator(measure.ring)])
        elements = [measure.total, *measure.weights.values()]
        ring, images = transported(measure.ring, elements, replace, target)
        if self.condition and not images[0]:
            raise UnknownOutcomeError(f"with these values, {self.condition} has probability 0")
        weights = dict(zip(measure.weights, images[1:], strict=True))
        return self._with(Exact(ring, weights, images[0]), network=network)
