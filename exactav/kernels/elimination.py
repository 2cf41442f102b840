"""Which entries of a sparse matrix are eliminated together: independent rows of least degree in rounds.

In each round rows of the least number of neighbours (minimum degree) are pivots, as many as are no neighbours
of each other; they are eliminated side by side. What is left once most are neighbours is the *core*, a matrix
that is eliminated as a full one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Slots = NDArray[np.intp]
_FULL = 0.5  # share of entries from which on a matrix is not looked at as a sparse one
_DENSE = 0.7  # share of the rows left that the least degree reaches in a core


@dataclass(frozen=True)
class Round:
    """Pivots that are eliminated together, m of them with d neighbours each, by the slots of their entries.

    Attributes:
        pivots: the rows, shape (m,); the slot of a row's diagonal entry is its number.
        rows, columns: slots of the entries of the pivots' rows and columns, shape (m, d).
        changed: slots of the entries that change, each once.
        places: the places of the m d^2 changes in an array of shape (m, d, d), those of one entry together,
            in the order of ``changed``; None where every entry changes once, and they are in that order.
        begins: where among ``places`` those of each entry begin.
    """

    pivots: Slots
    rows: Slots
    columns: Slots
    changed: Slots
    places: Slots | None
    begins: Slots


@dataclass(frozen=True)
class Elimination:
    """The rounds of an elimination, and the rest.

    Attributes:
        rounds: in order.
        core: slots of the entries of the rest, shape (k, k).
        entries: (row, column) of each slot, in order.
    """

    rounds: tuple[Round, ...]
    core: Slots
    entries: tuple[tuple[int, int], ...]

    @property
    def steps(self) -> int:
        """Entries that are updated."""
        in_rounds: int = sum(step.rows.size * (step.rows.shape[1] + 1) for step in self.rounds)
        rest = len(self.core)
        return in_rounds + rest * rest * (rest // 3 + 1)


def elimination_of(rows: Sequence[Iterable[int]]) -> Elimination:
    """The elimination of a matrix whose row i has entries in the columns ``rows[i]``, besides the diagonal.

    >>> path = elimination_of([[1], [0, 2], [1, 3], [2, 4], [3]])
    >>> [step.pivots.tolist() for step in path.rounds], path.core.shape
    ([[0, 4], [1, 3]], (1, 1))
    """
    n = len(rows)
    if sum(map(len, map(list, rows))) >= _FULL * n * (n - 1) and n > 1:
        entries = [(i, i) for i in range(n)] + [(i, j) for i in range(n) for j in range(n) if i != j]
        slots = {entry: slot for slot, entry in enumerate(entries)}
        core = [[slots[i, j] for j in range(n)] for i in range(n)]
        return Elimination((), np.array(core, dtype=np.intp), tuple(entries))
    return _Eliminator(rows).run()


class _Eliminator:
    """The pattern of a matrix while it is eliminated; ``slots[i][j]`` is where entry (i, j) is kept."""

    def __init__(self, rows: Sequence[Iterable[int]]) -> None:
        self.entries = [(i, i) for i in range(len(rows))]
        self.slots: list[dict[int, int]] = [{} for _ in rows]
        for i, row in enumerate(rows):
            for j in row:
                if i != j:
                    self._slot(i, j)
                    self._slot(j, i)

    def _slot(self, i: int, j: int) -> int:
        row = self.slots[i]
        if i == j:
            return i
        if j not in row:
            row[j] = len(self.entries)
            self.entries.append((i, j))
        return row[j]

    def run(self) -> Elimination:
        left = set(range(len(self.slots)))
        queue = [(len(row), i) for i, row in enumerate(self.slots)]
        heapify(queue)
        rounds = []
        while len(left) > 1 and (pivots := self._independent(queue, left)):
            rounds.append(self._round(pivots))
            left.difference_update(pivots)
            for unit in set(chain.from_iterable(self.slots[pivot] for pivot in pivots)):
                heappush(queue, (len(self.slots[unit]), unit))
        core = sorted(left)
        slots = [[self._slot(i, j) for j in core] for i in core]
        return Elimination(tuple(rounds), np.array(slots, dtype=np.intp), tuple(self.entries))

    def _independent(self, queue: list[tuple[int, int]], left: set[int]) -> list[int]:
        """Rows of the least degree, no two of them neighbours; none if most rows left are neighbours."""
        while queue and not self._is_known(queue[0], left):
            heappop(queue)
        least = queue[0][0]
        if least >= _DENSE * (len(left) - 1):
            return []
        pivots: list[int] = []
        passed: list[tuple[int, int]] = []
        blocked: set[int] = set()
        while queue and queue[0][0] == least:
            entry = heappop(queue)
            unit = entry[1]
            if not self._is_known(entry, left) or unit in pivots[-1:]:
                continue
            if unit in blocked:
                passed.append(entry)
            else:
                pivots.append(unit)
                blocked |= self.slots[unit].keys()
        for entry in passed:
            heappush(queue, entry)
        return pivots

    def _is_known(self, entry: tuple[int, int], left: set[int]) -> bool:
        """Whether a row is there and has this degree still."""
        degree, unit = entry
        return unit in left and len(self.slots[unit]) == degree

    def _round(self, pivots: list[int]) -> Round:
        rows, columns, changed = [], [], []
        for pivot in pivots:
            around = sorted(self.slots[pivot])
            rows.append([self.slots[pivot][j] for j in around])
            columns.append([self.slots[i].pop(pivot) for i in around])
            for i in around:
                row = self.slots[i]
                for j in around:
                    slot = i if i == j else row.get(j)
                    changed.append(self._slot(i, j) if slot is None else slot)
        shape = (len(pivots), -1)
        targets = np.array(changed, dtype=np.intp)
        distinct, counts = np.unique(targets, return_counts=True)
        places: Slots | None = np.argsort(targets, kind="stable")
        if distinct.size == targets.size:
            distinct, places = targets, None
        return Round(
            np.array(pivots, dtype=np.intp),
            np.array(rows, dtype=np.intp).reshape(shape),
            np.array(columns, dtype=np.intp).reshape(shape),
            distinct,
            places,
            np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp),
        )
