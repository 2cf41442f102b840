"""Laws of how many units fire, in all or in groups: from a network to a question for the engines."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from exactav.engines import plan as planner
from exactav.engines.question import Counts, Question
from exactav.errors import InvalidNetworkError
from exactav.laws.measure import Measure
from exactav.laws.options import Options, measured
from exactav.laws.starts import Starts
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import collection


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
) -> planner.Plan:
    """What the size law of a network would take, engine by engine, and which one would be chosen.

    Args:
        start, observed: as in :func:`exactav.size_law`.
        method, arithmetic: as in :class:`~exactav.laws.options.Options`.

    Raises:
        OptionError: there is no such method or arithmetic.

    >>> import exactav as ea
    >>> plan(ea.families.ring(200, "9/10")).choice
    'frontier'
    """
    question = question_of(net, start, [net.labels if observed is None else observed])
    return planner.plan_of(question, method, arithmetic)
