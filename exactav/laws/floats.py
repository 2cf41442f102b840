"""Laws in floating point whose errors are bounded by proof."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from exactav.errors import CheckFailedError
from exactav.kernels.positive import bound
from exactav.network.network import Network
from exactav.showing import pictures as plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

K = TypeVar("K", bound=Hashable)
_SHOWN = 12


class FloatLaw(Mapping[K, float]):
    """Probabilities of outcomes given an avalanche, as floats.

    Attributes:
        network, start: as of an exact law.
        kind: what the law is of, such as "size".
        error_bound: every probability is within this factor of the exact one: |p - P| <= error_bound * P.
            All steps are additions, multiplications and divisions of positive numbers, whose roundings are
            counted; no difference is ever formed.
    """

    def __init__(
        self,
        network: Network,
        start: Hashable | None,
        kind: str,
        probabilities: Mapping[K, float],
        roundings: int,
        outcome: Callable[[Any], K],
    ) -> None:
        self.network = network
        self.start = start
        self.kind = kind
        self.error_bound = bound(roundings)
        self._outcome = outcome
        self._probabilities = {key: probabilities[key] for key in sorted(probabilities)}  # type: ignore[type-var]
        total = sum(self._probabilities.values())
        if not abs(total - 1.0) <= bound(roundings + len(self._probabilities)):
            raise CheckFailedError(
                f"floating-point probabilities sum to {total}, off by more than their error bound"
            )

    def __getitem__(self, key: Any) -> float:
        return self._probabilities.get(self._outcome(key), 0.0)

    def __iter__(self) -> Iterator[K]:
        return iter(self._probabilities)

    def __len__(self) -> int:
        return len(self._probabilities)

    def __contains__(self, key: object) -> bool:
        try:
            return self._outcome(key) in self._probabilities
        except KeyError:
            return False

    def pmf(self) -> dict[K, float]:
        """All outcomes of positive probability with their probabilities."""
        return dict(self._probabilities)

    def mean(self) -> float:
        """E[X] of a law of numbers, within twice the error bound and a rounding for each outcome."""
        return sum(outcome * probability for outcome, probability in self._probabilities.items())  # type: ignore

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None, **options: Any) -> "Axes":
        """Draw a law of numbers on logarithmic axes, or one of pairs of counts as an image; return the axes.

        Args: as of :meth:`exactav.SizeLaw.plot`.
        """
        if isinstance(next(iter(self)), tuple):
            pairs: Any = self._probabilities
            return plot.image(pairs, ax=ax, names=("units of group 1", "units of group 2"))
        numbers: Any = self._probabilities
        return plot.line(numbers, ax=ax, name=self.kind, label=label, **options)

    def __repr__(self) -> str:
        shown = ", ".join(f"{outcome}: {p:.6g}" for outcome, p in list(self.items())[:_SHOWN])
        more = f", ... {len(self) - _SHOWN} more" if len(self) > _SHOWN else ""
        return f"<FloatLaw of {self.kind}, relative error <= {self.error_bound:.1e}: {shown}{more}>"
