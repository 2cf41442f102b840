"""What an engine offers: the work that a question would take, and a function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal, NamedTuple, Protocol, SupportsIndex

from exactav.engines.question import Question
from exactav.errors import TooCostlyError
from exactav.kernels.machine import Machine
from exactav.pickles import made_by
from exactav.running.effort import Effort
from exactav.running.tasks import Running

Arithmetic = Literal["exact", "float"]
ARITHMETICS: tuple[Arithmetic, ...] = ("exact", "float")


class Answer(NamedTuple):
    """The weights of all counts that have any, by the number of the counts.

    Exact weights are ring elements that add up to the total of the question. In floating point they are
    probabilities, and so many roundings bound their relative errors; ``roundings`` of exact ones is None.
    """

    weights: Mapping[int, Any]
    roundings: int | None = None


def _nothing(running: Running) -> Answer:
    raise TooCostlyError("an engine that does not apply was run")


@dataclass(frozen=True)
class Bid:
    """What one engine would take for a question, or why it does not apply.

    Attributes:
        engine: its name.
        work: what it visits, in words.
        seconds, megabytes: time and memory; infinite where the engine does not apply.
        reason: why it does not apply; empty where it does.
        run: does the work.
        keeps_checkpoint: whether a run that was killed can go on where it was.
        compiles: whether compiled code was counted on, which a broken installation does not have.
    """

    engine: str
    work: str
    seconds: float
    megabytes: float
    reason: str = ""
    run: Callable[[Running], Answer] = field(default=_nothing, repr=False, compare=False)
    keeps_checkpoint: bool = False
    compiles: bool = False

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        # what it says; not what it would run, which has the whole question
        said = self.engine, self.work, self.seconds, self.megabytes, self.reason
        return made_by(self, Bid, *said, _nothing, self.keeps_checkpoint, self.compiles)

    @classmethod
    def refusal(cls, engine: str, reason: str) -> "Bid":
        """The bid of an engine that does not apply."""
        return cls(engine, "", float("inf"), float("inf"), reason)


class Engine(Protocol):
    """One way to answer questions.

    Attributes:
        name: by which it can be asked for.
        summary: what it does, for a list of engines.
    """

    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...

    def bid(
        self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        """What the question would take.

        Args:
            limit: seconds of the best bid so far, beyond which nothing needs to be known; infinite if this
                engine is asked for by name.
            effort: what may be spent on finding out. An engine that knows that it will take long may allow
                itself more, see :meth:`~exactav.running.effort.Effort.raise_to`, and bids or refuses with
                what it knows when that is exhausted.
        """


@dataclass(frozen=True)
class Deferred:
    """An engine whose module is loaded when it first has to look at a question.

    Attributes:
        name, summary: as in the module.
        module: has the engine as ``ENGINE``.
        unit_seconds: below so many for each unit it need not look: another engine is quicker.
    """

    name: str
    summary: str
    module: str
    unit_seconds: float = 0.0

    def bid(
        self, question: Any, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        if limit < self.unit_seconds * question.system.n_units:
            return Bid.refusal(self.name, "another engine is quicker")
        found: Bid = import_module(self.module).ENGINE.bid(question, arithmetic, machine, limit, effort)
        return found
