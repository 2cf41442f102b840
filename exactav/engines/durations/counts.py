"""Durations by counts of interchangeable units: trees by height, a count vector in place of a set.

:mod:`exactav.kernels.heights` sums them. In floating point networks of up to some 100 units are summed in
floats, all of whose terms are positive; where the numbers are too far apart for that, they are counted
exactly and each probability is rounded.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations import count_floats as duration_floats
from exactav.engines.durations import remainders
from exactav.engines.durations.question import RESIDUE_BITS, DurationQuestion, rounded_shares
from exactav.engines.durations.shares import Shares
from exactav.kernels import heights, modular
from exactav.kernels.classes import Counts
from exactav.kernels.loading import is_worthwhile
from exactav.kernels.machine import Machine
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.tasks import Running

Way = Callable[[DurationQuestion, Running], dict[int, Element]]
_MOST_VECTORS = 10**12

# Seconds, measured.
_RING_PRODUCT = 6e-7  # with integers of some hundred bits; twice as much for two thousand
_SYMBOLIC_PRODUCT = 4e-6
_SPLIT = 2e-6  # what a product takes that is made once for all levels
_COMPILED_PRODUCT = 1.2e-9
_NUMPY_VECTOR = 5e-5  # one count vector at one level
_LEVEL_VECTOR = 1e-7  # what else it takes
_LEVEL = 7e-5  # what arrays take, however small
_OUTCOME = 2e-7  # one outcome put together, for each prime
_LOADING = 1.5
_FOREST = 2e-5  # one forest weight, and what it is multiplied by


class Populations:
    """The engine."""

    name = "populations"
    summary = "counts interchangeable units, derivation 09"

    def bid(
        self,
        question: DurationQuestion,
        arithmetic: Arithmetic,
        machine: Machine,
        limit: float,
        effort: Effort,
    ) -> Bid:
        system = question.system
        sizes = tuple(map(len, system.classes))
        n_vectors = prod(n + 1 for n in sizes)
        if n_vectors > _MOST_VECTORS:
            return Bid.refusal(self.name, f"{count_text(n_vectors)} count vectors are out of reach")
        costs = _Costs(sizes, question.bits, question.number(sum(sizes), 0) or sum(sizes), machine)
        forests = n_vectors * (len(sizes) ** 3 + 5) * _FOREST / 5
        run: Way | None
        compiles = False
        if not system.ring.is_ZZ:
            seconds, run = costs.in_ring(_SYMBOLIC_PRODUCT), _in_ring
        elif arithmetic == "float" and sum(sizes) <= duration_floats.MOST_UNITS:
            seconds, run = costs.in_floats(), None
            compiles = costs.compiles_floats()
        elif costs.in_ring(_RING_PRODUCT) <= costs.in_residues():
            seconds, run = costs.in_ring(_RING_PRODUCT), _in_ring
        else:
            seconds, run = costs.in_residues(), _in_residues
            compiles = machine.compiles
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
            compiles=compiles,
        )


ENGINE = Populations()


class _Costs(NamedTuple):
    """What the ways take, in seconds."""

    sizes: Counts
    bits: int
    n_outcomes: int
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
        together = n_moduli * self.n_outcomes * (1 + n_moduli / 100) * _OUTCOME
        return share * self._in_arrays() + together + _LOADING * self.machine.compiles

    def in_floats(self) -> float:
        return self._in_arrays() + _LOADING * self.compiles_floats()

    def compiles_floats(self) -> bool:
        return self.machine.compiles and self.products > duration_floats.COMPILED_PRODUCTS

    def _in_arrays(self) -> float:
        level_roots = len(self.sizes) * sum(self.sizes)
        level_vectors = prod(n + 1 for n in self.sizes) * level_roots
        if self.machine.compiles:
            others = level_vectors * _LEVEL_VECTOR + level_roots * _LEVEL
            return self.products * _COMPILED_PRODUCT + others * len(self.sizes)
        return level_vectors * _NUMPY_VECTOR


def _run(question: DurationQuestion, arithmetic: Arithmetic, way: Way | None, running: Running) -> Answer:
    """By one of the ways in rings, or by the one in floats."""
    if way is None:
        try:
            return duration_floats.in_floats(question)
        except FloatingPointError:
            way = _in_residues if is_worthwhile(1, 1) else _in_ring
    weights = way(question, running)
    if arithmetic == "exact":
        return Answer(weights)
    return rounded_shares(question, weights)


def _in_ring(question: DurationQuestion, running: Running) -> dict[int, Element]:
    shares = Shares.of(question)
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
    shares = Shares.of(question)
    data = Vectors(
        shares.lumped.sizes,
        tuple(tuple(map(int, row)) for row in shares.lumped.weight),
        tuple(tuple(map(int, row)) for row in shares.by_root(labelled=False)),
        question.jointly,
        tuple(modular.primes(int(question.total), below=1 << RESIDUE_BITS)),
    )
    return question.of_table(remainders.added(_over_counts, data, sum(data.sizes), running))


def _over_counts(data: Vectors, number: int) -> NDArray[Any]:
    prime = data.moduli[number]
    weights, shares = (
        np.array([[entry % prime for entry in row] for row in rows], dtype=np.int64)
        for rows in (data.weights, data.shares)
    )
    table = heights.modular_sums(data.sizes, weights, shares, prime, is_worthwhile(1, 1))
    return remainders.share(table, data, number)
