"""Floats that count their roundings, to hold bounds of errors against what an algorithm does."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np


class Counted:
    """A number >= 0 whose relative error is at most that of ``n`` roundings, one after the other."""

    def __init__(self, value: float, n: int = 0) -> None:
        self.value, self.n = float(value), n

    @classmethod
    def of(cls, value: Any) -> "Counted":
        return value if isinstance(value, cls) else cls(value)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = self.of(other)
        if not (self.value and other.value):  # nothing is rounded
            return self if self.value else other
        return Counted(self.value + other.value, max(self.n, other.n) + 1)

    def _scaled(self, other: Any, operation: Callable[[float, float], float]) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        is_exact = not isinstance(other, Counted) and float(other) in (0, 1)
        other = self.of(other)
        return Counted(operation(self.value, other.value), self.n + other.n + (not is_exact))

    def __mul__(self, other: Any) -> Any:
        return self._scaled(other, operator.mul)

    def __truediv__(self, other: Any) -> Any:
        return self._scaled(other, operator.truediv)

    __radd__, __rmul__ = __add__, __mul__

    def sum(self) -> "Counted":
        """As of an array of one."""
        return self

    def __eq__(self, other: object) -> bool:
        return self.value == self.of(other).value

    def __ge__(self, other: Any) -> bool:
        return self.value >= self.of(other).value

    def __lt__(self, other: Any) -> bool:
        return self.value < self.of(other).value

    def __bool__(self) -> bool:
        return self.value != 0

    __hash__ = None  # type: ignore[assignment]
