"""When compiled code is worth loading, and whether it loads."""

import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

from exactav.errors import SlowWarning

Result = TypeVar("Result")


def can_compile() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def is_loaded() -> bool:
    """Whether something has used compiled code before."""
    return "exactav.kernels.compiled.compiling" in sys.modules


def is_worthwhile(amount: int, enough: int) -> bool:
    """Whether there is enough to do for loading compiled code, and it loads."""
    return amount >= enough and (is_loaded() or (can_compile() and _works()))


@cache
def _works() -> bool:
    """Whether numba can be imported; the first time it cannot, a warning says so."""
    try:
        uninterrupted(lambda: import_module("numba"))
    except Exception as error:  # whatever a broken installation raises
        say_slow("numba", error, "sums and samples are computed by NumPy and Python")
        return False
    return True


def uninterrupted(function: Callable[[], Result]) -> Result:
    """What a function returns that Ctrl-C, or another signal, must not leave in the middle.

    It goes on in a thread of its own, since signals come to the main thread, and this stops waiting for it.
    Code from C that calls Python while it loads or compiles would lose the interrupt, or be left unusable.
    """
    if threading.current_thread() is not threading.main_thread():  # where no signal is handled
        return function()
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(function())
        except BaseException as error:  # it is raised where this is called
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return done.result()


def is_broken() -> bool:
    """Whether numba was tried and cannot be imported; nothing is loaded to find out."""
    return _works.cache_info().currsize > 0 and not _works()


def say_slow(package: str, error: Exception, instead: str) -> None:
    """Warn that an installed package does not import, and what is used instead."""
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    warnings.warn(
        f"{package} is installed but does not import ({reason}): {instead}; exact results are the same",
        SlowWarning,
        stacklevel=3,
    )


@contextmanager
def interruptible() -> Iterator[None]:
    """Lets Ctrl-C be a KeyboardInterrupt: compiled code that returns meanwhile makes a SystemError of it."""
    try:
        yield
    except SystemError as error:
        cause: BaseException | None = error
        while isinstance(cause, SystemError):
            cause = cause.__cause__
        if isinstance(cause, KeyboardInterrupt):
            raise cause from None
        raise
