"""Random networks with independent rows, averaged: the network of the mean weights, and what it means."""

from collections.abc import Mapping
from typing import Any

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError
from exactav.network.asked import of_network
from exactav.network.edges import edges_by_place
from exactav.network.entries import by_label, weight_name
from exactav.network.network import Network
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import exact, shown


@of_network
def annealed(net: Network, chances: Any = None, *, mean: Any = None) -> Network:
    """The network of the mean weights of a random one, whose laws are the annealed laws of the random one.

    The random network has thresholds, drive and increment of ``net``, independent rows of weights, and no
    weight above that of ``net``; weights of one row may depend on each other. Its *annealed* law counts each
    network with the volume det M of its inhabited region: per slow step, E[det M P(A)] / E[det M]; given an
    avalanche, E[Z P(A)] / E[Z] with Z = sum_k p_k det(M without k), or Z = det(M without k) for one start. It
    is the law of a slow step for who draws a network and a state below its thresholds, and draws both anew
    unless the state is inhabited. It is not the mean of the laws, E[P(A)], the *quenched* average. Laws of
    assemblies, patterns, sizes, durations, waves, and their means, participation and firing rates are
    annealed ones; :func:`exactav.count_covariance` and what takes several slow steps are just those of the
    mean weights. Derivation 20.

    Args:
        net: with the largest weights, as if all edges were there; whatever is below is a network, too.
        chances: each edge of ``net`` is there with this probability, or else its weight is 0: one number for
            all, or a mapping from edges (sender, receiver), by label; other edges are always there.
        mean: instead of chances, mean weights, whatever their laws: those of some edges, or the whole matrix,
            as :meth:`~exactav.Network.replace` takes them.

    Raises:
        ArgumentError: neither chances nor means are given, or both.
        InvalidNetworkError: a chance is no probability, or that of an edge that ``net`` does not have; a mean
            weight is above that of ``net``; or the increment is above the leak of a driven unit of ``net``.
        UnknownUnitError: an edge names a unit that is not in the network.

    The directed Erdos-Renyi network of n units, edges of weight w with probability p, is homogeneous:

    >>> import exactav as ea
    >>> everybody = ea.families.homogeneous_without_self(4, 3 * sympy.Symbol("w"))
    >>> annealed(everybody, "p") == ea.families.homogeneous_without_self(4, "3*p*w")
    True
    >>> ea.assembly_law(annealed(ea.Network([[0, "1/2"], [0, "1/2"]]), "1/2"), start=1).pmf()
    {frozenset({1}): 3/4, frozenset({0, 1}): 1/4}
    """
    if (chances is None) == (mean is None):
        raise ArgumentError("annealed(net, chances) or annealed(net, mean=weights): give one of both")
    net.require_single_firing("annealed")
    if mean is not None:
        found = net.replace(weights=mean)
        for (i, j), weight in found.entries.items():
            largest = net.entries.get((i, j), sympy.Integer(0))
            if sign_of(largest - weight) == -1:
                raise InvalidNetworkError(
                    f"the mean of {weight_name(i, j, net.labels)} is {shown(weight)}, above the largest "
                    f"weight {shown(largest)}: give a network of the largest weights, and means below"
                )
        return found
    is_by_edge = isinstance(by_label(chances), Mapping)
    places = edges_by_place(chances, net.index) if is_by_edge else dict.fromkeys(net.entries, chances)
    entries = dict(net.entries)
    for (i, j), value in places.items():
        name = f"chance of {weight_name(i, j, net.labels)}"
        if (i, j) not in entries:
            raise InvalidNetworkError(f"{name}: the network has no such edge; (sender, receiver) is wanted")
        chance = exact(value, name)
        if sign_of(chance) == -1 or sign_of(1 - chance) == -1:
            raise InvalidNetworkError(f"{name} is {shown(chance)}: give a probability from 0 to 1")
        entries[i, j] *= chance
    return Network.from_entries(net.n_units, entries, net.thresholds, net.drive, net.increment, net.labels)
