"""The law of the size: how many units fire, of all or of those that are observed."""

from collections.abc import Callable, Hashable, Iterable
from math import ceil
from typing import TYPE_CHECKING, Any, Self, Unpack

from exactav.errors import OptionError, UndecidedError
from exactav.laws.core import Core
from exactav.laws.counting import groups_of, measure_of, of_counts
from exactav.laws.kind import Number
from exactav.laws.measure import Rounded
from exactav.laws.numeric import NumericLaw
from exactav.laws.options import Options
from exactav.laws.starts import Starts, origin_of
from exactav.laws.truncated import MoreThan, UpTo
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.whole import whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class SizeLaw(NumericLaw):
    """Law of the size L = 1 .. N of an avalanche."""

    __slots__ = ()
    name, letter = "size", "L"


class ObservedSizeLaw(SizeLaw):
    """Law of the number of observed units that fire in an avalanche, 0 included."""

    __slots__ = ()
    name = "observed size"

    @classmethod
    def _kind_of(cls, network: Network) -> Number:
        return cls.kind_of_some(network.n_units)

    @classmethod
    def kind_of_some(cls, n_observed: int) -> Number:
        """The kind of the law of so many observed units."""
        return Number(cls.name, cls.letter, 0, n_observed)


class TruncatedSizeLaw(SizeLaw):
    """Law of the size, told apart up to some size; all larger ones are one outcome, ``MoreThan(up_to)``.

    ``law[3]``, ``law.cdf(3)`` and ``law.sf(8)`` are those of the whole law; ``law["> 8"]`` is what is left
    over. What needs to tell larger sizes apart, such as P(L = 20), the mean and the variance, is refused by
    UndecidedError. What compares outcomes as such, total variation, divergence and entropy, takes those that
    are not told apart as one: of the whole laws they are lower bounds.

    Attributes:
        up_to: the largest size that is told apart.
    """

    __slots__ = ()

    @property
    def up_to(self) -> int:
        return self._limits.highest

    @property
    def _limits(self) -> UpTo:
        assert isinstance(self.kind, UpTo)
        return self.kind

    @property
    def _rest(self) -> MoreThan | None:
        """The outcome of all larger sizes, where it has a probability."""
        return next((outcome for outcome in self if isinstance(outcome, MoreThan)), None)

    def per_step(self) -> Self:
        """The unconditional law of one slow step, see :meth:`Law.per_step`; in floating point, so is the
        probability of an avalanche, with its bound, since an exact one of a large network takes long."""
        measure = self.measure
        if self.is_per_step or self.condition or self.input or not isinstance(measure, Rounded):
            return super().per_step()
        from exactav.laws.small import avalanche_between

        low, high = avalanche_between(self.network, self.start, f"{type(self).__name__}.per_step()")
        if high >= 1:  # only the exact number tells whether it is 1
            return super().per_step()
        off = (high - low) / min(low, 1 - high)
        stepped = measure.stepped((low + high) / 2, self.kind.nothing, ceil(off * 2**53))
        return self._with(stepped, kind=self.kind.per_step(), is_per_step=True)

    def expectation(self, function: Callable[[Any], Any]) -> Any:
        """E[function(L)], for a function with one exact value for all sizes above ``up_to``.

        Raises:
            UndecidedError: it has none.

        >>> import exactav as ea
        >>> size_law(ea.families.homogeneous(3, "3/4"), up_to=2).expectation(lambda size: int(size > 1))
        5/8
        """

        def value(size: Any) -> Any:
            found = function(size)
            return +found if isinstance(found, MoreThan) else found

        return super().expectation(value if callable(function) else function)

    def quantile(self, q: Any) -> int:
        """The smallest size x with P(L <= x) >= q.

        Raises:
            UndecidedError: it is above ``up_to``.

        >>> import exactav as ea
        >>> size_law(ea.families.homogeneous(3, "3/4"), up_to=2).quantile("1/2")
        2
        """
        found = super().quantile(q)
        if isinstance(found, MoreThan):
            raise UndecidedError(f"the quantile of {q} is a size {found}: ask with a larger up_to")
        return found

    def mode(self) -> int:
        """The most probable size, the smallest of several.

        Raises:
            UndecidedError: it may be above ``up_to``.

        >>> import exactav as ea
        >>> size_law(ea.families.homogeneous(3, "3/4"), up_to=2).mode()
        1
        """
        best = super().mode()
        if isinstance(best, MoreThan):
            raise UndecidedError(f"the most probable size may be one {best}: ask with a larger up_to")
        return best

    def _spread(self, order: int) -> list[Any]:
        return self._cumulants(order) if self._rest is not None else super()._spread(order)

    def kolmogorov_smirnov(self, other: Core[int]) -> Any:
        """The largest |P(X <= x) - Q(X <= x)| over all x.

        Raises:
            UndecidedError: a law does not tell all sizes apart.
        """
        if any(isinstance(outcome, MoreThan) for law in (self, other) for outcome in law):
            raise UndecidedError(
                f"the laws may differ most at sizes {self._limits.larger}: ask with a larger up_to"
            )
        return super().kolmogorov_smirnov(other)

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None, **options: Any) -> "Axes":
        """Draw the sizes that are told apart on logarithmic axes, and return them; as of other laws."""
        points = {size: p for size, p in self.floats().items() if not isinstance(size, MoreThan)}
        if not points:
            raise OptionError(f"no size up to {self.up_to} has a probability: nothing to draw")
        from exactav.showing import pictures

        return pictures.line(points, ax=ax, name=self.kind.name, label=label, **options)


@of_network
def size_law(
    net: Network,
    start: Hashable | None = None,
    *,
    input: Any = None,
    observed: Iterable[Hashable] | None = None,
    up_to: int | None = None,
    **options: Unpack[Options],
) -> SizeLaw:
    """The law of the avalanche size given an avalanche.

    The sum of the assembly law over sets of equal size (derivation 01, arXiv:2202.02520). Parts of the
    network that do not meet are computed apart, units that cannot fire are left out, and for each part the
    cheapest engine that applies is taken; all give the same law.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        input: amounts {label: amount}, each from 0 to the leak of its unit, that several units are fed at
            once; or a :class:`~exactav.Drive`, a law over such inputs. The law is given that something fires;
            ``per_step()`` needs no increment. Derivation 14.
        observed: labels of the units that are counted; all unless given. The law of what an experiment sees
            that records some units only; its sizes begin with 0.
        up_to: tell sizes apart up to this one only, for networks of any size, see below.
        options: method, arithmetic, max_cost, executor, checkpoint, progress, as in
            :class:`~exactav.laws.options.Options`.

    With ``up_to`` the law is a :class:`TruncatedSizeLaw`: P(L = 1) to P(L = up_to), and P(L > up_to). Only
    sets of so many units are visited, each costs one elimination of a few entries of the Green matrix, and
    the whole network costs one inverse of its matrix (:mod:`exactav.kernels.small_weights`). In floating
    point that reaches 10^4 sparsely coupled units, exactly a few hundred. Of the square torus of 100 x 100,
    the inverse takes 50 seconds of one core and 1.6 GB, and each set 5 microseconds: 20 seconds for the
    3 * 10^6 sets of up to 6 units, some minutes for the 4 * 10^7 of up to 8. ``method`` is left out then,
    floats are computed in threads whatever the executor, and only exact sums keep a checkpoint.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        OptionError: ``up_to`` is given with observed units or a method.
        FloatRangeError: a probability is too small for floating point, or numbers are too far apart.
        UndecidedError: in floating point, P(L > up_to) is below the error.
        CheckpointError: the file is damaged, or belongs to another question.
        UnknownUnitError: an observed label is not in the network.
        InvalidNetworkError: the increment is above the leak of a driven start; the message names what holds.

    >>> import exactav as ea
    >>> law = size_law(ea.families.homogeneous(3, "3/4"))
    >>> law.pmf(), law.mean()
    ({1: 3/8, 2: 1/4, 3: 3/8}, 2)
    >>> size_law(ea.families.homogeneous(3, "3/4"), observed=[0]).pmf()
    {0: 1/3, 1: 2/3}
    >>> size_law(ea.families.ring(5, "4/5"), up_to=2)
    <TruncatedSizeLaw given an avalanche: 1: 85/341, 2: 84/341, > 2: 172/341>
    >>> size_law(ea.families.homogeneous(3, "3/4"), arithmetic="float").error_bound < 1e-14
    True
    >>> size_law(ea.families.homogeneous(3, "3/4"), input={0: "1/8", 1: "1/4"}).per_step().pmf()
    {0: 11/32, 1: 5/32, 2: 5/32, 3: 11/32}
    """
    origin = origin_of(net, start, input, "size_law")
    if up_to is not None:
        largest = whole(up_to, "up_to", 1)
        if observed is not None:
            raise OptionError("up_to with observed units: it counts all units, leave out one of the two")
        limits = UpTo(SizeLaw.name, SizeLaw.letter, 1, largest, net.n_units)
        from exactav.laws.small import measure_up_to

        return TruncatedSizeLaw(net, origin, limits, measure_up_to(net, origin, largest, options))
    groups = groups_of(net, [net.labels if observed is None else observed])
    law_type = SizeLaw if observed is None else ObservedSizeLaw
    kind = SizeLaw.kind_of(net) if observed is None else ObservedSizeLaw.kind_of_some(len(groups[0]))
    ask = of_counts(groups, options)
    measure = measure_of(Starts.of(net, origin), ask, f"the law of {kind.name}", options)
    return law_type(net, origin, kind, measure.pushed(lambda counts: counts[0]))
