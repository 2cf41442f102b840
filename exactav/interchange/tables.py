"""Tables: CSV matrices and edge lists of exact entries, and numpy's NPY."""

import io
import re
import warnings
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import sympy

from exactav.errors import IgnoredWarning, InexactError, InvalidNetworkError, ParseError
from exactav.interchange.draft import (
    Draft,
    Entries,
    check_reading,
    entry,
    rounded,
    text_labels,
)
from exactav.interchange.lines import Line, Lines, before_comment
from exactav.network.entries import check_label
from exactav.network.tables import nonzero_rows
from exactav.texts import quoted

_NO_LABEL = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?|[-+]?\d+[eE][-+]\d+|[-+]?\d+/\d+|[-+]\d+")


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
    lines = Lines(text)
    head = lines.head
    if _ends(head):
        _refuse_matrix(lines)
        return parse_edges(text)
    n_weights = 0
    for line in lines:
        if len(line.cells) != len(head.cells):
            raise ParseError(
                f"line {line.number} has {len(line.cells)} cells, line {head.number} has {len(head.cells)}: "
                "wanted the same number in every line"
            )
        n_weights += len(line.cells) - line.cells.count("0")
    labels, n_rows, width, rows = _labels_apart(lines)
    if n_rows != width:
        raise ParseError(
            f"it has {n_rows} lines of {len(head.cells)} cells: wanted a square matrix, and labels of the "
            "columns in a first line if at all; or edges below a first line such as source,target,weight"
        )
    check_reading(len(text), n_rows, n_weights)
    read = Entries(_cell).read
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row.cells):
            if cell != "0":
                entries[i, j] = read(cell, partial(row.where, j))
    return Draft(range(n_rows) if labels is None else labels, entries)


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
    lines: Iterable[Line] = (table := Lines(text))
    check_reading(len(text), 0, len(table))
    head = table.head
    columns = _columns(head)
    if columns is not None:
        lines = (_chosen(line, head, columns) for line in islice(table, 1, None))
    read = Entries(_cell).read
    index: dict[str, int] = {}
    found: dict[tuple[int, int], int] = {}
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for line in lines:
        cells = before_comment(line)
        if len(cells) not in (2, 3) or not (cells[0] and cells[1]):
            raise ParseError(
                f"line {line.number}: {quoted(' '.join(cells))} is no edge; wanted 'source target' or "
                "'source target weight' (labels with blanks in quotes)"
            )
        j, i = index.setdefault(cells[0], len(index)), index.setdefault(cells[1], len(index))
        if (i, j) in entries:
            raise ParseError(
                f"line {line.number}: edge {cells[0]} -> {cells[1]} came already on line {found[i, j]}: keep "
                "one, or add them up first"
            )
        found[i, j] = line.number
        entries[i, j] = read(cells[2], partial(line.where, 2)) if len(cells) == 3 else sympy.S.One
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
    lines = Lines(text)
    if _ends(lines.head):
        return parse_csv(text)
    may_be_edges = all(len(before_comment(line)) in (2, 3) for line in lines)
    width = len(lines.head.cells)
    may_be_matrix = len(lines) in (width, width + 1) and all(len(line.cells) == width for line in lines)
    if may_be_edges and may_be_matrix:
        raise ParseError(
            f"{len(lines)} lines of {width} cells could be a matrix or a list of edges: name it .csv or "
            ".edges, or give the format, csv or edges"
        )
    if not may_be_edges:
        return parse_csv(text)
    for line in lines:
        for index, cell in enumerate(line.cells[:2]):
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
    check_reading(len(data), len(array), int(np.count_nonzero(array)), "give a smaller file, or edges")
    rounded(0.5, max_denominator)  # whether it can be one
    read = Entries(lambda value, where: entry(rounded(value, max_denominator), where)).read
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for i, row in enumerate(nonzero_rows(array)):
        for j, value in row.items():
            entries[i, j] = read(
                int(value) if isinstance(value, bool) else value, partial("W[{}, {}]".format, i, j)
            )
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


def _ends(head: Line) -> list[tuple[str, str]]:
    """The pairs of names of senders and receivers in a first line."""
    names = [cell.lower() for cell in head.cells]
    return [pair for pair in _ENDS if all(names.count(name) == 1 for name in pair)]


def _refuse_matrix(lines: Lines) -> None:
    """Refuse a square matrix whose labels happen to be names of senders and receivers."""
    head = lines.head
    names = [cell.lower() for cell in head.cells]
    places = [names.index(name) for pair in _ends(head) for name in pair]
    if len(lines) - 1 != len(names):
        return
    for line in islice(lines, 1, None):
        for place in places:
            if place < len(line.cells) and _NO_LABEL.fullmatch(line.cells[place]):
                raise ParseError(
                    f"{line.where(place)}: {quoted(line.cells[place])} stands where an edge names a unit, "
                    "and the shape is that of a matrix: relabel its units; or, if these are edges, give the "
                    "format, edges"
                )


def _columns(head: Line) -> list[int] | None:
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


def _chosen(line: Line, head: Line, columns: Sequence[int]) -> Line:
    """The cells of an edge in the order sender, receiver, weight."""
    cells = before_comment(line)
    if len(cells) == 3 and len(head.cells) == 2:  # a weight needs no name
        return line._replace(cells=[*(cells[place] for place in columns), cells[2]])
    if len(cells) != len(head.cells):
        raise ParseError(
            f"line {line.number} has {len(cells)} cells, line {head.number} names {len(head.cells)}: wanted "
            "the same number in every line"
        )
    return line._replace(cells=[cells[place] for place in columns])


def _labels_apart(lines: Lines) -> tuple[list[Hashable] | None, int, int, Iterator[Line]]:
    """The labels, if the shape says that there are some; how many lines of how many cells; these lines."""
    head = lines.head
    width = len(head.cells)
    if len(lines) == width + 1:
        return _labels(head), len(lines) - 1, width, islice(lines, 1, None)
    if head.cells[0] or len(lines) == 1 or len(lines) != width:
        return None, len(lines), width, iter(lines)
    labels = _labels(head._replace(cells=head.cells[1:], first_column=2))
    return labels, len(lines) - 1, width - 1, _labelled(lines, head)


def _labelled(lines: Lines, head: Line) -> Iterator[Line]:
    """The lines of a matrix each of which begins with its label, without it."""
    for line, label in zip(islice(lines, 1, None), head.cells[1:], strict=True):
        if line.cells[0] != label:
            raise ParseError(
                f"line {line.number} is labelled {quoted(line.cells[0])}, its column {quoted(label)}: "
                "wanted the labels of lines in the order of the columns"
            )
        yield line._replace(cells=line.cells[1:], first_column=2)


def _labels(line: Line) -> list[Hashable]:
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
