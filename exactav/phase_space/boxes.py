"""The inhabited region as boxes with exact corners, and its volume without a determinant; for few units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import sympy

from exactav.errors import InvalidNetworkError, TooCostlyError
from exactav.network.asked import of_network
from exactav.network.entries import listed
from exactav.network.network import Network
from exactav.numbers.expressions import exact
from exactav.phase_space.burning import unburnt
from exactav.phase_space.limits import MAX_GRID, MOST_UNITS_INCLUDED
from exactav.phase_space.plain import Numbers, numbers_of
from exactav.phase_space.states import State, is_below, refuse_symbols
from exactav.pickles import tagged
from exactav.showing import html

Interval = tuple[sympy.Expr, sympy.Expr]


@dataclass(frozen=True)
class Box:
    """States between exact bounds: low <= u_i < high for each unit, in network order."""

    sides: tuple[Interval, ...]

    __reduce_ex__ = tagged

    def _repr_html_(self) -> str:
        sides = [[html.number(low), html.number(high)] for low, high in self.sides[:40]]
        return html.card(f"Box of {len(self.sides)} units", html.table(["from", "to"], sides))

    @property
    def volume(self) -> sympy.Expr:
        return sympy.expand(prod((high - low for low, high in self.sides), start=sympy.Integer(1)))

    @property
    def vertices(self) -> tuple[State, ...]:
        """The 2^N corners."""
        return tuple(product(*self.sides))

    def __contains__(self, state: Any) -> bool:
        values = [exact(value, "a state") for value in listed(state, "state")]
        if len(values) != len(self.sides):
            raise InvalidNetworkError(f"a state of {len(values)} units in a box of {len(self.sides)}")
        return all(is_between(value, side) for value, side in zip(values, self.sides, strict=True))


def is_between(value: sympy.Expr, side: Interval) -> bool:
    """Whether a number is in [low, high)."""
    return not is_below(value, side[0]) and is_below(value, side[1])


@of_network
def boxes(net: Network) -> tuple[Box, ...]:
    """The inhabited region as disjoint boxes with exact corners; for few units.

    All its bounds are axis-parallel: row sums over sets of units, 0 and the threshold. Cells of this grid are
    tested one by one, and joined along the last unit.

    Raises:
        TooCostlyError: there are more than 200,000 cells, which happens from about 5 units on.

    >>> [box.sides for box in boxes(Network([[0, "1/2"], ["1/4", 0]]))]
    [((0, 1/2), (1/4, 1)), ((1/2, 1), (0, 1))]
    """
    refuse_symbols(net)
    numbers = numbers_of(net)
    rows = [{j: numbers.plain(weight) for j, weight in row.items()} for row in net.weight_rows]
    lows = _grid(net, numbers, rows)
    marks = [[numbers.exact(mark) for mark in places] for places in lows]
    found: list[Box] = []
    *first, last = [range(len(places) - 1) for places in marks]
    for cell in product(*first):
        corner = [places[i] for places, i in zip(lows, cell, strict=False)]
        sides = [(places[i], places[i + 1]) for places, i in zip(marks, cell, strict=False)]
        begin = None
        for place in last:
            inside = not unburnt(rows, [*corner, lows[-1][place]], numbers.is_less)
            if inside and begin is None:
                begin = place
            if begin is not None and (not inside or place == last[-1]):
                end = place + 1 if inside else place
                found.append(Box((*sides, (marks[-1][begin], marks[-1][end]))))
                begin = None
    return tuple(found)


def _grid(net: Network, numbers: Numbers, rows: Sequence[Mapping[int, Any]]) -> list[list[Any]]:
    """For each unit 0, the threshold, and all row sums over sets between them, ascending.

    Raises:
        TooCostlyError: they are the sides of too many cells.
    """
    zero, *tops = map(numbers.plain, [sympy.S.Zero, *net.thresholds])
    # adding up a row weight by weight passes at least so many sums below the threshold
    least = [max(1, len(row) + bool(leak)) for row, leak in zip(rows, net.leak, strict=True)]
    grid: list[list[Any]] = []
    for unit, top in enumerate(tops):
        others = prod(len(marks) - 1 for marks in grid) * prod(least[unit + 1 :])
        sums = {zero}
        for weight in (zero, *rows[unit].values()):
            sums |= {value for x in sums if numbers.is_less(value := x + weight, top)}
            if len(sums) * others > MAX_GRID:
                raise TooCostlyError(
                    f"the inhabited region of {net.n_units} units has more than {MAX_GRID:,} cells: ask "
                    "is_inhabited of states"
                )
        grid.append([*numbers.ascending(sums), top])
    return grid


@of_network
def volume_by_inclusion_exclusion(net: Network) -> sympy.Expr:
    """The volume of the inhabited region from that of the forbidden sets' boxes alone; for few units.

    The states in which all sets of a family are forbidden are a box; the sum over families with alternating
    signs leaves det M. There are 2^(2^N - 1) families.

    Raises:
        TooCostlyError: there are more than 4 units.

    >>> volume_by_inclusion_exclusion(Network([[0, "1/2"], ["1/4", 0]]))
    7/8
    """
    refuse_symbols(net)
    n = net.n_units
    if n > MOST_UNITS_INCLUDED:
        raise TooCostlyError(f"{n} units have 2^{2**n - 1} families of sets: ask net.volume()")
    forbidden: list[dict[int, sympy.Expr]] = []
    for mask in range(1, 2**n):
        units = [unit for unit in range(n) if mask >> unit & 1]
        forbidden.append(
            {i: sum((net.weight_rows[i].get(j, sympy.S.Zero) for j in units), sympy.S.Zero) for i in units}
        )
    total = sympy.Integer(0)

    def add(place: int, sign: int, sides: list[sympy.Expr]) -> None:
        """All families of the sets from ``place`` on, beside those that have made the sides."""
        nonlocal total
        if not all(sides):
            return
        if place == len(forbidden):
            total += sign * prod(sides)
            return
        add(place + 1, sign, sides)
        cut = list(sides)
        for unit, bar in forbidden[place].items():
            cut[unit] = bar if is_below(bar, cut[unit]) else cut[unit]
        add(place + 1, -sign, cut)

    add(0, 1, list(net.thresholds))
    return sympy.expand(total)
