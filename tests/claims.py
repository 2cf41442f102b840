"""Functions of a network, of which tests claim that they are equal."""

from typing import Any

import exactav as ea

Network = ea.Network


def one(net: Network) -> int:
    """A false mean size, but where no unit sends to another."""
    return 1


def large(net: Network) -> Any:
    """P(size > 2), not 0 from three units on."""
    return sum(p for size, p in ea.size_law(net).items() if size > 2)


def zero(net: Network) -> int:
    return 0


def summed(net: Network) -> Any:
    return sum(ea.participation_overall(net))
