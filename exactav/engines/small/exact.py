"""Exact weights of small avalanches: modulo many primes, or in any ring set by set."""

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from exactav.engines.small.question import SmallQuestion, links_of
from exactav.kernels import modular, small_sets, small_weights
from exactav.kernels.determinants import determinant
from exactav.kernels.green import modular_inverse
from exactav.kernels.small_lists import Numbers
from exactav.kernels.small_sets import Links, Listing
from exactav.numbers.domains import Element
from exactav.running.sums import Kind
from exactav.running.tasks import Running, summed

Weights = tuple[dict[int, Element], Element]  # by size, and of all sets


class _Data(NamedTuple):
    """What the tasks, one for each prime, need to know, in plain integers."""

    weights: Sequence[Mapping[int, int]]
    leak: Sequence[int]
    roots: Mapping[int, int]
    up_to: int
    is_mutual: bool
    compiles: bool
    moduli: Sequence[int]


def above(question: SmallQuestion) -> int:
    """A number that the weight of all sets does not exceed.

    The determinant of an M-matrix, and so of one without a row and column, is at most the product of its
    diagonal (Hadamard and Fischer).
    """
    rows = zip(question.system.weights, question.system.leak, strict=True)
    return int(prod(sum(map(int, row.values()), int(leak)) for row, leak in rows)) * sum(
        map(int, question.roots.values())
    )


def n_primes(question: SmallQuestion) -> int:
    """How many primes the weights take."""
    return above(question).bit_length() // 31 + 2


def by_residues(question: SmallQuestion, running: Running, *, compiles: bool) -> Weights:
    """The weights of a network of integers."""
    system, most, spare = question.system, above(question), 1
    plain = [{j: int(weight) for j, weight in row.items()} for row in system.weights]
    roots = {k: int(root) for k, root in question.roots.items()}
    while True:
        moduli = modular.primes(most, spare=spare)
        data = _Data(
            plain,
            [int(leak) for leak in system.leak],
            roots,
            question.up_to,
            question.is_mutual,
            compiles,
            moduli,
        )
        kind = Kind(len(moduli), (len(moduli), data.up_to + 2), np.int64)
        rows = summed(_residues, data, kind, running)
        kept = [place for place, row in enumerate(rows) if row[-1]]
        if prod(moduli[place] for place in kept[:-1]) > most:
            found = modular.integers([rows[place][:-1] for place in kept], [moduli[p] for p in kept])
            ring = system.ring
            *weights, total = (ring(int(number)) for number in found)
            return {size: weight for size, weight in enumerate(weights, 1) if weight}, total
        spare += 1 + len(moduli) - len(kept)  # M was singular modulo some of them


def _residues(data: _Data, number: int) -> modular.Residues:
    """The weights by size, that of all sets, and 1, modulo a prime, in its row; zeros if M is singular."""
    prime, n = data.moduli[number], len(data.weights)
    matrix = np.zeros((n, n), dtype=np.int64)
    for i, (row, leak) in enumerate(zip(data.weights, data.leak, strict=True)):
        matrix[i, i] = sum(row.values(), leak) % prime
        for j, weight in row.items():
            matrix[i, j] = -weight % prime
    result = np.zeros((len(data.moduli), data.up_to + 2), dtype=np.int64)
    green, volume = modular_inverse(matrix, prime)
    if green is None:
        return result
    starts = np.array([data.roots.get(k, 0) % prime for k in range(n)], dtype=np.int64)
    links = links_of(data.weights, range(n), np.int64, lambda i, weight: int(weight) % prime)
    sums = np.zeros(data.up_to + 2, dtype=np.int64)
    listing = Listing(list(data.roots), 0, len(data.roots), data.up_to, data.is_mutual)
    for sets in small_sets.listed(links, listing, compiles=data.compiles):
        weights = _weights(sets, links, starts, not data.is_mutual, green, prime, data.compiles)
        np.add.at(sums, (sets >= 0).sum(axis=1) - 1, weights)
        sums %= prime
    sums[-2] = (starts * np.diagonal(green) % prime).sum() % prime
    result[number] = sums * volume % prime
    result[number, -1] = 1
    return result


def _weights(
    sets: Numbers,
    links: Links,
    starts: modular.Residues,
    is_first_alone: bool,
    green: modular.Residues,
    prime: int,
    compiles: bool,
) -> modular.Residues:
    if not compiles:
        return small_weights.modular_weights(sets, links, starts, is_first_alone, green, prime)
    from exactav.kernels.compiled import small_sets as small_compiled

    room = sets.shape[1] * (links.most + 1)
    return small_compiled.modular_weights(sets, *links, room, starts, is_first_alone, green, prime)


def in_ring(question: SmallQuestion, running: Running) -> Weights:
    """The weights of a network in any ring, trees and forests of each set apart."""
    system, ring, starts = question.system, question.system.ring, list(question.roots)
    weights: dict[int, Element] = {}
    for place in range(len(starts)):
        running.progress(place / len(starts))
        for units in _sets(question, starts, place):
            rows = system.laplacian(units, leak=False)
            for row, unit in zip(rows, units if question.is_mutual else units[:1], strict=False):
                row[0] += question.roots.get(unit, ring.zero)
            others = [unit for unit in range(system.n_units) if unit not in units]
            weight = determinant(ring, rows) * determinant(ring, system.laplacian(others, leak=True))
            size = len(units)
            weights[size] = weights[size] + weight if size in weights else weight
    return weights, system.minors(question.roots)


def _sets(question: SmallQuestion, starts: Sequence[int], place: int) -> Iterator[list[int]]:
    for sets in small_sets.listed(question.links, question.listing(starts, place, place + 1), compiles=False):
        yield from ([unit for unit in row if unit >= 0] for row in sets.tolist())
