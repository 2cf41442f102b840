"""Infinite lattices: avalanches in periodic networks without end.

:func:`chain` is exact, with formulas in alpha; :func:`square`, :func:`triangular`, :func:`hexagonal`,
:func:`cubic` and any :class:`Lattice` give numbers of which all digits are correct (derivation 18).

>>> from exactav.lattices import chain, square
>>> square("9/10").mean_size(), chain("4/5").mean_size()
(6.88779864608075, 3)
"""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.lattices.chains import Chain
    from exactav.lattices.known import Square, chain, cubic, hexagonal, square, triangular
    from exactav.lattices.lattice import Lattice
    from exactav.lattices.law import LatticeSizeLaw
else:
    __getattr__ = deferred(
        __name__,
        {
            "chains": "Chain",
            "known": "Square chain cubic hexagonal square triangular",
            "lattice": "Lattice",
            "law": "LatticeSizeLaw",
        },
    )

__all__ = [
    "Chain",
    "Lattice",
    "LatticeSizeLaw",
    "Square",
    "chain",
    "cubic",
    "hexagonal",
    "square",
    "triangular",
]


def __dir__() -> list[str]:
    return __all__
