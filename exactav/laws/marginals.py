"""What the Green matrix G = M^{-1} gives in polynomial time, for any N: means, participation, rates."""

from collections.abc import Hashable

import sympy

from exactav.laws.starts import Starts
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
def participation(net: Network) -> sympy.ImmutableMatrix:
    """N x N matrix whose entry [j, k] is P(unit j is in the assembly | start k) = G_jk / G_kk.

    Rows and columns are in network order. Derivation 07, arXiv:2202.02520. There is no
    such formula for pairs of units: derivation 13.

    >>> participation(Network([[0, "1/2"], ["1/4", 0]]))
    Matrix([
    [  1, 1/2],
    [1/4,   1]])
    """
    numerators, _ = net.system.green
    n = range(net.n_units)
    return sympy.ImmutableMatrix(
        [[quotient(net.system.ring, numerators[j][k], numerators[k][k]) for k in n] for j in n]
    )


@of_network
def participation_overall(net: Network, start: Hashable | None = None) -> tuple[sympy.Expr, ...]:
    """P(unit j is in the assembly) given an avalanche, for each unit j in network order; their sum is the
    mean size.

    >>> participation_overall(Network([[0, "1/2"], ["1/4", 0]]))
    (3/4, 5/8)
    """
    numerators, _ = net.system.green
    starts = Starts.of(net, start).weights
    ring = net.system.ring
    fed = sum((q * numerators[k][k] for k, q in starts.items()), ring.zero)
    return tuple(
        quotient(ring, sum((q * row[k] for k, q in starts.items()), ring.zero), fed) for row in numerators
    )


@of_network
def mean_size(net: Network, start: Hashable | None = None) -> sympy.Expr:
    """Mean avalanche size given an avalanche: sum_j G_jk / G_kk for a start k, 1'Gp / sum_k p_k G_kk over all
    starts.

    >>> mean_size(Network([[0, "1/2"], ["1/4", 0]]), start=0)
    5/4
    """
    numerators, _ = net.system.green
    starts = Starts.of(net, start).weights
    zero = net.system.ring.zero
    total = sum((q * numerators[j][k] for k, q in starts.items() for j in range(net.n_units)), zero)
    return quotient(net.system.ring, total, sum((q * numerators[k][k] for k, q in starts.items()), zero))


@of_network
def mean_second_generation(net: Network, start: Hashable) -> sympy.Expr:
    """Mean number of units in the second generation: sum_j w_jk (G_kk G_jj - G_kj G_jk) / G_kk for the start
    k.

    >>> mean_second_generation(Network([[0, "1/2"], ["1/4", 0]]), start=0)
    1/4
    """
    return _second_generation(net, Starts.of(net, start))


@of_network
def branching_ratio(net: Network, start: Hashable | None = None) -> sympy.Expr:
    """Mean number of units that the first unit of an avalanche recruits at once: E|G_2| / E|G_1| = E|G_2|.

    This is the branching parameter sigma of Beggs and Plenz, J. Neurosci. 23, 11167 (2003), the mean ratio of
    the second time bin of an avalanche to the first, with one generation in each bin. For one ``start`` it is
    :func:`mean_second_generation`; without, starts are weighted by the drive and their chance of an
    avalanche. Later generations have other ratios, see :func:`exactav.mean_generations`; all units together
    recruit 1 - 1 / mean_size each, as each but the first has one parent. In a branching process, to which
    large homogeneous networks come close, all of these are the coupling; in finite networks they differ.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(4, "1/2")
    >>> branching_ratio(net), 1 - 1 / ea.mean_size(net)
    (9/20, 3/8)
    """
    return _second_generation(net, Starts.of(net, start))


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
def firing_rates(net: Network) -> tuple[sympy.Expr, ...]:
    """Mean number of firings of each unit per slow step, dU G p, in network order. Derivation 07.

    Raises:
        MissingIncrementError: the network has no increment; :func:`firings_per_input` needs none.

    >>> firing_rates(Network([[0, "1/2"], ["1/2", 0]], increment="1/4"))
    (1/4, 1/4)
    """
    increment = net.require_increment("firing_rates")
    above, below = net.ring_parts(increment)
    return tuple(quotient(net.system.ring, top * above, bottom * below) for top, bottom in _firings(net))


@of_network
def avalanche_probability(net: Network, start: Hashable | None = None) -> sympy.Expr:
    """Probability that a slow step sets off an avalanche: dU sum_k p_k G_kk, or dU G_kk given that start k is
    fed.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the increment is above the leak of the start.

    >>> avalanche_probability(Network([[0, "1/2"], ["1/2", 0]], increment="1/4"))
    1/3
    """
    above, below = Starts.of(net, start).avalanche(net, "avalanche_probability")
    return quotient(net.system.ring, above, below)


def _firings(net: Network) -> list[tuple[Element, Element]]:
    """(numerator, denominator) of (G p)_j for each unit j."""
    numerators, denominator = net.system.green
    starts = Starts.of(net, None)
    zero = net.system.ring.zero
    return [
        (sum((row[k] * q for k, q in starts.weights.items()), zero), denominator * starts.common)
        for row in numerators
    ]
