"""Checks that several families share: against determinants, in symbols, at large N, and by digits."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Rational, Symbol

from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly

Family = Callable[[int, Any], Network]  # N, alpha -> network
Checks = Callable[[Formula], tuple[Check, ...]]
alpha = Symbol("alpha")
COUPLINGS = (Rational(1, 3), Rational(3, 4), Rational(99, 100))


def put_in(formula: Formula, values: Mapping[str, Any]) -> sympy.Expr:
    """The formula's expression with values put in for the symbols of these names, in lowest terms."""
    bound = {
        symbol: sympy.sympify(values[symbol.name]) for symbol in formula.symbols if symbol.name in values
    }
    expr = formula.expr.xreplace(bound).replace(sympy.Determinant, lambda matrix: matrix.det())
    # What is left of a Piecewise are cases at single points of a symbol, which stands for all other points.
    expr = expr.subs(dict.fromkeys(expr.atoms(sympy.Eq), sympy.false))
    return sympy.cancel(sympy.together(expr.doit()))


def together(*makers: Checks) -> Checks:
    """The checks of all ``makers``."""
    return lambda formula: tuple(check for maker in makers for check in maker(formula))


def network_checks(
    what: str,
    quantity: Callable[[Network], sympy.Expr],
    family: Family,
    smallest: int,
    *,
    largest: int = 8,
    largest_symbolic: int = 6,
) -> Checks:
    """The checks of a formula in N and alpha against what is computed of each network of a family."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"{what} for N = {smallest} .. {largest}, at several couplings",
                [(n, a) for n in range(smallest, largest + 1) for a in (Rational(0), *COUPLINGS)],
                lambda case: formula.at({"N": case[0], "alpha": case[1]}),
                lambda case: quantity(family(*case)),
            ),
            exactly(
                f"{what} in symbolic alpha for N = {smallest} .. {largest_symbolic}",
                range(smallest, largest_symbolic + 1),
                lambda n: put_in(formula, {"N": n}),
                lambda n: sympy.cancel(quantity(family(n, alpha))),
            ),
        )

    return checks


def digits_checks(n: int) -> Checks:
    """The check of 50 digits of a formula in N and alpha at N = n."""
    return lambda formula: (
        exactly(
            f"50 digits against exact values for N = {n}",
            COUPLINGS,
            lambda a: has_digits(formula, {"N": n, "alpha": a}),
            lambda _: True,
        ),
    )


def small_networks(smallest: int) -> list[tuple[int, Rational]]:
    """(N, alpha) for N up to 8, alpha = 0 included."""
    return [(n, a) for n in range(smallest, 9) for a in (Rational(0), *COUPLINGS)]


def has_digits(formula: Formula, values: dict[str, Any], digits: int = 50) -> bool:
    """Whether all digits of the formula at ``values`` are those of its exact value."""
    true = formula.at(values)
    exact, shown = Fraction(int(true.p), int(true.q)), Fraction(str(formula.evaluate(values, digits)))
    return abs(shown - exact) <= abs(exact) * Fraction(1, 2 * 10 ** (digits - 1))


def size_checks(family: Family, smallest: int, *, large: int = 60) -> Checks:
    """The checks of a size law P(L) in N, L and alpha."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"the size laws of N = {smallest} .. 8 from determinants, at several couplings",
                [(n, a, size) for n, a in small_networks(smallest) for size in range(1, n + 1)],
                lambda case: formula.at({"N": case[0], "alpha": case[1], "L": case[2]}),
                lambda case: size_law(family(case[0], case[1]))[case[2]],
            ),
            exactly(
                f"the same in symbolic alpha for N = {smallest} .. 6",
                [(n, size) for n in range(smallest, 7) for size in range(1, n + 1)],
                lambda case: put_in(formula, {"N": case[0], "L": case[1]}),
                lambda case: sympy.cancel(size_law(family(case[0], alpha))[case[1]]),
            ),
            exactly(
                f"normalisation in symbolic alpha for N = {smallest} .. 8",
                range(smallest, 9),
                lambda n: sympy.cancel(sum(put_in(formula, {"N": n, "L": size}) for size in range(1, n + 1))),
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


def mean_checks(family: Family, smallest: int) -> Checks:
    """The checks of a mean size in N and alpha."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"mean sizes from the Green matrix for N = {smallest} .. 8, at several couplings",
                small_networks(smallest),
                lambda case: formula.at({"N": case[0], "alpha": case[1]}),
                lambda case: mean_size(family(*case)),
            ),
            exactly(
                f"the sum of L P(L) in symbolic alpha for N = {smallest} .. 6",
                range(smallest, 7),
                lambda n: put_in(formula, {"N": n}),
                lambda n: sympy.cancel(size_law(family(n, alpha)).mean()),
            ),
        )

    return checks
