"""A network in the making: what structures put into it, and how it becomes one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sympy

from exactav.conjectures.sources import Source, Symbols
from exactav.errors import InvalidNetworkError
from exactav.network.network import Network

LEAKS = (1, 2, 3, 4)  # that are drawn, in the units of weights
_PARTS = (2, 1, 3)  # of the least leak, the increment


@dataclass
class Draft:
    """Weights and leaks in units of their own, and how they are brought to thresholds.

    Attributes:
        weights: (receiver, sender) -> weight.
        leak: of some units; those of the others are asked for when all else is known.
        scale: "rows" divides each row, with its leak, by its sum, and "common" all by the largest of these
            sums, so that thresholds are 1; with "none", thresholds are these sums. Symbols are not divided.
        is_mirrored: whether the weights of both directions are one number.
        alike: the class of each unit, where units of a class have the same numbers.
        drive: of all units; uniform for None.
        has_increment: whether there is one.
        values: what formulas of a family may ask for; None of what is no family.
    """

    n_units: int
    weights: dict[tuple[int, int], sympy.Expr] = field(default_factory=dict)
    leak: dict[int, sympy.Expr] = field(default_factory=dict)
    scale: Literal["rows", "common", "none"] = "rows"
    is_mirrored: bool = False
    alike: Sequence[str] | None = None
    drive: list[sympy.Expr] | None = None
    has_increment: bool = False
    values: dict[str, Any] | None = None

    def pairs(self) -> Iterator[tuple[int, int]]:
        """All (receiver, sender) of different units."""
        return ((i, j) for i in range(self.n_units) for j in range(self.n_units) if i != j)

    def symbol(self, letter: str, *units: int) -> str:
        """The name of the symbol of some units, as in :func:`exactav.families.generic`."""
        return f"{letter}_{('' if self.n_units <= 10 else '_').join(map(str, units))}"

    def network(self, source: Source) -> Network:
        """The network.

        Raises:
            InvalidNetworkError: it would be none.
        """
        units = range(self.n_units)
        for i in units:
            if i not in self.leak:
                self.leak[i] = source.number(("leak", i), LEAKS, 1, self.symbol("s", i))
        sums = [self.leak[i] + sympy.Add(*(w for (k, _), w in self.weights.items() if k == i)) for i in units]
        if any(total == 0 for total in sums):
            raise InvalidNetworkError("a unit receives nothing and has no leak")
        if self.scale == "none":
            return self._finished(source, self.weights, sums)
        if isinstance(source, Symbols):  # a leak follows, unless there is none
            parts = [sympy.Integer(1) if self.leak[i] else sums[i] for i in units]
        else:
            parts = sums if self.scale == "rows" else [max(sums)] * self.n_units
        return self._finished(source, {(i, j): w / parts[i] for (i, j), w in self.weights.items()}, 1)

    def _finished(self, source: Source, weights: dict[tuple[int, int], sympy.Expr], levels: Any) -> Network:
        drive = self.drive
        if self.has_increment and not all(self.leak[i] for i in range(self.n_units)):
            shares = drive or [sympy.Integer(1)] * self.n_units
            fed = [share if self.leak[i] else sympy.Integer(0) for i, share in enumerate(shares)]
            if not (total := sympy.Add(*fed)):
                raise InvalidNetworkError("no unit with leak is driven")
            drive = [share / total for share in fed]
        net = Network.from_entries(self.n_units, weights, thresholds=levels, drive=drive)
        if not self.has_increment:
            return net
        parts = source.number(("increment",), _PARTS, 1, "dU")
        if isinstance(source, Symbols):
            step = parts
        else:
            step = min(leak for leak, share in zip(net.leak, net.drive, strict=True) if share) / parts
        if self.values is not None:
            self.values["dU"] = step
        return net.with_increment(step)
