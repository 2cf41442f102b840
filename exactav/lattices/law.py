"""The law of the size on an infinite lattice, told apart up to some size."""

import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

import sympy

from exactav.errors import NotRationalError, OptionError, UndecidedError
from exactav.lattices.certain import Bounds, rounded
from exactav.laws.truncated import MoreThan, UpTo
from exactav.numbers.digits import checked_digits, decimal_digits, evaluate_exact
from exactav.pickles import tagged
from exactav.showing import html, latex, pictures
from exactav.showing.layout import Layout, LayoutOptions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHOWN = 12  # outcomes shown by repr and in notebooks


class LatticeSizeLaw(Mapping[Any, sympy.Expr]):
    """Law of the size L of an avalanche on an infinite lattice: P(1) .. P(up_to), and P(> up_to).

    ``law[3]`` is P(L = 3) and ``law["> 10"]`` or ``law[MoreThan(10)]`` what is left over. Numbers are exact
    expressions, or Floats of which all ``digits`` are correct; :meth:`bounds` has what is proven of these.

    Attributes:
        lattice: of which it is the law, as text.
        up_to: the largest size that is told apart.
        digits: of the Floats; None of an exact law.
    """

    __slots__ = ("_bounds", "_kind", "_values", "digits", "lattice", "up_to")

    __reduce_ex__ = tagged

    def __init__(
        self,
        lattice: str,
        up_to: int,
        values: Mapping[Any, sympy.Expr],
        bounds: Mapping[Any, Bounds] | None = None,
        digits: int | None = None,
    ) -> None:
        self.lattice, self.up_to, self.digits = lattice, up_to, digits
        self._kind = UpTo("size", "L", 1, up_to, sys.maxsize)
        self._values = {outcome: value for outcome, value in values.items() if value != 0}
        self._bounds = bounds

    def __getitem__(self, key: Any) -> sympy.Expr:
        return self._values.get(self._kind.read(key), sympy.Integer(0))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return any(
            key is outcome or (type(key) is type(outcome) and key == outcome) for outcome in self._values
        )

    @property
    def is_exact(self) -> bool:
        """Whether the numbers are exact expressions."""
        return self._bounds is None

    def pmf(self) -> dict[Any, sympy.Expr]:
        """The probabilities as a dict."""
        return dict(self._values)

    def bounds(self, outcome: Any) -> tuple[Fraction, Fraction]:
        """Two rational numbers between which the probability is, proven.

        Raises:
            OptionError: the law is exact.
        """
        if self._bounds is None:
            raise OptionError("this law is exact: its numbers need no bounds")
        return self._bounds.get(self._kind.read(outcome), (Fraction(0), Fraction(0)))

    def evaluate(self, digits: int = 15) -> dict[Any, sympy.Float]:
        """All probabilities as Floats, each with ``digits`` correct significant digits.

        Raises:
            OptionError: ``digits`` is no whole number from 1 on.
            UnboundSymbolError: the law has a symbol.
            UndecidedError: so many digits are not certain; ask the lattice for more.
        """
        wanted = checked_digits(digits)
        if self._bounds is None:
            return {outcome: evaluate_exact(value, wanted) for outcome, value in self.items()}
        found = {outcome: rounded(self._bounds[outcome], wanted) for outcome in self}
        for outcome, value in found.items():
            if value is None:
                raise UndecidedError(
                    f"{wanted} digits of P({self._kind.event(outcome)}) are not certain: ask the lattice for "
                    f"size_law({self.up_to}, digits={wanted})"
                )
        return found

    def floats(self) -> dict[Any, float]:
        """All probabilities as floats.

        Raises:
            NotRationalError: the law has a symbol.
        """
        if any(value.free_symbols for value in self.values()):
            raise NotRationalError("the law has a symbol: put a value in, law of the lattice at a number")
        return {outcome: float(value) for outcome, value in self.items()}

    def latex(self, **options: Unpack[LayoutOptions]) -> str:
        """LaTeX of all probabilities, one equation an outcome; options as those of other laws."""
        layout = Layout.of(options)
        lefts = [f"P({self._kind.event(outcome)})" for outcome in self]
        if self.is_exact:
            return latex.aligned_equations(list(zip(lefts, self.values(), strict=True)), layout=layout)
        digits = [
            latex.decimal(decimal_digits(sympy.Rational(str(value)), self.digits or 1))
            for value in self.values()
        ]
        return latex.align(latex.approximate_rows(zip(lefts, digits, strict=True), layout.line), layout)

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None, **options: Any) -> "Axes":
        """Draw P(1) .. P(up_to) on logarithmic axes, and return them.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            label: name of the curve in the legend.
            options: passed to ``Axes.plot``.

        Raises:
            MissingExtraError: matplotlib is not installed.
            NotRationalError: the law has a symbol.
        """
        points = {size: p for size, p in self.floats().items() if not isinstance(size, MoreThan)}
        return pictures.line(points, ax=ax, name="size", label=label, **options)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        def cell(value: sympy.Expr) -> html.Html:
            return html.text(value) if isinstance(value, sympy.Float) else html.number(value)

        rows = [[html.text(self._kind.event(o)), cell(value)] for o, value in list(self.items())[:_SHOWN]]
        more = [html.note(f"and {len(self) - _SHOWN} more")] * (len(self) > _SHOWN)
        return html.card(f"size law of {self.lattice}", html.table(["event", "probability"], rows), *more)

    def __repr__(self) -> str:
        shown = [f"{o}: {value}" for o, value in list(self.items())[:_SHOWN]]
        more = [f"and {len(self) - _SHOWN} more"] * (len(self) > _SHOWN)
        return f"<LatticeSizeLaw of {self.lattice}: {', '.join([*shown, *more])}>"
