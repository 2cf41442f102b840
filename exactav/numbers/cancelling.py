"""Numerator and denominator in lowest terms, in rings of many generators, too.

SymPy searches for a common factor by recursion over all generators of a ring. Here those that do not occur
are left out, and that there is none is seen on a line: a common factor of total degree d > 0 has degree d on
each line in whose direction the numerator keeps its total degree, so if the two have no common factor there
modulo a prime, they have none at all.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from exactav.errors import TooCostlyError

MOST_GENERATORS = 200
"""Generators of polynomials that are searched for a common factor; SymPy goes as deep into recursion."""

_PRIME = 2**31 - 1
_FEW = 4  # generators from which a line is tried first
_MOST_STEPS = 10_000_000  # of multiplications on a line


def cancelled(above: Any, below: Any) -> tuple[Any, Any]:
    """Two polynomials of one ring, neither zero, without what they have in common.

    Raises:
        TooCostlyError: they have too many generators, and may have a common factor.

    >>> from sympy import ZZ, ring
    >>> R, x, y = ring("x, y", ZZ)
    >>> cancelled(2 * x**2 - 2 * y**2, 4 * x + 4 * y)
    (x - y, 2)
    """
    ring = above.ring
    if above == below:
        return ring.one, ring.one
    if ring.ngens < _FEW or len(above) == 1 or len(below) == 1:
        return above.cancel(below)  # type: ignore[no-any-return]
    degrees = list(map(max, above.degrees(), below.degrees()))
    used = [place for place, degree in enumerate(degrees) if degree > 0]
    if ring.domain.is_ZZ and _have_nothing_in_common(above, below, used):
        common = ring.domain.gcd(above.content(), below.content()) * (-1 if below.LC < 0 else 1)
        return above.quo_ground(common), below.quo_ground(common)
    if len(used) > MOST_GENERATORS:
        raise TooCostlyError(
            f"a quotient of {len(above):,} terms by {len(below):,} in {len(used)} symbols, in lowest terms: "
            f"at most {MOST_GENERATORS} symbols are taken; put numbers in for some"
        )
    small = ring.clone(symbols=[ring.symbols[place] for place in used])
    found = _picked(above, small, used).cancel(_picked(below, small, used))
    return _spread(found[0], ring, used), _spread(found[1], ring, used)


def trimmed(polynomial: Any) -> Any:
    """The same polynomial in the ring of the generators that occur in it; a number where none does.

    >>> from sympy import ZZ, ring
    >>> trimmed(ring("x, y", ZZ)[1] + 1).ring.symbols
    (x,)
    """
    ring = polynomial.ring
    used = [place for place, degree in enumerate(polynomial.degrees()) if degree > 0]
    if not used:
        return polynomial.LC
    return _picked(polynomial, ring.clone(symbols=[ring.symbols[place] for place in used]), used)


def _picked(polynomial: Any, small: Any, used: Sequence[int]) -> Any:
    terms = polynomial.terms()
    return small.from_dict({tuple(monomial[i] for i in used): value for monomial, value in terms})


def _spread(polynomial: Any, ring: Any, used: Sequence[int]) -> Any:
    found = {}
    for monomial, value in polynomial.terms():
        wide = [0] * ring.ngens
        for place, exponent in zip(used, monomial, strict=True):
            wide[place] = exponent
        found[tuple(wide)] = value
    return ring.from_dict(found)


def _have_nothing_in_common(above: Any, below: Any, used: Sequence[int]) -> bool:
    """Whether a line shows that two polynomials with integers have no common factor but numbers."""
    degree = max(map(sum, above.monoms()))
    other = max(map(sum, below.monoms()))
    if (len(above) + len(below)) * (max(degree, other) ** 2 + len(used)) > _MOST_STEPS:
        return False
    random = Random(0)
    line = [(random.randrange(1, _PRIME), random.randrange(1, _PRIME)) for _ in above.ring.symbols]
    first, second = _on_line(above, degree, line), _on_line(below, other, line)
    return bool(first[degree]) and len(_common(first, second)) == 1


def _on_line(polynomial: Any, degree: int, line: Sequence[tuple[int, int]]) -> list[int]:
    """Coefficients of the polynomial in t that one becomes where generator i is a_i + b_i t, mod a prime."""
    total = [0] * (degree + 1)
    for monomial, value in polynomial.terms():
        image = [int(value) % _PRIME]
        for (a, b), exponent in zip(line, monomial, strict=True):
            for _ in range(exponent):
                lower, upper = [*image, 0], [0, *image]
                image = [(a * x + b * y) % _PRIME for x, y in zip(lower, upper, strict=True)]
        for power, coefficient in enumerate(image):
            total[power] = (total[power] + coefficient) % _PRIME
    return total


def _common(first: list[int], second: list[int]) -> list[int]:
    """A greatest common divisor of two polynomials mod the prime, by Euclid; [] for 0."""
    one, other = _without_zeros(first), _without_zeros(second)
    while other:
        inverse = pow(other[-1], -1, _PRIME)
        while len(one) >= len(other):
            factor, shift = one[-1] * inverse % _PRIME, len(one) - len(other)
            for place, coefficient in enumerate(other):
                one[shift + place] = (one[shift + place] - factor * coefficient) % _PRIME
            one = _without_zeros(one)
        one, other = other, one
    return one


def _without_zeros(coefficients: list[int]) -> list[int]:
    length = len(coefficients)
    while length and not coefficients[length - 1]:
        length -= 1
    return coefficients[:length]
