"""Which states recruit what: a start sets off one pattern from a box times a smaller inhabited region.

The units that fire are in a box, and the others in the inhabited region of their own network with lowered
thresholds (derivation 01, step 2).
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from math import prod
from typing import Any

import sympy

from exactav.engines.durations.generations import pattern_weights
from exactav.errors import InvalidNetworkError
from exactav.laws.kind import Pattern, as_pattern, as_set
from exactav.network.asked import of_network
from exactav.network.laplacian import forest_weight
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.expressions import exact
from exactav.numbers.frozen import Frozen
from exactav.phase_space.boxes import Box, Interval, boxes, is_between
from exactav.phase_space.burning import is_inhabited
from exactav.phase_space.states import State, as_state, refuse_symbols
from exactav.showing import html


@dataclass(frozen=True)
class Piece:
    """The states from which feeding a start sets off one pattern.

    Attributes:
        network, pattern: the pattern begins with the start.
        sides: label -> (low, high): the units that fire are in this box; a mapping that nothing changes.
        rest: the network of the units that stay silent, in whose inhabited region they are; None if all fire.
    """

    network: Network
    pattern: Pattern
    sides: Mapping[Hashable, Interval]
    rest: Network | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sides", Frozen(self.sides))

    def _repr_html_(self) -> str:
        rows = [
            [html.text(label), html.number(low), html.number(high)]
            for label, (low, high) in islice(self.sides.items(), 40)
        ]
        pattern = " -> ".join("{" + ", ".join(map(str, part)) + "}" for part in self.pattern)
        rest = "all fire" if self.rest is None else f"the region of {self.rest.n_units} silent units"
        said = [("pattern", html.text(pattern, 200)), ("others", html.text(rest))]
        sides = html.table(["unit", "from", "to"], rows)
        return html.card("Piece of the inhabited region", html.facts(said), sides)

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
        if not all(is_between(values[label], side) for label, side in self.sides.items()):
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

    def joined(self, places: Mapping[Any, Any], silent: Sequence[Any]) -> State:
        """The state that :meth:`split` takes apart like this.

        Raises:
            InvalidNetworkError: a unit is missing, or there is no such state in this piece.
        """
        if set(places) != set(self.sides):
            raise InvalidNetworkError(f"places of {set(places)}: give those of {set(self.sides)}, which fire")
        values = {
            label: sympy.expand(low + (high - low) * exact(places[label], f"place of unit {label!r}"))
            for label, (low, high) in self.sides.items()
        }
        if self.rest is None and list(silent):
            raise InvalidNetworkError(f"{len(list(silent))} silent units, where all fire: give ()")
        rest = () if self.rest is None else as_state(self.rest, silent)
        values.update(zip(self._silent, rest, strict=True))
        state = tuple(values[label] for label in self.network.labels)
        if state not in self:
            raise InvalidNetworkError(
                "no state of this piece: give places from 0 to below 1, and an inhabited state of the rest"
            )
        return state


@of_network
def piece(net: Network, pattern: Sequence[Iterable[Hashable]]) -> Piece:
    """The states from which feeding the start sets off the pattern, for a network with an increment.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the first generation is not one unit, or a unit receives nothing from the
            generation before its own; or the start has a leak below the increment.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    >>> piece(net, [{1}, {0}]).sides, piece(net, [{1}, {0}]).volume
    ({1: (7/8, 1), 0: (1/2, 1)}, 1/16)
    """
    refuse_symbols(net)
    net.any_increment("the region of a pattern")
    checked = as_pattern(net, pattern)
    if not checked or len(checked[0]) != 1:
        raise InvalidNetworkError("a pattern begins with one unit, its start: give [{start}, ...]")
    (start,) = checked[0]
    increment = net.require_one_wave("the region of a pattern", start)
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
    row = net.weight_rows[unit]
    return sympy.expand(sum((row[j] for j in senders if j in row), sympy.S.Zero))


@of_network
def pieces(net: Network, start: Hashable, assembly: Iterable[Hashable] | None = None) -> Iterator[Piece]:
    """The states from which feeding the start sets off an avalanche, pattern by pattern, disjoint.

    Args:
        assembly: only patterns in which exactly these units fire; their volumes add up to
            dU tau_k(A) f(complement of A), derivation 01.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the start has a leak below the increment, so that it may fire several times.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    >>> sum(piece.volume for piece in pieces(net, 0)) == net.increment * 1
    True
    """
    refuse_symbols(net)
    net.require_one_wave("the region of a pattern", start)
    wanted = None if assembly is None else as_set(net, assembly)
    return _pieces(net, net.index(start), wanted)


def _pieces(net: Network, start: int, wanted: frozenset[Hashable] | None) -> Iterator[Piece]:
    system, fired = net.system, None
    if wanted is not None:
        if not forest_weight(net, [label for label in net.labels if label not in wanted]):
            return  # the others cannot all stay silent
        inside = {net.index(label) for label in wanted}
        system, fired = _confined(system, inside), sum(1 << unit for unit in inside)
    for masks, _ in pattern_weights(system, {start: system.ring.one}):
        if fired in (None, sum(masks)):
            yield piece(net, [{net.labels[u] for u in range(net.n_units) if mask >> u & 1} for mask in masks])


def _confined(system: System, units: Collection[int]) -> System:
    """The system in which no other units receive anything, and all leak."""
    weights = [
        {j: weight for j, weight in row.items() if i in units and j in units}
        for i, row in enumerate(system.weights)
    ]
    return replace(system, weights=tuple(weights), leak=(system.ring.one,) * system.n_units)
