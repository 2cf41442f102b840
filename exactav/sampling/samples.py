"""What all samples of avalanches have: sizes, starts, estimates with intervals, a picture."""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Sequence
from math import sqrt
from numbers import Real
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from exactav.errors import OptionError, TooFewError
from exactav.laws.starts import HasOrigin, Origin
from exactav.network.network import Network
from exactav.numbers.expressions import described
from exactav.pickles import tagged
from exactav.sampling.comparison import Comparison, against
from exactav.showing import html, pictures
from exactav.texts import quoted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Outcome = TypeVar("Outcome", covariant=True)


class Estimate(NamedTuple):
    """An estimate with the ends of its confidence interval."""

    value: float
    low: float
    high: float

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return tagged(self, protocol)


class Sample(HasOrigin, Sequence[Outcome]):
    """Independent avalanches.

    Attributes:
        network, start, input: what was asked; both are None where starts were drawn.
        sizes: number of units of each.
    """

    _noun: str

    __reduce_ex__ = tagged

    def __init__(
        self,
        network: Network,
        origin: Origin,
        units: NDArray[np.int64],
        starts: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> None:
        self.network = network
        self.origin = origin
        self.sizes = sizes
        self._units, self._starts = units, starts
        self._ends = np.cumsum(sizes)
        for numbers in (units, starts, sizes):
            numbers.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.network, self.origin, self._units, self._starts, self.sizes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sample) or type(self) is not type(other):
            return NotImplemented
        mine, theirs = ((one.network, one.origin, one._starts.tolist()) for one in (self, other))
        return mine == theirs and np.array_equal(self.sizes, other.sizes) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self.network, self.origin, self._starts.tobytes(), self.sizes.tobytes()))

    def __len__(self) -> int:
        return len(self.sizes)

    @overload
    def __getitem__(self, place: int) -> Outcome: ...
    @overload
    def __getitem__(self, place: slice) -> list[Outcome]: ...
    def __getitem__(self, place: int | slice) -> Outcome | list[Outcome]:
        if isinstance(place, slice):
            return [self._outcome(i) for i in range(*place.indices(len(self)))]
        return self._outcome(range(len(self))[place])

    @abstractmethod
    def _outcome(self, place: int) -> Outcome:
        """What the avalanche at a place from 0 on is."""

    @property
    @abstractmethod
    def _observed(self) -> dict[str, Callable[[], Sequence[Any]]]:
        """By kind of law, what makes the outcomes of all avalanches."""

    @property
    def starts(self) -> tuple[Hashable, ...]:
        """The unit that fired first, of each avalanche.

        Raises:
            OptionError: they are those of an input, after which several may fire first.
        """
        if self.input is not None:
            raise OptionError("after an input several units may fire first: such a sample has no starts")
        return tuple(self.network.labels[unit] for unit in self._starts.tolist())

    def mean_size(self, confidence: float = 0.95) -> Estimate:
        """The mean size, with a confidence interval by the central limit theorem.

        Raises:
            TooFewError: there are fewer than two avalanches.
            OptionError: the confidence is not between 0 and 1.
        """
        if len(self) < 2:
            raise TooFewError(f"{len(self)} {self._noun} have no confidence interval: draw more")
        return mean_of(self.sizes, confidence)

    def pair_probability(self, unit: Hashable, other: Hashable, confidence: float = 0.95) -> Estimate:
        """The probability that both units fire, with Wilson's score interval.

        There is no formula for it in the entries of the Green matrix.

        Raises:
            UnknownUnitError: a label is not in the network.
            OptionError: the confidence is not between 0 and 1.
        """
        indices = self.network.index(unit), self.network.index(other)
        places = np.repeat(np.arange(len(self)), self.sizes)
        first, second = (places[self._units == i] for i in indices)
        return _score_interval(np.intersect1d(first, second).size, len(self), confidence)

    def compare(self, law: Any) -> Comparison:
        """Chi-square test against a law given an avalanche, of what the sample shows.

        For a law with a start, only the avalanches of this start count.

        Raises:
            ArgumentError: it is no law.
            OptionError: the law is one per slow step, or of something else, or of all starts where the
                sample has one, or not of the same input.
            TooFewError: no avalanche has the start of the law, or too few to expect any two outcomes 5 times.
        """
        if self.start is not None and getattr(law, "start", self.start) is None:
            raise OptionError(f"the sample has start {quoted(self.start)}: give the law of this start")
        if getattr(law, "input", self.input) != self.input:
            asked = "starts" if self.input is None else self.input.text
            raise OptionError(f"the sample is of {asked}: give a law of the same")
        return against(law, self._observed, lambda: self.starts, "sampled")

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None) -> "Axes":
        """Draw the shares of sizes with their standard errors, and return the axes.

        ``sample.plot(ax=law.plot())`` draws them on the law.

        Raises:
            MissingExtraError: matplotlib is not installed.
            TooFewError: the sample is empty.
        """
        return self._plotted(self.sizes, ax, "size", label)

    def _plotted(self, numbers: NDArray[np.int64], ax: "Axes | None", name: str, label: str | None) -> "Axes":
        if not len(self):
            raise TooFewError("an empty sample has no picture: draw some")
        counts = np.bincount(numbers)
        shares = {number: counts[number] / len(self) for number in range(len(counts)) if counts[number]}
        points = {number: (float(p), sqrt(p * (1 - p) / len(self))) for number, p in shares.items()}
        return pictures.points_with_errors(points, ax=ax, name=name, label=label)

    def _repr_html_(self) -> str:
        mean = f"{float(self.sizes.mean()):.6g}" if len(self) else "none"
        said = [
            ("mean size", html.text(mean)),
            self._said(),
        ]
        counts = np.bincount(self.sizes) if len(self) else np.zeros(1, np.int64)
        seen = [size for size in range(len(counts)) if counts[size]][:12]
        rows = [
            [html.text(size), html.text(f"{counts[size]:,}"), html.bar(counts[size] / counts.max())]
            for size in seen
        ]
        title = f"{len(self):,} sampled {self._noun}"
        return html.card(title, html.facts(said), html.table(["size", "number", ""], rows, (0, 1)))

    def _said(self) -> tuple[str, html.Html]:
        if self.input is not None:
            return "input", html.text(self.input.text.removeprefix("input "), 200)
        return "start", html.text("drawn" if self.start is None else self.start)

    def __repr__(self) -> str:
        begun = "" if self.start is None else f" that start with {quoted(self.start)}"
        begun = f" of {self.input.text}" if self.input else begun
        return f"<{len(self):,} {self._noun}{begun}, mean size {self.sizes.mean():.6g}>"


def _quantile(confidence: float) -> float:
    if isinstance(confidence, bool) or not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise OptionError(f"confidence = {described(confidence)}: wanted a number between 0 and 1")
    return NormalDist().inv_cdf((1 + float(confidence)) / 2)


def _score_interval(hits: int, n: int, confidence: float) -> Estimate:
    z, share = _quantile(confidence), hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def mean_of(values: NDArray[Any], confidence: float, n: int | None = None) -> Estimate:
    """The mean of two or more values, with an interval by the central limit theorem.

    Args:
        n: how many there are with those that are 0 and not given.
    """
    n = len(values) if n is None else n
    value = float(values.sum()) / n
    squares = float(((values - value) ** 2).sum()) + (n - len(values)) * value**2
    half = _quantile(confidence) * sqrt(squares / (n - 1) / n)
    return Estimate(value, value - half, value + half)
