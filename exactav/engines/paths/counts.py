"""Paths on classes of interchangeable units: how many of each class they have visited, and the class of the
last.

The determinant of the rest is that of its counts, with all weight from visited units as leak (derivation 09).
"""

from math import comb, prod

from exactav.engines.paths.question import PathQuestion, Sums, Way
from exactav.kernels.classes import Counts, Lumped
from exactav.numbers.domains import Element


def way(question: PathQuestion) -> Way | None:
    """The way, where units are interchangeable."""
    sizes = tuple(map(len, question.system.classes))
    n_classes = len(sizes)
    if n_classes == question.system.n_units > 1:
        return None
    n_counts = min(prod(n + 1 for n in sizes), comb(min(question.up_to, sum(sizes)) + n_classes, n_classes))
    seconds = n_counts * (n_classes**3 + 2 * n_classes**2 + 8) * question.product
    return Way("counts", seconds + n_counts * n_classes * 4e-6, lambda: _run(question))


def _run(question: PathQuestion) -> Sums:
    system = question.system
    ring, zero = system.ring, system.ring.zero
    lumped = Lumped.of(ring, system.weights, system.leak, system.classes)
    classes = range(len(lumped.sizes))
    level: dict[tuple[Counts, int], Element] = {}
    for a, members in enumerate(system.classes):
        if held := [question.roots[unit] for unit in members if unit in question.roots]:
            level[tuple(int(b == a) for b in classes), a] = sum(held, zero)
    sums: list[Element] = []
    while level and len(sums) < question.up_to:
        by_counts: dict[Counts, Element] = {}
        following: dict[tuple[Counts, int], Element] = {}
        for (counts, last), weight in level.items():
            by_counts[counts] = by_counts[counts] + weight if counts in by_counts else weight
            for a in classes:
                factor = lumped.weight[a][last] * (lumped.sizes[a] - counts[a])
                if factor:
                    key = (*counts[:a], counts[a] + 1, *counts[a + 1 :]), a
                    term = weight * factor
                    following[key] = following[key] + term if key in following else term
        sums.append(sum((weight * _rest(lumped, counts) for counts, weight in by_counts.items()), zero))
        level = following
    return question.over_total(sums)


def _rest(lumped: Lumped, visited: Counts) -> Element:
    outside = [
        sum((w * m for w, m in zip(row, visited, strict=True)), leak)
        for row, leak in zip(lumped.weight, lumped.leak, strict=True)
    ]
    return lumped.phi(outside, tuple(n - m for n, m in zip(lumped.sizes, visited, strict=True)))
