"""Determinants of Laplacians in floating point without any subtraction, and what that proves of their error.

A determinant of L + diag(s) is a polynomial with positive coefficients in weights and leaks. Elimination in
the form of Grassmann, Taksar and Heyman works on these alone: eliminating unit j, which sends d_j = sum of
its weights to the others and its leak, hands w_aj w_jb / d_j on to (a, b) and w_aj s_j / d_j to the leak of
a.

With m units left each of these has a relative error of at most m + 3 roundings: m - 1 of d_j, one each of
its inverse, the share w_aj / d_j, the product and the sum. The rest is a form of degree m - 1 in them, so
it changes by at most (m + 3)(m - 1) roundings; d_j itself has m - 1, and the product of all d_j one. Add
one rounding for each of the n inputs of a product. Divisions, and products rounded together with sums, only
have fewer. Numbers that underflow would break the bound; they raise FloatingPointError.
"""

from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
UNIT = 2.0**-53  # relative error of one rounding
SMALLEST = 1e-140  # products of two numbers above it do not underflow
_FAR = 1e-290  # numbers above it, and their inverses, are as precise as any
BLOCK = 256  # sums are added up in blocks, so that few roundings pile up


def roundings(n_units: int) -> int:
    """How many roundings bound the relative error of a determinant of ``n_units``, inputs included.

    >>> roundings(1), roundings(2)
    (4, 14)
    """
    return sum(m * (m + 3) for m in range(1, n_units + 1))


def bound(count: int) -> float:
    """A relative error of at most (1 + u)^count - 1, rounded up.

    >>> bound(100) > 100 * UNIT
    True
    """
    return count * UNIT / (1 - count * UNIT) * (1 + 4 * UNIT)


def are_far_from_underflow(weights: Floats, starts: Floats, leak: Floats) -> bool:
    """Whether no number of any set can become too small or large; rows and their leaks sum to 1 at most.

    They stay so when units are eliminated, and every number that is not 0 is a sum of products over paths
    or forests, each of at most n weights over sums that are at most 1. With t the least of weights, starts
    and leaks it is at least t^n, and so is what it is divided by.

    >>> weights = np.array([[0.0, 0.5], [0.25, 0.0]])
    >>> [are_far_from_underflow(weights, np.ones(2), np.array([x, x])) for x in (0.5, 1e-100, 1e-150)]
    [True, True, False]
    """
    n = len(leak)
    used = weights.copy()
    np.fill_diagonal(used, 0.0)
    numbers = np.concatenate([used.ravel(), starts, leak])
    least = min(1.0, numbers[numbers > 0.0].min(initial=1.0))
    return bool(n * log(least) - log(max(1.0, n * starts.max(initial=0.0))) > log(_FAR))


def determinants(weights: Floats, leak: Floats, *, linear: bool) -> Floats:
    """det(L + diag(leak)) of each of a batch of weights (batch, n, n) and leaks (batch, n), overwritten.

    ``linear``: only the part of first order in the leak: the sum over trees with one root each.

    >>> weights = np.array([[[0.0, 0.5], [0.25, 0.0]]])
    >>> determinants(weights.copy(), np.array([[1.0, 2.0]]), linear=False)
    array([3.25])
    >>> determinants(weights.copy(), np.array([[1.0, 2.0]]), linear=True)
    array([1.25])
    """
    batch, size, _ = weights.shape
    result = np.ones(batch)
    with np.errstate(under="raise", over="raise", invalid="raise"):
        for last in range(size - 1, 0, -1):
            sums = weights[:, last, :last].sum(axis=1) + (0.0 if linear else leak[:, last])
            stuck = np.flatnonzero(sums == 0.0)
            if stuck.size:  # every tree is rooted in this unit: keep it to the end
                _swap(weights, leak, stuck, 0, last)
                sums[stuck] = weights[stuck, last, :last].sum(axis=1) + (0.0 if linear else leak[stuck, last])
                lost = stuck[sums[stuck] == 0.0]  # two such units
                result[lost] = 0.0
                sums[lost] = 1.0
            result = result * sums
            shares = weights[:, :last, last] / sums[:, None]
            leak[:, :last] += shares * leak[:, last, None]
            weights[:, :last, :last] += shares[:, :, None] * weights[:, last, None, :last]
            diagonal = np.arange(last)
            weights[:, diagonal, diagonal] = 0.0
        return result * leak[:, 0] if size else result


def _swap(weights: Floats, leak: Floats, batch: NDArray[np.intp], i: int, j: int) -> None:
    rows = weights[batch]
    rows[:, [i, j]] = rows[:, [j, i]]
    rows[:, :, [i, j]] = rows[:, :, [j, i]]
    weights[batch] = rows
    leaks = leak[batch]
    leaks[:, [i, j]] = leaks[:, [j, i]]
    leak[batch] = leaks
