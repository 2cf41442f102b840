"""A check that proves a sum in closed form for all n, by a certificate of telescoping."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.arguments import one, taking, text
from exactav.numbers.expressions import described
from exactav.numbers.whole import whole
from exactav.proofs.asked import expression, symbol
from exactav.proofs.certificates import Certificate, certificate, vanishes_nowhere
from exactav.proofs.checks import Check
from exactav.proofs.comparison import compare
from exactav.proofs.terms import ratio
from exactav.proofs.values import value_at
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, refuted, undecided

_MOST = 1000  # of numbers from which sums are added up
_TRIED = 5  # values of n at which the sum is added up before anything is proved
_TRIED_HARDER = 16  # where the total does not obey the recurrence
_MOST_ADDED = 10_000  # terms of a sum that are added up
_FARTHEST = 40  # zeros of a leading coefficient beyond this are not stepped over


@taking(
    claim=text, term=expression, total=expression, n=symbol, by=one(Certificate, "certificate(term, k, n)")
)
def telescoping(
    claim: str,
    term: sympy.Expr,
    over: tuple[sympy.Symbol, Any, Any],
    total: Any,
    *,
    n: sympy.Symbol,
    first: int = 0,
    by: Certificate | None = None,
) -> Check:
    """A check that the sum of ``term`` over k is ``total`` for all whole n >= first.

    A certificate shows that the sum obeys a recurrence in n (or telescopes by itself); the total must obey
    it, too, and agree for as many first n as the recurrence needs. Terms at which the certificate has a pole
    are added apart. Other symbols are parameters.

    Args:
        claim: what is checked, in plain text.
        term: F(n, k); its ratios F(n, k + 1)/F(n, k) and F(n + 1, k)/F(n, k) are rational.
        over: (k, low, high), as of ``sympy.Sum``; the low end is a whole number, the high one linear in n
            with whole coefficients, and does not fall. A sum without terms is 0.
        total: an expression in n and the parameters.
        n: the symbol of the total, whole.
        first: the smallest n.
        by: the certificate; found by Gosper's or Zeilberger's algorithm unless it is given.

    >>> n, k = sympy.symbols("n k", integer=True, nonnegative=True)
    >>> telescoping("subsets", sympy.binomial(n, k), (k, 0, n), 2**n, n=n).run()
    >>> square = telescoping("squares", sympy.binomial(n, k) ** 2, (k, 0, n), sympy.binomial(2 * n, n), n=n)
    >>> square.verdict().outcome, square.said
    ('holds', 'proved: telescoping')
    >>> telescoping("no", sympy.binomial(n, k), (k, 0, n), 3**n, n=n).verdict().detail
    'at n = 1, left is 2, right is 3'
    """
    if not isinstance(over, tuple | list | sympy.Tuple) or len(over) != 3:
        raise ArgumentError(f"over = {described(over)}: give (k, low, high), as of sympy.Sum")
    k, low, high = (
        symbol(over[0], "over[0]"),
        whole(over[1], "over[1]", 0, _MOST),
        expression(over[2], "over[2]"),
    )
    if not high.free_symbols <= {n}:
        raise ArgumentError(f"over[2] = {described(high)}: give a high end in {n} alone")
    first = whole(first, "first", -_MOST, _MOST)
    sum_over = _Sum(term, k, n, low, high, first)
    return Check("telescoping", claim, lambda: _proved(sum_over, total, by))


class _Sum:
    """The sum of F(n, k) over low <= k <= high(n), for whole n >= first."""

    def __init__(
        self, term: sympy.Expr, k: sympy.Symbol, n: sympy.Symbol, low: int, high: sympy.Expr, first: int
    ) -> None:
        self.term, self.k, self.n, self.low, self.high, self.first = term, k, n, low, high, first

    def has_whole_ends(self) -> bool:
        """Whether the high end is linear in n with whole coefficients, and does not fall."""
        if not self.high.is_polynomial(self.n):
            return False
        linear = sympy.Poly(self.high, self.n)
        return bool(
            linear.degree() <= 1 and all(c.is_Integer for c in linear.all_coeffs()) and linear.nth(1) >= 0
        )

    def last(self, value: int) -> int:
        """The largest k, at a number n."""
        return int(self.high.subs(self.n, value))

    def at(self, value: int) -> sympy.Expr:
        """Added up, at a number n."""
        return sympy.Add(*(self._exact(value, j) for j in range(self.low, self.last(value) + 1)))

    def _exact(self, value: int, j: int) -> sympy.Expr:
        found: sympy.Expr = value_at(self.term, {self.n: sympy.Integer(value), self.k: sympy.Integer(j)})
        return found

    def of(self, k: Any, shift: int = 0) -> sympy.Expr:
        """F(n + shift, k) for an expression k in n."""
        return self.term.subs({self.k: k, self.n: self.n + shift}, simultaneous=True)


def _proved(summed: _Sum, total: sympy.Expr, by: Certificate | None) -> Verdict:
    if not summed.has_whole_ends():
        return undecided(
            f"the high end {summed.high} is not linear in {summed.n} with whole coefficients, or falls"
        )
    early = all_hold(_agree(summed, total, summed.first + i) for i in range(_TRIED))
    if early.is_refuted:
        return early
    found = by if by is not None else _any_certificate(summed)
    if found is None:
        return undecided(f"no certificate of the sum of {summed.term} over {summed.k} is known")
    if not found.is_valid() or found.term != summed.term:
        return undecided(f"the certificate {found.rational} is not valid for {summed.term}")
    for below, above in _cuts():
        if _has_no_pole(found, summed, below, above):
            return _by_recurrence(summed, total, found, below, above)
    return undecided(f"the certificate {found.rational} has poles within the sum")


def _any_certificate(summed: _Sum) -> Certificate | None:
    for n in (None, summed.n):
        try:
            return certificate(summed.term, summed.k, n)
        except (ArithmeticError, ValueError, NotImplementedError):
            continue
    return None


def _cuts() -> Iterator[tuple[int, int]]:
    """How many terms at either end are added apart: few first."""
    return iter(sorted(product(range(4), range(4)), key=sum))


def _has_no_pole(found: Certificate, summed: _Sum, below: int, above: int) -> bool:
    """Whether the equation of the certificate holds term by term between the cuts."""
    k, n = summed.k, summed.n
    low, high = sympy.Integer(summed.low + below), summed.high - above
    first = _first_whole(summed, below, above)
    inside = [found.rational.subs(k, k + 1), ratio(summed.term, k), *found.shifts()]
    return all(
        vanishes_nowhere(sympy.fraction(sympy.together(part))[1], k, low, high, n, first)
        for part in [found.rational, *inside]
    )


def _first_whole(summed: _Sum, below: int, above: int) -> int:
    """The smallest n from ``first`` on at which something is left between the cuts."""
    slope = summed.last(summed.first + 1) - summed.last(summed.first)
    missing = summed.low + below + above - summed.last(summed.first)
    return summed.first + (max(0, -(-missing // slope)) if slope else 0)


def _by_recurrence(summed: _Sum, total: sympy.Expr, found: Certificate, below: int, above: int) -> Verdict:
    """The total obeys the recurrence, and agrees with the sum as often as that needs."""
    n, k, rational = summed.n, summed.k, found.rational
    low, high = summed.low + below, summed.high - above
    first = _first_whole(summed, below, above)
    if first - summed.first > _MOST:
        return undecided(f"the sum has fewer than {below + above + 1} terms for {n} < {first}")
    if summed.last(first) - above < low:
        return undecided(f"the sum has fewer than {below + above + 1} terms")
    ends = rational.subs(k, high + 1) * summed.of(high + 1) - rational.subs(k, low) * summed.of(low)
    step = int(sympy.Poly(summed.high, n).nth(1))
    recurred = []
    for j, a in enumerate(found.recurrence):
        apart = [summed.of(summed.low + i, j) for i in range(below)]
        apart += [summed.of(high + 1 + i, j) for i in range(above + j * step)]
        recurred.append(a * (sympy.Add(*apart) - total.subs(n, n + j)))
    obeyed = compare(ends + sympy.Add(*recurred), sympy.S.Zero)
    if obeyed != HOLDS:
        later = all_hold(_agree(summed, total, summed.first + i) for i in range(_TRIED, _TRIED_HARDER))
        if later.is_refuted:
            return later
        return undecided(f"whether the total obeys the recurrence of the sum: {obeyed.detail}")
    order = len(found.recurrence) - 1
    last = _last_zero(found.recurrence[-1], n, first)
    if last is None:
        return undecided(f"the leading coefficient {found.recurrence[-1]} may vanish")
    needed = range(summed.first, max(first, last + 1) + order)
    return all_hold(_agree(summed, total, value) for value in needed)


def _last_zero(leading: sympy.Expr, n: sympy.Symbol, first: int) -> int | None:
    """The largest whole n at which the leading coefficient vanishes, first - 1 if none; None if unknown."""
    for last in range(first - 1, first + _FARTHEST):
        if vanishes_nowhere(leading, n, n, n, n, last + 1):
            return last
    return None


def _agree(summed: _Sum, total: sympy.Expr, value: int) -> Verdict:
    if summed.last(value) - summed.low >= _MOST_ADDED:
        return undecided(f"at {summed.n} = {value}, the sum has more than {_MOST_ADDED} terms to be added up")
    left, right = summed.at(value), value_at(total, {summed.n: sympy.Integer(value)})
    verdict = compare(left, right)
    if verdict.is_refuted and left.is_number and right.is_number:
        return refuted(f"at {summed.n} = {value}, left is {left}, right is {right}")
    return verdict.at(f"at {summed.n} = {value}")
