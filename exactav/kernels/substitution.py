"""Polynomials as integers: each symbol is replaced by a power of two, so large that coefficients stay apart.

A determinant of polynomials is then one of integers (Kronecker's substitution), which has none of the long
intermediate results of an elimination with exact division.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from exactav.numbers.domains import Domain, Element


@dataclass(frozen=True)
class Substitution:
    """Symbol v becomes 2^(bits * places[v]); results have ``n_digits`` coefficients, below half of 2^bits.

    >>> from sympy import ZZ
    >>> ring = ZZ["x", "y"]
    >>> x, y = map(ring, ring.symbols)
    >>> numbers = Substitution.of(ring, [[3 * x - y], [2 * y]])
    >>> numbers.polynomial(numbers.value(3 * x - y) * numbers.value(2 * y))
    6*x*y - 2*y**2
    """

    domain: Domain
    bits: int
    degrees: tuple[int, ...]

    @classmethod
    def of(cls, domain: Domain, rows: Iterable[Sequence[Element]]) -> "Substitution":
        """For sums of products with one entry of each row, such as determinants.

        The sums of absolute coefficients, and the degrees, of products are at most the product and the sum
        of those of the factors.
        """
        largest, degrees = 1, [0] * domain.ngens
        for row in rows:
            entries: list[Any] = [entry for entry in row if entry]
            largest *= max(1, sum(abs(int(c)) for entry in entries for c in entry.coeffs()))
            monomials = [monomial for entry in entries for monomial in entry.monoms()]
            degrees = [degree + max((m[v] for m in monomials), default=0) for v, degree in enumerate(degrees)]
        return cls(domain, 8 * ((largest.bit_length() + 1) // 8 + 1), tuple(degrees))

    @property
    def n_digits(self) -> int:
        """The number of monomials that a result may have."""
        return prod(degree + 1 for degree in self.degrees)

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(prod(degree + 1 for degree in self.degrees[:v]) for v in range(len(self.degrees)))

    @property
    def bound(self) -> int:
        """Above the absolute value of every result."""
        return 1 << self.bits * self.n_digits

    def value(self, element: Any) -> int:
        """The integer that a polynomial becomes."""
        places = self.places
        return sum(
            int(c) << self.bits * sum(e * place for e, place in zip(monomial, places, strict=True))
            for monomial, c in element.terms()
        )

    def polynomial(self, value: int) -> Element:
        """The polynomial that becomes this integer."""
        half, size = 1 << self.bits - 1, self.bits // 8
        ones = (self.bound - 1) // ((1 << self.bits) - 1)
        # with a half added to each, all digits are positive
        data = (value + half * ones).to_bytes(size * self.n_digits, "little")
        domain: Any = self.domain
        found = {}
        for place in range(self.n_digits):
            digit = int.from_bytes(data[place * size : (place + 1) * size], "little") - half
            if digit:
                found[self._monomial(place)] = domain.domain.convert(digit)
        result: Element = domain.ring.from_dict(found)
        return result

    def _monomial(self, place: int) -> tuple[int, ...]:
        exponents = []
        for degree in self.degrees:
            place, exponent = divmod(place, degree + 1)
            exponents.append(exponent)
        return tuple(exponents)
