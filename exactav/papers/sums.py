"""Sums and products over symbolic ranges: closed forms of endless ones, proofs for the others."""

from collections.abc import Callable

import sympy
from sympy.polys.polyerrors import BasePolynomialError

from exactav.errors import ExactavError
from exactav.proofs.comparison import compare
from exactav.proofs.telescoping import telescoping
from exactav.proofs.terms import ratio
from exactav.proofs.verdicts import HOLDS

_APART = 6  # terms by which the high ends of two sums may differ
_FAILURES = (
    ArithmeticError,
    ValueError,
    TypeError,
    NotImplementedError,
    AttributeError,
    ExactavError,
    BasePolynomialError,
)


def summed(expr: sympy.Expr, is_small: Callable[[sympy.Expr], bool]) -> sympy.Expr:
    """The expression with endless sums of polynomials times powers, and exponential series, in closed form.

    Args:
        expr: any.
        is_small: whether a number is between -1 and 1 by what is assumed.

    >>> k, x = sympy.symbols("k x")
    >>> sympy.factor(summed(sympy.Sum(k * x ** (k - 1), (k, 1, sympy.oo)), lambda r: True))
    (x - 1)**(-2)
    """
    for total in expr.atoms(sympy.Sum):
        if len(total.limits) == 1 and total.limits[0][2] == sympy.oo and total.limits[0][1].is_Integer:
            closed = _geometric(total, is_small)
            if closed is None:
                closed = total.doit()
            if not closed.has(sympy.Sum, sympy.oo, sympy.nan, sympy.Piecewise):
                expr = expr.xreplace({total: closed})
    return expr


def _geometric(total: sympy.Sum, is_small: Callable[[sympy.Expr], bool]) -> sympy.Expr | None:
    """Of a polynomial in k times r^k with |r| < 1, by sums of falling factorials."""
    (k, low, _), term = total.limits[0], total.function
    try:
        r = sympy.limit(ratio(term, k), k, sympy.oo)
        if not is_small(r):
            return None
        polynomial = sympy.Poly(sympy.powsimp(sympy.expand(term.subs(k, k + low) / r**k)), k)
    except _FAILURES:
        return None
    if polynomial.free_symbols_in_domain & {k} or any(c.has(k) for c in polynomial.all_coeffs()):
        return None
    found, rest = sympy.S.Zero, polynomial
    for degree in range(polynomial.degree(), -1, -1):
        leading = rest.nth(degree)
        falling = sympy.Poly(sympy.expand_func(sympy.ff(k, degree)), k)
        rest -= leading * falling
        found += leading * sympy.factorial(degree) * r**degree / (1 - r) ** (degree + 1)
    return found if rest.is_zero else None


def added_up(left: sympy.Expr, right: sympy.Expr, n: sympy.Symbol, first: int) -> bool:
    """Whether both sides are shown to be equal for all whole n >= first: by one step, or by telescoping.

    >>> n, k = sympy.symbols("n k", integer=True)
    >>> added_up(sympy.Sum(k, (k, 1, n)), n * (n + 1) / 2, n, 0)
    True
    """
    try:
        if left.has(sympy.Product) or right.has(sympy.Product):
            return _by_one_step(left, right, n, first)
        gathered = _gathered(left - right)
        if gathered is None:
            return False
        term, rest, (index, high) = gathered
        if term == 0:
            return bool(compare(rest, sympy.S.Zero) == HOLDS)
        if not term.has(n) and high.has(n) and _steps(term, rest, index, high, n, first):
            return True
        return _telescopes(term, rest, index, high, n, first)
    except _FAILURES:
        return False


def _by_one_step(left: sympy.Expr, right: sympy.Expr, n: sympy.Symbol, first: int) -> bool:
    """Of one product to n: by its quotient of neighbours."""
    for product, closed in ((left, right), (right, left)):
        if isinstance(product, sympy.Product) and len(product.limits) == 1 and not closed.has(sympy.Product):
            (index, low, high), term = product.limits[0], product.function
            if high == n and low.is_Integer and not term.has(n) and low - 1 <= first:
                grown = closed.subs(n, n - 1) * term.subs(index, n)
                begun = sympy.Product(term, (index, low, first)).doit() if first >= low else sympy.S.One
                return compare(closed, grown) == HOLDS and compare(closed.subs(n, first), begun) == HOLDS
    return False


def _steps(
    term: sympy.Expr, rest: sympy.Expr, index: sympy.Symbol, high: sympy.Expr, n: sympy.Symbol, first: int
) -> bool:
    """By the difference of neighbours in n: the last term."""
    if high.subs(n, n + 1) - high != 1 or not high.subs(n, first).is_Integer or high.subs(n, first) < -1:
        return False
    begun = sympy.Add(*(term.subs(index, i) for i in range(int(high.subs(n, first)) + 1)))
    last = term.subs(index, high)
    grown = sympy.expand_log(rest.subs(n, n - 1) - rest)
    return compare(rest.subs(n, first) + begun, sympy.S.Zero) == HOLDS and compare(last, grown) == HOLDS


def _gathered(
    difference: sympy.Expr,
) -> tuple[sympy.Expr, sympy.Expr, tuple[sympy.Symbol, sympy.Expr]] | None:
    """A difference as one sum from 0 on and what is left: term, rest, (index, high)."""
    index = sympy.Symbol("i'", integer=True, nonnegative=True)
    term, rest, high = sympy.S.Zero, sympy.S.Zero, None
    for part in sympy.Add.make_args(sympy.expand_mul(difference)):
        if not part.has(sympy.Sum):
            rest += part
            continue
        sums = [factor for factor in sympy.Mul.make_args(part) if isinstance(factor, sympy.Sum)]
        if len(sums) != 1 or len(sums[0].limits) != 1 or sums[0].function.has(sympy.Sum, sympy.Piecewise):
            return None
        factor = sympy.Mul(*(f for f in sympy.Mul.make_args(part) if f != sums[0]))
        own, low, end = sums[0].limits[0]
        if factor.has(sympy.Sum) or not low.is_Integer or end.has(sympy.oo):
            return None
        own_term = factor * sums[0].function.subs(own, index + low)
        end = sympy.expand(end - low)
        if high is None:
            high = end
        apart = sympy.expand(end - high)
        if not apart.is_Integer or abs(apart) > _APART:
            return None
        if apart >= 0:
            rest += sympy.Add(*(own_term.subs(index, high + 1 + i) for i in range(int(apart))))
        else:
            rest += sympy.Add(*(term.subs(index, end + 1 + i) for i in range(int(-apart))))
            high = end
        term += own_term
    return None if high is None else (sympy.factor_terms(term), rest, (index, high))


def _telescopes(
    term: sympy.Expr, rest: sympy.Expr, index: sympy.Symbol, high: sympy.Expr, n: sympy.Symbol, first: int
) -> bool:
    """By a certificate, also with bases of powers such as n^(n - k) made free: what holds then holds here."""
    if high.subs(n, first).is_Integer and high.subs(n, first) < -1:
        return False
    y = sympy.Symbol("y'", positive=True)  # no Dummy: terms have these as generators
    freed = [_freed(expr, n, y) for expr in (term, rest)]
    for one, left in ((term, rest), tuple(freed)) if freed != [term, rest] else ((term, rest),):
        check = telescoping("", one, (index, 0, high), -left, n=n, first=first)
        if check.verdict() == HOLDS:
            return True
    return False


def _freed(expr: sympy.Expr, n: sympy.Symbol, y: sympy.Symbol) -> sympy.Expr:
    """With y for n in the bases of powers whose exponents are symbolic."""
    return expr.replace(
        lambda part: part.is_Pow and part.exp.free_symbols and part.base.has(n),
        lambda part: part.base.subs(n, y) ** part.exp,
    )
