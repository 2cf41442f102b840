"""The law of the size: how many units fire, of all or of those that are observed."""

from collections.abc import Hashable, Iterable
from typing import Unpack

from exactav.laws.counting import measure_of_counts, question_of
from exactav.laws.kind import Number
from exactav.laws.numeric import NumericLaw
from exactav.laws.options import Options
from exactav.network.asked import of_network
from exactav.network.network import Network


class SizeLaw(NumericLaw):
    """Law of the size L = 1 .. N of an avalanche."""

    __slots__ = ()
    name, letter = "size", "L"


class ObservedSizeLaw(SizeLaw):
    """Law of the number of observed units that fire in an avalanche, 0 included."""

    __slots__ = ()
    name = "observed size"

    @classmethod
    def kind_of(cls, network: Network) -> Number:
        return cls.kind_of_some(network.n_units)

    @classmethod
    def kind_of_some(cls, n_observed: int) -> Number:
        """The kind of the law of so many observed units."""
        return Number(cls.name, cls.letter, 0, n_observed)


@of_network
def size_law(
    net: Network,
    start: Hashable | None = None,
    *,
    observed: Iterable[Hashable] | None = None,
    **options: Unpack[Options],
) -> SizeLaw:
    """The law of the avalanche size given an avalanche.

    The sum of the assembly law over sets of equal size (derivation 01, arXiv:2202.02520). Parts of the
    network that do not meet are computed apart, units that cannot fire are left out, and for each part the
    cheapest engine that applies is taken; all give the same law.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        observed: labels of the units that are counted; all unless given. The law of what an experiment sees
            that records some units only; its sizes begin with 0.
        options: method, arithmetic, max_cost, executor, checkpoint, progress, as in
            :class:`~exactav.laws.options.Options`.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.
        CheckpointError: the file is damaged, or belongs to another question.
        UnknownUnitError: an observed label is not in the network.

    >>> import exactav as ea
    >>> law = size_law(ea.families.homogeneous(3, "3/4"))
    >>> law.pmf(), law.mean()
    ({1: 3/8, 2: 1/4, 3: 3/8}, 2)
    >>> size_law(ea.families.homogeneous(3, "3/4"), observed=[0]).pmf()
    {0: 1/3, 1: 2/3}
    >>> size_law(ea.families.homogeneous(3, "3/4"), arithmetic="float").error_bound < 1e-14
    True
    """
    question = question_of(net, start, [net.labels if observed is None else observed])
    law_type = SizeLaw if observed is None else ObservedSizeLaw
    kind = SizeLaw.kind_of(net) if observed is None else ObservedSizeLaw.kind_of_some(len(question.groups[0]))
    measure = measure_of_counts(question, f"the law of {kind.name}", options)
    return law_type(net, start, kind, measure.pushed(lambda counts: counts[0]))
