"""What a question costs before it is asked, and which engine answers it.

Costs are in seconds of an ordinary core of the 2020s, from counted operations; they are there to tell seconds
from years.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb, prod

from exactav.arithmetic import Element
from exactav.engines import generations, populations, subsets
from exactav.errors import TooCostlyError
from exactav.system import System

MAX_COST = 3600.0  # seconds

# Seconds per counted operation, measured.
_MODULAR_STEP = 2.5e-8  # one residue updated by elimination
_RING_STEP = 4e-6  # one product of two short ring elements
_GENERATION_STEP = 2e-6  # one product of the sum over generations
_PATTERN = 2e-5  # one pattern with its key
_MAX_PATTERNS = 5_000_000  # a law of more does not fit into memory


@dataclass(frozen=True)
class Cost:
    """Estimated cost of one engine for one question."""

    engine: str
    outcomes: int
    seconds: float

    def check(self, max_cost: float, question: str) -> None:
        """Raise TooCostlyError if the estimate is above ``max_cost`` seconds."""
        if self.seconds > max_cost:
            raise TooCostlyError(
                f"{question} would visit {_count(self.outcomes)} sets and take about "
                f"{duration_text(self.seconds)}, more than the allowed "
                f"{duration_text(max_cost)}: raise max_cost, or ask for what is polynomial "
                "(mean_size, participation, firing_rates, assembly_probability)"
            )


def subsets_cost(system: System, total: Element) -> Cost:
    """Cost of visiting every set of units."""
    n = system.n_units
    if system.ring.is_ZZ:
        steps = sum(comb(n, size) * (2 * size**3 // 3 + 8 * size**2) for size in range(n + 1))
        n_primes = int(total).bit_length() // 31 + 2
        return Cost("subsets", 2**n, steps * n_primes * _MODULAR_STEP)
    products = n * 3 ** max(n - 1, 0) // 2 + 3**n // 2
    return Cost("subsets", 2**n, (products + 2**n * _terms(system)) * _RING_STEP)


def populations_cost(system: System, classes: list[list[int]]) -> Cost:
    """Cost of visiting every count vector of interchangeable units."""
    vectors = prod(len(members) + 1 for members in classes)
    n_classes = len(classes)
    return Cost("populations", vectors, vectors * (n_classes + 1) * (n_classes**3 + 20) * _RING_STEP)


def size_weights(
    system: System, roots: Mapping[int, Element], total: Element, max_cost: float
) -> list[Element]:
    """``weights[L]`` for L = 0 .. N by the cheapest engine that applies."""
    classes = populations.classes_of(system)
    by_sets, by_counts = subsets_cost(system, total), populations_cost(system, classes)
    if len(classes) < system.n_units and by_counts.seconds < by_sets.seconds:
        by_counts.check(max_cost, "the law of sizes")
        return populations.size_weights(system, classes, roots)
    by_sets.check(max_cost, "the law of sizes")
    return subsets.size_weights(system, roots, total)


def steps_within(max_cost: float) -> int:
    """How many products between generations ``max_cost`` seconds allow."""
    return int(max_cost / _GENERATION_STEP)


def check_patterns(system: System, roots: Mapping[int, Element], max_cost: float) -> None:
    """Raise TooCostlyError if the patterns, counted without their weights, are too many."""
    limit = min(int(max_cost / _PATTERN), _MAX_PATTERNS)
    if generations.has_more_patterns_than(system, roots, limit):
        raise TooCostlyError(
            f"the network has more than {limit:,} patterns, more than {duration_text(max_cost)} and the "
            "memory allow: ask for size_duration_law or pattern_probability, or raise max_cost"
        )


def _terms(system: System) -> int:
    """A bound on the terms of a product of a tree and a forest polynomial."""
    if not system.ring.is_PolynomialRing:
        return 1
    row_terms, degrees = 1, 0
    for row, leak in zip(system.weights, system.leak, strict=True):
        entries = [entry for entry in (*row.values(), leak) if entry]
        row_terms *= max(1, sum(len(entry) for entry in entries))
        degrees += max((sum(monomial) for entry in entries for monomial in entry.monoms()), default=0)
    generators = system.ring.ngens
    return min(row_terms, comb(degrees + generators, generators) ** 2)


def _count(number: int) -> str:
    return f"{number:,}" if number < 10**12 else f"{float(number):.1e}"


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
