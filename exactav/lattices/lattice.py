"""A periodic network without end, and what is asked of it."""

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import sympy

from exactav.engines.plan import MAX_COST
from exactav.errors import ArgumentError, InvalidNetworkError, OptionError, UndecidedError
from exactav.lattices.animals import Links, moved
from exactav.lattices.cells import Cell, Grid, Unit
from exactav.lattices.certain import Bounds, affordable, certain, ratio, rounded
from exactav.lattices.law import LatticeSizeLaw
from exactav.lattices.reading import position, rational, read
from exactav.lattices.sizes import around_origin, at_origin, near, sizes
from exactav.lattices.sums import Weigher
from exactav.laws.truncated import MoreThan
from exactav.network.entries import distinct_labels, place_of
from exactav.network.network import Network
from exactav.numbers.arguments import collection, function, seconds
from exactav.numbers.digits import checked_digits
from exactav.numbers.expressions import described, shown
from exactav.numbers.frozen import Frozen
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.running.amounts import count_text
from exactav.running.tasks import Progress, no_progress
from exactav.showing import html
from exactav.texts import as_text, quoted

_MOST_TORUS = 1_000_000  # units of a finite network
_FARTHEST = Fraction(10) ** 100
_MOST_UNITS = 400  # of a set whose probability is asked: its neighbours make a determinant


class Lattice:
    """A periodic network on all of Z^d, with leak.

    Args:
        cell: labels of the units of one cell.
        weights: mapping from (receiver, sender, displacement) to rational weights: what the receiver in cell
            y + displacement gets when the sender in cell y fires. A displacement is a tuple of d whole
            numbers, or one number for d = 1. Weights may be directed, and from a unit to itself.
        thresholds: one for all units of a cell, or one for each; 1 unless given.
        drive: how often slow steps feed each unit of a cell; uniform unless given. A symbol makes no sense.

    A unit is named by its cell where a cell has one unit, ``(0, 1)`` or ``3``, and by ``(label, cell)`` where
    it has several. Every unit must be able to lose what it receives, as in a finite network.

    All numbers are certain: they come from sums over finitely many modes with a proven bound of what these
    leave out, and all digits that are given are correct (derivation 18).

    Raises:
        InvalidNetworkError: weights, thresholds or drive break a condition of the model.
        UnknownUnitError: a weight names a unit that is not in the cell.
        NotRationalError: a number is irrational or has symbols.
        InexactError: a number is a float.

    >>> weights = {("a", "b", 0): "1/4", ("b", "a", 0): "1/4", ("a", "a", 1): "1/2", ("b", "b", 1): "1/3"}
    >>> ladder = Lattice("ab", weights)
    >>> ladder.size_law(2)[1], ladder.mean_size(5)
    (0.416666666666667, 2.8846)
    """

    __slots__ = ("_cell", "_labels", "_name")

    __reduce_ex__ = tagged

    def __init__(
        self,
        cell: Iterable[Hashable],
        weights: Mapping[tuple[Hashable, Hashable, Any], Any],
        thresholds: Any = 1,
        drive: Any = None,
    ) -> None:
        labels = distinct_labels(cell, None)
        dimension, found = read(labels, weights)
        summed: dict[tuple[int, int], sympy.Expr] = {}
        for (i, j, _), weight in found.items():
            summed[i, j] = summed.get((i, j), sympy.Integer(0)) + weight
        # all conditions of a network are those of the one whose cells are made one
        folded = Network.from_entries(len(labels), summed, thresholds=thresholds, drive=drive, labels=labels)
        limits = tuple(rational(value, "a threshold") for value in folded.thresholds)
        for threshold in limits:
            if not 1 / _FARTHEST <= threshold <= _FARTHEST:
                raise InvalidNetworkError(
                    f"a threshold of {shown(sympy.Rational(threshold))}: bounds come from floats, give one "
                    "between 10^-100 and 10^100, and weights in proportion, which changes no law"
                )
        self._labels, self._name = labels, f"a lattice of {len(labels)} units a cell, {dimension} dimensions"
        self._cell = Cell(
            dimension,
            Frozen({key: rational(weight, "a weight") for key, weight in found.items() if weight}),
            limits,
            tuple(rational(value, "the drive") for value in folded.drive),
        )

    def _called(self, name: str) -> "Lattice":
        self._name = name
        return self

    @property
    def dimension(self) -> int:
        """d, the number of directions in which it goes on."""
        return self._cell.dimension

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """The units of a cell."""
        return self._labels

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lattice):
            return NotImplemented
        return (self._labels, self._cell) == (other._labels, other._cell)

    def __hash__(self) -> int:
        return hash((self._labels, self._cell))

    def _repr_html_(self) -> str:
        said = [
            ("units of a cell", html.text(", ".join(map(as_text, self._labels)), 200)),
            ("dimensions", html.text(self.dimension)),
            ("weights", html.text(len(self._cell.weights))),
        ]
        return html.card(f"Lattice: {self._name}", html.facts(said))

    def __repr__(self) -> str:
        return f"<Lattice: {self._name}>"

    def torus(self, *sides: int) -> Network:
        """The finite network of so many cells along each axis, the ends joined: what tends to the lattice.

        Args:
            sides: one number for all axes, or one for each. Weights that meet add up.

        >>> from exactav import families
        >>> from exactav.lattices import chain
        >>> chain("4/5").torus(5).weights == families.ring(5, "4/5").weights
        True
        """
        if len(sides) not in (1, self.dimension):
            raise OptionError(
                f"{len(sides)} sides of {self.dimension} axes: give one for all, or one for each"
            )
        numbers = [whole(side, "a side", 1) for side in sides] * (self.dimension if len(sides) == 1 else 1)
        if prod(numbers) * len(self._labels) > _MOST_TORUS:
            raise OptionError(f"a torus of {count_text(prod(numbers))} cells: at most {_MOST_TORUS:,} units")
        cells = list(product(*map(range, numbers)))
        units = [(kind, cell) for cell in cells for kind in range(len(self._labels))]
        place = {unit: p for p, unit in enumerate(units)}
        entries: dict[tuple[int, int], sympy.Expr] = {}
        for (i, j, x), weight in self._cell.weights.items():
            for cell in cells:
                other = tuple((a + b) % n for a, b, n in zip(cell, x, numbers, strict=True))
                pair = place[i, other], place[j, cell]
                entries[pair] = entries.get(pair, sympy.Integer(0)) + sympy.Rational(weight)
        thresholds = [sympy.Rational(self._cell.thresholds[kind]) for kind, _ in units]
        drive = [sympy.Rational(self._cell.drive[kind], len(cells)) for kind, _ in units]
        return Network.from_entries(
            len(units), entries, thresholds, drive, None, list(map(self._named, units))
        )

    def green(
        self, unit: Any, start: Hashable | None = None, digits: int = 15, *, max_cost: float = MAX_COST
    ) -> sympy.Expr:
        """G from the start in the cell at the origin to a unit: how often it fires, over all waves, for each
        unit of input; the entry of M^-1 of the infinite network.

        Args:
            unit: where firings are counted; receiver.
            start: label of the unit of the cell that is fed; may be left out where a cell has one.
            digits: correct significant digits.
            max_cost: largest estimated cost, in seconds.

        Raises:
            UnknownUnitError, OptionError, ArgumentError: no such unit or start, or digits.
            TooCostlyError: the leak is so small that too many modes are needed.
            UndecidedError: the digits stay open, as where no weights lead from the start to the unit.

        >>> from exactav.lattices import square
        >>> square("9/10").green((0, 0), digits=20)
        1.4518426733757877225
        """
        (kind, cell), k, wanted = self._unit(unit), self._start(start), checked_digits(digits)
        reach = tuple(map(abs, cell))
        affordable(self._cell, reach, wanted, seconds(max_cost), f"the Green function at {quoted(unit)}")
        return certain(
            lambda bits: around_origin(near(self._cell, reach, bits), kind, k, cell),
            wanted,
            self._cell,
            f"the Green function at {quoted(unit)}",
        )

    def participation(
        self, unit: Any, start: Hashable | None = None, digits: int = 15, *, max_cost: float = MAX_COST
    ) -> sympy.Expr:
        """P(a unit fires | the start in the cell at the origin fires first) = G(x) / G(0), derivation 07.

        Args and Raises: as those of :meth:`green`.

        >>> from exactav.lattices import square
        >>> square("9/10").participation((1, 0), digits=10)
        0.3458001504
        """
        (kind, cell), k, wanted = self._unit(unit), self._start(start), checked_digits(digits)
        reach, zero, allowed = tuple(map(abs, cell)), (0,) * self.dimension, seconds(max_cost)
        if (kind, cell) == (k, zero):
            return sympy.Integer(1)
        affordable(self._cell, reach, wanted, allowed, f"the participation of {quoted(unit)}")

        def bounds(bits: int) -> Bounds:
            found = near(self._cell, reach, bits)
            return ratio(around_origin(found, kind, k, cell), around_origin(found, k, k, zero))

        return certain(bounds, wanted, self._cell, f"the participation of {quoted(unit)}")

    def mean_size(
        self, digits: int = 15, *, start: Hashable | None = None, max_cost: float = MAX_COST
    ) -> sympy.Expr:
        """The mean size of an avalanche: the sum of G over its column, which is rational, over G_kk.

        Args:
            digits: correct significant digits.
            start: label of the unit that fires first; all starts weighted by the drive unless given.
            max_cost: largest estimated cost, in seconds.

        Raises:
            UnknownUnitError, OptionError: no such start, or digits.
            TooCostlyError: the leak is so small that too many modes are needed.

        >>> from exactav.lattices import square
        >>> square("9/10").mean_size()
        6.88779864608075
        """
        wanted, roots = checked_digits(digits), self._roots(start)
        reach = (0,) * self.dimension
        affordable(self._cell, reach, wanted, seconds(max_cost), "the mean size")
        fired = [sum(column, Fraction(0)) for column in zip(*self._cell.firings, strict=True)]
        above = sum((root * number for root, number in zip(roots, fired, strict=True)), Fraction(0))

        def bounds(bits: int) -> Bounds:
            return ratio((above, above), at_origin(self._cell, near(self._cell, reach, bits), roots))

        return certain(bounds, wanted, self._cell, "the mean size")

    def assembly_probability(
        self,
        units: Iterable[Any],
        start: Hashable | None = None,
        digits: int = 15,
        *,
        max_cost: float = MAX_COST,
    ) -> sympy.Expr:
        """P(exactly these units fire | the start in the cell at the origin fires first), derivation 18.

        Args:
            units: the set, some 100 units at most; without the start its probability is 0.
            start, digits, max_cost: as those of :meth:`green`.

        Raises: as :meth:`green`.

        >>> from exactav.lattices import chain, square
        >>> square("9/10").assembly_probability([(0, 0)])
        0.256096302307576
        """
        found = [self._unit(unit) for unit in collection(units, "units", "[(0, 0), (0, 1)]")]
        k, wanted, cell = self._start(start), checked_digits(digits), self._cell
        first = (k, (0,) * self.dimension)
        if first not in found:
            return sympy.Integer(0)
        if len(set(found)) > _MOST_UNITS:
            raise OptionError(f"a set of {len(set(found))} units: at most {_MOST_UNITS}")
        reach = tuple(
            max(x[a] for _, x in found) - min(x[a] for _, x in found) + 2 * cell.reach[a] for a in cell.axes
        )
        affordable(cell, reach, wanted, seconds(max_cost), "the probability of this set")
        grid, kinds = Grid(reach), cell.n_units
        numbers = {grid.number(x) * kinds + kind for kind, x in found}
        animal, base = moved(list(numbers), kinds), min(numbers) // kinds * kinds
        roots = [int(unit + base == k) for unit in animal]
        if not _recruits(animal, k - base, Links.of(cell, grid)):
            return sympy.Integer(0)

        def bounds(bits: int) -> Bounds:
            window = near(cell, reach, bits)
            try:
                low, high = Weigher(cell, window, [Fraction(0)]).weight(animal, roots).ends()
            except UndecidedError:
                return Fraction(0), Fraction(1)
            scale = 1 << bits
            below = around_origin(window, k, k, first[1])
            return ratio((Fraction(low, scale), Fraction(high, scale)), below)

        return certain(bounds, wanted, cell, "the probability of this set")

    def size_law(
        self,
        up_to: int,
        digits: int = 15,
        *,
        start: Hashable | None = None,
        max_cost: float = MAX_COST,
        progress: Progress | None = None,
    ) -> LatticeSizeLaw:
        """P(L = 1), ..., P(L = up_to) and P(L > up_to), given an avalanche.

        A sum over all sets of up to so many units that an avalanche can recruit, those alike by translations
        and symmetries of the lattice once (derivation 18). Every size adds a factor of about 4 on the square
        lattice.

        Args:
            up_to: the largest size that is told apart.
            digits: correct significant digits of each probability.
            start: label of the unit that fires first; all starts weighted by the drive unless given.
            max_cost: largest estimated cost, in seconds.
            progress: is called with the share of the work that is done, from 0 to 1.

        Raises:
            OptionError, ArgumentError, UnknownUnitError: arguments are none of those that there are.
            TooCostlyError: it would take more than ``max_cost`` seconds.
            UndecidedError: the digits stay open.

        >>> from exactav.lattices import square
        >>> square("9/10").size_law(2, digits=8)
        <LatticeSizeLaw of square(9/10): 1: 0.25609630, 2: 0.14754614, > 2: 0.59635755>
        """
        most, wanted, roots = whole(up_to, "up_to", 1), checked_digits(digits), self._roots(start)
        told = no_progress if progress is None else function(progress, "progress", "the share that is done")
        found = sizes(self._cell, roots, most, wanted, seconds(max_cost), told)
        bounds: dict[Any, Bounds] = {**dict(enumerate(found.by_size, 1)), MoreThan(most): found.larger}
        values = {outcome: rounded(ends, wanted) for outcome, ends in bounds.items()}
        assert None not in values.values()
        return LatticeSizeLaw(self._name, most, values, bounds, wanted)

    def _roots(self, start: Hashable | None) -> tuple[Fraction, ...]:
        if start is None:
            return self._cell.drive
        k = place_of(start, {label: place for place, label in enumerate(self._labels)})
        return tuple(Fraction(int(kind == k)) for kind in range(self._cell.n_units))

    def _start(self, start: Hashable | None) -> int:
        if start is not None:
            return place_of(start, {label: place for place, label in enumerate(self._labels)})
        if len(self._labels) > 1:
            raise OptionError(
                f"start = None: a cell has {len(self._labels)} units, say which one fires first"
            )
        return 0

    def _unit(self, unit: Any) -> Unit:
        kind, cell = 0, unit
        if len(self._labels) > 1:
            if not isinstance(unit, tuple) or len(unit) != 2:
                raise ArgumentError(
                    f"unit {described(unit)}: give (label, cell), such as ({quoted(self._labels[0])}, 0)"
                )
            label, cell = unit
            kind = place_of(label, {label: place for place, label in enumerate(self._labels)})
        return kind, position(cell, self.dimension)

    def _named(self, unit: Unit) -> Hashable:
        kind, cell = unit
        where = cell[0] if self.dimension == 1 else cell
        return where if len(self._labels) == 1 else (self._labels[kind], where)


def _recruits(animal: tuple[int, ...], start: int, links: Links) -> bool:
    """Whether a start recruits a set from within."""
    reached, waiting, inside = {start}, [start], set(animal)
    while waiting:
        sender = waiting.pop()
        for difference, _ in links.receivers[sender % links.n_kinds]:
            unit = sender + difference
            if unit in inside and unit not in reached:
                reached.add(unit)
                waiting.append(unit)
    return len(reached) == len(inside)
