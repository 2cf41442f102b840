"""Probabilities of small avalanches in floating point, with a proven bound."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, fsum
from typing import NamedTuple

import numpy as np

from exactav.engines.rounding import out_of_range, share
from exactav.engines.small.question import SmallQuestion, links_of
from exactav.errors import FloatRangeError, UndecidedError
from exactav.kernels import positive, small_sets, small_weights
from exactav.kernels.doubled import parts
from exactav.kernels.green import Inverse, Rows, inverted, layers
from exactav.kernels.orders import neighbours_of
from exactav.kernels.positive import UNIT, Floats
from exactav.kernels.small_lists import Numbers
from exactav.kernels.small_sets import Links
from exactav.running.tasks import Running, results

_TASKS = 256  # parts of the work
_LOOSEST = 1e-3  # a bound of relative errors above which no number is given
_KEPT = 400  # units for which entries of the Green matrix are kept
GREEN_SHARE = 0.3  # of progress


class _Data(NamedTuple):
    question: SmallQuestion
    links: Links
    order: list[int]
    starts: list[int]
    roots: Floats
    green: Inverse
    compiles: bool
    n_tasks: int


class Probabilities(NamedTuple):
    """By size, of all larger ones together, and how many roundings bound the relative errors."""

    by_size: Mapping[int, float]
    larger: float
    roundings: int


def probabilities(question: SmallQuestion, running: Running, *, compiles: bool) -> Probabilities:
    """The probabilities of the sizes.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
        UndecidedError: what is left over for larger sizes is below the error.
    """
    try:
        return _probabilities(question, running, compiles)
    except FloatRangeError:  # a child of the next that says more
        raise
    except FloatingPointError:
        raise out_of_range() from None


def _probabilities(question: SmallQuestion, running: Running, compiles: bool) -> Probabilities:
    data = _prepared(question, compiles)
    running.progress(GREEN_SHARE)
    values, errors = _added_up(data, running)
    return _divided(values, errors, *_of_all(data), question)


def weight_of_all(question: SmallQuestion, *, compiles: bool) -> tuple[Fraction, Fraction]:
    """Between which numbers sum_k q_k G_kk is.

    Raises:
        FloatRangeError: numbers of the network are too far apart.
    """
    try:
        total, error = _of_all(_prepared(question, compiles))
    except FloatRangeError:
        raise
    except FloatingPointError:
        raise out_of_range() from None
    if not error < total / 2:
        raise _too_loose()
    return Fraction(total) - Fraction(error), Fraction(total) + Fraction(error)


def _prepared(question: SmallQuestion, compiles: bool) -> _Data:
    system = question.system
    blocks = layers(neighbours_of(system.weights))
    order = [unit for block in blocks for unit in block]
    sums = list(map(int, system.diagonal))
    links = links_of(system.weights, order, np.float64, lambda i, weight: share(weight, sums[i]))
    lows = links_of(system.weights, order, np.float64, lambda i, w: parts(Fraction(int(w), sums[i]))[1])
    green = inverted(_rows(links, lows.values), [len(block) for block in blocks], compiles=compiles)
    place = {unit: p for p, unit in enumerate(order)}
    roots = np.zeros(len(order))
    for k, root in question.roots.items():
        roots[place[k]] = share(root, sums[k])
    starts = np.flatnonzero(roots).tolist()
    return _Data(question, links, order, starts, roots, green, compiles, min(_TASKS, len(starts)))


def _of_all(data: _Data) -> tuple[float, float]:
    """What all sets weigh over det M, and how far off that is at most."""
    green, roots = data.green, data.roots
    total = fsum(roots * np.diagonal(green.high))
    return total, fsum(roots * green.radius * green.reach) * (1 + 2**-40) + 4 * UNIT * total


def _rows(links: Links, lows: Floats) -> Rows:
    """M with the sum of each row and its leak 1, by rows."""
    n = links.n_units
    senders = np.repeat(np.arange(n), np.diff(links.first))
    rows = np.concatenate([np.arange(n), links.receivers])
    columns = np.concatenate([np.arange(n), senders])
    high = np.concatenate([np.ones(n), -links.values])
    low = np.concatenate([np.zeros(n), -lows])
    by_row = np.lexsort((columns, rows))
    first = np.cumsum([0, *np.bincount(rows, minlength=n)])
    return Rows(first, columns[by_row], high[by_row], low[by_row])


def _added_up(data: _Data, running: Running) -> tuple[list[float], list[float]]:
    """What the sets of each size weigh, and how far off that is at most."""
    # the Green matrix stays here: threads share it
    here = Running(progress=running.progress)
    found: dict[int, Floats] = {}
    for number, result in results(_weights_of_part, data, range(data.n_tasks), here):
        found[number] = result
        here.progress(GREEN_SHARE + (1 - GREEN_SHARE) * len(found) / data.n_tasks)
    sums = np.array([found[number] for number in range(data.n_tasks)])
    values = [fsum(column) for column in sums[:, 0].T]
    errors = [fsum(column) for column in sums[:, 1].T]
    return values, errors


def _weights_of_part(data: _Data, number: int) -> Floats:
    """(sums of weights, bounds of their errors) by size, of the sets of some starts."""
    n_starts, question = len(data.starts), data.question
    begin, end = (n_starts * part // data.n_tasks for part in (number, number + 1))
    sums: list[list[list[float]]] = [[[], []] for _ in range(question.up_to)]
    for sets in small_sets.listed(
        data.links, question.listing(data.starts, begin, end), compiles=data.compiles
    ):
        values, errors = _weights(sets, data)
        for place in np.flatnonzero((values == 0.0) & (errors > 0.0)).tolist():
            if data.question.has_no_forest([data.order[p] for p in sets[place].tolist() if p >= 0]):
                errors[place] = 0.0
        sizes = (sets >= 0).sum(axis=1)
        for size in np.unique(sizes).tolist():
            chosen = sizes == size
            for part, numbers in zip(sums[size - 1], (values, errors), strict=True):
                part.append(fsum(numbers[chosen]))
    result = np.array([[fsum(part) for part in parts] for parts in sums]).T
    result[1] = result[1] * (1 + 2**-40) + 4 * UNIT * result[0]  # sums were rounded, here and after
    return result


def _weights(sets: Numbers, data: _Data) -> tuple[Floats, Floats]:
    is_first_alone = not data.question.is_mutual
    if not data.compiles:
        return small_weights.float_weights(sets, data.links, data.roots, is_first_alone, data.green)
    from exactav.kernels.compiled import small_floats as small_compiled_floats

    up_to = sets.shape[1]
    room = up_to * (data.links.most + 1)
    roundings = np.array([positive.roundings(n) for n in range(up_to + 1)])
    return small_compiled_floats.float_weights(
        sets, *data.links, room, data.roots, is_first_alone, *data.green, roundings, max(_KEPT, room)
    )


def _divided(
    values: list[float], errors: list[float], total: float, error: float, question: SmallQuestion
) -> Probabilities:
    if not all(map(np.isfinite, [*errors, error])) or error > total / 2:
        raise _too_loose()
    most, least = Fraction(total) + Fraction(error), Fraction(total) - Fraction(error)
    found: dict[int, float] = {}
    lows, highs, farthest = Fraction(0), Fraction(0), Fraction(0)
    for size, (value, off) in enumerate(zip(values, errors, strict=True), 1):
        if not value and not off:
            continue
        low, high = (Fraction(value) - Fraction(off)) / most, (Fraction(value) + Fraction(off)) / least
        if low <= 0:
            raise _too_loose()
        found[size] = float(Fraction(value) / Fraction(total))
        farthest = max(farthest, _off(found[size], low, high))
        lows, highs = lows + low, highs + high
    larger = 0.0
    if question.may_exceed():
        if highs >= 1:
            raise UndecidedError(
                f"P(L > {question.up_to}) is below the error of floating point: ask for arithmetic='exact', "
                "or for a smaller up_to"
            )
        larger = float(1 - sum(map(Fraction, found.values())))
        farthest = max(farthest, _off(larger, 1 - highs, 1 - lows))
    if farthest > _LOOSEST:
        raise _too_loose()
    return Probabilities(found, larger, ceil(farthest / Fraction(UNIT)) + 1)


def _off(value: float, low: Fraction, high: Fraction) -> Fraction:
    """The largest relative error of a value that stands for a number between two."""
    return max(abs(Fraction(value) - end) for end in (low, high)) / low


def _too_loose() -> FloatRangeError:
    return FloatRangeError(
        "this network is too close to one without leak, or what is left over too small, for floating point "
        "with a proven bound: ask for arithmetic='exact'"
    )
