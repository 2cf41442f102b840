"""Which engine answers a question: what each would take is known before it is asked."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from math import inf
from sys import float_info
from typing import Protocol, TypeVar

from exactav.deprecation import renamed
from exactav.engines import reduction
from exactav.engines.bid import ARITHMETICS, Arithmetic, Bid
from exactav.engines.question import Question
from exactav.engines.registry import ENGINES, METHODS
from exactav.errors import TooCostlyError
from exactav.kernels.machine import Machine
from exactav.network.system import System
from exactav.numbers.arguments import one_of, seconds, text
from exactav.pickles import tagged
from exactav.running.amounts import duration_text, memory_text
from exactav.running.effort import BASE, STEP, Effort
from exactav.running.limits import MAX_COST as MAX_COST
from exactav.running.limits import memory_said

_PATIENCE = 31_557_600.0  # seconds, a year: for what takes longer nobody is told to allow more


@dataclass(frozen=True)
class Plan:
    """Which engines apply to a question, what each would take, and which is chosen.

    Attributes:
        n_units: units that can fire, in the largest part of the network.
        n_parts: parts that are computed apart.
        n_classes: classes of interchangeable units.
        bids: one of each engine.
        choice: the engine that is taken; any of them if none applies.
        arithmetic: "exact" or "float".
        machine: the computer that was planned for.
        method: the engine that was asked for, or "auto".
    """

    n_units: int
    n_parts: int
    n_classes: int
    bids: tuple[Bid, ...]
    choice: str
    arithmetic: Arithmetic
    machine: Machine
    method: str = "auto"

    estimates = renamed("estimates", "bids")

    __reduce_ex__ = tagged

    @property
    def chosen(self) -> Bid:
        """The bid of the chosen engine."""
        return next(bid for bid in self.bids if bid.engine == self.choice)

    def allows(self, max_cost: float) -> bool:
        """Whether :meth:`check` would not refuse."""
        return self._allows(self.chosen, seconds(max_cost))

    def _allows(self, bid: Bid, max_cost: float) -> bool:
        return not bid.reason and bid.megabytes <= self.machine.megabytes and bid.seconds <= max_cost

    def _marks(self, bid: Bid) -> bool:
        return bid.engine == self.choice and not (bid.reason and self.method == "auto")

    def text(self) -> str:
        """What a reader wants to know before asking."""
        lines = [
            f"{self.n_units} units that can fire"
            + (f" in the largest of {self.n_parts} parts" if self.n_parts > 1 else "")
            + f", {self.n_classes} classes of interchangeable ones",
            "",
        ]
        for bid in self.bids:
            mark = "*" if self._marks(bid) else " "
            takes = f"{bid.work}, about {duration_text(bid.seconds)} and {memory_text(bid.megabytes)}"
            lines.append(f"{mark} {bid.engine:<12} {bid.reason or takes}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Plan\n{self.text()}\n>"

    def _repr_html_(self) -> str:
        from exactav.showing import html

        rows = []
        for bid in self.bids:
            takes = bid.reason or f"{duration_text(bid.seconds)} and {memory_text(bid.megabytes)}"
            mark = "✓" if self._marks(bid) else ""
            work = "" if bid.reason else bid.work
            rows.append([html.text(mark), html.text(bid.engine), html.text(work, 80), html.text(takes, 200)])
        said = f"{self.n_units:,} units that can fire, {self.n_classes:,} classes of interchangeable ones"
        table = html.table(["", "engine", "work", "takes about"], rows)
        return html.card(f"Plan, {self.arithmetic}", html.note(said), table)

    def check(
        self, max_cost: float, what: str, advice: str | Callable[[], str] = "ask for something smaller"
    ) -> None:
        """Refuse if the choice takes more than ``max_cost`` seconds, or too much memory.

        Args:
            what: is asked, as the message calls it.
            advice: what one may ask instead, or what finds it out.

        Raises:
            TooCostlyError: it does.
        """
        max_cost, what = seconds(max_cost), text(what, "what")
        if not callable(advice):
            text(advice, "advice")
        if self.allows(max_cost):
            return
        chosen, others = self.chosen, [bid for bid in self.bids if bid.engine != self.choice]
        ways = [advice if isinstance(advice, str) else advice()]
        if any(self._allows(bid, max_cost) for bid in others):
            ways = ["leave method out", *ways]
        if chosen.reason and self.method == "auto":
            reasons = "; ".join(f"{bid.engine}: {bid.reason}" for bid in self.bids)
            problem = f"no engine can find {what} of {self.n_units:,} units ({reasons})"
        elif chosen.reason:
            problem = f"{what} by method={self.method!r}: {chosen.reason}"
        elif chosen.megabytes > self.machine.megabytes:
            problem = (
                f"{what} would visit {chosen.work} and take about {memory_text(chosen.megabytes)} of "
                f"memory, more than {memory_said()}"
            )
        else:
            problem = (
                f"{what} would visit {chosen.work} and take about {duration_text(chosen.seconds)}, more than "
                f"the allowed {duration_text(max_cost)}"
            )
            if chosen.seconds <= _PATIENCE:
                more = " and give more machines as executor" if chosen.keeps_checkpoint else ""
                ways = [f"raise max_cost{more}", *ways]
        raise TooCostlyError(f"{problem}: {', or '.join(ways)}")


def plan_of(
    question: Question,
    method: str = "auto",
    arithmetic: Arithmetic = "exact",
    machine: Machine | None = None,
    effort: Effort | None = None,
) -> Plan:
    """The plan of a question; its parts are taken to be planned apart.

    Args:
        effort: where what is spent is counted.

    Raises:
        OptionError: there is no such method or arithmetic.
    """
    every = list(reduction.parts(question))
    parts = [part for part in every if part.question.groups] or every  # of others all is known at once
    largest = max((part.question for part in parts), key=lambda smaller: smaller.system.n_units)
    return planned(largest, method, arithmetic, machine or Machine.here(), len(parts), effort)


def planned(
    question: Question,
    method: str,
    arithmetic: Arithmetic,
    machine: Machine,
    n_parts: int = 1,
    effort: Effort | None = None,
    without: Container[str] = (),
) -> Plan:
    """The plan of a part; ``without`` engines that have failed.

    Raises:
        OptionError: there is no such method or arithmetic.
    """
    check_method(method, arithmetic)
    engines = [engine for engine in ENGINES if engine.name not in without]
    return chosen_of(engines, question, method, arithmetic, machine, n_parts, effort)


class _Asked(Protocol):
    @property
    def system(self) -> System: ...


Asked = TypeVar("Asked", bound=_Asked, contravariant=True)


class _Bidder(Protocol[Asked]):
    @property
    def name(self) -> str: ...
    def bid(
        self, question: Asked, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid: ...


def chosen_of(
    engines: Sequence[_Bidder[Asked]],
    question: Asked,
    method: str,
    arithmetic: Arithmetic,
    machine: Machine,
    n_parts: int,
    effort: Effort | None,
) -> Plan:
    """The bids of engines for a question of their kind, and the one that is taken.

    Each engine knows the best bid before it, and what is left to spend on its own.
    """
    bids: list[Bid] = []
    spent = Effort() if effort is None else effort.part()
    for engine in engines:
        best = min((bid.seconds for bid in _fitting(bids, machine)), default=inf)
        is_asked_for = method == engine.name
        limit = inf if is_asked_for else min(best, float_info.max)
        part = spent.part(inf if is_asked_for else BASE / STEP)
        bids.append(engine.bid(question, arithmetic, machine, limit, part))
    choice = min(_fitting(bids, machine), key=lambda bid: bid.seconds).engine if method == "auto" else method
    n_units, n_classes = question.system.n_units, len(question.system.classes)
    return Plan(n_units, n_parts, n_classes, tuple(bids), choice, arithmetic, machine, method)


def check_method(method: str, arithmetic: str) -> None:
    """Raise OptionError unless there are such a method and such an arithmetic."""
    one_of(method, "method", METHODS)
    one_of(arithmetic, "arithmetic", ARITHMETICS)


def _fitting(bids: list[Bid], machine: Machine) -> list[Bid]:
    """The bids that memory allows; all, if there are none."""
    return [bid for bid in bids if bid.megabytes <= machine.megabytes] or bids
