"""Determinants of integer matrices to first order in x: det(M + x Q) = det M + x S, Q a diagonal matrix.

With the weights of starts on the diagonal of Q, S is the sum of weight times minor over all starts, what the
laws are divided by. Sparse elimination of numbers a + b x, to first order, modulo many primes side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from exactav.errors import CheckFailedError
from exactav.kernels import modular
from exactav.kernels.elimination import Elimination, Round, elimination_of
from exactav.kernels.modular import Residues
from exactav.numbers.domains import Element

_NUMBERS = 1 << 21  # residues that are held at a time, 16 MB, and some of their products
_FEWEST = 4  # primes side by side, at least
_MOST_SPARE = 100


@dataclass(frozen=True)
class Pencil:
    """The matrix M + x Q, times factors (a + b x)^power, all of integers.

    Attributes:
        rows: those of M, as mappings from columns to entries; all have a diagonal entry.
        slopes: the diagonal of Q, as far as it is not zero.
        factors: (a, b, power) of each.
        bound: that neither result is above in absolute value.
    """

    rows: Sequence[Mapping[int, int]]
    slopes: Mapping[int, int]
    factors: Sequence[tuple[int, int, int]]
    bound: int


def weighted_minors(
    weights: Sequence[Mapping[int, Element]],
    leak: Sequence[Element],
    starts: Mapping[int, Element],
    classes: Sequence[Sequence[int]],
    bound: int | None = None,
) -> tuple[int, int]:
    """(det M, sum of starts[k] det(M without k)) of the M-matrix of integer ``weights`` and ``leak``.

    Or of any integers of which no principal minor vanishes, with a ``bound`` on both results.

    Units of one of the ``classes`` are interchangeable: their minors are equal, so each gets the mean of
    their start weights, and M + x Q splits (derivation 09) into one row a class, and for each class of c
    units the factor (diagonal entry + weight within the class)^(c - 1). The determinant of an M-matrix is at
    most the product of its diagonal (Hadamard and Fischer), which bounds both results.

    >>> weighted_minors([{1: 1}, {0: 3}], [1, 1], {0: 1, 1: 10}, [[0], [1]])
    (5, 24)
    """
    class_of = {unit: a for a, members in enumerate(classes) for unit in members}
    common = lcm(*map(len, classes))  # of the denominators of means
    rows, slopes, factors = [], {}, []
    largest = max(1, sum(map(int, starts.values())))
    for a, members in enumerate(classes):
        first, count = members[0], len(members)
        row: dict[int, int] = {a: 0}
        for j, weight in weights[first].items():
            row[class_of[j]] = row.get(class_of[j], 0) - int(weight)
        diagonal = sum(map(int, weights[first].values()), int(leak[first]))
        row[a] += diagonal
        rows.append(row)
        held = sum(int(starts[unit]) for unit in members if unit in starts)
        if held:
            slopes[a] = held * (common // count)
        if count > 1:
            within = int(weights[first].get(members[1], 0))
            factors.append((diagonal + within, slopes.get(a, 0), count - 1))
        largest *= diagonal**count
    pencil = Pencil(rows, slopes, factors, common * (largest if bound is None else bound))
    value, slope = first_order(pencil)
    return value, slope // common


def first_order(pencil: Pencil) -> tuple[int, int]:
    """(value, slope) at x = 0 of the determinant times all factors.

    >>> first_order(Pencil([{0: 2, 1: -1}, {0: -3, 1: 4}], {0: 1, 1: 10}, [], bound=88))
    (5, 24)
    """
    elimination = elimination_of(pencil.rows)
    spare = 1
    while True:
        moduli = modular.primes(2 * pencil.bound, spare=spare)
        good, value, slope = _eliminated(pencil, elimination, moduli)
        kept = [prime for prime, is_good in zip(moduli, good.tolist(), strict=True) if is_good]
        if prod(kept[:-1]) > 2 * pencil.bound:
            break
        spare += 1 + len(moduli) - len(kept)  # a pivot was 0 modulo some of them
        if spare > _MOST_SPARE + len(moduli) // 2:
            raise CheckFailedError("a principal minor of a nonsingular M-matrix vanishes")
    residues = [np.array(both) for both in zip(value[good].tolist(), slope[good].tolist(), strict=True)]
    found = _signed(modular.integers(residues, kept), kept)
    if max(map(abs, found)) > pencil.bound:
        raise CheckFailedError("a determinant is above its bound")
    return found[0], found[1]


def _signed(values: Sequence[int], moduli: Sequence[int]) -> list[int]:
    product = prod(moduli)
    return [value - product if 2 * value > product else value for value in values]


def _eliminated(
    pencil: Pencil, elimination: Elimination, moduli: Sequence[int]
) -> tuple[NDArray[np.bool_], Residues, Residues]:
    """By prime: whether no pivot was 0, and the residues of both results."""
    n_slots = len(elimination.entries)
    largest = max([n_slots, *(step.rows.size * step.rows.shape[1] for step in elimination.rounds)])
    width = max(_FEWEST, _NUMBERS // max(1, largest))
    entries = [pencil.rows[i].get(j, 0) for i, j in elimination.entries]
    parts = []
    for begin in range(0, len(moduli), width):
        primes = np.array(moduli[begin : begin + width], dtype=np.int64)
        places = list(pencil.slopes)
        nothing = np.zeros((n_slots, primes.size), dtype=np.int64)
        matrix = _Matrix(primes, _residues(entries, primes), nothing, bool(places))
        matrix.slopes[places] = _residues([pencil.slopes[i] for i in places], primes)
        for step in elimination.rounds:
            matrix.eliminate(step)
        matrix.eliminate_core(elimination.core)
        for a, b, power in pencil.factors:
            matrix.multiply(_residues([a], primes), _residues([b], primes), power)
        parts.append((matrix.good, matrix.value, matrix.value * matrix.slope % primes))
    good, value, slope = (np.concatenate(column) for column in zip(*parts, strict=True))
    return good, value, slope


def _residues(numbers: Sequence[int], primes: Residues) -> Residues:
    """Shape (numbers, primes)."""
    if not numbers:
        return np.zeros((0, primes.size), dtype=np.int64)
    if max(map(abs, numbers)) < 1 << 62:
        return np.array(numbers, dtype=np.int64)[:, None] % primes
    distinct = {number: [number % prime for prime in primes.tolist()] for number in set(numbers)}
    return np.array([distinct[number] for number in numbers], dtype=np.int64)


class _Matrix:
    """Entries by slot, values and slopes modulo each prime; ``value`` (1 + ``slope`` x) is split off."""

    def __init__(self, primes: Residues, values: Residues, slopes: Residues, has_slopes: bool) -> None:
        self.primes, self.values, self.slopes, self.has_slopes = primes, values, slopes, has_slopes
        self.good = np.ones(primes.size, dtype=bool)
        self.value, self.slope = np.ones_like(primes), np.zeros_like(primes)

    def multiply(self, values: Residues, slopes: Residues, power: int = 1) -> Residues:
        """Split off pivots values + slopes x, shape (m, primes); their inverses are returned."""
        primes = self.primes
        self.good &= (values != 0).all(axis=0)
        inverses, product = _inverted(np.where(values == 0, 1, values), primes)
        ratio = (slopes * inverses % primes).sum(axis=0) % primes
        self.slope = (self.slope + power % primes * ratio) % primes
        self.value = self.value * _powers(product, power, primes) % primes
        return inverses

    def eliminate(self, step: Round) -> None:
        """The rows of a round."""
        primes, values, slopes = self.primes, self.values, self.slopes
        b = slopes[step.pivots]
        inverses = self.multiply(values[step.pivots], b)
        e = values[step.columns] * inverses[:, None] % primes
        c = values[step.rows]
        self._subtract(values, step, e[:, :, None] * c[:, None])
        if self.has_slopes:
            # 1 / (a + b x) = (1 - b / a x) / a
            ratios = primes - b * inverses % primes
            f = (slopes[step.columns] * inverses[:, None] + e * ratios[:, None]) % primes
            self._subtract(
                slopes, step, e[:, :, None] * slopes[step.rows][:, None] + f[:, :, None] * c[:, None]
            )

    def _subtract(self, held: Residues, step: Round, changes: Residues) -> None:
        """``changes``, below 2^63 and of shape (m, d, d, primes), from entries by slot."""
        changes = changes.reshape(-1, self.primes.size)
        if step.places is not None and changes.size:
            changes = np.add.reduceat((changes % self.primes)[step.places], step.begins, axis=0)
        held[step.changed] = (held[step.changed] - changes) % self.primes

    def eliminate_core(self, core: NDArray[np.intp]) -> None:
        """The rest, a full matrix."""
        primes, values, slopes = self.primes, self.values[core], self.slopes[core]
        while len(values):
            b = slopes[0, :1]
            inverse = self.multiply(values[0, :1], b)[0]
            e, c = values[1:, :1] * inverse % primes, values[:1, 1:]
            if self.has_slopes:
                ratio = primes - b[0] * inverse % primes
                f = (slopes[1:, :1] * inverse + e * ratio) % primes
                slopes = (slopes[1:, 1:] - (e * slopes[:1, 1:] + f * c)) % primes
            values = (values[1:, 1:] - e * c) % primes


def _powers(values: Residues, power: int, primes: Residues) -> Residues:
    result = np.ones_like(values)
    for bit in bin(power)[2:]:
        result = result * result % primes
        if bit == "1":
            result = result * values % primes
    return result


def _inverted(values: Residues, primes: Residues) -> tuple[Residues, Residues]:
    """(inverses, product over the first axis) of residues other than 0; one inversion for each prime."""
    if len(values) == 1:
        inverses = [
            pow(value, -1, prime) for value, prime in zip(values[0].tolist(), primes.tolist(), strict=True)
        ]
        return np.array([inverses], dtype=np.int64), values[0]
    half = len(values) // 2
    first, second, rest = values[:half], values[half : 2 * half], values[2 * half :]
    together, product = _inverted(np.concatenate([first * second % primes, rest]), primes)
    result = np.empty_like(values)
    result[:half] = together[:half] * second % primes
    result[half : 2 * half] = together[:half] * first % primes
    result[2 * half :] = together[half:]
    return result, product
