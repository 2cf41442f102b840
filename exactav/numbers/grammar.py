"""The grammar of texts, read by a parser that never runs code. It is small on purpose::

sum     = product (("+" | "-") product)*
product = factor (("*" | "/") factor)*
factor  = ("+" | "-") factor | power
power   = atom ["**" exponent]          exponent: an integer, |exponent| <= 100
atom    = number | name | "(" sum ")"   number: 3, 0.25, 1e-3, each exactly the decimal it is
        | ("sqrt" | "exp") "(" sum ")"
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import comb
from typing import NamedTuple

import sympy

from exactav.errors import ParseError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<operator>\*\*|[-+*/()]))"
)
_RESERVED = {"nan", "inf", "infinity", "oo", "zoo", "pi", "E", "I"}
_MAX_LENGTH, _MAX_DIGITS, _MAX_EXPONENT, _MAX_DEPTH = 10_000, 1_000, 100, 100
_FUNCTIONS = {"sqrt": sympy.sqrt, "exp": sympy.exp}
_MAX_BITS, _MAX_DEGREE, _MAX_TERMS = 10_000, 1_000, 10_000


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


class _Value(NamedTuple):
    """An expression with bounds on its size once multiplied out: bits of numbers, degree, number of terms."""

    expr: sympy.Expr
    bits: int
    degree: int
    terms: int


def _tokens(text: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            column = position + len(text[position:]) - len(text[position:].lstrip())
            raise ParseError(
                f"{_quoted(text)}: unexpected {text[column]!r} at column {column + 1}; allowed are numbers, "
                "names, + - * / ** and parentheses"
            )
        yield _Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup) + 1)
        position = match.end()
    yield _Token("end", "", end + 1)


def _quoted(text: str) -> str:
    """``text`` in quotes, shortened in the middle where it is long."""
    return repr(text if len(text) <= 80 else f"{text[:50]}...{text[-20:]}")


class _Parser:
    """Recursive descent over the grammar of the module docstring."""

    def __init__(self, text: str) -> None:
        if len(text) > _MAX_LENGTH:
            raise ParseError(
                f"an expression of {len(text)} characters; at most {_MAX_LENGTH} are read: simplify it"
            )
        self.quoted = _quoted(text)
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0

    def fail(self, token: _Token, wanted: str) -> ParseError:
        found = _quoted(token.text) if token.text else "the end"
        return ParseError(f"{self.quoted}: {found} at column {token.column}, wanted {wanted}")

    def take(self, *texts: str) -> _Token | None:
        token = self.tokens[self.position]
        if token.kind == "operator" and token.text in texts:
            self.position += 1
            return token
        return None

    def check_size(self, bits: int, degree: int, terms: int) -> None:
        if bits > _MAX_BITS or degree > _MAX_DEGREE or terms > _MAX_TERMS:
            raise ParseError(
                f"{self.quoted}: grows too large when multiplied out (limits: degree {_MAX_DEGREE}, "
                f"{_MAX_TERMS} terms, numbers of {_MAX_BITS} bits): write a smaller expression"
            )

    def parse(self) -> sympy.Expr:
        value = self.sum()
        token = self.tokens[self.position]
        if token.kind != "end":
            raise self.fail(token, "an operator or the end")
        return value.expr

    def sum(self) -> _Value:
        value = self.product()
        parts = [value.expr]
        while operator := self.take("+", "-"):
            other = self.product()
            parts.append(other.expr if operator.text == "+" else -other.expr)
            size = value.bits + other.bits, max(value.degree, other.degree), value.terms + other.terms
            self.check_size(*size)
            value = _Value(value.expr, *size)
        return value._replace(expr=sympy.Add(*parts)) if len(parts) > 1 else value

    def product(self) -> _Value:
        value = self.factor()
        parts = [value.expr]
        while operator := self.take("*", "/"):
            other = self.factor()
            if operator.text == "/" and other.expr.is_zero:
                raise ParseError(f"{self.quoted}: division by zero at column {operator.column}")
            size = value.bits + other.bits, value.degree + other.degree, value.terms * other.terms
            self.check_size(*size)
            parts.append(other.expr if operator.text == "*" else 1 / other.expr)
            value = _Value(value.expr, *size)
        return value._replace(expr=sympy.Mul(*parts)) if len(parts) > 1 else value

    def factor(self) -> _Value:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ParseError(f"{self.quoted}: nested more than {_MAX_DEPTH} deep: simplify it")
        try:
            if operator := self.take("+", "-"):
                value = self.factor()
                return value._replace(expr=-value.expr) if operator.text == "-" else value
            return self.power()
        finally:
            self.depth -= 1

    def power(self) -> _Value:
        base = self.atom()
        if not (operator := self.take("**")):
            return base
        exponent = self.exponent()
        if exponent < 0 and base.expr.is_zero:
            raise ParseError(f"{self.quoted}: division by zero at column {operator.column}")
        times = max(1, abs(exponent))
        size = base.bits * times, base.degree * times, comb(base.terms + times - 1, times)
        self.check_size(*size)
        return _Value(base.expr**exponent, *size)

    def exponent(self) -> int:
        inside = self.take("(") is not None
        operator = self.take("+", "-")
        token = self.tokens[self.position]
        if token.kind != "number" or not token.text.isdecimal() or len(token.text) > 3:
            raise self.fail(token, f"an integer exponent of at most {_MAX_EXPONENT}")
        self.position += 1
        if inside and not self.take(")"):
            raise self.fail(self.tokens[self.position], "')'")
        if (size := int(token.text)) > _MAX_EXPONENT:
            raise self.fail(token, f"an integer exponent of at most {_MAX_EXPONENT}")
        if self.tokens[self.position].text == "**":
            raise self.fail(self.tokens[self.position], "parentheses around a power of a power")
        return -size if operator is not None and operator.text == "-" else size

    def atom(self) -> _Value:
        token = self.tokens[self.position]
        self.position += 1
        if token.kind == "number":
            digits, _, exponent = token.text.lower().partition("e")
            if len(digits) > _MAX_DIGITS or len(exponent) > 6 or abs(int(exponent or 0)) > _MAX_DIGITS:
                raise self.fail(token, f"a number of at most {_MAX_DIGITS} digits")
            fraction = Fraction(token.text)
            number = sympy.Rational(fraction.numerator, fraction.denominator)
            return _Value(number, int(number.p).bit_length() + int(number.q).bit_length(), 0, 1)
        if token.kind == "name" and token.text in _FUNCTIONS and self.take("("):
            return self.call(token)
        if token.kind == "name":
            if token.text in _RESERVED or token.text.lower() in _RESERVED:
                raise ParseError(f"{self.quoted}: {token.text!r} is reserved: choose another name")
            return _Value(sympy.Symbol(token.text), 1, 1, 1)
        if token.text == "(":
            value = self.sum()
            if not self.take(")"):
                raise self.fail(self.tokens[self.position], "')'")
            return value
        raise self.fail(token, "a number, a name or '('")

    def call(self, name: _Token) -> _Value:
        """The value of a function, behind whose name a parenthesis is open."""
        value = self.sum()
        if not self.take(")"):
            raise self.fail(self.tokens[self.position], "')'")
        if name.text == "sqrt" and value.expr.is_negative:
            raise self.fail(name, "a root of a number >= 0")
        return value._replace(expr=_FUNCTIONS[name.text](value.expr), degree=value.degree + 1)


def parse_expression(text: str) -> sympy.Expr:
    """The exact SymPy expression that a text of the small grammar stands for.

    Decimals are the decimal fractions they are, names become plain symbols. No text can run code: the parser
    knows two functions, sqrt and exp, and neither attributes nor strings.

    Raises:
        ParseError: the text is not in the grammar, divides by zero, or would expand to something huge.

    >>> parse_expression("(1 - a)/4 + 0.25")
    1/2 - a/4
    >>> parse_expression('__import__("os")')  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    exactav.errors.ParseError: '__import__("os")': unexpected '"' at column 12; allowed are numbers, ...
    """
    return _Parser(text).parse()
