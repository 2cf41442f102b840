"""Chains of layers, each coupled to the next only: every layer is a binomial law given the layer before."""

from dataclasses import dataclass

import sympy
from sympy import Sum, Symbol, binomial

from exactav.errors import InvalidNetworkError
from exactav.formulas.families.symbols import L, alpha
from exactav.formulas.formula import Formula
from exactav.formulas.sums import of_size
from exactav.texts import quoted

K, j = sympy.symbols("K j")
_SOURCE = "derived here from arXiv:2202.02520: each layer is a binomial law given the layer before"


@dataclass(frozen=True)
class _Chain:
    """Sizes of all layers, and how many units fire in all but the first, where it is one."""

    sizes: tuple[Symbol, ...]
    fired: tuple[Symbol, ...]

    @classmethod
    def of(cls, layers: int) -> "_Chain":
        if isinstance(layers, bool) or not isinstance(layers, int) or layers < 2:
            raise InvalidNetworkError(f"layers = {quoted(layers)}: give a whole number of at least 2")
        return cls(
            tuple(Symbol(f"n_{a}") for a in range(1, layers + 1)),
            tuple(Symbol(f"l_{a}") for a in range(2, layers + 1)),
        )

    def probability(self) -> sympy.Expr:
        before = zip(self.sizes, (sympy.Integer(1), *self.fired), strict=True)
        return sympy.Mul(
            *(
                binomial(size, count)
                * (alpha * k / sources) ** count
                * (1 - alpha * k / sources) ** (size - count)
                for (sources, k), size, count in zip(before, self.sizes[1:], self.fired, strict=False)
            )
        )

    def meanings(self) -> dict[Symbol, str]:
        return {
            **{size: f"number of units of layer {a}" for a, size in enumerate(self.sizes, 1)},
            alpha: "row sum of all layers but the first, alpha/n_a from each unit of layer a to the next",
        }

    def assumptions(self) -> tuple[str, ...]:
        return ("0 <= alpha <= 1", *(f"{size} >= 1" for size in self.sizes), "start in the first layer")

    def conditions(self) -> tuple[sympy.Basic, ...]:
        return (alpha >= 0, alpha <= 1, *(size >= 1 for size in self.sizes))


def composition(layers: int) -> Formula:
    """The probability that l_a units of each layer a = 2 .. ``layers`` fire, given a start in the first.

    >>> composition(2).at({"n_1": 2, "n_2": 3, "l_2": 1, "alpha": "1/2"})
    27/64
    """
    chain = _Chain.of(layers)
    pairs = list(zip(chain.sizes[1:], chain.fired, strict=True))
    return Formula(
        id="feedforward.composition" if layers == 3 else f"feedforward.composition[{layers}]",
        name=f"probability of the numbers of units that fire in {layers} layers, given a start in the first",
        left=f"P({', '.join(map(sympy.latex, chain.fired))})",
        symbols={
            **chain.meanings(),
            **{count: f"number of units of layer {a} that fire" for a, count in enumerate(chain.fired, 2)},
        },
        assumptions=(*chain.assumptions(), *(f"0 <= {count} <= {size}" for size, count in pairs)),
        conditions=(
            *chain.conditions(),
            *(condition for size, count in pairs for condition in (count >= 0, count <= size)),
        ),
        expr=chain.probability(),
        source=_SOURCE,
        derivation="09",
        made_for=(layers,),
    )


def size(layers: int) -> Formula:
    """The probability that L units fire in a chain of ``layers`` layers, given a start in the first.

    >>> size(2).at({"n_1": 2, "n_2": 3, "L": 2, "alpha": "1/2"})
    27/64
    """
    chain = _Chain.of(layers)
    total, (last, rest) = of_size(
        chain.probability(), list(zip(chain.fired, chain.sizes[1:], strict=True)), L - 1
    )
    return Formula(
        id="feedforward.size" if layers == 3 else f"feedforward.size[{layers}]",
        name=f"probability that L units fire in {layers} layers, given a start in the first",
        left="P(L)",
        symbols={**chain.meanings(), L: "size of the avalanche"},
        assumptions=(*chain.assumptions(), f"1 <= L <= 1 + {' + '.join(map(str, chain.sizes[1:]))}"),
        conditions=(*chain.conditions(), L >= 1, 1 + sympy.Add(*chain.sizes[1:]) >= L),
        expr=total.xreplace({last: rest}),
        source=_SOURCE,
        derivation="09",
        made_for=(layers,),
    )


COMPOSITION, SIZE = composition(3), size(3)
MEAN = Formula(
    id="feedforward.mean",
    name="mean avalanche size of K equally large layers, given an avalanche",
    left=r"\langle L \rangle",
    symbols={
        K: "number of layers",
        alpha: "row sum of all layers but the first, from the layer before",
    },
    assumptions=("0 <= alpha <= 1", "K >= 1", "uniform drive", "layers of equal size, whatever it is"),
    conditions=(alpha >= 0, alpha <= 1, K >= 1),
    expr=Sum((1 - j / K) * alpha**j, (j, 0, K - 1)),
    source="derived here from the Green matrix, arXiv:2202.02520",
    derivation="09",
)

FORMULAS = (COMPOSITION, SIZE, MEAN)
