"""What a search for counterexamples says: refuted, proved for few units, or not refuted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from exactav.conjectures.sides import Failure, shortened
from exactav.errors import ArgumentError
from exactav.network.network import Network
from exactav.pickles import tagged
from exactav.showing import html


@dataclass(frozen=True)
class Covered:
    """What came of the networks of one structure and size.

    Attributes:
        over: the structure.
        n_units: their number of units.
        agreed: networks on which both sides are equal.
        undecided: networks on which that could not be told.
        failed: networks on which a side, or comparing both, raised an error.
    """

    over: str
    n_units: int
    agreed: int = 0
    undecided: int = 0
    failed: int = 0

    __reduce_ex__ = tagged

    @property
    def tried(self) -> int:
        """All networks."""
        return self.agreed + self.undecided + self.failed


@dataclass(frozen=True)
class _Found:
    """What the three results have in common.

    Attributes:
        left, right: how both sides are called.
        over: the structures that were asked for.
        covered: which networks were tried before the result, by structure and size.
        failures: an error of each type, with the network on which it came.
        undecided: what could not be told first; empty if all was.
        stopped: why the search ended before it was through; empty if it was.
    """

    left: str
    right: str
    over: tuple[str, ...]
    covered: tuple[Covered, ...]
    failures: tuple[Failure, ...]
    undecided: str
    stopped: str

    outcome: ClassVar[str]

    __reduce_ex__ = tagged

    def __bool__(self) -> NoReturn:
        raise ArgumentError(
            f"a conjecture that is {self.outcome} is neither True nor False: ask for its outcome, "
            "'refuted', 'proved' for few units, or 'not refuted'"
        )

    @property
    def n_agreed(self) -> int:
        """On how many networks both sides were equal."""
        return sum(row.agreed for row in self.covered)

    @property
    def n_undecided(self) -> int:
        """On how many it could not be told."""
        return sum(row.undecided for row in self.covered)

    @property
    def n_failed(self) -> int:
        """On how many there was an error."""
        return sum(row.failed for row in self.covered)

    @property
    def _claim(self) -> str:
        return f"{self.left} = {self.right} over {' or '.join(self.over)}"

    def _headline(self) -> str:
        raise NotImplementedError

    def _lines(self) -> list[str]:
        """What is said below the headline."""
        lines = [f"{name}: {self._row(name)}" for name in self.over]
        lines += [f"{failed} failed: {failure.text()}" for failed, failure in self._failed()]
        for name, said in (("undecided", self.undecided), ("stopped", self.stopped)):
            lines += [f"{name}: {said}"] * bool(said)
        return lines

    def _row(self, over: str) -> str:
        """What came of the networks of one structure, size by size."""
        sizes = []
        for row in self.covered:
            if row.over == over:
                parts = ((row.agreed, "equal"), (row.undecided, "undecided"), (row.failed, "failed"))
                said = " and ".join(f"{count} {what}" for count, what in parts if count)
                sizes.append(f"{said} with N = {row.n_units}")
        return ", ".join(sizes) or "no network"

    def _failed(self) -> list[tuple[str, Failure]]:
        return [
            (_count(self.n_failed) if place == 0 else "of these", failure)
            for place, failure in enumerate(self.failures)
        ]

    def text(self) -> str:
        """The result in full."""
        return "\n".join([self._headline(), *self._lines()])

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._headline()}>"

    def _repr_html_(self) -> str:
        title, *rest = self.text().split("\n")
        rows = [[html.text(part) for part in _cells(row)] for row in self.covered]
        header = ["networks", "units", "equal", "undecided", "failed"]
        listed = html.table(header, rows, right=range(1, 5)) if rows else html.Html("")
        return html.card(title, *map(html.note, rest), *self._parts(), listed)

    def _parts(self) -> Sequence[html.Html]:
        return []


def _cells(row: Covered) -> tuple[object, ...]:
    return row.over, row.n_units, row.agreed, row.undecided, row.failed


@dataclass(frozen=True, repr=False)
class Refuted(_Found):
    """A conjecture that is false, as on one network.

    Attributes:
        network: the counterexample.
        left_value, right_value: what both sides are there.
        detail: where they differ.
        shrinking: how far the counterexample was made smaller.
        code: Python that makes the network, and computes both sides where they have public names.
    """

    network: Network
    left_value: Any
    right_value: Any
    detail: str
    shrinking: str
    code: str

    outcome: ClassVar[str] = "refuted"

    def _headline(self) -> str:
        return f"{self._claim} is false: {shortened(self.detail)}, on {self.network!r}"

    def _lines(self) -> list[str]:
        values = [
            f"{name} is {shortened(value)}"
            for name, value in ((self.left, self.left_value), (self.right, self.right_value))
        ]
        return [*values, self.shrinking, "before it:", *super()._lines()]

    def _parts(self) -> Sequence[html.Html]:
        return [html.code(self.code)]


@dataclass(frozen=True, repr=False)
class ProvedUpTo(_Found):
    """A conjecture that is proved for networks of few units, by networks with a symbol for every number.

    Both sides were computed with symbols, and are the same function of them in normal form. So they are equal
    at all values of the symbols at which they are what they are with symbols: a function that asks whether a
    weight is 0, or which of two is larger, is not seen through. Of more units nothing is proved.

    Attributes:
        sizes: the numbers of units, of which the last is ``n_units``.
        generic: in each structure and size, how many networks with symbols stand for all.
    """

    sizes: tuple[int, ...]
    generic: tuple[tuple[str, int, int], ...]

    outcome: ClassVar[str] = "proved"

    @property
    def n_units(self) -> int:
        """The largest number of units for which it is proved."""
        return self.sizes[-1]

    def _headline(self) -> str:
        first = self.sizes[0]
        sizes = f"N <= {self.n_units}" if first == 1 else f"N = {first} to {self.n_units}"
        if first == self.n_units:
            sizes = f"N = {first}"
        return f"{self._claim} is proved for {sizes}, and not refuted in {_networks(self.covered)}"


@dataclass(frozen=True, repr=False)
class NotRefuted(_Found):
    """A conjecture of which no counterexample was found. That is no proof.

    Attributes:
        unproved: why it is not proved for few units.
    """

    unproved: str

    outcome: ClassVar[str] = "not refuted"

    def _headline(self) -> str:
        return f"{self._claim} is not refuted in {_networks(self.covered)}, and not proved"

    def _lines(self) -> list[str]:
        return [*[f"not proved: {self.unproved}"] * bool(self.unproved), *super()._lines()]


def _networks(covered: Sequence[Covered]) -> str:
    """How many networks, of which sizes, and of how many nothing is known."""
    sizes = sorted({row.n_units for row in covered if row.agreed})
    said = _count(sum(row.agreed for row in covered))
    if sizes:
        said += f" with N = {sizes[0]}" + f" to {sizes[-1]}" * (len(sizes) > 1)
    for count, what in (
        (sum(row.undecided for row in covered), "undecided"),
        (sum(row.failed for row in covered), "failed"),
    ):
        said += f", {count} {what}" * bool(count)
    return said


def _count(networks: int) -> str:
    return f"{networks} network{'s' * (networks != 1)}"
