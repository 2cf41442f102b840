"""What successive slow steps make of the cells of a rational network, all at once."""

from collections import Counter
from collections.abc import Callable, Sequence
from math import lcm

import numpy as np
import sympy
from numpy.typing import NDArray

from exactav.phase_space.chain import Chain
from exactav.sequences.boxes import Assembly, Choice, Sequences
from exactav.sequences.limits import MAX_CODE


def common_denominator(choice: Choice) -> int:
    """The common denominator of the probabilities."""
    return lcm(*(int(p.q) for p in choice.values()))


def _numerators(cells: Chain, choice: Choice) -> list[int]:
    common = common_denominator(choice)
    return [int(choice.get(k, 0) * common) for k in cells.starts]


def sequence_counts(cells: Chain, choices: Sequence[Choice]) -> dict[Sequences, int]:
    """How many cells answer with each sequence, weighted by the numerators of what is fed."""
    places: dict[Assembly, int] = {}
    of_outcome = [places.setdefault(frozenset().union(*p), len(places)) for p in cells.outcomes]
    assembly = np.array(of_outcome)[cells.outcome]
    assemblies = list(places)
    counts: Counter[Sequences] = Counter()

    def follow(
        step: int, where: NDArray[np.int64], codes: NDArray[np.int64], known: list[Sequences], weight: int
    ) -> None:
        """``codes`` are the places of the sequence so far in ``known``, and what has been added to them."""
        if step == len(choices) or (int(codes.max()) + 1) * len(assemblies) > MAX_CODE:
            distinct, codes, times = np.unique(codes, return_inverse=True, return_counts=True)
            n_added = step - len(known[0])
            known = [_decoded(int(code), known, assemblies, n_added) for code in distinct]
            if step == len(choices):
                for sequence, count in zip(known, times.tolist(), strict=True):
                    counts[sequence] += weight * count
                return
        for row, p in enumerate(_numerators(cells, choices[step])):
            if p:
                added = codes * len(assemblies) + assembly[row][where]
                follow(step + 1, cells.after[row][where], added, known, weight * p)

    everywhere = np.arange(cells.n_cells)
    follow(0, everywhere, np.zeros_like(everywhere), [()], 1)
    return dict(counts)


def _decoded(code: int, known: Sequence[Sequences], assemblies: Sequence[Assembly], n: int) -> Sequences:
    """The sequence of a code: a known one, and n assemblies that have been added to it."""
    added = []
    for _ in range(n):
        code, place = divmod(code, len(assemblies))
        added.append(assemblies[place])
    return (*known[code], *reversed(added))


def _is_avalanche(cells: Chain, happens: Callable[[Assembly], bool] = bool) -> NDArray[np.bool_]:
    """starts x cells: whether the event happens."""
    return np.array([happens(frozenset().union(*pattern)) for pattern in cells.outcomes])[cells.outcome]


def waits(cells: Chain, choice: Choice) -> dict[int, sympy.Expr]:
    """Weights of waits, by moving the mass that has had no avalanche since the first."""
    numerators, common = _numerators(cells, choice), common_denominator(choice)
    avalanche = _is_avalanche(cells)
    mass = np.zeros(cells.n_cells, dtype=object)
    for row, p in enumerate(numerators):
        mass[cells.after[row][avalanche[row]]] += p  # no two cells lead to the same
    found: dict[int, sympy.Expr] = {}
    denominator, wait = sympy.Integer(1), 0
    while mass.any():
        wait, denominator = wait + 1, denominator * common
        following = np.zeros(cells.n_cells, dtype=object)
        ended = 0
        for row, p in enumerate(numerators):
            ended += p * int(mass[avalanche[row]].sum())
            quiet = ~avalanche[row] & (mass != 0)
            following[cells.after[row][quiet]] += p * mass[quiet]
        found[wait] = ended / denominator
        mass = following
    return found


def event_products(
    cells: Chain, choice: Choice, max_lag: int, happens: Callable[[Assembly], bool]
) -> tuple[sympy.Expr, list[sympy.Expr]]:
    """(probability of the event, probabilities of the event now and after each lag)."""
    numerators, common = _numerators(cells, choice), common_denominator(choice)
    event = _is_avalanche(cells, happens)
    ahead = sum(p * event[row].astype(object) for row, p in enumerate(numerators))
    denominator = sympy.Integer(cells.n_cells * common)
    mean = int(ahead.sum()) / denominator
    products = [mean]
    for _ in range(max_lag):
        denominator *= common
        moved = [ahead[after] for after in cells.after]
        both = sum(p * int(moved[row][event[row]].sum()) for row, p in enumerate(numerators))
        products.append(both / denominator)
        ahead = sum(p * moved[row] for row, p in enumerate(numerators))
    return mean, products
