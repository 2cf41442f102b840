"""The exact domain that a network's numbers live in, and the way out of it.

A *field* is one of SymPy's exact domains: the rationals QQ, an algebraic field QQ<sqrt(2)>, or rational
functions over either. Its *ring* is where all sums over trees and forests are done, after each row was scaled
by one common denominator: the integers ZZ, polynomials, or (algebraic numbers) the field itself. Floats, and
SymPy's catch-all EX, have no place here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy
from sympy import QQ, ZZ

from exactav.errors import InexactError, UnknownSymbolError
from exactav.numbers.expressions import exact

Domain = Any  # a SymPy domain; SymPy ships no types
Element = Any  # an element of such a domain

_MAX_TERMS = 60  # polynomials of more terms are not factored


def field_of(expressions: Iterable[sympy.Expr]) -> Domain:
    """The smallest exact field that contains all ``expressions``.

    Raises:
        InexactError: an expression is not a rational function, over real algebraic numbers, of its symbols.

    >>> x = sympy.Symbol("x")
    >>> field_of([sympy.Rational(1, 2)]), field_of([x / 2]), field_of([sympy.sqrt(2) * x])
    (QQ, ZZ(x), QQ<sqrt(2)>(x))
    """
    symbols: set[sympy.Symbol] = set()
    algebraic: set[sympy.Expr] = set()
    for expr in set(expressions):
        _collect(expr, expr, symbols, algebraic)
    coefficients = QQ.algebraic_field(*sorted(algebraic, key=sympy.default_sort_key)) if algebraic else QQ
    if not symbols:
        return coefficients
    ground = coefficients if algebraic else ZZ
    return ground.frac_field(*sorted(symbols, key=sympy.default_sort_key))


def _collect(
    part: sympy.Expr, whole: sympy.Expr, symbols: set[sympy.Symbol], algebraic: set[sympy.Expr]
) -> None:
    if part.is_Rational:
        return
    if part.is_Symbol:
        if part.is_real is False:
            raise InexactError(f"{part} in {whole} is not real: use a real symbol")
        symbols.add(part)
    elif part.is_Add or part.is_Mul:
        for argument in part.args:
            _collect(argument, whole, symbols, algebraic)
    elif part.is_Pow and part.exp.is_Integer:
        _collect(part.base, whole, symbols, algebraic)
    elif part.free_symbols:
        raise InexactError(
            f"{part} in {whole} is not a rational function of its symbols: name it by a symbol of its own, "
            "and put its value in with .at(...)"
        )
    elif part.is_algebraic and part.is_real:
        algebraic.add(part)
    else:
        raise InexactError(
            f"{part} in {whole} is not a real algebraic number, so equality with it cannot be decided: "
            "name it by a symbol, and put a value in with .at(...)"
        )


def into(field: Domain, expr: sympy.Expr, where: str) -> Element:
    """``expr`` as an element of ``field``; division by zero is an error that names ``where``."""
    try:
        return field.from_sympy(expr)
    except ZeroDivisionError:
        raise InexactError(f"{where} = {expr} divides by zero: write a finite value") from None


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


def quotient(ring: Domain, numerator: Element, denominator: Element) -> sympy.Expr:
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


def _factors(ring: Domain, polynomial: Element) -> tuple[sympy.Expr, list[sympy.Expr]]:
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
        UnknownSymbolError: a key is no symbol of the field.
        InexactError: a value is a float.
    """
    symbols = field_symbols(field)
    by_name = {symbol.name: symbol for symbol in symbols}
    result: dict[sympy.Symbol, sympy.Expr] = {}
    for key, value in values.items():
        symbol = by_name.get(key) if isinstance(key, str) else key
        if symbol not in symbols:
            known = ", ".join(by_name) or "none"
            raise UnknownSymbolError(f"{key} is not a symbol of this network; its symbols: {known}")
        result[symbol] = exact(value, f"the value of {symbol}")
    return result


def field_symbols(field: Domain) -> tuple[sympy.Symbol, ...]:
    return tuple(field.symbols) if field.is_FractionField else ()


def transported(
    ring: Domain, elements: Sequence[Element], values: Mapping[sympy.Symbol, sympy.Expr], target: Domain
) -> tuple[Domain, list[Element]]:
    """(ring of ``target``, images of ``elements`` when symbols are replaced, up to one common factor)."""
    if not ring.is_PolynomialRing:
        images = [target.from_sympy(ring.to_sympy(element)) for element in elements]
    else:
        generators = [target.from_sympy(values.get(symbol, symbol)) for symbol in ring.symbols]
        powers: dict[tuple[int, int], Element] = {}
        images = [_image(ring, element, generators, powers, target) for element in elements]
    scale = common_denominator(target, images)
    return ring_of(target), [cleared(target, image, scale) for image in images]


def _image(
    ring: Domain,
    element: Element,
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
