"""What estimates of cost know of the computer, as one value: a plan depends on it and on nothing else."""

import os
from dataclasses import dataclass

from exactav.kernels.bigints import is_fast
from exactav.kernels.loading import can_compile
from exactav.pickles import tagged
from exactav.running.limits import allowed


@dataclass(frozen=True)
class Machine:
    """A computer.

    Attributes:
        compiles: whether numba is there.
        has_long_integers: whether FLINT's integers are there.
        megabytes: its memory, as far as it may be taken.
        cores: its cores.
    """

    compiles: bool
    has_long_integers: bool
    megabytes: float
    cores: int

    __reduce_ex__ = tagged

    @classmethod
    def here(cls) -> "Machine":
        """This one, with the memory that may be taken of it."""
        return cls(can_compile(), is_fast(), allowed().most, os.cpu_count() or 1)
