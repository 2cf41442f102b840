"""Which engine answers a question of durations; as :mod:`exactav.engines.plan` for sizes."""

from collections.abc import Container

from exactav.engines.bid import ARITHMETICS, Arithmetic, Deferred
from exactav.engines.durations import question as durations
from exactav.engines.durations.question import DurationEngine, DurationQuestion
from exactav.engines.plan import Plan, chosen_of
from exactav.kernels.machine import Machine
from exactav.numbers.arguments import one_of
from exactav.running.effort import Effort

_ROOM = "exactav.engines.durations"
ENGINES: tuple[DurationEngine, ...] = (
    Deferred("populations", "counts interchangeable units, derivation 09", f"{_ROOM}.counts"),
    Deferred("subsets", "visits all sets of units", f"{_ROOM}.sets"),
    Deferred("trees", "joins the branches of a network that is a tree", f"{_ROOM}.trees"),
    Deferred("rings", "joins the two arms of avalanches on a ring", f"{_ROOM}.rings"),
    Deferred(
        "generations", "visits what can have fired together with its last generation", f"{_ROOM}.generations"
    ),
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
    without: Container[str] = (),
) -> Plan:
    """The plan of a part; ``without`` engines that have failed."""
    engines = [engine for engine in ENGINES if engine.name not in without]
    return chosen_of(engines, question, method, arithmetic, machine, n_parts, effort)


def check_method(method: str, arithmetic: str) -> None:
    """Raise OptionError unless there are such a method and such an arithmetic."""
    one_of(method, "method", METHODS)
    one_of(arithmetic, "arithmetic", ARITHMETICS)
