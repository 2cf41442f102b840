"""The network: weights, thresholds, leak, drive and increment, checked once, exact and immutable."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Self, Unpack

import sympy

from exactav.network import conditions
from exactav.network.changed import Changed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exactav.showing.layout import LayoutOptions


class Network(Changed):
    """A recurrent network of N spiking units with exact weights.

    Args:
        weights: N x N, ``weights[i][j] >= 0`` is what unit i receives when unit j fires (row = receiver).
            Nested sequences, numpy arrays or SymPy matrices of ints, Fractions, SymPy numbers or expressions,
            or texts such as ``"1/5"``; sparse matrices of scipy; or a pandas DataFrame, whose index has the
            labels, and whose columns have the same ones. Edges by label: :meth:`from_edges`.
        thresholds: one for all units, a sequence of N, or a mapping from labels (all of them), as a pandas
            Series is by its index; positive.
        drive: probability that a slow step feeds each unit: a sequence of N, or a mapping from labels
            (missing ones 0); uniform unless given; non-negative, sum 1.
        increment: external input dU > 0 per slow step. One above the leak of the unit it feeds may let that
            unit fire several times, and laws of avalanches are refused then, see :func:`exactav.wave_law`.
            Without one, all laws are those of weak drive (dU -> 0); for a driven unit without leak, to whom
            its own avalanches can return, they are the limit of small leak: the laws of one wave among all
            its waves.
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

    def require_increment(self, question: str) -> sympy.Expr:
        """The increment, if no driven unit fires twice in a slow step: it is at most their leaks.

        Raises:
            MissingIncrementError: there is no increment; names the ``question`` that needs it.
            InvalidNetworkError: it is above the leak of a driven unit; names what holds then.
        """
        conditions.require_increment(self._model, question)
        return self.increment

    def any_increment(self, question: str) -> sympy.Expr:
        """The increment, of whatever size; MissingIncrementError names the ``question`` that needs it."""
        conditions.any_increment(self._model, question)
        return self.increment

    def require_single_firing(self, question: str, start: Hashable | None = None) -> None:
        """Nothing, unless the increment is above the leak of the start, if that is driven (None: of any).

        What is asked given an avalanche is that of weak drive without an increment, and of undriven starts.

        Raises:
            InvalidNetworkError: it is; names the ``question``, and what holds instead.
            UnknownUnitError: no unit has this label.

        >>> net = Network([["1/2"]], increment="3/4")
        >>> net.require_single_firing("size_law")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        exactav.errors.InvalidNetworkError: size_law of start 0: the increment 3/4 is above its leak 1/2, ...
        """
        unit = None if start is None else self.index(start)
        conditions.require_single_firing(self._model, question, unit)

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
        if start is None or self.increment is None:
            return self.require_increment(question)
        conditions.require_one_wave(self._model, question, self.index(start))
        return self.increment

    def to_json(self) -> str:
        """A JSON text that :func:`exactav.from_json` turns back into an equal network.

        The weights are a matrix, row = receiver, or, where most are 0, edges ``[sender, receiver, weight]``.
        Numbers that are not whole are texts such as ``"1/5"``; what the grammar of files cannot say, such as
        symbols with assumptions, roots of polynomials and labels that are tuples, are objects.

        Raises:
            InvalidNetworkError: a label is neither text, number, nor a tuple or frozenset of such.

        >>> Network([["1/5", "a"], [0, 0]], labels="xy", drive=[1, 0]).to_json()  # doctest: +ELLIPSIS
        '{"format": 2, "labels": ["x", "y"], "weights": [["1/5", "a"], [0, 0]], "thresholds": [1, 1], ...
        """
        from exactav.network.written import to_json

        return to_json(self)

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
        return type(self).from_entries, (self.n_units, dict(self.entries), *self._others().values())

    def __repr__(self) -> str:
        from exactav.network import display

        return display.text(self._model, self.symbols)

    def latex(self, **options: "Unpack[LayoutOptions]") -> str:
        """LaTeX of weights, thresholds, leak, drive, increment and labels; of many units a table of weights.

        Args:
            options: line, label, environment, symbol_names, as in
                :class:`~exactav.showing.layout.LayoutOptions`.

        >>> print(Network([[0, "1/2"], ["1/4", 0]], increment="1/9").latex())
        \\begin{align*}
        W &= \\begin{pmatrix}0 & \\frac{1}{2} \\\\[6pt] \\frac{1}{4} & 0\\end{pmatrix} \\\\
        U_i &= 1 \\\\
        s &= \\begin{pmatrix}\\frac{1}{2} & \\frac{3}{4}\\end{pmatrix} \\\\
        p_i &= \\frac{1}{2} \\\\
        \\Delta U &= \\frac{1}{9}
        \\end{align*}
        """
        from exactav.network.typeset import typeset
        from exactav.showing.layout import Layout

        return typeset(self, Layout.of(options))

    def draw(self, ax: "Axes | None" = None, *, start: Hashable | None = None) -> "Axes":
        """Draw the network, and return the axes: participation as colour, drive as size, weights as arrows.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            start: label of the unit that fires first; all starts weighted by the drive unless given.

        Raises:
            MissingExtraError: matplotlib is not installed.
            UnboundSymbolError: the network has symbols.
            TooCostlyError: it has more than 3,000 units or 20,000 weights.
        """
        from exactav.network.drawing import draw

        return draw(self, start, ax)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        from exactav.network.card import card

        return card(self)
