"""Names of symbols and functions in LaTeX, with what belongs to them: accents, indices, arguments, limits."""

from collections.abc import Sequence
from fractions import Fraction

from exactav.papers.cursor import Cursor
from exactav.papers.nodes import Call, Name, Node, Number, replaced
from exactav.papers.pieces import cut, is_mark
from exactav.papers.tokens import GREEK, NotUnderstoodError, Token
from exactav.papers.words import words

_STYLES = words(
    r"\mathrm \mathit \mathcal \mathbb \mathbf \boldsymbol \bm \operatorname \mathsf \mathfrak",
    r"\mathscr",
)
_PLAIN = (r"\mathrm", r"\mathit", r"\operatorname", r"\operatorname*")
_ACCENTS = words(r"\bar \hat \tilde \overline \vec \dot \widehat \widetilde \check \underline")
_VECTORS = (r"\mathbf", r"\boldsymbol", r"\bm", r"\vec")
_MAX_NAME = 60


def begins_name(token: Token) -> bool:
    r"""Whether a token begins a name: \bar, \mathrm, \langle and their like."""
    return token.kind == "command" and (
        token.text in _STYLES
        or token.text in _PLAIN
        or token.text in _ACCENTS
        or token.text in (r"\langle", r"\Pr")
    )


def is_euler(tokens: Sequence[Token], at: int) -> bool:
    r"""Whether \mathrm{e} is next."""
    return [token.text for token in tokens[at : at + 4]] in (
        [style, "{", "e", "}"] for style in (r"\mathrm", r"\operatorname")
    )


def is_derivative(above: Sequence[Token], below: Sequence[Token]) -> bool:
    """Whether a fraction of these is d.../d... ."""

    def begins(tokens: Sequence[Token]) -> bool:
        inner = [t for t in tokens if not is_mark(t, "{", "}") and t.text != r"\mathrm"]
        return bool(inner) and inner[0].text in ("d", r"\partial")

    return begins(above) and begins(below)


def read_name(at: Cursor) -> tuple[str, bool]:
    """A name with its indices and primes, and whether an index of it is computed."""
    begun = at.next
    name = _base(at)
    varies = False
    while True:
        if at.take("_"):
            index, computed = _index(at)
            varies = varies or computed or "," in index or (name == "delta" and not index.isdigit())
            name = f"{name}_{index}"
        elif at.take("'"):
            name += "'"
        else:
            break
    if len(name) > _MAX_NAME:
        raise at.fail("a name this long", begun)
    return name, varies


def _base(at: Cursor) -> str:
    token = at.next
    at.at += 1
    if token.kind in ("name", "word"):
        return token.text
    if token.text == r"\Pr":
        return "Pr"
    if token.text == r"\langle":
        inside = _until(at, r"\rangle")
        return f"<{_joined(inside)}>"
    if token.text in _VECTORS:
        raise at.fail("vectors and matrices are not known", token)
    style = token.text[1:].rstrip("*")
    inside = _braced(at)
    if not inside or any(is_mark(t, "(", "+", "=", "/") or t.kind == "begin" for t in inside):
        raise at.fail("wanted a name", token)
    joined = _joined(inside)
    if token.text in _PLAIN:
        if joined in ("d", "i"):
            raise at.fail("differentials and imaginary numbers are not known", token)
        return joined
    return f"{style}({joined})"


def _braced(at: Cursor) -> list[Token]:
    """The tokens of a group, or the single one that stands for it."""
    if at.take("{"):
        depth, inside = 1, list[Token]()
        while at.next.kind != "last":
            token = at.next
            at.at += 1
            depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "mark" else 0
            if depth == 0:
                return inside
            inside.append(token)
        raise at.fail("wanted }")
    if at.next.kind not in ("name", "word", "number", "command") and not is_mark(at.next, "+", "-", "*"):
        raise at.fail("wanted a name")
    at.at += 1
    return [at.tokens[at.at - 1]]


def _until(at: Cursor, close: str) -> list[Token]:
    inside: list[Token] = []
    while at.next.kind != "last":
        token = at.next
        at.at += 1
        if token.text == close:
            return inside
        if token.text == r"\langle" or token.kind in ("begin", "end", "gap", "break", "&"):
            raise at.fail(f"wanted {close}", token)
        inside.append(token)
    raise at.fail(f"wanted {close}")


def _joined(tokens: Sequence[Token]) -> str:
    """Canonical text of tokens: braces of a single token are none."""
    texts: list[str] = []
    for place, token in enumerate(tokens):
        around = tokens[place - 1 : place], tokens[place + 1 : place + 2], tokens[place + 2 : place + 3]
        opens = is_mark(token, "{") and around[2] and is_mark(around[2][0], "}")
        closes = is_mark(token, "}") and place >= 2 and is_mark(tokens[place - 2], "{")
        if not (opens or closes):
            texts.append(token.text)
    return "".join(texts)


def _index(at: Cursor) -> tuple[str, bool]:
    """The text of a subscript, and whether it is computed, as in n+1."""
    if at.next.kind == "text":
        at.at += 1
        return at.tokens[at.at - 1].text.replace(" ", ""), False
    token = at.next
    if token.kind == "number" and len(token.text) > 1:
        raise at.fail("an index of several digits without braces")
    inside = _braced(at)
    computed = len(inside) > 1 and any(is_mark(t, "+", "-", "*", "/", "^", "_") for t in inside)
    if any(t.kind in ("begin", "end", "gap", "break", "&") or is_mark(t, "=", "<", ">") for t in inside):
        raise at.fail("wanted an index", token)
    texts = [t for t in inside if not (t.kind == "command" and t.text in _STYLES)]
    return _joined(texts).replace("{", "").replace("}", "") or "_", computed


def has_index(name: str, index: str) -> bool:
    """Whether ``index`` is among the letters of a subscript.

    >>> has_index("p_k", "k"), has_index("k", "k")
    (True, False)
    """
    return index in name.partition("_")[2]


def marked(node: Node, index: str) -> Node:
    """The node with the names that have this index marked as those of many numbers."""

    def mark(part: Node) -> Node | None:
        if isinstance(part, Name) and has_index(part.name, index):
            return Name(part.name, varies=True)
        return None

    return replaced(node, mark)


def arguments(at: Cursor, name: str) -> tuple[str, tuple[Node, ...]] | None:
    """What the bars between arguments are, and the arguments; None if a product begins here.

    Raises:
        NotUnderstoodError: it may be either.
    """
    known = at.is_function(name)
    inside = _group(at)
    separators = [sep for sep, _ in cut(inside, _separates) if sep is not None]
    listed = bool(separators) or (
        len(inside) == 1 or (len(inside) > 1 and is_mark(inside[1], "_", "'") and not _has_sign(inside))
    )
    if known is None and (name.startswith("mathbb(") or (len(name.partition("_")[0]) > 2 and name.isalpha())):
        known = name not in GREEK
    if known is False and listed and len(inside) >= 1 and inside[0].kind != "number":
        raise at.fail(f"{name} is a number, and this looks like a function of arguments")
    if known is False:
        return None
    if known is None and (not listed or at.next.text == "["):
        raise _unclear(at, name)
    close = {"(": ")", "[": "]"}[at.next.text]
    at.at += 1
    parts = [at.sum()]
    while at.take(",", ";", "|", r"\mid"):
        parts.append(at.sum())
    at.want(close)
    bars = "".join({";": ";", "|": "|", r"\mid": "|"}.get(sep.text, "") for sep in separators)
    return bars, tuple(parts)


def is_inverse(at: Cursor, name: str, exponent: Node) -> bool:
    """Whether name^exponent before the parenthesis that is next may be a function's: f^{-1}(x), P^2(L)."""
    inside = _group(at)
    if len(inside) == 1 and inside[0].kind != "number":
        return True
    return exponent == Call("neg", (Number(Fraction(1)),)) and name not in at.letters


def _unclear(at: Cursor, name: str) -> NotUnderstoodError:
    return at.fail(
        f"whether {name} is a number or a function is not clear: declare it, as in % exactav: {name} real"
    )


def _has_sign(tokens: Sequence[Token]) -> bool:
    return any(is_mark(token, "+", "-", "/", "*", "^", "(") for token in tokens)


def _separates(token: Token) -> bool:
    return is_mark(token, ",", ";", "|") or token.text == r"\mid"


def _group(at: Cursor) -> list[Token]:
    """The tokens within the parenthesis that is next, which stays so."""
    opened, depth, found = at.next.text, 0, list[Token]()
    close = {"(": ")", "[": "]"}[opened]
    for token in at.tokens[at.at :]:
        depth += 1 if is_mark(token, opened) else -1 if is_mark(token, close) else 0
        if depth == 0:
            return found[1:]
        found.append(token)
    raise at.fail(f"wanted {close}", found[-1])


def limits(at: Cursor, token: Token) -> tuple[Name, Node, Node]:
    r"""Index, low and high end of the sum or product whose limits are next: _{k=1}^{n}, or _{k\ge1}."""
    below: tuple[Name, str, Node] | None = None
    above: Node | None = None
    for _ in range(2):
        if below is None and at.take("_"):
            below = _low(at, token)
        elif above is None and at.take("^"):
            above = at.argument()
    if below is None:
        raise at.fail("a sum or product without the limits of its index", token)
    index, relation, low = below
    if relation != "=" and above is None:
        more = (low,) if relation == ">=" else (low, Number(Fraction(1)))
        return index, low if relation == ">=" else Call("+", more), Call("infinity")
    if above is None or relation != "=":
        raise at.fail("a sum or product without both ends", token)
    return index, low, above


def _low(at: Cursor, token: Token) -> tuple[Name, str, Node]:
    at.want("{")
    if at.next.kind not in ("name", "word") and not begins_name(at.next):
        raise at.fail("wanted the index of the sum")
    name, _ = read_name(at)
    relation = at.take("=", ">=", ">")
    if relation is None:
        raise at.fail("wanted index = its first value")
    low = at.sum()
    at.want("}")
    return Name(name), relation.text, low
