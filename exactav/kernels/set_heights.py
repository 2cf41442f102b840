"""Rooted trees by height, over sets of units: as :mod:`.heights` with a set in place of counts.

E_v(B) is the weight of all ways to hang the units B below root v within d levels, the set exponential of
h_v(B) = sum over u in B of w_uv E_u(B - u) within d - 1 levels. With D and e for what level d adds to them,

    D_v(B) = sum over blocks S of B that hold its lowest unit, of h_v(S) D_v(B - S) + e_v(S) E_v(B - S),

E_v from within d - 1 levels. Nothing is subtracted. D_v(B) vanishes for |B| < d, e_v(S) for |S| < d. All
roots go side by side: B is a mask of the N - 1 other units of the root, in their order.
"""

from collections.abc import Callable, Iterator
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.heights import Table, check, reduced
from exactav.kernels.modular import Residues
from exactav.kernels.positive import BLOCK, Floats
from exactav.kernels.sets import Masks

_CHUNK = 1 << 20  # numbers handled at once


def n_products(n_units: int) -> int:
    """Products that all levels of all roots take.

    >>> n_products(3)
    18
    """
    return int(n_units * (n_units - 1) * 3 ** max(n_units - 2, 0))


def modular_sums(
    weights: Residues, shares: Residues, prime: int, told: Callable[[float], object], compiles: bool
) -> Residues:
    """By size and duration: the sum over roots v and sets B of shares[B, v] times the trees of this height.

    Args:
        weights: weights[u, v] by which u takes v as its parent.
        shares: one row for each mask of N - 1 units, one column for each root.
        told: is called with the share of the levels that are done.
    """
    return _sums(weights, shares, prime, told, compiles)


def positive_sums(weights: Floats, shares: Floats, told: Callable[[float], object], compiles: bool) -> Floats:
    """The same in floating point.

    Raises:
        FloatingPointError: numbers are too small to be sure of, or too large.
    """
    with np.errstate(under="raise", over="raise", invalid="raise"):
        return _sums(weights, shares, 0, told, compiles)


def sizes_of(n_units: int) -> NDArray[np.int64]:
    """How many units each mask of ``n_units`` holds."""
    sizes = np.zeros(1 << n_units, dtype=np.int64)
    for unit in range(n_units):
        sizes[1 << unit : 2 << unit] = sizes[: 1 << unit] + 1
    return sizes


def expanded(masks: Masks, root: int) -> Masks:
    """Masks of the other units as masks of all units, without the root."""
    low = masks & ((1 << root) - 1)
    return low | (masks ^ low) << 1


def _sums(
    weights: Table, shares: Table, prime: int, told: Callable[[float], object], compiles: bool
) -> Table:
    n_units = len(weights)
    sizes = sizes_of(n_units - 1)
    whole = np.zeros_like(shares)
    whole[0] = 1
    latest, below = whole.copy(), np.zeros_like(shares)
    found = np.zeros((n_units + 1, n_units + 1), dtype=shares.dtype)
    done, every = 0, n_products(n_units) or 1
    for level in range(n_units):
        if level:
            told(done / every)
            more = _hanging(latest, weights, prime)
            check(more, prime)
            below = reduced(below + more, prime)
            latest = advance(below, more, whole, sizes, level, prime, compiles)
            check(latest, prime)
            whole = reduced(whole + latest, prime)
            if not latest.any():
                break
            done += n_units * _level_products(n_units - 1, level)
        terms = reduced(shares * latest, prime)
        for size in range(level, n_units):
            found[size + 1, level + 1] = _summed(terms[sizes == size])
    return reduced(found, prime)


def _level_products(n: int, level: int) -> int:
    return sum(comb(n, size) * comb(size, part) for size in range(n + 1) for part in range(level, size + 1))


def _summed(terms: Table) -> Any:
    """The sum of all, in blocks, one after another: the number of additions of each is known."""
    flat = terms.ravel()
    padded = np.zeros(-(-flat.size // BLOCK) * BLOCK, dtype=flat.dtype)
    padded[: flat.size] = flat
    return padded.reshape(BLOCK, -1).sum(axis=0).sum()


def _hanging(latest: Table, weights: Table, prime: int) -> Table:
    """e of all roots: one subtree of the height that was added last below each."""
    n_units = len(weights)
    others = np.arange(len(latest), dtype=np.int64)
    trees = np.zeros((2 * len(latest), n_units), dtype=latest.dtype)  # by all units of the tree, and root
    for root in range(n_units):
        trees[expanded(others, root) | 1 << root, root] = latest[:, root]
    more = np.empty_like(latest)
    for root in range(n_units):
        chosen = trees[expanded(others, root)]
        if prime:
            column = np.zeros(len(latest), dtype=latest.dtype)
            for unit in range(n_units):
                column += chosen[:, unit] * weights[unit, root] % prime
            more[:, root] = column % prime
        else:
            column = np.zeros(len(latest))
            for unit in range(n_units):
                column += chosen[:, unit] * weights[unit, root]
            more[:, root] = column
    return more


def advance(
    below: Table, more: Table, whole: Table, sizes: Masks, level: int, prime: int, compiles: bool
) -> Table:
    """D of all roots from h, e, and E within fewer levels."""
    if not compiles:
        return _advance(below, more, whole, sizes, level, prime)
    from exactav.kernels.compiled import heights as compiled_heights

    found: Table
    if prime:
        a, b, c = (series.astype(np.uint32) for series in (below, more, whole))
        found = compiled_heights.advance_residues_of_sets(a, b, c, sizes, level, np.uint64(prime))
        return found.astype(np.int64)
    found = compiled_heights.advance_floats_of_sets(below, more, whole, sizes, level)
    return found


def _advance(below: Table, more: Table, whole: Table, sizes: Masks, level: int, prime: int) -> Table:
    added = np.zeros_like(whole)
    for masks, blocks in _splits(sizes, level, whole.shape[1]):
        rests = masks[:, None] ^ blocks
        terms = reduced(below[blocks] * added[rests], prime) + reduced(more[blocks] * whole[rests], prime)
        added[masks] = reduced(terms.sum(axis=1), prime)
    return added


def _splits(sizes: Masks, level: int, n_roots: int) -> Iterator[tuple[Masks, Masks]]:
    """Masks of at least ``level`` units, smaller ones first, with their subsets that hold the lowest unit."""
    for size in range(level, int(sizes[-1]) + 1):
        (masks,) = np.nonzero(sizes == size)
        step = max(1, _CHUNK // ((n_roots << size - 1) or 1))
        for begin in range(0, masks.size, step):
            chosen = masks[begin : begin + step]
            rest = chosen & (chosen - 1)
            blocks = (chosen ^ rest)[:, None]
            for _ in range(size - 1):
                lowest = rest & -rest
                blocks = np.concatenate([blocks, blocks | lowest[:, None]], axis=1)
                rest = rest ^ lowest
            yield chosen, blocks
