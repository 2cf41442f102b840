"""Laws of waves, which hold for increments of any size.

An avalanche of a unit k that is fed is a sequence of *waves*: k fires once, then all others fire until none
is at threshold while k is held back; if k is at threshold again, the next wave begins. In a wave no unit
fires twice. With an increment of at most the leak of k there is one wave, the avalanche; with larger ones, or
without leak, there may be several.
"""

from collections.abc import Callable, Hashable
from fractions import Fraction
from math import fsum
from typing import Self, TypeVar, Unpack

import sympy

from exactav.engines.question import Question
from exactav.engines.rounding import LEAST, out_of_range
from exactav.errors import OptionError, UndecidedError
from exactav.laws.assembly import AssemblyLaw, assemblies_of
from exactav.laws.core import Core
from exactav.laws.kind import Assembly, Units
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.laws.options import Options, measured
from exactav.laws.size import SizeLaw
from exactav.laws.starts import Starts, origin_of
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.digits import sign_of
from exactav.numbers.domains import Element, cleared, common_denominator, quotient
from exactav.numbers.expressions import shown
from exactav.numbers.fields import into
from exactav.texts import quoted

K = TypeVar("K", bound=Hashable)
_LAST = "it is the last of its avalanche"


class OfWaves(Core[K]):
    """What laws of waves have in common: they hold for all increments, and a slow step may have several."""

    __slots__ = ()
    is_of_waves = is_for_any_increment = True
    subject = "of one wave"

    def per_step(self) -> Self:
        raise OptionError(
            f"{type(self).__name__}.per_step(): a slow step may have several waves; mean_waves(net, start) "
            "times the law is how many of each are expected"
        )


class WaveSizeLaw(OfWaves[int], SizeLaw):
    """Law of the number of units that fire in a wave."""

    __slots__ = ()


class WaveLaw(OfWaves[Assembly], AssemblyLaw):
    """Law of the set of units that fire in a wave; any collection of labels may be asked for."""

    __slots__ = ()

    def size_law(self) -> WaveSizeLaw:
        """The law of the number of units that fire in the wave."""
        return self.pushed(WaveSizeLaw, len)


@of_network
def wave_law(net: Network, start: Hashable | None = None, **options: Unpack[Options]) -> WaveLaw:
    """The law of the set of units that fire in a wave drawn from all waves, for increments of any size.

    A slow step that feeds k has dU tau_k(A) f(complement of A) / det M waves in which exactly A fires, on the
    average (derivation 16). So the law has the numbers of :func:`exactav.assembly_law` of weak drive; it is
    neither that of the first wave of an avalanche nor that of the units that fire in all of its waves. The
    expected number of waves with the set A in a slow step is ``mean_waves(net, start) * law[A]``. Of networks
    with too many sets, ``size_law(net.with_increment(None))`` has the sizes of waves, and
    :func:`exactav.sample_assemblies` draws waves.

    Args:
        start: label of the unit that is fed, and fires first in each of its waves; None weights all starts by
            the drive.
        options: as in :class:`~exactav.laws.options.Options`.

    Raises:
        TooCostlyError: the estimate is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="3/2")  # the leaks are 1/2 and 3/4
    >>> wave_law(net, start=0)
    <WaveLaw of one wave, start 0: {0}: 3/4, {0, 1}: 1/4>
    >>> mean_waves(net, start=0) * wave_law(net, start=0)[{0, 1}]
    3/7
    """
    starts = Starts.of(net, start)
    question = Question.of_sets(net.system, starts.weights)
    measure = measured(question, "the law of waves", options).pushed(assemblies_of(net))
    return WaveLaw(net, start, Units(net), measure)


@of_network
def mean_waves(net: Network, start: Hashable | None = None) -> sympy.Expr:
    """The expected number of waves in a slow step, dU sum_k p_k G_kk; dU G_kk given that the start k is fed.

    As often the unit that is fed fires, on the average, for increments of any size. Derivation 16.

    Raises:
        MissingIncrementError: the network has no increment.

    >>> mean_waves(Network([["1/2"]], increment=3))
    6
    """
    starts = Starts.of(net, origin_of(net, start, None, None))
    above, below = net.ring_parts(net.any_increment("mean_waves"))
    return quotient(net.system.ring, starts.total * above, starts.volume * below)


@of_network
def last_wave_law(net: Network, start: Hashable | None = None, **options: Unpack[Options]) -> WaveLaw:
    """The law of the set of units that fire in the last wave of an avalanche, for increments of any size.

    A slow step that feeds k ends with a wave in which exactly A fires with probability min(dU, U_k -
    sum_{j in A} w_kj) tau_k(A) f(complement of A) / det M (derivation 16). These probabilities add up to that
    of an avalanche, as in the example. With an increment of at most the leak of k, the only wave is the last.

    Args:
        start, options: as of :func:`wave_law`; each start is a sum over sets of its own.

    Raises:
        MissingIncrementError: the network has no increment.
        UndecidedError: symbols leave open which number is the least.
        TooCostlyError: the estimate for one start is above ``max_cost``, or ``method`` does not apply.
        FloatRangeError: a probability is too small for floating point.
        OptionError: a checkpoint is given, and there are several starts.

    >>> net = Network([[0, "1/2"], ["1/4", 0]], increment="3/4")
    >>> last_wave_law(net, start=0)
    <WaveLaw of one wave, start 0, given it is the last of its avalanche: {0}: 9/11, {0, 1}: 2/11>
    >>> share = {frozenset({0}): 1, frozenset({0, 1}): sympy.Rational(2, 3)}  # of the waves with these sets
    >>> mean_waves(net, start=0) * wave_law(net, start=0).expectation(share.get)  # P(avalanche | 0 is fed)
    11/14
    """
    increment = into(net.field, net.any_increment("last_wave_law"), "the increment")
    starts = Starts.of(net, start)
    if options.get("checkpoint") is not None and len(starts.weights) > 1:
        raise OptionError("checkpoint: the law of last waves is one sum for each start; give a start")
    found = {}
    for k, weight in starts.weights.items():
        question = Question.of_sets(net.system, {k: weight})
        found[k] = measured(question, f"the law of last waves of start {quoted(net.labels[k])}", options)
    rooms = {k: _rooms(net, k, increment) for k in found}
    shares = {k: {mask: rooms[k](mask) for mask in measure.weights} for k, measure in found.items()}
    joined: Measure[int]
    if all(isinstance(measure, Exact) for measure in found.values()):
        joined = _exact(net, found, shares)
    else:
        joined = _rounded(net, starts, found, shares)
    return WaveLaw(net, start, Units(net), joined.pushed(assemblies_of(net)), condition=_LAST)


def _rooms(net: Network, k: int, increment: Element) -> Callable[[int], Element]:
    """min(dU, U_k - sum_{j in A} w_kj) in the network's field, of sets as masks.

    A wave that begins at a level z of k above its threshold, 0 <= z < dU, leaves k at z + sum_j w_kj, and is
    the last if that is below U_k.
    """
    threshold = into(net.field, net.thresholds[k], "a threshold")
    row = net.rows[k]
    senders = sum(1 << j for j in row)
    known: dict[int, Element] = {}

    def room(mask: int) -> Element:
        firing = mask & senders
        if firing not in known:
            left = threshold - sum((w for j, w in row.items() if firing >> j & 1), net.field.zero)
            excess = net.field.to_sympy(left - increment)
            if excess.free_symbols:
                raise UndecidedError(
                    f"last_wave_law: whether the increment is above {shown(net.field.to_sympy(left))} is "
                    "open: put values in with net.at(...)"
                )
            known[firing] = left if sign_of(excess) == -1 else increment
        return known[firing]

    return room


def _exact(net: Network, found: dict[int, Measure[int]], shares: dict[int, dict[int, Element]]) -> Exact[int]:
    """The sum over starts of weights times shares."""
    every = {share for by_set in shares.values() for share in by_set.values()}
    common = common_denominator(net.field, every)
    whole = {share: cleared(net.field, share, common) for share in every}
    ring = net.system.ring
    weights: dict[int, Element] = {}
    for k, measure in found.items():
        for mask, weight in measure.weights.items():
            weights[mask] = weights.get(mask, ring.zero) + weight * whole[shares[k][mask]]
    return Exact(ring, weights, sum(weights.values(), ring.zero))


def _rounded(
    net: Network, starts: Starts, found: dict[int, Measure[int]], shares: dict[int, dict[int, Element]]
) -> Rounded[int]:
    """The same in floating point: nothing is subtracted but exact numbers."""
    parts: dict[int, list[float]] = {}
    roundings = 0
    for k, measure in found.items():
        assert isinstance(measure, Rounded)
        roundings = max(roundings, measure.roundings)
        waves = Fraction(int(starts.weights[k] * net.system.minor(k)), int(starts.total))
        for mask, weight in measure.weights.items():
            room = shares[k][mask]
            if share := waves * Fraction(int(room.numerator), int(room.denominator)):
                parts.setdefault(mask, []).append(weight * float(share))
    sums = {mask: fsum(terms) for mask, terms in parts.items()}
    if min(sums.values()) < LEAST:
        raise out_of_range()
    total = fsum(sums.values())
    # a share and its product are rounded, and the sum; so is the total, and the quotient
    return Rounded({mask: value / total for mask, value in sums.items()}, 2 * (roundings + 3) + 2)
