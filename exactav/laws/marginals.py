"""What the Green matrix G = M^{-1} gives in polynomial time, for any N: means, participation, rates."""

from collections.abc import Hashable
from typing import Any

import sympy

from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.domains import Element, quotient


@of_network
def green_matrix(net: Network) -> sympy.ImmutableMatrix:
    """G = M^{-1}, N x N: G[j, k] is the mean number of firings of j caused by one unit of input to k.

    >>> green_matrix(Network([[0, "1/2"], ["1/2", 0]]))
    Matrix([
    [4/3, 2/3],
    [2/3, 4/3]])
    """
    numerators, denominator = net.system.green
    ring, scales = net.system.ring, net.system.scales
    n = range(net.n_units)
    return sympy.ImmutableMatrix(
        [[quotient(ring, numerators[j][k] * scales[k], denominator) for k in n] for j in n]
    )


@of_network
def participation(net: Network, *, input: Any = None) -> sympy.ImmutableMatrix:
    """N x N matrix whose entry [j, k] is P(unit j is in the assembly | start k) = G_jk / G_kk.

    Rows and columns are in network order. Derivation 07, arXiv:2202.02520. There is no
    such formula for pairs of units: derivation 13.

    Args:
        input: as in :func:`exactav.size_law`: the matrix has one column, P(unit j fires | the input sets off
            an avalanche), (G d)_j over the probability of an avalanche. Per slow step (G d)_j is
            :func:`firing_rates`. Derivation 14.

    Raises:
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> participation(Network([[0, "1/2"], ["1/4", 0]]))
    Matrix([
    [  1, 1/2],
    [1/4,   1]])
    """
    if input is not None:
        return sympy.ImmutableMatrix(participation_overall(net, input=input))
    net.require_single_firing("participation")
    numerators, _ = net.system.green
    n = range(net.n_units)
    return sympy.ImmutableMatrix(
        [[quotient(net.system.ring, numerators[j][k], numerators[k][k]) for k in n] for j in n]
    )


@of_network
def participation_overall(
    net: Network, start: Hashable | None = None, *, input: Any = None
) -> tuple[sympy.Expr, ...]:
    """P(unit j is in the assembly) given an avalanche, for each unit j in network order; their sum is the
    mean size.

    Args:
        start, input: as in :func:`exactav.size_law`; with an input d it is in proportion to G d.

    Raises:
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> participation_overall(Network([[0, "1/2"], ["1/4", 0]]))
    (3/4, 5/8)
    """
    starts = Starts.of(net, origin_of(net, start, input, "participation_overall"))
    above, below = starts.participation
    return tuple(quotient(starts.system.ring, element, below) for element in above)


@of_network
def mean_size(net: Network, start: Hashable | None = None, *, input: Any = None) -> sympy.Expr:
    """Mean avalanche size given an avalanche: sum_j G_jk / G_kk for a start k, 1'Gp / sum_k p_k G_kk over all
    starts, 1'Gd / P(avalanche) for an input d.

    Args:
        start, input: as in :func:`exactav.size_law`.

    Raises:
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> mean_size(Network([[0, "1/2"], ["1/4", 0]]), start=0)
    5/4
    """
    starts = Starts.of(net, origin_of(net, start, input, "mean_size"))
    above, below = starts.participation
    return quotient(starts.system.ring, sum(above, starts.system.ring.zero), below)


@of_network
def mean_second_generation(net: Network, start: Hashable) -> sympy.Expr:
    """Mean number of units in the second generation: sum_j w_jk (G_kk G_jj - G_kj G_jk) / G_kk for the start
    k.

    Raises:
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> mean_second_generation(Network([[0, "1/2"], ["1/4", 0]]), start=0)
    1/4
    """
    return _second_generation(net, Starts.of(net, origin_of(net, start, None, "mean_second_generation")))


@of_network
def branching_ratio(net: Network, start: Hashable | None = None) -> sympy.Expr:
    """Mean number of units that the first unit of an avalanche recruits at once: E|G_2| / E|G_1| = E|G_2|.

    This is the branching parameter sigma of Beggs and Plenz, J. Neurosci. 23, 11167 (2003), the mean ratio of
    the second time bin of an avalanche to the first, with one generation in each bin. For one ``start`` it is
    :func:`mean_second_generation`; without, starts are weighted by the drive and their chance of an
    avalanche. Later generations have other ratios, see :func:`exactav.mean_generations`; all units together
    recruit 1 - 1 / mean_size each, as each but the first has one parent. In a branching process, to which
    large homogeneous networks come close, all of these are the coupling; in finite networks they differ.

    Raises:
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(4, "1/2")
    >>> branching_ratio(net), 1 - 1 / ea.mean_size(net)
    (9/20, 3/8)
    """
    return _second_generation(net, Starts.of(net, origin_of(net, start, None, "branching_ratio")))


def _second_generation(net: Network, starts: Starts) -> sympy.Expr:
    numerators, denominator = net.system.green
    ring, total, fed = net.system.ring, net.system.ring.zero, net.system.ring.zero
    for k, q in starts.weights.items():
        fed += q * numerators[k][k]
    for j, row in enumerate(net.system.weights):
        for k, weight in row.items():
            if k in starts.weights:
                minor = numerators[k][k] * numerators[j][j] - numerators[k][j] * numerators[j][k]
                total += starts.weights[k] * weight * minor
    return quotient(ring, total, fed * denominator)


@of_network
def firings_per_input(net: Network) -> tuple[sympy.Expr, ...]:
    """Mean number of firings of each unit per unit of external input, G p, in network order.

    >>> firings_per_input(Network([[0, "1/2"], ["1/2", 0]]))
    (1, 1)
    """
    return tuple(quotient(net.system.ring, top, bottom) for top, bottom in _firings(net))


@of_network
def firing_rates(net: Network, *, input: Any = None) -> tuple[sympy.Expr, ...]:
    """Mean number of firings of each unit per slow step, dU G p, in network order; increments of any size.

    Derivation 07, and derivation 16 for increments above the leak.

    Args:
        input: as in :func:`exactav.size_law`: G d of an input d, the probability that each unit fires
            (derivation 14), which needs no increment.

    Raises:
        MissingIncrementError: the network has no increment; :func:`firings_per_input` needs none.

    >>> firing_rates(Network([[0, "1/2"], ["1/2", 0]], increment="1/4"))
    (1/4, 1/4)
    """
    if input is not None:
        starts = Starts.of(net, origin_of(net, None, input, None))
        numerators, denominator = starts.system.green
        ring, below = starts.system.ring, denominator * starts.common
        fed = starts.fed.items()
        return tuple(
            quotient(ring, sum((q * row[k] for k, q in fed), ring.zero), below) for row in numerators
        )
    increment = net.any_increment("firing_rates")
    above, below = net.ring_parts(increment)
    return tuple(quotient(net.system.ring, top * above, bottom * below) for top, bottom in _firings(net))


def _firings(net: Network) -> list[tuple[Element, Element]]:
    """(numerator, denominator) of (G p)_j for each unit j."""
    numerators, denominator = net.system.green
    starts = Starts.of(net, None)
    zero = net.system.ring.zero
    return [
        (sum((row[k] * q for k, q in starts.weights.items()), zero), denominator * starts.common)
        for row in numerators
    ]
