"""How many steps the sum over generations takes, counted without weights.

Levels of few states are followed one state at a time, larger ones in arrays of masks.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.network.system import System
from exactav.running.effort import Effort, Exhausted

Masks = NDArray[np.uint64]
_FEW = 300  # states that are followed one at a time
_MASK = 64  # bits of a mask in an array
_BLOCK = 1 << 19  # steps that are counted at a time, about
_MANY_HEARING = 12  # units that receive from one generation, whose choices are many
_MOST_HEARING = 24  # units that receive from one generation, at most
_COUNTED = 0.08  # steps of an effort to count one, and for each block
_BLOCK_STEPS = 400
_POPULATION = np.array([value.bit_count() for value in range(256)], dtype=np.uint8)


class Steps(NamedTuple):
    """What the sum over generations visits."""

    steps: int  # from one generation to the next
    states: int  # of equal union and last generation, at most at a time
    unions: int


def steps_of(
    system: System,
    starts: Iterable[int],
    effort: Effort,
    tell: Callable[[Steps], object] = lambda found: None,
) -> Steps:
    """What the sum takes.

    Args:
        tell: is told now and then what has been found so far, and may allow more effort.

    Raises:
        Exhausted: that takes more than may be spent, or than arrays hold.
    """
    senders = [sum(1 << j for j in row) for row in system.weights]
    looked = system.n_units // 16  # what it takes to see who receives
    level = {(1 << start, 1 << start) for start in starts}
    unions: set[int] = set()
    steps = most = 0
    while level:
        most = max(most, len(level))
        if len(level) > _FEW and system.n_units <= _MASK:
            return _Arrays(senders, effort, tell).counted(level, unions, Steps(steps, most, 0))
        following: set[tuple[int, int]] = set()
        for fired, last in level:
            unions.add(fired)
            masks = [1 << unit for unit, mask in enumerate(senders) if mask & last and not fired >> unit & 1]
            n_choices = 2 ** min(len(masks), _MOST_HEARING + 1)
            steps += n_choices
            effort.spend(n_choices + looked)
            if len(masks) > _MANY_HEARING:  # before they are listed
                tell(Steps(steps, max(most, n_choices), len(unions)))
            if len(masks) > _MOST_HEARING:
                raise Exhausted
            choices = [0]
            for mask in masks:
                choices += [choice | mask for choice in choices]
            following.update((fired | choice, choice) for choice in choices[1:])
        tell(Steps(steps, most, len(unions)))
        level = following
    return Steps(steps, most, len(unions))


class _Arrays:
    """Levels as arrays of masks: the units that have fired, and the last generation, of each state."""

    def __init__(self, senders: list[int], effort: Effort, tell: Callable[[Steps], object]) -> None:
        self.effort, self.tell = effort, tell
        n = len(senders)
        self.is_short = 2 * n <= _MASK
        self.tables = np.zeros((_MASK // 8, 256), dtype=np.uint64)
        for unit in range(n):
            heard_by = np.uint64(sum(1 << other for other in range(n) if senders[other] >> unit & 1))
            self.tables[unit // 8, np.arange(256) >> unit % 8 & 1 == 1] |= heard_by

    def counted(self, level: set[tuple[int, int]], unions: set[int], found: Steps) -> Steps:
        """What has been found, and what follows from a level."""
        fired, last = (np.array(masks, dtype=np.uint64) for masks in zip(*level, strict=True))
        seen = np.array(sorted(unions), dtype=np.uint64)
        while len(fired):
            seen = _once(np.concatenate([seen, fired]))
            found = Steps(found.steps, max(found.states, len(fired)), len(seen))
            hearing = self._hearing(fired, last)
            counts = _POPULATION[hearing.view(np.uint8)].reshape(-1, 8).sum(axis=1, dtype=np.int64)
            made: list[tuple[Masks, Masks]] = []
            for count in np.unique(counts).tolist():
                (places,) = np.nonzero(counts == count)
                for block in self._blocks(places, count):
                    found = found._replace(steps=found.steps + (len(block) << count))
                    self.tell(found)
                    self.effort.spend(_BLOCK_STEPS + _COUNTED * (len(block) << count))
                    if count:
                        made.append(self._different(*_followed(fired[block], hearing[block], count)))
            if not made:
                break
            fired, last = self._different(*(np.concatenate(masks) for masks in zip(*made, strict=True)))
        return found

    def _hearing(self, fired: Masks, last: Masks) -> Masks:
        """Who receives from the last generation and has not fired."""
        octets = last.view(np.uint8).reshape(-1, 8)
        found = np.zeros_like(fired)
        for place, table in enumerate(self.tables):
            found |= table[octets[:, place]]
        return found & ~fired

    def _blocks(self, places: NDArray[Any], count: int) -> Iterator[NDArray[Any]]:
        if count > _MOST_HEARING:
            raise Exhausted
        size = max(1, _BLOCK >> count)
        for begin in range(0, len(places), size):
            yield places[begin : begin + size]

    def _different(self, fired: Masks, last: Masks) -> tuple[Masks, Masks]:
        """Each state once; of many units by 64 bits of both masks, which is good enough to count them."""
        if self.is_short:
            half = np.uint64(_MASK // 2)
            keys = _once(fired << half | last)
            return keys >> half, keys & np.uint64((1 << _MASK // 2) - 1)
        keys = fired * np.uint64(0x9E3779B97F4A7C15) ^ last * np.uint64(0xC2B2AE3D27D4EB4F)
        _, first = np.unique(keys, return_index=True)
        return fired[first], last[first]


def _once(masks: Masks) -> Masks:
    """Each of them once, in order."""
    masks = np.sort(masks)
    found: Masks = masks[np.concatenate([[True], masks[1:] != masks[:-1]])]
    return found


def _followed(fired: Masks, hearing: Masks, count: int) -> tuple[Masks, Masks]:
    """The states that follow, if so many units receive in each."""
    choices = np.zeros((len(fired), 1), dtype=np.uint64)
    left = hearing.copy()
    for _ in range(count):
        lowest = left & (~left + np.uint64(1))
        left ^= lowest
        choices = np.concatenate([choices, choices | lowest[:, None]], axis=1)
    choices = choices[:, 1:]
    return (fired[:, None] | choices).ravel(), choices.ravel()
