"""Residues in integers, compiled: powers and determinants modulo primes of 31 bits or less."""

from typing import Any

import numpy as np

from exactav.kernels.compiled.compiling import compiled


@compiled
def reduced(value: Any, prime: int, inverse: float) -> Any:
    """value mod prime for 0 <= value < 2^63, by one multiplication with 1 / prime."""
    rest = value - np.int64(np.float64(value) * inverse) * prime
    while rest < 0:
        rest += prime
    while rest >= prime:
        rest -= prime
    return rest


@compiled
def power(base: Any, exponent: int, prime: int) -> Any:
    inverse = 1.0 / prime
    result = np.int64(1)
    while exponent:
        if exponent & 1:
            result = reduced(result * base, prime, inverse)
        base = reduced(base * base, prime, inverse)
        exponent >>= 1
    return result


@compiled
def determinant(matrix: Any, size: int, prime: int) -> tuple[Any, Any]:
    """(numerator, denominator) of det mod prime; the denominator is not 0 unless the numerator is."""
    inverse = 1.0 / prime
    numerator, denominator = np.int64(1), np.int64(1)
    for step in range(size):
        pivot_row = step
        while pivot_row < size and matrix[pivot_row, step] == 0:
            pivot_row += 1
        if pivot_row == size:
            return np.int64(0), np.int64(1)
        if pivot_row != step:
            for column in range(step, size):
                held = matrix[step, column]
                matrix[step, column] = matrix[pivot_row, column]
                matrix[pivot_row, column] = held
            numerator = prime - numerator
        pivot = matrix[step, step]
        numerator = reduced(numerator * pivot, prime, inverse)
        scaled_rows = 0
        for row in range(step + 1, size):
            factor = matrix[row, step]
            if factor == 0:
                continue
            scaled_rows += 1
            negative = prime - factor
            for column in range(step + 1, size):
                # both products are below 2^62
                matrix[row, column] = reduced(
                    pivot * matrix[row, column] + negative * matrix[step, column], prime, inverse
                )
        if scaled_rows:
            denominator = reduced(denominator * power(pivot, scaled_rows, prime), prime, inverse)
    return numerator, denominator
