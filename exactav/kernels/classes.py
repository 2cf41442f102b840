"""Classes of interchangeable units, and determinants of some units of each from one row a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exactav.kernels.determinants import determinant
from exactav.numbers.domains import Domain, Element

Counts = tuple[int, ...]


def classes_of(
    weights: Sequence[Mapping[int, Element]], leak: Sequence[Element], scales: Sequence[Element]
) -> list[list[int]]:
    """The classes of interchangeable units, each sorted, in the order of their first units."""
    n = len(weights)
    columns: list[dict[int, Element]] = [{} for _ in range(n)]
    for i, row in enumerate(weights):
        for j, weight in row.items():
            columns[j][i] = weight

    def outside(entries: Mapping[int, Element], i: int, j: int) -> dict[int, Element]:
        return {k: weight for k, weight in entries.items() if k not in (i, j)}

    def interchangeable(i: int, j: int) -> bool:
        return (
            leak[i] == leak[j]
            and scales[i] == scales[j]
            and len(weights[i]) == len(weights[j])
            and len(columns[i]) == len(columns[j])
            and weights[i].get(j) == weights[j].get(i)
            and outside(weights[i], i, j) == outside(weights[j], i, j)
            and outside(columns[i], i, j) == outside(columns[j], i, j)
        )

    classes: list[list[int]] = []
    for unit in range(n):
        for members in classes:
            if interchangeable(members[0], unit):
                members.append(unit)
                break
        else:
            classes.append([unit])
    return classes


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
