"""Values of symbols at which networks are looked at: simple fractions, so that rows stay within thresholds."""

from collections.abc import Iterator, Sequence
from random import Random

import sympy

Point = dict[sympy.Symbol, sympy.Rational]
_SIMPLE = tuple(sympy.Rational(p, q) for p, q in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (3, 5), (5, 7)))
_LARGE = tuple(map(sympy.Integer, (1, 2, 3, 5)))
_ATTEMPTS = 40  # to find a value that is assumed of a symbol


def points(symbols: Sequence[sympy.Symbol], count: int) -> Iterator[Point]:
    """At most ``count`` points: equal values first, small ones for many symbols, then large ones in between.

    >>> a, b = sympy.symbols("a b")
    >>> list(points([a, b], 3))
    [{a: 1/2, b: 1/2}, {a: 1/4, b: 1/4}, {a: 1/2, b: 1/3}]
    """
    dice = Random(len(symbols))
    scales = [sympy.Integer(1), sympy.Rational(1, max(1, len(symbols)))]
    for tried in range(count):
        scale = scales[tried % 2]
        if tried < 2:
            found = {symbol: _SIMPLE[0] * scale for symbol in symbols}
        else:
            pool = _LARGE if tried % 5 == 4 else _SIMPLE
            found = {symbol: _drawn(symbol, pool, scale, dice) for symbol in symbols}
        if all(_may_be(symbol, value) for symbol, value in found.items()):
            yield found


def _drawn(
    symbol: sympy.Symbol, pool: Sequence[sympy.Rational], scale: sympy.Rational, dice: Random
) -> sympy.Rational:
    """A value from the pool, or any whole number, if that is what is assumed."""
    value = dice.choice(pool) * scale
    for attempt in range(_ATTEMPTS):
        if _may_be(symbol, value):
            break
        value = sympy.Integer(dice.randint(-attempt, attempt))
    return value


def _may_be(symbol: sympy.Symbol, value: sympy.Rational) -> bool:
    known = symbol.assumptions0
    return all(getattr(value, f"is_{name}", None) in (None, truth) for name, truth in known.items())
