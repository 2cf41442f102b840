"""Tokens of LaTeX mathematics, with the place of each in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from exactav.errors import ParseError
from exactav.papers.words import words

MAX_TOKENS = 4_000  # of a display
_LONGEST = 2_000  # characters within the braces of a text or command
GREEK = words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi",
    "varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi",
    "Pi Sigma Upsilon Phi Psi Omega ell",
)
_SKIPPED = words(
    ", ; : ! > / displaystyle textstyle scriptstyle limits nolimits nonumber notag strut mathstrut",
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm",
    "allowdisplaybreaks relax hfill hfil noindent centering null smallskip medskip boldmath protect",
    "enspace thinspace negthinspace",
) | {" ", "\n", "\t"}
_SKIPPED_WITH_ARGUMENT = words("label tag hspace vspace phantom hphantom vphantom mspace kern hskip cite")
_TEXTS = words(
    "text mbox textrm textnormal textit textup intertext shortintertext hbox textsf textbf",
)
_SAME = {
    "lbrack": "[",
    "rbrack": "]",
    "lparen": "(",
    "rparen": ")",
    "vert": "|",
    "colon": ":",
    "{": r"\{",
    "}": r"\}",
    "lbrace": r"\{",
    "rbrace": r"\}",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "lt": "<",
    "gt": ">",
    "ne": "!=",
    "neq": "!=",
    "ldots": "...",
    "dots": "...",
    "dotsc": "...",
    "cdots": "...",
    "dotsb": "...",
    "coloneqq": ":=",
    "coloneq": ":=",
    "triangleq": ":=",
    "equiv": "===",
    "dfrac": r"\frac",
    "tfrac": r"\frac",
    "cfrac": r"\frac",
    "tbinom": r"\binom",
    "dbinom": r"\binom",
    "dots,": "...",
}
_BREAK = re.compile(r"\*?[ \t]*(?:\[\s*-?[\d.]+\s*\\?[a-z]+\s*\])?")
_PIECE = re.compile(
    r"(?P<space>[\s~]+)|\\(?P<command>[A-Za-z]+\*?|.)|(?P<number>\d+(?:\.\d+)?)|(?P<letter>[^\W\d_])"
    r"|(?P<assign>:=)|(?P<other>.)",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Token:
    r"""One token.

    Attributes:
        kind: ``number``, ``name`` (a letter or Greek letter), ``command``, ``text``, ``gap`` (a quad),
            ``break`` (a new row), ``&``, ``begin``, ``end`` (of an environment), ``mark``, or ``last``.
        text: what it says: canonical where LaTeX has several ways, such as ``<=`` for \le and \leq.
        offset: where it begins in the file.
        stop: where it ends.
        side: of a bar or a dot that \left or \right stands before: ``left``, ``right``; else empty.
    """

    kind: str
    text: str
    offset: int
    stop: int
    side: str = ""


class NotUnderstoodError(ParseError):
    """Something that the grammar does not have; ``offset`` says where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class PartOfFormulaError(NotUnderstoodError):
    """Words that are not understood, and may belong to the formula itself."""


def tokens_of(text: str, start: int, stop: int, *, plain: bool = False) -> list[Token]:
    r"""The tokens of ``text[start:stop]``.

    Args:
        plain: whether ``alpha`` is a name as \alpha is, as in comments; else it is five letters.

    Raises:
        NotUnderstoodError: there are too many.

    >>> [token.text for token in tokens_of(r"\tfrac12 \le \alpha\,x", 0, 22)]
    ['\\frac', '12', '<=', 'alpha', 'x']
    """
    found: list[Token] = []
    for token in _tokens(text, start, stop, plain):
        found.append(token)
        if len(found) > MAX_TOKENS:
            raise NotUnderstoodError(f"more than {MAX_TOKENS} tokens: split the display", start)
    return found


def _tokens(text: str, start: int, stop: int, plain: bool) -> Iterator[Token]:
    at, side = start, ""
    while at < stop:
        match = _PIECE.match(text, at, stop)
        assert match is not None  # the last alternative takes anything
        kind, body, end = match.lastgroup, match.group(match.lastgroup or 0), match.end()
        if kind == "space":
            at = end
            continue
        if plain and kind == "letter" and (word := _WORD.match(text, at, stop)):
            yield Token("name" if word.group() in GREEK else "word", word.group(), at, word.end())
            at = word.end()
            continue
        if plain and body in ("<", ">", "!") and text.startswith("=", end) and end < stop:
            yield Token("mark", f"{body}=", at, end + 1)
            at = end + 1
            continue
        if kind == "command":
            made, end = _command(text, at, end, stop, body, plain)
            if body in ("left", "right"):
                side, at = body, end
                continue
            yield from (replace(token, side=side) for token in made)
        elif side and body == ".":
            pass  # \left. is no delimiter
        elif kind == "number":
            yield Token("number", body, at, end)
        elif kind == "letter":
            yield Token("name", body, at, end)
        else:
            yield Token("&" if body == "&" else "mark", body, at, end, side)
        at, side = end, ""


def _command(text: str, at: int, end: int, stop: int, body: str, plain: bool) -> tuple[list[Token], int]:
    """The tokens that a command stands for, and where to go on."""
    name = body.rstrip("*") if len(body) > 1 else body
    if body == "\\":
        skipped = _BREAK.match(text, end, stop)
        end = skipped.end() if skipped else end
        return [Token("break", "\\\\", at, end)], end
    if body in ("newline", "cr"):
        return [Token("break", "\\\\", at, end)], end
    if body == "forall":
        return [Token("text", "for all", at, end)], end
    if body in ("quad", "qquad"):
        return [Token("gap", "quad", at, end)], end
    if name in _SKIPPED:
        return [], end
    if name in _SKIPPED_WITH_ARGUMENT:
        return [], (group(text, end, stop) or (end, end))[1]
    if name in _TEXTS:
        inside = group(text, end, stop)
        word = _WORD.fullmatch(text, inside[0], inside[1] - 1) if inside else None
        if inside and word and text[inside[1] : stop].lstrip()[:1] in ("(", "_", "["):
            return [Token("word", word.group(), at, inside[1])], inside[1]  # a name, as in \text{Var}(L)
        return (
            (_texts(text, *inside, plain), inside[1]) if inside else ([Token("command", body, at, end)], end)
        )
    if name in ("begin", "end"):
        inside = group(text, end, stop)
        if inside is None:
            raise NotUnderstoodError(f"\\{name} without the name of an environment", at)
        called = text[inside[0] : inside[1] - 1].strip()
        return [Token(name, called, at, inside[1])], inside[1]
    if name in GREEK:
        return [Token("name", name, at, end)], end
    if body in ("|", "Vert"):
        return [Token("command", "\\Vert", at, end)], end
    if body in ("lvert", "rvert"):
        return [Token("mark", "|", at, end, "left" if body == "lvert" else "right")], end
    same = _SAME.get(name)
    if same is not None:
        return [Token("command" if same[0] == "\\" and same[1:].isalpha() else "mark", same, at, end)], end
    return [Token("command", f"\\{name}", at, end)], end


def group(text: str, at: int, stop: int) -> tuple[int, int] | None:
    """Behind which places the braces that follow ``at`` open and close; None if none follow."""
    stop = min(stop, at + _LONGEST)
    while at < stop and text[at].isspace():
        at += 1
    if at >= stop or text[at] != "{":
        return None
    depth, begun = 0, at + 1
    while at < stop:
        if text[at] == "\\":
            at += 2
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return begun, at
    return None


def _texts(text: str, begun: int, end: int, plain: bool) -> list[Token]:
    """Texts, and the tokens of the mathematics in them between dollars."""
    found: list[Token] = []
    at = begun
    for place, part in enumerate(text[begun : end - 1].split("$")):
        if place % 2:
            found += _tokens(text, at, at + len(part), plain)
        elif part.strip(" ~"):
            found.append(Token("text", " ".join(part.replace("~", " ").split()), at, at + len(part)))
        at += len(part) + 1
    return found
