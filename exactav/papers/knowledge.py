"""What a file says of its symbols: assumptions, abbreviations, and the formulas that names stand for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, islice

from exactav.errors import ExactavError
from exactav.formulas.catalogue import get
from exactav.papers.conditions import conditions
from exactav.papers.nodes import Call, Name, Node, free_names, replaced, values_of, walk
from exactav.papers.parser import Parser
from exactav.papers.pieces import cut, is_mark, is_relation, stripped
from exactav.papers.source import Directive
from exactav.papers.tokens import NotUnderstoodError, Token, tokens_of

PROPERTIES = ("integer", "positive", "real", "nonnegative", "rational", "nonzero")
_SAME = {"whole": "integer", "integers": "integer", "natural": "integer", "non-negative": "nonnegative"}
_BINDING = re.compile(r"(.+?)\s*:?=\s*([a-z_]\w*\.[a-z_]+(?:\[[\d, ]*\])?)\s*(?:\((.*)\))?\s*$", re.DOTALL)
_LONGEST = 400  # characters of a comment
_MAX_NODES = 10_000  # of an equation, once all abbreviations are put in


@dataclass
class Knowledge:
    """What is known so far.

    Attributes:
        properties: of declared symbols.
        ranges: relations that hold throughout.
        definitions: what symbols stand for, and in which line that is said.
        functions: the same of functions, with their parameters.
        values: the same of a function at a number, such as P(1).
        doubtful: symbols of which something is said that is not understood, and what.
        scalars: names that are met without arguments.
        met: names in the equations so far.
        bound: what is written for formulas of the catalogue, with their IDs.
    """

    properties: dict[str, set[str]] = field(default_factory=dict)
    ranges: list[Node] = field(default_factory=list)
    definitions: dict[str, Node] = field(default_factory=dict)
    functions: dict[str, tuple[tuple[str, ...], Node]] = field(default_factory=dict)
    values: dict[Node, Node] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)
    scalars: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    bound: dict[str, str] = field(default_factory=dict)
    _fresh: "count[int]" = field(default_factory=count)

    def is_function(self, name: str) -> bool | None:
        """Whether a parenthesis behind a name holds arguments; None where it is unknown."""
        plain = re.sub(r"[;|]+$", "", name)
        if any(known.rstrip(";|") == plain for known in self.functions) or any(
            isinstance(call, Call) and call.parts[0] == Name(plain) for call in self.values
        ):
            return True
        return False if name in self.properties or name in self.scalars else None

    def parser(self, tokens: Sequence[Token]) -> Parser:
        """A parser of tokens that knows what is declared."""
        return Parser(tokens, self.is_function, frozenset(self.properties) | frozenset(self.definitions))

    def is_known(self, name: str) -> bool:
        """Whether a symbol is bound, defined, declared or met before."""
        return name in self.definitions or name in self.properties or name in self.met

    def in_full(self, node: Node) -> Node:
        """The node with all abbreviations put in.

        Raises:
            NotUnderstoodError: it grows too large, or goes in circles.
        """
        for _ in range(20):
            made = replaced(node, self._meaning)
            if made == node:
                return node
            if next(islice(walk(made), _MAX_NODES, None), None) is not None:
                break
            node = made
        raise NotUnderstoodError("abbreviations that grow too large, or go in circles", -1)

    def _meaning(self, node: Node) -> Node | None:
        if isinstance(node, Name):
            return self.definitions.get(node.name)
        if not isinstance(node, Call) or node.head != "apply":
            return None
        if node in self.values:
            return self.values[node]
        name, *given = node.parts
        if not isinstance(name, Name) or name.name not in self.functions:
            return None
        parameters, body = self.functions[name.name]
        if len(parameters) != len(given):
            return None
        arguments = {p: self.in_full(value) for p, value in zip(parameters, given, strict=True)}
        return replaced(self._renamed(body), values_of(arguments))

    def _renamed(self, body: Node) -> Node:
        """The body with indices of its own, so that none is that of a sum around it."""

        def rename(node: Node) -> Node | None:
            if not (isinstance(node, Call) and node.head in ("sum", "prod")):
                return None
            index, low, high, term = node.parts
            assert isinstance(index, Name)
            own = Name(f"{index.name}'{next(self._fresh)}")
            inner = replaced(replaced(term, values_of({index.name: own})), rename)
            return Call(node.head, (own, replaced(low, rename), replaced(high, rename), inner))

        return replaced(body, rename)

    def define(self, left: Node, right: Node) -> None:
        """Let a symbol, a function of symbols, or a function at numbers stand for ``right``."""
        if isinstance(left, Name):
            self.definitions[left.name] = self.in_full(right)
            return
        assert isinstance(left, Call)
        name, *given = left.parts
        assert isinstance(name, Name)
        parameters = tuple(part.name for part in given if isinstance(part, Name))
        if len(set(parameters)) == len(given):
            self.functions[name.name] = (parameters, right)
        else:
            self.values[left] = right

    def learn(self, said: Directive) -> None:
        """Take in what a comment says.

        Raises:
            NotUnderstoodError: it is neither an assumption nor a binding.
        """
        if len(said.text) > _LONGEST:
            raise NotUnderstoodError(f"more than {_LONGEST} characters: write several", 0)
        binding = _BINDING.match(said.text)
        if binding is not None:
            self._bind(said, binding)
            return
        tokens = tokens_of(said.text, 0, len(said.text), plain=True)
        waiting: list[Name] = []
        for _, part in cut(tokens, lambda token: is_mark(token, ",", ";")):
            waiting = self._assume(stripped(part), waiting)
        if waiting:
            raise NotUnderstoodError(f"nothing is said of {waiting[0].name}: add integer, real, ...", 0)

    def _assume(self, part: list[Token], waiting: list[Name]) -> list[Name]:
        words = []
        while part and part[-1].kind == "word" and _SAME.get(part[-1].text, part[-1].text) in PROPERTIES:
            word = part.pop()
            words.append(_SAME.get(word.text, word.text))
        if not part:
            raise NotUnderstoodError("wanted a name before the assumption", 0)
        relations = [token for token, _ in cut(part, is_relation) if token is not None]
        if not relations:
            name = Parser(part).whole()
            if not isinstance(name, Name):
                raise NotUnderstoodError("wanted a name, a relation or a binding", part[0].offset)
            if not words:
                return [*waiting, name]
            for one in (*waiting, name):
                self.properties.setdefault(one.name, set()).update(words)
            return []
        left, *_ = (side for _, side in cut(part, is_relation))
        if len(relations) == 1 and is_mark(relations[0], "=", ":="):
            name = Parser(left, lambda name: True).whole()
            right = self.parser(part[len(left) + 1 :]).whole()
            if not isinstance(name, Name) and not (isinstance(name, Call) and name.head == "apply"):
                raise NotUnderstoodError("wanted a symbol or function on the left", part[0].offset)
            self.define(name, right)
            return []
        made = conditions(part, lambda tokens: self.parser(tokens))
        names = sorted({name for relation in made for name in free_names(relation)})
        for known in names:
            self.properties.setdefault(known, {"real"})
        for other in waiting:
            self.properties.setdefault(other.name, {"real"})
            first = made[0]
            assert isinstance(first, Call)
            made.append(Call(first.head, (other, *first.parts[1:])))
        if words and len(names) == 1:
            self.properties[names[0]].update(words)
        elif words:
            raise NotUnderstoodError("which of the symbols the word belongs to is not clear", part[0].offset)
        self.ranges += made
        return []

    def _bind(self, said: Directive, binding: "re.Match[str]") -> None:
        left_text, formula_id, renamed = binding.groups()
        try:
            formula = get(formula_id)
        except ExactavError as error:
            raise NotUnderstoodError(str(error), binding.start(2)) from None
        tokens = tokens_of(left_text, 0, len(left_text), plain=True)
        left = Parser(tokens, lambda name: True).whole()
        ours: dict[str, Node] = {symbol.name: Name(symbol.name) for symbol in formula.symbols}
        for _, part in cut(
            tokens_of(renamed or "", 0, len(renamed or ""), plain=True), lambda token: is_mark(token, ",")
        ):
            if not part:
                continue
            sides = cut(part, lambda token: is_mark(token, "="))
            name = Parser(sides[0][1]).whole() if len(sides) == 2 else None
            if not isinstance(name, Name) or name.name not in ours:
                raise NotUnderstoodError(
                    f"{formula_id} has no such symbol; it has {', '.join(ours)}", binding.start(2)
                )
            ours[name.name] = self.parser(sides[1][1]).whole()
        binds = tuple(Call("bind", (Name(name), value)) for name, value in ours.items())
        body = Call("formula", (Name(formula_id), *binds))
        given = left.parts[1:] if isinstance(left, Call) and left.head == "apply" else ()
        called = (
            left.parts[0].name if given and isinstance(left, Call) and isinstance(left.parts[0], Name) else ""
        )
        if called.startswith(("mathbb(", "E")) and not any(part in ours.values() for part in given):
            self.values[left] = body  # such as E[L], in which L is no argument
            self.bound[left_text] = formula_id
            return
        for argument in given:
            if not isinstance(argument, Name) or argument not in ours.values():
                raise NotUnderstoodError(
                    f"an argument is no symbol of {formula_id}, which has {', '.join(ours)}", 0
                )
        if not isinstance(left, Name) and not given:
            raise NotUnderstoodError("wanted a symbol or a function of symbols on the left", 0)
        if isinstance(left, Call):
            self.scalars -= {left.parts[0].name} if isinstance(left.parts[0], Name) else set()
        self.define(left, body)
        self.bound[left_text] = formula_id
