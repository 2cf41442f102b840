"""Terms with symbolic exponents, binomials and factorials: their normal form, and the ratio of neighbours.

A *term* is made of symbols and rational numbers by sums, products, whole powers, powers with exponents that
are linear in symbols, roots, exponentials, factorials, gamma functions, binomials, falling and rising
factorials, Chebyshev polynomials. Each power b**(n + c) becomes (b**n) b**c with one generator b**n, each
gamma(n + c) the one of gamma(n) times factors n + i; roots obey their equation, and Chebyshev polynomials
of x are powers of x + sqrt(x^2 - 1). Then an identity is one between rational functions of symbols and
generators, which is decided. What holds so holds wherever both sides have a value and the exponents are
whole numbers (or the bases positive); binomials are meant with a whole upper entry >= 0, and are 0 outside
of 0 <= k <= n.
"""

from collections.abc import Iterable

import sympy

from exactav.errors import UndecidedError

_FARTHEST = 200  # steps from gamma(n) to gamma(n + c)
_HIGHEST = 500  # of a whole power


class NotATermError(UndecidedError):
    """An expression is made of something else."""


class Reader:
    """Reads terms into rational functions of symbols and generators; equal generators are read as one.

    >>> n, k = sympy.symbols("n k", integer=True)
    >>> reader = Reader()
    >>> reader.is_zero(sympy.binomial(n, k) * k - n * sympy.binomial(n - 1, k - 1))
    True
    >>> reader.is_zero(4**n - 2**n * 2**n), reader.is_zero((-1) ** (2 * n) - 1)
    (True, True)
    >>> T, U, x = sympy.chebyshevt, sympy.chebyshevu, sympy.Symbol("x")
    >>> reader.is_zero(U(n, x) - U(n - 2, x) - 2 * T(n, x)), reader.is_zero(U(n, x) - U(n - 1, x))
    (True, False)
    """

    def __init__(self) -> None:
        self._known: dict[tuple[sympy.Expr, sympy.Expr], sympy.Dummy] = {}
        self._signs: set[sympy.Dummy] = set()
        self._roots: dict[sympy.Dummy, tuple[sympy.Expr, int]] = {}

    def read(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression as a rational function.

        Raises:
            NotATermError: it is no term.
        """
        if expr.is_Rational or expr.is_Symbol:
            return expr
        if expr.is_Add or expr.is_Mul:
            return expr.func(*map(self.read, expr.args))
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sympy.exp):
            return self._power(sympy.E, expr.exp)
        if isinstance(expr, sympy.factorial):
            return self._gamma(expr.args[0] + 1)
        if isinstance(expr, sympy.gamma):
            return self._gamma(expr.args[0])
        if isinstance(expr, sympy.binomial):
            return self._binomial(*expr.args)
        if isinstance(expr, sympy.FallingFactorial):
            x, j = expr.args
            return self._falling(x, j)
        if isinstance(expr, sympy.RisingFactorial):
            x, j = expr.args
            return self._falling(x + j - 1, j)
        if isinstance(expr, sympy.chebyshevt):
            n, x = expr.args
            return (self._turned(x, n) + self._turned(x, -n)) / 2
        if isinstance(expr, sympy.chebyshevu):
            n, x = expr.args
            above = self._turned(x, n + 1) - self._turned(x, -n - 1)
            return above / (2 * self._half_turn(x))
        raise NotATermError(f"{expr} is no term: it is made of {type(expr).__name__}")

    def is_zero(self, expr: sympy.Expr) -> bool:
        """Whether the term vanishes identically.

        Raises:
            NotATermError: it is no term.
        """
        above = sympy.fraction(sympy.together(self.read(expr)))[0]
        return bool(self._reduced(above) == 0)

    def rational(self, expr: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
        """The term in lowest terms, if no generator in it depends on ``symbol``.

        Raises:
            NotATermError: one does, so it is not rational in ``symbol``; or it is no term.
        """
        found = sympy.cancel(sympy.together(self.read(expr)))
        for (base, exponent), generator in self._known.items():
            if found.has(generator):
                if symbol in base.free_symbols | exponent.free_symbols:
                    raise NotATermError(f"{expr} is not rational in {symbol}")
                found = found.subs(generator, base**exponent if base != _GAMMA else sympy.gamma(exponent))
        return found

    def _reduced(self, expr: sympy.Expr) -> sympy.Expr:
        """A polynomial that vanishes if it does with (-1)**n squared to 1 and roots to their powers."""
        expr = sympy.expand(expr)
        known = dict.fromkeys(self._signs, (sympy.S.One, 2)) | self._roots
        for generator in known.keys() & expr.free_symbols:
            value, order = known[generator]
            above, below = sympy.fraction(sympy.together(value))
            equation = sympy.Poly(below * generator**order - above, generator)
            rest = sympy.prem(sympy.Poly(expr, generator), equation)  # times a power of ``below``
            expr = sympy.expand(rest.as_expr())
        return expr

    def _root(self, inner: sympy.Expr, order: int, *, of_either_sign: bool) -> sympy.Expr:
        """A root of a rational function, with its equation; rational itself, if it is and has any sign."""
        if of_either_sign and (square := _square_root(inner)) is not None:
            return square
        generator = self._generator(inner, sympy.Rational(1, order))
        self._roots[generator] = inner, order
        return generator

    def _half_turn(self, x: sympy.Expr) -> sympy.Expr:
        """sqrt(x^2 - 1), with either sign."""
        inner = self.read(x)
        if inner.has(sympy.Dummy):
            raise NotATermError(f"Chebyshev polynomials of {x} are no terms")
        root = self._root(sympy.cancel(inner**2 - 1), 2, of_either_sign=True)
        if root == 0:
            raise NotATermError(f"Chebyshev polynomials of {x} are counted, not terms")
        return root

    def _turned(self, x: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        """(x + sqrt(x^2 - 1))^exponent; the other sign stands for the inverse."""
        inner, root = self.read(x), self._half_turn(x)
        if root not in self._roots:
            return self._power(inner + root, exponent)
        parts = [term.as_coeff_Mul() for term in sympy.Add.make_args(sympy.expand(exponent))]
        if not all(number.is_Integer and part.is_integer for number, part in parts):
            raise NotATermError(f"a Chebyshev polynomial of order {exponent}: it may not be whole")
        base = inner + sympy.sqrt(sympy.cancel(inner**2 - 1))
        return sympy.Mul(
            *(
                self._single(inner + root, number, part)
                if part == 1
                else self._generator(base, part) ** number
                for number, part in parts
            )
        )

    def _generator(self, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Dummy:
        """One for each base and exponent, up to the exponent's numerical factor."""
        return self._known.setdefault((base, exponent), sympy.Dummy("g"))

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        if exponent.is_Integer and abs(exponent) <= _HIGHEST:
            return self.read(base) ** exponent
        parts = [term.as_coeff_Mul() for term in sympy.Add.make_args(sympy.expand(exponent))]
        if base == sympy.E:
            return sympy.Mul(*(self._single(base, *part) for part in parts))
        inner = self.read(base)
        if inner == 0 or inner.has(sympy.Dummy):
            raise NotATermError(f"{base}**({exponent}) has no single base")
        factors = _factors(inner)
        whole = all(number.is_Integer and part.is_integer for number, part in parts)
        if not (whole or (len(factors) == 1 and factors[0][1] == 1)):
            whole = all(factor.is_positive for factor, _ in factors)
            if not whole and exponent.is_Rational:
                return self._root(inner, int(exponent.q), of_either_sign=False) ** int(exponent.p)
            if not whole:
                raise NotATermError(f"{base}**({exponent}) cannot be split: the exponent is not whole")
        return sympy.Mul(
            *(
                self._single(factor, times * number, part)
                for factor, times in factors
                for number, part in parts
            )
        )

    def _single(self, base: sympy.Expr, number: sympy.Rational, part: sympy.Expr) -> sympy.Expr:
        """base**(number part)."""
        if part == 1 and number.is_Integer and base != sympy.E:
            if abs(number) > _HIGHEST:
                raise NotATermError(f"{base}**{number} is too large a power")
            return base**number
        unit = sympy.Rational(1, number.q)
        if part == 1 and base != sympy.E:
            return self._root(base, int(number.q), of_either_sign=False) ** int(number.p)
        generator = self._generator(base, unit * part)
        if base == -1 and number.is_Integer and part.is_integer:
            self._signs.add(generator)
        return generator ** int(number.p)

    def _gamma(self, argument: sympy.Expr) -> sympy.Expr:
        argument = sympy.expand(argument)
        number, rest = argument.as_coeff_Add()
        if rest == 0:
            if number.is_Integer and 0 < number <= _FARTHEST:
                return sympy.factorial(number - 1)
            raise NotATermError(f"gamma({argument}) has no rational value")
        whole = int(sympy.floor(number))
        if abs(whole) > _FARTHEST:
            raise NotATermError(f"gamma({argument}) is too far from gamma({rest})")
        start = rest + number - whole
        generator = self._generator(_GAMMA, start)
        if whole >= 0:
            return generator * sympy.Mul(*(start + i for i in range(whole)))
        return generator / sympy.Mul(*(start - i for i in range(1, -whole + 1)))

    def _binomial(self, n: sympy.Expr, k: sympy.Expr) -> sympy.Expr:
        rest = sympy.expand(n - k)
        for small in (sympy.expand(k), rest):
            if small.is_Integer and (small != rest or n.is_nonnegative):
                return self._falling(n, small) / sympy.factorial(small) if small >= 0 else sympy.S.Zero
        return self._gamma(n + 1) / (self._gamma(k + 1) * self._gamma(rest + 1))

    def _falling(self, x: sympy.Expr, j: sympy.Expr) -> sympy.Expr:
        j = sympy.expand(j)
        if j.is_Integer and abs(j) <= _FARTHEST:
            steps = [self.read(sympy.expand(x)) - i for i in range(int(j))]
            if j < 0:
                raise NotATermError(f"a factorial of {j} factors is no term")
            return sympy.Mul(*steps)
        return self._gamma(x + 1) / self._gamma(x - j + 1)


_GAMMA = sympy.Dummy("gamma")


def _square_root(inner: sympy.Expr) -> sympy.Expr | None:
    """A rational function with this square, if there is one; its sign is not known."""
    factors = _factors(inner) if inner != 0 else []
    if any(times % 2 for _, times in factors):
        return None
    return sympy.Mul(*(factor ** (times // 2) for factor, times in factors)) if inner != 0 else sympy.S.Zero


def _factors(base: sympy.Expr) -> list[tuple[sympy.Expr, int]]:
    """Irreducible factors with exponents, prime numbers and -1 among them, whose product is the base."""
    above, below = sympy.fraction(sympy.cancel(sympy.together(base)))
    found: list[tuple[sympy.Expr, int]] = []
    for part, sign in ((above, 1), (below, -1)):
        number, factors = sympy.factor_list(part)
        found += [(factor, sign * int(times)) for factor, times in factors]
        for side, way in ((number.p, sign), (number.q, -sign)):
            found += [
                (sympy.Integer(p), way * int(e)) for p, e in sympy.factorint(int(side)).items() if p != 1
            ]
    return _one_way(found)


def _one_way(factors: Iterable[tuple[sympy.Expr, int]]) -> list[tuple[sympy.Expr, int]]:
    """Each factor that is not a number with a sign that does not depend on how it came, -1 counted apart."""
    sign, found = 0, dict[sympy.Expr, int]()
    for factor, times in factors:
        if factor == -1:
            sign += times
            continue
        turned = factor
        if not factor.is_Integer and sympy.Poly(factor, *sorted(factor.free_symbols, key=str)).LC() < 0:
            turned, sign = -factor, sign + times
        found[turned] = found.get(turned, 0) + times
    return [*((sympy.S.NegativeOne, 1) for _ in range(sign % 2)), *found.items()]


def is_zero(expr: sympy.Expr) -> bool:
    """Whether a term vanishes identically.

    Raises:
        NotATermError: it is no term.

    >>> n, k, x, y = sympy.symbols("n k x y", integer=True)
    >>> is_zero(sympy.binomial(n, k) * (n - k) * y ** (n - k) - n * sympy.binomial(n - 1, k) * y ** (n - k))
    True
    >>> is_zero(sympy.factorial(n + 1) - n * sympy.factorial(n))
    False
    """
    return Reader().is_zero(expr)


def ratio(term: sympy.Expr, symbol: sympy.Symbol, steps: int = 1) -> sympy.Expr:
    """term(symbol + steps) / term(symbol), a rational function of the symbol.

    Raises:
        NotATermError: it is not rational.

    >>> n, k = sympy.symbols("n k", integer=True)
    >>> ratio(sympy.binomial(n, k) * 2**k, k)
    (-2*k + 2*n)/(k + 1)
    """
    return Reader().rational(term.subs(symbol, symbol + steps) / term, symbol)
