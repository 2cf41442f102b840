"""Files that are written: in one step, and what was there keeps its mode, owner, links and other names."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from exactav.errors import OutputError
from exactav.running.files import InUseError, check_output, locked, replace

WRITE = """
import sys
from pathlib import Path
from exactav.running.files import check_output, replace
for path in map(Path, sys.argv[1:]):
    check_output(path)
    replace(path, "new\\n")
"""


def test_a_new_file_has_the_usual_mode_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120)  # as long as names can be
    check_output(path)
    assert not path.exists()
    replace(path, "new\n")
    assert (path.read_text(), os.listdir(tmp_path)) == ("new\n", [path.name])
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_an_old_file_keeps_its_mode_and_owner(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 1234, 4321)
    before = path.stat()
    check_output(path)
    replace(path, "new")
    after = path.stat()
    assert path.read_text() == "new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino, "replaced in one step"
    assert os.listdir(tmp_path) == ["old"]


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link, dangling = tmp_path / "folder" / "file", tmp_path / "link", tmp_path / "dangling"
    target.write_text("old")
    link.symlink_to(target)
    dangling.symlink_to("folder/later")
    for path in (link, dangling):
        check_output(path)
        replace(path, "new")
        assert path.is_symlink()
        assert path.read_text() == "new"
    assert sorted(os.listdir(tmp_path / "folder")) == ["file", "later"]


def test_all_names_of_a_file_see_what_is_written(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    path.write_text("something longer")
    os.link(path, other)
    check_output(path)
    assert other.read_text() == "something longer"
    replace(path, "new")
    assert other.read_text() == "new"


def test_what_cannot_be_written_is_refused_and_left_alone(tmp_path: Path) -> None:
    locked, loop, file = tmp_path / "locked", tmp_path / "loop", tmp_path / "file"
    locked.write_text("old")
    locked.chmod(0o444)
    loop.symlink_to(loop)
    file.write_text("old")
    for path, message in [
        (locked, "read-only"),
        (tmp_path, "it is a folder"),
        (tmp_path / "no" / "file", "No such file"),
        (file / "below", "Not a directory"),
        (loop, "symbolic links"),
        (tmp_path / ("x" * 300), "File name too long"),
        (tmp_path / "x\0y", "embedded null"),
    ]:
        with pytest.raises(OutputError, match=rf"cannot write .*{message}"):
            check_output(path)
        with pytest.raises(OutputError, match=rf"cannot write .*{message}"):
            replace(path, "new")
    assert (locked.read_text(), file.read_text()) == ("old", "old")
    with pytest.raises(OutputError, match="surrogates not allowed"):
        replace(file, "\ud800")
    assert file.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["file", "locked", "loop"]


def test_a_file_that_is_needed_is_refused(tmp_path: Path) -> None:
    path, link, other = tmp_path / "net.csv", tmp_path / "link", tmp_path / "hard"
    path.write_text("0")
    link.symlink_to(path)
    os.link(path, other)
    for same in (path, link, other, tmp_path / "." / "net.csv"):
        with pytest.raises(OutputError, match=r"it is .*net\.csv, which is needed"):
            check_output(same, path)
    with pytest.raises(OutputError, match="which is needed"):
        check_output(tmp_path / "new", tmp_path / "new")
    check_output(tmp_path / "new", path, "florentine")


def test_devices_and_pipes_are_written_to_and_survive(tmp_path: Path) -> None:
    null = Path("/dev/null")
    check_output(null)
    replace(null, "new")
    assert stat.S_ISCHR(null.stat().st_mode)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_output(pipe)  # does not wait for a reader
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_text()))
    reader.start()
    replace(pipe, "new")
    reader.join()
    assert found == ["new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(OutputError, match=r"/dev/full \(No space left on device\)"):
        replace(Path("/dev/full"), "new")


@pytest.mark.parametrize("mode", ["w", "a"])
def test_standard_output_is_written_to_wherever_it_goes(mode: str, tmp_path: Path) -> None:
    """A shell that appends to a file loses nothing of it."""
    log = tmp_path / "log"
    log.write_text("old\n")
    with log.open(mode) as file:
        subprocess.run([sys.executable, "-c", WRITE, "/dev/stdout", str(log)], stdout=file, check=True)
    assert log.read_text() == ("old\n" if mode == "a" else "") + "new\nnew\n"
    done = subprocess.run([sys.executable, "-c", WRITE, "/dev/stdout"], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"new\n", "a pipe"


def test_a_lock_that_its_holder_removes_meanwhile_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening and locking it the other one may have ended, and a third one begun."""
    fcntl = pytest.importorskip("fcntl")
    path, beside, meanwhile = tmp_path / "kept", tmp_path / ".exactav-kept.lock", ["gone", "another"]
    lock = fcntl.flock

    def late(handle: int, how: int) -> None:
        if meanwhile:
            beside.unlink()
            if meanwhile.pop() == "another":
                beside.touch()
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with locked(path):
        assert not meanwhile
        assert beside.exists(), "the file that is locked is the one there is"
        with pytest.raises(InUseError), locked(path):
            pass
    assert os.listdir(tmp_path) == []


def test_a_terminal_is_read_and_written(tmp_path: Path) -> None:
    check_output(Path("/dev/null"), "/dev/null")
    with pytest.raises(OutputError, match="which is needed"):
        check_output(tmp_path / "file", tmp_path / "file")


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_file_that_is_standard_output_is_appended_to(
    descriptor: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As where a shell appends: what is there stays, and so does the file."""
    log = tmp_path / "log"
    log.write_text("old\n")
    with capfd.disabled(), log.open("a") as file:
        before = os.dup(descriptor)
        try:
            os.dup2(file.fileno(), descriptor)
            check_output(log)
            replace(log, "new\n")
        finally:
            os.dup2(before, descriptor)
            os.close(before)
    assert log.read_text() == "old\nnew\n"
    assert os.listdir(tmp_path) == ["log"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_written_in_place(tmp_path: Path) -> None:
    """Its owner would be lost otherwise."""
    folder, path = tmp_path / "shared", tmp_path / "shared" / "file"
    folder.mkdir()
    path.write_text("something longer")
    path.chmod(0o666)
    folder.chmod(0o777)
    for above in [tmp_path, *tmp_path.parents[:-2]]:
        above.chmod(above.stat().st_mode | 0o111)
    before = path.stat()
    child = os.fork()
    if child == 0:
        os.setresgid(4321, 4321, 4321)
        os.setresuid(1234, 1234, 1234)
        try:
            check_output(path)
            replace(path, "new")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert path.read_text() == "new"
    assert (path.stat().st_ino, path.stat().st_uid) == (before.st_ino, before.st_uid)
    assert os.listdir(folder) == ["file"]
