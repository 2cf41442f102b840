"""Sets of few units that a start can recruit from within, one after the other, and how many there are.

Each set is a row that begins with its start and is filled up with -1. The next unit to join is one that some
unit of the set feeds; those passed over stay out, so every set comes once (Redelmeier's way of listing
animals on a lattice). Where all couplings are mutual, sets with an earlier start have been found from that,
and earlier starts stay out, too.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.loading import is_worthwhile
from exactav.kernels.small_lists import Numbers, advance, count

BATCH = 2048  # sets listed at once
COMPILED_LISTS = 2_000
"""Sets from which on compiled code is loaded: that takes a second, about as long as NumPy takes for them."""


class Links(NamedTuple):
    """Who receives from whom: unit j feeds receivers[e] with values[e], first[j] <= e < first[j + 1]."""

    first: Numbers
    receivers: Numbers
    values: NDArray[Any]

    @property
    def n_units(self) -> int:
        return len(self.first) - 1

    @property
    def most(self) -> int:
        """The largest number of receivers of a unit."""
        return int(np.diff(self.first).max(initial=0))


class Listing(NamedTuple):
    """The starts in order, which of them are visited, and how far sets grow.

    ``is_mutual``: whoever feeds a unit is fed by it.
    """

    starts: Sequence[int]
    begin: int
    end: int
    up_to: int
    is_mutual: bool


class _Walk(NamedTuple):
    """What the listing of the sets of a start remembers; depth d is the place of the unit that joins next."""

    chosen: Numbers  # (up_to,)
    candidates: Numbers  # (up_to, most candidates)
    n_candidates: Numbers
    fresh: Numbers  # candidates that were none before, whose marks go when this depth is left
    n_fresh: Numbers
    depth: Numbers  # one number

    @classmethod
    def of(cls, links: Links, up_to: int) -> "_Walk":
        room = 1 + up_to * links.most
        return cls(
            np.zeros(up_to, np.int64),
            np.zeros((up_to, room), np.int64),
            np.zeros(up_to, np.int64),
            np.zeros((up_to, room), np.int64),
            np.zeros(up_to, np.int64),
            np.zeros(1, np.int64),
        )

    def begin(self, start: int, marks: NDArray[np.int8]) -> None:
        self.candidates[0, 0] = start
        self.n_candidates[0], self.n_fresh[0], self.depth[0] = 1, 0, 0
        marks[start] = 1


def counted(links: Links, listing: Listing, most: float) -> tuple[int, float]:
    """(sets, sum of (units and receivers of each)^3, about), counted until the second is above ``most``."""
    walk, marks = _Walk.of(links, listing.up_to), np.zeros(links.n_units, np.int8)
    counting = count
    if is_worthwhile(len(listing.starts) * 4**listing.up_to, COMPILED_LISTS):
        from exactav.kernels.compiled import small_sets as small_compiled

        counting = small_compiled.count
    n_sets, cubes = 0, 0.0
    for start in listing.starts[listing.begin : listing.end]:
        walk.begin(start, marks)
        sets, more = counting(links.first, links.receivers, *walk, marks, most - cubes)
        n_sets, cubes = n_sets + sets, cubes + more
        if cubes > most:
            break
        marks[start] = listing.is_mutual
    return n_sets, cubes


def listed(links: Links, listing: Listing, *, compiles: bool) -> Iterator[Numbers]:
    """The sets, in batches that are overwritten by the next."""
    walk, marks = _Walk.of(links, listing.up_to), np.zeros(links.n_units, np.int8)
    if listing.is_mutual:
        marks[list(listing.starts[: listing.begin])] = 1
    advancing = advance
    if compiles:
        from exactav.kernels.compiled import small_sets as small_compiled

        advancing = small_compiled.advance
    sets, filled = np.full((BATCH, listing.up_to), -1, np.int64), 0
    for start in listing.starts[listing.begin : listing.end]:
        walk.begin(start, marks)
        while walk.depth[0] >= 0:
            filled = advancing(links.first, links.receivers, *walk, marks, sets, filled)
            if filled == BATCH:
                yield sets
                filled = 0
        marks[start] = listing.is_mutual
    if filled:
        yield sets[:filled]
