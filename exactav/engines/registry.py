"""The one list of engines: names of methods, choices of the command line and tests derive from it."""

from exactav.engines import connected, populations, subsets
from exactav.engines.bid import Deferred, Engine

_FRONTIER = Deferred(
    "frontier",
    "joins tables of open units along a tree decomposition of small width",
    "exactav.engines.frontier",
    unit_seconds=3e-5,  # a transition in Python
)
ENGINES: tuple[Engine, ...] = (subsets.ENGINE, populations.ENGINE, _FRONTIER, connected.ENGINE)
"""In the order in which they bid: first those that need not look far to say what they would take."""

METHODS = ("auto", *(engine.name for engine in ENGINES))
"""What may be given as ``method``."""
