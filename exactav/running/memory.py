"""Memory that a run may take: what outgrows it stops with a clear error before the machine does."""

import os
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path

from exactav.errors import TooCostlyError
from exactav.running.amounts import memory_text

_KEPT = 0.05  # share of the machine's memory that is left to others
_SMALL = 1000.0  # what is taken though others leave little
_STATM, _MEMINFO = Path("/proc/self/statm"), Path("/proc/meminfo")
_GROUP, _GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Memory:
    """What a run was expected to take, and what there is, in megabytes.

    Engines ask :meth:`check` now and then, and before they take much at once; so does every report of
    progress.
    """

    expected: float = 0.0
    most: float = inf

    def check(self, more: float = 0.0) -> None:
        """Stop if this process holds more than there is, or would with so many megabytes ``more``.

        Raises:
            TooCostlyError: it does.

        >>> Memory(expected=1e6, most=1e9).check(more=1)
        >>> Memory(expected=10, most=100).check(more=1000)
        Traceback (most recent call last):
        ...
        exactav.errors.TooCostlyError: this has taken ...
        """
        if self.most == inf:
            return
        held, reserve = resident(), _KEPT * self.most
        outgrown = held + more > max(self.expected, _SMALL)
        if held + more > self.most - reserve or (outgrown and more + reserve > available()):
            raise TooCostlyError(
                f"this has taken {memory_text(held)} of memory, and would take {memory_text(held + more)}, "
                f"where about {memory_text(self.expected)} were expected: more than is left of the "
                f"{memory_text(self.most)} that there may be; ask for something smaller, or sample "
                "(sample_assemblies)"
            )

    def ran_out(self) -> TooCostlyError:
        """What to say where the machine, or a limit that was set for this process, gives no more."""
        return TooCostlyError(
            f"the memory has run out at {memory_text(resident())}, where about {memory_text(self.expected)} "
            "were expected: ask for something smaller, allow more, or sample (sample_assemblies)"
        )


UNWATCHED = Memory()  # where nothing is known of the machine


def resident() -> float:
    """Megabytes that this process holds; 0 where that is not known."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError, AttributeError):  # not on this platform
        return 0.0


def available() -> float:
    """Megabytes of the machine that nobody needs now; infinite where that is not known."""
    try:
        lines = _MEMINFO.read_text().splitlines()
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("MemAvailable"))
    except (OSError, ValueError, IndexError, StopIteration):
        return inf


@cache
def machine_memory() -> float:
    """Megabytes that this process can have: of the machine, of its container, and by ``ulimit -v``.

    Infinite where nothing is known.
    """
    return min(_physical(), _of_container(), _address_space())


def _physical() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (AttributeError, ValueError, OSError):  # not on this platform
        return inf


def _of_container() -> float:
    """What the control group of this process, or one around it, may take."""
    files = [_GROUPS / "memory" / "memory.limit_in_bytes", _GROUPS / "memory.max"]
    try:
        lines = _GROUP.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        own = line.rpartition("::")[2] if line.startswith("0::") else ""
        files += [_GROUPS / str(path).lstrip("/") / "memory.max" for path in (Path(own), *Path(own).parents)]
    return min(map(_limit_in, files))


def _limit_in(file: Path) -> float:
    try:
        return int(file.read_text()) / 1e6
    except (OSError, ValueError):  # there is no such file, or it says max
        return inf


def _address_space() -> float:
    """What ``ulimit -v`` leaves: addresses that are taken without memory behind them count there, too."""
    if (limit := address_limit()) == inf:
        return inf
    try:
        pages = list(map(int, _STATM.read_text().split()[:2]))
    except (OSError, ValueError):  # not on this platform
        return inf
    return max(0.0, limit - (pages[0] - pages[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6)


def address_limit() -> float:
    """Megabytes of addresses that this process may have (``ulimit -v``); infinite without a limit."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit
    except ImportError:  # not on this platform
        return inf
    limit = getrlimit(RLIMIT_AS)[0]
    return inf if limit == RLIM_INFINITY else limit / 1e6
