"""Generation by generation: patterns one by one, and the joint sum over sizes and durations.

A pattern G_1 = {k}, G_2, ..., G_D has volume dU prod_{d >= 2} prod_{j in G_d} (sum of w_jl over l in G_{d-1})
f(the rest), so its weight depends on the past only through the union so far and the last generation.
Derivation 01; derivation 03 adds the patterns of an assembly up to its tree weight.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from math import inf

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations.question import DurationQuestion, rounded_shares
from exactav.engines.durations.steps import Steps, steps_of
from exactav.errors import TooCostlyError
from exactav.kernels import choices
from exactav.kernels.determinants import determinant
from exactav.kernels.machine import Machine
from exactav.kernels.polynomials import SetSums
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import duration_text
from exactav.running.effort import Effort, Exhausted
from exactav.running.tasks import Progress, Running, no_progress

Pattern = tuple[int, ...]  # a mask for each generation
_STEP = 2e-6  # seconds for one product of the sum over generations, of integers
_RING_STEP = 1e-5  # of short polynomials
_MOST_COUNTED = 10**9  # steps that are counted to know how many there are
_LONG = 60.0  # seconds of an answer beyond which no more are counted, unless the engine is asked for
_PATTERN = 2e-5  # one pattern with its key
_MOST_PATTERNS = 5_000_000  # a law of more does not fit into memory


def forests_of(system: System) -> Callable[[int], Element]:
    """mask -> scaled forest weight of the set, each computed once."""
    if system.ring.is_PolynomialRing and system.n_units <= choices.RECURSED_SETS:
        return SetSums(system.ring, system.weights, system.leak, (1 << system.n_units) - 1).forest
    known: dict[int, Element] = {}

    def forest(mask: int) -> Element:
        if mask not in known:
            units = [u for u in range(system.n_units) if mask >> u & 1]
            known[mask] = determinant(system.ring, system.laplacian(units, leak=True))
        return known[mask]

    return forest


def received(system: System, fired: int, last: int) -> list[tuple[int, Element]]:
    """(unit, what it receives from generation ``last``) for the units not in ``fired`` that receive."""
    result = []
    for unit, row in enumerate(system.weights):
        if not fired >> unit & 1:
            total = None
            for sender, weight in row.items():
                if last >> sender & 1:
                    total = weight if total is None else total + weight
            if total:
                result.append((unit, total))
    return result


def subsets_weighted(one: Element, units: list[tuple[int, Element]]) -> list[tuple[int, Element]]:
    """(mask, product of the weights) of every nonempty subset of ``units``."""
    choices = [(0, one)]
    for unit, weight in units:
        choices += [(mask | 1 << unit, product * weight) for mask, product in choices]
    return choices[1:]


def pattern_weights(system: System, roots: Mapping[int, Element]) -> Iterator[tuple[Pattern, Element]]:
    """Every pattern with its weight roots[k] * ..., depth first."""
    forest = forests_of(system)
    everything = (1 << system.n_units) - 1
    stack: list[tuple[Pattern, int, Element]] = [
        ((1 << start,), 1 << start, root) for start, root in roots.items()
    ]
    while stack:
        pattern, fired, weight = stack.pop()
        if rest := forest(everything ^ fired):
            yield pattern, weight * rest
        for generation, factor in subsets_weighted(system.ring.one, received(system, fired, pattern[-1])):
            stack.append(((*pattern, generation), fired | generation, weight * factor))


def has_more_patterns_than(system: System, starts: Iterable[int], limit: int) -> bool:
    """Whether the weights allow more than ``limit`` patterns; takes at most about ``limit`` steps."""
    senders = [sum(1 << j for j in row) for row in system.weights]
    count = 0
    stack = [(1 << start, 1 << start) for start in starts]
    while stack:
        fired, last = stack.pop()
        count += 1
        masks = [1 << unit for unit, mask in enumerate(senders) if mask & last and not fired >> unit & 1]
        if count + len(stack) + 2 ** len(masks) > limit:
            return True
        choices = [0]
        for mask in masks:
            choices += [choice | mask for choice in choices]
        stack += [(fired | choice, choice) for choice in choices[1:]]
    return False


def check_patterns(
    system: System, roots: Mapping[int, Element], max_cost: float, advice: Callable[[], str]
) -> None:
    """Raise TooCostlyError if the patterns, counted without their weights, are too many.

    Args:
        advice: finds out what one may ask instead.
    """
    limit = int(min(max_cost / _PATTERN, _MOST_PATTERNS))
    if has_more_patterns_than(system, roots, limit):
        is_slow = limit < _MOST_PATTERNS
        allowed = f"{duration_text(max_cost)} allow: raise max_cost, or" if is_slow else "the memory allows:"
        raise TooCostlyError(f"the network has more than {limit:,} patterns, more than {allowed} {advice()}")


def size_duration_weights(
    system: System, roots: Mapping[int, Element], progress: Progress = no_progress
) -> dict[tuple[int, int], Element]:
    """(size, duration) -> total weight.

    Sums over the past of equal (union so far, last generation): at most 4^N transitions a generation instead
    of one for every pattern.
    """
    forest = forests_of(system)
    everything = (1 << system.n_units) - 1
    weights: dict[tuple[int, int], Element] = {}
    level: dict[tuple[int, int], Element] = {(1 << k, 1 << k): root for k, root in roots.items()}
    duration = 0
    while level:
        progress(duration / system.n_units)
        duration += 1
        following: dict[tuple[int, int], Element] = {}
        for (fired, last), weight in level.items():
            if rest := forest(everything ^ fired):
                key = fired.bit_count(), duration
                weights[key] = weights.get(key, system.ring.zero) + weight * rest
            for generation, factor in subsets_weighted(system.ring.one, received(system, fired, last)):
                state = fired | generation, generation
                term = weight * factor
                following[state] = following[state] + term if state in following else term
        level = following
    return weights


class Generations:
    """The engine: the only one that counts nothing but what weights allow, in any ring."""

    name = "generations"
    summary = "visits what can have fired together with its last generation"

    def bid(
        self,
        question: DurationQuestion,
        arithmetic: Arithmetic,
        machine: Machine,
        limit: float,
        effort: Effort,
    ) -> Bid:
        system = question.system
        step = _STEP if system.ring.is_ZZ else _RING_STEP
        per_state = 1 + sum(map(len, system.weights)) // 16
        bytes_each = 300 + question.bits / 8
        is_asked_for = limit == inf

        def seconds(found: Steps) -> float:
            products = found.steps + per_state * found.steps // 4 + found.unions * system.n_units**3 // 60
            return products * step

        def megabytes(found: Steps) -> float:
            return 1 + 2 * found.states * bytes_each / 1e6

        found = Steps(0, 0, 0)

        def tell(so_far: Steps) -> None:
            nonlocal found
            found = so_far
            takes = seconds(found)
            is_enough = takes > min(limit, effort.worth) or megabytes(found) > machine.megabytes
            if is_enough or found.steps > _MOST_COUNTED:
                raise Exhausted
            effort.raise_to(takes if is_asked_for else min(takes, _LONG))

        try:
            found, more = steps_of(system, question.roots, effort, tell), ""
        except Exhausted:
            more = "more than "
        work = f"{more}{found.steps:,} steps from one generation to the next"
        if more and seconds(found) <= effort.worth:
            return Bid.refusal(self.name, work)
        return Bid(
            self.name,
            work,
            seconds(found),
            megabytes(found),
            run=partial(_run, question, arithmetic),
        )


ENGINE = Generations()


def _run(question: DurationQuestion, arithmetic: Arithmetic, running: Running) -> Answer:
    by_outcome = size_duration_weights(question.system, question.roots, running.progress)
    weights = question.by_number(by_outcome)
    return Answer(weights) if arithmetic == "exact" else rounded_shares(question, weights)
