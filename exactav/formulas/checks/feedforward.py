"""Checks of the formulas of chains of layers."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import sympy
from sympy import Rational

from exactav.formulas.checks.shared import (
    COUPLED,
    COUPLINGS,
    Counts,
    LawFormula,
    agrees,
    counted,
    digits_agree,
    grid,
    in_blocks,
    of_one,
)
from exactav.formulas.families import feedforward as chains
from exactav.formulas.formula import Formula
from exactav.laws.marginals import mean_size
from exactav.laws.size import size_law
from exactav.network.families import feedforward
from exactav.proofs.checks import Check


def _shape(values: Mapping[str, Any]) -> Counts:
    """The sizes of all layers, from the values of n_1, n_2, .."""
    return tuple(size for name, size in values.items() if name.startswith("n_"))


def _values(shape: Counts, **others: Any) -> dict[str, Any]:
    return {**{f"n_{a}": size for a, size in enumerate(shape, 1)}, **others}


def _small(layers: int) -> list[Counts]:
    return list(product(range(1, 4 if layers <= 3 else 3), repeat=layers))


def _sizes(alpha: Any, **values: Any) -> Mapping[int, sympy.Expr]:
    return size_law(feedforward(_shape(values), alpha), start=0)


def _size(formula: Formula) -> tuple[Check, ...]:
    (layers,) = formula.made_for
    law = LawFormula(formula, ("L",), lambda **values: range(1, 2 + sum(_shape(values)[1:])))
    large = tuple(5 - a % 3 for a in range(layers))
    huge = tuple(12 - a % 3 for a in range(layers))
    named = ", ".join(map(str, large))
    return (
        law.agrees(
            "the size laws of layers of up to 3 units, couplings 0, 3/4, 1",
            [_values(shape, alpha=a) for shape in _small(layers) for a in (0, Rational(3, 4), 1)],
            _sizes,
        ),
        law.agrees("in symbolic alpha, for two units a layer", [_values((2,) * layers)], _sizes),
        law.agrees(
            f"the size laws from count vectors, for layers of {named} units",
            [_values(large, alpha=a) for a in COUPLED],
            _sizes,
        ),
        law.normalised(
            f"normalisation for layers of {named} units, exactly",
            [_values(large, alpha=a) for a in COUPLINGS],
        ),
        law.digits(
            "the size laws from count vectors, for about 12 units a layer",
            [_values(huge, alpha=a) for a in COUPLINGS],
            lambda **values: (1, 1 + sum(_shape(values)[1:]) // 2),
            _sizes,
        ),
    )


def _composition(formula: Formula) -> tuple[Check, ...]:
    (layers,) = formula.made_for
    names = tuple(f"l_{a}" for a in range(2, layers + 1))
    law = LawFormula(
        formula,
        names,
        lambda **values: product(*(range(size + 1) for size in _shape(values)[1:])),
    )

    def listed(alpha: Any, **values: Any) -> dict[Counts, sympy.Expr]:
        shape = _shape(values)
        return counted(feedforward(shape, alpha), in_blocks(shape)[1:], start=0)

    def one(alpha: Any, **values: Any) -> sympy.Expr:
        shape, counts = _shape(values), tuple(values[name] for name in names)
        return of_one(feedforward(shape, alpha), in_blocks(shape), (1, *counts), start=0)

    return (
        law.agrees(
            "the laws of all assemblies of up to 3 units a layer, counted, couplings 0, 3/4, 1",
            [_values(shape, alpha=a) for shape in _small(layers) for a in (0, Rational(3, 4), 1)],
            listed,
        ),
        law.agrees("in symbolic alpha, for two units a layer", [_values((2,) * layers)], listed),
        law.normalised(
            "normalisation in symbolic alpha, up to 3 units a layer",
            [_values(shape) for shape in _small(layers)],
        ),
        digits_agree(
            "single assemblies from determinants for 20 units a layer",
            formula,
            [_values((20,) * layers, alpha=a, **dict.fromkeys(names, 3)) for a in COUPLINGS],
            one,
        ),
    )


def _mean(formula: Formula) -> tuple[Check, ...]:
    shapes = [(layers, size) for layers in range(1, 6) for size in (1, 2, 3)]

    def of_layers(size: int, mean: Any) -> Any:
        return lambda K, alpha: mean(feedforward([size] * K, alpha))

    return (
        *(
            agrees(
                f"mean sizes from the Green matrix of 1 .. 5 layers of {size} units, couplings 0 .. 1",
                formula,
                grid(K=range(1, 6), alpha=(*COUPLED, 1)),
                of_layers(size, mean_size),
            )
            for size in (1, 2, 3)
        ),
        *(
            agrees(
                f"the sum of L P(L) in symbolic alpha, for layers of {size} units",
                formula,
                grid(K=[layers for layers, units in shapes if units == size and layers * units <= 8]),
                of_layers(size, lambda net: size_law(net).mean()),
            )
            for size in (1, 2, 3)
        ),
        agrees(
            "the geometric sum in closed form, for K = 1 .. 60",
            formula,
            grid(K=range(1, 61), alpha=COUPLED),
            lambda K, alpha: (K - alpha * (1 - alpha**K) / (1 - alpha)) / (K * (1 - alpha)),
        ),
    )


CHECKS = {
    chains.COMPOSITION.id: _composition,
    chains.SIZE.id: _size,
    chains.MEAN.id: _mean,
}
