"""Which states follow from which in tables of many states, compiled; transitions are found once.

Which states there are does not depend on values, see :mod:`.tables` for those.
"""

from types import FunctionType
from typing import Any

import numpy as np

from exactav.kernels import forests
from exactav.kernels.compiled.compiling import compiled
from exactav.running.threads import stop_if_given_up

_SCOPE = dict(vars(forests))
for _name, _function in vars(forests).items():
    if isinstance(_function, FunctionType):
        # the same code, but what it calls is compiled as well
        _SCOPE[_name] = compiled(FunctionType(_function.__code__, _SCOPE, _name))
_expanded: Any = _SCOPE["expanded"]
_merged: Any = _SCOPE["merged"]
_sides_in: Any = _SCOPE["sides_in"]

_WIDTH = forests.NARROW
_MIXER = np.uint64(0x9E3779B97F4A7C15)
PIECE = 1 << 18  # transitions of one call, which Ctrl-C waits for: some tenths of a second


@compiled
def _place(keys: Any, numbers: Any, code: Any) -> Any:
    """Where a state is, or belongs, in a hash table."""
    room = len(keys) - 1
    mixed = np.uint64(code) * _MIXER
    place = np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(room))
    while numbers[place] >= 0 and keys[place] != code:
        place = (place + 1) & room
    return place


@compiled
def _grown(array: Any, length: int) -> Any:
    result = np.empty(length, array.dtype)
    result[: len(array)] = array
    return result


@compiled
def _rehashed(codes: Any, count: int, room: int) -> Any:
    keys = np.empty(room, np.int64)
    numbers = np.full(room, -1, np.int32)
    for number in range(count):
        place = _place(keys, numbers, codes[number])
        keys[place] = codes[number]
        numbers[place] = number
    return keys, numbers


def stepped(
    codes: Any, rows: Any, numbers_of_masks: Any, n_slots: int, room: int, most_states: int, most: int
) -> Any:
    """The states that follow from ``codes`` in a step, and all transitions, those of a state together.

    Args:
        rows: the rows of the step, five arrays.
        numbers_of_masks: for each mask a number, -1 if it has none yet; written.
        room: states that one may become.
        most_states, most: states and transitions at most.

    Returns:
        (new states, begins of transitions of each old state, their new states, the numbers of their masks,
        masks by number); all empty where there are too many.
    """
    made, taken = np.empty(room, np.int64), np.empty(room, np.int64)

    def piece(first: int, begins: Any, counts: Any, tables: Any) -> Any:
        given = rows, numbers_of_masks, made, taken, n_slots
        return _stepped(codes, first, begins, counts, tables, *given, PIECE)

    states, begins, (targets, factors), masks = _in_pieces(
        piece, len(codes), room, (np.int32, np.uint16), len(numbers_of_masks), most_states, most
    )
    return states, begins, targets, factors, masks


def joined(
    first: Any,
    second: Any,
    order: Any,
    begins_of: Any,
    chosen_of: Any,
    shared: Any,
    rows: Any,
    numbers_of_masks: Any,
    n_slots: int,
    most_states: int,
    most: int,
) -> Any:
    """The states of pairs, and for each state of the first table its pairs.

    Args:
        order: the states of the second table, sorted by the sides of shared units; ``begins_of`` where those
            of each pattern of sides begin, ``chosen_of`` which shared units have chosen, in that order.
        shared: slots of the units open in both tables.
        rows, numbers_of_masks: what is done to each pair, as in :func:`stepped`.
        most_states, most: states and pairs at most.

    Returns:
        (new states, begins, new states of the pairs, their states in the second table, the numbers of their
        masks, masks by number); all empty where there are too many.
    """
    made, taken = np.empty(1, np.int64), np.empty(1, np.int64)

    def piece(begin: int, begins: Any, counts: Any, tables: Any) -> Any:
        pairs = first, second, order, begins_of, chosen_of, shared
        return _joined(
            pairs, begin, begins, counts, tables, rows, numbers_of_masks, made, taken, n_slots, PIECE
        )

    states, begins, (targets, factors, others), masks = _in_pieces(
        piece, len(first), 16, (np.int32, np.uint16, np.int32), len(numbers_of_masks), most_states, most
    )
    return states, begins, targets, others, factors, masks


def _in_pieces(
    piece: Any, length: int, room: int, kinds: Any, n_masks: int, most_states: int, most: int
) -> Any:
    """(new states, begins, what is known of each transition, masks), found in calls that Ctrl-C can wait for.

    ``piece(first, begins, counts, tables)`` goes on with the old state ``first``, and returns the one after
    the last that it came to, and the tables, some of them longer. These are the new states, their hash table
    (two), the masks, and what is known of each transition; of states, transitions and masks there are
    ``counts``.
    """
    states = np.empty(2 * length + 16, np.int64)
    size = 64
    while size < 4 * length:
        size *= 2
    hashed = np.empty(size, np.int64), np.full(size, -1, np.int32)
    each = tuple(np.empty(4 * length + room, kind) for kind in kinds)
    tables: Any = (states, *hashed, np.empty(n_masks, np.int64), *each)
    begins, counts = np.empty(length + 1, np.int64), np.zeros(3, np.int64)
    first = 0
    while first < length:
        first, tables = piece(first, begins, counts, tables)
        if counts[0] > most_states or counts[1] > most:
            counts[:], begins = 0, begins[:0]
            break
        stop_if_given_up()
    begins[length:] = counts[1]
    states, _, _, masks, *each = tables
    return (
        states[: counts[0]].copy(),
        begins,
        [kept[: counts[1]].copy() for kept in each],
        masks[: counts[2]].copy(),
    )


@compiled
def _stepped(
    codes: Any,
    first: int,
    begins: Any,
    counts: Any,
    tables: Any,
    rows: Any,
    numbers_of_masks: Any,
    made: Any,
    taken: Any,
    n_slots: int,
    piece: int,
) -> Any:
    """Some old states of :func:`stepped`, with about ``piece`` transitions: (the next one, tables)."""
    found, keys, numbers, masks, targets, factors = tables
    n_found, n_transitions, n_masks = counts
    enough = n_transitions + piece
    old = first
    while old < len(codes) and old < first + piece and n_transitions < enough:
        begins[old] = n_transitions
        count = _expanded(codes[old], rows, made, taken, n_slots, _WIDTH)
        if n_transitions + count > len(targets):
            targets = _grown(targets, 2 * len(targets) + count)
            factors = _grown(factors, len(targets))
        if n_found + count > len(found):
            found = _grown(found, 2 * len(found) + count)
        if 2 * (n_found + count) > len(keys):
            keys, numbers = _rehashed(found, n_found, 4 * len(keys))
        for k in range(count):
            place = _place(keys, numbers, made[k])
            if numbers[place] < 0:
                keys[place] = made[k]
                numbers[place] = n_found
                found[n_found] = made[k]
                n_found += 1
            if numbers_of_masks[taken[k]] < 0:
                numbers_of_masks[taken[k]] = n_masks
                masks[n_masks] = taken[k]
                n_masks += 1
            targets[n_transitions] = numbers[place]
            factors[n_transitions] = numbers_of_masks[taken[k]]
            n_transitions += 1
        old += 1
    counts[0], counts[1], counts[2] = n_found, n_transitions, n_masks
    return old, (found, keys, numbers, masks, targets, factors)


@compiled
def _joined(
    pairs: Any,
    begin: int,
    begins: Any,
    counts: Any,
    tables: Any,
    rows: Any,
    numbers_of_masks: Any,
    made: Any,
    taken: Any,
    n_slots: int,
    piece: int,
) -> Any:
    """Some states of the first table of :func:`joined`, with about ``piece`` pairs to look at."""
    first, second, order, begins_of, chosen_of, shared = pairs
    found, keys, numbers, masks, targets, factors, others = tables
    n_found, n_pairs, n_masks = counts
    old, looked_at = begin, 0
    while old < len(first) and looked_at < piece:
        begins[old] = n_pairs
        sides, chosen = _sides_in(first[old], shared, _WIDTH)
        looked_at += 1 + begins_of[sides + 1] - begins_of[sides]
        for place_in_order in range(begins_of[sides], begins_of[sides + 1]):
            if chosen & chosen_of[place_in_order]:
                continue
            other = order[place_in_order]
            code = _merged(first[old], second[other], n_slots, _WIDTH)
            if code < 0 or not _expanded(code, rows, made, taken, n_slots, _WIDTH):
                continue
            if n_pairs == len(targets):
                targets = _grown(targets, 2 * n_pairs)
                others = _grown(others, 2 * n_pairs)
                factors = _grown(factors, 2 * n_pairs)
            if n_found == len(found):
                found = _grown(found, 2 * n_found)
            if 2 * n_found > len(keys):
                keys, numbers = _rehashed(found, n_found, 4 * len(keys))
            place = _place(keys, numbers, made[0])
            if numbers[place] < 0:
                keys[place] = made[0]
                numbers[place] = n_found
                found[n_found] = made[0]
                n_found += 1
            if numbers_of_masks[taken[0]] < 0:
                numbers_of_masks[taken[0]] = n_masks
                masks[n_masks] = taken[0]
                n_masks += 1
            targets[n_pairs] = numbers[place]
            others[n_pairs] = other
            factors[n_pairs] = numbers_of_masks[taken[0]]
            n_pairs += 1
        old += 1
    counts[0], counts[1], counts[2] = n_found, n_pairs, n_masks
    return old, (found, keys, numbers, masks, targets, factors, others)
