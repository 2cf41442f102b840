"""Every set of units in turn: its tree weight from the starts, times the forest weight of the others.

Sets are bit masks. Integer systems go through batches of modular determinants: one for all starts together,
sum_k q_k tau_k(A) = det(L[A] + q_A e_1^T), and one for the forest. All other rings go through the recursion
over sets.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from exactav.arithmetic import Element
from exactav.kernels import modular
from exactav.kernels.polynomials import SetSums
from exactav.system import System

Masks = NDArray[np.int64]
_BATCH_ENTRIES = 1 << 21  # matrix entries handled at once, 16 MB of residues


def assembly_weights(system: System, roots: Mapping[int, Element], total: Element) -> dict[int, Element]:
    """mask -> sum_k roots[k] tau_k(A) f(complement of A), for all sets A where it is not zero.

    ``total`` is the sum of all of them; it bounds each, and so the number of primes.
    """
    if not system.ring.is_ZZ:
        return dict(_by_recursion(system, roots))
    masks = viable_masks(system, roots)
    moduli = modular.primes(int(total))
    residues = [_products(system, roots, masks, prime) for prime in moduli]
    return dict(zip(masks.tolist(), modular.integers(residues, moduli), strict=True))


def size_weights(system: System, roots: Mapping[int, Element], total: Element) -> list[Element]:
    """``weights[L]``: the total weight of all assemblies of L units, L = 0 .. N."""
    if not system.ring.is_ZZ:
        weights = [system.ring.zero] * (system.n_units + 1)
        for mask, weight in _by_recursion(system, roots):
            weights[mask.bit_count()] += weight
        return weights
    masks = viable_masks(system, roots)
    sizes = np.bitwise_count(masks)
    moduli = modular.primes(int(total))
    residues = []
    for prime in moduli:
        products = _products(system, roots, masks, prime)
        sums = [int(products[sizes == size].sum()) % prime for size in range(system.n_units + 1)]
        residues.append(np.array(sums, dtype=np.int64))
    return modular.integers(residues, moduli)


def viable_masks(system: System, roots: Mapping[int, Element]) -> Masks:
    """The sets that some start can recruit from within, and whose complement can lose all it receives."""
    n = system.n_units
    masks: Masks = np.arange(1 << n, dtype=np.int64)
    receivers = [sum(1 << i for i in range(n) if j in system.weights[i]) for j in range(n)]
    recruitable = np.zeros(masks.size, dtype=bool)
    for start in roots:
        recruitable |= (masks >> start & 1 == 1) & (_spread(masks & 1 << start, masks, receivers) == masks)
    leaky = sum(1 << i for i in range(n) if system.leak[i])
    complements = masks[::-1]
    drained = _spread(complements & leaky, complements, receivers) == complements
    viable: Masks = masks[recruitable & drained]
    return viable


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


def _products(system: System, roots: Mapping[int, Element], masks: Masks, prime: int) -> modular.Residues:
    """tree weight times forest weight of the complement, modulo ``prime``, for each mask."""
    n = system.n_units
    weights = np.array(
        [[int(row.get(j, 0)) % prime for j in range(n)] for row in system.weights], dtype=np.int64
    )
    starts = np.array([int(roots.get(k, 0)) % prime for k in range(n)], dtype=np.int64)
    leak = np.array([int(s) % prime for s in system.leak], dtype=np.int64)
    trees = _set_determinants(weights, masks, prime, first_column=starts)
    forests = _set_determinants(weights, (1 << n) - 1 - masks, prime, diagonal=leak)
    return trees * forests % prime


def _set_determinants(
    weights: modular.Residues,
    masks: Masks,
    prime: int,
    *,
    first_column: modular.Residues | None = None,
    diagonal: modular.Residues | None = None,
) -> modular.Residues:
    """det of each induced Laplacian, with a vector added to its first column or to its diagonal."""
    results = np.ones(masks.size, dtype=np.int64)
    sizes = np.bitwise_count(masks)
    for size in range(1, weights.shape[0] + 1):
        (places,) = np.nonzero(sizes == size)
        batch = max(1, _BATCH_ENTRIES // size**2)
        for begin in range(0, places.size, batch):
            chosen = places[begin : begin + batch]
            units = _members(masks[chosen], size, weights.shape[0])
            matrices = (prime - weights[units[:, :, None], units[:, None, :]]) % prime
            within = np.arange(size)
            matrices[:, within, within] = 0
            sums = (prime * size - matrices.sum(axis=2)) % prime
            matrices[:, within, within] = sums if diagonal is None else (sums + diagonal[units]) % prime
            if first_column is not None:
                matrices[:, :, 0] = (matrices[:, :, 0] + first_column[units]) % prime
            results[chosen] = modular.determinants(matrices, prime)
    return results


def _members(masks: Masks, size: int, n_units: int) -> Masks:
    """The units of each mask of ``size`` units, ascending, shape (len(masks), size)."""
    _, units = np.nonzero(masks[:, None] >> np.arange(n_units) & 1)
    return units.reshape(masks.size, size)


def _by_recursion(system: System, roots: Mapping[int, Element]) -> Iterator[tuple[int, Element]]:
    everything = (1 << system.n_units) - 1
    sums = SetSums(system.ring, system.weights, system.leak, everything)
    for mask in range(1, everything + 1):
        total = system.ring.zero
        for start, root in roots.items():
            if mask >> start & 1:
                total += root * sums.tree(start, mask)
        if total and (forest := sums.forest(everything ^ mask)):
            yield mask, total * forest
