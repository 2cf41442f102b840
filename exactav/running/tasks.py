"""Long sums as independent tasks: run by any executor, reported on the way, resumed after a kill.

A task is a function of plain data and a number; what it returns does not depend on where or when it runs, and
results are added up in the order of the numbers, so neither does their sum in floating point.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from exactav.errors import CheckpointError
from exactav.running.files import check_regular, replace

Progress = Callable[[float], object]
Data = TypeVar("Data")
Result = TypeVar("Result")
_IN_FLIGHT = 4096  # tasks handed out at a time
_SAVE_SECONDS = 1.0  # a checkpoint is not written more often
_HEADER = "exactav checkpoint 1"


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
    """

    executor: Executor | None = None
    checkpoint: "Checkpoint | None" = None
    progress: Progress = no_progress

    def part(self, begin: float, end: float) -> "Running":
        """The same for a part of the work, whose progress is that from ``begin`` to ``end``.

        It tells of steps of a thousandth, so that engines may tell it as often as they like.
        """
        told = -1.0

        def progress(share: float) -> None:
            nonlocal told
            if share - told >= 1e-3 or share == 1.0 > told:
                told = share
                self.progress(begin + (end - begin) * share)

        return Running(self.executor, self.checkpoint, progress)


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
            future = executor.submit(task, data, number)
            pending[future] = number
            future.add_done_callback(finished.put)
            return

    pool: AbstractContextManager[Executor] = (
        ThreadPoolExecutor(os.cpu_count()) if running.executor is None else nullcontext(running.executor)
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
    task: Callable[[Data, int], NDArray[Any]], data: Data, n_tasks: int, running: Running
) -> NDArray[Any]:
    """The sum of task(data, number) over number = 0 .. n_tasks - 1, in this order; resumed and kept."""
    sums = Sums()
    if running.checkpoint is not None:
        sums = running.checkpoint.part(fingerprint(task.__name__, data))
        running.checkpoint.save()  # what cannot be written should fail before the work
    numbers = [number for number in range(sums.done, n_tasks) if number not in sums.waiting]
    before = n_tasks - len(numbers)
    try:
        for count, (number, result) in enumerate(results(task, data, numbers, running), before + 1):
            sums.add(number, result)
            running.progress(count / n_tasks)
            if running.checkpoint is not None:
                running.checkpoint.save_if_due()
    finally:
        if running.checkpoint is not None:
            running.checkpoint.save()
    assert sums.total is not None
    return sums.total


@dataclass
class Sums:
    """The sum of the first ``done`` results, and later ones that wait for their turn."""

    done: int = 0
    total: NDArray[Any] | None = None
    waiting: dict[int, NDArray[Any]] = field(default_factory=dict)

    def add(self, number: int, result: NDArray[Any]) -> None:
        self.waiting[number] = result
        while self.done in self.waiting:
            following = self.waiting.pop(self.done)
            self.total = following if self.total is None else self.total + following
            self.done += 1


def fingerprint(*data: Any) -> str:
    """A hash of plain data."""
    return hashlib.sha256(repr(data).encode()).hexdigest()


class Checkpoint:
    """A file that keeps what has been summed for one question, part by part.

    It is text: a line with a checksum of what follows, then JSON. It is written in one step, so that a kill
    leaves the old file or the new one.

    Args:
        path: the file; it is made when there is something to keep.
        question: a fingerprint of the question.

    Raises:
        CheckpointError: the file is damaged, is no checkpoint, or is one of another question.
        OutputError: the path is not that of a regular file which can be written.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path, question: str) -> None:
        check_regular(path)
        self.path = path
        self.question = question
        self.parts: dict[str, Sums] = self._read() if path.exists() else {}
        self._saved = time.monotonic()

    def part(self, name: str) -> Sums:
        """What has been summed of one part."""
        return self.parts.setdefault(name, Sums())

    def save_if_due(self) -> None:
        """Write the file unless that was done a moment ago."""
        if time.monotonic() - self._saved >= _SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        """Write the file."""
        parts = {
            name: {
                "done": sums.done,
                "total": None if sums.total is None else sums.total.tolist(),
                "waiting": {str(number): result.tolist() for number, result in sums.waiting.items()},
            }
            for name, sums in self.parts.items()
        }
        body = json.dumps({"question": self.question, "parts": parts})
        replace(self.path, f"{_HEADER} {hashlib.sha256(body.encode()).hexdigest()}\n{body}\n")
        self._saved = time.monotonic()

    def _read(self) -> dict[str, Sums]:
        try:
            header, _, rest = self.path.read_text(encoding="utf-8").partition("\n")
        except UnicodeDecodeError:
            header, rest = "", ""
        if not header.startswith(_HEADER):
            raise CheckpointError(
                f"checkpoint {self.path}: not a checkpoint of this version of exactav: name another file"
            )
        body = rest.removesuffix("\n")
        if header != f"{_HEADER} {hashlib.sha256(body.encode()).hexdigest()}" or body == rest:
            raise CheckpointError(
                f"checkpoint {self.path}: the file has been cut or damaged, its checksum does not hold: "
                "remove it and start again"
            )
        content = json.loads(body)
        if content["question"] != self.question:
            raise CheckpointError(
                f"checkpoint {self.path}: it belongs to another question (other weights, start, observed "
                "units or arithmetic): name another file, or remove it"
            )
        return {
            name: Sums(
                entry["done"],
                None if entry["total"] is None else np.array(entry["total"]),
                {int(number): np.array(result) for number, result in entry["waiting"].items()},
            )
            for name, entry in content["parts"].items()
        }
