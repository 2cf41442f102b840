"""The ring in which a network's sums are done, and the way out of it.

The *ring* of a field is where all sums over trees and forests are done, after each row was scaled by one
common denominator: the integers ZZ, polynomials, or (algebraic numbers) the field itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy
from sympy import ZZ

from exactav.errors import OptionError, UnknownSymbolError
from exactav.numbers.expressions import exact
from exactav.numbers.fields import equal as equal
from exactav.numbers.fields import field_of as field_of
from exactav.numbers.fields import into as into
from exactav.numbers.fields import shrunk
from exactav.numbers.protocols import Domain as Domain
from exactav.numbers.protocols import Element as Element

_MAX_TERMS = 60  # polynomials of more terms are not factored


def ring_of(field: Domain) -> Domain:
    """The ring in which determinants over ``field`` are computed once denominators are cleared."""
    return ZZ if field.is_QQ else field.get_ring() if field.is_FractionField else field


def common_denominator(field: Domain, elements: Iterable[Element]) -> Element:
    """A ring element that turns every one of ``elements`` into a ring element by multiplication."""
    ring = ring_of(field)
    scale = ring.one
    if ring is not field:
        for element in elements:
            scale = ring.lcm(scale, ring.convert(field.denom(element)))
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
    numerator, denominator = numerator.cancel(denominator)
    above, top = _factors(ring, numerator)
    below, bottom = _factors(ring, denominator)
    return sympy.Mul(above / below, *top, *(1 / factor for factor in bottom))


def _factors(ring: Domain, polynomial: Any) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """(coefficient, factors); the lowest term of each factor is positive where signs are known."""
    coefficient, factors = polynomial.LC, [(polynomial.monic() if ring.domain.is_Field else polynomial, 1)]
    if len(polynomial) <= _MAX_TERMS and (ring.ngens <= 3 or len(polynomial) <= 12):
        coefficient, factors = polynomial.factor_list()
    elif not ring.domain.is_Field:
        coefficient, primitive = polynomial.primitive()
        factors = [(primitive, 1)]
    result, expressions = ring.domain.to_sympy(coefficient), []
    for factor, multiplicity in factors:
        lowest = min(factor.monoms(), key=lambda monomial: (sum(monomial), [-e for e in monomial]))
        if ring.domain.is_ZZ and factor[lowest] < 0:
            factor, result = -factor, result * (-1) ** multiplicity
        expressions.append(factor.as_expr() ** multiplicity)
    return result, expressions


def substitution(field: Domain, values: Mapping[sympy.Symbol | str, Any]) -> dict[sympy.Symbol, sympy.Expr]:
    """``values`` as exact expressions, keyed by symbols of ``field``.

    The keys that come may be symbols or their names.

    Raises:
        UnknownSymbolError: a key is no symbol of the field, or a second one for the same symbol.
        InexactError: a value is a float.
        OptionError: ``values`` is no mapping.
    """
    if not isinstance(values, Mapping):
        raise OptionError(f"values of type {type(values).__name__}: give a mapping from symbols to values")
    by_name = {symbol.name: symbol for symbol in field_symbols(field)}
    result: dict[sympy.Symbol, sympy.Expr] = {}
    for key, value in values.items():
        symbol = by_name.get(key if isinstance(key, str) else getattr(key, "name", None))
        if symbol is None:
            known = ", ".join(by_name) or "none"
            raise UnknownSymbolError(f"{key} is not a symbol of this network; its symbols: {known}")
        if not isinstance(key, str) and key != symbol:
            raise UnknownSymbolError(
                f"{key} is here {sympy.srepr(symbol)}, not {sympy.srepr(key)}: give its name, {key.name!r}"
            )
        if symbol in result:
            raise UnknownSymbolError(f"{symbol} is given two values, by its name and as a symbol: keep one")
        result[symbol] = exact(value, f"the value of {symbol}")
    return result


def field_symbols(field: Domain) -> tuple[sympy.Symbol, ...]:
    return tuple(field.symbols) if field.is_FractionField else ()


def transported(
    ring: Domain, elements: Sequence[Element], values: Mapping[sympy.Symbol, sympy.Expr], target: Domain
) -> tuple[Domain, list[Element]]:
    """(ring, images of ``elements`` when symbols are replaced, up to one common factor).

    Values and other symbols are in ``target``; the ring is that of the smallest field of the images.
    """
    if not ring.is_PolynomialRing:
        images = [target.from_sympy(ring.to_sympy(element)) for element in elements]
    else:
        generators = [target.from_sympy(values.get(symbol, symbol)) for symbol in ring.symbols]
        powers: dict[tuple[int, int], Element] = {}
        images = [_image(ring, element, generators, powers, target) for element in elements]
    target, images = shrunk(target, images)
    scale = common_denominator(target, images)
    return ring_of(target), [cleared(target, image, scale) for image in images]


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
