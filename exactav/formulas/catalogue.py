"""All formulas by ID."""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from exactav.errors import ParseError
from exactav.formulas import (
    fourier,
    homogeneous,
    homogeneous_without_self,
    populations,
    rings,
    sandpile,
    stars,
    two_populations,
)
from exactav.formulas.formula import Formula

_FAMILIES: tuple[tuple[Formula, ...], ...] = (
    homogeneous.FORMULAS,
    homogeneous_without_self.FORMULAS,
    rings.FORMULAS,
    fourier.FORMULAS,
    populations.FORMULAS,
    two_populations.FORMULAS,
    stars.FORMULAS,
    sandpile.FORMULAS,
)


def catalogue() -> Mapping[str, Formula]:
    """All formulas by their ID, family by family."""
    return _CATALOGUE


def get(formula_id: str) -> Formula:
    """The formula with this ID.

    Raises:
        ParseError: there is none; the message lists what is near.
    """
    try:
        return _CATALOGUE[formula_id]
    except KeyError:
        near = difflib.get_close_matches(formula_id, _CATALOGUE, n=5, cutoff=0.3)
        known = ", ".join(near or _CATALOGUE)
        raise ParseError(f"no formula has the ID {formula_id!r}; near or known: {known}") from None


_CATALOGUE = MappingProxyType({formula.id: formula for family in _FAMILIES for formula in family})
