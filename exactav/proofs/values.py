"""Values of expressions at points, made from the inside, as long as what is made stays small."""

from collections.abc import Mapping
from math import comb
from typing import Any

import sympy
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef

from exactav.numbers.expressions import shown
from exactav.numbers.extent import TooLargeError, check_size
from exactav.proofs.boxes import bounds

MAX_BITS = 100_000  # of a power
MAX_TERMS = 400  # of a sum that is added up
MAX_FACTORIAL = 1_000  # of what is given to a function whose values grow as factorials do
_MAX_EXPANDED = 10_000  # terms of a power of a sum
_MAX_EXPONENT = 1 << 16
_SLOW = frozenset(
    (sympy.log, sympy.Abs, sympy.sign, sympy.floor, sympy.ceiling, sympy.Min, sympy.Max, sympy.cos, sympy.sin)
)
_BINDING = (  # symbols of their own, which are not those of a point
    *(sympy.Subs, sympy.Derivative, sympy.Lambda, sympy.Limit, sympy.RootSum, sympy.CRootOf),
    *(sympy.Order, ExprWithLimits),
)
Point = Mapping[sympy.Symbol, sympy.Expr]


def value_at(expr: Any, point: Point) -> Any:
    """The expression with values for symbols, sums of few terms added up.

    Raises:
        OverflowError: something on the way is too large to be written down.
        ValueError: there is no value, as of ``sympy.Order``.

    >>> n, k = sympy.symbols("n k")
    >>> value_at(sympy.factorial(n) + sympy.Sum(k**n, (k, 1, n)), {n: 3})
    42
    >>> value_at(n ** n ** n ** n, {n: sympy.Integer(6)})
    Traceback (most recent call last):
    ...
    OverflowError: a power that is too large: 6 to the power of 46656
    """
    if isinstance(expr, sympy.Symbol):
        return sympy.sympify(point.get(expr, expr))
    if not expr.args:
        return expr
    if isinstance(expr, sympy.Piecewise):
        return _cases(expr, point)
    if isinstance(expr, ExprWithLimits) and all(len(limit) == 3 for limit in expr.limits):
        return _over(expr, point)
    if isinstance(expr, sympy.Order):
        raise ValueError(f"{shown(expr)} has no value at a point")
    if isinstance(expr, _BINDING):
        free = {symbol: value for symbol, value in point.items() if symbol in expr.free_symbols}
        return expr.subs(free, simultaneous=True).doit() if free else expr
    args = [value_at(part, point) for part in expr.args]
    if isinstance(expr, sympy.Pow):
        _refuse_large_power(*args)
    elif isinstance(expr, sympy.Function):
        for number in args:
            _refuse_large_argument(expr.func, number)
    return expr.func(*args)


def refuse_large(expr: sympy.Expr) -> None:
    """Pass a number that can be worked with: no tower of powers is in it.

    Raises:
        OverflowError: something in it is too large.
    """
    if not expr.has(*_BINDING):
        value_at(expr, {})


def may_be_expanded(expr: sympy.Expr) -> bool:
    """Whether an expression stays small when it is multiplied out.

    >>> x, y = sympy.symbols("x y")
    >>> may_be_expanded((x + y + 1) ** 10), may_be_expanded((x + y + 1) ** 1000)
    (True, False)
    """
    try:
        check_size(expr)
    except TooLargeError:
        return False
    return True


def _refuse_large_power(base: sympy.Expr, exponent: sympy.Expr) -> None:
    if base in (0, 1, -1) or not (base.is_number and exponent.is_number):
        return
    if not exponent.is_Rational:
        _refuse_large_argument(sympy.exp, exponent * sympy.log(base))
        return
    bits = int(base.p).bit_length() + int(base.q).bit_length() if base.is_Rational else 64
    times = int(abs(exponent)) + 1
    is_sum = base.is_Add and exponent.is_Integer
    if times * bits > MAX_BITS or (is_sum and comb(times + len(base.args), times) > _MAX_EXPANDED):
        raise OverflowError(f"a power that is too large: {shown(base)} to the power of {shown(exponent)}")


def _refuse_large_argument(function: Any, number: sympy.Basic) -> None:
    """Of functions that grow fast; of the others, values of arguments of any size are no larger."""
    if not number.is_number or function in _SLOW or issubclass(function, AppliedUndef):
        return
    most = _MAX_EXPONENT if function is sympy.exp else MAX_FACTORIAL
    known = (number, number) if number.is_Rational else bounds(number, 64)
    is_large = (
        any(map(_grows, sympy.preorder_traversal(number))) if known is None else max(map(abs, known)) > most
    )
    if is_large:
        raise OverflowError(f"an argument of {function.__name__} that is too large: {shown(number)}")


def _grows(part: sympy.Basic) -> bool:
    """Whether a number that no enclosure is known of may be large for it."""
    if isinstance(part, sympy.Pow):
        return not (part.exp.is_Rational and abs(part.exp) <= 4)
    return isinstance(part, sympy.Function) and part.func not in _SLOW


def _grows_far(part: sympy.Basic) -> bool:
    """Whether it has a large number where numbers count most: SymPy may put in values of an index."""
    if not (_grows(part) and part.args):
        return False
    arguments = part.args[1:] if part.is_Pow else part.args
    return any(abs(n) > MAX_FACTORIAL for argument in arguments for n in argument.atoms(sympy.Rational))


def _cases(expr: sympy.Piecewise, point: Point) -> Any:
    """Only those that apply."""
    cases = []
    for value, condition in expr.args:
        holds = value_at(condition, point)
        if holds == sympy.false:
            continue
        cases.append((value_at(value, point), holds))
        if holds == sympy.true:
            break
    return sympy.Piecewise(*cases) if cases else sympy.nan


def _over(total: ExprWithLimits, point: Point) -> Any:
    """A sum, a product, or an integral: of few terms added up, of others as SymPy knows it."""
    *inner, (index, *ends) = total.limits
    term = total.func(total.function, *inner) if inner else total.function
    ends = [value_at(end, point) for end in ends]
    if isinstance(total, sympy.Sum | sympy.Product) and all(end.is_Integer for end in ends):
        low, high = map(int, ends)
        if abs(high - low) > MAX_TERMS:
            raise OverflowError(f"a sum or product of too many terms: from {low} to {high}")
        is_turned = high < low - 1  # by the convention of SymPy: minus what is between
        steps = range(high + 1, low) if is_turned else range(low, high + 1)
        terms = [value_at(term, {**point, index: sympy.Integer(step)}) for step in steps]
        if isinstance(total, sympy.Sum):
            return (-1 if is_turned else 1) * sympy.Add(*terms)
        return sympy.Mul(*terms) ** (-1 if is_turned else 1)
    inside = value_at(term, {symbol: value for symbol, value in point.items() if symbol != index})
    if any(map(_grows_far, sympy.preorder_traversal(inside))):
        raise OverflowError(f"numbers that are too large below a sum: {shown(inside)}")
    return total.func(inside, (index, *ends)).doit()
