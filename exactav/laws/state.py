"""The state of one unit, from the law of what its own avalanche returns to it."""

from collections.abc import Hashable, Iterable
from fractions import Fraction
from functools import cmp_to_key
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Unpack

import sympy

from exactav.engines.question import Counts, Question
from exactav.errors import NotRationalError
from exactav.laws.core import with_error
from exactav.laws.density import Density
from exactav.laws.measure import Exact, Rounded
from exactav.laws.options import Options, measured
from exactav.laws.pieces import sign_among
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.digits import certain_decimal
from exactav.numbers.domains import Element, cleared
from exactav.numbers.expressions import shown
from exactav.numbers.fields import into
from exactav.showing import html, latex, pictures
from exactav.showing.layout import Layout, LayoutOptions
from exactav.texts import as_text, quoted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHOWN = 12  # pieces shown by repr and in notebooks
_FLOAT_DIGITS = 10  # of a float in LaTeX, as far as they are certain


class StateLaw(Density):
    """Law of the state of one unit in the stationary dynamics: a density that is constant on pieces.

    Made by :func:`exactav.state_law`.
    """

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None, **options: Any) -> "Axes":
        """Draw the density on linear axes, and return them.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            label: name of the curve in the legend.
            options: passed to ``Axes.plot``.

        Raises:
            MissingExtraError: matplotlib is not installed.
            NotRationalError: the law has free symbols.
        """
        ends, heights = self.floats()
        names = (f"state of unit {as_text(self.unit)}", "density")
        return pictures.steps(ends, heights, ax=ax, names=names, label=label, **options)

    def latex(self, **options: Unpack[LayoutOptions]) -> str:
        r"""LaTeX of the density, one equation a piece, long ones broken; of floats, certain digits.

        Args:
            options: line, label, environment, symbol_names, as in
                :class:`~exactav.showing.layout.LayoutOptions`.

        >>> import exactav as ea
        >>> print(ea.state_law(ea.families.homogeneous(2, "1/2"), 0).latex().splitlines()[2])
        p_{0}(u)|_{\frac{1}{4} \le u < \frac{1}{2}} &= 1 \\
        """
        layout = Layout.of(options)
        name = latex.label(self.unit)
        lefts = []
        for low, high in self.pieces:
            between = rf"{_latex(layout, low)} \le u < {_latex(layout, high)}"
            lefts.append(f"p_{{{name}}}(u)|_{{{between}}}")
        if self._is_exact:
            return latex.aligned_equations(zip(lefts, self.heights, strict=True), layout=layout)
        rights = [
            latex.decimal(certain_decimal(*with_error(height), _FLOAT_DIGITS)) if height else "0"
            for height in self.heights
        ]
        return latex.align(latex.approximate_rows(zip(lefts, rights, strict=True), layout.line), layout)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        rows = []
        has_floats = not self.network.symbols
        largest = max(self.floats()[1]) if has_floats else 1.0
        for (low, high), height in list(zip(self.pieces, self.heights, strict=True))[:_SHOWN]:
            number = html.number(height) if self._is_exact else html.text(f"{height:.6g}")
            share = html.bar(float(height) / largest) if has_floats else html.Html("")
            rows.append([html.number(low), html.number(high), number, share])
        n_pieces = len(self.heights)
        notes = [html.note(f"{n_pieces:,} pieces, the first {_SHOWN}")] * (n_pieces > _SHOWN)
        table = html.table(["from", "to", "density", ""], rows, (0, 1, 2))
        return html.card(f"StateLaw of unit {quoted(self.unit)}", table, *notes)

    def __repr__(self) -> str:
        def number(height: Any) -> str:
            return str(height) if self._is_exact else f"{height:.6g}"

        pairs = list(zip(self.heights, self.pieces, strict=True))
        said = ", ".join(f"{number(height)} on [{low}, {high})" for height, (low, high) in pairs[:_SHOWN])
        more = f", ... {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
        return f"<StateLaw of unit {quoted(self.unit)}: {said}{more}>"


def _latex(layout: Layout, expr: sympy.Expr) -> str:
    return latex.expression(layout.renamed(expr))


@of_network
def state_law(net: Network, unit: Hashable, **options: Unpack[Options]) -> StateLaw:
    """The law of the state u_k of one unit in the stationary dynamics, with a piecewise constant density.

    On [0, U_k), p_k(x) = G_kk P(sum of w_kj over j in A <= x | start k): the density is the law of what the
    avalanche A of unit k itself returns to it, k included. Derivation 17. It needs neither drive nor
    increment. That it integrates to exactly 1 is checked against det M.

    Args:
        unit: label of k.
        options: as in :class:`~exactav.laws.options.Options`.

    Raises:
        UnknownUnitError: the network has no such unit.
        NotRationalError: symbols leave the order of the breakpoints open; put values in with ``net.at``.
            Weights into a unit that are numbers times one and the same symbol are in order.
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.

    >>> import exactav as ea
    >>> law = state_law(ea.Network([["1/5", "1/10"], ["1/4", 0]]), 0)
    >>> law
    <StateLaw of unit 0: 0 on [0, 1/5), 30/31 on [1/5, 3/10), 40/31 on [3/10, 1)>
    >>> law.mean(), law.sf("1/2") == ea.green_matrix(law.network)[0, 0] / 2
    (379/620, True)
    """
    k = net.index(unit)
    row = net.rows[k]
    groups: dict[Element, list[int]] = {}
    for j, weight in row.items():
        if j != k:
            groups.setdefault(weight, []).append(j)
    question = Question(net.system, {k: net.system.ring.one}, tuple(map(tuple, groups.values())))
    measure = measured(question, f"the law of the state of unit {quoted(unit)}", options).pushed(
        question.counts
    )
    own = row.get(k, net.field.zero)

    def returned(counts: Counts) -> Element:
        return sum((weight * count for weight, count in zip(groups, counts, strict=True)), own)

    amounts = measure.pushed(returned)
    field, threshold = net.field, into(net.field, net.thresholds[k], "a threshold")
    ends = [field.zero, *_ascending(net, unit, amounts.weights), threshold]
    lengths = [high - low for low, high in pairwise(ends[1:])]
    points = dict(enumerate(map(field.to_sympy, ends)))
    system = net.system
    if isinstance(amounts, Exact):
        shares = accumulate(amounts.weights[end] for end in ends[1:-1])
        weights = {
            place: share * cleared(field, length, system.scales[k])
            for place, (share, length) in enumerate(zip(shares, lengths, strict=True), 1)
        }
        return StateLaw.on(net, unit, points, Exact(system.ring, weights, system.volume))
    fed = Fraction(int(question.total) * int(system.scales[k]), int(system.volume))  # G_kk
    sums = accumulate(Fraction(amounts.weights[end]) for end in ends[1:-1])
    parts = {
        place: float(fed * Fraction(int(length.numerator), int(length.denominator))) * float(share)
        for place, (share, length) in enumerate(zip(sums, lengths, strict=True), 1)
        if length
    }
    # the sum of probabilities, its factor, and the product were rounded
    return StateLaw.on(net, unit, points, Rounded(parts, amounts.roundings + 3))


def _ascending(net: Network, unit: Hashable, amounts: Iterable[Element]) -> list[Element]:
    """Amounts in order.

    Raises:
        NotRationalError: symbols leave it open.
    """
    if net.field.is_QQ:
        return sorted(amounts)
    express = net.field.to_sympy

    def compare(one: Element, other: Element) -> int:
        sign = sign_among(net, unit, express(one - other))
        if sign is None:
            raise NotRationalError(
                f"whether unit {quoted(unit)} receives more by {shown(express(one))} or by "
                f"{shown(express(other))} "
                "is open, and so is the order of the breakpoints: put values in with net.at(...)"
            )
        return sign

    return sorted(amounts, key=cmp_to_key(compare))
