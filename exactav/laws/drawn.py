"""Pictures of laws, by matplotlib (the extra ``plot``)."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import sympy

from exactav.errors import ArgumentError, OptionError
from exactav.laws.shown import Shown
from exactav.laws.symbolic import Symbolic
from exactav.numbers.arguments import collection, function
from exactav.numbers.expressions import binary_fraction, described, exact, is_float
from exactav.numbers.whole import whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

K = TypeVar("K", bound=Hashable)
_CURVES = 7  # as many as there are colours


class Drawn(Shown[K], Symbolic[K]):
    """Bars of outcomes, and curves over the values of a symbol."""

    __slots__ = ()

    def plot(self, ax: "Axes | None" = None, *, count: int = 12) -> "Axes":
        """Draw the most probable outcomes as bars, and return the axes.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            count: how many outcomes.

        Raises:
            MissingExtraError: matplotlib is not installed.
            NotRationalError: the law has symbols or irrational numbers.
        """
        from exactav.showing import pictures

        best = self.most_probable(whole(count, "count", 1))
        shares = [(self.kind.text(outcome), float(p)) for outcome, p in best]
        return pictures.bars(shares, ax=ax, name=self.kind.name)

    def plot_over(
        self,
        symbol: sympy.Symbol | str,
        values: Iterable[Any],
        *,
        of: Callable[[Any], Any] | None = None,
        outcomes: Sequence[Any] | None = None,
        ax: "Axes | None" = None,
    ) -> "Axes":
        """Draw probabilities, or another quantity, against the values of a symbol, and return the axes.

        Each value is put in exactly; floats, as of ``numpy.linspace``, are taken as the fractions they are.

        Args:
            symbol: the only symbol of the law, or its name.
            values: numbers that the network allows.
            of: a function of a law, such as ``lambda law: law.mean()``; probabilities unless given.
            outcomes: whose probabilities; the first seven unless given.
            ax: matplotlib Axes to draw on; new ones unless given.

        Raises:
            MissingExtraError: matplotlib is not installed.
            UnknownSymbolError: the law has no such symbol.
            InvalidNetworkError: a value breaks a condition of the model.
        """
        from exactav.showing import pictures

        by = self._symbol(symbol)
        listed = collection(values, "values", "[0, '1/2', '9/10']")
        if not listed:
            raise OptionError("values = []: give one or more numbers")
        numbers = [exact(_exactly(value), "a value") for value in listed]
        laws = [self.at({by: number}) for number in numbers]
        if others := laws[0].network.symbols:
            raise OptionError(
                f"the law has other symbols, {', '.join(map(str, others))}: put values in first"
            )
        places = [float(number) for number in numbers]
        if of is not None:
            function(of, "of", "a law")
            found = [_as_float(of(law)) for law in laws]
            return pictures.curves(places, [(_name_of(of), found)], ax=ax, names=(str(by), _name_of(of)))
        listed = list(self)[:_CURVES] if outcomes is None else collection(outcomes, "outcomes", "[1, 2]")
        shown = [self.kind.read(outcome) for outcome in listed]
        series = [
            (f"{self.kind.name} {self.kind.text(outcome)}", [float(law[outcome]) for law in laws])
            for outcome in shown
        ]
        return pictures.curves(places, series, ax=ax, names=(str(by), "probability"))


def _exactly(value: Any) -> Any:
    if not is_float(value):
        return value
    fraction = binary_fraction(value)
    if fraction is None:
        raise ArgumentError(f"values: {described(value)} is not a finite number")
    return sympy.Rational(fraction.numerator, fraction.denominator)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ArgumentError(f"of: {described(value)} is not a number: give a function of a law") from None


def _name_of(quantity: Callable[[Any], Any]) -> str:
    name = getattr(quantity, "__name__", "<")
    return "value" if name.startswith("<") else name.replace("_", " ")
