"""The numbers that the authors published, or that other software gives: section by section, as fractions."""

from fractions import Fraction
from typing import Any

import numpy as np
import oracles
import pytest
import sympy

import exactav as ea
from exactav.laws.measure import Exact
from exactav.network import families

RING_10 = (
    "87381/349525 17476/69905 65532/349525 8736/69905 16/205 "
    "3264/69905 9408/349525 1024/69905 2304/349525 1024/69905"
)
LINE_10 = (
    "132043/434965 601962/2174825 407784/2174825 242736/2174825 26704/434965 "
    "69216/2174825 34048/2174825 15872/2174825 6912/2174825 512/434965"
)


def law_of(text: str) -> dict[int, sympy.Rational]:
    return {index: sympy.Rational(entry) for index, entry in enumerate(text.split(), start=1)}


@pytest.mark.parametrize(
    ("net", "published"),
    [
        (families.ring(10, "4/5"), RING_10),
        (families.line(10, "4/5"), LINE_10),
        (families.homogeneous(3, "3/4"), "3/8 1/4 3/8"),
        (families.homogeneous(4, "1/2"), "49/80 9/40 9/80 1/20"),
        (families.homogeneous_without_self(3, "3/4"), "16/55 12/55 27/55"),
        (
            families.populations([2, 2], [["1/5", "1/10"], ["1/10", "1/5"]]),
            "63/115 28/115 3/23 9/115",
        ),
    ],
)
def test_size_laws(net: ea.Network, published: str) -> None:
    assert ea.size_law(net).pmf() == law_of(published)
    assert ea.assembly_law(net).size_law().pmf() == law_of(published)
    assert ea.size_law(net).mean() == ea.mean_size(net)


def test_durations_and_second_moment_of_the_homogeneous_network() -> None:
    net = families.homogeneous(4, "1/2")
    assert ea.duration_law(net).pmf() == law_of("49/80 17/64 33/320 3/160")
    assert ea.size_law(net).moment(2) == sympy.Rational(133, 40)


def sandpile(n_units: int) -> ea.Network:
    """Sandpile on the complete graph of ``n_units`` and one sink."""
    weights = [[int(i != j) for j in range(n_units)] for i in range(n_units)]
    return ea.Network(weights, thresholds=n_units, increment=1)


@pytest.mark.parametrize(
    ("n_units", "counts"),
    [(3, [24, 9, 6, 9]), (5, [4320, 625, 320, 270, 320, 625])],
)
def test_avalanche_polynomials_of_complete_graphs(n_units: int, counts: list[int]) -> None:
    net = sandpile(n_units)
    per_step = ea.size_law(net).per_step()
    pairs = n_units * net.volume()
    assert [per_step[size] * pairs for size in range(n_units + 1)] == counts


def homogeneous_size(n: int, alpha: sympy.Expr, size: int) -> sympy.Expr:
    """arXiv:2202.02520, with self-coupling."""
    if size == n:
        return alpha ** (n - 1) / (n - (n - 1) * alpha)
    w = alpha / n
    bulk = sympy.Integer(size) ** (size - 2) * sympy.binomial(n - 1, size - 1) * w ** (size - 1)
    return bulk * (1 - size * w) ** (n - size - 1) * n * (1 - alpha) / (n - (n - 1) * alpha)


def homogeneous_without_self_size(n: int, alpha: sympy.Expr, size: int) -> sympy.Expr:
    """arXiv:2202.02520, without self-coupling."""
    w = alpha / (n - 1)
    bulk = sympy.binomial(n - 1, size - 1) * (size * w) ** (size - 1) / size
    rest = (1 - (size - 1) * w) ** (n - size - 1) * (1 - alpha)
    return bulk * rest / ((1 + w) ** (n - 2) * (1 - (n - 2) * w))


@pytest.mark.parametrize("n", [2, 3, 5, 8])
@pytest.mark.parametrize(
    ("family", "formula"),
    [
        (families.homogeneous, homogeneous_size),
        (families.homogeneous_without_self, homogeneous_without_self_size),
    ],
)
def test_homogeneous_closed_forms_in_alpha(n: int, family: Any, formula: Any) -> None:
    alpha = sympy.Symbol("alpha")
    law = ea.size_law(family(n, alpha))
    for size in range(1, n + 1):
        assert sympy.cancel(law[size] - formula(n, alpha, size)) == 0


def test_digits_of_tiny_probabilities() -> None:
    """Homogeneous N = 40: values near 1e-40 have all their digits, against integers from the closed form."""
    alpha = sympy.Rational(1, 12)
    law = ea.size_law(families.homogeneous(40, alpha))
    digits = {n: law.evaluate(n) for n in (30, 60)}
    smallest = min(digits[60].values())
    assert sympy.Float("1e-45") < smallest < sympy.Float("1e-38")
    for size in range(1, 41):
        exact = homogeneous_size(40, alpha, size)
        assert law[size] == exact
        for n in (30, 60):
            shown, true = Fraction(str(digits[n][size])), Fraction(exact.p, exact.q)
            assert abs(shown - true) <= true * Fraction(10) ** (1 - n) / 2


@pytest.mark.parametrize("n", [3, 4, 7])
def test_ring_by_chebyshev_polynomials(n: int) -> None:
    alpha = sympy.Symbol("alpha")
    w, leak = alpha / 2, 1 - alpha
    x = 1 + leak / (2 * w)
    net = families.ring(n, alpha)
    volume = 2 * w**n * (sympy.chebyshevt(n, x) - 1)
    assert sympy.cancel(net.volume() - volume) == 0
    law = ea.size_law(net, start=0)
    assert isinstance(law.measure, Exact)
    normaliser = sum(law.weights.values(), law.measure.ring.zero)
    assert normaliser == law.measure.total
    minor = sympy.cancel(net.volume() * ea.green_matrix(net)[0, 0])
    for size in range(1, n):
        piece = size * w ** (size - 1) * leak * w ** (n - size - 1) * sympy.chebyshevu(n - size - 1, x)
        assert sympy.cancel(law[size] - piece / minor) == 0
    assert sympy.cancel(law[n] - n * w ** (n - 1) / minor) == 0


def test_torus_of_the_authors() -> None:
    """Torus 50 x 50, Moore neighbourhood: mean size and P(1) from the Green matrix, to the published digits.

    2500 units are beyond exact inversion here, so the network's own entries go through a float inverse;
    smaller tori check the two formulas exactly.
    """
    net = families.torus(50, 50, "0.9874725997")
    n = net.n_units
    matrix = np.eye(n)
    for i, row in enumerate(net.rows):
        for j, weight in row.items():
            matrix[i, j] -= float(Fraction(int(weight.numerator), int(weight.denominator)))
    green = np.linalg.inv(matrix)
    assert abs(green[:, 0].sum() / green[0, 0] - 47.0378) < 5e-5
    assert abs(single_unit_probability(net, green[:, :], float) - 0.203914) < 5e-7


def single_unit_probability(net: ea.Network, green: Any, number: Any) -> float:
    """P(size 1 | start 0): thresholds of the units that 0 feeds are lowered by what they would receive."""
    fed = [i for i, row in enumerate(net.rows) if 0 in row and i != 0]
    received = np.array([number(net.field.to_sympy(net.rows[i][0])) for i in fed])
    # Green matrix of M without row and column 0, on the fed units; then det(M' - diag) / det(M').
    without = green[np.ix_(fed, fed)] - np.outer(green[fed, 0], green[0, fed]) / green[0, 0]
    return float(np.linalg.det(np.eye(len(fed)) - without * received[None, :]))


@pytest.mark.parametrize(("rows", "columns"), [(3, 3), (3, 4)])
def test_small_tori_exactly(rows: int, columns: int) -> None:
    net = families.torus(rows, columns, "9/10")
    law = ea.size_law(net, start=(0, 0))
    assert law.mean() == ea.mean_size(net, start=(0, 0)) == ea.mean_size(net)
    green = np.array(ea.green_matrix(net).tolist(), dtype=float)
    assert abs(single_unit_probability(net, green, float) - float(law[1])) < 1e-12


def test_published_numbers_agree_with_brute_force() -> None:
    """The smallest published networks once more, from the oracles alone."""
    weights = [[Fraction(1, 4)] * 3 for _ in range(3)]
    law = oracles.assembly_law_by_listing(weights, [Fraction(1)] * 3, [Fraction(1, 3)] * 3)
    sizes: dict[int, Fraction] = {}
    for assembly, p in law.items():
        sizes[len(assembly)] = sizes.get(len(assembly), Fraction(0)) + p
    assert sizes == {1: Fraction(3, 8), 2: Fraction(1, 4), 3: Fraction(3, 8)}
