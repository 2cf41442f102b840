"""Long sums as independent tasks: run by any executor, reported on the way, resumed after a kill.

A task is a function of plain data and a number; what it returns does not depend on where or when it runs, and
results are added up in the order of the numbers, so neither does their sum in floating point.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

from numpy.typing import NDArray

from exactav.running.checkpoint import Checkpoint, fingerprint
from exactav.running.memory import UNWATCHED, Memory
from exactav.running.sums import Kind, Sums
from exactav.running.threads import Threads

Progress = Callable[[float], object]
Data = TypeVar("Data")
Result = TypeVar("Result")
_IN_FLIGHT = 4096  # tasks handed out at a time


def no_progress(share: float) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Running:
    """How the tasks of a long computation are run.

    Attributes:
        executor: anything with the protocol of ``concurrent.futures.Executor`` whose workers can import
            exactav; None for threads, one for each core.
        checkpoint: where finished tasks are kept, or None.
        progress: is called with the share of the work that is done, from 0 to 1.
        memory: is asked whether the run may go on.
    """

    executor: Executor | None = None
    checkpoint: Checkpoint | None = None
    progress: Progress = no_progress
    memory: Memory = UNWATCHED

    def part(self, begin: float, end: float, memory: Memory | None = None) -> "Running":
        """The same for a part of the work, whose progress is that from ``begin`` to ``end``.

        It tells of steps of a thousandth, so that engines may tell it as often as they like, and checks the
        memory at each.
        """
        memory = memory or self.memory
        told = -1.0

        def progress(share: float) -> None:
            nonlocal told
            if share - told >= 1e-3 or share == 1.0 > told:
                told = share
                memory.check()
                self.progress(begin + (end - begin) * share)

        return Running(self.executor, self.checkpoint, progress, memory)


HERE = Running()  # in threads, without reports


def results(
    task: Callable[[Data, int], Result], data: Data, numbers: Sequence[int], running: Running
) -> Iterator[tuple[int, Result]]:
    """(number, task(data, number)) for all numbers, as they are finished."""
    if running.executor is None and len(numbers) < 2:
        yield from ((number, task(data, number)) for number in numbers)
        return
    to_do = iter(numbers)
    pending: dict[Future[Result], int] = {}
    finished: SimpleQueue[Future[Result]] = SimpleQueue()

    def hand_out(executor: Executor) -> None:
        for number in to_do:
            if isinstance(executor, ThreadPoolExecutor | Threads):  # which do not know the limits of this one
                future = executor.submit(copy_context().run, task, data, number)
            else:
                future = executor.submit(task, data, number)
            pending[future] = number
            future.add_done_callback(finished.put)
            return

    pool: AbstractContextManager[Executor] = (
        Threads(os.cpu_count() or 1) if running.executor is None else nullcontext(running.executor)
    )
    with pool as executor:
        try:
            for _ in range(_IN_FLIGHT):
                hand_out(executor)
            while pending:
                future = finished.get()
                yield pending.pop(future), future.result()
                hand_out(executor)
        finally:
            for future in pending:
                future.cancel()


def summed(
    task: Callable[[Data, int], NDArray[Any]], data: Data, kind: Kind, running: Running
) -> NDArray[Any]:
    """The sum of task(data, number) over number = 0 .. kind.n_tasks - 1, in this order; resumed and kept."""
    if running.checkpoint is None:
        return _summed(task, data, Sums(), kind.n_tasks, running)
    with running.checkpoint.held():
        sums = running.checkpoint.part(fingerprint(task.__name__, data), kind)
        running.checkpoint.save()  # what cannot be written should fail before the work
        try:
            return _summed(task, data, sums, kind.n_tasks, running)
        finally:
            running.checkpoint.save()


def _summed(
    task: Callable[[Data, int], NDArray[Any]], data: Data, sums: Sums, n_tasks: int, running: Running
) -> NDArray[Any]:
    numbers = [number for number in range(sums.done, n_tasks) if number not in sums.waiting]
    before = n_tasks - len(numbers)
    for count, (number, result) in enumerate(results(task, data, numbers, running), before + 1):
        sums.add(number, result)
        running.progress(count / n_tasks)
        if running.checkpoint is not None:
            running.checkpoint.save_if_due()
    assert sums.total is not None
    return sums.total
