"""The inhabited region: which states the dynamics keeps returning to, and which of them recruit what.

A set I of units is *forbidden* in a state u if u_i < sum_{j in I} w_ij for all i in I: had they all fired,
the last firing of one of them would have left more. The inhabited region holds the states below threshold
without forbidden sets; its volume is det M (derivation 01, step 1). The states from which a start sets off
one pattern are a box times the inhabited region of the units that stay silent (step 2).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import prod
from operator import lt
from typing import TYPE_CHECKING, Any

import sympy

from exactav.engines.generations import pattern_weights
from exactav.errors import InvalidNetworkError, TooCostlyError
from exactav.laws.kind import Pattern, as_pattern
from exactav.network.network import Network
from exactav.phase_space.states import State, as_state, is_below, refuse_symbols
from exactav.showing import pictures as plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Interval = tuple[sympy.Expr, sympy.Expr]
_MAX_CELLS = 200_000


def forbidden_set(net: Network, state: Any) -> frozenset[Hashable]:
    """The largest forbidden set of a state, by the burning test; empty if there is none.

    Units with u_i >= sum of w_ij over the units j that have not burnt burn one by one; what never burns is
    the union of all forbidden sets. O(N^2) comparisons of exact numbers.

    Args:
        state: a sequence of N exact numbers, or a mapping from all labels.

    Raises:
        InexactError, InvalidNetworkError, UnknownUnitError, UnboundSymbolError: the state is none.

    >>> forbidden_set(Network([[0, "1/2"], ["1/4", 0]]), ["1/3", "1/5"])
    frozenset({0, 1})
    """
    return frozenset(net.labels[unit] for unit in unburnt(_rows(net), as_state(net, state), is_below))


def _rows(net: Network) -> list[dict[int, sympy.Expr]]:
    to_expr = net.field.to_sympy
    return [{j: to_expr(weight) for j, weight in row.items()} for row in net.rows]


def unburnt(
    rows: Sequence[Mapping[int, Any]], values: Sequence[Any], is_less: Callable[[Any, Any], bool]
) -> set[int]:
    """The burning test with numbers of any kind: what never burns in a state, by the rows of W."""
    left = set(range(len(rows)))
    bars = [sum(row.values()) for row in rows]
    waiting = list(left)
    while waiting:
        unit = waiting.pop()
        if unit not in left or is_less(values[unit], bars[unit]):
            continue
        left.remove(unit)
        for receiver in left:
            if unit in rows[receiver]:
                bars[receiver] -= rows[receiver][unit]
                waiting.append(receiver)
    return left


def is_inhabited(net: Network, state: Any) -> bool:
    """Whether a state is in the inhabited region: below all thresholds, and without forbidden set.

    Args:
        state: as of :func:`exactav.phase_space.region.forbidden_set`, which says why it is not.

    Derivation 01, step 1; the dynamics never leaves the region.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> is_inhabited(net, ["1/3", "1/4"]), is_inhabited(net, ["1/3", "1/5"]), is_inhabited(net, [1, 0])
    (True, False, False)
    """
    values = as_state(net, state)
    below = all(is_below(value, threshold) for value, threshold in zip(values, net.thresholds, strict=True))
    return below and not unburnt(_rows(net), values, is_below)


@dataclass(frozen=True)
class Box:
    """States between exact bounds: low <= u_i < high for each unit, in network order."""

    sides: tuple[Interval, ...]

    @property
    def volume(self) -> sympy.Expr:
        return sympy.expand(prod((high - low for low, high in self.sides), start=sympy.Integer(1)))

    @property
    def vertices(self) -> tuple[State, ...]:
        """The 2^N corners."""
        return tuple(product(*self.sides))

    def __contains__(self, state: Sequence[sympy.Expr]) -> bool:
        return all(_is_between(value, side) for value, side in zip(state, self.sides, strict=True))


def _is_between(value: sympy.Expr, side: Interval) -> bool:
    return not is_below(value, side[0]) and is_below(value, side[1])


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
    marks = [_marks(net, unit) for unit in range(net.n_units)]
    n_cells = prod(len(places) - 1 for places in marks)
    if n_cells > _MAX_CELLS:
        raise TooCostlyError(
            f"the inhabited region of {net.n_units} units has {n_cells:,} cells: ask is_inhabited of states"
        )
    # comparisons of fractions are fast, those of other exact numbers need SymPy
    plain, is_less = (_fraction, lt) if net.system.ring.is_ZZ else (_itself, is_below)
    rows = [{j: plain(weight) for j, weight in row.items()} for row in _rows(net)]
    lows = [[plain(mark) for mark in places] for places in marks]
    found: list[Box] = []
    *first, last = [range(len(places) - 1) for places in marks]
    for cell in product(*first):
        corner = [places[i] for places, i in zip(lows, cell, strict=False)]
        sides = [(places[i], places[i + 1]) for places, i in zip(marks, cell, strict=False)]
        begin = None
        for place in last:
            inside = not unburnt(rows, [*corner, lows[-1][place]], is_less)
            if inside and begin is None:
                begin = place
            if begin is not None and (not inside or place == last[-1]):
                end = place + 1 if inside else place
                found.append(Box((*sides, (marks[-1][begin], marks[-1][end]))))
                begin = None
    return tuple(found)


def _fraction(number: sympy.Expr) -> Any:
    return Fraction(int(number.p), int(number.q))


def _itself(number: sympy.Expr) -> Any:
    return number


def _marks(net: Network, unit: int) -> list[sympy.Expr]:
    """0, the threshold, and all row sums over sets between them, ascending."""
    row = [net.field.to_sympy(weight) for weight in net.rows[unit].values()]
    threshold = net.thresholds[unit]
    sums = {
        sum(chosen, sympy.Integer(0)) for size in range(len(row) + 1) for chosen in combinations(row, size)
    }
    marks = [sympy.Integer(0)]
    for value in sorted({sympy.expand(value) for value in sums}, key=lambda value: value.evalf(50)):
        if is_below(marks[-1], value) and is_below(value, threshold):
            marks.append(value)
    return [*marks, threshold]


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
    if n > 4:
        raise TooCostlyError(f"{n} units have 2^{2**n - 1} families of sets: ask net.volume()")
    to_expr = net.field.to_sympy
    forbidden: list[dict[int, sympy.Expr]] = []
    for mask in range(1, 2**n):
        units = [unit for unit in range(n) if mask >> unit & 1]
        forbidden.append(
            {
                i: sum((to_expr(net.rows[i].get(j, net.field.zero)) for j in units), sympy.Integer(0))
                for i in units
            }
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


@dataclass(frozen=True)
class Piece:
    """The states from which feeding a start sets off one pattern.

    Attributes:
        network, pattern: the pattern begins with the start.
        sides: label -> (low, high): the units that fire are in this box.
        rest: the network of the units that stay silent, in whose inhabited region they are; None if all fire.
    """

    network: Network
    pattern: Pattern
    sides: Mapping[Hashable, Interval]
    rest: Network | None

    @property
    def start(self) -> Hashable:
        return next(iter(self.pattern[0]))

    @property
    def assembly(self) -> frozenset[Hashable]:
        return frozenset(self.sides)

    @property
    def volume(self) -> sympy.Expr:
        """dU prod_{d >= 2} prod_{j in G_d} sum of w_jl over l in G_{d-1}, times the volume of the rest."""
        sides = prod((high - low for low, high in self.sides.values()), start=sympy.Integer(1))
        return sympy.expand(sides * (1 if self.rest is None else self.rest.volume()))

    def __contains__(self, state: Any) -> bool:
        values = self._values(state)
        if not all(_is_between(values[label], side) for label, side in self.sides.items()):
            return False
        return self.rest is None or is_inhabited(self.rest, [values[label] for label in self._silent])

    @property
    def _silent(self) -> tuple[Hashable, ...]:
        return () if self.rest is None else self.rest.labels

    def _values(self, state: Any) -> dict[Hashable, sympy.Expr]:
        return dict(zip(self.network.labels, as_state(self.network, state), strict=True))

    def boxes(self) -> tuple[Box, ...]:
        """The same states as disjoint boxes; for few silent units.

        Raises:
            TooCostlyError: as of :func:`exactav.phase_space.region.boxes`.
        """
        found = []
        for inner in (Box(()),) if self.rest is None else boxes(self.rest):
            sides = {**self.sides, **dict(zip(self._silent, inner.sides, strict=True))}
            found.append(Box(tuple(sides[label] for label in self.network.labels)))
        return tuple(found)

    def split(self, state: Any) -> tuple[dict[Hashable, sympy.Expr], State]:
        """(place of each unit that fires in its side, from 0 to 1; state of the silent units).

        The second is a state of the inhabited region of ``rest``: the region holds smaller copies of such
        regions. :meth:`joined` goes back.

        Raises:
            InvalidNetworkError: the state is not in this piece.
        """
        if state not in self:
            raise InvalidNetworkError(f"the state does not set off {self.pattern}: give one that does")
        values = self._values(state)
        places = {
            label: sympy.expand((values[label] - low) / (high - low))
            for label, (low, high) in self.sides.items()
        }
        return places, tuple(values[label] for label in self._silent)

    def joined(self, places: Mapping[Hashable, sympy.Expr], silent: Sequence[sympy.Expr]) -> State:
        """The state that :meth:`split` takes apart like this."""
        values = {
            label: sympy.expand(low + (high - low) * places[label])
            for label, (low, high) in self.sides.items()
        }
        values.update(zip(self._silent, silent, strict=True))
        return tuple(values[label] for label in self.network.labels)


def piece(net: Network, pattern: Sequence[Iterable[Hashable]]) -> Piece:
    """The states from which feeding the start sets off the pattern, for a network with an increment.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the first generation is not one unit, or a unit receives nothing from the
            generation before its own.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    >>> piece(net, [{1}, {0}]).sides, piece(net, [{1}, {0}]).volume
    ({1: (7/8, 1), 0: (1/2, 1)}, 1/16)
    """
    refuse_symbols(net)
    increment = net.require_increment("the region of a pattern")
    checked = as_pattern(net, list(pattern))
    if not checked or len(checked[0]) != 1:
        raise InvalidNetworkError("a pattern begins with one unit, its start: give [{start}, ...]")
    (start,) = checked[0]
    threshold = net.thresholds[net.index(start)]
    sides: dict[Hashable, Interval] = {start: (threshold - increment, threshold)}
    before: set[int] = set()
    for last, generation in pairwise(checked):
        senders = {net.index(label) for label in last}
        for label in sorted(generation, key=net.index):
            unit = net.index(label)
            high = net.thresholds[unit] - _received(net, unit, before)
            low = high - _received(net, unit, senders)
            if low == high:
                raise InvalidNetworkError(
                    f"unit {label!r} receives nothing from the generation before its own"
                )
            sides[label] = (low, high)
        before |= senders
    rest = net.reduced_by(sides) if len(sides) < net.n_units else None
    return Piece(net, checked, sides, rest)


def _received(net: Network, unit: int, senders: Iterable[int]) -> sympy.Expr:
    row = net.rows[unit]
    return net.field.to_sympy(sum((row[j] for j in senders if j in row), net.field.zero))


def pieces(net: Network, start: Hashable, assembly: Iterable[Hashable] | None = None) -> Iterator[Piece]:
    """The states from which feeding the start sets off an avalanche, pattern by pattern, disjoint.

    Args:
        assembly: only patterns in which exactly these units fire; their volumes add up to
            dU tau_k(A) f(complement of A), derivation 01.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    >>> sum(piece.volume for piece in pieces(net, 0)) == net.increment * 1
    True
    """
    unit = net.index(start)
    wanted = None if assembly is None else {net.index(label) for label in assembly}
    for masks, _ in pattern_weights(net.system, {unit: net.system.ring.one}):
        fired = sum(masks)
        if wanted is None or fired == sum(1 << u for u in wanted):
            generations = [[net.labels[u] for u in range(net.n_units) if mask >> u & 1] for mask in masks]
            yield piece(net, generations)


def draw(net: Network, start: Hashable | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw the inhabited region of two or three units.

    Of two units also what recruits which assembly, and copies, shifted by the columns of M, that tile the
    plane: the region is the torus R^2 / M Z^2.

    Args:
        start: only assemblies of this start; those of all driven units unless given.
        ax: axes to draw on; with ``projection="3d"`` for three units.

    Raises:
        ValueError: the network does not have two or three units.
        MissingIncrementError: the network has two units and no increment.
        MissingExtraError: matplotlib is not installed.
    """
    if net.n_units not in (2, 3):
        raise ValueError(f"a region of {net.n_units} units has no picture: ask for two or three units")
    names = [f"state of unit {label}" for label in net.labels]
    if net.n_units == 3:
        cuboids = [tuple((float(low), float(high)) for low, high in box.sides) for box in boxes(net)]
        return plot.solid(cuboids, ax=ax, names=names)
    starts = [start] if start is not None else [k for k, p in zip(net.labels, net.drive, strict=True) if p]
    recruited: dict[str, list[plot.Rectangle]] = {}
    for label in starts:
        for found in pieces(net, label):
            units = ", ".join(str(unit) for unit in net.labels if unit in found.assembly)
            recruited.setdefault(f"{label} recruits {{{units}}}", []).extend(map(_rectangle, found.boxes()))
    matrix = net.matrix
    shifts = [
        (float(matrix[0, 0] * a + matrix[0, 1] * b), float(matrix[1, 0] * a + matrix[1, 1] * b))
        for a in range(-2, 3)
        for b in range(-2, 3)
    ]
    return plot.tiles([_rectangle(box) for box in boxes(net)], recruited, shifts, ax=ax, names=names)


def _rectangle(box: Box) -> plot.Rectangle:
    (left, right), (bottom, top) = box.sides
    return (float(left), float(right)), (float(bottom), float(top))
