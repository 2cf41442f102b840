"""The network: weights, thresholds, leak, drive and increment, checked once, exact and immutable."""

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from math import isfinite
from numbers import Rational, Real
from types import MappingProxyType
from typing import Any, Self

import sympy

from exactav.errors import (
    InvalidNetworkError,
    MissingIncrementError,
    SingularNetworkError,
    UnknownUnitError,
)
from exactav.network.entries import (
    distinct_labels,
    name_some,
    one_for_each,
    one_or_many,
    square_rows,
    weight_name,
)
from exactav.network.system import System
from exactav.numbers.digits import sign_of
from exactav.numbers.domains import (
    Domain,
    Element,
    cleared,
    common_denominator,
    field_of,
    field_symbols,
    into,
    quotient,
    substitution,
)
from exactav.numbers.expressions import exact, shown

_SHOWN = 6  # units of a network whose repr lists the weights


class Network:
    """A recurrent network of N spiking units with exact weights.

    Args:
        weights: N x N, ``weights[i][j] >= 0`` is what unit i receives when unit j fires (row = receiver).
            Nested sequences, numpy arrays or SymPy matrices of ints, Fractions, SymPy numbers or expressions,
            or texts such as ``"1/5"``.
        thresholds: one for all units, or a sequence of N; positive.
        drive: probability that a slow step feeds each unit: a sequence of N, or a mapping from labels
            (missing ones 0); uniform unless given; non-negative, sum 1.
        increment: external input dU > 0 per slow step, at most the leak of every driven unit. Without one,
            all laws are those of weak drive (dU -> 0); for a driven unit without leak, to whom its own
            avalanches can return, they are the limit of small leak: the laws of one wave among all its waves.
        labels: N distinct hashable names of the units, 0 .. N-1 unless given. Units are named by label
            everywhere.

    Units: weights, thresholds, leak and increment share one unit of activity; drive is dimensionless.

    Raises:
        InexactError: an entry is a float, not finite, or of a kind whose equality cannot be decided.
        InvalidNetworkError: a condition of the model is broken; the message says which entry and what to do.
        SingularNetworkError: some units have no path to a unit with leak.

    Conditions on symbols cannot be decided and are assumed: weights and leaks of symbolic networks stand for
    non-negative values, and are checked as soon as :meth:`at` puts numbers in. Source: arXiv:2202.02520.

    >>> net = Network([["1/5", "1/10"], ["1/4", 0]])
    >>> net.leak, net.volume()
    ((7/10, 3/4), 31/40)
    """

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
        self._check_in(len(rows), entries, thresholds, drive, increment, names)

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

        >>> Network.from_entries(3, {(1, 0): "1/2", (2, 1): "1/2"}).volume()
        1
        """
        names = distinct_labels(labels, n_units)
        for key in entries:
            if not all(0 <= index < n_units for index in key):
                raise InvalidNetworkError(
                    f"weight at {key} of a network of {n_units} units: use indices 0 .. {n_units - 1}"
                )
        exact_entries = {(i, j): exact(v, weight_name(i, j, names)) for (i, j), v in entries.items()}
        self = cls.__new__(cls)
        self._check_in(n_units, exact_entries, thresholds, drive, increment, names)
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

        def convert(value: Any) -> Any:
            if isinstance(value, sympy.Float):
                value = float(value)
            if isinstance(value, Real) and not isinstance(value, Rational) and isfinite(value):
                fraction = Fraction(float(value))
                return fraction if max_denominator is None else fraction.limit_denominator(max_denominator)
            return value  # exact, or refused with its place by the constructor

        def convert_all(values: Any) -> Any:
            if isinstance(values, Mapping):
                return {key: convert(value) for key, value in values.items()}
            if isinstance(values, str) or not isinstance(values, Iterable):
                return convert(values)
            return [convert(value) for value in values]

        rows = [convert_all(row) for row in square_rows(weights)]
        labels = others.pop("labels", None)
        return cls(rows, labels=labels, **{name: convert_all(value) for name, value in others.items()})

    def _check_in(
        self,
        n_units: int,
        entries: Mapping[tuple[int, int], sympy.Expr],
        thresholds: Any,
        drive: Any,
        increment: Any,
        labels: tuple[Hashable, ...],
    ) -> None:
        if n_units == 0:
            raise InvalidNetworkError("a network of 0 units: give at least one unit")
        self.labels = labels
        self._indices = {label: index for index, label in enumerate(labels)}
        threshold_exprs = one_or_many(thresholds, "threshold", labels)
        drive_exprs = self._drive_exprs(drive)
        step = None if increment is None else exact(increment, "increment")

        everything = [*entries.values(), *threshold_exprs, *drive_exprs, *([] if step is None else [step])]
        self.field: Domain = field_of(everything)
        known: dict[sympy.Expr, Element] = {}

        def element(expr: sympy.Expr, where: str) -> Element:
            if expr not in known:
                known[expr] = into(self.field, expr, where)
            return known[expr]

        rows: list[dict[int, Element]] = [{} for _ in range(n_units)]
        for (i, j), expr in entries.items():
            if value := element(expr, weight_name(i, j, labels)):
                rows[i][j] = value
                if sign_of(expr) == -1:
                    raise InvalidNetworkError(
                        f"{weight_name(i, j, labels)} = {shown(expr)} is negative: weights must be >= 0"
                    )
        self.rows: tuple[Mapping[int, Element], ...] = tuple(map(MappingProxyType, rows))
        self._thresholds = tuple(
            element(u, f"threshold of {n!r}") for u, n in zip(threshold_exprs, labels, strict=True)
        )
        self._drive = tuple(element(p, f"drive of {n!r}") for p, n in zip(drive_exprs, labels, strict=True))
        self._increment = None if step is None else element(step, "increment")
        self._leak = tuple(
            u - sum(row.values(), self.field.zero) for u, row in zip(self._thresholds, self.rows, strict=True)
        )
        self._check_thresholds_and_leak()
        self._check_drive()
        self._check_increment()
        self._check_every_unit_leaks()

    def _drive_exprs(self, drive: Any) -> list[sympy.Expr]:
        n_units = len(self.labels)
        if drive is None:
            return [sympy.Rational(1, n_units)] * n_units
        if isinstance(drive, Mapping):
            given = {self.index(label): value for label, value in drive.items()}
            drive = [given.get(index, 0) for index in range(n_units)]
        return one_for_each(drive, "drive", self.labels)

    def _check_thresholds_and_leak(self) -> None:
        for i, label in enumerate(self.labels):
            threshold = self._expr(self._thresholds[i])
            if sign_of(threshold) in (-1, 0):
                raise InvalidNetworkError(
                    f"threshold of unit {label!r} is {shown(threshold)}: thresholds must be > 0"
                )
            if sign_of(self._expr(self._leak[i])) == -1:
                total = self._expr(self._thresholds[i] - self._leak[i])
                raise InvalidNetworkError(
                    f"row {label!r} of W sums to {shown(total)}, threshold is {shown(threshold)}: "
                    "lower the weights or raise the threshold"
                )

    def _check_drive(self) -> None:
        for label, p in zip(self.labels, self.drive, strict=True):
            if sign_of(p) == -1:
                raise InvalidNetworkError(
                    f"drive of unit {label!r} is {shown(p)}: probabilities must be >= 0"
                )
        total = self._expr(sum(self._drive, self.field.zero))
        if total != 1:
            raise InvalidNetworkError(f"drive sums to {shown(total)}: probabilities must sum to exactly 1")

    def _check_increment(self) -> None:
        if self._increment is None:
            return
        step = self._expr(self._increment)
        if sign_of(step) in (-1, 0):
            raise InvalidNetworkError(f"increment is {shown(step)}: it must be > 0")
        for i, label in enumerate(self.labels):
            if self._drive[i] and sign_of(self._expr(self._leak[i] - self._increment)) == -1:
                largest = self.largest_increment()
                remedy = f"at most {shown(largest)}" if largest else "omitted (weak drive)"
                raise InvalidNetworkError(
                    f"increment {shown(step)} is above the leak {shown(self.leak[i])} of the driven unit "
                    f"{label!r}: it must be {remedy}"
                )

    def _check_every_unit_leaks(self) -> None:
        senders_to: list[list[int]] = [[] for _ in self.rows]  # senders_to[j]: the units that j feeds
        for i, row in enumerate(self.rows):
            for j in row:
                senders_to[j].append(i)
        # A unit is safe when a path i <- j <- ... from it, against the arrows, reaches a unit with leak.
        safe = [bool(s) for s in self._leak]
        waiting = [i for i, leaks in enumerate(safe) if leaks]
        while waiting:
            for i in senders_to[waiting.pop()]:
                if not safe[i]:
                    safe[i] = True
                    waiting.append(i)
        stuck = [label for label, leaks in zip(self.labels, safe, strict=True) if not leaks]
        if stuck:
            raise SingularNetworkError(
                f"units {name_some(stuck)} have no leak, and no chain of senders leads from them to a unit "
                "with leak, so diag(U) - W is singular: lower a weight into one of them, or raise its "
                "threshold"
            )

    @property
    def n_units(self) -> int:
        """Number of units N."""
        return len(self.labels)

    @cached_property
    def weights(self) -> sympy.ImmutableMatrix:
        """N x N matrix W, row = receiver."""
        return self._matrix(lambda i: self.rows[i].get)

    @cached_property
    def weight_rows(self) -> tuple[Mapping[int, sympy.Expr], ...]:
        """Row i of W as a mapping from senders to weights, in network order; zeros are left out."""
        return tuple(
            MappingProxyType({j: self._expr(weight) for j, weight in row.items()}) for row in self.rows
        )

    @property
    def entries(self) -> Mapping[tuple[int, int], sympy.Expr]:
        """(receiver, sender) -> weight, by place in the network; zeros are left out."""
        return {(i, j): weight for i, row in enumerate(self.weight_rows) for j, weight in row.items()}

    @property
    def thresholds(self) -> tuple[sympy.Expr, ...]:
        """Firing thresholds U_i."""
        return tuple(map(self._expr, self._thresholds))

    @property
    def leak(self) -> tuple[sympy.Expr, ...]:
        """s_i = U_i - sum_j W[i, j], what unit i loses when every unit fires once."""
        return tuple(map(self._expr, self._leak))

    @property
    def drive(self) -> tuple[sympy.Expr, ...]:
        """Probability that a slow step feeds each unit."""
        return tuple(map(self._expr, self._drive))

    @property
    def drive_elements(self) -> tuple[Element, ...]:
        """The drive in the network's field."""
        return self._drive

    @property
    def increment(self) -> sympy.Expr | None:
        """External input dU of a slow step, or None (weak drive)."""
        return None if self._increment is None else self._expr(self._increment)

    @cached_property
    def matrix(self) -> sympy.ImmutableMatrix:
        """M = diag(U) - W, a nonsingular M-matrix."""
        return sympy.ImmutableMatrix(sympy.diag(*self.thresholds) - self.weights)

    @cached_property
    def system(self) -> System:
        """The row-scaled numbers that engines work on."""
        return System.of(self.field, self.rows, self._leak)

    def ring_parts(self, expr: sympy.Expr) -> tuple[Element, Element]:
        """(numerator, denominator), in the ring of the system, of an expression in the network's field."""
        element = self.field.from_sympy(expr)
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
        leaks = {s for s, p in zip(self.leak, self._drive, strict=True) if p}
        if any(s.free_symbols for s in leaks):
            return next(iter(leaks)) if len(leaks) == 1 else None
        return min(leaks)

    def index(self, label: Hashable) -> int:
        """Position of the unit named ``label``.

        Raises:
            UnknownUnitError: no unit has this label.
        """
        try:
            return self._indices[label]
        except (KeyError, TypeError):
            raise UnknownUnitError(
                f"no unit is labelled {label!r}; labels are {name_some(self.labels)}"
            ) from None

    def at(self, values: Mapping[sympy.Symbol | str, Any]) -> "Network":
        """The network with exact values put in for symbols, checked anew.

        Args:
            values: exact values or expressions, keyed by symbols or their names.

        Raises:
            UnknownSymbolError: a key is no symbol of the network.
            InvalidNetworkError: the values break a condition of the model.

        >>> a = sympy.Symbol("a")
        >>> Network([[0, a], [a, 0]]).at({a: "1/3"}).leak
        (2/3, 2/3)
        """
        replace = substitution(self.field, values)

        def put(expr: sympy.Expr | None) -> sympy.Expr | None:
            return None if expr is None else expr.subs(replace, simultaneous=True)

        return Network.from_entries(
            self.n_units,
            {place: put(value) for place, value in self.entries.items()},
            thresholds=[put(u) for u in self.thresholds],
            drive=[put(p) for p in self.drive],
            increment=put(self.increment),
            labels=self.labels,
        )

    def with_increment(self, increment: Any) -> "Network":
        """The same network with another increment (None: weak drive)."""
        return Network.from_entries(
            self.n_units,
            self.entries,
            thresholds=self.thresholds,
            drive=self.drive,
            increment=increment,
            labels=self.labels,
        )

    def reduced_by(self, fired: Iterable[Hashable]) -> "Network":
        """The network of the other units once ``fired`` have fired: thresholds lowered by what they received.

        Its leaks are those the units had, so its volume is the forest weight of these units; what the units
        can do while the others stay silent is what this network does (derivation 01, step 2).

        The drive is the old one given that it feeds one of the units left; if it never does, it is uniform
        over those with leak, and there is no increment.

        Raises:
            UnknownUnitError: a label is not in the network.
            InvalidNetworkError: no unit is left.

        >>> net = Network([["1/5", "1/10"], ["1/4", 0]]).reduced_by({1})
        >>> net.labels, net.thresholds, net.leak
        ((0,), (9/10,), (7/10,))
        """
        gone = {self.index(label) for label in fired}
        left = [unit for unit in range(self.n_units) if unit not in gone]
        if not left:
            raise InvalidNetworkError("no unit is left: reduce by fewer than all")
        place = {unit: i for i, unit in enumerate(left)}
        thresholds = []
        for unit in left:
            received = sum((w for j, w in self.rows[unit].items() if j in gone), self.field.zero)
            thresholds.append(self._expr(self._thresholds[unit] - received))
        entries = {(place[i], place[j]): w for (i, j), w in self.entries.items() if i in place and j in place}
        shares = [self.drive[unit] for unit in left]
        increment = self.increment
        if not any(shares):
            shares, increment = [sympy.Integer(int(bool(self._leak[unit]))) for unit in left], None
        total = sum(shares)
        return Network.from_entries(
            len(left),
            entries,
            thresholds,
            drive=[share / total for share in shares],
            increment=increment,
            labels=[self.labels[unit] for unit in left],
        )

    def require_increment(self, question: str) -> sympy.Expr:
        """The increment; MissingIncrementError names the ``question`` that needs it."""
        if self.increment is None:
            largest = self.largest_increment()
            hint = f" of at most {largest}" if largest else ""
            if largest == 0:
                raise MissingIncrementError(
                    f"{question} needs an increment, and a driven unit without leak allows none: "
                    "drive only units with leak, or ask for laws given an avalanche"
                )
            raise MissingIncrementError(
                f"{question} needs the input per slow step: give Network(..., increment=...){hint}"
            )
        return self.increment

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.labels, self.thresholds, self.drive, self.increment))

    def _identity(self) -> tuple[object, ...]:
        return (
            self.field,
            self.labels,
            tuple(map(dict, self.rows)),
            self._thresholds,
            self._drive,
            self._increment,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # Through expressions: SymPy's polynomial rings do not pickle.
        entries = dict(self.entries)
        others = (self.thresholds, self.drive, self.increment, self.labels)
        return Network.from_entries, (self.n_units, entries, *others)

    def __repr__(self) -> str:
        names = ", ".join(map(str, self.symbols))
        said = f"{self.n_units} unit{'s' * (self.n_units > 1)}{' in ' + names if names else ''}"
        if self.n_units <= _SHOWN:  # a counterexample is to be seen
            said += f", W = {self.weights.tolist()}"
            if any(threshold != 1 for threshold in self.thresholds):
                said += f", U = {list(self.thresholds)}"
        return f"<Network of {said}>"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle M = {sympy.latex(self.matrix)}$"

    def _expr(self, element: Element) -> sympy.Expr:
        return self.field.to_sympy(element)

    def _matrix(self, row: Any) -> sympy.ImmutableMatrix:
        zero = self.field.zero
        size = range(self.n_units)
        return sympy.ImmutableMatrix([[self._expr(get(j, zero)) for j in size] for get in map(row, size)])
