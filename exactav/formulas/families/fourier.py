"""Networks that look alike from every unit: mean sizes as sums over Fourier modes.

W is a convolution with eigenvalues w^(m). Every diagonal entry of the Green matrix is the mean over all modes
of 1/(1 - w^(m)), and every column sums to 1/(1 - alpha); their quotient is the mean size.
"""

import sympy
from sympy import Sum, Symbol, cos, pi
from sympy.printing.latex import LatexPrinter

from exactav.formulas.families.symbols import N, alpha
from exactav.formulas.formula import Formula

R, C = Symbol("R", integer=True), Symbol("C", integer=True)
k = Symbol("k", integer=True)
m, n, d = Symbol("m", integer=True), Symbol("n", integer=True), Symbol("d", integer=True)


class _Modes(Sum):  # type: ignore[misc]
    """A sum that keeps its full size below a fraction line."""

    def _latex(self, printer: LatexPrinter) -> str:
        return rf"\displaystyle {printer._print_Sum(self)}"


def _torus(identifier: str, count: int, scale: int, denominator: sympy.Expr) -> Formula:
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
        derivation="07",
    )


_ROW, _COLUMN = cos(2 * pi * m / R), cos(2 * pi * n / C)

K_RING_MEAN = Formula(
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
    / (k * (1 - alpha) * _Modes(1 / (k - alpha * Sum(cos(2 * pi * m * d / N), (d, 1, k))), (m, 0, N - 1))),
    source="derived here: the diagonal of the Green matrix in Fourier modes",
    derivation="07",
)

TORUS_MEAN = _torus("torus.mean", 8, 8, 8 + alpha - alpha * (1 + 2 * _ROW) * (1 + 2 * _COLUMN))
FOUR_NEIGHBOURS_MEAN = _torus("torus_four_neighbours.mean", 4, 2, 2 - alpha * (_ROW + _COLUMN))

FORMULAS = (K_RING_MEAN, TORUS_MEAN, FOUR_NEIGHBOURS_MEAN)
