"""Checks of mean sizes as sums over Fourier modes."""

from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy import Rational, cos, pi

from exactav.formulas.checks.shared import COUPLED, COUPLINGS, Checks, agrees, digits_agree, grid, together
from exactav.formulas.families import fourier
from exactav.formulas.families.rings import RING_MEAN
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.network.families import k_ring, torus
from exactav.network.network import Network
from exactav.proofs.checks import Check

Shapes = Sequence[tuple[int, int]]  # (N, k) or (R, C)
_RATIONAL = (2, 3, 4, 6)  # cos(2 pi m / N) is rational for all m


def _green(
    names: tuple[str, str], family: Callable[..., Network], rational: Shapes, others: Shapes
) -> Checks:
    """Against the Green matrix: exactly and in symbols where all cosines are rational, else by digits."""

    def at(shapes: Shapes, **axes: Any) -> list[dict[str, Any]]:
        return [{**dict(zip(names, shape, strict=True)), **rest} for shape in shapes for rest in grid(**axes)]

    def listed(shapes: Shapes) -> str:
        return f"at ({', '.join(names)}) = {', '.join(map(str, shapes))}"

    def green(alpha: Any, **shape: int) -> sympy.Expr:
        return mean_size(family(*(shape[name] for name in names), alpha))

    return lambda formula: (
        agrees(
            f"mean sizes from the Green matrix {listed(rational)}",
            formula,
            at(rational, alpha=COUPLED),
            green,
        ),
        agrees(f"the same in symbolic alpha {listed(rational[:4])}", formula, at(rational[:4]), green),
        digits_agree(
            f"mean sizes from the Green matrix {listed(others)}",
            formula,
            at(others, alpha=COUPLINGS),
            green,
            digits=40,
        ),
    )


def _k_ring(formula: Formula) -> tuple[Check, ...]:
    return (
        digits_agree(
            "ring.mean for N = 200, k = 1",
            formula,
            grid(N=[200], k=[1], alpha=COUPLINGS),
            lambda N, k, alpha: RING_MEAN.at({"N": N, "alpha": alpha}),
        ),
        digits_agree(
            "the network of all pairs for N = 2k + 1 = 21",
            formula,
            grid(N=[21], k=[10], alpha=COUPLINGS),
            lambda N, k, alpha: (20 + alpha) / (20 - 19 * alpha),
        ),
    )


def _quarter(neighbours: Callable[[sympy.Expr, sympy.Expr], sympy.Expr], count: int) -> Checks:
    """Over a quarter of the modes, by symmetry, in SymPy's own arithmetic."""

    def half(size: int) -> list[tuple[int, sympy.Expr]]:
        cosines = [cos(2 * pi * i / size).evalf(80) for i in range(size // 2 + 1)]
        return [(1 if i in (0, size / 2) else 2, cosine) for i, cosine in enumerate(cosines)]

    def summed(R: int, C: int, alpha: Rational) -> sympy.Float:
        modes = [(p * q, neighbours(b, c)) for p, b in half(R) for q, c in half(C)]
        return R * C / ((1 - alpha) * sum(times / (1 - alpha * w / count) for times, w in modes))

    return lambda formula: (
        digits_agree(
            "a sum over a quarter of the modes for 20 x 10 units",
            formula,
            grid(R=[20], C=[10], alpha=COUPLINGS),
            summed,
        ),
    )


def _torus(neighbourhood: str) -> Checks:
    return _green(
        ("R", "C"),
        lambda rows, columns, a: torus(rows, columns, a, neighbourhood),
        [(2, 2), (3, 3), (3, 4), (4, 2), (4, 6)],
        [(3, 5), (2, 7), (5, 4)],
    )


CHECKS = {
    fourier.K_RING_MEAN.id: together(
        _green(
            ("N", "k"),
            lambda size, reach, a: k_ring(size, a, reach),
            [(size, reach) for size in _RATIONAL for reach in range(1, size // 2 + 1)],
            [(5, 1), (5, 2), (7, 3), (8, 3), (8, 4), (11, 2)],
        ),
        _k_ring,
    ),
    fourier.TORUS_MEAN.id: together(_torus("moore"), _quarter(lambda b, c: (1 + 2 * b) * (1 + 2 * c) - 1, 8)),
    fourier.FOUR_NEIGHBOURS_MEAN.id: together(_torus("von_neumann"), _quarter(lambda b, c: 2 * b + 2 * c, 4)),
}
