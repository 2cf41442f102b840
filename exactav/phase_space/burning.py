"""Which states the dynamics keeps returning to: those below threshold without forbidden sets.

A set I of units is *forbidden* in a state u if u_i < sum_{j in I} w_ij for all i in I: had they all fired,
the last firing of one of them would have left more. The inhabited region holds the states below threshold
without forbidden sets; its volume is det M (derivation 01, step 1).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.phase_space.states import as_state, is_below


@of_network
def forbidden_set(net: Network, state: Any) -> frozenset[Hashable]:
    """The largest forbidden set of a state, by the burning test; empty if there is none.

    Units with u_i >= sum of w_ij over the units j that have not burnt burn one by one; what never burns is
    the union of all forbidden sets. O(N^2) comparisons of exact numbers.

    Args:
        state: a sequence of N exact numbers, or a mapping from all labels.

    Raises:
        InexactError, InvalidNetworkError, UnknownUnitError, UnboundSymbolError: the state is none.

    >>> forbidden_set(Network([[0, "1/2"], ["1/4", 0]]), ["1/3", "1/5"])
    frozenset({0, 1})
    """
    return frozenset(net.labels[unit] for unit in unburnt(net.weight_rows, as_state(net, state), is_below))


def unburnt(
    rows: Sequence[Mapping[int, Any]], values: Sequence[Any], is_less: Callable[[Any, Any], bool]
) -> set[int]:
    """The burning test with numbers of any kind: what never burns in a state, by the rows of W."""
    left = set(range(len(rows)))
    bars = [sum(row.values()) for row in rows]
    waiting = list(left)
    while waiting:
        unit = waiting.pop()
        if unit not in left or is_less(values[unit], bars[unit]):
            continue
        left.remove(unit)
        for receiver in left:
            if unit in rows[receiver]:
                bars[receiver] -= rows[receiver][unit]
                waiting.append(receiver)
    return left


@of_network
def is_inhabited(net: Network, state: Any) -> bool:
    """Whether a state is in the inhabited region: below all thresholds, and without forbidden set.

    Args, Raises: as of :func:`exactav.phase_space.region.forbidden_set`, which says why it is not.

    Derivation 01, step 1; the dynamics never leaves the region.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> is_inhabited(net, ["1/3", "1/4"]), is_inhabited(net, ["1/3", "1/5"]), is_inhabited(net, [1, 0])
    (True, False, False)
    """
    values = as_state(net, state)
    below = all(is_below(value, threshold) for value, threshold in zip(values, net.thresholds, strict=True))
    return below and not unburnt(net.weight_rows, values, is_below)
