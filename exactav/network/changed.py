"""Networks from networks: values put in, numbers replaced, units left out."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, Self

import sympy

from exactav.errors import InvalidNetworkError
from exactav.network.edges import edges_by_place, scaled_entries
from exactav.network.entries import Rows, by_label
from exactav.network.held import Held
from exactav.network.model import distinct
from exactav.network.tables import is_table, weights_of
from exactav.numbers.expressions import exact
from exactav.numbers.values import Values, bindings, put_in


class _Kept(Enum):
    KEPT = "the one it has"

    def __repr__(self) -> str:
        return self.value


KEPT = _Kept.KEPT


class Changed(Held):
    """What differs from a network in some numbers."""

    def at(self, values: Values = None, **named: Any) -> Self:
        """The network with exact values put in for symbols, checked anew.

        Args:
            values: exact values or expressions, keyed by symbols or their names, whatever is assumed of them.
            named: the same as keywords.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: the values break a condition of the model.

        >>> a = sympy.Symbol("a")
        >>> from exactav import Network
        >>> Network([[0, a], [a, 0]]).at({a: "1/3"}).leak
        (2/3, 2/3)
        >>> Network([[0, a], [a, 0]]).at(a="1 - eps").leak
        (eps, eps)
        """
        replace = bindings(self.symbols, values, named, "this network")

        @cache  # many numbers are equal
        def put(expr: sympy.Expr) -> sympy.Expr:
            return put_in(expr, replace, "an entry of the network")

        rows = {id(row): {j: put(value) for j, value in row.items()} for row in distinct(self.weight_rows)}
        return self._changed(
            rows=[rows[id(row)] for row in self.weight_rows],
            thresholds=list(map(put, self.thresholds)),
            drive=list(map(put, self.drive)),
            increment=None if self.increment is None else put(self.increment),
        )

    def with_increment(self, increment: Any) -> Self:
        """The same network with another increment (None: weak drive)."""
        return self._changed(increment=increment)

    def replace(
        self,
        *,
        weights: Any = None,
        thresholds: Any = None,
        drive: Any = None,
        increment: Any = KEPT,
        labels: Iterable[Hashable] | Mapping[Hashable, Hashable] | None = None,
    ) -> Self:
        """The network with some numbers or labels replaced, checked anew.

        Args:
            weights: by edge, (sender, receiver) -> weight, both by label; others stay. An edge is written in
                the direction in which it sends, as in :meth:`from_edges`. Or the whole of W, row = receiver,
                as in :class:`Network`.
            thresholds: one for all units, a sequence, or a mapping from labels; units left out keep theirs.
            drive: a sequence; or a mapping from labels, in which units left out have none, as in
                :class:`Network`.
            increment: None for weak drive.
            labels: all of them in order, or a mapping from old to new ones.

        Raises:
            UnknownUnitError: a label is not in the network.
            InvalidNetworkError: the changes break a condition of the model.

        >>> from exactav import Network
        >>> net = Network([[0, "1/2"], ["1/4", 0]], labels="ab")
        >>> net.replace(weights={("a", "b"): "1/3"}, thresholds={"a": 2})
        Network([[0, '1/2'], ['1/3', 0]], thresholds=[2, 1], labels=['a', 'b'])
        """
        changes: dict[str, Any] = {}
        thresholds, drive = by_label(thresholds), by_label(drive)
        if is_table(weights):
            changes["entries"] = self._placed(*weights_of(weights))
        elif weights is not None:
            changes["entries"] = dict(self.entries) | edges_by_place(weights, self.index)
        if isinstance(thresholds, Mapping):
            levels = list(self.thresholds)
            for label, value in thresholds.items():
                levels[self.index(label)] = value
            changes["thresholds"] = levels
        elif thresholds is not None:
            changes["thresholds"] = thresholds
        if isinstance(drive, Mapping):
            shares: list[Any] = [0] * self.n_units
            for label, value in drive.items():
                shares[self.index(label)] = value
            changes["drive"] = shares
        elif drive is not None:
            changes["drive"] = drive
        if increment is not KEPT:
            changes["increment"] = increment
        if isinstance(labels, Mapping):
            names = list(self.labels)
            for label, name in labels.items():
                names[self.index(label)] = name
            changes["labels"] = names
        elif labels is not None:
            changes["labels"] = labels
        return self._changed(**changes)

    def scaled(self, coupling: Any) -> Self:
        """The network with all weights times one factor, so that the largest row sum of W is ``coupling``.

        Thresholds stay, so leaks change; see ``coupling`` of :func:`exactav.from_networkx`.

        Raises:
            InvalidNetworkError: no weight is above 0; symbols leave open which row sum is the largest; or a
                row sum comes above its threshold.

        >>> from exactav import Network
        >>> Network([[0, "1/2"], ["1/4", 0]]).scaled("9/10").weights
        Matrix([
        [   0, 9/10],
        [9/20,    0]])
        """
        return self._changed(entries=scaled_entries(self.entries, self.labels, exact(coupling, "coupling")))

    def subnetwork(self, units: Iterable[Hashable]) -> Self:
        """The network of some units alone: thresholds stay, and what the others sent is lost.

        Leaks grow by what the others sent; for the law of what the units do while others have fired or stay
        silent see :meth:`reduced_by`. The drive is the old one given that it feeds one of these units; if it
        never does, it is uniform over those with leak, and there is no increment.

        Args:
            units: labels; the units come in network order.

        Raises:
            UnknownUnitError: a label is not in the network.
            InvalidNetworkError: no unit is named.

        >>> from exactav import Network
        >>> net = Network([[0, "1/2", 0], ["1/4", 0, "1/4"], [0, "1/3", "1/3"]], labels="abc")
        >>> net.subnetwork("ab").leak
        (1/2, 3/4)
        """
        return self._kept(self.indices(units), ())

    def without(self, units: Iterable[Hashable]) -> Self:
        """The network of the other units, see :meth:`subnetwork`.

        >>> from exactav import Network
        >>> Network([[0, "1/2"], ["1/4", 0]], labels="ab").without(["a"]).labels
        ('b',)
        """
        gone = set(self.indices(units))
        return self._kept([unit for unit in range(self.n_units) if unit not in gone], ())

    def _placed(self, rows: Rows, labels: Sequence[Hashable] | None) -> dict[tuple[int, int], Any]:
        """The entries of a whole matrix at the places of this network."""
        if len(rows) != self.n_units:
            raise InvalidNetworkError(f"weights of {len(rows)} units for a network of {self.n_units}")
        place = range(len(rows)) if labels is None else [self.index(label) for label in labels]
        return {(place[i], place[j]): weight for i, row in enumerate(rows) for j, weight in row.items()}

    def _changed(
        self,
        rows: Sequence[Mapping[int, Any]] | None = None,
        entries: Mapping[tuple[int, int], Any] | None = None,
        **changes: Any,
    ) -> Self:
        others = self._others() | changes
        if entries is not None:
            return type(self).from_entries(self.n_units, entries, **others)
        return type(self)._from_rows(self.weight_rows if rows is None else rows, **others)

    def _others(self) -> dict[str, Any]:
        """All but the weights, as :meth:`from_entries` takes it."""
        return {
            "thresholds": self.thresholds,
            "drive": self.drive,
            "increment": self.increment,
            "labels": self.labels,
        }

    def reduced_by(self, fired: Iterable[Hashable]) -> Self:
        """The network of the other units once ``fired`` have fired: thresholds lowered by what they received.

        Its leaks are those the units had, so its volume is the forest weight of these units; what the units
        can do while the others stay silent is what this network does (derivation 01, step 2).

        The drive is the old one given that it feeds one of the units left; if it never does, it is uniform
        over those with leak, and there is no increment.

        Raises:
            UnknownUnitError: a label is not in the network.
            InvalidNetworkError: no unit is left, or one whose threshold falls to 0.
            SingularNetworkError: the units that are left lose nothing.

        >>> from exactav import Network
        >>> net = Network([["1/5", "1/10"], ["1/4", 0]]).reduced_by({1})
        >>> net.labels, net.thresholds, net.leak
        ((0,), (9/10,), (7/10,))
        """
        gone = set(self.indices(fired))
        return self._kept([unit for unit in range(self.n_units) if unit not in gone], gone)

    def _kept(self, left: Sequence[int], fired: Collection[int]) -> Self:
        """The network of the units at some places, thresholds lowered by what ``fired`` sent them."""
        if not left:
            raise InvalidNetworkError("no unit is left: keep at least one")
        model, zero = self._model, self.field.zero
        place = {unit: i for i, unit in enumerate(left)}
        drive, increment = [model.drive[unit] for unit in left], self.increment
        if not (total := sum(drive, zero)):
            loses = [bool(model.leak[unit]) or not fired for unit in left]
            drive, increment = [model.field.convert(int(lost)) for lost in loses], None
            total = sum(drive, zero)
        return type(self).from_entries(
            len(left),
            {(place[i], place[j]): w for (i, j), w in self.entries.items() if i in place and j in place},
            thresholds=[model.expr(model.thresholds[unit] - model.received(unit, fired)) for unit in left],
            drive=[model.expr(share / total) for share in drive] if total else None,
            increment=increment,
            labels=[self.labels[unit] for unit in left],
        )
