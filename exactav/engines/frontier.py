"""The sweep along an order of small width, as an engine: what it will take, and each arithmetic."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.foresight import states_of
from exactav.engines.question import Question
from exactav.engines.rounding import divided, out_of_range, rounded
from exactav.engines.subsets import RING_STEP, terms_of
from exactav.engines.sweep import NoteStep, Sweep
from exactav.engines.values import InRing, Packed, Rounded
from exactav.kernels.machine import Machine
from exactav.kernels.orders import Order, least_width, order_of
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort, Exhausted
from exactav.running.tasks import Running

# Seconds per counted operation, measured.
_STATE_STEP = 2e-6  # one state in one step of a sweep
_BYTE_STEP = 1e-10  # one byte of a state's value
_SLOW_BYTE_STEP = 3e-10  # the same with Python's integers
_MOST_STEPS = 1_000_000  # states that are counted for a bid, 2 seconds, beyond which they are extrapolated
_COUNT_STEP = 2.0  # steps for each of them
_MANY_STATES = 100_000  # from which on a better order is looked for
_MOST_WIDTH = 40  # 3^40 states
_MOST_OUTCOMES = 10**12  # coefficients of a value


@dataclass(frozen=True)
class _Cost:
    """What a sweep is expected to take.

    Attributes:
        n_states: summed over all steps.
        step, growth: seconds that a state in a step takes at the beginning, and how many more at the end.
    """

    n_states: float
    step: float
    growth: float

    @property
    def seconds(self) -> float:
        return self.n_states * (self.step + self.growth / 2)


class Frontier:
    """The engine."""

    name = "frontier"
    summary = "sweeps along an order of small width"

    def bid(
        self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        system, is_float = question.system, arithmetic == "float"
        if question.n_outcomes > _MOST_OUTCOMES:
            return Bid.refusal(self.name, f"{count_text(question.n_outcomes)} outcomes are out of reach")
        if system.ring.is_ZZ:
            length = 8 if is_float else question.total_bits // 8 + 1
            size = question.n_outcomes * length / 2  # bytes of a value, halfway
            is_fast = is_float or machine.has_long_integers
            growth = 2 * size * (_BYTE_STEP if is_fast else _SLOW_BYTE_STEP)
        else:
            size = 500.0 * question.n_outcomes * terms_of(system) ** 0.5
            growth = 2 * question.n_outcomes * terms_of(system) ** 0.5 * RING_STEP
        step = _STATE_STEP + growth / 2
        least = least_width(system.weights, effort)
        if limit < 3.0 ** min(least, 600) * system.n_units * step:
            return Bid.refusal(self.name, "another engine is quicker")
        order = None if least > _MOST_WIDTH else order_of(system.weights, effort.part(effort.left / 2))
        if order is None or order.width > _MOST_WIDTH:
            width = max(least, _MOST_WIDTH)
            return Bid.refusal(self.name, f"sweeps of width {width} and more are out of reach")

        def counted(order: Order) -> tuple[float, float]:
            counted = max(0.0, min(_MOST_STEPS, limit / step, effort.left / _COUNT_STEP))
            found = states_of(system, question.roots, order, counted)
            with suppress(Exhausted):
                effort.spend(_COUNT_STEP * min(counted, found[1]))
            return found

        most, visited = counted(order)
        effort.raise_to(min(limit, visited * step / 4))  # a better order may take a quarter
        if visited > _MANY_STATES and effort.left > 0:
            better = order_of(system.weights, effort.part(effort.left / 2))
            found = counted(better)
            if found[1] < visited:
                order, (most, visited) = better, found
        cost = _Cost(visited, _STATE_STEP, growth)
        work = f"{count_text(visited)} states with at most {order.width} units open"
        run = partial(_run, question, arithmetic, cost, order)
        return Bid(self.name, work, cost.seconds, 1 + 3 * most * size / 1e6, run=run)


ENGINE = Frontier()


def _run(question: Question, arithmetic: Arithmetic, cost: _Cost, order: Order, running: Running) -> Answer:
    note_step = _reporting(cost, running, question.system.n_units)
    if arithmetic == "float":
        return _floats(question, note_step, order)
    return Answer(weights_of(question, order=order, note_step=note_step))


def _unnoted(n_states: int, n_come: int) -> None:
    """Nobody is told."""


def weights_of(
    question: Question,
    *,
    order: Order | None = None,
    note_step: NoteStep = _unnoted,
) -> Mapping[int, Element]:
    """The exact weights by the number of their counts."""
    system = question.system
    order = order or system.order
    if not system.ring.is_ZZ:
        found = Sweep(system, question.roots, order, InRing(question), note_step=note_step).run() or {}
        return {number: weight for number, weight in found.items() if weight}
    roots = {unit: int(root) for unit, root in question.roots.items()}
    plain = System(
        system.ring,
        tuple({j: int(weight) for j, weight in row.items()} for row in system.weights),
        tuple(map(int, system.leak)),
        system.scales,
    )
    plainly = Question(plain, roots, question.groups)
    packed = Packed(plainly, 8 * (int(question.total).bit_length() // 8 + 1))
    result = Sweep(plain, roots, order, packed, note_step=note_step).run()
    return {} if result is None else packed.unpacked(int(result))


def _floats(question: Question, note_step: NoteStep = _unnoted, order: Order | None = None) -> Answer:
    """Probabilities in floating point.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    system = question.system
    weights, starts, leak, total = rounded(question)
    values = Rounded(question, weights, starts, leak)
    try:
        with np.errstate(under="raise", over="raise", invalid="raise"):
            sweep = Sweep(system, question.roots, order or system.order, values, values.rescaled, note_step)
            result = sweep.run()
    except FloatingPointError:
        raise out_of_range() from None
    if result is None:
        return Answer({}, 0)
    polynomial, count = result
    # the total in the units of the sweep is rounded once, and the division once more
    scaled = total / 2**values.exponent if values.exponent >= 0 else total * 2**-values.exponent
    shares = {number: divided(value, scaled) for number, value in enumerate(polynomial.tolist()) if value}
    return Answer(shares, count + 2)


def _reporting(cost: _Cost, running: Running, n_units: int) -> NoteStep:
    """Tells the share of the expected cost that has been spent."""
    spent = 0.0

    def note_step(n_states: int, n_come: int) -> None:
        nonlocal spent
        spent += n_states * (cost.step + cost.growth * n_come / n_units)
        running.progress(min(spent / cost.seconds, 1.0))

    return note_step
