"""Paths on networks whose couplings form trees, branch by branch.

A branch is a unit c with all that is below it; child by child, e, its sums are made of those of the branches
of its children. Of all paths, by their number of steps, the determinant of the rest of the branch is

    up    where the path leads from c downwards, units below receive,
    down  where it comes to c from below,
    all   of all paths of the branch, all_free with c left out of the matrix, where the path is below.

No subtraction but those of determinants, and no division: N times the depth products.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from exactav.engines.paths.question import PathQuestion, Sums, Way
from exactav.kernels.bigints import integer
from exactav.numbers.domains import Element

Weights = Sequence[Mapping[int, Element]]
Row = list[Any]  # by number of steps


class Branch(NamedTuple):
    """The determinant of a branch, that of it without its top, and sums over paths."""

    whole: Any
    free: Any
    up: Row
    down: Row
    all: Row
    all_free: Row


def way(question: PathQuestion) -> Way | None:
    """The way, where couplings form no circle."""
    order = _order(question.system.weights)
    if order is None:
        return None
    n_products = 12 * len(order) * min(question.up_to, _depth(order) + 1)
    return Way("trees", n_products * question.product, lambda: _run(question, order))


def _order(weights: Weights) -> list[tuple[int, int]] | None:
    """(unit, parent), parents first, -1 for a root; None if there is a circle."""
    joined: list[dict[int, None]] = [{} for _ in weights]
    for i, row in enumerate(weights):
        for j in row:
            joined[i][j] = joined[j][i] = None
    order: list[tuple[int, int]] = []
    seen = [False] * len(weights)
    for root in range(len(weights)):
        stack = [] if seen[root] else [(root, -1)]
        while stack:
            unit, parent = stack.pop()
            if seen[unit]:
                return None
            seen[unit] = True
            order.append((unit, parent))
            stack += [(other, unit) for other in joined[unit] if other != parent]
    return order


def _depth(order: list[tuple[int, int]]) -> int:
    depths = {-1: -1}
    for unit, parent in order:
        depths[unit] = depths[parent] + 1
    return max(depths.values())


def _run(question: PathQuestion, order: list[tuple[int, int]]) -> Sums:
    system, up_to = question.system, question.up_to
    make: Any = (lambda x: integer(int(x))) if system.ring.is_ZZ else (lambda x: x)
    weights = [{j: make(w) for j, w in row.items()} for row in system.weights]
    diagonal = [make(entry) for entry in system.diagonal]
    starts = [make(question.roots.get(unit, system.ring.zero)) for unit in range(len(order))]
    one = make(system.ring.one)
    children: dict[int, list[int]] = {}
    for unit, parent in order:
        children.setdefault(parent, []).append(unit)
    done: dict[int, Branch] = {}
    for unit, _ in reversed(order):
        below = [(child, done.pop(child)) for child in children.get(unit, ())]
        done[unit] = _joined(unit, below, weights, diagonal[unit], starts[unit], one, up_to)
    product = one
    sums: Row = []
    for branch in done.values():  # of the roots
        sums = _sum(_times(sums, branch.whole), _times(branch.all, product))
        product = product * branch.whole
    back: Any = (lambda x: system.ring(int(x))) if system.ring.is_ZZ else (lambda x: x)
    return question.over_total([back(x) for x in sums])


def _joined(
    c: int,
    below: list[tuple[int, Branch]],
    weights: Sequence[Mapping[int, Any]],
    diagonal: Any,
    start: Any,
    one: Any,
    up_to: int,
) -> Branch:
    free, crossed = one, 0 * one  # products of determinants; with one child taken for the parent of c
    up: Row = []
    down: Row = []
    bent: Row = []  # from one child to another
    kept: Row = []  # paths below, c without its row; and what the row of c takes away
    taken: Row = []
    for e, branch in below:
        sent, received = weights[e].get(c), weights[c].get(e)
        ups = _later(_times(branch.up, sent)) if sent else []
        downs = _later(_times(branch.down, received)) if received else []
        bent = _sum(_times(bent, branch.whole), _product(up, downs, up_to), _product(down, ups, up_to))
        up = _sum(_times(up, branch.whole), _times(ups, free))[:up_to]
        down = _sum(_times(down, branch.whole), _times(downs, free))[:up_to]
        both = sent * received if sent and received else None
        taken = _sum(_times(taken, branch.whole), _times(branch.all, crossed))
        if both is not None:
            taken = _sum(taken, _times(kept, both * branch.free), _times(branch.all_free, both * free))
            crossed = crossed * branch.whole + free * both * branch.free
        else:
            crossed = crossed * branch.whole
        kept = _sum(_times(kept, branch.whole), _times(branch.all, free))
        free = free * branch.whole
    whole = diagonal * free - crossed
    up = _sum([free], up)
    begun = _times(up, start) if start else []
    everything = _sum(begun, down, bent, _times(kept, diagonal), _times(taken, -one))
    down = _sum([start * free], down) if start else down
    return Branch(whole, free, up[:up_to], down, everything[:up_to], kept)


def _times(row: Row, factor: Any) -> Row:
    return [x * factor for x in row] if factor else []


def _later(row: Row) -> Row:
    """The same with one step more."""
    return [0 * row[0], *row] if row else []


def _sum(*rows: Row) -> Row:
    longest = max(rows, key=len)
    found = list(longest)
    for row in rows:
        if row is not longest:
            for place, x in enumerate(row):
                found[place] = found[place] + x
    return found


def _product(row: Row, other: Row, up_to: int) -> Row:
    if not row or not other:
        return []
    found = [0 * row[0]] * min(up_to, len(row) + len(other) - 1)
    for place, x in enumerate(row):
        for beyond, y in enumerate(other[: up_to - place], place):
            found[beyond] = found[beyond] + x * y
    return found
