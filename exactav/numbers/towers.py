"""Fields of several irrational numbers, and those numbers as their elements."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, product
from math import lcm, prod
from typing import Any

import sympy
from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.numberfields import primitive_element
from sympy.polys.polyerrors import BasePolynomialError
from sympy.polys.rings import ring

from exactav.errors import InexactError
from exactav.numbers.protocols import Domain

_MAX_DEGREE = 32


@lru_cache(maxsize=256)
def number_field(roots: frozenset[sympy.Expr]) -> Domain:
    """The field that real algebraic numbers, written by roots, generate.

    Raises:
        InexactError: its degree may be too large to compute in.

    >>> number_field(frozenset([sympy.sqrt(2), sympy.cbrt(3)]))
    QQ<sqrt(2) + 3**(1/3)>
    """
    field: Domain = QQ
    if not roots:
        return field
    ordered = sorted(roots, key=sympy.default_sort_key)
    if (degree := _largest_degree(roots)) > _MAX_DEGREE:
        raise InexactError(
            f"the numbers {', '.join(map(str, ordered[:4]))}{' ...' * (len(roots) > 4)} together are of "
            f"degree up to {degree}, and {_MAX_DEGREE} is allowed: name some by symbols"
        )
    try:
        field = QQ.algebraic_field(*ordered)
    except (BasePolynomialError, NotImplementedError) as error:
        raise InexactError(
            f"the field of {', '.join(map(str, ordered))} cannot be computed: {error}"
        ) from None
    return field


@lru_cache(maxsize=1024)
def image(field: Domain, root: sympy.Expr) -> Any:
    """An irrational number ``root`` as an element of a field that contains it."""
    found = _generators(field).get(root) if field.is_Algebraic else None
    if found is not None:
        return found
    try:
        return field.from_sympy(root)
    except (BasePolynomialError, NotImplementedError):
        raise InexactError(f"{root} is not found in {field}") from None


@lru_cache(maxsize=256)
def _generators(field: Domain) -> dict[sympy.Expr, Any]:
    """What the numbers that a field was made of are in it, if no two of them share any part of it.

    Then the field is the product of theirs, and its generator's powers are vectors in the monomials of all.
    """
    roots, x = field.orig_ext, sympy.Dummy("x")
    polynomials = [sympy.minimal_polynomial(root, x, polys=True) for root in roots]
    degree = field.mod.degree()
    if len(roots) < 2 or prod(polynomial.degree() for polynomial in polynomials) != degree:
        return {}
    algebra, *parts = ring([f"t{k}" for k in range(len(roots))], QQ)
    relations = [
        sum(part**power * QQ.from_sympy(value) for (power,), value in polynomial.terms())
        for part, polynomial in zip(parts, polynomials, strict=True)
    ]
    factors = primitive_element(roots, x)[1]
    theta = sum(part * factor for part, factor in zip(parts, factors, strict=True))
    powers = [algebra.one]
    while len(powers) < degree:
        powers.append((powers[-1] * theta).rem(relations))
    monomials = list(product(*(range(polynomial.degree()) for polynomial in polynomials)))
    columns = DomainMatrix([[p.get(m, QQ.zero) for p in powers] for m in monomials], (degree, degree), QQ)
    wanted = DomainMatrix([[p.get(m, QQ.zero) for p in parts] for m in monomials], (degree, len(parts)), QQ)
    images = columns.lu_solve(wanted).transpose().to_list()
    return {root: field(list(reversed(image))) for root, image in zip(roots, images, strict=True)}


def _largest_degree(roots: Iterable[sympy.Expr]) -> int:
    """A bound of the degree of the field of ``roots``; those of rationals are counted by primes if fewer."""
    degree, indices, primes = 1, defaultdict[sympy.Expr, int](lambda: 1), defaultdict[int, int](lambda: 1)
    for part in set(chain.from_iterable(root.atoms(sympy.Pow, sympy.CRootOf) for root in roots)):
        if isinstance(part, sympy.CRootOf):
            degree *= part.poly.degree()
            continue
        indices[part.base] = lcm(indices[part.base], int(part.exp.q))
        if part.base.is_Rational:
            for prime in sympy.factorrat(part.base, limit=1000):
                primes[prime] = lcm(primes[prime], int(part.exp.q))
    of_integers = prod(index for base, index in indices.items() if base.is_Rational)
    of_others = prod(index for base, index in indices.items() if not base.is_Rational)
    return degree * of_others * min(of_integers, prod(primes.values()))
