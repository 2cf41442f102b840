"""The rows of a display: which tokens are sides of an equation, and which say more about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from exactav.papers.pieces import cut, depths, is_mark, is_relation, stripped
from exactav.papers.tokens import NotUnderstoodError, Token

_FLAT = ("split", "aligned", "gathered", "alignedat", "multlined", "subequations", "dgroup")
_COLUMNS = ("align", "alignat", "flalign", "split", "aligned", "alignedat")
_SIGNS = ("+", "-", "*", "/")
_SIGN_COMMANDS = (r"\times", r"\cdot", r"\pm")


@dataclass
class Piece:
    """A part of a row between commas, gaps and words.

    Attributes:
        before: what stands before it.
        tokens: what it is made of.
        apart: whether words before it are set apart by a gap or comma.
    """

    before: Token | None
    tokens: list[Token]
    apart: bool = True


@dataclass
class Row:
    """One row of a chain.

    Attributes:
        pieces: the equation, and what follows it.
        chain: number of the chain; rows of one chain go on with the last side of the row before.
        continues: whether it does.
    """

    pieces: list[Piece] = field(default_factory=list)
    chain: int = 0
    continues: bool = False


def rows(tokens: Sequence[Token], environment: str) -> list[Row]:
    """The rows of a display.

    Raises:
        NotUnderstoodError: a row goes on behind a side condition.
    """
    flat, kinds = _flattened(tokens)
    kind = kinds[-1] if kinds else environment.rstrip("*")
    joined = kind.startswith(("multline", "multlined")) or environment.startswith("multline")
    found: list[Row] = []
    raw: dict[int, list[Token]] = {}
    last: dict[int, Row] = {}
    for _, line in cut(_outside(flat), lambda token: token.kind == "break"):
        for column, (part, amp) in enumerate(_cells(line, kind)):
            part = stripped(part)
            if not part:
                continue
            before = last.get(column)
            starts_with_sign = is_mark(part[0], *_SIGNS) or part[0].text in _SIGN_COMMANDS
            has_equation = any(is_relation(token) for token, _ in cut(part, is_relation) if token)
            goes_on = joined or (starts_with_sign and (amp or part[0].text != "-" or not has_equation))
            goes_on = goes_on or (before is not None and _is_open(raw[column]))
            if before is not None and goes_on and not is_relation(part[0]):
                if len(before.pieces) > 1:
                    raise NotUnderstoodError("a row goes on behind a side condition", part[0].offset)
                raw[column] = [*stripped(raw[column]), *part]
                before.pieces = _pieces(raw[column])
                continue
            row = Row(_pieces(part), len(found))
            if is_relation(part[0]):
                if before is None:
                    raise NotUnderstoodError(
                        "a row that begins with a relation, and none before it", part[0].offset
                    )
                row.chain, row.continues = before.chain, True
            found.append(row)
            raw[column], last[column] = part, row
    return found


def _outside(tokens: Sequence[Token]) -> list[Token]:
    r"""Without the breaks and marks within \left( ... \right), which are only there for the eye."""
    found, inside, environments = [], 0, 0
    for token, depth in zip(tokens, depths(tokens), strict=True):
        environments += token.kind == "begin"
        inside = depth
        if not (inside and not environments and token.kind in ("break", "&")):
            found.append(token)
        environments -= token.kind == "end"
    return found


def _is_open(tokens: Sequence[Token]) -> bool:
    kept = stripped(tokens)
    return bool(kept) and (
        is_relation(kept[-1]) or is_mark(kept[-1], *_SIGNS) or kept[-1].text in _SIGN_COMMANDS
    )


def _flattened(tokens: Sequence[Token]) -> tuple[list[Token], list[str]]:
    """Without environments that only arrange rows, whose names are listed."""
    found: list[Token] = []
    names: list[str] = []
    depth, opened = 0, list[int]()
    skipping = False
    for place, token in enumerate(tokens):
        if skipping:  # the number of columns of alignedat
            skipping = not is_mark(token, "}")
            continue
        if token.kind == "begin" and token.text.rstrip("*") in _FLAT and depth == len(opened):
            names.append(token.text.rstrip("*"))
            opened.append(depth)
            depth += 1
            skipping = token.text == "alignedat" and place + 1 < len(tokens)
            continue
        if token.kind == "end" and opened and depth == len(opened) and token.text.rstrip("*") in _FLAT:
            opened.pop()
            depth -= 1
            continue
        depth += token.kind == "begin" or (token.kind in ("mark", "command") and token.text in _UP)
        depth -= token.kind == "end" or (token.kind in ("mark", "command") and token.text in _DOWN)
        found.append(token)
    return found, names


_UP, _DOWN = ("(", "[", "{", r"\{"), (")", "]", "}", r"\}")


def _cells(line: Sequence[Token], kind: str) -> list[tuple[list[Token], bool]]:
    """The equations side by side in a row, each with whether it begins behind an alignment mark."""
    cells = [part for _, part in cut(line, lambda token: token.kind == "&")]
    if not kind.startswith(_COLUMNS) or kind.startswith("eqnarray"):
        joined = [token for part in cells for token in part]
        return [(joined, len(cells) > 1 and not stripped(cells[0]))]
    found: list[tuple[list[Token], bool]] = []
    for place in range(0, len(cells), 2):
        pair = cells[place : place + 2]
        tokens = [token for part in pair for token in part]
        alone = bool(found) and not any(
            is_mark(t, "=", ":=") for s, _ in cut(tokens, is_relation) for t in [s] if t
        )
        words = stripped(tokens)[:1]
        if found and stripped(tokens) and (alone or words[0].kind == "text"):
            gap = Token("gap", "quad", words[0].offset, words[0].offset)
            found[-1] = ([*found[-1][0], gap, *tokens], found[-1][1])
        else:
            found.append((tokens, len(pair) > 1 and not stripped(pair[0])))
    return found


def _pieces(tokens: Sequence[Token]) -> list[Piece]:
    """What commas, gaps and words set apart."""
    found: list[Piece] = []
    before: Token | None = None
    apart = False
    parts = cut(tokens, lambda token: token.kind in ("gap", "text") or is_mark(token, ",", ";"))
    for separator, part in parts:
        if separator is not None and (separator.kind == "text" or before is None):
            apart = before is not None if separator.kind == "text" else True
            before = separator
        part = stripped(part)
        if part or (before is not None and before.kind == "text"):
            found.append(Piece(before, part, apart))
            before = None
    return found
