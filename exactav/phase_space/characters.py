"""Integer vectors that exact numbers of any field turn into integers, or into zero."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import sympy
from sympy.polys.fields import FracElement
from sympy.polys.polyclasses import ANP
from sympy.polys.rings import PolyElement

from exactav.numbers.domains import common_denominator, field_of
from exactav.phase_space.lattices import integer_kernel

Column = Sequence[sympy.Expr]
Character = tuple[int, ...]


def characters(integral: Sequence[Column], vanishing: Sequence[Column], n: int) -> tuple[Character, ...]:
    """A basis of the integer vectors z of length n with z'c an integer for each integral column c, and 0 for
    each vanishing one.

    Symbols are taken to be algebraically independent.

    >>> half = sympy.Rational(1, 2)
    >>> characters([[half, half * sympy.sqrt(2)]], [], 2), characters([[half, half]], [[half, half]], 2)
    (((2, 0),), ((-1, 1),))
    """
    field = field_of([entry for column in (*integral, *vanishing) for entry in column])
    rows: list[list[int]] = []
    for place, column in enumerate((*integral, *vanishing)):
        elements = [field.from_sympy(entry) for entry in column]
        denominator = common_denominator(field, elements)
        numerators = [dict(_coefficients(element * denominator)) for element in elements]
        ones = dict(_coefficients(denominator)) if place < len(integral) else {}
        for term in {key for numerator in [*numerators, ones] for key in numerator}:
            values = [numerator.get(term, Fraction(0)) for numerator in numerators]
            scale = lcm(*(value.denominator for value in [*values, ones.get(term, Fraction(0))]))
            row = [int(value * scale) for value in values] + [0] * len(integral)
            if place < len(integral):
                row[n + place] = -int(ones.get(term, Fraction(0)) * scale)
            rows.append(row)
    return tuple(tuple(vector[:n]) for vector in integer_kernel(rows, n + len(integral)))


def _coefficients(element: Any) -> Iterator[tuple[Any, Fraction]]:
    """The rational coefficients of an element without denominator, by monomial and power of the generator."""
    if isinstance(element, FracElement):
        yield from _coefficients(element.numer)
    elif isinstance(element, PolyElement):
        for monomial, coefficient in element.terms():
            for key, value in _coefficients(coefficient):
                yield (monomial, key), value
    elif isinstance(element, ANP):
        for power, value in enumerate(reversed(element.to_list())):
            if value:
                yield power, Fraction(int(value.numerator), int(value.denominator))
    elif element:
        yield 0, Fraction(int(element.numerator), int(element.denominator))
