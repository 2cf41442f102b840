"""Classes of interchangeable units, and determinants of some units of each from one row a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.determinants import determinant
from exactav.numbers.domains import Domain, Element

Counts = tuple[int, ...]
_SHORT = 16  # entries of a line up to which numpy takes longer than Python


def classes_of(
    weights: Sequence[Mapping[int, Element]], leak: Sequence[Element], scales: Sequence[Element]
) -> list[list[int]]:
    """The classes of interchangeable units, each sorted, in the order of their first units.

    Two units i, j are interchangeable if w_ij = w_ji and swapping them changes nothing else: with a common
    entry w_ij put on the diagonal, their rows are equal, and so are their columns. Candidates have equal
    sums of pseudorandom numbers, one for each entry; every one of them is then compared entry by entry.
    """
    rows, columns, own = _numbered(weights, leak, scales)
    alike = _Alike.of(rows, columns, own)

    def interchangeable(i: int, j: int) -> bool:
        return bool(own[i] == own[j]) and rows.are_alike(i, j) and columns.are_alike(i, j)

    classes: list[list[int]] = []
    taken = [False] * len(weights)
    for unit in range(len(weights)):
        if not taken[unit]:
            candidates = (u for u in alike.to(unit) if u > unit and not taken[u])
            classes.append([unit, *(u for u in candidates if interchangeable(unit, u))])
            for member in classes[-1]:
                taken[member] = True
    return classes


@dataclass(frozen=True)
class _Entries:
    """Entries of a sparse matrix, line by line: those of line i are from ``begins[i]`` to ``begins[i + 1]``.

    ``lines`` and ``places`` are where they are, in ascending order, ``numbers`` stand for distinct values.
    """

    begins: NDArray[np.intp]
    lines: NDArray[np.intp]
    places: NDArray[np.intp]
    numbers: NDArray[np.intp]

    @classmethod
    def of(
        cls, size: int, lines: NDArray[np.intp], places: NDArray[np.intp], numbers: NDArray[np.intp]
    ) -> "_Entries":
        keys = lines * size + places
        if not (keys[1:] > keys[:-1]).all():
            order = np.argsort(keys)
            lines, places, numbers = lines[order], places[order], numbers[order]
        return cls(np.searchsorted(lines, np.arange(size + 1)), lines, places, numbers)

    def transposed(self) -> "_Entries":
        size = self.begins.size - 1
        # numbers of 16 bits are sorted by their digits
        order = np.argsort(self.places.astype(np.uint16) if size < 1 << 16 else self.places, kind="stable")
        lines = self.places[order]
        begins = np.searchsorted(lines, np.arange(size + 1))
        return _Entries(begins, lines, self.lines[order], self.numbers[order])

    def are_alike(self, i: int, j: int) -> bool:
        """Whether swapping i and j swaps these two lines; exact."""
        (places, numbers), (others, theirs) = map(self._line, (i, j))
        if places.size != others.size:
            return False
        if places.size <= _SHORT:
            row, other = (
                dict(zip(line.tolist(), values.tolist(), strict=True))
                for line, values in ((places, numbers), (others, theirs))
            )
            return row.pop(j, None) == other.pop(i, None) and row == other
        here, there = (places == j, others == i)
        if not np.array_equal(numbers[here], theirs[there]):
            return False
        return np.array_equal(places[~here], others[~there]) and np.array_equal(
            numbers[~here], theirs[~there]
        )

    def _line(self, i: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        span = slice(self.begins[i], self.begins[i + 1])
        return self.places[span], self.numbers[span]


def _numbered(
    weights: Sequence[Mapping[int, Element]], leak: Sequence[Element], scales: Sequence[Element]
) -> tuple[_Entries, _Entries, NDArray[np.intp]]:
    """Rows, columns, and what units have of their own, equal values as equal numbers."""
    size = len(weights)
    receivers = np.repeat(np.arange(size), list(map(len, weights)))
    senders = np.fromiter(chain.from_iterable(weights), dtype=np.intp, count=receivers.size)
    numbers: dict[Element, int] = {}
    for row in weights:
        for weight in set(row.values()):
            numbers.setdefault(weight, len(numbers))
    entries = map(numbers.__getitem__, chain.from_iterable(row.values() for row in weights))
    found = np.fromiter(entries, dtype=np.intp, count=receivers.size)
    pairs: dict[tuple[Element, Element], int] = {}
    own = np.array([pairs.setdefault(pair, len(pairs)) for pair in zip(leak, scales, strict=True)], np.intp)
    rows = _Entries.of(size, receivers, senders, found)
    return rows, rows.transposed(), own


@dataclass(frozen=True)
class _Alike:
    """Units that are almost certainly interchangeable: by equal sums, and pairs of coupled ones."""

    sums: list[int]
    apart: Mapping[int, list[int]]
    receivers: NDArray[np.intp]
    senders: NDArray[np.intp]

    @classmethod
    def of(cls, rows: _Entries, columns: _Entries, own: NDArray[np.intp]) -> "_Alike":
        sums = own.astype(np.uint64)
        for side, entries in enumerate((rows, columns)):
            np.add.at(sums, entries.lines, _mixed(entries.places, entries.numbers, side))
        # of a pair of coupled units, with the weight of one to the other on both diagonals
        mine, theirs = (
            sums[units] + _mixed(units, rows.numbers, 0) + _mixed(units, rows.numbers, 1)
            for units in (rows.lines, rows.places)
        )
        pairs = np.flatnonzero(mine == theirs)
        apart: dict[int, list[int]] = {}
        for unit, total in enumerate(sums.tolist()):
            apart.setdefault(total, []).append(unit)
        return cls(sums.tolist(), apart, rows.lines[pairs], rows.places[pairs])

    def to(self, unit: int) -> list[int]:
        """Those to a unit, ascending."""
        begin, end = np.searchsorted(self.receivers, [unit, unit + 1]).tolist()
        apart = self.apart[self.sums[unit]]
        return sorted({*apart, *self.senders[begin:end].tolist()}) if begin < end else apart


def _mixed(units: NDArray[np.intp], numbers: NDArray[np.intp], side: int) -> NDArray[np.uint64]:
    """Pseudorandom numbers of units and values."""
    with np.errstate(over="ignore"):
        mixed = (units.astype(np.uint64) * np.uint64(2) + np.uint64(side)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ mixed >> np.uint64(shift)) * np.uint64(factor)
        return mixed ^ mixed >> np.uint64(31)


@dataclass(frozen=True)
class Lumped:
    """Classes of sizes n_a, with the weight w_ab from any unit of b to any other of a, and leaks s_a.

    All determinants are values of one function, Phi(x; c) of derivation 09: of c_a units of each class a,
    with weight x_a to the outside.
    """

    ring: Domain
    sizes: Counts
    weight: tuple[tuple[Element, ...], ...]
    leak: tuple[Element, ...]

    @classmethod
    def of(
        cls,
        ring: Domain,
        weights: Sequence[Mapping[int, Element]],
        leak: Sequence[Element],
        classes: Sequence[Sequence[int]],
    ) -> "Lumped":
        between = tuple(
            tuple(
                weights[members[0]].get(next((u for u in others if u != members[0]), -1), ring.zero)
                for others in classes
            )
            for members in classes
        )
        return cls(ring, tuple(map(len, classes)), between, tuple(leak[members[0]] for members in classes))

    def phi(self, outside: Sequence[Element], counts: Counts) -> Element:
        """Phi(outside; counts)."""
        present = [a for a, count in enumerate(counts) if count]
        diagonal = {a: sum((self.weight[a][b] * counts[b] for b in present), outside[a]) for a in present}
        rows = [
            [(diagonal[a] if a == b else self.ring.zero) - self.weight[a][b] * counts[b] for b in present]
            for a in present
        ]
        result = determinant(self.ring, rows)
        for a in present:
            if counts[a] > 1:
                result *= diagonal[a] ** (counts[a] - 1)
        return result

    def forest(self, counts: Counts) -> Element:
        """Forest weight of so many units."""
        return self.phi(self.leak, counts)

    def tree(self, root: int, others: Counts) -> Element:
        """Tree weight of a root of one class and so many other units."""
        return self.phi([row[root] for row in self.weight], others)

    def minor(self, start: int) -> Element:
        """det of the scaled M without a unit of one class."""
        outside = [row[start] + leak for row, leak in zip(self.weight, self.leak, strict=True)]
        return self.phi(outside, tuple(size - (a == start) for a, size in enumerate(self.sizes)))
