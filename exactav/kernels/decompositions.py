"""Orders in which units are eliminated, each leaving its neighbours connected: tree decompositions.

The *bag* of a unit is what it is connected to when it is eliminated. Bags with their units are the nodes of a
tree decomposition; the largest one has its width.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from heapq import heapify, heappop, heappush
from math import comb

from exactav.kernels.orders import Order


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


@cache
def states_of(n_open: int) -> float:
    """How many states so many open units have: each is a root on either side, or in the block of one, or rooted.

    >>> [states_of(n) for n in range(4)]
    [1.0, 4.0, 20.0, 118.0]
    """
    if n_open > 200:
        return float("inf")
    return float(sum(comb(n_open, k) * 2**k * (k + 2) ** (n_open - k) for k in range(n_open + 1)))


@cache
def pairs_of(n_open: int, n_shared: int) -> float:
    """About how many pairs of states of two tables fit together: of so many units in all, so many in both."""
    return float(states_of(n_open) * 2.6 ** min(n_shared, 200))


def by_least(
    neighbours: Mapping[int, set[int]], score: Callable[[Mapping[int, set[int]], int], float]
) -> list[int]:
    """The order that always eliminates a unit of least score, among equals the first one."""
    graph = {unit: set(others) for unit, others in neighbours.items()}
    heap = [(score(graph, unit), unit) for unit in graph]
    current = dict((unit, value) for value, unit in heap)
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


def completion(order: Order) -> list[int]:
    """The units in the order in which a sweep along a path leaves them."""
    return [unit for done in order.completed for unit in done]
