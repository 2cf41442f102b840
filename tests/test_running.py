"""Sums in parts: by any executor, in processes and on a cluster, killed and resumed, reported on the way."""

import importlib
import json
import logging
import os
import pty
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import exactav as ea
from exactav.engines import subsets
from exactav.errors import CheckpointError, OptionError, OutputError, TooCostlyError, WorkerLostError
from exactav.running import memory, workers
from exactav.running import tasks as running

COMMAND = [
    sys.executable,
    "-c",
    "import sys; from exactav.command.cli import main; sys.exit(main(sys.argv[1:]))",
]


def dense(n_units: int, seed: int = 1) -> ea.Network:
    rng = random.Random(seed)
    return ea.Network(
        [[Fraction(rng.randint(0, 9), 10 * n_units) for _ in range(n_units)] for _ in range(n_units)]
    )


def written(net: ea.Network, folder: Path) -> Path:
    path = folder / "net.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in net.weights.tolist()))
    return path


class Lazy(Executor):
    """Runs what was handed to it in any order, when it has all of it."""

    def __init__(self, n_tasks: int) -> None:
        self.n_tasks = n_tasks
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        if len(self.waiting) == self.n_tasks:
            random.Random(3).shuffle(self.waiting)
            for shuffled, function in self.waiting:
                shuffled.set_result(function())
        return future


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_the_order_of_tasks_does_not_matter(arithmetic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subsets, "RANGE", 16)
    net, start = dense(8), 2
    for observed in (None, [1, 4, 5]):
        options: dict[str, Any] = {"observed": observed, "arithmetic": arithmetic, "method": "subsets"}
        law = ea.size_law(net, start, executor=Lazy(16), **options)
        assert law.items() == ea.size_law(net, start, **options).items()
    assert ea.assembly_law(net, start, executor=Lazy(16)) == ea.assembly_law(net, start)


def test_processes_give_the_same_laws() -> None:
    net = dense(16)
    with workers.processes(2) as executor:
        for arithmetic in ("exact", "float"):
            law: Any = ea.size_law(net, arithmetic=arithmetic, executor=executor)
            assert law.items() == ea.size_law(net, arithmetic=arithmetic).items()


@pytest.mark.slow
def test_a_lost_process_is_an_error_that_says_what_to_do() -> None:
    import multiprocessing

    def kill(share: float) -> None:
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    with pytest.raises(WorkerLostError, match="goes on where it was"), workers.processes(2) as executor:
        ea.size_law(dense(18), executor=executor, progress=kill)


def test_progress_grows_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subsets, "RANGE", 16)
    grid = ea.from_networkx(nx.grid_2d_graph(3, 12), coupling="9/10")
    two = nx.disjoint_union(nx.path_graph(8), nx.cycle_graph(9))
    questions: list[tuple[ea.Network, str, str]] = [
        (dense(8), "subsets", "exact"),
        (dense(8), "subsets", "float"),
        (ea.families.populations([9, 7], [["1/20", "1/30"], ["1/40", "1/50"]]), "populations", "exact"),
        (grid, "frontier", "exact"),
        (grid, "frontier", "float"),
        (ea.from_networkx(two, coupling="9/10"), "frontier", "exact"),
    ]
    for net, method, arithmetic in questions:
        told: list[float] = []
        options: dict[str, Any] = {"method": method, "arithmetic": arithmetic}
        ea.size_law(net, progress=told.append, **options)
        assert told == sorted(told)
        assert told[-1] == 1
        assert len(told) > 10
        if net.n_units != two.number_of_nodes():  # small parts may be one task each
            assert max(b - a for a, b in zip([0.0, *told], told, strict=False)) < 0.3, (method, told)
    told = []
    ea.assembly_law(dense(8), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


class Killed(Exception):  # noqa: N818 (it stands for a kill)
    pass


@pytest.mark.parametrize("arithmetic", ["exact", "float"])
def test_a_stopped_run_goes_on_where_it_was(
    arithmetic: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subsets, "RANGE", 16)
    net, path = dense(8), tmp_path / "run.checkpoint"
    options: dict[str, Any] = {"arithmetic": arithmetic, "method": "subsets"}
    expected = ea.size_law(net, **options)

    def stop(share: float) -> None:
        if share > 0.4:
            raise Killed

    with pytest.raises(Killed):
        ea.size_law(net, checkpoint=path, progress=stop, **options)
    told: list[float] = []
    law = ea.size_law(net, checkpoint=path, progress=told.append, **options)
    assert law.items() == expected.items()
    assert told[0] > 0.4
    told.clear()
    assert ea.size_law(net, checkpoint=path, progress=told.append, **options).items() == expected.items()
    assert told == [1.0], "a finished run has nothing to do"


def test_parts_keep_one_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subsets, "RANGE", 16)
    net = ea.from_networkx(nx.disjoint_union(nx.path_graph(6), nx.cycle_graph(7)), coupling="9/10")
    path = tmp_path / "run.checkpoint"

    def stop(share: float) -> None:
        if share > 0.7:
            raise Killed

    with pytest.raises(Killed):
        ea.size_law(net, method="subsets", checkpoint=path, progress=stop)
    assert len(json.loads(path.read_text().splitlines()[1])["parts"]) == 2
    assert ea.size_law(net, method="subsets", checkpoint=str(path)) == ea.size_law(net)


def test_checkpoints_that_are_not_this_runs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subsets, "RANGE", 16)
    net, path = dense(7), tmp_path / "run.checkpoint"
    ea.size_law(net, method="subsets", checkpoint=path)
    kept = path.read_bytes()
    others: list[dict[str, Any]] = [
        {"net": dense(7, seed=2)},
        {"net": net, "start": 3},
        {"net": net, "observed": [0, 1]},
        {"net": net, "arithmetic": "float"},
    ]
    for other in others:
        with pytest.raises(CheckpointError, match=r"run.checkpoint: it belongs to another question"):
            ea.size_law(method="subsets", checkpoint=path, **other)
        assert path.read_bytes() == kept
    damaged = [kept[:length] for length in range(0, len(kept), 7)] + [
        kept + b"x",
        kept.replace(b"1", b"2", 1),
    ]
    middle = len(kept) // 2
    damaged += [kept[:middle] + bytes([kept[middle] ^ bit]) + kept[middle + 1 :] for bit in (1, 8, 128)]
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match=r"damaged|not a checkpoint"):
            ea.size_law(net, method="subsets", checkpoint=path)
        assert path.read_bytes() == content
    for wrong in (tmp_path, tmp_path / "no" / "file", Path("/dev/null")):
        with pytest.raises(OutputError):
            ea.size_law(net, method="subsets", checkpoint=wrong)


def test_a_checkpoint_is_refused_where_nothing_would_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    for net in (ea.families.ring(60, "9/10"), ea.families.homogeneous(5, "a")):
        with pytest.raises(ValueError, match="keeps no checkpoint: leave it out"):
            ea.size_law(net, checkpoint=path)
        assert not path.exists()


def sums_done(path: Path) -> int:
    """How many tasks a checkpoint has finished."""
    if not path.exists():
        return 0
    parts = json.loads(path.read_text().splitlines()[1])["parts"]
    return sum(part["done"] + len(part["waiting"]) for part in parts.values())


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("workers_options", [[], ["--workers", "2"]])
def test_a_command_killed_again_and_again_finishes(workers_options: list[str], tmp_path: Path) -> None:
    net, path = dense(19), tmp_path / "run.checkpoint"
    command = [*COMMAND, "sizes", str(written(net, tmp_path)), "--format", "json", *workers_options]
    expected = subprocess.run(command, capture_output=True, check=True).stdout
    command += ["--checkpoint", str(path)]
    n_kills, before = 0, 0
    while n_kills < 3:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        while sums_done(path) == before and process.poll() is None:
            time.sleep(0.02)
        if process.poll() is not None:
            process.communicate()
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        n_kills += 1
        assert sums_done(path) > before
        before = sums_done(path)
    assert n_kills
    finished = subprocess.run(command, capture_output=True, check=True)
    assert finished.stdout == expected


def test_an_address_where_nobody_answers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "_ANSWER_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "no-such-scheme://x", "127.0.0.1:notaport"):
        with pytest.raises(OptionError, match="no Dask scheduler answers"), workers.dask(address):
            pass


class FakeClient:
    """What exactav asks of a Dask client, answered without a cluster; the real one is asked in slow tests."""

    def __init__(self, versions: dict[str, Any], comes_after: int = 0) -> None:
        self.versions, self.comes_after, self.asked = versions, comes_after, 0
        self.futures: list[Future[Any]] = []

    def nthreads(self) -> dict[str, int]:
        self.asked += 1
        return {} if self.asked <= self.comes_after else dict.fromkeys(self.versions, 1)

    def run(self, function: Any, name: str, on_error: str) -> dict[str, Any]:
        assert function(name) == ea.__version__
        return self.versions

    def get_executor(self) -> Any:
        return self

    def submit(self, function: Any, *arguments: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]

    def shutdown(self, wait: bool) -> None:
        assert not wait


def test_workers_of_a_cluster_are_waited_for_and_asked_their_version(monkeypatch: pytest.MonkeyPatch) -> None:
    workers._check_workers(FakeClient({"one": ea.__version__, "two": ea.__version__}, comes_after=2), "there")
    for version, said in (
        ("0.1", r"has exactav 0\.1, and this is"),
        (ImportError("no"), "has no exactav that can"),
    ):
        with pytest.raises(OptionError, match=f"the Dask worker two {said}"):
            workers._check_workers(FakeClient({"one": ea.__version__, "two": version}), "there")
    monkeypatch.setattr(workers, "_ANSWER_SECONDS", 0.05)
    with pytest.raises(OptionError, match="'there' has no workers: start some by `dask worker there`"):
        workers._check_workers(FakeClient({}), "there")


def test_what_a_cluster_without_workers_was_asked_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(workers, "_WORKER_SECONDS", 0.05)
    client = FakeClient({"one": ea.__version__})
    with workers._Watched(client) as executor:
        done, open_ = executor.submit(pow, 2, 3), executor.submit(pow, 2, 4)
        client.futures[0].set_result(8)
        wait_until(lambda: client.asked > 3)
        assert not open_.cancelled()
        client.comes_after = sys.maxsize  # all have gone
        wait_until(open_.cancelled)
        assert done.result() == 8
        assert executor.lost == "all Dask workers have gone"


def test_lost_connections_are_not_logged_meanwhile() -> None:
    logger = logging.getLogger("distributed.core")
    before = logger.level
    with workers._quiet():
        assert not logger.isEnabledFor(logging.CRITICAL)
    assert logger.level == before


class Cluster:
    """A Dask scheduler and its workers, processes of this computer."""

    def __init__(self, folder: Path) -> None:
        self.file, self.folder = folder / "scheduler.json", folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(lambda: self.file.exists() and self.file.read_text().endswith("}"))
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, what: str, *options: str, before: str = "") -> subprocess.Popen[bytes]:
        code = f"{before}\nimport sys\nfrom dask.__main__ import main\nsys.argv[0] = 'dask'\nmain()"
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                code,
                what,
                *options,
                "--no-dashboard",
                "--scheduler-file",
                str(self.file),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self.started.append(process)
        return process

    def worker(self, before: str = "") -> subprocess.Popen[bytes]:
        """One more worker, which runs ``before`` first."""
        options = ["--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder)]
        return self.start("worker", *options, before=before)

    def wait_for(self, n_workers: int) -> None:
        distributed: Any = importlib.import_module("distributed")

        with distributed.Client(self.address, set_as_default=False) as client:
            wait_until(lambda: len(client.nthreads()) == n_workers, 120)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    found = Cluster(folder)
    try:
        yield found
    finally:
        for process in found.started:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_dask_cluster_that_loses_a_worker_gives_the_same_law(tmp_path: Path) -> None:
    net = dense(20)
    with cluster(tmp_path) as found_cluster:
        address, processes = found_cluster.address, [found_cluster.worker() for _ in range(2)]
        found_cluster.wait_for(2)
        killed: list[float] = []

        def kill(share: float) -> None:
            if share >= 0.4 and not killed:
                processes[0].send_signal(signal.SIGKILL)
                processes[0].wait()
                killed.append(share)

        with workers.dask(address) as executor:
            law = ea.size_law(net, executor=executor, progress=kill)
        assert killed
        assert killed[0] < 0.7
        assert processes[1].poll() is None
        command = [*COMMAND, "sizes", str(written(dense(16), tmp_path)), "--dask", address]
        found = subprocess.run(command, capture_output=True, check=True).stdout
    assert law == ea.size_law(net)
    assert found == subprocess.run(command[:-2], capture_output=True, check=True).stdout


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_cluster_that_cannot_go_on_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No worker, one without exactav or with another, all gone, the scheduler gone: an error, no silence."""
    monkeypatch.setattr(workers, "_WORKER_SECONDS", 1.0)
    kept = tmp_path / "kept"

    def ask(killed: subprocess.Popen[bytes] | None = None) -> None:
        def kill(share: float) -> None:
            if killed is not None and share > 0.05 and killed.poll() is None:
                killed.kill()
                killed.wait()

        with workers.dask(there.address) as executor:
            ea.size_law(dense(20), executor=executor, progress=kill, checkpoint=kept)

    with cluster(tmp_path) as there:
        with pytest.raises(OptionError, match=r"has no workers: start some by `dask worker tcp://127"):
            ask()
        for before, said in (
            ("import sys; sys.modules['exactav'] = None", "has no exactav that can be imported"),
            ("import exactav; exactav.__version__ = '0.1'", r"has exactav 0\.1, and this is exactav 0\."),
        ):
            other = there.worker(before)
            there.wait_for(1)
            with pytest.raises(OptionError, match=said):
                ask()
            other.kill()
            there.wait_for(0)
        assert not kept.exists()
        for victim in ("worker", "scheduler"):
            worker = there.worker()
            there.wait_for(1)
            said = f"the Dask {victim}|all Dask {victim}s"
            with pytest.raises(WorkerLostError, match=rf"({said}) (has|have) gone: a run with a checkpoint"):
                ask(worker if victim == "worker" else there.scheduler)
        assert sums_done(kept) > 0
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--workers", "2"]])
def test_an_interrupted_command_stops_at_once_and_cleanly(options: list[str], tmp_path: Path) -> None:
    """In a terminal: a bar with the time left, then one line of error and no traceback."""
    # whoever runs the tests in the background has them ignore interrupts
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); " + COMMAND[2]
    command = [*COMMAND[:2], listening, "sizes", str(written(dense(22), tmp_path)), *options]
    master, slave = pty.openpty()
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
        start_new_session=True,
    )
    os.close(slave)
    try:
        seen = ""
        while "%" not in seen or "0:" not in seen:
            seen += os.read(master, 4096).decode(errors="replace")
        assert "computing" in seen
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        rest = os.read(master, 100_000).decode(errors="replace")
    finally:
        process.kill()
        process.communicate()
        os.close(master)
    assert process.returncode == 130
    assert not output
    assert "exactav: error: interrupted" in rest
    assert "Traceback" not in seen + rest


def test_progress_of_a_part_is_told_in_small_steps() -> None:
    told: list[float] = []
    part = running.Running(progress=told.append).part(0.5, 1.0)
    for step in range(10_001):
        part.progress(step / 10_000)
    assert told[0] == 0.5
    assert told[-1] == 1.0
    assert len(told) <= 1002


def test_a_run_that_outgrows_its_memory_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    held = 50.0
    monkeypatch.setattr(memory, "resident", lambda: held)
    part = running.Running(progress=told.append).part(0.0, 1.0, memory.Memory(expected=10.0, most=100.0))
    part.progress(0.5)
    part.memory.check(more=40.0)
    with pytest.raises(TooCostlyError, match=r"taken 50 MB .* would take 100 MB, where about 10 MB were"):
        part.memory.check(more=50.0)
    held = 99.0
    with pytest.raises(TooCostlyError, match="of the 100 MB that there may be"):
        part.progress(0.75)
    assert told == [0.5]
    running.HERE.part(0.0, 1.0).progress(1.0)  # nothing is known of a machine


def test_what_is_held_and_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 <= memory.resident() < 10**6
    assert memory.available() > 0
    monkeypatch.setattr(memory, "_STATM", tmp_path / "none")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "none")
    assert (memory.resident(), memory.available()) == (0.0, float("inf"))
