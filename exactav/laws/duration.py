"""The laws of the duration: how many generations an avalanche has, alone and jointly with its size."""

from collections.abc import Hashable
from typing import Any, Unpack

from exactav.laws.counting import measure_of, of_durations
from exactav.laws.joint import JointLaw
from exactav.laws.kind import Number, Pair
from exactav.laws.numeric import NumericLaw
from exactav.laws.options import Options
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import one_of


class DurationLaw(NumericLaw):
    """Law of the duration D = 1 .. N, the number of generations."""

    __slots__ = ()
    name, letter = "duration", "D"


class SizeDurationLaw(JointLaw[tuple[int, int]]):
    """Joint law of size and duration, keyed by (L, D)."""

    __slots__ = ()

    @classmethod
    def _kind_of(cls, network: Network) -> Pair:
        size, duration = (Number(law.name, law.letter, 1, network.n_units) for law in (SizeLaw, DurationLaw))
        return Pair(size, duration)

    def size_law(self) -> SizeLaw:
        """The law of the size alone."""
        return self.pushed(SizeLaw, lambda outcome: outcome[0])

    def duration_law(self) -> DurationLaw:
        """The law of the duration alone."""
        return self.pushed(DurationLaw, lambda outcome: outcome[1])

    def marginal(self, of: str) -> NumericLaw:
        """The law of the "size" or of the "duration" alone.

        Raises:
            OptionError: it is of neither.

        >>> import exactav as ea
        >>> size_duration_law(ea.families.homogeneous(3, "3/4")).marginal("duration").pmf()
        {1: 3/8, 2: 3/8, 3: 1/4}
        """
        return self.size_law() if one_of(of, "of", ["size", "duration"]) == "size" else self.duration_law()


@of_network
def size_duration_law(
    net: Network, start: Hashable | None = None, *, input: Any = None, **options: Unpack[Options]
) -> SizeDurationLaw:
    """The joint law of size L and duration D given an avalanche.

    The sum of the pattern law over all patterns of equal size and number of generations (derivation 01,
    arXiv:2202.02520). The patterns of an assembly are the trees on it by their levels (derivation 03), which
    are summed by height. Parts of the network that do not meet are computed apart, and for each the cheapest
    engine is taken, see :func:`exactav.plan`.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        input: of several units at once, as in :func:`exactav.size_law`; those that it sets off are the first
            generation.
        options: method, arithmetic, max_cost, executor, checkpoint, progress, as in
            :class:`~exactav.laws.options.Options`.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.
        CheckpointError: the file is damaged, or belongs to another question.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> import exactav as ea
    >>> size_duration_law(ea.families.homogeneous(3, "3/4")).pmf()
    {(1, 1): 3/8, (2, 2): 1/4, (3, 2): 1/8, (3, 3): 1/4}
    """
    origin = origin_of(net, start, input, "size_duration_law")
    ask = of_durations(jointly=True)
    measure = measure_of(Starts.of(net, origin), ask, "the law of sizes and durations", options)
    return SizeDurationLaw(net, origin, SizeDurationLaw.kind_of(net), measure)


@of_network
def duration_law(
    net: Network, start: Hashable | None = None, *, input: Any = None, **options: Unpack[Options]
) -> DurationLaw:
    """The law of the duration, the number of generations, given an avalanche; see :func:`size_duration_law`.

    >>> import exactav as ea
    >>> duration_law(ea.families.homogeneous(3, "3/4")).pmf()
    {1: 3/8, 2: 3/8, 3: 1/4}
    >>> duration_law(ea.families.homogeneous(50, "9/10")).mean().evalf(13)
    4.240644692825
    """
    origin = origin_of(net, start, input, "duration_law")
    ask = of_durations(jointly=False)
    measure = measure_of(Starts.of(net, origin), ask, "the law of durations", options)
    return DurationLaw(net, origin, DurationLaw.kind_of(net), measure)
