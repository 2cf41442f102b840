"""Infinite lattices: against large finite tori, other cells, other sums, and numbers that others know."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import exactav as ea
from exactav.errors import (
    ArgumentError,
    InexactError,
    InvalidNetworkError,
    NotRationalError,
    OptionError,
    SingularNetworkError,
    TooCostlyError,
    UndecidedError,
    UnknownOutcomeError,
    UnknownUnitError,
)
from exactav.lattices import Chain, Lattice, chain, cubic, hexagonal, modes, square, triangular
from exactav.lattices.animals import animals, grid_for, symmetries
from exactav.lattices.cells import Cell
from exactav.lattices.decay import Decay, decay
from exactav.lattices.modes import window
from exactav.lattices.sums import eliminated, whole_determinant

alpha = sympy.Symbol("alpha")
HALVES = sympy.Rational(1, 2)
DIRECTED = Lattice(
    ["a", "b"],
    {
        ("a", "b", 0): "1/5",
        ("b", "a", 1): "1/4",
        ("a", "a", -1): "1/10",
        ("b", "b", 0): "1/6",
        ("b", "a", -1): 0,
        ("a", "b", 2): "1/8",
    },
    thresholds=[1, "3/2"],
    drive=["1/3", "2/3"],
)
"""A chain of cells: directed, with self-coupling, a zero weight, unequal thresholds and uneven drive."""
PLANE = Lattice(
    [0], {(0, 0, (1, 0)): "1/4", (0, 0, (0, 1)): "1/5", (0, 0, (-1, 1)): "1/10", (0, 0, (0, 0)): "1/20"}
)
LAZY = Lattice(["x", "y"], {("x", "y", 0): 1, ("y", "x", 1): "1/2", ("x", "x", 0): 0})  # x has no leak


def is_close(value: Any, exact: Any, digits: int) -> bool:
    """Whether two numbers agree to so many significant digits."""
    return bool(
        abs(sympy.Float(value, 40) - sympy.Float(exact, 40)) <= abs(sympy.Float(exact, 40)) * 10**-digits
    )


# One number that others know


def test_the_square_lattice_at_nine_tenths() -> None:
    """P(1) and the mean as the theory has them; the mean from the complete elliptic integral of mpmath."""
    lattice = square("9/10")
    assert is_close(lattice.size_law(1, digits=17)[1], "0.25609630230757557", 16)
    assert is_close(lattice.mean_size(17), "6.8877986460807450", 16)
    with mpmath.workdps(60):
        known = mpmath.pi / (2 * (1 - mpmath.mpf(9) / 10) * mpmath.ellipk(mpmath.mpf(81) / 100))
        assert abs(mpmath.mpf(str(lattice.mean_size(50))) / known - 1) < mpmath.mpf(10) ** -49


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (1, 1), (2, 1), (0, -3), (-4, 2)])
def test_elliptic_integrals_and_modes(place: tuple[int, int]) -> None:
    for row_sum in ("1/2", "9/10"):
        lattice = square(row_sum)
        digits = lattice.green(place, digits=20)
        assert str(digits) == str(lattice.exact_green(place).evalf(20))


def test_walks_are_counted_by_the_green_function() -> None:
    """G(x) = sum over walks: a lower bound from few steps, and an upper one from what is left over."""
    row_sum = Fraction(1, 2)
    for lattice, moves in (
        (square(row_sum), [(1, 0), (-1, 0), (0, 1), (0, -1)]),
        (triangular(row_sum), [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)]),
    ):
        now, sums = {(0, 0): Fraction(1)}, {(0, 0): Fraction(1)}
        for _ in range(16):
            following: dict[tuple[int, int], Fraction] = {}
            for (i, j), value in now.items():
                for a, b in moves:
                    following[i + a, j + b] = following.get(
                        (i + a, j + b), Fraction(0)
                    ) + value * row_sum / len(moves)
            now = following
            for place, value in now.items():
                sums[place] = sums.get(place, Fraction(0)) + value
        rest = row_sum**17 / (1 - row_sum)
        for place in ((0, 0), (1, 0), (2, -1), (3, 3)):
            assert sums[place] < Fraction(str(lattice.green(place))) < sums[place] + rest


# Finite tori tend to it


@pytest.mark.parametrize(
    ("lattice", "sides", "up_to", "digits"),
    [
        pytest.param(square("1/2"), (18,), 3, 7, marks=pytest.mark.slow),
        pytest.param(triangular("1/2"), (16,), 3, 7, marks=pytest.mark.slow),
        pytest.param(hexagonal("1/2"), (14,), 4, 7, marks=pytest.mark.slow),
        (cubic("2/5"), (8,), 2, 4),
        (chain("1/2", 3), (100,), 4, 10),
        (PLANE, (20,), 3, 7),
        (DIRECTED, (60,), 4, 9),
        (LAZY, (60,), 4, 9),
    ],
)
def test_laws_of_large_tori_converge(
    lattice: Lattice, sides: tuple[int, ...], up_to: int, digits: int
) -> None:
    law = lattice.size_law(up_to, digits=12)
    torus = ea.size_law(lattice.torus(*sides), up_to=up_to, arithmetic="float")
    for outcome in range(1, up_to + 1):
        assert is_close(law[outcome], float(torus[outcome]), digits)
    assert abs(sum(map(float, law.values())) - 1) < 1e-11


@pytest.mark.parametrize("start", ["a", "b"])
def test_a_start_of_its_own(start: str) -> None:
    law, torus = DIRECTED.size_law(3, digits=12, start=start), DIRECTED.torus(40)
    finite = ea.size_law(torus, up_to=3, start=(start, 0), arithmetic="float")
    assert all(is_close(law[size], float(finite[size]), 9) for size in (1, 2, 3))
    assert is_close(
        DIRECTED.mean_size(12, start=start), ea.evaluate(ea.mean_size(torus, start=(start, 0)), 20), 9
    )
    small = DIRECTED.torus(24)
    far, greens = ea.participation(small), ea.green_matrix(small)
    for unit in (("a", 0), ("b", 0), ("b", 1), ("a", 2)):
        place = small.index(unit), small.index((start, 0))
        assert is_close(DIRECTED.participation(unit, start, 12), ea.evaluate(far[place], 20), 7)
        assert is_close(DIRECTED.green(unit, start, 12), ea.evaluate(greens[place], 20), 7)
    sets: list[set[Any]] = [
        {(start, 0)},
        {("a", 0), ("b", 0)},
        {("a", 0), ("b", 1)},
        {("a", 0), ("b", 0), ("b", 1)},
    ]
    for units in sets:
        exact = ea.assembly_probability(small, units, (start, 0))
        found = DIRECTED.assembly_probability(units, start, 12)
        assert (
            found == 0
            if exact == 0 or (start, 0) not in units
            else is_close(found, ea.evaluate(exact, 20), 7)
        )


def test_the_drive_weights_the_starts() -> None:
    torus = DIRECTED.torus(40)
    assert is_close(DIRECTED.mean_size(12), ea.evaluate(ea.mean_size(torus), 20), 9)
    by_start = [DIRECTED.size_law(2, digits=14, start=start)[1] for start in "ab"]
    greens = [DIRECTED.green((start, 0), start, 14) for start in "ab"]
    weights = [
        p * green for p, green in zip((sympy.Rational(1, 3), sympy.Rational(2, 3)), greens, strict=True)
    ]
    mixed = sum(w * p for w, p in zip(weights, by_start, strict=True)) / sum(weights)
    assert is_close(DIRECTED.size_law(2, digits=12)[1], mixed, 11)


def test_tori_are_joined_at_their_ends() -> None:
    """Entry by entry, the torus of two cells."""
    net = DIRECTED.torus(2)
    weights = [[Fraction(str(w)) for w in row] for row in net.weights.tolist()]
    thresholds = [Fraction(str(u)) for u in net.thresholds]
    assert net.labels == (("a", 0), ("b", 0), ("a", 1), ("b", 1))
    # b at cell 1 gets 1/4 from a at cell 0; a at cell 1 gets 1/10 from a at cell 0, going round
    assert weights[3][0] == Fraction(1, 4)
    assert weights[2][0] == Fraction(1, 10)
    assert weights[1][1] == Fraction(1, 6)
    assert weights[0][1] == Fraction(1, 5) + Fraction(1, 8)  # from 0 and, going round, from 2
    assert thresholds == [1, Fraction(3, 2)] * 2


# Two roads to the same numbers


class Unclosed(Cell):
    """A cell of which no sum is done in closed form."""

    is_even = False


def cell_of(lattice: Lattice) -> Cell:
    return lattice._cell


@pytest.mark.parametrize(
    ("lattice", "reach"), [(square("4/5"), (3, 2)), (triangular("4/5"), (2, 3)), (cubic("1/2"), (1, 2, 1))]
)
def test_closed_sums_along_the_last_axis(lattice: Lattice, reach: tuple[int, ...]) -> None:
    cell = cell_of(lattice)
    other = Unclosed(cell.dimension, cell.weights, cell.thresholds, cell.drive)
    one, two = window(cell, reach, 60), window(other, reach, 60)
    assert len(modes.modes(other, reach, 60).sides) == len(modes.modes(cell, reach, 60).sides) + 1
    pairs = list(zip(one.tables[0][0], two.tables[0][0], strict=True))
    assert len(pairs) > 20
    assert all(abs(a - b) <= one.error + two.error < 10 for a, b in pairs)


@pytest.mark.parametrize("lattice", [square("9/10"), hexagonal("4/5"), DIRECTED, PLANE])
def test_the_error_of_the_green_function_is_a_bound(lattice: Lattice) -> None:
    """Twenty bits and a hundred: the coarse window is off by no more than it says."""
    reach = (2,) * lattice.dimension
    coarse, fine = (window(cell_of(lattice), reach, bits) for bits in (20, 100))
    for i, j in product(range(len(lattice.labels)), repeat=2):
        for a, b in zip(coarse.tables[i][j], fine.tables[i][j], strict=True):
            assert abs(a * 2**80 - b) <= coarse.error * 2**80 + fine.error


def test_the_bound_of_images_is_one() -> None:
    """The sum of G over all cells of a column against factor * rate^-r, for the chain in closed form."""
    for row_sum in ("1/2", "9/10", "99/100"):
        found = decay(cell_of(Lattice([0], {(0, 0, x): sympy.Rational(row_sum) / 2 for x in (-1, 1)})), 0)
        for r in (0, 1, 5, 30):
            assert chain(row_sum).green(r, digits=30) <= found.factor * found.rate**-r
        closest = Chain(sympy.Rational(row_sum), 1).root.evalf()
        assert 0.9 < float(mpmath.log(found.rate) / -mpmath.log(closest)) < 1  # and not far from the truth


def test_cells_of_several_units_are_the_same_lattice() -> None:
    """The square lattice with two units a cell, (x, 2y) and (x, 2y + 1)."""
    w = sympy.Rational(9, 40)
    weights: dict[Any, Any] = {}
    for name in "ab":
        weights[name, name, (1, 0)] = weights[name, name, (-1, 0)] = w
    for receiver, sender, back in (("a", "b", 1), ("b", "a", -1)):
        weights[receiver, sender, (0, 0)] = weights[receiver, sender, (0, back)] = w
    double = Lattice("ab", weights)
    one, two = square("9/10").size_law(5, digits=12), double.size_law(5, digits=12)
    assert one.pmf() == two.pmf()
    assert double.green(("b", (1, 1)), "a") == square("9/10").green((1, 3))
    assert double.mean_size(20) == square("9/10").mean_size(20)


def test_a_lattice_turned_round() -> None:
    """Axes exchanged and reflected, sender and receiver exchanged for participation."""
    turned = Lattice(
        [0], {(0, 0, (0, -1)): "1/4", (0, 0, (1, 0)): "1/5", (0, 0, (1, 1)): "1/10", (0, 0, (0, 0)): "1/20"}
    )
    assert turned.size_law(4).pmf() == PLANE.size_law(4).pmf()
    assert turned.green((2, -1)) == PLANE.green((1, 2))


def test_all_digits_are_those_of_more_digits() -> None:
    lattice = square("9/10")
    fine = lattice.size_law(4, digits=40)
    assert lattice.size_law(4).pmf() == fine.evaluate(15)
    for outcome, value in fine.items():
        low, high = fine.bounds(outcome)
        assert low < Fraction(str(value)) * (1 + Fraction(1, 10**39))
        assert Fraction(str(value)) * (1 - Fraction(1, 10**39)) < high
        assert 0 < high - low < Fraction(1, 10**40)


@pytest.mark.slow
def test_ten_units_of_the_square_lattice() -> None:
    law = square("9/10").size_law(10)
    assert is_close(law[10], "0.0246176704417604", 14)
    fine = square("9/10").size_law(10, digits=30)
    assert law.pmf() == fine.evaluate(15)


def test_animals_are_counted_as_known() -> None:
    """Fixed and free polyominoes, A001168 and A000105; site animals of the triangular lattice, A001207."""
    cell = cell_of(square("1/2"))
    grid = grid_for(cell, 8)
    layers = [next_layer for next_layer, _ in zip(animals(cell, grid, [0]), range(8), strict=False)]
    assert [sum(layer.values()) for layer in layers] == [1, 2, 6, 19, 63, 216, 760, 2725]
    assert [len(layer) for layer in layers] == [1, 1, 2, 5, 12, 35, 108, 369]
    cell = cell_of(triangular("1/2"))
    grid = grid_for(cell, 6)
    layers = [layer for layer, _ in zip(animals(cell, grid, [0]), range(6), strict=False)]
    assert [sum(layer.values()) for layer in layers] == [1, 3, 11, 44, 186, 814]
    assert [
        len(symmetries(cell_of(lattice)))
        for lattice in (square("1/2"), triangular("1/2"), cubic("1/2"), PLANE)
    ] == [8, 12, 48, 1]


def test_determinants_are_within_their_bounds() -> None:
    bits = 30
    for seed in range(20):
        state, rows = seed + 1, []
        for i in range(6):
            row = []
            for j in range(6):
                state = (state * 1103515245 + 12345) % 2**31
                row.append((state % 2**bits) // 8 * (-1 if state & 2**20 else 1) + (2**bits if i == j else 0))
            rows.append(row)
        exact = sympy.Matrix(rows).det() / sympy.Integer(2) ** (5 * bits)
        value, error = eliminated([list(row) for row in rows], bits, 0.0)
        assert abs(exact - value) <= error
    with pytest.raises(UndecidedError, match="a pivot is not certain"):
        eliminated([[0, 1], [1, 0]], 4, 0.0)
    with pytest.raises(UndecidedError, match="a determinant is below its error"):
        eliminated([[2, 0], [0, 2]], 1, 0.0)


@pytest.mark.parametrize("size", [1, 3, 12, 13, 20])
def test_whole_determinants(size: int) -> None:
    """Tridiagonal, by the recursion of continuants; and where a column is 0, or the first entry."""
    rows = [[3 + i if i == j else -(abs(i - j) == 1) for j in range(size)] for i in range(size)]
    before, known = 1, 3
    for i in range(1, size):
        before, known = known, (3 + i) * known - before
    assert whole_determinant([list(row) for row in rows]) == known
    assert whole_determinant([row[1:] + row[:1] for row in rows]) == (-1) ** (size - 1) * known
    if size > 1:  # the first column is 0
        assert whole_determinant([[0, *row[1:]] for row in rows]) == 0
        other = [[0, *rows[0][1:]], *rows[1:]]  # the first entry only
        assert whole_determinant([list(row) for row in other]) == sympy.Matrix(other).det()
    assert whole_determinant([[0 for _ in row] for row in rows]) == 0


# Chains


def test_large_rings_tend_to_the_chain() -> None:
    for reach, n in ((1, 90), (2, 60)):
        law, ring = chain("1/2", reach).size_law(4), chain("1/2", reach).torus(n)
        finite = ea.size_law(ring, up_to=4)
        for size, value in law.evaluate(20).items():
            assert is_close(
                value, ea.evaluate(finite[str(size) if isinstance(size, ea.MoreThan) else size], 25), 18
            )
        assert is_close(chain("1/2", reach).mean_size(digits=20), ea.evaluate(ea.mean_size(ring), 25), 18)


def test_chains_of_reach_two_are_the_lattice() -> None:
    exact = chain("9/10", reach=2)
    other = Lattice([0], {(0, 0, x): sympy.Rational(9, 40) for x in (-2, -1, 1, 2)})
    assert exact.size_law(6).evaluate(15) == other.size_law(6).pmf()
    assert exact.mean_size(digits=20) == other.mean_size(20)
    for x in (0, 1, -2, 7):
        assert exact.green(x, digits=18) == other.green(x, digits=18)
        assert x == 0 or exact.participation(x, digits=18) == other.participation(x, digits=18)
    for units in ([0], [0, 2], [-2, 0, 1], [0, 1, 2, 3], [0, 2, 4, 5]):
        assert exact.assembly_probability(units, digits=15) == other.assembly_probability(units, digits=15)
    assert exact.assembly_probability([0, 3]) == other.assembly_probability([0, 3]) == 0
    assert exact.assembly_probability([1, 2]) == other.assembly_probability([1, 2]) == 0


def test_a_chain_in_symbols() -> None:
    for reach in (1, 2):
        symbolic, number = chain(alpha, reach), chain("4/5", reach)
        for outcome, value in number.size_law(3).items():
            put_in = symbolic.size_law(3)[outcome].subs(alpha, sympy.Rational(4, 5))
            assert abs(sympy.N(put_in - value, 40)) < 1e-35
        assert abs(sympy.N(symbolic.green(2).subs(alpha, HALVES) - chain("1/2", reach).green(2), 40)) < 1e-35
    z = sympy.Symbol("z")
    assert sympy.expand(Chain(alpha, 1).size_in_root(3) - 3 * z**2 * (1 - z) ** 2) == 0


def test_probabilities_of_reach_two_add_up_to_the_mean_of_their_sizes() -> None:
    """sum of P(A | 0) over sets of two units; and P(L), a rational function, for no coupling at all."""
    exact = chain("3/5", reach=2)
    pairs = sum(exact.assembly_probability([0, x]) for x in (-2, -1, 1, 2))
    assert abs(sympy.N(pairs - exact.size_law(2)[2], 40)) < 1e-35
    for reach in (1, 2):
        assert chain(0, reach).size_law(2).pmf() == {1: 1}
        assert chain(0, reach).mean_size() == 1
    assert chain("4/5").size_law(40)["> 40"] == 1 - sum(size * HALVES ** (size + 1) for size in range(1, 41))


# The law as an object


def test_the_law() -> None:
    law = square("1/2").size_law(3, digits=10)
    assert list(law)[:3] == [1, 2, 3]
    assert law["> 3"] == law[ea.MoreThan(3)]
    assert 3 in law
    assert 4 not in law
    assert "> 3" not in law
    assert len(law) == 4
    assert not law.is_exact
    assert chain("4/5").size_law(2).is_exact
    assert str(law.evaluate(5)[1]) == str(sympy.N(law[1], 5))
    assert r"P(L > 3) &\approx" in law.latex()
    assert r"P(L = 1) &= \frac{1}{4}" in chain("4/5").size_law(2).latex()
    assert law._repr_latex_() == law.latex()
    assert "size law of square(1/2)" in law._repr_html_()
    assert sum(law.floats().values()) == pytest.approx(1)
    with pytest.raises(UndecidedError, match=r"P\(L = 5\) is not known"):
        law[5]
    with pytest.raises(UnknownOutcomeError):
        law["many"]
    with pytest.raises(UndecidedError, match="digits=300"):
        law.evaluate(300)
    with pytest.raises(OptionError, match="need no bounds"):
        chain("4/5").size_law(2).bounds(1)
    with pytest.raises(NotRationalError, match="has a symbol"):
        chain(alpha).size_law(2).floats()


def test_the_law_is_drawn() -> None:
    axes = square("1/2").size_law(3).plot(label="square")
    (line,) = axes.get_lines()
    assert np.asarray(line.get_xdata()).tolist() == [1, 2, 3]


def test_avalanches_that_end() -> None:
    """Two units that feed no other cell: sizes of more than two have no probability."""
    pair = Lattice("ab", {("a", "b", 0): "1/2", ("b", "a", 0): "1/2", ("a", "a", 1): 0})
    assert pair.size_law(5).pmf() == {1: sympy.Float("0.5", 15), 2: sympy.Float("0.5", 15)}
    assert pair.mean_size(5) == sympy.Float("1.5", 5)
    assert pair.assembly_probability([("a", 0), ("b", 0)], "a") == sympy.Float("0.5", 15)


def test_values() -> None:
    assert square("1/2") == square(HALVES)
    assert hash(square("1/2")) == hash(square(HALVES))
    assert square("1/2") != "square(1/2)"
    assert square("1/2") != square("1/3")
    assert chain("1/2") == chain(HALVES)
    assert chain("1/2") != chain("1/2", 2)
    assert len({chain("1/2"), chain(HALVES)}) == 1
    assert repr(triangular("1/2")) == "<Lattice: triangular(1/2)>"
    assert repr(DIRECTED) == "<Lattice: a lattice of 2 units a cell, 1 dimensions>"
    seen: list[float] = []
    square("1/2").size_law(6, digits=5, progress=seen.append)
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


# At the door


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: square(0.9), InexactError, "alpha = 0.9 is a float"),
        (lambda: square(1), SingularNetworkError, "no leak|leak"),
        (lambda: square("11/10"), InvalidNetworkError, "sums to 11/10"),
        (lambda: square("-1/2"), InvalidNetworkError, "negative"),
        (lambda: square(alpha), NotRationalError, "numbers of a lattice are rational"),
        (lambda: square(sympy.sqrt(2) / 2), NotRationalError, "rational"),
        (lambda: chain(1), InvalidNetworkError, "from 0 to below 1"),
        (lambda: chain("-1/2"), InvalidNetworkError, "from 0 to below 1"),
        (lambda: chain(alpha, 3), NotRationalError, "no closed form"),
        (lambda: chain("1/2", 0), OptionError, "reach = 0"),
        (lambda: Lattice([0], {}), InvalidNetworkError, "give a mapping"),
        (lambda: Lattice([], {(0, 0, 1): "1/2"}), InvalidNetworkError, "at least one label"),
        (lambda: Lattice([0], {(0, 0): "1/2"}), InvalidNetworkError, "receiver, sender, displacement"),  # type: ignore[dict-item]
        (lambda: Lattice([0], {(0, 1, 1): "1/2"}), UnknownUnitError, "labelled 1"),
        (lambda: Lattice([0], {(0, 0, 1): "1/2", (0, 0, (1, 1)): "1/3"}), ArgumentError, "1 whole number"),
        (lambda: Lattice([0], {(0, 0, 1): "1/2", (0, 0, (1,)): "1/3"}), InvalidNetworkError, "given twice"),
        (lambda: Lattice([0], {(0, 0, "1"): "1/2"}), ArgumentError, "tuple of whole numbers"),
        (lambda: Lattice([0], {(0, 0, 1.0): "1/2"}), ArgumentError, "tuple of whole numbers"),
        (lambda: Lattice([0], {(0, 0, 1): "1/2"}, thresholds=0), InvalidNetworkError, "threshold"),
        (lambda: Lattice([0], {(0, 0, 1): "1/2"}, thresholds=sympy.sqrt(2)), NotRationalError, "a threshold"),
        (lambda: Lattice("ab", {("a", "b", 0): "1/2"}, drive=["1/2", "1/3"]), InvalidNetworkError, "drive"),
        *(
            (
                lambda far=far: Lattice([0], {(0, 0, 2): far / 4, (0, 0, 1): far / 4}, thresholds=far),
                InvalidNetworkError,
                r"give one between 10\^-100 and 10\^100, and weights in proportion",
            )
            for far in (sympy.Rational(10**400), sympy.Rational(1, 10**400))
        ),
        (lambda: Lattice([0], {(0, 0, 1): "1/4"}, thresholds="a"), NotRationalError, "a threshold = a"),
    ],
)
def test_wrong_lattices(make: Callable[[], Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: square("1/2").size_law(0), OptionError, "up_to = 0"),
        (lambda: square("1/2").size_law(2.0), OptionError, "up_to = 2.0"),  # type: ignore[arg-type]
        (lambda: square("1/2").size_law(2, digits=0), OptionError, "digits = 0"),
        (lambda: square("1/2").size_law(2, max_cost=-1), OptionError, "max_cost"),
        (lambda: square("1/2").size_law(2, start="c"), UnknownUnitError, "labelled 'c'"),
        (lambda: square("1/2").size_law(30), TooCostlyError, "connected|sets"),
        (lambda: square("1/2").size_law(2, progress=3), ArgumentError, "progress"),  # type: ignore[arg-type]
        (lambda: square("1/2").green(1), ArgumentError, "2 whole numbers"),
        (lambda: square("1/2").green((1, True)), ArgumentError, "2 whole numbers"),
        (lambda: square("1/2").assembly_probability("ab"), ArgumentError, "give a collection"),
        (lambda: square("1/2").torus(2, 2, 2), OptionError, "3 sides of 2 axes"),
        (
            lambda: square("1/2").torus(10**6),
            OptionError,
            r"a torus of 10\^12 cells: at most 1,000,000 units",
        ),
        (lambda: chain("1/2").torus(3, 3), OptionError, "2 sides of a chain: give one"),
        (lambda: chain("1/2", 2).assembly_probability(range(41)), OptionError, "41 units: at most 40"),
        (
            lambda: square("1/2").assembly_probability([(0, y) for y in range(401)]),
            OptionError,
            "a set of 401 units: at most 400",
        ),
        (lambda: square(0).exact_green((0, 0)), OptionError, "G is 1 at the origin, and 0 elsewhere"),
        (lambda: hexagonal("1/2").green((0, 0)), UnknownUnitError, "labelled 0"),
        (lambda: hexagonal("1/2").green(("a", (0, 0))), OptionError, "which one fires first"),
        (lambda: hexagonal("1/2").green((0, 0, 0), "a"), ArgumentError, "give \\(label, cell\\)"),
        (lambda: cubic("99999/100000").mean_size(max_cost=1), TooCostlyError, "modes"),
        (lambda: chain("1/2", 2).size_law(60), TooCostlyError, "smaller up_to"),
        (lambda: chain("1/2").green(1, "x"), UnknownUnitError, "labelled 'x'"),
        (lambda: chain(alpha).mean_size(digits=3), ea.errors.UnboundSymbolError, "no value for alpha"),
    ],
)
def test_wrong_questions(ask: Callable[[], Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ask()


def test_little_leak_is_refused_at_once() -> None:
    """Bounds of what images add up to are of billions of cells; nothing of that size is written out."""
    almost = chain(1 - sympy.Rational(1, 10**15), 3)
    asked: list[Callable[[], Any]] = [
        lambda: almost.green(0, max_cost=3),
        lambda: almost.assembly_probability([0], max_cost=3),
        lambda: almost.size_law(2, max_cost=3),
    ]
    for ask in asked:
        with pytest.raises(TooCostlyError, match=r"a sum over [\d,]{13} modes, about .* days"):
            ask()
    for closer in (26, 40):
        with pytest.raises(UndecidedError, match=r"no bound of the Green function.*: its leak is too small"):
            chain(1 - sympy.Rational(1, 10**closer), 3).green(0)
    row_sum = 1 - 2 * sympy.Rational(1, 10**60)  # one mode, in closed form, needs no bound
    closed = Lattice([0], {(0, 0, x): row_sum / 2 for x in (-1, 1)})
    assert is_close(closed.green(0), (1 / sympy.sqrt(1 - row_sum**2)).evalf(30), 14)


@pytest.mark.parametrize(("factor", "rate"), [("1/7", "8/7"), ("30", "101/100"), ("1", "6000")])
def test_what_images_leave_over_is_bounded(factor: str, rate: str) -> None:
    found = Decay(Fraction(factor), Fraction(rate))
    for r in (1, 2, 17, 300):
        exact = 2 * found.factor * found.rate**-r / (1 - found.rate**-r)
        assert exact <= found.left_over(r) < 3 * exact
    far = found.cells(40)
    assert 2 * found.factor * found.rate**-far / (1 - found.rate**-far) <= Fraction(1, 2**40)


def test_digits_beyond_all_floats() -> None:
    """With more bits than the exponents of floats have, against the closed form."""
    digits, closed = 350, chain("1/2")
    lattice = Lattice([0], {(0, 0, x): "1/4" for x in (-1, 1)})
    law = lattice.size_law(3, digits=digits)
    pairs = [(law[size], closed.size_law(3)[size]) for size in (1, 2, 3)]
    pairs.append((lattice.assembly_probability([-1, 0], digits=digits), closed.assembly_probability([-1, 0])))
    for found, exact in pairs:
        known = exact.evalf(digits + 20)
        assert abs(sympy.Float(found, digits + 20) - known) < known * sympy.Float(10, 20) ** (1 - digits)


def test_what_is_zero_is_not_guessed() -> None:
    """No weights lead from cell 0 to cell -1 of a directed chain."""
    directed = Lattice([0], {(0, 0, 1): "1/2"})
    with pytest.raises(UndecidedError, match="it may be 0"):
        directed.green(-1)
    assert directed.green(3) == sympy.Float("0.125", 15)
    assert directed.size_law(2).pmf() == {
        1: sympy.Float("0.5", 15),
        2: sympy.Float("0.25", 15),
        ea.MoreThan(2): sympy.Float("0.25", 15),
    }
