"""Durations on trees of units, by :mod:`exactav.kernels.branches`.

Sizes are marked by a power of two so large that the digits of all sizes stand side by side in one integer.
"""

from functools import partial
from typing import Any

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.durations.question import DurationQuestion, rounded_shares
from exactav.kernels.bigints import integer
from exactav.kernels.branches import Tree, sums_by_duration
from exactav.kernels.machine import Machine
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.tasks import Running

# Seconds, measured.
_PRODUCT = 4e-7  # of short integers
_BIT = 2e-10  # what a product takes more for each bit of the largest, on average
_PLAIN = 4  # times as long without FLINT
_SYMBOLIC = 1e-4


class Trees:
    """The engine."""

    name = "trees"
    summary = "joins the branches of a network that is a tree"

    def bid(
        self,
        question: DurationQuestion,
        arithmetic: Arithmetic,
        machine: Machine,
        limit: float,
        effort: Effort,
    ) -> Bid:
        system, n = question.system, question.system.n_units
        tree = Tree(system.weights)
        if not tree.is_tree:
            return Bid.refusal(self.name, "the couplings form circles")
        if question.jointly and not system.ring.is_ZZ:
            return Bid.refusal(self.name, "sizes are told apart by digits of integers, in rational networks")
        products = sum(
            3 * len(units) * depth for units, depth in zip(tree.neighbours, tree.depths, strict=True)
        )
        bits = question.bits * (n if question.jointly else 1)
        each = _PRODUCT + bits * _BIT * (1 if machine.has_long_integers else _PLAIN)
        if not system.ring.is_ZZ:
            each = _SYMBOLIC
        return Bid(
            self.name,
            f"{count_text(2 * (n - 1))} branches of {max(tree.depths)} levels",
            products * each + 1e-4,
            20 + 3 * n * bits / 8e6,
            run=partial(_run, question, tree, arithmetic),
        )


ENGINE = Trees()


def _run(question: DurationQuestion, tree: Tree, arithmetic: Arithmetic, running: Running) -> Answer:
    system = question.system
    one: Any = system.ring.one
    weights: Any = system.weights
    leak: Any = system.leak
    starts: Any = question.roots
    if system.ring.is_ZZ:
        one = integer(1)
        weights = [{j: integer(int(w)) for j, w in row.items()} for row in system.weights]
        leak = [integer(int(s)) for s in system.leak]
        starts = {k: integer(int(q)) for k, q in question.roots.items()}
    digit = int(question.total).bit_length() if question.jointly else 0
    marked = one * 2**digit if digit else one
    found: dict[tuple[int, int], Element] = {}
    before = 0 * one
    n_levels = max(tree.depths) + 1
    for duration, total in enumerate(sums_by_duration(tree, weights, leak, starts, marked, one), 1):
        running.progress((duration - 1) / n_levels)
        added, before = total - before, total
        if not digit:
            found[0, duration] = system.ring(int(added)) if system.ring.is_ZZ else added
            continue
        digits, size = int(added), 0
        while digits:
            found[size, duration] = digits & (1 << digit) - 1
            digits >>= digit
            size += 1
    weights_by_number = question.by_number(found)
    if arithmetic == "exact":
        return Answer(weights_by_number)
    return rounded_shares(question, weights_by_number)
