"""Whole numbers at the door: counts, seeds, lags."""

from operator import index
from typing import Any

from exactav.errors import OptionError


def whole(value: Any, name: str, at_least: int = 0) -> int:
    """``value`` as an int: of Python, NumPy or SymPy, but no float, truth value or text.

    Args:
        name: what the message calls it.

    Raises:
        OptionError: it is none, or smaller than ``at_least``.

    >>> import sympy
    >>> whole(sympy.Integer(7), "n")
    7
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None or number < at_least:
        raise OptionError(f"{name} = {value!r}: wanted a whole number of at least {at_least}")
    return number
