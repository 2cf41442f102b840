"""What sets of few units weigh, with the Green matrix G = M^-1: the plain twin of :mod:`.compiled.small_sets`
and :mod:`.compiled.small_floats`.

Let A be a set, C the others, and w_b what unit b of C receives from A. Row b of L[C] + diag(s_C) is that of M
with w_b less on the diagonal, so the forests of C weigh f(C) = det(M_CC - diag(w_C)) =
det(M_CC) det(I - M_CC^-1 diag(w_C)). By Jacobi det M_CC = det M det G_AA, and M_CC^-1 = G_CC - G_CA G_AA^-1
G_AC, the Green matrix of walks that end in A. Only columns of units b with w_b > 0 differ from those of I,
the neighbours B of A. So with

    f(C) / det M = det G_AA det(I - (G_BB - G_BA G_AA^-1 G_AB) diag(w_B))

a set costs one elimination of the entries of G between A and B: first of A, then of I - G^C diag(w).

In floating point the start k of a set comes first, in numbers of two floats: close to criticality all entries
of G are large and nearly equal, those for walks that end in k are not. A column beside them has the
probabilities 1 - G_ik / G_kk that walks from i leak before they come to k, and after elimination of A before
they come to A. These are the row sums of I - G^C diag(w), whose other entries are not positive, so that it is
eliminated without differences (:func:`.balls.exits`).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exactav.kernels import doubled, modular, positive
from exactav.kernels.balls import SLACK, TINY, all_exits, eliminated
from exactav.kernels.green import Inverse
from exactav.kernels.positive import UNIT, Floats
from exactav.kernels.small_lists import Numbers
from exactav.kernels.small_sets import Links

_ENTRIES = 1 << 19  # of matrices handled at once


class _Group(NamedTuple):
    """Sets of equal numbers of units and neighbours: units first, and what all of them receive."""

    places: NDArray[np.intp]
    n_in: int
    units: Numbers  # (sets, n)
    received: NDArray[Any]  # (sets, n, n_in)


def _groups(sets: Numbers, links: Links) -> Iterator[_Group]:
    by_shape: dict[tuple[int, int], list[tuple[int, list[int], list[tuple[int, int, int]]]]] = {}
    first, receivers = links.first.tolist(), links.receivers.tolist()
    for number, row in enumerate(sets.tolist()):
        units = [unit for unit in row if unit >= 0]
        place = {unit: i for i, unit in enumerate(units)}
        couplings = []
        for j, sender in enumerate(tuple(units)):
            for e in range(first[sender], first[sender + 1]):
                unit = receivers[e]
                if unit not in place:
                    place[unit] = len(units)
                    units.append(unit)
                couplings.append((place[unit], j, e))
        n_in = sum(unit >= 0 for unit in row)
        by_shape.setdefault((n_in, len(units)), []).append((number, units, couplings))
    for (n_in, n), found in by_shape.items():
        at_once = max(1, _ENTRIES // n**2)
        for begin in range(0, len(found), at_once):
            part = found[begin : begin + at_once]
            received = np.zeros((len(part), n, n_in), dtype=links.values.dtype)
            for slot, (_, _, couplings) in enumerate(part):
                for i, j, e in couplings:
                    received[slot, i, j] = links.values[e]
            numbers, units = [number for number, _, _ in part], [units for _, units, _ in part]
            yield _Group(np.array(numbers), n_in, np.array(units), received)


def _roots(group: _Group, starts: NDArray[Any], is_first_alone: bool) -> NDArray[Any]:
    roots = starts[group.units[:, : group.n_in]]
    if is_first_alone:
        roots[:, 1:] = 0
    return roots


def float_weights(
    sets: Numbers, links: Links, starts: Floats, is_first_alone: bool, green: Inverse
) -> tuple[Floats, Floats]:
    """Tree weight times forest weight over det M of each set, and how far off it is at most.

    Where the forest weight may be 0, it is 0 here, and how far off that is says how much it may be.
    ``is_first_alone``: only the first unit of each set counts as its start.
    """
    values, errors = np.zeros(len(sets)), np.zeros(len(sets))
    for group in _groups(sets, links):
        n_in, units = group.n_in, group.units
        roots = _roots(group, starts, is_first_alone).astype(float)
        trees = positive.determinants(group.received[:, :n_in].astype(float), roots, linear=True)
        entries, radii = _killed(units, green)
        inside, error = eliminated(entries, radii, 0, n_in - 1)
        start = green.radius[units[:, 0]] * green.reach[units[:, 0]] * SLACK
        first = green.high[units[:, 0], units[:, 0]]
        inside *= first
        error += start / (first - start) + 4 * UNIT
        received = group.received[:, n_in:].sum(axis=2)[:, None, :]
        left, left_radii = entries[:, n_in - 1 :, n_in - 1 :], radii[:, n_in - 1 :, n_in - 1 :]
        left_radii[:, :, :-1] *= received
        left[:, :, :-1] *= received
        left_radii += (n_in + 3) * UNIT * np.abs(left) + TINY
        outside, more = all_exits(left, left_radii, 0)
        error += (positive.roundings(n_in) + 4) * UNIT
        found, is_sure = trees * (inside * outside), np.isfinite(more)
        values[group.places] = np.where(is_sure, found, 0.0)
        factor = np.where(is_sure, np.expm1(error + np.where(is_sure, more, 0.0)), np.exp(error))
        errors[group.places] = found * factor * SLACK + TINY * (trees > 0)
    return values, errors


def _killed(units: Numbers, green: Inverse) -> tuple[Floats, Floats]:
    """Entries of G between all units but the first of each set, for walks that end in that, and radii.

    The last column has the probabilities that walks do not end there: 1 - G_ik / G_kk.
    """
    k, others = units[:, 0], units[:, 1:]
    column, row = (others, k[:, None]), (k[:, None], others)
    pivot, pivot_low = green.high[k, k][:, None], green.low[k, k][:, None]
    pivot_radius = (green.radius[k] * green.reach[k])[:, None]
    ratio, ratio_low = doubled.ratio(green.high[column], green.low[column], pivot, pivot_low)
    far = np.abs(ratio)
    off = (green.reach[others] * green.radius[k][:, None] + far * pivot_radius) / (pivot - pivot_radius)
    off = off * SLACK + TINY
    n = others.shape[1]
    values, radii = np.empty((len(units), n, n + 1)), np.empty((len(units), n, n + 1))
    values[:, :, n] = (1.0 - ratio) - ratio_low
    radii[:, :, n] = off + 3 * UNIT * np.abs(values[:, :, n]) + 20 * UNIT**2
    both = others[:, :, None], others[:, None, :]
    across, across_low = green.high[row][:, None, :], green.low[row][:, None, :]
    entries = green.high[both]
    found = doubled.less_product(
        entries, green.low[both], ratio[:, :, None], ratio_low[:, :, None], across, across_low
    )
    across, off, far = np.abs(across), off[:, :, None], far[:, :, None]
    radius = (green.radius[others] * green.reach[k][:, None])[:, None, :]
    values[:, :, :n] = found
    radii[:, :, :n] = (
        green.reach[others][:, :, None] * green.radius[others][:, None, :]
        + far * radius
        + off * (across + radius)
        + UNIT * np.abs(found)
        + 80 * UNIT**2 * (np.abs(entries) + far * across)
        + TINY
    )
    return values, radii


def modular_weights(
    sets: Numbers,
    links: Links,
    starts: modular.Residues,
    is_first_alone: bool,
    green: modular.Residues,
    prime: int,
) -> modular.Residues:
    """Tree weight times forest weight over det M of each set, modulo a prime."""
    values = np.zeros(len(sets), dtype=np.int64)
    for group in _groups(sets, links):
        n_in, units, received = group.n_in, group.units, group.received
        inner = np.arange(n_in)
        trees = (prime - received[:, :n_in]) % prime
        trees[:, inner, inner] = received[:, :n_in].sum(axis=2) % prime
        trees[:, :, 0] = (trees[:, :, 0] + _roots(group, starts, is_first_alone)) % prime
        entries = green[units[:, :, None], units[:, None, :]]
        values[group.places] = (
            modular.determinants(trees, prime)
            * modular.determinants(_changed(entries, received, n_in, prime), prime)
            % prime
        )
    return values


def _changed(
    entries: modular.Residues, received: modular.Residues, n_in: int, prime: int
) -> modular.Residues:
    """Rows of A as they are; row b is that of I, and what b receives of them less what it receives in all of
    its own."""
    result = entries.copy()
    below = entries[:, n_in:]
    rows = np.zeros_like(below)
    for j in range(n_in):
        rows += received[:, n_in:, j, None] * ((entries[:, None, j] + prime - below) % prime) % prime
    outer = np.arange(below.shape[1])
    rows[:, outer, n_in + outer] += 1
    result[:, n_in:] = rows % prime
    return result
