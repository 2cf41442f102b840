"""Which engine answers a question of durations; as :mod:`exactav.engines.plan` for sizes."""

from collections.abc import Container

from exactav.engines.bid import ARITHMETICS, Arithmetic
from exactav.engines.durations import counts as duration_counts
from exactav.engines.durations import generations
from exactav.engines.durations import question as durations
from exactav.engines.durations import rings as duration_rings
from exactav.engines.durations import sets as duration_sets
from exactav.engines.durations import trees as duration_trees
from exactav.engines.durations.question import DurationEngine, DurationQuestion
from exactav.engines.plan import Plan, chosen_of
from exactav.kernels.machine import Machine
from exactav.numbers.arguments import one_of
from exactav.running.effort import Effort

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
    without: Container[str] = (),
) -> Plan:
    """The plan of a part; ``without`` engines that have failed."""
    engines = [engine for engine in ENGINES if engine.name not in without]
    return chosen_of(engines, question, method, arithmetic, machine, n_parts, effort)


def check_method(method: str, arithmetic: str) -> None:
    """Raise OptionError unless there are such a method and such an arithmetic."""
    one_of(method, "method", METHODS)
    one_of(arithmetic, "arithmetic", ARITHMETICS)
