"""One exact determinant or inverse: the closed forms that every enumeration is checked against."""

from collections.abc import Sequence

from sympy.polys.matrices import DomainMatrix

from exactav.kernels.choices import expands_minors, has_fast_matrices
from exactav.numbers.domains import Domain, Element

Rows = Sequence[Sequence[Element]]


def determinant(domain: Domain, rows: Rows) -> Element:
    """det of a square matrix over ``domain``; the empty matrix has determinant 1.

    By SymPy's elimination (FLINT's for integers, where it is installed); polynomials by expansion along rows
    with every minor computed once (no division, so no swelling quotients) as long as rows are few.

    >>> from sympy import ZZ
    >>> determinant(ZZ, [[2, 1], [7, 9]])
    11
    """
    size = len(rows)
    if size <= 3:
        return _small(domain, rows)
    if domain.is_PolynomialRing and expands_minors(size):
        return _by_minors(domain, rows)
    found: Element = DomainMatrix([list(row) for row in rows], (size, size), domain).det()
    return found


def _small(domain: Domain, rows: Rows) -> Element:
    """By the formulas for up to three rows."""
    if not rows:
        return domain.one
    if len(rows) == 1:
        return rows[0][0]
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return a * d - b * c
    (a, b, c), second, third = rows
    return sum(
        (entry * _small(domain, [[row[i], row[j]] for row in (second, third)]))
        for entry, i, j in ((a, 1, 2), (b, 2, 0), (c, 0, 1))
    )


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
    if domain.is_ZZ and has_fast_matrices():
        determinant = matrix.det()
        inverted = matrix.to_field().inv().to_list()
        return [[determinant * x.numerator // x.denominator for x in row] for row in inverted], determinant
    numerators, denominator = matrix.to_sparse().inv_den()
    return numerators.to_dense().to_list(), denominator
