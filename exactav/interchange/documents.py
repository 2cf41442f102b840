"""JSON, in and out, exact both ways."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy.polys.polyerrors import BasePolynomialError

from exactav.errors import InvalidNetworkError, ParseError
from exactav.interchange.draft import Draft, check_label, entry
from exactav.network.asked import of_network
from exactav.network.families import suggestion
from exactav.network.network import Network
from exactav.numbers.expressions import parse_expression
from exactav.numbers.fields import into

_KEYS = ("weights", "edges", "labels", "thresholds", "drive", "increment")


@of_network
def to_json(net: Network) -> str:
    """A JSON text that :func:`from_json` turns back into an equal network.

    The weights are a matrix, row = receiver, or, where most are 0, edges ``[sender, receiver, weight]``.
    Numbers that are not whole are texts such as ``"1/5"``.

    Raises:
        InvalidNetworkError: a label is neither text nor a whole number, or an entry cannot be written in the
            grammar of :mod:`exactav.numbers.expressions` (roots, symbols with assumptions or unusual names).

    >>> to_json(Network([["1/5", "a"], [0, 0]], labels="xy"))
    '{"labels": ["x", "y"], "weights": [["1/5", "a"], [0, 0]], "thresholds": [1, 1], "drive": ["1/2", "1/2"]}'
    """
    labels = [check_label(label) for label in net.labels]
    text = _writer(net)
    entries = {
        (i, j): text(value, f"W[{labels[i]!r}, {labels[j]!r}]") for (i, j), value in net.entries.items()
    }
    document: dict[str, Any] = {"labels": labels}
    if 2 * len(entries) < net.n_units**2:
        document["edges"] = [[labels[j], labels[i], value] for (i, j), value in entries.items()]
    else:
        units = range(net.n_units)
        document["weights"] = [[entries.get((i, j), 0) for j in units] for i in units]
    for key, values in (("thresholds", net.thresholds), ("drive", net.drive)):
        document[key] = [text(v, f"{key} of {label!r}") for v, label in zip(values, labels, strict=True)]
    if net.increment is not None:
        document["increment"] = text(net.increment, "increment")
    return json.dumps(document)


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
    document = _load(text)
    if not isinstance(document, dict):
        raise ParseError(
            f'it is a JSON {_kind(document)}: wanted an object, such as {{"weights": [[0, "1/2"], [0, 0]]}}'
        )
    for key in document:
        if key not in _KEYS:
            raise ParseError(f"unknown key {key!r}{suggestion(key, _KEYS)}; keys are {', '.join(_KEYS)}")
    present = {key: value for key, value in document.items() if value is not None}
    if ("weights" in present) == ("edges" in present):
        raise ParseError("wanted either 'weights', a matrix, or 'edges', [sender, receiver, weight] each")
    labels = _labels(present["labels"]) if "labels" in present else None
    if "weights" in present:
        names, entries = _matrix(present["weights"], labels)
    else:
        names, entries = _edges(present["edges"], labels)
    thresholds = present.get("thresholds", 1)
    read_thresholds = _values if isinstance(thresholds, list) else entry
    return Draft(
        names,
        entries,
        read_thresholds(thresholds, "thresholds"),
        _values(present["drive"], "drive") if "drive" in present else None,
        entry(present["increment"], "increment") if "increment" in present else None,
    )


def _load(text: str) -> Any:
    def whole(digits: str) -> int:
        if len(digits) > 4000:
            raise ParseError(f"a number of {len(digits)} digits: write fewer")
        return int(digits)

    def refuse(constant: str) -> None:
        raise ParseError(f"{constant} is not a finite number: write a finite value")

    def unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in pairs:
            if key in result:
                raise ParseError(f"key {key!r} comes twice: keep one")
            result[key] = value
        return result

    try:
        return json.loads(
            text,
            parse_int=whole,
            parse_float=lambda digits: entry(digits, "number"),
            parse_constant=refuse,
            object_pairs_hook=unique,
        )
    except json.JSONDecodeError as error:
        raise ParseError(f"it is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise ParseError("it is nested too deeply: wanted one object with lists of lists") from None


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "truth value", type(None): "null"}
    return names.get(type(value), "number")


def _list(value: Any, what: str, wanted: str) -> list[Any]:
    if not isinstance(value, list):
        raise ParseError(f"{what} is a JSON {_kind(value)}: wanted {wanted}")
    return value


def _labels(value: Any) -> list[Any]:
    return [check_label(label) for label in _list(value, "labels", "a list of texts or whole numbers")]


def _values(values: Any, what: str) -> list[sympy.Expr]:
    return [
        entry(value, f"{what}[{index}]")
        for index, value in enumerate(_list(values, what, "a list with one number for each unit"))
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
    entries = {
        (i, j): entry(v, f"weights[{i}][{j}]") for i, row in enumerate(rows) for j, v in enumerate(row)
    }
    if labels is not None and len(labels) != len(rows):
        raise ParseError(f"{len(labels)} labels for a matrix of {len(rows)} rows: give one for each row")
    return range(len(rows)) if labels is None else labels, entries


def _edges(value: Any, labels: list[Any] | None) -> tuple[list[Any], dict[tuple[int, int], sympy.Expr]]:
    index = {label: i for i, label in enumerate(labels or [])}
    seen: dict[tuple[int, int], int] = {}
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for number, edge in enumerate(_list(value, "edges", "a list of [sender, receiver, weight]")):
        where = f"edges[{number}]"
        parts = _list(edge, where, "[sender, receiver, weight]")
        if len(parts) not in (2, 3):
            raise ParseError(f"{where} has {len(parts)} parts: wanted [sender, receiver, weight]")
        for label in map(check_label, parts[:2]):
            if labels is not None and label not in index:
                raise ParseError(f"{where} names {label!r}, which is not in labels: add it there")
            index.setdefault(label, len(index))
        j, i = index[parts[0]], index[parts[1]]
        if (i, j) in seen:
            raise ParseError(
                f"{where}: edge {parts[0]!r} -> {parts[1]!r} came already as edges[{seen[i, j]}]; keep one"
            )
        seen[i, j] = number
        entries[i, j] = entry(parts[2], f"{where}[2]") if len(parts) == 3 else sympy.S.One
    return list(index) if labels is None else labels, entries


def _writer(net: Network) -> Callable[[sympy.Expr, str], int | str]:
    known: dict[sympy.Expr, int | str] = {}

    def write(expr: sympy.Expr, where: str) -> int | str:
        if expr not in known:
            known[expr] = _written(net, expr, where)
        return known[expr]

    return write


def _written(net: Network, expr: sympy.Expr, where: str) -> int | str:
    if expr.is_Integer and abs(expr) < 2**53:  # what every JSON reader takes exactly
        return int(expr)
    try:
        text = str(expr)
        same = into(net.field, parse_expression(text), "an entry") == into(net.field, expr, "an entry")
    except (ValueError, TypeError, BasePolynomialError):
        same = False
    if not same:
        raise InvalidNetworkError(
            f"{where} = {expr} cannot be written in the grammar of files (numbers, names, + - * / **): "
            "name it by a plain symbol, and put its value in with .at(...)"
        )
    return text
