"""Where a structure has its numbers from: dice, numbers that were drawn before, or symbols.

A structure asks for each number by a key, such as ``("weight", 0, 1)``, whose integers are units. So the
numbers of a network can be kept, made simpler one by one, and be put in again: what comes is always a network
of the structure, and a unit is left out by leaving out the keys that name it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Protocol, TypeVar

import sympy

Key = tuple[str | int, ...]
Result = TypeVar("Result")
_ALPHA = (1, 2, 3, 4, 5)


class Source(Protocol):
    """What a structure asks."""

    def number(self, key: Key, drawn: Sequence[int], least: int, symbol: str) -> sympy.Expr:
        """A number: one of ``drawn``, made simpler anything from ``least`` on; or the symbol."""

    def share(self, key: Key, symbol: str) -> sympy.Expr:
        """A number between 0 and 1."""

    def flag(self, key: Key, often: float, *, general: bool = True) -> bool:
        """Whether something is so, which is simpler if not, and is ``general`` with symbols."""

    def place(self, key: Key, count: int) -> int:
        """One of 0 .. count - 1; with symbols, each of them is taken in turn."""


class Drawn:
    """Numbers that were drawn before, and else are drawn, or the first ones that could be drawn.

    Attributes:
        read: all numbers that were asked for, by their keys.
        least: how simple each could be.

    >>> source = Drawn(None, {("weight", 0, 1): 9})
    >>> source.number(("weight", 0, 1), [1, 2, 3], 0, "w"), source.share(("alpha",), "alpha")
    (3, 1/2)
    """

    def __init__(self, dice: Random | None, known: Mapping[Key, int] | None = None) -> None:
        self._dice = dice
        self._known = known or {}
        self.read: dict[Key, int] = {}
        self.least: dict[Key, int] = {}

    def number(self, key: Key, drawn: Sequence[int], least: int, symbol: str) -> sympy.Expr:
        return sympy.Integer(self._whole(key, drawn, least))

    def share(self, key: Key, symbol: str) -> sympy.Expr:
        part, rest = (self._whole((*key, name), _ALPHA, 1) for name in ("part", "rest"))
        return sympy.Rational(part, part + rest)

    def flag(self, key: Key, often: float, *, general: bool = True) -> bool:
        drawn = [0, 1] if self._dice is None else [int(self._dice.random() < often)]
        return bool(self._whole(key, drawn, 0, 1))

    def place(self, key: Key, count: int) -> int:
        return self._whole(key, range(count), 0)

    def _whole(self, key: Key, drawn: Sequence[int], least: int, most: int | None = None) -> int:
        if key in self.read:
            return self.read[key]
        if key in self._known:
            value = min(max(self._known[key], least), max(drawn) if most is None else most)
        else:
            value = drawn[0] if self._dice is None else self._dice.choice(drawn)
        self.read[key], self.least[key] = value, least
        return value


class Symbols:
    """A symbol for every number; ``answers`` says which places are taken, the first ones after that."""

    def __init__(self, answers: Sequence[int] = ()) -> None:
        self.answers = list(answers)
        self.counts: list[int] = []

    def number(self, key: Key, drawn: Sequence[int], least: int, symbol: str) -> sympy.Expr:
        return sympy.Symbol(symbol)

    def share(self, key: Key, symbol: str) -> sympy.Expr:
        return sympy.Symbol(symbol)

    def flag(self, key: Key, often: float, *, general: bool = True) -> bool:
        return general

    def place(self, key: Key, count: int) -> int:
        self.counts.append(count)
        if len(self.answers) < len(self.counts):
            self.answers.append(0)
        return self.answers[len(self.counts) - 1]


def in_all_ways(build: Callable[[Symbols], Result]) -> Iterator[Result]:
    """What is built of symbols, for all places that are asked for.

    >>> [found for found in in_all_ways(lambda source: (source.place((), 2), source.place((), 2)))]
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    answers: list[int] | None = []
    while answers is not None:
        source = Symbols(answers)
        yield build(source)
        answers, counts = source.answers, source.counts
        while answers and answers[-1] + 1 == counts[-1]:
            answers.pop()
            counts.pop()
        if answers:
            answers[-1] += 1
        else:
            answers = None
