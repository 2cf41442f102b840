"""Homogeneous networks: every unit is coupled to all, itself included, by alpha/N."""

from fractions import Fraction

import sympy
from sympy import Eq, FallingFactorial, Piecewise, Rational, Sum, Symbol, binomial

from exactav.checks import Check, exactly
from exactav.families import homogeneous
from exactav.formulas.formula import Formula
from exactav.laws.marginals import avalanche_probability, mean_second_generation, mean_size
from exactav.laws.size import size_law
from exactav.listing import forests

N, L, k = Symbol("N", integer=True, positive=True), Symbol("L", integer=True, positive=True), Symbol("k")
alpha, step = Symbol("alpha"), Symbol("dU")

_EURICH = "C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002)"
_UNITS = {N: "number of units", alpha: "row sum of W, weight alpha/N between any two units"}
_ASSUMED = ("0 <= alpha < 1", "N >= 1")
_RANGE = (alpha >= 0, alpha < 1, N >= 1)
_BELOW = N - (N - 1) * alpha
_COUPLINGS = [Rational(0), Rational(1, 3), Rational(3, 4), Rational(99, 100)]
_SMALL = [(n, a) for n in range(1, 9) for a in _COUPLINGS]


def _in_alpha(n: int, formula: Formula, **others: int) -> sympy.Expr:
    """The formula at numbers N and others, alpha a symbol."""
    values = {N: n, **{symbol: others[symbol.name] for symbol in formula.symbols if symbol.name in others}}
    return sympy.cancel(formula.expr.subs(values).doit())


def _size_checks(formula: Formula) -> tuple[Check, ...]:
    laws = {n: size_law(homogeneous(n, alpha)) for n in range(1, 7)}
    return (
        exactly(
            "the size laws of N = 1 .. 8 from determinants, at four couplings",
            [(n, size, a) for n, a in _SMALL for size in range(1, n + 1)],
            lambda case: formula.at({"N": case[0], "L": case[1], "alpha": case[2]}),
            lambda case: size_law(homogeneous(case[0], case[2]))[case[1]],
        ),
        exactly(
            "the same in symbolic alpha for N = 1 .. 6",
            [(n, size) for n in laws for size in range(1, n + 1)],
            lambda case: _in_alpha(case[0], formula, L=case[1]),
            lambda case: sympy.cancel(laws[case[0]][case[1]]),
        ),
        exactly(
            "normalisation in symbolic alpha for N = 1 .. 8 (Abel's identity)",
            range(1, 9),
            lambda n: sympy.cancel(sum(_in_alpha(n, formula, L=size) for size in range(1, n + 1))),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "normalisation for N = 60 at two couplings, exactly",
            [Rational(1, 7), Rational(97, 98)],
            lambda a: sum(formula.at({"N": 60, "L": size, "alpha": a}) for size in range(1, 61)),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits against the exact value for N = 300",
            [(size, a) for size in (1, 2, 150, 299, 300) for a in _COUPLINGS[1:]],
            lambda case: (
                _error(formula, {"N": 300, "L": case[0], "alpha": case[1]}) <= Fraction(1, 2 * 10**49)
            ),
            lambda _: True,
        ),
    )


def _error(formula: Formula, values: dict[str, object]) -> Fraction:
    """Relative error of 50 digits."""
    true = formula.at(values)
    shown = Fraction(str(formula.evaluate(values, 50)))
    exact = Fraction(int(true.p), int(true.q))
    return abs(shown - exact) / exact if exact else abs(shown)


def _full_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "P(N) of the size laws of N = 1 .. 8, at four couplings",
            _SMALL,
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: size_law(homogeneous(*case))[case[0]],
        ),
        exactly(
            "Cayley: P(N) det(M without k) / (alpha/N)^(N-1) counts the trees of N = 1 .. 6 units, listed",
            range(1, 7),
            lambda n: sympy.cancel(_in_alpha(n, formula) * (1 - alpha + alpha / n) / (alpha / n) ** (n - 1)),
            lambda n: sympy.Integer(sum(1 for _ in forests(range(n), [0]))),
        ),
    )


def _mean_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "mean sizes from the Green matrix for N = 1 .. 8, at four couplings",
            _SMALL,
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: mean_size(homogeneous(*case)),
        ),
        exactly(
            "the sum of L P(L) in symbolic alpha for N = 1 .. 6",
            range(1, 7),
            lambda n: _in_alpha(n, formula),
            lambda n: sympy.cancel(size_law(homogeneous(n, alpha)).mean()),
        ),
    )


def _second_moment_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "second moments of the size laws of N = 1 .. 8, at four couplings",
            _SMALL,
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: size_law(homogeneous(*case)).moment(2),
        ),
        exactly(
            "in symbolic alpha for N = 1 .. 6",
            range(1, 7),
            lambda n: _in_alpha(n, formula),
            lambda n: sympy.cancel(size_law(homogeneous(n, alpha)).moment(2)),
        ),
        exactly(
            "the sum of L^2 P(L) for N = 50",
            [Rational(2, 3), Rational(49, 50)],
            lambda a: formula.at({"N": 50, "alpha": a}),
            lambda a: size_law(homogeneous(50, a)).moment(2),
        ),
    )


def _no_avalanche_checks(formula: Formula) -> tuple[Check, ...]:
    cases = [(n, a, (1 - a) / 3) for n, a in _SMALL]
    return (
        exactly(
            "one minus the avalanche probability of N = 1 .. 8, at four couplings",
            cases,
            lambda case: formula.at({"N": case[0], "alpha": case[1], "dU": case[2]}),
            lambda case: 1 - avalanche_probability(homogeneous(case[0], case[1], increment=case[2])),
        ),
        exactly(
            "the outcome 0 of the size law per slow step",
            cases,
            lambda case: formula.at({"N": case[0], "alpha": case[1], "dU": case[2]}),
            lambda case: size_law(homogeneous(case[0], case[1], increment=case[2])).per_step()[0],
        ),
    )


def _second_generation_checks(formula: Formula) -> tuple[Check, ...]:
    return (
        exactly(
            "mean second generations from the Green matrix for N = 1 .. 8, at four couplings",
            _SMALL,
            lambda case: formula.at({"N": case[0], "alpha": case[1]}),
            lambda case: mean_second_generation(homogeneous(*case), 0),
        ),
        exactly(
            "in symbolic alpha for N = 1 .. 6",
            range(1, 7),
            lambda n: _in_alpha(n, formula),
            lambda n: sympy.cancel(mean_second_generation(homogeneous(n, alpha), 0)),
        ),
    )


FORMULAS = (
    Formula(
        id="homogeneous.size",
        name="probability that L units fire, given an avalanche",
        left="P(L)",
        symbols={**_UNITS, L: "size of the avalanche"},
        assumptions=(*_ASSUMED, "1 <= L <= N"),
        conditions=(*_RANGE, L >= 1, L <= N),
        expr=Piecewise(
            (alpha ** (N - 1) / _BELOW, Eq(L, N)),
            (
                L ** (L - 2)
                * binomial(N - 1, L - 1)
                * (alpha / N) ** (L - 1)
                * (1 - L * alpha / N) ** (N - L - 1)
                * N
                * (1 - alpha)
                / _BELOW,
                True,
            ),
        ),
        source=_EURICH,
        checks=_size_checks,
        derivation="08",
    ),
    Formula(
        id="homogeneous.full",
        name="probability that all units fire, given an avalanche",
        left="P(N)",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=alpha ** (N - 1) / _BELOW,
        source=_EURICH,
        checks=_full_checks,
        derivation="08",
    ),
    Formula(
        id="homogeneous.mean",
        name="mean avalanche size, given an avalanche",
        left=r"\langle L \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=N / _BELOW,
        source=_EURICH,
        checks=_mean_checks,
        derivation="08",
    ),
    Formula(
        id="homogeneous.second_moment",
        name="mean square of the avalanche size, given an avalanche",
        left=r"\langle L^2 \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=Sum(k * FallingFactorial(N, k) * (alpha / N) ** (k - 1), (k, 1, N)) / _BELOW,
        source="arXiv:2202.02520",
        checks=_second_moment_checks,
    ),
    Formula(
        id="homogeneous.no_avalanche",
        name="probability that a slow step sets off no avalanche",
        left=r"P(\text{no avalanche})",
        symbols={**_UNITS, step: "external input of a slow step"},
        assumptions=(*_ASSUMED, "0 < dU <= 1 - alpha"),
        conditions=(*_RANGE, step > 0, step <= 1 - alpha),
        expr=1 - step * _BELOW / (N * (1 - alpha)),
        source=_EURICH,
        checks=_no_avalanche_checks,
        derivation="08",
    ),
    Formula(
        id="homogeneous.second_generation",
        name="mean number of units that the start recruits directly, given an avalanche",
        left=r"\langle |G_2| \rangle",
        symbols=_UNITS,
        assumptions=_ASSUMED,
        conditions=_RANGE,
        expr=(N - 1) * alpha * (N - (N - 2) * alpha) / (N * _BELOW),
        source="derived here from derivation 07",
        checks=_second_generation_checks,
        derivation="07",
    ),
)
