"""The networks that are tried: those of structures, by size, and networks of one's own."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

import sympy

from exactav.conjectures.draft import Draft
from exactav.conjectures.sources import Drawn, Key, Source, in_all_ways
from exactav.conjectures.structures import STRUCTURES, Structure
from exactav.errors import ArgumentError, ExactavError, InvalidNetworkError, OptionError
from exactav.network import families
from exactav.network.network import Network
from exactav.network.specs import suggestion
from exactav.numbers.arguments import collection
from exactav.numbers.expressions import described
from exactav.texts import quoted

_FRUITLESS = 50  # draws in a row that are no network, or came before, after which there are no others


@dataclass(frozen=True)
class Case:
    """A network, what formulas may ask of it, and the numbers of which its structure made it.

    Attributes:
        numbers: None of networks of one's own.
        least: how simple each number can be.
    """

    network: Network
    values: Mapping[str, Any]
    numbers: Mapping[Key, int] | None = None
    least: Mapping[Key, int] = field(default_factory=dict)


class Ground(Protocol):
    """Where to search.

    Attributes:
        name: as results call it.
    """

    @property
    def name(self) -> str: ...
    def cases(self, n_units: int, count: int, seed: int) -> Iterator[Case]:
        """Networks of so many units, the simplest first; at most ``count`` if they are drawn."""


@dataclass(frozen=True)
class Structured:
    """The networks that are of several structures at once."""

    name: str
    structures: tuple[Structure, ...]

    @property
    def least(self) -> int:
        """The smallest number of units."""
        return max(structure.least for structure in self.structures)

    def cases(self, n_units: int, count: int, seed: int) -> Iterator[Case]:
        dice = Random(f"{seed}, {self.name}, {n_units}")
        seen: set[Network] = set()
        fruitless = 0 if n_units >= self.least else _FRUITLESS
        source = Drawn(None)
        while fruitless < _FRUITLESS and len(seen) < count:
            case = self.case(n_units, source)
            if case is None or case.network in seen:
                fruitless += 1
            else:
                fruitless = 0
                seen.add(case.network)
                yield case
            source = Drawn(dice)

    def case(self, n_units: int, source: Drawn) -> Case | None:
        """The network with these numbers; None if there is none."""
        if n_units < self.least:
            return None
        try:
            draft, net = self._built(n_units, source)
        except InvalidNetworkError:
            return None
        if not all(structure.has(net) for structure in self.structures):
            return None
        return Case(net, _values(draft), source.read, source.least)

    def generic(self, n_units: int) -> list[Case]:
        """Networks with symbols that stand for all of so many units; none if there are none."""
        if n_units < self.least:
            return []

        def one(source: Source) -> Case | None:
            try:
                draft, net = self._built(n_units, source)
            except InvalidNetworkError:  # as where the first unit of an acyclic network has no leak
                return None
            return Case(net, _values(draft))

        return [case for case in in_all_ways(one) if case is not None]

    def _built(self, n_units: int, source: Source) -> tuple[Draft, Network]:
        draft = Draft(n_units)
        for structure in self.structures:
            structure.build(draft, source)
        return draft, draft.network(source)


def _values(draft: Draft) -> Mapping[str, Any]:
    return {"N": draft.n_units} | (draft.values or {})


@dataclass(frozen=True)
class Function:
    """The networks that a function of the number of units returns."""

    make: Callable[[int], Any]
    name: str

    def cases(self, n_units: int, count: int, seed: int) -> Iterator[Case]:
        try:
            found = self.make(n_units)
        except ExactavError:  # as a ring of one unit
            return
        one = [found] if isinstance(found, Network) or not isinstance(found, Iterable) else found
        for net in one:
            if not isinstance(net, Network):
                raise ArgumentError(f"over: {self.name}({n_units}) gave {described(net)}: return a network")
            yield Case(net, {"N": net.n_units})


@dataclass(frozen=True)
class Own:
    """Networks of one's own, tried in their order; those of a collection by their sizes."""

    networks: Iterable[Any]
    name: str = "networks of one's own"

    def cases(self, n_units: int, count: int, seed: int) -> Iterator[Case]:
        for net in self.networks:
            if not isinstance(net, Network):
                raise _no_ground(net)
            yield Case(net, {"N": net.n_units})


def grounds(over: Any) -> list[Ground]:
    """What ``over`` names: structures, families, functions of the number of units, networks.

    Raises:
        OptionError: a text names no structure, structures that do not go together, or nothing is named.
        ArgumentError: something is neither.

    >>> [ground.name for ground in grounds(["trees", "symmetric and conservative", families.ring])]
    ['trees', 'symmetric and conservative', 'ring']
    """
    if isinstance(over, Network) or not isinstance(over, Iterable) or isinstance(over, str):
        return [_ground(over)]
    if not isinstance(over, Collection):
        return [Own(over)]
    if isinstance(over, bytes | sympy.MatrixBase):
        raise _no_ground(over)
    listed = collection(over, "over", "['symmetric', 'directed']")
    own = [one for one in listed if isinstance(one, Network)]
    others: list[Ground] = [_ground(one) for one in listed if not isinstance(one, Network)]
    if own:
        others.insert(0, Own(sorted(own, key=lambda net: net.n_units)))
    if not others:
        raise OptionError("over = nothing: name a structure, such as 'symmetric', or give networks")
    return others


def _ground(one: Any) -> Ground:
    if isinstance(one, str):
        return structured(one)
    if isinstance(one, Network):
        return Own([one])
    if (
        name := next((name for name, family in families.CATALOGUE.items() if family is one), "")
    ) in STRUCTURES:
        return structured(name)
    if callable(one):
        return Function(one, getattr(one, "__name__", "the function"))
    raise _no_ground(one)


def _no_ground(thing: Any) -> ArgumentError:
    return ArgumentError(
        f"over: {described(thing)}: name a structure, such as 'symmetric', or give networks, or a function "
        "of the number of units that returns one"
    )


def structured(text: str) -> Structured:
    """The networks of the structures that are named, joined by "and".

    Raises:
        OptionError: there is no such structure, or they do not go together.
    """
    names = [name.strip() for name in text.split(" and ")]
    for name in names:
        if name not in STRUCTURES:
            known = ", ".join(STRUCTURES)
            raise OptionError(
                f"over = {described(text)}: no structure is called "
                f"{quoted(name)}{suggestion(name, STRUCTURES)}; "
                f"there are {known}, and any of them joined by 'and'"
            )
    named = [structure for structure in STRUCTURES.values() if structure.name in names]
    shapes = [structure for structure in named if structure.is_shape]
    if len(shapes) > 1:
        both = " and ".join(shape.name for shape in shapes)
        raise OptionError(f"over = {quoted(text)}: {both} both say which units are connected: name one")
    if not shapes:
        named.insert(0, STRUCTURES["directed"])
    elif shapes[0].is_family:
        changed = [one.name for one in named[1:] if one.name not in ("non-uniform drive", "with increment")]
        if changed:
            raise OptionError(
                f"over = {quoted(text)}: {changed[0]} would change the weights of a {shapes[0].name} "
                "network: families go together with non-uniform drive and with increment only"
            )
    return Structured(" and ".join(names), tuple(named))
