"""The values of a sweep's states: polynomials in one variable per group of units, of several kinds."""

from dataclasses import dataclass
from math import frexp
from typing import Any, Protocol, TypeVar

import numpy as np

from exactav.engines.question import Question
from exactav.kernels import positive
from exactav.kernels.bigints import integer
from exactav.numbers.domains import Element

Value = TypeVar("Value")
State = tuple[int, ...]  # one label for each open unit, in the order they came; last, 1 once A is complete


class Values(Protocol[Value]):
    """Polynomials with weights as coefficients: what the sweep does to them."""

    def one(self) -> Value: ...
    def scaled(self, value: Value, kind: str, i: int, j: int) -> Value:
        """Times the weight (i, j), or the root or leak weight of i."""

    def fired(self, value: Value, unit: int) -> Value:
        """Times the variable of the unit's group."""

    def added(self, first: Value, second: Value) -> Value: ...


@dataclass(frozen=True)
class Packed:
    """Integer polynomials packed into one integer each: coefficients in blocks of ``bits`` bits.

    A coefficient of a state that any assembly completes is at most the total, so blocks do not overflow in
    states that count; what cannot be completed never reaches one that can.
    """

    question: Question
    bits: int

    def one(self) -> Any:
        return integer(1)

    def scaled(self, value: Any, kind: str, i: int, j: int) -> Any:
        return value * _weight(self.question, kind, i, j)

    def fired(self, value: Any, unit: int) -> Any:
        return value << self.bits * self.question.steps[unit]

    def added(self, first: Any, second: Any) -> Any:
        return first + second

    def unpacked(self, value: int) -> dict[int, Element]:
        """Coefficients by the number of their counts."""
        size = self.bits // 8
        data = value.to_bytes(size * self.question.n_outcomes, "little")
        found = (
            (number, int.from_bytes(data[number * size : (number + 1) * size], "little"))
            for number in range(self.question.n_outcomes)
        )
        return {number: coefficient for number, coefficient in found if coefficient}


@dataclass(frozen=True)
class InRing:
    """Polynomials with coefficients in any ring, as mappings from the number of the counts."""

    question: Question

    def one(self) -> dict[int, Element]:
        return {0: self.question.system.ring.one}

    def scaled(self, value: dict[int, Element], kind: str, i: int, j: int) -> dict[int, Element]:
        weight = _weight(self.question, kind, i, j)
        return {number: coefficient * weight for number, coefficient in value.items()}

    def fired(self, value: dict[int, Element], unit: int) -> dict[int, Element]:
        step = self.question.steps[unit]
        return {number + step: coefficient for number, coefficient in value.items()}

    def added(self, first: dict[int, Element], second: dict[int, Element]) -> dict[int, Element]:
        result = dict(first)
        for number, coefficient in second.items():
            result[number] = result[number] + coefficient if number in result else coefficient
        return result


def _weight(question: Question, kind: str, i: int, j: int) -> Element:
    if kind == "weight":
        return question.system.weights[i][j]
    return question.roots[i] if kind == "root" else question.system.leak[i]


@dataclass
class Rounded:
    """Polynomials in floating point, each with the number of roundings that bound its relative error.

    The weights are those of :func:`exactav.engines.rounding.rounded`. ``exponent`` is the power of two that
    all values have been divided by.
    """

    question: Question
    weights: positive.Floats
    starts: positive.Floats
    leak: positive.Floats
    exponent: int = 0

    def one(self) -> tuple[positive.Floats, int]:
        value = np.zeros(self.question.n_outcomes)
        value[0] = 1.0
        return value, 0

    def scaled(
        self, value: tuple[positive.Floats, int], kind: str, i: int, j: int
    ) -> tuple[positive.Floats, int]:
        if kind == "weight":
            factor = self.weights[i, j]
        else:
            factor = self.starts[i] if kind == "root" else self.leak[i]
        return value[0] * factor, value[1] + 2  # the factor was rounded, and so is the product

    def fired(self, value: tuple[positive.Floats, int], unit: int) -> tuple[positive.Floats, int]:
        step = self.question.steps[unit]
        if not step:
            return value
        moved = np.zeros_like(value[0])
        moved[step:] = value[0][:-step]
        return moved, value[1]

    def added(
        self, first: tuple[positive.Floats, int], second: tuple[positive.Floats, int]
    ) -> tuple[positive.Floats, int]:
        return first[0] + second[0], max(first[1], second[1]) + 1

    def rescaled(
        self, states: dict[State, tuple[positive.Floats, int]]
    ) -> dict[State, tuple[positive.Floats, int]]:
        """All values by one power of two, which rounds nothing, so that the largest is near 1."""
        largest = max((float(value.max()) for value, _ in states.values()), default=1.0)
        _, shift = frexp(largest)
        if abs(shift) < 64:
            return states
        self.exponent += shift
        return {state: (np.ldexp(value, -shift), count) for state, (value, count) in states.items()}


@dataclass
class Counter:
    """Counts states instead of summing weights."""

    def one(self) -> int:
        return 1

    def scaled(self, value: int, kind: str, i: int, j: int) -> int:
        return 1

    def fired(self, value: int, unit: int) -> int:
        return 1

    def added(self, first: int, second: int) -> int:
        return 1
