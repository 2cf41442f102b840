"""How a sweep proceeds: which units are taken in, coupled and left, in which tables; which tables are joined.

Units are eliminated in some order (:mod:`exactav.kernels.decompositions`). What is left of the part of the
network that has been eliminated is a table over its open neighbours. To eliminate a unit, tables that hold
it are joined, all its neighbours are taken in, it chooses or is chosen along each weight, and it is left. A
small part is not made into a table of its own, to be joined to a large one, but eliminated within the large
one where that is less work. A sweep along a path is the case without joins.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from exactav.engines.sweep.couplings import Couplings
from exactav.engines.sweep.modules import Module
from exactav.engines.sweep.outline import (
    BEGIN,
    FUSED,
    JOIN,
    Part,
    in_turn,
    introductions,
    module_of,
    outlined,
    slots_of,
)
from exactav.kernels.decompositions import Decomposition
from exactav.kernels.forests import COUPLE, LEAVE, ROOT, SETTLE, TAKE

_FACTORS = 12
"""Factors of a step from which on a unit that has met all is left in the next one: masks are tabulated."""


class Factor(NamedTuple):
    """A number that a step may multiply with: weight (i, j), leak or start weight of i, or z for firing."""

    kind: str
    i: int
    j: int


@dataclass(frozen=True)
class Step:
    """What is done to all states of a table in one go.

    Attributes:
        rows: the five sequences of :func:`exactav.kernels.forests.expanded`.
        factors: what its masks stand for.
        room: states that one may become, at most.
    """

    rows: tuple[tuple[int, ...], ...]
    factors: tuple[Factor, ...]
    room: int

    def taken(self, mask: int) -> tuple[Factor, ...]:
        """The factors that a mask stands for."""
        return tuple(factor for k, factor in enumerate(self.factors) if mask >> k & 1)


@dataclass(frozen=True)
class Join:
    """The last two tables are joined; ``step``, done to each pair of states, makes one or none of it."""

    step: Step


@dataclass(frozen=True)
class Given:
    """A new table: that of the module with this number."""

    module: int


Instruction = Step | Join | Given | None
"""A step of the last table, the last two joined, or a new one: of a module, or (None) of the empty state."""


@dataclass(frozen=True)
class Scheme:
    """A program for a stack of tables.

    Attributes:
        instructions: in their order; at the end there is one table, in which no unit is open.
        n_slots: of its states.
        cost: transitions from state to state, about.
        most: states of a table, about.
        counted: states of modules, added up over their count vectors.
        modules: parts whose units are counted; ``borders`` holds the units of their borders with their slots.
    """

    instructions: tuple[Instruction, ...]
    n_slots: int
    cost: float
    most: float
    counted: float = 0.0
    modules: tuple[Module, ...] = ()
    borders: tuple[tuple[tuple[int, int], ...], ...] = ()


def scheme_of(couplings: Couplings, decomposition: Decomposition, whole: Part | None = None) -> Scheme:
    """The scheme of a sweep along a decomposition, whose outline may be known."""
    whole = whole or outlined(couplings, decomposition)
    slots = slots_of(whole.outline, couplings, decomposition)
    counts = introductions(whole.outline, couplings, decomposition)
    instructions = _Writer(couplings, decomposition, slots, counts).written(whole.outline)
    n_slots = max(slots.values(), default=-1) + 1
    borders = tuple(tuple((unit, slots[unit]) for unit in module.border) for module in couplings.modules)
    return Scheme(
        tuple(instructions), n_slots, whole.cost, whole.most, whole.counted, couplings.modules, borders
    )


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


class _Writer:
    """Writes the steps of an outline."""

    def __init__(
        self,
        couplings: Couplings,
        decomposition: Decomposition,
        slots: Mapping[int, int],
        introductions: Mapping[int, int],
    ) -> None:
        self.couplings = couplings
        self.weights, self.leak, self.roots = couplings.weights, couplings.system.leak, couplings.roots
        self.decomposition = decomposition
        self.slots = slots
        self.introductions = introductions
        self.n_heard, self.n_sent = couplings.n_heard, couplings.n_sent

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
                result += self._met(stack[-1], sorted(last.open))
            elif (number := module_of(entry)) is not None:
                stack.append(self._of_module(number))
                result.append(Given(number))
            else:
                result += self._eliminated(stack[-1], entry)
        return result

    def _met(self, table: _Table, units: Sequence[int]) -> list[Instruction]:
        """The last two tables joined, and what has met all in them, of these units, left: few in one step."""
        rows = _Rows(self.slots)
        made = [rows]
        for unit in units:
            if len(rows.factors) > _FACTORS:
                rows = _Rows(self.slots)
                made.append(rows)
            self._finish(rows, table, unit)
        first, *others = (rows.step() for rows in made)
        return [Join(first), *others]

    def _of_module(self, number: int) -> _Table:
        met = self.couplings.met(number)
        heard = Counter({unit: heard for unit, (heard, _) in met.items()})
        sent = Counter({unit: sent for unit, (_, sent) in met.items()})
        return _Table(set(met), heard, sent, Counter(list(met)))

    def _eliminated(self, table: _Table, unit: int) -> list[Step]:
        """The steps that couple a unit to all that are left later, and leave it."""
        if unit in table.gone:
            return []
        others = in_turn(unit, table.open, self.decomposition)
        groups = [others[k : k + FUSED] for k in range(0, len(others), FUSED)] or [[]]
        steps = []
        for group in groups:
            rows = _Rows(self.slots)
            for new in (unit, *group):
                if new not in table.open:
                    rows.add(TAKE, new, int(self.couplings.fires_for_certain(new)))
                    table.open.add(new)
                    table.taken[new] += 1
                    self._finish(rows, table, new)
                if new != unit:
                    self._couple(rows, table, unit, new)
            for other in (*group, unit):
                self._finish(rows, table, other)
            steps.append(rows.step())
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
        has_heard = table.heard[unit] == self.n_heard[unit]
        if has_heard and unit not in table.rooted and (is_everywhere or self.n_heard[unit]):
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

    def step(self) -> Step:
        return Step(tuple(map(tuple, self.rows)), tuple(self.factors), self.room)
