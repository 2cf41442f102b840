"""Spike counts over long windows: covariances, Fano factors and correlations, for increments of any size.

After T slow steps the units have fired n(T) = G (dU c(T) - u(T) + u(0)) times, where c(T) says how often
each was fed. The states are bounded, so that n(T) follows the multinomial c(T). Derivation 16.
"""

import sympy

from exactav.errors import InvalidNetworkError
from exactav.laws.starts import Starts
from exactav.network.asked import of_network
from exactav.network.entries import name_some
from exactav.network.network import Network
from exactav.numbers.domains import Element, quotient


@of_network
def count_covariance(net: Network) -> sympy.ImmutableMatrix:
    """N x N matrix of lim Cov(n_i(T), n_j(T)) / T, dU^2 G (diag p - p p') G', of the numbers of firings.

    n_j(T) is how often unit j fires in T slow steps; rows and columns are in network order. It holds for
    increments of any size and from any state or law of states. For T steps, Cov / T is off by at most
    (b_j sqrt(C_ii) + b_i sqrt(C_jj)) / sqrt(T) + b_i b_j / T, where C is this matrix and b = G U. If only one
    unit is driven it is 0: the counts stay within bounds about their means. Derivation 16.

    Raises:
        MissingIncrementError: the network has no increment.

    >>> net = Network([[0, "1/2"], ["1/2", 0]], increment="3/2")
    >>> count_covariance(net)  # n_0 + n_1 is bound to the number of steps
    Matrix([
    [ 1/4, -1/4],
    [-1/4,  1/4]])
    """
    above, below = net.ring_parts(net.any_increment("count_covariance"))
    covariances, scale = _covariances(net)
    ring = net.system.ring
    return sympy.ImmutableMatrix(
        [[quotient(ring, entry * above**2, scale**2 * below**2) for entry in row] for row in covariances]
    )


@of_network
def fano_factors(net: Network) -> tuple[sympy.Expr, ...]:
    """lim Var(n_j(T)) / E n_j(T) of each unit j, in network order: 1 of a Poisson process. Derivation 16.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: a unit never fires.

    >>> fano_factors(Network([[0, "1/2"], ["1/2", 0]], increment="3/2"))
    (1/6, 1/6)
    """
    above, below = net.ring_parts(net.any_increment("fano_factors"))
    covariances, scale = _covariances(net)
    means = _means(net)
    if silent := [label for label, mean in zip(net.labels, means, strict=True) if not mean]:
        raise InvalidNetworkError(
            f"units {name_some(silent)} never fire, so they have no Fano factor: ask net.without(units)"
        )
    return tuple(
        quotient(net.system.ring, covariances[j][j] * above, scale * mean * below)
        for j, mean in enumerate(means)
    )


@of_network
def count_correlation(net: Network) -> sympy.ImmutableMatrix:
    """N x N matrix of the limits of the correlations of n_i(T) and n_j(T) for long windows, in network order.

    They do not depend on the increment, and none needs to be given. Derivation 16.

    Raises:
        InvalidNetworkError: the variance of a count stays bounded, so that it has no correlation with others.

    >>> count_correlation(Network([[0, "1/2", 0], [0, 0, 0], [0, 0, 0]]))
    Matrix([
    [         1,    0, -sqrt(3)/2],
    [         0,    1,       -1/2],
    [-sqrt(3)/2, -1/2,          1]])
    """
    covariances, scale = _covariances(net)
    if fixed := [label for j, label in enumerate(net.labels) if not covariances[j][j]]:
        raise InvalidNetworkError(
            f"the counts of units {name_some(fixed)} stay within bounds about their means, so they have no "
            "correlations: see count_covariance"
        )
    ring = net.system.ring
    exact = [[quotient(ring, entry, scale**2) for entry in row] for row in covariances]
    n = range(net.n_units)
    return sympy.ImmutableMatrix(
        [
            [sympy.Integer(1) if i == j else exact[i][j] / sympy.sqrt(exact[i][i] * exact[j][j]) for j in n]
            for i in n
        ]
    )


def _means(net: Network) -> list[Element]:
    """(G p)_j times the denominator of G and the common denominator of the drive."""
    numerators, _ = net.system.green
    fed = Starts.of(net, None).weights
    return [sum((row[k] * q for k, q in fed.items()), net.system.ring.zero) for row in numerators]


def _covariances(net: Network) -> tuple[list[list[Element]], Element]:
    """(G (diag p - p p') G' times the square of a scale, the scale)."""
    numerators, denominator = net.system.green
    system, starts = net.system, Starts.of(net, None)
    means = _means(net)
    fed = [(k, q * system.scales[k] * starts.common) for k, q in starts.weights.items()]
    n = range(net.n_units)
    found = [[system.ring.zero for _ in n] for _ in n]
    for i in n:
        weighted = [(k, numerators[i][k] * q) for k, q in fed]
        for j in range(i + 1):
            squares = sum((value * numerators[j][k] for k, value in weighted), system.ring.zero)
            found[i][j] = found[j][i] = squares - means[i] * means[j]
    return found, denominator * starts.common
