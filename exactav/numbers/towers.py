"""Fields of several irrational numbers, and those numbers as their elements."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import chain, product, starmap
from math import lcm, prod
from typing import Any

import sympy
from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError
from sympy.polys.numberfields import primitive_element
from sympy.polys.polyerrors import BasePolynomialError
from sympy.polys.rings import ring

from exactav.errors import InexactError
from exactav.numbers.protocols import Domain

_MAX_DEGREE = 64
_MAX_SEARCHED = 24  # of a field in which SymPy looks for a number: some seconds
_Key = tuple[
    sympy.Expr, bool
]  # a number of which roots are taken, or else one that is the root of a polynomial


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
    if (degree := min(tower.degree for tower in _towers(ordered))) > _MAX_DEGREE:
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
    if field.is_Algebraic and len(field.orig_ext) > 1 and (degree := field.mod.degree()) > _MAX_SEARCHED:
        raise InexactError(
            f"{root} is looked for in {field}, of degree {degree}, and {_MAX_SEARCHED} is allowed where "
            "roots depend on each other: name some by symbols"
        )
    try:
        return field.from_sympy(root)
    except (BasePolynomialError, NotImplementedError):
        raise InexactError(f"{root} is not found in {field}") from None


@lru_cache(maxsize=256)
def _generators(field: Domain) -> dict[sympy.Expr, Any]:
    """What the numbers that a field was made of are in it; none where that needs a search.

    Powers of the generator are polynomials in the unknowns of a tower, vectors of rationals. If a root is a
    combination of them there, it is one among numbers, too; if the tower is a field, it is.
    """
    roots, degree = field.orig_ext, field.mod.degree()
    if len(roots) < 2:
        return {}
    factors = primitive_element(roots, sympy.Dummy("x"))[1]
    for tower in _towers(roots):
        if degree <= tower.degree <= _MAX_DEGREE and all(map(tower.holds, roots)):
            numbers = list(map(tower.element, roots))
            theta = sum(number * factor for number, factor in zip(numbers, factors, strict=True))
            powers = [tower.algebra.one]
            while len(powers) < degree:
                powers.append((powers[-1] * theta).rem(tower.relations))
            if (inside := _combined(_columns(tower, powers), _columns(tower, numbers))) is not None:
                rows = inside.transpose().to_list()
                return {root: field(list(reversed(row))) for root, row in zip(roots, rows, strict=True)}
    return {}


def _combined(columns: DomainMatrix, wanted: DomainMatrix) -> DomainMatrix | None:
    """The combinations of columns that some others are; None where they are none, or several."""
    across = columns.transpose()
    try:
        found = (across * columns).lu_solve(across * wanted)
    except DMNonInvertibleMatrixError:
        return None
    return found if columns * found == wanted else None


def _towers(roots: Sequence[sympy.Expr]) -> "list[_Tower]":
    return [_Tower(roots, by_primes) for by_primes in (False, True)]


class _Tower:
    """Polynomials in unknowns, one for each base of roots or polynomial, modulo what these satisfy.

    By primes, the root of an integer is a product of roots of its prime factors.
    """

    def __init__(self, roots: Sequence[sympy.Expr], by_primes: bool) -> None:
        self.by_primes = by_primes
        self.degrees: dict[_Key, int] = {}
        for part in chain.from_iterable(map(sympy.postorder_traversal, roots)):
            if isinstance(part, sympy.CRootOf):
                self.degrees[part, False] = part.poly.degree()
            elif part.is_Pow and not part.exp.is_Integer:
                for base in self._factors(part.base):
                    key = base, True
                    self.degrees[key] = lcm(self.degrees.get(key, 1), int(part.exp.q))
        self.degree = prod(self.degrees.values())

    def _factors(self, base: sympy.Expr) -> dict[sympy.Expr, int]:
        if not (self.by_primes and base.is_Rational):
            return {base: 1}
        return {sympy.Integer(prime): power for prime, power in sympy.factorrat(base, limit=1000).items()}

    @cached_property
    def algebra(self) -> Any:
        return ring([f"t{k}" for k in range(len(self.degrees))], QQ)[0]

    @cached_property
    def unknowns(self) -> dict[_Key, Any]:
        # The last one is the largest, so that each relation reduces the power of its own.
        return dict(zip(self.degrees, reversed(self.algebra.gens), strict=True))

    @cached_property
    def relations(self) -> list[Any]:
        return list(starmap(self._relation, self.degrees))

    def holds(self, expr: sympy.Expr) -> bool:
        """Whether ``expr`` is a polynomial in the unknowns."""
        if expr.is_Add or expr.is_Mul:
            return all(map(self.holds, expr.args))
        if expr.is_Pow:
            return expr.exp > 0 and self.holds(expr.base)
        return bool(expr.is_Rational) or (expr, False) in self.degrees

    def element(self, expr: sympy.Expr) -> Any:
        if expr.is_Rational:
            return self.algebra.ground_new(QQ.from_sympy(expr))
        if expr.is_Add:
            return sum(map(self.element, expr.args), self.algebra.zero)
        if expr.is_Mul:
            return prod(map(self.element, expr.args), start=self.algebra.one)
        if expr.is_Pow and expr.exp.is_Integer:
            return self.element(expr.base) ** int(expr.exp)
        if expr.is_Pow:
            return prod(
                self.unknowns[base, True] ** int(power * expr.exp * self.degrees[base, True])
                for base, power in self._factors(expr.base).items()
            )
        return self.unknowns[expr, False]

    def _relation(self, base: sympy.Expr, is_base: bool) -> Any:
        unknown, degree = self.unknowns[base, is_base], self.degrees[base, is_base]
        if is_base:
            return unknown**degree - self.element(base)
        return sum(unknown**power * QQ.from_sympy(value) for (power,), value in base.poly.terms())


def _columns(tower: _Tower, elements: Sequence[Any]) -> DomainMatrix:
    monomials = product(*(range(degree) for degree in reversed(tower.degrees.values())))
    rows = [[element.get(monomial, QQ.zero) for element in elements] for monomial in monomials]
    return DomainMatrix(rows, (len(rows), len(elements)), QQ)
