"""The ring in which a network's sums are done, and the way out of it.

The *ring* of a field is where all sums over trees and forests are done, after each row was scaled by one
common denominator: the integers ZZ, polynomials, or (algebraic numbers) the field itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy
from sympy import ZZ

from exactav.errors import TooCostlyError
from exactav.numbers.cancelling import cancelled, trimmed
from exactav.numbers.extent import TooLargeError, extent, power, product
from exactav.numbers.extent import total as check_sum
from exactav.numbers.fields import equal as equal
from exactav.numbers.fields import field_of as field_of
from exactav.numbers.fields import into as into
from exactav.numbers.fields import shrunk
from exactav.numbers.generators import symbols_of
from exactav.numbers.protocols import Domain as Domain
from exactav.numbers.protocols import Element as Element
from exactav.numbers.trees import replaced_in

_MAX_TERMS, _MAX_SYMBOLS = 60, 50  # polynomials of more terms or symbols are not factored


@lru_cache(maxsize=256)
def ring_of(field: Domain) -> Domain:
    """The ring in which determinants over ``field`` are computed once denominators are cleared."""
    return ZZ if field.is_QQ else field.get_ring() if field.is_FractionField else field


def common_denominator(field: Domain, elements: Iterable[Element]) -> Element:
    """A ring element that turns every one of ``elements`` into a ring element by multiplication."""
    ring = ring_of(field)
    scale = ring.one
    if ring is not field:
        for denominator in {field.denom(element) for element in elements}:
            scale = ring.lcm(scale, ring.convert(denominator))
    return scale


def cleared(field: Domain, element: Element, scale: Element) -> Element:
    """``element * scale`` as a ring element; ``scale`` is a multiple of the denominator."""
    ring = ring_of(field)
    if ring is field:
        return element * scale
    return ring.convert(field.numer(element)) * ring.exquo(scale, ring.convert(field.denom(element)))


def quotient(ring: Domain, numerator: Any, denominator: Any) -> sympy.Expr:
    """numerator / denominator as a SymPy number, or as a rational function in lowest terms.

    Polynomials of few terms and few symbols come factored, each factor with its lowest term positive.
    """
    if ring.is_ZZ:
        return sympy.Rational(int(numerator), int(denominator))
    if not ring.is_PolynomialRing:
        return ring.to_sympy(numerator / denominator)
    if not numerator:
        return sympy.Integer(0)
    numerator, denominator = cancelled(numerator, denominator)
    above, top = _factors(ring, numerator)
    below, bottom = _factors(ring, denominator)
    return sympy.Mul(above / below, *top, *(1 / factor for factor in bottom))


def _factors(ring: Domain, polynomial: Any) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """(coefficient, factors); the lowest term of each factor is positive where signs are known."""
    numbers = ring.domain
    if polynomial.is_ground:
        return numbers.to_sympy(polynomial.LC), []
    own = trimmed(polynomial)
    n_symbols = own.ring.ngens
    coefficient, factors = own.LC, [(own.monic() if numbers.is_Field else own, 1)]
    if len(own) <= _MAX_TERMS and (ring.ngens <= 3 or (len(own) <= 12 and n_symbols <= _MAX_SYMBOLS)):
        coefficient, factors = own.factor_list()
    elif not numbers.is_Field:
        coefficient, primitive = own.primitive()
        factors = [(primitive, 1)]
    result, expressions = numbers.to_sympy(coefficient), []
    for factor, multiplicity in factors:
        lowest = min(factor.monoms(), key=lambda monomial: (sum(monomial), [-e for e in monomial]))
        if numbers.is_ZZ and factor[lowest] < 0:
            factor, result = -factor, result * (-1) ** multiplicity
        expressions.append(factor.as_expr() ** multiplicity)
    return result, expressions


def field_symbols(field: Domain) -> tuple[sympy.Symbol, ...]:
    return symbols_of(field.symbols) if field.is_FractionField else ()


def images_of(ring: Domain, values: Mapping[sympy.Symbol, sympy.Expr]) -> list[sympy.Expr]:
    """What the generators of a ring become when symbols are replaced."""
    if not ring.is_PolynomialRing:
        return []
    return [replaced_in(generator, values) for generator in ring.symbols]


def transported(
    ring: Domain, elements: Sequence[Element], values: Mapping[sympy.Symbol, sympy.Expr], target: Domain
) -> tuple[Domain, list[Element]]:
    """(ring, images of ``elements`` when symbols are replaced, up to one common factor).

    Values and other symbols are in ``target``; the ring is that of the smallest field of the images.

    Raises:
        TooCostlyError: an image may be too large.
    """
    if not ring.is_PolynomialRing:
        images = [target.from_sympy(ring.to_sympy(element)) for element in elements]
    else:
        exprs = images_of(ring, values)
        _refuse_large(elements, exprs)
        generators = [into(target, image, "a value") for image in exprs]
        powers: dict[tuple[int, int], Element] = {}
        images = [_image(ring, element, generators, powers, target) for element in elements]
    target, images = shrunk(target, images)
    scale = common_denominator(target, images)
    return ring_of(target), [cleared(target, image, scale) for image in images]


def _refuse_large(elements: Sequence[Any], images: Sequence[sympy.Expr]) -> None:
    """Raise TooCostlyError if polynomials may grow too large when their generators are replaced."""
    try:
        sizes = [extent(image) for image in images]
        for element in elements:
            check_sum(
                product(power(sizes[i], times, images[i]) for i, times in enumerate(monomial) if times)
                for monomial in element.monoms()
            )
    except TooLargeError as error:
        raise TooCostlyError(f"with these values a probability {error}") from None


def _image(
    ring: Domain,
    element: Any,
    generators: Sequence[Element],
    powers: dict[tuple[int, int], Element],
    target: Domain,
) -> Element:
    total = target.zero
    for monomial, coefficient in element.terms():
        term = target.from_sympy(ring.domain.to_sympy(coefficient))
        for index, exponent in enumerate(monomial):
            if exponent:
                key = index, exponent
                if key not in powers:
                    powers[key] = generators[index] ** exponent
                term *= powers[key]
        total += term
    return total


def algebraic_generator(ring: Domain) -> list[sympy.Expr]:
    """The irrational number that the coefficients of ``ring`` contain; none for rational coefficients."""
    coefficients = ring.domain if ring.is_PolynomialRing else ring
    return [coefficients.ext.as_expr()] if coefficients.is_Algebraic else []
