"""How a sweep proceeds: which units are taken in, coupled and left, in which tables, and which tables are joined.

Units are eliminated in some order (:mod:`exactav.kernels.decompositions`). What is left of the part of the network
that has been eliminated is a table over its open neighbours. To eliminate a unit, the tables that hold it are
joined, all its neighbours are taken in, it chooses or is chosen along each weight, and it is left. A small part
is not made into a table of its own, to be joined to a large one, but eliminated within the large one where that
is less work. A sweep along a path is the case without joins.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from exactav.kernels.decompositions import Decomposition, Kinds, pairs_of, states_of
from exactav.kernels.forests import COUPLE, LEAVE, ROOT, SETTLE, TAKE
from exactav.network.system import System

_FUSED = 3
"""Neighbours that are coupled in one step: each makes up to six states of one."""

_REPLAYED = 8
"""Units of a part that may be eliminated within another table."""

_BRANCHES = 3
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

    rows: tuple[tuple[int, ...], ...]
    factors: tuple[Factor, ...]
    n_open: int
    room: int

    def taken(self, mask: int) -> tuple[Factor, ...]:
        """The factors that a mask stands for."""
        return tuple(factor for k, factor in enumerate(self.factors) if mask >> k & 1)


@dataclass(frozen=True)
class Join:
    """The last two tables are joined; ``step`` is done to each pair of states, and makes one or none of it."""

    step: Step


BEGIN, JOIN = "begin", "join"
Instruction = Step | Join | None
"""A step of the last table, the last two tables joined, or (None) a new table with the empty state."""


@dataclass(frozen=True)
class Scheme:
    """A program for a stack of tables.

    Attributes:
        instructions: in their order; at the end there is one table, in which no unit is open.
        n_slots: of its states.
        cost: transitions from state to state, about.
        most: states of a table, about.
    """

    instructions: tuple[Instruction, ...]
    n_slots: int
    cost: float
    most: float


def scheme_of(system: System, roots: Collection[int], decomposition: Decomposition) -> Scheme:
    """The scheme of a sweep for these starts along a decomposition."""
    whole = _outline(system, decomposition)
    slots = _slots(whole.outline, decomposition)
    writer = _Writer(system, roots, decomposition, slots, _introductions(whole.outline, decomposition))
    n_slots = max(slots.values(), default=-1) + 1
    return Scheme(tuple(writer.written(whole.outline)), n_slots, whole.cost, whole.most)


def cost_of(system: System, decomposition: Decomposition) -> float:
    """The cost of the scheme along a decomposition."""
    return _outline(system, decomposition).cost


@dataclass
class _Part:
    """An eliminated part of the network.

    Attributes:
        outline: units to be eliminated, ``BEGIN`` and ``JOIN``, for a stack of tables.
        units: in the order in which they are eliminated.
        open: for each open neighbour how many units it has met that it receives from, and that it sends to.
        cost: transitions, about.
        n_states: states at the end, about; ``most`` at any time.
    """

    outline: list[Any] = field(default_factory=lambda: [BEGIN])
    units: list[int] = field(default_factory=list)
    open: dict[int, tuple[int, int]] = field(default_factory=dict)
    cost: float = 0.0
    n_states: float = 1.0
    most: float = 1.0


class _Outliner:
    """Puts parts together, and estimates what that takes."""

    def __init__(self, system: System, decomposition: Decomposition) -> None:
        self.weights = system.weights
        self.decomposition = decomposition
        self.n_sent: Counter[int] = Counter(sender for row in system.weights for sender in row)

    def eliminate(self, part: _Part, unit: int) -> None:
        """A unit chooses, or is chosen by, all its neighbours that are left later, and is left."""
        counts = part.open
        heard, sent = counts.pop(unit, (0, 0))
        weights = self.weights
        for other in self.decomposition.later[unit]:
            other_heard, other_sent = counts.get(other, (0, 0))
            counts[other] = other_heard + (unit in weights[other]), other_sent + (other in weights[unit])
        part.outline.append(unit)
        part.units.append(unit)
        self._count(part)
        part.cost += part.n_states * _BRANCHES

    def join(self, trunk: _Part, part: _Part) -> None:
        """The part is joined to the trunk, or eliminated within its table."""
        n_both = len(trunk.open.keys() & part.open.keys())
        n_trunk, cost = trunk.n_states, trunk.cost
        within = None
        if len(part.units) <= _REPLAYED:
            within = replace(trunk, outline=[], units=[], open=dict(trunk.open))
            for unit in part.units:
                self.eliminate(within, unit)
        for unit, (heard, sent) in part.open.items():
            before = trunk.open.get(unit, (0, 0))
            trunk.open[unit] = before[0] + heard, before[1] + sent
        self._count(trunk)
        joining = part.cost + pairs_of(n_trunk, part.n_states, trunk.n_states, n_both)
        if within is not None and within.cost - cost < joining:
            trunk.outline += part.units
            trunk.cost, trunk.most = within.cost, within.most
        else:
            trunk.outline += [*part.outline, JOIN]
            trunk.cost += joining
            trunk.most = max(trunk.most, part.most)
        trunk.units += part.units

    def _count(self, part: _Part) -> None:
        """The kinds of the open units, and how many states they have; who has met all is left."""
        kinds = [0] * 6
        for unit, (heard, sent) in list(part.open.items()):
            n_heard, n_sent = len(self.weights[unit]), self.n_sent[unit]
            if heard == n_heard:
                if sent == n_sent:
                    del part.open[unit]
                else:
                    kinds[5] += 1
            elif heard == 0:
                kinds[3 if sent else 4] += 1
            elif sent == n_sent:
                kinds[2] += 1
            else:
                kinds[0 if sent else 1] += 1
        part.n_states = states_of(Kinds(*kinds))
        part.most = max(part.most, part.n_states)


def _outline(system: System, decomposition: Decomposition) -> _Part:
    """The whole network as one part."""
    outliner = _Outliner(system, decomposition)
    place = decomposition.place
    waiting: dict[int, list[_Part]] = {}
    finished: list[_Part] = []

    def together(parts: list[_Part]) -> _Part:
        parts.sort(key=lambda part: (part.n_states, part.cost), reverse=True)
        for part in parts[1:]:
            outliner.join(parts[0], part)
        return parts[0]

    for unit, bag in zip(decomposition.units, decomposition.bags, strict=True):
        part = together(waiting.pop(unit, []) or [_Part()])
        outliner.eliminate(part, unit)
        if bag:
            waiting.setdefault(min(bag, key=place.__getitem__), []).append(part)
        else:
            finished.append(part)
    return together(finished or [_Part()])


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
                result.append(None)
            elif entry == JOIN:
                last = stack.pop()
                stack[-1].join(last)
                rows = _Rows(self.slots)
                for unit in sorted(last.open):
                    self._finish(rows, stack[-1], unit)
                result.append(Join(rows.step(len(stack[-1].open))))
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
        return Step(tuple(map(tuple, self.rows)), tuple(self.factors), n_open, self.room)
