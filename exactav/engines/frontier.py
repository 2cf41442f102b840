"""The sweep over a tree decomposition as an engine: what it will take, and each arithmetic."""

from collections.abc import Mapping
from functools import partial
from itertools import islice

import numpy as np

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.question import Question
from exactav.engines.rounding import divided, out_of_range, rounded
from exactav.engines.scheme import Scheme, cost_of, scheme_of
from exactav.engines.subsets import RING_STEP, terms_of
from exactav.engines.tables import Run
from exactav.engines.values import InRing, Packed, Rounded
from exactav.kernels import decompositions
from exactav.kernels.decompositions import Decomposition
from exactav.kernels.machine import Machine
from exactav.kernels.orders import least_width, neighbours_of
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.tasks import HERE, Running

# Seconds per counted operation, measured.
_STATE = 3e-6  # one state of a table in Python
_BYTE_STEP = 1e-10  # one byte of a state's value
_SLOW_BYTE_STEP = 3e-10  # the same with Python's integers
_MOST_WIDTH = 40  # 4^40 states
_MOST_OUTCOMES = 10**12  # coefficients of a value


class Frontier:
    """The engine."""

    name = "frontier"
    summary = "joins tables of open units along a tree decomposition of small width"

    def bid(self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float) -> Bid:
        system, is_float = question.system, arithmetic == "float"
        if question.n_outcomes > _MOST_OUTCOMES:
            return Bid.refusal(self.name, f"{count_text(question.n_outcomes)} outcomes are out of reach")
        least = least_width(system.weights)
        if limit < 3.0 ** min(least, 600) * system.n_units * _STATE:
            return Bid.refusal(self.name, "another engine is quicker")
        if least > _MOST_WIDTH:
            return Bid.refusal(self.name, f"sweeps of width {least} and more are out of reach")
        scheme = best_scheme(question)
        if system.ring.is_ZZ:
            length = 8 if is_float else question.total_bits // 8 + 1
            size = question.n_outcomes * length / 2  # bytes of a value, halfway
            step = size * (_BYTE_STEP if is_float or machine.has_long_integers else _SLOW_BYTE_STEP)
        else:
            size = 500.0 * question.n_outcomes * terms_of(system) ** 0.5
            step = question.n_outcomes * terms_of(system) ** 0.5 * RING_STEP
        work = f"{count_text(scheme.cost)} states with at most {scheme.n_slots} units open"
        megabytes = 1 + scheme.most * size / 1e6
        run = partial(_run, question, arithmetic, scheme)
        return Bid(self.name, work, scheme.cost * (_STATE + step), megabytes, run=run)


ENGINE = Frontier()


def best_scheme(question: Question, tries: int = 30) -> Scheme:
    """The scheme of least cost along a few eliminations."""
    system = question.system
    neighbours = neighbours_of(system.weights)
    found = [
        Decomposition.of(neighbours, order) for order in islice(decompositions.orders(neighbours), tries)
    ]
    return scheme_of(system, question.roots, min(found, key=lambda found: cost_of(system, found)))


def _run(question: Question, arithmetic: Arithmetic, scheme: Scheme, running: Running) -> Answer:
    if arithmetic == "float":
        return _floats(question, scheme, running)
    return Answer(weights_of(question, running, scheme=scheme))


def weights_of(
    question: Question, running: Running = HERE, *, scheme: Scheme | None = None
) -> Mapping[int, Element]:
    """The exact weights by the number of their counts."""
    scheme = scheme or best_scheme(question)
    system = question.system
    if not system.ring.is_ZZ:
        terms = Run(scheme, InRing(question)).result() or {}
        return {number: weight for number, weight in terms.items() if weight}
    packed = Packed(_plain(question), 8 * (int(question.total).bit_length() // 8 + 1))
    result = Run(scheme, packed).result()
    return {} if result is None else packed.unpacked(int(result))


def _plain(question: Question) -> Question:
    """The same question in Python's integers."""
    system = question.system
    roots = {unit: int(root) for unit, root in question.roots.items()}
    plain = System(
        system.ring,
        tuple({j: int(weight) for j, weight in row.items()} for row in system.weights),
        tuple(map(int, system.leak)),
        system.scales,
    )
    return Question(plain, roots, question.groups)


def _floats(question: Question, scheme: Scheme, running: Running = HERE) -> Answer:
    """Probabilities in floating point.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    total = rounded(question).total
    values = Rounded(question)
    try:
        with np.errstate(under="raise", over="raise", invalid="raise"):
            result = Run(scheme, values).result()
    except FloatingPointError:
        raise out_of_range() from None
    if result is None:
        return Answer({}, 0)
    polynomial, count = result
    # the total in the units of the sweep is rounded once, and the division once more
    scaled = total / 2**values.exponent if values.exponent >= 0 else total * 2**-values.exponent
    shares = {number: divided(value, scaled) for number, value in enumerate(polynomial.tolist()) if value}
    return Answer(shares, count + 2)
