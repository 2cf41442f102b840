"""Power series that are rational functions of x, over a ring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from exactav.numbers.domains import Domain, Element


@dataclass(frozen=True)
class Series:
    """A rational function of x: ``numerator`` over the product of powers of ``factors``.

    Polynomials are lists of ring elements by power of x; each factor begins with 1.
    """

    ring: Domain
    numerator: tuple[Element, ...]
    factors: tuple[tuple[tuple[Element, ...], int], ...]

    @property
    def denominator(self) -> list[Element]:
        """The product of the factors."""
        return expanded(self.factors, self.ring.one, lambda element: element)

    @property
    def order(self) -> int:
        """The degree of the denominator: of the recurrence that the coefficients obey."""
        return sum((len(factor) - 1) * power for factor, power in self.factors)

    def plus(self, polynomial: Sequence[Element]) -> "Series":
        """The series with a polynomial in x added."""
        added = product(list(polynomial), self.denominator, self.ring.zero)
        size = max(len(added), len(self.numerator))
        both = [[*part, *[self.ring.zero] * (size - len(part))] for part in (added, list(self.numerator))]
        return Series(self.ring, stripped([a + b for a, b in zip(*both, strict=True)]), self.factors)

    def coefficients(self, n: int) -> list[Element]:
        """Those of x^0 .. x^n, by the recurrence."""
        below = self.denominator
        found: list[Element] = []
        for k in range(n + 1):
            value = self.numerator[k] if k < len(self.numerator) else self.ring.zero
            for j in range(1, min(k, len(below) - 1) + 1):
                if below[j] and found[k - j]:
                    value = value - below[j] * found[k - j]
            found.append(value)
        return found

    def coefficient(self, n: int) -> Element:
        """That of x^n, by halving n: P(x)/Q(x) = P(x) Q(-x) / (Q(x) Q(-x)), whose denominator is even."""
        above, below, zero = list(self.numerator), self.denominator, self.ring.zero
        while n >= len(below) - 1 and n > 0:
            mirrored = [-c if k % 2 else c for k, c in enumerate(below)]
            above = product(above, mirrored, zero)[n % 2 :: 2]
            below = product(below, mirrored, zero)[::2]
            n //= 2
        return Series(self.ring, tuple(above), ((tuple(below), 1),)).coefficients(n)[n]


def product(first: Sequence[Any], second: Sequence[Any], zero: Any) -> list[Any]:
    """The product of two polynomials, lists of coefficients.

    >>> product([1, 2], [1, -2], 0)
    [1, 0, -4]
    """
    result = [zero] * max(len(first) + len(second) - 1, 0)
    for i, a in enumerate(first):
        if a:
            for j, b in enumerate(second):
                if b:
                    result[i + j] = result[i + j] + a * b
    return result


def stripped(polynomial: Sequence[Any]) -> tuple[Any, ...]:
    size = len(polynomial)
    while size and not polynomial[size - 1]:
        size -= 1
    return tuple(polynomial[:size])


def expanded(
    factors: Iterable[tuple[Sequence[Any], int]], one: Any, image: Callable[[Any], Any]
) -> list[Any]:
    result = [one]
    for factor, power in factors:
        for _ in range(power):
            result = product(result, list(map(image, factor)), one - one)
    return result
