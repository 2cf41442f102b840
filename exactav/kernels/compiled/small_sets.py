"""What numba compiles (the extra ``fast``) for sets of few units: their listing, and what they weigh modulo
primes."""

import numpy as np

from exactav.kernels import small_lists
from exactav.kernels.compiled.compiling import compiled
from exactav.kernels.compiled.integer_residues import determinant, power, reduced
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
                        matrix[i, j] = reduced(matrix[i, j] + value * gain, prime, inverse)
            if a == 0 or not is_first_alone:
                trees[a, 0] = (trees[a, 0] + starts[units[a]]) % prime
        for i in range(n):
            place[units[i]] = -1
        above, below = determinant(trees, n_in, prime)
        above_too, below_too = determinant(matrix, n, prime)
        above = reduced(above * above_too, prime, inverse)
        below = reduced(below * below_too, prime, inverse)
        found[number] = reduced(above * power(below, prime - 2, prime), prime, inverse)
    return found
