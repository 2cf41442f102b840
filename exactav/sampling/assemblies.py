"""Perfect sampling: independent assemblies with exactly the probabilities of the laws.

A random spanning forest of all units, rooted in a start k or in the leak, has the assembly as the tree of k
(derivation 02); Wilson's algorithm draws it by walks. All choices are made with random integers below sums of
integer weights, so no probability is rounded.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from typing import Any

from exactav.engines import plan
from exactav.laws.starts import origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.sampling.drawn import drawn
from exactav.sampling.samples import Estimate as Estimate
from exactav.sampling.samples import Sample


class AssemblySample(Sample[frozenset[Hashable]]):
    """Independent assemblies; a sequence of frozensets of labels.

    Attributes:
        network, start, input: what was asked; both are None where starts were drawn.
        sizes: number of units of each.
    """

    _noun = "assemblies"

    def _outcome(self, place: int) -> frozenset[Hashable]:
        end = self._ends[place]
        units = self._units[end - self.sizes[place] : end]
        return frozenset(self.network.labels[unit] for unit in units.tolist())

    def __iter__(self) -> Iterator[frozenset[Hashable]]:
        units = map(self.network.labels.__getitem__, self._units.tolist())
        return (frozenset(islice(units, size)) for size in self.sizes.tolist())

    @property
    def _observed(self) -> dict[str, Callable[[], Sequence[Any]]]:
        return {"assembly": lambda: self, "size": self.sizes.tolist}


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
    these are the sets of single waves, as in :func:`exactav.wave_law`. With the same seed they are those of
    :func:`exactav.sample_patterns`.

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
    origin = origin_of(net, start, input, None)
    trees = drawn(net, n, origin, seed, max_cost, "assemblies")
    return AssemblySample(net, origin, trees.units, trees.starts, trees.sizes)
