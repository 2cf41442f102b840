"""Sandpiles: against SageMath's module (tests/references/sandpiles.json), the size laws, and group axioms."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import InexactError, InvalidNetworkError, TooCostlyError
from exactav.phase_space import region, sandpile

REFERENCES = json.loads((Path(__file__).parent / "references" / "sandpiles.json").read_text(encoding="utf-8"))
GRAPHS: dict[str, Any] = REFERENCES["graphs"]


def network(name: str) -> ea.Network:
    """With the units in the order of the reference."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    edges = GRAPHS[name]["edges"]
    graph.add_nodes_from(sorted({node for edge in edges for node in edge[:2]}))
    graph.add_weighted_edges_from(edges)
    return sandpile.of_graph(graph, GRAPHS[name]["sink"])


@pytest.mark.parametrize("name", GRAPHS)
def test_sage_agrees(name: str) -> None:
    net, reference = network(name), GRAPHS[name]
    assert net.volume() == reference["order"]
    assert list(sandpile.invariant_factors(net)) == reference["invariant_factors"]
    assert list(sandpile.identity(net)) == reference["identity"]
    states = [list(state) for state in sandpile.recurrent_states(net)]
    assert len(states) == reference["order"]
    assert reference["recurrent_states"] in (None, states)
    polynomial = sandpile.avalanche_polynomial(net)
    found = {str(size): int(count) for (size,), count in polynomial.terms()}
    assert found == reference["avalanche_polynomial"]


def test_grains_are_fed_one_by_one_where_every_unit_leaks() -> None:
    assert sandpile.of_graph(nx.complete_graph(4), 3).increment == 1
    assert sandpile.of_graph(nx.path_graph(4), 3).increment is None  # two units have no edge to the sink


def test_the_references_have_their_passport() -> None:
    assert REFERENCES["tool"].startswith("SageMath")
    assert len(GRAPHS) >= 12
    assert sum(name.startswith("directed") for name in GRAPHS) >= 4


@settings(max_examples=30)
@given(strategies.integer_networks(max_units=3, max_volume=150))
def test_the_group_of_random_integer_networks(data: Any) -> None:
    """Self-coupled, directed, with zero leaks."""
    net = ea.Network(data.weights, data.thresholds, drive=data.drive)
    states = list(sandpile.recurrent_states(net))
    assert len(states) == net.volume()
    assert all(region.is_inhabited(net, state) for state in states)
    factors = sandpile.invariant_factors(net)
    assert sympy.prod(factors) == net.volume()
    assert all(later % earlier == 0 for earlier, later in pairwise(factors))
    neutral = sandpile.identity(net)
    for state in states[:: max(1, len(states) // 5)]:
        assert sandpile.added(net, state, neutral) == state
        assert sandpile.added(net, state, states[0]) == sandpile.added(net, states[0], state)
    exponent = factors[-1] if factors else 1
    total = neutral
    for _ in range(exponent):
        total = sandpile.added(net, total, states[-1])
    assert total == neutral


def test_avalanche_polynomials_are_the_size_laws() -> None:
    """Where every unit has a leak."""
    for graph in (nx.complete_graph(5), nx.wheel_graph(6), nx.star_graph(4)):
        net = sandpile.of_graph(graph, 0)
        counts = {size: int(count) for (size,), count in sandpile.avalanche_polynomial(net).terms()}
        law = ea.size_law(net).per_step()
        pairs = net.n_units * net.volume()
        assert {size: pairs * p for size, p in law.items()} == counts


def test_wrong_sandpiles() -> None:
    with pytest.raises(InvalidNetworkError, match="no node 9"):
        sandpile.of_graph(nx.complete_graph(4), 9)
    with pytest.raises(InvalidNetworkError, match="lower the weights"):
        sandpile.of_graph(nx.DiGraph([(1, 2), (3, 2), (2, 0), (1, 0), (3, 0)]), 0)
    halves = ea.Network([["1/2", 1], [1, "1/2"]], thresholds=2)
    for function in (sandpile.invariant_factors, sandpile.identity, sandpile.avalanche_polynomial):
        with pytest.raises(InvalidNetworkError, match=r"W\[0, 0\] is 1/2: a sandpile has integers"):
            function(halves)
    with pytest.raises(TooCostlyError, match="states below threshold"):
        list(sandpile.recurrent_states(sandpile.of_graph(nx.complete_graph(12), 0)))
    with pytest.raises(InvalidNetworkError, match="give integers"):
        sandpile.added(sandpile.of_graph(nx.complete_graph(3), 0), ["1/2", 0], [0, 0])
    for weight, error, why in (
        (0.5, InexactError, "weight of the edge from 0 to 1 = 0.5 is a float"),
        (-1, InvalidNetworkError, "the edge from 0 to 1 has weight -1"),
    ):
        graph: Any = nx.Graph([(0, 1, {"weight": weight}), (1, 2, {"weight": "2"})])
        with pytest.raises(error, match=why):
            sandpile.of_graph(graph, 0)
        graph.add_edge(0, 1, weight=1)
        assert sandpile.of_graph(graph, 0).thresholds == (3, 2)
