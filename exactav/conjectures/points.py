"""Values of symbols at which networks are looked at: simple fractions, so that rows are within thresholds."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

import sympy

from exactav.network.network import Network
from exactav.proofs.points import is_as_assumed

Point = dict[sympy.Symbol, sympy.Expr]
_SIMPLE = tuple(sympy.Rational(*parts) for parts in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (5, 7)))
_LARGE = tuple(map(sympy.Integer, (1, 2, 3, 5)))
_LOGARITHMS = tuple(map(sympy.log, (2, 3, sympy.Rational(3, 2), sympy.Rational(1, 2), 8)))
_ATTEMPTS = 40  # to find a value that is assumed of a symbol


def points(symbols: Sequence[sympy.Symbol], nets: Iterable[Network], count: int) -> Iterator[Point]:
    """At most ``count`` points: equal values first, then any, for many symbols also small ones.

    What stands in exponents of a network is a logarithm, so that its weights are rational.

    >>> a, b = sympy.symbols("a b")
    >>> list(points([a, b], [], 3))
    [{a: 1/2, b: 1/2}, {a: 1/4, b: 1/4}, {a: 1/2, b: 1/3}]
    """
    dice = Random(len(symbols))
    exponents = {symbol for net in nets for symbol in _in_exponents(net)}
    scales = [sympy.Integer(1), sympy.Rational(1, max(1, len(symbols)))]
    for tried in range(count):
        scale = scales[tried % 2]
        pools = _pools(tried, scale)
        found = {symbol: _drawn(symbol, pools[symbol in exponents], dice) for symbol in symbols}
        if all(is_as_assumed(symbol, value) for symbol, value in found.items()):
            yield found


def _pools(tried: int, scale: sympy.Rational) -> tuple[list[sympy.Expr], list[sympy.Expr]]:
    """What values are drawn from: plain ones, and those in exponents."""
    if tried < 2:
        return [_SIMPLE[0] * scale], [_LOGARITHMS[0]]
    plain = _LARGE if tried % 5 == 4 else _SIMPLE[: 2 + tried // 4]  # simple ones first
    return [value * scale for value in plain], list(_LOGARITHMS)


def _in_exponents(net: Network) -> set[sympy.Symbol]:
    numbers = [*net.entries.values(), *net.thresholds, *net.drive]
    return {symbol for number in numbers for part in number.atoms(sympy.exp) for symbol in part.free_symbols}


def _drawn(symbol: sympy.Symbol, pool: Sequence[sympy.Expr], dice: Random) -> sympy.Expr:
    """A value from the pool, or any whole number, if that is what is assumed."""
    value = dice.choice(pool)
    for attempt in range(_ATTEMPTS):
        if is_as_assumed(symbol, value):
            break
        value = sympy.Integer(dice.randint(-attempt, attempt))
    return value
