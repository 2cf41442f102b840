"""Laws of an integer, with moments."""

from typing import TYPE_CHECKING, Any, ClassVar

import sympy

from exactav.errors import OptionError
from exactav.laws.kind import Kind, Number
from exactav.laws.law import Law
from exactav.network.network import Network
from exactav.showing import pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class NumericLaw(Law[int]):
    """A law of an integer, with moments."""

    __slots__ = ()
    name: ClassVar[str]
    letter: ClassVar[str]

    @classmethod
    def kind_of(cls, network: Network) -> Kind[Any]:
        return Number(cls.name, cls.letter, 1, network.n_units)

    def moment(self, order: int) -> Any:
        """E[X^order], order 0, 1, 2, ...

        Raises:
            OptionError: the order is no such number.
        """
        if isinstance(order, bool) or not isinstance(order, int | sympy.Integer) or order < 0:
            raise OptionError(f"moment of order {order!r}: wanted 0, 1, 2, ...")
        exponent = int(order)
        return self.measure.expectation(lambda x: x**exponent)

    def mean(self) -> Any:
        """E[X]."""
        return self.moment(1)

    def variance(self) -> Any:
        """E[X^2] - E[X]^2."""
        return self.measure.variance(lambda x: x)

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None, **options: Any) -> "Axes":
        """Draw the law on logarithmic axes, and return them.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            label: name of the curve in the legend.
            options: passed to ``Axes.plot``.

        Raises:
            MissingExtraError: matplotlib is not installed.
            TypeError: the law has free symbols.
        """
        return pictures.line(self.floats(), ax=ax, name=self.kind.name, label=label, **options)
