"""Annealed laws: averages over all small random networks, weighted by volume."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod
from typing import Any

import oracles
import pytest
import sympy

import exactav as ea
from exactav.errors import ArgumentError, ExactavError, InexactError, InvalidNetworkError, UnknownUnitError

Rows = list[list[oracles.Number]]
THRESHOLDS = [4, 5, 4]
CHANCES = [[Fraction(1 + (2 * i + j) % 4, 5) for j in range(3)] for i in range(3)]
DRIVE = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]


def binary() -> Iterator[tuple[Fraction, Rows]]:
    """All 512 networks of three units with weights 0 and 1, and their probabilities."""
    for ones in product([0, 1], repeat=9):
        rows: Rows = [list(ones[3 * i : 3 * i + 3]) for i in range(3)]
        chance = prod(CHANCES[i][j] if rows[i][j] else 1 - CHANCES[i][j] for i in range(3) for j in range(3))
        yield Fraction(chance), rows


def matrix(rows: Rows, without: int | None = None) -> Rows:
    units = [i for i in range(3) if i != without]
    return [[THRESHOLDS[i] * (i == j) - rows[i][j] for j in units] for i in units]


def averages(k: int | None) -> tuple[dict[oracles.Assembly, Fraction], dict[oracles.Assembly, Fraction]]:
    """(annealed, quenched) law of the assembly given an avalanche, by listed forests of all networks."""
    drive = DRIVE if k is None else [Fraction(int(i == k)) for i in range(3)]
    annealed: dict[oracles.Assembly, Fraction] = {}
    quenched: dict[oracles.Assembly, Fraction] = {}
    total = Fraction(0)
    for chance, rows in binary():
        weight = sum(p * oracles.determinant(matrix(rows, without=i)) for i, p in enumerate(drive))
        total += chance * weight
        for assembly, p in oracles.assembly_law_by_listing(rows, THRESHOLDS, drive).items():
            annealed[assembly] = annealed.get(assembly, Fraction(0)) + chance * weight * p
            quenched[assembly] = quenched.get(assembly, Fraction(0)) + chance * p
    return {assembly: value / total for assembly, value in annealed.items()}, quenched


EVERYBODY = ea.Network([[1] * 3] * 3, THRESHOLDS, DRIVE, increment=1)
EDGES = {(j, i): CHANCES[i][j] for i in range(3) for j in range(3)}


@pytest.mark.parametrize("start", [None, 0, 1, 2])
def test_all_binary_networks(start: int | None) -> None:
    annealed, quenched = averages(start)
    law = ea.assembly_law(ea.annealed(EVERYBODY, EDGES), start)
    assert law.pmf() == annealed
    assert law.pmf() != quenched
    assert ea.assembly_law(ea.annealed(EVERYBODY, mean=CHANCES), start) == law


def test_determinants_and_slow_steps() -> None:
    """P(avalanche per slow step), weighted by det M."""
    net = ea.annealed(EVERYBODY, EDGES)
    volumes = [(chance, oracles.determinant(matrix(rows)), rows) for chance, rows in binary()]
    assert net.volume() == sum(chance * volume for chance, volume, _ in volumes)
    fed = sum(
        chance * p * oracles.determinant(matrix(rows, without=k))
        for chance, _, rows in volumes
        for k, p in enumerate(DRIVE)
    )
    assert ea.size_law(net).per_step()[0] == 1 - Fraction(fed) / Fraction(
        int(net.volume().p), int(net.volume().q)
    )


def test_other_laws_are_affine_in_each_row_but_covariances_are_not() -> None:
    """Two units, each of whose edges is there or not: everything times det M, averaged."""
    net = ea.Network([["1/4", "1/2"], ["1/4", "1/4"]], drive=["1/3", "2/3"], increment="1/4")
    p = sympy.Rational(2, 5)
    mean = ea.annealed(net, p)
    patterns = list(ea.pattern_law(mean))

    def sums(numbers: Callable[[ea.Network], list[sympy.Expr]]) -> list[sympy.Expr]:
        """E[det M numbers] / E det M"""
        total, found = sympy.Integer(0), [sympy.Integer(0)] * len(numbers(mean))
        for there in product([0, 1], repeat=4):
            chance = sympy.prod([p if edge else 1 - p for edge in there])
            rows = [[net.weights[i, j] * there[2 * i + j] for j in range(2)] for i in range(2)]
            one = ea.Network(rows, drive=net.drive, increment=net.increment)
            total += chance * one.volume()
            found = [x + chance * one.volume() * y for x, y in zip(found, numbers(one), strict=True)]
        return [x / total for x in found]

    annealed: dict[str, Callable[[ea.Network], list[sympy.Expr]]] = {
        "patterns": lambda one: [ea.pattern_law(one).per_step()[pattern] for pattern in patterns],
        "durations": lambda one: [ea.duration_law(one).per_step()[d] for d in range(3)],
        "rates": lambda one: list(ea.firing_rates(one)),
        "waves": lambda one: [ea.mean_waves(one, 0) * ea.wave_law(one, 0)[{0, 1}]],
        "avalanches": lambda one: [ea.avalanche_probability(one, 1)],
    }
    for name, numbers in annealed.items():
        assert sums(numbers) == numbers(mean), name
    assert sums(partial(_flat, ea.count_covariance)) != _flat(ea.count_covariance, mean)


def _flat(question: Callable[[ea.Network], sympy.Matrix], net: ea.Network) -> list[sympy.Expr]:
    return list(question(net))


def test_rows_of_any_law() -> None:
    """Entries of a row depend on each other, those of different rows do not: each unit hears one sender."""
    largest = ea.Network([[0, "1/2", "1/2"], ["1/3", 0, "1/2"], ["1/2", "1/4", "1/4"]])
    means = [[0, "1/4", "1/4"], ["1/6", 0, "1/4"], ["1/6", "1/12", "1/12"]]
    found = ea.annealed(largest, mean=means)
    assert found == ea.Network(means)
    total, law = sympy.Integer(0), dict.fromkeys([1, 2, 3], sympy.Integer(0))
    heard = [[1, 2], [0, 2], [0, 1, 2]]
    for senders in product(*heard):
        rows = [[largest.weights[i, j] * int(j == senders[i]) for j in range(3)] for i in range(3)]
        one = ea.Network(rows)
        z = sum(one.matrix.minor(k, k) for k in range(3))
        total += z
        for size, p in ea.size_law(one).items():
            law[size] += z * p
    assert ea.size_law(found).pmf() == {size: value / total for size, value in law.items() if value}


def test_erdos_renyi_is_homogeneous() -> None:
    p, w = sympy.symbols("p w", positive=True)
    everybody = ea.families.homogeneous_without_self(5, 4 * w)
    assert ea.annealed(everybody, p) == ea.families.homogeneous_without_self(5, 4 * p * w)
    assert ea.annealed(everybody, 1) == everybody
    assert not ea.annealed(everybody, 0).entries
    labelled = ea.Network([[0, "1/2"], ["1/4", 0]], 2, {"a": 1}, "1/4", labels="ab")
    half = ea.annealed(labelled, {("a", "b"): "1/2"})
    assert half == labelled.replace(weights={("a", "b"): "1/8"})


def test_wrong_arguments() -> None:
    net = ea.Network([[0, "1/2"], [0, 0]], labels="ab")
    wrong: list[tuple[dict[str, Any], type[ExactavError], str]] = [
        ({}, ArgumentError, "give one of both"),
        ({"chances": 1, "mean": [[0, 0], [0, 0]]}, ArgumentError, "give one of both"),
        ({"chances": "6/5"}, InvalidNetworkError, r"chance of W\['a', 'b'\] is 6/5: give a probability"),
        ({"chances": -1}, InvalidNetworkError, "is -1: give a probability"),
        ({"chances": 0.5}, InexactError, "0.5 is a float"),
        ({"chances": [[0, 1], [1, 0]]}, InexactError, "chance of"),
        ({"chances": {("a", "b"): 1}}, InvalidNetworkError, "no such edge"),
        ({"chances": {("z", "b"): 1}}, UnknownUnitError, "z"),
        ({"mean": {("b", "a"): "3/4"}}, InvalidNetworkError, "is 3/4, above the largest weight 1/2"),
        ({"mean": {("a", "b"): "1/4"}}, InvalidNetworkError, "is 1/4, above the largest weight 0"),
        ({"mean": [[0]]}, InvalidNetworkError, "weights of 1 units"),
    ]
    for arguments, error, message in wrong:
        with pytest.raises(error, match=message):
            ea.annealed(net, **arguments)
    no_network: Any = [[0, 1], [1, 0]]
    with pytest.raises(ArgumentError, match="wanted a network"):
        ea.annealed(no_network, "1/2")
