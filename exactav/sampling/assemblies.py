"""Perfect sampling: independent assemblies with exactly the probabilities of the laws.

A random spanning forest of all units, rooted in a start k or in the leak, has the assembly as the tree of k
(derivation 02); Wilson's algorithm draws it by walks. All choices are made with random integers below sums of
integer weights, so no probability is rounded.
"""

from collections.abc import Hashable, Sequence
from itertools import accumulate
from math import lcm, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from exactav.errors import MissingIncrementError, TooCostlyError, TooFewError
from exactav.kernels import wilson
from exactav.kernels.loading import is_loaded, is_worthwhile
from exactav.network.network import Network
from exactav.phase_space.states import refuse_symbols

_COMPILED = 300  # assemblies from which on compiled code is worth loading
_ROOM = 1 << 20  # units drawn at a time
MAX_STEPS = 10**9  # of walks between two looks at what has been drawn, some 20 seconds
_LONGEST = 2**63 - 1  # sums of weights beyond it are drawn as long integers


class Estimate(NamedTuple):
    """An estimate with the ends of its confidence interval."""

    value: float
    low: float
    high: float


class AssemblySample(Sequence[frozenset[Hashable]]):
    """Independent assemblies; a sequence of frozensets of labels.

    Attributes:
        network, start: what was asked; ``start`` is None where starts were drawn.
        sizes: number of units of each.
    """

    def __init__(
        self,
        network: Network,
        start: Hashable | None,
        units: NDArray[np.int64],
        starts: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> None:
        self.network = network
        self.start = start
        self.sizes = sizes
        self._units, self._starts = units, starts
        self._ends = np.cumsum(sizes)

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
    def starts(self) -> tuple[Hashable, ...]:
        """The unit that fired first, of each assembly."""
        return tuple(self.network.labels[unit] for unit in self._starts.tolist())

    def mean_size(self, confidence: float = 0.95) -> Estimate:
        """The mean size, with a confidence interval by the central limit theorem.

        Raises:
            TooFewError: there are fewer than two assemblies.
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
        """
        indices = self.network.index(unit), self.network.index(other)
        places = np.repeat(np.arange(len(self)), self.sizes)
        first, second = (places[self._units == i] for i in indices)
        return _score_interval(np.intersect1d(first, second).size, len(self), confidence)

    def __repr__(self) -> str:
        begun = "" if self.start is None else f" that start with {self.start!r}"
        return f"<{len(self):,} assemblies{begun}, mean size {self.sizes.mean():.6g}>"


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence = {confidence}: wanted a number between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _score_interval(hits: int, n: int, confidence: float) -> Estimate:
    z, share = _quantile(confidence), hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def sample_assemblies(net: Network, n: int, start: Hashable | None = None, *, seed: int) -> AssemblySample:
    """``n`` independent assemblies given an avalanche, each with exactly its probability under the law.

    Without a ``start``, one is drawn with probability in proportion to p_k G_kk: unit k is proposed with
    probability in proportion to p_k / s_k, and accepted if a walk from it leaks from k itself, which happens
    with probability s_k G_kk (derivation 02).

    Args:
        start: label of the unit that fires first; None draws it, weighted by the drive.
        seed: of a numpy Generator; equal seeds give equal samples.

    Raises:
        UnboundSymbolError: the network has symbols.
        TypeError: weights are irrational.
        MissingIncrementError: no start is given, and a driven unit has no leak.
        TooCostlyError: so little leaks that walks do not end in 10^9 steps.

    >>> import exactav as ea
    >>> sample = sample_assemblies(ea.families.ring(1000, "9/10"), 2000, seed=1)
    >>> low, high = sample.mean_size(confidence=0.9999)[1:]
    >>> low < ea.mean_size(ea.families.ring(12, "9/10")) < high
    True
    """
    if n < 1:
        raise ValueError(f"n = {n}: wanted at least 1")
    refuse_symbols(net)
    if not net.system.ring.is_ZZ:
        raise TypeError(f"sampling needs rational weights, not {net.system.ring}: round them by net.at(...)")
    root = -1 if start is None else net.index(start)
    tables = tables_of(net, with_starts=start is None)
    kernel, choose = kernel_of(tables, n)
    rng = np.random.default_rng(seed)
    room = np.empty(max(_ROOM, net.n_units), dtype=np.int64)
    starts, ends = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    parts, sizes, n_done = [], [], 0
    while n_done < n:
        count = kernel.draw(rng, choose, *tables, root, n - n_done, MAX_STEPS, room, starts[n_done:], ends)
        if count < 0:
            raise TooCostlyError(
                f"{n:,} assemblies take more than {MAX_STEPS:,} steps of random walks, since little leaks: "
                "ask for fewer, or for laws and means, which do not walk"
            )
        parts.append(room[: ends[count - 1]].copy())
        sizes.append(np.diff(ends[:count], prepend=0))
        n_done += count
    return AssemblySample(net, start, np.concatenate(parts), starts, np.concatenate(sizes))


class Tables(NamedTuple):
    """What :func:`exactav.kernels.wilson.draw` takes."""

    parents: NDArray[np.int64]
    cumulative: NDArray[Any]
    bounds: NDArray[np.int64]
    receivers: NDArray[np.int64]
    receiver_bounds: NDArray[np.int64]
    proposals: NDArray[Any]


def tables_of(net: Network, *, with_starts: bool) -> Tables:
    """The parents that each unit of a rational network chooses among, and the starts that are proposed."""
    system = net.system
    parents, cumulative, bounds = [], [], [0]
    receivers: list[list[int]] = [[] for _ in net.labels]
    for i, row in enumerate(system.weights):
        total = 0
        for j, weight in [*row.items(), (-1, system.leak[i])]:
            if weight:
                total += int(weight)
                parents.append(j)
                cumulative.append(total)
                if j >= 0:
                    receivers[j].append(i)
        bounds.append(len(parents))
    proposals = list(accumulate(_proposals(net))) if with_starts else [1]
    is_short = max(*cumulative, *proposals) <= _LONGEST
    kind: Any = np.int64 if is_short else object
    return Tables(
        np.array(parents, dtype=np.int64),
        np.array(cumulative, dtype=kind),
        np.array(bounds, dtype=np.int64),
        np.array([i for group in receivers for i in group], dtype=np.int64),
        np.array([0, *accumulate(map(len, receivers))], dtype=np.int64),
        np.array(proposals, dtype=kind),
    )


def _proposals(net: Network) -> list[int]:
    """p_k / s_k in integers."""
    shares = []
    for label, p, leak in zip(net.labels, net.drive, net.leak, strict=True):
        if p and not leak:
            raise MissingIncrementError(
                f"unit {label!r} is driven and has no leak, so starts cannot be drawn: give a start"
            )
        shares.append(p / leak if p else p)
    common = lcm(*(int(share.q) for share in shares))
    return [int(share * common) for share in shares]


def kernel_of(tables: Tables, n: int) -> tuple[Any, Any]:
    """The module that draws, compiled where that pays, and how it chooses; samples do not depend on it."""
    if tables.cumulative.dtype == object:
        return wilson, wilson.choose_among_long
    if is_worthwhile(n, 1 if is_loaded() else _COMPILED):
        from exactav.kernels import compiled

        return compiled, compiled.choose
    return wilson, wilson.choose
