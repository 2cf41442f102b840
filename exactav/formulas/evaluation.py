"""Values of formulas at rational points: exactly, or as digits enclosed by intervals.

One walk over the expression serves both: it needs only numbers with + - * /, integer powers and square roots.
Counts (binomials, factorials, bounds of sums, exponents, conditions) are always exact.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import comb, factorial, perm
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.digits import interval_ends, round_fraction
from exactav.errors import CheckFailedError

Environment = Mapping[sympy.Symbol, Fraction]
Number = Any  # a Fraction or an interval
_MAX_BITS = 1 << 20


class _Walk:
    """Evaluates expressions with numbers made by ``convert`` from Fractions."""

    def __init__(
        self, convert: Callable[[Fraction], Number], root: Callable[[Number], Number] | None
    ) -> None:
        self.convert = convert
        self.root = root

    def value(self, expr: sympy.Basic, env: Environment) -> Number:
        if expr.is_Rational:
            return self.convert(Fraction(int(expr.p), int(expr.q)))
        if expr.is_Symbol:
            return self.convert(env[expr])
        if expr.is_Add:
            return self.total(expr.args, env)
        if expr.is_Mul:
            result = self.convert(Fraction(1))
            for factor in expr.args:
                result = result * self.value(factor, env)
            return result
        if expr.is_Pow:
            return self.power(expr, env)
        if isinstance(expr, sympy.Piecewise):
            for branch, condition in expr.args:
                if holds(condition, env):
                    return self.value(branch, env)
            raise ValueError(f"no case of {expr} applies")
        if isinstance(expr, sympy.Sum | sympy.Product):
            return self.folded(expr, env)
        if isinstance(expr, _COUNTS):
            return self.convert(exact_value(expr, env))
        if isinstance(expr, sympy.chebyshevt | sympy.chebyshevu):
            return self.chebyshev(expr, env)
        raise ValueError(f"{type(expr).__name__} has no evaluation here: {expr}")

    def total(self, terms: Any, env: Environment) -> Number:
        result = self.convert(Fraction(0))
        for term in terms:
            result = result + self.value(term, env)
        return result

    def power(self, expr: sympy.Pow, env: Environment) -> Number:
        exponent = exact_value(expr.exp, env)
        if exponent.denominator == 1:
            if exponent == 0:
                return self.convert(Fraction(1))
            return self.value(expr.base, env) ** int(exponent)
        if exponent.denominator == 2 and self.root is not None:
            return self.root(self.value(expr.base, env)) ** int(2 * exponent)
        raise ValueError(f"{expr} is irrational: ask for digits instead of an exact value")

    def folded(self, expr: sympy.Sum | sympy.Product, env: Environment) -> Number:
        (index, low, high), *others = expr.limits
        inner = expr.function if not others else expr.func(expr.function, *others)
        is_sum = isinstance(expr, sympy.Sum)
        result = self.convert(Fraction(0 if is_sum else 1))
        for step in range(_count(low, env), _count(high, env) + 1):
            term = self.value(inner, {**env, index: Fraction(step)})
            result = result + term if is_sum else result * term
        return result

    def chebyshev(self, expr: sympy.Expr, env: Environment) -> Number:
        """By the recursion T, U_{n+1} = 2x U_n - U_{n-1}, exactly: intervals would lose digits in it."""
        degree, x = _count(expr.args[0], env), exact_value(expr.args[1], env)
        sign = 1
        if isinstance(expr, sympy.chebyshevu) and degree < -1:  # SymPy may write U_n as -U_{-n-2}
            sign, degree = -1, -degree - 2
        elif degree < 0:
            if isinstance(expr, sympy.chebyshevu):
                return self.convert(Fraction(0))
            degree = -degree
        previous, current = Fraction(1), x if isinstance(expr, sympy.chebyshevt) else 2 * x
        for _ in range(degree):
            previous, current = current, 2 * x * current - previous
        return self.convert(sign * previous)


_COUNTS = (sympy.binomial, sympy.factorial, sympy.FallingFactorial, sympy.Max, sympy.Min)


def exact_value(expr: sympy.Basic, env: Environment) -> Fraction:
    """The exact value of ``expr`` with ``env`` put in.

    Raises:
        ZeroDivisionError: a denominator vanishes.
        ValueError: the value is irrational, or of a kind that is not known here.

    >>> N, L = sympy.symbols("N L")
    >>> exact_value(sympy.binomial(N, L) / N**2, {N: Fraction(5), L: Fraction(2)})
    Fraction(2, 5)
    """
    if isinstance(expr, sympy.binomial):
        n, k = (_count(argument, env) for argument in expr.args)
        return Fraction(comb(n, k) if k >= 0 and n >= 0 else 0)
    if isinstance(expr, sympy.factorial):
        return Fraction(factorial(_count(expr.args[0], env)))
    if isinstance(expr, sympy.FallingFactorial):
        return Fraction(perm(*(_count(argument, env) for argument in expr.args)))
    if isinstance(expr, sympy.Max | sympy.Min):
        values = [exact_value(argument, env) for argument in expr.args]
        return max(values) if isinstance(expr, sympy.Max) else min(values)
    value: Fraction = _Walk(lambda fraction: fraction, None).value(expr, env)
    return value


def holds(condition: sympy.Basic, env: Environment) -> bool:
    """Whether a condition of a Piecewise holds, decided exactly."""
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if isinstance(condition, sympy.And):
        return all(holds(part, env) for part in condition.args)
    if isinstance(condition, sympy.Or):
        return any(holds(part, env) for part in condition.args)
    left, right = (exact_value(side, env) for side in condition.args)
    operators: dict[type, bool] = {
        sympy.Eq: left == right,
        sympy.Ne: left != right,
        sympy.StrictLessThan: left < right,
        sympy.LessThan: left <= right,
        sympy.StrictGreaterThan: left > right,
        sympy.GreaterThan: left >= right,
    }
    return operators[type(condition)]


def _count(expr: sympy.Basic, env: Environment) -> int:
    value = exact_value(expr, env)
    if value.denominator != 1:
        raise ValueError(f"{expr} = {value}: wanted an integer")
    return int(value)


def enclosed_digits(expr: sympy.Expr, env: Environment, digits: int) -> sympy.Float:
    """``expr`` with ``env`` put in, all ``digits`` significant digits correct.

    Enclosed by interval arithmetic at growing precision until both ends round alike; what stays undecided is
    computed exactly.

    >>> N = sympy.Symbol("N")
    >>> enclosed_digits((1 - 1 / N) ** N, {N: Fraction(10**6)}, 20)
    0.36787925723164509429
    """
    if digits < 1:
        raise ValueError(f"digits = {digits}; wanted at least 1")
    bits = 64 + 4 * digits
    while bits <= _MAX_BITS:
        context = MPIntervalContext()
        context.prec = bits
        walk = _Walk(lambda f: context.mpf(f.numerator) / context.mpf(f.denominator), context.sqrt)  # noqa: B023
        try:
            low, high = (round_fraction(end, digits) for end in interval_ends(walk.value(expr, env)))
        except ZeroDivisionError:
            low, high = Decimal(0), Decimal(1)
        if low == high:
            return sympy.Float(str(low), digits)
        if bits > 4096:  # a value that sits on a rounding boundary, such as an exact decimal
            return sympy.Float(str(round_fraction(exact_value(expr, env), digits)), digits)
        bits *= 2
    raise CheckFailedError(f"no {digits} digits of {expr} at {_MAX_BITS} bits")
