"""Induced Laplacians, and the tree and forest weights of one set of units."""

from collections.abc import Hashable, Iterable

import sympy

from exactav.errors import InvalidNetworkError
from exactav.kernels.determinants import determinant
from exactav.kernels.polynomials import SetSums
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.arguments import flag
from exactav.numbers.domains import Element, quotient
from exactav.texts import quoted


def units_of(net: Network, labels: Iterable[Hashable]) -> list[int]:
    """Sorted indices of the units with these labels, each named once or more."""
    return net.indices(labels)


@of_network
def induced_laplacian(
    net: Network, units: Iterable[Hashable], *, leak: bool = False, without: Hashable | None = None
) -> sympy.ImmutableMatrix:
    """L[S], the Laplacian of the subgraph induced on the set S of ``units``, in network order.

    Row sums of W within S (w_ii left out) stand on the diagonal, -w_ij off it.

    Args:
        units: labels of S.
        leak: add diag(s_S), as in the forest weight.
        without: label of a unit of S whose row and column are left out, as in the tree weight; None keeps
            all.

    Raises:
        UnknownUnitError: a label is not in the network.
        InvalidNetworkError: ``without`` is not in S.

    >>> net = Network([[0, "1/2"], ["1/3", 0]])
    >>> induced_laplacian(net, [0, 1])
    Matrix([
    [ 1/2, -1/2],
    [-1/3,  1/3]])
    """
    indices = units_of(net, units)
    inside = set(indices)
    with_leak = flag(leak, "leak")
    left_out = None if without is None else net.index(without)
    if left_out is not None and left_out not in inside:
        raise InvalidNetworkError(f"unit {quoted(without)} is left out of a set that it is not in")
    kept = [i for i in indices if i != left_out]
    weights, leaks = net.weights, net.leak

    def entry(i: int, j: int) -> sympy.Expr:
        if i != j:
            return -weights[i, j]
        total = net.received(i, inside - {i})
        return total + leaks[i] if with_leak else total

    return sympy.ImmutableMatrix(len(kept), len(kept), [entry(i, j) for i in kept for j in kept])


@of_network
def tree_weight(net: Network, assembly: Iterable[Hashable], start: Hashable) -> sympy.Expr:
    """tau_k(A): the sum over spanning trees of A rooted at k, each unit i != k taking one parent j by w_ij.

    Equals det L[A] without row and column k. Derivation 02.

    Args:
        assembly: labels of A.
        start: label of k, a unit of A.

    Raises:
        InvalidNetworkError: the start is not in the assembly.

    >>> a, b = sympy.symbols("a b")
    >>> tree_weight(Network([[0, a], [b, 0]]), {0, 1}, 0)
    b
    """
    indices = units_of(net, assembly)
    root = net.index(start)
    if root not in indices:
        raise InvalidNetworkError(
            f"start {quoted(start)} is not in the assembly: every avalanche holds its start"
        )
    return _unscaled(net, scaled_tree(net.system, indices, root), [i for i in indices if i != root])


@of_network
def forest_weight(net: Network, units: Iterable[Hashable]) -> sympy.Expr:
    """f(C): the sum over spanning forests of C rooted in the leak; f(all units) = det M. Derivation 02.

    Equals det(L[C] + diag(s_C)); 1 for the empty set.

    >>> a, b = sympy.symbols("a b")
    >>> net = Network([[0, a], [b, 0]])
    >>> forest_weight(net, {0, 1}).equals(net.volume())
    True
    """
    indices = units_of(net, units)
    return _unscaled(net, scaled_forest(net.system, indices), indices)


def scaled_tree(system: System, indices: list[int], root: int) -> Element:
    """tau of a row-scaled system."""
    if system.ring.is_PolynomialRing:
        return SetSums(system.ring, system.weights, system.leak, _mask(indices)).tree(root, _mask(indices))
    return determinant(system.ring, system.laplacian(indices, leak=False, without=root))


def scaled_forest(system: System, indices: list[int]) -> Element:
    """f of a row-scaled system."""
    if system.ring.is_PolynomialRing:
        return SetSums(system.ring, system.weights, system.leak, _mask(indices)).forest(_mask(indices))
    return determinant(system.ring, system.laplacian(indices, leak=True))


def _mask(indices: list[int]) -> int:
    return sum(1 << i for i in indices)


def _unscaled(net: Network, element: Element, rows: list[int]) -> sympy.Expr:
    scale = net.system.ring.one
    for i in rows:
        scale *= net.system.scales[i]
    return quotient(net.system.ring, element, scale)
