"""Networks of integers are sandpiles: the integer points of the torus are a finite abelian group Z^N / M Z^N.

Its order is det M; each of its elements has one inhabited state, which sandpile theory calls recurrent.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from itertools import product
from math import prod
from operator import lt
from typing import TYPE_CHECKING, Any

import sympy
from sympy import ZZ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.normalforms import smith_normal_form

from exactav.errors import ArgumentError, InvalidNetworkError, TooCostlyError
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import is_truth
from exactav.numbers.expressions import described, exact
from exactav.phase_space.burning import unburnt
from exactav.phase_space.limits import MAX_STATES
from exactav.phase_space.states import as_state
from exactav.phase_space.torus import in_integers, relax, representative
from exactav.texts import quoted

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "added",
    "avalanche_polynomial",
    "identity",
    "invariant_factors",
    "of_graph",
    "recurrent_states",
]

Integers = tuple[int, ...]


def of_graph(graph: "nx.Graph[Any]", sink: Hashable) -> Network:
    """The sandpile on a graph with a sink: a unit fires when it holds as many grains as it has edges.

    Each firing sends one grain along every edge (``weight`` many, where that is given), those to the sink are
    lost. The increment is 1 where all units have a leak; the model of avalanches asks for that.

    Args:
        graph: directed (grains move along edges) or not, with or without parallel edges.

    Raises:
        InvalidNetworkError: there is no such node, or a node receives by more edges than it sends by, so that
            it has no leak; or a weight is negative.
        InexactError: a weight is a float.
        SingularNetworkError: the sink cannot be reached from everywhere.

    >>> import networkx as nx
    >>> of_graph(nx.complete_graph(4), sink=3).volume()
    16
    """
    import networkx as nx

    if not isinstance(graph, nx.Graph):
        raise ArgumentError(f"{described(graph)}: wanted a graph of networkx")
    if sink not in graph or (is_truth(sink) and not any(map(is_truth, graph))):
        raise InvalidNetworkError(f"the graph has no node {quoted(sink)}: name one of its nodes as sink")
    labels = [node for node in graph if node != sink]
    place = {node: i for i, node in enumerate(labels)}
    thresholds = [sympy.S.Zero] * len(labels)
    weights = [[sympy.S.Zero] * len(labels) for _ in labels]
    for sender, receiver, weight in graph.to_directed().edges(data="weight", default=1):
        number = exact(weight, f"weight of the edge from {quoted(sender)} to {quoted(receiver)}")
        if number.is_negative:
            raise InvalidNetworkError(
                f"the edge from {quoted(sender)} to {quoted(receiver)} has weight {number}: give >= 0"
            )
        if sender != sink and sender != receiver:
            thresholds[place[sender]] += number
            if receiver != sink:
                weights[place[receiver]][place[sender]] += number
    leaks = [threshold - sum(row) for threshold, row in zip(thresholds, weights, strict=True)]
    return Network(weights, thresholds, increment=1 if all(leaks) else None, labels=labels)


@of_network
def invariant_factors(net: Network) -> tuple[int, ...]:
    """d_1 | d_2 | ..., those above 1, of the group Z^N / M Z^N = Z/d_1 x Z/d_2 x ...; Smith normal form.

    Raises:
        InvalidNetworkError: a weight or threshold is not an integer.

    >>> import networkx as nx
    >>> invariant_factors(of_graph(nx.complete_graph(4), 3))
    (4, 4)
    """
    matrix = _integers(net)
    form = smith_normal_form(DomainMatrix(matrix, (net.n_units, net.n_units), ZZ)).to_list()
    factors = sorted(abs(int(form[i][i])) for i in range(net.n_units))
    return tuple(factor for factor in factors if factor > 1)


@of_network
def recurrent_states(net: Network) -> Iterator[Integers]:
    """All inhabited states of integers, in lexicographic order; there are det M.

    Raises:
        InvalidNetworkError: a weight or threshold is not an integer.
        TooCostlyError: there are more than two million states below threshold.

    >>> import networkx as nx
    >>> list(recurrent_states(of_graph(nx.complete_graph(3), 2)))
    [(0, 1), (1, 0), (1, 1)]
    """
    _integers(net)
    thresholds = [int(threshold) for threshold in net.thresholds]
    if prod(thresholds) > MAX_STATES:
        raise TooCostlyError(
            f"{prod(thresholds):,} states below threshold: ask invariant_factors, or is_inhabited of states"
        )
    rows = [{j: int(weight) for j, weight in row.items()} for row in net.weight_rows]
    for state in product(*map(range, thresholds)):
        if not unburnt(rows, state, lt):
            yield state


@of_network
def identity(net: Network) -> Integers:
    """The recurrent state that changes no other when it is added.

    >>> import networkx as nx
    >>> identity(of_graph(nx.complete_graph(4), 3))
    (2, 2, 2)
    """
    _integers(net)
    return tuple(map(int, representative(net, [0] * net.n_units)[0]))


@of_network
def added(net: Network, state: Any, other: Any) -> Integers:
    """The recurrent state that the sum of two states relaxes to, in the group.

    Raises:
        InvalidNetworkError: an entry is not an integer.

    >>> import networkx as nx
    >>> added(of_graph(nx.complete_graph(4), 3), (2, 1, 0), (2, 2, 2))
    (2, 1, 0)
    """
    _integers(net)
    total = [x + y for x, y in zip(as_state(net, state), as_state(net, other), strict=True)]
    if not all(x.is_Integer for x in total):
        raise InvalidNetworkError(f"states {state} and {other}: give integers")
    return tuple(map(int, representative(net, total)[0]))


@of_network
def avalanche_polynomial(net: Network) -> sympy.Poly:
    """The sum of x^(number of firings) over all recurrent states and units, each fed one grain.

    Where every unit has a leak, no unit fires twice, and the coefficients are those of the size laws per slow
    step with increment 1, times det M.

    Raises: as :func:`recurrent_states`.

    Source: R. Cori, A. Dartois, D. Rossin, Avalanche polynomials of some families of graphs, 2004.

    >>> import networkx as nx
    >>> avalanche_polynomial(of_graph(nx.complete_graph(4), 3)).as_expr()
    9*x**3 + 6*x**2 + 9*x + 24
    """
    _integers(net)
    thresholds, received = in_integers(net)
    counts: Counter[int] = Counter()
    for recurrent in recurrent_states(net):
        for unit in range(net.n_units):
            state = list(recurrent)
            state[unit] += 1
            counts[sum(relax(state, thresholds, received))] += 1
    x = sympy.Symbol("x")
    return sympy.Poly({(size,): count for size, count in counts.items()}, x)


def _integers(net: Network) -> list[list[int]]:
    """M in integers."""
    for i, label in enumerate(net.labels):
        for what, entry in [(f"the threshold of {quoted(label)}", net.thresholds[i])] + [
            (f"W[{quoted(label)}, {quoted(other)}]", net.weights[i, j]) for j, other in enumerate(net.labels)
        ]:
            if not entry.is_Integer:
                raise InvalidNetworkError(f"{what} is {entry}: a sandpile has integers")
    return [[int(entry) for entry in row] for row in net.matrix.tolist()]


def __dir__() -> list[str]:
    return __all__
