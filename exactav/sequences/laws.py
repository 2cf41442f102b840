"""Several slow steps in a row: joint laws of avalanches, how long the next one takes, and autocorrelation.

On the torus every slow step is a translation (derivation 06), and in the stationary law the first state is
uniform on the inhabited region. Of a rational network the cells of the region are followed, all at once; of
few units with any exact numbers, boxes: those of what a start recruits, shifted by dU e_k - M 1_A and
intersected with those of the step after.
"""

from collections.abc import Hashable, Iterable, Sequence
from math import lcm, prod

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import ZZ

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.laws import kind as kinds
from exactav.laws.kind import as_set
from exactav.laws.law import Law, NumericLaw, from_expressions
from exactav.laws.marginals import avalanche_probability
from exactav.laws.measure import Exact
from exactav.network.network import Network
from exactav.phase_space.chain import MAX_CELLS, Chain, chain, common_scale
from exactav.phase_space.states import State, refuse_symbols
from exactav.phase_space.torus import in_integers, relax, slow_step
from exactav.sampling.states import sample_states
from exactav.sequences.boxes import Assembly, Choice, Sequences, quiet_volumes, sequence_volumes
from exactav.sequences.cells import common_denominator, event_products, sequence_counts, waits

_MAX_VISITS = 100_000_000  # of cells
_MOST_UNITS = 5  # whose boxes are listed
_MAX_CODE = 2**62


class SequenceLaw(Law[kinds.Pattern]):
    """Joint law of the assemblies of successive slow steps, keyed by tuples of frozensets of labels.

    The empty set stands for a step without avalanche. ``start`` is the tuple of the units that are fed, or
    None where the drive chooses.
    """

    __slots__ = ()

    @classmethod
    def kind_of(cls, network: Network) -> kinds.Sequences:
        return kinds.Sequences(kinds.Units(network))


class WaitingTimeLaw(NumericLaw):
    """Law of the number of slow steps from one avalanche to the next."""

    __slots__ = ()
    name, letter = "waiting time", "T"


def sequence_law(net: Network, n: int, starts: Sequence[Hashable] | None = None) -> SequenceLaw:
    """The joint law of the assemblies of n successive slow steps of the stationary dynamics.

    Args:
        n: number of slow steps.
        starts: labels of the n units that are fed; the drive chooses them unless given.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TooCostlyError: there are too many cells, of a rational network, or boxes; ask
            :func:`sample_sequences`.

    Derivation 06.

    >>> import exactav as ea
    >>> law = sequence_law(ea.families.homogeneous(2, "1/2", increment="1/4"), 2)
    >>> law[{0}, set()], sum(law.values())
    (3/32, 1)
    """
    if n < 1:
        raise ValueError(f"n = {n}: wanted at least 1")
    if starts is not None and len(starts) != n:
        raise ValueError(f"{len(starts)} starts for {n} slow steps: name the unit that is fed in each")
    net.require_increment("sequences of avalanches")
    refuse_symbols(net)
    choices = _choices(net, n, starts)
    fed = None if starts is None else tuple(starts)
    n_visits = sum(prod(map(len, choices[: step + 1])) for step in range(n))
    if (cells := _cells(net, n_visits)) is not None and len(cells.outcomes) ** n < _MAX_CODE:
        counts = sequence_counts(cells, choices)
        common = prod(map(common_denominator, choices))
        measure = Exact(ZZ, counts, ZZ(cells.n_cells * common))
        return SequenceLaw(net, fed, SequenceLaw.kind_of(net), measure, is_per_step=True)
    return from_expressions(SequenceLaw, net, fed, sequence_volumes(net, choices), True)


def waiting_time_law(net: Network) -> WaitingTimeLaw:
    """The law of the number of slow steps from one avalanche to the next, in the stationary dynamics.

    With F(t) the probability that t steps in a row set off nothing, a wait of t has probability
    (F(t-1) - 2 F(t) + F(t+1)) / (1 - F(1)); feeding unit k n_k times sets off nothing if u_k + n_k dU stays
    below all thresholds. So waits are bounded, and the law has finitely many outcomes.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TooCostlyError: there are too many cells, of a rational network, or boxes.

    >>> import exactav as ea
    >>> waiting_time_law(ea.Network([["1/2"]], increment="1/6")).pmf()  # every third step
    {3: 1}
    >>> waiting_time_law(ea.families.homogeneous(2, "1/2", increment="1/4")).mean()
    8/3
    """
    increment = net.require_increment("waiting times")
    refuse_symbols(net)
    choices = _choices(net, 1, None)
    most = sum(int(sympy.floor(net.thresholds[k] / increment)) for k in choices[0])
    if (cells := _cells(net, most * len(choices[0]))) is not None:
        weights = waits(cells, choices[0])
    else:
        weights = _waits_of_boxes(net, choices[0])
    kind = kinds.Number(WaitingTimeLaw.name, WaitingTimeLaw.letter, 1, max(weights))
    law = from_expressions(WaitingTimeLaw, net, None, weights, False, kind)
    if sympy.expand(law.mean() * avalanche_probability(net) - 1) != 0:
        raise CheckFailedError("the mean wait is not one over the probability of an avalanche")
    return law


def autocorrelation(
    net: Network, max_lag: int, assembly: Iterable[Hashable] | None = None
) -> tuple[sympy.Expr, ...]:
    """Correlation of "an avalanche happens" with itself 0, 1, ..., max_lag slow steps later.

    Args:
        assembly: labels; correlate "exactly these units fire" instead.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TooCostlyError: there are too many cells, of a rational network, or boxes.
        ValueError: the event happens never or always.

    Derivation 06.

    >>> import exactav as ea
    >>> autocorrelation(ea.families.homogeneous(2, "1/2", increment="1/4"), 3)
    (1, -1/3, -1/5, 1/15)
    """
    if max_lag < 0:
        raise ValueError(f"max_lag = {max_lag}: wanted at least 0")
    net.require_increment("autocorrelation")
    refuse_symbols(net)
    wanted = None if assembly is None else as_set(net, assembly)

    def happens(found: Assembly) -> bool:
        return bool(found) if wanted is None else found == wanted

    choices = _choices(net, 1, None)
    if (cells := _cells(net, (max_lag + 1) * len(choices[0]))) is not None:
        mean, products = event_products(cells, choices[0], max_lag, happens)
    else:
        laws = [sequence_law(net, lag + 1) for lag in range(max_lag + 1)]
        mean = laws[0].probability(lambda sequence: happens(sequence[0]))
        products = [law.probability(lambda found: happens(found[0]) and happens(found[-1])) for law in laws]
    if not mean or mean == 1:
        raise ValueError(f"the event has probability {mean} in each step: it correlates with nothing")
    return tuple(sympy.radsimp((product - mean**2) / (mean - mean**2)) for product in products)


def sample_sequences(net: Network, n_steps: int, n: int, *, seed: int) -> list[Sequences]:
    """``n`` independent sequences of the assemblies of n_steps slow steps, from states drawn anew for each.

    Args:
        seed: of a numpy Generator; equal seeds give equal samples.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.

    >>> import exactav as ea
    >>> sequences = sample_sequences(ea.families.ring(20, "9/10", increment="1/10"), 5, 200, seed=1)
    >>> len(sequences), len(sequences[0])
    (200, 5)
    """
    increment = net.require_increment("sequences of avalanches")
    rng = np.random.default_rng(seed)
    states = sample_states(net, n, seed=int(rng.integers(2**63)))
    fed = _drawn_starts(net, rng, (n, n_steps))
    is_rational = net.system.ring.is_ZZ and increment.is_Rational
    follow = _followed_in_integers if is_rational else _followed
    return [follow(net, state, starts.tolist()) for state, starts in zip(states, fed, strict=True)]


def _drawn_starts(net: Network, rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.int64]:
    """What the drive feeds, without rounding where it is rational."""
    if not all(p.is_Rational for p in net.drive):
        return rng.choice(net.n_units, p=[float(p) for p in net.drive], size=shape)
    common = lcm(*(int(p.q) for p in net.drive))
    ends = np.cumsum([int(p * common) for p in net.drive])
    return np.searchsorted(ends, rng.integers(0, common, size=shape), side="right")


def _followed_in_integers(net: Network, state: State, starts: Iterable[int]) -> Sequences:
    scale = lcm(common_scale(net), *(int(x.q) for x in state))
    thresholds, received = in_integers(net, scale)
    step = int(net.require_increment("sequences") * scale)
    values = [int(x * scale) for x in state]
    found = []
    for start in starts:
        values[start] += step
        fired = relax(values, thresholds, received)
        found.append(frozenset(label for label, count in zip(net.labels, fired, strict=True) if count))
    return tuple(found)


def _followed(net: Network, state: State, starts: Iterable[int]) -> Sequences:
    found = []
    for start in starts:
        state, assembly = slow_step(net, state, net.labels[start])
        found.append(assembly)
    return tuple(found)


def _choices(net: Network, n: int, starts: Sequence[Hashable] | None) -> list[Choice]:
    """What is fed in each step."""
    driven = {k: p for k, p in enumerate(net.drive) if p}
    if starts is None:
        return [driven] * n
    for start in starts:
        if net.index(start) not in driven:
            raise ValueError(f"unit {start!r} is not driven, so no slow step feeds it: name driven units")
    return [{net.index(start): sympy.Integer(1)} for start in starts]


def _cells(net: Network, n_visits: int) -> Chain | None:
    """The cells, if the numbers are rational and there are few enough to visit each so many times.

    Raises:
        TooCostlyError: there are not, and too many units for boxes.
    """
    numbers = [*net.thresholds, *net.drive, net.require_increment("cells")]
    why = "weights are irrational"
    if net.system.ring.is_ZZ and all(number.is_Rational for number in numbers):
        try:
            return chain(net, min(MAX_CELLS, _MAX_VISITS // n_visits))
        except TooCostlyError as error:
            why = str(error)
    if net.n_units > _MOST_UNITS:
        raise TooCostlyError(
            f"{net.n_units} units have too many boxes, and {why}: draw with sample_sequences"
        )
    return None


def _waits_of_boxes(net: Network, choice: Choice) -> dict[int, sympy.Expr]:
    """Second differences of the probability that nothing happens for so many steps, times the volume."""
    quiet = quiet_volumes(net, choice)
    triples = zip(quiet, quiet[1:], quiet[2:], strict=False)
    return {wait: sympy.expand(a - 2 * b + c) for wait, (a, b, c) in enumerate(triples, start=1)}
