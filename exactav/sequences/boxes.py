"""What successive slow steps make of few units with any exact numbers, by boxes that move and overlap.

The states from which a start recruits an assembly are boxes, and the slow step shifts them by
dU e_k - M 1_A (derivation 06); those of the next step are intersected with what arrives.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from math import factorial, prod
from operator import lt
from typing import Any, NamedTuple

import sympy

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.network.network import Network
from exactav.phase_space.boxes import Box, boxes
from exactav.phase_space.pieces import pieces
from exactav.phase_space.states import is_below

Assembly = frozenset[Hashable]
Sequences = tuple[Assembly, ...]
Choice = Mapping[int, sympy.Expr]  # unit -> probability that it is fed
Sides = tuple[tuple[Any, Any], ...]
_NOTHING: Assembly = frozenset()
_MAX_OVERLAPS = 2_000_000
_MAX_CLIPPED = 200_000


class _Numbers(NamedTuple):
    """How the corners of boxes are computed with: as fractions, if they are rational."""

    plain: Callable[[sympy.Expr], Any]
    is_less: Callable[[Any, Any], bool]
    exact: Callable[[Any], sympy.Expr]

    def sides(self, box: Box) -> Sides:
        return tuple((self.plain(low), self.plain(high)) for low, high in box.sides)

    def overlap(self, one: Sides, other: Sides) -> Sides | None:
        found = []
        for (low, high), (bottom, top) in zip(one, other, strict=True):
            begin = bottom if self.is_less(low, bottom) else low
            end = top if self.is_less(top, high) else high
            if not self.is_less(begin, end):
                return None
            found.append((begin, end))
        return tuple(found)

    def volume(self, held: Iterable[Sides]) -> sympy.Expr:
        total = sum(prod(high - low for low, high in sides) for sides in held)
        return sympy.expand(self.exact(total))


def _numbers_of(net: Network) -> _Numbers:
    if all(number.is_Rational for number in (*net.weights, *net.thresholds, net.require_increment("boxes"))):
        return _Numbers(
            lambda number: Fraction(int(number.p), int(number.q)),
            lt,
            lambda number: sympy.Rational(Fraction(number).numerator, Fraction(number).denominator),
        )
    return _Numbers(sympy.expand, cache(is_below), sympy.sympify)


def sequence_volumes(net: Network, choices: Sequence[Choice]) -> dict[Sequences, sympy.Expr]:
    """Volumes of the states that set off each sequence of assemblies, weighted by the probabilities of what
    is fed in each step.

    Raises:
        TooCostlyError: there are too many boxes.
    """
    numbers = _numbers_of(net)
    regions = {k: _regions(net, k, numbers) for k in {k for choice in choices for k in choice}}
    volumes: dict[Sequences, sympy.Expr] = defaultdict(lambda: sympy.Integer(0))
    n_overlaps = 0

    def follow(step: int, held: list[Sides] | None, sequence: Sequences, weight: sympy.Expr) -> None:
        nonlocal n_overlaps
        if step == len(choices):
            volumes[sequence] += weight * numbers.volume(held or [])
            return
        for k, p in choices[step].items():
            for assembly, region, shift in regions[k]:
                if held is None:
                    inside = region
                else:
                    n_overlaps += len(held) * len(region)
                    if n_overlaps > _MAX_OVERLAPS:
                        raise TooCostlyError(
                            f"{net.n_units} units have too many boxes for {len(choices)} steps: draw with "
                            "sample_sequences"
                        )
                    found = (numbers.overlap(one, other) for one in held for other in region)
                    inside = [sides for sides in found if sides is not None]
                moved = [
                    tuple((low + x, high + x) for (low, high), x in zip(sides, shift, strict=True))
                    for sides in inside
                ]
                if moved:
                    follow(step + 1, moved, (*sequence, assembly), weight * p)

    follow(0, None, (), sympy.Integer(1))
    if sympy.expand(sum(volumes.values()) - net.volume()) != 0:
        raise CheckFailedError("the regions of all sequences do not fill the inhabited region")
    return {sequence: sympy.expand(volume) for sequence, volume in volumes.items()}


def _regions(net: Network, start: int, numbers: _Numbers) -> list[tuple[Assembly, list[Sides], list[Any]]]:
    """(assembly, boxes of states that recruit it, how they move) when a unit is fed; nothing first."""
    increment = net.require_increment("regions")
    quiet = [(numbers.plain(sympy.Integer(0)), numbers.plain(threshold)) for threshold in net.thresholds]
    quiet[start] = (quiet[start][0], numbers.plain(net.thresholds[start] - increment))
    below = (numbers.overlap(numbers.sides(box), tuple(quiet)) for box in boxes(net))
    found: dict[Assembly, list[Sides]] = {_NOTHING: [sides for sides in below if sides is not None]}
    for piece in pieces(net, net.labels[start]):
        found.setdefault(piece.assembly, []).extend(map(numbers.sides, piece.boxes()))
    result = []
    for assembly, region in found.items():
        jump = net.matrix * sympy.Matrix([int(label in assembly) for label in net.labels])
        shift = [increment * int(unit == start) - jump[unit] for unit in range(net.n_units)]
        result.append((assembly, region, [numbers.plain(sympy.expand(x)) for x in shift]))
    return result


def quiet_volumes(net: Network, choice: Choice) -> list[sympy.Expr]:
    """The probability, times the volume, that 0, 1, 2, ... steps set off nothing, down to two zeros.

    Raises:
        TooCostlyError: the increment is so small that units can be fed too often before they fire.
    """
    numbers = _numbers_of(net)
    increment = net.require_increment("waiting times")
    region = [numbers.sides(box) for box in boxes(net)]
    most = [int(sympy.floor(net.thresholds[k] / increment)) for k in choice]
    if prod(times + 1 for times in most) * len(region) > _MAX_CLIPPED:
        raise TooCostlyError(
            f"{net.n_units} units can be fed in too many ways before one fires: draw with sample_sequences"
        )
    bottom = numbers.plain(sympy.Integer(0))
    volumes = [sympy.Integer(0)] * (sum(most) + 3)
    for counts in product(*(range(times + 1) for times in most)):
        fed = dict(zip(choice, counts, strict=True))
        tops = [
            numbers.plain(sympy.expand(threshold - fed.get(unit, 0) * increment))
            for unit, threshold in enumerate(net.thresholds)
        ]
        clipped = (numbers.overlap(sides, tuple((bottom, top) for top in tops)) for sides in region)
        if volume := numbers.volume(sides for sides in clipped if sides is not None):
            orders = factorial(sum(counts)) // prod(map(factorial, counts))
            drawn = prod(p**count for p, count in zip(choice.values(), counts, strict=True))
            volumes[sum(counts)] += volume * orders * drawn
    return [sympy.expand(volume) for volume in volumes]
