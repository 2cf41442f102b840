"""Points at which an equation can be put to the test: all that is assumed holds there."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy

from exactav.papers.nodes import Call, Name, Node, Number, free_names, walk
from exactav.papers.operations import NoValueHereError, is_count
from exactav.papers.values import at_point, is_true

_TRIED = 600
_SPAN = 5  # from one end of a range, where the other is open


@dataclass(frozen=True)
class Question:
    """Whether two formulas are equal.

    Attributes:
        left, right: the formulas, in full.
        conditions: what is assumed where the equation is claimed.
        cautions: what is said nearby, and may belong to it: no point that breaks it refutes.
        properties: of declared symbols, such as ``integer``.
    """

    left: Node
    right: Node
    conditions: tuple[Node, ...] = ()
    cautions: tuple[Node, ...] = ()
    properties: Mapping[str, tuple[str, ...]] | None = None

    def names(self) -> list[str]:
        """Symbols of both sides and of all conditions, in order."""
        nodes = (self.left, self.right, *self.conditions, *self.cautions)
        return sorted({name for node in nodes for name in free_names(node)})

    def declared(self, name: str) -> tuple[str, ...]:
        """What is said of a symbol."""
        return (self.properties or {}).get(name, ())

    def whole(self) -> set[str]:
        """The symbols that are whole numbers: declared, or as they bound a sum or count something."""
        found = {name for name in self.names() if "integer" in self.declared(name)}
        for node in (self.left, self.right, *self.conditions, *self.cautions):
            for part in walk(node):
                found |= _counted(part)
        return found


def _counted(node: Node) -> set[str]:
    if not isinstance(node, Call):
        return set()
    if node.head in ("sum", "prod"):
        return free_names(node.parts[1]) | free_names(node.parts[2])
    if node.head == "whole" or node.head == "!" or node.head == "binomial":
        return set().union(*map(free_names, node.parts))
    if node.head in ("falling", "rising"):
        return free_names(node.parts[1])
    if node.head == "bind" and isinstance(node.parts[0], Name) and is_count(node.parts[0].name):
        return free_names(node.parts[1])
    return set()


def points(question: Question, wanted: int) -> Iterator[dict[str, sympy.Expr]]:
    """Up to ``wanted`` points at which all conditions hold, different in the symbols of the sides."""
    dice = random.Random(1)
    names, whole = question.names(), question.whole()
    asked = sorted(free_names(question.left) | free_names(question.right))
    limits = {name: _limits(question, name) for name in names}
    relations = [*question.conditions, *question.cautions]
    given = [r for r in relations if isinstance(r, Call) and r.head == "=" and isinstance(r.parts[0], Name)]
    seen: set[tuple[sympy.Expr, ...]] = set()
    for tried in range(_TRIED):
        point = {name: _drawn(dice, question, name, limits[name], name in whole, tried) for name in names}
        try:
            for relation in given:
                assert isinstance(relation.parts[0], Name)
                point[relation.parts[0].name] = at_point(relation.parts[1], point)
            fits = all(is_true(relation, point) for relation in relations)
            fits = fits and all(_allowed(question, name, point[name], name in whole) for name in names)
        except NoValueHereError:
            continue
        key = tuple(point[name] for name in asked)
        if fits and key not in seen:
            seen.add(key)
            yield point
            if len(seen) >= wanted or not asked:
                return


def _limits(question: Question, name: str) -> tuple[sympy.Rational | None, sympy.Rational | None]:
    """Numbers that a condition puts below and above a symbol."""
    low = high = None
    for relation in (*question.conditions, *question.cautions):
        if not isinstance(relation, Call) or len(relation.parts) != 2:
            continue
        left, right = relation.parts
        head = relation.head
        if right == Name(name) and isinstance(left, Number):
            left, right, head = right, left, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(head, head)
        if left == Name(name) and isinstance(right, Number):
            bound = sympy.Rational(right.value.numerator, right.value.denominator)
            if head in (">", ">="):
                low = bound if low is None else max(low, bound)
            if head in ("<", "<="):
                high = bound if high is None else min(high, bound)
    return low, high


def _drawn(
    dice: random.Random,
    question: Question,
    name: str,
    limits: tuple[sympy.Rational | None, sympy.Rational | None],
    is_whole: bool,
    tried: int,
) -> sympy.Rational:
    low, high = limits
    said = question.declared(name)
    if low is None and high is None:
        both = "real" in said and not {"positive", "nonnegative"} & set(said) and not is_whole
        both = both or ("integer" in said and not {"positive", "nonnegative"} & set(said) and tried > 300)
        low = sympy.Integer(-_SPAN if both else 0 if "nonnegative" in said else 1 if is_whole else 0)
    if low is None:
        assert high is not None
        low = high - _SPAN
    high = low + _SPAN + tried // 200 if high is None else high
    if is_whole:
        return sympy.Integer(
            dice.randint(int(sympy.ceiling(low)), max(int(sympy.floor(high)), int(sympy.ceiling(low))))
        )
    below = dice.choice((2, 3, 4, 5, 7, 8, 10))
    return low + (high - low) * sympy.Rational(dice.randint(0 if tried % 5 == 4 else 1, below), below)


def _allowed(question: Question, name: str, value: sympy.Expr, is_whole: bool) -> bool:
    said = question.declared(name)
    if is_whole and not value.is_Integer:
        return False
    if "positive" in said or (not said and not re.fullmatch(r".*'\d+", name)):
        return bool(value.is_positive)
    if "nonnegative" in said and not value.is_nonnegative:
        return False
    return not ("nonzero" in said and value.is_zero)
