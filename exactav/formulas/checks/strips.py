"""Checks of the formulas of the k = 2 ring, the ladder and the ladder closed to a ring."""

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Rational

from exactav.formulas.checks.shared import COUPLINGS, Checks, LawFormula, grid, small
from exactav.formulas.families import strips
from exactav.formulas.formula import Formula
from exactav.laws.size import size_law
from exactav.network.families import k_ring
from exactav.network.network import Network
from exactav.proofs.checks import Check

_SYMBOLIC = 5  # rungs or units beyond the smallest


def ladder(N: int, alpha: Any, closed: bool = False) -> Network:
    """2 x N units on a grid, or on a strip closed to a ring, coupled to their neighbours by alpha/3.

    >>> ladder(2, "3/4").leak
    (1/2, 1/2, 1/2, 1/2)
    """
    weight = sympy.sympify(alpha) / 3
    entries: dict[tuple[int, int], sympy.Expr] = {}
    for rung in range(N):
        for side in (0, 1):
            neighbours = [(rung, 1 - side), (rung - 1, side), (rung + 1, side)]
            for other, across in neighbours:
                if closed or 0 <= other < N:
                    entries[2 * rung + side, 2 * (other % N) + across] = weight
    return Network.from_entries(2 * N, entries)


def _checks(
    family: Callable[[int, Any], Network], smallest: int, units: int, large: int, symbolic: int
) -> Checks:
    """Of a size law in N cells of some units."""

    def sizes(N: int, **_: Any) -> range:
        return range(1, units * N + 1)

    def found(N: int, alpha: Any, **_: Any) -> Mapping[int, sympy.Expr]:
        return size_law(family(N, alpha))

    def checks(formula: Formula) -> tuple[Check, ...]:
        law = LawFormula(formula, ("L",), sizes)
        return (
            law.agrees(
                f"the size laws of N = {smallest} .. 7 from determinants, at several couplings",
                small(smallest, 7),
                found,
            ),
            law.agrees(
                "the size laws of N = 8 .. 12 along the network", grid(N=range(8, 13), alpha=["4/5"]), found
            ),
            law.agrees(
                f"the same in symbolic alpha for N = {smallest} .. {symbolic}",
                grid(N=range(smallest, symbolic + 1)),
                found,
            ),
            law.normalised(f"normalisation for N = {large}, exactly", grid(N=[large], alpha=COUPLINGS[:2])),
            law.digits(
                "the size law of N = 120, for small sizes",
                grid(N=[120], alpha=[Rational(3, 4)]),
                lambda **_: (1, 2, 3),
                lambda N, alpha: size_law(family(N, alpha), up_to=3),
            ),
        )

    return checks


CHECKS = {
    strips.RING2_SIZE.id: _checks(lambda N, alpha: k_ring(N, alpha, 2), 4, 1, 60, 8),
    strips.LADDER_SIZE.id: _checks(ladder, 1, 2, 40, 4),
    strips.LADDER_RING_SIZE.id: _checks(lambda N, alpha: ladder(N, alpha, True), 3, 2, 40, 4),
}
