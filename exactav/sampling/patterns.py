"""Whole patterns, drawn with exactly the probabilities of the law: the levels of Wilson's tree.

A tree of the start in a random spanning forest has its levels as generations: given the level before, each
unit of a level takes one parent there, with its weight, so the trees with given levels weigh as much as the
pattern (derivations 03 and 15).
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from exactav.engines import plan
from exactav.errors import TooFewError
from exactav.laws.kind import Pattern
from exactav.laws.starts import Origin, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import one_of
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.sampling.assemblies import AssemblySample
from exactav.sampling.drawn import drawn
from exactav.sampling.limits import FEWEST_AVERAGED
from exactav.sampling.samples import Estimate, Sample, mean_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Ragged(Sequence[NDArray[np.int64]]):
    """Rows of numbers of different lengths; a sequence of arrays, none of which is copied.

    Attributes:
        values: all rows, one after the other.
        offsets: where they begin; the last offset is where the last one ends.
    """

    __reduce_ex__ = tagged

    def __init__(self, values: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
        self.values = values
        self.offsets = np.concatenate([[0], np.cumsum(lengths)])
        self.offsets.setflags(write=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, place: int) -> NDArray[np.int64]: ...
    @overload
    def __getitem__(self, place: slice) -> list[NDArray[np.int64]]: ...
    def __getitem__(self, place: int | slice) -> NDArray[np.int64] | list[NDArray[np.int64]]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        i = range(len(self))[place]
        return self.values[self.offsets[i] : self.offsets[i + 1]]

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"<{len(self):,} rows of {len(self.values):,} numbers>"


class PatternSample(Sample[Pattern]):
    """Independent patterns; a sequence of tuples of frozensets of labels, one for each generation.

    Attributes:
        network, start, input: what was asked; both are None where starts were drawn.
        sizes: number of units of each.
        durations: number of generations of each.
        generation_sizes: number of units of each generation, an array for each avalanche; ``values`` and
            ``offsets`` hold them all.
    """

    _noun = "patterns"

    def __init__(
        self,
        network: Network,
        origin: Origin,
        units: NDArray[np.int64],
        starts: NDArray[np.int64],
        sizes: NDArray[np.int64],
        widths: NDArray[np.int64],
        durations: NDArray[np.int64],
    ) -> None:
        super().__init__(network, origin, units, starts, sizes)
        self.durations = durations
        for numbers in (widths, durations):
            numbers.setflags(write=False)
        self.generation_sizes = Ragged(widths, durations)

    def __reduce__(self) -> tuple[Any, ...]:
        made, given = super().__reduce__()
        return made, (*given, self.generation_sizes.values, self.durations)

    def _outcome(self, place: int) -> Pattern:
        labels, end, pattern = self.network.labels, int(self._ends[place] - self.sizes[place]), []
        for width in self.generation_sizes[place].tolist():
            begin, end = end, end + width
            pattern.append(frozenset(labels[unit] for unit in self._units[begin:end].tolist()))
        return tuple(pattern)

    def __iter__(self) -> Iterator[Pattern]:
        units = map(self.network.labels.__getitem__, self._units.tolist())
        widths = iter(self.generation_sizes.values.tolist())
        for duration in self.durations.tolist():
            yield tuple([frozenset(islice(units, width)) for width in islice(widths, duration)])

    @property
    def _observed(self) -> dict[str, Callable[[], Sequence[Any]]]:
        pairs = self.sizes, self.durations
        return {
            "pattern": lambda: self,
            "assembly": lambda: self.assemblies(),
            "size": self.sizes.tolist,
            "duration": self.durations.tolist,
            "size_duration": lambda: list(zip(*(numbers.tolist() for numbers in pairs), strict=True)),
        }

    def assemblies(self) -> AssemblySample:
        """The same avalanches as assemblies: those of :func:`exactav.sample_assemblies` with this seed."""
        return AssemblySample(self.network, self.origin, self._units, self._starts, self.sizes)

    def mean_shape(
        self, *, duration: int | None = None, size: int | None = None, confidence: float = 0.95
    ) -> tuple[Estimate, ...]:
        """The mean number of units of the first, second, .. generation, with confidence intervals.

        Generations after the last count as empty, so the values add up to the mean size of the avalanches
        that are asked for.

        Args:
            duration: ask only for avalanches of so many generations.
            size: ask only for those of so many units.
            confidence: of each interval, by the central limit theorem.

        Raises:
            TooFewError: there are fewer than 30 such avalanches.
            OptionError: the duration or the size is no whole number of at least 1, or the confidence is not
                between 0 and 1.

        >>> import exactav as ea
        >>> sample = sample_patterns(ea.families.ring(8, "4/5"), 5000, seed=1)
        >>> [mean.value for mean in sample.mean_shape(duration=3, size=3)]  # one by one
        [1.0, 1.0, 1.0]
        """
        kept = np.ones(len(self), dtype=bool)
        said = ""
        for name, wanted, numbers in (("duration", duration, self.durations), ("size", size, self.sizes)):
            if wanted is not None:
                kept &= numbers == whole(wanted, name, 1)
                said += f" of {name} {wanted}"
        chosen = np.flatnonzero(kept)
        if len(chosen) < FEWEST_AVERAGED:
            raise TooFewError(
                f"{len(chosen)} avalanches{said}: at least {FEWEST_AVERAGED} are averaged, draw more"
            )
        widths, offsets = self.generation_sizes.values, self.generation_sizes.offsets[chosen]
        lengths, shape = self.durations[chosen], []
        for generation in range(int(lengths.max())):
            lasting = offsets[lengths > generation] + generation
            shape.append(mean_of(widths[lasting], confidence, len(chosen)))
        return tuple(shape)

    def mean_size_given_duration(self, confidence: float = 0.95) -> dict[int, Estimate]:
        """The mean size of the avalanches of each duration, with confidence intervals.

        Durations that fewer than 30 avalanches have are left out.

        Raises:
            TooFewError: that leaves none.
            OptionError: the confidence is not between 0 and 1.

        >>> import exactav as ea
        >>> sample = sample_patterns(ea.families.homogeneous(3, "3/4"), 5000, seed=1)
        >>> means = sample.mean_size_given_duration(confidence=0.9999)
        >>> means[1].value, means[2].low < 7 / 3 < means[2].high, means[3].value
        (1.0, True, 3.0)
        """
        order = np.argsort(self.durations, kind="stable")
        lasting, begins = np.unique(self.durations[order], return_index=True)
        groups = zip(lasting.tolist(), np.split(self.sizes[order], begins[1:]), strict=True)
        found = {
            duration: mean_of(sizes, confidence)
            for duration, sizes in groups
            if len(sizes) >= FEWEST_AVERAGED
        }
        if not found:
            raise TooFewError(f"no {FEWEST_AVERAGED} avalanches have the same duration: draw more")
        return found

    def plot(self, ax: "Axes | None" = None, *, of: str = "size", label: str | None = None) -> "Axes":
        """Draw the shares of sizes or of durations with their standard errors, and return the axes.

        Args:
            of: "size" or "duration".

        Raises:
            MissingExtraError: matplotlib is not installed.
            OptionError: it is of neither.
        """
        numbers = self.sizes if one_of(of, "of", ["size", "duration"]) == "size" else self.durations
        return self._plotted(numbers, ax, of, label)


@of_network
def sample_patterns(
    net: Network,
    n: int,
    start: Hashable | None = None,
    *,
    seed: int,
    input: Any = None,
    max_cost: float = plan.MAX_COST,
) -> PatternSample:
    """``n`` independent patterns given an avalanche, each with exactly its probability under the law.

    In a random spanning forest of all units, rooted in the start and in the leak, the units that are d steps
    away from the start are generation d + 1 (derivation 15). Starts are drawn as by
    :func:`exactav.sample_assemblies`, whose assemblies with this seed are those of the patterns; without an
    increment, or with one above the leak of the start, these are the patterns of single waves.

    Args:
        start: label of the unit that fires first; None draws it, weighted by the drive.
        seed: of a numpy Generator; equal seeds give equal samples.
        input, max_cost: as of :func:`exactav.sample_assemblies`. Of an input, what it sets off by itself is
            the first generation.

    Raises:
        UnboundSymbolError: the network has symbols.
        NotRationalError: weights are irrational.
        MissingIncrementError: no start is given, and a driven unit has no leak.
        TooCostlyError: walks take more than ``max_cost``.
        OptionError: ``n`` or the seed is no whole number.

    >>> import exactav as ea
    >>> sample = sample_patterns(ea.families.ring(1000, "9/10"), 2000, seed=1)
    >>> sample.compare(ea.duration_law(ea.families.ring(60, "9/10"))).p_value > 0.001
    True
    >>> [generation.tolist() for generation in sample.generation_sizes[:3]]
    [[1, 2, 2, 1, 1, 1], [1, 1, 1], [1, 1]]
    """
    origin = origin_of(net, start, input, None)
    trees = drawn(net, n, origin, seed, max_cost, "patterns")
    return PatternSample(net, origin, trees.units, trees.starts, trees.sizes, trees.widths, trees.durations)
