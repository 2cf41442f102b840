"""A law: an immutable mapping from outcomes to probabilities.

A law is a value of a kind (:mod:`.kind`), with numbers of one of two sorts (:mod:`.measure`): exact, or
floats with a proven bound. It checks on construction that its weights sum to the closed determinant, so to
exactly 1.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import sympy

from exactav.deprecation import renamed
from exactav.errors import NotRationalError, OptionError, UndecidedError, UnknownSymbolError
from exactav.laws.kind import Kind, Number
from exactav.laws.measure import Approximation, Exact, Measure, Rounded
from exactav.laws.starts import Starts
from exactav.network.network import Network
from exactav.numbers.digits import evaluate_exact, round_fraction
from exactav.numbers.domains import (
    Domain,
    Element,
    algebraic_generator,
    equal,
    field_of,
    substitution,
    transported,
)
from exactav.showing import latex, pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

K = TypeVar("K", bound=Hashable)
AnyLaw = TypeVar("AnyLaw", bound="Law[Any]")
_SHOWN = 12  # outcomes shown by repr and in notebooks
_FLOAT_DIGITS = 10  # of a float in LaTeX, as far as they are certain


class Law(Mapping[K, Any]):
    """Probabilities of outcomes, immutable.

    ``law[outcome]`` is a SymPy number or a rational function in lowest terms; of a law in floating point, a
    float with an ``error_bound``. An outcome that cannot happen has 0. Iteration and ``len`` run over the
    outcomes of positive probability, in a fixed order. Laws are made by functions such as
    :func:`exactav.size_law`, not by hand.

    Attributes:
        network: the network the law belongs to.
        start: label of the start the law is conditioned on, None for all starts weighted by the drive.
        kind: what the law is of.
        is_per_step: False for a law given an avalanche; True for one per slow step, with
            ``law.nothing`` as the outcome "no avalanche".
        given: in words, what else the law is conditioned on; empty for nothing.
        error_bound: every probability is within this factor of the exact one, |p - P| <= error_bound * P; 0
            for exact laws.
    """

    network: Network
    start: Hashable | None
    kind: Kind[K]
    measure: Measure[K]
    is_per_step: bool
    given: str
    _known: dict[Any, Any]

    __slots__ = ("_known", "given", "is_per_step", "kind", "measure", "network", "start")

    def __init__(
        self,
        network: Network,
        start: Hashable | None,
        kind: Kind[K],
        measure: Measure[K],
        *,
        is_per_step: bool = False,
        given: str = "",
    ) -> None:
        values = {
            "network": network,
            "start": start,
            "kind": kind,
            "measure": measure.ordered(kind.order()),
            "is_per_step": is_per_step,
            "given": given,
            "_known": {},
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _with(
        self,
        measure: Measure[K],
        *,
        network: Network | None = None,
        kind: Kind[K] | None = None,
        is_per_step: bool = False,
        given: str = "",
    ) -> Self:
        """The same with other numbers, and with what else is said."""
        return type(self)(
            network or self.network,
            self.start,
            kind or self.kind,
            measure,
            is_per_step=is_per_step or self.is_per_step,
            given=given or self.given,
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a law is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a law is immutable: {name} cannot be deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        fixed = (self.network, self.start, self.kind, self.measure, self.is_per_step, self.given)
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
        if not isinstance(other, Law) or other.kind.name != self.kind.name:
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

    def probability(self, event: Callable[[K], bool]) -> Any:
        """Probability that ``event(outcome)`` is true.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).probability(lambda size: size > 1)
        5/8
        """
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
        if count < 0:
            raise OptionError(f"count = {count}: wanted 0 or more")
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
        weights = dict(zip(measure.weights, images[1:], strict=True))
        return self._with(Exact(ring, weights, images[0]), network=network)

    def evaluate(self, digits: int = 15) -> dict[K, sympy.Float]:
        """All probabilities as Floats, each with ``digits`` correct significant digits.

        Raises:
            UnboundSymbolError: the law has free symbols; put values in with :meth:`at`.
            UndecidedError: the law is one in floating point, and so many digits are not certain.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.ring(5, "4/5")).evaluate(20)[5]
        0.23460410557184750733
        """
        if isinstance(self.measure, Exact):
            return {outcome: evaluate_exact(self[outcome], digits) for outcome in self}
        found = {}
        for outcome, probability in self.items():
            decimal = certain_decimal(probability, digits)
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
            TypeError: the law has free symbols; put values in with :meth:`at`.
        """
        if isinstance(self.measure, Exact) and self.is_rational:
            total = int(self.measure.total)
            return {outcome: int(w) / total for outcome, w in self.weights.items()}  # one rounding
        return {outcome: float(probability) for outcome, probability in self.items()}

    def per_step(self) -> Self:
        """The unconditional law of one slow step, with ``law.nothing`` for "no avalanche".

        For a law with a start it is the law given that this start is fed.

        Raises:
            MissingIncrementError: the network has no increment.
            InvalidNetworkError: the increment is above the leak of the start, which may fire more than once.
            OptionError: the law is given something else than an avalanche.

        >>> import exactav as ea
        >>> net = ea.families.homogeneous(3, "3/4", increment="1/8")
        >>> ea.size_law(net).per_step().pmf()
        {0: 3/4, 1: 3/32, 2: 1/16, 3: 3/32}
        """
        if self.is_per_step:
            return self
        question = f"{type(self).__name__}.per_step()"
        if self.given:
            raise OptionError(f"{question} of a law given {self.given}: ask for that of the whole law")
        above, below = Starts.of(self.network, self.start).avalanche(self.network, question)
        kind, measure = self.kind.per_step(), self.measure
        ring = self.network.system.ring
        stepped: Measure[K]
        if isinstance(measure, Rounded):
            stepped = measure.stepped(Fraction(int(above), int(below)), kind.nothing)
        elif isinstance(measure, Exact) and measure.ring == ring:
            stepped = measure.stepped(above, below, kind.nothing)
        else:
            fed = ring.to_sympy(above) / ring.to_sympy(below)
            weights = {outcome: probability * fed for outcome, probability in self.items()}
            weights[kind.nothing] = weights.get(kind.nothing, sympy.Integer(0)) + 1 - fed
            stepped = Exact.of_expressions(weights)
        return self._with(stepped, kind=kind, is_per_step=True)

    def pushed(
        self, law_type: type[AnyLaw], function: Callable[[K], Any], kind: Kind[Any] | None = None
    ) -> AnyLaw:
        """The law, of type ``law_type``, of ``function(outcome)``."""
        kind = kind or law_type.kind_of(self.network)
        kind = kind.per_step() if self.is_per_step else kind
        measure = self.measure.pushed(function)
        return law_type(
            self.network, self.start, kind, measure, is_per_step=self.is_per_step, given=self.given
        )

    @classmethod
    def kind_of(cls, network: Network) -> Kind[Any]:
        """The kind of such laws of a network, where the network determines it."""
        raise NotImplementedError

    # Showing.

    def latex(self, max_rows: int | None = None) -> str:
        """LaTeX of all probabilities as one ``align*`` environment, one equation an outcome, long ones
        broken; of a law in floating point, the digits that are certain.

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
        conditions = [] if self.start is None else [f"k = {latex.label(self.start)}"]
        conditions += [rf"\text{{{latex.escape(self.given)}}}"] if self.given else []
        given = rf" \mid {', '.join(conditions)}" if conditions else ""
        lefts = [f"P({self.kind.letter} = {self.kind.latex(outcome)}{given})" for outcome in shown]
        has_more = len(shown) < len(self)
        if isinstance(self.measure, Exact):
            return latex.aligned_equations(
                zip(lefts, map(self.__getitem__, shown), strict=True), dots=has_more
            )
        rows = [
            rf"{left} &\approx {_decimal_latex(self[outcome])}"
            for left, outcome in zip(lefts, shown, strict=True)
        ]
        return latex.align([*rows, *[latex.DOTS] * has_more])

    def _repr_latex_(self) -> str:
        return self.latex(max_rows=_SHOWN)

    def __repr__(self) -> str:
        said = "per slow step" if self.is_per_step else "given an avalanche"
        said += "" if self.start is None else f", start {self.start!r}"
        said += f", given {self.given}" if self.given else ""
        said += f", relative error <= {self.error_bound:.1e}" if self.error_bound else ""

        def number(outcome: K) -> str:
            return str(self[outcome]) if isinstance(self.measure, Exact) else f"{self[outcome]:.6g}"

        shown = ", ".join(f"{self.kind.text(outcome)}: {number(outcome)}" for outcome in list(self)[:_SHOWN])
        more = f", ... {len(self) - _SHOWN} more" if len(self) > _SHOWN else ""
        return f"<{type(self).__name__} {said}: {shown}{more}>"


class NumericLaw(Law[int]):
    """A law of an integer, with moments."""

    __slots__ = ()
    name: ClassVar[str]
    letter: ClassVar[str]

    @classmethod
    def kind_of(cls, network: Network) -> Kind[Any]:
        return Number(cls.name, cls.letter, 1, network.n_units)

    def moment(self, order: int) -> Any:
        """E[X^order], order 0, 1, 2, ...

        Raises:
            OptionError: the order is no such number.
        """
        if isinstance(order, bool) or not isinstance(order, int | sympy.Integer) or order < 0:
            raise OptionError(f"moment of order {order!r}: wanted 0, 1, 2, ...")
        exponent = int(order)
        return self.measure.expectation(lambda x: x**exponent)

    def mean(self) -> Any:
        """E[X]."""
        return self.moment(1)

    def variance(self) -> Any:
        """E[X^2] - E[X]^2."""
        return self.measure.variance(lambda x: x)

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
        return pictures.line(self.floats(), ax=ax, name=self.kind.name, label=label, **options)


class _FloatLaws(type):
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, Law) and thing.arithmetic == "float"


class FloatLaw(metaclass=_FloatLaws):
    """Laws of any kind in floating point: ``isinstance(law, FloatLaw)``."""


def from_expressions(
    law_type: type[AnyLaw],
    network: Network,
    start: Hashable | None,
    weights: Mapping[Any, sympy.Expr],
    is_per_step: bool,
    kind: Kind[Any] | None = None,
) -> AnyLaw:
    """The law whose probabilities are in proportion to exact ``weights``."""
    kind = kind or law_type.kind_of(network)
    return law_type(network, start, kind, Exact.of_expressions(weights), is_per_step=is_per_step)


def of_weights(
    law_type: type[AnyLaw],
    network: Network,
    start: Hashable | None,
    weights: Mapping[Any, Element],
    total: Element,
    kind: Kind[Any] | None = None,
) -> AnyLaw:
    """The law given an avalanche with these weights in the ring of the network's system."""
    ring: Domain = network.system.ring
    return law_type(network, start, kind or law_type.kind_of(network), Exact(ring, weights, total))


def _rebuilt(
    law_type: type[AnyLaw],
    network: Network,
    start: Hashable | None,
    kind: Kind[Any],
    measure: Measure[Any],
    is_per_step: bool,
    given: str,
) -> AnyLaw:
    return law_type(network, start, kind, measure, is_per_step=is_per_step, given=given)


def certain_decimal(number: Approximation, digits: int) -> Decimal | None:
    """The number rounded to so many significant digits; None if the bound does not make them certain.

    >>> certain_decimal(Approximation(0.25, 1e-12), 6), certain_decimal(Approximation(0.25, 1e-3), 6)
    (Decimal('0.250000'), None)
    """
    value, error = Fraction(float(number)), Fraction(number.error_bound)
    # |p - P| <= e P, so P is between p / (1 + e) and p / (1 - e)
    low, high = (round_fraction(value / (1 + side * error), digits) for side in (1, -1))
    return low if low == high else None


def _decimal_latex(number: Approximation) -> str:
    for digits in range(_FLOAT_DIGITS, 0, -1):
        decimal = certain_decimal(number, digits)
        if decimal is not None:
            mantissa, _, exponent = str(decimal).replace("e", "E").partition("E")
            return mantissa if not exponent else rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return "?"
