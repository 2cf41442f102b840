"""The displays of a file, one after the other, and the text around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from exactav.papers.claims import Claim, Side
from exactav.papers.conditions import conditions
from exactav.papers.lines import Lines
from exactav.papers.macros import macros, written_out
from exactav.papers.names import begins_name, read_name
from exactav.papers.nodes import Call, Name, Node, walk
from exactav.papers.parser import Parser
from exactav.papers.pieces import cut, is_mark, is_relation, stripped
from exactav.papers.points import Question
from exactav.papers.rows import rows
from exactav.papers.source import Directive, Display, Source
from exactav.papers.tokens import NotUnderstoodError, Token

_NEAR = 40  # formulas within the text before a display, and behind it, that are minded
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\\(?:sub)*section\b|\\begin\{document\}")


def _has_function(node: Node) -> bool:
    """Whether something is in a formula that is no number at any point."""
    return any(isinstance(part, Call) and part.head in ("apply", "formula") for part in walk(node))


class Reading(Lines):
    """Reads the displays of a file in their order, and learns from them."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._macros = macros(source.text)
        # a line with a comment is no empty one, so not in the text without comments
        self._paragraphs = [match.end() for match in _PARAGRAPH.finditer(source.original)]
        self.ignored = 0
        self._skip = False
        self._doubt_what_text_says()

    def claims(self) -> Iterator[Claim]:
        """All of them."""
        waiting = list(self.source.items)[::-1]
        while waiting:
            item = waiting.pop()
            if isinstance(item, Directive):
                yield from self._told(item)
                continue
            inside: list[Directive] = []
            while (
                waiting and isinstance(directive := waiting[-1], Directive) and directive.offset < item.stop
            ):
                inside.append(directive)
                waiting.pop()
            for directive in inside:
                if directive.text != "ignore":
                    yield from self._told(directive)
            if self._skip:
                self._skip, self.ignored = False, self.ignored + 1
                continue
            yield from self._display(item, [d.offset for d in inside if d.text == "ignore"])

    def _told(self, item: Directive) -> Iterator[Claim]:
        if item.text == "ignore":
            self._skip = True
            return
        try:
            self.known.learn(item)
        except (NotUnderstoodError, RecursionError) as error:
            stop = item.offset + len(item.text)
            yield Claim(item.offset, stop, None, "not understood", f"this comment: {error}")

    def _doubt_what_text_says(self) -> None:
        """Symbols that the text sets equal to something are no free ones."""
        for start, stop in self.source.inline:
            try:
                sides = cut(written_out(self.source.text, start, stop, self._macros), is_relation)
                if len(sides) >= 2 and sides[1][0] is not None and is_mark(sides[1][0], "=", ":="):
                    name = Parser(stripped(sides[0][1]), lambda name: True).whole()
                    if isinstance(name, Name):
                        line = self.source.place(start)[0]
                        said = f"line {line} says what {name.name} is, in the text"
                        self.known.doubtful.setdefault(name.name, said)
            except (NotUnderstoodError, RecursionError):
                continue

    def _display(self, item: Display, skipped: list[int]) -> Iterator[Claim]:
        try:
            if not item.closed:
                raise NotUnderstoodError(f"{item.environment} does not end", item.offset)
            tokens = written_out(self.source.text, item.start, item.stop, self._macros)
            self._note_scalars(tokens)
            found = rows(tokens, item.environment)
        except NotUnderstoodError as error:
            yield Claim(item.offset, item.stop, None, "not understood", str(error), error.offset)
            return
        except RecursionError:
            yield Claim(item.offset, item.stop, None, "not understood", "nested too deeply")
            return
        last: dict[int, tuple[list[Token], Side]] = {}
        said: dict[int, list[Node]] = {}
        made: list[tuple[int, list[Claim]]] = []
        for row in found:
            first = row.pieces[0].tokens[0].offset if row.pieces and row.pieces[0].tokens else item.start
            if any(offset < first for offset in skipped):
                skipped = [offset for offset in skipped if offset >= first]
                self.ignored += 1
                continue
            try:
                claims, needs = self.claims_of_row(row, last)
            except RecursionError:
                claims, needs = [Claim(first, item.stop, None, "not understood", "nested too deeply")], []
            said.setdefault(row.chain, []).extend(needs)
            made.append((row.chain, claims))
        around = self._said_around(item)
        for chain, claims in made:
            for claim in claims:
                yield self._cautioned(claim, [*said[chain], *around])

    def _said_around(self, item: Display) -> list[Node]:
        """Relations of numbers within the text of the paragraph, which may be conditions."""
        text, found = self.source.text, list[Node]()
        paragraph = bisect_right(self._paragraphs, item.offset)
        begun = self._paragraphs[paragraph - 1] if paragraph else 0
        after = self._paragraphs[paragraph:]
        end = next((place for place in after if place > item.stop), len(text))
        first = bisect_left(self.source.inline, (item.offset, 0))
        for start, stop in self.source.inline[max(0, first - _NEAR) : first + _NEAR]:
            if begun <= start < end:
                try:
                    tokens = written_out(text, start, stop, self._macros)
                    if any(token is not None for token, _ in cut(tokens, is_relation)):
                        made = [self.known.in_full(node) for node in conditions(tokens, self.known.parser)]
                        found += [node for node in made if not _has_function(node)]
                except (NotUnderstoodError, RecursionError):
                    continue
        return found

    def _cautioned(self, claim: Claim, said: Sequence[Node]) -> Claim:
        if claim.question is None:
            return claim
        asked = claim.question
        cautions = tuple(one for one in said if one not in asked.conditions)
        question = Question(asked.left, asked.right, asked.conditions, cautions, asked.properties)
        return Claim(claim.start, claim.stop, question, claim.outcome, claim.detail, claim.at)

    def _note_scalars(self, tokens: Sequence[Token]) -> None:
        """Which names come without parentheses behind them."""
        at = Parser(tokens)
        while at.next.kind != "last":
            if at.next.kind != "name" and not begins_name(at.next):
                at.at += 1
                continue
            begun = at.at
            try:
                name, _ = read_name(at)
                if not is_mark(at.next, "(", "[") and not self.known.is_function(name):
                    self.known.scalars.add(name)
            except NotUnderstoodError:
                at.at = begun + 1
