"""What numba compiles (the extra ``fast``) for sets of few units: their listing, and what they weigh modulo
primes."""

from typing import Any

import numpy as np

from exactav.kernels import small_lists
from exactav.kernels.compiling import compiled
from exactav.kernels.modular import Residues
from exactav.kernels.small_lists import Numbers

advance = compiled(small_lists.advance)
count = compiled(small_lists.count)


@compiled
def units_of(
    row: Numbers, first: Numbers, receivers: Numbers, units: Numbers, place: Numbers
) -> tuple[int, int]:
    """(units of a set, these and who receives from them), listed; ``place`` has their places in the list."""
    n_in = 0
    while n_in < len(row) and row[n_in] >= 0:
        units[n_in] = row[n_in]
        place[row[n_in]] = n_in
        n_in += 1
    n = n_in
    for i in range(n_in):
        for e in range(first[units[i]], first[units[i] + 1]):
            unit = receivers[e]
            if place[unit] < 0:
                place[unit] = n
                units[n] = unit
                n += 1
    return n_in, n


@compiled
def _reduced(value: Any, prime: int, inverse: float) -> Any:
    """value mod prime for 0 <= value < 2^63, by one multiplication with 1 / prime."""
    rest = value - np.int64(np.float64(value) * inverse) * prime
    while rest < 0:
        rest += prime
    while rest >= prime:
        rest -= prime
    return rest


@compiled
def _power(base: Any, exponent: int, prime: int) -> Any:
    inverse = 1.0 / prime
    result = np.int64(1)
    while exponent:
        if exponent & 1:
            result = _reduced(result * base, prime, inverse)
        base = _reduced(base * base, prime, inverse)
        exponent >>= 1
    return result


@compiled
def _determinant(matrix: Residues, size: int, prime: int) -> tuple[Any, Any]:
    """(numerator, denominator) of a determinant, without inverses; the denominator is not 0."""
    inverse = 1.0 / prime
    numerator, denominator = np.int64(1), np.int64(1)
    for step in range(size):
        pivot_row = step
        while pivot_row < size and matrix[pivot_row, step] == 0:
            pivot_row += 1
        if pivot_row == size:
            return np.int64(0), np.int64(1)
        if pivot_row != step:
            for j in range(step, size):
                matrix[step, j], matrix[pivot_row, j] = matrix[pivot_row, j], matrix[step, j]
            numerator = prime - numerator
        pivot = matrix[step, step]
        numerator = _reduced(numerator * pivot, prime, inverse)
        for i in range(step + 1, size):
            if matrix[i, step] == 0:
                continue
            negative = prime - matrix[i, step]
            denominator = _reduced(denominator * pivot, prime, inverse)
            for j in range(step + 1, size):
                # both products are below 2^62
                matrix[i, j] = _reduced(pivot * matrix[i, j] + negative * matrix[step, j], prime, inverse)
    return numerator, denominator


@compiled
def modular_weights(
    sets: Numbers,
    first: Numbers,
    receivers: Numbers,
    values: Residues,
    room: int,
    starts: Residues,
    is_first_alone: bool,
    green: Residues,
    prime: int,
) -> Residues:
    """As its plain twin."""
    up_to = sets.shape[1]
    inverse = 1.0 / prime
    found = np.empty(len(sets), dtype=np.int64)
    place = np.full(len(first) - 1, -1, dtype=np.int64)
    units = np.empty(room, dtype=np.int64)
    matrix = np.empty((room, room), dtype=np.int64)
    trees = np.empty((up_to, up_to), dtype=np.int64)
    for number in range(len(sets)):
        n_in, n = units_of(sets[number], first, receivers, units, place)
        trees[:n_in, :n_in] = 0
        for i in range(n_in):
            for j in range(n):
                matrix[i, j] = green[units[i], units[j]]
        for i in range(n_in, n):
            matrix[i, :n] = 0
            matrix[i, i] = 1
        for a in range(n_in):
            for e in range(first[units[a]], first[units[a] + 1]):
                i, value = place[receivers[e]], values[e]
                if i < n_in:
                    trees[i, a] = prime - value if value else 0
                    trees[i, i] = (trees[i, i] + value) % prime
                else:
                    for j in range(n):
                        gain = matrix[a, j] - green[units[i], units[j]]
                        if gain < 0:
                            gain += prime
                        matrix[i, j] = _reduced(matrix[i, j] + value * gain, prime, inverse)
            if a == 0 or not is_first_alone:
                trees[a, 0] = (trees[a, 0] + starts[units[a]]) % prime
        for i in range(n):
            place[units[i]] = -1
        above, below = _determinant(trees, n_in, prime)
        above_too, below_too = _determinant(matrix, n, prime)
        above = _reduced(above * above_too, prime, inverse)
        below = _reduced(below * below_too, prime, inverse)
        found[number] = _reduced(above * _power(below, prime - 2, prime), prime, inverse)
    return found
