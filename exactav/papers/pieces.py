"""Tokens cut at what stands between parts, outside of all parentheses, braces and environments."""

from collections.abc import Callable, Sequence

from exactav.papers.tokens import Token
from exactav.papers.words import words

RELATIONS = ("=", ":=", "<", "<=", ">", ">=", "!=")
OTHER_RELATIONS = words(
    "=== \\approx \\sim \\simeq \\cong \\propto \\to \\rightarrow \\longrightarrow \\mapsto",
    "\\Rightarrow \\Leftrightarrow \\iff \\implies \\in \\notin \\subset \\subseteq \\ll \\gg \\asymp",
    "\\lesssim \\gtrsim \\doteq \\prec \\succ \\leadsto \\xrightarrow \\overset \\stackrel \\underset",
    "\\mid \\perp",
)
_UP, _DOWN = ("(", "[", "{", r"\{", r"\lfloor", r"\lceil"), (")", "]", "}", r"\}", r"\rfloor", r"\rceil")


def depths(tokens: Sequence[Token]) -> list[int]:
    """How many groups are open at each token; a token that opens or closes one counts as inside."""
    found, depth = [], 0
    for token in tokens:
        opens = token.kind == "begin" or (token.kind in ("mark", "command") and token.text in _UP)
        closes = token.kind == "end" or (token.kind in ("mark", "command") and token.text in _DOWN)
        found.append(depth + 1 if opens else depth)
        depth += opens - closes
    return found


def cut(tokens: Sequence[Token], at: Callable[[Token], bool]) -> list[tuple[Token | None, list[Token]]]:
    """The parts between separators at depth 0, each with the separator before it; None before the first."""
    parts: list[tuple[Token | None, list[Token]]] = [(None, [])]
    for token, depth in zip(tokens, depths(tokens), strict=True):
        if depth == 0 and at(token):
            parts.append((token, []))
        else:
            parts[-1][1].append(token)
    return parts


def is_mark(token: Token, *texts: str) -> bool:
    """Whether a token is one of these marks."""
    return token.kind == "mark" and token.text in texts


def is_relation(token: Token) -> bool:
    """Whether a token is a relation that the grammar knows."""
    return is_mark(token, *RELATIONS)


def is_other_relation(token: Token) -> bool:
    r"""Whether a token is a relation that nothing is decided of, such as \approx."""
    return token.kind in ("mark", "command") and token.text in OTHER_RELATIONS


def stripped(tokens: Sequence[Token]) -> list[Token]:
    """Without gaps, alignment marks, empty braces and punctuation at both ends."""
    found = list(tokens)
    while found and (found[-1].kind in ("gap", "&", "break") or is_mark(found[-1], ",", ".", ";", ":")):
        found.pop()
    while found:
        if found[0].kind in ("gap", "&", "break") or is_mark(found[0], ",", ";"):
            found.pop(0)
        elif len(found) > 1 and is_mark(found[0], "{") and is_mark(found[1], "}"):
            del found[:2]
        else:
            break
    return found
