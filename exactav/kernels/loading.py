"""When compiled code is worth loading, and whether it loads."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from exactav.errors import SlowWarning


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
        import_module("numba")
    except Exception as error:  # whatever a broken installation raises
        say_slow("numba", error, "sums and samples are computed by NumPy and Python")
        return False
    return True


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
