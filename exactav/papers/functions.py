"""What commands stand for: fractions, roots, functions, sums and products, determinants."""

from exactav.papers import names
from exactav.papers.arrays import determinant
from exactav.papers.cursor import MAX_DEPTH, Cursor
from exactav.papers.nodes import Call, Name, Node, number, walk
from exactav.papers.tokens import Token

_FUNCTIONS = frozenset(("exp", "ln", "log", "cos", "sin", "tan", "cosh", "sinh"))
_LOGARITHMS = {"ln": "log", "log": "lg"}
CLOSING = {"(": ")", "[": "]", r"\{": r"\}"}


class Functions(Cursor):
    """The part of the parser that reads commands."""

    def command(self) -> Node:
        token = self.next
        self.at += 1
        name = token.text[1:]
        if name == "frac":
            return self.fraction(token)
        if name == "binom":
            return Call("binomial", (self.argument(), self.argument()))
        if name == "sqrt":
            degree: Node = number(2)
            if self.take("["):
                degree = self.sum()
                self.want("]")
            return Call("sqrt", (self.argument(), degree))
        if name in ("sum", "prod"):
            return self.big(name, token)
        if name in _FUNCTIONS:
            return self.function(_LOGARITHMS.get(name, name))
        if name in ("max", "min"):
            return self.extreme(name)
        if name == "det":
            return determinant(self)
        if name == "infty":
            return Call("infinity")
        raise self.fail("this command is not known", token)

    def fraction(self, token: Token) -> Node:
        begun = self.at
        above = self.argument()
        middle = self.at
        below = self.argument()
        if names.is_derivative(self.tokens[begun:middle], self.tokens[middle : self.at]):
            raise self.fail("derivatives are not known", token)
        return Call("/", (above, below))

    def function(self, head: str) -> Node:
        if self.take("^"):
            power = self.argument()
            if power == Call("neg", (number(1),)):
                raise self.fail("an inverse function, or a power")
            return Call("^", (self.function(head), power))
        token = self.next
        if token.kind == "mark" and token.text in ("(", "[", r"\{", "{", "|"):
            inside = self.atom()
            if self.next.kind == "mark" and self.next.text in ("^", "!"):
                raise self.fail("a power of a function's argument has two readings")
            return Call(head, (inside,))
        inside = self.factor()
        factors = 1
        while self.next.kind in ("number", "name") or names.begins_name(self.next):
            inside, factors = Call("*", (inside, self.factor())), factors + 1
        if self.begins_atom() or self.next.text == "/":
            raise self.fail("where the argument of the function ends is not clear: set parentheses")
        return Call(head, (inside,))

    def extreme(self, head: str) -> Node:
        token = self.take("(", r"\{", "[")
        if token is None:
            raise self.fail("wanted the numbers in parentheses")
        parts = [self.sum()]
        while self.take(","):
            parts.append(self.sum())
        self.want(CLOSING[token.text])
        return Call(head, tuple(parts))

    def big(self, head: str, token: Token) -> Node:
        """A sum or product with its limits and its term, which goes on to the next + or -."""
        index, low, high = names.limits(self, token)
        if index.name in self.indices:
            raise self.fail("two sums over one index within each other", token)
        self.indices.append(index.name)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"nested more than {MAX_DEPTH} deep")
        term = self.product()
        self.depth -= 1
        self.indices.pop()
        self.ended.add(index.name)
        varying = any(
            isinstance(part, Name) and names.has_index(part.name, index.name) for part in walk(term)
        )
        if varying:
            by_index = index.name
            term = names.marked(term, by_index)
        return Call(head, (index, low, high, term))
