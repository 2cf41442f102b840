"""Files read at most so far, and written in one step, which keep what they were: mode, owner, links."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from exactav.errors import OutputError, ParseError, UnknownNameError

_KINDS = {
    stat.S_IFDIR: "directory",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}
_AT_ONCE = 1 << 20  # bytes: Ctrl-C is heard between


def read(path: str | os.PathLike[str], most: int) -> bytes:
    """What a regular file holds, or standard input if it is a pipe; nothing else is waited for.

    Args:
        most: bytes that are read, however long the file is, or grows meanwhile.

    Raises:
        UnknownNameError: there is no such file.
        ParseError: it is no regular file, has more bytes, or cannot be read. Messages do not name it.
    """
    try:
        # A pipe that nobody writes to would be waited for when it is opened.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            found = os.fstat(handle)
            if stat.S_ISFIFO(found.st_mode) and _is_standard_input(found):
                os.set_blocking(handle, True)
            elif not stat.S_ISREG(found.st_mode):
                kind = _KINDS.get(stat.S_IFMT(found.st_mode), "special file")
                raise ParseError(f"it is a {kind}: give a regular file")
            parts, size = [], found.st_size if found.st_size > most else 0
            while size <= most and (part := os.read(handle, _AT_ONCE)):
                parts.append(part)
                size += len(part)
        finally:
            os.close(handle)
    except ParseError:
        raise
    except FileNotFoundError:
        raise UnknownNameError("there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ParseError(f"it cannot be read ({reason})") from None
    if size > most:
        raise ParseError(f"it has more than {most // 1_000_000} MB: give a smaller file")
    return b"".join(parts)


def _is_standard_input(found: os.stat_result) -> bool:
    try:
        return os.path.samestat(found, os.fstat(0))
    except OSError:  # it is closed
        return False


def replace(path: Path, text: str | bytes) -> None:
    """Write a file in one step: no reader sees half of it, and an old file survives a failure or a kill.

    An old file keeps its mode and its owner, and a link stays a link: what it leads to is written. A device
    or pipe is written to, and so is what standard output or error goes to (``/dev/stdout``). A file that has
    other names (hard links), that belongs to another user, or that lies in a folder which cannot be written
    is not replaced either: it is written in place.

    Raises:
        OutputError: the file cannot be written, or is read-only.
    """
    with _named(path):
        data = text.encode() if isinstance(text, str) else text
        old = _status(path)
        beside = None if _is_open_or_special(old) else _beside(path, old)
        if beside is None:
            with _opened(path, old) as file:
                file.write(data)
            return
        try:
            with open(beside, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(os.path.realpath(path))
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def check_output(path: Path, *others: str | Path) -> None:
    """Raise OutputError, before any work is done, if :func:`replace` could not write the file, or must not.

    Args:
        path: the file to be written.
        others: files that are read, or written as well; none of them may be the same.
    """
    with _named(path):
        old = _status(path)
        for other in others:
            if os.path.realpath(other) == os.path.realpath(path) or (
                old is not None and os.path.exists(other) and os.path.samestat(old, os.stat(other))
            ):
                if old is not None and stat.S_ISCHR(old.st_mode):
                    continue  # a terminal is read and written
                raise OutputError(f"cannot write {path}: it is {other}, which is needed; name another file")
        if _is_open_or_special(old):
            return
        beside = _beside(path, old)
        if beside is not None:
            beside.unlink()
        else:
            os.close(os.open(path, os.O_WRONLY))


def check_regular(path: Path) -> None:
    """Raise OutputError unless the path is that of a regular file, or of none."""
    with _named(path):
        old = _status(path)
    if old is not None and not stat.S_ISREG(old.st_mode):
        raise OutputError(f"cannot keep anything in {path}: it is no regular file; name another one")


class InUseError(Exception):
    """Somebody else holds a file."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps others that ask for it from a file, by an empty hidden file beside it that goes afterwards.

    A kill leaves that file, which holds nobody. Where files cannot be locked, nothing is held.

    Raises:
        InUseError: another one holds it.
    """
    handle, beside = _lock(path)
    try:
        yield
    finally:
        if handle is not None:
            os.unlink(beside)  # before it is free: whoever waits for it sees that it has gone
            os.close(handle)


def _lock(path: Path) -> tuple[int | None, str]:
    folder, name = os.path.split(os.path.realpath(path))
    beside = os.path.join(folder, f".exactav-{name}.lock")
    try:
        import fcntl
    except ImportError:  # not on this platform
        return None, beside
    while True:
        try:
            handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        except OSError:  # the folder cannot be written: writing the file says so if it cannot be either
            return None, beside
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.stat(beside)):
                return handle, beside
        except BlockingIOError:
            os.close(handle)
            raise InUseError from None
        except FileNotFoundError:  # who had it has just removed it
            pass
        except OSError:  # a file system without locks
            os.close(handle)
            os.unlink(beside)
            return None, beside
        os.close(handle)


def _status(path: Path) -> os.stat_result | None:
    """What there is at the path, links followed; None where there is nothing."""
    try:
        old = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(old.st_mode):
        raise OutputError(f"cannot write {path}: it is a folder; give the name of a file in it")
    if stat.S_ISREG(old.st_mode) and not (old.st_mode & 0o222 and os.access(path, os.W_OK)):
        raise OutputError(f"cannot write {path}: it is read-only; name another file, or allow writing")
    return old


def _is_open_or_special(old: os.stat_result | None) -> bool:
    return old is not None and (not stat.S_ISREG(old.st_mode) or _standard(old) is not None)


def _standard(old: os.stat_result) -> int | None:
    """Which of standard output and error goes to this file."""
    for descriptor in (1, 2):
        with suppress(OSError):  # it may be closed
            if os.path.samestat(old, os.fstat(descriptor)):
                return descriptor
    return None


def _beside(path: Path, old: os.stat_result | None) -> Path | None:
    """A new empty file, with the mode and owner of the old one, that can take its place; None if none can."""
    if old is not None and old.st_nlink > 1:
        return None
    try:
        handle, name = tempfile.mkstemp(dir=os.path.dirname(os.path.realpath(path)), prefix=".exactav-")
    except PermissionError:
        if old is None:
            raise
        return None
    try:
        new = os.fstat(handle)
        if old is not None and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            os.fchown(handle, old.st_uid, old.st_gid)
        Path(name).chmod(0o666 & ~_umask() if old is None else stat.S_IMODE(old.st_mode))
    except PermissionError:
        os.unlink(name)
        return None
    finally:
        os.close(handle)
    return Path(name)


def _opened(path: Path, old: os.stat_result | None) -> IO[bytes]:
    """The file at the path, to be written in place."""
    descriptor = None if old is None else _standard(old)
    if descriptor is None:
        return open(path, "wb")
    (sys.stdout if descriptor == 1 else sys.stderr).flush()
    # not opened anew: that would begin at the start of a file to which a shell appends
    return os.fdopen(os.dup(descriptor), "wb")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turns what the system says into an OutputError with the path."""
    try:
        yield
    except OutputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a path or a text that the system cannot take
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(
            f"cannot write {path} ({reason}): give a file name in a folder that exists and can be written"
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
