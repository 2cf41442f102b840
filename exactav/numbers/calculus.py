"""Series and limits of rational functions of symbols, roots and exponentials."""

from collections.abc import Sequence
from typing import Any

import sympy

from exactav.errors import OptionError
from exactav.numbers.domains import (
    Domain,
    Element,
    algebraic_generator,
    cleared,
    common_denominator,
    ring_of,
)
from exactav.numbers.fields import field_of, into, normal_form

_MOST_TERMS = 500


def derived(
    ring: Domain, above: Sequence[Element], below: Element, symbol: sympy.Symbol
) -> tuple[Domain, list[Element], Element]:
    """(ring, numerators, common denominator) of the derivatives of ``above / below`` by a symbol.

    By the chain rule over the generators of the ring, which may be roots and exponentials of the symbol.
    """
    if not ring.is_PolynomialRing:
        return ring, [ring.zero] * len(above), ring.one
    inner_slopes = [sympy.diff(generator, symbol) for generator in ring.symbols]
    field = field_of([*ring.symbols, *inner_slopes, *algebraic_generator(ring)])
    if field.symbols != ring.get_field().symbols:  # a slope has a symbol that occurs in exponents alone
        ring, (below, *above) = _moved(ring, [below, *above], field)
        inner_slopes = [sympy.diff(generator, symbol) for generator in ring.symbols]
    slopes = [into(field, slope, "a derivative") for slope in inner_slopes]
    scale = common_denominator(field, slopes)
    inner = [cleared(field, slope, scale) for slope in slopes]
    gens: list[Any] = list(ring.gens)

    def chain(element: Any) -> Element:
        return sum((element.diff(g) * slope for g, slope in zip(gens, inner, strict=True)), ring.zero)

    fall = chain(below)
    found = [chain(element) * below - element * fall for element in above]
    return ring, found, below * below * scale


def _moved(ring: Domain, elements: Sequence[Element], field: Domain) -> tuple[Domain, list[Element]]:
    """The same elements, up to a common factor, in the ring of a larger field."""
    wide = [into(field, ring.to_sympy(element), "an element") for element in elements]
    scale = common_denominator(field, wide)
    return ring_of(field), [cleared(field, element, scale) for element in wide]


def taylor(expr: sympy.Expr, symbol: sympy.Symbol, point: sympy.Expr, order: int) -> sympy.Expr:
    """The series of ``expr`` up to O((symbol - point)^order), as SymPy writes it.

    Of a rational function by division of its numerator and denominator, otherwise by SymPy.

    Raises:
        OptionError: it has a pole there, or too many terms are wanted.

    >>> x = sympy.Symbol("x")
    >>> taylor(1 / (1 - x), x, sympy.Integer(0), 3)
    1 + x + x**2 + O(x**3)
    """
    if order > _MOST_TERMS:
        raise OptionError(f"a series of order {order}: at most {_MOST_TERMS}")
    if not expr.is_rational_function(symbol):
        return sympy.series(expr, symbol, point, order)
    step = sympy.Dummy("step")
    above, below = sympy.fraction(sympy.cancel(expr.subs(symbol, point + step)))
    top, bottom = (sympy.Poly(part, step).all_coeffs()[::-1] for part in (above, below))
    if sympy.cancel(bottom[0]) == 0:
        raise OptionError(f"{expr} has a pole at {symbol} = {point}")
    found: list[sympy.Expr] = []
    for n in range(order):
        known = sum(
            (bottom[k] * found[n - k] for k in range(1, min(n, len(bottom) - 1) + 1)), sympy.Integer(0)
        )
        found.append(sympy.cancel(((top[n] if n < len(top) else 0) - known) / bottom[0]))
    terms = [coefficient * (symbol - point) ** n for n, coefficient in enumerate(found)]
    return sympy.Add(*terms) + sympy.O((symbol - point) ** order, (symbol, point))


def limit_of(expr: sympy.Expr, symbol: sympy.Symbol, point: sympy.Expr) -> sympy.Expr:
    """The limit of ``expr`` as a symbol tends to a point; not finite where there is none.

    In lowest terms a value that is finite is the limit; at infinity SymPy finds it.

    >>> x = sympy.Symbol("x")
    >>> limit_of((1 - x**2) / (1 - x), x, sympy.Integer(1)), limit_of(x / (x + 1), x, sympy.oo)
    (2, 1)
    """
    field, (element,) = normal_form([expr])
    plain = field.to_sympy(element)
    if point == sympy.oo:
        # symbols of networks stand for positive numbers
        positive = sympy.Dummy("x", positive=True)
        return sympy.limit(plain.subs(symbol, positive), positive, point)
    return plain.subs(symbol, point)


def is_finite(expr: sympy.Expr) -> bool:
    """Whether an expression has no infinite and no undefined part."""
    return not expr.has(sympy.nan, sympy.zoo, sympy.oo, sympy.Limit)
