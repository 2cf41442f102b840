"""JSON, in and out, exact both ways."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import sympy

from exactav.errors import ParseError
from exactav.interchange.draft import Draft, Entries, check_reading, edge_name, entry
from exactav.network.asked import of_network
from exactav.network.entries import check_label
from exactav.network.families import suggestion
from exactav.network.network import Network
from exactav.network.tables import nonzero
from exactav.network.written import FORMAT
from exactav.numbers.coding import decoded, decoded_label
from exactav.numbers.expressions import described
from exactav.running.limits import check
from exactav.texts import quoted

_KEYS = ("format", "weights", "edges", "labels", "thresholds", "drive", "increment")
_PART = 6e-5  # seconds of a part of an expression
_PART_MEGABYTES = 1e-3
_VALUE = 16  # bytes of text that a value takes as long as


@of_network
def to_json(net: Network) -> str:
    """The same as ``net.to_json()``."""
    return net.to_json()


def from_json(text: str) -> Network:
    """The network that a JSON text describes.

    An object with ``weights``, a matrix of exact entries (row = receiver), or ``edges``, a list of ``[sender,
    receiver, weight]`` (weight 1 if left out); and optionally ``labels``, ``thresholds`` (one or a list),
    ``drive`` (a list) and ``increment``. Entries are numbers or texts of the grammar; a decimal such as 0.1
    is the decimal it is, 1/10. Without ``labels``, edges name the units in the order in which they come.

    Raises:
        ParseError: the text is no such object; the message says where.
        InvalidNetworkError: the network breaks a condition of the model.

    >>> from_json('{"edges": [["a", "b", 0.1], ["b", "a", "1/5"]]}').weights
    Matrix([
    [   0, 1/5],
    [1/10,   0]])
    """
    return parse_json(text).network()


def parse_json(text: str) -> Draft:
    """The draft of a JSON text, see :func:`from_json`."""
    return draft_of(load(text))


def draft_of(document: Any) -> Draft:
    """The draft of JSON data."""
    if not isinstance(document, dict):
        raise ParseError(
            f'it is a JSON {_kind(document)}: wanted an object, such as {{"weights": [[0, "1/2"], [0, 0]]}}'
        )
    for key in document:
        if key not in _KEYS:
            raise ParseError(
                f"unknown key {quoted(key)}{suggestion(key, _KEYS)}; keys are {', '.join(_KEYS)}"
            )
    present = {key: value for key, value in document.items() if value is not None}
    written = present.get("format", 1)
    if written not in (1, FORMAT) or isinstance(written, bool):
        raise ParseError(f"format {described(written)} is not known here: formats are 1 and {FORMAT}")
    read_label = _any_label if written == FORMAT else check_label  # files of people have plain labels
    if ("weights" in present) == ("edges" in present):
        raise ParseError("wanted either 'weights', a matrix, or 'edges', [sender, receiver, weight] each")
    labels = _labels(present["labels"], read_label) if "labels" in present else None
    if "weights" in present:
        names, entries = _matrix(present["weights"], labels)
    else:
        names, entries = _edges(present["edges"], labels, read_label)
    thresholds = present.get("thresholds", 1)
    read_thresholds = _values if isinstance(thresholds, list) else _number
    return Draft(
        names,
        entries,
        read_thresholds(thresholds, "thresholds"),
        _values(present["drive"], "drive") if "drive" in present else None,
        _number(present["increment"], "increment") if "increment" in present else None,
    )


def load(text: str) -> Any:
    """JSON data, numbers exact, keys unique.

    Raises:
        ParseError: the text is no JSON; the message says where.
    """

    def whole(digits: str) -> int:
        if len(digits) > 4000:
            raise ParseError(f"a number of {len(digits)} digits: write fewer, or hexadecimal digits")
        return int(digits)

    def refuse(constant: str) -> None:
        raise ParseError(f"{constant} is not a finite number: write a finite value")

    def unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in pairs:
            if key in result:
                raise ParseError(f"key {quoted(key)} comes twice: keep one")
            result[key] = value
        return result

    n_values = text.count(",") + text.count("[") + text.count("{")
    check_reading(len(text) + _VALUE * n_values, 0, 0)
    entries = Entries()
    try:
        data = json.loads(
            text,
            parse_int=whole,
            parse_float=lambda digits: entries.read(digits, lambda: "number"),
            parse_constant=refuse,
            object_pairs_hook=unique,
        )
    except json.JSONDecodeError as error:
        raise ParseError(f"it is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise ParseError("it is nested too deeply: wanted one object with lists of lists") from None
    if text.count("{") > 1:
        n_parts = _parts_of_expressions(data)
        check(
            f"reading expressions of {n_parts:,} parts",
            _PART * n_parts,
            _PART_MEGABYTES * n_parts,
            "put numbers in for symbols",
        )
    return data


def _parts_of_expressions(data: Any) -> int:
    """How many values are in objects of the form in which expressions are written."""
    waiting, found = [(data, False)], 0
    while waiting:
        value, is_inside = waiting.pop()
        found += is_inside
        if isinstance(value, dict):
            is_inside = is_inside or len(value) == 1 or not value.keys().isdisjoint(("symbol", "root"))
            waiting += [(part, is_inside) for part in value.values()]
        elif isinstance(value, list):
            waiting += [(part, is_inside) for part in value if is_inside or isinstance(part, dict | list)]
    return found


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "truth value", type(None): "null"}
    return names.get(type(value), "number")


def _list(value: Any, what: str, wanted: str) -> list[Any]:
    if not isinstance(value, list):
        raise ParseError(f"{what} is a JSON {_kind(value)}: wanted {wanted}")
    return value


def _labels(value: Any, read: Callable[[Any], Any]) -> list[Any]:
    return [read(label) for label in _list(value, "labels", "a list of texts or whole numbers")]


def _any_label(data: Any) -> Any:
    return decoded_label(data, "labels")


def _number(value: Any, where: str) -> sympy.Expr:
    return decoded(value, where) if isinstance(value, dict) else entry(value, where)


def _values(values: Any, what: str) -> list[sympy.Expr]:
    read = Entries(_number).read
    wanted = "a list with one number for each unit"
    return [
        read(value, partial("{}[{}]".format, what, index))
        for index, value in enumerate(_list(values, what, wanted))
    ]


def _matrix(value: Any, labels: list[Any] | None) -> tuple[Sequence[Any], dict[tuple[int, int], sympy.Expr]]:
    rows = [
        _list(row, f"weights[{i}]", "a row of the matrix, as a list")
        for i, row in enumerate(_list(value, "weights", "a matrix, as a list of rows"))
    ]
    for i, row in enumerate(rows):
        if len(row) != len(rows):
            raise ParseError(
                f"weights[{i}] has {len(row)} entries in a matrix of {len(rows)} rows: wanted a square matrix"
            )
    kept = [nonzero(row, range(len(row))) for row in rows]
    check_reading(0, len(rows), sum(map(len, kept)), "give a smaller file, or edges")
    read = Entries(_number).read
    entries = {
        (i, j): read(v, partial("weights[{}][{}]".format, i, j))
        for i, row in enumerate(kept)
        for j, v in row.items()
    }
    if labels is not None and len(labels) != len(rows):
        raise ParseError(f"{len(labels)} labels for a matrix of {len(rows)} rows: give one for each row")
    return range(len(rows)) if labels is None else labels, entries


def _edges(
    value: Any, labels: list[Any] | None, read: Callable[[Any], Any]
) -> tuple[list[Any], dict[tuple[int, int], sympy.Expr]]:
    index = {label: i for i, label in enumerate(labels or [])}
    edges = _list(value, "edges", "a list of [sender, receiver, weight]")
    check_reading(0, len(index), len(edges))
    numbers = Entries(_number)
    entries: dict[tuple[int, int], sympy.Expr] = {}
    places: dict[tuple[type, Any], int] = {}  # of labels that have been read

    def place(label: Any, where: str) -> int:
        key = type(label), label if isinstance(label, str | int) else None
        if key not in places:
            name = read(label)
            if labels is not None and name not in index:
                raise ParseError(f"{where} names {quoted(name)}, which is not in labels: add it there")
            found = index.setdefault(name, len(index))
            if key[1] is None:
                return found
            places[key] = found
        return places[key]

    for number, edge in enumerate(edges):
        where = f"edges[{number}]"
        parts = _list(edge, where, "[sender, receiver, weight]")
        if len(parts) not in (2, 3):
            raise ParseError(f"{where} has {len(parts)} parts: wanted [sender, receiver, weight]")
        j, i = place(parts[0], where), place(parts[1], where)
        if (i, j) in entries:
            first = next(
                n for n, (a, b, *_) in enumerate(edges) if (place(b, where), place(a, where)) == (i, j)
            )
            raise ParseError(
                f"{where}: {edge_name(parts[0], parts[1])} came already as edges[{first}]; keep one"
            )
        entries[i, j] = (
            numbers.read(parts[2], partial("edges[{}][2]".format, number)) if len(parts) == 3 else sympy.S.One
        )
    return list(index) if labels is None else labels, entries
