"""The laws of the duration: how many generations an avalanche has, alone and jointly with its size."""

from collections.abc import Hashable

from exactav.engines import generations
from exactav.engines.plan import MAX_COST
from exactav.laws.joint import JointLaw
from exactav.laws.kind import Number, Pair
from exactav.laws.law import of_weights
from exactav.laws.numeric import NumericLaw
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import one_of, seconds


class DurationLaw(NumericLaw):
    """Law of the duration D = 1 .. N, the number of generations."""

    __slots__ = ()
    name, letter = "duration", "D"


class SizeDurationLaw(JointLaw[tuple[int, int]]):
    """Joint law of size and duration, keyed by (L, D)."""

    __slots__ = ()

    @classmethod
    def kind_of(cls, network: Network) -> Pair:
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
    net: Network, start: Hashable | None = None, *, max_cost: float = MAX_COST
) -> SizeDurationLaw:
    """The joint law of size L and duration D given an avalanche.

    Sums the pattern law over all patterns of equal size and number of generations, generation by generation
    (derivation 01, arXiv:2202.02520).

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        max_cost: largest cost allowed, in seconds of an ordinary core.

    Raises:
        TooCostlyError: more steps were needed than ``max_cost`` allows.

    >>> import exactav as ea
    >>> size_duration_law(ea.families.homogeneous(3, "3/4")).pmf()
    {(1, 1): 3/8, (2, 2): 1/4, (3, 2): 1/8, (3, 3): 1/4}
    """
    starts = Starts.of(net, start)
    weights = generations.size_duration_weights(net.system, starts.weights, seconds(max_cost))
    return of_weights(SizeDurationLaw, net, start, weights, starts.total)


@of_network
def duration_law(net: Network, start: Hashable | None = None, *, max_cost: float = MAX_COST) -> DurationLaw:
    """The law of the duration, the number of generations, given an avalanche; see :func:`size_duration_law`.

    >>> import exactav as ea
    >>> duration_law(ea.families.homogeneous(3, "3/4")).pmf()
    {1: 3/8, 2: 3/8, 3: 1/4}
    """
    return size_duration_law(net, start, max_cost=max_cost).duration_law()
