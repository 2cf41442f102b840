"""What closed forms rest on: computations that share no code with them, by the ID of the formula."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from exactav.formulas.checks import (
    borel,
    chains,
    durations,
    feedforward,
    fourier,
    generations,
    homogeneous,
    populations,
    rings,
    sandpile,
    sides,
    stars,
    strips,
)
from exactav.formulas.formula import Formula
from exactav.proofs.checks import Check

CHECKS: Mapping[str, Callable[[Formula], tuple[Check, ...]]] = MappingProxyType(
    {
        **homogeneous.CHECKS,
        **generations.CHECKS,
        **durations.CHECKS,
        **rings.CHECKS,
        **chains.CHECKS,
        **fourier.CHECKS,
        **populations.CHECKS,
        **sides.CHECKS,
        **stars.CHECKS,
        **feedforward.CHECKS,
        **strips.CHECKS,
        **borel.CHECKS,
        **sandpile.CHECKS,
    }
)
"""By the ID without what is in brackets: a series of formulas has one entry."""
