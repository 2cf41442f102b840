"""The finite chain of a rational network: the cells of its inhabited region, and how slow steps move them.

Where thresholds, weights and the increment are multiples of 1/q, so are the bounds of all regions: they are
made of cubes of side 1/q, and a slow step moves a cube as a whole (derivation 12). The lower corners of the
cubes of the inhabited region are the group Z^N / q M Z^N, of order q^N det M; all of them are kept here.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.laws.kind import Pattern
from exactav.laws.marginals import green_matrix
from exactav.network.network import Network
from exactav.phase_space.lattices import triangular_basis
from exactav.phase_space.states import State, refuse_symbols

Integers = NDArray[Any]  # int64, or Python integers where those do not suffice
MAX_CELLS = 1_000_000


@dataclass(frozen=True)
class Chain:
    """The slow steps of all cells, of which the stationary law of the region gives each the same probability.

    Attributes:
        network: with an increment.
        scale: q; cells have side 1/q.
        corners: n_cells x N, the lower corners times q, each in the inhabited region.
        starts: the driven units, by index.
        after: len(starts) x n_cells, the number of the cell to which feeding each start leads.
        outcomes: the patterns that occur; the empty one, where nothing fires, is the first.
        outcome: len(starts) x n_cells, the place in ``outcomes`` of what feeding each start sets off.
    """

    network: Network
    scale: int
    corners: Integers
    starts: tuple[int, ...]
    after: NDArray[np.int64]
    outcomes: tuple[Pattern, ...]
    outcome: NDArray[np.int64]

    @property
    def n_cells(self) -> int:
        return len(self.corners)

    def state(self, cell: int) -> State:
        """The lower corner of a cell."""
        return tuple(sympy.Rational(int(corner), self.scale) for corner in self.corners[cell])

    def cosets(self) -> NDArray[np.int64]:
        """The number, from 0 on, of the orbit of each cell: of its class when all driven dU e_k are added to
        the lattice."""
        torus = _Torus.of(self.network, self.scale)
        step = int(self.network.require_increment("orbits") * self.scale)
        steps = [[step * (unit == k) for unit in range(self.network.n_units)] for k in self.starts]
        return _numbers(self.corners, triangular_basis([*torus.columns, *steps], self.network.n_units))


def chain(net: Network, max_cells: int = MAX_CELLS) -> Chain:
    """All cells of the inhabited region of a rational network with an increment.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TypeError: numbers are irrational, so that there are no cells.
        TooCostlyError: there are more than ``max_cells`` cells.

    >>> found = chain(Network([[0, "1/2"], ["1/4", 0]], increment="1/4"))
    >>> found.scale, found.n_cells, found.state(0), len(found.outcomes)
    (4, 14, (1/2, 3/4), 5)
    """
    scale = common_scale(net)
    step = int(net.require_increment("the chain of cells") * scale)
    if (n_cells := int(net.volume() * scale**net.n_units)) > max_cells:
        raise TooCostlyError(
            f"the inhabited region has {n_cells:,} cells of side 1/{scale}: too many to list"
        )
    torus = _Torus.of(net, scale)
    corners = torus.representatives(_residues(torus.basis))
    starts = tuple(k for k, p in enumerate(net.drive) if p)
    after, found = [], []
    patterns: dict[Pattern, int] = {(): 0}
    for start in starts:
        fed = corners.copy()
        fed[:, start] += step
        states, generations = torus.avalanches(fed)
        after.append(_numbers(fed, torus.basis))
        if not np.array_equal(corners[after[-1]], states):
            raise CheckFailedError(f"feeding unit {net.labels[start]!r} is no translation of the torus")
        distinct, places = _distinct(generations)
        numbers = [patterns.setdefault(_pattern(net, row), len(patterns)) for row in distinct]
        found.append(np.array(numbers)[places])
    return Chain(net, scale, corners, starts, np.array(after), tuple(patterns), np.array(found))


def common_scale(net: Network) -> int:
    """The least q > 0 with thresholds, weights and the increment, if there is one, all multiples of 1/q.

    Raises:
        UnboundSymbolError: the network has symbols.
        TypeError: numbers are irrational.

    >>> common_scale(Network([[0, "1/2"], ["1/4", 0]], increment="1/6"))
    12
    """
    refuse_symbols(net)
    weights = {net.field.to_sympy(weight) for row in net.rows for weight in row.values()}
    numbers = [*net.thresholds, *weights, *([] if net.increment is None else [net.increment])]
    if not all(number.is_Rational for number in numbers):
        raise TypeError("numbers are irrational, so that orbits are infinite")
    return lcm(*(int(number.q) for number in numbers))


@dataclass(frozen=True)
class _Torus:
    """Z^N modulo the columns of q M, for many points at a time."""

    thresholds: Integers
    weights: Integers
    columns: list[list[int]]
    basis: list[list[int]]
    adjugate: Integers
    determinant: int

    @classmethod
    def of(cls, net: Network, scale: int) -> "_Torus":
        n, volume = net.n_units, net.volume()
        columns = [[int(entry * scale) for entry in net.matrix.col(j)] for j in range(n)]
        basis = triangular_basis(columns, n)
        adjugate = [
            [int(entry * volume * scale ** (n - 1)) for entry in row] for row in green_matrix(net).tolist()
        ]
        # of the numbers below, for points up to twice the order of the group
        order = int(volume * scale**n)
        largest = 2 * n * (order + max(map(max, columns))) * max(map(max, adjugate)) * max(map(max, columns))
        kind: Any = np.int64 if largest < 2**62 else object
        return cls(
            np.array([int(threshold * scale) for threshold in net.thresholds], dtype=kind),
            np.array([[int(weight * scale) for weight in row] for row in net.weights.tolist()], dtype=kind),
            columns,
            basis,
            np.array(adjugate, dtype=kind),
            order,
        )

    def representatives(self, points: Integers) -> Integers:
        """The inhabited points of the same classes."""
        points = points.astype(self.weights.dtype)
        firings = (points - self.weights.sum(axis=1)) @ self.adjugate.T // self.determinant
        return self.avalanches(points - firings * self.thresholds + firings @ self.weights.T)[0]

    def avalanches(self, points: Integers) -> tuple[Integers, NDArray[np.uint16]]:
        """(points, generations) after units at threshold have fired, all at once, until none is left.

        The generation in which a unit fired last counts from 1; 0 is for units that did not.
        """
        points = points.copy()
        generations = np.zeros(points.shape, dtype=np.uint16)
        moving = np.arange(len(points))
        generation = 0
        while moving.size:
            generation += 1
            firing = points[moving] >= self.thresholds
            moving, firing = moving[firing.any(axis=1)], firing[firing.any(axis=1)]
            gained = firing.astype(points.dtype) @ self.weights.T - firing * self.thresholds
            points[moving] += gained
            generations[moving] = np.where(firing, generation, generations[moving])
        return points, generations


def _residues(basis: list[list[int]]) -> Integers:
    """One point of each class modulo a triangular basis, in the order of their numbers."""
    sides = tuple(vector[place] for place, vector in enumerate(basis))
    return np.indices(sides).reshape(len(sides), -1).T


def _numbers(points: Integers, basis: list[list[int]]) -> NDArray[np.int64]:
    """The place of each point's class among the residues."""
    left = points.copy()
    numbers = np.zeros(len(points), dtype=np.int64)
    for place, vector in enumerate(basis):
        times = left[:, place] // vector[place]
        left -= times[:, None] * np.array(vector, dtype=left.dtype)
        numbers = numbers * vector[place] + left[:, place].astype(np.int64)
    return numbers


def _distinct(generations: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """(distinct rows, place of each row among them)."""
    codes = np.zeros(len(generations), dtype=np.int64)
    for column in generations.T:
        codes = codes * (int(generations.max()) + 1) + column
        codes = np.unique(codes, return_inverse=True)[1]
    _, first, places = np.unique(codes, return_index=True, return_inverse=True)
    return generations[first], places


def _pattern(net: Network, generations: NDArray[np.uint16]) -> Pattern:
    def units(generation: int) -> Iterator[Hashable]:
        return (net.labels[unit] for unit in np.flatnonzero(generations == generation))

    return tuple(frozenset(units(generation)) for generation in range(1, int(generations.max()) + 1))
