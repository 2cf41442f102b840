"""Who is coupled to whom among the units that a sweep takes in one by one, and how much each has to meet."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from exactav.engines.sweep.modules import Module
from exactav.kernels.orders import neighbours_of
from exactav.network.system import System


@dataclass(frozen=True)
class Couplings:
    """A network of units and of modules, each of which is joined as one table over its border.

    Attributes:
        system: the whole network.
        roots: units that an avalanche may start from.
        modules: parts whose units are counted.
    """

    system: System
    roots: frozenset[int]
    modules: tuple[Module, ...]

    @classmethod
    def of(cls, system: System, roots: Collection[int], modules: Sequence[Module] = ()) -> "Couplings":
        return cls(system, frozenset(roots), tuple(modules))

    @cached_property
    def counted(self) -> frozenset[int]:
        """The units of modules."""
        return frozenset(unit for module in self.modules for unit in module.units)

    @cached_property
    def weights(self) -> Sequence[Mapping[int, Any]]:
        """The weights among the other units, by receiver."""
        if not self.modules:
            return self.system.weights
        return [
            {} if i in self.counted else {j: weight for j, weight in row.items() if j not in self.counted}
            for i, row in enumerate(self.system.weights)
        ]

    @cached_property
    def neighbours(self) -> dict[int, set[int]]:
        """The units that each of these is coupled to."""
        found = neighbours_of(self.weights)
        return {unit: others for unit, others in found.items() if unit not in self.counted}

    @cached_property
    def joined(self) -> dict[int, set[int]]:
        """The same, with the units of each border connected: they have to be in one table."""
        result = {unit: set(others) for unit, others in self.neighbours.items()}
        for module in self.modules:
            for unit, other in combinations(module.border, 2):
                result[unit].add(other)
                result[other].add(unit)
        return result

    @cached_property
    def n_heard(self) -> dict[int, int]:
        """How many units and modules each unit receives from."""
        counts = {unit: len(self.weights[unit]) for unit in self.neighbours}
        for number in range(len(self.modules)):
            for unit, (heard, _) in self.met(number).items():
                counts[unit] += heard
        return counts

    @cached_property
    def n_sent(self) -> Counter[int]:
        """How many units and modules each unit sends to."""
        counts = Counter(sender for row in self.weights for sender in row)
        for number in range(len(self.modules)):
            for unit, (_, sent) in self.met(number).items():
                counts[unit] += sent
        return counts

    def met(self, number: int) -> dict[int, tuple[int, int]]:
        """For each unit of a module's border whether it receives from it, and whether it sends to it."""
        module = self.modules[number]
        rows, first = self.system.weights, [members[0] for members in module.classes]
        return {
            unit: (int(any(u in rows[unit] for u in first)), int(any(unit in rows[u] for u in first)))
            for unit in module.border
        }

    def fires_for_certain(self, unit: int) -> bool:
        """Whether every avalanche starts from this unit."""
        return self.roots == {unit}
