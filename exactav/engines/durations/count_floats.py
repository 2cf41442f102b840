"""Durations by counts of interchangeable units in floating point, with a proven bound on roundings.

All terms are positive. Numbers are too far apart for networks of more than some 100 units: trees of one level
and of all levels differ by as much as N^N.
"""

from collections.abc import Sequence
from math import factorial, log2, prod

import numpy as np

from exactav.engines.bid import Answer
from exactav.engines.durations.question import DurationQuestion
from exactav.engines.durations.shares import Shares
from exactav.engines.rounding import LEAST
from exactav.kernels import heights
from exactav.kernels.classes import Counts, Lumped
from exactav.kernels.loading import is_worthwhile

MOST_UNITS = 110
COMPILED_PRODUCTS = 10**6
"""Products for which compiled code is loaded."""

_LARGEST = 2.0**400  # about the largest sum of trees


def in_floats(question: DurationQuestion) -> Answer:
    """Probabilities in floating point.

    Counts of class a have the factor c_a for each unit below the root, a whole power of two times the size
    of the class, so that the largest sum of trees comes to ``_LARGEST``.

    Raises:
        FloatingPointError: numbers are too far apart.
    """
    shares = Shares.of(question)
    lumped, total = shares.lumped, int(question.total)
    sizes = lumped.sizes
    # rows with the sum 1: a share has all rows but the root's and those of the units that stay silent
    rows = [
        int(sum((w * (n - (a == b)) for b, (w, n) in enumerate(zip(row, sizes, strict=True))), leak)) or 1
        for a, (row, leak) in enumerate(zip(lumped.weight, lumped.leak, strict=True))
    ]
    above, below = _scale(lumped, rows)
    weights = np.array(
        [
            [_ratio(int(w) * above * n, row * below) for w in weight]
            for weight, n, row in zip(lumped.weight, sizes, rows, strict=True)
        ]
    )
    heights.check(weights, 0)
    found = []
    for by_vector in shares.by_root(labelled=False):
        found.append(
            [
                _ratio(
                    int(share)
                    * prod(row**m for row, m in zip(rows, others, strict=True))
                    * below ** sum(others),
                    total * prod(n**m for n, m in zip(sizes, others, strict=True)) * above ** sum(others),
                )
                for others, share in zip(shares.vectors(), by_vector, strict=True)
            ]
        )
    compiles = is_worthwhile(int(heights.n_products(sizes)) * len(sizes), COMPILED_PRODUCTS)
    table = heights.positive_sums(sizes, weights, np.array(found), compiles)
    values = question.of_table(table)
    if min(values.values(), default=1.0) < LEAST:
        raise FloatingPointError
    return Answer(values, _roundings(sizes))


def _ratio(above: int, below: int) -> float:
    """A fraction, correctly rounded, or too small for what it is multiplied by."""
    try:
        value = above / below
    except OverflowError:
        raise FloatingPointError from None
    if above and value < LEAST:
        raise FloatingPointError
    return value


def _scale(lumped: Lumped, rows: Sequence[int]) -> tuple[int, int]:
    """The power of two in c_a, as a fraction."""
    n = sum(lumped.sizes)
    largest = 0.0
    for r in range(len(rows)):
        others = tuple(size - (a == r) for a, size in enumerate(lumped.sizes))
        if trees := int(lumped.tree(r, others)):
            pairs = zip(rows, lumped.sizes, others, strict=True)
            logs = [m * (log2(size) - log2(row)) - log2(factorial(m)) for row, size, m in pairs]
            largest = max(largest, log2(trees) + sum(logs)) if largest else log2(trees) + sum(logs)
    power = round((log2(_LARGEST) - largest) / n)
    return 2 ** max(power, 0), 2 ** max(-power, 0)


def _roundings(sizes: Counts) -> int:
    """How many roundings bound the relative error of a probability.

    By the number of units below the root, as for sets; products have a rounded factor |k| more, sums of
    products are divided by a number of units. Rows of count vectors are added up one by one.
    """
    n_rows, row = prod(n + 1 for n in sizes[:-1]), sizes[-1] + 1
    additions = 2 * (row + n_rows) + 2
    whole = [0]
    for degree in range(1, sum(sizes)):
        hanging = [0, *(whole[k - 1] + 2 + len(sizes) + degree for k in range(1, degree + 1))]
        new = max(hanging[k] + 1 + whole[degree - k] for k in range(1, degree + 1)) + 1 + additions + 1
        whole.append(new + degree)
    # the share, a product, the sum over roots, count vectors and sizes
    most = max(np.bincount(np.indices([n + 1 for n in sizes]).sum(axis=0).ravel()).tolist())
    return int(whole[-1] + 2 + len(sizes) + most + sum(sizes))
