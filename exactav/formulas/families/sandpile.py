"""The sandpile on the complete graph of N units and a sink: threshold N, weight 1, increment 1."""

from sympy import binomial

from exactav.formulas.families.symbols import L, N
from exactav.formulas.formula import Formula

COMPLETE_GRAPH = Formula(
    id="sandpile.complete_graph",
    name="number of (recurrent state, start) pairs with an avalanche of L units",
    left=r"\#\{(u, k) : L\}",
    symbols={N: "number of units besides the sink", L: "size of the avalanche"},
    assumptions=("N >= 1", "1 <= L <= N"),
    conditions=(N >= 1, L >= 1, L <= N),
    expr=N * binomial(N - 1, L - 1) * L ** (L - 2) * (N - L + 1) ** (N - L - 1),
    source="arXiv:2202.02520; D. Dhar, Phys. Rev. Lett. 64, 1613 (1990) for the model",
    derivation="09",
)

FORMULAS = (COMPLETE_GRAPH,)
