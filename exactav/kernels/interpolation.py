"""Polynomials from their values at 0, 1, 2, .. modulo primes that fit doubles."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

BELOW = 1 << 50
"""Primes below it are small enough for products in pairs of doubles, see :mod:`.compiled.vector_residues`."""

LANES = 16
"""Values that are found side by side, in compiled code: 128 bytes, two lines of cache."""

FEW_LANES = 8
"""The same where that would take too much memory."""


def interpolated(values: NDArray[Any], prime: int) -> NDArray[Any]:
    """The coefficients of the polynomial with these values at 0, 1, 2, .. along each axis, modulo a prime.

    >>> interpolated(np.array([1, 3, 7]), 101).tolist()
    [1, 1, 1]
    """
    result = values.astype(object)
    for axis in range(values.ndim):
        result = np.moveaxis(_along_first(np.moveaxis(result, axis, 0), prime), 0, axis)
    return result


def _along_first(values: NDArray[Any], prime: int) -> NDArray[Any]:
    """By Newton's divided differences, then expanded from the innermost factor (z - point)."""
    n = len(values)
    differences = values % prime
    for order in range(1, n):
        inverse = pow(order, -1, prime)
        differences[order:] = (differences[order:] - differences[order - 1 : -1]) * inverse % prime
    result = np.zeros_like(differences)
    for point in range(n - 1, -1, -1):
        shifted = np.concatenate([np.zeros_like(result[:1]), result[:-1]])
        result = (shifted - point * result) % prime
        result[0] = (result[0] + differences[point]) % prime
    return result
