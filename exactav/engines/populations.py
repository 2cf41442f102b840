"""Interchangeable units: sums over count vectors instead of sets.

Units are interchangeable when swapping them changes neither a weight between distinct units nor a leak. A set
is then known by how many units l_a of each class a it holds. With w_ab the weight from any unit of class b to
any other of class a, and d_a = sum_b l_b w_ab, the tree weight of such a set rooted in class r and the forest
weight of counts c are (derivation 09; self-coupling drops out of every Laplacian)

    T_r(l) = prod_{m_a > 0} d_a^(m_a - 1) det(diag(d_a) - [w_ab m_b]),  m = l - e_r,
    F(c)   = prod_{c_a > 0} e_a^(c_a - 1) det(diag(e_a) - [w_ab c_b]),  e_a = s_a + sum_b c_b w_ab.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import comb, prod

from exactav.arithmetic import Element
from exactav.kernels.determinants import determinant
from exactav.system import System

Counts = tuple[int, ...]


def classes_of(system: System) -> list[list[int]]:
    """The classes of interchangeable units, each sorted, in the order of their first units."""
    n = system.n_units
    columns: list[dict[int, Element]] = [{} for _ in range(n)]
    for i, row in enumerate(system.weights):
        for j, weight in row.items():
            columns[j][i] = weight

    def outside(entries: Mapping[int, Element], i: int, j: int) -> dict[int, Element]:
        return {k: weight for k, weight in entries.items() if k not in (i, j)}

    def interchangeable(i: int, j: int) -> bool:
        return (
            system.leak[i] == system.leak[j]
            and system.scales[i] == system.scales[j]
            and len(system.weights[i]) == len(system.weights[j])
            and len(columns[i]) == len(columns[j])
            and system.weights[i].get(j) == system.weights[j].get(i)
            and outside(system.weights[i], i, j) == outside(system.weights[j], i, j)
            and outside(columns[i], i, j) == outside(columns[j], i, j)
        )

    classes: list[list[int]] = []
    for unit in range(n):
        for members in classes:
            if interchangeable(members[0], unit):
                members.append(unit)
                break
        else:
            classes.append([unit])
    return classes


def composition_weights(
    system: System, classes: Sequence[Sequence[int]], roots: Mapping[int, Element]
) -> Iterator[tuple[Counts, Element]]:
    """For each count vector the total weight of all assemblies with these counts."""
    ring = system.ring
    sizes = [len(members) for members in classes]
    every_class = range(len(classes))
    weight = [
        [
            system.weights[members[0]].get(next((u for u in others if u != members[0]), -1), ring.zero)
            for others in classes
        ]
        for members in classes
    ]
    leak = [system.leak[members[0]] for members in classes]
    root_sums = [sum((roots[u] for u in members if u in roots), ring.zero) for members in classes]

    def determinant_of(counts: Counts, diagonal: list[Element]) -> Element:
        present = [a for a in every_class if counts[a]]
        rows = [
            [(diagonal[a] if a == b else ring.zero) - weight[a][b] * counts[b] for b in present]
            for a in present
        ]
        result = determinant(ring, rows)
        for a in present:
            if counts[a] > 1:
                result *= diagonal[a] ** (counts[a] - 1)
        return result

    def received(counts: Counts, base: Sequence[Element]) -> list[Element]:
        return [sum((weight[a][b] * counts[b] for b in every_class), base[a]) for a in every_class]

    nothing = [ring.zero] * len(classes)
    for counts in product(*(range(size + 1) for size in sizes)):
        starts = [r for r in every_class if counts[r] and root_sums[r]]
        if not starts:
            continue
        rest = tuple(size - count for size, count in zip(sizes, counts, strict=True))
        forest = determinant_of(rest, received(rest, leak))
        if not forest:
            continue
        total = ring.zero
        fed = received(counts, nothing)
        for r in starts:
            others = tuple(count - (a == r) for a, count in enumerate(counts))
            ways = prod(comb(sizes[a] - (a == r), others[a]) for a in every_class)
            total += root_sums[r] * determinant_of(others, fed) * ways
        if total:
            yield counts, total * forest


def size_weights(
    system: System, classes: Sequence[Sequence[int]], roots: Mapping[int, Element]
) -> list[Element]:
    """``weights[L]``: the total weight of all assemblies of L units, L = 0 .. N."""
    weights = [system.ring.zero] * (system.n_units + 1)
    for counts, weight in composition_weights(system, classes, roots):
        weights[sum(counts)] += weight
    return weights
