"""`exactav validate`: every road agrees on good laws, and sees a wrong one."""

from typing import Any

import networkx as nx
import pytest
import sympy

import exactav as ea
from exactav import validation
from exactav.cli import main
from exactav.engines.plan import METHODS
from exactav.validation import Road, roads

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
    "directed, self-coupled": 12,
    "a unit without leak": 13,
    "square roots": 9,
    "symbols": 7,
    "sandpile": 13,
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
        *(validation._engine(net, None, wrong, method, 60) for method in METHODS[1:]),
        validation._floats(net, None, wrong, 60),
        validation._recursion(net, None, wrong),
        validation._mean(net, None, wrong),
        validation._volumes(net, None, wrong),
        validation._cells(net, None, wrong),
        validation._orbit(net, None, wrong),
        validation._sampled(net, None, floats, 20_000, 1),
        validation._simulated(net, None, floats, 20_000, 1),
    ]
    assert [agrees for agrees, _ in comparisons] == [False] * 12


def test_one_start_and_large_networks() -> None:
    found = {road.name: road for road in roads(NETWORKS["sandpile"], 1, n=3000)}
    assert found["orbit of one state"].result == "not applicable: orbits are driven by all starts"
    assert found["volumes of the regions"].agrees
    grid = ea.from_networkx(nx.grid_2d_graph(3, 9), coupling="9/10")
    found = {road.name: road for road in roads(grid, n=1000)}
    assert found["engine frontier"].agrees
    assert found["engine populations"].agrees is None
    assert "count vectors" in found["engine populations"].result


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["validate", "ring:N=4,alpha=4/5", "-n", "2000"]) == 0
    out = capsys.readouterr().out
    assert out.count(" yes ") == 13
    assert "Wilson's algorithm" in out

    def disagreeing(*arguments: Any, **options: Any) -> list[Road]:
        return [Road("engine subsets", False, "DIFFERENT"), Road("floats", True, "fine")]

    monkeypatch.setattr("exactav.cli.roads", disagreeing)
    assert main(["validate", "ring:N=4,alpha=4/5"]) == 1
    assert "NO" in capsys.readouterr().out
