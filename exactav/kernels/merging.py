"""Weighted automata of fewer states with the same sums."""

from collections.abc import Callable, Hashable, Iterable, Sequence

from exactav.kernels.automata import Automaton
from exactav.numbers.domains import Element


def merged(found: Automaton) -> Automaton:
    """An automaton of the same sums: states that lead nowhere are left out, those of equal future are merged,
    then those of equal past."""
    return _of_equal_past(_of_equal_future(_trimmed(found)))


def _trimmed(found: Automaton) -> Automaton:
    before: list[set[int]] = [set() for _ in found.rows]
    for i, row in enumerate(found.rows):
        for j in row:
            before[j].add(i)
    alive = {i for i, end in enumerate(found.ends) if end} | {0}
    waiting = list(alive)
    while waiting:
        new = before[waiting.pop()] - alive
        alive |= new
        waiting += new
    kept = sorted(alive)
    number = {i: k for k, i in enumerate(kept)}
    rows = tuple({number[j]: weight for j, weight in found.rows[i].items() if j in number} for i in kept)
    return Automaton(found.ring, rows, tuple(found.ends[i] for i in kept))


def _classes(begin: Sequence[Hashable], signature: Callable[[int, list[int]], Hashable]) -> list[int]:
    """The coarsest classes of states within those of ``begin`` that a signature does not tell apart.

    Args:
        signature: of a state, given the classes.
    """
    classes = _numbered(begin)
    while True:
        finer = _numbered([(c, signature(i, classes)) for i, c in enumerate(classes)])
        if max(finer) == max(classes):
            return classes
        classes = finer


def _numbered(keys: Sequence[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _added(parts: Iterable[tuple[int, Element]]) -> dict[int, Element]:
    total: dict[int, Element] = {}
    for target, weight in parts:
        total[target] = total[target] + weight if target in total else weight
    return {target: weight for target, weight in total.items() if weight}


def _of_equal_future(found: Automaton) -> Automaton:
    def future(i: int, classes: list[int]) -> Hashable:
        return frozenset(_added((classes[j], weight) for j, weight in found.rows[i].items()).items())

    # state 0 stays the first: it is numbered first
    classes = _classes(list(found.ends), future)
    one = {c: i for i, c in reversed(list(enumerate(classes)))}
    rows = tuple(_added((classes[j], w) for j, w in found.rows[one[c]].items()) for c in range(len(one)))
    return Automaton(found.ring, rows, tuple(found.ends[one[c]] for c in range(len(one))))


def _of_equal_past(found: Automaton) -> Automaton:
    """The weights that have come to the states of a class are equal: what leaves them is added."""
    before: list[dict[int, Element]] = [{} for _ in found.rows]
    for i, row in enumerate(found.rows):
        for j, weight in row.items():
            before[j][i] = weight

    def past(j: int, classes: list[int]) -> Hashable:
        return frozenset(_added((classes[i], weight) for i, weight in before[j].items()).items())

    classes = _classes([i == 0 for i in range(found.n_states)], past)
    members: list[list[int]] = [[] for _ in range(max(classes) + 1)]
    for i, c in enumerate(classes):
        members[c].append(i)
    rows = []
    for group in members:
        leaving = _added((j, weight) for i in group for j, weight in found.rows[i].items())
        rows.append({classes[j]: weight for j, weight in leaving.items() if j == members[classes[j]][0]})
    ends = tuple(sum((found.ends[i] for i in group), found.ring.zero) for group in members)
    return Automaton(found.ring, tuple(rows), ends)
