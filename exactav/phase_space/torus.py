"""The torus R^N / M Z^N, of which the inhabited region holds each point once.

Feeding a unit is a translation, and an avalanche a jump by a lattice vector -M 1_A: on the torus nothing
happens when units fire (derivations 05 and 06).
"""

import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import lt
from typing import Any

import sympy

from exactav.errors import TooCostlyError
from exactav.laws.marginals import green_matrix
from exactav.network.network import Network
from exactav.phase_space.states import State, as_state, is_below

_MAX_FIRINGS = 10_000_000


def coordinates(net: Network, state: Any) -> State:
    """theta in [0, 1)^N of the point u mod M Z^N of the torus: theta = M^-1 u mod 1.

    >>> coordinates(Network([[0, "1/2"], ["1/4", 0]]), [1, "1/2"])
    (3/7, 6/7)
    """
    return tuple(sympy.expand(x - _floor(x)) for x in _inverse(net, as_state(net, state)))


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
    firings = [_floor(x) for x in theta]
    shifts = net.matrix * sympy.Matrix(firings)
    state, fired = relaxed(net, [v - shift for v, shift in zip(values, shifts, strict=True)], seed)
    return state, tuple(a + b for a, b in zip(firings, fired, strict=True))


def slow_step(net: Network, state: Any, start: Hashable) -> tuple[State, frozenset[Hashable]]:
    """(state, assembly) after feeding one unit: a translation of the torus by dU e_k.

    Raises:
        MissingIncrementError: the network has no increment.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/4")
    >>> slow_step(net, ["3/4", "3/4"], 0)
    ((1/2, 0), frozenset({0, 1}))
    """
    values = list(as_state(net, state))
    unit = net.index(start)
    values[unit] += net.require_increment("a slow step")
    after, fired = relaxed(net, values)
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
    while ready := [unit for unit, bar in enumerate(thresholds) if not is_less(state[unit], bar)]:
        unit = ready[0] if rng is None else rng.choice(ready)
        fired[unit] += 1
        if sum(fired) > _MAX_FIRINGS:
            raise TooCostlyError(f"more than {_MAX_FIRINGS:,} firings")
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
    for i, row in enumerate(net.rows):
        for j, weight in row.items():
            received[j][i] = sympy.expand(net.field.to_sympy(weight))
    fired = relax(values, thresholds, received, is_below, None if seed is None else random.Random(seed))
    return tuple(values), fired


def in_integers(net: Network, scale: int = 1) -> tuple[list[int], list[dict[int, int]]]:
    """Thresholds and what units gain by each firing, times a common denominator, for :func:`relax`."""
    received: list[dict[int, int]] = [{} for _ in net.labels]
    for i, row in enumerate(net.rows):
        for j, weight in row.items():
            received[j][i] = int(weight * scale)
    return [int(threshold * scale) for threshold in net.thresholds], received


def row_sums(net: Network) -> State:
    """W 1: at it or above, no set is forbidden."""
    return tuple(threshold - leak for threshold, leak in zip(net.thresholds, net.leak, strict=True))


def _inverse(net: Network, values: Sequence[sympy.Expr]) -> list[sympy.Expr]:
    """M^-1 u."""
    return [sympy.expand(x) for x in green_matrix(net) * sympy.Matrix(values)]


def _floor(value: sympy.Expr) -> int:
    """The largest integer that is not above."""
    return int(value.p // value.q) if value.is_Rational else int(sympy.floor(value))
