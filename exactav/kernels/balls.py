"""Matrices of numbers with radii: every true number is within the radius of what stands for it.

Radii are sums and products of numbers that are not negative; their own roundings, fewer than a million, are
made up for by ``SLACK``. Products that underflow are made up for by ``TINY``, which is added to every radius
at the beginning.
"""

import numpy as np

from exactav.kernels.positive import UNIT, Floats

SLACK = 1 + 1e-9
TINY = 1e-290


def eliminate(
    values: Floats, radii: Floats, begin: int, end: int, size: int, width: int
) -> tuple[float, float]:
    """(product of the pivots, bound of its relative error) of eliminating some columns, in place.

    The matrix has ``size`` rows and ``width`` columns. Where a pivot may be 0, the bound is infinite. Runs as
    it is, and compiled.
    """
    product, error = 1.0, 0.0
    for p in range(begin, end):
        pivot, pivot_radius = values[p, p], radii[p, p]
        if not pivot > 2 * pivot_radius:
            return 0.0, np.inf
        product *= pivot
        error += pivot_radius / (pivot - pivot_radius) + 2 * UNIT
        row, row_radii = values[p, p + 1 : width], radii[p, p + 1 : width]
        for i in range(p + 1, size):
            ratio = values[i, p] / pivot
            far = abs(ratio)
            radius = (radii[i, p] + far * pivot_radius) / (pivot - pivot_radius) + UNIT * far
            by_radius, by_value = far + radius, radius + UNIT * far
            changed, changed_radii = values[i, p + 1 : width], radii[i, p + 1 : width]
            for j in range(len(row)):
                rest = changed[j] - ratio * row[j]
                changed[j] = rest
                changed_radii[j] += by_radius * row_radii[j] + by_value * abs(row[j]) + UNIT * abs(rest)
    return product, error


def exits(values: Floats, radii: Floats, begin: int, size: int) -> tuple[float, float]:
    """(det(diag(d) - Z), bound of its relative error) of numbers >= 0, in place.

    The columns before ``size`` hold Z from ``begin`` on, without its diagonal, and column ``size`` what the
    row sums of the matrix are: d is the sum of a row. Elimination without differences, see :mod:`.positive`.
    Where a pivot may be 0, the bound is infinite, and the product is one that the true one does not exceed:
    the determinant of an M-matrix is at most the product of its diagonal (Hadamard and Fischer). Runs as it
    is, and compiled.
    """
    product, error = 1.0, 0.0
    for p in range(begin, size):
        pivot, pivot_radius = 0.0, 0.0
        for j in range(p + 1, size + 1):
            pivot += values[p, j]
            pivot_radius += radii[p, j] + (size - p) * UNIT * abs(values[p, j])
        if not pivot > 2 * pivot_radius:
            for i in range(p, size):
                most = 0.0
                for j in range(p, size + 1):
                    if j != i:
                        most += abs(values[i, j]) + radii[i, j]
                product *= most
            return product * np.exp(error) * SLACK, np.inf
        product *= pivot
        error += pivot_radius / (pivot - pivot_radius) + 2 * UNIT
        row, row_radii = values[p, p + 1 : size + 1], radii[p, p + 1 : size + 1]
        for i in range(p + 1, size):
            ratio = values[i, p] / pivot
            far = abs(ratio)
            radius = (radii[i, p] + far * pivot_radius) / (pivot - pivot_radius) + UNIT * far
            by_radius, by_value = far + radius, radius + UNIT * far
            changed, changed_radii = values[i, p + 1 : size + 1], radii[i, p + 1 : size + 1]
            for j in range(len(row)):
                total = changed[j] + ratio * row[j]
                changed[j] = total
                changed_radii[j] += by_radius * row_radii[j] + by_value * abs(row[j]) + UNIT * abs(total)
    return product, error


def eliminated(values: Floats, radii: Floats, begin: int, end: int) -> tuple[Floats, Floats]:
    """As :func:`eliminate`, of each of a batch of matrices (batch, size, width)."""
    product, error = np.ones(len(values)), np.zeros(len(values))
    for p in range(begin, end):
        pivot, pivot_radius = values[:, p, p].copy(), radii[:, p, p].copy()
        lost = ~(pivot > 2 * pivot_radius)
        error[lost] = np.inf
        pivot[lost], pivot_radius[lost] = 1.0, 0.0
        product *= pivot
        error += pivot_radius / (pivot - pivot_radius) + 2 * UNIT
        _update(values, radii, p, pivot, pivot_radius, -1.0)
    return product, error


def all_exits(values: Floats, radii: Floats, begin: int) -> tuple[Floats, Floats]:
    """As :func:`exits`, of each of a batch of matrices (batch, size, size + 1)."""
    size = values.shape[1]
    product, error, most = np.ones(len(values)), np.zeros(len(values)), np.zeros(len(values))
    for p in range(begin, size):
        pivot = values[:, p, p + 1 :].sum(axis=1)
        pivot_radius = (radii[:, p, p + 1 :] + (size - p) * UNIT * np.abs(values[:, p, p + 1 :])).sum(axis=1)
        lost = ~(pivot > 2 * pivot_radius)
        if lost.any():
            sums = np.abs(values[lost, p:, p:]) + radii[lost, p:, p:]
            diagonal = np.arange(size - p)
            sums[:, diagonal, diagonal] = 0.0
            ends = product[lost] * sums.sum(axis=2).prod(axis=1) * np.exp(error[lost]) * SLACK
            most[lost] = np.where(np.isinf(error[lost]), most[lost], ends)
            values[lost, :, size], error[lost] = 1.0, np.inf
            values[lost, :, :size] = radii[lost] = 0.0
            pivot[lost], pivot_radius[lost] = 1.0, 0.0
        product *= pivot
        error += pivot_radius / (pivot - pivot_radius) + 2 * UNIT
        _update(values, radii, p, pivot, pivot_radius, 1.0)
    return np.where(np.isinf(error), most, product), error


def _update(values: Floats, radii: Floats, p: int, pivot: Floats, pivot_radius: Floats, sign: float) -> None:
    """Add ``sign`` times what row p hands on."""
    least = pivot - pivot_radius
    ratio = values[:, p + 1 :, p] / pivot[:, None]
    far = np.abs(ratio)
    radius = (radii[:, p + 1 :, p] + far * pivot_radius[:, None]) / least[:, None] + UNIT * far
    row, row_radii = values[:, None, p, p + 1 :], radii[:, None, p, p + 1 :]
    rest = values[:, p + 1 :, p + 1 :]
    rest += sign * ratio[:, :, None] * row
    radii[:, p + 1 :, p + 1 :] += (
        (far + radius)[:, :, None] * row_radii
        + (radius + UNIT * far)[:, :, None] * np.abs(row)
        + UNIT * np.abs(rest)
    )
