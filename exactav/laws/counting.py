"""Laws of how many units fire, in all or in groups: from a network to a question for the engines."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from exactav.engines import plan as planner
from exactav.engines.durations import plan as duration_plan
from exactav.engines.durations.question import DurationQuestion
from exactav.engines.question import Counts, Question
from exactav.errors import InvalidNetworkError, OptionError
from exactav.laws.measure import Measure
from exactav.laws.options import Options, measured
from exactav.laws.starts import Starts
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import collection, one_of


def question_of(net: Network, start: Hashable | None, groups: Sequence[Iterable[Hashable]]) -> Question:
    """How many units of each group fire; ``groups`` are disjoint collections of labels, none empty.

    Raises:
        UnknownUnitError: a label is not in the network.
        InvalidNetworkError: a group is empty, or a unit is in two.
    """
    starts = Starts.of(net, start)
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
        raise InvalidNetworkError(f"unit {twice!r} is in two groups: put each unit into one at most")
    return Question(net.system, starts.weights, tuple(indices))


def duration_question_of(net: Network, start: Hashable | None, *, jointly: bool) -> DurationQuestion:
    """How many generations there are, ``jointly`` with how many units fire."""
    return DurationQuestion(question_of(net, start, [net.labels]), jointly)


def measure_of_counts(question: Question, what: str, options: Options) -> Measure[Counts]:
    """The answer to a question, by counts; see :func:`.options.measured`."""
    return measured(question, what, options).pushed(question.counts)


@of_network
def plan(
    net: Network,
    start: Hashable | None = None,
    *,
    observed: Iterable[Hashable] | None = None,
    method: str = "auto",
    arithmetic: Any = "exact",
    of: str = "size",
) -> planner.Plan:
    """What the size law of a network would take, engine by engine, and which one would be chosen.

    Args:
        start, observed: as in :func:`exactav.size_law`.
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
    if one_of(of, "of", ["size", "duration", "size_duration"]) != "size":
        if observed is not None:
            raise OptionError(f"of={of!r} is of all units: leave out observed")
        durations = duration_question_of(net, start, jointly=of == "size_duration")
        return duration_plan.plan_of(durations, method, arithmetic)
    question = question_of(net, start, [net.labels if observed is None else observed])
    return planner.plan_of(question, method, arithmetic)
