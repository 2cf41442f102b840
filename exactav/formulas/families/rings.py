"""Ring and line: Chebyshev polynomials of 1/alpha; and the directed ring.

A path of n units with threshold 1 has det M = w^n U_n(x), w = alpha/2, x = 1/alpha = 1 + s/(2w). A ring that
lost an assembly of L units is a path of N - L units. A line that lost an interval is two paths whose end next
to the interval has threshold 1 - w, each w^n (U_n(x) - U_{n-1}(x)); summed over the places of the interval,

    sum_{a+b=n} (U_a - U_{a-1}) (U_b - U_{b-1}) = (U_n + (n + 1) T_{n+1}) / (x + 1),

and the normaliser is w^{N-1} sum_{a+b=N-1} U_a U_b = w^{N-1} (N T_{N+1} - U_{N-1}) / (2 (x^2 - 1)).
"""

import sympy
from sympy import Eq, Piecewise, chebyshevt, chebyshevu, sqrt

from exactav.formulas.families.symbols import L, N, alpha
from exactav.formulas.formula import Formula

x = 1 / alpha
r = sqrt(1 - alpha**2)

_RING = {N: "number of units", alpha: "row sum of W, weight alpha/2 from each neighbour"}
_LINE = {N: "number of units", alpha: "row sum of W inside the line, weight alpha/2 from each neighbour"}
_DIRECTED = {N: "number of units", alpha: "weight from each unit to the next"}
_SIZE = {L: "size of the avalanche"}
_ANY_DRIVE = "any drive: all units are alike"


def _first_kind(n: sympy.Expr) -> sympy.Expr:
    """T_n(1/alpha), as written."""
    return chebyshevt(n, x, evaluate=False)


def _second_kind(n: sympy.Expr) -> sympy.Expr:
    """U_n(1/alpha), not rewritten: SymPy would turn some U_n into -U_{-n-2}."""
    return chebyshevu(n, x, evaluate=False)


def _difference(n: sympy.Expr) -> sympy.Expr:
    """2 r alpha^(n-1) U_{n-1}(1/alpha)."""
    return (1 + r) ** n - (1 - r) ** n


RING_VOLUME = Formula(
    id="ring.volume",
    name="volume of the inhabited region",
    left=r"\det M",
    symbols=_RING,
    assumptions=("0 <= alpha < 1", "N >= 2"),
    conditions=(alpha >= 0, alpha < 1, N >= 2),
    expr=Piecewise((1, Eq(alpha, 0)), (2 * (alpha / 2) ** N * (_first_kind(N) - 1), True)),
    source="arXiv:2202.02520",
    derivation="10",
)

RING_SIZE = Formula(
    id="ring.size",
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    symbols={**_RING, **_SIZE},
    assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N", _ANY_DRIVE),
    conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
    expr=Piecewise(
        (1, Eq(alpha, 0) & Eq(L, 1)),
        (0, Eq(alpha, 0)),
        (N / _second_kind(N - 1), Eq(L, N)),
        (2 * (L * (1 - alpha)) / alpha * _second_kind(N - L - 1) / _second_kind(N - 1), True),
    ),
    source="arXiv:2202.02520",
    derivation="10",
)

RING_SIZE_RADICALS = Formula(
    id="ring.size_radicals",
    name="probability that L units fire, given an avalanche, in radicals",
    left="P(L)",
    symbols={**_RING, **_SIZE},
    assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N", _ANY_DRIVE),
    conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
    expr=Piecewise(
        (2 * N * r * alpha ** (N - 1) / _difference(N), Eq(L, N)),
        (2 * (L * (1 - alpha)) * alpha ** (L - 1) * _difference(N - L) / _difference(N), True),
    ),
    source="arXiv:2202.02520, with (1 + r)/alpha and (1 - r)/alpha for the roots x + sqrt(x^2 - 1) and "
    "x - sqrt(x^2 - 1)",
    derivation="10",
)

RING_MEAN = Formula(
    id="ring.mean",
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_RING,
    assumptions=("0 <= alpha < 1", "N >= 2", _ANY_DRIVE),
    conditions=(alpha >= 0, alpha < 1, N >= 2),
    expr=Piecewise(
        (1, Eq(alpha, 0)),
        (alpha / (1 - alpha) * (_first_kind(N) - 1) / _second_kind(N - 1), True),
    ),
    source="derived here: 1/(1 - alpha) over a diagonal entry of the Green matrix",
    derivation="10",
)

RING_MEAN_RADICALS = Formula(
    id="ring.mean_radicals",
    name="mean avalanche size, given an avalanche, in radicals; the first factor is its limit at large N",
    left=r"\langle L \rangle",
    symbols=_RING,
    assumptions=("0 <= alpha < 1", "N >= 2", _ANY_DRIVE),
    conditions=(alpha >= 0, alpha < 1, N >= 2),
    expr=sqrt((1 + alpha) / (1 - alpha)) * ((1 + r) ** N - alpha**N) / ((1 + r) ** N + alpha**N),
    source="derived here: from the Chebyshev form",
    derivation="10",
)

LINE_VOLUME = Formula(
    id="line.volume",
    name="volume of the inhabited region",
    left=r"\det M",
    symbols=_LINE,
    assumptions=("0 <= alpha < 1", "N >= 1"),
    conditions=(alpha >= 0, alpha < 1, N >= 1),
    expr=Piecewise((1, Eq(alpha, 0)), ((alpha / 2) ** N * _second_kind(N), True)),
    source="arXiv:2202.02520",
    derivation="10",
)

LINE_SIZE = Formula(
    id="line.size",
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    symbols={**_LINE, **_SIZE},
    assumptions=("0 <= alpha < 1", "N >= 1", "1 <= L <= N", "uniform drive"),
    conditions=(alpha >= 0, alpha < 1, N >= 1, L >= 1, L <= N),
    expr=Piecewise(
        (1, Eq(alpha, 0) & Eq(L, 1)),
        (0, Eq(alpha, 0)),
        (
            2
            * (L * (1 - alpha))
            / alpha
            * ((N - L + 1) * _first_kind(N - L + 1) + _second_kind(N - L))
            / (N * _first_kind(N + 1) - _second_kind(N - 1)),
            True,
        ),
    ),
    source="arXiv:2202.02520 for the product of two determinants; its sum derived here",
    derivation="10",
)

LINE_MEAN = Formula(
    id="line.mean",
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_LINE,
    assumptions=("0 <= alpha < 1", "N >= 1", "uniform drive"),
    conditions=(alpha >= 0, alpha < 1, N >= 1),
    expr=Piecewise(
        (1, Eq(alpha, 0)),
        (
            (1 + alpha)
            / (alpha * (1 - alpha))
            * (N * (1 - alpha) * _second_kind(N) - alpha * (_second_kind(N) - _second_kind(N - 1) - 1))
            / (N * _first_kind(N + 1) - _second_kind(N - 1)),
            True,
        ),
    ),
    source="derived here: the Green matrix of a path, summed",
    derivation="10",
)

DIRECTED_RING_SIZE = Formula(
    id="directed_ring.size",
    name="probability that L units fire, given an avalanche",
    left="P(L)",
    symbols={**_DIRECTED, **_SIZE},
    assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N", _ANY_DRIVE),
    conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
    expr=Piecewise((alpha ** (N - 1), Eq(L, N)), (alpha ** (L - 1) * (1 - alpha), True)),
    source="derived here: each unit recruits the next, or stops",
    derivation="10",
)

DIRECTED_RING_MEAN = Formula(
    id="directed_ring.mean",
    name="mean avalanche size, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_DIRECTED,
    assumptions=("0 <= alpha < 1", "N >= 2", _ANY_DRIVE),
    conditions=(alpha >= 0, alpha < 1, N >= 2),
    expr=(1 - alpha**N) / (1 - alpha),
    source="derived here: the sum of alpha^(L-1) over L",
    derivation="10",
)

FORMULAS = (
    RING_VOLUME,
    RING_SIZE,
    RING_SIZE_RADICALS,
    RING_MEAN,
    RING_MEAN_RADICALS,
    LINE_VOLUME,
    LINE_SIZE,
    LINE_MEAN,
    DIRECTED_RING_SIZE,
    DIRECTED_RING_MEAN,
)
