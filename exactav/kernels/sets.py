"""Sums over sets of units with NumPy, batch by batch: the plain twin of :mod:`.compiled.sets`.

Sets are bit masks, or rows of truth values where there are more than 64 units.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.kernels import choices, modular, positive

Masks = NDArray[np.int64]
Bits = NDArray[np.bool_]
PIECE = 1 << 27  # steps of one call of compiled code, which Ctrl-C waits for
_BATCH_ENTRIES = 1 << 21  # matrix entries handled at once, 16 MB of residues


def modular_weights(
    weights: modular.Residues,
    starts: modular.Residues,
    leak: modular.Residues,
    first: int,
    last: int,
    prime: int,
) -> modular.Residues:
    """Tree weight times forest weight of the sets first <= mask < last, modulo ``prime``.

    The prime is below ``modular.limit_side_by_side``; compiled where that pays.
    """
    if choices.compiles_sets(len(weights), exact=True):
        from exactav.kernels.compiled import sets as compiled_sets

        return compiled_sets.modular_weights(weights, starts, leak, first, last, prime)
    masks = viable(weights, starts, leak, np.arange(first, last, dtype=np.int64))
    found = np.zeros(last - first, dtype=np.int64)
    found[masks - first] = products(weights, starts, leak, masks, prime)
    return found


def positive_weights(
    weights: positive.Floats, starts: positive.Floats, leak: positive.Floats, first: int, last: int
) -> positive.Floats:
    """The same in floating point.

    Raises:
        FloatingPointError: a number underflows.
    """
    if choices.compiles_sets(len(weights), exact=False):
        from exactav.kernels.compiled import sets as compiled_sets

        return compiled_sets.positive_weights(weights, starts, leak, first, last)
    masks = viable(weights, starts, leak, np.arange(first, last, dtype=np.int64))
    found = np.zeros(last - first)
    found[masks - first] = positive_products(weights, starts, leak, masks)
    return found


def modular_sums(
    found: modular.Residues, strides: modular.Residues, n_outcomes: int, first: int, prime: int
) -> modular.Residues:
    """By outcome: the sums of the weights of the sets from ``first`` on, modulo ``prime``."""
    outcomes = _outcomes(first, found.size, strides)
    sums = np.bincount(outcomes, found, n_outcomes)  # in floats, which are exact below 2^53
    return sums.astype(np.int64) % prime


def positive_sums(
    found: positive.Floats, strides: modular.Residues, n_outcomes: int, first: int
) -> positive.Floats:
    """The same in floating point, added up in blocks."""
    outcomes = _outcomes(first, found.size, strides)
    result = np.zeros(n_outcomes)
    rows = max(1, _BATCH_ENTRIES // 8 // n_outcomes)
    for begin in range(0, found.size, rows * positive.BLOCK):
        part = slice(begin, begin + rows * positive.BLOCK)
        values = found[part]
        blocks = np.arange(values.size) // positive.BLOCK
        n_blocks = int(blocks[-1]) + 1
        sums = np.bincount(blocks * n_outcomes + outcomes[part], values, n_blocks * n_outcomes)
        for row in sums.reshape(n_blocks, n_outcomes):
            result += row
    return result


def positive_products(
    weights: positive.Floats, starts: positive.Floats, leak: positive.Floats, masks: Masks
) -> positive.Floats:
    """tree weight times forest weight of the complement in floating point, for each mask.

    Raises:
        FloatingPointError: a number underflows.
    """
    n = weights.shape[0]
    values = np.ones(masks.size)
    with np.errstate(under="raise"):
        for sets, vector, linear in ((masks, starts, True), ((1 << n) - 1 - masks, leak, False)):
            for chosen, units in batches(bits_of(sets, n)):
                chosen_weights = weights[units[:, :, None], units[:, None, :]]
                values[chosen] *= positive.determinants(chosen_weights, vector[units], linear=linear)
    return values


def _outcomes(first: int, n_masks: int, strides: modular.Residues) -> Masks:
    """The outcomes of the masks from ``first`` on."""
    n_low = (n_masks - 1).bit_length()
    outcomes = np.zeros(1, dtype=np.int64)
    for step in strides[:n_low].tolist():
        outcomes = np.concatenate([outcomes, outcomes + step])
    high = sum(step for unit, step in enumerate(strides.tolist()) if unit >= n_low and first >> unit & 1)
    found: Masks = outcomes[:n_masks] + high
    return found


def viable(weights: NDArray[Any], starts: NDArray[Any], leak: NDArray[Any], masks: Masks) -> Masks:
    """The sets that some start can recruit from within, and whose complement can lose all it receives."""
    n = weights.shape[0]
    receivers = [sum(1 << i for i in range(n) if weights[i, j]) for j in range(n)]
    recruitable = np.zeros(masks.size, dtype=bool)
    for start in np.flatnonzero(starts).tolist():
        recruitable |= (masks >> start & 1 == 1) & (_spread(masks & 1 << start, masks, receivers) == masks)
    leaky = sum(1 << unit for unit in np.flatnonzero(leak).tolist())
    complements = (1 << n) - 1 - masks
    drained = _spread(complements & leaky, complements, receivers) == complements
    found: Masks = masks[recruitable & drained]
    return found


def _spread(seeds: Masks, within: Masks, receivers: list[int]) -> Masks:
    """All units that can be reached from each seed set along weights inside ``within``."""
    reached = seeds
    while True:
        following = reached
        for sender, targets in enumerate(receivers):
            following = following | np.where(reached >> sender & 1, targets, 0) & within
        if np.array_equal(following, reached):
            return reached
        reached = following


def products(
    weights: modular.Residues, starts: modular.Residues, leak: modular.Residues, masks: Masks, prime: int
) -> modular.Residues:
    """tree weight times forest weight of the complement, modulo ``prime``, for each mask."""
    inside = bits_of(masks, weights.shape[0])
    trees = set_determinants(weights, inside, prime, first_column=starts)
    return trees * set_determinants(weights, ~inside, prime, diagonal=leak) % prime


def bits_of(masks: Masks, n_units: int) -> Bits:
    """Sets as rows of truth values, one for each unit."""
    bits: Bits = (masks[:, None] >> np.arange(n_units) & 1).astype(bool)
    return bits


def set_determinants(
    weights: modular.Residues,
    sets: Bits,
    prime: int,
    *,
    first_column: modular.Residues | None = None,
    diagonal: modular.Residues | None = None,
) -> modular.Residues:
    """det of the Laplacian of each set, with a vector added to its first column or to its diagonal."""
    if choices.compiles_sets(len(weights), exact=True):
        from exactav.kernels.compiled import sets as compiled_sets

        nothing = np.zeros(len(weights), dtype=np.int64)
        column = nothing if first_column is None else first_column
        added = nothing if diagonal is None else diagonal
        piece = 1 + PIECE // (1 + len(weights)) ** 3
        found = [
            compiled_sets.set_determinants(weights, sets[begin : begin + piece], column, added, prime)
            for begin in range(0, len(sets), piece)
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])
    results = np.ones(len(sets), dtype=np.int64)
    for chosen, units in batches(sets):
        matrices = (prime - weights[units[:, :, None], units[:, None, :]]) % prime
        size = units.shape[1]
        within = np.arange(size)
        matrices[:, within, within] = 0
        sums = (prime * size - matrices.sum(axis=2)) % prime
        matrices[:, within, within] = sums if diagonal is None else (sums + diagonal[units]) % prime
        if first_column is not None:
            matrices[:, :, 0] = (matrices[:, :, 0] + first_column[units]) % prime
        results[chosen] = modular.determinants(matrices, prime)
    return results


def batches(sets: Bits) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(places, their units, ascending, one row a set) of sets of equal size, nonempty, a batch at a time."""
    sizes = sets.sum(axis=1)
    for size in np.unique(sizes[sizes > 0]).tolist():
        (places,) = np.nonzero(sizes == size)
        batch = max(1, _BATCH_ENTRIES // size**2)
        for begin in range(0, places.size, batch):
            chosen = places[begin : begin + batch]
            _, units = np.nonzero(sets[chosen])
            yield chosen, units.reshape(chosen.size, size)
