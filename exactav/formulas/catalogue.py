"""All formulas by ID."""

import difflib
from functools import cache

from exactav.errors import UnknownNameError
from exactav.formulas.formula import Formula
from exactav.numbers.expressions import described
from exactav.numbers.frozen import Frozen
from exactav.showing import html


class Catalogue(Frozen[str, Formula]):
    """Formulas by their ID."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        # lines, as a table of so many rows is longer than a card may be
        lines = [f"{key}: {formula.name}" for key, formula in self.items()]
        return html.card(f"{len(self)} formulas", html.code("\n".join(lines)))


@cache
def catalogue() -> Catalogue:
    """All formulas by their ID, family by family."""
    # Imported when first asked for: building the expressions takes a third of the time to import exactav.
    from exactav.formulas.families import (
        borel,
        chains,
        durations,
        feedforward,
        fourier,
        generations,
        homogeneous,
        homogeneous_without_self,
        populations,
        rings,
        sandpile,
        stars,
        strips,
        two_populations,
    )

    modules: tuple[tuple[Formula, ...], ...] = (
        homogeneous.FORMULAS,
        homogeneous_without_self.FORMULAS,
        generations.FORMULAS,
        durations.FORMULAS,
        rings.FORMULAS,
        chains.FORMULAS,
        fourier.FORMULAS,
        populations.FORMULAS,
        two_populations.FORMULAS,
        stars.FORMULAS,
        feedforward.FORMULAS,
        strips.FORMULAS,
        borel.FORMULAS,
        sandpile.FORMULAS,
    )
    formulas = [formula for module in modules for formula in module]
    families = list(dict.fromkeys(formula.family for formula in formulas))
    ordered = sorted(formulas, key=lambda formula: families.index(formula.family))
    return Catalogue({formula.id: formula for formula in ordered})


def get(formula_id: str) -> Formula:
    """The formula with this ID.

    Raises:
        UnknownNameError: there is none; the message lists what is near.
    """
    known = catalogue()
    if not isinstance(formula_id, str) or formula_id not in known:
        near = difflib.get_close_matches(described(formula_id).strip("'")[:100], known, n=5, cutoff=0.3)
        shown = ", ".join(near or known)
        raise UnknownNameError(f"no formula has the ID {described(formula_id)}; near or known: {shown}")
    return known[formula_id]
