"""Interchangeable units inside a network: counted within a sweep, against the sum over all sets."""

import random
from fractions import Fraction

import networkx as nx
import pytest
import sympy

import exactav as ea
from exactav.engines import frontier, subsets
from exactav.engines.question import Question
from exactav.engines.sweep import lanes, modules
from exactav.engines.sweep.couplings import Couplings
from exactav.engines.sweep.scheme import Scheme, scheme_of
from exactav.errors import InvalidNetworkError, SingularNetworkError
from exactav.kernels import positive
from exactav.kernels.decompositions import Decomposition
from exactav.kernels.orders import neighbours_of
from exactav.laws.starts import Starts
from exactav.running.tasks import HERE

ENTRIES = [Fraction(1, 3), Fraction(1, 2), Fraction(2, 7), Fraction(0), Fraction(0)]


def network(rng: random.Random) -> ea.Network | None:
    """One or two classes of two to four units, and up to three others, in any order."""
    sizes = [rng.randint(2, 4) for _ in range(rng.randint(1, 2))]
    kinds = [a for a, size in enumerate(sizes) for _ in range(size)]
    n_kinds = len(sizes) + rng.randint(1, 3)
    kinds += range(len(sizes), n_kinds)
    rng.shuffle(kinds)
    between = [[rng.choice(ENTRIES) for _ in range(n_kinds)] for _ in range(n_kinds)]
    if rng.random() < 0.5:
        between = [[between[min(a, b)][max(a, b)] for b in range(n_kinds)] for a in range(n_kinds)]
    own = [rng.choice([Fraction(0), Fraction(1, 9)]) for _ in range(n_kinds)]
    leak = [rng.choice([Fraction(0), Fraction(1, 7), Fraction(1)]) for _ in range(n_kinds)]
    weights = [
        [own[a] if i == j else between[a][b] for j, b in enumerate(kinds)] for i, a in enumerate(kinds)
    ]
    thresholds = [sum(row) + leak[a] or Fraction(1) for row, a in zip(weights, kinds, strict=True)]
    drive = [rng.randint(0, 3) for _ in kinds]
    drive[rng.randrange(len(drive))] += 1
    shares = [f"{share}/{sum(drive)}" for share in drive]
    try:
        return ea.Network(
            [[str(w) for w in row] for row in weights], list(map(str, thresholds)), drive=shares
        )
    except (SingularNetworkError, InvalidNetworkError):
        return None


def scheme(question: Question, rng: random.Random) -> Scheme | None:
    """A scheme that counts, along an order by chance; None where there is nothing to count."""
    found = modules.modules_of(question, neighbours_of(question.system.weights))
    if not found:
        return None
    couplings = Couplings.of(question.system, question.roots, found)
    order = list(couplings.neighbours)
    rng.shuffle(order)
    return scheme_of(couplings, Decomposition.of(couplings.neighbours, order, couplings.joined))


@pytest.mark.parametrize("seed", range(1, 5))
def test_counted_units_and_listed_ones(seed: int) -> None:
    """All starts or one, in a class or not; several groups; units that are not counted; four ways."""
    rng = random.Random(seed)
    n_compared = 0
    while n_compared < 4:
        net = network(rng)
        if net is None:
            continue
        units = range(net.n_units)
        starts = Starts.of(net, rng.choice([None, None, 0, net.n_units - 1]))
        groups = rng.choice([(tuple(units),), (tuple(units[::2]),), (tuple(units[::2]), tuple(units[1::2]))])
        question = Question(net.system, starts.weights, groups)
        found = scheme(question, rng)
        if found is None:
            continue
        n_compared += 1
        multiple = modules.common_multiple(found.modules)
        multiplied = frontier.multiplied(question, multiple)
        wanted = {number: int(weight) for number, weight in subsets.weights_of(question).items()}
        for weights in (
            frontier.weights_of(multiplied, scheme=found),
            lanes.weights_of(multiplied, found, HERE),
        ):
            assert {number: int(weight) for number, weight in weights.items()} == {
                number: weight * multiple for number, weight in wanted.items()
            }
        for is_compiled in (False, True):
            answer = frontier.floats(multiplied, found, is_compiled, HERE)
            assert answer.roundings is not None
            assert answer.weights.keys() == wanted.keys()
            for number, weight in wanted.items():
                exact = Fraction(weight, int(question.total))
                off = abs(Fraction(answer.weights[number]) - exact) / exact
                assert off <= positive.bound(answer.roundings)


def test_lollipops_barbells_and_cavemen() -> None:
    """Cliques with a path, and cliques in a ring, far beyond what can be listed."""
    for graph in (nx.lollipop_graph(20, 20), nx.barbell_graph(30, 5), nx.connected_caveman_graph(4, 8)):
        net = ea.from_networkx(graph, coupling="9/10")
        assert ea.plan(net).choice == "frontier"
        law = ea.size_law(net)
        assert law.mean() == ea.mean_size(net)
        assert ea.size_law(net, arithmetic="float").mean() == pytest.approx(float(law.mean()), rel=1e-9)


def test_counting_in_symbols() -> None:
    a = sympy.Symbol("a", positive=True)
    net = ea.from_networkx(nx.lollipop_graph(4, 2), coupling=a)
    law = ea.size_law(net, method="frontier")
    assert law == ea.size_law(net, method="subsets")
    seventh = sympy.Rational(6, 7)
    assert law.at({a: seventh}) == ea.size_law(ea.from_networkx(nx.lollipop_graph(4, 2), coupling="6/7"))
