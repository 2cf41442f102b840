"""The values of a sweep's states: polynomials in one variable per group of units, of several kinds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp, prod
from typing import Any, Protocol, TypeVar

import numpy as np

from exactav.engines.question import Question, added_up
from exactav.engines.rounding import row_sums, share
from exactav.engines.sweep.modules import Entries, table_of
from exactav.engines.sweep.scheme import Factor, Scheme
from exactav.kernels import forests, positive
from exactav.kernels.bigints import integer
from exactav.numbers.domains import Element

Value = TypeVar("Value")


class Values(Protocol[Value]):
    """Polynomials with weights as coefficients: what the sweep does to them."""

    def one(self) -> Value: ...
    def factor(self, taken: Sequence[Factor]) -> Any:
        """The product of some factors, as ``scaled`` takes it."""

    def scaled(self, value: Value, factor: Any) -> Value: ...
    def added(self, first: Value, second: Value) -> Value: ...
    def multiplied(self, first: Value, second: Value) -> Value: ...
    def given(self, scheme: Scheme, module: int) -> dict[int, Value]:
        """The table of a module."""

    def rescaled(self, table: dict[int, Value]) -> dict[int, Value]:
        """The same table, or all of it times one number that the values keep in mind."""


def entries_of(question: Question, scheme: Scheme, module: int) -> Entries:
    """The table of a module of a scheme."""
    (fires,) = question.roots if len(question.roots) == 1 else (None,)
    return table_of(question, scheme.modules[module], dict(scheme.borders[module]), scheme.n_slots, fires)


def product_of(question: Question, taken: Sequence[Factor]) -> tuple[Element, int]:
    """The product of some factors, and what those that fire add to the number of the counts."""
    system = question.system
    product, step = system.ring.one, 0
    for kind, i, j in taken:
        if kind == "fired":
            step += question.strides[i]
        elif kind == "weight":
            product *= system.weights[i][j]
        else:
            product *= question.roots[i] if kind == "root" else system.leak[i]
    return product, step


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

    def factor(self, taken: Sequence[Factor]) -> tuple[int, int]:
        product, step = product_of(self.question, taken)
        return int(product), self.bits * step

    def scaled(self, value: Any, factor: tuple[int, int]) -> Any:
        number, shift = factor
        made = value if number == 1 else value * number
        return made << shift if shift else made

    def added(self, first: Any, second: Any) -> Any:
        return first + second

    def multiplied(self, first: Any, second: Any) -> Any:
        return first * second

    def given(self, scheme: Scheme, module: int) -> dict[int, Any]:
        table = {}
        for code, terms in entries_of(self.question, scheme, module):
            table[code] = integer(0)
            for number, coefficient in terms.items():
                table[code] += integer(int(coefficient)) << self.bits * number
        return table

    def rescaled(self, table: dict[int, Any]) -> dict[int, Any]:
        return table

    def unpacked(self, value: int) -> dict[int, Element]:
        """Coefficients by the number of their counts."""
        size = self.bits // 8
        data = value.to_bytes(size * self.question.n_outcomes, "little")
        found = (
            (number, int.from_bytes(data[number * size : (number + 1) * size], "little"))
            for number in range(self.question.n_outcomes)
        )
        return {number: coefficient for number, coefficient in found if coefficient}


Terms = dict[int, Element]


@dataclass(frozen=True)
class InRing:
    """Polynomials with coefficients in any ring, as mappings from the number of the counts."""

    question: Question

    def one(self) -> Terms:
        return {0: self.question.system.ring.one}

    def factor(self, taken: Sequence[Factor]) -> tuple[Element, int]:
        return product_of(self.question, taken)

    def scaled(self, value: Terms, factor: tuple[Element, int]) -> Terms:
        product, step = factor
        return {number + step: coefficient * product for number, coefficient in value.items()}

    def added(self, first: Terms, second: Terms) -> Terms:
        result = dict(first)
        for number, coefficient in second.items():
            result[number] = result[number] + coefficient if number in result else coefficient
        return result

    def multiplied(self, first: Terms, second: Terms) -> Terms:
        return added_up((i + j, a * b) for i, a in first.items() for j, b in second.items())

    def given(self, scheme: Scheme, module: int) -> dict[int, Terms]:
        return dict(entries_of(self.question, scheme, module))

    def rescaled(self, table: dict[int, Terms]) -> dict[int, Terms]:
        return table


Rounding = tuple[positive.Floats, int]


@dataclass
class Rounded:
    """Polynomials in floating point, each with the number of roundings that bound its relative error.

    The numbers are those of :func:`exactav.engines.rounding.rounded`, products of them rounded once.
    A table is divided by a power of two now and then; ``exponent`` sums up these powers.
    """

    question: Question
    exponent: int = 0

    def __post_init__(self) -> None:
        self.rows = row_sums(self.question.system)

    def one(self) -> Rounding:
        return np.ones(1), 0

    def factor(self, taken: Sequence[Factor]) -> tuple[float, int]:
        product, step = product_of(self.question, taken)
        scale = prod(self.rows[factor.i] for factor in taken if factor.kind != "fired")
        return share(product, scale), step

    def scaled(self, value: Rounding, factor: tuple[float, int]) -> Rounding:
        number, step = factor
        made = value[0] * number
        if step:
            made = np.concatenate([np.zeros(step), made])
        return made, value[1] + 2  # the factor was rounded, and so is the product

    def added(self, first: Rounding, second: Rounding) -> Rounding:
        longer, shorter = (first[0], second[0]) if len(first[0]) >= len(second[0]) else (second[0], first[0])
        result = longer.copy()
        result[: len(shorter)] += shorter
        return result, max(first[1], second[1]) + 1

    def multiplied(self, first: Rounding, second: Rounding) -> Rounding:
        """Term by term, so that no number is the difference of others."""
        longer, shorter = (first[0], second[0]) if len(first[0]) >= len(second[0]) else (second[0], first[0])
        result = np.zeros(len(longer) + len(shorter) - 1)
        for place, coefficient in enumerate(shorter.tolist()):
            if coefficient:
                result[place : place + len(longer)] += coefficient * longer
        return result, first[1] + second[1] + 1 + len(shorter)

    def given(self, scheme: Scheme, module: int) -> dict[int, Rounding]:
        """Numbers rounded once, over a power of two near the largest."""
        border = dict(scheme.borders[module])
        inside = prod(self.rows[unit] for unit in scheme.modules[module].units)
        entries = []
        for code, terms in entries_of(self.question, scheme, module):
            _, chosen = forests.sides_in(code, list(border.values()), forests.WIDE)
            rows = inside * prod(self.rows[unit] for k, unit in enumerate(border) if chosen >> k & 1)
            entries.append((code, terms, rows))
        lengths = [
            int(weight).bit_length() - rows.bit_length()
            for _, terms, rows in entries
            for weight in terms.values()
        ]
        exponent = max(lengths, default=0)
        self.exponent += exponent
        above, below = 2 ** max(0, -exponent), 2 ** max(0, exponent)
        table = {}
        for code, terms, rows in entries:
            coefficients = np.zeros(max(terms) + 1)
            for number, coefficient in terms.items():
                coefficients[number] = share(int(coefficient) * above, rows * below)
            table[code] = coefficients, 1
        return table

    def rescaled(self, table: dict[int, Rounding]) -> dict[int, Rounding]:
        """All values by one power of two, which rounds nothing, so that the largest is near 1."""
        largest = max((float(value.max()) for value, _ in table.values()), default=1.0)
        _, shift = frexp(largest)
        if abs(shift) < 64:
            return table
        self.exponent += shift
        return {state: (np.ldexp(value, -shift), count) for state, (value, count) in table.items()}
