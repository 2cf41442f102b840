"""The inhabited region: which states the dynamics keeps returning to, and which of them recruit what.

Its parts, all under this name: the burning test, the region in boxes, its pieces by what a start sets off,
and pictures.
"""

from exactav.phase_space.boxes import Box as Box
from exactav.phase_space.boxes import Interval as Interval
from exactav.phase_space.boxes import boxes as boxes
from exactav.phase_space.boxes import volume_by_inclusion_exclusion as volume_by_inclusion_exclusion
from exactav.phase_space.burning import forbidden_set as forbidden_set
from exactav.phase_space.burning import is_inhabited as is_inhabited
from exactav.phase_space.drawing import draw as draw
from exactav.phase_space.pieces import Piece as Piece
from exactav.phase_space.pieces import piece as piece
from exactav.phase_space.pieces import pieces as pieces

__all__ = [
    "Box",
    "Interval",
    "Piece",
    "boxes",
    "draw",
    "forbidden_set",
    "is_inhabited",
    "piece",
    "pieces",
    "volume_by_inclusion_exclusion",
]


def __dir__() -> list[str]:
    return __all__
