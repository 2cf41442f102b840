"""What one would write instead of exactav: the law of sizes by loops over all sets, and by simulation.

Each function takes a network of rational numbers and returns the law for all starts, weighted by the drive.
The loops take two determinants a set, one for its trees and one for the forests of the other units. The
Laplacian L inside a set has rows that sum to 0, hence equal cofactors in each row; so det(L + p e^T), where
e^T = (1, 0, ..., 0), is the sum over starts k of p_k times the weight of the trees rooted in k. The loop that
reads like the published formulas takes both determinants for every start.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

import exactav as ea

Rows = list[list[Any]]
Floats = NDArray[np.float64]
_BATCH = 10_000  # slow steps simulated at once
_GOAL = 1e-3  # largest standard error of a simulated probability


def dense(n_units: int) -> ea.Network:
    """A random dense rational network without symmetry."""
    rng = random.Random(n_units)
    return ea.Network(
        [[Fraction(rng.randint(1, 9), 10 * n_units + 3) for _ in range(n_units)] for _ in range(n_units)]
    )


def sympy_loop(net: ea.Network) -> dict[int, sympy.Expr]:
    """The law as one would first write it, with SymPy's numbers and Matrix.det."""

    def determinant(rows: Rows) -> sympy.Expr:
        return sympy.Matrix(rows).det()

    totals = _sum_over_sets(net.weights.tolist(), net.leak, net.drive, determinant)
    normaliser = sum(totals.values())
    return {size: total / normaliser for size, total in totals.items()}


def bareiss_loop(net: ea.Network) -> dict[int, Fraction]:
    """The law in Python's integers, by Bareiss' elimination without fractions."""
    n = net.n_units
    numbers = _integers([*net.weights, *net.leak])
    weights = [numbers[n * i : n * (i + 1)] for i in range(n)]
    totals = _sum_over_sets(weights, numbers[n * n :], _integers(net.drive), _bareiss)
    normaliser = sum(totals.values())
    return {size: Fraction(total, normaliser) for size, total in totals.items()}


def numpy_loop(net: ea.Network) -> dict[int, float]:
    """The law in floating point, with numpy.linalg.det set by set."""
    weights, leak, drive = _floats(net.weights.tolist()), _floats(net.leak), _floats(net.drive)
    n = net.n_units
    totals = dict.fromkeys(range(1, n + 1), 0.0)
    inside = np.zeros(n, dtype=bool)
    for size in totals:
        for units in combinations(range(n), size):
            inside[:] = False
            inside[list(units)] = True
            outside = ~inside
            tree, forest = _float_laplacian(weights, inside), _float_laplacian(weights, outside)
            tree[:, 0] += drive[inside]
            forest.flat[:: n - size + 1] += leak[outside]
            totals[size] += float(np.linalg.det(tree) * np.linalg.det(forest))
    normaliser = sum(totals.values())
    return {size: total / normaliser for size, total in totals.items()}


def published_loop(net: ea.Network) -> dict[int, float]:
    """The law as the formulas of arXiv:2202.02520 read: in floating point, start by start and set by set.

    The volume of the states from which a start recruits a set is the determinant of the Laplacian of the set
    without row and column of the start, times that of the Laplacian of the other units with their leak.
    """
    weights, leak, drive = _floats(net.weights.tolist()), _floats(net.leak), _floats(net.drive)
    n = net.n_units
    totals = dict.fromkeys(range(1, n + 1), 0.0)
    for start in range(n):
        others = [unit for unit in range(n) if unit != start]
        for size in totals:
            for recruited in combinations(others, size - 1):
                inside = np.zeros(n, dtype=bool)
                inside[[start, *recruited]] = True
                place = int(inside[:start].sum())
                tree = np.delete(np.delete(_float_laplacian(weights, inside), place, 0), place, 1)
                forest = _float_laplacian(weights, ~inside) + np.diag(leak[~inside])
                totals[size] += float(drive[start] * np.linalg.det(tree) * np.linalg.det(forest))
    normaliser = sum(totals.values())
    return {size: total / normaliser for size, total in totals.items()}


def monte_carlo(net: ea.Network) -> dict[int, float]:
    """Frequencies of sizes in so many simulated avalanches that no standard error is above 1e-3.

    Batches of slow steps, each from a stationary state of its own, are simulated side by side in NumPy;
    :func:`exactav.sampling.simulate`, which keeps the patterns, takes many times as long.
    """
    rng = np.random.default_rng(1)
    weights, thresholds, drive = _floats(net.weights.tolist()), _floats(net.thresholds), _floats(net.drive)
    increment = min(float(leak) for leak, p in zip(net.leak, net.drive, strict=True) if p)
    firing = (weights - np.diag(thresholds)).T  # row k: what the units gain when k fires
    n = net.n_units
    counts = np.zeros(n + 1)
    while True:
        theta = rng.random((_BATCH, n))
        states = theta * thresholds + (1 - theta) @ weights.T
        _relax(states, thresholds, firing)
        states[np.arange(_BATCH), rng.choice(n, _BATCH, p=drive)] += increment
        counts += np.bincount(_relax(states, thresholds, firing), minlength=n + 1)
        counts[0] = 0  # no avalanche
        frequencies = counts / counts.sum()
        if (frequencies * (1 - frequencies)).max() <= counts.sum() * _GOAL**2:
            return {size: float(frequencies[size]) for size in range(1, n + 1)}


def _relax(states: Floats, thresholds: Floats, firing: Floats) -> NDArray[np.int64]:
    """Let units at threshold fire until none is left, in place; returns how many fired in each row."""
    sizes = np.zeros(len(states), dtype=np.int64)
    rows = np.arange(len(states))
    while True:
        fires = states[rows] >= thresholds
        active = fires.any(axis=1)
        if not active.any():
            return sizes
        rows, fires = rows[active], fires[active]
        states[rows] += fires.astype(float) @ firing
        sizes[rows] += fires.sum(axis=1)


def _sum_over_sets(
    weights: Rows, leak: Sequence[Any], drive: Sequence[Any], determinant: Callable[[Rows], Any]
) -> dict[int, Any]:
    """The weights of all sets by size."""
    n = len(leak)
    totals: dict[int, Any] = dict.fromkeys(range(1, n + 1), 0)
    for size in totals:
        for inside in combinations(range(n), size):
            outside = [unit for unit in range(n) if unit not in inside]
            tree, forest = _laplacian(weights, inside), _laplacian(weights, outside)
            for row, unit in zip(tree, inside, strict=True):
                row[0] += drive[unit]
            for place, unit in enumerate(outside):
                forest[place][place] += leak[unit]
            totals[size] += determinant(tree) * determinant(forest)
    return totals


def _laplacian(weights: Rows, units: Sequence[int]) -> Rows:
    """What a unit receives from the others among ``units`` on the diagonal, minus the weights off it."""
    return [
        [sum(weights[i][k] for k in units if k != i) if i == j else -weights[i][j] for j in units]
        for i in units
    ]


def _float_laplacian(weights: Floats, among: NDArray[np.bool_]) -> Floats:
    rows = -weights[among][:, among]
    np.fill_diagonal(rows, 0)
    np.fill_diagonal(rows, -rows.sum(axis=1))
    return rows


def _bareiss(rows: list[list[int]]) -> int:
    """The determinant of a matrix of integers, which is overwritten."""
    sign, previous = 1, 1
    for step in range(len(rows)):
        pivot_row = next((r for r in range(step, len(rows)) if rows[r][step]), None)
        if pivot_row is None:
            return 0
        if pivot_row != step:
            rows[step], rows[pivot_row] = rows[pivot_row], rows[step]
            sign = -sign
        top, pivot = rows[step], rows[step][step]
        for row in rows[step + 1 :]:
            factor = row[step]
            for column in range(step + 1, len(rows)):
                row[column] = (pivot * row[column] - factor * top[column]) // previous
        previous = pivot
    return sign * previous


def _integers(numbers: Iterable[sympy.Rational]) -> list[int]:
    """Rational numbers times their common denominator, which cancels in the law."""
    fractions = [Fraction(int(x.p), int(x.q)) for x in numbers]
    common = lcm(*(x.denominator for x in fractions))
    return [int(common * x) for x in fractions]


def _floats(numbers: Any) -> Floats:
    return np.array(numbers, dtype=float)
