"""Orders of the units in which few are open at a time: they have come, and not all they are coupled to have.

The width of an order, its largest number of open units, is the vertex separation number of that order, whose
minimum over all orders is the pathwidth.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import exp, log

from exactav.running.effort import Effort, Exhausted

_GREEDY = 400  # units up to which greedy orders are tried
_WIDE, _TOO_WIDE = 5, 13  # open units from which on an order is worth improving, and no longer is
_TRIES = 400_000  # places of units looked at for it
_FAR_TOO_WIDE = 200
# steps of what is done for each entry
_CORE_STEPS, _LOAD_STEPS, _CANDIDATE_STEPS, _NEIGHBOUR_STEPS = 2.0, 0.6, 8.0, 0.1


@dataclass(frozen=True)
class Order:
    """An order of the units, and for each of them which units are complete once it has come."""

    units: tuple[int, ...]
    completed: tuple[tuple[int, ...], ...]
    width: int

    @classmethod
    def of(cls, neighbours: Mapping[int, set[int]], units: Sequence[int]) -> "Order":
        place = {unit: t for t, unit in enumerate(units)}
        last = {unit: max([place[unit], *(place[u] for u in neighbours[unit])]) for unit in units}
        completed: list[list[int]] = [[] for _ in units]
        for unit in units:
            completed[last[unit]].append(unit)
        open_units, width = 0, 0
        for done in completed:
            open_units += 1
            width = max(width, open_units)
            open_units -= len(done)
        return cls(tuple(units), tuple(map(tuple, completed)), width)


def neighbours_of(rows: Sequence[Mapping[int, object]]) -> dict[int, set[int]]:
    """The units that each unit is coupled to, one way or the other."""
    result: dict[int, set[int]] = {unit: set() for unit in range(len(rows))}
    for i, row in enumerate(rows):
        for j in row:
            if i != j:
                result[i].add(j)
                result[j].add(i)
    return result


def least_width(rows: Sequence[Mapping[int, object]], effort: Effort) -> int:
    """A lower bound on the width of any order: the largest smallest degree of a part of the network.

    Half the mean degree is one, too, and all that is found where the effort does not allow more.
    """
    n_weights = sum(map(len, rows))
    mean = n_weights // (2 * len(rows)) if rows else 0
    if not effort.allows(_CORE_STEPS * n_weights) or mean > _FAR_TOO_WIDE:
        return mean
    import networkx as nx

    effort.spend(_CORE_STEPS * n_weights)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from((i, j) for i, row in enumerate(rows) for j in row if i != j)
    return max(nx.core_number(graph).values(), default=0)


def order_of(rows: Sequence[Mapping[int, object]], effort: Effort) -> Order:
    """The best of a few orders, as given, reverse Cuthill-McKee, greedy, topological; then improved.

    What the effort does not allow is left out.

    >>> import exactav as ea
    >>> order_of(ea.families.ring(50, "1/2").system.weights, Effort(100_000)).width
    3
    """
    neighbours = neighbours_of(rows)
    n_weights = sum(map(len, neighbours.values()))
    load_steps = _LOAD_STEPS * (len(rows) + n_weights)
    try:
        effort.spend(_CANDIDATE_STEPS * (len(rows) + n_weights))
    except Exhausted:
        return Order.of(neighbours, range(len(rows)))
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(neighbours)
    graph.add_edges_from((unit, other) for unit, others in neighbours.items() for other in others)
    candidates = [list(range(len(rows))), list(nx.utils.reverse_cuthill_mckee_ordering(graph))]
    by_degree = sorted(neighbours, key=lambda unit: len(neighbours[unit]))
    starts = by_degree[:3] + by_degree[-1:] + [candidates[1][0], candidates[1][-1]]
    if len(rows) <= _GREEDY:
        with suppress(Exhausted):
            for start in dict.fromkeys(starts):
                candidates.append(_greedy(neighbours, start, effort))
    senders = [[j for j in row if j != i] for i, row in enumerate(rows)]
    directed = nx.DiGraph([(j, i) for i, row in enumerate(senders) for j in row])
    if nx.is_directed_acyclic_graph(directed):
        places = {unit: place for place, unit in enumerate(candidates[1])}
        directed.add_nodes_from(neighbours)
        candidates.append(list(nx.lexicographical_topological_sort(directed, places.__getitem__)))

    def load_of(units: Sequence[int]) -> float:
        return _load(neighbours, senders, units)

    best = min(candidates, key=load_of)
    load = load_of(best) / max(1, len(rows))
    if len(rows) <= _GREEDY and 4.0**_WIDE < load < 4.0**_TOO_WIDE:
        tries = int(min(_TRIES // len(rows), max(0, effort.left) / load_steps))
        effort.spend(tries * load_steps)
        best = _improved(load_of, best, tries)
    return Order.of(neighbours, best)


def _load(
    neighbours: Mapping[int, set[int]], senders: Sequence[Sequence[int]], units: Sequence[int]
) -> float:
    """A number that grows as the states of a sweep do.

    The sum of a factor of 4 for each open unit, and of 2.5 for those that have met all their senders: they
    have chosen their parents.
    """
    n = len(units)
    place = [0] * n
    for t, unit in enumerate(units):
        place[unit] = t
    choosing, open_units = [0] * (n + 1), [0] * (n + 1)
    for unit in units:
        begin = place[unit]
        settled = max([begin, *(place[u] for u in senders[unit])])
        choosing[begin] += 1
        choosing[settled + 1] -= 1
        open_units[begin] += 1
        open_units[max([begin, *(place[u] for u in neighbours[unit])]) + 1] -= 1
    load, n_open, n_choosing = 0.0, 0, 0
    for t in range(n):
        n_open += open_units[t]
        n_choosing += choosing[t]
        load += 4.0 ** min(n_choosing, 200) * 2.5 ** min(n_open - n_choosing, 300)
    return load


def _improved(load_of: Callable[[Sequence[int]], float], units: Sequence[int], tries: int) -> list[int]:
    """Units moved to other places at random, worse orders kept now and then, less often as time goes by."""
    rng = random.Random(len(units))
    current = best = list(units)
    load = least = load_of(units)
    for attempt in range(tries):
        moved = list(current)
        moved.insert(rng.randrange(len(moved)), moved.pop(rng.randrange(len(moved))))
        found = load_of(moved)
        temperature = 0.5 * (1 - attempt / tries)
        if found <= load or rng.random() < exp((log(load) - log(found)) / temperature):
            current, load = moved, found
            if load < least:
                best, least = current, load
    return best


def _greedy(neighbours: Mapping[int, set[int]], start: int, effort: Effort) -> list[int]:
    """Always next the unit that leaves the fewest units open.

    Raises:
        Exhausted: that takes too long.
    """
    order, open_units, taken = [start], {start}, {start}
    missing = {unit: len(others) for unit, others in neighbours.items()}

    def take(unit: int) -> None:
        for other in neighbours[unit]:
            missing[other] -= 1
        for other in [*neighbours[unit], unit]:
            if missing[other] == 0:
                open_units.discard(other)

    take(start)
    while len(order) < len(neighbours):
        border = {u for v in open_units for u in neighbours[v] if u not in taken}
        candidates = border or {u for u in neighbours if u not in taken}
        effort.spend(1 + sum(1 + _NEIGHBOUR_STEPS * len(neighbours[unit]) for unit in candidates))

        def grows(unit: int) -> tuple[int, int, int]:
            closes = sum(missing[o] == 1 for o in neighbours[unit] if o in open_units)
            return int(missing[unit] > 0) - closes, missing[unit], unit

        chosen = min(candidates, key=grows)
        order.append(chosen)
        taken.add(chosen)
        open_units.add(chosen)
        take(chosen)
    return order
