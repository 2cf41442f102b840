"""Commands that a file defines for itself, written out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exactav.papers.tokens import MAX_TOKENS, NotUnderstoodError, Token, group, tokens_of

_DEFINING = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*\{?\s*\\([A-Za-z]+)\s*\}?\s*(?:\[(\d)\])?\s*(?=\{)|\\def\s*\\([A-Za-z]+)\s*(?=\{)"
)
_OPERATOR = re.compile(r"\\DeclareMathOperator\*?\s*\{\s*\\([A-Za-z]+)\s*\}\s*\{([A-Za-z]+)\}")
_MAX_DEPTH, _LONGEST = 8, 400  # of a macro within macros; characters of one


@dataclass(frozen=True)
class Macro:
    """A command of a file.

    Attributes:
        arguments: how many it takes, each a group in braces.
        body: what it stands for.
    """

    arguments: int
    body: str


def macros(text: str) -> dict[str, Macro]:
    r"""The commands that a file defines, the last definition of each.

    >>> macros(r"\newcommand{\avg}[1]{\langle #1 \rangle} \def\al{\alpha}")["avg"].arguments
    1
    """
    found: dict[str, Macro] = {}
    for match in _DEFINING.finditer(text):
        inside = group(text, match.end(), len(text))
        if inside is not None and inside[1] - inside[0] <= _LONGEST:
            found[match.group(1) or match.group(3)] = Macro(
                int(match.group(2) or 0), text[inside[0] : inside[1] - 1]
            )
    for match in _OPERATOR.finditer(text):
        found[match.group(1)] = Macro(0, rf"\mathrm{{{match.group(2)}}}")
    return found


def written_out(text: str, start: int, stop: int, known: Mapping[str, Macro]) -> list[Token]:
    """The tokens of ``text[start:stop]``, with what commands of the file stand for at the commands' places.

    Raises:
        NotUnderstoodError: there are too many tokens, or a command goes on without end.
    """
    return _expanded(text, tokens_of(text, start, stop), known, stop, 0)


def _expanded(
    text: str, tokens: Sequence[Token], known: Mapping[str, Macro], stop: int, depth: int
) -> list[Token]:
    found: list[Token] = []
    behind = -1  # tokens before this place are arguments of a command
    for token in tokens:
        if token.offset < behind:
            continue
        macro = known.get(token.text[1:]) if token.kind == "command" else None
        if macro is None:
            found.append(token)
            continue
        if depth >= _MAX_DEPTH:
            raise NotUnderstoodError(f"{token.text} goes on without end", token.offset)
        body, end = macro.body, token.stop
        for number in range(1, macro.arguments + 1):
            inside = group(text, end, stop)
            if inside is None:
                raise NotUnderstoodError(f"{token.text} without its arguments in braces", token.offset)
            body, end = body.replace(f"#{number}", text[inside[0] : inside[1] - 1]), inside[1]
        behind = end if macro.arguments else behind
        if len(body) > 10 * _LONGEST:
            raise NotUnderstoodError(f"{token.text} is too long", token.offset)
        inner = _expanded(body, tokens_of(body, 0, len(body)), known, len(body), depth + 1)
        found += (replace(one, offset=token.offset, stop=max(end, token.stop)) for one in inner)
        if len(found) > MAX_TOKENS:
            raise NotUnderstoodError(f"more than {MAX_TOKENS} tokens: split the display", token.offset)
    return found
