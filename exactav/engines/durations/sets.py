"""Durations by sets of units: trees by height below every root, over all sets.

:mod:`exactav.kernels.set_heights` sums them, times the forest weight of the units that do not fire.
"""

from collections.abc import Sequence
from functools import partial
from math import comb
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations import remainders
from exactav.engines.durations.question import RESIDUE_BITS, DurationQuestion
from exactav.engines.rounding import divided, out_of_range, rounded
from exactav.kernels import choices, modular, positive, set_heights, sets
from exactav.kernels.heights import check
from exactav.kernels.loading import is_worthwhile
from exactav.kernels.machine import Machine
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.tasks import Running, no_progress

_MOST_UNITS = 24

# Seconds, measured.
_COMPILED_PRODUCT = 1.6e-9
_NUMPY_PRODUCT = 1.5e-8
_LEVEL_SET = 6e-9  # one set below one root, with what hangs there from one unit, at one level
_LEVEL_PAIR = 1e-5  # a pair of units at one level, however few sets there are


class Subsets:
    """The engine."""

    name = "subsets"
    summary = "visits all sets of units"

    def bid(
        self,
        question: DurationQuestion,
        arithmetic: Arithmetic,
        machine: Machine,
        limit: float,
        effort: Effort,
    ) -> Bid:
        n = question.system.n_units
        if not question.system.ring.is_ZZ:
            return Bid.refusal(self.name, "only rational networks are counted modulo primes")
        if n > _MOST_UNITS:
            return Bid.refusal(self.name, f"2^{n} sets are out of reach")
        n_moduli = 1 if arithmetic == "float" else question.bits // (RESIDUE_BITS - 1) + 2
        products = set_heights.n_products(n)
        compiles = machine.compiles and products >= choices.COMPILED_PRODUCTS
        step = _COMPILED_PRODUCT if compiles else _NUMPY_PRODUCT
        level_sets = n**3 * 2 ** max(n - 1, 0)
        forests = 2**n * n**3 // 6 * 1e-9
        seconds = n_moduli * (products * step + level_sets * _LEVEL_SET + n**3 * _LEVEL_PAIR + forests)
        if arithmetic == "exact" and compiles:  # NumPy takes its turns with one core
            seconds /= max(1, min(machine.cores, n_moduli))
        at_once = machine.cores if arithmetic == "exact" else 1
        megabytes = 20 + at_once * 2**n * n * 60e-6
        return Bid(
            self.name,
            f"{count_text(2**n)} sets",
            seconds,
            megabytes,
            run=partial(_run, question, arithmetic, compiles),
            keeps_checkpoint=arithmetic == "exact",
            compiles=compiles,
        )


ENGINE = Subsets()


class Sets(NamedTuple):
    """What the tasks need to know, in plain integers."""

    weights: Sequence[Sequence[int]]
    starts: Sequence[int]
    leak: Sequence[int]
    jointly: bool
    compiles: bool
    moduli: Sequence[int]


def _run(question: DurationQuestion, arithmetic: Arithmetic, compiles: bool, running: Running) -> Answer:
    compiles = compiles and is_worthwhile(1, 1)
    if arithmetic == "float":
        return _floats(question, compiles, running)
    system, units = question.system, range(question.system.n_units)
    data = Sets(
        tuple(tuple(int(row.get(j, 0)) for j in units) for row in system.weights),
        tuple(int(question.roots.get(k, 0)) for k in units),
        tuple(map(int, system.leak)),
        question.jointly,
        compiles,
        tuple(modular.primes(int(question.total), below=1 << RESIDUE_BITS)),
    )
    return Answer(question.of_table(remainders.added(_over_sets, data, len(data.starts), running)))


def _over_sets(data: Sets, number: int) -> NDArray[Any]:
    prime, n = data.moduli[number], len(data.starts)
    weights = np.array([[weight % prime for weight in row] for row in data.weights], dtype=np.int64)
    starts, leak = (np.array([x % prime for x in row], dtype=np.int64) for row in (data.starts, data.leak))
    every = np.arange(1 << n, dtype=np.int64)
    forests = sets.set_determinants(weights, sets.bits_of(every, n), prime, diagonal=leak)
    shares = _shares(forests, starts) % prime
    compiles = data.compiles and is_worthwhile(1, 1)  # where this task runs
    table = set_heights.modular_sums(weights, shares, prime, no_progress, compiles)
    return remainders.share(table, data, number)


def _shares(forests: NDArray[Any], starts: NDArray[Any]) -> NDArray[Any]:
    """By what else has fired, and by start: its weight times the forests of the units that have not."""
    n = len(starts)
    others = np.arange(1 << n - 1, dtype=np.int64)
    shares = np.empty((1 << n - 1, n), dtype=forests.dtype)
    for start in range(n):
        silent = (1 << n) - 1 - (set_heights.expanded(others, start) | 1 << start)
        shares[:, start] = forests[silent] * starts[start]
    return shares


def _floats(question: DurationQuestion, compiles: bool, running: Running) -> Answer:
    """Probabilities in floating point.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    n = question.system.n_units
    weights, starts, leak, total = rounded(question.sizes)
    try:
        forests = np.ones(1 << n)
        bits = sets.bits_of(np.arange(1 << n, dtype=np.int64), n)
        for chosen, units in sets.batches(bits):
            inside = weights[units[:, :, None], units[:, None, :]]
            forests[chosen] = positive.determinants(inside, leak[units], linear=False)
        with np.errstate(under="raise"):
            shares = _shares(forests, starts)
        check(shares, 0)
        table = set_heights.positive_sums(weights, shares, running.progress, compiles)
    except FloatingPointError:
        raise out_of_range() from None
    found: dict[int, Any] = question.of_table(table)
    values = {number: divided(value, total) for number, value in found.items()}
    # a start weight, the forests, two products, the sum over sets and sizes, the division by a rounded total
    most = max(comb(n - 1, size) for size in range(n)) * n
    count = 1 + positive.roundings(n) + 2 + positive.BLOCK + -(-most // positive.BLOCK) + n + 2
    return Answer(values, count + roundings(n, compiles))


def roundings(n_units: int, compiles: bool) -> int:
    """How many roundings bound the relative error of the trees of one height on at most ``n_units`` units.

    By the number of units below the root: what hangs there is a sum of rounded weights times smaller trees
    and adds up over the levels; the trees of one height are a sum of products, added up in blocks, and so do
    they.
    """
    whole = [0]
    for size in range(1, n_units):
        hanging = [0, *(whole[block - 1] + 2 * block + 2 for block in range(1, size + 1))]
        products = 1 << size
        additions = positive.BLOCK + products // (positive.BLOCK - 2) + 1 if compiles else products
        new = max(hanging[block] + whole[size - block] for block in range(1, size + 1)) + 1 + additions
        whole.append(new + size)
    return whole[-1]
