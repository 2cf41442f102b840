"""Durations by counts of interchangeable units: trees by height, a count vector in place of a set.

:mod:`exactav.kernels.heights` sums them. In floating point networks of up to some 100 units are summed in
floats, all of whose terms are positive; where the numbers are too far apart for that, they are counted
exactly and each probability is rounded.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from math import comb, factorial, log2, prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.engines import remainders
from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations import RESIDUE_BITS, DurationQuestion, rounded_shares
from exactav.engines.rounding import LEAST
from exactav.kernels import heights, modular
from exactav.kernels.classes import Counts, Lumped
from exactav.kernels.loading import is_worthwhile
from exactav.kernels.machine import Machine
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.tasks import Running

Way = Callable[[DurationQuestion, Running], dict[int, Element]]
_MOST_VECTORS = 10**12
_MOST_FLOATS = 110  # units; the trees of more are too far apart for floats
_LARGEST = 2.0**400  # about the largest sum of trees in floating point

# Seconds, measured.
_RING_PRODUCT = 6e-7  # with integers of some hundred bits; twice as much for two thousand
_SYMBOLIC_PRODUCT = 4e-6
_SPLIT = 2e-6  # what a product takes that is made once for all levels
_COMPILED_PRODUCT = 1.2e-9
_NUMPY_VECTOR = 5e-5  # one count vector at one level
_LEVEL_VECTOR = 1e-7  # what else it takes
_LEVEL = 1.5e-4  # what arrays take, however small
_LOADING = 1.5
_FOREST = 2e-5  # one forest weight, and what it is multiplied by


class Populations:
    """The engine."""

    name = "populations"
    summary = "counts interchangeable units, derivation 09"

    def bid(self, question: DurationQuestion, arithmetic: Arithmetic, machine: Machine, limit: float) -> Bid:
        system = question.system
        sizes = tuple(map(len, system.classes))
        n_vectors = prod(n + 1 for n in sizes)
        if n_vectors > _MOST_VECTORS:
            return Bid.refusal(self.name, f"{count_text(n_vectors)} count vectors are out of reach")
        costs = _Costs(sizes, question.bits, machine)
        forests = n_vectors * (len(sizes) ** 3 + 5) * _FOREST / 5
        run: Way | None
        if not system.ring.is_ZZ:
            seconds, run = costs.in_ring(_SYMBOLIC_PRODUCT), _in_ring
        elif arithmetic == "float" and sum(sizes) <= _MOST_FLOATS:
            seconds, run = costs.in_floats(), None
        elif costs.in_ring(_RING_PRODUCT) <= costs.in_residues():
            seconds, run = costs.in_ring(_RING_PRODUCT), _in_ring
        else:
            seconds, run = costs.in_residues(), _in_residues
        megabytes = 20 + n_vectors * len(sizes) * (question.bits / 4e6 + 60e-6 * machine.cores)
        if run is _in_ring:
            megabytes += costs.splits * 200e-6
        return Bid(
            self.name,
            f"{count_text(n_vectors)} count vectors at {system.n_units} levels",
            seconds + forests,
            megabytes,
            run=partial(_run, question, arithmetic, run),
            keeps_checkpoint=run is _in_residues,
        )


ENGINE = Populations()


class _Costs(NamedTuple):
    """What the ways take, in seconds."""

    sizes: Counts
    bits: int
    machine: Machine

    @property
    def products(self) -> float:
        return heights.n_products(self.sizes) * len(self.sizes)

    @property
    def splits(self) -> float:
        """Pairs of a count vector and a smaller one."""
        return prod((n + 1) * (n + 2) / 2 for n in self.sizes)

    def in_ring(self, each: float) -> float:
        return self.splits * _SPLIT + self.products * each * (1 + self.bits / 2000)

    def in_residues(self) -> float:
        n_moduli = self.bits // (RESIDUE_BITS - 1) + 2
        share = n_moduli / max(1, min(self.machine.cores, n_moduli))
        return share * self._in_arrays() + _LOADING * self.machine.compiles

    def in_floats(self) -> float:
        return self._in_arrays() + _LOADING * self._compiles_floats()

    def _compiles_floats(self) -> bool:
        return self.machine.compiles and self.products > 1e6

    def _in_arrays(self) -> float:
        level_roots = len(self.sizes) * sum(self.sizes)
        level_vectors = prod(n + 1 for n in self.sizes) * level_roots
        if self.machine.compiles:
            others = level_vectors * _LEVEL_VECTOR + level_roots * _LEVEL
            return self.products * _COMPILED_PRODUCT + others * len(self.sizes)
        return level_vectors * _NUMPY_VECTOR


class _Shares(NamedTuple):
    """What trees of a root class on counts of other units are multiplied by, as one fraction each.

    The numerators have the ways to choose the units, the start weights and the forests of the rest.
    """

    system: System
    lumped: Lumped
    starts: Sequence[Element]

    @classmethod
    def of(cls, question: DurationQuestion) -> "_Shares":
        system = question.system
        # the largest class last: the rows of arrays are as long as may be
        classes = sorted(system.classes, key=len)
        zero = system.ring.zero
        starts = [
            sum((question.roots[u] for u in members if u in question.roots), zero) for members in classes
        ]
        return cls(system, Lumped.of(system.ring, system.weights, system.leak, classes), starts)

    def vectors(self) -> Iterator[Counts]:
        return product(*(range(n + 1) for n in self.lumped.sizes))

    def by_root(self, *, labelled: bool) -> list[list[Element]]:
        """By class of the root and count vector; ``labelled``: as units have names, else as series have."""
        sizes, ring = self.lumped.sizes, self.system.ring
        found: list[list[Element]] = [[] for _ in sizes]
        forests: dict[Counts, Element] = {}
        for others in self.vectors():
            for r, start in enumerate(self.starts):
                free = [n - (a == r) for a, n in enumerate(sizes)]
                if not start or others[r] > free[r]:
                    found[r].append(ring.zero)
                    continue
                rest = tuple(n - count for n, count in zip(free, others, strict=True))
                if rest not in forests:
                    forests[rest] = self.lumped.forest(rest)
                ways = prod(map(comb, free, others))
                if not labelled:
                    ways *= prod(map(factorial, others))
                found[r].append(start * forests[rest] * ways)
        return found


def _run(question: DurationQuestion, arithmetic: Arithmetic, way: Way | None, running: Running) -> Answer:
    """By one of the ways in rings, or by the one in floats."""
    if way is None:
        try:
            return _in_floats(question)
        except FloatingPointError:
            way = _in_residues if is_worthwhile(1, 1) else _in_ring
    weights = way(question, running)
    if arithmetic == "exact":
        return Answer(weights)
    return rounded_shares(question, weights)


def _in_ring(question: DurationQuestion, running: Running) -> dict[int, Element]:
    shares = _Shares.of(question)
    lumped = shares.lumped
    return question.by_number(
        heights.ring_sums(
            lumped.ring, lumped.sizes, lumped.weight, shares.by_root(labelled=True), running.progress
        )
    )


class Vectors(NamedTuple):
    """What the tasks need to know, in plain integers."""

    sizes: Counts
    weights: Sequence[Sequence[int]]
    shares: Sequence[Sequence[int]]
    jointly: bool
    moduli: Sequence[int]


def _in_residues(question: DurationQuestion, running: Running) -> dict[int, Element]:
    shares = _Shares.of(question)
    data = Vectors(
        shares.lumped.sizes,
        tuple(tuple(map(int, row)) for row in shares.lumped.weight),
        tuple(tuple(map(int, row)) for row in shares.by_root(labelled=False)),
        question.jointly,
        tuple(modular.primes(int(question.total), bits=RESIDUE_BITS)),
    )
    return question.of_table(remainders.added(_over_counts, data, running))


def _over_counts(data: Vectors, number: int) -> NDArray[Any]:
    prime = data.moduli[number]
    weights, shares = (
        np.array([[entry % prime for entry in row] for row in rows], dtype=np.int64)
        for rows in (data.weights, data.shares)
    )
    table = heights.modular_sums(data.sizes, weights, shares, prime, is_worthwhile(1, 1))
    return remainders.share(table, data, number)


def _in_floats(question: DurationQuestion) -> Answer:
    """Probabilities in floating point.

    Counts of class a have the factor c_a for each unit below the root, a whole power of two times the size
    of the class, so that the largest sum of trees comes to ``_LARGEST``.

    Raises:
        FloatingPointError: numbers are too far apart.
    """
    shares = _Shares.of(question)
    lumped, total = shares.lumped, int(question.total)
    sizes = lumped.sizes
    # rows with the sum 1: a share has all rows but the root's and those of the units that stay silent
    rows = [
        int(sum((w * (n - (a == b)) for b, (w, n) in enumerate(zip(row, sizes, strict=True))), leak)) or 1
        for a, (row, leak) in enumerate(zip(lumped.weight, lumped.leak, strict=True))
    ]
    above, below = _scale(lumped, rows)
    weights = np.array(
        [
            [_ratio(int(w) * above * n, row * below) for w in weight]
            for weight, n, row in zip(lumped.weight, sizes, rows, strict=True)
        ]
    )
    found = []
    for by_vector in shares.by_root(labelled=False):
        found.append(
            [
                _ratio(
                    int(share)
                    * prod(row**m for row, m in zip(rows, others, strict=True))
                    * below ** sum(others),
                    total * prod(n**m for n, m in zip(sizes, others, strict=True)) * above ** sum(others),
                )
                for others, share in zip(shares.vectors(), by_vector, strict=True)
            ]
        )
    compiles = is_worthwhile(int(heights.n_products(sizes)) * len(sizes), 10**6)
    table = heights.positive_sums(sizes, weights, np.array(found), compiles)
    values = question.of_table(table)
    if min(values.values(), default=1.0) < LEAST:
        raise FloatingPointError
    return Answer(values, _roundings(sizes))


def _ratio(above: int, below: int) -> float:
    """A fraction, correctly rounded, or too small for what it is multiplied by."""
    try:
        value = above / below
    except OverflowError:
        raise FloatingPointError from None
    if above and not value:
        raise FloatingPointError
    return value


def _scale(lumped: Lumped, rows: Sequence[int]) -> tuple[int, int]:
    """The power of two in c_a, as a fraction."""
    n = sum(lumped.sizes)
    largest = 0.0
    for r in range(len(rows)):
        others = tuple(size - (a == r) for a, size in enumerate(lumped.sizes))
        if trees := int(lumped.tree(r, others)):
            pairs = zip(rows, lumped.sizes, others, strict=True)
            logs = [m * (log2(size) - log2(row)) - log2(factorial(m)) for row, size, m in pairs]
            largest = max(largest, log2(trees) + sum(logs)) if largest else log2(trees) + sum(logs)
    power = round((log2(_LARGEST) - largest) / n)
    return 2 ** max(power, 0), 2 ** max(-power, 0)


def _roundings(sizes: Counts) -> int:
    """How many roundings bound the relative error of a probability.

    By the number of units below the root, as for sets; products have a rounded factor |k| more, sums of
    products are divided by a number of units. Rows of count vectors are added up one by one.
    """
    n_rows, row = prod(n + 1 for n in sizes[:-1]), sizes[-1] + 1
    additions = 2 * (row + n_rows) + 2
    whole = [0]
    for degree in range(1, sum(sizes)):
        hanging = [0, *(whole[k - 1] + 2 + len(sizes) + degree for k in range(1, degree + 1))]
        new = max(hanging[k] + 1 + whole[degree - k] for k in range(1, degree + 1)) + 1 + additions + 1
        whole.append(new + degree)
    # the share, a product, the sum over roots, count vectors and sizes
    most = max(np.bincount(np.indices([n + 1 for n in sizes]).sum(axis=0).ravel()).tolist())
    return int(whole[-1] + 2 + len(sizes) + most + sum(sizes))
