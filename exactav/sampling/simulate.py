"""A small reference simulator: the dynamics step by step, for cross-validation only.

A slow step feeds the increment to one unit; then, while some units are at or above threshold, all of them
fire at once. Avalanches are not computed from determinants, so what agrees with a law agrees for a reason.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import sympy
from mpmath.ctx_mp import MPContext

from exactav.errors import (
    ErgodicityWarning,
    InexactError,
    MissingIncrementError,
    TooCostlyError,
    TooFewError,
    UnboundSymbolError,
)
from exactav.network.network import Network
from exactav.numbers.digits import decimal_digits
from exactav.phase_space.ergodicity import ergodicity

Number = Fraction | float
Pattern = tuple[frozenset[Hashable], ...]
Arithmetic = Literal["float", "exact"]
_FEWEST_EXPECTED = 5  # outcomes expected less often are pooled in the chi-square test
_MAX_GENERATIONS = 1_000_000
_MOST_UNITS_DECIDED = 16  # of which ergodicity takes a tenth of a second


class Dynamics:
    """The numbers of a network as plain floats or Fractions, and its slow steps.

    Args:
        arithmetic: "exact" uses Fractions and never rounds; "float" is faster.
        increment: external input per slow step; the network's own, or the largest allowed, unless given.

    Raises:
        UnboundSymbolError: the network has symbols.
        InexactError: "exact" is asked of a network with irrational entries.
        MissingIncrementError: a driven unit has no leak, so no increment is small enough.
    """

    def __init__(self, net: Network, arithmetic: Arithmetic = "float", increment: Any = None) -> None:
        if net.symbols:
            names = ", ".join(map(str, net.symbols))
            raise UnboundSymbolError(f"no value for {names}: put numbers in with net.at({{...}}) to simulate")
        if increment is not None:
            net = net.with_increment(increment)
        step = net.increment if net.increment is not None else net.largest_increment()
        if not step:
            raise MissingIncrementError(
                "a driven unit has no leak, so every increment lets units fire twice: "
                "drive only units with leak"
            )
        convert = _fraction if arithmetic == "exact" else _float
        self.network = net
        self.arithmetic = arithmetic
        self.increment: Number = convert(step)
        self.thresholds: list[Number] = [convert(u) for u in net.thresholds]
        self.drive = np.array([_float(p) for p in net.drive])
        to_expr = net.field.to_sympy
        # received[j]: what each unit gains when unit j fires.
        self.received: list[list[tuple[int, Number]]] = [[] for _ in net.labels]
        for i, row in enumerate(net.rows):
            for j, weight in row.items():
                self.received[j].append((i, convert(to_expr(weight))))

    def slow_step(self, state: list[Number], start: int) -> list[set[int]]:
        """Feed ``start`` and let the avalanche run, in place; returns its generations."""
        state[start] += self.increment
        return self.relax(state, [start])

    def relax(self, state: list[Number], candidates: Sequence[int]) -> list[set[int]]:
        """Fire, all at once, the units at threshold until none is left; first among ``candidates``."""
        generations: list[set[int]] = []
        firing = {unit for unit in candidates if state[unit] >= self.thresholds[unit]}
        while firing:
            generations.append(firing)
            if len(generations) > _MAX_GENERATIONS:
                raise TooCostlyError(f"an avalanche of more than {_MAX_GENERATIONS:,} generations")
            touched = set(firing)
            for unit in firing:
                state[unit] -= self.thresholds[unit]
            for unit in firing:
                for receiver, weight in self.received[unit]:
                    state[receiver] += weight
                    touched.add(receiver)
            firing = {unit for unit in touched if state[unit] >= self.thresholds[unit]}
        return generations

    def stationary_state(self, rng: np.random.Generator) -> list[Number]:
        """A state drawn uniformly from the inhabited region: M theta + W 1 with uniform theta, then relaxed.

        The region holds one state of each class modulo M Z^N (derivation 05), and its uniform law is
        stationary (derivation 06).

        In exact arithmetic theta are dyadic fractions of 53 bits.
        """
        theta: list[Number] = list(rng.random(len(self.thresholds)).tolist())
        if self.arithmetic == "exact":
            theta = [Fraction(t) for t in theta]
        state = [u * t for u, t in zip(self.thresholds, theta, strict=True)]
        for sender, column in enumerate(self.received):
            for receiver, weight in column:
                state[receiver] += weight * (1 - theta[sender])
        self.relax(state, range(len(state)))
        return state

    def pattern(self, generations: Sequence[set[int]]) -> Pattern:
        """Generations as sets of labels."""
        labels = self.network.labels
        return tuple(frozenset(labels[unit] for unit in generation) for generation in generations)


@dataclass(frozen=True, repr=False)
class Comparison:
    """A chi-square test of observed outcomes against a law.

    Outcomes expected fewer than 5 times are pooled. An outcome that the law excludes makes ``p_value`` 0 and
    stands in ``impossible``. ``observed`` holds every outcome of the law, in its order, and the impossible
    ones.
    """

    observed: Mapping[Any, int]
    expected: Mapping[Any, float]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    impossible: tuple[Any, ...]

    def __repr__(self) -> str:
        impossible = f", impossible outcomes observed: {self.impossible}" if self.impossible else ""
        return (
            f"<Comparison of {sum(self.observed.values())} avalanches: chi-square {self.statistic:.4g}, "
            f"{self.degrees_of_freedom} degrees of freedom, p-value {self.p_value:.4g}{impossible}>"
        )


@dataclass(frozen=True)
class Simulation:
    """Simulated avalanches: one pattern each, and the number of slow steps that it took to find them."""

    network: Network
    patterns: tuple[Pattern, ...]
    n_steps: int

    @property
    def starts(self) -> tuple[Hashable, ...]:
        """The unit that fired first, of each avalanche."""
        return tuple(next(iter(pattern[0])) for pattern in self.patterns)

    @property
    def assemblies(self) -> tuple[frozenset[Hashable], ...]:
        """The units that fired, of each avalanche."""
        return tuple(frozenset().union(*pattern) for pattern in self.patterns)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of units that fired, of each avalanche."""
        return tuple(map(len, self.assemblies))

    @property
    def durations(self) -> tuple[int, ...]:
        """Number of generations, of each avalanche."""
        return tuple(map(len, self.patterns))

    def compare(self, law: Any) -> Comparison:
        """Chi-square test against a law given an avalanche (of assemblies, patterns, sizes or durations).

        For a law with a start, only the avalanches of this start count.

        Raises:
            ValueError: the law is one per slow step.
            TooFewError: no avalanche has the start of the law, or too few to expect any two outcomes 5 times.
        """
        if law.is_per_step:
            raise ValueError("the law is per slow step; compare the law given an avalanche instead")
        outcomes: Sequence[Any] = _OUTCOMES[law.kind.name](self)
        kept = [o for o, k in zip(outcomes, self.starts, strict=True) if law.start is None or k == law.start]
        if not kept:
            raise TooFewError(f"no simulated avalanche has start {law.start!r}: simulate more")
        probabilities = {outcome: _float(p) for outcome, p in law.items()}
        return chi_square(Counter(kept), probabilities)


_OUTCOMES: Mapping[str, Callable[[Simulation], Sequence[Any]]] = {
    "assembly": lambda simulation: simulation.assemblies,
    "pattern": lambda simulation: simulation.patterns,
    "size": lambda simulation: simulation.sizes,
    "duration": lambda simulation: simulation.durations,
    "size_duration": lambda simulation: list(zip(simulation.sizes, simulation.durations, strict=True)),
}


def avalanche(
    net: Network, state: Sequence[Any], start: Hashable, increment: Any = None
) -> tuple[Pattern, list[Number]]:
    """One slow step in exact arithmetic: (pattern, new state); the pattern is empty if nothing fires.

    Args:
        state: N numbers, floats taken as the binary fractions they are.
        start: label of the unit that is fed.
        increment: external input; the network's own, or the largest allowed, unless given.

    >>> avalanche(Network([[0, "1/2"], ["1/4", 0]]), [Fraction(3, 4), Fraction(4, 5)], 0)
    ((frozenset({0}), frozenset({1})), [Fraction(3, 4), Fraction(1, 20)])
    """
    dynamics = Dynamics(net, "exact", increment)
    following: list[Number] = [Fraction(u) for u in state]
    generations = dynamics.slow_step(following, net.index(start))
    return dynamics.pattern(generations), following


def simulate(
    net: Network,
    n_avalanches: int,
    *,
    seed: int,
    start: Hashable | None = None,
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
        arithmetic: "float", or "exact" for Fractions.
        increment: external input per slow step; the network's own, or the largest allowed, unless given.
        max_steps: largest number of slow steps.
        progress: is called with the share of the avalanches that are done, from 0 to 1.

    Raises:
        TooCostlyError: ``max_steps`` gave too few avalanches.
        UnboundSymbolError, InexactError, MissingIncrementError: as in :class:`Dynamics`.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(3, "3/4")
    >>> simulation = simulate(net, 1000, seed=1)
    >>> simulation.compare(ea.size_law(net)).p_value > 0.001
    True
    """
    if n_avalanches < 1:
        raise ValueError(f"n_avalanches = {n_avalanches}: wanted at least 1")
    dynamics = Dynamics(net, arithmetic, increment)
    rng = np.random.default_rng(seed)
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
        unit = int(rng.choice(net.n_units, p=dynamics.drive)) if fed is None else fed
        if generations := dynamics.slow_step(dynamics.stationary_state(rng), unit):
            patterns.append(dynamics.pattern(generations))
            if progress is not None:
                progress(len(patterns) / n_avalanches)
    return Simulation(dynamics.network, tuple(patterns), n_steps)


def orbit(
    net: Network,
    n_steps: int,
    *,
    seed: int,
    state: Sequence[Any] | None = None,
    arithmetic: Arithmetic = "float",
    increment: Any = None,
) -> Iterator[tuple[Hashable, Pattern]]:
    """(fed unit, pattern) of each slow step of one trajectory; an empty pattern where nothing fires.

    Warns (ErgodicityWarning) where averages along it need not converge to the laws: of rational networks
    they converge to those of :func:`exactav.coset_law`, see :func:`exactav.ergodicity`.

    Args:
        state: where it begins; a stationary state is drawn unless given.

    >>> net = Network([[0, "1/2"], ["1/4", 0]])
    >>> [(unit, len(pattern)) for unit, pattern in orbit(net, 4, seed=1, state=[0, 0], arithmetic="exact")]
    [(1, 0), (1, 1), (0, 1), (1, 0)]
    """
    dynamics = Dynamics(net, arithmetic, increment)
    _warn_unless_averages_converge(dynamics.network)
    rng = np.random.default_rng(seed)
    convert = Fraction if arithmetic == "exact" else float
    current = dynamics.stationary_state(rng) if state is None else [convert(u) for u in state]
    return _followed(dynamics, current, n_steps, rng)


def _warn_unless_averages_converge(net: Network) -> None:
    if net.increment is None:
        net = net.with_increment(net.largest_increment())
    if net.n_units > _MOST_UNITS_DECIDED:
        exact, why = None, f"not decided for more than {_MOST_UNITS_DECIDED} units"
    else:
        found = ergodicity(net)
        exact, why = found.laws_exact, found.reason
    if not exact:
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


def chi_square(observed: Mapping[Any, int], probabilities: Mapping[Any, float]) -> Comparison:
    """Pearson's test of counts against probabilities; see :class:`Comparison`."""
    n_observed = sum(observed.values())
    expected = {outcome: p * n_observed for outcome, p in probabilities.items()}
    impossible = tuple(outcome for outcome in observed if not probabilities.get(outcome))
    bins: list[tuple[float, int]] = []
    pool_expected, pool_observed = 0.0, 0
    for outcome in sorted(expected, key=expected.__getitem__):
        pool_expected += expected[outcome]
        pool_observed += observed.get(outcome, 0)
        if pool_expected >= _FEWEST_EXPECTED:
            bins.append((pool_expected, pool_observed))
            pool_expected, pool_observed = 0.0, 0
    if pool_expected and bins:
        last_expected, last_observed = bins.pop()
        bins.append((last_expected + pool_expected, last_observed + pool_observed))
    statistic = sum((seen - wanted) ** 2 / wanted for wanted, seen in bins)
    degrees = max(0, len(bins) - 1)
    if not degrees and not impossible and len(expected) > 1:
        raise TooFewError(
            f"{n_observed} avalanches are too few to expect any two outcomes "
            f"{_FEWEST_EXPECTED} times: simulate more"
        )
    p_value = 0.0 if impossible else 1.0
    if degrees and not impossible:
        context = MPContext()
        p_value = float(context.gammainc(context.mpf(degrees) / 2, statistic / 2, regularized=True))
    counts = {outcome: observed.get(outcome, 0) for outcome in (*expected, *impossible)}
    return Comparison(counts, expected, statistic, degrees, p_value, impossible)


def _float(expr: sympy.Expr) -> float:
    return float(decimal_digits(expr, 17))


def _fraction(expr: sympy.Expr) -> Fraction:
    if not expr.is_Rational:
        raise InexactError(f"{expr} is not rational: simulate it with arithmetic='float'")
    return Fraction(int(expr.p), int(expr.q))
