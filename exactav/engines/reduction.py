"""Smaller questions with the same answer: units that cannot fire go, parts that never meet are done apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from exactav.engines.question import Question
from exactav.network.system import System
from exactav.numbers.domains import Element

_DENSE = 8  # one weight to so many pairs of units, and more: reached units are looked for row by row


@dataclass(frozen=True)
class Part:
    """A question about some of the units; ``others`` are the systems of all others, which stay silent.

    Its groups are those of the whole question without the other units, as far as something is left of them;
    ``places`` are their places in the whole question.
    """

    question: Question
    others: tuple[System, ...]
    places: tuple[int, ...]

    @cached_property
    def factor(self) -> Element:
        """The weight of all other units: so many times the part's answer counts."""
        return prod((system.volume for system in self.others), start=self.question.system.ring.one)

    def number(self, number: int) -> int:
        """The number in the whole question of counts of the part."""
        if self.places == self.question.places:
            return number
        counts = self.question.counts(number)
        return sum(count * place for count, place in zip(counts, self.places, strict=True))


def parts(question: Question) -> Iterator[Part]:
    """The question split into one for each part of the network that starts and those they reach form."""
    system = question.system
    reached = _reached(system.weights, question.roots)
    components = _components(system.weights, reached)
    if len(components) == 1 and len(reached) == system.n_units:
        yield Part(question, (), question.places)
        return
    silent = restricted(system, [u for u in range(system.n_units) if u not in reached])
    systems = [restricted(system, units) for units in components]
    for place, (units, inner) in enumerate(zip(components, systems, strict=True)):
        index = {unit: i for i, unit in enumerate(units)}
        roots = {index[unit]: root for unit, root in question.roots.items() if unit in index}
        left = [tuple(index[u] for u in group if u in index) for group in question.groups]
        places = tuple(place for place, group in zip(question.places, left, strict=True) if group)
        groups = tuple(group for group in left if group)
        others = (silent, *systems[:place], *systems[place + 1 :])
        yield Part(Question(inner, roots, groups), others, places)


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
