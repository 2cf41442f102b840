"""The outline of a sweep: which units are eliminated in which tables, which are joined, at what cost."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from exactav.engines.sweep.couplings import Couplings
from exactav.kernels.decompositions import (
    Decomposition,
    Kinds,
    hit_of,
    pairs_of,
    shares_of_roots,
    states_of,
)

_REPLAYED = 8
"""Units of a part that may be eliminated within another table."""

FUSED = 3
"""Neighbours that a unit is coupled to in one step: each makes up to six states of one."""

BEGIN, JOIN = "begin", "join"
"""Entries of an outline: a new table, the last two joined; others are units, and numbers of modules."""


def number_of(module: int) -> int:
    """The entry of a module."""
    return -1 - module


def module_of(entry: int) -> int | None:
    """Which module an entry is; None if it is a unit."""
    return -1 - entry if entry < 0 else None


@dataclass
class Part:
    """An eliminated part of the network.

    Attributes:
        outline: units to be eliminated, ``BEGIN`` and ``JOIN``, for a stack of tables.
        units: in the order in which they are eliminated.
        open: for each open neighbour how many units it has met that it receives from, and that it sends to.
        cost: transitions, about.
        kinds: how many open units there are of each kind.
        n_states: states at the end, about; ``most`` at any time.
        n_slots: units that are open at any time, at most.
        counted: states of modules, added up over all their count vectors.
    """

    outline: list[Any] = field(default_factory=lambda: [BEGIN])
    units: list[int] = field(default_factory=list)
    open: dict[int, tuple[int, int]] = field(default_factory=dict)
    cost: float = 0.0
    kinds: Kinds = field(default_factory=Kinds)
    n_states: float = 1.0
    most: float = 1.0
    n_slots: int = 0
    counted: float = 0.0


class _Outliner:
    """Puts parts together, and estimates what that takes."""

    def __init__(self, couplings: Couplings, decomposition: Decomposition) -> None:
        self.weights = couplings.weights
        self.couplings = couplings
        self.decomposition = decomposition
        self.n_heard, self.n_sent = couplings.n_heard, couplings.n_sent

    def module(self, number: int) -> Part:
        """A module as a part of its own."""
        part = Part([number_of(number)], [], self.couplings.met(number))
        self._count(part)
        part.most = part.n_states
        part.counted = self.couplings.modules[number].n_vectors * part.n_states
        return part

    def eliminate(self, part: Part, unit: int) -> None:
        """A unit chooses, or is chosen by, all its neighbours that are left later, and is left."""
        others = in_turn(unit, part.open, self.decomposition)
        part.outline.append(unit)
        part.units.append(unit)
        if unit not in part.open and not others and self.n_heard[unit] + self.n_sent[unit]:
            return  # it has been left before
        for first in range(0, max(len(others), 1), FUSED):
            group = others[first : first + FUSED]
            transitions = part.n_states * self._branches(part, unit, group)
            self._meet(part, unit, group)
            if first + FUSED >= len(others):
                part.open.pop(unit, None)
            self._count(part)
            part.cost += transitions
            part.n_states = hit_of(part.n_states, transitions)
            part.most = max(part.most, part.n_states)

    def _branches(self, part: Part, unit: int, group: Sequence[int]) -> float:
        """How many states follow from one, on average, when a unit is coupled to some others in one step.

        Units are on the same side in half of the states; those that have come before are roots, and may
        choose somebody, in the share that they have in all states. One that comes is, and is on either side.
        """
        counts, weights = part.open, self.weights
        shares = shares_of_roots(part.kinds)
        is_root = shares[self._kind(unit, *counts[unit])] if unit in counts else 1.0
        branches = 1.0 if unit in counts or self.couplings.fires_for_certain(unit) else 2.0
        parents = 0.0  # that the unit may choose
        for other in group:
            chooses = unit in weights[other]
            if other in counts:
                branches *= 1 + chooses * shares[self._kind(other, *counts[other])] / 2
                parents += (other in weights[unit]) / 2
            else:
                branches *= 2 + chooses
                parents += (other in weights[unit]) / (2 + chooses)
        return branches * (1 + is_root * parents)

    def _meet(self, part: Part, unit: int, group: Sequence[int]) -> None:
        """Count what a unit and some others have met once they are coupled."""
        counts, weights = part.open, self.weights
        heard, sent = counts.get(unit, (0, 0))
        for other in group:
            hears, sends = other in weights[unit], unit in weights[other]
            heard, sent = heard + hears, sent + sends
            other_heard, other_sent = counts.get(other, (0, 0))
            counts[other] = other_heard + sends, other_sent + hears
        counts[unit] = heard, sent

    def join(self, trunk: Part, part: Part) -> None:
        """The part is joined to the trunk, or eliminated within its table."""
        n_both = len(trunk.open.keys() & part.open.keys())
        n_trunk, cost = trunk.n_states, trunk.cost
        within = None
        if not part.counted and len(part.units) <= _REPLAYED:
            within = replace(trunk, outline=[], units=[], open=dict(trunk.open))
            for unit in part.units:
                self.eliminate(within, unit)
        for unit, counts in part.open.items():
            before = trunk.open.get(unit, (0, 0))
            trunk.open[unit] = before[0] + counts[0], before[1] + counts[1]
        n_joined = self._count(trunk)
        pairs = pairs_of(n_trunk, part.n_states, n_joined, n_both)
        trunk.n_states = min(trunk.n_states, pairs)
        trunk.most = max(trunk.most, trunk.n_states)
        joining = part.cost + pairs
        if within is not None and within.cost - cost < joining:
            trunk.outline += part.units
            trunk.n_states, trunk.cost = within.n_states, within.cost
            trunk.most, trunk.n_slots = within.most, within.n_slots
        else:
            trunk.outline += [*part.outline, JOIN]
            trunk.cost += joining
            trunk.most = max(trunk.most, part.most)
            trunk.n_slots = max(trunk.n_slots, part.n_slots)
        trunk.units += part.units
        trunk.counted += part.counted

    def _kind(self, unit: int, heard: int, sent: int) -> int:
        """Which of the kinds an open unit is, by what it has met."""
        if heard == self.n_heard[unit]:
            return 5
        if heard == 0:
            return 3 if sent else 4
        if sent == self.n_sent[unit]:
            return 2
        return 0 if sent else 1

    def _count(self, part: Part) -> float:
        """The kinds of the open units, and how many states they have at most; who has met all is left.

        Returns:
            How many states there were before.
        """
        kinds, n_left = [0] * 6, 0
        for unit, (heard, sent) in list(part.open.items()):
            kind = self._kind(unit, heard, sent)
            if kind == 5 and sent == self.n_sent[unit]:
                del part.open[unit]
                n_left += 1
            else:
                kinds[kind] += 1
        part.kinds = Kinds(*kinds)
        part.n_states = states_of(part.kinds)
        part.n_slots = max(part.n_slots, len(part.open) + 1)
        kinds[2] += n_left
        return states_of(Kinds(*kinds)) if n_left else part.n_states


def outlined(couplings: Couplings, decomposition: Decomposition) -> Part:
    """The whole network as one part."""
    outliner = _Outliner(couplings, decomposition)
    place = decomposition.place
    waiting: dict[int, list[Part]] = {}
    finished: list[Part] = []
    for number, module in enumerate(couplings.modules):
        waiting.setdefault(min(module.border, key=place.__getitem__), []).append(outliner.module(number))

    def together(parts: list[Part]) -> Part:
        parts.sort(key=lambda part: (part.n_states, part.cost), reverse=True)
        for part in parts[1:]:
            outliner.join(parts[0], part)
        return parts[0]

    for unit, bag in zip(decomposition.units, decomposition.bags, strict=True):
        part = together(waiting.pop(unit, []) or [Part()])
        outliner.eliminate(part, unit)
        if bag:
            waiting.setdefault(min(bag, key=place.__getitem__), []).append(part)
        else:
            finished.append(part)
    return together(finished or [Part()])


def in_turn(unit: int, present: Container[int], decomposition: Decomposition) -> list[int]:
    """The later neighbours of a unit in the order in which it meets them: first those that are open."""
    place = decomposition.place
    return sorted(decomposition.later[unit], key=lambda other: (other not in present, place[other]))


def slots_of(outline: Sequence[Any], couplings: Couplings, decomposition: Decomposition) -> dict[int, int]:
    """For each unit a slot that no unit open at the same time has: the last to be left chooses first."""
    beside: dict[int, set[int]] = {}

    def left(unit: int, _: set[int], others: set[int]) -> None:
        beside[unit] = others

    _walked(outline, couplings, decomposition, left)
    slots: dict[int, int] = {}
    for unit in reversed(beside):
        taken = {slots[other] for other in beside[unit]}
        slots[unit] = next(slot for slot in range(len(taken) + 1) if slot not in taken)
    return slots


def introductions(outline: Sequence[Any], couplings: Couplings, decomposition: Decomposition) -> Counter[int]:
    """How often each unit is taken in, in all tables."""
    counts: Counter[int] = Counter()
    for module in couplings.modules:
        counts.update(module.border)
    _walked(outline, couplings, decomposition, lambda unit, new, others: counts.update(new))
    return counts


def _walked(
    outline: Sequence[Any],
    couplings: Couplings,
    decomposition: Decomposition,
    left: Callable[[int, set[int], set[int]], object],
) -> None:
    """Tells for each unit that is left which were taken in before, and which stay open."""
    stack: list[set[int]] = []
    for entry in outline:
        if entry == BEGIN:
            stack.append(set())
        elif entry == JOIN:
            last = stack.pop()
            stack[-1] |= last
        elif (number := module_of(entry)) is not None:
            stack.append(set(couplings.modules[number].border))
        else:
            new = ({entry} | decomposition.later[entry]) - stack[-1]
            stack[-1] |= new
            stack[-1].discard(entry)
            left(entry, new, set(stack[-1]))
