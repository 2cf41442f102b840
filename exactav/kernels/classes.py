"""Classes of interchangeable units, and determinants of some units of each from one row a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.determinants import determinant
from exactav.numbers.domains import Domain, Element

Counts = tuple[int, ...]


def classes_of(
    weights: Sequence[Mapping[int, Element]], leak: Sequence[Element], scales: Sequence[Element]
) -> list[list[int]]:
    """The classes of interchangeable units, each sorted, in the order of their first units.

    Two units i, j are interchangeable if w_ij = w_ji and swapping them changes nothing else: with a common
    entry w_ij put on the diagonal, their rows are equal, and so are their columns. Candidates have equal
    sums of pseudorandom numbers, one for each entry; every one of them is then compared entry by entry.
    """
    columns: list[dict[int, Element]] = [{} for _ in weights]
    for i, row in enumerate(weights):
        for j, weight in row.items():
            columns[j][i] = weight

    def interchangeable(i: int, j: int) -> bool:
        weight = weights[i].get(j)
        if leak[i] != leak[j] or scales[i] != scales[j] or weights[j].get(i) != weight:
            return False
        return all(_filled(e[i], i, weight) == _filled(e[j], j, weight) for e in (weights, columns))

    alike = _Alike.of(weights, leak, scales)
    classes: list[list[int]] = []
    taken = [False] * len(weights)
    for unit in range(len(weights)):
        if not taken[unit]:
            candidates = (u for u in alike.to(unit) if u > unit and not taken[u])
            classes.append([unit, *(u for u in candidates if interchangeable(unit, u))])
            for member in classes[-1]:
                taken[member] = True
    return classes


def _filled(entries: Mapping[int, Element], unit: int, weight: Element | None) -> Mapping[int, Element]:
    """The entries of a unit with ``weight`` on the diagonal."""
    return entries if weight is None else {**entries, unit: weight}


@dataclass(frozen=True)
class _Alike:
    """Units that are almost certainly interchangeable: by equal sums, and pairs of coupled ones."""

    sums: list[int]
    apart: Mapping[int, list[int]]
    receivers: NDArray[np.intp]
    senders: NDArray[np.intp]

    @classmethod
    def of(
        cls, weights: Sequence[Mapping[int, Element]], leak: Sequence[Element], scales: Sequence[Element]
    ) -> "_Alike":
        numbers: dict[Any, int] = {}
        own = [numbers.setdefault(pair, len(numbers)) for pair in zip(leak, scales, strict=True)]
        lengths = list(map(len, weights))
        receivers = np.repeat(np.arange(len(weights), dtype=np.intp), lengths)
        senders = np.fromiter(chain.from_iterable(weights), dtype=np.intp, count=receivers.size)
        entries = chain.from_iterable(row.values() for row in weights)
        found = np.fromiter(
            (numbers.setdefault(entry, len(numbers)) for entry in entries), np.uint64, receivers.size
        )
        sums = np.array(own, dtype=np.uint64)
        np.add.at(sums, receivers, _mixed(senders, found, 1))
        np.add.at(sums, senders, _mixed(receivers, found, 2))
        mine, theirs = (
            sums[units] + _mixed(units, found, 1) + _mixed(units, found, 2) for units in (receivers, senders)
        )
        pairs = np.flatnonzero(mine == theirs)
        apart: dict[int, list[int]] = {}
        for unit, total in enumerate(sums.tolist()):
            apart.setdefault(total, []).append(unit)
        return cls(sums.tolist(), apart, receivers[pairs], senders[pairs])

    def to(self, unit: int) -> list[int]:
        """Those to a unit, ascending."""
        begin, end = np.searchsorted(self.receivers, [unit, unit + 1]).tolist()
        apart = self.apart[self.sums[unit]]
        return sorted({*apart, *self.senders[begin:end].tolist()}) if begin < end else apart


def _mixed(units: Any, weights: Any, side: int) -> Any:
    """Pseudorandom numbers of units and weights."""
    with np.errstate(over="ignore"):
        mixed = (units.astype(np.uint64) * np.uint64(2) + np.uint64(side)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = mixed ^ (weights + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
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
