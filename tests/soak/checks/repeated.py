"""Networks that repeat a cell: along a line or ring, and without end."""

from random import Random
from typing import Any

import sympy

import exactav as ea
from soak.checks.register import MAX_COST, Figures, NotAskedError, Wrong, check, needs, same, same_law


def _cell(net: ea.Network, dice: Random) -> dict[tuple[int, int, int], sympy.Expr]:
    """The network as a cell, some of its weights turned towards the cells beside; leaks stay."""
    weights: dict[tuple[int, int, int], sympy.Expr] = {}
    for (i, j), weight in net.entries.items():
        key = i, j, dice.choice([0, 1, -1]) if i != j or dice.random() < 0.5 else 0
        weights[key] = weight
    return weights


@check("strips", most=2, numbers=True)
def _strips(net: ea.Network, dice: Random, figures: Figures) -> None:
    weights = _cell(net, dice)
    needs(weights)
    closed = dice.random() < 0.5
    try:
        strip = ea.Strip(
            weights,
            units=range(net.n_units),
            thresholds=list(net.thresholds),
            drive=list(net.drive),
            closed=closed,
        )
    except ea.errors.InvalidNetworkError:  # a unit of a ring has no way to a leak, or an end has none
        raise NotAskedError from None
    for n in (1, dice.randint(2, 6)):
        wanted = ea.size_law(strip.network(n), max_cost=MAX_COST)
        same_law(strip.size_law(n), wanted, f"a strip of {n} cells {weights}, closed {closed}")
        size = dice.randint(1, n * net.n_units)
        same(strip.probability(size, n), wanted[size], f"P({size}) of a strip of {n} cells {weights}")


@check("lattices", most=2, rational=True)
def _lattices(net: ea.Network, dice: Random, figures: Figures) -> None:
    """Small avalanches on the infinite line and on a long ring: they differ by walks around the ring."""
    weights: dict[tuple[Any, Any, Any], Any] = _cell(net, dice)
    free = [
        sum(w for (i, j, step), w in weights.items() if i == unit and not (j == unit and not step))
        / (net.thresholds[unit] - weights.get((unit, unit, 0), 0))
        for unit in range(net.n_units)
    ]
    survival = max(free, default=sympy.Integer(0))
    needs(survival <= sympy.Rational(9, 10) and any(step for _, _, step in weights))
    lattice = ea.lattices.Lattice(range(net.n_units), weights, list(net.thresholds), list(net.drive))
    cells = 60 // net.n_units
    ring = lattice.torus(cells)
    law = lattice.size_law(2, max_cost=MAX_COST)
    again = lattice.size_law(2, digits=30, max_cost=MAX_COST)
    short = ea.size_law(ring, up_to=2, max_cost=MAX_COST)
    tolerance = 100 * float(survival) ** (cells - 4) / (1 - float(survival)) ** 2
    for size in (1, 2):
        off = abs(float(law[size]) - float(short[size]))
        if off > tolerance + 1e-12:
            raise Wrong(
                f"P({size}) on a line {law[size]}, on a ring of {cells} cells {float(short[size])}, {weights}"
            )
        if abs(sympy.Float(again[size], 30) - sympy.Float(law[size], 30)) > sympy.Float("0.6e-14"):
            raise Wrong(f"P({size}) = {law[size]} of 15 digits, {again[size]} of 30, {weights}")
    mean = lattice.mean_size()
    if abs(float(mean) - float(ea.mean_size(ring))) > tolerance * cells + 1e-9:
        raise Wrong(
            f"mean size on a line {mean}, on a ring of {cells} cells {float(ea.mean_size(ring))}, {weights}"
        )
