"""Perfect sampling: independent assemblies with exactly the probabilities of the laws.

A random spanning forest of all units, rooted in a start k or in the leak, has the assembly as the tree of k
(derivation 02); Wilson's algorithm draws it by walks. All choices are made with random integers below sums of
integer weights, so no probability is rounded.
"""

from collections.abc import Hashable, Sequence
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from exactav.engines import plan
from exactav.errors import OptionError, TooFewError
from exactav.laws.starts import Origin, origin_of
from exactav.network.asked import of_network
from exactav.network.inputs import Drive
from exactav.network.network import Network
from exactav.numbers.arguments import seconds
from exactav.numbers.whole import whole
from exactav.sampling.inputs import drawn
from exactav.sampling.limits import ROOM
from exactav.sampling.walks import Walks, least_steps, tables_of
from exactav.showing import html, pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Estimate(NamedTuple):
    """An estimate with the ends of its confidence interval."""

    value: float
    low: float
    high: float


class AssemblySample(Sequence[frozenset[Hashable]]):
    """Independent assemblies; a sequence of frozensets of labels.

    Attributes:
        network, start, input: what was asked; both are None where starts were drawn.
        sizes: number of units of each.
    """

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
        if not isinstance(other, AssemblySample):
            return NotImplemented
        mine, others = ((sample.network, sample.origin, sample._starts.tolist()) for sample in (self, other))
        return mine == others and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self.network, self.origin, self._starts.tobytes(), self.sizes.tobytes()))

    def __len__(self) -> int:
        return len(self.sizes)

    @overload
    def __getitem__(self, place: int) -> frozenset[Hashable]: ...
    @overload
    def __getitem__(self, place: slice) -> list[frozenset[Hashable]]: ...
    def __getitem__(self, place: int | slice) -> frozenset[Hashable] | list[frozenset[Hashable]]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        end = self._ends[place]
        units = self._units[end - self.sizes[place] : end]
        return frozenset(self.network.labels[unit] for unit in units.tolist())

    @property
    def start(self) -> Hashable | None:
        return None if isinstance(self.origin, Drive) else self.origin

    @property
    def input(self) -> Drive | None:
        return self.origin if isinstance(self.origin, Drive) else None

    @property
    def starts(self) -> tuple[Hashable, ...]:
        """The unit that fired first, of each assembly.

        Raises:
            OptionError: the assemblies are those of an input, after which several may fire first.
        """
        if self.input is not None:
            raise OptionError("after an input several units may fire first: such a sample has no starts")
        return tuple(self.network.labels[unit] for unit in self._starts.tolist())

    def mean_size(self, confidence: float = 0.95) -> Estimate:
        """The mean size, with a confidence interval by the central limit theorem.

        Raises:
            TooFewError: there are fewer than two assemblies.
            OptionError: the confidence is not between 0 and 1.
        """
        if len(self) < 2:
            raise TooFewError(f"{len(self)} assemblies have no confidence interval: draw more")
        value = float(self.sizes.mean())
        half = _quantile(confidence) * float(self.sizes.std(ddof=1)) / sqrt(len(self))
        return Estimate(value, value - half, value + half)

    def pair_probability(self, unit: Hashable, other: Hashable, confidence: float = 0.95) -> Estimate:
        """The probability that both units are in the assembly, with Wilson's score interval.

        There is no formula for it in the entries of the Green matrix.

        Raises:
            UnknownUnitError: a label is not in the network.
            OptionError: the confidence is not between 0 and 1.
        """
        indices = self.network.index(unit), self.network.index(other)
        places = np.repeat(np.arange(len(self)), self.sizes)
        first, second = (places[self._units == i] for i in indices)
        return _score_interval(np.intersect1d(first, second).size, len(self), confidence)

    def plot(self, ax: "Axes | None" = None, *, label: str | None = None) -> "Axes":
        """Draw the shares of sizes with their standard errors, and return the axes.

        ``sample.plot(ax=law.plot())`` draws them on the law.

        Raises:
            MissingExtraError: matplotlib is not installed.
            TooFewError: the sample is empty.
        """
        if not len(self):
            raise TooFewError("an empty sample has no picture: draw some")
        counts = np.bincount(self.sizes)
        shares = {size: counts[size] / len(self) for size in range(len(counts)) if counts[size]}
        points = {size: (float(p), sqrt(p * (1 - p) / len(self))) for size, p in shares.items()}
        return pictures.points_with_errors(points, ax=ax, name="size", label=label)

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
        title = f"{len(self):,} sampled assemblies"
        return html.card(title, html.facts(said), html.table(["size", "number", ""], rows, (0, 1)))

    def _said(self) -> tuple[str, html.Html]:
        if self.input is not None:
            return "input", html.text(self.input.text.removeprefix("input "), 200)
        return "start", html.text("drawn" if self.start is None else self.start)

    def __repr__(self) -> str:
        begun = "" if self.start is None else f" that start with {self.start!r}"
        begun = f" of {self.input.text}" if self.input else begun
        return f"<{len(self):,} assemblies{begun}, mean size {self.sizes.mean():.6g}>"


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise OptionError(f"confidence = {confidence}: wanted a number between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _score_interval(hits: int, n: int, confidence: float) -> Estimate:
    z, share = _quantile(confidence), hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


@of_network
def sample_assemblies(
    net: Network,
    n: int,
    start: Hashable | None = None,
    *,
    seed: int,
    input: Any = None,
    max_cost: float = plan.MAX_COST,
) -> AssemblySample:
    """``n`` independent assemblies given an avalanche, each with exactly its probability under the law.

    Without a ``start``, one is drawn with probability in proportion to p_k G_kk: unit k is proposed with
    probability in proportion to p_k / s_k, and accepted if a walk from it leaks from k itself, which happens
    with probability s_k G_kk (derivation 02). Without an increment, or with one above the leak of the start,
    these are the sets of single waves, as in :func:`exactav.wave_law`.

    Args:
        start: label of the unit that fires first; None draws it, weighted by the drive.
        seed: of a numpy Generator; equal seeds give equal samples.
        input: of several units at once, as in :func:`exactav.size_law`. Slow steps are drawn until enough
            have set off an avalanche, so rare ones take long.
        max_cost: largest expected cost allowed, in seconds of an ordinary core. Walks are long where little
            leaks; a sample that takes more is refused at once if that can be computed, or else after some
            tenths of a second by the steps so far.

    Raises:
        UnboundSymbolError: the network has symbols.
        NotRationalError: weights are irrational.
        MissingIncrementError: no start is given, and a driven unit has no leak.
        TooCostlyError: walks take more than ``max_cost``.
        OptionError: ``n`` or the seed is no whole number.

    >>> import exactav as ea
    >>> sample = sample_assemblies(ea.families.ring(1000, "9/10"), 2000, seed=1)
    >>> low, high = sample.mean_size(confidence=0.9999)[1:]
    >>> low < ea.mean_size(ea.families.ring(12, "9/10")) < high
    True
    """
    n, rng = whole(n, "n", 1), np.random.default_rng(whole(seed, "seed"))
    max_cost = seconds(max_cost)
    origin = origin_of(net, start, input, None)
    if isinstance(origin, Drive):
        return AssemblySample(net, origin, *drawn(net, origin, n, rng, max_cost))
    root = -1 if start is None else net.index(start)
    tables = tables_of(net, with_starts=start is None)
    # an assembly takes at least as long as a step
    least = 1 + least_steps(net, tables, root)
    walks = Walks(tables, n, least, f"a sample of {n:,} assemblies", max_cost=max_cost)
    units, unit_states = np.empty(max(ROOM, net.n_units), np.int64), np.zeros((4, net.n_units), np.int64)
    state = np.full(8, -1, dtype=np.int64)
    parts, n_done = [], 0
    while n_done < n:
        room = min(n - n_done, ROOM)
        starts, ends = np.empty(room, np.int64), np.empty(room, np.int64)
        kernel, choose = walks.kernel
        count, n_steps = kernel.draw(
            rng, choose, *tables, root, room, walks.piece, units, starts, ends, state, unit_states
        )
        n_done += count
        walks.spent(n_steps + count, n_done)
        if count:
            parts.append((units[: ends[count - 1]].copy(), starts[:count], np.diff(ends[:count], prepend=0)))
    return AssemblySample(net, start, *map(np.concatenate, zip(*parts, strict=True)))
