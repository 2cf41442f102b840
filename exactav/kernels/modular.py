"""Batches of determinants of integer matrices modulo 31-bit primes, and the integers they come from.

All arithmetic is on int64 residues below 2^31, so no product overflows. The results are exact: a bound on the
integers fixes how many primes are needed, and the Chinese remainder theorem puts them together.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import prod

import numpy as np
from numpy.typing import NDArray
from sympy.ntheory import prevprime

Residues = NDArray[np.int64]


def primes(above: int, *, spare: int = 1, bits: int = 31) -> list[int]:
    """The largest primes of so many bits whose product exceeds ``above``, and ``spare`` more.

    The spare ones make every reconstruction overdetermined: a wrong residue then shows as an integer far too
    large.
    """
    chosen: list[int] = []
    product, candidates = 1, _descending_primes(2**bits)
    while product <= above:
        chosen.append(next(candidates))
        product *= chosen[-1]
    return chosen + list(islice(candidates, spare))


def _descending_primes(prime: int) -> Iterator[int]:
    while True:
        prime = int(prevprime(prime))
        yield prime


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


def sparse_minors(
    rows: Sequence[Mapping[int, int]], order: Sequence[int], weights: Mapping[int, int]
) -> tuple[int, int]:
    """(det M, sum of weights[k] det(M without k)) of a nonsingular M-matrix of integers, rows as mappings.

    Eliminates along ``order`` with numbers a + b x of M + x diag(weights), to first order in x, modulo many
    primes side by side; quick where few rows fill in. The determinant of an M-matrix is at most the product
    of its diagonal (Hadamard and Fischer), which bounds both results.

    >>> sparse_minors([{0: 2, 1: -1}, {0: -3, 1: 4}], [0, 1], {0: 1, 1: 10})
    (5, 24)
    """
    above = prod(row[i] for i, row in enumerate(rows)) * max(1, sum(weights.values()))
    spare = 1
    while True:
        moduli = primes(above, spare=spare)
        good, product, total = _eliminated(rows, order, weights, np.array(moduli, dtype=np.int64))
        kept = [prime for prime, is_good in zip(moduli, good.tolist(), strict=True) if is_good]
        if prod(kept[:-1]) > above:
            residues = [np.array([a, b]) for a, b in zip(product[good], total[good], strict=True)]
            found, slope = integers(residues, kept)
            return found, slope
        spare += 1 + len(moduli) - len(kept)  # a pivot was 0 modulo some of them


def _eliminated(
    rows: Sequence[Mapping[int, int]], order: Sequence[int], weights: Mapping[int, int], moduli: Residues
) -> tuple[NDArray[np.bool_], Residues, Residues]:
    """By prime: whether no pivot was 0, and the residues of both results."""
    by_entry = {
        entry: np.array([entry % prime for prime in moduli.tolist()], dtype=np.int64)
        for entry in {0, *weights.values(), *(entry for row in rows for entry in row.values())}
    }
    nothing = by_entry[0]
    matrix = [{j: (by_entry[entry], nothing) for j, entry in row.items()} for row in rows]
    columns: list[set[int]] = [set() for _ in rows]
    for k, weight in weights.items():
        matrix[k][k] = matrix[k][k][0], by_entry[weight]
    for i, row in enumerate(matrix):
        for j in row:
            columns[j].add(i)
    good = np.ones(len(moduli), dtype=bool)
    product, slope = nothing + 1, nothing
    for pivot in order:
        row = matrix[pivot]
        a, b = row.pop(pivot)
        good &= a != 0
        a = np.where(a == 0, 1, a)
        inverse = np.array(
            [pow(x, -1, prime) for x, prime in zip(a.tolist(), moduli.tolist(), strict=True)], dtype=np.int64
        )
        slope = (slope * a + product * b % moduli) % moduli
        product = product * a % moduli
        ratio = b * inverse % moduli  # 1 / (a + b x) = (1 - ratio x) / a
        for j in row:
            columns[j].discard(pivot)
        columns[pivot].discard(pivot)
        for i in columns[pivot]:
            e, f = matrix[i].pop(pivot)
            e = e * inverse % moduli
            f = (f * inverse - e * ratio) % moduli
            for j, (c, d) in row.items():
                old_c, old_d = matrix[i].get(j, (nothing, nothing))
                both = (e * d % moduli + f * c % moduli) % moduli
                matrix[i][j] = (old_c - e * c) % moduli, (old_d - both) % moduli
                columns[j].add(i)
    return good, product, slope
