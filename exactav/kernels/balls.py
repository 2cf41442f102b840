"""Matrices of numbers with radii: every true number is within the radius of what stands for it.

Radii are sums and products of numbers that are not negative; their own roundings, fewer than a million, are
made up for by ``SLACK``. Products that underflow are made up for by ``TINY``, which is added to every radius
at the beginning.
"""

import numpy as np

from exactav.kernels.positive import UNIT, Floats

SLACK = 1 + 1e-9
TINY = 1e-290


def eliminate(values: Floats, radii: Floats, begin: int, end: int, size: int) -> tuple[float, float]:
    """(product of the pivots, bound of its relative error) of eliminating some columns of a matrix, in place.

    Where a pivot may be 0, the bound is infinite, and the product is one that the true one does not exceed,
    if it is a determinant of an M-matrix or the inverse of one: at most that of its diagonal, as is that of
    what is left of it at any time (Hadamard and Fischer). Runs as it is, and compiled.
    """
    product, error = 1.0, 0.0
    for p in range(begin, end):
        pivot, pivot_radius = values[p, p], radii[p, p]
        if not pivot > 2 * pivot_radius:
            for i in range(p, end):
                product *= values[i, i] + radii[i, i]
            return product * np.exp(error) * SLACK, np.inf
        product *= pivot
        error += pivot_radius / (pivot - pivot_radius) + 2 * UNIT
        row, row_radii = values[p, p + 1 : size], radii[p, p + 1 : size]
        for i in range(p + 1, size):
            ratio = values[i, p] / pivot
            far = abs(ratio)
            radius = (radii[i, p] + far * pivot_radius) / (pivot - pivot_radius) + UNIT * far
            by_radius, by_value = far + radius, radius + UNIT * far
            changed, changed_radii = values[i, p + 1 : size], radii[i, p + 1 : size]
            for j in range(len(row)):
                rest = changed[j] - ratio * row[j]
                changed[j] = rest
                changed_radii[j] += by_radius * row_radii[j] + by_value * abs(row[j]) + UNIT * abs(rest)
    return product, error


def eliminated(values: Floats, radii: Floats, begin: int, end: int) -> tuple[Floats, Floats]:
    """The same of each of a batch of matrices (batch, n, n)."""
    product, error = np.ones(len(values)), np.zeros(len(values))
    most = np.zeros(len(values))
    for p in range(begin, end):
        pivot, pivot_radius = values[:, p, p].copy(), radii[:, p, p].copy()
        lost = ~(pivot > 2 * pivot_radius)
        if lost.any():
            after = slice(p, end)
            diagonal = np.einsum("kii->ki", values)[lost, after] + np.einsum("kii->ki", radii)[lost, after]
            ends = product[lost] * diagonal.prod(axis=1) * np.exp(error[lost]) * SLACK
            most[lost] = np.where(np.isinf(error[lost]), most[lost], ends)
            values[lost], radii[lost] = np.eye(values.shape[1]), 0.0
            error[lost] = np.inf
            pivot[lost], pivot_radius[lost] = 1.0, 0.0
        least = pivot - pivot_radius
        product *= pivot
        error += pivot_radius / least + 2 * UNIT
        ratio = values[:, p + 1 :, p] / pivot[:, None]
        far = np.abs(ratio)
        radius = (radii[:, p + 1 :, p] + far * pivot_radius[:, None]) / least[:, None] + UNIT * far
        row, row_radii = values[:, None, p, p + 1 :], radii[:, None, p, p + 1 :]
        rest = values[:, p + 1 :, p + 1 :]
        rest -= ratio[:, :, None] * row
        radii[:, p + 1 :, p + 1 :] += (
            (far + radius)[:, :, None] * row_radii
            + (radius + UNIT * far)[:, :, None] * np.abs(row)
            + UNIT * np.abs(rest)
        )
    return np.where(np.isinf(error), most, product), error
