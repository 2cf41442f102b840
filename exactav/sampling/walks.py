"""Random walks in pieces: what they choose among, how long they will be, and looks at what has been drawn.

A sample is refused as soon as it is known to take too long: before the first step where the expected length
of the walks says so, and between pieces of a quarter of a second by what has been walked.
"""

from itertools import accumulate, pairwise
from math import inf, isqrt, lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.errors import MissingIncrementError, NotRationalError, TooCostlyError
from exactav.kernels import wilson
from exactav.kernels.loading import is_loaded, is_worthwhile
from exactav.network.network import Network
from exactav.network.system import System
from exactav.phase_space.states import refuse_symbols
from exactav.running.amounts import duration_text
from exactav.sampling.limits import (
    COMPILED_STEP,
    FIRST_LOOK,
    LOADING,
    LONG_STEP,
    LONGEST,
    LOOK,
    MOST_SOLVED,
    STEP,
)
from exactav.texts import quoted


class Tables(NamedTuple):
    """What :func:`exactav.kernels.wilson.draw` takes."""

    parents: NDArray[np.int64]
    cumulative: NDArray[Any]
    bounds: NDArray[np.int64]
    receivers: NDArray[np.int64]
    receiver_bounds: NDArray[np.int64]
    proposals: NDArray[Any]

    @property
    def are_long(self) -> bool:
        """Whether sums of weights need more than 63 bits."""
        return self.cumulative.dtype == object


def tables_of(net: Network, *, with_starts: bool) -> Tables:
    """The parents that each unit of a rational network chooses among, and the starts that are proposed.

    Raises:
        UnboundSymbolError: the network has symbols.
        NotRationalError: there are irrational numbers.
        MissingIncrementError: a driven unit has no leak, where starts are proposed.
    """
    refuse_symbols(net)
    if not net.system.ring.is_ZZ:
        raise NotRationalError(f"sampling needs rational numbers, not {net.field}: round them by net.at(...)")
    return tables_of_system(net.system, list(accumulate(_proposals(net))) if with_starts else [1])


def tables_of_system(system: System, proposals: list[int]) -> Tables:
    """The same of a system of integers, with the cumulative weights of the starts that are proposed."""
    parents, cumulative, bounds = [], [], [0]
    receivers: list[list[int]] = [[] for _ in system.weights]
    for i, row in enumerate(system.weights):
        total = 0
        for j, weight in [*row.items(), (-1, system.leak[i])]:
            if weight:
                total += int(weight)
                parents.append(j)
                cumulative.append(total)
                if j >= 0:
                    receivers[j].append(i)
        bounds.append(len(parents))
    kind: Any = np.int64 if max(*cumulative, *proposals) <= LONGEST else object
    return Tables(
        np.array(parents, dtype=np.int64),
        np.array(cumulative, dtype=kind),
        np.array(bounds, dtype=np.int64),
        np.array([i for group in receivers for i in group], dtype=np.int64),
        np.array([0, *accumulate(map(len, receivers))], dtype=np.int64),
        np.array(proposals, dtype=kind),
    )


def _proposals(net: Network) -> list[int]:
    """p_k / s_k in integers."""
    shares = []
    for label, p, leak in zip(net.labels, net.drive, net.leak, strict=True):
        if p and not leak:
            raise MissingIncrementError(
                f"unit {quoted(label)} is driven and has no leak, so starts cannot be drawn: give a start"
            )
        shares.append(p / leak if p else p)
    common = lcm(*(int(share.q) for share in shares))
    return [int(share * common) for share in shares]


class Walks:
    """The steps of a sample: how many at a time, by which kernel, and whether they become too many.

    Args:
        n: how many are wanted; ``least`` is the number of steps that each takes at least, expected.
        what: the sample, for the message.
        extra: seconds that each takes beside its steps.
        max_cost: largest cost allowed, in seconds of an ordinary core.

    Raises:
        TooCostlyError: it takes more, here or in :meth:`spent`.
    """

    def __init__(
        self, tables: Tables, n: int, least: float, what: str, *, extra: float = 0, max_cost: float
    ) -> None:
        self._are_long, self._n, self._what = tables.are_long, n, what
        self._extra, self._max_cost = extra, max_cost
        self._n_steps = 0
        self._is_compiled = not self._are_long and is_loaded()
        self._check(n * (least * self._fastest + extra))

    @property
    def _fastest(self) -> float:
        """What a step takes with the best kernel there is."""
        if self._are_long:
            return LONG_STEP
        return COMPILED_STEP if self._is_compiled or is_worthwhile(1, 1) else STEP

    @property
    def kernel(self) -> tuple[Any, Any]:
        """What walks, compiled where that pays, and how it chooses; samples do not depend on it."""
        if self._are_long:
            return wilson, wilson.choose_among_long
        if self._is_compiled:
            from exactav.kernels.compiled import walks as compiled_walks

            return compiled_walks, compiled_walks.choose
        return wilson, wilson.choose

    @property
    def piece(self) -> int:
        """How many steps to walk before the next look."""
        step = LONG_STEP if self._are_long else COMPILED_STEP if self._is_compiled else STEP
        return int((LOOK if self._n_steps else FIRST_LOOK) / step)

    def spent(self, n_steps: int, n_done: int) -> None:
        """Note a piece, after which so many are done in all, and refuse the rest if it takes too long.

        What is expected of all is a little less than in proportion, since it is known from few.
        """
        self._n_steps += n_steps
        share = min(1.0, (n_done + 2 * isqrt(n_done) + 1) / self._n)
        self._check(self._fastest * self._n_steps / share + self._extra * self._n)
        if not self._is_compiled and not self._are_long and STEP * self._n_steps * (1 / share - 1) > LOADING:
            self._is_compiled = is_worthwhile(1, 1)

    def _check(self, seconds: float) -> None:
        refuse_cost(self._what, seconds, self._max_cost)


def refuse_cost(what: str, cost: float, max_cost: float) -> None:
    """Raise TooCostlyError for a sample that takes longer than allowed."""
    if cost > max_cost:
        raise TooCostlyError(
            f"{what} would take about {duration_text(cost)}, more than the allowed "
            f"{duration_text(max_cost)}, since little leaks or many are wanted: ask for fewer, raise "
            "max_cost, or ask for laws and means, which need no random walks"
        )


def least_steps(net: Network, tables: Tables, start: int) -> float:
    """The expected number of steps of the first walk of an assembly, a lower bound of what all take.

    With -1 for ``start``, of the walk from a proposed one; with a unit, of that from its first receiver.
    Walks of more units than are solved for take at least one step over the largest share of leak in a row.
    """
    if start < 0:
        ends = [0, *map(int, tables.proposals)]
        shares = [(end - begin) / ends[-1] for begin, end in pairwise(ends)]
        return float(_walks(net, start) @ np.array(shares))
    first = next((unit for unit, row in enumerate(net.system.weights) if start in row), None)
    return 0.0 if first is None else float(_walks(net, start)[first])


def least_steps_of_forest(net: Network) -> float:
    """A lower bound of the expected number of steps of a forest: the longest walk, had it been the first."""
    return float(_walks(net, -1).max())


def _walks(net: Network, stop: int) -> NDArray[np.float64]:
    """Expected number of steps from each unit to the leak or to ``stop``, by elimination without subtraction.

    -1 stops nowhere. Where units are too many to solve for, these are lower bounds.
    """
    n = net.n_units
    rows = [{j: int(weight) for j, weight in row.items()} for row in net.system.weights]
    totals = [sum(row.values()) + int(leak) for row, leak in zip(rows, net.system.leak, strict=True)]
    going = [{j: weight for j, weight in row.items() if j != stop} for row in rows]
    leak = np.array([(t - sum(row.values())) / t for t, row in zip(totals, going, strict=True)])
    if n > MOST_SOLVED:
        return np.full(n, 1 / leak.max() if leak.max() else inf)
    shares = np.zeros((n, n))
    for i, row in enumerate(going):
        for j, weight in row.items():
            shares[i, j] = weight / totals[i]
    steps, exits = np.ones(n), np.empty(n)
    for unit in range(n - 1, -1, -1):
        exits[unit] = leak[unit] + shares[unit, :unit].sum()
        if not exits[unit]:
            return np.full(n, inf)  # so little leaks that floats do not see it
        part = shares[:unit, unit] / exits[unit]
        leak[:unit] += part * leak[unit]
        steps[:unit] += part * steps[unit]
        shares[:unit, :unit] += np.outer(part, shares[unit, :unit])
    for unit in range(n):
        steps[unit] = (steps[unit] + shares[unit, :unit] @ steps[:unit]) / exits[unit]
    return steps
