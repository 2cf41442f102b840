"""Weights as they come: nested sequences, arrays, sparse matrices, data frames."""

from collections.abc import Hashable, Sequence
from typing import Any

from exactav.errors import InvalidNetworkError
from exactav.network.entries import name_some, square_rows

Entries = dict[tuple[int, int], Any]


def weights_of(weights: Any) -> tuple[int, Entries, Sequence[Hashable] | None]:
    """(number of units, weights by (receiver, sender), labels or None) of whatever has them.

    Neither scipy nor pandas is imported: their objects are known by what they can do.

    Raises:
        InvalidNetworkError: not a square matrix, or a data frame whose columns are not named as its index.
    """
    if callable(getattr(weights, "tocoo", None)):
        return _sparse(weights)
    if hasattr(weights, "iloc") and hasattr(weights, "columns"):
        return _frame(weights)
    rows = square_rows(weights)
    return len(rows), {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}, None


def is_table(weights: Any) -> bool:
    """Whether this is a matrix in one of these forms, and no mapping."""
    return (
        callable(getattr(weights, "tocoo", None))
        or (hasattr(weights, "iloc") and hasattr(weights, "columns"))
        or (isinstance(weights, Sequence) and not isinstance(weights, str | bytes))
        or (hasattr(weights, "tolist") and len(getattr(weights, "shape", ())) == 2)
    )


def _sparse(weights: Any) -> tuple[int, Entries, None]:
    table = weights.tocoo()
    if len(table.shape) != 2 or table.shape[0] != table.shape[1]:
        raise InvalidNetworkError(f"a sparse matrix of shape {table.shape}: W must be square")
    entries: Entries = {}
    for i, j, value in zip(table.row.tolist(), table.col.tolist(), table.data.tolist(), strict=True):
        entries[i, j] = entries[i, j] + value if (i, j) in entries else value  # as scipy adds them
    return int(table.shape[0]), entries, None


def _frame(weights: Any) -> tuple[int, Entries, Sequence[Hashable]]:
    labels, columns = list(weights.index), list(weights.columns)
    if len(set(columns)) < len(columns) or set(columns) != set(labels) or len(columns) != len(labels):
        raise InvalidNetworkError(
            f"a data frame with index {name_some(labels)} and columns {name_some(columns)}: wanted the same "
            "labels in both, each once, row = receiver, column = sender"
        )
    place = {label: i for i, label in enumerate(labels)}
    cells = weights.to_numpy(dtype=object).tolist()
    if any(isinstance(cell, bool) for row in cells for cell in row):
        raise InvalidNetworkError("a data frame with truth values, which are no weights: write 0 and 1")
    entries = {
        (i, place[column]): cell
        for i, row in enumerate(cells)
        for column, cell in zip(columns, row, strict=True)
    }
    return len(labels), entries, labels
