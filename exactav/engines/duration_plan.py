"""Which engine answers a question of durations; as :mod:`.plan` for sizes."""

from math import inf
from sys import float_info

from exactav.engines import (
    duration_counts,
    duration_rings,
    duration_sets,
    duration_trees,
    durations,
    generations,
)
from exactav.engines.bid import ARITHMETICS, Arithmetic, Bid
from exactav.engines.durations import DurationEngine, DurationQuestion
from exactav.engines.plan import Plan
from exactav.kernels.machine import Machine
from exactav.numbers.arguments import one_of
from exactav.running.effort import BASE, STEP, Effort

ENGINES: tuple[DurationEngine, ...] = (
    duration_counts.ENGINE,
    duration_sets.ENGINE,
    duration_trees.ENGINE,
    duration_rings.ENGINE,
    generations.ENGINE,
)
"""In the order in which they bid: first those that need not look far to say what they would take."""

METHODS = ("auto", *(engine.name for engine in ENGINES))
"""What may be given as ``method`` for durations."""


def plan_of(
    question: DurationQuestion,
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
    check_method(method, arithmetic)
    parts = list(durations.parts(question))
    largest = max((part.question for part in parts), key=lambda smaller: smaller.system.n_units)
    return planned(largest, method, arithmetic, machine or Machine.here(), len(parts), effort)


def planned(
    question: DurationQuestion,
    method: str,
    arithmetic: Arithmetic,
    machine: Machine,
    n_parts: int = 1,
    effort: Effort | None = None,
) -> Plan:
    """The plan of a part. Each engine knows the best bid before it, and what is left to spend on its own."""
    bids: list[Bid] = []
    spent = Effort(whole=effort)
    for engine in ENGINES:
        best = min((bid.seconds for bid in _fitting(bids, machine)), default=inf)
        is_asked_for = method == engine.name
        limit = inf if is_asked_for else min(best, float_info.max)
        part = spent.part(inf if is_asked_for else BASE / STEP)
        bids.append(engine.bid(question, arithmetic, machine, limit, part))
    choice = min(_fitting(bids, machine), key=lambda bid: bid.seconds).engine if method == "auto" else method
    n_units, n_classes = question.system.n_units, len(question.system.classes)
    return Plan(n_units, n_parts, n_classes, tuple(bids), choice, arithmetic, machine)


def check_method(method: str, arithmetic: str) -> None:
    """Raise OptionError unless there are such a method and such an arithmetic."""
    one_of(method, "method", METHODS)
    one_of(arithmetic, "arithmetic", ARITHMETICS)


def _fitting(bids: list[Bid], machine: Machine) -> list[Bid]:
    """The bids that memory allows; all, if there are none."""
    return [bid for bid in bids if bid.megabytes <= machine.megabytes] or bids
