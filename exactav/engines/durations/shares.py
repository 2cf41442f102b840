"""What trees on counts of units are multiplied by in a law of durations."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import comb, factorial, prod
from typing import NamedTuple

from exactav.engines.durations.question import DurationQuestion
from exactav.kernels.classes import Counts, Lumped
from exactav.network.system import System
from exactav.numbers.domains import Element


class Shares(NamedTuple):
    """What trees of a root class on counts of other units are multiplied by, as one fraction each.

    The numerators have the ways to choose the units, the start weights and the forests of the rest.
    """

    system: System
    lumped: Lumped
    starts: Sequence[Element]

    @classmethod
    def of(cls, question: DurationQuestion) -> "Shares":
        system = question.system
        # the largest class last: the rows of arrays are as long as may be
        classes = sorted(system.classes, key=len)
        zero = system.ring.zero
        starts = [
            sum((question.roots[u] for u in members if u in question.roots), zero) for members in classes
        ]
        return cls(system, Lumped.of(system.ring, system.weights, system.leak, classes), starts)

    def vectors(self) -> Iterator[Counts]:
        return product(*(range(n + 1) for n in self.lumped.sizes))

    def by_root(self, *, labelled: bool) -> list[list[Element]]:
        """By class of the root and count vector; ``labelled``: as units have names, else as series have."""
        sizes, ring = self.lumped.sizes, self.system.ring
        found: list[list[Element]] = [[] for _ in sizes]
        forests: dict[Counts, Element] = {}
        for others in self.vectors():
            for r, start in enumerate(self.starts):
                free = [n - (a == r) for a, n in enumerate(sizes)]
                if not start or others[r] > free[r]:
                    found[r].append(ring.zero)
                    continue
                rest = tuple(n - count for n, count in zip(free, others, strict=True))
                if rest not in forests:
                    forests[rest] = self.lumped.forest(rest)
                ways = prod(map(comb, free, others))
                if not labelled:
                    ways *= prod(map(factorial, others))
                found[r].append(start * forests[rest] * ways)
        return found
