"""Paths on rings: from each start in both directions; what is left of the ring is an arc.

The determinant of an arc with units u before the last v is d_v K_u - w_vu w_uv K_t, t the unit before u.
"""

from exactav.engines.durations.rings import in_a_ring
from exactav.engines.paths.question import PathQuestion, Sums, Way
from exactav.numbers.domains import Element


def way(question: PathQuestion) -> Way | None:
    """The way, where couplings form a ring."""
    order = in_a_ring(question.system.weights)
    if not order:
        return None
    n = len(order)
    seconds = n * (3 * n + 5 * min(n, question.up_to)) * question.product
    return Way("rings", seconds, lambda: _run(question, order))


def _run(question: PathQuestion, order: list[int]) -> Sums:
    system, n = question.system, len(order)
    zero = system.ring.zero
    units = [system.weights[order[p]] for p in range(n)]
    ahead = [units[(p + 1) % n].get(order[p], zero) for p in range(n)]  # what the next unit receives
    back = [units[p - 1].get(order[p], zero) for p in range(n)]
    diagonal = [system.diagonal[unit] for unit in order]
    roots = [question.roots.get(unit, zero) for unit in order]
    sums = [zero] * min(n, question.up_to)
    for begin in range(n):
        arcs = _arcs(begin, ahead, back, diagonal, system.ring.one)
        # paths that end before the arc, forwards and backwards; of one unit they are the same
        forwards = backwards = system.ring.one
        for steps in range(len(sums)):
            last = (begin - 1 - steps) % n
            weight = roots[last] * forwards + (roots[begin - 1] * backwards if steps else zero)
            if weight:
                sums[steps] += weight * arcs[n - 1 - steps]
            forwards, backwards = forwards * ahead[last - 1], backwards * back[last]
    return question.over_total(sums)


def _arcs(
    begin: int, ahead: list[Element], back: list[Element], diagonal: list[Element], one: Element
) -> list[Element]:
    """Determinants of the arcs of 0, 1, .. N - 1 units from a place on."""
    n = len(diagonal)
    found = [one, diagonal[begin]]
    for u in range(begin + 1, begin + n - 1):
        both = ahead[(u - 1) % n] * back[u % n]
        found.append(diagonal[u % n] * found[-1] - both * found[-2])
    return found
