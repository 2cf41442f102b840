"""Checks of the formulas of K populations: against the laws of their units, in symbols, at large sizes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import product
from typing import Any

import sympy
from sympy import Rational

from exactav.formulas.checks.shared import (
    Counts,
    LawFormula,
    Values,
    agrees,
    counted,
    digits_agree,
    in_blocks,
    of_one,
    over_counts,
    value,
)
from exactav.formulas.families import populations as families
from exactav.formulas.formula import Formula
from exactav.laws.marginals import green_matrix, participation
from exactav.laws.size import size_law
from exactav.network.families import populations
from exactav.network.laplacian import tree_weight
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly


def _weight(K: int, a: int, b: int) -> str:
    """The name of the weight from population b to a, counted from 0."""
    return f"w_{a + 1}{'' if K < 10 else ','}{b + 1}"


def _case(sizes: Counts, weights: Mapping[tuple[int, int], Any], leak: Iterable[Any]) -> dict[str, Any]:
    """The values of all symbols of K populations but their counts."""
    K = len(sizes)
    return {
        **{f"n_{a}": size for a, size in enumerate(sizes, 1)},
        **{f"s_{a}": one for a, one in enumerate(leak, 1)},
        **{_weight(K, a, b): weight for (a, b), weight in weights.items()},
    }


def _counts(counts: Iterable[int]) -> dict[str, int]:
    return {f"l_{a}": count for a, count in enumerate(counts, 1)}


def _sizes(values: Values) -> Counts:
    return tuple(size for name, size in values.items() if name.startswith("n_"))


def _network(values: Values) -> Network:
    """Without the empty populations."""
    sizes = _sizes(values)
    K, some = len(sizes), [a for a, size in enumerate(sizes) if size]
    return populations(
        [sizes[a] for a in some],
        [[values[_weight(K, a, b)] for b in some] for a in some],
        leak=[values[f"s_{a + 1}"] for a in some],
    )


def _groups(values: Values) -> list[range]:
    return in_blocks(_sizes(values))


def _cases(K: int, sizes: Iterable[Counts]) -> list[dict[str, Any]]:
    """Asymmetric weights; weights only within; chains both ways; without leak where the model allows it."""
    every = range(K)
    some_leak = [Rational(int(a == 0), 5) for a in every]
    all_leak = [Rational(a + 1, 7) for a in every]

    def up(a: int, b: int) -> Rational:
        return Rational(2, 5 + a) if b == a + 1 else Rational(int(a == b == 0), 4)

    kinds = (
        (lambda a, b: Rational(1 + (2 * a + 3 * b) % 5, 11), all_leak),
        (lambda a, b: Rational(1 + (2 * a + 3 * b) % 5, 11), some_leak),
        (lambda a, b: Rational((a + 1) * (a == b), 6), all_leak),
        (lambda a, b: Rational(int(a == b + 1), 3 + a), some_leak),
        (up, all_leak),
    )
    return [
        _case(size, {(a, b): weight(a, b) for a in every for b in every}, leak)
        for size in sizes
        for weight, leak in kinds
        if leak is all_leak or all(size[: max(a for a in every if size[a])])
    ]


def _symbolic(K: int, sizes: Counts, *, every_weight: bool = True) -> dict[str, Any]:
    """A symbol for every weight and leak; unless ``every_weight``, of three or more only for some."""
    x = sympy.symbols(f"x0:{K + K * K}", positive=True)
    weights = {(a, b): x[K + a * K + b] for a in range(K) for b in range(K)}
    leak = list(x[:K])
    if K > 2 and not every_weight:
        weights = {(a, b): w if b == (a + 1) % K else Rational(1, 2 + a + b) for (a, b), w in weights.items()}
        leak = [leak[0], *(Rational(1, 3 + a) for a in range(1, K))]
    return _case(sizes, weights, leak)


def _ones(K: int, first: int = 0) -> list[dict[str, Any]]:
    """One unit a population, and up to two populations also two of ``first``, in symbols."""
    sizes = [(1,) * K] + ([tuple(1 + (a == first) for a in range(K))] if K <= 2 else [])
    return [_symbolic(K, size, every_weight=False) for size in sizes]


def _all_sizes(largest: int, K: int, r: int | None = None, units: int | None = None) -> list[Counts]:
    """Up to ``largest`` units a population and ``units`` in all, some in ``r`` or in any."""
    found = product(range(largest + 1), repeat=K)
    return [
        size
        for size in found
        if (sum(size) if r is None else size[r]) and (units is None or sum(size) <= units)
    ]


def _growing(K: int, first: int) -> Counts:
    return tuple(first + a for a in range(K))


def _compositions(r: int, **values: Any) -> list[Counts]:
    return list(product(*(range(int(a == r), size + 1) for a, size in enumerate(_sizes(values)))))


def _listed(r: int, **values: Any) -> dict[Counts, sympy.Expr]:
    """The law of the composition, started in ``r``, from that of all assemblies."""
    groups = _groups(values)
    return counted(_network(values), groups, start=groups[r][0])


def _over_counts(r: int, **values: Any) -> dict[Counts, sympy.Expr]:
    """The same from count vectors, at sizes that have no list of all assemblies; no population is empty."""
    groups = _groups(values)
    return dict(over_counts(_network(values), groups, start=groups[r][0]))


def _composition(formula: Formula) -> tuple[Check, ...]:
    K, start = formula.made_for
    r = start - 1
    law = LawFormula(formula, tuple(f"l_{a}" for a in range(1, K + 1)), partial(_compositions, r))
    largest = {1: 6, 2: 3}.get(K, 1 if K > 3 else 2)
    smallest = [(1,) * K] + ([tuple(1 + (a == r) for a in range(K))] if K <= 2 else [])
    symbolic = [_symbolic(K, size) for size in smallest]
    units = 7 if K <= 2 else 2
    large = _cases(K, [_growing(K, units)])[:2]
    single = [
        {**case, **_counts(size // (2 + a) for a, size in enumerate(_sizes(case)))}
        for case in _cases(K, [_growing(K, 20)])[:2]
    ]

    def one(**values: Any) -> sympy.Expr:
        groups = _groups(values)
        counts = tuple(values[name] for name in law.names)
        return of_one(_network(values), groups, counts, start=groups[r][0])

    return (
        law.agrees(
            f"the laws of all assemblies of up to {largest} units a population, none included, counted; "
            "asymmetric weights, zeros, populations without leak",
            _cases(K, _all_sizes(largest, K, r, 6 if K <= 2 else 4)),
            partial(_listed, r),
        ),
        law.agrees(
            f"in symbolic weights and leaks, for sizes {', '.join(map(str, smallest))}",
            symbolic,
            partial(_listed, r),
        ),
        law.normalised("normalisation in symbolic weights and leaks, for the same sizes", symbolic),
        law.agrees(
            f"the sums over count vectors for {units} and more units a population",
            large,
            partial(_over_counts, r),
        ),
        law.normalised("normalisation at these sizes, exactly", large),
        digits_agree(
            "single assemblies from determinants for 20 and more units a population", formula, single, one
        ),
    )


def _mean(formula: Formula) -> tuple[Check, ...]:
    K, start, block = formula.made_for
    r, b = start - 1, block - 1
    largest = {1: 6, 2: 4}.get(K, 1 if K > 3 else 2)

    def from_units(**values: Any) -> sympy.Expr:
        matrix, groups = participation(_network(values)), _groups(values)
        return sympy.Add(*(matrix[j, groups[r][0]] for j in groups[b]))

    def from_law(**values: Any) -> sympy.Expr:
        return sympy.Add(*(counts[b] * p for counts, p in _listed(r, **values).items()))

    return (
        agrees(
            f"the Green matrices of up to {largest} units a population, none included; weights of all kinds",
            formula,
            _cases(K, _all_sizes(largest, K, r)),
            from_units,
        ),
        agrees(
            "in symbolic weights and leaks, with one and two units a population",
            formula,
            [_symbolic(K, size) for size in product((1, 2), repeat=K) if K <= 2 or sum(size) == K],
            from_units,
        ),
        agrees(
            "the mean of the laws of the composition, with two units a population",
            formula,
            _cases(K, [(2,) * K if K <= 2 else (1,) * K]),
            from_law,
        ),
        digits_agree(
            "the Green matrices of 20 and more units a population",
            formula,
            _cases(K, [_growing(K, 20)]),
            from_units,
        ),
    )


def _size(formula: Formula) -> tuple[Check, ...]:
    (K,) = formula.made_for
    law = LawFormula(formula, ("L",), lambda **values: range(1, 1 + sum(_sizes(values))))
    large = _cases(K, [_growing(K, 6 if K <= 2 else 2)])[:2]

    def found(**values: Any) -> Mapping[int, sympy.Expr]:
        return size_law(_network(values))

    return (
        law.agrees(
            "the size laws of small populations, some empty; asymmetric weights, zeros, populations without "
            "leak",
            _cases(K, _all_sizes({1: 6, 2: 3}.get(K, 1 if K > 3 else 2), K, units=6 if K <= 2 else 4)),
            found,
        ),
        law.agrees(
            "in symbolic weights and leaks, for one unit a population and up to one of two", _ones(K), found
        ),
        law.agrees("the size laws from count vectors, for more units a population", large, found),
        law.normalised("normalisation at these sizes, exactly", large),
        law.digits(
            "the size laws from count vectors, for larger populations",
            _cases(K, [_growing(K, 40 if K <= 2 else 3)])[:2],
            lambda **values: [sum(_sizes(values)) // 3],
            found,
        ),
    )


def _start_weights(values: Values) -> list[sympy.Expr]:
    """The sum of G_kk over the units of each population."""
    green = green_matrix(_network(values))
    return [sympy.Add(*(green[k, k] for k in units)) for units in _groups(values)]


def _start(formula: Formula) -> tuple[Check, ...]:
    K, block = formula.made_for
    largest = {1: 6, 2: 4}.get(K, 1 if K > 3 else 2)

    def from_units(**values: Any) -> sympy.Expr:
        weights = _start_weights(values)
        return weights[block - 1] / sympy.Add(*weights)

    return (
        agrees(
            f"the Green matrices of up to {largest} units a population, none included; weights of all kinds",
            formula,
            _cases(K, _all_sizes(largest, K, block - 1)),
            from_units,
        ),
        agrees(
            "in symbolic weights and leaks, with one unit a population and up to one of two",
            formula,
            _ones(K),
            from_units,
        ),
        digits_agree(
            "the Green matrices of 20 and more units a population",
            formula,
            _cases(K, [_growing(K, 20)])[:2],
            from_units,
        ),
    )


def _start_given(formula: Formula) -> tuple[Check, ...]:
    K, block = formula.made_for
    r = block - 1

    def at(case: Values, counts: Counts) -> dict[str, Any]:
        names = [symbol.name for symbol in formula.symbols if symbol.name.startswith("w_")]
        return {**{name: case[name] for name in names}, **_counts(counts)}

    def from_assemblies(case: Values) -> dict[Counts, sympy.Expr]:
        """For each possible composition the share of the starts in r, from the laws of all assemblies."""
        joint: dict[Counts, Counter[int]] = {}
        for a, (units, weight) in enumerate(zip(_groups(case), _start_weights(case), strict=True)):
            for counts, probability in (_listed(a, **case) if units else {}).items():
                joint.setdefault(counts, Counter())[a] += weight * probability
        return {
            counts: shares[r] / sympy.Add(*shares.values())
            for counts, shares in joint.items()
            if counts[r] and sympy.Add(*shares.values()) != 0
        }

    def from_trees(case: Values, counts: Counts) -> sympy.Expr:
        """The share of trees rooted in r, from determinants of one assembly."""
        net = _network(case)
        fired = [units[:count] for units, count in zip(_groups(case), counts, strict=True)]
        assembly = [unit for units in fired for unit in units]
        trees = [len(units) * tree_weight(net, assembly, units[0]) if units else 0 for units in fired]
        return trees[r] / sympy.Add(*trees)

    def same(claim: str, cases: Iterable[Values]) -> Check:
        return exactly(
            claim,
            cases,
            lambda case: {counts: value(formula, at(case, counts)) for counts in from_assemblies(case)},
            from_assemblies,
        )

    largest = {1: 5, 2: 3}.get(K, 1)
    return (
        same(
            f"the laws of all assemblies of up to {largest} units a population, none included",
            _cases(K, _all_sizes(largest, K, r)),
        ),
        same("in symbolic weights and leaks, with one unit a population and up to one of two", _ones(K)),
        exactly(
            "the trees of single assemblies from determinants for 20 and more units a population",
            [
                (case, tuple(size // (2 + a) for a, size in enumerate(_sizes(case))))
                for case in _cases(K, [_growing(K, 20)])[:2]
            ],
            lambda pair: formula.at(at(*pair)),
            lambda pair: from_trees(*pair),
        ),
    )


CHECKS = {
    families.COMPOSITION.id: _composition,
    families.SIZE.id: _size,
    families.MEAN.id: _mean,
    families.MEAN_OWN.id: _mean,
    families.START.id: _start,
    families.START_GIVEN_COMPOSITION.id: _start_given,
}
