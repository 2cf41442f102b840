"""One exact determinant or inverse: the closed forms that every enumeration is checked against."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sympy.polys.matrices import DomainMatrix

from exactav.arithmetic import Domain, Element
from exactav.errors import CheckFailedError

Rows = Sequence[Sequence[Element]]


def determinant(domain: Domain, rows: Rows) -> Element:
    """det of a square matrix over ``domain``; the empty matrix has determinant 1.

    Integers and algebraic numbers by fraction-free elimination, polynomials by expansion along rows with
    every minor computed once (no division, so no swelling quotients) up to 12 rows.

    >>> from sympy import ZZ
    >>> determinant(ZZ, [[2, 1], [7, 9]])
    11
    """
    if domain.is_PolynomialRing and len(rows) <= 12:
        return _by_minors(domain, rows)
    return _by_elimination(domain, rows)


def _by_elimination(domain: Domain, rows: Rows) -> Element:
    """Bareiss: every division is exact."""
    matrix = [list(row) for row in rows]
    size = len(matrix)
    sign, previous = domain.one, domain.one
    for step in range(size):
        pivot_row = next((r for r in range(step, size) if matrix[r][step]), None)
        if pivot_row is None:
            return domain.zero
        if pivot_row != step:
            matrix[step], matrix[pivot_row] = matrix[pivot_row], matrix[step]
            sign = -sign
        top, pivot = matrix[step], matrix[step][step]
        for row in matrix[step + 1 :]:
            factor = row[step]
            for column in range(step + 1, size):
                value = pivot * row[column]
                if factor:
                    value -= factor * top[column]
                row[column] = domain.exquo(value, previous)
        previous = pivot
    return sign * previous


def _by_minors(domain: Domain, rows: Rows) -> Element:
    """Laplace expansion row by row; ``minors[columns]`` is the minor of the rows so far on these columns."""
    minors = {0: domain.one}
    for row in rows:
        following: dict[int, Element] = {}
        for columns, minor in minors.items():
            for column, entry in enumerate(row):
                bit = 1 << column
                if entry and not columns & bit:
                    inversions = (columns >> column).bit_count()
                    term = -entry * minor if inversions & 1 else entry * minor
                    key = columns | bit
                    following[key] = following[key] + term if key in following else term
        minors = following
    return minors.get((1 << len(rows)) - 1, domain.zero)


def inverse(domain: Domain, rows: Rows) -> tuple[list[list[Element]], Element]:
    """(numerators, denominator) of the inverse of a nonsingular matrix over ``domain``.

    >>> from sympy import ZZ
    >>> numerators, denominator = inverse(ZZ, [[2, 1], [7, 9]])
    >>> [[int(x) for x in row] for row in numerators], int(denominator)
    ([[9, -1], [-7, 2]], 11)
    """
    size = len(rows)
    matrix = DomainMatrix([list(row) for row in rows], (size, size), domain)
    if domain.is_Field:
        return matrix.inv().to_list(), domain.one
    numerators, denominator = matrix.to_sparse().inv_den()
    return numerators.to_dense().to_list(), denominator


def sparse_minors(
    rows: Sequence[Mapping[int, int]], order: Sequence[int], weights: Mapping[int, int]
) -> tuple[int, int]:
    """(det M, sum of weights[k] det(M without k)) of a nonsingular M-matrix of integers, rows as mappings.

    Eliminates along ``order`` with fractions a + b x of M + x diag(weights), to first order in x; quick where
    few rows fill in.

    >>> sparse_minors([{0: 2, 1: -1}, {0: -3, 1: 4}], [0, 1], {0: 1, 1: 10})
    (5, 24)
    """
    matrix = [{j: (Fraction(entry), Fraction(0)) for j, entry in row.items()} for row in rows]
    columns: list[set[int]] = [set() for _ in rows]
    for k, weight in weights.items():
        matrix[k][k] = matrix[k][k][0], Fraction(weight)
    for i, row in enumerate(matrix):
        for j in row:
            columns[j].add(i)
    product, slope = Fraction(1), Fraction(0)
    for pivot in order:
        row = matrix[pivot]
        a, b = row.pop(pivot)
        product *= a
        slope += b / a
        for j in row:
            columns[j].discard(pivot)
        columns[pivot].discard(pivot)
        for i in columns[pivot]:
            e, f = matrix[i].pop(pivot)
            e, f = e / a, (f * a - e * b) / (a * a)
            for j, (c, d) in row.items():
                old_c, old_d = matrix[i].get(j, (Fraction(0), Fraction(0)))
                matrix[i][j] = old_c - e * c, old_d - e * d - f * c
                columns[j].add(i)
    total = product * slope
    if product.denominator != 1 or total.denominator != 1:
        raise CheckFailedError("a determinant of integers is not an integer")
    return product.numerator, total.numerator
