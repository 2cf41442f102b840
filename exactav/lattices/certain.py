"""Digits that are certain: bounds are made tighter until both ends round to the same digits."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import ceil

import sympy

from exactav.errors import TooCostlyError, UndecidedError
from exactav.lattices.cells import Cell, Position
from exactav.lattices.modes import modes
from exactav.numbers.digits import round_fraction
from exactav.running.amounts import count_text, duration_text

Bounds = tuple[Fraction, Fraction]
_TRIES = 4
_BITS = 3.33  # a digit


def precisions(digits: int, cell: Cell, spare: int = 48) -> Iterator[int]:
    """Numbers of bits to try."""
    bits = ceil(digits * _BITS) + spare + ceil(cell.largest).bit_length()
    for _ in range(_TRIES):
        yield bits
        bits = 2 * bits


def rounded(bounds: Bounds, digits: int) -> sympy.Expr | None:
    """A Float with all ``digits`` correct, or None where the bounds leave them open; 0 if both are 0."""
    low, high = bounds
    if low == high == 0:
        return sympy.Integer(0)
    first, last = (round_fraction(end, digits) for end in bounds)
    return sympy.Float(str(first), digits) if first == last and low > 0 else None


def certain(bounds: Callable[[int], Bounds], digits: int, cell: Cell, what: str) -> sympy.Expr:
    """The number that ``bounds`` encloses with so many bits.

    Raises:
        UndecidedError: the digits stay open, as those of a number that is 0 without being known to be.
    """
    for bits in precisions(digits, cell):
        found = rounded(bounds(bits), digits)
        if found is not None:
            return found
    raise UndecidedError(f"{digits} digits of {what} are open at {bits} bits: it may be 0, or very small")


def affordable(cell: Cell, reach: Position, digits: int, max_cost: float, what: str) -> None:
    """Nothing, if the Green function that near takes no more than ``max_cost`` seconds.

    Raises:
        TooCostlyError: it does.
    """
    bits = next(precisions(digits, cell))
    chosen = modes(cell, reach, bits)
    seconds = chosen.seconds(cell, reach)
    if seconds > max_cost:
        sides = " x ".join(f"{side:,}" for side in chosen.sides)
        raise TooCostlyError(
            f"{what} takes a sum over {sides} modes, about {duration_text(seconds)}, and "
            f"{duration_text(max_cost)} is allowed: raise max_cost, ask for fewer digits, or raise the leak"
        )


def refused(n_sets: float, seconds: float, max_cost: float, up_to: int) -> TooCostlyError:
    """The error for too many sets."""
    return TooCostlyError(
        f"the law of sizes up to {up_to} would visit about {count_text(n_sets)} sets and take "
        f"{duration_text(seconds)} or more, and {duration_text(max_cost)} is allowed: raise max_cost, ask "
        "for a smaller up_to, or for what needs no sets (mean_size, participation)"
    )


def ratio(above: Bounds, below: Bounds) -> Bounds:
    """Of a number that is not negative and one that is positive.

    Raises:
        UndecidedError: the second is not certain to be positive.
    """
    if below[0] <= 0:
        raise UndecidedError("a number is not certain to be positive")
    return max(above[0], Fraction(0)) / below[1], above[1] / below[0]


def added(parts: Iterable[tuple[Fraction, Bounds]]) -> Bounds:
    """A sum of bounds with factors that are not negative."""
    low = high = Fraction(0)
    for factor, (one, other) in parts:
        low, high = low + factor * one, high + factor * other
    return low, high
