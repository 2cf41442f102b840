"""The torus R^N / M Z^N, of which the inhabited region holds each point once.

Feeding a unit is a translation, and an avalanche a jump by a lattice vector -M 1_A: on the torus nothing
happens when units fire (derivations 05 and 06).
"""

import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import lt
from typing import Any

import sympy

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.laws.marginals import green_matrix
from exactav.laws.starts import amounts_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.whole import whole
from exactav.phase_space.limits import MAX_FIRINGS
from exactav.phase_space.states import (
    State,
    as_state,
    floor_of,
    is_below,
    require_below_thresholds,
)

__all__ = [
    "coordinates",
    "representative",
    "slow_step",
]


@of_network
def coordinates(net: Network, state: Any) -> State:
    """theta in [0, 1)^N of the point u mod M Z^N of the torus: theta = M^-1 u mod 1.

    >>> coordinates(Network([[0, "1/2"], ["1/4", 0]]), [1, "1/2"])
    (3/7, 6/7)
    """
    return tuple(sympy.expand(x - floor_of(x)) for x in _inverse(net, as_state(net, state)))


@of_network
def representative(net: Network, point: Any, *, seed: int | None = None) -> tuple[State, tuple[int, ...]]:
    """(state, firings): the only inhabited state that differs from a point of R^N by a lattice vector.

    state = point - M firings with integers, negative ones for units that had to take back. The point is moved
    to where every unit is at its row sum or above, which no forbidden set survives, and units at threshold
    fire until none is left; the state does not depend on their order.

    Args:
        point: N exact numbers, of any size.
        seed: of a random order of firing; the lowest unit first unless given.

    Derivation 05.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> representative(net, [0, 0])
    ((1/2, 3/4), (-1, -1))
    """
    values = as_state(net, point)
    theta = _inverse(net, [value - low for value, low in zip(values, row_sums(net), strict=True)])
    firings = [floor_of(x) for x in theta]
    shifts = net.matrix * sympy.Matrix(firings)
    state, fired = relaxed(net, [v - shift for v, shift in zip(values, shifts, strict=True)], seed)
    return state, tuple(a + b for a, b in zip(firings, fired, strict=True))


@of_network
def slow_step(
    net: Network, state: Any, start: Hashable | None = None, *, input: Any = None
) -> tuple[State, frozenset[Hashable]]:
    """(state, assembly) after feeding one unit: a translation of the torus by dU e_k.

    Args:
        state: below all thresholds, so that each unit fires at most once.
        input: {label: amount}, fed at once in place of the increment of a start: a translation by it,
            derivation 14.

    Raises:
        OptionError: neither start nor input is given, or both are, or several inputs.
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the state is not below all thresholds, or the start has a leak below the
            increment, so that it may fire several times.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/4")
    >>> slow_step(net, ["3/4", "3/4"], 0)
    ((1/2, 0), frozenset({0, 1}))
    >>> slow_step(net, ["3/4", "3/4"], input={0: "1/8", 1: "1/4"})
    ((3/8, 1/4), frozenset({0, 1}))
    """
    values = list(as_state(net, state))
    amounts = amounts_of(net, start, input, "a slow step")
    require_below_thresholds(net, values, net.thresholds, is_below)
    for label, amount in amounts.items():
        values[net.index(label)] += amount
    after, fired = relaxed(net, values)
    if max(fired) > 1:
        raise CheckFailedError(f"feeding {dict(amounts)} makes a unit fire more than once")
    return after, frozenset(label for label, count in zip(net.labels, fired, strict=True) if count)


def relax(
    state: list[Any],
    thresholds: Sequence[Any],
    received: Sequence[Mapping[int, Any]],
    is_less: Callable[[Any, Any], bool] = lt,
    rng: random.Random | None = None,
) -> list[int]:
    """Fire units at threshold until none is left, in place, with numbers of any kind; how often each fired.

    ``received[j]`` is what each unit gains when unit j fires.
    """
    fired = [0] * len(state)
    n_fired = 0
    while ready := [unit for unit, bar in enumerate(thresholds) if not is_less(state[unit], bar)]:
        unit = ready[0] if rng is None else rng.choice(ready)
        fired[unit] += 1
        n_fired += 1
        if n_fired > MAX_FIRINGS:
            raise TooCostlyError(
                f"more than {MAX_FIRINGS:,} firings until no unit is at threshold: so little leaks"
            )
        state[unit] -= thresholds[unit]
        for receiver, weight in received[unit].items():
            state[receiver] += weight
    return fired


def relaxed(net: Network, state: Sequence[sympy.Expr], seed: int | None = None) -> tuple[State, list[int]]:
    """(state, firings) after units at threshold have fired until none is left, randomly with a seed."""
    # sums of expanded numbers stay expanded
    values = [sympy.expand(value) for value in state]
    thresholds = [sympy.expand(threshold) for threshold in net.thresholds]
    received: list[dict[int, sympy.Expr]] = [{} for _ in net.labels]
    for (i, j), weight in net.entries.items():
        received[j][i] = sympy.expand(weight)
    rng = None if seed is None else random.Random(whole(seed, "seed"))
    fired = relax(values, thresholds, received, is_below, rng)
    return tuple(values), fired


def in_integers(net: Network, side: sympy.Rational = sympy.S.One) -> tuple[list[int], list[dict[int, int]]]:
    """Thresholds and what units gain by each firing, as multiples of a common divisor, for :func:`relax`."""
    received: list[dict[int, int]] = [{} for _ in net.labels]
    for (i, j), weight in net.entries.items():
        received[j][i] = int(weight / side)
    return [int(threshold / side) for threshold in net.thresholds], received


def row_sums(net: Network) -> State:
    """W 1: at it or above, no set is forbidden."""
    return tuple(threshold - leak for threshold, leak in zip(net.thresholds, net.leak, strict=True))


def _inverse(net: Network, values: Sequence[sympy.Expr]) -> list[sympy.Expr]:
    """M^-1 u."""
    return [sympy.expand(x) for x in green_matrix(net) * sympy.Matrix(values)]


def __dir__() -> list[str]:
    return __all__
