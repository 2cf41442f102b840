"""The law of the size: how many units fire."""

from collections.abc import Hashable

from exactav.engines import plan
from exactav.laws.law import NumericLaw
from exactav.laws.starts import Starts
from exactav.network import Network


class SizeLaw(NumericLaw):
    """Law of the size L = 1 .. N of an avalanche."""

    __slots__ = ()
    kind, letter = "size", "L"


def size_law(net: Network, start: Hashable | None = None, *, max_cost: float = plan.MAX_COST) -> SizeLaw:
    """The law of the avalanche size given an avalanche.

    The sum of the assembly law over sets of equal size (derivation 01, arXiv:2202.02520); networks with
    interchangeable units are summed over count vectors instead of sets.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        max_cost: largest estimated cost allowed, in seconds of an ordinary core.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``.

    >>> import exactav as ea
    >>> law = size_law(ea.families.homogeneous(3, "3/4"))
    >>> law.pmf(), law.mean()
    ({1: 3/8, 2: 1/4, 3: 3/8}, 2)
    """
    starts = Starts.of(net, start)
    weights = plan.size_weights(net.system, starts.weights, starts.total, max_cost)
    return SizeLaw(net, start, net.system.ring, dict(enumerate(weights)), starts.total)
