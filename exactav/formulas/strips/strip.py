"""Strips: networks that repeat a cell along a line or a ring, and their laws for any number of cells."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, Self

import sympy

from exactav.errors import ArgumentError, CheckFailedError, InvalidNetworkError, OptionError, TooCostlyError
from exactav.formulas.coefficients import Coefficient
from exactav.formulas.formula import Formula
from exactav.formulas.strips.checks import checks_of
from exactav.formulas.strips.functions import GeneratingFunction, x
from exactav.kernels import automata, strips
from exactav.kernels.automata import Automaton, Series
from exactav.laws.measure import Exact
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts
from exactav.network.entries import distinct_labels, one_for_each, one_or_many, place_of
from exactav.network.network import Network
from exactav.numbers.arguments import flag
from exactav.numbers.domains import Domain, Element, cleared, common_denominator, equal, quotient, ring_of
from exactav.numbers.expressions import described, exact
from exactav.numbers.fields import normal_form
from exactav.numbers.values import Values, bindings
from exactav.numbers.whole import whole

_WHOLE_LAWS = 100  # cells of networks whose whole law is found and kept, asked for one size
_MOST_SET_UNITS = 12  # of rings of few cells


class Strip:
    """A network that repeats a cell N times along a line or a ring, for any N.

    Args:
        weights: ``{(receiver, sender, step): weight}``: the unit ``receiver`` of each cell receives ``weight``
            from the unit ``sender`` of the cell that is ``step`` cells further on (negative: back; 0: its own).
            Receiver first, as in ``W[i, j]``.
        units: labels of the units of a cell, in order; those in ``weights`` unless given.
        thresholds: one for all units, or one for each unit of a cell, a sequence or a mapping; 1 unless given.
        drive: for each unit of a cell, the probability that a slow step feeds it, given that it feeds this
            cell, a sequence or a mapping (missing ones 0); all cells are alike. Uniform unless given.
        closed: whether the last cell is followed by the first.

    What units at the ends of a line would receive from cells that are not there is lost: thresholds stay, so
    these units leak more, as in :func:`exactav.families.line`. On a ring of few cells several weights may join
    the same units: they are added.

    The size law of N cells is that of ``strip.network(N)``, and is found from a transfer matrix over the sides
    and open trees of the last cells (derivation 19); nothing depends on N but a power of it. Weights and
    thresholds may have symbols; not ``x`` and ``z``, which mark cells and units that fire.

    Raises:
        InvalidNetworkError, InexactError, UnknownUnitError: as for networks.
        ArgumentError: ``weights`` is no such mapping.
        OptionError: ``x`` or ``z`` is a symbol of it.

    >>> ring = Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
    >>> ring.size_law(10)[3], ring.probability(3, 10**4) > 0
    (65532/349525, True)
    >>> import exactav as ea
    >>> ring.size_law(10).pmf() == ea.size_law(ea.families.ring(10, "4/5")).pmf()
    True
    """

    def __init__(
        self,
        weights: Mapping[tuple[Hashable, Hashable, int], Any],
        *,
        units: Iterable[Hashable] | None = None,
        thresholds: Any = 1,
        drive: Any = None,
        closed: bool = False,
    ) -> None:
        if not isinstance(weights, Mapping):
            raise ArgumentError(
                f"weights = {described(weights)}: give a mapping, such as {{(0, 0, 1): '1/4', (0, 0, -1): '1/4'}}"
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
            weight = exact(value, f"the weight at {(receiver, sender, step)!r}")
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
        # Units without a way to a leak are seen in a network this long: a way back to the same unit of another
        # cell never ends within the strip.
        self.network(2 * m * self.reach + 1)

    @property
    def reach(self) -> int:
        """Over how many cells weights reach, at least 1."""
        return max([1, *(abs(step) for _, _, step in self._weights)])

    def at(self, values: Values = None, **named: Any) -> Self:
        """The strip with exact values put in for symbols, checked anew; as :meth:`exactav.Network.at`."""
        replace = bindings(sorted(self.symbols, key=str), values, named, "this strip")

        def put(expr: sympy.Expr) -> sympy.Expr:
            return expr.subs(replace, simultaneous=True)

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

        >>> Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}).network(3).leak
        (3/5, 1/5, 3/5)
        """
        n, m = whole(n, "n", 1), len(self.units)
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

    # From the transfer matrix

    @property
    def n_states(self) -> int:
        """The dimension of the transfer matrix, once states of equal future or past are merged."""
        return self._automaton.n_states

    def size_law(self, n: int) -> SizeLaw:
        """The law of the size of n cells; it is checked against a determinant of the whole network.

        Raises:
            TooCostlyError: the polynomials are too long: ask for :meth:`probability` of some sizes.
        """
        n = whole(n, "n", 1)
        net, weights = self.network(n), self._weights_of(n)
        total = sum(weights.values(), self._ring.zero)
        starts = Starts.of(net, None)
        below = starts.common
        for scale in net.system.scales:
            below = below * scale
        closed_form = quotient(net.system.ring, starts.total, below) * (1 if self.closed else n)
        if not equal(quotient(self._ring, total, self._scale**n * self._common), closed_form):
            raise CheckFailedError(f"the weights of {n} cells do not sum to the closed determinant")
        return SizeLaw(net, None, SizeLaw.kind_of(net), Exact(self._ring, weights, total))

    def probability(self, size: int, n: int) -> sympy.Expr:
        """P(L = size) of n cells, given an avalanche, for any n: by a recurrence in n.

        Raises:
            OptionError: an argument is out of range.

        >>> ring = Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
        >>> ring.probability(3, 10), float(ring.probability(3, 10**4))
        (65532/349525, 0.1875)
        """
        n, size = whole(n, "n", 1), whole(size, "size", 1)
        return quotient(self._ring, self._weight(size, n), self._weight(None, n))

    def weight(self, size: int | None, n: int) -> sympy.Expr:
        """The coefficient of x^n z^size in the generating function; with ``size`` None that of x^n at z = 1.

        >>> ring = Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
        >>> ring.weight(3, 10) / ring.weight(None, 10)
        65532/349525
        """
        n = whole(n, "n", 1)
        found = self._weight(None if size is None else whole(size, "size", 1), n)
        return quotient(self._ring, found, self._scale**n * self._common)

    def mean(self, n: int) -> sympy.Expr:
        """The mean size of n cells, given an avalanche, for any n.

        >>> ring = Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
        >>> import exactav as ea
        >>> ring.mean(10) == ea.mean_size(ea.families.ring(10, "4/5"))
        True
        """
        n = whole(n, "n", 1)
        return quotient(self._ring, self._of_mean.coefficient(n), self._normaliser.coefficient(n))

    def generating_function(self) -> GeneratingFunction:
        """The sum over all N and L of x^N z^L times the weight of size L of N cells, a rational function.

        The weight is sum_k p_k V_k(A)/dU over the assemblies A of L units and the starts k, p_k the ``drive``
        of the cell: of all cells of a line, of one cell of a ring (all are alike). At z = 1 it is the
        normaliser, so P(L) = [x^N z^L] F(x, z) / [x^N] F(x, 1) (derivation 19). Its denominator is a product
        of powers of the characteristic polynomials of the classes of states.

        >>> directed = Strip({(0, 0, -1): "alpha"}, closed=True)
        >>> directed.generating_function().denominator
        (1 - x)*(-alpha*x*z + 1)
        """
        return self._function(self._whole, "the weights of all sizes", self._automaton.ring)

    def normaliser(self) -> GeneratingFunction:
        """The sum over N of x^N times the normaliser of N cells, sum_k p_k det(M without k)."""
        return self._function(self._normaliser, "the normaliser", self._ring)

    def of_size(self, size: int) -> GeneratingFunction:
        """The sum over N of x^N times the weight of one size."""
        size = whole(size, "size", 1)
        return self._function(self._of_size(size), f"the weight of size {size}", self._ring)

    def formula(self, size: int) -> Formula:
        """P(L = size) as a formula in N, the number of cells.

        >>> directed = Strip({(0, 0, -1): "1/2"}, closed=True)
        >>> directed.formula(2).at(N=5), directed.formula(2).at(N=1000)
        (1/4, 1/4)
        """
        size = whole(size, "size", 1)
        N = sympy.Symbol("N", integer=True)
        above, below = self.of_size(size), self.normaliser()
        symbols = {N: "number of cells", **{s: "of the strip" for s in sorted(self.symbols, key=str)}}
        return Formula(
            id=f"strip.size[{size}]",
            name=f"probability that {size} units fire, given an avalanche, by a recurrence of order {above.order}",
            left=f"P({size})",
            symbols=symbols,
            assumptions=("N >= 1",),
            conditions=(N >= 1,),
            expr=Coefficient(above.numerator, above.denominator, x, N)
            / Coefficient(below.numerator, below.denominator, x, N),
            source="derived here: powers of a transfer matrix",
            derivation="19",
            checks=checks_of(self.network, size),
        )

    # How

    @cached_property
    def _read(self) -> tuple[Domain, strips.Cell, Element, Element]:
        """(ring, the cell with each row times its denominator, product of these, denominator of the drive)."""
        m = len(self.units)
        keys = list(self._weights)
        received = [
            sympy.Add(*(weight for (i, _, _), weight in self._weights.items() if i == unit)) for unit in range(m)
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
        cell = strips.Cell(
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

    @cached_property
    def _automaton(self) -> Automaton:
        return strips.automaton(self._read[1])

    @cached_property
    def _few(self) -> list[strips.Graded]:
        """The weights of rings of fewer cells than the automaton counts, from none on; none for lines."""
        if not self.closed:
            return []
        cell = self._read[1]
        if (cell.smallest - 1) * cell.n_units > _MOST_SET_UNITS:
            raise TooCostlyError(
                f"a ring of cells of {cell.n_units} units that reach over {cell.reach} cells: make it smaller"
            )
        return [{}, *(strips.small_ring(cell, n) for n in range(1, cell.smallest))]

    @cached_property
    def _whole(self) -> Series:
        ring = self._automaton.ring
        few = [strips.marked(ring, self._ring, powers) for powers in self._few]
        return automata.series(self._automaton).plus(few)

    @cached_property
    def _normaliser(self) -> Series:
        few = [sum(powers.values(), self._ring.zero) for powers in self._few]
        return automata.series(strips.at_one(self._automaton, self._ring)).plus(few)

    @cached_property
    def _of_mean(self) -> Series:
        few = [sum((k * w for k, w in powers.items()), self._ring.zero) for powers in self._few]
        return automata.series(strips.of_mean(self._automaton, self._ring)).plus(few)

    @cached_property
    def _known(self) -> dict[tuple[str, int], Any]:
        return {}

    def _of_size(self, size: int) -> Series:
        if ("size", size) not in self._known:
            few = [powers.get(size, self._ring.zero) for powers in self._few]
            found = automata.series(strips.of_size(self._automaton, self._ring, size)).plus(few)
            self._known["size", size] = found
        found_before: Series = self._known["size", size]
        return found_before

    def _weight(self, size: int | None, n: int) -> Element:
        """Of one size of n cells, or of all (None): of few cells from the whole law, else by a recurrence."""
        if n <= _WHOLE_LAWS:
            weights = self._weights_of(n)
            if size is None:
                return sum(weights.values(), self._ring.zero)
            return weights.get(size, self._ring.zero)
        if size is None:
            return self._normaliser.coefficient(n)
        if size > n * len(self.units):
            return self._ring.zero
        return self._of_size(size).coefficient(n)

    def _weights_of(self, n: int) -> strips.Graded:
        """The weights of all sizes of n cells."""
        if ("cells", n) not in self._known:
            few = self._few
            if n < len(few):
                found = few[n]
            else:
                found = strips.graded(automata.total(self._automaton, n), self._ring)
            self._known["cells", n] = dict(sorted(found.items()))
        weights: strips.Graded = self._known["cells", n]
        return weights

    def _function(self, series: Series, what: str, ring: Domain) -> GeneratingFunction:
        if ring is self._ring:
            return GeneratingFunction(series, self._scale, self._common, what)
        scale, common = (strips.marked(ring, self._ring, {0: e}) for e in (self._scale, self._common))
        return GeneratingFunction(series, scale, common, what)

    def __eq__(self, other: object) -> bool:
        return self._state() == other._state() if isinstance(other, Strip) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._state())

    def _state(self) -> tuple[Any, ...]:
        weights = frozenset(self._weights.items())
        return self.units, weights, tuple(self._thresholds), tuple(self._drive), self.closed

    def __repr__(self) -> str:
        kind = "ring" if self.closed else "line"
        return f"<Strip: a {kind} of cells of {len(self.units)} units that reach over {self.reach} cells>"


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
