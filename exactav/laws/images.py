"""Laws of functions of the outcome."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from numbers import Integral
from typing import Any, ClassVar, TypeVar

import sympy

from exactav.errors import OptionError, UnknownOutcomeError
from exactav.laws.core import Core
from exactav.laws.kind import Kind
from exactav.numbers.expressions import described
from exactav.showing import latex

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Image(Kind[Any]):
    """What a function makes of outcomes: anything hashable.

    Attributes:
        outcomes: in their order.
    """

    name: str
    letter: str
    outcomes: tuple[Hashable, ...]

    @property
    def nothing(self) -> Any:
        raise UnknownOutcomeError(
            f"{self.name} has no outcome for a step without avalanche: ask the law that was mapped"
        )

    def read(self, key: Any) -> Any:
        if not isinstance(key, Hashable):
            raise UnknownOutcomeError(f"{described(key)} is no outcome of a law of {self.name}")
        return key

    def order(self) -> Callable[[Any], Any]:
        places = {outcome: place for place, outcome in enumerate(self.outcomes)}
        return places.__getitem__

    def latex(self, outcome: Any) -> str:
        if isinstance(outcome, sympy.Basic):
            return str(sympy.latex(outcome))
        return str(outcome) if _is_integer(outcome) else rf"\text{{{latex.escape(str(outcome))}}}"

    def data(self, outcome: Any) -> Any:
        return outcome if isinstance(outcome, int | str) else str(outcome)

    def joined(self, other: Kind[Any]) -> Kind[Any]:
        assert isinstance(other, Image)
        return Image(self.name, self.letter, _in_order([*self.outcomes, *other.outcomes]))

    def per_step(self) -> "Image":
        raise OptionError(
            f"what is {self.name} of a step without avalanche? ask for law.per_step() first, then map it"
        )


class Mapped(Core[K]):
    """Functions of the outcome."""

    __slots__ = ()
    # types of the laws of images, which are laws themselves: .mapped says which
    law_of_anything: ClassVar[type[Core[Any]]]
    law_of_integers: ClassVar[type[Core[Any]]]

    def map(self, function: Callable[[K], Hashable], *, name: str | None = None, letter: str = "X") -> Any:
        """The law of ``function(outcome)``: a law with all moments if its values are integers.

        Args:
            name: what the values are called; unless given, the name of the function.
            letter: of the random variable in LaTeX.

        Raises:
            OptionError: a value is not hashable.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.map(lambda size: "one" if size == 1 else "more", name="how many")
        <MappedLaw given an avalanche: more: 5/8, one: 3/8>
        >>> law.map(lambda size: size**2).mean()
        19/4
        """
        if not callable(function):
            raise OptionError(f"function = {described(function)}: wanted a function of the outcome")
        images = {outcome: _plain(function(outcome), self.kind.text(outcome)) for outcome in self}
        found = _in_order(images.values())
        name = name or _name_of(function)
        law_type = self.law_of_integers if all(map(_is_integer, found)) else self.law_of_anything
        return law_type(
            self.network,
            self.start,
            Image(name, letter, found),
            self.measure.pushed(images.__getitem__),
            is_per_step=self.is_per_step,
            condition=self.condition,
        )


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _plain(value: Any, outcome: str) -> Hashable:
    """``value``, an integer of any sort as an int."""
    if not isinstance(value, Hashable):
        raise OptionError(f"the function gives {described(value)} for {outcome}: wanted something hashable")
    try:
        hash(value)
    except TypeError:  # a tuple of lists
        raise OptionError(
            f"the function gives {described(value)} for {outcome}: wanted something hashable"
        ) from None
    if isinstance(value, Integral | sympy.Integer) and not isinstance(value, bool):
        return int(value)
    return value


def _in_order(values: Any) -> tuple[Hashable, ...]:
    """Distinct values, numbers, texts and tuples sorted, others in the order in which they come."""
    distinct = tuple(dict.fromkeys(values))
    if all(isinstance(value, int) for value in distinct) or all(isinstance(v, str) for v in distinct):
        return tuple(sorted(distinct))
    if all(isinstance(value, tuple) and all(map(_is_integer, value)) for value in distinct):
        return tuple(sorted(distinct))
    return distinct


def _name_of(function: Any) -> str:
    name = getattr(function, "__name__", "")
    return name if name and name != "<lambda>" else "image"
