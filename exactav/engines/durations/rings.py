"""Durations on rings, whose avalanches grow by two arms.

From start k, a units fire one after another in one direction and b in the other, each by the weight from the
unit before it. The size is 1 + a + b, the duration 1 + max(a, b), and the rest of the ring is an arc, with
the forest weight F. With A the weight of its forests in which the last unit has no parent yet, the next unit
u after the last v makes of them

    X = F + w_vu A,  A' = X,  F' = s_u X + w_uv F.

Where all units fire, the last ones of both arms may have met: each way to share out the units is a tree.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations.question import DurationQuestion, rounded_shares
from exactav.kernels.machine import Machine
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.tasks import Progress, Running

Weights = Sequence[Mapping[int, Element]]

# Seconds, measured.
_TERM = 9e-7  # with integers of some hundred bits; twice as much for two thousand
_SYMBOLIC = 2e-5


class Rings:
    """The engine."""

    name = "rings"
    summary = "joins the two arms of avalanches on a ring"

    def bid(
        self,
        question: DurationQuestion,
        arithmetic: Arithmetic,
        machine: Machine,
        limit: float,
        effort: Effort,
    ) -> Bid:
        system, n = question.system, question.system.n_units
        order = in_a_ring(system.weights)
        if not order:
            return Bid.refusal(self.name, "the couplings form no ring")
        n_terms = len(question.roots) * n * (n + 1) // 2
        is_integer = system.ring.is_ZZ
        each = _TERM * (1 + question.bits / 2000) if is_integer else _SYMBOLIC
        return Bid(
            self.name,
            f"{count_text(n_terms)} pairs of arms",
            n_terms * each,
            20 + n**2 * (question.bits / 8e6 + 1e-4),
            run=partial(_run, question, order, arithmetic),
        )


ENGINE = Rings()


def in_a_ring(weights: Weights) -> list[int]:
    """The units in their order around a ring of couplings in either direction; none if there is no ring."""
    joined: list[dict[int, None]] = [{} for _ in weights]
    for i, row in enumerate(weights):
        for j in row:
            joined[i][j] = joined[j][i] = None
    if len(weights) < 3 or any(len(neighbours) != 2 for neighbours in joined):
        return []
    order = [0]
    unit = next(iter(joined[0]))
    while unit:
        before, after = joined[unit]
        order.append(unit)
        unit = after if before == order[-2] else before
    return order if len(order) == len(weights) else []


def _run(question: DurationQuestion, order: list[int], arithmetic: Arithmetic, running: Running) -> Answer:
    weights = question.by_number(_weights(question, order, running.progress))
    return Answer(weights) if arithmetic == "exact" else rounded_shares(question, weights)


def _weights(
    question: DurationQuestion, order: list[int], progress: Progress
) -> dict[tuple[int, int], Element]:
    system, n = question.system, len(order)
    zero, one = system.ring.zero, system.ring.one
    ahead, back = (
        [system.weights[order[(p + step) % n]].get(order[p], zero) for p in range(n)] for step in (1, -1)
    )  # what the next unit, and the one before, receive from the unit at a place
    leak = [system.leak[unit] for unit in order]
    arcs = [_arcs(place, ahead, back, leak, one) for place in range(n)]
    found: dict[tuple[int, int], Any] = {}
    for place, unit in enumerate(order):
        progress(place / n)
        if unit not in question.roots:
            continue
        lefts = _arm(question.roots[unit], place, -1, back)
        rights = _arm(one, place, 1, ahead)
        for a, right in enumerate(rights):
            free = arcs[(place + a + 1) % n]
            for b, left in enumerate(lefts[: n - a]):
                outcome = 1 + a + b, 1 + max(a, b)
                term = right * left * free[n - 1 - a - b]
                found[outcome] = found[outcome] + term if outcome in found else term
    return found


def _arm(first: Element, place: int, step: int, sent: list[Element]) -> list[Element]:
    """Weights of arms of 0, 1, .. units, times ``first``, as far as they go."""
    n, weights = len(sent), [first]
    for length in range(1, n):
        weights.append(weights[-1] * sent[(place + step * (length - 1)) % n])
        if not weights[-1]:
            return weights[:-1]
    return weights


def _arcs(
    place: int, ahead: list[Element], back: list[Element], leak: list[Element], one: Element
) -> list[Element]:
    """Forest weights of the arcs of 0, 1, .. N - 1 units from a place on."""
    n = len(leak)
    closed, free = leak[place], one
    weights = [one, closed]
    for u in range(place + 1, place + n - 1):
        either = closed + back[u % n] * free
        closed, free = leak[u % n] * either + ahead[(u - 1) % n] * closed, either
        weights.append(closed)
    return weights
