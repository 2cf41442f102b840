"""Checks of the formulas of homogeneous networks generation by generation."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from exactav.formulas.checks.shared import COUPLED, COUPLINGS, Checks, grid, in_blocks, value
from exactav.formulas.families import generations
from exactav.formulas.families.symbols import alpha
from exactav.formulas.formula import Formula
from exactav.laws.pattern import pattern_law, pattern_probability
from exactav.laws.size import size_law
from exactav.network.families import homogeneous, homogeneous_without_self
from exactav.proofs.checks import Check, exactly, same_digits

Sizes = tuple[int, ...]
_FAMILIES = {
    generations.WITH_SELF: homogeneous,
    generations.WITHOUT_SELF: homogeneous_without_self,
}


def _later_sizes(D: int, largest: int) -> Iterator[Sizes]:
    """All (g_2, .., g_D), each at least 1, with a sum of at most ``largest``."""
    if D == 1:
        yield ()
        return
    for first in range(1, largest - (D - 2) + 1):
        for others in _later_sizes(D - 1, largest - first):
            yield (first, *others)


def _ways(n: int, sizes: Sizes) -> sympy.Integer:
    """In how many ways n - 1 units split into generations of these sizes and the rest."""
    rest = n - 1 - sum(sizes)
    return sympy.Integer(sympy.factorial(n - 1) / sympy.prod(map(sympy.factorial, (*sizes, rest))))


def _checks(kind: generations.Kind, *, all_patterns: bool) -> Checks:
    """``all_patterns``: the formula is the probability of all patterns with these sizes, not of one."""
    family = _FAMILIES[kind]
    make = generations.generation_sizes if all_patterns else generations.pattern

    def one(formula: Formula, case: Mapping[str, Any], sizes: Sizes) -> sympy.Expr:
        """The probability of generations of these sizes, from the formula."""
        found = value(formula, {**case, **{f"g_{d}": size for d, size in enumerate(sizes, 2)}})
        return found if all_patterns else found * _ways(case["N"], sizes)

    def law(formula: Formula, case: Mapping[str, Any]) -> dict[Sizes, sympy.Expr]:
        found = _later_sizes(formula.made_for[0], case["N"] - 1)
        return {sizes: one(formula, case, sizes) for sizes in found}

    def from_patterns(D: int, case: Mapping[str, Any]) -> dict[Sizes, sympy.Expr]:
        """From the law of all patterns, none left out, counted by the sizes of D generations."""
        net = family(case["N"], case.get("alpha", alpha))
        found = dict.fromkeys(_later_sizes(D, case["N"] - 1), sympy.Integer(0))
        for pattern, probability in pattern_law(net, start=0).items():
            if len(pattern) == D:
                found[tuple(map(len, pattern[1:]))] += probability
        return found

    def sizes_from(formula: Formula, case: Mapping[str, Any]) -> dict[int, sympy.Expr]:
        """P(L) from the formulas of all numbers of generations, ``formula`` for its own."""
        found: Counter[int] = Counter()
        for D in range(1, case["N"] + 1):
            for sizes, probability in law(
                formula if formula.made_for == (D,) else make(D, kind), case
            ).items():
                found[1 + sum(sizes)] += probability
        return found

    def single(D: int, case: Mapping[str, Any]) -> sympy.Expr:
        """From the determinants of one pattern with the sizes of ``large``."""
        sizes = [1, *(case[f"g_{d}"] for d in range(2, D + 1))]
        pattern = list(map(set, in_blocks(sizes)))
        probability = pattern_probability(family(case["N"], case["alpha"]), pattern, start=0)
        return probability * (_ways(case["N"], tuple(sizes[1:])) if all_patterns else 1)

    def checks(formula: Formula) -> tuple[Check, ...]:
        (D,) = formula.made_for
        smallest = max(kind.smallest, D)
        largest = max(6, D + 1)
        some = {f"g_{d}": 3 + d % 2 for d in range(2, D + 1)}
        return (
            exactly(
                f"the laws of all patterns of N = {smallest} .. {largest} units",
                grid(N=range(smallest, largest + 1), alpha=COUPLED),
                lambda case: law(formula, case),
                lambda case: from_patterns(D, case),
            ),
            exactly(
                f"the same in symbolic alpha for N = {smallest} .. {smallest + 1}",
                grid(N=range(smallest, smallest + 2)),
                lambda case: law(formula, case),
                lambda case: from_patterns(D, case),
            ),
            exactly(
                "the size laws, summed over all numbers of generations, for N = 7 and 9",
                grid(N=(7, 9), alpha=COUPLINGS),
                lambda case: sizes_from(formula, case),
                lambda case: size_law(family(**case)),
            ),
            same_digits(
                "50 digits of one pattern from determinants for N = 60",
                50,
                [{**case, **some} for case in grid(N=[60], alpha=COUPLINGS)],
                lambda case: formula.evaluate(case, 50),
                lambda case: single(D, case),
            ),
        )

    return checks


CHECKS = {
    f"{kind.name}.{quantity}": _checks(kind, all_patterns=quantity == "generation_sizes")
    for kind in _FAMILIES
    for quantity in ("pattern", "generation_sizes")
}
