"""Interchangeable units: sums over count vectors instead of sets.

Units are interchangeable when swapping them changes neither a weight between distinct units nor a leak. A set
is then known by how many units l_a of each class a it holds. With w_ab the weight from any unit of class b to
any other of class a, and d_a = sum_b l_b w_ab, the tree weight of such a set rooted in class r and the forest
weight of counts c are (derivation 09; self-coupling drops out of every Laplacian)

    T_r(l) = prod_{m_a > 0} d_a^(m_a - 1) det(diag(d_a) - [w_ab m_b]),  m = l - e_r,
    F(c)   = prod_{c_a > 0} e_a^(c_a - 1) det(diag(e_a) - [w_ab c_b]),  e_a = s_a + sum_b c_b w_ab.

:class:`exactav.kernels.classes.Lumped` evaluates both.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from math import comb, prod

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.question import Question, added_up
from exactav.engines.rounding import LEAST, out_of_range
from exactav.kernels.classes import Lumped
from exactav.kernels.machine import Machine
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.tasks import HERE, Progress, Running, no_progress

Counts = tuple[int, ...]
_MOST_VECTORS = 10**12
_LUMPED_STEP = 1e-7  # seconds for one step of a small determinant with long integers
_RING_STEP = 4e-6  # one product of two short ring elements


def composition_weights(
    system: System,
    classes: Sequence[Sequence[int]],
    roots: Mapping[int, Element],
    progress: Progress = no_progress,
) -> Iterator[tuple[Counts, Element]]:
    """For each count vector the total weight of all assemblies with these counts."""
    ring, lumped = system.ring, Lumped.of(system.ring, system.weights, system.leak, classes)
    sizes, every_class = lumped.sizes, range(len(classes))
    root_sums = [sum((roots[u] for u in members if u in roots), ring.zero) for members in classes]
    n_vectors = prod(size + 1 for size in sizes)
    # ways to choose so many of a class, and of a class without the root
    choices = [[comb(size, count) for count in range(size + 1)] for size in sizes]
    choices_beside = [[comb(size - 1, count) for count in range(size)] for size in sizes]
    for place, counts in enumerate(product(*(range(size + 1) for size in sizes))):
        progress(place / n_vectors)
        starts = [r for r in every_class if counts[r] and root_sums[r]]
        if not starts:
            continue
        forest = lumped.forest(tuple(size - count for size, count in zip(sizes, counts, strict=True)))
        if not forest:
            continue
        total = ring.zero
        for r in starts:
            others = tuple(count - (a == r) for a, count in enumerate(counts))
            ways = prod((choices_beside if a == r else choices)[a][others[a]] for a in every_class)
            total += root_sums[r] * lumped.tree(r, others) * ways
        if total:
            yield counts, total * forest


def weights_of(
    question: Question, running: Running = HERE, *, classes: Sequence[Sequence[int]] | None = None
) -> dict[int, Element]:
    """The exact weights by the number of their counts; every class must lie in one group, or in none."""
    system = question.system
    classes = classes or split_classes(question)
    strides = [question.strides[members[0]] for members in classes]
    return added_up(
        (sum(count * step for count, step in zip(counts, strides, strict=True)), weight)
        for counts, weight in composition_weights(system, classes, question.roots, running.progress)
    )


def split_classes(question: Question) -> list[list[int]]:
    """The classes of interchangeable units, those of units of several groups split by group."""
    classes: list[list[int]] = []
    for members in question.system.classes:
        by_stride: dict[int, list[int]] = {}
        for unit in members:
            by_stride.setdefault(question.strides[unit], []).append(unit)
        classes += by_stride.values()
    return classes


class Populations:
    """The engine. In floating point, too, it counts exactly, which is quick, and rounds each probability."""

    name = "populations"
    summary = "counts interchangeable units, derivation 09"

    def bid(
        self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        system, classes = question.system, split_classes(question)
        n_vectors = prod(len(members) + 1 for members in classes)
        if n_vectors > _MOST_VECTORS:
            return Bid.refusal(self.name, f"{count_text(n_vectors)} count vectors are out of reach")
        n_classes = len(classes)
        step = _LUMPED_STEP * (1 + system.n_units / 100) if system.ring.is_ZZ else _RING_STEP
        seconds = n_vectors * (n_classes + 1) * (n_classes**3 + 20) * step
        bytes_each = question.total_bits // 8 if system.ring.is_ZZ else 1000
        megabytes = 1 + min(n_vectors, question.n_outcomes) * bytes_each / 1e6
        run = partial(_run, question, arithmetic)
        return Bid(self.name, f"{count_text(n_vectors)} count vectors", seconds, megabytes, run=run)


ENGINE = Populations()


def _run(question: Question, arithmetic: Arithmetic, running: Running) -> Answer:
    weights = weights_of(question, running)
    if arithmetic == "exact":
        return Answer(weights)
    total = int(question.total)
    shares = {number: float(Fraction(int(weight), total)) for number, weight in weights.items() if weight}
    if min(shares.values(), default=1.0) < LEAST:
        raise out_of_range()
    return Answer(shares, 1)
