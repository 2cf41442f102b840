"""Kinds of laws: how an outcome is read, sorted, written and typeset."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from numbers import Integral
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from exactav.errors import UnknownOutcomeError
from exactav.network.laplacian import units_of
from exactav.network.network import Network
from exactav.numbers.arguments import is_truth, items_of
from exactav.numbers.expressions import described
from exactav.pickles import tagged
from exactav.texts import label_data, label_text, quoted

K = TypeVar("K", bound=Hashable)
Assembly = frozenset[Hashable]
Pattern = tuple[Assembly, ...]
Counts = tuple[int, ...]


class Kind(Generic[K]):
    """What a law is of.

    Attributes:
        name: such as "size".
        letter: the random variable in LaTeX, such as L.
    """

    name: str
    letter: str
    is_ordered: ClassVar[bool] = (
        True  # whether one reads the law by outcome; else the most probable come first
    )

    __reduce_ex__ = tagged

    @property
    def nothing(self) -> K:
        """The outcome of a slow step that sets off no avalanche."""
        raise NotImplementedError

    def read(self, key: Any) -> K:
        """``key`` in canonical form.

        Raises:
            UnknownOutcomeError: it is no outcome of such a law.
        """
        raise NotImplementedError

    def order(self) -> Callable[[K], Any]:
        """A key by which outcomes are sorted; it remembers what it has seen."""
        return lambda outcome: outcome

    def text(self, outcome: K) -> str:
        """An outcome in plain text."""
        return label_text(outcome)

    def latex(self, outcome: K) -> str:
        """An outcome in LaTeX."""
        return self.text(outcome)

    def event(self, outcome: K) -> str:
        """That this outcome comes, in LaTeX."""
        return f"{self.letter} = {self.latex(outcome)}"

    def data(self, outcome: K) -> Any:
        """An outcome as JSON data."""
        return outcome

    def written(self, outcome: K) -> Any:
        """An outcome as it is kept in the JSON of a law, made of labels; :meth:`read` reads it."""
        return outcome

    def names_of_numbers(self) -> tuple[str, ...]:
        """What the numbers of an outcome are called, where it is of several."""
        raise NotImplementedError

    def as_data(self) -> dict[str, Any]:
        """The kind itself as JSON data."""
        return {"of": self.name}

    def array(self, outcomes: Sequence[K]) -> NDArray[Any]:
        """Outcomes as an array, one row each."""
        found = np.empty(len(outcomes), dtype=object)
        found[:] = outcomes
        return found

    def per_step(self) -> Self:
        """The kind of the law of one slow step, which may set off nothing."""
        return self

    def is_like(self, other: "Kind[Any]") -> bool:
        """Whether laws of both kinds are of the same thing, perhaps of different networks."""
        return self.name == other.name

    def joined(self, other: "Kind[Any]") -> "Kind[K] | None":
        """The kind of a mixture of laws of both kinds; None if there is none."""
        return self if self == other else None


@dataclass(frozen=True)
class Number(Kind[int]):
    """Integers from ``lowest`` to ``highest``."""

    name: str
    letter: str
    lowest: int
    highest: int

    @property
    def nothing(self) -> int:
        return 0

    def read(self, key: Any) -> int:
        try:
            if not is_truth(key) and int(key) == key and self.lowest <= key <= self.highest:
                return int(key)
        except (TypeError, ValueError, OverflowError):
            pass
        raise UnknownOutcomeError(
            f"{quoted(key)} is no outcome of this law: wanted an integer from {self.lowest} to {self.highest}"
        )

    def as_data(self) -> dict[str, Any]:
        limits = {"lowest": self.lowest, "highest": self.highest}
        return {"of": "number", "name": self.name, "letter": self.letter, **limits}

    def array(self, outcomes: Sequence[int]) -> NDArray[Any]:
        return np.array(outcomes, dtype=np.int64)

    def per_step(self) -> Self:
        return replace(self, lowest=0)

    def joined(self, other: Kind[Any]) -> "Number | None":
        if not isinstance(other, Number) or other.name != self.name:
            return None
        return replace(self, lowest=min(self.lowest, other.lowest), highest=max(self.highest, other.highest))


@dataclass(frozen=True)
class Pair(Kind[tuple[int, int]]):
    """Size and duration."""

    size: Number
    duration: Number
    name: str = "size_duration"
    letter: str = "(L, D)"

    def names_of_numbers(self) -> tuple[str, ...]:
        return self.size.name, self.duration.name

    @property
    def nothing(self) -> tuple[int, int]:
        return 0, 0

    def read(self, key: Any) -> tuple[int, int]:
        if not isinstance(key, tuple) or len(key) != 2:
            raise UnknownOutcomeError(f"{quoted(key)} is no outcome of this law: wanted (size, duration)")
        return self.size.read(key[0]), self.duration.read(key[1])

    def data(self, outcome: tuple[int, int]) -> list[int]:
        return list(outcome)

    def as_data(self) -> dict[str, Any]:
        return {"of": "pair", "size": self.size.as_data(), "duration": self.duration.as_data()}

    def array(self, outcomes: Sequence[tuple[int, int]]) -> NDArray[Any]:
        return np.array(outcomes, dtype=np.int64).reshape(-1, 2)

    def per_step(self) -> Self:
        return replace(self, size=self.size.per_step(), duration=self.duration.per_step())


@dataclass(frozen=True)
class Composition(Kind[Counts]):
    """How many units of each of ``n_groups`` groups."""

    n_groups: int
    groups: tuple[str, ...] = ()
    name: str = "composition"
    letter: str = "l"

    def names_of_numbers(self) -> tuple[str, ...]:
        named = self.groups or tuple(f"group {place + 1}" for place in range(self.n_groups))
        return tuple(f"units of {name}" for name in named)

    def is_like(self, other: Kind[Any]) -> bool:
        return isinstance(other, Composition) and self.n_groups == other.n_groups

    @property
    def nothing(self) -> Counts:
        return (0,) * self.n_groups

    def read(self, key: Any) -> Counts:
        if isinstance(key, tuple) and len(key) == self.n_groups and all(map(_is_count, key)):
            return tuple(map(int, key))
        raise UnknownOutcomeError(
            f"{quoted(key)} is no outcome of this law: wanted a tuple of counts, one for each of "
            f"{self.n_groups} groups"
        )

    def data(self, outcome: Counts) -> list[int]:
        return list(outcome)

    def as_data(self) -> dict[str, Any]:
        return {"of": "composition", "n_groups": self.n_groups, "groups": list(self.groups)}

    def array(self, outcomes: Sequence[Counts]) -> NDArray[Any]:
        return np.array(outcomes, dtype=np.int64).reshape(-1, self.n_groups)


def _is_count(count: Any) -> bool:
    return isinstance(count, Integral) and not isinstance(count, bool) and int(count) >= 0


@dataclass(frozen=True)
class Units(Kind[Assembly]):
    """Sets of units of a network, by label."""

    is_ordered: ClassVar[bool] = False
    network: Network
    name: str = "assembly"
    letter: str = "A"

    @property
    def nothing(self) -> Assembly:
        return frozenset()

    def read(self, key: Any) -> Assembly:
        return as_set(self.network, key)

    def order(self) -> Callable[[Assembly], Any]:
        """By size, then in network order."""

        @cache
        def key(outcome: Assembly) -> tuple[int, list[int]]:
            indices = units_of(self.network, outcome)
            return len(indices), indices

        return key

    def text(self, outcome: Assembly) -> str:
        return "{" + ", ".join(map(label_text, self._listed(outcome))) + "}"

    def latex(self, outcome: Assembly) -> str:
        from exactav.showing import latex

        return latex.labels(self._listed(outcome))

    def data(self, outcome: Assembly) -> list[Any]:
        return list(map(label_data, self._listed(outcome)))

    def array(self, outcomes: Sequence[Assembly]) -> NDArray[Any]:
        found = np.zeros((len(outcomes), self.network.n_units), dtype=bool)
        for row, outcome in zip(found, outcomes, strict=True):
            row[units_of(self.network, outcome)] = True
        return found

    def _listed(self, units: Assembly) -> list[Hashable]:
        return [self.network.labels[i] for i in units_of(self.network, units)]


@dataclass(frozen=True)
class Patterns(Kind[Pattern]):
    """Sequences of disjoint sets of units."""

    is_ordered: ClassVar[bool] = False
    units: Units
    name: str = "pattern"
    letter: str = "G"

    @property
    def nothing(self) -> Pattern:
        return ()

    def read(self, key: Any) -> Pattern:
        return as_pattern(self.units.network, key)

    def order(self) -> Callable[[Pattern], Any]:
        key = self.units.order()
        return lambda outcome: (sum(map(len, outcome)), list(map(key, outcome)))

    def text(self, outcome: Pattern) -> str:
        return " -> ".join(map(self.units.text, outcome)) or "nothing"

    def latex(self, outcome: Pattern) -> str:
        return r" \to ".join(map(self.units.latex, outcome)) or r"\varnothing"

    def data(self, outcome: Pattern) -> list[Any]:
        return list(map(self.units.data, outcome))

    def array(self, outcomes: Sequence[Pattern]) -> NDArray[Any]:
        found = np.zeros((len(outcomes), self.units.network.n_units), dtype=np.int64)
        for row, pattern in zip(found, outcomes, strict=True):
            for number, generation in enumerate(pattern, 1):
                row[units_of(self.units.network, generation)] = number
        return found


@dataclass(frozen=True)
class Sequences(Kind[Pattern]):
    """The assemblies of slow steps in a row; the empty set stands for a step without avalanche."""

    is_ordered: ClassVar[bool] = False
    units: Units
    name: str = "sequence"
    letter: str = r"(A_1, A_2, \dots)"

    @property
    def nothing(self) -> Pattern:
        return ()

    def read(self, key: Any) -> Pattern:
        if isinstance(key, str) or not isinstance(key, Sequence):
            raise UnknownOutcomeError(
                f"{quoted(key)} is no sequence of assemblies: write ({{label, ...}}, set(), ...)"
            )
        return tuple(map(self.units.read, key))

    def order(self) -> Callable[[Pattern], Any]:
        key = self.units.order()
        return lambda outcome: list(map(key, outcome))

    def text(self, outcome: Pattern) -> str:
        return ", ".join(map(self.units.text, outcome))

    def latex(self, outcome: Pattern) -> str:
        return rf"({', '.join(map(self.units.latex, outcome))})"

    def data(self, outcome: Pattern) -> list[Any]:
        return list(map(self.units.data, outcome))

    def array(self, outcomes: Sequence[Pattern]) -> NDArray[Any]:
        return np.array([self.units.array(sequence) for sequence in outcomes])


def as_set(net: Network, key: Any) -> Assembly:
    """``key`` as a set of labels of the network.

    Raises:
        UnknownOutcomeError: ``key`` is not a collection of labels.
        UnknownUnitError: a label is not in the network.
    """
    found = None if isinstance(key, str) else items_of(key)
    if found is None:
        raise UnknownOutcomeError(f"{described(key)} is no set of units: write {{label, ...}}")
    try:
        units = frozenset(found)
    except TypeError:
        raise UnknownOutcomeError(f"{described(key)} is no set of units: write {{label, ...}}") from None
    for unit in units:
        net.index(unit)
    return units


def as_pattern(net: Network, key: Any) -> Pattern:
    """``key``, a sequence of collections of labels, as a pattern.

    Raises:
        UnknownOutcomeError: it is not such a sequence, or a unit fires twice, or a generation is empty.
    """
    if isinstance(key, str | bytes) or not isinstance(key, Sequence | Iterator):
        raise UnknownOutcomeError(f"{described(key)} is no pattern: write [{{start}}, {{label, ...}}, ...]")
    pattern = tuple(as_set(net, generation) for generation in key)  # in order: a set of sets is refused
    if not all(pattern) or len(frozenset().union(*pattern)) < sum(map(len, pattern)):
        raise UnknownOutcomeError(
            f"{described(pattern)} is no pattern: generations are nonempty and every unit fires at most once"
        )
    return pattern
