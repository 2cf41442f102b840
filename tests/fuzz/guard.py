"""What a reader must not do: run code, touch a file that was not named, fail in a way of its own, hang."""

import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

_MEMORY_DISK = Path("/dev/shm")  # writing there takes no time
FOLDER = (_MEMORY_DISK if os.access(_MEMORY_DISK, os.W_OK) else Path(tempfile.gettempdir())) / (
    f"exactav-fuzz-{os.getpid()}"
)
"""Where targets write what they let be read; the only folder in which files may be opened."""

SECONDS = 5.0  # of processor time for one input

_FILES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
)
_NEVER = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "os.putenv",
    "subprocess.Popen",
    "pty.spawn",
    "pickle.find_class",
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "urllib.Request",
    "ctypes.dlopen",
    "webbrowser.open",
    "shutil.rmtree",
    "code.__new__",
)
# Who makes functions from texts of its own: lambdify from a polynomial with integer coefficients (of a root),
# products of monomials from the number of symbols, namedtuple, dataclass and networkx from names in the code;
# numpy reads the header of an array as a literal.
_MAKERS = (
    ("networkx/utils/decorators.py", "compile"),
    ("sympy/utilities/lambdify.py", "lambdify"),
    ("collections/__init__.py", "namedtuple"),
    ("dataclasses.py", "_create_fn"),
    ("ast.py", "literal_eval"),
    ("sympy/polys/monomials.py", "_build"),
)
# The process that decides equations, see exactav.papers.judge: its command does not depend on the paper.
_JUDGE = ("exactav/papers/judge.py", "_started")
_PACKAGES = {
    "flint",
    "latex2mathml",
    "llvmlite",
    "matplotlib",
    "mpmath",
    "networkx",
    "numba",
    "rich",
    "sympy",
}
# Where a long sum learns how much memory it has taken, and may take.
_MEMORY = ("/proc/self/statm", "/proc/meminfo", "/proc/self/cgroup", "/sys/fs/cgroup/")


class Finding(BaseException):
    """What a reader did that it must not do; what is tested catches exceptions, but not this."""


class _Watch:
    """What the audit hook, which cannot be taken away again, knows."""

    def __init__(self) -> None:
        self.is_on = self.is_there = False
        self.found: list[str] = []
        self.n_modules, self.known = 0, frozenset[str]()


_WATCH = _Watch()


def _frames() -> Iterator[tuple[str, str]]:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def _is_below(*callers: tuple[str, str]) -> bool:
    return any(file.endswith(path) and name == called for file, name in _frames() for path, called in callers)


def _is_import() -> bool:
    return any(file.startswith("<frozen importlib") for file, _ in _frames())


def _is_inside(path: Any) -> bool:
    return isinstance(path, str | os.PathLike) and Path(os.path.abspath(path)).is_relative_to(FOLDER)


def _forbidden(event: str, args: tuple[Any, ...]) -> str | None:
    """What is wrong with an event, if anything is."""
    if event == "import":
        root = str(args[0]).partition(".")[0]
        is_known = root in _WATCH.known | _PACKAGES or root in sys.stdlib_module_names
        return None if is_known else f"imports {args[0]}"
    if event in ("exec", "compile"):
        return None if _is_import() or _is_below(*_MAKERS) else f"{event}s {str(args[0])[:100]!r}"
    if event == "open":
        # descriptors are numbers; what an import or the cache of compiled code reads, nobody can choose
        if isinstance(args[0], int) or _is_inside(args[0]) or _is_import() or _is_below(_JUDGE):
            return None
        is_ours = "__pycache__" in str(args[0]) or str(args[0]).startswith(_MEMORY)
        return None if is_ours else f"opens {args[0]}"
    if event in _FILES:
        paths = [path for path in args if isinstance(path, str | os.PathLike)]
        return None if all(map(_is_inside, paths)) or _is_import() else f"{event} of {paths}"
    if event.startswith(_NEVER):
        is_judge = event in ("subprocess.Popen", "os.posix_spawn", "os.fork") and _is_below(_JUDGE)
        return None if is_judge or _is_import() else f"{event} of {args[:2]}"
    return None


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _WATCH.is_on:
        return
    _WATCH.is_on = False  # what is done here is nobody's fault
    try:
        said = _forbidden(event, args)
    finally:
        _WATCH.is_on = True
    if said:
        _WATCH.found.append(said)
        raise Finding(said)


def _too_long(signal_number: int, frame: FrameType | None) -> None:
    raise Finding(f"takes more than {SECONDS:g} s")


@contextmanager
def watched() -> Iterator[None]:
    """Raises Finding where the block runs code, opens a file that was not named, or takes too long.

    Time is that of the processor, not of the clock, so that a busy machine finds nothing.
    """
    FOLDER.mkdir(exist_ok=True)
    if not _WATCH.is_there:
        sys.addaudithook(_hook)
        _WATCH.is_there = True
    _WATCH.found.clear()
    if len(sys.modules) != _WATCH.n_modules:
        _WATCH.n_modules = len(sys.modules)
        _WATCH.known = frozenset(name.partition(".")[0] for name in sys.modules)
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        _WATCH.is_on = True
        yield
    finally:
        _WATCH.is_on = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    if _WATCH.found:  # it was caught on the way
        raise Finding(_WATCH.found[0])


def clean(pid: int) -> None:
    """Remove the folder of a process that has ended."""
    shutil.rmtree(FOLDER.with_name(f"exactav-fuzz-{pid}"), ignore_errors=True)


def run(reader: Callable[[bytes], object], data: bytes, refusals: tuple[type[Exception], ...]) -> bool:
    """Whether a reader took ``data``; False where it refused with an error of its own.

    Raises:
        Finding: it did what it must not do, or failed in another way.
    """
    try:
        with warnings.catch_warnings(), watched():
            warnings.simplefilter("ignore")
            reader(data)
    except refusals:
        return False
    except Finding:
        raise
    except RecursionError as error:
        raise Finding(f"RecursionError in {_place(error)}") from error
    except Exception as error:
        raise Finding(f"{type(error).__name__} in {_place(error)}: {str(error)[:200]}") from error
    return True


def place_of(finding: Finding) -> str:
    """The kind of a finding: two with the same are one."""
    return str(finding).partition(": ")[0]


def _place(error: BaseException) -> str:
    """The last line of exactav that led to an error, as room/file.py:line."""
    place, trace = "no file of exactav", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "exactav" in file.parts and "site-packages" not in file.parts:
            place = f"{file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
