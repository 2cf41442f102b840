"""Parent maps, trees and forests listed one by one: slow truths that derivations compare determinants with.

A *parent map* gives each unit that is no root one parent other than itself. It is a forest if every unit's
chain of parents ends in a root. The leak can be a root: ``LEAK``.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, combinations, product

import sympy

LEAK = -1
ParentMap = Mapping[int, int]


def weight(i: int, j: int) -> sympy.Symbol:
    """The symbol w_ij, or s_i where the parent j is the leak.

    >>> weight(0, 1), weight(0, LEAK)
    (w_01, s_0)
    """
    return sympy.Symbol(f"s_{i}" if j == LEAK else f"w_{i}{j}")


def parent_maps(units: Collection[int], roots: Collection[int]) -> Iterator[dict[int, int]]:
    """All parent maps of ``units`` with these ``roots`` (units or the leak).

    >>> list(parent_maps([0, 1], [0]))
    [{1: 0}]
    """
    others = [i for i in units if i not in roots]
    choices = [sorted({*units, *roots} - {i}) for i in others]
    for parents in product(*choices):
        yield dict(zip(others, parents, strict=True))


def root_of(parent: ParentMap, unit: int) -> int | None:
    """The root that the chain of parents of ``unit`` ends in; None if it runs into a cycle."""
    for _ in range(len(parent) + 1):
        if unit not in parent:
            return unit
        unit = parent[unit]
    return None


def forests(units: Collection[int], roots: Collection[int]) -> Iterator[dict[int, int]]:
    """The parent maps without a cycle.

    >>> sum(1 for _ in forests(range(4), [0])), sum(1 for _ in forests(range(3), [LEAK]))
    (16, 16)
    """
    for parent in parent_maps(units, roots):
        if all(root_of(parent, unit) is not None for unit in parent):
            yield parent


def weight_of(parent: ParentMap) -> sympy.Expr:
    """The product of the weights of a parent map."""
    return sympy.Mul(*(weight(i, j) for i, j in parent.items()))


def total_weight(maps: Iterator[dict[int, int]]) -> sympy.Expr:
    """The sum of the weights of parent maps."""
    return sympy.Add(*map(weight_of, maps))


def laplacian(units: Collection[int], *, leak: bool) -> sympy.Matrix:
    """L[units] in symbols, straight from its definition; plus diag(s) if ``leak``."""
    listed = sorted(units)

    def entry(a: int, b: int) -> sympy.Expr:
        i, j = listed[a], listed[b]
        if i != j:
            return -weight(i, j)
        own = [weight(i, LEAK)] if leak else []
        return sympy.Add(*own, *(weight(i, u) for u in listed if u != i))

    return sympy.Matrix(len(listed), len(listed), entry)


def without(matrix: sympy.Matrix, k: int) -> sympy.Matrix:
    """The matrix with row and column k left out."""
    return matrix.minor_submatrix(k, k)


def determinant(matrix: sympy.Matrix) -> sympy.Expr:
    """det of a matrix of symbols, without division; 1 for the empty matrix."""
    return matrix.det(method="berkowitz")


def subsets(units: Collection[int]) -> Iterator[frozenset[int]]:
    """All subsets, by size."""
    listed = sorted(units)
    sizes = (combinations(listed, size) for size in range(len(listed) + 1))
    return map(frozenset, chain.from_iterable(sizes))


def patterns(units: Collection[int], start: int) -> Iterator[tuple[frozenset[int], ...]]:
    """All sequences of disjoint nonempty generations within ``units`` that begin with {start}."""

    def grow(
        pattern: tuple[frozenset[int], ...], rest: frozenset[int]
    ) -> Iterator[tuple[frozenset[int], ...]]:
        yield pattern
        for generation in subsets(rest):
            if generation:
                yield from grow((*pattern, generation), rest - generation)

    first = frozenset({start})
    return grow((first,), frozenset(units) - first)


def depths(parent: ParentMap, root: int) -> tuple[frozenset[int], ...]:
    """The units of a tree by their distance from its root, as a pattern."""
    levels = [frozenset({root})]
    while level := frozenset(i for i, j in parent.items() if j in levels[-1]):
        levels.append(level)
    return tuple(levels)
