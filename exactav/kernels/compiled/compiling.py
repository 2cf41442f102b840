"""How code is compiled by numba (the extra ``fast``), and whether it is kept on disk for the next time."""

import hashlib
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

from exactav.errors import SlowWarning
from exactav.kernels import wilson
from exactav.kernels.loading import uninterrupted

Function = TypeVar("Function", bound=Callable[..., Any])
_ROOM = 2**22  # bytes, more than all that is compiled here takes on disk


def _can_be_kept() -> bool:
    """Whether there is a folder for compiled code, and room in it; otherwise a warning says so."""
    try:
        made: Any = njit(cache=True)(wilson.choose)
        with tempfile.TemporaryFile(dir=made.stats.cache_path) as file:
            file.write(bytes(_ROOM))
    except (RuntimeError, OSError) as error:
        warnings.warn(
            f"compiled code cannot be kept ({error}) and is compiled anew in every process, which takes some "
            "seconds: set NUMBA_CACHE_DIR to a folder that can be written",
            SlowWarning,
            stacklevel=2,
        )
        return False
    return True


_IS_KEPT = _can_be_kept()
_FILES = sorted(Path(__file__).parents[1].rglob("*.py"))  # plain kernels, too: some are compiled as they are
_SOURCES = hashlib.sha256(b"".join(path.read_bytes() for path in _FILES))


def _renewed(made: Any) -> Any:
    """The same function, whose code on disk is that of the sources as they are.

    Numba compares only the file of the function itself, not those of what it calls.
    """
    kept = made._cache
    own_key = kept._index_key
    kept._index_key = lambda *given: (*own_key(*given), _SOURCES.hexdigest())
    return made


def _shielded(made: Any) -> Any:
    """The same function, whose compilation nothing interrupts: it goes on in a thread of its own.

    Numba cannot use a function any more whose compilation was left by Ctrl-C, or by another signal.
    """
    compile_for = made._compile_for_args

    def compile_beside(*arguments: Any, **keywords: Any) -> Any:
        return uninterrupted(lambda: compile_for(*arguments, **keywords))

    made._compile_for_args = compile_beside
    return made


def compiled(function: Function) -> Function:
    """Compiled when first called; kept on disk for the next time where that is possible."""
    made: Any = njit(cache=_IS_KEPT, nogil=True)(function)
    return cast(Function, _shielded(_renewed(made) if _IS_KEPT else made))


def inlined(function: Function) -> Function:
    """Compiled into what calls it: for functions that take more time to be called than to run."""
    made: Any = njit(nogil=True, forceinline=True)(function)
    return cast(Function, made)


def cache_folders() -> list[Path]:
    """Where compiled code is kept; nowhere if it cannot be kept."""
    if not _IS_KEPT:
        return []
    here: Any = njit(cache=True)(inlined)
    plain: Any = njit(cache=True)(wilson.choose)
    return sorted({Path(made.stats.cache_path) for made in (here, plain)})
