"""How a product of powers, factorials and rational functions grows, with an error term: Stirling's series.

Each factor F(N) has an expansion

    log F = a N log N + b N + c log N + log f + e_1/N + ... + e_m/N^m + O(N^-(m+1)),

and the expansions of factors add up.
"""

from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Any

import sympy

from exactav.proofs.terms import NotATermError


@dataclass(frozen=True)
class Growth:
    """An expansion for N -> infinity.

    Attributes:
        of_n_log_n: a.
        of_n: b.
        of_log_n: c.
        factor: f.
        tail: e_1 .. e_m.
    """

    of_n_log_n: sympy.Expr
    of_n: sympy.Expr
    of_log_n: sympy.Expr
    factor: sympy.Expr
    tail: tuple[sympy.Expr, ...]

    def __mul__(self, other: "Growth") -> "Growth":
        return Growth(
            self.of_n_log_n + other.of_n_log_n,
            self.of_n + other.of_n,
            self.of_log_n + other.of_log_n,
            self.factor * other.factor,
            tuple(a + b for a, b in zip(self.tail, other.tail, strict=True)),
        )

    def power(self, exponent: sympy.Expr) -> "Growth":
        """To a power that does not depend on N."""
        return Growth(
            self.of_n_log_n * exponent,
            self.of_n * exponent,
            self.of_log_n * exponent,
            self.factor**exponent,
            tuple(part * exponent for part in self.tail),
        )

    def inverse(self) -> "Growth":
        """Of 1/F."""
        return self.power(sympy.S.NegativeOne)

    @property
    def is_near_positive(self) -> bool:
        """Whether F is as near to the positive axis as one likes for large N: powers are of log F."""
        return bool(self.factor.is_positive and self.of_n_log_n.is_real and self.of_n.is_real)

    @property
    def rates(self) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
        """a, b, c, simplified."""
        a, b, c = (
            sympy.cancel(sympy.expand_log(part, force=False))
            for part in (self.of_n_log_n, self.of_n, self.of_log_n)
        )
        return a, b, c


def growth(term: sympy.Expr, N: sympy.Symbol, order: int = 2) -> Growth:
    """The expansion of a term up to N^-order.

    Raises:
        NotATermError: no expansion is known.

    >>> N = sympy.Symbol("N", integer=True, positive=True)
    >>> found = growth((1 - 2 / N) ** N, N)
    >>> found.rates, found.factor
    ((0, 0, 0), exp(-2))
    >>> growth(sympy.factorial(N) / N**N, N).rates
    (0, -1, 1/2)
    """
    if not term.has(N):
        return Growth(sympy.S.Zero, sympy.S.Zero, sympy.S.Zero, term, (sympy.S.Zero,) * order)
    if term.is_Mul:
        parts = [growth(part, N, order) for part in term.args]
        return reduce(mul, parts)
    if term.is_Symbol or term.is_Add:
        return _rational(term, N, order)
    if term.is_Pow or isinstance(term, sympy.exp):
        base, exponent = term.as_base_exp()
        return _power(base, exponent, N, order)
    return _factorials(term, N, order)


def _factorials(term: sympy.Expr, N: sympy.Symbol, order: int) -> Growth:
    if isinstance(term, sympy.factorial):
        return _gamma(term.args[0] + 1, N, order)
    if isinstance(term, sympy.gamma):
        return _gamma(term.args[0], N, order)
    if isinstance(term, sympy.binomial):
        n, k = term.args
        below = _gamma(k + 1, N, order) * _gamma(n - k + 1, N, order)
        return _gamma(n + 1, N, order) * below.inverse()
    if isinstance(term, sympy.FallingFactorial | sympy.RisingFactorial):
        x, j = term.args
        top = x + 1 if isinstance(term, sympy.FallingFactorial) else x + j
        return _gamma(top, N, order) * _gamma(top - j, N, order).inverse()
    raise NotATermError(f"no expansion of {term} for large {N} is known")


def _rational(base: sympy.Expr, N: sympy.Symbol, order: int) -> Growth:
    """f N^c (1 + ...), with the logarithm of what is in brackets."""
    above, below = sympy.fraction(sympy.cancel(sympy.together(base)))
    try:
        sides = [sympy.Poly(side, N) for side in (above, below)]
    except sympy.PolynomialError:
        raise NotATermError(f"{base} is not rational in {N}") from None
    if any(coefficient.has(N) for side in sides for coefficient in side.coeffs()):
        raise NotATermError(f"{base} is not rational in {N}")
    (p, q), t = sides, sympy.Dummy("t")
    leading = [side.LC() for side in sides]
    logs = []
    for side, first in zip(sides, leading, strict=True):
        turned = [sympy.cancel(c / first) for c in side.all_coeffs()]  # of t^0, t^1, ... with t = 1/N
        rest = sympy.Add(*(c * t**i for i, c in enumerate(turned) if i and i <= order))
        series = sympy.Add(*((-1) ** (i + 1) * rest**i / i for i in range(1, order + 1)))
        expanded = sympy.Poly(sympy.expand(series), t)
        logs.append([expanded.nth(i) for i in range(1, order + 1)])
    tail = tuple(sympy.cancel(a - b) for a, b in zip(*logs, strict=True))
    degree = sympy.Integer(p.degree() - q.degree())
    return Growth(sympy.S.Zero, sympy.S.Zero, degree, sympy.cancel(leading[0] / leading[1]), tail)


def _power(base: sympy.Expr, exponent: sympy.Expr, N: sympy.Symbol, order: int) -> Growth:
    if not exponent.has(N):
        found = growth(base, N, order)
        if not (exponent.is_integer or base.is_extended_real or found.is_near_positive):
            raise NotATermError(f"which value of {base}**({exponent}) is meant for large {N} is not known")
        return found.power(exponent)
    if base == sympy.E:
        return _exponential(exponent, N, order)
    linear = sympy.Poly(sympy.expand(exponent), N) if exponent.is_polynomial(N) else None
    if linear is None or linear.degree() > 1:
        raise NotATermError(f"the exponent {exponent} is not linear in {N}")
    p, q = linear.nth(1), linear.nth(0)
    inner = growth(base, N, order + 1)
    if inner.of_n_log_n != 0 or inner.of_n != 0:
        raise NotATermError(f"{base}**({exponent}) grows faster than what is known")
    if inner.factor != 1 and not inner.factor.is_positive:
        raise NotATermError(f"whether {inner.factor} is positive is not known")
    long = (*inner.tail, sympy.S.Zero)
    tail = tuple(q * long[i] + p * long[i + 1] for i in range(order))
    number = inner.factor**q * sympy.exp(p * long[0])
    return Growth(p * inner.of_log_n, p * sympy.log(inner.factor), q * inner.of_log_n, number, tail)


def _exponential(exponent: sympy.Expr, N: sympy.Symbol, order: int) -> Growth:
    """exp of b N + constant + tail."""
    t = sympy.Dummy("t", positive=True)
    turned = sympy.cancel(sympy.together(exponent.subs(N, 1 / t) * t))
    if not turned.is_rational_function(t):
        raise NotATermError(f"exp({exponent}) has no known expansion")
    series = sympy.series(turned, t, 0, order + 2).removeO()
    if not series.is_polynomial(t):
        raise NotATermError(f"exp({exponent}) grows faster than what is known")
    found: Any = sympy.Poly(series, t)
    tail = tuple(found.nth(i + 2) for i in range(order))
    return Growth(sympy.S.Zero, found.nth(0), sympy.S.Zero, sympy.exp(found.nth(1)), tail)


def _gamma(argument: sympy.Expr, N: sympy.Symbol, order: int) -> Growth:
    """Stirling: log Gamma(z + a) = (z + a - 1/2) log z - z + log(2 pi)/2 + e_1/z + e_2/z^2 + ..., with
    e_j = (-1)^(j+1) B_(j+1)(a) / (j (j+1)).
    """
    argument = sympy.expand(argument)
    if not argument.has(N):
        return growth(sympy.gamma(argument), N, order)
    linear = sympy.Poly(argument, N) if argument.is_polynomial(N) else None
    if linear is None or linear.degree() > 1 or not linear.nth(1).is_positive:
        raise NotATermError(f"gamma({argument}) has no known expansion for large {N}")
    m, a = linear.nth(1), linear.nth(0)
    half = sympy.Rational(1, 2)
    tail = tuple(
        sympy.expand((-1) ** (j + 1) * sympy.bernoulli(j + 1, a) / (j * (j + 1) * m**j))
        for j in range(1, order + 1)
    )
    factor = m ** (a - half) * sympy.sqrt(2 * sympy.pi)
    return Growth(m, m * sympy.log(m) - m, a - half, factor, tail)
