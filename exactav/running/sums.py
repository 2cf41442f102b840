"""Sums of many results, as far as they are done, and as JSON that is checked when it is read."""

import re
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_AXES = 8
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_HEX = re.compile(r"0x(0|[1-9a-f][0-9a-f]*)")


@dataclass(frozen=True)
class Kind:
    """What is summed: so many results, arrays of this shape with numbers of 0 or more of this type.

    ``dtype``: int64, float64, or object for integers of any length.
    """

    n_tasks: int
    shape: tuple[int, ...]
    dtype: Any


@dataclass
class Sums:
    """The sum of the first ``done`` results, and later ones that wait for their turn."""

    done: int = 0
    total: NDArray[Any] | None = None
    waiting: dict[int, NDArray[Any]] = field(default_factory=dict)

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """The total and those that wait."""
        return [*([] if self.total is None else [self.total]), *self.waiting.values()]

    def add(self, number: int, result: NDArray[Any]) -> None:
        self.waiting[number] = result
        while self.done in self.waiting:
            following = self.waiting.pop(self.done)
            self.total = following if self.total is None else self.total + following
            self.done += 1

    def is_of(self, kind: Kind) -> bool:
        """Whether these can be sums of this kind."""
        return (
            self.done <= kind.n_tasks
            and all(number < kind.n_tasks for number in self.waiting)
            and all(array.shape == kind.shape and array.dtype == kind.dtype for array in self.arrays)
        )


def written(sums: Sums) -> dict[str, Any]:
    """Plain lists of numbers; integers of any length are hexadecimal, of which Python reads any number."""
    is_long = any(array.dtype == object for array in sums.arrays)

    def plain(array: NDArray[Any]) -> Any:
        return np.vectorize(hex, otypes=[object])(array).tolist() if is_long else array.tolist()

    return {
        "done": sums.done,
        "total": None if sums.total is None else plain(sums.total),
        "waiting": {str(number): plain(result) for number, result in sums.waiting.items()},
        "long": is_long,
    }


def parts_of(content: Any, *, is_hex: bool) -> tuple[str, dict[str, Sums]]:
    """The question and the parts of a checkpoint, each with what has been summed.

    Args:
        is_hex: integers of any length are hexadecimal.

    Raises:
        ValueError: they are none.
    """
    question, parts = _entries(content, "the file", question=str, parts=dict)
    return question, {name: _sums(entry, f"part {name!r}", is_hex) for name, entry in parts.items()}


def _entries(content: Any, what: str, **kinds: Any) -> list[Any]:
    """The entries of an object that has these names, of these types."""
    if not isinstance(content, dict) or content.keys() != kinds.keys():
        raise ValueError(f"{what} is no object of {', '.join(kinds)}")
    for name, kind in kinds.items():
        if not isinstance(content[name], kind) or (isinstance(content[name], bool) and kind is not bool):
            raise ValueError(f"{name} of {what} is of another type")
    return [content[name] for name in kinds]


def _sums(entry: Any, what: str, is_hex: bool) -> Sums:
    done, total, waiting, is_long = _entries(
        entry, what, done=int, total=list | None, waiting=dict, long=bool
    )
    if done < 0 or (done == 0) != (total is None):
        raise ValueError(f"{what} has {done} results done, and a total that is not theirs")
    sums = Sums(done, None if total is None else _array(total, what, is_long, is_hex))
    for name, result in waiting.items():
        if not _NUMBER.fullmatch(name) or int(name) <= done:
            raise ValueError(f"a result of {what} waits that is done, or none")
        sums.waiting[int(name)] = _array(result, what, is_long, is_hex)
    return sums


def _array(entries: Any, what: str, is_long: bool, is_hex: bool) -> NDArray[Any]:
    """An array of numbers of one kind, 0 or more."""
    shape: list[int] = []
    level = [entries]
    while level and isinstance(level[0], list):
        lengths = {len(row) if isinstance(row, list) else -1 for row in level}
        if len(lengths) > 1 or len(shape) == _MOST_AXES:
            raise ValueError(f"rows of {what} are of different lengths")
        shape.append(lengths.pop())
        level = [entry for row in level for entry in row]
    if is_long and is_hex:
        level = [
            int(entry, 16) if isinstance(entry, str) and _HEX.fullmatch(entry) else None for entry in level
        ]
    kinds = {type(entry) for entry in level}
    if kinds not in ({int}, {float}) or (is_long and kinds != {int}):
        raise ValueError(f"{what} has entries that are no numbers of one kind")
    if not all(0 <= entry < inf for entry in level):
        raise ValueError(f"{what} has numbers that are negative or no numbers")
    array: NDArray[Any] = np.array(
        level, dtype=object if is_long else np.int64 if kinds == {int} else np.float64
    )
    return array.reshape(shape)
