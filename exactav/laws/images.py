"""Laws of functions of an outcome."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any, Self

import sympy

from exactav.errors import ArgumentError, OptionError, UnknownOutcomeError
from exactav.laws.core import Core
from exactav.laws.kind import Kind, Number
from exactav.laws.law import Law
from exactav.laws.numeric import NumericLaw
from exactav.numbers.arguments import function as callable_of
from exactav.numbers.arguments import text
from exactav.numbers.expressions import described
from exactav.showing import latex
from exactav.texts import label_data

_REFUSED = "a law of a function of the outcome has no law per step of its own: map law.per_step() instead"


@dataclass(frozen=True)
class Values(Kind[Hashable]):
    """Whatever a function gives, in the order in which it comes."""

    name: str
    letter: str
    found: tuple[Hashable, ...]

    @property
    def nothing(self) -> Hashable:
        raise OptionError(_REFUSED)

    def read(self, key: Any) -> Hashable:
        try:
            hash(key)
        except TypeError:
            raise UnknownOutcomeError(
                f"{described(key)} is no outcome of this law: it is not hashable"
            ) from None
        return key  # type: ignore[no-any-return]  # whatever is hashable

    def order(self) -> Callable[[Hashable], Any]:
        places = {value: place for place, value in enumerate(self.found)}
        return places.__getitem__

    def latex(self, outcome: Hashable) -> str:
        return latex.label(outcome)

    def data(self, outcome: Hashable) -> Any:
        return label_data(outcome)

    def as_data(self) -> dict[str, Any]:
        return {"of": "value", "name": self.name, "letter": self.letter}

    def per_step(self) -> Self:
        return self


class ValueLaw(Law[Hashable]):
    """Law of the values of a function, see :meth:`Law.map`."""

    __slots__ = ()

    def per_step(self) -> Self:
        raise OptionError(_REFUSED)


class WholeValueLaw(NumericLaw):
    """Law of the values of a function, all of them whole numbers, see :meth:`Law.map`."""

    __slots__ = ()
    name, letter = "value", "X"

    def per_step(self) -> Self:
        raise OptionError(_REFUSED)


def image(law: Core[Any], function: Callable[[Any], Any], name: str, letter: str) -> Law[Any]:
    """The law of ``function(outcome)``; see :meth:`Law.map`."""
    callable_of(function, "function", "an outcome")
    text(name, "name")
    text(letter, "letter")
    letter = latex.name(letter)
    images = {}
    for outcome in law:
        value = function(outcome)
        try:
            hash(value)
        except TypeError:
            raise ArgumentError(
                f"the value {described(value)} at {described(outcome)} is not hashable: return a number, a "
                "text, a tuple or a frozenset"
            ) from None
        images[outcome] = int(value) if _is_whole(value) else value
    found = tuple(dict.fromkeys(images.values()))
    of_waves = ["one of its waves"] if law.is_of_waves else []
    condition = ", ".join([*of_waves, *filter(None, [law.condition])])
    measure = law.measure.pushed(images.__getitem__)
    if all(map(_is_whole, found)):
        kind = Number(name, letter, min(found), max(found))
        return WholeValueLaw(
            law.network, law.origin, kind, measure, is_per_step=law.is_per_step, condition=condition
        )
    if any(all(isinstance(value, kinds) for value in found) for kinds in _SORTED):
        found = tuple(sorted(found))
    values = Values(name, letter, found)
    return ValueLaw(
        law.network, law.origin, values, measure, is_per_step=law.is_per_step, condition=condition
    )


_SORTED = (str, (Integral, Fraction, sympy.Rational))  # of other values there may be no order


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral | sympy.Integer) and not isinstance(value, bool)
