"""Arguments at the door: choices, flags, functions, seconds, collections, and what was wanted instead."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from math import inf, nan
from numbers import Real
from typing import Any, TypeAlias, TypeVar, cast

from exactav.errors import ArgumentError, OptionError
from exactav.numbers.expressions import described

Checked: TypeAlias = Callable[[Any, str], Any]  # from what came, and the name of it, to what is worked on
F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def taking(**checks: Checked) -> Callable[[F], F]:
    """A decorator of a function: its arguments go through these checks, by name, before it sees them.

    What is the default itself is not checked; of several (``*members``) each is.

    >>> @taking(words=text)
    ... def joined(*words):
    ...     return "".join(words)
    >>> joined("a", 1)
    Traceback (most recent call last):
    exactav.errors.ArgumentError: words[1] = 1: give a text
    """

    def decorated(function: F) -> F:
        signature = inspect.signature(function)
        several = {name for name, p in signature.parameters.items() if p.kind is p.VAR_POSITIONAL}
        defaults = {name: signature.parameters[name].default for name in checks}

        @wraps(function)
        def asked(*arguments: Any, **named: Any) -> Any:
            try:
                bound = signature.bind(*arguments, **named)
            except TypeError:
                return function(*arguments, **named)  # Python says what is missing, or unknown
            given = bound.arguments
            for name, check in checks.items():
                if name in several:
                    given[name] = tuple(
                        check(value, f"{name}[{i}]") for i, value in enumerate(given.get(name, ()))
                    )
                elif name in given and given[name] is not defaults[name]:
                    given[name] = check(given[name], name)
            return function(*bound.args, **bound.kwargs)

        return cast(F, asked)

    return decorated


def fields_taken(value: Any, **checks: Checked) -> None:
    """Nothing: the fields of a frozen dataclass have gone through these checks, but for defaults."""
    for name, check in checks.items():
        given = getattr(value, name)
        if given is not getattr(type(value), name, inspect.Parameter.empty):
            object.__setattr__(value, name, check(given, name))


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


def text(value: Any, name: str) -> str:
    """``value``, a text.

    Raises:
        ArgumentError: it is none.
    """
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in set(value)):
            raise ArgumentError(f"{name} = {described(value)}: half a character of UTF-16 cannot be written")
        return value
    raise ArgumentError(f"{name} = {described(value)}: give a text")


def a_text(value: Any, name: str) -> str | None:
    """``value``, a text or None.

    Raises:
        ArgumentError: it is neither.
    """
    return None if value is None else text(value, name)


def is_truth(value: Any) -> bool:
    """Whether ``value`` is True or False, of Python or numpy: to Python the number 1 or 0, too."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


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


def amount(value: Any, name: str, unit: str) -> float:
    """``value``, a number of some unit from 0 to infinity.

    Raises:
        OptionError: it is none.
    """
    number: Any = value if isinstance(value, Real) and not isinstance(value, bool) else nan
    try:
        found = float(number)
    except OverflowError:  # above all floats, or below
        found = inf if number > 0 else nan
    if not found >= 0:
        raise OptionError(f"{name} = {described(value)}: give a number of {unit}, 0 or more")
    return found


def seconds(value: Any, name: str = "max_cost") -> float:
    """``value``, a number of seconds from 0 to infinity.

    Raises:
        OptionError: it is none.

    >>> seconds(1)
    1.0
    """
    return amount(value, name, "seconds")


def items_of(value: Any) -> list[Any] | None:
    """What is in a collection or a text; None if ``value`` is none.

    A mapping is a collection of its keys. A table of data and bytes are none.

    >>> items_of({"a": 1}), items_of(b"a")
    (['a'], None)
    """
    is_table = hasattr(value, "columns") and hasattr(value, "iloc")
    if is_table or isinstance(value, bytes | bytearray) or not isinstance(value, Iterable):
        return None
    try:
        return list(value)
    except (TypeError, ValueError):  # it says that it has items, and has none
        return None


def collection(value: Any, name: str, example: str) -> list[Any]:
    """``value``, any collection but a text, as a list.

    Args:
        example: what could have been written instead.

    Raises:
        ArgumentError: it is none.

    >>> collection({1}, "units", "{0, 1}")
    [1]
    """
    found = None if isinstance(value, str) else items_of(value)
    if found is not None:
        return found
    raise ArgumentError(f"{name} = {described(value)}: give a collection, such as {example}")


def each(check: Checked, example: str) -> Checked:
    """A check of a collection, as a tuple, each of whose items goes through ``check``."""

    def checked(value: Any, name: str) -> tuple[Any, ...]:
        return tuple(check(item, f"{name}[{i}]") for i, item in enumerate(collection(value, name, example)))

    return checked


def mapping(value: Any, name: str, example: str) -> Mapping[Any, Any]:
    """``value``, a mapping.

    Raises:
        ArgumentError: it is none.
    """
    if isinstance(value, Mapping):
        return value
    raise ArgumentError(f"{name} = {described(value)}: give a mapping, such as {example}")


def one(kind: type[T], example: str) -> Callable[[Any, str], T]:
    """A check that what comes is a ``kind``.

    >>> one(Mapping, "{}")(0, "of")
    Traceback (most recent call last):
    exactav.errors.ArgumentError: of = 0: wanted a Mapping, such as {}
    """

    def checked(value: Any, name: str) -> T:
        if isinstance(value, kind):
            return value
        raise ArgumentError(f"{name} = {described(value)}: wanted a {kind.__name__}, such as {example}")

    return checked


def calling(of: str) -> Checked:
    """A check that what comes can be called with ``of``."""
    return lambda value, name: function(value, name, of)
