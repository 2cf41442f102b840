"""Values of formulas at rational points: exactly, or as digits enclosed by intervals.

One walk over the expression serves both: it needs only numbers with + - * /, integer powers, square roots and
cosines of rational multiples of pi; as intervals also pi, exp and log. Bounds of sums, exponents and
conditions are always exact, and so are binomials and factorials of up to 1000.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial, isqrt, perm
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext
from sympy import QQ

from exactav.errors import NotRationalError, OptionError, UndecidedError
from exactav.formulas.coefficients import Counted
from exactav.kernels.determinants import determinant
from exactav.numbers.digits import interval_ends, round_fraction
from exactav.numbers.whole import whole
from exactav.proofs.comparison import compare

Environment = Mapping[sympy.Symbol, Fraction]
Number = Any  # a Fraction or an interval
_MAX_BITS = 1 << 20
_MAX_PARTS = 24  # of an irrational number, beyond which its minimal polynomial may take long
_LONG = 1000  # binomials of larger numbers cost more than gamma functions to the usual digits


class _Walk:
    """Evaluates expressions with numbers made by ``convert`` from Fractions, or with Fractions themselves.

    ``context`` has the functions of intervals; without one, irrational numbers raise IrrationalValueError.
    """

    def __init__(
        self, convert: Callable[[Fraction], Number], context: MPIntervalContext | None = None
    ) -> None:
        self.convert = convert
        self.context = context
        self.turns: dict[sympy.Basic, sympy.Expr] = {}
        self.cosines: dict[Fraction, Number] = {}
        self.gammas: dict[int, Number] = {}

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
            raise OptionError(f"no case of {expr} applies")
        if isinstance(expr, sympy.Sum | sympy.Product):
            return self.folded(expr, env)
        if isinstance(expr, _COUNTS):
            return self.count(expr, env)
        if isinstance(expr, sympy.chebyshevt | sympy.chebyshevu):
            return self.chebyshev(expr, env)
        if isinstance(expr, sympy.cos):
            return self.cosine(expr, env)
        if expr == sympy.pi or isinstance(expr, sympy.exp | sympy.log):
            return self.transcendental(expr, env)
        if isinstance(expr, Counted):
            return self.convert(expr.number(lambda part: exact_value(part, env)))
        raise OptionError(f"{type(expr).__name__} has no evaluation here: {expr}")

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
        if exponent.denominator == 2:
            base = self.value(expr.base, env)
            root = self.context.sqrt(base) if self.context is not None else _root(base)
            if root is not None:
                return root ** int(2 * exponent)
        raise _irrational(expr)

    def transcendental(self, expr: sympy.Basic, env: Environment) -> Number:
        if isinstance(expr, sympy.exp | sympy.log):
            argument = self.value(expr.args[0], env)
            if self.context is None and argument == int(isinstance(expr, sympy.log)):
                return Fraction(1 - argument)  # e^0 and ln 1
        if self.context is None:
            raise _irrational(expr)
        if expr == sympy.pi:
            return +self.context.pi
        return self.context.exp(argument) if isinstance(expr, sympy.exp) else self.context.log(argument)

    def count(self, expr: sympy.Basic, env: Environment) -> Number:
        """Exactly, or from intervals of the gamma function where the integers would be long."""
        if self.context is not None and isinstance(expr, sympy.binomial):
            n, k = (_count(argument, env) for argument in expr.args)
            if n > _LONG and 0 <= k <= n:
                return self.gamma(n + 1) / (self.gamma(k + 1) * self.gamma(n - k + 1))
        elif self.context is not None and isinstance(expr, sympy.factorial):
            n = _count(expr.args[0], env)
            if n > _LONG:
                return self.gamma(n + 1)
        elif self.context is not None and isinstance(expr, sympy.FallingFactorial):
            n, k = (_count(argument, env) for argument in expr.args)
            if n > _LONG and 0 <= k <= n:
                return self.gamma(n + 1) / self.gamma(n - k + 1)
        return self.convert(exact_value(expr, env))

    def gamma(self, n: int) -> Number:
        assert self.context is not None
        if n not in self.gammas:
            self.gammas[n] = self.context.gamma(self.context.mpf(n))
        return self.gammas[n]

    def cosine(self, expr: sympy.cos, env: Environment) -> Number:
        """Of a rational multiple of pi, folded into the first quarter turn."""
        if expr not in self.turns:
            self.turns[expr] = expr.args[0] / (2 * sympy.pi)
        turns = exact_value(self.turns[expr], env) % 1
        if turns not in self.cosines:
            folded = min(turns, 1 - turns)
            sign, folded = (-1, Fraction(1, 2) - folded) if folded > Fraction(1, 4) else (1, folded)
            if folded in _COSINES:
                self.cosines[turns] = self.convert(sign * _COSINES[folded])
            elif self.context is None:
                raise _irrational(expr)
            else:
                self.cosines[turns] = sign * self.context.cos(2 * self.context.pi * self.convert(folded))
        return self.cosines[turns]

    def folded(self, expr: sympy.Sum | sympy.Product, env: Environment) -> Number:
        return self.over(expr.function, expr.limits, isinstance(expr, sympy.Sum), env)

    def over(self, term: sympy.Expr, limits: Any, is_sum: bool, env: Environment) -> Number:
        """The sum or product of ``term``; the last of ``limits`` is the outermost."""
        if not limits:
            return self.value(term, env)
        *inner, (index, low, high) = limits
        result = self.convert(Fraction(0 if is_sum else 1))
        for step in range(_count(low, env), _count(high, env) + 1):
            value = self.over(term, inner, is_sum, {**env, index: Fraction(step)})
            result = result + value if is_sum else result * value
        return result

    def chebyshev(self, expr: sympy.Expr, env: Environment) -> Number:
        """Exactly by doubling; as intervals, for x > 1, by powers of x + sqrt(x^2 - 1)."""
        degree, x = _count(expr.args[0], env), exact_value(expr.args[1], env)
        first_kind = isinstance(expr, sympy.chebyshevt)
        sign = 1
        if first_kind:
            degree = abs(degree)
        elif degree < -1:  # SymPy may write U_n as -U_{-n-2}
            sign, degree = -1, -degree - 2
        if self.context is None or x <= 1:
            return self.convert(sign * _chebyshev(degree, x, first_kind))
        root = self.context.sqrt(self.convert(x * x - 1))
        above = (self.convert(x) + root) ** (degree if first_kind else degree + 1)
        return (above + 1 / above) / 2 if first_kind else sign * (above - 1 / above) / (2 * root)


def _chebyshev(degree: int, x: Fraction, first_kind: bool) -> Fraction:
    """T_n(x) or U_n(x) for n >= 0 or -1, from the integers q^n U_n(p/q) by doubling n."""
    p, q = x.numerator, x.denominator
    before, now = 0, 1  # q^(n-1) U_(n-1) and q^n U_n, from n = 0 on
    if degree == -1:
        return Fraction(0)
    for bit in f"{degree:b}":
        twice = now * now - q * q * before * before
        if bit == "1":
            before, now = twice, 2 * now * (p * now - q * q * before)
        else:
            before, now = 2 * before * (now - p * before), twice
    return Fraction(now - p * before if first_kind else now, q**degree)


def _root(value: Fraction) -> Fraction | None:
    """The square root of a square, else None."""
    if value < 0:
        return None
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root * root == value else None


class IrrationalValueError(NotRationalError, ValueError):
    """As its parent; a ValueError, too, as it was before that existed."""


def _irrational(expr: sympy.Expr) -> IrrationalValueError:
    return IrrationalValueError(f"{expr} is irrational: ask for digits instead of an exact value")


# by turns, in the first quarter
_COSINES = {Fraction(0): Fraction(1), Fraction(1, 6): Fraction(1, 2), Fraction(1, 4): Fraction(0)}
_COUNTS = (sympy.binomial, sympy.factorial, sympy.FallingFactorial, sympy.Max, sympy.Min, sympy.Determinant)


def exact_value(expr: sympy.Basic, env: Environment) -> Fraction:
    """The exact value of ``expr`` with ``env`` put in.

    Raises:
        ZeroDivisionError: a denominator vanishes.
        NotRationalError: the value has irrational parts.
        OptionError: it is of a kind that is not known here, or has a count that is no whole number.

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
    if isinstance(expr, sympy.Determinant):  # small, and exact as its expansion would cancel
        entries = [[exact_value(entry, env) for entry in row] for row in expr.arg.tolist()]
        found = determinant(QQ, [[QQ(x.numerator, x.denominator) for x in row] for row in entries])
        return Fraction(int(found.numerator), int(found.denominator))
    value: Fraction = _Walk(lambda fraction: fraction).value(expr, env)
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
    if type(condition) not in operators:
        raise OptionError(f"{condition} is no comparison that is known here")
    return operators[type(condition)]


def _count(expr: sympy.Basic, env: Environment) -> int:
    value = exact_value(expr, env)
    if value.denominator != 1:
        raise OptionError(f"{expr} = {value}: wanted an integer")
    return int(value)


def enclosed_digits(expr: sympy.Expr, env: Environment, digits: int) -> sympy.Float:
    """``expr`` with ``env`` put in, all ``digits`` significant digits correct.

    Enclosed by interval arithmetic at growing precision until both ends round alike. A value that seems to
    sit between two decimals is computed exactly.

    Raises:
        OptionError: fewer than one digit.
        UndecidedError: the value cannot be told from one between two decimals, or a denominator from zero.

    >>> N = sympy.Symbol("N")
    >>> enclosed_digits((1 - 1 / N) ** N, {N: Fraction(10**6)}, 20)
    0.36787925723164509429
    """
    digits = whole(digits, "digits", 1)
    bits = 64 + 4 * digits
    while bits <= _MAX_BITS:
        context = _intervals(bits)
        walk = _Walk(lambda f: context.mpf(f.numerator) / context.mpf(f.denominator), context)  # noqa: B023
        try:
            below, above = interval_ends(walk.value(expr, env))
        except ZeroDivisionError:
            below, above = Fraction(0), Fraction(1)
        low, high = round_fraction(below, digits), round_fraction(above, digits)
        if low == high:
            return sympy.Float(str(low), digits)
        if bits > 4096 and (tie := _tie(expr, env, below, above, digits)) is not None:
            return sympy.Float(str(round_fraction(tie, digits)), digits)
        bits *= 2
    raise UndecidedError(f"no {digits} digits of {expr} at {_MAX_BITS} bits")


@lru_cache(maxsize=16)
def _intervals(bits: int) -> MPIntervalContext:
    context = MPIntervalContext()
    context.prec = bits
    return context


def _tie(
    expr: sympy.Expr, env: Environment, below: Fraction, above: Fraction, digits: int
) -> Fraction | None:
    """The exact value of ``expr`` between ends that round differently; None if they are not yet close."""
    try:
        return exact_value(expr, env)
    except NotRationalError:
        if (above - below) * 10 ** (digits + 1000) > abs(above):
            return None
    between = Fraction(round_fraction(above, digits + 1))  # the middle between two decimals
    number = expr.subs({symbol: sympy.Rational(*value.as_integer_ratio()) for symbol, value in env.items()})
    number = number.doit()
    parts = [part for part in number.atoms(sympy.cos, sympy.Pow) if not part.is_rational]
    if len(parts) <= _MAX_PARTS and compare(number, between).outcome == "holds":
        return between
    raise UndecidedError(f"{digits} digits: {expr} cannot be told from {between}, between two decimals")
