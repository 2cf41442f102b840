"""Generation by generation: patterns one by one, and the joint sum over sizes and durations.

A pattern G_1 = {k}, G_2, ..., G_D has volume dU prod_{d >= 2} prod_{j in G_d} (sum of w_jl over l in G_{d-1})
f(the rest), so its weight depends on the past only through the union so far and the last generation.
Derivation 01.
"""

from collections.abc import Callable, Iterator, Mapping

from exactav.arithmetic import Element
from exactav.errors import TooCostlyError
from exactav.kernels.determinants import determinant
from exactav.kernels.polynomials import SetSums
from exactav.system import System

Pattern = tuple[int, ...]  # a mask for each generation


def forests_of(system: System) -> Callable[[int], Element]:
    """mask -> scaled forest weight of the set, each computed once."""
    if system.ring.is_PolynomialRing:
        return SetSums(system.ring, system.weights, system.leak, (1 << system.n_units) - 1).forest
    known: dict[int, Element] = {}

    def forest(mask: int) -> Element:
        if mask not in known:
            units = [u for u in range(system.n_units) if mask >> u & 1]
            known[mask] = determinant(system.ring, system.laplacian(units, leak=True))
        return known[mask]

    return forest


def followers(system: System, fired: int, last: int) -> Iterator[tuple[int, Element]]:
    """All nonempty next generations after ``last`` among the units not in ``fired``, with their weights."""
    choices: list[tuple[int, Element]] = [(0, system.ring.one)]
    for unit, row in enumerate(system.weights):
        if fired >> unit & 1:
            continue
        received = None
        for sender, weight in row.items():
            if last >> sender & 1:
                received = weight if received is None else received + weight
        if received:
            choices += [(mask | 1 << unit, product * received) for mask, product in choices]
    return iter(choices[1:])


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
        for generation, factor in followers(system, fired, pattern[-1]):
            stack.append(((*pattern, generation), fired | generation, weight * factor))


def patterns(system: System, roots: Mapping[int, Element]) -> Iterator[Pattern]:
    """Every pattern that the weights allow, without its weight."""
    senders = [sum(1 << j for j in row) for row in system.weights]
    stack: list[tuple[Pattern, int]] = [((1 << start,), 1 << start) for start in roots]
    while stack:
        pattern, fired = stack.pop()
        yield pattern
        choices = [0]
        for unit, mask in enumerate(senders):
            if mask & pattern[-1] and not fired >> unit & 1:
                choices += [choice | 1 << unit for choice in choices]
        stack += [((*pattern, choice), fired | choice) for choice in choices[1:]]


def size_duration_weights(
    system: System, roots: Mapping[int, Element], max_transitions: int
) -> dict[tuple[int, int], Element]:
    """(size, duration) -> total weight.

    Sums over the past of equal (union so far, last generation): at most 4^N transitions a generation instead
    of one for every pattern.

    Raises:
        TooCostlyError: more than ``max_transitions`` were needed.
    """
    forest = forests_of(system)
    everything = (1 << system.n_units) - 1
    weights: dict[tuple[int, int], Element] = {}
    level: dict[tuple[int, int], Element] = {(1 << k, 1 << k): root for k, root in roots.items()}
    duration, transitions = 0, 0
    while level:
        duration += 1
        following: dict[tuple[int, int], Element] = {}
        for (fired, last), weight in level.items():
            if rest := forest(everything ^ fired):
                key = fired.bit_count(), duration
                weights[key] = weights.get(key, system.ring.zero) + weight * rest
            for generation, factor in followers(system, fired, last):
                state = fired | generation, generation
                term = weight * factor
                following[state] = following[state] + term if state in following else term
                transitions += 1
            if transitions > max_transitions:
                raise TooCostlyError(
                    f"the law of durations needs more than {max_transitions:,} steps between generations: "
                    "raise max_cost, or ask for mean_second_generation"
                )
        level = following
    return weights
