"""Kernels against each other: elimination, minors, recursion over sets, residues."""

import random
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import QQ, ZZ, isprime, ring, sqrt
from sympy.polys.matrices import DomainMatrix

from exactav.errors import CheckFailedError
from exactav.kernels import balls, determinants, modular
from exactav.kernels.classes import classes_of
from exactav.kernels.determinants import determinant, inverse
from exactav.kernels.elimination import elimination_of
from exactav.kernels.green import modular_inverse
from exactav.kernels.minors import Pencil, first_order, weighted_minors
from exactav.kernels.polynomials import SetSums
from exactav.network.system import System

square = st.integers(0, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n, max_size=n), min_size=n, max_size=n)
)


def by_permutations(rows: list[list[Any]]) -> Any:
    n = len(rows)
    total = 0
    for order in permutations(range(n)):
        inversions = sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        total += (-1) ** inversions * prod(rows[i][order[i]] for i in range(n))
    return total


@given(square)
def test_integer_determinants(rows: list[list[int]]) -> None:
    expected = by_permutations(rows)
    assert determinant(ZZ, [[ZZ(x) for x in row] for row in rows]) == expected
    for prime in (2, 3, 2147483647):
        batch = np.array([rows, rows], dtype=np.int64).reshape(2, len(rows), len(rows)) % prime
        assert modular.determinants(batch, prime).tolist() == [expected % prime] * 2


@given(square)
def test_modular_inverses(rows: list[list[int]]) -> None:
    """With zero pivots and singular matrices."""
    matrix = np.array(rows, dtype=np.int64).reshape(len(rows), len(rows))
    for prime in (2, 3, 5, 2147483647):
        found, determinant = modular_inverse(matrix % prime, prime)
        assert determinant == by_permutations(rows) % prime
        assert (found is None) == (determinant == 0)
        if found is not None:
            product = found.astype(object) @ (matrix % prime).astype(object) % prime
            assert np.array_equal(product, np.eye(len(rows), dtype=object))


@given(square)
def test_determinants_over_other_domains(rows: list[list[int]]) -> None:
    polynomials, x, y = ring("x, y", ZZ)
    entries = [[a * x + (i - j) * y + a for j, a in enumerate(row)] for i, row in enumerate(rows)]
    assert determinant(polynomials.to_domain(), entries) == by_permutations(entries)
    field = QQ.algebraic_field(sqrt(2))
    root = field.from_sympy(sqrt(2))
    numbers = [[field(a) + (i - j) * root for j, a in enumerate(row)] for i, row in enumerate(rows)]
    assert determinant(field, numbers) - by_permutations(numbers) == field.zero


def test_elimination_of_polynomials_beyond_minors() -> None:
    polynomials, x = ring("x", ZZ)
    size = 14  # tridiagonal: Chebyshev's recursion gives the same determinant
    rows = [[x if i == j else polynomials(-(abs(i - j) == 1)) for j in range(size)] for i in range(size)]
    previous, current = polynomials(1), x
    for _ in range(size - 1):
        previous, current = current, x * current - previous
    assert determinant(polynomials.to_domain(), rows) == current


@given(square)
def test_inverses(rows: list[list[int]]) -> None:
    n = len(rows)
    dominant = [[ZZ(abs(a) + 50 if i == j else a) for j, a in enumerate(row)] for i, row in enumerate(rows)]
    if not n:
        return
    numerators, denominator = inverse(ZZ, dominant)
    for i in range(n):
        for j in range(n):
            entry = sum(dominant[i][k] * numerators[k][j] for k in range(n))
            assert entry == (denominator if i == j else 0)
    polynomials, x = ring("x", ZZ)
    shifted = [[a + (x if i == j else 0) for j, a in enumerate(row)] for i, row in enumerate(dominant)]
    numerators, denominator = inverse(polynomials.to_domain(), shifted)
    for i in range(n):
        for j in range(n):
            entry = sum((shifted[i][k] * numerators[k][j] for k in range(n)), polynomials(0))
            assert entry == (denominator if i == j else 0)


def _exact_determinant(rows: list[list[Fraction]]) -> Fraction:
    """By elimination in fractions."""
    rows, found = [list(row) for row in rows], Fraction(1)
    while rows:
        (head, *tail), *others = rows
        found *= head
        rows = [[x - row[0] / head * y for x, y in zip(row[1:], tail, strict=True)] for row in others]
    return found


@pytest.mark.parametrize("seed", range(8))
def test_determinants_with_radii_hold_the_exact_ones(seed: int) -> None:
    """Of one matrix and of a batch, as numba compiles them and as they are; a pivot that may be 0 is said."""
    draw = np.random.default_rng(seed)
    size = int(draw.integers(1, 7))
    values = draw.random((size, size + 1)) / (2 * size)
    square = np.eye(size) - values[:, :size]
    exact = _exact_determinant([[Fraction(x) for x in row] for row in square.tolist()])
    batch, radii = np.stack([square] * 2), np.full((2, size, size), balls.TINY)
    one, off = balls.eliminate(square.copy(), radii[0].copy(), 0, size, size, size)
    many, offs = balls.eliminated(batch, radii, 0, size)
    for product, error in [(one, off), *zip(many.tolist(), offs.tolist(), strict=True)]:
        assert (
            abs(Fraction(product) - exact)
            <= Fraction(error * balls.SLACK) * exact
            < exact * Fraction(1, 10**12)
        )

    np.fill_diagonal(values, 0.0)
    sums = values.sum(axis=1)
    laplacian = [[Fraction(-x) for x in row] for row in values[:, :size].tolist()]
    for i, row in enumerate(values.tolist()):
        laplacian[i][i] = sum(map(Fraction, row), Fraction(0))
    exact = _exact_determinant(laplacian)
    radii = np.full((2, size, size + 1), balls.TINY)
    one, off = balls.exits(values.copy(), radii[0].copy(), 0, size)
    many, offs = balls.all_exits(np.stack([values] * 2), radii.copy(), 0)
    for product, error in [(one, off), *zip(many.tolist(), offs.tolist(), strict=True)]:
        assert (
            abs(Fraction(product) - exact)
            <= Fraction(error * balls.SLACK) * exact
            < exact * Fraction(1, 10**12)
        )

    wide = np.full((size, size + 1), 2 * float(sums.max()))  # of such radii nothing is certain
    assert balls.eliminate(square.copy(), np.full((size, size), 9.0), 0, size, size, size)[1] == np.inf
    most, off = balls.exits(values.copy(), wide.copy(), 0, size)
    mosts, offs = balls.all_exits(np.stack([values] * 2), np.stack([wide] * 2), 0)
    assert off == offs[0] == offs[1] == np.inf
    assert np.allclose(mosts, most)
    assert Fraction(most) >= exact


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [1, 2, 7, 12])
def test_batches_of_residues(seed: int, size: int) -> None:
    """Against elimination in integers, with zero pivots and singular matrices in the batch."""
    rng = random.Random(seed)
    matrices = [
        [[rng.choice([0, 0, 1, -3, 10**9]) for _ in range(size)] for _ in range(size)] for _ in range(20)
    ]
    for prime in (5, 2147483629):
        batch = np.array([[[a % prime for a in row] for row in m] for m in matrices], dtype=np.int64)
        expected = [int(determinant(ZZ, [[ZZ(a) for a in row] for row in m])) % prime for m in matrices]
        assert modular.determinants(batch, prime).tolist() == expected


@given(st.lists(st.integers(0, 10**60), min_size=1, max_size=5))
def test_integers_come_back_from_residues(values: list[int]) -> None:
    moduli = modular.primes(max(values))
    assert prod(moduli) > max(values) * 2**30
    assert all(isprime(p) and p < 2**31 for p in moduli)
    assert len(set(moduli)) == len(moduli)
    residues = [np.array([value % p for value in values], dtype=np.int64) for p in moduli]
    assert modular.integers(residues, moduli) == values


def test_recursion_over_sets_only_sees_the_units_it_is_given() -> None:
    weights = [{1: 2, 2: 3}, {0: 5, 2: 7}, {0: 11, 1: 13}]
    leak = [1, 0, 4]
    whole, part = SetSums(ZZ, weights, leak, 0b111), SetSums(ZZ, weights, leak, 0b101)
    for mask in (0b001, 0b100, 0b101):
        assert part.forest(mask) == whole.forest(mask)
    assert part.tree(0, 0b101) == whole.tree(0, 0b101) == 11
    assert whole.forest(0b010) == 0
    assert whole.forest(0) == 1
    assert whole.tree(1, 0b101) == 0


def m_matrix(
    rng: random.Random, n: int, density: float, largest: int
) -> tuple[list[dict[int, int]], list[int]]:
    """Weights of an asymmetric network, some of its units made interchangeable, and leaks, some of them 0."""
    weights = [
        {j: rng.randint(1, largest) for j in range(n) if j != i and rng.random() < density} for i in range(n)
    ]
    leak = [rng.choice([0, 0, 1, largest]) for _ in range(n)]
    if n > 3 and rng.random() < 0.7:  # units 0 to 2 get equal rows and columns
        within = rng.choice([0, 2])
        for i, row in enumerate(weights):
            for twin in (1, 2):
                row.pop(twin, None)
                if 0 in row and i > 2:
                    row[twin] = row[0]
        for twin in (1, 2):
            weights[twin] = {j: w for j, w in weights[0].items() if j > 2}
            leak[twin] = leak[0]
        weights[0] = dict(weights[1])
        for i in range(3):
            weights[i].update({j: within for j in range(3) if j != i and within})
    for i, row in enumerate(weights):
        if not leak[i] and not any(j < i for j in row):
            leak[i] = 1
    return weights, leak


@pytest.mark.parametrize("seed", range(40))
def test_minors_of_all_starts(seed: int) -> None:
    """Sparse, lumped elimination modulo primes against determinants; entries beyond 64 bits, too."""
    rng = random.Random(seed)
    n, largest = rng.choice([1, 2, 5, 9, 14]), rng.choice([3, 10**3, 10**25])
    weights, leak = m_matrix(rng, n, rng.choice([0.1, 0.3, 0.9]), largest)
    starts = {k: rng.randint(1, largest) for k in range(n) if rng.random() < 0.8}

    def minor(without: int | None) -> int:
        units = [u for u in range(n) if u != without]
        diagonal = [sum(row.values()) + s for row, s in zip(weights, leak, strict=True)]
        rows = [[ZZ(diagonal[i] if i == j else -weights[i].get(j, 0)) for j in units] for i in units]
        return int(determinant(ZZ, rows))

    expected = minor(None), sum(weight * minor(k) for k, weight in starts.items())
    assert expected[0] > 0
    classes = classes_of(weights, leak, [1] * n)
    for lumped in (classes, [[unit] for unit in range(n)]):
        assert weighted_minors(weights, leak, starts, lumped) == expected


def test_pivots_that_vanish_modulo_a_prime() -> None:
    """Entries are multiples of the first primes that are tried; signs of results are kept."""
    first, second, *_ = modular.primes(1)
    rows = [{0: first * second, 1: 1}, {0: 1, 1: first, 2: 5}, {1: 7, 2: 3}]
    value = first * second * (3 * first - 35) - 3
    assert first_order(Pencil(rows, {1: 1}, [], 10**40)) == (value, 3 * first * second)
    assert first_order(Pencil([{0: -4}], {0: -2}, [(-3, 1, 2)], 100)) == (-36, -18 + 24)


def test_a_pivot_that_vanishes_altogether_is_seen() -> None:
    with pytest.raises(CheckFailedError, match="vanishes"):
        first_order(Pencil([{0: 0, 1: 1}, {0: 1, 1: 0}], {}, [], 10))


@pytest.mark.parametrize("seed", range(12))
def test_minors_of_polynomials_as_integers(seed: int) -> None:
    """Against expansion along rows, weights and start weights with symbols of either sign."""
    rng = random.Random(seed)
    polynomials, x, y = ring("x, y", ZZ)
    domain = polynomials.to_domain()
    n = rng.choice([7, 8])
    plain, held = m_matrix(rng, n, 0.4, 5)
    kinds = [x, 2 * y, x + y**2, polynomials(3), 4 - x, x * y - 1]
    drawn = {value: rng.choice(kinds) for value in range(1, 6)}  # equal stay equal
    weights = tuple({j: drawn[w] for j, w in row.items()} for row in plain)
    leak = tuple(drawn[s] if s else polynomials(0) for s in held)
    starts = {k: rng.choice(kinds) for k in range(n) if rng.random() < 0.7} or {0: x}
    system = System(domain, weights, leak, (polynomials(1),) * n)
    expected = [determinant(domain, system.laplacian(range(n), leak=True, without=k)) for k in range(n)]
    total = sum((weight * expected[k] for k, weight in starts.items()), polynomials(0))
    assert system.minors(starts) == total
    assert system.volume == determinant(domain, system.laplacian(range(n), leak=True))
    assert system.minor(n - 1) == expected[-1]


def test_elimination_fills_in_little() -> None:
    star = elimination_of([range(1, 300), *([0] for _ in range(299))])
    assert len(star.rounds) == 1
    ring_rows = [[(i - 1) % 500, (i + 1) % 500] for i in range(500)]
    assert elimination_of(ring_rows).steps < 10 * 500
    assert len(elimination_of(ring_rows).rounds) < 20
    tree = elimination_of(
        [[max(0, (i - 1) // 2), 2 * i + 1, 2 * i + 2] for i in range(255)]
        + [[(i - 1) // 2] for i in range(255, 511)]
    )
    assert tree.steps < 5 * 511


@pytest.mark.parametrize("seed", range(30))
def test_classes_are_those_of_swaps(seed: int) -> None:
    """Units that can be swapped without changing anything, tried one pair after the other."""
    rng = random.Random(seed)
    n = rng.choice([2, 4, 6, 9])
    weights, leak = m_matrix(rng, n, rng.choice([0.2, 0.8]), rng.choice([1, 2]))
    scales = [rng.choice([1, 1, 1, 2]) for _ in range(n)]

    def swappable(i: int, j: int) -> bool:
        swap = {i: j, j: i}
        swapped = {
            (swap.get(a, a), swap.get(b, b)): w for a, row in enumerate(weights) for b, w in row.items()
        }
        alike = leak[i] == leak[j] and scales[i] == scales[j]
        return alike and swapped == {(a, b): w for a, row in enumerate(weights) for b, w in row.items()}

    classes = classes_of(weights, leak, scales)
    assert sorted(unit for members in classes for unit in members) == list(range(n))
    assert classes == sorted(map(sorted, classes))
    class_of = {unit: place for place, members in enumerate(classes) for unit in members}
    for i in range(n):
        for j in range(i):
            assert (class_of[i] == class_of[j]) == swappable(i, j)


@pytest.mark.parametrize("n_columns", [1, 3, 6])
def test_an_inverse_is_found_some_columns_at_a_time(monkeypatch: pytest.MonkeyPatch, n_columns: int) -> None:
    """FLINT hears an interrupt between two calls only."""
    monkeypatch.setattr(determinants, "has_fast_matrices", lambda: True)  # SymPy does the same without it
    rng = random.Random(n_columns)
    rows = [[ZZ(rng.randint(-9, 9) + 40 * (i == j)) for j in range(7)] for i in range(7)]
    whole = determinants.inverse(ZZ, rows)
    monkeypatch.setattr(determinants, "_PIECE", n_columns * 7**3)
    solved: list[Any] = []
    solve = DomainMatrix.lu_solve

    def seen(self: Any, units: Any) -> Any:
        solved.append(units)
        return solve(self, units)

    monkeypatch.setattr(DomainMatrix, "lu_solve", seen)
    assert determinants.inverse(ZZ, rows) == whole
    assert [units.shape[1] for units in solved] == [min(n_columns, 7 - j) for j in range(0, 7, n_columns)]
    numerators, denominator = whole
    for i in range(7):
        for j in range(7):
            product = sum(rows[i][k] * numerators[k][j] for k in range(7))
            assert product == (denominator if i == j else 0)


@pytest.mark.parametrize("size", [5, 40, 70])  # short lines are compared as mappings, long ones as arrays
def test_lines_that_differ_in_one_entry_part_their_units(size: int) -> None:
    same = [{j: 1 for j in range(size) if j != i} for i in range(size)]
    classes = classes_of(same, [1] * size, [1] * size)
    assert sorted(map(len, classes)) == [size]
    for entry, parts in (((0, 1, 2), [1, 1, size - 2]), ((0, 1, None), [1, 1, size - 2])):
        i, j, weight = entry
        rows = [dict(row) for row in same]
        if weight is None:
            del rows[i][j]
        else:
            rows[i][j] = weight
        assert sorted(map(len, classes_of(rows, [1] * size, [1] * size))) == parts
    both = [dict(row) for row in same]
    both[0][1] = both[1][0] = 2  # the two are alike, but unlike the others
    assert sorted(map(len, classes_of(both, [1] * size, [1] * size))) == [2, size - 2]
