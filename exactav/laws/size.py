"""The law of the size: how many units fire, of all or of those that are observed."""

from collections.abc import Hashable, Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Literal, overload

from exactav.engines import plan
from exactav.laws.counting import Arithmetic, Method, exact_weights, float_law, question_of, running_of
from exactav.laws.floats import FloatLaw
from exactav.laws.law import NumericLaw, integer_outcome
from exactav.network.network import Network
from exactav.running.tasks import Progress


class SizeLaw(NumericLaw):
    """Law of the size L = 1 .. N of an avalanche."""

    __slots__ = ()
    kind, letter = "size", "L"


class ObservedSizeLaw(NumericLaw):
    """Law of the number of observed units that fire in an avalanche, 0 included."""

    __slots__ = ()
    kind, letter = "observed size", "L"

    def outcome(self, key: Any) -> int:
        return integer_outcome(key, 0, self.network.n_units)


@overload
def size_law(
    net: Network,
    start: Hashable | None = ...,
    *,
    observed: None = ...,
    method: Method = ...,
    arithmetic: Literal["exact"] = ...,
    max_cost: float = ...,
    executor: Executor | None = ...,
    checkpoint: str | Path | None = ...,
    progress: Progress | None = ...,
) -> SizeLaw: ...
@overload
def size_law(
    net: Network,
    start: Hashable | None = ...,
    *,
    observed: Iterable[Hashable],
    method: Method = ...,
    arithmetic: Literal["exact"] = ...,
    max_cost: float = ...,
    executor: Executor | None = ...,
    checkpoint: str | Path | None = ...,
    progress: Progress | None = ...,
) -> ObservedSizeLaw: ...
@overload
def size_law(
    net: Network,
    start: Hashable | None = ...,
    *,
    observed: Iterable[Hashable] | None = ...,
    method: Method = ...,
    arithmetic: Literal["float"],
    max_cost: float = ...,
    executor: Executor | None = ...,
    checkpoint: str | Path | None = ...,
    progress: Progress | None = ...,
) -> FloatLaw[int]: ...
def size_law(
    net: Network,
    start: Hashable | None = None,
    *,
    observed: Iterable[Hashable] | None = None,
    method: Method = "auto",
    arithmetic: Arithmetic = "exact",
    max_cost: float = plan.MAX_COST,
    executor: Executor | None = None,
    checkpoint: str | Path | None = None,
    progress: Progress | None = None,
) -> SizeLaw | ObservedSizeLaw | FloatLaw[int]:
    """The law of the avalanche size given an avalanche.

    The sum of the assembly law over sets of equal size (derivation 01, arXiv:2202.02520). Parts of the
    network that do not meet are computed apart, units that cannot fire are left out, and for each part the
    cheapest engine that applies is taken; all give the same law.

    Args:
        start: label of the unit that fires first; None weights all starts by the drive.
        observed: labels of the units that are counted; all unless given. The law of what an experiment sees
            that records some units only; its sizes begin with 0.
        method: "subsets" visits all sets of units; "connected" those only that a start can recruit from
            within; "populations" counts interchangeable units, derivation 09; "frontier" sweeps along an
            order of small width; "auto" takes the cheapest, see :func:`exactav.plan`.
        arithmetic: "exact", or "float" for floating point with a proven ``error_bound``.
        max_cost: largest estimated cost allowed, in seconds of an ordinary core.
        executor: where a sum over all sets is computed in parts: anything with the protocol of
            ``concurrent.futures.Executor`` whose workers have exactav, such as a ProcessPoolExecutor, Dask's
            ``client.get_executor()`` or an MPIPoolExecutor; None for threads of this process. The other
            methods take one thread.
        checkpoint: a file that keeps what a sum over all sets has finished. A run that was killed and is
            started again with it goes on where it was.
        progress: is called with the share of the work that is done, from 0 to 1.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
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
    lowest = 1 if observed is None else 0
    kind = SizeLaw.kind if observed is None else ObservedSizeLaw.kind
    running = running_of(question, arithmetic, executor, checkpoint, progress)
    if arithmetic == "float":
        highest = len(question.groups[0])
        return float_law(
            net,
            start,
            question,
            kind,
            method,
            max_cost,
            running,
            lambda counts: counts[0],
            lambda key: integer_outcome(key, lowest, highest),
        )
    weights = exact_weights(question, method, max_cost, f"the law of {kind}", running)
    law_type = SizeLaw if observed is None else ObservedSizeLaw
    return law_type(
        net, start, net.system.ring, {c[0]: weight for c, weight in weights.items()}, question.total
    )
