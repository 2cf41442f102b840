"""Only the sets that a start can recruit from within; the rest of the network by its connected components.

A set counts if some start in it reaches all of it along weights inside the set. The forest weight of the
units outside is the product of those of the components into which they fall, and these recur in many sets:
each is computed once. In sparse networks both are few among 2^N: in a ring of N units, N (N - 1) + 1 sets.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import numpy as np

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.question import Question
from exactav.engines.subsets import RING_STEP, Sets, elimination_steps, modular_step, n_primes, terms_of
from exactav.kernels import choices, modular, sets
from exactav.kernels.determinants import determinant
from exactav.kernels.machine import Machine
from exactav.kernels.orders import neighbours_of
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort, Exhausted
from exactav.running.tasks import HERE, Running

_BELOW = 1 << 31  # primes
_LISTED = 5e-6  # seconds to list one set, with the components outside
_LISTED_MEGABYTES = 1.5e-3  # of one set with its weight
_COUNTED = 2048  # sets that are counted at a time for a bid
_COUNT_STEP = 1.2  # steps for each of them, and as many more for 500 units in a mask
_MASK = 500
_MASKS_STEP = 1e-4  # steps for each bit of the masks of what each unit feeds
_WORTH = 10.0  # seconds of an answer beyond which no more is counted for it
_STARTS = 5  # of which the units that receive from them are counted


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


def weights_of(question: Question, running: Running = HERE) -> dict[int, Element]:
    """The exact weights by the number of their counts."""
    return question.by_number(_weights_by_mask(question, running))


def _weights_by_mask(question: Question, running: Running) -> Iterator[tuple[int, Element]]:
    system = question.system
    everything = (1 << system.n_units) - 1
    neighbours = [sum(1 << j for j in joined) for joined in neighbours_of(system.weights).values()]
    numbers: dict[int, int] = {}  # of the components outside
    masks, outside = [], []
    for mask in recruitable_sets(system, question.roots):
        masks.append(mask)
        components = _components(everything ^ mask, neighbours)
        outside.append([numbers.setdefault(component, len(numbers)) for component in components])
    weights = _by_residues if system.ring.is_ZZ else _in_ring
    return zip(masks, weights(question, masks, list(numbers), outside, running), strict=True)


def _components(mask: int, neighbours: list[int]) -> Iterator[int]:
    """The connected components of a set."""
    while mask:
        component = 0
        following = mask & -mask
        while following:
            unit = following & -following
            component |= unit
            following = (following | neighbours[unit.bit_length() - 1] & mask) & ~component
        yield component
        mask ^= component


def _units(mask: int) -> Iterator[int]:
    while mask:
        unit = mask & -mask
        yield unit.bit_length() - 1
        mask ^= unit


def _by_residues(
    question: Question, masks: list[int], components: list[int], outside: list[list[int]], running: Running
) -> list[int]:
    system = question.system
    # along a narrow order elimination fills in little
    order = list(system.order.units if system.is_narrow else range(system.n_units))
    data = Sets.of(question, order, _BELOW)
    inside, apart = (_bits(chosen, system.n_units)[:, order] for chosen in (masks, components))
    most = max(map(len, outside), default=0)
    none = len(components)  # the number of a component with nothing in it
    numbers = np.array([row + [none] * (most - len(row)) for row in outside], dtype=np.intp)
    residues = []
    for place, prime in enumerate(data.moduli):
        running.progress(place / len(data.moduli))
        weights, starts, leak = data.modulo(prime)
        products = sets.set_determinants(weights, inside, prime, first_column=starts)
        forests = np.append(sets.set_determinants(weights, apart, prime, diagonal=leak), 1)
        for column in numbers.T:
            products = products * forests[column] % prime
        residues.append(products)
    return modular.integers(residues, data.moduli)


def _bits(masks: Iterable[int], n_units: int) -> sets.Bits:
    """Sets of any number of units as rows of truth values."""
    length = -(-n_units // 8)
    data = b"".join(mask.to_bytes(length, "little") for mask in masks)
    octets = np.frombuffer(data, dtype=np.uint8).reshape(-1, length)
    return np.unpackbits(octets, axis=1, count=n_units, bitorder="little").astype(bool)


def _in_ring(
    question: Question, masks: list[int], components: list[int], outside: list[list[int]], running: Running
) -> Iterator[Element]:
    system, ring = question.system, question.system.ring
    forests = [determinant(ring, system.laplacian(list(_units(found)), leak=True)) for found in components]
    for place, (mask, numbers) in enumerate(zip(masks, outside, strict=True)):
        running.progress(place / len(masks))
        units = list(_units(mask))
        rows = system.laplacian(units, leak=False)
        for row, unit in zip(rows, units, strict=True):
            row[0] += question.roots.get(unit, ring.zero)
        product = determinant(ring, rows)
        for number in numbers:
            product *= forests[number]
        yield product


class Connected:
    """The engine."""

    name = "connected"
    summary = "visits only the sets that a start can recruit from within"

    def bid(
        self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        if arithmetic == "float":
            return Bid.refusal(self.name, "exact sums only")
        most = min(limit / _LISTED, machine.megabytes / _LISTED_MEGABYTES)
        if _least(question) > most:
            return Bid.refusal(self.name, _too_many(most, limit))
        n_units = question.system.n_units
        if not effort.allows(_MASKS_STEP * n_units**2):  # each unit is in a set
            return Bid.refusal(self.name, _too_many(n_units, limit))
        by_size: Counter[int] = Counter()
        n_sets = 0
        try:
            for mask in recruitable_sets(question.system, question.roots):
                by_size[mask.bit_count()] += 1
                n_sets += 1
                if n_sets % _COUNTED == 0:
                    effort.spend(_COUNTED * _COUNT_STEP * (1 + n_units / _MASK))
                    seconds = _seconds(question, machine, by_size)
                    effort.raise_to(min(seconds, _WORTH))
                    if seconds > limit:
                        return Bid.refusal(self.name, "another engine is quicker")
                if n_sets > most:
                    return Bid.refusal(self.name, _too_many(most, limit))
        except Exhausted:
            return Bid.refusal(self.name, _too_many(n_sets, limit))
        seconds = _seconds(question, machine, by_size)
        megabytes = 20 + n_sets * _LISTED_MEGABYTES
        return Bid(
            self.name,
            f"{count_text(n_sets)} connected sets",
            seconds,
            megabytes,
            run=partial(_run, question),
            compiles=question.system.ring.is_ZZ and _compiles(question, machine),
        )


ENGINE = Connected()


def _run(question: Question, running: Running) -> Answer:
    return Answer(weights_of(question, running))


def _compiles(question: Question, machine: Machine) -> bool:
    return machine.compiles and question.system.n_units >= choices.COMPILED_SETS


def _least(question: Question) -> float:
    """A lower bound on the number of sets: a start with any of the units that receive from it is one."""
    rows = question.system.weights
    starts = list(question.roots)[:_STARTS]
    most = max((sum(start in row for row in rows) for start in starts), default=0)
    if len(question.roots) == len(rows):
        most = max(most, sum(map(len, rows)) // len(rows))
    return 2.0 ** min(most, 1000)


def _too_many(n_sets: float, limit: float) -> str:
    if limit < n_sets * _LISTED * 1.01:
        return "another engine is quicker"
    return f"more than {count_text(n_sets)} connected sets"


def _seconds(question: Question, machine: Machine, by_size: Mapping[int, int]) -> float:
    """What so many sets of each size take."""
    system, n = question.system, question.system.n_units
    n_sets = sum(by_size.values())
    if not system.ring.is_ZZ:
        minors = sum(
            count * (size * 2**size if choices.expands_minors(size) else 50 * size**3)
            for size, count in by_size.items()
        )
        return n_sets * _LISTED + (2 * minors + n_sets * terms_of(system)) * RING_STEP
    compiles = _compiles(question, machine)
    # compiled elimination skips what a narrow order leaves empty
    width = system.order.width if compiles and system.is_narrow else n
    steps = sum(count * elimination_steps(size, width) for size, count in by_size.items())
    return n_sets * _LISTED + 2 * steps * n_primes(question, _BELOW) * modular_step(compiles)
