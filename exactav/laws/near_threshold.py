"""Which units are near threshold in the stationary state, and how many."""

from collections.abc import Hashable, Iterable, Sequence
from math import prod
from time import perf_counter
from typing import Self

import sympy

from exactav.engines.plan import MAX_COST
from exactav.engines.reduction import restricted
from exactav.errors import CheckFailedError, OptionError, TooCostlyError
from exactav.laws.kind import Number
from exactav.laws.measure import Exact
from exactav.laws.numeric import NumericLaw
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.arguments import seconds
from exactav.numbers.domains import Domain, Element, quotient
from exactav.running.amounts import duration_text


class NearThresholdLaw(NumericLaw):
    """Law of the number of units that are near threshold in the stationary state."""

    __slots__ = ()
    name, letter = "number near threshold", "K"
    is_for_any_increment = True

    @classmethod
    def _kind_of(cls, network: Network) -> Number:
        return Number(cls.name, cls.letter, 0, network.n_units)

    def per_step(self) -> Self:
        raise OptionError("the law of the number near threshold is that of a state, not of a slow step")

    def _said(self) -> str:
        return "in the stationary state" + (f", given {self.condition}" if self.condition else "")


@of_network
def near_threshold(net: Network, units: Iterable[Hashable]) -> sympy.Expr:
    """P(u_i >= U_i - s_i for all i in S) in the stationary state: that all of these units are near threshold.

    It is the product of their leaks times det G_SS, for S of any size: the units near threshold are a
    determinantal process with kernel diag(s) G, and those that fire when they are fed their leak. Derivation
    17. Two determinants; any N.

    Args:
        units: labels of S.

    Raises:
        UnknownUnitError: a label is not in the network.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> near_threshold(net, [0]), near_threshold(net, [1]), near_threshold(net, [0, 1])
    (4/7, 6/7, 3/7)
    """
    inside = set(net.indices(units))
    system = net.system
    # weights from S count as leak: that is det M without S
    others = restricted(system, [unit for unit in range(net.n_units) if unit not in inside])
    leaks = prod((system.leak[unit] for unit in inside), start=system.ring.one)
    return quotient(system.ring, leaks * others.volume if leaks else leaks, system.volume)


@of_network
def near_threshold_law(net: Network, *, max_cost: float = MAX_COST) -> NearThresholdLaw:
    """The law of the number of units near threshold, u_i >= U_i - s_i, in the stationary state.

    Its generating function is det(I + (z - 1) diag(s) G) = det(L + z diag(s)) / det M, that of the number of
    trees in a random spanning forest rooted in the leak. Derivation 17. At least one unit is near threshold;
    the mean number is the sum of s_i G_ii. One determinant for each unit with leak.

    Args:
        max_cost: largest cost allowed, in seconds.

    Raises:
        TooCostlyError: the determinants take more than ``max_cost``.

    >>> law = near_threshold_law(Network([[0, "1/2"], ["1/4", 0]]))
    >>> law.pmf(), law.mean()
    ({1: 4/7, 2: 3/7}, 10/7)
    """
    allowed = seconds(max_cost)
    system = net.system
    leaking = [unit for unit in range(net.n_units) if system.leak[unit]]
    begin, values = perf_counter(), []
    for z in range(1, len(leaking) + 1):
        # without leak the Laplacian is singular, so the polynomial has the factor z
        values.append(system.ring.exquo(_leaking(system, z).volume, system.ring.convert(z)))
        expected = (perf_counter() - begin) / z * len(leaking)
        if expected > allowed:
            raise TooCostlyError(
                f"the law of the number near threshold would take about {duration_text(expected)}, more than "
                f"the allowed {duration_text(allowed)}: raise max_cost, ask for near_threshold of some "
                "units, or draw sample_near_threshold"
            )
    weights = dict(enumerate(_coefficients(system.ring, values), 1))
    closed = [unit for unit in range(net.n_units) if not system.leak[unit]]
    every = prod((system.leak[unit] for unit in leaking), start=restricted(system, closed).volume)
    if weights[len(leaking)] != every:
        raise CheckFailedError("the weight of all units near threshold is not the closed determinant")
    return NearThresholdLaw(
        net, None, NearThresholdLaw.kind_of(net), Exact(system.ring, weights, system.volume)
    )


def _leaking(system: System, factor: int) -> System:
    """The system with all leaks times a factor."""
    leak = tuple(leak * system.ring.convert(factor) for leak in system.leak)
    return System(system.ring, system.weights, leak, system.scales)


def _coefficients(ring: Domain, values: Sequence[Element]) -> list[Element]:
    """The coefficients of the polynomial over the ring with these values at 1, 2, 3, ...

    >>> from sympy import ZZ
    >>> _coefficients(ZZ, [3, 7, 13])
    [1, 1, 1]
    """
    differences = list(values)  # divided ones, which are in the ring as the coefficients are
    for order in range(1, len(values)):
        step = ring.convert(order)
        for place in range(len(values) - 1, order - 1, -1):
            differences[place] = ring.exquo(differences[place] - differences[place - 1], step)
    found: list[Element] = []
    for place in range(len(values) - 1, -1, -1):  # times (z - place - 1), plus the difference
        point = ring.convert(place + 1)
        shifted = [ring.zero, *found]
        found = [a - point * b for a, b in zip(shifted, [*found, ring.zero], strict=True)]
        found[0] += differences[place]
    return found[: len(values)]
