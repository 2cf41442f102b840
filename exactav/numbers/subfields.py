"""The smallest field of algebraic numbers that holds given ones, and its numbers by another generator.

A number of QQ<theta>, theta of degree n, is a vector of n rationals: its coefficients in powers of theta.
Which field some numbers generate is linear algebra on such vectors.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import count
from typing import Any

import sympy
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from exactav.numbers.enclosures import sign_of_nonzero
from exactav.numbers.protocols import Domain


def smallest_field(field: Domain, numbers: Sequence[Any]) -> tuple[Domain, Callable[[Any], Any]]:
    """(field that ``numbers`` of ``field`` generate, what brings them into it); QQ if all are rational.

    Quadratic fields come as QQ<sqrt(d)>, d without square factors, however they were written.

    >>> K = QQ.algebraic_field(sympy.sqrt(2), sympy.sqrt(3))
    >>> L, into = smallest_field(K, [K.from_sympy(sympy.sqrt(6) / 5)])
    >>> L, L.to_sympy(into(K.from_sympy(1 - sympy.sqrt(6))))
    (QQ<sqrt(6)>, 1 - sqrt(6))
    """
    span, generators = _Span(field), []
    for number in numbers:
        if span.dimension == span.full:
            break
        if not span.holds(number):
            generators.append(number)
            span.adjoin(number)
    if not generators:
        return QQ, lambda number: number.to_list()[-1] if number else QQ.zero
    if span.dimension == span.full > 2:
        return field, lambda number: number
    theta, root = _quadratic(field, generators[0]) if span.dimension == 2 else _primitive(field, generators)
    if root == field.ext.as_expr():
        return field, lambda number: number
    powers = [theta**exponent for exponent in range(span.dimension + 1)]
    x = sympy.Dummy("x")
    (relation,) = _columns(field, powers).nullspace().to_list()
    polynomial = sympy.Poly(list(reversed(relation)), x, domain=QQ)
    smaller = QQ.algebraic_field((polynomial, root))
    basis = _columns(field, powers[:-1])
    inverse = (basis.transpose() * basis).inv() * basis.transpose()

    def into(number: Any) -> Any:
        coordinates = (inverse * _columns(field, [number])).to_list_flat()
        return smaller(list(reversed(coordinates)))

    return smaller, into


class _Span:
    """A subfield, as rows in echelon form."""

    def __init__(self, field: Domain) -> None:
        self.field, self.full = field, field.mod.degree()
        self.basis: list[Any] = []
        self._rows: dict[int, list[Any]] = {}
        self._add(field.one)

    @property
    def dimension(self) -> int:
        return len(self.basis)

    def holds(self, number: Any) -> bool:
        return not any(self._rest(number))

    def adjoin(self, number: Any) -> None:
        """Widen to the field that ``number`` generates over this one."""
        old, power = list(self.basis), number
        while sum(self._add(member * power) for member in old):  # all of them, not up to the first
            power *= number

    def _add(self, number: Any) -> bool:
        rest = self._rest(number)
        pivot = next((place for place, value in enumerate(rest) if value), None)
        if pivot is None:
            return False
        self._rows[pivot] = [value / rest[pivot] for value in rest]
        self.basis.append(number)
        return True

    def _rest(self, number: Any) -> list[Any]:
        """What is left of a vector once all rows are taken off, in the order in which they came."""
        rest = _vector(number, self.full)
        for pivot, row in self._rows.items():
            if factor := rest[pivot]:
                rest = [value - factor * entry for value, entry in zip(rest, row, strict=True)]
        return rest


def _vector(number: Any, size: int) -> list[Any]:
    """Coefficients of the powers 0 .. size - 1 of the generator."""
    known = list(reversed(number.to_list()))
    return known + [QQ.zero] * (size - len(known))


def _columns(field: Domain, numbers: Iterable[Any]) -> DomainMatrix:
    rows = [_vector(number, field.mod.degree()) for number in numbers]
    return DomainMatrix(rows, (len(rows), field.mod.degree()), QQ).transpose()


def _without_content(field: Domain, number: Any) -> tuple[Any, sympy.Expr]:
    """A number over the rational that all its terms have in common, and the expression of that."""
    content, expr = field.to_sympy(number).primitive()
    return number / field.convert(QQ.from_sympy(content)), expr


def _quadratic(field: Domain, number: Any) -> tuple[Any, sympy.Expr]:
    """sqrt(d) in the field of a number of degree 2, and its expression."""
    (relation,) = _columns(field, [field.one, number, number**2]).nullspace().to_list()
    theta = number + field.convert(relation[1] / (2 * relation[2]))
    content, root = sympy.sqrt(QQ.to_sympy((theta**2).to_list()[-1])).primitive()
    return theta / field.convert(sign_of_nonzero(field.to_sympy(theta)) * QQ.from_sympy(content)), root


def _primitive(field: Domain, generators: Sequence[Any]) -> tuple[Any, sympy.Expr]:
    """One number that generates what all of ``generators`` do, and its expression."""

    def dimension(*numbers: Any) -> int:
        span = _Span(field)
        for number in numbers:
            span.adjoin(number)
        return span.dimension

    def join(first: Any, second: Any) -> Any:
        sums = (first + second * field.convert(factor) for factor in count(1))  # all but finitely many do
        wanted = dimension(first, second)
        return next(theta for theta in sums if dimension(theta) == wanted)

    return _without_content(field, reduce(join, (_without_content(field, g)[0] for g in generators)))
