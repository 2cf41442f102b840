"""Workers for sums that are computed in parts: processes of this machine, or a Dask cluster."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from exactav.errors import MissingExtraError, OptionError, WorkerLostError
from exactav.running.limits import Limits, allow, allowed

_ANSWER_SECONDS = 5.0
_WORKER_SECONDS = 10.0  # for which a cluster may be without workers
_LOOK_SECONDS = 1.0
_ADVICE = "a run with a checkpoint goes on where it was when it is started again"
_VERSION = "exactav.__version__"


@contextmanager
def processes(n_workers: int) -> Iterator[Executor]:
    """An executor of ``n_workers`` processes, which an error or interrupt stops at once.

    They do not outlive this process, however it ends.

    Raises:
        WorkerLostError: a process was killed.
    """
    context = multiprocessing.get_context("spawn")  # forks of a process with threads may hang
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(n_workers, context, _follow, (theirs, allowed()))
    try:
        with _interrupts_blocked():  # workers inherit that: this process stops them
            started = [pool.submit(os.getpid) for _ in range(n_workers)]
        yield pool
        wait(started)  # one that is still starting would miss its pipe
    except BrokenProcessPool:
        raise WorkerLostError(f"a worker process was killed, perhaps for want of memory: {_ADVICE}") from None
    except BaseException:
        ours.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        ours.close()
        theirs.close()


def _follow(theirs: Connection, limits: Limits) -> None:
    """In a worker: leave as soon as the other end of the pipe is closed, by the parent or by its death."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    allow(limits)

    def leave() -> None:
        theirs.poll(None)
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl-C waits until processes have been started, which have it blocked."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """An executor of the Dask cluster at ``address``, whose workers must have this version of exactav.

    Raises:
        MissingExtraError: Dask is not installed.
        OptionError: nothing answers at the address, there are no workers, or they have another version.
        WorkerLostError: the scheduler or all workers have gone, or the same task lost several workers.
    """
    try:
        distributed: Any = import_module("distributed")  # it is half typed
    except ImportError:
        raise MissingExtraError("a cluster needs Dask: pip install 'exactav[distributed]'") from None
    _reach(distributed, address)
    with _quiet():
        client = distributed.Client(address, set_as_default=False, timeout=_ANSWER_SECONDS)
        with client, _Watched(client) as executor:
            _check_workers(client, address)
            try:
                yield executor
            except distributed.KilledWorker as error:
                raise WorkerLostError(f"the cluster lost its workers: {error}; {_ADVICE}") from None
            except CancelledError:
                raise WorkerLostError(
                    f"{executor.lost or 'the Dask scheduler has gone'}: {_ADVICE}"
                ) from None
            except ImportError as error:
                if "exactav" not in str(error.name):
                    raise
                raise WorkerLostError(f"a Dask worker has no exactav ({error}): {_ADVICE}") from None


def _reach(distributed: Any, address: str) -> None:
    """Raise OptionError unless something answers at the address."""
    answer: Future[None] = Future()

    def ask() -> None:
        try:
            answer.set_result(asyncio.run(_reached(distributed, address)))
        except Exception as error:  # whatever another kind of server may make of it
            answer.set_exception(error)

    # a notebook has a loop of its own in this thread; looking up a name may take longer than the answer
    threading.Thread(target=ask, daemon=True).start()
    try:
        answer.result(_ANSWER_SECONDS + 1)
    except Exception as error:
        reason = str(error) or f"not within {_ANSWER_SECONDS:.0f} seconds"
        raise OptionError(
            f"no Dask scheduler answers at {address!r} ({reason}): give its address, such as tcp://host:8786"
        ) from None


async def _reached(distributed: Any, address: str) -> None:
    # A client that finds nobody closes itself later, with tracebacks from elsewhere.
    comm = await distributed.core.connect(address, timeout=_ANSWER_SECONDS)
    await comm.close()


def _check_workers(client: Any, address: str) -> None:
    """Raise OptionError unless there are workers, and all have this version of exactav."""
    from pydoc import locate  # every Python has it; a worker without exactav cannot read what is ours

    end = time.monotonic() + _ANSWER_SECONDS
    while not client.nthreads():
        if time.monotonic() > end:
            raise OptionError(
                f"the Dask scheduler at {address!r} has no workers: start some by `dask worker {address}`"
            )
        time.sleep(0.1)
    found = client.run(locate, _VERSION, on_error="return")
    wanted = locate(_VERSION)
    for worker, version in found.items():
        if version != wanted:
            has = f"exactav {version}" if isinstance(version, str) else "no exactav that can be imported"
            raise OptionError(
                f"the Dask worker {worker} has {has}, and this is exactav {wanted}: install that there"
            )


class _Watched(Executor):
    """What a Dask client executes, given up when all its workers have gone.

    When the scheduler goes, the client gives up by itself.
    """

    def __init__(self, client: Any) -> None:
        self.lost = ""
        self._client, self._executor = client, client.get_executor()
        self._pending: set[Future[Any]] = set()
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._closed.set()
        self._executor.shutdown(wait=False)

    def _watch(self) -> None:
        seen = time.monotonic()
        while not self._closed.wait(_LOOK_SECONDS):
            try:
                there = self._client.nthreads()
            except (OSError, RuntimeError, ValueError, TimeoutError):  # it closes, or reaches nobody
                continue
            if there:
                seen = time.monotonic()
            elif time.monotonic() - seen > _WORKER_SECONDS:
                self.lost = "all Dask workers have gone"
                for future in list(self._pending):
                    future.cancel()


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs of lost connections is not said: errors are."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "distributed.core")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
