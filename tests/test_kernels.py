"""Kernels against each other: elimination, minors, recursion over sets, residues."""

import random
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import QQ, ZZ, isprime, ring, sqrt

from exactav.kernels import modular
from exactav.kernels.determinants import determinant, inverse
from exactav.kernels.polynomials import SetSums

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
