"""What each display of a file claims: equations to decide, definitions, and what is not understood."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from exactav.papers.conditions import conditions
from exactav.papers.knowledge import Knowledge
from exactav.papers.names import begins_name, read_name
from exactav.papers.nodes import Call, Name, Node, free_names, walk
from exactav.papers.parser import Parser
from exactav.papers.pieces import cut, is_mark, is_other_relation, is_relation, stripped
from exactav.papers.points import Question
from exactav.papers.rows import Piece, Row, rows
from exactav.papers.source import Directive, Display, Source
from exactav.papers.tokens import NotUnderstoodError, Token, tokens_of

Outcome = Literal["holds", "refuted", "undecided", "not understood", "defines"]
_EQUALS = ("=", ":=", "===")
_AND = frozenset("and so hence thus i.e. that is therefore which gives or equivalently then".split())
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\\(?:sub)*section\b|\\begin\{document\}")
_SETTLED = ("whole", "<=", ">=")
Side = Node | NotUnderstoodError


@dataclass(frozen=True)
class Claim:
    """One equation of a display.

    Attributes:
        start, stop: where it is in the file.
        question: what is to be decided; None where ``outcome`` says all.
        outcome: what is known without deciding anything.
        detail: why, or what is doubtful about it.
        at: where what is not understood is; the start unless that is known.
    """

    start: int
    stop: int
    question: Question | None = None
    outcome: Outcome = "undecided"
    detail: str = ""
    at: int = -1


def _has_function(node: Node) -> bool:
    """Whether something is in a formula that is no number at any point."""
    return any(isinstance(part, Call) and part.head in ("apply", "formula") for part in walk(node))


class Reading:
    """Reads the displays of a file in their order, and learns from them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.known = Knowledge()
        self.ignored = 0
        self._skip = False
        self._doubt_what_text_says()

    def claims(self) -> Iterator[Claim]:
        """All of them."""
        items = self.source.items
        for place, item in enumerate(items):
            if isinstance(item, Directive):
                if not any(isinstance(d, Display) and d.offset < item.offset < d.stop for d in items[:place]):
                    yield from self._told(item)
                continue
            inside = [d for d in items if isinstance(d, Directive) and item.offset < d.offset < item.stop]
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
                sides = cut(tokens_of(self.source.text, start, stop), is_relation)
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
            tokens = tokens_of(self.source.text, item.start, item.stop)
            self._note_scalars(tokens)
            found = rows(tokens, item.environment)
        except NotUnderstoodError as error:
            yield Claim(item.offset, item.stop, None, "not understood", str(error), error.offset)
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
                claims, needs = self._row(row, last)
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
        written = self.source.original  # a line with a comment is no empty one
        begun = max((m.end() for m in _PARAGRAPH.finditer(written, 0, item.offset)), default=0)
        after = _PARAGRAPH.search(written, item.stop)
        end = after.start() if after else len(text)
        for start, stop in self.source.inline:
            if begun <= start < end:
                try:
                    tokens = tokens_of(text, start, stop)
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

    def _row(self, row: Row, last: dict[int, tuple[list[Token], Side]]) -> tuple[list[Claim], list[Node]]:
        """The claims of a row, and the conditions in it; ``last`` has the last side of each chain."""
        main, *others = row.pieces
        equations = [main]
        needs: list[Node] = []
        problem: NotUnderstoodError | None = None
        group: list[Token] = []
        for place, piece in enumerate(others):
            kind = self._kind(piece, others[place + 1 : place + 2], equations)
            if kind == "equation":
                equations.append(piece)
                continue
            separator = piece.before
            group += [*([separator] if separator is not None else []), *piece.tokens]
        if group:
            try:
                needs = [need for need in conditions(group, self.known.parser) if need != Call("true")]
            except NotUnderstoodError as error:
                problem = error
        claims: list[Claim] = []
        for number, piece in enumerate(equations):
            begun = last.get(row.chain) if row.continues and number == 0 else None
            claims += self._chain(piece, begun, needs, problem, last, row.chain)
        return claims, needs

    def _kind(self, piece: Piece, after: Sequence[Piece], equations: Sequence[Piece]) -> str:
        """Whether a piece behind an equation is another one, or a condition."""
        sides = cut(piece.tokens, is_relation)
        heads = [separator.text for separator, _ in sides if separator is not None]
        if not heads or any(head not in ("=", ":=") for head in heads):
            return "condition"
        if after and len(after[0].tokens) == 1 and after[0].tokens[0].text == "...":
            return "condition"
        before = piece.before
        if before is not None and before.kind == "text":
            words = before.text.lower().strip(" .,;:").replace(",", " ").split()
            if not all(word in _AND for word in words):
                return "condition"
        if is_mark(piece.tokens[0], "(") and is_mark(piece.tokens[-1], ")"):
            return "condition"
        try:
            left = self.known.parser(sides[0][1]).whole()
        except NotUnderstoodError:
            return "equation"
        is_lone = isinstance(left, Name) and left.name not in self.known.definitions
        return "condition" if is_lone else "equation"

    def _chain(
        self,
        piece: Piece,
        begun: tuple[list[Token], Side] | None,
        needs: list[Node],
        problem: NotUnderstoodError | None,
        last: dict[int, tuple[list[Token], Side]],
        chain: int,
    ) -> Iterator[Claim]:
        parts = cut(piece.tokens, lambda token: is_relation(token) or is_other_relation(token))
        sides = [(stripped(tokens), self._side(stripped(tokens))) for _, tokens in parts]
        if begun is not None:
            sides[0] = begun
        relations = [separator for separator, _ in parts if separator is not None]
        if not relations:
            start = piece.tokens[0] if piece.tokens else piece.before
            assert start is not None
            side = sides[0][1]
            why = str(side) if isinstance(side, NotUnderstoodError) else "there is no equation here"
            at = side.offset if isinstance(side, NotUnderstoodError) else -1
            yield Claim(
                start.offset,
                piece.tokens[-1].stop if piece.tokens else start.stop,
                None,
                "not understood",
                why,
                at,
            )
        for place, relation in enumerate(relations):
            (left_tokens, left), (right_tokens, right) = sides[place : place + 2]
            start = left_tokens[0].offset if left_tokens and begun is None else relation.offset
            start = relation.offset if place else start
            stop = right_tokens[-1].stop if right_tokens else relation.stop
            first = place == 0 and begun is None
            yield self._claim(start, stop, relation, (left, right), needs, problem, first)
        last[chain] = sides[-1]
        for _, side in sides:
            if not isinstance(side, NotUnderstoodError):
                self.known.met |= free_names(side)

    def _side(self, tokens: Sequence[Token]) -> Side:
        try:
            return self.known.parser(tokens).whole()
        except NotUnderstoodError as error:
            return error

    def _claim(
        self,
        start: int,
        stop: int,
        relation: Token,
        sides: tuple[Side, Side],
        needs: list[Node],
        problem: NotUnderstoodError | None,
        first: bool,
    ) -> Claim:
        left, right = sides
        if relation.text not in _EQUALS:
            why = f"met {relation.text!r}: only equations are checked"
            return Claim(start, stop, None, "not understood", why, relation.offset)
        for side in (left, right):
            if isinstance(side, NotUnderstoodError):
                if first and not isinstance(left, NotUnderstoodError):
                    self._doubt(left, start)
                return Claim(start, stop, None, "not understood", str(side), side.offset)
        assert not isinstance(left, NotUnderstoodError)
        assert not isinstance(right, NotUnderstoodError)
        if (
            first
            and self._is_new(left)
            and not (free_names(left) & free_names(right) and isinstance(left, Name))
        ):
            return self._defined(start, stop, left, right, needs, problem)
        if isinstance(right, Name) and self._is_new(right) and right.name not in free_names(left):
            return self._defined(start, stop, right, left, needs, problem)
        for side, other in ((left, right), (right, left)) if first else ():
            if isinstance(side, Name) and side.name not in {*self.known.definitions, *free_names(other)}:
                why = f"an equation for {side.name}, which is free; no identity"
                return Claim(start, stop, None, "undecided", why)
        return self._asked(start, stop, left, right, needs, problem)

    def _asked(
        self,
        start: int,
        stop: int,
        left: Node,
        right: Node,
        needs: list[Node],
        problem: NotUnderstoodError | None,
    ) -> Claim:
        try:
            full = [self.known.in_full(side) for side in (left, right)]
            sets = {n.parts[0]: n for n in needs if isinstance(n, Call) and n.head == "="}
            assumed = [*needs, *(r for r in self.known.ranges)]
            conditions_ = tuple(one if one in sets.values() else self.known.in_full(one) for one in assumed)
        except NotUnderstoodError as error:
            return Claim(start, stop, None, "not understood", str(error))
        used = {name for node in (*full, *conditions_) for name in free_names(node)}
        properties = {
            name: tuple(sorted(self.known.properties[name])) for name in used & set(self.known.properties)
        }
        question = Question(full[0], full[1], conditions_, (), properties)
        if problem is not None:
            why = f"its condition, {problem}"
            return Claim(start, stop, question, "not understood", why, problem.offset)
        return Claim(start, stop, question, "undecided", self._doubts(full[0], full[1]))

    def _doubts(self, left: Node, right: Node) -> str:
        """Why a point that refutes the equation would not show that it is wrong; empty if it would."""
        used = free_names(left) | free_names(right)
        for name in sorted(used - set(self.known.properties)):
            if name in self.known.doubtful:
                return f"{self.known.doubtful[name]}: say it in a comment, % exactav: {name} = ..."
        one_sided = (free_names(left) ^ free_names(right)) - set(self.known.properties)
        if one_sided:
            return f"{sorted(one_sided)[0]} is on one side only, and nothing is declared of it"
        for node in (left, right):
            for part in walk(node):
                if isinstance(part, Call) and part.head == "apply" and isinstance(part.parts[0], Name):
                    return f"what {part.parts[0].name} is, is not known: bind or define it"
        return ""

    def _is_new(self, node: Node) -> bool:
        """Whether a symbol, or a function of symbols or numbers, is neither known nor met."""
        if isinstance(node, Name):
            return not node.varies and not self.known.is_known(node.name)
        if not (isinstance(node, Call) and node.head == "apply" and isinstance(node.parts[0], Name)):
            return False
        given = node.parts[1:]
        return (
            node.parts[0].name not in self.known.functions
            and node not in self.known.values
            and not any(isinstance(part, Call) for part in given)
            and node.parts[0].name not in self.known.properties
        )

    def _defined(
        self,
        start: int,
        stop: int,
        left: Node,
        right: Node,
        needs: list[Node],
        problem: NotUnderstoodError | None,
    ) -> Claim:
        name = (
            left.name
            if isinstance(left, Name)
            else getattr(left.parts[0], "name", "")
            if isinstance(left, Call)
            else ""
        )
        settled = all(isinstance(need, Call) and need.head in _SETTLED for need in needs)
        if problem is not None or not settled or (isinstance(left, Name) and needs):
            self._doubt(left, start)
            return Claim(
                start, stop, None, "defines", f"{name}, under a condition; nothing is concluded from it"
            )
        try:
            body = Call("cases", (Call("case", (right, *needs)),)) if needs else right
            self.known.define(left, body)
        except NotUnderstoodError as error:
            self._doubt(left, start)
            return Claim(start, stop, None, "not understood", str(error))
        return Claim(start, stop, None, "defines", name)

    def _doubt(self, left: Node, start: int) -> None:
        """Remember that a symbol is set equal to what cannot be used."""
        if isinstance(left, Name):
            line = self.source.place(start)[0]
            self.known.doubtful.setdefault(left.name, f"line {line} says what {left.name} is")
