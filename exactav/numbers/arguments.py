"""Arguments at the door: choices, flags, functions, seconds, collections, and what was wanted instead."""

from collections.abc import Callable, Iterable
from math import isnan
from numbers import Real
from typing import Any

from exactav.errors import ArgumentError, OptionError
from exactav.numbers.expressions import described


def one_of(value: Any, name: str, known: Iterable[str]) -> str:
    """``value``, one of some texts.

    Args:
        name: what the message calls it; so everywhere in this file.

    Raises:
        OptionError: it is none of them.

    >>> one_of("exact", "arithmetic", ["exact", "float"])
    'exact'
    """
    choices = list(known)
    if isinstance(value, str) and value in choices:
        return value
    raise OptionError(f"{name} = {described(value)}: give one of {', '.join(choices)}")


def flag(value: Any, name: str) -> bool:
    """``value``, True or False.

    Raises:
        ArgumentError: it is neither.
    """
    if isinstance(value, bool):
        return value
    raise ArgumentError(f"{name} = {described(value)}: give True or False")


def a_text(value: Any, name: str) -> str | None:
    """``value``, a text or None.

    Raises:
        ArgumentError: it is neither.
    """
    if value is None or isinstance(value, str):
        return value
    raise ArgumentError(f"{name} = {described(value)}: give a text")


def function(value: Any, name: str, of: str) -> Callable[..., Any]:
    """``value``, something that can be called.

    Args:
        of: what it is called with.

    Raises:
        ArgumentError: it cannot be called.
    """
    if callable(value):
        return value  # type: ignore[no-any-return]  # callable() says no more
    raise ArgumentError(f"{name} = {described(value)}: give a function of {of}")


def seconds(value: Any, name: str = "max_cost") -> float:
    """``value``, a number of seconds from 0 to infinity.

    Raises:
        OptionError: it is none.

    >>> seconds(1)
    1.0
    """
    if isinstance(value, bool) or not isinstance(value, Real) or isnan(value) or value < 0:
        raise OptionError(f"{name} = {described(value)}: give a number of seconds, 0 or more")
    return float(value)


def collection(value: Any, name: str, example: str) -> list[Any]:
    """``value``, any collection but a text, as a list.

    Args:
        example: what could have been written instead.

    Raises:
        ArgumentError: it is none.

    >>> collection({1}, "units", "{0, 1}")
    [1]
    """
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        try:
            return list(value)
        except (TypeError, ValueError):  # it says that it has items, and has none
            pass
    raise ArgumentError(f"{name} = {described(value)}: give a collection, such as {example}")
