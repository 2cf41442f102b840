"""What estimates of cost know of the computer, as one value: a plan depends on it and on nothing else."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exactav.kernels.bigints import is_fast
from exactav.kernels.loading import can_compile
from exactav.pickles import tagged

_CONTAINER = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Machine:
    """A computer.

    Attributes:
        compiles: whether numba is there.
        has_long_integers: whether FLINT's integers are there.
        megabytes: its memory.
        cores: its cores.
    """

    compiles: bool
    has_long_integers: bool
    megabytes: float
    cores: int

    __reduce_ex__ = tagged

    @classmethod
    @cache
    def here(cls) -> "Machine":
        """This one."""
        return cls(can_compile(), is_fast(), _memory(), os.cpu_count() or 1)


def _memory() -> float:
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (AttributeError, ValueError, OSError):  # not on this platform: no bound is known
        return float("inf")
    try:  # what a container may take
        return min(whole, int(_CONTAINER.read_text()) / 1e6)
    except (OSError, ValueError):
        return whole
