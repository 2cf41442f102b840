"""The phase space: the inhabited region, the torus that it tiles, and what becomes of states there.

:mod:`.region` has the region's burning test, boxes, pieces and pictures, :mod:`.torus` the coordinates in
which feeding a unit is a translation, :mod:`.sandpile` the finite group of a network of integers.
"""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.phase_space import region, sandpile, torus
else:
    __getattr__ = deferred(__name__, {"region": "region=", "sandpile": "sandpile=", "torus": "torus="})

__all__ = ["region", "sandpile", "torus"]


def __dir__() -> list[str]:
    return __all__
