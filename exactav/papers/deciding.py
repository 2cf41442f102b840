"""Whether an equation holds: by normal forms, case by case, or by telescoping; refuted by a point alone."""

from collections.abc import Iterator, Mapping

import sympy
from sympy.polys.polyerrors import BasePolynomialError

from exactav.errors import ExactavError
from exactav.papers.nodes import Call, Name, Number, free_names, number
from exactav.papers.points import Question, points
from exactav.papers.sums import added_up, summed
from exactav.papers.symbolic import in_symbols
from exactav.papers.values import at_point
from exactav.proofs.comparison import compare
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted, undecided

_POINTS = 24
_MAX_BRANCHES = 40
_FAILURES = (
    ArithmeticError,
    ValueError,
    TypeError,
    NotImplementedError,
    RecursionError,
    AttributeError,
    KeyError,
    BasePolynomialError,
)


def decide(question: Question) -> Verdict:
    """Whether the sides are equal wherever the conditions hold and both have a value.

    >>> from exactav.papers.nodes import number
    >>> n = Name("n")
    >>> decide(Question(Call("*", (n, n)), Call("^", (n, number(2))))).outcome
    'holds'
    """
    equal = 0
    for point in points(question, _POINTS):
        try:
            left, right = at_point(question.left, point), at_point(question.right, point)
            verdict = compare(left, right)
        except _FAILURES:
            continue
        if verdict.is_refuted:
            shown = free_names(question.left) | free_names(question.right)
            where = ", ".join(f"{name} = {value}" for name, value in point.items() if name in shown)
            found = f"left is {_short(left)}, right is {_short(right)}"
            return refuted(f"at {where}, {found}" if where else found)
        equal += verdict == HOLDS
    verdict = _proved(question)
    if verdict == HOLDS:
        return HOLDS
    if not equal:
        return undecided(f"no point gives both sides a value; {verdict.detail}")
    return undecided(f"equal at {equal} points, but no proof for all: {verdict.detail}")


def _short(value: sympy.Expr) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"


def _proved(question: Question) -> Verdict:
    """HOLDS where a normal form or a certificate says so; anything else is undecided."""
    try:
        symbols = _symbols(question)
        equations, conditions = _equations(question, symbols)
        left, right = (in_symbols(side, symbols).subs(equations) for side in (question.left, question.right))
    except (*_FAILURES, ExactavError) as error:
        return undecided(f"it is not made into an expression: {error}")
    found: list[Verdict] = []
    for a, b, where in _branches(left, right, conditions, []):
        if len(found) > _MAX_BRANCHES:
            return undecided("too many cases")
        found.append(_equal(a, b, question).at(f"where {where}") if where else _equal(a, b, question))
    return all_hold(found) if found else undecided("no case applies")


def _symbols(question: Question) -> dict[str, sympy.Symbol]:
    found = {}
    whole = question.whole()
    for name in question.names():
        said = set(question.declared(name)) & {"positive", "real", "nonnegative", "rational", "nonzero"}
        known = dict.fromkeys(said, True)
        if name in whole:
            known["integer"] = True
        if sign := _sign(question, name):
            known[sign] = True
        found[name] = sympy.Symbol(name, **known)
    return found


def _sign(question: Question, name: str) -> str:
    """Whether conditions say that a symbol is ``positive`` or ``nonnegative``; empty where they do not."""
    found = ""
    for relation in question.conditions:
        if isinstance(relation, Call) and relation.head in ("<", "<=", ">", ">="):
            small, large = relation.parts if relation.head[0] == "<" else relation.parts[::-1]
            if large == Name(name) and isinstance(small, Number) and small.value >= 0:
                if small.value > 0 or len(relation.head) == 1:
                    return "positive"
                found = "nonnegative"
    return found


def _equations(
    question: Question, symbols: Mapping[str, sympy.Symbol]
) -> tuple[dict[sympy.Symbol, sympy.Expr], list[sympy.Basic]]:
    """What the conditions set symbols equal to, and the conditions with that put in."""
    equations: dict[sympy.Symbol, sympy.Expr] = {}
    others: list[sympy.Basic] = []
    for relation in question.conditions:
        if not isinstance(relation, Call) or relation.head in ("true", "whole"):
            continue
        if relation.head == "=" and isinstance(relation.parts[0], Name):
            value = in_symbols(relation.parts[1], symbols)
            symbol = symbols[relation.parts[0].name]
            if not value.has(symbol) and symbol not in equations:
                equations = {known: expr.subs(symbol, value) for known, expr in equations.items()}
                equations[symbol] = value.subs(equations)
                continue
        others.append(in_symbols(relation, symbols))
    return equations, [condition.subs(equations) for condition in others]


def _branches(
    left: sympy.Expr,
    right: sympy.Expr,
    conditions: list[sympy.Basic],
    excluded: list[sympy.Basic],
    where: str = "",
    depth: int = 0,
) -> Iterator[tuple[sympy.Expr, sympy.Expr, str]]:
    """The sides case by case, those left out that contradict the conditions."""
    piecewise = next(
        (
            part
            for side in (left, right)
            for part in sympy.preorder_traversal(side)
            if isinstance(part, sympy.Piecewise) and not _bound_within(side, part)
        ),
        None,
    )
    if piecewise is None or depth > 6:
        yield left, right, where
        return
    earlier = [*excluded]
    for value, condition in piecewise.args:
        made = [side.xreplace({piecewise: value}) for side in (left, right)]
        equations = {
            part.lhs: part.rhs
            for part in sympy.And.make_args(condition)
            if isinstance(part, sympy.Eq) and part.lhs.is_Symbol
        }
        assumed = [known.subs(equations) for known in conditions]
        without = [never.subs(equations) for never in earlier]
        earlier.append(condition)
        if sympy.false in assumed or sympy.true in without or condition in without:
            continue
        made = [side.subs(equations) for side in made]
        said = where if condition == sympy.true else f"{where} and {condition}" if where else str(condition)
        yield from _branches(made[0], made[1], assumed, without, said, depth + 1)


def _bound_within(side: sympy.Expr, part: sympy.Expr) -> bool:
    """Whether the cases depend on the index of a sum around them."""
    return any(
        total.has(part) and part.free_symbols & {limit[0] for limit in total.limits}
        for total in side.atoms(sympy.Sum, sympy.Product)
    )


def _equal(left: sympy.Expr, right: sympy.Expr, question: Question) -> Verdict:
    if any(total.has(sympy.Piecewise) for side in (left, right) for total in side.atoms(sympy.Sum)):
        return HOLDS if left == right else undecided("a sum over cases")
    try:
        left, right = (summed(side, lambda r: _is_small(r, question)) for side in (left, right))
        if left == right:
            return HOLDS
        both = all(side.has(sympy.Sum, sympy.Product) for side in (left, right))
        if both and compare(left, right) == HOLDS:
            return HOLDS
        if any(added_up(left, right, n, _first(question, n)) for n in _ends(left, right)):
            return HOLDS
        if not both and compare(left, right) == HOLDS:
            return HOLDS
    except (*_FAILURES, ExactavError) as error:
        return undecided(f"the comparison gave up: {str(error)[:120]}")
    if left.has(sympy.Sum, sympy.Product) or right.has(sympy.Sum, sympy.Product):
        return undecided("a sum or product over a symbolic range without a certificate of telescoping")
    return undecided("the normal forms differ; more assumptions (integer, positive, a range) may decide it")


def _ends(left: sympy.Expr, right: sympy.Expr) -> list[sympy.Symbol]:
    """Whole symbols in the high ends of sums and products."""
    totals = left.atoms(sympy.Sum, sympy.Product) | right.atoms(sympy.Sum, sympy.Product)
    found = {symbol for total in totals for limit in total.limits for symbol in limit[2].free_symbols}
    return sorted((symbol for symbol in found if symbol.is_integer), key=str)


def _is_small(r: sympy.Expr, question: Question) -> bool:
    """Whether |r| < 1 follows from ranges 0 < x < 1 of symbols."""
    unit = {}
    for symbol in r.free_symbols:
        for relation in question.conditions:
            if isinstance(relation, Call) and relation.head in ("<", ">") and symbol.is_nonnegative:
                small, large = relation.parts if relation.head == "<" else relation.parts[::-1]
                if small == Name(symbol.name) and large == number(1):
                    t = sympy.Dummy("t", nonnegative=True)
                    unit[symbol] = t / (1 + t)
    made = r.subs(unit)
    return all(sympy.together(1 + sign * made).is_positive is True for sign in (1, -1))


def _first(question: Question, n: sympy.Symbol) -> int:
    """The smallest value of n at which the equation is claimed."""
    least = 0 if "nonnegative" in question.declared(n.name) else 1
    for relation in question.conditions:
        if isinstance(relation, Call) and relation.head in ("<", "<=", ">", ">="):
            small, large = relation.parts if relation.head[0] == "<" else relation.parts[::-1]
            value = getattr(small, "value", None)
            if large == Name(n.name) and value is not None and value.denominator == 1:
                return int(value) + (len(relation.head) == 1)
    return least
