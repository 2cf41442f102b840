"""The chain: the ring of derivation 10 for N -> infinity, in z = alpha/(1 + sqrt(1 - alpha^2))."""

from sympy import sqrt

from exactav.formulas.families.symbols import L, alpha
from exactav.formulas.formula import Formula

z = alpha / (1 + sqrt(1 - alpha**2))

_SYMBOLS = {alpha: "row sum of W, weight alpha/2 from each neighbour"}
_SIZE = {L: "size of the avalanche"}

SIZE = Formula(
    id="chain.size",
    name="probability that L units of an infinite chain fire, given an avalanche",
    left="P(L)",
    symbols={**_SIZE, **_SYMBOLS},
    assumptions=("0 <= alpha < 1", "L >= 1", "infinitely many units"),
    conditions=(alpha >= 0, alpha < 1, L >= 1),
    expr=L * z ** (L - 1) * (1 - z) ** 2,
    source="derived here: the ring for N -> infinity",
    derivation="18",
)

MEAN = Formula(
    id="chain.mean",
    name="mean avalanche size of an infinite chain, given an avalanche",
    left=r"\langle L \rangle",
    symbols=_SYMBOLS,
    assumptions=("0 <= alpha < 1", "infinitely many units"),
    conditions=(alpha >= 0, alpha < 1),
    expr=(1 + z) / (1 - z),
    source="derived here: the ring for N -> infinity",
    derivation="18",
)

FORMULAS = (SIZE, MEAN)
