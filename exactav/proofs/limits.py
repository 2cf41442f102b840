"""Checks of limits and of asymptotic forms with an error term."""

from fractions import Fraction
from typing import Any

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.arguments import one_of, taking, text
from exactav.numbers.expressions import described
from exactav.numbers.whole import whole
from exactav.proofs.asked import expression
from exactav.proofs.asked import symbol as a_symbol
from exactav.proofs.boxes import bounds
from exactav.proofs.checks import Check, Where
from exactav.proofs.comparison import compare
from exactav.proofs.covers import Substitution
from exactav.proofs.growth import Growth, growth
from exactav.proofs.regions import conditions_on_others, decided_where
from exactav.proofs.terms import NotATermError
from exactav.proofs.verdicts import Verdict, all_hold, undecided

_MOST_TERMS = 100
_POINTS = 3  # values of parameters at which a limit is taken
_NEAR = (30, 60)  # binary digits of how near to the point a limit that SymPy found is looked at


def _side(value: Any, name: str) -> str:
    return one_of(value, name, ["+", "-"])


def _point(value: Any, name: str) -> sympy.Expr:
    found = expression(value, name)
    if found == sympy.oo or found.is_finite:
        return found
    raise ArgumentError(f"{name} = {described(found)}: give a number, or sympy.oo")


@taking(claim=text, expr=expression, symbol=a_symbol, point=_point, value=expression, side=_side)
def limit(
    claim: str,
    expr: Any,
    symbol: sympy.Symbol,
    point: Any,
    value: Any,
    *,
    side: str = "+",
    where: Where = (),
) -> Check:
    """A check that an expression tends to ``value``.

    Products of powers, factorials and rational functions are expanded with an error term; for all other
    expressions without parameters SymPy's limit is taken, and looked at from near by.

    Args:
        claim: what is checked, in plain text.
        expr: an expression in ``symbol`` and parameters.
        symbol: what goes to the point.
        point: a number, or ``sympy.oo``.
        value: an expression in the parameters.
        side: ``+`` from above, ``-`` from below; of numbers.
        where: conditions on the parameters, as of :func:`exactav.proofs.identity`.

    Raises:
        ArgumentError: a condition is none, is on ``symbol``, or contradicts another.

    >>> N = sympy.Symbol("N", integer=True, positive=True)
    >>> a = sympy.Symbol("a", positive=True)
    >>> limit("e", (1 - a / N) ** (N + 3), N, sympy.oo, sympy.exp(-a)).run()
    >>> limit("no", (1 - a / N) ** (N + 3), N, sympy.oo, sympy.exp(a)).verdict().outcome
    'refuted'
    >>> limit("no large avalanches", a**N * N, N, sympy.oo, 0, where=a < 1).run()
    """
    left, right, to = expr, value, point
    region = conditions_on_others(where, symbol)

    def at(values: Substitution) -> Verdict:
        found = _limit(left.subs(values), symbol, to, side)
        if isinstance(found, Verdict):
            return found
        return compare(found, right.subs(values)).at(f"as {symbol} goes to {to}")

    return Check(
        "limit",
        claim,
        lambda: decided_where(at, [left, right], region, _POINTS, run_over=symbol),
        where=region,
    )


@taking(claim=text, expr=expression, symbol=a_symbol, leading=expression, point=_point)
def asymptotics(
    claim: str,
    expr: Any,
    symbol: sympy.Symbol,
    leading: Any,
    *,
    order: int = 1,
    point: Any = sympy.oo,
    where: Where = (),
) -> Check:
    """A check that expr = leading (1 + O(symbol^-order)), or O((symbol - point)^order) from above.

    Args:
        claim: what is checked, in plain text.
        expr: a product of powers, factorials and rational functions of ``symbol`` and parameters.
        symbol: what grows.
        leading: what the expression is compared with, of the same kind; corrections such as 1 + 1/(12 N)
            are part of it.
        order: of the relative error; at least 1.
        point: a number, or ``sympy.oo``.
        where: conditions on the parameters, as of :func:`exactav.proofs.identity`.

    Raises:
        ArgumentError: a condition is none, is on ``symbol``, or contradicts another.

    >>> L = sympy.Symbol("L", integer=True, positive=True)
    >>> stirling = sympy.sqrt(2 * sympy.pi * L) * L**L * sympy.exp(-L)
    >>> asymptotics("Stirling", sympy.factorial(L), L, stirling).run()
    >>> asymptotics("Stirling", sympy.factorial(L), L, stirling * (1 + 1 / (12 * L)), order=2).run()
    >>> asymptotics("no", sympy.factorial(L), L, stirling, order=2).verdict().detail
    'of the terms of order 1, left is 1/12, right is 0'
    """
    order = whole(order, "order", 1, _MOST_TERMS)
    left, right, to = expr, leading, point
    region = conditions_on_others(where, symbol)

    def at(values: Substitution) -> Verdict:
        N, (above, below) = _at_infinity((left.subs(values), right.subs(values)), symbol, to, "+")
        found = growth(above, N, order) * growth(below, N, order).inverse()
        names = ("N log N", "N", "log N")
        verdicts = [
            compare(rate, sympy.S.Zero).at(f"of the terms with {name}")
            for rate, name in zip(found.rates, names, strict=True)
        ]
        verdicts.append(compare(found.factor, sympy.S.One).at("of the factors"))
        verdicts += [
            compare(part, sympy.S.Zero).at(f"of the terms of order {i}")
            for i, part in enumerate(found.tail[: order - 1], start=1)
        ]
        return all_hold(verdicts)

    def computation() -> Verdict:
        return decided_where(at, [left, right], region, _POINTS, run_over=symbol)

    return Check("asymptotics", claim, computation, where=region)


def _at_infinity(
    sides: tuple[sympy.Expr, ...], symbol: sympy.Symbol, point: sympy.Expr, side: str
) -> tuple[sympy.Symbol, tuple[sympy.Expr, ...]]:
    """The same for a symbol that goes to infinity."""
    if point == sympy.oo:
        return symbol, sides
    N = sympy.Dummy("N", positive=True)
    near = point + (1 / N if side == "+" else -1 / N)
    return N, tuple(part.subs(symbol, near) for part in sides)


def _limit(expr: sympy.Expr, symbol: sympy.Symbol, point: sympy.Expr, side: str) -> sympy.Expr | Verdict:
    N, (turned,) = _at_infinity((expr,), symbol, point, side)
    try:
        together = sympy.cancel(turned) if turned.is_rational_function(N) else turned
        found = [_settled(growth(part, N, 1)) for part in sympy.Add.make_args(together)]
    except NotATermError as error:
        return _by_sympy(expr, symbol, point, side, str(error))
    if None in found or (len(found) > 1 and any(not part.is_finite for part in found if part.is_infinite)):
        return _by_sympy(expr, symbol, point, side, "its parts have no limits that can be added up")
    return sympy.Add(*found)


def _settled(found: Growth) -> Any:
    """The limit of one term; None where it depends on what is not known of the parameters."""
    for rate in found.rates:
        if rate == 0:
            continue
        way = _sign(rate)
        if way == -1:
            return sympy.S.Zero
        if way == 1 and (found.factor.is_positive or found.factor.is_negative):
            return sympy.oo if found.factor.is_positive else -sympy.oo
        return None
    return found.factor


def _sign(rate: sympy.Expr) -> int | None:
    """The sign of a rate; of a logarithm by that of what is in it, less 1."""
    joined = sympy.logcombine(rate)
    told = sympy.factor(joined.args[0] - 1) if isinstance(joined, sympy.log) else rate
    return -1 if told.is_negative else 1 if told.is_positive else None


def _by_sympy(
    expr: sympy.Expr, symbol: sympy.Symbol, point: sympy.Expr, side: str, reason: str
) -> sympy.Expr | Verdict:
    """SymPy's limit, if values from near by bear it out."""
    if expr.free_symbols != {symbol}:
        return undecided(f"{reason}; SymPy's limits are trusted of expressions without parameters only")
    found = sympy.limit(expr, symbol, point, side)
    if not found.is_finite:
        return undecided(f"{reason}; SymPy says {found}")
    far = []
    for bits in _NEAR:
        near = sympy.Integer(2) ** bits
        at = bounds(near if point == sympy.oo else point + (1 / near if side == "+" else -1 / near), 512)
        enclosed = at and bounds(expr - found, 512, {symbol: at})
        if enclosed is None:
            return undecided(f"{reason}; values near {point} could not be told")
        far.append(max(abs(end) for end in enclosed))
    if far[1] > far[0] or far[1] > Fraction(1, 2**10):
        return undecided(f"{reason}; SymPy says {found}, but values near {point} do not come near")
    return found
