"""Orders in which units are eliminated, each leaving its neighbours connected: tree decompositions.

The *bag* of a unit is what it is connected to when it is eliminated. Bags with their units are the nodes of a
tree decomposition; the largest one has its width.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from heapq import heapify, heappop, heappush
from math import comb
from typing import NamedTuple

import networkx as nx

_MOST_OPEN = 100
"""Open units from which on states are too many to be counted."""


@dataclass(frozen=True)
class Decomposition:
    """An order of the units, and for each of them its bag: the later units it is then connected to."""

    units: tuple[int, ...]
    bags: tuple[frozenset[int], ...]
    neighbours: Mapping[int, set[int]]

    @classmethod
    def of(cls, neighbours: Mapping[int, set[int]], units: Sequence[int]) -> "Decomposition":
        place = {unit: t for t, unit in enumerate(units)}
        waiting: dict[int, list[frozenset[int]]] = {}
        bags = []
        for unit in units:
            bag = {other for other in neighbours[unit] if place[other] > place[unit]}
            for earlier in waiting.pop(unit, []):
                bag |= earlier
            bag.discard(unit)
            bags.append(frozenset(bag))
            if bag:
                waiting.setdefault(min(bag, key=place.__getitem__), []).append(bags[-1])
        return cls(tuple(units), tuple(bags), neighbours)

    @cached_property
    def place(self) -> dict[int, int]:
        """When each unit is eliminated."""
        return {unit: t for t, unit in enumerate(self.units)}

    @cached_property
    def later(self) -> dict[int, set[int]]:
        """The neighbours of each unit that are eliminated after it."""
        place = self.place
        return {unit: {v for v in self.neighbours[unit] if place[v] > place[unit]} for unit in self.units}

    @cached_property
    def width(self) -> int:
        """The size of the largest bag."""
        return max(map(len, self.bags), default=0)


class Kinds(NamedTuple):
    """How many open units there are of each kind, by what may be known of them in a state.

    Attributes:
        both: may have chosen or not, and others may be in their blocks.
        quiet: may have chosen or not, nobody has chosen them.
        heard: nobody can choose them any more; once they have chosen, nothing else is known.
        roots: have not chosen, others may be in their blocks.
        single: have not chosen, and nobody has chosen them.
        rooted: have chosen.
    """

    both: int = 0
    quiet: int = 0
    heard: int = 0
    roots: int = 0
    single: int = 0
    rooted: int = 0


@cache
def states_of(kinds: Kinds) -> float:
    """How many states so many open units have, at most: each is a root, in the block of one, or rooted.

    Every root is on either side; a block that is rooted is one of two, on either side.

    >>> [states_of(Kinds(n)) for n in range(4)]
    [1.0, 4.0, 20.0, 118.0]
    """
    both, quiet, heard, roots, single, rooted = kinds
    if sum(kinds) > _MOST_OPEN:
        return float("inf")
    total = 0
    for i in range(both + 1):
        for k in range(heard + 1):
            blocks = i + k + roots + 2
            ways = comb(both, i) * comb(heard, k) * 2 ** (i + k)
            total += ways * blocks ** (both - i + rooted) * (blocks + 2) ** quiet
    return float(total * 2 ** (roots + single))


def pairs_of(n_first: float, n_second: float, n_joined: float, n_both: int) -> float:
    """About how much work it is to join two tables of so many states, with so many units open in both.

    Pairs of states on the same sides are looked at; those that fit together are more than there are states
    afterwards by a factor of about 8/5 for each unit in both, as counted for many networks.
    """
    shared = min(n_both, _MOST_OPEN)
    return (
        min(n_first * n_second / 2.0**shared, n_joined * 1.6**shared) + n_first * n_second / 2.0**shared / 30
    )


Score = Callable[[Mapping[int, set[int]], int], float]


def by_least(neighbours: Mapping[int, set[int]], score: Score) -> list[int]:
    """The order that always eliminates a unit of least score, among equals the first one."""
    graph = {unit: set(others) for unit, others in neighbours.items()}
    heap = [(score(graph, unit), unit) for unit in graph]
    current = {unit: value for value, unit in heap}
    heapify(heap)
    order = []
    while heap:
        value, unit = heappop(heap)
        if unit not in graph or current[unit] != value:
            continue
        order.append(unit)
        others = graph.pop(unit)
        touched = set(others)
        for other in others:
            graph[other].discard(unit)
            missing = others - graph[other]
            missing.discard(other)
            if missing:
                graph[other] |= missing
        for other in others:
            touched |= graph[other]
        for other in touched:
            found = score(graph, other)
            if found != current[other]:
                current[other] = found
                heappush(heap, (found, other))
    return order


def degree(graph: Mapping[int, set[int]], unit: int) -> float:
    """How many units a unit is connected to."""
    return len(graph[unit])


def fill(graph: Mapping[int, set[int]], unit: int) -> float:
    """How many connections its elimination adds, and a little for its degree."""
    others = graph[unit]
    missing = sum(len(others) - 1 - len(graph[other] & others) for other in others)
    return missing / 2 + len(others) / 1000


def left_along(neighbours: Mapping[int, set[int]], units: Sequence[int]) -> list[int]:
    """The units in the order in which a sweep along a path leaves them: when all their neighbours have come."""
    place = {unit: t for t, unit in enumerate(units)}
    last = {unit: max([place[unit], *(place[other] for other in neighbours[unit])]) for unit in units}
    return sorted(units, key=lambda unit: (last[unit], place[unit]))


def orders(neighbours: Mapping[int, set[int]]) -> Iterator[list[int]]:
    """Orders that may be good, the most promising first, without end: first some without chance.

    Least fill and least degree make trees; along a path are the units as given, by breadth-first search from
    the border (reverse Cuthill and McKee).
    """
    yield by_least(neighbours, fill)
    yield by_least(neighbours, degree)
    yield left_along(neighbours, sorted(neighbours))
    graph: nx.Graph[int] = nx.Graph(neighbours)
    yield left_along(neighbours, list(nx.utils.reverse_cuthill_mckee_ordering(graph)))
    rng = random.Random(len(neighbours))
    while True:
        chances = {unit: rng.random() for unit in neighbours}
        share = rng.choice([0.6, 1.2, 2.0])

        def score(graph: Mapping[int, set[int]], unit: int) -> float:
            return fill(graph, unit) + share * chances[unit]

        yield by_least(neighbours, score)
