"""Long integers: FLINT's where python-flint is installed (the extra ``fast``), otherwise Python's."""

from typing import Any

integer: Any
try:
    from flint import fmpz as integer
except ImportError:
    integer = int


def is_fast() -> bool:
    """Whether long integers are FLINT's."""
    return integer is not int
