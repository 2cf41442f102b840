"""Random small networks for hypothesis: plain data, as tests/oracles.py reads it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st
from oracles import Number, determinant, leak

Rows = list[list[Number]]


class PlainNetwork(NamedTuple):
    """A network with exact laws: positive volume, and every driven unit has leak >= increment."""

    weights: Rows
    thresholds: list[Number]
    drive: list[Fraction]
    increment: Number

    @property
    def leak(self) -> list[Number]:
        """Threshold minus row sum of each unit."""
        return leak(self.weights, self.thresholds)

    @property
    def matrix(self) -> Rows:
        """diag(U) - W."""
        return _matrix(self.weights, self.thresholds)

    @property
    def volume(self) -> Fraction:
        """det(diag(U) - W), the volume of the inhabited region."""
        return determinant(self.matrix)

    @property
    def driven(self) -> list[int]:
        """The units that slow steps feed."""
        return [unit for unit, probability in enumerate(self.drive) if probability]


@st.composite
def integer_networks(draw: st.DrawFn, max_units: int = 4, max_volume: int = 400) -> PlainNetwork:
    """Sandpiles with dU = 1: non-symmetric, self-coupled, with zeros among weights, leaks and drive.

    The volume is the number of recurrent states; where it would exceed max_volume, the largest weights and
    leaks are lowered. No connection is cut by that if max_units <= 4 and max_volume >= 125.
    """
    entries = st.sampled_from([0, 1, 2, 3])
    weights, lost = draw(_weights_and_leak(entries, max_units))
    while determinant(_matrix(weights, _thresholds(weights, lost))) > max_volume:
        _lower_largest_exit(weights, lost)
        _open_leaks(weights, lost)
    return PlainNetwork(weights, _thresholds(weights, lost), draw(_drives(lost)), 1)


@st.composite
def rational_networks(draw: st.DrawFn, max_units: int = 5) -> PlainNetwork:
    """As `integer_networks` with rational weights, thresholds and increment; the volume is not bounded."""
    entries = st.sampled_from([Fraction(0), *(Fraction(p, q) for q in range(1, 8) for p in range(1, q + 2))])
    weights, lost = draw(_weights_and_leak(entries, max_units))
    drive = draw(_drives(lost))
    largest = min(s for s, probability in zip(lost, drive, strict=True) if probability)
    increment = largest * draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2, 3), Fraction(1, 7)]))
    return PlainNetwork(weights, _thresholds(weights, lost), drive, increment)


@st.composite
def _weights_and_leak(
    draw: st.DrawFn, entries: st.SearchStrategy[Number], max_units: int
) -> tuple[Rows, list[Number]]:
    n_units = draw(st.integers(1, max_units))
    row = st.lists(entries, min_size=n_units, max_size=n_units)
    weights = [list(draw(row)) for _ in range(n_units)]
    lost = list(draw(row))
    _open_leaks(weights, lost)
    return weights, lost


@st.composite
def _drives(draw: st.DrawFn, lost: Sequence[Number]) -> list[Fraction]:
    """Probabilities of the starts, zero at least where nothing leaks."""
    shares = [draw(st.integers(0, 3)) if s else 0 for s in lost]
    if not any(shares):
        shares[[bool(s) for s in lost].index(True)] = 1
    return [Fraction(share, sum(shares)) for share in shares]


def _thresholds(weights: Rows, lost: Sequence[Number]) -> list[Number]:
    return [sum(row) + s for row, s in zip(weights, lost, strict=True)]


def _matrix(weights: Rows, thresholds: Sequence[Number]) -> Rows:
    return [
        [(thresholds[i] if i == j else 0) - w for j, w in enumerate(row)] for i, row in enumerate(weights)
    ]


def _open_leaks(weights: Rows, lost: list[Number]) -> None:
    """Give leak 1 to closed units, one by one, until every unit has a path i <- j ... to a unit with leak."""
    units = range(len(lost))
    leaking = {i for i in units if lost[i]}
    while True:
        while grown := {i for i in units if any(weights[i][j] for j in leaking)} - leaking:
            leaking |= grown
        closed = [i for i in units if i not in leaking]
        if not closed:
            return
        lost[closed[0]] = 1
        leaking.add(closed[0])


def _lower_largest_exit(weights: Rows, lost: list[Number]) -> None:
    """Take 1 from the largest leak or weight between two units; a leak of 1 stays, so this ends."""
    units = range(len(lost))
    weight, i, j = max(((weights[i][j], i, j) for i in units for j in units if i != j), default=(0, 0, 0))
    unit = max(units, key=lost.__getitem__)
    if lost[unit] > 1 and lost[unit] >= weight:
        lost[unit] -= 1
    else:
        weights[i][j] = weight - 1
