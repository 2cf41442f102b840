"""When compiled code is worth loading."""

import sys
from importlib.util import find_spec


def can_compile() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def is_loaded() -> bool:
    """Whether something has used compiled code before."""
    return "exactav.kernels.compiled" in sys.modules


def is_worthwhile(amount: int, enough: int) -> bool:
    """Whether numba is installed, and there is enough to do for loading it."""
    return amount >= enough and (is_loaded() or can_compile())
