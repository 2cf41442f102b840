"""Where a parser is in its tokens, and what it may ask of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from exactav.papers.nodes import Node
from exactav.papers.tokens import NotUnderstoodError, Token

MAX_DEPTH = 40


class Cursor(ABC):
    """Tokens and the place of the next one.

    Args:
        tokens: of one side.
        is_function: of a name, whether a parenthesis behind it holds arguments; None where it is unknown.
        letters: names that are declared, so no constants (``pi``, ``e``, ``Gamma``).
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        is_function: Callable[[str], bool | None] = lambda name: None,
        letters: frozenset[str] = frozenset(),
    ) -> None:
        self.tokens = list(tokens)
        at = self.tokens[-1].stop if self.tokens else 0
        self.tokens.append(Token("last", "", at, at))
        self.at = 0
        self.depth = 0
        self.bars = 0
        self.is_function = is_function
        self.letters = letters
        self.indices: list[str] = []
        self.ended: set[str] = set()

    @abstractmethod
    def whole(self) -> Node:
        """The side, read to its end."""

    @abstractmethod
    def sum(self) -> Node:
        """The sum that is next."""

    @abstractmethod
    def product(self) -> Node:
        """The product that is next."""

    @abstractmethod
    def factor(self) -> Node:
        """The factor that is next, with its powers and factorials."""

    @abstractmethod
    def atom(self) -> Node:
        """The number, name or group that is next."""

    @abstractmethod
    def begins_atom(self) -> bool:
        """Whether what is next can be a factor."""

    @abstractmethod
    def argument(self) -> Node:
        """What a command takes: braces, or a single token."""

    def within(self, tokens: Sequence[Token]) -> "Cursor":
        """One of the same knowledge for tokens within these, such as a cell."""
        inner = type(self)(tokens, self.is_function, self.letters)
        inner.depth, inner.indices, inner.ended = self.depth + 1, [*self.indices], {*self.ended}
        if inner.depth > MAX_DEPTH:
            raise self.fail(f"nested more than {MAX_DEPTH} deep")
        if not tokens:
            inner.tokens = [Token("last", "", self.next.offset, self.next.offset)]
        return inner

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> Token | None:
        if self.next.kind in ("mark", "command") and self.next.text in texts:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def want(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            raise self.fail(f"wanted {text}")
        return token

    def fail(self, wanted: str, token: Token | None = None) -> NotUnderstoodError:
        token = token or self.next
        met = f"met {token.text!r}" if token.text else "met the end"
        return NotUnderstoodError(f"{met}: {wanted}", token.offset)

    def skip_gaps(self) -> None:
        while self.next.kind in ("gap", "&", "break"):
            self.at += 1
