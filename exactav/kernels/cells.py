"""The forests of a strip, read cell by cell: the states of an automaton and its steps.

A strip repeats a cell along a line or a ring. Every unit fires (side A) or not (side C), and chooses one
parent on its own side: another unit, or to be the root of A, which one unit does, or, in C, the leak; no
cycles (as in :mod:`.forests`). Units choose within ``reach`` cells, so what matters of the cells read so far
is a *state*: whether A has its root, and for each unit of the last ``reach`` cells its side and the root of
its tree, if that has not chosen yet (it is one of these units, as nobody else can still choose). A ring keeps
its first ``reach`` cells as well, and is closed at the end. The sum over all forests is the sum over paths of
states of the products of what their steps weigh (derivation 19).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from exactav.errors import TooCostlyError
from exactav.numbers.domains import Domain, Element

_MOST_CHOICES = 500_000  # partial ones, a few seconds

_ROOTED = -1  # the root of a tree that has chosen the leak, or to be the root of A
_Entry = tuple[bool, int]  # side (True: fires), place of the root of its tree, or _ROOTED


@dataclass(frozen=True)
class Cell:
    """A cell, its numbers in a ring.

    Attributes:
        n_units: of one cell.
        weights: (receiver, sender, step) -> weight; the sender is ``step`` cells further on.
        leak: of each unit, all neighbours there.
        roots: weight of each unit as a start.
        closed: whether the last cell is followed by the first.
    """

    ring: Domain
    n_units: int
    weights: Mapping[tuple[int, int, int], Element]
    leak: tuple[Element, ...]
    roots: tuple[Element, ...]
    closed: bool

    @property
    def reach(self) -> int:
        """Over how many cells a weight reaches, at least 1."""
        return max([1, *(abs(step) for _, _, step in self.weights)])

    @property
    def smallest(self) -> int:
        """The number of cells from which on the automaton counts."""
        return 2 * self.reach if self.closed else 1


class State(NamedTuple):
    """What matters of the cells read so far.

    Attributes:
        has_root: whether A has its root.
        n_first: units that are kept of the first cells of a ring.
        entries: of these, then of the last cells; places count them.
    """

    has_root: bool
    n_first: int
    entries: tuple[_Entry, ...]


class Reader:
    """Reads cells."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.m, self.reach, self.zero = cell.n_units, cell.reach, cell.ring.zero
        self.n_choices = 0
        self.weights = {
            key: weight for key, weight in cell.weights.items() if weight and (key[2] or key[0] != key[1])
        }

    def steps(self, state: State) -> Iterator[tuple[State, int, Element]]:
        """(state after one more cell, how many of its units fire, weight), several times each."""
        m = self.m
        old = len(state.entries)
        for mask in range(1 << m):
            sides = [bool(mask >> unit & 1) for unit in range(m)]
            entries = (*state.entries, *((side, old + unit) for unit, side in enumerate(sides)))
            begun = [(state._replace(entries=entries), self.cell.ring.one)]
            for place in range(old + m):
                if entries[place][1] == place:
                    options = self._options(place, old, state.n_first)
                    begun = [
                        chosen
                        for partial, weight in begun
                        for chosen in self._chosen(partial, weight, place, options, place >= old)
                    ]
                    self.n_choices += len(begun)
                    if self.n_choices > _MOST_CHOICES:
                        raise TooCostlyError(
                            f"a strip that can be read in more than {_MOST_CHOICES} ways: give it fewer units"
                            " in a cell, fewer weights, or a shorter reach"
                        )
            for partial, weight in begun:
                moved = self._moved(partial)
                if moved is not None:
                    yield moved, sum(sides), weight

    def _options(self, place: int, old: int, n_first: int) -> tuple[list[tuple[int, Element]], Element]:
        """(parents that come into reach with the new cell and what they weigh; what the leak weighs)."""
        m, size = self.m, old + self.m
        unit = place % m
        is_new = place >= old
        n_cells = size // m
        options = []
        if is_new:
            for (receiver, sender, step), weight in self.weights.items():
                if receiver == unit and step <= 0:
                    at = size - m + step * m + sender
                    if at >= 0:
                        options.append((at, weight))
        else:
            distance = n_cells - 1 - place // m
            if self._is_near(place, n_first, size):
                options = [
                    (size - m + sender, weight)
                    for (receiver, sender, step), weight in self.weights.items()
                    if receiver == unit and step == distance
                ]
        leak = self.zero
        if is_new:
            leak = self.cell.leak[unit]
            if not self.cell.closed:
                for (receiver, _, step), weight in self.weights.items():
                    if receiver == unit and step < 0 and n_cells + step < 1:
                        leak += weight
        return options, leak

    def _is_near(self, place: int, n_first: int, size: int) -> bool:
        """Whether the new cell may be within reach: not of first cells, once others have been forgotten."""
        return place >= n_first or n_first + self.reach * self.m >= size  # nothing has been forgotten yet

    def _chosen(
        self,
        state: State,
        weight: Element,
        place: int,
        options: tuple[list[tuple[int, Element]], Element],
        is_new: bool,
    ) -> Iterator[tuple[State, Element]]:
        """What becomes of a state when the unit at a place chooses, or waits."""
        yield state, weight
        parents, leak = options
        side = state.entries[place][0]
        for parent, factor in parents:
            other, root = state.entries[parent]
            if other == side and root != place:
                yield _joined(state, place, root), weight * factor
        if is_new:
            may_begin = not state.has_root and (place < self.m or not self.cell.closed)
            if side and may_begin and (root_weight := self.cell.roots[place % self.m]):
                yield _joined(state, place, _ROOTED)._replace(has_root=True), weight * root_weight
            if not side and leak:
                yield _joined(state, place, _ROOTED), weight * leak

    def _moved(self, state: State) -> State | None:
        """The state with what is out of reach forgotten; None if a unit there has not chosen."""
        m, kept = self.m, self.reach * self.m
        entries, n_first = state.entries, state.n_first
        if self.cell.closed and n_first < kept:
            return State(state.has_root, len(entries), entries)
        if len(entries) - n_first <= kept:
            return state
        gone = range(n_first, n_first + m)
        if any(entries[place][1] == place for place in gone):
            return None
        moved = [
            (side, root if root < n_first else root - m)
            for place, (side, root) in enumerate(entries)
            if place not in gone
        ]
        return State(state.has_root, n_first, tuple(moved))

    def end(self, state: State) -> Element:
        """The sum of what the units that have not chosen may choose at the end."""
        if not state.has_root or (self.cell.closed and len(state.entries) < 2 * self.reach * self.m):
            return self.zero
        found = [(state, self.cell.ring.one)]
        for place, (side, root) in enumerate(state.entries):
            if root == place:
                found = [
                    chosen for partial, weight in found for chosen in self._last(partial, weight, place, side)
                ]
        return sum((weight for _, weight in found), self.zero)

    def _last(self, state: State, weight: Element, place: int, side: bool) -> Iterator[tuple[State, Element]]:
        m, size = self.m, len(state.entries)
        n_cells = size // m
        cell, unit = divmod(place, m)
        for (receiver, sender, step), factor in self.weights.items():
            if receiver != unit:
                continue
            if not self.cell.closed:
                if not side and cell + step >= n_cells:
                    yield _joined(state, place, _ROOTED), weight * factor
                continue
            is_first = place < state.n_first
            target = cell + step
            if (is_first and target < 0) or (not is_first and target >= n_cells):
                parent = target % n_cells * m + sender
                other, root = state.entries[parent]
                if other == side and root != place:
                    yield _joined(state, place, root), weight * factor


def _joined(state: State, place: int, root: int) -> State:
    """The state once the tree whose root is at a place hangs below another root."""
    entries = tuple((side, root if own == place else own) for side, own in state.entries)
    return State(state.has_root, state.n_first, entries)
