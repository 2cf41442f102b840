"""Weights as they come: nested sequences, arrays, sparse matrices, data frames."""

import sys
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from exactav.errors import InvalidNetworkError
from exactav.network.entries import Rows, check_size, name_some, square_rows

_SPARSE = "give a sparse matrix, or make it smaller"


def weights_of(weights: Any, *, floats: bool = False) -> tuple[Rows, Sequence[Hashable] | None]:
    """(rows of weights, labels or None) of whatever has them.

    Neither scipy nor pandas is imported: their objects are known by what they can do.

    Args:
        floats: whether floats are taken, so that their zeros may be left out, too.

    Raises:
        InvalidNetworkError: not a square matrix, or a data frame whose columns are not named as its index.
        TooCostlyError: there are more weights than may be worked on, see :func:`exactav.limits`.
    """
    if callable(getattr(weights, "tocoo", None)):
        return _sparse(weights), None
    if hasattr(weights, "iloc") and hasattr(weights, "columns"):
        return _frame(weights)
    if _is_array(weights, "iuf" if floats else "iu"):
        return _array(weights), None
    table = square_rows(weights)
    found: Rows = []
    n_weights = 0
    for row in table:
        # zeros of other kinds are looked at: they may be mistakes
        found.append(nonzero(row, range(len(row))))
        n_weights += len(found[-1])
        check_size(len(table), n_weights, _SPARSE)
    return found, None


def _is_array(weights: Any, kinds: str) -> bool:
    """Whether this is a matrix of numpy of these kinds; numpy is not imported where nobody has."""
    numpy = sys.modules.get("numpy")
    is_matrix = numpy is not None and isinstance(weights, numpy.ndarray) and weights.ndim == 2
    return is_matrix and weights.dtype.kind in kinds


def _array(array: Any) -> Rows:
    """The rows of a square array of numpy, without its zeros.

    Raises:
        InvalidNetworkError: it is not square.
        TooCostlyError: it has more weights than may be worked on.
    """
    import numpy as np

    n_units, width = array.shape
    if n_units != width:
        raise InvalidNetworkError(
            f"row 0 of W has {width} entries in a matrix of {n_units} rows: W must be square"
        )
    check_size(n_units, int(np.count_nonzero(array)), _SPARSE)
    return list(nonzero_rows(array))


def nonzero_rows(array: Any) -> Iterator[dict[int, Any]]:
    """The rows of a matrix of numpy, without zeros."""
    import numpy as np

    for line in array:  # in one call Ctrl-C would not be heard
        (places,) = np.nonzero(line)
        yield dict(zip(places.tolist(), line[places].tolist(), strict=True))


def is_table(weights: Any) -> bool:
    """Whether this is a matrix in one of these forms, and no mapping."""
    return (
        callable(getattr(weights, "tocoo", None))
        or (hasattr(weights, "iloc") and hasattr(weights, "columns"))
        or (isinstance(weights, Sequence) and not isinstance(weights, str | bytes))
        or (hasattr(weights, "tolist") and len(getattr(weights, "shape", ())) == 2)
    )


def _sparse(weights: Any) -> Rows:
    table = weights.tocoo()
    if len(table.shape) != 2 or table.shape[0] != table.shape[1]:
        raise InvalidNetworkError(f"a sparse matrix of shape {table.shape}: W must be square")
    check_size(int(table.shape[0]), int(table.nnz))
    rows: Rows = [{} for _ in range(table.shape[0])]
    for i, j, value in zip(table.row.tolist(), table.col.tolist(), table.data.tolist(), strict=True):
        row = rows[i]
        row[j] = row[j] + value if j in row else value  # as scipy adds them
    return rows


def _frame(weights: Any) -> tuple[Rows, Sequence[Hashable]]:
    labels, columns = list(weights.index), list(weights.columns)
    if len(set(columns)) < len(columns) or set(columns) != set(labels) or len(columns) != len(labels):
        raise InvalidNetworkError(
            f"a data frame with index {name_some(labels)} and columns {name_some(columns)}: wanted the same "
            "labels in both, each once, row = receiver, column = sender"
        )
    check_size(len(labels), len(labels) ** 2, _SPARSE)
    place = {label: i for i, label in enumerate(labels)}
    places = [place[column] for column in columns]
    cells = weights.to_numpy(dtype=object).tolist()
    if any(isinstance(cell, bool) for row in cells for cell in row):
        raise InvalidNetworkError("a data frame with truth values, which are no weights: write 0 and 1")
    return [nonzero(row, places) for row in cells], labels


def nonzero(row: Sequence[Any], places: Sequence[int]) -> dict[int, Any]:
    """What is in a row besides whole zeros, at places of their own."""
    return {j: value for j, value in zip(places, row, strict=True) if not (type(value) is int and value == 0)}
