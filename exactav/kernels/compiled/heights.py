"""Trees by height, compiled: what one level adds, over counts and over sets, modulo primes or in floats.

Residues are below 2^28, so that 256 products of two add up in 64 bits before they are reduced.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.compiled.compiling import compiled
from exactav.kernels.positive import BLOCK

_HELD = 256  # products added up before they are reduced
_LOWER = np.uint64(2**32 - 1)


def advance_counts(
    block: NDArray[Any],
    extra: NDArray[Any],
    whole: NDArray[Any],
    largest: tuple[int, ...],
    level: int,
    prime: int,
) -> NDArray[Any]:
    """As ``heights.advance``."""
    sizes = np.array(whole.shape, dtype=np.int64) - 1
    most = np.array(largest, dtype=np.int64)
    found: NDArray[Any]
    if prime:
        a, b, c = (series.ravel().astype(np.uint32) for series in (block, extra, whole))
        inverses = _inverses(int(sizes.sum()), prime)
        found = _advance_residues(a, b, c, sizes, most, level, np.uint64(prime), inverses).astype(np.int64)
    else:
        found = _advance_floats(block.ravel(), extra.ravel(), whole.ravel(), sizes, most, level)
    return found.reshape(whole.shape)


@lru_cache(maxsize=64)
def _inverses(largest: int, prime: int) -> NDArray[np.uint64]:
    """1/n modulo the prime, for all n up to ``largest``."""
    return np.array([0, *(pow(n, -1, prime) for n in range(1, largest + 1))], dtype=np.uint64)


@compiled
def _following(counts: Any, largest: Any) -> bool:
    """Count on in all places but the last, in the order of their numbers; False after the last."""
    for place in range(counts.size - 2, -1, -1):
        if counts[place] < largest[place]:
            counts[place] += 1
            return True
        counts[place] = 0
    return False


@compiled
def _row(counts: Any, strides: Any) -> tuple[Any, Any]:
    """The number of the row that counts stand in, and how many units it has."""
    begin, units = np.int64(0), np.int64(0)
    for place in range(counts.size - 1):
        begin += counts[place] * strides[place]
        units += counts[place]
    return begin, units


@compiled
def _strides(sizes: Any) -> Any:
    strides = np.ones(sizes.size, dtype=np.int64)
    for place in range(sizes.size - 2, -1, -1):
        strides[place] = strides[place + 1] * (sizes[place + 1] + 1)
    return strides


@compiled
def _residues_against(first: Any, begin: int, second: Any, end: int, length: int) -> tuple[Any, Any]:
    """The sum of first[begin + k] second[end - k] over k < length, as upper and lower halves of blocks."""
    upper, lower = np.uint64(0), np.uint64(0)
    for done in range(0, length, _HELD):
        n = min(length - done, _HELD)
        ahead, back = first[begin + done : begin + done + n], second[end - done - n + 1 : end - done + 1]
        part = np.uint64(0)
        for k in range(n):
            part += np.uint64(ahead[k]) * np.uint64(back[n - 1 - k])
        upper += part >> np.uint64(32)
        lower += part & _LOWER
    return upper, lower


@compiled
def _floats_against(first: Any, begin: int, second: Any, end: int, length: int) -> Any:
    """The same in floating point, four sums side by side."""
    ahead, back = first[begin : begin + length], second[end - length + 1 : end + 1]
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    even = length // 4 * 4
    for k in range(0, even, 4):
        a += ahead[k] * back[length - 1 - k]
        b += ahead[k + 1] * back[length - 2 - k]
        c += ahead[k + 2] * back[length - 3 - k]
        d += ahead[k + 3] * back[length - 4 - k]
    for k in range(even, length):
        a += ahead[k] * back[length - 1 - k]
    return (a + b) + (c + d)


@compiled
def _advance_residues(
    block: Any, extra: Any, whole: Any, sizes: Any, largest: Any, level: int, prime: Any, inverses: Any
) -> Any:
    added = np.zeros_like(whole)
    strides = _strides(sizes)
    last = sizes.size - 1
    counts, taken = np.zeros_like(sizes), np.zeros_like(sizes)
    while True:
        row, before = _row(counts, strides)
        for count in range(max(np.int64(0), level - before), largest[last] + 1):
            degree, index = before + count, row + count
            upper, lower = np.uint64(0), np.uint64(0)
            taken[:] = 0
            while True:
                begin, used = _row(taken, strides)
                length = min(count, degree - level - used) + 1
                if length > 0:
                    u, v = _residues_against(block, begin, added, index - begin, length)
                    upper += u
                    lower += v
                first = max(np.int64(0), level - used)
                if first <= count:
                    begin += first
                    u, v = _residues_against(extra, begin, whole, index - begin, count + 1 - first)
                    upper += u
                    lower += v
                if not _following(taken, counts):
                    break
            total = upper % prime * ((_LOWER + np.uint64(1)) % prime) + lower % prime
            added[index] = total % prime * inverses[degree] % prime
        if not _following(counts, largest):
            return added


@compiled
def _advance_floats(block: Any, extra: Any, whole: Any, sizes: Any, largest: Any, level: int) -> Any:
    added = np.zeros_like(whole)
    strides = _strides(sizes)
    last = sizes.size - 1
    counts, taken = np.zeros_like(sizes), np.zeros_like(sizes)
    while True:
        row, before = _row(counts, strides)
        for count in range(max(np.int64(0), level - before), largest[last] + 1):
            degree, index = before + count, row + count
            total = 0.0
            taken[:] = 0
            while True:
                begin, used = _row(taken, strides)
                length = min(count, degree - level - used) + 1
                if length > 0:
                    total += _floats_against(block, begin, added, index - begin, length)
                first = max(np.int64(0), level - used)
                if first <= count:
                    begin += first
                    total += _floats_against(extra, begin, whole, index - begin, count + 1 - first)
                if not _following(taken, counts):
                    break
            added[index] = total / degree
        if not _following(counts, largest):
            return added


@compiled
def advance_residues_of_sets(below: Any, more: Any, whole: Any, sizes: Any, level: int, prime: Any) -> Any:
    """As ``set_heights.advance``; sets in rows, roots in columns, ``sizes`` those of the sets."""
    n_sets, n_roots = whole.shape
    added = np.zeros_like(whole)
    sums = np.zeros(n_roots, dtype=np.uint64)
    for mask in range(1, n_sets):
        size = sizes[mask]
        if size < level:
            continue
        others = mask ^ (mask & -mask)
        rest = others
        held = 0
        sums[:] = 0
        while True:
            block = mask ^ rest
            if sizes[rest] >= level:
                for v in range(n_roots):
                    sums[v] += np.uint64(below[block, v]) * np.uint64(added[rest, v])
                held += 1
            if size - sizes[rest] >= level:
                for v in range(n_roots):
                    sums[v] += np.uint64(more[block, v]) * np.uint64(whole[rest, v])
                held += 1
            if held >= _HELD - 1 or not rest:
                for v in range(n_roots):
                    sums[v] %= prime
                held = 1
            if not rest:
                break
            rest = (rest - 1) & others
        for v in range(n_roots):
            added[mask, v] = sums[v]
    return added


@compiled
def advance_floats_of_sets(below: Any, more: Any, whole: Any, sizes: Any, level: int) -> Any:
    """The same in floating point, added up in blocks."""
    n_sets, n_roots = whole.shape
    added = np.zeros_like(whole)
    sums, part = np.zeros(n_roots), np.zeros(n_roots)
    for mask in range(1, n_sets):
        size = sizes[mask]
        if size < level:
            continue
        others = mask ^ (mask & -mask)
        rest = others
        held = 0
        sums[:] = 0.0
        part[:] = 0.0
        while True:
            block = mask ^ rest
            if sizes[rest] >= level:
                for v in range(n_roots):
                    part[v] += below[block, v] * added[rest, v]
                held += 1
            if size - sizes[rest] >= level:
                for v in range(n_roots):
                    part[v] += more[block, v] * whole[rest, v]
                held += 1
            if held >= BLOCK - 1 or not rest:
                for v in range(n_roots):
                    sums[v] += part[v]
                    part[v] = 0.0
                held = 0
            if not rest:
                break
            rest = (rest - 1) & others
        for v in range(n_roots):
            added[mask, v] = sums[v]
    return added
