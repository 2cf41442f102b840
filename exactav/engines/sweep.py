"""Sweep over the units along an order in which few of them are open at a time.

Every unit fires (side A) or not (side C), and chooses one parent on its own side: another unit, or to be the
root of A, which one unit does, or, in C, the leak; no cycles. The sum of the products of all weights is the
sum over assemblies of tree weight times forest weight (derivations 02 and 04).

Units are taken in one by one. A unit is *open* from when it comes until all units it is coupled to have come;
only open units need to be remembered: for each its side and the root of its block, if that has not chosen a
parent yet, and otherwise that it has. A unit that has met all it receives from must have chosen; of one that
has met all it sends to, and has chosen, only the side matters. Blocks of C that are rooted in the leak are
all alike. Of A there is at most one rooted block, and when it is left behind, no unit of A may follow. A
state's value is a polynomial in one variable per group of units. Weights are only added and multiplied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic

from exactav.engines.values import State, Value, Values
from exactav.kernels.orders import Order, neighbours_of
from exactav.network.system import System
from exactav.numbers.domains import Element

NoteStep = Callable[[int, int], object]
_ROOTED_A, _ROOTED_C = -3, -2  # blocks whose root has been chosen; odd is side A; hash(-1) is hash(-2)
_UNHEARD_A, _UNHEARD_C = -5, -4  # units that nobody can choose any more and that have chosen


@dataclass(frozen=True)
class Sweep(Generic[Value]):
    """The sweep of one network along one order, with values of one kind."""

    system: System
    roots: Mapping[int, Element]
    order: Order
    values: Values[Value]
    after_unit: Callable[[dict[State, Value]], dict[State, Value]] = lambda states: states
    note_step: NoteStep = lambda n_states, n_come: None  # how many states there are, how many units have come

    def run(self) -> Value | None:
        """The polynomial of all assemblies; None if it is zero."""
        states: dict[State, Value] = {(0,): self.values.one()}
        open_units: list[int] = []
        unheard: set[int] = set()
        neighbours = neighbours_of(self.system.weights)
        chosen, named = self._events()
        for place, (unit, completed) in enumerate(zip(self.order.units, self.order.completed, strict=True)):
            states = self._taken_in(states, unit)
            self.note_step(len(states), place)
            open_units.append(unit)
            for slot, other in enumerate(open_units[:-1]):
                if other in neighbours[unit]:
                    states = self._coupled(states, slot, len(open_units) - 1, other, unit, unheard)
                    self.note_step(len(states), place)
            for done in chosen[unit]:
                self.note_step(len(states), place)
                states = self._rooted(states, open_units.index(done), done)
            for done in completed:
                states = self._left_behind(states, open_units.index(done))
                open_units.remove(done)
                unheard.discard(done)
            for done in named[unit]:
                if done in open_units:
                    states = self._unheard(states, open_units.index(done), done)
                    unheard.add(done)
            states = self.after_unit(states)
        return states.get((1,))

    def _events(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """By unit that comes: who has heard all it receives from then, who is heard by all it sends to."""
        place = {unit: t for t, unit in enumerate(self.order.units)}
        hears = {unit: place[unit] for unit in place}
        heard = dict(hears)
        for receiver, row in enumerate(self.system.weights):
            for sender in row:
                hears[receiver] = max(hears[receiver], place[sender])
                heard[sender] = max(heard[sender], place[receiver])
        chosen: dict[int, list[int]] = {unit: [] for unit in place}
        named: dict[int, list[int]] = {unit: [] for unit in place}
        for unit in place:
            chosen[self.order.units[hears[unit]]].append(unit)
            named[self.order.units[heard[unit]]].append(unit)
        return chosen, named

    def _put(self, states: dict[State, Value], state: State, value: Value) -> None:
        states[state] = self.values.added(states[state], value) if state in states else value

    def _taken_in(self, states: Mapping[State, Value], unit: int) -> dict[State, Value]:
        """The unit on either side, a block of its own that has not chosen a parent."""
        result: dict[State, Value] = {}
        for state, value in states.items():
            *labels, complete = state
            result[(*labels, 2 * unit, complete)] = value
            if not complete:
                result[(*labels, 2 * unit + 1, complete)] = self.values.fired(value, unit)
        return result

    def _coupled(
        self,
        states: Mapping[State, Value],
        slot: int,
        other_slot: int,
        unit: int,
        other: int,
        unheard: set[int],
    ) -> dict[State, Value]:
        """Either unit may choose the other as its parent, if it has none and that makes no cycle."""
        result = dict(states)
        ways = []
        if other in self.system.weights[unit]:
            ways.append((slot, other_slot, unit, other))
        if unit in self.system.weights[other]:
            ways.append((other_slot, slot, other, unit))
        scaled, put = self.values.scaled, self._put
        for child_slot, parent_slot, child, parent in ways:
            own = 2 * child
            forget = child in unheard
            for state, value in states.items():
                label, joined = state[child_slot], state[parent_slot]
                # the child has no parent, both are on one side, and the parent is not below the child
                if label >> 1 == child and label >= own and not (label ^ joined) & 1 and label != joined:
                    merged = [joined if other_label == label else other_label for other_label in state]
                    merged[-1] = state[-1]
                    if forget:
                        merged[child_slot] = _UNHEARD_A if label & 1 else _UNHEARD_C
                    put(result, tuple(merged), scaled(value, "weight", child, parent))
        return result

    def _rooted(self, states: Mapping[State, Value], slot: int, unit: int) -> dict[State, Value]:
        """The unit has met all it receives from: without a parent it is a root."""
        result: dict[State, Value] = {}
        root, leak = self.roots.get(unit), self.system.leak[unit]
        for state, value in states.items():
            label = state[slot]
            if label == 2 * unit:
                if leak:
                    changed = tuple(_ROOTED_C if other == label else other for other in state[:-1])
                    self._put(result, (*changed, state[-1]), self.values.scaled(value, "leak", unit, unit))
            elif label == 2 * unit + 1:
                if root and _ROOTED_A not in state[:-1]:
                    changed = tuple(_ROOTED_A if other == label else other for other in state[:-1])
                    self._put(result, (*changed, state[-1]), self.values.scaled(value, "root", unit, unit))
            else:
                self._put(result, state, value)
        return result

    def _left_behind(self, states: Mapping[State, Value], slot: int) -> dict[State, Value]:
        """A unit that has met all its neighbours is forgotten."""
        result: dict[State, Value] = {}
        for state, value in states.items():
            kept = self._completed(state[slot], (*state[:slot], *state[slot + 1 :]))
            if kept is not None:
                self._put(result, kept, value)
        return result

    def _unheard(self, states: Mapping[State, Value], slot: int, unit: int) -> dict[State, Value]:
        """No unit to come can choose this one: unless it has yet to choose, only its side matters."""
        result: dict[State, Value] = {}
        for state, value in states.items():
            label = state[slot]
            kept: State | None = state
            if label >> 1 != unit or label < 0:
                blurred = _UNHEARD_A if label & 1 else _UNHEARD_C
                kept = self._completed(label, (*state[:slot], blurred, *state[slot + 1 :]))
            if kept is not None:
                self._put(result, kept, value)
        return result

    @staticmethod
    def _completed(label: int, state: State) -> State | None:
        """The state after one unit with this label has gone, A complete if that was the last of its tree.

        None if A has other blocks, which nothing can join to that tree any more.
        """
        labels = state[:-1]
        if label != _ROOTED_A or _ROOTED_A in labels:
            return state
        if any(other & 1 and other >= 0 for other in labels):
            return None
        return (*labels, 1)
