"""What each display of a file claims: equations to decide, definitions, and what is not understood."""

import re
from dataclasses import dataclass
from typing import Literal

from exactav.papers.knowledge import Knowledge
from exactav.papers.nodes import Call, Name, Node, free_names, walk
from exactav.papers.points import Question
from exactav.papers.source import Source
from exactav.papers.tokens import NotUnderstoodError, PartOfFormulaError, Token
from exactav.papers.words import words

Outcome = Literal["holds", "refuted", "undecided", "not understood", "defines"]
_EQUALS = ("=", ":=", "===")
_AND = words("and so hence thus i.e. that is therefore which gives or equivalently then")
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


class Claims:
    """Makes claims of equations, and learns what they define."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.known = Knowledge()

    def claim(
        self,
        start: int,
        stop: int,
        relation: Token,
        sides: tuple[Side, Side],
        needs: list[Node],
        problem: NotUnderstoodError | None,
        first: bool,
    ) -> Claim:
        """What one relation between two sides claims.

        Args:
            start, stop: where it is in the file.
            relation: between the sides.
            sides: as they are read.
            needs: the conditions beside it.
            problem: why a condition is not understood.
            first: whether it begins its chain, so that its left side may be what is defined.
        """
        left, right = sides
        if relation.text not in _EQUALS:
            why = f"met {relation.text!r}: only equations are checked"
            return Claim(start, stop, None, "not understood", why, relation.offset)
        for side in (left, right):
            if isinstance(side, NotUnderstoodError):
                if first and not isinstance(left, NotUnderstoodError):
                    self.doubt(left, start)
                return Claim(start, stop, None, "not understood", str(side), side.offset)
        assert not isinstance(left, NotUnderstoodError)
        assert not isinstance(right, NotUnderstoodError)
        if (
            first
            and self._is_new(left)
            and not (free_names(left) & free_names(right) and isinstance(left, Name))
        ):
            return self._defined(start, stop, left, right, needs, problem)
        says_so = first and relation.text == ":=" and isinstance(left, Name) and not left.varies
        if says_so and not free_names(left) & {*self.known.definitions, *free_names(right)}:
            return self._defined(start, stop, left, right, needs, problem)
        if isinstance(right, Name) and self._is_new(right) and right.name not in self._all_names(left):
            return self._defined(start, stop, right, left, needs, problem)
        for side, other in ((left, right), (right, left)) if first else ():
            if isinstance(side, Name) and side.name not in {*self.known.definitions, *self._all_names(other)}:
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
            asked = None if isinstance(problem, PartOfFormulaError) else question
            return Claim(start, stop, asked, "not understood", why, problem.offset)
        return Claim(start, stop, question, "undecided", self._doubts(full[0], full[1]))

    def _all_names(self, node: Node) -> set[str]:
        """The names in a formula, abbreviations put in."""
        try:
            return free_names(self.known.in_full(node))
        except NotUnderstoodError:
            return free_names(node)

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
                if isinstance(part, Call) and part.head == "lg":
                    return r"the base of \log is not said: write \ln"
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
            self.doubt(left, start)
            return Claim(
                start, stop, None, "defines", f"{name}, under a condition; nothing is concluded from it"
            )
        try:
            body = Call("cases", (Call("case", (right, *needs)),)) if needs else right
            self.known.define(left, body)
        except NotUnderstoodError as error:
            self.doubt(left, start)
            return Claim(start, stop, None, "not understood", str(error))
        return Claim(start, stop, None, "defines", name)

    def doubt(self, left: Node, start: int) -> None:
        """Remember that a symbol is set equal to what cannot be used."""
        if isinstance(left, Name):
            line = self.source.place(start)[0]
            self.known.doubtful.setdefault(left.name, f"line {line} says what {left.name} is")
