"""A law: an immutable mapping from outcomes to probabilities.

A law is a value of a kind (:mod:`.kind`), with numbers of one of two sorts (:mod:`.measure`): exact, or
floats with a proven bound. It checks on construction that its weights sum to the closed determinant, so to
exactly 1.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Self, TypeVar

import sympy

from exactav.deprecation import renamed
from exactav.errors import ArgumentError, NotRationalError, OptionError, UndecidedError
from exactav.laws.kind import Kind
from exactav.laws.measure import Approximation, Exact, Measure, Rounded
from exactav.laws.starts import HasOrigin, Origin
from exactav.network.asked import a_network
from exactav.network.network import Network
from exactav.numbers.arguments import calling, flag, function, text
from exactav.numbers.digits import checked_digits, evaluate_exact, rounded_within
from exactav.numbers.domains import equal
from exactav.numbers.expressions import described
from exactav.numbers.whole import whole
from exactav.pickles import tagged

K = TypeVar("K", bound=Hashable)
AnyLaw = TypeVar("AnyLaw", bound="Core[Any]")


class Core(HasOrigin, Mapping[K, Any]):
    """What every law is: a mapping whose weights sum to exactly 1, with values, equality and digits."""

    network: Network
    kind: Kind[K]
    measure: Measure[K]
    is_per_step: bool
    condition: str
    _known: dict[Any, Any]
    is_of_waves: ClassVar[bool] = False
    """Whether it is a law of waves; others are of avalanches, unless they say more."""
    is_for_any_increment: ClassVar[bool] = False
    """Whether it holds where units may fire more than once in a slow step, too."""
    subject: ClassVar[str] = "given an avalanche"

    __slots__ = ("_known", "condition", "is_per_step", "kind", "measure", "network", "origin")

    __reduce_ex__ = tagged

    def __init__(
        self,
        network: Network,
        origin: Origin,
        kind: Kind[K],
        measure: Measure[K],
        *,
        is_per_step: bool = False,
        condition: str = "",
    ) -> None:
        if not isinstance(kind, Kind) or not isinstance(measure, Exact | Rounded):
            raise ArgumentError(
                f"{type(self).__name__} of {described(kind)} and {described(measure)}: laws are made "
                "by functions, such as size_law(net)"
            )
        values = {
            "network": a_network(network, "a law of"),
            "origin": origin,
            "kind": kind,
            "measure": measure.ordered(kind.order()),
            "is_per_step": flag(is_per_step, "is_per_step"),
            "condition": text(condition, "condition"),
            "_known": {},
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _with(
        self,
        measure: Measure[K],
        *,
        network: Network | None = None,
        origin: Origin = None,
        kind: Kind[K] | None = None,
        is_per_step: bool = False,
        condition: str = "",
    ) -> Self:
        """The same with other numbers, and with what else is said."""
        return type(self)(
            network or self.network,
            self.origin if origin is None else origin,
            kind or self.kind,
            measure,
            is_per_step=is_per_step or self.is_per_step,
            condition=condition or self.condition,
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a law is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a law is immutable: {name} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        fixed = (self.network, self.origin, self.kind, self.measure, self.is_per_step, self.condition)
        return _rebuilt, (type(self), *fixed)

    @property
    def arithmetic(self) -> str:
        """ "exact" or "float"."""
        return "exact" if isinstance(self.measure, Exact) else "float"

    @property
    def error_bound(self) -> float:
        return self.measure.error_bound

    @property
    def is_rational(self) -> bool:
        """Whether all probabilities are exact rational numbers."""
        return isinstance(self.measure, Exact) and bool(self.measure.ring.is_ZZ)

    @property
    def nothing(self) -> K:
        """The outcome "no avalanche" of a law per slow step."""
        return self.kind.nothing

    @property
    def weights(self) -> Mapping[K, Any]:
        """Numbers in proportion to the probabilities."""
        return self.measure.weights

    outcome = renamed("outcome", "kind.read")
    outcome_text = renamed("outcome_text", "kind.text")
    outcome_latex = renamed("outcome_latex", "kind.latex")
    ring = renamed("ring", "measure.ring")
    total = renamed("total", "measure.total")

    # The mapping.

    def __getitem__(self, key: Any) -> Any:
        outcome = self.kind.read(key)
        if outcome not in self.weights:
            return sympy.Integer(0) if isinstance(self.measure, Exact) else Approximation(0.0, 0.0)
        if outcome not in self._known:
            self._known[outcome] = self.measure.number(self.weights[outcome])
        return self._known[outcome]

    def __iter__(self) -> Iterator[K]:
        return iter(self.weights)

    def __len__(self) -> int:
        return len(self.weights)

    def __contains__(self, key: object) -> bool:
        try:
            return self.kind.read(key) in self.weights
        except KeyError:
            return False

    def __eq__(self, other: object) -> bool:
        """Equal kind and equal probabilities, as mathematics, whatever the networks behind the laws."""
        if not isinstance(other, Core) or other.kind.name != self.kind.name:
            return NotImplemented
        if other.is_per_step != self.is_per_step or self.weights.keys() != other.weights.keys():
            return False
        one, two = self.measure, other.measure
        if isinstance(one, Rounded) or isinstance(two, Rounded):
            return one.error_bound == two.error_bound and dict(one.weights) == dict(two.weights)
        assert isinstance(one, Exact)
        assert isinstance(two, Exact)
        if one.ring == two.ring:
            return all(weight * two.total == two.weights[o] * one.total for o, weight in one.weights.items())
        return all(equal(self[outcome], other[outcome]) for outcome in self)

    def __hash__(self) -> int:
        return hash((self.kind.name, self.is_per_step, frozenset(self.weights)))

    # Results.

    def pmf(self) -> dict[K, Any]:
        """All outcomes of positive probability with their probabilities."""
        return {outcome: self[outcome] for outcome in self}

    def probability(self, event: Callable[[Any], Any]) -> Any:
        """Probability that ``event(outcome)`` is true.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).probability(lambda size: size > 1)
        5/8
        """
        function(event, "event", "an outcome, which says whether it is one")
        return self.measure.expectation(lambda outcome: int(bool(event(outcome))))

    def most_probable(self, count: int) -> list[tuple[K, Any]]:
        """The ``count`` most probable outcomes and their probabilities, ties in the order of the law.

        Raises:
            NotRationalError: the law has free symbols or irrational numbers, so its probabilities are not
                sorted exactly.
        """
        if isinstance(self.measure, Exact) and not self.is_rational:
            raise NotRationalError(
                f"probabilities in {self.measure.ring} are not ordered: put rational values in with "
                "law.at(...)"
            )
        count = whole(count, "count")
        best = sorted(self.weights, key=lambda outcome: -self.weights[outcome])[:count]
        return [(outcome, self[outcome]) for outcome in best]

    def evaluate(self, digits: int = 15) -> dict[K, sympy.Float]:
        """All probabilities as Floats, each with ``digits`` correct significant digits.

        Raises:
            OptionError: ``digits`` is no whole number from 1 to 10^6.
            UnboundSymbolError: the law has free symbols; put values in with :meth:`at`.
            UndecidedError: the law is one in floating point, and so many digits are not certain.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.ring(5, "4/5")).evaluate(20)[5]
        0.23460410557184750733
        """
        digits = checked_digits(digits)
        if isinstance(self.measure, Exact):
            return {outcome: evaluate_exact(self[outcome], digits) for outcome in self}
        found = {}
        for outcome, probability in self.items():
            decimal = rounded_within(*with_error(probability), digits)
            if decimal is None:
                raise UndecidedError(
                    f"{digits} digits of P({self.kind.text(outcome)}) are not certain in floating point: ask "
                    "for fewer, or for arithmetic='exact'"
                )
            found[outcome] = sympy.Float(str(decimal), digits)
        return found

    def floats(self) -> dict[K, float]:
        """All probabilities as floats, correctly rounded if they are exact rationals.

        Raises:
            NotRationalError: the law has free symbols; put values in with :meth:`at`.
        """
        if isinstance(self.measure, Exact) and self.is_rational:
            total = int(self.measure.total)
            return {outcome: int(w) / total for outcome, w in self.weights.items()}  # one rounding
        found = {}
        for outcome, probability in self.items():
            try:
                found[outcome] = float(probability)
            except TypeError:
                names = ", ".join(sorted(map(str, probability.free_symbols)))
                raise NotRationalError(f"no value for {names}: put values in with law.at(...)") from None
        return found

    def pushed(
        self, law_type: type[AnyLaw], function: Callable[[K], Any], kind: Kind[Any] | None = None
    ) -> AnyLaw:
        """The law, of type ``law_type``, of ``function(outcome)``."""
        calling("an outcome")(function, "function")
        if not (isinstance(law_type, type) and issubclass(law_type, Core)):
            raise ArgumentError(f"law_type = {described(law_type)}: give a class of laws, such as SizeLaw")
        if kind is not None and not isinstance(kind, Kind):
            raise ArgumentError(f"kind = {described(kind)}: give the kind of a law")
        kind = law_type.kind_of(self.network) if kind is None else kind
        kind = kind.per_step() if self.is_per_step else kind
        measure = self.measure.pushed(function)
        return law_type(
            self.network, self.origin, kind, measure, is_per_step=self.is_per_step, condition=self.condition
        )

    @classmethod
    def kind_of(cls, network: Network) -> Kind[Any]:
        """The kind of such laws of a network, where the network determines it.

        Raises:
            ArgumentError: it is no network.
            OptionError: the network does not determine it.
        """
        return cls._kind_of(a_network(network, f"the kind of a {cls.__name__} of"))

    @classmethod
    def _kind_of(cls, network: Network) -> Kind[Any]:
        raise OptionError(f"the kind of a {cls.__name__} is not determined by its network: ask a law for it")


def _rebuilt(
    law_type: type[AnyLaw],
    network: Network,
    origin: Origin,
    kind: Kind[Any],
    measure: Measure[Any],
    is_per_step: bool,
    condition: str,
) -> AnyLaw:
    return law_type(network, origin, kind, measure, is_per_step=is_per_step, condition=condition)


def with_error(number: Approximation) -> tuple[Fraction, Fraction]:
    return Fraction(float(number)), Fraction(number.error_bound)
