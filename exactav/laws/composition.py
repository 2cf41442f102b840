"""The law of the composition: how many units of each of several groups fire."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Unpack

from exactav.errors import OptionError, UnknownOutcomeError
from exactav.laws.counting import groups_of, measure_of, of_counts
from exactav.laws.joint import JointLaw
from exactav.laws.kind import Composition, Counts
from exactav.laws.options import Options
from exactav.laws.size import ObservedSizeLaw
from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.whole import whole

Groups = Sequence[Iterable[Hashable]]


class CompositionLaw(JointLaw[Counts]):
    """Law of the numbers of units of each group that fire, keyed by tuples of counts."""

    __slots__ = ()

    def given_size(self, size: int) -> "CompositionLaw":
        """The law of the counts given that ``size`` units of all groups together fire.

        Raises:
            UnknownOutcomeError: that cannot happen.

        >>> import exactav as ea
        >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
        >>> composition_law(net).given_size(1).pmf()
        {(0, 1): 2/5, (1, 0): 3/5}
        """
        size = whole(size, "size")
        if not any(sum(counts) == size for counts in self):
            raise UnknownOutcomeError(f"{size} units of all groups together never fire")
        return self._given(lambda counts: sum(counts) == size, f"size {size}")

    def marginal(self, *groups: int) -> "CompositionLaw":
        """The law of the numbers of units of some of the groups, in the order in which they are named.

        Args:
            groups: their places, from 0.

        Raises:
            OptionError: there is no such group, or one is named twice.

        >>> import exactav as ea
        >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
        >>> composition_law(net).marginal(1).pmf()
        {(0,): 3/8, (1,): 5/8}
        """
        places = [self._place(group) for group in groups]
        if not places or len(set(places)) < len(places):
            raise OptionError(f"groups {groups}: name one or more, each once")
        named = self.kind.groups if isinstance(self.kind, Composition) else ()
        names = tuple(named[place] for place in places) if named else ()
        kind = Composition(len(places), names)
        return self.pushed(CompositionLaw, lambda counts: tuple(counts[place] for place in places), kind)

    def size_law(self) -> ObservedSizeLaw:
        """The law of the number of units of all groups together."""
        highest = max(map(sum, self.weights))
        return self.pushed(ObservedSizeLaw, sum, ObservedSizeLaw.kind_of_some(highest))


@of_network
def composition_law(
    net: Network,
    groups: Groups | Mapping[str, Iterable[Hashable]] | None = None,
    start: Hashable | None = None,
    *,
    input: Any = None,
    **options: Unpack[Options],
) -> CompositionLaw:
    """The law of how many units of each group fire, given an avalanche. Derivations 01 and 09.

    Args:
        groups: disjoint collections of labels, or a mapping from names to such; units of none are not
            counted. Unless given, the classes of interchangeable units, in the order of their first units.
        start, input: as in :func:`exactav.size_law`.
        options: as in :class:`~exactav.laws.options.Options`.

    Raises:
        InvalidNetworkError: a group is empty, or a unit is in two; or the increment is above the leak of a
            driven start.
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.

    >>> import exactav as ea
    >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
    >>> composition_law(net).pmf()
    {(0, 1): 1/4, (1, 0): 3/8, (1, 1): 3/8}
    """
    origin = origin_of(net, start, input, "composition_law")
    if groups is None:
        groups = [[net.labels[u] for u in members] for members in net.system.classes]
    names: tuple[str, ...] = ()
    if isinstance(groups, Mapping):
        names, groups = tuple(map(str, groups)), list(groups.values())
    places = groups_of(net, groups)
    ask = of_counts(places, options)
    measure = measure_of(Starts.of(net, origin), ask, "the law of compositions", options)
    return CompositionLaw(net, origin, Composition(len(places), names), measure)
