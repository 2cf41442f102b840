"""Where an expression in one symbol takes a value: all solutions in an interval, certified."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any, overload

import sympy
from mpmath.ctx_iv import MPIntervalContext

from exactav.errors import InexactError, OptionError, TooCostlyError, UndecidedError, UnknownSymbolError
from exactav.numbers.digits import enclosed_digits
from exactav.numbers.enclosures import enclosure, has_bounds, interval_ends, interval_of
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.fields import by_roots, is_algebraic, normal_form
from exactav.numbers.generators import is_root
from exactav.numbers.whole import whole

_MOST_DEGREE = 300  # of a polynomial whose roots are isolated
_MOST_PARTS = 20_000  # of an interval that is divided until each part has no solution or one
_FINEST = 400  # bits of the smallest part

Bounds = Callable[[int], tuple[Fraction, Fraction]]


@dataclass(frozen=True, repr=False)
class Solution:
    """One solution.

    Attributes:
        exact: an expression that is the solution: a rational number, by roots, or as CRootOf; None where
            there is no such, as for most equations with exponentials.
    """

    exact: sympy.Expr | None
    bounds: Bounds = field(compare=False)

    def enclosure(self, digits: int = 15) -> tuple[sympy.Rational, sympy.Rational]:
        """Rational numbers low <= solution <= high, which differ by at most 10^-digits."""
        width, bits = Fraction(1, 10 ** whole(digits, "digits", 1)), 64
        while True:
            low, high = self.bounds(bits)
            if high - low <= width:
                return tuple(sympy.Rational(end.numerator, end.denominator) for end in (low, high))
            bits *= 2

    def evaluate(self, digits: int = 15) -> sympy.Float:
        """The solution with ``digits`` correct significant digits."""
        if self.exact is not None and self.exact.is_Rational:
            number = Fraction(int(self.exact.p), int(self.exact.q))
            return enclosed_digits(lambda bits: (number, number), digits, "the solution")
        return enclosed_digits(self.bounds, digits, "the solution")

    def _repr_html_(self) -> str:
        return escape(repr(self))

    def __repr__(self) -> str:
        return (
            str(self.exact)
            if self.exact is not None and self.exact.is_Rational
            else f"{self.evaluate(10)}..."
        )


@dataclass(frozen=True, repr=False)
class Solutions(Sequence[Solution]):
    """All solutions of an equation in an interval, ascending.

    Attributes:
        equation: what was solved.
        between: the ends of the interval, which belong to it.
    """

    equation: sympy.Eq
    between: tuple[sympy.Expr, sympy.Expr]
    found: tuple[Solution, ...]

    def one(self) -> Solution:
        """The only solution.

        Raises:
            OptionError: there is none, or there are several; the message lists them.
        """
        if len(self.found) != 1:
            raise OptionError(f"{self!r}: wanted one solution; change the interval")
        return self.found[0]

    def evaluate(self, digits: int = 15) -> tuple[sympy.Float, ...]:
        """All solutions with ``digits`` correct significant digits."""
        return tuple(solution.evaluate(digits) for solution in self.found)

    @overload
    def __getitem__(self, place: int) -> Solution: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Solution, ...]: ...
    def __getitem__(self, place: int | slice) -> Solution | tuple[Solution, ...]:
        return self.found[place]

    def __len__(self) -> int:
        return len(self.found)

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(repr(solution))}</li>" for solution in self.found[:40])
        return f"<div>{escape(repr(self).partition(':')[0].strip('<>'))}</div><ul>{rows}</ul>"

    def __repr__(self) -> str:
        count = {0: "no solution", 1: "one solution"}.get(len(self), f"{len(self)} solutions")
        low, high = self.between
        listed = f": {', '.join(map(repr, self.found))}" if self.found else ""
        return f"<{count} from {low} to {high}{listed}>"


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
        found = _by_intervals(difference.numer.as_expr(), difference.denom.as_expr(), by, low, high)
    return Solutions(equation, (low, high), found)


def _ends(between: Any) -> tuple[sympy.Expr, sympy.Expr]:
    try:
        low, high = (end if end in (sympy.oo, -sympy.oo) else exact(end, "an end") for end in between)
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
        return _algebraic(root)
    sign = _sign(root)
    if is_root(generator):
        if sign < 0:
            return None  # principal roots of real numbers >= 0 are not negative
        order = int(generator.exp.q)
        a, b = sympy.Poly(generator.base, symbol).all_coeffs()
        return _algebraic((root**order - b) / a)
    if sign <= 0:
        return None
    coefficient, power = generator.exp.as_coeff_Mul()  # generator = exp(coefficient * power)
    if power != symbol:
        raise InexactError(f"{generator}: only exponentials of multiples of {symbol} are solved for")
    exact_value = sympy.log(root) / coefficient
    if root == 1:
        return _algebraic(sympy.Integer(0))

    def bounds(bits: int) -> tuple[Fraction, Fraction]:
        context = MPIntervalContext()
        context.prec = bits
        value = context.log(interval_of(context, *_bounds_of(root, bits))) * coefficient.q / coefficient.p
        return interval_ends(value)

    return Solution(exact_value, bounds)


def _algebraic(number: sympy.Expr) -> Solution:
    plain = number if has_bounds(number) else by_roots(number)
    return Solution(plain, lambda bits: _bounds_of(plain, bits))


def _bounds_of(number: sympy.Expr, bits: int) -> tuple[Fraction, Fraction]:
    if number.is_Rational:
        value = Fraction(int(number.p), int(number.q))
        return value, value
    return enclosure(number, bits)


def _sign(number: sympy.Expr) -> int:
    if number.is_Rational:
        return (int(number.p) > 0) - (int(number.p) < 0)
    bits = 64
    while True:
        low, high = _bounds_of(number, bits)
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
        one, other = solution.bounds(bits), _bounds_of(end, bits)
        if one[1] < other[0] or one[0] > other[1]:
            return (one[1] < other[0]) == (side > 0)
        bits *= 2
    raise UndecidedError(f"whether a solution is {end} is open")


def _equal(one: sympy.Expr, other: sympy.Expr) -> bool:
    low, high = _bounds_of(one, 256)
    bottom, top = _bounds_of(other, 256)
    if high < bottom or top < low:
        return False
    return bool(one == other) or not normal_form([one - other])[1][0]


@dataclass(frozen=True)
class _Function:
    """A function of one symbol, over intervals."""

    expr: sympy.Expr
    symbol: sympy.Symbol

    def over(self, low: Fraction, high: Fraction, bits: int) -> tuple[Fraction, Fraction] | None:
        """Bounds of all values between two numbers; None where there are none."""
        context = MPIntervalContext()
        context.prec = bits
        value = _value(self.expr, self.symbol, interval_of(context, low, high), context)
        if value is None or not all(mantissa or not exponent for _, mantissa, exponent, _ in value._mpi_):
            return None
        return interval_ends(value)

    def sign(self, at: Fraction) -> int:
        """-1 or 1; 0 where the value is 0, or too close to tell."""
        for bits in (64, 256, 2048):
            found = self.over(at, at, bits)
            if found is not None and (found[0] > 0 or found[1] < 0):
                return 1 if found[0] > 0 else -1
        return 0


def _value(expr: sympy.Expr, symbol: sympy.Symbol, box: Any, context: Any) -> Any:
    """An interval that holds the values of an expression over a box; None where bounds are infinite."""
    if expr == symbol:
        return box
    if not expr.free_symbols and has_bounds(expr):
        return interval_of(context, *_bounds_of(expr, context.prec))
    if not (expr.is_Add or expr.is_Mul or expr.is_Pow or isinstance(expr, sympy.exp)):
        raise InexactError(f"{shown(expr)} is not made of {symbol} by roots and exponentials")
    if isinstance(expr, sympy.exp):
        power = _value(expr.exp, symbol, box, context)
        return None if power is None else context.exp(power)
    if expr.is_Pow:
        base = _value(expr.base, symbol, box, context)
        return None if base is None else _power(base, expr.exp, context)
    parts = [_value(part, symbol, box, context) for part in expr.args]
    if any(part is None for part in parts):
        return None
    total = parts[0]
    for part in parts[1:]:
        total = total + part if expr.is_Add else total * part
    return total


def _power(base: Any, exponent: sympy.Rational, context: Any) -> Any:
    """base**exponent, of an interval >= 0 where the exponent is no whole number."""
    low, high = interval_ends(base)
    if exponent < 0:
        if low <= 0 <= high:
            return None
        return 1 / _power(base, -exponent, context)
    if exponent.is_Integer:
        return base ** int(exponent)
    if low < 0:
        return None
    ends = [
        context.exp(context.log(interval_of(context, end, end)) * int(exponent.p) / int(exponent.q))
        if end
        else context.mpf(0)
        for end in (low, high)
    ]
    return context.mpf([ends[0].a, ends[1].b])


def _by_intervals(
    numerator: sympy.Expr, denominator: sympy.Expr, symbol: sympy.Symbol, low: sympy.Expr, high: sympy.Expr
) -> tuple[Solution, ...]:
    """By halving until on each part the numerator has no zero, or is monotonic."""
    if not (low.is_Rational and high.is_Rational):
        raise OptionError(f"between = ({low}, {high}): give rational ends, as this has no polynomial")
    value, slope = _Function(numerator, symbol), _Function(sympy.diff(numerator, symbol), symbol)
    below = _Function(denominator, symbol)
    ends = [Fraction(int(end.p), int(end.q)) for end in (low, high)]
    found: list[Solution] = []
    for end, number in zip(ends, (low, high), strict=True):
        if value.sign(end) == 0:
            if not _is_zero_at(numerator, symbol, number):
                raise UndecidedError(
                    f"whether {symbol} = {number} is a solution is open: move the interval's end"
                )
            found.append(_algebraic(number))
    parts, n_parts = [(ends[0], ends[1])], 0
    while parts:
        left, right = parts.pop()
        n_parts += 1
        if n_parts > _MOST_PARTS or right - left < Fraction(1, 2**_FINEST):
            raise UndecidedError(
                f"near {symbol} = {float(left):.6g} two solutions are too close to tell apart, or one only "
                "touches, or the expression is not bounded: change the interval"
            )
        bounds, steepness = (function.over(left, right, 128) for function in (value, slope))
        if bounds is not None and (bounds[0] > 0 or bounds[1] < 0):
            continue
        signs = value.sign(left), value.sign(right)
        if steepness is not None and (steepness[0] > 0 or steepness[1] < 0):
            if 0 in signs or signs[0] == signs[1]:
                continue  # monotonic: a solution is at the end, or nowhere
            found.append(_refined(value, below, left, right, signs[0]))
            continue
        middle = _between(value, left, right)
        parts += [(middle, right), (left, middle)]
    return tuple(sorted(found, key=lambda solution: solution.bounds(128)))


def _between(value: _Function, left: Fraction, right: Fraction) -> Fraction:
    """A place to divide at, where the value is not 0."""
    for share in (Fraction(1, 2), Fraction(5, 11), Fraction(8, 17), Fraction(9, 16)):
        middle = left + (right - left) * share
        if value.sign(middle):
            return middle
    raise UndecidedError(f"values near {float(left):.6g} are too close to 0 to tell: change the interval")


def _refined(value: _Function, below: _Function, left: Fraction, right: Fraction, sign: int) -> Solution:
    """The solution between two places of different sign, where the function is monotonic."""
    known = [left, right]

    def bounds(bits: int) -> tuple[Fraction, Fraction]:
        while known[1] - known[0] > Fraction(1, 2**bits):
            middle = (known[0] + known[1]) / 2
            found, precision = None, bits + 64
            while found is None or found[0] <= 0 <= found[1]:
                found = value.over(middle, middle, precision)
                precision *= 2
                if precision > 1 << 14:
                    number = sympy.Rational(middle.numerator, middle.denominator)
                    if not _is_zero_at(value.expr, value.symbol, number):
                        raise UndecidedError(f"more digits of the solution near {float(middle):.6g} are open")
                    return middle, middle
            known[(1 if found[0] > 0 else -1) != sign] = middle
        return known[0], known[1]

    for bits in (64, 256, 1024):
        found = below.over(*bounds(bits), bits + 64)
        if found is not None and (found[0] > 0 or found[1] < 0):
            return Solution(None, bounds)
    raise UndecidedError(
        f"near {float(left):.6g} numerator and denominator may both vanish: change the interval"
    )


def _is_zero_at(numerator: sympy.Expr, symbol: sympy.Symbol, number: sympy.Expr) -> bool:
    try:
        return not normal_form([numerator.subs(symbol, number)])[1][0]
    except InexactError:
        return False
