"""The equations of one row of a display: chains of sides, and the conditions beside them."""

from collections.abc import Iterator, Sequence

from exactav.papers.claims import Claim, Claims, Side
from exactav.papers.conditions import conditions
from exactav.papers.nodes import Call, Name, Node, free_names, walk
from exactav.papers.pieces import cut, is_mark, is_other_relation, is_relation, stripped
from exactav.papers.rows import Piece, Row
from exactav.papers.tokens import NotUnderstoodError, PartOfFormulaError, Token
from exactav.papers.words import words

Last = dict[int, tuple[list[Token], Side]]
_OPENING = words("where with let we have for and also finally similarly clearly since because by as")
_AND = words("and so hence thus i.e. that is therefore which gives or equivalently then")


def _placed(side: Side, tokens: Sequence[Token], relation: Token) -> Side:
    """A side of no tokens is missing beside its relation."""
    if isinstance(side, NotUnderstoodError) and not tokens:
        return NotUnderstoodError("met nothing: wanted a side of the equation", relation.stop)
    return side


class Lines(Claims):
    """Makes claims of rows."""

    def claims_of_row(
        self, row: Row, last: dict[int, tuple[list[Token], Side]]
    ) -> tuple[list[Claim], list[Node]]:
        """The claims of a row, and the conditions in it; ``last`` has the last side of each chain."""
        main, *others = row.pieces
        equations, meanings = [main], list[Piece]()
        needs: list[Node] = []
        problem: NotUnderstoodError | None = None
        group: list[Token] = []
        for place, piece in enumerate(others):
            kind = self._kind(piece, others[place + 1 : place + 2], main)
            if kind != "condition":
                (equations if kind == "equation" else meanings).append(piece)
                continue
            separator = piece.before
            group += [*([separator] if separator is not None else []), *piece.tokens]
        if group:
            try:
                needs = [need for need in conditions(group, self.known.parser) if need != Call("true")]
            except NotUnderstoodError as error:
                within = any(not piece.apart for piece in others)
                problem = PartOfFormulaError(str(error), error.offset) if within else error
        if problem is None and main.before is not None and main.before.kind == "text":
            said = main.before.text.lower().strip(" .,;:").replace(",", " ").split()
            if not all(word in _AND or word in _OPENING for word in said):
                wrong = f"met {main.before.text[:60]!r}: words that may be a condition, or a name"
                problem = PartOfFormulaError(wrong, main.before.offset)
        claims: list[Claim] = []
        for piece in meanings:  # before the equations that use them
            claims += self._chain(piece, None, [], None, {}, row.chain)
        for number, piece in enumerate(equations):
            begun = last.get(row.chain) if row.continues and number == 0 else None
            claims += self._chain(piece, begun, needs, problem, last, row.chain)
        return sorted(claims, key=lambda claim: claim.start), needs

    def _kind(self, piece: Piece, after: Sequence[Piece], main: Piece) -> str:
        """Whether a piece behind an equation is another ``equation``, a ``meaning`` or a ``condition``."""
        sides = cut(piece.tokens, is_relation)
        heads = [separator.text for separator, _ in sides if separator is not None]
        if not heads or any(head not in ("=", ":=") for head in heads):
            return "condition"
        if after and len(after[0].tokens) == 1 and after[0].tokens[0].text == "...":
            return "condition"
        before = piece.before
        if before is not None and before.kind == "text":
            said = before.text.lower().strip(" .,;:").replace(",", " ").split()
            if not all(word in _AND or word in ("where", "with") for word in said):
                return "condition"
        if is_mark(piece.tokens[0], "(") and is_mark(piece.tokens[-1], ")"):
            return "condition"
        try:
            left = self.known.parser(sides[0][1]).whole()
        except NotUnderstoodError:
            return "equation"
        if not isinstance(left, Name) or left.varies or left.name in self.known.definitions:
            return "equation"
        begins = self._side(stripped(cut(main.tokens, is_relation)[0][1]))
        if self.known.is_known(left.name) or isinstance(begins, NotUnderstoodError):
            return "condition"
        shown = {part.name for part in walk(begins) if isinstance(part, Name)}
        return "condition" if left.name in shown else "meaning"

    def _chain(
        self,
        piece: Piece,
        begun: tuple[list[Token], Side] | None,
        needs: list[Node],
        problem: NotUnderstoodError | None,
        last: Last,
        chain: int,
    ) -> Iterator[Claim]:
        parts = cut(piece.tokens, lambda token: is_relation(token) or is_other_relation(token))
        sides = [(stripped(tokens), self._side(stripped(tokens))) for _, tokens in parts]
        if begun is not None:
            sides[0] = begun
        relations = [separator for separator, _ in parts if separator is not None]
        if not relations:
            begins = piece.tokens[0] if piece.tokens else piece.before
            assert begins is not None
            side = sides[0][1]
            why = str(side) if isinstance(side, NotUnderstoodError) else "there is no equation here"
            at = side.offset if isinstance(side, NotUnderstoodError) else -1
            yield Claim(
                begins.offset,
                piece.tokens[-1].stop if piece.tokens else begins.stop,
                None,
                "not understood",
                why,
                at,
            )
        for number, relation in enumerate(relations):
            (left_tokens, left), (right_tokens, right) = sides[number : number + 2]
            start = left_tokens[0].offset if left_tokens and begun is None else relation.offset
            start = relation.offset if number else start
            stop = right_tokens[-1].stop if right_tokens else relation.stop
            left, right = _placed(left, left_tokens, relation), _placed(right, right_tokens, relation)
            first = number == 0 and begun is None
            yield self.claim(start, stop, relation, (left, right), needs, problem, first)
        last[chain] = sides[-1]
        for _, side in sides:
            if not isinstance(side, NotUnderstoodError):
                self.known.met |= free_names(side)

    def _side(self, tokens: Sequence[Token]) -> Side:
        try:
            return self.known.parser(tokens).whole()
        except NotUnderstoodError as error:
            return error
