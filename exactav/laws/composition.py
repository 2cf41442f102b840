"""The law of the composition: how many units of each of several groups fire."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Unpack

from exactav.errors import OptionError, UnknownOutcomeError
from exactav.laws.counting import measure_of_counts, question_of
from exactav.laws.joint import Joint
from exactav.laws.kind import Composition, Counts
from exactav.laws.law import Law
from exactav.laws.options import Options
from exactav.laws.size import ObservedSizeLaw
from exactav.network.network import Network
from exactav.showing import pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Groups = Sequence[Iterable[Hashable]]


class CompositionLaw(Law[Counts], Joint):
    """Law of the numbers of units of each group that fire, keyed by tuples of counts."""

    __slots__ = ()

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the law of two groups as an image on a logarithmic scale, and return its axes.

        Raises:
            OptionError: there are not two groups.
            MissingExtraError: matplotlib is not installed.
        """
        n_groups = len(self.nothing)
        if n_groups != 2:
            raise OptionError(f"a law of {n_groups} groups has no picture: ask for two groups")
        return pictures.image(self.floats(), ax=ax, names=("units of group 1", "units of group 2"))

    def given_size(self, size: int) -> "CompositionLaw":
        """The law of the counts given that ``size`` units of all groups together fire.

        Raises:
            UnknownOutcomeError: that cannot happen.

        >>> import exactav as ea
        >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
        >>> composition_law(net).given_size(1).pmf()
        {(0, 1): 2/5, (1, 0): 3/5}
        """
        if not any(sum(counts) == size for counts in self.weights):
            raise UnknownOutcomeError(f"{size} units of all groups together never fire")
        return self.given(lambda counts: sum(counts) == size, name=f"size {size}")

    def marginal(self, *groups: int) -> "CompositionLaw":
        """The law of the counts of some groups, in this order, counted from 0; of one group,
        ``law.marginal(0).size_law()`` is the law of a number.

        Raises:
            OptionError: there is no such group, or none is named, or one twice.

        >>> import exactav as ea
        >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
        >>> composition_law(net).marginal(1).pmf()
        {(0,): 3/8, (1,): 5/8}
        """
        places = [self._place(group) for group in groups]
        if not places or len(set(places)) < len(places):
            raise OptionError("a marginal law is of one group or more: name each once")
        return self.pushed(
            CompositionLaw, lambda counts: tuple(counts[place] for place in places), Composition(len(places))
        )

    def size_law(self) -> ObservedSizeLaw:
        """The law of the number of units of all groups together."""
        highest = max(map(sum, self.weights))
        return self.pushed(ObservedSizeLaw, sum, ObservedSizeLaw.kind_of_some(highest))


def composition_law(
    net: Network,
    groups: Groups | None = None,
    start: Hashable | None = None,
    **options: Unpack[Options],
) -> CompositionLaw:
    """The law of how many units of each group fire, given an avalanche. Derivations 01 and 09.

    Args:
        groups: disjoint collections of labels; units of none are not counted. Unless given, the classes of
            interchangeable units, in the order of their first units.
        start: as in :func:`exactav.size_law`.
        options: as in :class:`~exactav.laws.options.Options`.

    Raises:
        InvalidNetworkError: a group is empty, or a unit is in two.
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.

    >>> import exactav as ea
    >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
    >>> composition_law(net).pmf()
    {(0, 1): 1/4, (1, 0): 3/8, (1, 1): 3/8}
    """
    if groups is None:
        groups = [[net.labels[u] for u in members] for members in net.system.classes]
    question = question_of(net, start, groups)
    measure = measure_of_counts(question, "the law of compositions", options)
    return CompositionLaw(net, start, Composition(len(question.groups)), measure)
