"""What the rational functions of a field are functions of: symbols, roots of them, and exponentials.

A root such as sqrt(1 - alpha) is a generator h in place of one symbol of its base, in which the base is
linear: alpha = 1 - h^2. So every function of the symbols and roots is a rational function of the generators
in exactly one way, and equality is decided. Exponentials of different monomials, as exp(-beta) and
exp(beta*gamma), are algebraically independent over all of these (J. Ax, Ann. Math. 93, 252, 1971); each is a
power of one generator.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations
from math import gcd, lcm
from typing import Any

import sympy

from exactav.errors import InexactError

_MOST_ROOTS = 4  # of different bases; all orders of them are tried
_LARGEST_EXPONENT = 1000
_LARGEST_ROOT = 100  # a hundredth root; degrees grow by it


@dataclass
class Found:
    """The symbols, bases of roots and exponents that occur in expressions."""

    symbols: set[sympy.Symbol] = field(default_factory=set)
    roots: dict[sympy.Expr, int] = field(default_factory=dict)
    exponentials: dict[sympy.Expr, int] = field(default_factory=dict)

    def root(self, power: sympy.Pow) -> sympy.Expr:
        """Note a root of an expression with symbols; the number that stands before it.

        Raises:
            InexactError: its base is no polynomial, or its exponent has too large a denominator.
        """
        factor, base, exponent = split_root(power)
        found = lcm(self.roots.get(base, 1), int(exponent.q))
        if found > _LARGEST_ROOT:
            raise InexactError(f"{power}: roots of an order above {_LARGEST_ROOT} are not taken")
        self.roots[base] = found
        return factor

    def exponential(self, power: sympy.Expr) -> None:
        """Note an exponential of an expression with symbols.

        Raises:
            InexactError: a term of its exponent is no rational number times a product of powers of symbols.
        """
        for term, coefficient in terms_of(power):
            if abs(coefficient.p) > _LARGEST_EXPONENT or coefficient.q > _LARGEST_ROOT:
                raise InexactError(
                    f"{power}: coefficients are taken from 1/{_LARGEST_ROOT} to {_LARGEST_EXPONENT}"
                )
            self.exponentials[term] = lcm(self.exponentials.get(term, 1), int(coefficient.q))

    def generators(self) -> tuple[sympy.Expr, ...]:
        """Symbols, roots and exponentials that all that was found is a rational function of."""
        plain = set(self.symbols).union(*(base.free_symbols for base in self.roots))
        roots = [sympy.Pow(base, sympy.Rational(1, order)) for base, order in self.roots.items()]
        gone = replaced(tuple(sorted(roots, key=sympy.default_sort_key)), frozenset())
        others = [sympy.exp(term / order) for term, order in self.exponentials.items()]
        return tuple(sorted([*(plain - set(gone)), *roots, *others], key=sympy.default_sort_key))


def split_root(power: sympy.Pow) -> tuple[sympy.Expr, sympy.Expr, sympy.Rational]:
    """(number, base, exponent) of a fractional power: number * base**exponent, the base without content."""
    content, base = power.base.as_content_primitive()
    if not (base.is_polynomial() and content.is_positive):
        raise InexactError(
            f"{power} is a root of what is no polynomial: write it as a quotient of roots, or name it by a "
            "symbol of its own"
        )
    return sympy.Pow(content, power.exp), base, power.exp


def terms_of(power: sympy.Expr) -> list[tuple[sympy.Expr, sympy.Rational]]:
    """The terms of an exponent, as products of powers of symbols, and their rational coefficients."""
    found = []
    for term in sympy.Add.make_args(sympy.expand(power.exp)):
        coefficient, rest = term.as_coeff_Mul()
        powers = [factor.as_base_exp() for factor in sympy.Mul.make_args(rest)]
        if not all(base.is_Symbol and exponent.is_Rational for base, exponent in powers):
            raise InexactError(
                f"{power}: exponents are sums of rational numbers times powers of symbols; name it by a "
                "symbol of its own"
            )
        found.append((rest, coefficient))
    return found


@lru_cache(maxsize=256)
def replaced(
    generators: Sequence[sympy.Expr], kept: frozenset[sympy.Symbol]
) -> Mapping[sympy.Symbol, tuple[sympy.Expr, int, sympy.Expr, sympy.Expr]]:
    """The symbols that roots among ``generators`` stand for: symbol -> (root, its order q, a, b).

    The base is a * symbol + b, so that symbol = (root**q - b) / a; a and b have none of the symbols that come
    later. Symbols in ``kept`` are generators themselves.

    Raises:
        InexactError: the roots are not so.
    """
    roots = [g for g in generators if is_root(g)]
    if len(roots) > _MOST_ROOTS:
        raise InexactError(f"roots of {len(roots)} different bases: at most {_MOST_ROOTS} are taken")
    for order in permutations(roots):
        if (found := _in_turn(order, kept)) is not None:
            return found
    some = ", ".join(map(str, roots))
    raise InexactError(
        f"{some}: roots are taken of what is linear in a symbol, one for each root; name others by symbols "
        "of their own"
    )


def _in_turn(
    roots: Sequence[sympy.Expr], kept: frozenset[sympy.Symbol]
) -> dict[sympy.Symbol, tuple[sympy.Expr, int, sympy.Expr, sympy.Expr]] | None:
    """The same where the first root stands for a symbol of its base, the next for another, and so on."""
    found: dict[sympy.Symbol, tuple[sympy.Expr, int, sympy.Expr, sympy.Expr]] = {}
    later = set().union(*(root.base.free_symbols for root in roots)) - kept
    for root in roots:
        # What is left of the base must not need symbols whose turn is still to come, but for one.
        linear = {}
        for symbol in sorted(root.base.free_symbols - kept - set(found), key=sympy.default_sort_key):
            polynomial = sympy.Poly(root.base, symbol)
            if polynomial.degree() == 1:
                linear[symbol] = polynomial.all_coeffs()
        if not linear:
            return None
        # Divided by a number, it has no denominators.
        symbol = next((symbol for symbol, (a, _) in linear.items() if a.is_number), next(iter(linear)))
        found[symbol] = root, int(root.exp.q), *linear[symbol]
    # Others of the bases stay generators; they come before all.
    seen: set[sympy.Symbol] = later - set(found)
    for symbol, (_, _, a, b) in found.items():
        if (a.free_symbols | b.free_symbols) & later - seen:
            return None
        seen.add(symbol)
    return found


def is_root(generator: sympy.Expr) -> bool:
    """Whether a generator is a root."""
    return bool(generator.is_Pow) and not isinstance(generator, sympy.exp)


def reducible(generator: sympy.Expr, exponents: Iterable[int]) -> bool:
    """Whether a root, or an exponential of a fraction, occurs in powers of a plainer one only."""
    if is_root(generator):
        order = int(generator.exp.q)
    elif isinstance(generator, sympy.exp):
        order = int(generator.exp.as_coeff_Mul()[0].q)
    else:
        return False
    return gcd(order, *exponents) > 1


def symbols_of(generators: Iterable[Any]) -> tuple[sympy.Symbol, ...]:
    """The symbols that a user knows, sorted."""
    return tuple(sorted(set().union(*(g.free_symbols for g in generators)), key=sympy.default_sort_key))
