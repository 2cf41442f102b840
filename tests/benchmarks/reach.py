"""Networks and questions near the limits of the engines, each asked in a process of its own.

``python tests/benchmarks/reach.py NAME`` asks one and prints its figures as JSON; :func:`figures` does so in
a child process, whose peak of memory is its own. Coupling is 9/10 where nothing else is said.
"""

import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import Any

import networkx as nx
from peers import dense

import exactav as ea

LONGEST = float(os.environ.get("EXACTAV_BENCHMARK_SECONDS", "600"))  # more is not asked
LARGEST = 12_000.0  # megabytes; what takes more is not asked
SUMMED = 5000  # outcomes
PATIENCE = 3 * LONGEST + 180.0  # a child that takes longer is stopped
ROUNDS, ENOUGH = 3, 20.0  # rounds of a measurement, and seconds from which on they will do


@dataclass(frozen=True)
class Case:
    """A law to be asked for: of what, in which arithmetic; only its plan if ``of`` is empty."""

    network: Callable[[], ea.Network]
    of: str = "size"
    arithmetic: Any = "exact"

    def plan(self, net: ea.Network) -> Any:
        of = "size" if self.of in ("", "composition") else self.of
        return ea.plan(net, of=of, arithmetic=self.arithmetic)

    def law(self, net: ea.Network) -> Any:
        laws: dict[str, Any] = {
            "size": ea.size_law,
            "composition": ea.composition_law,
            "duration": ea.duration_law,
            "size_duration": ea.size_duration_law,
        }
        law = laws[self.of](net, arithmetic=self.arithmetic, max_cost=1e6)
        if len(law) < SUMMED:  # as every law does when it is made, in much less time
            assert abs(sum(map(float, law.values())) - 1) < 1e-9
        return law


def graph(made: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[], ea.Network]:
    """The network of a graph that networkx makes."""
    return lambda: ea.from_networkx(made(*arguments, **named), coupling="9/10")


def tree(n_units: int) -> Callable[[], ea.Network]:
    """Each unit is joined to an earlier one, chosen at random."""
    rng = random.Random(1)
    return graph(lambda: nx.Graph((unit, rng.randrange(unit)) for unit in range(1, n_units)))


def directed(seed: int) -> Callable[[], ea.Network]:
    """Thirty units, each receiving from two others."""
    rng = random.Random(seed)
    edges = [
        (source, unit)
        for unit in range(30)
        for source in rng.sample([other for other in range(30) if other != unit], 2)
    ]
    return graph(lambda: nx.DiGraph(edges))


def populations(*sizes: int) -> ea.Network:
    weights = [[f"1/{800 + 50 * a + 70 * b}" for b in range(len(sizes))] for a in range(len(sizes))]
    return ea.families.populations(sizes, weights)


def two_of_sixty() -> ea.Network:
    return ea.families.populations([60, 60], [["1/200", "1/300"], ["1/250", "1/150"]])


def homogeneous(n_units: int) -> Callable[[], ea.Network]:
    return lambda: ea.families.homogeneous(n_units, "9/10")


def dataset(name: str) -> Callable[[], ea.Network]:
    return lambda: ea.read_network(name)


def random_dense(n_units: int) -> Callable[[], ea.Network]:
    return lambda: dense(n_units)


CASES: dict[str, Case] = {
    "star 300": Case(graph(nx.star_graph, 299)),
    "star 1000": Case(graph(nx.star_graph, 999)),
    "binary tree 127": Case(graph(nx.balanced_tree, 2, 6)),
    "binary tree 1023": Case(graph(nx.balanced_tree, 2, 9)),
    "random tree 1000": Case(tree(1000)),
    "ring 1000": Case(lambda: ea.families.ring(1000, "9/10")),
    "line 1000": Case(lambda: ea.families.line(1000, "9/10")),
    "lollipop(20, 20)": Case(graph(nx.lollipop_graph, 20, 20)),
    "barbell(30, 5)": Case(graph(nx.barbell_graph, 30, 5)),
    "ladder 2 x 100": Case(graph(nx.grid_2d_graph, 2, 100)),
    "grid 4 x 12": Case(graph(nx.grid_2d_graph, 4, 12)),
    "grid 6 x 6": Case(graph(nx.grid_2d_graph, 6, 6)),
    "grid 8 x 8": Case(graph(nx.grid_2d_graph, 8, 8)),
    "grid 5 x 20": Case(graph(nx.grid_2d_graph, 5, 20)),
    "grid 5 x 20, float": Case(graph(nx.grid_2d_graph, 5, 20), arithmetic="float"),
    "torus 4 x 10": Case(graph(nx.grid_2d_graph, 4, 10, periodic=True)),
    "karate": Case(dataset("karate")),
    "Florentine families": Case(dataset("florentine")),
    "southern women": Case(graph(nx.davis_southern_women_graph)),
    "Les Miserables": Case(graph(nx.les_miserables_graph)),
    "gnp(100, .02)": Case(graph(nx.gnp_random_graph, 100, 0.02, seed=1)),
    "Barabasi-Albert(60, 2)": Case(graph(nx.barabasi_albert_graph, 60, 2, seed=1)),
    "3-regular 40": Case(graph(nx.random_regular_graph, 3, 40, seed=1)),
    "directed 30, seed 1": Case(directed(1)),
    "directed 30, seed 2": Case(directed(2)),
    "directed 30, seed 3": Case(directed(3)),
    "dense 16": Case(random_dense(16)),
    "dense 20": Case(random_dense(20)),
    "dense 20, float": Case(random_dense(20), arithmetic="float"),
    "dense 24": Case(random_dense(24)),
    "dense 24, float": Case(random_dense(24), arithmetic="float"),
    "populations 300 + 300": Case(lambda: populations(300, 300), "composition"),
    "populations 60 + 60 + 60": Case(lambda: populations(60, 60, 60), "composition"),
    "durations, homogeneous 12": Case(homogeneous(12), "duration"),
    "durations, homogeneous 100": Case(homogeneous(100), "duration"),
    "durations, populations 60 + 60": Case(two_of_sixty, "duration"),
    "durations, populations 60 + 60, float": Case(two_of_sixty, "duration", "float"),
    "jointly, dense 14": Case(random_dense(14), "size_duration"),
    "jointly, dense 16, float": Case(random_dense(16), "size_duration", "float"),
    "plan, tree 2000": Case(tree(2000), ""),
    "plan, grid 40 x 50": Case(graph(nx.grid_2d_graph, 40, 50), ""),
    "plan, gnp(2000, .002)": Case(graph(nx.gnp_random_graph, 2000, 0.002, seed=1), ""),
    "plan, Barabasi-Albert(2000, 2)": Case(graph(nx.barabasi_albert_graph, 2000, 2, seed=1), ""),
    "plan, 3-regular 2000": Case(graph(nx.random_regular_graph, 3, 2000, seed=1), ""),
    "plan, complete 2000": Case(graph(nx.complete_graph, 2000), ""),
}


def figures(name: str) -> dict[str, Any]:
    """What :func:`asked` finds in a child process; only ``stopped``, in seconds, if that takes too long."""
    command = [sys.executable, __file__, name]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return {"stopped": PATIENCE}
    if child.returncode:
        raise RuntimeError(f"{name}: {child.stderr}")
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def asked(case: Case) -> dict[str, Any]:
    """What the planner estimates, what planning took, and, unless it estimates too much, what the law took.

    Times are in seconds, and those of the law include planning; memory is the peak of the process, in
    megabytes.
    """
    bid = case.plan(case.network()).chosen
    found = {
        "engine": bid.engine,
        "planning": shortest(case.network, case.plan),
        "estimate": bid.seconds,
        "megabytes estimated": bid.megabytes,
    }
    if not case.of:
        found["seconds"] = found["planning"]
    elif bid.seconds <= LONGEST and bid.megabytes <= LARGEST:
        found["seconds"] = shortest(case.network, case.law)
        found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {key: None if value == inf else value for key, value in found.items()}


def shortest(network: Callable[[], ea.Network], question: Callable[[ea.Network], object]) -> float:
    """The shortest of a few rounds on new networks; the first one loads compiled code."""
    best, spent, rounds = inf, 0.0, 0
    while rounds < ROUNDS and spent < ENOUGH:
        net = network()
        assert net.system  # its integers, made once for all questions
        begun = perf_counter()
        question(net)
        best = min(best, perf_counter() - begun)
        spent, rounds = spent + perf_counter() - begun, rounds + 1
    return best


if __name__ == "__main__":
    print(json.dumps(asked(CASES[sys.argv[1]])))
