"""Several slow steps in a row: joint laws of avalanches, how long the next one takes, and autocorrelation.

On the torus every slow step is a translation (derivation 06), and in the stationary law the first state is
uniform on the inhabited region. Of a rational network the cells of the region are followed, all at once; of
few units with any exact numbers, boxes: those of what a start recruits, shifted by dU e_k - M 1_A and
intersected with those of the step after.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate
from math import lcm, prod
from operator import lt, mul

import numpy as np
import sympy
from sympy import ZZ

from exactav.engines import plan
from exactav.errors import CheckFailedError, OptionError, TooCostlyError
from exactav.laws import kind as kinds
from exactav.laws.assembly import AssemblyLaw
from exactav.laws.avalanche import avalanche_probability
from exactav.laws.kind import as_set
from exactav.laws.law import Law, from_expressions
from exactav.laws.measure import Exact
from exactav.laws.numeric import NumericLaw
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.arguments import collection, seconds
from exactav.numbers.whole import whole
from exactav.phase_space.chain import Chain, cell_side, chain, common_divisor
from exactav.phase_space.limits import MAX_CELLS
from exactav.phase_space.plain import numbers_of
from exactav.phase_space.states import State, floor_of, refuse_symbols, require_driven
from exactav.phase_space.torus import in_integers, relax, slow_step
from exactav.sampling.limits import FIRING, MOST_DRAWN
from exactav.sampling.states import integer_below, sample_states
from exactav.sampling.walks import refuse_cost
from exactav.sequences.boxes import Assembly, Choice, Sequences, quiet_volumes, sequence_volumes
from exactav.sequences.cells import common_denominator, event_products, sequence_counts, waits
from exactav.sequences.limits import FOLLOWED, MAX_VISITS, MOST_STEPS, MOST_UNITS


class SequenceLaw(Law[kinds.Pattern]):
    """Joint law of the assemblies of successive slow steps, keyed by tuples of frozensets of labels.

    The empty set stands for a step without avalanche. ``start`` is the tuple of the units that are fed, or
    None where the drive chooses.
    """

    __slots__ = ()

    @classmethod
    def _kind_of(cls, network: Network) -> kinds.Sequences:
        return kinds.Sequences(kinds.Units(network))

    def marginal(self, step: int) -> AssemblyLaw:
        """The law of the assembly of one of the slow steps, the first of which is 0.

        Raises:
            OptionError: there is no such step.

        >>> import exactav as ea
        >>> law = sequence_law(ea.families.homogeneous(2, "1/2", increment="1/4"), 2)
        >>> law.marginal(1) == ea.assembly_law(law.network).per_step()
        True
        """
        place, n_steps = whole(step, "step"), len(next(iter(self)))
        if place >= n_steps:
            raise OptionError(f"no step {place}: there are {n_steps}, 0 to {n_steps - 1}")
        fed = self.start[place] if isinstance(self.start, tuple) else None
        measure = self.measure.pushed(lambda sequence: sequence[place])
        kind = AssemblyLaw.kind_of(self.network)
        return AssemblyLaw(self.network, fed, kind, measure, is_per_step=True, condition=self.condition)


class WaitingTimeLaw(NumericLaw):
    """Law of the number of slow steps from one avalanche to the next."""

    __slots__ = ()
    name, letter = "waiting time", "T"


@of_network
def sequence_law(net: Network, n: int, starts: Sequence[Hashable] | None = None) -> SequenceLaw:
    """The joint law of the assemblies of n successive slow steps of the stationary dynamics.

    Args:
        n: number of slow steps.
        starts: labels of the n units that are fed; the drive chooses them unless given.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TooCostlyError: there are too many cells, of a rational network, or boxes, or more than 500 steps; ask
            :func:`sample_sequences`.
        OptionError: ``n`` is no positive whole number, or not that of the starts, or one is not driven.

    Derivation 06.

    >>> import exactav as ea
    >>> law = sequence_law(ea.families.homogeneous(2, "1/2", increment="1/4"), 2)
    >>> law[{0}, set()], sum(law.values())
    (3/32, 1)
    """
    n = whole(n, "n", 1)
    fed = None if starts is None else tuple(collection(starts, "starts", "[0, 1], one label for each step"))
    if fed is not None and len(fed) != n:
        raise OptionError(f"{len(fed)} starts for {n} slow steps: name the unit that is fed in each")
    net.require_increment("sequences of avalanches")
    refuse_symbols(net)
    if n > MOST_STEPS:
        raise TooCostlyError(f"sequences of {n:,} steps: draw more than {MOST_STEPS} with sample_sequences")
    choices = _choices(net, n, fed)
    n_visits = sum(accumulate(map(len, choices), mul))
    if (cells := _cells(net, n_visits)) is not None:
        counts = sequence_counts(cells, choices)
        common = prod(map(common_denominator, choices))
        measure = Exact(ZZ, counts, ZZ(cells.n_cells * common))
        return SequenceLaw(net, fed, SequenceLaw.kind_of(net), measure, is_per_step=True)
    return from_expressions(SequenceLaw, net, fed, sequence_volumes(net, choices), True)


@of_network
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
    most = sum(floor_of(net.thresholds[k] / increment) for k in choices[0])
    if (cells := _cells(net, most * len(choices[0]))) is not None:
        weights = waits(cells, choices[0])
    else:
        weights = _waits_of_boxes(net, choices[0])
    kind = kinds.Number(WaitingTimeLaw.name, WaitingTimeLaw.letter, 1, max(weights))
    law = from_expressions(WaitingTimeLaw, net, None, weights, False, kind)
    if sympy.expand(law.mean() * avalanche_probability(net) - 1) != 0:
        raise CheckFailedError("the mean wait is not one over the probability of an avalanche")
    return law


@of_network
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
        OptionError: the event happens never or always, or ``max_lag`` is no whole number.

    Derivation 06.

    >>> import exactav as ea
    >>> autocorrelation(ea.families.homogeneous(2, "1/2", increment="1/4"), 3)
    (1, -1/3, -1/5, 1/15)
    """
    max_lag = whole(max_lag, "max_lag")
    net.require_increment("autocorrelation")
    refuse_symbols(net)
    wanted = None if assembly is None else as_set(net, assembly)

    def happens(found: Assembly) -> bool:
        return bool(found) if wanted is None else found == wanted

    choices = _choices(net, 1, None)
    if (cells := _cells(net, (max_lag + 1) * len(choices[0]))) is not None:
        mean, products = event_products(cells, choices[0], max_lag, happens)
    else:
        # the longest first, which is refused if any is
        laws = [sequence_law(net, lag + 1) for lag in range(max_lag, -1, -1)][::-1]
        mean = laws[0].probability(lambda sequence: happens(sequence[0]))
        products = [law.probability(lambda found: happens(found[0]) and happens(found[-1])) for law in laws]
    if not mean or mean == 1:
        raise OptionError(
            f"the event has probability {mean} in each step, and correlates with nothing: ask for another"
        )
    return tuple(sympy.radsimp((product - mean**2) / (mean - mean**2)) for product in products)


@of_network
def sample_sequences(
    net: Network, n_steps: int, n: int, *, seed: int, max_cost: float = plan.MAX_COST
) -> list[Sequences]:
    """``n`` independent sequences of the assemblies of n_steps slow steps, from states drawn anew for each.

    Args:
        seed: of a numpy Generator; equal seeds give equal samples.
        max_cost: largest expected cost allowed, in seconds of an ordinary core.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TooCostlyError: states and steps take more than ``max_cost``.
        OptionError: a count or the seed is no whole number.

    >>> import exactav as ea
    >>> sequences = sample_sequences(ea.families.ring(20, "9/10", increment="1/10"), 5, 200, seed=1)
    >>> len(sequences), len(sequences[0])
    (200, 5)
    """
    n_steps, n = whole(n_steps, "n_steps", 1, MOST_DRAWN), whole(n, "n", 1, MOST_DRAWN)
    seed = whole(seed, "seed")
    max_cost = seconds(max_cost)
    net.require_increment("sequences of avalanches")
    refuse_symbols(net)
    in_fractions = numbers_of(net).is_less is lt
    follow, one = (_followed_in_integers, FOLLOWED) if in_fractions else (_followed, FIRING)
    # of a step without any avalanche
    what, least = f"a sample of {n:,} sequences", one * net.n_units * n * n_steps
    refuse_cost(what, least, max_cost)
    rng = np.random.default_rng(seed)
    states = sample_states(net, n, seed=int(rng.integers(2**63)), max_cost=max_cost)
    found: list[Sequences] = []
    n_firings = 0
    for state in states:
        found.append(follow(net, state, _drawn_starts(net, rng, n_steps)))
        n_firings += sum(map(len, found[-1]))
        refuse_cost(what, least + one * net.n_units * n_firings * n / len(found), max_cost)
    return found


def _drawn_starts(net: Network, rng: np.random.Generator, n: int) -> list[int]:
    """What the drive feeds, without rounding where it is rational."""
    if not all(p.is_Rational for p in net.drive):
        return list(map(int, rng.choice(net.n_units, p=[float(p) for p in net.drive], size=n)))
    common = lcm(*(int(p.q) for p in net.drive))
    ends = list(accumulate(int(p * common) for p in net.drive))
    return [bisect_right(ends, integer_below(rng, common)) for _ in range(n)]


def _followed_in_integers(net: Network, state: State, starts: Iterable[int]) -> Sequences:
    side = common_divisor([cell_side(net), *state])
    thresholds, received = in_integers(net, side)
    step = int(net.require_increment("sequences") / side)
    values = [int(x / side) for x in state]
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
    return [{require_driven(net, start): sympy.Integer(1)} for start in starts]


def _cells(net: Network, n_visits: int) -> Chain | None:
    """The cells, if the numbers are rational and there are few enough to visit each so many times.

    Raises:
        TooCostlyError: there are not, and too many units for boxes.
    """
    why = "there are irrational numbers"
    if net.system.ring.is_ZZ:  # that of all numbers, also of the drive
        try:
            return chain(net, min(MAX_CELLS, MAX_VISITS // n_visits))
        except TooCostlyError as error:
            why = str(error)
    if net.n_units > MOST_UNITS:
        raise TooCostlyError(
            f"{net.n_units} units have too many boxes, and {why}: draw with sample_sequences"
        )
    return None


def _waits_of_boxes(net: Network, choice: Choice) -> dict[int, sympy.Expr]:
    """Second differences of the probability that nothing happens for so many steps, times the volume."""
    quiet = quiet_volumes(net, choice)
    triples = zip(quiet, quiet[1:], quiet[2:], strict=False)
    return {wait: sympy.expand(a - 2 * b + c) for wait, (a, b, c) in enumerate(triples, start=1)}
