"""Laws of how many units fire, in all or in groups: from a network to a question for the engines."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Literal, TypeVar

from exactav.engines import answers
from exactav.engines import plan as planner
from exactav.engines.question import Counts, Question
from exactav.errors import InvalidNetworkError, TooCostlyError
from exactav.laws.floats import FloatLaw
from exactav.laws.starts import Starts
from exactav.network.network import Network
from exactav.numbers.domains import Element
from exactav.running.tasks import Checkpoint, Progress, Running, fingerprint, no_progress

Arithmetic = Literal["exact", "float"]
Method = Literal["auto", "subsets", "connected", "populations", "frontier"]
K = TypeVar("K", bound=Hashable)


def question_of(net: Network, start: Hashable | None, groups: Sequence[Iterable[Hashable]]) -> Question:
    """How many units of each group fire; ``groups`` are disjoint collections of labels, none empty.

    Raises:
        UnknownUnitError: a label is not in the network.
        InvalidNetworkError: a group is empty, or a unit is in two.
    """
    starts = Starts.of(net, start)
    indices = [tuple(dict.fromkeys(net.index(label) for label in group)) for group in groups]
    every = [unit for group in indices for unit in group]
    if not all(indices) or not indices:
        raise InvalidNetworkError("a group has no units: name at least one in each")
    if len(set(every)) < len(every):
        twice = next(net.labels[unit] for unit in every if every.count(unit) > 1)
        raise InvalidNetworkError(f"unit {twice!r} is in two groups: put each unit into one at most")
    return Question(net.system, starts.weights, starts.total, tuple(indices))


def running_of(
    question: Question,
    arithmetic: str,
    executor: Executor | None,
    checkpoint: str | Path | None,
    progress: Progress | None,
) -> Running:
    """Where the tasks of a question run.

    Raises:
        CheckpointError: the file is damaged, or belongs to another question.
        ValueError: there is no such arithmetic.
    """
    if arithmetic not in ("exact", "float"):
        raise ValueError(f"arithmetic = {arithmetic!r}: give 'exact' or 'float'")
    kept = None
    if checkpoint is not None:
        system = question.system
        plain = [sorted((j, str(weight)) for j, weight in row.items()) for row in system.weights]
        roots = sorted((unit, str(root)) for unit, root in question.roots.items())
        leak = list(map(str, system.leak))
        kept = Checkpoint(Path(checkpoint), fingerprint(plain, leak, roots, question.groups, arithmetic))
    return Running(executor, kept, progress or no_progress)


def exact_weights(
    question: Question, method: str, max_cost: float, what: str, running: Running
) -> dict[Counts, Element]:
    """The weights by counts, exactly; see :func:`exactav.engines.answers.exact_counts`."""
    numbered = answers.exact_counts(question, method, max_cost, what, running)
    return {question.counts(number): weight for number, weight in numbered.items()}


def float_law(
    net: Network,
    start: Hashable | None,
    question: Question,
    kind: str,
    method: str,
    max_cost: float,
    running: Running,
    key: Callable[[Counts], K],
    outcome: Callable[[Any], K],
) -> FloatLaw[K]:
    """The law in floating point with a proven error bound.

    Raises:
        TypeError: the network has symbols or irrational numbers.
        TooCostlyError: the estimate is above ``max_cost``, or the numbers are too far apart for floats.
    """
    if not net.system.ring.is_ZZ:
        raise TypeError(f"floats need rational weights, not {net.system.ring}: put values in by net.at(...)")
    try:
        numbered, roundings = answers.float_counts(question, method, max_cost, f"the law of {kind}", running)
    except FloatingPointError:
        raise TooCostlyError(
            "the numbers of this network are too far apart for floating point: ask for arithmetic='exact'"
        ) from None
    probabilities = {key(question.counts(number)): p for number, p in numbered.items()}
    return FloatLaw(net, start, kind, probabilities, roundings, outcome)


def plan(
    net: Network,
    start: Hashable | None = None,
    *,
    observed: Iterable[Hashable] | None = None,
    method: Method = "auto",
    arithmetic: Arithmetic = "exact",
) -> planner.Plan:
    """What the size law of a network would take, engine by engine, and which one would be chosen.

    Args:
        start, observed, method, arithmetic: as in :func:`exactav.size_law`.

    Raises:
        ValueError: there is no such method.

    >>> import exactav as ea
    >>> plan(ea.families.ring(200, "9/10")).choice
    'frontier'
    """
    question = question_of(net, start, [net.labels if observed is None else observed])
    return planner.plan_of(question, method, floats=arithmetic == "float")
