"""What a network takes at its door, brought into one form: rows, labels, one value for each unit."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import sympy

from exactav.errors import InvalidNetworkError
from exactav.numbers.expressions import exact


def listed(value: Any) -> list[Any]:
    """``value``, any sequence or array, as a list."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidNetworkError(f"{value!r} is not a sequence of exact numbers")
    return list(value)


def square_rows(weights: Any) -> list[list[Any]]:
    """``weights``, nested sequences or an array or matrix, as a list of equally long rows."""
    if isinstance(weights, str) or not (isinstance(weights, Sequence) or hasattr(weights, "tolist")):
        raise InvalidNetworkError(
            f"weights of type {type(weights).__name__}: give a square matrix, row = receiver"
        )
    rows = [listed(row) for row in listed(weights)]
    for i, row in enumerate(rows):
        if len(row) != len(rows):
            raise InvalidNetworkError(
                f"row {i} of W has {len(row)} entries in a matrix of {len(rows)} rows: W must be square"
            )
    return rows


def distinct_labels(labels: Iterable[Hashable] | None, n_units: int) -> tuple[Hashable, ...]:
    """``labels``, or 0 .. N-1, as a tuple of distinct hashable names."""
    names = tuple(range(n_units)) if labels is None else tuple(labels)
    if len(names) != n_units:
        raise InvalidNetworkError(f"{len(names)} labels for {n_units} units: give one label for each unit")
    seen: set[Hashable] = set()
    for name in names:
        if not isinstance(name, Hashable):
            raise InvalidNetworkError(f"label {name!r} is not hashable: use texts or numbers")
        if name in seen:
            raise InvalidNetworkError(f"label {name!r} is used twice: labels must be distinct")
        seen.add(name)
    return names


def weight_name(i: int, j: int, labels: Sequence[Hashable]) -> str:
    """How messages call the weight from unit j to unit i."""
    return f"W[{labels[i]!r}, {labels[j]!r}]"


def one_or_many(value: Any, what: str, labels: Sequence[Hashable]) -> list[sympy.Expr]:
    """One exact value for all units, or one for each."""
    if isinstance(value, str | sympy.Expr) or not isinstance(value, Iterable):
        return [exact(value, what)] * len(labels)
    return one_for_each(value, what, labels)


def one_for_each(values: Any, what: str, labels: Sequence[Hashable]) -> list[sympy.Expr]:
    """Exact values, one for each unit."""
    entries = listed(values)
    if len(entries) != len(labels):
        raise InvalidNetworkError(
            f"{len(entries)} entries of {what} for {len(labels)} units: give one for each unit"
        )
    return [exact(v, f"{what} of unit {label!r}") for v, label in zip(entries, labels, strict=True)]


def name_some(labels: Sequence[Hashable], at_most: int = 8) -> str:
    """A list of labels for a message, cut where it is long."""
    shown = ", ".join(map(repr, labels[:at_most]))
    return shown + (f" and {len(labels) - at_most} more" if len(labels) > at_most else "")
