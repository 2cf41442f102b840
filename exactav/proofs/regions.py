"""Conditions under which a claim is made: points that fulfil them, substitutions that cover where they hold.

A symbol between two bounds is (low + high u)/(1 + u) with u > 0, one above a bound is low + u. Bounds may
hold other symbols, which are taken next, with low < high as one more condition (Fourier and Motzkin).
Conditions of other forms are left out of a cover, which makes it larger: what holds on the cover holds in the
region. Points fulfil all conditions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from exactav.errors import ArgumentError
from exactav.numbers.expressions import described
from exactav.proofs.comparison import compare, would_decide
from exactav.proofs.points import points
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, undecided

Substitution = Mapping[sympy.Symbol, sympy.Expr]
Value = tuple[sympy.Expr, list[Boolean]]  # what a symbol is, and where
_MOST = 16  # substitutions of a cover
_TRIED = 240  # points of each
_WANTED = 24  # points that fulfil all conditions
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def conditions(where: Any) -> tuple[Boolean, ...]:
    """The conditions that a user gives: relations, one or several; those that always hold are left out.

    Raises:
        ArgumentError: one is something else, or never holds, or they contradict each other.

    >>> a = sympy.Symbol("a", positive=True)
    >>> conditions([0 < a, a < 1])
    (a < 1,)
    """
    given = [where] if isinstance(where, Boolean | bool) else where
    if not isinstance(given, Iterable) or isinstance(given, str):
        raise ArgumentError(f"where = {described(where)}: give relations of symbols, such as (0 < a, a < 1)")
    found: list[Boolean] = []
    for condition in given:
        if not isinstance(condition, Boolean | bool):
            raise ArgumentError(
                f"where: {described(condition)} is no condition: give relations of symbols, such as a < 1"
            )
        if condition == sympy.false:
            raise ArgumentError("where: a condition is never fulfilled, by what is assumed of its symbols")
        found += [part for part in sympy.And.make_args(sympy.sympify(condition)) if part != sympy.true]
    if not cover(found):
        raise ArgumentError(f"where: no values fulfil all of {', '.join(map(str, found))}")
    return tuple(found)


def compare_where(left: Any, right: Any, where: Sequence[Boolean]) -> Verdict:
    """Whether two exact values are equal wherever the conditions hold.

    >>> a = sympy.Symbol("a", real=True)
    >>> compare_where(sympy.sqrt((1 - a) ** 2), 1 - a, [a < 1])
    Verdict(outcome='holds', detail='')
    >>> compare_where(sympy.Abs(a), a, [a > -1]).detail
    'at a = -11/12, left is 11/12, right is -11/12'
    """
    if not where:
        return compare(left, right)
    found = undecided(f"no point that fulfils {_said(where)} was found, so nothing is claimed of any")
    for point in _inside(where, left, right):
        values = [_put_in(side, point) for side in (left, right)]
        try:
            found = compare(*values)
        except (ArithmeticError, ValueError, NotImplementedError):
            continue
        if found.is_refuted:
            place = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
            return found.at(f"at {place}")
    if found.outcome == "undecided" and found.detail.startswith("no point"):
        return found
    everywhere = compare(left, right)
    if everywhere == HOLDS:
        return HOLDS
    proved = all_hold(
        compare(*(_simpler(_put_in(side, covered)) for side in (left, right))) for covered in cover(where)
    )
    if proved == HOLDS:
        return HOLDS
    return undecided(
        f"no point with {_said(where)} refutes it, and no normal form shows it: "
        f"left is {left}, right is {right}; {would_decide(left, right)}"
    )


def cover(where: Sequence[Boolean]) -> list[Substitution]:
    """Substitutions whose values, for all values of the new symbols, are the region or more.

    There is none if the conditions contradict each other, an empty one if nothing is known of symbols.

    >>> a, b = sympy.symbols("a b", positive=True)
    >>> cover([a + b < 1])
    [{a: u'1*(-u'2/(u'2 + 1) + 1)/(u'1 + 1), b: u'2/(u'2 + 1)}]
    >>> cover([a > 2, a < 1])
    []
    """
    found: list[Substitution] = []
    waiting: list[tuple[list[Boolean], dict[sympy.Symbol, sympy.Expr]]] = [(list(where), {})]
    while waiting:
        left, done = waiting.pop()
        if sympy.false in left:
            continue
        taken = _next([part for part in left if part != sympy.true], len(done) + 1)
        if taken is None:
            found.append(done)
            continue
        if len(found) + len(waiting) >= _MOST:
            return [{}]
        symbol, values, others = taken
        for value, more in values:
            made = {known: expr.subs(symbol, value) for known, expr in done.items()} | {symbol: value}
            waiting.append(([part.subs(symbol, value) for part in others] + more, made))
    return found


@dataclass
class _Bounds:
    """What relations say of a symbol that is linear in them."""

    equal: list[sympy.Expr] = field(default_factory=list)
    low: list[tuple[sympy.Expr, bool]] = field(default_factory=list)
    high: list[tuple[sympy.Expr, bool]] = field(default_factory=list)

    @classmethod
    def of(cls, symbol: sympy.Symbol) -> "_Bounds":
        """What is assumed of it."""
        return cls(low=[(sympy.S.Zero, bool(symbol.is_positive))] if symbol.is_nonnegative else [])

    def add(self, sign: str, bound: sympy.Expr) -> None:
        if sign == "==":
            self.equal.append(bound)
        elif sign in (">", ">="):
            self.low.append((bound, sign == ">"))
        else:
            self.high.append((bound, sign == "<"))

    def order(self) -> tuple[bool, bool, bool]:
        """Equations first, then bounds on one side that hold symbols, then others."""
        sides = [bound for bound, _ in (*self.low, *self.high)]
        both = bool(self.low and self.high)
        return not self.equal, both, not any(bound.free_symbols for bound in sides)


def _next(relations: list[Boolean], number: int) -> tuple[sympy.Symbol, list[Value], list[Boolean]] | None:
    """A symbol with its values, and the relations that are left; None if nothing more is known."""
    found: dict[sympy.Symbol, _Bounds] = {}
    for relation in relations:
        for symbol, sign, bound in _linear(relation):
            found.setdefault(symbol, _Bounds.of(symbol)).add(sign, bound)
    for symbol in sorted(found, key=lambda symbol: (*found[symbol].order(), symbol.name)):
        values = _values(symbol, found[symbol], number)
        if values:
            others = [part for part in relations if symbol not in part.free_symbols]
            kept = [part for part in relations if symbol in part.free_symbols and not list(_linear(part))]
            return symbol, values, others + kept
    return None


def _linear(relation: Boolean) -> Iterator[tuple[sympy.Symbol, str, sympy.Expr]]:
    """The bounds that a relation says of symbols: symbol, sign, bound."""
    if not isinstance(relation, Relational) or relation.rel_op not in _TURNED:
        return
    difference = sympy.expand(relation.lhs - relation.rhs)
    for symbol in difference.free_symbols:
        factor = difference.coeff(symbol, 1)
        rest = difference - factor * symbol
        ours = not symbol.name.startswith("u'")
        if ours and factor.is_Rational and factor != 0 and symbol not in sympy.expand(rest).free_symbols:
            sign = relation.rel_op if factor > 0 else _TURNED[relation.rel_op]
            yield symbol, sign, sympy.expand(-rest / factor)


def _values(symbol: sympy.Symbol, bounds: _Bounds, number: int) -> list[Value]:
    """All that a symbol may be; nothing if that is not understood."""
    if bounds.equal:
        value = bounds.equal[0]
        return [(value, [])] if not symbol.is_integer or value.is_integer else []
    low, high = _tightest(bounds.low, 1), _tightest(bounds.high, -1)
    if symbol.is_integer:
        return _whole_values(low, high, number)
    if low and high:
        u = _fresh(number, positive=low[1], integer=False)
        inside = (low[0] + high[0] * u) / (1 + u), [sympy.Lt(low[0], high[0])]
        at_end = high[0], [sympy.Ge(high[0], low[0]) if not low[1] else sympy.Gt(high[0], low[0])]
        return [inside] if high[1] else [inside, at_end]
    one = low or high
    if one is None:
        return []
    u = _fresh(number, positive=one[1], integer=False)
    return [(one[0] + u if low else one[0] - u, [])]


def _whole_values(
    low: tuple[sympy.Expr, bool] | None, high: tuple[sympy.Expr, bool] | None, number: int
) -> list[Value]:
    """Of a whole number: from its low end on, if that is whole, else down from its high end."""
    u = _fresh(number, positive=False, integer=True)
    ends = [_whole_end(*end, way) if end else None for end, way in ((low, 1), (high, -1))]
    least, most = ends
    if least is not None:
        return [(least + u, [] if most is None else [sympy.Ge(most, least)])]
    return [] if most is None else [(most - u, [])]


def _whole_end(bound: sympy.Expr, strict: bool, way: int) -> sympy.Expr | None:
    """The first whole number at or beyond a bound; None if that is not known."""
    if bound.is_integer:
        return bound + way if strict else bound
    if bound.is_Rational:
        return sympy.ceiling(bound) if way > 0 else sympy.floor(bound)
    return None


def _tightest(bounds: list[tuple[sympy.Expr, bool]], way: int) -> tuple[sympy.Expr, bool] | None:
    """One with symbols, if there is one, else the innermost number."""
    if not bounds:
        return None
    with_symbols = [one for one in bounds if one[0].free_symbols]
    if with_symbols:
        return with_symbols[0]
    return max(bounds, key=lambda one: (way * one[0], one[1]))


def _fresh(number: int, *, positive: bool, integer: bool) -> sympy.Symbol:
    known = {"positive": True} if positive else {"nonnegative": True}
    return sympy.Symbol(f"u'{number}", **known, **({"integer": True} if integer else {}))


def _inside(where: Sequence[Boolean], *sides: Any) -> Iterator[Substitution]:
    """Points that fulfil all conditions, with values of the symbols of both sides."""
    symbols = {symbol for side in sides for symbol in _symbols(side)}
    symbols |= {symbol for condition in where for symbol in condition.free_symbols}
    for covered in cover(where):
        found = 0
        named = {symbol: covered.get(symbol, symbol) for symbol in sorted(symbols, key=str)}
        several = chain(points(*named.values()), points(*named.values(), tried=_TRIED))
        for number, drawn in enumerate(several):
            if number % 2:  # near the bounds, too
                drawn = {s: 1 / value if _is_scale(s) and value else value for s, value in drawn.items()}
            point = {symbol: expr.subs(drawn) for symbol, expr in named.items()}
            if all(condition.subs(point) == sympy.true for condition in where):
                found += 1
                yield point
            if found >= _WANTED:
                break


def _is_scale(symbol: sympy.Symbol) -> bool:
    """Whether it is a new symbol of a cover that is no whole number."""
    return bool(symbol.name.startswith("u'") and not symbol.is_integer)


def _symbols(side: Any) -> set[sympy.Symbol]:
    if isinstance(side, sympy.Basic | sympy.MatrixBase):
        return set(side.free_symbols)
    if isinstance(side, Mapping):
        return _symbols(list(side.values()))
    if isinstance(side, Iterable) and not isinstance(side, str):
        return {symbol for part in side for symbol in _symbols(part)}
    return set()


def _put_in(side: Any, values: Substitution) -> Any:
    """Values for symbols, in expressions, matrices, mappings and sequences of some."""
    if isinstance(side, sympy.MatrixBase):
        return side.applyfunc(lambda entry: _put_in(entry, values))
    if isinstance(side, sympy.Basic):
        return side.subs(values, simultaneous=True).doit() if values else side
    if isinstance(side, Mapping):
        return {key: _put_in(value, values) for key, value in side.items()}
    if isinstance(side, list | tuple):
        return [_put_in(part, values) for part in side]
    return side


def _simpler(side: Any) -> Any:
    """With roots, absolute values and cases settled by the signs of what is in them."""
    if isinstance(side, sympy.MatrixBase):
        return side.applyfunc(_simpler)
    if isinstance(side, Mapping):
        return {key: _simpler(value) for key, value in side.items()}
    if isinstance(side, list | tuple):
        return [_simpler(part) for part in side]
    if not isinstance(side, sympy.Expr):
        return side
    settled = side.replace(lambda part: isinstance(part, Relational), _settled)
    return settled.replace(_hides_signs, lambda part: part.func(*map(_factored, part.args)))


def _hides_signs(part: sympy.Basic) -> bool:
    if part.is_Pow:
        return bool(part.exp.is_Rational and not part.exp.is_Integer)
    return isinstance(part, sympy.Abs | sympy.sign | sympy.log)


def _factored(part: sympy.Expr) -> sympy.Expr:
    return sympy.factor(sympy.cancel(sympy.together(part))) if part.free_symbols else part


def _settled(relation: Relational) -> Boolean:
    difference = _factored(relation.lhs - relation.rhs)
    known = relation.func(difference, 0)
    return known if known in (sympy.true, sympy.false) else relation


def _said(where: Sequence[Boolean]) -> str:
    return ", ".join(map(str, where))
