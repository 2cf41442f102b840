"""Workers for sums that are computed in parts: processes of this machine, or a Dask cluster."""

import asyncio
import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from exactav.errors import MissingExtraError, OptionError, WorkerLostError

_ANSWER_SECONDS = 10
_ADVICE = "a run with a checkpoint goes on where it was when it is started again"


@contextmanager
def processes(n_workers: int) -> Iterator[Executor]:
    """An executor of ``n_workers`` processes, which after an error or interrupt finish what they have begun.

    Raises:
        WorkerLostError: a process was killed.
    """
    pool = ProcessPoolExecutor(
        n_workers,
        multiprocessing.get_context("spawn"),  # forks of a process with threads may hang
        signal.signal,
        (signal.SIGINT, signal.SIG_IGN),  # Ctrl-C reaches all processes; this one stops the others
    )
    with pool:
        try:
            yield pool
        except BrokenProcessPool:
            raise WorkerLostError(
                f"a worker process was killed, perhaps for want of memory: {_ADVICE}"
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """An executor of the Dask cluster at ``address``, whose workers must have exactav installed.

    Raises:
        MissingExtraError: Dask is not installed.
        WorkerLostError: the same task lost several workers.
        OptionError: nothing answers at the address.
    """
    try:
        distributed: Any = import_module("distributed")  # it is half typed
    except ImportError:
        raise MissingExtraError("a cluster needs Dask: pip install 'exactav[distributed]'") from None
    with ThreadPoolExecutor(1) as thread:  # a notebook has a loop of its own in this one
        thread.submit(asyncio.run, _reached(distributed, address)).result()
    with distributed.Client(address, set_as_default=False, timeout=_ANSWER_SECONDS) as client:
        try:
            yield client.get_executor()
        except distributed.KilledWorker as error:
            raise WorkerLostError(f"the cluster lost its workers: {error}; {_ADVICE}") from None


async def _reached(distributed: Any, address: str) -> None:
    # A client that finds nobody closes itself later, with tracebacks from elsewhere.
    try:
        comm = await distributed.core.connect(address, timeout=_ANSWER_SECONDS)
    except (OSError, ValueError) as error:
        raise OptionError(
            f"no Dask scheduler answers at {address!r} ({error}): give its address, such as tcp://host:8786"
        ) from None
    await comm.close()
