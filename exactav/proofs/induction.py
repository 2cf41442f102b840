"""Proofs by induction, and identities between polynomials from enough values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, product
from typing import Any

import sympy

from exactav.errors import ArgumentError
from exactav.numbers.arguments import calling, collection, mapping, taking, text
from exactav.numbers.expressions import described
from exactav.numbers.whole import whole
from exactav.proofs.asked import expression, symbol
from exactav.proofs.checks import Check, Where
from exactav.proofs.comparison import compare
from exactav.proofs.regions import compare_where, conditions_on_others
from exactav.proofs.verdicts import HOLDS, Verdict, all_hold, undecided

_FOLLOWED = 6  # steps of a recursion that are followed from its base to find a counterexample


@taking(
    claim=text,
    n=symbol,
    step=calling("n and the values before"),
    closed=calling("n"),
    of=calling("a number"),
)
def induction(
    claim: str,
    n: sympy.Symbol,
    *,
    base: Mapping[int, Any],
    step: Callable[..., Any],
    closed: Callable[[Any], Any],
    of: Callable[[int], Any] | None = None,
    of_sizes: Iterable[int] = range(7),
    where: Where = (),
) -> Check:
    """A check that a sequence with these first values and this recursion is ``closed``, for all n.

    The base cases are compared at their numbers; the step with symbolic n: ``closed(n)`` must be
    ``step(n, closed(n - 1), closed(n - 2), ...)``.

    Args:
        claim: what is checked, in plain text.
        n: the symbol of the step, whole.
        base: the first values by consecutive numbers, as many as ``step`` takes back.
        step: the value at n from n and the values before it, the last one first.
        closed: the value at n, an expression, or a matrix or list of some.
        of: the thing that the sequence stands for, at a number, if it can be computed apart from the
            recursion; it is compared with ``closed`` at ``of_sizes``.
        of_sizes: at which numbers.
        where: conditions on the parameters, as of :func:`exactav.proofs.identity`.

    Raises:
        ArgumentError: there is no base, or it has gaps; or a condition is none, is on ``n``, or contradicts
            another.

    >>> n = sympy.Symbol("n", integer=True, positive=True)
    >>> odd = induction("odd numbers", n, base={0: 0}, step=lambda n, a: a + 2 * n - 1, closed=lambda n: n**2)
    >>> odd.verdict().outcome, odd.said
    ('holds', 'proved: induction')
    >>> induction("no", n, base={0: 0}, step=lambda n, a: a + 2 * n, closed=lambda n: n**2).verdict().detail
    'at n = 1, left is 2, right is 1'
    """
    numbers = [_number(key) for key in mapping(base, "base", "{0: 1}")]
    first, order = min(numbers, default=0), len(numbers)
    if not numbers or set(numbers) != set(range(first, first + order)):
        raise ArgumentError(f"base = {described(dict(base))}: wanted the values at consecutive whole numbers")
    sizes = [whole(size, "of_sizes") for size in collection(of_sizes, "of_sizes", "range(7)")]
    region = conditions_on_others(where, n)

    def computation() -> Verdict:
        values = [base[first + i] for i in range(order)]
        for size in range(first, first + order + _FOLLOWED):
            if size >= first + order:
                values.append(step(sympy.Integer(size), *reversed(values[-order:])))
            verdict = compare_where(values[size - first], _at(closed, size), region)
            if verdict != HOLDS:
                return verdict.at(f"at {n} = {size}")
        stepped = compare_where(step(n, *(closed(n - 1 - i) for i in range(order))), closed(n), region)
        if stepped != HOLDS:
            return undecided(f"the step: {stepped.detail}")
        if of is None:
            return HOLDS
        pairs = ((size, of(size), _at(closed, size)) for size in sizes)
        return all_hold(compare_where(a, b, region).at(f"at {n} = {size}") for size, a, b in pairs)

    return Check("induction", claim, computation, where=region)


def _number(key: Any) -> int:
    return whole(key, "a number of base")


def _at(closed: Callable[[Any], Any], size: int) -> Any:
    value = closed(sympy.Integer(size))
    return value.doit() if isinstance(value, sympy.Basic) else value


@taking(claim=text, left=calling("numbers"), right=calling("numbers"), because=text)
def by_degree(
    claim: str,
    left: Callable[..., Any],
    right: Callable[..., Any],
    *,
    degrees: Mapping[str, int],
    because: str,
    values: Mapping[str, Sequence[Any]] | None = None,
) -> Check:
    """A check that two polynomials are equal, from exact values: one more than the degree, in each symbol.

    Args:
        claim: what is checked, in plain text.
        left: takes a number for each symbol, by its name, and returns an exact value (which may have other
            symbols in it).
        right: the same.
        degrees: bounds of the degrees of both sides in each symbol; from :func:`degree_of`, or justified.
        because: why the bounds hold.
        values: by symbols, the numbers to try; from 1 on unless given.

    Raises:
        ArgumentError: there are no bounds, no reason, or fewer different values than a bound plus one.

    >>> squares = by_degree(
    ...     "sum of squares",
    ...     lambda N: sum(k**2 for k in range(N + 1)),
    ...     lambda N: sympy.Rational(N * (N + 1) * (2 * N + 1), 6),
    ...     degrees={"N": 3},
    ...     because="sums over k <= N of polynomials of degree d in k have degree d + 1 in N",
    ... )
    >>> squares.verdict().outcome, squares.said
    ('holds', 'proved: polynomial of bounded degree')
    """
    degrees = mapping(degrees, "degrees", "{'N': 3}")
    values = {} if values is None else mapping(values, "values", "{'N': [1, 2, 3, 4]}")
    if not degrees or not because.strip():
        raise ArgumentError(f"{described(claim)} needs bounds of degrees, and why they hold (because=...)")
    bounds = {name: whole(bound, f"degrees[{described(name)}]") for name, bound in degrees.items()}
    tried = {
        name: collection(values.get(name, range(1, bound + 2)), f"values[{described(name)}]", "[1, 2, 3, 4]")
        for name, bound in bounds.items()
    }
    if unknown := set(values) - set(bounds):
        raise ArgumentError(f"values of {described(unknown)}: no degree is given of these")
    for name, bound in bounds.items():
        if len(set(tried[name])) <= bound:
            raise ArgumentError(
                f"{len(set(tried[name]))} values of {name} prove nothing of polynomials of degree {bound}: "
                f"give {bound + 1}"
            )

    def one(numbers: tuple[Any, ...]) -> Verdict:
        case = dict(zip(tried, numbers, strict=True))
        place = ", ".join(f"{name} = {value}" for name, value in case.items())
        return compare(left(**case), right(**case)).at(f"at {place}")

    def computation() -> Verdict:
        enough = (list(islice(dict.fromkeys(tried[name]), bound + 1)) for name, bound in bounds.items())
        return all_hold(map(one, product(*enough)))

    return Check(
        "polynomial of bounded degree", f"{claim}; degrees {_said(bounds)}, since {because}", computation
    )


def _said(bounds: Mapping[str, int]) -> str:
    return ", ".join(f"{bound} in {name}" for name, bound in bounds.items())


@taking(expr=expression, symbol=symbol)
def degree_of(expr: sympy.Expr, symbol: sympy.Symbol) -> int:
    """A bound of the degree of an expression that is a polynomial in ``symbol`` for its whole values.

    Sums and products, whole powers, binomials and factorials of fixed length, and sums from a number to
    ``symbol`` + number of such terms are understood.

    Raises:
        ArgumentError: another expression.

    >>> N, k = sympy.symbols("N k")
    >>> degree_of(sympy.Sum(k**2 * N, (k, 1, N - 1)) + sympy.binomial(N, 5), N)
    5
    """
    return _degree(expr, frozenset({symbol}))


def _degree(expr: sympy.Expr, symbols: frozenset[sympy.Symbol]) -> int:
    """The total degree in the symbol and those that are summed up to it."""
    if not expr.free_symbols & symbols:
        return 0
    if expr.is_Symbol:
        return 1
    if expr.is_Add:
        return max(_degree(part, symbols) for part in expr.args)
    if expr.is_Mul:
        return sum(_degree(part, symbols) for part in expr.args)
    if expr.is_Pow and expr.exp.is_Integer and expr.exp >= 0:
        return int(expr.exp) * _degree(expr.base, symbols)
    if isinstance(expr, sympy.binomial | sympy.FallingFactorial | sympy.RisingFactorial):
        x, j = expr.args
        if j.is_Integer and j >= 0:
            return int(j) * _degree(x, symbols)
    if isinstance(expr, sympy.Sum):
        *inner, (k, low, high) = expr.limits
        if low.is_Integer and high.free_symbols <= symbols and sympy.expand(high).as_coeff_Add()[1].is_Symbol:
            summed = sympy.Sum(expr.function, *inner) if inner else expr.function
            return 1 + _degree(summed, symbols | {k})
    raise ArgumentError(f"no bound of the degree of {expr} is known: give it with a reason")
