r"""Derivation 13: the Green matrix of three units does not determine how often two fire together.

Statement
    There are two networks with units k, i, j such that all nine entries of G = M^{-1} between k, i and j
    agree but P(i and j in A | k) does not. In the first, k feeds a fourth unit h with weight a, and h feeds i
    and j with weights b and c; in the second, k feeds i with weight ab and j with weight ac. All thresholds
    are 1.
    Both have P(i in A | k) = ab and P(j in A | k) = ac, but P(i and j in A | k) is abc in the first and
    a^2 bc in the second: 1/8 and 1/16 for a = b = c = 1/2.

Assumptions
    The laws of derivation 01; 0 < a < 1, 0 < b, c <= 1.

Source
    Found here; it answers what the formulas of arXiv:2202.02520 for single units (derivation 07) leave open.

Run as ``python derivations/13_pairs_and_the_green_matrix.py``.
"""

import sys
from collections.abc import Iterable, Mapping

import sympy

from exactav.proofs.checks import Check, identity
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.listing import LEAK, forests, laplacian, root_of, total_weight, weight

a, b, c = sympy.symbols("a b c", positive=True)
START, FIRST, SECOND, RELAY = range(4)
Weights = Mapping[tuple[int, int], sympy.Expr]  # (receiver, sender) -> weight
RELAYED: Weights = {(RELAY, START): a, (FIRST, RELAY): b, (SECOND, RELAY): c}
DIRECT: Weights = {(FIRST, START): a * b, (SECOND, START): a * c}
HALVES = {a: sympy.Rational(1, 2), b: sympy.Rational(1, 2), c: sympy.Rational(1, 2)}


def values(weights: Weights, n: int) -> dict[sympy.Symbol, sympy.Expr]:
    """Values of the symbols w_ij and s_i of exactav.proofs.listing, thresholds 1."""
    found = {weight(i, j): weights.get((i, j), sympy.Integer(0)) for i in range(n) for j in range(n)}
    for i in range(n):
        found[weight(i, LEAK)] = 1 - sympy.Add(*(weights.get((i, j), 0) for j in range(n)))
    return found


def green(weights: Weights, n: int, units: Iterable[int] = (START, FIRST, SECOND)) -> sympy.Matrix:
    """The entries of M^{-1} between some units."""
    listed = list(units)
    return laplacian(range(n), leak=True).subs(values(weights, n)).inv().extract(listed, listed)


def together(weights: Weights, n: int, units: Iterable[int]) -> sympy.Expr:
    """P(units in A | start), from listed forests rooted at the start and the leak."""
    wanted = set(units)
    everything = list(forests(range(n), [START, LEAK]))
    joined = [f for f in everything if all(root_of(f, unit) == START for unit in wanted)]
    above, below = (total_weight(iter(chosen)).subs(values(weights, n)) for chosen in (joined, everything))
    return sympy.cancel(above / below)


def alone() -> list[sympy.Expr]:
    """How often each of the two is recruited, in both networks."""
    return [together(*net, [unit]) for net in ((RELAYED, 4), (DIRECT, 3)) for unit in (FIRST, SECOND)]


def pairs() -> list[sympy.Expr]:
    """How often both are, in each network."""
    return [together(*net, [FIRST, SECOND]) for net in ((RELAYED, 4), (DIRECT, 3))]


def same_green(claim: str, direct: Weights) -> Check:
    """All nine entries agree, as rational functions of a, b, c."""
    return identity(claim, lambda: green(RELAYED, 4), lambda: green(direct, 3))


DERIVATION = Derivation(
    id="13",
    title="the Green matrix of three units does not determine how often two fire together",
    statement=(
        r"Let $k$ feed a unit $h$ with weight $a$, and $h$ feed $i$ and $j$ with weights $b$ and $c$; in a "
        r"second network let $k$ feed $i$ with weight $ab$ and $j$ with weight $ac$. All other weights are "
        r"0, all thresholds 1. The nine entries of $G=M^{-1}$ between $k,i,j$ agree, but $P(i,j\in A\mid "
        r"k)$ is $abc$ in the first network and $a^2bc$ in the second."
    ),
    assumptions=(r"The laws of derivation 01.", r"$0<a<1$ and $0<b,c\le1$."),
    source="found here; it answers what the formulas of arXiv:2202.02520 for single units leave open",
    steps=(
        Step(
            r"G_{\{k,i,j\}} = \begin{pmatrix}1&0&0\\ab&1&0\\ac&0&1\end{pmatrix}\text{ in both networks}",
            r"The networks have no loops, so $G$ adds up the products of weights along all paths, and the "
            r"only path from $k$ to $i$ has weight $ab$.",
            same_green("all nine entries in symbols", DIRECT),
            same_green("weights a and a c instead of a b and a c", {**DIRECT, (FIRST, START): a}),
        ),
        Step(
            r"P(i\in A\mid k)=ab,\qquad P(j\in A\mid k)=ac\text{ in both networks}",
            r"These are $G_{ik}/G_{kk}$ and $G_{jk}/G_{kk}$ (derivation 07); here they are listed.",
            identity("listed forests of both networks in symbols", alone, lambda: [a * b, a * c] * 2),
            identity("the relay leaks nothing", alone, lambda: [b, c] * 2),
        ),
        Step(
            r"P(i,j\in A\mid k)=abc \;\text{ in the first},\qquad a^2bc\;\text{ in the second}",
            r"With the relay both need $h$ to fire, which happens with probability $a$, once for both. "
            r"Without it they are recruited independently.",
            identity("listed forests of both networks in symbols", pairs, lambda: [a * b * c, a**2 * b * c]),
            identity("the probabilities agree", pairs, lambda: [a * b * c] * 2),
        ),
        Step(
            r"abc - a^2bc = a(1-a)\,bc > 0",
            r"So no function of the nine entries gives the probability of a pair. For $a=b=c=1/2$ it is 1/8 "
            r"and 1/16.",
            identity(
                "the difference",
                lambda: together(RELAYED, 4, [FIRST, SECOND]) - together(DIRECT, 3, [FIRST, SECOND]),
                lambda: a * (1 - a) * b * c,
            ),
            identity(
                "the difference vanishes for a = b = c = 1/2",
                lambda: together(RELAYED, 4, [FIRST, SECOND]).subs(HALVES),
                lambda: together(DIRECT, 3, [FIRST, SECOND]).subs(HALVES),
            ),
        ),
    ),
)

if __name__ == "__main__":
    sys.exit(DERIVATION.main())
