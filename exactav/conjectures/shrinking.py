"""Counterexamples made smaller: fewer units, then fewer weights, then simpler numbers.

A case is shrunk through the numbers that its structure asked for, so that whatever comes is of the structure.
Each step lowers their number or their sum, so there is an end: there, no unit can be left out, and no number
and no two of them can be lowered.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

from exactav.conjectures.cases import Case, Structured
from exactav.conjectures.clock import Clock, OutOfTimeError
from exactav.conjectures.sides import Trial
from exactav.conjectures.sources import Drawn, Key
from exactav.network.network import Network

Numbers = Mapping[Key, int]


def shrunk(
    trial: Trial, ground: Structured, trial_of: Callable[[Case], Trial], clock: Clock
) -> tuple[Trial, bool]:
    """(the smallest trial found that still refutes, whether all that is smaller was tried).

    Args:
        trial: one that refutes, of a case of ``ground``.
        trial_of: what comes of another case.
    """
    seen = {trial.case.network}
    while True:
        try:
            smaller = _smaller(trial, ground, trial_of, clock, seen)
        except OutOfTimeError:
            return trial, False
        if smaller is None:
            return trial, True
        trial = smaller


def _smaller(
    trial: Trial, ground: Structured, trial_of: Callable[[Case], Trial], clock: Clock, seen: set[Network]
) -> Trial | None:
    for n_units, numbers in _simpler(trial.case):
        case = ground.case(n_units, Drawn(None, numbers))
        if case is None or _measure(case) >= _measure(trial.case):
            continue
        if case.network == trial.case.network:  # made of smaller numbers
            return replace(trial, case=case)
        if case.network not in seen:
            seen.add(case.network)
            with clock.running():
                found = trial_of(case)
            if found.outcome == "refuted":
                return found
    return None


def _measure(case: Case) -> tuple[int, int]:
    return case.network.n_units, sum((case.numbers or {}).values())


def _simpler(case: Case) -> Iterator[tuple[int, Numbers]]:
    """(number of units, numbers) of what may be simpler, the largest steps first."""
    numbers, least, n = case.numbers or {}, case.least, case.network.n_units
    for unit in reversed(range(n)):
        yield n - 1, _without(numbers, unit)
    yield n, {key: min(value, max(1, least[key])) for key, value in numbers.items()}
    for key, value in numbers.items():
        for lower in range(least[key], value):
            yield n, {**numbers, key: lower}
    above = [key for key, value in numbers.items() if value > least[key]]
    for one, other in combinations(above, 2):
        for pair in product(range(least[one], numbers[one]), range(least[other], numbers[other])):
            yield n, {**numbers, one: pair[0], other: pair[1]}


def _without(numbers: Numbers, unit: int) -> Numbers:
    """The numbers of the other units, those behind it moved up."""
    return {
        tuple(part - 1 if isinstance(part, int) and part > unit else part for part in key): value
        for key, value in numbers.items()
        if unit not in key
    }
