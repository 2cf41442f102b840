"""Questions answered by the engines that are chosen, part by part."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

from exactav.engines import plan, reduction
from exactav.engines.bid import Answer, Arithmetic
from exactav.engines.durations import plan as duration_plan
from exactav.engines.durations import question as durations
from exactav.engines.durations.question import DurationQuestion
from exactav.engines.plan import Plan
from exactav.engines.question import Question
from exactav.engines.rounding import LEAST, out_of_range
from exactav.errors import FloatRangeError, OptionError
from exactav.kernels.loading import interruptible, is_broken, is_worthwhile
from exactav.kernels.machine import Machine
from exactav.running.amounts import duration_text
from exactav.running.effort import BASE, STEP, Effort
from exactav.running.limits import allowed
from exactav.running.memory import Memory
from exactav.running.tasks import HERE, Running

_LOOK = 4 * BASE / STEP  # steps that are spent on whether something else could be asked


def _planned_parts(
    question: Question | DurationQuestion,
    method: str,
    arithmetic: Arithmetic,
    machine: Machine,
    effort: Effort,
) -> list[tuple[Any, Plan]]:
    """The parts of a question that count units, with their plans."""
    if isinstance(question, DurationQuestion):
        return [
            (part, duration_plan.planned(part.question, method, arithmetic, machine, effort=effort))
            for part in durations.parts(question)
        ]
    return [
        (part, plan.planned(part.question, method, arithmetic, machine, effort=effort))
        for part in reduction.parts(question)
        if part.question.groups
    ]


def _here() -> Machine:
    """This computer, without compiled code once it was found not to load."""
    machine = Machine.here()
    return replace(machine, compiles=False) if is_broken() else machine


def is_within(
    question: Question | DurationQuestion, method: str, arithmetic: Arithmetic, max_cost: float
) -> bool:
    """Whether a question would not be refused, as far as a quick look tells."""
    effort = Effort(_LOOK)
    planned = _planned_parts(question, method, arithmetic, _here(), effort)
    return all(chosen.allows(max_cost) for _, chosen in planned)


def answered(
    question: Question | DurationQuestion,
    what: str,
    *,
    method: str = "auto",
    arithmetic: Arithmetic = "exact",
    max_cost: float = float("inf"),
    running: Running = HERE,
    advice: str | Callable[[], str] = "ask for something smaller",
) -> Answer:
    """The answer by ``method``, or by the cheapest engine for each part.

    Args:
        what, advice: how messages call the question, and what they say that one may ask instead, or what
            finds that out when something is refused.

    Raises:
        OptionError: there is no such method or arithmetic, or a checkpoint is wanted where nothing is kept.
        TooCostlyError: the best bid is above ``max_cost`` seconds, or the method does not apply.
        FloatRangeError: numbers of the network are too far apart for floating point.
    """
    machine = _here()

    def checked() -> tuple[list[Any], list[Plan]]:
        planned = _planned_parts(question, method, arithmetic, machine, Effort(worth=max_cost))
        for _, chosen in planned:
            chosen.check(max_cost, what, advice)
        return [part for part, _ in planned], [chosen for _, chosen in planned]

    parts, plans = checked()
    if any(chosen.chosen.compiles for chosen in plans) and not is_worthwhile(1, 1):
        machine = _here()  # what was counted on is installed but does not load
        parts, plans = checked()
    if running.checkpoint is not None and not any(chosen.chosen.keeps_checkpoint for chosen in plans):
        raise _keeps_nothing(plans, what)
    weights: dict[int, Any] = _uncounted(question, arithmetic)
    roundings = 0
    is_whole = len(parts) == 1 and not weights
    seconds = sum(chosen.chosen.seconds for chosen in plans)
    ends = list(accumulate(chosen.chosen.seconds / seconds for chosen in plans))
    for part, chosen, begin, end in zip(parts, plans, [0.0, *ends], ends, strict=False):
        found = _found(part.question, chosen, max_cost, running.part(begin, end))
        factor: Any = part.factor
        if found.roundings is not None:
            roundings = max(roundings, found.roundings)
            factor = float(Fraction(int(part.question.total * factor), int(question.total)))
        for number, weight in found.weights.items():
            number = part.number(number)
            share = weight if is_whole and arithmetic == "float" else weight * factor
            weights[number] = weights[number] + share if number in weights else share
    running.progress(1.0)
    if arithmetic == "exact":
        return Answer(weights)
    if min(weights.values(), default=1.0) < LEAST:
        raise out_of_range()
    # the factor of a part was rounded, and so are its products and their sums
    return Answer(weights, roundings if is_whole else roundings + len(parts) + 2)


def _found(question: Any, chosen: Plan, max_cost: float, running: Running) -> Answer:
    """What the chosen engine finds; in floating point, the next one where numbers are too far apart for it.

    Raises:
        FloatRangeError: they are for all engines that take no more than ``max_cost`` seconds.
    """
    planner = duration_plan if isinstance(question, DurationQuestion) else plan
    failed: list[str] = []
    error: FloatRangeError | None = None
    while error is None or chosen.allows(max_cost):
        memory = Memory(chosen.chosen.megabytes, allowed().most_held)
        try:
            with interruptible():
                return chosen.chosen.run(running.part(0.0, 1.0, memory))
        except FloatRangeError as found:
            error = error or found
        except MemoryError:
            raise memory.ran_out() from None
        failed.append(chosen.choice)
        if chosen.method != "auto" or len(failed) == len(planner.ENGINES):
            break
        chosen = planner.planned(question, "auto", chosen.arithmetic, chosen.machine, without=failed)
    raise error


def _uncounted(question: Question | DurationQuestion, arithmetic: Arithmetic) -> dict[int, Any]:
    """The weight of the parts in which no unit is counted, which is known at once; none if it is 0."""
    if isinstance(question, DurationQuestion):
        return {}
    found = [
        part.question.total * part.factor for part in reduction.parts(question) if not part.question.groups
    ]
    if not found:
        return {}
    weight = sum(found, question.system.ring.zero)
    return {0: float(Fraction(int(weight), int(question.total))) if arithmetic == "float" else weight}


def _keeps_nothing(plans: list[Plan], what: str) -> OptionError:
    if not plans:
        return OptionError(f"{what} is known at once, and keeps no checkpoint: leave it out")
    chosen = plans[0]
    keeping = next((bid.engine for bid in chosen.bids if bid.keeps_checkpoint), None)
    remedy = "leave it out" + (f", or give method={keeping!r}" if keeping else "")
    return OptionError(
        f"{what} is found by {chosen.choice!r}, in about {duration_text(chosen.chosen.seconds)}, and keeps "
        f"no checkpoint: {remedy}"
    )
