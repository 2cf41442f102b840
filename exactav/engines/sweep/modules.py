"""Interchangeable units inside a network: a sweep counts them instead of taking them in one by one.

A *module* is one class of interchangeable units, or several that are coupled to each other, with the few
other units that they are coupled to, its *border*. Let l of the n units of a class fire. All those of one
side have the same sum of weights from their side, d, and the Laplacian of the l splits into l - 1 times d and
the part that is the same in all of them: the rest of the network sees one unit, which chooses as each of them
does and is chosen by l times their weights (in derivation 09 the whole network is a module). So the table of
a module over its border is a sum over count vectors of binomial(n, l) for each class, and d^(l - 1) for each
class and side, times the table of one unit for each class and side.

A root among the l is, by symmetry, each of them equally often: its weight is the mean of the start weights.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb, lcm, prod

from exactav.engines.populations import split_classes
from exactav.engines.question import Question
from exactav.kernels import forests
from exactav.kernels.forests import COUPLE, LEAVE, ROOT, TAKE
from exactav.numbers.domains import Element

_FEWEST = 3
"""Units that a module has at least; fewer are taken in one by one."""

_WIDEST = 3
"""Units of a border, at most: with each the table has about five times as many states."""

_MOST_VECTORS = 20_000
"""Count vectors of a module, at most."""

Terms = dict[int, Element]
Entries = list[tuple[int, Terms]]


@dataclass(frozen=True)
class Module:
    """Classes of interchangeable units that are coupled to each other, and other units coupled to them."""

    classes: tuple[tuple[int, ...], ...]
    border: tuple[int, ...]

    @property
    def units(self) -> list[int]:
        return [unit for members in self.classes for unit in members]

    @property
    def n_vectors(self) -> int:
        return prod(len(members) + 1 for members in self.classes)


def modules_of(question: Question, neighbours: Mapping[int, set[int]]) -> tuple[Module, ...]:
    """The modules of a network that has other units, too."""
    import networkx as nx

    classes = [tuple(members) for members in split_classes(question) if len(members) > 1]
    place = {unit: number for number, members in enumerate(classes) for unit in members}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(classes)))
    for number, members in enumerate(classes):
        joined = {place[other] for other in neighbours[members[0]] if other in place}
        graph.add_edges_from((number, other) for other in joined)
    found = []
    for component in nx.connected_components(graph):
        chosen = tuple(classes[number] for number in sorted(component))
        inside = {unit for members in chosen for unit in members}
        border = {other for members in chosen for other in neighbours[members[0]]} - inside
        module = Module(chosen, tuple(sorted(border)))
        if len(inside) >= _FEWEST and 0 < len(border) <= _WIDEST and module.n_vectors <= _MOST_VECTORS:
            found.append(module)
    return tuple(found)


def common_multiple(modules: Sequence[Module]) -> int:
    """What start weights have to be multiplied with for the means over classes to be in the ring."""
    return lcm(*(len(members) for module in modules for members in module.classes))


def table_of(
    question: Question, module: Module, slots: Mapping[int, int], n_slots: int, fires: int | None
) -> Entries:
    """The states of the border, as wide integers, with polynomials by the number of the counts.

    Args:
        question: with start weights that :func:`common_multiple` divides.
        slots: of the border, among ``n_slots``.
        fires: a unit that fires for certain.
    """
    return list(_Table(question, module, slots, n_slots, fires).entries())


class _Table:
    def __init__(
        self, question: Question, module: Module, slots: Mapping[int, int], n_slots: int, fires: int | None
    ) -> None:
        self.question, self.module, self.n_slots = question, module, n_slots
        system = question.system
        self.ring, self.leak = system.ring, system.leak
        self.weights = system.weights
        first = [members[0] for members in module.classes]
        self.between = [
            [
                self.weights[unit].get(next((u for u in others if u != unit), -1), self.ring.zero)
                for others in module.classes
            ]
            for unit in first
        ]
        self.first = first
        self.roots = [
            self.ring.exquo(
                sum((question.roots[u] for u in members if u in question.roots), self.ring.zero),
                self.ring(len(members)),
            )
            for members in module.classes
        ]
        self.border = {unit: slots[unit] for unit in module.border}
        self.fires = fires
        # beyond the slots of the network, one for each class and side
        self.own = {(a, side): n_slots + 2 * a + side for a in range(len(first)) for side in (0, 1)}
        self.all_slots = n_slots + 2 * len(first)

    def entries(self) -> Iterator[tuple[int, Terms]]:
        states: dict[int, Terms] = {}
        sizes = [len(members) for members in self.module.classes]
        steps = [self.question.strides[unit] for unit in self.first]
        for counts in product(*(range(size + 1) for size in sizes)):
            ways = prod(comb(size, count) for size, count in zip(sizes, counts, strict=True))
            number = sum(count * step for count, step in zip(counts, steps, strict=True))
            for code, weight in self._of_counts(counts).items():
                weight *= self._repeated(code, counts) * ways
                if weight:
                    terms = states.setdefault(code, {})
                    terms[number] = terms[number] + weight if number in terms else weight
        bits = forests.WIDE * self.n_slots + 1
        for code, terms in states.items():
            yield code & ((1 << bits) - 1), terms

    def _of_counts(self, counts: Sequence[int]) -> dict[int, Element]:
        """The table with one unit for each class and side that has any."""
        table = {forests.empty(self.all_slots, forests.WIDE): self.ring.one}
        for unit, slot in self.border.items():
            table = self._changed(table, [(TAKE, slot, int(unit == self.fires), -1, -1)], [])
        present = []
        for a, members in enumerate(self.module.classes):
            for side, count in ((1, counts[a]), (0, len(members) - counts[a])):
                if count:
                    table = self._changed(table, [(TAKE, self.own[a, side], 2 - side, -1, -1)], [])
                    present.append((a, side, count))
        for place, (a, side, count) in enumerate(present):
            slot, unit = self.own[a, side], self.first[a]
            for other, border_slot in self.border.items():
                chosen_by = self.weights[other].get(unit, self.ring.zero) * count
                chooses = self.weights[unit].get(other, self.ring.zero)
                table = self._coupled(table, slot, border_slot, chosen_by, chooses)
            for b, other_side, other_count in present[place + 1 :]:
                if other_side == side:
                    chosen_by, chooses = self.between[b][a] * count, self.between[a][b] * other_count
                    table = self._coupled(table, slot, self.own[b, side], chosen_by, chooses)
            factor = self.roots[a] if side else self.leak[unit]
            where = (0, -1) if side else (-1, 0)
            rows = [(ROOT, slot, *(where if factor else (-1, -1)), -1)]
            table = self._changed(table, rows, [factor])
        for a, side, _ in present:
            table = self._changed(table, [(LEAVE, self.own[a, side], -1, -1, -1)], [])
        return table

    def _coupled(
        self, table: dict[int, Element], slot: int, other: int, chosen_by: Element, chooses: Element
    ) -> dict[int, Element]:
        row = (COUPLE, slot, other, 0 if chosen_by else -1, 1 if chooses else -1)
        return self._changed(table, [row], [chosen_by, chooses])

    def _changed(
        self, table: dict[int, Element], rows: Sequence[tuple[int, ...]], factors: Sequence[Element]
    ) -> dict[int, Element]:
        columns = tuple(zip(*rows, strict=True))
        codes, masks = [0] * 3, [0] * 3
        result: dict[int, Element] = {}
        for code, value in table.items():
            for k in range(forests.expanded(code, columns, codes, masks, self.all_slots, forests.WIDE)):
                made = value * factors[masks[k].bit_length() - 1] if masks[k] else value
                result[codes[k]] = result[codes[k]] + made if codes[k] in result else made
        return result

    def _repeated(self, code: int, counts: Sequence[int]) -> Element:
        """The product of d^(l - 1) over classes and sides, by the sides of the border."""
        sides, _ = forests.sides_in(code, list(self.border.values()), forests.WIDE)
        result = self.ring.one
        for a, members in enumerate(self.module.classes):
            for side, count in ((1, counts[a]), (0, len(members) - counts[a])):
                if count > 1:
                    total = self.ring.zero if side else self.leak[self.first[a]]
                    for b, others in enumerate(self.module.classes):
                        total += self.between[a][b] * (counts[b] if side else len(others) - counts[b])
                    for place, unit in enumerate(self.border):
                        if sides >> place & 1 == side and unit in self.weights[self.first[a]]:
                            total += self.weights[self.first[a]][unit]
                    result *= total ** (count - 1)
        return result
