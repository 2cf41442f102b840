"""Laws of small avalanches, told apart up to some size: from a network to the numbers of a law."""

from fractions import Fraction
from math import fsum
from typing import Any

from exactav.engines.answers import is_within as whole_is_within
from exactav.engines.bid import Arithmetic
from exactav.engines.question import Question
from exactav.engines.small.floats import weight_of_all
from exactav.engines.small.question import SmallQuestion
from exactav.engines.small.sums import answered, checked, cost_of
from exactav.errors import CheckFailedError, OptionError
from exactav.kernels.loading import is_worthwhile
from exactav.kernels.machine import Machine
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.laws.options import Options, asked_of, fingerprint_of, running_of
from exactav.laws.starts import Origin, Starts
from exactav.laws.truncated import MoreThan
from exactav.network.network import Network
from exactav.texts import quoted

COMPILED_UNITS = 300
"""Units of an inverse in floating point for which compiled code is loaded."""


def measure_up_to(net: Network, origin: Origin, up_to: int, options: Options) -> Measure[Any]:
    """The probabilities of the sizes 1 to ``up_to``, and of all larger ones together.

    Raises:
        OptionError, NotRationalError, TooCostlyError, FloatRangeError, CheckpointError: as
            :func:`exactav.size_law` says.
        UndecidedError: in floating point, what is left over for larger sizes is below the error.
    """
    starts = Starts.of(net, origin)
    system = starts.system
    method, arithmetic, max_cost = asked_of(options, system)
    if method != "auto":
        raise OptionError(f"method = {quoted(method)}: sizes up to a number have one method, leave it out")
    one = starts.inputs[0] if starts.inputs else None
    system, roots = (one.system, {one.source: one.root}) if one else (starts.system, starts.weights)
    if len(starts.inputs) + bool(starts.weights) > 1:
        raise OptionError("up_to of several inputs: ask for the law of each input by itself")
    question = SmallQuestion(system, roots, min(up_to, net.n_units) + (one is not None))
    is_modular = arithmetic == "exact" and system.ring.is_ZZ
    if options.get("checkpoint") is not None and not is_modular:
        raise OptionError(
            "checkpoint: only exact sizes of networks with rational numbers are kept in one; leave it out"
        )
    cost = checked(
        question,
        arithmetic,
        Machine.here(),
        max_cost,
        f"the law of sizes up to {up_to}",
        lambda: _advice(question, arithmetic, max_cost),
    )
    running = running_of(options, lambda: fingerprint_of(system, roots, up_to, arithmetic))
    found = answered(question, arithmetic, cost, running)
    weights: dict[Any, Any] = {size - (one is not None): weight for size, weight in found.weights.items()}
    if found.larger:
        weights[MoreThan(up_to)] = found.larger
    silent = weights.pop(0, system.ring.zero)
    if found.roundings is None:
        if one and silent != one.nothing:
            raise CheckFailedError("the weight of no avalanche is not det(L + diag(s - d))")
        return Exact(system.ring, weights, starts.total if one else found.total)
    if not one:
        return Rounded(weights, found.roundings)
    # given an avalanche; each weight and the sum of all is divided once
    total = fsum(weights.values())
    return Rounded({size: weight / total for size, weight in weights.items()}, 2 * found.roundings + 2)


def avalanche_between(net: Network, origin: Origin, question: str) -> tuple[Fraction, Fraction]:
    """Between which numbers the probability is that a slow step sets off an avalanche, in floating point.

    Raises:
        MissingIncrementError: the network has no increment; the message names the ``question``.
        InvalidNetworkError: the increment is above the leak of a start, which may fire more than once.
        FloatRangeError: numbers of the network are too far apart.
    """
    starts = Starts.of(net, origin)
    for k in starts.weights:
        increment = net.require_one_wave(question, net.labels[k])
    above, below = net.ring_parts(increment)
    share = Fraction(int(above), int(below * starts.common))
    asked = SmallQuestion(net.system, starts.weights, 1)
    low, high = weight_of_all(asked, compiles=is_worthwhile(net.n_units, COMPILED_UNITS))
    return low * share, high * share


def _advice(question: SmallQuestion, arithmetic: Arithmetic, max_cost: float) -> str:
    """What to ask instead: only what would not be refused as well."""
    machine, system, up_to = Machine.here(), question.system, question.up_to

    def is_within(fewer: int, arithmetic: Arithmetic) -> bool:
        cost = cost_of(SmallQuestion(system, question.roots, fewer), arithmetic, machine, max_cost)
        return cost.seconds <= max_cost and cost.megabytes <= machine.megabytes

    can_round = arithmetic == "exact" and system.ring.is_ZZ
    whole = Question.of_size(system, question.roots)
    ways = [
        *["for a smaller up_to"] * (up_to > 1 and is_within(1, arithmetic)),
        *["for arithmetic='float'"] * (can_round and is_within(up_to, "float")),
        *["for the whole law"] * whole_is_within(whole, "auto", arithmetic, max_cost),
        "for what is polynomial (mean_size, participation)",
    ]
    return f"ask {', '.join(ways)}, or sample (sample_assemblies)"
