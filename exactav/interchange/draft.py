"""What a source says about a network, before it is scaled and before the network checks it."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

import sympy

from exactav.errors import ExactavError, InexactError, InvalidNetworkError, OptionError, ParseError
from exactav.network.edges import scaled_entries
from exactav.network.entries import check_label
from exactav.network.network import Network
from exactav.numbers.expressions import exact
from exactav.running.limits import check
from exactav.texts import quoted

DEFAULT_COUPLING = sympy.Rational(9, 10)
_SECONDS, _MEGABYTES = (5e-8, 2e-5, 1.5e-5), (6e-6, 2e-3, 6e-4)
"""What a byte, a unit and a weight of a source take, as measured: unit and weight with the network made."""


@dataclass(frozen=True)
class Draft:
    """Labels and exact weights, ``entries[i, j]`` from unit j to unit i, and what else the source gives.

    Where it gives leaks, thresholds are those plus the row sums of the weights once these are scaled.
    """

    labels: Sequence[Hashable]
    entries: Mapping[tuple[int, int], sympy.Expr]
    thresholds: Any = 1
    drive: Any = None
    increment: Any = None
    leak: Sequence[sympy.Expr] | None = None

    def network(self, coupling: Any = None) -> Network:
        """The network; its weights scaled by one factor to make the largest row sum ``coupling``, if given.

        Raises:
            InvalidNetworkError: no factor can reach the coupling, or a condition of the model is broken.
        """
        try:
            entries = self.entries
            if coupling is not None:
                entries = scaled_entries(entries, self.labels, exact(coupling, "coupling"))
            thresholds = self.thresholds
            if self.leak is not None:
                sums: list[list[sympy.Expr]] = [[leak] for leak in self.leak]
                for (i, _), weight in entries.items():
                    sums[i].append(weight)
                thresholds = [sympy.Add(*parts) for parts in sums]
            return Network.from_entries(
                len(self.labels),
                entries,
                thresholds=thresholds,
                drive=self.drive,
                increment=self.increment,
                labels=self.labels,
            )
        except ExactavError:
            raise
        except ValueError as error:  # Python writes no integers beyond some thousand digits
            raise InvalidNetworkError(f"an entry is too large ({error}): write fewer digits") from None


_PLAIN = re.compile(r"(-?[0-9]{1,300})(?:/([0-9]{1,300})|\.([0-9]{1,300}))?")


def entry(value: Any, where: str) -> sympy.Expr:
    """``value`` read from a source as an exact expression; ``where`` names it in errors.

    Raises:
        InexactError: a float, a truth value, or something else that is no exact number.
        ParseError: a text that is not in the grammar.
    """
    if isinstance(value, bool):
        raise InexactError(f"{where} = {value}: write a number, such as {int(value)}")
    if isinstance(value, str):
        if not value.strip():
            raise ParseError(f"{where} is empty: write a number, 0 for no connection")
        # most texts are plain numbers: of these the grammar says the same in ten times the time
        if plain := _PLAIN.fullmatch(value):
            above, below, decimals = plain[1], int(plain[2] or 1), plain[3] or ""
            if below:
                return sympy.Rational(int(above + decimals), below * 10 ** len(decimals))
    return exact(value, where)


def edge_name(sender: Any, receiver: Any, of: str = "") -> str:
    """How messages call an edge, or what is ``of`` it.

    >>> edge_name("a", "b", "weight of ")
    "weight of edge 'a' -> 'b'"
    """
    return f"{of}edge {quoted(sender)} -> {quoted(receiver)}"


class Entries:
    """Reads the entries of a source, equal texts and numbers once."""

    def __init__(self, read: Callable[[Any, str], sympy.Expr] = entry) -> None:
        self._read = read
        self._known: dict[tuple[type, Any], sympy.Expr] = {}

    def read(self, value: Any, where: Callable[[], str]) -> sympy.Expr:
        """The exact expression of ``value``; ``where`` tells what it is called in errors."""
        if not isinstance(value, str | int | float):
            return self._read(value, where())
        key = type(value), value
        if key not in self._known:
            self._known[key] = self._read(value, where())
        return self._known[key]


def check_reading(n_bytes: int, n_units: int, n_weights: int, advice: str = "give a smaller file") -> None:
    """Nothing, if a source of so many bytes, units and weights may be read, and the network be made.

    Args:
        n_bytes: of text, or of values that are parsed.

    Raises:
        TooCostlyError: it may not, see :func:`exactav.limits`.
    """
    numbers = n_bytes, n_units, n_weights
    cost, memory = (sum(map(mul, numbers, each)) for each in (_SECONDS, _MEGABYTES))
    check("reading it", cost, memory, advice)


def rounded(value: Any, max_denominator: int | None) -> Any:
    """A float as the nearest fraction with at most ``max_denominator``; everything else as it is.

    Raises:
        OptionError: ``max_denominator`` is no whole number of at least 1.
    """
    if max_denominator is None or not isinstance(value, float) or value - value != 0:
        return value
    if isinstance(max_denominator, bool) or not isinstance(max_denominator, int) or max_denominator < 1:
        raise OptionError(f"max_denominator = {quoted(max_denominator)}: give a whole number of at least 1")
    return Fraction(value).limit_denominator(max_denominator)


def text_labels(texts: Sequence[str]) -> list[Hashable]:
    """Labels as they stand in a text file: whole numbers if all of them are, texts otherwise."""
    if all(text.isascii() and text.isdigit() and len(text) < 16 and str(int(text)) == text for text in texts):
        return [int(text) for text in texts]
    return [check_label(text) for text in texts]
