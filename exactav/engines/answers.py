"""The answer of the engine that is chosen, part by part."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate

from exactav.engines import connected, frontier, populations, reduction, subsets
from exactav.engines.costs import duration_text
from exactav.engines.plan import METHODS, Plan, assembly_plan, check_method, planned
from exactav.engines.question import Question
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.tasks import HERE, Running


def exact_counts(
    question: Question, method: str, max_cost: float, what: str, running: Running = HERE
) -> dict[int, Element]:
    """The weights by the number of their counts, by ``method`` or the cheapest engine that applies.

    Raises:
        ValueError: there is no such method, or a checkpoint is wanted where nothing is kept.
        TooCostlyError: the estimate is above ``max_cost`` seconds, or the method does not apply.
    """
    weights: dict[int, Element] = {}
    for part, plan, share in _planned_parts(question, method, max_cost, what, running, floats=False):
        if plan.choice == "subsets":
            found = subsets.counted(part.question, share)
        elif plan.choice == "connected":
            found = connected.counted(part.question, share)
        elif plan.choice == "populations":
            found = populations.counted(part.question, share)
        else:
            found = frontier.counted(part.question, share, cost=plan.chosen.sweep)
        for number, weight in found.items():
            number = part.number(number)
            weight = weight * part.factor
            weights[number] = weights[number] + weight if number in weights else weight
    running.progress(1.0)
    return weights


def float_counts(
    question: Question, method: str, max_cost: float, what: str, running: Running = HERE
) -> tuple[dict[int, float], int]:
    """Probabilities by the number of their counts, and how many roundings bound their relative errors.

    Raises: as :func:`exact_counts`, and
        FloatingPointError: numbers of the network are too far apart for floating point.
    """
    result: dict[int, float] = {}
    roundings = 0
    planned = _planned_parts(question, method, max_cost, what, running, floats=True)
    for part, plan, share in planned:
        if plan.choice == "subsets":
            found, count = subsets.estimated(part.question, share)
        elif plan.choice == "populations":
            found, count = _rounded_populations(part.question, share)
        else:
            found, count = frontier.estimated(part.question, share, cost=plan.chosen.sweep)
        weight = float(Fraction(int(part.question.total * part.factor), int(question.total)))
        for number, probability in found.items():
            number = part.number(number)
            result[number] = result.get(number, 0.0) + weight * probability
        roundings = max(roundings, count + 2 * (len(planned) > 1) + len(planned) - 1)
    running.progress(1.0)
    return result, roundings


def _planned_parts(
    question: Question, method: str, max_cost: float, what: str, running: Running, *, floats: bool
) -> list[tuple[reduction.Part, Plan, Running]]:
    """The parts of a question with their plans, all of which are allowed, and shares of the progress."""
    check_method(method, METHODS)
    parts = list(reduction.parts(question))
    plans = [planned(part.question, method, floats) for part in parts]
    for plan in plans:
        plan.check(max_cost, what)
    if running.checkpoint is not None and not any(map(_keeps_checkpoint, parts, plans)):
        raise ValueError(
            f"{what} is found by {plans[0].choice!r}, in about {duration_text(plans[0].chosen.seconds)}, and "
            "only sums over sets of rational networks keep a checkpoint: leave it out, or give "
            "method='subsets'"
        )
    seconds = sum(plan.chosen.seconds for plan in plans)
    shares = [plan.chosen.seconds / seconds for plan in plans]
    ends = list(accumulate(shares))
    return [
        (part, plan, running.part(end - share, end))
        for part, plan, share, end in zip(parts, plans, shares, ends, strict=True)
    ]


def _keeps_checkpoint(part: reduction.Part, plan: Plan) -> bool:
    return plan.choice == "subsets" and part.question.system.ring.is_ZZ


def assembly_weights(
    system: System,
    roots: Mapping[int, Element],
    total: Element,
    method: str,
    max_cost: float,
    running: Running = HERE,
) -> dict[int, Element]:
    """mask -> weight of all assemblies where it is not zero, by ``method`` or the cheaper engine.

    Raises: as :func:`exact_counts`.
    """
    question = Question.of_size(system, roots, total)
    if assembly_plan(question, method, max_cost).choice == "subsets":
        weights = subsets.assembly_weights(system, roots, total, running)
    else:
        weights = connected.assembly_weights(system, roots, total, running)
    running.progress(1.0)
    return weights


def _rounded_populations(question: Question, running: Running) -> tuple[dict[int, float], int]:
    """Exact counting is quick: each probability is rounded once."""
    total = int(question.total)
    exact = populations.counted(question, running)
    return {number: float(Fraction(int(weight), total)) for number, weight in exact.items()}, 1
