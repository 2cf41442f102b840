"""Ring and line: Chebyshev polynomials of 1/alpha; and the directed ring.

A path of n units with threshold 1 has det M = w^n U_n(x), w = alpha/2, x = 1/alpha = 1 + s/(2w). A ring that
lost an assembly of L units is a path of N - L units. A line that lost an interval is two paths whose end next
to the interval has threshold 1 - w, each w^n (U_n(x) - U_{n-1}(x)); summed over the places of the interval,

    sum_{a+b=n} (U_a - U_{a-1}) (U_b - U_{b-1}) = (U_n + (n + 1) T_{n+1}) / (x + 1),

and the normaliser is w^{N-1} sum_{a+b=N-1} U_a U_b = w^{N-1} (N T_{N+1} - U_{N-1}) / (2 (x^2 - 1)).
"""

from collections.abc import Callable

import sympy
from sympy import Eq, Piecewise, Rational, Symbol, chebyshevt, chebyshevu, sqrt

from exactav.formulas.checks.shared import (
    COUPLINGS,
    Checks,
    Family,
    alpha,
    digits_checks,
    mean_checks,
    network_checks,
    put_in,
    size_checks,
    together,
)
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import directed_ring, line, ring
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly

N, L = Symbol("N", integer=True), Symbol("L", integer=True)  # not positive: conditions would lose N >= 1
x = 1 / alpha
r = sqrt(1 - alpha**2)

_RING = {N: "number of units", alpha: "row sum of W, weight alpha/2 from each neighbour"}
_LINE = {N: "number of units", alpha: "row sum of W inside the line, weight alpha/2 from each neighbour"}
_DIRECTED = {N: "number of units", alpha: "weight from each unit to the next"}
_SIZE = {L: "size of the avalanche"}
_ANY_DRIVE = "any drive: all units are alike"
_RATIONAL_ROOTS = (Rational(0), Rational(3, 5), Rational(4, 5), Rational(5, 13), Rational(20, 29))
_t = Symbol("t")


def _first_kind(n: sympy.Expr) -> sympy.Expr:
    """T_n(1/alpha), as written."""
    return chebyshevt(n, x, evaluate=False)


def _second_kind(n: sympy.Expr) -> sympy.Expr:
    """U_n(1/alpha), not rewritten: SymPy would turn some U_n into -U_{-n-2}."""
    return chebyshevu(n, x, evaluate=False)


def _difference(n: sympy.Expr) -> sympy.Expr:
    """2 r alpha^(n-1) U_{n-1}(1/alpha)."""
    return (1 + r) ** n - (1 - r) ** n


def _volume_checks(family: Family, smallest: int) -> Checks:
    return together(
        network_checks(
            "volumes from determinants", Network.volume, family, smallest, largest=12, largest_symbolic=7
        ),
        digits_checks(200),
    )


def _large_means(size: Callable[[], Formula], n: int) -> Checks:
    """The mean against the sum of L P(L) of the formula ``size`` at N = n."""

    def checks(formula: Formula) -> tuple[Check, ...]:
        return (
            exactly(
                f"the sum of L P(L) for N = {n}, exactly",
                COUPLINGS,
                lambda a: formula.at({"N": n, "alpha": a}),
                lambda a: sum(k * size().at({"N": n, "L": k, "alpha": a}) for k in range(1, n + 1)),
            ),
        )

    return together(checks, digits_checks(200))


def _intervals_checks(formula: Formula) -> tuple[Check, ...]:
    def path(n: int) -> sympy.Expr:
        return chebyshevu(n, x) - (chebyshevu(n - 1, x) if n else 0)

    def summed(case: tuple[int, int]) -> sympy.Expr:
        n, size = case
        places = sum(path(a) * path(n - size - a) for a in range(n - size + 1))
        starts = sum(chebyshevu(a, x) * chebyshevu(n - 1 - a, x) for a in range(n))
        return sympy.cancel(size * places / starts)

    return (
        exactly(
            "the sum over all places of the interval in symbolic alpha for N = 1 .. 8",
            [(n, size) for n in range(1, 9) for size in range(1, n + 1)],
            lambda case: put_in(formula, {"N": case[0], "L": case[1]}),
            summed,
        ),
    )


def _with_rational_root(formula: Formula, **numbers: int) -> sympy.Expr:
    """The formula at alpha = 2t/(1 + t^2), 0 < t < 1, where its roots are rational in t."""
    values = {symbol: numbers[symbol.name] for symbol in formula.symbols if symbol.name in numbers}
    roots = {r: (1 - _t**2) / (1 + _t**2), sqrt((1 + alpha) / (1 - alpha)): (1 + _t) / (1 - _t)}
    expr = formula.expr.subs(values).subs(roots)
    return sympy.cancel(sympy.together(expr.subs(alpha, 2 * _t / (1 + _t**2))))


def _radical_size_checks(formula: Formula) -> tuple[Check, ...]:
    chebyshev = _by_id("ring.size")
    sizes = [(n, size) for n in range(2, 9) for size in range(1, n + 1)]
    large = [(1, a) for a in COUPLINGS] + [(size, COUPLINGS[1]) for size in (2, 100, 199, 200)]
    return (
        exactly(
            "the size laws of N = 2 .. 8 from determinants, where sqrt(1 - alpha^2) is rational",
            [(n, size, a) for n, size in sizes for a in _RATIONAL_ROOTS],
            lambda case: formula.at({"N": case[0], "L": case[1], "alpha": case[2]}),
            lambda case: size_law(ring(case[0], case[2]))[case[1]],
        ),
        exactly(
            "equal to the Chebyshev form for N = 2 .. 8, identically in t, alpha = 2t/(1 + t^2)",
            sizes,
            lambda case: _with_rational_root(formula, N=case[0], L=case[1]),
            lambda case: sympy.cancel(
                put_in(chebyshev, {"N": case[0], "L": case[1]}).subs(alpha, 2 * _t / (1 + _t**2))
            ),
        ),
        exactly(
            "normalisation for N = 200, exactly, where sqrt(1 - alpha^2) is rational",
            _RATIONAL_ROOTS,
            lambda a: sum(formula.at({"N": 200, "L": size, "alpha": a}) for size in range(1, 201)),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits of the Chebyshev form for N = 200",
            large,
            lambda case: formula.evaluate({"N": 200, "L": case[0], "alpha": case[1]}, 50),
            lambda case: chebyshev.evaluate({"N": 200, "L": case[0], "alpha": case[1]}, 50),
        ),
    )


def _radical_mean_checks(formula: Formula) -> tuple[Check, ...]:
    chebyshev = _by_id("ring.mean")
    return (
        exactly(
            "mean sizes from the Green matrix for N = 2 .. 8, where sqrt(1 - alpha^2) is rational",
            [(n, a) for n in range(2, 9) for a in _RATIONAL_ROOTS],
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: mean_size(ring(*case)),
        ),
        exactly(
            "equal to the Chebyshev form for N = 2 .. 12, identically in t, alpha = 2t/(1 + t^2)",
            range(2, 13),
            lambda n: _with_rational_root(formula, N=n),
            lambda n: sympy.cancel(put_in(chebyshev, {"N": n}).subs(alpha, 2 * _t / (1 + _t**2))),
        ),
        exactly(
            "50 digits of the Chebyshev form for N = 200",
            COUPLINGS,
            lambda a: formula.evaluate({"N": 200, "alpha": a}, 50),
            lambda a: chebyshev.evaluate({"N": 200, "alpha": a}, 50),
        ),
    )


def _by_id(formula_id: str) -> Formula:
    return next(formula for formula in FORMULAS if formula.id == formula_id)


FORMULAS: tuple[Formula, ...] = (
    Formula(
        id="ring.volume",
        name="volume of the inhabited region",
        left=r"\det M",
        symbols=_RING,
        assumptions=("0 <= alpha < 1", "N >= 2"),
        conditions=(alpha >= 0, alpha < 1, N >= 2),
        expr=Piecewise((1, Eq(alpha, 0)), (2 * (alpha / 2) ** N * (_first_kind(N) - 1), True)),
        source="arXiv:2202.02520",
        checks=_volume_checks(ring, 2),
        derivation="10",
    ),
    Formula(
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
        checks=size_checks(ring, 2, large=200),
        derivation="10",
    ),
    Formula(
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
        checks=_radical_size_checks,
        derivation="10",
    ),
    Formula(
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
        checks=together(mean_checks(ring, 2), _large_means(lambda: _by_id("ring.size"), 200)),
        derivation="10",
    ),
    Formula(
        id="ring.mean_radicals",
        name="mean avalanche size, given an avalanche, in radicals; the first factor is its limit at large N",
        left=r"\langle L \rangle",
        symbols=_RING,
        assumptions=("0 <= alpha < 1", "N >= 2", _ANY_DRIVE),
        conditions=(alpha >= 0, alpha < 1, N >= 2),
        expr=sqrt((1 + alpha) / (1 - alpha)) * ((1 + r) ** N - alpha**N) / ((1 + r) ** N + alpha**N),
        source="derived here: from the Chebyshev form",
        checks=_radical_mean_checks,
        derivation="10",
    ),
    Formula(
        id="line.volume",
        name="volume of the inhabited region",
        left=r"\det M",
        symbols=_LINE,
        assumptions=("0 <= alpha < 1", "N >= 1"),
        conditions=(alpha >= 0, alpha < 1, N >= 1),
        expr=Piecewise((1, Eq(alpha, 0)), ((alpha / 2) ** N * _second_kind(N), True)),
        source="arXiv:2202.02520",
        checks=_volume_checks(line, 1),
        derivation="10",
    ),
    Formula(
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
        checks=together(_intervals_checks, size_checks(line, 1, large=200)),
        derivation="10",
    ),
    Formula(
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
        checks=together(mean_checks(line, 1), _large_means(lambda: _by_id("line.size"), 200)),
        derivation="10",
    ),
    Formula(
        id="directed_ring.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**_DIRECTED, **_SIZE},
        assumptions=("0 <= alpha < 1", "N >= 2", "1 <= L <= N", _ANY_DRIVE),
        conditions=(alpha >= 0, alpha < 1, N >= 2, L >= 1, L <= N),
        expr=Piecewise((alpha ** (N - 1), Eq(L, N)), (alpha ** (L - 1) * (1 - alpha), True)),
        source="derived here: each unit recruits the next, or stops",
        checks=size_checks(directed_ring, 2),
        derivation="10",
    ),
    Formula(
        id="directed_ring.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols=_DIRECTED,
        assumptions=("0 <= alpha < 1", "N >= 2", _ANY_DRIVE),
        conditions=(alpha >= 0, alpha < 1, N >= 2),
        expr=(1 - alpha**N) / (1 - alpha),
        source="derived here: the sum of alpha^(L-1) over L",
        checks=together(
            mean_checks(directed_ring, 2), _large_means(lambda: _by_id("directed_ring.size"), 200)
        ),
        derivation="10",
    ),
)
