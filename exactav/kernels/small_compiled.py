"""What numba compiles (the extra ``fast``) for sets of few units: their listing, and what they weigh."""

from typing import Any

import numpy as np

from exactav.kernels import balls, small_lists
from exactav.kernels.balls import SLACK, TINY
from exactav.kernels.compiling import compiled
from exactav.kernels.modular import Residues
from exactav.kernels.positive import SMALLEST, UNIT, Floats
from exactav.kernels.small_lists import Numbers

advance = compiled(small_lists.advance)
count = compiled(small_lists.count)
_eliminate = compiled(balls.eliminate)


@compiled
def _units_of(
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
def _tree(weights: Floats, roots: Floats, size: int) -> float:
    """The weight of all trees, as ``positive.determinants``; -1 where numbers became too small to be sure."""
    result = 1.0
    for last in range(size - 1, 0, -1):
        total = 0.0
        for b in range(last):
            total += weights[last, b]
        if total == 0.0:  # every tree is rooted in this unit: keep it to the end
            for b in range(last + 1):
                weights[0, b], weights[last, b] = weights[last, b], weights[0, b]
            for a in range(last + 1):
                weights[a, 0], weights[a, last] = weights[a, last], weights[a, 0]
            roots[0], roots[last] = roots[last], roots[0]
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
                roots[a] += share * roots[last]
                if 0.0 < roots[a] < SMALLEST:
                    return -1.0
                for b in range(last):
                    weights[a, b] += share * weights[last, b]
                    if 0.0 < weights[a, b] < SMALLEST:
                        return -1.0
                weights[a, a] = 0.0
    result *= roots[0]
    return result if result == 0.0 or result > SMALLEST else -1.0


@compiled
def float_weights(
    sets: Numbers,
    first: Numbers,
    receivers: Numbers,
    values: Floats,
    room: int,
    starts: Floats,
    is_first_alone: bool,
    green: Floats,
    radius: Floats,
    reach: Floats,
    roundings: Numbers,
) -> tuple[Floats, Floats]:
    """As its plain twin; ``roundings`` by the number of units, ``room`` for a set and all who receive."""
    up_to = sets.shape[1]
    found, errors = np.zeros(len(sets)), np.zeros(len(sets))
    place = np.full(len(first) - 1, -1, dtype=np.int64)
    units = np.empty(room, dtype=np.int64)
    received, roots = np.empty(room), np.empty(up_to)
    entries, radii = np.empty((room, room)), np.empty((room, room))
    weights = np.empty((up_to, up_to))
    for number in range(len(sets)):
        n_in, n = _units_of(sets[number], first, receivers, units, place)
        weights[:n_in, :n_in] = 0.0
        received[:n] = 0.0
        for j in range(n_in):
            for e in range(first[units[j]], first[units[j] + 1]):
                i = place[receivers[e]]
                if i < n_in:
                    weights[i, j] = values[e]
                else:
                    received[i] += values[e]
            roots[j] = 0.0 if is_first_alone and j > 0 else starts[units[j]]
        for i in range(n):
            for j in range(n):
                entries[i, j] = green[units[i], units[j]]
                radii[i, j] = reach[units[i]] * radius[units[j]] + TINY
            place[units[i]] = -1
        trees = _tree(weights, roots, n_in)
        inside, error = _eliminate(entries, radii, 0, n_in, n)
        for i in range(n_in, n):
            for j in range(n_in, n):
                left = -entries[i, j] * received[j]
                radii[i, j] = radii[i, j] * received[j] + (n_in + 3) * UNIT * abs(left) + TINY
                if i == j:
                    left += 1.0
                    radii[i, i] += UNIT * abs(left)
                entries[i, j] = left
        outside, more = _eliminate(entries, radii, n_in, n, n)
        error += (roundings[n_in] + 4) * UNIT
        value = trees * (inside * outside)
        if trees < 0.0:
            errors[number] = np.inf
        elif np.isfinite(more):
            found[number] = value
            errors[number] = value * np.expm1(error + more) * SLACK + TINY * (trees > 0.0)
        else:
            errors[number] = value * np.exp(error) * SLACK + TINY * (trees > 0.0)
    return found, errors


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
        n_in, n = _units_of(sets[number], first, receivers, units, place)
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
