"""A process apart that decides one equation after the other, and is killed where one takes too long."""

import atexit
import os
import pickle
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Any

from exactav.errors import WorkerLostError
from exactav.papers.points import Question
from exactav.proofs.verdicts import Verdict, undecided

_START_SECONDS = 120
_MEMORY = 6 << 30  # bytes of address space
_CODE = "import sys; sys.path[:] = {path!r}; from exactav.papers.judge import serve; serve()"


class Judge:
    """The process, started when first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def decide(self, question: Question, seconds: float) -> Verdict:
        """The verdict; undecided where it takes longer than ``seconds``.

        Raises:
            WorkerLostError: no process can be started.
        """
        process = self._started()
        try:
            assert process.stdin is not None
            pickle.dump(question, process.stdin)
            process.stdin.flush()
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            return undecided(f"not decided within {seconds:g} s")
        except (OSError, RecursionError, pickle.PicklingError):
            answer = None
        except BaseException:
            self.stop()
            raise
        if answer is None:
            self.stop()
            return undecided("the comparison needed too much memory, or failed")
        return Verdict(*answer)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        process = subprocess.Popen(
            [sys.executable, "-c", _CODE.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._process, self._answers = process, queue.SimpleQueue()
        threading.Thread(target=_listen, args=(process.stdout, self._answers), daemon=True).start()
        try:
            ready = self._answers.get(timeout=_START_SECONDS)
        except queue.Empty:
            ready = None
        if ready != "ready":
            self.stop()
            raise WorkerLostError("the process that compares cannot be started: is there memory for it?")
        return process

    def stop(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def _listen(pipe: IO[bytes], answers: "queue.SimpleQueue[Any]") -> None:
    try:
        while True:
            answers.put(pickle.load(pipe))
    except Exception:  # the process has gone
        answers.put(None)


_idle: list[Judge] = []


def borrowed() -> Judge:
    """A process that is free, or a new one."""
    try:
        return _idle.pop()
    except IndexError:
        return Judge()


def returned(judge: Judge) -> None:
    """Keep a process for the next paper."""
    if len(_idle) < 2:
        _idle.append(judge)
    else:
        judge.stop()


_of_parent: list[Judge] = []


def _forked() -> None:
    """A fork asks processes of its own: two that ask one would get each other's answers."""
    _of_parent.extend(_idle)
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


@atexit.register
def _stop_all() -> None:
    while _idle:
        _idle.pop().stop()


def serve() -> None:
    """Answer questions from standard input until it ends."""
    from exactav.papers.deciding import decide  # SymPy is loaded here, once

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write among the answers
    sys.set_int_max_str_digits(0)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    _send(answers, "ready")
    while True:
        try:
            question = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            verdict = decide(question)
            answer = verdict.outcome, verdict.detail
        except Exception as error:  # whatever goes wrong within SymPy decides nothing
            answer = "undecided", f"the comparison failed: {type(error).__name__}"
        _send(answers, answer)


def _send(pipe: IO[bytes], answer: Any) -> None:
    pickle.dump(answer, pipe)
    pipe.flush()
