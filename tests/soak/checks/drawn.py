"""Samples and simulations against laws."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import exactav as ea
from exactav.errors import TooFewError
from exactav.sampling.comparison import chi_square
from soak.checks.register import MAX_COST, Figures, Wrong, check, is_stepping, law_of, needs

_DRAWS = 2_000


def _tested(
    figures: Figures, name: str, dice: Random, sample: Callable[[int, int], Any], law: dict[Any, Any]
) -> None:
    """``sample(n, seed)``, outcomes, against the law."""
    expected = {outcome: float(p) for outcome, p in law.items()}
    begin = dice.randrange(10**6)

    def test(times: int) -> float:
        found = Counter(sample(times * _DRAWS, begin + times))
        try:
            return chi_square(found, expected).p_value
        except TooFewError:
            return 1.0

    figures.p_value(name, test)


@check("sampled assemblies", most=9, rational=True)
def _assemblies(net: ea.Network, dice: Random, figures: Figures) -> None:
    weak, start = net.with_increment(None), dice.choice([None, *net.labels])

    def sample(n: int, seed: int) -> Any:
        return ea.sample_assemblies(weak, n, start, seed=seed, max_cost=30)

    _tested(figures, "sample_assemblies", dice, sample, law_of(weak, start))


@check("sampled patterns", most=5, rational=True)
def _patterns(net: ea.Network, dice: Random, figures: Figures) -> None:
    weak, start = net.with_increment(None), dice.choice([None, *net.labels])

    def sample(n: int, seed: int) -> Any:
        return ea.sample_patterns(weak, n, start, seed=seed, max_cost=30)

    law = ea.pattern_law(weak, start, max_cost=MAX_COST).pmf()
    _tested(figures, "sample_patterns", dice, sample, law)


@check("samples after inputs", most=5, rational=True)
def _inputs(net: ea.Network, dice: Random, figures: Figures) -> None:
    amounts = {
        label: lost / dice.randint(1, 3) for label, lost in zip(net.labels, net.leak, strict=True) if lost
    }
    fed = dict(dice.sample([*amounts.items()], dice.randint(1, len(amounts))))

    def sample(n: int, seed: int) -> Any:
        return ea.sample_assemblies(net, n, input=fed, seed=seed, max_cost=30)

    law = ea.assembly_law(net, input=fed, max_cost=MAX_COST).pmf()
    _tested(figures, "sample_assemblies(input=...)", dice, sample, law)


@check("sampled units near threshold", most=6, rational=True)
def _near(net: ea.Network, dice: Random, figures: Figures) -> None:
    law = ea.near_threshold_law(net, max_cost=MAX_COST).pmf()
    _tested(
        figures,
        "sample_near_threshold",
        dice,
        lambda n, seed: map(len, ea.sample_near_threshold(net, n, seed=seed, max_cost=30)),
        law,
    )
    unit = dice.choice(net.labels)
    k, p = net.index(unit), ea.near_threshold(net, [unit])

    def near(n: int, seed: int) -> Any:
        edge = net.thresholds[k] - net.leak[k]
        return (state[k] >= edge for state in ea.sample_states(net, n // 4, seed=seed, max_cost=30))

    _tested(figures, "sample_states", dice, near, {True: p, False: 1 - p})


@check("simulations", most=5, rational=True)
def _simulations(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net))
    often = float(ea.avalanche_probability(net))
    needs(often >= 0.1 and ea.ergodicity(net).verdicts["size"].exact)

    def sample(n: int, seed: int) -> Any:
        # every tenth avalanche: those in a row are not independent
        return ea.simulate(net, n // 2, seed=seed, arithmetic="exact").sizes[::10]

    law = ea.size_law(net, max_cost=MAX_COST)
    if len(law) > 1:
        _tested(figures, "simulate", dice, sample, law.pmf())


@check("sampled slow steps", most=3, rational=True)
def _sequences(net: ea.Network, dice: Random, figures: Figures) -> None:
    needs(is_stepping(net))
    law = ea.sequence_law(net, 2).pmf()
    _tested(
        figures,
        "sample_sequences",
        dice,
        lambda n, seed: map(tuple, ea.sample_sequences(net, 2, n // 4, seed=seed, max_cost=30)),
        law,
    )
    if any(not p for p in law.values()):
        raise Wrong("a law with an outcome of probability 0")
