"""How fast the Green function of a lattice decays, proven by rational arithmetic.

Let t > 1 be rational, e a direction along an axis, and M_t = sum over x of M(x) t^(x.e). If M_t v >= m > 0
for some v > 0, then M_t is an M-matrix whose inverse, sum over x of G(x) t^(x.e), has row sums of at most
max(v)/m. All terms are positive, so the sum of G(x) over all x with x.e = r is at most max(v)/m t^-r
(derivation 18).
"""

from fractions import Fraction
from math import ceil, exp, floor, log, log1p, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.errors import UndecidedError
from exactav.lattices.cells import Cell

_FASTEST = log(1024.0)
_SAFE = 0.97  # of the fastest decay: closer to it, the factor before it grows
_TRIES = 40


class Decay(NamedTuple):
    """Sums of G over all cells at distance r along an axis are at most factor * rate^-r, rate > 1."""

    factor: Fraction
    rate: Fraction

    @property
    def bits(self) -> float:
        """Bits a cell, rounded down."""
        return log1p(float(self.rate - 1)) / log(2) * (1 - 1e-9)

    def cells(self, bits: int) -> int:
        """After how many cells images add up to at most 2^-bits: those at all multiples, on both sides.

        factor * 2 rate^-r / (1 - rate^-n) with n >= r.
        """
        r = max(1, ceil((bits + 1 + log2(self.factor) + 1e-6) / self.bits))
        while self.left_over(r) * 2**bits > 1:
            r += ceil(r / 16)
        return r

    def left_over(self, r: int) -> Fraction:
        """A bound of what images at distances of r and more add up to."""
        power = floor(r * self.bits)
        # of little leak r is in the billions: rate^r is not written out, but is at least either of these
        far = Fraction(1, 2**power)
        return self.factor * 2 * far / (1 - min(far, 1 / (1 + r * (self.rate - 1))))


def decay(cell: Cell, axis: int) -> Decay:
    """Along an axis, in both directions.

    Raises:
        UndecidedError: no bound was found.
    """
    fastest = _FASTEST
    for side in (1, -1):
        low, high = 0.0, fastest
        if not _decays(cell, axis, side * high):
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if _decays(cell, axis, side * middle) else (low, middle)
            fastest = low
    slope = fastest * _SAFE
    for _ in range(_TRIES):
        rate = Fraction(floor(exp(slope) * 2**40), 2**40)
        factors = [_proven(cell, axis, factor) for factor in (rate, 1 / rate)] if rate > 1 else [None]
        if all(factor is not None for factor in factors):
            return Decay(max(factor for factor in factors if factor is not None), rate)
        slope *= 0.9
    raise UndecidedError("no bound of the Green function of this lattice was found: its leak is too small")


def _vector(cell: Cell, axis: int, factor: float) -> NDArray[np.float64] | None:
    """v with M_t v = 1, if it is positive."""
    rows = np.diag([float(threshold) for threshold in cell.thresholds])
    for (i, j, x), weight in cell.weights.items():
        rows[i, j] -= float(weight) * factor ** x[axis]
    try:
        v = np.asarray(np.linalg.solve(rows, np.ones(len(rows))), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    return v if np.isfinite(v).all() and v.min() > 0 else None


def _decays(cell: Cell, axis: int, slope: float) -> bool:
    return _vector(cell, axis, exp(slope)) is not None


def _proven(cell: Cell, axis: int, factor: Fraction) -> Fraction | None:
    """A bound of the row sums of the inverse of M_t, t = ``factor``; None if there is none."""
    found = _vector(cell, axis, float(factor))
    if found is None:
        return None
    v = [Fraction(value) for value in found.tolist()]
    symbol = cell.symbol(factor, axis)
    least = min(sum((m * x for m, x in zip(row, v, strict=True)), Fraction(0)) for row in symbol)
    return max(v) / least if least > 0 else None
