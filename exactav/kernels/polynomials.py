"""All tree and forest sums at once, over any commutative ring, by recursion over sets.

A set of units is a bit mask. With w[v][r] the weight by which v takes r as its parent,

    T_r(A) = sum over trees on A with root r,
    F(C)   = sum over forests on C, each root r weighted by s_r,

both follow from one rule: what hangs below r is a *set* of subtrees, so T_r(A + r) is the set exponential of
h_r(B) = sum over v in B of w[v][r] T_v(B), and F that of g(B) = sum over r in B of s_r T_r(B).
Nothing is ever subtracted: an independent road to what the determinants give.
"""

from collections.abc import Mapping, Sequence

from exactav.numbers.domains import Domain, Element


class SetSums:
    """``trees[r][A]`` and ``forests[C]`` for all subsets of the mask ``within``; absent means zero."""

    def __init__(
        self,
        domain: Domain,
        weights: Sequence[Mapping[int, Element]],
        leak: Sequence[Element],
        within: int,
    ) -> None:
        self._domain = domain
        units = [u for u in range(len(weights)) if within >> u & 1]
        children: dict[int, list[tuple[int, Element]]] = {
            r: [(v, weights[v][r]) for v in units if v != r and r in weights[v]] for r in units
        }
        self.trees: dict[int, dict[int, Element]] = {r: {1 << r: domain.one} for r in units}
        hanging: dict[int, dict[int, Element]] = {r: {} for r in units}
        bushes: dict[int, dict[int, Element]] = {r: {0: domain.one} for r in units}
        self.forests: dict[int, Element] = {0: domain.one}
        rooted: dict[int, Element] = {}

        # Masks in increasing order: every subset of a set comes before the set itself.
        for mask in _subsets_of(within):
            for r in units:
                if mask >> r & 1 and (rest := mask ^ 1 << r):
                    bush = _exponential_at(rest, hanging[r], bushes[r])
                    if bush:
                        bushes[r][rest] = self.trees[r][mask] = bush
            for r in units:
                if not mask >> r & 1:
                    total = domain.zero
                    for v, weight in children[r]:
                        if mask >> v & 1 and mask in self.trees[v]:
                            total += weight * self.trees[v][mask]
                    if total:
                        hanging[r][mask] = total
            total = domain.zero
            for r in units:
                if mask >> r & 1 and leak[r] and mask in self.trees[r]:
                    total += leak[r] * self.trees[r][mask]
            if total:
                rooted[mask] = total
            forest = _exponential_at(mask, rooted, self.forests)
            if forest:
                self.forests[mask] = forest

    def tree(self, root: int, mask: int) -> Element:
        """T_root(mask)."""
        return self.trees[root].get(mask, self._domain.zero)

    def forest(self, mask: int) -> Element:
        """F(mask)."""
        return self.forests.get(mask, self._domain.zero)


def _exponential_at(mask: int, parts: Mapping[int, Element], whole: Mapping[int, Element]) -> Element | None:
    """Sum of parts[block] * whole[rest] over the blocks with the lowest unit of ``mask``; None if empty."""
    lowest = mask & -mask
    others = mask ^ lowest
    total = None
    rest = others
    while True:
        block = mask ^ rest
        if block in parts and rest in whole:
            term = parts[block] * whole[rest]
            total = term if total is None else total + term
        if not rest:
            return total
        rest = (rest - 1) & others


def _subsets_of(within: int) -> list[int]:
    """All nonempty subsets of a mask, in increasing order."""
    subsets = []
    subset = 0
    while subset != within:
        subset = (subset - within) & within
        subsets.append(subset)
    return subsets
