"""Weights of sets, compiled by numba (the extra ``fast``), modulo primes or in floating point.

Sets go side by side through :mod:`.side_by_side`. What it cannot tell, because a pivot was 0 or because
numbers may be too small, is found one by one, with exchanges of rows and with an eye on every number.
Compiled code releases the interpreter's lock, so ranges of sets run in threads.
"""

from typing import Any

import numpy as np

from exactav.kernels.compiled import side_by_side
from exactav.kernels.compiled.compiling import compiled
from exactav.kernels.compiled.integer_residues import determinant, power, reduced
from exactav.kernels.modular import Residues
from exactav.kernels.positive import SMALLEST, Floats, are_far_from_underflow

_FLOAT_BLOCKS = 2  # eliminated together; they stay in the nearest cache
_MODULAR_BLOCKS = 9  # all that have as many low units; the more, the less an inverse costs


@compiled
def _fill(
    matrix: Any, weights: Residues, units: Any, size: int, column: Residues, leak: Residues, prime: int
) -> None:
    """The Laplacian of some units, ``column`` added to its first column and ``leak`` to its diagonal."""
    for i in range(size):
        total = leak[units[i]]
        for j in range(size):
            weight = weights[units[i], units[j]]
            total += weight
            matrix[i, j] = prime - weight if weight else 0
        matrix[i, i] = total % prime
        matrix[i, 0] = (matrix[i, 0] + column[units[i]]) % prime


def modular_weights(
    weights: Residues, starts: Residues, leak: Residues, first: int, last: int, prime: int
) -> Residues:
    """Tree weight times forest weight of the sets first <= mask < last, modulo ``prime``.

    The prime is below ``modular.limit_side_by_side``.
    """
    w, q, s = (_small(residues, prime) for residues in (weights, starts, leak))
    products = side_by_side.products(w, q, s, first, last, _MODULAR_BLOCKS, prime)
    found: Residues = (products + prime * (products < 0)).astype(np.int64)
    _fill_in_modular(found, weights, starts, leak, first, prime)
    return found


def _small(residues: Residues, prime: int) -> Floats:
    """The residues of either sign that are smallest, which keeps sums of products small."""
    return np.where(2 * residues > prime, residues - prime, residues).astype(np.float64)


@compiled
def _fill_in_modular(
    found: Residues, weights: Residues, starts: Residues, leak: Residues, first: int, prime: int
) -> None:
    """Weights modulo ``prime``, with exchanges of rows, where none is found."""
    n = weights.shape[0]
    inverse = 1.0 / prime
    inside = np.empty(n, dtype=np.int64)
    outside = np.empty(n, dtype=np.int64)
    matrix = np.empty((n, n), dtype=np.int64)
    nothing = np.zeros(n, dtype=np.int64)
    for place in range(found.shape[0]):
        if found[place] != 0:
            continue
        mask = first + place
        n_in, n_out, rooted = 0, 0, False
        for unit in range(n):
            if mask >> unit & 1:
                inside[n_in] = unit
                n_in += 1
                rooted = rooted or starts[unit] != 0
            else:
                outside[n_out] = unit
                n_out += 1
        if not rooted:
            continue
        _fill(matrix, weights, inside, n_in, starts, nothing, prime)
        above, below = determinant(matrix, n_in, prime)
        if above == 0:
            continue
        _fill(matrix, weights, outside, n_out, nothing, leak, prime)
        above_too, below_too = determinant(matrix, n_out, prime)
        if above_too == 0:
            continue
        above = reduced(above * above_too, prime, inverse)
        below = reduced(below * below_too, prime, inverse)
        found[place] = reduced(above * power(below, prime - 2, prime), prime, inverse)


@compiled
def set_determinants(weights: Residues, sets: Any, column: Residues, leak: Residues, prime: int) -> Residues:
    """det of the Laplacian of each set, ``column`` added to its first column and ``leak`` to its diagonal."""
    n = weights.shape[0]
    inverse = 1.0 / prime
    results = np.ones(len(sets), dtype=np.int64)
    inside = np.empty(n, dtype=np.int64)
    matrix = np.empty((n, n), dtype=np.int64)
    for place in range(len(sets)):
        size = 0
        for unit in range(n):
            if sets[place, unit]:
                inside[size] = unit
                size += 1
        if size == 0:
            continue
        _fill(matrix, weights, inside, size, column, leak, prime)
        above, below = determinant(matrix, size, prime)
        results[place] = reduced(above * power(below, prime - 2, prime), prime, inverse)
    return results


@compiled
def _positive(weights: Floats, leak: Floats, size: int, linear: bool) -> float:
    """As ``positive.determinants``, for one matrix; -1 where numbers became too small to be sure of.

    As long as all entries are 0 or above ``SMALLEST``, no product of two underflows.
    """
    if size == 0:
        return 1.0
    result = 1.0
    for last in range(size - 1, 0, -1):
        total = 0.0 if linear else leak[last]
        for b in range(last):
            total += weights[last, b]
        if total == 0.0:
            for b in range(last + 1):
                held = weights[0, b]
                weights[0, b] = weights[last, b]
                weights[last, b] = held
            for a in range(last + 1):
                held = weights[a, 0]
                weights[a, 0] = weights[a, last]
                weights[a, last] = held
            held = leak[0]
            leak[0] = leak[last]
            leak[last] = held
            total = 0.0 if linear else leak[last]
            for b in range(last):
                total += weights[last, b]
            if total == 0.0:
                return 0.0
        result *= total
        for a in range(last):
            share = weights[a, last]
            if share != 0.0:
                share /= total
                if share < SMALLEST:
                    return -1.0
                value = leak[a] + share * leak[last]
                if 0.0 < value < SMALLEST:
                    return -1.0
                leak[a] = value
                for b in range(last):
                    value = weights[a, b] + share * weights[last, b]
                    if 0.0 < value < SMALLEST:
                        return -1.0
                    weights[a, b] = value
                weights[a, a] = 0.0
    result *= leak[0]
    return result if result == 0.0 or result > SMALLEST else -1.0


def positive_weights(weights: Floats, starts: Floats, leak: Floats, first: int, last: int) -> Floats:
    """Tree weight times forest weight of the sets first <= mask < last in floating point.

    Raises:
        FloatingPointError: a number became too small to be sure of.
    """
    if are_far_from_underflow(weights, starts, leak):
        found = side_by_side.products(weights, starts, leak, first, last, _FLOAT_BLOCKS)
    else:
        found = np.zeros(last - first)
    if not _fill_in_positive(found, weights, starts, leak, first):
        raise FloatingPointError
    return found


@compiled
def _fill_in_positive(found: Floats, weights: Floats, starts: Floats, leak: Floats, first: int) -> bool:
    """Weights, with exchanges of units, where none is found; whether all numbers were large enough."""
    n = weights.shape[0]
    inside = np.empty(n, dtype=np.int64)
    outside = np.empty(n, dtype=np.int64)
    matrix = np.empty((n, n))
    roots = np.empty(n)
    for place in range(found.shape[0]):
        if found[place] != 0.0:
            continue
        mask = first + place
        n_in, n_out, rooted = 0, 0, False
        for unit in range(n):
            if mask >> unit & 1:
                inside[n_in] = unit
                n_in += 1
                rooted = rooted or starts[unit] != 0.0
            else:
                outside[n_out] = unit
                n_out += 1
        if not rooted:
            continue
        for i in range(n_in):
            for j in range(n_in):
                matrix[i, j] = weights[inside[i], inside[j]]
            roots[i] = starts[inside[i]]
        trees = _positive(matrix, roots, n_in, True)
        if trees == 0.0:
            continue
        for i in range(n_out):
            for j in range(n_out):
                matrix[i, j] = weights[outside[i], outside[j]]
            roots[i] = leak[outside[i]]
        forests = _positive(matrix, roots, n_out, False)
        if forests == 0.0:
            continue
        if trees < 0.0 or forests < 0.0:
            return False
        found[place] = trees * forests
    return True
