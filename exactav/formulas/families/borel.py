"""Borel's law, the size law of homogeneous networks for N -> infinity, and its power law for alpha -> 1.

The order of the limits matters: alpha -> 1 at fixed N leaves P(N) = 1 alone (derivation 11).
"""

from sympy import Mul, Pow, Rational, exp, factorial, log, pi

from exactav.formulas.families.symbols import L, alpha
from exactav.formulas.formula import Formula

_SYMBOLS = {alpha: "row sum of W, weight alpha/N between any two of N -> infinity units"}
_SIZE = {L: "size of the avalanche"}
_BOREL = "E. Borel, C. R. Acad. Sci. 214, 452 (1942)"
_EURICH = "C. W. Eurich, J. M. Herrmann, U. A. Ernst, Phys. Rev. E 66, 066137 (2002)"

SIZE = Formula(
    id="borel.size",
    name="probability that L units fire, given an avalanche, for N -> infinity",
    left=r"\lim_{N\to\infty} P(L)",
    symbols={**_SYMBOLS, **_SIZE},
    assumptions=("0 <= alpha <= 1, N -> infinity first", "L >= 1"),
    conditions=(alpha >= 0, alpha <= 1, L >= 1),
    expr=exp(-alpha * L) * (alpha * L) ** (L - 1) / factorial(L),
    source=f"{_EURICH}; {_BOREL}",
    derivation="11",
)

MEAN = Formula(
    id="borel.mean",
    name="mean avalanche size, given an avalanche, for N -> infinity",
    left=r"\lim_{N\to\infty} \langle L \rangle",
    symbols=_SYMBOLS,
    assumptions=("0 <= alpha < 1",),
    conditions=(alpha >= 0, alpha < 1),
    expr=1 / (1 - alpha),
    source=f"{_EURICH}; {_BOREL}",
    derivation="11",
)

SECOND_MOMENT = Formula(
    id="borel.second_moment",
    name="mean square of the avalanche size, given an avalanche, for N -> infinity",
    left=r"\lim_{N\to\infty} \langle L^2 \rangle",
    symbols=_SYMBOLS,
    assumptions=("0 <= alpha < 1",),
    conditions=(alpha >= 0, alpha < 1),
    expr=1 / (1 - alpha) ** 3,
    source="derived here from derivation 11",
    derivation="11",
)

POWER_LAW = Formula(
    id="borel.power_law",
    name="what P(L) tends to for N -> infinity, then alpha -> 1, then large L",
    left=r"\lim_{\alpha\to1} \lim_{N\to\infty} P(L) \,\left(1 + O(1/L)\right)",
    symbols=_SIZE,
    assumptions=(
        "N -> infinity first, then alpha -> 1",
        "L >= 1",
        "ln P(L) itself is less, by 1/(12 L + 1) to 1/(12 L)",
    ),
    conditions=(L >= 1,),
    expr=Pow(Mul(2, pi, L**3, evaluate=False), -Rational(1, 2), evaluate=False),
    source=f"{_EURICH}; H. Robbins, Amer. Math. Monthly 62, 26 (1955)",
    derivation="11",
)

LOCAL_EXPONENT = Formula(
    id="borel.local_exponent",
    name="slope of ln P(L) against ln L from L to L + 1, for N -> infinity",
    left=r"\frac{\ln P(L+1) - \ln P(L)}{\ln(L+1) - \ln L}",
    symbols={**_SYMBOLS, **_SIZE},
    assumptions=(
        "0 < alpha <= 1, N -> infinity first",
        "L >= 1",
        "tends to -3/2 for alpha -> 1, then L -> infinity; to -infinity in the other order",
    ),
    conditions=(alpha > 0, alpha <= 1, L >= 1),
    expr=L - 1 + (log(alpha) - alpha) / log(1 + 1 / L),
    source="derived here from derivation 11",
    derivation="11",
)

FORMULAS = (SIZE, MEAN, SECOND_MOMENT, POWER_LAW, LOCAL_EXPONENT)
