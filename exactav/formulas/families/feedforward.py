"""Chains of layers, each coupled to the next only: every layer is a binomial law given the layer before."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy
from sympy import Rational, Sum, Symbol, binomial

from exactav.errors import InvalidNetworkError
from exactav.formulas.checks.shared import COUPLINGS, alpha, has_digits, put_in
from exactav.formulas.checks.sums import of_size
from exactav.formulas.formula import Formula
from exactav.laws.assembly import assembly_law
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import feedforward
from exactav.proofs.checks import Check, exactly

L, K, j = sympy.symbols("L K j")
_SOURCE = "derived here from arXiv:2202.02520: each layer is a binomial law given the layer before"
_COUPLED = (0, *COUPLINGS)


@dataclass(frozen=True)
class _Chain:
    """Sizes of all layers, and how many units fire in all but the first, where it is one."""

    sizes: tuple[Symbol, ...]
    fired: tuple[Symbol, ...]

    @classmethod
    def of(cls, layers: int) -> "_Chain":
        if isinstance(layers, bool) or not isinstance(layers, int) or layers < 2:
            raise InvalidNetworkError(f"layers = {layers!r}: give a whole number of at least 2")
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
        checks=lambda formula: _composition_checks(formula, layers),
        derivation="09",
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
        checks=lambda formula: _size_checks(formula, layers),
        derivation="09",
    )


def _size_checks(formula: Formula, layers: int) -> tuple[Check, ...]:
    small = list(product(range(1, 4 if layers <= 3 else 3), repeat=layers))
    large = tuple(5 - a % 3 for a in range(layers))
    huge = tuple(30 - a % 3 for a in range(layers))

    def values(sizes: tuple[int, ...], count: int) -> dict[str, Any]:
        return {**{f"n_{a}": size for a, size in enumerate(sizes, 1)}, "L": count}

    def sizes_of(shape: tuple[int, ...]) -> range:
        return range(1, 2 + sum(shape[1:]))

    def from_network(shape: tuple[int, ...], coupling: Any) -> list[sympy.Expr]:
        law = size_law(feedforward(shape, coupling), start=0)
        return [sympy.cancel(law[count]) for count in sizes_of(shape)]

    def exact_law(shape: tuple[int, ...], coupling: Any) -> list[sympy.Expr]:
        return [formula.at({**values(shape, count), "alpha": coupling}) for count in sizes_of(shape)]

    return (
        exactly(
            "the size laws of layers of up to 3 units, couplings 0, 3/4, 1",
            [(shape, a) for shape in small for a in (0, Rational(3, 4), 1)],
            lambda case: exact_law(*case),
            lambda case: from_network(*case),
        ),
        exactly(
            "in symbolic alpha, for two units a layer",
            [(2,) * layers],
            lambda shape: [put_in(formula, values(shape, count)) for count in sizes_of(shape)],
            lambda shape: from_network(shape, alpha),
        ),
        exactly(
            f"the size laws from count vectors, for layers of {', '.join(map(str, large))} units",
            [(large, a) for a in _COUPLED],
            lambda case: exact_law(*case),
            lambda case: from_network(*case),
        ),
        exactly(
            f"normalisation for layers of {', '.join(map(str, large))} units, exactly",
            COUPLINGS,
            lambda a: sympy.Add(*exact_law(large, a)),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits against exact values for about 30 units a layer",
            COUPLINGS,
            lambda a: has_digits(formula, {**values(huge, 1 + sum(huge[1:]) // 2), "alpha": a}),
            lambda _: True,
        ),
    )


def _composition_checks(formula: Formula, layers: int) -> tuple[Check, ...]:
    def fired(sizes: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        return product(*(range(size + 1) for size in sizes[1:]))

    def values(sizes: tuple[int, ...], counts: tuple[int, ...]) -> dict[str, Any]:
        named = {f"n_{a}": size for a, size in enumerate(sizes, 1)}
        return {**named, **{f"l_{a}": count for a, count in enumerate(counts, 2)}}

    def law(sizes: tuple[int, ...], coupling: Any) -> dict[tuple[int, ...], sympy.Expr]:
        result, net = dict.fromkeys(fired(sizes), sympy.Integer(0)), feedforward(sizes, coupling)
        layer = [a for a, size in enumerate(sizes) for _ in range(size)]
        for assembly, probability in assembly_law(net, start=0).items():
            result[tuple(sum(layer[net.index(u)] == a for u in assembly) for a in range(1, layers))] += (
                probability
            )
        return result

    small = list(product(range(1, 4 if layers <= 3 else 3), repeat=layers))
    return (
        exactly(
            "the laws of all assemblies of up to 3 units a layer, counted, couplings 0, 3/4, 1",
            [(sizes, a) for sizes in small for a in (0, Rational(3, 4), 1)],
            lambda case: {
                counts: formula.at({**values(case[0], counts), "alpha": case[1]}) for counts in fired(case[0])
            },
            lambda case: law(*case),
        ),
        exactly(
            "in symbolic alpha, for two units a layer",
            [(2,) * layers],
            lambda sizes: {c: put_in(formula, values(sizes, c)) for c in fired(sizes)},
            lambda sizes: {c: sympy.cancel(p) for c, p in law(sizes, alpha).items()},
        ),
        exactly(
            "normalisation in symbolic alpha, up to 3 units a layer",
            small,
            lambda sizes: sympy.cancel(
                sympy.Add(*(put_in(formula, values(sizes, counts)) for counts in fired(sizes)))
            ),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits against exact values for 200 units a layer",
            COUPLINGS,
            lambda a: has_digits(formula, {**values((200,) * layers, (3,) * (layers - 1)), "alpha": a}),
            lambda _: True,
        ),
    )


def _mean_checks(formula: Formula) -> tuple[Check, ...]:
    shapes = [(layers, size) for layers in range(1, 6) for size in (1, 2, 3)]
    return (
        exactly(
            "mean sizes from the Green matrix of 1 .. 5 layers of 1 .. 3 units, couplings 0 .. 1",
            [(layers, size, a) for layers, size in shapes for a in (*_COUPLED, 1)],
            lambda case: formula.at({"K": case[0], "alpha": case[2]}),
            lambda case: mean_size(feedforward([case[1]] * case[0], case[2])),
        ),
        exactly(
            "the sum of L P(L) in symbolic alpha",
            [(layers, size) for layers, size in shapes if layers * size <= 8],
            lambda shape: put_in(formula, {"K": shape[0]}),
            lambda shape: sympy.cancel(size_law(feedforward([shape[1]] * shape[0], alpha)).mean()),
        ),
        exactly(
            "the geometric sum in closed form, for K = 1 .. 60",
            [(layers, a) for layers in range(1, 61) for a in _COUPLED],
            lambda case: formula.at({"K": case[0], "alpha": case[1]}),
            lambda case: (
                (case[0] - case[1] * (1 - case[1] ** case[0]) / (1 - case[1])) / (case[0] * (1 - case[1]))
            ),
        ),
    )


FORMULAS: tuple[Formula, ...] = (
    composition(3),
    size(3),
    Formula(
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
        checks=_mean_checks,
        derivation="07",
    ),
)
