"""Edges by label, and weights scaled together."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError
from exactav.network.entries import by_label
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import described
from exactav.numbers.fields import field_of, into
from exactav.texts import quoted


def edges_by_place(weights: Any, place: Callable[[Hashable], int]) -> dict[tuple[int, int], Any]:
    """(receiver, sender) -> weight, by place, of edges (sender, receiver) -> weight, by label.

    Raises:
        ArgumentError: ``weights`` is no mapping, or a key no pair of labels.
        InvalidNetworkError: an edge comes twice.
    """
    weights = by_label(weights)
    if not isinstance(weights, Mapping):
        raise ArgumentError(
            f"weights = {described(weights)}: give a mapping from edges (sender, receiver) to weights"
        )
    found: dict[tuple[int, int], Any] = {}
    for edge, weight in weights.items():
        if not isinstance(edge, tuple) or len(edge) != 2:
            raise ArgumentError(f"edge {described(edge)}: wanted (sender, receiver), two labels")
        j, i = map(place, edge)
        if (i, j) in found:
            raise InvalidNetworkError(f"edge {described(edge)} comes twice: keep one")
        found[i, j] = weight
    return found


def scaled_entries(
    entries: Mapping[tuple[int, int], sympy.Expr], labels: Sequence[Hashable], coupling: sympy.Expr
) -> dict[tuple[int, int], sympy.Expr]:
    """Weights times the factor that makes the largest row sum ``coupling``.

    Raises:
        InvalidNetworkError: the coupling is negative, a weight is, none is above 0, or symbols leave open
            which row sum is the largest.
    """
    if sign_of(coupling) == -1:
        raise InvalidNetworkError(
            f"coupling = {coupling} is negative: give a row sum from 0 to the threshold"
        )
    factor = coupling / _largest_row_sum(entries, labels)
    scaled = {weight: weight * factor for weight in set(entries.values())}
    return {pair: scaled[weight] for pair, weight in entries.items()}


def _largest_row_sum(entries: Mapping[tuple[int, int], sympy.Expr], labels: Sequence[Hashable]) -> sympy.Expr:
    field = field_of(entries.values())
    sums = [field.zero] * len(labels)
    elements: dict[sympy.Expr, Any] = {}  # many weights are equal
    for (i, j), weight in entries.items():
        if weight not in elements:
            name = f"weight from {quoted(labels[j])} to {quoted(labels[i])}"
            elements[weight] = into(field, weight, name)
            if elements[weight] and sign_of(weight) == -1:
                raise InvalidNetworkError(f"{name} is {weight}: weights must be >= 0")
        sums[i] += elements[weight]
    distinct = list(dict.fromkeys(total for total in sums if total))
    if not distinct:
        raise InvalidNetworkError(
            "no weight is above 0, so no factor reaches the coupling: add edges, or give no coupling"
        )
    largest = distinct[0]
    for total in distinct[1:]:
        sign = sign_of(field.to_sympy(total - largest))
        if sign is None:
            sums_shown = f"{field.to_sympy(total)} and {field.to_sympy(largest)}"
            raise InvalidNetworkError(
                f"row sums {sums_shown}: symbols leave open which is the largest; give numbers, or no "
                "coupling to take the weights as they are"
            )
        largest = total if sign > 0 else largest
    return field.to_sympy(largest)
