"""What all engines answer: how the weight of all assemblies splits by the numbers of units of each group.

The size law has one group, all units; the law of observed units one group of some; a composition law several;
the law of the assembly itself one for each unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from exactav.network.system import System
from exactav.numbers.domains import Element

Counts = tuple[int, ...]


def added_up(pairs: Iterable[tuple[int, Element]]) -> dict[int, Element]:
    """The sum of the weights that belong to each number."""
    sums: dict[int, Element] = {}
    for number, weight in pairs:
        sums[number] = sums[number] + weight if number in sums else weight
    return sums


def product(numbers: Sequence[Any], one: Any) -> Any:
    """The product of many numbers, those of like length first: long ones are multiplied seldom."""
    left = list(numbers)
    while len(left) > 1:
        left = [a * b for a, b in zip(left[::2], [*left[1::2], one], strict=False)]
    return left[0] if left else one


@dataclass(frozen=True)
class Question:
    """A law of counts: ``roots[k]`` weights the trees of start k.

    ``groups`` are disjoint lists of units. Counts are numbered in mixed radix: a unit of group a adds
    ``places[a]`` to the number, units of no group add nothing.
    """

    system: System
    roots: Mapping[int, Element]
    groups: tuple[tuple[int, ...], ...]

    @classmethod
    def of_size(cls, system: System, roots: Mapping[int, Element]) -> "Question":
        """The law of the number of units."""
        return cls(system, roots, (tuple(range(system.n_units)),))

    @classmethod
    def of_sets(cls, system: System, roots: Mapping[int, Element]) -> "Question":
        """The law of the assembly; the number of its counts is its bit mask."""
        return cls(system, roots, tuple((unit,) for unit in range(system.n_units)))

    @cached_property
    def total(self) -> Element:
        """What all weights add up to: the sum of roots[k] det(M without k). Derivation 04."""
        return self.system.minors(self.roots)

    @cached_property
    def total_bits(self) -> int:
        """At least the length in bits of the total of an integer question, without a determinant.

        A minor of an M-matrix is at most the product of its diagonal (Hadamard and Fischer).
        """
        diagonal = list(map(int, self.system.diagonal))
        least = min((diagonal[k] for k in self.roots), default=1)
        largest: int = product(diagonal, 1) // least
        return (largest * sum(map(int, self.roots.values()))).bit_length()

    @cached_property
    def lists_sets(self) -> bool:
        """Whether every set of units has a number of its own, its bit mask."""
        return self.groups == tuple((unit,) for unit in range(self.system.n_units))

    @cached_property
    def places(self) -> tuple[int, ...]:
        sizes = [len(group) + 1 for group in self.groups]
        return tuple(prod(sizes[:a]) for a in range(len(sizes)))

    @cached_property
    def n_outcomes(self) -> int:
        return prod(len(group) + 1 for group in self.groups)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """What each unit adds to the number of the counts."""
        strides = [0] * self.system.n_units
        for group, place in zip(self.groups, self.places, strict=True):
            for unit in group:
                strides[unit] = place
        return tuple(strides)

    def number(self, units: Iterable[int]) -> int:
        """The number of the counts of a set of units."""
        return sum(self.strides[unit] for unit in units)

    def by_number(self, weights: Iterable[tuple[int, Element]]) -> dict[int, Element]:
        """Weights by mask, added up by the number of the counts of their units; zeros are left out."""
        if self.lists_sets:
            return {mask: weight for mask, weight in weights if weight}
        units = range(self.system.n_units)
        return added_up(
            (self.number(unit for unit in units if mask >> unit & 1), weight)
            for mask, weight in weights
            if weight
        )

    def counts(self, number: int) -> Counts:
        """The counts with this number."""
        result = []
        for group in self.groups:
            number, count = divmod(number, len(group) + 1)
            result.append(count)
        return tuple(result)
