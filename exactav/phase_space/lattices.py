"""Lattices of integer vectors: kernels and indices, by unimodular operations on columns."""

from collections.abc import Sequence
from math import prod

Vector = list[int]


def integer_kernel(rows: Sequence[Sequence[int]], n: int) -> list[Vector]:
    """A basis of the lattice of integer vectors of length n that all rows send to 0.

    >>> integer_kernel([[2, 4, 6]], 3)
    [[-2, 1, 0], [-3, 0, 1]]
    """
    columns = [[row[j] for row in rows] + [int(i == j) for i in range(n)] for j in range(n)]
    free, _ = _reduced(columns, len(rows))
    return [column[len(rows) :] for column in free]


def index_in_span(vectors: Sequence[Sequence[int]]) -> int:
    """The index of the lattice of independent integer vectors in all integer vectors of their span.

    >>> index_in_span([(2, 0, 0), (1, 3, 0)])
    6
    """
    columns = [list(column) for column in zip(*vectors, strict=True)]
    _, pivots = _reduced(columns, len(vectors))
    return prod(abs(pivot[row]) for row, pivot in enumerate(pivots))


def triangular_basis(generators: Sequence[Sequence[int]], n: int) -> list[Vector]:
    """A basis of the lattice that vectors of length n generate, which must have rank n: Hermite's form.

    Vector r is 0 before place r and positive there; others have entries from 0 to below that in place r. So
    the vectors with entries from 0 to below those on the diagonal represent Z^n modulo the lattice.

    >>> triangular_basis([[4, -1], [-1, 4]], 2)
    [[1, 11], [0, 15]]
    """
    _, basis = _reduced([list(generator) for generator in generators], n)
    for place, vector in enumerate(basis):
        if vector[place] < 0:
            vector[:] = [-entry for entry in vector]
        for earlier in basis[:place]:
            times = earlier[place] // vector[place]
            earlier[place:] = [a - times * b for a, b in zip(earlier[place:], vector[place:], strict=True)]
    return basis


def _reduced(columns: list[Vector], n_rows: int) -> tuple[list[Vector], list[Vector]]:
    """(columns that are 0 in the first rows; for each of these rows, the one that is not 0 there first)."""
    free, pivots = columns, []
    for row in range(n_rows):
        while len(nonzero := [column for column in free if column[row]]) > 1:
            smallest = min(nonzero, key=lambda column: abs(column[row]))
            for column in nonzero:
                if column is not smallest:
                    times = column[row] // smallest[row]
                    for i, entry in enumerate(smallest):
                        column[i] -= times * entry
        if nonzero:
            pivots.append(nonzero[0])
            free = [column for column in free if column is not nonzero[0]]
    return free, pivots
