"""Networks that look alike from every unit: mean sizes as sums over Fourier modes.

W is a convolution with eigenvalues w^(m). Every diagonal entry of the Green matrix is the mean over all modes
of 1/(1 - w^(m)), and every column sums to 1/(1 - alpha); their quotient is the mean size.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy import Rational, Sum, Symbol, cos, pi
from sympy.printing.latex import LatexPrinter

from exactav.formulas.checks.shared import COUPLINGS, Checks, alpha, put_in, together
from exactav.formulas.families.rings import FORMULAS as RINGS
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.network.families import k_ring, torus
from exactav.network.network import Network
from exactav.numbers.digits import evaluate_exact
from exactav.proofs.checks import Check, exactly

N, R, C = (Symbol(name, integer=True) for name in "NRC")
k = Symbol("k", integer=True)
m, n, d = Symbol("m", integer=True), Symbol("n", integer=True), Symbol("d", integer=True)


class _Modes(Sum):  # type: ignore[misc]
    """A sum that keeps its full size below a fraction line."""

    def _latex(self, printer: LatexPrinter) -> str:
        return rf"\displaystyle {printer._print_Sum(self)}"


Case = tuple[tuple[int, int], sympy.Rational]  # (N, k) or (R, C), alpha
_RATIONAL = (2, 3, 4, 6)  # cos(2 pi m / N) is rational for all m


def _shared_checks(
    names: tuple[str, str],
    family: Callable[[int, int, Any], Network],
    rational: Sequence[tuple[int, int]],
    others: Sequence[tuple[int, int]],
) -> Callable[[Formula], tuple[Check, ...]]:
    """Against the Green matrix: exactly and in symbols where all cosines are rational, else by digits."""

    def values(case: Case) -> dict[str, Any]:
        return {**dict(zip(names, case[0], strict=True)), "alpha": case[1]}

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"mean sizes from the Green matrix at ({', '.join(names)}) = {_listed(rational)}",
                [(shape, a) for shape in rational for a in (Rational(0), *COUPLINGS)],
                lambda case: formula.at(values(case)),
                lambda case: mean_size(family(*case[0], case[1])),
            ),
            exactly(
                f"the same in symbolic alpha at ({', '.join(names)}) = {_listed(rational[:4])}",
                rational[:4],
                lambda shape: put_in(formula, dict(zip(names, shape, strict=True))),
                lambda shape: sympy.cancel(mean_size(family(*shape, alpha))),
            ),
            exactly(
                f"40 digits of mean sizes from the Green matrix at ({', '.join(names)}) = {_listed(others)}",
                [(shape, a) for shape in others for a in COUPLINGS],
                lambda case: formula.evaluate(values(case), 40),
                lambda case: evaluate_exact(mean_size(family(*case[0], case[1])), 40),
            ),
        )

    return checks


def _listed(shapes: Sequence[tuple[int, int]]) -> str:
    return ", ".join(map(str, shapes))


def _ring_checks(formula: Formula) -> tuple[Check, ...]:
    ring_mean = next(other for other in RINGS if other.id == "ring.mean")
    return (
        *_shared_checks(
            ("N", "k"),
            lambda size, reach, a: k_ring(size, a, reach),
            [(size, reach) for size in _RATIONAL for reach in range(1, size // 2 + 1)],
            [(5, 1), (5, 2), (7, 3), (8, 3), (8, 4), (11, 2)],
        )(formula),
        exactly(
            "50 digits of ring.mean for N = 200, k = 1",
            COUPLINGS,
            lambda a: formula.evaluate({"N": 200, "k": 1, "alpha": a}, 50),
            lambda a: ring_mean.evaluate({"N": 200, "alpha": a}, 50),
        ),
        exactly(
            "50 digits of the network of all pairs for N = 2k + 1 = 21",
            COUPLINGS,
            lambda a: formula.evaluate({"N": 21, "k": 10, "alpha": a}, 50),
            lambda a: evaluate_exact((20 + a) / (20 - 19 * a), 50),
        ),
    )


def _neighbours(row: sympy.Expr, column: sympy.Expr, neighbourhood: str) -> sympy.Expr:
    """Sum of the phases of all neighbours, from the cosines along rows and columns."""
    if neighbourhood == "moore":
        return (1 + 2 * row) * (1 + 2 * column) - 1
    return 2 * row + 2 * column


def _torus_checks(neighbourhood: str, count: int) -> Checks:
    def by_mode(a: sympy.Rational) -> sympy.Float:
        """Over a quarter of the modes, by symmetry, in SymPy's own arithmetic."""

        def half(size: int) -> list[tuple[int, sympy.Expr]]:
            cosines = [cos(2 * pi * i / size).evalf(80) for i in range(size // 2 + 1)]
            return [(1 if i in (0, size / 2) else 2, cosine) for i, cosine in enumerate(cosines)]

        modes = [(p * q, _neighbours(b, c, neighbourhood)) for p, b in half(20) for q, c in half(10)]
        return 200 / ((1 - a) * sum(times / (1 - a * w / count) for times, w in modes))

    shared = _shared_checks(
        ("R", "C"),
        lambda rows, columns, a: torus(rows, columns, a, neighbourhood),
        [(2, 2), (3, 3), (3, 4), (4, 2), (4, 6)],
        [(3, 5), (2, 7), (5, 4)],
    )
    return together(
        shared,
        lambda formula: (
            exactly(
                "50 digits of a sum over a quarter of the modes for 20 x 10 units",
                COUPLINGS,
                lambda a: str(formula.evaluate({"R": 20, "C": 10, "alpha": a}, 50)),
                lambda a: str(sympy.Float(by_mode(a), 50)),
            ),
        ),
    )


def _torus(identifier: str, neighbourhood: str, count: int, scale: int, denominator: sympy.Expr) -> Formula:
    """``denominator`` is ``scale`` times 1 - w^(m)."""
    modes = _Modes(1 / denominator, (m, 0, R - 1), (n, 0, C - 1))
    return Formula(
        id=identifier,
        name=f"mean avalanche size on the torus with {count} neighbours, given an avalanche",
        left=r"\langle L \rangle",
        symbols={
            R: "number of rows",
            C: "number of columns",
            alpha: f"row sum of W, weight alpha/{count} from each of {count} neighbours",
        },
        assumptions=("0 <= alpha < 1", "R >= 2", "C >= 2", "any drive: all units are alike"),
        conditions=(alpha >= 0, alpha < 1, R >= 2, C >= 2),
        expr=R * C / (scale * ((1 - alpha) * modes)),
        source="derived here: the diagonal of the Green matrix in Fourier modes",
        checks=_torus_checks(neighbourhood, count),
        derivation="07",
    )


_ROW, _COLUMN = cos(2 * pi * m / R), cos(2 * pi * n / C)

FORMULAS: tuple[Formula, ...] = (
    Formula(
        id="k_ring.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols={
            N: "number of units",
            k: "neighbours on each side, each with weight alpha/(2k)",
            alpha: "row sum of W",
        },
        assumptions=("0 <= alpha < 1", "N >= 2", "1 <= k <= N/2", "any drive: all units are alike"),
        conditions=(alpha >= 0, alpha < 1, N >= 2, k >= 1, 2 * k <= N),
        expr=N
        / (
            k * (1 - alpha) * _Modes(1 / (k - alpha * Sum(cos(2 * pi * m * d / N), (d, 1, k))), (m, 0, N - 1))
        ),
        source="derived here: the diagonal of the Green matrix in Fourier modes",
        checks=_ring_checks,
        derivation="07",
    ),
    _torus("torus.mean", "moore", 8, 8, 8 + alpha - alpha * (1 + 2 * _ROW) * (1 + 2 * _COLUMN)),
    _torus("torus_four_neighbours.mean", "von_neumann", 4, 2, 2 - alpha * (_ROW + _COLUMN)),
)
