"""The torus R^N / M Z^N, of which the inhabited region holds each point once.

Feeding a unit is a translation, and an avalanche a jump by a lattice vector -M 1_A: on the torus nothing
happens when units fire (derivations 05 and 06).
"""

import random
from collections.abc import Hashable, Sequence
from typing import Any

import sympy

from exactav.errors import TooCostlyError
from exactav.laws.marginals import green_matrix
from exactav.network import Network
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
    row_sums = [threshold - leak for threshold, leak in zip(net.thresholds, net.leak, strict=True)]
    theta = _inverse(net, [value - low for value, low in zip(values, row_sums, strict=True)])
    firings = [_floor(x) for x in theta]
    matrix = net.matrix
    state = [sympy.expand(v - shift) for v, shift in zip(values, matrix * sympy.Matrix(firings), strict=True)]
    fired = _relax(net, state, None if seed is None else random.Random(seed))
    return tuple(state), tuple(a + b for a, b in zip(firings, fired, strict=True))


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
    values[unit] = sympy.expand(values[unit] + net.require_increment("a slow step"))
    fired = _relax(net, values, None)
    return tuple(values), frozenset(label for label, count in zip(net.labels, fired, strict=True) if count)


def _relax(net: Network, state: list[sympy.Expr], rng: random.Random | None) -> list[int]:
    """Fire units at threshold until none is left, in place; how often each fired."""
    to_expr = net.field.to_sympy
    received: list[dict[int, sympy.Expr]] = [{} for _ in net.labels]
    for i, row in enumerate(net.rows):
        for j, weight in row.items():
            received[j][i] = to_expr(weight)
    fired = [0] * net.n_units
    while ready := [u for u, t in enumerate(net.thresholds) if not is_below(state[u], t)]:
        unit = ready[0] if rng is None else rng.choice(ready)
        fired[unit] += 1
        if sum(fired) > _MAX_FIRINGS:
            raise TooCostlyError(f"more than {_MAX_FIRINGS:,} firings")
        state[unit] = sympy.expand(state[unit] - net.thresholds[unit])
        for receiver, weight in received[unit].items():
            state[receiver] = sympy.expand(state[receiver] + weight)
    return fired


def _inverse(net: Network, values: Sequence[sympy.Expr]) -> list[sympy.Expr]:
    """M^-1 u."""
    return [sympy.expand(x) for x in green_matrix(net) * sympy.Matrix(values)]


def _floor(value: sympy.Expr) -> int:
    """The largest integer that is not above."""
    return int(value.p // value.q) if value.is_Rational else int(sympy.floor(value))
