"""A small reference simulator: the dynamics step by step, for cross-validation only.

A slow step feeds the increment to one unit; then, while some units are at or above threshold, all of them
fire at once. Avalanches are not computed from determinants, so what agrees with a law agrees for a reason.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from exactav.errors import ErgodicityWarning, OptionError, TooCostlyError
from exactav.laws.starts import origin_of
from exactav.network.asked import of_network
from exactav.network.inputs import Drive
from exactav.network.network import Network
from exactav.numbers.arguments import function
from exactav.numbers.whole import whole
from exactav.phase_space.ergodicity import ergodicity
from exactav.phase_space.limits import MOST_UNITS_DECIDED
from exactav.phase_space.states import is_below
from exactav.pickles import tagged
from exactav.running.amounts import count_text
from exactav.sampling.comparison import Comparison as Comparison
from exactav.sampling.comparison import against
from exactav.sampling.comparison import chi_square as chi_square
from exactav.sampling.dynamics import Arithmetic as Arithmetic
from exactav.sampling.dynamics import Dynamics as Dynamics
from exactav.sampling.dynamics import Number, Pattern
from exactav.showing import html


@dataclass(frozen=True, repr=False)
class Simulation:
    """Simulated avalanches: one pattern each, and the number of slow steps that it took to find them.

    With an increment above the leak of the start, units may be in several generations of a pattern.
    """

    network: Network
    patterns: tuple[Pattern, ...]
    n_steps: int

    __reduce_ex__ = tagged

    @property
    def starts(self) -> tuple[Hashable, ...]:
        """The unit that fired first, of each avalanche.

        Raises:
            OptionError: several did, as after an input to several units.
        """
        if any(len(pattern[0]) > 1 for pattern in self.patterns):
            raise OptionError("several units fired first: ask for patterns, whose first generation they are")
        return tuple(next(iter(pattern[0])) for pattern in self.patterns)

    @property
    def assemblies(self) -> tuple[frozenset[Hashable], ...]:
        """The units that fired, once or more, of each avalanche."""
        return tuple(frozenset().union(*pattern) for pattern in self.patterns)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of units that fired, once or more, of each avalanche."""
        return tuple(map(len, self.assemblies))

    @property
    def durations(self) -> tuple[int, ...]:
        """Number of generations, of each avalanche."""
        return tuple(map(len, self.patterns))

    def __repr__(self) -> str:
        return f"<Simulation of {len(self.patterns):,} avalanches in {self.n_steps:,} slow steps>"

    def _repr_html_(self) -> str:
        counts = Counter(self.sizes)
        largest = max(counts.values(), default=1)
        rows = [
            [html.text(size), html.text(f"{counts[size]:,}"), html.bar(counts[size] / largest)]
            for size in sorted(counts)[:12]
        ]
        title = f"Simulation of {len(self.patterns):,} avalanches"
        said = html.note(f"in {self.n_steps:,} slow steps")
        return html.card(title, said, html.table(["size", "number", ""], rows, (0, 1)))

    def compare(self, law: Any) -> Comparison:
        """Chi-square test against a law given an avalanche (of assemblies, patterns, sizes or durations).

        For a law with a start, only the avalanches of this start count.

        Raises:
            OptionError: the law is one per slow step, or of something else.
            InvalidNetworkError: the increment is above the leak of a start, so that it may have fired twice.
            TooFewError: no avalanche has the start of the law, or too few to expect any two outcomes 5 times.
        """
        observed: dict[str, Callable[[], Sequence[Any]]] = {
            "assembly": lambda: self.assemblies,
            "pattern": lambda: self.patterns,
            "size": lambda: self.sizes,
            "duration": lambda: self.durations,
            "size_duration": lambda: list(zip(self.sizes, self.durations, strict=True)),
        }
        return against(law, observed, lambda: self.starts, "simulated", self.network)


def avalanche(
    net: Network, state: Any, start: Hashable, increment: Any = None
) -> tuple[Pattern, list[Number]]:
    """One slow step in exact arithmetic: (pattern, new state); the pattern is empty if nothing fires.

    Args:
        state: N numbers, or a mapping from all labels, below all thresholds; floats are taken as the binary
            fractions they are.
        start: label of the unit that is fed.
        increment: external input; the network's own, or the largest with which no unit fires twice, unless
            given.

    Raises:
        InvalidNetworkError: the state is none.
        UnboundSymbolError, InexactError, MissingIncrementError: as in :class:`Dynamics`.

    >>> from fractions import Fraction
    >>> avalanche(Network([[0, "1/2"], ["1/4", 0]]), [Fraction(3, 4), Fraction(4, 5)], 0)
    ((frozenset({0}), frozenset({1})), [Fraction(3, 4), Fraction(1, 20)])
    """
    dynamics = Dynamics(net, "exact", increment, start)
    following = dynamics.given_state(state)
    generations = dynamics.slow_step(following, net.index(start))
    return dynamics.pattern(generations), following


@of_network
def simulate(
    net: Network,
    n_avalanches: int,
    *,
    seed: int,
    start: Hashable | None = None,
    input: Any = None,
    arithmetic: Arithmetic = "float",
    increment: Any = None,
    max_steps: int = 10_000_000,
    progress: Callable[[float], object] | None = None,
) -> Simulation:
    """``n_avalanches`` avalanches of the stationary dynamics, independent of each other.

    Every slow step begins in a stationary state of its own: a chi-square test needs independent avalanches,
    and on one trajectory they are correlated (and, for rational numbers, confined to a coset where time
    averages need not be the law, see derivation 12; :func:`orbit` follows one). Steps without avalanche are
    counted, not kept.

    Args:
        seed: of a numpy Generator; equal seeds give equal results.
        start: label of the unit that every slow step feeds; drawn from the drive unless given.
        input: what every slow step feeds, as in :func:`exactav.size_law`, in place of start and increment.
        arithmetic: "float", or "exact" for Fractions.
        increment: external input per slow step; the network's own, or the largest with which no unit fires
            twice, unless given.
        max_steps: largest number of slow steps.
        progress: is called with the share of the avalanches that are done, from 0 to 1.

    Raises:
        TooCostlyError: ``max_steps`` gave too few avalanches.
        OptionError: a count or the seed is no whole number.
        UnboundSymbolError, InexactError, MissingIncrementError, InvalidNetworkError: as in
            :class:`Dynamics`.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(3, "3/4")
    >>> simulation = simulate(net, 1000, seed=1)
    >>> simulation.compare(ea.size_law(net)).p_value > 0.001
    True
    >>> fed = {0: "1/4", 1: "1/8"}
    >>> simulate(net, 1000, input=fed, seed=1).compare(ea.pattern_law(net, input=fed)).p_value > 0.001
    True
    """
    n_avalanches = whole(n_avalanches, "n_avalanches", 1)
    max_steps = whole(max_steps, "max_steps", 1)
    if n_avalanches > max_steps:
        raise TooCostlyError(
            f"{count_text(n_avalanches)} avalanches in {count_text(max_steps)} slow steps, of which each "
            "sets off one at most: raise max_steps, or ask for fewer"
        )
    rng = np.random.default_rng(whole(seed, "seed"))
    if progress is not None:
        function(progress, "progress", "the share that is done")
    origin = origin_of(net, start, input, None)
    if input is not None and increment is not None:
        raise OptionError("input and increment are both given: an input says its amounts, leave one out")
    dynamics = Dynamics(net, arithmetic, increment, start, origin if isinstance(origin, Drive) else None)
    fed = None if start is None else net.index(start)
    patterns: list[Pattern] = []
    n_steps = 0
    while len(patterns) < n_avalanches:
        if n_steps == max_steps:
            raise TooCostlyError(
                f"{max_steps:,} slow steps gave {len(patterns):,} of {n_avalanches:,} avalanches: "
                "raise max_steps, or ask for fewer"
            )
        n_steps += 1
        amounts = dynamics.drawn(rng, fed)
        if generations := dynamics.fed(dynamics.stationary_state(rng), amounts):
            patterns.append(dynamics.pattern(generations))
            if progress is not None:
                progress(len(patterns) / n_avalanches)
    return Simulation(dynamics.network, tuple(patterns), n_steps)


def orbit(
    net: Network,
    n_steps: int,
    *,
    seed: int,
    state: Any = None,
    arithmetic: Arithmetic = "float",
    increment: Any = None,
) -> Iterator[tuple[Hashable, Pattern]]:
    """(fed unit, pattern) of each slow step of one trajectory; an empty pattern where nothing fires.

    Warns (ErgodicityWarning) where averages along it need not converge to the laws: of rational networks
    they converge to those of :func:`exactav.coset_law`, see :func:`exactav.ergodicity`.

    Args:
        state: where it begins, as of :func:`avalanche`; a stationary state is drawn unless given.

    Raises: as :func:`simulate` and :func:`avalanche`.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> [(unit, len(pattern)) for unit, pattern in orbit(net, 4, seed=1, state=[0, 0], arithmetic="exact")]
    [(1, 0), (1, 1), (0, 1), (1, 0)]
    """
    n_steps = whole(n_steps, "n_steps")
    rng = np.random.default_rng(whole(seed, "seed"))
    dynamics = Dynamics(net, arithmetic, increment)
    current = dynamics.stationary_state(rng) if state is None else dynamics.given_state(state)
    _warn_unless_averages_converge(dynamics.network)
    return _followed(dynamics, current, n_steps, rng)


def _warn_unless_averages_converge(net: Network) -> None:
    if net.increment is None:
        net = net.with_increment(net.largest_increment())
    if any(p and is_below(s, net.increment) for p, s in zip(net.drive, net.leak, strict=True)):
        holds, why = None, "not decided where units may fire more than once in a slow step"
    elif net.n_units > MOST_UNITS_DECIDED:
        holds, why = None, f"not decided for more than {MOST_UNITS_DECIDED} units"
    else:
        found = ergodicity(net)
        holds, why = found.laws_exact, found.reason
    if not holds:
        warnings.warn(
            f"averages along one trajectory need not converge to the laws ({why}): take independent states "
            "(simulate), or the exact law of the orbit (coset_law)",
            ErgodicityWarning,
            stacklevel=3,
        )


def _followed(
    dynamics: Dynamics, current: list[Number], n_steps: int, rng: np.random.Generator
) -> Iterator[tuple[Hashable, Pattern]]:
    net = dynamics.network
    for _ in range(n_steps):
        unit = int(rng.choice(net.n_units, p=dynamics.drive))
        yield net.labels[unit], dynamics.pattern(dynamics.slow_step(current, unit))
