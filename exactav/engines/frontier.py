"""The sweep over a tree decomposition as an engine: what it will take, and each arithmetic."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from exactav.engines.bid import Answer, Arithmetic, Bid
from exactav.engines.question import Question
from exactav.engines.rounding import divided, out_of_range, rounded
from exactav.engines.subsets import RING_STEP, terms_of
from exactav.engines.sweep import coefficients, lanes
from exactav.engines.sweep.couplings import Couplings
from exactav.engines.sweep.modules import common_multiple, modules_of
from exactav.engines.sweep.outline import Part
from exactav.engines.sweep.scheme import Scheme
from exactav.engines.sweep.search import Found, best_sweep
from exactav.engines.sweep.tables import Run
from exactav.engines.sweep.values import InRing, Packed, Rounded
from exactav.kernels.decompositions import Kinds, states_of
from exactav.kernels.forests import MOST_SLOTS
from exactav.kernels.interpolation import LANES
from exactav.kernels.loading import is_loaded, is_worthwhile
from exactav.kernels.machine import Machine
from exactav.kernels.orders import least_width, neighbours_of
from exactav.network.system import System
from exactav.numbers.domains import Element
from exactav.running.amounts import count_text
from exactav.running.effort import Effort
from exactav.running.tasks import HERE, Running

# Seconds per counted operation, measured.
_STATE = 3e-5  # one transition in Python
_BYTE_STEP = 2e-10  # one byte of a state's value
_SLOW_BYTE_STEP = 6e-10  # the same with Python's integers
_FOUND = 1.2e-7  # one transition found in compiled code
_LANE = 1.5e-9  # one number of a value in compiled code
_CALL = 5e-5  # a step of a scheme, called for a block of lanes
_LOADING = 2.0  # to load compiled code
_COUNTED = 2e-4  # one state of a module and one count vector
_MOST_WIDTH = 40  # 4^40 states
_MOST_OUTCOMES = 10**12  # coefficients of a value


class _Cost(NamedTuple):
    """What a run takes; ``is_quick`` tells whether compiled code would be quicker if it were loaded."""

    seconds: float
    megabytes: float
    is_compiled: bool
    is_quick: bool = False


class Frontier:
    """The engine."""

    name = "frontier"
    summary = "joins tables of open units along a tree decomposition of small width"

    def bid(
        self, question: Question, arithmetic: Arithmetic, machine: Machine, limit: float, effort: Effort
    ) -> Bid:
        system = question.system
        if question.n_outcomes > _MOST_OUTCOMES:
            return Bid.refusal(self.name, f"{count_text(question.n_outcomes)} outcomes are out of reach")

        def seconds(part: Part) -> float:
            return _cost(question, arithmetic, machine, part).seconds

        best: Found | None = None
        reason = "no tree decomposition of small width was found"
        for modules in dict.fromkeys((modules_of(question, neighbours_of(system.weights)), ())):
            couplings = Couplings.of(system, question.roots, modules)
            least = least_width(couplings.weights, effort)
            if least > _MOST_WIDTH:
                reason = f"sweeps of width {least} and more are out of reach"
            elif limit < _FOUND * states_of(Kinds(heard=least)):
                reason = "another engine is quicker"
            else:
                found = best_sweep(couplings, seconds, limit, effort)
                if found is not None and (best is None or seconds(found.part) < seconds(best.part)):
                    best = found
                    limit = min(limit, seconds(found.part))
        if best is None:
            return Bid.refusal(self.name, reason)
        part = best.part
        cost = _cost(question, arithmetic, machine, part)
        work = f"{count_text(part.cost)} transitions of states with at most {best.n_slots} units open"
        run = partial(_run, question, arithmetic, best, cost)
        keeps = cost.is_compiled and arithmetic == "exact"
        return Bid(
            self.name,
            work,
            cost.seconds,
            cost.megabytes,
            run=run,
            keeps_checkpoint=keeps,
            compiles=cost.is_compiled,
        )


ENGINE = Frontier()


def _cost(question: Question, arithmetic: Arithmetic, machine: Machine, part: Part) -> _Cost:
    """What a run takes, in Python or in compiled code, whichever is quicker."""
    system, is_float = question.system, arithmetic == "float"
    counting = part.counted * _COUNTED
    if not system.ring.is_ZZ:
        terms = question.n_outcomes * terms_of(system) ** 0.5
        seconds = part.cost * (_STATE + terms * RING_STEP) + counting * (1 + terms * RING_STEP / _STATE)
        return _Cost(seconds, 1 + 5e-4 * terms * part.most, False)
    length = 8 if is_float else question.total_bits // 8 + 1
    size = question.n_outcomes * length / 2  # bytes of a value, halfway
    is_fast = is_float or machine.has_long_integers
    step = _STATE + size * (_BYTE_STEP if is_fast else _SLOW_BYTE_STEP)
    plain = _Cost(part.cost * step + counting, 1 + 2 * part.most * size / 1e6, False)
    if not machine.compiles or part.n_slots > MOST_SLOTS:
        return plain
    if is_float:
        seconds = part.cost * (_FOUND + question.n_outcomes / 2 * _LANE)
        megabytes = 50 + part.most * (question.n_outcomes + 4) * 16e-6
    else:
        n_lanes = question.n_outcomes * (question.total_bits // 49 + 1)
        threads = lanes.threads_of(part, machine)
        calls = len(part.units) * n_lanes / LANES
        seconds = part.cost * (_FOUND + n_lanes * _LANE / threads) + calls * _CALL
        megabytes = lanes.megabytes_of(part, machine)
    seconds += counting
    if seconds + _LOADING < plain.seconds:
        return _Cost(seconds + _LOADING, megabytes, True)
    return plain._replace(is_quick=seconds < plain.seconds)


def _run(question: Question, arithmetic: Arithmetic, found: Found, cost: _Cost, running: Running) -> Answer:
    scheme = found.scheme
    fits = scheme.n_slots <= MOST_SLOTS
    is_compiled = fits and cost.is_compiled and is_worthwhile(1, 1)
    multiple = common_multiple(scheme.modules)
    question = multiplied(question, multiple)
    if arithmetic == "float":  # which must not depend on what is loaded
        return floats(question, scheme, is_compiled, running)
    if is_compiled or (fits and cost.is_quick and is_loaded()):
        weights: Mapping[int, Element] = lanes.weights_of(question, scheme, running)
    else:
        weights = weights_of(question, running, scheme=scheme)
    if multiple == 1:
        return Answer(weights)
    ring = question.system.ring
    return Answer({number: ring.exquo(ring(weight), ring(multiple)) for number, weight in weights.items()})


def multiplied(question: Question, multiple: int) -> Question:
    """The same question with all start weights, and so all weights, multiplied."""
    if multiple == 1:
        return question
    roots = {unit: root * multiple for unit, root in question.roots.items()}
    return Question(question.system, roots, question.groups)


def weights_of(
    question: Question, running: Running = HERE, *, scheme: Scheme | None = None
) -> Mapping[int, Element]:
    """The exact weights by the number of their counts, in Python."""
    if scheme is None:
        found = best_sweep(Couplings.of(question.system, question.roots))
        assert found is not None
        scheme = found.scheme
    if not question.system.ring.is_ZZ:
        terms = Run(scheme, InRing(question), running.progress).result() or {}
        return {number: weight for number, weight in terms.items() if weight}
    packed = Packed(_plain(question), 8 * (int(question.total).bit_length() // 8 + 1))
    result = Run(scheme, packed, running.progress).result()
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


def floats(question: Question, scheme: Scheme, is_compiled: bool, running: Running) -> Answer:
    """Probabilities in floating point.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    total = rounded(question).total
    values = Rounded(question)
    try:
        with np.errstate(under="raise", over="raise", invalid="raise"):
            if is_compiled:
                result = coefficients.polynomial_of(values, scheme, running.progress)
            else:
                result = Run(scheme, values, running.progress).result()
    except FloatingPointError:
        raise out_of_range() from None
    if result is None:
        return Answer({}, 0)
    polynomial, count = result
    # the total in the units of the sweep is rounded once, and the division once more
    scaled = total / 2**values.exponent if values.exponent >= 0 else total * 2**-values.exponent
    shares = {number: divided(value, scaled) for number, value in enumerate(polynomial.tolist()) if value}
    return Answer(shares, count + 2)
