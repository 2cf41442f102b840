"""Long integers: FLINT's where python-flint is installed (the extra ``fast``), otherwise Python's."""

from importlib.util import find_spec
from typing import Any

from exactav.kernels.loading import say_slow

integer: Any
try:
    from flint import fmpz as integer
except Exception as error:  # whatever a broken installation raises
    if find_spec("flint"):
        say_slow("python-flint", error, "long integers are Python's")
    integer = int


def is_fast() -> bool:
    """Whether long integers are FLINT's."""
    return integer is not int
