"""How the starts of avalanches are weighted, and the closed determinants that laws are divided by."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.domains import Element, cleared, common_denominator


@dataclass(frozen=True)
class Starts:
    """Weights of the tree sums of each start in the row-scaled system, and what they are normalised by.

    With ``weights`` q_k, an assembly A has probability sum_k q_k tau_k(A) f(complement) / ``total`` given an
    avalanche, and dU times the same sum / ``volume`` per slow step. ``common`` is the common denominator of
    the drive.
    """

    weights: Mapping[int, Element]
    common: Element
    system: System

    @cached_property
    def total(self) -> Element:
        """The sum of q_k det(M without k): what all assembly weights add up to. Derivation 04."""
        return self.system.minors(self.weights)

    @cached_property
    def volume(self) -> Element:
        """det M in the same units."""
        return self.system.volume * self.common

    def avalanche(self, net: Network, question: str) -> tuple[Element, Element]:
        """(numerator, denominator) of the probability that a slow step sets off an avalanche.

        Raises:
            MissingIncrementError: the network has no increment; the message names the ``question``.
            InvalidNetworkError: the increment is above the leak of a start, which may fire more than once.
        """
        for k in self.weights:
            increment = net.require_one_wave(question, net.labels[k])
        above, below = net.ring_parts(increment)
        return self.total * above, self.volume * below

    @classmethod
    def of(cls, net: Network, start: Hashable | None) -> "Starts":
        """All starts weighted by the drive, or (``start`` given) the one start that is fed for certain."""
        system = net.system
        if start is None:
            common = common_denominator(net.field, net.drive_elements)
            drive = {k: cleared(net.field, p, common) for k, p in enumerate(net.drive_elements) if p}
        else:
            common = system.ring.one
            drive = {net.index(start): common}
        weights = {k: p * system.scales[k] for k, p in drive.items()}
        return cls(weights, common, system)
