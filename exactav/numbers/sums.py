"""Sums and products of many elements of a field, brought to lowest terms as seldom as may be."""

from collections.abc import Iterable
from math import prod
from typing import Any

from exactav.numbers.protocols import Domain


def total(field: Domain, elements: Iterable[Any]) -> Any:
    """The sum of elements; of functions those with the same denominator are added at once."""
    if not field.is_FractionField:
        return sum(elements, field.zero)
    ring, alike, parts = field.field.ring, dict[Any, list[Any]](), []
    for element in elements:
        alike.setdefault(element.denom, []).append(element)
    for below, same in alike.items():
        if len(same) == 1:  # it is in lowest terms
            parts += same
            continue
        above = _added(ring, (element.numer for element in same))
        is_whole = below == ring.one
        parts.append(field.field.raw_new(above, below) if is_whole else field.field.new(above, below))
    while len(parts) > 1:  # in pairs: the denominators of all come together only once
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [_sum(field, one, other) for one, other in pairs] + parts[len(parts) & ~1 :]
    return parts[0] if parts else field.zero


def _added(ring: Any, polynomials: Iterable[Any]) -> Any:
    terms: dict[Any, Any] = {}
    for polynomial in polynomials:
        for monomial, coefficient in polynomial.items():
            terms[monomial] = terms[monomial] + coefficient if monomial in terms else coefficient
    return ring.from_dict({monomial: value for monomial, value in terms.items() if value})


def _sum(field: Domain, one: Any, other: Any) -> Any:
    """The sum of two functions; one with a whole one is in lowest terms at once."""
    unit = field.field.ring.one
    if other.denom == unit:
        one, other = other, one
    if one.denom == unit:
        return field.field.raw_new(one.numer * other.denom + other.numer, other.denom)
    return one + other


def multiplied(field: Domain, elements: Iterable[Any]) -> Any:
    """The product of elements; those of functions without a denominator are multiplied as polynomials."""
    if not field.is_FractionField:
        return prod(elements, start=field.one)
    ring = field.field.ring
    whole, others = ring.one, field.one
    for element in elements:
        if element.denom == ring.one:
            whole *= element.numer
        else:
            others *= element
    found = field.field.raw_new(whole, ring.one)
    return found if others == field.one else others * found
