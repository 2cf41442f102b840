"""Sums of a sweep in floating point: values are coefficients, each state with the number of its roundings."""

from collections.abc import Mapping, Sequence
from math import frexp

import numpy as np
from numpy.typing import NDArray

from exactav.engines.rounding import LEAST, out_of_range
from exactav.engines.sweep.scheme import Factor, Scheme
from exactav.engines.sweep.transitions import (
    Began,
    Ended,
    Entered,
    Pairs,
    Transitions,
    changes,
    narrow,
    pieces,
)
from exactav.engines.sweep.values import Rounded, Rounding
from exactav.kernels import positive
from exactav.kernels.machine import Machine
from exactav.running.tasks import Progress

_PIECE = 1 << 25  # products of one call of compiled code, which Ctrl-C waits for

Table = tuple[positive.Floats, NDArray[np.int64]]


def polynomial_of(values: Rounded, scheme: Scheme, progress: Progress) -> Rounding | None:
    """The polynomial of all assemblies; None if there are none.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    stack: list[Table] = []
    given = [values.given(scheme, module) for module in range(len(scheme.modules))]
    tables = [[narrow(code, scheme.n_slots) for code in table] for table in given]
    n_changes = len(scheme.instructions)
    for place, change in enumerate(changes(scheme, tables, Machine.here().megabytes)):
        progress(place / n_changes)
        if isinstance(change, Began):
            stack.append((np.ones((1, 1)), np.zeros(1, dtype=np.int64)))
        elif isinstance(change, Entered):
            stack.append(_rescaled(values, _entered(given[change.module])))
        elif isinstance(change, Ended):
            coefficients, counts = stack.pop()
            if change.place is None:
                return None
            return coefficients[change.place], int(counts[change.place])
        elif isinstance(change, Transitions):
            stack.append(_rescaled(values, _stepped(values, stack.pop(), change)))
        else:
            second = stack.pop()
            stack.append(_rescaled(values, _joined(values, stack.pop(), second, change)))
    raise AssertionError("a scheme has an end")


def _entered(given: Mapping[int, Rounding]) -> Table:
    length = max((len(coefficients) for coefficients, _ in given.values()), default=1)
    rows = [np.pad(coefficients, (0, length - len(coefficients))) for coefficients, _ in given.values()]
    counts = [count for _, count in given.values()]
    return np.array(rows).reshape(-1, length), np.array(counts, dtype=np.int64)


def _stepped(values: Rounded, table: Table, change: Transitions) -> Table:
    from exactav.kernels.compiled import tables as compiled_tables

    coefficients, counts = table
    numbers, shifts, steps = _factors(values, change.factors)
    length = coefficients.shape[1] + max(shifts.tolist(), default=0)
    result, roundings = np.zeros((change.n_states, length)), np.full(change.n_states, -1, dtype=np.int64)
    given = change.products, numbers, shifts, steps, result, roundings
    for rows in pieces(change.begins, 1 + _PIECE // length):
        begins = change.begins[rows.start : rows.stop + 1]
        if not compiled_tables.summed_floats(
            coefficients[rows], counts[rows], begins, change.targets, *given
        ):
            raise out_of_range()
    return result, roundings


def _joined(values: Rounded, table: Table, other: Table, change: Pairs) -> Table:
    from exactav.kernels.compiled import tables as compiled_tables

    numbers, shifts, steps = _factors(values, change.factors)
    length = table[0].shape[1] + other[0].shape[1] - 1 + max(shifts.tolist(), default=0)
    result, roundings = np.zeros((change.n_states, length)), np.full(change.n_states, -1, dtype=np.int64)
    given = change.products, numbers, shifts, steps, result, roundings
    for rows in pieces(change.begins, 1 + _PIECE // (table[0].shape[1] * other[0].shape[1])):
        pairs = change.begins[rows.start : rows.stop + 1], change.targets, change.others
        if not compiled_tables.multiplied_floats(table[0][rows], table[1][rows], *pairs, *other, *given):
            raise out_of_range()
    return result, roundings


def _factors(
    values: Rounded, factors: Sequence[Sequence[Factor]]
) -> tuple[positive.Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Products of factors: the numbers, by how many places they move coefficients, and their roundings."""
    found = [values.factor(taken) for taken in factors]
    # a number was rounded, and so is its product with a coefficient
    steps = [2 * any(factor.kind != "fired" for factor in taken) for taken in factors]
    return (
        np.array([number for number, _ in found], dtype=np.float64),
        np.array([shift for _, shift in found], dtype=np.int64),
        np.array(steps, dtype=np.int64),
    )


def _rescaled(values: Rounded, table: Table) -> Table:
    """By a power of two, which rounds nothing, so that the largest coefficient is near 1."""
    coefficients, counts = table
    _, shift = frexp(float(coefficients.max(initial=0.0)))
    if abs(shift) < 64:
        return table
    values.exponent += shift
    scaled = np.ldexp(coefficients, -shift)
    if ((scaled < LEAST) & (coefficients > 0.0)).any():
        raise out_of_range()
    return scaled, counts
