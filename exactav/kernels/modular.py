"""Batches of determinants of integer matrices modulo primes of 31 bits or less, and the integers behind them.

All arithmetic is on int64 residues below 2^31, so no product overflows. The results are exact: a bound on the
integers fixes how many primes are needed, and the Chinese remainder theorem puts them together.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import isqrt

import numpy as np
from numpy.typing import NDArray
from sympy.ntheory import prevprime

Residues = NDArray[np.int64]


def limit_side_by_side(n_units: int) -> int:
    """Primes below it are small enough to go side by side: sums of n products of residues stay below 2^53.

    A residue is at most half the prime and 4.

    >>> limit_side_by_side(4), limit_side_by_side(20)
    (67108864, 42443364)
    """
    return min(1 << 26, 2 * (isqrt(((1 << 53) - (1 << 26)) // n_units) - 4))


def primes(above: int, *, spare: int = 1, below: int = 1 << 31) -> list[int]:
    """The largest primes less than ``below`` whose product exceeds ``above``, and ``spare`` more.

    The spare ones make every reconstruction overdetermined: a wrong residue then shows as an integer far too
    large.
    """
    product, count = 1, 0
    while product <= above:
        product *= _prime(below, count)
        count += 1
    return [_prime(below, place) for place in range(count + spare)]


@lru_cache(maxsize=1 << 14)
def _prime(below: int, place: int) -> int:
    """The largest prime less than ``below``, and those before it."""
    return int(prevprime(_prime(below, place - 1) if place else below))


def determinants(matrices: Residues, prime: int) -> Residues:
    """det mod ``prime`` of each of a batch of matrices, shape (batch, n, n), which are overwritten."""
    batch, size, _ = matrices.shape
    result = np.ones(batch, dtype=np.int64)
    every = np.arange(batch)
    for step in range(size):
        pivot_rows = step + np.argmax(matrices[:, step:, step] != 0, axis=1)
        swapped = every[pivot_rows != step]
        if swapped.size:
            rows = pivot_rows[swapped]
            held = matrices[swapped, step]
            matrices[swapped, step] = matrices[swapped, rows]
            matrices[swapped, rows] = held
            result[swapped] = (prime - result[swapped]) % prime
        pivots = matrices[:, step, step]
        result = result * pivots % prime
        if step + 1 == size:
            break
        factors = matrices[:, step + 1 :, step] * _inverses(pivots, prime)[:, None] % prime
        lower = matrices[:, step + 1 :, step + 1 :]
        lower -= factors[:, :, None] * matrices[:, None, step, step + 1 :] % prime
        lower += (lower < 0) * prime
    return result


def _inverses(values: Residues, prime: int) -> Residues:
    """Inverses mod ``prime``, 1 for 0: one power for the whole batch, the rest by products in a tree."""
    safe = np.where(values == 0, 1, values)
    if safe.size == 1:
        return np.array([pow(int(safe[0]), -1, prime)], dtype=np.int64)
    half = safe.size // 2
    first, second = safe[:half], safe[half : 2 * half]
    together = _inverses(first * second % prime, prime)
    result = np.empty_like(safe)
    result[:half] = together * second % prime
    result[half : 2 * half] = together * first % prime
    if safe.size % 2:
        result[-1] = pow(int(safe[-1]), -1, prime)
    return result


def integers(residues: Sequence[Residues], moduli: Sequence[int]) -> list[int]:
    """The non-negative integers below the product of ``moduli`` with these arrays of residues.

    >>> integers([np.array([2, 0]), np.array([3, 1])], [5, 7])
    [17, 15]
    """
    values = residues[0].astype(object)
    product = moduli[0]
    for residue, prime in zip(residues[1:], moduli[1:], strict=True):
        correction = (residue.astype(object) - values) * pow(product, -1, prime) % prime
        values = values + correction * product
        product *= prime
    return [int(value) for value in values]
