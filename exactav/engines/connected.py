"""Only the sets that a start can recruit from within; the rest of the network by its connected pieces.

A set counts if some start in it reaches all of it along weights inside the set. The forest weight of the
units outside is the product of those of the pieces into which they fall, and pieces recur in many sets: each
is computed once. In sparse networks both are few among 2^N: in a ring of N units, N (N - 1) + 1 sets.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from exactav.engines.question import Question
from exactav.engines.subsets import Bits, Sets, set_determinants
from exactav.kernels import modular
from exactav.kernels.determinants import determinant
from exactav.kernels.orders import neighbours_of
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.tasks import HERE, Running


def recruitable_sets(system: System, roots: Mapping[int, Element]) -> Iterator[int]:
    """The masks of all sets that some start in them can recruit from within, each once."""
    receivers = [0] * system.n_units
    for i, row in enumerate(system.weights):
        for j in row:
            receivers[j] |= 1 << i
    is_mutual = all(i in system.weights[j] for i, row in enumerate(system.weights) for j in row)
    earlier = 0  # where all weights are mutual, sets with an earlier start have been found from that
    seen: set[int] = set()
    for start in sorted(roots):
        for mask in _reached_sets(start, receivers, earlier):
            if is_mutual:
                yield mask
            elif mask not in seen:
                seen.add(mask)
                yield mask
        if is_mutual:
            earlier |= 1 << start


def _reached_sets(start: int, receivers: list[int], forbidden: int) -> Iterator[int]:
    """All sets with the start that it reaches from within, each once, without forbidden units.

    The next unit to join is one of the candidates, which the set reaches; those passed over stay out.
    """
    begin = 1 << start
    stack = [(begin, receivers[start] & ~begin & ~forbidden, forbidden)]
    while stack:
        mask, candidates, left_out = stack.pop()
        yield mask
        while candidates:
            joining = candidates & -candidates
            candidates ^= joining
            grown = mask | joining
            reached = receivers[joining.bit_length() - 1] & ~(grown | left_out)
            stack.append((grown, candidates | reached, left_out))
            left_out |= joining


def assembly_weights(
    system: System, roots: Mapping[int, Element], total: Element, running: Running = HERE
) -> dict[int, Element]:
    """mask -> sum_k roots[k] tau_k(A) f(complement of A), for all sets A where it is not zero.

    ``total`` is the sum of all of them; it bounds each, and so the number of primes.
    """
    everything = (1 << system.n_units) - 1
    neighbours = [sum(1 << j for j in joined) for joined in neighbours_of(system.weights).values()]
    numbers: dict[int, int] = {}  # of the pieces
    masks, pieces = [], []
    for mask in recruitable_sets(system, roots):
        masks.append(mask)
        outside = _pieces(everything ^ mask, neighbours)
        pieces.append([numbers.setdefault(piece, len(numbers)) for piece in outside])
    if system.ring.is_ZZ:
        question = Question.of_size(system, roots, total)
        return _nonzero(masks, _by_residues(question, masks, list(numbers), pieces, running))
    return _nonzero(masks, _in_ring(system, roots, masks, list(numbers), pieces, running))


def _nonzero(masks: list[int], weights: Iterable[Element]) -> dict[int, Element]:
    return {mask: weight for mask, weight in zip(masks, weights, strict=True) if weight}


def counted(question: Question, running: Running = HERE) -> dict[int, Element]:
    """The weights by the number of their counts, exactly."""
    return question.by_number(
        assembly_weights(question.system, question.roots, question.total, running).items()
    )


def _pieces(mask: int, neighbours: list[int]) -> Iterator[int]:
    """The connected pieces of a set."""
    while mask:
        piece = 0
        following = mask & -mask
        while following:
            unit = following & -following
            piece |= unit
            following = (following | neighbours[unit.bit_length() - 1] & mask) & ~piece
        yield piece
        mask ^= piece


def _units(mask: int) -> Iterator[int]:
    while mask:
        unit = mask & -mask
        yield unit.bit_length() - 1
        mask ^= unit


def _by_residues(
    question: Question, masks: list[int], pieces: list[int], outside: list[list[int]], running: Running
) -> list[int]:
    system = question.system
    sets = Sets.of(question)
    # along a narrow order elimination fills in little
    order = np.array(system.order.units if system.is_narrow else range(system.n_units))
    inside, apart = (_bits(chosen, system.n_units)[:, order] for chosen in (masks, pieces))
    most = max(map(len, outside), default=0)
    none = len(pieces)  # the number of a piece with nothing in it
    numbers = np.array([row + [none] * (most - len(row)) for row in outside], dtype=np.intp)
    residues = []
    for place, prime in enumerate(sets.moduli):
        running.progress(place / len(sets.moduli))
        weights, starts, leak = sets.modulo(prime)
        weights = weights[order[:, None], order]
        products = set_determinants(weights, inside, prime, first_column=starts[order])
        forests = np.append(set_determinants(weights, apart, prime, diagonal=leak[order]), 1)
        for column in numbers.T:
            products = products * forests[column] % prime
        residues.append(products)
    return modular.integers(residues, sets.moduli)


def _bits(masks: Iterable[int], n_units: int) -> Bits:
    """Sets of any number of units as rows of truth values."""
    length = -(-n_units // 8)
    data = b"".join(mask.to_bytes(length, "little") for mask in masks)
    octets = np.frombuffer(data, dtype=np.uint8).reshape(-1, length)
    return np.unpackbits(octets, axis=1, count=n_units, bitorder="little").astype(bool)


def _in_ring(
    system: System,
    roots: Mapping[int, Element],
    masks: list[int],
    pieces: list[int],
    outside: list[list[int]],
    running: Running,
) -> Iterator[Element]:
    ring = system.ring
    forests = [determinant(ring, system.laplacian(list(_units(piece)), leak=True)) for piece in pieces]
    for place, (mask, numbers) in enumerate(zip(masks, outside, strict=True)):
        running.progress(place / len(masks))
        units = list(_units(mask))
        rows = system.laplacian(units, leak=False)
        for row, unit in zip(rows, units, strict=True):
            row[0] += roots.get(unit, ring.zero)
        product = determinant(ring, rows)
        for number in numbers:
            product *= forests[number]
        yield product
