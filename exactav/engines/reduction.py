"""Smaller questions with the same answer: units that cannot fire go, parts that never meet are done apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from exactav.engines.question import Question, product
from exactav.network.system import System
from exactav.numbers.domains import Domain, Element

_FEW = 8  # parts of which each product of the others is made anew
_DENSE = 8  # one weight to so many pairs of units, and more: reached units are looked for row by row


@dataclass(frozen=True)
class Part:
    """A question about some of the units; all others stay silent.

    Its groups are those of the whole question without the other units, as far as something is left of them;
    ``places`` are their places in the whole question.
    """

    question: Question
    others: "_Others"
    places: tuple[int, ...]

    @cached_property
    def factor(self) -> Element:
        """The weight of all other units: so many times the part's answer counts."""
        return self.others.volume_without(self.question.system)

    def number(self, number: int) -> int:
        """The number in the whole question of counts of the part."""
        if self.places == self.question.places:
            return number
        counts = self.question.counts(number)
        return sum(count * place for count, place in zip(counts, self.places, strict=True))


@dataclass(frozen=True, eq=False)
class _Others:
    """The systems into which a network falls, shared by all its parts."""

    ring: Domain
    systems: tuple[System, ...]

    @cached_property
    def volume(self) -> Element:
        """The product of all volumes."""
        found: Element = product([system.volume for system in self.systems], self.ring.one)
        return found

    def volume_without(self, one: System) -> Element:
        """The product of the volumes of all systems but one of them."""
        if len(self.systems) > _FEW and self.volume:
            return self.ring.exquo(self.volume, one.volume)
        others: Element = product([s.volume for s in self.systems if s is not one], self.ring.one)
        return others


def parts(question: Question) -> Iterator[Part]:
    """The question split into one for each part of the network that starts and those they reach form."""
    system = question.system
    reached = _reached(system.weights, question.roots)
    components = _components(system.weights, reached)
    if len(components) == 1 and len(reached) == system.n_units:
        yield Part(question, _Others(system.ring, (system,)), question.places)
        return
    silent = restricted(system, [u for u in range(system.n_units) if u not in reached])
    systems = [restricted(system, units) for units in components]
    others = _Others(system.ring, (silent, *systems))
    stands = {
        unit: (number, place)
        for number, group in enumerate(question.groups)
        for place, unit in enumerate(group)
    }
    in_part = {unit: number for number, units in enumerate(components) for unit in units}
    roots: list[dict[int, Element]] = [{} for _ in components]
    for unit, root in question.roots.items():
        roots[in_part[unit]][unit] = root
    for units, inner, starts in zip(components, systems, roots, strict=True):
        index = {unit: i for i, unit in enumerate(units)}
        left: dict[int, list[int]] = {}
        for (number, _), unit in sorted((stands[unit], unit) for unit in units if unit in stands):
            left.setdefault(number, []).append(index[unit])
        inside = {index[unit]: root for unit, root in starts.items()}
        places = tuple(question.places[number] for number in left)
        yield Part(Question(inner, inside, tuple(map(tuple, left.values()))), others, places)


def _reached(rows: Sequence[Mapping[int, object]], starts: Iterable[int]) -> set[int]:
    """The starts, and all units that they reach along weights."""
    reached = set(starts)
    left = set(range(len(rows))) - reached
    if _DENSE * sum(map(len, rows)) > len(rows) ** 2:
        while found := {unit for unit in left if not rows[unit].keys().isdisjoint(reached)}:
            reached |= found
            left -= found
    elif left:
        receivers = _receivers(rows)
        to_do = list(reached)
        while to_do:
            found = left.intersection(receivers[to_do.pop()])
            reached |= found
            left -= found
            to_do += found
    return reached


def _receivers(rows: Sequence[Mapping[int, object]]) -> list[list[int]]:
    receivers: list[list[int]] = [[] for _ in rows]
    for i, row in enumerate(rows):
        for j in row:
            receivers[j].append(i)
    return receivers


def _components(rows: Sequence[Mapping[int, object]], units: set[int]) -> list[list[int]]:
    """The units in components that no weights join, either way; each sorted, by their first units."""
    in_order = sorted(units)
    if not in_order or len(_connected(in_order[0], set(in_order), rows)) == len(units):
        return [in_order]  # most often all are found along rows
    receivers = _receivers(rows)
    left, components = set(units), []
    for first in in_order:
        if first in left:
            components.append(sorted(_connected(first, left, rows, receivers)))
    return components


def _connected(first: int, left: set[int], *joined: Sequence[Iterable[int]]) -> list[int]:
    """The units that are found from the first one on; they are taken out of those ``left``."""
    left.discard(first)
    found = [first]
    for unit in found:
        for neighbours in joined:
            if left:
                following = left.intersection(neighbours[unit])
                left -= following
                found += following
    return found


def restricted(system: System, units: list[int]) -> System:
    """The system of some units, for which all others stay silent: weights from these count as leak."""
    index = {unit: i for i, unit in enumerate(units)}
    weights, leaks = [], []
    for unit in units:
        row = system.weights[unit]
        weights.append({index[j]: weight for j, weight in row.items() if j in index})
        leaks.append(sum((weight for j, weight in row.items() if j not in index), system.leak[unit]))
    return System(system.ring, tuple(weights), tuple(leaks), tuple(system.scales[u] for u in units))
