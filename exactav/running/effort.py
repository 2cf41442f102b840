"""Work that may be spent on finding out what something would take, counted in steps and not by the clock.

Steps are counted where loops run, so what is found, and when a search is given up, depend on what is asked
alone: the same plan comes out on every machine, however busy it is.
"""

from dataclasses import dataclass
from math import inf

STEP = 1e-6
"""Seconds that one step takes, about; loops count a few at a time for what they do in a round."""

BASE = 0.05
"""Seconds that each of the two searches of a plan may always take: for connected sets, and for a sweep."""

SHARE = 0.025
"""Share of the time of an answer that each of them may take besides."""


class Exhausted(Exception):  # noqa: N818 (no error: the search has gone as far as it may)
    """All that may be spent has been."""


@dataclass
class Effort:
    """Steps that may be spent, and those that have been.

    Attributes:
        most: steps that may be spent in all; infinite for what has to be done whatever it takes.
        spent: steps that have been.
        whole: the effort that this one is a part of; what is spent here is spent there.
        worth: seconds of an answer that is wanted; of one that takes longer nothing more is asked.

    >>> effort = Effort(10)
    >>> effort.spend(8)
    >>> effort.left, effort.allows(3)
    (2, False)
    >>> effort.spend(3)
    Traceback (most recent call last):
    ...
    exactav.running.effort.Exhausted
    """

    most: float = inf
    spent: float = 0
    whole: "Effort | None" = None
    worth: float = inf

    @property
    def left(self) -> float:
        """Steps that may still be spent; below zero once more have been."""
        own = self.most - self.spent
        return own if self.whole is None else min(own, self.whole.left)

    def allows(self, steps: float) -> bool:
        """Whether so many steps are left."""
        return steps <= self.left

    def spend(self, steps: float = 1) -> None:
        """Count steps that are about to be done, or have just been.

        Raises:
            Exhausted: more have been spent than may be; these are counted, too.
        """
        effort: Effort | None = self
        while effort is not None:
            effort.spent += steps
            effort = effort.whole
        if self.left < 0:
            raise Exhausted

    def part(self, most: float = inf) -> "Effort":
        """An effort of at most so many steps, which are spent of this one."""
        return Effort(most, 0, self, self.worth)

    def raise_to(self, seconds: float) -> None:
        """Allow what is worth spending once the answer is known to take so many seconds."""
        self.most = max(self.most, (BASE + SHARE * seconds) / STEP)
