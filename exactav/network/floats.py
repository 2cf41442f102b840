"""Floats at the door of a network, each taken as the exact binary fraction it is."""

from collections.abc import Iterable, Mapping, Set
from numbers import Integral
from typing import Any

import sympy

from exactav.errors import OptionError
from exactav.network.entries import by_label
from exactav.numbers.expressions import binary_fraction, is_float
from exactav.texts import quoted


def from_float(value: Any, max_denominator: int | None) -> Any:
    """A float as a fraction, the nearest one with at most this denominator if one is given.

    Anything else comes back as it is: exact, or to be refused with its place by the network.
    """
    if getattr(value, "shape", None) == ():
        value = value.item()  # a number of numpy
    fraction = binary_fraction(value) if is_float(value) else None
    if fraction is None:
        return value
    return fraction if max_denominator is None else fraction.limit_denominator(max_denominator)


def from_floats(values: Any, max_denominator: int | None) -> Any:
    """One value, a sequence of them or a mapping from labels, by :func:`from_float`."""
    values = by_label(values)
    if isinstance(values, Mapping):
        return {key: from_float(value, max_denominator) for key, value in values.items()}
    if isinstance(values, sympy.MatrixBase):
        return [from_float(value, max_denominator) for value in values]
    if isinstance(values, str | bytes | Set) or not isinstance(values, Iterable):
        return from_float(values, max_denominator)
    if getattr(values, "shape", None) == ():
        return from_float(values, max_denominator)
    return [from_float(value, max_denominator) for value in values]


def checked_denominator(value: Any) -> int | None:
    """``value`` as a largest denominator, or None for none.

    Raises:
        OptionError: it is no whole number of at least 1.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise OptionError(f"max_denominator = {quoted(value)}: give a whole number of at least 1")
    return int(value)
