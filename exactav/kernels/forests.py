"""States of open units: which side each is on, which blocks of a partial forest hold them, as one integer.

Every unit fires (side A) or not (side C), and chooses one parent on its own side: another unit, or to be the
root of A, which one unit does, or, in C, the leak; no cycles. The sum of the products of all weights is the
sum over assemblies of tree weight times forest weight (derivations 02 and 04). Units that are *open* have
been taken in and not yet been left; a *state* tells, for each of them,

* its side and the slot of the root of its block, while that root has chosen no parent (its own, if it is that
  root itself);
* its side and ``rooted``, if the root of its block has chosen the leak (all such blocks of C are alike) or to
  be the root of A, of which there is one at most;
* ``settled``, without a side, if it has chosen and nobody can choose it any more.

Each open unit has a slot of ``width`` bits: the side above, the label below. Bit 0 of a state is set once A
is complete: its rooted block has been left behind, and no unit of A may follow.

The functions take and return plain integers; the compiled twins are made of the same code.
"""

from typing import Any

NARROW = 5
"""Bits of a slot in compiled code: twelve slots and bit 0 are 61 bits."""

MOST_SLOTS = 12
"""Slots of compiled states."""

WIDE = 9
"""Bits of a slot of states in Python's integers, for up to 250 slots."""


TAKE, COUPLE, ROOT, SETTLE, LEAVE = 0, 1, 2, 3, 4
"""What a row of a step does: takes a unit in; lets two units choose each other; makes a unit a root if it has
not chosen; forgets of one that has chosen all but that; leaves it behind."""


def empty(n_slots: int, width: int) -> int:
    """The state in which no unit is open and A is empty.

    >>> empty(2, 3)
    126
    """
    return ((1 << n_slots * width) - 1) << 1


def _is_rooted_in(code: Any, n_slots: int, width: int) -> Any:
    """Whether an open unit is in the rooted block of A."""
    full = (1 << width) - 1
    found = False
    for slot in range(n_slots):
        found |= code >> slot * width + 1 & full == full - 1
    return found


def _is_firing_in(code: Any, n_slots: int, width: int) -> Any:
    """Whether an open unit is known to be on side A."""
    full = (1 << width) - 1
    side = 1 << width - 1
    for slot in range(n_slots):
        entry = code >> slot * width + 1 & full
        if entry & side and entry != full:
            return True
    return False


def _relabelled(code: Any, old: Any, new: Any, n_slots: int, width: int) -> Any:
    """The state with the label ``new`` for all units of the block labelled ``old``, a slot."""
    full = (1 << width) - 1
    labels = full >> 1
    for slot in range(n_slots):
        shift = slot * width + 1
        entry = code >> shift & full
        if entry & labels == old:
            code ^= (old ^ new) << shift
    return code


def _chosen(code: Any, child: Any, parent: Any, n_slots: int, width: int) -> Any:
    """The state once the unit of one slot has chosen that of another; -1 if it cannot."""
    full = (1 << width) - 1
    labels = full >> 1
    own = code >> child * width + 1 & full
    joined = code >> parent * width + 1 & full
    # the child has chosen nobody, both are on one side, the parent is not below the child
    if own & labels != child or (own ^ joined) & labels + 1 or joined & labels == child:
        return -1
    return _relabelled(code, child, joined & labels, n_slots, width)


def _rooted(code: Any, slot: Any, is_root: Any, has_leak: Any, n_slots: int, width: int) -> Any:
    """The state once a unit that has chosen nobody is a root, -1 if it cannot be; else the same state."""
    full = (1 << width) - 1
    labels = full >> 1
    entry = code >> slot * width + 1 & full
    if entry & labels != slot:
        return code
    if entry > labels:
        if not is_root or code & 1 or _is_rooted_in(code, n_slots, width):
            return -1
    elif not has_leak:
        return -1
    return _relabelled(code, slot, labels - 1, n_slots, width)


def _left(code: Any, slot: Any, n_slots: int, width: int) -> Any:
    """The state without a unit that has chosen; -1 if A has other blocks than that whose last one goes."""
    full = (1 << width) - 1
    entry = code >> slot * width + 1 & full
    code |= full << slot * width + 1
    if entry == full - 1 and not _is_rooted_in(code, n_slots, width):
        if _is_firing_in(code, n_slots, width):
            return -1
        code |= 1
    return code


def merged(first: Any, second: Any, n_slots: int, width: int) -> Any:
    """The state of the forests of two states of different weights together; -1 if there is none.

    Units open in both are on the same side in both, and chose in one of them at most.
    """
    full = (1 << width) - 1
    labels = full >> 1
    if first & 1 or second & 1:
        if first & second & 1:
            return -1
        if _is_firing_in(second if first & 1 else first, n_slots, width):
            return -1
    elif _is_rooted_in(first, n_slots, width) and _is_rooted_in(second, n_slots, width):
        return -1
    code = first | second & 1
    for slot in range(n_slots):
        shift = slot * width + 1
        entry = second >> shift & full
        if entry == full:
            continue
        other = code >> shift & full
        if other == full:  # open in the second only: for now a block of its own
            code ^= (full ^ (entry & labels + 1 | slot)) << shift
        elif (entry ^ other) & labels + 1:
            return -1
    for slot in range(n_slots):
        shift = slot * width + 1
        entry = second >> shift & full
        label = entry & labels
        if entry == full or label == slot:
            continue
        if code >> shift & labels != slot:  # it has chosen in the first, too, or that would be a cycle
            return -1
        if label < labels - 2:
            label = code >> label * width + 1 & labels
            if label == slot:
                return -1
        code = _relabelled(code, slot, label, n_slots, width)
    return code


def sides_in(code: Any, slots: Any, width: int) -> Any:
    """(the sides of the units in some slots, which of them have chosen) as two bit masks."""
    full = (1 << width) - 1
    sides = 0
    chosen = 0
    for place in range(len(slots)):
        entry = code >> slots[place] * width + 1 & full
        sides |= (entry >> width - 1) << place
        if entry & full >> 1 != slots[place]:
            chosen |= 1 << place
    return sides, chosen


def expanded(
    code: Any,
    step: Any,
    codes: Any,
    masks: Any,
    n_slots: int,
    width: int,
) -> Any:
    """All states that follow from one in a step; returns how many are written into ``codes`` and ``masks``.

    A mask tells which of the factors of the step have been taken.

    Args:
        step: five sequences of equal length: what is done, to which slot, and three numbers more.
        codes, masks: room for the results.
    """
    full = (1 << width) - 1
    labels = full >> 1
    count = 1
    codes[0] = code
    masks[0] = 0
    kinds, slots, firsts, seconds, thirds = step
    for row in range(len(kinds)):
        what, slot = kinds[row], slots[row]
        first, second, third = firsts[row], seconds[row], thirds[row]
        shift = slot * width + 1
        if what == TAKE:  # first: 0 on either side, 1 fires for certain, 2 does not
            for place in range(count):
                bare = codes[place] & ~(full << shift)
                firing = bare | (labels + 1 | slot) << shift
                if first == 1:
                    codes[place] = firing
                else:
                    codes[place] = bare | slot << shift
                    if first == 0 and not bare & 1:
                        codes[count] = firing
                        masks[count] = masks[place]
                        count += 1
            continue
        if what == COUPLE:  # first: the other slot; second: factor of its choosing this; third: the other way
            before = count
            for place in range(before):
                if second >= 0:
                    made = _chosen(codes[place], first, slot, n_slots, width)
                    if made >= 0:
                        codes[count] = made
                        masks[count] = masks[place] | 1 << second
                        count += 1
                if third >= 0:
                    made = _chosen(codes[place], slot, first, n_slots, width)
                    if made >= 0:
                        codes[count] = made
                        masks[count] = masks[place] | 1 << third
                        count += 1
            continue
        kept = 0
        for place in range(count):
            old = codes[place]
            mask = masks[place]
            entry = old >> shift & full
            made = old
            if what == ROOT:  # first, second: factors of the root of A and of the leak
                made = _rooted(old, slot, first >= 0, second >= 0, n_slots, width)
                if made >= 0 and entry & labels == slot:
                    mask |= 1 << (first if entry > labels else second)
            elif entry & labels == labels - 2:  # SETTLE or LEAVE a settled one
                if what == LEAVE:
                    made = old | full << shift
            elif what == LEAVE or entry & labels != slot:
                made = _left(old, slot, n_slots, width)
                if entry > labels and first >= 0:  # first: factor of a unit that fires
                    mask |= 1 << first
                if what == SETTLE and made >= 0:
                    made ^= (full ^ labels - 2) << shift
            if made >= 0:
                codes[kept] = made
                masks[kept] = mask
                kept += 1
        count = kept
    return count
