"""The law of the pattern: which units fire in which generation."""

from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import prod
from typing import Any

import sympy

from exactav.engines.durations import generations
from exactav.engines.plan import MAX_COST
from exactav.laws.advice import advised_for_patterns
from exactav.laws.assembly import AssemblyLaw
from exactav.laws.counting import asked, of_durations
from exactav.laws.duration import DurationLaw, SizeDurationLaw
from exactav.laws.kind import Pattern, Patterns, Units, as_pattern
from exactav.laws.law import Law, of_weights
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.laplacian import scaled_forest, units_of
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.domains import quotient


class PatternLaw(Law[Pattern]):
    """Law of the pattern, keyed by tuples of frozensets of labels, one for each generation."""

    __slots__ = ()

    @classmethod
    def _kind_of(cls, network: Network) -> Patterns:
        return Patterns(Units(network))

    def assembly_law(self) -> AssemblyLaw:
        """The law of the union of the generations."""
        return self.pushed(AssemblyLaw, lambda pattern: frozenset().union(*pattern))

    def size_law(self) -> SizeLaw:
        """The law of the number of units."""
        return self.pushed(SizeLaw, lambda pattern: sum(map(len, pattern)))

    def duration_law(self) -> DurationLaw:
        """The law of the number of generations."""
        return self.pushed(DurationLaw, len)

    def size_duration_law(self) -> SizeDurationLaw:
        """The joint law of the number of units and of generations."""
        return self.pushed(SizeDurationLaw, lambda pattern: (sum(map(len, pattern)), len(pattern)))


@of_network
def pattern_law(
    net: Network, start: Hashable | None = None, *, input: Any = None, max_cost: float = MAX_COST
) -> PatternLaw:
    """The law of the pattern G_1 = {k}, G_2, ..., G_D given an avalanche.

    A pattern has volume dU prod_{d >= 2} prod_{j in G_d} (sum of w_jl over l in G_{d-1}) f(units that do not
    fire). Derivation 01, arXiv:2202.02520. With an input d, the first generation G_1 is what it sets off, the
    factor is prod_{j in G_1} d_j in place of dU, and the others leak s - d, see derivation 14.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        input: of several units at once, as in :func:`exactav.size_law`.
        max_cost: largest estimated cost allowed, in seconds of an ordinary core.

    Raises:
        TooCostlyError: the network has too many patterns; :func:`size_duration_law` needs far fewer steps.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> pattern_law(net, start=0).pmf()
    {(frozenset({0}),): 3/4, (frozenset({0}), frozenset({1})): 1/4}
    """
    origin = origin_of(net, start, input, "pattern_law")
    starts = Starts.of(net, origin)
    questions = [(question, one) for question, _, one in asked(starts, of_durations(jointly=True))]
    allowed = seconds(max_cost) / len(questions)

    def advice() -> str:
        return advised_for_patterns([question for question, _ in questions], allowed)

    for question, _ in questions:
        generations.check_patterns(question.system, question.roots, allowed, advice)

    @cache
    def units(mask: int) -> frozenset[Hashable]:
        return frozenset(label for u, label in enumerate(net.labels) if mask >> u & 1)

    weights: dict[Pattern, Any] = {}
    for question, one in questions:
        for masks, weight in generations.pattern_weights(question.system, question.roots):
            pattern = tuple(map(units, masks[one is not None :]))  # without the source
            weights[pattern] = weights[pattern] + weight if pattern in weights else weight
    weights.pop((), None)
    return of_weights(PatternLaw, net, origin, weights, starts)


@of_network
def pattern_probability(
    net: Network, pattern: Sequence[Iterable[Hashable]], start: Hashable | None = None, *, input: Any = None
) -> sympy.Expr:
    """Probability of one pattern given an avalanche, from one determinant; any N.

    Args:
        pattern: for each generation the labels of its units; the first generation is the start.
        start, input: as in :func:`pattern_law`; 0 results where the start is not the first generation.

    Raises:
        UnknownOutcomeError: the generations are not disjoint, or one is empty.
        UnknownUnitError: a label is not in the network.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> pattern_probability(Network([[0, "1/2"], ["1/4", 0]]), [{0}, {1}])
    1/8
    """
    checked = as_pattern(net, pattern)
    starts = Starts.of(net, origin_of(net, start, input, "pattern_probability"))
    system, zero = starts.system, starts.system.ring.zero
    sets = [units_of(net, generation) for generation in checked]
    if not sets:
        return sympy.Integer(0)
    fired = {unit for generation in sets for unit in generation}
    silent = [u for u in range(net.n_units) if u not in fired]
    weight = zero
    if len(sets[0]) == 1 and sets[0][0] in starts.weights:
        weight += starts.weights[sets[0][0]] * scaled_forest(system, silent)
    for one in starts.inputs:
        first = prod((one.system.weights[u].get(one.source, zero) for u in sets[0]), start=one.root)
        weight += first * scaled_forest(one.silent, silent)
    for last, generation in pairwise(sets):
        for unit in generation:
            weight *= sum((system.weights[unit].get(sender, zero) for sender in last), zero)
    return quotient(system.ring, weight, starts.total)
