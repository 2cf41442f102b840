"""How the time of each engine grows with the number of units, as a picture. Run:
python tests/benchmarks/growth.py

It writes ``growth.svg`` beside this file. Each point is the shortest of up to three rounds on new networks,
which are made before the clock starts.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, inf, isqrt, log
from pathlib import Path
from time import perf_counter
from typing import Any

import matplotlib
import networkx as nx
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from peers import dense, numpy_loop, sympy_loop

import exactav as ea
from exactav.engines import connected, frontier, populations, subsets
from exactav.engines.bid import ARITHMETICS, Arithmetic, Engine
from exactav.kernels.machine import Machine
from exactav.laws.counting import question_of
from exactav.running.effort import Effort
from exactav.running.tasks import HERE

PICTURE = Path(__file__).with_name("growth.svg")
LONGEST = 7.0  # seconds that the slowest point of a curve may be expected to take
ENOUGH = 0.5  # seconds from which on one round will do
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#888888"
SKY, BLACK = "#56B4E9", "#000000"


@dataclass(frozen=True)
class Curve:
    """What is measured, for which networks, and how it is drawn."""

    label: str
    question: Callable[[ea.Network], Any]
    network: Callable[[int], ea.Network]
    sizes: Iterable[int]
    style: dict[str, Any]

    def points(self) -> dict[int, float]:
        """Seconds by number of units, as far as the next point is expected not to take too long."""
        found: dict[int, float] = {}
        for n_units in self.sizes:
            if expected(found, n_units) > LONGEST:
                break
            found[n_units] = self.seconds(n_units)
        return found

    def seconds(self, n_units: int) -> float:
        best = inf
        for _ in range(3):
            net = self.network(n_units)
            assert net.weights  # SymPy's matrix, which the peers read
            start = perf_counter()
            self.question(net)
            best = min(best, perf_counter() - start)
            if best > ENOUGH:
                break
        return best


def expected(found: dict[int, float], n_units: int) -> float:
    """The time along the straight line through the last two points in the picture."""
    if len(found) < 2:
        return 0.0
    (n, earlier), (m, later) = list(found.items())[-2:]
    return later * exp(log(later / earlier) * log(n_units / m) / log(m / n))


def two_classes(n_units: int) -> ea.Network:
    """Two populations of equal size, each unit receiving 9/20 from its own and 3/10 from the other."""
    half = n_units // 2
    own, other = f"9/{20 * half}", f"3/{10 * half}"
    return ea.families.populations([half, half], [[own, other], [other, own]])


def ring(n_units: int) -> ea.Network:
    return ea.families.ring(n_units, "9/10")


def grid(rows: int) -> Callable[[int], ea.Network]:
    """Grids of so many rows."""
    return lambda n_units: ea.from_networkx(nx.grid_2d_graph(rows, n_units // rows), coupling="9/10")


def tree(n_units: int) -> ea.Network:
    """Each unit is joined to an earlier one, chosen at random."""
    rng = random.Random(n_units)
    edges = [(unit, rng.randrange(unit)) for unit in range(1, n_units)]
    return ea.from_networkx(nx.Graph(edges), coupling="9/10")


def torus(n_units: int) -> ea.Network:
    """As many rows as columns, four neighbours."""
    return ea.families.torus(isqrt(n_units), isqrt(n_units), "9/10", "von_neumann")


def by(engine: Engine, arithmetic: Arithmetic = "exact") -> Callable[[ea.Network], Any]:
    """The law of sizes by this engine, whatever the planner would choose."""

    def road(net: ea.Network) -> Any:
        question = question_of(net, None, [net.labels])
        return engine.bid(question, arithmetic, Machine.here(), inf, Effort()).run(HERE)

    return road


def small(net: ea.Network) -> Any:
    return ea.size_law(net, up_to=6, arithmetic="float", max_cost=inf)


EVEN = range(4, 31, 2)
LENGTHS = (2, 3, 4, 6, 8, 12, 16, 24, 32)
DOUBLING = [2**k for k in range(2, 13)]
FILLED: dict[str, Any] = {"linewidth": 1.5, "markersize": 5.5}
OPEN: dict[str, Any] = {**FILLED, "linestyle": "--", "markerfacecolor": "white"}
THIN: dict[str, Any] = {"linewidth": 0.9, "markersize": 4.5, "color": GREY}
CURVES = [
    Curve("subsets, dense", by(subsets.ENGINE), dense, EVEN, {**FILLED, "color": BLUE, "marker": "o"}),
    Curve(
        "subsets, dense, floats",
        by(subsets.ENGINE, "float"),
        dense,
        EVEN,
        {**OPEN, "color": BLUE, "marker": "o"},
    ),
    Curve(
        "frontier, grids 4 × n",
        by(frontier.ENGINE),
        grid(4),
        [4 * k for k in LENGTHS],
        {**OPEN, "color": GREEN, "marker": "^"},
    ),
    Curve(
        "frontier, grids 5 × n",
        by(frontier.ENGINE),
        grid(5),
        [5 * k for k in LENGTHS],
        {**OPEN, "color": GREEN, "marker": "v"},
    ),
    Curve(
        "frontier, random trees",
        by(frontier.ENGINE),
        tree,
        DOUBLING,
        {**FILLED, "color": SKY, "marker": "*", "markersize": 7.5},
    ),
    Curve("frontier, rings", by(frontier.ENGINE), ring, DOUBLING, {**FILLED, "color": GREEN, "marker": "^"}),
    Curve(
        "connected sets, rings",
        by(connected.ENGINE),
        ring,
        DOUBLING,
        {**FILLED, "color": PURPLE, "marker": "D"},
    ),
    Curve(
        "populations, two classes",
        by(populations.ENGINE),
        two_classes,
        DOUBLING,
        {**FILLED, "color": ORANGE, "marker": "s"},
    ),
    Curve(
        "up to 6 units, n × n tori, floats",
        small,
        torus,
        [k * k for k in (4, 6, 8, 11, 16, 23, 32, 45, 64)],
        {**OPEN, "color": BLACK, "marker": "p"},
    ),
    Curve("peer: SymPy loop, dense", sympy_loop, dense, EVEN, {**THIN, "marker": "x"}),
    Curve("peer: NumPy loop, dense", numpy_loop, dense, EVEN, {**THIN, "linestyle": ":", "marker": "+"}),
]


def draw(points: dict[str, dict[int, float]]) -> Figure:
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log")
    for curve in CURVES:
        measured = points[curve.label]
        axes.plot(list(measured), list(measured.values()), label=curve.label, **curve.style)
    axes.set_xlabel("number of units N")
    axes.set_ylabel("time of the law of sizes")
    axes.set_ylim(top=10)
    axes.xaxis.set_major_locator(FixedLocator(DOUBLING))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{t:g} s" if t >= 1 else f"{1000 * t:g} ms"))
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right center", fontsize="small", edgecolor="none")
    return figure


def main() -> None:
    matplotlib.rcParams["svg.hashsalt"] = "exactav"
    for arithmetic in ARITHMETICS:  # these compile
        by(subsets.ENGINE, arithmetic)(dense(14))
    for engine, net in ((frontier.ENGINE, grid(5)(80)), (connected.ENGINE, ring(16))):
        by(engine)(net)
    small(torus(64))
    draw({curve.label: curve.points() for curve in CURVES}).savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
