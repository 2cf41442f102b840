"""Strips: networks that repeat a cell along a line or a ring, and their laws for any number of cells."""

from functools import cached_property
from typing import Any

import sympy

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.formulas.coefficients import Coefficient
from exactav.formulas.formula import Formula
from exactav.formulas.strips.checks import checks_of
from exactav.formulas.strips.functions import MOST_CELLS, GeneratingFunction, x
from exactav.formulas.strips.repeated import Repeated
from exactav.kernels import automata, strips
from exactav.kernels.automata import Automaton
from exactav.kernels.rational import Series
from exactav.laws.measure import Exact
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts
from exactav.numbers.domains import Domain, Element, equal, quotient
from exactav.numbers.whole import whole

_WHOLE_LAWS = 100  # cells of networks whose whole law is found and kept, asked for one size
_LARGEST = 1000  # of the sizes that are asked for
_MOST_SET_UNITS = 12  # of rings of few cells


class Strip(Repeated):
    """A network that repeats a cell N times along a line or a ring, for any N.

    Args:
        weights: ``{(receiver, sender, step): weight}``: the unit ``receiver`` of each cell receives
            ``weight`` from the unit ``sender`` of the cell that is ``step`` cells further on (negative: back;
            0: its own cell). Receiver first, as in ``W[i, j]``.
        units: labels of the units of a cell, in order; those in ``weights`` unless given.
        thresholds: one for all units, or one for each of a cell, a sequence or a mapping; 1 unless given.
        drive: for each unit of a cell, the probability that a slow step feeds it, given that it feeds this
            cell, a sequence or a mapping (missing ones 0); all cells are alike. Uniform unless given.
        closed: whether the last cell is followed by the first.

    What units at the ends of a line would receive from cells that are not there is lost: thresholds stay,
    so these units leak more, as in :func:`exactav.families.line`. On a ring of few cells several weights may
    join the same units: they are added.

    The size law of N cells is that of ``strip.network(N)``, and is found from a transfer matrix over the
    sides and open trees of the last cells (derivation 19); nothing depends on N but a power of it. Weights
    and thresholds may have symbols; not ``x`` and ``z``, which mark cells and units that fire.

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

    @property
    def n_states(self) -> int:
        """The dimension of the transfer matrix, once states of equal future or past are merged."""
        return self._automaton.n_states

    def size_law(self, n: int) -> SizeLaw:
        """The law of the size of n cells; it is checked against a determinant of the whole network.

        Raises:
            TooCostlyError: the polynomials are too long: ask for :meth:`probability` of some sizes.
        """
        n = whole(n, "n", 1, MOST_CELLS)
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
        n, size = whole(n, "n", 1, MOST_CELLS), whole(size, "size", 1, _LARGEST)
        return quotient(self._ring, self._weight(size, n), self._weight(None, n))

    def weight(self, size: int | None, n: int) -> sympy.Expr:
        """The coefficient of x^n z^size in the generating function; with ``size`` None that of x^n at z = 1.

        >>> ring = Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
        >>> ring.weight(3, 10) / ring.weight(None, 10)
        65532/349525
        """
        n = whole(n, "n", 1, MOST_CELLS)
        found = self._weight(None if size is None else whole(size, "size", 1, _LARGEST), n)
        return quotient(self._ring, found, self._scale**n * self._common)

    def mean(self, n: int) -> sympy.Expr:
        """The mean size of n cells, given an avalanche, for any n.

        >>> ring = Strip({(0, 0, 1): "2/5", (0, 0, -1): "2/5"}, closed=True)
        >>> import exactav as ea
        >>> ring.mean(10) == ea.mean_size(ea.families.ring(10, "4/5"))
        True
        """
        n = whole(n, "n", 1, MOST_CELLS)
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
        size = whole(size, "size", 1, _LARGEST)
        return self._function(self._of_size(size), f"the weight of size {size}", self._ring)

    def formula(self, size: int) -> Formula:
        """P(L = size) as a formula in N, the number of cells.

        >>> directed = Strip({(0, 0, -1): "1/2"}, closed=True)
        >>> directed.formula(2).at(N=5), directed.formula(2).at(N=1000)
        (1/4, 1/4)
        """
        size = whole(size, "size", 1, _LARGEST)
        N = sympy.Symbol("N", integer=True)
        above, below = self.of_size(size), self.normaliser()
        others = dict.fromkeys(sorted(self.symbols, key=str), "of the strip")
        return Formula(
            id=f"strip.size[{size}]",
            name=f"probability that {size} units fire, given an avalanche",
            left=f"P({size})",
            symbols={N: "number of cells", **others},
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
            is_few = n < len(few)
            found = few[n] if is_few else strips.graded(automata.total(self._automaton, n), self._ring)
            self._known["cells", n] = dict(sorted(found.items()))
        weights: strips.Graded = self._known["cells", n]
        return weights

    def _function(self, series: Series, what: str, ring: Domain) -> GeneratingFunction:
        if ring is self._ring:
            return GeneratingFunction(series, self._scale, self._common, what)
        scale, common = (strips.marked(ring, self._ring, {0: e}) for e in (self._scale, self._common))
        return GeneratingFunction(series, scale, common, what)
