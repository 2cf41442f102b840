"""The law of the composition: how many units of each of several groups fire."""

from collections.abc import Hashable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import sympy

from exactav.engines import plan
from exactav.engines.question import Counts
from exactav.errors import UnknownOutcomeError
from exactav.laws.counting import Arithmetic, Method, exact_weights, float_law, question_of, running_of
from exactav.laws.floats import FloatLaw
from exactav.laws.law import Law
from exactav.laws.size import ObservedSizeLaw
from exactav.network.network import Network
from exactav.numbers.domains import quotient
from exactav.running.tasks import Progress
from exactav.showing import pictures as plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Groups = Sequence[Iterable[Hashable]]


class CompositionLaw(Law[Counts]):
    """Law of the numbers of units of each group that fire, keyed by tuples of counts."""

    __slots__ = ()
    kind, letter = "composition", "l"

    @property
    def nothing(self) -> Counts:
        """No unit of any group."""
        return (0,) * len(next(iter(self.weights)))

    def outcome(self, key: Any) -> Counts:
        return _as_counts(key)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the law of two groups as an image on a logarithmic scale, and return its axes.

        Raises:
            ValueError: there are not two groups.
            MissingExtraError: matplotlib is not installed.
        """
        if len(self.nothing) != 2:
            raise ValueError(f"a law of {len(self.nothing)} groups has no picture: ask for two groups")
        return plot.image(self.floats(), ax=ax, names=("units of group 1", "units of group 2"))

    def given_size(self, size: int) -> dict[Counts, sympy.Expr]:
        """The probabilities of the counts given that ``size`` units of all groups together fire.

        Raises:
            UnknownOutcomeError: that cannot happen.
        """
        chosen = {counts: weight for counts, weight in self.weights.items() if sum(counts) == size}
        if not chosen:
            raise UnknownOutcomeError(f"{size} units of all groups together never fire")
        total = sum(chosen.values(), self.ring.zero)
        return {counts: quotient(self.ring, weight, total) for counts, weight in chosen.items()}

    def size_law(self) -> ObservedSizeLaw:
        """The law of the number of units of all groups together."""
        return self.pushed(ObservedSizeLaw, sum)


def _as_counts(key: Any) -> Counts:
    if isinstance(key, tuple) and all(isinstance(c, int) and not isinstance(c, bool) and c >= 0 for c in key):
        return key
    raise UnknownOutcomeError(f"{key!r} is no outcome of this law: wanted a tuple of counts, one a group")


@overload
def composition_law(
    net: Network,
    groups: Groups | None = ...,
    start: Hashable | None = ...,
    *,
    method: Method = ...,
    arithmetic: Literal["exact"] = ...,
    max_cost: float = ...,
    executor: Executor | None = ...,
    checkpoint: str | Path | None = ...,
    progress: Progress | None = ...,
) -> CompositionLaw: ...
@overload
def composition_law(
    net: Network,
    groups: Groups | None = ...,
    start: Hashable | None = ...,
    *,
    method: Method = ...,
    arithmetic: Literal["float"],
    max_cost: float = ...,
    executor: Executor | None = ...,
    checkpoint: str | Path | None = ...,
    progress: Progress | None = ...,
) -> FloatLaw[Counts]: ...
def composition_law(
    net: Network,
    groups: Groups | None = None,
    start: Hashable | None = None,
    *,
    method: Method = "auto",
    arithmetic: Arithmetic = "exact",
    max_cost: float = plan.MAX_COST,
    executor: Executor | None = None,
    checkpoint: str | Path | None = None,
    progress: Progress | None = None,
) -> CompositionLaw | FloatLaw[Counts]:
    """The law of how many units of each group fire, given an avalanche. Derivations 01 and 09.

    Args:
        groups: disjoint collections of labels; units of none are not counted. Unless given, the classes of
            interchangeable units, in the order of their first units.
        start, method, arithmetic, max_cost, executor, checkpoint, progress: as in :func:`exactav.size_law`.

    Raises:
        InvalidNetworkError: a group is empty, or a unit is in two.
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.

    >>> import exactav as ea
    >>> net = ea.families.populations([1, 1], [[0, "1/2"], ["1/4", 0]])
    >>> composition_law(net).pmf()
    {(0, 1): 1/4, (1, 0): 3/8, (1, 1): 3/8}
    """
    if groups is None:
        groups = [[net.labels[u] for u in members] for members in net.system.classes]
    question = question_of(net, start, groups)
    running = running_of(question, arithmetic, executor, checkpoint, progress)
    if arithmetic == "float":
        return float_law(net, start, question, "composition", method, max_cost, running, tuple, _as_counts)
    weights = exact_weights(question, method, max_cost, "the law of compositions", running)
    return CompositionLaw(net, start, net.system.ring, weights, question.total)
