"""Checks of the formulas of K populations: against the laws of their units, in symbols, at large sizes."""

# ruff: noqa: E741

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy
from sympy import Rational

from exactav.engines.populations import composition_weights
from exactav.formulas.checks.shared import has_digits, put_in
from exactav.formulas.formula import Formula
from exactav.laws.assembly import assembly_law
from exactav.laws.marginals import green_matrix, participation
from exactav.laws.size import size_law
from exactav.network.families import populations
from exactav.network.network import Network
from exactav.proofs.checks import Check, exactly

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """Populations with numbers or symbols put in; some may be empty."""

    sizes: Counts
    weights: tuple[tuple[Any, ...], ...]
    leak: tuple[Any, ...]

    def values(self) -> dict[str, Any]:
        return {
            **{f"n_{a}": size for a, size in enumerate(self.sizes, 1)},
            **{f"s_{a}": leak for a, leak in enumerate(self.leak, 1)},
            **self.weight_values(),
        }

    def weight_values(self, *, within: bool = True) -> dict[str, Any]:
        between = "" if len(self.sizes) < 10 else ","
        return {
            f"w_{a}{between}{b}": weight
            for a, row in enumerate(self.weights, 1)
            for b, weight in enumerate(row, 1)
            if within or a != b
        }

    def network(self) -> Network:
        """Without the empty populations."""
        some = [a for a, size in enumerate(self.sizes) if size]
        return populations(
            [self.sizes[a] for a in some],
            [[self.weights[a][b] for b in some] for a in some],
            leak=[self.leak[a] for a in some],
        )

    def blocks(self) -> list[int]:
        """The population of each unit."""
        return [a for a, size in enumerate(self.sizes) for _ in range(size)]

    def compositions(self, r: int) -> list[Counts]:
        ranges = (range(int(a == r), size + 1) for a, size in enumerate(self.sizes))
        return list(product(*ranges))

    def law(self, r: int) -> dict[Counts, sympy.Expr]:
        """From the law of all assemblies, counting units."""
        net, blocks = self.network(), self.blocks()
        result = dict.fromkeys(self.compositions(r), sympy.Integer(0))
        for assembly, probability in assembly_law(net, start=blocks.index(r)).items():
            fired = Counter(blocks[net.index(unit)] for unit in assembly)
            result[tuple(fired[a] for a in range(len(self.sizes)))] += probability
        return {counts: sympy.cancel(probability) for counts, probability in result.items()}


def counted(counts: Sequence[int]) -> dict[str, int]:
    """Counts as values of l_1, l_2, ...

    >>> counted((2, 0))
    {'l_1': 2, 'l_2': 0}
    """
    return {f"l_{a + 1}": count for a, count in enumerate(counts)}


def cases(K: int, sizes: Sequence[Counts]) -> list[Case]:
    """Asymmetric weights; weights only within; chains both ways; without leak where the model allows it."""
    every = range(K)

    def filled(weight: Any) -> tuple[tuple[Rational, ...], ...]:
        return tuple(tuple(Rational(weight(a, b)) for b in every) for a in every)

    some_leak = tuple(Rational(int(a == 0), 5) for a in every)
    all_leak = tuple(Rational(a + 1, 7) for a in every)
    dense = filled(lambda a, b: Rational(1 + (2 * a + 3 * b) % 5, 11))
    within = filled(lambda a, b: Rational(a + 1, 6) if a == b else 0)
    down = filled(lambda a, b: Rational(1, 3 + a) if a == b + 1 else 0)
    up = filled(lambda a, b: Rational(2, 5 + a) if b == a + 1 else Rational(1, 4) if a == b == 0 else 0)
    kinds = ((dense, all_leak), (dense, some_leak), (within, all_leak), (down, some_leak), (up, all_leak))
    return [
        Case(size, weights, leak)
        for size in sizes
        for weights, leak in kinds
        if leak is all_leak or all(size[: max(a for a in every if size[a])])
    ]


def _start_of(formula: Formula) -> int:
    """The start's population in a composition law, from its conditions: its count is at least 1."""
    counts = [symbol for symbol in formula.symbols if symbol.name.startswith("n_")]
    return next(a for a, count in enumerate(counts) if (count >= 1) in formula.conditions)


def composition_checks(formula: Formula) -> tuple[Check, ...]:
    K = sum(symbol.name.startswith("n_") for symbol in formula.symbols)
    r = _start_of(formula)
    largest = {1: 6, 2: 3}.get(K, 1 if K > 3 else 2)
    sizes = [
        size
        for size in product(range(largest + 1), repeat=K)
        if size[r] and sum(size) <= (6 if K <= 2 else 4)
    ]
    x = sympy.symbols(f"x0:{K + K * K}", positive=True)
    generic = tuple(tuple(x[K + a * K + b] for b in range(K)) for a in range(K))
    smallest = [(1,) * K] + ([tuple(2 if a == r else 1 for a in range(K))] if K <= 2 else [])
    units = 7 if K <= 2 else 2

    def exact_law(case: Case) -> dict[Counts, sympy.Expr]:
        return {l: formula.at({**case.values(), **counted(l)}) for l in case.compositions(r)}

    def symbolic_law(case: Case) -> dict[Counts, sympy.Expr]:
        return {l: put_in(formula, {**case.values(), **counted(l)}) for l in case.compositions(r)}

    def engine_law(case: Case) -> dict[Counts, sympy.Expr]:
        """From count vectors, at sizes that have no list of all assemblies."""
        system, start = case.network().system, case.blocks().index(r)
        classes = system.classes
        order = [case.blocks()[members[0]] for members in classes]
        found = dict.fromkeys(case.compositions(r), sympy.Integer(0))
        for counts, weight in composition_weights(system, classes, {start: system.ring.one}):
            by_block = dict(zip(order, counts, strict=True))
            found[tuple(by_block.get(a, 0) for a in range(K))] = sympy.Integer(int(weight))
        total = sympy.Add(*found.values())
        # one start of n_r is fed: composition_weights counts the assemblies with it
        return {counts: weight / total for counts, weight in found.items()}

    large = cases(K, [tuple(units + a for a in range(K))])[:2]
    return (
        exactly(
            f"the laws of all assemblies of up to {largest} units a population, none included, counted; "
            "asymmetric weights, zeros, populations without leak",
            cases(K, sizes),
            exact_law,
            lambda case: case.law(r),
        ),
        exactly(
            f"in symbolic weights and leaks, for sizes {', '.join(map(str, smallest))}",
            [
                (case, l)
                for size in smallest
                for case in [Case(size, generic, x[:K])]
                for l in case.compositions(r)
            ],
            lambda pair: put_in(formula, {**pair[0].values(), **counted(pair[1])}),
            lambda pair: sympy.cancel(pair[0].law(r)[pair[1]]),
        ),
        exactly(
            "normalisation in symbolic weights and leaks, for the same sizes",
            [Case(size, generic, x[:K]) for size in smallest],
            lambda case: sympy.cancel(sympy.together(sympy.Add(*symbolic_law(case).values()))),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            f"the sums over count vectors for {units} and more units a population",
            large,
            exact_law,
            engine_law,
        ),
        exactly(
            "normalisation at these sizes, exactly",
            large,
            lambda case: sympy.Add(*exact_law(case).values()),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits against exact values for 200 and more units a population",
            cases(K, [tuple(200 + a for a in range(K))])[:2],
            lambda case: has_digits(
                formula, {**case.values(), **counted([size // (2 + a) for a, size in enumerate(case.sizes)])}
            ),
            lambda _: True,
        ),
    )


def mean_checks(formula: Formula, K: int, r: int, b: int) -> tuple[Check, ...]:
    largest = {1: 6, 2: 4}.get(K, 1 if K > 3 else 2)
    sizes = [size for size in product(range(largest + 1), repeat=K) if size[r]]
    x = sympy.symbols(f"x0:{K + K * K}", positive=True)
    generic = tuple(tuple(x[K + a * K + c] for c in range(K)) for a in range(K))

    def from_units(case: Case) -> sympy.Expr:
        matrix, blocks = participation(case.network()), case.blocks()
        start = blocks.index(r)
        return sympy.cancel(sympy.Add(*(matrix[j, start] for j, block in enumerate(blocks) if block == b)))

    return (
        exactly(
            f"the Green matrices of up to {largest} units a population, none included; weights of all kinds",
            cases(K, sizes),
            lambda case: formula.at(case.values()),
            from_units,
        ),
        exactly(
            "in symbolic weights and leaks, with one and two units a population",
            [Case(size, generic, x[:K]) for size in product((1, 2), repeat=K) if K <= 2 or sum(size) == K],
            lambda case: put_in(formula, case.values()),
            from_units,
        ),
        exactly(
            "the mean of the laws of the composition, with two units a population",
            cases(K, [(2,) * K if K <= 2 else (1,) * K]),
            lambda case: formula.at(case.values()),
            lambda case: sympy.Add(*(counts[b] * probability for counts, probability in case.law(r).items())),
        ),
        exactly(
            "50 digits against exact values for 200 and more units a population",
            cases(K, [tuple(200 + a for a in range(K))]),
            lambda case: formula.at(case.values()) == 0 or has_digits(formula, case.values()),
            lambda _: True,
        ),
    )


def _sizes_without_start(K: int) -> list[Counts]:
    largest = {1: 6, 2: 3}.get(K, 1 if K > 3 else 2)
    return [size for size in product(range(largest + 1), repeat=K) if 0 < sum(size) <= (6 if K <= 2 else 4)]


def _generic(K: int, sizes: Counts) -> Case:
    """Populations with a symbol for every weight and leak; of more than two, for one of each in a row."""
    x = sympy.symbols(f"x0:{K + K * K}", positive=True)
    rows = [list(x[K + a * K : K + a * K + K]) for a in range(K)]
    leak = list(x[:K])
    if K > 2:
        for a in range(K):
            rows[a] = [rows[a][b] if b == (a + 1) % K else Rational(1, 2 + a + b) for b in range(K)]
            leak[a] = leak[a] if a == 0 else Rational(1, 3 + a)
    return Case(sizes, tuple(map(tuple, rows)), tuple(leak))


def size_checks(formula: Formula, K: int) -> tuple[Check, ...]:
    generic = [_generic(K, (1,) * K)] + ([_generic(K, (2, *(1,) * (K - 1)))] if K <= 2 else [])
    large = cases(K, [tuple((6 if K <= 2 else 2) + a for a in range(K))])[:2]
    huge = cases(K, [tuple((40 if K <= 2 else 3) + a for a in range(K))])[:2]

    def law(case: Case) -> list[sympy.Expr]:
        return [formula.at({**case.values(), "L": L}) for L in range(1, sum(case.sizes) + 1)]

    def from_network(case: Case) -> list[sympy.Expr]:
        law = size_law(case.network())
        return [sympy.cancel(law[L]) for L in range(1, sum(case.sizes) + 1)]

    def symbolic_law(case: Case) -> list[sympy.Expr]:
        return [put_in(formula, {**case.values(), "L": L}) for L in range(1, sum(case.sizes) + 1)]

    return (
        exactly(
            "the size laws of small populations, some empty; asymmetric weights, zeros, populations without "
            "leak",
            cases(K, _sizes_without_start(K)),
            law,
            from_network,
        ),
        exactly(
            "in symbolic weights and leaks, for one unit a population and up to one of two",
            generic,
            symbolic_law,
            from_network,
        ),
        exactly(
            "the size laws from count vectors, for more units a population",
            large,
            law,
            from_network,
        ),
        exactly(
            "normalisation at these sizes, exactly",
            large,
            lambda case: sympy.Add(*law(case)),
            lambda _: sympy.Integer(1),
        ),
        exactly(
            "50 digits against exact values for larger populations",
            huge,
            lambda case: has_digits(formula, {**case.values(), "L": sum(case.sizes) // 3}),
            lambda _: True,
        ),
    )


def _start_weights(case: Case) -> list[sympy.Expr]:
    """G_kk of each unit."""
    green = green_matrix(case.network())
    return [green[k, k] for k in range(green.rows)]


def start_checks(formula: Formula, K: int, r: int) -> tuple[Check, ...]:
    largest = {1: 6, 2: 4}.get(K, 1 if K > 3 else 2)
    sizes = [size for size in product(range(largest + 1), repeat=K) if size[r]]

    def from_units(case: Case) -> sympy.Expr:
        weights = _start_weights(case)
        of_block = (weight for weight, block in zip(weights, case.blocks(), strict=True) if block == r)
        return sympy.cancel(sympy.together(sympy.Add(*of_block) / sympy.Add(*weights)))

    return (
        exactly(
            f"the Green matrices of up to {largest} units a population, none included; weights of all kinds",
            cases(K, sizes),
            lambda case: formula.at(case.values()),
            from_units,
        ),
        exactly(
            "in symbolic weights and leaks, with one unit a population and up to one of two",
            [_generic(K, (1,) * K)] + ([_generic(K, (2, *(1,) * (K - 1)))] if K <= 2 else []),
            lambda case: put_in(formula, case.values()),
            from_units,
        ),
        exactly(
            "50 digits against exact values for 200 and more units a population",
            cases(K, [tuple(200 + a for a in range(K))])[:2],
            lambda case: has_digits(formula, case.values()),
            lambda _: True,
        ),
    )


def start_given_checks(formula: Formula, K: int, r: int) -> tuple[Check, ...]:
    largest = {1: 5, 2: 3}.get(K, 1)
    sizes = [size for size in product(range(largest + 1), repeat=K) if size[r]]

    def values(case: Case, counts: Sequence[int]) -> dict[str, Any]:
        return {**case.weight_values(within=False), **counted(counts)}

    def from_assemblies(case: Case) -> dict[Counts, sympy.Expr]:
        """For each possible composition the share of the starts in r, from the laws of all assemblies."""
        weights, blocks = _start_weights(case), case.blocks()
        joint: dict[Counts, list[sympy.Expr]] = {}
        for a in sorted(set(blocks)):
            k = blocks.index(a)
            for counts, probability in case.law(a).items():
                shares = joint.setdefault(counts, [sympy.Integer(0)] * K)
                shares[a] += case.sizes[a] * weights[k] * probability
        return {
            counts: sympy.cancel(sympy.together(shares[r] / sympy.Add(*shares)))
            for counts, shares in joint.items()
            if counts[r] and sympy.Add(*shares) != 0
        }

    return (
        exactly(
            f"the laws of all assemblies of up to {largest} units a population, none included",
            cases(K, sizes),
            lambda case: {counts: formula.at(values(case, counts)) for counts in from_assemblies(case)},
            from_assemblies,
        ),
        exactly(
            "in symbolic weights and leaks, with one unit a population and up to one of two",
            [_generic(K, (1,) * K)] + ([_generic(K, (2, *(1,) * (K - 1)))] if K <= 2 else []),
            lambda case: {counts: put_in(formula, values(case, counts)) for counts in from_assemblies(case)},
            from_assemblies,
        ),
        exactly(
            "50 digits against exact values for 200 and more units a population",
            cases(K, [tuple(200 + a for a in range(K))])[:2],
            lambda case: has_digits(
                formula, values(case, [size // (2 + a) for a, size in enumerate(case.sizes)])
            ),
            lambda _: True,
        ),
    )
