"""Checks of inequalities on a region: Sturm sequences, Bernstein coefficients, interval subdivision."""

from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count, product
from typing import Any

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.arguments import mapping, one_of, taking, text
from exactav.numbers.expressions import described
from exactav.proofs.asked import expression
from exactav.proofs.bernstein import is_nonnegative
from exactav.proofs.boxes import Box, bounds
from exactav.proofs.checks import Check
from exactav.proofs.values import may_be_expanded, value_at
from exactav.proofs.verdicts import HOLDS, Verdict, refuted, undecided

Region = Mapping[sympy.Symbol, sympy.Interval]
_MOST_BOXES = 4000
_LOOKED_AT = tuple(Fraction(i, 7) for i in range(1, 7))  # whether a difference has values at all
_GRID = 7  # points of each symbol at which a counterexample is looked for
_FAR = 50  # how far such points go where an interval has no end
_RELATIONS = {"<=": False, "<": True, ">=": False, ">": True}


@taking(claim=text, left=expression, right=expression)
def inequality(claim: str, left: Any, relation: str, right: Any, *, over: Region) -> Check:
    """A check that ``left <= right`` (or <, >=, >) everywhere in a region.

    Rational expressions in one symbol are decided by counting roots (Sturm), in several by the coefficients
    of Bernstein polynomials on smaller and smaller boxes; all others by interval arithmetic on such
    boxes, which needs a closed region and decides only what is strict.

    Args:
        claim: what is checked, in plain text.
        left: an expression in the symbols of ``over``.
        relation: ``<=``, ``<``, ``>=`` or ``>``.
        right: the same.
        over: an interval of each symbol, open or closed, with rational ends or infinite.

    Raises:
        ArgumentError: a symbol has no interval.

    >>> alpha = sympy.Symbol("alpha")
    >>> unit = sympy.Interval.Ropen(0, 1)
    >>> probability = (1 - alpha) * (1 + alpha) ** 2 / (3 - alpha)
    >>> inequality("P <= 1", probability, "<=", 1, over={alpha: unit}).run()
    >>> inequality("P < 2/5", probability, "<", sympy.Rational(2, 5), over={alpha: unit}).verdict().detail
    'at alpha = 1/6, it is not so that 245/612 < 2/5'
    """
    strict = _RELATIONS[one_of(relation, "relation", _RELATIONS)]
    small, large = left, right
    if relation in (">=", ">"):
        small, large = large, small
    difference = large - small
    region = {
        symbol: _interval(symbol, interval)
        for symbol, interval in mapping(over, "over", "{a: Interval(0, 1)}").items()
    }
    if missing := difference.free_symbols - set(region):
        raise ArgumentError(
            f"{described(claim)}: no interval is given of {', '.join(sorted(map(str, missing)))}"
        )

    def computation() -> Verdict:
        for point in _points(region):
            try:
                value = value_at(difference, point)
            except OverflowError:  # of another point it may be told
                continue
            if value.is_Rational and (value < 0 or (strict and value == 0)):
                sides = [side.subs(point, simultaneous=True) for side in (left, right)]
                place = ", ".join(f"{symbol} = {number}" for symbol, number in point.items())
                return refuted(f"at {place}, it is not so that {sides[0]} {relation} {sides[1]}")
        return _decided(difference, region, strict)

    return Check("inequality", claim, computation)


def _interval(symbol: sympy.Symbol, interval: Any) -> sympy.Interval:
    if not isinstance(interval, sympy.Interval):
        raise ArgumentError(
            f"the region of {described(symbol)} = {described(interval)}: wanted a sympy.Interval"
        )
    for end in (interval.start, interval.end):
        if not (end.is_Rational or end.is_infinite):
            raise ArgumentError(f"the region of {symbol} = {interval}: wanted rational ends or infinite ones")
    return interval


def _points(region: Region) -> Iterator[dict[sympy.Symbol, sympy.Rational]]:
    """Some points of the region, its ends among them."""
    axes = []
    for interval in region.values():
        low, high = interval.start, interval.end
        if low.is_infinite:
            low = min(sympy.Integer(-_FAR), high - _FAR)
        if high.is_infinite:
            high = low + _FAR
        places = [low + (high - low) * sympy.Rational(i, _GRID - 1) for i in range(_GRID)]
        axes.append([place for place in places if interval.contains(place) == sympy.true])
    for values in product(*axes):
        yield dict(zip(region, values, strict=True))


def _decided(difference: sympy.Expr, region: Region, strict: bool) -> Verdict:
    if not may_be_expanded(difference):
        return _by_boxes(difference, region, strict)
    above, below = sympy.fraction(sympy.cancel(sympy.together(difference)))
    rational = all(
        side.is_polynomial(*region) and all(c.is_Rational for c in sympy.Poly(side, *region).coeffs())
        for side in (above, below)
    )
    if not rational:
        return _by_boxes(difference, region, strict)
    if len(region) == 1:
        ((symbol, interval),) = region.items()
        return _by_sturm(sympy.Poly(above, symbol), sympy.Poly(below, symbol), interval, strict)
    if is_nonnegative(below, region, strict=True):
        signs = above
    elif is_nonnegative(-below, region, strict=True):
        signs = -above
    else:
        return undecided(f"whether the denominator {below} vanishes somewhere")
    if is_nonnegative(signs, region, strict=strict):
        return HOLDS
    return undecided(f"whether {signs} is {'positive' if strict else 'never negative'}")


def _by_sturm(above: sympy.Poly, below: sympy.Poly, interval: sympy.Interval, strict: bool) -> Verdict:
    """No root where there must be none; where a sign changes there is one of odd multiplicity."""
    symbol = above.gen
    if _roots(below, interval):
        return undecided(f"the denominator {below.as_expr()} vanishes somewhere in {interval}")
    if above.is_zero:
        return refuted("both sides are equal") if strict else HOLDS
    inner = _inner(interval, above)
    sample = above.eval(inner) * below.eval(inner)
    if sample < 0:
        return refuted(f"at {symbol} = {inner}")
    if strict and _roots(above, interval):
        return refuted(f"both sides are equal somewhere in {interval}")
    opened = sympy.Interval.open(interval.start, interval.end)
    odd = [factor for factor, times in above.factor_list()[1] if times % 2]
    crossed = next((factor for factor in odd if _roots(factor, opened)), None)
    if crossed is not None:
        return refuted(f"the difference of the sides changes its sign where {crossed.as_expr()} = 0")
    return HOLDS


def _inner(interval: sympy.Interval, polynomial: sympy.Poly) -> sympy.Rational:
    """A point inside at which the polynomial is not 0: one of more of them than it has roots."""
    low, high = interval.start, interval.end
    if high.is_infinite:
        low = sympy.S.Zero if low.is_infinite else low
        high = low + 1
    elif low.is_infinite:
        low = high - 1
    shares = (sympy.Rational(i, i + 1) for i in count(1))
    places = (low + (high - low) * share for share in shares)
    return next(place for place in places if polynomial.eval(place) != 0)


def _roots(polynomial: sympy.Poly, interval: sympy.Interval) -> int:
    """How many different real roots are in the interval."""
    if polynomial.degree() <= 0:
        return 0
    free = polynomial.sqf_part()
    low, high = (None if end.is_infinite else end for end in (interval.start, interval.end))
    found = int(free.count_roots(low, high))
    for end, is_open in ((low, interval.left_open), (high, interval.right_open)):
        if end is not None and is_open and free.eval(end) == 0:
            found -= 1
    return found


def _by_boxes(difference: sympy.Expr, region: Region, strict: bool) -> Verdict:
    """Halving boxes until the difference is positive on each, or surely negative on one."""
    if any(interval.start.is_infinite or interval.end.is_infinite for interval in region.values()):
        return undecided("interval arithmetic needs a bounded region: put 1/x for what is not bounded")
    first = {
        symbol: (Fraction(int(i.start.p), int(i.start.q)), Fraction(int(i.end.p), int(i.end.q)))
        for symbol, i in region.items()
    }
    if all(bounds(difference, 80, _place(first, share)) is None for share in _LOOKED_AT):
        return undecided("no enclosure is known of the difference of the sides")
    boxes, seen = deque([first]), 0
    while boxes:
        if (seen := seen + 1) > _MOST_BOXES:
            return undecided(
                f"{_MOST_BOXES} boxes were not enough: the two sides may touch near {_said(boxes[0])}"
            )
        box = boxes.popleft()
        found = bounds(difference, 80, box)
        if found is not None and (found[0] > 0 or (found[0] == 0 and not strict)):
            continue
        middle_of = _place(box, Fraction(1, 2))
        at = bounds(difference, 80, middle_of)
        if at is not None and at[1] < 0:
            place = ", ".join(f"{symbol} = {middle}" for symbol, (middle, _) in middle_of.items())
            return refuted(f"at {place}, the difference of the sides is below 0")
        widest = max(box, key=lambda symbol: box[symbol][1] - box[symbol][0])
        low, high = box[widest]
        middle = (low + high) / 2
        boxes += [{**box, widest: (low, middle)}, {**box, widest: (middle, high)}]
    return HOLDS


def _place(box: Box, share: Fraction) -> Box:
    """The point that is so far from the lower ends of a box towards its upper ends."""
    values = {symbol: low + share * (high - low) for symbol, (low, high) in box.items()}
    return {symbol: (value, value) for symbol, value in values.items()}


def _said(box: Mapping[sympy.Symbol, tuple[Fraction, Fraction]]) -> str:
    return ", ".join(f"{symbol} = {float(low):.6g}" for symbol, (low, _) in box.items())
