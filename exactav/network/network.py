"""The network: weights, thresholds, leak, drive and increment, checked once, exact and immutable."""

from collections.abc import Container, Hashable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import sympy

from exactav.errors import InvalidNetworkError
from exactav.network import conditions, display
from exactav.network.entries import (
    distinct_labels,
    number_of_units,
    place_of,
    sparse_entries,
    square_rows,
    weight_name,
)
from exactav.network.floats import checked_denominator, from_floats
from exactav.network.model import Model
from exactav.network.system import System
from exactav.numbers.domains import (
    Domain,
    Element,
    cleared,
    common_denominator,
    field_symbols,
    quotient,
)
from exactav.numbers.expressions import exact
from exactav.numbers.fields import into
from exactav.numbers.values import Values, bindings


class Network:
    """A recurrent network of N spiking units with exact weights.

    Args:
        weights: N x N, ``weights[i][j] >= 0`` is what unit i receives when unit j fires (row = receiver).
            Nested sequences, numpy arrays or SymPy matrices of ints, Fractions, SymPy numbers or expressions,
            or texts such as ``"1/5"``.
        thresholds: one for all units, a sequence of N, or a mapping from labels (all of them); positive.
        drive: probability that a slow step feeds each unit: a sequence of N, or a mapping from labels
            (missing ones 0); uniform unless given; non-negative, sum 1.
        increment: external input dU > 0 per slow step, at most the leak of every driven unit. Without one,
            all laws are those of weak drive (dU -> 0); for a driven unit without leak, to whom its own
            avalanches can return, they are the limit of small leak: the laws of one wave among all its waves.
        labels: N distinct hashable names of the units, 0 .. N-1 unless given; not None. Units are named by
            label everywhere.

    Units: weights, thresholds, leak and increment share one unit of activity; drive is dimensionless.

    Raises:
        InexactError: an entry is a float, not finite, or of a kind whose equality cannot be decided.
        InvalidNetworkError: a condition of the model is broken; the message says which entry and what to do.
        SingularNetworkError: some units have no path to a unit with leak.
        UnknownUnitError: a mapping has a label that no unit has.

    Conditions on symbols cannot be decided and are assumed: weights and leaks of symbolic networks stand for
    non-negative values, and are checked as soon as :meth:`at` puts numbers in. A network is a value: nothing
    of it can be set, and networks with equal numbers are equal, however these were written. Source:
    arXiv:2202.02520.

    >>> net = Network([["1/5", "1/10"], ["1/4", 0]])
    >>> net.leak, net.volume()
    ((7/10, 3/4), 31/40)
    """

    _model: Model

    def __init__(
        self,
        weights: Any,
        thresholds: Any = 1,
        drive: Any = None,
        increment: Any = None,
        labels: Iterable[Hashable] | None = None,
    ) -> None:
        rows = square_rows(weights)
        names = distinct_labels(labels, len(rows))
        entries = {
            (i, j): exact(value, weight_name(i, j, names))
            for i, row in enumerate(rows)
            for j, value in enumerate(row)
        }
        self._hold(Model.of(names, entries, thresholds, drive, increment))

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

        >>> Network.from_entries(3, {(1, 0): "1/2", (2, 1): "1/2"}).volume()
        1
        """
        size = number_of_units(n_units)
        names = distinct_labels(labels, size)
        self = cls.__new__(cls)
        self._hold(Model.of(names, sparse_entries(size, entries, names), thresholds, drive, increment))
        return self

    @classmethod
    def from_floats(cls, weights: Any, *, max_denominator: int | None = None, **others: Any) -> Self:
        """A network from floats, each taken as the exact binary fraction it is.

        Args:
            weights: N x N floats; the other arguments of :class:`Network` may be floats too.
            max_denominator: if given, every float is first rounded to the nearest fraction with at most this
                denominator.

        >>> Network.from_floats([[0, 0.1], [0.25, 0]], max_denominator=100).weights
        Matrix([
        [  0, 1/10],
        [1/4,    0]])
        """
        bound = checked_denominator(max_denominator)
        labels = others.pop("labels", None)
        rows = [from_floats(row, bound) for row in square_rows(weights)]
        return cls(rows, labels=labels, **{name: from_floats(value, bound) for name, value in others.items()})

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
        return tuple(
            MappingProxyType({j: self._model.expr(weight) for j, weight in row.items()}) for row in self.rows
        )

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
        element = into(self.field, expr, "an expression")
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
        >>> Network([[0, a], [a, 0]]).volume()
        (1 - a)*(a + 1)
        """
        scales = self.system.ring.one
        for scale in self.system.scales:
            scales *= scale
        return quotient(self.system.ring, self.system.volume, scales)

    def largest_increment(self) -> sympy.Expr | None:
        """The largest increment for which all laws are exact, min of the driven units' leaks; None where
        symbols decide.

        0 when a driven unit has no leak: then only the laws of weak drive exist.
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

        >>> Network([[0, 0], [0, 0]], labels=["x", "y"]).indices({"y"})
        [1]
        """
        is_label = isinstance(labels, str) and len(labels) > 1 and labels in self._places
        if is_label or not isinstance(labels, Iterable):
            raise InvalidNetworkError(f"{labels!r} is no collection of labels: write {{{labels!r}}}")
        return sorted({self.index(label) for label in labels})

    def received(self, unit: int, senders: Container[int]) -> sympy.Expr:
        """What the unit at place ``unit`` receives when those at the places ``senders`` fire.

        >>> Network([["1/5", "1/10"], ["1/4", 0]]).received(0, {0, 1})
        3/10
        """
        return self._model.expr(self._model.received(unit, senders))

    @cached_property
    def _places(self) -> Mapping[Hashable, int]:
        return {label: place for place, label in enumerate(self.labels)}

    def at(self, values: Values = None, **named: Any) -> "Network":
        """The network with exact values put in for symbols, checked anew.

        Args:
            values: exact values or expressions, keyed by symbols or their names, whatever is assumed of them.
            named: the same as keywords.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: the values break a condition of the model.

        >>> a = sympy.Symbol("a")
        >>> Network([[0, a], [a, 0]]).at({a: "1/3"}).leak
        (2/3, 2/3)
        >>> Network([[0, a], [a, 0]]).at(a="1 - eps").leak
        (eps, eps)
        """
        replace = bindings(self.symbols, values, named, "this network")

        def put(expr: sympy.Expr) -> sympy.Expr:
            return expr.subs(replace, simultaneous=True)

        return self._changed(
            entries={place: put(value) for place, value in self.entries.items()},
            thresholds=list(map(put, self.thresholds)),
            drive=list(map(put, self.drive)),
            increment=None if self.increment is None else put(self.increment),
        )

    def with_increment(self, increment: Any) -> "Network":
        """The same network with another increment (None: weak drive)."""
        return self._changed(increment=increment)

    def _changed(self, **changes: Any) -> "Network":
        return Network.from_entries(self.n_units, **(self._arguments() | changes))

    def _arguments(self) -> dict[str, Any]:
        """All but the number of units, as :meth:`from_entries` takes it."""
        return {
            "entries": dict(self.entries),
            "thresholds": self.thresholds,
            "drive": self.drive,
            "increment": self.increment,
            "labels": self.labels,
        }

    def reduced_by(self, fired: Iterable[Hashable]) -> "Network":
        """The network of the other units once ``fired`` have fired: thresholds lowered by what they received.

        Its leaks are those the units had, so its volume is the forest weight of these units; what the units
        can do while the others stay silent is what this network does (derivation 01, step 2).

        The drive is the old one given that it feeds one of the units left; if it never does, it is uniform
        over those with leak, and there is no increment.

        Raises:
            UnknownUnitError: a label is not in the network.
            InvalidNetworkError: no unit is left, or one whose threshold falls to 0.
            SingularNetworkError: the units that are left lose nothing.

        >>> net = Network([["1/5", "1/10"], ["1/4", 0]]).reduced_by({1})
        >>> net.labels, net.thresholds, net.leak
        ((0,), (9/10,), (7/10,))
        """
        gone = set(self.indices(fired))
        left = [unit for unit in range(self.n_units) if unit not in gone]
        if not left:
            raise InvalidNetworkError("no unit is left: reduce by fewer than all")
        model, zero = self._model, self.field.zero
        place = {unit: i for i, unit in enumerate(left)}
        drive, increment = [model.drive[unit] for unit in left], self.increment
        if not (total := sum(drive, zero)):
            drive, increment = [model.field.convert(int(bool(model.leak[unit]))) for unit in left], None
            total = sum(drive, zero)
        return Network.from_entries(
            len(left),
            {(place[i], place[j]): w for (i, j), w in self.entries.items() if i in place and j in place},
            thresholds=[model.expr(model.thresholds[unit] - model.received(unit, gone)) for unit in left],
            drive=[model.expr(share / total) for share in drive] if total else None,
            increment=increment,
            labels=[self.labels[unit] for unit in left],
        )

    def require_increment(self, question: str) -> sympy.Expr:
        """The increment; MissingIncrementError names the ``question`` that needs it."""
        conditions.require_increment(self._model, question)
        return self.increment

    def require_one_wave(self, question: str, start: Hashable | None = None) -> sympy.Expr:
        """The increment, if units fire at most once in a slow step that feeds ``start`` (None: any driven).

        That is so where the increment is at most the leak of the unit that is fed. Symbols whose sign is open
        are assumed to be as they must.

        Raises:
            MissingIncrementError: there is no increment; names the ``question`` that needs it.
            InvalidNetworkError: the increment is above the leak of ``start``.

        >>> net = Network([[0, 1], [9, 0]], thresholds=[3, 10], drive=[1, 0], increment=2)
        >>> net.require_one_wave("a question", 0)
        2
        >>> net.require_one_wave("avalanche_probability", 1)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        exactav.errors.InvalidNetworkError: avalanche_probability of start 1: the increment 2 is above ...
        """
        increment = self.require_increment(question)
        if start is not None:
            conditions.require_one_wave(self._model, question, self.index(start))
        return increment

    def __eq__(self, other: object) -> bool:
        return self._model == other._model if isinstance(other, Network) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._model)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Through expressions: SymPy's polynomial rings do not pickle.
        return Network.from_entries, (self.n_units, *self._arguments().values())

    def __repr__(self) -> str:
        return display.text(self._model, self.symbols)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle M = {sympy.latex(self.matrix)}$"
