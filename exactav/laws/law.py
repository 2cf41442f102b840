"""A law: an immutable mapping from outcomes to exact probabilities.

Inside are ring elements (integers, polynomials) over one common denominator; a probability is brought to
lowest terms when it is asked for. A law checks on construction that its weights sum to the closed
determinant, so to exactly 1.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import sympy

from exactav.errors import CheckFailedError, UnknownOutcomeError
from exactav.laws.starts import Starts
from exactav.network.network import Network
from exactav.numbers.digits import evaluate_exact
from exactav.numbers.domains import (
    Domain,
    Element,
    algebraic_generator,
    cleared,
    common_denominator,
    field_of,
    quotient,
    ring_of,
    substitution,
    transported,
)
from exactav.showing import latex
from exactav.showing import pictures as plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

K = TypeVar("K", bound=Hashable)
AnyLaw = TypeVar("AnyLaw", bound="Law[Any]")
_SHOWN = 12  # outcomes shown by repr and in notebooks


class Law(Mapping[K, sympy.Expr]):
    """Probabilities of outcomes, exact and immutable.

    ``law[outcome]`` is a SymPy number or a rational function in lowest terms; an outcome that cannot happen
    has 0. Iteration and ``len`` run over the outcomes of positive probability, in a fixed order. Laws are
    made by functions such as :func:`exactav.size_law`, not by hand.

    Attributes:
        network: the network the law belongs to.
        start: label of the start the law is conditioned on, None for all starts weighted by the drive.
        is_per_step: False for a law given an avalanche; True for one per slow step, with ``law.nothing`` as
            the outcome "no avalanche".
    """

    kind: ClassVar[str]
    letter: ClassVar[str]
    nothing: ClassVar[Any]

    network: Network
    start: Hashable | None
    ring: Domain
    weights: Mapping[K, Element]
    total: Element
    is_per_step: bool
    _known: dict[Any, sympy.Expr]

    __slots__ = ("_known", "is_per_step", "network", "ring", "start", "total", "weights")

    def __init__(
        self,
        network: Network,
        start: Hashable | None,
        ring: Domain,
        weights: Mapping[K, Element],
        total: Element,
        is_per_step: bool = False,
    ) -> None:
        assign = object.__setattr__
        assign(self, "network", network)
        assign(self, "start", start)
        assign(self, "ring", ring)
        assign(self, "total", total)
        assign(self, "is_per_step", is_per_step)
        ordered = sorted((outcome for outcome, weight in weights.items() if weight), key=self.sort_key)
        assign(self, "weights", MappingProxyType({outcome: weights[outcome] for outcome in ordered}))
        assign(self, "_known", {})
        if sum(self.weights.values(), ring.zero) != total or not total:
            raise CheckFailedError(
                f"the weights of a {type(self).__name__} do not sum to the closed determinant"
            )
        if ring.is_ZZ and any(weight < 0 for weight in self.weights.values()):
            raise CheckFailedError(f"a weight of a {type(self).__name__} is negative")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a law is immutable: {name} cannot be set")

    def __reduce__(self) -> tuple[Any, ...]:
        # Through expressions: SymPy's polynomial rings do not pickle.
        weights = {outcome: self.ring.to_sympy(weight) for outcome, weight in self.weights.items()}
        return from_expressions, (type(self), self.network, self.start, weights, self.is_per_step)

    # What a subclass says about its outcomes.

    def outcome(self, key: Any) -> K:
        """``key`` in canonical form.

        Raises:
            UnknownOutcomeError: ``key`` is no outcome of such a law.
        """
        raise NotImplementedError

    def sort_key(self, outcome: Any) -> Any:
        """Outcomes are listed in the order of this key."""
        return outcome

    def outcome_text(self, outcome: K) -> str:
        """Plain text of one outcome."""
        return str(outcome)

    def outcome_latex(self, outcome: K) -> str:
        """LaTeX of one outcome."""
        return self.outcome_text(outcome)

    # The mapping.

    def __getitem__(self, key: Any) -> sympy.Expr:
        outcome = self.outcome(key)
        if outcome not in self.weights:
            return sympy.Integer(0)
        if outcome not in self._known:
            self._known[outcome] = quotient(self.ring, self.weights[outcome], self.total)
        return self._known[outcome]

    def __iter__(self) -> Iterator[K]:
        return iter(self.weights)

    def __len__(self) -> int:
        return len(self.weights)

    def __contains__(self, key: object) -> bool:
        try:
            return self.outcome(key) in self.weights
        except KeyError:
            return False

    def __eq__(self, other: object) -> bool:
        """Equal kind and equal probabilities, as mathematics, whatever the networks behind the laws."""
        if not isinstance(other, Law) or other.kind != self.kind or other.is_per_step != self.is_per_step:
            return NotImplemented
        if self.weights.keys() != other.weights.keys():
            return False
        if self.ring == other.ring:
            return all(w * other.total == other.weights[k] * self.total for k, w in self.weights.items())
        return all(sympy.cancel(self[outcome] - other[outcome]) == 0 for outcome in self)

    def __hash__(self) -> int:
        return hash((self.kind, self.is_per_step, frozenset(self.weights)))

    # Results.

    def pmf(self) -> dict[K, sympy.Expr]:
        """All outcomes of positive probability with their probabilities."""
        return {outcome: self[outcome] for outcome in self}

    def probability(self, event: Callable[[K], bool]) -> sympy.Expr:
        """Probability that ``event(outcome)`` is true.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).probability(lambda size: size > 1)
        5/8
        """
        weight = sum((w for outcome, w in self.weights.items() if event(outcome)), self.ring.zero)
        return quotient(self.ring, weight, self.total)

    def most_probable(self, count: int) -> list[tuple[K, sympy.Expr]]:
        """The ``count`` most probable outcomes and their probabilities, ties in the order of the law.

        Raises:
            TypeError: the law has free symbols or irrational numbers, so its probabilities are not sorted
                exactly.
        """
        if not self.ring.is_ZZ:
            raise TypeError(
                f"probabilities in {self.ring} are not ordered: put rational values in with law.at(...)"
            )
        best = sorted(self.weights, key=lambda outcome: -self.weights[outcome])[:count]
        return [(outcome, self[outcome]) for outcome in best]

    def at(self, values: Mapping[sympy.Symbol | str, Any]) -> Self:
        """The law of the network with exact ``values`` (keyed by symbols or their names) put in.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: with these values the network breaks a condition of the model.

        >>> import exactav as ea
        >>> alpha = sympy.Symbol("alpha")
        >>> ea.size_law(ea.families.homogeneous(3, alpha)).at({alpha: "3/4"}).pmf()
        {1: 3/8, 2: 1/4, 3: 3/8}
        """
        network = self.network.at(values)
        replace = substitution(self.network.field, values)
        kept = [symbol for symbol in self.network.symbols if symbol not in replace]
        target = field_of([*replace.values(), *kept, *algebraic_generator(self.ring)])
        ring, elements = transported(self.ring, [self.total, *self.weights.values()], replace, target)
        weights = dict(zip(self.weights, elements[1:], strict=True))
        return type(self)(network, self.start, ring, weights, elements[0], self.is_per_step)

    def evaluate(self, digits: int = 15) -> dict[K, sympy.Float]:
        """All probabilities as Floats, each with ``digits`` correct significant digits.

        Raises:
            UnboundSymbolError: the law has free symbols; put values in with :meth:`at`.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.ring(5, "4/5")).evaluate(20)[5]
        0.23460410557184750733
        """
        return {outcome: evaluate_exact(self[outcome], digits) for outcome in self}

    def floats(self) -> dict[K, float]:
        """All probabilities as floats, correctly rounded if they are rational.

        Raises:
            TypeError: the law has free symbols; put values in with :meth:`at`.
        """
        if self.ring.is_ZZ:
            total = int(self.total)
            return {outcome: int(w) / total for outcome, w in self.weights.items()}  # one rounding
        return {outcome: float(probability) for outcome, probability in self.items()}

    def per_step(self) -> Self:
        """The unconditional law of one slow step, with ``law.nothing`` for "no avalanche".

        For a law with a start it is the law given that this start is fed.

        Raises:
            MissingIncrementError: the network has no increment.

        >>> import exactav as ea
        >>> net = ea.families.homogeneous(3, "3/4", increment="1/8")
        >>> ea.size_law(net).per_step().pmf()
        {0: 3/4, 1: 3/32, 2: 1/16, 3: 3/32}
        """
        if self.is_per_step:
            return self
        increment = self.network.require_increment(f"{type(self).__name__}.per_step()")
        above, below = self.network.ring_parts(increment)
        starts, ring = Starts.of(self.network, self.start), self.network.system.ring
        own, total = self.weights, self.total
        if self.ring != ring or total != starts.total:  # counted along an orbit, not by determinants
            own = {outcome: ring.convert_from(weight, self.ring) for outcome, weight in own.items()}
            total = ring.convert_from(total, self.ring)
            above, below = above * starts.total, below * total
        volume = starts.volume * below
        weights = {outcome: weight * above for outcome, weight in own.items()}
        silent = volume - total * above  # besides avalanches of which nothing is counted
        weights[self.nothing] = weights.get(self.nothing, silent - silent) + silent
        return type(self)(self.network, self.start, ring, weights, volume, True)

    def pushed(self, law_type: type[AnyLaw], function: Callable[[K], Any]) -> AnyLaw:
        """The law, of type ``law_type``, of ``function(outcome)``."""
        weights: dict[Any, Element] = {}
        for outcome, weight in self.weights.items():
            image = function(outcome)
            weights[image] = weights[image] + weight if image in weights else weight
        return law_type(self.network, self.start, self.ring, weights, self.total, self.is_per_step)

    # Showing.

    def latex(self, max_rows: int | None = None) -> str:
        """LaTeX of all probabilities as one ``align*`` environment, one equation an outcome, long ones
        broken.

        Args:
            max_rows: show at most this many outcomes, then dots; None shows all.

        >>> import exactav as ea
        >>> print(ea.size_law(ea.families.homogeneous(3, "3/4")).latex(max_rows=1))
        \\begin{align*}
        P(L = 1) &= \\frac{3}{8} \\\\
        &\\;\\;\\vdots
        \\end{align*}
        """
        shown = list(self)[:max_rows]
        given = "" if self.start is None else rf" \mid k = {latex.label(self.start)}"
        equations = [
            (f"P({self.letter} = {self.outcome_latex(outcome)}{given})", self[outcome]) for outcome in shown
        ]
        return latex.aligned_equations(equations, dots=len(shown) < len(self))

    def _repr_latex_(self) -> str:
        return self.latex(max_rows=_SHOWN)

    def __repr__(self) -> str:
        condition = "per slow step" if self.is_per_step else "given an avalanche"
        begin = "" if self.start is None else f", start {self.start!r}"
        shown = ", ".join(f"{self.outcome_text(outcome)}: {self[outcome]}" for outcome in list(self)[:_SHOWN])
        more = f", ... {len(self) - _SHOWN} more" if len(self) > _SHOWN else ""
        return f"<{type(self).__name__} {condition}{begin}: {shown}{more}>"


class NumericLaw(Law[int]):
    """A law of an integer between 1 (0 when nothing happens) and N, with moments."""

    nothing = 0

    def moment(self, order: int) -> sympy.Expr:
        """E[X^order], order >= 0."""
        return quotient(self.ring, self._moment_weight(order), self.total)

    def mean(self) -> sympy.Expr:
        """E[X]."""
        return self.moment(1)

    def variance(self) -> sympy.Expr:
        """E[X^2] - E[X]^2."""
        first, second = self._moment_weight(1), self._moment_weight(2)
        return quotient(self.ring, second * self.total - first * first, self.total * self.total)

    def _moment_weight(self, order: int) -> Element:
        return sum((weight * x**order for x, weight in self.weights.items()), self.ring.zero)

    def outcome(self, key: Any) -> int:
        return integer_outcome(key, 0 if self.is_per_step else 1, self.network.n_units)

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
        return plot.line(self.floats(), ax=ax, name=self.kind, label=label, **options)


def integer_outcome(key: Any, lowest: int, highest: int) -> int:
    """``key`` as an int in the range, or UnknownOutcomeError."""
    try:
        if int(key) == key and lowest <= key <= highest:
            return int(key)
    except (TypeError, ValueError):
        pass
    raise UnknownOutcomeError(
        f"{key!r} is no outcome of this law: wanted an integer from {lowest} to {highest}"
    )


def from_expressions(
    law_type: type[AnyLaw],
    network: Network,
    start: Hashable | None,
    weights: Mapping[Any, sympy.Expr],
    is_per_step: bool,
) -> AnyLaw:
    """The law whose probabilities are in proportion to exact ``weights``."""
    field = field_of(weights.values())
    elements = {outcome: field.from_sympy(weight) for outcome, weight in weights.items()}
    scale = common_denominator(field, elements.values())
    cleared_weights = {outcome: cleared(field, element, scale) for outcome, element in elements.items()}
    ring = ring_of(field)
    total = sum(cleared_weights.values(), ring.zero)
    return law_type(network, start, ring, cleared_weights, total, is_per_step)
