"""The law of sizes on a lattice: the sum over the sets that an avalanche can recruit."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from exactav.errors import UndecidedError
from exactav.lattices.animals import Animal, Links, animals, grid_for
from exactav.lattices.cells import Cell, Position
from exactav.lattices.certain import Bounds, added, affordable, precisions, ratio, refused, rounded
from exactav.lattices.modes import Window, window
from exactav.lattices.sums import Weigher
from exactav.running.tasks import Progress

# Seconds, measured.
_SET = 1.5e-4  # a set, besides what grows with its neighbours
_FOUND = 1e-4  # a neighbour, of what it takes to find larger sets
_PAIR = 4e-7  # a pair of neighbours
_STEP = 6e-8  # neighbours to the third

near = lru_cache(maxsize=8)(window)


def around_origin(found: Window, receiver: int, sender: int, position: Position) -> Bounds:
    """Bounds of an entry of the Green function."""
    value = found.tables[receiver][sender][found.grid.number(position) + found.grid.middle]
    scale = 1 << found.bits
    return Fraction(max(0, value - found.error), scale), Fraction(value + found.error, scale)


def at_origin(cell: Cell, found: Window, roots: Sequence[Fraction]) -> Bounds:
    """sum over starts k of root_k G_kk."""
    zero = (0,) * cell.dimension
    return added((root, around_origin(found, k, k, zero)) for k, root in enumerate(roots) if root)


class Sizes(NamedTuple):
    """Bounds of P(1), P(2), ..., and of all larger sizes together."""

    by_size: list[Bounds]
    larger: Bounds


def sizes(
    cell: Cell, roots: Sequence[Fraction], up_to: int, digits: int, max_cost: float, progress: Progress
) -> Sizes:
    """With so many certain digits of each.

    Args:
        roots: of starts by unit of the cell, which sum to 1.

    Raises:
        TooCostlyError: it would take more than ``max_cost`` seconds.
        UndecidedError: the digits stay open.
    """
    grid = grid_for(cell, up_to)
    affordable(cell, grid.reach, digits, max_cost, f"the law of sizes up to {up_to}")
    layers, ends = _listed(cell, roots, up_to, max_cost)
    progress(0.1)
    for bits in precisions(digits, cell, 48 + 4 * up_to):
        try:
            found = _summed(cell, roots, layers, ends, near(cell, grid.reach, bits), progress)
        except UndecidedError:
            continue
        if all(rounded(bounds, digits) is not None for bounds in [*found.by_size, found.larger]):
            progress(1.0)
            return found
    raise UndecidedError(f"{digits} digits of the law of sizes are open at {bits} bits")


def _listed(
    cell: Cell, roots: Sequence[Fraction], up_to: int, max_cost: float
) -> tuple[list[dict[Animal, int]], bool]:
    """(sets by size, whether there are no larger ones)."""
    grid = grid_for(cell, up_to)
    links = Links.of(cell, grid)
    layers: list[dict[Animal, int]] = []
    before, spent = 0, 0.0
    starts = [kind for kind, root in enumerate(roots) if root]
    for layer in animals(cell, grid, starts):
        layers.append(layer)
        n_sets = len(layer)
        most = max(len(links.around(animal)) for animal in list(layer)[:100])
        each = _SET + _FOUND * most + _PAIR * most**2 + _STEP * most**3
        spent += n_sets * each
        growth = n_sets / before if before else 1.0
        n_left = sum(n_sets * growth**ahead for ahead in range(1, min(up_to - len(layers), 200) + 1))
        if spent + n_left * each > max_cost:
            raise refused(n_sets + n_left, spent + n_left * each, max_cost, up_to)
        if len(layers) == up_to:
            return layers, not any(links.around(animal) for animal in layer)
        before = n_sets
    return layers, True


def _summed(
    cell: Cell,
    roots: Sequence[Fraction],
    layers: Sequence[dict[Animal, int]],
    ends: bool,
    found: Window,
    progress: Progress,
) -> Sizes:
    weigher = Weigher(cell, found, roots)
    below, scale = at_origin(cell, found, roots), 1 << found.bits
    n_sets, done = sum(map(len, layers)), 0
    by_size = []
    for layer in layers:
        low = high = 0
        for animal, count in layer.items():
            least, most = weigher.weight(animal).ends()
            low, high = low + count * least, high + count * most
            done += 1
            if not done % 256:
                progress(0.1 + 0.9 * done / n_sets)
        by_size.append(ratio((Fraction(low, scale), Fraction(high, scale)), below))
    if ends:
        return Sizes(by_size, (Fraction(0), Fraction(0)))
    low_sum, high_sum = added((Fraction(1), bounds) for bounds in by_size)
    if high_sum >= 1:
        raise UndecidedError("what is left over for larger sizes is below the error")
    return Sizes(by_size, (1 - high_sum, 1 - low_sum))
