"""The grammar of formulas in LaTeX, read by a parser that never runs code nor guesses.

::

    sum     = ["+" | "-"] product (("+" | "-") product)*
    product = factor ((cdot | times | "*" | "/" | nothing) factor)*
    factor  = atom ("!" | "^" argument)*
    atom    = number | name | group | function | fraction | root | binomial | big operator | matrix | cases

What has two readings in papers is not understood: ``a/bc``, ``ln 2n (m)``, a sum's index behind the sum.
"""

from fractions import Fraction

from exactav.papers import names
from exactav.papers.arrays import array, cases, determinant
from exactav.papers.cursor import MAX_DEPTH
from exactav.papers.functions import CLOSING, Functions
from exactav.papers.nodes import Call, Name, Node, Number
from exactav.papers.pieces import is_mark
from exactav.papers.tokens import Token

_MAX_DIGITS = 200
_INDEX_STYLES = (r"\mathrm", r"\mathit", r"\operatorname", r"\mathsf", r"\rm")
_TIMES = (r"\cdot", r"\times", "*", r"\ast")


class Parser(Functions):
    """Reads the tokens of one side."""

    def whole(self) -> Node:
        """The side, read to its end."""
        node = self.sum()
        if self.next.kind != "last":
            raise self.fail("wanted an operator or the end of the side")
        return node

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"nested more than {MAX_DEPTH} deep")
        terms: list[Node] = []
        self.skip_gaps()
        sign = self.take("+", "-")
        while True:
            term = self.product()
            terms.append(Call("neg", (term,)) if sign is not None and sign.text == "-" else term)
            self.skip_gaps()
            sign = self.take("+", "-")
            if sign is None:
                break
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Call("+", tuple(terms))

    def product(self) -> Node:
        self.skip_gaps()
        result = self.factor()
        factors = [result]  # of a product, flat

        def times() -> Node:
            factors.append(self.factor())
            return Call("*", tuple(factors))

        divided = False
        while True:
            self.skip_gaps()
            if self.take(*_TIMES):
                self.skip_gaps()
                result, divided = times(), False
            elif self.take("/"):
                if divided:
                    raise self.fail("a/b/c has two readings: write a fraction")
                self.skip_gaps()
                result, divided = Call("/", (result, self.factor())), True
                factors = [result]
            elif self.begins_atom():
                if divided:
                    raise self.fail("a/b c has two readings: write a fraction, or parentheses")
                if self.next.kind == "number" and self.tokens[self.at - 1].kind == "number":
                    raise self.fail("two numbers beside each other")
                result = times()
            else:
                return result

    def begins_atom(self) -> bool:
        token = self.next
        if token.kind in ("number", "name", "word", "begin"):
            return True
        if token.kind == "mark" and token.text == "|":
            return token.side == "left" or (token.side == "" and not self.bars)
        if token.kind == "mark":
            return token.text in ("(", "[", "{", r"\{")
        return token.kind == "command" and token.text not in (r"\mid", r"\choose", r"\over", r"\rangle")

    def factor(self) -> Node:
        begun = self.next
        node = self.atom()
        while True:
            if self.next.kind == "mark" and self.next.text == "!":
                self.at += 1
                if self.next.text == "!" and self.next.kind == "mark":
                    raise self.fail("double factorials are not known")
                node = Call("!", (node,))
            elif self.take("^"):
                node = self.power(node, begun)
            elif self.next.text in ("_", "'") and self.next.kind == "mark":
                raise self.fail("a subscript or prime of what is no name")
            else:
                return node

    def power(self, base: Node, begun: Token) -> Node:
        token = self.next
        if token.kind == "mark" and token.text == "{":
            inner = self.tokens[self.at + 1]
            if inner.text in _INDEX_STYLES or (inner.text == "T" and self.tokens[self.at + 2].text == "}"):
                raise self.fail("a superscript that is no power", inner)
            if inner.text in ("(", "*", r"\ast", r"\prime") and self._is_mark_only():
                raise self.fail("a superscript that is no power", inner)
            if inner.kind == "command" and inner.text in (r"\underline", r"\overline"):
                self.at += 2
                count = self.argument()
                self.want("}")
                return Call("falling" if inner.text == r"\underline" else "rising", (base, count))
        if token.text in ("*", r"\ast", r"\dagger", r"\top", r"\prime", "+", "-", "T"):
            raise self.fail("a superscript that is no power")
        exponent = self.argument()
        if self.next.kind == "mark" and self.next.text == "^":
            raise self.fail("a power of a power without braces")
        if base == Name("e") and "e" not in self.letters and begun.kind == "name":
            return Call("exp", (exponent,))
        if isinstance(base, Name) and is_mark(self.next, "(") and names.is_inverse(self, base.name, exponent):
            raise self.fail("a power or an inverse of a function")
        return Call("exp", (exponent,)) if base == Call("e") else Call("^", (base, exponent))

    def _is_mark_only(self) -> bool:
        """Whether the braces that are next hold an index in parentheses, or a mark, and nothing else."""
        place, depth = self.at + 1, 0
        if self.tokens[place].text != "(":
            return True
        while place < len(self.tokens) and self.tokens[place].kind != "last":
            depth += {"(": 1, ")": -1}.get(self.tokens[place].text, 0)
            place += 1
            if depth == 0:
                return place - self.at <= 4 and self.tokens[place].text == "}"
        return True

    def argument(self) -> Node:
        """What a command takes: braces, or a single token."""
        self.skip_gaps()
        if self.take("{"):
            node = self.braced()
            self.want("}")
            return node
        token = self.next
        if token.kind == "number" and len(token.text) > 1:
            if "." in token.text:
                raise self.fail("a decimal without braces")
            rest = Token("number", token.text[1:], token.offset + 1, token.stop)
            self.tokens[self.at : self.at + 1] = [
                Token("number", token.text[0], token.offset, token.offset + 1),
                rest,
            ]
        if token.kind in ("number", "name", "word"):
            self.at += 1
            made = (
                Token(token.kind, token.text[0], token.offset, token.stop)
                if token.kind == "number"
                else token
            )
            return self.number(made) if token.kind == "number" else self.symbol(token.text, token)
        if token.kind == "command":
            return self.atom()
        raise self.fail("wanted an argument")

    def braced(self) -> Node:
        """The inside of braces: a sum, or a \\choose or \\over of two."""
        above = self.sum()
        if self.take(r"\choose"):
            return Call("binomial", (above, self.sum()))
        if self.take(r"\over"):
            return Call("/", (above, self.sum()))
        return above

    def number(self, token: Token) -> Node:
        if len(token.text) > _MAX_DIGITS:
            raise self.fail(f"a number of more than {_MAX_DIGITS} digits", token)
        return Number(Fraction(token.text))

    def symbol(self, name: str, token: Token) -> Node:
        """A symbol that is named by ``name``."""
        if name == "pi" and name not in self.letters:
            return Call("pi")
        if name == "i" and name not in self.letters and name not in self.indices:
            raise self.fail("i may be the imaginary unit: declare it where it is a number", token)
        if name in self.ended and name not in self.indices:
            raise self.fail("the index of a sum behind the sum: set parentheses", token)
        return Name(name)

    # atoms

    def atom(self) -> Node:
        token = self.next
        if token.kind == "number":
            self.at += 1
            return self.number(token)
        if token.kind in ("name", "word") or names.begins_name(token):
            return self.named()
        if token.kind == "mark" and token.text == "|":
            return self.absolute()
        if token.kind == "mark" and token.text == "{":
            self.at += 1
            node = self.braced()
            self.want("}")
            return node
        if token.kind == "mark" and token.text in CLOSING:
            self.at += 1
            if token.text == r"\{" and self.next.kind == "begin" and self.next.text == "array":
                return cases(self)
            bars, self.bars = self.bars, 0
            node = self.sum()
            self.want(CLOSING[token.text])
            self.bars = bars
            return node
        if token.kind == "begin":
            return array(self)
        if token.kind == "command":
            return self.command()
        raise self.fail("wanted a number, a name or a parenthesis")

    def absolute(self) -> Node:
        self.at += 1
        if self.next.kind == "begin":
            found = determinant(self)
            self.want("|")
            return found
        self.bars += 1
        node = self.sum()
        self.bars -= 1
        self.want("|")
        return Call("abs", (node,))

    def named(self) -> Node:
        """A symbol, or a function of arguments in parentheses."""
        token = self.next
        opens = is_mark(self.tokens[self.at + 1 : self.at + 2][0], "(") if token.kind != "last" else False
        is_known = "Gamma" in self.letters or self.is_function("Gamma") is not None
        if token.kind == "name" and token.text == "Gamma" and opens and not is_known:
            self.at += 1
            return Call("gamma", (self.atom(),))
        if names.is_euler(self.tokens, self.at):
            self.at += 4
            return Call("e")
        name, varies = names.read_name(self)
        opened = self.next.kind == "mark" and self.next.text in ("(", "[")
        if opened and (arguments := names.arguments(self, name)) is not None:
            return Call("apply", (Name(name + arguments[0]), *arguments[1]))
        if varies:
            return Name(name, varies=True)
        return self.symbol(name, token)
