"""Networks in and out: what is read is what was meant, and everything else is refused with its place."""

import io
import json
import random
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import strategies
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.errors import (
    ExactavError,
    IgnoredWarning,
    InexactError,
    InvalidNetworkError,
    OptionError,
    ParseError,
    SingularNetworkError,
    UnknownNameError,
)
from exactav.interchange import (
    DATASETS,
    FORMATS,
    from_json,
    from_networkx,
    read_network,
    reading,
    to_json,
    to_networkx,
)
from exactav.interchange.documents import parse_json
from exactav.interchange.graphml import parse_graphml
from exactav.interchange.tables import parse_csv, parse_edges, parse_npy, parse_txt
from exactav.network import families
from exactav.network.network import Network

R = sympy.Rational
a, b = sympy.symbols("a b")
# unit 0 receives 1/2 from unit 1, unit 1 receives 1/4 from unit 0
TWO = sympy.Matrix([[0, R(1, 2)], [R(1, 4), 0]])
Write = Callable[..., str]
Graph: Any = nx.Graph  # its type stubs know floats as weights only
DiGraph: Any = nx.DiGraph
MultiDiGraph: Any = nx.MultiDiGraph


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and returns its path."""

    def write_file(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write_file


def network(data: strategies.PlainNetwork, labels: Any = None) -> Network:
    return Network(data.weights, data.thresholds, data.drive, data.increment, labels)


# networkx


def test_an_edge_sends_from_its_source_to_its_target() -> None:
    net = from_networkx(DiGraph([("sender", "receiver")]), coupling="1/2")
    assert net.labels == ("sender", "receiver")
    assert net.weights == sympy.Matrix([[0, 0], [R(1, 2), 0]])
    back = to_networkx(net)
    assert list(back.edges(data="weight")) == [("sender", "receiver", R(1, 2))]


def test_the_largest_row_sum_is_the_coupling() -> None:
    G = DiGraph()
    G.add_weighted_edges_from([("x", "y", 3), ("z", "y", "1/2"), ("y", "y", 1), ("y", "z", Fraction(1, 3))])
    net = from_networkx(G)
    x, y, z = (net.index(label) for label in "xyz")
    assert net.leak == (1, R(1, 10), 1 - R(1, 3) * R(1, 5))
    assert net.weights[y, x] == 3 * R(1, 5)
    assert net.weights[y, y] == R(1, 5)
    assert net.weights[z, y] == R(1, 15)
    assert net.weights[x, y] == 0
    assert from_networkx(G, coupling="9/2", thresholds=5).weights == 5 * net.weights


def test_undirected_edges_send_both_ways_and_loops_once() -> None:
    G = Graph([(0, 1), (1, 1)])
    assert from_networkx(G, coupling=None, thresholds=3).weights == sympy.Matrix([[0, 1], [1, 1]])


def test_parallel_edges_add() -> None:
    G = MultiDiGraph([(0, 1, {"weight": "1/5"}), (0, 1, {"weight": "1/10"}), (1, 1), (1, 1)])
    assert from_networkx(G, coupling=None, thresholds=3).weights == sympy.Matrix([[0, 0], [R(3, 10), 2]])
    assert from_networkx(nx.MultiGraph([(0, 1), (1, 0)]), coupling=a).weights == sympy.Matrix(
        [[0, a], [a, 0]]
    )


def test_weight_attribute() -> None:
    G = DiGraph([(0, 1, {"weight": 4, "strength": "1/3"}), (1, 0)])
    assert from_networkx(G, None, "strength", thresholds=2).weights == sympy.Matrix([[0, 1], [R(1, 3), 0]])
    assert from_networkx(G, "1/2", None).weights == sympy.Matrix([[0, 1], [1, 0]]) / 2
    with pytest.raises(OptionError, match=r"no edge has an attribute 'strenght' .did you mean 'strength'"):
        from_networkx(G, weight="strenght")


def test_symbols_and_roots_in_graphs() -> None:
    G = DiGraph([(0, 1, {"weight": a}), (1, 0, {"weight": "2*a"})])
    assert from_networkx(G, coupling=None).weights == sympy.Matrix([[0, 2 * a], [a, 0]])
    with pytest.raises(InvalidNetworkError, match=r"row sums .*: symbols leave open which is the largest"):
        from_networkx(G)
    G[1][0]["weight"] = a
    assert from_networkx(G).weights == sympy.Matrix([[0, 1], [1, 0]]) * R(9, 10)
    roots = DiGraph([(0, 1, {"weight": sympy.sqrt(2)}), (1, 0, {"weight": sympy.sqrt(3)})])
    assert from_networkx(roots, "1/2").weights[0, 1] == R(1, 2)
    assert from_networkx(nx.path_graph(3), coupling=b).leak == (1 - b / 2, 1 - b, 1 - b / 2)
    positive = sympy.Symbol("p", positive=True)
    G[0][1]["weight"], G[1][0]["weight"] = positive, 2 * positive
    assert from_networkx(G).weights == sympy.Matrix([[0, R(9, 10)], [R(9, 20), 0]])


def test_other_arguments_reach_the_network() -> None:
    G = nx.path_graph(["x", "y"], nx.DiGraph)
    net = from_networkx(G, "1/2", thresholds=[2, 1], drive={"y": 1}, increment="1/4")
    assert (net.thresholds, net.drive, net.increment) == ((2, 1), (0, 1), R(1, 4))


@pytest.mark.parametrize(
    ("graph", "arguments", "error", "message"),
    [
        ([[0, 1], [1, 0]], {}, InvalidNetworkError, "a list is no networkx graph"),
        (Graph(), {}, InvalidNetworkError, "without nodes"),
        (
            nx.empty_graph(3),
            {},
            InvalidNetworkError,
            "no weight is above 0, so no factor reaches the coupling",
        ),
        (
            nx.path_graph(2),
            {"coupling": 0.9},
            InexactError,
            r"coupling = 0\.9 is a float; write Rational\(9, 10\)",
        ),
        (nx.path_graph(2), {"coupling": -1}, InvalidNetworkError, "coupling = -1 is negative"),
        (nx.path_graph(3), {"coupling": 2}, InvalidNetworkError, "row 1 of W sums to 2"),
        (nx.path_graph(2), {"coupling": 1}, SingularNetworkError, "no leak"),
        (
            Graph([("x", "y", {"weight": 0.5})]),
            {},
            InexactError,
            r"edge 'x' -> 'y' = 0\.5 is a float; write",
        ),
        (
            Graph([("x", "y", {"weight": True})]),
            {},
            InexactError,
            "edge 'x' -> 'y' = True: write a number",
        ),
        (Graph([("x", "y", {"weight": "?"})]), {}, ParseError, "edge 'x' -> 'y' = .*unexpected"),
        (
            Graph([("x", "y", {"weight": None})]),
            {},
            InexactError,
            "edge 'x' -> 'y' = None is of type NoneType",
        ),
        (Graph([("x", "y", {"weight": -1})]), {}, InvalidNetworkError, "weight from 'x' to 'y' is -1"),
    ],
)
def test_graphs_that_are_refused(graph: Any, arguments: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        from_networkx(graph, **arguments)


def test_a_graph_without_edges_is_read_without_coupling() -> None:
    assert from_networkx(nx.empty_graph(3), coupling=None).weights == sympy.zeros(3)


@settings(max_examples=40)
@given(strategies.rational_networks())
def test_networkx_round_trip(data: strategies.PlainNetwork) -> None:
    net = network(data, [("unit", i) for i in range(len(data.weights))])
    G = to_networkx(net)
    assert from_networkx(G) == net
    assert from_networkx(G, None) == net
    assert from_networkx(nx.relabel_nodes(G, lambda unit: unit[1])) == network(data)


@pytest.mark.parametrize(
    "net",
    [
        families.ring(4, "1/2"),
        families.ring(3, a, increment=b),
        Network([[0]]),
        Network([[0, 0], [0, 0]], thresholds=[sympy.sqrt(2), a], drive=[1, 0], labels=["x", 1]),
        Network([[0, 7], [1, 0]], thresholds=[8, 3], drive=["1/3", "2/3"], increment="1/2"),
    ],
)
def test_networkx_round_trip_of_everything_that_a_network_has(net: Network) -> None:
    assert from_networkx(to_networkx(net)) == net


def test_what_is_given_goes_before_what_the_graph_says() -> None:
    net = Network([[0, 7], [1, 0]], thresholds=[8, 3], drive=["1/3", "2/3"], increment="1/2")
    G = to_networkx(net)
    assert from_networkx(G, "7/2").weights == net.weights / 2
    assert from_networkx(G, "7/2").thresholds == net.thresholds
    assert from_networkx(G, thresholds=9).thresholds == (9, 9)
    assert from_networkx(G, drive=[1, 0]).drive == (1, 0)
    assert from_networkx(G, drive={1: 1}).drive == (0, 1)
    assert from_networkx(G, increment="1/4") == net.with_increment("1/4")
    assert from_networkx(G, thresholds={0: 9, 1: 4}).thresholds == (9, 4)
    G[0][1]["weight"] = R(3, 2)
    G.nodes[0]["threshold"] = 10
    changed = from_networkx(G)
    assert (changed.weights[1, 0], changed.thresholds[0], changed.increment) == (R(3, 2), 10, R(1, 2))
    with pytest.raises(InvalidNetworkError, match="drive sums to 1/3"):
        from_networkx(G.subgraph([0]))
    G.add_node(2)
    with pytest.raises(InvalidNetworkError, match=r"node 2 has no threshold, .* set it, or give thresholds"):
        from_networkx(G)
    G.nodes[1]["drive"], G.nodes[2]["drive"] = 0.5, 0
    with pytest.raises(InexactError, match=r"0\.5 is a float"):
        from_networkx(G, thresholds=10)


def test_attributes_of_nodes_are_read() -> None:
    G = nx.path_graph(3)
    nx.set_node_attributes(G, {0: 2, 1: 3, 2: "5/2"}, "threshold")
    nx.set_node_attributes(G, {1: "1/3", 2: R(2, 3)}, "drive")
    G.graph["increment"] = "1/10"
    net = from_networkx(G)
    assert net.thresholds == (2, 3, R(5, 2))
    assert net.drive == (0, R(1, 3), R(2, 3))
    assert net.increment == R(1, 10)
    assert from_networkx(G, thresholds=1, drive=[1, 0, 0], increment="1/20").thresholds == (1, 1, 1)
    leaks = nx.DiGraph([("a", "b"), ("b", "c")])
    nx.set_node_attributes(leaks, {"a": 1, "b": "1/2", "c": 2}, "leak")
    for coupling in (None, "1/2"):
        assert from_networkx(leaks, coupling).leak == (1, R(1, 2), 2)
    floats = nx.path_graph(2)
    nx.set_edge_attributes(floats, {(0, 1): 0.1}, "weight")
    nx.set_node_attributes(floats, dict.fromkeys(floats, 1.25), "threshold")
    assert from_networkx(floats, None, max_denominator=100) == Network(
        [[0, "1/10"], ["1/10", 0]], thresholds="5/4"
    )
    with pytest.raises(InexactError, match=r"weight of edge 0 -> 1 = 0\.1 is a float"):
        from_networkx(floats)
    leaks.nodes["a"]["threshold"] = 1
    with pytest.raises(InvalidNetworkError, match="node 'b' has no threshold"):
        from_networkx(leaks)
    nx.set_node_attributes(leaks, dict.fromkeys(leaks, 1), "threshold")
    with pytest.raises(InvalidNetworkError, match="both threshold and leak"):
        from_networkx(leaks)


CONNECTOME = "target,weight,source,region\nb,3,a,AL\na,1/2,b,LH\nc,1,a,AL\n"


@pytest.mark.parametrize("name", ["w.csv", "w.edges", "w.txt"])
def test_edges_with_a_header_in_any_order(name: str, write: Write) -> None:
    with pytest.warns(IgnoredWarning, match="columns 'region' are ignored; weights are 'weight'"):
        net = read_network(write(name, CONNECTOME), coupling="9/10")
    assert net.labels == ("a", "b", "c")
    assert net == Network.from_edges({("a", "b"): "3/9", ("b", "a"): "1/18", ("a", "c"): "1/9"}).scaled(
        "9/10"
    )


@pytest.mark.parametrize(
    "text",
    [
        "source,target,weight\n1,2,1/3\n2,1,1/4\n",
        "pre_root_id;post_root_id;syn_count\n1;2;1/3\n2;1;1/4\n",
        "bodyId_pre\tbodyId_post\tweight\n1\t2\t1/3\n2\t1\t1/4\n",
        "weight,to,from\n1/3,2,1\n1/4,1,2\n",
        "Post,Pre,Synapses\n2,1,1/3\n1,2,1/4\n",
    ],
)
def test_headers_of_connectomes(text: str, write: Write) -> None:
    net = read_network(write("w.csv", text))
    assert net == Network.from_edges({(1, 2): "1/3", (2, 1): "1/4"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source,target,weight\na,b\n", "line 2 has 2 cells, line 1 names 3"),
        ("source,target,from,to\na,b,a,b\n", "names senders and receivers twice"),
        ("source,target,count,synapses\na,b,1,2\n", "names weights twice"),
        ("source,target,weight\na,b,1\na,b,2\n", "edge a -> b came already on line 2"),
        ("source,target,weight\n", "it has no edges"),
        ("from,to\n0,1/2\n1/4,0\n", "shape is that of a matrix"),
        ("a,b,1\nb,a,2\n", "or edges below a first line such as source,target,weight"),
    ],
)
def test_headers_that_are_refused(text: str, message: str, write: Write) -> None:
    with pytest.raises(ParseError, match=message):
        read_network(write("w.csv", text))


def test_to_networkx_carries_everything_exactly() -> None:
    net = Network([[a, "1/2"], [0, 0]], thresholds=[2, 3], drive=[1, 0], labels=["x", ("y", 1)])
    G = to_networkx(net)
    assert isinstance(G, nx.DiGraph)
    assert list(G.nodes(data=True)) == [
        ("x", {"threshold": 2, "drive": 1}),
        (("y", 1), {"threshold": 3, "drive": 0}),
    ]
    weights: list[Any] = list(G.edges(data="weight"))
    assert set(weights) == {("x", "x", a), (("y", 1), "x", R(1, 2))}
    assert G.graph == {"exactav": 1}


# JSON


@settings(max_examples=40)
@given(strategies.rational_networks(), st.booleans())
def test_json_round_trip(data: strategies.PlainNetwork, named: bool) -> None:
    labels = [["é 1", 7, '"', "0", 0][i] for i in range(len(data.weights))] if named else None
    net = network(data, labels)
    back = from_json(to_json(net))
    assert back == net
    assert list(map(type, back.labels)) == list(map(type, net.labels))


@pytest.mark.parametrize(
    "net",
    [
        families.generic(3, increment="s_0/7"),
        families.ring(12, a),  # mostly zeros: edges
        families.homogeneous(2, (1 - a) / (a + b) ** 2),
        Network([[0, 10**300], [0, 0]], thresholds=10**301),
        Network([[0]]),
        families.populations([2, 1], [[0, a / 3], ["1/7", "1/9"]], leak=b**-2),
    ],
)
def test_json_round_trip_of_symbols_and_large_numbers(net: Network) -> None:
    assert from_json(to_json(net)) == net
    assert set(json.loads(to_json(net))) <= {
        "format",
        "weights",
        "edges",
        "labels",
        "thresholds",
        "drive",
        "increment",
    }


def test_json_reads_decimals_as_they_are_written() -> None:
    net = from_json('{"weights": [[0, 0.1], [1e-2, "0.3"]], "thresholds": 1, "labels": null}')
    assert net.weights == sympy.Matrix([[0, R(1, 10)], [R(1, 100), R(3, 10)]])


def test_json_edges_run_from_sender_to_receiver() -> None:
    net = from_json('{"edges": [["x", "y", "1/2"], ["y", "x", 0.25], [3, "x", 0]], "thresholds": [1, 2, 1]}')
    assert net.labels == ("x", "y", 3)
    assert net.weights[:2, :2] == TWO.T
    assert net.thresholds == (1, 2, 1)
    labelled = from_json('{"labels": ["y", "alone", "x"], "edges": [["x", "y", "1/2"]]}')
    assert labelled.labels == ("y", "alone", "x")
    assert labelled.weights[0, 2] == R(1, 2)
    assert from_json('{"edges": [["x", "y"]]}').weights[1, 0] == 1


def test_json_takes_drive_and_increment() -> None:
    net = from_json('{"weights": [[0, 0], [0, 0]], "drive": ["1/3", "2/3"], "increment": "1/2"}')
    assert (net.drive, net.increment) == ((R(1, 3), R(2, 3)), R(1, 2))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ParseError, "it is not JSON: .* at line 1 column 1"),
        ("{\n'a': 1}", ParseError, "it is not JSON: .* at line 2 column 1"),
        ("[[0]]", ParseError, "it is a JSON list: wanted an object"),
        ("null", ParseError, "it is a JSON null"),
        ("{}", ParseError, "wanted either 'weights'"),
        ('{"weights": [[0]], "edges": []}', ParseError, "wanted either 'weights'"),
        (
            '{"weight": [[0]]}',
            ParseError,
            "unknown key 'weight' .did you mean 'weights'.*; keys are format, weights, edges",
        ),
        ('{"weights": [[0]], "weights": [[0]]}', ParseError, "key 'weights' comes twice"),
        ('{"weights": [[NaN]]}', ParseError, "NaN is not a finite number"),
        ('{"weights": [[-Infinity]]}', ParseError, "-Infinity is not a finite number"),
        ('{"weights": [[1e9999]]}', ParseError, "at most 1000 digits"),
        (f'{{"weights": [[{"9" * 5000}]]}}', ParseError, "a number of 5000 digits"),
        (
            f'{{"weights": [["{"9" * 5000}"]]}}',
            ParseError,
            r"weights\[0\]\[0\] = .* wanted a number of at most 1000 digits",
        ),
        (
            f'{{"weights": [["{"*".join(["1e1000"] * 6)}"]]}}',
            ParseError,
            "grows too large when multiplied out",
        ),
        ("[" * 100_000, ParseError, "nested too deeply"),
        ('{"weights": 1}', ParseError, "weights is a JSON number: wanted a matrix"),
        ('{"weights": {"a": 1}}', ParseError, "weights is a JSON object: wanted a matrix"),
        ('{"weights": [0]}', ParseError, r"weights\[0\] is a JSON number: wanted a row"),
        ('{"weights": [[0, 0]]}', ParseError, r"weights\[0\] has 2 entries in a matrix of 1 rows"),
        ('{"weights": []}', InvalidNetworkError, "0 units"),
        ('{"weights": [[true]]}', InexactError, r"weights\[0\]\[0\] = True: write a number, such as 1"),
        ('{"weights": [[null]]}', InexactError, r"weights\[0\]\[0\] = None is of type NoneType"),
        ('{"weights": [[""]]}', ParseError, r"weights\[0\]\[0\] is empty"),
        ('{"weights": [["log(2)"]]}', ParseError, r"weights\[0\]\[0\] = 'log\(2\)'"),
        ('{"weights": [[0]], "labels": "a"}', ParseError, "labels is a JSON text: wanted a list"),
        ('{"weights": [[0]], "labels": ["a", "b"]}', ParseError, "2 labels for a matrix of 1 rows"),
        ('{"weights": [[0]], "labels": [1.5]}', InvalidNetworkError, "label 3/2 is neither text nor"),
        ('{"weights": [[0]], "labels": [true]}', InvalidNetworkError, "label True is neither text nor"),
        ('{"weights": [[0]], "labels": ["\\ud800"]}', InvalidNetworkError, "cannot be printed"),
        ('{"weights": [[0]], "labels": [""]}', InvalidNetworkError, "is empty"),
        (
            '{"weights": [[0]], "thresholds": [1, 1]}',
            InvalidNetworkError,
            "2 entries of threshold for 1 units",
        ),
        ('{"weights": [[0]], "thresholds": ["?"]}', ParseError, r"thresholds\[0\] = "),
        ('{"weights": [[0]], "thresholds": true}', InexactError, "thresholds = True"),
        ('{"weights": [[0]], "drive": 1}', ParseError, "drive is a JSON number: wanted a list"),
        ('{"weights": [[0]], "drive": ["1/2"]}', InvalidNetworkError, "drive sums to 1/2"),
        ('{"weights": [[0]], "increment": -2}', InvalidNetworkError, "increment is -2: it must be > 0"),
        ('{"edges": 1}', ParseError, "edges is a JSON number: wanted a list"),
        ('{"edges": [1]}', ParseError, r"edges\[0\] is a JSON number: wanted \[sender"),
        ('{"edges": [["a"]]}', ParseError, r"edges\[0\] has 1 parts"),
        ('{"edges": [["a", ["b"]]]}', InvalidNetworkError, r"label \['b'\] is neither"),
        (
            '{"edges": [["a", "b", 0], ["a", "b", 0]]}',
            ParseError,
            r"edges\[1\]: edge 'a' -> 'b' came already as edges\[0\]",
        ),
        (
            '{"edges": [["a", "b"]], "labels": ["a"]}',
            ParseError,
            r"edges\[0\] names 'b', which is not in labels",
        ),
        ('{"edges": []}', InvalidNetworkError, "0 units"),
    ],
)
def test_json_that_is_refused(text: str, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        from_json(text)


@pytest.mark.parametrize(
    "net",
    [
        Network([[0]], labels=[(0, 0)]),
        Network([[0, "1/3"], [0, 0]], labels=[(0, (frozenset({1, "x"}), True)), Fraction(1, 3)]),
        Network([[0]], labels=[True]),
        Network([[0]], labels=[1.5]),
        Network([[0]], labels=[10**400]),
        Network([[0]], labels=["\n"]),
        Network([[0]], labels=["\ud800"]),
        Network([[0]], labels=[""]),
        Network([[0]], labels=[sympy.Symbol("x") / 2]),
        Network([[0]], thresholds=sympy.sqrt(2)),
        Network([[sympy.CRootOf(sympy.Symbol("x") ** 5 + sympy.Symbol("x") - 1, 0)]]),
        Network([[sympy.Symbol("w", positive=True)]]),
        Network([[sympy.Symbol("w", integer=True, positive=True) / 7 + sympy.Symbol("pi")]]),
        Network([[sympy.Symbol("w i")]]),
        Network([[0]], increment=sympy.Symbol("2*x")),
        Network([[0, sympy.exp(-b / 2)], [sympy.sqrt(1 - a) / 3, sympy.root(2, 3) / 9]]),
        Network([[0, R(1, 7**2000)], [R(5**3000, 5**3000 + 1), 0]]),
    ],
)
def test_json_says_everything(net: Network) -> None:
    back = ea.from_json(net.to_json())
    assert back == net
    assert isinstance(back, Network)
    assert back.symbols == net.symbols
    assert list(map(type, back.labels)) == list(map(type, net.labels))


def test_json_refuses_labels_of_other_types() -> None:
    with pytest.raises(InvalidNetworkError, match="type object has no form in JSON"):
        Network([[0]], labels=[object()]).to_json()


# CSV


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("0,1/2\n1/4,0\n", (0, 1)),
        ("0,0.5\r\n0.25,0", (0, 1)),
        ("0;1/2\r1/4;0\r", (0, 1)),
        ("0\t1/2\n1/4\t0\n", (0, 1)),
        ("  0   1/2 \n 1/4 0\n", (0, 1)),
        ("\ufeff0, 1/2\n1/4, 0\n", (0, 1)),
        ("# from, to\n\n0,1/2\n\n  # more\n1/4,0\n,\n"[:-3] + "\n", (0, 1)),
        ('"0","1 / 2"\n1/4,0\n', (0, 1)),
        ("x,y\n0,1/2\n1/4,0\n", ("x", "y")),
        (",x,y\nx,0,1/2\ny,1/4,0\n", ("x", "y")),
        ("\tx\ty\nx\t0\t1/2\ny\t1/4\t0\n", ("x", "y")),
        ('"" x y\nx 0 1/2\ny 1/4 0\n', ("x", "y")),
        ('"Smith, J."; "é ü"\n0;1/2\n1/4;0\n', ("Smith, J.", "é ü")),
        ("5,3\n0,1/2\n1/4,0\n", (5, 3)),
        ("05,3\n0,1/2\n1/4,0\n", ("05", "3")),
    ],
)
def test_csv_matrices(text: str, labels: Any, write: Write) -> None:
    net = read_network(write("w.csv", text))
    assert net.weights == TWO
    assert net.labels == labels


def test_csv_cells_may_hold_symbols(write: Write) -> None:
    net = read_network(write("w.csv", "(1 - a)/4,a/2\n0,b**2\n"))
    assert net.weights == sympy.Matrix([[(1 - a) / 4, a / 2], [0, b**2]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "w.csv: it is empty: wanted a network"),
        ("\n# nothing\n\n", "w.csv: it is empty: write one line for each unit or edge"),
        (
            '0,__import__("os")\n0,0',
            "w.csv line 1 column 2: '__import__(\"os\")': unexpected '\"' at column 12",
        ),
        ("# weights\n0,1\n0,1/2/\n", "w.csv line 3 column 2: '1/2/': the end"),
        (",x,y\nx,0,1\ny,?,0\n", "w.csv line 3 column 2: '?': unexpected"),
        ("0,log(2)\n0,0", "w.csv line 1 column 2: 'log(2)'"),
        ("0,,\n1,0,0\n0,0,0", "w.csv line 1 column 2 is empty: write a number, 0 for no connection"),
        ("0,1/2\n1/4", "w.csv line 2 has 1 cells, line 1 has 2"),
        ("0,1/2,\n1/4,0", "w.csv line 2 has 2 cells, line 1 has 3"),
        ("x,y\n", "w.csv: it has 1 lines of 2 cells: wanted a square matrix"),
        ("1,2,3\n1,2,3", "w.csv: it has 2 lines of 3 cells: wanted a square matrix"),
        ("0\n0\n0", "w.csv: it has 3 lines of 1 cells: wanted a square matrix"),
        (",x,y\nx,0,0\n", "w.csv: it has 2 lines of 3 cells"),
        ("1/2,1/3\n0,0\n0,0", "w.csv line 1 column 1: '1/2' stands where labels should: wanted a square"),
        ("0,0\n0,0\n0,0", "w.csv line 1 column 2: label '0' is used twice: wanted a square matrix"),
        (",x,y\ny,0,0\nx,0,0", "w.csv line 2 is labelled 'y', its column 'x'"),
        (",x,\nx,0,0\n,0,0", "w.csv line 1 column 3: label '' is empty"),
        ("x\x00,y\n0,0\n0,0", "w.csv line 1 column 1: label 'x\\x00' is empty or cannot be printed"),
        ('0,"1/2\n1/4,0', "w.csv line 1 is not split into cells"),
        (b"0,\xff\n", "w.csv: byte 0xff at position 2 is not UTF-8 text: save it as UTF-8"),
        ("0,1\n1,0".encode("utf-16"), "w.csv: byte 0xff at position 0 is not UTF-8 text"),
        ("9" * 5000, "w.csv line 1 column 1: '9999"),
        ("9" * 20_000, "w.csv line 1 column 1: an expression of 20000 characters"),
        ("1e99999999", "w.csv line 1 column 1: '1e99999999'"),
        ("0,1/0\n0,0", "w.csv line 1 column 2: '1/0': division by zero"),
        ("0,nan\n0,0", "w.csv line 1 column 2: 'nan': 'nan' is reserved"),
    ],
)
def test_csv_that_is_refused(text: str | bytes, message: str, write: Write) -> None:
    path = write("w.csv", text)
    with pytest.raises(ParseError) as caught:
        read_network(path)
    assert str(caught.value).startswith(path.removesuffix("w.csv") + message)
    assert "\n" not in str(caught.value)


def test_errors_of_the_network_name_the_file(write: Write) -> None:
    with pytest.raises(SingularNetworkError, match=r"w\.csv: units 0, 1 have no leak"):
        read_network(write("w.csv", "0,1\n1,0"))
    with pytest.raises(InvalidNetworkError, match=r"v\.csv: row 'x' of W sums to 2"):
        read_network(write("v.csv", "x,y\n0,2\n0,0"))
    with pytest.raises(InvalidNetworkError, match=r"u\.csv: increment is -2"):
        read_network(write("u.csv", "0"), increment=-2)
    with pytest.raises(InexactError, match=r"t\.csv: coupling = 0\.5 is a float"):
        read_network(write("t.csv", "1"), coupling=0.5)


# Edge lists


@pytest.mark.parametrize(
    "text",
    [
        "x y 1/4\ny x 1/2\n",
        "x y 0.25 # weak\r\n# strong:\r\ny x 0.5\r\n",
        "source,target,weight\nx,y,1/4\ny,x,1 / 2\n",
        "Source\tTarget\nx\ty\t1/4\ny\tx\t1/2\n",
        "x;y;1/4\ny;x;1/2",
        '"x" "y" "1 / 4"\ny x 1/2',
    ],
)
def test_edge_lists_run_from_source_to_target(text: str, write: Write) -> None:
    net = read_network(write("w.edges", text))
    assert net.labels == ("x", "y")
    assert net.weights == TWO


def test_edge_lists_default_to_weight_one_and_take_a_coupling(write: Write) -> None:
    path = write("w.edges", "2 1\n1 3\n2 3")
    net = read_network(path, coupling="4/5")
    assert net.labels == (2, 1, 3)
    assert net.weights == sympy.Matrix([[0, 0, 0], [1, 0, 0], [1, 1, 0]]) * R(2, 5)
    quoted = read_network(write("w.edgelist", '"Dr. A" B 1/2\nB B a'))
    assert quoted.labels == ("Dr. A", "B")
    assert quoted.weights == sympy.Matrix([[0, 0], [R(1, 2), a]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# only\n", "w.edges: it is empty"),
        ("source target weight\n", "w.edges: it has no edges"),
        ("x y 1/2\nx\n", "w.edges line 2: 'x' is no edge; wanted 'source target' or 'source target weight'"),
        ("x y 1 / 2", "w.edges line 1: 'x y 1 / 2' is no edge"),
        ("x,,1/2", "w.edges line 1: 'x  1/2' is no edge"),
        ("x y 1/4\ny x 1/2\nx y 1/4", "w.edges line 3: edge x -> y came already on line 1: keep one"),
        ("x y __import__", "w.edges line 1 column 3"),
        ("x y 1//2", "w.edges line 1 column 3: '1//2': '/' at column 3"),
        ("x,y,\n", "w.edges line 1 column 3 is empty"),
        ("x\x07 y 1", "w.edges: label 'x\\x07' is empty or cannot be printed"),
    ],
)
def test_edge_lists_that_are_refused(text: str, message: str, write: Write) -> None:
    path = write("w.edges", text)
    if "__import__" in text:  # a name of the grammar: read as a symbol, and never looked up
        assert read_network(path).symbols == (sympy.Symbol("__import__"),)
        return
    with pytest.raises(ExactavError) as caught:
        read_network(path)
    assert str(caught.value).startswith(path.removesuffix("w.edges") + message)


# Text that is a matrix or an edge list


def saved(array: Any, **options: Any) -> str:
    stream = io.StringIO()
    np.savetxt(stream, np.array(array), **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        saved([[0, 0.5, 0], [0.25, 0, 0.5], [0, 0.5, 0]]),
        saved([[0, 1, 0], [1, 0, 1], [0, 1, 0]], fmt="%d"),
        saved([[0, 1], [1, 0]], fmt="%d", header="weights", delimiter=","),
        saved([[0, 1], [1, 0], [0, 0]], fmt="%d"),  # two labels and a matrix?
        saved([[0, 1, 2], [0, 1, 0], [1, 0, 1], [0, 1, 0]], fmt="%d"),
        "x y 1/4\ny z 1/2\nz x 1/3",  # three edges, or a matrix of symbols
        "0 nan 1\n1 0 1\n0 1 0",  # no matrix that could be read, but surely meant as one
        "x y 1\nx y 1\ny x 1",  # no list of edges that could be read
        "# edges\n\n1 2\n2 1\n",
    ],
)
def test_a_text_that_could_be_matrix_or_edges_is_refused(text: str, write: Write) -> None:
    with pytest.raises(
        ParseError, match=r"w\.txt: \d lines of \d cells could be a matrix or a list of edges"
    ):
        read_network(write("w.txt", text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (saved(np.diag([0.25, 0.5, 0.125, 0])), "csv"),
        ("# W\n0 1/2 0 0\n" + "0 0 0 0\n" * 3, "csv"),
        ("a b c d\n0 1/2 0 0\n" + "0 0 0 0\n" * 3, "csv"),
        ('"" x y z\nx 0 1/2 0\ny 0 0 0\nz 0 0 0', "csv"),
        ("1/2", "csv"),
        ("1 2", "edges"),
        ("1 2 1/2", "edges"),
        ("x y 1/2\ny x", "edges"),
        ("x y 1/2 # strong\ny x 1/4 # weak", "edges"),
        ("source target\n1 2\n2 1", "edges"),
        ("Source,Target,Weight\n1,2,1/2\n2,3,1/2\n3,1,1/2", "edges"),
        ("".join(f"{i} {(i + 1) % 9} 1/2\n" for i in range(9)), "edges"),
        ("".join(f"{i} {(i + 1) % 9}\n{(i + 1) % 9} {i}\n" for i in range(9)), "edges"),
    ],
)
def test_a_text_of_one_shape_is_read_as_that(text: str, kind: str, write: Write) -> None:
    path = write("w.txt", text)
    coupling = "1/2" if kind == "edges" else None
    assert read_network(path, coupling=coupling) == read_network(path, format=kind, coupling=coupling)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            saved([[0, 0.5, 1]] * 2),
            r"line 1 column 1: '0.0+e\+00' stands where an edge names a unit, and 2 lin",
        ),
        (saved([[1, 2, 1], [0.5, 1, 1]], fmt="%g"), "line 2 column 1: '0.5' stands where"),
        (
            saved([[0, 0.5]] * 7),
            "no square matrix: if these are edges, name the file .edges or give the form",
        ),
        ("x -1 1", "line 1 column 2: '-1' stands where an edge names a unit"),
        (saved(np.zeros((5, 4))), r"w\.txt line 1 column 1: '0.0+e.00' stands where labels should"),
        (saved(np.zeros((6, 4))), ": it has 6 lines of 4 cells: wanted a square matrix"),
        ("x", ""),
    ],
)
def test_a_text_of_no_shape_is_refused(text: str, message: str, write: Write) -> None:
    path = write("w.txt", text)
    if text == "x":  # a matrix of one symbol
        assert read_network(path).symbols == (sympy.Symbol("x"),)
        return
    with pytest.raises(ParseError, match=message):
        read_network(path)


# GraphML


def graphml(G: Any) -> str:
    return "\n".join(nx.generate_graphml(G))


def test_graphml_of_networkx(write: Write) -> None:
    G = DiGraph()
    G.add_edge("y", "x", weight=0.1)
    G.add_edge("x", "y", weight=1e-07)
    net = read_network(write("g.graphml", graphml(G)))
    assert net.labels == ("y", "x")
    assert net.weights == sympy.Matrix([[0, R(1, 10**7)], [R(1, 10), 0]])
    rounded = read_network(write("g.graphml", graphml(G)), max_denominator=9)
    assert rounded.weights == sympy.Matrix([[0, 0], [R(1, 9), 0]])


def test_graphml_texts_whole_numbers_and_missing_weights(write: Write) -> None:
    texts = Graph([(5, 3, {"weight": "a/3"})])
    net = read_network(write("g.graphml", graphml(texts)))
    assert net.labels == (5, 3)
    assert net.weights == sympy.Matrix([[0, a / 3], [a / 3, 0]])
    whole = DiGraph([(0, 1, {"weight": 2}), (1, 2)])
    assert read_network(write("h.graphml", graphml(whole)), coupling=a).weights[2, 1] == a / 2
    parallel = MultiDiGraph([(0, 1, {"weight": "1/5"}), (0, 1, {"weight": "1/5"})])
    assert read_network(write("p.graphml", graphml(parallel))).weights[1, 0] == R(2, 5)


HEADER = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
NODES = '<node id="n0"/><node id="n1"/>'
KEY = '<key id="w" for="edge" attr.name="weight" attr.type="{}"><default>{}</default></key>'


def test_graphml_default_weight_and_foreign_encodings(write: Write) -> None:
    graph = f'<graph edgedefault="directed">{NODES}<edge source="n0" target="n1"/></graph></graphml>'
    net = read_network(write("g.graphml", HEADER + KEY.format("double", "0.25") + graph))
    assert net.weights[1, 0] == R(1, 4)
    declared = '<?xml version="1.0" encoding="utf-16"?>' + HEADER + KEY.format("string", "1/3") + graph
    assert read_network(write("g.graphml", declared)).weights[1, 0] == R(1, 3)
    untyped = HEADER + '<key id="w" for="edge" attr.name="weight"/>' + graph
    assert read_network(write("g.graphml", untyped)).weights[1, 0] == 1


@pytest.mark.parametrize(
    ("of", "name", "weight"),
    [
        ('for="edge"', "weight", R(1, 4)),
        ('for="all"', "weight", R(1, 4)),
        ("", "weight", R(1, 4)),  # of all, as GraphML has it
        ('for="node"', "weight", 1),
        ('for="edge"', "length", 1),
    ],
)
def test_graphml_defaults_are_of_what_they_are_for(of: str, name: str, weight: Any, write: Write) -> None:
    key = f'<key id="w" {of} attr.name="{name}" attr.type="double"><desc/><default>0.25</default></key>'
    graph = f'<graph edgedefault="directed">{NODES}<edge source="n0" target="n1"/></graph></graphml>'
    assert read_network(write("g.graphml", HEADER + key + graph)).weights[1, 0] == weight


def test_graphml_data_of_other_keys_are_not_read(write: Write) -> None:
    keys = '<key id="w" attr.name="weight"/><key id="c" attr.name="colour"/>'
    keys += '<key id="y" yfiles.type="edgegraphics"/>'
    data = '<desc>an edge</desc><data key="c">7</data><data key="y"><line>8</line></data>'
    data += '<data key="w">1/5</data>'
    edge = f'<edge source="n0" target="n1">{data}</edge>'
    graph = f'<graph edgedefault="directed">{NODES}{edge}</graph></graphml>'
    assert read_network(write("g.graphml", HEADER + keys + graph)).weights[1, 0] == R(1, 5)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('<data key="w">1</data><data key="w">2</data>', "an edge has two data 'weight': keep one"),
        ('<data key="w"><value>1/5</value></data>', "data 'weight' of an edge holds other elements"),
        ('<data key="v">1</data>', "data of key 'v', which is not declared"),
        ("<data>1</data>", "data of key None, which is not declared"),
    ],
)
def test_graphml_data_that_are_refused(data: str, message: str, write: Write) -> None:
    graph = f'<graph>{NODES}<edge source="n0" target="n1">{data}</edge></graph></graphml>'
    with pytest.raises(ParseError, match=message):
        read_network(write("g.graphml", f'{HEADER}<key id="w" attr.name="weight"/>{graph}'))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ParseError, "it is empty"),
        (f'{HEADER}<key id="w"/><graph>{NODES}</graph></graphml>', ParseError, "key 'w' has no attr.name"),
        (f'{HEADER}<key yfiles.type=""/><graph/></graphml>', InvalidNetworkError, "without nodes"),
        ("garbage", ParseError, "it is not GraphML that can be read .syntax error"),
        (HEADER, ParseError, "it is not GraphML that can be read .no element found"),
        ("<html/>", ParseError, "it holds 0 graphs"),
        (f"{HEADER}<graph/><graph/></graphml>", ParseError, "it holds 2 graphs"),
        (f"{HEADER}<graph/></graphml>", InvalidNetworkError, "without nodes"),
        (f"{HEADER}<graph><node/></graph></graphml>", ParseError, "a node has no id"),
        (f"{HEADER}<graph>{NODES * 2}</graph></graphml>", ParseError, "or one that came before"),
        (
            f'{HEADER}<graph>{NODES}<edge source="n0" target="x"/></graph></graphml>',
            ParseError,
            "edge 'n0' -> 'x': there is no node 'x'",
        ),
        (f'{HEADER}<graph>{NODES}<edge source="n0"/></graph></graphml>', ParseError, "there is no node None"),
        (
            f"{HEADER}{KEY.format('odd', '1')}<graph>{NODES}</graph></graphml>",
            ParseError,
            "it is not GraphML",
        ),
        (
            f"{HEADER}{KEY.format('double', 'x')}<graph>{NODES}</graph></graphml>",
            ParseError,
            "could not convert",
        ),
        (f"{HEADER}<graph>{NODES}<hyperedge/></graph></graphml>", ParseError, "hyperedges"),
        (f"<!DOCTYPE graphml>{HEADER}</graphml>", ParseError, "declares a document type"),
        (f'<!doctype x [<!ENTITY e "e">]>{HEADER}&e;</graphml>', ParseError, "declares a document type"),
    ],
)
def test_graphml_that_is_refused(text: str, error: Any, message: str, write: Write) -> None:
    with pytest.raises(error, match=r"g\.graphml: .*" + message):
        read_network(write("g.graphml", text))


@pytest.mark.parametrize(
    ("kind", "value", "error", "message"),
    [
        ("string", '__import__("os")', ParseError, "weight of edge 'n0' -> 'n1' = .*unexpected"),
        ("double", "nan", ParseError, "weight of edge 'n0' -> 'n1' = .*reserved"),
        ("double", "-inf", ParseError, "weight of edge 'n0' -> 'n1' = .*reserved"),
        ("boolean", "true", InexactError, "weight of edge 'n0' -> 'n1' = True"),
        ("double", "-0.5", InvalidNetworkError, "is negative"),
    ],
)
def test_graphml_weights_that_are_refused(
    kind: str, value: str, error: Any, message: str, write: Write
) -> None:
    graph = f'<graph edgedefault="directed">{NODES}<edge source="n0" target="n1"/></graph></graphml>'
    path = write("g.graphml", HEADER + KEY.format(kind, value) + graph)
    for max_denominator in (None, 100):
        with pytest.raises(error, match=message):
            read_network(path, max_denominator=max_denominator)


# NPY


def npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize("dtype", [np.int64, ">i2", np.uint8, bool])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_of_whole_numbers(dtype: Any, order: Any, write: Write) -> None:
    array = np.array([[0, 1, 1], [0, 0, 1], [0, 0, 0]], dtype=dtype, order=order)
    net = read_network(write("w.npy", npy(array)), coupling="1/2")
    assert net.weights == sympy.Matrix([[0, 1, 1], [0, 0, 1], [0, 0, 0]]) / 4


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.longdouble])
def test_npy_of_floats_is_rounded(dtype: Any, write: Write) -> None:
    array = np.array([[0, 0.3], [0.25, 0]], dtype=dtype)
    net = read_network(write("w.npy", npy(array)), max_denominator=100)
    assert net == Network.from_floats(array.astype(float), max_denominator=100)
    assert net.weights == sympy.Matrix([[0, R(3, 10)], [R(1, 4), 0]])


@pytest.mark.parametrize(
    ("content", "denominator", "error", "message"),
    [
        (npy(np.zeros((2, 2))), None, InexactError, "an array of floats: give max_denominator"),
        (npy(np.zeros((2, 2))), 0, OptionError, "max_denominator = 0: give a whole number"),
        (npy(np.zeros((2, 2))), 2.5, OptionError, r"max_denominator = 2\.5: give a whole number"),
        (npy(np.full((1, 1), np.nan)), 9, InexactError, r"W\[0, 0\] = nan is not a finite number"),
        (npy(np.full((1, 1), np.finfo(np.longdouble).max)), 9, InexactError, "is not a finite number"),
        (npy(np.full((1, 1), np.inf)), 9, InexactError, r"W\[0, 0\] = inf is not a finite number"),
        (npy(np.array([[None]])), None, InexactError, "array of object: wanted integers or floats"),
        (npy(np.array([["1/2"]])), None, InexactError, "array of <U3: wanted integers or floats"),
        (npy(np.array([[1j]])), 9, InexactError, "array of complex128"),
        (npy(np.zeros((2, 3), int)), None, ParseError, r"shape \(2, 3\): wanted a square matrix"),
        (npy(np.zeros(4, int)), None, ParseError, r"shape \(4,\): wanted a square matrix"),
        (npy(np.zeros((0, 0), int)), None, ParseError, r"shape \(0, 0\): wanted a square matrix"),
        (npy(np.eye(3, dtype=int))[:-1], None, ParseError, "cut off or too long: its header promises 3 x 3"),
        (npy(np.eye(3, dtype=int)) + b"x", None, ParseError, "cut off or too long"),
        (
            npy(np.eye(3, dtype=int)).replace(b"(3, 3)", b"(9**99, 9)"),
            None,
            ParseError,
            "it is not an NPY file that can be read",
        ),
        (
            npy(np.eye(3, dtype=int)).replace(b"(3, 3), }        ", b"(99999, 99999), }"),
            None,
            ParseError,
            "its header promises 99999 x 99999",
        ),
        (npy(np.eye(3))[:40], 9, ParseError, "it is not an NPY file that can be read"),
        (b"PK\x03\x04", None, ParseError, "it is not an NPY file that can be read"),
        (b"", None, ParseError, "it is empty"),
        (npy(np.array([[-1]])), None, InvalidNetworkError, "is negative"),
    ],
)
def test_npy_that_is_refused(
    content: bytes, denominator: Any, error: Any, message: str, write: Write
) -> None:
    with pytest.raises(error, match=r"w\.npy: .*" + message):
        read_network(write("w.npy", content), max_denominator=denominator)


# What names a network


def test_datasets_have_a_coupling() -> None:
    florentine = read_network("florentine")
    assert florentine == from_networkx(nx.florentine_families_graph())
    assert min(florentine.leak) == R(1, 10)
    assert florentine.weights[florentine.index("Medici"), florentine.index("Pazzi")] == 0
    assert florentine.weights[florentine.index("Medici"), florentine.index("Ridolfi")] == R(3, 20)
    assert read_network("florentine", coupling=a).leak[florentine.index("Medici")] == 1 - a
    assert read_network("petersen", increment="1/10").increment == R(1, 10)


def test_datasets_use_the_weights_they_have() -> None:
    karate = read_network("karate", coupling="1/2")
    assert karate.weights[1, 0] / karate.weights[0, 2] == R(4, 5)  # meetings of members 1-2 and 1-3
    assert karate == from_networkx(nx.karate_club_graph(), "1/2")


def test_every_dataset_is_a_network() -> None:
    for name in DATASETS:
        assert min(read_network(name).leak) == R(1, 10)


def test_names_do_not_clash() -> None:
    assert not set(DATASETS) & set(families.CATALOGUE)
    assert len({ending for endings in FORMATS.values() for ending in endings}) == sum(
        map(len, FORMATS.values())
    )


def test_families_are_read() -> None:
    assert read_network("ring:N=10,alpha=4/5") == families.ring(10, "4/5")
    assert read_network("ring:N=3,alpha=a", increment="1/9").increment == R(1, 9)
    assert read_network("ring:N=3,alpha=1/2,increment=1/3", increment="1/9").increment == R(1, 9)
    with pytest.raises(ParseError, match="ring takes N, alpha"):
        read_network("ring")
    with pytest.raises(OptionError, match=r"with coupling 1/2: .* leave the coupling out"):
        read_network("ring:N=3,alpha=1/2", coupling="1/2")


def test_an_existing_file_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "petersen").write_text("0")
    with pytest.raises(ParseError, match="petersen: the ending '' is that of no format"):
        read_network("petersen")
    assert read_network("petersen", format="csv").n_units == 1
    (tmp_path / "karate").mkdir()
    assert read_network("karate").n_units == 34
    (tmp_path / "ring:N=2,alpha=1.csv").write_text("0")
    assert read_network("ring:N=2,alpha=1.csv").n_units == 1


def test_paths_formats_and_endings(write: Write) -> None:
    path = Path(write("W.CSV", "0,1/2\n1/4,0"))
    assert read_network(path).weights == TWO
    assert read_network(path, increment="1/2").increment == R(1, 2)
    assert read_network(path, coupling="4/5").weights == TWO * R(8, 5)
    matrix = write("matrix.dat", "0 1/2\n1/4 0")
    with pytest.raises(
        ParseError, match=r"the ending '\.dat' is that of no format: .* csv \(\.csv \.tsv\), edges"
    ):
        read_network(matrix)
    assert read_network(matrix, format="csv").weights == TWO
    assert read_network(write("w.tsv", "0\t1/2\n1/4\t0")).weights == TWO
    assert read_network(write("w.json", "\ufeff" + to_json(Network(TWO))), coupling="4/5").weights == TWO * R(
        8, 5
    )


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"source": "florentin"},
            UnknownNameError,
            "'florentin' is no file, no family and no dataset .did you mean 'florentine'",
        ),
        (
            {"source": "rign:N=3"},
            UnknownNameError,
            "did you mean 'ring'.*; families .as in ring:N=10,alpha=4/5. are homogeneous, ",
        ),
        ({"source": "what"}, UnknownNameError, "datasets are florentine, karate"),
        ({"source": ""}, UnknownNameError, "'' is no file"),
        ({"source": "x\0y"}, UnknownNameError, "is no file"),
        ({"source": "x" * 9000}, UnknownNameError, r"'x{97}\.\.\.' is no file"),
        ({"source": "absent.csv"}, UnknownNameError, "'absent.csv': there is no such file"),
        ({"source": "absent/absent"}, UnknownNameError, "'absent/absent': there is no such file"),
        ({"source": "."}, ParseError, "'.' is a directory: give a file in it"),
        ({"source": ".", "format": "csv"}, ParseError, ".: it is a directory: give a regular file"),
        ({"source": "absent", "format": "csv"}, UnknownNameError, "absent: there is no such file"),
        ({"source": "x\0y", "format": "csv"}, ParseError, "it cannot be read .embedded null byte"),
        (
            {"source": "absent", "format": "cvs"},
            OptionError,
            "format = 'cvs' .did you mean 'csv'.*: formats are csv, edges",
        ),
        (
            {"source": "karate", "max_denominator": 9},
            OptionError,
            "rounds the floats of NPY and GraphML files only",
        ),
        (
            {"source": "absent", "format": "json", "max_denominator": 9},
            OptionError,
            "json files have none: leave it out",
        ),
    ],
)
def test_sources_that_are_refused(arguments: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        read_network(**arguments)


def test_files_that_are_too_large_are_not_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MAX_BYTES", 3_000_000)
    with pytest.raises(ParseError, match=r"w\.csv: it has more than 3 MB"):
        read_network(write("w.csv", b" " * 3_000_001))
    with pytest.raises(ParseError, match="/dev/zero: it is a device"):
        read_network("/dev/zero", format="npy")


# Nothing but errors of exactav comes out, whatever goes in

READERS: list[Callable[[str], Any]] = [parse_csv, parse_edges, parse_txt, parse_json, parse_graphml]
PIECES = st.sampled_from(
    [
        *(
            "0",
            "1/2",
            "a",
            "x",
            "1e9",
            ",",
            ";",
            "\t",
            " ",
            "\n",
            "\r",
            "#",
            '"',
            "(",
            ")",
            "**",
            "-",
            "é",
            "\x00",
            "²",
        ),
        *(
            "{",
            "}",
            "[",
            "]",
            ":",
            '"weights"',
            '"edges"',
            '"labels"',
            "1.5",
            "NaN",
            "true",
            "null",
            "source",
        ),
    ]
)
CELLS = st.sampled_from(
    ["0", "1/2", "1/4", "0.1", "a", "x", "", "1e9", "-1", "1/0", '"', '"b"', "#", "é", "²", "9**99"]
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Lines of cells that nearly make a matrix or an edge list."""
    width = draw(st.integers(1, 4))
    line = st.lists(CELLS, min_size=width, max_size=width)
    lines = draw(st.lists(line, min_size=width - 1, max_size=width + 1))
    return draw(st.sampled_from(["\n", "\r\n"])).join(map(draw(st.sampled_from(",; \t")).join, lines))


@st.composite
def damaged_graphml(draw: st.DrawFn) -> str:
    """A good document with a piece cut out and another one put in its place."""
    edge = '<edge source="n0" target="n1"/>'
    text = f"{HEADER}{KEY.format('double', '0.5')}<graph>{NODES}{edge}</graph></graphml>"
    start, end = sorted([draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))])
    end = min(end, start + draw(st.integers(0, 9)))
    other = draw(st.integers(0, len(text)))
    return text[:start] + text[other : other + draw(st.integers(0, 20))] + text[end:]


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES).map("".join), tables(), damaged_graphml()))
@example('{"weights": [["a**100*b**100"]]}')
def test_no_text_fails_in_any_other_way(text: str) -> None:
    for reader in READERS:
        with suppress(ExactavError):
            reader(text).network()
        with suppress(ExactavError):
            reader(text).network(coupling="1/2")


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats()
    | st.sampled_from(["1/2", "a", "", "x", "?"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=9,
)


@settings(max_examples=300)
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("weights", "edges", "labels", "thresholds", "drive", "increment"), JSON_VALUES
        ),
    )
)
def test_no_json_fails_in_any_other_way(document: Any) -> None:
    with suppress(ExactavError):
        from_json(json.dumps(document))


@settings(max_examples=200)
@given(st.binary(), st.integers(0, 2**32))
def test_no_bytes_fail_in_any_other_way(data: bytes, seed: int) -> None:
    damaged = bytearray(npy(np.array([[0, 0.5], [0.25, 0]])))
    chance = random.Random(seed)
    for _ in range(3):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    for content in (data, b"\x93NUMPY" + data, b"\x93NUMPY\x01\x00\x08\x00" + data, bytes(damaged)):
        with suppress(ExactavError):
            parse_npy(content, max_denominator=10).network()


@settings(max_examples=100)
@given(data=st.binary(), kind=st.sampled_from([*FORMATS]))
def test_no_file_fails_in_any_other_way(data: bytes, kind: str, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz"
    path.write_bytes(data)
    with suppress(ExactavError):
        read_network(path, format=kind)
