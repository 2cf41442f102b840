"""What sets avalanches off, and the closed determinants that laws are divided by.

Avalanches have a start, one unit that fires first, or come from an input to several units at once.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from exactav.errors import OptionError
from exactav.network.inputs import Drive, Vector, drive_of, elements_of
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.domains import Element, cleared, common_denominator
from exactav.numbers.expressions import described

Origin: TypeAlias = Hashable | Drive | None
"""What a law is of: the label of a start, None for all starts weighted by the drive, or an input."""


class HasOrigin:
    """What laws and samples of avalanches say of where these come from."""

    __slots__ = ()
    origin: Origin

    @property
    def start(self) -> Hashable | None:
        """The label of the start; None for all starts, and for inputs."""
        return None if isinstance(self.origin, Drive) else self.origin

    @property
    def input(self) -> Drive | None:
        """The input, as a law over inputs; None where there is a start, or the drive."""
        return self.origin if isinstance(self.origin, Drive) else None


def origin_of(net: Network, start: Hashable | None, given: Any, question: str | None) -> Origin:
    """What was asked for, by ``start`` or by ``input``, checked.

    Args:
        question: what is asked of avalanches in which no unit fires twice; None of what holds for increments
            of any size. With an input no unit does, whatever the increment.

    Raises:
        OptionError: both were given.
        InvalidNetworkError: the increment is above the leak of a driven start; names the ``question``.
        UnknownUnitError: a label is not in the network.
        ArgumentError, InvalidNetworkError: as :class:`~exactav.Drive` says.
    """
    if given is None:
        if isinstance(start, Drive | Mapping):
            raise OptionError(f"start = {described(start)}: give what is fed as input=")
        if question is not None:
            net.require_single_firing(question, start)
        return start
    if start is not None:
        raise OptionError("start and input are both given: leave out one of them")
    return drive_of(given).of(net)


def amounts_of(net: Network, start: Hashable | None, given: Any, question: str) -> Vector:
    """What one slow step feeds: the increment to a start, or an input.

    Raises:
        OptionError: neither is given, or both are, or several inputs.
        UnboundSymbolError: the input has symbols.
        MissingIncrementError, InvalidNetworkError: as of :meth:`~exactav.Network.require_one_wave`; the
            message names the ``question``.
    """
    origin = origin_of(net, start, given, None)
    if not isinstance(origin, Drive):
        if origin is None:
            raise OptionError(f"{question}: give a start or an input")
        return {origin: net.require_one_wave(question, origin)}
    origin.refuse_symbols()
    if origin.amounts is None:
        raise OptionError(f"{question} of {len(origin.vectors)} inputs: ask for each by itself")
    return origin.amounts


@dataclass(frozen=True)
class Input:
    """One input to several units, with what the weights of its assemblies add up to.

    The source, the last unit of ``system``, is the root of every tree; ``root`` is the weight of the input,
    which feeds the units ``fed``.
    """

    system: System
    silent: System
    root: Element
    fed: tuple[int, ...]

    @property
    def source(self) -> int:
        return self.silent.n_units

    @cached_property
    def nothing(self) -> Element:
        """The weight of no avalanche: det(L + diag(s - d)). Derivation 14."""
        ring = self.system.ring
        return ring.zero if self.silent.is_singular else self.root * self.silent.volume


@dataclass(frozen=True)
class Starts:
    """Weights of the tree sums of each start in the row-scaled system, and what they are normalised by.

    With ``weights`` q_k, an assembly A has probability sum_k q_k tau_k(A) f(complement) / ``total`` given an
    avalanche, and dU times the same sum / ``volume`` per slow step. ``common`` is the common denominator of
    the drive. Inputs have amounts in place of dU; those to one unit are among the starts, and ``inputs``
    are the others. ``fed`` is the mean input, as weights.
    """

    weights: Mapping[int, Element]
    common: Element
    system: System
    fed: Mapping[int, Element]
    inputs: tuple[Input, ...] = ()
    is_input: bool = False

    @cached_property
    def total(self) -> Element:
        """The sum of q_k det(M without k), and for inputs that of det M - det(L + diag(s - d)): what all
        assembly weights add up to. Derivations 04 and 14."""
        total = self.system.minors(self.weights) if self.weights else self.system.ring.zero
        for one in self.inputs:
            total += one.root * self.system.volume - one.nothing
        return total

    @cached_property
    def volume(self) -> Element:
        """det M in the same units."""
        return self.system.volume * self.common

    @property
    def participation(self) -> tuple[list[Element], Element]:
        """(numerators, denominator) of the probability that each unit fires, given an avalanche.

        It is in proportion to G times what is fed. Derivations 07 and 14.
        """
        numerators, denominator = self.system.green
        zero = self.system.ring.zero
        above = [sum((q * row[k] for k, q in self.fed.items()), zero) for row in numerators]
        if not self.inputs:
            return above, sum((q * numerators[k][k] for k, q in self.weights.items()), zero)
        return [element * self.system.volume for element in above], denominator * self.total

    def avalanche(self, net: Network, question: str) -> tuple[Element, Element]:
        """(numerator, denominator) of the probability that a slow step sets off an avalanche.

        Raises:
            MissingIncrementError: the network has no increment; the message names the ``question``.
            InvalidNetworkError: the increment is above the leak of a start, which may fire more than once.
        """
        if self.is_input:
            return self.total, self.volume
        for k in self.weights:
            increment = net.require_one_wave(question, net.labels[k])
        above, below = net.ring_parts(increment)
        return self.total * above, self.volume * below

    @classmethod
    def of(cls, net: Network, origin: Origin) -> "Starts":
        """All starts weighted by the drive, the one start that is fed for certain, or inputs."""
        if isinstance(origin, Drive):
            return cls._of_inputs(net, origin)
        system = net.system
        if origin is None:
            common = common_denominator(net.field, net.drive_elements)
            drive = {k: cleared(net.field, p, common) for k, p in enumerate(net.drive_elements) if p}
        else:
            common = system.ring.one
            drive = {net.index(origin): common}
        weights = {k: p * system.scales[k] for k, p in drive.items()}
        return cls(weights, common, system, weights)

    @classmethod
    def _of_inputs(cls, net: Network, drive: Drive) -> "Starts":
        field, rows, leaks, vectors = elements_of(net, drive)
        amounts_of: list[list[Element]] = [[] for _ in rows]
        for _, amounts in vectors:
            for k, amount in amounts.items():
                amounts_of[k].append(amount)
        system = System.of(field, rows, leaks, amounts_of)
        if field is net.field and system.scales == net.system.scales:
            system = net.system  # which keeps what has been found
        common = common_denominator(field, [p for p, _ in vectors])
        weights: dict[int, Element] = {}
        fed: dict[int, Element] = {}
        inputs = []
        for p, amounts in vectors:
            share = cleared(field, p, common)
            scaled = {k: cleared(field, amount, system.scales[k]) for k, amount in amounts.items()}
            for found in (weights, fed) if len(scaled) == 1 else (fed,):
                for k, amount in scaled.items():
                    found[k] = found.get(k, system.ring.zero) + share * amount
            if len(scaled) > 1:
                inputs.append(
                    Input(system.with_input(scaled), system.without_input(scaled), share, tuple(scaled))
                )
        return cls(weights, common, system, fed, tuple(inputs), is_input=True)
