"""What a network takes at its door, brought into one form: rows, labels, one value for each unit."""

from collections.abc import Hashable, Iterable, Iterator, KeysView, Mapping, Sequence, Set, ValuesView
from math import prod
from numbers import Integral
from operator import index
from typing import Any

import sympy

from exactav.errors import InvalidNetworkError, TooCostlyError, UnknownUnitError
from exactav.numbers.arguments import is_truth, items_of
from exactav.numbers.expressions import described, exact
from exactav.numbers.whole import PLAIN_BITS
from exactav.running.limits import check
from exactav.texts import MOST_OF_LABEL, can_name_a_unit, quoted

_MOST_UNITS = 10**9
_SECONDS, _MEGABYTES = (8e-6, 2e-6), (1.2e-3, 3e-4)
"""What a unit and a weight take, as measured: with all that a plan of a law looks at."""
_TEXT_SECONDS, _SYMBOLIC_SECONDS = 1.5e-4, 4e-4  # of one that is like no other
_SYMBOLIC_MEGABYTES = 7e-3
_ROW_SECONDS = 4e-5  # of a unit where symbols are


def listed(value: Any, what: str = "") -> list[Any]:
    """``value``, any sequence or array, or a vector of SymPy, as a list; ``what`` is its name in messages."""
    if isinstance(value, sympy.MatrixBase) and 1 in value.shape:
        return list(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str | bytes) or not isinstance(value, Sequence | Iterator | KeysView | ValuesView):
        if not what:
            raise InvalidNetworkError(f"{described(value)} is not a sequence of exact numbers")
        raise InvalidNetworkError(f"{what} = {described(value)}: give a sequence, such as [2, 2]")
    return list(value)


def by_label(values: Any) -> Any:
    """A pandas Series as the mapping from its index that it is, or as a list if nobody gave it an index.

    Everything else comes back as it is. pandas is not imported: a Series is known by what it can do.

    Raises:
        InvalidNetworkError: a label is twice in the index.
    """
    if not (hasattr(values, "iloc") and hasattr(values, "index") and hasattr(values, "items")):
        return values
    if hasattr(values, "columns"):
        raise InvalidNetworkError("a data frame where a sequence or a Series was wanted: choose a column")
    index = list(values.index)
    if type(values.index).__name__ == "RangeIndex" and index == list(range(len(index))):
        return values.tolist()
    if len(set(index)) < len(index):
        raise InvalidNetworkError(f"a Series with index {name_some(index)}: each label once")
    return dict(values.items())


def has_no_order(value: Any) -> bool:
    """Whether ``value`` is a set; the keys of a mapping are in order."""
    return isinstance(value, Set) and not isinstance(value, KeysView)


def square_rows(weights: Any) -> list[list[Any]]:
    """``weights``, nested sequences or an array or matrix, as a list of equally long rows."""
    if isinstance(weights, str | bytes) or not (isinstance(weights, Sequence) or hasattr(weights, "tolist")):
        raise InvalidNetworkError(
            f"weights of type {type(weights).__name__}: give a square matrix, row = receiver"
        )
    shape = getattr(weights, "shape", None)
    n_cells = prod(shape) if isinstance(shape, tuple) and all(isinstance(n, int) for n in shape) else 0
    check(f"a matrix of {n_cells:,} entries", 2e-7 * n_cells, 3e-5 * n_cells, "give a sparse matrix")
    table = weights.tolist() if hasattr(weights, "tolist") else weights
    rows = [listed(row) for row in listed(table)]
    for i, row in enumerate(rows):
        if len(row) != len(rows):
            raise InvalidNetworkError(
                f"row {i} of W has {len(row)} entries in a matrix of {len(rows)} rows: W must be square"
            )
    return rows


Rows = list[dict[int, Any]]
"""Row i of W as a mapping from senders to weights; what is left out is 0. Equal rows may be one object."""


def check_size(n_units: int, n_weights: int, advice: str = "make it smaller") -> None:
    """Nothing, if a network of so many units and weights may be made, and looked at.

    Raises:
        TooCostlyError: it may not, see :func:`exactav.limits`.
    """
    n_units = number_of_units(n_units)
    what = f"a network of {n_units:,} units and {n_weights:,} weights"
    cost, memory = (n_units * u + n_weights * w for u, w in (_SECONDS, _MEGABYTES))
    check(what, cost, memory, advice)


def sparse_rows(n_units: int, entries: Any) -> Rows:
    """``entries``, a mapping from (receiver, sender), by place, as rows."""
    if not isinstance(entries, Mapping):
        raise InvalidNetworkError(
            f"entries of type {type(entries).__name__}: give a mapping from (receiver, sender) to weights"
        )
    check_size(n_units, len(entries))
    rows: Rows = [{} for _ in range(n_units)]
    for key, value in entries.items():
        try:
            i, j = map(index, key)
        except (TypeError, ValueError):
            raise InvalidNetworkError(
                f"weight at {quoted(key)}: give two whole numbers, (receiver, sender), by place "
                "in the network"
            ) from None
        if not (0 <= i < n_units and 0 <= j < n_units):
            raise InvalidNetworkError(
                f"weight at {key} of a network of {n_units} units: use indices 0 .. {n_units - 1}"
            )
        rows[i][j] = value
    return rows


def exact_rows(rows: Sequence[Mapping[int, Any]], labels: Sequence[Hashable]) -> list[dict[int, sympy.Expr]]:
    """Rows of exact values; what is one row stays one."""
    _check_entries(rows)
    known: dict[Any, tuple[Any, sympy.Expr]] = {}  # each text and each expression is read once
    found: dict[int, dict[int, sympy.Expr]] = {}

    def read(value: Any, i: int, j: int) -> sympy.Expr:
        if not isinstance(value, str | sympy.Expr):
            return exact(value, weight_name(i, j, labels))
        key = value if isinstance(value, str) else id(value)
        if key not in known:
            known[key] = value, exact(value, weight_name(i, j, labels))  # kept, no other has its identity
        return known[key][1]

    for i, row in enumerate(rows):
        if id(row) not in found:
            found[id(row)] = {
                j: value if isinstance(value, sympy.Rational) else read(value, i, j)
                for j, value in row.items()
            }
    return [found[id(row)] for row in rows]


def _check_entries(rows: Sequence[Mapping[int, Any]]) -> None:
    """Nothing, if texts and symbolic expressions among the weights are few enough to be worked with."""
    distinct = {id(row): row for row in rows}.values()
    values = (value for row in distinct for value in row.values() if not isinstance(value, sympy.Rational))
    texts, expressions = set[str](), set[int]()
    for value in values:
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, sympy.Expr):
            expressions.add(id(value))
    n_symbolic = len(expressions) + sum(any(map(str.isalpha, text)) for text in texts)
    by_unit = len(rows) * _ROW_SECONDS if n_symbolic else 0
    check(
        f"a network of {len(texts) + len(expressions):,} different texts and expressions",
        len(texts) * _TEXT_SECONDS + n_symbolic * _SYMBOLIC_SECONDS + by_unit,
        n_symbolic * _SYMBOLIC_MEGABYTES,
        "give numbers, such as sympy.Rational(1, 3), or the same objects again and again",
    )


def number_of_units(value: Any) -> int:
    """``value`` as a number of units."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
        raise InvalidNetworkError(f"{quoted(value)} units: give a whole number of them")
    if int(value) > _MOST_UNITS:
        raise TooCostlyError(f"{quoted(value)} units: no memory holds more than {_MOST_UNITS:,}")
    return int(value)


def check_label(label: Any) -> Hashable:
    """``label`` if files and texts can carry it: a whole number, or a text that can be printed.

    Raises:
        InvalidNetworkError: any other label.
    """
    if isinstance(label, str):
        if len(label) > MOST_OF_LABEL:
            raise InvalidNetworkError(f"label {quoted(label)}: give at most {MOST_OF_LABEL:,} characters")
        if not can_name_a_unit(label):
            raise InvalidNetworkError(
                f"label {quoted(label)} is empty or cannot be printed: choose another name"
            )
        return label
    if isinstance(label, bool) or not isinstance(label, int):
        raise InvalidNetworkError(
            f"label {quoted(label)} is neither text nor a whole number: relabel the units"
        )
    return label


def distinct_labels(labels: Iterable[Hashable] | None, n_units: int | None) -> tuple[Hashable, ...]:
    """``labels``, or 0 .. N-1, as a tuple of distinct hashable names; any number of them for None."""
    names = tuple(range(n_units or 0)) if labels is None else tuple(_in_order(labels))
    if n_units is not None and len(names) != n_units:
        raise InvalidNetworkError(f"{len(names)} labels for {n_units} units: give one label for each unit")
    seen: dict[Hashable, Hashable] = {}
    for name in names:
        try:
            hash(name)
        except TypeError:
            raise InvalidNetworkError(f"label {quoted(name)} is not hashable: use texts or numbers") from None
        if not _is_written(name):
            raise InvalidNetworkError(f"label {quoted(name)} cannot be written out: use a text or a number")
        if name is None or name != name:
            raise InvalidNetworkError(
                f"label {quoted(name)} names nothing: relabel this unit by a text or a number"
            )
        if name in seen:
            first, second = quoted(seen[name]), quoted(name)
            twice = "is used twice" if first == second else f"is equal to label {first}"
            raise InvalidNetworkError(f"label {second} {twice}: labels must be distinct")
        seen[name] = name
    return names


def _is_written(label: Any) -> bool:
    """Whether a label has a text, as far as it is a number: Python writes none of more than 4,300 digits."""
    return not isinstance(label, int) or label.bit_length() < PLAIN_BITS


def _in_order(labels: Any) -> Iterable[Hashable]:
    if isinstance(labels, dict) and all(value is None for value in labels.values()):
        return labels  # names in order, each once
    found = None if isinstance(labels, Mapping) or has_no_order(labels) else items_of(labels)
    if found is None:
        raise InvalidNetworkError(f"labels = {described(labels)}: give a sequence of N labels in order")
    return found


def place_of(label: Any, places: Mapping[Hashable, int], kind: str = "unit") -> int:
    """The place of the unit with this label.

    Raises:
        UnknownUnitError: no unit has it.
    """
    try:
        place = places[label]
    except (KeyError, TypeError):
        place = -1
    # To Python, True is the label 1: more likely it is a flag in the wrong place.
    if place < 0 or (is_truth(label) and not is_truth(list(places)[place])):
        raise UnknownUnitError(
            f"no {kind} is labelled {quoted(label)}; labels are {name_some(tuple(places))}"
        )
    return place


def weight_name(i: int, j: int, labels: Sequence[Hashable]) -> str:
    """How messages call the weight from unit j to unit i."""
    return f"W[{quoted(labels[i])}, {quoted(labels[j])}]"


def one_or_many(value: Any, what: str, labels: Sequence[Hashable], kind: str = "unit") -> list[sympy.Expr]:
    """One exact value for all units, or one for each, as in :func:`one_for_each`."""
    value = by_label(value)
    if isinstance(value, str | sympy.Expr) or getattr(value, "shape", None) == ():
        return [exact(value, what)] * len(labels)
    if not isinstance(value, Iterable | sympy.MatrixBase):
        return [exact(value, what)] * len(labels)
    return one_for_each(value, what, labels, kind)


def one_for_each(
    values: Any, what: str, labels: Sequence[Hashable], kind: str = "unit", missing: Any = None
) -> list[sympy.Expr]:
    """Exact values, one for each unit: a sequence in network order, or a mapping or Series from labels.

    Args:
        missing: the value of units that a mapping leaves out; without one they are an error.
    """
    values = by_label(values)
    if isinstance(values, Mapping):
        places = {label: place for place, label in enumerate(labels)}
        given = {place_of(label, places, kind): value for label, value in values.items()}
        absent = [label for place, label in enumerate(labels) if place not in given]
        if absent and missing is None:
            raise InvalidNetworkError(
                f"no {what} of {kind} {name_some(absent)}: a mapping gives one for each {kind}"
            )
        entries = [given.get(place, missing) for place in range(len(labels))]
    else:
        entries = listed(values, what)
    if len(entries) != len(labels):
        raise InvalidNetworkError(
            f"{len(entries)} entries of {what} for {len(labels)} {kind}s: give one for each {kind}"
        )
    name = f"{what} of unit {{}}" if kind == "unit" else f"{what}[{{}}]"
    return [exact(v, name.format(quoted(label))) for v, label in zip(entries, labels, strict=True)]


def name_some(labels: Sequence[Hashable], at_most: int = 8) -> str:
    """A list of labels for a message, cut where it is long."""
    shown = ", ".join(map(quoted, labels[:at_most]))
    return shown + (f" and {len(labels) - at_most} more" if len(labels) > at_most else "")
