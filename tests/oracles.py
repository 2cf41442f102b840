"""Slow, simple, independent truths that the package is tested against.

Nothing here imports exactav, and nothing here is clever: avalanches are run, states are counted, trees are
listed. A network is plain data: `W` rows of weights (row = receiver, column = sender), `U` thresholds,
`drive` the probability that a slow step feeds each unit, `dU` the increment. Numbers are int or Fraction, so
all is exact. Listed weights may be any objects with `+`, `*` and `!=`, for example SymPy expressions.

The dynamics can be counted when every weight and threshold is a multiple of dU: a sandpile. A rational
network becomes one with a common divisor of its data as increment; its laws given an avalanche stay the same.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, TypeVar

Number = int | Fraction
Weights = Sequence[Sequence[Number]]
State = tuple[Number, ...]
Assembly = frozenset[int]
Pattern = tuple[Assembly, ...]
Forest = dict[int, int | None]
"""The parent each unit chose; None is the leak."""

S = TypeVar("S")
T = TypeVar("T")

GENERATION_LIMIT = 10_000


def leak(W: Weights, U: Sequence[Number]) -> list[Number]:
    """What is lost at each unit when every unit fires: threshold minus row sum, self-coupling included."""
    return [threshold - sum(row) for row, threshold in zip(W, U, strict=True)]


def determinant(rows: Sequence[Sequence[Number]]) -> Fraction:
    """The determinant, by Gaussian elimination in fractions."""
    matrix = [[Fraction(x) for x in row] for row in rows]
    result = Fraction(1)
    for column in range(len(matrix)):
        pivot = next((row for row in range(column, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != column:
            matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
            result = -result
        result *= matrix[column][column]
        for row in range(column + 1, len(matrix)):
            ratio = matrix[row][column] / matrix[column][column]
            matrix[row] = [x - ratio * y for x, y in zip(matrix[row], matrix[column], strict=True)]
    return result


# The dynamics


def avalanche(
    W: Weights, U: Sequence[Number], state: Sequence[Number], start: int, dU: Number = 1
) -> tuple[Pattern, State]:
    """One slow step that feeds `start`: the generations that fired, () if none, and the state afterwards.

    A unit may appear in several generations if dU exceeds the leak of the start.
    """
    fed = [height + (dU if unit == start else 0) for unit, height in enumerate(state)]
    return _relax(W, U, fed)


def slow_step(
    W: Weights, U: Sequence[Number], state: Sequence[Number], amounts: Sequence[Number]
) -> tuple[Pattern, State]:
    """One slow step that feeds every unit its amount, all at once; see `avalanche`."""
    return _relax(W, U, [height + amount for height, amount in zip(state, amounts, strict=True)])


def waves(
    W: Weights, U: Sequence[Number], state: Sequence[Number], start: int, dU: Number = 1
) -> tuple[tuple[Pattern, ...], State]:
    """As `avalanche`, with the start held back after it fired until all others are stable: wave after wave.

    In each wave every unit fires at most once, however large dU is; if dU <= leak of the start there is at
    most one wave, the avalanche itself.
    """
    u: State = tuple(height + (dU if unit == start else 0) for unit, height in enumerate(state))
    found: list[Pattern] = []
    while u[start] >= U[start]:
        pattern, u = _relax(W, U, u, fires_once=start)
        found.append(pattern)
        if len(found) > GENERATION_LIMIT:
            raise RuntimeError(f"more than {GENERATION_LIMIT} waves from unit {start}")
    return tuple(found), u


def _relax(
    W: Weights, U: Sequence[Number], state: Sequence[Number], fires_once: int | None = None
) -> tuple[Pattern, State]:
    units = range(len(U))
    u = list(state)
    generations: list[Assembly] = []
    for _ in range(GENERATION_LIMIT):
        held = {fires_once} if generations else set()
        firing = frozenset(i for i in units if u[i] >= U[i] and i not in held)
        if not firing:
            return tuple(generations), tuple(u)
        u = [u[i] - (U[i] if i in firing else 0) + sum(W[i][j] for j in firing) for i in units]
        generations.append(firing)
    raise RuntimeError(f"the avalanche did not stop within {GENERATION_LIMIT} generations")


def recurrent_states(W: Weights, U: Sequence[Number], dU: Number = 1) -> set[State]:
    """All recurrent states of the slow dynamics on the lattice dU Z^N when every unit is driven.

    Every weight and threshold has to be a multiple of dU (ValueError otherwise).
    """
    if any(x % dU for row in (*W, U) for x in row):
        raise ValueError(f"every weight and threshold must be a multiple of dU = {dU}")
    # The full state, every unit one increment below its threshold, can be reached from every stable state:
    # add what is missing, nothing fires. So it lies in every closed class of the finite chain of stable
    # states: there is one closed class only, and it is what can be reached from the full state.
    full: State = tuple(threshold - dU for threshold in U)
    found = {full}
    waiting = [full]
    while waiting:
        state = waiting.pop()
        for start in range(len(U)):
            _, after = avalanche(W, U, state, start, dU)
            if after not in found:
                found.add(after)
                waiting.append(after)
    return found


# Counting over all recurrent states


def count_patterns(W: Weights, U: Sequence[Number], start: int, dU: Number = 1) -> Counter[Pattern]:
    """How many recurrent states answer with each pattern when `start` is fed; () is no avalanche.

    "Each unit fires at most once" needs dU <= leak of the start.
    """
    return Counter(avalanche(W, U, state, start, dU)[0] for state in recurrent_states(W, U, dU))


def count_assemblies(W: Weights, U: Sequence[Number], start: int, dU: Number = 1) -> Counter[Assembly]:
    """How many recurrent states answer with each assembly when `start` is fed; empty is no avalanche."""
    counts: Counter[Assembly] = Counter()
    for pattern, count in count_patterns(W, U, start, dU).items():
        counts[assembly_of(pattern)] += count
    return counts


def count_waves(W: Weights, U: Sequence[Number], start: int, dU: Number = 1) -> Counter[Pattern]:
    """How many waves with each pattern there are in the avalanches of all recurrent states from `start`.

    These numbers are trees times forests for every start, with leak or without.
    """
    counts: Counter[Pattern] = Counter()
    for state in recurrent_states(W, U, dU):
        counts.update(waves(W, U, state, start, dU)[0])
    return counts


def wave_assemblies(
    W: Weights, U: Sequence[Number], start: int, fed: Number, step: Number = 1
) -> list[list[Assembly]]:
    """For each recurrent state of the lattice step Z^N, the units of each wave when `start` is fed."""
    return [
        [assembly_of(wave) for wave in waves(W, U, state, start, fed)[0]]
        for state in recurrent_states(W, U, step)
    ]


def count_covariance(
    W: Weights, U: Sequence[Number], drive: Sequence[Number], dU: Number
) -> list[list[Fraction]]:
    """lim Cov(n(T)) / T of the numbers of firings, from the Poisson equation of the chain of states.

    The chain begins just below all thresholds; slow steps are translations of a finite group, so that all
    states it comes to are recurrent, and equally likely in the long run.
    """
    units = range(len(U))
    driven = [k for k in units if drive[k]]
    first: State = tuple(threshold - min(1, threshold) for threshold in U)
    place, waiting = {first: 0}, [first]
    steps: dict[tuple[State, int], tuple[list[int], State]] = {}
    while waiting:
        state = waiting.pop()
        for k in driven:
            pattern, after = avalanche(W, U, state, k, dU)
            steps[state, k] = [sum(i in generation for generation in pattern) for i in units], after
            if after not in place:
                place[after] = len(place)
                waiting.append(after)
    n = len(place)
    share = {k: Fraction(drive[k]) / n for k in driven}
    means = [sum((share[k] * fired[i] for (_, k), (fired, _) in steps.items()), Fraction(0)) for i in units]
    # (1 - P) h = f - mean f, sum h = 0, for each unit
    rows = [[Fraction(int(a == b)) for b in range(n)] + [-mean for mean in means] for a in range(n)]
    for (state, k), (fired, after) in steps.items():
        row = rows[place[state]]
        row[place[after]] -= Fraction(drive[k])
        for i in units:
            row[n + i] += Fraction(drive[k]) * fired[i]
    rows[0] = [Fraction(1)] * n + [Fraction(0)] * len(U)
    h = _solved(rows, n)
    found = [[Fraction(0)] * len(U) for _ in units]
    for (_, k), (fired, after) in steps.items():
        off = [fired[i] - means[i] for i in units]
        later = h[place[after]]
        for i, j in product(units, units):
            found[i][j] += share[k] * (off[i] * off[j] + off[i] * later[j] + off[j] * later[i])
    return found


def _solved(rows: list[list[Fraction]], n: int) -> list[list[Fraction]]:
    """What is right of the first n columns once these are the unit matrix, by Gauss and Jordan."""
    for column in range(n):
        pivot = next(row for row in range(column, n) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [x / rows[column][column] for x in rows[column]]
        for row in range(n):
            if row != column and rows[row][column]:
                ratio = rows[row][column]
                rows[row] = [x - ratio * y for x, y in zip(rows[row], rows[column], strict=True)]
    return [row[n:] for row in rows]


# Laws


def pattern_law(
    W: Weights, U: Sequence[Number], drive: Sequence[Number], dU: Number = 1
) -> dict[Pattern, Fraction]:
    """Probability of each pattern per slow step, () included, in the uniform law on the recurrent states."""
    states = recurrent_states(W, U, dU)
    law: dict[Pattern, Fraction] = {}
    for start, probability in enumerate(drive):
        if probability:
            counts = Counter(avalanche(W, U, state, start, dU)[0] for state in states)
            for pattern, count in counts.items():
                law[pattern] = law.get(pattern, Fraction(0)) + Fraction(probability) * count / len(states)
    return law


def pattern_law_of_input(
    W: Weights, U: Sequence[Number], vectors: Sequence[tuple[Fraction, Sequence[Number]]], dU: Number = 1
) -> dict[Pattern, Fraction]:
    """Probability of each pattern per slow step that feeds one of several vectors of amounts, () included.

    All amounts are multiples of dU."""
    states = recurrent_states(W, U, dU)
    law: dict[Pattern, Fraction] = {}
    for probability, amounts in vectors:
        for pattern, count in Counter(slow_step(W, U, state, amounts)[0] for state in states).items():
            law[pattern] = law.get(pattern, Fraction(0)) + Fraction(probability) * count / len(states)
    return law


def given_avalanche(law: Mapping[Pattern, Fraction]) -> dict[Pattern, Fraction]:
    """The law of the pattern given that it is not ()."""
    total = sum(probability for pattern, probability in law.items() if pattern)
    return {pattern: probability / total for pattern, probability in law.items() if pattern}


def push_forward(law: Mapping[S, Fraction], function: Callable[[S], T]) -> dict[T, Fraction]:
    """The law of function(x) when x has the given law."""
    image: dict[T, Fraction] = {}
    for outcome, probability in law.items():
        value = function(outcome)
        image[value] = image.get(value, Fraction(0)) + probability
    return image


def assembly_of(pattern: Pattern) -> Assembly:
    """All units that fired."""
    return frozenset().union(*pattern)


def assembly_law(law: Mapping[Pattern, Fraction]) -> dict[Assembly, Fraction]:
    """The law of the assembly from a law of the pattern; no avalanche is the empty set."""
    return push_forward(law, assembly_of)


def size_law(law: Mapping[Pattern, Fraction]) -> dict[int, Fraction]:
    """The law of the size from a law of the pattern; no avalanche has size 0."""
    return push_forward(law, lambda pattern: len(assembly_of(pattern)))


def duration_law(law: Mapping[Pattern, Fraction]) -> dict[int, Fraction]:
    """The law of the duration from a law of the pattern; no avalanche has duration 0."""
    return push_forward(law, len)


def size_duration_law(law: Mapping[Pattern, Fraction]) -> dict[tuple[int, int], Fraction]:
    """The joint law of size and duration from a law of the pattern."""
    return push_forward(law, lambda pattern: (len(assembly_of(pattern)), len(pattern)))


# Trees and forests, listed one by one


def spanning_trees(W: Sequence[Sequence[Any]], A: Collection[int], root: int) -> Iterator[dict[int, int]]:
    """All spanning trees of A: every unit but the root takes a parent j in A with W[i][j] != 0, no cycles."""
    children = sorted(set(A) - {root})
    choices = [[j for j in sorted(A) if j != i and W[i][j] != 0] for i in children]
    for parents in product(*choices):
        tree = dict(zip(children, parents, strict=True))
        if _has_no_cycle(tree):
            yield tree


def spanning_forests(W: Sequence[Sequence[Any]], leak: Sequence[Any], C: Collection[int]) -> Iterator[Forest]:
    """All spanning forests of C rooted in the leak: every unit takes a parent in C or the leak, no cycles."""
    return _forests(W, leak, C, C)


def _forests(
    W: Sequence[Sequence[Any]], leak: Sequence[Any], children: Collection[int], parents: Collection[int]
) -> Iterator[Forest]:
    """Forests in which `children` choose among `parents` and the leak; other parents are roots."""
    children = sorted(children)
    choices: list[list[int | None]] = []
    for i in children:
        to_leak: list[int | None] = [None] if leak[i] != 0 else []
        choices.append(to_leak + [j for j in sorted(parents) if j != i and W[i][j] != 0])
    for chosen in product(*choices):
        forest = dict(zip(children, chosen, strict=True))
        if _has_no_cycle(forest):
            yield forest


def _has_no_cycle(parent: Mapping[int, int] | Mapping[int, int | None]) -> bool:
    for unit in parent:
        seen = {unit}
        above: int | None = parent[unit]
        while above is not None and above in parent:
            if above in seen:
                return False
            seen.add(above)
            above = parent[above]
    return True


def tree_weight_by_listing(W: Sequence[Sequence[Any]], A: Collection[int], root: int) -> Any:
    """Sum over all spanning trees of A of the product of their weights."""
    return sum(prod(W[i][j] for i, j in tree.items()) for tree in spanning_trees(W, A, root))


def forest_weight_by_listing(W: Sequence[Sequence[Any]], leak: Sequence[Any], C: Collection[int]) -> Any:
    """Sum over all spanning forests of C of the product of their weights and leaks; 1 for no units."""
    return sum(_forest_weight(W, leak, forest) for forest in spanning_forests(W, leak, C))


def _forest_weight(W: Sequence[Sequence[Any]], leak: Sequence[Any], forest: Forest) -> Any:
    return prod(leak[i] if j is None else W[i][j] for i, j in forest.items())


def assembly_law_by_listing(
    W: Weights, U: Sequence[Number], drive: Sequence[Number]
) -> dict[Assembly, Fraction]:
    """The law of the assembly given an avalanche, from all forests of the units rooted at {start, leak}.

    A forest counts with the probability of its start times the product of its weights; the tree of the start
    is the assembly. For a start without leak this is the law of a wave drawn from all waves.
    """
    return _law_by_listing(W, U, drive, _tree_of)


def _tree_of(forest: Forest, root: int) -> Assembly:
    tree = {root}
    while grown := {i for i, j in forest.items() if j in tree} - tree:
        tree |= grown
    return frozenset(tree)


def pattern_law_by_listing(
    W: Weights, U: Sequence[Number], drive: Sequence[Number]
) -> dict[Pattern, Fraction]:
    """The law of the pattern given an avalanche, from the same forests: levels of trees are generations."""
    return _law_by_listing(W, U, drive, _levels_of)


def _law_by_listing(
    W: Weights, U: Sequence[Number], drive: Sequence[Number], outcome_of: Callable[[Forest, int], T]
) -> dict[T, Fraction]:
    units, lost = range(len(U)), leak(W, U)
    weights: dict[T, Fraction] = {}
    for start, probability in enumerate(drive):
        if probability:
            for forest in _forests(W, lost, set(units) - {start}, units):
                outcome = outcome_of(forest, start)
                weight = Fraction(probability) * _forest_weight(W, lost, forest)
                weights[outcome] = weights.get(outcome, Fraction(0)) + weight
    total = sum(weights.values())
    return {outcome: weight / total for outcome, weight in weights.items()}


def _levels_of(forest: Forest, root: int) -> Pattern:
    levels = [frozenset({root})]
    while above := frozenset(i for i, j in forest.items() if j in levels[-1]):
        levels.append(above)
    return tuple(levels)
