"""How a law is computed: the options that all laws of sums over sets share."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from os import PathLike
from pathlib import Path
from typing import Any, TypedDict

from exactav.engines import plan
from exactav.engines.answers import answered
from exactav.engines.bid import Arithmetic
from exactav.engines.durations import plan as duration_plan
from exactav.engines.durations.question import DurationQuestion
from exactav.engines.plan import MAX_COST
from exactav.engines.question import Question
from exactav.errors import ArgumentError, NotRationalError, OptionError
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.network.system import System
from exactav.numbers.arguments import function, seconds
from exactav.numbers.domains import Element
from exactav.numbers.expressions import described
from exactav.numbers.trees import text_of
from exactav.running.checkpoint import Checkpoint, fingerprint
from exactav.running.tasks import Progress, Running, no_progress
from exactav.texts import quoted


class Options(TypedDict, total=False):
    """How a law is computed; the result is the same law.

    Attributes:
        method: the engine: "subsets" visits all sets of units; "populations" counts interchangeable units,
            derivation 09; "connected" visits only the sets that a start can recruit from within; "frontier"
            joins tables of open units along a tree decomposition of small width; "auto", the default, takes
            the cheapest for each part of the network that meets no other, see :func:`exactav.plan`. Durations
            have "subsets" and "populations", too; "trees" and "rings", which join the branches of networks
            that are trees, and the arms of avalanches on rings; and "generations", which visits what can have
            fired together with its last generation.
        arithmetic: "exact", or "float" for floating point with a proven ``error_bound``.
        max_cost: largest estimated cost allowed, in seconds of an ordinary core; 3600 unless given.
        executor: where a sum over all sets, an exact sweep in compiled code, or a long exact sum of durations
            is computed in parts: anything with the protocol of ``concurrent.futures.Executor`` whose workers
            have exactav, such as a ProcessPoolExecutor, Dask's ``client.get_executor()`` or an
            MPIPoolExecutor; None for threads of this process. Other sums take one thread.
        checkpoint: a file that keeps what a sum that is computed in parts has finished. A run that was killed
            and is started again with it goes on where it was.
        progress: is called with the share of the work that is done, from 0 to 1.
    """

    method: str
    arithmetic: Arithmetic
    max_cost: float
    executor: Executor | None
    checkpoint: str | Path | None
    progress: Progress | None


def measured(question: Question | DurationQuestion, what: str, options: Options) -> Measure[int]:
    """The answer to a question, by the number of the counts, or of the outcome.

    Args:
        what: is asked, as messages call it.

    Raises:
        OptionError: an option is none of those that there are.
        NotRationalError: floats are wanted of a network with symbols or irrational numbers.
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: numbers are too far apart for floating point.
        CheckpointError: the file is damaged, or belongs to another question.
    """
    planner = duration_plan if isinstance(question, DurationQuestion) else plan
    method, arithmetic, max_cost = asked_of(options, question.system, planner.check_method)
    asked = ("durations", question.jointly) if isinstance(question, DurationQuestion) else question.groups
    running = running_of(options, lambda: fingerprint_of(question.system, question.roots, asked, arithmetic))

    def advice() -> str:
        from exactav.laws.advice import advised

        return advised(question, method, arithmetic, max_cost)

    found = answered(
        question,
        what,
        method=method,
        arithmetic=arithmetic,
        max_cost=max_cost,
        running=running,
        advice=advice,
    )
    if found.roundings is None:
        return Exact(question.system.ring, found.weights, question.total)
    return Rounded(found.weights, found.roundings)


def asked_of(
    options: Options, system: System, check: Callable[[str, str], None] = plan.check_method
) -> tuple[str, Arithmetic, float]:
    """(method, arithmetic, max_cost), checked.

    Args:
        check: raises OptionError unless there are such a method and such an arithmetic.

    Raises:
        OptionError: an option is none of those that there are.
        ArgumentError: the executor, the checkpoint or the progress is none.
        NotRationalError: floats are wanted of a network with symbols or irrational numbers.
    """
    known = Options.__annotations__
    for name in options:
        if name not in known:
            raise OptionError(f"no option is called {quoted(name)}; options are {', '.join(known)}")
    _check_running(options)
    method, arithmetic = options.get("method", "auto"), options.get("arithmetic", "exact")
    check(method, arithmetic)
    max_cost = seconds(options.get("max_cost", MAX_COST))
    if arithmetic == "float" and not system.ring.is_ZZ:
        is_number = system.ring.is_Algebraic
        remedy = "ask for arithmetic='exact'" if is_number else "put values in by net.at(...)"
        raise NotRationalError(f"floats need rational weights, not {system.ring}: {remedy}")
    return method, arithmetic, max_cost


def running_of(options: Options, mark: Callable[[], str]) -> Running:
    """How the work is run, by options that :func:`asked_of` has looked at.

    Args:
        mark: gives what tells the question from others in a checkpoint.

    Raises:
        CheckpointError: the file is damaged, or belongs to another question.
    """
    executor, kept, progress = options.get("executor"), options.get("checkpoint"), options.get("progress")
    checkpoint = None if kept is None else Checkpoint(Path(kept), mark())
    return Running(executor, checkpoint, no_progress if progress is None else progress)


def _check_running(options: Options) -> None:
    executor, kept, progress = options.get("executor"), options.get("checkpoint"), options.get("progress")
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ArgumentError(
            f"executor = {described(executor)}: give what has the protocol of concurrent.futures.Executor, "
            "such as a ProcessPoolExecutor"
        )
    if kept is not None and not isinstance(kept, str | PathLike):
        raise ArgumentError(f"checkpoint = {described(kept)}: give the path of a file")
    if progress is not None:
        function(progress, "progress", "the share that is done")


def fingerprint_of(system: System, roots: Mapping[int, Element], *asked: Any) -> str:
    """What tells a question from others: its numbers, and what else is asked."""

    def text(element: Element) -> str:
        try:
            return str(element)
        except ValueError:  # an integer of more digits than Python writes
            return text_of(system.ring.to_sympy(element))

    plain = [sorted((j, text(weight)) for j, weight in row.items()) for row in system.weights]
    starts = sorted((unit, text(root)) for unit, root in roots.items())
    return fingerprint(plain, list(map(text, system.leak)), starts, *asked)
