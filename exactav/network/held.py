"""What a network holds: its numbers, exact and immutable, and the places of its units."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import sympy

from exactav.errors import ArgumentError, ExactavError, InvalidNetworkError
from exactav.network import conditions
from exactav.network.edges import edges_by_place
from exactav.network.entries import (
    by_label,
    distinct_labels,
    exact_rows,
    number_of_units,
    place_of,
    sparse_rows,
)
from exactav.network.floats import checked_denominator, from_float, from_floats
from exactav.network.model import Model, different_in, distinct
from exactav.network.system import System
from exactav.network.tables import weights_of
from exactav.numbers.arguments import collection, items_of
from exactav.numbers.domains import (
    Domain,
    Element,
    cleared,
    common_denominator,
    field_symbols,
    quotient,
)
from exactav.numbers.expressions import exact, shown
from exactav.numbers.fields import into
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.texts import quoted


class Held:
    """The numbers of a network, and where its units stand."""

    _model: Model

    __reduce_ex__ = tagged

    def __init__(
        self,
        weights: Any,
        thresholds: Any = 1,
        drive: Any = None,
        increment: Any = None,
        labels: Iterable[Hashable] | None = None,
    ) -> None:
        rows, named = weights_of(weights)
        names = distinct_labels(named if labels is None else labels, len(rows))
        self._hold(Model.of(names, exact_rows(rows, names), thresholds, drive, increment))

    @classmethod
    def from_entries(
        cls,
        n_units: int,
        entries: Mapping[tuple[int, int], Any],
        thresholds: Any = 1,
        drive: Any = None,
        increment: Any = None,
        labels: Iterable[Hashable] | None = None,
    ) -> Self:
        """A sparse network: ``entries[i, j]`` is the weight from unit j to unit i, all others are 0.

        i and j are places in the network, whatever the labels; the other arguments are those of
        :class:`Network`.

        >>> from exactav import Network
        >>> Network.from_entries(3, {(1, 0): "1/2", (2, 1): "1/2"}).volume()
        1
        """
        rows = sparse_rows(number_of_units(n_units), entries)
        return cls._from_rows(rows, thresholds, drive, increment, labels)

    @classmethod
    def _from_rows(
        cls,
        rows: Sequence[Mapping[int, Any]],
        thresholds: Any = 1,
        drive: Any = None,
        increment: Any = None,
        labels: Iterable[Hashable] | None = None,
    ) -> Self:
        """A network of ``rows[i][j]``, the weights from unit j to unit i; equal rows may be one object."""
        names = distinct_labels(labels, len(rows))
        self = cls.__new__(cls)
        self._hold(Model.of(names, exact_rows(rows, names), thresholds, drive, increment))
        return self

    @classmethod
    def from_edges(
        cls,
        edges: Mapping[Any, Any],
        thresholds: Any = 1,
        drive: Any = None,
        increment: Any = None,
        labels: Iterable[Hashable] | None = None,
    ) -> Self:
        """A network from edges by label: ``edges["a", "b"]`` is what a sends to b, the weight W[b, a].

        Args:
            edges: mapping, or Series of pandas, from (sender, receiver) to weights, in the direction in which
                an edge sends, as in edge lists and directed graphs; where W has a row for the receiver.
            labels: all units in order, those without edges, too; in the order in which edges name them unless
                given. The other arguments are those of :class:`Network`.

        Raises:
            ArgumentError: an edge is no pair of labels.
            UnknownUnitError: an edge names a unit that is not in ``labels``.

        >>> from exactav import Network
        >>> net = Network.from_edges({("a", "b"): "1/3"})
        >>> net.labels, net.weights[net.index("b"), net.index("a")]
        (('a', 'b'), 1/3)
        """
        edges = by_label(edges)
        pairs = edges if isinstance(edges, Mapping) else {}
        named = dict.fromkeys(label for edge in pairs if isinstance(edge, tuple) for label in edge)
        names = distinct_labels(named if labels is None else labels, None)
        places = {label: place for place, label in enumerate(names)}
        entries = edges_by_place(edges, lambda label: place_of(label, places))
        return cls.from_entries(len(names), entries, thresholds, drive, increment, names)

    @classmethod
    def from_floats(cls, weights: Any, *, max_denominator: int | None = None, **others: Any) -> Self:
        """A network from floats, each taken as the exact binary fraction it is.

        Args:
            weights: N x N floats; the other arguments of :class:`Network` may be floats too.
            max_denominator: if given, every float is first rounded to the nearest fraction with at most this
                denominator.

        >>> from exactav import Network
        >>> Network.from_floats([[0, 0.1], [0.25, 0]], max_denominator=100).weights
        Matrix([
        [  0, 1/10],
        [1/4,    0]])
        """
        bound = checked_denominator(max_denominator)
        labels = others.pop("labels", None)
        rows, named = weights_of(weights, floats=True)
        given = {name: from_floats(value, bound) for name, value in others.items()}
        found = [{j: from_float(value, bound) for j, value in row.items()} for row in rows]
        return cls._from_rows(found, labels=named if labels is None else labels, **given)

    def _hold(self, model: Model) -> None:
        conditions.check(model)
        self.__dict__["_model"] = model

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            f"a network is immutable: {name} cannot be set; make another one, or use with_increment or at"
        )

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a network is immutable: {name} cannot be deleted")

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """The names of the units, in network order."""
        return self._model.labels

    @property
    def field(self) -> Domain:
        """The smallest exact field that holds all numbers."""
        return self._model.field

    @property
    def rows(self) -> tuple[Mapping[int, Element], ...]:
        """Row i of W as a mapping from senders to weights in the network's field; zeros are left out."""
        return self._model.rows

    @property
    def n_units(self) -> int:
        """Number of units N."""
        return len(self.labels)

    @cached_property
    def weights(self) -> sympy.ImmutableMatrix:
        """N x N matrix W, row = receiver."""
        rows, size = self.weight_rows, range(self.n_units)
        return sympy.ImmutableMatrix([[row.get(j, sympy.Integer(0)) for j in size] for row in rows])

    @cached_property
    def weight_rows(self) -> tuple[Mapping[int, sympy.Expr], ...]:
        """Row i of W as a mapping from senders to weights, in network order; zeros are left out."""
        exprs = {key: self._model.expr(weight) for key, weight in different_in(self.rows).items()}
        rows = {
            id(row): MappingProxyType({j: exprs[id(weight)] for j, weight in row.items()})
            for row in distinct(self.rows)
        }
        return tuple(rows[id(row)] for row in self.rows)

    @cached_property
    def entries(self) -> Mapping[tuple[int, int], sympy.Expr]:
        """(receiver, sender) -> weight, by place in the network; zeros are left out."""
        return MappingProxyType(
            {(i, j): weight for i, row in enumerate(self.weight_rows) for j, weight in row.items()}
        )

    @cached_property
    def thresholds(self) -> tuple[sympy.Expr, ...]:
        """Firing thresholds U_i."""
        return tuple(map(self._model.expr, self._model.thresholds))

    @cached_property
    def leak(self) -> tuple[sympy.Expr, ...]:
        """s_i = U_i - sum_j W[i, j], what unit i loses when every unit fires once."""
        return tuple(map(self._model.expr, self._model.leak))

    @property
    def leak_elements(self) -> tuple[Element, ...]:
        """The leaks in the network's field."""
        return self._model.leak

    @cached_property
    def drive(self) -> tuple[sympy.Expr, ...]:
        """Probability that a slow step feeds each unit."""
        return tuple(map(self._model.expr, self._model.drive))

    @property
    def drive_elements(self) -> tuple[Element, ...]:
        """The drive in the network's field."""
        return self._model.drive

    @cached_property
    def increment(self) -> sympy.Expr | None:
        """External input dU of a slow step, or None (weak drive)."""
        return None if self._model.increment is None else self._model.expr(self._model.increment)

    @cached_property
    def matrix(self) -> sympy.ImmutableMatrix:
        """M = diag(U) - W, a nonsingular M-matrix."""
        return sympy.ImmutableMatrix(sympy.diag(*self.thresholds) - self.weights)

    @cached_property
    def system(self) -> System:
        """The row-scaled numbers that engines work on."""
        return System.of(self.field, self.rows, self._model.leak)

    def ring_parts(self, expr: sympy.Expr) -> tuple[Element, Element]:
        """(numerator, denominator), in the ring of the system, of an expression in the network's field."""
        value = exact(expr, "an expression")
        try:
            element = into(self.field, value, "an expression")
        except ExactavError:
            raise
        except (TypeError, ValueError):
            raise ArgumentError(f"{shown(value)} is not in the field {self.field} of the network") from None
        below = common_denominator(self.field, [element])
        return cleared(self.field, element, below), below

    @property
    def symbols(self) -> tuple[sympy.Symbol, ...]:
        """The free symbols of all entries, sorted by name; empty for a numeric network."""
        return field_symbols(self.field)

    def volume(self) -> sympy.Expr:
        """Volume of the inhabited region, det(diag(U) - W).

        Derivation 05; checked against enumeration in derivation 01.

        >>> a = sympy.Symbol("a")
        >>> from exactav import Network
        >>> Network([[0, a], [a, 0]]).volume()
        (1 - a)*(a + 1)
        """
        scales = self.system.ring.one
        for scale in self.system.scales:
            scales *= scale
        return quotient(self.system.ring, self.system.volume, scales)

    def largest_increment(self) -> sympy.Expr | None:
        """The largest increment for which laws of avalanches are exact, min of the driven units' leaks; None
        where symbols decide.

        0 when a driven unit has no leak: then only the laws of weak drive exist, and those of waves.
        """
        return conditions.largest_increment(self._model)

    def index(self, label: Hashable) -> int:
        """Position of the unit named ``label``.

        Raises:
            UnknownUnitError: no unit has this label.
        """
        return place_of(label, self._places)

    def indices(self, labels: Iterable[Hashable]) -> list[int]:
        """Sorted positions of the units with these labels, each named once or more.

        Raises:
            UnknownUnitError: no unit has one of the labels.
            InvalidNetworkError: ``labels`` is one label, not a collection of them.

        >>> from exactav import Network
        >>> Network([[0, 0], [0, 0]], labels=["x", "y"]).indices({"y"})
        [1]
        """
        is_label = isinstance(labels, str) and len(labels) > 1 and labels in self._places
        found = None if is_label else items_of(labels)
        if found is None:
            raise InvalidNetworkError(
                f"{quoted(labels)} is no collection of labels: write {{{quoted(labels)}}}"
            )
        return sorted({self.index(label) for label in found})

    def received(self, unit: int, senders: Iterable[int]) -> sympy.Expr:
        """What the unit at place ``unit`` receives when those at the places ``senders`` fire.

        >>> from exactav import Network
        >>> Network([["1/5", "1/10"], ["1/4", 0]]).received(0, {0, 1})
        3/10
        """
        place = whole(unit, "unit", 0, self.n_units - 1)
        others = {
            whole(sender, "senders", 0, self.n_units - 1)
            for sender in collection(senders, "senders", "{0, 1}")
        }
        return self._model.expr(self._model.received(place, others))

    @cached_property
    def _places(self) -> Mapping[Hashable, int]:
        return {label: place for place, label in enumerate(self.labels)}
