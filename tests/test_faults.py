"""What goes wrong around a run: signals, disks, folders, memory, terminals, pipes. Nothing is damaged."""

import json
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import exactav as ea
from exactav.command import cli
from exactav.command.ending import escaped_where_needed
from exactav.engines import subsets
from exactav.errors import TooCostlyError
from exactav.running.threads import Threads, stop_if_given_up

MAIN = "import sys; from exactav.command.cli import main; sys.exit(main(sys.argv[1:]))"
COMMAND = [sys.executable, "-c", MAIN]
RING = "ring:N=5,alpha=4/5"
PACKAGE = Path(ea.__file__).parent
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override"]  # root, whom modes of files bind


def dense(n_units: int) -> ea.Network:
    rng = random.Random(1)
    return ea.Network(
        [[Fraction(rng.randint(0, 9), 10 * n_units) for _ in range(n_units)] for _ in range(n_units)]
    )


def written(net: ea.Network, folder: Path) -> str:
    path = folder / "net.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in net.weights.tolist()))
    return str(path)


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, **options)


def sums_done(path: Path) -> int:
    """How many tasks a checkpoint has finished."""
    if not path.exists():
        return 0
    parts = json.loads(path.read_text().splitlines()[1])["parts"]
    return sum(part["done"] + len(part["waiting"]) for part in parts.values())


def has_grown(path: Path, before: int) -> bool:
    return sums_done(path) > before


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def bound_by_modes() -> list[str]:
    """What to put before a command so that it cannot write where nobody may."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None or run(*AS_OTHERS, "true").returncode:
        pytest.skip("root may write everywhere, and there is no setpriv that takes that away")
    return AS_OTHERS


# signals


@pytest.mark.slow
def test_a_run_that_everything_befalls_finishes(tmp_path: Path) -> None:
    """Killed at any moment, terminated, robbed of a worker: no worker stays, nothing is damaged."""
    path, command = tmp_path / "run.checkpoint", [*COMMAND, "sizes", written(dense(19), tmp_path)]
    command += ["--format", "json", "--max-cost", "inf"]
    expected = run(*command).stdout
    assert expected
    command += ["--workers", "2", "--checkpoint", str(path)]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    rng = random.Random(3)
    for _ in range(2):
        process = subprocess.Popen(command, **pipes)
        time.sleep(rng.uniform(0.2, 4.0))
        process.kill()
        output, _ = process.communicate(timeout=30)  # workers have the same pipes
        assert output in ("", expected)
    for number in (signal.SIGTERM, signal.SIGKILL):
        before = sums_done(path)
        process = subprocess.Popen(command, **pipes)
        wait_until(partial(has_grown, path, before))
        victim = process.pid
        if number == signal.SIGKILL:
            children = Path(f"/proc/{victim}/task/{victim}/children")
            if not children.exists():
                break
            victim = int(children.read_text().split()[-1])
        os.kill(victim, number)
        output, said = process.communicate(timeout=30)
        if number == signal.SIGTERM:
            assert (process.returncode, output) == (143, "")
            assert said.split("\n")[-2:] == ["exactav: error: terminated by SIGTERM", ""]
        else:
            assert (process.returncode, output) == (1, "")
            assert "a worker process was killed" in said
        assert "Traceback" not in said
        assert sums_done(path) > before
    finished = run(*command)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, expected, "")
    assert not list(tmp_path.glob(".exactav*"))


def test_threads_that_are_given_up_keep_nobody_waiting() -> None:
    begun, ended = [], []

    def task(number: int) -> None:
        begun.append(number)
        try:
            while True:
                time.sleep(0.01)
                stop_if_given_up()
        finally:
            ended.append(number)

    class Stop(Exception):  # noqa: N818 (it stands for an interrupt)
        pass

    threads = Threads(2)
    futures = [threads.submit(task, number) for number in range(5)]
    wait_until(lambda: len(begun) == 2)
    with pytest.raises(Stop), threads:
        raise Stop
    wait_until(lambda: len(ended) == 2)
    assert len(begun) == 2
    assert sum(future.done() for future in futures) == 2
    stop_if_given_up()  # outside of such threads nothing is given up
    with Threads(2) as threads:
        assert [threads.submit(pow, 2, n).result() for n in range(9)] == [2**n for n in range(9)]


def test_a_task_that_is_cancelled_before_it_begins_is_left_out() -> None:
    done: list[int] = []
    may_go = threading.Event()
    with Threads(1) as threads:
        first = threads.submit(may_go.wait)
        second, third = (threads.submit(done.append, number) for number in (2, 3))
        assert second.cancel()
        may_go.set()
        assert first.result()
        third.result()
    assert second.cancelled()
    assert done == [3]


def grid(rows: int, columns: int) -> ea.Network:
    return ea.from_networkx(nx.grid_2d_graph(rows, columns), coupling="9/10")


def regular(n_units: int) -> ea.Network:
    return ea.from_networkx(nx.random_regular_graph(3, n_units, seed=2), coupling="9/10")


LONG: dict[str, Callable[[], Any]] = {
    "subsets": lambda: ea.size_law(dense(24), method="subsets"),
    "float subsets": lambda: ea.size_law(dense(25), method="subsets", arithmetic="float"),
    "connected": lambda: ea.size_law(regular(24), method="connected"),
    "frontier": lambda: ea.size_law(regular(42), method="frontier", max_cost=1e9),
    "float frontier": lambda: ea.size_law(grid(7, 12), method="frontier", arithmetic="float"),
    "durations": lambda: ea.duration_law(dense(18), method="subsets", max_cost=1e9),
    "small": lambda: ea.size_law(grid(30, 30), up_to=9, arithmetic="float"),
    "sample": lambda: ea.sample_patterns(grid(60, 60), 10**6, seed=1, max_cost=1e9),
    "simulation": lambda: ea.simulate(ea.families.ring(100, "9/10"), 10**6, seed=1),
}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that interrupts")
@pytest.mark.parametrize("name", LONG)
def test_ctrl_c_comes_at_once(name: str) -> None:
    """Also in compiled code, and while tasks run in threads."""
    due = time.monotonic() + 2

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        with pytest.raises(KeyboardInterrupt):
            LONG[name]()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert 0 <= time.monotonic() - due < 5, "a second, and what a busy machine adds"


# disks and folders


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)); " + MAIN


@pytest.mark.parametrize("option", ["--output", pytest.param("--checkpoint", marks=pytest.mark.slow)])
def test_a_full_disk_leaves_what_was_there(option: str, tmp_path: Path) -> None:
    path = tmp_path / "kept"
    if option == "--output":
        path.write_text("old")
    else:
        ea.size_law(ea.families.ring(5, "4/5"), method="subsets", checkpoint=path)
    kept = path.read_bytes()
    done = run(sys.executable, "-c", LIMITED, "sizes", RING, "--method", "subsets", option, str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"exactav: error: cannot write {path} (File too large): give a file name in a folder that exists and "
        "can be written\n"
    )
    assert path.read_bytes() == kept
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    prefix = bound_by_modes()
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "old").write_text("old")
    (folder / "old").chmod(0o444)
    folder.chmod(0o555)
    try:
        for option, name, reason in (
            ("-o", "old", "it is read-only"),
            ("--checkpoint", "new", "Permission denied"),
        ):
            done = run(*prefix, *COMMAND, "sizes", RING, option, str(folder / name))
            assert (done.returncode, done.stdout) == (2, "")
            assert f"cannot write {folder / name}" in done.stderr
            assert reason in done.stderr
            assert done.stderr.count("\n") == 1
        assert (folder / "old").read_text() == "old"
        assert [path.name for path in folder.iterdir()] == ["old"]
    finally:
        folder.chmod(0o755)


@pytest.mark.slow
def test_code_that_cannot_be_kept_is_compiled_anyway(tmp_path: Path) -> None:
    """An install, a home and a cache that somebody else owns: one note, and the same answer."""
    prefix = bound_by_modes()
    closed = tmp_path / "closed"
    shutil.copytree(PACKAGE, closed / "exactav", ignore=shutil.ignore_patterns("__pycache__"))
    folders = [closed, *(path for path in closed.rglob("*") if path.is_dir())]
    names = {"HOME": closed, "XDG_CACHE_HOME": closed / "no", "NUMBA_CACHE_DIR": closed / "cache"}
    environment = {**os.environ, **{name: str(path) for name, path in names.items()}}
    question = ["sizes", "ring:N=13,alpha=4/5", "--method", "subsets", "--float"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        environment["PYTHONPATH"] = str(closed)
        done = run(*prefix, *COMMAND, *question, env=environment, cwd=tmp_path)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 0
    assert done.stderr.startswith("exactav: note: compiled code cannot be kept (")
    assert "set NUMBA_CACHE_DIR to a folder that can be written" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == run(*COMMAND, *question).stdout
    assert not list(closed.rglob("__pycache__"))


# memory


STARVED = """
import resource, sys
from exactav.command.cli import main
main(["assemblies", "ring:N=14,alpha=4/5", "--method", "subsets", "--top", "1"])
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 2**27, held + 2**27))
sys.exit(main(["assemblies", "homogeneous:N=20,alpha=4/5", "--method", "subsets"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="says how much a process holds")
def test_a_limit_of_memory_is_an_error_of_one_line() -> None:
    done = run(sys.executable, "-c", STARVED)
    assert done.returncode == 1
    assert done.stdout.startswith("Avalanches of ring")
    assert "homogeneous" not in done.stdout
    assert done.stderr.startswith("exactav: error: the memory has run out")
    assert done.stderr.count("\n") == 1


def test_memory_that_runs_out_is_too_costly(monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*_: Any) -> Any:
        raise MemoryError("Unable to allocate 3 EiB")

    monkeypatch.setattr(subsets, "_modular_sums_in_range", hungry)
    with pytest.raises(TooCostlyError, match=r"the memory has run out at .* ask for something smaller"):
        ea.size_law(dense(5), method="subsets")


def test_memory_that_runs_out_elsewhere_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def hungry(*_: Any, **__: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("exactav.command.options.read_network", hungry)
    assert cli.main(["sizes", RING]) == 1
    out, said = capsys.readouterr()
    assert (out, said.count("\n")) == ("", 1)
    assert "the memory has run out" in said


# terminals and pipes

CLOSED = "exactav: error: standard output is closed: send it to a file, or to /dev/null\n"
FULL = "exactav: error: cannot write standard output (No space left on device): send it elsewhere\n"


@pytest.mark.parametrize(
    ("redirected", "status", "said"),
    [
        ("| head -1; exit ${PIPESTATUS[0]}", None, ""),
        pytest.param("| true; exit ${PIPESTATUS[0]}", None, "", marks=pytest.mark.slow),
        pytest.param(">&-", 2, CLOSED, marks=pytest.mark.slow),
        pytest.param(">&- 2>&-", 2, "", marks=pytest.mark.slow),
        pytest.param("<&- 2>&-", 0, "", marks=pytest.mark.slow),
        pytest.param(">/dev/full", 2, FULL, marks=pytest.mark.slow),
    ],
)
def test_pipes_that_are_closed_and_full(redirected: str, status: int | None, said: str) -> None:
    if not Path("/dev/full").exists() and "full" in redirected:
        pytest.skip("there is no /dev/full here")
    done = run("bash", "-c", f'"$@" {redirected}', "bash", *COMMAND, "sizes", "ring:N=300,alpha=4/5")
    assert done.stderr == said
    assert done.returncode in ((0, 1) if status is None else (status,))  # the pipe may take all first
    if ">" not in redirected.replace("2>", ""):
        assert done.stdout.startswith("Avalanches of ring") or "true" in redirected


TERMINALS = """
import os, sys
from exactav.command.cli import main
for name, value in [("COLUMNS", c) for c in ("10", "1", "0", "-3", "abc", "9" * 30)] + [
    ("TERM", None), ("TERM", "dumb"), ("TERM", "nonsense"), ("HOME", None), ("HOME", "/nonexistent"),
    ("LANG", "xx_YY.nonsense"), ("LC_ALL", "C"),
]:
    before = os.environ.get(name)
    os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
    for command in (["report", sys.argv[1], "--top", "2"], ["plan", sys.argv[1]], ["nonsense"]):
        print("\\nstatus", main(command), name, value)
    os.environ.pop(name, None)
    if before is not None:
        os.environ[name] = before
"""


def test_terminals_without_width_or_name_and_no_home() -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", TERMINALS, RING], stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    try:
        while piece := os.read(master, 65536):
            shown += piece
    except OSError:  # the end, on Linux
        pass
    finally:
        os.close(master)
    assert process.wait(timeout=60) == 0
    found = shown.decode()
    assert "Traceback" not in found
    said = [line.split()[:2] for line in found.splitlines() if line.startswith("status ")]
    assert said == [["status", status] for _ in range(13) for status in "002"]


LABELS = '{"labels": ["a", "\u6771\U0001f600"], "weights": [[0, "1/2"], ["1/4", 0]]}'


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_for_which_there_are_no_characters(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text(LABELS, encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    command = [*COMMAND, "assemblies", str(tmp_path / "net.json"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    written_in = "utf-8" if encoding == "ascii" else encoding  # click takes that for a mistake
    rows = json.loads(done.stdout.decode(written_in))["assemblies"]
    assert ["a", "\u6771\U0001f600"] in [row["assembly"] for row in rows]
    refused = [*COMMAND, "sizes", "\u6771"]
    done = subprocess.run(refused, capture_output=True, check=False, env=environment)
    assert done.returncode == 2
    assert done.stderr.startswith(b"exactav: error: ")
    assert done.stderr.count(b"\n") == 1


def test_standard_output_is_left_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout.errors, signal.getsignal(signal.SIGTERM)
    with escaped_where_needed():
        print("\udc80")
    assert cli.main(["sizes", RING]) == 0
    assert (sys.stdout.errors, signal.getsignal(signal.SIGTERM)) == before
    assert capsys.readouterr().out.startswith("\\udc80\n")


@pytest.mark.parametrize(("number", "status"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_is_one_line_and_a_status(
    number: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def signalled(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), getattr(signal, number))
        time.sleep(30)

    monkeypatch.setattr("exactav.command.asking.size_law", signalled)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert cli.main(["sizes", RING]) == status
    finally:
        signal.signal(signal.SIGINT, before)
    out, said = capsys.readouterr()
    wanted = "interrupted" if number == "SIGINT" else f"terminated by {number}"
    assert (out, said.strip()) == ("", f"exactav: error: {wanted}")
