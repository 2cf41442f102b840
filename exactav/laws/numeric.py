"""Laws of an integer, with moments."""

from typing import TYPE_CHECKING, Any, ClassVar

from exactav.laws.distribution import Distribution
from exactav.laws.kind import Kind, Number
from exactav.laws.law import Law
from exactav.laws.moments import Moments
from exactav.network.network import Network
from exactav.showing import pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class NumericLaw(Law[int], Distribution, Moments):
    """A law of an integer, with moments and a distribution function."""

    __slots__ = ()
    name: ClassVar[str]
    letter: ClassVar[str]

    @classmethod
    def kind_of(cls, network: Network) -> Kind[Any]:
        return Number(cls.name, cls.letter, 1, network.n_units)

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
