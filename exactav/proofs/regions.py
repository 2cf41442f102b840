"""Conditions under which a claim is made: what a user may give, and whether a claim holds where they do.

A claim holds in a region if it holds on a cover of it (:mod:`exactav.proofs.covers`); it is refuted only by
points that fulfil all conditions and all that is assumed of their symbols.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any

import numpy as np
import sympy
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyElement

from exactav.errors import ArgumentError
from exactav.numbers.arguments import items_of
from exactav.numbers.expressions import described
from exactav.proofs.comparison import both, compare, would_decide
from exactav.proofs.covers import Substitution, cover, is_new
from exactav.proofs.points import counts, is_as_assumed, points
from exactav.proofs.signs import implied, signed
from exactav.proofs.values import value_at
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, undecided

_TRIED = 240  # points of each substitution of a cover
_NO_VALUE = "no value: "  # what is said where there is none, by comparisons too
_WANTED = 24  # points that fulfil all conditions


def conditions(where: Any) -> tuple[Boolean, ...]:
    """The conditions that a user gives: relations, one or several; those that always hold are left out.

    Raises:
        ArgumentError: one is something else, or never holds, or they contradict each other.

    >>> a = sympy.Symbol("a", positive=True)
    >>> conditions([0 < a, a < 1])
    (a < 1,)
    """
    given = [where] if isinstance(where, Boolean | bool) else items_of(where)
    if given is None or isinstance(where, str):
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
        raise ArgumentError(f"where: no values fulfil all of {said(found)}")
    return tuple(found)


def conditions_on_others(where: Any, *symbols: sympy.Symbol) -> tuple[Boolean, ...]:
    """The conditions that a user gives on all but ``symbols``, which run over all that a check is about.

    Raises:
        ArgumentError: one is on these; or as of :func:`conditions`.
    """
    found = conditions(where)
    for symbol in symbols:
        if bound := [condition for condition in found if symbol in condition.free_symbols]:
            raise ArgumentError(
                f"where: {bound[0]} is on {symbol}, which this check runs over: give conditions on parameters"
            )
    return found


def compare_where(left: Any, right: Any, where: Sequence[Boolean]) -> Verdict:
    """Whether two exact values are equal wherever the conditions hold and both have values.

    Raises:
        ArgumentError: a condition is on a symbol that has the name of one of the sides, but is another.

    >>> a = sympy.Symbol("a", real=True)
    >>> compare_where(sympy.sqrt((1 - a) ** 2), 1 - a, [a < 1])
    Verdict(outcome='holds', detail='')
    >>> compare_where(sympy.Abs(a), a, [a > -1]).detail
    'at a = -11/12, left is 11/12, right is -11/12'
    """
    if not where:
        return compare(left, right)
    whole = _whole_counts(left, right)
    region = [condition.subs(whole) for condition in where]
    sides = [_each(lambda part: implied(part.subs(whole), region), side) for side in (left, right)]

    def at(values: Substitution) -> Verdict:
        return compare(*(_simpler(_put_in(side, values)) for side in sides))

    verdict = decided_where(at, sides, region)
    if verdict.outcome != "undecided" or verdict.detail.startswith("no point"):
        return verdict
    return undecided(
        f"no point with {said(where)} refutes it, and no normal form shows it: "
        f"{both(left, right)}; {would_decide(left, right)}"
    )


def decided_where(
    at: Callable[[Substitution], Verdict],
    parts: Any,
    where: Sequence[Boolean],
    wanted: int = _WANTED,
    *,
    run_over: sympy.Symbol | None = None,
) -> Verdict:
    """Whether a claim holds wherever the conditions do.

    Args:
        at: the verdict on the claim, with values or expressions for some symbols.
        parts: what has the claim's symbols in it.
        where: the conditions.
        wanted: how many points are tried.
        run_over: a symbol of the claim that has no value.
    """
    if not where:
        return at({})
    _told_apart(parts, where)
    found, with_value, without = 0, 0, ""
    for point in _inside(where, symbols_of(parts) - {run_over}, wanted):
        found += 1
        verdict = _tried(at, point)
        if verdict.is_refuted:
            return verdict.at("at " + ", ".join(f"{symbol} = {value}" for symbol, value in point.items()))
        if _NO_VALUE in verdict.detail:
            without = verdict.detail
        else:
            with_value += 1
    if not found:
        return undecided(f"no point that fulfils {said(where)} was found, so nothing is claimed of any")
    if not with_value:
        return undecided(
            f"no point with {said(where)} was found at which both sides have a value; at one, {without}"
        )
    if _tried(at, {}) == HOLDS:
        return HOLDS
    return all_hold(_not_refuted(_tried(at, covered)) for covered in cover(where))


def said(where: Sequence[Boolean]) -> str:
    """Conditions in plain text.

    >>> said(sympy.symbols("a b"))
    'a, b'
    """
    return ", ".join(map(str, where))


def _tried(at: Callable[[Substitution], Verdict], values: Substitution) -> Verdict:
    try:
        return at(values)
    except (ArithmeticError, ValueError, NotImplementedError) as error:
        return undecided(f"{_NO_VALUE}{error}")


def _not_refuted(verdict: Verdict) -> Verdict:
    """A cover may be larger than the region: what is false on it need not be false."""
    return undecided(verdict.detail) if verdict.is_refuted else verdict


def _told_apart(parts: Any, where: Sequence[Boolean]) -> None:
    symbols = symbols_of(parts)
    names = {symbol.name for symbol in symbols}
    for symbol in {symbol for condition in where for symbol in condition.free_symbols} - symbols:
        if symbol.name in names:
            raise ArgumentError(
                f"where: the symbol {symbol} of the conditions and that of the claim are two: "
                "make it once, with all that is assumed of it"
            )


def _inside(
    where: Sequence[Boolean], symbols: Set[sympy.Symbol | None], wanted: int
) -> Iterator[Substitution]:
    """Points that fulfil all conditions, with values of all symbols."""
    symbols = symbols | {symbol for condition in where for symbol in condition.free_symbols}
    for covered in cover(where):
        found = 0
        named = {symbol: covered.get(symbol, symbol) for symbol in sorted(symbols, key=str)}
        several = chain(points(*named.values()), points(*named.values(), tried=_TRIED))
        for number, drawn in enumerate(several):
            if number % 2:  # near the bounds, too
                drawn = {s: 1 / value if _is_scale(s) and value else value for s, value in drawn.items()}
            point = {symbol: expr.subs(drawn) for symbol, expr in named.items()}
            if _fulfils(point, where):
                found += 1
                yield point
            if found >= wanted:
                break


def _is_scale(symbol: sympy.Symbol) -> bool:
    """Whether it is a new symbol of a cover that is no whole number."""
    return is_new(symbol) and not symbol.is_integer


def _fulfils(point: Substitution, where: Sequence[Boolean]) -> bool:
    """Whether a point is as its symbols are assumed to be, and fulfils the conditions."""
    if not all(is_as_assumed(symbol, value) for symbol, value in point.items()):
        return False
    try:
        return all(value_at(condition, point) == sympy.true for condition in where)
    except OverflowError:  # nobody can tell
        return False


def _whole_counts(*sides: Any) -> Substitution:
    """The bounds of sums are whole numbers, whether or not their symbols say so."""
    found = counts(*(part for side in sides for part in _parts(side)))
    return {
        symbol: sympy.Symbol(
            symbol.name, integer=True, **{k: v for k, v in symbol.assumptions0.items() if k in _KEPT}
        )
        for symbol in found
        if symbol.is_integer is None
    }


_KEPT = {"positive", "nonnegative", "negative", "nonpositive", "nonzero"}  # by a symbol that becomes whole


def _each(change: Callable[[sympy.Basic], Any], side: Any) -> Any:
    """A change of each expression in matrices, mappings, sequences and sets of some."""
    if isinstance(side, PolyElement):
        return change(side.as_expr())
    if isinstance(side, sympy.MatrixBase):
        return side.applyfunc(change)
    if isinstance(side, np.ndarray):
        return _each(change, side.tolist())
    if isinstance(side, Mapping):
        return {key: _each(change, value) for key, value in side.items()}
    if isinstance(side, list | tuple | sympy.Tuple):
        return [_each(change, part) for part in side]
    if isinstance(side, set | frozenset | sympy.FiniteSet):
        return frozenset(_each(change, part) for part in side)
    return change(side) if isinstance(side, sympy.Basic) else side


def symbols_of(side: Any) -> set[sympy.Symbol]:
    """The symbols in expressions, matrices, mappings, sequences and sets of some."""
    return {symbol for part in _parts(side) for symbol in part.free_symbols}


def _parts(side: Any) -> list[sympy.Basic]:
    found: list[sympy.Basic] = []

    def kept(part: sympy.Basic) -> sympy.Basic:
        found.append(part)
        return part

    _each(kept, side)
    return found


def _put_in(side: Any, values: Substitution) -> Any:
    """Values for symbols."""
    return _each(lambda part: value_at(part, values), side) if values else side


def _simpler(side: Any) -> Any:
    """With roots, absolute values and cases settled by the signs of what is in them."""
    return _each(signed, side)
