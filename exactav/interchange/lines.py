"""Lines of a table, and their cells."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from exactav.errors import ParseError

_QUOTED = re.compile(r'"[^"]*"')


class Line(NamedTuple):
    """The cells of a line; in messages these are columns from ``first_column`` on."""

    number: int
    cells: list[str]
    first_column: int = 1

    def where(self, index: int) -> str:
        return f"line {self.number} column {self.first_column + index}"


class Lines:
    """The lines of a table that are neither empty nor comments; they are split where they are looked at.

    Cells of all lines at once would take ten times the memory of the text.
    """

    def __init__(self, text: str) -> None:
        self._numbered = [
            (number, line.strip(" "))
            for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
            if line.strip() and not line.lstrip().startswith("#")
        ]
        if not self._numbered:
            raise ParseError("it is empty: write one line for each unit or edge")
        bare = _QUOTED.sub("", self._numbered[0][1])
        self._delimiter = next((mark for mark in ",;\t" if mark in bare), " ")

    def __len__(self) -> int:
        return len(self._numbered)

    def __iter__(self) -> Iterator[Line]:
        return map(self._split, self._numbered)

    @property
    def head(self) -> Line:
        """The first one."""
        return self._split(self._numbered[0])

    def _split(self, numbered: tuple[int, str]) -> Line:
        number, line = numbered
        if self._delimiter == " ":
            line = line.strip()
        try:
            cells = next(csv.reader([line], delimiter=self._delimiter, skipinitialspace=True, strict=True))
        except csv.Error as error:
            raise ParseError(f"line {number} is not split into cells ({error}): check its quotes") from None
        return Line(number, list(map(str.strip, cells)))


def before_comment(line: Line) -> list[str]:
    """The cells before one that starts with ``#``."""
    for place, cell in enumerate(line.cells):
        if cell.startswith("#"):
            return line.cells[:place]
    return line.cells
