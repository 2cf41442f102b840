"""Threads of this process for tasks, which nobody waits for once what they do is given up."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from queue import SimpleQueue
from types import TracebackType
from typing import Any

_own = threading.local()


class Threads(Executor):
    """An executor of at most so many threads.

    Left by an error or interrupt, it does not wait for tasks that run: these end at the next
    :func:`stop_if_given_up`, and do not keep the process.
    """

    def __init__(self, n_threads: int) -> None:
        self._most = n_threads
        self._threads: list[threading.Thread] = []
        self._given_up = threading.Event()
        self._to_do: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._to_do.put((future, lambda: fn(*args, **kwargs)))
        if len(self._threads) < self._most:
            self._threads.append(threading.Thread(target=self._work, daemon=True))
            self._threads[-1].start()
        return future

    def _work(self) -> None:
        _own.given_up = self._given_up
        while (item := self._to_do.get()) is not None and not self._given_up.is_set():
            future, function = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = function()
            except BaseException as error:  # it is raised where the result is asked for
                future.set_exception(error)
            else:
                future.set_result(result)
            del item, future, function

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            self._given_up.set()
        for _ in self._threads:
            self._to_do.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown(wait=kind is None, cancel_futures=kind is not None)


def stop_if_given_up() -> None:
    """In a task: leave it here if nobody waits for it any more.

    Raises:
        CancelledError: nobody does.
    """
    given_up: threading.Event | None = getattr(_own, "given_up", None)
    if given_up is not None and given_up.is_set():
        raise CancelledError
