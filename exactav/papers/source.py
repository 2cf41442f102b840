"""Where the displayed equations and the comments for exactav are in a LaTeX file."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from exactav.errors import ParseError

DISPLAYS = (
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "flalign",
    "alignat",
    "displaymath",
    "dmath",
)
_MAX_DISPLAYS, _MAX_COMMENTS = 5_000, 500
_LONGEST = 40_000  # characters of a display
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%([^\n]*)")
_DIRECTIVE = re.compile(r"[ \t]*exactav:[ \t]*")
_VERBATIM = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|comment|minted|filecontents\*?)\}.*?(?:\\end\{\1\}|\Z)", re.DOTALL
)
_VERB = re.compile(r"\\verb\*?([^A-Za-z*\s])[^\n]{0,500}?\1")
_OPENING = re.compile(rf"\\begin\{{((?:{'|'.join(DISPLAYS)})\*?)\}}|(?<!\\)((?:\\\\)*)(\\\[|\$\$)|\\\]")
_INLINE = re.compile(r"(?<![\\$])\$([^$]{1,400})\$(?!\$)|\\\(([^$]{1,400}?)\\\)")


@dataclass(frozen=True)
class Display:
    """One display: its environment, where it begins in the file, and where its content does and ends."""

    environment: str
    offset: int
    start: int
    stop: int
    closed: bool = True


@dataclass(frozen=True)
class Directive:
    """What a comment ``% exactav: ...`` says, and where."""

    text: str
    offset: int


@dataclass(frozen=True)
class Source:
    """A LaTeX file, comments and verbatim parts blanked out, every character at its old place.

    Attributes:
        text: the file, blanked.
        original: the file.
        items: displays and directives in their order.
        inline: (start, stop) of the mathematics within lines of text.
        lines: where lines begin.
    """

    text: str
    original: str
    items: tuple[Display | Directive, ...]
    inline: tuple[tuple[int, int], ...]
    lines: tuple[int, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


def source(text: str) -> Source:
    r"""What a file has for us.

    Raises:
        ParseError: it has too many displays, or comments for exactav.

    >>> found = source("% exactav: n integer\n\\[ n = n \\]")
    >>> [type(item).__name__ for item in found.items], found.place(found.items[1].start)
    (['Directive', 'Display'], (2, 3))
    """
    original = text = text.replace("\r\n", "\n").replace("\r", "\n")
    directives: list[Display | Directive] = []
    text = _VERBATIM.sub(lambda match: _blank(match.group()), text)
    text = _VERB.sub(lambda match: _blank(match.group()), text)

    def comment(match: re.Match[str]) -> str:
        if said := _DIRECTIVE.match(match.group(2)):
            what = match.group(2)[said.end() :].strip(" \t;.")
            directives.append(Directive(what, match.start(2) + said.end()))
        return match.group(1) + " " * (len(match.group()) - len(match.group(1)))

    text = _COMMENT.sub(comment, text)
    displays = _displays(text)
    for found, most, what in ((displays, _MAX_DISPLAYS, "displays"), (directives, _MAX_COMMENTS, "comments")):
        if len(found) > most:
            raise ParseError(f"it has more than {most} {what}: check its parts one by one")
    items = sorted([*directives, *displays], key=lambda item: item.offset)
    starts = (0, *(place + 1 for place, c in enumerate(text) if c == "\n"))
    return Source(text, original, tuple(items), _inline(text, displays), starts)


def _blank(text: str) -> str:
    return "".join(c if c == "\n" else " " for c in text)


def _displays(text: str) -> list[Display]:
    found: list[Display] = []
    at = 0
    while match := _OPENING.search(text, at):
        name, opened = match.group(1), match.group(3)
        if name is None and opened is None:  # a stray closing bracket
            at = match.end()
            continue
        close = f"\\end{{{name}}}" if name else {"\\[": "\\]", "$$": "$$"}[opened]
        end = text.find(close, match.end(), match.end() + _LONGEST)
        again = _OPENING.search(text, match.end())
        closed = end >= 0 and (again is None or end <= again.start() or opened is not None)
        stop = end if closed else (again.start() if again else len(text))
        start = match.end()
        if name and name.startswith("alignat"):
            argument = re.compile(r"\s*\{\d+\}").match(text, start, max(start, stop))
            start = argument.end() if argument else start
        found.append(Display(name or opened, match.start(), start, max(start, stop), closed))
        at = stop + (len(close) if closed else 0)
        at = max(at, match.end())
    return found


def _inline(text: str, displays: list[Display]) -> tuple[tuple[int, int], ...]:
    """Mathematics between single dollars or round brackets, outside of displays."""
    found: list[tuple[int, int]] = []
    at = 0
    for begin, end in [*((d.offset, d.stop + 20) for d in displays), (len(text), len(text))]:
        for match in _INLINE.finditer(text, at, max(at, begin)):
            found.append(match.span(1) if match.group(1) is not None else match.span(2))
        at = max(at, min(end, len(text)))
    return tuple(found)
