"""Exact tables computed modulo one prime after another, each prime a task."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from exactav.running.tasks import Running, summed


class HasModuli(Protocol):
    """Plain data of a task, with the primes among them."""

    @property
    def moduli(self) -> Sequence[int]: ...


Data = TypeVar("Data", bound=HasModuli)


def share(table: NDArray[np.int64], number: int, moduli: Sequence[int]) -> NDArray[Any]:
    """The summand of a table of integers that its residues modulo one of the primes make."""
    prime = moduli[number]
    others = prod(moduli) // prime
    found: NDArray[Any] = table.astype(object) * pow(others, -1, prime) % prime * others
    return found


def added(task: Callable[[Data, int], NDArray[Any]], data: Data, running: Running) -> NDArray[Any]:
    """The table whose shares ``task`` makes, one of each prime: it is the only one below their product."""
    found: NDArray[Any] = summed(task, data, len(data.moduli), running).astype(object) % prod(data.moduli)
    return found
