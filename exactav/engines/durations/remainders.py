"""Exact tables by size and duration, computed modulo one prime after another, each prime a task."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from exactav.running.sums import Kind
from exactav.running.tasks import Running, summed


class Asked(Protocol):
    """Plain data of a task: the primes, and whether sizes are asked for besides durations."""

    @property
    def jointly(self) -> bool: ...
    @property
    def moduli(self) -> Sequence[int]: ...


Data = TypeVar("Data", bound=Asked)


def share(table: NDArray[np.int64], data: Asked, number: int) -> NDArray[Any]:
    """The summand of a table of integers that its residues modulo one of the primes make."""
    prime = data.moduli[number]
    others = prod(data.moduli) // prime
    residues = table if data.jointly else table.sum(axis=0, keepdims=True) % prime
    found: NDArray[Any] = np.zeros(residues.shape, dtype=object)
    chosen = residues != 0
    found[chosen] = (residues[chosen] * pow(others, -1, prime) % prime).astype(object) * others
    return found


def added(
    task: Callable[[Data, int], NDArray[Any]], data: Data, n_units: int, running: Running
) -> NDArray[Any]:
    """The table whose shares ``task`` makes, one of each prime: it is the only one below their product."""
    kind = Kind(len(data.moduli), (n_units + 1 if data.jointly else 1, n_units + 1), object)
    found: NDArray[Any] = summed(task, data, kind, running) % prod(data.moduli)
    return found
