"""One exact determinant or inverse: the closed forms that every enumeration is checked against."""

from collections.abc import Sequence
from itertools import chain
from math import inf, prod
from typing import Any

from sympy.polys.matrices import DomainMatrix

from exactav.errors import TooCostlyError
from exactav.kernels.choices import expands_minors, has_fast_matrices
from exactav.numbers.domains import Domain, Element
from exactav.running.amounts import count_text

Rows = Sequence[Sequence[Element]]
_FEW_SYMBOLS, _MOST_ROWS = 3, 10  # with more symbols, and not more rows, inverses are found by minors
_MOST_TERMS = 200_000  # of all entries of an inverse, which are brought to lowest terms
_MOST_COUNTED = 20_000  # sets of columns
_PIECE = 200_000_000  # products for some columns of an inverse: a fraction of a second


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
        return _minors(domain, rows).get((1 << size) - 1, domain.zero)
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


def _minors(domain: Domain, rows: Rows) -> dict[int, Element]:
    """The minors of all rows by their columns, a set of bits; those that are 0 may be left out.

    Laplace expansion row by row; ``minors[columns]`` is the minor of the rows so far on these columns.
    """
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
    return minors


def inverse(domain: Domain, rows: Rows) -> tuple[list[list[Element]], Element]:
    """(numerators, denominator) of the inverse of a nonsingular matrix over ``domain``.

    Raises:
        TooCostlyError: polynomials in many symbols would have too many terms.

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
        inverted = _by_columns(matrix.to_field())
        return [[determinant * x.numerator // x.denominator for x in row] for row in inverted], determinant
    if domain.is_PolynomialRing and domain.ngens > _FEW_SYMBOLS:
        _refuse_large(rows)
        if size <= _MOST_ROWS:
            return _by_cofactors(domain, rows)
    numerators, denominator = matrix.to_sparse().inv_den()
    return numerators.to_dense().to_list(), denominator


def _by_columns(matrix: DomainMatrix) -> list[list[Element]]:
    """The inverse over a field, some columns at a time: FLINT hears an interrupt between two calls only."""
    size, domain = matrix.shape[0], matrix.domain
    n_columns = max(1, _PIECE // max(1, size) ** 3)
    if n_columns >= size:
        found: list[list[Element]] = matrix.inv().to_list()
        return found
    pieces = []
    for begin in range(0, size, n_columns):
        width = min(n_columns, size - begin)
        units = [[domain.one if i == begin + j else domain.zero for j in range(width)] for i in range(size)]
        pieces.append(matrix.lu_solve(DomainMatrix(units, (size, width), domain)).to_list())
    return [list(chain.from_iterable(rows)) for rows in zip(*pieces, strict=True)]


def _by_cofactors(domain: Domain, rows: Rows) -> tuple[list[list[Element]], Element]:
    """The same by the minors without each row: elimination would divide large polynomials by large ones."""
    size = len(rows)
    everything = (1 << size) - 1
    cofactors: list[list[Element]] = [[domain.zero] * size for _ in rows]
    for i in range(size):
        minors = _minors(domain, [row for k, row in enumerate(rows) if k != i])
        for j in range(size):
            minor = minors.get(everything ^ 1 << j, domain.zero)
            cofactors[j][i] = -minor if (i + j) % 2 else minor
    return cofactors, sum((rows[0][j] * cofactors[j][0] for j in range(size)), domain.zero)


def _refuse_large(rows: Sequence[Sequence[Any]]) -> None:
    """Raise TooCostlyError if the entries of an inverse may have too many terms together."""
    # Each term of a minor is a product of one monomial from each row.
    terms = [max(1, len(set().union(*(entry.monoms() for entry in row)))) for row in rows]
    entry = min(prod(terms) // min(terms), _products(rows))
    columns = zip(*(_degrees(row) for row in rows), strict=True)
    monomials = prod(1 + sum(column) for column in columns)
    if (total := min(entry, monomials) * len(rows) ** 2) > _MOST_TERMS:
        raise TooCostlyError(
            f"the inverse of a matrix of {len(rows)} rows may have {count_text(total)} terms, and "
            f"{_MOST_TERMS:,} are allowed: put numbers in for some symbols"
        )


def _products(rows: Sequence[Sequence[Any]]) -> float:
    """How many products of terms a determinant is a sum of; infinite where that takes long to count."""
    counts = {0: 1}
    for row in rows:
        following: dict[int, int] = {}
        for columns, count in counts.items():
            for column, entry in enumerate(row):
                if entry and not columns >> column & 1:
                    key = columns | 1 << column
                    following[key] = following.get(key, 0) + count * len(entry)
        counts = following
        if len(counts) > _MOST_COUNTED:
            return inf
    return sum(counts.values())


def _degrees(row: Sequence[Any]) -> list[int]:
    """The highest degree of each generator in a row of polynomials."""
    return [max(column, 0) for column in map(max, zip(*(entry.degrees() for entry in row), strict=True))]
