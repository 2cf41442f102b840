"""Smaller questions with the same answer: units that cannot fire go, parts that never meet are done apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from exactav.engines.question import Question
from exactav.network.system import System
from exactav.numbers.domains import Element


@dataclass(frozen=True)
class Part:
    """A question about some of the units, and the weight of all others: ``factor`` times its answer counts.

    Its groups are those of the whole question without the other units, as far as something is left of them;
    ``places`` are their places in the whole question.
    """

    question: Question
    factor: Element
    places: tuple[int, ...]

    def number(self, number: int) -> int:
        """The number in the whole question of counts of the part."""
        if self.places == self.question.places:
            return number
        counts = self.question.counts(number)
        return sum(count * place for count, place in zip(counts, self.places, strict=True))


def parts(question: Question) -> Iterator[Part]:
    """The question split into one for each part of the network that starts and those they reach form."""
    system = question.system
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(system.n_units))
    graph.add_edges_from((j, i) for i, row in enumerate(system.weights) for j in row)
    reached: set[int] = set()
    for start in question.roots:
        if start not in reached:
            reached |= {start} | nx.descendants(graph, start)
    components = [sorted(units) for units in nx.weakly_connected_components(graph.subgraph(reached))]
    if len(components) == 1 and len(reached) == system.n_units:
        yield Part(question, system.ring.one, question.places)
        return
    silent = restricted(system, [u for u in range(system.n_units) if u not in reached])
    systems = [restricted(system, units) for units in components]
    for place, (units, inner) in enumerate(zip(components, systems, strict=True)):
        factor = silent.volume
        for other, outer in enumerate(systems):
            if other != place:
                factor *= outer.volume
        index = {unit: i for i, unit in enumerate(units)}
        roots = {index[unit]: root for unit, root in question.roots.items() if unit in index}
        left = [tuple(index[u] for u in group if u in index) for group in question.groups]
        places = tuple(place for place, group in zip(question.places, left, strict=True) if group)
        groups = tuple(group for group in left if group)
        yield Part(Question(inner, roots, inner.minors(roots), groups), factor, places)


def restricted(system: System, units: list[int]) -> System:
    """The system of some units, for which all others stay silent: weights from these count as leak."""
    index = {unit: i for i, unit in enumerate(units)}
    weights, leaks = [], []
    for unit in units:
        row = system.weights[unit]
        weights.append({index[j]: weight for j, weight in row.items() if j in index})
        leaks.append(sum((weight for j, weight in row.items() if j not in index), system.leak[unit]))
    return System(system.ring, tuple(weights), tuple(leaks), tuple(system.scales[u] for u in units))
