"""The finite chain of a rational network: the cells of its inhabited region, and how slow steps move them.

Where thresholds, weights and the increment are multiples of a number g, so are the bounds of all regions:
they are made of cubes of side g, and a slow step moves a cube as a whole (derivation 12). The lower corners
of the cubes of the inhabited region, divided by g, are the group Z^N / (M/g) Z^N, of order det M / g^N; all
of them are kept here.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.laws.kind import Pattern
from exactav.laws.marginals import green_matrix
from exactav.network.network import Network
from exactav.numbers.expressions import shown
from exactav.phase_space.lattices import triangular_basis
from exactav.phase_space.limits import MAX_CELLS
from exactav.phase_space.states import State, refuse_symbols, require_rational
from exactav.phase_space.torus import in_integers
from exactav.running.amounts import count_text
from exactav.texts import quoted

Integers = NDArray[Any]  # int64, or Python integers where those do not suffice


@dataclass(frozen=True, eq=False)
class Chain:
    """The slow steps of all cells, of which the stationary law of the region gives each the same probability.

    Attributes:
        network: with an increment.
        side: g, the side of a cell, exact and rational.
        corners: n_cells x N, the lower corners divided by g, each in the inhabited region.
        starts: the driven units, by index.
        after: len(starts) x n_cells, the number of the cell to which feeding each start leads.
        outcomes: the patterns that occur; the empty one, where nothing fires, is the first.
        outcome: len(starts) x n_cells, the place in ``outcomes`` of what feeding each start sets off.
    """

    network: Network
    side: sympy.Rational
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
        return tuple(self.side * int(corner) for corner in self.corners[cell])

    def cosets(self) -> NDArray[np.int64]:
        """The number, from 0 on, of the orbit of each cell: of its class when all driven dU e_k are added to
        the lattice."""
        torus = _Torus.of(self.network, self.side)
        step = int(self.network.require_increment("orbits") / self.side)
        steps = [[step * (unit == k) for unit in range(self.network.n_units)] for k in self.starts]
        return _numbers(self.corners, triangular_basis([*torus.columns, *steps], self.network.n_units))


def chain(net: Network, max_cells: int = MAX_CELLS) -> Chain:
    """All cells of the inhabited region of a rational network with an increment.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        NotRationalError: numbers are irrational, so that there are no cells.
        TooCostlyError: there are more than ``max_cells`` cells.

    >>> found = chain(Network([[0, "1/2"], ["1/4", 0]], increment="1/4"))
    >>> found.side, found.n_cells, found.state(0), len(found.outcomes)
    (1/4, 14, (1/2, 3/4), 5)
    """
    increment = net.require_increment("the chain of cells")
    side = cell_side(net)
    step = int(increment / side)
    if (n_cells := int(net.volume() / side**net.n_units)) > max_cells:
        raise TooCostlyError(
            f"the inhabited region has {count_text(n_cells)} cells of side {shown(side)}, and at most "
            f"{max_cells:,} are listed"
        )
    torus = _Torus.of(net, side)
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
            raise CheckFailedError(f"feeding unit {quoted(net.labels[start])} is no translation of the torus")
        distinct, places = _distinct(generations)
        numbers = [patterns.setdefault(_pattern(net, row), len(patterns)) for row in distinct]
        found.append(np.array(numbers)[places])
    return Chain(net, side, corners, starts, np.array(after), tuple(patterns), np.array(found))


def cell_side(net: Network) -> sympy.Rational:
    """The largest number of which thresholds, weights and the increment, if there is one, are multiples.

    The drive has no part in it: it says how often units are fed, not by how much.

    Raises:
        UnboundSymbolError: the network has symbols.
        NotRationalError: numbers are irrational.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/6")
    >>> cell_side(net), cell_side(Network(6 * net.weights, 6, increment=1))
    (1/12, 1/2)
    """
    refuse_symbols(net)
    numbers = [*net.thresholds, *net.entries.values(), *([] if net.increment is None else [net.increment])]
    return common_divisor(numbers)


def common_divisor(numbers: Iterable[sympy.Expr]) -> sympy.Rational:
    """The largest rational number of which all are integer multiples; not all are 0.

    Raises:
        NotRationalError: one is irrational.

    >>> common_divisor([sympy.Rational(3, 4), sympy.Integer(0), sympy.Rational(9, 10)])
    3/20
    """
    listed = list(numbers)
    require_rational(listed, "there are no cells, and orbits are infinite")
    return sympy.Rational(gcd(*(int(x.p) for x in listed)), lcm(*(int(x.q) for x in listed)))


@dataclass(frozen=True, eq=False)
class _Torus:
    """Z^N modulo the columns of M / g, for many points at a time."""

    thresholds: Integers
    weights: Integers
    columns: list[list[int]]
    basis: list[list[int]]
    adjugate: Integers
    determinant: int

    @classmethod
    def of(cls, net: Network, side: sympy.Rational) -> "_Torus":
        n = net.n_units
        thresholds, received = in_integers(net, side)
        weights = [[received[j].get(i, 0) for j in range(n)] for i in range(n)]
        columns = [[thresholds[j] * (i == j) - weights[i][j] for i in range(n)] for j in range(n)]
        order = int(net.volume() / side**n)
        adjugate = [[int(entry * order * side) for entry in row] for row in green_matrix(net).tolist()]
        kind: Any = np.int64 if _largest(thresholds, adjugate, order) < 2**62 else object
        return cls(
            np.array(thresholds, dtype=kind),
            np.array(weights, dtype=kind),
            columns,
            triangular_basis(columns, n),
            np.array(adjugate, dtype=kind),
            order,
        )

    def representatives(self, points: Integers) -> Integers:
        """The inhabited points of the same classes."""
        points = points.astype(self.weights.dtype)
        firings = (points - self.weights.sum(axis=1)) @ self.adjugate.T // self.determinant
        return self.avalanches(points - firings * self.thresholds + firings @ self.weights.T)[0]

    def avalanches(self, points: Integers) -> tuple[Integers, NDArray[np.int32]]:
        """(points, generations) after units at threshold have fired, all at once, until none is left.

        The generation in which a unit fired last counts from 1; 0 is for units that did not.
        """
        points = points.copy()
        generations = np.zeros(points.shape, dtype=np.int32)
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


def _largest(thresholds: list[int], adjugate: list[list[int]], order: int) -> int:
    """A bound of all numbers that come up, of residues below the order and states below twice a threshold."""
    n, top = len(thresholds), max(thresholds)
    products = n * (order + top) * max(map(max, adjugate))
    firings = products // order + 1
    return max(products, order + 2 * firings * top, 2 * n * top * order)


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


def _distinct(generations: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """(distinct rows, place of each row among them)."""
    codes = np.zeros(len(generations), dtype=np.int64)
    for column in generations.T:
        codes = codes * (int(generations.max()) + 1) + column
        codes = np.unique(codes, return_inverse=True)[1]
    _, first, places = np.unique(codes, return_index=True, return_inverse=True)
    return generations[first], places


def _pattern(net: Network, generations: NDArray[np.int32]) -> Pattern:
    def units(generation: int) -> Iterator[Hashable]:
        return (net.labels[unit] for unit in np.flatnonzero(generations == generation))

    return tuple(frozenset(units(generation)) for generation in range(1, int(generations.max()) + 1))
