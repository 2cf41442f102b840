"""Which states a scheme has, and how they follow from one another: found once, whatever their values are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.engines.sweep.scheme import Factor, Given, Join, Scheme
from exactav.errors import TooCostlyError
from exactav.kernels import forests
from exactav.running.amounts import count_text

Numbers = NDArray[Any]
STATE_BYTES, CHANGE_BYTES = 60, 8
"""Memory of a state while states are found, and of a transition."""


@dataclass(frozen=True)
class Began:
    """A new table with the empty state."""

    n_states: int = 1
    n_transitions: int = 0


@dataclass(frozen=True)
class Entered:
    """A new table with the states of a module."""

    module: int
    n_states: int
    n_transitions: int = 0


@dataclass(frozen=True)
class Transitions:
    """What becomes of the states of a table in a step.

    Attributes:
        n_states: states afterwards.
        begins: where the transitions of each earlier state begin; one more at the end.
        targets: the later state of each transition.
        products: the number of its product of factors.
        factors: by number, the factors of each product.
    """

    n_states: int
    begins: Numbers
    targets: Numbers
    products: Numbers
    factors: tuple[tuple[Factor, ...], ...]

    @property
    def n_transitions(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class Pairs:
    """How the last table is joined to the one before: for each state of that, its pairs.

    Attributes:
        n_states: states afterwards.
        begins, targets: as of transitions.
        others: the state of the last table in each pair.
        products, factors: as of transitions.
    """

    n_states: int
    begins: Numbers
    targets: Numbers
    others: Numbers
    products: Numbers
    factors: tuple[tuple[Factor, ...], ...]

    @property
    def n_transitions(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class Ended:
    """The end: which state of the last table is that of a complete A; None if there is none."""

    place: int | None
    n_states: int = 1
    n_transitions: int = 0


Change = Began | Entered | Transitions | Pairs | Ended


def changes(
    scheme: Scheme,
    tables: Sequence[Sequence[int]] = (),
    megabytes: float = float("inf"),
) -> Iterator[Change]:
    """The changes of the tables, one for each instruction of a scheme and the end, in compiled code.

    Args:
        tables: the states of each module, as :func:`narrow` makes them.
        megabytes: that the states and transitions of a change may take.

    Raises:
        TooCostlyError: a change has outgrown them.
    """
    from exactav.kernels.compiled import states as compiled_states

    stack: list[Numbers] = []
    limits = tuple(int(min(1e6 * megabytes / size, 2**31 - 1)) for size in (STATE_BYTES, CHANGE_BYTES))
    for instruction in scheme.instructions:
        if instruction is None:
            stack.append(np.array([forests.empty(scheme.n_slots, forests.NARROW)], dtype=np.int64))
            yield Began()
            continue
        if isinstance(instruction, Given):
            stack.append(np.array(tables[instruction.module], dtype=np.int64))
            yield Entered(instruction.module, len(stack[-1]))
            continue
        step = instruction.step if isinstance(instruction, Join) else instruction
        rows = tuple(np.array(row, dtype=np.int64) for row in step.rows)
        numbers = np.full(1 << len(step.factors), -1, dtype=np.int64)
        if isinstance(instruction, Join):
            second, first = stack.pop(), stack.pop()
            order, places, chosen, shared = _sorted(first, second, scheme.n_slots)
            states, begins, targets, others, products, masks = compiled_states.joined(
                first, second, order, places, chosen, shared, rows, numbers, scheme.n_slots, *limits
            )
        else:
            states, begins, targets, products, masks = compiled_states.stepped(
                stack.pop(), rows, numbers, scheme.n_slots, step.room, *limits
            )
        if not len(begins):
            raise TooCostlyError(
                f"a sweep has outgrown its estimate of {count_text(scheme.most)} states at a time, and the "
                "memory: ask for something smaller, or sample (sample_assemblies)"
            )
        stack.append(states)
        factors = tuple(step.taken(mask) for mask in masks.tolist())
        if isinstance(instruction, Join):
            yield Pairs(len(states), begins, targets, others, products, factors)
        else:
            yield Transitions(len(states), begins, targets, products, factors)
    complete = forests.empty(scheme.n_slots, forests.NARROW) | 1
    (places,) = np.nonzero(stack.pop() == complete)
    yield Ended(int(places[0]) if len(places) else None)


def pieces(begins: Numbers, most: int) -> Iterator[slice]:
    """The earlier states in rows that have about so many transitions together, or one state.

    >>> list(pieces(np.array([0, 2, 4, 9]), 4))
    [slice(0, 2, None), slice(2, 3, None)]
    """
    first, last = 0, len(begins) - 1
    while first < last:
        end = int(np.searchsorted(begins, begins[first] + most, side="right")) - 1
        end = min(max(end, first + 1), last)
        yield slice(first, end)
        first = end


def narrow(code: int, n_slots: int) -> int:
    """A state of wide slots as one of narrow ones."""
    full = (1 << forests.WIDE) - 1
    labels = full >> 1
    result = code & 1
    for slot in range(n_slots):
        entry = code >> slot * forests.WIDE + 1 & full
        label = entry & labels
        if label >= labels - 2:  # rooted, settled, or no unit
            label -= labels - (1 << forests.NARROW - 1) + 1
        side = entry >> forests.WIDE - 1
        result |= (side << forests.NARROW - 1 | label) << slot * forests.NARROW + 1
    return result


def _sorted(first: Numbers, second: Numbers, n_slots: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """The states of the second table by the sides of the units that both have open.

    Returns:
        (order of the states, where each pattern of sides begins, who has chosen, slots of these units).
    """
    width, full = forests.NARROW, (1 << forests.NARROW) - 1
    shared = [
        slot
        for slot in range(n_slots)
        if all(len(table) and table[0] >> slot * width + 1 & full != full for table in (first, second))
    ]
    sides = np.zeros(len(second), dtype=np.int64)
    chosen = np.zeros(len(second), dtype=np.int64)
    for k, slot in enumerate(shared):
        entries = second >> slot * width + 1 & full
        sides |= (entries >> width - 1) << k
        chosen |= (entries & full >> 1 != slot).astype(np.int64) << k
    order = np.argsort(sides, kind="stable")
    begins = np.searchsorted(sides[order], np.arange((1 << len(shared)) + 1))
    return order, begins, chosen[order], np.array(shared, dtype=np.int64)
