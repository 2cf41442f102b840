"""How families take their parameters: as arguments, and from a text such as ``"ring:N=10,alpha=4/5"``."""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError, ParseError
from exactav.network.entries import check_label, listed
from exactav.numbers.expressions import described, exact
from exactav.numbers.whole import PLAIN_BITS
from exactav.texts import quoted


def read_spec(
    text: str, names: Iterable[str], parameters: Callable[[str], Mapping[str, bool]]
) -> tuple[str, dict[str, Any]]:
    """(name of a family, its parameters) that a text stands for.

    Args:
        names: of all families.
        parameters: what a family takes, and whether it must be given.

    Raises:
        ParseError: the family or a parameter is unknown, missing or malformed; the message lists all.

    >>> read_spec("pair:alpha=1/2", ["pair"], lambda family: {"alpha": True})
    ('pair', {'alpha': 1/2})
    """
    if not isinstance(text, str):
        raise ArgumentError(f"{described(text)} names no family: write a text, such as 'ring:N=10,alpha=4/5'")
    name, _, rest = text.partition(":")
    name = name.strip()
    if name not in (known_names := list(names)):
        families = ", ".join(known_names)
        raise ParseError(f"no family {quoted(name)}{suggestion(name, known_names)}; families are {families}")
    known = parameters(name)
    named = [key if needed else f"{key} (optional)" for key, needed in known.items()]
    usage = f"{name} takes {', '.join(named)}"
    given: dict[str, Any] = {}
    for part in filter(None, map(str.strip, rest.split(","))):
        key, equals, value = map(str.strip, part.partition("="))
        if not (equals and value):
            raise ParseError(f"{quoted(text)}: {quoted(part)} is not parameter=value; {usage}")
        if key not in known:
            raise ParseError(f"{quoted(text)}: no parameter {quoted(key)}{suggestion(key, known)}; {usage}")
        if key in given:
            raise ParseError(f"{quoted(text)}: {key} is given twice: keep one")
        given[key] = _parameter(key, value)
    missing = [key for key, needed in known.items() if needed and key not in given]
    if missing:
        raise ParseError(f"{quoted(text)}: {' and '.join(missing)} missing; {usage}")
    return name, given


def suggestion(word: str, known: Iterable[str]) -> str:
    """A ``did you mean`` for error messages, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {quoted(near[0])}?)" if near else ""


def _parameter(key: str, text: str) -> Any:
    parts = [part.strip() for part in text.split(";")]
    if key == "labels":
        return list(map(check_label, parts))
    if key == "neighbourhood":
        return text
    if key == "self_coupling":
        if text.lower() not in ("true", "false"):
            raise ParseError(f"self_coupling = {quoted(text)}: write true or false")
        return text.lower() == "true"
    values = [exact(part, key) for part in parts]
    if key == "weights":
        side = math.isqrt(len(values))
        if side * side != len(values):
            raise ParseError(
                f"weights = {quoted(text)} has {len(values)} entries: give K x K of them, row by row"
            )
        return [values[row * side : (row + 1) * side] for row in range(side)]
    if key in ("sizes", "drive") or len(values) > 1:
        return values
    return values[0]


def whole(value: Any, name: str, at_least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InvalidNetworkError(f"{name} = {described(value)}: give a whole number, such as {name} = 4")
    if int(value) < at_least:
        raise InvalidNetworkError(f"{name} = {described(value)}: give a whole number of at least {at_least}")
    if int(value).bit_length() > PLAIN_BITS:
        raise InvalidNetworkError(f"{name} = {described(value)}: give a smaller number")
    return int(value)


def block_sizes(sizes: Any) -> list[int]:
    counts = [whole(size, f"sizes[{index}]") for index, size in enumerate(listed(sizes, "sizes"))]
    if not counts:
        raise InvalidNetworkError("sizes is empty: give the number of units in each block")
    return counts


def block_weights(weights: Any, n_blocks: int) -> list[list[sympy.Expr]]:
    table = weights.tolist() if hasattr(weights, "tolist") else weights
    rows = [listed(row, f"weights[{a}]") for a, row in enumerate(listed(table, "weights"))]
    if len(rows) != n_blocks or any(len(row) != n_blocks for row in rows):
        raise InvalidNetworkError(
            f"weights with rows of {', '.join(str(len(row)) for row in rows)} entries for {n_blocks} blocks: "
            f"give {n_blocks} x {n_blocks} of them, row = receiving block"
        )
    return [[exact(w, f"weights[{a}][{b}]") for b, w in enumerate(row)] for a, row in enumerate(rows)]
