"""A question's numbers rounded to floating point, each once."""

from fractions import Fraction
from math import prod
from typing import NamedTuple

import numpy as np

from exactav.engines.question import Question
from exactav.errors import FloatRangeError
from exactav.kernels import positive
from exactav.network.system import System
from exactav.numbers.domains import Element

LEAST = 2.0**-1022
"""The smallest number of full precision; what is smaller has a relative error of more than one rounding."""


class Rounded(NamedTuple):
    """Weights, start weights and leaks with the sum of each row and its leak 1; the total is exact."""

    weights: positive.Floats
    starts: positive.Floats
    leak: positive.Floats
    total: Fraction


def row_sums(system: System) -> list[int]:
    """What the rows of an integer system are divided by: sums of weights and leak, 1 instead of 0."""
    return [int(total) or 1 for total in system.diagonal]


def rounded(question: Question) -> Rounded:
    """The numbers of a rational question in floating point.

    Raises:
        FloatRangeError: one is too small beside the others of its row.
    """
    system, n = question.system, question.system.n_units
    rows = row_sums(system)
    weights = np.zeros((n, n))
    for i, row in enumerate(system.weights):
        for j, weight in row.items():
            weights[i, j] = share(weight, rows[i])
    starts = [share(question.roots.get(k, 0), rows[k]) for k in range(n)]
    leak = [share(leak, row) for leak, row in zip(system.leak, rows, strict=True)]
    return Rounded(weights, np.array(starts), np.array(leak), Fraction(int(question.total), prod(rows)))


def share(element: Element, row: int) -> float:
    """A number in proportion to the sum of its row, rounded once.

    Raises:
        FloatRangeError: it is too small, or too large, for products of two.
    """
    try:
        value = float(Fraction(int(element), row))
    except OverflowError:  # a start weight far above its row
        value = float("inf")
    if element and not positive.SMALLEST < value < 1 / positive.SMALLEST:
        raise out_of_range()
    return value


def out_of_range() -> FloatRangeError:
    """Says that numbers are too far apart."""
    return FloatRangeError(
        "the numbers of this network are too far apart for floating point with a proven bound: ask for "
        "arithmetic='exact'"
    )


def divided(weight: float, total: Fraction) -> float:
    """weight / total, rounded twice.

    Raises:
        FloatRangeError: it is too small.
    """
    try:
        share = weight / float(total)
    except (OverflowError, ZeroDivisionError):
        raise out_of_range() from None
    if weight and not share >= LEAST:
        raise out_of_range()
    return share
