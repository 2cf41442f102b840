"""Time and memory are bounded before the work: what would take too much is refused, with an estimate."""

import gc
import io
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import exactav as ea
from exactav import families
from exactav.command.cli import main
from exactav.engines import question, reduction
from exactav.errors import (
    CheckpointError,
    FloatRangeError,
    InexactError,
    InvalidNetworkError,
    OptionError,
    OutputError,
    ParseError,
    TooCostlyError,
    UnknownNameError,
)
from exactav.interchange import from_json
from exactav.interchange.draft import entry
from exactav.kernels.machine import Machine
from exactav.numbers.grammar import parse_expression
from exactav.running import limits as limits_of
from exactav.running import memory, tasks
from exactav.running.files import read

EYE: Any = sparse.eye  # it is not typed
REFUSED = r"would take about .*, more than the allowed"


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    """No test hangs: each ends, whatever it finds."""

    def stop(*_: Any) -> None:
        raise AssertionError("this hangs")

    old = signal.signal(signal.SIGALRM, stop)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


# What limits are


def test_limits_hold_inside_and_nest() -> None:
    assert limits_of.allowed() == limits_of.Limits()
    with ea.limits(max_cost=5, max_memory=100):
        outer = limits_of.allowed()
        assert (outer.seconds, outer.megabytes, outer.most) == (5.0, 100.0, 100.0)
        assert Machine.here().megabytes == 100.0
        with ea.limits(max_cost=7):
            assert (limits_of.allowed().seconds, limits_of.allowed().megabytes) == (7.0, 100.0)
        assert limits_of.allowed() == outer
        with pytest.raises(ZeroDivisionError), ea.limits(max_memory=1):
            raise ZeroDivisionError
        assert limits_of.allowed() == outer
    assert limits_of.allowed() == limits_of.Limits()
    with ea.limits(max_memory=float("inf")):
        assert limits_of.allowed().most == memory.machine_memory()


@pytest.mark.parametrize("value", [-1, float("nan"), True, "many", None.__class__])
def test_limits_are_numbers(value: Any) -> None:
    with pytest.raises(OptionError, match=r"max_memory = .*megabytes"), ea.limits(max_memory=value):
        pass
    with pytest.raises(OptionError, match=r"max_cost = .*seconds"), ea.limits(max_cost=value):
        pass


def test_limits_are_those_of_a_thread_and_of_the_threads_it_starts() -> None:
    with ea.limits(max_memory=123):
        seen: list[float] = []
        other = threading.Thread(target=lambda: seen.append(limits_of.allowed().megabytes))
        other.start()
        other.join()
        assert seen == [float("inf")]  # another thread of the caller's has its own
        found = dict(tasks.results(_allowed_in_a_task, None, range(4), tasks.HERE))
        assert set(found.values()) == {123.0}
        with ThreadPoolExecutor(1) as pool:
            found = dict(tasks.results(_allowed_in_a_task, None, range(2), tasks.Running(executor=pool)))
            assert set(found.values()) == {123.0}


def _allowed_in_a_task(data: object, number: int) -> float:
    return limits_of.allowed().megabytes


def test_messages_say_what_came_what_was_allowed_and_what_to_do() -> None:
    with ea.limits(max_cost=1, max_memory=10):
        with pytest.raises(
            TooCostlyError,
            match=r"^it would take about 2 minutes and 5 MB, more than the allowed 1 second: raise max_cost "
            r"of exactav\.limits, or stop$",
        ):
            limits_of.check("it", 120, 5, "stop")
        with pytest.raises(TooCostlyError, match="more than the allowed 10 MB: raise max_memory of"):
            limits_of.check("it", 0, 50, "stop")
        limits_of.check("it", 1, 10, "stop")
    with pytest.raises(TooCostlyError, match=r"than this machine has: stop$"):
        limits_of.check("it", 0, 2 * memory.machine_memory(), "stop")


def test_laws_obey_the_memory_limit() -> None:
    net = families.torus(5, 4, "4/5")
    with ea.limits(max_memory=2), pytest.raises(TooCostlyError, match="more than the allowed 2 MB"):
        ea.size_law(net, method="subsets")


def test_the_memory_of_a_container_and_of_ulimit_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "memory.max").write_text("50000000\n")
    (tmp_path / "a" / "b" / "memory.max").write_text("max\n")
    (tmp_path / "group").write_text("0::/a/b\n")
    monkeypatch.setattr(memory, "_GROUP", tmp_path / "group")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    assert memory._of_container() == 50.0
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("40000000\n")
    assert memory._of_container() == 40.0
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (3 * 10**9, 3 * 10**9))
    assert 0 < memory._address_space() < 3000.0 + memory.resident()


# Making networks

SMALL: dict[str, Callable[[], Any]] = {
    "homogeneous": lambda: families.homogeneous(2000, "4/5"),
    "homogeneous without self": lambda: families.homogeneous_without_self(2000, "4/5"),
    "ring": lambda: families.ring(10**6, "4/5"),
    "k_ring": lambda: families.k_ring(10**5, "4/5", 100),
    "directed ring": lambda: families.directed_ring(10**6, "4/5"),
    "line": lambda: families.line(10**6, "4/5"),
    "star": lambda: families.star(10**6, "4/5"),
    "bipartite": lambda: families.bipartite(1000, 2000, "4/5"),
    "torus": lambda: families.torus(1000, 1000, "4/5"),
    "feedforward": lambda: families.feedforward([1000] * 3, "4/5"),
    "populations": lambda: families.populations([2000], [["1/9000"]]),
    "generic": lambda: families.generic(200),
    "array": lambda: ea.Network(np.ones((2000, 2000), dtype=int)),
    "rows": lambda: ea.Network([[1] * 2000] * 2000),
    "floats": lambda: ea.Network.from_floats(np.full((2000, 2000), 1e-5)),
    "sparse matrix": lambda: ea.Network(EYE(10**6, format="csr", dtype=int)),
    "entries": lambda: ea.Network.from_entries(10**6, {}),
    "graph": lambda: ea.from_networkx(nx.empty_graph(10**5)),
}


@pytest.mark.parametrize("name", SMALL)
def test_networks_are_refused_before_they_are_made(name: str) -> None:
    with ea.limits(max_memory=50), pytest.raises(TooCostlyError, match=REFUSED):
        SMALL[name]()
    gc.collect()


def test_networks_are_refused_for_their_time() -> None:
    with ea.limits(max_cost=1), pytest.raises(TooCostlyError, match="more than the allowed 1 second: raise"):
        families.homogeneous(2000, "4/5")
    with pytest.raises(TooCostlyError, match=r"200 units with 40,000 symbols would take about .* hours"):
        families.generic(200)


@pytest.mark.parametrize("size", [10**160, 10**400])
def test_numbers_of_units_that_no_float_holds_are_refused_too(size: int) -> None:
    """Each was an OverflowError: prices are floats."""
    calls: list[Callable[[], Any]] = [
        lambda: families.generic(size),
        lambda: families.ring(size, "1/2"),
        lambda: families.k_ring(size, "1/2", size // 3),
        lambda: families.star(size, "1/2"),
        lambda: families.homogeneous(size, "1/2"),
        lambda: families.torus(size, size, "1/2"),
        lambda: families.bipartite(2, size, "1/2"),
        lambda: families.feedforward([size, size], "1/2"),
        lambda: families.populations([size, 2], [[1, 0], [0, 1]]),
    ]
    for call in calls:
        with pytest.raises(TooCostlyError, match="no memory holds"):
            call()


def test_a_huge_network_is_never_made() -> None:
    calls: list[Callable[[], Any]] = [
        lambda: families.homogeneous(10**6, "1/2"),
        lambda: families.k_ring(10**9, "1/2", 10**8),
        lambda: families.bipartite(10**6, 10**6, "1/2"),
        lambda: families.feedforward([10**6] * 2, "1/2"),
        lambda: ea.Network.from_entries(10**10, {}),
    ]
    for call in calls:
        with pytest.raises(TooCostlyError, match=r"would take about|no memory holds"):
            call()


def test_equal_rows_are_held_once_and_say_the_same() -> None:
    one = families.homogeneous(30, "4/5")
    assert len({id(row) for row in one.rows}) == 1
    other = ea.Network([["4/150"] * 30] * 30)
    assert one == other
    assert hash(one) == hash(other)
    assert one.entries == other.entries
    assert one.leak == other.leak
    assert one.at() == one.with_increment(None) == one.replace(labels=range(30)) == one
    assert one.with_increment("1/10").entries == other.entries
    alpha = families.homogeneous(4, "alpha")
    assert alpha.at(alpha="1/2") == families.homogeneous(4, "1/2")
    blocks = families.populations([2, 3], [[0, "1/5"], ["1/7", "a"]], leak="1/9")
    assert blocks.at(a="1/11").rows[0] == blocks.at(a="1/11").rows[1]
    assert sorted(blocks.rows[0]) == [2, 3, 4]


def test_large_dense_networks_are_made_at_once() -> None:
    tracemalloc.start()
    net = families.homogeneous(2000, "4/5")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert net.leak[0] == sympy.Rational(1, 5)
    assert peak < 20e6  # 4 million weights in one row


def test_zeros_of_arrays_are_not_kept() -> None:
    array = np.zeros((1500, 1500), dtype=np.int8)
    array[3, 7] = 1
    with ea.limits(max_memory=20):
        assert dict(ea.Network(array, thresholds=2).entries) == {(3, 7): 1}
        assert dict(ea.Network.from_floats(array / 2).entries) == {(3, 7): sympy.Rational(1, 2)}
    # a matrix of nothing but wrong zeros is wrong
    for zeros in (np.zeros((2, 2)), [[0.0, 0], [0, 0]], [[0, 0], [0, -0.0]]):
        with pytest.raises(InexactError, match="is a float"):
            ea.Network(zeros)
    with pytest.raises(InvalidNetworkError, match="row 0 of W has 3 entries in a matrix of 2 rows"):
        ea.Network(np.ones((2, 3), dtype=int))


@pytest.mark.slow
def test_sparse_networks_take_memory_as_their_edges() -> None:
    n, per_edge = 5_000, {}
    edges = {(i, (i + 1) % n): "1/3" for i in range(n)}
    graph = nx.DiGraph(list(edges))
    text = json.dumps({"edges": [[a, b, w] for (a, b), w in edges.items()]})
    matrix = EYE(n, format="csr", dtype=int)
    makers: dict[str, Callable[[], Any]] = {
        "ring": lambda: families.ring(n // 2, "4/5"),
        "edges": lambda: ea.Network.from_edges(edges),
        "graph": lambda: ea.from_networkx(graph),
        "json": lambda: from_json(text),
        "matrix": lambda: ea.Network(matrix, thresholds=2),
    }
    for name, make in makers.items():
        tracemalloc.start()
        net = make()
        _, per_edge[name] = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert net.n_units in (n, n // 2)
    assert max(per_edge.values()) < 4_000 * n  # a dense matrix has 8 bytes for each of the n places of a row


# Reading

ROW = ",".join(["1/999"] * 300)
GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">'


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


LARGE: dict[str, Callable[[], bytes]] = {
    "w.csv": lambda: "\n".join([ROW] * 300).encode(),
    "w.txt": lambda: "\n".join([ROW] * 300).encode(),
    "w.edges": lambda: "\n".join(f"{i} {i + 1}" for i in range(30_000)).encode(),
    "e.json": lambda: json.dumps({"edges": [[i, i + 1] for i in range(30_000)]}).encode(),
    "m.json": lambda: json.dumps({"weights": [["1/999"] * 300] * 300}).encode(),
    "w.npy": lambda: npy(np.ones((300, 300), dtype=int)),
    "w.graphml": lambda: (
        GRAPHML + "".join(f"<node id='{i}'/>" for i in range(20_000)) + "</graph>"
    ).encode(),
}


@pytest.mark.parametrize("name", LARGE)
def test_files_are_refused_before_they_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(LARGE[name]())
    with (
        ea.limits(max_memory=10),
        pytest.raises(TooCostlyError, match=rf"{re.escape(name)}: reading it {REFUSED} 10 MB: raise max_mem"),
    ):
        ea.read_network(path)
    with ea.limits(max_cost=0), pytest.raises(TooCostlyError, match="more than the allowed 0 seconds"):
        ea.read_network(path)


ZEROS: dict[str, Callable[[], bytes]] = {
    "z.csv": lambda: "\n".join([",".join(["0"] * 400)] * 400).encode(),
    "z.json": lambda: json.dumps({"weights": [[0] * 400] * 400}).encode(),
    "z.npy": lambda: npy(np.zeros((400, 400), dtype=np.int8)),
}


@pytest.mark.parametrize("name", ZEROS)
def test_zeros_of_files_are_not_kept(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(ZEROS[name]())
    tracemalloc.start()
    net = ea.read_network(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (net.n_units, len(net.entries)) == (400, 0)
    assert peak < 8e6  # 160,000 entries in a mapping took 27 MB


@pytest.mark.parametrize(
    "text",
    ["0.25", "-0.5", "-00.50", "3", "-7", "4/6", "-4/6", "007", "1.0", "10/5", "0", "-0", "0/3", "1/9" * 1],
)
def test_plain_numbers_are_what_the_grammar_says(text: str) -> None:
    assert entry(text, "x") == parse_expression(text)
    assert type(entry(text, "x")) is type(parse_expression(text))


@given(st.from_regex(r"-?[0-9]{1,8}([./][0-9]{1,8})?", fullmatch=True))
def test_plain_numbers_of_any_kind_are_what_the_grammar_says(text: str) -> None:
    try:
        wanted = parse_expression(text)
    except ParseError as error:
        with pytest.raises(ParseError, match=re.escape(str(error))):
            entry(text, "x")
    else:
        assert entry(text, "x") == wanted


def test_graphml_is_what_networkx_reads(tmp_path: Path) -> None:
    for seed in range(6):
        graph = nx.gnp_random_graph(9, 0.4, seed=seed, directed=bool(seed % 2))
        if seed > 3:
            graph = nx.MultiDiGraph(graph) if graph.is_directed() else nx.MultiGraph(graph)
            graph.add_edges_from(list(graph.edges())[:5])
        for number, (*_, data) in enumerate(graph.edges(data=True)):
            data["weight"] = f"1/{number + 50}"
        graph.graph["name"] = "x"
        for node in graph:
            graph.nodes[node]["side"] = 0.5
        nx.write_graphml(graph, tmp_path / "g.graphml")
        again = nx.read_graphml(tmp_path / "g.graphml", node_type=int)
        assert ea.read_network(tmp_path / "g.graphml") == ea.from_networkx(again, coupling=None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<node id="a"/><edge source="a" target="a" directed="false"/>', "says directed=false in a directed"),
        ('<node id="a"/><edge source="a" target="a"><data key="k"/></edge>', "data of key 'k', which is not"),
        ('<node id="a"/>' + '<edge id="e" source="a" target="a"/>' * 2, "of id 'e' came already"),
        ('<node id="a"/><node id="b"><graph><node id="c"/></graph></node>', "it holds 2 graphs"),
    ],
)
def test_graphml_that_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "g.graphml"
    path.write_text(f"{GRAPHML}{text}</graph></graphml>")
    with pytest.raises(ParseError, match=message):
        ea.read_network(path)
    path.write_text(f'{GRAPHML}<node id="a"/></graph><key id="k" for="edge" attr.name="weight"/></graphml>')
    with pytest.raises(ParseError, match="a key is declared after the graph"):
        ea.read_network(path)


# Files that are none


@pytest.mark.parametrize("kind", ["pipe", "socket", "directory", "device", "link to a device"])
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "socket":
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.close()
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.symlink_to("/dev/zero")
    said = {"socket": r"socket|cannot be read"}.get(kind, kind.rpartition(" ")[2])
    with pytest.raises(ParseError, match=said):
        ea.read_network(path, format="csv")
    with pytest.raises(ParseError, match=said):
        ea.check_paper(path)
    with pytest.raises((OutputError, CheckpointError)):
        ea.size_law(families.ring(5, "1/2"), method="subsets", checkpoint=path)
    if kind in ("pipe", "directory", "socket"):
        with pytest.raises((ParseError, UnknownNameError), match=f"{said}|directory"):
            ea.read_network(path)


def test_files_are_read_up_to_a_bound(tmp_path: Path) -> None:
    path = tmp_path / "w"
    path.write_bytes(b"x" * 3_000_000)
    assert len(read(path, 3_000_000)) == 3_000_000
    with pytest.raises(ParseError, match="it has more than 2 MB"):
        read(path, 2_999_999)
    with pytest.raises(ParseError, match="it has more than 0 MB"):
        read("/proc/kallsyms", 10)  # whose length is not known before
    with pytest.raises(UnknownNameError):
        read(tmp_path / "none", 1)


def test_standard_input_may_be_a_pipe() -> None:
    code = "import exactav as ea; print(ea.read_network('/dev/stdin', format='edges').labels)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="a b 1/2\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "('a', 'b')\n"


# Large networks as values


@pytest.mark.slow
def test_a_ring_of_many_units_is_handled() -> None:
    net = families.ring(5_000, "4/5")
    assert repr(net) == "<Network of 5000 units>"
    assert len(net._repr_html_()) < 5_000
    assert len(net.latex()) < 20_000
    assert net.leak[-1] == sympy.Rational(1, 5)
    assert net.at() == net
    assert hash(net.with_increment("1/10")) != hash(net)
    assert ea.from_json(net.to_json()) == net
    assert net.without([0]).n_units == net.reduced_by([0]).n_units == 4_999
    with pytest.raises(TooCostlyError, match="draw a subnetwork"):
        net.draw()
    with pytest.raises(TooCostlyError, match="the law of size would visit"):
        ea.size_law(net, max_cost=1)


def test_a_star_of_many_units_is_planned() -> None:
    assert ea.plan(families.star(5_000, "4/5")).n_classes == 2


def test_many_units_alone_are_no_more_than_they_are() -> None:
    net = ea.Network(np.zeros((400, 400), dtype=int))
    assert ea.size_law(net).pmf() == {1: 1}
    system = net.system
    asked = question.Question.of_size(system, dict.fromkeys(range(400), system.ring.one))
    parts = list(reduction.parts(asked))
    assert len(parts) == 400
    assert {part.factor for part in parts} == {system.ring.one}
    uneven = ea.Network(np.zeros((12, 12), dtype=int), thresholds=range(1, 13))
    asked = question.Question.of_size(uneven.system, dict.fromkeys(range(12), uneven.system.ring.one))
    whole = int(uneven.volume())
    assert [int(part.factor) for part in reduction.parts(asked)] == [whole // n for n in range(1, 13)]


@given(st.lists(st.integers(-50, 50), max_size=20))
def test_products_by_halves(numbers: list[int]) -> None:
    wanted = 1
    for number in numbers:
        wanted *= number
    assert question.product(numbers, 1) == wanted


def test_simulating_numbers_beyond_floats_is_refused() -> None:
    for level in (10**400, sympy.Rational(1, 10**400)):
        net = ea.Network([[0, 0], [0, 0]], thresholds=level)
        with pytest.raises(FloatRangeError, match="arithmetic='exact'"):
            ea.simulate(net, 10, seed=1)
        assert len(ea.simulate(net, 10, seed=1, arithmetic="exact").sizes) == 10


# The command line


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(arguments)
    return status, capsys.readouterr().err


@pytest.mark.parametrize("command", ["sizes", "plan", "validate", "report", "starts"])
def test_the_command_line_has_both_limits(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, err = run(capsys, command, "homogeneous:N=2000,alpha=4/5", "--max-memory", "20")
    assert (status, bool(re.search(f"2,000 units and 4,000,000 weights {REFUSED} 20 MB", err))) == (1, True)
    status, err = run(capsys, command, "homogeneous:N=2000,alpha=4/5", "--max-cost", "1")
    assert (status, bool(re.search(f"4,000,000 weights {REFUSED} 1 second", err))) == (1, True)
    assert limits_of.allowed() == limits_of.Limits()


def test_the_memory_limit_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    status, err = run(capsys, "sizes", "ring:N=5,alpha=1/2", "--max-memory", "nan")
    assert (status, "wanted megabytes" in err) == (2, True)
    assert run(capsys, "sizes", "ring:N=5,alpha=1/2", "--max-memory", "500")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "ring:N=20000,alpha=4/5",
        "torus:rows=100,columns=100,alpha=4/5",
        "feedforward:sizes=1000;1000;1000,alpha=4/5",
    ],
)
def test_what_once_hung_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, err = run(capsys, "sizes", name, "--max-cost", "30")
    assert (status, "error: " in err) == (1, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", ["homogeneous:N=2000,alpha=4/5", "star:N=100000,alpha=4/5", "generic:N=20", "path", "edges"]
)
def test_what_once_hung_is_read(source: str, tmp_path: Path) -> None:
    path = tmp_path / "w.edges"
    if source == "path":
        path.write_text("\n".join(f"{i} {i + 1} 1/3\n{i + 1} {i} 1/3" for i in range(20_000)))
        net = ea.read_network(path)
    elif source == "edges":
        path.write_text(
            "\n".join(f"{i} {7 * i % 10**5 + k} 0.{i:05}" for i in range(10**5) for k in range(2))
        )
        net = ea.read_network(path, coupling="9/10")
        assert (net.n_units, len(net.entries)) == (100_001, 199_998)
        return
    else:
        net = ea.read_network(source)
    started = time.process_time()
    ea.plan(net)
    assert time.process_time() - started < 40
