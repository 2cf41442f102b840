"""What a long sum has finished, kept in a file."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exactav.errors import CheckpointError
from exactav.running.amounts import memory_text
from exactav.running.files import InUseError, check_regular, locked, replace
from exactav.running.memory import available
from exactav.running.sums import Kind, Sums, parts_of, written

_SAVE_SECONDS = 1.0  # a checkpoint is not written more often
_HEADER = b"exactav checkpoint"
_VERSIONS = ("2", "1")  # the first is written; the other had integers of any length in decimal
_LINE = len(_HEADER) + len(" 2 ") + 64 + 1
_TAKES = 6  # bytes of memory for each byte of the file
_REMEDY = "remove it and start again"


def fingerprint(*data: Any) -> str:
    """A hash of plain data."""
    return hashlib.sha256(repr(data).encode()).hexdigest()


class Checkpoint:
    """A file that keeps what has been summed for one question, part by part.

    It is text: a line with a checksum of what follows, then JSON. It is written in one step, so that a kill
    leaves the old file or the new one.

    Args:
        path: the file; it is made when there is something to keep.
        question: a fingerprint of the question.

    Raises:
        CheckpointError: the file cannot be read, is damaged, is no checkpoint, or is one of another question.
        OutputError: the path is not that of a regular file which can be written.
    """

    def __init__(self, path: Path, question: str) -> None:
        self.path = path
        self.question = question
        self.parts = self._read()
        self._saved = time.monotonic()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps others from the file meanwhile; what they have done since it was read is known.

        Raises:
            CheckpointError: another process has it.
        """
        try:
            with locked(self.path):
                self.parts = self._read()
                yield
        except InUseError:
            raise self._error(
                "another process is using it", "wait until that ends, or name another"
            ) from None

    def part(self, name: str, kind: Kind) -> Sums:
        """What has been summed of one part.

        Raises:
            CheckpointError: it cannot be sums of this kind.
        """
        sums = self.parts.setdefault(name, Sums())
        if not sums.is_of(kind):
            raise self._error("it holds other sums than those of this question", _REMEDY)
        return sums

    def save_if_due(self) -> None:
        """Write the file unless that was done a moment ago."""
        if time.monotonic() - self._saved >= _SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        """Write the file."""
        parts = {name: written(sums) for name, sums in self.parts.items()}
        body = json.dumps({"question": self.question, "parts": parts}).encode()
        replace(self.path, _first_line(_VERSIONS[0], body) + body + b"\n")
        self._saved = time.monotonic()

    def _read(self) -> dict[str, Sums]:
        check_regular(self.path)
        if not self.path.exists():
            return {}
        with open(self.path, "rb") as file:
            header = file.read(_LINE)
            version = header[len(_HEADER) + 1 : len(_HEADER) + 2].decode("ascii", "replace")
            if not header.startswith(_HEADER) or version not in _VERSIONS:
                raise self._error("not a checkpoint of this version of exactav", "name another file")
            megabytes = os.fstat(file.fileno()).st_size * _TAKES / 1e6
            if megabytes > available():
                taken = memory_text(megabytes)
                raise self._error(
                    f"to read it takes {taken} of memory, more than is left", "name another file"
                )
            rest = file.read()
        body = rest.removesuffix(b"\n")
        if header != _first_line(version, body) or body == rest:
            raise self._error("the file has been cut or damaged, its checksum does not hold", _REMEDY)
        try:
            question, parts = parts_of(json.loads(body), is_hex=version == "2")
        except (ValueError, RecursionError, OverflowError) as error:
            raise self._error(
                f"the file is no checkpoint, though its checksum holds ({error})", _REMEDY
            ) from None
        if question != self.question:
            raise self._error(
                "it belongs to another question (other weights, start, observed units or arithmetic)",
                "name another file, or remove it",
            )
        return parts

    def _error(self, reason: str, remedy: str) -> CheckpointError:
        return CheckpointError(f"checkpoint {self.path}: {reason}: {remedy}")


def _first_line(version: str, body: bytes) -> bytes:
    return b"%s %s %s\n" % (_HEADER, version.encode(), hashlib.sha256(body).hexdigest().encode())
