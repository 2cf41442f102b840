"""Kinds of laws: how an outcome is read, sorted, written and typeset."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from numbers import Integral
from typing import Any, Generic, Self, TypeVar

from exactav.errors import UnknownOutcomeError
from exactav.network.laplacian import units_of
from exactav.network.network import Network
from exactav.showing import latex

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
        return str(outcome)

    def latex(self, outcome: K) -> str:
        """An outcome in LaTeX."""
        return self.text(outcome)

    def data(self, outcome: K) -> Any:
        """An outcome as JSON data."""
        return outcome

    def per_step(self) -> Self:
        """The kind of the law of one slow step, which may set off nothing."""
        return self

    def is_like(self, other: "Kind[Any]") -> bool:
        """Whether laws of both kinds, of one type, are laws of the same thing."""
        return self.name == other.name

    def places(self, count: int) -> list[str]:
        """What the ``count`` numbers of an outcome that is a tuple of numbers are."""
        return [f"{self.name} {place}" for place in range(count)]

    def joined(self, other: "Kind[Any]") -> "Kind[Any]":
        """The kind of a mixture with a law of another network, of the same name."""
        return self


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
            if int(key) == key and self.lowest <= key <= self.highest:
                return int(key)
        except (TypeError, ValueError, OverflowError):
            pass
        raise UnknownOutcomeError(
            f"{key!r} is no outcome of this law: wanted an integer from {self.lowest} to {self.highest}"
        )

    def per_step(self) -> Self:
        return replace(self, lowest=0)

    def joined(self, other: Kind[Any]) -> "Number":
        assert isinstance(other, Number)
        lowest, highest = min(self.lowest, other.lowest), max(self.highest, other.highest)
        return replace(self, lowest=lowest, highest=highest)


@dataclass(frozen=True)
class Pair(Kind[tuple[int, int]]):
    """Size and duration."""

    size: Number
    duration: Number
    name: str = "size_duration"
    letter: str = "(L, D)"

    @property
    def nothing(self) -> tuple[int, int]:
        return 0, 0

    def read(self, key: Any) -> tuple[int, int]:
        if not isinstance(key, tuple) or len(key) != 2:
            raise UnknownOutcomeError(f"{key!r} is no outcome of this law: wanted (size, duration)")
        return self.size.read(key[0]), self.duration.read(key[1])

    def places(self, count: int) -> list[str]:
        return [self.size.name, self.duration.name]

    def data(self, outcome: tuple[int, int]) -> list[int]:
        return list(outcome)

    def per_step(self) -> Self:
        return replace(self, size=self.size.per_step(), duration=self.duration.per_step())

    def joined(self, other: Kind[Any]) -> "Pair":
        assert isinstance(other, Pair)
        return replace(self, size=self.size.joined(other.size), duration=self.duration.joined(other.duration))


@dataclass(frozen=True)
class Composition(Kind[Counts]):
    """How many units of each of ``n_groups`` groups."""

    n_groups: int
    name: str = "composition"
    letter: str = "l"

    @property
    def nothing(self) -> Counts:
        return (0,) * self.n_groups

    def read(self, key: Any) -> Counts:
        if isinstance(key, tuple) and len(key) == self.n_groups and all(map(_is_count, key)):
            return tuple(map(int, key))
        raise UnknownOutcomeError(
            f"{key!r} is no outcome of this law: wanted a tuple of counts, one for each of "
            f"{self.n_groups} groups"
        )

    def is_like(self, other: Kind[Any]) -> bool:
        return isinstance(other, Composition) and self.n_groups == other.n_groups

    def places(self, count: int) -> list[str]:
        return [f"group {place}" for place in range(count)]

    def data(self, outcome: Counts) -> list[int]:
        return list(outcome)


def _is_count(count: Any) -> bool:
    return isinstance(count, Integral) and not isinstance(count, bool) and int(count) >= 0


@dataclass(frozen=True)
class Units(Kind[Assembly]):
    """Sets of units of a network, by label."""

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
        return "{" + ", ".join(map(str, self._listed(outcome))) + "}"

    def latex(self, outcome: Assembly) -> str:
        return latex.labels(self._listed(outcome))

    def data(self, outcome: Assembly) -> list[Any]:
        return [label if isinstance(label, int) else str(label) for label in self._listed(outcome)]

    def _listed(self, units: Assembly) -> list[Hashable]:
        return [self.network.labels[i] for i in units_of(self.network, units)]


@dataclass(frozen=True)
class Patterns(Kind[Pattern]):
    """Sequences of disjoint sets of units."""

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


@dataclass(frozen=True)
class Sequences(Kind[Pattern]):
    """The assemblies of slow steps in a row; the empty set stands for a step without avalanche."""

    units: Units
    name: str = "sequence"
    letter: str = r"(A_1, A_2, \dots)"

    @property
    def nothing(self) -> Pattern:
        return ()

    def read(self, key: Any) -> Pattern:
        if isinstance(key, str) or not isinstance(key, Sequence):
            raise UnknownOutcomeError(
                f"{key!r} is no sequence of assemblies: write ({{label, ...}}, set(), ...)"
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


def as_set(net: Network, key: Any) -> Assembly:
    """``key`` as a set of labels of the network.

    Raises:
        UnknownOutcomeError: ``key`` is not a collection of labels.
        UnknownUnitError: a label is not in the network.
    """
    if isinstance(key, str) or not isinstance(key, Iterable):
        raise UnknownOutcomeError(f"{key!r} is no set of units: write {{label, ...}}")
    units = frozenset(key)
    for unit in units:
        net.index(unit)
    return units


def as_pattern(net: Network, key: Any) -> Pattern:
    """``key``, a sequence of collections of labels, as a pattern.

    Raises:
        UnknownOutcomeError: it is not such a sequence, or a unit fires twice, or a generation is empty.
    """
    if isinstance(key, str) or not isinstance(key, Sequence):
        raise UnknownOutcomeError(f"{key!r} is no pattern: write [{{start}}, {{label, ...}}, ...]")
    pattern = tuple(as_set(net, generation) for generation in key)
    if not all(pattern) or len(frozenset().union(*pattern)) < sum(map(len, pattern)):
        raise UnknownOutcomeError(
            f"{key!r} is no pattern: generations are nonempty and every unit fires at most once"
        )
    return pattern
