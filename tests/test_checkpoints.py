"""Checkpoints whose checksum holds and whose body does not, old ones, and who may use a file."""

import hashlib
import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import exactav as ea
from exactav.engines import subsets
from exactav.errors import CheckpointError, ExactavError
from exactav.running.checkpoint import Checkpoint
from exactav.running.sums import Kind

KIND = Kind(5, (2,), np.dtype(np.int64))
LONG = Kind(5, (2,), np.dtype(object))


def dense(n_units: int) -> ea.Network:
    rng = random.Random(1)
    return ea.Network(
        [[Fraction(rng.randint(0, 9), 10 * n_units) for _ in range(n_units)] for _ in range(n_units)]
    )


def write(path: Path, content: Any, version: int = 2) -> None:
    """A checkpoint with a checksum that holds."""
    body = content if isinstance(content, str) else json.dumps(content)
    path.write_text(f"exactav checkpoint {version} {hashlib.sha256(body.encode()).hexdigest()}\n{body}\n")


def body_of(path: Path) -> Any:
    return json.loads(path.read_text().splitlines()[1])


class Killed(Exception):  # noqa: N818 (it stands for a kill)
    pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], ea.SizeLaw]:
    """Asks for a law in 16 parts, with a checkpoint."""
    monkeypatch.setattr(subsets, "RANGE", 16)
    net = dense(8)
    return lambda path: ea.size_law(net, method="subsets", checkpoint=path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a finished run."""
    path = tmp_path_factory.mktemp("finished") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subsets, "RANGE", 16)
        ea.size_law(dense(8), method="subsets", checkpoint=path)
    return path


@pytest.fixture
def body(finished: Path) -> Any:
    """What it keeps."""
    return body_of(finished)


def only(body: Any) -> Any:
    """The entry of the only part."""
    (entry,) = body["parts"].values()
    return entry


WRONG: dict[str, Callable[[Any], Any]] = {
    "done": lambda entry: entry.update(done=10**9),
    "done is one too many": lambda entry: entry.update(done=17),
    "negative": lambda entry: entry.update(done=-1),
    "nothing done": lambda entry: entry.update(done=0),
    "half done": lambda entry: entry.update(done=1.5),
    "done is a truth value": lambda entry: entry.update(done=True),
    "no total": lambda entry: entry.update(total=None),
    "text": lambda entry: entry.update(total="x"),
    "an object": lambda entry: entry.update(total={}),
    "empty": lambda entry: entry.update(total=[]),
    "a row less": lambda entry: entry["total"].pop(),
    "a number less": lambda entry: entry["total"][0].pop(),
    "a number less in all": lambda entry: [row.pop() for row in entry["total"]],
    "a row that is a number": lambda entry: entry["total"].__setitem__(0, 3),
    "deeper": lambda entry: entry.update(total=[entry["total"]]),
    "floats": lambda entry: entry["total"][0].__setitem__(0, 0.5),
    "all floats": lambda entry: entry.update(total=[[float(x) for x in row] for row in entry["total"]]),
    "null": lambda entry: entry["total"][0].__setitem__(0, None),
    "negative number": lambda entry: entry["total"][0].__setitem__(0, -1),
    "too long": lambda entry: entry["total"][0].__setitem__(0, 2**70),
    "infinite": lambda entry: entry.update(total=[[float("inf")] * len(row) for row in entry["total"]]),
    "nan": lambda entry: entry.update(total=[[float("nan")] * len(row) for row in entry["total"]]),
    "waiting list": lambda entry: entry.update(waiting=[]),
    "waits and is done": lambda entry: entry.update(waiting={"3": entry["total"]}),
    "waits beyond": lambda entry: entry.update(done=1, waiting={"16": entry["total"]}),
    "waits at nothing": lambda entry: entry.update(done=1, waiting={"03": entry["total"]}),
    "waits at a word": lambda entry: entry.update(done=1, waiting={"x": entry["total"]}),
    "waits at no end": lambda entry: entry.update(done=1, waiting={"9" * 5000: entry["total"]}),
    "waits in another shape": lambda entry: entry.update(done=1, waiting={"3": [1]}),
    "long": lambda entry: entry.update(long=True),
    "long as a number": lambda entry: entry.update(long=1),
    "hexadecimal": lambda entry: entry.update(total=[["0x1"] * len(row) for row in entry["total"]]),
    "long and hexadecimal": lambda entry: entry.update(
        long=True, total=[["0x1"] * len(row) for row in entry["total"]]
    ),
    "an entry more": lambda entry: entry.update(more=1),
    "an entry less": lambda entry: entry.pop("waiting"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_part_is_refused(
    name: str, body: Any, asked: Callable[[Path], ea.SizeLaw], tmp_path: Path
) -> None:
    path = tmp_path / "run.checkpoint"
    WRONG[name](only(body))
    write(path, body)
    kept = path.read_bytes()
    with pytest.raises(CheckpointError, match=r"run.checkpoint: .*: remove it and start again"):
        asked(path)
    assert path.read_bytes() == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "{}", "3", '"x"', "nan", "[" * 100_000, "{", "9" * 10_000),
        *('{"question": 3, "parts": {}}', '{"question": "x", "parts": []}', '{"question": "x"}'),
        *('{"question": "x", "parts": {"a": 3}}', '{"question": "x", "parts": {"a": {}}}'),
    ],
)
def test_a_wrong_body_is_refused(text: str, tmp_path: Path) -> None:
    write(tmp_path / "run.checkpoint", text)
    with pytest.raises(CheckpointError, match="though its checksum holds"):
        Checkpoint(tmp_path / "run.checkpoint", "x")


def mutated(value: Any, rng: random.Random) -> Any:
    """A value of JSON with one thing in it changed."""
    strange: list[Any] = [
        None,
        True,
        -1,
        0,
        17,
        10**30,
        0.5,
        float("nan"),
        "",
        "0x1",
        [],
        [[]],
        {},
        {"done": 1},
    ]
    if isinstance(value, dict | list) and value and rng.random() < 0.9:
        if isinstance(value, list):
            place = rng.randrange(len(value))
            return [mutated(item, rng) if k == place else item for k, item in enumerate(value)]
        changed = dict(value)
        name = rng.choice(list(value))
        changed[name] = mutated(value[name], rng)
        if rng.random() < 0.2:
            changed[str(rng.choice(strange))] = changed.pop(name)
        return changed
    return rng.choice(strange)


def test_whatever_is_changed_is_refused_or_counts(
    body: Any, asked: Callable[[Path], ea.SizeLaw], tmp_path: Path
) -> None:
    """Only exactav's own errors come out; a number in a sum that was changed contradicts the determinant."""
    rng, path = random.Random(5), tmp_path / "run.checkpoint"
    law, refused = ea.size_law(dense(8)), 0
    for _ in range(150):
        changed = mutated(body, rng)
        write(path, changed)
        try:
            found = asked(path)
        except ExactavError:
            refused += 1
        else:
            assert found == law, changed
    assert refused > 100


def test_integers_of_any_length_are_kept(tmp_path: Path) -> None:
    """Of more digits than Python reads or writes in decimal."""
    path, long = tmp_path / "kept", 16**6000 + 1
    sys.set_int_max_str_digits(4300)  # the command line of another test allows any number
    kept = Checkpoint(path, "question")
    sums = kept.part("part", LONG)
    sums.add(0, np.array([long, 0], dtype=object))
    sums.add(2, np.array([2 * long, 5], dtype=object))
    kept.save()
    again = Checkpoint(path, "question").part("part", LONG)
    assert again.total is not None
    assert again.total.tolist() == [long, 0]
    assert again.waiting[2].tolist() == [2 * long, 5]
    with pytest.raises(CheckpointError, match="other sums"):
        Checkpoint(path, "question").part("part", KIND)


def test_checkpoints_of_the_version_before_are_read(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    entry = {"done": 2, "total": [3, 10**40], "waiting": {"4": [1, 2]}, "long": True}
    write(path, {"question": "question", "parts": {"part": entry}}, version=1)
    kept = Checkpoint(path, "question")
    sums = kept.part("part", LONG)
    assert sums.total is not None
    assert sums.total.tolist() == [3, 10**40]
    assert sums.waiting[4].tolist() == [1, 2]
    kept.save()
    assert path.read_text().startswith("exactav checkpoint 2 ")
    again = Checkpoint(path, "question").part("part", LONG)
    assert again.total is not None
    assert again.total.tolist() == [3, 10**40]
    write(path, {"question": "question", "parts": {}}, version=3)
    with pytest.raises(CheckpointError, match="not a checkpoint of this version"):
        Checkpoint(path, "question")


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "endless", "loop"])
def test_what_is_no_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    held = socket.socket(socket.AF_UNIX)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        here = Path.cwd()
        os.chdir(tmp_path)  # names of sockets are short
        held.bind(path.name)
        os.chdir(here)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.symlink_to(path)
    with held, pytest.raises(ExactavError, match=r"run\.checkpoint"):
        ea.size_law(dense(5), method="subsets", checkpoint=path)


def test_more_than_the_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    write(path, {"question": "question", "parts": {}})
    os.truncate(path, 2**43)  # it has no blocks on the disk
    with pytest.raises(CheckpointError, match=r"to read it takes \d+ TB of memory, more than is left"):
        Checkpoint(path, "question")
    path.write_bytes(b"")
    os.truncate(path, 2**43)
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        Checkpoint(path, "question")


def test_one_process_at_a_time_uses_a_checkpoint(asked: Callable[[Path], ea.SizeLaw], tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    refused: list[object] = []

    def other(share: float) -> None:
        if not refused:
            with pytest.raises(CheckpointError, match="another process is using it") as found:
                asked(path)
            refused.append(found)

    law = ea.size_law(dense(8), method="subsets", checkpoint=path, progress=other)
    assert refused
    assert [file.name for file in tmp_path.iterdir()] == ["run.checkpoint"], "nothing else is left"
    assert asked(path) == law


def test_what_holds_a_checkpoint_goes_with_its_process(
    asked: Callable[[Path], ea.SizeLaw], tmp_path: Path
) -> None:
    """A file that a kill leaves holds nobody."""
    path = tmp_path / "run.checkpoint"
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom exactav.running.files import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n"
        "    sys.stdin.read()\n    os._exit(9)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(CheckpointError, match="another process is using it"):
        asked(path)
    process.communicate()
    left = [file.name for file in tmp_path.iterdir()]
    assert left == [".exactav-run.checkpoint.lock"]
    assert asked(path).mean() == ea.mean_size(dense(8))
    assert [file.name for file in tmp_path.iterdir()] == ["run.checkpoint"]


def test_what_another_process_has_done_meanwhile_is_known(
    asked: Callable[[Path], ea.SizeLaw], tmp_path: Path
) -> None:
    """It is read again when it is held, so nothing that was saved since is lost."""
    path = tmp_path / "run.checkpoint"
    first, second = (Checkpoint(path, "question") for _ in range(2))
    with second.held():
        second.part("part", KIND).add(0, np.array([1, 2]))
        second.save()
    with first.held():
        assert first.part("part", KIND).done == 1


def test_a_checkpoint_in_a_folder_that_cannot_be_written(
    body: Any, asked: Callable[[Path], ea.SizeLaw], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, the file itself is written; nobody can be kept from it."""
    path = tmp_path / "whole"
    entry = only(body)
    entry.update(done=0, total=None)
    write(path, body)

    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("exactav.running.files.tempfile.mkstemp", refused)
    monkeypatch.setattr("exactav.running.files.os.open", refused)
    assert asked(path).mean() == ea.mean_size(dense(8))
    assert only(body_of(path))["done"] == 16
