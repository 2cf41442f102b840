"""Structures of networks: what is drawn, what symbols stand for, and the smallest networks of each."""

import inspect

import pytest
import sympy
from claims import large, one, summed, zero

import exactav as ea
from exactav.conjectures import cases
from exactav.conjectures.sources import Drawn
from exactav.conjectures.structures import STRUCTURES

Network = ea.Network


PAIR, CHAIN = [[0, "1/2"], ["1/2", 0]], [[0, 0, 0], [0, 0, "1/2"], ["1/2", 0, 0]]
SMALLEST = {
    "any": (Network([[0, 0], ["1/2", 0]]), Network(CHAIN)),
    "directed": (Network([[0, 0], ["1/2", 0]]), Network(CHAIN)),
    "acyclic": (Network([[0, 0], ["1/2", 0]]), Network([[0, 0, 0], ["1/2", 0, 0], [0, "1/2", 0]])),
    "trees": (Network(PAIR), Network([[0, "1/3", "1/3"], ["1/2", 0, 0], ["1/2", 0, 0]])),
    "rings": (Network(PAIR), ea.families.homogeneous_without_self(3, "2/3")),
    "circulant": (Network(PAIR), Network([[0, "1/2", 0], [0, 0, "1/2"], ["1/2", 0, 0]])),
    "populations": (Network([[0, 0], ["1/2", 0]]), Network([[0, 0, 0], ["1/2", 0, 0], ["1/2", 0, 0]])),
    "symmetric": (Network(PAIR), Network([[0, 0, "1/3"], [0, 0, "1/3"], ["1/3", "1/3", 0]])),
    "zero weights": (Network([[0, "1/2"], [0, 0]]), Network(CHAIN)),
    "self-coupled": (
        Network([[0, 0], ["1/3", "1/3"]]),
        Network([[0, 0, 0], [0, 0, "1/2"], ["1/3", 0, "1/3"]]),
    ),
    "conservative": (Network([[0, 0], [1, 0]]), Network([[0, 0, 0], [0, 0, 1], [1, 0, 0]])),
    "unequal thresholds": (
        Network([[0, 0], [1, 0]], [1, 2]),
        Network([[0, 0, 0], [0, 0, 1], [1, 0, 0]], [1, 2, 2]),
    ),
    "non-uniform drive": (
        Network([[0, 0], ["1/2", 0]], drive=[1, 0]),
        Network([[0, 0, "1/2"], [0, 0, 0], [0, "1/2", 0]], drive=[0, 1, 0]),
    ),
    "with increment": (Network([[0, 0], ["1/2", 0]], increment="1/2"), Network(CHAIN, increment="1/2")),
    "symmetric and conservative": (
        Network([[0, 1], [1, 0]], [2, 1]),
        Network([[0, 0, 1], [0, 0, 1], [1, 1, 0]], [2, 1, 2]),
    ),
    "homogeneous": tuple(ea.families.homogeneous(n, "1/2") for n in (2, 3)),
    "homogeneous_without_self": tuple(ea.families.homogeneous_without_self(n, "1/2") for n in (2, 3)),
    "ring": tuple(ea.families.ring(n, "1/2") for n in (2, 3)),
    "k_ring": tuple(ea.families.k_ring(n, "1/2", 1) for n in (2, 3)),
    "directed_ring": tuple(ea.families.directed_ring(n, "1/2") for n in (2, 3)),
    "line": tuple(ea.families.line(n, "1/2") for n in (2, 3)),
    "star": tuple(ea.families.star(n, "1/2") for n in (2, 3)),
    "bipartite": tuple(ea.families.bipartite(1, n, "1/2") for n in (1, 2)),
}
"""The smallest networks of each structure in which one unit sends, and in which three can fire."""


def test_every_structure_is_here_and_documented() -> None:
    assert set(STRUCTURES) == set(SMALLEST) - {"symmetric and conservative"}
    said = inspect.getdoc(ea.conjecture)
    assert all(f'"{name}"' in (said or "") for name in STRUCTURES)


@pytest.mark.parametrize("over", SMALLEST)
def test_a_false_conjecture_gets_the_smallest_counterexample(over: str) -> None:
    two, three = SMALLEST[over]
    found = ea.conjecture(ea.mean_size, one, over)
    assert isinstance(found, ea.Refuted)
    assert (found.network, found.right_value) == (two, 1)
    found = ea.conjecture(large, zero, over)
    assert isinstance(found, ea.Refuted)
    assert found.network == three
    assert {row.n_units for row in found.covered} <= {1, 2, 3}
    assert found.n_agreed == sum(row.agreed for row in found.covered) > 0
    assert all(structure.has(found.network) for structure in cases.structured(over).structures)


@pytest.mark.parametrize("over", SMALLEST)
def test_a_true_conjecture_is_proved_for_few_units(over: str) -> None:
    found = ea.conjecture(ea.mean_size, summed, over, max_units=3, count=8)
    assert isinstance(found, ea.ProvedUpTo)
    assert found.n_units == 3
    assert found.sizes in ((1, 2, 3), (2, 3))
    assert not found.n_failed + found.n_undecided
    assert {row.n_units for row in found.covered} == set(found.sizes)


@pytest.mark.parametrize("over", STRUCTURES)
def test_generated_networks_are_of_their_structure(over: str) -> None:
    ground = cases.structured(over)
    for n_units in range(1, 5):
        listed = list(ground.cases(n_units, 12, seed=3))
        assert bool(listed) == bool(ground.generic(n_units)) == (n_units >= ground.least)
        assert [case.network for case in listed] == [case.network for case in ground.cases(n_units, 12, 3)]
        assert len({case.network for case in listed}) == len(listed)
        for case in listed:
            assert case.network.n_units == n_units
            assert STRUCTURES[over].has(case.network)
            assert case.numbers is not None
            again = ground.case(n_units, Drawn(None, case.numbers))
            assert again is not None
            assert again.network == case.network


GENERAL = [
    name for name, structure in STRUCTURES.items() if name != "zero weights" and not structure.is_family
]


@pytest.mark.parametrize("over", [*GENERAL, "symmetric and conservative", "populations and self-coupled"])
def test_symbols_stand_for_all_networks_of_a_structure(over: str) -> None:
    """Each drawn network is a generic one with values put in, perhaps with rows in other units."""
    ground = cases.structured(over)
    generic = [case.network for case in ground.generic(3)]
    for case in ground.cases(3, 6, seed=1):
        assert any(_is_value_of(case.network, net) for net in generic), case.network


def _is_value_of(net: Network, generic: Network) -> bool:
    scales = sympy.symbols("scale_0:3")
    pairs = [(i, j) for i in range(3) for j in range(3)]
    is_free = any(threshold != 1 for threshold in generic.thresholds) and len(set(net.thresholds)) == 1
    factor = scales if is_free else [1] * 3
    equations = [generic.weights[i, j] - factor[i] * net.weights[i, j] for i, j in pairs]
    equations += [generic.thresholds[i] - factor[i] * net.thresholds[i] for i in range(3)]
    equations += [generic.drive[i] - net.drive[i] for i in range(3)]
    if generic.increment is not None:
        assert net.increment is not None
        equations.append(generic.increment - net.increment)
    unknown = [*generic.symbols, *scales]
    numerators = [sympy.numer(sympy.together(equation)) for equation in equations]
    return bool(sympy.solve([part for part in numerators if part != 0], unknown, dict=True))


def test_symbols_of_a_structure_stand_for_no_other_network() -> None:
    directed = [case.network for case in cases.structured("directed").cases(3, 3, seed=1)][1]
    (symmetric,) = cases.structured("symmetric").generic(3)
    assert not _is_value_of(directed, symmetric.network)
