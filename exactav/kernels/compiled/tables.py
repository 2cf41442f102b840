"""Tables of many states, compiled: which states follow from which, and sums of values along transitions.

Which states there are does not depend on values, so transitions are found once and used for all values. A
value is a row of numbers side by side, residues modulo several primes at several points, or coefficients in
floating point.
"""

from types import FunctionType
from typing import Any

import numpy as np

from exactav.kernels import forests
from exactav.kernels.compiled.compiling import compiled
from exactav.kernels.compiled.vector_residues import (
    accumulate_2,
    accumulate_2_few,
    accumulate_3,
    accumulate_3_few,
)
from exactav.kernels.interpolation import LANES

_SCOPE = dict(vars(forests))
for _name, _function in vars(forests).items():
    if isinstance(_function, FunctionType):
        # the same code, but what it calls is compiled as well
        _SCOPE[_name] = compiled(FunctionType(_function.__code__, _SCOPE, _name))
_expanded: Any = _SCOPE["expanded"]
_merged: Any = _SCOPE["merged"]
_sides_in: Any = _SCOPE["sides_in"]

_WIDTH = forests.NARROW
_MIXER = np.uint64(0x9E3779B97F4A7C15)
LEAST = 2.0**-1000  # products of numbers that are left at least as large as this have full precision


@compiled
def _place(keys: Any, numbers: Any, code: Any) -> Any:
    """Where a state is, or belongs, in a hash table."""
    room = len(keys) - 1
    mixed = np.uint64(code) * _MIXER
    place = np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(room))
    while numbers[place] >= 0 and keys[place] != code:
        place = (place + 1) & room
    return place


@compiled
def _grown(array: Any, length: int) -> Any:
    result = np.empty(length, array.dtype)
    result[: len(array)] = array
    return result


@compiled
def _rehashed(codes: Any, count: int, room: int) -> Any:
    keys = np.empty(room, np.int64)
    numbers = np.full(room, -1, np.int32)
    for number in range(count):
        place = _place(keys, numbers, codes[number])
        keys[place] = codes[number]
        numbers[place] = number
    return keys, numbers


@compiled
def stepped(
    codes: Any, rows: Any, numbers_of_masks: Any, n_slots: int, room: int, most_states: int, most: int
) -> Any:
    """The states that follow from ``codes`` in a step, and all transitions, those of a state together.

    Args:
        rows: the rows of the step, five arrays.
        numbers_of_masks: for each mask a number, -1 if it has none yet; written.
        room: states that one may become.
        most_states, most: states and transitions at most.

    Returns:
        (new states, begins of transitions of each old state, their new states, the numbers of their masks,
        masks by number); all empty where there are too many.
    """
    found = np.empty(2 * len(codes) + 16, np.int64)
    size = 64
    while size < 4 * len(codes):
        size *= 2
    keys, numbers = _rehashed(found, 0, size)
    begins = np.empty(len(codes) + 1, np.int64)
    targets = np.empty(4 * len(codes) + room, np.int32)
    factors = np.empty(4 * len(codes) + room, np.uint16)
    masks = np.empty(len(numbers_of_masks), np.int64)
    made, taken = np.empty(room, np.int64), np.empty(room, np.int64)
    n_found, n_transitions, n_masks = 0, 0, 0
    for old in range(len(codes)):
        begins[old] = n_transitions
        count = _expanded(codes[old], rows, made, taken, n_slots, _WIDTH)
        if n_transitions + count > len(targets):
            targets = _grown(targets, 2 * len(targets) + count)
            factors = _grown(factors, len(targets))
        if n_found + count > len(found):
            found = _grown(found, 2 * len(found) + count)
        if 2 * (n_found + count) > len(keys):
            keys, numbers = _rehashed(found, n_found, 4 * len(keys))
        for k in range(count):
            place = _place(keys, numbers, made[k])
            if numbers[place] < 0:
                keys[place] = made[k]
                numbers[place] = n_found
                found[n_found] = made[k]
                n_found += 1
            if numbers_of_masks[taken[k]] < 0:
                numbers_of_masks[taken[k]] = n_masks
                masks[n_masks] = taken[k]
                n_masks += 1
            targets[n_transitions] = numbers[place]
            factors[n_transitions] = numbers_of_masks[taken[k]]
            n_transitions += 1
        if n_found > most_states or n_transitions > most:
            return found[:0], begins[:0], targets[:0], factors[:0], masks[:0]
    begins[len(codes)] = n_transitions
    return (
        found[:n_found].copy(),
        begins,
        targets[:n_transitions].copy(),
        factors[:n_transitions].copy(),
        masks[:n_masks].copy(),
    )


@compiled
def joined(
    first: Any,
    second: Any,
    order: Any,
    begins_of: Any,
    chosen_of: Any,
    shared: Any,
    rows: Any,
    numbers_of_masks: Any,
    n_slots: int,
    most_states: int,
    most: int,
) -> Any:
    """The states of pairs, and for each state of the first table its pairs.

    Args:
        order: the states of the second table, sorted by the sides of shared units; ``begins_of`` where those
            of each pattern of sides begin, ``chosen_of`` which shared units have chosen, in that order.
        shared: slots of the units open in both tables.
        rows, numbers_of_masks: what is done to each pair, as in :func:`stepped`.
        most_states, most: states and pairs at most.

    Returns:
        (new states, begins, new states of the pairs, their states in the second table, the numbers of their
        masks, masks by number); all empty where there are too many.
    """
    found = np.empty(2 * len(first) + 16, np.int64)
    size = 64
    while size < 4 * len(first):
        size *= 2
    keys, numbers = _rehashed(found, 0, size)
    begins = np.empty(len(first) + 1, np.int64)
    targets = np.empty(4 * len(first) + 16, np.int32)
    others = np.empty(len(targets), np.int32)
    factors = np.empty(len(targets), np.uint16)
    masks = np.empty(len(numbers_of_masks), np.int64)
    made, taken = np.empty(1, np.int64), np.empty(1, np.int64)
    n_found, n_pairs, n_masks = 0, 0, 0
    for old in range(len(first)):
        begins[old] = n_pairs
        sides, chosen = _sides_in(first[old], shared, _WIDTH)
        for place_in_order in range(begins_of[sides], begins_of[sides + 1]):
            if chosen & chosen_of[place_in_order]:
                continue
            other = order[place_in_order]
            code = _merged(first[old], second[other], n_slots, _WIDTH)
            if code < 0 or not _expanded(code, rows, made, taken, n_slots, _WIDTH):
                continue
            if n_pairs == len(targets):
                targets = _grown(targets, 2 * n_pairs)
                others = _grown(others, 2 * n_pairs)
                factors = _grown(factors, 2 * n_pairs)
            if n_found == len(found):
                found = _grown(found, 2 * n_found)
            if 2 * n_found > len(keys):
                keys, numbers = _rehashed(found, n_found, 4 * len(keys))
            place = _place(keys, numbers, made[0])
            if numbers[place] < 0:
                keys[place] = made[0]
                numbers[place] = n_found
                found[n_found] = made[0]
                n_found += 1
            if numbers_of_masks[taken[0]] < 0:
                numbers_of_masks[taken[0]] = n_masks
                masks[n_masks] = taken[0]
                n_masks += 1
            targets[n_pairs] = numbers[place]
            others[n_pairs] = other
            factors[n_pairs] = numbers_of_masks[taken[0]]
            n_pairs += 1
        if n_found > most_states or n_pairs > most:
            return found[:0], begins[:0], targets[:0], others[:0], factors[:0], masks[:0]
    begins[len(first)] = n_pairs
    return (
        found[:n_found].copy(),
        begins,
        targets[:n_pairs].copy(),
        others[:n_pairs].copy(),
        factors[:n_pairs].copy(),
        masks[:n_masks].copy(),
    )


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
