"""`exactav validate`: every road agrees on good laws, and sees a wrong one."""

import random
from typing import Any

import networkx as nx
import pytest
import sympy

import exactav as ea
from exactav.command import validation
from exactav.command.cli import main
from exactav.command.validation import Road, roads
from exactav.engines.registry import METHODS
from exactav.formulas.recognition import recognised

NETWORKS = {
    "directed, self-coupled": ea.Network(
        [["1/9", "1/2", 0], ["1/4", 0, "1/3"], ["1/7", "1/3", 0]], increment="1/9"
    ),
    "a unit without leak": ea.Network([[0, "1/2"], [1, 0]], drive=[1, 0]),
    "square roots": ea.Network([[0, sympy.sqrt(2) / 3], ["1/4", "1/5"]]),
    "symbols": ea.families.homogeneous(3, "alpha"),
    "sandpile": ea.Network([[0, 1, 1], [1, 0, 1], [2, 0, 1]], thresholds=[4, 3, 4], increment=1),
}
APPLICABLE = {
    "directed, self-coupled": 14,
    "a unit without leak": 15,
    "square roots": 10,
    "symbols": 7,
    "sandpile": 15,
}


@pytest.mark.parametrize("name", NETWORKS)
def test_all_roads_agree(name: str) -> None:
    found = list(roads(NETWORKS[name], n=3000))
    assert [road for road in found if road.agrees is False] == []
    assert sum(road.agrees is True for road in found) == APPLICABLE[name], found
    assert all(road.result.startswith("not applicable: ") for road in found if road.agrees is None)


def test_every_road_sees_a_wrong_law() -> None:
    net, other = NETWORKS["sandpile"], ea.Network([[0, 1, 0], [1, 0, 1], [1, 1, 1]], thresholds=[4, 3, 4])
    wrong = ea.size_law(other)
    floats = wrong.floats()
    comparisons = [
        validation._sums(net, None, wrong),
        *(validation._engine(net, None, wrong, method, "another", 60) for method in METHODS[1:]),
        validation._floats(net, None, wrong, 60),
        validation._recursion(net, None, wrong),
        validation._sampled_patterns(net, None, wrong, 3000, 1, 60),
        validation._mean(net, None, wrong),
        validation._generations(net, None, wrong, 60),
        validation._inputs(net, None, wrong, 60),
        validation._volumes(net, None, wrong),
        validation._cells(net, None, wrong),
        validation._orbit(net, None, wrong),
        validation._sampled(net, None, floats, 20_000, 1),
        validation._simulated(net, None, floats, 20_000, 1, 60),
    ]
    assert [agrees for agrees, _ in comparisons] == [False] * 16


def test_the_first_road_sees_probabilities_that_do_not_sum_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a law believes about itself."""
    for net in (NETWORKS["square roots"], ea.families.ring(50, "1/2")):
        law = ea.size_law(net, 1)
        assert validation._sums(net, 1, law)[0]
        monkeypatch.setattr(type(law), "values", lambda self: [*dict(self.items()).values()][1:])
        assert not validation._sums(net, 1, law)[0]
        monkeypatch.undo()


def shuffled(net: ea.Network, seed: int) -> ea.Network:
    order = list(range(net.n_units))
    random.Random(seed).shuffle(order)
    return ea.Network(net.weights.extract(order, order), labels=[f"unit {i}" for i in order])


FAMILIES: list[tuple[str, dict[str, Any]]] = [
    ("homogeneous", {"N": 5, "alpha": sympy.Rational(2, 3)}),
    ("homogeneous_without_self", {"N": 6, "alpha": sympy.Rational(1, 3)}),
    ("ring", {"N": 7, "alpha": sympy.Rational(4, 5)}),
    ("directed_ring", {"N": 6, "alpha": sympy.Rational(1, 2)}),
    ("line", {"N": 8, "alpha": sympy.Rational(9, 10)}),
    ("star", {"N": 6, "alpha": sympy.Rational(3, 4)}),
    ("bipartite", {"n": 2, "m": 4, "alpha": sympy.Rational(3, 5)}),
    ("bipartite", {"n": 4, "m": 3, "alpha": sympy.Rational(3, 5)}),
]


@pytest.mark.parametrize(("family", "parameters"), FAMILIES)
def test_families_are_recognised_in_any_order(family: str, parameters: dict[str, Any]) -> None:
    """And not with one weight or one share of the drive changed."""
    net = getattr(ea.families, family)(**parameters)
    for seed in range(5):
        one = shuffled(net, seed)
        found = {name: values for name, values, _ in recognised(one)}
        assert family in found
        alphas = {values["alpha"] for values in found.values()}
        assert alphas == {parameters["alpha"]}
        law = ea.size_law(one)
        assert all(road.agrees for road in validation._formulas(one, None, law))
        assert any(road.name == f"formula {family}.size" for road in validation._formulas(one, None, law))
        i, j = max((i, j) for i in range(one.n_units) for j in range(one.n_units) if one.weights[i, j])
        weights = one.weights.as_mutable()
        weights[i, j] /= 2
        assert family not in {name for name, _, _ in recognised(ea.Network(weights))}
    uneven = ea.Network(
        net.weights, drive=[sympy.Rational(1 + (k == 0), net.n_units + 1) for k in range(net.n_units)]
    )
    is_alike = family in ("homogeneous", "homogeneous_without_self", "ring", "directed_ring")
    assert (family in {name for name, _, _ in recognised(uneven)}) == is_alike


def test_formulas_see_a_wrong_law_and_say_where_they_do_not_apply() -> None:
    ring, wrong = ea.families.ring(6, "1/2"), ea.size_law(ea.families.ring(6, "2/3"))
    found = list(validation._formulas(ring, None, wrong))
    assert [road.agrees for road in found] == [False, False]
    (nothing,) = validation._formulas(NETWORKS["square roots"], None, ea.size_law(NETWORKS["square roots"]))
    assert nothing.result == "not applicable: the network is of no family with formulas"
    line = ea.families.line(5, "1/2")
    assert not any(
        r.agrees for r in validation._formulas(line, 0, ea.size_law(line, 0))
    )  # for all starts only
    k_ring = ea.families.k_ring(7, "1/2", 2)
    assert [r.name for r in validation._formulas(k_ring, 3, ea.size_law(k_ring, 3))] == [
        "formula k_ring.mean"
    ]


@pytest.mark.slow
def test_one_start_and_large_networks() -> None:
    found = {road.name: road for road in roads(NETWORKS["sandpile"], 1, n=3000)}
    assert found["orbit of one state"].result == "not applicable: orbits are driven by all starts"
    assert found["volumes of the regions"].agrees
    grid = ea.from_networkx(nx.grid_2d_graph(3, 9), coupling="9/10")
    found = {road.name: road for road in roads(grid, n=1000)}
    assert found["law of sizes by frontier"].agrees
    assert (
        found["engine frontier"].result == "not applicable: it is the one that the others are compared with"
    )
    assert found["engine populations"].agrees is None
    assert "count vectors" in found["engine populations"].result


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["validate", "ring:N=4,alpha=4/5", "-n", "2000"]) == 0
    out = capsys.readouterr().out
    assert out.count(" yes ") == 19
    assert "Wilson's algorithm" in out

    def disagreeing(*arguments: Any, **options: Any) -> list[Road]:
        return [Road("engine subsets", False, "DIFFERENT"), Road("floats", True, "fine")]

    monkeypatch.setattr("exactav.command.validation.roads", disagreeing)
    assert main(["validate", "ring:N=4,alpha=4/5"]) == 1
    assert "NO" in capsys.readouterr().out
