"""How many states a sweep will have, counted without weights, and extrapolated beyond what may be counted."""

from collections.abc import Mapping

from exactav.engines.sweep import Sweep
from exactav.engines.values import Counter, State
from exactav.kernels.orders import Order, neighbours_of
from exactav.network.system import System
from exactav.numbers.domains import Element


class _Enough(Exception):  # noqa: N818 (no error: the count has gone far enough)
    pass


def states_of(
    system: System, roots: Mapping[int, Element], order: Order, max_steps: float
) -> tuple[float, float]:
    """(largest number of states at a time, states summed over all steps) of the sweep.

    A step is a unit taken in, a coupling, or a unit that has met all it receives from. Counted by a sweep
    without weights, up to ``max_steps``; beyond them extrapolated: as many states as before with equally many
    open units, and for each further open unit as many times more as for the last.
    """
    sweep_steps = _steps_of(system, order)
    visited = [0.0] * len(order.units)
    place, before = 0, 0.0

    def note(n_states: int, n_come: int) -> None:
        visited[place] += n_states
        if before + visited[place] > max_steps:
            raise _Enough

    def arrived(states: dict[State, int]) -> dict[State, int]:
        nonlocal place, before
        before += visited[place]
        place += 1
        return states

    try:
        Sweep(system, roots, order, Counter(), arrived, note).run()
    except _Enough:
        _extrapolate(visited, sweep_steps, place)
    states = [total / max(1, steps) for total, (steps, _) in zip(visited, sweep_steps, strict=True)]
    return max(states), sum(visited)


def _steps_of(system: System, order: Order) -> list[tuple[int, int]]:
    """For each unit that comes: how many steps it takes, and how many units are open then."""
    neighbours = neighbours_of(system.weights)
    open_units: set[int] = set()
    result = []
    hears: dict[int, set[int]] = {unit: set(row) for unit, row in enumerate(system.weights)}
    come: set[int] = set()
    for unit, completed in zip(order.units, order.completed, strict=True):
        come.add(unit)
        couplings = len(neighbours[unit] & open_units)
        open_units.add(unit)
        chosen = sum(1 for u in open_units if hears[u] <= come and (u == unit or unit in hears[u]))
        result.append((1 + couplings + chosen, len(open_units)))
        open_units.difference_update(completed)
    return result


def _extrapolate(visited: list[float], sweep_steps: list[tuple[int, int]], place: int) -> None:
    """Fill in what was not counted, from ``place`` on."""
    by_open: dict[int, float] = {}
    for total, (steps, n_open) in list(zip(visited, sweep_steps, strict=True))[:place]:
        by_open[n_open] = max(by_open.get(n_open, 1.0), total / max(1, steps))
    known = sorted(by_open)
    growth = 5.0
    if len(known) > 2:
        ratio = by_open[known[-1]] / by_open[known[-3]]
        growth = min(8.0, max(2.0, ratio ** (1 / (known[-1] - known[-3]))))
    for t in range(place, len(visited)):
        steps, n_open = sweep_steps[t]
        states = by_open.get(n_open)
        if states is None:
            states = by_open[known[-1]] * growth ** min(n_open - known[-1], 300) if known else growth**n_open
        visited[t] = states * steps
