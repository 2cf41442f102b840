"""Laws of how many units fire, in all or in groups: from a network to a question for the engines."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from exactav.engines import plan as planner
from exactav.engines.durations import plan as duration_plan
from exactav.engines.durations.question import DurationQuestion
from exactav.engines.question import Counts, Question
from exactav.errors import CheckFailedError, InvalidNetworkError, OptionError
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.laws.options import Options, measured
from exactav.laws.starts import Input, Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.arguments import collection, one_of, seconds
from exactav.numbers.domains import Element
from exactav.texts import quoted

Read = Callable[[int], Any]
"""What the number of an outcome stands for; None for no avalanche, which is no outcome."""


def groups_of(net: Network, groups: Sequence[Iterable[Hashable]]) -> tuple[tuple[int, ...], ...]:
    """Disjoint collections of labels, none empty, as places of units.

    Raises:
        UnknownUnitError: a label is not in the network.
        InvalidNetworkError: a group is empty, or a unit is in two.
    """
    members = [
        collection(group, "units", "{0, 1}, by label")
        for group in collection(groups, "groups", "[{0}, {1, 2}], by label")
    ]
    indices = [tuple(dict.fromkeys(map(net.index, group))) for group in members]
    every = [unit for group in indices for unit in group]
    if not all(indices) or not indices:
        raise InvalidNetworkError("a group has no units: name at least one in each")
    if len(set(every)) < len(every):
        twice = next(net.labels[unit] for unit in every if every.count(unit) > 1)
        raise InvalidNetworkError(f"unit {quoted(twice)} is in two groups: put each unit into one at most")
    return tuple(indices)


def question_of(net: Network, start: Hashable | None, groups: Sequence[Iterable[Hashable]]) -> Question:
    """How many units of each group fire, of a start; see :func:`groups_of`."""
    return Question(net.system, Starts.of(net, start).weights, groups_of(net, groups))


def duration_question_of(net: Network, start: Hashable | None, *, jointly: bool) -> DurationQuestion:
    """How many generations there are, of a start, ``jointly`` with how many units fire."""
    return DurationQuestion(question_of(net, start, [net.labels]), jointly)


def of_counts(groups: tuple[tuple[int, ...], ...], options: Options) -> "Ask":
    """How many units of each group fire."""

    def ask(system: System, roots: Mapping[int, Element], one: Input | None) -> tuple[Question, Read]:
        counted = {unit for group in groups for unit in group}
        rest = tuple(unit for unit in one.fed if unit not in counted) if one else ()
        if not one or (rest and options.get("arithmetic") != "float"):
            question = Question(system, roots, groups)
            return question, question.counts
        # Floats are not subtracted: another group tells avalanches of units that are not counted from none.
        question = Question(system, roots, (*groups, rest) if rest else groups)

        def read(number: int) -> Counts | None:
            counts = question.counts(number)
            return counts[: len(groups)] if any(counts) else None

        return question, read

    return ask


def of_sets(system: System, roots: Mapping[int, Element], one: Input | None) -> tuple[Question, Read]:
    """Which units fire, as a bit mask."""
    source = 1 << one.source if one else 0
    return Question.of_sets(system, roots), lambda mask: mask & ~source or None


def of_durations(*, jointly: bool) -> "Ask":
    """How many generations there are, ``jointly`` with how many units fire."""

    def ask(system: System, roots: Mapping[int, Element], one: Input | None) -> tuple[DurationQuestion, Read]:
        question = DurationQuestion(Question.of_size(system, roots), jointly)

        def read(number: int) -> tuple[int, int] | int | None:
            size, duration = question.outcome(number)
            size, duration = (size - 1, duration - 1) if one else (size, duration)
            if not duration:
                return None
            return (size, duration) if jointly else duration

        return question, read

    return ask


Ask = Callable[[System, Mapping[int, Element], Input | None], tuple[Any, Read]]
"""The question to ask of a system with roots, of an input if one is given, and how its answer is read."""


def asked(starts: Starts, ask: Ask) -> list[tuple[Any, Read, Input | None]]:
    """All questions whose answers add up: one for all starts, one for each input to several units."""
    found = [(*ask(starts.system, starts.weights, None), None)] if starts.weights else []
    return [*found, *((*ask(one.system, {one.source: one.root}, one), one) for one in starts.inputs)]


def measure_of(starts: Starts, ask: Ask, what: str, options: Options) -> Measure[Any]:
    """The answer given an avalanche, by what numbers stand for; see :func:`.options.measured`.

    Raises:
        OptionError: a checkpoint is wanted of several inputs.
        CheckFailedError: what the answer says of no avalanche is not its determinant.
    """
    questions = asked(starts, ask)
    if len(questions) > 1 and options.get("checkpoint") is not None:
        raise OptionError(f"checkpoint: {len(questions)} sums, one for each input, keep none; leave it out")
    weights: dict[Any, Any] = {}
    roundings = 0
    for place, (question, read, one) in enumerate(questions):
        found = measured(question, what, _share_of(options, place, len(questions)))
        if not one and len(questions) == 1:
            return found.pushed(read)
        if isinstance(found, Rounded):
            share = float(Fraction(int(question.total), int(starts.total)))
            # the share was rounded, and so are products and sums
            roundings = max(roundings, found.roundings + 1 + len(questions))
        for number, weight in found.weights.items():
            outcome = read(number)
            weight = weight * share if isinstance(found, Rounded) else weight
            weights[outcome] = weights[outcome] + weight if outcome in weights else weight
        if one and isinstance(found, Exact):
            outcome = read(_nothing(question, one))
            weights[outcome] = weights.get(outcome, starts.system.ring.zero) - one.nothing
    silent = weights.pop(None, 0)
    if roundings:
        return Rounded(weights, roundings)
    if silent:
        raise CheckFailedError("the weight of no avalanche is not det(L + diag(s - d))")
    return Exact(starts.system.ring, weights, starts.total)


def _nothing(question: Any, one: Input) -> int:
    """The number of the outcome in which only the source fires."""
    return question.number(1, 1) if isinstance(question, DurationQuestion) else question.number([one.source])


def _share_of(options: Options, place: int, n: int) -> Options:
    """The options of one of several questions."""
    if n == 1:
        return options
    found: Options = {**options, "max_cost": seconds(options.get("max_cost", planner.MAX_COST)) / n}
    if (progress := options.get("progress")) is not None:
        found["progress"] = lambda share: progress((place + share) / n)
    return found


@of_network
def plan(
    net: Network,
    start: Hashable | None = None,
    *,
    input: Any = None,
    observed: Iterable[Hashable] | None = None,
    method: str = "auto",
    arithmetic: Any = "exact",
    of: str = "size",
) -> planner.Plan:
    """What the size law of a network would take, engine by engine, and which one would be chosen.

    Args:
        start, input, observed: as in :func:`exactav.size_law`; of several inputs, the plan of the dearest.
        method, arithmetic: as in :class:`~exactav.laws.options.Options`.
        of: "size", "duration", or "size_duration" for both jointly.

    Raises:
        OptionError: there is no such method or arithmetic, or durations are to be those of some units.

    >>> import exactav as ea
    >>> plan(ea.families.ring(200, "9/10")).choice
    'frontier'
    >>> plan(ea.families.homogeneous(200, "9/10"), of="duration").choice
    'populations'
    """
    is_of_size = one_of(of, "of", ["size", "duration", "size_duration"]) == "size"
    starts = Starts.of(net, origin_of(net, start, input, None))
    plan_of: Callable[..., planner.Plan] = planner.plan_of if is_of_size else duration_plan.plan_of
    if is_of_size:
        groups = groups_of(net, [net.labels if observed is None else observed])
        ask = of_counts(groups, {"arithmetic": arithmetic})
    elif observed is not None:
        raise OptionError(f"of={quoted(of)} is of all units: leave out observed")
    else:
        ask = of_durations(jointly=of == "size_duration")
    plans = [
        (plan_of(question, method, arithmetic), one is not None) for question, _, one in asked(starts, ask)
    ]
    dearest, has_source = max(plans, key=lambda pair: pair[0].chosen.seconds)
    return replace(
        dearest,
        n_units=dearest.n_units - has_source,
        n_parts=dearest.n_parts * len(plans),
        n_classes=dearest.n_classes - has_source,
    )
