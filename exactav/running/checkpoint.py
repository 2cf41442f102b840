"""What a long sum has finished, kept in a file."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactav.errors import CheckpointError
from exactav.running.files import check_regular, replace

_SAVE_SECONDS = 1.0  # a checkpoint is not written more often
_HEADER = "exactav checkpoint 1"


@dataclass
class Sums:
    """The sum of the first ``done`` results, and later ones that wait for their turn."""

    done: int = 0
    total: NDArray[Any] | None = None
    waiting: dict[int, NDArray[Any]] = field(default_factory=dict)

    @property
    def holds_long_integers(self) -> bool:
        """Whether the results are Python's integers, of any length."""
        results = [self.total, *self.waiting.values()]
        return any(result is not None and result.dtype == object for result in results)

    def add(self, number: int, result: NDArray[Any]) -> None:
        self.waiting[number] = result
        while self.done in self.waiting:
            following = self.waiting.pop(self.done)
            self.total = following if self.total is None else self.total + following
            self.done += 1


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
        CheckpointError: the file is damaged, is no checkpoint, or is one of another question.
        OutputError: the path is not that of a regular file which can be written.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path, question: str) -> None:
        check_regular(path)
        self.path = path
        self.question = question
        self.parts: dict[str, Sums] = self._read() if path.exists() else {}
        self._saved = time.monotonic()

    def part(self, name: str) -> Sums:
        """What has been summed of one part."""
        return self.parts.setdefault(name, Sums())

    def save_if_due(self) -> None:
        """Write the file unless that was done a moment ago."""
        if time.monotonic() - self._saved >= _SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        """Write the file."""
        parts = {
            name: {
                "done": sums.done,
                "total": None if sums.total is None else sums.total.tolist(),
                "waiting": {str(number): result.tolist() for number, result in sums.waiting.items()},
                "long": sums.holds_long_integers,
            }
            for name, sums in self.parts.items()
        }
        body = json.dumps({"question": self.question, "parts": parts})
        replace(self.path, f"{_HEADER} {hashlib.sha256(body.encode()).hexdigest()}\n{body}\n")
        self._saved = time.monotonic()

    def _read(self) -> dict[str, Sums]:
        try:
            header, _, rest = self.path.read_text(encoding="utf-8").partition("\n")
        except UnicodeDecodeError:
            header, rest = "", ""
        if not header.startswith(_HEADER):
            raise CheckpointError(
                f"checkpoint {self.path}: not a checkpoint of this version of exactav: name another file"
            )
        body = rest.removesuffix("\n")
        if header != f"{_HEADER} {hashlib.sha256(body.encode()).hexdigest()}" or body == rest:
            raise CheckpointError(
                f"checkpoint {self.path}: the file has been cut or damaged, its checksum does not hold: "
                "remove it and start again"
            )
        content = json.loads(body)
        if content["question"] != self.question:
            raise CheckpointError(
                f"checkpoint {self.path}: it belongs to another question (other weights, start, observed "
                "units or arithmetic): name another file, or remove it"
            )
        return {
            name: Sums(
                entry["done"],
                None if entry["total"] is None else np.array(entry["total"], dtype),
                {int(number): np.array(result, dtype) for number, result in entry["waiting"].items()},
            )
            for name, entry in content["parts"].items()
            for dtype in [object if entry.get("long") else None]
        }
