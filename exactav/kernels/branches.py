"""Durations on networks whose couplings form a tree, branch by branch.

A branch v | p is what hangs on unit p by its neighbour v. Let F(v | p) be its forest weight, and B_h(v | p)
what it adds to an avalanche in which p has fired and in which the branch fires on at most h levels:

    B_h(v | p) = F(v | p) + w_vp z prod over the other neighbours c of v of B_{h-1}(c | v),  B_0 = F,

where z marks a unit that fires. An avalanche of start k with at most h + 1 generations has the weight
z prod over neighbours c of k of B_h(c | k). F comes from

    F(v | p) = s_v prod X_c + sum over c of w_vc F(c | v) prod over other neighbours of X,
    X_c = F(c | v) + w_cv A(c | v),  A(v | p) = prod X_c:

v is a root, or takes c as its parent; c has v as its parent, or not. All products that leave one neighbour
out are made of those before and of those after it. Nothing is ever subtracted but whole avalanches of fewer
generations.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import mul
from typing import Any

from exactav.numbers.domains import Element

Weights = Sequence[Mapping[int, Element]]
Branch = tuple[int, int]  # v, p
Pair = tuple[Any, Any]


class Tree:
    """A tree of units: who is coupled to whom, in either direction.

    Attributes:
        neighbours: of each unit.
        inwards: (v, p) for each unit but the first, p next to it towards that one, outer units first.
        depths: of each unit, how many levels there are below it at most.
    """

    def __init__(self, weights: Weights) -> None:
        joined: list[dict[int, None]] = [{} for _ in weights]
        for i, row in enumerate(weights):
            for j in row:
                joined[i][j] = joined[j][i] = None
        self.neighbours = [list(units) for units in joined]
        self.inwards: list[Branch] = []
        self.depths: list[int] = []
        if sum(map(len, self.neighbours)) == 2 * (len(weights) - 1):
            self._measure()
        self.is_tree = len(self.inwards) == len(weights) - 1

    def _measure(self) -> None:
        stack, seen = [(0, -1)], {0}
        while stack:
            unit, parent = stack.pop()
            if parent >= 0:
                self.inwards.append((unit, parent))
            for other in self.neighbours[unit]:
                if other not in seen:
                    seen.add(other)
                    stack.append((other, unit))
        outwards = [(p, v) for v, p in self.inwards]
        self.inwards.reverse()
        levels: dict[Branch, int] = {}
        for v, p in self.inwards:
            levels[v, p] = 1 + max((levels[c, v] for c in self.neighbours[v] if c != p), default=0)
        for p, v in outwards:
            levels[p, v] = 1 + max((levels[c, p] for c in self.neighbours[p] if c != v), default=0)
        self.depths = [
            max((levels[c, v] for c in neighbours), default=0) for v, neighbours in enumerate(self.neighbours)
        ]


def sums_by_duration(
    tree: Tree, weights: Weights, leak: Sequence[Element], starts: Mapping[int, Element], z: Any, one: Any
) -> Iterator[Any]:
    """For each duration from 1 on the weight of all avalanches with at most so many generations.

    Args:
        z: what marks a unit that fires, as a number of the kind of ``one``: weights are multiplied with it.
    """
    still = _forests(tree, weights, leak, one)
    branches = dict(still)
    for level in range(max((tree.depths[start] for start in starts), default=0) + 1):
        total = 0 * one
        for start, weight in starts.items():
            product = one
            for c in tree.neighbours[start]:
                product = product * branches[c, start]
            total += weight * product * z
        yield total
        grown = {}
        for v, neighbours in enumerate(tree.neighbours):
            if level > tree.depths[v]:
                continue  # nothing changes any more
            others = _all_but_one([branches[c, v] for c in neighbours], one)
            for p, product in zip(neighbours, others, strict=True):
                if p in weights[v]:
                    grown[v, p] = still[v, p] + weights[v][p] * product * z
        branches.update(grown)


def _all_but_one(factors: Sequence[Any], one: Any, times: Callable[[Any, Any], Any] = mul) -> list[Any]:
    """For each factor the product of all others."""
    if not factors:
        return []
    after = [one]
    for factor in reversed(factors[1:]):
        after.append(times(factor, after[-1]))
    before, products = one, []
    for factor, rest in zip(factors, reversed(after), strict=True):
        products.append(times(before, rest))
        before = times(before, factor)
    return products


def _forests(tree: Tree, weights: Weights, leak: Sequence[Element], one: Any) -> dict[Branch, Any]:
    """F of all branches."""
    forests: dict[Branch, Any] = {}
    hanging: dict[Branch, Any] = {}  # A
    nothing = one, 0 * one

    def below(c: int, v: int) -> Pair:
        """X_c, and what c is worth as the parent of v."""
        forest = forests[c, v]
        return forest + weights[c].get(v, 0) * hanging[c, v], weights[v].get(c, 0) * forest

    def enter(v: int, p: int, product: Pair) -> None:
        hanging[v, p], parents = product
        forests[v, p] = leak[v] * hanging[v, p] + parents

    for v, p in tree.inwards:
        enter(v, p, reduce(_joined, (below(c, v) for c in tree.neighbours[v] if c != p), nothing))
    inner = dict(tree.inwards)
    for v in dict.fromkeys(p for _, p in reversed(tree.inwards)):
        products = _all_but_one([below(c, v) for c in tree.neighbours[v]], nothing, _joined)
        for p, product in zip(tree.neighbours[v], products, strict=True):
            if p != inner.get(v):
                enter(v, p, product)
    return forests


def _joined(first: Pair, second: Pair) -> Pair:
    """To first order in the second number."""
    return first[0] * second[0], first[0] * second[1] + first[1] * second[0]
