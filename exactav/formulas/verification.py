"""Checks that several families share: against determinants, in symbols, at large N, and by digits."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy import Rational, Symbol

from exactav.checks import Check, exactly
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network import Network

Family = Callable[[int, Any], Network]  # N, alpha -> network
Checks = Callable[[Formula], tuple[Check, ...]]
alpha = Symbol("alpha")
COUPLINGS = (Rational(1, 3), Rational(3, 4), Rational(99, 100))


def put_in(formula: Formula, **numbers: int) -> sympy.Expr:
    """The formula's expression with numbers put in for the symbols of these names, in lowest terms."""
    values = {symbol: numbers[symbol.name] for symbol in formula.symbols if symbol.name in numbers}
    expr = formula.expr.subs(values)
    # What is left of a Piecewise are cases at single points of alpha; a symbol stands for all other points.
    expr = expr.subs(dict.fromkeys(expr.atoms(sympy.Eq), sympy.false))
    return sympy.cancel(expr.doit())


def small_networks(smallest: int, *, zero: bool = True) -> list[tuple[int, Rational]]:
    """(N, alpha) for N up to 8; ``zero`` includes alpha = 0."""
    return [(n, a) for n in range(smallest, 9) for a in (*([Rational(0)] if zero else []), *COUPLINGS)]


def has_digits(formula: Formula, values: dict[str, Any], digits: int = 50) -> bool:
    """Whether all digits of the formula at ``values`` are those of its exact value."""
    true = formula.at(values)
    exact, shown = Fraction(int(true.p), int(true.q)), Fraction(str(formula.evaluate(values, digits)))
    return abs(shown - exact) <= abs(exact) * Fraction(1, 2 * 10 ** (digits - 1))


def size_checks(family: Family, smallest: int, *, zero: bool = True, large: int = 60) -> Checks:
    """The checks of a size law P(L) in N, L and alpha."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"the size laws of N = {smallest} .. 8 from determinants, at several couplings",
                [(n, a, size) for n, a in small_networks(smallest, zero=zero) for size in range(1, n + 1)],
                lambda case: formula.at({"N": case[0], "alpha": case[1], "L": case[2]}),
                lambda case: size_law(family(case[0], case[1]))[case[2]],
            ),
            exactly(
                f"the same in symbolic alpha for N = {smallest} .. 6",
                [(n, size) for n in range(smallest, 7) for size in range(1, n + 1)],
                lambda case: put_in(formula, N=case[0], L=case[1]),
                lambda case: sympy.cancel(size_law(family(case[0], alpha))[case[1]]),
            ),
            exactly(
                f"normalisation in symbolic alpha for N = {smallest} .. 8",
                range(smallest, 9),
                lambda n: sympy.cancel(sum(put_in(formula, N=n, L=size) for size in range(1, n + 1))),
                lambda _: sympy.Integer(1),
            ),
            exactly(
                f"normalisation for N = {large}, exactly",
                COUPLINGS,
                lambda a: sum(
                    formula.at({"N": large, "L": size, "alpha": a}) for size in range(1, large + 1)
                ),
                lambda _: sympy.Integer(1),
            ),
            exactly(
                f"50 digits against exact values for N = {large}",
                [(size, a) for size in (1, 2, large // 2, large - 1, large) for a in COUPLINGS],
                lambda case: has_digits(formula, {"N": large, "L": case[0], "alpha": case[1]}),
                lambda _: True,
            ),
        )

    return checks


def mean_checks(family: Family, smallest: int, *, zero: bool = True) -> Checks:
    """The checks of a mean size in N and alpha."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"mean sizes from the Green matrix for N = {smallest} .. 8, at several couplings",
                small_networks(smallest, zero=zero),
                lambda case: formula.at({"N": case[0], "alpha": case[1]}),
                lambda case: mean_size(family(*case)),
            ),
            exactly(
                f"the sum of L P(L) in symbolic alpha for N = {smallest} .. 6",
                range(smallest, 7),
                lambda n: put_in(formula, N=n),
                lambda n: sympy.cancel(size_law(family(n, alpha)).mean()),
            ),
        )

    return checks
