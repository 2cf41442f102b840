"""The dynamics step by step, in plain numbers: what the reference simulator runs, and nothing else."""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from math import isfinite
from numbers import Rational, Real
from operator import lt
from typing import Any, Literal

import numpy as np
import sympy

from exactav.errors import (
    FloatRangeError,
    InexactError,
    InvalidNetworkError,
    MissingIncrementError,
    TooCostlyError,
)
from exactav.network.inputs import Drive
from exactav.network.network import Network
from exactav.numbers.arguments import one_of
from exactav.numbers.digits import decimal_digits
from exactav.numbers.expressions import exact, shown
from exactav.phase_space.states import (
    in_network_order,
    is_below,
    refuse_symbols,
    require_below_thresholds,
)
from exactav.sampling.limits import MAX_GENERATIONS
from exactav.texts import quoted

Number = Fraction | float
Pattern = tuple[frozenset[Hashable], ...]
Arithmetic = Literal["float", "exact"]


class Dynamics:
    """The numbers of a network as plain floats or Fractions, and its slow steps.

    Args:
        arithmetic: "exact" uses Fractions and never rounds; "float" is faster.
        increment: external input per slow step; the network's own, or the largest with which no unit that is
            fed fires twice, unless given. With larger ones units may fire in several generations.
        start: the only unit that will be fed; its leak has a part in what is the largest.
        inputs: what slow steps feed in place of the increment, as :meth:`~exactav.Drive.of` gives it.

    Raises:
        UnboundSymbolError: the network has symbols.
        InexactError: "exact" is asked of a network with irrational entries.
        MissingIncrementError: none is given, and a unit that is fed has no leak: none is small enough.
        OptionError: there is no such arithmetic.
    """

    def __init__(
        self,
        net: Network,
        arithmetic: Arithmetic = "float",
        increment: Any = None,
        start: Hashable | None = None,
        inputs: Drive | None = None,
    ) -> None:
        one_of(arithmetic, "arithmetic", ["float", "exact"])
        refuse_symbols(net)
        convert = _fraction if arithmetic == "exact" else as_float
        self.inputs: list[tuple[float, list[tuple[int, Number]]]] = []
        if inputs is not None:
            inputs.refuse_symbols()
            self.inputs = [
                (as_float(p), [(net.index(u), convert(amount)) for u, amount in amounts.items()])
                for p, amounts in inputs.vectors
            ]
        if increment is not None:
            net = net.with_increment(increment)
        step = net.increment if net.increment is not None else _largest_increment(net, start)
        if not step and not inputs:
            raise MissingIncrementError(
                "a unit that is driven or fed has no leak, so every increment lets units fire twice: "
                "drive and feed only units with leak, or give an increment"
            )
        self.network = net
        self.arithmetic = arithmetic
        self.increment: Number = convert(step)
        self.thresholds: list[Number] = [convert(u) for u in net.thresholds]
        self.drive = np.array([as_float(p) for p in net.drive])
        # received[j]: what each unit gains when unit j fires.
        self.received: list[list[tuple[int, Number]]] = [[] for _ in net.labels]
        for (i, j), weight in net.entries.items():
            self.received[j].append((i, convert(weight)))

    def slow_step(self, state: list[Number], start: int) -> list[set[int]]:
        """Feed ``start`` and let the avalanche run, in place; returns its generations."""
        return self.fed(state, [(start, self.increment)])

    def fed(self, state: list[Number], amounts: Sequence[tuple[int, Number]]) -> list[set[int]]:
        """Feed units these amounts, all at once, and let the avalanche run, in place; its generations."""
        for unit, amount in amounts:
            state[unit] += amount
        return self.relax(state, [unit for unit, _ in amounts])

    def drawn(self, rng: np.random.Generator, start: int | None) -> list[tuple[int, Number]]:
        """What a slow step feeds: an input, ``start``, or a unit drawn from the drive."""
        if self.inputs:
            shares = np.array([p for p, _ in self.inputs])
            return self.inputs[int(rng.choice(len(shares), p=shares / shares.sum()))][1]
        unit = int(rng.choice(len(self.drive), p=self.drive)) if start is None else start
        return [(unit, self.increment)]

    def relax(self, state: list[Number], candidates: Sequence[int]) -> list[set[int]]:
        """Fire, all at once, the units at threshold until none is left; first among ``candidates``."""
        generations: list[set[int]] = []
        firing = {unit for unit in candidates if state[unit] >= self.thresholds[unit]}
        while firing:
            generations.append(firing)
            if len(generations) > MAX_GENERATIONS:
                raise TooCostlyError(f"an avalanche of more than {MAX_GENERATIONS:,} generations")
            touched = set(firing)
            for unit in firing:
                state[unit] -= self.thresholds[unit]
            for unit in firing:
                for receiver, weight in self.received[unit]:
                    state[receiver] += weight
                    touched.add(receiver)
            firing = {unit for unit in touched if state[unit] >= self.thresholds[unit]}
        return generations

    def stationary_state(self, rng: np.random.Generator) -> list[Number]:
        """A state drawn uniformly from the inhabited region: M theta + W 1 with uniform theta, then relaxed.

        The region holds one state of each class modulo M Z^N (derivation 05), and its uniform law is
        stationary (derivation 06).

        In exact arithmetic theta are dyadic fractions of 53 bits.
        """
        theta: list[Number] = list(rng.random(len(self.thresholds)).tolist())
        if self.arithmetic == "exact":
            theta = [Fraction(t) for t in theta]
        state = [u * t for u, t in zip(self.thresholds, theta, strict=True)]
        for sender, column in enumerate(self.received):
            for receiver, weight in column:
                state[receiver] += weight * (1 - theta[sender])
        self.relax(state, range(len(state)))
        return state

    def given_state(self, state: Any) -> list[Number]:
        """A state as numbers of this arithmetic, in network order, below all thresholds.

        Raises:
            InvalidNetworkError: it is none.
        """
        net = self.network
        entries = zip(in_network_order(net, state), net.labels, strict=True)
        values = [_number(value, label, self.arithmetic) for value, label in entries]
        require_below_thresholds(net, values, self.thresholds, lt)
        return values

    def pattern(self, generations: Sequence[set[int]]) -> Pattern:
        """Generations as sets of labels."""
        labels = self.network.labels
        return tuple(frozenset(labels[unit] for unit in generation) for generation in generations)


def as_float(expr: sympy.Expr) -> float:
    """Rounded to 17 digits.

    Raises:
        FloatRangeError: no float is near it.
    """
    found = float(decimal_digits(expr, 17))
    if not isfinite(found) or (not found and expr != 0):
        raise FloatRangeError(
            f"{shown(expr)} is beyond what floats can be: give arithmetic='exact', or other units of activity"
        )
    return found


def _fraction(expr: sympy.Expr) -> Fraction:
    if not expr.is_Rational:
        raise InexactError(f"{shown(expr)} is not rational: simulate it with arithmetic='float'")
    return Fraction(int(expr.p), int(expr.q))


def _number(value: Any, label: Hashable, arithmetic: Arithmetic) -> Number:
    """An entry of a state: a finite float as it is, or anything exact."""
    if isinstance(value, Real) and not isinstance(value, Rational):
        if not isfinite(value):
            raise InvalidNetworkError(f"state of unit {quoted(label)} is {value}: give a finite number")
        return Fraction(float(value)) if arithmetic == "exact" else float(value)
    expr = exact(value, f"state of unit {quoted(label)}")
    if expr.free_symbols:
        raise InvalidNetworkError(f"state of unit {quoted(label)} is {shown(expr)}: give a number")
    return _fraction(expr) if arithmetic == "exact" else as_float(expr)


def _largest_increment(net: Network, start: Hashable | None) -> sympy.Expr:
    """With which no unit that is fed fires twice; 0 where there is none."""
    largest = net.largest_increment()
    leak = largest if start is None else net.leak[net.index(start)]
    return leak if is_below(leak, largest) else largest
