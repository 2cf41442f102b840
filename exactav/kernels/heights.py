"""Rooted trees by height, over counts of interchangeable units.

What hangs below a root is a set of subtrees. Let E_r(l) be the weight of all ways to hang l_a units of each
class a below a root of class r within d levels, and w_ar the weight by which a unit of class a takes one of
class r as its parent. As series in one variable a class, divided by the factorials of l,

    E_r = exp(h_r),  h_r = sum_a w_ar z_a E_a, the latter within d - 1 levels.

With D and e for what level d adds to E and to h, the derivative of the exponential series gives

    |l| D_r(l) = sum over 0 < k <= l of |k| (h_r(k) D_r(l - k) + e_r(k) E_r(l - k)),

E_r from within d - 1 levels: nothing is subtracted. D(l) vanishes for |l| < d, e(k) for |k| < d. In rings
without division the binomial convolution over the k with a distinguished unit does the same. The generations
of patterns are the levels of trees (derivation 03), so that d + 1 is the duration.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import comb, prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.kernels.modular import Residues
from exactav.kernels.positive import SMALLEST, Floats
from exactav.numbers.domains import Domain, Element

Counts = tuple[int, ...]
Table = NDArray[Any]


def n_products(sizes: Counts) -> float:
    """Products that all levels of one root take.

    >>> n_products((3,))
    20.0
    """
    # sum over l <= n of |l| prod (l_a + 1), as level d takes the k <= l with |k| >= d twice
    pairs = [(n + 1) * (n + 2) / 2 for n in sizes]
    return sum(n * (n + 1) * (n + 2) / 3 / own * prod(pairs) for n, own in zip(sizes, pairs, strict=True))


def ring_sums(
    ring: Domain,
    sizes: Counts,
    weights: Sequence[Sequence[Element]],
    shares: Sequence[Sequence[Element]],
    told: Callable[[float], object],
) -> dict[tuple[int, int], Element]:
    """(size, duration) -> sum over roots r and counts l of shares[r][l] times the trees of this height.

    Args:
        weights: weights[a][r] as above, in any ring.
        shares: by class of the root and number of the counts, in the order of ``itertools.product``; those of
            counts that have too many units of the root's class are 0.
        told: is called with the share of the levels that are done.
    """
    n_classes, n_units = len(sizes), sum(sizes)
    vectors = list(product(*(range(n + 1) for n in sizes)))
    degrees = [sum(vector) for vector in vectors]
    places = _places(sizes)
    splits = [list(_splits(vector, places)) for vector in vectors]
    zero = ring.zero
    whole = [[ring.one] + [zero] * (len(vectors) - 1) for _ in sizes]
    latest = [list(bush) for bush in whole]
    below = [[zero] * len(vectors) for _ in sizes]
    found: dict[tuple[int, int], Element] = {}
    for level in range(n_units):
        told(level / n_units)
        if level:
            more = [
                [
                    sum(
                        (
                            weights[a][r] * latest[a][index - places[a]] * vector[a]
                            for a in range(n_classes)
                            if vector[a] and weights[a][r] and latest[a][index - places[a]]
                        ),
                        zero,
                    )
                    for index, vector in enumerate(vectors)
                ]
                for r in range(n_classes)
            ]
            for r in range(n_classes):
                below[r] = [old + new for old, new in zip(below[r], more[r], strict=True)]
                latest[r] = _advanced(below[r], more[r], whole[r], splits, degrees, level, zero)
                whole[r] = [old + new for old, new in zip(whole[r], latest[r], strict=True)]
        for r in range(n_classes):
            for degree, share, trees in zip(degrees, shares[r], latest[r], strict=True):
                if share and trees:
                    outcome = degree + 1, level + 1
                    term = share * trees
                    found[outcome] = found[outcome] + term if outcome in found else term
    return found


def _places(sizes: Counts) -> list[int]:
    """What a unit of each class adds to the number of a count vector."""
    return [prod(n + 1 for n in sizes[a + 1 :]) for a in range(len(sizes))]


class _Split(NamedTuple):
    ways: int
    block: int  # the number of k
    rest: int  # that of l - k
    degree: int  # |k|


def _splits(vector: Counts, places: Sequence[int]) -> Iterator[_Split]:
    """The k <= l with a distinguished unit, one of the first class that l has any of."""
    first = next((a for a, count in enumerate(vector) if count), None)
    if first is None:
        return
    index = sum(count * place for count, place in zip(vector, places, strict=True))
    ranges = [range(a == first, count + 1) for a, count in enumerate(vector)]
    for block in product(*ranges):
        ways = prod(
            comb(count - (a == first), taken - (a == first))
            for a, (count, taken) in enumerate(zip(vector, block, strict=True))
        )
        number = sum(taken * place for taken, place in zip(block, places, strict=True))
        yield _Split(ways, number, index - number, sum(block))


def _advanced(
    below: list[Element],
    more: list[Element],
    whole: list[Element],
    splits: list[list[_Split]],
    degrees: list[int],
    level: int,
    zero: Element,
) -> list[Element]:
    """What the level adds to E of one root."""
    added = [zero] * len(whole)
    for index, degree in enumerate(degrees):
        if degree < level:
            continue
        total = zero
        for ways, block, rest, taken in splits[index]:
            if taken <= degree - level and (trees := below[block]) and (others := added[rest]):
                total += ways * trees * others
            if taken >= level and (trees := more[block]) and (others := whole[rest]):
                total += ways * trees * others
        added[index] = total
    return added


def modular_sums(sizes: Counts, weights: Residues, shares: Residues, prime: int, compiles: bool) -> Residues:
    """The same as an array by size and duration, modulo ``prime``, which is above the number of units.

    ``shares`` are by class and count vector, and have the factorials of the counts as factors.
    """
    return _array_sums(sizes, weights, shares, prime, compiles)


def positive_sums(sizes: Counts, weights: Floats, shares: Floats, compiles: bool) -> Floats:
    """The same in floating point.

    Raises:
        FloatingPointError: numbers are too small to be sure of, or too large.
    """
    with np.errstate(under="raise", over="raise", invalid="raise"):
        return _array_sums(sizes, weights, shares, 0, compiles)


def _array_sums(sizes: Counts, weights: Table, shares: Table, prime: int, compiles: bool) -> Table:
    n_classes, n_units = len(sizes), sum(sizes)
    shape = tuple(n + 1 for n in sizes)
    degrees = np.indices(shape).sum(axis=0)
    whole = np.zeros((n_classes, *shape), dtype=shares.dtype)
    whole.reshape(n_classes, -1)[:, 0] = 1
    latest, below = whole.copy(), np.zeros_like(whole)
    shares = shares.reshape(whole.shape)
    found = np.zeros((n_units + 2, n_units + 1), dtype=shares.dtype)  # the last row stays empty
    advancing = _advancer(compiles)
    for level in range(n_units):
        if level:
            more = _hanging(latest, weights, prime)
            check(more, prime)
            below = reduced(below + more, prime)
            latest = np.zeros_like(whole)
            for r in range(n_classes):
                block, extra = (reduced(degrees * series[r], prime) for series in (below, more))
                largest = tuple(n - (a == r) for a, n in enumerate(sizes))
                latest[r] = advancing(block, extra, whole[r], largest, level, prime)
            check(latest, prime)
            whole = reduced(whole + latest, prime)
            if not latest.any():
                break
        terms = reduced(shares * latest, prime)
        np.add.at(found[:, level + 1], 1 + degrees, terms.sum(axis=0))
    return reduced(found[:-1], prime)


def reduced(values: Table, prime: int) -> Table:
    """Modulo the prime, if there is one."""
    return values % prime if prime else values


def check(values: Table, prime: int) -> None:
    """Raise FloatingPointError where floats are infinite, or so small that their products may underflow."""
    if not prime and not ((values == 0) | (values >= SMALLEST) & (values < 1 / SMALLEST)).all():
        raise FloatingPointError


def _hanging(latest: Table, weights: Table, prime: int) -> Table:
    """e of all roots: a subtree of each class below each, of the height that was added last."""
    more = np.zeros_like(latest)
    for a in range(len(weights)):
        shifted = np.zeros_like(latest[a])
        to, source = ([slice(None)] * shifted.ndim for _ in range(2))
        to[a], source[a] = slice(1, None), slice(None, -1)
        shifted[tuple(to)] = latest[a][tuple(source)]
        for r in range(len(weights)):
            more[r] += reduced(weights[a, r] * shifted, prime)
    return reduced(more, prime)


def advance(
    block: Table,
    extra: Table,
    whole: Table,
    largest: Counts,
    level: int,
    prime: int,
) -> Table:
    """D of one root from |k| h(k), |k| e(k) and E, for the counts up to ``largest``."""
    added = np.zeros_like(whole)
    for counts in product(*(range(most + 1) for most in largest)):
        degree = sum(counts)
        if degree < level:
            continue
        upto = tuple(slice(count + 1) for count in counts)
        back = tuple(slice(count, None, -1) for count in counts)
        terms = reduced(block[upto] * added[back], prime) + reduced(extra[upto] * whole[back], prime)
        total = terms.sum(axis=-1).sum()
        added[counts] = int(total) * pow(degree, -1, prime) % prime if prime else total / degree
    return added


def _advancer(compiles: bool) -> Callable[..., Table]:
    if compiles:
        from exactav.kernels.compiled import heights as compiled_heights

        return compiled_heights.advance_counts
    return advance
