"""What a strip holds: the numbers of a cell, exact and immutable, and its networks."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, Self

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError, OptionError
from exactav.formulas.strips.functions import MOST_CELLS
from exactav.kernels.cells import Cell
from exactav.network.entries import distinct_labels, one_for_each, one_or_many, place_of
from exactav.network.network import Network
from exactav.numbers.arguments import flag
from exactav.numbers.domains import Domain, Element, cleared, common_denominator, ring_of
from exactav.numbers.expressions import described, exact
from exactav.numbers.fields import normal_form
from exactav.numbers.values import Values, bindings, put_in
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.showing import html
from exactav.texts import as_text, quoted


class Repeated:
    """A cell that is repeated along a line or a ring."""

    __reduce_ex__ = tagged

    def __init__(
        self,
        weights: Mapping[Any, Any],
        *,
        units: Iterable[Hashable] | None = None,
        thresholds: Any = 1,
        drive: Any = None,
        closed: bool = False,
    ) -> None:
        if not isinstance(weights, Mapping):
            raise ArgumentError(
                f"weights = {described(weights)}: give a mapping from (receiver, sender, step), such as "
                "{(0, 0, 1): '1/4', (0, 0, -1): '1/4'}"
            )
        keys = [_key(key) for key in weights]
        named = dict.fromkeys(label for receiver, sender, _ in keys for label in (receiver, sender))
        self.units = distinct_labels(list(named) if units is None else units, None)
        if not self.units:
            raise InvalidNetworkError("a cell of 0 units: give at least one, by weights or units")
        self.closed = flag(closed, "closed")
        places = {label: place for place, label in enumerate(self.units)}
        self._weights: dict[tuple[int, int, int], sympy.Expr] = {}
        for (receiver, sender, step), value in zip(keys, weights.values(), strict=True):
            weight = exact(value, f"the weight at {quoted((receiver, sender, step))}")
            if weight != 0:
                self._weights[place_of(receiver, places), place_of(sender, places), step] = weight
        self._thresholds = one_or_many(thresholds, "threshold", self.units)
        m = len(self.units)
        shares = [sympy.Rational(1, m)] * m
        self._drive = shares if drive is None else one_for_each(drive, "drive", self.units, missing=0)
        numbers = [*self._weights.values(), *self._thresholds, *self._drive]
        self.symbols = frozenset(symbol for number in numbers for symbol in number.free_symbols)
        if marks := {"x", "z"} & {symbol.name for symbol in self.symbols}:
            raise OptionError(f"the symbol {min(marks)} marks cells or units that fire: rename yours")
        # Units without a way to a leak are seen in a network this long: a way that comes to the same unit of
        # another cell goes on beyond every line.
        self.network(2 * m * self.reach + 1)

    @property
    def reach(self) -> int:
        """Over how many cells weights reach, at least 1."""
        return max([1, *(abs(step) for _, _, step in self._weights)])

    def at(self, values: Values = None, **named: Any) -> Self:
        """The strip with exact values put in for symbols, checked anew; as :meth:`exactav.Network.at`."""
        replace = bindings(sorted(self.symbols, key=str), values, named, "this strip")

        def put(expr: sympy.Expr) -> sympy.Expr:
            return put_in(expr, replace, "a weight")

        return type(self)(
            {
                (self.units[i], self.units[j], step): put(weight)
                for (i, j, step), weight in self._weights.items()
            },
            units=self.units,
            thresholds=list(map(put, self._thresholds)),
            drive=list(map(put, self._drive)),
            closed=self.closed,
        )

    def network(self, n: int) -> Network:
        """The network of n cells; its labels are (cell, unit), cells 0 .. n - 1.

        >>> Repeated({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}).network(3).leak
        (3/5, 1/5, 3/5)
        """
        n, m = whole(n, "n", 1, MOST_CELLS), len(self.units)
        entries: dict[tuple[int, int], sympy.Expr] = {}
        for (receiver, sender, step), weight in self._weights.items():
            for cell in range(n):
                other = (cell + step) % n if self.closed else cell + step
                if 0 <= other < n:
                    pair = cell * m + receiver, other * m + sender
                    entries[pair] = entries[pair] + weight if pair in entries else weight
        return Network.from_entries(
            n * m,
            entries,
            thresholds=self._thresholds * n,
            drive=[share / n for share in self._drive] * n,
            labels=[(cell, unit) for cell in range(n) for unit in self.units],
        )

    @cached_property
    def _read(self) -> tuple[Domain, Cell, Element, Element]:
        """(ring, cell with each row times its denominator, product of these, denominator of the drive)."""
        m = len(self.units)
        keys = list(self._weights)
        received = [
            sympy.Add(*(weight for (i, _, _), weight in self._weights.items() if i == unit))
            for unit in range(m)
        ]
        leaks = [threshold - total for threshold, total in zip(self._thresholds, received, strict=True)]
        field, elements = normal_form([*self._weights.values(), *leaks, *self._drive])
        weights = dict(zip(keys, elements, strict=False))
        leak, drive = elements[len(keys) : len(keys) + m], elements[len(keys) + m :]
        ring = ring_of(field)
        scales = [
            common_denominator(field, [leak[unit], *(w for (i, _, _), w in weights.items() if i == unit)])
            for unit in range(m)
        ]
        common = common_denominator(field, drive)
        cell = Cell(
            ring,
            m,
            {key: cleared(field, weight, scales[key[0]]) for key, weight in weights.items()},
            tuple(cleared(field, s, scale) for s, scale in zip(leak, scales, strict=True)),
            tuple(cleared(field, p, common) * scale for p, scale in zip(drive, scales, strict=True)),
            self.closed,
        )
        product = ring.one
        for scale in scales:
            product = product * scale
        return ring, cell, product, common

    @property
    def _ring(self) -> Domain:
        return self._read[0]

    @property
    def _scale(self) -> Element:
        return self._read[2]

    @property
    def _common(self) -> Element:
        return self._read[3]

    def __eq__(self, other: object) -> bool:
        return self._state() == other._state() if isinstance(other, Repeated) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._state())

    def _state(self) -> tuple[Any, ...]:
        weights = frozenset(self._weights.items())
        return self.units, weights, tuple(self._thresholds), tuple(self._drive), self.closed

    def _repr_html_(self) -> str:
        said = [
            ("units of a cell", html.text(", ".join(map(as_text, self.units)), 200)),
            ("weights", html.text(len(self._weights))),
            ("reach", html.text(f"{self.reach} cells")),
        ]
        return html.card(f"Strip, {'a ring' if self.closed else 'a line'}", html.facts(said))

    def __repr__(self) -> str:
        kind = "ring" if self.closed else "line"
        cells = f"cells of {len(self.units)} units that reach over {self.reach} cells"
        return f"<{type(self).__name__}: a {kind} of {cells}>"


def _key(key: Any) -> tuple[Hashable, Hashable, int]:
    if not isinstance(key, tuple) or len(key) != 3:
        raise ArgumentError(f"{described(key)} names no weight of a strip: write (receiver, sender, step)")
    receiver, sender, step = key
    try:
        sign = -1 if step < 0 else 1
    except TypeError:
        sign = 1
    distance = whole(step if sign > 0 else -step, "step")
    return receiver, sender, sign * distance
