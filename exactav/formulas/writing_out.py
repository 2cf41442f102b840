"""What of a formula may be written out where symbols are left in it."""

from collections.abc import Mapping
from typing import Any

import sympy

from exactav.errors import TooCostlyError
from exactav.formulas.coefficients import Counted
from exactav.numbers.expressions import shown
from exactav.numbers.trees import inner_first
from exactav.running.amounts import count_text

_MOST_COUNTED = 50  # order of a coefficient of a series with symbols
_MOST_TERMS, _MOST_EXPONENT = 500, 10_000  # that are written out with symbols in them


def refuse_large(name: str, expr: sympy.Expr, values: Mapping[sympy.Symbol, sympy.Expr]) -> None:
    """Raise TooCostlyError if sums or powers grow too large when ``values`` are put in and written out."""
    largest = max((abs(int(value)) for value in values.values() if value.is_Integer), default=0)
    counted = any(isinstance(part, Counted) for part, _ in inner_first(expr))
    if counted and largest > _MOST_COUNTED:
        raise TooCostlyError(
            f"{name} with {listed(values, expr)}: coefficients of series with symbols are taken up to order "
            f"{_MOST_COUNTED}: give values for all symbols, or smaller ones"
        )
    for part in expr.atoms(sympy.Sum, sympy.Product):
        terms = 1
        for _, low, high in part.limits:
            first, last = (end.subs(values, simultaneous=True) for end in (low, high))
            terms *= max(1, int(last - first) + 1) if (last - first).is_Integer else max(1, largest)
        if terms > _MOST_TERMS and largest > 1:
            raise TooCostlyError(
                f"{name} with {listed(values, expr)} is a sum of {count_text(terms)} terms, and "
                f"at most {_MOST_TERMS:,} are written out: give values for all symbols, or smaller ones"
            )
    for part in expr.atoms(sympy.Pow, sympy.Function) - expr.atoms(sympy.Piecewise):
        inside = [
            argument.subs(values, simultaneous=True)
            for argument in (part.args[1:] if part.is_Pow else part.args)
        ]
        # Functions of symbols, as Chebyshev's, are polynomials of that degree.
        most = _MOST_EXPONENT if part.is_Pow or all(map(_is_number, inside)) else _MOST_TERMS
        for number in inside:
            if number.is_Integer and abs(number) > most:
                raise TooCostlyError(
                    f"{name} with {listed(values, expr)} has a power or a function of {shown(number)}, and "
                    f"at most {most:,} is taken: give values for all symbols, or smaller ones"
                )


def _is_number(expr: sympy.Expr) -> bool:
    return not expr.free_symbols


def listed(values: Mapping[sympy.Symbol, Any], condition: sympy.Basic) -> str:
    """The values of the symbols in a condition, for a message."""
    return ", ".join(
        f"{s} = {shown(sympy.sympify(value))}" for s, value in values.items() if s in condition.free_symbols
    )
