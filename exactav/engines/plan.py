"""What a question costs before it is asked, and which engine answers it.

Costs are in seconds of an ordinary core of the 2020s, from counted operations; they are there to tell seconds
from years.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from math import comb, prod

from exactav.arithmetic import Element
from exactav.engines import connected, frontier, generations, populations, reduction, subsets
from exactav.engines.question import Question
from exactav.engines.running import HERE, Running
from exactav.errors import TooCostlyError
from exactav.kernels.orders import least_width
from exactav.system import System

MAX_COST = 3600.0  # seconds

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
_GENERATION_STEP = 2e-6  # one product of the sum over generations
_PATTERN = 2e-5  # one pattern with its key
_MAX_PATTERNS = 5_000_000  # a law of more does not fit into memory
_LISTED = 5e-6  # seconds to list one set, with the pieces outside
_MAX_LISTED = 300_000  # sets that are counted when planning
_LISTED_MEGABYTES = 1.5e-3  # of one set with its weight
_ADVICE = (
    "ask for arithmetic='float', for fewer observed units, or for what is polynomial (mean_size, "
    "participation, firing_rates, assembly_probability), or simulate"
)
_ADVICE_ON_ASSEMBLIES = (
    "ask for what is polynomial (mean_size, participation, firing_rates, assembly_probability), for the "
    "law of sizes, or simulate"
)


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


@dataclass(frozen=True)
class Plan:
    """Which engines apply to a question, what each would take, and which is chosen.

    Attributes:
        n_units: units that can fire, in the largest part of the network.
        n_parts: parts that are computed apart.
        n_classes: classes of interchangeable units.
        estimates: one for each engine.
        choice: the engine that is taken.
    """

    n_units: int
    n_parts: int
    n_classes: int
    estimates: tuple[Estimate, ...]
    choice: str

    @property
    def chosen(self) -> Estimate:
        """The estimate of the chosen engine."""
        return next(estimate for estimate in self.estimates if estimate.engine == self.choice)

    def text(self) -> str:
        """What a reader wants to know before asking."""
        lines = [
            f"{self.n_units} units that can fire"
            + (f" in the largest of {self.n_parts} parts" if self.n_parts > 1 else "")
            + f", {self.n_classes} classes of interchangeable ones",
            "",
        ]
        for estimate in self.estimates:
            mark = "*" if estimate.engine == self.choice else " "
            said = estimate.reason or (
                f"{estimate.work}, about {duration_text(estimate.seconds)} and {estimate.megabytes:.3g} MB"
            )
            lines.append(f"{mark} {estimate.engine:<12} {said}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Plan\n{self.text()}\n>"

    def check(self, max_cost: float, what: str, *, advice: str = _ADVICE) -> None:
        """Raise TooCostlyError if the choice takes more than ``max_cost`` seconds, or too much memory."""
        chosen = self.chosen
        if chosen.reason:
            raise TooCostlyError(f"{what} by method={self.choice!r}: {chosen.reason}; {advice}")
        if chosen.megabytes > _memory():
            raise TooCostlyError(
                f"{what} would visit {chosen.work} and take about {chosen.megabytes:,.0f} MB of memory, more "
                f"than this machine has: {advice}"
            )
        if chosen.seconds > max_cost:
            raise TooCostlyError(
                f"{what} would visit {chosen.work} and take about {duration_text(chosen.seconds)}, more than "
                f"the allowed {duration_text(max_cost)}: raise max_cost, {advice}"
            )


METHODS = ("auto", "subsets", "connected", "populations", "frontier")
ASSEMBLY_METHODS = ("auto", "subsets", "connected")


def plan_of(question: Question, method: str = "auto", *, floats: bool = False) -> Plan:
    """The plan of a question; its parts are taken to be planned apart.

    Raises:
        ValueError: there is no such method.
    """
    _check_method(method, METHODS)
    pieces = list(reduction.parts(question))
    largest = max((part.question for part in pieces), key=lambda piece: piece.system.n_units)
    return _planned(largest, method, floats, len(pieces), thorough=True)


def _planned(
    question: Question, method: str, floats: bool, n_parts: int = 1, *, thorough: bool = False
) -> Plan:
    """Engines that would take long to plan are not, unless asked for, where others are quick."""
    classes = populations.split_classes(question)
    estimates = [_by_sets(question, floats), _by_classes(question, classes)]

    def limit(engine: str) -> float:
        return float("inf") if method == engine else min(estimate.seconds for estimate in estimates)

    if floats:
        connected_sets = _impossible("connected", "exact sums only")
    else:
        connected_sets = _by_connected_sets(
            question, float("inf") if thorough else limit("connected"), method
        )
    estimates.insert(1, connected_sets)
    estimates.append(_by_sweep(question, floats, limit("frontier")))
    return _chosen(question.system.n_units, n_parts, len(classes), estimates, method)


def _chosen(n_units: int, n_parts: int, n_classes: int, estimates: list[Estimate], method: str) -> Plan:
    fitting = [estimate for estimate in estimates if estimate.megabytes <= _memory()] or estimates
    choice = min(fitting, key=lambda estimate: estimate.seconds).engine if method == "auto" else method
    return Plan(n_units, n_parts, n_classes, tuple(estimates), choice)


def _by_sets(question: Question, floats: bool, *, listed: bool = False) -> Estimate:
    """``listed``: the weights of all sets are kept."""
    system, n = question.system, question.system.n_units
    if n > 40:
        return _impossible("subsets", f"2^{n} sets are out of reach")
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
    return Estimate("subsets", f"{_count(2**n)} sets", seconds, megabytes)


def _modular_step(n: int) -> float:
    return _COMPILED_STEP if subsets.is_compiled(n, exact=True) else _MODULAR_STEP


def _n_primes(question: Question) -> int:
    return int(question.total).bit_length() // 31 + 2


def _by_connected_sets(question: Question, at_most: float, method: str) -> Estimate:
    """Counts the sets, up to what ``at_most`` seconds of them allow."""
    system, n = question.system, question.system.n_units
    most = _MAX_LISTED if method != "connected" else _memory() / _LISTED_MEGABYTES
    most = min(most, at_most / _LISTED)
    number, steps, minors = 0, 0, 0
    # compiled elimination skips what a narrow order leaves empty
    width = system.order.width if subsets.is_compiled(n, exact=True) and system.is_narrow else n
    for mask in connected.recruitable_sets(system, question.roots):
        number += 1
        if number > most:
            known = f"more than {_count(int(most))} connected sets"
            return _impossible("connected", known if most >= _MAX_LISTED else "another engine is quicker")
        size = mask.bit_count()
        steps += _steps(size, width)
        minors += size * 2**size if size <= 12 else 50 * size**3
    seconds = number * _LISTED
    if system.ring.is_ZZ:
        seconds += 2 * steps * _n_primes(question) * _modular_step(n)
    else:
        seconds += (2 * minors + number * _terms(system)) * _RING_STEP
    return Estimate("connected", f"{_count(number)} connected sets", seconds, 20 + number * _LISTED_MEGABYTES)


def _by_classes(question: Question, classes: list[list[int]]) -> Estimate:
    vectors = prod(len(members) + 1 for members in classes)
    if vectors > 10**12:
        return _impossible("populations", f"{_count(vectors)} count vectors are out of reach")
    system, n_classes = question.system, len(classes)
    step = _LUMPED_STEP * (1 + system.n_units / 100) if system.ring.is_ZZ else _RING_STEP
    seconds = vectors * (n_classes + 1) * (n_classes**3 + 20) * step
    digits = int(question.total).bit_length() // 8 if question.system.ring.is_ZZ else 1000
    megabytes = 1 + question.n_outcomes * digits / 1e6
    return Estimate("populations", f"{_count(vectors)} count vectors", seconds, megabytes)


def _by_sweep(question: Question, floats: bool, at_most: float) -> Estimate:
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
        return _impossible("frontier", "not tried, since another engine is quick")
    if least > _MAX_WIDTH or system.order.width > _MAX_WIDTH:
        return _impossible("frontier", f"sweeps of width {max(least, _MAX_WIDTH)} and more are out of reach")
    order = system.order
    most, visited = frontier.count_steps(system, question.roots, order, min(_MAX_STEPS, at_most / step))
    work = f"{_count(int(visited))} states with at most {order.width} units open"
    cost = frontier.SweepCost(visited, _STATE_STEP, growth)
    return Estimate("frontier", work, cost.total, 1 + 3 * most * size / 1e6, sweep=cost)


def _memory() -> float:
    """The memory of this machine in MB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (AttributeError, ValueError, OSError):  # not on this platform: no bound is known
        return float("inf")


def _impossible(engine: str, reason: str) -> Estimate:
    return Estimate(engine, "", float("inf"), float("inf"), reason)


def exact_counts(
    question: Question, method: str, max_cost: float, what: str, running: Running = HERE
) -> dict[int, Element]:
    """The weights by the number of their counts, by ``method`` or the cheapest engine that applies.

    Raises:
        ValueError: there is no such method, or a checkpoint is wanted where nothing is kept.
        TooCostlyError: the estimate is above ``max_cost`` seconds, or the method does not apply.
    """
    weights: dict[int, Element] = {}
    for part, plan, share in _planned_parts(question, method, max_cost, what, running, floats=False):
        if plan.choice == "subsets":
            found = subsets.counted(part.question, share)
        elif plan.choice == "connected":
            found = connected.counted(part.question, share)
        elif plan.choice == "populations":
            found = populations.counted(part.question, share)
        else:
            found = frontier.counted(part.question, share, cost=plan.chosen.sweep)
        for number, weight in found.items():
            number = part.number(number)
            weight = weight * part.factor
            weights[number] = weights[number] + weight if number in weights else weight
    running.progress(1.0)
    return weights


def float_counts(
    question: Question, method: str, max_cost: float, what: str, running: Running = HERE
) -> tuple[dict[int, float], int]:
    """Probabilities by the number of their counts, and how many roundings bound their relative errors.

    Raises: as :func:`exact_counts`, and
        FloatingPointError: numbers of the network are too far apart for floating point.
    """
    result: dict[int, float] = {}
    roundings = 0
    planned = _planned_parts(question, method, max_cost, what, running, floats=True)
    for part, plan, share in planned:
        if plan.choice == "subsets":
            found, count = subsets.estimated(part.question, share)
        elif plan.choice == "populations":
            found, count = _rounded_populations(part.question, share)
        else:
            found, count = frontier.estimated(part.question, share, cost=plan.chosen.sweep)
        weight = float(Fraction(int(part.question.total * part.factor), int(question.total)))
        for number, probability in found.items():
            number = part.number(number)
            result[number] = result.get(number, 0.0) + weight * probability
        roundings = max(roundings, count + 2 * (len(planned) > 1) + len(planned) - 1)
    running.progress(1.0)
    return result, roundings


def _planned_parts(
    question: Question, method: str, max_cost: float, what: str, running: Running, *, floats: bool
) -> list[tuple[reduction.Part, Plan, Running]]:
    """The parts of a question with their plans, all of which are allowed, and shares of the progress."""
    _check_method(method, METHODS)
    parts = list(reduction.parts(question))
    plans = [_planned(part.question, method, floats) for part in parts]
    for plan in plans:
        plan.check(max_cost, what)
    if running.checkpoint is not None and not any(map(_keeps_checkpoint, parts, plans)):
        raise ValueError(
            f"{what} is found by {plans[0].choice!r}, in about {duration_text(plans[0].chosen.seconds)}, and "
            "only sums over sets of rational networks keep a checkpoint: leave it out, or give "
            "method='subsets'"
        )
    seconds = sum(plan.chosen.seconds for plan in plans)
    shares = [plan.chosen.seconds / seconds for plan in plans]
    ends = list(accumulate(shares))
    return [
        (part, plan, running.part(end - share, end))
        for part, plan, share, end in zip(parts, plans, shares, ends, strict=True)
    ]


def _keeps_checkpoint(part: reduction.Part, plan: Plan) -> bool:
    return plan.choice == "subsets" and part.question.system.ring.is_ZZ


def assembly_weights(
    system: System,
    roots: Mapping[int, Element],
    total: Element,
    method: str,
    max_cost: float,
    running: Running = HERE,
) -> dict[int, Element]:
    """mask -> weight of all assemblies where it is not zero, by ``method`` or the cheaper engine.

    Raises: as :func:`exact_counts`.
    """
    _check_method(method, ASSEMBLY_METHODS)
    question = Question.of_size(system, roots, total)
    estimates = [_by_sets(question, floats=False, listed=True)]
    at_most = float("inf") if method == "connected" else estimates[0].seconds
    estimates.append(_by_connected_sets(question, at_most, method))
    plan = _chosen(system.n_units, 1, 0, estimates, method)
    plan.check(max_cost, "the law of all assemblies", advice=_ADVICE_ON_ASSEMBLIES)
    if plan.choice == "subsets":
        weights = subsets.assembly_weights(system, roots, total, running)
    else:
        weights = connected.assembly_weights(system, roots, total, running)
    running.progress(1.0)
    return weights


def _check_method(method: str, known: Sequence[str]) -> None:
    if method not in known:
        raise ValueError(f"method = {method!r}: give one of {', '.join(known)}")


def _rounded_populations(question: Question, running: Running) -> tuple[dict[int, float], int]:
    """Exact counting is quick: each probability is rounded once."""
    total = int(question.total)
    exact = populations.counted(question, running)
    return {number: float(Fraction(int(weight), total)) for number, weight in exact.items()}, 1


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
