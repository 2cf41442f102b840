"""Where an expression in one symbol takes a value: all solutions in an interval, certified."""

from fractions import Fraction
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.errors import InexactError, OptionError, TooCostlyError, UndecidedError, UnknownSymbolError
from exactav.numbers.arguments import collection
from exactav.numbers.enclosures import interval_ends, interval_of
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.fields import is_algebraic, normal_form
from exactav.numbers.generators import is_root
from exactav.numbers.intervals import by_intervals
from exactav.numbers.solutions import Solution as Solution
from exactav.numbers.solutions import Solutions as Solutions
from exactav.numbers.solutions import algebraic, bounds_of

_MOST_DEGREE = 300  # of a polynomial whose roots are isolated


def solve(
    expression: Any, symbol: sympy.Symbol | str, value: Any = 0, *, between: tuple[Any, Any] = (0, 1)
) -> Solutions:
    """All values of a symbol in an interval at which an expression takes a value.

    Rational functions of the symbol, of one root of what is linear in it, or of one exponential of it are
    solved by isolating the roots of a polynomial: exactly. Others with roots and exponentials are solved by
    interval arithmetic, which proves that nothing is missed. What cancels is gone: (x - 1)/(x - 1) is 1
    everywhere.

    Args:
        expression: an expression or a text of the grammar, such as ``law.mean()``, in this symbol alone.
        symbol: or its name.
        value: an exact number.
        between: the ends of the interval, exact, which belong to it; ``sympy.oo`` where a polynomial decides.

    Raises:
        UnknownSymbolError: the expression does not have the symbol.
        OptionError: it has others (put values in first), or the interval is none; or all values solve it.
        TooCostlyError: the polynomial is of a degree above 300.
        UndecidedError: interval arithmetic could not tell two solutions apart, or one that only touches.

    >>> alpha = sympy.Symbol("alpha")
    >>> import exactav as ea
    >>> found = solve(ea.size_law(ea.families.ring(20, alpha)).mean(), alpha, 10)
    >>> found
    <one solution from 0 to 1: 0.9818083505...>
    >>> solve("3/(3 - 2*a)", "a", 2).one().exact
    3/4
    """
    expr, level = exact(expression, "the expression"), exact(value, "the value")
    name = symbol.name if isinstance(symbol, sympy.Symbol) else symbol
    known = {s.name: s for s in expr.free_symbols | level.free_symbols}
    if not isinstance(name, str) or name not in known:
        raise UnknownSymbolError(f"{described(name)} is no symbol of {shown(expr)}")
    by = known[name]
    if others := sorted(set(known) - {name}):
        raise OptionError(f"{shown(expr)} has other symbols, {', '.join(others)}: put values in first")
    low, high = _ends(between)
    domain, (difference,) = normal_form([expr - level])
    equation = sympy.Eq(expr, level, evaluate=False)
    if not domain.is_FractionField:
        if not difference:
            raise OptionError(f"{shown(expr)} is {shown(level)} for all values of {name}")
        return Solutions(equation, (low, high), ())
    if len(domain.symbols) == 1 and domain.domain.is_ZZ:
        found = _by_polynomial(domain, difference, by, low, high)
    else:
        found = by_intervals(difference.numer.as_expr(), difference.denom.as_expr(), by, low, high)
    return Solutions(equation, (low, high), found)


def _ends(between: Any) -> tuple[sympy.Expr, sympy.Expr]:
    try:
        ends = collection(between, "between", "(0, 1)")
        low, high = (end if end in (sympy.oo, -sympy.oo) else exact(end, "an end") for end in ends)
    except (TypeError, ValueError):
        raise OptionError(f"between = {described(between)}: give two numbers, such as (0, 1)") from None
    if low.free_symbols or high.free_symbols or not low < high:
        raise OptionError(f"between = {described(between)}: give two numbers, the smaller one first")
    return low, high


def _by_polynomial(
    domain: Any, difference: Any, symbol: sympy.Symbol, low: sympy.Expr, high: sympy.Expr
) -> tuple[Solution, ...]:
    """By the roots of the numerator in the generator, which is the symbol, a root, or an exponential."""
    (generator,) = domain.symbols
    unknown = sympy.Dummy("h", real=True)
    numerator = difference.numer.as_expr(unknown)
    polynomial = sympy.Poly(numerator, unknown)
    if polynomial.degree() > _MOST_DEGREE:
        raise TooCostlyError(
            f"a polynomial of degree {polynomial.degree()}: at most {_MOST_DEGREE} is solved"
        )
    found = []
    for root in dict.fromkeys(polynomial.real_roots()):
        solution = _in_terms_of(root, generator, symbol)
        if solution is not None and _is_inside(solution, low, high):
            found.append(solution)
    return tuple(sorted(found, key=lambda solution: solution.bounds(256)))


def _in_terms_of(root: sympy.Expr, generator: sympy.Expr, symbol: sympy.Symbol) -> Solution | None:
    """The symbol where the generator has this value; None where it never has it."""
    if generator == symbol:
        return algebraic(root)
    sign = _sign(root)
    if is_root(generator):
        if sign < 0:
            return None  # principal roots of real numbers >= 0 are not negative
        order = int(generator.exp.q)
        a, b = sympy.Poly(generator.base, symbol).all_coeffs()
        return algebraic((root**order - b) / a)
    if sign <= 0:
        return None
    coefficient, power = generator.exp.as_coeff_Mul()  # generator = exp(coefficient * power)
    if power != symbol:
        raise InexactError(f"{generator}: only exponentials of multiples of {symbol} are solved for")
    exact_value = sympy.log(root) / coefficient
    if root == 1:
        return algebraic(sympy.Integer(0))

    def bounds(bits: int) -> tuple[Fraction, Fraction]:
        context = MPIntervalContext()
        context.prec = bits
        value = context.log(interval_of(context, *bounds_of(root, bits))) * coefficient.q / coefficient.p
        return interval_ends(value)

    return Solution(exact_value, bounds)


def _sign(number: sympy.Expr) -> int:
    if number.is_Rational:
        return (int(number.p) > 0) - (int(number.p) < 0)
    bits = 64
    while True:
        low, high = bounds_of(number, bits)
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
        bits *= 2
        if bits > 1 << 16:
            raise UndecidedError(f"the sign of {shown(number)} is open")


def _is_inside(solution: Solution, low: sympy.Expr, high: sympy.Expr) -> bool:
    """Whether low <= solution <= high, decided."""
    return _is_below(low, solution, -1) and _is_below(high, solution, 1)


def _is_below(end: sympy.Expr, solution: Solution, side: int) -> bool:
    """Whether the solution is on the inner side of an end, or is it."""
    if end in (sympy.oo, -sympy.oo):
        return True
    exact_value = solution.exact
    if exact_value is not None and (
        exact_value == end or (is_algebraic(exact_value) and _equal(exact_value, end))
    ):
        return True
    bits = 64
    while bits <= 1 << 16:
        one, other = solution.bounds(bits), bounds_of(end, bits)
        if one[1] < other[0] or one[0] > other[1]:
            return (one[1] < other[0]) == (side > 0)
        bits *= 2
    raise UndecidedError(f"whether a solution is {end} is open")


def _equal(one: sympy.Expr, other: sympy.Expr) -> bool:
    low, high = bounds_of(one, 256)
    bottom, top = bounds_of(other, 256)
    if high < bottom or top < low:
        return False
    return bool(one == other) or not normal_form([one - other])[1][0]
