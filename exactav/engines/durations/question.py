"""What engines of durations answer: how the weight of all assemblies splits by size and by duration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from numpy.typing import NDArray

from exactav.engines import reduction
from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.question import Question, added_up
from exactav.engines.rounding import LEAST, out_of_range
from exactav.kernels.machine import Machine
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.effort import Effort

RESIDUE_BITS = 28
"""Of the primes: 256 products of two residues add up in 64 bits."""


@dataclass(frozen=True)
class DurationQuestion:
    """A law of durations, or jointly of sizes and durations, of the network and starts of a law of sizes.

    Outcomes are numbered: the duration, and a multiple of N + 1 for the size where that is asked for, too.
    """

    sizes: Question
    jointly: bool

    @property
    def system(self) -> System:
        return self.sizes.system

    @property
    def roots(self) -> Mapping[int, Element]:
        return self.sizes.roots

    @property
    def total(self) -> Element:
        return self.sizes.total

    def number(self, size: int, duration: int) -> int:
        """The number of an outcome."""
        return size * (self.system.n_units + 1) + duration if self.jointly else duration

    def outcome(self, number: int) -> tuple[int, int]:
        """(size, duration) with this number; the size is 0 where it is not asked for."""
        return divmod(number, self.system.n_units + 1)

    def by_number(self, weights: Mapping[tuple[int, int], Element]) -> dict[int, Element]:
        """Weights by size and duration, added up by the numbers of the outcomes; zeros are left out."""
        return added_up((self.number(*outcome), weight) for outcome, weight in weights.items() if weight)

    def of_table(self, table: NDArray[Any]) -> dict[int, Element]:
        """The same of an array by size and duration."""
        rows = enumerate(table.tolist())
        return self.by_number({(s, d): weight for s, row in rows for d, weight in enumerate(row)})

    @property
    def bits(self) -> int:
        """A bound on the bits of an integer total, which need not be known for it; a guess in other rings."""
        return self.sizes.total_bits if self.system.ring.is_ZZ else 8000


@dataclass(frozen=True)
class DurationPart:
    """A question about some of the units, and that of the whole; as :class:`~.reduction.Part`."""

    sizes: reduction.Part
    whole: DurationQuestion

    @cached_property
    def question(self) -> DurationQuestion:
        return DurationQuestion(self.sizes.question, self.whole.jointly)

    @property
    def factor(self) -> Element:
        """The weight of all other units: so many times the part's answer counts."""
        return self.sizes.factor

    def number(self, number: int) -> int:
        """The number in the whole question of an outcome of the part."""
        return self.whole.number(*self.question.outcome(number))


def parts(question: DurationQuestion) -> Iterator[DurationPart]:
    """The question split as that of the sizes is."""
    return (DurationPart(part, question) for part in reduction.parts(question.sizes))


def rounded_shares(question: DurationQuestion, weights: Mapping[int, Element]) -> Answer:
    """Exact weights of integers as probabilities, each rounded once.

    Raises:
        FloatRangeError: one is too small.
    """
    total = int(question.total)
    shares = {number: int(weight) / total for number, weight in weights.items()}
    if min(shares.values(), default=1.0) < LEAST:
        raise out_of_range()
    return Answer(shares, 1)


class DurationEngine(Protocol):
    """One way to answer questions of durations; as :class:`~.bid.Engine`."""

    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...

    def bid(
        self,
        question: DurationQuestion,
        arithmetic: Arithmetic,
        machine: Machine,
        limit: float,
        effort: Effort,
    ) -> Bid:
        """What the question would take; ``limit`` and ``effort`` as for other engines."""
