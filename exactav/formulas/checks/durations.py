"""Checks of the durations of homogeneous networks of given N."""

from collections import Counter
from collections.abc import Mapping
from math import comb
from typing import Any

import sympy

from exactav.formulas.checks.shared import COUPLED, COUPLINGS, Checks, grid, value
from exactav.formulas.families import generations
from exactav.formulas.families.symbols import alpha
from exactav.formulas.formula import Formula
from exactav.laws.duration import duration_law
from exactav.laws.pattern import pattern_law
from exactav.network.families import homogeneous, homogeneous_without_self
from exactav.network.laplacian import forest_weight, tree_weight
from exactav.proofs.checks import Check, exactly
from exactav.proofs.listing import forests

_FAMILIES = {
    generations.WITH_SELF: homogeneous,
    generations.WITHOUT_SELF: homogeneous_without_self,
}
_LISTED = 6  # units whose trees are listed


def _height(parents: Mapping[int, int]) -> int:
    """How many steps up the farthest unit of a tree is from the root."""

    def depth(unit: int) -> int:
        return 1 + depth(parents[unit]) if unit in parents else 0

    return max(map(depth, parents), default=0)


def _checks(kind: generations.Kind) -> Checks:
    family = _FAMILIES[kind]

    def checks(formula: Formula) -> tuple[Check, ...]:
        (n_units,) = formula.made_for

        def law(case: Mapping[str, Any]) -> dict[int, sympy.Expr]:
            probabilities = {D: value(formula, {**case, "D": D}) for D in range(1, n_units + 1)}
            return {D: found for D, found in probabilities.items() if found != 0}

        def from_trees(case: Mapping[str, Any]) -> dict[int, sympy.Expr]:
            """From trees that are listed, on the start and the first of the other units."""
            net = family(n_units, case["alpha"])
            found: dict[int, sympy.Expr] = {}
            for size in range(1, n_units + 1):
                heights = Counter(map(_height, forests(range(size), [0])))
                each = tree_weight(net, range(size), 0) / sum(heights.values())
                each *= comb(n_units - 1, size - 1) * forest_weight(net, range(size, n_units))
                for height, count in heights.items():
                    found[height + 1] = found.get(height + 1, 0) + count * each
            total = sum(found.values())
            return {D: weight / total for D, weight in found.items() if weight != 0}

        large = exactly(
            f"the law of durations of {n_units} units",
            grid(alpha=COUPLINGS),
            law,
            lambda case: duration_law(family(n_units, case["alpha"])),
        )
        if n_units > _LISTED:
            return (large,)
        return (
            large,
            exactly(
                f"trees on up to {n_units} units, listed, by their heights",
                grid(alpha=COUPLED),
                law,
                from_trees,
            ),
            exactly(
                "the law of all patterns, counted by their generations",
                grid(alpha=COUPLED),
                law,
                lambda case: pattern_law(family(n_units, case["alpha"]), start=0).duration_law(),
            ),
            exactly(
                "the law of durations in symbolic alpha, from what can have fired with its last generation",
                [{}],
                law,
                lambda case: duration_law(family(n_units, alpha), start=0, method="generations"),
            ),
        )

    return checks


CHECKS = {f"{kind.name}.duration": _checks(kind) for kind in _FAMILIES}
