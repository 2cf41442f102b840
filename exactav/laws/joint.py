"""Laws of several whole numbers: covariance and correlation."""

from typing import TYPE_CHECKING, Any, TypeVar

from exactav.errors import OptionError
from exactav.laws.law import Law
from exactav.laws.measure import Exact
from exactav.numbers.whole import whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Counts = TypeVar("Counts", bound=tuple[int, ...])


class JointLaw(Law[Counts]):
    """A law of tuples of whole numbers, which are named by their place, from 0."""

    __slots__ = ()

    def covariance(self, first: int = 0, second: int = 1) -> Any:
        """E[X Y] - E[X] E[Y] of the numbers at two places.

        Args:
            first, second: places; the same twice gives the variance.

        Raises:
            OptionError: there is no such place.

        >>> import exactav as ea
        >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
        >>> law = ea.composition_law(net)
        >>> law.covariance(), law.correlation()
        (-3/32, -sqrt(5)/5)
        """
        return self.measure.said(self._central(self._place(first), self._place(second)))

    def correlation(self, first: int = 0, second: int = 1) -> Any:
        """The covariance over the roots of both variances.

        Args:
            first, second: places.

        Raises:
            OptionError: there is no such place, or a number is always the same.
        """
        x, y = self._place(first), self._place(second)
        mixed, one, two = self._central(x, y), self._central(x, x), self._central(y, y)
        for place in (x, y):
            if len({outcome[place] for outcome in self}) == 1:
                raise OptionError(f"the number at place {place} is always the same: it has no correlation")
        measure = self.measure
        if isinstance(measure, Exact):
            return measure.said(mixed / (one * two)) * measure.root(one * two)
        return measure.said(mixed / measure.root(one * two))

    @property
    def group_names(self) -> tuple[str, ...]:
        """What the numbers are called."""
        return self.kind.names_of_numbers()

    def plot(self, ax: "Axes | None" = None, *, count: int = 12) -> "Axes":
        """Draw the law of two numbers as an image on a logarithmic scale, of one as bars; return the axes.

        Args:
            ax: matplotlib Axes to draw on; new ones unless given.
            count: how many bars, of one number.

        Raises:
            OptionError: there are more than two numbers; ask for the marginal of two.
            MissingExtraError: matplotlib is not installed.
        """
        n_numbers = len(self.nothing)
        if n_numbers > 2:
            raise OptionError(f"a law of {n_numbers} groups has no picture: ask for marginal(0, 1)")
        if n_numbers == 1:
            return super().plot(ax, count=count)
        floats = {tuple(outcome): p for outcome, p in self.floats().items()}
        from exactav.showing import pictures

        return pictures.image(floats, ax=ax, names=self.group_names)

    def _place(self, place: int) -> int:
        number, n_places = whole(place, "a place"), len(self.nothing)
        if number >= n_places:
            raise OptionError(f"no place {number}: there are {n_places} numbers, 0 to {n_places - 1}")
        return number

    def _central(self, x: int, y: int) -> Any:
        """The covariance as an element, from numbers less others near their means, so that little cancels."""
        means = [0, 0]
        if not (isinstance(self.measure, Exact) and self.measure.ring.is_PolynomialRing):
            floats = self.floats().items()
            means = [round(sum(outcome[place] * p for outcome, p in floats)) for place in (x, y)]
        element = self.measure.element
        product = element(lambda outcome: (outcome[x] - means[0]) * (outcome[y] - means[1]))
        return product - element(lambda outcome: outcome[x] - means[0]) * element(
            lambda outcome: outcome[y] - means[1]
        )
