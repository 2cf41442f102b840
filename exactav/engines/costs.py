"""What each engine would take for a question, from counted operations.

Costs are in seconds of an ordinary core of the 2020s; they are there to tell seconds from years.
"""

import os
from dataclasses import dataclass, field
from math import comb, prod
from typing import Any

from exactav.engines import connected, frontier, subsets
from exactav.engines.question import Question
from exactav.kernels.orders import least_width
from exactav.network.system import System

# Seconds per counted operation, measured.
_MODULAR_STEP = 2.5e-8  # one residue updated by elimination
_COMPILED_STEP = 1e-9  # the same in compiled code
_FLOAT_STEP = 5e-10  # one number updated by elimination in compiled code
_NUMPY_FLOAT_STEP = 1e-8  # the same without
_STATE_STEP = 2e-6  # one state in one step of a sweep
_BYTE_STEP = 1e-10  # one byte of a state's value
_SLOW_BYTE_STEP = 3e-10  # the same with Python's integers
_MAX_STEPS = 1_000_000  # states of a sweep in all its steps that are counted, beyond which they are estimated
_MAX_WIDTH = 40
_LUMPED_STEP = 1e-7  # one step of a small determinant with long integers
_RING_STEP = 4e-6  # one product of two short ring elements
_LISTED = 5e-6  # seconds to list one set, with the pieces outside
_MAX_LISTED = 300_000  # sets that are counted when planning
_LISTED_MEGABYTES = 1.5e-3  # of one set with its weight


def _steps(size: int, width: int) -> int:
    """Entries updated by the elimination of a set along an order of this width, and what else it takes."""
    return min(2 * size // 3, 2 * width) * size**2 + 8 * size**2


def _all_steps(n: int) -> int:
    """The steps of all sets and their complements, each of which is eliminated by half of that on average."""
    return sum(comb(n, size) * _steps(size, n) for size in range(n + 1))


@dataclass(frozen=True)
class Estimate:
    """What one engine would take for a question, or why it does not apply.

    Attributes:
        engine: "subsets", "connected", "populations" or "frontier".
        work: what it visits, in words.
        seconds, megabytes: time and memory; infinite where the engine does not apply.
        reason: why it does not apply; empty where it does.
    """

    engine: str
    work: str
    seconds: float
    megabytes: float
    reason: str = ""
    sweep: frontier.SweepCost | None = field(default=None, repr=False)


def of_subsets(question: Question, floats: bool, *, listed: bool = False) -> Estimate:
    """``listed``: the weights of all sets are kept."""
    system, n = question.system, question.system.n_units
    if n > 40:
        return impossible("subsets", f"2^{n} sets are out of reach")
    if floats:
        seconds = _all_steps(n) * (_FLOAT_STEP if subsets.is_compiled(n, exact=False) else _NUMPY_FLOAT_STEP)
    elif system.ring.is_ZZ:
        seconds = _all_steps(n) * _n_primes(question) * _modular_step(n)
    else:
        products = n * 3 ** max(n - 1, 0) // 2 + 3**n // 2
        seconds = (products + 2**n * _terms(system)) * _RING_STEP
    megabytes: float = 20 if system.ring.is_ZZ else 2**n * _terms(system) * 1e-4
    if listed:
        seconds += 2**n * _LISTED
        megabytes += 2**n * _LISTED_MEGABYTES
    return Estimate("subsets", f"{count_text(2**n)} sets", seconds, megabytes)


def _modular_step(n: int) -> float:
    return _COMPILED_STEP if subsets.is_compiled(n, exact=True) else _MODULAR_STEP


def _n_primes(question: Question) -> int:
    return int(question.total).bit_length() // 31 + 2


def of_connected_sets(question: Question, at_most: float, method: str) -> Estimate:
    """Counts the sets, up to what ``at_most`` seconds of them allow."""
    system, n = question.system, question.system.n_units
    most = _MAX_LISTED if method != "connected" else memory() / _LISTED_MEGABYTES
    most = min(most, at_most / _LISTED)
    number, steps, minors = 0, 0, 0
    # compiled elimination skips what a narrow order leaves empty
    width = system.order.width if subsets.is_compiled(n, exact=True) and system.is_narrow else n
    for mask in connected.recruitable_sets(system, question.roots):
        number += 1
        if number > most:
            known = f"more than {count_text(int(most))} connected sets"
            return impossible("connected", known if most >= _MAX_LISTED else "another engine is quicker")
        size = mask.bit_count()
        steps += _steps(size, width)
        minors += size * 2**size if size <= 12 else 50 * size**3
    seconds = number * _LISTED
    if system.ring.is_ZZ:
        seconds += 2 * steps * _n_primes(question) * _modular_step(n)
    else:
        seconds += (2 * minors + number * _terms(system)) * _RING_STEP
    return Estimate(
        "connected", f"{count_text(number)} connected sets", seconds, 20 + number * _LISTED_MEGABYTES
    )


def of_populations(question: Question, classes: list[list[int]]) -> Estimate:
    vectors = prod(len(members) + 1 for members in classes)
    if vectors > 10**12:
        return impossible("populations", f"{count_text(vectors)} count vectors are out of reach")
    system, n_classes = question.system, len(classes)
    step = _LUMPED_STEP * (1 + system.n_units / 100) if system.ring.is_ZZ else _RING_STEP
    seconds = vectors * (n_classes + 1) * (n_classes**3 + 20) * step
    digits = int(question.total).bit_length() // 8 if question.system.ring.is_ZZ else 1000
    megabytes = 1 + question.n_outcomes * digits / 1e6
    return Estimate("populations", f"{count_text(vectors)} count vectors", seconds, megabytes)


def of_sweep(question: Question, floats: bool, at_most: float) -> Estimate:
    """Counts the states by a sweep without weights, up to what ``at_most`` seconds of sweeping allow."""
    system = question.system
    if system.ring.is_ZZ:
        length = 8 if floats else int(question.total).bit_length() // 8 + 1
        size = question.n_outcomes * length / 2  # bytes of a value, halfway
        growth = 2 * size * (_BYTE_STEP if floats or frontier.is_fast() else _SLOW_BYTE_STEP)
    else:
        size = 500.0 * question.n_outcomes * _terms(system) ** 0.5
        growth = 2 * question.n_outcomes * _terms(system) ** 0.5 * _RING_STEP
    step = _STATE_STEP + growth / 2
    least = least_width(system.weights)
    if at_most < 3.0**least * system.n_units * step:
        return impossible("frontier", "not tried, since another engine is quick")
    if least > _MAX_WIDTH or system.order.width > _MAX_WIDTH:
        return impossible("frontier", f"sweeps of width {max(least, _MAX_WIDTH)} and more are out of reach")
    order = system.order
    most, visited = frontier.count_steps(system, question.roots, order, min(_MAX_STEPS, at_most / step))
    work = f"{count_text(int(visited))} states with at most {order.width} units open"
    cost = frontier.SweepCost(visited, _STATE_STEP, growth)
    return Estimate("frontier", work, cost.total, 1 + 3 * most * size / 1e6, sweep=cost)


def memory() -> float:
    """The memory of this machine in MB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (AttributeError, ValueError, OSError):  # not on this platform: no bound is known
        return float("inf")


def impossible(engine: str, reason: str) -> Estimate:
    return Estimate(engine, "", float("inf"), float("inf"), reason)


def _terms(system: System) -> int:
    """A bound on the terms of a product of a tree and a forest polynomial."""
    if not system.ring.is_PolynomialRing:
        return 1
    row_terms, degrees = 1, 0
    for row, leak in zip(system.weights, system.leak, strict=True):
        entries: list[Any] = [entry for entry in (*row.values(), leak) if entry]
        row_terms *= max(1, sum(len(entry) for entry in entries))
        degrees += max((sum(monomial) for entry in entries for monomial in entry.monoms()), default=0)
    generators = system.ring.ngens
    return min(row_terms, comb(degrees + generators, generators) ** 2)


def count_text(number: int) -> str:
    if number < 10**12:
        return f"{number:,}"
    return f"10^{len(str(number)) - 1}"


def duration_text(seconds: float) -> str:
    """A duration in the unit a reader would use.

    >>> duration_text(90), duration_text(3.2e9)
    ('2 minutes', '101 years')
    """
    for unit, length in (
        ("year", 31_557_600),
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ):
        if seconds >= length:
            number = seconds / length
            shown = f"{number:,.0f}" if number < 10**6 else f"{number:.0e}"
            return f"{shown} {unit}{'' if shown == '1' else 's'}"
    return f"{seconds:.2g} seconds"


def memory_text(megabytes: float) -> str:
    """Memory in the unit a reader would use.

    >>> memory_text(26.6), memory_text(25_800_000)
    ('27 MB', '26 TB')
    """
    for unit, size in (("TB", 1e6), ("GB", 1e3)):
        if megabytes >= size:
            return f"{megabytes / size:,.0f} {unit}"
    return f"{megabytes:.0f} MB"
