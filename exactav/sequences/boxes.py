"""What successive slow steps make of few units with any exact numbers, by boxes that move and overlap.

The states from which a start recruits an assembly are boxes, and the slow step shifts them by
dU e_k - M 1_A (derivation 06); those of the next step are intersected with what arrives.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import product
from math import factorial, prod
from typing import Any

import sympy

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.network.network import Network
from exactav.phase_space.boxes import Box, boxes
from exactav.phase_space.pieces import pieces
from exactav.phase_space.plain import Numbers, numbers_of
from exactav.phase_space.states import floor_of
from exactav.sequences.limits import MAX_CLIPPED, MAX_OVERLAPS, PILOT

Assembly = frozenset[Hashable]
Sequences = tuple[Assembly, ...]
Choice = Mapping[int, sympy.Expr]  # unit -> probability that it is fed
Sides = tuple[tuple[Any, Any], ...]
Region = tuple[Assembly, list[Sides], list[Any]]  # boxes of states that recruit it, and how they move
_NOTHING: Assembly = frozenset()


def _sides(box: Box, numbers: Numbers) -> Sides:
    return tuple((numbers.plain(low), numbers.plain(high)) for low, high in box.sides)


def _overlap(one: Sides, other: Sides, numbers: Numbers) -> Sides | None:
    found = []
    for (low, high), (bottom, top) in zip(one, other, strict=True):
        begin = bottom if numbers.is_less(low, bottom) else low
        end = top if numbers.is_less(top, high) else high
        if not numbers.is_less(begin, end):
            return None
        found.append((begin, end))
    return tuple(found)


def _volume(held: Iterable[Sides], numbers: Numbers) -> sympy.Expr:
    total = sum(prod(high - low for low, high in sides) for sides in held)
    return sympy.expand(numbers.exact(total))


def sequence_volumes(net: Network, choices: Sequence[Choice]) -> dict[Sequences, sympy.Expr]:
    """Volumes of the states that set off each sequence of assemblies, weighted by the probabilities of what
    is fed in each step.

    Raises:
        TooCostlyError: there are too many boxes.
    """
    if prod(map(len, choices[:-1])) > MAX_OVERLAPS:
        raise _too_many_boxes(net, choices)
    numbers = numbers_of(net)
    regions = {k: _regions(net, k, numbers) for k in {k for choice in choices for k in choice}}
    _refuse_many_overlaps(net, regions, choices, numbers)
    volumes: dict[Sequences, sympy.Expr] = defaultdict(lambda: sympy.Integer(0))
    n_overlaps = 0

    def follow(step: int, held: list[Sides] | None, sequence: Sequences, weight: sympy.Expr) -> None:
        nonlocal n_overlaps
        if step == len(choices):
            volumes[sequence] += weight * _volume(held or [], numbers)
            return
        for k, p in choices[step].items():
            for region in regions[k]:
                n_overlaps += 0 if held is None else len(held) * len(region[1])
                if n_overlaps > MAX_OVERLAPS:
                    raise _too_many_boxes(net, choices)
                if moved := _moved(held, region, numbers):
                    follow(step + 1, moved, (*sequence, region[0]), weight * p)

    follow(0, None, (), sympy.Integer(1))
    if sympy.expand(sum(volumes.values()) - net.volume()) != 0:
        raise CheckFailedError("the regions of all sequences do not fill the inhabited region")
    return {sequence: sympy.expand(volume) for sequence, volume in volumes.items()}


def _moved(held: list[Sides] | None, region: Region, numbers: Numbers) -> list[Sides]:
    """Where the held boxes (None: everything) that are in a region go."""
    _, inside, shift = region
    if held is not None:
        overlaps = (_overlap(one, other, numbers) for one in held for other in inside)
        inside = [sides for sides in overlaps if sides is not None]
    return [tuple((low + x, high + x) for (low, high), x in zip(s, shift, strict=True)) for s in inside]


def _refuse_many_overlaps(
    net: Network, regions: Mapping[int, list[Region]], choices: Sequence[Choice], numbers: Numbers
) -> None:
    """Raise TooCostlyError where the first steps show that there will be too many.

    The regions of each start cover everything, so that for each unit that it may feed no step leaves fewer
    boxes than there were.
    """
    met = {k: sum(len(inside) for _, inside, _ in found) for k, found in regions.items()}
    held = [sides for k in choices[0] for region in regions[k] for sides in _moved(None, region, numbers)]
    n_overlaps = 0
    for step in range(1, len(choices)):
        least, growing = n_overlaps, len(held)
        for choice in choices[step:]:
            least += growing * sum(met[k] for k in choice)
            growing *= len(choice)
        if least > MAX_OVERLAPS:
            raise _too_many_boxes(net, choices)
        n_overlaps += len(held) * sum(met[k] for k in choices[step])
        if n_overlaps > PILOT:
            return
        held = [s for k in choices[step] for region in regions[k] for s in _moved(held, region, numbers)]


def _too_many_boxes(net: Network, choices: Sequence[Choice]) -> TooCostlyError:
    return TooCostlyError(
        f"{net.n_units} units have too many boxes for {len(choices)} steps: draw with sample_sequences"
    )


def _regions(net: Network, start: int, numbers: Numbers) -> list[Region]:
    """(assembly, boxes of states that recruit it, how they move) when a unit is fed; nothing first."""
    increment = net.require_increment("regions")
    quiet = [(numbers.plain(sympy.Integer(0)), numbers.plain(threshold)) for threshold in net.thresholds]
    quiet[start] = (quiet[start][0], numbers.plain(net.thresholds[start] - increment))
    below = (_overlap(_sides(box, numbers), tuple(quiet), numbers) for box in boxes(net))
    found: dict[Assembly, list[Sides]] = {_NOTHING: [sides for sides in below if sides is not None]}
    for piece in pieces(net, net.labels[start]):
        found.setdefault(piece.assembly, []).extend(_sides(box, numbers) for box in piece.boxes())
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
    numbers = numbers_of(net)
    increment = net.require_increment("waiting times")
    most = [floor_of(net.thresholds[k] / increment) for k in choice]
    n_ways = prod(times + 1 for times in most)
    region = [] if n_ways > MAX_CLIPPED else [_sides(box, numbers) for box in boxes(net)]
    if n_ways > MAX_CLIPPED or n_ways * len(region) > MAX_CLIPPED:
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
        clipped = (_overlap(sides, tuple((bottom, top) for top in tops), numbers) for sides in region)
        if volume := _volume((sides for sides in clipped if sides is not None), numbers):
            orders = factorial(sum(counts)) // prod(map(factorial, counts))
            drawn = prod(p**count for p, count in zip(choice.values(), counts, strict=True))
            volumes[sum(counts)] += volume * orders * drawn
    return [sympy.expand(volume) for volume in volumes]
