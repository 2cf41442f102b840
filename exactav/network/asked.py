"""The door of functions that are asked of a network."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from exactav.errors import ArgumentError
from exactav.network.network import Network
from exactav.numbers.expressions import described

F = TypeVar("F", bound=Callable[..., Any])


def a_network(value: Any, what: str) -> Network:
    """``value``, a network; ``what`` begins the message.

    Raises:
        ArgumentError: it is none.
    """
    if isinstance(value, Network):
        return value
    raise ArgumentError(
        f'{what} {described(value)}: wanted a network, such as Network([[0, "1/2"], ["1/2", 0]]), '
        'families.ring(5, "4/5"), from_networkx(graph) or read_network("weights.csv")'
    )


def of_network(function: F) -> F:
    """``function``, whose first argument is ``net``, refusing what is no network.

    Raises:
        ArgumentError: it is none.

    >>> import exactav as ea
    >>> ea.mean_size("ring")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    exactav.errors.ArgumentError: mean_size of 'ring': wanted a network, such as Network(...
    """

    @wraps(function)
    def asked(*arguments: Any, **named: Any) -> Any:
        net = arguments[0] if arguments else named.get("net", named)
        if net is not named:  # that nothing came is Python's to say
            a_network(net, f"{function.__name__} of")
        return function(*arguments, **named)

    return cast(F, asked)
