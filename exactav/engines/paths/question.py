"""What a sum over paths is: the mean number of units of each generation.

Unit j fires d generations after the start k if the path of its parents is j = j_d, .., j_1, j_0 = k. In a
random forest rooted in k and the leak this path has the probability

    w_{j_d j_{d-1}} .. w_{j_1 k} det(M without the path) / det(M without k),

since the other units hang on the path, on each other or on the leak (derivation 15). The mean of generation
d + 1 is the sum over all paths of d steps that visit no unit twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from exactav.network.system import System
from exactav.numbers.domains import Element

Sums = list[tuple[Element, Element]]
"""Of each generation, from the first on, (numerator, denominator) of its mean."""

# Seconds, measured.
_PRODUCT = 4e-7  # of integers of some hundred bits; twice as much for two thousand
_SYMBOLIC = 3e-5  # of short polynomials


@dataclass(frozen=True)
class PathQuestion:
    """The first generations of avalanches, whose starts have weights ``roots`` as in :class:`Starts`."""

    system: System
    roots: Mapping[int, Element]
    up_to: int

    @cached_property
    def total(self) -> Element:
        """The sum of roots[k] det(M without k), which all means are divided by."""
        return self.system.minors(self.roots)

    @cached_property
    def bits(self) -> int:
        """A bound on the bits of a determinant of integers."""
        return sum(int(entry).bit_length() for entry in self.system.diagonal)

    @cached_property
    def product(self) -> float:
        """Seconds that a product of numbers takes, one of them a determinant."""
        return _PRODUCT * (1 + self.bits / 2000) if self.system.ring.is_ZZ else _SYMBOLIC

    def over_total(self, sums: list[Element]) -> Sums:
        """Sums of weights times determinants, divided by what they are divided by."""
        return [(found, self.total) for found in sums]


class Way(NamedTuple):
    """A way to add up the paths, with its cost in seconds."""

    name: str
    seconds: float
    run: Callable[[], Sums]
