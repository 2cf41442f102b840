"""Tree and forest weights against lists of trees and forests, and against determinants."""

from itertools import combinations
from typing import Any

import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import InvalidNetworkError, UnknownUnitError

few = settings(max_examples=40)


def subsets(n: int) -> list[tuple[int, ...]]:
    return [units for size in range(n + 1) for units in combinations(range(n), size)]


@few
@given(strategies.rational_networks(max_units=4))
def test_weights_are_sums_over_listed_trees_and_forests(data: Any) -> None:
    net = ea.Network(data.weights, data.thresholds)
    for units in subsets(net.n_units):
        listed = oracles.forest_weight_by_listing(data.weights, data.leak, units)
        assert ea.forest_weight(net, units) == listed
        assert ea.induced_laplacian(net, units, leak=True).det() == listed
        for root in units:
            listed = oracles.tree_weight_by_listing(data.weights, units, root)
            assert ea.tree_weight(net, units, root) == listed
            assert ea.induced_laplacian(net, units, without=root).det() == listed


def test_weights_in_symbols_are_sums_over_listed_trees_and_forests() -> None:
    net = ea.families.generic(4, self_coupling=True)
    weights, leak = net.weights.tolist(), list(net.leak)
    for units in subsets(4):
        expected = sympy.expand(oracles.forest_weight_by_listing(weights, leak, units))
        assert sympy.expand(ea.forest_weight(net, units)) == expected
        for root in units:
            expected = sympy.expand(oracles.tree_weight_by_listing(weights, units, root))
            assert sympy.expand(ea.tree_weight(net, units, root)) == expected


def test_numbers_of_trees_and_forests() -> None:
    """Cayley: 6^4 trees of 6 units with a given root, 7^5 forests, each one product of distinct symbols."""
    net = ea.families.generic(6)
    assert len(sympy.Add.make_args(ea.tree_weight(net, range(6), 0))) == 6**4
    assert len(sympy.Add.make_args(ea.forest_weight(net, range(6)))) == 7**5


def test_the_forest_weight_of_all_units_is_the_volume() -> None:
    for net in (ea.families.ring(6, "a"), ea.families.generic(3), ea.families.line(5, "4/5")):
        assert sympy.cancel(ea.forest_weight(net, net.labels) - net.volume()) == 0
        assert sympy.cancel(net.matrix.det() - net.volume()) == 0


def test_the_empty_set_has_one_empty_forest() -> None:
    assert ea.forest_weight(ea.families.ring(3, "a"), []) == 1


def test_laplacian_is_written_as_the_theory_does() -> None:
    net = ea.Network([["1/9", "a"], ["b", 0]], labels=["x", "y"])
    a, b = sympy.symbols("a b")
    assert ea.induced_laplacian(net, ["y", "x"]) == sympy.Matrix([[a, -a], [-b, b]])
    assert ea.induced_laplacian(net, ["x"]) == sympy.Matrix([[0]])
    leaky = ea.induced_laplacian(net, ["x", "y"], leak=True)
    assert sympy.simplify(leaky - net.matrix) == sympy.zeros(2)
    assert ea.induced_laplacian(net, ["x", "y"], without="x") == sympy.Matrix([[b]])


def test_errors() -> None:
    net = ea.families.ring(4, "4/5")
    with pytest.raises(InvalidNetworkError, match="start 3 is not in the assembly"):
        ea.tree_weight(net, {0, 1}, 3)
    with pytest.raises(UnknownUnitError, match="no unit is labelled 9"):
        ea.forest_weight(net, {9})
    with pytest.raises(InvalidNetworkError, match=r"3 is no collection of labels: write \{3\}"):
        ea.forest_weight(net, 3)  # type: ignore[arg-type]
    with pytest.raises(InvalidNetworkError, match="unit 2 is left out of a set that it is not in"):
        ea.induced_laplacian(net, {0, 1}, without=2)
