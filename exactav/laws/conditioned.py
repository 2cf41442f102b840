"""Laws from laws: given an event, of a function of the outcome, mixed with another."""

from collections.abc import Callable, Collection, Hashable
from fractions import Fraction
from importlib import import_module
from typing import Any, Self, TypeVar

import sympy

from exactav.errors import ArgumentError, OptionError
from exactav.laws.core import Core
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.numbers.arguments import collection, text
from exactav.numbers.arguments import function as callable_of
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.fields import normal_form
from exactav.texts import quoted

K = TypeVar("K", bound=Hashable)
Event = Callable[[Any], Any] | Collection[Any]  # users know what outcomes are, labels of theirs


class Conditioned(Core[K]):
    """Conditioning, images, mixtures."""

    __slots__ = ()

    def given(self, event: Event, name: str | None = None) -> Self:
        """The law given an event, a law of the same kind.

        Args:
            event: a function of an outcome that says whether it is in the event, or a collection of outcomes.
            name: what repr and LaTeX call the event; the name of the function or the outcomes unless given.

        Raises:
            OptionError: the event cannot happen.
            UnknownOutcomeError: something in the collection is no outcome of such a law.
            NotRationalError: symbols leave open whether the event can happen.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.given(lambda size: size > 1, name="L > 1")
        <SizeLaw given an avalanche, given L > 1: 2: 2/5, 3: 3/5>
        """
        if callable(event):
            happens: Callable[[Any], Any] = event
            plain = getattr(event, "__name__", "<")
            said = "an event" if plain.startswith("<") else plain.replace("_", " ")
        elif isinstance(event, Collection) and not isinstance(event, str):
            listed = collection(event, "event", "[1, 2]")
            outcomes = list(dict.fromkeys(map(self.kind.read, listed)))
            happens = frozenset(outcomes).__contains__
            said = " or ".join(map(self.kind.text, outcomes)) or "nothing"
        else:
            raise ArgumentError(
                f"given {described(event)}: write a function of an outcome, or a collection of outcomes"
            )
        return self._given(happens, said if name is None else text(name, "name"))

    def _given(self, event: Callable[[Any], Any], said: str) -> Self:
        measure = self.measure.kept(event)
        if measure is None:
            raise OptionError(f"given {said}: no outcome of positive probability is in this event")
        return self._with(measure, condition=", ".join(filter(None, [self.condition, said])))

    def expectation(self, function: Callable[[Any], Any]) -> Any:
        """E[function(outcome)], for a function with exact values.

        Raises:
            InexactError: a value is a float.

        >>> import exactav as ea
        >>> ea.size_law(ea.families.homogeneous(3, "3/4")).expectation(lambda size: sympy.Rational(1, size))
        5/8
        """
        callable_of(function, "function", "an outcome")
        values = {outcome: exact(function(outcome), f"the value at {quoted(outcome)}") for outcome in self}
        measure = self.measure
        if all(value.is_Integer for value in values.values()):
            return measure.expectation(lambda outcome: int(values[outcome]))
        if isinstance(measure, Exact):
            total = sympy.Add(*(self[outcome] * value for outcome, value in values.items()))
            field, (element,) = normal_form([total])
            return field.to_sympy(element)
        if not all(value.is_Rational for value in values.values()):
            raise OptionError(
                "a function with irrational values of a law in floating point: ask the exact law"
            )
        common = int(sympy.ilcm(*(value.q for value in values.values())))
        mean = measure.element(lambda outcome: int(values[outcome] * common))
        return measure.said(mean / common)

    def map(self, function: Callable[[Any], Any], name: str = "value", letter: str = "X") -> Any:
        """The law of ``function(outcome)``; where all values are whole numbers, one with moments.

        Args:
            function: with hashable values.
            name: what the law is of, such as "number of pairs".
            letter: its symbol in LaTeX.

        Raises:
            ArgumentError: a value is not hashable.

        >>> import exactav as ea
        >>> law = ea.assembly_law(ea.families.line(3, "3/4"))
        >>> law.map(lambda assembly: 1 in assembly).pmf()
        {False: 31/87, True: 56/87}
        >>> law.map(lambda assembly: max(assembly) - min(assembly), name="extent").mean()
        19/29
        """
        return import_module("exactav.laws.images").image(self, function, name, letter)

    def mixed(self, other: Core[Any], weight: Any) -> Self:
        """``weight`` times this law and 1 - ``weight`` times another of the same kind.

        Args:
            other: both exact or both in floating point, both given an avalanche or both per slow step; of
                numbers, such as sizes, also that of a network with more or fewer units.
            weight: from 0 to 1.

        Raises:
            OptionError: the laws are not of the same kind, or the weight is no probability.

        >>> import exactav as ea
        >>> net = ea.Network([[0, "1/2"], ["1/4", 0]])
        >>> both = ea.size_law(net, start=0).mixed(ea.size_law(net, start=1), "1/3")
        >>> both.pmf(), both.condition
        ({1: 7/12, 2: 5/12}, 'a mixture of 1/3 (start 0) and 2/3 (start 1)')
        """
        self.require_comparable(other)
        kind = self.kind.joined(other.kind)
        if kind is None or other.is_per_step != self.is_per_step:
            raise OptionError("only laws of one kind are mixed, all given an avalanche or all per slow step")
        share = exact(weight, "weight")
        if share.free_symbols - set(self.network.symbols):
            raise OptionError(f"weight = {shown(share)}: its symbols are none of the network")
        if sign_of(share) == -1 or sign_of(1 - share) == -1:
            raise OptionError(f"weight = {shown(share)}: give a number from 0 to 1")
        one, two = self.measure, other.measure
        outcomes = list(dict.fromkeys([*one.weights, *two.weights]))
        found: Measure[K]
        if isinstance(one, Exact):
            terms = [
                {o: p * part for o, p in law.items()} for law, part in ((self, share), (other, 1 - share))
            ]
            zero = sympy.Integer(0)
            found = Exact.of_expressions({o: terms[0].get(o, zero) + terms[1].get(o, zero) for o in outcomes})
        else:
            assert isinstance(two, Rounded)
            if not share.is_Rational:
                raise OptionError("laws in floating point are mixed by rational weights")
            parts = [float(Fraction(int(part.p), int(part.q))) for part in (share, 1 - share)]
            sums = {
                o: parts[0] * one.weights.get(o, 0.0) + parts[1] * two.weights.get(o, 0.0) for o in outcomes
            }
            positive = {o: value for o, value in sums.items() if value}
            found = Rounded(positive, max(one.roundings, two.roundings) + 3)
        names = [
            law.condition
            or (
                law.input.text
                if law.input
                else "all starts"
                if law.start is None
                else f"start {quoted(law.start)}"
            )
            for law in (self, other)
        ]
        said = f"a mixture of {share} ({names[0]}) and {1 - share} ({names[1]})"
        is_one = self.network == other.network
        if not is_one and (self.network.symbols or other.network.symbols):
            raise OptionError("laws of two networks with symbols: put values in with law.at(...)")
        return type(self)(self.network, None, kind, found, is_per_step=self.is_per_step, condition=said)

    def require_comparable(self, other: object) -> None:
        """Raise unless ``other`` is a law of the same sort of outcomes, of the same arithmetic.

        Raises:
            ArgumentError: it is no law.
            OptionError: it is of something else, or of another arithmetic.
        """
        if not isinstance(other, Core):
            raise ArgumentError(f"{described(other)}: wanted a law, such as size_law(net)")
        related = isinstance(other, type(self)) or isinstance(self, type(other))  # sizes, all and observed
        is_same = type(self) is not type(other) or self.kind.is_like(other.kind)
        if not (related and is_same and type(other.kind) is type(self.kind)):
            one, two = self.kind.name, other.kind.name
            laws = f"a law of {one} and one of {two}" if one != two else f"laws of {one} told apart otherwise"
            raise OptionError(f"{laws} have no outcomes in common")
        if other.arithmetic != self.arithmetic:
            raise OptionError("one law is exact and one is in floating point: ask for both in one arithmetic")
