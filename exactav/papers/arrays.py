"""Environments within a formula: determinants of small matrices, and cases."""

from exactav.papers.conditions import conditions
from exactav.papers.cursor import Cursor
from exactav.papers.nodes import Call, Node
from exactav.papers.pieces import cut, stripped
from exactav.papers.tokens import Token

_MAX_SIDE, _MAX_CASES = 6, 12
_MATRICES = ("matrix", "pmatrix", "bmatrix", "array", "smallmatrix")


def array(at: Cursor) -> Node:
    """The value of the environment that is next."""
    name = at.next.text
    if name == "vmatrix":
        return _determinant(at, *_cells(at))
    if name in ("cases", "dcases", "cases*", "dcases*"):
        return cases(at)
    raise at.fail("this environment has no value within a formula")


def determinant(at: Cursor) -> Node:
    r"""The determinant of the matrix that follows \det."""
    opened = at.take("(", "[", "{")
    if at.next.kind != "begin" or at.next.text not in _MATRICES:
        raise at.fail(r"wanted an explicit matrix behind \det")
    found = _determinant(at, *_cells(at))
    if opened is not None:
        at.want({"(": ")", "[": "]", "{": "}"}[opened.text])
    return found


def _determinant(at: Cursor, begun: Token, rows: list[list[list[Token]]]) -> Node:
    if any(len(row) != len(rows) for row in rows):
        raise at.fail("a matrix that is not square", begun)
    if len(rows) > _MAX_SIDE:
        raise at.fail(f"a matrix of more than {_MAX_SIDE} rows", begun)
    return Call("det", tuple(at.within(cell).whole() for row in rows for cell in row))


def cases(at: Cursor) -> Node:
    """The cases that are next, as an environment of two columns."""
    begun, rows = _cells(at)
    found = []
    if not 0 < len(rows) <= _MAX_CASES:
        raise at.fail(f"more than {_MAX_CASES} cases, or none", begun)
    for row in rows:
        value, needs = row[0], [token for cell in row[1:] for token in cell]
        if len(row) == 1:
            (_, value), *others = cut(
                row[0], lambda token: token.kind in ("gap", "text") or token.text == ","
            )
            needs = [token for separator, part in others for token in (separator, *part) if token is not None]
        found.append(Call("case", (at.within(stripped(value)).whole(), *conditions(needs, at.within))))
    return Call("cases", tuple(found))


def _cells(at: Cursor) -> tuple[Token, list[list[list[Token]]]]:
    """The cells of the environment that is next, row by row, and the token that begins it."""
    begun, depth = at.next, 0
    rows: list[list[list[Token]]] = [[[]]]
    at.at += 1
    if begun.text == "array" and at.take("{"):  # the columns
        while not at.take("}"):
            if at.next.kind == "last":
                raise at.fail("wanted }")
            at.at += 1
    while True:
        token = at.next
        if token.kind == "last":
            raise at.fail(f"the environment {begun.text} does not end", begun)
        at.at += 1
        if token.kind == "end" and depth == 0:
            break
        depth += (token.kind == "begin") - (token.kind == "end")
        if token.kind == "&" and depth == 0:
            rows[-1].append([])
        elif token.kind == "break" and depth == 0:
            rows.append([[]])
        else:
            rows[-1][-1].append(token)
    kept = [row for row in rows if any(stripped(cell) for cell in row)]
    return begun, [[stripped(cell) for cell in row] for row in kept]
