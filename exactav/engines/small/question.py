"""What is asked of small avalanches: starts, and how many units their sets have at most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from exactav.kernels.small_sets import Links, Listing
from exactav.network.system import System
from exactav.numbers.domains import Element


@dataclass(frozen=True)
class SmallQuestion:
    """The weights of all sets of 1 to ``up_to`` units; ``roots[k]`` weights the trees of start k."""

    system: System
    roots: Mapping[int, Element]
    up_to: int

    @cached_property
    def is_mutual(self) -> bool:
        """Whether whoever feeds a unit is fed by it."""
        weights = self.system.weights
        return all(i in weights[j] for i, row in enumerate(weights) for j in row)

    @cached_property
    def links(self) -> Links:
        """Who receives from whom, without what."""
        return links_of(self.system.weights, range(self.system.n_units), np.int64, lambda i, weight: 1)

    def listing(self, starts: Sequence[int], begin: int, end: int) -> Listing:
        """Of the sets of some starts."""
        return Listing(starts, begin, end, self.up_to, self.is_mutual)

    def has_no_forest(self, units: Sequence[int]) -> bool:
        """Whether some unit outside a set is cut off by it from all leak, so that no forest spans the others.

        Such a unit leads to one that receives from the set. Nearby enclosures are looked for first.
        """
        weights, leak, links = self.system.weights, self.system.leak, self.links
        inside = set(units)
        fed = (links.receivers[links.first[unit] : links.first[unit + 1]].tolist() for unit in units)
        around = {unit for found in fed for unit in found} - inside
        for most in (32, 1024, len(weights)):
            undecided = set()
            for unit in around:
                seen, waiting = {unit}, [unit]
                while waiting and len(seen) <= most and not leak[waiting[-1]]:
                    found = set(weights[waiting.pop()]) - inside - seen
                    seen |= found
                    waiting += found
                if not waiting:
                    return True
                if not leak[waiting[-1]]:
                    undecided.add(unit)
            around = undecided
        return False

    def may_exceed(self) -> bool:
        """Whether a start reaches more than ``up_to`` units."""
        links = self.links
        for start in self.roots:
            reached, waiting = {start}, [start]
            while waiting and len(reached) <= self.up_to:
                unit = waiting.pop()
                found = set(links.receivers[links.first[unit] : links.first[unit + 1]].tolist()) - reached
                reached |= found
                waiting += found
            if len(reached) > self.up_to:
                return True
        return False


def links_of(
    weights: Sequence[Mapping[int, Element]],
    order: Sequence[int],
    numbers: Any,
    value: Callable[[int, Element], Any],
) -> Links:
    """Links between the places of units in an order, with ``value(i, w_ij)`` as numbers of some type."""
    place = {unit: p for p, unit in enumerate(order)}
    receivers: list[list[int]] = [[] for _ in weights]
    values: list[list[Any]] = [[] for _ in weights]
    for i in order:
        for j, weight in weights[i].items():
            receivers[place[j]].append(place[i])
            values[place[j]].append(value(i, weight))
    return Links(
        np.cumsum([0, *map(len, receivers)]),
        np.array([unit for fed in receivers for unit in fed], dtype=np.int64),
        np.array([number for fed in values for number in fed], dtype=numbers),
    )
