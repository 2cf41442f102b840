"""What a formula says, as plain data: numbers, names, calls and relations, with nothing computed yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Union

Node = Union["Number", "Name", "Call"]


@dataclass(frozen=True)
class Number:
    """An exact number."""

    value: Fraction


@dataclass(frozen=True)
class Name:
    r"""A symbol by its canonical name: ``alpha`` for \alpha, ``P_N``, ``bar(alpha)``, ``<L>``.

    Attributes:
        varies: its index is computed, as in a_{n+1}, so it stands for many numbers.
    """

    name: str
    varies: bool = False


@dataclass(frozen=True)
class Call:
    """An operation or a function, by its head, of its parts.

    Heads are ``+ * ^ / neg sqrt ! binomial falling rising gamma exp log cos sin tan cosh sinh abs max min``,
    ``lg`` (a logarithm whose base is not said, read as the natural one),
    the constants ``pi e infinity``, and:

    * ``sum``, ``prod`` of (index, low, high, term);
    * ``det`` of the entries, row by row;
    * ``cases`` of ``case``, each of a value and what it needs;
    * ``apply`` of a function's name and its arguments;
    * ``formula`` of an ID and ``bind``, each of a symbol's name and its value;
    * the relations ``= < <= > >= !=`` of two sides, ``whole`` of one, and ``true``.
    """

    head: str
    parts: tuple[Node, ...] = ()


def number(value: int) -> Number:
    """A whole number."""
    return Number(Fraction(value))


def walk(node: Node) -> Iterator[Node]:
    """The node and all that it is made of.

    >>> [part.name for part in walk(Call("+", (Name("a"), Name("b")))) if isinstance(part, Name)]
    ['a', 'b']
    """
    yield node
    if isinstance(node, Call):
        for part in node.parts:
            yield from walk(part)


def free_names(node: Node) -> set[str]:
    """The names of symbols that are no index of a sum or product, and no function's.

    >>> k, n = Name("k"), Name("n")
    >>> free_names(Call("sum", (k, number(1), n, Call("apply", (Name("f"), k)))))
    {'n'}
    """
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, Number):
        return set()
    if node.head in ("sum", "prod"):
        index, low, high, term = node.parts
        return free_names(low) | free_names(high) | (free_names(term) - free_names(index))
    parts = node.parts[1:] if node.head in ("apply", "formula", "bind") else node.parts
    return {name for part in parts for name in free_names(part)}


def replaced(node: Node, by: Callable[[Node], Node | None]) -> Node:
    """The node with every part for which ``by`` has another in its place; indices shield their names.

    >>> replaced(Call("!", (Name("n"),)), lambda node: number(3) if node == Name("n") else None)
    Call(head='!', parts=(Number(value=Fraction(3, 1)),))
    """
    found = by(node)
    if found is not None:
        return found
    if not isinstance(node, Call):
        return node
    if node.head in ("sum", "prod"):
        index, low, high, term = node.parts
        inner = replaced(term, lambda part: None if part == index else by(part))
        return Call(node.head, (index, replaced(low, by), replaced(high, by), inner))
    if node.head in ("apply", "formula", "bind"):
        return Call(node.head, (node.parts[0], *(replaced(part, by) for part in node.parts[1:])))
    return Call(node.head, tuple(replaced(part, by) for part in node.parts))


def values_of(names: dict[str, Node]) -> Callable[[Node], Node | None]:
    """What :func:`replaced` takes to put values in for names."""
    return lambda node: names.get(node.name) if isinstance(node, Name) else None
