"""Sums proved by telescoping: the algorithms of Gosper and Zeilberger, whose certificates are checked again.

A sum over k of F(n, k) obeys a recurrence in n if there are a_0(n) .. a_J(n) and a rational R(n, k) with

    a_0 F(n, k) + ... + a_J F(n + J, k) = G(n, k + 1) - G(n, k),     G = R F.

However a :class:`Certificate` was found, the equation is one between rational functions once it is divided
by F, and is decided. With J = 0 the sum itself telescopes (Gosper). Pairs of Wilf and Zeilberger are
certificates with a_0 = -1, a_1 = 1 of F divided by its total.

Source: M. Petkovsek, H. Wilf, D. Zeilberger, A = B (1996), chapters 5 to 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sympy
from sympy.concrete.gosper import gosper_normal

from exactav.errors import ArgumentError, UndecidedError
from exactav.numbers.arguments import each, fields_taken, taking
from exactav.numbers.expressions import described
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.proofs.asked import expression, symbol
from exactav.proofs.terms import ratio
from exactav.showing import html

_HIGHEST_ORDER = 3
_MOST_TRIED = 20
_HIGHEST_DEGREE = 40
_HIGHEST_RATIO = 20  # higher degrees take minutes


@dataclass(frozen=True)
class Certificate:
    """What proves a recurrence of a sum over k: sum_j a_j(n) F(n + j, k) = G(n, k + 1) - G(n, k), G = R F.

    Attributes:
        term: F.
        k: the symbol that is summed over.
        n: the symbol of the recurrence; None for a sum that telescopes by itself.
        recurrence: a_0 .. a_J.
        rational: R.
    """

    term: sympy.Expr
    k: sympy.Symbol
    n: sympy.Symbol | None
    recurrence: tuple[sympy.Expr, ...]
    rational: sympy.Expr

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        coefficients = each(expression, "(-2, 1)")
        fields_taken(self, term=expression, k=symbol, recurrence=coefficients, rational=expression)
        if self.n is not None:
            fields_taken(self, n=symbol)
        if not self.recurrence or (self.n is None and len(self.recurrence) > 1):
            raise ArgumentError(
                f"recurrence = {described(self.recurrence)}: give a_0 .. a_J, and a_0 alone without n"
            )
        for a in self.recurrence:
            if self.k in a.free_symbols or not (self.n is None or a.is_polynomial(self.n)):
                raise ArgumentError(f"recurrence has {described(a)}: give polynomials in n, without {self.k}")

    def _repr_html_(self) -> str:
        said = [("F", self.term), ("R", self.rational), ("a", sympy.Tuple(*self.recurrence))]
        equation = r"\sum_ja_jF(n+j,k)=G(n,k+1)-G(n,k),\quad G=RF"
        parts = html.facts((name, html.math(sympy.latex(is_))) for name, is_ in said)
        return html.card("Certificate", html.displayed(equation), parts)

    def is_valid(self) -> bool:
        """Whether the equation holds, divided by F.

        >>> n, k = sympy.symbols("n k", integer=True, nonnegative=True)
        >>> Certificate(sympy.binomial(n, k), k, n, (-2, 1), k / (k - n - 1)).is_valid()
        True
        """
        left = sympy.Add(*(a * shift for a, shift in zip(self.recurrence, self.shifts(), strict=True)))
        right = self.rational.subs(self.k, self.k + 1) * ratio(self.term, self.k) - self.rational
        return bool(sympy.cancel(sympy.together(left - right)) == 0)

    def shifts(self) -> list[sympy.Expr]:
        """F(n + j, k) / F(n, k)."""
        if self.n is None:
            return [sympy.S.One]
        return [ratio(self.term, self.n, j) if j else sympy.S.One for j in range(len(self.recurrence))]


@taking(term=expression, k=symbol, n=symbol)
def certificate(
    term: sympy.Expr, k: sympy.Symbol, n: sympy.Symbol | None = None, *, order: int = _HIGHEST_ORDER
) -> Certificate:
    """The certificate of lowest order, found by Gosper's (without ``n``) or Zeilberger's algorithm.

    Args:
        term: F(n, k), whose ratios F(n, k + 1)/F and F(n + 1, k)/F are rational.
        k: the symbol that is summed over.
        n: the symbol of the recurrence.
        order: the highest to be tried.

    Raises:
        UndecidedError: there is none up to this order.
        InexactError: the term is not of this kind.

    >>> n, k = sympy.symbols("n k", integer=True, nonnegative=True)
    >>> certificate(sympy.binomial(n, k), k, n).recurrence
    (-2, 1)
    >>> certificate(k * sympy.factorial(k), k).rational
    1/k
    """
    for highest in range(whole(order, "order", 0, _MOST_TRIED) + 1) if n is not None else [0]:
        found = _of_order(term, k, n, highest)
        if found is not None:
            return found
    said = "does not telescope" if n is None else f"has no recurrence in {n} of order up to {order}"
    raise UndecidedError(f"the sum of {term} over {k} {said}")


def _of_order(term: sympy.Expr, k: sympy.Symbol, n: sympy.Symbol | None, order: int) -> Certificate | None:
    unknown = [sympy.Dummy(f"a{j}") for j in range(order + 1)]
    shifts = [ratio(term, n, j) if j and n is not None else sympy.S.One for j in range(order + 1)]
    total = sympy.together(sympy.Add(*(a * shift for a, shift in zip(unknown, shifts, strict=True))))
    above, below = sympy.fraction(total)
    f, g = sympy.fraction(sympy.cancel(sympy.together(ratio(term, k) * below / below.subs(k, k + 1))))
    if (degree := max(sympy.Poly(side, k).degree() for side in (f, g))) > _HIGHEST_RATIO:
        raise UndecidedError(f"the ratio of neighbouring terms has degree {degree} in {k}")
    A, B, C = gosper_normal(f, g, k)
    B = B.shift(-1)
    right = C.as_expr() * above
    highest = _degree(A, B, sympy.Poly(right, k))
    if highest is None:
        return None
    if highest > _HIGHEST_DEGREE:
        raise UndecidedError(f"the certificate would have degree {highest} in {k}")
    coefficients = [sympy.Dummy(f"x{i}") for i in range(highest + 1)]
    x = sympy.Add(*(c * k**i for i, c in enumerate(coefficients)))
    equation = sympy.Poly(sympy.expand(A.as_expr() * x.subs(k, k + 1) - B.as_expr() * x - right), k)
    solution = _solution(equation.all_coeffs(), [*coefficients, *unknown], unknown)
    if solution is None:
        return None
    rational = sympy.factor(sympy.cancel(B.as_expr() * x.subs(solution) / (C.as_expr() * below)))
    found = Certificate(term, k, n, tuple(solution[a] for a in unknown), rational)
    return found if found.is_valid() else None


def _degree(A: sympy.Poly, B: sympy.Poly, right: sympy.Poly) -> int | None:
    """The highest degree that a polynomial solution x of A x(k+1) - B x = right can have."""
    a, b, r = A.degree(), B.degree(), right.degree()
    if a != b or sympy.cancel(A.LC() - B.LC()) != 0:
        candidates = [r - max(a, b)]
    else:
        candidates = [r - a + 1]
        if a > 0:
            candidates.append(sympy.cancel((B.nth(a - 1) - A.nth(a - 1)) / A.LC()))
        else:
            candidates.append(0)
    whole = [int(d) for d in candidates if sympy.sympify(d).is_Integer and d >= 0]
    return max(whole, default=None)


def _solution(
    equations: Sequence[sympy.Expr], symbols: Sequence[sympy.Symbol], needed: Sequence[sympy.Symbol]
) -> dict[sympy.Symbol, sympy.Expr] | None:
    """One solution of homogeneous linear equations with not all of ``needed`` 0, and these polynomials."""
    matrix, _ = sympy.linear_eq_to_matrix(list(equations), list(symbols))
    field = sympy.QQ.frac_field(*sorted(matrix.free_symbols, key=str)) if matrix.free_symbols else sympy.QQ
    kernel = sympy.polys.matrices.DomainMatrix.from_Matrix(matrix).convert_to(field).nullspace()
    for row in kernel.to_Matrix().tolist():
        values = dict(zip(symbols, row, strict=True))
        if any(values[symbol] != 0 for symbol in needed):
            scale = _scale([values[symbol] for symbol in needed])
            return {symbol: sympy.factor(value * scale) for symbol, value in values.items()}
    return None


def _scale(values: Sequence[sympy.Expr]) -> sympy.Expr:
    """What makes polynomials without a common factor of them; of a single one, 1."""
    below = [sympy.fraction(sympy.together(value))[1] for value in values]
    common = sympy.lcm_list([sympy.expand(b) for b in below])
    above = sympy.gcd_list([sympy.expand(sympy.cancel(value * common)) for value in values])
    return common / above


def vanishes_nowhere(
    expr: sympy.Expr,
    k: sympy.Symbol,
    low: sympy.Expr,
    high: sympy.Expr,
    n: sympy.Symbol,
    first: int,
) -> bool:
    """Whether a polynomial is surely no zero at whole n >= first and low <= k <= high, linear in n.

    Other symbols are parameters: it is enough that one coefficient of these vanishes nowhere.

    >>> n, k, x = sympy.symbols("n k x")
    >>> zero = sympy.S.Zero
    >>> vanishes_nowhere(n - k + 1, k, zero, n, n, 0), vanishes_nowhere(n - k, k, zero, n, n, 0)
    (True, False)
    """
    number, factors = sympy.factor_list(sympy.expand(expr))
    return number != 0 and all(
        any(_definite(coefficient, k, low, high, n, first) for coefficient in _in_parameters(factor, k, n))
        for factor, _ in factors
    )


def _in_parameters(factor: sympy.Expr, k: sympy.Symbol, n: sympy.Symbol) -> list[sympy.Expr]:
    parameters = sorted(factor.free_symbols - {k, n}, key=str)
    return list(sympy.Poly(factor, *parameters).coeffs()) if parameters else [factor]


def _definite(
    form: sympy.Expr, k: sympy.Symbol, low: sympy.Expr, high: sympy.Expr, n: sympy.Symbol, first: int
) -> bool:
    signs = set()
    for end in (low, high):
        at = sympy.Poly(form.subs(k, end), n)
        if sympy.Poly(form, k).degree() > 1 or at.degree() > 1:
            return False
        slope, value = at.nth(1), at.eval(first)
        if not (slope.is_Rational and value.is_Rational) or value == 0 or slope * value < 0:
            return False
        signs.add(value > 0)
    return len(signs) == 1
