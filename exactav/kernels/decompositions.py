"""Orders in which units are eliminated, each leaving its neighbours connected: tree decompositions.

The *bag* of a unit is what it is connected to when it is eliminated. Bags with their units are the nodes of a
tree decomposition; the largest one has its width.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from heapq import heapify, heappop, heappush
from math import comb, expm1, inf
from typing import NamedTuple

from exactav.running.effort import Effort, Exhausted

_CHANCES = (0.6, 1.2, 2.0)

_MOST_OPEN = 100
"""Open units from which on states are too many to be counted."""

_KEPT = 1 << 14  # numbers of states that are remembered


@dataclass(frozen=True)
class Decomposition:
    """An order of the units, and for each of them its bag: the later units it is then connected to."""

    units: tuple[int, ...]
    bags: tuple[frozenset[int], ...]
    neighbours: Mapping[int, set[int]]

    @classmethod
    def of(
        cls,
        neighbours: Mapping[int, set[int]],
        units: Sequence[int],
        joined: Mapping[int, set[int]] | None = None,
    ) -> "Decomposition":
        """The decomposition along an order.

        Args:
            joined: neighbours, and what else has to be in one bag together; the same unless given.
        """
        joined = joined or neighbours
        place = {unit: t for t, unit in enumerate(units)}
        waiting: dict[int, list[frozenset[int]]] = {}
        bags = []
        for unit in units:
            bag = {other for other in joined[unit] if place[other] > place[unit]}
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


@lru_cache(maxsize=_KEPT)
def _states_and_blocks(kinds: Kinds) -> tuple[float, float]:
    """How many states there are, and how many blocks they have on average: of roots, and two rooted ones."""
    both, quiet, heard, roots, single, rooted = kinds
    if sum(kinds) > _MOST_OPEN:
        return inf, inf
    total = added = 0
    for i in range(both + 1):
        for k in range(heard + 1):
            blocks = i + k + roots + 2
            ways = comb(both, i) * comb(heard, k) * 2 ** (i + k)
            found = ways * blocks ** (both - i + rooted) * (blocks + 2) ** quiet
            total += found
            added += found * blocks
    return float(total * 2 ** (roots + single)), added / total


def states_of(kinds: Kinds) -> float:
    """How many states so many open units have, at most: each is a root, in the block of one, or rooted.

    Every root is on either side; a block that is rooted is one of two, on either side.

    >>> [states_of(Kinds(n)) for n in range(4)]
    [1.0, 4.0, 20.0, 118.0]
    """
    return _states_and_blocks(kinds)[0]


@lru_cache(maxsize=_KEPT)
def shares_of_roots(kinds: Kinds) -> tuple[float, ...]:
    """In what share of the states a unit of each kind is a root.

    >>> shares_of_roots(Kinds(both=1))[0]  # two of four states
    0.5
    """
    blocks = _states_and_blocks(kinds)[1]
    free = kinds.both + kinds.heard
    root = (blocks - kinds.roots - 2) / free if free and blocks < inf else 0.0
    return root, 2 / (blocks + 2), root, 1.0, 1.0, 0.0


def hit_of(n_states: float, transitions: float) -> float:
    """How many of some states so many transitions lead to, if each leads to any of them.

    >>> round(hit_of(1000, 10)), round(hit_of(1000, 10_000))
    (10, 1000)
    """
    return n_states * -expm1(-transitions / n_states) if n_states < inf else transitions


def pairs_of(n_first: float, n_second: float, n_joined: float, n_both: int) -> float:
    """About how much work it is to join two tables of so many states, with so many units open in both.

    Pairs of states on the same sides are looked at; those that fit together are more than there are states
    afterwards by a factor of about 8/5 for each unit in both, as counted for many networks.
    """
    shared = min(n_both, _MOST_OPEN)
    return (
        min(n_first * n_second / 2.0**shared, n_joined * 1.6**shared) + n_first * n_second / 2.0**shared / 30
    )


Neighbours = Mapping[int, set[int]]
Maker = Callable[[Effort], "list[int] | None"]


@dataclass(frozen=True)
class Score:
    """What is least of the unit that is eliminated next.

    Attributes:
        of: the score of a unit in what is left of the network.
        steps: of finding it, for a unit of some degree.
    """

    of: Callable[[Neighbours, int], float]
    steps: Callable[[int], float]


def _degree(graph: Neighbours, unit: int) -> float:
    """How many units a unit is connected to."""
    return len(graph[unit])


def _fill(graph: Neighbours, unit: int) -> float:
    """How many connections its elimination adds, and a little for its degree."""
    others = graph[unit]
    missing = sum(len(others) - 1 - len(graph[other] & others) for other in others)
    return missing / 2 + len(others) / 1000


DEGREE = Score(_degree, lambda degree: 0.4)
FILL = Score(_fill, lambda degree: 0.8 + 0.2 * degree + 0.03 * degree**2)


def by_least(neighbours: Neighbours, score: Score, widest: int, effort: Effort) -> list[int] | None:
    """The order that always eliminates a unit of least score, among equals the first one.

    None if a bag has more units than ``widest``.

    Raises:
        Exhausted: that takes more than the effort allows.
    """
    graph = {unit: set(others) for unit, others in neighbours.items()}
    beginning = sum(1 + score.steps(len(others)) for others in graph.values())
    if not effort.allows(beginning):
        raise Exhausted
    effort.spend(beginning)
    heap = [(score.of(graph, unit), unit) for unit in graph]
    current = {unit: value for value, unit in heap}
    heapify(heap)
    order = []
    while heap:
        value, unit = heappop(heap)
        if unit not in graph or current[unit] != value:
            continue
        order.append(unit)
        others = graph.pop(unit)
        if len(others) > widest:
            return None
        touched = set(others)
        for other in others:
            graph[other].discard(unit)
            missing = others - graph[other]
            missing.discard(other)
            if missing:
                graph[other] |= missing
        if score is not DEGREE:  # connections among the neighbours of neighbours count, too
            for other in others:
                touched |= graph[other]
        effort.spend(3 + 0.1 * len(others) ** 2 + sum(score.steps(len(graph[other])) for other in touched))
        for other in touched:
            found = score.of(graph, other)
            if found != current[other]:
                current[other] = found
                heappush(heap, (found, other))
    return order


def left_along(neighbours: Neighbours, units: Sequence[int]) -> list[int]:
    """The order in which a sweep along a path leaves the units: when all their neighbours have come."""
    place = {unit: t for t, unit in enumerate(units)}
    last = {unit: max([place[unit], *(place[other] for other in neighbours[unit])]) for unit in units}
    return sorted(units, key=lambda unit: (last[unit], place[unit]))


def makers(neighbours: Neighbours, widest: int) -> Iterator[Maker]:
    """Ways to make orders that may be good, without end: first some without chance.

    Least degree and least fill make trees; along a path are the units as given, and by breadth-first search
    from the border (reverse Cuthill and McKee). Then least fill with chance among what is nearly least.
    """
    yield partial(by_least, neighbours, DEGREE, widest)
    yield partial(_as_given, neighbours)
    yield partial(_breadth_first, neighbours)
    yield partial(by_least, neighbours, FILL, widest)
    rng = random.Random(len(neighbours))
    while True:
        chances = {unit: rng.random() * rng.choice(_CHANCES) for unit in neighbours}
        yield partial(by_least, neighbours, Score(partial(_by_chance, chances), FILL.steps), widest)


def _by_chance(chances: Mapping[int, float], graph: Neighbours, unit: int) -> float:
    return _fill(graph, unit) + chances[unit]


def _as_given(neighbours: Neighbours, effort: Effort) -> list[int]:
    effort.spend(sum(1 + 0.2 * len(others) for others in neighbours.values()))
    return left_along(neighbours, sorted(neighbours))


def _breadth_first(neighbours: Neighbours, effort: Effort) -> list[int]:
    import networkx as nx

    effort.spend(sum(6 + 3 * len(others) for others in neighbours.values()))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(neighbours)
    graph.add_edges_from((unit, other) for unit, others in neighbours.items() for other in others)
    return left_along(neighbours, list(nx.utils.reverse_cuthill_mckee_ordering(graph)))


def moved(neighbours: Neighbours, order: Sequence[int], rng: random.Random) -> list[int]:
    """The order with one unit elsewhere: beside a neighbour, or anywhere."""
    result = list(order)
    unit = result.pop(rng.randrange(len(result)))
    others = neighbours[unit]
    if others and rng.random() < 0.5:
        place = result.index(rng.choice(sorted(others))) + rng.randrange(2)
    else:
        place = rng.randrange(len(result) + 1)
    result.insert(place, unit)
    return result
