"""Small avalanches in large networks: what all sets of up to so many units weigh, and all sets together.

A set that a start recruits from within needs the entries of the Green matrix between its units and those that
receive from them, and nothing else of the network (:mod:`exactav.kernels.small_weights`). The Green matrix is
inverted once: modulo each of many primes, or in floating point with a proven bound. Its diagonal gives what
all sets weigh, large ones, too: sum_k q_k det(M without k) = det M sum_k q_k G_kk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from exactav.engines.bid import Arithmetic
from exactav.engines.small import exact as small_exact
from exactav.engines.small import floats as small_floats
from exactav.engines.small.question import SmallQuestion
from exactav.engines.subsets import RING_STEP, terms_of
from exactav.errors import TooCostlyError
from exactav.kernels import small_sets
from exactav.kernels.choices import expands_minors
from exactav.kernels.green import layers
from exactav.kernels.loading import is_worthwhile
from exactav.kernels.machine import Machine
from exactav.kernels.orders import neighbours_of
from exactav.running.amounts import count_text, duration_text, memory_text
from exactav.running.limits import memory_said
from exactav.running.tasks import Running

# Seconds, measured; of compiled code and of NumPy.
_FLOAT_SET = {True: 1e-6, False: 1e-4}  # a set, besides what grows with it
_FLOAT_STEP = {True: 1.2e-9, False: 4e-8}  # one of (units and receivers)^3 of a set
_MODULAR_SET = {True: 2e-6, False: 3e-5}
_MODULAR_STEP = {True: 2.2e-9, False: 3e-8}
_SOLVED = 1.2e-9  # a row of a block, as wide as it is, for an entry of the Green matrix
_CHECKED = {True: 5e-8, False: 3e-7}  # a weight for an entry of the Green matrix
_ENTRY = 2.5e-7
_MODULAR_ROW = 8e-5
_MODULAR_ENTRY = 1.5e-9  # an entry of a row updated modulo a prime


@dataclass(frozen=True)
class Cost:
    """What small avalanches take: sets that are visited, seconds and memory."""

    n_sets: int
    seconds: float
    megabytes: float
    compiles: bool
    preparing: float = 0.0  # of the seconds, what the whole network takes
    n_primes: int = 0


def cost_of(question: SmallQuestion, arithmetic: Arithmetic, machine: Machine, max_cost: float) -> Cost:
    """What they would take; sets are counted only up to those that take ``max_cost`` seconds."""
    system, n, starts = question.system, question.system.n_units, list(question.roots)
    width = sum(len(block) ** 2 for block in layers(neighbours_of(system.weights))) / n
    n_primes, per_set, step, compiles = 0, _FLOAT_SET, _FLOAT_STEP, machine.compiles
    n_weights = sum(map(len, system.weights))
    fixed = n * n * (width * _SOLVED + _ENTRY) + n * (n + n_weights) * _CHECKED[compiles]
    megabytes = 50 + 1.8e-5 * n * n + 0.05 * n
    if arithmetic == "exact" and system.ring.is_ZZ:
        n_primes, per_set, step = small_exact.n_primes(question), _MODULAR_SET, _MODULAR_STEP
        fixed = n_primes * (n * _MODULAR_ROW + n * n * min(n, 3 * width) * _MODULAR_ENTRY)
        megabytes = 50 + 5e-5 * machine.cores * n * n
    repeated = max(1, n_primes)
    listing = question.listing(starts, 0, len(starts))
    if arithmetic == "exact" and not system.ring.is_ZZ:
        minors = n * 2.0**n if expands_minors(n) else 50.0 * n**3
        seconds = (2 * minors + terms_of(system)) * RING_STEP
        most = n**3 * max_cost / seconds  # a set counts for n^3 at most
        n_sets, _ = small_sets.counted(question.links, listing, most)
        return Cost(n_sets, n_sets * seconds, 50 + n_sets * 1e-3, False)
    most = max(max_cost - fixed, 0.0) / (repeated * step[compiles])
    n_sets, cubes = small_sets.counted(question.links, listing, most)
    compiles = compiles and is_worthwhile(n_sets * repeated, small_sets.COMPILED_LISTS)
    seconds = fixed + repeated * (n_sets * per_set[compiles] + cubes * step[compiles])
    return Cost(n_sets, seconds, megabytes, compiles, fixed, n_primes)


def checked(
    question: SmallQuestion,
    arithmetic: Arithmetic,
    machine: Machine,
    max_cost: float,
    what: str,
    advice: Callable[[], str],
) -> Cost:
    """What they take.

    Args:
        what: is asked, as messages call it.
        advice: finds out what one may ask instead.

    Raises:
        TooCostlyError: it is more than ``max_cost`` seconds, or than the memory that there is.
    """
    cost = cost_of(question, arithmetic, machine, max_cost)
    if cost.megabytes > machine.megabytes:
        raise TooCostlyError(
            f"{what} takes a matrix of {question.system.n_units:,} x {question.system.n_units:,} numbers, "
            f"about {memory_text(cost.megabytes)} of memory, more than {memory_said()}: {advice()}"
        )
    if cost.preparing > max_cost:
        modulo = f" modulo {cost.n_primes:,} primes" if cost.n_primes else ""
        raise TooCostlyError(
            f"{what} takes the inverse of a matrix of {question.system.n_units:,} x "
            f"{question.system.n_units:,} numbers{modulo}, about {duration_text(cost.preparing)}, and "
            f"{duration_text(max_cost)} is allowed: raise max_cost, or {advice()}"
        )
    if cost.seconds > max_cost:
        raise TooCostlyError(
            f"{what} would visit {count_text(cost.n_sets)} connected sets or more and take "
            f"{duration_text(cost.seconds)} or more, and {duration_text(max_cost)} is allowed: raise "
            f"max_cost, or {advice()}"
        )
    return cost


@dataclass(frozen=True)
class SmallAnswer:
    """Weights by size, and of all larger sizes together.

    Exact weights are ring elements that add up to ``total``. In floating point they are probabilities, and so
    many ``roundings`` bound their relative errors; ``roundings`` of exact ones is None.
    """

    weights: Mapping[int, Any]
    larger: Any
    total: Any
    roundings: int | None = None


def answered(question: SmallQuestion, arithmetic: Arithmetic, cost: Cost, running: Running) -> SmallAnswer:
    """The answer.

    Raises:
        FloatRangeError: numbers of the network are too far apart for floating point.
        UndecidedError: in floating point, what is left over for larger sizes is below the error.
    """
    if arithmetic == "float":
        found = small_floats.probabilities(question, running, compiles=cost.compiles)
        answer = SmallAnswer(found.by_size, found.larger, 1.0, found.roundings)
    else:
        if question.system.ring.is_ZZ:
            weights, total = small_exact.by_residues(question, running, compiles=cost.compiles)
        else:
            weights, total = small_exact.in_ring(question, running)
        answer = SmallAnswer(weights, total - sum(weights.values(), question.system.ring.zero), total)
    running.progress(1.0)
    return answer
