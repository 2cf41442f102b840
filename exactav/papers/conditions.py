r"""Conditions beside an equation: ``1 \le L < N``, ``L = 1, \dots, N - 1``, in words or not."""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from exactav.papers.cursor import Cursor
from exactav.papers.nodes import Call, Name, Node, Number, number
from exactav.papers.pieces import cut, is_mark, is_relation, stripped
from exactav.papers.tokens import NotUnderstoodError, Token
from exactav.papers.words import words

_WORDS = words(
    "for if when whenever provided that with where all any every each and in case of the only as long",
    "as valid i.e. , then",
)
_ELSE = frozenset(("otherwise", "else", "in all other cases"))
_WHOLE = ("integer", "integers", "whole", "natural")
_SETS = {"mathbb(N)": ">=1", "mathbb(Z)": "", "mathbb(N)_0": ">=0"}
Within = Callable[[Sequence[Token]], Cursor]


def conditions(tokens: Sequence[Token], within: Within) -> list[Node]:
    """The relations that tokens say.

    Args:
        within: makes a parser of tokens.

    Raises:
        NotUnderstoodError: they say something else; where there is a place for them at all.
    """
    if not tokens:
        return [Call("true")]
    found: list[Node] = []
    waiting: list[Node] = []  # a and b of ``a, b > 0``
    parts = cut(
        _unwrapped(stripped(list(tokens))),
        lambda token: token.kind in ("text", "gap") or is_mark(token, ",", ";") or _joins(token),
    )
    place = 0
    while place < len(parts):
        separator, part = parts[place]
        place += 1
        if separator is not None and separator.kind == "text":
            said = _said(separator)
            if said == "else":
                found.append(Call("true"))
            elif said == "whole":
                names = [side for relation in found[-1:] for side in _names(relation)] or waiting
                found += [Call("whole", (name,)) for name in names]
                waiting = []
        part = _unwrapped(stripped(part))
        if not part:
            continue
        ends = _range(parts[place : place + 2])
        if ends is not None and _is_first_of_range(part):
            found += _ranged(part, ends, within)
            place += 2
            continue
        made = _relations(part, within)
        if len(made) == 1 and not isinstance(made[0], Call):
            waiting += made
            continue
        if isinstance(made[0], Call) and made[0].head in _RELATION_HEADS:
            first = made[0]
            for name in waiting:
                found += [Call(first.head, (name, first.parts[1]))]
            waiting = []
        found += [*_shared(found, made), *made]
    if waiting:
        raise NotUnderstoodError("a condition without a relation", tokens[0].offset)
    return found or [Call("true")]


def _shared(before: Sequence[Node], made: Sequence[Node]) -> list[Node]:
    """What ``0 < a, b < 1`` says besides 0 < a and b < 1."""
    if len(made) != 1 or not before:
        return []
    last, first = before[-1], made[0]
    if not (isinstance(last, Call) and isinstance(first, Call) and {last.head, first.head} <= {"<", "<="}):
        return []
    if not (isinstance(last.parts[0], Number) and isinstance(first.parts[1], Number)):
        return []
    return [
        Call(last.head, (last.parts[0], first.parts[0])),
        Call(first.head, (last.parts[1], first.parts[1])),
    ]


_RELATION_HEADS = ("=", "<", "<=", ">", ">=", "!=", "whole")


def _joins(token: Token) -> bool:
    return token.text in (r"\wedge", r"\land")


def _said(token: Token) -> str:
    said = token.text.lower().strip(" .,;:()").replace(",", " ")
    if said in _ELSE:
        return "else"
    listed = said.split()
    if listed and listed[-1] in _WHOLE and all(word in _WORDS or word in _WHOLE for word in listed):
        return "whole"
    if all(word in _WORDS for word in listed):
        return ""
    raise NotUnderstoodError(f"met {token.text[:60]!r}: words that may be a condition", token.offset)


def _names(node: Node) -> list[Node]:
    return [part for part in node.parts if isinstance(part, Name)] if isinstance(node, Call) else []


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """Without a parenthesis around everything."""
    opened = list(accumulate(is_mark(token, "(", "[") - is_mark(token, ")", "]") for token in tokens))
    if len(tokens) > 2 and opened[-1] == 0 and all(opened[:-1]):
        inner = tokens[1:-1]
        if any(
            is_relation(token) for separator, _ in cut(inner, is_relation) for token in [separator] if token
        ):
            return stripped(inner)
    return tokens


def _range(parts: Sequence[tuple[Token | None, list[Token]]]) -> list[list[Token]] | None:
    r"""The ends of ``\dots, N``, where these are the next parts; the last one may be missing."""
    dots = [stripped(part) for _, part in parts]
    if not dots or len(dots[0]) != 1 or dots[0][0].text != "...":
        return None
    return dots[1:]


def _is_first_of_range(tokens: Sequence[Token]) -> bool:
    return len(cut(tokens, is_relation)) == 2 and len(cut(tokens, lambda token: is_mark(token, "="))) == 2


def _ranged(tokens: Sequence[Token], ends: list[list[Token]], within: Within) -> list[Node]:
    (_, left), (_, low) = cut(tokens, is_relation)
    name, first = within(left).whole(), within(low).whole()
    found: list[Node] = [Call("whole", (name,)), Call(">=", (name, first))]
    if ends and ends[0]:
        found.append(Call("<=", (name, within(ends[0]).whole())))
    return found


def _relations(tokens: Sequence[Token], within: Within) -> list[Node]:
    """The relations of a chain; a name alone where there is none."""
    member = cut(tokens, lambda token: token.text == r"\in")
    if len(member) == 2:
        name, group = within(member[0][1]).whole(), within(member[1][1]).whole()
        least = _SETS.get(group.name) if isinstance(group, Name) else None
        if least is None:
            raise NotUnderstoodError("a set that is not known", member[1][1][0].offset)
        bound = [Call(">=", (name, number(int(least[2:]))))] if least else []
        return [Call("whole", (name,)), *bound]
    sides = cut(tokens, is_relation)
    read = [within(side).whole() for _, side in sides]
    if len(read) == 1:
        if not isinstance(read[0], Name):
            raise NotUnderstoodError("wanted a relation", tokens[0].offset)
        return read
    heads = [separator.text.lstrip(":") for separator, _ in sides if separator is not None]
    return [Call(head, pair) for head, pair in zip(heads, pairwise(read), strict=True)]
