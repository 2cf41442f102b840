"""Tables of many states, compiled: sums of values along transitions.

Which states there are does not depend on values, see :mod:`.states`: transitions are found once and used for
all values. A value is a row of numbers side by side, residues modulo several primes at several points, or
coefficients in floating point.
"""

from typing import Any

from exactav.kernels.compiled.compiling import compiled
from exactav.kernels.compiled.vector_residues import (
    accumulate_2,
    accumulate_2_few,
    accumulate_3,
    accumulate_3_few,
)
from exactav.kernels.interpolation import LANES

LEAST = 2.0**-1000  # products of numbers that are left at least as large as this have full precision


@compiled
def summed_residues(
    values: Any, begins: Any, targets: Any, products: Any, coefficients: Any, result: Any, moduli: Any
) -> None:
    """result[target] += coefficient * value over all transitions, for each place of a row modulo its prime.

    Args:
        values, result: rows of residues one after another; ``result`` holds zeros.
        coefficients: a row for each product.
        moduli: primes and their inverses, ``LANES`` or ``FEW_LANES`` of each, see :mod:`.vector_residues`.
    """
    arrays = (values, coefficients, result, moduli)
    n_lanes = len(moduli) // 2
    for old in range(len(begins) - 1):
        for k in range(begins[old], begins[old + 1]):
            places = (old * n_lanes, products[k] * n_lanes, targets[k] * n_lanes)
            if n_lanes == LANES:
                accumulate_2(arrays, places)
            else:
                accumulate_2_few(arrays, places)


@compiled
def multiplied_residues(
    values: Any,
    begins: Any,
    targets: Any,
    others: Any,
    second: Any,
    products: Any,
    coefficients: Any,
    result: Any,
    moduli: Any,
) -> None:
    """result[target] += value * value of the second table * coefficient over all pairs, in the same way."""
    arrays = (values, second, coefficients, result, moduli)
    n_lanes = len(moduli) // 2
    for old in range(len(begins) - 1):
        for k in range(begins[old], begins[old + 1]):
            places = (old * n_lanes, others[k] * n_lanes, products[k] * n_lanes, targets[k] * n_lanes)
            if n_lanes == LANES:
                accumulate_3(arrays, places)
            else:
                accumulate_3_few(arrays, places)


@compiled
def summed_floats(
    values: Any,
    counts: Any,
    begins: Any,
    targets: Any,
    products: Any,
    numbers: Any,
    shifts: Any,
    steps: Any,
    result: Any,
    roundings: Any,
) -> Any:
    """The same for polynomials in floating point; returns whether no number was too small to be sure of.

    Args:
        values, counts: shape (states, coefficients), and roundings of each state, (states,).
        numbers, shifts, steps: by number of the product, what it is, by how many places coefficients move,
            and the roundings it takes.
        result, roundings: zeros, and -1 for each state.
    """
    length = values.shape[1]
    lost = False
    for old in range(values.shape[0]):
        row = values[old]
        for k in range(begins[old], begins[old + 1]):
            target = result[targets[k]]
            number, shift = numbers[products[k]], shifts[products[k]]
            for place in range(length):
                product = number * row[place]
                lost |= (row[place] > 0.0) & (product < LEAST)
                target[place + shift] += product
            made = counts[old] + steps[products[k]]
            before = roundings[targets[k]]
            roundings[targets[k]] = made if before < 0 else max(before, made) + 1
    return not lost


@compiled
def multiplied_floats(
    values: Any,
    counts: Any,
    begins: Any,
    targets: Any,
    others: Any,
    second: Any,
    second_counts: Any,
    products: Any,
    numbers: Any,
    shifts: Any,
    steps: Any,
    result: Any,
    roundings: Any,
) -> Any:
    """Products of polynomials of two tables added up in the same way."""
    length, shorter = values.shape[1], second.shape[1]
    lost = False
    for old in range(values.shape[0]):
        row = values[old]
        for k in range(begins[old], begins[old + 1]):
            target, other = result[targets[k]], second[others[k]]
            factor, moved = numbers[products[k]], shifts[products[k]]
            for shift in range(shorter):
                if other[shift] > 0.0:
                    number = factor * other[shift]
                    lost |= number < LEAST
                    for place in range(length):
                        product = number * row[place]
                        lost |= (row[place] > 0.0) & (product < LEAST)
                        target[place + shift + moved] += product
            # both products are rounded, and so is each sum of those with equal powers
            made = counts[old] + second_counts[others[k]] + steps[products[k]] + min(length, shorter)
            before = roundings[targets[k]]
            roundings[targets[k]] = made if before < 0 else max(before, made) + min(length, shorter)
    return not lost
