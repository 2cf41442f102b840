"""Substitutions that cover where conditions hold.

A symbol between two bounds is (low + high u)/(1 + u) with u > 0, one above a bound is low + u. Bounds may
hold other symbols, which are taken next, with each low < high as one more condition (Fourier and Motzkin).
Alternatives, absolute values and polynomials in one real symbol are taken apart into such bounds. Conditions
of other forms are left out, which makes the cover larger: what holds on the cover holds in the region.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

Substitution = Mapping[sympy.Symbol, sympy.Expr]
Bound = tuple[sympy.Expr, bool]  # the number or expression, and whether it is excluded
Value = tuple[sympy.Expr, list[Boolean]]  # what a symbol is, and where
_MOST = 16  # substitutions of a cover
_HIGHEST = 6  # degree of a polynomial that is taken apart
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def cover(where: Sequence[Boolean]) -> list[Substitution]:
    """Substitutions whose values, for all values of the new symbols, are the region or more.

    There is none if the conditions contradict each other, an empty one if nothing is known of symbols.

    >>> a, b = sympy.symbols("a b", positive=True)
    >>> cover([a + b < 1])
    [{a: u'1*(-u'2/(u'2 + 1) + 1)/(u'1 + 1), b: u'2/(u'2 + 1)}]
    >>> cover([a > 2, a < 1]), cover([sympy.Eq(a, b), a > b])
    ([], [])
    >>> cover([sympy.Or(a < 1, a > 3)])
    [{a: u'1/(u'1 + 1)}, {a: u'1 + 3}]
    """
    found: list[Substitution] = []
    waiting: list[tuple[list[Boolean], dict[sympy.Symbol, sympy.Expr]]] = [
        (relations, {}) for relations in _alternatives(where)
    ]
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


def is_new(symbol: sympy.Symbol) -> bool:
    """Whether it is a symbol of a cover."""
    return bool(symbol.name.startswith("u'"))


def _alternatives(where: Sequence[Boolean]) -> list[list[Boolean]]:
    """Lists of relations, one of which holds wherever the conditions do."""
    choices = [_cases(condition) for condition in where]
    while (count := sympy.prod(map(len, choices))) > _MOST:
        longest = max(choices, key=len)
        choices.remove(longest)
    return [list(chain.from_iterable(chosen)) for chosen in product(*choices)] if count else []


def _cases(condition: Boolean) -> list[tuple[Boolean, ...]]:
    """The ways in which a condition can be fulfilled."""
    if isinstance(condition, sympy.And):
        return [tuple(part) for part in _alternatives(condition.args)]
    if isinstance(condition, sympy.Or):
        return [case for part in condition.args for case in _cases(part)]
    for take_apart in (_without_absolute, _by_roots):
        if (parts := take_apart(condition)) is not None:
            return _cases(parts)
    return [(condition,)]


def _without_absolute(condition: Boolean) -> Boolean | None:
    """|e| < c or |e| > c, of a real e, as bounds of e."""
    if not isinstance(condition, Relational):
        return None
    side, sign, other = condition.lhs, condition.rel_op, condition.rhs
    if isinstance(other, sympy.Abs):
        side, sign, other = other, _TURNED.get(sign, sign), side
    if not (isinstance(side, sympy.Abs) and side.args[0].is_extended_real) or sign in ("==", "!="):
        return None
    joined = sympy.And if sign in ("<", "<=") else sympy.Or
    return joined(*(Relational(way * side.args[0], other, sign) for way in (1, -1)))


def _by_roots(condition: Boolean) -> Boolean | None:
    """A polynomial of higher degree in one real symbol, as intervals of it."""
    if not isinstance(condition, Relational) or len(condition.free_symbols) != 1:
        return None
    (symbol,) = condition.free_symbols
    difference = condition.lhs - condition.rhs
    if not (symbol.is_extended_real and difference.is_polynomial(symbol)):
        return None
    polynomial = sympy.Poly(difference, symbol)
    if not (1 < polynomial.degree() <= _HIGHEST and polynomial.domain in (sympy.ZZ, sympy.QQ)):
        return None
    intervals = sympy.solve_poly_inequality(polynomial, condition.rel_op)
    return sympy.Or(*(interval.as_relational(symbol) for interval in intervals))


@dataclass
class _Bounds:
    """What relations say of a symbol that is linear in them."""

    equal: list[sympy.Expr] = field(default_factory=list)
    low: list[Bound] = field(default_factory=list)
    high: list[Bound] = field(default_factory=list)

    @classmethod
    def of(cls, symbol: sympy.Symbol) -> "_Bounds":
        """What is assumed of it."""
        low = [(sympy.S.Zero, bool(symbol.is_positive))] if symbol.is_nonnegative else []
        return cls(low=low, high=[(sympy.S.Zero, bool(symbol.is_negative))] if symbol.is_nonpositive else [])

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

    def implied(self) -> list[Boolean]:
        """Each low end is below each high one."""
        return [_below(low, high, strict or also) for low, strict in self.low for high, also in self.high]

    def at(self, value: sympy.Expr) -> list[Boolean]:
        """A value is within all bounds, and equal to all that are known."""
        lows = [_below(low, value, strict) for low, strict in self.low]
        highs = [_below(value, high, strict) for high, strict in self.high]
        return [*lows, *highs, *(sympy.Eq(value, other) for other in self.equal)]


def _below(low: sympy.Expr, high: sympy.Expr, strict: bool) -> Boolean:
    return sympy.Lt(low, high) if strict else sympy.Le(low, high)


def _next(relations: list[Boolean], number: int) -> tuple[sympy.Symbol, list[Value], list[Boolean]] | None:
    """A symbol with its values, and the relations that are left; None if nothing more is known."""
    found: dict[sympy.Symbol, _Bounds] = {}
    for relation in relations:
        for symbol, sign, bound in _linear(relation):
            found.setdefault(symbol, _Bounds.of(symbol)).add(sign, bound)
    for symbol in sorted(found, key=lambda symbol: (*found[symbol].order(), symbol.name)):
        values = _values(symbol, found[symbol], number)
        if values is not None:
            left = [part for part in relations if symbol not in {one for one, _, _ in _linear(part)}]
            return symbol, values, left
    return None


def _linear(relation: Boolean) -> Iterator[tuple[sympy.Symbol, str, sympy.Expr]]:
    """The bounds that a relation says of symbols: symbol, sign, bound."""
    if not isinstance(relation, Relational) or relation.rel_op not in _TURNED:
        return
    difference = sympy.expand(relation.lhs - relation.rhs)
    for symbol in difference.free_symbols:
        factor = difference.coeff(symbol, 1)
        rest = sympy.expand(difference - factor * symbol)
        if is_new(symbol) or symbol in rest.free_symbols or rest.is_infinite:
            continue
        if factor.is_Rational and factor != 0:
            sign = relation.rel_op if factor > 0 else _TURNED[relation.rel_op]
            yield symbol, sign, sympy.expand(-rest / factor)


def _values(symbol: sympy.Symbol, bounds: _Bounds, number: int) -> list[Value] | None:
    """All that a symbol may be, none if the bounds contradict each other; None if they are not understood."""
    if bounds.equal:
        value = bounds.equal[0]
        if symbol.is_integer and not value.is_integer:
            return [] if value.is_integer is False else None
        return [(value, bounds.at(value))]
    low, high = _tightest(bounds.low, 1), _tightest(bounds.high, -1)
    if symbol.is_integer:
        found = _whole_values(low, high, number)
        return found and [(value, [*more, *bounds.implied()]) for value, more in found]
    if low and high:
        u = _fresh(number, positive=low[1], integer=False)
        inside = (low[0] + high[0] * u) / (1 + u), [sympy.Lt(low[0], high[0]), *bounds.implied()]
        return [inside] if high[1] else [inside, (high[0], bounds.at(high[0]))]
    one = low or high
    assert one is not None  # what is asked of has a bound
    u = _fresh(number, positive=one[1], integer=False)
    return [(one[0] + u if low else one[0] - u, [])]


def _whole_values(low: Bound | None, high: Bound | None, number: int) -> list[Value] | None:
    """Of a whole number: from its low end on, if that is whole, else down from its high end."""
    u = _fresh(number, positive=False, integer=True)
    least, most = [_whole_end(*end, way) if end else None for end, way in ((low, 1), (high, -1))]
    if least is not None:
        return [(least + u, [] if most is None else [sympy.Ge(most, least)])]
    return None if most is None else [(most - u, [])]


def _whole_end(bound: sympy.Expr, strict: bool, way: int) -> sympy.Expr | None:
    """The first whole number at or beyond a bound; None if that is not known."""
    if bound.is_integer:
        return bound + way if strict else bound
    if bound.is_number and bound.is_integer is False:
        return sympy.ceiling(bound) if way > 0 else sympy.floor(bound)
    return None


def _tightest(bounds: list[Bound], way: int) -> Bound | None:
    """One with symbols, if there is one, else the innermost number."""
    if not bounds:
        return None
    with_symbols = [one for one in bounds if one[0].free_symbols]
    return with_symbols[0] if with_symbols else max(bounds, key=lambda one: (way * one[0], one[1]))


def _fresh(number: int, *, positive: bool, integer: bool) -> sympy.Symbol:
    known: Any = {"positive": True} if positive else {"nonnegative": True}
    return sympy.Symbol(f"u'{number}", **known, **({"integer": True} if integer else {}))
