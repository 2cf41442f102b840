"""What a lattice takes at its door: cells, and weights between units at displacements."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from operator import index
from typing import Any

import sympy

from exactav.errors import ArgumentError, InvalidNetworkError, NotRationalError, OptionError
from exactav.lattices.cells import Position
from exactav.network.entries import place_of
from exactav.numbers.expressions import described, exact
from exactav.texts import quoted

_FARTHEST = 100_000  # cells from the origin


def position(value: Any, dimension: int | None) -> Position:
    """A cell, as a tuple of whole numbers.

    Raises:
        ArgumentError: it is none, or of another dimension.
    """
    parts = value if isinstance(value, tuple | list) else (value,)
    try:
        found = tuple(index(x) for x in parts if not isinstance(x, bool))
    except TypeError:
        found = ()
    if any(abs(x) > _FARTHEST for x in found):
        raise OptionError(f"cell {described(value)}: numbers from -{_FARTHEST} to {_FARTHEST} are taken")
    if len(found) < len(parts) or not found or dimension not in (None, len(found)):
        wanted = "whole numbers" if dimension is None else f"{dimension} whole number{'s' * (dimension > 1)}"
        raise ArgumentError(f"cell {described(value)}: give a tuple of {wanted}")
    return found


def read(
    labels: tuple[Hashable, ...], weights: Any
) -> tuple[int, dict[tuple[int, int, Position], sympy.Expr]]:
    if not isinstance(weights, Mapping) or not weights:
        raise InvalidNetworkError(
            f"weights = {described(weights)}: give a mapping from (receiver, sender, displacement) to weights"
        )
    if not labels:
        raise InvalidNetworkError("a cell without units: give at least one label")
    places = {label: place for place, label in enumerate(labels)}
    found: dict[tuple[int, int, Position], sympy.Expr] = {}
    dimension: int | None = None
    for key, value in weights.items():
        if not isinstance(key, tuple) or len(key) != 3:
            raise InvalidNetworkError(f"weight at {quoted(key)}: give (receiver, sender, displacement)")
        receiver, sender, displacement = key
        x = position(displacement, dimension)
        dimension = len(x)
        weight = exact(value, f"weight {quoted(key)}")
        if weight.is_negative:
            raise InvalidNetworkError(f"weight {quoted(key)} = {weight} is negative: weights must be >= 0")
        if not weight.is_Rational:
            rational(weight, f"weight {quoted(key)}")
        place = place_of(receiver, places), place_of(sender, places), x
        if place in found:
            raise InvalidNetworkError(f"weight {quoted(key)} is given twice")
        found[place] = weight
    assert dimension is not None
    return dimension, found


def rational(value: sympy.Expr, what: str) -> Fraction:
    if not value.is_Rational:
        raise NotRationalError(
            f"{what} = {value}: the numbers of a lattice are rational; chains of reach 1 and 2 take a symbol"
        )
    return Fraction(int(value.p), int(value.q))
