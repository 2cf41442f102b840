"""Tables: CSV matrices and edge lists of exact entries, and numpy's NPY."""

import csv
import io
import re
import warnings
from collections.abc import Hashable, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

import numpy as np
import sympy

from exactav.errors import IgnoredWarning, InexactError, InvalidNetworkError, ParseError
from exactav.interchange.draft import Draft, entry, rounded, text_labels
from exactav.network.entries import check_label
from exactav.texts import quoted

_QUOTED = re.compile(r'"[^"]*"')
_NO_LABEL = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?|[-+]?\d+[eE][-+]\d+|[-+]?\d+/\d+|[-+]\d+")


class _Line(NamedTuple):
    number: int
    cells: list[str]
    first_column: int = 1

    def where(self, index: int) -> str:
        return f"line {self.number} column {self.first_column + index}"


def parse_csv(text: str) -> Draft:
    """The draft of a square matrix, row = receiver, one line each; or of edges, if its first line names them.

    Edges are known by a first line that names senders and receivers, such as ``source,target,weight``, see
    :func:`parse_edges`.

    Cells are separated by comma, semicolon, tab, or else blanks, as the first line shows. A first line of
    labels is known by the shape: one line more than columns; or an empty first cell, and then each line
    starts with its label too. Labels that are all whole numbers become ints. Lines that start with ``#`` and
    empty lines are skipped.

    Raises:
        ParseError: the matrix is not square, or a cell is no expression; the message names line and column.
    """
    lines = _lines(text)
    head = lines[0]
    if _ends(head):
        _refuse_matrix(lines)
        return parse_edges(text)
    for line in lines:
        if len(line.cells) != len(head.cells):
            raise ParseError(
                f"line {line.number} has {len(line.cells)} cells, line {head.number} has {len(head.cells)}: "
                "wanted the same number in every line"
            )
    labels, rows = _labels_apart(lines)
    if len(rows) != len(rows[0].cells):
        raise ParseError(
            f"it has {len(rows)} lines of {len(head.cells)} cells: wanted a square matrix, and labels of the "
            "columns in a first line if at all; or edges below a first line such as source,target,weight"
        )
    known: dict[str, sympy.Expr] = {}
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row.cells):
            if cell not in known:
                known[cell] = _cell(cell, row.where(j))
            entries[i, j] = known[cell]
    return Draft(range(len(rows)) if labels is None else labels, entries)


def parse_edges(text: str) -> Draft:
    """The draft of an edge list, lines ``source target [weight]``: the source sends to the target.

    The weight is 1 unless given. Cells are separated as in :func:`parse_csv`; what follows a cell that starts
    with ``#`` is skipped. A first line may name the columns, in any order: senders and receivers as source
    and target, from and to, pre and post, sender and receiver, pre_id and post_id, pre_root_id and
    post_root_id, pre_pt_root_id and post_pt_root_id, bodyId_pre and bodyId_post; weights as weight,
    syn_count, synapses or count. Other columns are ignored, which a warning says. Units come in the order in
    which the lines name them.

    Raises:
        ParseError: a line is no edge, its weight no expression, or an edge comes twice; the message names the
        line.
    """
    lines = _lines(text)
    columns = _columns(lines[0])
    if columns is not None:
        head, *lines = lines
        lines = [_chosen(line, head, columns) for line in lines]
    index: dict[str, int] = {}
    seen: dict[tuple[int, int], int] = {}
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for line in lines:
        cells = _before_comment(line)
        if len(cells) not in (2, 3) or not (cells[0] and cells[1]):
            raise ParseError(
                f"line {line.number}: {quoted(' '.join(cells))} is no edge; wanted 'source target' or "
                "'source target weight' (labels with blanks in quotes)"
            )
        source, target, *weight = cells
        j, i = (index.setdefault(label, len(index)) for label in (source, target))
        if (i, j) in seen:
            raise ParseError(
                f"line {line.number}: edge {source} -> {target} came already on line {seen[i, j]}: keep one, "
                "or add them up first"
            )
        seen[i, j] = line.number
        entries[i, j] = _cell(weight[0], line.where(2)) if weight else sympy.S.One
    if not entries:
        raise ParseError("it has no edges: write lines 'source target weight'")
    return Draft(text_labels(list(index)), entries)


def parse_txt(text: str) -> Draft:
    """The draft of a table that is a matrix or an edge list, whichever its shape allows.

    A matrix is square, with a line of labels or without; an edge list has 2 or 3 columns, or says ``source
    target`` in its first line. The shape alone decides, since the cells of either can be those of the other.

    Raises:
        ParseError: the shape is that of both or of neither, or an edge list names units by fractions, as a
            matrix cut off would; or as for :func:`parse_csv` and :func:`parse_edges`.

    >>> parse_txt("0 1/2\\n1/4 0")
    Traceback (most recent call last):
    exactav.errors.ParseError: 2 lines of 2 cells could be a matrix or a list of edges: name it .csv or ...
    """
    lines = _lines(text)
    if _ends(lines[0]):
        return parse_csv(text)
    edges = [_before_comment(line) for line in lines]
    may_be_edges = all(len(cells) in (2, 3) for cells in edges)
    width = len(lines[0].cells)
    may_be_matrix = len(lines) in (width, width + 1) and all(len(line.cells) == width for line in lines)
    if may_be_edges and may_be_matrix:
        raise ParseError(
            f"{len(lines)} lines of {width} cells could be a matrix or a list of edges: name it .csv or "
            ".edges, or give the format, csv or edges"
        )
    if not may_be_edges:
        return parse_csv(text)
    for line, cells in zip(lines, edges, strict=True):
        for index, cell in enumerate(cells[:2]):
            if _NO_LABEL.fullmatch(cell):
                raise ParseError(
                    f"{line.where(index)}: {quoted(cell)} stands where an edge names a unit, and "
                    f"{len(lines)} lines of {width} cells are no square matrix: if these are edges, name "
                    "the file .edges or give the format, edges"
                )
    return parse_edges(text)


def parse_npy(data: bytes, max_denominator: int | None = None) -> Draft:
    """The draft of a square array, row = receiver: integers as they are, floats to ``max_denominator``.

    Raises:
        InexactError: an array of floats without ``max_denominator``, or of anything that is not a number.
        ParseError: not NPY, or not square.
    """
    array = _npy_array(data)
    if array.dtype.kind == "f" and max_denominator is None:
        raise InexactError(
            "it is an array of floats: give max_denominator to round every entry to a fraction, "
            "or write exact entries as CSV"
        )
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for i, row in enumerate(array.tolist()):
        for j, value in enumerate(row):
            number = int(value) if isinstance(value, bool) else value
            entries[i, j] = entry(rounded(number, max_denominator), f"W[{i}, {j}]")
    return Draft(range(len(array)), entries)


def _npy_array(data: bytes) -> Any:
    stream = io.BytesIO(data)
    try:
        # The header first: what it promises is checked before any memory is given to it.
        version = np.lib.format.read_magic(stream)
        readers = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        shape, _, dtype = readers[version](stream)
    except Exception as error:  # the header is a Python literal, and a broken one raises nearly anything
        raise ParseError(f"it is not an NPY file that can be read ({error})") from None
    if dtype.kind not in "iufb":
        raise InexactError(f"it is an array of {dtype}: wanted integers or floats")
    if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
        raise ParseError(f"it is an array of shape {shape}: wanted a square matrix, row = receiver")
    if len(data) - stream.tell() != shape[0] * shape[1] * dtype.itemsize:
        raise ParseError(f"it is cut off or too long: its header promises {shape[0]} x {shape[1]} entries")
    stream.seek(0)
    array = np.load(stream, allow_pickle=False)
    if dtype.kind != "f":
        return array
    with np.errstate(over="ignore"):  # a long double beyond all doubles becomes inf, and is refused as that
        return array.astype(np.float64)


def _lines(text: str) -> list[_Line]:
    numbered = [
        (number, line.strip(" "))
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not numbered:
        raise ParseError("it is empty: write one line for each unit or edge")
    bare = _QUOTED.sub("", numbered[0][1])
    delimiter = next((mark for mark in ",;\t" if mark in bare), " ")
    result = []
    for number, line in numbered:
        if delimiter == " ":
            line = line.strip()
        try:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
        except csv.Error as error:
            raise ParseError(f"line {number} is not split into cells ({error}): check its quotes") from None
        result.append(_Line(number, [cell.strip() for cell in cells]))
    return result


_ENDS = (
    ("source", "target"),
    ("from", "to"),
    ("pre", "post"),
    ("sender", "receiver"),
    ("pre_root_id", "post_root_id"),
    ("pre_pt_root_id", "post_pt_root_id"),
    ("pre_id", "post_id"),
    ("bodyid_pre", "bodyid_post"),
)
_WEIGHTS = ("weight", "syn_count", "synapses", "count")


def _ends(head: _Line) -> list[tuple[str, str]]:
    """The pairs of names of senders and receivers in a first line."""
    names = [cell.lower() for cell in head.cells]
    return [pair for pair in _ENDS if all(names.count(name) == 1 for name in pair)]


def _refuse_matrix(lines: Sequence[_Line]) -> None:
    """Refuse a square matrix whose labels happen to be names of senders and receivers."""
    head, *body = lines
    names = [cell.lower() for cell in head.cells]
    places = [names.index(name) for pair in _ends(head) for name in pair]
    if len(body) != len(names):
        return
    for line in body:
        for place in places:
            if place < len(line.cells) and _NO_LABEL.fullmatch(line.cells[place]):
                raise ParseError(
                    f"{line.where(place)}: {quoted(line.cells[place])} stands where an edge names a unit, "
                    "and the shape is that of a matrix: relabel its units; or, if these are edges, give the "
                    "format, edges"
                )


def _columns(head: _Line) -> list[int] | None:
    """The places of sender, receiver and, if there is one, weight, in a first line that names them."""
    names, found = [cell.lower() for cell in head.cells], _ends(head)
    if not found:
        return None
    if len(found) > 1:
        raise ParseError(f"line {head.number} names senders and receivers twice, {found}: keep one pair")
    weights = [name for name in _WEIGHTS if name in names]
    if (weights and names.count(weights[0]) > 1) or (len(weights) > 1 and weights[0] != "weight"):
        raise ParseError(f"line {head.number} names weights twice, {', '.join(weights)}: call one weight")
    columns = [names.index(name) for name in (*found[0], *weights[:1])]
    ignored = [cell for place, cell in enumerate(head.cells) if place not in columns]
    if ignored:
        said = ", ".join(map(quoted, ignored[:10])) + (" ..." if len(ignored) > 10 else "")
        taken = f"weights are {quoted(names[columns[2]])}" if weights else "every edge counts 1"
        warnings.warn(f"columns {said} are ignored; {taken}", IgnoredWarning, stacklevel=2)
    return columns


def _chosen(line: _Line, head: _Line, columns: Sequence[int]) -> _Line:
    """The cells of an edge in the order sender, receiver, weight."""
    cells = _before_comment(line)
    if len(cells) == 3 and len(head.cells) == 2:  # a weight needs no name
        return line._replace(cells=[*(cells[place] for place in columns), cells[2]])
    if len(cells) != len(head.cells):
        raise ParseError(
            f"line {line.number} has {len(cells)} cells, line {head.number} names {len(head.cells)}: wanted "
            "the same number in every line"
        )
    return line._replace(cells=[cells[place] for place in columns])


def _before_comment(line: _Line) -> list[str]:
    return list(takewhile(lambda cell: not cell.startswith("#"), line.cells))


def _labels_apart(lines: list[_Line]) -> tuple[list[Hashable] | None, list[_Line]]:
    """The labels, if the shape says that there are some, and the lines of the matrix."""
    head, *body = lines
    if len(lines) == len(head.cells) + 1:
        return _labels(head), body
    if head.cells[0] or len(lines) == 1 or len(lines) != len(head.cells):
        return None, lines
    labels = _labels(head._replace(cells=head.cells[1:], first_column=2))
    for line, label in zip(body, head.cells[1:], strict=True):
        if line.cells[0] != label:
            raise ParseError(
                f"line {line.number} is labelled {quoted(line.cells[0])}, its column {quoted(label)}: "
                "wanted the labels of lines in the order of the columns"
            )
    return labels, [line._replace(cells=line.cells[1:], first_column=2) for line in body]


def _labels(line: _Line) -> list[Hashable]:
    remedy = "wanted a square matrix, and labels of the columns in a first line if at all"
    seen: set[str] = set()
    for index, cell in enumerate(line.cells):
        if _NO_LABEL.fullmatch(cell):
            raise ParseError(f"{line.where(index)}: {quoted(cell)} stands where labels should: {remedy}")
        if cell in seen:
            raise ParseError(f"{line.where(index)}: label {quoted(cell)} is used twice: {remedy}")
        seen.add(cell)
        try:
            check_label(cell)
        except InvalidNetworkError as error:
            raise ParseError(f"{line.where(index)}: {error}") from None
    return text_labels(line.cells)


def _cell(cell: str, where: str) -> sympy.Expr:
    try:
        return entry(cell, where)
    except ParseError as error:
        raise ParseError(str(error).replace(f"{where} = ", f"{where}: ", 1)) from None
