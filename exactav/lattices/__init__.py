"""Infinite lattices: avalanches in periodic networks without end.

:func:`chain` is exact, with formulas in alpha; :func:`square`, :func:`triangular`, :func:`hexagonal`,
:func:`cubic` and any :class:`Lattice` give numbers of which all digits are correct (derivation 18).

>>> square("9/10").mean_size(), chain("4/5").mean_size()
(6.88779864608075, 3)
"""

from exactav.lattices.chains import Chain
from exactav.lattices.known import Square, chain, cubic, hexagonal, square, triangular
from exactav.lattices.lattice import Lattice
from exactav.lattices.law import LatticeSizeLaw

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
