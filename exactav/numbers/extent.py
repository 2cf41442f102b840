"""How large an expression grows once it is multiplied out, bounded from its tree before anything is.

An expression becomes one numerator over one common denominator. Of both, the number of terms, the degree in
each generator and the bits of the numbers are bounded, from the inner parts outwards; what cancels is not
foreseen, so the true size may be smaller. Nothing is evaluated here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb, prod
from typing import Any

import sympy

from exactav.numbers.cancelling import MOST_GENERATORS
from exactav.numbers.trees import inner_first

MOST_BITS, MOST_DEGREE, MOST_TERMS = 2**20, 10_000, 20_000
_MOST_PAIRS = (
    30_000_000  # terms of a numerator times terms of its denominator, which are searched for factors
)
_MOST_ROOT_BITS = 2**17  # of a number of which a root is taken
_MOST_EXPONENTS = 20_000_000  # numbers of generators times numbers of terms
_ADVICE = "name parts of it by symbols of their own, and put these in with .at(...)"


class TooLargeError(ValueError):
    """An expression would be too large; what it does is the message."""


@dataclass(frozen=True)
class _Polynomial:
    """Bounds on a polynomial: number of terms, and its degree in each generator."""

    terms: int = 1
    degrees: Mapping[Any, int] = field(default_factory=dict)

    def __pow__(self, times: int) -> "_Polynomial":
        degrees = {generator: degree * times for generator, degree in self.degrees.items()}
        return _polynomial(comb(self.terms + times - 1, times) if times else 1, degrees)

    def __mul__(self, other: "_Polynomial") -> "_Polynomial":
        return _polynomial(self.terms * other.terms, Counter(self.degrees) + Counter(other.degrees))


@dataclass(frozen=True)
class Extent:
    """Bounds on an expression: bits of its numbers, its numerator, and the factors of its denominator.

    Attributes:
        factors: what is divided by -> (how often, bounds of it once).
    """

    bits: int = 1
    above: _Polynomial = _Polynomial()
    factors: Mapping[Any, tuple[int, _Polynomial]] = field(default_factory=dict)

    @property
    def below(self) -> _Polynomial:
        """Bounds of the denominator."""
        return _product(factor**times for times, factor in self.factors.values())

    @property
    def terms(self) -> int:
        """A bound on the number of terms of the numerator."""
        return self.above.terms

    @property
    def generators(self) -> set[Any]:
        """What it is a function of."""
        return set(self.above.degrees).union(*(factor.degrees for _, factor in self.factors.values()))


def extent(expr: sympy.Expr, known: Mapping[sympy.Expr, Extent] | None = None) -> Extent:
    """Bounds on numerator and denominator of an expression once it is multiplied out.

    Args:
        known: bounds of what symbols in it are replaced by.

    Raises:
        TooLargeError: they are above what is ever multiplied out.

    >>> a, b = sympy.symbols("a b")
    >>> extent((a + b) ** 3).terms, extent((1 - a) ** 3 * (1 + a) ** 4).terms
    (4, 8)
    >>> half = extent(1 / (1 - a) + 1 / (1 - b))
    >>> half.terms, half.below.terms
    (4, 4)
    """
    found: dict[int, Extent] = {}
    for part, inside in inner_first(expr):
        if known and part.is_Symbol and part in known:
            found[id(part)] = known[part]
        else:
            found[id(part)] = _joined(part, [found[id(argument)] for argument in inside])
    return found[id(expr)]


def check_size(expr: sympy.Expr, known: Mapping[sympy.Expr, Extent] | None = None) -> Extent:
    """Bounds on an expression whose symbols may become powers of roots.

    A root stands for a symbol of its base (:mod:`exactav.numbers.generators`): each power of that symbol has
    the terms of a power of the base.

    Raises:
        TooLargeError: as in :func:`extent`.
    """
    found = extent(expr, known)
    bases = {generator[0] for generator in found.generators if isinstance(generator, tuple)}
    above, below = found.above, found.below
    for base in bases:
        terms = extent(base).terms + 1
        for side in (above, below):
            most = max((side.degrees.get(symbol, 0) for symbol in base.free_symbols), default=0)
            if comb(terms + most - 1, most) * side.terms > MOST_TERMS and most > 1:
                raise TooLargeError(
                    f"has powers up to {most} of a symbol below a root, which may have more than "
                    f"{MOST_TERMS:,} terms when multiplied out: {_ADVICE}"
                )
    if found.below.terms > 1 and len(found.generators) > MOST_GENERATORS:
        raise TooLargeError(
            f"has sums in denominators and {len(found.generators)} symbols; with such denominators at most "
            f"{MOST_GENERATORS} are taken"
        )
    return found


def total(parts: Iterable[Extent]) -> Extent:
    """Bounds of a sum.

    Raises:
        TooLargeError: as in :func:`extent`.
    """
    listed = list(parts)
    bits = sum(part.bits for part in listed)
    factors: dict[Any, tuple[int, _Polynomial]] = {}
    for part in listed:
        for key, (times, factor) in part.factors.items():
            if key not in factors or factors[key][0] < times:
                factors[key] = times, factor
    degrees: dict[Any, int] = {}
    for part in listed:
        for generator, degree in part.above.degrees.items():
            degrees[generator] = max(degree, degrees.get(generator, 0))
    if not factors:
        return _checked(Extent(bits, _polynomial(sum(part.terms for part in listed), degrees)))
    below = _product(factor**times for times, factor in factors.values())
    full = prod(comb(factor.terms + times - 1, times) for times, factor in factors.values())
    terms = 0
    for part in listed:  # each numerator is multiplied by what its own denominator lacks of the common one
        lacks = full
        for key, (times, factor) in part.factors.items():
            most = factors[key][0]
            lacks = (
                lacks
                // comb(factor.terms + most - 1, most)
                * comb(factor.terms + most - times - 1, most - times)
            )
        terms += part.terms * lacks
    return _checked(Extent(bits, _polynomial(terms, Counter(degrees) + Counter(below.degrees)), factors))


def product(parts: Iterable[Extent]) -> Extent:
    """Bounds of a product.

    Raises:
        TooLargeError: as in :func:`extent`.
    """
    listed = list(parts)
    factors: dict[Any, tuple[int, _Polynomial]] = {}
    for part in listed:
        for key, (times, factor) in part.factors.items():
            factors[key] = times + factors.get(key, (0,))[0], factor
    return _checked(Extent(sum(p.bits for p in listed), _product(p.above for p in listed), factors))


def power(base: Extent, times: int, key: Any) -> Extent:
    """Bounds of an integer power; ``key`` tells the base from others where it is divided by.

    Raises:
        TooLargeError: as in :func:`extent`.
    """
    bits, count = base.bits * max(1, abs(times)), abs(times)
    if times >= 0:
        factors = {name: (often * count, factor) for name, (often, factor) in base.factors.items()}
        return _checked(Extent(bits, base.above**count, factors))
    return _checked(Extent(bits, base.below**count, {key: (count, base.above)}))


def check_rows(rows: Iterable[Sequence[sympy.Expr]]) -> None:
    """Refuse expressions of which there are too many symbols and terms, or whose sums of rows are too large.

    In a ring of n generators each term is n exponents, whether they are 0 or not.

    Raises:
        TooLargeError: they are too large together.
    """
    generators, terms = set[Any](), 0
    divided = False
    for row in rows:
        known = [extent(expr) for expr in row if not expr.is_Rational]
        whole = total(known)
        generators |= whole.generators
        terms += whole.terms + sum(part.terms for part in known)
        divided |= whole.below.terms > 1
    if len(generators) * terms > _MOST_EXPONENTS:
        raise TooLargeError(
            f"has {len(generators):,} symbols in {terms:,} terms, and at most {_MOST_EXPONENTS:,} terms "
            "times symbols are taken: put numbers in for some"
        )
    if divided and len(generators) > MOST_GENERATORS:
        raise TooLargeError(
            f"has {len(generators):,} symbols, and sums in denominators: with these at most "
            f"{MOST_GENERATORS} symbols are taken"
        )


def check_power(base: sympy.Expr, exponent: sympy.Rational) -> None:
    """Refuse a power before it is formed.

    Raises:
        TooLargeError: it would be too large.
    """
    _raised(base, exponent, extent(base))


def _joined(expr: sympy.Expr, inside: list[Extent]) -> Extent:
    if expr.is_Rational:
        return _checked(Extent(int(expr.p).bit_length() + int(expr.q).bit_length()))
    if expr.is_Add:
        return total(inside)
    if expr.is_Mul:
        return product(inside)
    if expr.is_Pow and expr.exp.is_Rational:
        return _raised(expr.base, expr.exp, inside[0])
    return Extent(1, _Polynomial(1, {expr: 1}))


def _raised(base: sympy.Expr, exponent: sympy.Rational, inside: Extent) -> Extent:
    times, order = int(exponent.p), int(exponent.q)
    if max(abs(times), order) > MOST_DEGREE:
        raise TooLargeError(f"has an exponent above {MOST_DEGREE:,}")
    if order == 1:
        return power(inside, times, base)
    if inside.bits > _MOST_ROOT_BITS:
        raise TooLargeError(f"has a root of numbers of about {_digits(inside.bits)} digits")
    # A root is a generator of its own. It stands for a symbol of its base, whose powers then have the terms
    # of powers of the base.
    below = {(base, order): (abs(times), _Polynomial(1, {(base, order): 1}))}
    if times < 0:
        return _checked(Extent(inside.bits * -times, _Polynomial(), below))
    return _checked(Extent(inside.bits * times, _Polynomial(1, {(base, order): times})))


def _product(parts: Iterable[_Polynomial]) -> _Polynomial:
    terms, degrees = 1, Counter[Any]()
    for part in parts:
        terms *= part.terms
        degrees.update(part.degrees)
    return _polynomial(terms, degrees)


def _polynomial(terms: int, degrees: Mapping[Any, int]) -> _Polynomial:
    """With at most as many terms as there are monomials of these degrees."""
    monomials = 1
    for degree in degrees.values():
        monomials *= degree + 1
        if monomials >= terms:
            break
    return _Polynomial(min(terms, monomials), degrees)


def _checked(found: Extent) -> Extent:
    if found.bits > MOST_BITS:
        raise TooLargeError(
            f"may have numbers of about {_digits(found.bits):,} digits when multiplied out, and "
            f"{_digits(MOST_BITS):,} are allowed: {_ADVICE}"
        )
    below = found.below
    for part in (found.above, below):
        if (degree := max(part.degrees.values(), default=0)) > MOST_DEGREE:
            raise TooLargeError(
                f"may be of degree {degree:,} when multiplied out, and {MOST_DEGREE:,} is allowed: {_ADVICE}"
            )
        if part.terms > MOST_TERMS:
            raise TooLargeError(
                f"may have {_about(part.terms)} terms when multiplied out, and {MOST_TERMS:,} are allowed: "
                f"{_ADVICE}"
            )
    if below.terms > 1 and found.terms * below.terms > _MOST_PAIRS:
        raise TooLargeError(
            f"may be a quotient of {found.terms:,} terms by {below.terms:,} when multiplied out, and "
            f"{_MOST_PAIRS:,} pairs of terms are allowed: {_ADVICE}"
        )
    return found


def _digits(bits: int) -> int:
    return max(1, int(bits * 0.30103))


def _about(number: int) -> str:
    return f"{number:,}" if number < 10**12 else f"about 10^{_digits(number.bit_length()) - 1}"
