"""The door of functions that are asked of a network."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from exactav.errors import ArgumentError
from exactav.network.network import Network
from exactav.numbers.expressions import described

F = TypeVar("F", bound=Callable[..., Any])


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
        if not isinstance(net, Network) and net is not named:  # that nothing came is Python's to say
            raise ArgumentError(
                f'{function.__name__} of {described(net)}: wanted a network, such as Network([[0, "1/2"], '
                '["1/2", 0]]), families.ring(5, "4/5"), from_networkx(graph) or read_network("weights.csv")'
            )
        return function(*arguments, **named)

    return cast(F, asked)
