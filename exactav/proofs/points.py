"""Points at which expressions are looked at: values that are assumed of their symbols."""

import random
from collections.abc import Iterator

import sympy

POINTS = 24  # enough that a rational function that vanishes at all of them is no accident


def points(*sides: sympy.Basic, tried: int = POINTS) -> Iterator[dict[sympy.Symbol, sympy.Rational]]:
    """Rational values that the assumptions of the symbols allow: whole ones first, then any of both signs.

    >>> next(points(sympy.Symbol("n", integer=True, positive=True)))
    {n: 6}
    """
    dice = random.Random(1)
    whole_ones = counts(*sides)
    symbols = sorted({symbol for side in sides for symbol in side.free_symbols}, key=str)
    for number in range(tried):
        point = {}
        for symbol in symbols:
            whole = number < tried // 3 or symbol in whole_ones
            drawn = (_drawn(dice, whole=whole or attempt % 2 == 0) for attempt in range(60))
            allowed = (value for value in drawn if _may_be(symbol, value, is_count=whole))
            if (value := next(allowed, None)) is not None:
                point[symbol] = value
        if len(point) == len(symbols):
            yield point


def counts(*sides: sympy.Basic) -> set[sympy.Symbol]:
    """Symbols in the bounds of sums and products.

    >>> n, k = sympy.symbols("n k")
    >>> counts(sympy.Sum(k, (k, 1, n)))
    {n}
    """
    totals = [total for side in sides for total in side.atoms(sympy.Sum, sympy.Product)]
    ends = [end for total in totals for _, *ends in total.limits for end in ends]
    within = {symbol for total in totals for symbol in total.variables}
    return {symbol for end in ends for symbol in end.free_symbols} - within


def is_as_assumed(symbol: sympy.Symbol, value: sympy.Expr) -> bool:
    """Whether nothing that is assumed of a symbol is false of a value.

    >>> n = sympy.Symbol("n", integer=True, positive=True)
    >>> is_as_assumed(n, sympy.Integer(3)), is_as_assumed(n, sympy.Rational(1, 2))
    (True, False)
    """
    known = symbol.assumptions0.items()
    return all(getattr(value, f"is_{name}", None) in (None, truth) for name, truth in known)


def _drawn(dice: random.Random, *, whole: bool) -> sympy.Rational:
    return sympy.Rational(dice.randint(-12, 12), 1 if whole else dice.randint(2, 9))


def _may_be(symbol: sympy.Symbol, value: sympy.Rational, *, is_count: bool) -> bool:
    """Whether the symbol's assumptions allow the value; a count is at least 1, if they do."""
    if is_count and value < 1 and not symbol.is_nonpositive:
        return False
    return is_as_assumed(symbol, value)
