"""How a sweep proceeds: which units are taken in, coupled and left, in which tables, and which tables are joined.

Units are eliminated in some order (:mod:`exactav.kernels.decompositions`). What is left of the part of the network
that has been eliminated is a table over its open neighbours. To eliminate a unit, the tables that hold it are
joined, all its neighbours are taken in, it chooses or is chosen along each weight, and it is left. A small part
is not made into a table of its own, to be joined to a large one, but eliminated within the large one where that
is less work. A sweep along a path is the case without joins.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from exactav.kernels.decompositions import Decomposition, pairs_of, states_of
from exactav.kernels.forests import COUPLE, LEAVE, ROOT, SETTLE, TAKE
from exactav.network.system import System

_FUSED = 3
"""Neighbours that are coupled in one step: each makes up to six states of one."""

_REPLAYED = 8
"""Units of a part that may be eliminated within another table."""

_BRANCHES = 8
"""States that follow from one when a unit of few neighbours is eliminated, about."""


class Factor(NamedTuple):
    """A number that a step may multiply with: a weight (i, j), the leak or start weight of i, or one for firing."""

    kind: str
    i: int
    j: int


@dataclass(frozen=True)
class Step:
    """What is done to all states of a table in one go.

    Attributes:
        rows: the five sequences of :func:`exactav.kernels.forests.expanded`.
        factors: what its masks stand for.
        n_open: open units afterwards.
        room: states that one may become, at most.
    """

    rows: tuple[list[int], ...]
    factors: tuple[Factor, ...]
    n_open: int
    room: int


BEGIN, JOIN = "begin", "join"
Instruction = Step | str
"""A step of the last table, or a new table with the empty state, or the last two tables joined."""


@dataclass(frozen=True)
class Scheme:
    """A program for a stack of tables.

    Attributes:
        instructions: in their order; at the end there is one table, in which no unit is open.
        n_slots: of its states.
        cost: states to be visited, about.
        most: states of a table, about.
    """

    instructions: tuple[Instruction, ...]
    n_slots: int
    cost: float

    @property
    def most(self) -> float:
        return max(
            (states_of(step.n_open) for step in self.instructions if isinstance(step, Step)), default=1.0
        )


def scheme_of(system: System, roots: Collection[int], decomposition: Decomposition) -> Scheme:
    """The scheme of a sweep for these starts along an decomposition."""
    outline, cost = _outline(decomposition)
    slots = _slots(outline, decomposition)
    writer = _Writer(system, roots, decomposition, slots, _introductions(outline, decomposition))
    return Scheme(tuple(writer.written(outline)), max(slots.values(), default=-1) + 1, cost)


@dataclass
class _Part:
    """An eliminated part of the network: its outline, its open neighbours, its units in their order, its cost."""

    outline: list[Any]
    open: frozenset[int]
    units: list[int]
    cost: float


def _outline(decomposition: Decomposition) -> tuple[list[Any], float]:
    """Units to be eliminated, ``BEGIN`` and ``JOIN``, for a stack of tables."""
    waiting: dict[int, list[_Part]] = {}
    finished: list[_Part] = []
    for unit, bag in zip(decomposition.units, decomposition.bags, strict=True):
        parts = waiting.pop(unit, [])
        part = _joined(parts, decomposition) if parts else _Part([BEGIN], frozenset(), [], 0.0)
        part.outline.append(unit)
        part.units.append(unit)
        whole = part.open | bag | {unit}
        part.cost += states_of(len(whole) - 1) * _BRANCHES
        part.open = whole - {unit}
        if part.open:
            waiting.setdefault(min(part.open, key=decomposition.place.__getitem__), []).append(part)
        else:
            finished.append(part)
    whole_part = _joined(finished, decomposition) if finished else _Part([BEGIN], frozenset(), [], 0.0)
    return whole_part.outline, whole_part.cost


def _joined(parts: list[_Part], decomposition: Decomposition) -> _Part:
    """Parts together: each of the smaller ones joined to the largest, or eliminated within its table."""
    parts.sort(key=lambda part: (len(part.open), part.cost), reverse=True)
    trunk = parts[0]
    for part in parts[1:]:
        both = trunk.open | part.open
        joining = part.cost + pairs_of(len(both), len(trunk.open & part.open))
        if len(part.units) <= _REPLAYED:
            within = 0.0
            for unit in part.units:
                bag = decomposition.bags[decomposition.place[unit]]
                within += states_of(len(trunk.open | bag)) * _BRANCHES
            if within < joining:
                trunk.outline += part.units
                trunk.units += part.units
                trunk.cost += within
                trunk.open = both
                continue
        trunk.outline += [*part.outline, JOIN]
        trunk.units += part.units
        trunk.cost += joining
        trunk.open = both
    return trunk


@dataclass
class _Table:
    """What is known of a table before any state is: open units, how many of their couplings have been made,
    how often each was taken in, and who has certainly chosen."""

    open: set[int] = field(default_factory=set)
    heard: Counter[int] = field(default_factory=Counter)
    sent: Counter[int] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)
    rooted: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def join(self, other: "_Table") -> None:
        self.open |= other.open
        self.heard += other.heard
        self.sent += other.sent
        self.taken += other.taken
        self.rooted |= other.rooted
        self.gone |= other.gone


def _slots(outline: Sequence[Any], decomposition: Decomposition) -> dict[int, int]:
    """For each unit a slot that no unit open at the same time has: the last to be left chooses first."""
    stack: list[set[int]] = []
    beside: dict[int, set[int]] = {}
    for entry in outline:
        if entry == BEGIN:
            stack.append(set())
        elif entry == JOIN:
            last = stack.pop()
            stack[-1] |= last
        else:
            stack[-1] |= decomposition.later[entry]
            stack[-1].discard(entry)
            beside[entry] = set(stack[-1])
    slots: dict[int, int] = {}
    for unit in reversed(beside):
        taken = {slots[other] for other in beside[unit]}
        slots[unit] = next(slot for slot in range(len(taken) + 1) if slot not in taken)
    return slots


def _introductions(outline: Sequence[Any], decomposition: Decomposition) -> Counter[int]:
    """How often each unit is taken in, in all tables."""
    stack: list[set[int]] = []
    counts: Counter[int] = Counter()
    for entry in outline:
        if entry == BEGIN:
            stack.append(set())
        elif entry == JOIN:
            last = stack.pop()
            stack[-1] |= last
        else:
            new = ({entry} | decomposition.later[entry]) - stack[-1]
            counts.update(new)
            stack[-1] |= new
            stack[-1].discard(entry)
    return counts


class _Writer:
    """Writes the steps of an outline."""

    def __init__(
        self,
        system: System,
        roots: Collection[int],
        decomposition: Decomposition,
        slots: Mapping[int, int],
        introductions: Mapping[int, int],
    ) -> None:
        self.weights, self.leak = system.weights, system.leak
        self.roots = set(roots)
        self.decomposition = decomposition
        self.slots = slots
        self.introductions = introductions
        self.n_sent: Counter[int] = Counter(sender for row in system.weights for sender in row)

    def written(self, outline: Sequence[Any]) -> list[Instruction]:
        stack: list[_Table] = []
        result: list[Instruction] = []
        for entry in outline:
            if entry == BEGIN:
                stack.append(_Table())
                result.append(BEGIN)
            elif entry == JOIN:
                last = stack.pop()
                stack[-1].join(last)
                result.append(JOIN)
            else:
                result += self._eliminated(stack[-1], entry)
        return result

    def _eliminated(self, table: _Table, unit: int) -> list[Step]:
        """The steps that couple a unit to all that are left later, and leave it."""
        if unit in table.gone:
            return []
        others = sorted(
            self.decomposition.later[unit], key=lambda u: (u not in table.open, self.decomposition.place[u])
        )
        groups = [others[k : k + _FUSED] for k in range(0, len(others), _FUSED)] or [[]]
        steps = []
        for group in groups:
            rows = _Rows(self.slots)
            for new in (unit, *group):
                if new not in table.open:
                    rows.add(TAKE, new, int(self.roots == {new}))
                    table.open.add(new)
                    table.taken[new] += 1
                    self._finish(rows, table, new)
                if new != unit:
                    self._couple(rows, table, unit, new)
            for other in (*group, unit):
                self._finish(rows, table, other)
            steps.append(rows.step(len(table.open)))
        return steps

    def _couple(self, rows: "_Rows", table: _Table, unit: int, other: int) -> None:
        factors = []
        for child, parent in ((other, unit), (unit, other)):
            factor = -1
            if parent in self.weights[child]:
                factor = rows.factor("weight", child, parent)
                table.heard[child] += 1
                table.sent[parent] += 1
            factors.append(factor)
        rows.add(COUPLE, unit, self.slots[other], *factors)

    def _finish(self, rows: "_Rows", table: _Table, unit: int) -> None:
        """A unit that has met all it receives from has chosen, or is a root; of one that has met all it sends
        to, and has chosen, only that matters; one that has met all is left."""
        if unit in table.gone:
            return
        is_everywhere = table.taken[unit] == self.introductions[unit]
        has_heard = table.heard[unit] == len(self.weights[unit])
        if has_heard and unit not in table.rooted and (is_everywhere or self.weights[unit]):
            table.rooted.add(unit)
            root = rows.factor("root", unit, unit) if unit in self.roots else -1
            leak = rows.factor("leak", unit, unit) if self.leak[unit] else -1
            rows.add(ROOT, unit, root, leak)
        if is_everywhere and table.sent[unit] == self.n_sent[unit]:
            rows.add(LEAVE if unit in table.rooted else SETTLE, unit, rows.factor("fired", unit, unit))
            if unit in table.rooted:
                table.open.discard(unit)
                table.gone.add(unit)


class _Rows:
    """The rows of a step as they are written."""

    def __init__(self, slots: Mapping[int, int]) -> None:
        self.slots = slots
        self.rows: tuple[list[int], ...] = ([], [], [], [], [])
        self.factors: list[Factor] = []
        self.room = 1

    def factor(self, kind: str, i: int, j: int) -> int:
        self.factors.append(Factor(kind, i, j))
        return len(self.factors) - 1

    def add(self, kind: int, unit: int, first: int = -1, second: int = -1, third: int = -1) -> None:
        for column, entry in zip(self.rows, (kind, self.slots[unit], first, second, third), strict=True):
            column.append(entry)
        if kind in (TAKE, COUPLE):
            self.room *= 2 if kind == TAKE else 3

    def step(self, n_open: int) -> Step:
        return Step(self.rows, tuple(self.factors), n_open, self.room)
