"""Which states recruit what: one pattern is set off from a box times a smaller inhabited region.

The units that fire are in a box, and the others in the inhabited region of their own network with lowered
thresholds (derivation 01, step 2); so it is after an input to several units (derivation 14).
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from math import prod
from typing import Any

import sympy

from exactav.engines.durations.generations import pattern_weights
from exactav.errors import InvalidNetworkError, OptionError
from exactav.laws.kind import Pattern, as_pattern, as_set
from exactav.laws.starts import Starts, amounts_of
from exactav.network.asked import of_network
from exactav.network.inputs import Drive, Vector
from exactav.network.laplacian import forest_weight, scaled_forest
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.arguments import collection, mapping
from exactav.numbers.expressions import exact
from exactav.numbers.frozen import Frozen
from exactav.phase_space.boxes import Box, Interval, boxes, is_between
from exactav.phase_space.burning import is_inhabited
from exactav.phase_space.states import State, as_state, refuse_symbols
from exactav.pickles import tagged
from exactav.showing import html
from exactav.texts import as_text, quoted


@dataclass(frozen=True)
class Piece:
    """The states from which feeding a start, or an input to several units, sets off one pattern.

    Attributes:
        network, pattern: the pattern begins with the start, or with the units that the input sets off.
        sides: label -> (low, high): the units that fire are in this box; a mapping that nothing changes.
        rest: the network of the units that stay silent, in whose inhabited region they are; None if all fire.
    """

    network: Network
    pattern: Pattern
    sides: Mapping[Hashable, Interval]
    rest: Network | None

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        object.__setattr__(self, "sides", Frozen(self.sides))

    def _repr_html_(self) -> str:
        rows = [
            [html.text(as_text(label)), html.number(low), html.number(high)]
            for label, (low, high) in islice(self.sides.items(), 40)
        ]
        pattern = " -> ".join("{" + ", ".join(map(as_text, part)) + "}" for part in self.pattern)
        rest = "all fire" if self.rest is None else f"the region of {self.rest.n_units} silent units"
        said = [("pattern", html.text(pattern, 200)), ("others", html.text(rest))]
        sides = html.table(["unit", "from", "to"], rows)
        return html.card("Piece of the inhabited region", html.facts(said), sides)

    @property
    def start(self) -> Hashable:
        """The unit that fires first.

        Raises:
            OptionError: none does, or several do.
        """
        if len(self.pattern) == 0 or len(self.pattern[0]) > 1:
            raise OptionError(f"pattern {self.pattern} has no start: ask for its first generation")
        return next(iter(self.pattern[0]))

    @property
    def assembly(self) -> frozenset[Hashable]:
        return frozenset(self.sides)

    @property
    def volume(self) -> sympy.Expr:
        """dU prod_{d >= 2} prod_{j in G_d} sum of w_jl over l in G_{d-1}, times the volume of the rest; of an
        input, the amounts of G_1 are in place of dU."""
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
        mapping(places, "places", "{0: '1/2'}")
        if set(places) != set(self.sides):
            raise InvalidNetworkError(f"places of {set(places)}: give those of {set(self.sides)}, which fire")
        values = {
            label: sympy.expand(low + (high - low) * exact(places[label], f"place of unit {quoted(label)}"))
            for label, (low, high) in self.sides.items()
        }
        others = collection(silent, "silent", "['1/2']")
        if self.rest is None and others:
            raise InvalidNetworkError(f"{len(others)} silent units, where all fire: give ()")
        rest = () if self.rest is None else as_state(self.rest, others)
        values.update(zip(self._silent, rest, strict=True))
        state = tuple(values[label] for label in self.network.labels)
        if state not in self:
            raise InvalidNetworkError(
                "no state of this piece: give places from 0 to below 1, and an inhabited state of the rest"
            )
        return state


@of_network
def piece(net: Network, pattern: Sequence[Iterable[Hashable]], *, input: Any = None) -> Piece:
    """The states from which feeding the start sets off the pattern, for a network with an increment.

    Args:
        input: {label: amount}, fed at once in place of the increment of a start; the pattern [] is that
            nothing fires.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the first generation is not one unit, or of an input has a unit that is not fed,
            or a unit receives nothing from the generation before its own; or the start has a leak below the
            increment. Or the units that are to stay silent after an input cannot.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    >>> piece(net, [{1}, {0}]).sides, piece(net, [{1}, {0}]).volume
    ({1: (7/8, 1), 0: (1/2, 1)}, 1/16)
    >>> piece(net, [{0, 1}], input={0: "1/8", 1: "1/4"}).sides
    {0: (7/8, 1), 1: (3/4, 1)}
    """
    refuse_symbols(net)
    start = None
    if input is None:
        net.any_increment("the region of a pattern")
    checked = as_pattern(net, pattern)
    if input is None:
        if not checked or len(checked[0]) != 1:
            raise InvalidNetworkError("a pattern begins with one unit, its start: give [{start}, ...]")
        (start,) = checked[0]
    amounts = amounts_of(net, start, input, "the region of a pattern")
    sides: dict[Hashable, Interval] = {}
    for label in sorted(checked[0] if checked else (), key=net.index):
        if label not in amounts:
            raise InvalidNetworkError(f"unit {quoted(label)} is not fed, so it cannot fire first")
        threshold = net.thresholds[net.index(label)]
        sides[label] = (threshold - amounts[label], threshold)
    before: set[int] = set()
    for last, generation in pairwise(checked):
        senders = {net.index(label) for label in last}
        for label in sorted(generation, key=net.index):
            unit = net.index(label)
            high = net.thresholds[unit] - amounts.get(label, sympy.S.Zero) - _received(net, unit, before)
            low = high - _received(net, unit, senders)
            if low == high:
                raise InvalidNetworkError(
                    f"unit {quoted(label)} receives nothing from the generation before its own"
                )
            sides[label] = (low, high)
        before |= senders
    rest = net.reduced_by(sides) if len(sides) < net.n_units else None
    if rest is not None and input is not None:
        levels = zip(rest.labels, rest.thresholds, strict=True)
        lowered = [level - amounts.get(label, sympy.S.Zero) for label, level in levels]
        rest = rest.with_increment(None).replace(thresholds=lowered)
    return Piece(net, checked, sides, rest)


def _received(net: Network, unit: int, senders: Iterable[int]) -> sympy.Expr:
    row = net.weight_rows[unit]
    return sympy.expand(sum((row[j] for j in senders if j in row), sympy.S.Zero))


@of_network
def pieces(
    net: Network,
    start: Hashable | None = None,
    assembly: Iterable[Hashable] | None = None,
    *,
    input: Any = None,
) -> Iterator[Piece]:
    """The states from which feeding the start sets off an avalanche, pattern by pattern, disjoint.

    Args:
        input: {label: amount}, fed at once in place of the increment of a start; with the empty ``assembly``
            there is one piece, from which nothing fires.
        assembly: only patterns in which exactly these units fire; their volumes add up to
            dU tau_k(A) f(complement of A), derivation 01.

    Raises:
        MissingIncrementError: the network has no increment.
        InvalidNetworkError: the start has a leak below the increment, so that it may fire several times.
        OptionError: neither start nor input is given, or both are, or several inputs.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="1/8")
    >>> sum(piece.volume for piece in pieces(net, 0)) == net.increment * 1
    True
    >>> [piece.volume for piece in pieces(net, input={0: "1/8", 1: "1/4"}, assembly={0, 1})]
    [1/32, 1/8, 1/32]
    """
    refuse_symbols(net)
    wanted = None if assembly is None else as_set(net, assembly)
    amounts = amounts_of(net, start, input, "the region of a pattern")
    if start is not None:
        return _pieces(net, net.index(start), wanted)
    return _pieces_of_input(net, amounts, wanted)


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


def _pieces_of_input(net: Network, amounts: Vector, wanted: frozenset[Hashable] | None) -> Iterator[Piece]:
    starts = Starts.of(net, Drive([(1, amounts)]))
    fed = starts.inputs[0].fed if starts.inputs else tuple(starts.weights)
    scaled = {
        unit: starts.inputs[0].system.weights[unit][net.n_units] if starts.inputs else starts.weights[unit]
        for unit in fed
    }
    system, source, inside = starts.system.with_input(scaled), net.n_units, None
    if wanted is not None:
        inside = {net.index(label) for label in wanted}
        silent = [unit for unit in range(net.n_units) if unit not in inside]
        if not scaled_forest(starts.system.without_input(scaled), silent):
            return  # the others cannot all stay silent
        system = _confined(system, {source, *inside})
    for masks, _ in pattern_weights(system, {source: system.ring.one}):
        sets = [{net.labels[u] for u in range(net.n_units) if mask >> u & 1} for mask in masks[1:]]
        if sets if wanted is None else wanted == frozenset().union(*sets):
            yield piece(net, sets, input=amounts)


def _confined(system: System, units: Collection[int]) -> System:
    """The system in which no other units receive anything, and all leak."""
    weights = [
        {j: weight for j, weight in row.items() if i in units and j in units}
        for i, row in enumerate(system.weights)
    ]
    return replace(system, weights=tuple(weights), leak=(system.ring.one,) * system.n_units)
